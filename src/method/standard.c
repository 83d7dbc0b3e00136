/* method/standard.c — methods that allow for age, and that set an area beside a norm.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/standard.h"

#include "method/registry.h"

#include <string.h>

#define LEVEL_OPTION                                                                               \
    {                                                                                              \
        "level", METHOD_LEVEL, "0.95", NULL, 0.5, 1, "confidence level, below 1, of the interval"  \
    }
#define METHOD_OPTION                                                                              \
    {                                                                                              \
        "method", METHOD_CHOICE, "exact", "exact|ukhsa", 0, 0,                                     \
            "limits of the count: exact, or as UKHSA (Byar's from 10 events)"                      \
    }
#define MISSING_OPTION                                                                             \
    {                                                                                              \
        "missing", METHOD_CHOICE, "unavailable", "unavailable|zero", 0, 0,                         \
            "an empty count makes its area unavailable; zero: it means that there was none"        \
    }
#define AREA_COLUMN                                                                                \
    {                                                                                              \
        "area", "id|borough|group|name", METHOD_TEXT, METHOD_LIST, true, NULL,                     \
            "whose rows belong together; without it all do"                                        \
    }

static const char *area_name(const struct method_values *area, size_t row)
{
    return method_has(area, row) ? area->texts[row] : NULL;
}

static void put_area(struct method_table *t, size_t row, size_t output, const char *name)
{
    if (name) {
        method_put_text(t, row, output, name);
    } else {
        method_miss(t, row, output, "no column says which area it is");
    }
}

/* The place of a band in a table of bands, or n. */
static size_t find_band(const struct method_data *bands, const char *name)
{
    size_t i = 0;
    while (i < bands->n &&
           !(method_has(&bands->columns[0], i) && strcmp(bands->columns[0].texts[i], name) == 0)) {
        i++;
    }
    return i;
}

static rv_status check_bands(const struct method_data *bands, struct rv_err *reterr)
{
    for (size_t i = 0; bands->columns[0].is_given && i < bands->n; i++) {
        if (!method_has(&bands->columns[0], i)) {
            return rv_fail(reterr, RV_INVALID, "row %zu of the second input has no age band",
                           i + 1);
        }
        if (find_band(bands, bands->columns[0].texts[i]) != i) {
            return rv_fail(reterr, RV_INVALID,
                           "the age band '%s' is twice in the second input: keep one",
                           bands->columns[0].texts[i]);
        }
    }
    return rv_ok();
}

/* The rows of one area, and where the second input has their bands. */
struct strata {
    const size_t *rows;
    size_t n;
    size_t *bands; /* rows of the second input; n of it when there is none */
    double *counts, *populations, *first, *second;
};

static rv_status make_strata(struct arena *a, size_t most, struct strata *ret,
                             struct rv_err *reterr)
{
    *ret = (struct strata){.bands = ARENA_NEW(a, size_t, most + 1),
                           .counts = ARENA_NEW(a, double, most + 1),
                           .populations = ARENA_NEW(a, double, most + 1),
                           .first = ARENA_NEW(a, double, most + 1),
                           .second = ARENA_NEW(a, double, most + 1)};
    bool is_made = ret->bands && ret->counts && ret->populations && ret->first && ret->second;
    return is_made ? rv_ok() : arena_fail(a, reterr);
}

/* Bands by name when both inputs name them, else by their order, which then must be the same. */
static const char *match_bands(const struct method_values *band, const struct method_data *other,
                               struct strata *s)
{
    bool by_name = band->is_given && other->columns[0].is_given;
    if (!by_name && s->n != other->n) {
        return "the second input has not as many rows as this area, and the bands have no names";
    }
    for (size_t k = 0; k < s->n; k++) {
        s->bands[k] = k;
        if (!by_name) {
            continue;
        }
        if (!method_has(band, s->rows[k])) {
            return "a row has no age band";
        }
        s->bands[k] = find_band(other, band->texts[s->rows[k]]);
        if (s->bands[k] == other->n) {
            return "the second input lacks one of its age bands";
        }
    }
    return NULL;
}

