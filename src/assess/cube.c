/* assess/cube.c — axes, cells and the sum over workers; the counting itself is in
 * cube_records.c and cube_counts.c. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/cube.h"

#include "assess/cube_internal.h"
#include "assess/within.h"
#include "base/limits.h"
#include "base/memory.h"
#include "column/group.h"
#include "define/offence_class.h"
#include "define/vocabulary.h"

#include <stdlib.h>
#include <string.h>

static rv_status work_axes(struct cube_work *w, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    struct cube *cube = w->cube;
    for (size_t k = 0; k < w->query->axis_count; k++) {
        RV_TRY(axis_label(a, &w->axes[k], reterr));
        RV_TRY(axis_keep(a, &w->axes[k], reterr));
    }
    RV_TRY(points_collect(w, reterr));
    cube->strides = ARENA_NEW(a, uint64_t, w->query->axis_count + 1);
    if (!cube->strides) {
        return arena_fail(a, reterr);
    }
    uint64_t cells = 1;
    for (size_t k = w->query->axis_count; k-- > 0;) {
        if (w->query->axes[k].is_filter) {
            continue;
        }
        cube->strides[k] = cells;
        if (__builtin_mul_overflow(cells, w->query->axes[k].size, &cells) ||
            cells > ((uint64_t)1 << 62)) {
            return rv_fail(reterr, RV_LIMIT,
                           "The table would have too many cells: ask for fewer "
                           "dimensions, or narrow it with --area or --where.");
        }
    }
    cube->cell_count = cells;
    return rv_ok();
}

/* ---- extracts ---- */

static rv_status fill_closed(struct axis_work *w, struct rv_err *reterr)
{
    for (size_t i = 0; i < w->axis->closed_count; i++) {
        uint32_t code = 0;
        RV_TRY(dictionary_code(&w->values, text_of(w->axis->closed[i]), &code, reterr));
    }
    return rv_ok();
}

/* Maps the codes of one extract's dictionary to the codes of the axis. */
static rv_status map_values(struct arena *a, struct axis_work *w, const struct dictionary *d,
                            const uint32_t **ret, struct rv_err *reterr)
{
    uint32_t count = d && d->count ? d->count : 1;
    uint32_t *map = ARENA_NEW(a, uint32_t, count);
    if (!map) {
        return arena_fail(a, reterr);
    }
    for (uint32_t c = 1; c < count; c++) {
        struct text value = dictionary_text(d, c);
        if (w->axis->folds_ethnicity) {
            int group = ethnicity_group(value);
            map[c] = group < 0 ? 0 : dictionary_find(&w->values, text_of(ETHNICITY_GROUPS[group]));
        } else if (w->axis->closed_count > 0) {
            map[c] = dictionary_find(&w->values, value);
        } else {
            RV_TRY(dictionary_code(&w->values, value, &map[c], reterr));
        }
    }
    *ret = map;
    return rv_ok();
}

/* Maps offence codes to the groups of the reference table, those it does not know to 0. */
static rv_status map_codes(struct arena *a, const struct axis_work *w, const struct dictionary *d,
                           const uint32_t **ret, struct rv_err *reterr)
{
    uint32_t count = d && d->count ? d->count : 1;
    uint32_t *map = ARENA_NEW(a, uint32_t, count);
    if (!map) {
        return arena_fail(a, reterr);
    }
    for (uint32_t c = 1; c < count; c++) {
        const char *group = offence_class_group(dictionary_text(d, c));
        map[c] = group ? dictionary_find(&w->values, text_of(group)) : 0;
    }
    *ret = map;
    return rv_ok();
}

