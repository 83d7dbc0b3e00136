/* place/records.c — every record's area in every layer, chunk by chunk.
 *
 * A code is resolved once for each value of its dictionary, never once a row. Chunks are placed in
 * parallel and stored in order, so the bytes do not depend on the number of threads.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/memory.h"
#include "place/meaning.h"
#include "place/placing.h"
#include "place/texts.h"
#include "store/extract.h"
#include "store/sql_id.h"

#include <string.h>
#include <zlib.h>

#define CODES 3            /* lsoa_code, ward_code, borough_code: order of evidence */
#define BATCH ((size_t)64) /* chunks encoded before they are stored */
#define CHUNK_BYTES                                                                                \
    ((size_t)1 << 20) /* ceiling of an encoded chunk: 4 bytes a row and a little                   \
                       */

static const char *const columns[] = {"easting", "northing", "lsoa_code", "ward_code",
                                      "borough_code"};
#define COLUMNS (sizeof columns / sizeof columns[0])

/* Kinds that are not records of something that happened somewhere. */
static const char *const other_kinds[] = {"area-counts",
                                          "population",
                                          "indicators",
                                          "lookup",
                                          "weights",
                                          "calendar",
                                          "persons",
                                          "outcomes",
                                          "cohort",
                                          "referrals",
                                          "emergency-department",
                                          "measures"};

/* ---- one chunk ---- */

struct outcome {
    struct buf bytes;
    int64_t unplaced, disagrees;
};

struct placing { /* of one extract in one layer */
    const struct extract_scan *scan;
    struct place_index *index;
    struct meaning codes[CODES]; /* placed NULL = the extract has no such column */
    bool has_points;
    struct progress *progress;
    struct arena *arenas; /* one a worker */
    uint32_t first;       /* chunk of piece 0 */
    struct outcome *outcomes;
};

static bool is_points(const struct column *c)
{
    return c[0].type == COLUMN_THOUSANDTHS && c[1].type == COLUMN_THOUSANDTHS;
}

/* Rows without coordinates take the first of their codes that leads somewhere. */
static void place_codes(const struct placing *p, const struct column *c, const uint64_t *points,
                        uint32_t *placed)
{
    for (uint32_t row = 0; row < c[0].rows; row++) {
        if ((points[row / 64] >> (row % 64)) & 1) {
            continue;
        }
        placed[row] = 0;
        for (size_t k = 0; k < CODES && placed[row] == 0; k++) {
            if (p->codes[k].placed) {
                placed[row] = p->codes[k].placed[c[2 + k].codes[row]];
            }
        }
    }
}

static void count_rows(const struct placing *p, const struct column *c, const uint64_t *points,
                       const uint32_t *placed, struct outcome *o)
{
    for (uint32_t row = 0; row < c[0].rows; row++) {
        o->unplaced += placed[row] == 0;
        uint32_t own = 0;
        for (size_t k = 0; k < CODES && own == 0; k++) {
            own = p->codes[k].verbatim ? p->codes[k].verbatim[c[2 + k].codes[row]] : 0;
        }
        bool has_point = (points[row / 64] >> (row % 64)) & 1;
        o->disagrees += has_point && own != 0 && own != placed[row];
    }
}

/* Rows with both coordinates; NULL when out of memory. */
static uint64_t *points_of(struct arena *a, const struct column *c, bool has_points)
{
    uint64_t *bits = ARENA_NEW(a, uint64_t, (size_t)c[0].rows / 64 + 1);
    for (uint32_t row = 0; bits && has_points && row < c[0].rows; row++) {
        if (column_has(&c[0], row) && column_has(&c[1], row)) {
            bits[row / 64] |= (uint64_t)1 << (row % 64);
        }
    }
    return bits;
}

