/* assess/table_cohort.c — `reeve table --kind cohort`: persons known to a service.
 *
 * A person is a reference within a cohort: pseudonyms are a service's own. In each row of the table
 * a person counts once, however many rows of the extract name them; a row of the extract counts in
 * every part of time that its period touches. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/listing.h"
#include "assess/table_internal.h"
#include "define/vocabulary.h"

#include <math.h>
#include <stdlib.h>

static const char *const SEX[] = {"female", "male", "other", NULL};

static const struct listing_dimension DIMENSIONS[] = {
    {"cohort", LISTING_NAME, "cohort", NULL},
    {"age-band", LISTING_AGE_BAND, "age", NULL},
    {"age", LISTING_AGE, "age", NULL},
    {"sex", LISTING_TEXT, "sex", SEX},
    {"ethnicity", LISTING_ETHNICITY, "ethnicity", ETHNICITY_GROUPS},
    {"offence-group", LISTING_TEXT, "offence_group", OFFENCE_GROUPS},
    {"coverage-area", LISTING_TEXT, "coverage_area", NULL},
    {"year", LISTING_YEAR, NULL, NULL},
    {"financial-year", LISTING_FINANCIAL_YEAR, NULL, NULL},
    {"quarter", LISTING_QUARTER, NULL, NULL},
    {"month", LISTING_MONTH, NULL, NULL},
    {"period", LISTING_PERIOD, NULL, NULL},
    {.name = NULL}};

const struct listing_form COHORT_FORM = {.kind = "cohort",
                                         .dimensions = DIMENSIONS,
                                         .always = "cohort",
                                         .who = "person_ref",
                                         .is_spread = true};

enum { C_COUNT, C_RECORDS, C_SHARE, C_MISSING, C_NUMBERS };

static const struct result_column NUMBERS[C_NUMBERS] = {
    {"count", "Persons", RESULT_COUNT},
    {"records", "Rows of the extract", RESULT_COUNT},
    {"share", "Share, part of one", RESULT_RATE},
    {"missing", "Not recorded", RESULT_COUNT},
};

struct pair {
    size_t cell;
    uint32_t cohort, who;
};

struct counting {
    struct listing *l;
    size_t cohort;      /* axis of the cohorts, which tell references apart */
    struct pair *pairs; /* of every row */
    size_t cells;
    int64_t *persons, *records, *of_group; /* [cell]; the group of a cell is the cell whose first
                                              dimension has place 0 */
    int64_t all;
};

static int compare_pairs(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    if (a->cell != b->cell) {
        return a->cell < b->cell ? -1 : 1;
    }
    if (a->cohort != b->cohort) {
        return a->cohort < b->cohort ? -1 : 1;
    }
    return (a->who > b->who) - (a->who < b->who);
}

/* Distinct persons of each cell, and how many rows; `skip` as listing_cell, all cells one when
 * it is larger than every axis. */
static void count_persons(struct counting *c, size_t skip, bool is_one_cell, int64_t *persons,
                          int64_t *records)
{
    const struct listing *l = c->l;
    for (size_t i = 0; i < l->row_count; i++) {
        const struct listing_row *row = &l->rows[i];
        c->pairs[i] = (struct pair){is_one_cell ? 0 : listing_cell(l, row, skip),
                                    row->codes[c->cohort], l->items[row->item].who};
    }
    qsort(c->pairs, l->row_count, sizeof *c->pairs, compare_pairs);
    for (size_t i = 0; i < l->row_count; i++) {
        bool is_new = i == 0 || compare_pairs(&c->pairs[i - 1], &c->pairs[i]) != 0;
        persons[c->pairs[i].cell] += is_new;
        if (records) {
            records[c->pairs[i].cell]++;
        }
    }
}

static rv_status count_cells(struct counting *c, struct rv_err *reterr)
{
    struct arena *a = c->l->held->arena;
    c->persons = ARENA_NEW(a, int64_t, c->cells + 1);
    c->records = ARENA_NEW(a, int64_t, c->cells + 1);
    c->of_group = ARENA_NEW(a, int64_t, c->cells + 1);
    c->pairs = ARENA_NEW(a, struct pair, c->l->row_count + 1);
    if (!c->persons || !c->records || !c->of_group || !c->pairs) {
        return arena_fail(a, reterr);
    }
    count_persons(c, SIZE_MAX, false, c->persons, c->records);
    count_persons(c, 0, false, c->of_group, NULL);
    count_persons(c, SIZE_MAX, true, &c->all, NULL);
    return rv_ok();
}

