/* synth/assign.h — gives each record of a list one more attribute, so that all margins hold.
 *
 * Records alike in what a step looks at make one row of a table (fit.h); within a row chance says
 * which record gets which value.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_ASSIGN_H
#define REEVE_SYNTH_ASSIGN_H

#include "synth/fit.h"

#define ASSIGN_KEYS 65536
#define ASSIGN_SKIP (-1) /* a key: this record takes no part */

struct step {
    const char *name;
    void *context;
    size_t items, values;
    /* What the step looks at, packed into 0 .. ASSIGN_KEYS - 1. */
    int64_t (*key)(const void *context, size_t item);
    uint64_t (*marks)(const void *context, size_t item); /* the same for all items of a key */
    double (*weight)(const void *context, size_t item, size_t value); /* likewise */
    void (*set)(void *context, size_t item, size_t value);
    const struct fit_margin *margins;
    size_t margin_count;
};

/* RV_REFUSED when the margins cannot be met. */
RV_MUST_CHECK rv_status assign(struct arena *a, const struct step *s, struct dice *dice,
                               struct rv_err *reterr);

#endif
