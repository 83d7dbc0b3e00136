/* access/audit_verify.c — is the chain whole? SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/audit.h"

#include <inttypes.h>
#include <string.h>

#define MOST_FAULTS 1000 /* beyond this a list helps nobody */
#define LOOK_EVERY  1024 /* rows between looks at cancellation */

static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";

struct checker {
    struct arena *a;
    const char *anchor;
    const struct progress *progress;
    struct audit_result *result;
    struct audit_fault *faults;
    int64_t last; /* number of the row before */
};

static rv_status fault(struct checker *c, int64_t row, const char *what, struct rv_err *reterr)
{
    struct audit_result *r = c->result;
    if (!what) {
        return arena_fail(c->a, reterr);
    }
    if (r->fault_count < MOST_FAULTS) {
        c->faults[r->fault_count++] = (struct audit_fault){row, what};
    }
    return rv_ok();
}

/* A gap in the numbers, or a row that does not follow the one before it. */
static rv_status check_place(struct checker *c, const struct audit_row *row, struct rv_err *reterr)
{
    if (row->id != c->last + 1) {
        int64_t from = c->last + 1, to = row->id - 1;
        const char *what =
            from == to
                ? arena_printf(c->a, "row %" PRId64 " is missing", from)
                : arena_printf(c->a, "rows %" PRId64 " to %" PRId64 " are missing", from, to);
        return fault(c, row->id, what, reterr);
    }
    if (strcmp(row->previous, c->result->head.hash) != 0) {
        return fault(c, row->id,
                     arena_printf(c->a,
                                  "row %" PRId64 " does not follow row %" PRId64
                                  " as it is: one of them was altered, put in or moved",
                                  row->id, c->last),
                     reterr);
    }
    return rv_ok();
}

static rv_status check_row(void *context, const struct audit_row *row, struct rv_err *reterr)
{
    struct checker *c = context;
    char hash[SHA256_HEX + 1];
    if (c->result->rows % LOOK_EVERY == 0) {
        RV_TRY(progress_check(c->progress, reterr));
    }
    RV_TRY(check_place(c, row, reterr));
    RV_TRY(audit_hash(row, hash, reterr));
    if (strcmp(hash, row->hash) != 0) {
        RV_TRY(fault(c, row->id,
                     arena_printf(c->a, "row %" PRId64 " is not as it was written", row->id),
                     reterr));
    }
    if (c->anchor && strcmp(c->anchor, hash) == 0) {
        c->result->anchor_row = row->id;
    }
    c->result->rows++;
    c->last = row->id;
    memcpy(c->result->head.hash, row->hash, strlen(row->hash) < SHA256_HEX ? 0 : SHA256_HEX);
    c->result->head.count = row->id;
    return rv_ok();
}

static rv_status check_end(struct checker *c, struct store *s, struct rv_err *reterr)
{
    struct audit_head stored;
    rv_status status = audit_head(s, &stored, reterr);
    if (status.code == RV_DAMAGED) {
        return fault(c, c->last, "the end of the chain is not recorded any more", reterr);
    }
    RV_TRY(status);
    const struct audit_head *head = &c->result->head;
    if (stored.count > head->count) {
        return fault(c, stored.count,
                     arena_printf(c->a, "rows %" PRId64 " to %" PRId64 " were cut off the end",
                                  head->count + 1, stored.count),
                     reterr);
    }
    if (stored.count < head->count) {
        return fault(c, stored.count + 1,
                     arena_printf(c->a, "rows from %" PRId64 " on were put behind the end",
                                  stored.count + 1),
                     reterr);
    }
    if (strcmp(stored.hash, head->hash) != 0) {
        return fault(c, stored.count, "the last row is not the one that was recorded as the last",
                     reterr);
    }
    return rv_ok();
}

static rv_status check_anchor(struct checker *c, struct rv_err *reterr)
{
    if (!c->anchor || c->result->anchor_row || strcmp(c->anchor, zeros) == 0) {
        return rv_ok();
    }
    return fault(c, 0,
                 "no row has the hash that was given: rows up to the one that was the last when it "
                 "was noted were written anew, or cut off, or the hash is of another file",
                 reterr);
}

rv_status audit_verify(struct store *s, struct arena *a, const char *anchor,
                       const struct progress *progress, struct audit_result *ret,
                       struct rv_err *reterr)
{
    struct audit_result result = {.rows = 0};
    if (anchor &&
        (strlen(anchor) != SHA256_HEX || strspn(anchor, "0123456789abcdef") != SHA256_HEX)) {
        return rv_fail(reterr, RV_INVALID,
                       "the hash of a head has 64 of the digits 0-9 and a-f, as 'reeve audit FILE "
                       "verify' prints it");
    }
    struct checker c = {.a = a,
                        .anchor = anchor,
                        .progress = progress,
                        .result = &result,
                        .faults = ARENA_NEW(a, struct audit_fault, MOST_FAULTS)};
    if (!c.faults) {
        return arena_fail(a, reterr);
    }
    memcpy(result.head.hash, zeros, sizeof zeros);
    RV_TRY(store_snapshot(s, reterr));
    RV_CLEANUP(store_snapshot_endp) struct store *snapshot = s;
    RV_TRY(audit_walk(s, INT64_MIN, check_row, &c, reterr));
    RV_TRY(check_end(&c, s, reterr));
    RV_TRY(check_anchor(&c, reterr));
    result.faults = c.faults;
    *ret = result;
    return rv_ok();
}
