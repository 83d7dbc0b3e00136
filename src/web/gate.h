/* web/gate.h — one question that takes seconds at a time, so that it never holds every worker.
 *
 * Thread-safe; one gate for the process. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_GATE_H
#define REEVE_WEB_GATE_H

#include "base/status.h"

/* RV_BUSY, in words for the page, when another is inside. */
RV_MUST_CHECK rv_status gate_enter(struct rv_err *reterr);
void gate_leave(void);

#endif
