/* tests/spatial/test_repeats.c — repeat places against every outcome of small cases, counted out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "spatial/repeats.h"

#include <math.h>
#include <string.h>

static struct rv_err err;

/* Mean and spread of events at repeat places, and of such places, over all places^events ways. */
static void count_out(int events, int places, double *mean, double *sd, double *repeat_places)
{
    double ways = pow(places, events), sum = 0, squares = 0, both = 0;
    for (long way = 0; way < (long)ways; way++) {
        int counts[8] = {0}, at = 0;
        long rest = way;
        for (int e = 0; e < events; e++, rest /= places) {
            counts[rest % places]++;
        }
        for (int p = 0; p < places; p++) {
            at += counts[p] > 1 ? counts[p] : 0;
            both += counts[p] > 1;
        }
        sum += at;
        squares += (double)at * at;
    }
    *mean = sum / ways;
    *sd = sqrt(fmax(0, squares / ways - *mean * *mean));
    *repeat_places = both / ways;
}

static void expectation_is_what_all_outcomes_give(void **state)
{
    (void)state;
    for (int events = 1; events <= 7; events++) {
        for (int places = 1; places <= 5; places++) {
            const int64_t counts[] = {events};
            double mean, sd, repeat_places;
            struct repeats r;
            count_out(events, places, &mean, &sd, &repeat_places);
            CHECK_OK(repeats_measure(counts, 1, places, &r, &err));
            CHECK(fabs(r.expected - mean) < 1e-9);
            CHECK(fabs(r.sd - sd) < 1e-6);
            CHECK(fabs(r.expected_places - repeat_places) < 1e-9);
        }
    }
}

static void observed_counts_by_hand(void **state)
{
    (void)state;
    const int64_t counts[] = {1, 4, 0, 2, 1, 1};
    struct repeats r;
    CHECK_OK(repeats_measure(counts, 6, 100, &r, &err));
    CHECK_INT(r.events, 9);
    CHECK_INT(r.used, 5);
    CHECK_INT(r.repeat_places, 2);
    CHECK_INT(r.at_repeats, 6);
    CHECK_INT(r.most, 4);
    CHECK(r.is_beyond); /* by chance 9 (1 - 0.99^8) = 0.7 */
    CHECK_NEAR(r.expected, 9 * (1 - pow(0.99, 8)), 1e-12);
    const int64_t apart[] = {1, 1, 1, 1};
    CHECK_OK(repeats_measure(apart, 4, 4, &r, &err));
    CHECK(!r.is_beyond && r.at_repeats == 0);
}

static void what_has_no_answer_is_refused(void **state)
{
    (void)state;
    const int64_t none[] = {0, 0}, two[] = {1, 2}, bad[] = {3, -1};
    struct repeats r;
    CHECK_FAILS(repeats_measure(none, 2, 9, &r, &err), RV_DOMAIN);
    CHECK_FAILS(repeats_measure(two, 2, 1, &r, &err), RV_DOMAIN);
    CHECK_FAILS(repeats_measure(bad, 2, 9, &r, &err), RV_DOMAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expectation_is_what_all_outcomes_give),
        cmocka_unit_test(observed_counts_by_hand),
        cmocka_unit_test(what_has_no_answer_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
