/* method/concentration.c — how few areas hold how much, beside what chance gives; repeat places.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "spatial/concentration.h"

#include "method/registry.h"
#include "spatial/repeats.h"

enum { COL_COUNT };
enum { OPT_REPLICATES, OPT_SEED, OPT_LEVEL };
enum { OPT_PLACES };
enum { TOPS = 5 };
static const size_t TOP[TOPS] = {1, 2, 5, 10, 20};

static const struct method_column count_columns[] = {
    [COL_COUNT] = {"counts", "count|events|n", METHOD_COUNT, METHOD_LIST, false, NULL,
                   "events of each area or place; one without any is 0"},
    {.name = NULL},
};
static const struct method_input count_inputs[] = {
    {"data", count_columns, false, "a row for each area or place"},
    {.name = NULL},
};
static const struct method_option concentration_options[] = {
    [OPT_REPLICATES] = {"replicates", METHOD_COUNT, "999", NULL, 1, 1e6, "throws by chance"},
    [OPT_SEED] = {"seed", METHOD_COUNT, "20240131", NULL, 0, 0, "of the throws"},
    [OPT_LEVEL] = {"level", METHOD_REAL, "0.95", NULL, 0.5, 0.9999, "middle part of the throws"},
    {.name = NULL},
};
static const struct method_option repeat_options[] = {
    [OPT_PLACES] = {"places", METHOD_COUNT, NULL, NULL, 0, 0,
                    "on which the events could have fallen; without it the rows"},
    {.name = NULL},
};

enum {
    C_AREAS,
    C_EVENTS,
    C_WITH_EVENTS,
    C_GINI,
    C_GINI_UNBIASED,
    C_GENERALISED,
    C_GENERALISED_UNBIASED,
    C_QUARTER,
    C_HALF,
    C_QUARTER_PERCENT,
    C_HALF_PERCENT,
    C_HHI,
    C_THEIL,
    C_CHANCE_GINI,
    C_CHANCE_QUARTER,
    C_CHANCE_HALF,
    C_CHANCE_HALF_LOWER,
    C_CHANCE_HALF_UPPER,
    C_HALF_P,
    C_TOP,
    C_TOP_SHARE,
    C_TOP_TIED,
    C_TOP_CHANCE,
    C_TOP_LOWER,
    C_TOP_UPPER,
    C_TOP_P
};

static const struct method_output concentration_outputs[] = {
    [C_AREAS] = {"areas", "", METHOD_COUNT, "areas", "rows"},
    [C_EVENTS] = {"events", "", METHOD_COUNT, "events", "of all areas"},
    [C_WITH_EVENTS] = {"units_with_events", "", METHOD_COUNT, "areas", "with at least one"},
    [C_GINI] = {"gini", "", METHOD_REAL, "", "0 = equal counts, nearly 1 = all in one area"},
    [C_GINI_UNBIASED] = {"gini_unbiased", "", METHOD_REAL, "", "times areas / (areas - 1)"},
    [C_GENERALISED] = {"generalised_gini", "", METHOD_REAL, "",
                       "0 = as even as so many events can be"},
    [C_GENERALISED_UNBIASED] = {"generalised_gini_unbiased", "", METHOD_REAL, "",
                                "times least / (least - 1) of areas and events"},
    [C_QUARTER] = {"units_for_25pct", "", METHOD_COUNT, "areas", "fewest that hold a quarter"},
    [C_HALF] = {"units_for_50pct", "", METHOD_COUNT, "areas", "fewest that hold half"},
    [C_QUARTER_PERCENT] = {"pct_units_for_25", "", METHOD_REAL, "percent", "of the areas"},
    [C_HALF_PERCENT] = {"pct_units_for_50", "", METHOD_REAL, "percent", "of the areas"},
    [C_HHI] = {"hhi", "", METHOD_REAL, "", "sum of squared shares"},
    [C_THEIL] = {"theil", "", METHOD_REAL, "", "sum of share x ln(share x areas)"},
    [C_CHANCE_GINI] = {"null_gini_mean", "", METHOD_REAL, "", "Gini by chance alone"},
    [C_CHANCE_QUARTER] = {"null_units_for_25pct", "", METHOD_REAL, "areas",
                          "fewest for a quarter by chance, mean"},
    [C_CHANCE_HALF] = {"null_units_for_50pct", "", METHOD_REAL, "areas",
                       "fewest for half by chance, mean"},
    [C_CHANCE_HALF_LOWER] = {"null_units_for_50pct_lower", "", METHOD_REAL, "areas",
                             "its range by chance"},
    [C_CHANCE_HALF_UPPER] = {"null_units_for_50pct_upper", "", METHOD_REAL, "areas",
                             "its range by chance"},
    [C_HALF_P] = {"units_for_50pct_p", "", METHOD_REAL, "", "of so few areas by chance"},
    [C_TOP] = {"top", "tops", METHOD_COUNT, "areas", "so many areas with most events"},
    [C_TOP_SHARE] = {"share", "tops", METHOD_REAL, "share", "of the events"},
    [C_TOP_TIED] = {"tied_at_cut", "tops", METHOD_FLAG, "",
                    "the next area has as many as the last"},
    [C_TOP_CHANCE] = {"null_mean", "tops", METHOD_REAL, "share", "by chance alone"},
    [C_TOP_LOWER] = {"null_lower", "tops", METHOD_REAL, "share", "its range by chance"},
    [C_TOP_UPPER] = {"null_upper", "tops", METHOD_REAL, "share", "its range by chance"},
    [C_TOP_P] = {"p", "tops", METHOD_REAL, "", "of so large a share by chance"},
    {.name = NULL},
};

static rv_status take_counts(struct method_call *call, const int64_t **ret, size_t *ret_n,
                             struct rv_err *reterr)
{
    const struct method_values *v = &call->in[0].columns[COL_COUNT];
    for (size_t i = 0; i < v->n; i++) {
        if (!method_has(v, i)) {
            return rv_fail(reterr, RV_INVALID,
                           "row %zu has no count: a count that is missing is not 0", i + 1);
        }
    }
    *ret = v->counts;
    *ret_n = v->n;
    return rv_ok();
}

static void put_measures(struct method_table *t, const struct concentration *c,
                         const struct concentration_chance *chance)
{
    method_put_count(t, 0, C_AREAS, (int64_t)c->areas);
    method_put_count(t, 0, C_EVENTS, c->events);
    method_put_count(t, 0, C_WITH_EVENTS, (int64_t)c->with_events);
    method_put(t, 0, C_GINI, c->gini);
    method_put_if(t, 0, C_GINI_UNBIASED, c->areas > 1, c->gini_unbiased, "there is one area");
    method_put(t, 0, C_GENERALISED, c->generalised);
    method_put_if(t, 0, C_GENERALISED_UNBIASED, c->areas > 1 && c->events > 1,
                  c->generalised_unbiased, "there is one area, or one event");
    method_put_count(t, 0, C_QUARTER, (int64_t)c->for_quarter);
    method_put_count(t, 0, C_HALF, (int64_t)c->for_half);
    method_put(t, 0, C_QUARTER_PERCENT, c->quarter_percent);
    method_put(t, 0, C_HALF_PERCENT, c->half_percent);
    method_put(t, 0, C_HHI, c->hhi);
    method_put(t, 0, C_THEIL, c->theil);
    method_put(t, 0, C_CHANCE_GINI, chance->gini.mean);
    method_put(t, 0, C_CHANCE_QUARTER, chance->quarter.mean);
    method_put(t, 0, C_CHANCE_HALF, chance->half.mean);
    method_put(t, 0, C_CHANCE_HALF_LOWER, chance->half.lower);
    method_put(t, 0, C_CHANCE_HALF_UPPER, chance->half.upper);
    method_put(t, 0, C_HALF_P, chance->half.p);
}

static rv_status run_concentration(struct method_call *call, struct rv_err *reterr)
{
    const int64_t *counts = NULL;
    size_t n = 0;
    struct concentration c;
    struct method_table *t, *tops;
    struct concentration_options o = {.seed = (uint64_t)call->options[OPT_SEED].count,
                                      .replicates = call->options[OPT_REPLICATES].count,
                                      .level = call->options[OPT_LEVEL].real};
    RV_TRY(take_counts(call, &counts, &n, reterr));
    RV_TRY(concentration_measure(call->arena, counts, n, &c, reterr));
    RV_TRY(method_open(call, "", 1, NULL, &t, reterr));
    RV_TRY(method_open(call, "tops", TOPS, NULL, &tops, reterr));
    for (size_t k = 0; k < TOPS; k++) {
        struct concentration_chance chance;
        bool is_tied = false;
        o.top = TOP[k] < n ? TOP[k] : n;
        RV_TRY(concentration_by_chance(call->arena, &c, &o, &chance, reterr));
        if (k == 0) {
            put_measures(t, &c, &chance);
        }
        method_put_count(tops, k, C_TOP, (int64_t)TOP[k]);
        method_put(tops, k, C_TOP_SHARE, concentration_top(&c, TOP[k], &is_tied));
        method_put_flag(tops, k, C_TOP_TIED, is_tied);
        method_put(tops, k, C_TOP_CHANCE, chance.top.mean);
        method_put(tops, k, C_TOP_LOWER, chance.top.lower);
        method_put(tops, k, C_TOP_UPPER, chance.top.upper);
        method_put(tops, k, C_TOP_P, chance.top.p);
    }
    return method_note(call, reterr,
                       "by chance means: as many events, each area equally likely; areas differ in "
                       "residents, visitors and size, which is not taken into account");
}

/* --- repeat places --- */

