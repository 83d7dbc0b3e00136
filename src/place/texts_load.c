/* place/texts_load.c — stored classes read back.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "column/chunk.h"
#include "place/texts.h"
#include "store/extract.h"
#include "store/sql_id.h"

#include <zlib.h>

static rv_status read_classes(struct arena *a, struct stmt *st, const uint32_t **ret,
                              struct rv_err *reterr)
{
    struct text bytes = stmt_blob(st, MATCH_CLASSES + 2);
    int64_t crc = stmt_int(st, MATCH_CLASSES + 1);
    struct column c = {0};
    if (crc32_z(0, (const unsigned char *)bytes.at, bytes.n) != (unsigned long)crc) {
        return rv_fail(reterr, RV_DAMAGED,
                       "chunk %lld of the classes of a placement does not match its checksum: run "
                       "'reeve verify'",
                       (long long)stmt_int(st, 0));
    }
    RV_TRY(chunk_decode(a, bytes, COLUMN_CATEGORY, &c, reterr));
    for (uint32_t i = 0; i < c.rows; i++) {
        if (c.codes[i] >= MATCH_CLASSES) {
            return rv_fail(reterr, RV_DAMAGED,
                           "a record has a class of placement that there is not: run 'reeve "
                           "verify'");
        }
    }
    *ret = c.codes;
    return rv_ok();
}

static rv_status count_chunks(struct store *s, int64_t extract, uint32_t *ret,
                              struct rv_err *reterr)
{
    struct stmt *st = NULL;
    bool row = false;
    RV_TRY(store_prepare(s, SQL_EXTRACT_SIZE, &st, reterr));
    stmt_bind_int(st, ":extract", extract);
    RV_TRY(stmt_step(st, &row, reterr));
    *ret = row ? (uint32_t)stmt_int(st, 1) : 0;
    stmt_reset(st);
    return rv_ok();
}

rv_status match_load(struct store *s, struct arena *a, int64_t extract, const struct layer *l,
                     const uint32_t ***ret_chunks, struct match_totals *ret_totals,
                     struct rv_err *reterr)
{
    uint32_t chunks = 0, count = 0;
    struct match_totals totals = {{0}};
    RV_TRY(count_chunks(s, extract, &chunks, reterr));
    const uint32_t **classes = ARENA_NEW(a, const uint32_t *, (size_t)chunks + 1);
    if (!classes) {
        return arena_fail(a, reterr);
    }
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_PLACEMENT_MATCH_LIST, &st, reterr));
    stmt_bind_int(st, ":extract", extract);
    stmt_bind_int(st, ":layer", l->id);
    for (bool row = false;; count++) {
        RV_TRY(stmt_step(st, &row, reterr));
        if (!row || count == chunks || stmt_int(st, 0) != (int64_t)count) {
            break;
        }
        rv_status status = read_classes(a, st, &classes[count], reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        for (int k = 0; k < MATCH_CLASSES; k++) {
            totals.rows[k] += stmt_int(st, k + 1);
        }
    }
    stmt_reset(st);
    if (count != chunks || chunks == 0) {
        return rv_fail(reterr, RV_NOT_FOUND, "extract %lld is not placed by text in %s %s",
                       (long long)extract, l->type, l->vintage);
    }
    if (ret_chunks) {
        *ret_chunks = classes;
    }
    if (ret_totals) {
        *ret_totals = totals;
    }
    return rv_ok();
}
