/* method/series.c — methods of series: seasons, STL, change points.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "method/registry.h"
#include "stats/changepoint.h"
#include "stats/season.h"
#include "stats/stl.h"

#include <math.h>
#include <string.h>

/* --- seasonality --- */

enum { SEASON_DATE, SEASON_TIME, SEASON_COUNT };
enum { SEASON_WAVES, SEASON_ALPHA, SEASON_BEGINS, SEASON_LEVEL };

static const struct method_column season_columns[] = {
    [SEASON_DATE] = {"date", "day", METHOD_DATE, METHOD_LIST, true, NULL,
                     "the day of a count; days that are not listed are not known, never 0"},
    [SEASON_TIME] = {"time", "committed_from|start", METHOD_TIME, METHOD_LIST, true, NULL,
                     "instead of date and count: the local time of each event"},
    [SEASON_COUNT] = {"count", "n|events|x", METHOD_COUNT, METHOD_LIST, true, NULL,
                      "events of the day; empty where it is not known"},
    {.name = NULL},
};
static const struct method_input season_inputs[] = {
    {"data", season_columns, false, "a row for each day with its count, or for each event"},
    {.name = NULL}};
static const struct method_option season_options[] = {
    [SEASON_WAVES] = {"waves", METHOD_COUNT, "1", NULL, 1, SEASON_MOST_WAVES,
                      "1 = one peak a year, 2 = also half-yearly"},
    [SEASON_ALPHA] = {"alpha", METHOD_REAL, "0.05", NULL, 1e-12, 0.999,
                      "below this p a wave is beyond chance"},
    [SEASON_BEGINS] = {"begins_hour", METHOD_COUNT, "0", NULL, 0, 23,
                       "with times: the hour at which a day begins; 5 = night-shift day"},
    [SEASON_LEVEL] = {"level", METHOD_LEVEL, "0.95", NULL, 0.5, 0.999999, "of the interval"},
    {.name = NULL},
};

enum {
    SE_EVENTS,
    SE_DAYS,
    SE_MISSING,
    SE_MONTH,
    SE_MONTH_COUNT,
    SE_MONTH_DAYS,
    SE_PER_DAY,
    SE_ADJUSTED,
    SE_INDEX,
    SE_WEEKDAY,
    SE_WEEKDAY_COUNT,
    SE_WEEKDAY_DAYS,
    SE_WEEKDAY_RATE,
    SE_WTEST_CHI,
    SE_WTEST_DF,
    SE_WTEST_P,
    SE_WTEST_LEAST,
    SE_MTEST_CHI,
    SE_MTEST_DF,
    SE_MTEST_P,
    SE_MTEST_LEAST,
    SE_DEVIANCE,
    SE_NULL,
    SE_LRT,
    SE_LRT_P,
    SE_PHI,
    SE_P,
    SE_AMPLITUDE,
    SE_RATIO,
    SE_PEAK,
    SE_YEARS,
    SE_WORDING,
    SE_TERM,
    SE_COEF,
    SE_SE,
    SE_SUMMER,
    SE_SUMMER_DAYS,
    SE_WINTER,
    SE_WINTER_DAYS,
    SE_CONTRAST,
    SE_CONTRAST_LOWER,
    SE_CONTRAST_UPPER,
    SE_CONTRAST_P
};

#define AT_MONTHS   "months"
#define AT_WEEKDAYS "weekdays"
#define AT_WAVE     "=harmonic"
#define AT_CONTRAST "=summer_winter"

