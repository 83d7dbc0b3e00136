/* report/chart_choose.c — which chart shows a table best, and two dimensions crossed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/fit_internal.h"

#include <string.h>

#define LINES_APART 4 /* more than these in one panel are hard to follow */

static bool is_grid_of_time(const struct fit *f)
{
    bool hour = false, weekday = false;
    for (size_t k = 0; k < f->dimension_count; k++) {
        hour = hour || strcmp(f->dimensions[k].name, "hour") == 0;
        weekday = weekday || strcmp(f->dimensions[k].name, "weekday") == 0;
    }
    return hour && weekday;
}

static bool is_best(const struct fit *f, enum result_chart chart)
{
    switch (chart) {
    case CHART_PYRAMID:
        return true;
    case CHART_HEAT:
        return is_grid_of_time(f);
    case CHART_LINE:
        return f->dimension_count == 1 || fit_known(f, 1 - f->month) <= LINES_APART;
    case CHART_INTERVAL:
        return f->has_interval;
    case CHART_NONE:
    case CHART_BAR:
    case CHART_MAP:
    case CHART_CALENDAR:
    case CHART_CHANGE:
    case CHART_WATERFALL:
    case CHART_STACKED:
    case CHART_STACKED_SHARE:
    case CHART_FUNNEL:
    case CHART_LORENZ:
    case CHART_MULTIPLES:
    case CHART_RANKS:
        break;
    }
    return false;
}

rv_status chart_suits(struct arena *a, const struct result_table *t,
                      const struct fit_options *options, enum result_chart *ret, size_t most,
                      size_t *ret_count, struct rv_err *reterr)
{
    static const enum result_chart order[] = {
        CHART_PYRAMID, CHART_HEAT,    CHART_LINE,          CHART_MULTIPLES, CHART_INTERVAL,
        CHART_BAR,     CHART_STACKED, CHART_STACKED_SHARE, CHART_CHANGE,    CHART_WATERFALL};
    struct fit f;
    size_t n = 0;
    RV_TRY(fit_read(a, t, options, &f, reterr));
    for (int pass = 0; pass < 2; pass++) { /* those at their best, then the others */
        for (size_t i = 0; i < sizeof order / sizeof *order && n < most; i++) {
            bool is_of_rates = order[i] == CHART_INTERVAL;
            if (!fit_refusal(&f, order[i]) && (f.has_interval || !is_of_rates) &&
                is_best(&f, order[i]) == (pass == 0)) {
                ret[n++] = order[i];
            }
        }
    }
    *ret_count = n;
    return rv_ok();
}

/* A cell without a number in its table has no reason of its own. */
static rv_status shorten(struct arena *a, struct result_table *t, struct rv_err *reterr)
{
    size_t n = t->row_count * t->column_count;
    struct result_cell *cells = ARENA_NEW(a, struct result_cell, n + 1);
    if (!cells) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        cells[i] = t->cells[i];
        if (cells[i].is_missing && strcmp(cells[i].text, FIT_NO_ROW) == 0) {
            cells[i].text = "no row";
        }
    }
    t->cells = cells;
    return rv_ok();
}

rv_status table_cross(struct arena *a, const struct result_table *t,
                      const struct fit_options *options, struct result_table *ret,
                      struct rv_err *reterr)
{
    struct fit f;
    struct fit_options crossed = *options;
    crossed.chart = CHART_NONE;
    RV_TRY(fit_read(a, t, &crossed, &f, reterr));
    if (f.dimension_count != 2 || f.dimensions[1].count > CROSS_COLUMNS) {
        return rv_fail(reterr, RV_USAGE,
                       "a table is crossed by two dimensions, the second of at "
                       "most %d columns",
                       CROSS_COLUMNS);
    }
    struct result_table table = *t;
    RV_TRY(fit_grid(&f, &table, reterr));
    RV_TRY(shorten(a, &table, reterr));
    table.title = fit_title(&f);
    table.chart = CHART_NONE;
    *ret = table;
    return table.title ? rv_ok() : arena_fail(a, reterr);
}
