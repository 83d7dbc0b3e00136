/* method/proportions.c — methods of one count or one share: intervals and rates.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "method/registry.h"
#include "stats/interval.h"
#include "stats/rate.h"

#define LEVEL_OPTION                                                                               \
    {                                                                                              \
        "level", METHOD_LEVEL, "0.95", NULL, 0.5, 1,                                               \
            "confidence level, below 1, of every interval"                                         \
    }
#define LEVEL_COLUMN                                                                               \
    {                                                                                              \
        "level", "conf|confidence", METHOD_LEVEL, METHOD_LIST, true, NULL,                         \
            "confidence level of this row; without it the option's"                                \
    }
#define AREA_COLUMN                                                                                \
    {                                                                                              \
        "area", "id|borough|name|group|category", METHOD_TEXT, METHOD_LIST, true, NULL,            \
            "what the row is about"                                                                \
    }

/* --- wilson --- */

enum { WILSON_AREA, WILSON_X, WILSON_N, WILSON_LEVEL, WILSON_MULTIPLIER };
enum { WILSON_P, WILSON_VALUE, WILSON_LOWER, WILSON_UPPER };

static const struct method_column wilson_columns[] = {
    [WILSON_AREA] = AREA_COLUMN,
    [WILSON_X] = {"x", "numerator|count|events", METHOD_AMOUNT, METHOD_LIST, false, NULL,
                  "how many are in; need not be whole"},
    [WILSON_N] = {"n", "denominator|base|population|pop", METHOD_AMOUNT, METHOD_LIST, false, NULL,
                  "of how many; above 0"},
    [WILSON_LEVEL] = LEVEL_COLUMN,
    [WILSON_MULTIPLIER] = {"multiplier", NULL, METHOD_AMOUNT, METHOD_LIST, true, NULL,
                           "100 for percentages; 1 when it is not there"},
    {.name = NULL},
};
static const struct method_output wilson_outputs[] = {
    [WILSON_P] = {"p", "rows", METHOD_REAL, "share", "x / n"},
    [WILSON_VALUE] = {"value", "rows", METHOD_REAL, "share x multiplier", "p x multiplier"},
    [WILSON_LOWER] = {"lower", "rows", METHOD_REAL, "share x multiplier", "lower Wilson limit"},
    [WILSON_UPPER] = {"upper", "rows", METHOD_REAL, "share x multiplier", "upper Wilson limit"},
    {.name = NULL},
};
static const struct method_option level_option[] = {LEVEL_OPTION, {.name = NULL}};

static rv_status wilson_row(struct method_call *call, struct method_table *t, size_t i,
                            struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    if (!method_has(&c[WILSON_X], i) || !method_has(&c[WILSON_N], i)) {
        method_miss_row(t, i, method_has(&c[WILSON_X], i) ? "n is missing" : "x is missing");
        return rv_ok();
    }
    double x = c[WILSON_X].reals[i], n = c[WILSON_N].reals[i];
    double scale = method_has(&c[WILSON_MULTIPLIER], i) ? c[WILSON_MULTIPLIER].reals[i] : 1;
    double level = method_level(call, &c[WILSON_LEVEL], &call->options[0], i);
    struct interval ci;
    struct rv_err err;
    rv_status status = interval_wilson_real(x, n, level, &ci, &err);
    if (!rv_is_ok(status)) {
        return method_miss_domain(call, t, i, status, &err, reterr);
    }
    method_put(t, i, WILSON_P, x / n);
    method_put(t, i, WILSON_VALUE, x / n * scale);
    method_put(t, i, WILSON_LOWER, ci.lower * scale);
    method_put(t, i, WILSON_UPPER, ci.upper * scale);
    return rv_ok();
}

static rv_status run_wilson(struct method_call *call, struct rv_err *reterr)
{
    struct method_table *t;
    size_t n = call->in[0].n;
    RV_TRY(method_open(call, "rows", n, METHOD_SAME_ROWS, &t, reterr));
    for (size_t i = 0; i < n; i++) {
        RV_TRY(wilson_row(call, t, i, reterr));
    }
    return rv_ok();
}