static rv_status fill(const struct counting *c, struct result_table *t, struct rv_err *reterr)
{
    const struct listing *l = c->l;
    const struct listing_axis *first = &l->axes[0];
    size_t columns = l->shown + C_NUMBERS, of_first = c->cells / (first->count ? first->count : 1);
    struct result_cell *cells =
        ARENA_NEW(l->held->arena, struct result_cell, c->cells * columns + 1);
    if (!cells) {
        return arena_fail(l->held->arena, reterr);
    }
    bool has_missing = first->count > 0 && first->order[first->count - 1] == 0;
    for (size_t i = 0; i < c->cells; i++) {
        struct result_cell *row = &cells[i * columns], *n = row + l->shown;
        size_t group = i % of_first, missing = group + (first->count - 1) * of_first;
        RV_TRY(listing_labels(l, i, row, reterr));
        if (!listing_is_covered(l, i)) {
            for (int k = 0; k < C_NUMBERS; k++) {
                table_put(&n[k], (double)NAN);
                n[k].text = "the cohort states nothing of it";
            }
            continue;
        }
        table_put(&n[C_COUNT], (double)c->persons[i]);
        table_put(&n[C_RECORDS], (double)c->records[i]);
        table_put(&n[C_SHARE], c->of_group[group] > 0
                                   ? (double)c->persons[i] / (double)c->of_group[group]
                                   : (double)NAN);
        n[C_SHARE].text = n[C_SHARE].is_missing ? "a share of nothing" : NULL;
        table_put(&n[C_MISSING], has_missing ? (double)c->persons[missing] : 0);
    }
    t->cells = cells;
    t->row_count = c->cells;
    return rv_ok();
}

static size_t axis_of(const struct listing *l, const char *name)
{
    size_t k = 0;
    while (k < l->axis_count && !is_word(l->axes[k].dimension->name, name)) {
        k++;
    }
    return k;
}

/* What a reader could take wrongly. */
static rv_status make_notes(const struct counting *c, const char **notes, size_t *ret_count,
                            struct rv_err *reterr)
{
    const struct listing *l = c->l;
    struct arena *a = l->held->arena;
    size_t n = 0;
    int64_t sum = 0;
    bool is_several = false;
    for (size_t i = 1; i < l->row_count; i++) {
        is_several = is_several || l->rows[i].codes[c->cohort] != l->rows[0].codes[c->cohort];
    }
    for (size_t i = 0; i < c->cells; i++) {
        sum += c->persons[i];
    }
    notes[n++] = "A person counts where their period touches the period of the row, once in each "
                 "row of the table.";
    if (sum > c->all) {
        notes[n++] = arena_printf(a,
                                  "Persons in all: %lld. Some stand in several rows, which "
                                  "therefore do not add up.",
                                  (long long)c->all);
    }
    if (axis_of(l, "cohort") >= l->shown && is_several) {
        notes[n++] = "Several cohorts are counted together: references are a cohort's own, so "
                     "somebody known to two counts twice.";
    }
    for (size_t i = 0; i < n; i++) {
        if (!notes[i]) {
            return arena_fail(a, reterr);
        }
    }
    *ret_count = n;
    return rv_ok();
}

static rv_status make(struct listing *l, struct result_table *ret, struct rv_err *reterr)
{
    const char *notes[4];
    size_t note_count;
    struct counting c = {.l = l, .cohort = axis_of(l, "cohort")};
    struct result_table t = {.id = "table"};
    RV_TRY(listing_order(l, &c.cells, reterr));
    RV_TRY(count_cells(&c, reterr));
    RV_TRY(fill(&c, &t, reterr));
    RV_TRY(make_notes(&c, notes, &note_count, reterr));
    RV_TRY(
        listing_table(l, "Persons of cohorts", NUMBERS, C_NUMBERS, notes, note_count, &t, reterr));
    *ret = t;
    return rv_ok();
}

rv_status table_cohort(struct held *h, const struct table_options *options,
                       struct result_table *ret, struct rv_err *reterr)
{
    struct listing l;
    rv_status status = listing_read(&l, h, options, &COHORT_FORM, reterr);
    if (rv_is_ok(status)) {
        status = make(&l, ret, reterr);
    }
    listing_close(&l);
    return status;
}
