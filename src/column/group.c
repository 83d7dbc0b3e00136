/* column/group.c — the analytic kernels.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "column/group.h"

#include "base/civil.h"

#include <assert.h>
#include <string.h>

#define BLOCK 512

void select_from_bits(const uint64_t *bits, size_t n, uint8_t *mask)
{
    if (!bits) {
        memset(mask, 1, n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        mask[i] = (bits[i / 64] >> (i % 64)) & 1;
    }
}

void select_codes(const uint32_t *codes, size_t n, const uint8_t *keep, uint8_t *mask)
{
    for (size_t i = 0; i < n; i++) {
        mask[i] &= keep[codes[i]];
    }
}

void select_range(const struct column *c, int64_t low, int64_t high, uint8_t *mask)
{
    for (uint32_t i = 0; i < c->rows; i++) {
        bool in = c->integers[i] >= low && c->integers[i] <= high && column_has(c, i);
        mask[i] &= (uint8_t)in;
    }
}

size_t select_count(const uint8_t *mask, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += mask[i];
    }
    return count;
}

void remap_codes(const uint32_t *codes, size_t n, const uint32_t *map, uint32_t *out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = map[codes[i]];
    }
}

void month_codes(const struct column *times, int32_t first, int32_t last, uint32_t *out)
{
    for (uint32_t i = 0; i < times->rows; i++) {
        int32_t month = civil_month_of(times->integers[i]);
        bool in = month >= first && month <= last && column_has(times, i);
        out[i] = in ? (uint32_t)(month - first + 1) : 0;
    }
}

void cube_add(const struct cube_dimension *dimensions, size_t count, size_t n, const uint8_t *mask,
              const int64_t *weights, int64_t *cells)
{
    for (size_t i = 0; i < n; i++) {
        size_t cell = 0;
        for (size_t d = 0; d < count; d++) {
            cell = cell * dimensions[d].size + dimensions[d].codes[i];
        }
        if (!mask || mask[i]) {
            cells[cell] += weights ? weights[i] : 1;
        }
    }
}

size_t cube_cells(const struct cube_dimension *dimensions, size_t count)
{
    size_t cells = 1;
    for (size_t d = 0; d < count; d++) {
        if (__builtin_mul_overflow(cells, (size_t)dimensions[d].size, &cells)) {
            return SIZE_MAX;
        }
    }
    return cells;
}
