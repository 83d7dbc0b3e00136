/* tests/base/test_text.c — runs of bytes, and UTF-8 to the letter of RFC 3629.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/text.h"
#include "check.h"

static void comparing_is_bytewise(void **state)
{
    (void)state;
    CHECK(text_equal((struct text){NULL, 0}, text_of("")));
    CHECK(text_is((struct text){"abc", 2}, "ab"));
    CHECK(!text_is(text_of("ab"), "abc"));
    CHECK(text_equal_nocase(text_of("Crime ID"), text_of("cRIME id")));
    CHECK(!text_equal_nocase(text_of("Crime ID"), text_of("Crime I")));
    CHECK(!text_equal_nocase(text_of("\xC3\x89"), text_of("\xC3\xA9"))); /* ASCII only */
    CHECK(!text_equal_nocase(text_of("@"), text_of("`")));
    CHECK_INT(text_compare(text_of("a"), text_of("b")), -1);
    CHECK_INT(text_compare(text_of("b"), text_of("a")), 1);
    CHECK_INT(text_compare(text_of("ab"), text_of("abc")), -1);
    CHECK_INT(text_compare(text_of("abc"), text_of("ab")), 1);
    CHECK_INT(text_compare(text_of("abc"), text_of("abc")), 0);
    CHECK_INT(text_compare(text_of("\xC3"), text_of("z")), 1); /* bytes are unsigned */
    CHECK_INT(text_compare((struct text){NULL, 0}, text_of("")), 0);
}

static void starts_and_ends(void **state)
{
    (void)state;
    CHECK(text_starts(text_of("E09000016"), "E09"));
    CHECK(text_starts((struct text){NULL, 0}, ""));
    CHECK(!text_starts(text_of("E0"), "E09"));
    CHECK(text_ends(text_of("street.csv.gz"), ".gz"));
    CHECK(!text_ends(text_of("gz"), ".gz"));
    CHECK(text_ends((struct text){NULL, 0}, ""));
}

static void trimming_takes_spaces_and_tabs_from_both_ends(void **state)
{
    (void)state;
    CHECK(text_is(text_trim(text_of(" \t a b\t ")), "a b"));
    CHECK(text_is(text_trim(text_of(" \t ")), ""));
    CHECK(text_is(text_trim((struct text){NULL, 0}), ""));
    CHECK(text_is(text_trim(text_of("\na")), "\na"));
}

static void splitting_takes_one_part_at_a_time(void **state)
{
    (void)state;
    struct text rest = text_of("knife;;hate;");
    CHECK(text_is(text_split(rest, ';', &rest), "knife"));
    CHECK(text_is(text_split(rest, ';', &rest), ""));
    CHECK(text_is(text_split(rest, ';', &rest), "hate"));
    CHECK_INT(rest.n, 0);
    CHECK(text_is(text_split(rest, ';', &rest), ""));
    CHECK(text_is(text_split((struct text){NULL, 0}, ';', &rest), ""));
    CHECK_INT(rest.n, 0);
}

/* UTF-8 by decoding: the code point of the sequence, or -1. Nothing shared with the code tested. */
static long decode(const unsigned char *s, size_t n, size_t *length)
{
    static const long lowest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t ones = 0;
    while (ones < 8 && (s[0] >> (7 - ones)) & 1) {
        ones++;
    }
    *length = ones ? ones : 1;
    if (ones == 1 || ones > 4 || *length > n) {
        return -1;
    }
    long value = ones ? s[0] & (0x7F >> ones) : s[0];
    for (size_t i = 1; i < ones; i++) {
        if (s[i] / 64 != 2) {
            return -1;
        }
        value = value * 64 + s[i] % 64;
    }
    bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
    return value == 0 || value < lowest[*length] || value > 0x10FFFF || is_surrogate ? -1 : value;
}

static void check_sequence(const unsigned char *s, size_t n)
{
    size_t length, want = 0;
    while (want < n && decode(s + want, n - want, &length) >= 0) {
        want += length;
    }
    CHECK_INT(text_utf8_valid((struct text){(const char *)s, n}), want);
}

