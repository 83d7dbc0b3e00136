/* read/xlsx_strings.c — the texts that the cells of a workbook share, by number.
 *
 * A workbook of 100 MB may hold a gigabyte of them, so they are kept as records (length, bytes) in
 * blocks of about 16 KB: the last ones in memory, the others in an unlinked file, with a few
 * hundred blocks at hand. Sheets refer to texts mostly in the order in which these stand, and to a
 * few of them often: either way the block is at hand.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "read/xlsx.h"
#include "read/xml.h"

#include <string.h>

#define MOST_IN_MEMORY ((size_t)8 << 20)
#define FLUSH_BYTES    ((size_t)1 << 20)
#define BLOCK_BYTES    ((size_t)16 << 10)
#define BLOCK_TEXTS    32
#define SLOTS          256 /* blocks at hand: 4 MB usually, 20 MB at most */

struct block {
    uint64_t offset; /* of its first record */
    uint32_t first;  /* number of its first text */
};

struct slot {
    char *bytes;
    size_t n, capacity;
    uint32_t block;
    bool is_filled;
};

struct strings {
    struct xml *xml; /* NULL = no part */
    bool is_whole;
    char *dir;
    int fd;              /* -1 until something is spilled */
    struct buf tail;     /* bytes from offset tail_start on */
    uint64_t tail_start; /* everything before lies in the file */
    struct block *blocks;
    size_t block_count, block_capacity;
    uint32_t count;
    struct slot slots[SLOTS];
    /* the item being read */
    int depth, skip_depth; /* of elements; inside an element that is no text */
    bool is_text;          /* inside <t> */
    struct buf item;
};

void strings_close(struct strings *s)
{
    if (!s) {
        return;
    }
    xml_close(s->xml);
    file_closep(&s->fd);
    for (size_t i = 0; i < SLOTS; i++) {
        memory_free(s->slots[i].bytes);
    }
    buf_done(&s->tail);
    buf_done(&s->item);
    memory_free(s->blocks);
    memory_free(s->dir);
    memory_free(s);
}

static void strings_closep(struct strings **s)
{
    strings_close(*s);
}

/* ---- text ---- */

void text_gather(struct buf *cell, struct text piece)
{
    size_t room = cell->n < LIMIT_FIELD_BYTES + 1 ? LIMIT_FIELD_BYTES + 1 - cell->n : 0;
    buf_put(cell, piece.at, piece.n < room ? piece.n : room);
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

/* The code of "_xHHHH_" at `at`, or -1. */
static int escaped_code(const char *at, size_t n)
{
    int code = 0;
    if (n < 7 || at[0] != '_' || at[1] != 'x' || at[6] != '_') {
        return -1;
    }
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0) {
            return -1;
        }
        code = code * 16 + digit;
    }
    return code;
}

/* A character of the basic plane in UTF-8; those that have none (half a pair) as U+FFFD, and a NUL
 * as nothing. */
