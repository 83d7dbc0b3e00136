/* method/input.c — one file of input: JSON or CSV, its columns found by name, the rest ignored.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "method/parts.h"
#include "read/csv.h"
#include "read/source.h"

#include <stdio.h>

#define PEEK_BYTES 4096

const char *const case_names[CASE_NAMES] = {"id", "case", "name", "title"};

void case_builder_done(struct case_builder *b)
{
    for (size_t i = 0; i < b->count; i++) {
        column_done(&b->columns[i]);
    }
}

rv_status case_builder_init(struct arena *a, const struct method_input *input,
                            struct case_builder *ret, struct rv_err *reterr)
{
    size_t count = column_total(input);
    struct column_builder *columns = ARENA_NEW(a, struct column_builder, count);
    if (!columns) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        columns[i].spec = &input->columns[i];
    }
    *ret = (struct case_builder){columns, count};
    return rv_ok();
}

static const char *along(const struct method_column *column)
{
    return column->along ? column->along : "";
}

/* Rows of a column: of a matrix, its arrays. */
static size_t length(const struct method_values *v)
{
    return v->n / v->width;
}

static rv_status check_lengths(const struct case_builder *b, const struct method_values *columns,
                               const struct spot *spot, struct rv_err *reterr)
{
    for (size_t i = 0; i < b->count; i++) {
        for (size_t j = 0; j < i; j++) {
            const struct method_column *x = b->columns[i].spec, *y = b->columns[j].spec;
            if (columns[i].is_given && columns[j].is_given && x->shape != METHOD_SCALAR &&
                y->shape != METHOD_SCALAR && strcmp(along(x), along(y)) == 0 &&
                length(&columns[i]) != length(&columns[j])) {
                return rv_fail(reterr, RV_INVALID,
                               "%s, case %zu: \"%s\" has %zu values and \"%s\" %zu: they must be "
                               "equally many",
                               spot->file, spot->case_number ? spot->case_number : 1, y->name,
                               length(&columns[j]), x->name, length(&columns[i]));
            }
        }
    }
    return rv_ok();
}

/* One value for every row. */
static rv_status repeat(struct arena *a, size_t rows, struct method_values *v,
                        struct rv_err *reterr)
{
    size_t size = sizeof(int64_t);
    char *values = arena_new(a, rows + 1, size);
    uint64_t *valid = ARENA_NEW(a, uint64_t, rows / 64 + 1);
    if (!values || !valid) {
        return arena_fail(a, reterr);
    }
    const void *from = v->texts   ? (const void *)v->texts
                       : v->reals ? (const void *)v->reals
                                  : (const void *)v->counts;
    for (size_t i = 0; i < rows; i++) {
        memcpy(values + i * size, from, size);
        valid[i / 64] |= (uint64_t)method_has(v, 0) << (i % 64);
    }
    v->n = rows;
    v->valid = valid;
    v->texts = v->texts ? (const void *)values : NULL;
    v->reals = v->reals ? (const void *)values : NULL;
    v->counts = v->counts ? (const void *)values : NULL;
    return rv_ok();
}

rv_status case_builder_finish(struct arena *a, const struct case_builder *b,
                              const struct spot *spot, struct method_data *ret,
                              struct rv_err *reterr)
{
    struct method_values *columns = ARENA_NEW(a, struct method_values, b->count);
    if (!columns) {
        return arena_fail(a, reterr);
    }
    size_t rows = 0, given = 0;
    bool has_rows = false;
    for (size_t i = 0; i < b->count; i++) {
        const struct column_builder *column = &b->columns[i];
        columns[i] = (struct method_values){.width = 1};
        if (!column->heading) {
            RV_TRY(column->spec->is_optional ? rv_ok() : column_absent(column->spec, spot, reterr));
            continue;
        }
        given++;
        RV_TRY(column_finish(a, column, &columns[i], reterr));
        if (column->spec->shape != METHOD_SCALAR && !column->spec->along &&
            !column->is_one_for_all) {
            rows = length(&columns[i]);
            has_rows = true;
        }
    }
    for (size_t i = 0; i < b->count && !has_rows; i++) {
        rows = b->columns[i].is_one_for_all ? 1 : rows;
    }
    for (size_t i = 0; i < b->count && has_rows; i++) {
        RV_TRY(b->columns[i].is_one_for_all ? repeat(a, rows, &columns[i], reterr) : rv_ok());
    }
    RV_TRY(given > 0 ? rv_ok() : column_absent(b->columns[0].spec, spot, reterr));
    RV_TRY(check_lengths(b, columns, spot, reterr));
    *ret = (struct method_data){.columns = columns, .n = rows};
    return rv_ok();
}

/* --- CSV --- */

struct csv_reading {
    struct arena *a;
    struct input_file *file;
    struct case_builder columns;
    size_t *at;                  /* of each column: its cell; SIZE_MAX = absent */
    struct column_builder *rest; /* columns that only the reader knows: METHOD_REST */
    size_t *rest_at, rest_count;
    size_t cells;
    bool has_header;
};