/* --- poisson-exact and byar --- */

enum { COUNT_AREA, COUNT_COUNT, COUNT_LEVEL };
enum { COUNT_LOWER, COUNT_UPPER };

static const struct method_column exact_columns[] = {
    [COUNT_AREA] = AREA_COLUMN,
    [COUNT_COUNT] = {"count", "x|events|observed|numerator", METHOD_COUNT, METHOD_LIST, false, NULL,
                     "events"},
    [COUNT_LEVEL] = LEVEL_COLUMN,
    {.name = NULL},
};
static const struct method_column byar_columns[] = {
    [COUNT_AREA] = AREA_COLUMN,
    [COUNT_COUNT] = {"count", "x|events|observed|numerator", METHOD_AMOUNT, METHOD_LIST, false,
                     NULL, "events; need not be whole"},
    [COUNT_LEVEL] = LEVEL_COLUMN,
    {.name = NULL},
};
static const struct method_output count_outputs[] = {
    [COUNT_LOWER] = {"lower", "rows", METHOD_REAL, "events", "lower limit of the mean"},
    [COUNT_UPPER] = {"upper", "rows", METHOD_REAL, "events", "upper limit of the mean"},
    {.name = NULL},
};

static rv_status count_interval(const struct method_values *counts, size_t i, double level,
                                struct interval *ret, struct rv_err *reterr)
{
    return counts->counts ? interval_poisson(counts->counts[i], level, ret, reterr)
                          : interval_byar_real(counts->reals[i], level, ret, reterr);
}

static rv_status run_count(struct method_call *call, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    struct method_table *t;
    size_t n = call->in[0].n;
    RV_TRY(method_open(call, "rows", n, METHOD_SAME_ROWS, &t, reterr));
    for (size_t i = 0; i < n; i++) {
        if (!method_has(&c[COUNT_COUNT], i)) {
            method_miss_row(t, i, "the count is missing");
            continue;
        }
        struct interval ci;
        struct rv_err err;
        double level = method_level(call, &c[COUNT_LEVEL], &call->options[0], i);
        rv_status status = count_interval(&c[COUNT_COUNT], i, level, &ci, &err);
        if (!rv_is_ok(status)) {
            RV_TRY(method_miss_domain(call, t, i, status, &err, reterr));
            continue;
        }
        method_put_if(t, i, COUNT_LOWER, ci.has_lower, ci.lower,
                      "the formula gives a negative limit here: use poisson-exact");
        method_put(t, i, COUNT_UPPER, ci.upper);
    }
    return rv_ok();
}

/* --- crude-rate --- */

enum { RATE_AREA, RATE_COUNT, RATE_POPULATION, RATE_LEVEL, RATE_MULTIPLIER };
enum { RATE_OPTION_LEVEL, RATE_OPTION_PER, RATE_OPTION_METHOD };
enum { RATE_VALUE, RATE_LOWER, RATE_UPPER, RATE_ABOVE };

static const struct method_column rate_columns[] = {
    [RATE_AREA] = AREA_COLUMN,
    [RATE_COUNT] = {"count", "events|x|numerator|observed", METHOD_COUNT, METHOD_LIST, false, NULL,
                    "events"},
    [RATE_POPULATION] = {"population", "pop|n|denominator|person-years|exposure", METHOD_AMOUNT,
                         METHOD_LIST, false, NULL,
                         "persons, or person-years: for several years the sum of the years"},
    [RATE_LEVEL] = LEVEL_COLUMN,
    [RATE_MULTIPLIER] = {"multiplier", NULL, METHOD_AMOUNT, METHOD_LIST, true, NULL,
                         "the rate is per so many persons; without it the option per"},
    {.name = NULL},
};
static const struct method_option rate_options[] = {
    [RATE_OPTION_LEVEL] = LEVEL_OPTION,
    [RATE_OPTION_PER] = {"per", METHOD_AMOUNT, "100000", NULL, 1e-9, 1e12,
                         "the rate is per so many persons"},
    [RATE_OPTION_METHOD] = {"method", METHOD_CHOICE, "exact", "exact|ukhsa", 0, 0,
                            "ukhsa: exact below 10 events, Byar from 10, as Fingertips"},
    {.name = NULL},
};
static const struct method_output rate_outputs[] = {
    [RATE_VALUE] = {"value", "rows", METHOD_REAL, "events per `per` person-years", "the rate"},
    [RATE_LOWER] = {"lower", "rows", METHOD_REAL, "events per `per` person-years", "lower limit"},
    [RATE_UPPER] = {"upper", "rows", METHOD_REAL, "events per `per` person-years", "upper limit"},
    [RATE_ABOVE] = {"above_population", "rows", METHOD_FLAG, "",
                    "more events than persons: possible, worth a look"},
    {.name = NULL},
};

