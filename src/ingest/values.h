/* ingest/values.h — what each distinct cell of a category column means, worked out once.
 *
 * Thread-compatible: one set per worker and column. Trimming, missing spellings, the text format,
 * the map and the closed vocabulary are applied when a cell text is first seen; later rows cost
 * one look-up. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_VALUES_H
#define REEVE_INGEST_VALUES_H

#include "base/arena.h"
#include "base/hash.h"
#include "column/dictionary.h"
#include "ingest/fault.h"
#include "ingest/plan.h"

/* Distinct cells kept from block to block; past this the set begins anew. */
#define VALUES_KEPT 65536

struct value_state {
    struct hash128 identity; /* what it adds to the hash of its row; 0, 0 when missing */
    const char *mapped;      /* text of the profile or a list put in order, or NULL: a part of the
                                cell text */
    uint32_t start, length;  /* of that part, or of mapped */
    uint32_t global;         /* code in the dictionary of the extract; 0 = not asked yet */
    uint32_t stamp;          /* block that last used it, for the order of first use */
    uint32_t rows;           /* rows of that block that use it */
    enum row_fault fault;
    bool is_missing, is_unknown; /* unknown: not in the closed vocabulary, becomes missing */
};

struct values {
    struct dictionary cells; /* cell text to local code */
    struct arena lists;      /* what lists mean that hold more than the vocabulary knows */
    struct value_state *states;
    size_t capacity;
};

void values_init(struct values *v);
void values_done(struct values *v);

/* Begins anew when too many are kept, and makes room for the missing value: call before each
 * block, whose rows may hold nothing else. */
RV_MUST_CHECK rv_status values_ready(struct values *v, const struct plan_column *c,
                                     struct rv_err *reterr);

/* Local code of a trimmed cell; 0 = empty. */
RV_MUST_CHECK rv_status values_code(struct values *v, const struct plan_column *c, struct text cell,
                                    uint32_t *ret, struct rv_err *reterr);

struct text values_text(const struct values *v, uint32_t local); /* the final text; n 0 = missing */

/* Whether the column lists the cell as a spelling of missing. */
bool cell_is_missing(const struct plan_column *c, struct text cell);

/* The text inside the column's format, or the cell when it does not fit. */
struct text cell_in_form(const struct plan_column *c, struct text cell);

struct hash128 hash_text(struct text t);

#endif
