/* web/template_compile.c — templates to lists of steps; where a hole may stand.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/template_internal.h"

#include <stdlib.h>
#include <string.h>

/* Where in a page a hole would stand. */
struct place {
    bool is_in_tag, has_name; /* between < and >; after the first letter of the name */
    char quote;               /* of the attribute's value, or 0 */
    bool is_after_equals;
    bool is_raw; /* of script or style: between their tags nothing may be filled in */
};

struct compiler {
    struct arena *arena;
    const struct template_source *source;
    struct text rest;
    unsigned line;
    struct step *steps;
    size_t count, capacity;
    size_t open[TEMPLATE_DEPTH]; /* sections that are open */
    struct place places[TEMPLATE_DEPTH];
    size_t depth;
    struct place place;
};

static rv_status refuse(const struct compiler *c, struct rv_err *reterr, const char *what)
{
    return rv_fail(reterr, RV_INVALID, "template %s, line %u: %s", c->source->name, c->line, what);
}

static bool begins_raw(struct text after_bracket)
{
    return text_starts(after_bracket, "script") || text_starts(after_bracket, "style");
}

static bool is_space(char ch)
{
    return ch == ' ' || ch == '\n' || ch == '\t';
}

/* Follows the markup of a run of text as far as is needed to know where a hole would stand. */
static void follow(struct place *p, struct text run)
{
    for (size_t i = 0; i < run.n; i++) {
        char ch = run.at[i];
        struct text next = {run.at + i + 1, run.n - i - 1};
        if (!p->is_in_tag) {
            p->is_in_tag = ch == '<' && (!p->is_raw || text_starts(next, "/"));
            p->has_name = false;
            p->is_raw = p->is_in_tag ? begins_raw(next) : p->is_raw;
        } else if (p->quote) {
            p->quote = ch == p->quote ? '\0' : p->quote;
        } else if (ch == '>') {
            *p = (struct place){.is_raw = p->is_raw};
        } else if (ch == '"' || ch == '\'') {
            p->quote = ch;
            p->is_after_equals = false;
        } else {
            p->has_name = true;
            p->is_after_equals = ch == '=' || (p->is_after_equals && is_space(ch));
        }
    }
}

static bool may_hold_value(const struct place *p)
{
    return p->is_in_tag ? p->quote != '\0' : !p->is_raw;
}

/* A section may also stand between the attributes of an element. */
static bool may_hold_section(const struct place *p)
{
    return p->is_in_tag ? p->quote || (p->has_name && !p->is_after_equals) : !p->is_raw;
}

static bool is_same_place(const struct place *a, const struct place *b)
{
    return a->is_in_tag == b->is_in_tag && a->quote == b->quote && a->is_raw == b->is_raw &&
           a->is_after_equals == b->is_after_equals;
}

static struct step *add(struct compiler *c, enum step_kind kind, struct text text)
{
    /* `capacity` counts every brace of the source: there are never more steps. */
    c->steps[c->count] = (struct step){.kind = kind, .text = text, .line = c->line};
    return &c->steps[c->count++];
}

static void count_lines(struct compiler *c, struct text run)
{
    for (size_t i = 0; i < run.n; i++) {
        c->line += run.at[i] == '\n';
    }
}

static bool is_name(struct text name)
{
    if (name.n == 0 || name.at[0] == '.' || name.at[name.n - 1] == '.') {
        return text_is(name, ".");
    }
    for (size_t i = 0; i < name.n; i++) {
        char ch = name.at[i];
        bool is_word = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
                       (ch >= '0' && ch <= '9') || ch == '_' || ch == '-' || ch == '/';
        bool is_dot = ch == '.' && name.at[i - 1] != '.';
        if (!is_word && !is_dot) {
            return false;
        }
    }
    return true;
}

static rv_status open_section(struct compiler *c, enum step_kind kind, struct text name,
                              struct rv_err *reterr)
{
    if (!may_hold_section(&c->place)) {
        return refuse(c, reterr, "a section cannot stand here: put it around an attribute or text");
    }
    if (c->depth == TEMPLATE_DEPTH) {
        return refuse(c, reterr, "sections lie too deep inside each other");
    }
    c->places[c->depth] = c->place;
    c->open[c->depth++] = c->count;
    add(c, kind, name);
    return rv_ok();
}

static rv_status close_section(struct compiler *c, struct text name, struct rv_err *reterr)
{
    if (c->depth == 0 || !text_equal(c->steps[c->open[c->depth - 1]].text, name)) {
        return refuse(c, reterr, "a section is closed that is not the one open last");
    }
    c->depth--;
    /* Whether the section is taken or not, what follows must stand in the same place. */
    if (!is_same_place(&c->place, &c->places[c->depth])) {
        return refuse(c, reterr, "a section ends in another place of the markup than it began");
    }
    c->steps[c->open[c->depth]].end = c->count;
    return rv_ok();
}

