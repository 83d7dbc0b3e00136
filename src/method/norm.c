/* method/norm.c — methods that set areas beside a norm: funnel and benchmark; and a mean.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/text.h"
#include "method/registry.h"
#include "stats/benchmark.h"
#include "stats/funnel.h"
#include "stats/mean.h"
#include "stats/rate.h"

#define AREA_COLUMN                                                                                \
    {                                                                                              \
        "area", "id|borough|name|group", METHOD_TEXT, METHOD_LIST, true, NULL,                     \
            "what the row is about"                                                                \
    }

/* --- funnel --- */

enum { FUNNEL_IN_AREA, FUNNEL_IN_COUNT, FUNNEL_IN_SIZE, FUNNEL_IN_RATE, FUNNEL_IN_TARGET };
enum {
    FUNNEL_O_KIND,
    FUNNEL_O_LIMITS,
    FUNNEL_O_DISPERSION,
    FUNNEL_O_WINSORISE,
    FUNNEL_O_PER,
    FUNNEL_O_POPULATION
};
enum {
    FUNNEL_SIZE,
    FUNNEL_VALUE,
    FUNNEL_LOWER_2,
    FUNNEL_UPPER_2,
    FUNNEL_LOWER_3,
    FUNNEL_UPPER_3,
    FUNNEL_Z,
    FUNNEL_SIGNIFICANCE,
    FUNNEL_TARGET,
    FUNNEL_AREAS,
    FUNNEL_PHI_RAW,
    FUNNEL_PHI,
    FUNNEL_PHI_CRITICAL,
    FUNNEL_TAU2,
    FUNNEL_OVER
};

static const struct method_column funnel_columns[] = {
    [FUNNEL_IN_AREA] = AREA_COLUMN,
    [FUNNEL_IN_COUNT] = {"numerator", "count|events|ev|x|observed", METHOD_AMOUNT, METHOD_LIST,
                         true, NULL, "events; without it only the limits are given"},
    [FUNNEL_IN_SIZE] = {"denominator", "population|pop|n|person-years|expected", METHOD_AMOUNT,
                        METHOD_LIST, true, NULL, "base of the share, or person-years"},
    [FUNNEL_IN_RATE] = {"rate", "value", METHOD_AMOUNT, METHOD_LIST, true, NULL,
                        "a standardised rate, for population=derived: events per `per` persons"},
    [FUNNEL_IN_TARGET] = {"target", "average|baseline|benchmark", METHOD_AMOUNT, METHOD_SCALAR,
                          true, NULL,
                          "centre of the funnel, in the unit of the value; without it all events "
                          "over all sizes"},
    {.name = NULL},
};
static const struct method_option funnel_options[] = {
    [FUNNEL_O_KIND] = {"kind", METHOD_CHOICE, "rate", "rate|proportion", 0, 0,
                       "events in person-years, or a share of a base"},
    [FUNNEL_O_LIMITS] = {"limits", METHOD_CHOICE, "exact", "exact|score|ukhsa", 0, 0,
                         "interpolated exact, normal (UKHSA's for proportions), or UKHSA's for "
                         "rates"},
    [FUNNEL_O_DISPERSION] = {"dispersion", METHOD_CHOICE, "chance", "chance|phi|tau", 0, 0,
                             "limits of chance alone, or wider by the spread found, if it is "
                             "beyond chance: by a factor, or by a variance between areas"},
    [FUNNEL_O_WINSORISE] = {"winsorise", METHOD_REAL, "0.1", NULL, 0, 0.49,
                            "share of the z scores pulled in at each end for phi"},
    [FUNNEL_O_PER] = {"per", METHOD_AMOUNT, NULL, NULL, 1e-9, 1e12,
                      "unit of value, target and limits: 100 for percent; default 100000 for "
                      "rates, 1 for proportions"},
    [FUNNEL_O_POPULATION] = {"population", METHOD_CHOICE, "given", "given|derived", 0, 0,
                             "derived: the size that the count and the column rate come to, for "
                             "standardised rates"},
    {.name = NULL},
};
static const struct method_output funnel_outputs[] = {
    [FUNNEL_SIZE] = {"size", "rows", METHOD_REAL, "persons or person-years", "size used"},
    [FUNNEL_VALUE] = {"value", "rows", METHOD_REAL, "per `per`", "the share or rate"},
    [FUNNEL_LOWER_2] = {"lower_2s", "rows", METHOD_REAL, "per `per`", "0.025 limit below"},
    [FUNNEL_UPPER_2] = {"upper_2s", "rows", METHOD_REAL, "per `per`", "0.025 limit above"},
    [FUNNEL_LOWER_3] = {"lower_3s", "rows", METHOD_REAL, "per `per`", "0.001 limit below"},
    [FUNNEL_UPPER_3] = {"upper_3s", "rows", METHOD_REAL, "per `per`", "0.001 limit above"},
    [FUNNEL_Z] = {"z", "rows", METHOD_REAL, "", "distance in standard deviations of chance"},
    [FUNNEL_SIGNIFICANCE] = {"significance", "rows", METHOD_TEXT, "", "as UKHSA words it"},
    [FUNNEL_TARGET] = {"target", "=funnel", METHOD_REAL, "per `per`", "centre of the funnel"},
    [FUNNEL_AREAS] = {"areas", "=funnel", METHOD_COUNT, "areas", "with a value"},
    [FUNNEL_PHI_RAW] = {"phi_raw", "=funnel", METHOD_REAL, "", "mean z squared; 1 by chance"},
    [FUNNEL_PHI] = {"phi", "=funnel", METHOD_REAL, "", "the same after winsorising"},
    [FUNNEL_PHI_CRITICAL] = {"phi_critical", "=funnel", METHOD_REAL, "", "1 + 2 sqrt(2 / areas)"},
    [FUNNEL_TAU2] = {"tau2", "=funnel", METHOD_REAL, "(per `per`) squared",
                     "variance between areas"},
    [FUNNEL_OVER] = {"over_dispersed", "=funnel", METHOD_FLAG, "", "phi > phi_critical"},
    {.name = NULL},
};

