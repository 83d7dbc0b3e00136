/* access/agreement.c — reading an agreement, strictly. SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/agreement.h"

#include "base/civil.h"
#include "read/json_reading.h"

#include <string.h>

#define ID_BYTES 60

static const char *const MEMBERS[] = {
    "agreement", "supplier", "gateway",          "purposes",   "fields",      "from",    "expires",
    "marking",   "note",     "retention_months", "counts_for", "records_for", "publish", NULL};

bool agreement_is_day(struct text text)
{
    civil_time t;
    return text.n == 10 && civil_parse(text, &t) == CIVIL_OK &&
           civil_precision_of(t) == CIVIL_DATE && civil_time_exists(t);
}

/* It stands in the name of a series of extracts, and on command lines. */
static bool is_plain(const char *id)
{
    size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
    return n > 0 && n <= ID_BYTES && id[n] == '\0';
}

static rv_status read_id(struct reading *r, json_t *root, struct agreement *x)
{
    RV_TRY(reading_string(r, root, "agreement", true, &x->id));
    if (!is_plain(x->id)) {
        reading_enter(r, "agreement");
        return reading_fault(r,
                             "is the name used on the command line: 1 to %d letters, digits, "
                             "'-', '_' and '.'",
                             ID_BYTES);
    }
    return rv_ok();
}

static rv_status read_day(struct reading *r, json_t *root, const char *key, const char **ret)
{
    RV_TRY(reading_string(r, root, key, true, ret));
    if (!agreement_is_day(text_of(*ret))) {
        reading_enter(r, key);
        return reading_fault(r, "\"%.40s\" is no date; write year-month-day, 2026-03-31", *ret);
    }
    return rv_ok();
}

static rv_status read_days(struct reading *r, json_t *root, struct agreement *x)
{
    RV_TRY(read_day(r, root, "from", &x->first_day));
    RV_TRY(read_day(r, root, "expires", &x->last_day));
    if (strcmp(x->last_day, x->first_day) < 0) {
        reading_enter(r, "expires");
        return reading_fault(r, "%s is before \"from\", %s", x->last_day, x->first_day);
    }
    return rv_ok();
}

static rv_status read_fields(struct reading *r, json_t *root, agreement_knows_column *knows,
                             struct agreement *x)
{
    RV_TRY(reading_words(r, root, "fields", false, &x->fields, &x->field_count));
    reading_enter(r, "fields");
    for (size_t i = 0; knows && i < x->field_count; i++) {
        reading_at(r, i);
        if (!knows(x->fields[i])) {
            return reading_fault(r,
                                 "\"%.60s\" is no column of any kind of extract; these are names "
                                 "such as recorded_at or lsoa_code, not the supplier's headers",
                                 x->fields[i]);
        }
        reading_leave(r);
    }
    reading_leave(r);
    return rv_ok();
}

static rv_status read_retention(struct reading *r, json_t *root, struct agreement *x)
{
    json_t *value = json_object_get(root, "retention_months");
    if (!value) {
        return rv_ok();
    }
    reading_enter(r, "retention_months");
    json_int_t months = json_is_integer(value) ? json_integer_value(value) : 0;
    if (months < 1 || months > AGREEMENT_RETENTION_MAX) {
        return reading_fault(r, "must be a whole number of months, 1 to %d",
                             AGREEMENT_RETENTION_MAX);
    }
    x->retention_months = months;
    reading_leave(r);
    return rv_ok();
}

static rv_status read_marking(struct reading *r, json_t *root, struct agreement *x)
{
    const char *name = "official";
    RV_TRY(reading_string(r, root, "marking", false, &name));
    if (!marking_find(text_of(name), &x->marking)) {
        reading_enter(r, "marking");
        return reading_fault(r,
                             "\"%.40s\" is no marking; there are public, official and "
                             "official-sensitive",
                             name);
    }
    return rv_ok();
}

