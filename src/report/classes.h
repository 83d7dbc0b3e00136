/* report/classes.h — the classes of a map, chosen by a rule that the map states.
 *
 * Pure. Rule: up to five classes. Five or fewer different values: one class each. Otherwise equal
 * steps, when each step holds at least one area and none holds more than half; otherwise fifths of
 * the areas. Equal values are never parted. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_CLASSES_H
#define REEVE_REPORT_CLASSES_H

#include <stddef.h>

#define CLASSES_MAX 5

enum classes_rule { CLASSES_VALUES, CLASSES_EQUAL, CLASSES_QUANTILE };

struct classes {
    enum classes_rule rule;
    size_t count;
    double low[CLASSES_MAX], high[CLASSES_MAX]; /* smallest and largest value inside */
    size_t areas[CLASSES_MAX];
};

/* `values` are finite and are sorted here; n may be 0. */
struct classes classes_choose(double *values, size_t n);
size_t classes_find(const struct classes *c, double value); /* a value that was given */
const char *classes_rule_text(enum classes_rule rule);      /* a sentence for the legend */

#endif
