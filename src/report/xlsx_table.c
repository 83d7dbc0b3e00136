/* report/xlsx_table.c — a result table on a worksheet of its own.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "report/svg.h"
#include "report/table.h"
#include "report/xlsx_parts.h"

#include <math.h>
#include <string.h>

#define MOST_ROWS    1048000 /* of a worksheet 1,048,576, less what stands above the table */
#define WIDEST       50.0
#define TEXT_STRETCH 1.15 /* widths are counted in digits; letters are a little wider */

/* ---- above the table ---- */

static size_t note_number(const struct xlsx *x, const char *note)
{
    for (size_t i = 0; i < x->note_count; i++) {
        if (strcmp(x->notes[i], note) == 0) {
            return i + 1;
        }
    }
    return 0;
}

/* "Notes 1, 4 and 5 are in the worksheet Notes." */
static void put_notes(struct xlsx_sheet *s, const struct result_table *t)
{
    if (!t->note_count) {
        return;
    }
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, LIMIT_FIELD_BYTES);
    buf_text(&b, t->note_count == 1 ? "Note " : "Notes ");
    for (size_t i = 0; i < t->note_count; i++) {
        buf_text(&b, i == 0 ? "" : i + 1 == t->note_count ? " and " : ", ");
        buf_printf(&b, "%zu", note_number(s->x, t->notes[i]));
    }
    buf_text(&b, t->note_count == 1 ? " is in the worksheet Notes" : " are in the worksheet Notes");
    const char *line = arena_text(s->x->arena, b.bytes, b.n);
    if (line) {
        xlsx_link_line(s, "Notes", line);
    }
}

static bool has_gaps(const struct result_table *t)
{
    for (size_t r = 0; r < t->row_count; r++) {
        for (size_t c = 0; c < t->column_count; c++) {
            if (result_cell_is_gap(t, r, c)) {
                return true;
            }
        }
    }
    return false;
}

static void put_head(struct xlsx_sheet *s, const struct result_table *t, size_t k)
{
    const char *title = arena_printf(s->x->arena, "Table %zu: %s", k + 1, t->title);
    xlsx_line(s, XLSX_TITLE, title);
    if (s->x->book->context->is_synthetic) {
        xlsx_line(s, XLSX_PLAIN, "Synthetic data: no figure describes a real place.");
    }
    if (t->description && t->description[0]) {
        xlsx_line(s, XLSX_PLAIN, t->description);
    }
    xlsx_line(s, XLSX_PLAIN,
              has_gaps(t) && t->chart != CHART_CALENDAR
                  ? "This worksheet contains one table. [x] stands for a figure that is not "
                    "available; the last column says why, or [z] where nothing is missing."
                  : "This worksheet contains one table.");
    put_notes(s, t);
    xlsx_link_line(s, "Contents", "Back to Contents");
}

/* ---- the table ---- */

static double width_of_texts(const struct result_table *t, size_t column)
{
    size_t longest = 0;
    for (size_t r = 0; r < t->row_count; r++) {
        size_t n = table_label(t, r, column).n;
        longest = n > longest ? n : longest;
    }
    double width = (double)longest * TEXT_STRETCH + 2;
    return width > WIDEST ? WIDEST : width;
}

/* As many decimals as the values need: whole numbers none, parts of one four, all else one. */
static enum xlsx_look look_of_numbers(const struct result_table *t, size_t column)
{
    bool all_whole = true, all_parts = true;
    for (size_t r = 0; r < t->row_count; r++) {
        if (table_has(t, r, column)) {
            double value = table_cell(t, r, column)->number;
            all_whole = all_whole && value == trunc(value);
            all_parts = all_parts && fabs(value) <= 1;
        }
    }
    if (t->columns[column].type == RESULT_COUNT || t->columns[column].type == RESULT_RANK) {
        return all_whole ? XLSX_WHOLE : XLSX_ONE_DECIMAL;
    }
    return all_parts && !all_whole && t->columns[column].type == RESULT_RATE ? XLSX_FOUR_DECIMALS
                                                                             : XLSX_ONE_DECIMAL;
}

/* "offence-group", a dimension that has no better title, as "Offence group". */
static const char *header_of(struct arena *a, const struct result_column *column)
{
    if (column->title && column->title[0] && strcmp(column->title, column->name) != 0) {
        return column->title;
    }
    char *header = arena_text(a, column->name, strlen(column->name));
    for (char *at = header; at && *at; at++) {
        *at = *at == '-' || *at == '_' ? ' ' : *at;
    }
    if (header && header[0] >= 'a' && header[0] <= 'z') {
        header[0] = (char)(header[0] - 'a' + 'A');
    }
    return header ? header : column->name;
}

static void describe_columns(struct arena *a, const struct result_table *t, struct xlsx_column *ret)
{
    for (size_t c = 0; c < t->column_count; c++) {
        ret[c].header = header_of(a, &t->columns[c]);
        if (t->columns[c].type == RESULT_TEXT) {
            ret[c].look = XLSX_TEXT;
            ret[c].width = width_of_texts(t, c);
        } else {
            ret[c].look = t->columns[c].type == RESULT_MONTH ? XLSX_MONTH : look_of_numbers(t, c);
            ret[c].width = t->columns[c].type == RESULT_MONTH ? 18 : 12;
        }
    }
}

