/* report/xlsx_sheet.c — lines, tables and cells of one worksheet over libxlsxwriter.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/parse.h"
#include "report/xlsx_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LEAST_WIDTH 9.0
#define LINE_POINTS 15.75 /* height of a line of 12-point text */
#define STRETCH     1.1   /* widths are counted in small digits; this text is a little wider */
#define MOST_CELL   32767 /* characters of a cell; bytes are never fewer */

void xlsx_note_error(struct xlsx *x, enum lxw_error error)
{
    if (x->error == LXW_NO_ERROR) {
        x->error = error;
    }
}

void xlsx_line(struct xlsx_sheet *s, enum xlsx_look look, const char *text)
{
    xlsx_text(s, s->row++, 0, look, text);
}

void xlsx_link_line(struct xlsx_sheet *s, const char *to_sheet, const char *text)
{
    const char *url = arena_printf(s->x->arena, "internal:%s!A1", to_sheet);
    xlsx_note_error(s->x, !url ? LXW_ERROR_MEMORY_MALLOC_FAILED
                               : worksheet_write_url_opt(s->sheet, s->row++, 0, url,
                                                         s->x->looks[XLSX_LINK], text, NULL));
}

void xlsx_link(struct xlsx_sheet *s, lxw_row_t row, size_t column, const char *to_sheet)
{
    const char *url = arena_printf(s->x->arena, "internal:%s!A1", to_sheet);
    xlsx_note_error(s->x, !url ? LXW_ERROR_MEMORY_MALLOC_FAILED
                               : worksheet_write_url_opt(s->sheet, row, (lxw_col_t)column, url,
                                                         s->x->looks[XLSX_LINK], to_sheet, NULL));
}

/* A spreadsheet reads "_x0041_" in a text as the letter with that number: the underscore itself is
 * written so when a name happens to look like that. */
static const char *escape(struct arena *a, const char *text)
{
    const char *at = strstr(text, "_x");
    if (!at) {
        return text;
    }
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, (size_t)MOST_CELL * 8);
    for (at = text; *at; at++) {
        bool is_code =
            at[0] == '_' && at[1] == 'x' && strspn(at + 2, "0123456789abcdefABCDEF") >= 4;
        buf_text(&b, is_code && at[6] == '_' ? "_x005F" : "");
        buf_char(&b, *at);
    }
    return b.failed ? text : arena_text(a, b.bytes, b.n);
}

/* Lines that a text takes in a column when it breaks between words; rather one too many. */
static size_t lines_of(const char *text, double width)
{
    size_t lines = 1;
    double used = 0;
    for (const char *at = text; *at && width > 0;) {
        size_t n = strcspn(at, " ");
        double word = (double)n * STRETCH;
        if (used > 0 && used + 1 + word > width) {
            lines++;
            used = 0;
        }
        for (; word > width; word -= width) { /* longer than a line: broken inside */
            lines++;
        }
        used += word + 1;
        at += n + (at[n] != '\0');
    }
    return lines;
}

void xlsx_end_row(struct xlsx_sheet *s)
{
    if (s->lines > 1) {
        double height = (double)s->lines * LINE_POINTS;
        xlsx_note_error(s->x,
                        worksheet_set_row(s->sheet, s->row, height > 400 ? 400 : height, NULL));
    }
    s->lines = 0;
    s->row++;
}

void xlsx_text(struct xlsx_sheet *s, lxw_row_t row, size_t column, enum xlsx_look look,
               const char *text)
{
    if (!text || !text[0]) {
        text = XLSX_NOT_APPLICABLE;
    }
    if (look == XLSX_TEXT && s->columns) {
        size_t lines = lines_of(text, s->columns[column].width);
        s->lines = lines > s->lines ? lines : s->lines;
    }
    text = escape(s->x->arena, text);
    if (text && strlen(text) > MOST_CELL) { /* in bytes: cut on a whole character */
        size_t whole = text_utf8_valid((struct text){text, MOST_CELL - 3});
        text = arena_printf(s->x->arena, "%.*s\xE2\x80\xA6", (int)whole, text);
    }
    xlsx_note_error(s->x, !text ? LXW_ERROR_MEMORY_MALLOC_FAILED
                                : worksheet_write_string(s->sheet, row, (lxw_col_t)column, text,
                                                         s->x->looks[look]));
}

