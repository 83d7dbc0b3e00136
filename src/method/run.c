/* method/run.c — running a method: files to cases, cases to answers, answers to one JSON object.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "method/parts.h"

#include <stdio.h>
#include <stdlib.h>

#define MOST_INPUTS 6

double method_level(const struct method_call *call, const struct method_values *column,
                    const struct method_setting *option, size_t i)
{
    (void)call;
    return method_has(column, i) ? column->reals[i] : option->real;
}

/* --- groups --- */

struct keyed {
    const struct method_values *key;
};

static int compare_keys(const struct method_values *v, size_t a, size_t b)
{
    if (v->texts) {
        return strcmp(v->texts[a], v->texts[b]);
    }
    if (v->reals) {
        return (v->reals[a] > v->reals[b]) - (v->reals[a] < v->reals[b]);
    }
    return (v->counts[a] > v->counts[b]) - (v->counts[a] < v->counts[b]);
}

static int by_key(const void *left, const void *right, void *context)
{
    const struct keyed *k = context;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    int order = compare_keys(k->key, a, b);
    return order != 0 ? order : (a > b) - (a < b);
}

struct run_of_rows {
    size_t first, count; /* in the sorted rows; the row they start with is the earliest */
    size_t earliest;
};

static int by_earliest(const void *left, const void *right)
{
    const struct run_of_rows *a = left, *b = right;
    return (a->earliest > b->earliest) - (a->earliest < b->earliest);
}

rv_status method_group(struct method_call *call, const struct method_values *key, size_t n,
                       struct method_groups *ret, struct rv_err *reterr)
{
    struct arena *a = call->arena;
    size_t *sorted = ARENA_NEW(a, size_t, n + 1), *rows = ARENA_NEW(a, size_t, n + 1);
    size_t *first = ARENA_NEW(a, size_t, n + 2);
    struct run_of_rows *runs = ARENA_NEW(a, struct run_of_rows, n + 1);
    if (!sorted || !rows || !first || !runs) {
        return arena_fail(a, reterr);
    }
    size_t known = 0, count = 0;
    for (size_t i = 0; i < n; i++) {
        if (!key->is_given || method_has(key, i)) {
            sorted[known++] = i;
        }
    }
    if (key->is_given) {
        qsort_r(sorted, known, sizeof *sorted, by_key, &(struct keyed){key});
    }
    for (size_t i = 0; i < known; i++) {
        bool is_new = i == 0 || (key->is_given && compare_keys(key, sorted[i - 1], sorted[i]));
        if (is_new) {
            runs[count++] = (struct run_of_rows){i, 0, sorted[i]};
        }
        runs[count - 1].count++;
    }
    qsort(runs, count, sizeof *runs, by_earliest);
    for (size_t g = 0; g < count; g++) {
        memcpy(rows + first[g], sorted + runs[g].first, runs[g].count * sizeof *rows);
        first[g + 1] = first[g] + runs[g].count;
    }
    *ret = (struct method_groups){count, first, rows};
    if (known < n) {
        return method_note(call, reterr, "%zu row%s not say to which group %s and took no part",
                           n - known, n - known == 1 ? " does" : "s do",
                           n - known == 1 ? "it belongs" : "they belong");
    }
    return rv_ok();
}

/* --- files --- */

static size_t input_total(const struct method *m)
{
    size_t n = 0;
    while (m->inputs[n].name) {
        n++;
    }
    return n;
}

static rv_status place_of(const struct method *m, const struct method_file *file,
                          const struct method_file *const *taken, size_t *ret,
                          struct rv_err *reterr)
{
    size_t total = input_total(m), i = 0;
    while (i < total &&
           (file->input ? strcmp(file->input, m->inputs[i].name) != 0 : taken[i] != NULL)) {
        i++;
    }
    if (i == total) {
        return rv_fail(reterr, RV_USAGE,
                       "%s takes %zu input%s, and none of them is for '%s' ('reeve method show %s' "
                       "lists them)",
                       m->name, total, total == 1 ? "" : "s",
                       file->input ? file->input : file->path, m->name);
    }
    if (taken[i]) {
        return rv_fail(reterr, RV_USAGE, "%s takes one file for '%s'", m->name, m->inputs[i].name);
    }
    *ret = i;
    return rv_ok();
}

