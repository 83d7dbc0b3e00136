/* base/pool.h — a fixed set of threads that runs numbered pieces of work.
 *
 * Results never depend on the number of threads: pieces are numbered by the work (chunk 0, 1, …),
 * each writes to its own place or adds integers, and sums of reals are reduced in piece order.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_BASE_POOL_H
#define REEVE_BASE_POOL_H

#include "base/status.h"

#include <stddef.h>

struct pool;

/* threads >= 1; 1 runs everything in the calling thread. RV_NO_MEMORY. Free with pool_close. */
rv_status pool_open(size_t threads, struct pool **ret, struct rv_err *reterr);
void pool_close(struct pool *p);   /* NULL allowed */
void pool_closep(struct pool **p); /* for RV_CLEANUP */
size_t pool_threads(const struct pool *p);
size_t pool_default_threads(void); /* processors available to this process, 1 to LIMIT_THREADS */

/* Calls work(context, piece, worker, err) for piece 0 .. pieces-1; worker is 0 .. threads-1 and
 * names the scratch space that the piece may use. Returns the failure of the lowest failing
 * piece; after a failure, pieces not yet begun are skipped. One pool_run at a time per pool. */
typedef rv_status pool_work(void *context, size_t piece, size_t worker, struct rv_err *reterr);
rv_status pool_run(struct pool *p, size_t pieces, pool_work *work, void *context,
                   struct rv_err *reterr);

#endif
