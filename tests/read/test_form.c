/* tests/read/test_form.c — what a file is, from its bytes; and its text out of other encodings.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/buf.h"
#include "base/memory.h"
#include "check.h"
#include "read/decode.h"
#include "read/form.h"
#include "reading.h"

#include <iconv.h>

static const struct form_declared nothing = {.encoding = NULL};

static rv_status detect(struct text bytes, const struct form_declared *declared, struct form *ret,
                        struct rv_err *reterr)
{
    struct memory_file file;
    struct arena a;
    arena_init(&a, (size_t)1 << 20);
    CHECK_INT(memory_file_open(&file, bytes), 0);
    rv_status status = form_detect(&a, file.path, declared, ret, reterr);
    memory_file_close(&file);
    arena_done(&a);
    return status;
}

static struct form form_of(struct text bytes)
{
    struct rv_err err = {0};
    struct form form;
    CHECK_OK(detect(bytes, &nothing, &form, &err));
    return form;
}

/* The text in UTF-8 as iconv gives it in `encoding`. */
static void encode(const char *text, const char *encoding, struct buf *out)
{
    iconv_t cd = iconv_open(encoding, "UTF-8");
    assert_true(cd != (iconv_t)-1);
    char *from = (char *)(uintptr_t)text;
    size_t n = strlen(text), room = 4 * n + 8;
    buf_clear(out);
    char *to = buf_room(out, room), *start = to;
    assert_non_null(to);
    CHECK_INT(iconv(cd, &from, &n, &to, &room), 0);
    buf_wrote(out, (size_t)(to - start));
    (void)iconv_close(cd);
}

static rv_status read_as(struct text bytes, const char *encoding, size_t step, struct buf *out,
                         struct rv_err *reterr)
{
    struct memory_file file;
    const struct source_choice choice = {.encoding = encoding};
    RV_CLEANUP(source_closep) struct byte_source *s = NULL;
    CHECK_INT(memory_file_open(&file, bytes), 0);
    rv_status status = source_open_as(file.path, &choice, &s, reterr);
    buf_clear(out);
    for (size_t n = 1; rv_is_ok(status) && n;) {
        char *room = buf_room(out, step);
        assert_non_null(room);
        status = source_read(s, room, step, &n, reterr);
        buf_wrote(out, rv_is_ok(status) ? n : 0);
    }
    memory_file_close(&file);
    return status;
}

#define ROWS(text) "name,place\n" text "\n" text "\n" text "\n"

static void encodings_are_told_from_bytes_alone(void **state)
{
    (void)state;
    static const struct {
        const char *text, *encoding, *found; /* found NULL = refused to say */
        enum form_trust trust;
    } FILES[] = {
        {ROWS("plain,text"), "utf-8", "utf-8", FORM_ASSUMED},
        {ROWS("Café,Fête £5 – O’Neill’s"), "utf-8", "utf-8", FORM_SURE},
        {ROWS("Café,Fête"), "utf-16le", "utf-16le", FORM_LIKELY},
        {ROWS("Café,Fête"), "utf-16be", "utf-16be", FORM_LIKELY},
        {"\uFEFF" ROWS("Café,Fête"), "utf-16le", "utf-16le", FORM_SURE},
        {"\uFEFF" ROWS("Привет,мир"), "utf-16be", "utf-16be", FORM_SURE},
        {"\uFEFF" ROWS("Café,Fête"), "utf-32le", "utf-32le", FORM_SURE},
        {"\uFEFF" ROWS("Café,Fête"), "utf-8", "utf-8", FORM_SURE},
        {ROWS("Café,Fête"), "windows-1252", "windows-1252", FORM_LIKELY},
        {ROWS("King’s Head,£5 – “bar”"), "windows-1252", "windows-1252", FORM_LIKELY},
        {ROWS("Café Rouge,Señor"), "iso-8859-1", "windows-1252", FORM_LIKELY},
        {ROWS("Łódź,Żabka Świętokrzyska"), "iso-8859-2", NULL, FORM_LIKELY},
        {ROWS("Привет мир,магазин"), "windows-1251", NULL, FORM_LIKELY},
        {ROWS("Ελληνικά,ταβέρνα"), "iso-8859-7", NULL, FORM_LIKELY},
        {ROWS("Café £5,Fête"), "ibm850", NULL, FORM_LIKELY},
        {ROWS("Café £5,Fête"), "macintosh", NULL, FORM_LIKELY},
    };
    struct buf bytes;
    buf_init(&bytes, (size_t)1 << 20);
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        encode(FILES[i].text, FILES[i].encoding, &bytes);
        struct form f = form_of(buf_view(&bytes));
        const char *found = f.encoding ? f.encoding : "(refused)";
        if (strcmp(found, FILES[i].found ? FILES[i].found : "(refused)") != 0 ||
            f.encoding_trust != FILES[i].trust) {
            fail_msg("%zu: %s found as %s, trust %d", i, FILES[i].encoding, found,
                     (int)f.encoding_trust);
        }
        CHECK_INT(f.dialect.separator, ',');
        CHECK_INT(f.dialect.line_end, CSV_LF);
        CHECK(strcmp(found, "utf-8") == 0 || !f.encoding || f.choice.encoding);
    }
    buf_done(&bytes);
}

