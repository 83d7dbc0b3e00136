/* assess/change_table.c — the parts of a profile's change as a table, and whether its share of the
 * context turns round when it is told apart. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/profile_change.h"
#include "assess/profile_internal.h"
#include "stats/binomial.h"
#include "stats/effects.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN          6   /* parts of each way in the table; the others together */
#define REVERSAL_COVER 0.9 /* of the context: so much must lie in the parts that are compared */

static const double NOT_KNOWN = (double)NAN;

static const char *const WAY_PLURALS[WAYS] = {"offence groups", "wards",
                                              "bands of the youngest victim's age",
                                              "kinds of venue", "parts of the day"};

/* ---- Simpson's paradox ---- */

static double share_of(const struct change_way_parts *w, int bucket, size_t part)
{
    return (double)w->counts[bucket][part] / (double)w->wholes[bucket][part];
}

/* Whether the share moves against `direction` in every part of a size that can be told, and these
 * parts are nearly all; how many they are. */
static bool is_reversed(const struct change_way_parts *w, const int64_t wholes[2], int direction,
                        size_t *ret_parts)
{
    int64_t covered[2] = {0, 0};
    size_t n = 0;
    for (size_t i = 0; i < w->size; i++) {
        if (w->wholes[0][i] < WORDING_PERCENT_BASE || w->wholes[1][i] < WORDING_PERCENT_BASE) {
            continue;
        }
        double move = share_of(w, BUCKET_PERIOD, i) - share_of(w, BUCKET_COMPARE, i);
        if (!(move * direction < 0)) {
            return false;
        }
        covered[0] += w->wholes[0][i];
        covered[1] += w->wholes[1][i];
        n++;
    }
    *ret_parts = n;
    return n >= 2 && (double)covered[0] >= REVERSAL_COVER * (double)wholes[0] &&
           (double)covered[1] >= REVERSAL_COVER * (double)wholes[1];
}

/* What the share would have done with the parts as they were: the rate effect of the two. */
static rv_status within(struct change_parts *k, const struct change_way_parts *w, double *ret,
                        struct rv_err *reterr)
{
    struct arena *a = k->lens->work->held.arena;
    double *cells = ARENA_NEW(a, double, 4 * w->size);
    struct kitagawa effect;
    if (!cells) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < w->size; i++) {
        cells[i] = (double)w->counts[BUCKET_COMPARE][i];
        cells[w->size + i] = (double)w->wholes[BUCKET_COMPARE][i];
        cells[2 * w->size + i] = (double)w->counts[BUCKET_PERIOD][i];
        cells[3 * w->size + i] = (double)w->wholes[BUCKET_PERIOD][i];
    }
    RV_TRY(effects_kitagawa(cells, cells + w->size, cells + 2 * w->size, cells + 3 * w->size,
                            w->size, 100, NULL, &effect, reterr));
    *ret = effect.rate;
    return rv_ok();
}

static rv_status add_reversal(struct change_parts *k, const struct change_way_parts *w,
                              const int64_t wholes[2], size_t parts, struct rv_err *reterr)
{
    struct assess_work *work = k->lens->work;
    struct finding *f = compose_lens_finding(k->lens, 0, "share-reversal");
    double effect = 0;
    if (!f) {
        return arena_fail(work->held.arena, reterr);
    }
    RV_TRY(within(k, w, &effect, reterr));
    RV_TRY(evidence_of_people(k->lens, f, false, reterr));
    f->unit = "percent";
    f->method = "kitagawa";
    f->rule = "SHARE_REVERSED";
    f->compare = work->options->compare;
    f->numerator = (double)w->change.after;
    f->denominator = (double)wholes[BUCKET_PERIOD];
    f->denominator_name = k->whole->subjects[0];
    f->value = 100 * f->numerator / f->denominator;
    f->compare_value = 100 * (double)w->change.before / (double)wholes[BUCKET_COMPARE];
    f->query = compose_query(k->lens, "borough", 0, work->options->area, BUCKET_PERIOD);
    RV_TRY(compose_text(work, f, "whole", k->whole->subjects[0], reterr));
    RV_TRY(
        compose_text(work, f, "direction", f->value > f->compare_value ? "rose" : "fell", reterr));
    RV_TRY(compose_text(work, f, "against", f->value > f->compare_value ? "fell" : "rose", reterr));
    RV_TRY(compose_text(work, f, "what", WAY_PLURALS[w - k->ways], reterr));
    RV_TRY(compose_number(work, f, "parts", (double)parts, reterr));
    RV_TRY(compose_number(work, f, "effect", effect, reterr));
    RV_TRY(compose_caveat(work, f,
                          "Parts with fewer than 20 offences of the context in either period are "
                          "not compared. An effect of the mix is arithmetic and no cause.",
                          reterr));
    return f->query ? rv_ok() : arena_fail(work->held.arena, reterr);
}