static rv_status take_rest(struct csv_reading *r, size_t cell, char *name, struct rv_err *reterr)
{
    struct method_column *spec = ARENA_NEW(r->a, struct method_column, 1);
    if (!spec) {
        return arena_fail(r->a, reterr);
    }
    *spec = (struct method_column){
        .name = name, .type = METHOD_TEXT, .shape = METHOD_LIST, .is_optional = true};
    r->rest[r->rest_count] = (struct column_builder){.spec = spec, .heading = name};
    r->rest_at[r->rest_count++] = cell;
    return rv_ok();
}

/* Columns that the method does not name are kept for it, or listed as ignored. */
static rv_status take_others(struct csv_reading *r, const struct text *cells, size_t count,
                             const bool *is_used, struct rv_err *reterr)
{
    struct input_file *file = r->file;
    file->ignored = ARENA_NEW(r->a, const char *, count);
    r->rest = ARENA_NEW(r->a, struct column_builder, count);
    r->rest_at = ARENA_NEW(r->a, size_t, count);
    if (!file->ignored || !r->rest || !r->rest_at) {
        return arena_fail(r->a, reterr);
    }
    bool takes_rest = false;
    for (size_t i = 0; i < r->columns.count; i++) {
        takes_rest |= strcmp(r->columns.columns[i].spec->name, METHOD_REST) == 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (is_used[i]) {
            continue;
        }
        struct text heading = text_trim(cells[i]);
        char *name = arena_text(r->a, heading.at, heading.n);
        RV_TRY(name ? rv_ok() : arena_fail(r->a, reterr));
        if (takes_rest) {
            RV_TRY(take_rest(r, i, name, reterr));
        } else {
            file->ignored[file->ignored_count++] = name;
        }
    }
    return rv_ok();
}

static rv_status take_header(struct csv_reading *r, const struct text *cells, size_t count,
                             int64_t line, struct rv_err *reterr)
{
    struct input_file *file = r->file;
    r->at = ARENA_NEW(r->a, size_t, r->columns.count);
    bool *is_used = ARENA_NEW(r->a, bool, count);
    if (!r->at || !is_used) {
        return arena_fail(r->a, reterr);
    }
    for (size_t c = 0; c < r->columns.count; c++) {
        struct column_builder *column = &r->columns.columns[c];
        int best = 0;
        for (size_t i = 0; i < count; i++) {
            int match = column_match(column->spec, text_trim(cells[i]));
            if (match > 0 && match == best) {
                return rv_fail(reterr, RV_INVALID,
                               "%s, line %lld: column %zu is \"%s\" like an earlier one: rename or "
                               "remove one of them",
                               file->file, (long long)line, i + 1, column->spec->name);
            }
            if (match > 0 && (best == 0 || match < best)) {
                best = match;
                r->at[c] = i;
            }
        }
        if (best == 0) {
            r->at[c] = SIZE_MAX;
            continue;
        }
        struct text heading = text_trim(cells[r->at[c]]);
        file->headings[c] = column->heading = arena_text(r->a, heading.at, heading.n);
        RV_TRY(column->heading ? rv_ok() : arena_fail(r->a, reterr));
        is_used[r->at[c]] = true;
    }
    RV_TRY(take_others(r, cells, count, is_used, reterr));
    r->cells = count;
    r->has_header = true;
    return rv_ok();
}

static rv_status take_cell(struct csv_reading *r, struct column_builder *column, struct text bytes,
                           int64_t line, struct rv_err *reterr)
{
    struct cell cell = {.kind = CELL_TEXT, .text = bytes};
    struct spot spot = {.file = r->file->file, .line = line, .column = column->heading};
    return column_add(r->a, column, &cell, &spot, reterr);
}

static rv_status take_row(struct csv_reading *r, const struct text *cells, size_t count,
                          int64_t line, struct rv_err *reterr)
{
    if (count != r->cells) {
        return rv_fail(reterr, RV_INVALID,
                       "%s, line %lld: the row has %zu cells and the header %zu; put text that "
                       "holds a comma in quotes",
                       r->file->file, (long long)line, count, r->cells);
    }
    for (size_t c = 0; c < r->columns.count; c++) {
        if (r->at[c] != SIZE_MAX) {
            RV_TRY(take_cell(r, &r->columns.columns[c], cells[r->at[c]], line, reterr));
        }
    }
    for (size_t c = 0; c < r->rest_count; c++) {
        RV_TRY(take_cell(r, &r->rest[c], cells[r->rest_at[c]], line, reterr));
    }
    return rv_ok();
}

