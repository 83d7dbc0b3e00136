/* ingest/suggest_profile.c — a proposal as the profile that an import takes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest.h"

struct building {
    struct arena *a;
    const struct proposal *p;
    struct profile *out;
    struct rv_err *err;
};

static const char *header_of(const struct building *b, size_t column)
{
    return b->p->facts[column].header;
}

static rv_status one_header(struct building *b, size_t column, const char *const **ret)
{
    const char **list = ARENA_NEW(b->a, const char *, 1);
    if (!list) {
        return arena_fail(b->a, b->err);
    }
    list[0] = header_of(b, column);
    *ret = list;
    return rv_ok();
}

/* Values that are one of ours already need no line; missing ones are listed as missing, unless
 * they are parts of a list, where they add nothing. */
static rv_status put_map(struct building *b, const struct value_map *map, bool is_list,
                         const struct profile_pair **ret, size_t *ret_count)
{
    struct profile_pair *list = ARENA_NEW(b->a, struct profile_pair, map->count + 1);
    size_t n = 0;
    if (!list) {
        return arena_fail(b->a, b->err);
    }
    for (size_t i = 0; i < map->count; i++) {
        const struct mapped_value *m = &map->values[i];
        bool is_said = m->ours && (*m->ours ? !text_is(m->theirs, m->ours) : is_list);
        if (is_said) {
            list[n++] = (struct profile_pair){m->theirs, text_of(m->ours)};
        }
    }
    *ret = list;
    *ret_count = n;
    return rv_ok();
}

static rv_status put_missing(struct building *b, const struct suggestion *s,
                             struct profile_column *c)
{
    struct text *list = ARENA_NEW(b->a, struct text, s->missing_count + 1);
    if (!list) {
        return arena_fail(b->a, b->err);
    }
    for (size_t i = 0; i < s->missing_count; i++) {
        list[i] = text_of(s->missing[i]);
    }
    c->missing = list;
    c->missing_count = s->missing_count;
    return rv_ok();
}

static rv_status put_also(struct building *b, const struct suggestion *s, struct profile_column *c)
{
    struct profile_also *list = ARENA_NEW(b->a, struct profile_also, s->also_count + 1);
    if (!list) {
        return arena_fail(b->a, b->err);
    }
    for (size_t i = 0; i < s->also_count; i++) {
        list[i].from = header_of(b, s->also[i].column);
        RV_TRY(put_map(b, &s->also[i].map, true, &list[i].map, &list[i].map_count));
    }
    c->also = list;
    c->also_count = s->also_count;
    return rv_ok();
}

static rv_status put_year(struct building *b, const struct suggestion *s, struct profile_column *c)
{
    if (!s->is_label || !s->year) {
        return rv_ok();
    }
    struct profile_year *y = ARENA_NEW(b->a, struct profile_year, 1);
    if (!y) {
        return arena_fail(b->a, b->err);
    }
    y->name = s->year;
    y->lone = s->lone;
    (void)period_rule_named(text_of(s->year), &y->rule);
    c->year = y;
    return rv_ok();
}

static rv_status put_column(struct building *b, const struct suggestion *s,
                            struct profile_column *c)
{
    *c = (struct profile_column){.name = s->kc->name, .from_count = 1, .unit = s->unit};
    RV_TRY(one_header(b, s->column, &c->from));
    c->format = s->format && *s->format ? s->format : NULL;
    /* Records without their reference get one from file and line. */
    const char *made = b->p->kind->made;
    c->is_optional = made && strcmp(made, s->kc->name) == 0 &&
                     b->p->facts[s->column].filled < b->p->facts[s->column].rows;
    c->is_band = s->is_band;
    c->is_only_mapped = s->is_only_mapped;
    c->precision = s->is_date_only ? PROFILE_DATE : PROFILE_AS_WRITTEN;
    RV_TRY(put_year(b, s, c));
    if (s->time_column != SUGGEST_NONE) {
        RV_TRY(one_header(b, s->time_column, &c->time_from));
        c->time_from_count = 1;
        c->time_format = s->time_format;
    }
    RV_TRY(put_missing(b, s, c));
    RV_TRY(put_map(b, &s->map, s->is_list, &c->map, &c->map_count));
    return put_also(b, s, c);
}

static rv_status put_columns(struct building *b)
{
    const struct proposal *p = b->p;
    struct profile_column *columns = ARENA_NEW(b->a, struct profile_column, p->count + 1);
    struct profile_pair *constants = ARENA_NEW(b->a, struct profile_pair, p->count + 1);
    if (!columns || !constants) {
        return arena_fail(b->a, b->err);
    }
    for (size_t i = 0; i < p->count; i++) {
        const struct suggestion *s = &p->list[i];
        if (!s->is_taken) {
            continue;
        }
        if (s->column == SUGGEST_NONE) {
            constants[b->out->constant_count++] =
                (struct profile_pair){text_of(s->kc->name), text_of(s->constant)};
        } else {
            RV_TRY(put_column(b, s, &columns[b->out->column_count++]));
        }
    }
    b->out->columns = columns;
    b->out->constants = constants;
    return rv_ok();
}

