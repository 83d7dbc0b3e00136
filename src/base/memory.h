/* base/memory.h — the only place that calls malloc, so that a test can make the n-th call fail.
 *
 * Thread-safe. Memory is zeroed.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_BASE_MEMORY_H
#define REEVE_BASE_MEMORY_H

#include <stddef.h>

/* `count * size` zeroed bytes, or NULL when out of memory or when the product overflows.
 * A product of 0 gives a valid unique pointer. Free with memory_free. */
void *memory_new(size_t count, size_t size);

/* Resizes `old` (NULL allowed) to count * size bytes; new bytes are NOT zeroed. NULL leaves `old`.
 */
void *memory_resize(void *old, size_t count, size_t size);

void memory_free(void *old); /* NULL allowed */

/* Tests only: the n-th allocation from now fails once (1 = the next); 0 switches it off.
 * memory_fail_count tells how many allocations were asked for since. */
void memory_fail_nth(long n);
long memory_fail_count(void);

#endif
