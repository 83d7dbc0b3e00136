/* web/limit.h — work that a page waits for and that is stopped when its time is over.
 *
 * Private to src/web. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_LIMIT_H
#define REEVE_WEB_LIMIT_H

#include "base/progress.h"

/* From now on p is cancelled after so many seconds, unless limit_end comes first; p must live until
 * then. When there is no room for one more, or no thread, it is cancelled at once. */
void limit_begin(struct progress *p, int seconds);
void limit_end(struct progress *p); /* harmless for what was not begun */

#endif
