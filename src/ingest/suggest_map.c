/* ingest/suggest_map.c — what the values of a closed column mean, by their words.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "define/vocabulary.h"
#include "ingest/suggest_parts.h"

#define MAP_LEAST 0.6 /* a single word of a long cell says too little */

/* The value itself, when it is one of ours already. */
static bool is_ours(const char *const *closed, struct text value)
{
    return closed && vocabulary_has(closed, value);
}

static const struct told *told_value(const struct proposing *g, size_t column, struct text value)
{
    const struct told *found = NULL;
    for (size_t i = 0; i < g->told_count; i++) {
        const struct told *t = &g->told[i];
        bool is_so = t->what == TOLD_VALUE && t->column == column &&
                     text_equal(text_trim(text_of(t->theirs)), value);
        found = is_so ? t : found;
    }
    return found;
}

static void by_words(const struct proposing *g, const char *vocabulary, const char *const *closed,
                     struct mapped_value *m)
{
    struct value_match found = lexicon_value(g->l, vocabulary, m->theirs);
    if (!found.target || found.score < MAP_LEAST) {
        return;
    }
    if (strcmp(found.target, "(missing)") == 0) {
        m->ours = "";
        m->confidence = found.score * 0.95;
    } else if (strcmp(found.target, "(mixed)") != 0 &&
               (!closed || vocabulary_has(closed, text_of(found.target)))) {
        m->ours = found.target;
        m->confidence = found.score * 0.97;
    }
}

rv_status map_values(struct proposing *g, const struct facts *f, size_t column,
                     const char *vocabulary, const char *const *closed, struct value_map *ret)
{
    struct value_map map = {.count = 0};
    struct mapped_value *list = ARENA_NEW(g->a, struct mapped_value, f->value_count + 1);
    if (!list) {
        return arena_fail(g->a, g->err);
    }
    for (size_t i = 0; i < f->value_count; i++) {
        struct mapped_value m = {.theirs = f->values[i].value, .rows = f->values[i].rows};
        const struct told *t = told_value(g, column, m.theirs);
        if (t) {
            m.ours = strcmp(t->text, "missing") == 0 ? "" : t->text;
            m.confidence = 1;
            if (closed && *m.ours && !vocabulary_has(closed, text_of(m.ours))) {
                return rv_fail(g->err, RV_USAGE,
                               "--answer \"%.80s=%.40s\": \"%.40s\" is not a value of %s", t->key,
                               t->text, t->text, vocabulary);
            }
        } else if (is_ours(closed, m.theirs)) {
            m.ours = closed[0];
            for (size_t k = 0; closed[k]; k++) {
                m.ours = text_is(m.theirs, closed[k]) ? closed[k] : m.ours;
            }
            m.confidence = 1;
        } else if (f->values[i].is_missing) {
            by_words(g, vocabulary, closed, &m); /* "none" may be a value of this column */
            m.ours = m.ours ? m.ours : "";
            m.confidence = 0.95;
        } else {
            by_words(g, vocabulary, closed, &m);
        }
        if (!m.ours) {
            map.unmapped++;
            map.unmapped_rows += m.rows;
        }
        list[map.count++] = m;
    }
    map.values = list;
    *ret = map;
    return rv_ok();
}
