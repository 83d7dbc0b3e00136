/* tests/stats/test_standard.c — direct and indirect standardisation.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "stats/standard.h"
#include "table.h"

#define GROUPS 32

static struct rv_err err;

/* The groups of one area; an empty count is taken as 0, as the published results do. */
struct area {
    double counts[GROUPS], populations[GROUPS], weights[GROUPS];
    size_t n;
};

static void take(struct area *a, const struct table *t, const char *name, bool has_weights)
{
    a->n = 0;
    for (size_t i = 0; i < t->rows; i++) {
        if (strcmp(table_cell(t, i, "area"), name) == 0) {
            assert_true(a->n < GROUPS);
            a->counts[a->n] = table_real(t, i, "count");
            a->populations[a->n] = table_real(t, i, "pop");
            a->weights[a->n] =
                has_weights ? table_real(t, i, "stdpop") : standard_esp2013[a->n % STANDARD_BANDS];
            a->n++;
        }
    }
    assert_true(a->n > 0);
}

static double observed(const struct area *a)
{
    double sum = 0;
    for (size_t i = 0; i < a->n; i++) {
        sum += a->counts[i];
    }
    return sum;
}

static const struct {
    double level;
    const char *lower, *upper;
} levels[] = {{0.95, "lower95_0cl", "upper95_0cl"}, {0.998, "lower99_8cl", "upper99_8cl"}};

static void check_direct(const struct area *a, const struct table *want, size_t row, double per,
                         double tolerance, double *worst)
{
    for (size_t k = 0; k < 2; k++) {
        struct rate_options options = {.per = per, .level = levels[k].level, .method = RATE_UKHSA};
        struct standard_rate r;
        CHECK_OK(standard_direct(a->counts, a->populations, a->weights, a->n, &options, &r, &err));
        CHECK(r.events == table_real(want, row, "total_count"));
        CHECK(r.population == table_real(want, row, "total_pop"));
        CHECK_INT(r.is_publishable, table_has(want, row, "value"));
        if (r.is_publishable) {
            CHECK_REF(r.value, table_real(want, row, "value"), tolerance, worst);
            CHECK_REF(r.ci.lower, table_real(want, row, levels[k].lower), tolerance, worst);
            CHECK_REF(r.ci.upper, table_real(want, row, levels[k].upper), tolerance, worst);
        }
    }
}

static void direct_rows(const char *groups, const char *expected)
{
    struct table in, want;
    table_open(&in, "dsr-groups.csv", groups);
    table_open(&want, "dsr.csv", expected);
    double worst = 0;
    for (size_t i = 0; i < want.rows; i++) {
        struct area a;
        take(&a, &in, table_cell(&want, i, "area"), true);
        check_direct(&a, &want, i, 100000, 1e-9, &worst);
        struct rate_options options = RATE_DEFAULTS;
        struct standard_rate r;
        CHECK_OK(standard_direct(a.counts, a.populations, a.weights, a.n, &options, &r, &err));
        CHECK_REF(r.value, table_real(&want, i, "dsr"), 1e-9, &worst);
        CHECK_REF(r.variance, table_real(&want, i, "var"), 1e-9, &worst);
        CHECK_REF(r.ci.lower, table_real(&want, i, "dobson_exact_lower"), 1e-9, &worst);
        CHECK_REF(r.ci.upper, table_real(&want, i, "dobson_exact_upper"), 1e-9, &worst);
        CHECK(r.ci.lower <= r.value && r.value <= r.ci.upper);
    }
    measured("dsr", "rate and limits", want.rows, "relative", worst);
    table_done(&in);
    table_done(&want);
}

static void direct_rates_agree_with_PHEindicatormethods(void **state)
{
    (void)state;
    direct_rows(NULL, NULL);
}

static void direct_rates_agree_with_the_shared_reference(void **state)
{
    (void)state;
    direct_rows("reference/01_dsr/dsr_input.csv", "reference/01_dsr/dsr_expected.csv");
}

static void direct_rates_agree_with_those_that_UKHSA_prints(void **state)
{
    (void)state;
    struct table in, want;
    table_open(&in, "phe-groups.csv", NULL);
    table_open(&want, "phe-dsr.csv", NULL);
    double worst = 0;
    for (size_t i = 0; i < want.rows; i++) {
        struct area a;
        take(&a, &in, table_cell(&want, i, "area"), false);
        CHECK_INT(a.n, STANDARD_BANDS);
        check_direct(&a, &want, i, table_real(&want, i, "per"), 1e-12, &worst);
    }
    measured("dsr", "as published", want.rows, "relative", worst);
    table_done(&in);
    table_done(&want);
}

