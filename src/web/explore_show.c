/* web/explore_show.c — a table, its chart and what has to be said of them, on a page.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/format.h"
#include "report/table.h"
#include "web/explore.h"
#include "web/explore_links.h"
#include "web/finding_model.h"

#include <string.h>

#define CHARTS_MOST 12

/* ---- the table ---- */

static bool is_words(const struct result_table *t, size_t column)
{
    return t->columns[column].type == RESULT_TEXT || t->columns[column].type == RESULT_MONTH;
}

/* The name of an area, and its code where it has a name: two wards may share one. */
static void put_label(struct model *cell, const struct result_table *t, size_t row, size_t column,
                      const struct fit_options *fit)
{
    const char *label = t->cells[row * t->column_count + column].text;
    label = label ? label : "";
    const char *words = fit_label(model_arena(cell), fit, t->columns[column].name, label);
    model_text(cell, "words", words && words[0] ? words : label);
    if (words && t->layer_id && strcmp(words, label) != 0 && label[0] == 'E' &&
        strspn(label + 1, "0123456789") == strlen(label + 1)) {
        model_text(cell, "code", label);
    }
}

static rv_status put_cell(struct model_list *list, const struct result_table *t, size_t row,
                          size_t column, const struct fit_options *fit, struct rv_err *reterr)
{
    struct model *cell = model_item(list);
    bool is_missing = result_cell_is_gap(t, row, column);
    model_bool(cell, "is-number", !is_words(t, column) && !is_missing);
    model_bool(cell, "is-heading", column == 0);
    model_bool(cell, "is-missing", is_missing);
    if (!is_words(t, column) && !is_missing) {
        model_real(cell, "number", t->cells[row * t->column_count + column].number);
    }
    if (fit && t->columns[column].type == RESULT_TEXT && !is_missing) {
        put_label(cell, t, row, column, fit);
        return rv_ok();
    }
    struct buf words RV_CLEANUP(buf_done);
    buf_init(&words, 1u << 16);
    result_cell_words(t, row, column, &words);
    RV_TRY(buf_status(&words, reterr));
    model_text(cell, "words",
               arena_text(model_arena(cell), words.bytes ? words.bytes : "", words.n));
    return rv_ok();
}

rv_status explore_put_table(struct model *m, const struct result_table *t,
                            const struct fit_options *fit, struct rv_err *reterr)
{
    size_t shown = t->row_count < EXPLORE_ROWS ? t->row_count : EXPLORE_ROWS;
    model_text(m, "caption", t->title);
    model_int(m, "row-count", (int64_t)t->row_count);
    if (shown < t->row_count) {
        model_int(m, "rows-shown", (int64_t)shown);
    }
    struct model_list *heads = model_list(m, "heads");
    for (size_t k = 0; k < t->column_count; k++) {
        struct model *head = model_item(heads);
        model_text(head, "words", t->columns[k].title);
        model_bool(head, "is-number", !is_words(t, k));
    }
    struct model_list *lines = model_list(m, "lines");
    for (size_t r = 0; r < shown; r++) {
        struct model_list *cells = model_list(model_item(lines), "cells");
        for (size_t k = 0; k < t->column_count; k++) {
            RV_TRY(put_cell(cells, t, r, k, fit, reterr));
        }
    }
    return rv_ok();
}

