/* assess/brief_changes.c — what changed: each line of the product against the 52 weeks before.
 *
 * Earlier windows are counted as they were known on the day after their last day, so that late
 * records make no fall. A rise or a fall is said only when the exact test says so after Holm over
 * all lines, and no earlier window was like it: counts of weeks spread more than chance alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/brief_internal.h"
#include "stats/binomial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SURE 0.05

static const double NOT_KNOWN = (double)NAN;

struct line_counts {
    struct brief_line line;
    int ward;          /* a line of one ward, from 0; -1 = none */
    bool is_all_of_it; /* all that the product counts */
    int64_t now, before, year, sum, lowest, highest;
    bool has_year;
    double p, p_holm; /* NaN = not tested */
};

struct changing {
    struct brief_work *b;
    struct line_counts *lines;
    size_t count, shown; /* shown: those of the product, before the wards */
};

static bool is_on_line(const struct brief_work *b, const struct line_counts *l,
                       const struct brief_event *e)
{
    if (l->is_all_of_it) {
        return e->is_counted;
    }
    if (l->ward >= 0) {
        return e->is_counted && e->ward == l->ward + 1;
    }
    return brief_line_has(b, &l->line, e);
}

static rv_status count_line(const struct brief_work *b, struct line_counts *l,
                            struct rv_err *reterr)
{
    struct arena *a = b->w.held.arena;
    int64_t *windows = ARENA_NEW(a, int64_t, (size_t)b->windows + 1);
    if (!windows) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < b->event_count; i++) {
        const struct brief_event *e = &b->events[i];
        int32_t k = brief_window(b->on, b->days, e->committed);
        if (k < 0 || !is_on_line(b, l, e)) {
            continue;
        }
        if (k <= b->windows && brief_is_known(e, b->on - k * b->days)) {
            windows[k]++;
        }
        l->year += brief_window(b->on - BRIEF_YEAR, b->days, e->committed) == 0 &&
                   brief_is_known(e, b->on - BRIEF_YEAR);
    }
    l->has_year = (b->windows + 1) * b->days >= BRIEF_YEAR + b->days;
    l->now = windows[0];
    l->before = b->windows > 0 ? windows[1] : 0;
    l->lowest = l->highest = l->before;
    for (int32_t k = 1; k <= b->windows; k++) {
        l->sum += windows[k];
        l->lowest = windows[k] < l->lowest ? windows[k] : l->lowest;
        l->highest = windows[k] > l->highest ? windows[k] : l->highest;
    }
    l->p = l->p_holm = NOT_KNOWN;
    return b->windows < BRIEF_FEWEST && b->windows * b->days < BRIEF_YEAR
               ? rv_ok()
               : binomial_test(l->now, l->now + l->sum, 1.0 / (b->windows + 1), &l->p, reterr);
}

static rv_status list_lines(struct changing *c, struct rv_err *reterr)
{
    struct brief_work *b = c->b;
    const struct brief_product *p = b->product;
    const struct definition *d = b->definition;
    size_t own = p->line_count ? p->line_count : d ? d->profile_count : 0;
    bool has_wards = (p->parts & PART_WINDOWS) != 0;
    c->lines = ARENA_NEW(b->w.held.arena, struct line_counts, own + b->ward_count + 1);
    if (!c->lines) {
        return arena_fail(b->w.held.arena, reterr);
    }
    c->lines[c->count++] =
        (struct line_counts){.line = {.id = "all", .title = "All that is counted here"},
                             .ward = -1,
                             .is_all_of_it = true};
    for (size_t i = 0; i < own; i++) {
        struct line_counts *l = &c->lines[c->count++];
        const char *word = p->line_count ? p->lines[i] : d->profiles[i].id;
        RV_TRY(brief_line_of(b, word, &l->line, reterr));
        l->ward = -1;
    }
    c->shown = c->count;
    for (size_t i = 0; has_wards && i < b->ward_count; i++) {
        const struct area *ward = &b->w.wards->areas[b->wards[i] - 1];
        c->lines[c->count++] =
            (struct line_counts){.line = {.id = ward->code, .title = ward->name}, .ward = (int)i};
    }
    return rv_ok();
}

/* ---- Holm ---- */

static int by_p(const void *a, const void *b)
{
    const struct line_counts *const *x = a, *const *y = b;
    if ((*x)->p < (*y)->p || (*x)->p > (*y)->p) {
        return (*x)->p < (*y)->p ? -1 : 1;
    }
    return *x < *y ? -1 : *x > *y;
}

static rv_status adjust(struct changing *c, struct rv_err *reterr)
{
    struct arena *a = c->b->w.held.arena;
    struct line_counts **order = ARENA_NEW(a, struct line_counts *, c->count + 1);
    size_t n = 0;
    if (!order) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < c->count; i++) {
        if (!isnan(c->lines[i].p)) {
            order[n++] = &c->lines[i];
        }
    }
    qsort(order, n, sizeof(struct line_counts *), by_p);
    double least = 0;
    for (size_t i = 0; i < n; i++) {
        double p = fmin(1, order[i]->p * (double)(n - i));
        least = p > least ? p : least;
        order[i]->p_holm = least;
    }
    return rv_ok();
}

/* 1 = a rise, -1 = a fall, 0 = neither. */
static int direction(const struct line_counts *l)
{
    bool is_sure = !isnan(l->p_holm) && l->p_holm < SURE;
    return is_sure && l->now > l->highest ? 1 : is_sure && l->now < l->lowest ? -1 : 0;
}

/* ---- findings ---- */

static const char *why_not(const struct brief_work *b, const struct line_counts *l)
{
    return l->line.reason
               ? l->line.reason
               : arena_printf(b->w.held.arena, "the records cover %d earlier windows only",
                              (int)b->windows);
}

