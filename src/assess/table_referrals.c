/* assess/table_referrals.c — `reeve table --kind referrals`: what services count themselves.
 *
 * A row of the extract is the sum of its own period: it counts in the part of time that holds it
 * whole and is never divided. Where rows of one service overlap the shorter ones count.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/listing.h"
#include "assess/table_internal.h"
#include "stats/interval.h"

#include <math.h>
#include <stdlib.h>

#define NOT_KNOWN     ((double)NAN)
#define DAYS_OF_YEAR  365.25
#define LEVEL         0.95
#define NOTHING_THERE "no row covers it"

static const struct listing_dimension DIMENSIONS[] = {
    {"service", LISTING_NAME, "service", NULL},
    {"period", LISTING_PERIOD, NULL, NULL},
    {"year", LISTING_YEAR, NULL, NULL},
    {"financial-year", LISTING_FINANCIAL_YEAR, NULL, NULL},
    {"quarter", LISTING_QUARTER, NULL, NULL},
    {"month", LISTING_MONTH, NULL, NULL},
    {.name = NULL}};

enum { R_REFERRALS, R_REPEATS, R_CASELOAD, R_STAFF };

const struct listing_form REFERRALS_FORM = {
    .kind = "referrals",
    .dimensions = DIMENSIONS,
    .always = "service",
    .numbers = {"referrals", "repeat_referrals", "caseload", "staff_fte", NULL}};

enum {
    N_REFERRALS,
    N_DAYS,
    N_REPEATS,
    N_REPEAT_SHARE,
    N_REPEAT_LOWER,
    N_REPEAT_UPPER,
    N_CASELOAD,
    N_STAFF,
    N_CASELOAD_EACH,
    N_REFERRALS_EACH,
    N_NUMBERS
};

static const struct result_column NUMBERS[N_NUMBERS] = {
    {"count", "Referrals", RESULT_COUNT},
    {"days", "Days covered", RESULT_COUNT},
    {"repeat_referrals", "Repeat referrals", RESULT_COUNT},
    {"repeat_share", "Share of repeats, part of one", RESULT_RATE},
    {"repeat_lower", "95% interval, lower", RESULT_RATE},
    {"repeat_upper", "95% interval, upper", RESULT_RATE},
    {"caseload", "Caseload, mean of the days covered", RESULT_REAL},
    {"staff_fte", "Full-time staff, mean of the days covered", RESULT_REAL},
    {"caseload_per_staff", "Caseload for each full-time member of staff", RESULT_REAL},
    {"referrals_per_staff", "Referrals a year for each full-time member of staff", RESULT_REAL},
};

/* What the rows of one service in one cell say together; means are weighted by days. */
struct sums {
    double referrals, days;
    double repeats, of_repeats; /* referrals of the rows that say how many were repeats */
    double caseload, caseload_days, staff, staff_days;
    double staffed; /* referrals of rows that state staff, and staff times years of them */
    double staff_years;
    double both_caseload, both_staff; /* times days, of rows that state both */
};

static bool has(double number)
{
    return !isnan(number);
}

static void add(struct sums *s, const struct listing_item *x)
{
    double days = (double)(x->last_day - x->first_day) + 1;
    const double *n = x->numbers;
    s->days += days;
    s->referrals += n[R_REFERRALS];
    if (has(n[R_REPEATS])) {
        s->repeats += n[R_REPEATS];
        s->of_repeats += n[R_REFERRALS];
    }
    if (has(n[R_CASELOAD])) {
        s->caseload += n[R_CASELOAD] * days;
        s->caseload_days += days;
    }
    if (has(n[R_STAFF])) {
        s->staff += n[R_STAFF] * days;
        s->staff_days += days;
        s->staffed += n[R_REFERRALS];
        s->staff_years += n[R_STAFF] * days / DAYS_OF_YEAR;
    }
    if (has(n[R_CASELOAD]) && has(n[R_STAFF])) {
        s->both_caseload += n[R_CASELOAD] * days;
        s->both_staff += n[R_STAFF] * days;
    }
}

/* ---- overlaps ---- */

struct ranked {
    const struct listing *l;
    const struct listing_row *row;
    uint32_t service;
};

static int32_t length_of(const struct ranked *r)
{
    const struct listing_item *x = &r->l->items[r->row->item];
    return x->last_day - x->first_day;
}

