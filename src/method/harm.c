/* method/harm.c — counts weighted by harm, with one edition of weights and no other.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/harm.h"

#include "base/text.h"
#include "method/registry.h"

#include <math.h>

#define OFFENCE_NAMES "offence_group|offence_code|code|category"

enum {
    HARM_AREA,
    HARM_PERIOD,
    HARM_OFFENCE,
    HARM_COUNT,
    HARM_WEIGHT,
    HARM_SCHEME,
    HARM_POPULATION
};
enum { WEIGHT_OFFENCE, WEIGHT_WEIGHT, WEIGHT_SCHEME };
enum { HARM_O_LEVEL, HARM_O_PER, HARM_O_SCHEME, HARM_O_WITHOUT };
enum {
    OUT_AREA,
    OUT_PERIOD,
    OUT_SCHEME,
    OUT_EVENTS,
    OUT_TOTAL,
    OUT_LOWER,
    OUT_UPPER,
    OUT_VARIANCE,
    OUT_MEAN,
    OUT_PER,
    OUT_PER_LOWER,
    OUT_PER_UPPER,
    OUT_WITHOUT,
    OUT_WITHOUT_LOWER,
    OUT_WITHOUT_UPPER,
    OUT_UNMAPPED,
    OUT_ROW_WEIGHT,
    OUT_ROW_HARM,
    OUT_ROW_SHARE_COUNT,
    OUT_ROW_SHARE_HARM,
    OUT_LIST_AREA,
    OUT_LIST_PERIOD,
    OUT_LIST_OFFENCE,
    OUT_LIST_COUNT
};

static const struct method_column harm_columns[] = {
    [HARM_AREA] = {"area", "borough|ward|id|name", METHOD_TEXT, METHOD_LIST, true, NULL,
                   "whose rows belong together; without it all do"},
    [HARM_PERIOD] = {"period", "year|month|period_from", METHOD_TEXT, METHOD_LIST, true, NULL,
                     "each period of an area is weighed by itself"},
    [HARM_OFFENCE] = {"offence", OFFENCE_NAMES, METHOD_TEXT, METHOD_LIST, true, NULL,
                      "offence, as the weights call it"},
    [HARM_COUNT] = {"count", "counts|n|events", METHOD_COUNT, METHOD_LIST, false, NULL, "events"},
    [HARM_WEIGHT] = {"weight", "weights", METHOD_AMOUNT, METHOD_LIST, true, NULL,
                     "weight, when it is not in the input weights"},
    [HARM_SCHEME] = {"scheme", NULL, METHOD_TEXT, METHOD_LIST, true, NULL,
                     "name and edition of those weights"},
    [HARM_POPULATION] = {"population", "pop|residents", METHOD_AMOUNT, METHOD_SPREAD, true, NULL,
                         "residents of the area, the same in all its rows"},
    {.name = NULL},
};
static const struct method_column weight_columns[] = {
    [WEIGHT_OFFENCE] = {"offence", OFFENCE_NAMES, METHOD_TEXT, METHOD_LIST, false, NULL, "offence"},
    [WEIGHT_WEIGHT] = {"weight", "weights", METHOD_AMOUNT, METHOD_LIST, false, NULL,
                       "harm of one event"},
    [WEIGHT_SCHEME] = {"scheme", NULL, METHOD_TEXT, METHOD_LIST, true, NULL,
                       "name and edition of the weights: one, or chosen by the option scheme"},
    {.name = NULL},
};
static const struct method_option harm_options[] = {
    [HARM_O_LEVEL] = {"level", METHOD_LEVEL, "0.95", NULL, 0.5, 1,
                      "confidence level, below 1, of the interval"},
    [HARM_O_PER] = {"per", METHOD_AMOUNT, "1000", NULL, 1e-9, 1e12, "harm per so many residents"},
    [HARM_O_SCHEME] = {"scheme", METHOD_TEXT, NULL, NULL, 0, 0,
                       "the edition of weights to use, when there are several"},
    [HARM_O_WITHOUT] = {"without", METHOD_TEXT, "homicide", NULL, 0, 0,
                        "offences, separated by commas, left out of the second total"},
    {.name = NULL},
};
static const struct method_output harm_outputs[] = {
    [OUT_AREA] = {"area", "areas", METHOD_TEXT, "", "the area"},
    [OUT_PERIOD] = {"period", "areas", METHOD_TEXT, "", "the period"},
    [OUT_SCHEME] = {"scheme", "areas", METHOD_TEXT, "", "edition of the weights"},
    [OUT_EVENTS] = {"events", "areas", METHOD_COUNT, "events", "with a weight"},
    [OUT_TOTAL] = {"harm_total", "areas", METHOD_REAL, "harm", "sum of weight x count"},
    [OUT_LOWER] = {"lower", "areas", METHOD_REAL, "harm", "lower limit of the total"},
    [OUT_UPPER] = {"upper", "areas", METHOD_REAL, "harm", "upper limit of the total"},
    [OUT_VARIANCE] = {"variance", "areas", METHOD_REAL, "harm squared", "sum of weight^2 x count"},
    [OUT_MEAN] = {"mean_harm", "areas", METHOD_REAL, "harm", "of one weighted event"},
    [OUT_PER] = {"harm_per_1000", "areas", METHOD_REAL, "harm per `per` residents", "the rate"},
    [OUT_PER_LOWER] = {"per_1000_lower", "areas", METHOD_REAL, "harm per `per` residents",
                       "its lower limit"},
    [OUT_PER_UPPER] = {"per_1000_upper", "areas", METHOD_REAL, "harm per `per` residents",
                       "its upper limit"},
    [OUT_WITHOUT] = {"harm_without", "areas", METHOD_REAL, "harm",
                     "total without the offences named by the option without"},
    [OUT_WITHOUT_LOWER] = {"without_lower", "areas", METHOD_REAL, "harm", "its lower limit"},
    [OUT_WITHOUT_UPPER] = {"without_upper", "areas", METHOD_REAL, "harm", "its upper limit"},
    [OUT_UNMAPPED] = {"unmapped_events", "areas", METHOD_COUNT, "events",
                      "of offences without a weight: not in the total"},
    [OUT_ROW_WEIGHT] = {"weight", "rows", METHOD_REAL, "harm", "weight used"},
    [OUT_ROW_HARM] = {"harm", "rows", METHOD_REAL, "harm", "weight x count"},
    [OUT_ROW_SHARE_COUNT] = {"share_count", "rows", METHOD_REAL, "share",
                             "of the weighted events of its area"},
    [OUT_ROW_SHARE_HARM] = {"share_harm", "rows", METHOD_REAL, "share", "of the harm of its area"},
    [OUT_LIST_AREA] = {"area", "unmapped", METHOD_TEXT, "", "the area"},
    [OUT_LIST_PERIOD] = {"period", "unmapped", METHOD_TEXT, "", "the period"},
    [OUT_LIST_OFFENCE] = {"offence", "unmapped", METHOD_TEXT, "", "offence without a weight"},
    [OUT_LIST_COUNT] = {"count", "unmapped", METHOD_COUNT, "events", "its events"},
    {.name = NULL},
};

/* --- one edition of weights --- */

