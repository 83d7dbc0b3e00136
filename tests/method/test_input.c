/* tests/method/test_input.c — files of every shape, sound and not, through a method.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/memory.h"
#include "check.h"
#include "method/registry.h"

#include <jansson.h>

static struct rv_err err;
static struct arena arena;
static struct buf out;

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_true(fwrite(text, 1, strlen(text), f) == strlen(text));
    assert_int_equal(fclose(f), 0);
}

static rv_status run_word(const char *name, const char *text, const char *option, const char *value)
{
    static char path[128];
    if (!path[0]) {
        (void)snprintf(path, sizeof path, "%s/input", test_dir());
    }
    write_file(path, text);
    buf_clear(&out);
    const struct method *m;
    CHECK_OK(method_find(name, &m, &err));
    struct method_word word = {option, value};
    return method_run(&arena, m, &(struct method_file){.path = path}, 1, &word, option != NULL,
                      &out, &err);
}

static rv_status run(const char *name, const char *text)
{
    return run_word(name, text, NULL, NULL);
}

static json_t *answer(const char *name, const char *text)
{
    CHECK_OK(run(name, text));
    json_t *root = json_loadb(out.bytes, out.n, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    return root;
}

static json_t *row_of(json_t *root, size_t i)
{
    return json_array_get(json_object_get(root, "rows"), i);
}

static double number(json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    if (!json_is_number(value)) {
        fail_msg("%s is not a number", key);
    }
    return json_number_value(value);
}

/* 7 of 20 at 95% (R prop.test(7, 20, correct = FALSE)). */
static void check_seven_of_twenty(json_t *row)
{
    CHECK_NEAR(number(row, "lower"), 0.181191824101082, 1e-12);
    CHECK_NEAR(number(row, "upper"), 0.567145723314764, 1e-12);
}

static void the_same_answer_from_every_shape(void **state)
{
    (void)state;
    static const char *const shapes[] = {
        "x,n\n7,20\n",
        "\xef\xbb\xbfNumerator , POP,junk\r\n7,20,\"a,b\"\r\n",
        "n,x\n2e1,7.0",
        "[{\"x\": 7, \"n\": 20, \"p\": 99}]",
        "{\"note\": \"x\", \"cells\": [{\"count\": \"7\", \"base\": 20.0}]}",
        "{\"x\": [7], \"n\": [20]}",
        "{\"x\": 7, \"n\": 20}",
        " \n{\"input\": {\"x\": [7], \"n\": [20]}, \"x\": [1, 2, 3]}",
    };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        json_t *root = answer("wilson", shapes[i]);
        check_seven_of_twenty(row_of(root, 0));
        CHECK_INT(json_array_size(json_object_get(root, "rows")), 1);
        json_decref(root);
    }
    json_t *root = answer("wilson", "[{\"id\": \"k\", \"x\": [7], \"n\": [20]}]");
    json_t *one = json_array_get(json_object_get(root, "cases"), 0);
    CHECK_STRING(json_string_value(json_object_get(one, "id")), "k");
    check_seven_of_twenty(row_of(one, 0));
    json_decref(root);
}

static void the_name_goes_before_its_aliases(void **state)
{
    (void)state;
    json_t *root = answer("wilson", "count,pop,x,n,conf\n1,2,7,20,95%\n");
    check_seven_of_twenty(row_of(root, 0));
    json_decref(root);
}

static void a_missing_value_is_null_with_a_reason_and_never_a_zero(void **state)
{
    (void)state;
    json_t *root = answer("wilson", "area,x,n\nA,,20\nB,NA,20\nC,7,\nD,0,0\nE,7,20\n");
    for (size_t i = 0; i < 4; i++) {
        json_t *row = row_of(root, i);
        CHECK(json_is_null(json_object_get(row, "p")));
        CHECK(json_is_null(json_object_get(row, "upper")));
        CHECK(json_string_length(json_object_get(json_object_get(row, "missing"), "p")) > 0);
    }
    CHECK(json_object_get(row_of(root, 4), "missing") == NULL);
    check_seven_of_twenty(row_of(root, 4));
    CHECK_STRING(json_string_value(json_object_get(row_of(root, 1), "area")), "B");
    json_decref(root);
}