/* ---- parts and what they are given ---- */

static struct text skip_space(struct text t)
{
    while (t.n > 0 && is_space(t.at[0])) {
        t = (struct text){t.at + 1, t.n - 1};
    }
    return t;
}

/* As far as a white space or one of `ends`; *t is what is left. */
static struct text take_word(struct text *t, const char *ends)
{
    size_t n = 0;
    while (n < t->n && !is_space(t->at[n]) && !memchr(ends, t->at[n], strlen(ends))) {
        n++;
    }
    struct text word = {t->at, n};
    *t = (struct text){t->at + n, t->n - n};
    return word;
}

/* name="words" or name=path at the start of *t. */
static bool take_parameter(struct text *t, struct parameter *ret)
{
    *ret = (struct parameter){.name = take_word(t, "=")};
    if (!is_name(ret->name) || !text_starts(*t, "=")) {
        return false;
    }
    *t = (struct text){t->at + 1, t->n - 1};
    if (!text_starts(*t, "\"")) {
        ret->path = take_word(t, "\"=");
        return is_name(ret->path) && (t->n == 0 || is_space(t->at[0]));
    }
    struct text words = {t->at + 1, t->n - 1};
    size_t n = 0;
    while (n < words.n && words.at[n] != '"') {
        n++;
    }
    ret->literal = (struct model_value){.kind = MODEL_TEXT, .text = {words.at, n}};
    *t = (struct text){words.at + n + (n < words.n), words.n - n - (n < words.n)};
    return n < words.n && (t->n == 0 || is_space(t->at[0]));
}

/* "part/input id="name" value=given": the words after the sign. */
static rv_status take_part(struct compiler *c, struct text words, struct rv_err *reterr)
{
    struct text rest = words, name = take_word(&rest, "");
    size_t most = 1;
    for (size_t i = 0; i < rest.n; i++) {
        most += rest.at[i] == '=';
    }
    struct parameter *parameters = ARENA_NEW(c->arena, struct parameter, most);
    size_t count = 0;
    if (!parameters) {
        return arena_fail(c->arena, reterr);
    }
    for (rest = skip_space(rest); rest.n > 0; rest = skip_space(rest)) {
        if (!take_parameter(&rest, &parameters[count++])) {
            return refuse(c, reterr, "a part is given name=\"words\" or name=value");
        }
    }
    if (!is_name(name)) {
        return refuse(c, reterr, "a tag without a proper name");
    }
    if (c->place.is_raw || c->place.is_in_tag) {
        return refuse(c, reterr, "a part cannot stand inside a tag");
    }
    struct step *step = add(c, STEP_PART, name);
    step->parameters = parameters;
    step->parameter_count = count;
    return rv_ok();
}

static rv_status take_tag(struct compiler *c, struct text tag, struct rv_err *reterr)
{
    char sort = tag.n ? tag.at[0] : '\0';
    bool is_marked = sort == '#' || sort == '^' || sort == '/' || sort == '>' || sort == '!';
    struct text name = is_marked ? text_trim((struct text){tag.at + 1, tag.n - 1}) : text_trim(tag);
    if (sort == '!') {
        return rv_ok();
    }
    if (sort == '>') {
        return take_part(c, name, reterr);
    }
    if (!is_name(name)) {
        return refuse(c, reterr, "a tag without a proper name");
    }
    switch (sort) {
    case '#':
        return open_section(c, STEP_SECTION, name, reterr);
    case '^':
        return open_section(c, STEP_WITHOUT, name, reterr);
    case '/':
        return close_section(c, name, reterr);
    default:
        if (!may_hold_value(&c->place)) {
            return refuse(c, reterr, "a value stands in text or in a quoted attribute, not here");
        }
        add(c, STEP_VALUE, name);
        return rv_ok();
    }
}

static size_t find_pair(struct text t, char brace)
{
    size_t i = 0;
    while (i + 1 < t.n && !(t.at[i] == brace && t.at[i + 1] == brace)) {
        i++;
    }
    return i + 1 < t.n ? i : t.n;
}

/* Bytes of white space at the end of `before` and at the start of `after` that belong to a line
 * with nothing but one tag; false when there is more on the line. */
static bool is_alone(struct text before, struct text after, size_t *ret_before, size_t *ret_after)
{
    size_t b = before.n, n = 0;
    while (b > 0 && (before.at[b - 1] == ' ' || before.at[b - 1] == '\t')) {
        b--;
    }
    while (n < after.n && (after.at[n] == ' ' || after.at[n] == '\t')) {
        n++;
    }
    bool is_end = n == after.n;
    if ((b > 0 && before.at[b - 1] != '\n') || (!is_end && after.at[n] != '\n')) {
        return false;
    }
    *ret_before = before.n - b;
    *ret_after = n + !is_end;
    return true;
}