static rv_status map_extract(struct cube_work *w, struct extract_work *x, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    x->maps = ARENA_NEW(a, const uint32_t *, w->query->axis_count + 1);
    x->code_maps = ARENA_NEW(a, const uint32_t *, w->query->axis_count + 1);
    x->many_of_flags = ARENA_NEW(a, const uint16_t *, w->query->axis_count + 1);
    x->many_of_use = ARENA_NEW(a, const uint16_t *, w->query->axis_count + 1);
    if (!x->maps || !x->code_maps || !x->many_of_flags || !x->many_of_use) {
        return arena_fail(a, reterr);
    }
    for (size_t k = 0; k < w->query->axis_count; k++) {
        struct axis_work *axis = &w->axes[k];
        if (cube_is_many(axis->axis->kind)) {
            RV_TRY(many_map(a, axis, x, k, reterr));
        }
        if (axis->axis->kind != AXIS_VALUE) {
            continue;
        }
        const struct dictionary *d = extract_scan_dictionary(x->scan, axis->column);
        RV_TRY(map_values(a, axis, d, &x->maps[k], reterr));
        if (axis->code_column != SIZE_MAX) {
            d = extract_scan_dictionary(x->scan, axis->code_column);
            RV_TRY(map_codes(a, axis, d, &x->code_maps[k], reterr));
        }
    }
    return rv_ok();
}

rv_status work_open_extracts(struct cube_work *w, const char *const *names, size_t count,
                             struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    const struct source *source = w->query->source;
    w->extracts = ARENA_NEW(a, struct extract_work, source->extract_count);
    if (!w->extracts) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < source->extract_count; i++) {
        struct extract_work *x = &w->extracts[w->extract_count++];
        x->info = &source->extracts[i];
        x->first_piece = w->piece_count;
        RV_TRY(held_scan(w->held, x->info->id, names, count, &x->scan, reterr));
        w->piece_count += extract_scan_chunks(x->scan);
        RV_TRY(map_extract(w, x, reterr));
    }
    return rv_ok();
}

const struct extract_work *work_piece(const struct cube_work *w, size_t piece, uint32_t *sequence)
{
    size_t i = 0;
    while (i + 1 < w->extract_count && w->extracts[i + 1].first_piece <= piece) {
        i++;
    }
    *sequence = (uint32_t)(piece - w->extracts[i].first_piece);
    return &w->extracts[i];
}

/* ---- tallies ---- */

static rv_status tally_grow(struct tally *t, struct rv_err *reterr)
{
    struct tally old = *t;
    t->slots = old.slots ? old.slots * 2 : 1024;
    t->keys = memory_new(t->slots, sizeof *t->keys);
    t->values = memory_new(t->slots, sizeof *t->values);
    if (!t->keys || !t->values) {
        memory_free(t->keys);
        memory_free(t->values);
        *t = old;
        return rv_fail(reterr, RV_NO_MEMORY,
                       "Out of memory while counting: ask for fewer "
                       "dimensions, or narrow the table with --area.");
    }
    for (size_t i = 0; i < old.slots; i++) {
        if (old.keys[i]) {
            size_t at = (size_t)(old.keys[i] * 0x9e3779b97f4a7c15u) & (t->slots - 1);
            while (t->keys[at]) {
                at = (at + 1) & (t->slots - 1);
            }
            t->keys[at] = old.keys[i];
            t->values[at] = old.values[i];
        }
    }
    memory_free(old.keys);
    memory_free(old.values);
    return rv_ok();
}

rv_status tally_add(struct tally *t, uint64_t key, int64_t amount, struct rv_err *reterr)
{
    if (t->cells) {
        t->cells[key] += amount;
        return rv_ok();
    }
    if (t->used * 2 >= t->slots) {
        RV_TRY(tally_grow(t, reterr));
    }
    size_t at = (size_t)((key + 1) * 0x9e3779b97f4a7c15u) & (t->slots - 1);
    while (t->keys[at] && t->keys[at] != key + 1) {
        at = (at + 1) & (t->slots - 1);
    }
    if (!t->keys[at]) {
        t->keys[at] = key + 1;
        t->used++;
    }
    t->values[at] += amount;
    return rv_ok();
}