static size_t put_code(char *to, int code)
{
    if (code >= 0xD800 && code <= 0xDFFF) {
        code = 0xFFFD;
    }
    if (code < 0x80) {
        *to = (char)code;
        return code != 0;
    }
    if (code < 0x800) {
        to[0] = (char)(0xC0 | code >> 6);
        to[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    to[0] = (char)(0xE0 | code >> 12);
    to[1] = (char)(0x80 | (code >> 6 & 0x3F));
    to[2] = (char)(0x80 | (code & 0x3F));
    return 3;
}

size_t text_unescape(char *bytes, size_t n)
{
    const char *first = n ? memmem(bytes, n, "_x", 2) : NULL;
    size_t at = first ? (size_t)(first - bytes) : n, to = at;
    while (at < n) {
        int code = escaped_code(bytes + at, n - at);
        if (code < 0) {
            bytes[to++] = bytes[at++];
        } else {
            to += put_code(bytes + to, code);
            at += 7;
        }
    }
    return to;
}

/* ---- adding ---- */

static rv_status flush(struct strings *s, size_t n, struct rv_err *reterr)
{
    if (s->fd < 0) {
        RV_TRY(file_open_unlinked(spool_dir_or_default(s->dir), &s->fd, reterr));
    }
    RV_TRY(file_write_at(s->fd, s->tail.bytes, n, s->tail_start, reterr));
    memmove(s->tail.bytes, s->tail.bytes + n, s->tail.n - n);
    s->tail.n -= n;
    s->tail_start += n;
    return rv_ok();
}

/* A block is full: what is before the new one may go to the file. */
static rv_status begin_block(struct strings *s, struct rv_err *reterr)
{
    bool is_spilling = s->fd >= 0 ? s->tail.n >= FLUSH_BYTES : s->tail.n >= MOST_IN_MEMORY;
    if (is_spilling) {
        RV_TRY(flush(s, s->tail.n, reterr));
    }
    if (s->block_count == s->block_capacity) {
        size_t wanted = s->block_capacity ? s->block_capacity * 2 : 64;
        struct block *grown = memory_resize(s->blocks, wanted, sizeof *grown);
        if (!grown) {
            return rv_fail(reterr, RV_NO_MEMORY, "out of memory for the texts of a workbook");
        }
        s->blocks = grown;
        s->block_capacity = wanted;
    }
    s->blocks[s->block_count++] = (struct block){s->tail_start + s->tail.n, s->count};
    return rv_ok();
}

static rv_status add(struct strings *s, struct text t, struct rv_err *reterr)
{
    if (s->count == LIMIT_SHARED_STRINGS) {
        return rv_fail(reterr, RV_LIMIT, "the workbook has more than %zu distinct texts",
                       LIMIT_SHARED_STRINGS);
    }
    const struct block *last = s->block_count ? &s->blocks[s->block_count - 1] : NULL;
    if (!last || s->count - last->first == BLOCK_TEXTS ||
        s->tail_start + s->tail.n - last->offset >= BLOCK_BYTES) {
        RV_TRY(begin_block(s, reterr));
    }
    uint32_t n = (uint32_t)t.n;
    buf_put(&s->tail, &n, sizeof n);
    buf_slice(&s->tail, t);
    RV_TRY(buf_status(&s->tail, reterr));
    s->count++;
    return rv_ok();
}

/* ---- the part: sst > si > (t | r > t), other elements of si (rPh: how to pronounce it) skipped */

static rv_status on_start(void *context, const char *name, const char *const *attributes,
                          struct rv_err *reterr)
{
    struct strings *s = context;
    (void)attributes;
    (void)reterr;
    s->depth++;
    if (s->skip_depth) {
        return rv_ok();
    }
    if (s->depth == 2 && strcmp(name, "si") == 0) {
        buf_clear(&s->item);
    } else if (s->depth > 2 && strcmp(name, "t") == 0) {
        s->is_text = true;
    } else if (s->depth > 2 && strcmp(name, "r") != 0) {
        s->skip_depth = s->depth;
    }
    return rv_ok();
}

static rv_status on_end(void *context, const char *name, struct rv_err *reterr)
{
    struct strings *s = context;
    s->is_text = false;
    if (s->skip_depth == s->depth) {
        s->skip_depth = 0;
    }
    if (--s->depth != 1 || strcmp(name, "si") != 0) {
        return rv_ok();
    }
    RV_TRY(buf_status(&s->item, reterr));
    size_t n = s->item.n ? text_unescape(s->item.bytes, s->item.n) : 0;
    return add(s, (struct text){s->item.bytes, n}, reterr);
}

static rv_status on_text(void *context, struct text piece, struct rv_err *reterr)
{
    struct strings *s = context;
    (void)reterr;
    if (s->is_text && !s->skip_depth) {
        text_gather(&s->item, piece);
    }
    return rv_ok();
}

rv_status strings_open(const struct archive *archive, const struct zip_member *part,
                       const char *dir, struct strings **ret, struct rv_err *reterr)
{
    static const struct xml_ops OPS = {on_start, on_end, on_text};
    RV_CLEANUP(strings_closep) struct strings *s = memory_new(1, sizeof *s);
    if (!s) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    s->fd = -1;
    buf_init(&s->tail, MOST_IN_MEMORY * 2);
    buf_init(&s->item, LIMIT_FIELD_BYTES * 2);
    if (dir) {
        s->dir = memory_new(strlen(dir) + 1, 1);
        if (!s->dir) {
            return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
        }
        memcpy(s->dir, dir, strlen(dir));
    }
    s->is_whole = part == NULL;
    if (part) {
        RV_TRY(xml_open(archive, part, &OPS, s, &s->xml, reterr));
    }
    *ret = s;
    s = NULL;
    return rv_ok();
}

/* ---- finding ---- */

static size_t find_block(const struct strings *s, uint32_t i)
{
    size_t low = 0, high = s->block_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (s->blocks[middle].first <= i) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The bytes of a block that lies in the file. */
static rv_status load_block(struct strings *s, size_t b, const char **ret, struct rv_err *reterr)
{
    struct slot *slot = &s->slots[b % SLOTS];
    if (slot->is_filled && slot->block == b) {
        *ret = slot->bytes;
        return rv_ok();
    }
    uint64_t end = b + 1 < s->block_count ? s->blocks[b + 1].offset : s->tail_start;
    size_t n = (size_t)(end - s->blocks[b].offset);
    slot->is_filled = false;
    if (n > slot->capacity) {
        char *grown = memory_resize(slot->bytes, n, 1);
        if (!grown) {
            return rv_fail(reterr, RV_NO_MEMORY, "out of memory for the texts of a workbook");
        }
        slot->bytes = grown;
        slot->capacity = n;
    }
    RV_TRY(file_read_at(s->fd, slot->bytes, n, s->blocks[b].offset, reterr));
    slot->n = n;
    slot->block = (uint32_t)b;
    slot->is_filled = true;
    *ret = slot->bytes;
    return rv_ok();
}

static rv_status read_more(struct strings *s, struct rv_err *reterr)
{
    RV_TRY(xml_step(s->xml, &s->is_whole, reterr));
    return rv_ok();
}

rv_status strings_get(struct strings *s, int64_t i, struct text *ret, bool *ret_found,
                      struct rv_err *reterr)
{
    while (i >= s->count && !s->is_whole) {
        RV_TRY(read_more(s, reterr));
    }
    *ret_found = i >= 0 && i < s->count;
    if (!*ret_found) {
        return rv_ok();
    }
    size_t b = find_block(s, (uint32_t)i);
    const char *at = NULL;
    if (s->blocks[b].offset >= s->tail_start) {
        at = s->tail.bytes + (s->blocks[b].offset - s->tail_start);
    } else {
        RV_TRY(load_block(s, b, &at, reterr));
    }
    uint32_t n;
    memcpy(&n, at, sizeof n);
    for (int64_t k = s->blocks[b].first; k < i; k++) {
        at += sizeof n + n;
        memcpy(&n, at, sizeof n);
    }
    *ret = (struct text){at + sizeof n, n};
    return rv_ok();
}

rv_status strings_finish(struct strings *s, struct rv_err *reterr)
{
    while (!s->is_whole) {
        RV_TRY(read_more(s, reterr));
    }
    return rv_ok();
}
