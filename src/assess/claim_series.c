/* assess/claim_series.c — series: a number for each label of one dimension.
 *
 *   ["series", TABLE, FILTER, DIMENSION, COLUMN]  sums of a column (count by default) by label, in
 *                                  the order of the table; without not-recorded and unplaced
 *   ["top", SERIES, N, {"as": {LABEL: WORD}, "hours": true, "codes": true, "from": M}]  the first
 * N, most first; 0 = all above nought; after the first M. Labels as people know them: names of
 * areas, "15:00-16:00", what "as" calls them; "codes": as the table has them
 *   ["only"|"without", SERIES, [LABEL, …]]
 *   ["group", SERIES, {NAME: [LABEL, …], …}]  sums of labels; what is in no group is left out
 *   ["largest"|"sum"|"mean"|"median"|"size", SERIES]
 *   ["at", SERIES, LABEL]  ["rank", SERIES, LABEL]  1 = most; equal values share a rank
 *   ["count-if", ">"|"<"|">="|"<=", SERIES, NUMBER]  how many labels
 *   ["window", SERIES, N]          the N hours in a row with most, "15:00-19:00"
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/claim_internal.h"
#include "base/parse.h"

#include <stdlib.h>
#include <string.h>

bool claim_new_series(struct claiming *c, size_t n, const char ***ret_labels, double **ret_numbers)
{
    *ret_labels = ARENA_NEW(c->a, const char *, n + 1);
    *ret_numbers = ARENA_NEW(c->a, double, n + 1);
    return (*ret_labels && *ret_numbers) || claim_no_value(c, NULL);
}

static bool series(struct claim_value *ret, const char **labels, double *numbers, size_t n)
{
    *ret = (struct claim_value){.texts = labels, .numbers = numbers, .text_count = n};
    return true;
}

bool claim_series_at(struct claiming *c, json_t *e, size_t i, struct claim_value *ret)
{
    struct claim_value v;
    if (!claim_evaluate(c, json_array_get(e, i), &v)) {
        return false;
    }
    *ret = v;
    return v.numbers || claim_no_value(c, "an expression needs a series");
}

/* ---- from a table ---- */

static size_t place_of(const char *const *labels, size_t n, const char *label)
{
    size_t i = 0;
    while (i < n && labels[i] != label && strcmp(labels[i], label) != 0) {
        i++;
    }
    return i;
}

static bool is_no_label(const char *label)
{
    return !label || strcmp(label, "not-recorded") == 0 || strcmp(label, "unplaced") == 0;
}

static bool of_table(struct claiming *c, json_t *e, struct claim_value *ret)
{
    struct claim_filter filter;
    const char *dimension = claim_word_at(c, e, 3), **labels;
    const char *column = json_string_value(json_array_get(e, 4));
    const struct result_table *t = claim_table_of(c, json_string_value(json_array_get(e, 1)));
    double *numbers;
    if (!t || !dimension || !claim_filter_read(c, json_array_get(e, 2), &filter) ||
        !claim_new_series(c, t->row_count, &labels, &numbers)) {
        return false;
    }
    size_t at = claim_column(t, dimension), value = claim_column(t, column ? column : "count");
    if (at == SIZE_MAX || value == SIZE_MAX) {
        return claim_no_value(c, "the table has no such dimension");
    }
    size_t n = 0;
    for (size_t row = 0; row < t->row_count; row++) {
        const char *label = t->cells[row * t->column_count + at].text;
        const struct result_cell *cell = &t->cells[row * t->column_count + value];
        if (is_no_label(label) || cell->is_missing || !claim_row_fits(c, t, row, &filter)) {
            continue;
        }
        size_t i = place_of(labels, n, label);
        labels[i] = label;
        n += i == n;
        numbers[i] += cell->number;
    }
    return series(ret, labels, numbers, n);
}

/* ---- the most ---- */

struct labelled {
    const char *label;
    double value;
};

static int by_value(const void *a, const void *b)
{
    const struct labelled *x = a, *y = b;
    return x->value != y->value ? (x->value < y->value ? 1 : -1) : strcmp(x->label, y->label);
}

/* A label as people know it: the name of an area, "15:00-16:00" for an hour, what a set calls it.
 */
