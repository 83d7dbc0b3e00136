/* assess/borough_rows.c — one pass over the source for the offences of the borough.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/borough_rows.h"

#include "assess/joined.h"
#include "base/limits.h"
#include "base/memory.h"
#include "column/dictionary.h"

#include <string.h>

enum { ROW_RECORDED, ROW_FROM, ROW_TO, ROW_VENUE, ROW_CODE, ROW_COLUMNS };

/* One extract, opened, with its codes as codes of the names of all extracts. */
struct row_extract {
    struct extract_scan *scan;
    const uint32_t *const *boroughs, *const *wards; /* [chunk][row]; NULL = nothing is placed */
    uint32_t *venue_map, *code_map;
    const uint32_t *first; /* [chunk]: ordinal of its first row */
    size_t first_piece;
};

struct row_piece {
    struct borough_row *rows; /* in the arena of the worker */
    size_t count;
};

struct row_work {
    const struct lens *lens;
    struct month_range window;
    struct row_extract *extracts;
    size_t extract_count, piece_count;
    struct row_piece *pieces;
    struct arena *scratch, *found; /* one a worker: a chunk's columns; the rows to keep */
    size_t workers;
};

/* ---- names ---- */

static rv_status map_names(struct arena *a, const struct dictionary *from, struct dictionary *all,
                           uint32_t **ret, struct rv_err *reterr)
{
    uint32_t count = from && from->count ? from->count : 1;
    uint32_t *map = ARENA_NEW(a, uint32_t, count);
    if (!map) {
        return arena_fail(a, reterr);
    }
    for (uint32_t c = 1; c < count; c++) {
        RV_TRY(dictionary_code(all, dictionary_text(from, c), &map[c], reterr));
    }
    *ret = map;
    return rv_ok();
}

static rv_status keep_names(struct arena *a, const struct dictionary *all, const char ***ret,
                            size_t *ret_count, struct rv_err *reterr)
{
    const char **names = ARENA_NEW(a, const char *, all->count);
    if (!names) {
        return arena_fail(a, reterr);
    }
    names[0] = "not recorded";
    for (uint32_t c = 1; c < all->count; c++) {
        struct text t = dictionary_text(all, c);
        names[c] = arena_text(a, t.at, t.n);
        if (!names[c]) {
            return arena_fail(a, reterr);
        }
    }
    *ret = names;
    *ret_count = all->count;
    return rv_ok();
}

static rv_status open_extracts(struct row_work *w, struct dictionary *venues,
                               struct dictionary *codes, struct rv_err *reterr)
{
    static const char *const names[ROW_COLUMNS] = {"recorded_at", "committed_from", "committed_to",
                                                   "venue_type", "offence_code"};
    struct assess_work *work = w->lens->work;
    struct arena *a = work->held.arena;
    const struct source *source = w->lens->source;
    const struct joined *joined = w->lens->profile->sharing->belonging->joined;
    for (size_t i = 0; i < source->extract_count; i++) {
        struct row_extract *x = &w->extracts[w->extract_count++];
        int64_t id = source->extracts[i].id;
        RV_TRY(held_scan(&work->held, id, names, ROW_COLUMNS, &x->scan, reterr));
        RV_TRY(held_placement_of(&work->held, id, work->boroughs, &x->boroughs, reterr));
        if (work->wards) {
            RV_TRY(held_placement_of(&work->held, id, work->wards, &x->wards, reterr));
        }
        RV_TRY(map_names(a, extract_scan_dictionary(x->scan, ROW_VENUE), venues, &x->venue_map,
                         reterr));
        RV_TRY(
            map_names(a, extract_scan_dictionary(x->scan, ROW_CODE), codes, &x->code_map, reterr));
        x->first = joined->records.first[i];
        x->first_piece = w->piece_count;
        w->piece_count += extract_scan_chunks(x->scan);
    }
    return rv_ok();
}

/* ---- a chunk ---- */

static civil_time time_at(const struct column *c, uint32_t row)
{
    return c->type == COLUMN_TIME && column_has(c, row) ? c->integers[row] : ROW_NO_TIME;
}

static uint32_t name_at(const struct column *c, const uint32_t *map, uint32_t row)
{
    return c->type == COLUMN_CATEGORY ? map[c->codes[row]] : 0;
}

static bool is_in_window(civil_time t, struct month_range window)
{
    int32_t month = t == ROW_NO_TIME ? INT32_MIN : civil_month_of(t);
    return month >= window.first && month <= window.last;
}

