/* method/input_json.c — JSON of several shapes as cases of columns.
 *
 * An array of objects whose members are arrays is a list of cases; an array of objects with plain
 * members is a table, an object a row; an object is one case, or holds such an array. The inputs
 * of a case may stand in its member "input". Members that no column is called after are ignored.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "method/parts.h"

#include <jansson.h>

struct json_reading {
    struct arena *a;
    struct input_file *file;
    const struct method_input *input;
};

static void drop(json_t **j)
{
    json_decref(*j);
}

static struct cell cell_of(const json_t *value)
{
    struct cell cell = {.kind = CELL_MISSING};
    switch (json_typeof(value)) {
    case JSON_STRING:
        cell.kind = CELL_TEXT;
        cell.text = (struct text){json_string_value(value), json_string_length(value)};
        break;
    case JSON_INTEGER:
        cell.kind = CELL_INTEGER;
        cell.integer = json_integer_value(value);
        break;
    case JSON_REAL:
        cell.kind = CELL_REAL;
        cell.real = json_real_value(value);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        cell.kind = CELL_BOOL;
        cell.integer = json_is_true(value);
        break;
    case JSON_NULL:
    case JSON_OBJECT:
    case JSON_ARRAY:
        break;
    }
    return cell;
}

/* The member of `object` that fits the column best, and its key. */
static json_t *member_in(json_t *object, const struct method_column *column, const char **key)
{
    json_t *found = json_object_get(object, column->name), *value;
    *key = column->name;
    int best = found ? 1 : 0;
    const char *name;
    if (!found) {
        json_object_foreach(object, name, value)
        {
            int match = column_match(column, text_of(name));
            if (match > 0 && (best == 0 || match < best)) {
                best = match;
                found = value;
                *key = name;
            }
        }
    }
    return found;
}

static json_t *member_of(json_t *object, const struct method_column *column, const char **key)
{
    json_t *inner = json_object_get(object, "input");
    json_t *found = json_is_object(inner) ? member_in(inner, column, key) : NULL;
    return found ? found : member_in(object, column, key);
}

/* Every column that is required, and at least one of all. */
static bool has_required(json_t *object, const struct method_input *input)
{
    bool has_any = false;
    for (const struct method_column *c = input->columns; c->name; c++) {
        const char *key;
        bool has = member_of(object, c, &key) != NULL;
        if (!has && !c->is_optional) {
            return false;
        }
        has_any |= has;
    }
    return has_any;
}

/* Objects in which every column that is a list has a plain member or none. */
static bool is_table(json_t *array, const struct method_input *input)
{
    size_t i;
    json_t *object;
    json_array_foreach(array, i, object)
    {
        for (const struct method_column *c = input->columns; c->name; c++) {
            const char *key;
            if (json_is_array(member_of(object, c, &key))) {
                return false;
            }
        }
    }
    return true;
}

static bool is_of_objects(json_t *array)
{
    size_t i;
    json_t *object;
    json_array_foreach(array, i, object)
    {
        if (!json_is_object(object)) {
            return false;
        }
    }
    return json_is_array(array) && json_array_size(array) > 0;
}

static rv_status note_heading(const struct json_reading *r, size_t column, const char *key,
                              struct column_builder *b, struct rv_err *reterr)
{
    b->heading = r->file->headings[column];
    if (!b->heading) {
        b->heading = arena_text(r->a, key, strlen(key));
        RV_TRY(b->heading ? rv_ok() : arena_fail(r->a, reterr));
        r->file->headings[column] = b->heading;
    }
    return rv_ok();
}

static rv_status add_one(const struct json_reading *r, struct column_builder *b,
                         const json_t *value, const struct spot *spot, struct rv_err *reterr)
{
    if (json_is_array(value) || json_is_object(value)) {
        return rv_fail(reterr, RV_INVALID,
                       "%s, case %zu, \"%s\", item %zu: %s stands where one value is needed",
                       spot->file, spot->case_number ? spot->case_number : 1, spot->column,
                       spot->item, json_is_array(value) ? "an array" : "an object");
    }
    struct cell cell = cell_of(value);
    return column_add(r->a, b, &cell, spot, reterr);
}

