/* assess/listing.h — rows that state a period, for tables of cohorts and referrals: read from one
 * source, each with its values of the dimensions asked for.
 *
 * Such rows are few, and a person or a service stands in many: they are listed, not cubed.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_LISTING_H
#define REEVE_ASSESS_LISTING_H

#include "assess/cube.h"
#include "assess/source.h"
#include "assess/table.h"
#include "column/dictionary.h"

#define LISTING_AXES    8 /* dimensions and conditions together, at most */
#define LISTING_NUMBERS 4
#define LISTING_CELLS   ((size_t)1000000) /* of a table, at most */

enum listing_kind {
    LISTING_NAME, /* of a cohort or service, in every row: it may say nothing of a part of time */
    LISTING_TEXT,
    LISTING_ETHNICITY, /* folded into five groups */
    LISTING_AGE,
    LISTING_AGE_BAND,
    LISTING_YEAR,
    LISTING_FINANCIAL_YEAR, /* from April: "2018/19" */
    LISTING_QUARTER,        /* "2018-Q2" */
    LISTING_MONTH,
    LISTING_PERIOD, /* the row's own: "2018-04..2019-03" */
};

struct listing_dimension {
    const char *name; /* of --by */
    enum listing_kind kind;
    const char *column;        /* NULL for times */
    const char *const *closed; /* shown in this order, also with nought; NULL = as found */
};

/* What a kind of extract is tabled by. */
struct listing_form {
    const char *kind;
    const struct listing_dimension *dimensions; /* ended by a NULL name */
    const char *always;                       /* dimension that is read though nobody asks for it */
    const char *who;                          /* column of persons, or NULL */
    const char *numbers[LISTING_NUMBERS + 1]; /* ended by NULL */
    bool
        is_spread; /* a row counts in every part of time that it touches; else it must lie in one */
};

extern const struct listing_form COHORT_FORM, REFERRALS_FORM;

struct listing_axis {
    const struct listing_dimension *dimension;
    struct dictionary labels; /* code 0 = not recorded */
    uint32_t *order;          /* [place] code of the labels as shown, not recorded last */
    uint32_t *places;         /* [code] the other way */
    size_t count;             /* places */
    struct text wanted;       /* values of --where, separated by ','; at NULL = all */
};

struct listing_item { /* one row of the source */
    int32_t first_day, last_day;
    struct month_range months;
    uint32_t who;                    /* 0 = not stated */
    double numbers[LISTING_NUMBERS]; /* NaN = not stated */
};

struct listing_row { /* an item in one part of time */
    uint32_t codes[LISTING_AXES], item;
};

struct listing {
    struct held *held;
    const struct table_options *options;
    const struct listing_form *form;
    struct source *sources;
    size_t source_count;
    const struct source *source;
    struct month_range period;
    const int *ages;
    size_t age_count;
    struct listing_axis axes[LISTING_AXES];
    size_t axis_count, shown;
    struct dictionary people;
    struct listing_item *items; /* memory_resize, as rows */
    struct listing_row *rows;
    size_t item_count, item_capacity, row_count, row_capacity;
    uint64_t *covered;                   /* bits by cell, as listing_is_covered asks for them */
    int64_t outside, crossing, backward; /* rows outside the period, across its ends or those of a
                                            part of time, and that end before they begin */
};

/* Reads options and rows. Call listing_close whatever happens. RV_USAGE and RV_NOT_FOUND as
 * table_run. */
RV_MUST_CHECK rv_status listing_read(struct listing *l, struct held *h,
                                     const struct table_options *options,
                                     const struct listing_form *form, struct rv_err *reterr);
void listing_close(struct listing *l);

/* --by, --where, --period, --source, --bands: listing_options.c. */
RV_MUST_CHECK rv_status listing_options(struct listing *l, struct rv_err *reterr);

/* After the rows: those that --where leaves out go, each axis gets its order, and *ret_cells is how
 * many cells the dimensions have together. */
RV_MUST_CHECK rv_status listing_order(struct listing *l, size_t *ret_cells, struct rv_err *reterr);

/* The cell of a row, in the order of the table; `skip` = an axis to leave out, or SIZE_MAX. */
size_t listing_cell(const struct listing *l, const struct listing_row *row, size_t skip);
/* Whether a row of the cell's cohorts or services lies in its part of time at all, whatever the
 * other dimensions and conditions say: only then is nothing a nought. */
bool listing_is_covered(const struct listing *l, size_t cell);
/* Dimensions of a cell into the first columns of a row of the table. */
RV_MUST_CHECK rv_status listing_labels(const struct listing *l, size_t cell,
                                       struct result_cell *ret, struct rv_err *reterr);

/* Columns of the dimensions, then `numbers`; title, notes, sources and marking. */
RV_MUST_CHECK rv_status listing_table(const struct listing *l, const char *what,
                                      const struct result_column *numbers, size_t number_count,
                                      const char *const *own_notes, size_t own_count,
                                      struct result_table *ret, struct rv_err *reterr);

#endif
