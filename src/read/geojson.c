/* read/geojson.c — walking a FeatureCollection one feature at a time.
 *
 * jansson holds about 200 bytes a vertex, so a whole file of 512 MB would take 4 GB. The
 * walker below steps through the outermost object and the features array itself and gives jansson
 * one value at a time: memory is that of the largest feature, plus 16 bytes a vertex kept.
 * Duplicate keys are refused: which of the two values is meant cannot be known.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/geojson.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/memory.h"
#include "read/geojson_crs.h"
#include "read/number_text.h"
#include "read/source.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

#define LOAD_FLAGS (JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY)
/* A position has two or three numbers; more values than this is no boundary file. */
#define MOST_VALUES (4 * LIMIT_GEOMETRY_POINTS)
#define READ_BYTES  ((size_t)1 << 20)

/* jansson allocates through base/memory.h; whether it was refused tells "out of memory" from
 * "wrong JSON", which its error does not, and from a value in which bytes are missing: jansson
 * 2.14 does not look whether a long string could grow. */
static _Thread_local bool was_refused;

static void *json_new(size_t size)
{
    void *at = memory_new(1, size);
    was_refused |= at == NULL;
    return at;
}

static void use_memory(void)
{
    json_set_alloc_funcs(json_new, memory_free);
}

struct property { /* of one feature, until all names are known */
    uint32_t name;
    struct text value;
    struct property *next;
};

struct feature {
    struct property *properties;
    struct shape_feature shape;
    struct feature *next;
};

struct walker {
    struct arena *arena;
    struct text all;
    size_t at;
    const char *names[LIMIT_COLUMNS];
    uint32_t name_count;
    struct feature *first, **last;
    uint32_t feature_count;
    size_t points;
    const char *type, *crs;
    bool has_features;
};

/* "line L, column C" of the byte at `at`; columns count characters. */
static rv_status fail_json(const struct walker *w, size_t at, const char *what,
                           struct rv_err *reterr)
{
    size_t line = 1, column = 1;
    for (size_t i = 0; i < at && i < w->all.n; i++) {
        if (w->all.at[i] == '\n') {
            line++;
            column = 1;
        } else if ((w->all.at[i] & 0xC0) != 0x80) {
            column++;
        }
    }
    return rv_fail(reterr, RV_INVALID,
                   "not valid JSON at line %zu, column %zu: %s; export the file again", line,
                   column, what);
}

static rv_status fail_feature(const struct walker *w, const char *what, struct rv_err *reterr)
{
    return rv_fail(reterr, RV_INVALID, "feature %" PRIu32 " %s", w->feature_count + 1, what);
}

static char look(struct walker *w)
{
    while (w->at < w->all.n && w->all.at[w->at] && strchr(" \t\r\n", w->all.at[w->at])) {
        w->at++;
    }
    return w->at < w->all.n ? w->all.at[w->at] : '\0';
}

static rv_status expect(struct walker *w, char wanted, struct rv_err *reterr)
{
    char what[] = "'?' expected";
    what[1] = wanted;
    if (look(w) != wanted) {
        return fail_json(w, w->at, what, reterr);
    }
    w->at++;
    return rv_ok();
}

static void json_closep(json_t **value)
{
    json_decref(*value);
}

/* The JSON value at the walker's place, which moves behind it. */
static rv_status load(struct walker *w, json_t **ret, struct rv_err *reterr)
{
    if (look(w) == '\0') {
        return fail_json(w, w->at, "a value expected", reterr);
    }
    json_error_t error;
    was_refused = false;
    json_t *value = json_loadb(w->all.at + w->at, w->all.n - w->at, LOAD_FLAGS, &error);
    size_t position = error.position > 0 ? (size_t)error.position : 0;
    if (was_refused) { /* also when there is a value: jansson then drops bytes of strings */
        json_decref(value);
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory in feature %" PRIu32,
                       w->feature_count + 1);
    }
    if (!value) {
        return fail_json(w, w->at + position, error.text, reterr);
    }
    w->at += position;
    *ret = value;
    return rv_ok();
}

static struct text copy(struct arena *a, const char *bytes, size_t n)
{
    return (struct text){arena_text(a, bytes, n), n};
}

/* The value of a property as text; text.at NULL when out of memory. */
static struct text property_text(struct arena *a, const json_t *value)
{
    char number[NUMBER_TEXT_BYTES];
    switch (json_typeof(value)) {
    case JSON_STRING:
        return copy(a, json_string_value(value), json_string_length(value));
    case JSON_INTEGER:
        (void)snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return copy(a, number, strlen(number));
    case JSON_REAL:
        number_text(json_real_value(value), number);
        return copy(a, number, strlen(number));
    case JSON_TRUE:
        return text_of("true");
    case JSON_FALSE:
        return text_of("false");
    case JSON_NULL:
        return text_of("");
    case JSON_OBJECT:
    case JSON_ARRAY:
        break;
    }
    /* Nested: kept as compact JSON. */
    was_refused = false;
    char *dumped = json_dumps(value, JSON_COMPACT);
    struct text kept =
        dumped && !was_refused ? copy(a, dumped, strlen(dumped)) : (struct text){NULL, 0};
    memory_free(dumped);
    return kept;
}

