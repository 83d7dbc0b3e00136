/* tests/base/test_parse.c — whole cells as numbers, and no other cells.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/parse.h"
#include "check.h"

#include <time.h>

#define ROUNDS 400000

static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

static uint64_t seed_now(void)
{
    const char *wanted = getenv("REEVE_SEED");
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = wanted ? strtoull(wanted, NULL, 10) : (uint64_t)now.tv_nsec;
    print_message("REEVE_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

static const char *const
    no_number[] = {"",      "-",     " 1",  "1 ",  "+1",  "--1", "1-",           "0x10",
                   "1,000", "1e5x",  ".",   "-.",  ".5",  "1.",  "1..2",         "1.2.3",
                   "e5",    "nan",   "inf", "NaN", "1e",  "1e+", "1e-",          "1ee5",
                   "1e5.0", "1_000", "\t1", "1\n", "- 1", "one", "\xEF\xBC\x91", /* full-width 1 */
                   "-e1",   "1.e5",  "1e 5"};

static void what_is_not_a_number_is_refused_and_leaves_ret_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof no_number / sizeof *no_number; i++) {
        int64_t integer = 4242, thousandths = 4242;
        double real = 4242;
        struct text cell = text_of(no_number[i]);
        if (parse_int(cell, &integer) || parse_real(cell, &real) ||
            parse_thousandths(cell, &thousandths)) {
            fail_msg("'%s' was taken for a number", no_number[i]);
        }
        CHECK(integer == 4242 && thousandths == 4242 && real == 4242.0);
    }
    int64_t integer;
    CHECK(!parse_int((struct text){"1\0", 2}, &integer));
    CHECK(!parse_int((struct text){NULL, 0}, &integer));
    CHECK(!parse_int(text_of("1.0"), &integer));
    CHECK(!parse_int(text_of("1e3"), &integer));
    int64_t thousandths;
    CHECK(!parse_thousandths(text_of("1e3"), &thousandths));
}

static void integers_have_up_to_18_digits(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        int64_t want;
    } rows[] = {{"0", 0},
                {"-0", 0},
                {"007", 7},
                {"-1", -1},
                {"999999999999999999", 999999999999999999},
                {"-999999999999999999", -999999999999999999}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t got = 4242;
        CHECK(parse_int(text_of(rows[i].cell), &got));
        CHECK_INT(got, rows[i].want);
    }
    int64_t got = 4242;
    CHECK(!parse_int(text_of("1000000000000000000"), &got));
    CHECK(!parse_int(text_of("9999999999999999999999"), &got));
    CHECK_INT(got, 4242);
    CHECK(parse_int((struct text){"123456", 3}, &got)); /* only what the cell holds */
    CHECK_INT(got, 123);
}

static void check_real(const char *cell)
{
    double got = 4242, want = strtod(cell, NULL);
    bool is_number = parse_real(text_of(cell), &got);
    if (is_number != (isfinite(want) && strlen(cell) <= 40) ||
        (is_number && memcmp(&got, &want, sizeof got) != 0)) {
        fail_msg("'%s' gave %.17g, strtod gives %.17g", cell, got, want);
    }
}

static void known_reals_are_correctly_rounded(void **state)
{
    (void)state;
    static const char *const cells[] = {"0",
                                        "-0",
                                        "0.0",
                                        "-0.000",
                                        "1",
                                        "0.1",
                                        "0.3",
                                        "2.385",
                                        "51.5072178",
                                        "-0.1275862",
                                        "9007199254740991",
                                        "9007199254740992",
                                        "9007199254740993",
                                        "9007199254740993.0000001",
                                        "179769313486231570000000",
                                        "1.7976931348623157e308",
                                        "1.7976931348623159e308",
                                        "1e309",
                                        "-1e400",
                                        "2.2250738585072014e-308",
                                        "4.9406564584124654e-324",
                                        "2.4703282292062327e-324",
                                        "2.4703282292062328e-324",
                                        "1e-400",
                                        "0.00000000000000000000000000000000000001",
                                        "0.000000000000000000000123456789012345",
                                        "123456789012345678",
                                        "1234567890123456789",
                                        "0.30000000000000000000000000000000004",
                                        "1E5",
                                        "1e+5",
                                        "1e-5",
                                        "1e05",
                                        "0e999999",
                                        "8.5e22",
                                        "1e22",
                                        "1e23",
                                        "000000000000000000000000000000000001.5",
                                        "5e-324",
                                        "6.02214076e23",
                                        "1234567890123456789012345678901234567890"};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        check_real(cells[i]);
    }
    double got;
    CHECK(!parse_real(text_of("12345678901234567890123456789012345678901"), &got)); /* 41 */
}