static rv_status read_files(struct arena *a, const struct method *m,
                            const struct method_file *files, size_t count, struct input_file *ret,
                            struct rv_err *reterr)
{
    const struct method_file *taken[MOST_INPUTS] = {NULL};
    for (size_t i = 0; i < count; i++) {
        size_t place;
        RV_TRY(place_of(m, &files[i], taken, &place, reterr));
        taken[place] = &files[i];
    }
    for (size_t i = 0; m->inputs[i].name; i++) {
        if (taken[i]) {
            RV_TRY(input_read(a, &m->inputs[i], taken[i], &ret[i], reterr));
        } else if (!m->inputs[i].is_optional) {
            return rv_fail(reterr, RV_USAGE, "%s needs --in %s%sFILE: %s", m->name,
                           i ? m->inputs[i].name : "", i ? "=" : "", m->inputs[i].what);
        }
        if (i > 0 && ret[i].case_count > 1 && ret[i].case_count != ret[0].case_count) {
            return rv_fail(reterr, RV_INVALID,
                           "%s has %zu cases and %s %zu: give one for all, or one for each",
                           ret[i].file, ret[i].case_count, ret[0].file, ret[0].case_count);
        }
    }
    return rv_ok();
}

/* An input that was not given: every column absent. */
static rv_status nothing_given(struct arena *a, const struct method_input *input,
                               struct method_data *ret, struct rv_err *reterr)
{
    struct method_values *columns = ARENA_NEW(a, struct method_values, column_total(input) + 1);
    if (!columns) {
        return arena_fail(a, reterr);
    }
    *ret = (struct method_data){.columns = columns};
    return rv_ok();
}

/* --- empty cells --- */

/* Column k of an input: its own, then those that only the reader knows. NULL after the last. */
static const struct method_values *column_of(const struct method_input *input,
                                             const struct method_data *data, size_t k,
                                             const char **ret_name)
{
    size_t total = column_total(input);
    if (k < total) {
        *ret_name = input->columns[k].name;
        return &data->columns[k];
    }
    if (k - total < data->rest_count) {
        *ret_name = data->rest[k - total].name;
        return &data->rest[k - total].values;
    }
    return NULL;
}

/* Whatever a method makes of them, the reader is told of empty cells. */
static rv_status note_empty(struct method_call *call, struct rv_err *reterr)
{
    const struct method_values *v;
    const char *name;
    for (size_t i = 0; call->method->inputs[i].name; i++) {
        const struct method_input *input = &call->method->inputs[i];
        for (size_t k = 0; (v = column_of(input, &call->in[i], k, &name)) != NULL; k++) {
            if (v->empty) {
                RV_TRY(method_note(
                    call, reterr, "%s, column \"%.80s\": %zu empty cell%s, the first in row %zu",
                    input->name, name, v->empty, v->empty == 1 ? "" : "s", v->first_empty));
            }
        }
    }
    return rv_ok();
}

/* A statistic that refuses does not know rows and columns: they are added to what it says. */
static rv_status say_empty(const struct method_call *call, rv_status status, struct rv_err *err)
{
    char where[400] = "";
    size_t n = 0;
    const struct method_values *v;
    const char *name;
    for (size_t i = 0; call->method->inputs[i].name; i++) {
        const struct method_input *input = &call->method->inputs[i];
        for (size_t k = 0; (v = column_of(input, &call->in[i], k, &name)) != NULL; k++) {
            if (v->empty && n < sizeof where - 100) {
                int wrote = snprintf(where + n, sizeof where - n, "%s%s, row %zu, column \"%.40s\"",
                                     n ? "; " : "", input->name, v->first_empty, name);
                n += wrote > 0 ? (size_t)wrote : 0;
            }
        }
    }
    if (n == 0 || (status.code != RV_DOMAIN && status.code != RV_INVALID)) {
        return status;
    }
    struct rv_err own = *err;
    return rv_fail(err, status.code, "%s (empty: %s)", own.message, where);
}

static rv_status run_case(struct arena *a, const struct method *m, const struct input_file *files,
                          size_t number, const struct method_setting *settings,
                          struct method_call *call, struct rv_err *reterr)
{
    size_t total = input_total(m);
    struct method_data *in = ARENA_NEW(a, struct method_data, total);
    if (!in) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < total; i++) {
        const struct input_file *f = &files[i];
        if (f->case_count == 0) {
            RV_TRY(nothing_given(a, &m->inputs[i], &in[i], reterr));
        } else {
            in[i] = f->cases[f->case_count > 1 ? number : 0].data;
        }
    }
    *call = (struct method_call){.method = m, .arena = a, .in = in, .options = settings};
    RV_TRY(result_open(a, call, reterr));
    rv_status status = m->run(call, reterr);
    return rv_is_ok(status) ? note_empty(call, reterr) : say_empty(call, status, reterr);
}

/* --- JSON --- */