static rv_status put_line(struct changing *c, const struct line_counts *l, struct rv_err *reterr)
{
    struct brief_work *b = c->b;
    struct finding *f = brief_finding(b, l->ward >= 0 ? "ward" : "change", l->line.id);
    if (!f) {
        return arena_fail(b->w.held.arena, reterr);
    }
    f->unit = "offences";
    f->method = "rate-ratio";
    RV_TRY(compose_text(&b->w, f, "line", l->line.title, reterr));
    if (l->line.reason || isnan(l->p)) {
        return compose_absent(&b->w, f, "CHANGE_NOT_AVAILABLE", why_not(b, l), reterr);
    }
    int to = direction(l);
    f->value = (double)l->now;
    f->compare_value = (double)l->sum / b->windows;
    f->rule = to > 0 ? "RISE" : to < 0 ? "FALL" : "USUAL";
    f->is_key = to != 0;
    RV_TRY(compose_number(&b->w, f, "lowest", (double)l->lowest, reterr));
    RV_TRY(compose_number(&b->w, f, "highest", (double)l->highest, reterr));
    return compose_number(&b->w, f, "windows", b->windows, reterr);
}

static rv_status put_summary(struct changing *c, struct rv_err *reterr)
{
    struct brief_work *b = c->b;
    int64_t tested = 0, rises = 0, falls = 0;
    for (size_t i = 0; i < c->count; i++) {
        tested += !isnan(c->lines[i].p) && !c->lines[i].line.reason;
        rises += direction(&c->lines[i]) > 0;
        falls += direction(&c->lines[i]) < 0;
    }
    struct finding *f = brief_finding(b, "changes", "summary");
    if (!f) {
        return arena_fail(b->w.held.arena, reterr);
    }
    f->method = "rate-ratio";
    f->unit = "lines";
    if (tested == 0) {
        return compose_absent(&b->w, f, "CHANGES_NOT_AVAILABLE", why_not(b, &c->lines[0]), reterr);
    }
    f->value = (double)(rises + falls);
    f->denominator = (double)tested;
    f->rule = rises + falls == 0 ? "CHANGES_NONE" : "CHANGES_SOME";
    RV_TRY(compose_number(&b->w, f, "usual", (double)(tested - rises - falls), reterr));
    return compose_number(&b->w, f, "windows", b->windows, reterr);
}

static void put_row(const struct brief_work *b, const struct line_counts *l,
                    struct result_cell *row)
{
    bool is_known = !l->line.reason, is_tested = is_known && !isnan(l->p);
    int to = direction(l);
    row[0] = cell_text(l->line.title);
    row[1] = cell_number(is_known ? (double)l->now : NOT_KNOWN);
    row[2] = cell_number(is_known && b->windows > 0 ? (double)l->before : NOT_KNOWN);
    row[3] = cell_number(is_known && l->has_year ? (double)l->year : NOT_KNOWN);
    row[4] = cell_number(is_tested ? (double)l->sum / b->windows : NOT_KNOWN);
    row[5] = cell_number(is_tested ? (double)l->lowest : NOT_KNOWN);
    row[6] = cell_number(is_tested ? (double)l->highest : NOT_KNOWN);
    row[7] = cell_text(!is_known    ? "not held"
                       : !is_tested ? "not told"
                       : to > 0     ? "rise"
                       : to < 0     ? "fall"
                                    : "usual");
    for (size_t i = 1; i < 7; i++) {
        row[i].text = row[i].is_missing
                          ? (l->line.reason ? l->line.reason : "the records do not cover it")
                          : NULL;
    }
}

static rv_status put_table(struct changing *c, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"line", "What", RESULT_TEXT},
        {"window", "This window", RESULT_COUNT},
        {"before", "Window before", RESULT_COUNT},
        {"year_before", "52 weeks ago", RESULT_COUNT},
        {"usual", "Usual", RESULT_RATE},
        {"lowest", "Lowest", RESULT_COUNT},
        {"highest", "Highest", RESULT_COUNT},
        {"verdict", "So it is", RESULT_TEXT},
    };
    struct brief_work *b = c->b;
    struct arena *a = b->w.held.arena;
    size_t width = sizeof columns / sizeof *columns;
    struct result_cell *cells;
    struct result_table *t = brief_table(b, "what-changed", columns, width, c->shown, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title =
        arena_printf(a, "What changed: %s, %s to %s", b->w.area_name, b->first_text, b->last_text);
    t->description = "Offences of this window beside those of earlier windows of the same length.";
    for (size_t i = 0; i < c->shown; i++) {
        put_row(b, &c->lines[i], cells + i * width);
    }
    if (!t->title) {
        return arena_fail(a, reterr);
    }
    return compose_note(&b->w, t,
                        arena_printf(a,
                                     "Usual, lowest and highest: of the %d windows of %d days "
                                     "before, each counted as it was known on the day after it "
                                     "ended. Lines overlap: an offence may be in several.",
                                     (int)b->windows, (int)b->days),
                        reterr);
}

rv_status brief_changes(struct brief_work *b, struct rv_err *reterr)
{
    struct changing c = {.b = b};
    RV_TRY(list_lines(&c, reterr));
    for (size_t i = 0; i < c.count; i++) {
        c.lines[i].p = c.lines[i].p_holm = NOT_KNOWN;
        if (!c.lines[i].line.reason) {
            RV_TRY(count_line(b, &c.lines[i], reterr));
        }
    }
    RV_TRY(adjust(&c, reterr));
    RV_TRY(put_summary(&c, reterr));
    for (size_t i = 0; i < c.count; i++) {
        RV_TRY(put_line(&c, &c.lines[i], reterr));
    }
    return put_table(&c, reterr);
}
