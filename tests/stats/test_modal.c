/* tests/stats/test_modal.c — the modal hour: shares, ties, bootstrap, threads.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "stats/modal.h"
#include "table.h"

static struct rv_err err;

static void take(const struct table *t, size_t row, int64_t counts[MODAL_HOURS])
{
    for (int hour = 0; hour < MODAL_HOURS; hour++) {
        char name[8];
        (void)snprintf(name, sizeof name, "h%02d", hour);
        counts[hour] = table_int(t, row, name);
    }
}

static void modes_agree_with_R(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "modal-hour.csv", NULL);
    double worst = 0;
    for (size_t i = 0; i < t.rows; i++) {
        int64_t counts[MODAL_HOURS];
        take(&t, i, counts);
        struct modal_hour m;
        struct modal_options options = MODAL_DEFAULTS;
        CHECK_OK(modal_hour(NULL, counts, &options, &m, &err));
        CHECK_INT(m.hour, table_int(&t, i, "mode"));
        CHECK_INT(m.runner_up, table_int(&t, i, "second"));
        CHECK_REF(m.p, table_real(&t, i, "p"), 1e-8, &worst);
        CHECK_REF(m.share, table_real(&t, i, "share"), 1e-12, &worst);
        if (table_has(&t, i, "boot_mode")) { /* 1,000 replicates there, 10,000 here */
            double want = table_real(&t, i, "boot_mode"), noise = sqrt(want * (1 - want) / 1000);
            CHECK(fabs(m.frequency[m.hour] - want) < 3 * noise);
            CHECK(fabs(m.frequency[m.runner_up] - table_real(&t, i, "boot_second")) < 3 * noise);
        }
        CHECK(m.is_clear && m.likely == 1 && m.tied == 1);
        CHECK(m.share_ci.lower < m.share && m.share < m.share_ci.upper);
    }
    measured("modal-hour", "share and p", t.rows, "relative", worst);
    table_done(&t);
}

/* Two hours, n events: the exact probability that the first leads, with half of a tie. */
static void frequencies_meet_the_exact_probability(void **state)
{
    (void)state;
    int64_t counts[MODAL_HOURS] = {[9] = 32, [17] = 29};
    const double p = 32.0 / 61;
    double exact = 0, mass = pow(1 - p, 61);
    for (int x = 0; x <= 61; x++) {
        exact += 2 * x > 61 ? mass : 0;
        mass *= (61.0 - x) / (x + 1.0) * p / (1 - p);
    }
    struct modal_options options = MODAL_DEFAULTS;
    options.replicates = 100000;
    struct modal_hour m;
    CHECK_OK(modal_hour(NULL, counts, &options, &m, &err));
    CHECK(fabs(m.frequency[9] - exact) < 4 * sqrt(exact * (1 - exact) / 100000));
    CHECK(!m.is_clear && m.likely == 2 && m.likely_hours == (1U << 9 | 1U << 17));
    double sum = 0;
    for (int hour = 0; hour < MODAL_HOURS; hour++) {
        sum += m.frequency[hour];
        CHECK(counts[hour] > 0 || m.frequency[hour] == 0);
    }
    CHECK_NEAR(sum, 1, 1e-12);
}

static void ties_are_listed_and_never_clear(void **state)
{
    (void)state;
    int64_t counts[MODAL_HOURS] = {[3] = 50, [15] = 50, [22] = 50, [8] = 2};
    struct modal_options options = MODAL_DEFAULTS;
    struct modal_hour m;
    CHECK_OK(modal_hour(NULL, counts, &options, &m, &err));
    CHECK(m.tied == 3 && m.tied_hours == (1U << 3 | 1U << 15 | 1U << 22));
    CHECK(m.hour == 3 && m.runner_up == 15 && m.p == 1 && !m.is_clear);
    CHECK(fabs(m.frequency[3] - 1.0 / 3) < 0.02 && fabs(m.frequency[22] - 1.0 / 3) < 0.02);
    CHECK_INT(m.likely, 3);
}

static void one_event_and_one_hour_work(void **state)
{
    (void)state;
    int64_t counts[MODAL_HOURS] = {[23] = 1};
    struct modal_options options = MODAL_DEFAULTS;
    struct modal_hour m;
    CHECK_OK(modal_hour(NULL, counts, &options, &m, &err));
    CHECK(m.hour == 23 && m.share == 1 && !m.has_runner_up && m.p == 1 && m.is_clear);
    counts[23] = 4000000000;
    CHECK_OK(modal_hour(NULL, counts, &options, &m, &err));
    CHECK(m.p < 1e-300 && m.frequency[23] == 1);
}