static const struct method_output season_outputs[] = {
    [SE_EVENTS] = {"events", "", METHOD_COUNT, "events", "on known days"},
    [SE_DAYS] = {"days", "", METHOD_COUNT, "days", "known: the exposure"},
    [SE_MISSING] = {"missing_days", "", METHOD_COUNT, "days", "between the first and the last"},
    [SE_MONTH] = {"month", AT_MONTHS, METHOD_TEXT, "", "YYYY-MM"},
    [SE_MONTH_COUNT] = {"count", AT_MONTHS, METHOD_COUNT, "events", "of its known days"},
    [SE_MONTH_DAYS] = {"days", AT_MONTHS, METHOD_COUNT, "days", "known"},
    [SE_PER_DAY] = {"per_day", AT_MONTHS, METHOD_REAL, "events a day", "on its known days"},
    [SE_ADJUSTED] = {"adj_30_4375", AT_MONTHS, METHOD_REAL, "events",
                     "in an average month of 30.4375 days"},
    [SE_INDEX] = {"index", AT_MONTHS, METHOD_REAL, "", "100 = the rate of all days"},
    [SE_WEEKDAY] = {"weekday", AT_WEEKDAYS, METHOD_COUNT, "weekday", "0 = Monday"},
    [SE_WEEKDAY_COUNT] = {"count", AT_WEEKDAYS, METHOD_COUNT, "events", "on such days"},
    [SE_WEEKDAY_DAYS] = {"days", AT_WEEKDAYS, METHOD_COUNT, "days", "known days of this kind"},
    [SE_WEEKDAY_RATE] = {"per_day", AT_WEEKDAYS, METHOD_REAL, "events a day", "on such days"},
    [SE_WTEST_CHI] = {"weekday_chisq", "=weekday_test", METHOD_REAL, "", "Pearson's chi-square"},
    [SE_WTEST_DF] = {"df", "=weekday_test", METHOD_COUNT, "", "degrees of freedom"},
    [SE_WTEST_P] = {"weekday_p", "=weekday_test", METHOD_REAL, "", "of equal rates"},
    [SE_WTEST_LEAST] = {"least_expected", "=weekday_test", METHOD_REAL, "events",
                        "smallest expected count"},
    [SE_MTEST_CHI] = {"month_chisq", "=month_test", METHOD_REAL, "", "over calendar months"},
    [SE_MTEST_DF] = {"month_df", "=month_test", METHOD_COUNT, "", "degrees of freedom"},
    [SE_MTEST_P] = {"month_p", "=month_test", METHOD_REAL, "", "of equal rates"},
    [SE_MTEST_LEAST] = {"least_expected", "=month_test", METHOD_REAL, "events",
                        "smallest expected count"},
    [SE_DEVIANCE] = {"deviance", AT_WAVE, METHOD_REAL, "", "of the fit"},
    [SE_NULL] = {"null_deviance", AT_WAVE, METHOD_REAL, "", "without a wave"},
    [SE_LRT] = {"lrt", AT_WAVE, METHOD_REAL, "", "likelihood ratio against no wave"},
    [SE_LRT_P] = {"lrt_p", AT_WAVE, METHOD_REAL, "", "by chi-square"},
    [SE_PHI] = {"pearson_dispersion", AT_WAVE, METHOD_REAL, "",
                "about 1 when chance alone is at work"},
    [SE_P] = {"p", AT_WAVE, METHOD_REAL, "", "to use: allows for a dispersion over 1"},
    [SE_AMPLITUDE] = {"amplitude_log", AT_WAVE, METHOD_REAL, "",
                      "of the yearly wave, in logarithms"},
    [SE_RATIO] = {"peak_to_trough_ratio", AT_WAVE, METHOD_REAL, "",
                  "greatest over least fitted rate"},
    [SE_PEAK] = {"peak_month", AT_WAVE, METHOD_REAL, "month", "6.45 lies between June and July"},
    [SE_YEARS] = {"least_years", AT_WAVE, METHOD_COUNT, "",
                  "occurrences of the rarest calendar month"},
    [SE_WORDING] = {"wording", AT_WAVE, METHOD_TEXT, "",
                    "seasonal, not-distinguishable or too-short-to-say"},
    [SE_TERM] = {"term", "coefficients", METHOD_TEXT, "", "of the logarithm of events a day"},
    [SE_COEF] = {"coef", "coefficients", METHOD_REAL, "", "estimate"},
    [SE_SE] = {"se", "coefficients", METHOD_REAL, "", "standard error, for a dispersion of 1"},
    [SE_SUMMER] = {"jun_aug", AT_CONTRAST, METHOD_COUNT, "events", "June to August"},
    [SE_SUMMER_DAYS] = {"days_jun_aug", AT_CONTRAST, METHOD_COUNT, "days", "known"},
    [SE_WINTER] = {"dec_feb", AT_CONTRAST, METHOD_COUNT, "events", "December to February"},
    [SE_WINTER_DAYS] = {"days_dec_feb", AT_CONTRAST, METHOD_COUNT, "days", "known"},
    [SE_CONTRAST] = {"ratio", AT_CONTRAST, METHOD_REAL, "", "events a day, summer over winter"},
    [SE_CONTRAST_LOWER] = {"lower", AT_CONTRAST, METHOD_REAL, "", "limit of the ratio"},
    [SE_CONTRAST_UPPER] = {"upper", AT_CONTRAST, METHOD_REAL, "", "limit of the ratio"},
    [SE_CONTRAST_P] = {"p", AT_CONTRAST, METHOD_REAL, "", "two-sided exact"},
    {.name = NULL},
};

