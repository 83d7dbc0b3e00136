/* column/chunk.c — the codec of one column of one chunk.
 *
 * A chunk is one frame (column/frame.h) with this content, least significant byte first:
 *
 *   0   version (1)                    4   rows              16  low: what every offset adds to
 *   1   type (enum column_type)        8   rows without      24  validity, ceil(rows/64) words,
 *   2   width of an offset: 0,1,2,4,8      a value               when flag 1 is set
 *   3   flags: 1 = validity follows    12  bytes of text     …   rows offsets, then the text
 *
 * For text the offsets are lengths. Rows without a value have offset 0, whatever the column held
 * there, and a validity of all ones is left out: so equal columns give equal bytes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "column/chunk.h"

#include "base/civil.h"
#include "base/limits.h"
#include "column/frame.h"

#include <assert.h>
#include <string.h>

#define VERSION      1
#define HEADER_BYTES ((size_t)24)
#define HAS_VALIDITY 1U
#define BLOCK        512 /* rows widened at a time: 4 kB of stack, first-level cache */

struct layout {
    enum column_type type;
    unsigned width;
    bool has_validity;
    uint32_t rows, nulls;
    uint32_t text_bytes;
    uint64_t low; /* two's complement for integers */
};

static size_t words_for(uint32_t rows)
{
    return ((size_t)rows + 63) / 64;
}

/* Bits of the last word that belong to rows. */
static uint64_t last_word_mask(uint32_t rows)
{
    return rows % 64 ? (UINT64_C(1) << (rows % 64)) - 1 : UINT64_MAX;
}

static size_t content_bytes(const struct layout *l)
{
    size_t validity = l->has_validity ? words_for(l->rows) * 8 : 0;
    return HEADER_BYTES + validity + (size_t)l->rows * l->width + l->text_bytes;
}

static bool is_integer(enum column_type type)
{
    return type == COLUMN_INTEGER || type == COLUMN_THOUSANDTHS || type == COLUMN_TIME;
}

/* ---- encoding ---- */

static uint32_t count_nulls(const struct column *c)
{
    uint32_t with = 0;
    if (c->type == COLUMN_CATEGORY) {
        for (uint32_t i = 0; i < c->rows; i++) {
            with += c->codes[i] != 0;
        }
        return c->rows - with;
    }
    if (!c->valid) {
        return 0;
    }
    for (size_t w = 0; w < words_for(c->rows); w++) {
        uint64_t last = w + 1 == words_for(c->rows) ? last_word_mask(c->rows) : UINT64_MAX;
        with += (uint32_t)__builtin_popcountll(c->valid[w] & last);
    }
    return c->rows - with;
}

/* Lowest and highest of the values that are there. */
static void integer_range(const struct column *c, int64_t *ret_low, int64_t *ret_high)
{
    int64_t low = INT64_MAX, high = INT64_MIN;
    for (uint32_t i = 0; i < c->rows; i++) {
        bool has = !c->valid || ((c->valid[i / 64] >> (i % 64)) & 1);
        int64_t value = c->integers[i];
        low = has && value < low ? value : low;
        high = has && value > high ? value : high;
    }
    *ret_low = low;
    *ret_high = high;
}

static void code_range(const struct column *c, uint32_t *ret_low, uint32_t *ret_high)
{
    uint32_t low = UINT32_MAX, high = 0; /* low of the real codes: 0 - 1 is the greatest */
    for (uint32_t i = 0; i < c->rows; i++) {
        low = c->codes[i] - 1 < low ? c->codes[i] - 1 : low;
        high = c->codes[i] > high ? c->codes[i] : high;
    }
    *ret_low = low + 1;
    *ret_high = high;
}

static rv_status text_range(const struct column *c, struct layout *l, struct rv_err *reterr)
{
    uint64_t total = 0, longest = 0;
    for (uint32_t i = 0; i < c->rows; i++) {
        size_t n = column_has(c, i) ? column_text_at(c, i).n : 0;
        total += n;
        longest = n > longest ? n : longest;
    }
    if (total > LIMIT_CHUNK_BYTES - HEADER_BYTES - (size_t)LIMIT_CHUNK_ROWS * 5) {
        return rv_fail(reterr, RV_LIMIT, "%llu bytes of text in one chunk of rows are too many",
                       (unsigned long long)total);
    }
    l->text_bytes = (uint32_t)total;
    l->width = field_width(longest);
    return rv_ok();
}

