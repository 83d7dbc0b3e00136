/* tests/stats/test_rate.c — crude rates.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "stats/rate.h"
#include "table.h"

static struct rv_err err;

static void rows(const char *shared)
{
    struct table t;
    table_open(&t, "crude-rate.csv", shared);
    double worst = 0;
    struct rate_options options = RATE_DEFAULTS;
    options.method = RATE_UKHSA;
    for (size_t i = 0; i < t.rows; i++) {
        int64_t events = table_int(&t, i, "events");
        double population = table_real(&t, i, "pop");
        struct rate rate;
        options.level = 0.95;
        CHECK_OK(rate_crude(events, population, &options, &rate, &err));
        CHECK_REF(rate.value, table_real(&t, i, "value"), 1e-9, &worst);
        CHECK_REF(rate.lower, table_real(&t, i, "lower95_0cl"), 1e-9, &worst);
        CHECK_REF(rate.upper, table_real(&t, i, "upper95_0cl"), 1e-9, &worst);
        options.level = 0.998;
        CHECK_OK(rate_crude(events, population, &options, &rate, &err));
        CHECK_REF(rate.lower, table_real(&t, i, "lower99_8cl"), 1e-9, &worst);
        CHECK_REF(rate.upper, table_real(&t, i, "upper99_8cl"), 1e-9, &worst);
    }
    measured("crude-rate", "rate and limits", t.rows, "relative", worst);
    table_done(&t);
}

static void ukhsa_rates_agree_with_PHEindicatormethods(void **state)
{
    (void)state;
    rows(NULL);
}

static void ukhsa_rates_agree_with_the_shared_reference(void **state)
{
    (void)state;
    rows("reference/01_crude_rate/crude_rate.csv");
}

static void rates_agree_with_those_that_UKHSA_prints(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "phe-rate.csv", NULL);
    double worst = 0;
    struct rate_options options = RATE_DEFAULTS;
    options.method = RATE_UKHSA;
    for (size_t i = 0; i < t.rows; i++) {
        static const struct {
            double level;
            const char *lower, *upper;
        } levels[] = {{0.95, "lower95_0cl", "upper95_0cl"}, {0.998, "lower99_8cl", "upper99_8cl"}};
        options.per = table_real(&t, i, "multiplier");
        bool has_rate = table_has(&t, i, "value"); /* printed without a count, so without a rate */
        CHECK_INT(has_rate, table_has(&t, i, "Numerator"));
        for (int k = 0; k < 2 && has_rate; k++) {
            struct rate rate;
            options.level = levels[k].level;
            CHECK_OK(rate_crude(table_int(&t, i, "Numerator"), table_real(&t, i, "Denominator"),
                                &options, &rate, &err));
            CHECK_REF(rate.value, table_real(&t, i, "value"), 1e-12, &worst);
            CHECK_REF(rate.lower, table_real(&t, i, levels[k].lower), 1e-12, &worst);
            CHECK_REF(rate.upper, table_real(&t, i, levels[k].upper), 1e-12, &worst);
        }
    }
    measured("crude-rate", "as published", t.rows, "relative", worst);
    table_done(&t);
}

static void the_default_is_exact_at_every_count(void **state)
{
    (void)state;
    struct rate_options options = RATE_DEFAULTS;
    struct rate rate;
    struct interval ci;
    CHECK_OK(rate_crude(1067, 262052, &options, &rate, &err));
    CHECK_OK(interval_poisson(1067, 0.95, &ci, &err));
    CHECK_NEAR(rate.value, 106700000.0 / 262052, 1e-15);
    CHECK_NEAR(rate.lower, ci.lower / 2.62052, 1e-14);
    CHECK_NEAR(rate.upper, ci.upper / 2.62052, 1e-14);
}

static void a_population_of_0_has_no_rate_and_says_why(void **state)
{
    (void)state;
    struct rate_options options = RATE_DEFAULTS;
    struct rate rate = {.value = -7};
    CHECK_FAILS(rate_crude(3, 0, &options, &rate, &err), RV_DOMAIN);
    CHECK_STRING(err.message, "the rate is not available: the population is 0");
    CHECK_FAILS(rate_crude(-3, 10, &options, &rate, &err), RV_DOMAIN);
    CHECK_FAILS(rate_crude(3, (double)NAN, &options, &rate, &err), RV_DOMAIN);
    CHECK_FAILS(rate_crude(3, (double)INFINITY, &options, &rate, &err), RV_DOMAIN);
    CHECK_FAILS(rate_crude(3, -1, &options, &rate, &err), RV_DOMAIN);
    CHECK_FAILS(rate_crude(STATS_COUNT_MAX + 1, 5, &options, &rate, &err), RV_DOMAIN);
    options.per = 0;
    CHECK_FAILS(rate_crude(3, 10, &options, &rate, &err), RV_DOMAIN);
    options = RATE_DEFAULTS;
    options.level = 95;
    CHECK_FAILS(rate_crude(3, 10, &options, &rate, &err), RV_DOMAIN);
    CHECK_FAILS(rate_crude_all(NULL, NULL, NULL, NULL, 0, &options, NULL, &err), RV_DOMAIN);
    CHECK(rate.value == -7);
}

static void one_area_without_a_rate_does_not_touch_the_others(void **state)
{
    (void)state;
    const int64_t counts[] = {12, 0, 7, 5, -2, 40};
    const double populations[] = {1000, 2000, 3000, 0, 100, 30};
    const uint64_t count_valid = 0x3b, population_valid = 0x3e; /* 2 and 0 are missing */
    struct rate_options options = RATE_DEFAULTS;
    struct rate rates[6], alone;
    CHECK_OK(rate_crude_all(counts, &count_valid, populations, &population_valid, 6, &options,
                            rates, &err));
    CHECK_INT(rates[0].reason, RATE_POPULATION_MISSING);
    CHECK_INT(rates[2].reason, RATE_COUNT_MISSING);
    CHECK_INT(rates[3].reason, RATE_POPULATION_ZERO);
    CHECK_INT(rates[4].reason, RATE_COUNT_NEGATIVE);
    CHECK(rates[2].value == 0 && rates[2].upper == 0);
    CHECK_OK(rate_crude(0, 2000, &options, &alone, &err));
    CHECK_INT(rates[1].reason, RATE_AVAILABLE);
    CHECK(rates[1].value == 0 && rates[1].upper == alone.upper && alone.upper > 0);
    CHECK(rates[5].is_above_population && !rates[1].is_above_population);
    for (int r = RATE_COUNT_MISSING; r <= RATE_OUT_OF_RANGE; r++) {
        CHECK(strlen(rate_reason_text((enum rate_reason)r)) > 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ukhsa_rates_agree_with_PHEindicatormethods),
        cmocka_unit_test(ukhsa_rates_agree_with_the_shared_reference),
        cmocka_unit_test(rates_agree_with_those_that_UKHSA_prints),
        cmocka_unit_test(the_default_is_exact_at_every_count),
        cmocka_unit_test(a_population_of_0_has_no_rate_and_says_why),
        cmocka_unit_test(one_area_without_a_rate_does_not_touch_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
