/* fuzz/fuzz_dictionary.c — any bytes as the image of a dictionary; what is read is written again.
 *
 * The first byte chooses as in fuzz_chunk.c: an image (0), or the content of one.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "column/dictionary.h"
#include "column/frame.h"
#include "fuzz.h"

#define MOST_MEMORY ((size_t)1 << 30)

static void write_again(const struct dictionary *d)
{
    struct buf image;
    buf_init(&image, MOST_MEMORY);
    FUZZ_REQUIRE(rv_is_ok(dictionary_write(d, &image, NULL)));
    struct dictionary back;
    dictionary_init(&back, LIMIT_DICTIONARY);
    FUZZ_REQUIRE(rv_is_ok(dictionary_read(&back, buf_view(&image), NULL)));
    FUZZ_REQUIRE(back.count == d->count);
    for (uint32_t code = 0; code < d->count; code++) {
        struct text value = dictionary_text(d, code);
        FUZZ_REQUIRE(text_equal(value, dictionary_text(&back, code)));
        FUZZ_REQUIRE(dictionary_find(&back, value) == code);
    }
    dictionary_done(&back);
    buf_done(&image);
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
    struct dictionary d;
    dictionary_init(&d, LIMIT_DICTIONARY);
    rv_status status = dictionary_read(&d, input, NULL);
    FUZZ_REQUIRE(rv_is_ok(status) || status.code == RV_DAMAGED);
    if (rv_is_ok(status)) {
        write_again(&d);
    }
    dictionary_done(&d);
    buf_done(&framed);
    return 0;
}
