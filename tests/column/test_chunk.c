/* tests/column/test_chunk.c — the chunk codec: round trips, edges, damage, memory failures.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/memory.h"
#include "check.h"
#include "column/chunk.h"
#include "column/frame.h"
#include "sample.h"

#define ARENA ((size_t)1 << 30)

/* Encodes twice, decodes, compares; fills *ret with the summary. */
static void round_trip(const struct column *c, struct chunk_summary *ret)
{
    struct rv_err err = {0};
    struct buf first, second;
    struct arena a;
    buf_init(&first, ARENA);
    buf_init(&second, ARENA);
    arena_init(&a, ARENA);
    CHECK_OK(chunk_encode(c, &first, ret, &err));
    CHECK_OK(chunk_encode(c, &second, ret, &err));
    CHECK(text_equal(buf_view(&first), buf_view(&second)));
    struct column back;
    CHECK_OK(chunk_decode(&a, buf_view(&first), c->type, &back, &err));
    CHECK(sample_equal(c, &back));
    CHECK_INT(ret->rows, c->rows);
    CHECK_INT(ret->nulls, c->nulls);
    buf_clear(&second); /* what was decoded encodes to the same bytes */
    CHECK_OK(chunk_encode(&back, &second, ret, &err));
    CHECK(text_equal(buf_view(&first), buf_view(&second)));
    arena_done(&a);
    buf_done(&first);
    buf_done(&second);
}

static void every_type_comes_back_at_every_size_width_and_share_of_missing(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {0, 1, 2, 63, 64, 65, 511, 512, 513, 5000};
    static const unsigned missing[] = {0, 1, 2, 7, 1000};
    static const unsigned bits[] = {0, 1, 8, 9, 16, 17, 32, 33, 64};
    uint64_t seed = 20261122;
    for (size_t t = 0; t < SAMPLE_TYPES; t++) {
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            for (size_t m = 0; m < sizeof missing / sizeof *missing; m++) {
                for (size_t b = 0; b < sizeof bits / sizeof *bits; b++) {
                    struct arena a;
                    arena_init(&a, ARENA);
                    struct column c =
                        sample_column(&a, sample_types[t], sizes[s], missing[m], bits[b], &seed);
                    struct chunk_summary summary;
                    round_trip(&c, &summary);
                    arena_done(&a);
                }
            }
        }
    }
}

static void a_full_chunk_comes_back_and_one_row_more_is_refused(void **state)
{
    (void)state;
    uint64_t seed = 65536;
    for (size_t t = 0; t < SAMPLE_TYPES; t++) {
        struct arena a;
        arena_init(&a, ARENA);
        struct column c = sample_column(&a, sample_types[t], LIMIT_CHUNK_ROWS + 1, 13, 6, &seed);
        struct chunk_summary summary = {.rows = 77};
        struct buf out;
        buf_init(&out, ARENA);
        CHECK_FAILS(chunk_encode(&c, &out, &summary, NULL), RV_LIMIT);
        CHECK_INT(summary.rows, 77);
        CHECK_INT(out.n, 0);
        buf_done(&out);
        c = sample_column(&a, sample_types[t], LIMIT_CHUNK_ROWS, 13, 6, &seed);
        round_trip(&c, &summary);
        arena_done(&a);
    }
}

static void the_extremes_of_int64_come_back(void **state)
{
    (void)state;
    const int64_t values[] = {INT64_MIN, INT64_MAX, 0, -1, 1, INT64_MIN + 1, INT64_MAX - 1};
    struct column c = {.type = COLUMN_INTEGER, .rows = 7, .integers = values};
    struct chunk_summary summary;
    round_trip(&c, &summary);
    CHECK_INT(summary.low, INT64_MIN);
    CHECK_INT(summary.high, INT64_MAX);
}

static void the_summary_ignores_missing_rows(void **state)
{
    (void)state;
    const int64_t values[] = {0, 417, 0, 233, 0};
    const uint64_t valid = 0x0A; /* rows 1 and 3 */
    struct column c = {
        .type = COLUMN_INTEGER, .rows = 5, .nulls = 3, .valid = &valid, .integers = values};
    struct chunk_summary summary;
    round_trip(&c, &summary);
    CHECK_INT(summary.low, 233);
    CHECK_INT(summary.high, 417);
    const uint32_t codes[] = {0, 9, 4, 0};
    struct column k = {.type = COLUMN_CATEGORY, .rows = 4, .nulls = 2, .codes = codes};
    round_trip(&k, &summary);
    CHECK_INT(summary.low, 4);
    CHECK_INT(summary.high, 9);
    CHECK_INT(column_codes_end(&k), 10);
    k.rows = k.nulls = 1; /* only a missing one */
    round_trip(&k, &summary);
    CHECK_INT(summary.low, 0);
    CHECK_INT(summary.high, 0);
}

