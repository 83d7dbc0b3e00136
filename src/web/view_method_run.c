/* web/view_method_run.c — a statistic run on a table that was pasted or sent as a file: reeve
 * method run, as a page. SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parse.h"
#include "method/registry.h"
#include "report/method_card.h"
#include "web/app_internal.h"
#include "web/gate.h"
#include "web/upload.h"
#include "web/views.h"

#include <jansson.h>
#include <string.h>

#define MOST_GIVEN      16   /* inputs, and options, of a method */
#define MOST_REPLICATES 9999 /* of drawing by chance, on a page */
#define FILE_BYTES                                                                                 \
    ((size_t)200 * 1000)  /* of one that is sent: a method has no other limit of time */
#define SHOWN_ROWS   1000 /* of one table */
#define SHOWN_TABLES 50   /* of many cases */
#define ANSWER_BYTES ((size_t)16 << 20)

rv_status view_methods(struct call *c, struct rv_err *reterr)
{
    struct model_list *list = model_list(c->model, "methods");
    for (size_t i = 0; i < method_total(); i++) {
        const struct method *m = method_at(i);
        struct model *row = model_item(list);
        model_text(row, "name", m->name);
        model_text(row, "title", m->title);
        model_text(row, "answers", m->answers);
    }
    return model_status(c->model, reterr);
}

/* ---- the form ---- */

static const char *type_words(enum method_type type)
{
    static const char *const words[] = {[METHOD_COUNT] = "whole number from 0",
                                        [METHOD_INTEGER] = "whole number",
                                        [METHOD_REAL] = "number",
                                        [METHOD_AMOUNT] = "number from 0",
                                        [METHOD_LEVEL] = "0.95 or 95%",
                                        [METHOD_FLAG] = "true or false",
                                        [METHOD_DATE] = "date, 2026-03-31",
                                        [METHOD_TIME] = "time, 2026-03-31T22:15",
                                        [METHOD_TEXT] = "text",
                                        [METHOD_CHOICE] = "one of the words",
                                        [METHOD_TEXTS] = "texts"};
    return words[type];
}

static bool put_columns(struct model *m, const struct method_input *input)
{
    struct model_list *columns = model_list(m, "columns");
    bool is_json_only = false;
    for (const struct method_column *column = input->columns; column->name; column++) {
        struct model *row = model_item(columns);
        bool is_rest = strcmp(column->name, METHOD_REST) == 0;
        model_text(row, "name", is_rest ? "any other column" : column->name);
        model_text(row, "type", type_words(column->type));
        model_text(row, "what", column->what);
        model_bool(row, "is-optional", column->is_optional || is_rest);
        is_json_only = is_json_only || (column->shape == METHOD_MATRIX && !column->is_optional);
    }
    model_bool(m, "is-json-only", is_json_only);
    return is_json_only;
}

static void put_choices(struct model *m, const char *choices, struct text chosen)
{
    struct model_list *list = model_list(m, "choices");
    struct text rest = text_of(choices);
    while (rest.n > 0) {
        struct model *choice = model_item(list);
        struct text word = text_split(rest, '|', &rest);
        model_slice(choice, "word", word);
        model_bool(choice, "selected", text_equal(word, chosen));
    }
}

static const char *field_of(struct call *c, const char *kind, const char *name)
{
    return arena_printf(c->arena, "%s-%s", kind, name);
}

static struct text given_at(struct call *c, const char *field)
{
    return field ? call_form(c, field) : (struct text){NULL, 0};
}

/* What is said above and below the field of a table that is pasted. */
static void put_input_words(struct call *c, struct model *m, const struct method_input *in,
                            bool is_json_only)
{
    model_text(
        m, "label",
        arena_printf(c->arena, "Table: %s%s", in->name, in->is_optional ? " (optional)" : ""));
    model_text(m, "hint",
               arena_printf(c->arena, "%s. %s; at most about 60,000 characters.", in->what,
                            is_json_only ? "As JSON"
                                         : "Paste it from a spreadsheet or as CSV, with its "
                                           "header, or as JSON"));
}

static const char *option_hint(struct call *c, const struct method_option *o)
{
    return arena_printf(c->arena, "%s%s%s%s%s%s", o->what ? o->what : "", o->what ? "; " : "",
                        type_words(o->type), o->standard ? "; " : "",
                        o->standard ? o->standard : "", o->standard ? " when left empty" : "");
}

