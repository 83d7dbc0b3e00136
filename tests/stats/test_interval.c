/* tests/stats/test_interval.c — intervals of a count and of a share.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "stats/interval.h"
#include "table.h"

static struct rv_err err;

static void poisson_rows(const char *shared)
{
    struct table t;
    table_open(&t, "poisson.csv", shared);
    double exact = 0, byar = 0;
    for (size_t i = 0; i < t.rows; i++) {
        int64_t count = table_int(&t, i, "count");
        double level = table_real(&t, i, "conf");
        struct interval ci;
        CHECK_OK(interval_poisson(count, level, &ci, &err));
        CHECK(ci.has_lower && ci.has_upper);
        CHECK_REF(ci.lower, table_real(&t, i, "exact_lower"), 1e-9, &exact);
        CHECK_REF(ci.upper, table_real(&t, i, "exact_upper"), 1e-9, &exact);
        CHECK_OK(interval_byar(count, level, &ci, &err));
        CHECK_INT(ci.has_lower, table_has(&t, i, "byar_lower"));
        if (ci.has_lower) {
            CHECK_REF(ci.lower, table_real(&t, i, "byar_lower"), 1e-9, &byar);
        }
        CHECK_REF(ci.upper, table_real(&t, i, "byar_upper"), 1e-9, &byar);
    }
    measured("poisson-exact", "limits", t.rows, "relative", exact);
    measured("byar", "limits", t.rows, "relative", byar);
    table_done(&t);
}

static void exact_and_byar_agree_with_R(void **state)
{
    (void)state;
    poisson_rows(NULL);
}

static void exact_and_byar_agree_with_the_shared_reference(void **state)
{
    (void)state;
    poisson_rows("reference/01_poisson_ci/poisson_ci.csv");
}

static void wilson_rows(const char *shared)
{
    struct table t;
    table_open(&t, "wilson.csv", shared);
    double worst = 0;
    for (size_t i = 0; i < t.rows; i++) {
        struct interval ci;
        CHECK_OK(interval_wilson(table_int(&t, i, "x"), table_int(&t, i, "n"),
                                 table_real(&t, i, "conf"), &ci, &err));
        double lower = fabs(ci.lower - table_real(&t, i, "lower"));
        double upper = fabs(ci.upper - table_real(&t, i, "upper"));
        worst = fmax(worst, fmax(lower, upper));
        CHECK(lower <= 1e-12 && upper <= 1e-12);
    }
    measured("wilson", "limits", t.rows, "absolute", worst);
    table_done(&t);
}

static void wilson_agrees_with_R(void **state)
{
    (void)state;
    wilson_rows(NULL);
}

static void wilson_agrees_with_the_shared_reference(void **state)
{
    (void)state;
    wilson_rows("reference/01_wilson/wilson.csv");
}

static void no_events_have_the_lower_limit_0(void **state)
{
    (void)state;
    struct interval ci;
    CHECK_OK(interval_poisson(0, 0.95, &ci, &err));
    CHECK(ci.lower == 0);
    CHECK_NEAR(ci.upper, -log(0.025), 1e-14);
    CHECK_OK(interval_poisson(1, 0.95, &ci, &err));
    CHECK_NEAR(ci.lower, -log1p(-0.025), 1e-13);
}

static void byar_below_zero_is_not_available(void **state)
{
    (void)state;
    struct interval ci;
    CHECK_OK(interval_byar(1, 0.998, &ci, &err));
    CHECK(!ci.has_lower && ci.has_upper && ci.lower == 0);
}

static void a_share_of_nothing_is_refused_and_leaves_ret_alone(void **state)
{
    (void)state;
    struct interval ci = {.lower = -7};
    CHECK_FAILS(interval_wilson(0, 0, 0.95, &ci, &err), RV_DOMAIN);
    CHECK_STRING(err.message, "the share is not available: its base is 0");
    CHECK_FAILS(interval_wilson(-1, 9, 0.95, &ci, &err), RV_DOMAIN);
    CHECK_FAILS(interval_wilson(10, 9, 0.95, &ci, &err), RV_DOMAIN);
    CHECK_FAILS(interval_poisson(-1, 0.95, &ci, &err), RV_DOMAIN);
    CHECK_FAILS(interval_poisson(STATS_COUNT_MAX + 1, 0.95, &ci, NULL), RV_DOMAIN);
    CHECK_FAILS(interval_byar(INT64_MIN, 0.95, &ci, &err), RV_DOMAIN);
    CHECK(ci.lower == -7);
}

static void levels_out_of_range_are_refused(void **state)
{
    (void)state;
    const double levels[] = {0.499, 1, 95, -0.95, (double)NAN, (double)INFINITY};
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        struct interval ci;
        CHECK_FAILS(interval_poisson(3, levels[i], &ci, &err), RV_DOMAIN);
        CHECK_FAILS(interval_byar(3, levels[i], &ci, &err), RV_DOMAIN);
        CHECK_FAILS(interval_wilson(3, 9, levels[i], &ci, &err), RV_DOMAIN);
    }
}

/* The interval holds the count, grows with the level, moves up with the count. */
static void intervals_contain_the_estimate_and_widen_with_the_level(void **state)
{
    (void)state;
    const double levels[] = {0.5, 0.8, 0.95, 0.998, 0.999999};
    double last_upper = 0, last_lower = -1;
    for (int64_t count = 0; count < STATS_COUNT_MAX; count = count < 40 ? count + 1 : count * 3) {
        struct interval inner = {.lower = (double)count, .upper = (double)count}, ci;
        for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
            CHECK_OK(interval_poisson(count, levels[i], &ci, &err));
            CHECK(ci.lower <= inner.lower && inner.upper <= ci.upper);
            CHECK(ci.lower < (double)count || count == 0);
            CHECK(ci.upper > (double)count);
            inner = ci;
        }
        CHECK(ci.upper > last_upper && ci.lower > last_lower);
        last_upper = ci.upper;
        last_lower = ci.lower;
    }
}

