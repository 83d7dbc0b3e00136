/* report/table.h — result tables as CSV and as accessible HTML.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_TABLE_H
#define REEVE_REPORT_TABLE_H

#include "assess/finding.h"
#include "base/arena.h"
#include "base/buf.h"

/* Header of column names, one row per row, numbers with 12 significant digits, months "2021-01".
 * A missing number is an empty cell; the last column, `not_available_because`, says per row which
 * columns are empty and why ("rate, lower, upper: no population held"), and is empty otherwise.
 * Text that a spreadsheet would run as a formula gets a leading apostrophe. CRLF line ends. */
RV_MUST_CHECK rv_status result_table_csv(const struct result_table *t, struct buf *out,
                                         struct rv_err *reterr);

/* What takes what has come together in `out` after a row, so that not all of it lies in memory;
 * NULL = nothing does. */
struct table_taker {
    rv_status (*take)(void *context, struct rv_err *reterr);
    void *context;
};
/* The same, row by row. */
RV_MUST_CHECK rv_status result_table_csv_to(const struct result_table *t, struct buf *out,
                                            struct table_taker taker, struct rv_err *reterr);

/* What that column says of one row, into an empty buffer; for people, with the titles of columns
 * instead of their names. */
void result_row_reasons(const struct result_table *t, size_t row, struct buf *out);
void result_row_reasons_titled(const struct result_table *t, size_t row, struct buf *out);

/* Appends what a cell says to people: its text, its number as its column is written, or why there
 * is none. */
void result_cell_words(const struct result_table *t, size_t row, size_t column, struct buf *out);

/* Whether a cell holds nothing: an unavailable number, a text that is missing. */
bool result_cell_is_gap(const struct result_table *t, size_t row, size_t column);

/* A copy, in the arena, in descending order of a numeric column: what is missing last, equal
 * values as they were. `ret` may be `t`. */
RV_MUST_CHECK rv_status result_table_sort(struct arena *a, const struct result_table *t,
                                          size_t column, struct result_table *ret,
                                          struct rv_err *reterr);

/* Where columns are given widths a name is as wide as so many numbers. */
#define TABLE_NAME_SHARE 2

/* <table> with a caption, scoped column and row headers, numbers aligned right, missing cells in
 * words, the focus row marked in words too. `id` is put on the table; `has_widths` gives each
 * column its share of the width, for a program that does not find it. */
RV_MUST_CHECK rv_status result_table_html(const struct result_table *t, const char *id,
                                          bool has_widths, struct buf *out, struct rv_err *reterr);

#endif
