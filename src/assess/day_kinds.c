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

/* ---- whose days ---- */

enum { REGION_BYTES = 64 };

/* Letters and digits alone, small: "England-and-Wales" and "england and wales" are one. False when
 * it is longer than any name known here. */
static bool plain(struct text t, char ret[REGION_BYTES])
{
    size_t n = 0;
    for (size_t i = 0; i < t.n; i++) {
        char c = t.at[i];
        bool is_capital = c >= 'A' && c <= 'Z', is_other = (unsigned char)c >= 128;
        if (!is_capital && !is_other && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) {
            continue;
        }
        if (n + 1 >= REGION_BYTES) {
            return false;
        }
        ret[n++] = is_capital ? (char)(c + ('a' - 'A')) : c;
    }
    ret[n] = '\0';
    return true;
}

static bool is_same(const char *region, const char *name)
{
    char other[REGION_BYTES];
    return name && name[0] && plain(text_of(name), other) && strcmp(region, other) == 0;
}

/* Source: names and codes of countries and regions, ONS Code History Database. */
bool day_region_holds(struct text region, struct day_place where)
{
    static const struct {
        const char *prefix; /* of codes of areas inside it */
        const char *names[4];
    } WIDER[] = {{"E09", {"London", "Greater London", "E12000007"}},
                 {"E", {"England", "E92000001"}},
                 {"W", {"Wales", "W92000004"}},
                 {"S", {"Scotland", "S92000003"}},
                 {"N", {"Northern Ireland", "N92000002"}},
                 {"E", {"England and Wales", "K04000001", "Great Britain", "K03000001"}},
                 {"W", {"England and Wales", "K04000001", "Great Britain", "K03000001"}},
                 {"S", {"Great Britain", "K03000001"}},
                 {"", {"United Kingdom", "UK", "K02000001"}}};
    char said[REGION_BYTES];
    if (!plain(region, said)) {
        return false;
    }
    bool is_here =
        said[0] == '\0' || (where.name && (is_same(said, where.name) || is_same(said, where.code)));
    for (size_t i = 0; !is_here && i < sizeof WIDER / sizeof *WIDER; i++) {
        bool is_inside = strncmp(where.code, WIDER[i].prefix, strlen(WIDER[i].prefix)) == 0;
        for (size_t k = 0; is_inside && !is_here && k < 4; k++) {
            is_here = is_same(said, WIDER[i].names[k]);
        }
    }
    return is_here;
}

/* ---- reading ---- */

/* Calls for each day that a current row names: first for the limits, then for what is said. */
struct said {
    struct day_place where;
    int32_t first, last; /* first > last = none */
    int64_t elsewhere;
    uint8_t *says; /* [last - first + 1]; NULL in the pass for the limits */
};

/* Which codes of a dictionary of regions speak of the place; code 0 = no region. */
static bool *regions_here(struct arena *a, const struct dictionary *regions, struct day_place where)
{
    uint32_t n = regions && regions->count > 0 ? regions->count : 1;
    bool *here = ARENA_NEW(a, bool, n);
    for (uint32_t c = 0; here && c < n; c++) {
        here[c] = c == 0 || day_region_holds(dictionary_text(regions, c), where);
    }
    return here;
}

static void read_row(struct said *s, civil_time date, uint8_t said, bool is_here)
{
    if (!said || civil_precision_of(date) < CIVIL_DATE) {
        return;
    }
    int32_t day = civil_day_of(date);
    if (!is_here) {
        s->elsewhere += s->says == NULL;
        return;
    }
    if (s->says) {
        s->says[day - s->first] |= said;
        return;
    }
    bool is_first = s->first > s->last;
    s->first = is_first || day < s->first ? day : s->first;
    s->last = is_first || day > s->last ? day : s->last;
}

static rv_status read_extract(struct held *h, int64_t id, struct said *s, struct rv_err *reterr)
{
    static const char *const names[] = {"date", "kind", "region"};
    enum { DATE, KIND, REGION, CALENDAR_COLUMNS };
    struct extract_scan *scan = NULL;
    struct arena scratch RV_CLEANUP(arena_done);
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    RV_TRY(held_scan(h, id, names, CALENDAR_COLUMNS, &scan, reterr));
    const struct dictionary *kinds = extract_scan_dictionary(scan, KIND);
    const bool *here = regions_here(h->arena, extract_scan_dictionary(scan, REGION), s->where);
    if (!here) {
        return arena_fail(h->arena, reterr);
    }
    for (uint32_t q = 0; q < extract_scan_chunks(scan); q++) {
        struct column c[CALENDAR_COLUMNS];
        const uint64_t *current = NULL;
        arena_clear(&scratch);
        RV_TRY(extract_scan_read(scan, q, &scratch, c, &current, reterr));
        bool is_read = c[DATE].type == COLUMN_TIME && c[KIND].type == COLUMN_CATEGORY && kinds;
        for (uint32_t i = 0; is_read && i < c[DATE].rows; i++) {
            bool is_current = !current || ((current[i / 64] >> (i % 64)) & 1);
            bool has_region = c[REGION].type == COLUMN_CATEGORY;
            if (is_current && column_has(&c[DATE], i)) {
                read_row(s, c[DATE].integers[i], said_by(dictionary_text(kinds, c[KIND].codes[i])),
                         !has_region || here[c[REGION].codes[i]]);
            }
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
        kinds[d] =
            is_weekend(s->first + d) ? DAY_WEEKEND : (uint8_t)kind_of(s->says[d], is_here, implied);
    }
}

rv_status day_kinds_load(struct held *h, struct day_place where, struct day_kinds *ret,
                         struct rv_err *reterr)
{
    struct day_kinds k = {0};
    struct extract_info *extracts = NULL;
    struct said s = {.where = where, .first = 1, .last = 0};
    RV_TRY(extract_list(h->store, h->arena, "calendar", &extracts, &k.extract_count, reterr));
    k.extracts = extracts;
    for (size_t i = 0; i < k.extract_count; i++) {
        RV_TRY(read_extract(h, extracts[i].id, &s, reterr));
    }
    k.elsewhere = s.elsewhere;
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
