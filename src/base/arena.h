/* base/arena.h — memory that lives as long as a job and is freed whole.
 *
 * Thread-compatible: one thread per arena. Memory is zeroed and aligned for any type.
 * A function that allocates takes `struct arena *` first; its result lives in that arena.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_BASE_ARENA_H
#define REEVE_BASE_ARENA_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *block; /* newest block */
    size_t used_bytes;         /* given out so far */
    size_t limit_bytes;        /* ceiling on used_bytes */
    bool is_past_limit;        /* an allocation was refused by the limit */
};

/* An empty arena that refuses to give out more than limit_bytes. Allocates nothing yet. */
void arena_init(struct arena *a, size_t limit_bytes);

void arena_done(struct arena *a); /* frees everything; the arena may be used again */

/* The same, but keeps its largest block for what comes next: for scratch of one chunk after
 * another, where giving pages back and taking them again costs more than the work. Marks are void.
 */
void arena_clear(struct arena *a);

/* `count * size` zeroed bytes, or NULL past the limit, on overflow or out of memory. */
void *arena_new(struct arena *a, size_t count, size_t size);

/* An array of `count` things of `size` bytes with room for one more: `old` itself while it has,
 * else one of twice the capacity (16 at first) with the same content; the old one stays in the
 * arena. NULL as arena_new; then *capacity and `old` are as they were. */
void *arena_grow(struct arena *a, void *old, size_t count, size_t *capacity, size_t size);

/* A NUL-terminated copy of n bytes. */
char *arena_text(struct arena *a, const char *bytes, size_t n);

/* printf into the arena; NULL when out of memory. */
char *arena_printf(struct arena *a, const char *format, ...) RV_PRINTF(2, 3);

/* A place to come back to: everything given out after arena_mark is freed by arena_release. */
struct arena_mark {
    struct arena_block *block;
    size_t block_used;
    size_t used_bytes;
};
struct arena_mark arena_mark(const struct arena *a);
void arena_release(struct arena *a, struct arena_mark mark);

/* The failure to report when arena_new gave NULL. */
rv_status arena_fail(const struct arena *a, struct rv_err *reterr);

/* Typed allocation: `struct x *p = ARENA_NEW(a, struct x, n);` */
#define ARENA_NEW(a, type, count) ((type *)arena_new((a), (count), sizeof(type)))

#endif
