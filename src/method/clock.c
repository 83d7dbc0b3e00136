/* method/clock.c — methods of dates and intervals: recording delay, aoristic weights.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "method/registry.h"
#include "stats/aoristic.h"
#include "stats/delay.h"

/* --- recording-delay --- */

enum { DELAY_COMMITTED, DELAY_RECORDED, DELAY_HOUR };
enum { DELAY_WITHIN, DELAY_SHARE_USABLE, DELAY_SHARE_CAUTION, DELAY_LEVEL };

static const struct method_column delay_columns[] = {
    [DELAY_COMMITTED] = {"committed", "committed_from|start", METHOD_DATE, METHOD_LIST, false, NULL,
                         "date of the offence, the first when it is an interval"},
    [DELAY_RECORDED] = {"recorded", "recorded_at", METHOD_DATE, METHOD_LIST, false, NULL,
                        "date of recording"},
    [DELAY_HOUR] = {"hour", NULL, METHOD_COUNT, METHOD_LIST, true, NULL,
                    "hour of the offence, 0 to 23; empty where it is not known"},
    {.name = NULL},
};
static const struct method_input delay_inputs[] = {
    {"data", delay_columns, false, "a row for each record"}, {.name = NULL}};
static const struct method_option delay_options[] = {
    [DELAY_WITHIN] = {"within_days", METHOD_COUNT, "7", NULL, 0, 36500, "longest delay retained"},
    [DELAY_SHARE_USABLE] = {"usable", METHOD_REAL, "0.7", NULL, 0, 1,
                            "retained share from which hours are usable"},
    [DELAY_SHARE_CAUTION] = {"caution", METHOD_REAL, "0.5", NULL, 0, 1,
                             "and from which they are usable with caution"},
    [DELAY_LEVEL] = {"level", METHOD_LEVEL, "0.95", NULL, 0.5, 0.999999, "of the interval"},
    {.name = NULL},
};

enum {
    OUT_N,
    OUT_VALID,
    OUT_INVALID,
    OUT_MISSING,
    OUT_NEGATIVE,
    OUT_RETAINED,
    OUT_SHARE,
    OUT_LOWER,
    OUT_UPPER,
    OUT_VERDICT,
    OUT_WITHOUT_HOUR,
    OUT_CHI,
    OUT_DF,
    OUT_CHI_P,
    OUT_LEAST,
    OUT_NOON_P,
    OUT_NOON_OR,
    OUT_LEVEL,
    OUT_DAYS,
    OUT_STEP,
    OUT_STEP_N,
    OUT_RUNG,
    OUT_RUNG_N,
    OUT_RUNG_SHARE,
    OUT_RUNG_HOUR_N,
    OUT_RUNG_PEAK,
    OUT_RUNG_COUNT,
    OUT_RUNG_TIED,
    OUT_HOUR,
    OUT_HOUR_WITHIN,
    OUT_HOUR_LATE
};