/* Shortest and longest forms of a double of any bits. */
static void any_double(char *out, size_t size, int digits, uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    (void)snprintf(out, size, "%.*g", digits, isfinite(value) ? value : 0.5);
}

static void random_decimals_are_what_strtod_reads(void **state)
{
    (void)state;
    uint64_t seed = seed_now();
    for (int round = 0; round < ROUNDS; round++) {
        char cell[64];
        uint64_t digits = next(&seed) >> (next(&seed) % 64);
        int decimals = (int)(next(&seed) % 19);
        switch (round % 4) {
        case 0: /* as in extracts: few digits, few decimals */
            (void)snprintf(cell, sizeof cell, "%s%.*f", round % 8 ? "" : "-", decimals % 9,
                           (double)(digits >> 30) / 1000);
            break;
        case 1:
            (void)snprintf(cell, sizeof cell, "%llu.%0*llu", (unsigned long long)(digits % 1000),
                           decimals + 1, (unsigned long long)(next(&seed) >> (next(&seed) % 60)));
            break;
        case 2:
            (void)snprintf(cell, sizeof cell, "%llue%d", (unsigned long long)digits,
                           (int)(next(&seed) % 640) - 330);
            break;
        default:
            any_double(cell, sizeof cell, 15 + round % 3, next(&seed));
        }
        check_real(cell);
    }
}

/* Thousandths by hand on the digits: the fourth decimal decides. */
static int64_t thousandths_of(int64_t whole, const char *decimals)
{
    int64_t value = whole;
    for (size_t i = 0; i < 3; i++) {
        value = value * 10 + (i < strlen(decimals) ? decimals[i] - '0' : 0);
    }
    return value + (strlen(decimals) > 3 && decimals[3] >= '5');
}

static void thousandths_round_half_away_from_zero(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        int64_t want;
    } rows[] = {{"0", 0},
                {"551234", 551234000},
                {"551234.5", 551234500},
                {"551234.0005", 551234001},
                {"551234.00049999999", 551234000},
                {"-551234.0005", -551234001},
                {"-0.0004", 0},
                {"-0.0005", -1},
                {"0.9995", 1000},
                {"0.9994999999999999999999999999", 999},
                {"0.00000000000000000000000000000000009", 0},
                {"0.50000000000000000000000000000000000", 500},
                {"999999999999999.999", 999999999999999999},
                {"-99999999999999.9994", -99999999999999999},
                {"9223372036854775", INT64_C(9223372036854775000)}};
    static const char *const refused[] = {"9223372036854776",    "9223372036854775.807",
                                          "10000000000000000",   "999999999999999999",
                                          "1234567890123456789", "12345678901234567.8901"};
    int64_t got = 4242;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!parse_thousandths(text_of(rows[i].cell), &got) || got != rows[i].want) {
            fail_msg("'%s' gave %lld", rows[i].cell, (long long)got);
        }
    }
    got = 4242;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        CHECK(!parse_thousandths(text_of(refused[i]), &got));
    }
    CHECK_INT(got, 4242);
}

static void random_thousandths_are_what_their_digits_say(void **state)
{
    (void)state;
    uint64_t seed = seed_now();
    for (int round = 0; round < ROUNDS; round++) {
        char cell[64], decimals[24];
        size_t n = 1 + next(&seed) % 20;
        for (size_t i = 0; i < n; i++) {
            decimals[i] = (char)('0' + (next(&seed) % 3 ? next(&seed) % 10 : 4 + next(&seed) % 2));
        }
        decimals[n] = '\0';
        int64_t whole = (int64_t)(next(&seed) >> (24 + next(&seed) % 40)); /* 40 bits at most */
        (void)snprintf(cell, sizeof cell, "%s%lld.%s", round % 2 ? "-" : "", (long long)whole,
                       decimals);
        int64_t want = thousandths_of(whole, decimals), got = 4242;
        bool is_taken = parse_thousandths(text_of(cell), &got);
        if (!is_taken || got != (round % 2 ? -want : want)) {
            fail_msg("'%s' gave %lld", cell, (long long)got);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_a_number_is_refused_and_leaves_ret_alone),
        cmocka_unit_test(integers_have_up_to_18_digits),
        cmocka_unit_test(known_reals_are_correctly_rounded),
        cmocka_unit_test(random_decimals_are_what_strtod_reads),
        cmocka_unit_test(thousandths_round_half_away_from_zero),
        cmocka_unit_test(random_thousandths_are_what_their_digits_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
