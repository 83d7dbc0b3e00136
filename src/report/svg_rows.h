/* report/svg_rows.h — charts with one row per label: where labels, marks and numbers go.
 *
 * Private to the charts. On a desk: labels in a column on the left, numbers in one on the right.
 * On a phone the label stands above its mark. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_SVG_ROWS_H
#define REEVE_REPORT_SVG_ROWS_H

#include "report/svg.h"

struct rows {
    double label_width;
    double plot_x, plot_width; /* where marks are drawn */
    double top;
    double *y, *height; /* per row: top and height, labels included */
    double *mark_y;     /* per row: middle of the mark */
};

/* Lays out every row of the table. `value_width` is kept free on the right. */
rv_status rows_layout(struct svg *s, double top, double value_width, struct rows *ret,
                      struct rv_err *reterr);
/* The label of a row, bold for the focus. */
void rows_label(struct svg *s, const struct rows *rows, size_t row);
double rows_bottom(const struct svg *s, const struct rows *rows);

/* The widest of the numbers of a column as printed. */
double rows_number_width(const struct svg *s, size_t column);
/* Smallest and largest of some columns, 0 included; missing cells do not count. */
void rows_range(const struct result_table *t, const size_t *columns, size_t count, double *low,
                double *high);

/* A vertical grid with labels under it. */
void rows_axis(struct svg *s, const struct rows *rows, const struct svg_scale *scale);

/* "not available" in place of a mark, with the reason as its title. */
void rows_missing(struct svg *s, const struct rows *rows, size_t row, size_t column, double x);

#endif
