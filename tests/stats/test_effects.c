/* tests/stats/test_effects.c — differences split into effects.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "stats/effects.h"
#include "table.h"

#define GROUPS 16

static struct rv_err err;

struct groups {
    double events0[GROUPS], pop0[GROUPS], events1[GROUPS], pop1[GROUPS];
    size_t n;
};

/* The rows of the case that starts at `first`. */
static void take(struct groups *g, const struct table *t, size_t first)
{
    g->n = 0;
    for (size_t i = first; i < t->rows; i++) {
        if (strcmp(table_cell(t, i, "case"), table_cell(t, first, "case")) != 0) {
            break;
        }
        g->events0[g->n] = table_real(t, i, "events0");
        g->pop0[g->n] = table_real(t, i, "pop0");
        g->events1[g->n] = table_real(t, i, "events1");
        g->pop1[g->n] = table_real(t, i, "pop1");
        g->n++;
    }
}

static void kitagawa_agrees_with_R(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "kitagawa.csv", NULL);
    double worst = 0;
    struct groups g;
    for (size_t i = 0; i < t.rows; i += g.n) {
        take(&g, &t, i);
        struct kitagawa k;
        struct kitagawa_group parts[GROUPS];
        CHECK_OK(effects_kitagawa(g.events0, g.pop0, g.events1, g.pop1, g.n,
                                  table_real(&t, i, "multiplier"), parts, &k, &err));
        const double got[] = {k.before,
                              k.after,
                              k.difference,
                              k.rate,
                              k.composition,
                              k.rate_at_before,
                              k.composition_at_before,
                              k.interaction};
        const char *const names[] = {"crude0",
                                     "crude1",
                                     "diff",
                                     "rate_effect",
                                     "composition_effect",
                                     "three_rate",
                                     "three_composition",
                                     "three_interaction"};
        for (size_t m = 0; m < 8; m++) {
            CHECK_REF(got[m], table_real(&t, i, names[m]), 1e-10, &worst);
        }
        double rate = 0, composition = 0;
        for (size_t j = 0; j < g.n; j++) {
            CHECK_REF(parts[j].rate, table_real(&t, i + j, "group_rate"), 1e-10, &worst);
            CHECK_REF(parts[j].composition, table_real(&t, i + j, "group_composition"), 1e-10,
                      &worst);
            rate += parts[j].rate;
            composition += parts[j].composition;
        }
        double size = fabs(k.before) + fabs(k.after);
        CHECK(fabs(rate + composition - k.difference) <= 1e-13 * size);
        CHECK(fabs(k.rate_at_before + k.composition_at_before + k.interaction - k.difference) <=
              1e-13 * size);
        CHECK_INT(k.borrowed, 0);
    }
    measured("kitagawa", "effects", t.rows, "relative", worst);
    table_done(&t);
}

/* Equal rates leave only composition, equal shares only rates; turning time turns the signs. */
static void each_effect_is_its_own(void **state)
{
    (void)state;
    const double pop[] = {1000, 3000, 500}, later[] = {4000, 1000, 1500};
    const double low[] = {10, 60, 25}, same[] = {40, 20, 75}, high[] = {13, 47, 31};
    struct kitagawa k, back;
    CHECK_OK(effects_kitagawa(low, pop, same, later, 3, 1000, NULL, &k, &err));
    CHECK(fabs(k.rate) < 1e-12 && fabs(k.interaction) < 1e-12);
    CHECK_NEAR(k.composition, k.difference, 1e-12);
    CHECK_OK(effects_kitagawa(low, pop, high, pop, 3, 1000, NULL, &k, &err));
    CHECK(fabs(k.composition) < 1e-12);
    CHECK_NEAR(k.rate, k.difference, 1e-12);
    CHECK_OK(effects_kitagawa(low, pop, high, later, 3, 1000, NULL, &k, &err));
    CHECK_OK(effects_kitagawa(high, later, low, pop, 3, 1000, NULL, &back, &err));
    CHECK_NEAR(back.rate, -k.rate, 1e-12);
    CHECK_NEAR(back.composition, -k.composition, 1e-12);
}

