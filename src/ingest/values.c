/* ingest/values.c — distinct cells and their meaning.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/values.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/memory.h"
#include "define/vocabulary.h"
#include "ingest/identity.h"

void values_init(struct values *v)
{
    *v = (struct values){.states = NULL};
    dictionary_init(&v->cells, LIMIT_DICTIONARY);
    arena_init(&v->lists, LIMIT_ARENA_BYTES);
}

void values_done(struct values *v)
{
    dictionary_done(&v->cells);
    arena_done(&v->lists);
    memory_free(v->states);
    v->states = NULL;
    v->capacity = 0;
}

struct hash128 hash_text(struct text t)
{
    return hash128_add((struct hash128){0x52656576, t.n}, t.at, t.n);
}

bool cell_is_missing(const struct plan_column *c, struct text cell)
{
    for (size_t i = 0; c->pc && i < c->pc->missing_count; i++) {
        if (text_equal(cell, c->pc->missing[i])) {
            return true;
        }
    }
    return cell.n == 0;
}

struct text cell_in_form(const struct plan_column *c, struct text cell)
{
    size_t around = c->prefix.n + c->suffix.n;
    if (!c->has_form || cell.n < around ||
        !text_equal((struct text){cell.at, c->prefix.n}, c->prefix) ||
        !text_equal((struct text){cell.at + cell.n - c->suffix.n, c->suffix.n}, c->suffix)) {
        return cell;
    }
    return text_trim((struct text){cell.at + c->prefix.n, cell.n - around});
}

static const struct profile_pair *find_map(const struct plan_column *c, struct text cell)
{
    for (size_t i = 0; c->pc && i < c->pc->map_count; i++) {
        if (text_equal(c->pc->map[i].from, cell)) {
            return &c->pc->map[i];
        }
    }
    return NULL;
}

/* "E09000016", "00ARGR", "K04000001": letters, digits and a few joiners, at least one digit. */
static bool looks_like_code(struct text t)
{
    size_t digits = 0;
    for (size_t i = 0; i < t.n; i++) {
        char ch = t.at[i];
        bool is_digit = ch >= '0' && ch <= '9';
        bool is_letter = (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z');
        if (!is_digit && !is_letter && !strchr("_-:.", ch)) {
            return false;
        }
        digits += is_digit;
    }
    return t.n <= 40 && digits > 0;
}

static bool list_has(struct text list, const char *word)
{
    while (list.n > 0) {
        if (text_is(text_trim(text_split(list, ';', &list)), word)) {
            return true;
        }
    }
    return false;
}

/* The words that the vocabulary has, each once and in its order: "b; a;b" and "a;b" are one value.
 * The others are named in the report and not stored. */
static rv_status resolve_list(struct values *v, struct value_state *s, const struct plan_column *c,
                              struct text cell, struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf list;
    buf_init(&list, cell.n + 1);
    *s = (struct value_state){.length = (uint32_t)cell.n};
    for (size_t i = 0; !cell_is_missing(c, cell) && c->kc->vocabulary[i]; i++) {
        if (list_has(cell, c->kc->vocabulary[i])) {
            buf_printf(&list, "%s%s", list.n ? ";" : "", c->kc->vocabulary[i]);
        }
    }
    RV_TRY(buf_status(&list, reterr));
    s->is_missing = list.n == 0;
    if (s->is_missing) {
        return rv_ok();
    }
    s->mapped = arena_text(&v->lists, list.bytes, list.n);
    s->length = (uint32_t)list.n;
    s->identity = identity_of_text(c, buf_view(&list));
    return s->mapped ? rv_ok() : arena_fail(&v->lists, reterr);
}

static void resolve(struct value_state *s, const struct plan_column *c, struct text cell)
{
    *s = (struct value_state){.length = (uint32_t)cell.n};
    if (cell_is_missing(c, cell) != c->is_symbol) {
        s->is_missing = true;
        return;
    }
    if (c->is_symbol) {
        s->identity = identity_of_text(c, cell);
        return;
    }
    struct text final = cell_in_form(c, cell);
    s->start = (uint32_t)(final.at - cell.at);
    const struct profile_pair *map = find_map(c, final);
    bool is_outside = !map && c->pc && c->pc->is_only_mapped;
    if (map) {
        s->mapped = map->to.at;
        s->start = 0;
        final = map->to;
    }
    s->length = (uint32_t) final.n;
    s->is_missing = final.n == 0;
    bool is_word = !c->kc->vocabulary || vocabulary_has(c->kc->vocabulary, final);
    s->is_unknown = final.n && (is_outside || !is_word);
    s->is_missing = s->is_missing || s->is_unknown;
    bool is_code = !is_outside && looks_like_code(final);
    s->fault = c->kc->is_strict && s->is_unknown       ? ROW_UNKNOWN_CODE
               : c->kc->is_code && final.n && !is_code ? ROW_NOT_A_CODE
                                                       : ROW_FINE;
    if (!s->is_missing) {
        s->identity = identity_of_text(c, final);
    }
}

static rv_status grow(struct values *v, const struct plan_column *c, struct rv_err *reterr)
{
    size_t wanted = v->capacity ? v->capacity * 2 : 64;
    struct value_state *grown = memory_resize(v->states, wanted, sizeof *grown);
    if (!grown) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for the values of %s", c->kc->name);
    }
    if (!v->states) {
        grown[0] = (struct value_state){.is_missing = true};
    }
    v->states = grown;
    v->capacity = wanted;
    return rv_ok();
}

rv_status values_ready(struct values *v, const struct plan_column *c, struct rv_err *reterr)
{
    if (v->cells.count > VALUES_KEPT) {
        values_done(v);
        values_init(v);
    }
    return v->states ? rv_ok() : grow(v, c, reterr);
}

rv_status values_code(struct values *v, const struct plan_column *c, struct text cell,
                      uint32_t *ret, struct rv_err *reterr)
{
    uint32_t before = v->cells.count;
    RV_TRY(dictionary_code(&v->cells, cell, ret, reterr));
    while (v->cells.count > v->capacity) {
        RV_TRY(grow(v, c, reterr));
    }
    if (v->cells.count > before && c->kc->is_list) {
        return resolve_list(v, &v->states[*ret], c, cell, reterr);
    }
    if (v->cells.count > before) {
        resolve(&v->states[*ret], c, cell);
    }
    return rv_ok();
}

struct text values_text(const struct values *v, uint32_t local)
{
    if (local == 0 || v->states[local].is_missing) {
        return (struct text){"", 0};
    }
    const struct value_state *s = &v->states[local];
    if (s->mapped) {
        return (struct text){s->mapped, s->length};
    }
    struct text cell = dictionary_text(&v->cells, local);
    return (struct text){cell.at + s->start, s->length};
}