/* Number of the property name, `guess` first: features mostly have the same names in order. */
static rv_status find_name(struct walker *w, const char *name, uint32_t guess, uint32_t *ret,
                           struct rv_err *reterr)
{
    if (guess < w->name_count && strcmp(w->names[guess], name) == 0) {
        *ret = guess;
        return rv_ok();
    }
    for (uint32_t i = 0; i < w->name_count; i++) {
        if (strcmp(w->names[i], name) == 0) {
            *ret = i;
            return rv_ok();
        }
    }
    if (w->name_count == LIMIT_COLUMNS) {
        return rv_fail(reterr, RV_LIMIT,
                       "the features have more than %d different properties; export fewer",
                       LIMIT_COLUMNS);
    }
    const char *kept = arena_text(w->arena, name, strlen(name));
    if (!kept) {
        return arena_fail(w->arena, reterr);
    }
    *ret = w->name_count;
    w->names[w->name_count++] = kept;
    return rv_ok();
}

static rv_status read_properties(struct walker *w, json_t *properties, struct feature *f,
                                 struct rv_err *reterr)
{
    if (!properties || json_is_null(properties)) {
        return rv_ok();
    }
    if (!json_is_object(properties)) {
        return fail_feature(w, "has properties that are no JSON object", reterr);
    }
    const char *name;
    json_t *value;
    uint32_t guess = 0;
    json_object_foreach(properties, name, value)
    {
        struct property *p = ARENA_NEW(w->arena, struct property, 1);
        if (!p) {
            return arena_fail(w->arena, reterr);
        }
        RV_TRY(find_name(w, name, guess++, &p->name, reterr));
        p->value = property_text(w->arena, value);
        if (!p->value.at) {
            return arena_fail(w->arena, reterr);
        }
        p->next = f->properties;
        f->properties = p;
    }
    return rv_ok();
}

static rv_status read_position(struct walker *w, const json_t *position, double *xy,
                               struct rv_err *reterr)
{
    for (size_t i = 0; i < 2; i++) {
        const json_t *number = json_array_get(position, i); /* NULL unless an array */
        if (!json_is_number(number)) {
            return fail_feature(w, "has a position that is not two numbers", reterr);
        }
        xy[i] = json_number_value(number);
        if (!isfinite(xy[i])) {
            return fail_feature(w, "has a coordinate that is not finite", reterr);
        }
    }
    return rv_ok();
}

