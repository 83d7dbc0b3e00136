/* web/gate.c — only so many long questions at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/gate.h"

#include <stdatomic.h>

static const int places[GATE_COUNT] = {[GATE_ALL_PROCESSORS] = 1, [GATE_TABLE] = 3};
static atomic_int inside[GATE_COUNT];

rv_status gate_enter(enum gate gate, struct rv_err *reterr)
{
    if (atomic_fetch_add(&inside[gate], 1) >= places[gate]) {
        gate_leave(gate);
        return rv_fail(reterr, RV_BUSY,
                       "Another question is being answered. Ask again in a few seconds");
    }
    return rv_ok();
}

void gate_leave(enum gate gate)
{
    atomic_fetch_sub(&inside[gate], 1);
}