/* For people: shares in percent, dimensions with a capital, no column that has nothing to say. */
static rv_status for_people(struct arena *a, const struct result_table *t, struct result_table *ret,
                            struct rv_err *reterr)
{
    struct result_column *columns = ARENA_NEW(a, struct result_column, t->column_count + 1);
    struct result_cell *cells =
        ARENA_NEW(a, struct result_cell, t->row_count * t->column_count + 1);
    size_t *from = ARENA_NEW(a, size_t, t->column_count + 1);
    size_t n = 0;
    if (!columns || !cells || !from) {
        return arena_fail(a, reterr);
    }
    for (size_t k = 0; k < t->column_count; k++) {
        bool is_empty = !is_words(t, k);
        for (size_t r = 0; r < t->row_count && is_empty; r++) {
            is_empty = result_cell_is_gap(t, r, k);
        }
        bool is_count = strcmp(t->columns[k].name, "count") == 0;
        if (!is_empty || is_count) {
            from[n] = k;
            columns[n++] = t->columns[k];
        }
    }
    for (size_t r = 0; r < t->row_count; r++) {
        for (size_t k = 0; k < n; k++) {
            cells[r * n + k] = t->cells[r * t->column_count + from[k]];
        }
    }
    for (size_t k = 0; k < n; k++) {
        if (columns[k].type == RESULT_TEXT) {
            columns[k].title = explore_title(a, columns[k].title);
        }
        if (strcmp(columns[k].name, "share") == 0 || strcmp(columns[k].name, "moved") == 0) {
            columns[k].type = RESULT_PERCENT;
            columns[k].title = strcmp(columns[k].name, "share") == 0 ? "Share" : "Moved";
            for (size_t r = 0; r < t->row_count; r++) {
                cells[r * n + k].number *= 100;
            }
        }
    }
    *ret = *t;
    ret->columns = columns;
    ret->column_count = n;
    ret->cells = cells;
    return rv_ok();
}

/* ---- the chart ---- */

rv_status explore_put_chart(struct arena *a, const struct result_table *t, const char *id,
                            const struct chart_look *look, struct html_fragment *ret,
                            struct rv_err *reterr)
{
    static const struct {
        const char *name;
        int width;
    } sizes[] = {{"wide", CHART_WIDE}, {"narrow", CHART_NARROW}};
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, (size_t)16 << 20);
    for (size_t i = 0; i < 2; i++) {
        const char *prefix = arena_printf(a, "%s-%s", id, sizes[i].name);
        if (!prefix) {
            return arena_fail(a, reterr);
        }
        buf_printf(&b, "<div class=\"reeve-%s\">", sizes[i].name);
        RV_TRY(chart_draw(a, t, prefix, sizes[i].width, look, &b, reterr));
        buf_text(&b, "</div>\n");
    }
    RV_TRY(buf_status(&b, reterr));
    *ret = (struct html_fragment){{arena_text(a, b.bytes, b.n), b.n}};
    return ret->markup.at ? rv_ok() : arena_fail(a, reterr);
}

static void put_chart_choices(struct call *c, const enum result_chart *at, size_t count,
                              const char *given)
{
    struct model_list *list = model_list(c->model, "charts");
    model_bool(c->model, "charts-known", true);
    for (size_t i = 0; i < count; i++) {
        struct model *item = model_item(list);
        const char *name = chart_name(at[i]);
        model_text(item, "id", name);
        model_text(item, "words", name);
        model_bool(item, "selected", given && strcmp(given, name) == 0);
    }
}

/* The shapes of the areas of the table, which a map needs. */
static rv_status take_layer(struct call *c, const struct explore_work *w,
                            const struct result_table *t, struct report_layer *ret,
                            struct rv_err *reterr)
{
    bool is_synthetic = false;
    RV_TRY(file_is_synthetic(c->store, c->arena, &is_synthetic, reterr));
    for (size_t i = 0; i < w->held.layer_count; i++) {
        const struct layer *l = &w->held.layers[i];
        if (l->id == t->layer_id) {
            RV_TRY(layer_shapes(c->store, c->arena, l, is_synthetic, ret, reterr));
            ret->attribution = arena_printf(c->arena, "Boundaries: %s, vintage %s, from %s.",
                                            l->type, l->vintage, l->file_name);
            return ret->attribution ? rv_ok() : arena_fail(c->arena, reterr);
        }
    }
    return rv_fail(reterr, RV_NOT_FOUND, "the boundaries of these areas are not held");
}

/* Rows of one dimension, of areas. */
static bool is_of_areas(const struct explore *x, const struct result_table *t)
{
    return t->layer_id && t->row_count > 0 && !x->columns && !strchr(x->rows, ',');
}

