/* report/classes.c — class limits of a choropleth. SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/classes.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ends[k] = index after the last value of class k, rising; empty classes are left out. */
static struct classes from_ends(const double *v, const size_t *ends, size_t count,
                                enum classes_rule rule)
{
    struct classes c = {.rule = rule};
    size_t from = 0;
    for (size_t k = 0; k < count; k++) {
        if (ends[k] > from) {
            c.low[c.count] = v[from];
            c.high[c.count] = v[ends[k] - 1];
            c.areas[c.count++] = ends[k] - from;
            from = ends[k];
        }
    }
    return c;
}

/* The end of every run of equal values; returns their number, counting no further than `most`. */
static size_t runs(const double *v, size_t n, size_t *ends, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < n && count < most; i++) {
        if (i + 1 == n || v[i + 1] > v[i]) {
            ends[count++] = i + 1;
        }
    }
    return count;
}

static void equal_ends(const double *v, size_t n, size_t *ends)
{
    double step = (v[n - 1] - v[0]) / CLASSES_MAX;
    size_t at = 0;
    for (size_t k = 0; k < CLASSES_MAX; k++) {
        while (at < n && (k + 1 == CLASSES_MAX || v[at] < v[0] + step * (double)(k + 1))) {
            at++;
        }
        ends[k] = at;
    }
}

static void quantile_ends(const double *v, size_t n, size_t *ends)
{
    for (size_t k = 0; k < CLASSES_MAX; k++) {
        size_t end = (n * (k + 1) + CLASSES_MAX - 1) / CLASSES_MAX;
        while (end < n && !(v[end] > v[end - 1])) {
            end++;
        }
        ends[k] = end;
    }
}

struct classes classes_choose(double *v, size_t n)
{
    size_t ends[CLASSES_MAX + 1];
    if (n) {
        qsort(v, n, sizeof *v, by_value);
    }
    size_t different = runs(v, n, ends, CLASSES_MAX + 1);
    if (different <= CLASSES_MAX) {
        return from_ends(v, ends, different, CLASSES_VALUES);
    }
    equal_ends(v, n, ends);
    size_t from = 0;
    for (size_t k = 0; k < CLASSES_MAX; k++) {
        if (ends[k] == from || 2 * (ends[k] - from) > n) {
            quantile_ends(v, n, ends);
            return from_ends(v, ends, CLASSES_MAX, CLASSES_QUANTILE);
        }
        from = ends[k];
    }
    return from_ends(v, ends, CLASSES_MAX, CLASSES_EQUAL);
}

size_t classes_find(const struct classes *c, double value)
{
    size_t k = 0;
    while (k + 1 < c->count && value > c->high[k]) {
        k++;
    }
    return k;
}

const char *classes_rule_text(enum classes_rule rule)
{
    switch (rule) {
    case CLASSES_VALUES:
        return "One class for each value.";
    case CLASSES_EQUAL:
        return "Classes in equal steps.";
    case CLASSES_QUANTILE:
        return "About a fifth of the areas in each class.";
    }
    return "";
}