static rv_status plan(const struct column *c, struct layout *l, struct chunk_summary *summary,
                      struct rv_err *reterr)
{
    *l = (struct layout){.type = c->type, .rows = c->rows, .nulls = count_nulls(c)};
    *summary = (struct chunk_summary){.rows = c->rows, .nulls = l->nulls};
    l->has_validity = l->nulls && c->type != COLUMN_CATEGORY;
    if (c->type == COLUMN_TEXT) {
        return text_range(c, l, reterr);
    }
    if (l->nulls == l->rows) {
        return rv_ok();
    }
    if (c->type == COLUMN_REAL) {
        l->width = 8;
        return rv_ok();
    }
    if (c->type == COLUMN_CATEGORY) {
        uint32_t low, high;
        code_range(c, &low, &high);
        summary->low = low;
        summary->high = high;
        l->low = l->nulls ? 0 : low;
        l->width = field_width(high - l->low);
        return rv_ok();
    }
    integer_range(c, &summary->low, &summary->high);
    if (c->type == COLUMN_TIME &&
        !(civil_time_exists(summary->low) && civil_time_exists(summary->high))) {
        return rv_fail(reterr, RV_INVALID, "a time outside the years 1800 to 2199");
    }
    l->low = (uint64_t)summary->low;
    l->width = field_width((uint64_t)summary->high - l->low);
    return rv_ok();
}

/* Offsets of n rows from `from`. */
static void offsets_of(const struct column *c, const struct layout *l, uint32_t from, size_t n,
                       uint64_t *out)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t row = from + (uint32_t)i;
        uint64_t has = !l->has_validity || ((c->valid[row / 64] >> (row % 64)) & 1);
        uint64_t value = 0;
        if (c->type == COLUMN_CATEGORY) {
            value = c->codes[row];
        } else if (c->type == COLUMN_REAL) {
            memcpy(&value, &c->reals[row], sizeof value);
        } else if (c->type == COLUMN_TEXT) {
            value = c->offsets[row + 1] - c->offsets[row];
        } else {
            value = (uint64_t)c->integers[row];
        }
        out[i] = (value - l->low) & (0 - has);
    }
}

static void put_header(const struct layout *l, struct buf *out)
{
    field_put(out, VERSION, 1);
    field_put(out, (uint64_t)l->type, 1);
    field_put(out, l->width, 1);
    field_put(out, l->has_validity ? HAS_VALIDITY : 0, 1);
    field_put(out, l->rows, 4);
    field_put(out, l->nulls, 4);
    field_put(out, l->text_bytes, 4);
    field_put(out, l->low, 8);
}

static void put_validity(const struct column *c, struct buf *out)
{
    size_t words = words_for(c->rows);
    for (size_t w = 0; w < words; w++) {
        uint64_t last = w + 1 == words ? last_word_mask(c->rows) : UINT64_MAX;
        field_put(out, c->valid[w] & last, 8);
    }
}

static void put_offsets(const struct column *c, const struct layout *l, struct buf *out)
{
    uint64_t offsets[BLOCK];
    for (uint32_t from = 0; l->width && from < c->rows; from += BLOCK) {
        size_t n = c->rows - from < BLOCK ? c->rows - from : BLOCK;
        offsets_of(c, l, from, n, offsets);
        char *at = buf_room(out, n * l->width);
        if (!at) {
            return;
        }
        field_narrow(offsets, n, l->width, at);
        buf_wrote(out, n * l->width);
    }
}

static void put_text(const struct column *c, const struct layout *l, struct buf *out)
{
    if (c->rows && c->offsets[c->rows] - c->offsets[0] == l->text_bytes) {
        buf_put(out, c->bytes + c->offsets[0], l->text_bytes); /* nothing under missing values */
        return;
    }
    for (uint32_t i = 0; i < c->rows; i++) {
        if (column_has(c, i)) {
            buf_slice(out, column_text_at(c, i));
        }
    }
}

rv_status chunk_encode(const struct column *c, struct buf *out, struct chunk_summary *ret,
                       struct rv_err *reterr)
{
    if (c->rows > LIMIT_CHUNK_ROWS) {
        return rv_fail(reterr, RV_LIMIT, "%u rows in a chunk: at most %d", (unsigned)c->rows,
                       LIMIT_CHUNK_ROWS);
    }
    struct layout l;
    struct chunk_summary summary;
    RV_TRY(plan(c, &l, &summary, reterr));
    RV_CLEANUP(buf_done) struct buf content;
    buf_init(&content, LIMIT_CHUNK_BYTES);
    (void)buf_room(&content, content_bytes(&l)); /* one allocation */
    put_header(&l, &content);
    if (l.has_validity) {
        put_validity(c, &content);
    }
    put_offsets(c, &l, &content);
    if (c->type == COLUMN_TEXT) {
        put_text(c, &l, &content);
    }
    RV_TRY(buf_status(&content, reterr));
    assert(content.n == content_bytes(&l));
    RV_TRY(frame_put(out, buf_view(&content), reterr));
    *ret = summary;
    return rv_ok();
}

/* ---- decoding ---- */