/* Headers that the wide table has beside its values: a further one would be a finer level. */
static rv_status put_wide(struct building *b)
{
    const struct proposal *p = b->p;
    if (!p->periods && p->wide_count == 0) {
        return rv_ok();
    }
    struct profile_wide *w = ARENA_NEW(b->a, struct profile_wide, 1);
    const char **id = ARENA_NEW(b->a, const char *, p->sample->columns + 1);
    struct profile_wide_column *columns =
        ARENA_NEW(b->a, struct profile_wide_column, p->wide_count + 1);
    if (!w || !id || !columns) {
        return arena_fail(b->a, b->err);
    }
    for (size_t i = 0; i < p->sample->columns && p->periods; i++) {
        bool is_month = true;
        for (size_t k = 0; k < p->count; k++) {
            is_month = is_month && p->list[k].column != i;
        }
        for (size_t k = 0; k < p->aside_count; k++) {
            is_month = is_month && p->aside[k].column != i;
        }
        if (!is_month && *header_of(b, i)) {
            id[w->id_count++] = header_of(b, i);
        }
    }
    for (size_t i = 0; i < p->wide_count; i++) {
        columns[i] = (struct profile_wide_column){
            .from_count = 1, .set = p->wide[i].set, .set_count = p->wide[i].set_count};
        RV_TRY(one_header(b, p->wide[i].column, &columns[i].from));
    }
    w->id = id;
    w->value = p->value->name;
    w->periods = p->periods;
    w->columns = columns;
    w->column_count = p->wide_count;
    w->total = p->total_column == SUGGEST_NONE ? NULL : header_of(b, p->total_column);
    b->out->wide = w;
    return rv_ok();
}

/* Each open question as the option that answers it. */
static rv_status refuse_open(struct arena *a, const struct proposal *p, struct rv_err *reterr)
{
    const char *list = "";
    for (size_t i = 0; i < p->question_count && list; i++) {
        const struct question *q = &p->questions[i];
        if (!q->is_hard) {
            continue;
        }
        list = arena_printf(a, "%s%s", list, *list ? "; " : "");
        for (size_t k = 0; list && k < (q->choice_count < 3 ? q->choice_count : 3); k++) {
            list = arena_printf(a, "%s%s--answer \"%.80s=%.80s\"", list, k ? " or " : "", q->key,
                                q->choices[k].value);
        }
        if (list && q->choice_count == 0) {
            list = arena_printf(a, "%s--answer \"%.80s=…\" (%.200s)", list, q->key, q->text);
        }
    }
    if (!list) {
        return arena_fail(a, reterr);
    }
    return rv_fail(
        reterr, RV_REFUSED,
        "the file cannot tell everything, so no profile was written: %zu %s open. Answer "
        "with %.800s",
        p->hard_count, p->hard_count == 1 ? "question is" : "questions are", list);
}

static void put_form(const struct proposal *p, const struct suggest_options *options,
                     struct profile *out)
{
    const struct form *f = options->form;
    out->separator = ',';
    if (!f) {
        return;
    }
    out->separator = f->dialect.separator;
    out->has_separator = f->dialect.separator != ',';
    out->line_end = f->dialect.line_end == CSV_CR ? PROFILE_CR : PROFILE_LF;
    out->has_line_end = f->dialect.line_end == CSV_CR;
    out->sheet = p->has_sheet ? f->choice.sheet : NULL;
    out->encoding = f->encoding && strcmp(f->encoding, "utf-8") != 0 ? f->encoding : NULL;
}

rv_status suggest_profile(struct arena *a, const struct proposal *p,
                          const struct suggest_options *options, struct profile *ret,
                          struct rv_err *reterr)
{
    if (p->hard_count) {
        return refuse_open(a, p, reterr);
    }
    struct profile out = {.id = p->name,
                          .title = p->title ? p->title : p->name,
                          .version = 1,
                          .kind = p->kind,
                          .supplier = p->supplier,
                          .supplier_kind = p->supplier_kind,
                          .decimal = p->decimal,
                          .thousands = p->thousands,
                          .is_utc = p->is_utc,
                          .key = p->kind->key,
                          .refresh = p->refresh,
                          .keeps_duplicates = p->keeps_duplicates};
    struct building b = {a, p, &out, reterr};
    put_form(p, options, &out);
    while (out.key[out.key_count]) {
        out.key_count++;
    }
    RV_TRY(put_columns(&b));
    RV_TRY(put_wide(&b));
    if (out.column_count == 0) {
        return rv_fail(reterr, RV_REFUSED, "no column of the file was taken: nothing to write");
    }
    *ret = out;
    return rv_ok();
}
