/* ingest/preview.h — what an import by a profile would do with a file, without storing anything.
 *
 * The file goes through the same steps as in an import (plan_make, block_read): typing, faults,
 * exclusions, values that become not-recorded, dates. Nothing is written, no partnership file is
 * needed. Values of people and of free text are not kept: of a quarantined cell only its form.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_PREVIEW_H
#define REEVE_INGEST_PREVIEW_H

#include "base/arena.h"
#include "base/progress.h"
#include "ingest/ingest.h"
#include "ingest/profile.h"
#include "ingest/suggest_value.h"
#include "read/form.h"

#define PREVIEW_EXAMPLES 5 /* quarantined rows of each reason and column that are named by line */

struct preview_fault { /* rows with one reason in one column */
    const char *code;
    const char *column; /* header; "" = the whole row */
    const char *sentence;
    int64_t rows;
    int64_t lines[PREVIEW_EXAMPLES];
    char patterns[PREVIEW_EXAMPLES][PATTERN_BYTES]; /* the look of the cell: "99/99/9999" */
    size_t example_count;
};

struct preview_column { /* of the profile */
    const char *name, *from;
    int64_t filled;                    /* accepted rows that have a value */
    const struct ingest_count *values; /* of closed columns: ours, and "not-recorded" */
    size_t value_count;
};

struct preview {
    int64_t read, accepted, quarantined, excluded;
    int64_t duplicates, repeated_keys; /* -1 = not counted: too many rows */
    const struct preview_fault *faults;
    size_t fault_count;
    const struct preview_column *columns;
    size_t column_count;
    int64_t not_recorded;            /* rows with a value that becomes not-recorded */
    int64_t unknown_codes;           /* rows whose offence code has no group */
    int32_t first_month, last_month; /* first > last = none */
    size_t empty_months;             /* between them without a row */
    bool is_refused;                 /* an import would refuse the whole file */
    const char *refused_because;
};

/* RV_INVALID when the header does not fit the profile, with the sentence of an import; failures
 * of reading; RV_INTERRUPTED. Cost: one pass over the file. */
RV_MUST_CHECK rv_status preview_run(struct arena *a, const char *path, const struct form *form,
                                    const struct profile *profile, struct progress *progress,
                                    struct preview *ret, struct rv_err *reterr);

#endif
