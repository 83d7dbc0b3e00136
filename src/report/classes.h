/* report/classes.h — the classes of a map or heat map, chosen by a rule that the chart states.
 *
 * Pure. Up to five classes; equal values are never parted; a class without areas is left out.
 * CLASSES_AUTO: five or fewer different values, one class each; otherwise equal steps, when each
 * step holds at least one area and none holds more than half; otherwise fifths of the areas.
 * CLASSES_SIGNIFICANCE is not chosen here: a map makes its three classes from intervals.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_CLASSES_H
#define REEVE_REPORT_CLASSES_H

#include "assess/finding.h"
#include "base/buf.h"

#include <stddef.h>

#define CLASSES_MAX 5

enum classes_rule {
    CLASSES_AUTO,
    CLASSES_VALUES,
    CLASSES_EQUAL,
    CLASSES_QUANTILE,
    CLASSES_SIGNIFICANCE
};

struct classes {
    enum classes_rule rule; /* the one that was used, never CLASSES_AUTO */
    size_t count;
    double low[CLASSES_MAX], high[CLASSES_MAX]; /* smallest and largest value inside */
    size_t areas[CLASSES_MAX];
};

/* `values` are finite and are sorted here; n may be 0. CLASSES_EQUAL and CLASSES_QUANTILE are used
 * as asked for, except that five or fewer different values get one class each. */
struct classes classes_choose(double *values, size_t n, enum classes_rule rule);
size_t classes_find(const struct classes *c, double value); /* a value that was given */

/* A sentence for the legend: "About a fifth of the areas in each class." */
const char *classes_rule_text(enum classes_rule rule, const char *things);

/* "1,234.5 to 2,345.0", with as many decimals as keep the classes apart. */
void classes_limits(struct buf *b, const struct classes *c, size_t k, enum result_type type);

/* Five shades, lighter to darker, also in grey; few classes take the ends of the ramp. The ink is
 * what text on the shade is written in (at least 4.5:1). */
size_t classes_shade(const struct classes *c, size_t k);
const char *classes_colour(size_t shade);
const char *classes_ink(size_t shade);

#endif
