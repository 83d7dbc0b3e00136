/* place/vintage.c — reading the date at the head of a vintage.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/vintage.h"

#include <stdbool.h>

static bool is_digit(struct text t, size_t i)
{
    return i < t.n && t.at[i] >= '0' && t.at[i] <= '9';
}

int32_t vintage_month(struct text v)
{
    if (!is_digit(v, 0) || !is_digit(v, 1) || !is_digit(v, 2) || !is_digit(v, 3) ||
        is_digit(v, 4)) {
        return INT32_MIN;
    }
    int32_t year = 0, month = 0;
    for (size_t i = 0; i < 4; i++) {
        year = year * 10 + (v.at[i] - '0');
    }
    if (year < 1801 || year > 2999) {
        return INT32_MIN;
    }
    if (v.n > 4 && v.at[4] == '-' && is_digit(v, 5) && is_digit(v, 6) && !is_digit(v, 7)) {
        month = (v.at[5] - '0') * 10 + (v.at[6] - '0');
    }
    return year * 12 + (month >= 1 && month <= 12 ? month - 1 : 0);
}
