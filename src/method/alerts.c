/* method/alerts.c — weekly alarms by every rule, side by side.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "method/registry.h"
#include "stats/alert.h"
#include "stats/farrington.h"

enum { ALERT_COUNT };
enum {
    OPT_ALPHA,
    OPT_C3_ALPHA,
    OPT_FARRINGTON_ALPHA,
    OPT_TAIL_ALPHA,
    OPT_YEARS,
    OPT_HALF_WINDOW,
    OPT_PERIOD,
    OPT_BASELINE_WEEKS,
    OPT_BASELINE,
    OPT_RISE,
    OPT_LIMIT,
    OPT_LAMBDA,
    OPT_WIDTH,
    OPT_WINDOW
};

static const struct method_column alert_columns[] = {
    [ALERT_COUNT] = {"count", "n|events|x", METHOD_COUNT, METHOD_LIST, false, NULL,
                     "events of each week, in order of time; empty where it is not known"},
    {.name = NULL},
};
static const struct method_input alert_inputs[] = {
    {"data", alert_columns, false, "a row for each week"}, {.name = NULL}};
static const struct method_option alert_options[] = {
    [OPT_ALPHA] = {"alpha", METHOD_REAL, "0.001", NULL, 1e-9, 0.5, "of C1 and C2"},
    [OPT_C3_ALPHA] = {"c3_alpha", METHOD_REAL, "0.025", NULL, 1e-9, 0.5, "of C3"},
    [OPT_FARRINGTON_ALPHA] = {"farrington_alpha", METHOD_REAL, "0.01", NULL, 1e-9, 0.5,
                              "of both regressions"},
    [OPT_TAIL_ALPHA] = {"tail_alpha", METHOD_REAL, "0.001", NULL, 1e-9, 0.5, "of the exact tail"},
    [OPT_YEARS] = {"years", METHOD_COUNT, "3", NULL, 1, 20, "looked back at by the regressions"},
    [OPT_HALF_WINDOW] = {"half_window", METHOD_COUNT, "3", NULL, 0, 20,
                         "weeks on either side of the same week"},
    [OPT_PERIOD] = {"period", METHOD_COUNT, "52", NULL, 4, 366, "weeks in a year"},
    [OPT_BASELINE_WEEKS] = {"baseline_weeks", METHOD_COUNT, "104", NULL, 1, 1e6,
                            "first weeks whose mean is the standard of CUSUM and EWMA"},
    [OPT_BASELINE] = {"baseline", METHOD_AMOUNT, "0", NULL, 0, 1e12, "this standard; 0 = as above"},
    [OPT_RISE] = {"rise", METHOD_REAL, "1.5", NULL, 1.000001, 1e6, "CUSUM: factor to be noticed"},
    [OPT_LIMIT] = {"limit", METHOD_REAL, "5", NULL, 1e-6, 1e6, "CUSUM: h over sqrt(standard)"},
    [OPT_LAMBDA] = {"lambda", METHOD_REAL, "0.2", NULL, 1e-6, 1, "EWMA: weight of the week"},
    [OPT_WIDTH] = {"width", METHOD_REAL, "3", NULL, 1e-6, 1e6, "EWMA: standard deviations"},
    [OPT_WINDOW] = {"tail_window", METHOD_COUNT, "52", NULL, 4, 520,
                    "weeks before, for the median of the exact tail; half must be known"},
    {.name = NULL},
};

/* Limits and alarms of the rules, two outputs each, in this order. */
enum { RULE_C1, RULE_C2, RULE_C3, RULE_C3_R, RULE_FARRINGTON, RULE_FLEXIBLE, RULES };

enum {
    AL_BASELINE,
    AL_K,
    AL_H,
    AL_RULES,
    AL_CUSUM = AL_RULES + 2 * RULES,
    AL_CUSUM_RESET,
    AL_CUSUM_ALARM,
    AL_EWMA,
    AL_EWMA_UPPER,
    AL_EWMA_LOWER,
    AL_EWMA_ALARM,
    AL_TAIL_MEAN,
    AL_TAIL_P,
    AL_TAIL_LIMIT,
    AL_TAIL_ALARM
};

#define RULE_OUTPUTS(rule, name, what)                                                             \
    [AL_RULES + 2 * (rule)] = {name "_upper", "rows", METHOD_REAL, "events", what},                \
                    [AL_RULES + 2 * (rule) + 1] = {name "_alarm", "rows", METHOD_FLAG, "",         \
                                                   "the count is above it"}

