/* tests/column/test_dictionary.c — codes in order of arrival, images, damage, memory failures.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/memory.h"
#include "check.h"
#include "column/dictionary.h"
#include "column/frame.h"
#include "sample.h"

#define MANY 100000

static uint32_t code_of(struct dictionary *d, const char *value)
{
    struct rv_err err = {0};
    uint32_t code = 4242;
    CHECK_OK(dictionary_code(d, text_of(value), &code, &err));
    return code;
}

/* The k-th of many distinct values, some of them one byte apart. */
static struct text value_at(uint32_t k, char out[64])
{
    int n =
        snprintf(out, 64, "%s%u %s", k % 3 ? "On or near Brew" : "", k * 7, k % 2 ? "Road" : "");
    return (struct text){out, (size_t)n};
}

static void fill(struct dictionary *d, uint32_t values)
{
    struct rv_err err = {0};
    char scratch[64];
    for (uint32_t k = 0; k < values; k++) {
        uint32_t code;
        CHECK_OK(dictionary_code(d, value_at(k, scratch), &code, &err));
        CHECK_INT(code, k + 1);
    }
}

static void codes_are_in_order_of_arrival_and_0_is_the_empty_text(void **state)
{
    (void)state;
    struct dictionary d;
    dictionary_init(&d, LIMIT_DICTIONARY);
    CHECK_INT(d.count, 1);
    CHECK_INT(dictionary_find(&d, text_of("Burglary")), 0);
    CHECK_INT(dictionary_text(&d, 0).n, 0);
    CHECK_INT(code_of(&d, "Violence"), 1);
    CHECK_INT(code_of(&d, ""), 0);
    CHECK_INT(code_of(&d, "Burglary"), 2);
    CHECK_INT(code_of(&d, "violence"), 3); /* another value: no folding here */
    CHECK_INT(code_of(&d, "Violence"), 1);
    CHECK_INT(d.count, 4);
    CHECK_INT(dictionary_find(&d, text_of("Burglary")), 2);
    CHECK_INT(dictionary_find(&d, text_of("Burglar")), 0);
    CHECK_INT(dictionary_find(&d, text_of("")), 0);
    CHECK(text_is(dictionary_text(&d, 2), "Burglary"));
    const char zeros[] = {0, 0, 0};
    uint32_t one, two;
    CHECK(rv_is_ok(dictionary_code(&d, (struct text){zeros, 1}, &one, NULL)));
    CHECK(rv_is_ok(dictionary_code(&d, (struct text){zeros, 2}, &two, NULL)));
    CHECK_INT(one, 4); /* length counts, also of zero bytes */
    CHECK_INT(two, 5);
    dictionary_done(&d);
    CHECK_INT(d.count, 1);
    CHECK_INT(code_of(&d, "again"), 1);
    dictionary_done(&d);
}

static void a_hundred_thousand_values_come_back_from_their_image(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct dictionary d, back;
    dictionary_init(&d, LIMIT_DICTIONARY);
    dictionary_init(&back, LIMIT_DICTIONARY);
    fill(&d, MANY);
    struct buf image, second;
    buf_init(&image, LIMIT_DICTIONARY_BYTES);
    buf_init(&second, LIMIT_DICTIONARY_BYTES);
    CHECK_OK(dictionary_write(&d, &image, &err));
    CHECK_INT(code_of(&back, "is replaced"), 1);
    CHECK_OK(dictionary_read(&back, buf_view(&image), &err));
    CHECK_INT(back.count, MANY + 1);
    char scratch[64];
    for (uint32_t k = 0; k < MANY; k++) {
        struct text want = value_at(k, scratch);
        CHECK(text_equal(dictionary_text(&back, k + 1), want));
        CHECK_INT(dictionary_find(&back, want), k + 1);
        CHECK_INT(dictionary_find(&d, want), k + 1);
    }
    CHECK_OK(dictionary_write(&back, &second, &err));
    CHECK(text_equal(buf_view(&image), buf_view(&second)));
    CHECK_INT(dictionary_find(&back, text_of("is replaced")), 0);
    CHECK_INT(code_of(&back, "one more"), MANY + 1); /* and it goes on growing */
    dictionary_done(&d);
    dictionary_done(&back);
    buf_done(&image);
    buf_done(&second);
}