static void a_missing_text_is_not_an_empty_one(void **state)
{
    (void)state;
    const uint32_t offsets[] = {0, 0, 0, 5};
    const uint64_t valid = 0x6;
    struct column c = {.type = COLUMN_TEXT,
                       .rows = 3,
                       .nulls = 1,
                       .valid = &valid,
                       .offsets = offsets,
                       .bytes = "Hilda"};
    struct chunk_summary summary;
    round_trip(&c, &summary);
}

static void what_a_missing_row_holds_does_not_change_the_bytes(void **state)
{
    (void)state;
    struct rv_err err = {0};
    const int64_t zeros[] = {31, 0, 47}, noise[] = {31, -7777777, 47};
    const uint64_t valid = 5, valid_and_more = 0xFFFFFFFFFFFFFFF5;
    struct column c = {
        .type = COLUMN_INTEGER, .rows = 3, .nulls = 1, .valid = &valid, .integers = zeros};
    struct chunk_summary summary;
    struct buf first, second;
    buf_init(&first, ARENA);
    buf_init(&second, ARENA);
    CHECK_OK(chunk_encode(&c, &first, &summary, &err));
    c.integers = noise;
    c.valid = &valid_and_more;
    CHECK_OK(chunk_encode(&c, &second, &summary, &err));
    CHECK(text_equal(buf_view(&first), buf_view(&second)));
    buf_done(&first);
    buf_done(&second);
}

static void a_time_outside_the_calendar_is_refused(void **state)
{
    (void)state;
    const int64_t values[] = {civil_pack(INT64_C(84006) * 86400, CIVIL_DATE)};
    struct column c = {.type = COLUMN_TIME, .rows = 1, .integers = values};
    struct chunk_summary summary;
    struct buf out;
    buf_init(&out, ARENA);
    CHECK_FAILS(chunk_encode(&c, &out, &summary, NULL), RV_INVALID);
    buf_done(&out);
}

/* Decodes possibly damaged bytes: RV_DAMAGED, or the same data. `bytes` must be exactly as long as
 * its allocation, so that the sanitizer sees any read past it. */
static void decode_damaged(struct text bytes, enum column_type type, const struct column *want)
{
    struct arena a;
    arena_init(&a, ARENA);
    struct column back = {.rows = 4242};
    rv_status status = chunk_decode(&a, bytes, type, &back, NULL);
    if (rv_is_ok(status)) {
        CHECK(sample_equal(&back, want));
    } else {
        CHECK_INT(status.code, RV_DAMAGED);
        CHECK_INT(back.rows, 4242);
        CHECK_INT(a.used_bytes, 0);
    }
    arena_done(&a);
}

static void a_changed_byte_or_a_missing_end_is_damage(void **state)
{
    (void)state;
    struct rv_err err = {0};
    uint64_t seed = 811;
    for (size_t t = 0; t < SAMPLE_TYPES; t++) {
        struct arena a;
        arena_init(&a, ARENA);
        struct column c = sample_column(&a, sample_types[t], 300, 5, 7, &seed);
        struct chunk_summary summary;
        struct buf good;
        buf_init(&good, ARENA);
        CHECK_OK(chunk_encode(&c, &good, &summary, &err));
        for (size_t i = 0; i <= good.n; i++) {
            char *copy = memory_new(i, 1);
            assert_non_null(copy);
            memcpy(copy, good.bytes, i);
            decode_damaged((struct text){copy, i}, c.type, &c);
            memory_free(copy);
        }
        char *copy = memory_new(good.n, 1);
        assert_non_null(copy);
        memcpy(copy, good.bytes, good.n);
        for (size_t i = 0; i < good.n; i++) {
            copy[i] = (char)(good.bytes[i] ^ (char)(1 + sample_next(&seed) % 255));
            decode_damaged((struct text){copy, good.n}, c.type, &c);
            copy[i] = (char)(good.bytes[i] ^ (1 << (i % 8)));
            decode_damaged((struct text){copy, good.n}, c.type, &c);
            copy[i] = good.bytes[i];
        }
        memory_free(copy);
        buf_char(&good, 'x');
        decode_damaged(buf_view(&good), c.type, &c);
        buf_done(&good);
        arena_done(&a);
    }
}

