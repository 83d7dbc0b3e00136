/* report/sentence.c — reading sentences/THEME.txt; everything wrong with a file is found here.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/sentence.h"

#include "base/asset.h"
#include "report/embedded.h"
#include "report/sentence_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NESTING_MAX 8

/* Where in which file the reader is, for messages. */
struct reader {
    struct arena *arena;
    struct theme *theme;
    struct rule *rule; /* being read; NULL before the first */
    struct rule **rules_end;
    int line;
    struct rv_err *reterr;
};

#define READER_FAIL(r, ...) reader_fail_at((r), __FILE__, __LINE__, __VA_ARGS__)

RV_PRINTF(4, 5)
static rv_status reader_fail_at(struct reader *r, const char *origin, int origin_line,
                                const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return rv_fail_at(r->reterr, origin, origin_line, RV_INVALID, "sentences/%s.txt, line %d: %s",
                      r->theme->name, r->line, text);
}

static bool is_name_char(char c, bool upper)
{
    bool letter = upper ? c >= 'A' && c <= 'Z' : c >= 'a' && c <= 'z';
    return letter || c == '_' || (c >= '0' && c <= '9');
}

static bool is_name(struct text t, bool upper)
{
    for (size_t i = 0; i < t.n; i++) {
        if (!is_name_char(t.at[i], upper)) {
            return false;
        }
    }
    return t.n > 0;
}

/* ---- slots ---- */

static const struct {
    const char *name;
    enum slot_format format;
} formats[] = {
    {"count", AS_COUNT}, {"rate", AS_RATE},       {"pct0", AS_PERCENT0}, {"pct1", AS_PERCENT1},
    {"ratio", AS_RATIO}, {"ordinal", AS_ORDINAL}, {"month", AS_MONTH},   {"plural", AS_PLURAL},
    {"text", AS_TEXT},   {"capital", AS_CAPITAL},
};

static bool format_suits(enum slot_type type, enum slot_format format)
{
    switch (type) {
    case TYPE_NUMBER:
        return format <= AS_PLURAL;
    case TYPE_TEXT:
        return format == AS_DEFAULT || format == AS_TEXT || format == AS_CAPITAL;
    case TYPE_PERIOD:
        return format == AS_DEFAULT;
    case TYPE_INTERVAL:
        return format == AS_DEFAULT || format <= AS_RATIO;
    }
    return false;
}

static rv_status read_options(struct reader *r, struct text options, struct piece *p)
{
    if (p->format == AS_PLURAL) {
        p->singular = text_split(options, ',', &p->plural);
        if (!p->singular.n || !p->plural.n) {
            return READER_FAIL(r, "{%.*s:plural,…} needs two words: plural,offence,offences",
                               (int)p->name.n, p->name.at);
        }
        return rv_ok();
    }
    if (!options.n) {
        return rv_ok();
    }
    if (p->type == TYPE_NUMBER && p->format <= AS_RATIO && text_is(options, "unsigned")) {
        p->sign = FORMAT_UNSIGNED;
    } else if (p->type == TYPE_NUMBER && p->format <= AS_RATIO && text_is(options, "signed")) {
        p->sign = FORMAT_SIGNED;
    } else {
        return READER_FAIL(r, "the slot '%.*s' does not take the option '%.*s'", (int)p->name.n,
                           p->name.at, (int)options.n, options.at);
    }
    return rv_ok();
}

static rv_status read_name(struct reader *r, struct text name, struct piece *p)
{
    p->name = name;
    if (!slot_find(r->theme, name, &p->field, &p->type)) {
        return READER_FAIL(r, "there is no slot '%.*s' (declare it: slot %.*s: number)",
                           (int)name.n, name.at, (int)name.n, name.at);
    }
    return rv_ok();
}