struct sizes {
    double *sizes;
    uint64_t *valid;
};

static rv_status take_sizes(struct method_call *call, double per, struct sizes *ret,
                            struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    size_t n = call->in[0].n;
    ret->sizes = ARENA_NEW(call->arena, double, n + 1);
    ret->valid = ARENA_NEW(call->arena, uint64_t, n / 64 + 1);
    if (!ret->sizes || !ret->valid) {
        return arena_fail(call->arena, reterr);
    }
    bool is_derived = call->options[FUNNEL_O_POPULATION].count == 1;
    if (is_derived && !(c[FUNNEL_IN_RATE].is_given && c[FUNNEL_IN_COUNT].is_given)) {
        return rv_fail(reterr, RV_INVALID,
                       "population=derived needs the columns \"numerator\" and \"rate\"");
    }
    for (size_t i = 0; i < n; i++) {
        const struct method_values *from = is_derived ? &c[FUNNEL_IN_RATE] : &c[FUNNEL_IN_SIZE];
        bool has = method_has(from, i) &&
                   (!is_derived || (method_has(&c[FUNNEL_IN_COUNT], i) && from->reals[i] > 0));
        if (has) {
            ret->sizes[i] =
                is_derived ? c[FUNNEL_IN_COUNT].reals[i] / from->reals[i] * per : from->reals[i];
            ret->valid[i / 64] |= UINT64_C(1) << (i % 64);
        }
    }
    return rv_ok();
}

static void put_limits(struct method_table *t, size_t row, const struct funnel_area *area,
                       double per)
{
    static const char size[] = "its size is missing or 0";
    static const char open[] = "without events there is no upper limit";
    bool has = area->has_limits;
    method_put_if(t, row, FUNNEL_LOWER_2, has, area->two.lower * per, size);
    method_put_if(t, row, FUNNEL_UPPER_2, has && area->two.has_upper, area->two.upper * per,
                  has ? open : size);
    method_put_if(t, row, FUNNEL_LOWER_3, has, area->three.lower * per, size);
    method_put_if(t, row, FUNNEL_UPPER_3, has && area->three.has_upper, area->three.upper * per,
                  has ? open : size);
    if (area->has_value) {
        method_put(t, row, FUNNEL_VALUE, area->value * per);
        method_put(t, row, FUNNEL_Z, area->z);
        method_put_text(t, row, FUNNEL_SIGNIFICANCE, funnel_place_label(area->place));
    }
    method_miss_row(t, row, "its count or its size is missing, or its size is 0");
}

