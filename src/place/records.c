/* place/records.c — every record's area in every layer, chunk by chunk.
 *
 * A code is resolved once for each value of its dictionary, never once a row. Chunks are placed in
 * parallel and stored in order, so the bytes do not depend on the number of threads.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "place/lookup.h"
#include "place/placing.h"
#include "store/extract.h"

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
static const char *const other_kinds[] = {"area-counts", "population", "indicators",
                                          "lookup",      "weights",    "calendar"};

/* ---- what the codes of one extract mean in one layer ---- */

struct meaning {        /* of one code column, by dictionary code */
    uint32_t *placed;   /* placed code, 0 = no way there */
    uint32_t *verbatim; /* placed code when the layer itself has the code, else 0 */
};

struct held { /* everything the partnership file holds for resolving */
    const struct layer *layers;
    size_t count;
    const struct lookups *lookups;
    struct arena *arena; /* where parents are kept */
    uint32_t ***parents; /* parents[child][parent]: NULL until asked for */
};

/* One area for a record: the one that gets more than half of the code, else none. */
static uint32_t main_share(const struct lookup_target *t)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->shares[i].weight > 0.5) {
            return t->shares[i].placed;
        }
    }
    return 0;
}

/* The shares that `found`, areas of layer i, have in layer t by their parents; `ret` has room for
 * found->count. */
static rv_status share_parents(struct store *s, const struct held *h, size_t i, size_t t,
                               const struct lookup_target *found, struct lookup_target *ret,
                               struct rv_err *reterr)
{
    if (!h->parents[i][t]) {
        RV_TRY(layer_parents(s, h->arena, &h->layers[i], &h->layers[t], &h->parents[i][t], reterr));
    }
    ret->count = 0;
    for (size_t k = 0; k < found->count; k++) {
        uint32_t parent = h->parents[i][t][found->shares[k].placed - 1];
        size_t at = 0;
        while (at < ret->count && ret->shares[at].placed != parent) {
            at++;
        }
        if (parent && at == ret->count) {
            ret->shares[ret->count++] = (struct lookup_share){parent, 0};
        }
        if (parent) {
            ret->shares[at].weight += found->shares[k].weight;
        }
    }
    return rv_ok();
}

/* For codes that no look-up leads to the target: the area in which the code's areas of another
 * held layer lie, by the last layer, in order of type and vintage, that knows the code. */
static rv_status find_parent(struct store *s, struct arena *scratch, const struct held *h,
                             const struct layer *target, struct text code, uint32_t *ret,
                             struct rv_err *reterr)
{
    size_t t = (size_t)(target - h->layers);
    *ret = 0;
    for (size_t i = h->count; i-- > 0 && *ret == 0;) {
        struct lookup_target found = {NULL, 0};
        RV_TRY(i == t ? rv_ok()
                      : lookup_resolve(h->lookups, scratch, code, &h->layers[i], &found, reterr));
        struct lookup_target shares = {ARENA_NEW(scratch, struct lookup_share, found.count), 0};
        if (!shares.shares) {
            return arena_fail(scratch, reterr);
        }
        RV_TRY(found.count == 0 ? rv_ok() : share_parents(s, h, i, t, &found, &shares, reterr));
        *ret = main_share(&shares);
    }
    return rv_ok();
}

static rv_status resolve_code(struct store *s, struct arena *scratch, const struct held *h,
                              const struct layer *target, struct text code, uint32_t *ret,
                              struct rv_err *reterr)
{
    struct lookup_target found;
    RV_TRY(lookup_resolve(h->lookups, scratch, code, target, &found, reterr));
    *ret = main_share(&found);
    return found.count ? rv_ok() : find_parent(s, scratch, h, target, code, ret, reterr);
}