static rv_status put_form(struct call *c, const struct method *m, struct rv_err *reterr)
{
    model_text(c->model, "name", m->name);
    model_text(c->model, "title", m->title);
    model_text(c->model, "answers", m->answers);
    model_text(c->model, "card", method_card_name(m));
    struct model_list *inputs = model_list(c->model, "inputs");
    for (const struct method_input *in = m->inputs; in->name; in++) {
        struct model *row = model_item(inputs);
        const char *field = field_of(c, "in", in->name);
        model_text(row, "field", field);
        model_text(row, "input", in->name);
        model_text(row, "what", in->what);
        model_bool(row, "is-optional", in->is_optional);
        model_bool(row, "selected", text_is(call_form(c, "file-input"), in->name));
        model_slice(row, "given", given_at(c, field));
        put_input_words(c, row, in, put_columns(row, in));
    }
    model_bool(c->model, "takes-files", c->app->upload_dir != NULL);
    model_bool(c->model, "has-several", m->inputs[0].name && m->inputs[1].name);
    struct model_list *options = model_list(c->model, "options");
    for (const struct method_option *o = m->options; o && o->name; o++) {
        struct model *row = model_item(options);
        const char *field = field_of(c, "opt", o->name);
        struct text given = given_at(c, field);
        model_text(row, "field", field);
        model_text(row, "option", o->name);
        model_text(row, "type", type_words(o->type));
        model_text(row, "what", o->what);
        model_text(row, "standard", o->standard);
        model_text(row, "hint", option_hint(c, o));
        model_slice(row, "given", given);
        model_bool(row, "has-choices", o->choices != NULL);
        if (o->choices) {
            put_choices(row, o->choices, given.n ? given : text_of(o->standard ? o->standard : ""));
        }
    }
    return model_status(c->model, reterr);
}

static rv_status find(struct call *c, const struct method **ret, struct rv_err *reterr)
{
    const char *name = arena_text(c->arena, c->arguments[0].at, c->arguments[0].n);
    return name && rv_is_ok(method_find(name, ret, NULL)) ? rv_ok() : call_not_there(c, reterr);
}

rv_status view_method_run(struct call *c, struct rv_err *reterr)
{
    const struct method *m = NULL;
    RV_TRY(find(c, &m, reterr));
    return put_form(c, m, reterr);
}

/* ---- what was given ---- */

/* What a spreadsheet puts on the clipboard is parted by tabs. */
static rv_status as_csv(struct call *c, struct text pasted, struct text *ret, struct rv_err *reterr)
{
    struct text rest = pasted, first = text_split(pasted, '\n', &rest);
    if (!first.at || !memchr(first.at, '\t', first.n)) {
        *ret = pasted;
        return rv_ok();
    }
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, ANSWER_BYTES);
    rest = pasted;
    while (rest.n > 0) {
        struct text line = text_split(rest, '\n', &rest);
        for (bool is_first = true; is_first || line.n > 0; is_first = false) {
            buf_text(&out, is_first ? "" : ",");
            buf_csv(&out, text_split(line, '\t', &line));
        }
        buf_char(&out, '\n');
    }
    RV_TRY(buf_status(&out, reterr));
    const char *kept = arena_text(c->arena, out.bytes, out.n);
    *ret = (struct text){kept, out.n};
    return kept ? rv_ok() : arena_fail(c->arena, reterr);
}

struct given {
    struct method_file files[MOST_GIVEN + 1]; /* those that were pasted and one that was sent */
    struct method_word words[MOST_GIVEN];
    size_t file_count, word_count;
};

/* The file that came with the form, as the table that the form says; a table comes once. */
static rv_status take_file(struct call *c, const struct method *m, struct given *ret,
                           struct rv_err *reterr)
{
    const struct upload *u = c->request->upload;
    const struct method_input *in = m->inputs;
    if (!u || !u->form.file_name[0]) {
        return rv_ok();
    }
    if (u->fate != UPLOAD_FINE && u->fate != UPLOAD_TOO_LARGE) { /* which upload_read tells */
        return rv_fail(reterr, RV_INVALID, "The file did not arrive whole: send it again");
    }
    while (in->name && !text_is(call_form(c, "file-input"), in->name)) {
        in++;
    }
    in = in->name ? in : m->inputs;
    for (size_t i = 0; i < ret->file_count; i++) {
        if (ret->files[i].input == in->name) {
            return rv_fail(reterr, RV_USAGE,
                           "The table %s was pasted and sent as a file: give it once", in->name);
        }
    }
    struct method_file *file = &ret->files[ret->file_count];
    struct text bytes;
    RV_TRY(upload_read(u, c->arena, FILE_BYTES, &bytes, reterr));
    const char *name = arena_text(c->arena, u->form.file_name, strlen(u->form.file_name));
    *file = (struct method_file){.input = in->name, .path = name};
    ret->file_count++;
    return name ? as_csv(c, bytes, &file->bytes, reterr) : arena_fail(c->arena, reterr);
}