static rv_status put_funnel(struct method_call *call, const struct funnel_summary *s, double per,
                            bool is_as_chance, struct rv_err *reterr)
{
    static const char none[] = "no area has both a count and a size";
    struct method_table *t;
    RV_TRY(method_open(call, "=funnel", 1, NULL, &t, reterr));
    bool has = s->areas > 0;
    method_put(t, 0, FUNNEL_TARGET, s->target * per);
    method_put_count(t, 0, FUNNEL_AREAS, (int64_t)s->areas);
    method_put_if(t, 0, FUNNEL_PHI_RAW, has, s->phi_raw, none);
    method_put_if(t, 0, FUNNEL_PHI, has, s->phi, none);
    method_put_if(t, 0, FUNNEL_PHI_CRITICAL, has, s->phi_critical, none);
    method_put_if(t, 0, FUNNEL_TAU2, has, s->tau2 * per * per, none);
    method_put_flag(t, 0, FUNNEL_OVER, s->is_over_dispersed);
    if (s->is_over_dispersed && is_as_chance) {
        return method_note(call, reterr,
                           "the areas differ by more than chance (phi %.3g, critical %.3g): limits "
                           "of chance flag too many; use dispersion=phi or tau",
                           s->phi, s->phi_critical);
    }
    return rv_ok();
}

static rv_status run_funnel(struct method_call *call, struct rv_err *reterr)
{
    static const enum funnel_limits limits[] = {FUNNEL_EXACT, FUNNEL_SCORE, FUNNEL_UKHSA};
    const struct method_values *c = call->in[0].columns;
    const struct method_setting *o = call->options;
    size_t n = call->in[0].n;
    bool is_share = o[FUNNEL_O_KIND].count == 1;
    double per = o[FUNNEL_O_PER].is_given ? o[FUNNEL_O_PER].real : is_share ? 1 : 100000;
    struct sizes sizes;
    RV_TRY(take_sizes(call, per, &sizes, reterr));
    struct funnel_options options = {.kind = is_share ? FUNNEL_PROPORTION : FUNNEL_RATE,
                                     .limits = limits[o[FUNNEL_O_LIMITS].count],
                                     .dispersion =
                                         (enum funnel_dispersion)o[FUNNEL_O_DISPERSION].count,
                                     .winsorise = o[FUNNEL_O_WINSORISE].real,
                                     .has_target = method_has_scalar(&c[FUNNEL_IN_TARGET])};
    options.target = options.has_target ? c[FUNNEL_IN_TARGET].reals[0] / per : 0;
    struct funnel_area *areas = ARENA_NEW(call->arena, struct funnel_area, n + 1);
    uint64_t *none = ARENA_NEW(call->arena, uint64_t, n / 64 + 1);
    if (!areas || !none) {
        return arena_fail(call->arena, reterr);
    }
    bool has_counts = c[FUNNEL_IN_COUNT].is_given;
    struct funnel_summary summary;
    RV_TRY(funnel_place_areas(call->arena, has_counts ? c[FUNNEL_IN_COUNT].reals : sizes.sizes,
                              has_counts ? c[FUNNEL_IN_COUNT].valid : none, sizes.sizes,
                              sizes.valid, n, &options, areas, &summary, reterr));
    RV_TRY(put_funnel(call, &summary, per, options.dispersion == FUNNEL_AS_CHANCE, reterr));
    struct method_table *t;
    RV_TRY(method_open(call, "rows", n, METHOD_SAME_ROWS, &t, reterr));
    for (size_t i = 0; i < n; i++) {
        method_put_if(t, i, FUNNEL_SIZE, (sizes.valid[i / 64] >> (i % 64) & 1) != 0, sizes.sizes[i],
                      "its size is missing");
        put_limits(t, i, &areas[i], per);
    }
    return rv_ok();
}

/* --- compare-benchmark --- */