static const char no_scheme[] = "not named";

struct weights {
    const char *scheme;
    double *of_row; /* of each row of the data */
    uint64_t *mapped;
};

/* The only scheme of a column, or the one asked for. */
static rv_status choose_scheme(const struct method_values *column, size_t n, const char *wanted,
                               const char **ret, struct rv_err *reterr)
{
    const char *first = NULL;
    bool is_there = false;
    for (size_t i = 0; i < n; i++) {
        const char *scheme = method_has(column, i) ? column->texts[i] : no_scheme;
        is_there |= wanted && strcmp(scheme, wanted) == 0;
        if (first && !wanted && strcmp(first, scheme) != 0) {
            return rv_fail(reterr, RV_INVALID,
                           "the weights are of more than one edition ('%s' and '%s'), which must "
                           "never be mixed: choose one with --opt scheme=…",
                           first, scheme);
        }
        first = first ? first : scheme;
    }
    if (wanted && !is_there) {
        return rv_fail(reterr, RV_INVALID, "there are no weights of the scheme '%s'%s%s", wanted,
                       first ? "; there are of " : "", first ? first : "");
    }
    *ret = wanted ? wanted : first ? first : no_scheme;
    return rv_ok();
}

static bool is_of(const struct method_values *column, size_t i, const char *scheme)
{
    return strcmp(method_has(column, i) ? column->texts[i] : no_scheme, scheme) == 0;
}

