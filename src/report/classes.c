/* report/classes.c — class limits of a choropleth. SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/classes.h"

#include "report/format.h"

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

static bool is_even(const size_t *ends, size_t n)
{
    size_t from = 0;
    for (size_t k = 0; k < CLASSES_MAX; k++) {
        if (ends[k] == from || 2 * (ends[k] - from) > n) {
            return false;
        }
        from = ends[k];
    }
    return true;
}

struct classes classes_choose(double *v, size_t n, enum classes_rule rule)
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
    if (rule == CLASSES_EQUAL || (rule != CLASSES_QUANTILE && is_even(ends, n))) {
        return from_ends(v, ends, CLASSES_MAX, CLASSES_EQUAL);
    }
    quantile_ends(v, n, ends);
    return from_ends(v, ends, CLASSES_MAX, CLASSES_QUANTILE);
}

size_t classes_find(const struct classes *c, double value)
{
    size_t k = 0;
    while (k + 1 < c->count && value > c->high[k]) {
        k++;
    }
    return k;
}

const char *classes_rule_text(enum classes_rule rule, const char *things)
{
    bool is_cells = things[0] == 'c';
    switch (rule) {
    case CLASSES_VALUES:
        return "One class for each value.";
    case CLASSES_EQUAL:
        return "Classes in equal steps.";
    case CLASSES_QUANTILE:
        return is_cells ? "Equal numbers of cells in each class, as far as equal values allow."
                        : "Equal numbers of areas in each class, as far as equal values allow.";
    case CLASSES_SIGNIFICANCE:
        return "By the 95% interval of each area: wholly above, wholly below, or on both sides of "
               "the reference.";
    case CLASSES_AUTO:
        break;
    }
    return "";
}

/* ---- limits in print ---- */

static void put_limit(struct buf *b, double value, int decimals, enum result_type type)
{
    format_decimal(b, value, decimals, FORMAT_PLAIN);
    buf_text(b, type == RESULT_PERCENT ? "%" : "");
}

static bool prints_alike(double a, double b, int decimals)
{
    struct buf one RV_CLEANUP(buf_done), two RV_CLEANUP(buf_done);
    buf_init(&one, 512);
    buf_init(&two, 512);
    format_decimal(&one, a, decimals, FORMAT_PLAIN);
    format_decimal(&two, b, decimals, FORMAT_PLAIN);
    return text_equal(buf_view(&one), buf_view(&two));
}

/* Two classes that meet must not seem to share a limit. */
static int decimals_of(const struct classes *c, enum result_type type)
{
    enum { MOST_DECIMALS = 6 };
    int decimals = type == RESULT_COUNT || type == RESULT_RANK || type == RESULT_REAL ? 0 : 1;
    for (; decimals < MOST_DECIMALS; decimals++) {
        bool any = false;
        for (size_t k = 0; k + 1 < c->count && !any; k++) {
            any = prints_alike(c->high[k], c->low[k + 1], decimals);
        }
        if (!any) {
            break;
        }
    }
    return decimals;
}

void classes_limits(struct buf *b, const struct classes *c, size_t k, enum result_type type)
{
    int decimals = decimals_of(c, type);
    put_limit(b, c->low[k], decimals, type);
    if (!prints_alike(c->low[k], c->high[k], decimals)) {
        buf_text(b, " to ");
        put_limit(b, c->high[k], decimals, type);
    }
}

/* ---- shades ---- */

static const struct {
    const char *colour, *ink;
} shades[CLASSES_MAX] = {{"#f4f8f8", "#1d2a33"},
                         {"#c9dede", "#1d2a33"},
                         {"#8fbfc1", "#1d2a33"},
                         {"#3a7d84", "#fff"},
                         {"#0b4a53", "#fff"}};

size_t classes_shade(const struct classes *c, size_t k)
{
    return c->count > 1 ? k * (CLASSES_MAX - 1) / (c->count - 1) : 2;
}

const char *classes_colour(size_t shade)
{
    return shades[shade].colour;
}

const char *classes_ink(size_t shade)
{
    return shades[shade].ink;
}
