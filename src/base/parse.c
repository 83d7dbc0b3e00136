/* base/parse.c — numbers out of cells.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/parse.h"

#include <math.h>
#include <stdlib.h>

#define MOST_NUMBER 40

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool parse_int(struct text cell, int64_t *ret)
{
    size_t i = 0;
    bool is_negative = cell.n && cell.at[0] == '-';
    i += is_negative;
    if (i == cell.n || cell.n - i > 18) {
        return false;
    }
    int64_t value = 0;
    for (; i < cell.n; i++) {
        if (!is_digit(cell.at[i])) {
            return false;
        }
        value = value * 10 + (cell.at[i] - '0');
    }
    *ret = is_negative ? -value : value;
    return true;
}

/* A decimal taken apart: value = mantissa * 10^-scale, exact when is_exact. */
struct decimal {
    uint64_t mantissa;
    int scale;
    bool is_negative, is_exact;
    size_t used; /* characters read: up to an exponent or the end */
};

static bool decimal_read(struct text cell, struct decimal *ret)
{
    struct decimal d = {.is_exact = true};
    size_t i = 0;
    d.is_negative = cell.n && cell.at[0] == '-';
    i += d.is_negative;
    size_t digits = 0, significant = 0;
    bool seen_point = false;
    for (; i < cell.n; i++) {
        if (cell.at[i] == '.' && !seen_point && digits) {
            seen_point = true;
            continue;
        }
        if (!is_digit(cell.at[i])) {
            break;
        }
        digits++;
        significant += significant || cell.at[i] != '0';
        if (significant > 18) {
            d.is_exact = false;
            continue;
        }
        d.mantissa = d.mantissa * 10 + (uint64_t)(cell.at[i] - '0');
        d.scale += seen_point;
    }
    bool ends_on_point = i && cell.at[i - 1] == '.';
    d.used = i;
    *ret = d;
    return digits && !ends_on_point;
}

static bool exponent_fits(struct text rest)
{
    if (rest.n < 2 || (rest.at[0] != 'e' && rest.at[0] != 'E')) {
        return false;
    }
    size_t i = rest.at[1] == '+' || rest.at[1] == '-' ? 2 : 1;
    if (i == rest.n) {
        return false;
    }
    for (; i < rest.n; i++) {
        if (!is_digit(rest.at[i])) {
            return false;
        }
    }
    return true;
}

bool parse_real(struct text cell, double *ret)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    enum { MOST_POWER = sizeof powers / sizeof *powers - 1 };
    struct decimal d;
    if (cell.n > MOST_NUMBER || !decimal_read(cell, &d)) {
        return false;
    }
    /* Both operands exact in a double: one correctly rounded division (Clinger 1990). */
    if (d.used == cell.n && d.is_exact && d.mantissa < (1ULL << 53) && d.scale <= MOST_POWER) {
        double value = (double)d.mantissa / powers[d.scale];
        *ret = d.is_negative ? -value : value;
        return true;
    }
    if (d.used != cell.n && !exponent_fits((struct text){cell.at + d.used, cell.n - d.used})) {
        return false;
    }
    char copy[MOST_NUMBER + 1];
    memcpy(copy, cell.at, cell.n);
    copy[cell.n] = '\0';
    double value = strtod(copy, NULL); /* the locale is never set: the point is a point */
    if (!isfinite(value)) {
        return false;
    }
    *ret = value;
    return true;
}

bool parse_thousandths(struct text cell, int64_t *ret)
{
    struct decimal d;
    if (cell.n > MOST_NUMBER || !decimal_read(cell, &d) || d.used != cell.n) {
        return false;
    }
    /* Half away from zero asks for the fourth decimal only: later digits may be left out. */
    if (!d.is_exact && d.scale < 4) {
        return false;
    }
    uint64_t value = d.mantissa;
    for (; d.scale < 3; d.scale++) {
        if (__builtin_mul_overflow(value, 10U, &value)) {
            return false;
        }
    }
    for (; d.scale > 4; d.scale--) {
        value /= 10;
    }
    if (d.scale == 4) {
        value = value / 10 + (value % 10 >= 5);
    }
    if (value > INT64_MAX) {
        return false;
    }
    *ret = d.is_negative ? -(int64_t)value : (int64_t)value;
    return true;
}
