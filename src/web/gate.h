/* web/gate.h — questions that take seconds: only so many at a time, so that they never hold every
 * worker and pages that are quick stay quick.
 *
 * Thread-safe; the gates are the process's. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_GATE_H
#define REEVE_WEB_GATE_H

#include "base/status.h"

enum gate {
    GATE_ALL_PROCESSORS, /* one: it uses every processor, or none knows how long it takes */
    GATE_TABLE,          /* a few: tables, each on one processor and within its seconds */
    GATE_COUNT
};

/* RV_BUSY, in words for the page, when there is no place. */
RV_MUST_CHECK rv_status gate_enter(enum gate gate, struct rv_err *reterr);
void gate_leave(enum gate gate);

#endif
