/* assess/table_rows.c — from a cube to rows: which cells are shown, what is not available, rates,
 * shares and ranks. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/table_internal.h"
#include "base/memory.h"
#include "stats/rate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TABLE_ROWS_LIMIT ((uint64_t)2000000) /* rows of one table */
#define TABLE_MONTHS     2400                /* months of a rate's period */

static const double NOT_KNOWN = (double)NAN;
static const char NOT_AVAILABLE[] = "not-available"; /* the word of formats.md section 7 */

/* ---- labels in order ---- */

struct label {
    const char *text;
    uint32_t code;
};

static int label_order(const void *a, const void *b)
{
    const struct label *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order ? order : (x->code > y->code) - (x->code < y->code);
}

static bool is_open(const struct cube_axis *axis)
{
    return axis->kind == AXIS_POINT || (axis->kind == AXIS_VALUE && axis->closed_count == 0);
}

/* Open vocabularies stand in the order of their words, closed ones and areas in their own; what
 * is not recorded comes last. */
static rv_status order_axis(struct rows *r, size_t k, struct rv_err *reterr)
{
    const struct cube_axis *axis = &r->p->axes[k];
    struct arena *a = r->p->held.arena;
    r->order[k] = ARENA_NEW(a, uint32_t, axis->size);
    struct label *labels = ARENA_NEW(a, struct label, axis->size);
    if (!r->order[k] || !labels) {
        return arena_fail(a, reterr);
    }
    for (uint32_t c = 1; c < axis->size; c++) {
        labels[c - 1] = (struct label){axis->labels[c], c};
    }
    if (is_open(axis) && axis->kind != AXIS_POINT && axis->size > 2) { /* points are in order */
        qsort(labels, axis->size - 1, sizeof *labels, label_order);
    }
    for (uint32_t i = 0; i + 1 < axis->size; i++) {
        r->order[k][labels[i].code] = i;
    }
    r->order[k][0] = axis->size - 1;
    return rv_ok();
}

/* ---- which rows there are ---- */

static bool is_shown(const struct table_plan *p, size_t k)
{
    return k < p->shown || k == p->venue_borough;
}

/* Dimensions that show what is there and no zeros. */
static bool is_observed(const struct table_plan *p, size_t k)
{
    return is_open(&p->axes[k]) || k == p->venue_borough;
}

/* Events of a row: inside the area asked for, when one is. */
static int64_t events_inside(const struct table_plan *p, const uint32_t *codes)
{
    uint32_t at[CUBE_MAX_AXES];
    memcpy(at, codes, sizeof at);
    if (p->within != SIZE_MAX) {
        at[p->within] = 1;
    }
    return cube_events(&p->cube, cube_at(&p->cube, at));
}

/* The share of a row's events that left the main part of their area; sums of what is shown. */
static double moved_share(struct table_plan *p, const struct row *row)
{
    uint32_t at[CUBE_MAX_AXES];
    memcpy(at, row->codes, sizeof at);
    if (p->within != SIZE_MAX) {
        at[p->within] = 1;
    }
    int64_t parts = cube_parts_at(&p->cube, at), moved = cube_parts_at(&p->moved, at);
    bool is_nowhere = p->finest != SIZE_MAX && row->codes[p->finest] == 0;
    p->parts_sum += parts;
    p->moved_sum += is_nowhere ? 0 : moved;
    p->nowhere_sum += is_nowhere ? moved : 0;
    return parts > 0 ? (double)moved / (double)parts : NOT_KNOWN;
}

/* Whether areas named in one row can hold a common place: a ward lies in its own borough. */
static rv_status fits_parents(struct rows *r, const uint32_t *codes, bool *ret,
                              struct rv_err *reterr)
{
    struct table_plan *p = r->p;
    *ret = true;
    if (p->finest == SIZE_MAX) {
        return rv_ok();
    }
    const struct cube_axis *fine = &p->axes[p->finest];
    uint32_t area = codes[p->finest];
    *ret = p->allowed[area]; /* what the conditions leave out is not zero */
    for (size_t k = 0; k < p->axis_count; k++) {
        const struct cube_axis *axis = &p->axes[k];
        bool is_area = axis->kind == AXIS_AREA && is_shown(p, k) && k != p->finest;
        if (!is_area && k != p->within) {
            continue;
        }
        if (area == 0) {
            *ret = false; /* what is unplaced is shown only when it is there */
            return rv_ok();
        }
        const uint32_t *parents = NULL;
        RV_TRY(held_parents_of(&p->held, fine->layer, axis->layer, &parents, reterr));
        uint32_t wanted = k == p->within ? axis->inside : codes[k];
        *ret = *ret && parents[area - 1] == wanted;
    }
    return rv_ok();
}

