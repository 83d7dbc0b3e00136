/* tests/read/test_csv_scan.c — every way of making masks and counts gives the bits of a plain loop.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "read/csv_scan.h"

static uint64_t state_of_chance = 20261122;

static uint64_t chance(uint64_t below)
{
    state_of_chance = state_of_chance * 6364136223846793005U + 1442695040888963407U;
    return (state_of_chance >> 33) % below;
}

static void check_masks(const struct csv_kernel *k, const char *bytes, size_t n, char separator,
                        char end)
{
    struct csv_masks got;
    memset(&got, 0xAA, sizeof got);
    k->index(bytes, n, separator, end, &got);
    for (size_t word = 0; word * 64 < n; word++) {
        uint64_t special = 0;
        bool is_odd = false;
        for (size_t i = word * 64; i < n && i < word * 64 + 64; i++) {
            bool is = bytes[i] == separator || bytes[i] == '"' || bytes[i] == end;
            special |= (uint64_t)is << i % 64;
            is_odd |= bytes[i] == 0 || (unsigned char)bytes[i] > 127;
        }
        CHECK_INT(got.special[word], special);
        CHECK_INT(got.odd >> word & 1, is_odd);
    }
    for (size_t word = (n + 63) / 64; word < CSV_WINDOW_WORDS; word++) {
        CHECK_INT(got.special[word], 0xAAAAAAAAAAAAAAAAU);
        CHECK_INT(got.odd >> word & 1, 0);
    }
}

static void check_match(const struct csv_kernel *k, const char *bytes, size_t n)
{
    uint64_t got[CSV_WINDOW_WORDS];
    memset(got, 0xAA, sizeof got);
    k->match(bytes, n, '"', got);
    for (size_t i = 0; i < (n + 63) / 64 * 64; i++) {
        CHECK_INT(got[i / 64] >> i % 64 & 1, i < n && bytes[i] == '"');
    }
    for (size_t word = (n + 63) / 64; word < CSV_WINDOW_WORDS; word++) {
        CHECK_INT(got[word], 0xAAAAAAAAAAAAAAAAU);
    }
}

static void every_way_gives_the_same(void **state)
{
    (void)state;
    static const char alphabet[] = {',', '"', '\n', '\r', ';', 'a', 'b', ' ', '\0', '\x80', '\xFF'};
    enum { MOST = CSV_WINDOW_BYTES };
    char *room = test_malloc(MOST + 64);
    size_t ways = 0;
    for (; csv_kernel(ways); ways++) {
        const struct csv_kernel *k = csv_kernel(ways);
        print_message("%s\n", k->name);
        for (int i = 0; i < 400; i++) {
            size_t n = i < 200 ? (size_t)i : chance(MOST + 1), shift = chance(64);
            size_t kinds = 1 + chance(sizeof alphabet);
            char *bytes = room + shift;
            for (size_t b = 0; b < n; b++) {
                bytes[b] = chance(3) ? 'x' : alphabet[chance(kinds)];
            }
            check_masks(k, bytes, n, chance(2) ? ',' : ';', chance(2) ? '\n' : '\r');
            check_match(k, bytes, n);
            size_t count = 0;
            for (size_t b = 0; b < n; b++) {
                count += bytes[b] == '"';
            }
            CHECK_INT(k->count(bytes, n, '"'), count);
        }
    }
    test_free(room);
    CHECK(ways >= 1);
    CHECK_STRING(csv_kernel(ways - 1)->name, "64-bit");
}

/* How far the quick way goes: at a fault it stops at the start of that record, and otherwise at the
 * start of the last one. */
static void regular_records_are_crossed(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        enum csv_line_end line_end;
        size_t want;
    } rows[] = {
        {"a,b\n\"c\",d\ne", CSV_LF, 10},  {"\"a\nb\"\"c\"\r\n\"d", CSV_LF, 10},
        {"1\n\"a\"b\n2\n", CSV_LF, 0}, /* in the first word nothing is known */
        {"\"a\"\r\nb\r\nc", CSV_CRLF, 8}, {"\"a\"\nb\r\nc", CSV_CRLF, 0},
        {"a\nb\r\nc", CSV_CRLF, 5},       {"\"a\rb\"\rc\rd", CSV_CR, 8},
        {"\"a\"\r\nc\r", CSV_CR, 7}, /* LF is content of the next cell */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct csv_dialect d = {',', rows[i].line_end};
        CHECK_INT(csv_skip_regular(&d, rows[i].bytes, 0, strlen(rows[i].bytes)), rows[i].want);
    }
    char far[300];
    memset(far, 'x', sizeof far);
    far[100] = far[199] = '\n';
    far[250] = '"'; /* in an unquoted cell */
    const struct csv_dialect lf = {',', CSV_LF};
    CHECK_INT(csv_skip_regular(&lf, far, 0, sizeof far), 101); /* line 2 ends in the faulty word */
    CHECK_INT(csv_skip_regular(&lf, far, 0, 249), 200);
}

static void counts_do_not_overflow(void **state)
{
    (void)state;
    enum { MANY = 100000 }; /* past 255 turns of 32 bytes, all equal */
    char *bytes = test_malloc(MANY);
    memset(bytes, '\n', MANY);
    for (size_t way = 0; csv_kernel(way); way++) {
        CHECK_INT(csv_kernel(way)->count(bytes, MANY, '\n'), MANY);
        CHECK_INT(csv_kernel(way)->count(bytes, MANY, ','), 0);
    }
    test_free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_gives_the_same),
        cmocka_unit_test(regular_records_are_crossed),
        cmocka_unit_test(counts_do_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