static rv_status add_list(const struct json_reading *r, struct column_builder *b, json_t *array,
                          struct spot *spot, struct rv_err *reterr)
{
    size_t i;
    json_t *value;
    json_array_foreach(array, i, value)
    {
        spot->item++;
        RV_TRY(add_one(r, b, value, spot, reterr));
    }
    return rv_ok();
}

static rv_status add_matrix(const struct json_reading *r, struct column_builder *b, json_t *rows,
                            struct spot *spot, struct rv_err *reterr)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        size_t width = json_array_size(row);
        if (width == 0 || (i > 0 && width != b->width)) {
            return rv_fail(reterr, RV_INVALID,
                           "%s, \"%s\", array %zu: %zu values where %zu are needed", spot->file,
                           spot->column, i + 1, width, i > 0 ? b->width : 1);
        }
        b->width = width;
        RV_TRY(add_list(r, b, row, spot, reterr));
    }
    return rv_ok();
}

static rv_status add_member(const struct json_reading *r, struct column_builder *b, json_t *value,
                            struct spot *spot, struct rv_err *reterr)
{
    switch (b->spec->shape) {
    case METHOD_SCALAR:
        break;
    case METHOD_LIST:
    case METHOD_SPREAD:
        if (json_is_array(value)) {
            return add_list(r, b, value, spot, reterr);
        }
        b->is_one_for_all = b->spec->shape == METHOD_SPREAD;
        break;
    case METHOD_MATRIX:
        if (!json_is_array(value)) {
            return rv_fail(reterr, RV_INVALID, "%s: \"%s\" must be an array of arrays", spot->file,
                           spot->column);
        }
        return add_matrix(r, b, value, spot, reterr);
    }
    return add_one(r, b, value, spot, reterr);
}

static rv_status finish(const struct json_reading *r, const struct case_builder *columns,
                        json_t *object, size_t number, struct rv_err *reterr)
{
    struct method_case *one = &r->file->cases[number > 0 ? number - 1 : 0];
    for (size_t i = 0; i < CASE_NAMES; i++) {
        json_t *name = json_is_object(object) ? json_object_get(object, case_names[i]) : NULL;
        one->names[i] = name ? cell_of(name) : (struct cell){.kind = CELL_MISSING};
        if (one->names[i].kind == CELL_TEXT) {
            char *copy = arena_text(r->a, one->names[i].text.at, one->names[i].text.n);
            RV_TRY(copy ? rv_ok() : arena_fail(r->a, reterr));
            one->names[i].text.at = copy;
        }
    }
    struct spot spot = {.file = r->file->file, .case_number = number};
    return case_builder_finish(r->a, columns, &spot, &one->data, reterr);
}

/* One object whose members are the columns. */
static rv_status fill_case(const struct json_reading *r, struct case_builder *columns,
                           json_t *object, size_t number, struct rv_err *reterr)
{
    for (size_t c = 0; c < columns->count; c++) {
        struct column_builder *b = &columns->columns[c];
        const char *key;
        json_t *value = member_of(object, b->spec, &key);
        if (value) {
            RV_TRY(note_heading(r, c, key, b, reterr));
            struct spot spot = {.file = r->file->file, .case_number = number, .column = b->heading};
            RV_TRY(add_member(r, b, value, &spot, reterr));
        }
    }
    return finish(r, columns, object, number, reterr);
}

