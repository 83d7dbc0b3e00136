/* tests/base/test_arena.c — arenas and the memory below them.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/arena.h"
#include "base/memory.h"
#include "check.h"

static bool is_zero(const unsigned char *at, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (at[i]) {
            return false;
        }
    }
    return true;
}

static void memory_is_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, (size_t)1 << 26);
    unsigned char *all[300];
    for (size_t i = 0; i < 300; i++) {
        size_t n = i * i % 7919;
        all[i] = arena_new(&a, n, 1);
        assert_non_null(all[i]);
        CHECK_INT((uintptr_t)all[i] % _Alignof(max_align_t), 0);
        CHECK(is_zero(all[i], n));
        memset(all[i], (int)i + 1, n);
    }
    for (size_t i = 0; i < 300; i++) {
        for (size_t k = 0; k < i * i % 7919; k++) {
            CHECK_INT(all[i][k], (i + 1) & 0xFF);
        }
    }
    arena_done(&a);
    CHECK_INT(a.used_bytes, 0);
    CHECK(arena_new(&a, 1, 1)); /* may be used again */
    arena_done(&a);
}

static void nothing_has_an_address_of_its_own_and_costs_little(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1000);
    void *last = NULL;
    for (int i = 0; i < 10000; i++) {
        void *at = arena_new(&a, 0, 8);
        CHECK(at && at != last);
        last = at;
    }
    arena_done(&a);
}

static void the_limit_is_exact_and_reported_as_such(void **state)
{
    (void)state;
    struct rv_err err;
    struct arena a;
    arena_init(&a, 1000);
    CHECK(arena_new(&a, 10, 99));
    assert_null(arena_new(&a, 11, 1));
    CHECK_INT(a.used_bytes, 990);
    CHECK_FAILS(arena_fail(&a, &err), RV_LIMIT);
    CHECK(arena_new(&a, 10, 1));
    assert_null(arena_new(&a, 1, 1));
    arena_done(&a);
    arena_init(&a, 1000); /* also when the first request is already too large */
    assert_null(arena_new(&a, 2000, 1));
    CHECK_FAILS(arena_fail(&a, &err), RV_LIMIT);
    arena_done(&a);
}

static void a_product_that_overflows_is_refused(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, SIZE_MAX);
    assert_null(arena_new(&a, SIZE_MAX / 2, 3));
    assert_null(arena_new(&a, SIZE_MAX, 1));
    assert_null(arena_new(&a, SIZE_MAX - 20, 1));
    assert_null(arena_text(&a, "x", SIZE_MAX));
    assert_null(memory_new(SIZE_MAX / 2, 3));
    assert_null(memory_resize(NULL, SIZE_MAX / 2, 3));
    CHECK_INT(a.used_bytes, 0);
    arena_done(&a);
}

static void release_goes_back_to_the_mark_and_gives_out_zeros_again(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, (size_t)1 << 26);
    char *kept = arena_text(&a, "Harold Hill", 11);
    for (int round = 0; round < 50; round++) {
        struct arena_mark mark = arena_mark(&a);
        for (size_t i = 0; i < 20; i++) {
            unsigned char *at = arena_new(&a, 1 + i * 1000, 1);
            assert_non_null(at);
            CHECK(is_zero(at, 1 + i * 1000));
            memset(at, 0xAA, 1 + i * 1000);
        }
        arena_release(&a, mark);
        CHECK_INT(a.used_bytes, 12);
    }
    CHECK_STRING(kept, "Harold Hill");
    struct arena empty;
    arena_init(&empty, 100);
    struct arena_mark none = arena_mark(&empty);
    CHECK(arena_new(&empty, 100, 1));
    arena_release(&empty, none);
    CHECK(empty.block == NULL && empty.used_bytes == 0);
    arena_done(&a);
}