static const char *shown_label(struct claiming *c, const char *label, json_t *options)
{
    const char *name =
        json_is_true(json_object_get(options, "codes")) ? label : claim_name_of(c, label);
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
    struct claim_value s;
    const char **labels;
    double *numbers;
    json_t *options = json_array_get(e, 3);
    size_t most = (size_t)json_integer_value(json_array_get(e, 2));
    size_t from = (size_t)json_integer_value(json_object_get(options, "from")), n = 0;
    if (!claim_series_at(c, e, 1, &s) || !claim_new_series(c, s.text_count, &labels, &numbers)) {
        return false;
    }
    struct labelled *list = ARENA_NEW(c->a, struct labelled, s.text_count + 1);
    for (size_t i = 0; list && i < s.text_count; i++) {
        list[i] = (struct labelled){s.texts[i], s.numbers[i]};
    }
    if (!list) {
        return claim_no_value(c, NULL);
    }
    qsort(list, s.text_count, sizeof *list, by_value);
    for (size_t i = from; i < s.text_count && (most ? n < most : list[i].value > 0); i++) {
        labels[n] = shown_label(c, list[i].label, options);
        numbers[n] = list[i].value;
        if (!labels[n++]) {
            return claim_no_value(c, "a label is no hour");
        }
    }
    return n >= most ? series(ret, labels, numbers, n)
                     : claim_no_value(c, "the table has fewer rows");
}

/* ---- parts ---- */

static bool is_among(struct claiming *c, const char *label, json_t *words)
{
    for (size_t i = 0; i < json_array_size(words); i++) {
        const char *word = json_string_value(json_array_get(words, i));
        if (word && claim_is_label(c, label, word)) {
            return true;
        }
    }
    return false;
}

static bool of_part(struct claiming *c, json_t *e, struct claim_value *ret)
{
    struct claim_value s;
    const char **labels;
    double *numbers;
    bool is_only = strcmp(json_string_value(json_array_get(e, 0)), "only") == 0;
    size_t n = 0;
    if (!claim_series_at(c, e, 1, &s) || !claim_new_series(c, s.text_count, &labels, &numbers)) {
        return false;
    }
    for (size_t i = 0; i < s.text_count; i++) {
        if (is_among(c, s.texts[i], json_array_get(e, 2)) == is_only) {
            labels[n] = s.texts[i];
            numbers[n++] = s.numbers[i];
        }
    }
    return series(ret, labels, numbers, n);
}

static bool of_groups(struct claiming *c, json_t *e, struct claim_value *ret)
{
    struct claim_value s;
    const char **labels, *name;
    double *numbers;
    json_t *groups = json_array_get(e, 2), *words;
    size_t n = 0;
    if (!claim_series_at(c, e, 1, &s) ||
        !claim_new_series(c, json_object_size(groups), &labels, &numbers)) {
        return false;
    }
    json_object_foreach(groups, name, words)
    {
        labels[n] = arena_printf(c->a, "%s", name);
        for (size_t i = 0; i < s.text_count; i++) {
            numbers[n] += is_among(c, s.texts[i], words) ? s.numbers[i] : 0;
        }
        if (!labels[n++]) {
            return claim_no_value(c, NULL);
        }
    }
    return series(ret, labels, numbers, n);
}

/* ---- one number of them ---- */