/* The inside of {name:format,option}. */
static rv_status read_slot(struct reader *r, struct text inside, struct piece *p)
{
    struct text options, format;
    struct text name = text_split(inside, ':', &format);
    bool has_format = name.n < inside.n;
    format = text_split(format, ',', &options);
    RV_TRY(read_name(r, name, p));
    p->format = AS_DEFAULT;
    for (size_t i = 0; has_format && i < sizeof formats / sizeof formats[0]; i++) {
        if (text_is(format, formats[i].name)) {
            p->format = formats[i].format;
        }
    }
    if (has_format && p->format == AS_DEFAULT) {
        return READER_FAIL(r, "there is no format '%.*s'", (int)format.n, format.at);
    }
    if (!has_format && p->type == TYPE_NUMBER) {
        return READER_FAIL(r, "the number '%.*s' needs a format, such as {%.*s:count}", (int)name.n,
                           name.at, (int)name.n, name.at);
    }
    if (!format_suits(p->type, p->format)) {
        return READER_FAIL(r, "the slot '%.*s' cannot be written as '%.*s'", (int)name.n, name.at,
                           (int)format.n, format.at);
    }
    return read_options(r, options, p);
}

/* ---- the text of a rule ---- */

struct open_parts {
    size_t at[NESTING_MAX], count;
};

static rv_status close_part(struct reader *r, struct text name, struct piece *pieces, size_t here,
                            struct open_parts *open)
{
    if (!open->count) {
        return READER_FAIL(r, "{/%.*s} closes a part that is not open", (int)name.n, name.at);
    }
    struct piece *start = &pieces[open->at[--open->count]];
    if (!text_equal(start->name, name)) {
        return READER_FAIL(r, "{/%.*s} closes the part of '%.*s'", (int)name.n, name.at,
                           (int)start->name.n, start->name.at);
    }
    start->end = here;
    return rv_ok();
}

/* One {…}, whose inside is given, as piece number `here`. */
static rv_status read_brace(struct reader *r, struct text inside, struct piece *pieces, size_t here,
                            struct open_parts *open)
{
    struct piece *p = &pieces[here];
    p->kind = PIECE_SLOT;
    char mark = (char)(inside.n ? inside.at[0] : '\0');
    if (mark != '?' && mark != '!' && mark != '/') {
        return read_slot(r, inside, p);
    }
    struct text name = {inside.at + 1, inside.n - 1};
    RV_TRY(read_name(r, name, p));
    if (mark == '/') {
        p->kind = PIECE_END;
        return close_part(r, name, pieces, here, open);
    }
    if (open->count == NESTING_MAX) {
        return READER_FAIL(r, "optional parts nest at most %d deep", NESTING_MAX);
    }
    open->at[open->count++] = here;
    p->kind = mark == '?' ? PIECE_IF : PIECE_UNLESS;
    return rv_ok();
}

static size_t words_until_brace(struct text t)
{
    size_t n = 0;
    while (n < t.n && t.at[n] != '{' && t.at[n] != '}') {
        n++;
    }
    return n;
}

/* The piece that `t` starts with, as number `here`; *ret_n is how many bytes it took. */
static rv_status read_piece(struct reader *r, struct text t, struct piece *pieces, size_t here,
                            struct open_parts *open, size_t *ret_n)
{
    size_t n = words_until_brace(t);
    if (n) {
        pieces[here] = (struct piece){.kind = PIECE_WORDS, .words = {t.at, n}};
        *ret_n = n;
        return rv_ok();
    }
    const char *end = t.at[0] == '{' ? memchr(t.at, '}', t.n) : NULL;
    if (!end) {
        return READER_FAIL(r, "a brace without its partner in [%s]", r->rule->name);
    }
    n = (size_t)(end - t.at) + 1;
    if (memchr(t.at + 1, '{', n - 1)) {
        return READER_FAIL(r, "a brace inside a slot in [%s]", r->rule->name);
    }
    *ret_n = n;
    return read_brace(r, (struct text){t.at + 1, n - 2}, pieces, here, open);
}

