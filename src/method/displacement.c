/* method/displacement.c — before and after an intervention, beside areas without one.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/displacement.h"

#include "method/registry.h"
#include "stats/wording.h"

#include <string.h>

enum { W_ROLE, W_BEFORE, W_AFTER, W_SIZE };
enum { OPT_BEFORE, OPT_AFTER, OPT_LEVEL };
enum { ROLE_TREATED, ROLE_COMPARISON, ROLE_NEAR, ROLE_NEAR_COMPARISON, ROLES };

static const char *const ROLE_NAMES[ROLES] = {"treated", "comparison", "displacement",
                                              "displacement-comparison"};

static const struct method_column wdd_columns[] = {
    [W_ROLE] = {"role", "kind|arm", METHOD_TEXT, METHOD_LIST, false, NULL,
                "treated, comparison, displacement or displacement-comparison; rows of a role are "
                "added up"},
    [W_BEFORE] = {"before", "pre|count_before", METHOD_COUNT, METHOD_LIST, false, NULL,
                  "events of the period before"},
    [W_AFTER] = {"after", "post|count_after", METHOD_COUNT, METHOD_LIST, false, NULL,
                 "events of the period after"},
    [W_SIZE] = {"size", "area|weight", METHOD_AMOUNT, METHOD_LIST, true, NULL,
                "size of the area (places, residents, streets); effects are then per unit of it"},
    {.name = NULL},
};
static const struct method_input wdd_inputs[] = {
    {"areas", wdd_columns, false, "a row for each area, or each role"}, {.name = NULL}};
static const struct method_option wdd_options[] = {
    [OPT_BEFORE] = {"before_length", METHOD_AMOUNT, "1", NULL, 1e-9, 1e15,
                    "length of the period before, say in days"},
    [OPT_AFTER] = {"after_length", METHOD_AMOUNT, "1", NULL, 1e-9, 1e15,
                   "length of the period after, in the same unit"},
    [OPT_LEVEL] = {"level", METHOD_LEVEL, "0.95", NULL, 0.5, 1, "confidence level, below 1"},
    {.name = NULL},
};

enum { E_EFFECT, E_ESTIMATE, E_SE, E_Z, E_P, E_LOWER, E_UPPER, E_WORDING, E_MAY, E_MAY_NOT };
enum { A_ROLE = E_MAY_NOT + 1, A_ROWS, A_BEFORE, A_AFTER, A_SIZE };

static const struct method_output wdd_outputs[] = {
    [E_EFFECT] = {"effect", "effects", METHOD_TEXT, "", "local, displacement or total"},
    [E_ESTIMATE] = {"estimate", "effects", METHOD_REAL, "events",
                    "in a period as long as the one after; negative = fewer than expected"},
    [E_SE] = {"se", "effects", METHOD_REAL, "events", "standard error"},
    [E_Z] = {"z", "effects", METHOD_REAL, "", "estimate over its standard error"},
    [E_P] = {"p", "effects", METHOD_REAL, "", "two-sided, of no difference in change"},
    [E_LOWER] = {"lower", "effects", METHOD_REAL, "events", "lower limit"},
    [E_UPPER] = {"upper", "effects", METHOD_REAL, "events", "upper limit"},
    [E_WORDING] = {"wording", "effects", METHOD_TEXT, "", "rule of the card wording"},
    [E_MAY] = {"may_say", "effects", METHOD_TEXT, "", "what may be written"},
    [E_MAY_NOT] = {"may_not_say", "effects", METHOD_TEXT, "", "what may not"},
    [A_ROLE] = {"role", "areas", METHOD_TEXT, "", "kind of area"},
    [A_ROWS] = {"areas", "areas", METHOD_COUNT, "areas", "rows of this role"},
    [A_BEFORE] = {"before", "areas", METHOD_COUNT, "events", "in them, before"},
    [A_AFTER] = {"after", "areas", METHOD_COUNT, "events", "in them, after"},
    [A_SIZE] = {"size", "areas", METHOD_REAL, "", "of them together; 1 when not given"},
    {.name = NULL},
};

struct roles {
    struct displacement_area areas[ROLES];
    int64_t rows[ROLES];
};

static rv_status take_role(const struct method_values *c, size_t i, size_t *ret,
                           struct rv_err *reterr)
{
    for (size_t k = W_ROLE; k <= W_SIZE; k++) {
        if (c[k].is_given && !method_has(&c[k], i)) {
            return rv_fail(reterr, RV_INVALID,
                           "row %zu, column \"%s\": empty; a count that is not known is not 0, and "
                           "without it there is no difference",
                           i + 1, wdd_columns[k].name);
        }
    }
    const char *name = c[W_ROLE].texts[i];
    size_t role = 0;
    while (role < ROLES && strcmp(name, ROLE_NAMES[role]) != 0) {
        role++;
    }
    if (role == ROLES && strcmp(name, "control") == 0) {
        role = ROLE_COMPARISON;
    } else if (role == ROLES && strcmp(name, "displacement-control") == 0) {
        role = ROLE_NEAR_COMPARISON;
    }
    if (role == ROLES) {
        return rv_fail(reterr, RV_INVALID,
                       "row %zu, column \"role\": \"%.40s\" is none of treated, comparison, "
                       "displacement, displacement-comparison",
                       i + 1, name);
    }
    *ret = role;
    return rv_ok();
}

static rv_status take_areas(struct method_call *call, struct roles *r, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    for (size_t i = 0; i < call->in[0].n; i++) {
        size_t role;
        RV_TRY(take_role(c, i, &role, reterr));
        struct displacement_area *area = &r->areas[role];
        int64_t before = c[W_BEFORE].counts[i], after = c[W_AFTER].counts[i];
        if (before > STATS_COUNT_MAX || after > STATS_COUNT_MAX) {
            return rv_fail(reterr, RV_DOMAIN, "row %zu: a count is too large", i + 1);
        }
        area->before += before;
        area->after += after;
        area->size += c[W_SIZE].is_given ? c[W_SIZE].reals[i] : 0;
        r->rows[role]++;
    }
    for (size_t role = 0; role < ROLES; role++) {
        r->areas[role].size = c[W_SIZE].is_given ? r->areas[role].size : 1;
    }
    bool is_whole = r->rows[ROLE_TREATED] && r->rows[ROLE_COMPARISON] &&
                    !r->rows[ROLE_NEAR] == !r->rows[ROLE_NEAR_COMPARISON];
    return is_whole ? rv_ok()
                    : rv_fail(reterr, RV_INVALID,
                              "treated and comparison areas are needed, and displacement areas "
                              "only with a displacement-comparison");
}

static void put_effect(struct method_table *t, size_t i, const char *name,
                       const struct displacement_effect *e)
{
    static const char none[] = "no event was recorded in any of the areas";
    const struct wording_rule *rule = wording_rule(wording_of_displacement(e));
    method_put_text(t, i, E_EFFECT, name);
    method_put(t, i, E_ESTIMATE, e->estimate);
    method_put_if(t, i, E_SE, e->has_test, e->standard_error, none);
    method_put_if(t, i, E_Z, e->has_test, e->z, none);
    method_put_if(t, i, E_P, e->has_test, e->p, none);
    method_put_if(t, i, E_LOWER, e->has_test, e->lower, none);
    method_put_if(t, i, E_UPPER, e->has_test, e->upper, none);
    method_put_text(t, i, E_WORDING, rule->name);
    method_put_text(t, i, E_MAY, rule->may);
    method_put_text(t, i, E_MAY_NOT, rule->may_not);
}

static rv_status put_areas(struct method_call *call, const struct roles *r, struct rv_err *reterr)
{
    struct method_table *t;
    size_t n = r->rows[ROLE_NEAR] ? ROLES : ROLE_NEAR;
    RV_TRY(method_open(call, "areas", n, NULL, &t, reterr));
    for (size_t i = 0; i < n; i++) {
        method_put_text(t, i, A_ROLE, ROLE_NAMES[i]);
        method_put_count(t, i, A_ROWS, r->rows[i]);
        method_put_count(t, i, A_BEFORE, r->areas[i].before);
        method_put_count(t, i, A_AFTER, r->areas[i].after);
        method_put(t, i, A_SIZE, r->areas[i].size);
    }
    return rv_ok();
}

static rv_status run_wdd(struct method_call *call, struct rv_err *reterr)
{
    struct roles r = {.rows = {0}};
    RV_TRY(take_areas(call, &r, reterr));
    const struct displacement_input input = {.treated = r.areas[ROLE_TREATED],
                                             .comparison = r.areas[ROLE_COMPARISON],
                                             .has_neighbours = r.rows[ROLE_NEAR] > 0,
                                             .neighbours = r.areas[ROLE_NEAR],
                                             .neighbours_comparison =
                                                 r.areas[ROLE_NEAR_COMPARISON]};
    const struct displacement_options options = {.before_length = call->options[OPT_BEFORE].real,
                                                 .after_length = call->options[OPT_AFTER].real,
                                                 .level = call->options[OPT_LEVEL].real};
    struct displacement d;
    struct method_table *t;
    RV_TRY(displacement_difference(&input, &options, &d, reterr));
    RV_TRY(method_open(call, "effects", d.has_neighbours ? 3 : 1, NULL, &t, reterr));
    put_effect(t, 0, "local", &d.local);
    if (d.has_neighbours) {
        put_effect(t, 1, "displacement", &d.displaced);
        put_effect(t, 2, "total", &d.total);
    }
    RV_TRY(put_areas(call, &r, reterr));
    RV_TRY(method_note(call, reterr,
                       "it is taken for granted that without the intervention all areas would have "
                       "changed by the same number of events: show earlier periods beside it"));
    return d.is_rough ? method_note(call, reterr, "a count is under %d: limits and p are rough",
                                    DISPLACEMENT_SMALL)
                      : rv_ok();
}

const struct method method_displacement[] = {
    {"wdd", "Before and after, beside comparison areas", NULL,
     "did the areas of an intervention change otherwise than areas without one?", wdd_inputs,
     wdd_options, wdd_outputs, run_wdd},
    {.name = NULL},
};
