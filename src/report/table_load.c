/* report/table_load.c — a stored result table read back; nothing in it is taken on trust.
 *
 * jansson reads: strict, and it refuses a key that is there twice.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/chart.h"
#include "report/table_store.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#define LAST_MONTH 40000 /* as for findings */

/* Reads from a parsed object into the arena; the first thing wrong is kept in `fault`. */
struct record {
    struct arena *arena;
    const char *fault; /* what cannot be used; NULL = nothing */
    bool is_full;      /* the arena is */
};

static void fault(struct record *r, const char *what)
{
    r->fault = r->fault ? r->fault : what;
}

static const char *keep(struct record *r, const json_t *v, const char *what)
{
    if (!json_is_string(v)) {
        fault(r, what);
        return NULL;
    }
    const char *text = arena_text(r->arena, json_string_value(v), json_string_length(v));
    r->is_full = r->is_full || !text;
    return text;
}

static const char *get_string(struct record *r, const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    return v ? keep(r, v, key) : NULL;
}

static int64_t get_integer(struct record *r, const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    if (!json_is_integer(v)) {
        fault(r, key);
        return -1;
    }
    return json_integer_value(v);
}

static enum marking get_marking(struct record *r, const json_t *object)
{
    enum marking m = MARKING_OFFICIAL;
    const char *name = get_string(r, object, "marking");
    if (!name || !marking_find(text_of(name), &m)) {
        fault(r, "marking");
    }
    return m;
}

static const json_t *get_list(struct record *r, const json_t *object, const char *key)
{
    const json_t *list = json_object_get(object, key);
    if (!json_is_array(list)) {
        fault(r, key);
    }
    return list;
}

static enum result_type type_of(struct record *r, const char *name)
{
    for (int type = RESULT_TEXT; name && type <= RESULT_REAL; type++) {
        if (strcmp(name, result_type_name((enum result_type)type)) == 0) {
            return (enum result_type)type;
        }
    }
    fault(r, "type");
    return RESULT_TEXT;
}

static void get_columns(struct record *r, const json_t *root, struct result_table *t)
{
    const json_t *list = get_list(r, root, "columns");
    t->column_count = json_array_size(list);
    struct result_column *columns = ARENA_NEW(r->arena, struct result_column, t->column_count + 1);
    r->is_full = r->is_full || !columns;
    for (size_t c = 0; columns && c < t->column_count; c++) {
        const json_t *item = json_array_get(list, c);
        columns[c] =
            (struct result_column){get_string(r, item, "name"), get_string(r, item, "title"),
                                   type_of(r, get_string(r, item, "type"))};
        if (!columns[c].name) {
            fault(r, "name");
        }
    }
    t->columns = columns;
    if (t->column_count == 0) {
        fault(r, "columns");
    }
}

/* A number that charts and words can take: CHART_VALUE at most, months of the calendar. */
static double get_number(struct record *r, enum result_type type, const json_t *v)
{
    double number = json_number_value(v);
    bool is_month = number >= 0 && number <= LAST_MONTH && number == trunc(number);
    if (!json_is_number(v) || fabs(number) > CHART_VALUE || (type == RESULT_MONTH && !is_month)) {
        fault(r, "rows");
    }
    return number;
}

static struct result_cell get_cell(struct record *r, enum result_type type, const json_t *v)
{
    struct result_cell cell = {.number = (double)NAN};
    if (json_is_null(v)) {
        cell.is_missing = true;
    } else if (json_is_array(v)) {
        cell.is_missing = true;
        cell.text = keep(r, json_array_get(v, 0), "rows");
    } else if (type == RESULT_TEXT) {
        cell.text = keep(r, v, "rows");
    } else {
        cell.number = get_number(r, type, v);
    }
    return cell;
}