static void every_sequence_of_one_to_four_bytes_is_judged_rightly(void **state)
{
    (void)state;
    /* All first and second bytes; of the later ones the edges of every range. */
    static const unsigned char edges[] = {0, 1, 0x41, 0x7F, 0x80, 0x8F, 0x9F, 0xBF, 0xC0, 0xFF};
    for (unsigned first = 0; first < 256; first++) {
        unsigned char s[4] = {(unsigned char)first};
        check_sequence(s, 1);
        for (unsigned second = 0; second < 256; second++) {
            s[1] = (unsigned char)second;
            check_sequence(s, 2);
            for (size_t i = 0; i < sizeof edges; i++) {
                s[2] = edges[i];
                check_sequence(s, 3);
                for (size_t k = 0; k < sizeof edges; k++) {
                    s[3] = edges[k];
                    check_sequence(s, 4);
                }
            }
        }
    }
}

static void the_named_offenders_of_utf8_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name, *bytes;
        size_t n, valid;
    } rows[] = {{"overlong slash", "ab\xC0\xAF", 4, 2},
                {"overlong NUL", "\xC0\x80", 2, 0},
                {"overlong three bytes", "\xE0\x9F\xBF", 3, 0},
                {"overlong four bytes", "\xF0\x8F\xBF\xBF", 4, 0},
                {"first surrogate", "\xED\xA0\x80", 3, 0},
                {"last surrogate", "\xED\xBF\xBF", 3, 0},
                {"past U+10FFFF", "\xF4\x90\x80\x80", 4, 0},
                {"five bytes", "\xF8\x88\x80\x80\x80", 5, 0},
                {"cut short", "x\xE2\x82", 3, 1},
                {"lone continuation", "\x80", 1, 0},
                {"windows-1252 e acute", "caf\xE9 noir", 9, 3},
                {"NUL", "ab\0cd", 5, 2},
                {"U+10FFFF", "\xF4\x8F\xBF\xBF", 4, 4},
                {"before the surrogates", "\xED\x9F\xBF", 3, 3},
                {"after the surrogates", "\xEE\x80\x80", 3, 3},
                {"byte-order mark", "\xEF\xBB\xBF", 3, 3}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t valid = text_utf8_valid((struct text){rows[i].bytes, rows[i].n});
        if (valid != rows[i].valid) {
            fail_msg("%s: %zu bytes valid, expected %zu", rows[i].name, valid, rows[i].valid);
        }
    }
    CHECK_INT(text_utf8_valid((struct text){NULL, 0}), 0);
}

/* The eight-at-a-time path: one odd byte at every place of texts of every length and alignment. */
static void an_odd_byte_is_found_wherever_it_stands(void **state)
{
    (void)state;
    static const unsigned char odd[] = {0, 0x80, 0xC3, 0xFF};
    char room[64];
    for (size_t from = 0; from < 8; from++) {
        for (size_t n = 0; n < 40; n++) {
            memset(room, 1, sizeof room); /* the least byte that is not NUL */
            CHECK_INT(text_utf8_valid((struct text){room + from, n}), n);
            for (size_t at = 0; at < n; at++) {
                for (size_t k = 0; k < sizeof odd; k++) {
                    memset(room, 'a', sizeof room);
                    room[from + at] = (char)odd[k];
                    CHECK_INT(text_utf8_valid((struct text){room + from, n}), at);
                }
                if (at + 2 <= n) {
                    memset(room, 'a', sizeof room);
                    memcpy(room + from + at, "\xC3\xA9", 2);
                    CHECK_INT(text_utf8_valid((struct text){room + from, n}), n);
                }
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparing_is_bytewise),
        cmocka_unit_test(starts_and_ends),
        cmocka_unit_test(trimming_takes_spaces_and_tabs_from_both_ends),
        cmocka_unit_test(splitting_takes_one_part_at_a_time),
        cmocka_unit_test(every_sequence_of_one_to_four_bytes_is_judged_rightly),
        cmocka_unit_test(the_named_offenders_of_utf8_are_refused),
        cmocka_unit_test(an_odd_byte_is_found_wherever_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
