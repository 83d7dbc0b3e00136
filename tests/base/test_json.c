/* tests/base/test_json.c — JSON as written, and as jansson reads it.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/json.h"
#include "check.h"
#include "json_oracle.h"

static void write_all(struct json_writer *j)
{
    json_put_object(j, NULL);
    json_put_string(j, "area", "E09000016");
    json_put_int(j, "count", INT64_MIN);
    json_put_real(j, "rate", 2.385);
    json_put_real(j, "none", (double)NAN);
    json_put_bool(j, "held", true);
    json_put_bool(j, "placed", false);
    json_put_null(j, "reason");
    json_put_string(j, "missing", NULL);
    json_put_array(j, "months");
    json_put_int(j, NULL, 1);
    json_put_string(j, NULL, "two");
    json_put_object(j, NULL);
    json_end_object(j);
    json_put_array(j, NULL);
    json_end_array(j);
    json_put_object(j, NULL);
    json_put_int(j, "x", 3);
    json_end_object(j);
    json_end_array(j);
    json_put_object(j, "empty");
    json_end_object(j);
    json_put_text(j, "part", (struct text){"abcdef", 3});
    json_end_object(j);
}

static void the_compact_form_is_exact(void **state)
{
    (void)state;
    struct buf b;
    struct json_writer j;
    buf_init(&b, 4096);
    json_writer_init(&j, &b, false);
    write_all(&j);
    CHECK_STRING(b.bytes,
                 "{\"area\":\"E09000016\",\"count\":-9223372036854775808,\"rate\":2.385,"
                 "\"none\":null,\"held\":true,\"placed\":false,\"reason\":null,\"missing\":null,"
                 "\"months\":[1,\"two\",{},[],{\"x\":3}],\"empty\":{},\"part\":\"abc\"}");
    buf_done(&b);
}

static void the_pretty_form_is_indented_and_ends_its_line(void **state)
{
    (void)state;
    struct buf b;
    struct json_writer j;
    buf_init(&b, 4096);
    json_writer_init(&j, &b, true);
    json_put_object(&j, NULL);
    json_put_int(&j, "a", 1);
    json_put_array(&j, "b");
    json_put_int(&j, NULL, 2);
    json_put_int(&j, NULL, 3);
    json_end_array(&j);
    json_put_object(&j, "c");
    json_end_object(&j);
    json_end_object(&j);
    CHECK_STRING(b.bytes, "{\n  \"a\": 1,\n  \"b\": [\n    2,\n    3\n  ],\n  \"c\": {}\n}\n");
    buf_done(&b);
}

static void both_forms_are_json_and_mean_the_same(void **state)
{
    (void)state;
    struct buf forms[2];
    for (int pretty = 0; pretty < 2; pretty++) {
        struct json_writer j;
        buf_init(&forms[pretty], 4096);
        json_writer_init(&j, &forms[pretty], pretty);
        write_all(&j);
        CHECK(oracle_has(buf_view(&forms[pretty]), "area", "E09000016"));
        CHECK(oracle_has_int(buf_view(&forms[pretty]), "count", INT64_MIN));
    }
    CHECK(oracle_same(buf_view(&forms[0]), buf_view(&forms[1])));
    CHECK(!oracle_same(buf_view(&forms[0]), text_of("{}")));
    buf_done(&forms[0]);
    buf_done(&forms[1]);
}

/* Every byte from 1 to 127 and longer characters, as key and as value, comes back from jansson. */
static void any_text_comes_back(void **state)
{
    (void)state;
    char text[160];
    for (int c = 0; c < 127; c++) {
        text[c] = (char)(c + 1);
    }
    (void)snprintf(text + 127, sizeof text - 127, "\xC3\xA9\xE2\x80\xA8\xF0\x9F\x8D\x80</script>");
    struct buf b;
    struct json_writer j;
    buf_init(&b, 4096);
    json_writer_init(&j, &b, false);
    json_put_object(&j, NULL);
    json_put_string(&j, text, text);
    json_end_object(&j);
    CHECK(oracle_has(buf_view(&b), text, text));
    buf_clear(&b);
    json_writer_init(&j, &b, false);
    json_put_text(&j, NULL, (struct text){"a\0\x1F\"\\\n", 6});
    CHECK_STRING(b.bytes, "\"a\\u0000\\u001f\\\"\\\\\\n\"");
    buf_done(&b);
}

static void infinities_are_null(void **state)
{
    (void)state;
    struct buf b;
    struct json_writer j;
    buf_init(&b, 4096);
    json_writer_init(&j, &b, false);
    json_put_array(&j, NULL);
    json_put_real(&j, NULL, (double)INFINITY);
    json_put_real(&j, NULL, -(double)INFINITY);
    json_put_real(&j, NULL, -0.0);
    json_put_real(&j, NULL, 1e-7);
    json_end_array(&j);
    CHECK_STRING(b.bytes, "[null,null,0,1e-07]");
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_compact_form_is_exact),
        cmocka_unit_test(the_pretty_form_is_indented_and_ends_its_line),
        cmocka_unit_test(both_forms_are_json_and_mean_the_same),
        cmocka_unit_test(any_text_comes_back),
        cmocka_unit_test(infinities_are_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
