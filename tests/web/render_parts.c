/* tests/web/render_parts.c — a page made of the parts of web/templates, for test_components.py.
 *
 * stdin: [{"template": "{{>part/tag text=\"x\"}}", "model": {}}, …]; stdout: ["<strong …", …].
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/asset.h"
#include "web/template.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

extern const struct asset templates_assets[];
extern const size_t templates_assets_count;

static void put_value(struct model *m, const char *name, const json_t *v);

static void put_items(struct model_list *list, const json_t *array)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *v = json_array_get(array, i);
        if (json_is_string(v)) {
            model_word(list, json_string_value(v));
            continue;
        }
        struct model *item = model_item(list);
        const char *key;
        json_t *value;
        json_object_foreach((json_t *)(uintptr_t)v, key, value)
        {
            put_value(item, key, value);
        }
    }
}

static void put_value(struct model *m, const char *name, const json_t *v)
{
    if (json_is_string(v)) {
        model_text(m, name, json_string_value(v));
    } else if (json_is_boolean(v)) {
        model_bool(m, name, json_is_true(v));
    } else if (json_is_integer(v)) {
        model_int(m, name, json_integer_value(v));
    } else if (json_is_array(v)) {
        put_items(model_list(m, name), v);
    }
}

static rv_status render(const json_t *task, struct arena *a, struct buf *out, struct rv_err *reterr)
{
    size_t count = templates_assets_count;
    struct template_source *sources = ARENA_NEW(a, struct template_source, count + 1);
    struct template_set *set;
    struct model *m = model_new(a);
    if (!sources || !m) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) { /* "templates/part/tag.html" */
        const char *name = templates_assets[i].name + strlen("templates/");
        sources[i] = (struct template_source){arena_text(a, name, strlen(name) - strlen(".html")),
                                              asset_text(&templates_assets[i])};
    }
    sources[count] = (struct template_source){
        "test", text_of(json_string_value(json_object_get(task, "template")))};
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(task, "model"), key, value)
    {
        put_value(m, key, value);
    }
    RV_TRY(template_compile(a, sources, count + 1, &set, reterr));
    return template_render(set, "test", m, out, reterr);
}

int main(void)
{
    json_error_t fault;
    json_t *tasks = json_loadf(stdin, 0, &fault), *pages = json_array();
    if (!tasks) {
        (void)fprintf(stderr, "no JSON: %s\n", fault.text);
        return 2;
    }
    for (size_t i = 0; i < json_array_size(tasks); i++) {
        struct rv_err err = {.message = ""};
        struct arena a;
        struct buf out;
        arena_init(&a, (size_t)64 << 20);
        buf_init(&out, (size_t)1 << 20);
        if (!rv_is_ok(render(json_array_get(tasks, i), &a, &out, &err))) {
            (void)fprintf(stderr, "page %zu: %s\n", i, err.message);
            return 1;
        }
        json_array_append_new(pages, json_stringn(out.n ? out.bytes : "", out.n));
        buf_done(&out);
        arena_done(&a);
    }
    (void)json_dumpf(pages, stdout, 0);
    json_decref(pages);
    json_decref(tasks);
    return 0;
}