/* Days since 30 December 1899, as spreadsheets count them. */
static double date_of_month(int32_t month_index)
{
    return (double)(civil_day_of(civil_month_start(month_index)) + 25569);
}

static void put_cell(struct xlsx_sheet *s, const struct result_table *t, size_t row, size_t column,
                     const struct xlsx_column *look)
{
    const struct result_cell *cell = table_cell(t, row, column);
    if (result_cell_is_gap(t, row, column)) {
        xlsx_text(s, s->row, column, XLSX_SYMBOL, XLSX_NOT_AVAILABLE);
    } else if (look->look == XLSX_TEXT) {
        xlsx_text(s, s->row, column, XLSX_TEXT, cell->text);
    } else if (look->look == XLSX_MONTH) {
        xlsx_number(s, s->row, column, XLSX_MONTH, date_of_month((int32_t)cell->number));
    } else {
        xlsx_number(s, s->row, column, look->look, cell->number);
    }
}

static rv_status put_rows(struct xlsx_sheet *s, const struct result_table *t,
                          const struct xlsx_column *columns, bool gives_reasons,
                          struct rv_err *reterr)
{
    struct buf reasons RV_CLEANUP(buf_done);
    buf_init(&reasons, LIMIT_ROW_BYTES);
    for (size_t r = 0; r < t->row_count; r++, xlsx_end_row(s)) {
        for (size_t c = 0; c < t->column_count; c++) {
            put_cell(s, t, r, c, &columns[c]);
        }
        if (gives_reasons) {
            buf_clear(&reasons);
            result_row_reasons_titled(t, r, &reasons);
            RV_TRY(buf_status(&reasons, reterr));
            xlsx_text(s, s->row, t->column_count, XLSX_TEXT, reasons.n ? reasons.bytes : "");
        }
    }
    return rv_ok();
}

/* Months down and sources across, in words, as the report shows it. */
static rv_status put_calendar(struct xlsx_sheet *s, const struct result_table *t, const char *name,
                              struct rv_err *reterr)
{
    struct xlsx_column *columns = ARENA_NEW(s->x->arena, struct xlsx_column, t->row_count + 1);
    if (!columns) {
        return arena_fail(s->x->arena, reterr);
    }
    columns[0] = (struct xlsx_column){"Month", XLSX_MONTH, 18};
    for (size_t r = 0; r < t->row_count; r++) {
        const struct text label = table_label(t, r, 0);
        columns[r + 1].header = arena_text(s->x->arena, label.at, label.n);
        columns[r + 1].look = XLSX_TEXT;
        columns[r + 1].width = 14;
        if (!columns[r + 1].header) {
            return arena_fail(s->x->arena, reterr);
        }
    }
    xlsx_begin_table(s, name, columns, t->row_count + 1, t->column_count - 1);
    for (size_t c = 1; c < t->column_count; c++, xlsx_end_row(s)) {
        struct month_range month;
        if (month_range_parse(text_of(t->columns[c].name), &month)) {
            xlsx_number(s, s->row, 0, XLSX_MONTH, date_of_month(month.first));
        } else {
            xlsx_text(s, s->row, 0, XLSX_TEXT, t->columns[c].title);
        }
        for (size_t r = 0; r < t->row_count; r++) {
            xlsx_text(s, s->row, r + 1, XLSX_TEXT,
                      svg_is_covered(t, r, c) ? "covered" : "not covered");
        }
    }
    return rv_ok();
}

/* A name that a spreadsheet takes: letters, digits and underscores, and never like a cell ("T1"),
 * which the number at its end prevents. */
static const char *table_name(struct xlsx *x, const struct result_table *t, size_t k)
{
    char *name = arena_printf(x->arena, "data_%.200s_%zu", t->id, k + 1);
    for (char *at = name; at && *at; at++) {
        bool is_kept =
            (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');
        *at = is_kept ? *at : '_';
    }
    return name;
}

rv_status xlsx_result_table(struct xlsx_sheet *s, const struct result_table *t, size_t k,
                            struct rv_err *reterr)
{
    if (t->row_count > MOST_ROWS || t->column_count + 1 > LXW_COL_MAX) {
        return rv_fail(reterr, RV_LIMIT,
                       "a worksheet holds at most %d rows and this table has %zu: write CSV "
                       "instead, or narrow it with --where",
                       MOST_ROWS, t->row_count);
    }
    put_head(s, t, k);
    const char *name = table_name(s->x, t, k);
    struct xlsx_column *columns = ARENA_NEW(s->x->arena, struct xlsx_column, t->column_count + 1);
    if (!name || !columns) {
        return arena_fail(s->x->arena, reterr);
    }
    if (t->row_count == 0) {
        xlsx_line(s, XLSX_PLAIN, "The table has no rows.");
        return rv_ok();
    }
    if (t->chart == CHART_CALENDAR) {
        return put_calendar(s, t, name, reterr);
    }
    bool gives_reasons = has_gaps(t);
    describe_columns(s->x->arena, t, columns);
    columns[t->column_count] = (struct xlsx_column){"Why not available", XLSX_TEXT, 44};
    xlsx_begin_table(s, name, columns, t->column_count + gives_reasons, t->row_count);
    return put_rows(s, t, columns, gives_reasons, reterr);
}
