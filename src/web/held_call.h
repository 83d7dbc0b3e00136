/* web/held_call.h — what is held, loaded for one call: for pages that compute.
 *
 * Private to src/web. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_HELD_CALL_H
#define REEVE_WEB_HELD_CALL_H

#include "assess/cube.h"
#include "base/pool.h"
#include "web/app.h"

/* Its memory is apart from the call's, which is small: copy what the page says (kept_words). */
struct held_call {
    struct arena arena;
    struct pool *pool;
    struct held held;
    bool is_inside; /* of the gate */
};

/* Through the gate (web/gate.h): RV_LIMIT when another is inside. What the reader may list now is
 * what is held. held_call_done in any case. */
RV_MUST_CHECK rv_status held_call_open(struct call *c, struct held_call *h, struct rv_err *reterr);
void held_call_done(struct held_call *h); /* for RV_CLEANUP */

/* In the call's memory; NULL stays NULL. */
const char *kept_words(struct call *c, const char *text);

#endif
