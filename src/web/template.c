/* web/template.c — taking the steps of a template with the values of a model.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/template_internal.h"

struct scope {
    const struct model *object;     /* NULL when the item is a text */
    const struct model_value *item; /* of "." */
    const struct scope *outer;
    const struct step *given; /* a part that sees its parameters and nothing else, or NULL */
    const struct scope *giver;
};

struct renderer {
    const struct template_set *set;
    struct buf *out;
    unsigned depth;
    struct rv_err *reterr;
};

static const struct model_value *look_up(const struct scope *scope, struct text name);

static const struct model_value *find_given(const struct scope *scope, struct text name)
{
    for (size_t i = 0; i < scope->given->parameter_count; i++) {
        const struct parameter *p = &scope->given->parameters[i];
        if (text_equal(p->name, name)) {
            return p->path.n > 0 ? look_up(scope->giver, p->path) : &p->literal;
        }
    }
    return NULL;
}

static const struct model_value *look_up(const struct scope *scope, struct text name)
{
    if (text_is(name, ".")) {
        return scope->item;
    }
    struct text rest, first = text_split(name, '.', &rest);
    const struct model_value *v = NULL;
    for (; scope && !v; scope = scope->outer) {
        v = scope->given ? find_given(scope, first) : model_find(scope->object, first);
    }
    while (v && rest.n > 0) {
        first = text_split(rest, '.', &rest);
        v = v->kind == MODEL_OBJECT ? model_find(v->object, first) : NULL;
    }
    return v;
}

static bool is_there(const struct model_value *v)
{
    if (!v) {
        return false;
    }
    switch (v->kind) {
    case MODEL_TEXT:
    case MODEL_HTML:
        return v->text.n > 0;
    case MODEL_INT:
    case MODEL_BOOL:
        return v->number != 0;
    case MODEL_LIST:
        return model_list_count(v->list) > 0;
    case MODEL_REAL:
    case MODEL_OBJECT:
        return true;
    }
    return false;
}

static bool write_value(struct buf *out, const struct model_value *v)
{
    switch (v->kind) {
    case MODEL_TEXT:
        buf_html(out, v->text);
        return true;
    case MODEL_HTML:
        buf_slice(out, v->text);
        return true;
    case MODEL_INT:
        buf_int(out, v->number);
        return true;
    case MODEL_REAL:
        buf_real(out, v->real);
        return true;
    case MODEL_BOOL:
    case MODEL_OBJECT:
    case MODEL_LIST:
        return false;
    }
    return false;
}

static rv_status take_steps(struct renderer *r, const struct template *t, size_t from, size_t to,
                            const struct scope *scope);

static rv_status take_section(struct renderer *r, const struct template *t, size_t at,
                              const struct scope *scope)
{
    const struct step *s = &t->steps[at];
    const struct model_value *v = look_up(scope, s->text);
    if (is_there(v) == (s->kind == STEP_WITHOUT)) {
        return rv_ok();
    }
    if (s->kind == STEP_SECTION && v->kind == MODEL_LIST) {
        for (const struct model_value *i = model_list_first(v->list); i; i = i->next) {
            struct scope inner = {
                .object = i->kind == MODEL_OBJECT ? i->object : NULL, .item = i, .outer = scope};
            RV_TRY(take_steps(r, t, at + 1, s->end, &inner));
        }
        return rv_ok();
    }
    struct scope inner = {.item = v, .outer = scope};
    if (s->kind == STEP_SECTION && v->kind == MODEL_OBJECT) {
        inner.object = v->object;
    }
    return take_steps(r, t, at + 1, s->end, s->kind == STEP_SECTION ? &inner : scope);
}

static rv_status take_part(struct renderer *r, const struct step *s, const struct scope *scope)
{
    const struct template *part = &r->set->templates[s->part];
    struct scope own = {.given = s, .giver = scope};
    return take_steps(r, part, 0, part->count, s->parameter_count ? &own : scope);
}

static rv_status take_steps(struct renderer *r, const struct template *t, size_t from, size_t to,
                            const struct scope *scope)
{
    if (++r->depth > 2 * TEMPLATE_DEPTH) {
        return rv_fail(r->reterr, RV_LIMIT, "template %s: parts lie too deep inside each other",
                       t->name);
    }
    for (size_t i = from; i < to; i++) {
        const struct step *s = &t->steps[i];
        const struct model_value *v;
        switch (s->kind) {
        case STEP_TEXT:
            buf_slice(r->out, s->text);
            break;
        case STEP_VALUE:
            v = look_up(scope, s->text);
            if (!v || !write_value(r->out, v)) {
                return rv_fail(r->reterr, RV_INVALID, "template %s, line %u: '%.*s' has no value",
                               t->name, s->line, (int)s->text.n, s->text.at);
            }
            break;
        case STEP_PART:
            RV_TRY(take_part(r, s, scope));
            break;
        case STEP_SECTION:
        case STEP_WITHOUT:
            RV_TRY(take_section(r, t, i, scope));
            i = s->end - 1;
            break;
        }
    }
    r->depth--;
    return buf_status(r->out, r->reterr);
}

rv_status template_render(const struct template_set *set, const char *name, const struct model *m,
                          struct buf *out, struct rv_err *reterr)
{
    RV_TRY(model_status(m, reterr));
    size_t at;
    if (!template_find(set, text_of(name), &at)) {
        return rv_fail(reterr, RV_NOT_FOUND, "there is no template '%s'", name);
    }
    const struct template *t = &set->templates[at];
    struct renderer r = {set, out, 0, reterr};
    struct scope scope = {.object = m};
    return take_steps(&r, t, 0, t->count, &scope);
}