/* A content put together by hand, in a sound frame: what the checksum cannot notice. */
struct content {
    unsigned version, type, width, flags;
    uint32_t rows, nulls, text_bytes;
    uint64_t low;
    uint64_t fields[3];
    size_t field_bytes[3];
    bool is_sound;
};

static void put_content(const struct content *c, struct buf *frame)
{
    struct rv_err err = {0};
    struct buf content;
    buf_init(&content, 4096);
    field_put(&content, c->version, 1);
    field_put(&content, c->type, 1);
    field_put(&content, c->width, 1);
    field_put(&content, c->flags, 1);
    field_put(&content, c->rows, 4);
    field_put(&content, c->nulls, 4);
    field_put(&content, c->text_bytes, 4);
    field_put(&content, c->low, 8);
    for (size_t i = 0; i < 3; i++) {
        field_put(&content, c->fields[i], c->field_bytes[i]);
    }
    CHECK_OK(frame_put(frame, buf_view(&content), &err));
    buf_done(&content);
}

#define FAR     ((uint64_t)0x1000000000) /* a time outside the calendar */
#define WHOLE   UINT64_MAX
#define CODES   .version = 1, .type = 1
#define NUMBERS .version = 1, .type = 2
#define REALS   .version = 1, .type = 4
#define TIMES   .version = 1, .type = 5
#define TEXTS   .version = 1, .type = 6

static const struct content contents[] = {
    {CODES, .width = 1, .rows = 2, .low = 7, .fields = {0x0500}, .field_bytes = {2},
     .is_sound = true},
    {CODES, .width = 1, .rows = 2, .low = 7, .fields = {0x0500}, .field_bytes = {1}},
    {CODES, .width = 1, .rows = 2, .low = 7, .fields = {0x0500}, .field_bytes = {3}},
    {.version = 2, .type = 1, .width = 1, .rows = 1, .low = 7, .fields = {5}, .field_bytes = {1}},
    {CODES, .width = 3, .rows = 1, .low = 7, .fields = {5}, .field_bytes = {3}},
    {CODES, .width = 16, .rows = 1, .low = 7, .fields = {5, 5}, .field_bytes = {8, 8}},
    {CODES, .width = 1, .flags = 2, .rows = 1, .low = 7, .fields = {5}, .field_bytes = {1}},
    {CODES, .width = 0, .rows = LIMIT_CHUNK_ROWS, .low = 1, .is_sound = true},
    {CODES, .width = 0, .rows = LIMIT_CHUNK_ROWS + 1, .low = 1},
    {CODES, .width = 0, .rows = 1, .nulls = 1, .is_sound = true},
    {CODES, .width = 0, .rows = 1, .nulls = 2},
    {CODES, .width = 0, .rows = 1, .low = 5, .nulls = 1}, /* says missing, is not */
    {CODES, .width = 1, .rows = 1, .fields = {0},
     .field_bytes = {1}}, /* is missing, does not say */
    {CODES, .width = 0, .rows = 1, .low = UINT32_MAX, .is_sound = true},
    {CODES, .width = 0, .rows = 1, .low = (uint64_t)UINT32_MAX + 1},
    {CODES, .width = 1, .rows = 1, .low = UINT32_MAX, .fields = {1}, .field_bytes = {1}},
    {CODES, .width = 8, .rows = 1, .low = 9, .fields = {WHOLE - 1}, .field_bytes = {8}}, /* wraps */
    {CODES, .flags = 1, .rows = 1, .nulls = 1, .fields = {0}, .field_bytes = {8}},
    {CODES, .rows = 1, .low = 1, .text_bytes = 1, .fields = {'x'}, .field_bytes = {1}},
    {NUMBERS, .rows = 1, .low = WHOLE, .is_sound = true}, /* minus one */
    {NUMBERS, .rows = 2, .nulls = 1, .flags = 1, .low = 3, .fields = {1}, .field_bytes = {8},
     .is_sound = true},
    {NUMBERS, .rows = 2, .nulls = 1, .flags = 0, .low = 3},
    {NUMBERS, .rows = 2, .nulls = 0, .flags = 1, .low = 3, .fields = {3}, .field_bytes = {8}},
    {NUMBERS, .rows = 2, .nulls = 1, .flags = 1, .low = 3, .fields = {3}, .field_bytes = {8}},
    {NUMBERS, .rows = 2, .nulls = 1, .flags = 1, .low = 3, .fields = {5}, .field_bytes = {8}},
    {NUMBERS, .rows = 2, .nulls = 1, .flags = 1, .width = 1, .low = 3, .fields = {1, 0x0900},
     .field_bytes = {8, 2}}, /* a missing row with a value */
    {NUMBERS, .rows = 1, .width = 8, .low = 1, .fields = {INT64_MAX}, .field_bytes = {8}},
    {NUMBERS, .rows = 1, .width = 8, .low = 0, .fields = {INT64_MAX}, .field_bytes = {8},
     .is_sound = true},
    {REALS, .rows = 1, .width = 8, .fields = {1}, .field_bytes = {8}, .is_sound = true},
    {REALS, .rows = 1, .width = 4, .fields = {1}, .field_bytes = {4}},
    {REALS, .rows = 1, .width = 0},
    {REALS, .rows = 1, .width = 8, .low = 1, .fields = {1}, .field_bytes = {8}},
    {REALS, .rows = 1, .nulls = 1, .flags = 1, .fields = {0}, .field_bytes = {8}, .is_sound = true},
    {REALS, .rows = 2, .nulls = 1, .flags = 1, .width = 8, .fields = {1, 7, 7},
     .field_bytes = {8, 8, 8}},
    {TIMES, .rows = 1, .low = 4242, .is_sound = true},
    {TIMES, .rows = 1, .low = FAR},
    {TIMES, .rows = 1, .width = 8, .low = 4242, .fields = {FAR}, .field_bytes = {8}},
    {TIMES, .rows = 1, .width = 8, .low = WHOLE, .fields = {INT64_MAX}, .field_bytes = {8}},
    {TEXTS, .rows = 1, .width = 1, .text_bytes = 2, .fields = {2, 0x6968}, .field_bytes = {1, 2},
     .is_sound = true},
    {TEXTS, .rows = 1, .width = 1, .text_bytes = 2, .fields = {3, 0x6968}, .field_bytes = {1, 2}},
    {TEXTS, .rows = 1, .width = 1, .text_bytes = 2, .fields = {1, 0x6968}, .field_bytes = {1, 2}},
    {TEXTS, .rows = 1, .width = 8, .text_bytes = 2, .fields = {WHOLE, 0x6968},
     .field_bytes = {8, 2}},
    {TEXTS, .rows = 2, .nulls = 1, .flags = 1, .width = 1, .text_bytes = 1,
     .fields = {1, 0x0100, 'x'}, .field_bytes = {8, 2, 1}}, /* a missing text with a byte */
    {TEXTS, .rows = 1, .low = 1},
    {TEXTS, .rows = 1, .width = 0, .text_bytes = WHOLE >> 32},
};

