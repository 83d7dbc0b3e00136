/* assess/claim_methods.c — statistics of src/stats on the numbers of tables.
 *
 *   ["e-test", COUNT, EXPOSURE, COUNT, EXPOSURE]  p of equal rates
 *   ["fisher", X1, N1, X2, N2]     p of equal shares
 *   ["share-limit", "lower"|"upper", X, N]  Wilson 95%, in percent
 *   ["count-limit", "lower"|"upper", X]  exact Poisson 95% of a count
 *   ["leading", SERIES]            of counts: at most this often has one of as many labels, all
 *                                  alike, as many as the first has
 *   ["disproportion", COUNTS, RESIDENTS, MISSING, GROUP, FIELD]  COUNTS of the group known. In
 *                                  percent: "share" of the known with its "lower" and "upper",
 *                                  "low" and "high" whatever the missing are, "population";
 *                                  "index" = share over population
 *   ["within", COUNTS, RESIDENTS, MISSING, GROUP, REFERENCE, FACTOR, "low"|"high"]  the ratio of
 *                                  two groups' rates while the odds of a group among those not
 *                                  known are within a factor of those known
 *   ["heaping", SERIES]            of a series by clock: the minutes taken for placeholders
 *   ["modal", SERIES]              of a series by hour: the hours that may be first beyond chance
 *   ["delay", TABLE, FILTER, FIELD]  of a table by hour,delay-band: "verdict" on hours, "retained"
 *                                  percent within 7 days, "noon-p" that noon is as frequent among
 *                                  late records as among early ones
 *   ["season", SERIES, FIELD]      of a series by month: "months" = rates of calendar months of
 *                                  equal length; "p" that they are equal; "wording" of the wave
 *   ["decompose", AFTER, BEFORE, FIELD, {"as": {…}}]  of two series: "label" of the wording that
 *                                  the change bears, "named" categories, "p" of the totals
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/claim_internal.h"
#include "base/parse.h"
#include "stats/binomial.h"
#include "stats/change.h"
#include "stats/compare.h"
#include "stats/delay.h"
#include "stats/disproportion.h"
#include "stats/heaping.h"
#include "stats/modal.h"
#include "stats/proportion.h"
#include "stats/season.h"

#include <math.h>
#include <string.h>

static bool field(const char *name, const char *wanted)
{
    return strcmp(name, wanted) == 0;
}

static bool no_field(struct claiming *c)
{
    return claim_no_value(c, "a method has no such number");
}

static bool four_numbers(struct claiming *c, json_t *e, double x[4])
{
    for (size_t i = 0; i < 4; i++) {
        if (!claim_number_at(c, e, i + 1, &x[i])) {
            return false;
        }
    }
    return true;
}

static bool of_e_test(struct claiming *c, json_t *e, struct claim_value *ret)
{
    double x[4], p;
    struct rv_err err;
    if (!four_numbers(c, e, x)) {
        return false;
    }
    return rv_is_ok(compare_e_test((int64_t)x[0], x[1], (int64_t)x[2], x[3], &p, &err))
               ? claim_number(ret, p)
               : claim_failed(c, &err);
}

static bool of_fisher(struct claiming *c, json_t *e, struct claim_value *ret)
{
    double x[4];
    struct proportion_difference d;
    struct rv_err err;
    if (!four_numbers(c, e, x)) {
        return false;
    }
    return rv_is_ok(proportion_compare((int64_t)x[0], (int64_t)x[1], (int64_t)x[2], (int64_t)x[3],
                                       STATS_LEVEL, &d, &err))
               ? claim_number(ret, d.p)
               : claim_failed(c, &err);
}

static bool of_limit(struct claiming *c, json_t *e, struct claim_value *ret)
{
    double x, n;
    struct interval ci;
    struct rv_err err;
    const char *which = claim_word_at(c, e, 1);
    if (!which || !claim_number_at(c, e, 2, &x) || !claim_number_at(c, e, 3, &n)) {
        return false;
    }
    return rv_is_ok(interval_wilson((int64_t)x, (int64_t)n, STATS_LEVEL, &ci, &err))
               ? claim_number(ret, 100 * (field(which, "lower") ? ci.lower : ci.upper))
               : claim_failed(c, &err);
}

static bool of_count_limit(struct claiming *c, json_t *e, struct claim_value *ret)
{
    double x;
    struct interval ci;
    struct rv_err err;
    const char *which = claim_word_at(c, e, 1);
    if (!which || !claim_number_at(c, e, 2, &x)) {
        return false;
    }
    return rv_is_ok(interval_poisson((int64_t)x, STATS_LEVEL, &ci, &err))
               ? claim_number(ret, field(which, "lower") ? ci.lower : ci.upper)
               : claim_failed(c, &err);
}

/* The exact binomial tail of the first label, times their number (Bonferroni). */
static bool of_leading(struct claiming *c, json_t *e, struct claim_value *ret)
{
    struct claim_value s;
    double sum = 0, most = 0;
    if (!claim_series_at(c, e, 1, &s)) {
        return false;
    }
    for (size_t i = 0; i < s.text_count; i++) {
        sum += s.numbers[i];
        most = fmax(most, s.numbers[i]);
    }
    if (s.text_count < 2 || sum < 1) {
        return claim_no_value(c, "which comes first needs two labels and a record");
    }
    double k = (double)s.text_count;
    return claim_number(ret, fmin(1, k * binomial_upper((int64_t)most, (int64_t)sum, 1 / k)));
}

