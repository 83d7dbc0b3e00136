/* base/memory.c — malloc with overflow check and fault injection.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/memory.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_BLOCK ((size_t)4 << 20)

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

/* Whole pages of 2 MB, asked for before the memory is touched: columns of millions of rows take
 * tens of thousands of page faults fewer. A refusal changes nothing but speed. */
static void *in_huge_pages(void *at, size_t size)
{
    const uintptr_t page = 4096;
    if (at && size >= HUGE_BLOCK) {
        uintptr_t from = ((uintptr_t)at + page - 1) & ~(page - 1);
        uintptr_t end = ((uintptr_t)at + size) & ~(page - 1);
        (void)madvise((void *)from, end - from, MADV_HUGEPAGE);
    }
    return at;
}

void *memory_new(size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total) || is_failing()) {
        return NULL;
    }
    return in_huge_pages(calloc(1, total ? total : 1), total);
}

void *memory_resize(void *old, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total) || is_failing()) {
        return NULL;
    }
    return in_huge_pages(realloc(old, total ? total : 1), total);
}

void memory_free(void *old)
{
    free(old);
}