enum {
    R_EVENTS,
    R_PLACES,
    R_USED,
    R_REPEATS,
    R_AT,
    R_SHARE,
    R_EXPECTED_PLACES,
    R_EXPECTED,
    R_LOWER,
    R_UPPER
};

static const struct method_output repeat_outputs[] = {
    [R_EVENTS] = {"events", "", METHOD_COUNT, "events", "of all places"},
    [R_PLACES] = {"places", "", METHOD_COUNT, "places", "on which they could have fallen"},
    [R_USED] = {"used", "", METHOD_COUNT, "places", "with at least one"},
    [R_REPEATS] = {"repeat_places", "", METHOD_COUNT, "places", "with two or more"},
    [R_AT] = {"at_repeats", "", METHOD_COUNT, "events", "at those"},
    [R_SHARE] = {"share", "", METHOD_REAL, "share", "of the events"},
    [R_EXPECTED_PLACES] = {"null_repeat_places", "", METHOD_REAL, "places",
                           "with two or more by chance"},
    [R_EXPECTED] = {"null_at_repeats", "", METHOD_REAL, "events", "at such places by chance"},
    [R_LOWER] = {"null_lower", "", METHOD_REAL, "events", "range by chance, 95%"},
    [R_UPPER] = {"null_upper", "", METHOD_REAL, "events", "range by chance, 95%"},
    {.name = NULL},
};