/* Time axes beside the finest one name the year of its month. */
static bool fits_time(const struct table_plan *p, const uint32_t *codes)
{
    for (size_t k = 0; k < p->shown; k++) {
        const struct cube_axis *axis = &p->axes[k];
        if (axis->kind != AXIS_TIME || k == p->time || codes[k] == 0 || codes[p->time] == 0) {
            continue;
        }
        int32_t month = p->axes[p->time].buckets[codes[p->time] - 1].first;
        const struct month_range *b = &axis->buckets[codes[k] - 1];
        if (month < b->first || month > b->last) {
            return false;
        }
    }
    return true;
}

static rv_status push(struct rows *r, const uint32_t *codes, int64_t count, struct rv_err *reterr)
{
    if (r->count == r->capacity) {
        size_t capacity = r->capacity ? r->capacity * 2 : 256;
        struct row *rows = memory_resize(r->rows, capacity, sizeof *rows);
        if (!rows || r->count >= TABLE_ROWS_LIMIT) {
            r->rows = rows ? rows : r->rows;
            return rv_fail(reterr, RV_LIMIT,
                           "The table would have more than %llu rows: narrow it with --area, "
                           "--where or --period, or ask for fewer dimensions.",
                           (unsigned long long)TABLE_ROWS_LIMIT);
        }
        r->rows = rows;
        r->capacity = capacity;
    }
    struct row *row = &r->rows[r->count++];
    memset(row, 0, sizeof *row);
    memcpy(row->codes, codes, sizeof row->codes);
    row->count = count;
    for (size_t k = 0; k < r->p->axis_count; k++) {
        if (is_shown(r->p, k)) {
            row->order = row->order * r->p->axes[k].size + r->order[k][codes[k]];
            row->group = k ? row->group * r->p->axes[k].size + codes[k] : 0;
        }
    }
    return rv_ok();
}

/* "any" of flags or weapons stands for the others together: no row unless asked for. */
static bool is_shown_code(const struct cube_axis *axis, uint32_t code)
{
    bool is_any = cube_is_many(axis->kind) && code == MANY_ANY(axis->size);
    return cube_is_wanted(axis, code) && !(is_any && axis->wanted_count == 0);
}

/* All combinations of the closed dimensions around the open codes already in `codes`. */
static rv_status push_closed(struct rows *r, uint32_t *codes, size_t k, struct rv_err *reterr)
{
    struct table_plan *p = r->p;
    while (k < p->axis_count && (!is_shown(p, k) || is_observed(p, k))) {
        k++;
    }
    if (k < p->axis_count) {
        for (uint32_t c = 0; c < p->axes[k].size; c++) {
            if (is_shown_code(&p->axes[k], c)) {
                codes[k] = c;
                RV_TRY(push_closed(r, codes, k + 1, reterr));
            }
        }
        return rv_ok();
    }
    int64_t count = events_inside(p, codes);
    if (count == 0) {
        bool fits = false;
        for (size_t i = 0; i < p->axis_count; i++) {
            if (is_shown(p, i) && codes[i] == 0) {
                return rv_ok(); /* "not recorded" and "unplaced" only when there are such rows */
            }
        }
        RV_TRY(fits_parents(r, codes, &fits, reterr));
        if (!fits || !fits_time(p, codes)) {
            return rv_ok();
        }
    }
    return push(r, codes, count, reterr);
}

