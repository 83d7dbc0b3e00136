/* tests/method/test_registry.c — every row of the table of methods says what it must say.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "method/registry.h"
#include "report/method_card.h"

#include <jansson.h>

static struct rv_err err;

static void every_method_has_a_card_a_title_and_a_question(void **state)
{
    (void)state;
    CHECK(method_total() >= 8);
    for (size_t i = 0; i < method_total(); i++) {
        const struct method *m = method_at(i);
        if (method_card(method_card_name(m)).n == 0) {
            fail_msg("%s has no card docs/methods/%s.md", m->name, method_card_name(m));
        }
        CHECK(m->title && m->title[0] && m->answers && m->answers[0] && m->run);
        const struct method *found;
        CHECK_OK(method_find(m->name, &found, &err));
        CHECK(found == m); /* so no name is there twice */
    }
    const struct method *none = NULL;
    CHECK_FAILS(method_find("wilsons", &none, &err), RV_NOT_FOUND);
    CHECK(none == NULL && strstr(err.message, "wilson"));
}

static void check_columns(const struct method *m, const struct method_input *in)
{
    for (const struct method_column *c = in->columns; c->name; c++) {
        CHECK(c->what && c->what[0]);
        CHECK(c->type != METHOD_CHOICE && c->type != METHOD_TEXTS);
        for (const struct method_column *d = in->columns; d < c; d++) {
            if (strcmp(c->name, d->name) == 0) {
                fail_msg("%s has the column %s twice", m->name, c->name);
            }
        }
    }
    CHECK(in->columns[0].name != NULL);
}

static void inputs_options_and_outputs_are_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < method_total(); i++) {
        const struct method *m = method_at(i);
        CHECK(!m->inputs[0].is_optional);
        for (const struct method_input *in = m->inputs; in->name; in++) {
            CHECK(in->what && in->what[0]);
            check_columns(m, in);
        }
        for (const struct method_option *o = m->options; o && o->name; o++) {
            CHECK(o->what && o->what[0]);
            CHECK((o->type == METHOD_CHOICE) == (o->choices != NULL));
        }
        CHECK(m->outputs[0].name != NULL);
        for (const struct method_output *o = m->outputs; o->name; o++) {
            CHECK(o->place && o->unit && o->what && o->what[0]);
            CHECK(strcmp(o->name, "missing") != 0); /* the member that holds the reasons */
            for (const struct method_output *p = m->outputs; p < o; p++) {
                bool same_place = strcmp(p->place, o->place) == 0;
                if (same_place && strcmp(p->name, o->name) == 0) {
                    fail_msg("%s has the output %s twice", m->name, o->name);
                }
                if (same_place && strcmp((o - 1)->place, o->place) != 0) {
                    fail_msg("%s: outputs of '%s' do not stand together", m->name, o->place);
                }
            }
        }
    }
}

static void descriptions_are_JSON_with_the_same_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < method_total(); i++) {
        const struct method *m = method_at(i);
        struct buf out;
        buf_init(&out, 1 << 20);
        method_show_json(m, &out);
        CHECK_OK(buf_status(&out, &err));
        json_t *root = json_loadb(out.bytes, out.n, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(root);
        CHECK_STRING(json_string_value(json_object_get(root, "name")), m->name);
        json_t *inputs = json_object_get(root, "inputs");
        json_t *columns = json_object_get(json_array_get(inputs, 0), "columns");
        CHECK(json_array_size(columns) > 0);
        CHECK_STRING(json_string_value(json_object_get(json_array_get(columns, 0), "name")),
                     m->inputs[0].columns[0].name);
        json_decref(root);
        buf_clear(&out);
        method_show_text(m, &out);
        CHECK_OK(buf_status(&out, &err));
        CHECK(strstr(out.bytes, m->outputs[0].name) != NULL);
        buf_done(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_method_has_a_card_a_title_and_a_question),
        cmocka_unit_test(inputs_options_and_outputs_are_whole),
        cmocka_unit_test(descriptions_are_JSON_with_the_same_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
