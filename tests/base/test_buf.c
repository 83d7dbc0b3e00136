/* tests/base/test_buf.c — growing text: ceiling, numbers, CSV and HTML.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/buf.h"
#include "base/memory.h"
#include "check.h"

/* Runs `write` on a fresh buffer and compares. */
#define CHECK_WRITES(write, want)                                                                  \
    do {                                                                                           \
        struct buf b;                                                                              \
        buf_init(&b, 4096);                                                                        \
        write;                                                                                     \
        CHECK(rv_is_ok(buf_status(&b, NULL)));                                                     \
        CHECK_INT(b.n, strlen(want));                                                              \
        CHECK_STRING(b.n ? b.bytes : "", (want));                                                  \
        buf_done(&b);                                                                              \
    } while (0)

static void what_is_appended_is_there_and_terminated(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100000);
    CHECK_INT(buf_view(&b).n, 0);
    static char want[60000];
    size_t n = 0;
    for (int i = 0; i < 7000; i++) {
        buf_printf(&b, "%d,", i);
        n += (size_t)snprintf(want + n, sizeof want - n, "%d,", i);
        CHECK_INT(b.bytes[b.n], '\0');
    }
    CHECK_STRING(b.bytes, want);
    buf_clear(&b);
    CHECK_INT(b.n, 0);
    CHECK_STRING(b.bytes, "");
    buf_char(&b, 'x');
    buf_text(&b, "yz");
    buf_put(&b, NULL, 0);
    buf_slice(&b, (struct text){"!?", 1});
    CHECK_STRING(b.bytes, "xyz!");
    buf_done(&b);
    buf_done(&b);
}

static void the_ceiling_is_exact_and_keeps_what_was_there(void **state)
{
    (void)state;
    struct rv_err err;
    struct buf b;
    buf_init(&b, 10);
    buf_text(&b, "0123456789");
    CHECK(rv_is_ok(buf_status(&b, &err)));
    CHECK(b.capacity <= 11);
    buf_char(&b, 'x');
    CHECK_FAILS(buf_status(&b, &err), RV_LIMIT);
    CHECK_STRING(b.bytes, "0123456789");
    buf_put(&b, "", 0); /* once failed, it stays so */
    CHECK_FAILS(buf_status(&b, &err), RV_LIMIT);
    buf_clear(&b);
    CHECK(rv_is_ok(buf_status(&b, &err)));
    buf_printf(&b, "%s", "eleven char"); /* one step over from empty is the limit, not memory */
    CHECK_FAILS(buf_status(&b, &err), RV_LIMIT);
    CHECK_INT(b.n, 0);
    buf_done(&b);
    buf_init(&b, 10);
    assert_null(buf_room(&b, 11));
    CHECK_FAILS(buf_status(&b, &err), RV_LIMIT);
    buf_done(&b);
}

static void a_failing_allocation_is_out_of_memory(void **state)
{
    (void)state;
    struct rv_err err;
    struct buf b;
    buf_init(&b, 100000);
    buf_text(&b, "kept");
    memory_fail_nth(1);
    for (int i = 0; i < 1000; i++) {
        buf_text(&b, "more");
    }
    memory_fail_nth(0);
    CHECK_FAILS(buf_status(&b, &err), RV_NO_MEMORY);
    CHECK_INT(strncmp(b.bytes, "keptmoremore", 12), 0);
    buf_done(&b);
}

static void integers_are_written_from_end_to_end(void **state)
{
    (void)state;
    CHECK_WRITES(buf_int(&b, 0), "0");
    CHECK_WRITES(buf_int(&b, -7), "-7");
    CHECK_WRITES(buf_int(&b, INT64_MAX), "9223372036854775807");
    CHECK_WRITES(buf_int(&b, INT64_MIN), "-9223372036854775808");
}

