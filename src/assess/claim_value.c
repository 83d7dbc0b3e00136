/* assess/claim_value.c — expressions over tables.
 *
 *   3                                a number
 *   ["cell", TABLE, FILTER, COLUMN]  the sum of a column over the rows that fit (count by default)
 *   ["most", TABLE, FILTER, COLUMN]  the largest
 *   ["mean", TABLE, FILTER, COLUMN]  the mean of the rows that fit
 *   ["+"|"-"|"/"|"%"|"change", A, B] change and % are in percent
 *   ["top", TABLE, FILTER, DIMENSION, N, {"minus": TABLE, "as": {…}, "hours": true}]  labels, most
 *                                    first, without what the second table counts
 *   ["after-first", …]               the same without the first
 *   ["sum-top", TABLE, FILTER, DIMENSION, N]  what the first N hold together
 *   ["place", TABLE, FILTER, DIMENSION, LABEL]  1 = most
 *   ["if", CONDITION, "word", "other word"]
 *   conditions: [">"|"<"|">="|"<="|"=", A, B], ["and", …], ["first", TOP, "label"]
 *   ["e-test", COUNT, EXPOSURE, COUNT, EXPOSURE]  p of equal rates
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/claim_tables.h"
#include "base/parse.h"
#include "stats/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool no_value(struct claiming *c, const char *why)
{
    c->because = why ? why : "out of memory";
    return false;
}

static bool number(struct claim_value *ret, double value)
{
    *ret = (struct claim_value){.is_number = true, .number = value};
    return true;
}

static const struct result_table *table_at(struct claiming *c, json_t *e, size_t i)
{
    const char *words = json_string_value(json_array_get(e, i));
    const struct claim_table *t = words ? claim_table_of(c, words) : NULL;
    if (!t || !rv_is_ok(t->status)) {
        (void)no_value(c, t ? t->message : "an expression names no table");
        return NULL;
    }
    c->from = words;
    return &t->table;
}

static bool number_at(struct claiming *c, json_t *e, size_t i, double *ret)
{
    struct claim_value v;
    json_t *part = json_array_get(e, i);
    if (!claim_evaluate(c, part, &v)) {
        return false;
    }
    if (!v.is_number) {
        return no_value(c, "an expression needs a number");
    }
    *ret = v.number;
    return true;
}

/* ---- cells ---- */

static bool of_cells(struct claiming *c, json_t *e, struct claim_value *ret)
{
    const char *how = json_string_value(json_array_get(e, 0));
    const char *name = json_string_value(json_array_get(e, 3));
    const struct result_table *t = table_at(c, e, 1);
    if (!t) {
        return false;
    }
    size_t column = claim_column(t, name ? name : "count"), n = 0;
    double sum = 0, most = 0;
    if (column == SIZE_MAX) {
        return no_value(c, "the table has no such column");
    }
    for (size_t row = 0; row < t->row_count; row++) {
        const struct result_cell *cell = &t->cells[row * t->column_count + column];
        if (!claim_row_fits(c, t, row, json_array_get(e, 2))) {
            continue;
        }
        if (cell->is_missing) {
            return no_value(c, cell->text ? cell->text : "not available");
        }
        sum += cell->number;
        most = n++ && most > cell->number ? most : cell->number;
    }
    bool is_empty_open = n == 0 && column == claim_column(t, "count");
    if (n == 0 && !is_empty_open) {
        return no_value(c, "the table has no such row");
    }
    return number(ret, strcmp(how, "most") == 0   ? most
                       : strcmp(how, "mean") == 0 ? sum / (double)n
                                                  : sum);
}

/* ---- the most frequent labels ---- */

struct labelled {
    const char *label;
    double value;
};

static int by_value(const void *a, const void *b)
{
    const struct labelled *x = a, *y = b;
    return x->value != y->value ? (x->value < y->value ? 1 : -1) : strcmp(x->label, y->label);
}