static void an_empty_group_borrows_the_other_rate(void **state)
{
    (void)state;
    const double events0[] = {5, 0, 0}, pop0[] = {100, 0, 0}, events1[] = {5, 3, 0};
    const double pop1[] = {100, 60, 0}, bad[] = {5, 1, 0}, nobody[] = {0, 0, 0};
    struct kitagawa k = {.rate = -7};
    struct kitagawa_group parts[3];
    CHECK_OK(effects_kitagawa(events0, pop0, events1, pop1, 3, 1000, parts, &k, &err));
    CHECK_INT(k.borrowed, 1);
    CHECK(parts[1].rate == 0 && parts[2].rate == 0 && parts[2].composition == 0);
    CHECK_NEAR(k.rate + k.composition, k.difference, 1e-12);
    k.rate = -7;
    CHECK_FAILS(effects_kitagawa(bad, pop0, events1, pop1, 3, 1000, NULL, &k, &err), RV_DOMAIN);
    CHECK(strstr(err.message, "group 2"));
    CHECK_FAILS(effects_kitagawa(nobody, nobody, events1, pop1, 3, 1000, NULL, &k, &err),
                RV_DOMAIN);
    CHECK_FAILS(effects_kitagawa(NULL, NULL, NULL, NULL, 0, 1000, NULL, &k, &err), RV_DOMAIN);
    CHECK_FAILS(effects_kitagawa(events0, pop0, events1, pop1, 3, 0, NULL, &k, &err), RV_DOMAIN);
    const double broken[] = {5, (double)NAN, 0};
    CHECK_FAILS(effects_kitagawa(events0, broken, events1, pop1, 3, 1000, NULL, &k, &err),
                RV_DOMAIN);
    CHECK(k.rate == -7);
}

static void population_rows(const char *shared)
{
    struct table t;
    table_open(&t, "pop-vs-rate.csv", shared);
    double worst = 0;
    for (size_t i = 0; i < t.rows; i++) {
        struct population_effect e;
        CHECK_OK(effects_population(table_real(&t, i, "count0"), table_real(&t, i, "pop0"),
                                    table_real(&t, i, "count1"), table_real(&t, i, "pop1"), &e,
                                    &err));
        CHECK_REF(e.population, table_real(&t, i, "mid_pop_effect"), 1e-10, &worst);
        CHECK_REF(e.rate, table_real(&t, i, "mid_rate_effect"), 1e-10, &worst);
        CHECK_INT(e.has_lmdi, table_has(&t, i, "lmdi_pop_effect"));
        if (e.has_lmdi) {
            CHECK_REF(e.lmdi_population, table_real(&t, i, "lmdi_pop_effect"), 1e-10, &worst);
            CHECK_REF(e.lmdi_rate, table_real(&t, i, "lmdi_rate_effect"), 1e-10, &worst);
        }
        CHECK(fabs(e.population + e.rate - e.change) <= 1e-11);
    }
    measured("pop-vs-rate", "effects", t.rows, "relative", worst);
    table_done(&t);
}

static void population_and_rate_agree_with_R(void **state)
{
    (void)state;
    population_rows(NULL);
}

static void population_and_rate_agree_with_the_shared_reference(void **state)
{
    (void)state;
    population_rows("reference/03_pop_vs_rate/pop_vs_rate.csv");
}

static void population_and_rate_at_the_edges(void **state)
{
    (void)state;
    struct population_effect e = {.change = -7};
    CHECK_OK(effects_population(0, 100, 12, 130, &e, &err));
    CHECK(!e.has_lmdi);
    CHECK_NEAR(e.population + e.rate, 12, 1e-12);
    CHECK_OK(effects_population(50, 100, 50, 100, &e, &err));
    CHECK(e.has_lmdi && e.population == 0 && e.rate == 0 && e.lmdi_population == 0 &&
          e.lmdi_rate == 0);
    CHECK_OK(effects_population(50, 100, 100, 200, &e, &err));
    CHECK_NEAR(e.lmdi_population, 50, 1e-13);
    CHECK(fabs(e.lmdi_rate) < 1e-12 && fabs(e.rate) < 1e-12);
    /* Nearly equal counts: the logarithmic mean keeps its digits. */
    CHECK_OK(effects_population(1e9, 1e6, 1e9 + 1, 2e6, &e, &err));
    CHECK_NEAR(e.lmdi_population, 1e9 * log(2.0), 1e-9);
    e.change = -7;
    CHECK_FAILS(effects_population(1, 0, 1, 1, &e, &err), RV_DOMAIN);
    CHECK_FAILS(effects_population(1, 1, -1, 1, &e, &err), RV_DOMAIN);
    CHECK_FAILS(effects_population((double)NAN, 1, 1, 1, &e, &err), RV_DOMAIN);
    CHECK_FAILS(effects_population(1, 1e-300, 1, 1e300, &e, &err), RV_DOMAIN);
    CHECK(e.change == -7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kitagawa_agrees_with_R),
        cmocka_unit_test(each_effect_is_its_own),
        cmocka_unit_test(an_empty_group_borrows_the_other_rate),
        cmocka_unit_test(population_and_rate_agree_with_R),
        cmocka_unit_test(population_and_rate_agree_with_the_shared_reference),
        cmocka_unit_test(population_and_rate_at_the_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
