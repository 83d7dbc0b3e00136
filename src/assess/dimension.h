/* assess/dimension.h — the dimensions of a table and their closed vocabularies.
 *
 * Pure, static data. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_DIMENSION_H
#define REEVE_ASSESS_DIMENSION_H

#include "assess/cube.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

struct dimension {
    const char *name; /* "offence-group" */
    enum cube_axis_kind kind;
    const char *column;        /* AXIS_VALUE */
    const char *area_type;     /* AXIS_AREA */
    const char *const *closed; /* AXIS_VALUE of a closed vocabulary */
    size_t closed_count;
    enum cube_date date; /* which date decides unless --date says otherwise */
    bool is_of_records;  /* counts published by others do not have it */
    const char *of; /* whom it describes: "victims", "suspects", "persons" of either; NULL = the
                     * offence */
};

const struct dimension *dimension_find(struct text name);  /* NULL = unknown */
const char *dimension_names(void);                         /* space-separated */
const struct dimension *dimension_list(size_t *ret_count); /* in the order of dimension_names */

#endif
