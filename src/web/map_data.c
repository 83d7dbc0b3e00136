/* web/map_data.c — the one file from which the script of the map draws: boundaries, and counts by
 * area, month and hour.
 *
 * Counts are those of a table by area, month and usable hour, so that whatever sliders add up is
 * what the engine would count. Its size is bounded: a map too large to move is still drawn by the
 * page itself. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/json.h"
#include "report/classes.h"
#include "report/table.h"
#include "report/table_file.h"
#include "web/map.h"

#include <math.h>
#include <string.h>

struct data {
    const struct map *map;
    const struct map_times *times;
    const struct result_table *cells; /* area, month and, where there is a clock, usable hour */
    size_t count, population, months; /* columns; number of months */
    struct spool *file;
    struct json_writer json;
};

/* ---- counts ---- */

/* 0 to 23, then set aside, then not recorded. */
static int part_of(const char *label)
{
    if (label[0] >= '0' && label[0] <= '2') {
        return (label[0] - '0') * 10 + label[1] - '0';
    }
    return strcmp(label, "set-aside") == 0 ? MAP_PARTS - 2 : MAP_PARTS - 1;
}

static const struct result_cell *row_at(const struct data *d, size_t row)
{
    return &d->cells->cells[row * d->cells->column_count];
}

/* Place of the row's month, from 0; -1 for a row of none. */
static int32_t month_at(const struct data *d, size_t row)
{
    struct month_range month;
    return month_range_parse(text_of(row_at(d, row)[1].text), &month)
               ? month.first - d->times->span.first
               : -1;
}

/* Months that are not available; the population of each month. */
static void put_months(struct data *d, size_t from, size_t to)
{
    struct json_writer *j = &d->json;
    int32_t last = -1;
    json_put_array(j, "missing");
    for (size_t r = from; r < to; r++) {
        int32_t month = month_at(d, r);
        if (month > last && row_at(d, r)[d->count].is_missing) {
            json_put_int(j, NULL, month);
        }
        last = month > last ? month : last;
    }
    json_end_array(j);
    last = -1;
    json_put_array(j, "population");
    for (size_t r = from; r < to && d->population < d->cells->column_count; r++) {
        int32_t month = month_at(d, r);
        const struct result_cell *cell = &row_at(d, r)[d->population];
        while (last < month) {
            last++;
            json_put_real(j, NULL, last < month || cell->is_missing ? (double)NAN : cell->number);
        }
    }
    json_end_array(j);
}

/* month, part of the day, count; and so on. */
static void put_cells(struct data *d, size_t from, size_t to)
{
    json_put_array(&d->json, "cells");
    for (size_t r = from; r < to; r++) {
        const struct result_cell *row = row_at(d, r);
        int32_t month = month_at(d, r);
        if (month >= 0 && !row[d->count].is_missing && row[d->count].number > 0) {
            json_put_int(&d->json, NULL, month);
            json_put_int(&d->json, NULL, d->times->has_clock ? part_of(row[2].text) : 0);
            json_put_int(&d->json, NULL, (int64_t)row[d->count].number);
        }
    }
    json_end_array(&d->json);
}

static rv_status put_areas(struct data *d, struct rv_err *reterr)
{
    const struct result_table *t = d->cells;
    json_put_object(&d->json, "areas");
    for (size_t from = 0, to = 0; from < t->row_count; from = to) {
        const char *code = row_at(d, from)[0].text;
        while (to < t->row_count && strcmp(row_at(d, to)[0].text, code) == 0) {
            to++;
        }
        json_put_object(&d->json, code);
        put_months(d, from, to);
        put_cells(d, from, to);
        json_end_object(&d->json);
        RV_TRY(spool_check(d->file, reterr));
    }
    json_end_object(&d->json);
    return rv_ok();
}

/* ---- what the script needs to say the same as the page ---- */

static void put_classes(struct json_writer *j)
{
    json_put_array(j, "shades");
    for (size_t k = 0; k < CLASSES_MAX; k++) {
        json_put_string(j, NULL, classes_colour(k));
    }
    json_end_array(j);
    json_put_object(j, "rules");
    json_put_string(j, "values", classes_rule_text(CLASSES_VALUES, "areas"));
    json_put_string(j, "equal", classes_rule_text(CLASSES_EQUAL, "areas"));
    json_put_string(j, "quantile", classes_rule_text(CLASSES_QUANTILE, "areas"));
    json_end_object(j);
}