static void one_odd_byte_is_damage_except_in_the_header(void **state)
{
    (void)state;
    CHECK_STRING(form_of(text_of("a,b\nc,d\xE9\n")).encoding, "utf-8");
    CHECK_STRING(form_of(text_of("a,b\xE9\nc,d\n")).encoding, "windows-1252");
    CHECK_STRING(form_of(text_of("a,b\nc\xE9,d\xE9\n")).encoding, "windows-1252");
    /* Damaged rows of a file that is UTF-8 otherwise. */
    CHECK_STRING(form_of(text_of("a,b\nc\xE9,d\xE9\nCaf\u00e9,x\n")).encoding, "utf-8");
}

static void an_encoding_far_inside_shows_in_the_whole(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct buf bytes;
    struct memory_file file;
    buf_init(&bytes, (size_t)8 << 20);
    for (int i = 0; i < 400000; i++) {
        buf_text(&bytes, "a,b\n");
    }
    for (int tail = 0; tail < 3; tail++) {
        static const char *const TAILS[] = {"Caf\xE9,F\xEAte\n",
                                            "\xCF\xF0\xE8\xE2\xE5\xF2,\xEC\xE8\xF0\n",
                                            "Caf\u00e9,Caf\u00e9\n"};
        struct buf all;
        buf_init(&all, (size_t)8 << 20);
        buf_slice(&all, buf_view(&bytes));
        buf_text(&all, TAILS[tail]);
        struct form f = form_of(buf_view(&all));
        CHECK_STRING(f.encoding, "utf-8");
        CHECK_INT(f.encoding_trust, FORM_ASSUMED);
        CHECK_INT(memory_file_open(&file, buf_view(&all)), 0);
        CHECK_OK(form_detect_encoding(file.path, &f, &err));
        memory_file_close(&file);
        const char *want = tail == 0 ? "windows-1252" : tail == 1 ? NULL : "utf-8";
        CHECK(want ? f.encoding && strcmp(f.encoding, want) == 0 : !f.encoding);
        buf_done(&all);
    }
    buf_done(&bytes);
}

