/* ingest/schedule.c — rules of repetition, read strictly.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/schedule.h"

#include "base/civil.h"
#include "base/parse.h"
#include "ingest/block.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool is_word_of(struct text t, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (text_is(t, words[i])) {
            return true;
        }
    }
    return false;
}

static bool is_number(struct text t, int64_t low, int64_t high)
{
    int64_t value;
    return t.n > 0 && t.n <= 6 && t.at[0] != ' ' && parse_int(t, &value) && value >= low &&
           value <= high && value != 0;
}

static bool is_from_nought(struct text t, int64_t high)
{
    int64_t value;
    return t.n > 0 && t.n <= 2 && parse_int(t, &value) && value >= 0 && value <= high;
}

/* "MO", "1SA", "-1FR" */
static bool is_day(struct text t)
{
    static const char *const DAYS[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    if (t.n < 2) {
        return false;
    }
    struct text day = {t.at + t.n - 2, 2}, which = {t.at, t.n - 2};
    return is_word_of(day, DAYS, COUNT(DAYS)) && (which.n == 0 || is_number(which, -53, 53));
}

/* "20240331" or "20240331T235959Z" */
static bool is_until(struct text t)
{
    bool has_time = t.n == 15 || t.n == 16;
    int64_t digits;
    if ((t.n != 8 && !has_time) ||
        (has_time && (t.at[8] != 'T' || (t.n == 16 && t.at[15] != 'Z')))) {
        return false;
    }
    char iso[16] = {t.at[0], t.at[1], t.at[2], t.at[3], '-', t.at[4],
                    t.at[5], '-',     t.at[6], t.at[7], '\0'};
    civil_time day;
    return civil_parse(text_of(iso), &day) == CIVIL_OK &&
           (!has_time || parse_int((struct text){t.at + 9, 6}, &digits));
}

static bool is_value(struct text key, struct text value)
{
    static const char *const FREQS[] = {"HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
    if (text_is(key, "FREQ")) {
        return is_word_of(value, FREQS, COUNT(FREQS));
    }
    if (text_is(key, "UNTIL")) {
        return is_until(value);
    }
    if (text_is(key, "WKST")) {
        return value.n == 2 && is_day(value);
    }
    for (bool is_first = true; is_first || value.n; is_first = false) {
        struct text one = text_split(value, ',', &value);
        bool is_fine = text_is(key, "BYDAY")        ? is_day(one)
                       : text_is(key, "BYMONTH")    ? is_number(one, 1, 12)
                       : text_is(key, "BYMONTHDAY") ? is_number(one, -31, 31)
                       : text_is(key, "BYSETPOS")   ? is_number(one, -366, 366)
                       : text_is(key, "BYHOUR")     ? is_from_nought(one, 23)
                       : text_is(key, "BYMINUTE")   ? is_from_nought(one, 59)
                       : text_is(key, "INTERVAL") || text_is(key, "COUNT") ? is_number(one, 1, 9999)
                                                                           : false;
        if (!is_fine) {
            return false;
        }
    }
    return true;
}

static bool is_rule(struct text rule)
{
    static const char *const KEYS[] = {"FREQ",     "UNTIL",    "COUNT",   "INTERVAL",
                                       "BYDAY",    "BYHOUR",   "BYMONTH", "BYMONTHDAY",
                                       "BYMINUTE", "BYSETPOS", "WKST"};
    unsigned seen = 0;
    if (text_starts(rule, "RRULE:")) {
        rule = (struct text){rule.at + 6, rule.n - 6};
    }
    while (rule.n) {
        struct text value, key = text_split(text_split(rule, ';', &rule), '=', &value);
        size_t k = 0;
        while (k < COUNT(KEYS) && !text_is(key, KEYS[k])) {
            k++;
        }
        if (k == COUNT(KEYS) || (seen >> k & 1) || !is_value(key, value)) {
            return false;
        }
        seen |= 1u << k;
    }
    return (seen & 1) && (seen & 6) != 6; /* a frequency; not both an end and a number of times */
}

/* "16:00" */
static bool is_clock(struct text t)
{
    return t.n == 5 && t.at[2] == ':' && is_from_nought((struct text){t.at, 2}, 23) &&
           is_from_nought((struct text){t.at + 3, 2}, 59);
}

bool schedule_is_valid(struct text t)
{
    for (bool goes_on = true; goes_on;) {
        struct text hours, to, rest, one = text_split(t, '|', &rest);
        goes_on = one.n < t.n; /* a bar: something must follow */
        t = rest;
        one = text_trim(one);
        struct text rule = text_split(one, ' ', &hours);
        struct text from = text_split(text_trim(hours), '-', &to);
        if (!is_rule(rule) || (hours.n && (!is_clock(from) || !is_clock(to)))) {
            return false;
        }
    }
    return true;
}

void block_schedules(const struct worker *w, struct block *b)
{
    size_t column = w->plan->schedule;
    const struct text *texts = b->typed[column].texts;
    for (uint32_t row = 0; texts && row < b->count; row++) {
        if (b->faults[row] == ROW_FINE && texts[row].n && !schedule_is_valid(texts[row])) {
            block_fault(b, row, ROW_NOT_A_SCHEDULE, w->plan->columns[column].cell);
        }
    }
}