/* Counts and populations of an area; the reason when they are not all there. */
static const char *take_counts(const struct method_values *count, const struct method_values *pop,
                               bool missing_is_zero, struct strata *s)
{
    for (size_t k = 0; k < s->n; k++) {
        size_t row = s->rows[k];
        if (!method_has(pop, row)) {
            return "the population of an age band is missing";
        }
        if (!method_has(count, row) && !missing_is_zero) {
            return "the count of an age band is missing, which is not 0";
        }
        s->counts[k] = method_has(count, row) ? count->reals[row] : 0;
        s->populations[k] = pop->reals[row];
    }
    return NULL;
}

/* --- dsr --- */

enum { DSR_AREA, DSR_BAND, DSR_COUNT, DSR_POPULATION, DSR_STANDARD };
enum { DSR_LEVEL, DSR_PER, DSR_METHOD, DSR_LEAST, DSR_MISSING };
enum {
    DSR_O_AREA,
    DSR_O_COUNT,
    DSR_O_POPULATION,
    DSR_O_VALUE,
    DSR_O_LOWER,
    DSR_O_UPPER,
    DSR_O_VARIANCE
};

#define BAND_COLUMN(optional)                                                                      \
    {                                                                                              \
        "ageband", "age|band|age_group", METHOD_TEXT, METHOD_LIST, optional, NULL, "age band"      \
    }
#define COUNT_COLUMN                                                                               \
    {                                                                                              \
        "count", "events|observed|numerator|x", METHOD_AMOUNT, METHOD_LIST, false, NULL,           \
            "events in the band"                                                                   \
    }
#define POPULATION_COLUMN                                                                          \
    {                                                                                              \
        "pop", "population|denominator|n", METHOD_AMOUNT, METHOD_LIST, false, NULL,                \
            "persons in the band"                                                                  \
    }

static const struct method_column dsr_columns[] = {
    [DSR_AREA] = AREA_COLUMN,
    [DSR_BAND] = BAND_COLUMN(true),
    [DSR_COUNT] = COUNT_COLUMN,
    [DSR_POPULATION] = POPULATION_COLUMN,
    [DSR_STANDARD] = {"stdpop", "standard|weight|weights|esp2013|esp1976", METHOD_AMOUNT,
                      METHOD_LIST, true, NULL,
                      "standard population of the band; without it, or the input weights, the "
                      "European Standard Population 2013 when there are its 19 bands in order"},
    {.name = NULL},
};
static const struct method_column weight_columns[] = {
    BAND_COLUMN(true),
    {"stdpop", "standard|weight|weights|esp2013|esp1976", METHOD_AMOUNT, METHOD_LIST, false, NULL,
     "standard population of the band"},
    {.name = NULL},
};
static const struct method_option dsr_options[] = {
    [DSR_LEVEL] = LEVEL_OPTION,
    [DSR_PER] = {"per", METHOD_AMOUNT, "100000", NULL, 1e-9, 1e12, "rate per so many persons"},
    [DSR_METHOD] = {"method", METHOD_CHOICE, "exact", "exact|ukhsa", 0, 0,
                    "limits of the total: exact, or Byar's as UKHSA"},
    [DSR_LEAST] = {"least", METHOD_COUNT, "10", NULL, 0, 1e6,
                   "fewest events of an area for which a rate is given"},
    [DSR_MISSING] = MISSING_OPTION,
    {.name = NULL},
};
static const struct method_output dsr_outputs[] = {
    [DSR_O_AREA] = {"area", "rows", METHOD_TEXT, "", "the area"},
    [DSR_O_COUNT] = {"total_count", "rows", METHOD_REAL, "events", "events of all bands"},
    [DSR_O_POPULATION] = {"total_pop", "rows", METHOD_REAL, "persons", "persons of all bands"},
    [DSR_O_VALUE] = {"value", "rows", METHOD_REAL, "events per `per` persons", "the rate"},
    [DSR_O_LOWER] = {"lower", "rows", METHOD_REAL, "events per `per` persons", "lower limit"},
    [DSR_O_UPPER] = {"upper", "rows", METHOD_REAL, "events per `per` persons", "upper limit"},
    [DSR_O_VARIANCE] = {"variance", "rows", METHOD_REAL, "the square of that", "of the rate"},
    {.name = NULL},
};

