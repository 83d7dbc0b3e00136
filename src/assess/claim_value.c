/* assess/claim_value.c — expressions: numbers, words, conditions and cells of tables.
 *
 *   3                                a number
 *   ["use", NAME]                    an expression of the set's "named"
 *   ["cell", TABLE, FILTER, COLUMN]  the sum of a column over the rows that fit (count by default)
 *   ["+"|"-"|"/"|"%"|"change", A, B] of numbers, or of series label by label; change and % are in
 *                                    percent
 *   ["if", CONDITION, "word", "other word"]   a word may be an expression
 *   conditions: [">"|"<"|">="|"<="|"=", A, B], ["and"|"or", …], ["not", C],
 *               ["first", LABELS, "label"]    the first label, or the word, is this
 *
 * Series: claim_series.c. Statistics: claim_methods.c. What no table has: claim_sources.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/claim_internal.h"

#include <string.h>

bool claim_no_value(struct claiming *c, const char *why)
{
    c->because = why ? why : "out of memory";
    return false;
}

bool claim_failed(struct claiming *c, const struct rv_err *err)
{
    return claim_no_value(c, arena_printf(c->a, "%s", err->message));
}

bool claim_number(struct claim_value *ret, double value)
{
    *ret = (struct claim_value){.is_number = true, .number = value};
    return true;
}

bool claim_word(struct claiming *c, const char *word, struct claim_value *ret)
{
    const char **texts = ARENA_NEW(c->a, const char *, 1);
    if (!texts || !word) {
        return claim_no_value(c, word ? NULL : "an expression lacks a word");
    }
    texts[0] = arena_printf(c->a, "%s", word);
    *ret = (struct claim_value){.texts = texts, .text_count = 1};
    return texts[0] || claim_no_value(c, NULL);
}

void claim_use(struct claiming *c, const char *source)
{
    for (size_t i = 0; i < c->used_count; i++) {
        if (strcmp(c->used[i], source) == 0) {
            return;
        }
    }
    if (c->used_count < CLAIM_MOST_USED) {
        c->used[c->used_count++] = source;
    }
}

bool claim_number_at(struct claiming *c, json_t *e, size_t i, double *ret)
{
    struct claim_value v;
    if (!claim_evaluate(c, json_array_get(e, i), &v)) {
        return false;
    }
    *ret = v.number;
    return v.is_number || claim_no_value(c, "an expression needs a number");
}

const char *claim_word_at(struct claiming *c, json_t *e, size_t i)
{
    const char *word = json_string_value(json_array_get(e, i));
    if (!word) {
        (void)claim_no_value(c, "an expression lacks a word");
    }
    return word;
}

/* ---- cells ---- */

static bool of_cells(struct claiming *c, json_t *e, struct claim_value *ret)
{
    struct claim_filter filter;
    const char *name = json_string_value(json_array_get(e, 3));
    const struct result_table *t = claim_table_of(c, json_string_value(json_array_get(e, 1)));
    if (!t || !claim_filter_read(c, json_array_get(e, 2), &filter)) {
        return false;
    }
    size_t column = claim_column(t, name ? name : "count"), n = 0;
    double sum = 0;
    if (column == SIZE_MAX) {
        return claim_no_value(c, "the table has no such column");
    }
    for (size_t row = 0; row < t->row_count; row++) {
        const struct result_cell *cell = &t->cells[row * t->column_count + column];
        if (!claim_row_fits(c, t, row, &filter)) {
            continue;
        }
        if (cell->is_missing) {
            return claim_no_value(c, cell->text ? cell->text : "not available");
        }
        sum += cell->number;
        n++;
    }
    bool is_empty_open = n == 0 && column == claim_column(t, "count");
    return n == 0 && !is_empty_open ? claim_no_value(c, "the table has no such row")
                                    : claim_number(ret, sum);
}

/* ---- conditions and words ---- */

static bool all_or_any(struct claiming *c, json_t *e, bool is_all, bool *ret)
{
    *ret = is_all;
    for (size_t i = 1; i < json_array_size(e); i++) {
        bool one = false;
        if (!claim_holds(c, json_array_get(e, i), &one)) {
            return false;
        }
        *ret = is_all ? *ret && one : *ret || one;
    }
    return true;
}

static bool is_first(struct claiming *c, json_t *e, bool *ret)
{
    struct claim_value v;
    const char *label = claim_word_at(c, e, 2);
    if (!label || !claim_evaluate(c, json_array_get(e, 1), &v)) {
        return false;
    }
    *ret = v.text_count > 0 && claim_is_label(c, v.texts[0], label);
    return true;
}

bool claim_holds(struct claiming *c, json_t *e, bool *ret)
{
    const char *op = claim_word_at(c, e, 0);
    double a, b;
    if (!op) {
        return false;
    }
    if (strcmp(op, "and") == 0 || strcmp(op, "or") == 0) {
        return all_or_any(c, e, op[0] == 'a', ret);
    }
    if (strcmp(op, "not") == 0) {
        bool is_so = false;
        bool has = claim_holds(c, json_array_get(e, 1), &is_so);
        *ret = !is_so;
        return has;
    }
    if (strcmp(op, "first") == 0) {
        return is_first(c, e, ret);
    }
    if (!claim_number_at(c, e, 1, &a) || !claim_number_at(c, e, 2, &b)) {
        return false;
    }
    *ret = strcmp(op, ">") == 0    ? a > b
           : strcmp(op, "<") == 0  ? a < b
           : strcmp(op, ">=") == 0 ? a >= b
           : strcmp(op, "<=") == 0 ? a <= b
                                   : a == b;
    return true;
}