static void values_over_the_limit_are_refused_and_known_ones_are_not(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct dictionary d;
    dictionary_init(&d, 3);
    fill(&d, 3);
    uint32_t code = 4242;
    CHECK_FAILS(dictionary_code(&d, text_of("a fourth"), &code, &err), RV_LIMIT);
    CHECK_INT(code, 4242);
    CHECK(strstr(err.message, "distinct values"));
    char scratch[64];
    CHECK_OK(dictionary_code(&d, value_at(1, scratch), &code, &err));
    CHECK_INT(code, 2);
    CHECK_INT(code_of(&d, ""), 0);
    struct buf image;
    buf_init(&image, 4096);
    CHECK_OK(dictionary_write(&d, &image, &err));
    struct dictionary smaller;
    dictionary_init(&smaller, 2);
    CHECK_FAILS(dictionary_read(&smaller, buf_view(&image), &err), RV_DAMAGED);
    CHECK_INT(smaller.count, 1);
    buf_done(&image);
    dictionary_done(&d);
}

static void an_empty_dictionary_has_an_image(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct dictionary d, back;
    dictionary_init(&d, 10);
    dictionary_init(&back, 10);
    struct buf image;
    buf_init(&image, 4096);
    CHECK_OK(dictionary_write(&d, &image, &err));
    CHECK_OK(dictionary_read(&back, buf_view(&image), &err));
    CHECK_INT(back.count, 1);
    CHECK_INT(code_of(&back, "first"), 1);
    buf_done(&image);
    dictionary_done(&back);
}

static void read_damaged(struct text image, const struct dictionary *want)
{
    struct dictionary back;
    dictionary_init(&back, LIMIT_DICTIONARY);
    CHECK_INT(code_of(&back, "stays on failure"), 1);
    rv_status status = dictionary_read(&back, image, NULL);
    if (rv_is_ok(status)) {
        CHECK_INT(back.count, want->count);
        for (uint32_t code = 0; code < want->count; code++) {
            CHECK(text_equal(dictionary_text(&back, code), dictionary_text(want, code)));
        }
    } else {
        CHECK_INT(status.code, RV_DAMAGED);
        CHECK_INT(dictionary_find(&back, text_of("stays on failure")), 1);
    }
    dictionary_done(&back);
}

static void a_changed_byte_or_a_missing_end_is_damage(void **state)
{
    (void)state;
    struct rv_err err = {0};
    uint64_t seed = 911;
    struct dictionary d;
    dictionary_init(&d, LIMIT_DICTIONARY);
    fill(&d, 200);
    struct buf image;
    buf_init(&image, 65536);
    CHECK_OK(dictionary_write(&d, &image, &err));
    for (size_t n = 0; n < image.n; n++) {
        char *copy = memory_new(n, 1);
        assert_non_null(copy);
        memcpy(copy, image.bytes, n);
        read_damaged((struct text){copy, n}, &d);
        memory_free(copy);
    }
    for (size_t i = 0; i < image.n; i++) {
        char good = image.bytes[i];
        image.bytes[i] = (char)(good ^ (char)(1 + sample_next(&seed) % 255));
        read_damaged(buf_view(&image), &d);
        image.bytes[i] = (char)(good ^ (1 << (i % 8)));
        read_damaged(buf_view(&image), &d);
        image.bytes[i] = good;
    }
    read_damaged(buf_view(&image), &d);
    buf_done(&image);
    dictionary_done(&d);
}