/* ---- groups ---- */

#define MOST_GROUPS 20

static bool share_field(struct claiming *c, const struct disproportion *d, const char *name,
                        struct claim_value *ret)
{
    const struct {
        const char *name;
        double value;
    } fields[] = {
        {"share", 100 * d->share},
        {"lower", 100 * d->share_ci.lower},
        {"upper", 100 * d->share_ci.upper},
        {"low", 100 * d->bounds.share_low},
        {"high", 100 * d->bounds.share_high},
        {"population", 100 * d->population_share},
        {"index", d->index},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (field(fields[i].name, name)) {
            return claim_number(ret, fields[i].value);
        }
    }
    return no_field(c);
}

/* The groups of both series, by label; the place of one of them. */
static bool pair_groups(struct claiming *c, const struct claim_value *counts,
                        const struct claim_value *residents, const char *group, int64_t *x,
                        int64_t *n, size_t *ret_at)
{
    *ret_at = SIZE_MAX;
    for (size_t i = 0; i < residents->text_count && residents->text_count <= MOST_GROUPS; i++) {
        n[i] = (int64_t)residents->numbers[i];
        x[i] = 0;
        for (size_t k = 0; k < counts->text_count; k++) {
            bool is_same = strcmp(counts->texts[k], residents->texts[i]) == 0;
            x[i] += is_same ? (int64_t)counts->numbers[k] : 0;
        }
        *ret_at = strcmp(residents->texts[i], group) == 0 ? i : *ret_at;
    }
    return *ret_at != SIZE_MAX || claim_no_value(c, "no residents of this group are known");
}

static bool of_disproportion(struct claiming *c, json_t *e, struct claim_value *ret)
{
    struct claim_value counts, residents;
    const char *group = claim_word_at(c, e, 4), *name = claim_word_at(c, e, 5);
    struct disproportion d[MOST_GROUPS];
    struct rv_err err;
    int64_t x[MOST_GROUPS], n[MOST_GROUPS];
    double missing;
    size_t at;
    if (!group || !name || !claim_series_at(c, e, 1, &counts) ||
        !claim_series_at(c, e, 2, &residents) || !claim_number_at(c, e, 3, &missing) ||
        !pair_groups(c, &counts, &residents, group, x, n, &at)) {
        return false;
    }
    return rv_is_ok(disproportion_compare(x, n, residents.text_count, (int64_t)missing, 0,
                                          STATS_LEVEL, d, &err))
               ? share_field(c, &d[at], name, ret)
               : claim_failed(c, &err);
}