static rv_status rate_row(struct method_call *call, struct method_table *t, size_t i,
                          struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    const struct method_setting *o = call->options;
    bool has_per = method_has(&c[RATE_MULTIPLIER], i);
    struct rate_options options = {
        .per = has_per ? c[RATE_MULTIPLIER].reals[i] : o[RATE_OPTION_PER].real,
        .level = method_level(call, &c[RATE_LEVEL], &o[RATE_OPTION_LEVEL], i),
        .method = o[RATE_OPTION_METHOD].count ? RATE_UKHSA : RATE_EXACT};
    uint64_t has_count = method_has(&c[RATE_COUNT], i);
    uint64_t has_population = method_has(&c[RATE_POPULATION], i);
    struct rate rate;
    struct rv_err err;
    rv_status status =
        rate_crude_all(&c[RATE_COUNT].counts[i], &has_count, &c[RATE_POPULATION].reals[i],
                       &has_population, 1, &options, &rate, &err);
    if (!rv_is_ok(status)) {
        return method_miss_domain(call, t, i, status, &err, reterr);
    }
    if (rate.reason != RATE_AVAILABLE) {
        method_miss_row(t, i, rate_reason_text(rate.reason));
        return rv_ok();
    }
    method_put(t, i, RATE_VALUE, rate.value);
    method_put(t, i, RATE_LOWER, rate.lower);
    method_put(t, i, RATE_UPPER, rate.upper);
    method_put_flag(t, i, RATE_ABOVE, rate.is_above_population);
    return rv_ok();
}

static rv_status run_rate(struct method_call *call, struct rv_err *reterr)
{
    struct method_table *t;
    size_t n = call->in[0].n;
    RV_TRY(method_open(call, "rows", n, METHOD_SAME_ROWS, &t, reterr));
    for (size_t i = 0; i < n; i++) {
        RV_TRY(rate_row(call, t, i, reterr));
    }
    return rv_ok();
}

static const struct method_input wilson_inputs[] = {
    {"data", wilson_columns, false, "a row for each share"}, {.name = NULL}};
static const struct method_input exact_inputs[] = {
    {"data", exact_columns, false, "a row for each count"}, {.name = NULL}};
static const struct method_input byar_inputs[] = {
    {"data", byar_columns, false, "a row for each count"}, {.name = NULL}};
static const struct method_input rate_inputs[] = {
    {"data", rate_columns, false, "a row for each area"}, {.name = NULL}};

const struct method method_proportions[] = {
    {"wilson", "Wilson score interval of a share", NULL,
     "How far may the underlying share lie from the one counted?", wilson_inputs, level_option,
     wilson_outputs, run_wilson},
    {"poisson-exact", "Exact Poisson interval of a count", NULL,
     "How far may the underlying mean lie from the count?", exact_inputs, level_option,
     count_outputs, run_count},
    {"byar", "Byar's interval of a count", NULL,
     "The same by Byar's approximation, to reproduce tables that used it", byar_inputs,
     level_option, count_outputs, run_count},
    {"crude-rate", "Crude rate", NULL, "How many events for so many persons, give or take?",
     rate_inputs, rate_options, rate_outputs, run_rate},
    {.name = NULL},
};
