/* web/queue.h — requests that wait for a worker: bounded, first come first served.
 *
 * Thread-safe. Private to src/web. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_QUEUE_H
#define REEVE_WEB_QUEUE_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct queue;

typedef void queue_work(void *context, size_t worker, void *item);

/* Starts the workers. RV_NO_MEMORY, RV_IO. */
RV_MUST_CHECK rv_status queue_start(size_t workers, size_t capacity, queue_work *work,
                                    void *context, struct queue **ret, struct rv_err *reterr);
bool queue_put(struct queue *q, void *item); /* false when it is full or stopping */
/* Lets the workers finish every item, then ends them; queue_put is false from now on. */
void queue_stop(struct queue *q);
void queue_free(struct queue *q); /* after queue_stop; NULL allowed */

#endif