static const char *take_weights(const struct method_call *call, struct strata *s)
{
    const struct method_values *own = &call->in[0].columns[DSR_STANDARD];
    const struct method_data *given = &call->in[1];
    if (!own->is_given && given->columns[1].is_given) {
        const char *reason = match_bands(&call->in[0].columns[DSR_BAND], given, s);
        if (reason) {
            return reason;
        }
    }
    for (size_t k = 0; k < s->n; k++) {
        if (own->is_given) {
            if (!method_has(own, s->rows[k])) {
                return "the standard population of an age band is missing";
            }
            s->first[k] = own->reals[s->rows[k]];
        } else if (given->columns[1].is_given) {
            if (!method_has(&given->columns[1], s->bands[k])) {
                return "the standard population of an age band is missing";
            }
            s->first[k] = given->columns[1].reals[s->bands[k]];
        } else if (s->n == STANDARD_BANDS) {
            s->first[k] = standard_esp2013[k];
        } else {
            return "it has not the 19 bands of the European Standard Population, and no other "
                   "weights are given";
        }
    }
    return NULL;
}

static void put_dsr(struct method_table *t, size_t row, const struct standard_rate *r,
                    int64_t least)
{
    static const char few[] = "too few events for a standardised rate (option least)";
    bool is_enough = r->events >= (double)least;
    method_put(t, row, DSR_O_COUNT, r->events);
    method_put(t, row, DSR_O_POPULATION, r->population);
    method_put_if(t, row, DSR_O_VALUE, is_enough, r->value, few);
    method_put_if(t, row, DSR_O_LOWER, is_enough && r->ci.has_lower, r->ci.lower,
                  is_enough ? "there is no lower limit of so few events" : few);
    method_put_if(t, row, DSR_O_UPPER, is_enough && r->ci.has_upper, r->ci.upper,
                  is_enough ? "without events the spread is unknown" : few);
    method_put_if(t, row, DSR_O_VARIANCE, is_enough, r->variance, few);
}

static struct rate_options rate_options_of(const struct method_setting *level,
                                           const struct method_setting *per,
                                           const struct method_setting *method)
{
    return (struct rate_options){
        .per = per->real, .level = level->real, .method = method->count ? RATE_UKHSA : RATE_EXACT};
}

static rv_status dsr_area(struct method_call *call, struct method_table *t, size_t g,
                          struct strata *s, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    const struct method_setting *o = call->options;
    put_area(t, g, DSR_O_AREA, area_name(&c[DSR_AREA], s->rows[0]));
    const char *reason =
        take_counts(&c[DSR_COUNT], &c[DSR_POPULATION], o[DSR_MISSING].count == 1, s);
    reason = reason ? reason : take_weights(call, s);
    if (reason) {
        method_miss_row(t, g, reason);
        return rv_ok();
    }
    struct rate_options options = rate_options_of(&o[DSR_LEVEL], &o[DSR_PER], &o[DSR_METHOD]);
    struct standard_rate r;
    struct rv_err err;
    rv_status status =
        standard_direct(s->counts, s->populations, s->first, s->n, &options, &r, &err);
    if (!rv_is_ok(status)) {
        return method_miss_domain(call, t, g, status, &err, reterr);
    }
    put_dsr(t, g, &r, o[DSR_LEAST].count);
    return rv_ok();
}

