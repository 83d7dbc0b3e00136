/* report/chart_fit.c — which charts a table of counts suits, and its dimensions.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/fit_internal.h"
#include "report/format.h"
#include "report/svg.h"

#include <string.h>

#define ROWS_MOST    120 /* of a bar or interval chart that can still be read */
#define STACKS_MOST  120
#define HEAT_ROWS    60
#define SERIES_MOST  60
#define PANELS_MOST  12
#define PARTS_MOST   6
#define HEAT_COLUMNS 31
#define NONE         SIZE_MAX

/* ---- dimensions ---- */

static bool is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++) {
        if (strcmp(name, *list) == 0) {
            return true;
        }
    }
    return false;
}

const char *fit_label(struct arena *a, const struct fit_options *o, const char *dimension,
                      const char *label)
{
    if (strcmp(label, "not-recorded") == 0) {
        return "not recorded";
    }
    if (strcmp(label, "unplaced") == 0) {
        return "in no area";
    }
    const char *name = o->area_name ? o->area_name(o->context, dimension, label) : NULL;
    if (name && name[0]) {
        return name;
    }
    for (int day = 0; strcmp(dimension, "weekday") == 0 && day < 7; day++) {
        if (text_equal_nocase(text_of(label), text_of(weekday_name(day)))) {
            return weekday_name(day);
        }
    }
    bool is_hour = (strcmp(dimension, "hour") == 0 || strcmp(dimension, "usable-hour") == 0) &&
                   strlen(label) == 2;
    return is_hour ? arena_printf(a, "%s:00", label) : label;
}

static rv_status read_dimension(struct fit *f, size_t column, struct rv_err *reterr)
{
    static const char *const ordered[] = {"hour",  "usable-hour", "weekday", "year",
                                          "month", "delay-band",  NULL};
    static const char *const open[] = {"venue", "venue-type", "offence-code", NULL};
    const struct result_table *t = f->table;
    struct fit_dimension *d = &f->dimensions[column];
    *d = (struct fit_dimension){.name = t->columns[column].name};
    d->is_ordered = is_one_of(d->name, ordered) || strstr(d->name, "age-band");
    d->is_open = is_one_of(d->name, open);
    d->labels = ARENA_NEW(f->arena, const char *, t->row_count + 1);
    d->shown = ARENA_NEW(f->arena, const char *, t->row_count + 1);
    d->of_row = ARENA_NEW(f->arena, size_t, t->row_count + 1);
    if (!d->labels || !d->shown || !d->of_row) {
        return arena_fail(f->arena, reterr);
    }
    for (size_t r = 0; r < t->row_count; r++) {
        const char *label = table_cell(t, r, column)->text;
        label = label ? label : "";
        size_t k = r && strcmp(d->labels[d->of_row[r - 1]], label) == 0 ? d->of_row[r - 1] : 0;
        while (k < d->count && strcmp(d->labels[k], label) != 0) {
            k++;
        }
        if (k == d->count) {
            d->labels[k] = label;
            d->shown[d->count++] = fit_label(f->arena, f->options, d->name, label);
            if (!d->shown[k]) {
                return arena_fail(f->arena, reterr);
            }
        }
        d->of_row[r] = k;
    }
    d->unknown = d->count;
    for (size_t k = 0; k < d->count; k++) {
        bool is_unknown =
            strcmp(d->labels[k], "not-recorded") == 0 || strcmp(d->labels[k], "unplaced") == 0;
        d->unknown = is_unknown ? k : d->unknown;
    }
    return rv_ok();
}

static rv_status read_dimensions(struct fit *f, struct rv_err *reterr)
{
    const struct result_table *t = f->table;
    f->month = f->year = f->sex = f->age = f->panel = f->rows = f->columns = NONE;
    f->dimension_count = result_table_column(t, "count");
    if (f->dimension_count == 0 || f->dimension_count > FIT_DIMENSIONS ||
        f->dimension_count == t->column_count) {
        return rv_fail(reterr, RV_USAGE,
                       "a chart draws one to three dimensions, and this table has %zu: name them "
                       "with --by",
                       f->dimension_count == t->column_count ? 0 : f->dimension_count);
    }
    for (size_t k = 0; k < f->dimension_count; k++) {
        RV_TRY(read_dimension(f, k, reterr));
        const char *name = f->dimensions[k].name;
        f->month = strcmp(name, "month") == 0 ? k : f->month;
        f->year = strcmp(name, "year") == 0 ? k : f->year;
        f->sex = strstr(name, "-sex") ? k : f->sex;
        f->age = strstr(name, "age-band") ? k : f->age;
    }
    /* Of a grid the days go across; else the last dimension does. */
    size_t n = f->dimension_count;
    f->panel = n == 3 ? 0 : NONE;
    f->rows = n >= 2 ? n - 2 : NONE;
    f->columns = n >= 2 ? n - 1 : NONE;
    if (n >= 2 && strcmp(f->dimensions[n - 2].name, "weekday") == 0) {
        f->rows = n - 1;
        f->columns = n - 2;
    }
    return rv_ok();
}

