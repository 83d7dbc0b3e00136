/* ingest/pipeline.h — a file through the workers into a draft, in order.
 *
 * Each worker takes the next block (one at a time, from the splitter), types it, waits for its
 * turn to join the dictionaries and the accounts in the order of the file, and encodes its chunks
 * while others go on. What is stored depends on the bytes of the file only.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_PIPELINE_H
#define REEVE_INGEST_PIPELINE_H

#include "base/hash.h"
#include "base/pool.h"
#include "ingest/block.h"
#include "ingest/head.h"
#include "ingest/rowset.h"
#include "read/source.h"
#include "store/extract.h"

struct quarantine_row {
    int64_t line;
    size_t column; /* header index, UINT16_MAX = the whole row */
    enum row_fault fault;
    struct text value; /* at most 200 bytes */
};

struct unknown_value {
    size_t column; /* plan column */
    struct text value;
    int64_t rows;
};

#define UNKNOWN_KEPT 200 /* distinct values that the report names */

struct personal_column {
    size_t cell;
    const char *looks_like;
};

enum doubt { DOUBT_COMMITTED_TO, DOUBT_RECORDED, DOUBT_OUTCOME, DOUBT_PERIOD, DOUBT_COUNT };

struct accounts {                /* in records of the file */
    int64_t doubts[DOUBT_COUNT]; /* rows with two times that contradict each other: doubts.c */
    int64_t read, alive, excluded, quarantined;
    int64_t faults[ROW_FAULT_COUNT];
    int64_t *exclusions; /* one a rule of the profile */
    int64_t made;        /* rows whose key was made */
    struct quarantine_row *quarantine;
    size_t quarantine_count, quarantine_capacity;
    struct unknown_value *unknown; /* UNKNOWN_KEPT entries */
    size_t unknown_count;
    uint64_t months[BLOCK_MONTHS / 64];
    struct date_tally *tallies; /* one for each plan column */
    const char **personal;      /* one a header column: what it looks like, or NULL */
    int64_t aside[ASIDE_COUNT]; /* records whose free text of a place held what is not kept */
};

struct pipeline {
    const struct plan *plan;
    struct arena *a; /* of the import, used in turn only */
    struct extract_draft *draft;
    struct dictionary *dictionaries;  /* one for each stored column */
    const struct dictionary **borrow; /* the same as draft_commit wants them */
    struct rowset *records, *rows;    /* rows: wide files only */
    struct rowset *cells;             /* populations only: disjoint.c */
    uint32_t *chunk_rows;             /* rows of each sequence */
    size_t chunk_count, chunk_capacity;
    int64_t row_count;
    char made_prefix[16]; /* of made keys: first 12 digits of the file's hash, and '-' */
    struct accounts accounts;
};

struct pipeline_input {
    const char *path;
    struct source_choice choice;
    struct csv_dialect dialect;
    const char *sha256;      /* of the file, computed before */
    struct head_stamp stamp; /* of the file then */
    size_t row_bytes;        /* of its first rows, on average; 0 = it has none */
    bool search_personal;    /* look for personal data in columns that are dropped */
};

/* Sets up dictionaries, draft and row sets. pipeline_close frees them whatever happened. */
RV_MUST_CHECK rv_status pipeline_open(const struct store *s, struct arena *a, const struct plan *p,
                                      struct pipeline *ret, struct rv_err *reterr);
void pipeline_close(struct pipeline *p);

/* Once the whole file was read: moves dictionaries and row hashes into files, for a draft that
 * waits while others are read. Draft, row sets and accounts stay usable; values have no codes any
 * more. */
RV_MUST_CHECK rv_status pipeline_rest(struct pipeline *p, struct rv_err *reterr);

/* Reads the whole file. RV_INVALID when it changed while it was read. */
RV_MUST_CHECK rv_status pipeline_run(struct pipeline *p, struct pool *pool,
                                     struct progress *progress, const struct pipeline_input *input,
                                     int64_t *ret_file_bytes, struct rv_err *reterr);

/* The steps of a block that have files of their own. */
struct used_codes {  /* of one plan column in one block */
    uint32_t *codes; /* local codes in order of first use */
    uint32_t count;
};
void pipeline_tell(const struct pipeline *p, size_t k, struct buf *out); /* sentence of row k */
rv_status block_used(struct worker *w, const struct block *b, struct used_codes *ret,
                     struct rv_err *reterr);
uint32_t records_of_chunk(const struct plan *p);
rv_status block_encode(struct pipeline *p, struct worker *w, const struct block *b,
                       uint32_t first_sequence, struct buf *scratch, struct rv_err *reterr);
rv_status block_account(struct pipeline *p, struct worker *w, const struct block *b,
                        const struct used_codes *used, uint32_t first_sequence,
                        struct rv_err *reterr); /* account.c */
void block_doubts(struct accounts *acc, const struct plan *p, const struct block *b);
rv_status block_cells_of_population(struct pipeline *p, const struct worker *w,
                                    const struct block *b, struct rv_err *reterr);  /* disjoint.c */
rv_status block_personal(struct worker *w, struct block *b, struct rv_err *reterr); /* personal.c */
const char *personal_header(struct text header); /* "a name", NULL = harmless */
const char *personal_value(struct text cell);    /* "an NHS number", NULL = harmless */

#endif