static const struct method_output alert_outputs[] = {
    [AL_BASELINE] = {"baseline", "=chart", METHOD_REAL, "events", "standard of CUSUM and EWMA"},
    [AL_K] = {"k", "=chart", METHOD_REAL, "events", "reference value of the CUSUM"},
    [AL_H] = {"h", "=chart", METHOD_REAL, "events", "decision limit of the CUSUM"},
    RULE_OUTPUTS(RULE_C1, "C1", "EARS C1: seven weeks before"),
    RULE_OUTPUTS(RULE_C2, "C2", "EARS C2: seven weeks, two weeks earlier"),
    RULE_OUTPUTS(RULE_C3, "C3", "EARS C3: excess of three weeks, as published"),
    RULE_OUTPUTS(RULE_C3_R, "C3_R", "what R's surveillance prints for C3; to compare only"),
    RULE_OUTPUTS(RULE_FARRINGTON, "farr", "Farrington 1996"),
    RULE_OUTPUTS(RULE_FLEXIBLE, "farrflex", "Noufaily 2013"),
    [AL_CUSUM] = {"cusum", "rows", METHOD_REAL, "events", "never set back"},
    [AL_CUSUM_RESET] = {"cusum_reset", "rows", METHOD_REAL, "events", "from 0 after an alarm"},
    [AL_CUSUM_ALARM] = {"cusum_alarm", "rows", METHOD_FLAG, "", "cusum_reset is above h"},
    [AL_EWMA] = {"ewma", "rows", METHOD_REAL, "events", "moving average"},
    [AL_EWMA_UPPER] = {"ewma_ucl3", "rows", METHOD_REAL, "events", "its upper limit"},
    [AL_EWMA_LOWER] = {"ewma_lcl3", "rows", METHOD_REAL, "events", "its lower limit"},
    [AL_EWMA_ALARM] = {"ewma_alarm", "rows", METHOD_FLAG, "", "ewma is above its limit"},
    [AL_TAIL_MEAN] = {"tail_mean", "rows", METHOD_REAL, "events", "median before, at least ln 2"},
    [AL_TAIL_P] = {"tail_p", "rows", METHOD_REAL, "", "exact Poisson tail: for small counts"},
    [AL_TAIL_LIMIT] = {"tail_limit", "rows", METHOD_COUNT, "events",
                       "greatest count without alarm"},
    [AL_TAIL_ALARM] = {"tail_alarm", "rows", METHOD_FLAG, "", "tail_p is below tail_alpha"},
    {.name = NULL},
};

static void put_weeks(struct method_table *t, int rule, const struct alert_week *weeks, size_t n)
{
    static const char none[] = "the week or its baseline is not known, has no spread, or is too "
                               "small";
    size_t at = AL_RULES + 2 * (size_t)rule;
    for (size_t i = 0; i < n; i++) {
        if (weeks[i].has_limit) {
            method_put(t, i, at, weeks[i].limit);
            method_put_flag(t, i, at + 1, weeks[i].is_alarm);
        } else {
            method_miss(t, i, at, none);
            method_miss(t, i, at + 1, none);
        }
    }
}

static rv_status put_ears(struct method_call *call, const struct alert_series *s,
                          struct alert_week *weeks, struct method_table *t, struct rv_err *reterr)
{
    struct ears_options rules[] = {EARS_C1, EARS_C2, EARS_C3, EARS_C3};
    rules[RULE_C3_R].rule = ALERT_C3_R;
    for (int rule = RULE_C1; rule <= RULE_C3_R; rule++) {
        rules[rule].alpha = call->options[rule < RULE_C3 ? OPT_ALPHA : OPT_C3_ALPHA].real;
        RV_TRY(alert_ears(s, &rules[rule], weeks, reterr));
        put_weeks(t, rule, weeks, s->n);
    }
    return rv_ok();
}

static rv_status put_regressions(struct method_call *call, const struct alert_series *s,
                                 struct alert_week *weeks, struct method_table *t,
                                 struct rv_err *reterr)
{
    struct farrington_options methods[] = {FARRINGTON_1996_DEFAULTS, FARRINGTON_2013_DEFAULTS};
    for (int i = 0; i < 2; i++) {
        struct farrington_options *o = &methods[i];
        o->alpha = call->options[OPT_FARRINGTON_ALPHA].real;
        o->years = (int)call->options[OPT_YEARS].count;
        o->half_window = (int)call->options[OPT_HALF_WINDOW].count;
        o->period = (int)call->options[OPT_PERIOD].count;
        o->recent = o->period / 2;
        RV_TRY(farrington_limits(call->arena, s, o, weeks, reterr));
        put_weeks(t, RULE_FARRINGTON + i, weeks, s->n);
    }
    return rv_ok();
}