enum { BENCH_AREA, BENCH_COUNT, BENCH_SIZE, BENCH_BENCHMARK, BENCH_POLARITY };
enum { BENCH_O_KIND, BENCH_O_METHOD, BENCH_O_PER };
enum {
    BENCH_VALUE,
    BENCH_LOWER_95,
    BENCH_UPPER_95,
    BENCH_SIDE_95,
    BENCH_LABEL_95,
    BENCH_LOWER_998,
    BENCH_UPPER_998,
    BENCH_SIDE_998,
    BENCH_LABEL_998
};

static const struct method_column bench_columns[] = {
    [BENCH_AREA] = AREA_COLUMN,
    [BENCH_COUNT] = {"count", "events|numerator|x|observed", METHOD_COUNT, METHOD_LIST, false, NULL,
                     "events"},
    [BENCH_SIZE] = {"population", "pop|denominator|n", METHOD_AMOUNT, METHOD_LIST, false, NULL,
                    "person-years, or the base of the share"},
    [BENCH_BENCHMARK] = {"benchmark", "target|average", METHOD_REAL, METHOD_LIST, false, NULL,
                         "value taken as known, in the unit of the value"},
    [BENCH_POLARITY] = {"polarity", NULL, METHOD_TEXT, METHOD_LIST, true, NULL,
                        "low_good or lower-better, high_good or higher-better, none; without it "
                        "none"},
    {.name = NULL},
};
static const struct method_option bench_options[] = {
    [BENCH_O_KIND] = {"kind", METHOD_CHOICE, "rate", "rate|proportion", 0, 0,
                      "a rate (Poisson) or a share (Wilson)"},
    [BENCH_O_METHOD] = {"method", METHOD_CHOICE, "exact", "exact|ukhsa", 0, 0,
                        "limits of a rate: exact, or Byar's from 10 events as Fingertips"},
    [BENCH_O_PER] = {"per", METHOD_AMOUNT, "100000", NULL, 1e-9, 1e12,
                     "unit of the value and the benchmark; 100 for percent"},
    {.name = NULL},
};
static const struct method_output bench_outputs[] = {
    [BENCH_VALUE] = {"value", "rows", METHOD_REAL, "per `per`", "the rate or share"},
    [BENCH_LOWER_95] = {"lower95", "rows", METHOD_REAL, "per `per`", "lower 95% limit"},
    [BENCH_UPPER_95] = {"upper95", "rows", METHOD_REAL, "per `per`", "upper 95% limit"},
    [BENCH_SIDE_95] = {"side95", "rows", METHOD_TEXT, "", "lower, similar or higher at 95%"},
    [BENCH_LABEL_95] = {"label95", "rows", METHOD_TEXT, "", "better, similar or worse at 95%"},
    [BENCH_LOWER_998] = {"lower998", "rows", METHOD_REAL, "per `per`", "lower 99.8% limit"},
    [BENCH_UPPER_998] = {"upper998", "rows", METHOD_REAL, "per `per`", "upper 99.8% limit"},
    [BENCH_SIDE_998] = {"side998", "rows", METHOD_TEXT, "", "lower, similar or higher at 99.8%"},
    [BENCH_LABEL_998] = {"label998", "rows", METHOD_TEXT, "", "better, similar or worse at 99.8%"},
    {.name = NULL},
};

/* false when the word is none of them. */
static bool read_polarity(const struct method_values *column, size_t i,
                          enum benchmark_polarity *ret)
{
    static const char *const words[][2] = {
        [BENCHMARK_LOW_GOOD] = {"low_good", "lower-better"},
        [BENCHMARK_HIGH_GOOD] = {"high_good", "higher-better"},
        [BENCHMARK_NEITHER] = {"none", "none"},
    };
    struct text word = text_of(method_has(column, i) ? column->texts[i] : "none");
    for (size_t k = 0; k < 3; k++) {
        if (text_is(word, words[k][0]) || text_is(word, words[k][1])) {
            *ret = (enum benchmark_polarity)k;
            return true;
        }
    }
    return false;
}

