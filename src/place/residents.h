/* place/residents.h — how many people live in an area, by its code, from the populations held: what
 * a split is shared out by; and what a row of such an extract says.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_RESIDENTS_H
#define REEVE_PLACE_RESIDENTS_H

#include "base/arena.h"
#include "base/text.h"
#include "column/column.h"
#include "column/dictionary.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

struct residents; /* every extract of kind population, newest first; lives in the arena */

/* All ages and sexes together, of the latest year of each extract. Cost: O(rows). */
RV_MUST_CHECK rv_status residents_load(struct store *s, struct arena *a, struct residents **ret,
                                       struct rv_err *reterr);

/* The residents of each of n codes from one extract, the newest that has them all. False: none has.
 */
bool residents_of(const struct residents *r, const struct text *codes, size_t n, double *ret);

/* The persons of a row, NaN where the column holds no numbers; its year, also from a date or a
 * text, -1 where it has none. */
double population_persons_at(const struct column *c, uint32_t row);
int32_t population_year_at(const struct column *c, const struct dictionary *d, uint32_t row);

/* Whether a row's `population_name` says residents: nothing, or that word in any case. Any other
 * name is of another population, which is never added to residents. */
bool population_is_residents(struct text name);

#endif
