/* tests/stats/test_funnel.c — funnel limits, places and over-dispersion.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/memory.h"
#include "check.h"
#include "stats/funnel.h"
#include "table.h"

#define AREAS 512

static struct rv_err err;
static struct arena arena;

struct areas {
    double counts[AREAS], sizes[AREAS];
    size_t n;
};

static struct funnel_area placed[AREAS];

static void take(struct areas *a, const struct table *t, const char *count, const char *size)
{
    assert_true(t->rows <= AREAS);
    a->n = t->rows;
    for (size_t i = 0; i < t->rows; i++) {
        a->counts[i] = count ? table_real(t, i, count) : 0;
        a->sizes[i] = size ? table_real(t, i, size) : 0;
    }
}

static void check_limits(const struct funnel_area *a, const struct table *t, size_t i,
                         const char *prefix, double per, double *worst)
{
    const double got[] = {a->two.lower, a->two.upper, a->three.lower, a->three.upper};
    const char *const tails[] = {"0.025", "0.975", "0.001", "0.999"};
    CHECK(a->has_limits);
    for (size_t k = 0; k < 4; k++) {
        char name[64];
        (void)snprintf(name, sizeof name, "%s%s", prefix, tails[k]);
        CHECK_REF(got[k] * per, table_real(t, i, name), 1e-8, worst);
    }
}

static void proportion_rows(const char *shared)
{
    struct table t;
    table_open(&t, "funnel-proportion.csv", shared);
    static struct areas a;
    take(&a, &t, "numerator", "denominator");
    double worst = 0;
    struct funnel_summary summary;
    struct funnel_options options = FUNNEL_DEFAULTS;
    options.kind = FUNNEL_PROPORTION;
    for (size_t k = 0; k < 2; k++) {
        options.limits = k ? FUNNEL_EXACT : FUNNEL_SCORE;
        CHECK_OK(funnel_place_areas(&arena, a.counts, NULL, a.sizes, NULL, a.n, &options, placed,
                                    &summary, &err));
        for (size_t i = 0; i < t.rows; i++) {
            check_limits(&placed[i], &t, i, k ? "spieg_exact_" : "norm_", 1, &worst);
            if (k == 0) {
                CHECK_STRING(funnel_place_label(placed[i].place),
                             table_cell(&t, i, "significance"));
            }
        }
    }
    CHECK_REF(summary.target, table_real(&t, 0, "average"), 1e-12, &worst);
    measured("funnel", "proportions", t.rows, "relative", worst);
    table_done(&t);
}

static void rate_rows(const char *shared)
{
    struct table t;
    table_open(&t, "funnel-rate.csv", shared);
    static struct areas a;
    take(&a, &t, "events", "pop");
    double worst = 0;
    struct funnel_summary summary;
    struct funnel_options options = FUNNEL_DEFAULTS;
    CHECK_OK(funnel_place_areas(&arena, a.counts, NULL, a.sizes, NULL, a.n, &options, placed,
                                &summary, &err));
    for (size_t i = 0; i < t.rows; i++) {
        check_limits(&placed[i], &t, i, "spieg_exact_", 100000, &worst);
        CHECK_REF(placed[i].z, table_real(&t, i, "z_naive"), 1e-8, &worst);
        CHECK_REF(placed[i].value * 100000, table_real(&t, i, "rate"), 1e-12, &worst);
    }
    CHECK_REF(summary.phi_raw, table_real(&t, 0, "phi_raw"), 1e-8, &worst);
    CHECK_REF(summary.phi, table_real(&t, 0, "phi_winsor10"), 1e-8, &worst);
    CHECK_REF(summary.phi_critical, table_real(&t, 0, "phi_crit"), 1e-8, &worst);
    CHECK(summary.is_over_dispersed);
    options.limits = FUNNEL_UKHSA;
    CHECK_OK(funnel_place_areas(&arena, a.counts, NULL, a.sizes, NULL, a.n, &options, placed,
                                &summary, &err));
    for (size_t i = 0; i < t.rows; i++) {
        CHECK_STRING(funnel_place_label(placed[i].place), table_cell(&t, i, "significance"));
    }
    measured("funnel", "rates", t.rows, "relative", worst);
    table_done(&t);
}

static void limits_agree_with_R(void **state)
{
    (void)state;
    proportion_rows(NULL);
    rate_rows(NULL);
}

static void limits_agree_with_the_shared_reference(void **state)
{
    (void)state;
    proportion_rows("reference/01_funnel/funnel_proportion.csv");
    rate_rows("reference/01_funnel/funnel_rate.csv");
}

static void places_agree_with_those_that_UKHSA_prints(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "phe-funnel-proportion.csv", NULL);
    static struct areas a;
    take(&a, &t, "numerator", "denominator");
    struct funnel_summary summary;
    struct funnel_options options = FUNNEL_DEFAULTS;
    options.kind = FUNNEL_PROPORTION;
    options.limits = FUNNEL_SCORE;
    CHECK_OK(funnel_place_areas(&arena, a.counts, NULL, a.sizes, NULL, a.n, &options, placed,
                                &summary, &err));
    for (size_t i = 0; i < t.rows; i++) {
        CHECK_STRING(funnel_place_label(placed[i].place), table_cell(&t, i, "significance"));
    }
    table_done(&t);
    /* The curve: limits at sizes from 1, at the centre of the same areas. */
    table_open(&t, "phe-funnel-curve.csv", NULL);
    take(&a, &t, NULL, "Population");
    static const uint64_t none[AREAS / 64] = {0};
    options.has_target = true;
    options.target = summary.target;
    CHECK_OK(funnel_place_areas(&arena, a.counts, none, a.sizes, NULL, a.n, &options, placed,
                                &summary, &err));
    const char *const names[] = {"Lower2s0025limit", "Upper2s0025limit", "Lower3s0001limit",
                                 "Upper3s0001limit"};
    for (size_t i = 0; i < t.rows; i++) {
        const double got[] = {placed[i].two.lower, placed[i].two.upper, placed[i].three.lower,
                              placed[i].three.upper};
        CHECK(!placed[i].has_value);
        for (size_t k = 0; k < 4; k++) {
            CHECK(fabs(got[k] * 100 - table_real(&t, i, names[k])) < 6e-7);
        }
    }
    CHECK_INT(summary.areas, 0);
    table_done(&t);
}

