/* report/fit_shapes.c — the rows of a table of counts put into the columns of a chart.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/fit_internal.h"
#include "report/svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NONE SIZE_MAX

static const double NOT_KNOWN = (double)NAN;

/* A table in the arena whose cells are all missing until set. */
struct built {
    struct result_column *columns;
    struct result_cell *cells;
    size_t column_count, row_count;
};

static rv_status start(const struct fit *f, size_t rows, size_t columns, struct built *ret,
                       struct rv_err *reterr)
{
    struct built b = {.row_count = rows, .column_count = columns};
    b.columns = ARENA_NEW(f->arena, struct result_column, columns + 1);
    b.cells = ARENA_NEW(f->arena, struct result_cell, rows * columns + 1);
    if (!b.columns || !b.cells) {
        return arena_fail(f->arena, reterr);
    }
    for (size_t i = 0; i < rows * columns; i++) {
        b.cells[i] = (struct result_cell){FIT_NO_ROW, NOT_KNOWN, true};
    }
    *ret = b;
    return rv_ok();
}

static void finish(const struct built *b, struct result_table *ret)
{
    ret->columns = b->columns;
    ret->column_count = b->column_count;
    ret->cells = b->cells;
    ret->row_count = b->row_count;
}

static struct result_cell *cell(const struct built *b, size_t row, size_t column)
{
    return &b->cells[row * b->column_count + column];
}

static void set_text(const struct built *b, size_t row, size_t column, const char *text)
{
    *cell(b, row, column) = (struct result_cell){.text = text, .number = NOT_KNOWN};
}

/* "Victim age band" of "victim-age-band" */
static const char *title_of(const struct fit *f, size_t dimension)
{
    const char *name = f->dimensions[dimension].name;
    if (strcmp(name, "lsoa") == 0) {
        return "LSOA";
    }
    char *title = arena_text(f->arena, name, strlen(name));
    for (char *at = title; at && *at; at++) {
        *at = *at == '-' ? ' ' : *at;
    }
    if (title && title[0] >= 'a' && title[0] <= 'z') {
        title[0] = (char)(title[0] - 'a' + 'A');
    }
    return title ? title : name;
}

static void leave_out(struct fit *f, size_t row, const char *why)
{
    const struct result_cell *c = table_cell(f->table, row, fit_column(f, "count"));
    f->left_out += c->is_missing ? 0 : c->number;
    f->left_out_why = why;
}

struct sort_key {
    double sum; /* -inf when all are missing */
    size_t row;
};

static int by_sum(const void *a, const void *b)
{
    const struct sort_key *p = a, *q = b;
    if (p->sum != q->sum) {
        return p->sum > q->sum ? -1 : 1;
    }
    return (p->row > q->row) - (p->row < q->row);
}

/* Larger sums of the columns [first, last) first, what is missing last, equal ones as they were. */
static rv_status sort_rows(const struct fit *f, struct built *b, size_t first, size_t last,
                           struct rv_err *reterr)
{
    struct sort_key *keys = ARENA_NEW(f->arena, struct sort_key, b->row_count + 1);
    struct result_cell *sorted =
        ARENA_NEW(f->arena, struct result_cell, b->row_count * b->column_count + 1);
    if (!keys || !sorted) {
        return arena_fail(f->arena, reterr);
    }
    for (size_t r = 0; r < b->row_count; r++) {
        bool any = false;
        keys[r].row = r;
        for (size_t c = first; c < last; c++) {
            keys[r].sum += cell(b, r, c)->is_missing ? 0 : cell(b, r, c)->number;
            any |= !cell(b, r, c)->is_missing;
        }
        keys[r].sum = any ? keys[r].sum : -(double)INFINITY;
    }
    qsort(keys, b->row_count, sizeof *keys, by_sum);
    size_t bytes = b->column_count * sizeof *sorted;
    for (size_t r = 0; r < b->row_count; r++) {
        memcpy(&sorted[r * b->column_count], cell(b, keys[r].row, 0), bytes);
    }
    memcpy(b->cells, sorted, b->row_count * bytes);
    return rv_ok();
}