static rv_status damaged(struct rv_err *reterr, const char *what)
{
    return rv_fail(reterr, RV_DAMAGED, "a column of records is damaged: %s", what);
}

static rv_status take_header(struct text *at, enum column_type type, struct layout *l,
                             struct rv_err *reterr)
{
    struct text whole = *at;
    uint64_t version, stored_type, width, flags, rows, nulls, text_bytes;
    if (!field_take(at, 1, &version) || !field_take(at, 1, &stored_type) ||
        !field_take(at, 1, &width) || !field_take(at, 1, &flags) || !field_take(at, 4, &rows) ||
        !field_take(at, 4, &nulls) || !field_take(at, 4, &text_bytes) ||
        !field_take(at, 8, &l->low)) {
        return damaged(reterr, "it ends within its header");
    }
    if (version != VERSION || stored_type != (uint64_t)type || flags > HAS_VALIDITY) {
        return damaged(reterr, "it is not a column of the kind expected");
    }
    if (rows > LIMIT_CHUNK_ROWS || nulls > rows || width > 8 || (width & (width - 1))) {
        return damaged(reterr, "its numbers are out of range");
    }
    l->type = type;
    l->width = (unsigned)width;
    l->has_validity = flags == HAS_VALIDITY;
    l->rows = (uint32_t)rows;
    l->nulls = (uint32_t)nulls;
    l->text_bytes = (uint32_t)text_bytes;
    bool fits_type = type == COLUMN_CATEGORY ? !l->has_validity : l->has_validity == (nulls > 0);
    fits_type = fits_type && (text_bytes == 0 || type == COLUMN_TEXT) &&
                (l->low == 0 || type == COLUMN_CATEGORY || is_integer(type));
    if (!fits_type || content_bytes(l) != whole.n) {
        return damaged(reterr, "its parts do not fit together");
    }
    return rv_ok();
}

static rv_status take_validity(struct arena *a, struct text *at, struct layout *l, struct column *c,
                               struct rv_err *reterr)
{
    size_t words = words_for(l->rows);
    uint64_t *valid = ARENA_NEW(a, uint64_t, words);
    if (!valid) {
        return arena_fail(a, reterr);
    }
    memcpy(valid, at->at, words * sizeof *valid);
    at->at += words * sizeof *valid;
    at->n -= words * sizeof *valid;
    c->valid = valid;
    if ((valid[words - 1] & ~last_word_mask(l->rows)) || count_nulls(c) != l->nulls) {
        return damaged(reterr, "its missing values do not add up");
    }
    return rv_ok();
}

/* Writes n values from their offsets; what does not fit the type comes back as a bit in *bad. */
static void place_codes(const uint64_t *offsets, size_t n, uint64_t low, uint32_t *codes,
                        uint64_t *bad)
{
    uint64_t seen = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t code = low + offsets[i];
        seen |= code | offsets[i]; /* both, so that a sum that wraps round is seen too */
        codes[i] = (uint32_t)code;
    }
    *bad |= seen >> 32;
}

static void place_integers(const uint64_t *offsets, size_t n, uint64_t low, int64_t *integers,
                           uint64_t *high)
{
    uint64_t most = *high;
    for (size_t i = 0; i < n; i++) {
        most = offsets[i] > most ? offsets[i] : most;
        integers[i] = (int64_t)(low + offsets[i]);
    }
    *high = most;
}

/* A row without a value must have offset 0, and its value is 0. */
static bool clear_nulls(const struct column *c, uint64_t low, int64_t *integers)
{
    for (uint32_t i = 0; i < c->rows; i++) {
        if (!column_has(c, i)) {
            if (integers[i] != (int64_t)low) {
                return false;
            }
            integers[i] = 0;
        }
    }
    return true;
}

static rv_status take_codes(struct arena *a, struct text at, const struct layout *l,
                            struct column *c, struct rv_err *reterr)
{
    uint32_t *codes = ARENA_NEW(a, uint32_t, l->rows);
    if (!codes) {
        return arena_fail(a, reterr);
    }
    uint64_t offsets[BLOCK];
    uint64_t bad = l->low >> 32;
    for (uint32_t from = 0; from < l->rows; from += BLOCK) {
        size_t n = l->rows - from < BLOCK ? l->rows - from : BLOCK;
        field_widen(at.at + (size_t)from * l->width, n, l->width, offsets);
        place_codes(offsets, n, l->low, codes + from, &bad);
    }
    c->codes = codes;
    return bad || count_nulls(c) != l->nulls ? damaged(reterr, "a code is out of range") : rv_ok();
}