rv_status change_reversal(struct change_parts *k, struct rv_err *reterr)
{
    const struct change_way_parts *any = &k->ways[0];
    int64_t wholes[2] = {0, 0};
    double p = 1;
    for (size_t i = 0; i < any->size; i++) {
        wholes[0] += any->wholes[0][i];
        wholes[1] += any->wholes[1][i];
    }
    int64_t in[2] = {any->change.before, any->change.after};
    if (!k->whole || in[0] + in[1] == wholes[0] + wholes[1] || wholes[0] == 0 || wholes[1] == 0) {
        return rv_ok();
    }
    RV_TRY(binomial_fisher(in[0], wholes[0] - in[0], in[1], wholes[1] - in[1], &p, reterr));
    if (p >= WORDING_ALPHA) {
        return rv_ok(); /* no change of the share to turn round */
    }
    double move = (double)in[1] / (double)wholes[1] - (double)in[0] / (double)wholes[0];
    for (int w = 0; w < WAYS; w++) {
        size_t parts = 0;
        if (is_reversed(&k->ways[w], wholes, move > 0 ? 1 : -1, &parts)) {
            return add_reversal(k, &k->ways[w], wholes, parts, reterr);
        }
    }
    return rv_ok();
}

/* ---- the table ---- */

enum { TABLE_WIDTH = 6 };

static int compare_parts(const void *left, const void *right, void *context)
{
    const struct change_way_parts *w = context;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    double x = fabs(w->change.parts[a].change), y = fabs(w->change.parts[b].change);
    if (x != y) {
        return x < y ? 1 : -1;
    }
    if (w->counts[0][a] != w->counts[0][b]) {
        return w->counts[0][a] < w->counts[0][b] ? 1 : -1;
    }
    return (a > b) - (a < b);
}

static bool is_empty(const struct change_way_parts *w, size_t part)
{
    return w->counts[0][part] + w->counts[1][part] == 0;
}

static void put_row(const struct change_way_parts *w, const char *name, double before, double after,
                    double change, struct result_cell *row)
{
    const struct change *total = &w->change;
    bool has_points = total->has_percent && total->before >= WORDING_PERCENT_BASE;
    row[0] = cell_text(name);
    row[1] = cell_number(before);
    row[2] = cell_number(after);
    row[3] = cell_number(change);
    row[4] = cell_number(has_points ? 100 * change / (double)total->before : NOT_KNOWN);
    row[5] = cell_text(w->title);
}

/* A way in which nothing is recorded has no rows. */
static bool is_known(const struct change_way_parts *w)
{
    return change_unknown(w) < w->change.before + w->change.after;
}

/* The rows of one way: its largest moves, the others together, what is not recorded. Returns how
 * many; with cells NULL it only counts. */
