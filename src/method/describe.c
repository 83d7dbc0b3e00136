/* method/describe.c — finding a method and saying what it takes and gives.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "method/parts.h"

#include <stdio.h>

/* One a line, so that a new family is a line of its own. */
static const struct method *const families[] = {
    method_proportions, /* clang-format off */
    method_standard,
    method_norm,
    method_comparison,
    method_change,
    method_harm,
    method_people,
    method_time,
    method_clock,
    method_circle,
    method_series,
    method_alerts,
    method_survey,
    method_place,
    method_control,
    method_displacement,
    method_concentration, /* clang-format on */
};

#define FAMILIES (sizeof families / sizeof families[0])

const struct method *method_at(size_t i)
{
    for (size_t f = 0; f < FAMILIES; f++) {
        for (const struct method *m = families[f]; m->name; m++) {
            if (i-- == 0) {
                return m;
            }
        }
    }
    return NULL;
}

size_t method_total(void)
{
    size_t n = 0;
    while (method_at(n)) {
        n++;
    }
    return n;
}

rv_status method_find(const char *name, const struct method **ret, struct rv_err *reterr)
{
    char known[900] = "";
    size_t n = 0;
    const struct method *m;
    for (size_t i = 0; (m = method_at(i)) != NULL; i++) {
        if (strcmp(m->name, name) == 0) {
            *ret = m;
            return rv_ok();
        }
        int wrote = n < sizeof known ? snprintf(known + n, sizeof known - n, " %s", m->name) : 0;
        n += wrote > 0 ? (size_t)wrote : 0;
    }
    return rv_fail(reterr, RV_NOT_FOUND, "there is no method '%s'; there are:%s", name, known);
}

const char *method_card_name(const struct method *m)
{
    return m->card ? m->card : m->name;
}

void method_list_text(struct buf *out)
{
    const struct method *m;
    for (size_t i = 0; (m = method_at(i)) != NULL; i++) {
        buf_printf(out, "%-20s %s\n", m->name, m->answers);
    }
}

void method_list_json(struct buf *out)
{
    struct json_writer j;
    json_writer_init(&j, out, true);
    json_put_array(&j, NULL);
    const struct method *m;
    for (size_t i = 0; (m = method_at(i)) != NULL; i++) {
        json_put_object(&j, NULL);
        json_put_string(&j, "name", m->name);
        json_put_string(&j, "title", m->title);
        json_put_string(&j, "answers", m->answers);
        json_put_string(&j, "card", method_card_name(m));
        json_end_object(&j);
    }
    json_end_array(&j);
}

/* "reference|ref" as a JSON list. */
static void words_json(struct json_writer *j, const char *key, const char *words)
{
    json_put_array(j, key);
    struct text rest = text_of(words);
    while (rest.n) {
        json_put_text(j, NULL, text_split(rest, '|', &rest));
    }
    json_end_array(j);
}

static const char *shape_name(enum method_shape shape)
{
    static const char *const names[] = {[METHOD_LIST] = "list",
                                        [METHOD_SPREAD] = "list or one value",
                                        [METHOD_SCALAR] = "scalar",
                                        [METHOD_MATRIX] = "matrix"};
    return names[shape];
}

static void inputs_json(const struct method *m, struct json_writer *j)
{
    json_put_array(j, "inputs");
    for (const struct method_input *in = m->inputs; in->name; in++) {
        json_put_object(j, NULL);
        json_put_string(j, "name", in->name);
        json_put_bool(j, "required", !in->is_optional);
        json_put_string(j, "what", in->what);
        json_put_array(j, "columns");
        for (const struct method_column *c = in->columns; c->name; c++) {
            json_put_object(j, NULL);
            json_put_string(j, "name", c->name);
            words_json(j, "aliases", c->aliases);
            json_put_string(j, "type", type_name(c->type));
            json_put_string(j, "shape", shape_name(c->shape));
            json_put_bool(j, "required", !c->is_optional);
            json_put_string(j, "what", c->what);
            json_end_object(j);
        }
        json_end_array(j);
        json_end_object(j);
    }
    json_end_array(j);
}

