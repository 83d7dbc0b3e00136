/* tests/stats/test_disproportion.c — over-representation, and what the missing allow.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "stats/disproportion.h"
#include "table.h"

#define MOST_GROUPS 8
#define TOLERANCE   1e-8

static struct rv_err err;
static double worst;

/* A number that the reference leaves empty must not be available here either. */
static void check_value(const struct table *t, size_t row, const char *column, double got, bool has)
{
    CHECK_INT(has, table_has(t, row, column));
    if (has) {
        CHECK_REF(got, table_real(t, row, column), TOLERANCE, &worst);
    }
}

static void check_interval(const struct table *t, size_t row, const char *low, const char *high,
                           const struct interval *ci)
{
    check_value(t, row, low, ci->lower, ci->has_lower);
    check_value(t, row, high, ci->upper, ci->has_upper);
}

static void check_row(const struct table *t, size_t row, const struct disproportion *d)
{
    check_value(t, row, "rate_per_1000", 1000 * d->rate, true);
    check_value(t, row, "share_known", d->share, true);
    check_value(t, row, "pop_share", d->population_share, true);
    check_interval(t, row, "share_lo", "share_hi", &d->share_ci);
    check_value(t, row, "ppt_diff", d->gap_points, true);
    check_value(t, row, "disparity_index", d->index, true);
    const struct rate_ratio *r = &d->to_reference;
    check_value(t, row, "rri_white", r->value, r->has_value);
    check_interval(t, row, "rri_white_lo_katz", "rri_white_hi_katz", &r->katz);
    check_interval(t, row, "rri_white_lo_poisson", "rri_white_hi_poisson", &r->events);
    check_interval(t, row, "rri_white_lo_exact", "rri_white_hi_exact", &r->exact);
    check_value(t, row, "rri_white_p_exact", r->p, r->has_p);
    check_value(t, row, "rr_rest", d->to_rest.value, d->to_rest.has_value);
    check_interval(t, row, "rr_rest_lo_katz", "rr_rest_hi_katz", &d->to_rest.katz);
    const struct disproportion_bounds *b = &d->bounds;
    check_value(t, row, "bound_share_lo", b->share_low, true);
    check_value(t, row, "bound_share_hi", b->share_high, true);
    check_interval(t, row, "bound_share_ci_lo", "bound_share_ci_hi", &b->share_ci);
    check_value(t, row, "bound_rri_lo", b->ratio_low, b->has_comparison);
    check_value(t, row, "bound_rri_hi", b->ratio_high, b->has_comparison && b->has_ratio_high);
    if (b->has_comparison) {
        CHECK_INT(b->is_over, table_int(t, row, "bound_robust_over"));
        CHECK_INT(b->is_under, table_int(t, row, "bound_robust_under"));
        CHECK_INT(b->tipping, table_int(t, row, "tip_missing_white"));
        CHECK_INT(b->can_tip, table_int(t, row, "tip_feasible"));
    }
}

static void check_table(const char *shared)
{
    struct table t;
    table_open(&t, "disproportionality.csv", shared);
    worst = 0;
    for (size_t first = 0; first < t.rows;) {
        int64_t counts[MOST_GROUPS], populations[MOST_GROUPS];
        size_t n = 0, white = 0;
        const char *name = table_cell(&t, first, "case");
        for (; first + n < t.rows && strcmp(table_cell(&t, first + n, "case"), name) == 0; n++) {
            assert_true(n < MOST_GROUPS);
            counts[n] = table_int(&t, first + n, "count");
            populations[n] = table_int(&t, first + n, "pop");
            white = strcmp(table_cell(&t, first + n, "group"), "White") == 0 ? n : white;
        }
        struct disproportion d[MOST_GROUPS];
        CHECK_OK(disproportion_compare(counts, populations, n, table_int(&t, first, "missing"),
                                       white, STATS_LEVEL, d, &err));
        for (size_t i = 0; i < n; i++) {
            check_row(&t, first + i, &d[i]);
        }
        first += n;
    }
    measured("disproportionality", "ratios, limits, bounds", t.rows, "relative", worst);
    table_done(&t);
}

