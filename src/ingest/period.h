/* ingest/period.h — what a publisher's label of a period means: "202122", "2021/22", "2019 - 21".
 *
 * A label alone does not say which months it covers: 2022 may be a calendar year, or the school
 * year that ended in it. The profile says so with a rule; a label that the rule does not settle is
 * refused, never guessed. Pure. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_PERIOD_H
#define REEVE_INGEST_PERIOD_H

#include "base/civil.h"
#include "base/text.h"

#include <stdbool.h>

/* What one year standing alone ("2022") means where a year has two numbers ("2021/22"). */
enum period_lone {
    PERIOD_LONE_UNKNOWN,  /* nothing: refused */
    PERIOD_LONE_START,    /* the year that began in 2022 */
    PERIOD_LONE_END,      /* the year that ended in 2022 */
    PERIOD_LONE_CALENDAR, /* January to December 2022 */
};

struct period_rule {
    int first_month; /* of the year, 1 to 12: 1 calendar, 4 financial, 9 academic, 10 October */
    int skip, count; /* months of the year that are meant: from first_month + skip on; 12 = all */
};

/* "calendar", "financial" (April to March), "academic" (September to August), "october" (October
 * to September); with "-q1" to "-q4" a quarter of it; "january" to "december" one month of the
 * calendar year. False for another name. */
bool period_rule_named(struct text name, struct period_rule *ret);

/* Months of a label: "2022"; "202122", "2021/22", "2021-22", "2021/2022" (one year that has two
 * numbers); "2019 - 21" and "2014-16" (several calendar years); "2018/19 - 20/21" and
 * "2013/14-15/16" (several years); "202122" of a month from September to March; "2021 Q3", "2021/22
 * Q3"; "Mar 2022" and "Oct 2021 - Sep 2022". What follows in brackets is a remark: "2018 (Rev)".
 * False when the rule does not settle it. */
bool period_parse(struct text label, const struct period_rule *rule, enum period_lone lone,
                  struct month_range *ret);

/* Months of a header in a layout of months ("YYYYMM", "MMM-YY"), or of years, which is "YYYY". */
bool period_header(struct text header, const char *layout, struct month_range *ret);

#endif
