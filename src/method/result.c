/* method/result.c — the answers of one case: tables of values, each there or missing for a reason.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "method/parts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#define MOST_TABLES 12
#define MOST_NOTES  64

const size_t method_same_rows = 0;

struct answer {
    enum {
        ANSWER_NONE,
        ANSWER_REAL,
        ANSWER_WHOLE,
        ANSWER_FLAG,
        ANSWER_TEXT,
        ANSWER_TEXTS,
        ANSWER_DATE,
        ANSWER_MISSING
    } kind;
    uint32_t n; /* of texts */
    union {
        double real;
        int64_t whole;
        const char *text; /* or why it is missing */
        const char *const *texts;
    } as;
};

struct method_table {
    const char *place;
    const struct method_output *outputs; /* of this place */
    size_t first, width;                 /* their places in method.outputs */
    size_t n;
    const size_t *from;
    struct answer *answers; /* n x width */
};

struct method_result {
    struct method_table tables[MOST_TABLES];
    size_t count;
    const char *notes[MOST_NOTES];
    size_t note_count;
};

rv_status result_open(struct arena *a, struct method_call *call, struct rv_err *reterr)
{
    call->result = ARENA_NEW(a, struct method_result, 1);
    return call->result ? rv_ok() : arena_fail(a, reterr);
}

rv_status method_open(struct method_call *call, const char *place, size_t n, const size_t *from,
                      struct method_table **ret, struct rv_err *reterr)
{
    const struct method_output *outputs = call->method->outputs;
    size_t first = 0, width = 0;
    while (outputs[first].name && strcmp(outputs[first].place, place) != 0) {
        first++;
    }
    while (outputs[first + width].name && strcmp(outputs[first + width].place, place) == 0) {
        width++;
    }
    struct method_result *r = call->result;
    if (width == 0 || r->count == MOST_TABLES) {
        return rv_fail(reterr, RV_LIMIT, "%s has no place '%s' for an answer", call->method->name,
                       place);
    }
    struct method_table *t = &r->tables[r->count];
    *t = (struct method_table){place, outputs + first, first, width, n, from, NULL};
    t->answers = arena_new(call->arena, n * width + 1, sizeof *t->answers);
    if (!t->answers) {
        return arena_fail(call->arena, reterr);
    }
    r->count++;
    *ret = t;
    return rv_ok();
}

static struct answer *at(struct method_table *t, size_t row, size_t output)
{
    return &t->answers[row * t->width + (output - t->first)];
}

void method_put(struct method_table *t, size_t row, size_t output, double value)
{
    *at(t, row, output) = isfinite(value) ? (struct answer){.kind = ANSWER_REAL, .as.real = value}
                                          : (struct answer){.kind = ANSWER_MISSING};
}

void method_put_count(struct method_table *t, size_t row, size_t output, int64_t value)
{
    *at(t, row, output) = (struct answer){.kind = ANSWER_WHOLE, .as.whole = value};
}

void method_put_flag(struct method_table *t, size_t row, size_t output, bool value)
{
    *at(t, row, output) = (struct answer){.kind = ANSWER_FLAG, .as.whole = value};
}

void method_put_text(struct method_table *t, size_t row, size_t output, const char *value)
{
    *at(t, row, output) = (struct answer){.kind = ANSWER_TEXT, .as.text = value};
}

void method_put_texts(struct method_table *t, size_t row, size_t output, const char *const *values,
                      size_t n)
{
    *at(t, row, output) =
        (struct answer){.kind = ANSWER_TEXTS, .n = (uint32_t)n, .as.texts = values};
}

void method_put_date(struct method_table *t, size_t row, size_t output, int64_t value)
{
    *at(t, row, output) = (struct answer){.kind = ANSWER_DATE, .as.whole = value};
}

void method_miss(struct method_table *t, size_t row, size_t output, const char *reason)
{
    *at(t, row, output) = (struct answer){.kind = ANSWER_MISSING, .as.text = reason};
}

void method_put_if(struct method_table *t, size_t row, size_t output, bool has, double value,
                   const char *reason)
{
    if (has) {
        method_put(t, row, output, value);
    } else {
        method_miss(t, row, output, reason);
    }
}

void method_miss_row(struct method_table *t, size_t row, const char *reason)
{
    for (size_t i = 0; i < t->width; i++) {
        struct answer *answer = &t->answers[row * t->width + i];
        if (answer->kind == ANSWER_NONE) {
            *answer = (struct answer){.kind = ANSWER_MISSING, .as.text = reason};
        }
    }
}

rv_status method_miss_domain(struct method_call *call, struct method_table *t, size_t row,
                             rv_status status, const struct rv_err *err, struct rv_err *reterr)
{
    if (status.code != RV_DOMAIN) {
        if (reterr) {
            *reterr = *err;
        }
        return status;
    }
    char *reason = arena_text(call->arena, err->message, strlen(err->message));
    if (!reason) {
        return arena_fail(call->arena, reterr);
    }
    method_miss_row(t, row, reason);
    return rv_ok();
}

rv_status method_note(struct method_call *call, struct rv_err *reterr, const char *format, ...)
{
    char note[1024];
    va_list values;
    va_start(values, format);
    (void)vsnprintf(note, sizeof note, format, values);
    va_end(values);
    struct method_result *r = call->result;
    for (size_t i = 0; i < r->note_count; i++) {
        if (strcmp(r->notes[i], note) == 0) {
            return rv_ok();
        }
    }
    if (r->note_count == MOST_NOTES) {
        return rv_ok();
    }
    char *copy = arena_text(call->arena, note, strlen(note));
    if (!copy) {
        return arena_fail(call->arena, reterr);
    }
    r->notes[r->note_count++] = copy;
    return rv_ok();
}