/* Byar and Garwood meet for large counts; this would catch an inversion that stopped early. */
static void exact_meets_byar_at_huge_counts(void **state)
{
    (void)state;
    for (int64_t count = 1000000; count <= STATS_COUNT_MAX; count *= 10) {
        struct interval exact, byar;
        CHECK_OK(interval_poisson(count, 0.95, &exact, &err));
        CHECK_OK(interval_byar(count, 0.95, &byar, &err));
        double n = (double)count;
        CHECK_NEAR(exact.lower - n, byar.lower - n, 1e-6);
        CHECK_NEAR(exact.upper - n, byar.upper - n, 1e-6);
    }
}

static void wilson_is_symmetric(void **state)
{
    (void)state;
    for (int64_t x = 0; x <= 23; x++) {
        struct interval ci, mirror;
        CHECK_OK(interval_wilson(x, 23, 0.95, &ci, &err));
        CHECK_OK(interval_wilson(23 - x, 23, 0.95, &mirror, &err));
        CHECK_NEAR(ci.lower, 1 - mirror.upper, 1e-14);
        double p = (double)x / 23;
        CHECK(ci.lower <= p && p <= ci.upper);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_and_byar_agree_with_R),
        cmocka_unit_test(exact_and_byar_agree_with_the_shared_reference),
        cmocka_unit_test(wilson_agrees_with_R),
        cmocka_unit_test(wilson_agrees_with_the_shared_reference),
        cmocka_unit_test(no_events_have_the_lower_limit_0),
        cmocka_unit_test(byar_below_zero_is_not_available),
        cmocka_unit_test(a_share_of_nothing_is_refused_and_leaves_ret_alone),
        cmocka_unit_test(levels_out_of_range_are_refused),
        cmocka_unit_test(intervals_contain_the_estimate_and_widen_with_the_level),
        cmocka_unit_test(exact_meets_byar_at_huge_counts),
        cmocka_unit_test(wilson_is_symmetric),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