static rv_status put_way(struct change_parts *k, struct change_way_parts *w,
                         struct result_cell *cells, size_t *ret_rows, struct rv_err *reterr)
{
    struct arena *a = k->lens->work->held.arena;
    size_t *order = ARENA_NEW(a, size_t, w->size + 1), n = 0, row = 0;
    *ret_rows = 0;
    if (!is_known(w)) {
        return rv_ok();
    }
    if (!order) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 1; i < w->size; i++) {
        order[n] = i;
        n += !is_empty(w, i);
    }
    qsort_r(order, n, sizeof *order, compare_parts, w);
    size_t shown = n <= SHOWN + 1 ? n : SHOWN; /* "one other" would be no shorter */
    double rest[3] = {0};
    for (size_t i = 0; i < n; i++) {
        double before = (double)w->counts[BUCKET_COMPARE][order[i]];
        double after = (double)w->counts[BUCKET_PERIOD][order[i]];
        double change = w->change.parts[order[i]].change;
        if (i >= shown) {
            rest[0] += before;
            rest[1] += after;
            rest[2] += change;
        } else if (cells) {
            put_row(w, w->names[order[i]], before, after, change, &cells[(row + i) * TABLE_WIDTH]);
        }
    }
    row += shown;
    if (n > shown) {
        const char *name = arena_printf(a, "%zu other %s", n - shown, WAY_PLURALS[w - k->ways]);
        if (!name) {
            return arena_fail(a, reterr);
        }
        if (cells) {
            put_row(w, name, rest[0], rest[1], rest[2], &cells[row * TABLE_WIDTH]);
        }
        row++;
    }
    if (!is_empty(w, 0)) {
        if (cells) {
            put_row(w, w->names[0], (double)w->counts[BUCKET_COMPARE][0],
                    (double)w->counts[BUCKET_PERIOD][0], w->change.parts[0].change,
                    &cells[row * TABLE_WIDTH]);
        }
        row++;
    }
    *ret_rows = row;
    return rv_ok();
}

static rv_status notes(struct change_parts *k, struct result_table *t, struct rv_err *reterr)
{
    struct assess_work *w = k->lens->work;
    RV_TRY(compose_note(w, t,
                        "Each way of telling apart has every offence once and adds up to the "
                        "change of the total by itself; do not add up across ways. An offence with "
                        "several victims is in the age of the youngest.",
                        reterr));
    const char *gaps = NULL;
    for (int i = 0; i < WAYS; i++) {
        if (!is_known(&k->ways[i])) {
            const char *before =
                gaps ? gaps : "Not recorded in either period, so not told apart by: ";
            gaps = arena_printf(w->held.arena, "%s%s%s", before, gaps ? ", " : "", WAY_PLURALS[i]);
        }
    }
    RV_TRY(gaps ? compose_note(w, t, arena_printf(w->held.arena, "%s.", gaps), reterr) : rv_ok());
    if (k->whole) {
        RV_TRY(compose_note(
            w, t,
            arena_printf(w->held.arena,
                         "The share of %s was looked at in every part for Simpson's paradox: a "
                         "sentence says so where it turns round in all parts of a way.",
                         k->whole->subjects[0]),
            reterr));
    }
    return compose_note(w, t, k->lens->source_caveat, reterr);
}

rv_status change_parts_table(struct change_parts *k, struct rv_err *reterr)
{
    static const struct result_column columns[TABLE_WIDTH] = {
        {"part", "Part", RESULT_TEXT},
        {"before", "Before", RESULT_COUNT},
        {"after", "After", RESULT_COUNT},
        {"change", "Change", RESULT_COUNT},
        {"points", "Percentage points of the total's change", RESULT_PERCENT},
        {"by", "Told apart by", RESULT_TEXT}};
    struct lens *l = k->lens;
    struct arena *a = l->work->held.arena;
    size_t rows = 1, n = 0;
    for (int w = 0; w < WAYS; w++) {
        RV_TRY(put_way(k, &k->ways[w], NULL, &n, reterr));
        rows += n;
    }
    struct result_cell *cells = NULL;
    struct result_table *t =
        compose_lens_table(l, "change-parts", columns, TABLE_WIDTH, rows, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "%s: which part of the change came from where, %s, %s to %s",
                            l->profile->title, l->work->area_name,
                            compose_period(a, l->work->options->compare),
                            compose_period(a, l->work->options->period));
    t->description = "The change of the number of offences in steps, five times: by offence group, "
                     "ward, age of the youngest victim, kind of venue and time of day. Each way "
                     "ends at the change of the total.";
    t->chart = CHART_WATERFALL;
    t->ends_with_total = true;
    RV_TRY(evidence_of_people_table(l, t, reterr));
    for (int w = 0; w < WAYS; w++) {
        RV_TRY(put_way(k, &k->ways[w], cells, &n, reterr));
        cells += n * TABLE_WIDTH;
    }
    const struct change *total = &k->ways[0].change;
    put_row(&k->ways[0], "All", (double)total->before, (double)total->after, total->change, cells);
    cells[5] = cell_text("Total");
    return t->title ? notes(k, t, reterr) : arena_fail(a, reterr);
}
