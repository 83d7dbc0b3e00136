/* ingest/rowset.h — the hashes of many rows, in pieces that fit in memory.
 *
 * Entries are dealt into partitions by their key. A partition keeps its newest entries in memory
 * and the rest in an unlinked file, in the order in which they were added, so that memory is
 * ROWSET_PARTITIONS buffers while rows are added and one partition while they are looked at.
 * Thread-compatible. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_ROWSET_H
#define REEVE_INGEST_ROWSET_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/status.h"

#define ROWSET_PARTITIONS 128
#define ROWSET_BUFFER     512 /* entries of a partition kept in memory: 2.6 MB in all */

struct row_entry {
    struct hash128 key, content;
    uint64_t at; /* row_at, with the flags below */
};

#define ROW_IS_MADE   ((uint64_t)1 << 63) /* its key was made here: it is nobody's duplicate */
#define ROW_IN_PERIOD ((uint64_t)1 << 62) /* an earlier row in the period that is replaced */
#define ROW_IS_APART  ((uint64_t)1 << 61) /* equal rows may be two people: kept within a file */

/* Extract (its number in a list, below 8,192), sequence and row of an entry. */
static inline uint64_t row_at(uint64_t extract, uint32_t sequence, uint32_t row)
{
    return extract << 48 | (uint64_t)sequence << 16 | row;
}
static inline uint32_t row_extract(uint64_t at)
{
    return (uint32_t)(at >> 48) & 0x1FFF;
}
static inline uint32_t row_sequence(uint64_t at)
{
    return (uint32_t)(at >> 16);
}
static inline uint32_t row_number(uint64_t at)
{
    return (uint32_t)at & 0xFFFF;
}

struct rowset;
RV_MUST_CHECK rv_status rowset_open(const char *dir, struct rowset **ret, struct rv_err *reterr);
void rowset_close(struct rowset *r);
void rowset_closep(struct rowset **r);
RV_MUST_CHECK rv_status rowset_add(struct rowset *r, const struct row_entry *entry,
                                   struct rv_err *reterr);

/* Moves what is in memory to the file, for a set that waits: nothing is added afterwards. */
RV_MUST_CHECK rv_status rowset_rest(struct rowset *r, struct rv_err *reterr);

/* All entries of one partition in order of adding. */
RV_MUST_CHECK rv_status rowset_partition(struct rowset *r, struct arena *a, size_t partition,
                                         struct row_entry **ret, size_t *ret_count,
                                         struct rv_err *reterr);

#endif