/* Calls `one` for the rows of each area. */
static rv_status each_area(struct method_call *call,
                           rv_status (*one)(struct method_call *, struct method_table *, size_t,
                                            struct strata *, struct rv_err *),
                           struct rv_err *reterr)
{
    const struct method_data *data = &call->in[0];
    RV_TRY(check_bands(&call->in[1], reterr));
    struct method_groups groups;
    RV_TRY(method_group(call, &data->columns[0], data->n, &groups, reterr));
    struct strata s;
    RV_TRY(make_strata(call->arena, data->n, &s, reterr));
    struct method_table *t;
    RV_TRY(method_open(call, "rows", groups.count, NULL, &t, reterr));
    for (size_t g = 0; g < groups.count; g++) {
        s.rows = groups.rows + groups.first[g];
        s.n = groups.first[g + 1] - groups.first[g];
        RV_TRY(one(call, t, g, &s, reterr));
    }
    return rv_ok();
}

static rv_status run_dsr(struct method_call *call, struct rv_err *reterr)
{
    return each_area(call, dsr_area, reterr);
}

/* --- isr --- */

enum { ISR_AREA, ISR_BAND, ISR_COUNT, ISR_POPULATION };
enum { REF_BAND, REF_COUNT, REF_POPULATION };
enum { ISR_LEVEL, ISR_METHOD, ISR_TIMES, ISR_PER, ISR_MISSING };
enum {
    ISR_O_AREA,
    ISR_O_OBSERVED,
    ISR_O_EXPECTED,
    ISR_O_RATIO,
    ISR_O_LOWER,
    ISR_O_UPPER,
    ISR_O_REFERENCE,
    ISR_O_RATE,
    ISR_O_RATE_LOWER,
    ISR_O_RATE_UPPER
};

static const struct method_column isr_columns[] = {
    [ISR_AREA] = AREA_COLUMN,
    [ISR_BAND] = BAND_COLUMN(true),
    [ISR_COUNT] = COUNT_COLUMN,
    [ISR_POPULATION] = POPULATION_COLUMN,
    {.name = NULL},
};
static const struct method_column reference_columns[] = {
    [REF_BAND] = BAND_COLUMN(true),
    [REF_COUNT] = {"refcount", "count|events", METHOD_AMOUNT, METHOD_LIST, false, NULL,
                   "events of the reference in the band"},
    [REF_POPULATION] = {"refpop", "pop|population", METHOD_AMOUNT, METHOD_LIST, false, NULL,
                        "persons of the reference in the band"},
    {.name = NULL},
};
static const struct method_option isr_options[] = {
    [ISR_LEVEL] = LEVEL_OPTION,
    [ISR_METHOD] = METHOD_OPTION,
    [ISR_TIMES] = {"times", METHOD_AMOUNT, "100", NULL, 1e-9, 1e12,
                   "the ratio is printed times this: 100 means as the reference"},
    [ISR_PER] = {"per", METHOD_AMOUNT, "100000", NULL, 1e-9, 1e12, "rate per so many persons"},
    [ISR_MISSING] = MISSING_OPTION,
    {.name = NULL},
};
static const struct method_output isr_outputs[] = {
    [ISR_O_AREA] = {"area", "rows", METHOD_TEXT, "", "the area"},
    [ISR_O_OBSERVED] = {"observed", "rows", METHOD_REAL, "events", "events of the area"},
    [ISR_O_EXPECTED] = {"expected", "rows", METHOD_REAL, "events",
                        "events that the reference rates would give it"},
    [ISR_O_RATIO] = {"ratio", "rows", METHOD_REAL, "", "observed / expected x times"},
    [ISR_O_LOWER] = {"lower", "rows", METHOD_REAL, "", "lower limit of the ratio"},
    [ISR_O_UPPER] = {"upper", "rows", METHOD_REAL, "", "upper limit of the ratio"},
    [ISR_O_REFERENCE] = {"ref_rate", "rows", METHOD_REAL, "events per `per` persons",
                         "crude rate of the reference"},
    [ISR_O_RATE] = {"rate", "rows", METHOD_REAL, "events per `per` persons",
                    "indirectly standardised rate"},
    [ISR_O_RATE_LOWER] = {"rate_lower", "rows", METHOD_REAL, "events per `per` persons",
                          "lower limit of the rate"},
    [ISR_O_RATE_UPPER] = {"rate_upper", "rows", METHOD_REAL, "events per `per` persons",
                          "upper limit of the rate"},
    {.name = NULL},
};

