/* read/csv_rows.h — a small table of CSV, row by row: localities, claims. Large files go through
 * csv.h in blocks and on many threads.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_CSV_ROWS_H
#define REEVE_READ_CSV_ROWS_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/status.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

/* One record, the header included: n cells, which live in the arena, and the line on which it
 * starts. */
typedef rv_status csv_row(void *context, const struct text *cells, size_t n, int64_t line,
                          struct rv_err *reterr);

/* Calls `row` for each record of the file, in any encoding, separator and line end that can be
 * told. `name` stands in messages. RV_INVALID: "NAME line N: …" for a record that is not CSV, and
 * for a file that is no text of a known encoding; the failure of a row ends the reading. sha256 may
 * be NULL. Cost: O(bytes); everything stays in the arena. */
RV_MUST_CHECK rv_status csv_rows(struct arena *a, const char *path, const char *name, csv_row *row,
                                 void *context, char sha256[SHA256_HEX + 1], struct rv_err *reterr);

#endif
