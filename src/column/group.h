/* column/group.h — selecting rows and counting them into a dense cube: the analytic kernels.
 *
 * Pure loops over arrays. Selections are byte masks (1 = in, 0 = out), one byte a row, so that
 * the loops vectorise. Cells are integers, so sums do not depend on order or thread count.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_COLUMN_GROUP_H
#define REEVE_COLUMN_GROUP_H

#include "column/column.h"

#include <stddef.h>
#include <stdint.h>

/* mask[i] = bit i of bits (NULL: all 1). */
void select_from_bits(const uint64_t *bits, size_t n, uint8_t *mask);

/* mask[i] &= keep[codes[i]]; keep has one byte for each code of the dictionary. */
void select_codes(const uint32_t *codes, size_t n, const uint8_t *keep, uint8_t *mask);

/* mask[i] &= low <= values[i] <= high and row i is valid. */
void select_range(const struct column *c, int64_t low, int64_t high, uint8_t *mask);

size_t select_count(const uint8_t *mask, size_t n);

/* out[i] = map[codes[i]]: extract codes to the codes of a query. */
void remap_codes(const uint32_t *codes, size_t n, const uint32_t *map, uint32_t *out);

/* out[i] = month index - first + 1 when valid and within first..last, else 0. */
void month_codes(const struct column *times, int32_t first, int32_t last, uint32_t *out);

/* One dimension of a cube: a code per row and how far apart its cells are. */
struct cube_dimension {
    const uint32_t *codes; /* n codes, each < size */
    uint32_t size;         /* number of cells along this dimension, code 0 included */
};

/* For each row with mask[i] (mask NULL: all): cells[sum codes_d[i] * stride_d] += weights ?
 * weights[i] : 1. The last dimension is the fastest. cells has product(size) entries.
 * Cost: O(n * dimensions). */
void cube_add(const struct cube_dimension *dimensions, size_t count, size_t n, const uint8_t *mask,
              const int64_t *weights, int64_t *cells);

/* Product of the sizes, or SIZE_MAX when it overflows. */
size_t cube_cells(const struct cube_dimension *dimensions, size_t count);

#endif
