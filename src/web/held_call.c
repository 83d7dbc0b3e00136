/* web/held_call.c — what is held, for one call. SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/held_call.h"

#include "base/limits.h"
#include "web/gate.h"

#include <string.h>

rv_status held_call_open(struct call *c, struct held_call *h, struct rv_err *reterr)
{
    *h = (struct held_call){.is_inside = false};
    arena_init(&h->arena, LIMIT_ARENA_BYTES);
    RV_TRY(gate_enter(GATE_ALL_PROCESSORS, reterr));
    h->is_inside = true;
    RV_TRY(pool_open(pool_default_threads(), &h->pool, reterr));
    return held_load(c->store, &h->arena, h->pool, NULL, &h->held, reterr);
}

void held_call_done(struct held_call *h)
{
    pool_close(h->pool);
    arena_done(&h->arena);
    if (h->is_inside) {
        gate_leave(GATE_ALL_PROCESSORS);
    }
}

const char *kept_words(struct call *c, const char *text)
{
    return text ? arena_text(c->arena, text, strlen(text)) : NULL;
}
