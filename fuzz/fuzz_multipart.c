/* fuzz/fuzz_multipart.c — any bytes as multipart/form-data: refused, or the same fields and the
 * same file whether the bytes come at once or one by one, and those that a reader with all bytes in
 * hand finds. The first byte says how long the pieces are. SPDX-License-Identifier:
 * GPL-3.0-or-later
 */
#include "fuzz.h"
#include "web/multipart.h"

#define BOUNDARY  "x1"
#define TYPE      "multipart/form-data; boundary=" BOUNDARY
#define DELIMITER "\r\n--" BOUNDARY

struct taken {
    struct buf file;
    bool has_begun;
};

static rv_status begin(void *context, struct rv_err *reterr)
{
    struct taken *t = context;
    FUZZ_REQUIRE(!t->has_begun);
    t->has_begun = true;
    (void)reterr;
    return rv_ok();
}

static rv_status take(void *context, const char *bytes, size_t n, struct rv_err *reterr)
{
    struct taken *t = context;
    FUZZ_REQUIRE(t->has_begun && n > 0);
    buf_put(&t->file, bytes, n);
    return buf_status(&t->file, reterr);
}

/* Reads in pieces of `piece` bytes; false when it is refused. */
static bool read_in(struct text input, size_t piece, struct multipart *m, struct taken *t)
{
    struct rv_err err = {0};
    const struct multipart_sink sink = {t, begin, take};
    *t = (struct taken){.has_begun = false};
    buf_init(&t->file, (size_t)16 << 20);
    FUZZ_REQUIRE(rv_is_ok(multipart_begin(m, text_of(TYPE), &sink, NULL)));
    for (size_t at = 0; at < input.n; at += piece) {
        size_t n = input.n - at < piece ? input.n - at : piece;
        if (!rv_is_ok(multipart_take(m, input.at + at, n, &err))) {
            FUZZ_REQUIRE(err.message[0] != '\0');
            FUZZ_REQUIRE(!rv_is_ok(multipart_take(m, "\r\n", 2, NULL)));
            return false;
        }
    }
    return rv_is_ok(multipart_end(m, NULL));
}

/* What was taken as the file lies between the end of its head and a delimiter, byte for byte. */
static void check_file(struct text input, const struct taken *t)
{
    struct text whole = buf_view(&t->file);
    FUZZ_REQUIRE(!whole.n || !memmem(whole.at, whole.n, DELIMITER, strlen(DELIMITER)));
    const char *last = NULL, *from = input.at;
    size_t left = input.n;
    for (const char *hit; (hit = memmem(from, left, DELIMITER, strlen(DELIMITER)));) {
        last = hit;
        left -= (size_t)(hit + 1 - from);
        from = hit + 1;
    }
    FUZZ_REQUIRE(last && (size_t)(last - input.at) >= whole.n + 4);
    FUZZ_REQUIRE(!whole.n || memcmp(last - whole.n, whole.at, whole.n) == 0);
    FUZZ_REQUIRE(memcmp(last - whole.n - 4, "\r\n\r\n", 4) == 0);
}

static void check_fields(const struct multipart *m)
{
    struct arena a;
    struct fields fields;
    arena_init(&a, (size_t)1 << 20);
    if (rv_is_ok(request_fields(&a, buf_view(&m->form), &fields, NULL))) {
        FUZZ_REQUIRE(fields.count == m->fields);
    }
    arena_done(&a);
    FUZZ_REQUIRE(text_utf8_valid(text_of(m->file_name)) == strlen(m->file_name));
    FUZZ_REQUIRE(!strpbrk(m->file_name, "/\\\r\n"));
}

static void check_type(struct text input)
{
    struct multipart m;
    const struct multipart_sink sink = {NULL, begin, take};
    if (rv_is_ok(multipart_begin(&m, input, &sink, NULL))) {
        FUZZ_REQUIRE(m.delimiter_n > 4 && m.delimiter_n <= 4 + MULTIPART_BOUNDARY);
        FUZZ_REQUIRE(!memchr(m.delimiter + 1, '\r', m.delimiter_n - 1));
    }
    multipart_done(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct multipart whole, pieces;
    struct taken all, some;
    struct text input = fuzz_input(bytes, n);
    size_t piece = fuzz_byte(&input);
    check_type(input);
    bool is_good = read_in(input, input.n + 1, &whole, &all);
    FUZZ_REQUIRE(read_in(input, piece + 1, &pieces, &some) == is_good);
    if (is_good) {
        FUZZ_REQUIRE(text_equal(buf_view(&all.file), buf_view(&some.file)));
        FUZZ_REQUIRE(text_equal(buf_view(&whole.form), buf_view(&pieces.form)));
        FUZZ_REQUIRE(strcmp(whole.file_name, pieces.file_name) == 0);
        check_file(input, &all);
        check_fields(&whole);
    }
    buf_done(&all.file);
    buf_done(&some.file);
    multipart_done(&whole);
    multipart_done(&pieces);
    return 0;
}
