/* tests/stats/test_changepoint.c — changes of level: reference, Monte Carlo test, threads, edges.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "numbers.h"
#include "stats/changepoint.h"

#define MOST 64

static struct rv_err err;

static size_t take(const struct table *t, size_t row, int64_t *counts)
{
    double x[MOST];
    size_t n = numbers_read(table_cell(t, row, "x"), x, MOST);
    for (size_t i = 0; i < n; i++) {
        counts[i] = (int64_t)x[i];
    }
    return n;
}

static void changes_agree_with_exhaustive_search(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "changepoint.csv", NULL);
    struct arena a;
    arena_init(&a, 1 << 22);
    double worst = 0;
    for (size_t i = 0; i < t.rows; i++) {
        int64_t counts[MOST];
        double lr[MOST], optimal[MOST];
        size_t n = take(&t, i, counts);
        struct changepoint_options o = CHANGEPOINT_DEFAULTS;
        struct changepoint c;
        CHECK_OK(changepoint_detect(&a, NULL, counts, NULL, NULL, n, &o, &c, &err));
        CHECK_INT(numbers_read(table_cell(&t, i, "lr"), lr, MOST), n - 1);
        for (size_t k = 0; k < n - 1; k++) {
            CHECK_REF(c.lr[k], lr[k], 1e-9, &worst);
        }
        CHECK_INT(c.after, table_int(&t, i, "tau_hat"));
        CHECK_REF(c.lr_max, table_real(&t, i, "lr_max"), 1e-9, &worst);
        CHECK_REF(c.penalty, table_real(&t, i, "penalty"), 1e-9, &worst);
        size_t changes = numbers_read(table_cell(&t, i, "optimal"), optimal, MOST);
        CHECK_INT(c.segment_count, changes + 1);
        for (size_t k = 0; k < changes; k++) {
            CHECK_INT(c.segments[k].end, optimal[k]);
        }
        CHECK(c.has_p && (c.p < 0.005) == (changes > 0)); /* the second series has no change */
    }
    measured("changepoint", "likelihood ratios", t.rows, "relative", worst);
    measured("changepoint", "changes", t.rows, "exact", 0);
    arena_done(&a);
    table_done(&t);
}

static void segments_cover_the_series_and_their_counts_add_up(void **state)
{
    (void)state;
    int64_t counts[60], total = 0;
    double exposure[60];
    for (int i = 0; i < 60; i++) {
        counts[i] = (i < 20 ? 10 : i < 45 ? 30 : 4) + i % 3;
        exposure[i] = 28 + i % 4;
        total += counts[i];
    }
    struct arena a;
    arena_init(&a, 1 << 22);
    struct changepoint_options o = CHANGEPOINT_DEFAULTS;
    struct changepoint c;
    CHECK_OK(changepoint_detect(&a, NULL, counts, exposure, NULL, 60, &o, &c, &err));
    CHECK_INT(c.segment_count, 3);
    CHECK(c.segments[0].end == 20 && c.segments[1].end == 45);
    size_t at = 0;
    int64_t sum = 0;
    for (size_t k = 0; k < c.segment_count; k++) {
        CHECK_INT(c.segments[k].first, at);
        at = c.segments[k].end;
        sum += c.segments[k].count;
        CHECK_NEAR(c.segments[k].rate, (double)c.segments[k].count / c.segments[k].exposure, 1e-14);
    }
    CHECK(at == 60 && sum == total);
    arena_done(&a);
}

/* Backwards in time the change is the same one; a unit of exposure does not matter. */
static void the_direction_of_time_and_units_do_not_matter(void **state)
{
    (void)state;
    int64_t counts[30], back[30];
    double one[30], other[30];
    for (int i = 0; i < 30; i++) {
        counts[i] = (i < 11 ? 9 : 20) + i * 7 % 5;
        back[29 - i] = counts[i];
        one[i] = 1 + i % 2;
        other[29 - i] = one[i] * 86400;
    }
    struct arena a;
    arena_init(&a, 1 << 22);
    struct changepoint_options o = {.replicates = 0};
    struct changepoint c, d;
    CHECK_OK(changepoint_detect(&a, NULL, counts, one, NULL, 30, &o, &c, &err));
    CHECK_OK(changepoint_detect(&a, NULL, back, other, NULL, 30, &o, &d, &err));
    CHECK(!c.has_p && c.after == 30 - d.after);
    CHECK_NEAR(d.lr_max, c.lr_max, 1e-11);
    for (size_t i = 0; i < 29; i++) {
        CHECK(c.lr[i] >= 0);
        CHECK(fabs(d.lr[28 - i] - c.lr[i]) < 1e-10);
    }
    arena_done(&a);
}

