/* ingest/identity.h — hashes by which rows are recognised: of their key and of their content.
 *
 * A hash is the sum of the hashes of the columns that have a value, each seeded with the number
 * of the column in its kind: it does not depend on the order of columns, and a column that an
 * earlier extract did not have counts as missing. Not stored anywhere. Pure.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_IDENTITY_H
#define REEVE_INGEST_IDENTITY_H

#include "base/hash.h"
#include "column/column.h"
#include "ingest/plan.h"

static inline struct hash128 identity_mix(uint64_t column, uint64_t x, uint64_t y)
{
    uint64_t a = x + 0x9E3779B97F4A7C15u * (column + 1);
    a = (a ^ (a >> 30)) * 0xBF58476D1CE4E5B9u;
    a = (a ^ (a >> 27)) * 0x94D049BB133111EBu;
    a ^= a >> 31;
    uint64_t b = y ^ (a * 0xD6E8FEB86659FD93u) ^ (column << 56);
    b = (b ^ (b >> 32)) * 0xD6E8FEB86659FD93u;
    b = (b ^ (b >> 29)) * 0xBF58476D1CE4E5B9u;
    return (struct hash128){a + y, b ^ (b >> 32)};
}

static inline void identity_add(struct hash128 *sum, struct hash128 h)
{
    sum->a += h.a;
    sum->b += h.b;
}

/* Whether the column is part of what a row says. Constants of a profile are not: they are about
 * the file, and location_precision is worked out from the coordinates. */
static inline bool identity_counts(const struct plan *p, size_t column)
{
    return p->columns[column].position != PLAN_NONE && column != p->precision;
}

struct hash128 identity_of_real(const struct plan_column *c, double value);
struct hash128 identity_of_text(const struct plan_column *c, struct text t);
struct hash128 identity_of_known(const struct plan_column *c,
                                 const struct plan_value *v); /* constants and sets */

#endif
