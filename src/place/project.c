/* place/project.c — the two pipelines, and a memory of the places already projected.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/project.h"

#include "base/hash.h"
#include "base/memory.h"

#include <math.h>
#include <proj.h>
#include <string.h>

/* EPSG:27700's projection on the Airy ellipsoid. */
#define NATIONAL_GRID                                                                              \
    "+step +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy"

/* EPSG:1314 goes from OSGB36 to WGS84: here it is inverted. The height is put aside and taken
 * back so that a pair of coordinates never picks one up from the datum shift. */
static const char helmert_pipeline[] =
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 "
    "+step +proj=cart +ellps=WGS84 "
    "+step +inv +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 +ry=0.247 +rz=0.842 "
    "+s=-20.489 +convention=position_vector "
    "+step +inv +proj=cart +ellps=airy +step +proj=pop +v_3 " NATIONAL_GRID;

static const char grid_pipeline[] =
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
    "+step +inv +proj=hgridshift +grids=uk_os_OSTN15_NTv2_OSGBtoETRS.tif " NATIONAL_GRID;

#define WEST  (-9.0)
#define EAST  3.0
#define SOUTH 49.0
#define NORTH 61.5

#define FIRST_SLOTS ((size_t)1 << 12)
#define AHEAD       ((size_t)8)       /* pairs between asking for a slot and looking at it */
#define MOST_SLOTS  ((size_t)1 << 18) /* of 32 bytes: 8 MB, 131,072 places at half full */

struct seen {
    double longitude, latitude;      /* NaN = free: a pair with NaN is never stored */
    int64_t easting_mm, northing_mm; /* INT64_MIN = outside the area of use */
};

struct projector {
    PJ_CONTEXT *context;
    PJ *operation;
    const char *pipeline;
    double accuracy_m;
    struct seen *slots; /* open addressing, at most half full */
    size_t slot_count, used;
};

static PJ *operation_open(PJ_CONTEXT *context, const char *pipeline)
{
    PJ *operation = proj_create(context, pipeline);
    if (!operation) {
        return NULL;
    }
    /* A pipeline whose grid is missing may be accepted and fail at the first point: try one. */
    PJ_COORD at = proj_trans(operation, PJ_FWD, proj_coord(-0.12, 51.49, 0, 0));
    if (!isfinite(at.xy.x) || !isfinite(at.xy.y)) {
        proj_destroy(operation);
        return NULL;
    }
    return operation;
}

static struct seen *slots_new(size_t count)
{
    struct seen *slots = memory_new(count, sizeof *slots);
    for (size_t i = 0; slots && i < count; i++) {
        slots[i].longitude = (double)NAN;
    }
    return slots;
}

rv_status projector_open(struct projector **ret, struct rv_err *reterr)
{
    RV_CLEANUP(projector_closep) struct projector *p = memory_new(1, sizeof *p);
    if (!p) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for a projection");
    }
    p->context = proj_context_create();
    if (!p->context) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for a projection");
    }
    proj_log_level(p->context, PJ_LOG_NONE);
    (void)proj_context_set_enable_network(p->context, 0);
    p->pipeline = grid_pipeline;
    p->accuracy_m = 0.1;
    p->operation = operation_open(p->context, grid_pipeline);
    if (!p->operation) {
        p->pipeline = helmert_pipeline;
        p->accuracy_m = 2.0;
        p->operation = operation_open(p->context, helmert_pipeline);
    }
    if (!p->operation) {
        return rv_fail(reterr, RV_IO,
                       "PROJ cannot set up the British National Grid; is its package complete?");
    }
    p->slots = slots_new(FIRST_SLOTS);
    if (!p->slots) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for a projection");
    }
    p->slot_count = FIRST_SLOTS;
    *ret = p;
    p = NULL;
    return rv_ok();
}

void projector_close(struct projector *p)
{
    if (!p) {
        return;
    }
    proj_destroy(p->operation);
    if (p->context) {
        proj_context_destroy(p->context);
    }
    memory_free(p->slots);
    memory_free(p);
}

void projector_closep(struct projector **p)
{
    projector_close(*p);
    *p = NULL;
}

const char *projector_pipeline(const struct projector *p)
{
    return p->pipeline;
}

double projector_accuracy_m(const struct projector *p)
{
    return p->accuracy_m;
}