static rv_status take(struct call *c, const struct method *m, struct given *ret,
                      struct rv_err *reterr)
{
    *ret = (struct given){.file_count = 0};
    for (const struct method_input *in = m->inputs; in->name; in++) {
        struct text pasted = given_at(c, field_of(c, "in", in->name));
        if (text_trim(pasted).n > 0 && ret->file_count < MOST_GIVEN) {
            struct method_file *file = &ret->files[ret->file_count++];
            *file = (struct method_file){.input = in->name, .path = in->name};
            RV_TRY(as_csv(c, pasted, &file->bytes, reterr));
        }
    }
    for (const struct method_option *o = m->options; o && o->name; o++) {
        struct text typed = text_trim(given_at(c, field_of(c, "opt", o->name)));
        int64_t n;
        if (typed.n == 0 || ret->word_count == MOST_GIVEN) {
            continue;
        }
        if (strcmp(o->name, "replicates") == 0 && parse_int(typed, &n) && n > MOST_REPLICATES) {
            return rv_fail(reterr, RV_LIMIT,
                           "On this page replicates are at most %d: the command reeve method run "
                           "takes more",
                           MOST_REPLICATES);
        }
        const char *value = arena_text(c->arena, typed.at, typed.n);
        if (!value) {
            return arena_fail(c->arena, reterr);
        }
        ret->words[ret->word_count++] = (struct method_word){o->name, value};
    }
    return rv_ok();
}

/* ---- the answer ---- */

static const char *value_words(struct call *c, const json_t *v)
{
    if (json_is_string(v)) {
        return arena_text(c->arena, json_string_value(v), json_string_length(v));
    }
    if (json_is_integer(v)) {
        return arena_printf(c->arena, "%lld", (long long)json_integer_value(v));
    }
    if (json_is_real(v)) {
        return arena_printf(c->arena, "%.6g", json_real_value(v));
    }
    if (json_is_boolean(v)) {
        return json_is_true(v) ? "yes" : "no";
    }
    size_t n = json_dumpb(v, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY);
    char *words = ARENA_NEW(c->arena, char, n + 1);
    if (words) {
        (void)json_dumpb(v, words, n, JSON_COMPACT | JSON_ENCODE_ANY);
        words[n] = '\0';
    }
    return words;
}

/* The value of a name, or why it is not there. */
static void put_value(struct call *c, struct model *m, const json_t *row, const char *name)
{
    const json_t *v = json_object_get(row, name);
    if (v && !json_is_null(v)) {
        model_text(m, "text", value_words(c, v));
        model_bool(m, "is-number", json_is_number(v));
        return;
    }
    const char *why = json_string_value(json_object_get(json_object_get(row, "missing"), name));
    model_bool(m, "is-missing", true);
    model_text(m, "text", why ? arena_text(c->arena, why, strlen(why)) : "not available");
}

static void put_pairs(struct call *c, struct model_list *parts, const char *name,
                      const json_t *object)
{
    struct model *part = model_item(parts);
    model_text(part, "part", name);
    struct model_list *pairs = model_list(part, "pairs");
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (strcmp(key, "missing") != 0 && !json_is_array(value) && !json_is_object(value)) {
            struct model *pair = model_item(pairs);
            model_text(pair, "key", arena_text(c->arena, key, strlen(key)));
            put_value(c, pair, object, key);
        }
    }
}