static rv_status check_codes(const struct placing *p, const struct column *c, struct rv_err *reterr)
{
    for (size_t k = 0; k < CODES; k++) {
        uint32_t count = p->codes[k].placed ? extract_scan_dictionary(p->scan, 2 + k)->count : 0;
        for (uint32_t row = 0; count && row < c[2 + k].rows; row++) {
            if (c[2 + k].codes[row] >= count) {
                return rv_fail(reterr, RV_DAMAGED,
                               "column %s has a code outside its dictionary: run 'reeve verify'",
                               columns[2 + k]);
            }
        }
    }
    return rv_ok();
}

static rv_status encode_placed(const struct placing *p, const uint32_t *placed, uint32_t rows,
                               struct outcome *o, struct rv_err *reterr)
{
    const struct column out = {
        .type = COLUMN_CATEGORY, .rows = rows, .nulls = (uint32_t)o->unplaced, .codes = placed};
    struct chunk_summary summary;
    buf_clear(&o->bytes);
    RV_TRY(chunk_encode(&out, &o->bytes, &summary, reterr));
    progress_add(p->progress, rows);
    return rv_ok();
}

static rv_status place_chunk(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    const struct placing *p = context;
    struct arena *a = &p->arenas[worker];
    struct outcome *o = &p->outcomes[piece];
    struct arena_mark mark = arena_mark(a);
    struct column c[COLUMNS];
    const uint64_t *current = NULL;
    RV_TRY(progress_check(p->progress, reterr));
    RV_TRY(extract_scan_read(p->scan, p->first + (uint32_t)piece, a, c, &current, reterr));
    RV_TRY(check_codes(p, c, reterr));
    uint32_t rows = c[0].rows;
    bool has_points = p->has_points && is_points(c);
    uint64_t *points = points_of(a, c, has_points);
    uint32_t *placed = ARENA_NEW(a, uint32_t, rows);
    if (!points || !placed) {
        return arena_fail(a, reterr);
    }
    if (has_points) {
        RV_TRY(place_points(p->index, worker, rows, c[0].integers, c[1].integers, points, placed,
                            reterr));
    }
    place_codes(p, c, points, placed);
    o->unplaced = o->disagrees = 0;
    count_rows(p, c, points, placed, o);
    RV_TRY(encode_placed(p, placed, rows, o, reterr));
    arena_release(a, mark);
    return rv_ok();
}

/* ---- one extract in one layer ---- */

/* A chunk placed in one layer, before the extract has its number. */
struct placed_chunk {
    int64_t layer, unplaced, disagrees;
    uint32_t sequence;
    struct text bytes;
};

struct placed_draft {
    struct arena a; /* of all that follows */
    int64_t *basis; /* layers and look-ups that it was placed with */
    size_t basis_count;
    struct placed_chunk *chunks;
    size_t count;
};

static rv_status insert_chunk(struct store *s, int64_t extract, const struct placed_chunk *c,
                              struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_PLACEMENT_INSERT, &st, reterr));
    stmt_bind_int(st, ":extract", extract);
    stmt_bind_int(st, ":layer", c->layer);
    stmt_bind_int(st, ":sequence", c->sequence);
    stmt_bind_int(st, ":unplaced", c->unplaced);
    stmt_bind_int(st, ":disagrees", c->disagrees);
    stmt_bind_int(st, ":crc", (int64_t)crc32_z(0, (const unsigned char *)c->bytes.at, c->bytes.n));
    stmt_bind_blob(st, ":bytes", c->bytes.at, c->bytes.n);
    return stmt_run(st, reterr);
}

struct workers { /* what the threads need, for the whole of place_extracts or place_draft */
    struct pool *pool;
    struct progress *progress;
    struct arena *arenas; /* one a thread */
    size_t threads;
    struct placed_draft *draft; /* where chunks go; NULL = into the file */
    struct outcome outcomes[BATCH];
};

/* The chunk goes into the file, or is kept until there is a transaction. */
static rv_status put_chunk(struct store *s, const struct workers *w, int64_t extract,
                           const struct placed_chunk *c, struct rv_err *reterr)
{
    if (!w->draft) {
        return insert_chunk(s, extract, c, reterr);
    }
    struct arena *a = &w->draft->a;
    struct placed_chunk kept = *c;
    kept.bytes.at = arena_text(a, c->bytes.at, c->bytes.n);
    if (!kept.bytes.at) {
        return arena_fail(a, reterr);
    }
    w->draft->chunks[w->draft->count++] = kept;
    return rv_ok();
}

