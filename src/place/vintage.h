/* place/vintage.h — the month from which boundaries hold, out of a vintage's name.
 *
 * Pure. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_VINTAGE_H
#define REEVE_PLACE_VINTAGE_H

#include "base/text.h"

#include <stdint.h>

/* Month index (year * 12 + month - 1) of a vintage that begins with "2018" (January) or
 * "2022-05", whatever follows ("2018-gen20"); INT32_MIN when it does not begin with a year from
 * 1801 to 2999. A "-" and two digits that are no month are part of what follows. */
int32_t vintage_month(struct text vintage);

#endif
