/* report/svg_months.h — a panel with months across: axes, lines, gaps and breaks.
 *
 * Private to the charts of monthly series. A gap is a month without a value; a break is declared by
 * the table (column "break") between two months that both have values, because what is counted
 * changed: no line crosses either. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_SVG_MONTHS_H
#define REEVE_REPORT_SVG_MONTHS_H

#include "report/svg.h"

#define MONTHS_BELOW 24.0 /* height of the month labels */

/* The series of a table: its numeric columns, and its breaks. */
struct series {
    size_t *columns;
    size_t count;
    size_t breaks;       /* column "break"; column_count when there is none */
    int32_t first, last; /* months of the table */
    double low, high;    /* of all values, nought included */
};

struct panel {
    const struct series *series;
    double x, y, width, height;
    struct svg_scale scale;
    size_t from, count; /* the series drawn here: [from, from + count) of `series` */
    bool is_small;      /* no markers, no words */
};

/* RV_INVALID when column 0 holds no range of months. */
rv_status months_series(struct svg *s, struct series *ret, struct rv_err *reterr);

/* Smallest and largest value of some series, nought included. */
void months_range(const struct svg *s, const struct series *k, size_t from, size_t count,
                  double *low, double *high);

/* The value axis of a panel whose place is set, from nought, with at most `ticks` steps. */
void months_scale(const struct svg *s, struct panel *p, double low, double high, int ticks);

/* Lines, gaps and breaks; without its axes. Returns how many gaps are hatched. */
size_t months_draw(struct svg *s, const struct panel *p);
void months_axis(struct svg *s, const struct panel *p); /* the labels below */

/* Is there a month for which some of the series have a value and others none? */
bool months_has_single_gap(const struct svg *s, const struct panel *p);
/* "Upright line, April 2021: …" for each break, below a chart; returns the y below. */
double months_break_notes(struct svg *s, const struct series *k, double y);

/* A sample of the line of series `i` (from 0 in its panel), 24 pixels long. */
void months_sample(struct svg *s, size_t i, double x, double y);
/* y of the last value of a series of the panel, or the top when it has none. */
double months_last_y(const struct svg *s, const struct panel *p, size_t i);

#endif
