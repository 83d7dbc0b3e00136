/* define/classify.c — every offence against every profile, in parallel.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "define/records.h"

#define PIECE 65536u

struct classifying {
    const struct offence_records *records;
    const struct definition *d;
    uint32_t *in, *unknown;
};

static rv_status classify_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    (void)worker;
    (void)reterr;
    const struct classifying *c = context;
    uint32_t from = (uint32_t)piece * PIECE, n = c->records->count;
    uint32_t to = n - from < PIECE ? n : from + PIECE;
    for (uint32_t o = from; o < to; o++) {
        if (!c->records->current[o]) {
            continue;
        }
        for (size_t p = 0; p < definition_size(c->d); p++) {
            enum verdict v = definition_decide(c->d, p, &c->records->facts[o]).verdict;
            c->in[o] |= (uint32_t)(v == VERDICT_IN) << p;
            c->unknown[o] |= (uint32_t)(v == VERDICT_UNKNOWN) << p;
        }
    }
    return rv_ok();
}

rv_status records_classify(const struct offence_records *records, const struct definition *d,
                           struct arena *a, struct pool *pool, struct membership *ret,
                           struct rv_err *reterr)
{
    struct classifying c = {.records = records, .d = d};
    c.in = ARENA_NEW(a, uint32_t, (size_t)records->count + 1);
    c.unknown = ARENA_NEW(a, uint32_t, (size_t)records->count + 1);
    if (!c.in || !c.unknown) {
        return arena_fail(a, reterr);
    }
    size_t pieces = ((size_t)records->count + PIECE - 1) / PIECE;
    RV_TRY(pool_run(pool, pieces, classify_piece, &c, reterr));
    *ret = (struct membership){c.in, c.unknown};
    return rv_ok();
}