/* ---- one row a label ---- */

rv_status fit_rows(struct fit *f, struct result_table *ret, struct rv_err *reterr)
{
    const struct fit_dimension *d = &f->dimensions[0];
    bool has_interval = f->has_interval;
    bool is_area = f->table->layer_id != 0 && has_interval; /* nobody lives in no area */
    size_t lower = fit_column(f, "lower"), upper = fit_column(f, "upper"), n = 0;
    struct built b;
    RV_TRY(start(f, f->table->row_count, has_interval ? 4 : 2, &b, reterr));
    b.columns[0] = (struct result_column){d->name, title_of(f, 0), RESULT_TEXT};
    b.columns[1] =
        (struct result_column){f->table->columns[f->value].name, f->value_title, f->value_type};
    if (has_interval) {
        b.columns[2] = f->table->columns[lower];
        b.columns[3] = f->table->columns[upper];
        b.columns[2].type = b.columns[3].type = f->value_type;
    }
    for (size_t r = 0; r < f->table->row_count; r++) {
        if (is_area && d->of_row[r] == d->unknown) {
            leave_out(f, r, "in no area, of which there is no rate");
            continue;
        }
        set_text(&b, n, 0, d->shown[d->of_row[r]]);
        *cell(&b, n, 1) = fit_cell(f, r, f->value);
        if (has_interval) {
            *cell(&b, n, 2) = fit_cell(f, r, lower);
            *cell(&b, n, 3) = fit_cell(f, r, upper);
        }
        n++;
    }
    b.row_count = n;
    if (!d->is_ordered) {
        RV_TRY(sort_rows(f, &b, 1, 2, reterr));
    }
    finish(&b, ret);
    return rv_ok();
}

rv_status fit_map(struct fit *f, struct result_table *ret, struct rv_err *reterr)
{
    const struct fit_dimension *d = &f->dimensions[0];
    const char *const limits[] = {"lower", "upper"};
    bool has_limits = fit_column(f, limits[0]) < f->table->column_count &&
                      fit_column(f, limits[1]) < f->table->column_count;
    size_t more = has_limits ? 2 : 0;
    struct built b;
    RV_TRY(start(f, f->table->row_count - (d->unknown < d->count), 3 + more, &b, reterr));
    b.columns[0] = (struct result_column){"code", "Code", RESULT_TEXT};
    b.columns[1] = (struct result_column){d->name, title_of(f, 0), RESULT_TEXT};
    b.columns[2] =
        (struct result_column){f->table->columns[f->value].name, f->value_title, f->value_type};
    for (size_t k = 0; k < more; k++) {
        b.columns[3 + k] = f->table->columns[fit_column(f, limits[k])];
    }
    size_t n = 0;
    for (size_t r = 0; r < f->table->row_count; r++) {
        if (d->of_row[r] == d->unknown) {
            leave_out(f, r, "in no area of the map");
            continue;
        }
        set_text(&b, n, 0, d->labels[d->of_row[r]]);
        set_text(&b, n, 1, d->shown[d->of_row[r]]);
        *cell(&b, n, 2) = fit_cell(f, r, f->value);
        for (size_t k = 0; k < more; k++) {
            *cell(&b, n, 3 + k) = fit_cell(f, r, fit_column(f, limits[k]));
        }
        n++;
    }
    RV_TRY(sort_rows(f, &b, 2, 3, reterr));
    finish(&b, ret);
    return rv_ok();
}

/* ---- months across ---- */