struct days {
    int32_t first;
    size_t n;
    int64_t *counts;
    uint64_t *valid;
};

/* The day of row i, by date or by time; false when it is not known. */
static bool day_of_row(const struct method_call *call, size_t i, int32_t *ret)
{
    const struct method_values *c = call->in[0].columns;
    const struct method_values *at = c[SEASON_DATE].is_given ? &c[SEASON_DATE] : &c[SEASON_TIME];
    if (!method_has(at, i)) {
        return false;
    }
    *ret = c[SEASON_DATE].is_given
               ? (int32_t)at->counts[i]
               : season_day(at->counts[i], (int)call->options[SEASON_BEGINS].count);
    return true;
}

/* Room for every day from the first to the last, none of them known yet. */
static rv_status span_days(struct method_call *call, struct days *ret, struct rv_err *reterr)
{
    int32_t first = INT32_MAX, last = INT32_MIN, day;
    size_t without = 0;
    for (size_t i = 0; i < call->in[0].n; i++) {
        if (!day_of_row(call, i, &day)) {
            without++;
            continue;
        }
        first = day < first ? day : first;
        last = day > last ? day : last;
    }
    if (first > last) {
        return rv_fail(reterr, RV_DOMAIN, "no row has a day, so there is no season to look at");
    }
    if (without > 0) {
        RV_TRY(method_note(call, reterr, "%zu rows without a day took no part", without));
    }
    ret->first = first;
    ret->n = (size_t)(last - first) + 1;
    ret->counts = ARENA_NEW(call->arena, int64_t, ret->n);
    ret->valid = ARENA_NEW(call->arena, uint64_t, ret->n / 64 + 1);
    return ret->counts && ret->valid ? rv_ok() : arena_fail(call->arena, reterr);
}

static rv_status add_day(const struct method_values *count, size_t i, size_t at, struct days *days,
                         struct rv_err *reterr)
{
    if (days->valid[at / 64] >> at % 64 & 1) {
        return rv_fail(reterr, RV_DOMAIN, "row %zu: its day has a count already", i + 1);
    }
    if (method_has(count, i)) {
        days->valid[at / 64] |= UINT64_C(1) << at % 64;
        days->counts[at] = count->counts[i];
    }
    return rv_ok();
}

static rv_status take_days(struct method_call *call, struct days *ret, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    bool is_daily = c[SEASON_DATE].is_given;
    if (is_daily ? !c[SEASON_COUNT].is_given : !c[SEASON_TIME].is_given) {
        return rv_fail(
            reterr, RV_INVALID,
            "seasonality needs the columns \"date\" and \"count\", or a column \"time\"");
    }
    RV_TRY(span_days(call, ret, reterr));
    int32_t day;
    for (size_t i = 0; i < call->in[0].n; i++) {
        if (!day_of_row(call, i, &day)) {
            continue;
        }
        size_t at = (size_t)(day - ret->first);
        if (is_daily) {
            RV_TRY(add_day(&c[SEASON_COUNT], i, at, ret, reterr));
        } else {
            ret->counts[at]++;
        }
    }
    if (is_daily) {
        return rv_ok();
    }
    memset(ret->valid, 0xff, (ret->n / 64 + 1) * sizeof *ret->valid);
    return method_note(call, reterr,
                       "days between the first and the last event without one count as days of 0");
}

