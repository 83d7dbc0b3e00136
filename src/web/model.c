/* web/model.c — the tree of values that a page says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/model.h"

#include "base/json.h"

#include <math.h>

struct model_root {
    struct arena *arena;
    bool has_failed;
};

struct model {
    struct model_root *root;
    struct model_value *first, *last;
};

struct model_list {
    struct model_root *root;
    struct model_value *first, *last;
    size_t count;
};

struct model *model_new(struct arena *a)
{
    struct model_root *root = ARENA_NEW(a, struct model_root, 1);
    struct model *m = root ? ARENA_NEW(a, struct model, 1) : NULL;
    if (m) {
        root->arena = a;
        m->root = root;
    }
    return m;
}

static struct model_value *new_value(struct model_root *root, enum model_kind kind)
{
    struct model_value *v = ARENA_NEW(root->arena, struct model_value, 1);
    if (v) {
        v->kind = kind;
    } else {
        root->has_failed = true;
    }
    return v;
}

static struct model_value *put(struct model *m, const char *name, enum model_kind kind)
{
    struct model_value *v = m ? new_value(m->root, kind) : NULL;
    if (!v) {
        return NULL;
    }
    v->name = name;
    if (m->last) {
        m->last->next = v;
    } else {
        m->first = v;
    }
    m->last = v;
    return v;
}

static struct model_value *put_item(struct model_list *list, enum model_kind kind)
{
    struct model_value *v = list ? new_value(list->root, kind) : NULL;
    if (!v) {
        return NULL;
    }
    if (list->last) {
        list->last->next = v;
    } else {
        list->first = v;
    }
    list->last = v;
    list->count++;
    return v;
}

static struct model *new_object(struct model_root *root)
{
    struct model *m = ARENA_NEW(root->arena, struct model, 1);
    if (m) {
        m->root = root;
    } else {
        root->has_failed = true;
    }
    return m;
}

void model_slice(struct model *m, const char *name, struct text text)
{
    struct model_value *v = put(m, name, MODEL_TEXT);
    if (v) {
        v->text = text;
    }
}

void model_text(struct model *m, const char *name, const char *text)
{
    if (text) {
        model_slice(m, name, text_of(text));
    }
}

void model_int(struct model *m, const char *name, int64_t value)
{
    struct model_value *v = put(m, name, MODEL_INT);
    if (v) {
        v->number = value;
    }
}

void model_real(struct model *m, const char *name, double value)
{
    struct model_value *v = isfinite(value) ? put(m, name, MODEL_REAL) : NULL;
    if (v) {
        v->real = value;
    }
}

void model_bool(struct model *m, const char *name, bool value)
{
    struct model_value *v = put(m, name, MODEL_BOOL);
    if (v) {
        v->number = value;
    }
}

void model_html(struct model *m, const char *name, struct html_fragment fragment)
{
    struct model_value *v = put(m, name, MODEL_HTML);
    if (v) {
        v->text = fragment.markup;
    }
}

struct model *model_object(struct model *m, const char *name)
{
    struct model *object = m ? new_object(m->root) : NULL;
    struct model_value *v = object ? put(m, name, MODEL_OBJECT) : NULL;
    if (!v) {
        return NULL;
    }
    v->object = object;
    return object;
}

struct model_list *model_list(struct model *m, const char *name)
{
    struct model_list *list = m ? ARENA_NEW(m->root->arena, struct model_list, 1) : NULL;
    struct model_value *v = list ? put(m, name, MODEL_LIST) : NULL;
    if (!v) {
        if (m) {
            m->root->has_failed = true;
        }
        return NULL;
    }
    list->root = m->root;
    v->list = list;
    return list;
}

struct model *model_item(struct model_list *list)
{
    struct model *object = list ? new_object(list->root) : NULL;
    struct model_value *v = object ? put_item(list, MODEL_OBJECT) : NULL;
    if (!v) {
        return NULL;
    }
    v->object = object;
    return object;
}

void model_word(struct model_list *list, const char *text)
{
    struct model_value *v = put_item(list, MODEL_TEXT);
    if (v) {
        v->text = text_of(text);
    }
}

size_t model_list_count(const struct model_list *list)
{
    return list ? list->count : 0;
}

const struct model_value *model_find(const struct model *m, struct text name)
{
    const struct model_value *v = m ? m->first : NULL;
    while (v && !text_is(name, v->name)) {
        v = v->next;
    }
    return v;
}

const struct model_value *model_list_first(const struct model_list *list)
{
    return list ? list->first : NULL;
}

struct arena *model_arena(const struct model *m)
{
    return m->root->arena;
}

rv_status model_status(const struct model *m, struct rv_err *reterr)
{
    return m && !m->root->has_failed
               ? rv_ok()
               : rv_fail(reterr, RV_NO_MEMORY, "the page needs more memory than a request may use");
}

/* ---- JSON ---- */

static void write_object(struct json_writer *j, const char *name, const struct model *m);

static void write_value(struct json_writer *j, const struct model_value *v)
{
    switch (v->kind) {
    case MODEL_TEXT:
        json_put_text(j, v->name, v->text);
        return;
    case MODEL_INT:
        json_put_int(j, v->name, v->number);
        return;
    case MODEL_REAL:
        json_put_real(j, v->name, v->real);
        return;
    case MODEL_BOOL:
        json_put_bool(j, v->name, v->number != 0);
        return;
    case MODEL_HTML:
        return;
    case MODEL_OBJECT:
        write_object(j, v->name, v->object);
        return;
    case MODEL_LIST:
        json_put_array(j, v->name);
        for (const struct model_value *item = v->list->first; item; item = item->next) {
            write_value(j, item);
        }
        json_end_array(j);
        return;
    }
}

static void write_object(struct json_writer *j, const char *name, const struct model *m)
{
    json_put_object(j, name);
    for (const struct model_value *v = m->first; v; v = v->next) {
        write_value(j, v);
    }
    json_end_object(j);
}

rv_status model_json(const struct model *m, struct buf *out, struct rv_err *reterr)
{
    RV_TRY(model_status(m, reterr));
    struct json_writer j;
    json_writer_init(&j, out, false);
    write_object(&j, NULL, m);
    buf_char(out, '\n');
    return buf_status(out, reterr);
}