static rv_status read_pieces(struct reader *r, struct text t, struct piece *pieces,
                             size_t *ret_count)
{
    struct open_parts open = {.count = 0};
    size_t count = 0;
    while (t.n) {
        size_t n = 0;
        RV_TRY(read_piece(r, t, pieces, count++, &open, &n));
        t = (struct text){t.at + n, t.n - n};
    }
    if (open.count) {
        struct text name = pieces[open.at[open.count - 1]].name;
        return READER_FAIL(r, "the part {?%.*s} is not closed in [%s]", (int)name.n, name.at,
                           r->rule->name);
    }
    *ret_count = count;
    return rv_ok();
}

/* The last words are a full stop, perhaps inside an optional part that closes at the end. */
static bool ends_with_stop(struct text t)
{
    while (text_ends(t, "}")) {
        size_t n = t.n;
        while (n && t.at[n - 1] != '{') {
            n--;
        }
        if (n == 0 || t.at[n] != '/') {
            return false;
        }
        t.n = n - 1;
    }
    return text_ends(t, ".");
}

/* Ends the rule being read: `text` is all its lines joined by spaces. */
static rv_status end_rule(struct reader *r, struct buf *text)
{
    if (!r->rule) {
        return rv_ok();
    }
    int here = r->line;
    r->line = r->rule->line;
    struct text t = text_trim(buf_view(text));
    if (!t.n) {
        return READER_FAIL(r, "[%s] has no sentence", r->rule->name);
    }
    if (!ends_with_stop(t)) {
        return READER_FAIL(r, "the sentence of [%s] does not end with a full stop", r->rule->name);
    }
    const char *kept = arena_text(r->arena, t.at, t.n);
    struct piece *pieces = ARENA_NEW(r->arena, struct piece, t.n);
    if (!kept || !pieces) {
        return arena_fail(r->arena, r->reterr);
    }
    RV_TRY(read_pieces(r, (struct text){kept, t.n}, pieces, &r->rule->piece_count));
    r->rule->pieces = pieces;
    *r->rules_end = r->rule;
    r->rules_end = &r->rule->next;
    r->rule = NULL;
    r->line = here;
    buf_clear(text);
    return rv_ok();
}

/* ---- lines ---- */

static rv_status start_rule(struct reader *r, struct text line)
{
    if (line.n < 3 || line.at[line.n - 1] != ']' ||
        !is_name((struct text){line.at + 1, line.n - 2}, true)) {
        return READER_FAIL(r, "a rule is written [CAPITALS_AND_UNDERSCORES]");
    }
    const char *name = arena_text(r->arena, line.at + 1, line.n - 2);
    struct rule *rule = ARENA_NEW(r->arena, struct rule, 1);
    if (!name || !rule) {
        return arena_fail(r->arena, r->reterr);
    }
    for (const struct rule *other = r->theme->rules; other; other = other->next) {
        if (text_is(text_of(other->name), name)) {
            return READER_FAIL(r, "the rule [%s] is there twice (first in line %d)", name,
                               other->line);
        }
    }
    *rule = (struct rule){.name = name, .line = r->line};
    r->rule = rule;
    return rv_ok();
}

static rv_status declare_slot(struct reader *r, struct text name, struct text type)
{
    bool is_number = text_is(type, "number");
    if (!is_name(name, false) || (!is_number && !text_is(type, "text"))) {
        return READER_FAIL(r, "a slot is declared as 'slot name: number' or 'slot name: text'");
    }
    struct declared_slot *slot = ARENA_NEW(r->arena, struct declared_slot, 1);
    if (!slot) {
        return arena_fail(r->arena, r->reterr);
    }
    for (const struct declared_slot *s = r->theme->slots; s; s = s->next) {
        if (text_equal(s->name, name)) {
            return READER_FAIL(r, "the slot '%.*s' is declared twice", (int)name.n, name.at);
        }
    }
    *slot = (struct declared_slot){name, is_number ? TYPE_NUMBER : TYPE_TEXT, r->theme->slots};
    r->theme->slots = slot;
    return rv_ok();
}

