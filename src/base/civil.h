/* base/civil.h — London civil time: months, dates and times of day as a person writes them.
 *
 * Pure. The calendar is proleptic Gregorian, years 1800 to 2199. A civil time has no zone: it is
 * what a London clock showed. Its precision is kept, because it decides what can be analysed.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_BASE_CIVIL_H
#define REEVE_BASE_CIVIL_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum civil_precision { CIVIL_MONTH, CIVIL_DATE, CIVIL_MINUTE, CIVIL_SECOND };

/* A civil instant packed into one ordered integer: seconds since 1970-01-01T00:00 on the London
 * clock, times four, plus the precision. A month stands on its first day at 00:00. */
typedef int64_t civil_time;

static inline civil_time civil_pack(int64_t seconds, enum civil_precision precision)
{
    return seconds * 4 + (int64_t)precision;
}
static inline int64_t civil_seconds(civil_time t)
{
    return t >> 2; /* arithmetic shift: floors, also before 1970 */
}
static inline enum civil_precision civil_precision_of(civil_time t)
{
    return (enum civil_precision)(t & 3);
}

/* Days since 1970-01-01. Source: H. Hinnant, "chrono-compatible low-level date algorithms". */
int32_t civil_days(int year, int month, int day);
void civil_from_days(int32_t days, int *year, int *month, int *day);
bool civil_date_exists(int year, int month, int day);
int civil_month_days(int year, int month); /* 28 to 31 */

/* Months since January of year 0: year * 12 + month - 1. */
int32_t civil_month_index(int year, int month);
int32_t civil_month_of(civil_time t);
int32_t civil_day_of(civil_time t);    /* days since 1970-01-01 */
int civil_hour_of(civil_time t);       /* 0 to 23; meaningful from CIVIL_MINUTE on */
int civil_minute_of_day(civil_time t); /* 0 to 1439; likewise */
int civil_weekday_of(civil_time t);    /* 0 = Monday to 6 = Sunday; from CIVIL_DATE on */
bool civil_time_exists(civil_time t);  /* on a day from 1800-01-01 to 2199-12-31 */
civil_time civil_month_start(int32_t month_index); /* packed with CIVIL_MONTH */

/* "YYYY-MM", "YYYY-MM-DD", "YYYY-MM-DDTHH:MM[:SS[.fff]]" (a space for the T is accepted; 24:00 is
 * not). With a final "Z" or "+hh:mm" the time is converted to the London clock.
 * civil_parse refuses a London time that the clock skips (01:00 to 01:59 on the last Sunday of
 * March) when no offset is given. */
enum civil_verdict { CIVIL_OK, CIVIL_NOT_A_TIME, CIVIL_NO_SUCH_DATE, CIVIL_SKIPPED_BY_CLOCK };
enum civil_verdict civil_parse(struct text cell, civil_time *ret);

/* The same for a declared layout: D M Y H I S as tokens, e.g. "DD/MM/YYYY HH:MM", "YYYYMM",
 * "MMM-YY", "YYYY-MM". Tokens: YYYY YY MM MMM (Jan) MMMM (January) DD D M HH H MI SS, HMI (2230,
 * 330 and 5 for 22:30, 03:30 and 00:05), AM (either half of the day, after an hour from 1 to 12);
 * other bytes literal. `MI` is the minute, and so is an `MM` that follows the hour. YY is 1950 to
 * 2049. `is_utc` converts from UTC to the London clock. */
enum civil_verdict civil_parse_layout(struct text cell, const char *layout, bool is_utc,
                                      civil_time *ret);

/* Offset of the London clock from UTC in seconds (0 or 3600) at a UTC instant.
 * Source: Summer Time Act 1972, its orders and the EC directives, as in the IANA time zone
 * database (rules GB-Eire and EU): from 01:00 UTC on the last Sunday of March to 01:00 UTC on the
 * last Sunday of October; until 1995 the first Sunday from the 22nd, until 1989 from the 23rd.
 * Years before 1981 are taken as GMT all year.
 * Checked: every change from 1981 to 2030, tests/base/test_civil.c. */
int32_t civil_london_offset(int64_t utc_seconds);
bool civil_is_skipped(int64_t civil_seconds_london); /* a time the London clock never showed */

/* Writes "2022-07", "2022-07-31", "2022-07-31T23:05" or with seconds; needs 20 bytes. */
size_t civil_write(civil_time t, char out[24]);

/* A period of whole months, first and last inclusive, as month indices. "2021-01..2021-12"; a
 * single month or year ("2021") is accepted too, and so are the first and the last day of months
 * ("2021-01-01..2021-12-31"), but no part of a month. */
struct month_range {
    int32_t first, last;
};
bool month_range_parse(struct text cell, struct month_range *ret);
static inline int32_t month_range_count(struct month_range r)
{
    return r.last - r.first + 1;
}
void month_write(int32_t month_index, char out[8]); /* "2021-01" */
const char *month_name(int month);                  /* 1 = "January" */
const char *weekday_name(int day);                  /* as civil_weekday_of: 0 = "Monday" */
int32_t month_range_days(struct month_range r);     /* calendar days in the range */

#endif