/* Their search for the mean m at the limit of a count x halves v = m / (1 + x + m) down to 1e-7:
 * each printed limit lies within that step of the exact one. */
static void rate_limits_agree_with_those_that_UKHSA_prints(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "phe-funnel-rate.csv", NULL);
    static struct areas a;
    take(&a, &t, "Events", NULL);
    static const uint64_t none[AREAS / 64] = {0};
    struct funnel_summary summary;
    struct funnel_options options = FUNNEL_DEFAULTS;
    options.limits = FUNNEL_UKHSA;
    options.has_target = true;
    options.target = table_real(&t, 0, "baseline") / 100000;
    CHECK_OK(funnel_place_areas(&arena, a.counts, NULL, a.sizes, none, a.n, &options, placed,
                                &summary, &err));
    const char *const names[] = {"lower_2s_limit", "upper_2s_limit", "lower_3s_limit",
                                 "upper_3s_limit"};
    for (size_t i = 0; i < t.rows; i++) {
        const double got[] = {placed[i].two.lower, placed[i].two.upper, placed[i].three.lower,
                              placed[i].three.upper};
        for (size_t k = 0; k < 4; k++) {
            double mean = options.target * a.counts[i] / got[k];
            double v = mean / (1 + a.counts[i] + mean);
            CHECK_NEAR(table_real(&t, i, names[k]), got[k] * 100000, 1.1e-7 / (v * (1 - v)));
        }
    }
    table_done(&t);
}

/* The interpolated limits hold the tails: between the two counts around each limit lies the tail
 * itself, and wider tails give narrower limits. */
static void limits_narrow_with_size_and_hold_the_target(void **state)
{
    (void)state;
    double counts[60], sizes[60], last = HUGE_VAL;
    for (size_t i = 0; i < 60; i++) {
        sizes[i] = floor(pow(1.35, (double)i) + 1);
        counts[i] = floor(sizes[i] * 0.2);
    }
    for (size_t k = 0; k < 4; k++) {
        struct funnel_options options = FUNNEL_DEFAULTS;
        options.kind = k < 2 ? FUNNEL_PROPORTION : FUNNEL_RATE;
        options.limits = k % 2 ? FUNNEL_SCORE : FUNNEL_EXACT;
        options.has_target = true;
        options.target = 0.231;
        struct funnel_summary summary;
        CHECK_OK(funnel_place_areas(&arena, counts, NULL, sizes, NULL, 60, &options, placed,
                                    &summary, &err));
        last = HUGE_VAL;
        for (size_t i = 0; i < 60; i++) {
            const struct funnel_area *a = &placed[i];
            CHECK(0 <= a->three.lower && a->three.lower <= a->two.lower);
            CHECK(a->two.lower <= 0.231 && 0.231 <= a->two.upper);
            CHECK(a->two.upper <= a->three.upper);
            CHECK(k >= 2 || a->three.upper <= 1);
            if (i >= 12) { /* small sizes jump with the whole counts */
                CHECK(a->three.upper - a->three.lower < last);
                last = a->three.upper - a->three.lower;
            }
        }
    }
}