/* The ratio of two groups when the odds of those not known are within a factor of those known. */
static bool of_within(struct claiming *c, json_t *e, struct claim_value *ret)
{
    struct claim_value counts, residents;
    const char *group = claim_word_at(c, e, 4), *reference = claim_word_at(c, e, 5);
    const char *which = claim_word_at(c, e, 7);
    struct rv_err err;
    int64_t x[MOST_GROUPS], n[MOST_GROUPS], known = 0;
    double missing, factor, low, high;
    size_t at, to;
    if (!group || !reference || !which || !claim_series_at(c, e, 1, &counts) ||
        !claim_series_at(c, e, 2, &residents) || !claim_number_at(c, e, 3, &missing) ||
        !claim_number_at(c, e, 6, &factor) ||
        !pair_groups(c, &counts, &residents, reference, x, n, &to) ||
        !pair_groups(c, &counts, &residents, group, x, n, &at)) {
        return false;
    }
    for (size_t i = 0; i < residents.text_count; i++) {
        known += x[i];
    }
    return rv_is_ok(disproportion_within(x[at], n[at], x[to], n[to], known, (int64_t)missing,
                                         factor, &low, &high, &err))
               ? claim_number(ret, field(which, "low") ? low : high)
               : claim_failed(c, &err);
}

/* ---- times ---- */

static bool minute_of(const char *label, size_t *ret)
{
    int64_t hour, minute;
    struct text rest;
    bool has = parse_int(text_split(text_of(label), ':', &rest), &hour) &&
               parse_int(rest, &minute) && hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
    *ret = has ? (size_t)(hour * 60 + minute) : 0;
    return has;
}

static bool of_heaping(struct claiming *c, json_t *e, struct claim_value *ret)
{
    struct claim_value s;
    struct rv_err err;
    struct heaping_options options = HEAPING_DEFAULTS;
    int64_t counts[HEAPING_MINUTES] = {0};
    struct heaping *h = ARENA_NEW(c->a, struct heaping, 1);
    const char **labels;
    double *numbers;
    size_t n = 0, m;
    if (!h || !claim_series_at(c, e, 1, &s) ||
        !claim_new_series(c, s.text_count, &labels, &numbers)) {
        return h ? false : claim_no_value(c, NULL);
    }
    for (size_t i = 0; i < s.text_count; i++) {
        if (!minute_of(s.texts[i], &m)) {
            return claim_no_value(c, "heaping needs a series by clock");
        }
        counts[m] += (int64_t)s.numbers[i];
    }
    if (!rv_is_ok(heaping_detect(counts, &options, h, &err))) {
        return claim_failed(c, &err);
    }
    for (size_t i = 0; i < s.text_count; i++) {
        if (minute_of(s.texts[i], &m) && h->minutes[m].is_excluded) {
            labels[n] = s.texts[i];
            numbers[n++] = s.numbers[i];
        }
    }
    *ret = (struct claim_value){.texts = labels, .numbers = numbers, .text_count = n};
    return true;
}

/* The hours that may be first, with the share of the draws in which each is. */
static bool of_modal(struct claiming *c, json_t *e, struct claim_value *ret)
{
    struct claim_value s;
    struct modal_options options = MODAL_DEFAULTS;
    struct modal_hour m;
    struct rv_err err;
    int64_t counts[MODAL_HOURS];
    const char **labels;
    double *numbers;
    size_t n = 0;
    if (!claim_series_at(c, e, 1, &s) || !claim_new_series(c, MODAL_HOURS, &labels, &numbers)) {
        return false;
    }
    if (s.text_count != MODAL_HOURS) {
        return claim_no_value(c, "a modal hour needs the 24 hours of a day");
    }
    for (size_t h = 0; h < MODAL_HOURS; h++) {
        counts[h] = (int64_t)s.numbers[h];
    }
    if (!rv_is_ok(modal_hour(c->held.pool, counts, &options, &m, &err))) {
        return claim_failed(c, &err);
    }
    for (size_t h = 0; h < MODAL_HOURS; h++) {
        if (m.likely_hours >> h & 1) {
            labels[n] = s.texts[h];
            numbers[n++] = m.frequency[h];
        }
    }
    *ret = (struct claim_value){.texts = labels, .numbers = numbers, .text_count = n};
    return true;
}

