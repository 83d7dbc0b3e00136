/* method/change.c — methods that take a change apart.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/change.h"

#include "method/registry.h"

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

static const struct method_input parts_inputs[] = {
    {"data", parts_columns, false, "a row for each category"}, {.name = NULL}};

const struct method method_change[] = {
    {"decomposition", "Which categories a change came from", NULL,
     "Which categories did a change come from, and how strongly may that be said?", parts_inputs,
     parts_options, parts_outputs, run_decomposition},
    {.name = NULL},
};
