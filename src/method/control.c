/* method/control.c — control charts with run rules and declared re-basing.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/control.h"

#include "base/civil.h"
#include "base/parse.h"
#include "base/text.h"
#include "method/registry.h"

#include <stdio.h>
#include <string.h>

enum { COL_PERIOD, COL_VALUE, COL_BASE };
enum { PHASE_FROM, PHASE_REASON };
enum { OPT_KIND, OPT_RULES, OPT_BASELINE, OPT_PER };

static const struct method_column data_columns[] = {
    [COL_PERIOD] = {"period", "month|week|date|year|label", METHOD_TEXT, METHOD_LIST, true, NULL,
                    "name of the period; years, months and dates show where periods are left out"},
    [COL_VALUE] = {"x", "value|count|events|y", METHOD_REAL, METHOD_LIST, false, NULL,
                   "a measurement (xmr), or a count; empty where it is not known"},
    [COL_BASE] = {"n", "base|denominator|pop|population|exposure", METHOD_AMOUNT, METHOD_LIST, true,
                  NULL, "p charts: of how many; u charts: the exposure"},
    {.name = NULL},
};
static const struct method_column phase_columns[] = {
    [PHASE_FROM] = {"from", "start|begins", METHOD_TEXT, METHOD_LIST, false, NULL,
                    "the period that new limits begin with, as in period; without it the row"},
    [PHASE_REASON] = {"reason", "why", METHOD_TEXT, METHOD_LIST, false, NULL,
                      "what changed, so that the old limits no longer apply"},
    {.name = NULL},
};
static const struct method_input chart_inputs[] = {
    {"data", data_columns, false, "a row for each period, in order of time"},
    {"phases", phase_columns, true, "declared re-basing: a row for each time with its reason"},
    {.name = NULL},
};
static const struct method_option chart_options[] = {
    [OPT_KIND] = {"kind", METHOD_CHOICE, "xmr", "xmr|p|u|c|p-prime|u-prime", 0, 0,
                  "what is charted; the primes allow for more spread than by chance"},
    [OPT_RULES] = {"rules", METHOD_CHOICE, "western-electric", "western-electric|nelson|nhs", 0, 0,
                   "which patterns are signals"},
    [OPT_BASELINE] = {"baseline", METHOD_COUNT, "0", NULL, 0, 1e6,
                      "limits from so many first periods of each phase; 0 = from all of it"},
    [OPT_PER] = {"per", METHOD_AMOUNT, "1", NULL, 1e-9, 1e15,
                 "u charts: values and limits times this"},
    {.name = NULL},
};

enum { P_PHASE, P_VALUE, P_CENTRE, P_LOWER, P_UPPER, P_RANGE, P_RANGE_BEYOND, P_SIGNALS, P_SIGNAL };
enum {
    F_FROM = P_SIGNAL + 1,
    F_REASON,
    F_KNOWN,
    F_USED,
    F_PROVISIONAL,
    F_CENTRE,
    F_RANGE,
    F_RANGE_UPPER,
    F_SIGMA_Z,
    F_DISPERSION,
    F_DISPERSION_P
};

static const struct method_output chart_outputs[] = {
    [P_PHASE] = {"phase", "rows", METHOD_COUNT, "", "number of the phase, from 1"},
    [P_VALUE] = {"value", "rows", METHOD_REAL, "", "the point: x, or x over n"},
    [P_CENTRE] = {"centre", "rows", METHOD_REAL, "", "centre line"},
    [P_LOWER] = {"lower", "rows", METHOD_REAL, "", "lower limit, three sigma"},
    [P_UPPER] = {"upper", "rows", METHOD_REAL, "", "upper limit"},
    [P_RANGE] = {"range", "rows", METHOD_REAL, "", "xmr: moving range to the period before"},
    [P_RANGE_BEYOND] = {"range_beyond", "rows", METHOD_FLAG, "", "it is above its limit"},
    [P_SIGNALS] = {"signals", "rows", METHOD_TEXTS, "", "patterns that this point completes"},
    [P_SIGNAL] = {"is_signal", "rows", METHOD_FLAG, "", "there is one"},
    [F_FROM] = {"from", "phases", METHOD_TEXT, "", "first period of the phase"},
    [F_REASON] = {"reason", "phases", METHOD_TEXT, "", "why the limits begin anew, as declared"},
    [F_KNOWN] = {"known", "phases", METHOD_COUNT, "periods", "with a value"},
    [F_USED] = {"used", "phases", METHOD_COUNT, "periods", "of them, used for the limits"},
    [F_PROVISIONAL] = {"provisional", "phases", METHOD_FLAG, "", "limits from fewer than 12"},
    [F_CENTRE] = {"centre", "phases", METHOD_REAL, "", "mean, or sum of x over sum of n"},
    [F_RANGE] = {"mean_range", "phases", METHOD_REAL, "", "xmr: mean moving range"},
    [F_RANGE_UPPER] = {"range_upper", "phases", METHOD_REAL, "", "xmr: limit of moving ranges"},
    [F_SIGMA_Z] = {"sigma_z", "phases", METHOD_REAL, "",
                   "spread between neighbours over that by chance"},
    [F_DISPERSION] = {"dispersion", "phases", METHOD_REAL, "",
                      "spread over that by chance: 1 = by chance alone"},
    [F_DISPERSION_P] = {"dispersion_p", "phases", METHOD_REAL, "",
                        "p of a spread so large by chance"},
    {.name = NULL},
};

/* ---- which periods are there ---- */

