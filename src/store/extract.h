/* store/extract.h — extracts as immutable column chunks: spool, commit, scan.
 *
 * A draft collects encoded chunks in an unlinked spool beside the partnership file, outside any
 * transaction; draft_commit appends them inside one the caller has begun. Rows are numbered
 * within an extract: (sequence, row). A row leaves the current view only by a row mask; earlier
 * states stay readable (as_of).
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STORE_EXTRACT_H
#define REEVE_STORE_EXTRACT_H

#include "base/arena.h"
#include "base/marking.h"
#include "base/pool.h"
#include "base/status.h"
#include "column/chunk.h"
#include "column/column.h"
#include "column/dictionary.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct extract_column {
    const char *name; /* canonical name (formats.md section 2) */
    enum column_type type;
};

/* ---- writing ---- */

struct extract_draft;

RV_MUST_CHECK rv_status draft_open(const struct store *s, const struct extract_column *columns,
                                   size_t count, struct extract_draft **ret, struct rv_err *reterr);
void draft_close(struct extract_draft *d);
void draft_closep(struct extract_draft **d);

/* Spools the encoded chunk of column `position` with sequence number `sequence` (0, 1, …; all
 * columns of a sequence must have the same rows). Thread-safe: any order, any thread. */
RV_MUST_CHECK rv_status draft_append(struct extract_draft *d, size_t position, uint32_t sequence,
                                     const struct chunk_summary *summary, struct text bytes,
                                     struct rv_err *reterr);

/* Writes the dictionary of a column into the spool, so that the caller may free it: draft_commit is
 * then given NULL for the column. For a draft that waits for others. */
RV_MUST_CHECK rv_status draft_keep_dictionary(struct extract_draft *d, size_t position,
                                              const struct dictionary *dictionary,
                                              struct rv_err *reterr);

/* What is known of an extract beside its rows. Texts may be NULL where marked. */
struct extract_meta {
    const char *kind, *source; /* source = the series it continues: profile id, and supplier */
    const char *profile;
    int64_t profile_version;
    const char *supplier, *supplier_kind; /* NULL = not declared */
    const char *file_name, *sha256;
    int64_t file_bytes;
    const char *imported_at; /* UTC, "2026-11-22T13:00:00Z" */
    const char *refresh;     /* full, period, incremental */
    int64_t rows_read, accepted, quarantined, excluded, duplicates, repeated_keys;
    int64_t superseded, withdrawn; /* rows of earlier extracts that left the current view */
    const int32_t *months;         /* whole months covered, ascending month indices */
    size_t month_count;
    const char *report_json; /* the import report as printed */
    int64_t agreement;       /* row of its agreement (access/register.h); 0 = none declared */
    bool is_open;            /* open data, which need none */
    const char *part;        /* of the file: the role of all its people; NULL = the whole file */
};

/* Inside store_begin: writes the extract, its columns, dictionaries (NULL for other types and for
 * those kept in the spool, one per column) and chunks. Every sequence must be complete. */
RV_MUST_CHECK rv_status draft_commit(struct extract_draft *d, struct store *s,
                                     const struct extract_meta *meta,
                                     const struct dictionary *const *dictionaries, int64_t *ret_id,
                                     struct rv_err *reterr);

/* Inside store_begin: takes rows of one chunk out of the current view from extract `by` on.
 * bits: bit set = row leaves; `rows` bits. reason: "duplicate", "superseded", "withdrawn". */
RV_MUST_CHECK rv_status extract_mask_rows(struct store *s, int64_t extract, uint32_t sequence,
                                          const uint64_t *bits, uint32_t rows, int64_t by,
                                          const char *reason, struct rv_err *reterr);

/* ---- reading ---- */

struct extract_info { /* texts live in the arena given */
    int64_t id;
    const char *kind, *source, *profile, *supplier, *file_name, *sha256, *imported_at, *refresh;
    const char *supplier_kind; /* "police", "health"; NULL = not declared */
    int64_t rows;              /* stored rows, masked ones included */
    int64_t rows_read, accepted, quarantined, excluded, duplicates, repeated_keys, superseded,
        withdrawn;
    uint32_t chunks;
    const int32_t *months; /* covered months, ascending */
    size_t month_count;
    const char *agreement;    /* its name; NULL = none declared */
    const char *last_day;     /* of the agreement, as it is on the store's day: "2026-03-31" */
    int64_t retention_months; /* from the day of import; 0 = not stated */
    enum marking marking;     /* of the agreement; without one public if open, else official */
    bool is_open, is_in_use;  /* not in use: its agreement is not in force on the store's day */
};

/* The extracts in use in order of import; kind NULL = every kind. This is the one place where an
 * agreement that is not in force keeps its extracts from tables, maps, findings and SQL: whatever
 * computes a result begins here. */
RV_MUST_CHECK rv_status extract_list(struct store *s, struct arena *a, const char *kind,
                                     struct extract_info **ret, size_t *ret_count,
                                     struct rv_err *reterr);