/* Records of the cells of a table by hour and delay band: only whether within 7 days matters. */
static bool delay_records_of(struct claiming *c, const struct result_table *t,
                             const struct claim_filter *filter, struct delay_records *ret)
{
    size_t hour = claim_column(t, "hour"), band = claim_column(t, "delay-band"), n = 0;
    size_t count = claim_column(t, "count");
    if (hour == SIZE_MAX || band == SIZE_MAX) {
        return claim_no_value(c, "delays need a table by hour,delay-band");
    }
    for (size_t row = 0; row < t->row_count; row++) {
        n += (size_t)t->cells[row * t->column_count + count].number;
    }
    int32_t *committed = ARENA_NEW(c->a, int32_t, n), *recorded = ARENA_NEW(c->a, int32_t, n);
    uint64_t *has_hour = ARENA_NEW(c->a, uint64_t, n / 64 + 1);
    int8_t *hours = ARENA_NEW(c->a, int8_t, n);
    if (!committed || !recorded || !has_hour || !hours) {
        return claim_no_value(c, NULL);
    }
    size_t i = 0;
    for (size_t row = 0; row < t->row_count; row++) {
        const struct result_cell *cells = &t->cells[row * t->column_count];
        int64_t h;
        bool is_valid = strcmp(cells[band].text, "not-recorded") != 0;
        bool is_known = parse_int(text_of(cells[hour].text), &h) && h >= 0 && h < 24;
        bool is_early = cells[band].text[0] == 's' || strcmp(cells[band].text, "1-7") == 0;
        size_t events = is_valid && claim_row_fits(c, t, row, filter) && !cells[count].is_missing
                            ? (size_t)cells[count].number
                            : 0;
        for (size_t k = 0; k < events; k++, i++) {
            recorded[i] = is_early ? 0 : DELAY_DEFAULTS.within_days + 1;
            hours[i] = is_known ? (int8_t)h : 0;
            has_hour[i / 64] |= (uint64_t)is_known << (i % 64);
        }
    }
    *ret = (struct delay_records){.n = i,
                                  .committed = committed,
                                  .recorded = recorded,
                                  .hour = hours,
                                  .hour_valid = has_hour};
    return true;
}

static bool of_delay(struct claiming *c, json_t *e, struct claim_value *ret)
{
    struct claim_filter filter;
    struct delay_records records;
    struct delay_options options = DELAY_DEFAULTS;
    struct delay d;
    struct rv_err err;
    const char *name = claim_word_at(c, e, 3);
    const struct result_table *t = claim_table_of(c, json_string_value(json_array_get(e, 1)));
    if (!t || !name || !claim_filter_read(c, json_array_get(e, 2), &filter) ||
        !delay_records_of(c, t, &filter, &records)) {
        return false;
    }
    if (!rv_is_ok(delay_measure(c->a, &records, &options, &d, &err))) {
        return claim_failed(c, &err);
    }
    if (field(name, "verdict")) {
        return claim_word(c, delay_verdict_name(d.verdict), ret);
    }
    bool is_noon = field(name, "noon-p");
    if (is_noon && !d.has_noon_test) {
        return claim_no_value(c, "noon cannot be tested");
    }
    return is_noon                   ? claim_number(ret, d.noon_p)
           : field(name, "retained") ? claim_number(ret, 100 * d.retained)
                                     : no_field(c);
}

/* ---- months ---- */