static rv_status run_repeats(struct method_call *call, struct rv_err *reterr)
{
    const int64_t *counts = NULL;
    size_t n = 0;
    struct repeats r;
    struct method_table *t;
    const struct method_setting *places = &call->options[OPT_PLACES];
    RV_TRY(take_counts(call, &counts, &n, reterr));
    RV_TRY(repeats_measure(counts, n, places->is_given ? places->count : (int64_t)n, &r, reterr));
    RV_TRY(method_open(call, "", 1, NULL, &t, reterr));
    method_put_count(t, 0, R_EVENTS, r.events);
    method_put_count(t, 0, R_PLACES, r.places);
    method_put_count(t, 0, R_USED, r.used);
    method_put_count(t, 0, R_REPEATS, r.repeat_places);
    method_put_count(t, 0, R_AT, r.at_repeats);
    method_put(t, 0, R_SHARE, (double)r.at_repeats / (double)r.events);
    method_put(t, 0, R_EXPECTED_PLACES, r.expected_places);
    method_put(t, 0, R_EXPECTED, r.expected);
    method_put(t, 0, R_LOWER, r.lower);
    method_put(t, 0, R_UPPER, r.upper);
    return rv_ok();
}

const struct method method_concentration[] = {
    {"concentration", "How few areas hold how much", NULL,
     "In how few areas are a quarter and half of the events, and in how few would they be by "
     "chance?",
     count_inputs, concentration_options, concentration_outputs, run_concentration},
    {"repeat-locations", "Places with more than one event", NULL,
     "How many events are at places that had another, and how many would be by chance?",
     count_inputs, repeat_options, repeat_outputs, run_repeats},
    {.name = NULL},
};