static rv_status put_tables(struct method_call *call, const struct season_table *s,
                            struct rv_err *reterr)
{
    struct method_table *t;
    RV_TRY(method_open(call, "", 1, NULL, &t, reterr));
    method_put_count(t, 0, SE_EVENTS, s->total);
    method_put_count(t, 0, SE_DAYS, s->days);
    method_put_count(t, 0, SE_MISSING, s->missing_days);
    RV_TRY(method_open(call, "months", s->month_count, NULL, &t, reterr));
    for (size_t i = 0; i < s->month_count; i++) {
        char *month = arena_new(call->arena, 8, 1);
        RV_TRY(month ? rv_ok() : arena_fail(call->arena, reterr));
        month_write(s->months[i].month, month);
        struct season_rate r = season_rate(&s->months[i], s);
        method_put_text(t, i, SE_MONTH, month);
        method_put_count(t, i, SE_MONTH_COUNT, s->months[i].count);
        method_put_count(t, i, SE_MONTH_DAYS, s->months[i].days);
        method_put(t, i, SE_PER_DAY, r.per_day);
        method_put(t, i, SE_ADJUSTED, r.adjusted);
        method_put_if(t, i, SE_INDEX, r.has_index, r.index, "there are no events");
    }
    RV_TRY(method_open(call, "weekdays", 7, NULL, &t, reterr));
    for (size_t d = 0; d < 7; d++) {
        double days = (double)s->weekday_days[d];
        method_put_count(t, d, SE_WEEKDAY, (int64_t)d);
        method_put_count(t, d, SE_WEEKDAY_COUNT, s->weekday_counts[d]);
        method_put_count(t, d, SE_WEEKDAY_DAYS, s->weekday_days[d]);
        method_put_if(t, d, SE_WEEKDAY_RATE, days > 0, (double)s->weekday_counts[d] / days,
                      "no such day is known");
    }
    return rv_ok();
}

/* One chi-square as one object: chi, df, p and the least expected count stand together. */
static rv_status put_test(struct method_call *call, const char *place, size_t at,
                          const int64_t *counts, const double *days, size_t k,
                          struct rv_err *reterr)
{
    struct method_table *t;
    RV_TRY(method_open(call, place, 1, NULL, &t, reterr));
    struct season_test test;
    struct rv_err err;
    rv_status status = season_compare(counts, days, k, &test, &err);
    if (!rv_is_ok(status)) {
        return method_miss_domain(call, t, 0, status, &err, reterr);
    }
    method_put(t, 0, at, test.chi_square);
    method_put_count(t, 0, at + 1, test.df);
    method_put(t, 0, at + 2, test.p);
    method_put(t, 0, at + 3, test.least_expected);
    return rv_ok();
}

static rv_status put_tests(struct method_call *call, const struct season_table *s,
                           struct rv_err *reterr)
{
    double weekdays[7], days[12] = {0};
    int64_t months[12] = {0};
    for (size_t d = 0; d < 7; d++) {
        weekdays[d] = (double)s->weekday_days[d];
    }
    for (size_t i = 0; i < s->month_count; i++) {
        months[s->months[i].month % 12] += s->months[i].count;
        days[s->months[i].month % 12] += s->months[i].days;
    }
    RV_TRY(put_test(call, "=weekday_test", SE_WTEST_CHI, s->weekday_counts, weekdays, 7, reterr));
    return put_test(call, "=month_test", SE_MTEST_CHI, months, days, 12, reterr);
}

static rv_status put_wave(struct method_call *call, const struct season_table *s,
                          struct rv_err *reterr)
{
    static const char *const terms[] = {"constant", "sin",   "cos",  "sin 2",
                                        "cos 2",    "sin 3", "cos 3"};
    struct method_table *t;
    RV_TRY(method_open(call, "=harmonic", 1, NULL, &t, reterr));
    int waves = (int)call->options[SEASON_WAVES].count;
    struct season_wave wave;
    struct rv_err err;
    rv_status status = season_fit(call->arena, s->months, s->month_count, waves,
                                  call->options[SEASON_ALPHA].real, &wave, &err);
    if (!rv_is_ok(status)) {
        return method_miss_domain(call, t, 0, status, &err, reterr);
    }
    method_put(t, 0, SE_DEVIANCE, wave.deviance);
    method_put(t, 0, SE_NULL, wave.null_deviance);
    method_put(t, 0, SE_LRT, wave.lrt);
    method_put(t, 0, SE_LRT_P, wave.lrt_p);
    method_put(t, 0, SE_PHI, wave.dispersion);
    method_put(t, 0, SE_P, wave.p);
    method_put(t, 0, SE_AMPLITUDE, wave.amplitude);
    method_put_if(t, 0, SE_RATIO, isfinite(wave.peak_to_trough), wave.peak_to_trough,
                  "some months have no events at all");
    method_put(t, 0, SE_PEAK, wave.peak_month);
    method_put_count(t, 0, SE_YEARS, wave.least_years);
    method_put_text(t, 0, SE_WORDING, season_wording_name(wave.wording));
    RV_TRY(method_open(call, "coefficients", 1 + 2 * (size_t)waves, NULL, &t, reterr));
    for (size_t j = 0; j < 1 + 2 * (size_t)waves; j++) {
        method_put_text(t, j, SE_TERM, terms[j]);
        method_put(t, j, SE_COEF, wave.coef[j]);
        method_put(t, j, SE_SE, wave.se[j]);
    }
    return rv_ok();
}

