/* assess/lens_change.c — change between two periods, and which categories it came from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/profile_internal.h"
#include "base/buf.h"
#include "stats/change.h"
#include "stats/compare.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

/* Days of the periods; 1 and 1 when the two are as long in months, so that 2020 with its 29th of
 * February is not scaled against 2021. */
static void period_days(const struct assess_work *w, double *after, double *before)
{
    struct month_range p = w->options->period, c = w->options->compare;
    bool is_equal = month_range_count(p) == month_range_count(c);
    *after = is_equal ? 1 : month_range_days(p);
    *before = is_equal ? 1 : month_range_days(c);
}

/* The rule of the theme for a wording; a small base and unequal periods have sentences of their
 * own. */
static const char *change_rule(enum wording wording, bool is_scaled, bool is_small)
{
    if (wording == WORDING_NO_CHANGE) {
        return "CHANGE_NONE";
    }
    if (wording == WORDING_TREND_UP) {
        return is_scaled ? (is_small ? "CHANGE_UP_PER_DAY_SMALL" : "CHANGE_UP_PER_DAY")
                         : (is_small ? "CHANGE_UP_SMALL" : "CHANGE_UP");
    }
    if (wording == WORDING_TREND_DOWN) {
        return is_scaled ? (is_small ? "CHANGE_DOWN_PER_DAY_SMALL" : "CHANGE_DOWN_PER_DAY")
                         : (is_small ? "CHANGE_DOWN_SMALL" : "CHANGE_DOWN");
    }
    return is_scaled ? "CHANGE_NOT_DISTINGUISHABLE_PER_DAY" : "CHANGE_NOT_DISTINGUISHABLE";
}

static rv_status change_notes(struct lens *l, struct finding *f, bool is_small, bool is_scaled,
                              struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    if (is_small) {
        f->verdict = VERDICT_CAUTION;
        RV_TRY(compose_caveat(w, f,
                              arena_printf(w->held.arena,
                                           "Holds with caution, because a count is under %d: no "
                                           "percentage is given.",
                                           WORDING_PERCENT_BASE),
                              reterr));
    }
    if (is_scaled) {
        RV_TRY(compose_caveat(w, f,
                              "The periods are not equally long: the change is of offences "
                              "a day.",
                              reterr));
    }
    return compose_caveat(w, f,
                          "The test takes offences as independent; repeat victims and "
                          "incidents of several offences make real change harder to tell "
                          "from chance than it says. Each kind of offence is tested by itself: of "
                          "twenty that did not change, about one will seem to have.",
                          reterr);
}

rv_status compose_change(struct lens *l, struct finding *f, int64_t after, int64_t before,
                         struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    f->unit = "offences";
    f->method = "rate-ratio";
    f->compare = w->options->compare;
    f->value = f->numerator = (double)after;
    f->compare_value = f->denominator = (double)before;
    f->denominator_name = "offences in the earlier period";
    if (after + before == 0) {
        f->rule = "CHANGE_NONE_RECORDED";
        return rv_ok();
    }
    double days_after, days_before;
    struct comparison k;
    period_days(w, &days_after, &days_before);
    RV_TRY(compare_rates(after, days_after, before, days_before, STATS_LEVEL, &k, reterr));
    bool is_scaled = days_after > 1 || days_before > 1;
    bool is_small = wording_of_percent(before) == WORDING_SMALL_BASE;
    double ratio = k.has_ratio ? k.ratio : (double)INFINITY;
    f->rule = change_rule(wording_of_difference(before, after, ratio, k.p), is_scaled, is_small);
    RV_TRY(compose_percent_change(w, f, &k, !is_small, reterr));
    RV_TRY(compose_number(w, f, "a_day", (double)after / month_range_days(w->options->period),
                          reterr));
    RV_TRY(compose_number(w, f, "a_day_before",
                          (double)before / month_range_days(w->options->compare), reterr));
    return change_notes(l, f, is_small, is_scaled, reterr);
}