/* By service, the shortest first, then the earlier, then the order of the extract. */
static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    const struct listing_item *x = &a->l->items[a->row->item], *y = &b->l->items[b->row->item];
    if (a->service != b->service) {
        return a->service < b->service ? -1 : 1;
    }
    if (length_of(a) != length_of(b)) {
        return length_of(a) < length_of(b) ? -1 : 1;
    }
    if (x->first_day != y->first_day) {
        return x->first_day < y->first_day ? -1 : 1;
    }
    return (a->row->item > b->row->item) - (a->row->item < b->row->item);
}

static bool overlaps(const struct listing *l, const struct ranked *a, const struct ranked *b)
{
    const struct listing_item *x = &l->items[a->row->item], *y = &l->items[b->row->item];
    return a->service == b->service && x->first_day <= y->last_day && y->first_day <= x->last_day;
}

/* Keeps the rows that no shorter one of their service overlaps; how many went. */
static rv_status drop_overlaps(struct listing *l, size_t service, int64_t *ret,
                               struct rv_err *reterr)
{
    struct arena *a = l->held->arena;
    struct ranked *list = ARENA_NEW(a, struct ranked, l->row_count + 1);
    struct listing_row *kept = ARENA_NEW(a, struct listing_row, l->row_count + 1);
    if (!list || !kept) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < l->row_count; i++) {
        list[i] = (struct ranked){l, &l->rows[i], l->rows[i].codes[service]};
    }
    qsort(list, l->row_count, sizeof *list, compare_ranked);
    size_t n = 0, first = 0; /* of the service among those kept */
    for (size_t i = 0; i < l->row_count; i++) {
        bool is_apart = true;
        first = i > 0 && list[i].service != list[i - 1].service ? n : first;
        for (size_t k = first; k < n && is_apart; k++) {
            is_apart = !overlaps(l, &list[i], &(struct ranked){l, &kept[k], list[i].service});
        }
        if (is_apart) {
            kept[n++] = *list[i].row;
        }
        RV_TRY(progress_check(l->held->progress, reterr));
    }
    *ret = (int64_t)(l->row_count - n);
    for (size_t i = 0; i < n; i++) {
        l->rows[i] = kept[i];
    }
    l->row_count = n;
    return rv_ok();
}

/* ---- cells ---- */

struct cell { /* the services of a cell together */
    struct sums all;
    size_t services, with_caseload, with_staff;
    double days; /* of the service that is covered least */
    double caseload, staff;
};

static void add_service(struct cell *c, const struct sums *s)
{
    if (s->days == 0) {
        return;
    }
    c->days = c->services == 0 || s->days < c->days ? s->days : c->days;
    c->services++;
    c->with_caseload += s->caseload_days > 0;
    c->with_staff += s->staff_days > 0;
    c->caseload += s->caseload_days > 0 ? s->caseload / s->caseload_days : 0;
    c->staff += s->staff_days > 0 ? s->staff / s->staff_days : 0;
    c->all.referrals += s->referrals;
    c->all.repeats += s->repeats;
    c->all.of_repeats += s->of_repeats;
    c->all.staffed += s->staffed;
    c->all.staff_years += s->staff_years;
    c->all.both_caseload += s->both_caseload;
    c->all.both_staff += s->both_staff;
}

static rv_status sum_cells(const struct listing *l, size_t service, size_t cells, struct cell **ret,
                           struct rv_err *reterr)
{
    struct arena *a = l->held->arena;
    size_t services = l->axes[service].labels.count;
    struct sums *sums = ARENA_NEW(a, struct sums, cells * services + 1);
    *ret = ARENA_NEW(a, struct cell, cells + 1);
    if (!sums || !*ret) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < l->row_count; i++) {
        size_t cell = listing_cell(l, &l->rows[i], SIZE_MAX);
        add(&sums[cell * services + l->rows[i].codes[service]], &l->items[l->rows[i].item]);
    }
    for (size_t i = 0; i < cells * services; i++) {
        add_service(&(*ret)[i / services], &sums[i]);
    }
    return rv_ok();
}

static void put(struct result_cell *n, bool is_known, double number, const char *why)
{
    table_put(n, is_known ? number : NOT_KNOWN);
    n->text = is_known ? NULL : why;
}

static rv_status put_repeats(const struct cell *c, struct result_cell *n, struct rv_err *reterr)
{
    struct interval ci = {0};
    double repeats = c->all.repeats, of = c->all.of_repeats;
    bool is_known = of > 0 && repeats <= of;
    const char *why =
        of > 0 ? "more repeats than referrals are stated" : "the service states no repeats";
    if (is_known) {
        RV_TRY(interval_wilson((int64_t)repeats, (int64_t)of, LEVEL, &ci, reterr));
    }
    put(&n[N_REPEATS], of > 0 || repeats > 0, repeats, why);
    put(&n[N_REPEAT_SHARE], is_known, is_known ? repeats / of : 0, why);
    put(&n[N_REPEAT_LOWER], is_known, ci.lower, why);
    put(&n[N_REPEAT_UPPER], is_known, ci.upper, why);
    return rv_ok();
}