/* The row of an offence's weight in this edition, or n. */
static size_t find_weight(const struct method_data *w, const char *offence, const char *scheme)
{
    const struct method_values *c = w->columns;
    size_t i = 0;
    while (i < w->n && !(method_has(&c[WEIGHT_OFFENCE], i) && is_of(&c[WEIGHT_SCHEME], i, scheme) &&
                         strcmp(c[WEIGHT_OFFENCE].texts[i], offence) == 0)) {
        i++;
    }
    return i;
}

static rv_status check_weights(const struct method_data *w, const char *scheme,
                               struct rv_err *reterr)
{
    const struct method_values *c = w->columns;
    for (size_t i = 0; i < w->n; i++) {
        if (method_has(&c[WEIGHT_OFFENCE], i) && is_of(&c[WEIGHT_SCHEME], i, scheme) &&
            find_weight(w, c[WEIGHT_OFFENCE].texts[i], scheme) != i) {
            return rv_fail(reterr, RV_INVALID, "'%s' has two weights in the scheme '%s': keep one",
                           c[WEIGHT_OFFENCE].texts[i], scheme);
        }
    }
    return rv_ok();
}

static void map_row(const struct method_call *call, struct weights *w, size_t i)
{
    const struct method_values *c = call->in[0].columns;
    const struct method_data *table = &call->in[1];
    const struct method_values *from = &c[HARM_WEIGHT];
    size_t row = i;
    if (!from->is_given) {
        from = &table->columns[WEIGHT_WEIGHT];
        row = method_has(&c[HARM_OFFENCE], i)
                  ? find_weight(table, c[HARM_OFFENCE].texts[i], w->scheme)
                  : table->n;
    }
    if (method_has(from, row)) {
        w->of_row[i] = from->reals[row];
        w->mapped[i / 64] |= UINT64_C(1) << (i % 64);
    }
}

static rv_status take_weights(struct method_call *call, struct weights *ret, struct rv_err *reterr)
{
    const struct method_data *data = &call->in[0], *table = &call->in[1];
    const struct method_values *c = data->columns;
    const struct method_setting *wanted = &call->options[HARM_O_SCHEME];
    const char *scheme = wanted->is_given ? wanted->text : NULL;
    bool has_table = table->columns[WEIGHT_WEIGHT].is_given;
    if (c[HARM_WEIGHT].is_given == has_table) {
        return rv_fail(reterr, RV_INVALID,
                       has_table ? "the data have a column \"weight\" and weights are given too: "
                                   "use one of them"
                                 : "no weights: give --in weights=FILE or a column \"weight\"");
    }
    if (has_table && !c[HARM_OFFENCE].is_given) {
        return rv_fail(reterr, RV_INVALID, "a column \"offence\" is needed to find the weights");
    }
    if (has_table) {
        RV_TRY(
            choose_scheme(&table->columns[WEIGHT_SCHEME], table->n, scheme, &ret->scheme, reterr));
        RV_TRY(check_weights(table, ret->scheme, reterr));
    } else {
        RV_TRY(choose_scheme(&c[HARM_SCHEME], data->n, NULL, &ret->scheme, reterr));
    }
    ret->of_row = ARENA_NEW(call->arena, double, data->n + 1);
    ret->mapped = ARENA_NEW(call->arena, uint64_t, data->n / 64 + 1);
    if (!ret->of_row || !ret->mapped) {
        return arena_fail(call->arena, reterr);
    }
    for (size_t i = 0; i < data->n; i++) {
        map_row(call, ret, i);
    }
    return rv_ok();
}