static rv_status add_change(struct lens *l, uint32_t c, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct finding *f = compose_lens_finding(l, c, "change");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->unit = "offences";
    f->method = "rate-ratio";
    f->compare = w->options->compare;
    f->query = c ? compose_query(l, l->dimension, c, w->options->area, BUCKET_PERIOD)
                 : compose_query(l, "borough", c, w->options->area, BUCKET_PERIOD);
    for (int b = BUCKET_TOTAL; b-- > 0;) {
        if (!l->is_available[b]) {
            return compose_absent(w, f, "CHANGE_NOT_AVAILABLE", l->gaps[b], reterr);
        }
    }
    f->missing = (double)lens_count(l, BUCKET_PERIOD, c, 0);
    return compose_change(l, f, lens_count(l, BUCKET_PERIOD, c, w->area),
                          lens_count(l, BUCKET_COMPARE, c, w->area), reterr);
}

/* ---- drivers ---- */

static rv_status decompose(struct lens *l, struct change *ret, int64_t **ret_before,
                           int64_t **ret_after, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    size_t n = l->order_count;
    const char **names = ARENA_NEW(a, const char *, n);
    int64_t *before = ARENA_NEW(a, int64_t, n), *after = ARENA_NEW(a, int64_t, n);
    if (!names || !before || !after) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t c = l->order[i];
        names[i] = l->names[c];
        before[i] = lens_count(l, BUCKET_COMPARE, c, w->area);
        after[i] = lens_count(l, BUCKET_PERIOD, c, w->area);
    }
    struct change_options options = CHANGE_DEFAULTS;
    period_days(w, &options.after_days, &options.before_days);
    *ret_before = before;
    *ret_after = after;
    return change_decompose(a, names, before, after, NULL, n, &options, ret, reterr);
}

static const char *driver_rule(enum change_label label)
{
    static const struct {
        enum wording wording;
        const char *rule;
    } RULES[] = {{WORDING_NO_CHANGE, "DRIVERS_NO_CHANGE"},
                 {WORDING_DRIVEN_BY, "DRIVERS_LARGELY"},
                 {WORDING_MORE_THAN_ACCOUNTED_FOR, "DRIVERS_MORE_THAN"},
                 {WORDING_IN_LINE_WITH_SIZE, "DRIVERS_IN_LINE"},
                 {WORDING_DRIVEN_BY_SEVERAL, "DRIVERS_SEVERAL"},
                 {WORDING_BROAD_BASED, "DRIVERS_BROAD"}};
    enum wording wording = wording_of_contributions(label);
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++) {
        if (RULES[i].wording == wording) {
            return RULES[i].rule;
        }
    }
    return "DRIVERS_NOT_DISTINGUISHABLE";
}

/* "burglary, theft and robbery" */
static const char *named_list(const struct lens *l, const struct change *k)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 4096);
    for (size_t i = 0; i < k->named_count; i++) {
        const char *joint = i == 0 ? "" : i + 1 == k->named_count ? " and " : ", ";
        buf_text(&text, joint);
        const char *name = compose_subject(l->work->held.arena, l->names[l->order[k->named[i]]]);
        buf_text(&text, name ? name : "");
    }
    return text.failed ? NULL
                       : arena_text(l->work->held.arena, text.bytes ? text.bytes : "", text.n);
}

static rv_status add_drivers(struct lens *l, const struct change *k, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct finding *f = compose_lens_finding(l, 0, "drivers");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->unit = "offences";
    f->method = "decomposition";
    f->compare = w->options->compare;
    f->value = f->numerator = (double)k->after;
    f->compare_value = f->denominator = (double)k->before;
    f->denominator_name = "offences in the earlier period";
    f->rule = driver_rule(k->label);
    f->query = compose_query(l, l->dimension, 0, w->options->area, BUCKET_PERIOD);
    double net = 0, gross = 0;
    for (size_t i = 0; i < k->named_count; i++) {
        net += k->parts[k->named[i]].change;
        gross += k->parts[k->named[i]].share_gross;
    }
    RV_TRY(compose_text(w, f, "named", named_list(l, k), reterr));
    RV_TRY(compose_text(w, f, "direction", k->change < 0 ? "fall" : "rise", reterr));
    RV_TRY(compose_number(w, f, "named_change", net, reterr));
    RV_TRY(compose_number(w, f, "named_share",
                          k->has_shares && k->named_count ? 100 * gross : NOT_KNOWN, reterr));
    RV_TRY(compose_number(w, f, "p", k->p, reterr));
    RV_TRY(compose_caveat(w, f,
                          l->profile ? "A change of recording practice looks like a change of "
                                       "crime."
                                     : "Crime types are those of the source; a change of recording "
                                       "practice looks like a change of crime.",
                          reterr));
    return f->query ? rv_ok() : arena_fail(w->held.arena, reterr);
}

