/* report/table.c — result tables as CSV and HTML.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/table.h"

#include "base/limits.h"
#include "report/format.h"
#include "report/svg.h"

#include <math.h>
#include <string.h>

#define REASON_COLUMN "not_available_because"
#define LINE_END      "\r\n"

/* ---- CSV ---- */

bool result_cell_is_gap(const struct result_table *t, size_t row, size_t column)
{
    return t->columns[column].type == RESULT_TEXT ? table_cell(t, row, column)->is_missing
                                                  : !table_has(t, row, column);
}

static const char *reason_of(const struct result_table *t, size_t row, size_t column)
{
    const char *text = table_cell(t, row, column)->text;
    return text && text[0] ? text : FORMAT_NOT_AVAILABLE;
}

static bool reason_came_before(const struct result_table *t, size_t row, size_t column)
{
    for (size_t c = 0; c < column; c++) {
        if (result_cell_is_gap(t, row, c) &&
            strcmp(reason_of(t, row, c), reason_of(t, row, column)) == 0) {
            return true;
        }
    }
    return false;
}

/* Columns that the reason of this gap explains, this one the first of them. */
static size_t columns_with_reason(const struct result_table *t, size_t row, size_t column)
{
    size_t n = 0;
    for (size_t k = column; k < t->column_count; k++) {
        n += result_cell_is_gap(t, row, k) &&
             strcmp(reason_of(t, row, k), reason_of(t, row, column)) == 0;
    }
    return n;
}

static bool is_number(const struct result_table *t, size_t column)
{
    return t->columns[column].type != RESULT_TEXT && t->columns[column].type != RESULT_MONTH;
}

static size_t number_columns(const struct result_table *t)
{
    size_t n = 0;
    for (size_t c = 0; c < t->column_count; c++) {
        n += is_number(t, c);
    }
    return n;
}

/* "all figures but Residents: …" for a reason of most columns; false when it is not. */
static bool put_most(const struct result_table *t, size_t row, size_t column, struct buf *out)
{
    size_t these = columns_with_reason(t, row, column), all = number_columns(t), others = 0;
    if (these < 3 || these * 2 <= all) {
        return false;
    }
    buf_text(out, "all figures");
    for (size_t c = 0; c < t->column_count; c++) {
        bool is_other =
            is_number(t, c) && !(result_cell_is_gap(t, row, c) &&
                                 strcmp(reason_of(t, row, c), reason_of(t, row, column)) == 0);
        if (is_other) {
            buf_printf(out, "%s%s", others++ ? ", " : " but ", t->columns[c].title);
        }
    }
    buf_printf(out, ": %s", reason_of(t, row, column));
    return true;
}

/* "rate, lower, upper: no population held; rank: …": each reason once, with its columns. */
static void put_reasons(const struct result_table *t, size_t row, bool by_title, struct buf *out)
{
    for (size_t c = 0; c < t->column_count; c++) {
        if (!result_cell_is_gap(t, row, c) || reason_came_before(t, row, c)) {
            continue;
        }
        buf_text(out, out->n ? "; " : "");
        if (by_title && put_most(t, row, c, out)) {
            continue;
        }
        buf_text(out, by_title ? t->columns[c].title : t->columns[c].name);
        for (size_t k = c + 1; k < t->column_count; k++) {
            if (result_cell_is_gap(t, row, k) &&
                strcmp(reason_of(t, row, k), reason_of(t, row, c)) == 0) {
                buf_printf(out, ", %s", by_title ? t->columns[k].title : t->columns[k].name);
            }
        }
        buf_printf(out, ": %s", reason_of(t, row, c));
    }
}

void result_row_reasons(const struct result_table *t, size_t row, struct buf *out)
{
    put_reasons(t, row, false, out);
}

void result_row_reasons_titled(const struct result_table *t, size_t row, struct buf *out)
{
    put_reasons(t, row, true, out);
}

static void csv_cell(const struct result_table *t, size_t row, size_t column, struct buf *out)
{
    const struct result_cell *c = table_cell(t, row, column);
    if (result_cell_is_gap(t, row, column)) {
        return;
    }
    if (t->columns[column].type == RESULT_TEXT) {
        buf_csv_words(out, text_of(c->text));
    } else if (t->columns[column].type == RESULT_MONTH) {
        char month[8];
        month_write((int32_t)c->number, month);
        buf_text(out, month);
    } else {
        buf_real(out, c->number);
    }
}