/* Value and interval of a row at a level, in the unit of the benchmark. */
static rv_status bench_interval(const struct method_call *call, size_t i, double level,
                                double *value, struct interval *ret, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    const struct method_setting *o = call->options;
    double per = o[BENCH_O_PER].real, size = c[BENCH_SIZE].reals[i];
    int64_t count = c[BENCH_COUNT].counts[i];
    if (o[BENCH_O_KIND].count == 1) {
        struct interval ci;
        RV_TRY(interval_wilson_real((double)count, size, level, &ci, reterr));
        *value = (double)count / size * per;
        *ret = (struct interval){ci.lower * per, ci.upper * per, true, true};
        return rv_ok();
    }
    struct rate_options options = {
        .per = per, .level = level, .method = o[BENCH_O_METHOD].count ? RATE_UKHSA : RATE_EXACT};
    struct rate rate;
    RV_TRY(rate_crude(count, size, &options, &rate, reterr));
    *value = rate.value;
    *ret = (struct interval){rate.lower, rate.upper, true, true};
    return rv_ok();
}

static rv_status bench_level(struct method_call *call, struct method_table *t, size_t i,
                             double level, size_t first, enum benchmark_polarity polarity,
                             struct rv_err *reterr)
{
    static const char *const sides[] = {"lower", "similar", "higher"};
    double value, benchmark = call->in[0].columns[BENCH_BENCHMARK].reals[i];
    struct interval ci;
    enum benchmark_side side;
    RV_TRY(bench_interval(call, i, level, &value, &ci, reterr));
    RV_TRY(benchmark_side_of(&ci, benchmark, &side, reterr));
    method_put(t, i, BENCH_VALUE, value);
    method_put(t, i, first, ci.lower);
    method_put(t, i, first + 1, ci.upper);
    method_put_text(t, i, first + 2, sides[side]);
    method_put_text(t, i, first + 3, benchmark_label(side, polarity));
    return rv_ok();
}

static rv_status bench_row(struct method_call *call, struct method_table *t, size_t i,
                           struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    enum benchmark_polarity polarity;
    if (!method_has(&c[BENCH_COUNT], i) || !method_has(&c[BENCH_SIZE], i) ||
        !method_has(&c[BENCH_BENCHMARK], i)) {
        method_miss_row(t, i, "the count, the population or the benchmark is missing");
        return rv_ok();
    }
    if (!read_polarity(&c[BENCH_POLARITY], i, &polarity)) {
        method_miss_row(t, i, "the polarity is none of low_good, high_good and none");
        return rv_ok();
    }
    struct rv_err err;
    rv_status status = bench_level(call, t, i, 0.95, BENCH_LOWER_95, polarity, &err);
    if (rv_is_ok(status)) {
        status = bench_level(call, t, i, 0.998, BENCH_LOWER_998, polarity, &err);
    }
    return rv_is_ok(status) ? status : method_miss_domain(call, t, i, status, &err, reterr);
}

static rv_status run_bench(struct method_call *call, struct rv_err *reterr)
{
    struct method_table *t;
    size_t n = call->in[0].n;
    RV_TRY(method_open(call, "rows", n, METHOD_SAME_ROWS, &t, reterr));
    for (size_t i = 0; i < n; i++) {
        RV_TRY(bench_row(call, t, i, reterr));
    }
    return rv_ok();
}

/* --- mean --- */

enum { MEAN_AREA, MEAN_VALUES };
enum { MEAN_O_LEVEL, MEAN_O_GROUP };
enum {
    MEAN_O_AREA,
    MEAN_O_SUM,
    MEAN_O_COUNT,
    MEAN_O_MISSING,
    MEAN_O_SD,
    MEAN_O_VALUE,
    MEAN_O_LOWER,
    MEAN_O_UPPER
};

static const struct method_column mean_columns[] = {
    [MEAN_AREA] = {"area", "id|borough|group|name", METHOD_TEXT, METHOD_LIST, true, NULL,
                   "whose values belong together; without it all do"},
    [MEAN_VALUES] = {"values", "value|x|y", METHOD_REAL, METHOD_LIST, false, NULL, "a measurement"},
    {.name = NULL},
};
static const struct method_option mean_options[] = {
    [MEAN_O_LEVEL] = {"level", METHOD_LEVEL, "0.95", NULL, 0.5, 1,
                      "confidence level, below 1, of the interval"},
    [MEAN_O_GROUP] = {"group", METHOD_FLAG, "true", NULL, 0, 0, "a mean for each area"},
    {.name = NULL},
};
static const struct method_output mean_outputs[] = {
    [MEAN_O_AREA] = {"area", "rows", METHOD_TEXT, "", "the area"},
    [MEAN_O_SUM] = {"value_sum", "rows", METHOD_REAL, "as the values", "sum"},
    [MEAN_O_COUNT] = {"value_count", "rows", METHOD_COUNT, "values", "how many are known"},
    [MEAN_O_MISSING] = {"value_missing", "rows", METHOD_COUNT, "values", "how many are not"},
    [MEAN_O_SD] = {"stdev", "rows", METHOD_REAL, "as the values", "standard deviation, n - 1"},
    [MEAN_O_VALUE] = {"value", "rows", METHOD_REAL, "as the values", "mean"},
    [MEAN_O_LOWER] = {"lower", "rows", METHOD_REAL, "as the values", "lower limit"},
    [MEAN_O_UPPER] = {"upper", "rows", METHOD_REAL, "as the values", "upper limit"},
    {.name = NULL},
};