/* --- one area and period --- */

/* Rows of one area, its counts and weights one after the other. */
struct block {
    const size_t *rows;
    size_t n;
    int64_t *counts;
    double *weights;
    uint64_t *mapped;
};

static bool is_listed(const char *list, const char *offence)
{
    struct text rest = text_of(list);
    while (rest.n) {
        if (text_is(text_trim(text_split(rest, ',', &rest)), offence)) {
            return true;
        }
    }
    return false;
}

static const char *fill_block(const struct method_call *call, const struct weights *w,
                              const char *without, struct block *b)
{
    const struct method_values *c = call->in[0].columns;
    memset(b->mapped, 0, (b->n / 64 + 1) * sizeof *b->mapped);
    for (size_t k = 0; k < b->n; k++) {
        size_t i = b->rows[k];
        if (!method_has(&c[HARM_COUNT], i)) {
            return "the count of an offence is missing, so the total is not known";
        }
        bool is_out = without && method_has(&c[HARM_OFFENCE], i) &&
                      is_listed(without, c[HARM_OFFENCE].texts[i]);
        bool is_mapped = (w->mapped[i / 64] >> (i % 64) & 1) != 0;
        b->counts[k] = is_out ? 0 : c[HARM_COUNT].counts[i];
        b->weights[k] = is_mapped ? w->of_row[i] : 0;
        b->mapped[k / 64] |= (uint64_t)is_mapped << (k % 64);
    }
    return NULL;
}

static const char no_events[] = "no event has a weight: the spread is unknown";

/* The population that all rows of the area agree on; 0 when there is none. */
static double population_of(const struct method_values *column, const struct block *b,
                            const char **reason)
{
    double population = method_has(column, b->rows[0]) ? column->reals[b->rows[0]] : 0;
    *reason = population > 0 ? NULL : "its population is missing or 0";
    for (size_t k = 1; k < b->n; k++) {
        bool has = method_has(column, b->rows[k]);
        if (has != (population > 0) || (has && column->reals[b->rows[k]] != population)) {
            *reason = "its rows do not agree on the population";
        }
    }
    return population;
}

static void put_harm(const struct method_call *call, struct method_table *t, size_t g,
                     const struct block *b, const struct harm *h)
{
    const char *reason;
    double population = population_of(&call->in[0].columns[HARM_POPULATION], b, &reason);
    double scale = reason ? 0 : call->options[HARM_O_PER].real / population;
    method_put_count(t, g, OUT_EVENTS, h->events);
    method_put(t, g, OUT_TOTAL, h->total);
    method_put_if(t, g, OUT_LOWER, h->ci.has_lower, h->ci.lower, no_events);
    method_put_if(t, g, OUT_UPPER, h->ci.has_upper, h->ci.upper, no_events);
    method_put(t, g, OUT_VARIANCE, h->variance);
    method_put_if(t, g, OUT_MEAN, h->has_mean, h->mean, no_events);
    method_put_if(t, g, OUT_PER, !reason, h->total * scale, reason);
    method_put_if(t, g, OUT_PER_LOWER, !reason && h->ci.has_lower, h->ci.lower * scale,
                  reason ? reason : no_events);
    method_put_if(t, g, OUT_PER_UPPER, !reason && h->ci.has_upper, h->ci.upper * scale,
                  reason ? reason : no_events);
    method_put_count(t, g, OUT_UNMAPPED, h->unmapped);
}