rv_status result_table_csv(const struct result_table *t, struct buf *out, struct rv_err *reterr)
{
    return result_table_csv_to(t, out, (struct table_taker){NULL, NULL}, reterr);
}

rv_status result_table_csv_to(const struct result_table *t, struct buf *out,
                              struct table_taker taker, struct rv_err *reterr)
{
    for (size_t c = 0; c < t->column_count; c++) {
        buf_csv_words(out, text_of(t->columns[c].name));
        buf_char(out, ',');
    }
    buf_text(out, REASON_COLUMN LINE_END);
    struct buf reasons RV_CLEANUP(buf_done);
    buf_init(&reasons, LIMIT_ROW_BYTES);
    for (size_t r = 0; r < t->row_count; r++) {
        for (size_t c = 0; c < t->column_count; c++) {
            csv_cell(t, r, c, out);
            buf_char(out, ',');
        }
        buf_clear(&reasons);
        result_row_reasons(t, r, &reasons);
        RV_TRY(buf_status(&reasons, reterr));
        buf_csv_words(out, buf_view(&reasons));
        buf_text(out, LINE_END);
        RV_TRY(taker.take ? taker.take(taker.context, reterr) : rv_ok());
    }
    return buf_status(out, reterr);
}

/* ---- HTML ---- */

/* The titles of the two ends of an interval: what they have in common, and what ends each. */
static const struct {
    const char *low, *high, *joined;
} ENDS[] = {{", lower", ", upper", ""}, {", lower", "", ""}, {", from", ", to", ", from and to"}};

/* Is this column the low end of an interval whose high end is the next? `ret`: its place in ENDS,
 * `ret_common`: the title without the ending. A page shows both in one cell. */
static bool is_interval(const struct result_table *t, size_t column, size_t *ret,
                        struct text *ret_common)
{
    if (column + 1 >= t->column_count || !is_number(t, column) ||
        t->columns[column].type != t->columns[column + 1].type) {
        return false;
    }
    struct text low = text_of(t->columns[column].title),
                high = text_of(t->columns[column + 1].title);
    for (size_t i = 0; i < sizeof ENDS / sizeof ENDS[0]; i++) {
        struct text common = {low.at, low.n - strlen(ENDS[i].low)},
                    also = {high.at, high.n - strlen(ENDS[i].high)};
        if (text_ends(low, ENDS[i].low) && text_ends(high, ENDS[i].high) &&
            text_equal(common, also)) {
            *ret = i;
            *ret_common = common;
            return true;
        }
    }
    return false;
}

static bool is_one_cell(const struct result_table *t, size_t column)
{
    size_t ends;
    struct text common;
    return is_interval(t, column, &ends, &common);
}

static void html_header(const struct result_table *t, struct buf *out)
{
    buf_text(out, "<thead><tr>");
    for (size_t c = 0; c < t->column_count; c++) {
        size_t ends;
        struct text common;
        buf_text(out,
                 is_number(t, c) ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">");
        if (is_interval(t, c, &ends, &common)) {
            buf_html(out, common);
            buf_text(out, ENDS[ends].joined);
            c++;
        } else {
            buf_html(out, text_of(t->columns[c].title));
        }
        buf_text(out, "</th>");
    }
    buf_text(out, "</tr></thead>\n");
}

/* The first column names the row; of a map's code and name the name does. */
static size_t heading_column(const struct result_table *t)
{
    return t->chart == CHART_MAP && t->column_count > 1 ? 1 : 0;
}

void result_cell_words(const struct result_table *t, size_t row, size_t column, struct buf *out)
{
    const struct result_cell *c = table_cell(t, row, column);
    if (result_cell_is_gap(t, row, column)) {
        buf_text(out, reason_of(t, row, column));
    } else if (t->columns[column].type == RESULT_TEXT) {
        buf_text(out, c->text ? c->text : "");
    } else {
        table_number(out, t, row, column);
    }
}

static void html_value(const struct result_table *t, size_t row, size_t column, struct buf *out)
{
    const struct result_cell *c = table_cell(t, row, column);
    if (result_cell_is_gap(t, row, column)) {
        buf_text(out, "<span class=\"missing\">");
        buf_html(out, text_of(reason_of(t, row, column)));
        buf_text(out, "</span>");
    } else if (t->columns[column].type == RESULT_TEXT) {
        buf_html(out, text_of(c->text ? c->text : ""));
    } else {
        table_number(out, t, row, column);
    }
}

