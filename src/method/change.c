/* method/change.c — methods that take a change apart.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/change.h"

#include "method/registry.h"
#include "stats/effects.h"

enum { PARTS_CATEGORY, PARTS_BEFORE, PARTS_AFTER };
enum { PARTS_ALPHA, PARTS_BEFORE_DAYS, PARTS_AFTER_DAYS, PARTS_BEFORE_TOTAL, PARTS_AFTER_TOTAL };

static const struct method_column parts_columns[] = {
    [PARTS_CATEGORY] = {"category", "name|group|offence_group", METHOD_TEXT, METHOD_LIST, false,
                        NULL, "name of the category; no record may be in two"},
    [PARTS_BEFORE] = {"before", "count0|x0", METHOD_COUNT, METHOD_LIST, false, NULL,
                      "events of the earlier period"},
    [PARTS_AFTER] = {"after", "count1|x1", METHOD_COUNT, METHOD_LIST, false, NULL,
                     "events of the later period"},
    {.name = NULL},
};
static const struct method_option parts_options[] = {
    [PARTS_ALPHA] = {"alpha", METHOD_REAL, "0.05", NULL, 1e-12, 0.999,
                     "at or above this p the total did not change and no driver is named"},
    [PARTS_BEFORE_DAYS] = {"before_days", METHOD_AMOUNT, "1", NULL, 1e-9, 1e9,
                           "length of the earlier period"},
    [PARTS_AFTER_DAYS] = {"after_days", METHOD_AMOUNT, "1", NULL, 1e-9, 1e9,
                          "length of the later period, in the same unit"},
    [PARTS_BEFORE_TOTAL] = {"before_total", METHOD_COUNT, NULL, NULL, 0, 0,
                            "published total: the categories must add up to it"},
    [PARTS_AFTER_TOTAL] = {"after_total", METHOD_COUNT, NULL, NULL, 0, 0, "the same, later"},
    {.name = NULL},
};

enum {
    OUT_LABEL,
    OUT_NAMED,
    OUT_BEFORE,
    OUT_AFTER,
    OUT_CHANGE,
    OUT_PCT,
    OUT_P,
    OUT_SAME,
    OUT_OPPOSITE,
    OUT_PART_CHANGE,
    OUT_SHARE_NET,
    OUT_SHARE_GROSS,
    OUT_PPT,
    OUT_BASELINE,
    OUT_P_CATEGORY,
    OUT_P_HOLM,
    OUT_P_REST
};

static const struct method_output parts_outputs[] = {
    [OUT_LABEL] = {"label", "", METHOD_TEXT, "", "which sentence may be written"},
    [OUT_NAMED] = {"named", "", METHOD_TEXTS, "", "the categories that it may name"},
    [OUT_BEFORE] = {"before", "=total", METHOD_COUNT, "events", "the earlier total"},
    [OUT_AFTER] = {"after", "=total", METHOD_COUNT, "events", "the later total"},
    [OUT_CHANGE] = {"change", "=total", METHOD_REAL, "events",
                    "after, scaled to the earlier length, less before"},
    [OUT_PCT] = {"pct", "=total", METHOD_REAL, "%", "change in percent of the earlier total"},
    [OUT_P] = {"p", "=total", METHOD_REAL, "", "two-sided exact p of the two totals"},
    [OUT_SAME] = {"gross_same_direction", "=total", METHOD_REAL, "events",
                  "sum of the moves with the total"},
    [OUT_OPPOSITE] = {"gross_opposite", "=total", METHOD_REAL, "events",
                      "sum of the moves against it"},
    [OUT_PART_CHANGE] = {"change", "per_category", METHOD_REAL, "events", "its own change"},
    [OUT_SHARE_NET] = {"share_net", "per_category", METHOD_REAL, "share", "of the net change"},
    [OUT_SHARE_GROSS] = {"share_gross", "per_category", METHOD_REAL, "share",
                         "of the moves with the total"},
    [OUT_PPT] = {"ppt", "per_category", METHOD_REAL, "percentage points",
                 "its part of the total's change in percent"},
    [OUT_BASELINE] = {"baseline_share", "per_category", METHOD_REAL, "share",
                      "its part of the earlier total"},
    [OUT_P_CATEGORY] = {"p_category", "per_category", METHOD_REAL, "",
                        "two-sided exact p of its two counts"},
    [OUT_P_HOLM] = {"p_holm", "per_category", METHOD_REAL, "",
                    "the same after Holm over the categories"},
    [OUT_P_REST] = {"p_vs_rest", "per_category", METHOD_REAL, "",
                    "Fisher: this category against the rest"},
    {.name = NULL},
};

static rv_status put_label(struct method_call *call, const struct change *c,
                           const char *const *names, struct rv_err *reterr)
{
    struct method_table *t;
    RV_TRY(method_open(call, "", 1, NULL, &t, reterr));
    const char **named = ARENA_NEW(call->arena, const char *, c->named_count + 1);
    if (!named) {
        return arena_fail(call->arena, reterr);
    }
    for (size_t i = 0; i < c->named_count; i++) {
        named[i] = names[c->named[i]];
    }
    method_put_text(t, 0, OUT_LABEL, change_label_name(c->label));
    method_put_texts(t, 0, OUT_NAMED, named, c->named_count);
    return rv_ok();
}

static const char no_base[] = "the earlier total is 0";

static rv_status put_total(struct method_call *call, const struct change *c, struct rv_err *reterr)
{
    struct method_table *t;
    RV_TRY(method_open(call, "=total", 1, NULL, &t, reterr));
    method_put_count(t, 0, OUT_BEFORE, c->before);
    method_put_count(t, 0, OUT_AFTER, c->after);
    method_put(t, 0, OUT_CHANGE, c->change);
    method_put_if(t, 0, OUT_PCT, c->has_percent, c->percent, no_base);
    method_put(t, 0, OUT_P, c->p);
    method_put(t, 0, OUT_SAME, c->gross_same);
    method_put(t, 0, OUT_OPPOSITE, c->gross_opposite);
    return rv_ok();
}

static rv_status put_parts(struct method_call *call, const struct change *c, struct rv_err *reterr)
{
    static const char no_change[] = "the totals do not differ";
    struct method_table *t;
    size_t n = call->in[0].n;
    RV_TRY(method_open(call, "per_category", n, METHOD_SAME_ROWS, &t, reterr));
    for (size_t i = 0; i < n; i++) {
        const struct contribution *part = &c->parts[i];
        method_put(t, i, OUT_PART_CHANGE, part->change);
        method_put_if(t, i, OUT_SHARE_NET, c->has_shares, part->share_net, no_change);
        method_put_if(t, i, OUT_SHARE_GROSS, c->has_shares, part->share_gross, no_change);
        method_put_if(t, i, OUT_PPT, c->has_percent, part->points, no_base);
        method_put_if(t, i, OUT_BASELINE, c->has_percent, part->baseline_share, no_base);
        method_put(t, i, OUT_P_CATEGORY, part->p);
        method_put(t, i, OUT_P_HOLM, part->p_holm);
        method_put(t, i, OUT_P_REST, part->p_vs_rest);
    }
    return rv_ok();
}

/* Categories whose name and both counts are there. */
static rv_status known_parts(struct method_call *call, const char ***ret_names, uint64_t **ret,
                             struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    size_t n = call->in[0].n;
    uint64_t *known = ARENA_NEW(call->arena, uint64_t, n / 64 + 1);
    const char **names = ARENA_NEW(call->arena, const char *, n + 1);
    if (!known || !names) {
        return arena_fail(call->arena, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        bool has = method_has(&c[PARTS_BEFORE], i) && method_has(&c[PARTS_AFTER], i);
        known[i / 64] |= (uint64_t)has << (i % 64);
        names[i] = method_has(&c[PARTS_CATEGORY], i) ? c[PARTS_CATEGORY].texts[i] : "not recorded";
    }
    *ret_names = names;
    *ret = known;
    return rv_ok();
}

static rv_status run_decomposition(struct method_call *call, struct rv_err *reterr)
{
    const struct method_values *columns = call->in[0].columns;
    const struct method_setting *o = call->options;
    struct change_options options = {
        .alpha = o[PARTS_ALPHA].real,
        .before_days = o[PARTS_BEFORE_DAYS].real,
        .after_days = o[PARTS_AFTER_DAYS].real,
        .before_total = o[PARTS_BEFORE_TOTAL].is_given ? o[PARTS_BEFORE_TOTAL].count : -1,
        .after_total = o[PARTS_AFTER_TOTAL].is_given ? o[PARTS_AFTER_TOTAL].count : -1};
    const char **names;
    uint64_t *known;
    RV_TRY(known_parts(call, &names, &known, reterr));
    struct change change;
    RV_TRY(change_decompose(call->arena, names, columns[PARTS_BEFORE].counts,
                            columns[PARTS_AFTER].counts, known, call->in[0].n, &options, &change,
                            reterr));
    RV_TRY(put_label(call, &change, names, reterr));
    RV_TRY(put_total(call, &change, reterr));
    return put_parts(call, &change, reterr);
}

/* --- kitagawa --- */

enum { KIT_GROUP, KIT_EVENTS0, KIT_POP0, KIT_EVENTS1, KIT_POP1, KIT_MULTIPLIER };
enum {
    KIT_CRUDE0,
    KIT_CRUDE1,
    KIT_DIFF,
    KIT_RATE,
    KIT_COMPOSITION,
    KIT_BORROWED,
    KIT_3_RATE,
    KIT_3_COMPOSITION,
    KIT_3_INTERACTION,
    KIT_ROW_RATE,
    KIT_ROW_COMPOSITION
};

static const struct method_column kitagawa_columns[] = {
    [KIT_GROUP] = {"group", "ageband|age|category|name", METHOD_TEXT, METHOD_LIST, true, NULL,
                   "name of the group"},
    [KIT_EVENTS0] = {"events0", "count0|x0", METHOD_AMOUNT, METHOD_LIST, false, NULL,
                     "events of the first period"},
    [KIT_POP0] = {"pop0", "population0|n0", METHOD_AMOUNT, METHOD_LIST, false, NULL,
                  "persons of the first period"},
    [KIT_EVENTS1] = {"events1", "count1|x1", METHOD_AMOUNT, METHOD_LIST, false, NULL,
                     "events of the second period"},
    [KIT_POP1] = {"pop1", "population1|n1", METHOD_AMOUNT, METHOD_LIST, false, NULL,
                  "persons of the second period"},
    [KIT_MULTIPLIER] = {"multiplier", "per", METHOD_AMOUNT, METHOD_SCALAR, true, NULL,
                        "rates per so many persons; without it the option per"},
    {.name = NULL},
};
static const struct method_option kitagawa_options[] = {
    {"per", METHOD_AMOUNT, "100000", NULL, 1e-9, 1e12, "rates per so many persons"},
    {.name = NULL},
};

#define PER "events per `per` persons"
static const struct method_output kitagawa_outputs[] = {
    [KIT_CRUDE0] = {"crude0", "", METHOD_REAL, PER, "crude rate of the first period"},
    [KIT_CRUDE1] = {"crude1", "", METHOD_REAL, PER, "crude rate of the second period"},
    [KIT_DIFF] = {"diff", "", METHOD_REAL, PER, "crude1 - crude0"},
    [KIT_RATE] = {"rate_effect", "", METHOD_REAL, PER, "by the change of the groups' rates"},
    [KIT_COMPOSITION] = {"composition_effect", "", METHOD_REAL, PER,
                         "by the change of the groups' shares"},
    [KIT_BORROWED] = {"borrowed", "", METHOD_COUNT, "groups",
                      "empty in one period: their rate there is that of the other"},
    [KIT_3_RATE] = {"rate_effect", "=three", METHOD_REAL, PER, "at the first period's shares"},
    [KIT_3_COMPOSITION] = {"composition_effect", "=three", METHOD_REAL, PER,
                           "at the first period's rates"},
    [KIT_3_INTERACTION] = {"interaction", "=three", METHOD_REAL, PER, "of both changes at once"},
    [KIT_ROW_RATE] = {"rate_effect", "rows", METHOD_REAL, PER, "the group's part"},
    [KIT_ROW_COMPOSITION] = {"composition_effect", "rows", METHOD_REAL, PER, "the group's part"},
    {.name = NULL},
};

static rv_status put_kitagawa(struct method_call *call, const struct kitagawa *k,
                              const struct kitagawa_group *groups, struct rv_err *reterr)
{
    struct method_table *t;
    RV_TRY(method_open(call, "", 1, NULL, &t, reterr));
    method_put(t, 0, KIT_CRUDE0, k->before);
    method_put(t, 0, KIT_CRUDE1, k->after);
    method_put(t, 0, KIT_DIFF, k->difference);
    method_put(t, 0, KIT_RATE, k->rate);
    method_put(t, 0, KIT_COMPOSITION, k->composition);
    method_put_count(t, 0, KIT_BORROWED, (int64_t)k->borrowed);
    RV_TRY(method_open(call, "=three", 1, NULL, &t, reterr));
    method_put(t, 0, KIT_3_RATE, k->rate_at_before);
    method_put(t, 0, KIT_3_COMPOSITION, k->composition_at_before);
    method_put(t, 0, KIT_3_INTERACTION, k->interaction);
    RV_TRY(method_open(call, "rows", call->in[0].n, METHOD_SAME_ROWS, &t, reterr));
    for (size_t i = 0; i < call->in[0].n; i++) {
        method_put(t, i, KIT_ROW_RATE, groups[i].rate);
        method_put(t, i, KIT_ROW_COMPOSITION, groups[i].composition);
    }
    return rv_ok();
}

static rv_status run_kitagawa(struct method_call *call, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    size_t n = call->in[0].n;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = KIT_EVENTS0; k <= KIT_POP1; k++) {
            if (!method_has(&c[k], i)) {
                return rv_fail(reterr, RV_DOMAIN,
                               "group %zu has no %s: the total would be wrong without it", i + 1,
                               call->method->inputs[0].columns[k].name);
            }
        }
    }
    struct kitagawa_group *groups = ARENA_NEW(call->arena, struct kitagawa_group, n + 1);
    if (!groups) {
        return arena_fail(call->arena, reterr);
    }
    bool has_per = method_has_scalar(&c[KIT_MULTIPLIER]);
    struct kitagawa k;
    RV_TRY(effects_kitagawa(
        c[KIT_EVENTS0].reals, c[KIT_POP0].reals, c[KIT_EVENTS1].reals, c[KIT_POP1].reals, n,
        has_per ? c[KIT_MULTIPLIER].reals[0] : call->options[0].real, groups, &k, reterr));
    return put_kitagawa(call, &k, groups, reterr);
}