static void the_order_of_the_areas_does_not_matter(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "funnel-rate.csv", NULL);
    static struct areas a, b;
    take(&a, &t, "events", "pop");
    b.n = a.n;
    for (size_t i = 0; i < a.n; i++) {
        b.counts[i] = a.counts[a.n - 1 - i];
        b.sizes[i] = a.sizes[a.n - 1 - i];
    }
    static struct funnel_area back[AREAS];
    for (int d = FUNNEL_AS_CHANCE; d <= FUNNEL_ADDITIVE; d++) {
        struct funnel_options options = FUNNEL_DEFAULTS;
        options.dispersion = (enum funnel_dispersion)d;
        struct funnel_summary x, y;
        CHECK_OK(funnel_place_areas(&arena, a.counts, NULL, a.sizes, NULL, a.n, &options, placed,
                                    &x, &err));
        CHECK_OK(funnel_place_areas(&arena, b.counts, NULL, b.sizes, NULL, b.n, &options, back, &y,
                                    &err));
        CHECK_NEAR(y.phi, x.phi, 1e-13);
        CHECK_NEAR(y.tau2, x.tau2, 1e-12);
        for (size_t i = 0; i < a.n; i++) {
            CHECK_NEAR(back[a.n - 1 - i].three.upper, placed[i].three.upper, 1e-12);
            CHECK_INT(back[a.n - 1 - i].place, placed[i].place);
        }
    }
    table_done(&t);
}

/* The additive spread against its definition (DerSimonian-Laird's moment with phi for Q / I), and
 * the wider limits against their formula. */
static void wider_limits_are_what_they_say(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "funnel-rate.csv", NULL);
    static struct areas a;
    take(&a, &t, "events", "pop");
    double w = 0, w2 = 0;
    struct funnel_options options = FUNNEL_DEFAULTS;
    options.dispersion = FUNNEL_ADDITIVE;
    struct funnel_summary s;
    CHECK_OK(
        funnel_place_areas(&arena, a.counts, NULL, a.sizes, NULL, a.n, &options, placed, &s, &err));
    for (size_t i = 0; i < a.n; i++) {
        w += a.sizes[i] / s.target;
        w2 += a.sizes[i] / s.target * (a.sizes[i] / s.target);
    }
    double n = (double)a.n;
    CHECK_NEAR(s.tau2, (n * s.phi - (n - 1)) / (w - w2 / w), 1e-12);
    double sd = sqrt(s.target / a.sizes[5] + s.tau2);
    CHECK_NEAR(placed[5].two.upper, s.target + 1.959963984540054 * sd, 1e-12);
    options.dispersion = FUNNEL_MULTIPLICATIVE;
    CHECK_OK(
        funnel_place_areas(&arena, a.counts, NULL, a.sizes, NULL, a.n, &options, placed, &s, &err));
    sd = sqrt(s.phi * s.target / a.sizes[5]);
    CHECK_NEAR(placed[5].two.upper, s.target + 1.959963984540054 * sd, 1e-12);
    /* Areas that differ by chance alone keep the limits of chance. */
    const double counts[] = {100, 104, 97, 99, 101}, sizes[] = {1000, 1000, 1000, 1000, 1000};
    CHECK_OK(funnel_place_areas(&arena, counts, NULL, sizes, NULL, 5, &options, placed, &s, &err));
    CHECK(!s.is_over_dispersed);
    CHECK_NEAR(placed[0].two.upper, s.target + 1.959963984540054 * sqrt(s.target / 1000), 1e-12);
    table_done(&t);
}