enum unit { UNIT_NONE, UNIT_YEAR, UNIT_MONTH, UNIT_DAY };

/* "2021", "2021-04", "2021-04-01": as a number of its unit. */
static enum unit number_of(const char *label, int64_t *ret)
{
    struct text t = text_of(label);
    civil_time time;
    if (t.n == 4 && parse_int(t, ret)) {
        return UNIT_YEAR;
    }
    if (civil_parse(t, &time) != CIVIL_OK) {
        return UNIT_NONE;
    }
    if (civil_precision_of(time) == CIVIL_MONTH) {
        *ret = civil_month_of(time);
        return UNIT_MONTH;
    }
    *ret = civil_day_of(time);
    return civil_precision_of(time) == CIVIL_DATE ? UNIT_DAY : UNIT_NONE;
}

/* The number of every period in the unit that they share; UNIT_NONE when they share none. Dates
 * that are all firsts of months are months: they are unequally many days apart. */
static enum unit number_all(const struct method_values *periods, int64_t *numbers)
{
    enum unit unit = UNIT_NONE;
    bool are_months = true;
    for (size_t i = 0; i < periods->n; i++) {
        enum unit own =
            method_has(periods, i) ? number_of(periods->texts[i], &numbers[i]) : UNIT_NONE;
        if (own == UNIT_NONE || (i > 0 && own != unit)) {
            return UNIT_NONE;
        }
        unit = own;
        are_months = are_months && own == UNIT_DAY && strcmp(periods->texts[i] + 8, "01") == 0;
    }
    for (size_t i = 0; i < periods->n && are_months; i++) {
        civil_time first = civil_pack(numbers[i] * 86400, CIVIL_DATE);
        numbers[i] = civil_month_of(first);
    }
    return are_months && unit == UNIT_DAY ? UNIT_MONTH : unit;
}

/* Bits of the rows that follow the row before without a period left out; NULL: all do, as far as
 * the labels tell. */
static rv_status find_gaps(struct method_call *call, const struct method_values *periods,
                           const uint64_t **ret, struct rv_err *reterr)
{
    *ret = NULL;
    size_t n = periods->n, gaps = 0;
    int64_t *numbers = ARENA_NEW(call->arena, int64_t, n + 1), step = INT64_MAX;
    uint64_t *follows = ARENA_NEW(call->arena, uint64_t, n / 64 + 1);
    if (!numbers || !follows) {
        return arena_fail(call->arena, reterr);
    }
    if (number_all(periods, numbers) == UNIT_NONE) {
        return rv_ok();
    }
    for (size_t i = 1; i < n; i++) {
        int64_t apart = numbers[i] - numbers[i - 1];
        if (apart <= 0) {
            return rv_fail(reterr, RV_INVALID,
                           "row %zu: the period %.40s does not come after %.40s: put the rows in "
                           "order of time, each period once",
                           i + 1, periods->texts[i], periods->texts[i - 1]);
        }
        step = apart < step ? apart : step;
    }
    for (size_t i = 1; i < n; i++) {
        bool is_next = numbers[i] - numbers[i - 1] == step;
        follows[i / 64] |= (uint64_t)is_next << (i % 64);
        gaps += !is_next;
    }
    *ret = follows;
    return gaps ? method_note(call, reterr,
                              "in %zu place%s periods are left out: moving ranges and runs break "
                              "there",
                              gaps, gaps == 1 ? "" : "s")
                : rv_ok();
}

/* ---- declared phases ---- */

/* The row that a declaration names, from 0; n when none. */
static size_t row_of(const struct method_values *periods, size_t n, const char *from)
{
    int64_t number;
    if (!periods->is_given) {
        bool is_row = parse_int(text_of(from), &number) && number >= 1 && (uint64_t)number <= n;
        return is_row ? (size_t)number - 1 : n;
    }
    size_t i = 0;
    while (i < n && !(method_has(periods, i) && strcmp(periods->texts[i], from) == 0)) {
        i++;
    }
    return i;
}