static rv_status put_contrast(struct method_call *call, const struct season_table *s,
                              struct rv_err *reterr)
{
    struct method_table *t;
    RV_TRY(method_open(call, "=summer_winter", 1, NULL, &t, reterr));
    struct season_contrast c;
    season_summer_winter(s->months, s->month_count, call->options[SEASON_LEVEL].real, &c);
    static const char none[] = "summer or winter has no known day, or there are no events";
    static const char no_winter[] = "there are no events in winter";
    bool has = c.has_comparison;
    method_put_count(t, 0, SE_SUMMER, c.summer);
    method_put_count(t, 0, SE_SUMMER_DAYS, c.summer_days);
    method_put_count(t, 0, SE_WINTER, c.winter);
    method_put_count(t, 0, SE_WINTER_DAYS, c.winter_days);
    method_put_if(t, 0, SE_CONTRAST, has && c.comparison.has_ratio, c.comparison.ratio,
                  has ? no_winter : none);
    method_put_if(t, 0, SE_CONTRAST_LOWER, has && c.comparison.ci.has_lower, c.comparison.ci.lower,
                  none);
    method_put_if(t, 0, SE_CONTRAST_UPPER, has && c.comparison.ci.has_upper, c.comparison.ci.upper,
                  has ? no_winter : none);
    method_put_if(t, 0, SE_CONTRAST_P, has, c.comparison.p, none);
    return rv_ok();
}

static rv_status run_seasonality(struct method_call *call, struct rv_err *reterr)
{
    struct days days;
    RV_TRY(take_days(call, &days, reterr));
    struct season_table s;
    RV_TRY(season_tabulate(call->arena, days.first, days.counts, days.valid, days.n, &s, reterr));
    RV_TRY(put_tables(call, &s, reterr));
    RV_TRY(put_tests(call, &s, reterr));
    RV_TRY(put_wave(call, &s, reterr));
    return put_contrast(call, &s, reterr);
}

/* --- stl --- */

enum { STL_Y };
enum { STL_PERIOD, STL_S, STL_T, STL_L, STL_ROBUST, STL_INNER, STL_OUTER };

static const struct method_column stl_columns[] = {
    [STL_Y] = {"y", "value|count|x", METHOD_REAL, METHOD_LIST, false, NULL,
               "the series, in order of time and without gaps"},
    {.name = NULL},
};
static const struct method_input stl_inputs[] = {
    {"data", stl_columns, false, "a row for each month (or week, or day)"}, {.name = NULL}};
static const struct method_option stl_settings[] = {
    [STL_PERIOD] = {"period", METHOD_COUNT, "12", NULL, 2, 1e6, "values in a cycle"},
    [STL_S] = {"s_window", METHOD_COUNT, "0", NULL, 0, 1e6,
               "0 = the same season in every cycle; else an odd number from 7"},
    [STL_T] = {"t_window", METHOD_COUNT, "0", NULL, 0, 1e6, "0 = by the rule of the card"},
    [STL_L] = {"l_window", METHOD_COUNT, "0", NULL, 0, 1e6, "0 = the next odd number from period"},
    [STL_ROBUST] = {"robust", METHOD_FLAG, "false", NULL, 0, 0, "outliers count less"},
    [STL_INNER] = {"inner", METHOD_COUNT, "0", NULL, 0, 1000, "loops; 0 = 1 when robust, else 2"},
    [STL_OUTER] = {"outer", METHOD_COUNT, "0", NULL, 0, 1000, "loops when robust; 0 = 15"},
    {.name = NULL},
};
enum { STL_N, STL_CYCLES, STL_SHORT, STL_SEASONAL, STL_TREND, STL_REMAINDER, STL_WEIGHT };
static const struct method_output stl_outputs[] = {
    [STL_N] = {"n", "", METHOD_COUNT, "values", "of the series"},
    [STL_CYCLES] = {"cycles", "", METHOD_REAL, "", "n over period"},
    [STL_SHORT] = {"short", "", METHOD_FLAG, "", "under four cycles: the season is hardly known"},
    [STL_SEASONAL] = {"seasonal", "rows", METHOD_REAL, "as y", "around 0"},
    [STL_TREND] = {"trend", "rows", METHOD_REAL, "as y", "the level"},
    [STL_REMAINDER] = {"remainder", "rows", METHOD_REAL, "as y", "y less season and trend"},
    [STL_WEIGHT] = {"weight", "rows", METHOD_REAL, "", "1 but for outliers of a robust fit"},
    {.name = NULL},
};

