/* assess/eyes_series.c — what every source says of itself: total, tested change, months, the first
 * of several. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/eyes.h"
#include "stats/binomial.h"
#include "stats/compare.h"
#include "stats/interval.h"
#include "stats/rate.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

static double residents_years(const struct assess_work *w)
{
    double sum = 0;
    for (int32_t m = w->options->period.first; m <= w->options->period.last; m++) {
        sum += population_person_years(&w->residents, w->area, &m, 1);
    }
    return w->residents.source ? sum : NOT_KNOWN;
}

static rv_status add_rate(struct assess_work *w, struct finding *f, int64_t count,
                          struct rv_err *reterr)
{
    double years = residents_years(w);
    if (!(years > 0)) {
        return rv_ok();
    }
    struct rate rate;
    struct rate_options options = RATE_DEFAULTS;
    RV_TRY(rate_crude(count, years, &options, &rate, reterr));
    f->denominator_name = w->residents.name;
    RV_TRY(compose_number(w, f, "rate", rate.value, reterr));
    RV_TRY(compose_number(w, f, "rate_low", rate.lower, reterr));
    return compose_number(w, f, "rate_high", rate.upper, reterr);
}

rv_status eye_total(const struct eye_series *s, const char *query, struct rv_err *reterr)
{
    const struct eye *e = s->eye;
    struct assess_work *w = e->work;
    struct finding *f = eye_finding(e, s->slug, "total");
    if (!f || !query) {
        return arena_fail(w->held.arena, reterr);
    }
    f->subject = s->subject;
    f->method = "poisson-exact";
    f->query = query;
    if (!eye_has(e, BUCKET_PERIOD)) {
        return compose_absent(w, f, "TOTAL_NOT_AVAILABLE", e->gaps[BUCKET_PERIOD], reterr);
    }
    if (s->never) {
        return compose_absent(w, f, "TOTAL_NOT_AVAILABLE", s->never, reterr);
    }
    struct interval ci;
    int64_t count = eye_sum(s, BUCKET_PERIOD);
    RV_TRY(interval_poisson(count, STATS_LEVEL, &ci, reterr));
    f->rule = "TOTAL";
    f->value = f->numerator = (double)count;
    f->lower = ci.lower;
    f->upper = ci.upper;
    f->level = STATS_LEVEL;
    if (e->nowhere > 0) {
        f->missing = (double)e->nowhere;
        RV_TRY(compose_caveat(w, f,
                              arena_printf(w->held.arena,
                                           "%lld more %s of the source cannot be put in any "
                                           "borough: how many of them were here is not known.",
                                           (long long)e->nowhere, e->many),
                              reterr));
    }
    bool has_rate = e->has_rate && count >= ASSESS_RATE_BASE;
    return has_rate ? add_rate(w, f, count, reterr) : rv_ok();
}

static const char *change_rule(enum wording wording, bool is_small)
{
    if (wording == WORDING_NO_CHANGE) {
        return "CHANGE_NONE";
    }
    if (wording == WORDING_TREND_UP) {
        return is_small ? "CHANGE_UP_SMALL" : "CHANGE_UP";
    }
    if (wording == WORDING_TREND_DOWN) {
        return is_small ? "CHANGE_DOWN_SMALL" : "CHANGE_DOWN";
    }
    return "CHANGE_NOT_DISTINGUISHABLE";
}

static rv_status put_change(struct assess_work *w, struct finding *f, int64_t after, int64_t before,
                            struct rv_err *reterr)
{
    struct month_range p = w->options->period, c = w->options->compare;
    bool is_scaled = month_range_count(p) != month_range_count(c);
    bool is_small = wording_of_percent(before) == WORDING_SMALL_BASE;
    struct comparison k;
    RV_TRY(compare_rates(after, is_scaled ? month_range_days(p) : 1, before,
                         is_scaled ? month_range_days(c) : 1, STATS_LEVEL, &k, reterr));
    double ratio = k.has_ratio ? k.ratio : (double)INFINITY;
    f->rule = change_rule(wording_of_difference(before, after, ratio, k.p), is_small);
    RV_TRY(compose_percent_change(w, f, &k, !is_small, reterr));
    RV_TRY(is_scaled ? compose_text(w, f, "scaled", "the change is of their number a day", reterr)
                     : rv_ok());
    if (is_small) {
        f->verdict = VERDICT_CAUTION;
        return compose_caveat(w, f,
                              arena_printf(w->held.arena,
                                           "Holds with caution, because the earlier count is under "
                                           "%d: no percentage is given.",
                                           WORDING_PERCENT_BASE),
                              reterr);
    }
    return compose_caveat(w, f,
                          "The test takes the events as independent; several from one incident "
                          "make real change harder to tell from chance.",
                          reterr);
}

rv_status eye_change(const struct eye_series *s, const char *query, struct rv_err *reterr)
{
    const struct eye *e = s->eye;
    struct assess_work *w = e->work;
    if (!has_compare(w) || s->never) {
        return rv_ok(); /* the total says why */
    }
    struct finding *f = eye_finding(e, s->slug, "change");
    if (!f || !query) {
        return arena_fail(w->held.arena, reterr);
    }
    f->subject = s->subject;
    f->method = "rate-ratio";
    f->compare = w->options->compare;
    f->query = query;
    for (int b = BUCKET_TOTAL; b-- > 0;) {
        if (!eye_has(e, b)) {
            return compose_absent(w, f, "CHANGE_NOT_AVAILABLE", e->gaps[b], reterr);
        }
    }
    int64_t after = eye_sum(s, BUCKET_PERIOD), before = eye_sum(s, BUCKET_COMPARE);
    f->value = f->numerator = (double)after;
    f->compare_value = f->denominator = (double)before;
    f->denominator_name = arena_printf(w->held.arena, "%s in the earlier period", e->many);
    if (after + before == 0) {
        f->rule = "CHANGE_NONE_RECORDED";
        return f->denominator_name ? rv_ok() : arena_fail(w->held.arena, reterr);
    }
    return put_change(w, f, after, before, reterr);
}

