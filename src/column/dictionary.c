/* column/dictionary.c — values to codes by open addressing with linear probing.
 *
 * Image: one frame (column/frame.h) of version (1 byte), width of a length (1), two zero bytes,
 * count without code 0 (4), bytes of all values (4), then the lengths and the values of codes
 * 1, 2, ….
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "column/dictionary.h"

#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"
#include "column/frame.h"

#include <assert.h>

#define VERSION      1
#define HEADER_BYTES ((size_t)12)
#define MOST_CONTENT (HEADER_BYTES + LIMIT_DICTIONARY * 4 + LIMIT_DICTIONARY_BYTES)
#define FIRST_CODES  64

void dictionary_init(struct dictionary *d, size_t limit)
{
    assert(limit < UINT32_MAX / 4);
    *d = (struct dictionary){.count = 1, .limit = limit};
    buf_init(&d->bytes, LIMIT_DICTIONARY_BYTES);
}

void dictionary_done(struct dictionary *d)
{
    buf_done(&d->bytes);
    memory_free(d->starts);
    memory_free(d->slots);
    dictionary_init(d, d->limit);
}

struct text dictionary_text(const struct dictionary *d, uint32_t code)
{
    if (code == 0) {
        return (struct text){"", 0};
    }
    assert(code < d->count);
    return (struct text){d->bytes.bytes + d->starts[code], d->starts[code + 1] - d->starts[code]};
}

/* The slot that holds `value`, or the empty one where it belongs. There is always an empty one. */
static uint32_t slot_of(const struct dictionary *d, struct text value, uint64_t hash)
{
    uint32_t mask = d->slot_count - 1, tag = (uint32_t)(hash >> 32);
    uint32_t slot = (uint32_t)hash & mask;
    for (;;) {
        const struct dictionary_slot *s = &d->slots[slot];
        if (!s->code || (s->tag == tag && text_equal(dictionary_text(d, s->code), value))) {
            return slot;
        }
        slot = (slot + 1) & mask;
    }
}

uint32_t dictionary_find(const struct dictionary *d, struct text value)
{
    if (!value.n || !d->slot_count) {
        return 0;
    }
    return d->slots[slot_of(d, value, hash64(value.at, value.n))].code;
}

static rv_status no_memory(const struct dictionary *d, struct rv_err *reterr)
{
    return rv_fail(reterr, RV_NO_MEMORY, "out of memory for a dictionary of %u values",
                   (unsigned)d->count);
}

/* Twice the slots (at least `wanted`), all values put in again. */
static rv_status grow_slots(struct dictionary *d, uint32_t wanted, struct rv_err *reterr)
{
    uint32_t slot_count = d->slot_count ? d->slot_count : FIRST_CODES * 2;
    while (slot_count < wanted) {
        slot_count *= 2;
    }
    struct dictionary_slot *slots = memory_new(slot_count, sizeof *slots);
    if (!slots) {
        return no_memory(d, reterr);
    }
    struct dictionary_slot *old = d->slots;
    uint32_t old_count = d->slot_count, mask = slot_count - 1;
    d->slots = slots;
    d->slot_count = slot_count;
    for (uint32_t i = 0; i < old_count; i++) {
        if (old[i].code) { /* all values differ: the first empty slot will do */
            struct text value = dictionary_text(d, old[i].code);
            uint32_t slot = (uint32_t)hash64(value.at, value.n) & mask;
            while (slots[slot].code) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = old[i];
        }
    }
    memory_free(old);
    return rv_ok();
}

/* Room for one more code: at most half of the slots are in use. */
static rv_status make_room(struct dictionary *d, struct rv_err *reterr)
{
    if (d->count + 1 >= d->capacity) {
        uint32_t capacity = d->capacity ? d->capacity * 2 : FIRST_CODES;
        uint32_t *starts = memory_resize(d->starts, (size_t)capacity + 1, sizeof *starts);
        if (!starts) {
            return no_memory(d, reterr);
        }
        starts[0] = 0;
        starts[1] = 0;
        d->starts = starts;
        d->capacity = capacity;
    }
    uint32_t wanted = (d->count + 1) * 2;
    return wanted > d->slot_count ? grow_slots(d, wanted, reterr) : rv_ok();
}

rv_status dictionary_code(struct dictionary *d, struct text value, uint32_t *ret,
                          struct rv_err *reterr)
{
    if (value.n == 0) {
        *ret = 0;
        return rv_ok();
    }
    uint64_t hash = hash64(value.at, value.n);
    uint32_t found = d->slot_count ? d->slots[slot_of(d, value, hash)].code : 0;
    if (found) {
        *ret = found;
        return rv_ok();
    }
    if (d->count > d->limit) { /* code 0 is not a value */
        return rv_fail(reterr, RV_LIMIT, "more than %zu distinct values: too many for a category",
                       d->limit);
    }
    RV_TRY(make_room(d, reterr));
    uint32_t code = d->count;
    buf_slice(&d->bytes, value);
    if (d->bytes.failed) {
        rv_status status = buf_status(&d->bytes, reterr);
        d->bytes.failed = false; /* it kept what it had */
        return status;
    }
    d->slots[slot_of(d, value, hash)] = (struct dictionary_slot){code, (uint32_t)(hash >> 32)};
    d->starts[code + 1] = (uint32_t)d->bytes.n;
    d->count = code + 1;
    *ret = code;
    return rv_ok();
}

