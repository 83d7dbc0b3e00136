/* base/arena.c — a list of blocks, each twice as large as the one before up to 8 MB.
 *
 * Under a sanitizer every allocation is a block of its own, so that arenas hide no overrun.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/arena.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define ALIGNMENT  _Alignof(max_align_t)
#define FIRST_SIZE ((size_t)16384)
#define MOST_SIZE  ((size_t)8 << 20)

#define FIRST_CAPACITY 16 /* of an array that grows */

struct arena_block {
    struct arena_block *older;
    size_t size, used;
    max_align_t bytes[];
};

void arena_init(struct arena *a, size_t limit_bytes)
{
    *a = (struct arena){.limit_bytes = limit_bytes};
}

void arena_done(struct arena *a)
{
    arena_release(a, (struct arena_mark){NULL, 0, 0});
}

#ifndef RV_SANITIZED
/* Takes the largest block out of the list. */
static struct arena_block *take_largest(struct arena *a)
{
    struct arena_block **largest = &a->block;
    for (struct arena_block **at = &a->block; *at; at = &(*at)->older) {
        largest = (*at)->size > (*largest)->size ? at : largest;
    }
    struct arena_block *block = *largest;
    if (block) {
        *largest = block->older;
    }
    return block;
}
#endif

void arena_clear(struct arena *a)
{
#ifdef RV_SANITIZED
    arena_done(a);
#else
    struct arena_block *kept = take_largest(a);
    arena_done(a);
    if (kept) {
        memset(kept->bytes, 0, kept->used); /* memory given out is always zero */
        kept->used = 0;
        kept->older = NULL;
        a->block = kept;
    }
#endif
}

static struct arena_block *block_new(struct arena *a, size_t wanted)
{
#ifdef RV_SANITIZED
    size_t size = 0;
#else
    size_t size = a->block ? a->block->size * 2 : FIRST_SIZE;
    if (size > MOST_SIZE) {
        size = MOST_SIZE;
    }
#endif
    if (size < wanted) {
        size = wanted;
    }
    struct arena_block *block = memory_new(1, sizeof *block + size);
    if (block) {
        block->older = a->block;
        block->size = size;
        a->block = block;
    }
    return block;
}

void *arena_new(struct arena *a, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX - ALIGNMENT ||
        bytes > a->limit_bytes - a->used_bytes) {
        a->is_past_limit = true;
        return NULL;
    }
    size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    rounded = rounded ? rounded : ALIGNMENT; /* nothing has an address of its own too */
    struct arena_block *block = a->block;
    if (!block || block->size - block->used < rounded) {
        block = block_new(a, rounded);
        if (!block) {
            return NULL;
        }
    }
    void *at = (char *)block->bytes + block->used;
    block->used += rounded;
    a->used_bytes += bytes;
    return at;
}

void *arena_grow(struct arena *a, void *old, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return old;
    }
    size_t wanted = *capacity ? *capacity * 2 : FIRST_CAPACITY;
    void *larger = arena_new(a, wanted, size);
    if (larger && count > 0) {
        memcpy(larger, old, count * size);
    }
    *capacity = larger ? wanted : *capacity;
    return larger;
}

char *arena_text(struct arena *a, const char *bytes, size_t n)
{
    char *copy = n == SIZE_MAX ? NULL : arena_new(a, n + 1, 1);
    if (copy && n) {
        memcpy(copy, bytes, n);
    }
    return copy;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = n < 0 ? NULL : arena_new(a, (size_t)n + 1, 1);
    if (text) {
        (void)vsnprintf(text, (size_t)n + 1, format, again);
    }
    va_end(again);
    return text;
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){a->block, a->block ? a->block->used : 0, a->used_bytes};
}

void arena_release(struct arena *a, struct arena_mark mark)
{
    while (a->block != mark.block) {
        struct arena_block *older = a->block->older;
        memory_free(a->block);
        a->block = older;
    }
    if (a->block && a->block->used > mark.block_used) {
        /* Memory given out is always zero. */
        memset((char *)a->block->bytes + mark.block_used, 0, a->block->used - mark.block_used);
        a->block->used = mark.block_used;
    }
    a->used_bytes = mark.used_bytes;
    a->is_past_limit = false;
}

rv_status arena_fail(const struct arena *a, struct rv_err *reterr)
{
    if (a->is_past_limit) {
        return rv_fail(reterr, RV_LIMIT, "this job needs more than its limit of %zu MB of memory",
                       a->limit_bytes >> 20);
    }
    return rv_fail(reterr, RV_NO_MEMORY, "out of memory after %zu MB; close other programs",
                   a->used_bytes >> 20);
}