static rv_status read_ring(struct walker *w, const json_t *positions, struct shape_ring *ret,
                           struct rv_err *reterr)
{
    size_t n = json_array_size(positions); /* 0 when it is no array */
    if (n < 4) {
        return fail_feature(w, "has a ring of fewer than 4 points; a closed ring has at least 4",
                            reterr);
    }
    if (n > LIMIT_GEOMETRY_POINTS - w->points) {
        return rv_fail(reterr, RV_LIMIT, "more than %zu points; simplify the boundaries",
                       LIMIT_GEOMETRY_POINTS);
    }
    w->points += n;
    double *xy = ARENA_NEW(w->arena, double, 2 * n);
    if (!xy) {
        return arena_fail(w->arena, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        RV_TRY(read_position(w, json_array_get(positions, i), xy + 2 * i, reterr));
    }
    if (xy[0] != xy[2 * n - 2] || xy[1] != xy[2 * n - 1]) {
        return fail_feature(w, "has a ring whose last point is not its first", reterr);
    }
    ret->xy = xy;
    ret->points = (uint32_t)n;
    return rv_ok();
}

/* The rings of one polygon, behind those the feature has. */
static rv_status read_polygon(struct walker *w, const json_t *rings, struct shape_feature *f,
                              struct rv_err *reterr)
{
    size_t n = json_array_size(rings);
    if (n == 0) {
        return fail_feature(w, "has a polygon without rings", reterr);
    }
    for (size_t i = 0; i < n; i++) {
        struct shape_ring *ring = &f->rings[f->ring_count];
        RV_TRY(read_ring(w, json_array_get(rings, i), ring, reterr));
        ring->polygon = f->polygon_count;
        f->ring_count++;
    }
    f->polygon_count++;
    return rv_ok();
}

static rv_status read_polygons(struct walker *w, const json_t *polygons, struct shape_feature *f,
                               struct rv_err *reterr)
{
    size_t n = json_array_size(polygons), rings = 0;
    for (size_t i = 0; i < n; i++) {
        rings += json_array_size(json_array_get(polygons, i));
    }
    if (!json_is_array(polygons)) {
        return fail_feature(w, "has a MultiPolygon whose coordinates are no list", reterr);
    }
    if (n == 0) {
        return rv_ok(); /* an area without a boundary: for the caller to judge */
    }
    f->rings = ARENA_NEW(w->arena, struct shape_ring, rings);
    if (!f->rings) {
        return arena_fail(w->arena, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        RV_TRY(read_polygon(w, json_array_get(polygons, i), f, reterr));
    }
    return rv_ok();
}

static const char *member_text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value ? value : "";
}

static rv_status read_geometry(struct walker *w, const json_t *geometry, struct shape_feature *f,
                               struct rv_err *reterr)
{
    if (!geometry || json_is_null(geometry)) {
        return rv_ok();
    }
    const char *type = member_text(geometry, "type");
    json_t *coordinates = json_object_get(geometry, "coordinates");
    if (strcmp(type, "MultiPolygon") == 0) {
        return read_polygons(w, coordinates, f, reterr);
    }
    if (strcmp(type, "Polygon") != 0) {
        return rv_fail(reterr, RV_INVALID,
                       "feature %" PRIu32 " is a '%.40s', not a Polygon or MultiPolygon: "
                       "a boundary file has areas only",
                       w->feature_count + 1, type);
    }
    f->rings = ARENA_NEW(w->arena, struct shape_ring, json_array_size(coordinates));
    if (!f->rings) {
        return arena_fail(w->arena, reterr);
    }
    return read_polygon(w, coordinates, f, reterr);
}

static rv_status read_feature(struct walker *w, struct rv_err *reterr)
{
    RV_CLEANUP(json_closep) json_t *value = NULL;
    RV_TRY(load(w, &value, reterr));
    if (strcmp(member_text(value, "type"), "Feature") != 0) {
        return fail_feature(w, "is not of type 'Feature': export the file again as GeoJSON",
                            reterr);
    }
    struct feature *f = ARENA_NEW(w->arena, struct feature, 1);
    if (!f) {
        return arena_fail(w->arena, reterr);
    }
    RV_TRY(read_geometry(w, json_object_get(value, "geometry"), &f->shape, reterr));
    RV_TRY(read_properties(w, json_object_get(value, "properties"), f, reterr));
    *w->last = f;
    w->last = &f->next;
    w->feature_count++;
    return rv_ok();
}

static rv_status read_features(struct walker *w, struct rv_err *reterr)
{
    w->has_features = true;
    RV_TRY(expect(w, '[', reterr));
    if (look(w) == ']') {
        w->at++;
        return rv_ok();
    }
    for (;;) {
        RV_TRY(read_feature(w, reterr));
        if (look(w) == ']') {
            w->at++;
            return rv_ok();
        }
        RV_TRY(expect(w, ',', reterr));
    }
}

/* One member of the outermost object. */
static rv_status read_member(struct walker *w, struct rv_err *reterr)
{
    RV_CLEANUP(json_closep) json_t *key = NULL;
    RV_CLEANUP(json_closep) json_t *value = NULL;
    size_t at = w->at;
    RV_TRY(load(w, &key, reterr));
    if (!json_is_string(key)) {
        return fail_json(w, at, "a name in quotation marks expected", reterr);
    }
    RV_TRY(expect(w, ':', reterr));
    const char *name = json_string_value(key);
    bool is_features = strcmp(name, "features") == 0, is_type = strcmp(name, "type") == 0,
         is_crs = strcmp(name, "crs") == 0;
    if ((is_features && w->has_features) || (is_type && w->type) || (is_crs && w->crs)) {
        return fail_json(w, at, "a member of the outermost object is there twice", reterr);
    }
    if (is_features) {
        return read_features(w, reterr);
    }
    RV_TRY(load(w, &value, reterr));
    if (is_type) {
        const char *type = json_is_string(value) ? json_string_value(value) : "";
        w->type = arena_text(w->arena, type, strlen(type));
    } else if (is_crs) {
        w->crs = geojson_crs(w->arena, value);
    }
    return (is_type && !w->type) || (is_crs && !w->crs) ? arena_fail(w->arena, reterr) : rv_ok();
}

static rv_status walk(struct walker *w, struct rv_err *reterr)
{
    RV_TRY(expect(w, '{', reterr));
    if (look(w) != '}') {
        RV_TRY(read_member(w, reterr));
        while (look(w) == ',') {
            w->at++;
            (void)look(w);
            RV_TRY(read_member(w, reterr));
        }
    }
    RV_TRY(expect(w, '}', reterr));
    if (look(w) != '\0' || w->at < w->all.n) {
        return fail_json(w, w->at, "text after the end", reterr);
    }
    if (!w->type || strcmp(w->type, "FeatureCollection") != 0 || !w->has_features) {
        return rv_fail(reterr, RV_INVALID,
                       "its type is '%.40s', not 'FeatureCollection' with features: export the "
                       "areas as a GeoJSON feature collection",
                       w->type ? w->type : "");
    }
    return rv_ok();
}

/* Lists become arrays, each feature with a text for every property name of the file. */
static rv_status finish(struct walker *w, struct shape_file *ret, struct rv_err *reterr)
{
    struct arena *a = w->arena;
    struct shape_feature *features = ARENA_NEW(a, struct shape_feature, w->feature_count);
    struct text *texts = arena_new(a, w->feature_count, w->name_count * sizeof *texts);
    const char **names = ARENA_NEW(a, const char *, w->name_count);
    const char *crs = w->crs ? w->crs : arena_text(a, "EPSG:4326", 9);
    if (!features || !texts || !names || !crs) {
        return arena_fail(a, reterr);
    }
    memcpy(names, w->names, w->name_count * sizeof *names);
    size_t i = 0;
    for (const struct feature *f = w->first; f; f = f->next, i++) {
        features[i] = f->shape;
        features[i].properties = texts + i * w->name_count;
        for (const struct property *p = f->properties; p; p = p->next) {
            features[i].properties[p->name] = p->value;
        }
    }
    *ret = (struct shape_file){names, w->name_count, features, w->feature_count, crs};
    return rv_ok();
}

static bool has_too_many_values(struct text all)
{
    size_t commas = 0;
    for (size_t i = 0; i < all.n; i++) {
        commas += all.at[i] == ',';
    }
    return commas > MOST_VALUES;
}

rv_status geojson_parse(struct arena *a, struct text bytes, struct shape_file *ret,
                        struct rv_err *reterr)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, use_memory);
    if (bytes.n > LIMIT_BOUNDARY_BYTES || has_too_many_values(bytes)) {
        return rv_fail(reterr, RV_LIMIT,
                       "larger than the %zu MB or %zu points of a boundary file; simplify it",
                       LIMIT_BOUNDARY_BYTES >> 20, LIMIT_GEOMETRY_POINTS);
    }
    if (text_starts(bytes, "\xEF\xBB\xBF")) {
        bytes.at += 3;
        bytes.n -= 3;
    }
    struct walker *w = ARENA_NEW(a, struct walker, 1);
    if (!w) {
        return arena_fail(a, reterr);
    }
    w->arena = a;
    w->all = bytes;
    w->last = &w->first;
    RV_TRY(walk(w, reterr));
    return finish(w, ret, reterr);
}