static size_t add_labels(struct claiming *c, const struct result_table *t, json_t *filter,
                         const char *dimension, const char *column, double sign,
                         struct labelled *list, size_t n)
{
    size_t at = claim_column(t, dimension), value = claim_column(t, column);
    for (size_t row = 0; row < t->row_count && at != SIZE_MAX && value != SIZE_MAX; row++) {
        const char *label = t->cells[row * t->column_count + at].text;
        const struct result_cell *cell = &t->cells[row * t->column_count + value];
        if (!label || cell->is_missing || strcmp(label, "not-recorded") == 0 ||
            strcmp(label, "unplaced") == 0 || !claim_row_fits(c, t, row, filter)) {
            continue;
        }
        size_t i = 0;
        while (i < n && strcmp(list[i].label, label) != 0) {
            i++;
        }
        if (i == n) {
            list[n++] = (struct labelled){label, 0};
        }
        list[i].value += sign * cell->number;
    }
    return n;
}

/* Labels in order of their values; *ret_n of them. */
static struct labelled *order_labels(struct claiming *c, json_t *e, size_t *ret_n)
{
    json_t *options = json_array_get(e, 5);
    const char *dimension = json_string_value(json_array_get(e, 3));
    const char *column = json_string_value(json_object_get(options, "column"));
    const char *minus = json_string_value(json_object_get(options, "minus"));
    const struct claim_table *less = minus ? claim_table_of(c, minus) : NULL;
    const struct result_table *t = table_at(c, e, 1);
    if (!t || !dimension || (minus && (!less || !rv_is_ok(less->status)))) {
        if (less) {
            (void)no_value(c, less->message);
        }
        return NULL;
    }
    size_t room = t->row_count + (less ? less->table.row_count : 0) + 1, n = 0;
    struct labelled *list = ARENA_NEW(c->a, struct labelled, room);
    if (!list) {
        return NULL;
    }
    column = column ? column : "count";
    n = add_labels(c, t, json_array_get(e, 2), dimension, column, 1, list, n);
    if (less) {
        n = add_labels(c, &less->table, json_array_get(e, 2), dimension, column, -1, list, n);
    }
    qsort(list, n, sizeof *list, by_value);
    *ret_n = n;
    return list;
}

/* A label as people know it: the name of an area, "15:00-16:00" for an hour, what a set calls it.
 */
static const char *shown_label(struct claiming *c, const char *label, json_t *options)
{
    const char *name = claim_name_of(c, label);
    json_t *other = json_object_get(json_object_get(options, "as"), name);
    if (json_is_true(json_object_get(options, "hours"))) {
        int64_t hour = 0;
        return parse_int(text_of(label), &hour)
                   ? arena_printf(c->a, "%s:00-%02d:00", label, (int)((hour + 1) % 24))
                   : NULL;
    }
    return json_is_string(other) ? arena_printf(c->a, "%s", json_string_value(other)) : name;
}

static bool of_top(struct claiming *c, json_t *e, struct claim_value *ret)
{
    size_t n = 0, most = (size_t)json_integer_value(json_array_get(e, 4));
    size_t skip = strcmp(json_string_value(json_array_get(e, 0)), "after-first") == 0 ? 1 : 0;
    c->because = "the table has no such dimension";
    struct labelled *list = order_labels(c, e, &n);
    const char **texts = ARENA_NEW(c->a, const char *, most + 1);
    if (!list || !texts) {
        return false;
    }
    n = n > skip ? n - skip : 0;
    n = n < most ? n : most;
    for (size_t i = 0; i < n; i++) {
        texts[i] = shown_label(c, list[i + skip].label, json_array_get(e, 5));
        if (!texts[i]) {
            return no_value(c, NULL);
        }
    }
    *ret = (struct claim_value){.texts = texts, .text_count = n};
    return n == most || no_value(c, "the table has fewer rows");
}

static bool of_top_sum(struct claiming *c, json_t *e, struct claim_value *ret)
{
    size_t n = 0, most = (size_t)json_integer_value(json_array_get(e, 4));
    c->because = "the table has no such dimension";
    struct labelled *list = order_labels(c, e, &n);
    double sum = 0;
    for (size_t i = 0; list && i < n && i < most; i++) {
        sum += list[i].value;
    }
    return list && number(ret, sum);
}