/* ---- the value ---- */

size_t fit_column(const struct fit *f, const char *name)
{
    return result_table_column(f->table, name);
}

static rv_status read_value(struct fit *f, struct rv_err *reterr)
{
    const char *value = f->options->value;
    bool has_rate = fit_column(f, "rate") < f->table->column_count;
    if (!value) { /* the interval of a survey is of its share */
        value = f->options->chart != CHART_INTERVAL ? "count" : has_rate ? "rate" : "share";
    }
    if (strcmp(value, "count") != 0 && strcmp(value, "rate") != 0 && strcmp(value, "share") != 0) {
        return rv_fail(reterr, RV_USAGE, "--value takes count, rate or share, not '%s'", value);
    }
    f->value = fit_column(f, value);
    if (f->value == f->table->column_count) {
        return rv_fail(reterr, RV_USAGE, "--value %s: this table has none", value);
    }
    f->is_share = strcmp(value, "share") == 0;
    f->has_interval = strcmp(value, has_rate ? "rate" : "share") == 0 &&
                      fit_column(f, "lower") < f->table->column_count;
    f->value_type = f->is_share ? RESULT_PERCENT : f->table->columns[f->value].type;
    f->value_title = f->is_share ? "Share, percent" : f->table->columns[f->value].title;
    return rv_ok();
}

struct result_cell fit_cell(const struct fit *f, size_t row, size_t column)
{
    struct result_cell c = *table_cell(f->table, row, column);
    bool is_limit =
        f->has_interval && (column == fit_column(f, "lower") || column == fit_column(f, "upper"));
    if (f->is_share && (column == f->value || is_limit) && !c.is_missing) {
        c.number *= 100;
    }
    return c;
}

rv_status fit_read(struct arena *a, const struct result_table *t, const struct fit_options *options,
                   struct fit *ret, struct rv_err *reterr)
{
    *ret = (struct fit){.arena = a, .table = t, .options = options};
    RV_TRY(read_dimensions(ret, reterr));
    return read_value(ret, reterr);
}

/* ---- which charts a table suits ---- */

size_t fit_known(const struct fit *f, size_t dimension)
{
    const struct fit_dimension *d = &f->dimensions[dimension];
    return d->count - (d->unknown < d->count);
}

static const char *refusal_of_rows(const struct fit *f, enum result_chart chart)
{
    if (f->dimension_count != 1) {
        return "it wants one dimension, such as --by borough";
    }
    if (f->table->row_count > ROWS_MOST) {
        return "more than 120 rows cannot be read: narrow the table with --area or --where, or "
               "draw areas with \"reeve map\"";
    }
    bool is_count = f->options->value && !f->has_interval;
    return chart == CHART_INTERVAL && is_count && f->options->chart == chart
               ? "only rates have an interval: leave out --value, or take bar"
               : NULL;
}

static const char *refusal_of_series(const struct fit *f, enum result_chart chart)
{
    if (f->month == NONE || f->dimension_count > 2) {
        return "it wants months and at most one more dimension, such as --by month,category";
    }
    size_t series = f->dimension_count == 2 ? fit_known(f, 1 - f->month) : 1;
    if (chart == CHART_MULTIPLES && series > PANELS_MOST) {
        return "it has room for twelve panels: choose with --where";
    }
    return series > SERIES_MOST ? "it has room for sixty series: choose with --where" : NULL;
}

static const char *refusal_of_stack(const struct fit *f)
{
    if (f->dimension_count != 2) {
        return "it wants two dimensions: the rows, then their parts, such as --by ward,category";
    }
    if (f->dimensions[1].count < 2 || f->dimensions[1].count > PARTS_MOST) {
        return "more than six parts cannot be told apart, and fewer than two are none: choose "
               "parts with --where";
    }
    if (f->dimensions[0].count > STACKS_MOST) {
        return "more than 120 rows cannot be read: narrow the table with --area or --where";
    }
    return f->value_type == RESULT_COUNT ? NULL : "only counts add up: leave out --value";
}

