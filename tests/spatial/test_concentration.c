/* tests/spatial/test_concentration.c — concentration against closed forms and counted-out chance.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "spatial/concentration.h"
#include "table.h"

#define AREAS 400

static struct rv_err err;

static struct arena fresh(void)
{
    struct arena a;
    arena_init(&a, 256u << 20);
    return a;
}

static size_t take(const struct table *t, size_t first, int64_t *counts)
{
    size_t n = 0;
    const char *name = table_cell(t, first, "case");
    while (first + n < t->rows && strcmp(table_cell(t, first + n, "case"), name) == 0) {
        counts[n] = table_int(t, first + n, "count");
        n++;
    }
    return n;
}

static void measures_agree_with_the_reference(void **state)
{
    (void)state;
    static const size_t tops[] = {1, 2, 5, 10, 20};
    struct table t;
    table_open(&t, "concentration.csv", NULL);
    double worst = 0;
    size_t cases = 0;
    for (size_t i = 0, n = 0; i < t.rows; i += n, cases++) {
        struct arena a = fresh();
        int64_t counts[AREAS];
        struct concentration c;
        n = take(&t, i, counts);
        CHECK_OK(concentration_measure(&a, counts, n, &c, &err));
        double nought = 1e-12; /* two of the values are a rounding error beside 0 */
        CHECK(fabs(c.generalised - table_real(&t, i, "generalised_gini")) < nought);
        CHECK(fabs(c.generalised_unbiased - table_real(&t, i, "generalised_gini_unbiased")) <
              nought);
        CHECK_REF(c.gini, table_real(&t, i, "gini"), 1e-12, &worst);
        CHECK_REF(c.gini_unbiased, table_real(&t, i, "gini_unbiased"), 1e-12, &worst);
        CHECK_REF(c.hhi, table_real(&t, i, "hhi"), 1e-12, &worst);
        CHECK(fabs(c.theil - table_real(&t, i, "theil")) < 1e-12);
        CHECK_INT(c.for_quarter, table_int(&t, i, "for_25"));
        CHECK_INT(c.for_half, table_int(&t, i, "for_50"));
        CHECK_REF(c.quarter_percent, table_real(&t, i, "for_25_percent"), 1e-12, &worst);
        CHECK_REF(c.half_percent, table_real(&t, i, "for_50_percent"), 1e-12, &worst);
        CHECK_INT(c.with_events, table_int(&t, i, "with_events"));
        for (size_t k = 0; k < 5; k++) {
            char name[16];
            bool is_tied = false;
            (void)snprintf(name, sizeof name, "top_%zu", tops[k]);
            CHECK_REF(concentration_top(&c, tops[k], &is_tied), table_real(&t, i, name), 1e-12,
                      &worst);
            (void)snprintf(name, sizeof name, "tied_%zu", tops[k]);
            CHECK_INT(is_tied, table_int(&t, i, name));
        }
        if (table_has(&t, i, "chance_gini")) {
            struct concentration_chance chance;
            CHECK_OK(concentration_by_chance(&a, &c, &CONCENTRATION_DEFAULTS, &chance, &err));
            CHECK_NEAR(chance.top.mean, table_real(&t, i, "chance_top_10"), 0.01);
            CHECK_NEAR(chance.gini.mean, table_real(&t, i, "chance_gini"), 0.01);
        }
        arena_done(&a);
    }
    CHECK_INT(cases, 6);
    measured("concentration", "measures", cases, "relative", worst);
    table_done(&t);
}

/* The Gini is the mean difference of every pair over twice the mean. */
static void gini_is_the_mean_difference_of_pairs(void **state)
{
    (void)state;
    uint32_t seed = 3;
    for (int round = 0; round < 50; round++) {
        struct arena a = fresh();
        int64_t counts[23], sum = 1, apart = 0;
        for (size_t i = 0; i < 23; i++) {
            seed = seed * 1664525u + 1013904223u;
            counts[i] = (seed >> 20) % 40 + (i == 0);
            sum += counts[i];
        }
        sum--;
        for (size_t i = 0; i < 23; i++) {
            for (size_t k = 0; k < 23; k++) {
                apart += counts[i] > counts[k] ? counts[i] - counts[k] : counts[k] - counts[i];
            }
        }
        struct concentration c;
        CHECK_OK(concentration_measure(&a, counts, 23, &c, &err));
        CHECK_NEAR(c.gini, (double)apart / (2 * 23.0 * (double)sum), 1e-12);
        arena_done(&a);
    }
}