static void clearing_gives_out_zeros_again_and_the_whole_limit(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    arena_clear(&a); /* nothing yet */
    for (int round = 0; round < 20; round++) {
        size_t left = 1 << 20;
        for (size_t size = 1; size < left; size = size * 3 + (size_t)round) {
            unsigned char *bytes = arena_new(&a, size, 1);
            assert_non_null(bytes);
            for (size_t i = 0; i < size; i++) {
                assert_int_equal(bytes[i], 0);
            }
            memset(bytes, 0xA5, size);
            left -= size;
        }
        assert_non_null(arena_new(&a, left, 1));
        assert_null(arena_new(&a, 1, 1));
        CHECK(a.is_past_limit);
        arena_clear(&a);
        CHECK(!a.is_past_limit);
        CHECK_INT(a.used_bytes, 0);
    }
    arena_done(&a);
}

static void text_is_copied_and_printed(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 64);
    CHECK_STRING(arena_text(&a, "abcdef", 3), "abc");
    CHECK_STRING(arena_text(&a, NULL, 0), "");
    CHECK_STRING(arena_printf(&a, "%d of %s", 16, "632"), "16 of 632");
    assert_null(arena_printf(&a, "%64d", 1));
    arena_done(&a);
}

static void an_array_grows_by_doubling_and_a_refusal_leaves_it(void **state)
{
    (void)state;
    struct arena a;
    int *list = NULL;
    size_t count = 0, capacity = 0;
    arena_init(&a, (16 + 32 + 64) * sizeof *list);
    for (int i = 0; i < 64; i++) {
        int *before = list;
        list = arena_grow(&a, list, count, &capacity, sizeof *list);
        assert_non_null(list);
        assert_true(list == before || i == 0 || i == 16 || i == 32);
        list[count++] = i;
    }
    CHECK_INT(capacity, 64);
    for (int i = 0; i < 64; i++) {
        CHECK_INT(list[i], i);
    }
    assert_null(arena_grow(&a, list, count, &capacity, sizeof *list));
    CHECK_INT(capacity, 64);
    CHECK_INT(list[63], 63);
    arena_done(&a);
}

static void a_failing_allocation_is_out_of_memory(void **state)
{
    (void)state;
    struct rv_err err;
    struct arena a;
    arena_init(&a, (size_t)1 << 30);
    memory_fail_nth(1);
    assert_null(arena_new(&a, 5, 1));
    CHECK_INT(memory_fail_count(), 1);
    CHECK(arena_new(&a, 5, 1)); /* only the n-th fails */
    memory_fail_nth(2);
    CHECK(arena_new(&a, (size_t)20 << 20, 1));
    assert_null(arena_new(&a, (size_t)20 << 20, 1));
    memory_fail_nth(0);
    CHECK_FAILS(arena_fail(&a, &err), RV_NO_MEMORY);
    CHECK_INT(a.used_bytes, 5 + ((size_t)20 << 20));
    arena_done(&a);
}

static void resizing_keeps_what_was_there_also_on_failure(void **state)
{
    (void)state;
    char *at = memory_new(4, 1);
    assert_non_null(at);
    memcpy(at, "wxyz", 4);
    memory_fail_nth(1);
    assert_null(memory_resize(at, 100, 1));
    memory_fail_nth(0);
    char *larger = memory_resize(at, 100000, 1);
    assert_non_null(larger);
    CHECK_INT(memcmp(larger, "wxyz", 4), 0);
    memory_free(larger);
    memory_free(NULL);
    void *none = memory_new(0, 9);
    assert_non_null(none);
    memory_free(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(nothing_has_an_address_of_its_own_and_costs_little),
        cmocka_unit_test(the_limit_is_exact_and_reported_as_such),
        cmocka_unit_test(a_product_that_overflows_is_refused),
        cmocka_unit_test(release_goes_back_to_the_mark_and_gives_out_zeros_again),
        cmocka_unit_test(clearing_gives_out_zeros_again_and_the_whole_limit),
        cmocka_unit_test(text_is_copied_and_printed),
        cmocka_unit_test(an_array_grows_by_doubling_and_a_refusal_leaves_it),
        cmocka_unit_test(a_failing_allocation_is_out_of_memory),
        cmocka_unit_test(resizing_keeps_what_was_there_also_on_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