static void a_content_that_contradicts_itself_is_damage(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        struct arena a;
        struct buf frame;
        struct column c = {.rows = 4242};
        arena_init(&a, ARENA);
        buf_init(&frame, 4096);
        put_content(&contents[i], &frame);
        rv_status status =
            chunk_decode(&a, buf_view(&frame), (enum column_type)contents[i].type, &c, NULL);
        if (status.code != (contents[i].is_sound ? RV_OK : RV_DAMAGED)) {
            fail_msg("content %zu gave %s", i, rv_code_name(status.code));
        }
        CHECK_INT(c.rows, contents[i].is_sound ? contents[i].rows : 4242);
        buf_done(&frame);
        arena_done(&a);
    }
}

static void bytes_that_are_no_frame_of_ours_are_damage(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct arena a;
    struct column c;
    struct buf twice;
    arena_init(&a, ARENA);
    buf_init(&twice, 4096);
    put_content(&contents[0], &twice);
    size_t once = twice.n;
    put_content(&contents[0], &twice); /* two frames one after another */
    CHECK_FAILS(chunk_decode(&a, buf_view(&twice), COLUMN_CATEGORY, &c, &err), RV_DAMAGED);
    twice.bytes[4] = (char)(twice.bytes[4] & ~4); /* a frame that says it has no checksum */
    CHECK_FAILS(chunk_decode(&a, (struct text){twice.bytes, once - 4}, COLUMN_CATEGORY, &c, &err),
                RV_DAMAGED);
    CHECK_FAILS(chunk_decode(&a, (struct text){NULL, 0}, COLUMN_CATEGORY, &c, &err), RV_DAMAGED);
    CHECK_FAILS(chunk_decode(&a, text_of("not a frame at all"), COLUMN_TEXT, &c, &err), RV_DAMAGED);
    CHECK_FAILS(chunk_decode(&a, buf_view(&twice), (enum column_type)9, &c, &err), RV_DAMAGED);
    buf_done(&twice);
    arena_done(&a);
}