rv_status fit_series(struct fit *f, struct result_table *ret, struct rv_err *reterr)
{
    const struct fit_dimension *m = &f->dimensions[f->month];
    const struct fit_dimension *k = f->dimension_count == 2 ? &f->dimensions[1 - f->month] : NULL;
    struct built b;
    size_t series = k ? k->count : 1, months = m->count - (m->unknown < m->count);
    RV_TRY(start(f, months, 1 + series, &b, reterr));
    b.columns[0] = (struct result_column){"month", "Month", RESULT_MONTH};
    for (size_t i = 0; i < series; i++) {
        b.columns[1 + i] =
            (struct result_column){k ? k->labels[i] : f->table->columns[f->value].name,
                                   k ? k->shown[i] : f->value_title, f->value_type};
    }
    for (size_t r = 0; r < f->table->row_count; r++) {
        struct month_range month;
        size_t at = m->of_row[r];
        if (at == m->unknown || !month_range_parse(text_of(m->labels[at]), &month)) {
            leave_out(f, r, "whose month is not recorded");
            continue;
        }
        at -= at > m->unknown;
        *cell(&b, at, 0) = (struct result_cell){.number = month.first};
        *cell(&b, at, 1 + (k ? k->of_row[r] : 0)) = fit_cell(f, r, f->value);
    }
    finish(&b, ret);
    return rv_ok();
}

/* ---- grids ---- */

/* Without rows of nought in the table, a combination that is not there is nought where its row has
 * others that are counted. */
static void fill_noughts(const struct built *b, size_t first)
{
    for (size_t r = 0; r < b->row_count; r++) {
        bool any = false;
        for (size_t c = first; c < b->column_count; c++) {
            any |= !cell(b, r, c)->is_missing;
        }
        for (size_t c = first; any && c < b->column_count; c++) {
            bool has_no_row = cell(b, r, c)->is_missing && cell(b, r, c)->text &&
                              strcmp(cell(b, r, c)->text, FIT_NO_ROW) == 0;
            if (has_no_row) {
                *cell(b, r, c) = (struct result_cell){.number = 0};
            }
        }
    }
}

/* Position of a label among those that are drawn. */
static size_t place(const struct fit_dimension *d, size_t label, bool without_unknown)
{
    return label - (without_unknown && label > d->unknown);
}

rv_status fit_grid(struct fit *f, struct result_table *ret, struct rv_err *reterr)
{
    bool is_heat = f->options->chart == CHART_HEAT;
    const struct fit_dimension *down = &f->dimensions[is_heat ? f->rows : 0];
    const struct fit_dimension *across = &f->dimensions[is_heat ? f->columns : 1];
    const struct fit_dimension *panel = f->panel != NONE ? &f->dimensions[f->panel] : NULL;
    size_t rows = down->count - (is_heat && down->unknown < down->count);
    size_t columns = across->count - (is_heat && across->unknown < across->count);
    size_t panels = panel ? panel->count - (panel->unknown < panel->count) : 1;
    size_t first = panel ? 2 : 1;
    struct built b;
    RV_TRY(start(f, rows * panels, first + columns, &b, reterr));
    b.columns[0] = (struct result_column){"panel", panel ? title_of(f, f->panel) : "", RESULT_TEXT};
    b.columns[first - 1] = (struct result_column){
        down->name, title_of(f, (size_t)(down - f->dimensions)), RESULT_TEXT};
    for (size_t i = 0; i < across->count; i++) {
        if (!is_heat || i != across->unknown) {
            b.columns[first + place(across, i, is_heat)] =
                (struct result_column){across->labels[i], across->shown[i], f->value_type};
        }
    }
    for (size_t r = 0; r < f->table->row_count; r++) {
        size_t p = panel ? panel->of_row[r] : 0, i = down->of_row[r], k = across->of_row[r];
        if (is_heat &&
            (i == down->unknown || k == across->unknown || (panel && p == panel->unknown))) {
            leave_out(f, r, "whose place in the grid is not recorded");
            continue;
        }
        size_t row = (panel ? place(panel, p, true) : 0) * rows + place(down, i, is_heat);
        if (panel) {
            set_text(&b, row, 0, panel->shown[p]);
        }
        set_text(&b, row, first - 1, down->shown[i]);
        *cell(&b, row, first + place(across, k, is_heat)) = fit_cell(f, r, f->value);
    }
    if (down->is_open || across->is_open || (panel && panel->is_open)) {
        fill_noughts(&b, first);
    }
    if (!is_heat && !down->is_ordered) {
        RV_TRY(sort_rows(f, &b, 1, b.column_count, reterr));
    }
    finish(&b, ret);
    return rv_ok();
}

