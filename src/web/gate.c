/* web/gate.c — one long question at a time. SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/gate.h"

#include <stdatomic.h>

static atomic_flag is_taken = ATOMIC_FLAG_INIT;

rv_status gate_enter(struct rv_err *reterr)
{
    if (atomic_flag_test_and_set(&is_taken)) {
        return rv_fail(reterr, RV_BUSY,
                       "Another question is being answered. Ask again in a few seconds");
    }
    return rv_ok();
}

void gate_leave(void)
{
    atomic_flag_clear(&is_taken);
}