/* Turning the clock turns the answer; nothing else changes but which numbers are drawn. */
static void turning_the_clock_turns_the_answer(void **state)
{
    (void)state;
    int64_t counts[MODAL_HOURS];
    struct table t;
    table_open(&t, "modal-hour.csv", NULL);
    take(&t, 1, counts);
    table_done(&t);
    struct modal_options options = MODAL_DEFAULTS;
    struct modal_hour m, turned;
    CHECK_OK(modal_hour(NULL, counts, &options, &m, &err));
    for (int by = 1; by < MODAL_HOURS; by += 5) {
        int64_t other[MODAL_HOURS];
        for (int hour = 0; hour < MODAL_HOURS; hour++) {
            other[(hour + by) % MODAL_HOURS] = counts[hour];
        }
        CHECK_OK(modal_hour(NULL, other, &options, &turned, &err));
        CHECK_INT(turned.hour, (m.hour + by) % MODAL_HOURS);
        CHECK_INT(turned.runner_up, (m.runner_up + by) % MODAL_HOURS);
        CHECK(turned.p == m.p && turned.share == m.share);
        CHECK(fabs(turned.frequency[turned.hour] - m.frequency[m.hour]) < 0.005);
    }
}

static void the_bootstrap_is_the_same_on_any_number_of_threads(void **state)
{
    (void)state;
    int64_t counts[MODAL_HOURS] = {[1] = 30, [2] = 33, [3] = 31, [4] = 29, [17] = 33};
    struct modal_options options = MODAL_DEFAULTS;
    options.replicates = 10007; /* the last chunk is not full */
    struct modal_hour one, many;
    memset(&one, 0, sizeof one);
    memset(&many, 0, sizeof many);
    CHECK_OK(modal_hour(NULL, counts, &options, &one, &err));
    const size_t threads[] = {1, 2, 7};
    for (size_t i = 0; i < 3; i++) {
        RV_CLEANUP(pool_closep) struct pool *pool = NULL;
        CHECK_OK(pool_open(threads[i], &pool, &err));
        CHECK_OK(modal_hour(pool, counts, &options, &many, &err));
        CHECK(memcmp(one.frequency, many.frequency, sizeof one.frequency) == 0);
    }
    options.seed++;
    CHECK_OK(modal_hour(NULL, counts, &options, &many, &err));
    CHECK(memcmp(one.frequency, many.frequency, sizeof one.frequency) != 0);
}

static void nothing_to_count_is_refused_and_leaves_ret_alone(void **state)
{
    (void)state;
    int64_t counts[MODAL_HOURS] = {0};
    struct modal_options options = MODAL_DEFAULTS;
    struct modal_hour m = {.hour = -7};
    CHECK_FAILS(modal_hour(NULL, counts, &options, &m, &err), RV_DOMAIN);
    CHECK_STRING(err.message, "no event has a known hour, so there is no modal hour");
    counts[4] = -1;
    CHECK_FAILS(modal_hour(NULL, counts, &options, &m, &err), RV_DOMAIN);
    counts[4] = INT64_C(4294967296);
    CHECK_FAILS(modal_hour(NULL, counts, &options, &m, &err), RV_DOMAIN);
    counts[4] = 4;
    options.replicates = 0;
    CHECK_FAILS(modal_hour(NULL, counts, &options, &m, &err), RV_DOMAIN);
    options = MODAL_DEFAULTS;
    options.wording = (double)NAN;
    CHECK_FAILS(modal_hour(NULL, counts, &options, &m, &err), RV_DOMAIN);
    options = MODAL_DEFAULTS;
    options.level = 95;
    CHECK_FAILS(modal_hour(NULL, counts, &options, &m, &err), RV_DOMAIN);
    CHECK_INT(m.hour, -7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modes_agree_with_R),
        cmocka_unit_test(frequencies_meet_the_exact_probability),
        cmocka_unit_test(ties_are_listed_and_never_clear),
        cmocka_unit_test(one_event_and_one_hour_work),
        cmocka_unit_test(turning_the_clock_turns_the_answer),
        cmocka_unit_test(the_bootstrap_is_the_same_on_any_number_of_threads),
        cmocka_unit_test(nothing_to_count_is_refused_and_leaves_ret_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