static const char *refusal_of_heat(const struct fit *f)
{
    if (f->dimension_count < 2 || f->dimension_count > 3) {
        return "it wants two dimensions, such as --by hour,weekday, or three of which the first "
               "has two values";
    }
    if (f->panel != NONE && fit_known(f, f->panel) > 2) {
        return "it has room for two panels: choose two values of the first dimension with --where";
    }
    bool is_large = fit_known(f, f->columns) > HEAT_COLUMNS || fit_known(f, f->rows) > HEAT_ROWS;
    return is_large ? "it has room for 60 rows and 31 columns: choose with --where" : NULL;
}

const char *fit_refusal(const struct fit *f, enum result_chart chart)
{
    switch (chart) {
    case CHART_BAR:
    case CHART_INTERVAL:
        return refusal_of_rows(f, chart);
    case CHART_LINE:
    case CHART_MULTIPLES:
        return refusal_of_series(f, chart);
    case CHART_STACKED:
    case CHART_STACKED_SHARE:
        return refusal_of_stack(f);
    case CHART_HEAT:
        return refusal_of_heat(f);
    case CHART_PYRAMID:
        return f->dimension_count == 2 && f->sex != NONE && f->age != NONE
                   ? NULL
                   : "it wants an age band and a sex, such as --by victim-age-band,victim-sex";
    case CHART_CHANGE:
    case CHART_WATERFALL:
        return f->dimension_count == 2 && f->year != NONE && fit_known(f, f->year) == 2
                   ? NULL
                   : "it wants one dimension and two years, such as --by category,year --period "
                     "2021-01..2022-12";
    case CHART_MAP:
        return f->dimension_count == 1 && f->table->layer_id
                   ? NULL
                   : "it wants one dimension of areas: borough, ward or lsoa";
    case CHART_FUNNEL:
    case CHART_LORENZ:
    case CHART_RANKS:
    case CHART_CALENDAR:
    case CHART_NONE:
        break;
    }
    return "its figures are not those of a table of counts";
}

static rv_status refuse(const struct fit *f, const char *why, struct rv_err *reterr)
{
    struct buf others RV_CLEANUP(buf_done);
    buf_init(&others, 1024);
    for (int k = CHART_LINE; k <= CHART_MULTIPLES; k++) {
        if (k != CHART_MAP && !fit_refusal(f, (enum result_chart)k)) {
            buf_text(&others, others.n ? ", " : "");
            buf_text(&others, chart_name((enum result_chart)k));
        }
    }
    return rv_fail(reterr, RV_USAGE,
                   "--chart %s does not suit this table: %s. Charts that suit it: %s.",
                   chart_name(f->options->chart), why, others.n ? others.bytes : "none");
}

/* ---- the whole ---- */

struct extremes {
    size_t high_row, high_column, low_row, low_column, missing;
    bool any;
};

static struct extremes find_extremes(const struct result_table *t, size_t first, size_t last)
{
    struct extremes e = {.any = false};
    for (size_t r = 0; r < t->row_count; r++) {
        for (size_t c = first; c < last && c < t->column_count; c++) {
            if (!table_has(t, r, c)) {
                e.missing += t->columns[c].type != RESULT_TEXT;
                continue;
            }
            double v = table_value(t, r, c);
            if (!e.any || v > table_value(t, e.high_row, e.high_column)) {
                e.high_row = r;
                e.high_column = c;
            }
            if (!e.any || v < table_value(t, e.low_row, e.low_column)) {
                e.low_row = r;
                e.low_column = c;
            }
            e.any = true;
        }
    }
    return e;
}

static void put_extreme(struct buf *b, const struct result_table *t, const char *word, size_t row,
                        size_t label, size_t column, bool has_several)
{
    buf_printf(b, " %s: ", word);
    if (t->columns[label].type == RESULT_TEXT) {
        buf_slice(b, table_label(t, row, label));
    } else {
        table_number(b, t, row, label);
    }
    if (has_several) {
        buf_printf(b, ", %s", t->columns[column].title);
    }
    buf_text(b, ", ");
    table_number(b, t, row, column);
    buf_char(b, '.');
}

const char *chart_describe(struct arena *a, const struct result_table *t, size_t label,
                           size_t first, size_t last)
{
    struct extremes e = find_extremes(t, first, last);
    bool has_several = last > first + 1;
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1u << 18);
    if (has_several) {
        buf_printf(&text, "%zu rows by %zu columns.", t->row_count, last - first);
    } else {
        buf_printf(&text, "%s, %zu rows.", t->columns[first].title, t->row_count);
    }
    if (e.any) {
        put_extreme(&text, t, "Highest", e.high_row, label, e.high_column, has_several);
        put_extreme(&text, t, "Lowest", e.low_row, label, e.low_column, has_several);
    }
    if (e.missing) {
        buf_printf(&text, " Not available: %zu.", e.missing);
    }
    return text.failed ? NULL : arena_text(a, text.bytes, text.n);
}

