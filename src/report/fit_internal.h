/* report/fit_internal.h — a table between its dimensions and its chart. Not for others.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_FIT_INTERNAL_H
#define REEVE_REPORT_FIT_INTERNAL_H

#include "report/chart_fit.h"

#define FIT_DIMENSIONS 4
#define FIT_NO_ROW     "the table has no row for it"

/* One dimension: its distinct labels in order of appearance. */
struct fit_dimension {
    const char *name;
    const char **labels; /* as the table has them */
    const char **shown;  /* names of areas, words for the rest */
    size_t count;
    size_t *of_row;  /* [row] position of its label */
    size_t unknown;  /* position of "not-recorded" or "unplaced", or count */
    bool is_ordered; /* hours, days, ages, years: keeps its order */
    bool is_open;    /* rows of nought are left out of the table */
};

struct fit {
    struct arena *arena;
    const struct result_table *table;
    const struct fit_options *options;
    struct fit_dimension dimensions[FIT_DIMENSIONS];
    size_t dimension_count;
    size_t value; /* column drawn */
    enum result_type value_type;
    const char *value_title;
    bool is_share;     /* shown in percent */
    bool has_interval; /* the value is what lower and upper are of: the rate, else the share */
    size_t month, year, sex, age, panel, rows, columns; /* positions of dimensions, SIZE_MAX */
    double left_out;                                    /* counts of rows that are not drawn */
    const char *left_out_why;
};

RV_MUST_CHECK rv_status fit_read(struct arena *a, const struct result_table *t,
                                 const struct fit_options *options, struct fit *ret,
                                 struct rv_err *reterr);
/* Why the table cannot be drawn so; NULL when it can. */
const char *fit_refusal(const struct fit *f, enum result_chart chart);
/* The labels of a dimension but what is not recorded. */
size_t fit_known(const struct fit *f, size_t dimension);
/* The title of the table with what is drawn. */
const char *fit_title(const struct fit *f);

size_t fit_column(const struct fit *f, const char *name);
/* The value of a row of the table as a cell of the chart. */
struct result_cell fit_cell(const struct fit *f, size_t row, size_t column);

rv_status fit_rows(struct fit *f, struct result_table *ret, struct rv_err *reterr);
rv_status fit_series(struct fit *f, struct result_table *ret, struct rv_err *reterr);
rv_status fit_grid(struct fit *f, struct result_table *ret, struct rv_err *reterr);
rv_status fit_pyramid(struct fit *f, struct result_table *ret, struct rv_err *reterr);
rv_status fit_change(struct fit *f, struct result_table *ret, struct rv_err *reterr);
rv_status fit_map(struct fit *f, struct result_table *ret, struct rv_err *reterr);

#endif