struct declared {
    size_t count;
    struct control_phase *phases;
    const char **reasons;
};

static rv_status take_phases(struct method_call *call, struct declared *d, struct rv_err *reterr)
{
    const struct method_data *data = &call->in[0], *in = &call->in[1];
    d->phases = ARENA_NEW(call->arena, struct control_phase, in->n + 1);
    d->reasons = ARENA_NEW(call->arena, const char *, in->n + 1);
    if (!d->phases || !d->reasons) {
        return arena_fail(call->arena, reterr);
    }
    d->count = 1;
    d->reasons[0] = "the series begins";
    for (size_t i = 0; i < in->n; i++) {
        const struct method_values *from = &in->columns[PHASE_FROM];
        const struct method_values *reason = &in->columns[PHASE_REASON];
        if (!method_has(from, i) || !method_has(reason, i)) {
            return rv_fail(reterr, RV_INVALID,
                           "phases, row %zu: \"%s\" is empty; limits begin anew only from a stated "
                           "period for a stated reason",
                           i + 1, method_has(from, i) ? "reason" : "from");
        }
        size_t row = row_of(&data->columns[COL_PERIOD], data->n, from->texts[i]);
        if (row == data->n) {
            return rv_fail(reterr, RV_INVALID,
                           "phases, row %zu, column \"from\": no period is called \"%.40s\"", i + 1,
                           from->texts[i]);
        }
        if (row <= d->phases[d->count - 1].first) {
            return rv_fail(reterr, RV_INVALID,
                           "phases, row %zu: %.40s does not come after the phase before (the first "
                           "begins with the series)",
                           i + 1, from->texts[i]);
        }
        d->phases[d->count].first = row;
        d->reasons[d->count++] = reason->texts[i];
    }
    return rv_ok();
}

/* ---- answers ---- */

static rv_status put_signals(struct method_call *call, struct method_table *t, size_t i,
                             unsigned signals, struct rv_err *reterr)
{
    static const char *const names[] = {"beyond", "two-of-three", "four-of-five", "run", "trend"};
    const char **list = ARENA_NEW(call->arena, const char *, 5);
    if (!list) {
        return arena_fail(call->arena, reterr);
    }
    size_t n = 0;
    for (size_t k = 0; k < 5; k++) {
        if (signals >> k & 1) {
            list[n++] = names[k];
        }
    }
    method_put_texts(t, i, P_SIGNALS, list, n);
    method_put_flag(t, i, P_SIGNAL, n > 0);
    return rv_ok();
}

static rv_status put_points(struct method_call *call, const struct control_point *points, size_t n,
                            bool is_xmr, struct rv_err *reterr)
{
    static const char unknown[] = "the value of this period, or its base, is not known";
    static const char none[] = "the phase has no limits: too few known periods, or no spread";
    struct method_table *t;
    RV_TRY(method_open(call, "rows", n, METHOD_SAME_ROWS, &t, reterr));
    for (size_t i = 0; i < n; i++) {
        const struct control_point *p = &points[i];
        const char *why = p->has_value ? none : unknown;
        method_put_count(t, i, P_PHASE, (int64_t)p->phase + 1);
        method_put_if(t, i, P_VALUE, p->has_value, p->value, unknown);
        method_put_if(t, i, P_CENTRE, p->has_limits, p->centre, why);
        method_put_if(t, i, P_LOWER, p->has_limits, p->lower, why);
        method_put_if(t, i, P_UPPER, p->has_limits, p->upper, why);
        method_put_if(t, i, P_RANGE, is_xmr && p->is_linked, p->range,
                      is_xmr ? "the period or the one just before it, of the same phase, is not "
                               "known"
                             : "only xmr charts have moving ranges");
        if (is_xmr && p->is_linked && p->has_limits) {
            method_put_flag(t, i, P_RANGE_BEYOND, p->is_range_beyond);
        }
        if (p->has_limits) {
            RV_TRY(put_signals(call, t, i, p->signals, reterr));
        }
        method_miss_row(t, i,
                        is_xmr && p->has_limits ? "there is no moving range"
                        : p->has_limits         ? "only xmr charts have moving ranges"
                                                : why);
    }
    return rv_ok();
}

