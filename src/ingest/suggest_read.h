/* ingest/suggest_read.h — a sample of a file for the mapping assistant.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_SUGGEST_READ_H
#define REEVE_INGEST_SUGGEST_READ_H

#include "base/progress.h"
#include "ingest/suggest_facts.h"
#include "read/form.h"

/* Rows kept: all of a small file; of a larger one some of every block, evenly spaced. */
#define SAMPLE_ROWS  20000
#define SAMPLE_CELLS ((size_t)1 << 20)

struct sampled {
    struct sample sample;
    struct form form; /* how the bytes were taken; encoding NULL = taken as its suggestion */
    int64_t faulty;   /* rows that are no rows of the table: quotes, encoding, too few cells */
};

/* Reads the whole file once: the cells of the sample are kept, and dates that could be of either
 * order are looked at in every row. Failures of form_detect; RV_INVALID for a header that cannot be
 * read; RV_LIMIT for one of more than LIMIT_COLUMNS columns; RV_INTERRUPTED. Memory is bounded
 * whatever the size of the file. */
RV_MUST_CHECK rv_status sample_read(struct arena *a, const char *path,
                                    const struct form_declared *declared, struct progress *progress,
                                    struct sampled *ret, struct rv_err *reterr);

#endif