/* Written so that NaN is outside. */
static bool is_in_use(double longitude, double latitude)
{
    return longitude >= WEST && longitude <= EAST && latitude >= SOUTH && latitude <= NORTH;
}

bool project_to_grid(struct projector *p, double longitude, double latitude, double *easting,
                     double *northing)
{
    if (!is_in_use(longitude, latitude)) {
        return false;
    }
    PJ_COORD at = proj_trans(p->operation, PJ_FWD, proj_coord(longitude, latitude, 0, 0));
    if (!isfinite(at.xy.x) || !isfinite(at.xy.y)) {
        (void)proj_errno_reset(p->operation);
        return false;
    }
    *easting = at.xy.x;
    *northing = at.xy.y;
    return true;
}

bool project_to_wgs84(struct projector *p, double easting, double northing, double *longitude,
                      double *latitude)
{
    if (!isfinite(easting) || !isfinite(northing)) {
        return false;
    }
    PJ_COORD at = proj_trans(p->operation, PJ_INV, proj_coord(easting, northing, 0, 0));
    if (!is_in_use(at.xy.x, at.xy.y)) {
        (void)proj_errno_reset(p->operation);
        return false;
    }
    *longitude = at.xy.x;
    *latitude = at.xy.y;
    return true;
}

/* ---- each distinct pair once ---- */

static struct seen project_pair(struct projector *p, double longitude, double latitude)
{
    struct seen s = {longitude, latitude, INT64_MIN, INT64_MIN};
    double e = 0, n = 0;
    if (project_to_grid(p, longitude, latitude, &e, &n)) {
        s.easting_mm = llround(e * 1000);
        s.northing_mm = llround(n * 1000);
    }
    return s;
}

/* Where the search for a pair begins, of `count` slots. */
static size_t first_slot(size_t count, double longitude, double latitude)
{
    double key[2] = {longitude + 0.0, latitude + 0.0}; /* -0 + 0 = 0: one spelling to hash */
    return (size_t)hash64(key, sizeof key) & (count - 1);
}

/* The slot of a pair, or the free one where it belongs. Compares values, so that -0 meets 0. */
static struct seen *slot_of(struct seen *slots, size_t count, double longitude, double latitude)
{
    size_t i = first_slot(count, longitude, latitude);
    while (!isnan(slots[i].longitude) &&
           (slots[i].longitude != longitude || slots[i].latitude != latitude)) {
        i = (i + 1) & (count - 1);
    }
    return &slots[i];
}

/* Room for one more: doubles the table; at its ceiling, or without memory, forgets everything. */
static void make_room(struct projector *p)
{
    size_t count = p->slot_count * 2;
    struct seen *slots = count <= MOST_SLOTS ? slots_new(count) : NULL;
    p->used = slots ? p->used : 0;
    for (size_t i = 0; i < p->slot_count; i++) {
        struct seen *old = &p->slots[i];
        if (!slots) {
            old->longitude = (double)NAN;
        } else if (!isnan(old->longitude)) {
            *slot_of(slots, count, old->longitude, old->latitude) = *old;
        }
    }
    if (slots) {
        memory_free(p->slots);
        p->slots = slots;
        p->slot_count = count;
    }
}

static struct seen project_once(struct projector *p, double longitude, double latitude)
{
    if (!is_in_use(longitude, latitude)) {
        return (struct seen){longitude, latitude, INT64_MIN, INT64_MIN};
    }
    if (p->used >= p->slot_count / 2) {
        make_room(p);
    }
    struct seen *slot = slot_of(p->slots, p->slot_count, longitude, latitude);
    if (isnan(slot->longitude)) {
        *slot = project_pair(p, longitude, latitude);
        p->used++;
    }
    return *slot;
}

size_t project_many(struct projector *p, size_t n, const double *longitude, const double *latitude,
                    int64_t *easting_mm, int64_t *northing_mm, uint8_t *inside)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (i + AHEAD < n) { /* the table is larger than the cache */
            size_t next = first_slot(p->slot_count, longitude[i + AHEAD], latitude[i + AHEAD]);
            __builtin_prefetch(&p->slots[next]);
        }
        struct seen s = project_once(p, longitude[i], latitude[i]);
        inside[i] = s.easting_mm != INT64_MIN;
        easting_mm[i] = inside[i] ? s.easting_mm : 0;
        northing_mm[i] = inside[i] ? s.northing_mm : 0;
        count += inside[i];
    }
    return count;
}