/* Three events on three areas: of 27 outcomes 3 have all in one, 18 two and one, 6 one in each. */
static void chance_is_what_all_outcomes_give(void **state)
{
    (void)state;
    struct arena a = fresh();
    const int64_t counts[] = {2, 0, 1};
    struct concentration_options o = CONCENTRATION_DEFAULTS;
    struct concentration c;
    struct concentration_chance chance, again;
    o.top = 1;
    o.replicates = 100000;
    CHECK_OK(concentration_measure(&a, counts, 3, &c, &err));
    CHECK_OK(concentration_by_chance(&a, &c, &o, &chance, &err));
    double within = 0.01; /* beyond six standard errors */
    CHECK_NEAR(chance.top.mean, (3 * 1.0 + 18 * 2 / 3.0 + 6 / 3.0) / 27, within);
    CHECK_NEAR(chance.half.mean, (3 * 1.0 + 18 * 1 + 6 * 2) / 27, within);
    CHECK_NEAR(chance.curve[1], (3 * 1.0 + 18 * 1 + 6 * 2 / 3.0) / 27, within);
    CHECK(chance.curve[2] == 1);
    CHECK_NEAR(chance.top.p, 21 / 27.0, within);
    CHECK(chance.top.lower == 1 / 3.0 && chance.top.upper == 1);
    CHECK_OK(concentration_by_chance(&a, &c, &o, &again, &err));
    CHECK(again.top.mean == chance.top.mean && again.gini.p == chance.gini.p);
    arena_done(&a);
}

/* Many events go by binomials, few one by one: both must be the same chance. */
static void both_ways_of_throwing_agree(void **state)
{
    (void)state;
    struct arena a = fresh();
    const int64_t below[] = {40 * 4 + 3, 0, 0, 0}, above[] = {41 * 4, 0, 0, 0};
    struct concentration_options o = CONCENTRATION_DEFAULTS;
    struct concentration x, y;
    struct concentration_chance few, many;
    o.top = 1;
    o.replicates = 20000;
    CHECK_OK(concentration_measure(&a, below, 4, &x, &err));
    CHECK_OK(concentration_measure(&a, above, 4, &y, &err));
    CHECK_OK(concentration_by_chance(&a, &x, &o, &few, &err));
    CHECK_OK(concentration_by_chance(&a, &y, &o, &many, &err));
    CHECK_NEAR(few.top.mean, many.top.mean, 0.005);
    CHECK_NEAR(few.gini.mean, many.gini.mean, 0.02);
    CHECK(few.top.p < 1e-4 && many.top.p < 1e-4); /* all in one area is no chance */
    arena_done(&a);
}

static void what_has_no_answer_is_refused(void **state)
{
    (void)state;
    struct arena a = fresh();
    const int64_t none[] = {0, 0}, bad[] = {1, -1}, fit[] = {1, 2};
    struct concentration_options o = CONCENTRATION_DEFAULTS;
    struct concentration c;
    struct concentration_chance chance;
    CHECK_FAILS(concentration_measure(&a, none, 2, &c, &err), RV_DOMAIN);
    CHECK_FAILS(concentration_measure(&a, none, 0, &c, &err), RV_DOMAIN);
    CHECK_FAILS(concentration_measure(&a, bad, 2, &c, &err), RV_DOMAIN);
    CHECK_OK(concentration_measure(&a, fit, 2, &c, &err));
    CHECK_FAILS(concentration_by_chance(&a, &c, &o, &chance, &err), RV_DOMAIN); /* top 10 of 2 */
    o.top = 2;
    o.replicates = 0;
    CHECK_FAILS(concentration_by_chance(&a, &c, &o, &chance, &err), RV_DOMAIN);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_agree_with_the_reference),
        cmocka_unit_test(gini_is_the_mean_difference_of_pairs),
        cmocka_unit_test(chance_is_what_all_outcomes_give),
        cmocka_unit_test(both_ways_of_throwing_agree),
        cmocka_unit_test(what_has_no_answer_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