static rv_status resolve(struct store *s, struct arena *a, const struct held *h,
                         const struct layer *target, const struct dictionary *d,
                         struct meaning *ret, struct rv_err *reterr)
{
    struct meaning m = {ARENA_NEW(a, uint32_t, d->count + 1), ARENA_NEW(a, uint32_t, d->count + 1)};
    if (!m.placed || !m.verbatim) {
        return arena_fail(a, reterr);
    }
    RV_CLEANUP(arena_done) struct arena scratch;
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    for (uint32_t i = 1; i < d->count; i++) {
        struct text code = dictionary_text(d, i);
        struct arena_mark mark = arena_mark(&scratch);
        m.verbatim[i] = layer_find(target, code);
        RV_TRY(resolve_code(s, &scratch, h, target, code, &m.placed[i], reterr));
        arena_release(&scratch, mark);
    }
    *ret = m;
    return rv_ok();
}

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

static rv_status insert_chunk(struct store *s, int64_t extract, int64_t layer, uint32_t sequence,
                              const struct outcome *o, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    struct text bytes = buf_view(&o->bytes);
    RV_TRY(store_prepare(s, SQL_PLACEMENT_INSERT, &st, reterr));
    stmt_bind_int(st, ":extract", extract);
    stmt_bind_int(st, ":layer", layer);
    stmt_bind_int(st, ":sequence", sequence);
    stmt_bind_int(st, ":unplaced", o->unplaced);
    stmt_bind_int(st, ":disagrees", o->disagrees);
    stmt_bind_int(st, ":crc", (int64_t)crc32_z(0, (const unsigned char *)bytes.at, bytes.n));
    stmt_bind_blob(st, ":bytes", bytes.at, bytes.n);
    return stmt_run(st, reterr);
}

struct workers { /* what the threads need, for the whole of place_extracts */
    struct pool *pool;
    struct progress *progress;
    struct arena *arenas; /* one a thread */
    size_t threads;
    struct outcome outcomes[BATCH];
};

static rv_status insert_chunks(struct store *s, const struct workers *w, size_t count,
                               uint32_t first, int64_t extract, int64_t layer,
                               struct rv_err *reterr)
{
    fault_point("place.store");
    for (size_t i = 0; i < count; i++) {
        RV_TRY(insert_chunk(s, extract, layer, first + (uint32_t)i, &w->outcomes[i], reterr));
    }
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
        RV_TRY(insert_chunks(s, w, pieces, first, extract, layer, reterr));
    }
    return rv_ok();
}

static bool is_category(const struct extract_scan *scan, size_t k)
{
    return extract_scan_has(scan, k) && extract_scan_type(scan, k) == COLUMN_CATEGORY &&
           extract_scan_dictionary(scan, k);
}

