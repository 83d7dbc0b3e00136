/* tests/stats/test_weighting.c — weighted shares and representativeness.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "stats/weighting.h"
#include "table.h"

#define MOST 512

static struct rv_err err;

/* R 4.2.2, survey 4.1-1 and closed forms: of the respondents of tests/ref/rake-weights.csv. */
static void shares_agree_with_R(void **state)
{
    (void)state;
    static uint8_t answers[MOST], young[MOST];
    static double weights[MOST];
    struct table t;
    table_open(&t, "rake-weights.csv", NULL);
    for (size_t i = 0; i < t.rows; i++) {
        answers[i] = (uint8_t)table_int(&t, i, "unsafe");
        young[i] = strcmp(table_cell(&t, i, "age"), "u25") == 0 ? answers[i] : UINT8_MAX;
        weights[i] = table_real(&t, i, "weight_rake");
    }
    struct weighted_share w;
    double worst = 0;
    CHECK_OK(weighted_share(answers, weights, t.rows, 0.95, &w, &err));
    CHECK_INT(w.n, 300);
    CHECK_REF(w.unweighted, 0.493333333333333, 1e-7, &worst);
    CHECK_REF(w.share, 0.562497849773708, 1e-7, &worst);
    CHECK_REF(w.standard_error, 0.0356319671290803, 1e-7, &worst);
    CHECK_REF(w.design_effect, 1.63102587645711, 1e-7, &worst);
    CHECK_REF(w.effective_n, 183.93331726389, 1e-7, &worst);
    CHECK_REF(w.ci.lower, 0.490253254436023, 1e-7, &worst);
    CHECK_REF(w.ci.upper, 0.632185308084859, 1e-7, &worst);
    CHECK_REF(w.unweighted_ci.lower, 0.437202070353283, 1e-7, &worst);
    CHECK_REF(w.unweighted_ci.upper, 0.549633169263044, 1e-7, &worst);
    CHECK_OK(weighted_share(young, weights, t.rows, 0.95, &w, &err));
    CHECK_INT(w.n, 18);
    CHECK_REF(w.share, 0.846793370653271, 1e-7, &worst);
    measured("weighted-share", "share and error", t.rows, "relative", worst);
    table_done(&t);
}

static void equal_weights_of_any_size_are_none(void **state)
{
    (void)state;
    uint8_t answers[] = {1, 0, 1, 1, 0, 1, 0, 9};
    double same[] = {3.7, 3.7, 3.7, 3.7, 3.7, 3.7, 3.7, 3.7};
    struct weighted_share a, b;
    CHECK_OK(weighted_share(answers, NULL, 8, 0.95, &a, &err));
    CHECK_OK(weighted_share(answers, same, 8, 0.95, &b, &err));
    CHECK_INT(a.n, 7);
    CHECK_NEAR(a.share, 4.0 / 7, 1e-15);
    CHECK_NEAR(a.design_effect, 1, 1e-15);
    CHECK_NEAR(b.share, a.share, 1e-15);
    CHECK_NEAR(b.design_effect, 1, 1e-14);
    CHECK_NEAR(a.ci.lower, a.unweighted_ci.lower, 1e-14);
    CHECK_NEAR(a.ci.upper, a.unweighted_ci.upper, 1e-14);
}

static void nobody_is_refused_and_one_has_no_standard_error(void **state)
{
    (void)state;
    uint8_t none[] = {2, 3}, one[] = {1, 2};
    double zero[] = {0, 5}, bad[] = {(double)INFINITY, 1};
    struct weighted_share w = {.n = -1};
    CHECK_FAILS(weighted_share(none, NULL, 2, 0.95, &w, &err), RV_DOMAIN);
    CHECK_FAILS(weighted_share(one, zero, 2, 0.95, &w, &err), RV_DOMAIN);
    CHECK_FAILS(weighted_share(one, bad, 2, 0.95, &w, &err), RV_DOMAIN);
    CHECK_INT(w.n, -1);
    CHECK_OK(weighted_share(one, NULL, 2, 0.95, &w, &err));
    CHECK(!w.has_standard_error && w.share == 1 && w.ci.upper == 1 && w.ci.lower < 1);
}

static void samples_are_as_far_from_their_population_as_R_says(void **state)
{
    (void)state;
    const int64_t ages[] = {18, 72, 110, 100};
    const double people[] = {26000, 68000, 62000, 44000};
    struct representativeness r;
    double worst = 0;
    CHECK_OK(representativeness(ages, people, 4, &r, &err));
    CHECK_REF(r.dissimilarity, 0.17, 1e-7, &worst);
    CHECK_REF(r.r_indicator, 0.998894279871084, 1e-7, &worst);
    CHECK_REF(r.variation, 0.368573376305311, 1e-7, &worst);
    CHECK_REF(r.p, 7.37423671454725e-09, 1e-7, &worst);
    measured("representativeness", "all four", 4, "relative", worst);
}

static void a_perfect_sample_is_at_no_distance(void **state)
{
    (void)state;
    const int64_t counts[] = {20, 30, 50};
    const double people[] = {2000, 3000, 5000}, empty[] = {2000, 0, 5000};
    struct representativeness r;
    CHECK_OK(representativeness(counts, people, 3, &r, &err));
    CHECK_NEAR(r.dissimilarity, 0, 1e-15);
    CHECK_NEAR(r.p, 1, 1e-15);
    CHECK_NEAR(r.r_indicator, 1, 1e-15);
    CHECK_FAILS(representativeness(counts, empty, 3, &r, &err), RV_DOMAIN);
    CHECK_FAILS(representativeness(counts, people, 1, &r, &err), RV_DOMAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_agree_with_R),
        cmocka_unit_test(equal_weights_of_any_size_are_none),
        cmocka_unit_test(nobody_is_refused_and_one_has_no_standard_error),
        cmocka_unit_test(samples_are_as_far_from_their_population_as_R_says),
        cmocka_unit_test(a_perfect_sample_is_at_no_distance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