static void groups_agree_with_R(void **state)
{
    (void)state;
    check_table(NULL);
}

static void groups_agree_with_the_shared_reference(void **state)
{
    (void)state;
    check_table("reference/04_disproportionality/disproportionality.csv");
}

static void the_order_of_the_groups_does_not_matter(void **state)
{
    (void)state;
    int64_t counts[] = {1150, 75, 115, 310}, populations[] = {197330, 9700, 28150, 21570};
    int64_t turned[] = {310, 115, 75, 1150}, people[] = {21570, 28150, 9700, 197330};
    struct disproportion a[4], b[4];
    CHECK_OK(disproportion_compare(counts, populations, 4, 760, 0, 0.95, a, &err));
    CHECK_OK(disproportion_compare(turned, people, 4, 760, 3, 0.95, b, &err));
    for (size_t i = 0; i < 4; i++) {
        CHECK(a[i].to_reference.value == b[3 - i].to_reference.value);
        CHECK(a[i].to_rest.value == b[3 - i].to_rest.value);
        CHECK(a[i].bounds.ratio_low == b[3 - i].bounds.ratio_low);
        CHECK_INT(a[i].bounds.tipping, b[3 - i].bounds.tipping);
    }
}

static void bounds_hold_every_way_to_fill_the_missing(void **state)
{
    (void)state;
    const int64_t missing = 9, people[] = {900, 250};
    for (int64_t x = 0; x <= 12; x++) {
        for (int64_t w = x == 0 ? 1 : 0; w <= 12; w++) {
            int64_t counts[] = {w, x};
            struct disproportion d[2];
            CHECK_OK(disproportion_compare(counts, people, 2, missing, 0, 0.95, d, &err));
            bool is_always_over = true, is_always_under = true;
            int64_t tipping = -1;
            for (int64_t to_white = 0; to_white <= missing; to_white++) {
                double mine = (double)(x + missing - to_white) * 900;
                double theirs = (double)(w + to_white) * 250;
                is_always_over = is_always_over && mine > theirs;
                is_always_under = is_always_under && mine < theirs;
                /* the tipping point takes only what would have to go to the reference */
                if (tipping < 0 && (double)x * 900 <= (double)(w + to_white) * 250) {
                    tipping = to_white;
                }
            }
            CHECK_INT(d[1].bounds.is_over, is_always_over);
            CHECK_INT(d[1].bounds.is_under, is_always_under);
            CHECK_INT(d[1].bounds.can_tip, tipping >= 0);
            if (tipping >= 0) {
                CHECK_INT(d[1].bounds.tipping, tipping);
            }
        }
    }
}

static void no_missing_bounds_are_the_values_themselves(void **state)
{
    (void)state;
    int64_t counts[] = {400, 33}, people[] = {48000, 4100};
    struct disproportion d[2];
    CHECK_OK(disproportion_compare(counts, people, 2, 0, 0, 0.95, d, &err));
    CHECK_NEAR(d[1].bounds.share_low, d[1].share, 1e-15);
    CHECK_NEAR(d[1].bounds.share_high, d[1].share, 1e-15);
    CHECK_NEAR(d[1].bounds.ratio_low, d[1].to_reference.value, 1e-15);
    CHECK_NEAR(d[1].bounds.ratio_high, d[1].to_reference.value, 1e-15);
}

static void what_does_not_exist_is_not_a_zero(void **state)
{
    (void)state;
    int64_t counts[] = {0, 6, 0}, people[] = {5000, 900, 40};
    struct disproportion d[3];
    CHECK_OK(disproportion_compare(counts, people, 3, 2, 0, 0.95, d, &err));
    CHECK(!d[0].to_reference.has_value && !d[0].bounds.has_comparison);
    CHECK(!d[1].to_reference.has_value && !d[1].to_reference.exact.has_upper);
    CHECK(d[1].to_reference.exact.lower > 1 && !d[1].to_reference.katz.has_lower);
    CHECK(!d[1].bounds.has_ratio_high && d[1].bounds.is_over);
    CHECK(!d[2].to_reference.has_p && !d[2].to_reference.exact.has_lower);
    CHECK(d[2].is_too_small && !d[1].is_too_small);
}