static const char *take_reference(const struct method_call *call, struct strata *s)
{
    const struct method_data *reference = &call->in[1];
    const char *reason = match_bands(&call->in[0].columns[ISR_BAND], reference, s);
    for (size_t k = 0; !reason && k < s->n; k++) {
        size_t row = s->bands[k];
        if (!method_has(&reference->columns[REF_COUNT], row) ||
            !method_has(&reference->columns[REF_POPULATION], row)) {
            return "the reference of an age band is missing";
        }
        s->first[k] = reference->columns[REF_COUNT].reals[row];
        s->second[k] = reference->columns[REF_POPULATION].reals[row];
    }
    return reason;
}

static void put_isr(struct method_table *t, size_t row, const struct standard_ratio *r,
                    double times)
{
    static const char none[] = "the formula gives a negative limit here: use method=exact";
    method_put(t, row, ISR_O_OBSERVED, r->observed);
    method_put(t, row, ISR_O_EXPECTED, r->expected);
    method_put(t, row, ISR_O_RATIO, r->ratio * times);
    method_put_if(t, row, ISR_O_LOWER, r->ci.has_lower, r->ci.lower * times, none);
    method_put(t, row, ISR_O_UPPER, r->ci.upper * times);
    method_put(t, row, ISR_O_REFERENCE, r->reference);
    method_put(t, row, ISR_O_RATE, r->rate);
    method_put_if(t, row, ISR_O_RATE_LOWER, r->rate_ci.has_lower, r->rate_ci.lower, none);
    method_put(t, row, ISR_O_RATE_UPPER, r->rate_ci.upper);
}

static rv_status isr_area(struct method_call *call, struct method_table *t, size_t g,
                          struct strata *s, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    const struct method_setting *o = call->options;
    put_area(t, g, ISR_O_AREA, area_name(&c[ISR_AREA], s->rows[0]));
    const char *reason =
        take_counts(&c[ISR_COUNT], &c[ISR_POPULATION], o[ISR_MISSING].count == 1, s);
    reason = reason ? reason : take_reference(call, s);
    if (reason) {
        method_miss_row(t, g, reason);
        return rv_ok();
    }
    double observed = 0;
    for (size_t k = 0; k < s->n; k++) {
        observed += s->counts[k];
    }
    struct rate_options options = rate_options_of(&o[ISR_LEVEL], &o[ISR_PER], &o[ISR_METHOD]);
    struct standard_ratio r;
    struct rv_err err;
    rv_status status =
        standard_indirect(observed, s->populations, s->first, s->second, s->n, &options, &r, &err);
    if (!rv_is_ok(status)) {
        return method_miss_domain(call, t, g, status, &err, reterr);
    }
    put_isr(t, g, &r, o[ISR_TIMES].real);
    return rv_ok();
}

static rv_status run_isr(struct method_call *call, struct rv_err *reterr)
{
    return each_area(call, isr_area, reterr);
}

static const struct method_input dsr_inputs[] = {
    {"data", dsr_columns, false, "a row for each area and age band"},
    {"weights", weight_columns, true, "standard population, a row for each age band"},
    {.name = NULL}};
static const struct method_input isr_inputs[] = {
    {"data", isr_columns, false, "a row for each area and age band"},
    {"reference", reference_columns, false, "the reference, a row for each age band"},
    {.name = NULL}};

const struct method method_standard[] = {
    {"dsr", "Directly standardised rate", NULL,
     "What would the rate be if the area had the age structure of a standard?", dsr_inputs,
     dsr_options, dsr_outputs, run_dsr},
    {"isr", "Indirectly standardised ratio", NULL,
     "How many times the events expected at the rates of a reference?", isr_inputs, isr_options,
     isr_outputs, run_isr},
    {.name = NULL},
};