static void another_type_is_damage(void **state)
{
    (void)state;
    struct rv_err err = {0};
    uint64_t seed = 5;
    struct arena a;
    arena_init(&a, ARENA);
    for (size_t t = 0; t < SAMPLE_TYPES; t++) {
        struct column c = sample_column(&a, sample_types[t], 20, 0, 7, &seed), back;
        struct chunk_summary summary;
        struct buf good;
        buf_init(&good, ARENA);
        CHECK_OK(chunk_encode(&c, &good, &summary, &err));
        for (size_t other = 0; other < SAMPLE_TYPES; other++) {
            if (other != t) {
                CHECK_FAILS(chunk_decode(&a, buf_view(&good), sample_types[other], &back, &err),
                            RV_DAMAGED);
            }
        }
        CHECK(strstr(err.message, "damaged"));
        buf_done(&good);
    }
    arena_done(&a);
}

static void every_failing_allocation_is_reported_and_leaves_no_trace(void **state)
{
    (void)state;
    uint64_t seed = 9;
    for (size_t t = 0; t < SAMPLE_TYPES; t++) {
        struct arena source, a;
        arena_init(&source, ARENA);
        struct column c = sample_column(&source, sample_types[t], 900, 4, 12, &seed);
        struct chunk_summary summary = {.rows = 77};
        struct buf out;
        buf_init(&out, ARENA);
        rv_status status = {RV_NO_MEMORY};
        long n = 0;
        while (!rv_is_ok(status)) {
            CHECK_INT(summary.rows, 77);
            buf_done(&out);
            memory_fail_nth(++n);
            status = chunk_encode(&c, &out, &summary, NULL);
            memory_fail_nth(0);
            CHECK(rv_is_ok(status) || status.code == RV_NO_MEMORY);
        }
        CHECK(n > 2);
        struct column back = {.rows = 4242};
        status = (rv_status){RV_NO_MEMORY};
        arena_init(&a, ARENA);
        for (n = 1; !rv_is_ok(status); n++) {
            CHECK_INT(back.rows, 4242);
            CHECK_INT(a.used_bytes, 0);
            memory_fail_nth(n);
            status = chunk_decode(&a, buf_view(&out), c.type, &back, NULL);
            memory_fail_nth(0);
            CHECK(rv_is_ok(status) || status.code == RV_NO_MEMORY);
        }
        CHECK(n > 3);
        CHECK(sample_equal(&c, &back));
        buf_done(&out);
        arena_done(&a);
        arena_done(&source);
    }
}

static void a_small_arena_or_buffer_is_a_limit(void **state)
{
    (void)state;
    struct rv_err err = {0};
    uint64_t seed = 17;
    struct arena source, a;
    arena_init(&source, ARENA);
    struct column c = sample_column(&source, COLUMN_INTEGER, 4000, 0, 30, &seed), back;
    struct chunk_summary summary;
    struct buf out;
    buf_init(&out, 100);
    CHECK(!rv_is_ok(chunk_encode(&c, &out, &summary, &err)));
    CHECK_INT(out.n, 0);
    buf_init(&out, ARENA);
    CHECK_OK(chunk_encode(&c, &out, &summary, &err));
    arena_init(&a, 31999);
    CHECK(!rv_is_ok(chunk_decode(&a, buf_view(&out), COLUMN_INTEGER, &back, &err)));
    CHECK_INT(a.used_bytes, 0);
    arena_done(&a);
    buf_done(&out);
    arena_done(&source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_comes_back_at_every_size_width_and_share_of_missing),
        cmocka_unit_test(a_full_chunk_comes_back_and_one_row_more_is_refused),
        cmocka_unit_test(the_extremes_of_int64_come_back),
        cmocka_unit_test(the_summary_ignores_missing_rows),
        cmocka_unit_test(a_missing_text_is_not_an_empty_one),
        cmocka_unit_test(what_a_missing_row_holds_does_not_change_the_bytes),
        cmocka_unit_test(a_time_outside_the_calendar_is_refused),
        cmocka_unit_test(a_changed_byte_or_a_missing_end_is_damage),
        cmocka_unit_test(a_content_that_contradicts_itself_is_damage),
        cmocka_unit_test(bytes_that_are_no_frame_of_ours_are_damage),
        cmocka_unit_test(another_type_is_damage),
        cmocka_unit_test(every_failing_allocation_is_reported_and_leaves_no_trace),
        cmocka_unit_test(a_small_arena_or_buffer_is_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