static void the_standard_population_is_100000(void **state)
{
    (void)state;
    double sum = 0;
    for (size_t i = 0; i < STANDARD_BANDS; i++) {
        sum += standard_esp2013[i];
    }
    CHECK(sum == 100000);
}

static void the_order_and_the_scale_of_the_weights_do_not_matter(void **state)
{
    (void)state;
    struct table in;
    table_open(&in, "dsr-groups.csv", NULL);
    struct area a, b;
    take(&a, &in, "D4", true);
    b.n = a.n;
    for (size_t i = 0; i < a.n; i++) {
        b.counts[i] = a.counts[a.n - 1 - i];
        b.populations[i] = a.populations[a.n - 1 - i];
        b.weights[i] = 0.375 * a.weights[a.n - 1 - i];
    }
    struct rate_options options = RATE_DEFAULTS;
    struct standard_rate x, y;
    CHECK_OK(standard_direct(a.counts, a.populations, a.weights, a.n, &options, &x, &err));
    CHECK_OK(standard_direct(b.counts, b.populations, b.weights, b.n, &options, &y, &err));
    CHECK_NEAR(y.value, x.value, 1e-14);
    CHECK_NEAR(y.variance, x.variance, 1e-14);
    CHECK_NEAR(y.ci.upper, x.ci.upper, 1e-14);
    /* The area as its own standard has its crude rate and its exact limits. */
    CHECK_OK(standard_direct(a.counts, a.populations, a.populations, a.n, &options, &x, &err));
    CHECK_NEAR(x.value, x.events / x.population * 100000, 1e-13);
    struct rate crude;
    CHECK_OK(rate_crude((int64_t)x.events, x.population, &options, &crude, &err));
    CHECK_NEAR(x.ci.lower, crude.lower, 1e-12);
    CHECK_NEAR(x.ci.upper, crude.upper, 1e-12);
    table_done(&in);
}

static void indirect_rows(const char *groups, const char *reference, const char *expected)
{
    struct table in, ref, want;
    table_open(&in, "isr-groups.csv", groups);
    table_open(&ref, "isr-reference.csv", reference);
    table_open(&want, "isr.csv", expected);
    double events[GROUPS], persons[GROUPS], worst = 0;
    for (size_t i = 0; i < ref.rows; i++) {
        events[i] = table_real(&ref, i, "refcount");
        persons[i] = table_real(&ref, i, "refpop");
    }
    for (size_t i = 0; i < want.rows; i++) {
        struct area a;
        take(&a, &in, table_cell(&want, i, "area"), false);
        struct rate_options options = RATE_DEFAULTS;
        struct standard_ratio r;
        for (size_t k = 0; k < 3; k++) {
            options.level = k == 1 ? 0.998 : 0.95;
            options.method = k == 2 ? RATE_EXACT : RATE_UKHSA;
            CHECK_OK(standard_indirect(observed(&a), a.populations, events, persons, a.n, &options,
                                       &r, &err));
            const char *const names[3][2] = {{"lower95", "upper95"},
                                             {"lower998", "upper998"},
                                             {"exact_lower95", "exact_upper95"}};
            CHECK_REF(r.ci.lower * 100, table_real(&want, i, names[k][0]), 1e-9, &worst);
            CHECK_REF(r.ci.upper * 100, table_real(&want, i, names[k][1]), 1e-9, &worst);
        }
        CHECK_REF(r.expected, table_real(&want, i, "expected"), 1e-9, &worst);
        CHECK_REF(r.ratio * 100, table_real(&want, i, "ratio"), 1e-9, &worst);
        CHECK(r.observed == table_real(&want, i, "observed"));
    }
    measured("isr", "ratio and limits", want.rows, "relative", worst);
    table_done(&in);
    table_done(&ref);
    table_done(&want);
}

static void indirect_ratios_agree_with_PHEindicatormethods(void **state)
{
    (void)state;
    indirect_rows(NULL, NULL, NULL);
}

static void indirect_ratios_agree_with_the_shared_reference(void **state)
{
    (void)state;
    indirect_rows("reference/01_isr/isr_input.csv", "reference/01_isr/isr_reference.csv",
                  "reference/01_isr/isr_expected.csv");
}