/* A line before the first rule. */
static rv_status read_heading(struct reader *r, struct text line)
{
    struct text value;
    struct text key = text_trim(text_split(line, ':', &value));
    value = text_trim(value);
    if (text_is(key, "title") && value.n) {
        r->theme->title = arena_text(r->arena, value.at, value.n);
        return r->theme->title ? rv_ok() : arena_fail(r->arena, r->reterr);
    }
    if (text_starts(key, "slot ")) {
        return declare_slot(r, text_trim((struct text){key.at + 5, key.n - 5}), value);
    }
    return READER_FAIL(r, "expected 'title: …', 'slot …: number' or '[RULE]'");
}

static rv_status read_line(struct reader *r, struct text line, struct buf *text)
{
    if (!line.n || line.at[0] == '#') {
        return rv_ok();
    }
    if (line.at[0] == '[') {
        RV_TRY(end_rule(r, text));
        return start_rule(r, line);
    }
    if (!r->rule) {
        return read_heading(r, line);
    }
    if (text->n) {
        buf_char(text, ' ');
    }
    buf_slice(text, line);
    return buf_status(text, r->reterr);
}

static rv_status read_theme(struct reader *r, struct text rest)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 65536);
    if (text_utf8_valid(rest) != rest.n) {
        return READER_FAIL(r, "the file is not UTF-8");
    }
    while (rest.n) {
        r->line++;
        struct text line = text_split(rest, '\n', &rest);
        if (text_ends(line, "\r")) {
            line.n--;
        }
        RV_TRY(read_line(r, text_trim(line), &text));
    }
    RV_TRY(end_rule(r, &text));
    if (!r->theme->title) {
        return READER_FAIL(r, "the file has no 'title:' line");
    }
    return rv_ok();
}

rv_status sentences_new(struct arena *a, struct sentences **ret, struct rv_err *reterr)
{
    struct sentences *s = ARENA_NEW(a, struct sentences, 1);
    if (!s) {
        return arena_fail(a, reterr);
    }
    *ret = s;
    return rv_ok();
}

rv_status sentences_add(struct sentences *s, struct arena *a, const char *name, struct text text,
                        struct rv_err *reterr)
{
    struct theme *theme = ARENA_NEW(a, struct theme, 1);
    const char *kept = arena_text(a, name, strlen(name));
    if (!theme || !kept) {
        return arena_fail(a, reterr);
    }
    theme->name = kept;
    struct reader r = {.arena = a, .theme = theme, .rules_end = &theme->rules, .reterr = reterr};
    if (sentences_find_theme(s, name)) {
        return READER_FAIL(&r, "the theme is there twice");
    }
    RV_TRY(read_theme(&r, text));
    struct theme **end = &s->themes;
    while (*end) {
        end = &(*end)->next;
    }
    *end = theme;
    return rv_ok();
}

rv_status sentences_load(struct arena *a, struct sentences **ret, struct rv_err *reterr)
{
    struct sentences *s = NULL;
    RV_TRY(sentences_new(a, &s, reterr));
    for (size_t i = 0; i < sentences_assets_count; i++) {
        const struct asset *file = &sentences_assets[i];
        struct text name = text_of(file->name);
        const char *slash = strrchr(file->name, '/');
        size_t skip = slash ? (size_t)(slash - file->name) + 1 : 0;
        char *theme = arena_text(a, file->name + skip, name.n - skip - strlen(".txt"));
        if (!theme) {
            return arena_fail(a, reterr);
        }
        RV_TRY(sentences_add(s, a, theme, asset_text(file), reterr));
    }
    *ret = s;
    return rv_ok();
}