static void separators_and_line_ends(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char separator;
        enum csv_line_end line_end;
        const char *name;
    } FILES[] = {
        {"a,b,c\n1,2,3\n4,5,6\n", ',', CSV_LF, "LF"},
        {"a;b;c\r\n1,5;2,5;3\r\n4,5;5;6\r\n", ';', CSV_LF, "CRLF"},
        {"a\tb\n1, 2\t3\n", '\t', CSV_LF, "LF"},
        {"a|b|c\r1|2|3\r", '|', CSV_CR, "CR"},
        {"a,b\r\"1\n1\",2\r3,4\r", ',', CSV_CR, "CR"}, /* an LF inside a cell */
        {"a,b\n\"1\r1\",2\n3,4\n", ',', CSV_LF, "LF"},
        {"A title; with a semicolon\n\nx,y\n1,2\n3,4\n5,6\n", ',', CSV_LF, "LF"},
        {"\"x;y\",z\n\"1;2\",3\n", ',', CSV_LF, "LF"},
        {"one\ntwo\nthree\n", ',', CSV_LF, "LF"},
        {"a;b", ';', CSV_LF, "LF"},
        {"5\" pipe\ra\rb\r", ',', CSV_CR, "CR"}, /* a stray quote */
    };
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        struct form f = form_of(text_of(FILES[i].text));
        if (f.dialect.separator != FILES[i].separator || f.dialect.line_end != FILES[i].line_end ||
            strcmp(form_line_end_name(&f), FILES[i].name) != 0) {
            fail_msg("%zu: found %s and %s", i, form_separator_name(f.dialect.separator),
                     form_line_end_name(&f));
        }
    }
    CHECK_INT(form_of(text_of("one\ntwo\n")).separator_trust, FORM_ASSUMED);
    CHECK_INT(form_of(text_of("a,b\nc,d\n")).separator_trust, FORM_SURE);
    CHECK_INT(form_of(text_of("a,b\nc,d\ne,f,g\n")).separator_trust, FORM_LIKELY);
}

static void what_is_declared_is_taken(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct form f;
    const struct form_declared all = {
        .encoding = "CP1252", .separator = ';', .line_end = FORM_LINE_CRLF};
    CHECK_OK(detect(text_of("a,b\n1,2\n"), &all, &f, &err));
    CHECK_STRING(f.encoding, "windows-1252");
    CHECK_STRING(f.choice.encoding, "windows-1252");
    CHECK_INT(f.dialect.separator, ';');
    CHECK_INT(f.dialect.line_end, CSV_CRLF);
    const struct form_declared unknown = {.encoding = "utf-7"};
    CHECK_FAILS(detect(text_of("a,b\n"), &unknown, &f, &err), RV_USAGE);
}

static void no_tables(void **state)
{
    (void)state;
    static const char *const FILES[] = {"",
                                        "\xEF\xBB\xBF",
                                        "%PDF-1.4",
                                        "PAR1xxxx",
                                        "<!DOCTYPE html>",
                                        "SQLite format 3",
                                        "\xD0\xCF\x11\xE0\xA1\xB1"};
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        struct rv_err err = {0};
        struct form f;
        CHECK_FAILS(detect(text_of(FILES[i]), &nothing, &f, &err), RV_INVALID);
        CHECK(strstr(err.message, "nothing was loaded"));
    }
}

/* ---- decoding ---- */

static void every_encoding_gives_its_text_back_in_reads_of_any_size(void **state)
{
    (void)state;
    static const size_t STEPS[] = {1, 3, 4096};
    static const struct {
        const char *encoding, *line;
    } TEXTS[] = {{"utf-8", "Café,£5,日本,𝄞\n"},     {"utf-16le", "Café,£5,日本,𝄞\n"},
                 {"utf-16be", "Café,£5,日本,𝄞\n"},  {"utf-32le", "Café,£5,日本,𝄞\n"},
                 {"windows-1252", "Café,£5,“x”\n"}, {"iso-8859-1", "Café,£5,½\n"},
                 {"iso-8859-15", "Café,€5\n"},      {"windows-1251", "Привет,мир\n"},
                 {"iso-8859-2", "Łódź,Żabka\n"},    {"ibm850", "Café,£5\n"},
                 {"macintosh", "Café,£5\n"},        {"iso-8859-7", "Ελληνικά\n"}};
    struct buf text, bytes, got;
    buf_init(&text, (size_t)1 << 22);
    buf_init(&bytes, (size_t)1 << 23);
    buf_init(&got, (size_t)1 << 23);
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        struct rv_err err = {0};
        buf_clear(&text);
        for (int k = 0; k < 20000; k++) { /* several fillings of the decoder */
            buf_printf(&text, "%d,%s", k % 7, TEXTS[i].line);
        }
        encode(text.bytes, TEXTS[i].encoding, &bytes);
        for (size_t k = 0; k < 3; k++) {
            CHECK_OK(read_as(buf_view(&bytes), TEXTS[i].encoding, STEPS[k], &got, &err));
            CHECK(text_equal(buf_view(&got), buf_view(&text)));
        }
    }
    buf_done(&text);
    buf_done(&bytes);
    buf_done(&got);
}