static int key_order(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The key of the open codes of a cell, and back. */
static uint64_t open_key(const struct table_plan *p, uint64_t key)
{
    uint64_t open = 0;
    for (size_t k = 0; k < p->axis_count; k++) {
        if (p->cube.strides[k] && is_shown(p, k) && is_observed(p, k)) {
            open += key / p->cube.strides[k] % p->axes[k].size * p->cube.strides[k];
        }
    }
    return open;
}

static rv_status open_keys(const struct table_plan *p, uint64_t **ret, size_t *ret_count,
                           struct rv_err *reterr)
{
    const struct cube *c = &p->cube;
    size_t most = c->cells ? 0 : c->key_count;
    for (uint64_t i = 0; c->cells && i < c->cell_count; i++) {
        most += c->cells[i] != 0;
    }
    uint64_t *keys = ARENA_NEW(p->held.arena, uint64_t, most + 1);
    if (!keys) {
        return arena_fail(p->held.arena, reterr);
    }
    size_t n = 0, kept = 0;
    for (uint64_t i = 0; c->cells && i < c->cell_count; i++) {
        if (c->cells[i] != 0) {
            keys[n++] = open_key(p, i);
        }
    }
    for (size_t i = 0; !c->cells && i < c->key_count; i++) {
        keys[n++] = open_key(p, c->keys[i]);
    }
    qsort(keys, n, sizeof *keys, key_order);
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || keys[kept - 1] != keys[i]) {
            keys[kept++] = keys[i];
        }
    }
    *ret = keys;
    *ret_count = kept;
    return rv_ok();
}

static int row_order(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    return (x->order > y->order) - (x->order < y->order);
}

static rv_status collect(struct rows *r, struct rv_err *reterr)
{
    struct table_plan *p = r->p;
    bool has_open = false;
    for (size_t k = 0; k < p->axis_count; k++) {
        if (is_shown(p, k)) {
            RV_TRY(order_axis(r, k, reterr));
            has_open = has_open || is_open(&p->axes[k]);
        }
    }
    uint32_t codes[CUBE_MAX_AXES] = {0};
    if (!has_open) {
        RV_TRY(push_closed(r, codes, 0, reterr));
    } else {
        uint64_t *keys = NULL;
        size_t n = 0;
        RV_TRY(open_keys(p, &keys, &n, reterr));
        for (size_t i = 0; i < n; i++) {
            for (size_t k = 0; k < p->axis_count; k++) {
                bool is_set = is_shown(p, k) && p->cube.strides[k];
                codes[k] = is_set ? (uint32_t)(keys[i] / p->cube.strides[k] % p->axes[k].size) : 0;
            }
            RV_TRY(push_closed(r, codes, 0, reterr));
        }
    }
    if (r->count > 1) {
        qsort(r->rows, r->count, sizeof *r->rows, row_order);
    }
    return rv_ok();
}

/* ---- numbers ---- */

double table_exposure(const struct table_plan *p, const uint32_t *codes, double *ret_years)
{
    int32_t months[TABLE_MONTHS];
    size_t n = 0;
    struct month_range r = table_row_months(p, codes);
    for (int32_t m = r.first; m <= r.last && n < TABLE_MONTHS; m++) {
        if ((p->is_period_given || source_covers(p->source, m)) && table_month_is_wanted(p, m)) {
            months[n++] = m;
        }
    }
    *ret_years = (double)n / 12;
    const struct population *pop = &p->population;
    if (p->of_bands && codes[p->age_axis] == 0) {
        return NOT_KNOWN; /* nobody knows how many residents have an age that is not recorded */
    }
    pop = p->of_bands ? &p->of_bands[codes[p->age_axis] - 1] : pop;
    if (!pop->source) {
        return NOT_KNOWN;
    }
    if (p->is_partly) {
        return NOT_KNOWN;
    }
    if (p->finest != SIZE_MAX) {
        return population_person_years(pop, codes[p->finest], months, n);
    }
    double sum = 0;
    for (uint32_t i = 1; i <= pop->layer->count; i++) {
        bool is_city = strcmp(pop->layer->areas[i - 1].code, CITY_OF_LONDON) == 0;
        double here = p->allowed[i] ? population_person_years(pop, i, months, n) : 0;
        bool is_left_out = isnan(here) && is_city && !p->other.name;
        sum += is_left_out ? 0 : here; /* it has few residents and often no figure */
    }
    return sum > 0 ? sum : NOT_KNOWN;
}

void table_put(struct result_cell *cell, double number)
{
    *cell = (struct result_cell){.number = number, .is_missing = isnan(number)};
}

