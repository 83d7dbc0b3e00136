/* ingest/block.h — one block of a file as typed columns: the part of an import that runs on many
 * threads.
 *
 * Thread-compatible: one struct worker per worker. Everything in a struct block lives in the
 * arena of its worker until the next block. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_BLOCK_H
#define REEVE_INGEST_BLOCK_H

#include "base/arena.h"
#include "base/progress.h"
#include "ingest/fault.h"
#include "ingest/plan.h"
#include "ingest/values.h"
#include "place/project.h"
#include "place/reading.h"
#include "read/csv.h"

struct worker {
    const struct plan *plan;
    struct csv_dialect dialect;
    struct arena arena;
    struct values *values; /* one for each plan column */
    struct projector *projector;
    const struct progress *progress;
};

/* One plan column over the records of a block (of a wide value: records * slots). Rows at fault
 * hold anything. */
struct typed {
    uint64_t *valid;   /* bit per row; NULL for categories */
    int64_t *integers; /* integers, thousandths, times */
    double *reals;
    uint32_t *codes;    /* local codes of struct values */
    struct text *texts; /* borrowed from the block; n 0 = missing */
};

/* Dates of an undeclared column that look like 03/04/2021. */
struct date_tally {
    int64_t dates;                          /* cells of that shape */
    int64_t filled;                         /* cells that are not missing */
    int64_t not_day_first, not_month_first; /* cells that cannot be read so */
};

#define BLOCK_FIRST_MONTH (1800 * 12)
#define BLOCK_MONTHS      (400 * 12)

struct block {
    struct csv_block bytes;
    struct csv_records records;
    struct csv_record *rows; /* records without the header */
    uint32_t count;
    uint8_t *faults;         /* enum row_fault of each record */
    uint16_t *fault_columns; /* header index, or rule of an exclusion; UINT16_MAX = whole row */
    struct typed *typed;     /* one for each plan column */
    uint32_t *alive;         /* records without fault, ascending */
    uint32_t alive_count;
    struct hash128 *keys, *contents;         /* one a record alive */
    struct hash128 *row_keys, *row_contents; /* wide: one a row (record * slots + slot) */
    uint8_t *is_made;                        /* record alive whose key is made */
    uint8_t *is_apart;                       /* record alive that is nobody's duplicate here */
    uint64_t months[BLOCK_MONTHS / 64];      /* months in which a row lies */
    struct date_tally *tallies;              /* one for each plan column */
    const char **personal;      /* one a header column: what it looks like; NULL = not searched */
    int64_t aside[ASIDE_COUNT]; /* records whose free text of a place held what is not kept */
};

RV_MUST_CHECK rv_status worker_open(const struct plan *p, const struct csv_dialect *dialect,
                                    const struct progress *progress, struct worker *ret,
                                    struct rv_err *reterr);
void worker_close(struct worker *w);

/* Parses and types one block (block 0 holds the header). `bytes` stays the caller's. */
RV_MUST_CHECK rv_status block_read(struct worker *w, const struct csv_block *bytes,
                                   struct block *ret, struct rv_err *reterr);

/* Cell of a record that has as many cells as the header. */
static inline struct text block_cell(const struct block *b, uint32_t row, size_t column)
{
    struct text cell = b->records.cells[b->rows[row].first_cell + column];
    bool is_plain = cell.n && cell.at[0] > ' ' && cell.at[cell.n - 1] > ' ';
    return is_plain ? cell : text_trim(cell);
}

static inline bool bit_of(const uint64_t *bits, size_t i)
{
    return (bits[i / 64] >> (i % 64)) & 1;
}

static inline void bit_set(uint64_t *bits, size_t i)
{
    bits[i / 64] |= (uint64_t)1 << (i % 64);
}

/* Whether the number in row `at` stands for "not known" (an age of 999). */
static inline bool block_is_beyond(const struct plan_column *c, const struct typed *t, size_t at)
{
    return c->kc->unknown_above && t->integers && t->integers[at] > c->kc->unknown_above;
}

/* What row `at` of a typed column adds to the hash of its row (identity.h). */
struct hash128 block_identity(const struct worker *w, const struct block *b, size_t column,
                              size_t at);

/* Steps of block_read that have files of their own. */
rv_status block_cells(struct worker *w, struct block *b, struct rv_err *reterr);    /* cell.c */
rv_status block_grid(struct worker *w, struct block *b, struct rv_err *reterr);     /* grid.c */
rv_status block_contacts(struct worker *w, struct block *b, struct rv_err *reterr); /* contact.c */
void block_schedules(const struct worker *w, struct block *b);                      /* schedule.c */
rv_status block_place_texts(struct worker *w, struct block *b, struct rv_err *reterr);
rv_status block_hash(struct worker *w, struct block *b, struct rv_err *reterr); /* identity.c */

/* Marks a record as at fault; the first fault stays. */
static inline void block_fault(struct block *b, uint32_t row, enum row_fault fault, size_t column)
{
    if (b->faults[row] == ROW_FINE) {
        b->faults[row] = (uint8_t)fault;
        b->fault_columns[row] = (uint16_t)(column < UINT16_MAX ? column : UINT16_MAX);
    }
}

#endif