static void indirect_ratios_agree_with_those_that_UKHSA_prints(void **state)
{
    (void)state;
    struct table in, ref, want;
    table_open(&in, "phe-groups.csv", NULL);
    table_open(&ref, "phe-reference.csv", NULL);
    table_open(&want, "phe-isr.csv", NULL);
    double events[GROUPS], persons[GROUPS], worst = 0;
    for (size_t i = 0; i < ref.rows; i++) {
        events[i] = table_real(&ref, i, "refcount");
        persons[i] = table_real(&ref, i, "refpop");
    }
    for (size_t i = 0; i < want.rows; i++) {
        struct area a;
        take(&a, &in, table_cell(&want, i, "area"), false);
        double times = table_real(&want, i, "times");
        bool is_rate = table_int(&want, i, "is_rate") == 1;
        for (size_t k = 0; k < 2; k++) {
            struct rate_options options = {
                .per = times, .level = levels[k].level, .method = RATE_UKHSA};
            struct standard_ratio r;
            CHECK_OK(standard_indirect(observed(&a), a.populations, events, persons, a.n, &options,
                                       &r, &err));
            double value = is_rate ? r.rate : r.ratio * times;
            double lower = is_rate ? r.rate_ci.lower : r.ci.lower * times;
            double upper = is_rate ? r.rate_ci.upper : r.ci.upper * times;
            CHECK_REF(value, table_real(&want, i, "value"), 1e-12, &worst);
            CHECK_REF(lower, table_real(&want, i, levels[k].lower), 1e-12, &worst);
            CHECK_REF(upper, table_real(&want, i, levels[k].upper), 1e-12, &worst);
            CHECK_REF(r.expected, table_real(&want, i, "expected"), 1e-12, &worst);
        }
    }
    measured("isr", "as published", want.rows, "relative", worst);
    table_done(&in);
    table_done(&ref);
    table_done(&want);
}

static void nothing_expected_or_nobody_there_is_refused(void **state)
{
    (void)state;
    const double some[] = {3, 4}, none[] = {0, 0}, people[] = {100, 50}, broken[] = {100, 0};
    struct rate_options options = RATE_DEFAULTS;
    struct standard_rate r = {.value = -7};
    struct standard_ratio s = {.ratio = -7};
    CHECK_FAILS(standard_direct(some, broken, people, 2, &options, &r, &err), RV_DOMAIN);
    CHECK_FAILS(standard_direct(some, people, none, 2, &options, &r, &err), RV_DOMAIN);
    CHECK_FAILS(standard_direct(NULL, NULL, NULL, 0, &options, &r, &err), RV_DOMAIN);
    const double bad[] = {3, (double)NAN};
    CHECK_FAILS(standard_direct(bad, people, people, 2, &options, &r, &err), RV_DOMAIN);
    const double half[] = {3.5, 4};
    CHECK_FAILS(standard_direct(half, people, people, 2, &options, &r, &err), RV_DOMAIN);
    CHECK_FAILS(standard_indirect(3, people, none, people, 2, &options, &s, &err), RV_DOMAIN);
    CHECK_FAILS(standard_indirect(3, people, some, broken, 2, &options, &s, &err), RV_DOMAIN);
    CHECK_FAILS(standard_indirect(-3, people, some, people, 2, &options, &s, &err), RV_DOMAIN);
    CHECK(r.value == -7 && s.ratio == -7);
    /* No events: a rate of 0 whose spread is unknown, and no limit printed as 0. */
    CHECK_OK(standard_direct(none, people, people, 2, &options, &r, &err));
    CHECK(r.value == 0 && !r.ci.has_lower && !r.ci.has_upper && !r.is_publishable);
    /* Very unequal weights: the formula goes below 0, a rate does not. */
    const double one_big[] = {12, 1}, few[] = {100000, 3};
    CHECK_OK(standard_direct(one_big, few, people, 2, &options, &r, &err));
    CHECK(r.ci.has_lower && r.ci.lower == 0 && r.value > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(direct_rates_agree_with_PHEindicatormethods),
        cmocka_unit_test(direct_rates_agree_with_the_shared_reference),
        cmocka_unit_test(direct_rates_agree_with_those_that_UKHSA_prints),
        cmocka_unit_test(the_standard_population_is_100000),
        cmocka_unit_test(the_order_and_the_scale_of_the_weights_do_not_matter),
        cmocka_unit_test(indirect_ratios_agree_with_PHEindicatormethods),
        cmocka_unit_test(indirect_ratios_agree_with_the_shared_reference),
        cmocka_unit_test(indirect_ratios_agree_with_those_that_UKHSA_prints),
        cmocka_unit_test(nothing_expected_or_nobody_there_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
