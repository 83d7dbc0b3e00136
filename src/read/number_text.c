/* read/number_text.c — numbers as text.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/number_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void number_text(double x, char out[NUMBER_TEXT_BYTES])
{
    if (fabs(x) < 1e15 && x == trunc(x)) {
        (void)snprintf(out, NUMBER_TEXT_BYTES, "%.0f", x == 0 ? 0.0 : x);
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        (void)snprintf(out, NUMBER_TEXT_BYTES, "%.*g", digits, x);
        if (strtod(out, NULL) == x) {
            return;
        }
    }
}