static bool of_place(struct claiming *c, json_t *e, struct claim_value *ret)
{
    const char *label = json_string_value(json_array_get(e, 4));
    size_t n = 0, at = 0;
    c->because = "the table has no such dimension";
    struct labelled *list = order_labels(c, e, &n);
    while (list && label && at < n && !claim_same_name(claim_name_of(c, list[at].label), label)) {
        at++;
    }
    if (!list || !label || at == n) {
        return list ? no_value(c, "the table has no such row") : false;
    }
    size_t ahead = 0;
    while (list[ahead].value > list[at].value) {
        ahead++;
    }
    return number(ret, (double)ahead + 1);
}

/* ---- conditions and words ---- */

static bool holds(struct claiming *c, json_t *e, bool *ret)
{
    const char *op = json_string_value(json_array_get(e, 0));
    double a, b;
    if (op && strcmp(op, "and") == 0) {
        *ret = true;
        for (size_t i = 1; i < json_array_size(e); i++) {
            bool one = false;
            if (!holds(c, json_array_get(e, i), &one)) {
                return false;
            }
            *ret = *ret && one;
        }
        return true;
    }
    if (op && strcmp(op, "first") == 0) {
        struct claim_value top;
        const char *label = json_string_value(json_array_get(e, 2));
        if (!label || !claim_evaluate(c, json_array_get(e, 1), &top)) {
            return false;
        }
        *ret = top.text_count > 0 && claim_same_name(top.texts[0], label);
        return true;
    }
    if (!op || !number_at(c, e, 1, &a) || !number_at(c, e, 2, &b)) {
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
    if (!holds(c, json_array_get(e, 1), &is_true)) {
        return false;
    }
    const char *word = json_string_value(json_array_get(e, is_true ? 2 : 3));
    const char **texts = ARENA_NEW(c->a, const char *, 1);
    if (!texts || !word) {
        return no_value(c, word ? NULL : "an expression lacks a word");
    }
    texts[0] = arena_printf(c->a, "%s", word);
    *ret = (struct claim_value){.texts = texts, .text_count = 1};
    return texts[0] != NULL;
}

/* ---- numbers ---- */

static bool of_e_test(struct claiming *c, json_t *e, struct claim_value *ret)
{
    double x[4], p;
    struct rv_err err;
    for (size_t i = 0; i < 4; i++) {
        if (!number_at(c, e, i + 1, &x[i])) {
            return false;
        }
    }
    if (!rv_is_ok(compare_e_test((int64_t)x[0], x[1], (int64_t)x[2], x[3], &p, &err))) {
        return no_value(c, arena_printf(c->a, "%s", err.message));
    }
    return number(ret, p);
}

static bool of_two(struct claiming *c, const char *op, json_t *e, struct claim_value *ret)
{
    double a, b;
    if (!number_at(c, e, 1, &a) || !number_at(c, e, 2, &b)) {
        return false;
    }
    if (strcmp(op, "+") == 0 || strcmp(op, "-") == 0) {
        return number(ret, op[0] == '+' ? a + b : a - b);
    }
    if (b == 0) {
        return no_value(c, "a share of nothing");
    }
    return number(ret, strcmp(op, "/") == 0   ? a / b
                       : strcmp(op, "%") == 0 ? 100 * a / b
                                              : 100 * (a - b) / b);
}

bool claim_evaluate(struct claiming *c, json_t *e, struct claim_value *ret)
{
    static const char *const twos[] = {"+", "-", "/", "%", "change"};
    static const char *const cells[] = {"cell", "most", "mean"};
    if (json_is_number(e)) {
        return number(ret, json_number_value(e));
    }
    const char *op = json_string_value(json_array_get(e, 0));
    for (size_t i = 0; op && i < 5; i++) {
        if (strcmp(op, twos[i]) == 0) {
            return of_two(c, op, e, ret);
        }
        if (i < 3 && strcmp(op, cells[i]) == 0) {
            return of_cells(c, e, ret);
        }
    }
    static const struct {
        const char *op;
        bool (*evaluate)(struct claiming *c, json_t *e, struct claim_value *ret);
    } others[] = {{"top", of_top},     {"after-first", of_top}, {"sum-top", of_top_sum},
                  {"place", of_place}, {"if", of_words},        {"e-test", of_e_test}};
    for (size_t i = 0; op && i < sizeof others / sizeof *others; i++) {
        if (strcmp(op, others[i].op) == 0) {
            return others[i].evaluate(c, e, ret);
        }
    }
    return no_value(c, "an expression of no known kind");
}