/* The columns whose numbers the chart is about. */
static const char *describe(struct arena *a, const struct result_table *t)
{
    switch (t->chart) {
    case CHART_LINE:
    case CHART_MULTIPLES:
    case CHART_STACKED:
    case CHART_STACKED_SHARE:
        return chart_describe(a, t, 0, 1, t->column_count);
    case CHART_HEAT: {
        size_t label = strcmp(t->columns[0].name, "panel") == 0 ? 1 : 0;
        return chart_describe(a, t, label, label + 1, t->column_count);
    }
    case CHART_PYRAMID:
        return chart_describe(a, t, 0, 1, 3);
    case CHART_CHANGE:
    case CHART_WATERFALL:
        return chart_describe(a, t, 0, 3, 4);
    case CHART_MAP:
        return chart_describe(a, t, 1, 2, 3);
    case CHART_NONE:
    case CHART_BAR:
    case CHART_INTERVAL:
    case CHART_CALENDAR:
    case CHART_FUNNEL:
    case CHART_LORENZ:
    case CHART_RANKS:
        break;
    }
    return chart_describe(a, t, 0, 1, 2);
}

/* The notes of the table, and how many are not drawn. */
static rv_status add_notes(const struct fit *f, struct result_table *t, struct rv_err *reterr)
{
    const char **notes = ARENA_NEW(f->arena, const char *, f->table->note_count + 1);
    if (!notes) {
        return arena_fail(f->arena, reterr);
    }
    size_t n = 0;
    if (f->left_out > 0) {
        struct buf text RV_CLEANUP(buf_done);
        buf_init(&text, 4096);
        buf_text(&text, "Not drawn: ");
        format_count(&text, f->left_out);
        buf_printf(&text, " %s.", f->left_out_why);
        notes[n] = arena_text(f->arena, text.bytes, text.n);
        if (!notes[n++]) {
            return arena_fail(f->arena, reterr);
        }
    }
    for (size_t i = 0; i < f->table->note_count; i++) {
        notes[n++] = f->table->notes[i];
    }
    t->notes = notes;
    t->note_count = n;
    return rv_ok();
}

/* "…: rate per 100,000 person-years" unless counts are drawn. */
const char *fit_title(const struct fit *f)
{
    const char *value = f->value_title;
    if (strcmp(f->table->columns[f->value].name, "count") == 0 || !value[0]) {
        return f->table->title;
    }
    char first = value[0] >= 'A' && value[0] <= 'Z' ? (char)(value[0] - 'A' + 'a') : value[0];
    return arena_printf(f->arena, "%s: %c%s", f->table->title, first, value + 1);
}

static rv_status build(struct fit *f, struct result_table *ret, struct rv_err *reterr)
{
    switch (f->options->chart) {
    case CHART_LINE:
    case CHART_MULTIPLES:
        return fit_series(f, ret, reterr);
    case CHART_STACKED:
    case CHART_STACKED_SHARE:
    case CHART_HEAT:
        return fit_grid(f, ret, reterr);
    case CHART_PYRAMID:
        return fit_pyramid(f, ret, reterr);
    case CHART_CHANGE:
    case CHART_WATERFALL:
        return fit_change(f, ret, reterr);
    case CHART_MAP:
        return fit_map(f, ret, reterr);
    case CHART_NONE:
    case CHART_BAR:
    case CHART_INTERVAL:
    case CHART_CALENDAR:
    case CHART_FUNNEL:
    case CHART_LORENZ:
    case CHART_RANKS:
        break;
    }
    return fit_rows(f, ret, reterr);
}

rv_status chart_fit(struct arena *a, const struct result_table *t,
                    const struct fit_options *options, struct result_table *ret,
                    struct rv_err *reterr)
{
    struct fit f;
    RV_TRY(fit_read(a, t, options, &f, reterr));
    const char *why = fit_refusal(&f, options->chart);
    if (why) {
        return refuse(&f, why, reterr);
    }
    struct result_table drawn = *t;
    RV_TRY(build(&f, &drawn, reterr));
    drawn.chart = options->chart;
    drawn.focus = options->focus;
    drawn.title = options->title ? options->title : fit_title(&f);
    drawn.description = describe(a, &drawn);
    RV_TRY(add_notes(&f, &drawn, reterr));
    if (!drawn.description || !drawn.title) {
        return arena_fail(a, reterr);
    }
    *ret = drawn;
    return rv_ok();
}