/* Rounded to the 12 significant digits of the CSV, so that both show one number. */
void xlsx_number(struct xlsx_sheet *s, lxw_row_t row, size_t column, enum xlsx_look look,
                 double value)
{
    char digits[40];
    double rounded = value;
    int n = snprintf(digits, sizeof digits, "%.12g", value);
    if (n > 0 && !parse_real((struct text){digits, (size_t)n}, &rounded)) {
        rounded = value;
    }
    xlsx_note_error(
        s->x, worksheet_write_number(s->sheet, row, (lxw_col_t)column, rounded, s->x->looks[look]));
}

/* ---- tables ---- */

/* Wide enough for the longest word of the header and for half of it, so that it takes two lines. */
static double width_of_header(const char *header)
{
    size_t longest = 0, all = strlen(header);
    for (const char *at = header; *at;) {
        size_t word = strcspn(at, " ");
        longest = word > longest ? word : longest;
        at += word + (at[word] != '\0');
    }
    double half = (double)(all + 1) / 2;
    double width = STRETCH * 1.1 * ((double)longest > half ? (double)longest : half) + 2;
    return width < LEAST_WIDTH ? LEAST_WIDTH : width;
}

static void set_widths(struct xlsx_sheet *s, const struct xlsx_column *columns, size_t count)
{
    size_t lines = 1;
    for (size_t c = 0; c < count; c++) {
        double width = columns[c].width > 0 ? columns[c].width : width_of_header(columns[c].header);
        double least = width_of_header(columns[c].header);
        width = width < least ? least : width;
        size_t here = lines_of(columns[c].header, width);
        lines = here > lines ? here : lines;
        xlsx_note_error(s->x,
                        worksheet_set_column(s->sheet, (lxw_col_t)c, (lxw_col_t)c, width, NULL));
    }
    xlsx_note_error(s->x,
                    worksheet_set_row(s->sheet, s->row, (double)lines * LINE_POINTS + 2, NULL));
}

static void set_view(struct xlsx_sheet *s, size_t columns, size_t rows)
{
    lxw_row_t header = s->row;
    worksheet_freeze_panes(s->sheet, header + 1, 0);
    worksheet_repeat_rows(s->sheet, header, header);
    char range[64];
    char first[LXW_MAX_CELL_NAME_LENGTH], last[LXW_MAX_CELL_NAME_LENGTH];
    lxw_rowcol_to_cell(first, header, 0);
    lxw_rowcol_to_cell(last, header + (lxw_row_t)rows, (lxw_col_t)(columns - 1));
    (void)snprintf(range, sizeof range, "%s:%s", first, last);
    /* A year is a label here: no green corner that offers to turn it into a number. */
    worksheet_ignore_errors(s->sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, range);
}

/* "Rate", "rate" in one table: a spreadsheet would call the file damaged. */
static const char *unique_header(struct xlsx *x, const struct xlsx_column *columns, size_t c)
{
    size_t same = 0;
    for (size_t k = 0; k < c; k++) {
        same += text_equal_nocase(text_of(columns[k].header), text_of(columns[c].header));
    }
    return same ? arena_printf(x->arena, "%s (%zu)", columns[c].header, same + 1)
                : columns[c].header;
}

void xlsx_begin_table(struct xlsx_sheet *s, const char *name, const struct xlsx_column *columns,
                      size_t column_count, size_t rows)
{
    struct xlsx *x = s->x;
    lxw_table_column *all = ARENA_NEW(x->arena, lxw_table_column, column_count);
    lxw_table_column **list = ARENA_NEW(x->arena, lxw_table_column *, column_count + 1);
    char *table_name = arena_text(x->arena, name, strlen(name));
    if (!all || !list || !table_name) {
        xlsx_note_error(x, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    for (size_t c = 0; c < column_count; c++) {
        bool is_right = columns[c].look > XLSX_SYMBOL && columns[c].look != XLSX_MONTH;
        const char *header = unique_header(x, columns, c);
        all[c].header = header ? arena_text(x->arena, header, strlen(header)) : NULL;
        all[c].header_format = x->looks[is_right ? XLSX_HEADER_RIGHT : XLSX_HEADER];
        list[c] = &all[c];
    }
    lxw_table_options options = {.name = table_name,
                                 .no_autofilter = LXW_TRUE,
                                 .style_type = LXW_TABLE_STYLE_TYPE_LIGHT,
                                 .style_type_number = 1,
                                 .columns = list};
    set_widths(s, columns, column_count);
    set_view(s, column_count, rows);
    xlsx_note_error(x, worksheet_add_table(s->sheet, s->row, 0, s->row + (lxw_row_t)rows,
                                           (lxw_col_t)(column_count - 1), &options));
    s->columns = columns;
    s->lines = 0;
    s->row++;
}