/* --- pop-vs-rate --- */

enum { POP_AREA, POP_COUNT0, POP_POP0, POP_COUNT1, POP_POP1 };
enum { POP_CHANGE, POP_MID_POP, POP_MID_RATE, POP_LMDI_POP, POP_LMDI_RATE };

static const struct method_column pop_columns[] = {
    [POP_AREA] = {"area", "id|borough|name|group", METHOD_TEXT, METHOD_LIST, true, NULL,
                  "what the row is about"},
    [POP_COUNT0] = {"count0", "events0|x0|before", METHOD_AMOUNT, METHOD_LIST, false, NULL,
                    "events of the first period"},
    [POP_POP0] = {"pop0", "population0|n0", METHOD_AMOUNT, METHOD_LIST, false, NULL,
                  "persons of the first period"},
    [POP_COUNT1] = {"count1", "events1|x1|after", METHOD_AMOUNT, METHOD_LIST, false, NULL,
                    "events of the second period"},
    [POP_POP1] = {"pop1", "population1|n1", METHOD_AMOUNT, METHOD_LIST, false, NULL,
                  "persons of the second period"},
    {.name = NULL},
};
static const struct method_output pop_outputs[] = {
    [POP_CHANGE] = {"change", "rows", METHOD_REAL, "events", "count1 - count0"},
    [POP_MID_POP] = {"mid_pop_effect", "rows", METHOD_REAL, "events", "by population, midpoint"},
    [POP_MID_RATE] = {"mid_rate_effect", "rows", METHOD_REAL, "events", "by rate, midpoint"},
    [POP_LMDI_POP] = {"lmdi_pop_effect", "rows", METHOD_REAL, "events",
                      "by population, logarithmic mean"},
    [POP_LMDI_RATE] = {"lmdi_rate_effect", "rows", METHOD_REAL, "events",
                       "by rate, logarithmic mean"},
    {.name = NULL},
};