static const struct method_output delay_outputs[] = {
    [OUT_N] = {"n", "", METHOD_COUNT, "records", "all"},
    [OUT_VALID] = {"valid", "", METHOD_COUNT, "records", "with both dates, in order"},
    [OUT_INVALID] = {"invalid", "", METHOD_COUNT, "records", "missing and negative together"},
    [OUT_MISSING] = {"not_recorded", "", METHOD_COUNT, "records", "without one of the dates"},
    [OUT_NEGATIVE] = {"negative", "", METHOD_COUNT, "records", "recorded before they happened"},
    [OUT_RETAINED] = {"retained", "", METHOD_COUNT, "records", "recorded within the days allowed"},
    [OUT_SHARE] = {"retained_share", "", METHOD_REAL, "share", "of valid records"},
    [OUT_LOWER] = {"lower", "", METHOD_REAL, "share", "Wilson limit of it"},
    [OUT_UPPER] = {"upper", "", METHOD_REAL, "share", "Wilson limit of it"},
    [OUT_VERDICT] = {"verdict", "", METHOD_TEXT, "", "usable, caution or not-reliable"},
    [OUT_WITHOUT_HOUR] = {"without_hour", "", METHOD_COUNT, "records",
                          "valid, with an hour that is not known"},
    [OUT_CHI] = {"pearson_chisq_hours", "", METHOD_REAL, "", "hours of retained against late"},
    [OUT_DF] = {"df", "", METHOD_COUNT, "", "its degrees of freedom"},
    [OUT_CHI_P] = {"chisq_p", "", METHOD_REAL, "", "its p"},
    [OUT_LEAST] = {"least_expected", "", METHOD_REAL, "records",
                   "smallest expected count: below 5 the p is a hint"},
    [OUT_NOON_P] = {"noon_fisher_p", "", METHOD_REAL, "", "12:00 among retained against late"},
    [OUT_NOON_OR] = {"noon_or", "", METHOD_REAL, "odds ratio", "below 1: noon stands for the late"},
    [OUT_LEVEL] = {"level", "delay_quantiles_type7", METHOD_REAL, "share", "of valid records"},
    [OUT_DAYS] = {"days", "delay_quantiles_type7", METHOD_REAL, "days", "delay not exceeded"},
    [OUT_STEP] = {"days", "within", METHOD_COUNT, "days", "0 to so many"},
    [OUT_STEP_N] = {"n", "within", METHOD_COUNT, "records", "with such a delay"},
    [OUT_RUNG] = {"days", "ladder", METHOD_COUNT, "days", "at most; missing = all valid records"},
    [OUT_RUNG_N] = {"n", "ladder", METHOD_COUNT, "records", "on this rung"},
    [OUT_RUNG_SHARE] = {"share", "ladder", METHOD_REAL, "share", "of valid records"},
    [OUT_RUNG_HOUR_N] = {"with_hour", "ladder", METHOD_COUNT, "records", "with a known hour"},
    [OUT_RUNG_PEAK] = {"peak_hour", "ladder", METHOD_COUNT, "hour", "of most of these records"},
    [OUT_RUNG_COUNT] = {"peak_count", "ladder", METHOD_COUNT, "records", "in that hour"},
    [OUT_RUNG_TIED] = {"tied", "ladder", METHOD_COUNT, "hours", "with as many records"},
    [OUT_HOUR] = {"hour", "hours", METHOD_COUNT, "hour", "0 to 23"},
    [OUT_HOUR_WITHIN] = {"within", "hours", METHOD_COUNT, "records", "retained"},
    [OUT_HOUR_LATE] = {"late", "hours", METHOD_COUNT, "records", "recorded later"},
    {.name = NULL},
};