static rv_status take_text(struct compiler *c, struct text run, size_t dropped)
{
    struct text kept = {run.at, run.n - dropped};
    if (kept.n > 0) {
        add(c, STEP_TEXT, kept);
        follow(&c->place, kept);
    }
    count_lines(c, run);
    return rv_ok();
}

static rv_status compile(struct compiler *c, struct rv_err *reterr)
{
    bool is_line_start = true; /* nothing but taken lines before */
    while (c->rest.n > 0) {
        size_t at = find_pair(c->rest, '{');
        struct text run = {c->rest.at, at};
        if (at == c->rest.n) {
            RV_TRY(take_text(c, run, 0));
            break;
        }
        struct text inside = {c->rest.at + at + 2, c->rest.n - at - 2};
        size_t n = find_pair(inside, '}');
        if (n == inside.n) {
            count_lines(c, run);
            return refuse(c, reterr, "a tag that begins with {{ has no }}");
        }
        struct text after = {inside.at + n + 2, inside.n - n - 2};
        char sort = n ? inside.at[0] : '\0';
        size_t before_space = 0, after_space = 0;
        bool is_value = sort != '#' && sort != '^' && sort != '/' && sort != '>' && sort != '!';
        bool begins_line = run.n > 0 || is_line_start;
        bool alone = !is_value && begins_line && is_alone(run, after, &before_space, &after_space);
        RV_TRY(take_text(c, run, alone ? before_space : 0));
        RV_TRY(take_tag(c, (struct text){inside.at, n}, reterr));
        count_lines(c, (struct text){inside.at, n});
        count_lines(c, (struct text){after.at, alone ? after_space : 0});
        c->rest = (struct text){after.at + (alone ? after_space : 0),
                                after.n - (alone ? after_space : 0)};
        is_line_start = alone;
    }
    if (c->depth > 0) {
        c->line = c->steps[c->open[c->depth - 1]].line;
        return refuse(c, reterr, "a section is not closed");
    }
    return rv_ok();
}

static size_t most_steps(struct text source)
{
    size_t n = 1;
    for (size_t i = 0; i < source.n; i++) {
        n += source.at[i] == '{';
    }
    return 2 * n; /* a text and a tag for each */
}

static rv_status compile_one(struct arena *a, const struct template_source *source,
                             struct template *ret, struct rv_err *reterr)
{
    struct compiler c = {.arena = a, .source = source, .rest = source->text, .line = 1};
    c.steps = ARENA_NEW(a, struct step, most_steps(source->text));
    if (!c.steps) {
        return arena_fail(a, reterr);
    }
    RV_TRY(compile(&c, reterr));
    *ret = (struct template){source->name, c.steps, c.count};
    return rv_ok();
}

static int by_name(const void *a, const void *b)
{
    return text_compare(text_of(((const struct template *)a)->name),
                        text_of(((const struct template *)b)->name));
}

bool template_find(const struct template_set *set, struct text name, size_t *ret)
{
    size_t low = 0, high = set->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = text_compare(text_of(set->templates[mid].name), name);
        if (order == 0) {
            *ret = mid;
            return true;
        }
        low = order < 0 ? mid + 1 : low;
        high = order < 0 ? high : mid;
    }
    return false;
}

static rv_status link_parts(struct template_set *set, struct rv_err *reterr)
{
    for (size_t i = 0; i < set->count; i++) {
        struct template *t = &set->templates[i];
        for (size_t k = 0; k < t->count; k++) {
            struct step *s = &t->steps[k];
            if (s->kind == STEP_PART && !template_find(set, s->text, &s->part)) {
                return rv_fail(reterr, RV_INVALID, "template %s, line %u: there is no part '%.*s'",
                               t->name, s->line, (int)s->text.n, s->text.at);
            }
        }
    }
    return rv_ok();
}

rv_status template_compile(struct arena *a, const struct template_source *sources, size_t count,
                           struct template_set **ret, struct rv_err *reterr)
{
    struct template_set *set = ARENA_NEW(a, struct template_set, 1);
    if (!set || !(set->templates = ARENA_NEW(a, struct template, count + 1))) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        RV_TRY(compile_one(a, &sources[i], &set->templates[i], reterr));
    }
    set->count = count;
    qsort(set->templates, count, sizeof *set->templates, by_name);
    RV_TRY(link_parts(set, reterr));
    *ret = set;
    return rv_ok();
}