static const char *const MONTHS[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

/* The months of a series, in its order. */
static bool months_of(struct claiming *c, const struct claim_value *s, struct season_month **ret)
{
    struct season_month *months = ARENA_NEW(c->a, struct season_month, s->text_count);
    struct month_range r;
    for (size_t i = 0; months && i < s->text_count; i++) {
        if (!month_range_parse(text_of(s->texts[i]), &r) || r.first != r.last) {
            return claim_no_value(c, "seasons need a series by month");
        }
        months[i] = (struct season_month){r.first, (int64_t)s->numbers[i], month_range_days(r)};
    }
    *ret = months;
    return months || claim_no_value(c, NULL);
}

static bool calendar_months(struct claiming *c, const struct season_month *months, size_t n,
                            const char *name, struct claim_value *ret)
{
    int64_t counts[12] = {0};
    double days[12] = {0}, *numbers;
    const char **labels;
    struct season_test test;
    struct rv_err err;
    for (size_t i = 0; i < n; i++) {
        counts[months[i].month % 12] += months[i].count;
        days[months[i].month % 12] += months[i].days;
    }
    if (field(name, "p")) {
        return rv_is_ok(season_compare(counts, days, 12, &test, &err)) ? claim_number(ret, test.p)
                                                                       : claim_failed(c, &err);
    }
    if (!claim_new_series(c, 12, &labels, &numbers)) {
        return false;
    }
    size_t known = 0;
    for (size_t m = 0; m < 12; m++) {
        if (days[m] > 0) {
            labels[known] = MONTHS[m];
            numbers[known++] = (double)counts[m] / days[m] * SEASON_MONTH_DAYS;
        }
    }
    *ret = (struct claim_value){.texts = labels, .numbers = numbers, .text_count = known};
    return true;
}

static bool of_season(struct claiming *c, json_t *e, struct claim_value *ret)
{
    struct claim_value s;
    struct season_month *months;
    struct season_wave wave;
    struct rv_err err;
    const char *name = claim_word_at(c, e, 2);
    if (!name || !claim_series_at(c, e, 1, &s) || !months_of(c, &s, &months)) {
        return false;
    }
    if (!field(name, "wording")) {
        return field(name, "months") || field(name, "p")
                   ? calendar_months(c, months, s.text_count, name, ret)
                   : no_field(c);
    }
    return rv_is_ok(season_fit(c->a, months, s.text_count, 1, 0.05, &wave, &err))
               ? claim_word(c, season_wording_name(wave.wording), ret)
               : claim_failed(c, &err);
}

/* ---- what a change came from ---- */

static bool named_of(struct claiming *c, const struct change *x, const struct claim_value *after,
                     json_t *as, struct claim_value *ret)
{
    const char **labels;
    double *numbers;
    if (!claim_new_series(c, x->named_count, &labels, &numbers)) {
        return false;
    }
    for (size_t i = 0; i < x->named_count; i++) {
        const char *label = after->texts[x->named[i]];
        const char *other = json_string_value(json_object_get(as, label));
        labels[i] = other ? arena_printf(c->a, "%s", other) : label;
        numbers[i] = x->parts[x->named[i]].change;
        if (!labels[i]) {
            return claim_no_value(c, NULL);
        }
    }
    *ret = (struct claim_value){.texts = labels, .numbers = numbers, .text_count = x->named_count};
    return true;
}

static bool of_change(struct claiming *c, json_t *e, struct claim_value *ret)
{
    struct claim_value after, before;
    struct change_options options = CHANGE_DEFAULTS;
    struct change x;
    struct rv_err err;
    const char *name = claim_word_at(c, e, 3);
    if (!name || !claim_series_at(c, e, 1, &after) || !claim_series_at(c, e, 2, &before)) {
        return false;
    }
    int64_t *old = ARENA_NEW(c->a, int64_t, after.text_count);
    int64_t *new = ARENA_NEW(c->a, int64_t, after.text_count);
    for (size_t i = 0; old && new &&i < after.text_count; i++) {
        bool is_same = i < before.text_count && strcmp(before.texts[i], after.texts[i]) == 0;
        if (!is_same || before.text_count != after.text_count) {
            return claim_no_value(c, "a change needs the same categories before and after");
        }
        new[i] = (int64_t)after.numbers[i];
        old[i] = (int64_t)before.numbers[i];
    }
    if (!old || !new) {
        return claim_no_value(c, NULL);
    }
    if (!rv_is_ok(change_decompose(c->a, after.texts, old, new, NULL, after.text_count, &options,
                                   &x, &err))) {
        return claim_failed(c, &err);
    }
    if (field(name, "named")) {
        return named_of(c, &x, &after, json_object_get(json_array_get(e, 4), "as"), ret);
    }
    return field(name, "label") ? claim_word(c, change_label_name(x.label), ret)
           : field(name, "p")   ? claim_number(ret, x.p)
                                : no_field(c);
}

const struct claim_operator claim_method_operators[] = {{"e-test", of_e_test},
                                                        {"fisher", of_fisher},
                                                        {"share-limit", of_limit},
                                                        {"count-limit", of_count_limit},
                                                        {"leading", of_leading},
                                                        {"disproportion", of_disproportion},
                                                        {"within", of_within},
                                                        {"heaping", of_heaping},
                                                        {"modal", of_modal},
                                                        {"delay", of_delay},
                                                        {"season", of_season},
                                                        {"decompose", of_change},
                                                        {NULL, NULL}};
