/* base/memory.c — malloc with overflow check and fault injection.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/memory.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

static atomic_long fail_at;
static atomic_long asked;

static bool is_failing(void)
{
    long at = atomic_load_explicit(&fail_at, memory_order_relaxed);
    if (at == 0) {
        return false;
    }
    return atomic_fetch_add(&asked, 1) + 1 == at;
}

void memory_fail_nth(long n)
{
    atomic_store(&asked, 0);
    atomic_store(&fail_at, n);
}

long memory_fail_count(void)
{
    return atomic_load(&asked);
}

void *memory_new(size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total) || is_failing()) {
        return NULL;
    }
    return calloc(1, total ? total : 1);
}

void *memory_resize(void *old, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total) || is_failing()) {
        return NULL;
    }
    return realloc(old, total ? total : 1);
}

void memory_free(void *old)
{
    free(old);
}