static void put_about(struct data *d, const struct result_table *whole)
{
    struct json_writer *j = &d->json;
    const struct map *m = d->map;
    const char *kind = m->x.options.kind ? m->x.options.kind : "offences";
    char first[8];
    month_write(d->times->span.first, first);
    json_put_object(j, NULL);
    json_put_string(j, "title", whole->title);
    json_put_string(j, "kind", explore_kind_words(kind));
    json_put_string(j, "thing", map_things(m->x.rows, true));
    json_put_string(j, "things", map_things(m->x.rows, false));
    json_put_string(j, "value", m->x.value);
    json_put_bool(j, "clock", d->times->has_clock);
    json_put_bool(j, "whole", m->x.options.period != NULL); /* each month must be available */
    json_put_string(j, "first", first);
    json_put_int(j, "months", (int64_t)d->months);
    put_classes(j);
}

static rv_status put_boundaries(struct data *d, const struct buf *shapes, struct rv_err *reterr)
{
    buf_text(&d->file->out, ",\"boundaries\":");
    for (size_t at = 0; at < shapes->n; at += SPOOL_PIECE) {
        size_t left = shapes->n - at;
        buf_put(&d->file->out, shapes->bytes + at, left < SPOOL_PIECE ? left : SPOOL_PIECE);
        RV_TRY(spool_check(d->file, reterr));
    }
    return rv_ok();
}

/* ---- the file ---- */

/* A table without the conditions; false when it cannot be made. */
static rv_status count(struct call *c, struct explore_work *w, const struct map *m, const char *by,
                       struct result_table *ret, bool *ret_is_made, struct rv_err *reterr)
{
    struct explore x = m->x;
    x.options.by = by;
    x.options.where_count = 0;
    return explore_table(c, w, &x, ret, ret_is_made, reterr);
}

static const char *by_of(struct arena *a, const struct map *m, const struct map_times *times)
{
    return arena_printf(a, "%s,month%s", m->x.rows, times->has_clock ? ",usable-hour" : "");
}

static void refuse(struct call *c, int64_t rows)
{
    const char *message =
        arena_printf(c->arena,
                     "The map is too large to be moved by sliders (%lld numbers of at most %lld). "
                     "Choose a shorter period, one area, or wards in place of LSOAs",
                     (long long)rows, (long long)MAP_ROWS);
    call_fault(c, "rows", message ? message : "The map is too large to be moved by sliders");
}

static rv_status write(struct call *c, struct data *d, const struct result_table *whole,
                       struct rv_err *reterr)
{
    struct explore x = d->map->x;
    struct buf shapes RV_CLEANUP(buf_done);
    struct rv_err err;
    buf_init(&shapes, MAP_BYTES);
    rv_status status = table_geojson(c->store, c->arena, whole, &shapes, &err);
    if (status.code == RV_LIMIT) {
        call_fault(c, "rows",
                   "The boundaries are too detailed to be moved by sliders. Choose one area, or "
                   "larger areas");
        return rv_ok();
    }
    if (!rv_is_ok(status)) {
        *reterr = err;
        return status;
    }
    x.options.by = by_of(c->arena, d->map, d->times);
    if (!x.options.by) {
        return arena_fail(c->arena, reterr);
    }
    RV_TRY(explore_note(c, &x, "json", reterr));
    RV_TRY(call_spool(c, &d->file, reterr));
    json_writer_init(&d->json, &d->file->out, false);
    put_about(d, whole);
    RV_TRY(put_areas(d, reterr));
    RV_TRY(put_boundaries(d, &shapes, reterr));
    buf_text(&d->file->out, "}\n");
    return call_send(c, d->file, "application/json", "map.json", reterr);
}

rv_status map_send(struct call *c, struct explore_work *w, const struct map *m,
                   const struct map_times *times, struct rv_err *reterr)
{
    struct result_table whole, cells;
    bool is_made = false;
    int32_t months = times->span.last - times->span.first + 1;
    RV_TRY(count(c, w, m, m->x.rows, &whole, &is_made, reterr));
    if (!is_made) {
        return rv_ok();
    }
    int64_t rows = (int64_t)whole.row_count * months * (times->has_clock ? MAP_PARTS : 1);
    if (rows > MAP_ROWS) {
        refuse(c, rows);
        return rv_ok();
    }
    const char *by = by_of(c->arena, m, times);
    if (!by) {
        return arena_fail(c->arena, reterr);
    }
    RV_TRY(count(c, w, m, by, &cells, &is_made, reterr));
    struct data d = {.map = m,
                     .times = times,
                     .cells = &cells,
                     .months = (size_t)months,
                     .count = result_table_column(&cells, "count"),
                     .population = result_table_column(&cells, "population")};
    return is_made ? write(c, &d, &whole, reterr) : rv_ok();
}