static rv_status put_notes(struct method_call *call, const struct control_phase *phase, size_t k,
                           int64_t kind, struct rv_err *reterr)
{
    bool is_plain = kind == CONTROL_P || kind == CONTROL_U || kind == CONTROL_C;
    if (is_plain && phase->has_spread && phase->dispersion > 1 && phase->dispersion_p < 0.05) {
        RV_TRY(
            method_note(call, reterr,
                        "phase %zu varies %.3g times as much as by chance: these limits call too "
                        "many points signals; use %s",
                        k + 1, phase->dispersion,
                        kind == CONTROL_P   ? "kind=p-prime"
                        : kind == CONTROL_U ? "kind=u-prime"
                                            : "kind=xmr, or u-prime with the exposure"));
    }
    return phase->is_provisional
               ? method_note(call, reterr,
                             "phase %zu stands on %zu known periods: under %d limits are "
                             "provisional",
                             k + 1, phase->used, CONTROL_FIRM)
               : rv_ok();
}

static rv_status put_phases(struct method_call *call, const struct declared *d, bool is_xmr,
                            struct rv_err *reterr)
{
    static const char none[] = "too few known periods, or no spread between them";
    static const char ranges[] = "only xmr charts have moving ranges";
    static const char chance[] = "a measurement has no spread by chance to compare with";
    const struct method_values *periods = &call->in[0].columns[COL_PERIOD];
    struct method_table *t;
    RV_TRY(method_open(call, "phases", d->count, NULL, &t, reterr));
    for (size_t k = 0; k < d->count; k++) {
        const struct control_phase *p = &d->phases[k];
        char row[24];
        (void)snprintf(row, sizeof row, "%zu", p->first + 1);
        char *from = arena_text(call->arena, row, strlen(row));
        if (!from) {
            return arena_fail(call->arena, reterr);
        }
        method_put_text(t, k, F_FROM,
                        method_has(periods, p->first) ? periods->texts[p->first] : from);
        method_put_text(t, k, F_REASON, d->reasons[k]);
        method_put_count(t, k, F_KNOWN, (int64_t)p->known);
        method_put_count(t, k, F_USED, (int64_t)p->used);
        method_put_flag(t, k, F_PROVISIONAL, p->is_provisional);
        method_put_if(t, k, F_CENTRE, p->used > 0, p->centre, none);
        method_put_if(t, k, F_RANGE, is_xmr && p->has_limits, p->mean_range,
                      is_xmr ? none : ranges);
        method_put_if(t, k, F_RANGE_UPPER, is_xmr && p->has_limits, p->range_upper,
                      is_xmr ? none : ranges);
        method_put_if(t, k, F_SIGMA_Z, p->has_sigma_z, p->sigma_z, is_xmr ? chance : none);
        method_put_if(t, k, F_DISPERSION, p->has_spread, p->dispersion, is_xmr ? chance : none);
        method_put_if(t, k, F_DISPERSION_P, p->has_spread, p->dispersion_p, is_xmr ? chance : none);
        RV_TRY(put_notes(call, p, k, call->options[OPT_KIND].count, reterr));
    }
    return rv_ok();
}

static rv_status run_chart(struct method_call *call, struct rv_err *reterr)
{
    const struct method_data *data = &call->in[0];
    const struct method_values *c = data->columns;
    const struct control_options options = {
        .kind = (enum control_kind)call->options[OPT_KIND].count,
        .rules = (enum control_rules)call->options[OPT_RULES].count,
        .baseline = (size_t)call->options[OPT_BASELINE].count,
        .per = call->options[OPT_PER].real};
    struct control_series s = {
        .n = data->n, .values = c[COL_VALUE].reals, .valid = c[COL_VALUE].valid};
    if (c[COL_BASE].is_given) {
        s.bases = c[COL_BASE].reals;
        s.bases_valid = c[COL_BASE].valid;
    }
    struct declared d = {.count = 0};
    if (c[COL_PERIOD].is_given) {
        RV_TRY(find_gaps(call, &c[COL_PERIOD], &s.follows, reterr));
    }
    RV_TRY(take_phases(call, &d, reterr));
    struct control_point *points = ARENA_NEW(call->arena, struct control_point, s.n + 1);
    if (!points) {
        return arena_fail(call->arena, reterr);
    }
    RV_TRY(control_chart(&s, &options, d.phases, d.count, points, reterr));
    bool is_xmr = options.kind == CONTROL_XMR;
    RV_TRY(put_points(call, points, s.n, is_xmr, reterr));
    return put_phases(call, &d, is_xmr, reterr);
}

const struct method method_control[] = {
    {"control-chart", "Control charts", NULL,
     "is this period as the ones before, or a signal that something changed?", chart_inputs,
     chart_options, chart_outputs, run_chart},
    {.name = NULL},
};