static bool of_words(struct claiming *c, json_t *e, struct claim_value *ret)
{
    bool is_true = false;
    if (!claim_holds(c, json_array_get(e, 1), &is_true)) {
        return false;
    }
    json_t *chosen = json_array_get(e, is_true ? 2 : 3);
    return json_is_string(chosen) ? claim_word(c, json_string_value(chosen), ret)
                                  : claim_evaluate(c, chosen, ret);
}

/* ---- numbers ---- */

bool claim_of_two(const char *op, double a, double b, double *ret)
{
    bool is_sum = strcmp(op, "+") == 0 || strcmp(op, "-") == 0;
    if (!is_sum && b == 0) {
        return false;
    }
    *ret = is_sum                 ? (op[0] == '+' ? a + b : a - b)
           : strcmp(op, "/") == 0 ? a / b
           : strcmp(op, "%") == 0 ? 100 * a / b
                                  : 100 * (a - b) / b;
    return true;
}

static bool of_two(struct claiming *c, json_t *e, struct claim_value *ret)
{
    const char *op = json_string_value(json_array_get(e, 0));
    struct claim_value a, b;
    double value;
    if (!claim_evaluate(c, json_array_get(e, 1), &a) ||
        !claim_evaluate(c, json_array_get(e, 2), &b)) {
        return false;
    }
    if (!a.is_number || !b.is_number) {
        return claim_operate(c, op, &a, &b, ret);
    }
    return claim_of_two(op, a.number, b.number, &value) ? claim_number(ret, value)
                                                        : claim_no_value(c, "a share of nothing");
}

static struct claim_named *find_named(struct claiming *c, const char *name)
{
    struct claim_named *n = c->evaluated;
    while (n && strcmp(n->name, name) != 0) {
        n = n->next;
    }
    return n;
}

/* Evaluates it with a list of sources of its own. */
static struct claim_named *evaluate_named(struct claiming *c, const char *name, json_t *expression)
{
    struct claim_named *n = ARENA_NEW(c->a, struct claim_named, 1);
    const char *used[CLAIM_MOST_USED];
    size_t used_count = c->used_count;
    if (!n) {
        return NULL;
    }
    memcpy(used, c->used, sizeof used);
    c->used_count = 0;
    n->name = name;
    n->has_value = claim_evaluate(c, expression, &n->value);
    n->because = c->because;
    memcpy(n->used, c->used, sizeof n->used);
    n->used_count = c->used_count;
    memcpy(c->used, used, sizeof used);
    c->used_count = used_count;
    n->next = c->evaluated;
    c->evaluated = n;
    return n;
}

static bool of_name(struct claiming *c, json_t *e, struct claim_value *ret)
{
    const char *name = claim_word_at(c, e, 1);
    json_t *expression = name ? json_object_get(c->named, name) : NULL;
    if (!expression) {
        return claim_no_value(c, "an expression uses a name that the set does not have");
    }
    struct claim_named *n = find_named(c, name);
    n = n ? n : evaluate_named(c, name, expression);
    if (!n || !n->has_value) {
        return claim_no_value(c, n ? n->because : NULL);
    }
    for (size_t i = 0; i < n->used_count; i++) {
        claim_use(c, n->used[i]);
    }
    *ret = n->value;
    return true;
}

static const struct claim_operator VALUE_OPERATORS[] = {
    {"cell", of_cells}, {"+", of_two},    {"-", of_two},    {"/", of_two}, {"%", of_two},
    {"change", of_two}, {"if", of_words}, {"use", of_name}, {NULL, NULL}};

static claim_evaluator *find_operator(const char *op)
{
    const struct claim_operator *const lists[] = {VALUE_OPERATORS, claim_series_operators,
                                                  claim_method_operators, claim_source_operators};
    for (size_t l = 0; op && l < sizeof lists / sizeof *lists; l++) {
        for (const struct claim_operator *o = lists[l]; o->name; o++) {
            if (strcmp(op, o->name) == 0) {
                return o->evaluate;
            }
        }
    }
    return NULL;
}

bool claim_evaluate(struct claiming *c, json_t *e, struct claim_value *ret)
{
    if (json_is_number(e)) {
        return claim_number(ret, json_number_value(e));
    }
    claim_evaluator *evaluate = find_operator(json_string_value(json_array_get(e, 0)));
    if (!evaluate || c->depth == CLAIM_MOST_DEPTH) {
        return claim_no_value(c, evaluate ? "an expression is nested too deeply"
                                          : "an expression of no known kind");
    }
    c->depth++;
    bool has = evaluate(c, e, ret);
    c->depth--;
    return has;
}
