/* report/chart_check.c — the names of the charts, and whether a table suits its chart.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/format.h"
#include "report/svg.h"

#include <math.h>
#include <string.h>

#define PARTS_LEAST   2
#define PARTS_MOST    6
#define PANELS_MOST   12
#define SERIES_MOST   60
#define HEAT_COLUMNS  31
#define LORENZ_CURVES 4
#define MONTHS_END    120000.0 /* the year 10000 */
#define ANY_NUMBER_OF SIZE_MAX

static const struct {
    const char *name, *wants;
    const char *types;  /* of the first columns: m month, t text, n number, * anything */
    size_t least, most; /* numeric columns after them */
} charts[] = {
    [CHART_NONE] = {"none", "nothing", "", 0, ANY_NUMBER_OF},
    [CHART_LINE] = {"line", "months and one or more series", "m", 1, SERIES_MOST},
    [CHART_BAR] = {"bar", "a label and a number", "tn", 0, ANY_NUMBER_OF},
    [CHART_INTERVAL] = {"interval", "a label, a number and its interval", "tnnn", 0, ANY_NUMBER_OF},
    [CHART_MAP] = {"map", "the code and name of areas and a number", "ttn", 0, ANY_NUMBER_OF},
    [CHART_CALENDAR] = {"calendar", "a source and its months", "t*", 0, ANY_NUMBER_OF},
    [CHART_CHANGE] = {"change", "a label, two numbers and their difference", "tnnn", 0,
                      ANY_NUMBER_OF},
    [CHART_WATERFALL] = {"waterfall", "a label, two numbers and their difference", "tnnn", 0,
                         ANY_NUMBER_OF},
    [CHART_STACKED] = {"stacked", "a label and two to six parts", "t", PARTS_LEAST, PARTS_MOST},
    [CHART_STACKED_SHARE] = {"stacked-share", "a label and two to six parts", "t", PARTS_LEAST,
                             PARTS_MOST},
    [CHART_HEAT] = {"heat", "a grid of two dimensions, such as hour and weekday", "t", 1,
                    HEAT_COLUMNS},
    [CHART_PYRAMID] = {"pyramid", "an age band and two groups", "tnn", 0, ANY_NUMBER_OF},
    [CHART_FUNNEL] = {"funnel", "a label, the size of the base and a value", "tnn", 0,
                      ANY_NUMBER_OF},
    [CHART_LORENZ] = {"lorenz", "shares of places and shares of events", "n", 1, LORENZ_CURVES},
    [CHART_RANKS] = {"ranks", "a label, a number, its interval, its place and the set of places",
                     "tnnnnnn", 0, ANY_NUMBER_OF},
    [CHART_MULTIPLES] = {"multiples", "months and up to twelve series", "m", 1, PANELS_MOST},
};
#define CHARTS (sizeof charts / sizeof charts[0])

const char *chart_name(enum result_chart chart)
{
    return charts[chart].name;
}

const char *chart_wants(enum result_chart chart)
{
    return charts[chart].wants;
}

bool chart_find(const char *name, enum result_chart *ret)
{
    for (size_t i = 0; i < CHARTS; i++) {
        if (strcmp(charts[i].name, name) == 0) {
            *ret = (enum result_chart)i;
            return true;
        }
    }
    return false;
}

static bool is_of_type(enum result_type type, char wanted)
{
    switch (wanted) {
    case 'm':
        return type == RESULT_MONTH;
    case 't':
        return type == RESULT_TEXT;
    case 'n':
        return type != RESULT_TEXT && type != RESULT_MONTH;
    default:
        return true;
    }
}

static rv_status not_suited(const struct result_table *t, const char *because,
                            struct rv_err *reterr)
{
    return rv_fail(reterr, RV_INVALID, "the columns of table %s do not suit a %s chart: %s", t->id,
                   chart_name(t->chart), because);
}

/* Numeric columns after the fixed ones; those that have a meaning by name are no series. */
static size_t free_numbers(const struct result_table *t, size_t fixed)
{
    size_t n = 0;
    for (size_t c = fixed; c < t->column_count; c++) {
        n += is_of_type(t->columns[c].type, 'n') && strcmp(t->columns[c].name, "total") != 0;
    }
    return n;
}

static rv_status check_columns(const struct result_table *t, struct rv_err *reterr)
{
    size_t fixed = strlen(charts[t->chart].types);
    bool fits = t->column_count >= fixed;
    for (size_t c = 0; fits && c < fixed; c++) {
        fits = is_of_type(t->columns[c].type, charts[t->chart].types[c]);
    }
    if (!fits) {
        struct buf why RV_CLEANUP(buf_done);
        buf_init(&why, 512);
        buf_printf(&why, "it wants %s", chart_wants(t->chart));
        return not_suited(t, why.bytes ? why.bytes : "", reterr);
    }
    size_t n = free_numbers(t, fixed), least = charts[t->chart].least;
    if (n < least || n > charts[t->chart].most) {
        struct buf why RV_CLEANUP(buf_done);
        buf_init(&why, 512);
        buf_printf(&why, "it draws %zu to %zu of them at once, and the table has %zu", least,
                   charts[t->chart].most, n);
        return not_suited(t, why.bytes ? why.bytes : "", reterr);
    }
    return rv_ok();
}

static bool is_stacked(const struct result_table *t)
{
    return t->chart == CHART_STACKED || t->chart == CHART_STACKED_SHARE;
}

static rv_status check_values(const struct result_table *t, struct rv_err *reterr)
{
    bool no_negative = is_stacked(t) || t->chart == CHART_PYRAMID || t->chart == CHART_LORENZ;
    for (size_t r = 0; r < t->row_count; r++) {
        for (size_t c = 0; c < t->column_count; c++) {
            if (!table_has(t, r, c)) {
                continue;
            }
            double v = table_value(t, r, c);
            if (t->columns[c].type == RESULT_MONTH && !(v >= 0 && v < MONTHS_END)) {
                return rv_fail(reterr, RV_INVALID, "table %s, row %zu, %s: %g is not a month",
                               t->id, r + 1, t->columns[c].name, v);
            }
            if (fabs(v) > CHART_VALUE) {
                return rv_fail(reterr, RV_INVALID,
                               "table %s, row %zu, %s: %g is too large to draw (at most %g)", t->id,
                               r + 1, t->columns[c].name, v, CHART_VALUE);
            }
            if (no_negative && v < 0 && t->columns[c].type != RESULT_MONTH) {
                return rv_fail(reterr, RV_INVALID,
                               "table %s, row %zu, %s: a %s chart has no place for a value below "
                               "nought (%g)",
                               t->id, r + 1, t->columns[c].name, chart_name(t->chart), v);
            }
        }
    }
    return rv_ok();
}

rv_status chart_check(const struct result_table *t, struct rv_err *reterr)
{
    RV_TRY(check_columns(t, reterr));
    return check_values(t, reterr);
}
