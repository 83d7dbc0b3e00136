/* tests/stats/test_harm.c — counts weighted by harm.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "stats/harm.h"
#include "table.h"

#define OFFENCES 16

static struct rv_err err;

static void totals_agree_with_sums_in_Python(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "harm.csv", NULL);
    double worst = 0;
    for (size_t i = 0; i < t.rows;) {
        int64_t counts[OFFENCES];
        double weights[OFFENCES];
        size_t n = 0, first = i;
        for (; i < t.rows && table_int(&t, i, "case") == table_int(&t, first, "case"); i++, n++) {
            counts[n] = table_int(&t, i, "count");
            weights[n] = table_real(&t, i, "weight");
        }
        struct harm h;
        CHECK_OK(harm_weigh(counts, weights, NULL, n, 0.95, &h, &err));
        CHECK_REF(h.total, table_real(&t, first, "harm_total"), 1e-12, &worst);
        CHECK_REF(h.total / table_real(&t, first, "population") * 1000,
                  table_real(&t, first, "harm_per_1000"), 1e-12, &worst);
        CHECK_REF(h.mean, table_real(&t, first, "mean_harm"), 1e-12, &worst);
        double variance = 0;
        for (size_t k = 0; k < n; k++) {
            double count = (double)counts[k];
            CHECK_REF(count / (double)h.events, table_real(&t, first + k, "share_count"), 1e-12,
                      &worst);
            CHECK_REF(weights[k] * count / h.total, table_real(&t, first + k, "share_harm"), 1e-12,
                      &worst);
            variance += weights[k] * weights[k] * count;
        }
        CHECK_NEAR(h.variance, variance, 1e-14);
        CHECK(h.ci.lower <= h.total && h.total <= h.ci.upper);
    }
    measured("harm", "sums and shares", t.rows, "relative", worst);
    table_done(&t);
}

/* With one weight for all, the interval is the exact one of the count, times the weight. */
static void equal_weights_give_the_limits_of_the_count(void **state)
{
    (void)state;
    const int64_t counts[] = {3, 0, 14, 6};
    const double weights[] = {365, 365, 365, 365};
    struct harm h;
    struct interval ci;
    CHECK_OK(harm_weigh(counts, weights, NULL, 4, 0.998, &h, &err));
    CHECK_OK(interval_poisson(23, 0.998, &ci, &err));
    CHECK(h.total == 23 * 365.0 && h.events == 23 && h.mean == 365);
    CHECK_NEAR(h.ci.lower, 365 * ci.lower, 1e-13);
    CHECK_NEAR(h.ci.upper, 365 * ci.upper, 1e-13);
}

/* One homicide among many lesser offences: its weight widens the interval far beyond the count's.
 */
static void a_rare_heavy_offence_widens_the_interval(void **state)
{
    (void)state;
    const int64_t counts[] = {1, 400}, without[] = {0, 400};
    const double weights[] = {5475, 10};
    struct harm all, rest;
    CHECK_OK(harm_weigh(counts, weights, NULL, 2, 0.95, &all, &err));
    CHECK_OK(harm_weigh(without, weights, NULL, 2, 0.95, &rest, &err));
    CHECK(all.ci.lower == 0 || all.ci.lower < rest.total);
    CHECK(all.ci.upper - all.ci.lower > 10 * (rest.ci.upper - rest.ci.lower));
    CHECK(all.total - rest.total == 5475);
}

static void an_offence_without_a_weight_is_counted_apart(void **state)
{
    (void)state;
    const int64_t counts[] = {7, 5, 0, 2};
    const double weights[] = {10, (double)NAN, (double)NAN, 365};
    const uint64_t mapped = 0x9;
    struct harm h;
    CHECK_OK(harm_weigh(counts, weights, &mapped, 4, 0.95, &h, &err));
    CHECK(h.total == 800 && h.events == 9);
    CHECK(h.unmapped == 5 && h.unmapped_kinds == 1);
    const uint64_t none = 0;
    CHECK_OK(harm_weigh(counts, weights, &none, 4, 0.95, &h, &err));
    CHECK(h.events == 0 && h.unmapped == 14 && !h.has_mean && !h.ci.has_lower && !h.ci.has_upper);
    CHECK_OK(harm_weigh(NULL, NULL, NULL, 0, 0.95, &h, &err));
    CHECK(h.total == 0 && !h.has_mean && !h.ci.has_upper);
}

static void the_order_of_the_offences_does_not_matter(void **state)
{
    (void)state;
    const int64_t counts[] = {7, 500000, 3, 2}, back[] = {2, 3, 500000, 7};
    const double weights[] = {0.1, 1e-7, 5475.25, 84}, turned[] = {84, 5475.25, 1e-7, 0.1};
    struct harm a, b;
    CHECK_OK(harm_weigh(counts, weights, NULL, 4, 0.95, &a, &err));
    CHECK_OK(harm_weigh(back, turned, NULL, 4, 0.95, &b, &err));
    CHECK(a.total == b.total && a.variance == b.variance);
}

static void what_cannot_be_weighed_is_refused(void **state)
{
    (void)state;
    const int64_t counts[] = {1, 2}, bad[] = {1, -2}, many[] = {STATS_COUNT_MAX, STATS_COUNT_MAX};
    const double weights[] = {1, 2}, negative[] = {1, -2}, none[] = {1, (double)NAN};
    struct harm h = {.total = -7};
    CHECK_FAILS(harm_weigh(bad, weights, NULL, 2, 0.95, &h, &err), RV_DOMAIN);
    CHECK_FAILS(harm_weigh(many, weights, NULL, 2, 0.95, &h, &err), RV_DOMAIN);
    CHECK_FAILS(harm_weigh(counts, negative, NULL, 2, 0.95, &h, &err), RV_DOMAIN);
    CHECK_FAILS(harm_weigh(counts, none, NULL, 2, 0.95, &h, &err), RV_DOMAIN);
    CHECK_FAILS(harm_weigh(counts, weights, NULL, 2, 1, &h, &err), RV_DOMAIN);
    CHECK(h.total == -7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_agree_with_sums_in_Python),
        cmocka_unit_test(equal_weights_give_the_limits_of_the_count),
        cmocka_unit_test(a_rare_heavy_offence_widens_the_interval),
        cmocka_unit_test(an_offence_without_a_weight_is_counted_apart),
        cmocka_unit_test(the_order_of_the_offences_does_not_matter),
        cmocka_unit_test(what_cannot_be_weighed_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
