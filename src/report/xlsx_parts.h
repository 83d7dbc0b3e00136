/* report/xlsx_parts.h — the parts of a workbook.
 *
 * Private to xlsx.c (the book and its first worksheets), xlsx_sheet.c (writing one table) and
 * xlsx_table.c (a result table). Nobody else sees xlsxwriter.h.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_XLSX_PARTS_H
#define REEVE_REPORT_XLSX_PARTS_H

#include "report/xlsx.h"

#include <xlsxwriter.h>

/* Looks of a cell. Numbers are looks of their own because a spreadsheet formats by cell. */
enum xlsx_look {
    XLSX_TITLE,
    XLSX_PLAIN, /* above a table: runs on to the right */
    XLSX_LINK,
    XLSX_HEADER,
    XLSX_HEADER_RIGHT,
    XLSX_TEXT, /* in a table: wrapped */
    XLSX_SYMBOL,
    XLSX_WHOLE,
    XLSX_ONE_DECIMAL,
    XLSX_FOUR_DECIMALS,
    XLSX_MONTH,
    XLSX_LOOKS
};

struct xlsx {
    struct arena *arena;
    const struct xlsx_book *book;
    lxw_workbook *workbook;
    lxw_format *looks[XLSX_LOOKS];
    const char **notes; /* of all tables, each once: note k is notes[k - 1] */
    size_t note_count;
    enum lxw_error error; /* the first that happened */
};

/* One worksheet being written, from the top down. */
struct xlsx_sheet {
    struct xlsx *x;
    lxw_worksheet *sheet;
    const char *name;
    lxw_row_t row;                     /* the next to be written */
    const struct xlsx_column *columns; /* of the table begun last */
    size_t lines;                      /* that the longest cell of the current row takes */
};

struct xlsx_column {
    const char *header;
    enum xlsx_look look; /* decides the header's side too */
    double width;        /* characters; 0 = by the header */
};

/* Excel's "Table_3" of the k-th result table, from 0. */
const char *xlsx_table_sheet(struct xlsx *x, size_t k);
void xlsx_note_error(struct xlsx *x, enum lxw_error error);

/* A line above the table, in column A. */
void xlsx_line(struct xlsx_sheet *s, enum xlsx_look look, const char *text);
void xlsx_link_line(struct xlsx_sheet *s, const char *to_sheet, const char *text);

/* Makes the named table of `rows` rows (at least 1) at the sheet's next row: header, widths, frozen
 * header, printing. The cells below are the caller's to fill; none may stay empty. */
void xlsx_begin_table(struct xlsx_sheet *s, const char *name, const struct xlsx_column *columns,
                      size_t column_count, size_t rows);
/* Ends a row of the table: as high as its longest text needs, because not every program that opens
 * the file works it out. */
void xlsx_end_row(struct xlsx_sheet *s);
/* Cells of a table; an empty text becomes [z]. */
void xlsx_text(struct xlsx_sheet *s, lxw_row_t row, size_t column, enum xlsx_look look,
               const char *text);
void xlsx_number(struct xlsx_sheet *s, lxw_row_t row, size_t column, enum xlsx_look look,
                 double value);
void xlsx_link(struct xlsx_sheet *s, lxw_row_t row, size_t column, const char *to_sheet);

/* The worksheet of a result table. */
RV_MUST_CHECK rv_status xlsx_result_table(struct xlsx_sheet *s, const struct result_table *t,
                                          size_t k, struct rv_err *reterr);

#endif
