/* report/svg_rows.h — charts with one row per label: where labels, marks and numbers go.
 *
 * Private to the charts. On a desk: labels in a column on the left, numbers in one on the right.
 * On a phone the label stands above its mark. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_SVG_ROWS_H
#define REEVE_REPORT_SVG_ROWS_H

#include "report/svg.h"

#define ROWS_MARGIN 4.0
#define ROWS_BAR    14.0 /* height of a bar */

struct rows {
    double label_width;
    double plot_x, plot_width; /* where marks are drawn */
    double value_width;        /* kept free right of them */
    double top;
    double *y, *height; /* per row: top and height, labels included */
    double *mark_y;     /* per row: middle of the mark */
};

/* Lays out every row of the table. `value_width` is kept free on the right, but never more than
 * half of the drawing. */
rv_status rows_layout(struct svg *s, double top, double value_width, struct rows *ret,
                      struct rv_err *reterr);
/* The label of a row, bold for the focus. */
void rows_label(struct svg *s, const struct rows *rows, size_t row);
double rows_bottom(const struct svg *s, const struct rows *rows);
/* Text at the middle of a row's mark, no wider than `width`; bold for the focus. */
void rows_text(struct svg *s, const struct rows *rows, size_t row, double x, enum svg_anchor anchor,
               double width, struct text text);

/* The upright line at nought; on a phone only beside the marks, not through the labels. */
void rows_zero(struct svg *s, const struct rows *rows, double x);

/* The widest of the numbers of a column as printed. */
double rows_number_width(const struct svg *s, size_t column);
/* Smallest and largest of some columns, 0 included; missing cells and columns that the table does
 * not have do not count. */
void rows_range(const struct result_table *t, const size_t *columns, size_t count, double *low,
                double *high);

/* "not available" in place of a mark, with the reason as its title. */
void rows_missing(struct svg *s, const struct rows *rows, size_t row, size_t column, double x);

/* Samples of fills with names, in lines of the whole width; returns the y below them. */
double rows_legend(struct svg *s, double y, const enum svg_fill *fills, const char *const *names,
                   size_t count);

#endif