/* ---- two groups, two years ---- */

/* The position of a label of a dimension, or SIZE_MAX. */
static size_t find_label(const struct fit_dimension *d, const char *label)
{
    for (size_t k = 0; k < d->count; k++) {
        if (strcmp(d->labels[k], label) == 0) {
            return k;
        }
    }
    return NONE;
}

rv_status fit_pyramid(struct fit *f, struct result_table *ret, struct rv_err *reterr)
{
    const struct fit_dimension *age = &f->dimensions[f->age], *sex = &f->dimensions[f->sex];
    size_t female = find_label(sex, "female"), male = find_label(sex, "male");
    struct built b;
    RV_TRY(start(f, age->count, 3, &b, reterr));
    b.columns[0] = (struct result_column){age->name, title_of(f, f->age), RESULT_TEXT};
    b.columns[1] = (struct result_column){"female", "Female", f->value_type};
    b.columns[2] = (struct result_column){"male", "Male", f->value_type};
    for (size_t r = 0; r < f->table->row_count; r++) {
        size_t side = sex->of_row[r] == female ? 1 : sex->of_row[r] == male ? 2 : 0;
        set_text(&b, age->of_row[r], 0, age->shown[age->of_row[r]]);
        if (side) {
            *cell(&b, age->of_row[r], side) = fit_cell(f, r, f->value);
        } else {
            leave_out(f, r, "of another sex or one that is not recorded");
        }
    }
    finish(&b, ret);
    return rv_ok();
}

/* The row below the parts: their sums, where every part is there. */
static void put_total(const struct built *b, size_t parts)
{
    set_text(b, parts, 0, "All of these");
    for (size_t c = 1; c < b->column_count; c++) {
        double sum = 0;
        for (size_t r = 0; r < parts; r++) {
            sum += cell(b, r, c)->is_missing ? NOT_KNOWN : cell(b, r, c)->number;
        }
        *cell(b, parts, c) = (struct result_cell){"a part is not available", sum, isnan(sum)};
    }
}

rv_status fit_change(struct fit *f, struct result_table *ret, struct rv_err *reterr)
{
    const struct fit_dimension *years = &f->dimensions[f->year], *d = &f->dimensions[1 - f->year];
    bool has_total = f->options->chart == CHART_WATERFALL;
    struct built b;
    RV_TRY(start(f, d->count + has_total, 4, &b, reterr));
    b.columns[0] = (struct result_column){d->name, title_of(f, 1 - f->year), RESULT_TEXT};
    b.columns[3] = (struct result_column){"change", "Change", f->value_type};
    for (size_t r = 0; r < f->table->row_count; r++) {
        size_t year = years->of_row[r];
        if (year == years->unknown) {
            leave_out(f, r, "whose year is not recorded");
            continue;
        }
        size_t side = 1 + place(years, year, true);
        b.columns[side] =
            (struct result_column){years->labels[year], years->labels[year], f->value_type};
        set_text(&b, d->of_row[r], 0, d->shown[d->of_row[r]]);
        *cell(&b, d->of_row[r], side) = fit_cell(f, r, f->value);
    }
    for (size_t r = 0; r < d->count; r++) {
        const struct result_cell *before = cell(&b, r, 1), *after = cell(&b, r, 2);
        bool is_missing = before->is_missing || after->is_missing;
        *cell(&b, r, 3) = (struct result_cell){
            before->is_missing ? before->text : after->text,
            is_missing ? NOT_KNOWN : after->number - before->number, is_missing};
    }
    if (!d->is_ordered) { /* rises first, then falls */
        struct built parts = b;
        parts.row_count = d->count;
        RV_TRY(sort_rows(f, &parts, 3, 4, reterr));
    }
    if (has_total) {
        put_total(&b, d->count);
    }
    finish(&b, ret);
    ret->ends_with_total = has_total;
    return rv_ok();
}