static void a_byte_that_does_not_fit_is_named_by_line_and_place(void **state)
{
    (void)state;
    static const struct {
        const char *encoding, *bytes;
        size_t n;
        const char *says;
    } FILES[] = {{"windows-1252", "a\nb\nc\x81", 6, "line 3, byte 6 of the file (0x81)"},
                 {"iso-8859-1", "a\rb\x92", 4, "line 2, byte 4 of the file (0x92)"},
                 {"us-ascii", "abc\xE9", 4, "line 1, byte 4"},
                 {"utf-16le", "a\0\n\0\x00\xDC", 6, "line 2, byte 5"}, /* half a pair */
                 {"utf-16le", "a\0b", 3, "ends inside a character"},
                 {"utf-32le", "a\0\0\0\0\0\x11\0", 8, "line 1, byte 5"}}; /* past U+10FFFF */
    struct buf got;
    buf_init(&got, (size_t)1 << 20);
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        struct rv_err err = {0};
        CHECK_FAILS(
            read_as((struct text){FILES[i].bytes, FILES[i].n}, FILES[i].encoding, 4096, &got, &err),
            RV_INVALID);
        if (!strstr(err.message, FILES[i].says)) {
            fail_msg("%zu: %s", i, err.message);
        }
    }
    struct rv_err err = {0};
    CHECK_FAILS(read_as(text_of("a"), "utf-7", 16, &got, &err), RV_USAGE);
    buf_done(&got);
}

static void every_name_can_be_decoded_here(void **state)
{
    (void)state;
    struct buf got;
    buf_init(&got, (size_t)1 << 20);
    for (size_t i = 0; encoding_names()[i]; i++) {
        struct rv_err err = {0};
        CHECK_OK(read_as(text_of(""), encoding_names()[i], 16, &got, &err));
        CHECK_STRING(encoding_find(encoding_names()[i]), encoding_names()[i]);
        rv_status status = read_as(text_of("abcd"), encoding_names()[i], 16, &got, &err);
        CHECK(rv_is_ok(status) || strstr(encoding_names()[i], "utf-32"));
    }
    struct encoded half[128];
    encoding_high_half("windows-1252", half);
    CHECK(half[0x69].n == 2 && memcmp(half[0x69].bytes, "\u00e9", 2) == 0);
    CHECK_INT(half[0x01].n, 0);
    CHECK(half[0x00].n == 3 && memcmp(half[0x00].bytes, "\u20ac", 3) == 0);
    CHECK_STRING(encoding_find("Latin-1"), "iso-8859-1");
    CHECK(!encoding_find("utf-7"));
    buf_done(&got);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct buf got;
    buf_init(&got, (size_t)1 << 20);
    CHECK(buf_room(&got, 4096));
    for (long n = 1;; n++) {
        struct rv_err err = {0};
        struct form f;
        memory_fail_nth(n);
        rv_status status = detect(text_of("a,b\xE9\nc,d\n"), &nothing, &f, &err);
        if (rv_is_ok(status)) {
            status = read_as((struct text){"a\0b\0", 4}, "utf-16le", 16, &got, &err);
        }
        bool has_failed = memory_fail_count() >= n;
        memory_fail_nth(0);
        if (!has_failed) {
            CHECK_OK(status);
            CHECK(n > 8);
            break;
        }
        if (!rv_is_ok(status) && status.code != RV_NO_MEMORY) {
            fail_msg("%ld: %s", n, err.message);
        }
    }
    buf_done(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodings_are_told_from_bytes_alone),
        cmocka_unit_test(one_odd_byte_is_damage_except_in_the_header),
        cmocka_unit_test(an_encoding_far_inside_shows_in_the_whole),
        cmocka_unit_test(separators_and_line_ends),
        cmocka_unit_test(what_is_declared_is_taken),
        cmocka_unit_test(no_tables),
        cmocka_unit_test(every_encoding_gives_its_text_back_in_reads_of_any_size),
        cmocka_unit_test(a_byte_that_does_not_fit_is_named_by_line_and_place),
        cmocka_unit_test(every_name_can_be_decoded_here),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