static void what_is_missing_is_never_significant(void **state)
{
    (void)state;
    const double counts[] = {0, 900, 0, 50}, sizes[] = {1000, 1000, 0, 1000};
    const uint64_t count_valid = 0xe, size_valid = 0xf; /* the first count is missing */
    for (int k = FUNNEL_SCORE; k <= FUNNEL_UKHSA; k++) {
        struct funnel_options options = FUNNEL_DEFAULTS;
        options.limits = (enum funnel_limits)k;
        struct funnel_summary s;
        CHECK_OK(funnel_place_areas(&arena, counts, &count_valid, sizes, &size_valid, 4, &options,
                                    placed, &s, &err));
        CHECK_INT(s.areas, 2);
        CHECK(s.target == 950.0 / 2000);
        CHECK(!placed[0].has_value && placed[0].place == FUNNEL_WITHIN);
        CHECK(!placed[2].has_value && placed[2].place == FUNNEL_WITHIN);
        CHECK(k == FUNNEL_UKHSA || !placed[2].has_limits);
        CHECK_INT(placed[1].place, FUNNEL_HIGH_3);
        CHECK_INT(placed[3].place, FUNNEL_LOW_3);
    }
}

static void what_has_no_funnel_is_refused(void **state)
{
    (void)state;
    const double zero[] = {0, 0}, some[] = {3, 4}, sizes[] = {10, 10}, bad[] = {3, (double)NAN};
    const double part[] = {10.5, 10};
    struct funnel_options options = FUNNEL_DEFAULTS;
    struct funnel_summary s = {.phi = -7};
    CHECK_FAILS(funnel_place_areas(&arena, zero, NULL, sizes, NULL, 2, &options, placed, &s, &err),
                RV_DOMAIN);
    CHECK_FAILS(funnel_place_areas(&arena, NULL, NULL, NULL, NULL, 0, &options, placed, &s, &err),
                RV_DOMAIN);
    CHECK_FAILS(funnel_place_areas(&arena, bad, NULL, sizes, NULL, 2, &options, placed, &s, &err),
                RV_DOMAIN);
    options.winsorise = 0.5;
    CHECK_FAILS(funnel_place_areas(&arena, some, NULL, sizes, NULL, 2, &options, placed, &s, &err),
                RV_DOMAIN);
    options = FUNNEL_DEFAULTS;
    options.kind = FUNNEL_PROPORTION;
    CHECK_FAILS(funnel_place_areas(&arena, sizes, NULL, some, NULL, 2, &options, placed, &s, &err),
                RV_DOMAIN); /* more than the base */
    CHECK_FAILS(funnel_place_areas(&arena, some, NULL, part, NULL, 2, &options, placed, &s, &err),
                RV_DOMAIN);
    CHECK_FAILS(funnel_place_areas(&arena, sizes, NULL, sizes, NULL, 2, &options, placed, &s, &err),
                RV_DOMAIN); /* everybody: no spread */
    options.limits = FUNNEL_UKHSA;
    CHECK_FAILS(funnel_place_areas(&arena, some, NULL, sizes, NULL, 2, &options, placed, &s, &err),
                RV_DOMAIN);
    options = FUNNEL_DEFAULTS;
    options.has_target = true;
    options.target = 1e300;
    CHECK_FAILS(funnel_place_areas(&arena, some, NULL, sizes, NULL, 2, &options, placed, &s, &err),
                RV_DOMAIN);
    CHECK(s.phi == -7);
    for (long nth = 1; nth < 3; nth++) {
        struct arena a;
        arena_init(&a, 1 << 16);
        memory_fail_nth(nth);
        options = FUNNEL_DEFAULTS;
        rv_status status =
            funnel_place_areas(&a, some, NULL, sizes, NULL, 2, &options, placed, &s, &err);
        memory_fail_nth(0);
        CHECK(rv_is_ok(status) || (status.code == RV_NO_MEMORY && s.phi == -7));
        arena_done(&a);
        if (rv_is_ok(status)) {
            break;
        }
    }
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 22);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_agree_with_R),
        cmocka_unit_test(limits_agree_with_the_shared_reference),
        cmocka_unit_test(places_agree_with_those_that_UKHSA_prints),
        cmocka_unit_test(rate_limits_agree_with_those_that_UKHSA_prints),
        cmocka_unit_test(limits_narrow_with_size_and_hold_the_target),
        cmocka_unit_test(the_order_of_the_areas_does_not_matter),
        cmocka_unit_test(wider_limits_are_what_they_say),
        cmocka_unit_test(what_is_missing_is_never_significant),
        cmocka_unit_test(what_has_no_funnel_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
