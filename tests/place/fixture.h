/* tests/place/fixture.h — partnership files with layers of squares, records and look-ups.
 *
 * Include after check.h. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_PLACE_FIXTURE_H
#define REEVE_TESTS_PLACE_FIXTURE_H

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "place/areas.h"
#include "place/lookup.h"
#include "place/placing.h"
#include "place/project.h"
#include "store/extract.h"

#define NOW "2026-11-22T13:00:00Z"

/* One partnership file in a folder of its own, open for writing. */
struct world {
    char dir[64];
    char file[96];
    struct store *store;
    struct arena arena;
    struct pool *pool;
    int files;                       /* boundary files and extracts made so far */
    bool places_drafts;              /* add_records places before it commits … */
    void (*between)(struct world *); /* … and this happens meanwhile */
};

static struct rv_err err;

static inline struct world world_open(size_t threads)
{
    struct world w = {.store = NULL};
    (void)snprintf(w.dir, sizeof w.dir, "%s", test_dir());
    (void)snprintf(w.file, sizeof w.file, "%s/p.reeve", w.dir);
    CHECK_OK(store_create(w.file, &err));
    CHECK_OK(store_open(w.file, STORE_WRITE, &w.store, &err));
    CHECK_OK(pool_open(threads, &w.pool, &err));
    arena_init(&w.arena, LIMIT_ARENA_BYTES);
    return w;
}

static inline void world_close(struct world *w)
{
    char command[128];
    store_close(w->store);
    pool_close(w->pool);
    arena_done(&w->arena);
    (void)snprintf(command, sizeof command, "rm -rf %s", w->dir);
    CHECK_INT(system(command), 0);
}

/* ---- boundaries ---- */

#define GRID_CRS                                                                                   \
    "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::27700\"}},"

/* Imports GeoJSON text as a layer; the status is the caller's to judge. */
static inline rv_status import_text(struct world *w, const char *json, const char *type,
                                    const char *vintage, struct areas_report *report)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/areas-%d.geojson", w->dir, w->files++);
    CHECK_OK(file_write(path, text_of(json), &err));
    struct areas_options options = {type, vintage, "code", "name", {NULL, NULL, NULL}, NULL};
    return areas_import(w->store, &w->arena, w->pool, NULL, path, &options, NOW, report, &err);
}

/* One feature: code, name and a geometry as JSON. */
static inline void put_feature(struct buf *b, const char *code, const char *geometry)
{
    buf_printf(b,
               "%s{\"type\":\"Feature\",\"properties\":{\"code\":\"%s\",\"name\":\"Area %s\"},"
               "\"geometry\":%s}",
               b->n ? "," : "", code, code, geometry);
}

static inline const char *collection(struct world *w, const char *crs, const struct buf *features)
{
    const char *json =
        arena_printf(&w->arena, "{\"type\":\"FeatureCollection\",%s\"features\":[%s]}", crs,
                     features->n ? features->bytes : "");
    CHECK(json != NULL);
    return json;
}

/* A square in metres: south-west corner and side. */
static inline const char *square(struct world *w, double e, double n, double side)
{
    const char *json =
        arena_printf(&w->arena,
                     "{\"type\":\"Polygon\",\"coordinates\":[[[%.3f,%.3f],[%.3f,%.3f],"
                     "[%.3f,%.3f],[%.3f,%.3f],[%.3f,%.3f]]]}",
                     e, n, e + side, n, e + side, n + side, e, n + side, e, n);
    CHECK(json != NULL);
    return json;
}

#define WEST_M  550000.0
#define SOUTH_M 185000.0
#define SIDE_M  8000.0 /* of the whole map */

/* A layer of cut * cut squares that fill the map, coded PREFIX00, PREFIX01, … row by row from the
 * south-west, listed backwards in the file. */
