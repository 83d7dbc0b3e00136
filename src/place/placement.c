/* place/placement.c — stored placements read back.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "column/chunk.h"
#include "place/placing.h"
#include "store/extract.h"
#include "store/sql_id.h"

#include <zlib.h>

static rv_status read_placed(struct arena *a, struct stmt *st, const struct layer *l,
                             const uint32_t **ret, struct rv_err *reterr)
{
    struct text bytes = stmt_blob(st, 4);
    struct column c = {0};
    if (crc32_z(0, (const unsigned char *)bytes.at, bytes.n) != (unsigned long)stmt_int(st, 3)) {
        return rv_fail(reterr, RV_DAMAGED,
                       "chunk %lld of a placement does not match its checksum: run 'reeve verify'",
                       (long long)stmt_int(st, 0));
    }
    RV_TRY(chunk_decode(a, bytes, COLUMN_CATEGORY, &c, reterr));
    for (uint32_t i = 0; i < c.rows; i++) {
        if (c.codes[i] > l->count) {
            return rv_fail(reterr, RV_DAMAGED,
                           "a record is placed in an area that %s %s does not have: run 'reeve "
                           "verify'",
                           l->type, l->vintage);
        }
    }
    *ret = c.codes;
    return rv_ok();
}

static rv_status find_chunks(struct store *s, int64_t extract, uint32_t *ret, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    bool row = false;
    RV_TRY(store_prepare(s, SQL_EXTRACT_SIZE, &st, reterr));
    stmt_bind_int(st, ":extract", extract);
    RV_TRY(stmt_step(st, &row, reterr));
    *ret = row ? (uint32_t)stmt_int(st, 1) : 0;
    stmt_reset(st);
    return row ? rv_ok()
               : rv_fail(reterr, RV_NOT_FOUND, "there is no extract %lld", (long long)extract);
}

rv_status placement_load(struct store *s, struct arena *a, int64_t extract, const struct layer *l,
                         const uint32_t ***ret_chunks, uint32_t *ret_count, int64_t *ret_unplaced,
                         struct rv_err *reterr)
{
    uint32_t chunks = 0, count = 0;
    int64_t unplaced = 0;
    RV_TRY(find_chunks(s, extract, &chunks, reterr));
    const uint32_t **placed = ARENA_NEW(a, const uint32_t *, chunks);
    if (!placed) {
        return arena_fail(a, reterr);
    }
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_PLACEMENT_LIST, &st, reterr));
    stmt_bind_int(st, ":extract", extract);
    stmt_bind_int(st, ":layer", l->id);
    for (bool row = false;; count++) {
        RV_TRY(stmt_step(st, &row, reterr));
        if (!row || count == chunks || stmt_int(st, 0) != (int64_t)count) {
            break;
        }
        rv_status status = read_placed(a, st, l, &placed[count], reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        unplaced += stmt_int(st, 1);
    }
    stmt_reset(st);
    if (count != chunks) {
        return rv_fail(reterr, RV_NOT_FOUND, "extract %lld is not placed in %s %s yet",
                       (long long)extract, l->type, l->vintage);
    }
    *ret_chunks = placed;
    *ret_count = chunks;
    *ret_unplaced = unplaced;
    return rv_ok();
}
