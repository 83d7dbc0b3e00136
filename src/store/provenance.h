/* store/provenance.h — what is kept of an extract beside its rows: its report, its columns, what of
 * it is still in the view, and the rows that could not be used.
 *
 * Whoever asks decides first whether the person may see the extract (extract_list).
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STORE_PROVENANCE_H
#define REEVE_STORE_PROVENANCE_H

#include "store/extract.h"

/* Rows that no later extract replaced or withdrew. RV_NOT_FOUND, RV_DAMAGED. Cost: one bit a row.
 */
RV_MUST_CHECK rv_status extract_current_rows(struct store *s, struct arena *a, int64_t extract,
                                             int64_t *ret, struct rv_err *reterr);

/* The import report, JSON, in the arena. RV_NOT_FOUND. */
RV_MUST_CHECK rv_status extract_report(struct store *s, struct arena *a, int64_t extract,
                                       struct text *ret, struct rv_err *reterr);

/* Its columns in their order; names live in the arena. */
RV_MUST_CHECK rv_status extract_columns(struct store *s, struct arena *a, int64_t extract,
                                        struct extract_column **ret, size_t *ret_count,
                                        struct rv_err *reterr);

struct quarantine_reason {
    const char *code, *column; /* "no-such-date", "recorded_at"; column "" = the whole row */
    int64_t rows;
};

/* Most frequent first; no value of a cell. */
RV_MUST_CHECK rv_status quarantine_reasons(struct store *s, struct arena *a, int64_t extract,
                                           struct quarantine_reason **ret, size_t *ret_count,
                                           struct rv_err *reterr);

struct quarantined { /* borrowed until the next row */
    int64_t line;
    struct text column, value, code, sentence;
};

/* Hands on each row that could not be used, in the order of its file. These are records: the cells
 * are as they came. */
typedef rv_status quarantine_each(void *context, const struct quarantined *row,
                                  struct rv_err *reterr);
RV_MUST_CHECK rv_status quarantine_walk(struct store *s, int64_t extract, quarantine_each *each,
                                        void *context, struct rv_err *reterr);

#endif