static void file_json(const struct input_file *f, struct json_writer *j)
{
    json_put_object(j, NULL);
    json_put_string(j, "input", f->input->name);
    json_put_string(j, "file", f->file);
    json_put_string(j, "sha256", f->sha256);
    json_put_int(j, "rows", f->case_count == 1 ? (int64_t)f->cases[0].data.n : 0);
    json_put_int(j, "cases", (int64_t)f->case_count);
    json_put_object(j, "columns");
    for (size_t i = 0; f->input->columns[i].name; i++) {
        if (f->headings[i]) {
            json_put_string(j, f->input->columns[i].name, f->headings[i]);
        }
    }
    json_end_object(j);
    json_put_array(j, "ignored");
    for (size_t i = 0; i < f->ignored_count; i++) {
        json_put_string(j, NULL, f->ignored[i]);
    }
    json_end_array(j);
    json_end_object(j);
}

static void names_json(const struct method_case *one, struct json_writer *j)
{
    for (size_t i = 0; i < CASE_NAMES; i++) {
        const struct cell *name = &one->names[i];
        if (name->kind == CELL_TEXT) {
            json_put_text(j, case_names[i], name->text);
        } else if (name->kind == CELL_INTEGER) {
            json_put_int(j, case_names[i], name->integer);
        }
    }
}

/* A case with its answers, or why it has none. */
struct answered {
    struct method_call call;
    const char *why_not;
};

static void notes_json(const struct answered *cases, size_t count, struct json_writer *j)
{
    json_put_array(j, "notes");
    for (size_t c = 0; c < count; c++) {
        const char *const *notes;
        size_t n = result_notes(&cases[c].call, &notes);
        for (size_t i = 0; i < n; i++) {
            json_put_string(j, NULL, notes[i]);
        }
    }
    json_end_array(j);
}

static void answers_json(const struct input_file *first, const struct answered *cases,
                         struct json_writer *j)
{
    if (!first->is_list) {
        names_json(&first->cases[0], j);
        result_json(&cases[0].call, j);
        return;
    }
    json_put_array(j, "cases");
    for (size_t c = 0; c < first->case_count; c++) {
        json_put_object(j, NULL);
        json_put_int(j, "number", (int64_t)c + 1);
        names_json(&first->cases[c], j);
        if (cases[c].why_not) {
            json_put_string(j, "missing", cases[c].why_not);
        } else {
            result_json(&cases[c].call, j);
        }
        json_end_object(j);
    }
    json_end_array(j);
}

/* One case of a list without an answer does not cost the others theirs. */
static rv_status keep_going(struct arena *a, const struct input_file *first, rv_status status,
                            const char **ret_why, struct rv_err *reterr)
{
    struct rv_err err = *reterr;
    if (status.code != RV_DOMAIN) {
        return status;
    }
    if (!first->is_list) {
        return rv_fail(reterr, RV_DOMAIN, "%s: %s", first->file, err.message);
    }
    *ret_why = arena_text(a, err.message, strlen(err.message));
    return *ret_why ? rv_ok() : arena_fail(a, reterr);
}

static void all_json(const struct method *m, const struct method_setting *settings,
                     const struct input_file *inputs, const struct answered *cases, struct buf *out)
{
    struct json_writer j;
    json_writer_init(&j, out, true);
    j.digits = METHOD_DIGITS;
    json_put_object(&j, NULL);
    json_put_string(&j, "method", m->name);
    settings_json(m, settings, &j);
    json_put_array(&j, "inputs");
    for (size_t i = 0; m->inputs[i].name; i++) {
        if (inputs[i].case_count > 0) {
            file_json(&inputs[i], &j);
        }
    }
    json_end_array(&j);
    answers_json(&inputs[0], cases, &j);
    notes_json(cases, inputs[0].case_count, &j);
    json_end_object(&j);
}

rv_status method_run(struct arena *a, const struct method *m, const struct method_file *files,
                     size_t file_count, const struct method_word *options, size_t option_count,
                     struct buf *out, struct rv_err *reterr)
{
    struct method_setting *settings;
    RV_TRY(settings_read(a, m, options, option_count, &settings, reterr));
    struct input_file inputs[MOST_INPUTS] = {{0}};
    RV_TRY(read_files(a, m, files, file_count, inputs, reterr));
    size_t count = inputs[0].case_count;
    struct answered *cases = ARENA_NEW(a, struct answered, count);
    if (!cases) {
        return arena_fail(a, reterr);
    }
    for (size_t c = 0; c < count; c++) {
        struct rv_err err;
        rv_status status = run_case(a, m, inputs, c, settings, &cases[c].call, &err);
        if (!rv_is_ok(status)) {
            status = keep_going(a, &inputs[0], status, &cases[c].why_not, &err);
        }
        if (!rv_is_ok(status)) {
            if (reterr) {
                *reterr = err;
            }
            return status;
        }
    }
    all_json(m, settings, inputs, cases, out);
    return buf_status(out, reterr);
}