static void put_rows(struct call *c, struct model_list *parts, const char *name, const json_t *list)
{
    struct model *part = model_item(parts);
    model_text(part, "part", name);
    model_text(part, "label", arena_printf(c->arena, "Answer: %s", name));
    struct model *table = model_object(part, "table");
    struct model_list *heads = model_list(table, "heads"), *rows = model_list(table, "rows");
    const json_t *first = json_array_get(list, 0);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)first, key, value)
    {
        if (strcmp(key, "missing") != 0) {
            model_word(heads, arena_text(c->arena, key, strlen(key)));
        }
    }
    size_t total = json_array_size(list);
    for (size_t i = 0; i < total && i < SHOWN_ROWS; i++) {
        struct model_list *cells = model_list(model_item(rows), "cells");
        for (const struct model_value *h = model_list_first(heads); h; h = h->next) {
            put_value(c, model_item(cells), json_array_get(list, i), h->text.at);
        }
    }
    model_bool(table, "is-cut", total > SHOWN_ROWS);
}

static void put_case(struct call *c, struct model_list *parts, const json_t *answer)
{
    static const char *const aside[] = {"method", "options", "inputs", "notes", "missing", "cases"};
    const char *key;
    json_t *value;
    struct model *single = NULL;
    struct model_list *pairs = NULL;
    json_object_foreach((json_t *)(uintptr_t)answer, key, value)
    {
        bool is_aside = false;
        for (size_t i = 0; i < sizeof aside / sizeof *aside; i++) {
            is_aside = is_aside || strcmp(key, aside[i]) == 0;
        }
        const char *name = arena_text(c->arena, key, strlen(key));
        if (is_aside || !name) {
            continue;
        }
        if (json_is_array(value) && json_is_object(json_array_get(value, 0))) {
            put_rows(c, parts, name, value);
        } else if (json_is_object(value)) {
            put_pairs(c, parts, name, value);
        } else if (!json_is_array(value) || json_array_size(value) > 0) {
            single = single ? single : model_item(parts);
            pairs = pairs ? pairs : model_list(single, "pairs");
            struct model *pair = model_item(pairs);
            model_text(pair, "key", name);
            put_value(c, pair, answer, key);
        }
    }
}

static rv_status put_answer(struct call *c, struct text json, struct rv_err *reterr)
{
    json_error_t fault;
    json_t *answer = json_loadb(json.at, json.n, 0, &fault);
    if (!answer) {
        return rv_fail(reterr, RV_DAMAGED, "the answer of the method does not read");
    }
    model_bool(c->model, "has-answer", true);
    struct model_list *parts = model_list(c->model, "parts");
    const json_t *cases = json_object_get(answer, "cases");
    put_case(c, parts, answer);
    for (size_t i = 0; i < json_array_size(cases) && i < SHOWN_TABLES; i++) {
        put_case(c, parts, json_array_get(cases, i));
    }
    struct model_list *notes = model_list(c->model, "notes");
    const json_t *said = json_object_get(answer, "notes");
    for (size_t i = 0; i < json_array_size(said); i++) {
        model_word(notes, value_words(c, json_array_get(said, i)));
    }
    json_decref(answer);
    return model_status(c->model, reterr);
}

static rv_status run(struct call *c, const struct method *m, const struct given *given,
                     struct buf *out, struct rv_err *reterr)
{
    RV_TRY(gate_enter(GATE_ALL_PROCESSORS, reterr));
    rv_status status = method_run(c->arena, m, given->files, given->file_count, given->words,
                                  given->word_count, out, reterr);
    gate_leave(GATE_ALL_PROCESSORS);
    return rv_is_ok(status) ? buf_status(out, reterr) : status;
}

rv_status post_method_run(struct call *c, struct rv_err *reterr)
{
    const struct method *m = NULL;
    struct given given;
    struct rv_err err = {.code = RV_OK};
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, ANSWER_BYTES);
    RV_TRY(find(c, &m, reterr));
    call_show(c, "method-run");
    rv_status status = take(c, m, &given, &err);
    if (rv_is_ok(status)) {
        status = take_file(c, m, &given, &err);
    }
    if (rv_is_ok(status)) {
        status = run(c, m, &given, &out, &err);
    }
    bool is_theirs = status.code == RV_USAGE || status.code == RV_INVALID ||
                     status.code == RV_DOMAIN || status.code == RV_LIMIT || status.code == RV_BUSY;
    if (!rv_is_ok(status) && !is_theirs) {
        if (reterr) {
            *reterr = err;
        }
        return status;
    }
    if (is_theirs) {
        bool is_of_file = c->request->upload && c->request->upload->form.file_name[0];
        call_fault_of(c, is_of_file ? "file" : field_of(c, "in", m->inputs[0].name), status.code,
                      err.message);
    } else {
        RV_TRY(put_answer(c, buf_view(&out), reterr));
    }
    return put_form(c, m, reterr);
}