static void get_cells(struct record *r, const json_t *root, struct result_table *t)
{
    const json_t *list = get_list(r, root, "rows");
    size_t n = t->column_count;
    t->row_count = json_array_size(list);
    struct result_cell *cells = ARENA_NEW(r->arena, struct result_cell, t->row_count * n + 1);
    r->is_full = r->is_full || !cells;
    for (size_t i = 0; cells && !r->fault && i < t->row_count; i++) {
        const json_t *row = json_array_get(list, i);
        if (json_array_size(row) != n) {
            fault(r, "rows");
            return;
        }
        for (size_t c = 0; c < n; c++) {
            cells[i * n + c] = get_cell(r, t->columns[c].type, json_array_get(row, c));
        }
    }
    t->cells = cells;
}

static void get_notes(struct record *r, const json_t *root, struct result_table *t)
{
    const json_t *list = get_list(r, root, "notes");
    t->note_count = json_array_size(list);
    const char **notes = ARENA_NEW(r->arena, const char *, t->note_count + 1);
    r->is_full = r->is_full || !notes;
    for (size_t i = 0; notes && i < t->note_count; i++) {
        notes[i] = keep(r, json_array_get(list, i), "notes");
    }
    t->notes = notes;
}

static void get_sources(struct record *r, const json_t *root, struct result_table *t)
{
    const json_t *list = get_list(r, root, "sources");
    t->source_count = json_array_size(list);
    struct finding_source *sources =
        ARENA_NEW(r->arena, struct finding_source, t->source_count + 1);
    r->is_full = r->is_full || !sources;
    for (size_t i = 0; sources && i < t->source_count; i++) {
        const json_t *item = json_array_get(list, i);
        sources[i] =
            (struct finding_source){get_integer(r, item, "extract"), get_string(r, item, "sha256"),
                                    get_string(r, item, "file_name"), get_marking(r, item)};
    }
    t->sources = sources;
}

static void get_table(struct record *r, const json_t *root, struct result_table *t)
{
    const char *chart = get_string(r, root, "chart");
    if (get_integer(r, root, "form") != TABLE_FORM) {
        fault(r, "form");
    }
    if (!chart || !chart_find(chart, &t->chart)) {
        fault(r, "chart");
    }
    t->id = get_string(r, root, "id");
    t->theme = get_string(r, root, "theme");
    t->chapter = get_string(r, root, "chapter");
    t->chapter_title = get_string(r, root, "chapter_title");
    t->title = get_string(r, root, "title");
    t->description = get_string(r, root, "description");
    t->layer_id = get_integer(r, root, "layer");
    t->focus = get_string(r, root, "focus");
    t->ends_with_total = json_is_true(json_object_get(root, "ends_with_total"));
    t->marking = get_marking(r, root);
    if (!t->id || !t->theme || !t->title) {
        fault(r, "id");
    }
    get_columns(r, root, t);
    if (!r->fault && !r->is_full) {
        get_cells(r, root, t);
        get_notes(r, root, t);
        get_sources(r, root, t);
    }
}

static void decref(json_t **json)
{
    json_decref(*json);
}

rv_status result_table_from_json(struct arena *a, struct text json, struct result_table *ret,
                                 struct rv_err *reterr)
{
    json_error_t error;
    if (json.n > TABLE_BYTES) {
        return rv_fail(reterr, RV_LIMIT, "a stored table is longer than %zu bytes", TABLE_BYTES);
    }
    json_t *root RV_CLEANUP(decref) =
        json_loadb(json.at ? json.at : "", json.n, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(root)) {
        return rv_fail(reterr, RV_DAMAGED, "a stored table is not JSON: %s",
                       root ? "not an object" : error.text);
    }
    struct record r = {.arena = a};
    struct result_table t = {.id = NULL};
    get_table(&r, root, &t);
    if (r.is_full) {
        return arena_fail(a, reterr);
    }
    if (r.fault) {
        return rv_fail(reterr, RV_DAMAGED, "a stored table has no usable '%s'", r.fault);
    }
    *ret = t;
    return rv_ok();
}
