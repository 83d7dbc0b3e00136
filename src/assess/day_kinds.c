/* assess/day_kinds.c — calendars as one kind for each day.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/day_kinds.h"

#include "base/limits.h"
#include "store/extract.h"

#include <string.h>

/* What rows say of a day; several may. */
enum { SAYS_TERM = 1, SAYS_HOLIDAY = 2, SAYS_BANK = 4, SAYS_LOCKDOWN = 8 };

static bool is_weekend(int32_t day)
{
    return civil_weekday_of(civil_pack((int64_t)day * 86400, CIVIL_DATE)) >= 5;
}

static uint8_t said_by(struct text kind)
{
    return text_is(kind, "school-term")      ? SAYS_TERM
           : text_is(kind, "school-holiday") ? SAYS_HOLIDAY
           : text_is(kind, "bank-holiday")   ? SAYS_BANK
           : text_is(kind, "lockdown")       ? SAYS_LOCKDOWN
                                             : 0;
}

/* Calls for each day that a current row names: first for the limits, then for what is said. */
struct said {
    int32_t first, last; /* first > last = none */
    uint8_t *says;       /* [last - first + 1]; NULL in the pass for the limits */
};

static rv_status read_extract(struct held *h, int64_t id, struct said *s, struct rv_err *reterr)
{
    static const char *const names[] = {"date", "kind"};
    struct extract_scan *scan = NULL;
    struct arena scratch RV_CLEANUP(arena_done);
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    RV_TRY(extract_scan_open(h->store, h->arena, id, names, 2, 0, &scan, reterr));
    const struct dictionary *kinds = extract_scan_dictionary(scan, 1);
    for (uint32_t q = 0; q < extract_scan_chunks(scan); q++) {
        struct column c[2];
        const uint64_t *current = NULL;
        arena_clear(&scratch);
        RV_TRY(extract_scan_read(scan, q, &scratch, c, &current, reterr));
        bool is_read = c[0].type == COLUMN_TIME && c[1].type == COLUMN_CATEGORY && kinds;
        for (uint32_t i = 0; is_read && i < c[0].rows; i++) {
            bool is_current = !current || ((current[i / 64] >> (i % 64)) & 1);
            uint8_t said = said_by(dictionary_text(kinds, c[1].codes[i]));
            if (!is_current || !said || !column_has(&c[0], i) ||
                civil_precision_of(c[0].integers[i]) < CIVIL_DATE) {
                continue;
            }
            int32_t day = civil_day_of(c[0].integers[i]);
            if (s->says) {
                s->says[day - s->first] |= said;
                continue;
            }
            bool is_first = s->first > s->last;
            s->first = is_first || day < s->first ? day : s->first;
            s->last = is_first || day > s->last ? day : s->last;
        }
    }
    return rv_ok();
}

/* First and last day of which some row says one of `what`; first > last = none. */
static void span_of(const struct said *s, int what, int32_t *first, int32_t *last)
{
    *first = 1;
    *last = 0;
    for (int32_t d = 0; d <= s->last - s->first; d++) {
        if (s->says[d] & what) {
            *first = *first > *last ? d : *first;
            *last = d;
        }
    }
}

static enum day_kind kind_of(uint8_t says, bool is_implied_here, enum day_kind implied)
{
    bool is_term = says & SAYS_TERM, is_holiday = says & SAYS_HOLIDAY;
    if (says & SAYS_BANK) {
        return DAY_BANK_HOLIDAY;
    }
    if (is_term != is_holiday) {
        return is_term ? DAY_SCHOOL : DAY_SCHOOL_HOLIDAY;
    }
    return !is_term && is_implied_here ? implied : DAY_UNKNOWN;
}

static void tell(const struct said *s, struct day_kinds *k, uint8_t *kinds, uint8_t *lockdown)
{
    int32_t first, last;
    uint8_t all = 0;
    for (int32_t d = 0; d < k->days; d++) {
        all |= s->says[d];
    }
    k->has_schools = all & (SAYS_TERM | SAYS_HOLIDAY);
    k->is_implied =
        k->has_schools && (all & (SAYS_TERM | SAYS_HOLIDAY)) != (SAYS_TERM | SAYS_HOLIDAY);
    enum day_kind implied = all & SAYS_TERM ? DAY_SCHOOL_HOLIDAY : DAY_SCHOOL;
    span_of(s, SAYS_TERM | SAYS_HOLIDAY, &first, &last);
    for (int32_t d = 0; d < k->days; d++) {
        bool is_here = k->is_implied && d >= first && d <= last;
        lockdown[d] = (s->says[d] & SAYS_LOCKDOWN) != 0;
        if (is_weekend(s->first + d)) {
            kinds[d] = DAY_WEEKEND;
            continue;
        }
        kinds[d] = (uint8_t)kind_of(s->says[d], is_here, implied);
        bool is_both = (s->says[d] & SAYS_TERM) && (s->says[d] & SAYS_HOLIDAY);
        k->clashes += is_both && kinds[d] == DAY_UNKNOWN;
    }
}

rv_status day_kinds_load(struct held *h, struct day_kinds *ret, struct rv_err *reterr)
{
    struct day_kinds k = {0};
    struct extract_info *extracts = NULL;
    struct said s = {.first = 1, .last = 0};
    RV_TRY(extract_list(h->store, h->arena, "calendar", &extracts, &k.extract_count, reterr));
    k.extracts = extracts;
    for (size_t i = 0; i < k.extract_count; i++) {
        RV_TRY(read_extract(h, extracts[i].id, &s, reterr));
    }
    if (s.first > s.last) {
        *ret = k;
        return rv_ok();
    }
    k.first_day = s.first;
    k.days = s.last - s.first + 1;
    s.says = ARENA_NEW(h->arena, uint8_t, (size_t)k.days);
    uint8_t *kinds = ARENA_NEW(h->arena, uint8_t, (size_t)k.days);
    uint8_t *lockdown = ARENA_NEW(h->arena, uint8_t, (size_t)k.days);
    if (!s.says || !kinds || !lockdown) {
        return arena_fail(h->arena, reterr);
    }
    for (size_t i = 0; i < k.extract_count; i++) {
        RV_TRY(read_extract(h, extracts[i].id, &s, reterr));
    }
    tell(&s, &k, kinds, lockdown);
    k.kinds = kinds;
    k.lockdown = lockdown;
    *ret = k;
    return rv_ok();
}

enum day_kind day_kind_of(const struct day_kinds *k, int32_t day)
{
    if (k->days > 0 && day >= k->first_day && day - k->first_day < k->days) {
        return (enum day_kind)k->kinds[day - k->first_day];
    }
    return is_weekend(day) ? DAY_WEEKEND : DAY_UNKNOWN;
}