static rv_status read_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    struct row_work *w = context;
    struct arena *scratch = &w->scratch[worker];
    size_t i = 0;
    while (i + 1 < w->extract_count && w->extracts[i + 1].first_piece <= piece) {
        i++;
    }
    const struct row_extract *x = &w->extracts[i];
    uint32_t chunk = (uint32_t)(piece - x->first_piece), here = w->lens->work->area;
    if (!x->boroughs) {
        return rv_ok(); /* of no borough */
    }
    RV_TRY(progress_check(w->lens->work->held.progress, reterr));
    struct column c[ROW_COLUMNS];
    const uint64_t *current = NULL;
    arena_clear(scratch);
    RV_TRY(extract_scan_read(x->scan, chunk, scratch, c, &current, reterr));
    size_t most = 0;
    for (uint32_t row = 0; row < c[0].rows; row++) {
        most += x->boroughs[chunk][row] == here;
    }
    struct borough_row *rows = ARENA_NEW(&w->found[worker], struct borough_row, most + 1);
    if (!rows) {
        return arena_fail(&w->found[worker], reterr);
    }
    size_t n = 0;
    for (uint32_t row = 0; row < c[0].rows; row++) {
        bool is_current = !current || ((current[row / 64] >> (row % 64)) & 1);
        if (!is_current || x->boroughs[chunk][row] != here) {
            continue;
        }
        struct borough_row r = {.recorded = time_at(&c[ROW_RECORDED], row),
                                .from = time_at(&c[ROW_FROM], row),
                                .to = time_at(&c[ROW_TO], row),
                                .ordinal = x->first[chunk] + row,
                                .ward = x->wards ? x->wards[chunk][row] : 0,
                                .venue_type = name_at(&c[ROW_VENUE], x->venue_map, row),
                                .code = name_at(&c[ROW_CODE], x->code_map, row)};
        if (is_in_window(r.recorded, w->window) || is_in_window(r.from, w->window)) {
            rows[n++] = r;
        }
    }
    w->pieces[piece] = (struct row_piece){rows, n};
    return rv_ok();
}

/* ---- all of them ---- */

static void work_done(struct row_work *w)
{
    for (size_t i = 0; i < w->workers; i++) {
        arena_done(&w->scratch[i]);
        arena_done(&w->found[i]);
    }
}

static rv_status read_all(struct row_work *w, struct borough_rows *ret, struct rv_err *reterr)
{
    struct assess_work *work = w->lens->work;
    struct arena *a = work->held.arena;
    w->pieces = ARENA_NEW(a, struct row_piece, w->piece_count + 1);
    if (!w->pieces) {
        return arena_fail(a, reterr);
    }
    RV_TRY(pool_run(work->held.pool, w->piece_count, read_piece, w, reterr));
    size_t count = 0;
    for (size_t i = 0; i < w->piece_count; i++) {
        count += w->pieces[i].count;
    }
    struct borough_row *rows = ARENA_NEW(a, struct borough_row, count + 1);
    if (!rows) {
        return arena_fail(a, reterr);
    }
    ret->rows = rows;
    for (size_t i = 0; i < w->piece_count; i++) {
        if (w->pieces[i].count > 0) {
            memcpy(rows, w->pieces[i].rows, w->pieces[i].count * sizeof *rows);
        }
        rows += w->pieces[i].count;
    }
    ret->count = count;
    return rv_ok();
}

static rv_status make(const struct lens *l, struct borough_rows *ret, struct rv_err *reterr)
{
    struct arena *a = l->work->held.arena;
    const struct assess_options *o = l->work->options;
    struct dictionary venues RV_CLEANUP(dictionary_done), codes RV_CLEANUP(dictionary_done);
    dictionary_init(&venues, LIMIT_DICTIONARY);
    dictionary_init(&codes, LIMIT_DICTIONARY);
    struct row_work w RV_CLEANUP(work_done) = {.lens = l};
    w.window = (struct month_range){has_compare(l->work) ? o->compare.first : o->period.first,
                                    o->period.last};
    w.extracts = ARENA_NEW(a, struct row_extract, l->source->extract_count + 1);
    size_t workers = pool_threads(l->work->held.pool);
    w.scratch = ARENA_NEW(a, struct arena, workers);
    w.found = ARENA_NEW(a, struct arena, workers);
    if (!w.extracts || !w.scratch || !w.found) {
        return arena_fail(a, reterr);
    }
    for (; w.workers < workers; w.workers++) {
        arena_init(&w.scratch[w.workers], LIMIT_ARENA_BYTES);
        arena_init(&w.found[w.workers], LIMIT_ARENA_BYTES);
    }
    RV_TRY(open_extracts(&w, &venues, &codes, reterr));
    RV_TRY(read_all(&w, ret, reterr));
    RV_TRY(keep_names(a, &venues, &ret->venue_types, &ret->venue_type_count, reterr));
    return keep_names(a, &codes, &ret->codes, &ret->code_count, reterr);
}

rv_status borough_rows_of(const struct lens *l, const struct borough_rows **ret,
                          struct rv_err *reterr)
{
    struct lens_sharing *s = l->profile->sharing;
    if (!s->rows) {
        struct borough_rows *rows = ARENA_NEW(l->work->held.arena, struct borough_rows, 1);
        if (!rows) {
            return arena_fail(l->work->held.arena, reterr);
        }
        RV_TRY(make(l, rows, reterr));
        s->rows = rows;
    }
    *ret = s->rows;
    return rv_ok();
}

bool borough_row_is_in(const struct lens *l, const struct borough_row *row)
{
    const struct belonging *b = l->profile->sharing->belonging;
    return (b->in[b->codes[row->ordinal]] >> l->profile->bit) & 1;
}

int borough_row_bucket(const struct assess_work *w, const struct borough_row *row)
{
    if (is_in_window(row->recorded, w->options->period)) {
        return BUCKET_PERIOD;
    }
    bool is_before = has_compare(w) && is_in_window(row->recorded, w->options->compare);
    return is_before ? BUCKET_COMPARE : BUCKET_TOTAL;
}
