/* assess/claim_sources.c — what no table of records has: residents, indicators, the calendar, and
 * findings of the last assessment.
 *
 *   ["residents", AREA, "ethnicity"]  a series: residents of a borough by ethnic group
 *   ["indicator", ID, {"type": "borough", "period": …, "vintage": …, "category": …}]  a series by
 *                                     area; with "reference": CODE the number of that area
 *   ["calendar", KIND, MONTHS]        a series: days of a kind in these months, by name and year
 *   ["finding", ID, FIELD, {"area": CODE, "period": MONTHS}]  a number of a stored finding
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/claim_internal.h"
#include "assess/indicator.h"
#include "assess/population.h"
#include "base/limits.h"
#include "base/parse.h"
#include "define/vocabulary.h"

#include <math.h>
#include <string.h>

static const char *option(json_t *options, const char *name)
{
    return json_string_value(json_object_get(options, name));
}

/* ---- residents ---- */

static bool residents_of(struct claiming *c, const struct layer *layer, uint32_t placed,
                         size_t group, double *ret)
{
    struct population_ages who = POPULATION_ALL;
    struct population p;
    struct rv_err err;
    struct arena scratch RV_CLEANUP(arena_done), *own = c->held.arena;
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    who.ethnicity = (int)group + 1;
    c->held.arena = &scratch;
    rv_status status = population_load(&c->held, layer, who, &p, &err);
    c->held.arena = own;
    if (!rv_is_ok(status)) {
        return claim_failed(c, &err);
    }
    *ret = p.source ? p.persons[(p.year_count - 1) * layer->count + placed - 1] : (double)NAN;
    return isfinite(*ret) || claim_no_value(c, "no population by ethnicity of this area is held");
}

static bool of_residents(struct claiming *c, json_t *e, struct claim_value *ret)
{
    const char *area = claim_word_at(c, e, 1), *by = claim_word_at(c, e, 2), **labels;
    double *numbers;
    const struct layer *layer =
        layer_choose(c->held.layers, c->held.layer_count, "borough", NULL, INT32_MAX);
    uint32_t placed = layer && area ? layer_find(layer, text_of(area)) : 0;
    size_t n = 0;
    if (!area || !by || !placed || strcmp(by, "ethnicity") != 0) {
        return area && by ? claim_no_value(c, "residents are of a borough held, by ethnicity")
                          : false;
    }
    while (ETHNICITY_GROUPS[n]) {
        n++;
    }
    if (!claim_new_series(c, n, &labels, &numbers)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        labels[i] = ETHNICITY_GROUPS[i];
        if (!residents_of(c, layer, placed, i, &numbers[i])) {
            return false;
        }
    }
    const char *source = arena_printf(c->a, "residents of %s by ethnicity", area);
    if (!source) {
        return claim_no_value(c, NULL);
    }
    claim_use(c, source);
    *ret = (struct claim_value){.texts = labels, .numbers = numbers, .text_count = n};
    return true;
}

/* ---- indicators ---- */

/* The values of an indicator, or of its reference, out of the arena that it was read into. */
static bool indicator_value(struct claiming *c, const struct indicator_query *q,
                            const struct indicator *x, struct claim_value *ret)
{
    const char **labels;
    double *numbers;
    size_t n = 0;
    const char *source = arena_printf(c->a, "indicator %s, %s", q->id, x->period);
    if (!source || !claim_new_series(c, x->layer->count, &labels, &numbers)) {
        return claim_no_value(c, NULL);
    }
    claim_use(c, source);
    if (q->reference) {
        return isfinite(x->reference)
                   ? claim_number(ret, x->reference)
                   : claim_no_value(c, "the indicator has no value of this area");
    }
    for (uint32_t i = 0; i < x->layer->count; i++) {
        if (isfinite(x->values[i])) {
            labels[n] = x->layer->areas[i].code;
            numbers[n++] = x->values[i];
        }
    }
    *ret = (struct claim_value){.texts = labels, .numbers = numbers, .text_count = n};
    return true;
}