/* Images put together by hand, in sound frames: what the checksum cannot notice. */
static void an_image_that_contradicts_itself_is_damage(void **state)
{
    (void)state;
    static const struct {
        unsigned version, width, reserved;
        uint32_t values, bytes;
        const char *rest;
        size_t rest_bytes;
        bool is_sound;
    } rows[] = {
        {1, 1, 0, 2, 3, "\1\2abb", 5, true},
        {1, 0, 0, 0, 0, "", 0, true},
        {2, 1, 0, 2, 3, "\1\2abb", 5, false},
        {1, 1, 1, 2, 3, "\1\2abb", 5, false},
        {1, 3, 0, 1, 3, "\3\0\0abb", 6, false},
        {1, 8, 0, 1, 3, "\3\0\0\0\0\0\0\0abb", 11, false},
        {1, 1, 0, 2, 3, "\1\2ab", 4, false},   /* a byte too few */
        {1, 1, 0, 2, 3, "\1\2abbb", 6, false}, /* a byte too many */
        {1, 1, 0, 2, 3, "\1\1abb", 5, false},  /* lengths add up to less */
        {1, 1, 0, 2, 3, "\1\3abb", 5, false},  /* and to more */
        {1, 1, 0, 2, 3, "\0\3abb", 5, false},  /* an empty value is code 0 already */
        {1, 0, 0, 3, 3, "abb", 3, false},
        {1, 1, 0, 3, 3, "\1\1\1aba", 6, false}, /* a value there twice */
        {1, 1, 0, 0, 3, "abb", 3, false},
        {1, 4, 0, 0xFFFFFFFF, 0, "", 0, false}, /* more than any limit */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rv_err err = {0};
        struct buf content, image;
        buf_init(&content, 4096);
        buf_init(&image, 4096);
        field_put(&content, rows[i].version, 1);
        field_put(&content, rows[i].width, 1);
        field_put(&content, rows[i].reserved, 2);
        field_put(&content, rows[i].values, 4);
        field_put(&content, rows[i].bytes, 4);
        buf_put(&content, rows[i].rest, rows[i].rest_bytes);
        CHECK_OK(frame_put(&image, buf_view(&content), &err));
        struct dictionary d;
        dictionary_init(&d, LIMIT_DICTIONARY);
        rv_status status = dictionary_read(&d, buf_view(&image), NULL);
        if (status.code != (rows[i].is_sound ? RV_OK : RV_DAMAGED)) {
            fail_msg("image %zu gave %s", i, rv_code_name(status.code));
        }
        CHECK_INT(d.count, rows[i].is_sound ? rows[i].values + 1 : 1);
        dictionary_done(&d);
        buf_done(&content);
        buf_done(&image);
    }
}

/* Fills with the n-th allocation failing; what succeeded before stays usable. */
static bool fill_failing(struct dictionary *d, long n)
{
    struct rv_err err = {0};
    char scratch[64];
    memory_fail_nth(n);
    for (uint32_t k = 0; k < 400; k++) {
        uint32_t code = 4242;
        rv_status status = dictionary_code(d, value_at(k, scratch), &code, NULL);
        if (!rv_is_ok(status)) {
            memory_fail_nth(0);
            CHECK_INT(status.code, RV_NO_MEMORY);
            CHECK_INT(code, 4242);
            CHECK_INT(d->count, k + 1);
            CHECK_INT(dictionary_find(d, value_at(k, scratch)), 0);
            CHECK_OK(dictionary_code(d, value_at(k, scratch), &code, &err));
            CHECK_INT(code, k + 1);
            return false;
        }
    }
    memory_fail_nth(0);
    return true;
}

static void every_failing_allocation_is_reported_and_leaves_no_trace(void **state)
{
    (void)state;
    struct dictionary d, back;
    dictionary_init(&d, LIMIT_DICTIONARY);
    long n = 1;
    while (!fill_failing(&d, n)) {
        dictionary_done(&d);
        n++;
    }
    CHECK(n > 6);
    struct buf image;
    buf_init(&image, 65536);
    rv_status status = {RV_NO_MEMORY};
    for (n = 1; !rv_is_ok(status); n++) {
        buf_done(&image);
        memory_fail_nth(n);
        status = dictionary_write(&d, &image, NULL);
        memory_fail_nth(0);
        CHECK(rv_is_ok(status) || status.code == RV_NO_MEMORY);
    }
    CHECK(n > 3);
    dictionary_init(&back, LIMIT_DICTIONARY);
    status = (rv_status){RV_NO_MEMORY};
    for (n = 1; !rv_is_ok(status); n++) {
        CHECK_INT(back.count, 1);
        memory_fail_nth(n);
        status = dictionary_read(&back, buf_view(&image), NULL);
        memory_fail_nth(0);
        CHECK(rv_is_ok(status) || status.code == RV_NO_MEMORY);
    }
    CHECK(n > 4);
    CHECK_INT(back.count, 401);
    buf_done(&image);
    dictionary_done(&back);
    dictionary_done(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_in_order_of_arrival_and_0_is_the_empty_text),
        cmocka_unit_test(a_hundred_thousand_values_come_back_from_their_image),
        cmocka_unit_test(values_over_the_limit_are_refused_and_known_ones_are_not),
        cmocka_unit_test(an_empty_dictionary_has_an_image),
        cmocka_unit_test(a_changed_byte_or_a_missing_end_is_damage),
        cmocka_unit_test(an_image_that_contradicts_itself_is_damage),
        cmocka_unit_test(every_failing_allocation_is_reported_and_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