/* All that are held, in use or not: for what keeps the file itself (imports, placing, registers)
 * and for saying what was left out. */
RV_MUST_CHECK rv_status extract_list_all(struct store *s, struct arena *a, const char *kind,
                                         struct extract_info **ret, size_t *ret_count,
                                         struct rv_err *reterr);

struct extract_scan; /* lives in the arena; no clean-up */

/* Loads dictionaries, row masks and the compressed chunks of the named columns into `a`. A name
 * that the extract does not have gives a column that is missing in every row (type CATEGORY).
 * as_of: 0 = now; otherwise masks made by extracts with a larger id are ignored. After this call
 * the scan needs the store no more and extract_scan_read may run on any thread. */
RV_MUST_CHECK rv_status extract_scan_open(struct store *s, struct arena *a, int64_t extract,
                                          const char *const *names, size_t count, int64_t as_of,
                                          struct extract_scan **ret, struct rv_err *reterr);
/* The same of a draft, every row in view, before it is committed: the chunks as they lie in the
 * spool. `dictionaries` as for draft_commit, borrowed. RV_INVALID when a sequence is incomplete. */
RV_MUST_CHECK rv_status draft_scan_open(struct extract_draft *d, struct arena *a,
                                        const struct dictionary *const *dictionaries,
                                        const char *const *names, size_t count,
                                        struct extract_scan **ret, struct rv_err *reterr);

/* For a command that scans the same extracts many times: each column is loaded once, and a scan of
 * it borrows. The view is that of the first scan of the extract. Shelf and columns live in the
 * arena of extract_shelf_make, which must outlive the scans; a scan itself lives in `a` of its own
 * call. No clean-up. The shelf is not thread-safe, its scans are. Errors: those of
 * extract_scan_open. Cost of a scan: reading the columns that are new to the shelf, else O(count *
 * columns on the shelf). Checked: beside the file, with rows masked in between
 * (tests/store/test_extract.c). */
struct extract_shelf;
RV_MUST_CHECK rv_status extract_shelf_make(struct store *s, struct arena *a,
                                           struct extract_shelf **ret, struct rv_err *reterr);
RV_MUST_CHECK rv_status extract_shelf_scan(struct extract_shelf *shelf, struct arena *a,
                                           int64_t extract, const char *const *names, size_t count,
                                           struct extract_scan **ret, struct rv_err *reterr);

/* A shelf of chosen rows of the extracts of another: for a command that asks again and again about
 * few of the rows. Each column is decoded once, in parallel, and only the chosen rows are kept, so
 * that a scan of them costs by their number. Chunks stay as they are, with fewer rows, in the view
 * that the choice was made in: every row of such a scan is current. It lives where `whole` lives,
 * which must outlive it. Cost: decoding a column once; then 4 to 8 bytes a chosen row. Checked:
 * against the rows of the whole, for every type of column (tests/store/test_extract.c). */
RV_MUST_CHECK rv_status extract_shelf_choose(struct extract_shelf *whole, struct pool *pool,
                                             struct extract_shelf **ret, struct rv_err *reterr);
/* Says which rows of an extract are chosen, before its first scan: counts[chunk] row numbers in
 * rows[chunk], ascending. Borrowed: they must outlive the shelf. */
RV_MUST_CHECK rv_status extract_shelf_keep(struct extract_shelf *chosen, int64_t extract,
                                           uint32_t chunks, const uint32_t *const *rows,
                                           uint32_t *counts, struct rv_err *reterr);

uint32_t extract_scan_chunks(const struct extract_scan *scan);
uint32_t extract_scan_rows(const struct extract_scan *scan, uint32_t sequence);
bool extract_scan_has(const struct extract_scan *scan, size_t k); /* does column k exist? */
enum column_type extract_scan_type(const struct extract_scan *scan, size_t k);
const struct dictionary *extract_scan_dictionary(const struct extract_scan *scan, size_t k);

/* Decodes chunk `sequence` of all named columns into arena `a` (one arena per thread): columns
 * [count], and *ret_current = bits of rows in the current view (NULL = all). Thread-safe. */
RV_MUST_CHECK rv_status extract_scan_read(const struct extract_scan *scan, uint32_t sequence,
                                          struct arena *a, struct column *columns,
                                          const uint64_t **ret_current, struct rv_err *reterr);

/* Whether a file with this SHA-256 is already held as this kind: *ret_id is its extract, or 0. One
 * file may hold several kinds (victims and their offences), each of them once; and of one kind
 * several parts (the victims and the suspects of the same rows), none of them twice. part: "" = the
 * whole file, which is held when any part of it is. */
RV_MUST_CHECK rv_status extract_find_sha256(struct store *s, const char *sha256, const char *kind,
                                            const char *part, int64_t *ret_id,
                                            struct rv_err *reterr);

#endif
