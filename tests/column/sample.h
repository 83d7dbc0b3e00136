/* tests/column/sample.h — random columns of every type, from a printed seed.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_COLUMN_SAMPLE_H
#define REEVE_TESTS_COLUMN_SAMPLE_H

#include "base/arena.h"
#include "base/civil.h"
#include "check.h"
#include "column/column.h"

static const enum column_type sample_types[] = {COLUMN_CATEGORY, COLUMN_INTEGER, COLUMN_THOUSANDTHS,
                                                COLUMN_REAL,     COLUMN_TIME,    COLUMN_TEXT};
#define SAMPLE_TYPES (sizeof sample_types / sizeof *sample_types)

/* SplitMix64: Steele, Lea & Flood (2014). */
static inline uint64_t sample_next(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

/* A value of `bits` random bits (0 to 64). */
static inline uint64_t sample_bits(uint64_t *state, unsigned bits)
{
    return bits ? sample_next(state) >> (64 - bits) : 0;
}

static inline int64_t sample_time(uint64_t *state)
{
    int64_t days = (int64_t)(sample_next(state) % 146000) - 62000;
    int64_t seconds = days * 86400 + (int64_t)(sample_next(state) % 86400);
    return civil_pack(seconds, (enum civil_precision)(sample_next(state) % 4));
}

static inline void *sample_array(struct arena *a, size_t count, size_t size)
{
    void *at = arena_new(a, count, size);
    assert_non_null(at);
    return at;
}

static inline void sample_text(struct arena *a, uint64_t *state, unsigned bits, struct column *c)
{
    size_t most = bits > 9 ? 600 : (size_t)1 << bits;
    uint32_t *offsets = sample_array(a, (size_t)c->rows + 1, sizeof *offsets);
    char *bytes = sample_array(a, most * c->rows + 1, 1);
    for (uint32_t i = 0; i < c->rows; i++) {
        size_t n = column_has(c, i) ? sample_next(state) % most : 0;
        for (size_t k = 0; k < n; k++) {
            bytes[offsets[i] + k] = (char)sample_next(state);
        }
        offsets[i + 1] = offsets[i] + (uint32_t)n;
    }
    c->offsets = offsets;
    c->bytes = bytes;
}

/* One value in `null_in` missing (0: none; 1: all); values of `bits` bits around a random base. */
static inline struct column sample_column(struct arena *a, enum column_type type, uint32_t rows,
                                          unsigned null_in, unsigned bits, uint64_t *state)
{
    struct column c = {.type = type, .rows = rows};
    uint64_t *valid = sample_array(a, rows / 64 + 1, sizeof *valid);
    for (uint32_t i = 0; i < rows; i++) {
        bool is_null = null_in && sample_next(state) % null_in == 0;
        valid[i / 64] |= (uint64_t)!is_null << (i % 64);
        c.nulls += is_null;
    }
    c.valid = c.nulls && type != COLUMN_CATEGORY ? valid : NULL;
    uint32_t *codes = sample_array(a, rows, sizeof *codes);
    int64_t *integers = sample_array(a, rows, sizeof *integers);
    double *reals = sample_array(a, rows, sizeof *reals);
    uint64_t base = sample_next(state);
    unsigned code_bits = bits > 31 ? 31 : bits;
    for (uint32_t i = 0; i < rows; i++) {
        uint64_t value = sample_bits(state, bits);
        bool has = (valid[i / 64] >> (i % 64)) & 1;
        codes[i] = has ? 1 + (uint32_t)(base % 1000) + (uint32_t)sample_bits(state, code_bits) : 0;
        if (has) {
            integers[i] = type == COLUMN_TIME ? sample_time(state) : (int64_t)(base + value);
            reals[i] = (double)(int64_t)sample_next(state) / (double)(1 + value);
        }
    }
    c.codes = type == COLUMN_CATEGORY ? codes : NULL;
    c.reals = type == COLUMN_REAL ? reals : NULL;
    bool is_integer = type == COLUMN_INTEGER || type == COLUMN_THOUSANDTHS || type == COLUMN_TIME;
    c.integers = is_integer ? integers : NULL;
    if (type == COLUMN_TEXT) {
        sample_text(a, state, bits, &c);
    }
    return c;
}

static inline bool sample_row_equal(const struct column *a, const struct column *b, uint32_t i)
{
    switch (a->type) {
    case COLUMN_CATEGORY:
        return a->codes[i] == b->codes[i];
    case COLUMN_REAL: /* bits: NaN and minus zero count */
        return memcmp(&a->reals[i], &b->reals[i], sizeof(double)) == 0;
    case COLUMN_TEXT:
        return text_equal(column_text_at(a, i), column_text_at(b, i));
    case COLUMN_INTEGER:
    case COLUMN_THOUSANDTHS:
    case COLUMN_TIME:
        return a->integers[i] == b->integers[i];
    }
    return false;
}

static inline bool sample_equal(const struct column *a, const struct column *b)
{
    if (a->type != b->type || a->rows != b->rows || a->nulls != b->nulls) {
        return false;
    }
    for (uint32_t i = 0; i < a->rows; i++) {
        if (column_has(a, i) != column_has(b, i) || !sample_row_equal(a, b, i)) {
            return false;
        }
    }
    return true;
}

#endif