static rv_status fill_rate(const struct table_plan *p, const struct row *row, struct result_cell *n,
                           struct rv_err *reterr)
{
    double years = 0, person_years = table_exposure(p, row->codes, &years);
    table_put(&n[N_POPULATION], person_years / years);
    table_put(&n[N_RATE], NOT_KNOWN);
    table_put(&n[N_LOWER], NOT_KNOWN);
    table_put(&n[N_UPPER], NOT_KNOWN);
    if (!row->is_available || !(person_years > 0)) {
        bool is_nowhere = p->finest != SIZE_MAX && row->codes[p->finest] == 0;
        const char *why =
            !row->is_available ? NOT_AVAILABLE
            : is_nowhere    ? p->other.name ? "unplaced: no population" : "unplaced: no residents"
            : p->is_partly  ? "a condition cuts through areas: their residents are not known"
            : p->other.name ? "this population is not held for this area"
            : p->finest == SIZE_MAX && !p->area ? "no population of some of these areas is held"
                                                : "no population of this area is held";
        n[N_RATE].text = n[N_LOWER].text = n[N_UPPER].text = why;
        n[N_POPULATION].text = n[N_POPULATION].is_missing ? why : NULL;
        return rv_ok();
    }
    struct rate rate;
    struct rate_options options = RATE_DEFAULTS;
    RV_TRY(rate_crude(row->count, person_years, &options, &rate, reterr));
    table_put(&n[N_RATE], rate.value);
    table_put(&n[N_LOWER], rate.lower);
    table_put(&n[N_UPPER], rate.upper);
    return rv_ok();
}

/* The total of flags or kinds of weapon: each offence once, whatever it has. */
static int64_t many_total(const struct table_plan *p, const struct row *row)
{
    uint32_t size = p->axes[0].size;
    const uint32_t once[] = {0, MANY_NONE(size), MANY_ANY(size)};
    uint32_t codes[CUBE_MAX_AXES];
    int64_t sum = 0;
    memcpy(codes, row->codes, sizeof codes);
    for (size_t i = 0; i < 3; i++) {
        codes[0] = once[i];
        sum += events_inside(p, codes);
    }
    return sum;
}

/* Totals of the first dimension within each combination of the others, and its unknown part. */
static rv_status share_totals(struct rows *r, struct rv_err *reterr)
{
    uint64_t groups = 1;
    for (size_t k = 1; k < r->p->axis_count; k++) {
        groups *= is_shown(r->p, k) ? r->p->axes[k].size : 1;
        if (groups > ((uint64_t)1 << 24)) {
            return rv_fail(reterr, RV_LIMIT,
                           "The table would be too large: ask for fewer "
                           "dimensions, or narrow it with --area or --where.");
        }
    }
    struct arena *a = r->p->held.arena;
    r->totals = ARENA_NEW(a, int64_t, groups);
    r->missing = ARENA_NEW(a, int64_t, groups);
    if (!r->totals || !r->missing) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < r->count; i++) {
        struct row *row = &r->rows[i];
        row->is_available = table_row_is_available(r->p, row);
        if (row->is_available && r->p->shown > 0 && cube_is_many(r->p->axes[0].kind)) {
            r->totals[row->group] = many_total(r->p, row);
        } else if (row->is_available) {
            r->totals[row->group] += row->count;
        }
        r->missing[row->group] +=
            row->is_available && row->codes[0] == 0 && r->p->shown > 0 ? row->count : 0;
    }
    return rv_ok();
}

/* ---- the table ---- */

static const struct result_column NUMBERS[COUNT_OF_NUMBERS] = {
    {"count", "Count", RESULT_COUNT},
    {"population", "Residents", RESULT_COUNT},
    {"rate", "Rate per 100,000 person-years", RESULT_RATE},
    {"lower", "95% interval, lower", RESULT_RATE},
    {"upper", "95% interval, upper", RESULT_RATE},
    {"rank", "Rank, most first", RESULT_RANK},
    {"rank_low", "Rank at least", RESULT_RANK},
    {"rank_high", "Rank at most", RESULT_RANK},
    {"of", "Of", RESULT_COUNT},
    {"share", "Share, part of one", RESULT_RATE},
    {"missing", "Not recorded", RESULT_COUNT},
};
static const struct result_column MOVED = {"moved", "Moved, part of one", RESULT_RATE};

/* "Shop" or, where two boroughs have a venue of this name, "Shop (Havering)". A point is a number,
 * from west to east: exact coordinates of offences are printed to nobody. */