static rv_status put_without(const struct method_call *call, struct method_table *t, size_t g,
                             const struct weights *w, struct block *b, struct rv_err *reterr)
{
    if (!call->in[0].columns[HARM_OFFENCE].is_given) {
        for (size_t output = OUT_WITHOUT; output <= OUT_WITHOUT_UPPER; output++) {
            method_miss(t, g, output, "the offences have no names");
        }
        return rv_ok();
    }
    struct harm h;
    (void)fill_block(call, w, call->options[HARM_O_WITHOUT].text, b);
    RV_TRY(harm_weigh(b->counts, b->weights, b->mapped, b->n, call->options[HARM_O_LEVEL].real, &h,
                      reterr));
    method_put(t, g, OUT_WITHOUT, h.total);
    method_put_if(t, g, OUT_WITHOUT_LOWER, h.ci.has_lower, h.ci.lower, no_events);
    method_put_if(t, g, OUT_WITHOUT_UPPER, h.ci.has_upper, h.ci.upper, no_events);
    return rv_ok();
}

static void put_shares(const struct method_call *call, struct method_table *rows,
                       const struct weights *w, const struct block *b, const struct harm *h)
{
    static const char none[] = "the area has no harm to share";
    const struct method_values *count = &call->in[0].columns[HARM_COUNT];
    for (size_t k = 0; k < b->n; k++) {
        size_t i = b->rows[k];
        if ((w->mapped[i / 64] >> (i % 64) & 1) == 0) {
            method_miss_row(rows, i, "this offence has no weight in the scheme");
            continue;
        }
        double events = (double)count->counts[i], harm = w->of_row[i] * events;
        method_put(rows, i, OUT_ROW_WEIGHT, w->of_row[i]);
        method_put(rows, i, OUT_ROW_HARM, harm);
        method_put_if(rows, i, OUT_ROW_SHARE_COUNT, h->events > 0, events / (double)h->events,
                      none);
        method_put_if(rows, i, OUT_ROW_SHARE_HARM, h->total > 0, harm / h->total, none);
    }
}

struct answers {
    struct method_table *areas, *rows;
};

static rv_status weigh_area(struct method_call *call, const struct answers *out, size_t g,
                            const struct weights *w, struct block *b, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    size_t first = b->rows[0];
    method_put_text(out->areas, g, OUT_SCHEME, w->scheme);
    if (method_has(&c[HARM_AREA], first)) {
        method_put_text(out->areas, g, OUT_AREA, c[HARM_AREA].texts[first]);
    }
    if (method_has(&c[HARM_PERIOD], first)) {
        method_put_text(out->areas, g, OUT_PERIOD, c[HARM_PERIOD].texts[first]);
    }
    struct harm h;
    const char *reason = fill_block(call, w, NULL, b);
    if (!reason) {
        struct rv_err err;
        rv_status status = harm_weigh(b->counts, b->weights, b->mapped, b->n,
                                      call->options[HARM_O_LEVEL].real, &h, &err);
        if (!rv_is_ok(status)) {
            RV_TRY(method_miss_domain(call, out->areas, g, status, &err, reterr));
            reason = "the area has no total";
        }
    }
    if (!reason) {
        put_harm(call, out->areas, g, b, &h);
        RV_TRY(put_without(call, out->areas, g, w, b, reterr));
        put_shares(call, out->rows, w, b, &h);
    }
    method_miss_row(out->areas, g, reason ? reason : "no column says it");
    for (size_t k = 0; k < b->n; k++) {
        method_miss_row(out->rows, b->rows[k], reason ? reason : no_events);
    }
    return rv_ok();
}

/* --- all areas --- */