static rv_status put_charts(struct method_call *call, const struct alert_series *s,
                            struct method_table *t, struct rv_err *reterr)
{
    const struct method_setting *o = call->options;
    const struct chart_options options = {.baseline_weeks = (size_t)o[OPT_BASELINE_WEEKS].count,
                                          .baseline = o[OPT_BASELINE].real,
                                          .rise = o[OPT_RISE].real,
                                          .limit = o[OPT_LIMIT].real,
                                          .lambda = o[OPT_LAMBDA].real,
                                          .width = o[OPT_WIDTH].real};
    struct method_table *head;
    RV_TRY(method_open(call, "=chart", 1, NULL, &head, reterr));
    struct chart_week *weeks = ARENA_NEW(call->arena, struct chart_week, s->n + 1);
    if (!weeks) {
        return arena_fail(call->arena, reterr);
    }
    struct chart chart;
    struct rv_err err;
    rv_status status = alert_charts(s, &options, &chart, weeks, &err);
    if (!rv_is_ok(status)) {
        RV_TRY(method_miss_domain(call, head, 0, status, &err, reterr));
        for (size_t i = 0; i < s->n; i++) {
            for (size_t output = AL_CUSUM; output <= AL_EWMA_ALARM; output++) {
                method_miss(t, i, output, "there is no standard: see chart");
            }
        }
        return rv_ok();
    }
    method_put(head, 0, AL_BASELINE, chart.baseline);
    method_put(head, 0, AL_K, chart.k);
    method_put(head, 0, AL_H, chart.h);
    for (size_t i = 0; i < s->n; i++) {
        method_put(t, i, AL_CUSUM, weeks[i].cusum);
        method_put(t, i, AL_CUSUM_RESET, weeks[i].cusum_reset);
        method_put_flag(t, i, AL_CUSUM_ALARM, weeks[i].is_cusum_alarm);
        method_put(t, i, AL_EWMA, weeks[i].ewma);
        method_put(t, i, AL_EWMA_UPPER, weeks[i].upper);
        method_put(t, i, AL_EWMA_LOWER, weeks[i].lower);
        method_put_flag(t, i, AL_EWMA_ALARM, weeks[i].is_ewma_alarm);
    }
    return rv_ok();
}

static rv_status put_tails(struct method_call *call, const struct alert_series *s,
                           struct method_table *t, struct rv_err *reterr)
{
    struct tail_options options = TAIL_DEFAULTS;
    options.window = (size_t)call->options[OPT_WINDOW].count;
    options.least_known = (options.window + 1) / 2;
    options.alpha = call->options[OPT_TAIL_ALPHA].real;
    struct tail_week *weeks = ARENA_NEW(call->arena, struct tail_week, s->n + 1);
    if (!weeks) {
        return arena_fail(call->arena, reterr);
    }
    rv_status status = alert_tail(call->arena, s, &options, weeks, reterr);
    if (!rv_is_ok(status) && status.code != RV_DOMAIN) {
        return status;
    }
    /* Counts too large for it: the weeks are as they were made, without an answer. */
    const char *none = rv_is_ok(status) ? "the week is not known, or too few weeks before it are"
                                        : "the counts are too large: this rule is for small ones";
    for (size_t i = 0; i < s->n; i++) {
        method_put_if(t, i, AL_TAIL_MEAN, weeks[i].has_p, weeks[i].mean, none);
        method_put_if(t, i, AL_TAIL_P, weeks[i].has_p, weeks[i].p, none);
        if (weeks[i].has_p) {
            method_put_count(t, i, AL_TAIL_LIMIT, weeks[i].limit);
            method_put_flag(t, i, AL_TAIL_ALARM, weeks[i].is_alarm);
        } else {
            method_miss(t, i, AL_TAIL_LIMIT, none);
            method_miss(t, i, AL_TAIL_ALARM, none);
        }
    }
    return rv_ok();
}

static rv_status run_alerts(struct method_call *call, struct rv_err *reterr)
{
    const struct method_values *count = &call->in[0].columns[ALERT_COUNT];
    struct alert_series s = {.n = count->n, .counts = count->counts, .valid = count->valid};
    struct alert_week *weeks = ARENA_NEW(call->arena, struct alert_week, s.n + 1);
    if (!weeks) {
        return arena_fail(call->arena, reterr);
    }
    struct method_table *t;
    RV_TRY(method_open(call, "rows", s.n, METHOD_SAME_ROWS, &t, reterr));
    RV_TRY(put_ears(call, &s, weeks, t, reterr));
    RV_TRY(put_regressions(call, &s, weeks, t, reterr));
    RV_TRY(put_charts(call, &s, t, reterr));
    return put_tails(call, &s, t, reterr);
}

const struct method method_alerts[] = {
    {"alerts", "Weekly alarms", NULL, "Is this week above what was to be expected?", alert_inputs,
     alert_options, alert_outputs, run_alerts},
    {.name = NULL},
};