static rv_status run_stl(struct method_call *call, struct rv_err *reterr)
{
    const struct method_values *y = &call->in[0].columns[STL_Y];
    const struct method_setting *o = call->options;
    const struct stl_options options = {.period = (size_t)o[STL_PERIOD].count,
                                        .seasonal_window = (size_t)o[STL_S].count,
                                        .trend_window = (size_t)o[STL_T].count,
                                        .low_pass_window = (size_t)o[STL_L].count,
                                        .is_robust = o[STL_ROBUST].count != 0,
                                        .inner_loops = (int)o[STL_INNER].count,
                                        .outer_loops = (int)o[STL_OUTER].count};
    struct stl s;
    RV_TRY(stl_decompose(call->arena, y->reals, y->valid, y->n, &options, &s, reterr));
    struct method_table *t;
    RV_TRY(method_open(call, "", 1, NULL, &t, reterr));
    method_put_count(t, 0, STL_N, (int64_t)s.n);
    method_put(t, 0, STL_CYCLES, s.cycles);
    method_put_flag(t, 0, STL_SHORT, s.is_short);
    RV_TRY(method_open(call, "rows", s.n, METHOD_SAME_ROWS, &t, reterr));
    for (size_t i = 0; i < s.n; i++) {
        static const char reason[] = "the values are too large to be smoothed";
        method_put_if(t, i, STL_SEASONAL, isfinite(s.seasonal[i]), s.seasonal[i], reason);
        method_put_if(t, i, STL_TREND, isfinite(s.trend[i]), s.trend[i], reason);
        method_put_if(t, i, STL_REMAINDER, isfinite(s.remainder[i]), s.remainder[i], reason);
        method_put_if(t, i, STL_WEIGHT, isfinite(s.weights[i]), s.weights[i], reason);
    }
    return rv_ok();
}

/* --- changepoint --- */

enum { CHANGE_X, CHANGE_EXPOSURE };
enum { CHANGE_PENALTY, CHANGE_REPLICATES, CHANGE_SEED };

static const struct method_column change_columns[] = {
    [CHANGE_X] = {"x", "count|y|events", METHOD_COUNT, METHOD_LIST, false, NULL,
                  "events of each period, in order of time and without gaps"},
    [CHANGE_EXPOSURE] = {"exposure", "days", METHOD_AMOUNT, METHOD_LIST, true, NULL,
                         "length of each period; without this column all are equal"},
    {.name = NULL},
};
static const struct method_input change_inputs[] = {
    {"data", change_columns, false, "a row for each period"}, {.name = NULL}};
static const struct method_option change_settings[] = {
    [CHANGE_PENALTY] = {"penalty", METHOD_AMOUNT, "0", NULL, 0, 1e9,
                        "for each change; 0 = twice the logarithm of n"},
    [CHANGE_REPLICATES] = {"replicates", METHOD_COUNT, "999", NULL, 0, 1e6,
                           "of the Monte Carlo test; 0 = none"},
    [CHANGE_SEED] = {"seed", METHOD_COUNT, "20240131", NULL, 0, 0, "of the test"},
    {.name = NULL},
};
enum {
    CP_TAU,
    CP_MAX,
    CP_P,
    CP_PENALTY,
    CP_CHANGES,
    CP_AFTER,
    CP_LR,
    CP_FIRST,
    CP_LAST,
    CP_COUNT,
    CP_EXPOSURE,
    CP_RATE
};
static const struct method_output change_outputs[] = {
    [CP_TAU] = {"tau_hat", "", METHOD_COUNT, "periods", "before the one change that fits best"},
    [CP_MAX] = {"lr_max", "", METHOD_REAL, "", "its likelihood ratio, doubled"},
    [CP_P] = {"p", "", METHOD_REAL, "", "Monte Carlo, of no change at all"},
    [CP_PENALTY] = {"penalty", "", METHOD_REAL, "", "for each change of the partition"},
    [CP_CHANGES] = {"optimal_changepoints", "", METHOD_TEXTS, "periods",
                    "before each change of the best partition"},
    [CP_AFTER] = {"after", "ratios", METHOD_COUNT, "periods", "before the change"},
    [CP_LR] = {"lr", "ratios", METHOD_REAL, "", "likelihood ratio, doubled"},
    [CP_FIRST] = {"first", "segments", METHOD_COUNT, "period", "from 1"},
    [CP_LAST] = {"last", "segments", METHOD_COUNT, "period", "included"},
    [CP_COUNT] = {"count", "segments", METHOD_COUNT, "events", "in the segment"},
    [CP_EXPOSURE] = {"exposure", "segments", METHOD_REAL, "", "of the segment"},
    [CP_RATE] = {"rate", "segments", METHOD_REAL, "events", "by exposure"},
    {.name = NULL},
};

