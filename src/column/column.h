/* column/column.h — one typed column of one chunk, in memory.
 *
 * Pure data, borrowed from the arena of whoever decoded or parsed it. A chunk has at most
 * LIMIT_CHUNK_ROWS rows. Missing is a fact of its own, never a value: category code 0, or a
 * cleared validity bit.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_COLUMN_COLUMN_H
#define REEVE_COLUMN_COLUMN_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* The numbers are stored in partnership files: never change one. */
enum column_type {
    COLUMN_CATEGORY = 1,    /* codes into the extract's dictionary; 0 = missing */
    COLUMN_INTEGER = 2,     /* int64_t */
    COLUMN_THOUSANDTHS = 3, /* int64_t thousandths of the unit: millimetres for metres */
    COLUMN_REAL = 4,        /* double */
    COLUMN_TIME = 5,        /* civil_time (base/civil.h) */
    COLUMN_TEXT = 6,        /* bytes: keys and free text */
};

struct column {
    enum column_type type;
    uint32_t rows;
    uint32_t nulls;
    const uint64_t *valid;   /* bit i%64 of word i/64 set = row i has a value; NULL = all have.
                              * Always NULL for COLUMN_CATEGORY. */
    const uint32_t *codes;   /* COLUMN_CATEGORY: rows codes */
    const int64_t *integers; /* COLUMN_INTEGER, _THOUSANDTHS, _TIME: rows values, 0 where null */
    const double *reals;     /* COLUMN_REAL: rows values, 0 where null */
    const uint32_t *offsets; /* COLUMN_TEXT: rows + 1 offsets into bytes; a null has length 0 */
    const char *bytes;       /* COLUMN_TEXT */
};

static inline bool column_has(const struct column *c, uint32_t row)
{
    if (c->type == COLUMN_CATEGORY) {
        return c->codes[row] != 0;
    }
    return !c->valid || ((c->valid[row / 64] >> (row % 64)) & 1);
}

static inline struct text column_text_at(const struct column *c, uint32_t row)
{
    return (struct text){c->bytes + c->offsets[row], c->offsets[row + 1] - c->offsets[row]};
}

/* One more than the greatest code of a COLUMN_CATEGORY, 0 when it has no rows. A reader of stored
 * bytes refuses a column whose codes end past its dictionary before it indexes anything by them. */
uint32_t column_codes_end(const struct column *c);

const char *column_type_name(enum column_type type); /* "category", "integer", … */

#endif