/* Area and period as one key. */
static rv_status make_key(struct method_call *call, struct method_values *ret,
                          struct rv_err *reterr)
{
    const struct method_values *area = &call->in[0].columns[HARM_AREA];
    const struct method_values *period = &call->in[0].columns[HARM_PERIOD];
    if (!area->is_given || !period->is_given) {
        *ret = area->is_given ? *area : *period;
        return rv_ok();
    }
    size_t n = call->in[0].n;
    const char **keys = ARENA_NEW(call->arena, const char *, n + 1);
    uint64_t *valid = ARENA_NEW(call->arena, uint64_t, n / 64 + 1);
    if (!keys || !valid) {
        return arena_fail(call->arena, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        if (method_has(area, i) && method_has(period, i)) {
            keys[i] = arena_printf(call->arena, "%s\n%s", area->texts[i], period->texts[i]);
            RV_TRY(keys[i] ? rv_ok() : arena_fail(call->arena, reterr));
            valid[i / 64] |= UINT64_C(1) << (i % 64);
        }
    }
    *ret =
        (struct method_values){.is_given = true, .n = n, .width = 1, .texts = keys, .valid = valid};
    return rv_ok();
}

static rv_status list_unmapped(struct method_call *call, const struct weights *w,
                               struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    size_t n = call->in[0].n, found = 0;
    size_t *rows = ARENA_NEW(call->arena, size_t, n + 1);
    if (!rows) {
        return arena_fail(call->arena, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        if ((w->mapped[i / 64] >> (i % 64) & 1) == 0) {
            rows[found++] = i;
        }
    }
    struct method_table *t;
    RV_TRY(method_open(call, "unmapped", found, NULL, &t, reterr));
    for (size_t k = 0; k < found; k++) {
        size_t i = rows[k];
        static const size_t columns[] = {HARM_AREA, HARM_PERIOD, HARM_OFFENCE};
        for (size_t m = 0; m < 3; m++) {
            if (method_has(&c[columns[m]], i)) {
                method_put_text(t, k, OUT_LIST_AREA + m, c[columns[m]].texts[i]);
            }
        }
        if (method_has(&c[HARM_COUNT], i)) {
            method_put_count(t, k, OUT_LIST_COUNT, c[HARM_COUNT].counts[i]);
        }
        method_miss_row(t, k, "the row does not say");
    }
    return rv_ok();
}

static rv_status run_harm(struct method_call *call, struct rv_err *reterr)
{
    size_t n = call->in[0].n;
    struct weights w;
    RV_TRY(take_weights(call, &w, reterr));
    struct method_values key;
    RV_TRY(make_key(call, &key, reterr));
    struct method_groups groups;
    RV_TRY(method_group(call, &key, n, &groups, reterr));
    struct block b = {.counts = ARENA_NEW(call->arena, int64_t, n + 1),
                      .weights = ARENA_NEW(call->arena, double, n + 1),
                      .mapped = ARENA_NEW(call->arena, uint64_t, n / 64 + 1)};
    if (!b.counts || !b.weights || !b.mapped) {
        return arena_fail(call->arena, reterr);
    }
    struct answers out;
    if (w.scheme == no_scheme) {
        RV_TRY(method_note(call, reterr,
                           "the weights do not name their edition (column scheme): results of two "
                           "editions must not be compared"));
    }
    RV_TRY(method_open(call, "areas", groups.count, NULL, &out.areas, reterr));
    RV_TRY(method_open(call, "rows", n, METHOD_SAME_ROWS, &out.rows, reterr));
    for (size_t g = 0; g < groups.count; g++) {
        b.rows = groups.rows + groups.first[g];
        b.n = groups.first[g + 1] - groups.first[g];
        RV_TRY(weigh_area(call, &out, g, &w, &b, reterr));
    }
    for (size_t i = 0; i < n; i++) {
        method_miss_row(out.rows, i, "the row belongs to no area");
    }
    return list_unmapped(call, &w, reterr);
}

static const struct method_input harm_inputs[] = {
    {"data", harm_columns, false, "a row for each offence, of each area and period"},
    {"weights", weight_columns, true, "a row for each offence of one or more editions"},
    {.name = NULL}};

const struct method method_harm[] = {
    {"harm", "Harm-weighted offences", NULL,
     "How much harm do the offences add up to, give or take?", harm_inputs, harm_options,
     harm_outputs, run_harm},
    {.name = NULL},
};
