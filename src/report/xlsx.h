/* report/xlsx.h — result tables as a workbook that a screen reader and a spreadsheet both read
 * well.
 *
 * Contents, Notes and Sources first, then one table a worksheet, each a named table from column A
 * with a header row, numbers as numbers, no merged and no blank cell: what is not available is [x],
 * what does not apply is [z]. Text is stored as text, so that a name beginning with "=" is a name.
 * After: UK Government Analysis Function, "Releasing statistics in spreadsheets" (2021, revised).
 * The same book gives the same bytes. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_XLSX_H
#define REEVE_REPORT_XLSX_H

#include "report/html.h"

#define XLSX_NOT_AVAILABLE  "[x]"
#define XLSX_NOT_APPLICABLE "[z]"

struct xlsx_book {
    const char *title;                    /* of the workbook, for its properties and Contents */
    const struct report_context *context; /* partnership, synthetic, extracts, titles of themes */
    const char *const *about;             /* sentences below the title: area, period, … */
    size_t about_count;
    const char *definition; /* "havering, version 2024-01-31"; NULL = none was adopted */
    const struct result_table *tables;
    size_t table_count;
    const struct finding_source *sources; /* rows of Sources */
    size_t source_count;
    enum marking marking;
};

/* Writes the workbook to a temporary name beside `path` and renames it. RV_LIMIT when a table has
 * more rows or columns than a worksheet (1,048,576 and 16,384); RV_IO. */
RV_MUST_CHECK rv_status xlsx_write(struct arena *a, const struct xlsx_book *book, const char *path,
                                   struct rv_err *reterr);

/* The same into an open, empty file, which may have no name. The caller closes it. */
RV_MUST_CHECK rv_status xlsx_write_fd(struct arena *a, const struct xlsx_book *book, int fd,
                                      struct rv_err *reterr);

/* The book of a whole assessment: all its tables and sources. */
RV_MUST_CHECK rv_status xlsx_of_assessment(struct arena *a, const struct assessment *assessment,
                                           const struct report_context *context,
                                           struct xlsx_book *ret, struct rv_err *reterr);

#endif