static int by_number(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static bool of_median(struct claiming *c, const struct claim_value *s, struct claim_value *ret)
{
    size_t n = s->text_count;
    double *sorted = ARENA_NEW(c->a, double, n);
    if (!sorted) {
        return claim_no_value(c, NULL);
    }
    memcpy(sorted, s->numbers, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_number);
    return claim_number(ret, (sorted[(n - 1) / 2] + sorted[n / 2]) / 2);
}

static bool of_whole(struct claiming *c, json_t *e, struct claim_value *ret)
{
    const char *how = json_string_value(json_array_get(e, 0));
    struct claim_value s;
    if (!claim_series_at(c, e, 1, &s)) {
        return false;
    }
    if (strcmp(how, "size") == 0) {
        return claim_number(ret, (double)s.text_count);
    }
    if (s.text_count == 0) {
        return strcmp(how, "sum") == 0 ? claim_number(ret, 0)
                                       : claim_no_value(c, "the table has no such row");
    }
    if (strcmp(how, "median") == 0) {
        return of_median(c, &s, ret);
    }
    double sum = 0, most = s.numbers[0];
    for (size_t i = 0; i < s.text_count; i++) {
        sum += s.numbers[i];
        most = s.numbers[i] > most ? s.numbers[i] : most;
    }
    return claim_number(ret, strcmp(how, "sum") == 0    ? sum
                             : strcmp(how, "mean") == 0 ? sum / (double)s.text_count
                                                        : most);
}

static bool of_label(struct claiming *c, json_t *e, struct claim_value *ret)
{
    bool is_rank = strcmp(json_string_value(json_array_get(e, 0)), "rank") == 0;
    const char *label = claim_word_at(c, e, 2);
    struct claim_value s;
    size_t at = 0, ahead = 0;
    if (!label || !claim_series_at(c, e, 1, &s)) {
        return false;
    }
    while (at < s.text_count && !claim_is_label(c, s.texts[at], label)) {
        at++;
    }
    if (at == s.text_count) {
        return claim_no_value(c, "the table has no such row");
    }
    for (size_t i = 0; i < s.text_count; i++) {
        ahead += s.numbers[i] > s.numbers[at];
    }
    return claim_number(ret, is_rank ? (double)ahead + 1 : s.numbers[at]);
}

static bool of_count(struct claiming *c, json_t *e, struct claim_value *ret)
{
    const char *op = claim_word_at(c, e, 1);
    struct claim_value s;
    double x;
    size_t n = 0;
    if (!op || !claim_series_at(c, e, 2, &s) || !claim_number_at(c, e, 3, &x)) {
        return false;
    }
    for (size_t i = 0; i < s.text_count; i++) {
        double y = s.numbers[i];
        bool is_equal_too = op[0] && op[1] == '=' && y == x;
        n += (op[0] == '>' ? y > x : y < x) || is_equal_too;
    }
    return claim_number(ret, (double)n);
}

static bool of_window(struct claiming *c, json_t *e, struct claim_value *ret)
{
    struct claim_value s;
    double width, most = -1;
    size_t best = 0;
    if (!claim_series_at(c, e, 1, &s) || !claim_number_at(c, e, 2, &width)) {
        return false;
    }
    if (s.text_count != 24 || !(width >= 1 && width < 24)) {
        return claim_no_value(c, "a window needs the 24 hours of a day");
    }
    for (size_t h = 0; h < 24; h++) {
        double sum = 0;
        for (size_t i = 0; i < (size_t)width; i++) {
            sum += s.numbers[(h + i) % 24];
        }
        best = sum > most ? h : best;
        most = sum > most ? sum : most;
    }
    const char *word = arena_printf(c->a, "%02u:00-%02u:00", (unsigned)best,
                                    (unsigned)(best + (size_t)width) % 24);
    return claim_word(c, word, ret);
}

/* ---- two series ---- */

/* A label that one of two lacks counts as 0 in sums and has no ratio. */
static bool operate_both(struct claiming *c, const char *op, const struct claim_value *a,
                         const struct claim_value *b, struct claim_value *ret)
{
    const char **labels;
    double *numbers;
    size_t n = 0;
    bool is_sum = strcmp(op, "+") == 0 || strcmp(op, "-") == 0;
    if (!claim_new_series(c, a->text_count + b->text_count, &labels, &numbers)) {
        return false;
    }
    for (size_t i = 0; i < a->text_count; i++) {
        size_t k = place_of(b->texts, b->text_count, a->texts[i]);
        double other = k < b->text_count ? b->numbers[k] : 0;
        if ((is_sum || k < b->text_count) && claim_of_two(op, a->numbers[i], other, &numbers[n])) {
            labels[n++] = a->texts[i];
        }
    }
    for (size_t k = 0; is_sum && k < b->text_count; k++) {
        if (place_of(a->texts, a->text_count, b->texts[k]) == a->text_count &&
            claim_of_two(op, 0, b->numbers[k], &numbers[n])) {
            labels[n++] = b->texts[k];
        }
    }
    return series(ret, labels, numbers, n);
}

bool claim_operate(struct claiming *c, const char *op, const struct claim_value *a,
                   const struct claim_value *b, struct claim_value *ret)
{
    if ((!a->is_number && !a->numbers) || (!b->is_number && !b->numbers)) {
        return claim_no_value(c, "words cannot be reckoned with");
    }
    if (a->numbers && b->numbers) {
        return operate_both(c, op, a, b, ret);
    }
    const struct claim_value *s = a->numbers ? a : b;
    const char **labels;
    double *numbers;
    size_t n = 0;
    if (!claim_new_series(c, s->text_count, &labels, &numbers)) {
        return false;
    }
    for (size_t i = 0; i < s->text_count; i++) {
        double x = a->numbers ? a->numbers[i] : a->number;
        double y = b->numbers ? b->numbers[i] : b->number;
        if (claim_of_two(op, x, y, &numbers[n])) {
            labels[n++] = s->texts[i];
        }
    }
    return series(ret, labels, numbers, n);
}

const struct claim_operator claim_series_operators[] = {
    {"series", of_table},   {"top", of_top},       {"only", of_part},  {"without", of_part},
    {"group", of_groups},   {"sum", of_whole},     {"mean", of_whole}, {"largest", of_whole},
    {"median", of_whole},   {"size", of_whole},    {"at", of_label},   {"rank", of_label},
    {"count-if", of_count}, {"window", of_window}, {NULL, NULL}};
