/* report/svg_calendar.c — which months each source covers: a block of years by months a source.
 *
 * Column 0 is the source; every other column is a month, called "YYYY-MM". A cell is covered when
 * it is a number other than 0, or a text other than "no", and is not missing.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/format.h"
#include "report/svg.h"

#include <math.h>
#include <string.h>

#define CELL_HEIGHT 16.0
#define YEAR_WIDTH  40.0
#define BLOCK_GAP   14.0
#define KEY_HEIGHT  26.0

bool svg_is_covered(const struct result_table *t, size_t row, size_t column)
{
    const struct result_cell *c = table_cell(t, row, column);
    if (c->is_missing) {
        return false;
    }
    if (t->columns[column].type == RESULT_TEXT) {
        return c->text && c->text[0] && !text_is(text_of(c->text), "no");
    }
    return isfinite(c->number) && c->number != 0;
}

static bool month_of_column(const struct result_table *t, size_t column, int32_t *ret)
{
    struct month_range range;
    if (!month_range_parse(text_of(t->columns[column].name), &range) || range.first != range.last) {
        return false;
    }
    *ret = range.first;
    return true;
}

#define YEARS_MAX 400

struct grid {
    double label_width, x, cell_width;
    int32_t first_year, year_count;
    int32_t row_of_year[YEARS_MAX]; /* -1: no column is of that year, and it gets no row */
    int32_t rows;
};

/* A covered month is a dark square; another is an empty one with a cross. */
static void put_cell(struct svg *s, double x, double y, double width, bool covered,
                     struct text title)
{
    double w = width - 2, h = CELL_HEIGHT - 2;
    if (covered) {
        svg_rect(s, x, y, w, h, "fill=\"" SVG_STRONG "\"", title);
        return;
    }
    svg_rect(s, x, y, w, h,
             "fill=\"#fff\" stroke=\"" SVG_SOFT "\" stroke-width=\"0.8\" stroke-dasharray=\"2 2\"",
             title);
    double cx = x + w / 2, cy = y + h / 2;
    svg_line(s, cx - 3, cy - 3, cx + 3, cy + 3, "stroke=\"" SVG_SOFT "\"");
    svg_line(s, cx - 3, cy + 3, cx + 3, cy - 3, "stroke=\"" SVG_SOFT "\"");
}

static void put_key(struct svg *s, double x)
{
    put_cell(s, x, 4, 16, true, SVG_NO_TITLE);
    svg_text(s, x + 20, 15, SVG_START, "", text_of("covered"));
    put_cell(s, x + 90, 4, 16, false, SVG_NO_TITLE);
    svg_text(s, x + 110, 15, SVG_START, "", text_of("not covered: not available"));
}

static void put_month_names(struct svg *s, const struct grid *g, double y)
{
    for (int m = 1; m <= 12; m++) {
        struct text name = {month_name(m), g->cell_width < 30 ? 1 : 3};
        svg_text(s, g->x + (m - 1) * g->cell_width + g->cell_width / 2, y, SVG_MIDDLE,
                 "fill=\"" SVG_SOFT "\"", name);
    }
}

static void put_cells(struct svg *s, const struct grid *g, size_t row, double top)
{
    const struct result_table *t = s->table;
    struct buf title RV_CLEANUP(buf_done);
    buf_init(&title, 4096);
    for (size_t c = 1; c < t->column_count; c++) {
        int32_t month = 0;
        if (!month_of_column(t, c, &month)) {
            continue;
        }
        bool covered = svg_is_covered(t, row, c);
        buf_clear(&title);
        format_month(&title, month);
        buf_text(&title, covered ? ": covered" : ": not covered");
        int32_t year = month / 12;
        double y = top + g->row_of_year[year - g->first_year] * CELL_HEIGHT;
        put_cell(s, g->x + (month % 12) * g->cell_width, y, g->cell_width, covered,
                 svg_has_tips(s) ? buf_view(&title) : SVG_NO_TITLE);
    }
}

/* One source; returns the height it took. */
static double put_source(struct svg *s, const struct grid *g, size_t row, double y)
{
    struct text label = table_label(s->table, row, 0);
    double lines = (double)svg_count_lines(s, g->label_width, 3, "", label);
    double top = y;
    if (s->is_narrow) {
        (void)svg_text_wrap(s, 4, y + SVG_FONT, SVG_START, g->label_width, 3, "", label);
        top += lines * SVG_LEADING + 4;
    } else {
        (void)svg_text_wrap(s, 4, y + SVG_FONT - 1, SVG_START, g->label_width, 3, "", label);
    }
    for (int32_t i = 0; i < g->year_count; i++) {
        if (g->row_of_year[i] < 0) {
            continue;
        }
        struct buf text RV_CLEANUP(buf_done);
        buf_init(&text, 32);
        buf_int(&text, g->first_year + i);
        svg_text(s, g->x - 6, top + g->row_of_year[i] * CELL_HEIGHT + 12, SVG_END,
                 "fill=\"" SVG_SOFT "\"", buf_view(&text));
    }
    put_cells(s, g, row, top);
    double cells = g->rows * CELL_HEIGHT;
    double used = s->is_narrow ? top - y + cells : fmax(cells, lines * SVG_LEADING);
    return used + BLOCK_GAP;
}

/* Which years have columns, and which row each gets. */
static rv_status find_years(const struct result_table *t, struct grid *g, struct rv_err *reterr)
{
    int32_t first = INT32_MAX, last = INT32_MIN, month = 0;
    for (size_t c = 1; c < t->column_count; c++) {
        if (!month_of_column(t, c, &month)) {
            return rv_fail(reterr, RV_INVALID, "table %s: the column '%s' is not a month", t->id,
                           t->columns[c].name);
        }
        first = month / 12 < first ? month / 12 : first;
        last = month / 12 > last ? month / 12 : last;
    }
    g->first_year = first;
    g->year_count = last - first + 1;
    if (g->year_count > YEARS_MAX) {
        return rv_fail(reterr, RV_LIMIT, "table %s spans %d years (at most %d)", t->id,
                       (int)g->year_count, YEARS_MAX);
    }
    memset(g->row_of_year, -1, sizeof g->row_of_year);
    for (size_t c = 1; c < t->column_count; c++) {
        (void)month_of_column(t, c, &month);
        g->row_of_year[month / 12 - first] = 0;
    }
    for (int32_t i = 0; i < g->year_count; i++) {
        if (g->row_of_year[i] == 0) {
            g->row_of_year[i] = g->rows++;
        }
    }
    return rv_ok();
}

rv_status svg_chart_calendar(struct svg *s, struct rv_err *reterr)
{
    const struct result_table *t = s->table;
    struct grid g = {.rows = 0};
    RV_TRY(find_years(t, &g, reterr));
    g.label_width = s->is_narrow ? s->width - 8 : s->width * 0.36;
    g.x = s->is_narrow ? YEAR_WIDTH : g.label_width + YEAR_WIDTH + 8;
    g.cell_width = floor((s->width - g.x - 2) / 12);
    put_key(s, s->is_narrow ? 4 : g.x);
    double y = KEY_HEIGHT + SVG_FONT + 2;
    put_month_names(s, &g, y);
    y += 8;
    for (size_t r = 0; r < t->row_count; r++) {
        y += put_source(s, &g, r, y);
    }
    s->height = y;
    return rv_ok();
}
