/* base/parse.h — strict, locale-free parsing of whole cells.
 *
 * Pure. Each function takes the whole cell: anything left over, a sign where none is allowed, a
 * leading or trailing space or an overflow is a refusal (false) and leaves *ret alone.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_BASE_PARSE_H
#define REEVE_BASE_PARSE_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

bool parse_int(struct text cell, int64_t *ret); /* [-]digits, at most 18 digits */

/* [-]digits[.digits][e[+-]digits]; finite; at most 40 characters. Correctly rounded. */
bool parse_real(struct text cell, double *ret);

/* The same text as parse_real without an exponent, rounded half away from zero to thousandths.
 * More than 18 significant digits up to the fourth decimal are refused. */
bool parse_thousandths(struct text cell, int64_t *ret);

#endif