rv_status tally_rows(const struct cube_work *w, struct tally *t, size_t n, const uint8_t *mask,
                     const uint32_t *const *codes, struct rv_err *reterr)
{
    const struct cube *cube = w->cube;
    struct cube_dimension dimensions[CUBE_MAX_AXES];
    size_t used[CUBE_MAX_AXES], count = 0;
    for (size_t k = 0; k < w->query->axis_count; k++) {
        if (!w->query->axes[k].is_filter) {
            dimensions[count] = (struct cube_dimension){codes[k], w->query->axes[k].size};
            used[count++] = k;
        }
    }
    if (t->cells) {
        cube_add(dimensions, count, n, mask, NULL, t->cells);
        return rv_ok();
    }
    for (size_t i = 0; i < n; i++) {
        if (!mask[i]) {
            continue;
        }
        uint64_t key = 0;
        for (size_t k = 0; k < count; k++) {
            key += codes[used[k]][i] * cube->strides[used[k]];
        }
        RV_TRY(tally_add(t, key, 1, reterr));
    }
    return rv_ok();
}

static void tallies_done(struct cube_work *w)
{
    for (size_t i = 0; w->tallies && i < w->workers; i++) {
        memory_free(w->tallies[i].cells);
        memory_free(w->tallies[i].keys);
        memory_free(w->tallies[i].values);
        memory_free(w->tallies[i].spoiled);
        memory_free(w->tallies[i].seen);
    }
    memory_free(w->tallies);
    for (size_t i = 0; w->scratch && i < w->workers; i++) {
        arena_done(&w->scratch[i]);
    }
    memory_free(w->scratch);
    for (size_t k = 0; w->axes && k < w->query->axis_count; k++) {
        dictionary_done(&w->axes[k].values);
    }
}

/* ---- summing up ---- */

static int key_order(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (x[0] > y[0]) - (x[0] < y[0]);
}

/* Sparse tallies of all workers into ascending keys: pairs sorted, equal keys added. */
static rv_status reduce_sparse(struct cube_work *w, struct rv_err *reterr)
{
    size_t n = 0;
    for (size_t i = 0; i < w->workers; i++) {
        n += w->tallies[i].used;
    }
    struct arena *a = w->held->arena;
    uint64_t(*pairs)[2] = memory_new(n + 1, sizeof *pairs);
    w->cube->keys = ARENA_NEW(a, uint64_t, n + 1);
    w->cube->values = ARENA_NEW(a, int64_t, n + 1);
    if (!pairs || !w->cube->keys || !w->cube->values) {
        memory_free(pairs);
        return arena_fail(a, reterr);
    }
    n = 0;
    for (size_t i = 0; i < w->workers; i++) {
        for (size_t at = 0; at < w->tallies[i].slots; at++) {
            if (w->tallies[i].keys[at]) {
                pairs[n][0] = w->tallies[i].keys[at] - 1;
                pairs[n++][1] = (uint64_t)w->tallies[i].values[at];
            }
        }
    }
    qsort(pairs, n, sizeof *pairs, key_order);
    for (size_t i = 0; i < n; i++) {
        size_t k = w->cube->key_count;
        if (k == 0 || w->cube->keys[k - 1] != pairs[i][0]) {
            w->cube->keys[k] = pairs[i][0];
            w->cube->values[k] = 0;
            w->cube->key_count++;
        }
        w->cube->values[w->cube->key_count - 1] += (int64_t)pairs[i][1];
    }
    memory_free(pairs);
    return rv_ok();
}

static rv_status reduce_dense(struct cube_work *w, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    w->cube->cells = ARENA_NEW(a, int64_t, w->cube->cell_count);
    if (!w->cube->cells) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < w->workers; i++) {
        for (uint64_t c = 0; c < w->cube->cell_count; c++) {
            w->cube->cells[c] += w->tallies[i].cells[c];
        }
    }
    return rv_ok();
}