static rv_status place_extract(struct store *s, struct arena *a, struct workers *w,
                               const struct held *h, const struct layer *layer,
                               struct place_index *index, int64_t extract, struct rv_err *reterr)
{
    struct extract_scan *scan = NULL;
    RV_TRY(extract_scan_open(s, a, extract, columns, COLUMNS, 0, &scan, reterr));
    struct placing p = {.scan = scan,
                        .index = index,
                        .has_points = extract_scan_has(scan, 0) && extract_scan_has(scan, 1),
                        .progress = w->progress,
                        .arenas = w->arenas,
                        .outcomes = w->outcomes};
    for (size_t k = 0; k < CODES; k++) {
        RV_TRY(
            is_category(scan, 2 + k)
                ? resolve(s, a, h, layer, extract_scan_dictionary(scan, 2 + k), &p.codes[k], reterr)
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

static rv_status has_place(struct store *s, struct arena *a, int64_t extract, bool *ret,
                           struct rv_err *reterr)
{
    struct arena_mark mark = arena_mark(a);
    struct extract_scan *scan = NULL;
    RV_TRY(extract_scan_open(s, a, extract, columns, COLUMNS, 0, &scan, reterr));
    *ret = extract_scan_has(scan, 0) && extract_scan_has(scan, 1);
    for (size_t k = 0; k < CODES; k++) {
        *ret = *ret || is_category(scan, 2 + k);
    }
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
    RV_TRY(extract_list(s, a, NULL, &extracts, &count, reterr));
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
        RV_TRY(place_extract(s, &a, w, h, layer, index, wanted->ids[i], reterr));
        arena_release(&a, mark);
    }
    return rv_ok();
}

static rv_status load_held(struct store *s, struct arena *a, struct held *ret,
                           struct rv_err *reterr)
{
    struct layer *layers = NULL;
    struct lookups *lookups = NULL;
    RV_TRY(layers_load(s, a, &layers, &ret->count, reterr));
    RV_TRY(lookups_load(s, a, &lookups, reterr));
    ret->layers = layers;
    ret->lookups = lookups;
    ret->arena = a;
    ret->parents = ARENA_NEW(a, uint32_t **, ret->count);
    for (size_t i = 0; ret->parents && i < ret->count; i++) {
        ret->parents[i] = ARENA_NEW(a, uint32_t *, ret->count);
        if (!ret->parents[i]) {
            return arena_fail(a, reterr);
        }
    }
    return ret->parents ? rv_ok() : arena_fail(a, reterr);
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
        return rv_ok();
    }
    RV_TRY(load_held(s, a, &held, reterr));
    RV_TRY(workers_open(a, pool, progress, &workers, reterr));
    progress_step(progress, "placing", wanted.rows * (int64_t)held.count);
    for (size_t i = 0; i < held.count; i++) {
        RV_TRY(place_layer(s, &workers, &held, &held.layers[i], &wanted, reterr));
    }
    return rv_ok();
}

/* ---- reading back ---- */

static rv_status read_placed(struct arena *a, struct stmt *st, const struct layer *l,
                             const uint32_t **ret, struct rv_err *reterr)
{
    struct text bytes = stmt_blob(st, 4);
    struct column c = {0};
    if (crc32_z(0, (const unsigned char *)bytes.at, bytes.n) != (unsigned long)stmt_int(st, 3)) {
        return rv_fail(reterr, RV_DAMAGED,
                       "chunk %lld of a placement does not match its checksum: run 'reeve verify'",
                       (long long)stmt_int(st, 0));
    }
    RV_TRY(chunk_decode(a, bytes, COLUMN_CATEGORY, &c, reterr));
    for (uint32_t i = 0; i < c.rows; i++) {
        if (c.codes[i] > l->count) {
            return rv_fail(reterr, RV_DAMAGED,
                           "a record is placed in an area that %s %s does not have: run 'reeve "
                           "verify'",
                           l->type, l->vintage);
        }
    }
    *ret = c.codes;
    return rv_ok();
}

static rv_status find_chunks(struct store *s, int64_t extract, uint32_t *ret, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    bool row = false;
    RV_TRY(store_prepare(s, SQL_EXTRACT_SIZE, &st, reterr));
    stmt_bind_int(st, ":extract", extract);
    RV_TRY(stmt_step(st, &row, reterr));
    *ret = row ? (uint32_t)stmt_int(st, 1) : 0;
    stmt_reset(st);
    return row ? rv_ok()
               : rv_fail(reterr, RV_NOT_FOUND, "there is no extract %lld", (long long)extract);
}

rv_status placement_load(struct store *s, struct arena *a, int64_t extract, const struct layer *l,
                         const uint32_t ***ret_chunks, uint32_t *ret_count, int64_t *ret_unplaced,
                         struct rv_err *reterr)
{
    uint32_t chunks = 0, count = 0;
    int64_t unplaced = 0;
    RV_TRY(find_chunks(s, extract, &chunks, reterr));
    const uint32_t **placed = ARENA_NEW(a, const uint32_t *, chunks);
    if (!placed) {
        return arena_fail(a, reterr);
    }
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_PLACEMENT_LIST, &st, reterr));
    stmt_bind_int(st, ":extract", extract);
    stmt_bind_int(st, ":layer", l->id);
    for (bool row = false;; count++) {
        RV_TRY(stmt_step(st, &row, reterr));
        if (!row || count == chunks || stmt_int(st, 0) != (int64_t)count) {
            break;
        }
        rv_status status = read_placed(a, st, l, &placed[count], reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        unplaced += stmt_int(st, 1);
    }
    stmt_reset(st);
    if (count != chunks) {
        return rv_fail(reterr, RV_NOT_FOUND, "extract %lld is not placed in %s %s yet",
                       (long long)extract, l->type, l->vintage);
    }
    *ret_chunks = placed;
    *ret_count = chunks;
    *ret_unplaced = unplaced;
    return rv_ok();
}
