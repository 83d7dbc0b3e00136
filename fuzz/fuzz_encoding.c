/* fuzz/fuzz_encoding.c — any bytes as a text file: what is found of its form is one that reads it,
 * or a refusal; decoded text is UTF-8 and the same in reads of any size.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/buf.h"
#include "base/limits.h"
#include "fuzz.h"
#include "read/decode.h"
#include "read/form.h"
#include "reading.h"

#define MOST ((size_t)1 << 22)

static rv_status read_all(const char *path, const struct source_choice *choice, size_t step,
                          struct buf *out, struct rv_err *reterr)
{
    RV_CLEANUP(source_closep) struct byte_source *s = NULL;
    RV_TRY(source_open_as(path, choice, &s, reterr));
    for (size_t n = 1; n;) {
        char *room = buf_room(out, step);
        FUZZ_REQUIRE(room);
        RV_TRY(source_read(s, room, step, &n, reterr));
        FUZZ_REQUIRE(n <= step && source_file_done(s) <= source_file_bytes(s));
        buf_wrote(out, n);
    }
    return rv_ok();
}

static bool is_utf8(struct text t)
{
    while (t.n) {
        size_t valid = text_utf8_valid(t);
        if (valid < t.n && t.at[valid] != '\0') {
            return false;
        }
        valid += valid < t.n; /* NUL is a character too */
        t = (struct text){t.at + valid, t.n - valid};
    }
    return true;
}

static void check_decoded(const char *path, const char *encoding, size_t step)
{
    RV_CLEANUP(buf_done) struct buf large, small;
    buf_init(&large, MOST);
    buf_init(&small, MOST);
    struct rv_err err = {.message = ""};
    const struct source_choice choice = {.encoding = encoding};
    rv_status one = read_all(path, &choice, 65536, &large, &err);
    rv_status two = read_all(path, &choice, step, &small, &err);
    FUZZ_REQUIRE(one.code == two.code);
    FUZZ_REQUIRE(rv_is_ok(one) || (one.code == RV_INVALID && *err.message));
    FUZZ_REQUIRE(text_equal(buf_view(&large), buf_view(&small)));
    FUZZ_REQUIRE(is_utf8(buf_view(&large)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text bytes = fuzz_input(data, size);
    size_t encodings = 0;
    while (encoding_names()[encodings]) {
        encodings++;
    }
    size_t chosen = fuzz_byte(&bytes) % encodings, step = fuzz_byte(&bytes) + 1U;
    struct memory_file file;
    struct rv_err err = {.message = ""};
    if (size > (size_t)1 << 17 || text_starts(bytes, "\x1F\x8B")) {
        return 0;
    }
    FUZZ_REQUIRE(memory_file_open(&file, bytes) == 0);
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    const struct form_declared nothing = {.encoding = NULL};
    struct form form = {.encoding = NULL};
    rv_status status = form_detect(&a, file.path, &nothing, &form, &err);
    FUZZ_REQUIRE(rv_is_ok(status) || (status.code == RV_INVALID && *err.message));
    if (rv_is_ok(status)) {
        FUZZ_REQUIRE(form.dialect.separator > 0);
        rv_status whole = form_detect_encoding(file.path, &form, &err);
        FUZZ_REQUIRE(rv_is_ok(whole));
    }
    if (rv_is_ok(status) && form.choice.encoding) {
        check_decoded(file.path, form.choice.encoding, step);
    }
    if (chosen) { /* 0 is utf-8: the bytes as they are */
        check_decoded(file.path, encoding_names()[chosen], step);
    }
    memory_file_close(&file);
    return 0;
}
