/* assess/day_kinds.h — what the calendars held say of each day: school day, holiday, bank holiday.
 *
 * Every day has exactly one kind: a Saturday or Sunday is a weekend whatever the calendar says;
 * then a bank holiday; then a school holiday or a school day, as listed. A calendar that lists
 * school days only, or school holidays only, means the other kind by the weekdays that it leaves
 * out between its first and its last date. A weekday that is told both, or not at all, is of no
 * known kind. A row that names a region counts only where the region is the area asked about, or
 * holds it: "London", "England", "England and Wales", "United Kingdom", or the code of one.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_DAY_KINDS_H
#define REEVE_ASSESS_DAY_KINDS_H

#include "assess/cube.h"

/* Codes of the dimension day-kind; 0 = the date is not recorded. */
enum day_kind {
    DAY_NO_DATE,
    DAY_SCHOOL,
    DAY_SCHOOL_HOLIDAY, /* a weekday */
    DAY_BANK_HOLIDAY,   /* a weekday */
    DAY_WEEKEND,
    DAY_UNKNOWN, /* a weekday of which the calendar does not say whether schools were open */
    DAY_KINDS
};

struct day_kinds {
    int32_t first_day, days; /* days told at all: days since 1970-01-01, and how many from there */
    const uint8_t *kinds;    /* [days]: enum day_kind */
    const uint8_t *lockdown; /* [days]: 1 = the calendar calls it so */
    bool has_schools;        /* some school-term or school-holiday is listed */
    bool is_implied;         /* only one of the two is listed: the other is what is left out */
    int64_t elsewhere;       /* rows of other regions, which say nothing here */
    const struct extract_info *extracts; /* the calendars in use */
    size_t extract_count;
};

/* Where the days are asked about: a borough, or with `name` NULL no single one, of those whose
 * codes begin as `code` does. */
struct day_place {
    const char *code, *name;
};

/* All calendars in use together; without one `days` and `extract_count` are 0. Cost: O(rows). */
RV_MUST_CHECK rv_status day_kinds_load(struct held *h, struct day_place where,
                                       struct day_kinds *ret, struct rv_err *reterr);

/* Whether a row of this region speaks of the place. Case, spaces and hyphens do not matter. */
bool day_region_holds(struct text region, struct day_place where);

/* Of any day: a day outside of the calendar is a weekend or unknown. */
enum day_kind day_kind_of(const struct day_kinds *k, int32_t day);

#endif