/* "17.7 to 31.0", "1st" where both places are the same, a shared reason once. */
static void html_interval(const struct result_table *t, size_t row, size_t low, struct buf *out)
{
    const size_t high = low + 1;
    const bool no_low = result_cell_is_gap(t, row, low), no_high = result_cell_is_gap(t, row, high);
    const bool is_once = no_low && no_high
                             ? strcmp(reason_of(t, row, low), reason_of(t, row, high)) == 0
                             : !no_low && !no_high && t->columns[low].type == RESULT_RANK &&
                                   table_value(t, row, low) == table_value(t, row, high);
    html_value(t, row, low, out);
    if (!is_once) {
        buf_text(out, " to ");
        html_value(t, row, high, out);
    }
}

static void html_row(const struct result_table *t, size_t row, struct buf *out)
{
    bool is_focus = table_is_focus(t, row);
    buf_text(out, is_focus ? "<tr class=\"focus\">" : "<tr>");
    for (size_t c = 0; c < t->column_count; c++) {
        enum result_type type = t->columns[c].type;
        bool is_heading = c == heading_column(t);
        buf_text(out, is_heading ? "<th scope=\"row\"" : "<td");
        buf_text(out, type == RESULT_TEXT    ? ">"
                      : type == RESULT_MONTH ? " class=\"month\">"
                                             : " class=\"number\">");
        if (is_one_cell(t, c)) {
            html_interval(t, row, c++, out);
        } else {
            html_value(t, row, c, out);
        }
        if (is_heading && is_focus && t->chart != CHART_CHANGE && t->chart != CHART_LINE) {
            buf_text(out, " <span class=\"mark\">(this area)</span>");
        }
        buf_text(out, is_heading ? "</th>" : "</td>");
    }
    buf_text(out, "</tr>\n");
}

/* A calendar has one column a month, far too many to read across: months go down, sources across,
 * and the words say what a square says. */
static void html_calendar(const struct result_table *t, struct buf *out)
{
    buf_text(out, "<thead><tr><th scope=\"col\">Month</th>");
    for (size_t r = 0; r < t->row_count; r++) {
        buf_text(out, "<th scope=\"col\">");
        buf_html(out, table_label(t, r, 0));
        buf_text(out, "</th>");
    }
    buf_text(out, "</tr></thead>\n<tbody>\n");
    for (size_t c = 1; c < t->column_count; c++) {
        struct month_range month;
        buf_text(out, "<tr><th scope=\"row\">");
        if (month_range_parse(text_of(t->columns[c].name), &month)) {
            format_month(out, month.first);
        } else {
            buf_html(out, text_of(t->columns[c].title));
        }
        buf_text(out, "</th>");
        for (size_t r = 0; r < t->row_count; r++) {
            bool covered = svg_is_covered(t, r, c);
            buf_text(out, covered ? "<td>covered" : "<td class=\"missing\">not covered");
            buf_text(out, "</td>");
        }
        buf_text(out, "</tr>\n");
    }
    buf_text(out, "</tbody></table>\n");
}

static void html_widths(const struct result_table *t, struct buf *out)
{
    size_t numbers = number_columns(t),
           parts = numbers + TABLE_NAME_SHARE * (t->column_count - numbers);
    buf_text(out, "<colgroup>");
    for (size_t c = 0; c < t->column_count; c++) {
        bool is_pair = is_one_cell(t, c);
        buf_printf(out, "<col style=\"width:%zu%%\"/>",
                   (is_pair           ? 200
                    : is_number(t, c) ? 100
                                      : 100 * TABLE_NAME_SHARE) /
                       parts);
        c += is_pair;
    }
    buf_text(out, "</colgroup>\n");
}

rv_status result_table_html(const struct result_table *t, const char *id, bool has_widths,
                            struct buf *out, struct rv_err *reterr)
{
    buf_printf(out, "<table id=\"%s\"><caption>", id);
    buf_html(out, text_of(t->title));
    buf_text(out, "</caption>\n");
    if (t->chart == CHART_CALENDAR) {
        html_calendar(t, out);
        return buf_status(out, reterr);
    }
    if (has_widths) {
        html_widths(t, out);
    }
    html_header(t, out);
    buf_text(out, "<tbody>\n");
    for (size_t r = 0; r < t->row_count; r++) {
        html_row(t, r, out);
    }
    buf_text(out, "</tbody></table>\n");
    return buf_status(out, reterr);
}