static uint32_t length_of(const struct dictionary *d, uint32_t code)
{
    return d->starts[code + 1] - d->starts[code];
}

static void put_lengths(const struct dictionary *d, unsigned width, struct buf *out)
{
    for (uint32_t code = 1; code < d->count; code++) {
        field_put(out, length_of(d, code), width);
    }
}

rv_status dictionary_write(const struct dictionary *d, struct buf *out, struct rv_err *reterr)
{
    uint32_t longest = 0;
    for (uint32_t code = 1; code < d->count; code++) {
        longest = length_of(d, code) > longest ? length_of(d, code) : longest;
    }
    unsigned width = field_width(longest);
    RV_CLEANUP(buf_done) struct buf content;
    buf_init(&content, MOST_CONTENT);
    field_put(&content, VERSION, 1);
    field_put(&content, width, 1);
    field_put(&content, 0, 2);
    field_put(&content, d->count - 1, 4);
    field_put(&content, d->bytes.n, 4);
    put_lengths(d, width, &content);
    buf_slice(&content, buf_view(&d->bytes));
    RV_TRY(buf_status(&content, reterr));
    return frame_put(out, buf_view(&content), reterr);
}

static rv_status damaged(struct rv_err *reterr, const char *what)
{
    return rv_fail(reterr, RV_DAMAGED, "a list of values is damaged: %s", what);
}

/* Takes `values` lengths of `width` bytes; each value has at least one byte. */
static rv_status take_starts(struct dictionary *d, struct text *at, unsigned width, uint64_t values,
                             uint64_t bytes, struct rv_err *reterr)
{
    uint64_t total = 0;
    for (uint32_t code = 1; code <= values; code++) {
        uint64_t length = 0;
        if (!field_take(at, width, &length) || length == 0 || length > bytes - total) {
            return damaged(reterr, "a length is out of range");
        }
        total += length;
        d->starts[code + 1] = (uint32_t)total;
    }
    return total == bytes ? rv_ok() : damaged(reterr, "its lengths do not add up");
}

/* Every value finds its own empty slot: no value is there twice. */
static rv_status fill_slots(struct dictionary *d, uint32_t values, struct rv_err *reterr)
{
    RV_TRY(grow_slots(d, (values + 1) * 2, reterr));
    for (uint32_t code = 1; code <= values; code++) {
        d->count = code + 1;
        struct text value = dictionary_text(d, code);
        uint64_t hash = hash64(value.at, value.n);
        uint32_t slot = slot_of(d, value, hash);
        if (d->slots[slot].code) {
            return damaged(reterr, "a value is there twice");
        }
        d->slots[slot] = (struct dictionary_slot){code, (uint32_t)(hash >> 32)};
    }
    return rv_ok();
}

static rv_status take_image(struct dictionary *d, struct text at, struct rv_err *reterr)
{
    uint64_t version, width, reserved, values, bytes;
    if (!field_take(&at, 1, &version) || !field_take(&at, 1, &width) ||
        !field_take(&at, 2, &reserved) || !field_take(&at, 4, &values) ||
        !field_take(&at, 4, &bytes)) {
        return damaged(reterr, "it ends within its header");
    }
    if (version != VERSION || width > 4 || width == 3 || reserved || values > d->limit ||
        at.n != values * width + bytes) {
        return damaged(reterr, "its numbers are out of range");
    }
    d->capacity = (uint32_t)values + 1;
    d->starts = memory_new((size_t)d->capacity + 1, sizeof *d->starts);
    if (!d->starts) {
        return no_memory(d, reterr);
    }
    RV_TRY(take_starts(d, &at, (unsigned)width, values, bytes, reterr));
    buf_slice(&d->bytes, at);
    RV_TRY(buf_status(&d->bytes, reterr));
    return fill_slots(d, (uint32_t)values, reterr);
}

rv_status dictionary_read(struct dictionary *d, struct text image, struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf content;
    buf_init(&content, MOST_CONTENT);
    RV_TRY(frame_take(image, "a list of values", &content, reterr));
    struct dictionary read;
    dictionary_init(&read, d->limit);
    rv_status status = take_image(&read, buf_view(&content), reterr);
    if (!rv_is_ok(status)) {
        dictionary_done(&read);
        return status;
    }
    dictionary_done(d);
    *d = read;
    return rv_ok();
}
