/* report/format.h — every way in which a number, a date or a period is written for people.
 *
 * Pure and locale-free; appends to a buffer. Rounding is half away from zero on the 12 significant
 * digits that CSV and JSON show, so that a reader who rounds the published figure by hand gets the
 * printed one. A value that is not available (NaN, infinity, a negative rank, an empty period) is
 * written "not available", never as 0. Minus is U+2212; minus nought is never written.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_FORMAT_H
#define REEVE_REPORT_FORMAT_H

#include "base/buf.h"
#include "base/civil.h"

#include <stdbool.h>
#include <stdint.h>

#define FORMAT_NOT_AVAILABLE "not available"
#define FORMAT_MINUS         "\xE2\x88\x92" /* U+2212 */

enum format_sign {
    FORMAT_PLAIN,    /* a minus where there is one */
    FORMAT_UNSIGNED, /* the size only: the sentence says "fell by" */
    FORMAT_SIGNED,   /* a plus too: "+12" */
};

/* "1,234.5": thousands grouped, exactly `decimals` (0 to 6) decimals. */
void format_decimal(struct buf *b, double value, int decimals, enum format_sign sign);

void format_count(struct buf *b, double value); /* "1,234" */
void format_rate(struct buf *b, double value);  /* "1,234.5" */
void format_ratio(struct buf *b, double value); /* "1.25" */
void format_real(struct buf *b,
                 double value); /* "1,234", "61.5", "0.053": 3 decimals, 6 below 0.01 */

/* `percent` is 19.4 for 19.4%. decimals 0 or 1: "19%", "19.4%". A value other than 0 that would
 * round to 0 is "less than 1%" or "less than 0.1%" (below 0: "between −1% and 0%"), so that a
 * little is not told as nothing. */
void format_percent(struct buf *b, double percent, int decimals, enum format_sign sign);

void format_ordinal(struct buf *b, int64_t rank, bool is_tied); /* "16th", "joint 16th" */

enum format_kind { FORMAT_COUNT, FORMAT_RATE, FORMAT_PERCENT0, FORMAT_PERCENT1, FORMAT_RATIO };

/* One number of a kind. */
void format_number(struct buf *b, double value, enum format_kind kind, enum format_sign sign);

/* "95% interval 12.3 to 15.6"; level is 0.95. */
void format_interval(struct buf *b, double lower, double upper, double level,
                     enum format_kind kind);

void format_month(struct buf *b, int32_t month_index);       /* "January 2021" */
void format_month_short(struct buf *b, int32_t month_index); /* "Jan 2021" */

/* "2021" (a whole calendar year), "January to June 2021", "September 2020 to August 2022",
 * "2021 to 2022" (whole calendar years), "January 2021" (one month). */
void format_period(struct buf *b, struct month_range period);

void format_date(struct buf *b, int year, int month, int day); /* "22 November 2026" */

/* "2026-11-22", or a longer time that starts so, as "22 November 2026"; anything else as it is. */
void format_iso_date(struct buf *b, struct text iso);

#endif