static rv_status change_table(struct lens *l, const struct change *k, const int64_t *before,
                              const int64_t *after, struct rv_err *reterr)
{
    const struct result_column columns[] = {
        {"category", l->profile ? "Offence group" : "Crime type", RESULT_TEXT},
        {"before", "Before", RESULT_COUNT},
        {"after", "After", RESULT_COUNT},
        {"change", "Change", RESULT_COUNT},
        {"points", "Percentage points of the total's change", RESULT_PERCENT},
        {"percent", "Change, percent", RESULT_PERCENT}};
    enum { WIDTH = 6 };
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    size_t n = l->order_count;
    struct result_cell *cells = NULL;
    struct result_table *t = compose_lens_table(l, "change-by-category", columns, WIDTH, n, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(
        a, "%s%s by %s, %s, %s to %s", l->profile ? l->profile->title : "Change",
        l->profile ? ": change" : "", l->profile ? "offence group" : "crime type", w->area_name,
        compose_period(a, w->options->compare), compose_period(a, w->options->period));
    t->description = "Offences before and after, and what each kind adds to the change of the "
                     "total, largest kind first.";
    t->chart = CHART_CHANGE;
    for (size_t i = 0; i < n; i++) {
        struct result_cell *row = &cells[i * WIDTH];
        const struct contribution *part = &k->parts[i];
        bool has_percent = before[i] >= WORDING_PERCENT_BASE;
        row[0] = cell_text(l->names[l->order[i]]);
        row[1] = cell_number((double)before[i]);
        row[2] = cell_number((double)after[i]);
        row[3] = cell_number(part->change);
        row[4] = cell_number(k->has_percent && k->before >= WORDING_PERCENT_BASE ? part->points
                                                                                 : NOT_KNOWN);
        row[5] = cell_number(has_percent ? 100 * part->change / (double)before[i] : NOT_KNOWN);
    }
    RV_TRY(compose_note(
        w, t, arena_printf(a, "Percentages are given from a count of %d on.", WORDING_PERCENT_BASE),
        reterr));
    return t->title ? compose_note(w, t, l->source_caveat, reterr) : arena_fail(a, reterr);
}

rv_status lens_changes(struct lens *l, struct rv_err *reterr)
{
    if (!has_compare(l->work)) {
        return rv_ok();
    }
    RV_TRY(lens_change(l, reterr));
    RV_TRY(lens_group_changes(l, reterr));
    return lens_drivers(l, reterr);
}

rv_status lens_change(struct lens *l, struct rv_err *reterr)
{
    return has_compare(l->work) ? add_change(l, 0, reterr) : rv_ok();
}

rv_status lens_group_changes(struct lens *l, struct rv_err *reterr)
{
    for (uint32_t i = 0; has_compare(l->work) && i < l->order_count; i++) {
        RV_TRY(add_change(l, l->order[i], reterr));
    }
    return rv_ok();
}

rv_status lens_drivers(struct lens *l, struct rv_err *reterr)
{
    if (!l->is_available[BUCKET_COMPARE] || !l->is_available[BUCKET_PERIOD] || l->order_count < 2) {
        return rv_ok(); /* of one kind nothing but itself drove the change */
    }
    struct change k;
    int64_t *before = NULL, *after = NULL;
    RV_TRY(decompose(l, &k, &before, &after, reterr));
    RV_TRY(add_drivers(l, &k, reterr));
    return change_table(l, &k, before, after, reterr);
}