static void impossible_input_is_refused(void **state)
{
    (void)state;
    int64_t counts[] = {3, 4}, none[] = {0, 0}, people[] = {100, 200}, empty[] = {100, 0};
    struct disproportion d[2] = {{.rate = -1}};
    CHECK_FAILS(disproportion_compare(counts, empty, 2, 0, 0, 0.95, d, &err), RV_DOMAIN);
    CHECK_FAILS(disproportion_compare(none, people, 2, 5, 0, 0.95, d, &err), RV_DOMAIN);
    CHECK_FAILS(disproportion_compare(counts, people, 2, -1, 0, 0.95, d, &err), RV_DOMAIN);
    CHECK_FAILS(disproportion_compare(counts, people, 2, 0, 2, 0.95, d, &err), RV_DOMAIN);
    CHECK_FAILS(disproportion_compare(counts, people, 1, 0, 0, 0.95, d, &err), RV_DOMAIN);
    CHECK(d[0].rate == -1);
}

static void a_factor_lies_between_random_and_anything(void **state)
{
    (void)state;
    int64_t counts[] = {1150, 310}, people[] = {197330, 21570};
    struct disproportion d[2];
    CHECK_OK(disproportion_compare(counts, people, 2, 760, 0, 0.95, d, &err));
    double low, high, last_low, last_high;
    CHECK_OK(disproportion_within(310, 21570, 1150, 197330, 1460, 760, 1, &low, &high, &err));
    CHECK_NEAR(low, d[1].to_reference.value, 1e-12);
    CHECK_NEAR(high, d[1].to_reference.value, 1e-12);
    for (double factor = 1.1; factor < 1e9; factor *= 1.7) {
        last_low = low;
        last_high = high;
        CHECK_OK(
            disproportion_within(310, 21570, 1150, 197330, 1460, 760, factor, &low, &high, &err));
        CHECK(low < last_low && high > last_high);
        CHECK(low >= d[1].bounds.ratio_low && high <= d[1].bounds.ratio_high);
    }
    CHECK_OK(disproportion_within(310, 21570, 1150, 197330, 1460, 760, (double)INFINITY, &low,
                                  &high, &err));
    CHECK_NEAR(low, d[1].bounds.ratio_low, 1e-12);
    CHECK_NEAR(high, d[1].bounds.ratio_high, 1e-12);
    CHECK_FAILS(disproportion_within(1, 2, 1, 2, 2, 0, 0.5, &low, &high, &err), RV_DOMAIN);
}

/* Number by number: k of the missing go to the one with the lower rate, the others to the other one
 * or to a third group; the exact interval is asked of the comparison itself. */
static void check_tipping(int64_t x, int64_t n, int64_t w, int64_t big_n, int64_t missing,
                          bool is_pair)
{
    bool is_over = x * big_n > w * n;
    int64_t gone = missing + 1, chance = missing + 1;
    for (int64_t k = missing; k >= 0; k--) {
        int64_t rest = is_pair ? missing - k : 0;
        int64_t counts[] = {is_over ? w + k : w + rest, is_over ? x + rest : x + k};
        int64_t people[] = {big_n, n};
        struct disproportion d[2];
        CHECK_OK(disproportion_compare(counts, people, 2, 0, 0, 0.95, d, &err));
        const struct interval *ci = &d[1].to_reference.exact;
        bool is_apart = is_over ? ci->has_lower && ci->lower > 1 : ci->has_upper && ci->upper < 1;
        gone = (is_over ? counts[1] * big_n <= counts[0] * n : counts[1] * big_n >= counts[0] * n)
                   ? k
                   : gone;
        chance = is_apart ? chance : k;
    }
    struct disproportion_tipping t;
    CHECK_OK(disproportion_tip(x, n, w, big_n, x + w, missing, is_pair, 0.95, &t, &err));
    CHECK_INT(t.is_over, is_over);
    CHECK_INT(t.gone, gone);
    CHECK_INT(t.chance, chance);
    CHECK(t.chance <= t.gone);
    CHECK_NEAR(t.alike, (double)missing * (double)(is_over ? w : x) / (double)(x + w), 1e-12);
}