static inline void import_squares(struct world *w, const char *type, const char *vintage,
                                  const char *prefix, int cut, struct areas_report *report)
{
    struct buf features;
    buf_init(&features, (size_t)4 << 20);
    for (int i = cut * cut - 1; i >= 0; i--) {
        char code[16];
        (void)snprintf(code, sizeof code, "%s%02d", prefix, i);
        put_feature(&features, code,
                    square(w, WEST_M + SIDE_M / cut * (i % cut), SOUTH_M + SIDE_M / cut * (i / cut),
                           SIDE_M / cut));
    }
    CHECK_OK(import_text(w, collection(w, GRID_CRS, &features), type, vintage, report));
    buf_done(&features);
}

static inline const struct layer *layer_of(struct world *w, const char *type, const char *vintage)
{
    struct layer *layers = NULL;
    size_t count = 0;
    CHECK_OK(layers_load(w->store, &w->arena, &layers, &count, &err));
    return layer_choose(layers, count, type, vintage, 24300);
}

static inline size_t layer_count(struct world *w)
{
    struct layer *layers = NULL;
    size_t count = 0;
    CHECK_OK(layers_load(w->store, &w->arena, &layers, &count, &err));
    return count;
}

/* ---- extracts ---- */

static inline void append_column(struct extract_draft *d, size_t position, uint32_t sequence,
                                 const struct column *c)
{
    struct buf bytes;
    struct chunk_summary summary;
    buf_init(&bytes, (size_t)16 << 20);
    CHECK_OK(chunk_encode(c, &bytes, &summary, &err));
    CHECK_OK(draft_append(d, position, sequence, &summary, buf_view(&bytes), &err));
    buf_done(&bytes);
}

static inline int64_t commit_extract(struct world *w, struct extract_draft *d, const char *kind,
                                     int64_t rows, const struct dictionary *const *dictionaries)
{
    char name[32], sha256[SHA256_HEX + 1];
    int64_t id = 0;
    (void)snprintf(name, sizeof name, "extract-%d.csv", w->files++);
    CHECK_OK(sha256_of(name, strlen(name), sha256, &err));
    struct extract_meta meta = {.kind = kind,
                                .source = name,
                                .profile = "test",
                                .profile_version = 1,
                                .file_name = name,
                                .sha256 = sha256,
                                .imported_at = NOW,
                                .refresh = "incremental",
                                .rows_read = rows,
                                .accepted = rows,
                                .report_json = "{}"};
    CHECK_OK(store_begin(w->store, &err));
    CHECK_OK(draft_commit(d, w->store, &meta, dictionaries, &id, &err));
    CHECK_OK(store_commit(w->store, &err));
    return id;
}

struct record {
    double e, n;          /* metres; NaN = no coordinate */
    const char *codes[3]; /* lsoa, ward, borough; "" = missing */
};

#define NOWHERE ((double)NAN)

