/* ingest/suggest_match.h — which column of a file becomes which canonical column, all together.
 *
 * Pure but for the arena. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_SUGGEST_MATCH_H
#define REEVE_INGEST_SUGGEST_MATCH_H

#include "base/arena.h"
#include "base/status.h"

#define MATCH_NONE SIZE_MAX

/* The assignment of the largest total weight: each row gets at most one column and each column at
 * most one row.
 *
 *   weight   rows * columns, finite; a pair of weight <= 0 is never made
 *   ret      rows: column of each, MATCH_NONE where nothing adds to the total
 *
 * Of equal totals always the same one is taken. RV_NO_MEMORY.
 * Source: H. W. Kuhn, The Hungarian method for the assignment problem, Naval Research Logistics
 * Quarterly 2 (1955), in the form of shortest augmenting paths with potentials (R. Jonker and
 * A. Volgenant, Computing 38 (1987)).
 * Checked: against every assignment of small random tables, tests/ingest/test_suggest.c.
 * Cost: O(rows^2 * (rows + columns)). */
RV_MUST_CHECK rv_status match_best(struct arena *a, const double *weight, size_t rows,
                                   size_t columns, size_t *ret, struct rv_err *reterr);

#endif
