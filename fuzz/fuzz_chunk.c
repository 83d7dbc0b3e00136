/* fuzz/fuzz_chunk.c — any bytes as a stored column of every type, and what decodes encodes again.
 *
 * The first byte chooses: a chunk as it would lie in the file (0), or the content of one, which
 * is put into a sound frame first, so that the search gets past the checksum.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "column/chunk.h"
#include "column/frame.h"
#include "fuzz.h"

#define MOST_MEMORY ((size_t)1 << 30)

static const enum column_type types[] = {COLUMN_CATEGORY, COLUMN_INTEGER, COLUMN_THOUSANDTHS,
                                         COLUMN_REAL,     COLUMN_TIME,    COLUMN_TEXT};

static bool equal_at(const struct column *x, const struct column *y, uint32_t i)
{
    if (column_has(x, i) != column_has(y, i)) {
        return false;
    }
    switch (x->type) {
    case COLUMN_CATEGORY:
        return x->codes[i] == y->codes[i];
    case COLUMN_REAL:
        return memcmp(&x->reals[i], &y->reals[i], sizeof *x->reals) == 0;
    case COLUMN_TEXT:
        return text_equal(column_text_at(x, i), column_text_at(y, i));
    case COLUMN_INTEGER:
    case COLUMN_THOUSANDTHS:
    case COLUMN_TIME:
        return x->integers[i] == y->integers[i];
    }
    return false;
}

/* Touches every value, so that a sanitizer sees an offset that points outside. */
static void encode_again(struct arena *a, const struct column *c)
{
    struct buf bytes;
    buf_init(&bytes, MOST_MEMORY);
    struct chunk_summary summary;
    struct column back;
    FUZZ_REQUIRE(rv_is_ok(chunk_encode(c, &bytes, &summary, NULL)));
    FUZZ_REQUIRE(summary.rows == c->rows && summary.nulls == c->nulls);
    FUZZ_REQUIRE(rv_is_ok(chunk_decode(a, buf_view(&bytes), c->type, &back, NULL)));
    FUZZ_REQUIRE(back.rows == c->rows && back.nulls == c->nulls);
    for (uint32_t i = 0; i < c->rows; i++) {
        FUZZ_REQUIRE(equal_at(c, &back, i));
    }
    buf_done(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text input = fuzz_input(data, size);
    bool is_content = fuzz_byte(&input) != 0;
    struct buf framed;
    buf_init(&framed, MOST_MEMORY);
    if (is_content) {
        FUZZ_REQUIRE(rv_is_ok(frame_put(&framed, input, NULL)));
        input = buf_view(&framed);
    }
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        struct arena a;
        arena_init(&a, MOST_MEMORY);
        struct column c;
        rv_status status = chunk_decode(&a, input, types[t], &c, NULL);
        FUZZ_REQUIRE(rv_is_ok(status) || status.code == RV_DAMAGED);
        if (rv_is_ok(status)) {
            encode_again(&a, &c);
        }
        arena_done(&a);
    }
    buf_done(&framed);
    return 0;
}