/* Stores records as an extract of this kind, `chunk` rows a chunk, and places them. */
static inline int64_t add_records(struct world *w, const char *kind, const struct record *records,
                                  uint32_t count, uint32_t chunk)
{
    static const struct extract_column columns[5] = {{"easting", COLUMN_THOUSANDTHS},
                                                     {"northing", COLUMN_THOUSANDTHS},
                                                     {"lsoa_code", COLUMN_CATEGORY},
                                                     {"ward_code", COLUMN_CATEGORY},
                                                     {"borough_code", COLUMN_CATEGORY}};
    struct extract_draft *d = NULL;
    struct dictionary dictionaries[3];
    CHECK_OK(draft_open(w->store, columns, 5, &d, &err));
    for (int k = 0; k < 3; k++) {
        dictionary_init(&dictionaries[k], LIMIT_DICTIONARY);
    }
    int64_t *metres = calloc(chunk, sizeof *metres);
    uint32_t *codes = calloc(chunk, sizeof *codes);
    uint64_t *valid = calloc(chunk / 64 + 1, sizeof *valid);
    for (uint32_t first = 0, sequence = 0; first < count; first += chunk, sequence++) {
        uint32_t rows = count - first < chunk ? count - first : chunk;
        for (size_t k = 0; k < 2; k++) {
            uint32_t nulls = 0;
            memset(valid, 0, (chunk / 64 + 1) * sizeof *valid);
            for (uint32_t i = 0; i < rows; i++) {
                double at = k ? records[first + i].n : records[first + i].e;
                metres[i] = isnan(at) ? 0 : llround(at * 1000);
                nulls += isnan(at) != 0;
                valid[i / 64] |= (uint64_t)!isnan(at) << (i % 64);
            }
            append_column(d, k, sequence,
                          &(struct column){.type = COLUMN_THOUSANDTHS,
                                           .rows = rows,
                                           .nulls = nulls,
                                           .valid = nulls ? valid : NULL,
                                           .integers = metres});
        }
        for (size_t k = 0; k < 3; k++) {
            uint32_t nulls = 0;
            for (uint32_t i = 0; i < rows; i++) {
                const char *code = records[first + i].codes[k];
                CHECK_OK(
                    dictionary_code(&dictionaries[k], text_of(code ? code : ""), &codes[i], &err));
                nulls += codes[i] == 0;
            }
            append_column(
                d, 2 + k, sequence,
                &(struct column){
                    .type = COLUMN_CATEGORY, .rows = rows, .nulls = nulls, .codes = codes});
        }
    }
    const struct dictionary *const all[5] = {NULL, NULL, &dictionaries[0], &dictionaries[1],
                                             &dictionaries[2]};
    struct placed_draft *placed = NULL;
    if (w->places_drafts) {
        CHECK_OK(place_draft(w->store, w->pool, NULL, kind, d, all, &placed, &err));
        if (w->between) {
            w->between(w);
        }
    }
    int64_t id = commit_extract(w, d, kind, count, all);
    draft_close(d);
    for (int k = 0; k < 3; k++) {
        dictionary_done(&dictionaries[k]);
    }
    free(metres);
    free(codes);
    free(valid);
    CHECK_OK(store_begin(w->store, &err));
    CHECK_OK(placed ? placed_draft_store(w->store, &w->arena, w->pool, NULL, placed, id, &err)
                    : place_extracts(w->store, &w->arena, w->pool, NULL, id, &err));
    CHECK_OK(store_commit(w->store, &err));
    placed_draft_closep(&placed);
    return id;
}

struct link {
    const char *from, *to;
    double weight; /* NaN = not given */
};

static inline int64_t add_lookup(struct world *w, const struct link *links, uint32_t count)
{
    static const struct extract_column columns[3] = {
        {"from_code", COLUMN_CATEGORY}, {"to_code", COLUMN_CATEGORY}, {"weight", COLUMN_REAL}};
    struct extract_draft *d = NULL;
    struct dictionary from, to;
    CHECK_OK(draft_open(w->store, columns, 3, &d, &err));
    dictionary_init(&from, LIMIT_DICTIONARY);
    dictionary_init(&to, LIMIT_DICTIONARY);
    uint32_t *a = calloc(count, sizeof *a), *b = calloc(count, sizeof *b), nulls = 0;
    double *weights = calloc(count, sizeof *weights);
    uint64_t *valid = calloc(count / 64 + 1, sizeof *valid);
    for (uint32_t i = 0; i < count; i++) {
        CHECK_OK(dictionary_code(&from, text_of(links[i].from), &a[i], &err));
        CHECK_OK(dictionary_code(&to, text_of(links[i].to), &b[i], &err));
        bool has = !isnan(links[i].weight);
        weights[i] = has ? links[i].weight : 0;
        valid[i / 64] |= (uint64_t)has << (i % 64);
        nulls += !has;
    }
    append_column(d, 0, 0, &(struct column){.type = COLUMN_CATEGORY, .rows = count, .codes = a});
    append_column(d, 1, 0, &(struct column){.type = COLUMN_CATEGORY, .rows = count, .codes = b});
    append_column(
        d, 2, 0,
        &(struct column){
            .type = COLUMN_REAL, .rows = count, .nulls = nulls, .valid = valid, .reals = weights});
    const struct dictionary *const all[3] = {&from, &to, NULL};
    int64_t id = commit_extract(w, d, "lookup", count, all);
    draft_close(d);
    dictionary_done(&from);
    dictionary_done(&to);
    free(a);
    free(b);
    free(weights);
    free(valid);
    return id;
}

#endif
