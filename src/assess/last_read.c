/* assess/last_read.c — the findings.json of an earlier assessment; nothing in it is taken on trust.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/last.h"
#include "base/civil.h"
#include "read/json_reading.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const MEMBERS[] = {
    "id",          "theme",     "statement", "value",      "unit",
    "lower",       "upper",     "level",     "numerator",  "denominator",
    "missing",     "rank",      "rank_low",  "rank_high",  "of",
    "period_from", "period_to", "area",      "definition", "definition_version",
    "method",      "verdict",   "caveats",   "sources",    "query",
    "marking",     "rule",      "named",     "named_of",   "template",
    "table",       NULL};

/* Words that a report may show: no control characters, which HTML does not allow. */
static rv_status take_words(struct reading *r, json_t *object, const char *key, bool needed,
                            const char **ret)
{
    json_t *value = json_object_get(object, key);
    if (!needed && (!value || json_is_null(value))) {
        *ret = NULL;
        return rv_ok();
    }
    RV_TRY(reading_string(r, object, key, true, ret));
    for (const char *at = *ret; *at; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f) {
            reading_enter(r, key);
            return reading_fault(r, "holds a control character");
        }
    }
    return rv_ok();
}

static rv_status take_real(struct reading *r, json_t *object, const char *key, double *ret)
{
    json_t *value = json_object_get(object, key);
    *ret = json_is_number(value) ? json_number_value(value) : (double)NAN;
    if (!json_is_number(value) && !json_is_null(value)) {
        reading_enter(r, key);
        return reading_fault(r, "must be a number or null");
    }
    return rv_ok();
}

static rv_status take_place(struct reading *r, json_t *object, const char *key, int64_t *ret)
{
    json_t *value = json_object_get(object, key);
    *ret = json_is_integer(value) ? json_integer_value(value) : -1;
    if (!json_is_null(value) && *ret < 1) {
        reading_enter(r, key);
        return reading_fault(r, "must be a whole number from 1 on, or null");
    }
    return rv_ok();
}

static rv_status take_period(struct reading *r, json_t *object, struct month_range *ret)
{
    const char *from = NULL, *to = NULL;
    RV_TRY(take_words(r, object, "period_from", false, &from));
    RV_TRY(take_words(r, object, "period_to", false, &to));
    *ret = (struct month_range){1, 0};
    if (!from && !to) {
        return rv_ok();
    }
    const char *range = from && to ? arena_printf(r->a, "%s..%s", from, to) : NULL;
    if (from && to && !range) {
        return arena_fail(r->a, r->err);
    }
    if (!range || strlen(from) != 7 || strlen(to) != 7 || !month_range_parse(text_of(range), ret)) {
        reading_enter(r, "period_from");
        return reading_fault(r, "with period_to must be two months in order: 2021-01, 2021-12");
    }
    return rv_ok();
}

static rv_status take_verdict(struct reading *r, json_t *object, struct last_finding *f)
{
    const char *verdict = NULL, *marking = NULL;
    RV_TRY(take_words(r, object, "verdict", true, &verdict));
    RV_TRY(take_words(r, object, "marking", true, &marking));
    int v = VERDICT_HOLDS;
    while (v < VERDICT_NOT_AVAILABLE &&
           strcmp(verdict, finding_verdict_name((enum finding_verdict)v)) != 0) {
        v++;
    }
    if (strcmp(verdict, finding_verdict_name((enum finding_verdict)v)) != 0) {
        reading_enter(r, "verdict");
        return reading_fault(r, "is no verdict of a finding");
    }
    f->verdict = (enum finding_verdict)v;
    if (!marking_find(text_of(marking), &f->marking)) {
        reading_enter(r, "marking");
        return reading_fault(r, "is no marking");
    }
    return rv_ok();
}

static rv_status take_finding(struct reading *r, json_t *object, struct last_finding *f)
{
    const char *template; /* other templates may tell the same of a definition */
    RV_TRY(reading_only(r, object, MEMBERS));
    RV_TRY(take_words(r, object, "id", true, &f->id));
    RV_TRY(take_words(r, object, "statement", true, &f->statement));
    RV_TRY(take_words(r, object, "unit", false, &f->unit));
    RV_TRY(take_words(r, object, "area", false, &f->area));
    RV_TRY(take_words(r, object, "definition", false, &f->definition));
    RV_TRY(take_words(r, object, "definition_version", false, &f->definition_version));
    RV_TRY(take_words(r, object, "rule", false, &f->rule));
    RV_TRY(take_words(r, object, "template", false, &template));
    RV_TRY(take_words(r, object, "named", false, &f->named));
    RV_TRY(take_real(r, object, "value", &f->value));
    RV_TRY(take_real(r, object, "numerator", &f->numerator));
    RV_TRY(take_real(r, object, "denominator", &f->denominator));
    RV_TRY(take_place(r, object, "rank", &f->rank));
    RV_TRY(take_place(r, object, "rank_low", &f->rank_low));
    RV_TRY(take_place(r, object, "rank_high", &f->rank_high));
    RV_TRY(take_place(r, object, "of", &f->of));
    f->named_of = -1;
    if (json_object_get(object, "named_of")) {
        RV_TRY(take_place(r, object, "named_of", &f->named_of));
    }
    RV_TRY(take_period(r, object, &f->period));
    return take_verdict(r, object, f);
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct last_finding *)a)->id, ((const struct last_finding *)b)->id);
}

static rv_status take_all(struct reading *r, json_t *root, struct last_finding **ret,
                          size_t *ret_count)
{
    size_t n = json_array_size(root);
    if (!json_is_array(root) || n == 0) {
        return reading_fault(r, "must be the findings.json of an earlier report: a list of "
                                "findings");
    }
    if (n > LAST_MAX) {
        return rv_fail(r->err, RV_LIMIT, "%s holds more than %d findings.", r->name, LAST_MAX);
    }
    struct last_finding *list = ARENA_NEW(r->a, struct last_finding, n);
    if (!list) {
        return arena_fail(r->a, r->err);
    }
    for (size_t i = 0; i < n; i++) {
        reading_at(r, i);
        RV_TRY(take_finding(r, json_array_get(root, i), &list[i]));
        reading_leave(r);
    }
    qsort(list, n, sizeof *list, by_id);
    for (size_t i = 1; i < n; i++) {
        if (strcmp(list[i].id, list[i - 1].id) == 0) {
            return reading_fault(r, "the finding \"%s\" is there twice", list[i].id);
        }
    }
    *ret = list;
    *ret_count = n;
    return rv_ok();
}

static void json_closep(json_t **value)
{
    json_decref(*value);
}

rv_status last_read(struct arena *a, const char *name, struct text json, struct last_finding **ret,
                    size_t *ret_count, struct rv_err *reterr)
{
    RV_CLEANUP(json_closep) json_t *root = NULL;
    RV_TRY(reading_parse(name, json, &root, reterr));
    struct reading r = {.a = a, .name = name, .json = json, .err = reterr};
    return take_all(&r, root, ret, ret_count);
}