static rv_status put_partition(struct method_call *call, const struct changepoint *c,
                               struct rv_err *reterr)
{
    struct method_table *t;
    const char **changes = ARENA_NEW(call->arena, const char *, c->segment_count);
    if (!changes) {
        return arena_fail(call->arena, reterr);
    }
    for (size_t k = 0; k + 1 < c->segment_count; k++) {
        changes[k] = arena_printf(call->arena, "%zu", c->segments[k].end);
        RV_TRY(changes[k] ? rv_ok() : arena_fail(call->arena, reterr));
    }
    RV_TRY(method_open(call, "", 1, NULL, &t, reterr));
    method_put_count(t, 0, CP_TAU, (int64_t)c->after);
    method_put(t, 0, CP_MAX, c->lr_max);
    method_put_if(t, 0, CP_P, c->has_p, c->p, "there are no events, or no replicates");
    method_put(t, 0, CP_PENALTY, c->penalty);
    method_put_texts(t, 0, CP_CHANGES, changes, c->segment_count - 1);
    RV_TRY(method_open(call, "segments", c->segment_count, NULL, &t, reterr));
    for (size_t k = 0; k < c->segment_count; k++) {
        method_put_count(t, k, CP_FIRST, (int64_t)c->segments[k].first + 1);
        method_put_count(t, k, CP_LAST, (int64_t)c->segments[k].end);
        method_put_count(t, k, CP_COUNT, c->segments[k].count);
        method_put(t, k, CP_EXPOSURE, c->segments[k].exposure);
        method_put_if(t, k, CP_RATE, isfinite(c->segments[k].rate), c->segments[k].rate,
                      "the exposure is too small");
    }
    return rv_ok();
}

static rv_status run_changepoint(struct method_call *call, struct rv_err *reterr)
{
    const struct method_values *x = &call->in[0].columns[CHANGE_X];
    const struct method_values *exposure = &call->in[0].columns[CHANGE_EXPOSURE];
    const struct method_setting *o = call->options;
    const struct changepoint_options options = {.penalty = o[CHANGE_PENALTY].real,
                                                .replicates = o[CHANGE_REPLICATES].count,
                                                .seed = (uint64_t)o[CHANGE_SEED].count};
    for (size_t i = 0; exposure->is_given && i < x->n; i++) {
        if (!method_has(exposure, i)) {
            return rv_fail(reterr, RV_DOMAIN, "period %zu has no exposure", i + 1);
        }
    }
    struct changepoint c;
    RV_TRY(changepoint_detect(call->arena, NULL, x->counts,
                              exposure->is_given ? exposure->reals : NULL, x->valid, x->n, &options,
                              &c, reterr));
    RV_TRY(put_partition(call, &c, reterr));
    struct method_table *t;
    RV_TRY(method_open(call, "ratios", c.n - 1, NULL, &t, reterr));
    for (size_t i = 0; i < c.n - 1; i++) {
        method_put_count(t, i, CP_AFTER, (int64_t)i + 1);
        method_put(t, i, CP_LR, c.lr[i]);
    }
    return rv_ok();
}

const struct method method_series[] = {
    {"seasonality", "Weekdays, months and the yearly wave", NULL,
     "Are some weekdays or months busier, allowing for how often they occur?", season_inputs,
     season_options, season_outputs, run_seasonality},
    {"stl", "Season, trend and remainder", NULL, "What are season, trend and rest of a series?",
     stl_inputs, stl_settings, stl_outputs, run_stl},
    {"changepoint", "Changes of level", NULL,
     "When did the level of a series change, and did it change at all?", change_inputs,
     change_settings, change_outputs, run_changepoint},
    {.name = NULL},
};