rv_status eye_monthly(const struct eye_series *series, size_t count, const char *id,
                      struct rv_err *reterr)
{
    const struct eye *e = series[0].eye;
    struct arena *a = e->work->held.arena;
    struct result_column *columns = ARENA_NEW(a, struct result_column, count + 1);
    if (!columns) {
        return arena_fail(a, reterr);
    }
    columns[0] = (struct result_column){"month", "Month", RESULT_MONTH};
    for (size_t i = 0; i < count; i++) {
        columns[i + 1] = (struct result_column){series[i].slug, series[i].name, RESULT_COUNT};
    }
    struct result_cell *cells = NULL;
    struct result_table *t = eye_table(e, id, columns, count + 1, e->months, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "%s: %s by month, %s", e->title, e->many, e->work->area_name);
    t->description = "Each month of the periods. A month that the source does not cover breaks the "
                     "line; it is never drawn as zero.";
    t->chart = CHART_LINE;
    for (size_t b = 0; b < e->months; b++) {
        struct result_cell *row = &cells[b * (count + 1)];
        row[0] = cell_number(e->buckets[b].first);
        for (size_t i = 0; i < count; i++) {
            bool is_known = e->covers[b] && !series[i].never;
            row[i + 1] = cell_number(is_known ? (double)series[i].months[b] : NOT_KNOWN);
        }
    }
    return t->title ? compose_note(e->work, t, e->caveat, reterr) : arena_fail(a, reterr);
}

rv_status eye_top(const struct eye *e, struct finding *f, const char *what, const char *whats,
                  const struct eye_ranked *all, size_t n, int64_t total, struct rv_err *reterr)
{
    struct assess_work *w = e->work;
    f->method = "rate-ratio";
    f->period = e->span;
    f->denominator = (double)total;
    f->denominator_name = arena_printf(w->held.arena, "all %s", e->many);
    f->value = f->numerator = n ? (double)all[0].count : 0;
    RV_TRY(compose_text(w, f, "what", what, reterr));
    RV_TRY(compose_text(w, f, "whats", whats, reterr));
    RV_TRY(eye_note_gaps(e, f, reterr));
    if (n == 0 || all[0].count == 0) {
        f->rule = "TOP_NONE";
        return rv_ok();
    }
    int64_t second = n > 1 ? all[1].count : 0;
    double p = 0;
    RV_TRY(binomial_test(all[0].count, all[0].count + second, 0.5, &p, reterr));
    RV_TRY(compose_number(w, f, "p", p, reterr));
    RV_TRY(compose_text(w, f, "place", all[0].label, reterr));
    bool is_named = n > 1 && (strcmp(what, "place") != 0 || second >= ASSESS_SMALL_COUNT);
    RV_TRY(is_named ? compose_text(w, f, "next", all[1].label, reterr) : rv_ok());
    RV_TRY(is_named ? compose_number(w, f, "next_count", (double)second, reterr) : rv_ok());
    RV_TRY(compose_number(
        w, f, "share", total >= WORDING_PERCENT_BASE ? 100 * f->value / (double)total : NOT_KNOWN,
        reterr));
    f->is_tied = all[0].count == second;
    f->rule = f->is_tied ? "TOP_TIED" : p < WORDING_ALPHA ? "TOP" : "TOP_NOT_DISTINGUISHABLE";
    if (all[0].count < ASSESS_SMALL_COUNT) {
        f->verdict = VERDICT_CAUTION;
        return compose_caveat(w, f,
                              arena_printf(w->held.arena,
                                           "Holds with caution, because the largest count is under "
                                           "%d: one more or less elsewhere changes the order.",
                                           ASSESS_SMALL_COUNT),
                              reterr);
    }
    return rv_ok();
}