static rv_status run_batches(struct store *s, struct workers *w, struct placing *p, int64_t extract,
                             int64_t layer, struct rv_err *reterr)
{
    uint32_t chunks = extract_scan_chunks(p->scan);
    for (uint32_t first = 0; first < chunks; first += (uint32_t)BATCH) {
        size_t pieces = chunks - first < BATCH ? chunks - first : BATCH;
        p->first = first;
        RV_TRY(pool_run(w->pool, pieces, place_chunk, p, reterr));
        fault_point("place.store");
        for (uint32_t i = 0; i < pieces; i++) {
            const struct outcome *o = &w->outcomes[i];
            struct placed_chunk c = {layer, o->unplaced, o->disagrees, first + i,
                                     buf_view(&o->bytes)};
            RV_TRY(put_chunk(s, w, extract, &c, reterr));
        }
    }
    return rv_ok();
}

static bool is_category(const struct extract_scan *scan, size_t k)
{
    return extract_scan_has(scan, k) && extract_scan_type(scan, k) == COLUMN_CATEGORY &&
           extract_scan_dictionary(scan, k);
}

static rv_status place_scan(struct store *s, struct arena *a, struct workers *w,
                            const struct held *h, const struct layer *layer,
                            struct place_index *index, const struct extract_scan *scan,
                            int64_t extract, struct rv_err *reterr)
{
    struct placing p = {.scan = scan,
                        .index = index,
                        .has_points = extract_scan_has(scan, 0) && extract_scan_has(scan, 1),
                        .progress = w->progress,
                        .arenas = w->arenas,
                        .outcomes = w->outcomes};
    for (size_t k = 0; k < CODES; k++) {
        RV_TRY(is_category(scan, 2 + k)
                   ? meaning_resolve(s, a, h, layer, extract_scan_dictionary(scan, 2 + k),
                                     &p.codes[k], reterr)
                   : rv_ok());
    }
    return run_batches(s, w, &p, extract, layer->id, reterr);
}

/* ---- all of them ---- */

