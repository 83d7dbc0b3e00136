/* column/column.c — what is common to all columns.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "column/column.h"

const char *column_type_name(enum column_type type)
{
    switch (type) {
    case COLUMN_CATEGORY:
        return "category";
    case COLUMN_INTEGER:
        return "integer";
    case COLUMN_THOUSANDTHS:
        return "thousandths";
    case COLUMN_REAL:
        return "real";
    case COLUMN_TIME:
        return "time";
    case COLUMN_TEXT:
        return "text";
    }
    return "unknown";
}

uint32_t column_codes_end(const struct column *c)
{
    uint32_t high = 0;
    for (uint32_t i = 0; i < c->rows; i++) {
        high = c->codes[i] > high ? c->codes[i] : high;
    }
    return c->rows ? high + 1 : 0;
}