/* An array of objects, each a row. */
static rv_status fill_table(const struct json_reading *r, struct case_builder *columns,
                            json_t *rows, json_t *around, struct rv_err *reterr)
{
    static const struct cell nothing = {.kind = CELL_MISSING};
    for (size_t c = 0; c < columns->count; c++) {
        struct column_builder *b = &columns->columns[c];
        size_t i;
        json_t *row;
        json_array_foreach(rows, i, row)
        {
            const char *key;
            json_t *value = member_of(row, b->spec, &key);
            if (value && !b->heading) {
                RV_TRY(note_heading(r, c, key, b, reterr));
                for (size_t before = 0; before < i; before++) {
                    RV_TRY(column_add(r->a, b, &nothing, &(struct spot){0}, reterr));
                }
            }
            if (b->heading) {
                struct spot spot = {.file = r->file->file, .item = i + 1, .column = b->heading};
                RV_TRY(value ? add_one(r, b, value, &spot, reterr)
                             : column_add(r->a, b, &nothing, &spot, reterr));
            }
        }
        const char *key;
        json_t *outside = around && !b->heading ? member_in(around, b->spec, &key) : NULL;
        if (outside && outside != rows && b->spec->shape == METHOD_SCALAR) {
            struct spot spot = {.file = r->file->file, .column = key};
            RV_TRY(note_heading(r, c, key, b, reterr));
            RV_TRY(add_one(r, b, outside, &spot, reterr));
        }
    }
    return finish(r, columns, around, 0, reterr);
}

static rv_status read_one(const struct json_reading *r, json_t *value, json_t *around,
                          size_t number, struct rv_err *reterr)
{
    struct case_builder columns;
    RV_TRY(case_builder_init(r->a, r->input, &columns, reterr));
    rv_status status = json_is_array(value) ? fill_table(r, &columns, value, around, reterr)
                                            : fill_case(r, &columns, value, number, reterr);
    case_builder_done(&columns);
    return status;
}

static rv_status make_cases(const struct json_reading *r, size_t count, struct rv_err *reterr)
{
    r->file->cases = ARENA_NEW(r->a, struct method_case, count);
    r->file->case_count = count;
    return r->file->cases ? rv_ok() : arena_fail(r->a, reterr);
}

static rv_status read_array(const struct json_reading *r, json_t *array, json_t *around,
                            struct rv_err *reterr)
{
    if (is_table(array, r->input)) {
        RV_TRY(make_cases(r, 1, reterr));
        return read_one(r, array, around, 0, reterr);
    }
    r->file->is_list = true;
    RV_TRY(make_cases(r, json_array_size(array), reterr));
    for (size_t i = 0; i < json_array_size(array); i++) {
        RV_TRY(read_one(r, json_array_get(array, i), NULL, i + 1, reterr));
    }
    return rv_ok();
}

static rv_status read_root(const struct json_reading *r, json_t *root, struct rv_err *reterr)
{
    if (is_of_objects(root)) {
        return read_array(r, root, NULL, reterr);
    }
    if (json_is_object(root) && !has_required(root, r->input)) {
        const char *key;
        json_t *value;
        json_object_foreach(root, key, value)
        {
            if (is_of_objects(value) && has_required(json_array_get(value, 0), r->input)) {
                return read_array(r, value, root, reterr);
            }
        }
    }
    if (!json_is_object(root)) {
        return rv_fail(reterr, RV_INVALID,
                       "%s: an object, or an array of objects, is needed (an object with a member "
                       "\"%s\", for example)",
                       r->file->file, r->input->columns[0].name);
    }
    RV_TRY(make_cases(r, 1, reterr));
    return read_one(r, root, NULL, 0, reterr);
}

rv_status input_read_json(struct arena *a, struct text bytes, struct input_file *ret,
                          struct rv_err *reterr)
{
    bool has_mark = text_starts(bytes, "\xef\xbb\xbf");
    json_error_t error;
    json_t *root RV_CLEANUP(drop) =
        json_loadb(bytes.at + (has_mark ? 3 : 0), bytes.n - (has_mark ? 3 : 0),
                   JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        return rv_fail(reterr, RV_INVALID, "%s, line %d, column %d: this is not JSON: %s",
                       ret->file, error.line, error.column, error.text);
    }
    struct json_reading r = {a, ret, ret->input};
    return read_root(&r, root, reterr);
}