static rv_status pop_row(struct method_call *call, struct method_table *t, size_t i,
                         struct rv_err *reterr)
{
    static const char zero[] = "a count is 0: it has no logarithm";
    const struct method_values *c = call->in[0].columns;
    for (size_t k = POP_COUNT0; k <= POP_POP1; k++) {
        if (!method_has(&c[k], i)) {
            method_miss_row(t, i, "a count or a population is missing");
            return rv_ok();
        }
    }
    struct population_effect e;
    struct rv_err err;
    rv_status status = effects_population(c[POP_COUNT0].reals[i], c[POP_POP0].reals[i],
                                          c[POP_COUNT1].reals[i], c[POP_POP1].reals[i], &e, &err);
    if (!rv_is_ok(status)) {
        return method_miss_domain(call, t, i, status, &err, reterr);
    }
    method_put(t, i, POP_CHANGE, e.change);
    method_put(t, i, POP_MID_POP, e.population);
    method_put(t, i, POP_MID_RATE, e.rate);
    method_put_if(t, i, POP_LMDI_POP, e.has_lmdi, e.lmdi_population, zero);
    method_put_if(t, i, POP_LMDI_RATE, e.has_lmdi, e.lmdi_rate, zero);
    return rv_ok();
}

static rv_status run_pop(struct method_call *call, struct rv_err *reterr)
{
    struct method_table *t;
    size_t n = call->in[0].n;
    RV_TRY(method_open(call, "rows", n, METHOD_SAME_ROWS, &t, reterr));
    for (size_t i = 0; i < n; i++) {
        RV_TRY(pop_row(call, t, i, reterr));
    }
    return rv_ok();
}

static const struct method_input kitagawa_inputs[] = {
    {"data", kitagawa_columns, false, "a row for each group"}, {.name = NULL}};
static const struct method_input pop_inputs[] = {
    {"data", pop_columns, false, "a row for each area"}, {.name = NULL}};
static const struct method_input parts_inputs[] = {
    {"data", parts_columns, false, "a row for each category"}, {.name = NULL}};

const struct method method_change[] = {
    {"decomposition", "Which categories a change came from", NULL,
     "Which categories did a change come from, and how strongly may that be said?", parts_inputs,
     parts_options, parts_outputs, run_decomposition},
    {"kitagawa", "Rate and composition", NULL,
     "Did the rate change because groups changed, or because their sizes did?", kitagawa_inputs,
     kitagawa_options, kitagawa_outputs, run_kitagawa},
    {"pop-vs-rate", "Population and rate", NULL,
     "How much of a change in a count is the population's, how much the rate's?", pop_inputs, NULL,
     pop_outputs, run_pop},
    {.name = NULL},
};
