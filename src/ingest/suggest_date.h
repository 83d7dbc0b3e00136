/* ingest/suggest_date.h — how a column writes its dates and times, as far as its cells can tell.
 *
 * A cell is cut into numbers, names of months and separators (date_read); the cells of a column
 * add up to a tally; the tally gives the layout of base/civil.h, or the two that it cannot choose
 * between. Nothing is guessed: an order is known only when cells contradict the other.
 * Pure. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_SUGGEST_DATE_H
#define REEVE_INGEST_SUGGEST_DATE_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum date_shape {
    DATE_NONE,
    DATE_ISO,           /* what civil_parse reads: 2021-03, 2021-03-04, 2021-03-04T22:15Z */
    DATE_NUMBERS,       /* 3/4/21: two short numbers, then a year */
    DATE_YEAR_FIRST,    /* 2021/03/04 and 2021-3-4 */
    DATE_DAY_NAME,      /* 3 Mar 2021, 03-MAR-21, 3 March 2021 */
    DATE_NAME_DAY,      /* Mar 3 2021, March 3, 2021 */
    DATE_MONTH_NAME,    /* Mar-21, March 2021 */
    DATE_YEAR_NAME,     /* 2021 Mar, 2021-March */
    DATE_MONTH_NUMBER,  /* 03/2021 */
    DATE_COMPACT_DAY,   /* 20210304 */
    DATE_COMPACT_MONTH, /* 202103 */
    DATE_SHAPES,
};

/* One cell, cut up. Widths are in digits, 0 for what is not there. */
struct date_cell {
    enum date_shape shape;
    char first_mark, second_mark; /* between the parts of the date; 0 = none */
    bool has_comma;               /* "March 3, 2021" */
    int first, second;            /* the two short numbers of DATE_NUMBERS */
    uint8_t first_width, second_width, year_width;
    bool is_full_name;   /* "March", not "Mar"; May is both */
    bool is_either_name; /* "May" */
    char time_mark;      /* between date and time, 0 = no time */
    uint8_t hour_width;  /* 1 or 2 */
    bool has_seconds, has_half, has_half_space, has_zone;
};

/* A time of day alone: "22:15", "9:05:00", "9.30 pm". */
struct clock_cell {
    uint8_t hour_width;
    char mark; /* ':' or '.' */
    bool has_seconds, has_half, has_half_space;
};

bool date_read(struct text cell, struct date_cell *ret);
bool clock_read(struct text cell, struct clock_cell *ret);
bool clock_number_read(struct text cell); /* 0 to 2359, the last two digits below 60 */

/* What the cells of a column have in common; begins as zeros. Counts are of rows. */
struct date_tally_of {
    int64_t rows[DATE_SHAPES];
    int64_t not_day_first, not_month_first; /* of DATE_NUMBERS */
    int64_t others;                         /* another way of writing than the first of its shape */
    struct date_cell first[DATE_SHAPES];    /* widths are the smallest seen */
};
void date_tally_add(struct date_tally_of *t, const struct date_cell *c, int64_t rows);

enum date_order { DATE_ORDER_KNOWN, DATE_ORDER_BOTH, DATE_ORDER_NEITHER };

#define LAYOUT_BYTES 40

/* How the column writes its dates. layout "" is ISO. With DATE_ORDER_BOTH `layout` is day-first
 * and `other` month-first; with DATE_ORDER_NEITHER neither order fits nearly all rows. */
struct date_layout {
    enum date_shape shape;
    enum date_order order;
    char layout[LAYOUT_BYTES], other[LAYOUT_BYTES];
    int64_t rows; /* of that shape */
    bool has_time, has_zone;
};
bool date_layout_of(const struct date_tally_of *t, struct date_layout *ret);

/* The layout of a column of times of day. */
struct clock_tally {
    int64_t rows, numbers; /* "22:15" and 2215 */
    struct clock_cell first;
};
void clock_tally_add(struct clock_tally *t, struct text cell, int64_t rows);
void clock_layout_of(const struct clock_tally *t, char out[LAYOUT_BYTES]);

/* Layouts in which headers may be months: "YYYYMM", "MMM-YY", …; NULL-terminated. */
extern const char *const MONTH_LAYOUTS[];

#endif