static rv_status take_integers(struct arena *a, struct text at, const struct layout *l,
                               struct column *c, struct rv_err *reterr)
{
    int64_t *integers = ARENA_NEW(a, int64_t, l->rows);
    if (!integers) {
        return arena_fail(a, reterr);
    }
    uint64_t offsets[BLOCK];
    uint64_t high = 0;
    for (uint32_t from = 0; from < l->rows; from += BLOCK) {
        size_t n = l->rows - from < BLOCK ? l->rows - from : BLOCK;
        field_widen(at.at + (size_t)from * l->width, n, l->width, offsets);
        place_integers(offsets, n, l->low, integers + from, &high);
    }
    bool fits = high <= (uint64_t)INT64_MAX - l->low;
    if (c->type == COLUMN_TIME && l->nulls < l->rows) {
        fits = fits && civil_time_exists((int64_t)l->low) &&
               civil_time_exists((int64_t)(l->low + high));
    }
    c->integers = integers;
    if (!fits || (l->has_validity && !clear_nulls(c, l->low, integers))) {
        return damaged(reterr, "a number is out of range");
    }
    return rv_ok();
}

static rv_status take_reals(struct arena *a, struct text at, const struct layout *l,
                            struct column *c, struct rv_err *reterr)
{
    double *reals = ARENA_NEW(a, double, l->rows);
    if (!reals) {
        return arena_fail(a, reterr);
    }
    if (l->width != (l->nulls == l->rows ? 0 : 8)) {
        return damaged(reterr, "its numbers are out of range");
    }
    memcpy(reals, at.at, (size_t)l->rows * l->width);
    for (uint32_t i = 0; i < l->rows && l->has_validity; i++) {
        uint64_t bits;
        memcpy(&bits, &reals[i], sizeof bits);
        if (!column_has(c, i) && bits) {
            return damaged(reterr, "a missing number has a value");
        }
    }
    c->reals = reals;
    return rv_ok();
}

static rv_status take_texts(struct arena *a, struct text at, const struct layout *l,
                            struct column *c, struct rv_err *reterr)
{
    uint32_t *offsets = ARENA_NEW(a, uint32_t, (size_t)l->rows + 1);
    char *bytes = ARENA_NEW(a, char, l->text_bytes);
    if (!offsets || !bytes) {
        return arena_fail(a, reterr);
    }
    uint64_t lengths[BLOCK];
    uint64_t total = 0;
    for (uint32_t from = 0; from < l->rows; from += BLOCK) {
        size_t n = l->rows - from < BLOCK ? l->rows - from : BLOCK;
        field_widen(at.at + (size_t)from * l->width, n, l->width, lengths);
        for (size_t i = 0; i < n; i++) {
            if (lengths[i] > l->text_bytes - total ||
                (lengths[i] && !column_has(c, from + (uint32_t)i))) {
                return damaged(reterr, "a text is longer than the column");
            }
            total += lengths[i];
            offsets[from + i + 1] = (uint32_t)total;
        }
    }
    if (total != l->text_bytes) {
        return damaged(reterr, "its texts do not add up");
    }
    memcpy(bytes, at.at + (size_t)l->rows * l->width, l->text_bytes);
    c->offsets = offsets;
    c->bytes = bytes;
    return rv_ok();
}

static rv_status take_column(struct arena *a, struct text at, enum column_type type,
                             struct column *ret, struct rv_err *reterr)
{
    struct layout l = {.type = type};
    RV_TRY(take_header(&at, type, &l, reterr));
    *ret = (struct column){.type = type, .rows = l.rows, .nulls = l.nulls};
    if (l.has_validity) {
        assert(type != COLUMN_CATEGORY); /* take_header saw to it */
        RV_TRY(take_validity(a, &at, &l, ret, reterr));
    }
    switch (type) {
    case COLUMN_CATEGORY:
        return take_codes(a, at, &l, ret, reterr);
    case COLUMN_REAL:
        return take_reals(a, at, &l, ret, reterr);
    case COLUMN_TEXT:
        return take_texts(a, at, &l, ret, reterr);
    case COLUMN_INTEGER:
    case COLUMN_THOUSANDTHS:
    case COLUMN_TIME:
        return take_integers(a, at, &l, ret, reterr);
    }
    return damaged(reterr, "its type is unknown");
}

rv_status chunk_decode(struct arena *a, struct text bytes, enum column_type type,
                       struct column *ret, struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf content;
    size_t most = HEADER_BYTES + (size_t)LIMIT_CHUNK_ROWS * 8 + LIMIT_CHUNK_ROWS / 8;
    buf_init(&content, type == COLUMN_TEXT ? LIMIT_CHUNK_BYTES : most);
    RV_TRY(frame_take(bytes, "a column of records", &content, reterr));
    struct arena_mark mark = arena_mark(a);
    struct column c;
    rv_status status = take_column(a, buf_view(&content), type, &c, reterr);
    if (!rv_is_ok(status)) {
        arena_release(a, mark);
        return status;
    }
    *ret = c;
    return rv_ok();
}