size_t result_notes(const struct method_call *call, const char *const **ret)
{
    *ret = call->result->notes;
    return call->result->note_count;
}

const char *result_unmarked(const struct method_call *call)
{
    for (size_t k = 0; k < call->result->count; k++) {
        const struct method_table *t = &call->result->tables[k];
        for (size_t i = 0; i < t->n * t->width; i++) {
            const struct answer *answer = &t->answers[i];
            if (answer->kind == ANSWER_NONE ||
                (answer->kind == ANSWER_MISSING && !answer->as.text)) {
                return t->outputs[i % t->width].name;
            }
        }
    }
    return NULL;
}

/* --- as JSON --- */

static void date_json(struct json_writer *j, const struct method_output *output, int64_t value)
{
    char text[24];
    bool is_date = output->type == METHOD_DATE;
    int64_t seconds = is_date ? value * 86400 : value;
    civil_write(civil_pack(seconds, is_date ? CIVIL_DATE : CIVIL_SECOND), text);
    json_put_string(j, output->name, text);
}

static void answer_json(struct json_writer *j, const struct method_output *output,
                        const struct answer *answer)
{
    switch (answer->kind) {
    case ANSWER_REAL:
        json_put_real(j, output->name, answer->as.real);
        return;
    case ANSWER_WHOLE:
        json_put_int(j, output->name, answer->as.whole);
        return;
    case ANSWER_FLAG:
        json_put_bool(j, output->name, answer->as.whole != 0);
        return;
    case ANSWER_TEXT:
        json_put_string(j, output->name, answer->as.text);
        return;
    case ANSWER_TEXTS:
        json_put_array(j, output->name);
        for (uint32_t i = 0; i < answer->n; i++) {
            json_put_string(j, NULL, answer->as.texts[i]);
        }
        json_end_array(j);
        return;
    case ANSWER_DATE:
        date_json(j, output, answer->as.whole);
        return;
    case ANSWER_NONE:
    case ANSWER_MISSING:
        json_put_null(j, output->name);
        return;
    }
}

static void missing_json(struct json_writer *j, const struct method_table *t, size_t row)
{
    bool is_open = false;
    for (size_t i = 0; i < t->width; i++) {
        const struct answer *answer = &t->answers[row * t->width + i];
        if (answer->kind != ANSWER_NONE && answer->kind != ANSWER_MISSING) {
            continue;
        }
        if (!is_open) {
            json_put_object(j, "missing");
            is_open = true;
        }
        bool has_reason = answer->kind == ANSWER_MISSING && answer->as.text;
        json_put_string(j, t->outputs[i].name,
                        has_reason ? answer->as.text : "it is not a finite number");
    }
    if (is_open) {
        json_end_object(j);
    }
}

static bool is_output(const struct method_table *t, const char *name)
{
    for (size_t i = 0; i < t->width; i++) {
        if (strcmp(t->outputs[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void input_json(struct json_writer *j, const struct method_column *column,
                       const struct method_values *v, size_t i)
{
    if (!method_has(v, i)) {
        json_put_null(j, column->name);
    } else if (v->texts) {
        json_put_string(j, column->name, v->texts[i]);
    } else if (v->reals) {
        json_put_real(j, column->name, v->reals[i]);
    } else if (column->type == METHOD_FLAG) {
        json_put_bool(j, column->name, v->counts[i] != 0);
    } else if (column->type == METHOD_DATE || column->type == METHOD_TIME) {
        date_json(j, &(struct method_output){.name = column->name, .type = column->type},
                  v->counts[i]);
    } else {
        json_put_int(j, column->name, v->counts[i]);
    }
}

/* The columns of the input row beside its answer. */
static void echo_json(struct json_writer *j, const struct method_call *call,
                      const struct method_table *t, size_t row)
{
    size_t i = t->from == METHOD_SAME_ROWS ? row : t->from[row];
    const struct method_column *columns = call->method->inputs[0].columns;
    json_put_int(j, "row", (int64_t)i + 1);
    for (size_t c = 0; columns[c].name; c++) {
        const struct method_values *v = &call->in[0].columns[c];
        if (v->is_given && columns[c].shape <= METHOD_SPREAD && !columns[c].along &&
            !is_output(t, columns[c].name)) {
            input_json(j, &columns[c], v, i);
        }
    }
}

static void row_json(struct json_writer *j, const struct method_call *call,
                     const struct method_table *t, size_t row)
{
    if (t->from) {
        echo_json(j, call, t, row);
    }
    for (size_t i = 0; i < t->width; i++) {
        answer_json(j, &t->outputs[i], &t->answers[row * t->width + i]);
    }
    missing_json(j, t, row);
}

static void table_json(struct json_writer *j, const struct method_call *call,
                       const struct method_table *t)
{
    if (t->place[0] == '\0') {
        row_json(j, call, t, 0);
        return;
    }
    if (t->place[0] == '=') {
        json_put_object(j, t->place + 1);
        row_json(j, call, t, 0);
        json_end_object(j);
        return;
    }
    json_put_array(j, t->place);
    for (size_t row = 0; row < t->n; row++) {
        json_put_object(j, NULL);
        row_json(j, call, t, row);
        json_end_object(j);
    }
    json_end_array(j);
}

void result_json(const struct method_call *call, struct json_writer *j)
{
    for (size_t k = 0; k < call->result->count; k++) {
        table_json(j, call, &call->result->tables[k]);
    }
}
