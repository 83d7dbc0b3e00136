/* tests/ingest/table.h — a small table of text as a sample for the mapping assistant.
 *
 * Include after check.h. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_INGEST_TABLE_H
#define REEVE_TESTS_INGEST_TABLE_H

#include "base/limits.h"
#include "ingest/suggest.h"

struct table {
    struct arena a;
    const struct lexicon *lexicon;
    struct sample sample;
    struct facts *facts;
    struct suggest_options options;
    struct proposal p;
    struct rv_err err;
};

static inline void table_start(struct table *t)
{
    struct rv_err err = {0};
    *t = (struct table){.options = {.least = 0.8, .file_name = "table.csv"}};
    arena_init(&t->a, LIMIT_ARENA_BYTES);
    CHECK_OK(lexicon_load(&t->a, &t->lexicon, &err));
}

static inline void table_end(struct table *t)
{
    arena_done(&t->a);
}

/* Lines of cells separated by '|', the first of them the header; borrowed. */
static inline void table_read(struct table *t, const char *lines)
{
    struct rv_err err = {0};
    struct text rest = text_of(lines), cells_left;
    size_t most = 1;
    for (const char *c = lines; *c; c++) {
        most += *c == '|' || *c == '\n';
    }
    struct text *cells = ARENA_NEW(&t->a, struct text, most);
    size_t n = 0, rows = 0, columns = 0;
    while (rest.n) {
        cells_left = text_split(rest, '\n', &rest);
        bool has_more = true;
        while (has_more) {
            has_more = cells_left.n && memchr(cells_left.at, '|', cells_left.n);
            cells[n++] = text_trim(text_split(cells_left, '|', &cells_left));
        }
        columns = rows++ ? columns : n;
        CHECK_INT(n, rows * columns);
    }
    t->sample = (struct sample){.header = cells,
                                .columns = columns,
                                .cells = cells + columns,
                                .rows = rows - 1,
                                .file_rows = (int64_t)rows - 1};
    CHECK_OK(facts_find(&t->a, t->lexicon, &t->sample, &t->facts, &err));
}

static inline rv_status table_try(struct table *t, const struct answer *answers, size_t count)
{
    t->options.answers = answers;
    t->options.answer_count = count;
    return suggest_propose(&t->a, t->lexicon, &t->sample, t->facts, &t->options, &t->p, &t->err);
}

static inline void table_propose(struct table *t, const struct answer *answers, size_t count)
{
    if (!rv_is_ok(table_try(t, answers, count))) {
        fail_msg("%s", t->err.message);
    }
}

/* Without a canonical column when there is no such suggestion. */
static inline const struct suggestion *table_find(const struct table *t, const char *canonical)
{
    static const struct suggestion NONE = {.column = SUGGEST_NONE};
    for (size_t i = 0; i < t->p.count; i++) {
        if (strcmp(t->p.list[i].kc->name, canonical) == 0) {
            return &t->p.list[i];
        }
    }
    return &NONE;
}

/* The header that a canonical column is taken from; "" = not taken. */
static inline const char *table_from(const struct table *t, const char *canonical)
{
    const struct suggestion *s = table_find(t, canonical);
    return s->is_taken && s->column != SUGGEST_NONE ? t->facts[s->column].header : "";
}

/* Without a key when it is not asked. */
static inline const struct question *table_question(const struct table *t, const char *key)
{
    static const struct question NONE = {.key = NULL};
    for (size_t i = 0; i < t->p.question_count; i++) {
        if (strcmp(t->p.questions[i].key, key) == 0) {
            return &t->p.questions[i];
        }
    }
    return &NONE;
}

/* What a value is taken for: NULL = left unmapped. */
static inline const char *table_meaning(const struct value_map *map, const char *theirs)
{
    for (size_t i = 0; i < map->count; i++) {
        if (text_is(map->values[i].theirs, theirs)) {
            return map->values[i].ours;
        }
    }
    fail_msg("the value \"%s\" is not in the map", theirs);
    return NULL;
}

#define ANSWERS(...)                                                                               \
    ((const struct answer[]){__VA_ARGS__}),                                                        \
        sizeof((const struct answer[]){__VA_ARGS__}) / sizeof(struct answer)

#define WITH_TABLE(t)                                                                              \
    for (struct table t, *table_once_ = (table_start(&t), &t); table_once_;                        \
         table_end(&t), table_once_ = NULL)

#endif