/* Of series without a change, about one in twenty has p below 0.05, no more. */
static void the_test_keeps_its_level(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 24);
    int below = 0;
    for (int series = 0; series < 400; series++) {
        int64_t counts[24];
        uint64_t word = (uint64_t)series * 0x9e3779b97f4a7c15U + 1;
        for (int i = 0; i < 24; i++) { /* sums of 16 bits: spread like a small Poisson count's */
            word = word * 6364136223846793005U + 1442695040888963407U;
            counts[i] = __builtin_popcountll(word >> 32);
        }
        struct changepoint_options o = {.replicates = 199, .seed = 5};
        struct changepoint c;
        CHECK_OK(changepoint_detect(&a, NULL, counts, NULL, NULL, 24, &o, &c, &err));
        below += c.p < 0.05;
        CHECK(c.p > 0 && c.p <= 1);
    }
    CHECK(below < 400 * 0.05 + 3 * sqrt(400 * 0.05)); /* less spread than Poisson: even fewer */
    arena_done(&a);
}

static void the_test_is_the_same_on_any_number_of_threads(void **state)
{
    (void)state;
    int64_t counts[24];
    struct table t;
    table_open(&t, "changepoint.csv", NULL);
    CHECK_INT(take(&t, 1, counts), 24);
    table_done(&t);
    struct arena a;
    arena_init(&a, 1 << 22);
    struct changepoint_options o = CHANGEPOINT_DEFAULTS;
    struct changepoint one, many;
    CHECK_OK(changepoint_detect(&a, NULL, counts, NULL, NULL, 24, &o, &one, &err));
    const size_t threads[] = {1, 2, 7};
    for (size_t i = 0; i < 3; i++) {
        RV_CLEANUP(pool_closep) struct pool *pool = NULL;
        CHECK_OK(pool_open(threads[i], &pool, &err));
        CHECK_OK(changepoint_detect(&a, pool, counts, NULL, NULL, 24, &o, &many, &err));
        CHECK(many.p == one.p);
    }
    arena_done(&a);
}

static void equal_counts_and_no_counts_have_no_change(void **state)
{
    (void)state;
    int64_t counts[40];
    struct arena a;
    arena_init(&a, 1 << 22);
    struct changepoint_options o = CHANGEPOINT_DEFAULTS;
    struct changepoint c;
    for (int64_t each = 0; each < 3000000000 / 40; each = each * 30 + 1) {
        for (int i = 0; i < 40; i++) {
            counts[i] = each;
        }
        CHECK_OK(changepoint_detect(&a, NULL, counts, NULL, NULL, 40, &o, &c, &err));
        CHECK(c.lr_max < 1e-9 && c.after == 1 && c.segment_count == 1);
        CHECK(c.has_p == (each > 0) && (!c.has_p || c.p == 1));
    }
    counts[0] = 0;
    counts[1] = 9;
    CHECK_OK(changepoint_detect(&a, NULL, counts, NULL, NULL, 2, &o, &c, &err));
    CHECK(c.after == 1 && c.segment_count == 2);
    arena_done(&a);
}

static void bad_input_is_refused_and_leaves_ret_alone(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 22);
    struct changepoint_options o = CHANGEPOINT_DEFAULTS;
    struct changepoint c = {.n = 77};
    int64_t counts[] = {1, 2, 3};
    uint64_t valid = 5;
    CHECK_FAILS(changepoint_detect(&a, NULL, counts, NULL, &valid, 3, &o, &c, &err), RV_DOMAIN);
    CHECK_STRING(err.message, "period 2 is not known: a change is looked for without gaps only");
    CHECK_FAILS(changepoint_detect(&a, NULL, counts, NULL, NULL, 1, &o, &c, &err), RV_DOMAIN);
    double exposure[] = {1, 0, 1}, far[] = {1e-300, 1e300, 1};
    CHECK_FAILS(changepoint_detect(&a, NULL, counts, exposure, NULL, 3, &o, &c, &err), RV_DOMAIN);
    CHECK_FAILS(changepoint_detect(&a, NULL, counts, far, NULL, 3, &o, &c, &err), RV_DOMAIN);
    counts[1] = -1;
    CHECK_FAILS(changepoint_detect(&a, NULL, counts, NULL, NULL, 3, &o, &c, &err), RV_DOMAIN);
    counts[1] = 5000000000;
    CHECK_FAILS(changepoint_detect(&a, NULL, counts, NULL, NULL, 3, &o, &c, &err), RV_DOMAIN);
    counts[1] = 1;
    o.penalty = (double)NAN;
    CHECK_FAILS(changepoint_detect(&a, NULL, counts, NULL, NULL, 3, &o, &c, &err), RV_DOMAIN);
    CHECK_INT(c.n, 77);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_agree_with_exhaustive_search),
        cmocka_unit_test(segments_cover_the_series_and_their_counts_add_up),
        cmocka_unit_test(the_direction_of_time_and_units_do_not_matter),
        cmocka_unit_test(the_test_keeps_its_level),
        cmocka_unit_test(the_test_is_the_same_on_any_number_of_threads),
        cmocka_unit_test(equal_counts_and_no_counts_have_no_change),
        cmocka_unit_test(bad_input_is_refused_and_leaves_ret_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