/* The chart asked for, or the first that suits; none is no failure. */
static rv_status put_chart(struct call *c, struct explore_work *w, const struct explore *x,
                           const struct result_table *t, struct fit_options *fit,
                           struct rv_err *reterr)
{
    enum result_chart suits[CHARTS_MOST];
    size_t count = 0;
    struct rv_err err = {.code = RV_OK};
    bool is_none = x->chart && strcmp(x->chart, "none") == 0;
    if (t->row_count > 0 &&
        !rv_is_ok(chart_suits(c->arena, t, fit, suits, CHARTS_MOST - 1, &count, &err))) {
        explore_fault(c, x, &err);
        return rv_ok();
    }
    if (is_of_areas(x, t)) {
        suits[count++] = CHART_MAP;
    }
    if (!x->is_map) {
        put_chart_choices(c, suits, count, x->chart);
    }
    model_bool(c->model, "no-chart", is_none);
    if (is_none || (!x->chart && count == 0)) {
        return rv_ok();
    }
    fit->chart = count ? suits[0] : CHART_NONE;
    if (x->chart && (!chart_find(x->chart, &fit->chart) || fit->chart == CHART_NONE)) {
        call_fault(c, "chart", "Choose one of the charts listed");
        return rv_ok();
    }
    struct result_table drawn;
    rv_status status = chart_fit(c->arena, t, fit, &drawn, &err);
    if (!rv_is_ok(status)) {
        explore_fault(c, x, &err);
        return rv_ok();
    }
    struct report_layer layer;
    struct chart_look look = {.layer = NULL};
    struct html_fragment picture;
    if (fit->chart == CHART_MAP) {
        RV_TRY(take_layer(c, w, t, &layer, reterr));
        look.layer = &layer;
    }
    RV_TRY(explore_put_chart(c->arena, &drawn, "chart", &look, &picture, reterr));
    struct model *m = model_object(c->model, "picture");
    model_html(m, "svg", picture);
    model_text(m, "title", drawn.title);
    model_text(m, "description", drawn.description);
    return rv_ok();
}

/* ---- around it ---- */

bool explore_is_small(const struct result_cell *count)
{
    return !count->is_missing && count->number > 0 && count->number < EXPLORE_SMALL;
}

static bool has_small(const struct result_table *t)
{
    size_t count = result_table_column(t, "count");
    for (size_t r = 0; count < t->column_count && r < t->row_count; r++) {
        if (explore_is_small(&t->cells[r * t->column_count + count])) {
            return true;
        }
    }
    return false;
}

static rv_status put_around(struct call *c, const struct explore *x, const struct result_table *t,
                            struct rv_err *reterr)
{
    struct model *m = c->model;
    struct model_list *notes = model_list(m, "notes");
    for (size_t i = 0; i < t->note_count; i++) {
        model_word(notes, t->notes[i]);
    }
    sources_put(m, t->sources, t->source_count);
    model_bool(m, "has-small", has_small(t));
    model_bool(m, "has-areas", t->layer_id != 0);
    if (role_may(c->session.role, RIGHT_READ_RECORDS)) {
        model_text(m, "records", records_address(c->arena, x, t));
    }
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 16);
    table_command(&x->options, &b);
    RV_TRY(buf_status(&b, reterr));
    model_text(m, "command", arena_text(c->arena, b.bytes, b.n));
    return rv_ok();
}

rv_status explore_put_result(struct call *c, struct explore_work *w, const struct explore *x,
                             const struct result_table *t, struct rv_err *reterr)
{
    struct fit_options fit = {
        .value = x->value, .area_name = area_names_find, .context = &w->names};
    struct result_table shown;
    struct rv_err err;
    struct model *result = model_object(c->model, "table");
    bool is_crossed = x->columns && rv_is_ok(table_cross(c->arena, t, &fit, &shown, &err));
    if (is_crossed) {
        RV_TRY(explore_put_table(result, &shown, NULL, reterr));
    } else {
        RV_TRY(for_people(c->arena, t, &shown, reterr));
        RV_TRY(explore_put_table(result, &shown, &fit, reterr));
    }
    model_bool(result, "has-rows", t->row_count > 0);
    model_text(c->model, "query", x->query);
    if (!x->is_map && is_of_areas(x, t) && x->options.where_count == 0 && !x->options.count &&
        explore_is_placed(x->options.kind)) {
        model_text(c->model, "map-query", explore_map_query(c->arena, x));
    }
    RV_TRY(put_chart(c, w, x, t, &fit, reterr));
    return put_around(c, x, t, reterr);
}