/* Days and hours in the narrow types of the statistic. */
static rv_status narrow(struct method_call *call, struct delay_records *ret, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    size_t n = call->in[0].n;
    int32_t *committed = ARENA_NEW(call->arena, int32_t, n + 1);
    int32_t *recorded = ARENA_NEW(call->arena, int32_t, n + 1);
    int8_t *hour = ARENA_NEW(call->arena, int8_t, n + 1);
    if (!committed || !recorded || !hour) {
        return arena_fail(call->arena, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        committed[i] =
            method_has(&c[DELAY_COMMITTED], i) ? (int32_t)c[DELAY_COMMITTED].counts[i] : 0;
        recorded[i] = method_has(&c[DELAY_RECORDED], i) ? (int32_t)c[DELAY_RECORDED].counts[i] : 0;
        int64_t at = method_has(&c[DELAY_HOUR], i) ? c[DELAY_HOUR].counts[i] : 0;
        hour[i] = (int8_t)(at > 100 ? 100 : at); /* refused by the statistic, with its row */
    }
    *ret = (struct delay_records){.n = n,
                                  .committed = committed,
                                  .recorded = recorded,
                                  .committed_valid = c[DELAY_COMMITTED].valid,
                                  .recorded_valid = c[DELAY_RECORDED].valid,
                                  .hour = c[DELAY_HOUR].is_given ? hour : NULL,
                                  .hour_valid = c[DELAY_HOUR].valid};
    return rv_ok();
}

static rv_status put_summary(struct method_call *call, const struct delay *d, struct rv_err *reterr)
{
    static const char no_groups[] = "hours are not known in both groups, or are all the same";
    struct method_table *t;
    RV_TRY(method_open(call, "", 1, NULL, &t, reterr));
    method_put_count(t, 0, OUT_N, d->n);
    method_put_count(t, 0, OUT_VALID, d->valid);
    method_put_count(t, 0, OUT_INVALID, d->missing + d->negative);
    method_put_count(t, 0, OUT_MISSING, d->missing);
    method_put_count(t, 0, OUT_NEGATIVE, d->negative);
    method_put_count(t, 0, OUT_RETAINED, d->within);
    method_put(t, 0, OUT_SHARE, d->retained);
    method_put(t, 0, OUT_LOWER, d->retained_ci.lower);
    method_put(t, 0, OUT_UPPER, d->retained_ci.upper);
    method_put_text(t, 0, OUT_VERDICT, delay_verdict_name(d->verdict));
    method_put_count(t, 0, OUT_WITHOUT_HOUR, d->without_hour);
    method_put_if(t, 0, OUT_CHI, d->has_hours_test, d->chi_square, no_groups);
    method_put_if(t, 0, OUT_DF, d->has_hours_test, d->chi_df, no_groups);
    method_put_if(t, 0, OUT_CHI_P, d->has_hours_test, d->chi_p, no_groups);
    method_put_if(t, 0, OUT_LEAST, d->has_hours_test, d->least_expected, no_groups);
    method_put_if(t, 0, OUT_NOON_P, d->has_noon_test, d->noon_p, no_groups);
    method_put_if(t, 0, OUT_NOON_OR, d->has_noon_test && !d->noon_odds.is_infinite,
                  d->noon_odds.value,
                  d->has_noon_test ? "it is infinite: no late record is at 12:00" : no_groups);
    return rv_ok();
}

static rv_status put_steps(struct method_call *call, const struct delay *d, struct rv_err *reterr)
{
    struct method_table *t;
    RV_TRY(method_open(call, "delay_quantiles_type7", DELAY_QUANTILES, NULL, &t, reterr));
    for (size_t q = 0; q < DELAY_QUANTILES; q++) {
        method_put(t, q, OUT_LEVEL, delay_quantile_levels[q]);
        method_put(t, q, OUT_DAYS, d->quantiles[q]);
    }
    RV_TRY(method_open(call, "within", DELAY_STEPS, NULL, &t, reterr));
    for (size_t step = 0; step < DELAY_STEPS; step++) {
        method_put_count(t, step, OUT_STEP, delay_step_days[step]);
        method_put_count(t, step, OUT_STEP_N, d->within_step[step]);
    }
    return rv_ok();
}

static rv_status put_ladder(struct method_call *call, const struct delay *d, struct rv_err *reterr)
{
    static const char no_hour[] = "no record here has a known hour";
    struct method_table *t;
    RV_TRY(method_open(call, "ladder", DELAY_RUNGS, NULL, &t, reterr));
    for (size_t i = 0; i < DELAY_RUNGS; i++) {
        const struct delay_rung *r = &d->rungs[i];
        method_put_if(t, i, OUT_RUNG, r->days >= 0, r->days, "all valid records, without a limit");
        method_put_count(t, i, OUT_RUNG_N, r->n);
        method_put(t, i, OUT_RUNG_SHARE, r->share);
        method_put_count(t, i, OUT_RUNG_HOUR_N, r->with_hour);
        method_put_if(t, i, OUT_RUNG_PEAK, r->has_peak, r->peak, no_hour);
        method_put_if(t, i, OUT_RUNG_COUNT, r->has_peak, (double)r->peak_count, no_hour);
        method_put_if(t, i, OUT_RUNG_TIED, r->has_peak, r->tied, no_hour);
    }
    RV_TRY(method_open(call, "hours", 24, NULL, &t, reterr));
    for (size_t hour = 0; hour < 24; hour++) {
        method_put_count(t, hour, OUT_HOUR, (int64_t)hour);
        method_put_count(t, hour, OUT_HOUR_WITHIN, d->early_hours[hour]);
        method_put_count(t, hour, OUT_HOUR_LATE, d->late_hours[hour]);
    }
    return rv_ok();
}

static rv_status run_delay(struct method_call *call, struct rv_err *reterr)
{
    const struct method_setting *o = call->options;
    const struct delay_options options = {.within_days = (int32_t)o[DELAY_WITHIN].count,
                                          .usable = o[DELAY_SHARE_USABLE].real,
                                          .caution = o[DELAY_SHARE_CAUTION].real,
                                          .level = o[DELAY_LEVEL].real};
    struct delay_records records;
    RV_TRY(narrow(call, &records, reterr));
    struct delay d;
    RV_TRY(delay_measure(call->arena, &records, &options, &d, reterr));
    RV_TRY(put_summary(call, &d, reterr));
    RV_TRY(put_steps(call, &d, reterr));
    return put_ladder(call, &d, reterr);
}

/* --- aoristic --- */

enum { AORISTIC_START, AORISTIC_END };
enum { AORISTIC_LONGEST, AORISTIC_EACH };

static const struct method_column aoristic_columns[] = {
    [AORISTIC_START] = {"start", "committed_from|from", METHOD_TIME, METHOD_LIST, false, NULL,
                        "local time from which it may have happened, included"},
    [AORISTIC_END] = {"end", "committed_to|to", METHOD_TIME, METHOD_LIST, true, NULL,
                      "local time until which, not included; empty = the start"},
    {.name = NULL},
};
static const struct method_input aoristic_inputs[] = {
    {"data", aoristic_columns, false, "a row for each offence"}, {.name = NULL}};
static const struct method_option aoristic_settings[] = {
    [AORISTIC_LONGEST] = {"longest_hours", METHOD_AMOUNT, NULL, NULL, 0, 1e7,
                          "longer intervals are left out and counted"},
    [AORISTIC_EACH] = {"each", METHOD_FLAG, "false", NULL, 0, 0,
                       "also the weights of each row (long for many rows)"},
    {.name = NULL},
};

enum {
    AO_N,
    AO_PLACED,
    AO_MISSING,
    AO_REVERSED,
    AO_TOO_LONG,
    AO_INSTANTS,
    AO_UNIFORM,
    AO_SUM,
    AO_CELL_DAY,
    AO_CELL_HOUR,
    AO_CELL,
    AO_HOUR,
    AO_HOUR_WEIGHT,
    AO_CLOCK,
    AO_DAY,
    AO_DAY_WEIGHT,
    AO_STATUS,
    AO_EACH_ROW,
    AO_EACH_CELL,
    AO_EACH_WEIGHT
};

static const struct method_output aoristic_outputs[] = {
    [AO_N] = {"n", "", METHOD_COUNT, "records", "all"},
    [AO_PLACED] = {"n_valid", "", METHOD_COUNT, "records", "in the weights"},
    [AO_MISSING] = {"not_recorded", "", METHOD_COUNT, "records", "without a start"},
    [AO_REVERSED] = {"invalid", "", METHOD_COUNT, "records", "with an end before the start"},
    [AO_TOO_LONG] = {"too_long", "", METHOD_COUNT, "records", "longer than longest_hours"},
    [AO_INSTANTS] = {"instants", "", METHOD_COUNT, "records", "at one time: no end, or the same"},
    [AO_UNIFORM] = {"uniform", "", METHOD_COUNT, "records",
                    "of seven days or longer, spread evenly"},
    [AO_SUM] = {"sum", "", METHOD_REAL, "records", "of all weights"},
    [AO_CELL_DAY] = {"weekday", "total_168", METHOD_COUNT, "weekday", "0 = Monday"},
    [AO_CELL_HOUR] = {"hour", "total_168", METHOD_COUNT, "hour", "0 to 23"},
    [AO_CELL] = {"weight", "total_168", METHOD_REAL, "records", "in this hour of the week"},
    [AO_HOUR] = {"hour", "total_by_hour", METHOD_COUNT, "hour", "0 to 23"},
    [AO_HOUR_WEIGHT] = {"weight", "total_by_hour", METHOD_REAL, "records", "over the week"},
    [AO_CLOCK] = {"clock", "total_by_hour", METHOD_REAL, "records",
                  "the same with long intervals wrapped round the clock, not spread evenly"},
    [AO_DAY] = {"weekday", "total_by_weekday", METHOD_COUNT, "weekday", "0 = Monday"},
    [AO_DAY_WEIGHT] = {"weight", "total_by_weekday", METHOD_REAL, "records", "over the day"},
    [AO_STATUS] = {"status", "rows", METHOD_TEXT, "", "ok, invalid, missing or too-long"},
    [AO_EACH_ROW] = {"row", "weights", METHOD_COUNT, "row", "from 1"},
    [AO_EACH_CELL] = {"cell", "weights", METHOD_TEXT, "weekday-hour", "4-15 = Friday, 15:00"},
    [AO_EACH_WEIGHT] = {"weight", "weights", METHOD_REAL, "record", "its part in that hour"},
    {.name = NULL},
};

static rv_status put_totals(struct method_call *call, const struct aoristic *w,
                            struct rv_err *reterr)
{
    struct method_table *t;
    double sum = 0;
    RV_TRY(method_open(call, "total_168", AORISTIC_CELLS, NULL, &t, reterr));
    for (size_t k = 0; k < AORISTIC_CELLS; k++) {
        method_put_count(t, k, AO_CELL_DAY, (int64_t)k / 24);
        method_put_count(t, k, AO_CELL_HOUR, (int64_t)k % 24);
        method_put(t, k, AO_CELL, w->week[k]);
        sum += w->week[k];
    }
    RV_TRY(method_open(call, "total_by_hour", 24, NULL, &t, reterr));
    for (size_t h = 0; h < 24; h++) {
        method_put_count(t, h, AO_HOUR, (int64_t)h);
        method_put(t, h, AO_HOUR_WEIGHT, w->hours[h]);
        method_put(t, h, AO_CLOCK, w->clock[h]);
    }
    RV_TRY(method_open(call, "total_by_weekday", 7, NULL, &t, reterr));
    for (size_t d = 0; d < 7; d++) {
        method_put_count(t, d, AO_DAY, (int64_t)d);
        method_put(t, d, AO_DAY_WEIGHT, w->weekdays[d]);
    }
    RV_TRY(method_open(call, "", 1, NULL, &t, reterr));
    method_put_count(t, 0, AO_N, w->n);
    method_put_count(t, 0, AO_PLACED, w->placed);
    method_put_count(t, 0, AO_MISSING, w->missing);
    method_put_count(t, 0, AO_REVERSED, w->reversed);
    method_put_count(t, 0, AO_TOO_LONG, w->too_long);
    method_put_count(t, 0, AO_INSTANTS, w->instants);
    method_put_count(t, 0, AO_UNIFORM, w->uniform);
    method_put(t, 0, AO_SUM, sum);
    return rv_ok();
}

static const char *status_name(const struct aoristic *w)
{
    return w->missing ? "missing" : w->reversed ? "invalid" : w->too_long ? "too-long" : "ok";
}

/* One row as a list of its own. */
static rv_status weigh_row(const struct aoristic_records *all, size_t i,
                           const struct aoristic_options *options, struct aoristic *ret,
                           struct rv_err *reterr)
{
    uint64_t start = all->start_valid[i / 64] >> i % 64 & 1;
    uint64_t end = all->end_valid ? all->end_valid[i / 64] >> i % 64 & 1 : 0;
    struct aoristic_records one = {.n = 1,
                                   .start_s = all->start_s + i,
                                   .end_s = end ? all->end_s + i : all->start_s + i,
                                   .start_valid = &start,
                                   .end_valid = &end};
    return aoristic_weigh(NULL, &one, options, ret, reterr);
}

static rv_status put_each(struct method_call *call, const struct aoristic_records *records,
                          const struct aoristic_options *options, struct rv_err *reterr)
{
    struct method_table *rows, *t;
    RV_TRY(method_open(call, "rows", records->n, METHOD_SAME_ROWS, &rows, reterr));
    size_t cells = 0;
    for (size_t i = 0; i < records->n; i++) {
        struct aoristic w;
        RV_TRY(weigh_row(records, i, options, &w, reterr));
        method_put_text(rows, i, AO_STATUS, status_name(&w));
        for (size_t k = 0; k < AORISTIC_CELLS; k++) {
            cells += w.week[k] > 0;
        }
    }
    RV_TRY(method_open(call, "weights", cells, NULL, &t, reterr));
    size_t at = 0;
    for (size_t i = 0; i < records->n; i++) {
        struct aoristic w;
        RV_TRY(weigh_row(records, i, options, &w, reterr));
        for (size_t k = 0; k < AORISTIC_CELLS; k++) {
            if (w.week[k] > 0) {
                const char *name = arena_printf(call->arena, "%zu-%02zu", k / 24, k % 24);
                RV_TRY(name ? rv_ok() : arena_fail(call->arena, reterr));
                method_put_count(t, at, AO_EACH_ROW, (int64_t)i + 1);
                method_put_text(t, at, AO_EACH_CELL, name);
                method_put(t, at++, AO_EACH_WEIGHT, w.week[k]);
            }
        }
    }
    return rv_ok();
}

static rv_status run_aoristic(struct method_call *call, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    const struct method_setting *o = call->options;
    struct aoristic_options options = AORISTIC_DEFAULTS;
    if (o[AORISTIC_LONGEST].is_given) {
        options.longest_s = (int64_t)(o[AORISTIC_LONGEST].real * 3600);
    }
    uint64_t *none = ARENA_NEW(call->arena, uint64_t, call->in[0].n / 64 + 1);
    if (!none) {
        return arena_fail(call->arena, reterr);
    }
    bool has_end = c[AORISTIC_END].is_given;
    struct aoristic_records records = {.n = call->in[0].n,
                                       .start_s = c[AORISTIC_START].counts,
                                       .start_valid = c[AORISTIC_START].valid,
                                       .end_s = has_end ? c[AORISTIC_END].counts
                                                        : c[AORISTIC_START].counts,
                                       .end_valid = has_end ? c[AORISTIC_END].valid : none};
    struct aoristic w;
    RV_TRY(aoristic_weigh(NULL, &records, &options, &w, reterr));
    if (w.placed == 0) {
        RV_TRY(method_note(call, reterr,
                           "no record could be placed: the weights are those of no "
                           "offence, not of a quiet week"));
    }
    RV_TRY(put_totals(call, &w, reterr));
    return o[AORISTIC_EACH].count ? put_each(call, &records, &options, reterr) : rv_ok();
}

const struct method method_clock[] = {
    {"recording-delay", "Recording delay", NULL,
     "How long after the offence was it recorded, and can its hour be trusted?", delay_inputs,
     delay_options, delay_outputs, run_delay},
    {"aoristic", "Aoristic weights", NULL,
     "When do offences happen of which only a beginning and an end are known?", aoristic_inputs,
     aoristic_settings, aoristic_outputs, run_aoristic},
    {.name = NULL},
};