static rv_status take_block(struct csv_reading *r, const struct csv_block *block,
                            struct rv_err *reterr)
{
    struct arena cells;
    arena_init(&cells, LIMIT_ARENA_BYTES);
    struct csv_records records;
    rv_status status =
        csv_parse(&cells, block, &(struct csv_dialect){',', CSV_LF}, &records, reterr);
    for (size_t i = 0; i < records.count && rv_is_ok(status); i++) {
        const struct csv_record *record = &records.records[i];
        int64_t line = block->first_line + record->line_offset;
        const struct text *first = records.cells + record->first_cell;
        if (record->fault != CSV_FINE) {
            status = rv_fail(reterr, RV_INVALID, "%s, line %lld: %s", r->file->file,
                             (long long)line, csv_fault_sentence(record->fault));
        } else if (!r->has_header) {
            status = take_header(r, first, record->cells, line, reterr);
        } else {
            status = take_row(r, first, record->cells, line, reterr);
        }
    }
    arena_done(&cells);
    return status;
}

static rv_status read_csv(struct csv_reading *r, struct byte_source *source, struct rv_err *reterr)
{
    RV_CLEANUP(csv_splitter_closep) struct csv_splitter *splitter = NULL;
    RV_TRY(csv_splitter_open(source, &(struct csv_dialect){',', CSV_LF}, &splitter, reterr));
    for (;;) {
        struct csv_block block;
        RV_TRY(csv_splitter_next(splitter, &block, reterr));
        if (!block.bytes) {
            break;
        }
        rv_status status = take_block(r, &block, reterr);
        memory_free(block.bytes);
        RV_TRY(status);
    }
    struct input_file *file = r->file;
    struct spot spot = {.file = file->file, .line = 1};
    file->cases = ARENA_NEW(r->a, struct method_case, 1);
    if (!file->cases) {
        return arena_fail(r->a, reterr);
    }
    for (size_t i = 0; i < CASE_NAMES; i++) {
        file->cases[0].names[i].kind = CELL_MISSING;
    }
    file->case_count = 1;
    struct method_data *data = &file->cases[0].data;
    RV_TRY(case_builder_finish(r->a, &r->columns, &spot, data, reterr));
    struct method_rest *rest = ARENA_NEW(r->a, struct method_rest, r->rest_count + 1);
    if (!rest) {
        return arena_fail(r->a, reterr);
    }
    for (size_t i = 0; i < r->rest_count; i++) {
        rest[i].name = r->rest[i].heading;
        RV_TRY(column_finish(r->a, &r->rest[i], &rest[i].values, reterr));
        data->n = rest[i].values.n; /* a file may have none of the columns that have names */
    }
    data->rest = rest;
    data->rest_count = r->rest_count;
    return rv_ok();
}

/* --- which of the two --- */

static rv_status open_given(const struct method_file *given, struct byte_source **ret,
                            struct rv_err *reterr)
{
    return given->bytes.at ? source_open_text(given->path, given->bytes, ret, reterr)
                           : source_open(given->path, ret, reterr);
}

static rv_status looks_like_json(const struct method_file *given, bool *ret, struct rv_err *reterr)
{
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    RV_TRY(open_given(given, &source, reterr));
    char bytes[PEEK_BYTES];
    size_t n;
    RV_TRY(source_read(source, bytes, sizeof bytes, &n, reterr));
    size_t i = n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (i < n && strchr(" \t\r\n", bytes[i]) && bytes[i]) {
        i++;
    }
    *ret = i < n && (bytes[i] == '{' || bytes[i] == '[');
    return rv_ok();
}

static rv_status read_json(struct arena *a, struct byte_source *source, struct input_file *file,
                           struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf bytes;
    buf_init(&bytes, LIMIT_JSON_BYTES);
    for (;;) {
        size_t n;
        char *room = buf_room(&bytes, PEEK_BYTES);
        if (!room) {
            return rv_fail(reterr, RV_LIMIT, "%s is larger than the %zu MB a JSON file may have",
                           file->file, LIMIT_JSON_BYTES >> 20);
        }
        RV_TRY(source_read(source, room, PEEK_BYTES, &n, reterr));
        if (n == 0) {
            break;
        }
        buf_wrote(&bytes, n);
    }
    return input_read_json(a, buf_view(&bytes), file, reterr);
}

rv_status input_read(struct arena *a, const struct method_input *input,
                     const struct method_file *given, struct input_file *ret, struct rv_err *reterr)
{
    bool is_json;
    RV_TRY(looks_like_json(given, &is_json, reterr));
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    RV_TRY(open_given(given, &source, reterr));
    struct input_file file = {.input = input, .file = file_base_name(given->path)};
    file.headings = ARENA_NEW(a, const char *, column_total(input));
    if (!file.headings) {
        return arena_fail(a, reterr);
    }
    if (is_json) {
        RV_TRY(read_json(a, source, &file, reterr));
    } else {
        struct csv_reading r = {.a = a, .file = &file};
        RV_TRY(case_builder_init(a, input, &r.columns, reterr));
        rv_status status = read_csv(&r, source, reterr);
        case_builder_done(&r.columns);
        for (size_t i = 0; i < r.rest_count; i++) {
            column_done(&r.rest[i]);
        }
        RV_TRY(status);
    }
    RV_TRY(source_sha256(source, file.sha256, reterr));
    *ret = file;
    return rv_ok();
}
