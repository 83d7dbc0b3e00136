/* tests/stats/test_displacement.c — the weighted displacement difference against published
 * examples. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "numbers.h"
#include "stats/displacement.h"
#include "stats/random.h"
#include "stats/wording.h"

static struct rv_err err;

static struct displacement_area area(const struct table *t, size_t row, const char *before,
                                     const char *after, const char *size)
{
    return (struct displacement_area){table_int(t, row, before), table_int(t, row, after),
                                      table_real(t, row, size)};
}

static void rounds_to(const struct table *t, size_t row, const char *column, const char *decimals,
                      double got)
{
    if (table_has(t, row, column)) {
        double half = 0.5 * pow(10, -(double)table_int(t, row, decimals));
        assert_true(fabs(got - table_real(t, row, column)) <= half * (1 + 1e-6));
    }
}

static void published_examples_come_out(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "wdd.csv", NULL);
    double worst = 0;
    for (size_t row = 0; row < t.rows; row++) {
        struct displacement_input in = {.treated = area(&t, row, "t0", "t1", "st"),
                                        .comparison = area(&t, row, "c0", "c1", "sc"),
                                        .has_neighbours = table_has(&t, row, "d0"),
                                        .neighbours = area(&t, row, "d0", "d1", "sd"),
                                        .neighbours_comparison = area(&t, row, "e0", "e1", "se")};
        struct displacement_options o = DISPLACEMENT_DEFAULTS;
        o.before_length = table_real(&t, row, "before_length");
        o.after_length = table_real(&t, row, "after_length");
        struct displacement d;
        CHECK_OK(displacement_difference(&in, &o, &d, &err));
        CHECK_REF(d.total.estimate, table_real(&t, row, "estimate"), 1e-9, &worst);
        if (table_has(&t, row, "variance")) {
            CHECK_REF(d.total.standard_error * d.total.standard_error,
                      table_real(&t, row, "variance"), 1e-9, &worst);
        }
        rounds_to(&t, row, "z", "z_decimals", d.total.z);
        rounds_to(&t, row, "lower", "limit_decimals", d.total.lower);
        rounds_to(&t, row, "upper", "limit_decimals", d.total.upper);
    }
    measured("wdd", "estimate and variance, as printed", t.rows, "relative", worst);
    table_done(&t);
}

/* The parts add up, and the units of the lengths do not matter. */
static void parts_add_up(void **state)
{
    (void)state;
    struct random_stream r;
    random_open(&r, 4, RANDOM_TEST, 0);
    for (int i = 0; i < 2000; i++) {
        int64_t n[8];
        for (int k = 0; k < 8; k++) {
            n[k] = random_below(&r, 300);
        }
        struct displacement_input in = {
            {n[0], n[1], 1}, {n[2], n[3], 1}, true, {n[4], n[5], 1}, {n[6], n[7], 1}};
        struct displacement_options o = DISPLACEMENT_DEFAULTS;
        o.before_length = 365;
        o.after_length = 1 + random_below(&r, 700);
        struct displacement d, again;
        CHECK_OK(displacement_difference(&in, &o, &d, &err));
        CHECK_NEAR(d.total.estimate, d.local.estimate + d.displaced.estimate, 1e-9);
        CHECK_NEAR(d.total.standard_error,
                   hypot(d.local.standard_error, d.displaced.standard_error), 1e-12);
        CHECK(d.total.lower < d.total.estimate && d.total.upper > d.total.estimate);
        CHECK((d.total.p < 0.05) == (d.total.lower > 0 || d.total.upper < 0));
        o.before_length *= 24;
        o.after_length *= 24;
        CHECK_OK(displacement_difference(&in, &o, &again, &err));
        CHECK_NEAR(again.total.z, d.total.z, 1e-12);
    }
}

/* No difference in truth: the test errs about one time in twenty. */
static void the_test_keeps_its_level(void **state)
{
    (void)state;
    struct random_stream r;
    random_open(&r, 5, RANDOM_TEST, 0);
    int wrong = 0;
    for (int i = 0; i < 4000; i++) {
        int64_t n[4] = {0, 0, 0, 0};
        for (int k = 0; k < 4; k++) {
            for (int j = 0; j < 3000; j++) { /* nearly Poisson, mean 30 and 15 */
                n[k] += random_below(&r, k < 2 ? 100 : 200) == 0;
            }
        }
        struct displacement_input in = {.treated = {n[0], n[1], 1}, .comparison = {n[2], n[3], 1}};
        struct displacement_options o = DISPLACEMENT_DEFAULTS;
        struct displacement d;
        CHECK_OK(displacement_difference(&in, &o, &d, &err));
        wrong += d.local.p < 0.05;
    }
    CHECK(wrong > 140 && wrong < 260); /* 200 expected */
}

static void nothing_recorded_is_no_effect_and_no_claim(void **state)
{
    (void)state;
    struct displacement_input in = {.treated = {0, 0, 1}, .comparison = {0, 0, 1}};
    struct displacement_options o = DISPLACEMENT_DEFAULTS;
    struct displacement d;
    CHECK_OK(displacement_difference(&in, &o, &d, &err));
    CHECK(!d.local.has_test && !d.total.has_test && d.is_rough);
    CHECK_INT(wording_of_displacement(&d.local), WORDING_NOTHING_RECORDED);
    in.treated.before = 60;
    in.comparison = (struct displacement_area){40, 41, 1};
    CHECK_OK(displacement_difference(&in, &o, &d, &err));
    CHECK(d.local.has_test && d.is_rough && d.local.estimate == -61);
    CHECK_INT(wording_of_displacement(&d.local), WORDING_FEWER_THAN_COMPARISON);
    in.treated = (struct displacement_area){20, 61, 1};
    CHECK_OK(displacement_difference(&in, &o, &d, &err));
    CHECK_INT(wording_of_displacement(&d.local), WORDING_MORE_THAN_COMPARISON);
    in.treated = (struct displacement_area){50, 55, 1};
    CHECK_OK(displacement_difference(&in, &o, &d, &err));
    CHECK_INT(wording_of_displacement(&d.local), WORDING_NOT_DISTINGUISHABLE);
    CHECK(!d.is_rough);
}

static void bad_input_is_refused_and_leaves_ret_alone(void **state)
{
    (void)state;
    struct displacement_input in = {.treated = {5, 5, 1}, .comparison = {5, -5, 1}};
    struct displacement_options o = DISPLACEMENT_DEFAULTS;
    struct displacement d = {.local.z = -7};
    CHECK_FAILS(displacement_difference(&in, &o, &d, &err), RV_DOMAIN);
    in.comparison.after = 5;
    in.comparison.size = 0;
    CHECK_FAILS(displacement_difference(&in, &o, &d, &err), RV_DOMAIN);
    in.comparison.size = 1;
    o.after_length = (double)NAN;
    CHECK_FAILS(displacement_difference(&in, &o, &d, &err), RV_DOMAIN);
    o = DISPLACEMENT_DEFAULTS;
    o.level = 1;
    CHECK_FAILS(displacement_difference(&in, &o, &d, &err), RV_DOMAIN);
    in.has_neighbours = true;
    o = DISPLACEMENT_DEFAULTS;
    CHECK_FAILS(displacement_difference(&in, &o, &d, &err), RV_DOMAIN);
    CHECK(d.local.z == -7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_examples_come_out),
        cmocka_unit_test(parts_add_up),
        cmocka_unit_test(the_test_keeps_its_level),
        cmocka_unit_test(nothing_recorded_is_no_effect_and_no_claim),
        cmocka_unit_test(bad_input_is_refused_and_leaves_ret_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