static void one_bad_case_does_not_cost_the_others_theirs(void **state)
{
    (void)state;
    json_t *root =
        answer("decomposition", "[{\"category\": [\"a\", \"b\"], \"before\": [1, null], \"after\": "
                                "[2, 2]}, {\"category\": [\"a\", \"b\"], \"before\": [1, 3], "
                                "\"after\": [2, 2]}]");
    json_t *cases = json_object_get(root, "cases");
    CHECK(strstr(json_string_value(json_object_get(json_array_get(cases, 0), "missing")), "\"b\""));
    CHECK_STRING(json_string_value(json_object_get(json_array_get(cases, 1), "label")),
                 "no_change");
    json_decref(root);
    CHECK_FAILS(run("decomposition", "category,before,after\na,1,\n"), RV_DOMAIN);
}

struct refusal {
    const char *method, *text, *says;
};

static void what_does_not_fit_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"wilson", "x,n\n7,20\nseven,20\n", "line 3, column \"x\": \"seven\""},
        {"wilson", "x,n\n-7,20\n", "line 2, column \"x\": \"-7\""},
        {"wilson", "x,n\n7,inf\n", "\"inf\""},
        {"wilson", "x,n\n7,NaN\n", "\"NaN\""},
        {"wilson", "x,n\n7\n", "line 2: the row has 1 cells and the header 2"},
        {"wilson", "x,n\n\"7,20\n", "line 2: "},
        {"wilson", "x,m\n7,20\n", "there is no column \"n\""},
        {"wilson", "x,x,n\n7,7,20\n", "column 2"},
        {"wilson", "", "there is no column"},
        {"poisson-exact", "count\n1.5\n", "line 2, column \"count\": \"1.5\" is not a whole"},
        {"poisson-exact", "count\n1e17\n", "is not a whole"},
        {"wilson", "{\"x\": 7, \"n\": ", "line 1, column"},
        {"wilson", "{\"x\": 7, \"x\": 8, \"n\": 9}", "this is not JSON"},
        {"wilson", "{\"x\": [7, 8], \"n\": [9]}", "\"x\" has 2 values and \"n\" 1"},
        {"wilson", "[{\"x\": [7], \"n\": [[9]]}]", "an array stands where"},
        {"wilson", "[{\"x\": 7, \"n\": 9}, {\"x\": true, \"n\": 9}]", "item 2, column \"x\""},
        {"wilson", "[1, 2]", "an array of objects"},
        {"decomposition", "{\"category\": [\"a\"], \"before\": [1]}",
         "there is no column \"after\""},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        err.message[0] = '\0';
        CHECK_FAILS(run(refusals[i].method, refusals[i].text), RV_INVALID);
        if (!strstr(err.message, refusals[i].says)) {
            fail_msg("'%s' does not say '%s'", err.message, refusals[i].says);
        }
        CHECK_INT(out.n, 0);
    }
}

static void options_are_checked(void **state)
{
    (void)state;
    static const char sound[] = "x,n\n7,20\n";
    CHECK_FAILS(run_word("wilson", sound, "levle", "0.9"), RV_USAGE);
    CHECK_FAILS(run_word("wilson", sound, "level", "2"), RV_USAGE);
    CHECK_FAILS(run_word("wilson", sound, "level", "nan"), RV_USAGE);
    CHECK_FAILS(run_word("crude-rate", sound, "method", "byar"), RV_USAGE);
    CHECK(strstr(err.message, "exact|ukhsa"));
    CHECK_OK(run_word("wilson", sound, "level", "95%"));
}