static void options_json(const struct method *m, struct json_writer *j)
{
    json_put_array(j, "options");
    for (const struct method_option *o = m->options; o && o->name; o++) {
        json_put_object(j, NULL);
        json_put_string(j, "name", o->name);
        json_put_string(j, "type", type_name(o->type));
        json_put_string(j, "default", o->standard);
        if (o->choices) {
            words_json(j, "choices", o->choices);
        }
        if (o->least != 0 || o->most != 0) {
            json_put_real(j, "least", o->least);
            json_put_real(j, "most", o->most);
        }
        json_put_string(j, "what", o->what);
        json_end_object(j);
    }
    json_end_array(j);
}

/* Where an answer stands: in the case itself, in one object, or in each object of a list. */
static void place_json(struct json_writer *j, const char *place)
{
    bool is_object = place[0] == '=' || place[0] == '\0';
    json_put_string(j, "in", place[0] == '=' ? place + 1 : place);
    json_put_bool(j, "repeated", !is_object);
}

void method_show_json(const struct method *m, struct buf *out)
{
    struct json_writer j;
    json_writer_init(&j, out, true);
    json_put_object(&j, NULL);
    json_put_string(&j, "name", m->name);
    json_put_string(&j, "title", m->title);
    json_put_string(&j, "answers", m->answers);
    json_put_string(&j, "card", method_card_name(m));
    inputs_json(m, &j);
    options_json(m, &j);
    json_put_array(&j, "outputs");
    for (const struct method_output *o = m->outputs; o->name; o++) {
        json_put_object(&j, NULL);
        json_put_string(&j, "name", o->name);
        place_json(&j, o->place);
        json_put_string(&j, "type", type_name(o->type));
        json_put_string(&j, "unit", o->unit);
        json_put_string(&j, "what", o->what);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
}

static void columns_text(const struct method_input *in, struct buf *out)
{
    for (const struct method_column *c = in->columns; c->name; c++) {
        buf_printf(out, "  %-16s %-8s %s%s", c->name, type_name(c->type),
                   c->is_optional ? "(optional) " : "", c->what);
        if (c->aliases) {
            buf_text(out, "; also called ");
            struct text rest = text_of(c->aliases);
            while (rest.n) {
                buf_slice(out, text_split(rest, '|', &rest));
                buf_text(out, rest.n ? ", " : "");
            }
        }
        buf_char(out, '\n');
    }
}

void method_show_text(const struct method *m, struct buf *out)
{
    for (const struct method_input *in = m->inputs; in->name; in++) {
        buf_printf(out, "Input %s%s: %s\n", in->name, in->is_optional ? " (optional)" : "",
                   in->what);
        columns_text(in, out);
        buf_char(out, '\n');
    }
    if (m->options && m->options->name) {
        buf_text(out, "Options\n");
    }
    for (const struct method_option *o = m->options; o && o->name; o++) {
        buf_printf(out, "  %-16s %-8s %s", o->name, type_name(o->type), o->what);
        if (o->choices) {
            buf_printf(out, " (%s)", o->choices);
        }
        buf_printf(out, "; default %s\n", o->standard ? o->standard : "none");
    }
    buf_printf(out, "%sOutputs\n", m->options && m->options->name ? "\n" : "");
    for (const struct method_output *o = m->outputs; o->name; o++) {
        bool is_object = o->place[0] == '=' || o->place[0] == '\0';
        buf_printf(out, "  %s%s%-16s %-8s %s%s%s\n", o->place[0] == '=' ? o->place + 1 : o->place,
                   o->place[0] == '\0' ? ""
                   : is_object         ? "."
                                       : "[].",
                   o->name, type_name(o->type), o->what, o->unit[0] ? ", " : "", o->unit);
    }
}