static rv_status read_publish(struct reading *r, json_t *root, struct agreement *x)
{
    const char *word = NULL;
    RV_TRY(reading_string(r, root, "publish", false, &word));
    if (!word) {
        return rv_ok();
    }
    x->publish = strcmp(word, "counts") == 0 ? PUBLISH_COUNTS : PUBLISH_NOTHING;
    if (x->publish == PUBLISH_NOTHING && strcmp(word, "nothing") != 0) {
        reading_enter(r, "publish");
        return reading_fault(r,
                             "\"%.40s\" says nothing of publishing; there are counts (and rates) "
                             "and nothing",
                             word);
    }
    return rv_ok();
}

static rv_status read_members(struct reading *r, json_t *root, agreement_knows_column *knows,
                              struct agreement *x)
{
    RV_TRY(reading_only(r, root, MEMBERS));
    RV_TRY(read_id(r, root, x));
    RV_TRY(reading_string(r, root, "supplier", true, &x->supplier));
    RV_TRY(reading_string(r, root, "gateway", true, &x->gateway));
    RV_TRY(reading_words(r, root, "purposes", true, &x->purposes, &x->purpose_count));
    RV_TRY(read_fields(r, root, knows, x));
    RV_TRY(read_days(r, root, x));
    RV_TRY(read_retention(r, root, x));
    RV_TRY(read_marking(r, root, x));
    RV_TRY(read_publish(r, root, x));
    RV_TRY(reading_words(r, root, "counts_for", false, &x->counts_for, &x->counts_for_count));
    RV_TRY(reading_words(r, root, "records_for", false, &x->records_for, &x->records_for_count));
    return reading_string(r, root, "note", false, &x->note);
}

bool agreement_lets_publish(const struct agreement *x, enum marking marking)
{
    enum agreement_publish publish = x ? x->publish : PUBLISH_BY_MARKING;
    return publish == PUBLISH_COUNTS ||
           (publish == PUBLISH_BY_MARKING && marking <= MARKING_OFFICIAL);
}

static void json_closep(json_t **value)
{
    json_decref(*value);
}

rv_status agreement_read(struct arena *a, const char *name, struct text json,
                         agreement_knows_column *knows, struct agreement *ret,
                         struct rv_err *reterr)
{
    RV_CLEANUP(json_closep) json_t *root = NULL;
    RV_TRY(reading_parse(name, json, &root, reterr));
    struct reading r = {.a = a, .name = name, .json = json, .err = reterr};
    struct agreement x = {.marking = MARKING_OFFICIAL};
    if (!json_is_object(root)) {
        return reading_fault(&r, "an agreement is an object: {\"agreement\": …}");
    }
    RV_TRY(read_members(&r, root, knows, &x));
    const char *copy = arena_text(a, json.at, json.n);
    if (!copy) {
        return arena_fail(a, reterr);
    }
    x.json = (struct text){copy, json.n};
    *ret = x;
    return rv_ok();
}

bool agreement_shares(const struct agreement *x, const char *column)
{
    for (size_t i = 0; i < x->field_count; i++) {
        if (strcmp(x->fields[i], column) == 0) {
            return true;
        }
    }
    return x->field_count == 0;
}

bool agreement_keeps_until(int64_t retention_months, const char *came, char out[24])
{
    civil_time t;
    struct text date = {came, strlen(came) < 10 ? strlen(came) : 10};
    if (retention_months <= 0 || !agreement_is_day(date) || civil_parse(date, &t) != CIVIL_OK) {
        return false;
    }
    int year, month, of_month;
    civil_from_days(civil_day_of(t), &year, &month, &of_month);
    int64_t last = civil_month_index(year, month) + retention_months;
    int last_year = (int)(last / 12), last_month = (int)(last % 12) + 1;
    int days = civil_month_days(last_year, last_month);
    civil_time ends = civil_pack(
        (int64_t)civil_days(last_year, last_month, of_month < days ? of_month : days) * 86400,
        CIVIL_DATE);
    out[civil_write(ends, out)] = '\0';
    return true;
}

bool agreement_is_past(int64_t retention_months, const char *came, const char *day)
{
    char end[24];
    /* Years have four digits: 2199 and 1,200 months at most. */
    return agreement_keeps_until(retention_months, came, end) && strcmp(day, end) > 0;
}