static void tipping_points_are_those_of_every_way_to_fill_the_missing(void **state)
{
    (void)state;
    for (int64_t x = 0; x <= 24; x += x < 6 ? 1 : 3) {
        for (int64_t w = x == 0 ? 1 : 0; w <= 24; w += w < 6 ? 1 : 3) {
            for (int64_t missing = 0; missing <= 9; missing += 3) {
                if (x * 900 != w * 250) {
                    check_tipping(x, 250, w, 900, missing, true);
                    check_tipping(x, 250, w, 900, missing, false);
                }
            }
        }
    }
    struct disproportion_tipping t;
    CHECK_OK(disproportion_tip(5, 250, 18, 900, 23, 4, true, 0.95, &t, &err));
    CHECK_INT(t.gone + t.chance, 0); /* equal rates */
    CHECK_FAILS(disproportion_tip(0, 250, 0, 900, 9, 4, true, 0.95, &t, &err), RV_DOMAIN);
    CHECK_FAILS(disproportion_tip(5, 250, 18, 900, 22, 4, true, 0.95, &t, &err), RV_DOMAIN);
    CHECK_FAILS(disproportion_tip(5, 0, 18, 900, 23, 4, true, 0.95, &t, &err), RV_DOMAIN);
    CHECK_FAILS(disproportion_tip(5, 250, 18, 900, 23, 4, true, 1, &t, &err), RV_DOMAIN);
}

/* Of a pair the difference cannot be gone before it is beyond the bounds, and not later. */
static void tipping_points_and_bounds_say_the_same(void **state)
{
    (void)state;
    uint64_t seed = 20220131;
    for (int i = 0; i < 3000; i++) {
        int64_t v[5];
        for (int k = 0; k < 5; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            v[k] = (int64_t)(seed >> 40) % (k < 3 ? 400 : 50000);
        }
        int64_t counts[] = {v[0] + 1, v[1] + 1}, people[] = {v[3] + 60, v[4] + 60};
        struct disproportion d[2];
        struct disproportion_tipping pair, third;
        CHECK_OK(disproportion_compare(counts, people, 2, v[2], 0, 0.95, d, &err));
        CHECK_OK(disproportion_tip(counts[1], people[1], counts[0], people[0],
                                   counts[0] + counts[1], v[2], true, 0.95, &pair, &err));
        CHECK_OK(disproportion_tip(counts[1], people[1], counts[0], people[0],
                                   counts[0] + counts[1], v[2], false, 0.95, &third, &err));
        bool is_carried = pair.is_over ? d[1].bounds.is_over : d[1].bounds.is_under;
        CHECK_INT(pair.gone > v[2], is_carried);
        CHECK_INT(third.gone > v[2], is_carried);
        CHECK(third.gone <= pair.gone && third.chance <= pair.chance);
        if (pair.is_over && d[1].bounds.can_tip) {
            CHECK_INT(third.gone, d[1].bounds.tipping);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_agree_with_R),
        cmocka_unit_test(groups_agree_with_the_shared_reference),
        cmocka_unit_test(the_order_of_the_groups_does_not_matter),
        cmocka_unit_test(bounds_hold_every_way_to_fill_the_missing),
        cmocka_unit_test(no_missing_bounds_are_the_values_themselves),
        cmocka_unit_test(what_does_not_exist_is_not_a_zero),
        cmocka_unit_test(impossible_input_is_refused),
        cmocka_unit_test(a_factor_lies_between_random_and_anything),
        cmocka_unit_test(tipping_points_are_those_of_every_way_to_fill_the_missing),
        cmocka_unit_test(tipping_points_and_bounds_say_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