static rv_status put_cell(const struct cell *c, struct result_cell *n, struct rv_err *reterr)
{
    static const char not_stated[] = "not stated by every service";
    bool is_covered = c->services > 0;
    for (int k = 0; k < N_NUMBERS; k++) {
        put(&n[k], false, 0, NOTHING_THERE);
    }
    if (!is_covered) {
        return rv_ok();
    }
    bool has_caseload = c->with_caseload == c->services, has_staff = c->with_staff == c->services;
    put(&n[N_REFERRALS], true, c->all.referrals, NULL);
    put(&n[N_DAYS], true, c->days, NULL);
    put(&n[N_CASELOAD], has_caseload, c->caseload, not_stated);
    put(&n[N_STAFF], has_staff, c->staff, not_stated);
    put(&n[N_CASELOAD_EACH], has_caseload && has_staff && c->all.both_staff > 0,
        c->all.both_caseload / c->all.both_staff, not_stated);
    put(&n[N_REFERRALS_EACH], has_staff && c->all.staff_years > 0,
        c->all.staffed / c->all.staff_years, not_stated);
    return put_repeats(c, n, reterr);
}

static rv_status fill(const struct listing *l, const struct cell *list, size_t cells,
                      struct result_table *t, struct rv_err *reterr)
{
    size_t columns = l->shown + N_NUMBERS;
    struct result_cell *out = ARENA_NEW(l->held->arena, struct result_cell, cells * columns + 1);
    if (!out) {
        return arena_fail(l->held->arena, reterr);
    }
    for (size_t i = 0; i < cells; i++) {
        RV_TRY(listing_labels(l, i, &out[i * columns], reterr));
        RV_TRY(put_cell(&list[i], &out[i * columns + l->shown], reterr));
    }
    t->cells = out;
    t->row_count = cells;
    return rv_ok();
}

static rv_status make_notes(const struct listing *l, int64_t overlapping, const char **notes,
                            size_t *ret_count, struct rv_err *reterr)
{
    struct arena *a = l->held->arena;
    size_t n = 0;
    notes[n++] = "A row of the extract is the sum of its period: it counts only where that lies "
                 "whole within the period of the row, and is never divided.";
    if (l->crossing > 0) {
        notes[n++] = arena_printf(a,
                                  "Rows of the extract across the ends of a period, left out: "
                                  "%lld. --by period shows each as it is.",
                                  (long long)l->crossing);
    }
    if (overlapping > 0) {
        notes[n++] = arena_printf(a,
                                  "Rows left out because shorter ones of the same service "
                                  "overlap them: %lld.",
                                  (long long)overlapping);
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
    size_t note_count, cells, service = 0;
    int64_t overlapping = 0;
    struct cell *list;
    struct result_table t = {.id = "table"};
    if (l->row_count == 0 && l->crossing > 0) {
        return rv_fail(
            reterr, RV_REFUSED,
            "No row of referrals lies whole in one such part of time; %lld go across its "
            "ends and are never divided. --by service,period shows them as they are.",
            (long long)l->crossing);
    }
    while (!is_word(l->axes[service].dimension->name, "service")) {
        service++;
    }
    bool is_own = false; /* each period stands by itself: nothing is added up over time */
    for (size_t k = 0; k < l->shown; k++) {
        is_own = is_own || l->axes[k].dimension->kind == LISTING_PERIOD;
    }
    RV_TRY(is_own ? rv_ok() : drop_overlaps(l, service, &overlapping, reterr));
    RV_TRY(listing_order(l, &cells, reterr));
    RV_TRY(sum_cells(l, service, cells, &list, reterr));
    RV_TRY(fill(l, list, cells, &t, reterr));
    RV_TRY(make_notes(l, overlapping, notes, &note_count, reterr));
    RV_TRY(listing_table(l, "Referrals", NUMBERS, N_NUMBERS, notes, note_count, &t, reterr));
    *ret = t;
    return rv_ok();
}

rv_status table_referrals(struct held *h, const struct table_options *options,
                          struct result_table *ret, struct rv_err *reterr)
{
    struct listing l;
    rv_status status = listing_read(&l, h, options, &REFERRALS_FORM, reterr);
    if (rv_is_ok(status)) {
        status = make(&l, ret, reterr);
    }
    listing_close(&l);
    return status;
}