static rv_status reduce(struct cube_work *w, struct rv_err *reterr)
{
    for (size_t i = 0; i < w->workers; i++) {
        w->cube->undated += w->tallies[i].undated;
        w->cube->unknown += w->tallies[i].unknown;
        w->cube->converted += w->tallies[i].converted;
        w->cube->unmatched += w->tallies[i].unmatched;
    }
    return w->tallies[0].cells ? reduce_dense(w, reterr) : reduce_sparse(w, reterr);
}

static rv_status work_room(struct cube_work *w, struct rv_err *reterr)
{
    w->workers = pool_threads(w->held->pool);
    w->tallies = memory_new(w->workers, sizeof *w->tallies);
    w->scratch = memory_new(w->workers, sizeof *w->scratch);
    if (!w->tallies || !w->scratch) {
        return rv_fail(reterr, RV_NO_MEMORY, "Out of memory while counting.");
    }
    for (size_t i = 0; i < w->workers; i++) {
        arena_init(&w->scratch[i], LIMIT_ARENA_BYTES);
    }
    return rv_ok();
}

static rv_status work_tallies(struct cube_work *w, struct rv_err *reterr)
{
    for (size_t i = 0; i < w->workers; i++) {
        if (w->cube->cell_count <= CUBE_DENSE_CELLS) {
            w->tallies[i].cells = memory_new(w->cube->cell_count, sizeof(int64_t));
            if (!w->tallies[i].cells) {
                return rv_fail(reterr, RV_NO_MEMORY, "Out of memory while counting.");
            }
        }
    }
    return rv_ok();
}

/* The columns that the axes need beside the fixed ones of the builder. */
static rv_status work_begin(struct cube_work *w, struct rv_err *reterr)
{
    w->axes = ARENA_NEW(w->held->arena, struct axis_work, w->query->axis_count + 1);
    if (!w->axes) {
        return arena_fail(w->held->arena, reterr);
    }
    for (size_t k = 0; k < w->query->axis_count; k++) {
        w->axes[k].axis = &w->query->axes[k];
        dictionary_init(&w->axes[k].values, LIMIT_DICTIONARY);
        RV_TRY(fill_closed(&w->axes[k], reterr));
    }
    return rv_ok();
}

/* The columns that date a record: when it came to notice, and when it happened. */
static const char *const *record_times(const char *kind)
{
    static const struct {
        const char *kind, *times[2];
    } TIMES[] = {
        {"ambulance", {"called_at", "called_at"}},
        {"transport", {"occurred_at", "occurred_at"}},
        {"stop-search", {"searched_at", "searched_at"}},
        {"emergency-department", {"arrived_at", "assault_at"}},
    };
    static const char *const offences[] = {"recorded_at", "committed_from"};
    for (size_t i = 0; i < sizeof TIMES / sizeof *TIMES; i++) {
        if (strcmp(kind, TIMES[i].kind) == 0) {
            return TIMES[i].times;
        }
    }
    return offences;
}

/* Whether anything is dated by the event. */
static bool reads_event(const struct cube_query *q)
{
    bool reads = q->date == CUBE_COMMITTED;
    for (size_t k = 0; k < q->axis_count; k++) {
        const struct cube_axis *axis = &q->axes[k];
        reads = reads || axis->date == CUBE_COMMITTED || axis->kind == AXIS_DELAY ||
                axis->kind == AXIS_LATE;
    }
    return reads;
}

