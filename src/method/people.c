/* method/people.c — methods of groups of people: disproportionality, missing ethnicity, pooling.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "method/registry.h"
#include "stats/disproportion.h"
#include "stats/imputation.h"
#include "stats/wording.h"

#include <math.h>
#include <string.h>

static const char *const NO_REFERENCE = "this is the reference group";
static const char *const NO_EVENTS = "the other group has no events: there is no ratio";

/* ---- groups of one case: disproportionality and bounds ---- */

enum { GROUPS_CASE, GROUPS_GROUP, GROUPS_COUNT, GROUPS_POPULATION, GROUPS_MISSING };

static const struct method_column groups_columns[] = {
    [GROUPS_CASE] = {"case", "table|id", METHOD_TEXT, METHOD_LIST, true, NULL,
                     "which table the row belongs to, when the file holds several"},
    [GROUPS_GROUP] = {"group", "ethnicity|category|name", METHOD_TEXT, METHOD_LIST, false, NULL,
                      "name of the group"},
    [GROUPS_COUNT] = {"count", "x|events|persons", METHOD_COUNT, METHOD_LIST, false, NULL,
                      "events, or persons, with this group recorded"},
    [GROUPS_POPULATION] = {"pop", "population|n", METHOD_COUNT, METHOD_LIST, false, NULL,
                           "persons of the group in the population, same ages and place"},
    [GROUPS_MISSING] = {"not_recorded", "missing|unknown", METHOD_COUNT, METHOD_LIST, true, NULL,
                        "events of the whole table whose group is not recorded; 0 when absent"},
    {.name = NULL},
};
static const struct method_input groups_inputs[] = {
    {"groups", groups_columns, false, "one row a group, every group of the population"},
    {.name = NULL},
};

/* One table as the statistics take it. */
struct groups {
    const size_t *rows;
    size_t n, reference;
    int64_t *counts, *populations, missing, known;
    struct disproportion *results;
};

/* The rows with a value in every column; why the table cannot be used, or NULL. */
static const char *take_groups(const struct method_values *c, const char *reference,
                               struct groups *g)
{
    size_t largest = 0, named = g->n;
    for (size_t i = 0; i < g->n; i++) {
        size_t row = g->rows[i];
        if (!method_has(&c[GROUPS_GROUP], row) || !method_has(&c[GROUPS_COUNT], row) ||
            !method_has(&c[GROUPS_POPULATION], row)) {
            return "a group, count or population of the table is missing: shares need them all";
        }
        g->counts[i] = c[GROUPS_COUNT].counts[row];
        g->populations[i] = c[GROUPS_POPULATION].counts[row];
        g->known += g->counts[i];
        largest = g->populations[i] > g->populations[largest] ? i : largest;
        if (reference && strcmp(c[GROUPS_GROUP].texts[row], reference) == 0) {
            named = i;
        }
        if (c[GROUPS_MISSING].is_given) {
            if (!method_has(&c[GROUPS_MISSING], row)) {
                return "the number without a group is missing in a row of the table";
            }
            if (i > 0 && c[GROUPS_MISSING].counts[row] != g->missing) {
                return "the rows of the table disagree on the number without a group";
            }
            g->missing = c[GROUPS_MISSING].counts[row];
        }
    }
    if (reference && named == g->n) {
        return "the table has no group of the name given as reference";
    }
    g->reference = reference ? named : largest;
    return NULL;
}

static rv_status new_groups(struct method_call *call, const size_t *rows, size_t n,
                            struct groups *ret, struct rv_err *reterr)
{
    *ret = (struct groups){.rows = rows,
                           .n = n,
                           .counts = ARENA_NEW(call->arena, int64_t, n),
                           .populations = ARENA_NEW(call->arena, int64_t, n),
                           .results = ARENA_NEW(call->arena, struct disproportion, n)};
    return ret->counts && ret->populations && ret->results ? rv_ok()
                                                           : arena_fail(call->arena, reterr);
}