static bool of_indicator(struct claiming *c, json_t *e, struct claim_value *ret)
{
    json_t *options = json_array_get(e, 2);
    struct indicator_query q = {.id = claim_word_at(c, e, 1),
                                .type = option(options, "type"),
                                .period = option(options, "period"),
                                .vintage = option(options, "vintage"),
                                .category = option(options, "category"),
                                .reference = option(options, "reference")};
    struct arena scratch RV_CLEANUP(arena_done), *own = c->held.arena;
    struct indicator x;
    struct rv_err err;
    q.type = q.type ? q.type : "borough";
    if (!q.id) {
        return false;
    }
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    c->held.arena = &scratch;
    rv_status status = indicator_load(&c->held, &q, &x, &err);
    c->held.arena = own;
    return rv_is_ok(status) ? indicator_value(c, &q, &x, ret) : claim_failed(c, &err);
}

/* ---- the calendar ---- */

enum { COLUMN_DATE, COLUMN_KIND, COLUMN_NAME, COLUMN_COUNT };

struct days { /* of a kind, by name and year */
    struct claiming *c;
    const char *kind;
    struct month_range months;
    const char **labels;
    double *numbers;
    size_t n, room;
};

static rv_status add_day(struct days *d, struct text name, int year, struct rv_err *reterr)
{
    const char *label = arena_printf(d->c->a, "%.*s %d", (int)name.n, name.at, year);
    size_t i = 0;
    if (!label) {
        return arena_fail(d->c->a, reterr);
    }
    while (i < d->n && strcmp(d->labels[i], label) != 0) {
        i++;
    }
    if (i == d->room) {
        return rv_fail(reterr, RV_LIMIT, "The calendar has too many names of the kind %s.",
                       d->kind);
    }
    d->labels[i] = label;
    d->numbers[i]++;
    d->n += i == d->n;
    return rv_ok();
}

static rv_status read_days(struct days *d, int64_t extract, struct rv_err *reterr)
{
    static const char *const names[] = {"date", "kind", "name"};
    struct arena scratch RV_CLEANUP(arena_done);
    struct extract_scan *scan;
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    RV_TRY(extract_scan_open(d->c->held.store, &scratch, extract, names, COLUMN_COUNT, 0, &scan,
                             reterr));
    const struct dictionary *kinds = extract_scan_dictionary(scan, COLUMN_KIND);
    const struct dictionary *labels = extract_scan_dictionary(scan, COLUMN_NAME);
    for (uint32_t q = 0; q < extract_scan_chunks(scan); q++) {
        struct column columns[COLUMN_COUNT];
        const uint64_t *current = NULL;
        RV_TRY(extract_scan_read(scan, q, &scratch, columns, &current, reterr));
        const struct column *date = &columns[COLUMN_DATE];
        bool has_all = kinds && labels && date->type == COLUMN_TIME;
        for (uint32_t row = 0; has_all && row < date->rows; row++) {
            bool is_current = !current || (current[row / 64] >> (row % 64) & 1);
            if (!is_current || !column_has(date, row) ||
                !text_is(dictionary_text(kinds, columns[COLUMN_KIND].codes[row]), d->kind)) {
                continue;
            }
            int32_t month = civil_month_of(date->integers[row]);
            if (month >= d->months.first && month <= d->months.last) {
                RV_TRY(add_day(d, dictionary_text(labels, columns[COLUMN_NAME].codes[row]),
                               month / 12, reterr));
            }
        }
    }
    return rv_ok();
}

static bool of_calendar(struct claiming *c, json_t *e, struct claim_value *ret)
{
    const char *kind = claim_word_at(c, e, 1), *months = claim_word_at(c, e, 2);
    struct days d = {.c = c, .kind = kind, .room = 100};
    struct extract_info *extracts;
    struct rv_err err;
    size_t count;
    if (!kind || !months || !claim_new_series(c, d.room, &d.labels, &d.numbers)) {
        return false;
    }
    if (!month_range_parse(text_of(months), &d.months)) {
        return claim_no_value(c, "the calendar needs months");
    }
    if (!rv_is_ok(extract_list(c->held.store, c->a, "calendar", &extracts, &count, &err))) {
        return claim_failed(c, &err);
    }
    for (size_t i = 0; i < count; i++) {
        if (!rv_is_ok(read_days(&d, extracts[i].id, &err))) {
            return claim_failed(c, &err);
        }
    }
    if (count == 0) {
        return claim_no_value(c, "No extract of kind calendar is held.");
    }
    const char *source = arena_printf(c->a, "calendar: days of kind %s, %s", kind, months);
    if (!source) {
        return claim_no_value(c, NULL);
    }
    claim_use(c, source);
    *ret = (struct claim_value){.texts = d.labels, .numbers = d.numbers, .text_count = d.n};
    return true;
}

