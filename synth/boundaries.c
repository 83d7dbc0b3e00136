/* synth/boundaries.c — the areas as GeoJSON in National Grid metres.
 *
 * Every area is a union of LSOAs: the sides between it and others, joined by the numbers of their
 * corners. Three cells meet at a corner, so at most one side leaves it and the walk is unambiguous.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/geography.h"
#include "synth/synth.h"
#include "synth/write.h"

#define GEOJSON_LIMIT ((size_t)32 << 20)

struct outline {
    const struct geography *g;
    enum area_kind kind;
    int64_t *next;  /* by corner: the corner that the outline goes on to; -1 = none */
    size_t *starts; /* corners where a side of this area begins, in order of finding */
    size_t start_count;
    size_t *ring; /* the ring being walked */
};

static size_t area_of(const struct outline *o, size_t lsoa)
{
    const struct lsoa *l = &o->g->lsoas[lsoa];
    switch (o->kind) {
    case AREA_BOROUGH:
        return l->borough;
    case AREA_WARD_2018:
        return l->ward_2018;
    case AREA_WARD_2022:
        return l->ward_2022;
    case AREA_LSOA:
        break;
    }
    return lsoa;
}

static void find_sides(struct outline *o, size_t area, size_t first, size_t end)
{
    o->start_count = 0;
    for (size_t i = first; i < end; i++) {
        const struct lsoa *l = &o->g->lsoas[i];
        for (int k = 0; area_of(o, i) == area && k < CELL_CORNERS; k++) {
            int64_t other = l->neighbours[k];
            if (other < 0 || area_of(o, (size_t)other) != area) {
                o->next[l->corners[k]] = (int64_t)l->corners[(k + 1) % CELL_CORNERS];
                o->starts[o->start_count++] = l->corners[k];
            }
        }
    }
}

/* Walks and removes the ring that starts at a corner; its number of corners. */
static size_t walk(struct outline *o, size_t start)
{
    size_t n = 0, at = start;
    while (o->next[at] >= 0) {
        o->ring[n++] = at;
        size_t next = (size_t)o->next[at];
        o->next[at] = -1;
        at = next;
    }
    return n;
}

/* Twice the area in square decimetres: negative for a hole. */
static int64_t ring_area(const struct outline *o, size_t n)
{
    int64_t sum = 0;
    for (size_t k = 0; k < n; k++) {
        struct place_dm a = o->g->corners[o->ring[k]], b = o->g->corners[o->ring[(k + 1) % n]];
        sum += (int64_t)a.e * b.n - (int64_t)b.e * a.n;
    }
    return sum;
}

static void put_ring(const struct outline *o, size_t n, struct buf *out)
{
    buf_char(out, '[');
    for (size_t k = 0; k <= n; k++) {
        struct place_dm p = o->g->corners[o->ring[k % n]];
        buf_printf(out, "%s[%d.%d,%d.%d]", k ? "," : "", p.e / 10, p.e % 10, p.n / 10, p.n % 10);
    }
    buf_char(out, ']');
}

static rv_status put_shape(struct outline *o, size_t area, size_t first, size_t end,
                           struct buf *out, struct rv_err *reterr)
{
    find_sides(o, area, first, end);
    size_t rings = 0;
    buf_text(out, "{\"type\":\"MultiPolygon\",\"coordinates\":[");
    for (size_t s = 0; s < o->start_count; s++) {
        size_t n = walk(o, o->starts[s]);
        if (n == 0) {
            continue;
        }
        if (ring_area(o, n) <= 0) {
            return rv_fail(reterr, RV_INVALID,
                           "a synthetic area has a hole or is inside out: "
                           "choose another seed");
        }
        buf_text(out, rings++ ? ",[" : "[");
        put_ring(o, n, out);
        buf_char(out, ']');
    }
    buf_text(out, "]}");
    return rv_ok();
}

struct layer_file {
    enum area_kind kind;
    const char *file, *name;
};

static size_t layer_size(const struct geography *g, enum area_kind kind)
{
    const size_t sizes[] = {BOROUGHS, g->ward_2018_count, g->ward_2022_count, g->lsoa_count};
    return sizes[kind];
}

/* Code, name and borough of an area, and the LSOAs among which its own are. */
static size_t describe(const struct geography *g, enum area_kind kind, size_t area,
                       const char **code, const char **name)
{
    size_t borough = area;
    if (kind == AREA_BOROUGH) {
        *code = g->boroughs[area].code;
        *name = g->boroughs[area].name;
    } else if (kind == AREA_LSOA) {
        *code = g->lsoas[area].code;
        *name = g->lsoas[area].name;
        borough = g->lsoas[area].borough;
    } else {
        const struct ward *w = kind == AREA_WARD_2018 ? &g->wards_2018[area] : &g->wards_2022[area];
        *code = w->code;
        *name = w->name;
        borough = w->borough;
    }
    return borough;
}

static rv_status put_layer(struct outline *o, const struct layer_file *file, struct buf *out,
                           struct rv_err *reterr)
{
    const struct geography *g = o->g;
    o->kind = file->kind;
    buf_printf(out,
               "{\"type\":\"FeatureCollection\",\"name\":\"SYNTHETIC %s (schematic, "
               "synthetic)\",\n\"note\":\"" SYNTH_NOTE "\",\n\"crs\":{\"type\":\"name\","
               "\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::27700\"}},\n\"features\":[\n",
               file->name);
    for (size_t area = 0; area < layer_size(g, file->kind); area++) {
        const char *code, *name;
        const struct borough *b = &g->boroughs[describe(g, file->kind, area, &code, &name)];
        size_t first = file->kind == AREA_LSOA ? area : b->first;
        size_t end = file->kind == AREA_LSOA ? area + 1 : b->first + b->count;
        buf_printf(out,
                   "%s{\"type\":\"Feature\",\"properties\":{\"code\":\"%s\",\"name\":\"%s\","
                   "\"borough_code\":\"%s\",\"borough\":\"%s\",\"note\":\"schematic, "
                   "synthetic\"},\"geometry\":",
                   area ? ",\n" : "", code, name, b->code, b->name);
        RV_TRY(put_shape(o, area, first, end, out, reterr));
        buf_char(out, '}');
    }
    buf_text(out, "\n]}\n");
    return rv_ok();
}

rv_status geography_write(const struct geography *g, struct arena *a, const char *dir,
                          struct rv_err *reterr)
{
    static const struct layer_file files[] = {
        {AREA_BOROUGH, "boundaries-borough.geojson", "boroughs"},
        {AREA_WARD_2018, "boundaries-ward-2018.geojson", "wards 2018"},
        {AREA_WARD_2022, "boundaries-ward-2022.geojson", "wards 2022"},
        {AREA_LSOA, "boundaries-lsoa.geojson", "LSOAs"},
    };
    struct outline o = {.g = g,
                        .next = ARENA_NEW(a, int64_t, g->corner_count),
                        .starts = ARENA_NEW(a, size_t, g->lsoa_count * CELL_CORNERS),
                        .ring = ARENA_NEW(a, size_t, g->corner_count + 1)};
    if (!o.next || !o.starts || !o.ring) {
        return arena_fail(a, reterr);
    }
    for (size_t k = 0; k < g->corner_count; k++) {
        o.next[k] = -1;
    }
    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
        RV_CLEANUP(buf_done) struct buf out;
        buf_init(&out, GEOJSON_LIMIT);
        RV_TRY(put_layer(&o, &files[f], &out, reterr));
        RV_TRY(write_all(dir, files[f].file, &out, reterr));
    }
    return rv_ok();
}