static const char *row_label(const struct rows *r, size_t i, size_t k)
{
    const struct table_plan *p = r->p;
    const struct row *row = &r->rows[i];
    const char *label = p->axes[k].labels[row->codes[k]];
    if (p->axes[k].kind == AXIS_POINT && row->codes[k] > 0) {
        return arena_printf(p->held.arena, "point %u", row->codes[k]);
    }
    if (p->venue_borough == SIZE_MAX || strcmp(p->axes[k].name, "venue") != 0) {
        return label;
    }
    bool is_shared = false;
    for (int step = -1; step <= 1; step += 2) {
        for (size_t j = i + (size_t)step; j < r->count && !is_shared; j += (size_t)step) {
            if (r->rows[j].codes[k] != row->codes[k]) {
                break;
            }
            is_shared = r->rows[j].codes[p->venue_borough] != row->codes[p->venue_borough];
        }
    }
    uint32_t borough = row->codes[p->venue_borough];
    if (!is_shared || row->codes[k] == 0) {
        return label;
    }
    const struct layer *l = p->axes[p->venue_borough].layer;
    return arena_printf(p->held.arena, "%s (%s)", label,
                        borough ? l->areas[borough - 1].name : "unplaced");
}

static rv_status fill_cells(struct rows *r, struct rv_err *reterr)
{
    struct table_plan *p = r->p;
    for (size_t i = 0; i < r->count; i++) {
        const struct row *row = &r->rows[i];
        struct result_cell *n = &r->cells[i * r->column_count];
        for (size_t k = 0; k < p->shown; k++) {
            n[k].text = row_label(r, i, k);
            if (!n[k].text) {
                return arena_fail(p->held.arena, reterr);
            }
        }
        n += p->shown;
        RV_TRY(fill_rate(p, row, n, reterr));
        table_put(&n[N_COUNT], row->is_available ? (double)row->count : NOT_KNOWN);
        table_put(&n[N_MISSING], row->is_available ? (double)r->missing[row->group] : NOT_KNOWN);
        double total = (double)r->totals[row->group];
        table_put(&n[N_SHARE],
                  row->is_available && total > 0 ? (double)row->count / total : NOT_KNOWN);
        n[N_SHARE].text = n[N_SHARE].is_missing ? "a share of nothing" : NULL;
        if (p->cube.parts) {
            table_put(&n[N_MOVED], row->is_available ? moved_share(p, row) : NOT_KNOWN);
            n[N_MOVED].text = !row->is_available      ? NOT_AVAILABLE
                              : n[N_MOVED].is_missing ? "a share of nothing"
                                                      : NULL;
        }
        if (!row->is_available) {
            n[N_COUNT].text = n[N_MISSING].text = n[N_SHARE].text = NOT_AVAILABLE;
        }
    }
    return rv_ok();
}

static rv_status build(struct rows *r, struct result_table *ret, struct rv_err *reterr)
{
    struct table_plan *p = r->p;
    struct arena *a = p->held.arena;
    RV_TRY(collect(r, reterr));
    RV_TRY(share_totals(r, reterr));
    struct result_table t = {.id = "table",
                             .theme = "table",
                             .title = "Table",
                             .description = "",
                             .row_count = r->count,
                             .column_count = p->shown + COUNT_OF_NUMBERS + (p->cube.parts ? 1 : 0)};
    struct result_column *columns = ARENA_NEW(a, struct result_column, t.column_count);
    struct result_cell *cells = ARENA_NEW(a, struct result_cell, t.column_count * t.row_count + 1);
    if (!columns || !cells) {
        return arena_fail(a, reterr);
    }
    for (size_t k = 0; k < p->shown; k++) {
        columns[k] = (struct result_column){p->axes[k].name, p->axes[k].name, RESULT_TEXT};
    }
    memcpy(columns + p->shown, NUMBERS, sizeof NUMBERS);
    if (p->other.name) {
        columns[p->shown + N_POPULATION].title = p->other.name;
    }
    if (p->cube.parts) {
        columns[p->shown + N_MOVED] = MOVED;
    }
    t.columns = columns;
    t.cells = cells;
    r->cells = cells;
    r->column_count = t.column_count;
    RV_TRY(fill_cells(r, reterr));
    RV_TRY(table_ranks(r, reterr));
    RV_TRY(table_notes(p, &t, reterr));
    RV_TRY(table_terms(p, &t, reterr));
    RV_TRY(table_title(p, &t, reterr));
    *ret = t;
    return rv_ok();
}

rv_status table_rows(struct table_plan *p, struct result_table *ret, struct rv_err *reterr)
{
    struct rows r = {.p = p};
    rv_status status = build(&r, ret, reterr);
    memory_free(r.rows);
    return status;
}