/* ---- findings ---- */

static void json_closep(json_t **value)
{
    json_decref(*value);
}

static bool ask(struct claiming *c)
{
    struct rv_err err;
    if (!c->has_asked) {
        struct stored_assessment *kept = ARENA_NEW(c->a, struct stored_assessment, 1);
        if (!kept) {
            return claim_no_value(c, NULL);
        }
        rv_status status = assess_load(c->held.store, c->a, kept, &err);
        c->kept = rv_is_ok(status) ? kept : NULL;
        if (!rv_is_ok(status) && status.code != RV_NOT_FOUND) {
            return claim_failed(c, &err);
        }
        c->has_asked = true;
    }
    return c->kept || claim_no_value(c, "no assessment is stored: run \"reeve assess\" first");
}

static const struct stored_finding *find(const struct stored_assessment *kept, const char *id)
{
    for (size_t i = 0; i < kept->finding_count; i++) {
        if (strcmp(kept->findings[i].id, id) == 0) {
            return &kept->findings[i];
        }
    }
    return NULL;
}

/* Whether a finding is about the area and the months that a claim is about. As stored, months are
 * a pair of indices and numbers are words of 17 digits. */
static bool is_about(json_t *finding, json_t *wanted)
{
    const char *area = option(wanted, "area"), *period = option(wanted, "period");
    json_t *months = json_object_get(finding, "period");
    struct month_range want;
    bool is_area = !area || (option(finding, "area") && strcmp(area, option(finding, "area")) == 0);
    bool is_period = !period || (month_range_parse(text_of(period), &want) &&
                                 json_integer_value(json_array_get(months, 0)) == want.first &&
                                 json_integer_value(json_array_get(months, 1)) == want.last);
    return is_area && is_period;
}

static bool stored_number(json_t *finding, const char *name, double *ret)
{
    json_t *value = json_object_get(finding, name);
    *ret = json_number_value(value);
    return json_is_number(value) ||
           (json_is_string(value) && parse_real(text_of(json_string_value(value)), ret));
}

bool claim_finding(struct claiming *c, json_t *e, double *ret)
{
    const char *id = claim_word_at(c, e, 1), *name = claim_word_at(c, e, 2);
    json_error_t error;
    double value = 0;
    if (!id || !name || !ask(c)) {
        return false;
    }
    const struct stored_finding *f = find(c->kept, id);
    RV_CLEANUP(json_closep)
    json_t *body = f ? json_loadb(f->body.at, f->body.n, 0, &error) : NULL;
    bool has = stored_number(body, name, &value);
    if (!has || !is_about(body, json_array_get(e, 3))) {
        const char *why = !f    ? "the stored assessment has no finding"
                          : has ? "of other months is the finding"
                                : "there is no such number in the finding";
        return claim_no_value(c, arena_printf(c->a, "%s %s", why, id));
    }
    const char *source = arena_printf(c->a, "finding %s", f->id);
    if (!source) {
        return claim_no_value(c, NULL);
    }
    claim_use(c, source);
    *ret = value;
    return true;
}

static bool of_finding(struct claiming *c, json_t *e, struct claim_value *ret)
{
    double value;
    return claim_finding(c, e, &value) && claim_number(ret, value);
}

const struct claim_operator claim_source_operators[] = {{"residents", of_residents},
                                                        {"indicator", of_indicator},
                                                        {"calendar", of_calendar},
                                                        {"finding", of_finding},
                                                        {NULL, NULL}};
