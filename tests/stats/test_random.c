/* tests/stats/test_random.c — streams of random numbers: known answers, independence, moments.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "stats/random.h"
#include "table.h"

static struct rv_err err;

/* philox4x32 with 10 rounds, tests/kat_vectors of Random123: counter, key, block. */
static void blocks_are_the_published_ones(void **state)
{
    (void)state;
    const struct {
        uint32_t counter[4], key[2], block[4];
    } known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        struct random_stream r = {.left = 0};
        memcpy(r.counter, known[k].counter, sizeof r.counter);
        memcpy(r.key, known[k].key, sizeof r.key);
        for (size_t i = 0; i < 4; i++) {
            CHECK_INT(random_u32(&r), known[k].block[i]);
        }
    }
    struct random_stream r;
    random_open(&r, 0, (enum random_method)0, 0);
    CHECK_INT(random_u32(&r), 0x6627e8d5);
    measured("random-streams", "known answers", 4, "exact", 0);
}

static void a_stream_is_a_function_of_seed_method_and_chunk(void **state)
{
    (void)state;
    uint32_t words[5][8];
    struct random_stream r[5];
    random_open(&r[0], 7, RANDOM_TEST, 3);
    random_open(&r[1], 7, RANDOM_TEST, 3);
    random_open(&r[2], 8, RANDOM_TEST, 3);
    random_open(&r[3], 7, RANDOM_MODAL_HOUR, 3);
    random_open(&r[4], 7, RANDOM_TEST, 4);
    for (size_t i = 0; i < 8; i++) { /* drawn turn and turn about: nothing is shared */
        for (size_t s = 0; s < 5; s++) {
            words[s][i] = random_u32(&r[s]);
        }
    }
    CHECK(memcmp(words[0], words[1], sizeof words[0]) == 0);
    for (size_t s = 2; s < 5; s++) {
        for (size_t i = 0; i < 8; i++) {
            CHECK(words[0][i] != words[s][i]);
        }
    }
}

static void units_are_uniform(void **state)
{
    (void)state;
    struct random_stream r;
    random_open(&r, RANDOM_SEED, RANDOM_TEST, 0);
    double sum = 0, squares = 0, n = 1000000;
    for (int i = 0; i < 1000000; i++) {
        double x = random_unit(&r);
        CHECK(x >= 0 && x < 1);
        sum += x;
        squares += x * x;
    }
    double mean = sum / n;
    CHECK(fabs(mean - 0.5) < 4 * sqrt(1 / (12 * n)));
    CHECK(fabs(squares / n - mean * mean - 1.0 / 12) < 4 * sqrt(1 / (180 * n)));
}

static void numbers_below_n_are_equally_likely(void **state)
{
    (void)state;
    struct random_stream r;
    random_open(&r, RANDOM_SEED, RANDOM_TEST, 1);
    double counts[7] = {0}, chi = 0;
    for (int i = 0; i < 70000; i++) {
        uint32_t x = random_below(&r, 7);
        CHECK(x < 7);
        counts[x]++;
    }
    for (int i = 0; i < 7; i++) {
        chi += (counts[i] - 10000) * (counts[i] - 10000) / 10000;
    }
    CHECK(chi < 22.5); /* 0.999 of chi-square with 6 degrees of freedom */
    CHECK(random_below(&r, 1) == 0);
    int above = 0; /* with n just over 2^31 half of the words would fall unequally */
    for (int i = 0; i < 10000; i++) {
        above += random_below(&r, 3221225472U) >= 1610612736U;
    }
    CHECK(abs(above - 5000) < 4 * 50);
}

static void multinomial_counts_have_their_moments(void **state)
{
    (void)state;
    const double weights[] = {0, 2.5, 0.5, 6, 0, 1, 0};
    struct random_stream r;
    random_open(&r, RANDOM_SEED, RANDOM_TEST, 2);
    double sum[7] = {0}, squares[7] = {0};
    const double rounds = 20000, n = 3578;
    for (int i = 0; i < 20000; i++) {
        int64_t counts[7], total = 0;
        CHECK_OK(random_multinomial(&r, 3578, 7, weights, counts, &err));
        for (int j = 0; j < 7; j++) {
            total += counts[j];
            sum[j] += (double)counts[j];
            squares[j] += (double)(counts[j] * counts[j]);
        }
        CHECK_INT(total, 3578);
    }
    for (int j = 0; j < 7; j++) {
        double p = weights[j] / 10, mean = sum[j] / rounds, var = n * p * (1 - p);
        CHECK(fabs(mean - n * p) <= 4 * sqrt(var / rounds));
        CHECK(fabs(squares[j] / rounds - mean * mean - var) <= 5 * var * sqrt(2 / rounds));
    }
}

static void draws_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    struct random_stream r;
    random_open(&r, 1, RANDOM_TEST, 0);
    int64_t counts[2] = {-7, -7};
    CHECK_FAILS(random_multinomial(&r, -1, 2, (double[]){1, 1}, counts, &err), RV_DOMAIN);
    CHECK_FAILS(random_multinomial(&r, INT64_C(1) << 32, 2, (double[]){1, 1}, counts, &err),
                RV_DOMAIN);
    CHECK_FAILS(random_multinomial(&r, 5, 2, (double[]){0, 0}, counts, &err), RV_DOMAIN);
    CHECK_FAILS(random_multinomial(&r, 5, 2, (double[]){1, (double)NAN}, counts, &err), RV_DOMAIN);
    CHECK_FAILS(random_multinomial(&r, 5, 2, (double[]){1, -1}, counts, &err), RV_DOMAIN);
    CHECK_FAILS(random_multinomial(&r, 5, 2, (double[]){1e308, 1e308}, counts, &err), RV_DOMAIN);
    CHECK(counts[0] == -7 && counts[1] == -7);
    CHECK_OK(random_multinomial(&r, 0, 2, (double[]){1, 1}, counts, &err));
    CHECK(counts[0] == 0 && counts[1] == 0);
    CHECK_OK(random_multinomial(&r, 9, 1, (double[]){5e-324}, counts, &err));
    CHECK_INT(counts[0], 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_the_published_ones),
        cmocka_unit_test(a_stream_is_a_function_of_seed_method_and_chunk),
        cmocka_unit_test(units_are_uniform),
        cmocka_unit_test(numbers_below_n_are_equally_likely),
        cmocka_unit_test(multinomial_counts_have_their_moments),
        cmocka_unit_test(draws_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