static rv_status work_open(struct cube_work *w, struct rv_err *reterr)
{
    const char *const *fixed_records = record_times(w->query->source->kind);
    static const char *const fixed_counts[] = {"area_code", "period_from", "period_to", "count"};
    bool is_counts = strcmp(w->query->source->kind, "area-counts") == 0;
    const char *names[3 * CUBE_MAX_AXES + 4];
    size_t count = is_counts ? 4 : 2;
    memcpy(names, is_counts ? fixed_counts : fixed_records, count * sizeof *names);
    if (!is_counts && !reads_event(w->query)) {
        names[1] = ""; /* a column that is not there: nothing is decoded */
    }
    for (size_t k = 0; k < w->query->axis_count; k++) {
        const struct cube_axis *axis = &w->query->axes[k];
        w->axes[k].column = count;
        w->axes[k].code_column = SIZE_MAX;
        if (axis->kind == AXIS_VALUE) {
            names[count++] = axis->column;
        }
        if (cube_is_many(axis->kind)) {
            names[count++] = "flags";
        }
        if (axis->kind == AXIS_POINT) {
            w->axes[k].code_column = count + 1;
            names[count++] = "easting";
            names[count++] = "northing";
        }
        if (axis->kind == AXIS_WEAPON) {
            w->axes[k].code_column = count;
            names[count++] = "weapon_use";
        }
        if (axis->kind == AXIS_VALUE && !is_counts && strcmp(axis->column, "offence_group") == 0) {
            w->axes[k].code_column = count; /* decides where the row names no group */
            names[count++] = "offence_code";
        }
    }
    RV_TRY(work_open_extracts(w, names, count, reterr));
    RV_TRY(work_room(w, reterr));
    RV_TRY(work_axes(w, reterr));
    return work_tallies(w, reterr);
}

static rv_status build(struct held *h, const struct cube_query *query, struct cube *ret,
                       struct rv_err *reterr)
{
    if (query->axis_count > CUBE_MAX_AXES) {
        return rv_fail(reterr, RV_USAGE, "A table has at most %d dimensions and conditions.",
                       CUBE_MAX_AXES);
    }
    struct cube cube = {
        .source = query->source, .axes = query->axes, .axis_count = query->axis_count, .unit = 1};
    struct cube_work w = {.held = h, .query = query, .cube = &cube};
    bool is_counts = strcmp(query->source->kind, "area-counts") == 0;
    rv_status status = work_begin(&w, reterr);
    if (rv_is_ok(status)) {
        status = work_open(&w, reterr);
    }
    if (rv_is_ok(status)) {
        status = is_counts                    ? counts_run(&w, reterr)
                 : query->unit == UNIT_PERSON ? persons_run(&w, reterr)
                                              : records_run(&w, reterr);
    }
    if (rv_is_ok(status)) {
        status = reduce(&w, reterr);
    }
    tallies_done(&w);
    if (rv_is_ok(status) && !query->is_moved) {
        status = cube_whole(h, query, &cube, reterr);
    }
    if (rv_is_ok(status)) {
        *ret = cube;
    }
    return status;
}

rv_status cube_build(struct held *h, const struct cube_query *query, struct cube *ret,
                     struct rv_err *reterr)
{
    if (!within_answers(h, query)) {
        return build(h, query, ret, reterr);
    }
    struct within_query inside;
    RV_TRY(within_ask(h, query, &inside, reterr));
    rv_status status = build(inside.held, &inside.query, ret, reterr);
    within_asked(&inside);
    return status;
}

/* Position of a cell among cells or values; SIZE_MAX = nothing is there. */
static size_t cell_at(const struct cube *c, const uint32_t *codes)
{
    uint64_t key = 0;
    for (size_t k = 0; k < c->axis_count; k++) {
        key += codes[k] * c->strides[k];
    }
    if (c->cells) {
        return key;
    }
    const uint64_t *at =
        c->key_count ? bsearch(&key, c->keys, c->key_count, sizeof key, key_order) : NULL;
    return at ? (size_t)(at - c->keys) : SIZE_MAX;
}

int64_t cube_at(const struct cube *c, const uint32_t *codes)
{
    size_t at = cell_at(c, codes);
    return at == SIZE_MAX ? 0 : c->cells ? c->cells[at] : c->values[at];
}

int64_t cube_parts_at(const struct cube *c, const uint32_t *codes)
{
    size_t at = cell_at(c, codes);
    int64_t cell = cube_at(c, codes) * (CUBE_FINE / c->unit);
    return at != SIZE_MAX && c->parts ? c->parts[at] : cell;
}