static void reals_have_twelve_digits_and_only_finite_ones_are_written(void **state)
{
    (void)state;
    CHECK_WRITES(buf_real(&b, 0.1), "0.1");
    CHECK_WRITES(buf_real(&b, 1.0 / 3), "0.333333333333");
    CHECK_WRITES(buf_real(&b, 645), "645");
    CHECK_WRITES(buf_real(&b, -0.0), "0");
    CHECK_WRITES(buf_real(&b, 1e300), "1e+300");
    CHECK_WRITES(buf_real(&b, 123456789012.5), "123456789012"); /* ties to even, as printf */
    CHECK_WRITES(buf_real(&b, (double)NAN), "");
    CHECK_WRITES(buf_real(&b, -(double)INFINITY), "");
}

static void csv_cells_are_quoted_when_they_must_be(void **state)
{
    (void)state;
    static const struct {
        const char *cell, *want;
    } rows[] = {{"", ""},
                {"Romford Town", "Romford Town"},
                {"a,b", "\"a,b\""},
                {"say \"no\"", "\"say \"\"no\"\"\""},
                {"two\nlines", "\"two\nlines\""},
                {"old\rMac", "\"old\rMac\""},
                {" lead", "\" lead\""},
                {"trail ", "\"trail \""},
                {"\"", "\"\"\"\""},
                {"caf\xC3\xA9; d'Or", "caf\xC3\xA9; d'Or"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_WRITES(buf_csv(&b, text_of(rows[i].cell)), rows[i].want);
    }
}

/* What a spreadsheet would run begins with an apostrophe; what it would read as a number does not.
 */
static void words_of_others_are_never_formulas(void **state)
{
    (void)state;
    static const struct {
        const char *cell, *want;
    } rows[] = {
        {"=1+1", "'=1+1"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"+44 20 7946", "'+44 20 7946"},
        {"-2+3", "'-2+3"},
        {"\t=1", "'\t=1"},
        {"\r=1", "\"'\r=1\""},
        {"=a,b", "\"'=a,b\""},
        {"-", "-"},
        {"=", "="},
        {"-5", "-5"},
        {"-0.25", "-0.25"},
        {"-1e-7", "-1e-7"},
        {"+12", "+12"},
        {"-1e", "'-1e"},
        {"", ""},
        {"Romford = town", "Romford = town"},
        {"1-2", "1-2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_WRITES(buf_csv_words(&b, text_of(rows[i].cell)), rows[i].want);
    }
}

static void html_is_escaped(void **state)
{
    (void)state;
    CHECK_WRITES(buf_html(&b, text_of("")), "");
    CHECK_WRITES(buf_html(&b, text_of("plain \xC3\xA9")), "plain \xC3\xA9");
    CHECK_WRITES(buf_html(&b, text_of("<a href=\"x\" id='y'>&amp;</a>")),
                 "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
    CHECK_WRITES(buf_html(&b, text_of("&")), "&amp;");
    CHECK_WRITES(buf_html(&b, ((struct text){"a\0b", 3})), "a\xEF\xBF\xBD"
                                                           "b");
}

static void an_address_is_escaped(void **state)
{
    (void)state;
    CHECK_WRITES(buf_uri(&b, text_of("/a-b_c.d~9Z")), "/a-b_c.d~9Z");
    CHECK_WRITES(buf_uri(&b, text_of("a b?c#d%&=+\"\xC3\xA9")),
                 "a%20b%3Fc%23d%25%26%3D%2B%22%C3%A9");
    CHECK_WRITES(buf_uri(&b, (struct text){"\0@[", 3}), "%00%40%5B");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_appended_is_there_and_terminated),
        cmocka_unit_test(the_ceiling_is_exact_and_keeps_what_was_there),
        cmocka_unit_test(a_failing_allocation_is_out_of_memory),
        cmocka_unit_test(integers_are_written_from_end_to_end),
        cmocka_unit_test(reals_have_twelve_digits_and_only_finite_ones_are_written),
        cmocka_unit_test(csv_cells_are_quoted_when_they_must_be),
        cmocka_unit_test(words_of_others_are_never_formulas),
        cmocka_unit_test(html_is_escaped),
        cmocka_unit_test(an_address_is_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