static rv_status read_all(struct byte_source *source, struct buf *out, struct rv_err *reterr)
{
    if (source_file_bytes(source) > (int64_t)LIMIT_BOUNDARY_BYTES) {
        return rv_fail(reterr, RV_LIMIT, "larger than the %zu MB of a boundary file; simplify it",
                       LIMIT_BOUNDARY_BYTES >> 20);
    }
    for (;;) {
        char *room = buf_room(out, READ_BYTES);
        if (!room) {
            return buf_status(out, reterr);
        }
        size_t n = 0;
        RV_TRY(source_read(source, room, READ_BYTES, &n, reterr));
        buf_wrote(out, n);
        if (n == 0) {
            return rv_ok();
        }
    }
}

/* The same failure with the path in front. */
static rv_status name_file(rv_status status, const char *path, struct rv_err *reterr)
{
    if (!rv_is_ok(status) && reterr && strncmp(reterr->message, path, strlen(path)) != 0) {
        struct rv_err inner = *reterr;
        return rv_fail_at(reterr, inner.origin, inner.origin_line, inner.code, "%s: %s", path,
                          inner.message);
    }
    return status;
}

rv_status geojson_read(struct arena *a, const char *path, struct shape_file *ret,
                       char *sha256_or_null, struct rv_err *reterr)
{
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    RV_CLEANUP(buf_done) struct buf all;
    buf_init(&all, LIMIT_BOUNDARY_BYTES + READ_BYTES);
    RV_TRY(source_open(path, &source, reterr));
    RV_TRY(name_file(read_all(source, &all, reterr), path, reterr));
    struct shape_file got;
    RV_TRY(name_file(geojson_parse(a, buf_view(&all), &got, reterr), path, reterr));
    if (sha256_or_null) {
        RV_TRY(source_sha256(source, sha256_or_null, reterr));
    }
    *ret = got;
    return rv_ok();
}