static rv_status mean_group(struct method_call *call, struct method_table *t, size_t g,
                            const size_t *rows, size_t n, struct rv_err *reterr)
{
    const struct method_values *v = &call->in[0].columns[MEAN_VALUES];
    double *values = ARENA_NEW(call->arena, double, n);
    if (!values) {
        return arena_fail(call->arena, reterr);
    }
    size_t known = 0;
    for (size_t k = 0; k < n; k++) {
        if (method_has(v, rows[k])) {
            values[known++] = v->reals[rows[k]];
        }
    }
    struct mean m;
    struct rv_err err;
    method_put_count(t, g, MEAN_O_COUNT, (int64_t)known);
    method_put_count(t, g, MEAN_O_MISSING, (int64_t)(n - known));
    rv_status status =
        mean_student(values, NULL, known, call->options[MEAN_O_LEVEL].real, &m, &err);
    if (!rv_is_ok(status)) {
        return method_miss_domain(call, t, g, status, &err, reterr);
    }
    method_put(t, g, MEAN_O_SUM, m.sum);
    method_put(t, g, MEAN_O_VALUE, m.mean);
    if (m.has_spread) {
        method_put(t, g, MEAN_O_SD, m.sd);
        method_put(t, g, MEAN_O_LOWER, m.ci.lower);
        method_put(t, g, MEAN_O_UPPER, m.ci.upper);
    }
    method_miss_row(t, g, "one value has no spread");
    return rv_ok();
}

static rv_status run_mean(struct method_call *call, struct rv_err *reterr)
{
    const struct method_data *data = &call->in[0];
    struct method_values none = {0};
    const struct method_values *key =
        call->options[MEAN_O_GROUP].count ? &data->columns[MEAN_AREA] : &none;
    struct method_groups groups;
    RV_TRY(method_group(call, key, data->n, &groups, reterr));
    struct method_table *t;
    RV_TRY(method_open(call, "rows", groups.count, NULL, &t, reterr));
    for (size_t g = 0; g < groups.count; g++) {
        const size_t *rows = groups.rows + groups.first[g];
        if (key->is_given) {
            method_put_text(t, g, MEAN_O_AREA, key->texts[rows[0]]);
        } else {
            method_miss(t, g, MEAN_O_AREA, "all rows together");
        }
        RV_TRY(mean_group(call, t, g, rows, groups.first[g + 1] - groups.first[g], reterr));
    }
    return rv_ok();
}

static const struct method_input funnel_inputs[] = {
    {"data", funnel_columns, false, "a row for each area"}, {.name = NULL}};
static const struct method_input bench_inputs[] = {
    {"data", bench_columns, false, "a row for each area"}, {.name = NULL}};
static const struct method_input mean_inputs[] = {
    {"data", mean_columns, false, "a row for each measurement"}, {.name = NULL}};

const struct method method_norm[] = {
    {"funnel", "Funnel limits", NULL,
     "Which areas lie further from the average than chance explains?", funnel_inputs,
     funnel_options, funnel_outputs, run_funnel},
    {"compare-benchmark", "Comparison with a benchmark", NULL,
     "Is an area better, similar or worse than a known value?", bench_inputs, bench_options,
     bench_outputs, run_bench},
    {"mean", "Mean with Student's interval", NULL,
     "How far may the underlying mean lie from that of the measurements?", mean_inputs,
     mean_options, mean_outputs, run_mean},
    {.name = NULL},
};
