/* tests/stats/test_imputation.c — allocation of the missing and Rubin's rules.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "stats/imputation.h"
#include "table.h"

#define GROUPS      5
#define MOST_STRATA 16

static struct rv_err err;

static void reallocation_agrees_with_the_reference(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "reallocation.csv", NULL);
    double worst = 0;
    for (size_t first = 0; first < t.rows;) {
        int64_t known[MOST_STRATA * GROUPS], missing[MOST_STRATA], all = 0;
        size_t n = 0;
        const char *name = table_cell(&t, first, "case");
        for (; first + n < t.rows && strcmp(table_cell(&t, first + n, "case"), name) == 0; n++) {
            missing[n] = table_int(&t, first + n, "missing");
            all += missing[n];
            for (size_t g = 0; g < GROUPS; g++) {
                char column[4] = {'k', (char)('0' + g), '\0'};
                known[n * GROUPS + g] = table_int(&t, first + n, column);
                all += known[n * GROUPS + g];
            }
        }
        double got[GROUPS], total = 0;
        CHECK_OK(reallocate(known, missing, n, GROUPS, got, &err));
        for (size_t g = 0; g < GROUPS; g++) {
            char column[4] = {'a', (char)('0' + g), '\0'};
            CHECK_REF(got[g], table_real(&t, first + n - 1, column), 1e-10, &worst);
            total += got[g];
        }
        CHECK_NEAR(total, (double)all, 1e-12);
        first += n;
    }
    measured("reallocation", "counts", t.rows, "relative", worst);
    table_done(&t);
}

static void nothing_recorded_is_refused(void **state)
{
    (void)state;
    int64_t known[] = {0, 0, 0, 0}, missing[] = {3, 4}, negative[] = {3, -1};
    double got[2] = {-7, -7};
    CHECK_FAILS(reallocate(known, missing, 2, 2, got, &err), RV_DOMAIN);
    known[3] = 5;
    CHECK_FAILS(reallocate(known, negative, 2, 2, got, &err), RV_DOMAIN);
    CHECK(got[0] == -7 && got[1] == -7);
    /* the first stratum has none recorded and takes the proportions of all: only group 2 */
    CHECK_OK(reallocate(known, missing, 2, 2, got, &err));
    CHECK(got[0] == 0 && got[1] == 12);
}

static void pooling_agrees_with_mice(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "pool.csv", NULL);
    double worst = 0;
    for (size_t first = 0; first < t.rows;) {
        double q[64], u[64];
        size_t m = 0;
        const char *name = table_cell(&t, first, "case");
        for (; first + m < t.rows && strcmp(table_cell(&t, first + m, "case"), name) == 0; m++) {
            assert_true(m < 64);
            q[m] = table_real(&t, first + m, "q");
            u[m] = table_real(&t, first + m, "u");
        }
        struct pooled p;
        CHECK_OK(pool_estimates(q, u, m, (double)INFINITY, 0.95, &p, &err));
        CHECK_REF(p.estimate, table_real(&t, first, "qbar"), 1e-10, &worst);
        CHECK_REF(p.within, table_real(&t, first, "ubar"), 1e-10, &worst);
        CHECK_REF(p.between, table_real(&t, first, "b"), 1e-10, &worst);
        CHECK_REF(p.total, table_real(&t, first, "t"), 1e-10, &worst);
        CHECK_REF(p.df, table_real(&t, first, "df_old"), 1e-10, &worst);
        CHECK_REF(p.fraction_missing, table_real(&t, first, "fmi"), 1e-10, &worst);
        CHECK_REF(p.relative_increase, table_real(&t, first, "riv"), 1e-10, &worst);
        CHECK_REF(p.ci.lower, table_real(&t, first, "lower95"), 1e-10, &worst);
        CHECK_REF(p.ci.upper, table_real(&t, first, "upper95"), 1e-10, &worst);
        CHECK_OK(pool_estimates(q, u, m, 499, 0.95, &p, &err));
        CHECK_REF(p.df, table_real(&t, first, "df_br_n500"), 1e-10, &worst);
        first += m;
    }
    measured("pool", "estimates", t.rows, "relative", worst);
    table_done(&t);
}

static void copies_that_agree_lose_nothing(void **state)
{
    (void)state;
    double q[] = {0.4, 0.4, 0.4}, u[] = {0.01, 0.01, 0.01};
    struct pooled p;
    CHECK_OK(pool_estimates(q, u, 3, 80, 0.95, &p, &err));
    CHECK_NEAR(p.total, 0.01, 1e-15);
    CHECK_NEAR(p.df, 80, 1e-15);
    CHECK_NEAR(p.fraction_missing, 0, 1e-15);
    CHECK(p.ci.lower < 0.4 && p.ci.upper > 0.4);
    u[1] = (double)NAN;
    CHECK_FAILS(pool_estimates(q, u, 3, 80, 0.95, &p, &err), RV_DOMAIN);
    CHECK_FAILS(pool_estimates(q, u, 1, 80, 0.95, &p, &err), RV_DOMAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reallocation_agrees_with_the_reference),
        cmocka_unit_test(nothing_recorded_is_refused),
        cmocka_unit_test(pooling_agrees_with_mice),
        cmocka_unit_test(copies_that_agree_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