static void input_that_is_given_twice_or_not_at_all_is_refused(void **state)
{
    (void)state;
    const struct method *m;
    CHECK_OK(method_find("wilson", &m, &err));
    struct method_file two[] = {{.path = "a.csv"}, {.path = "b.csv"}};
    CHECK_FAILS(method_run(&arena, m, two, 2, NULL, 0, &out, &err), RV_USAGE);
    CHECK_FAILS(method_run(&arena, m, NULL, 0, NULL, 0, &out, &err), RV_USAGE);
    CHECK_FAILS(method_run(&arena, m, &(struct method_file){.path = "/nonexistent/a.csv"}, 1, NULL,
                           0, &out, &err),
                RV_NOT_FOUND);
}

/* A table that lies in memory gives what the same table gives as a file. */
static void a_table_in_memory_is_read_like_a_file(void **state)
{
    (void)state;
    static const char *const texts[] = {"area,count,pop\na,5,100\nb,7,200\n",
                                        "[{\"area\": \"a\", \"count\": 5, \"pop\": 100}]"};
    const struct method *m;
    CHECK_OK(method_find("crude-rate", &m, &err));
    for (size_t k = 0; k < 2; k++) {
        CHECK_OK(run("crude-rate", texts[k]));
        char *expected = arena_text(&arena, out.bytes, out.n);
        struct method_file given = {.path = "input", .bytes = text_of(texts[k])};
        buf_clear(&out);
        CHECK_OK(method_run(&arena, m, &given, 1, NULL, 0, &out, &err));
        buf_char(&out, '\0');
        CHECK_STRING(out.bytes, expected);
    }
    struct method_file wrong = {.path = "pasted", .bytes = text_of("area,count,pop\na,x,100\n")};
    CHECK_FAILS(method_run(&arena, m, &wrong, 1, NULL, 0, &out, &err), RV_INVALID);
    assert_non_null(strstr(err.message, "pasted, line 2"));
    struct method_file empty = {.path = "pasted", .bytes = text_of("")};
    CHECK_FAILS(method_run(&arena, m, &empty, 1, NULL, 0, &out, &err), RV_INVALID);
}

/* Every allocation fails once: nothing leaks, and the run says what happened. */
static void running_out_of_memory_is_reported(void **state)
{
    (void)state;
    static const char *const texts[] = {"area,count,pop\na,5,100\nb,7,\n",
                                        "[{\"area\": \"a\", \"count\": 5, \"pop\": 100}]"};
    const struct method *m;
    CHECK_OK(method_find("crude-rate", &m, &err));
    for (size_t k = 0; k < 2; k++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/input", test_dir());
        write_file(path, texts[k]);
        for (long nth = 1;; nth++) {
            struct arena a;
            struct buf text;
            arena_init(&a, 1 << 20);
            buf_init(&text, 1 << 20);
            memory_fail_nth(nth);
            rv_status status =
                method_run(&a, m, &(struct method_file){.path = path}, 1, NULL, 0, &text, &err);
            memory_fail_nth(0);
            buf_done(&text);
            arena_done(&a);
            if (rv_is_ok(status)) {
                assert_true(nth > 5);
                break;
            }
            CHECK(status.code == RV_NO_MEMORY || status.code == RV_LIMIT);
        }
    }
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 24);
    buf_init(&out, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_done(&arena);
    buf_done(&out);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_answer_from_every_shape),
        cmocka_unit_test(the_name_goes_before_its_aliases),
        cmocka_unit_test(a_missing_value_is_null_with_a_reason_and_never_a_zero),
        cmocka_unit_test(one_bad_case_does_not_cost_the_others_theirs),
        cmocka_unit_test(what_does_not_fit_is_refused_with_its_place),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(input_that_is_given_twice_or_not_at_all_is_refused),
        cmocka_unit_test(a_table_in_memory_is_read_like_a_file),
        cmocka_unit_test(running_out_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
