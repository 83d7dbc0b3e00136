/* report/html_columns.c — which columns of a table a page shows, and how many stand abreast.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/html_parts.h"
#include "report/svg.h"
#include "report/table.h"

#include <string.h>

#define PAGE_WIDTH   165.0 /* millimetres of text of an A4 page in a word processor */
#define LETTER_WIDTH 1.75  /* of a heading, with its share of the padding */

static bool is_number(const struct result_table *t, size_t column)
{
    return t->columns[column].type != RESULT_TEXT && t->columns[column].type != RESULT_MONTH;
}

static bool has_figure(const struct result_table *t, size_t column)
{
    for (size_t r = 0; r < t->row_count; r++) {
        if (!result_cell_is_gap(t, r, column)) {
            return true;
        }
    }
    return false;
}

/* A copy with these columns only. */
static rv_status select_columns(struct arena *a, const struct result_table *t, const bool *wanted,
                                struct result_table *ret, struct rv_err *reterr)
{
    struct result_column *columns = ARENA_NEW(a, struct result_column, t->column_count + 1);
    struct result_cell *cells =
        ARENA_NEW(a, struct result_cell, t->row_count * t->column_count + 1);
    if (!columns || !cells) {
        return arena_fail(a, reterr);
    }
    struct result_table made = *t;
    size_t n = 0, at = 0;
    for (size_t c = 0; c < t->column_count; c++) {
        if (wanted[c]) {
            columns[n++] = t->columns[c];
        }
    }
    for (size_t r = 0; r < t->row_count; r++) {
        for (size_t c = 0; c < t->column_count; c++) {
            if (wanted[c]) {
                cells[at++] = *table_cell(t, r, c);
            }
        }
    }
    made.columns = columns;
    made.column_count = n;
    made.cells = cells;
    *ret = made;
    return rv_ok();
}

/* The reason that all cells of the column share, or NULL. */
static const char *shared_reason(const struct result_table *t, size_t column)
{
    const char *first = table_cell(t, 0, column)->text;
    for (size_t r = 0; r < t->row_count; r++) {
        const char *text = table_cell(t, r, column)->text;
        if (!first || !first[0] || !text || strcmp(text, first) != 0) {
            return NULL;
        }
    }
    return strcmp(first, FORMAT_NOT_AVAILABLE) == 0 ? NULL : first;
}

rv_status html_without_empty(struct document *d, const struct result_table *t,
                             struct result_table *ret, const char **ret_note, struct rv_err *reterr)
{
    struct result_table made = *t;
    const char *note = NULL;
    size_t shown = 0, dropped = 0;
    bool *wanted = ARENA_NEW(d->arena, bool, t->column_count + 1);
    struct buf said RV_CLEANUP(buf_done);
    buf_init(&said, 1u << 16);
    if (!wanted) {
        return arena_fail(d->arena, reterr);
    }
    for (size_t c = 0; c < t->column_count; c++) {
        wanted[c] = !is_number(t, c) || has_figure(t, c);
        shown += is_number(t, c) && wanted[c];
        if (!wanted[c]) {
            const char *reason = t->row_count ? shared_reason(t, c) : NULL;
            buf_printf(&said, "%s%s", dropped++ ? "; " : "", t->columns[c].title);
            buf_printf(&said, reason ? " (%s)" : "%s", reason ? reason : "");
        }
    }
    RV_TRY(buf_status(&said, reterr));
    /* The columns of these two are places on an axis: a gap there is seen where it is. */
    bool is_axis = t->chart == CHART_CALENDAR || t->chart == CHART_HEAT;
    if (shown && dropped && !is_axis) {
        RV_TRY(select_columns(d->arena, t, wanted, &made, reterr));
        note = arena_printf(d->arena, "Not available in any row, and so without a column: %s.",
                            said.bytes);
        if (!note) {
            return arena_fail(d->arena, reterr);
        }
    }
    *ret = made;
    *ret_note = note;
    return rv_ok();
}

/* Letters of the longest word in the headings of numbers. */
static size_t longest_word(const struct result_table *t)
{
    size_t most = 1;
    for (size_t c = 0; c < t->column_count; c++) {
        struct text rest = text_of(is_number(t, c) ? t->columns[c].title : "");
        while (rest.n) {
            struct text word = text_split(rest, ' ', &rest);
            while (word.n) { /* a line may end after a hyphen too */
                size_t n = text_split(word, '-', &word).n;
                most = n > most ? n : most;
            }
        }
    }
    return most;
}

/* How many columns of numbers stand beside those of names without breaking a word. */
static size_t columns_abreast(const struct result_table *t, size_t names)
{
    double shares = PAGE_WIDTH / ((double)longest_word(t) * LETTER_WIDTH);
    double left = shares - (double)(names * TABLE_NAME_SHARE);
    return left < 3 ? 3 : (size_t)left;
}

rv_status html_parts_abreast(struct document *d, const struct result_table *t, const char *id,
                             struct rv_err *reterr)
{
    size_t numbers = 0;
    for (size_t c = 0; c < t->column_count; c++) {
        numbers += is_number(t, c);
    }
    size_t abreast = columns_abreast(t, t->column_count - numbers);
    if (numbers <= abreast || t->chart == CHART_CALENDAR) {
        return result_table_html(t, id, true, d->out, reterr);
    }
    bool *wanted = ARENA_NEW(d->arena, bool, t->column_count);
    if (!wanted) {
        return arena_fail(d->arena, reterr);
    }
    size_t parts = (numbers + abreast - 1) / abreast, each = (numbers + parts - 1) / parts;
    for (size_t p = 0; p < parts; p++) {
        size_t nth = 0;
        for (size_t c = 0; c < t->column_count; c++) {
            wanted[c] = !is_number(t, c) || nth++ / each == p;
        }
        struct result_table part;
        RV_TRY(select_columns(d->arena, t, wanted, &part, reterr));
        const char *name = arena_printf(d->arena, p ? "%s-part-%zu" : "%s", id, p + 1);
        part.title =
            arena_printf(d->arena, "%s (columns: part %zu of %zu)", t->title, p + 1, parts);
        if (!name || !part.title) {
            return arena_fail(d->arena, reterr);
        }
        RV_TRY(result_table_html(&part, name, true, d->out, reterr));
    }
    return rv_ok();
}