/* Compares the groups of every table of the case and writes each row with `put`. */
typedef rv_status (*put_group)(struct method_call *call, struct method_table *t, size_t row,
                               const struct groups *g, size_t i, struct rv_err *reterr);

static rv_status each_table(struct method_call *call, const char *reference, double level,
                            put_group put, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    size_t n = call->in[0].n;
    struct method_table *t;
    struct method_groups tables;
    RV_TRY(method_open(call, "rows", n, METHOD_SAME_ROWS, &t, reterr));
    RV_TRY(method_group(call, &c[GROUPS_CASE], n, &tables, reterr));
    for (size_t k = 0; k < tables.count; k++) {
        struct groups g;
        RV_TRY(new_groups(call, tables.rows + tables.first[k],
                          tables.first[k + 1] - tables.first[k], &g, reterr));
        const char *reason = take_groups(c, reference, &g);
        struct rv_err err;
        rv_status status = rv_ok();
        if (!reason) {
            status = disproportion_compare(g.counts, g.populations, g.n, g.missing, g.reference,
                                           level, g.results, &err);
        }
        for (size_t i = 0; i < g.n; i++) {
            if (reason) {
                method_miss_row(t, g.rows[i], reason);
            } else if (!rv_is_ok(status)) {
                RV_TRY(method_miss_domain(call, t, g.rows[i], status, &err, reterr));
            } else {
                RV_TRY(put(call, t, g.rows[i], &g, i, reterr));
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (c[GROUPS_CASE].is_given && !method_has(&c[GROUPS_CASE], i)) {
            method_miss_row(t, i, "the row does not say which table it belongs to");
        }
    }
    return rv_ok();
}

/* ---- disproportionality ---- */

enum {
    D_REFERENCE,
    D_RATE,
    D_SHARE,
    D_POPULATION_SHARE,
    D_SHARE_LOW,
    D_SHARE_HIGH,
    D_GAP,
    D_INDEX,
    D_RRI,
    D_KATZ_LOW,
    D_KATZ_HIGH,
    D_EVENTS_LOW,
    D_EVENTS_HIGH,
    D_EXACT_LOW,
    D_EXACT_HIGH,
    D_EXACT_P,
    D_REST,
    D_REST_LOW,
    D_REST_HIGH,
    D_BOUND_SHARE_LOW,
    D_BOUND_SHARE_HIGH,
    D_BOUND_CI_LOW,
    D_BOUND_CI_HIGH,
    D_BOUND_LOW,
    D_BOUND_HIGH,
    D_OVER,
    D_UNDER,
    D_TIPPING,
    D_CAN_TIP,
    D_TIP_CHANCE,
    D_TIP_GONE,
    D_TOO_SMALL,
    D_WORDING,
    D_MAY_SAY
};

static const struct method_output disproportion_outputs[] = {
    [D_REFERENCE] = {"reference", "rows", METHOD_TEXT, "", "the group that rri_white is to"},
    [D_RATE] = {"rate_per_1000", "rows", METHOD_REAL, "events per 1,000 persons", "rate"},
    [D_SHARE] = {"share_known", "rows", METHOD_REAL, "share", "of the events with a group"},
    [D_POPULATION_SHARE] = {"pop_share", "rows", METHOD_REAL, "share", "of the population"},
    [D_SHARE_LOW] = {"share_lo", "rows", METHOD_REAL, "share", "Wilson limit of share_known"},
    [D_SHARE_HIGH] = {"share_hi", "rows", METHOD_REAL, "share", "upper limit"},
    [D_GAP] = {"ppt_diff", "rows", METHOD_REAL, "percentage points", "share_known - pop_share"},
    [D_INDEX] = {"disparity_index", "rows", METHOD_REAL, "", "share_known / pop_share"},
    [D_RRI] = {"rri_white", "rows", METHOD_REAL, "",
               "relative rate index: rate / rate of the reference group (White as a rule)"},
    [D_KATZ_LOW] = {"rri_white_lo_katz", "rows", METHOD_REAL, "", "limit, persons counted once"},
    [D_KATZ_HIGH] = {"rri_white_hi_katz", "rows", METHOD_REAL, "", "upper limit"},
    [D_EVENTS_LOW] = {"rri_white_lo_poisson", "rows", METHOD_REAL, "", "limit, events"},
    [D_EVENTS_HIGH] = {"rri_white_hi_poisson", "rows", METHOD_REAL, "", "upper limit"},
    [D_EXACT_LOW] = {"rri_white_lo_exact", "rows", METHOD_REAL, "", "limit, events, exact"},
    [D_EXACT_HIGH] = {"rri_white_hi_exact", "rows", METHOD_REAL, "", "upper limit"},
    [D_EXACT_P] = {"rri_white_p_exact", "rows", METHOD_REAL, "", "two-sided exact p"},
    [D_REST] = {"rr_rest", "rows", METHOD_REAL, "", "rate / rate of all other groups together"},
    [D_REST_LOW] = {"rr_rest_lo_katz", "rows", METHOD_REAL, "", "limit"},
    [D_REST_HIGH] = {"rr_rest_hi_katz", "rows", METHOD_REAL, "", "upper limit"},
    [D_BOUND_SHARE_LOW] = {"bound_share_lo", "rows", METHOD_REAL, "share",
                           "if none of the missing is of the group"},
    [D_BOUND_SHARE_HIGH] = {"bound_share_hi", "rows", METHOD_REAL, "share", "if all are"},
    [D_BOUND_CI_LOW] = {"bound_share_ci_lo", "rows", METHOD_REAL, "share",
                        "one-sided Wilson limit of bound_share_lo"},
    [D_BOUND_CI_HIGH] = {"bound_share_ci_hi", "rows", METHOD_REAL, "share", "of bound_share_hi"},
    [D_BOUND_LOW] = {"bound_rri_lo", "rows", METHOD_REAL, "",
                     "rri_white if all the missing are of the reference"},
    [D_BOUND_HIGH] = {"bound_rri_hi", "rows", METHOD_REAL, "", "if all are of the group"},
    [D_OVER] = {"bound_robust_over", "rows", METHOD_FLAG, "", "above 1 whatever the missing are"},
    [D_UNDER] = {"bound_robust_under", "rows", METHOD_FLAG, "", "below 1 whatever they are"},
    [D_TIPPING] = {"tip_missing_white", "rows", METHOD_COUNT, "events",
                   "missing that would have to be of the reference for rri_white of 1 or less"},
    [D_CAN_TIP] = {"tip_feasible", "rows", METHOD_FLAG, "", "there are as many missing"},
    [D_TIP_CHANCE] = {"tip_chance", "rows", METHOD_COUNT, "events",
                      "missing of the group with the lower rate from which chance alone could make "
                      "the difference; of two groups the other missing are of the other one"},
    [D_TIP_GONE] =
        {"tip_gone", "rows", METHOD_COUNT, "events",
         "the same from which the difference is gone or turned; one more than there are = never"},
    [D_TOO_SMALL] = {"too_small", "rows", METHOD_FLAG, "", "no ratio of it is for publication"},
    [D_WORDING] = {"wording", "rows", METHOD_TEXT, "", "rule of the card `wording`"},
    [D_MAY_SAY] = {"may_say", "rows", METHOD_TEXT, "", "what may be written"},
    {.name = NULL},
};
static const struct method_option disproportion_options[] = {
    {"reference", METHOD_TEXT, NULL, NULL, 0, 0,
     "name of the group that ratios are to; without it the group with the largest population"},
    {"level", METHOD_LEVEL, "0.95", NULL, 0.5, 1, "confidence level, below 1"},
    {.name = NULL},
};

static void put_limits(struct method_table *t, size_t row, size_t low, const struct interval *ci,
                       const char *reason)
{
    method_put_if(t, row, low, ci->has_lower, ci->lower, reason);
    method_put_if(t, row, low + 1, ci->has_upper, ci->upper, reason);
}

static void put_reference_ratio(struct method_table *t, size_t row, const struct disproportion *d,
                                const char *reason)
{
    static const char none[] = "a count of 0, or more events than persons";
    const struct rate_ratio *r = &d->to_reference;
    method_put_if(t, row, D_RRI, r->has_value, r->value, reason);
    put_limits(t, row, D_KATZ_LOW, &r->katz, d->bounds.has_comparison ? none : reason);
    put_limits(t, row, D_EVENTS_LOW, &r->events, d->bounds.has_comparison ? none : reason);
    put_limits(t, row, D_EXACT_LOW, &r->exact, reason);
    method_put_if(t, row, D_EXACT_P, r->has_p, r->p, reason);
    method_put_if(t, row, D_REST, d->to_rest.has_value, d->to_rest.value, NO_EVENTS);
    put_limits(t, row, D_REST_LOW, &d->to_rest.katz, none);
}

/* Bounds of shares and, but for the reference, of the ratio. */
static void put_bounds(struct method_table *t, size_t row, const struct disproportion_bounds *b)
{
    method_put(t, row, D_BOUND_SHARE_LOW, b->share_low);
    method_put(t, row, D_BOUND_SHARE_HIGH, b->share_high);
    put_limits(t, row, D_BOUND_CI_LOW, &b->share_ci, "not available");
    if (!b->has_comparison) {
        for (size_t output = D_BOUND_LOW; output <= D_TIP_GONE; output++) {
            method_miss(t, row, output, NO_REFERENCE);
        }
        return;
    }
    method_put(t, row, D_BOUND_LOW, b->ratio_low);
    method_put_if(t, row, D_BOUND_HIGH, b->has_ratio_high, b->ratio_high, NO_EVENTS);
    method_put_flag(t, row, D_OVER, b->is_over);
    method_put_flag(t, row, D_UNDER, b->is_under);
    method_put_count(t, row, D_TIPPING, b->tipping);
    method_put_flag(t, row, D_CAN_TIP, b->can_tip);
}

static rv_status put_tipping(struct method_call *call, struct method_table *t, size_t row,
                             const struct groups *g, size_t i, struct rv_err *reterr)
{
    if (i == g->reference) {
        return rv_ok(); /* put_bounds said so */
    }
    if (g->counts[i] + g->counts[g->reference] == 0) {
        method_miss(t, row, D_TIP_CHANCE, NO_EVENTS);
        method_miss(t, row, D_TIP_GONE, NO_EVENTS);
        return rv_ok();
    }
    struct disproportion_tipping tip;
    RV_TRY(disproportion_tip(g->counts[i], g->populations[i], g->counts[g->reference],
                             g->populations[g->reference], g->known, g->missing, g->n == 2,
                             call->options[1].real, &tip, reterr));
    method_put_count(t, row, D_TIP_CHANCE, tip.chance);
    method_put_count(t, row, D_TIP_GONE, tip.gone);
    return rv_ok();
}

static rv_status put_disproportion(struct method_call *call, struct method_table *t, size_t row,
                                   const struct groups *g, size_t i, struct rv_err *reterr)
{
    const struct disproportion *d = &g->results[i];
    const struct method_values *names = &call->in[0].columns[GROUPS_GROUP];
    double missing = (double)g->missing / (double)(g->known + g->missing);
    const struct wording_rule *rule = wording_rule(wording_of_representation(d, missing));
    method_put_text(t, row, D_REFERENCE, names->texts[g->rows[g->reference]]);
    method_put(t, row, D_RATE, 1000 * d->rate);
    method_put(t, row, D_SHARE, d->share);
    method_put(t, row, D_POPULATION_SHARE, d->population_share);
    put_limits(t, row, D_SHARE_LOW, &d->share_ci, "not available");
    method_put(t, row, D_GAP, d->gap_points);
    method_put(t, row, D_INDEX, d->index);
    put_reference_ratio(t, row, d, d->bounds.has_comparison ? NO_EVENTS : NO_REFERENCE);
    put_bounds(t, row, &d->bounds);
    RV_TRY(put_tipping(call, t, row, g, i, reterr));
    method_put_flag(t, row, D_TOO_SMALL, d->is_too_small);
    method_put_text(t, row, D_WORDING, rule->name);
    method_put_text(t, row, D_MAY_SAY, rule->may);
    return rv_ok();
}

static rv_status run_disproportion(struct method_call *call, struct rv_err *reterr)
{
    const struct method_setting *reference = &call->options[0];
    return each_table(call, reference->is_given ? reference->text : NULL, call->options[1].real,
                      put_disproportion, reterr);
}

/* ---- bounds ---- */

enum { B_REFERENCE, B_SHARE_LOW, B_SHARE_HIGH, B_LOW, B_HIGH, B_WITHIN_LOW, B_WITHIN_HIGH };

static const struct method_output bounds_outputs[] = {
    [B_REFERENCE] = {"reference", "rows", METHOD_TEXT, "", "the group that ratios are to"},
    [B_SHARE_LOW] = {"bound_share_lo", "rows", METHOD_REAL, "share",
                     "if none of the missing is of the group"},
    [B_SHARE_HIGH] = {"bound_share_hi", "rows", METHOD_REAL, "share", "if all are"},
    [B_LOW] = {"bound_rri_lo", "rows", METHOD_REAL, "", "if all the missing are of the reference"},
    [B_HIGH] = {"bound_rri_hi", "rows", METHOD_REAL, "", "if all are of the group"},
    [B_WITHIN_LOW] = {"within_rri_lo", "rows", METHOD_REAL, "",
                      "if the odds of each group among the missing are within the factor"},
    [B_WITHIN_HIGH] = {"within_rri_hi", "rows", METHOD_REAL, "", "upper end of the same"},
    {.name = NULL},
};
static const struct method_option bounds_options[] = {
    {"reference", METHOD_TEXT, NULL, NULL, 0, 0,
     "name of the group that ratios are to; without it the group with the largest population"},
    {"factor", METHOD_REAL, "2", NULL, 1, 1e9,
     "how far the odds of a group among the missing may be from those among the recorded"},
    {.name = NULL},
};

static rv_status put_bounds_row(struct method_call *call, struct method_table *t, size_t row,
                                const struct groups *g, size_t i, struct rv_err *reterr)
{
    const struct disproportion_bounds *b = &g->results[i].bounds;
    const struct method_values *names = &call->in[0].columns[GROUPS_GROUP];
    method_put_text(t, row, B_REFERENCE, names->texts[g->rows[g->reference]]);
    method_put(t, row, B_SHARE_LOW, b->share_low);
    method_put(t, row, B_SHARE_HIGH, b->share_high);
    if (!b->has_comparison) {
        for (size_t output = B_LOW; output <= B_WITHIN_HIGH; output++) {
            method_miss(t, row, output, NO_REFERENCE);
        }
        return rv_ok();
    }
    method_put(t, row, B_LOW, b->ratio_low);
    method_put_if(t, row, B_HIGH, b->has_ratio_high, b->ratio_high, NO_EVENTS);
    double low, high;
    struct rv_err err;
    rv_status status = disproportion_within(
        g->counts[i], g->populations[i], g->counts[g->reference], g->populations[g->reference],
        g->known, g->missing, call->options[1].real, &low, &high, &err);
    if (!rv_is_ok(status)) {
        return method_miss_domain(call, t, row, status, &err, reterr);
    }
    method_put(t, row, B_WITHIN_LOW, low);
    method_put_if(t, row, B_WITHIN_HIGH, isfinite(high), high, NO_EVENTS);
    return rv_ok();
}

static rv_status run_bounds(struct method_call *call, struct rv_err *reterr)
{
    const struct method_setting *reference = &call->options[0];
    return each_table(call, reference->is_given ? reference->text : NULL, 0.95, put_bounds_row,
                      reterr);
}

/* ---- reallocation ---- */

enum { R_GROUPS, R_KNOWN, R_MISSING };

static const struct method_column reallocation_columns[] = {
    [R_GROUPS] = {"groups", "group", METHOD_TEXT, METHOD_LIST, true, "groups",
                  "names of the groups"},
    [R_KNOWN] = {"known", "counts", METHOD_COUNT, METHOD_MATRIX, false, NULL,
                 "for each stratum the count of each group"},
    [R_MISSING] = {"missing", "not_recorded", METHOD_COUNT, METHOD_LIST, false, NULL,
                   "for each stratum the number without a group"},
    {.name = NULL},
};
static const struct method_input reallocation_inputs[] = {
    {"strata", reallocation_columns, false, "JSON: counts by stratum and group"},
    {.name = NULL},
};

enum { R_NAME, R_ADJUSTED, R_SHARE, R_COMPLETE };

static const struct method_output reallocation_outputs[] = {
    [R_NAME] = {"group", "groups", METHOD_TEXT, "", "name of the group"},
    [R_ADJUSTED] = {"adjusted", "groups", METHOD_REAL, "events",
                    "expected number when the missing are like the recorded of their stratum"},
    [R_SHARE] = {"adjusted_share", "groups", METHOD_REAL, "share", "of all events"},
    [R_COMPLETE] = {"complete_case_share", "groups", METHOD_REAL, "share",
                    "of the events with a group"},
    {.name = NULL},
};

static rv_status check_all_known(const struct method_values *v, struct rv_err *reterr)
{
    for (size_t i = 0; i < v->n; i++) {
        if (!method_has(v, i)) {
            return rv_fail(reterr, RV_DOMAIN,
                           "a count is missing: what is not known cannot be allocated by");
        }
    }
    return rv_ok();
}

static rv_status run_reallocation(struct method_call *call, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    const struct method_values *known = &c[R_KNOWN], *missing = &c[R_MISSING];
    size_t groups = known->width, strata = known->n / groups;
    RV_TRY(check_all_known(known, reterr));
    RV_TRY(check_all_known(missing, reterr));
    if (c[R_GROUPS].is_given && c[R_GROUPS].n != groups) {
        return rv_fail(reterr, RV_DOMAIN, "there are %zu names for %zu groups", c[R_GROUPS].n,
                       groups);
    }
    double *adjusted = ARENA_NEW(call->arena, double, groups);
    struct method_table *t;
    if (!adjusted) {
        return arena_fail(call->arena, reterr);
    }
    RV_TRY(reallocate(known->counts, missing->counts, strata, groups, adjusted, reterr));
    RV_TRY(method_open(call, "groups", groups, NULL, &t, reterr));
    int64_t recorded = 0, all = 0;
    for (size_t i = 0; i < known->n; i++) {
        recorded += known->counts[i];
    }
    all = recorded;
    for (size_t s = 0; s < strata; s++) {
        all += missing->counts[s];
    }
    for (size_t g = 0; g < groups; g++) {
        int64_t own = 0;
        for (size_t s = 0; s < strata; s++) {
            own += known->counts[s * groups + g];
        }
        bool has_name = method_has(&c[R_GROUPS], g);
        has_name ? method_put_text(t, g, R_NAME, c[R_GROUPS].texts[g])
                 : method_miss(t, g, R_NAME, "the groups have no names");
        method_put(t, g, R_ADJUSTED, adjusted[g]);
        method_put(t, g, R_SHARE, adjusted[g] / (double)all);
        method_put(t, g, R_COMPLETE, (double)own / (double)recorded);
    }
    return rv_ok();
}

/* ---- pool ---- */

enum { P_ESTIMATE, P_VARIANCE };

static const struct method_column pool_columns[] = {
    [P_ESTIMATE] = {"q", "estimate|estimates", METHOD_REAL, METHOD_LIST, false, NULL,
                    "estimate made on one filled-in copy of the data"},
    [P_VARIANCE] = {"u", "variance|variances", METHOD_AMOUNT, METHOD_LIST, false, NULL,
                    "its variance (the standard error squared)"},
    {.name = NULL},
};
static const struct method_input pool_inputs[] = {
    {"copies", pool_columns, false, "one row a filled-in copy"},
    {.name = NULL},
};
static const struct method_option pool_options[] = {
    {"n", METHOD_REAL, NULL, NULL, 2, 1e12,
     "size of the sample, for the degrees of freedom of a small one; without it: large"},
    {"level", METHOD_LEVEL, "0.95", NULL, 0.5, 1, "confidence level, below 1"},
    {.name = NULL},
};

enum { P_QBAR, P_UBAR, P_B, P_T, P_DF, P_DF_OLD, P_FMI, P_RIV, P_LOWER, P_UPPER };

static const struct method_output pool_outputs[] = {
    [P_QBAR] = {"qbar", "", METHOD_REAL, "", "mean of the estimates"},
    [P_UBAR] = {"ubar", "", METHOD_REAL, "", "mean of the variances"},
    [P_B] = {"b", "", METHOD_REAL, "", "variance between the estimates"},
    [P_T] = {"t", "", METHOD_REAL, "", "total variance"},
    [P_DF] = {"df", "", METHOD_REAL, "", "degrees of freedom of the interval"},
    [P_DF_OLD] = {"df_old", "", METHOD_REAL, "", "those of a large sample (Rubin 1987)"},
    [P_FMI] = {"fmi", "", METHOD_REAL, "share", "fraction of the information missing"},
    [P_RIV] = {"riv", "", METHOD_REAL, "", "relative increase of the variance"},
    [P_LOWER] = {"lower", "", METHOD_REAL, "", "limit of the estimate"},
    [P_UPPER] = {"upper", "", METHOD_REAL, "", "upper limit"},
    {.name = NULL},
};

static rv_status run_pool(struct method_call *call, struct rv_err *reterr)
{
    static const char endless[] = "the estimates do not differ: there is no end to them";
    const struct method_values *c = call->in[0].columns;
    const struct method_setting *n = &call->options[0];
    for (size_t i = 0; i < call->in[0].n; i++) {
        if (!method_has(&c[P_ESTIMATE], i) || !method_has(&c[P_VARIANCE], i)) {
            return rv_fail(reterr, RV_DOMAIN,
                           "estimate %zu or its variance is missing: leave the copy out", i + 1);
        }
    }
    struct pooled p, large;
    double df = n->is_given ? n->real - 1 : (double)INFINITY, level = call->options[1].real;
    RV_TRY(pool_estimates(c[P_ESTIMATE].reals, c[P_VARIANCE].reals, call->in[0].n, df, level, &p,
                          reterr));
    RV_TRY(pool_estimates(c[P_ESTIMATE].reals, c[P_VARIANCE].reals, call->in[0].n, (double)INFINITY,
                          level, &large, reterr));
    struct method_table *t;
    RV_TRY(method_open(call, "", 1, NULL, &t, reterr));
    method_put(t, 0, P_QBAR, p.estimate);
    method_put(t, 0, P_UBAR, p.within);
    method_put(t, 0, P_B, p.between);
    method_put(t, 0, P_T, p.total);
    method_put_if(t, 0, P_DF, isfinite(p.df), p.df, endless);
    method_put_if(t, 0, P_DF_OLD, isfinite(large.df), large.df, endless);
    method_put(t, 0, P_FMI, p.fraction_missing);
    method_put(t, 0, P_RIV, p.relative_increase);
    method_put(t, 0, P_LOWER, p.ci.lower);
    method_put(t, 0, P_UPPER, p.ci.upper);
    return rv_ok();
}

const struct method method_people[] = {
    {"disproportionality", "Over- and under-representation of groups", NULL,
     "does a group appear more than its share, whatever the missing are?", groups_inputs,
     disproportion_options, disproportion_outputs, run_disproportion},
    {"bounds", "Bounds over records without a group", NULL,
     "how far can a ratio move when some records have no group?", groups_inputs, bounds_options,
     bounds_outputs, run_bounds},
    {"reallocation", "Allocation of records without a group", NULL,
     "what if the missing were like the recorded of their stratum?", reallocation_inputs, NULL,
     reallocation_outputs, run_reallocation},
    {"pool", "Pooling of filled-in copies (Rubin)", NULL,
     "one estimate from several imputations, with its uncertainty", pool_inputs, pool_options,
     pool_outputs, run_pool},
    {.name = NULL},
};