static bool is_other_kind(const char *kind)
{
    for (size_t i = 0; i < sizeof other_kinds / sizeof other_kinds[0]; i++) {
        if (strcmp(kind, other_kinds[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool scan_has_place(const struct extract_scan *scan)
{
    bool has = extract_scan_has(scan, 0) && extract_scan_has(scan, 1);
    for (size_t k = 0; k < CODES; k++) {
        has = has || is_category(scan, 2 + k);
    }
    return has;
}

static rv_status has_place(struct store *s, struct arena *a, int64_t extract, bool *ret,
                           struct rv_err *reterr)
{
    struct arena_mark mark = arena_mark(a);
    struct extract_scan *scan = NULL;
    RV_TRY(extract_scan_open(s, a, extract, columns, COLUMNS, 0, &scan, reterr));
    *ret = scan_has_place(scan);
    arena_release(a, mark);
    return rv_ok();
}

struct wanted {
    int64_t *ids;
    size_t count;
    int64_t rows;
};

/* *extract becomes 0, all of them, when it is a look-up: it may lead any record somewhere new. */
static rv_status choose_extracts(struct store *s, struct arena *a, int64_t *extract,
                                 struct wanted *ret, struct rv_err *reterr)
{
    struct extract_info *extracts = NULL;
    size_t count = 0;
    RV_TRY(extract_list_all(s, a, NULL, &extracts, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        bool is_lookup = extracts[i].id == *extract && strcmp(extracts[i].kind, "lookup") == 0;
        *extract = is_lookup ? 0 : *extract;
    }
    struct wanted w = {ARENA_NEW(a, int64_t, count), 0, 0};
    if (!w.ids) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        bool is_wanted =
            (*extract == 0 || extracts[i].id == *extract) && !is_other_kind(extracts[i].kind);
        RV_TRY(is_wanted ? has_place(s, a, extracts[i].id, &is_wanted, reterr) : rv_ok());
        if (is_wanted) {
            w.ids[w.count++] = extracts[i].id;
            w.rows += extracts[i].rows;
        }
    }
    *ret = w;
    return rv_ok();
}

static rv_status forget(struct store *s, int64_t extract, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_PLACEMENT_DELETE, &st, reterr));
    if (extract != 0) {
        stmt_bind_int(st, ":extract", extract);
    }
    return stmt_run(st, reterr);
}

static void workers_done(struct workers *w)
{
    for (size_t i = 0; w->arenas && i < w->threads; i++) {
        arena_done(&w->arenas[i]);
    }
    for (size_t i = 0; i < BATCH; i++) {
        buf_done(&w->outcomes[i].bytes);
    }
}

static rv_status workers_open(struct arena *a, struct pool *pool, struct progress *progress,
                              struct workers *w, struct rv_err *reterr)
{
    w->pool = pool;
    w->progress = progress;
    w->threads = pool_threads(pool);
    w->arenas = ARENA_NEW(a, struct arena, w->threads);
    if (!w->arenas) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < w->threads; i++) {
        arena_init(&w->arenas[i], LIMIT_ARENA_BYTES);
    }
    for (size_t i = 0; i < BATCH; i++) {
        buf_init(&w->outcomes[i].bytes, CHUNK_BYTES);
    }
    return rv_ok();
}

/* Layer by layer, so that one index is held at a time. */
static rv_status place_layer(struct store *s, struct workers *w, const struct held *h,
                             const struct layer *layer, const struct wanted *wanted,
                             struct rv_err *reterr)
{
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    RV_CLEANUP(place_index_closep) struct place_index *index = NULL;
    RV_TRY(place_index_open(s, &a, layer, w->threads, &index, reterr));
    for (size_t i = 0; i < wanted->count; i++) {
        struct arena_mark mark = arena_mark(&a);
        struct extract_scan *scan = NULL;
        RV_TRY(extract_scan_open(s, &a, wanted->ids[i], columns, COLUMNS, 0, &scan, reterr));
        RV_TRY(place_scan(s, &a, w, h, layer, index, scan, wanted->ids[i], reterr));
        arena_release(&a, mark);
    }
    return rv_ok();
}

rv_status place_extracts(struct store *s, struct arena *a, struct pool *pool,
                         struct progress *progress, int64_t extract, struct rv_err *reterr)
{
    struct held held = {0};
    struct wanted wanted = {0};
    RV_CLEANUP(workers_done) struct workers workers = {0};
    RV_TRY(choose_extracts(s, a, &extract, &wanted, reterr));
    RV_TRY(forget(s, extract, reterr));
    if (wanted.count == 0) {
        return place_texts_after(s, pool, progress, extract, reterr);
    }
    RV_TRY(meaning_held(s, a, &held, reterr));
    RV_TRY(workers_open(a, pool, progress, &workers, reterr));
    progress_step(progress, "placing", wanted.rows * (int64_t)held.count);
    for (size_t i = 0; i < held.count; i++) {
        RV_TRY(place_layer(s, &workers, &held, &held.layers[i], &wanted, reterr));
    }
    return place_texts_after(s, pool, progress, extract, reterr);
}

/* ---- a draft ---- */

/* What the placement of records rests on: neither a layer nor an extract ever changes, and their
 * numbers are not used again. */
static rv_status load_basis(struct store *s, struct arena *a, int64_t **ret, size_t *ret_count,
                            struct rv_err *reterr)
{
    struct layer *layers = NULL;
    struct extract_info *lookups = NULL;
    size_t layer_count = 0, lookup_count = 0, n = 0;
    RV_TRY(layers_load(s, a, &layers, &layer_count, reterr));
    RV_TRY(extract_list_all(s, a, "lookup", &lookups, &lookup_count, reterr));
    int64_t *ids = ARENA_NEW(a, int64_t, layer_count + lookup_count + 1);
    if (!ids) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < layer_count; i++) {
        ids[n++] = layers[i].id;
    }
    ids[n++] = 0; /* between the two */
    for (size_t i = 0; i < lookup_count; i++) {
        ids[n++] = lookups[i].id;
    }
    *ret = ids;
    *ret_count = n;
    return rv_ok();
}

static rv_status place_drafted(struct store *s, struct workers *w, const struct extract_scan *scan,
                               struct rv_err *reterr)
{
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct held held = {0};
    int64_t rows = 0;
    uint32_t chunks = extract_scan_chunks(scan);
    RV_TRY(meaning_held(s, &a, &held, reterr));
    w->draft->chunks = ARENA_NEW(&w->draft->a, struct placed_chunk, held.count * chunks);
    if (!w->draft->chunks) {
        return arena_fail(&w->draft->a, reterr);
    }
    for (uint32_t k = 0; k < chunks; k++) {
        rows += extract_scan_rows(scan, k);
    }
    progress_step(w->progress, "placing", rows * (int64_t)held.count);
    for (size_t i = 0; i < held.count; i++) {
        RV_CLEANUP(arena_done) struct arena of_layer;
        RV_CLEANUP(place_index_closep) struct place_index *index = NULL;
        arena_init(&of_layer, LIMIT_ARENA_BYTES);
        RV_TRY(place_index_open(s, &of_layer, &held.layers[i], w->threads, &index, reterr));
        RV_TRY(place_scan(s, &of_layer, w, &held, &held.layers[i], index, scan, 0, reterr));
    }
    return rv_ok();
}

void placed_draft_closep(struct placed_draft **p)
{
    if (*p) {
        arena_done(&(*p)->a);
        memory_free(*p);
        *p = NULL;
    }
}

rv_status place_draft(struct store *s, struct pool *pool, struct progress *progress,
                      const char *kind, struct extract_draft *d,
                      const struct dictionary *const *dictionaries, struct placed_draft **ret,
                      struct rv_err *reterr)
{
    RV_CLEANUP(placed_draft_closep) struct placed_draft *p = memory_new(1, sizeof *p);
    if (!p) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for placing an import");
    }
    arena_init(&p->a, LIMIT_ARENA_BYTES);
    RV_TRY(store_snapshot(s, reterr));
    RV_CLEANUP(store_snapshot_endp) struct store *snapshot = s;
    RV_TRY(load_basis(s, &p->a, &p->basis, &p->basis_count, reterr));
    if (!is_other_kind(kind)) {
        RV_CLEANUP(arena_done) struct arena a;
        arena_init(&a, LIMIT_ARENA_BYTES);
        RV_CLEANUP(workers_done) struct workers workers = {.draft = p}; /* in `a`: done before it */
        struct extract_scan *scan = NULL;
        RV_TRY(draft_scan_open(d, &a, dictionaries, columns, COLUMNS, &scan, reterr));
        RV_TRY(workers_open(&a, pool, progress, &workers, reterr));
        RV_TRY(scan_has_place(scan) ? place_drafted(s, &workers, scan, reterr) : rv_ok());
    }
    *ret = p;
    p = NULL;
    return rv_ok();
}

rv_status placed_draft_store(struct store *s, struct arena *a, struct pool *pool,
                             struct progress *progress, const struct placed_draft *p,
                             int64_t extract, struct rv_err *reterr)
{
    int64_t *basis = NULL;
    size_t count = 0;
    RV_TRY(load_basis(s, a, &basis, &count, reterr)); /* with this extract, when it is a look-up */
    bool holds = count == p->basis_count && memcmp(basis, p->basis, count * sizeof *basis) == 0;
    if (!holds) {
        return place_extracts(s, a, pool, progress, extract, reterr);
    }
    for (size_t i = 0; i < p->count; i++) {
        RV_TRY(insert_chunk(s, extract, &p->chunks[i], reterr));
    }
    return place_texts_after(s, pool, progress, extract, reterr);
}
