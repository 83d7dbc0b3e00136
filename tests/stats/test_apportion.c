/* tests/stats/test_apportion.c — counts on other areas: reference values, properties, edges.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "stats/apportion.h"
#include "table.h"

#define MOST 64

static struct rv_err err;

/* The pieces, counts and answers of the reference. Areas are given as shares of their source. */
struct reference {
    struct apportion_piece pieces[MOST];
    double by_area[MOST], by_population[MOST];
    size_t n;
    int64_t counts[MOST];
    struct table sources, targets, cuts;
};

static uint32_t row_of(const struct table *t, const char *column, const char *id)
{
    for (size_t i = 0; i < t->rows; i++) {
        if (strcmp(table_cell(t, i, column), id) == 0) {
            return (uint32_t)i;
        }
    }
    fail_msg("no row %s", id);
    return 0;
}

static void reference_open(struct reference *r)
{
    memset(r, 0, sizeof *r);
    table_open(&r->sources, "apportion-sources.csv", NULL);
    table_open(&r->targets, "apportion-targets.csv", NULL);
    table_open(&r->cuts, "apportion-pieces.csv", NULL);
    r->n = r->cuts.rows;
    for (size_t i = 0; i < r->n; i++) {
        r->by_area[i] = table_real(&r->cuts, i, "area_weight");
        r->by_population[i] = table_real(&r->cuts, i, "population_weight");
        r->pieces[i] = (struct apportion_piece){
            .source = row_of(&r->sources, "source", table_cell(&r->cuts, i, "source")),
            .target = row_of(&r->targets, "target", table_cell(&r->cuts, i, "target")),
            .area = r->by_area[i] * 1e6,
            .population = table_real(&r->cuts, i, "population")};
    }
    for (size_t s = 0; s < r->sources.rows; s++) {
        r->counts[s] = table_int(&r->sources, s, "count");
    }
}

static void reference_done(struct reference *r)
{
    table_done(&r->sources);
    table_done(&r->targets);
    table_done(&r->cuts);
}

static void weights_are_those_of_the_reference(void **state)
{
    (void)state;
    struct reference r;
    struct arena a;
    double weights[MOST], worst = 0;
    uint8_t by_area[MOST];
    arena_init(&a, LIMIT_ARENA_BYTES);
    reference_open(&r);
    CHECK_OK(
        apportion_weights(&a, r.pieces, r.n, r.sources.rows, APPORTION_AREA, weights, NULL, &err));
    for (size_t i = 0; i < r.n; i++) {
        CHECK_REF(weights[i], r.by_area[i], 1e-9, &worst);
    }
    CHECK_OK(apportion_weights(&a, r.pieces, r.n, r.sources.rows, APPORTION_POPULATION, weights,
                               by_area, &err));
    for (size_t i = 0; i < r.n; i++) {
        CHECK_REF(weights[i], r.by_population[i], 1e-9, &worst);
    }
    for (size_t s = 0; s < r.sources.rows; s++) {
        CHECK_INT(by_area[s], table_int(&r.sources, s, "by_area"));
    }
    measured("apportion", "weights", r.n, "relative", worst);
    reference_done(&r);
    arena_done(&a);
}

static void check_totals(struct arena *a, struct reference *r, enum apportion_basis basis,
                         const char *wanted, const char *wanted_best)
{
    double weights[MOST], values[MOST], errors[MOST], largest[MOST], sum = 0, worst = 0;
    uint32_t best[MOST];
    int64_t fitted[MOST] = {0};
    size_t sources = r->sources.rows, targets = r->targets.rows;
    struct apportion_totals totals = {values, errors, 0};
    CHECK_OK(apportion_weights(a, r->pieces, r->n, sources, basis, weights, NULL, &err));
    CHECK_OK(
        apportion_counts(r->pieces, weights, r->n, r->counts, sources, targets, &totals, &err));
    CHECK_OK(apportion_best(r->pieces, weights, r->n, sources, best, largest, &err));
    for (size_t s = 0; s < sources; s++) {
        fitted[best[s]] += r->counts[s];
    }
    for (size_t t = 0; t < targets; t++) {
        CHECK_REF(values[t], table_real(&r->targets, t, wanted), 1e-9, &worst);
        CHECK_INT(fitted[t], table_int(&r->targets, t, wanted_best));
        CHECK(errors[t] >= 0 && errors[t] * errors[t] <= values[t]);
        sum += values[t];
    }
    CHECK_NEAR(sum, 468, 1e-14);
    CHECK_NEAR(totals.nowhere, 0, 1e-12);
}

static void counts_and_best_fits_are_those_of_the_reference(void **state)
{
    (void)state;
    struct reference r;
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    reference_open(&r);
    check_totals(&a, &r, APPORTION_AREA, "by_area", "best_area");
    check_totals(&a, &r, APPORTION_POPULATION, "by_population", "best_population");
    /* By population: largest weights, the number of split sources, whole numbers. */
    double weights[MOST], values[MOST], largest[MOST];
    uint32_t best[MOST];
    int64_t whole[MOST];
    size_t sources = r.sources.rows, targets = r.targets.rows;
    struct apportion_totals totals = {values, NULL, 0};
    struct apportion_spread spread;
    CHECK_OK(
        apportion_weights(&a, r.pieces, r.n, sources, APPORTION_POPULATION, weights, NULL, &err));
    CHECK_OK(apportion_best(r.pieces, weights, r.n, sources, best, largest, &err));
    double stays = 0;
    for (size_t s = 0; s < sources; s++) {
        CHECK_NEAR(largest[s], table_real(&r.sources, s, "largest_weight"), 1e-9);
        CHECK_STRING(table_cell(&r.targets, best[s], "target"),
                     table_cell(&r.sources, s, "best_population"));
        stays += (double)r.counts[s] * largest[s];
    }
    CHECK_OK(apportion_spread(&a, r.pieces, weights, r.n, r.counts, sources, &spread, &err));
    CHECK_INT(spread.split, 11);
    CHECK_INT(spread.sources, 30);
    CHECK_NEAR(spread.events, 468, 0);
    CHECK_NEAR(spread.moved, 468 - stays, 1e-12);
    CHECK_NEAR(spread.nowhere, 0, 1e-12);
    CHECK_OK(apportion_counts(r.pieces, weights, r.n, r.counts, sources, targets, &totals, &err));
    CHECK_OK(apportion_round(&a, values, targets, 468, whole, &err));
    for (size_t t = 0; t < targets; t++) {
        CHECK_INT(whole[t], table_int(&r.targets, t, "rounded_population"));
    }
    reference_done(&r);
    arena_done(&a);
}

static void whole_numbers_are_those_of_the_reference(void **state)
{
    (void)state;
    struct table t;
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    table_open(&t, "largest-remainder.csv", NULL);
    for (size_t i = 0, end; i < t.rows; i = end) {
        double values[MOST];
        int64_t got[MOST];
        for (end = i; end < t.rows && table_int(&t, end, "case") == table_int(&t, i, "case");
             end++) {
            values[end - i] = table_real(&t, end, "value");
        }
        CHECK_OK(apportion_round(&a, values, end - i, table_int(&t, i, "total"), got, &err));
        for (size_t k = i; k < end; k++) {
            CHECK_INT(got[k - i], table_int(&t, k, "rounded"));
        }
    }
    table_done(&t);
    arena_done(&a);
}

/* ---- properties ---- */

struct draw {
    struct apportion_piece pieces[400];
    double weights[400];
    size_t n, sources, targets;
    int64_t counts[50];
};

static uint64_t state_of_draw;

static uint64_t next(void) /* xorshift: any sequence will do */
{
    state_of_draw ^= state_of_draw << 13;
    state_of_draw ^= state_of_draw >> 7;
    state_of_draw ^= state_of_draw << 17;
    return state_of_draw;
}

static void draw_pieces(struct draw *d, uint64_t seed)
{
    state_of_draw = seed * 0x9e3779b97f4a7c15u + 1;
    memset(d, 0, sizeof *d);
    d->sources = 1 + next() % 50;
    d->targets = 1 + next() % 20;
    for (size_t s = 0; s < d->sources; s++) {
        d->counts[s] = (int64_t)(next() % 200);
        for (size_t k = next() % 8; k > 0; k--) {
            bool is_nowhere = next() % 10 == 0;
            d->pieces[d->n++] = (struct apportion_piece){
                .source = (uint32_t)s,
                .target = is_nowhere ? APPORTION_NOWHERE : (uint32_t)(next() % d->targets),
                .area = (double)(next() % 1000) / 7,
                .population = next() % 4 ? (double)(next() % 3000) : 0};
        }
    }
}

static void totals_are_kept_and_order_and_unit_do_not_matter(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    for (uint64_t seed = 1; seed <= 2000; seed++) {
        struct draw d;
        double values[20], again[20], errors[20], sum = 0, all = 0;
        draw_pieces(&d, seed);
        struct apportion_totals totals = {values, errors, 0};
        CHECK_OK(apportion_weights(&a, d.pieces, d.n, d.sources, APPORTION_POPULATION, d.weights,
                                   NULL, &err));
        CHECK_OK(apportion_counts(d.pieces, d.weights, d.n, d.counts, d.sources, d.targets, &totals,
                                  &err));
        for (size_t t = 0; t < d.targets; t++) {
            CHECK(values[t] >= 0 && errors[t] >= 0);
            sum += values[t];
        }
        for (size_t s = 0; s < d.sources; s++) {
            all += (double)d.counts[s];
        }
        CHECK(fabs(sum + totals.nowhere - all) < 1e-9);
        /* Backwards, and population in thousands. */
        for (size_t i = 0; i < d.n / 2; i++) {
            struct apportion_piece kept = d.pieces[i];
            d.pieces[i] = d.pieces[d.n - 1 - i];
            d.pieces[d.n - 1 - i] = kept;
        }
        for (size_t i = 0; i < d.n; i++) {
            d.pieces[i].population /= 1000;
        }
        struct apportion_totals others = {again, NULL, 0};
        CHECK_OK(apportion_weights(&a, d.pieces, d.n, d.sources, APPORTION_POPULATION, d.weights,
                                   NULL, &err));
        CHECK_OK(apportion_counts(d.pieces, d.weights, d.n, d.counts, d.sources, d.targets, &others,
                                  &err));
        for (size_t t = 0; t < d.targets; t++) {
            CHECK(fabs(again[t] - values[t]) < 1e-9);
        }
        struct apportion_spread spread;
        CHECK_OK(
            apportion_spread(&a, d.pieces, d.weights, d.n, d.counts, d.sources, &spread, &err));
        CHECK(spread.moved >= 0 && spread.moved + spread.nowhere <= all + 1e-9);
        CHECK(fabs(spread.nowhere - totals.nowhere) < 1e-9);
    }
    arena_done(&a);
}

static void nothing_changes_when_no_boundary_does(void **state)
{
    (void)state;
    struct arena a;
    struct apportion_piece pieces[32];
    double weights[32], values[32], errors[32];
    int64_t counts[32], whole[32];
    struct apportion_spread spread;
    struct apportion_totals totals = {values, errors, 0};
    arena_init(&a, LIMIT_ARENA_BYTES);
    for (uint32_t i = 0; i < 32; i++) {
        pieces[i] = (struct apportion_piece){i, 31 - i, 12.5 + i, i % 3 ? 100.1 * i : 0};
        counts[i] = 17 * i;
    }
    CHECK_OK(apportion_weights(&a, pieces, 32, 32, APPORTION_POPULATION, weights, NULL, &err));
    CHECK_OK(apportion_counts(pieces, weights, 32, counts, 32, 32, &totals, &err));
    CHECK_OK(apportion_spread(&a, pieces, weights, 32, counts, 32, &spread, &err));
    CHECK_OK(apportion_round(&a, values, 32, 17 * 31 * 16, whole, &err));
    for (uint32_t i = 0; i < 32; i++) {
        CHECK_NEAR(weights[i], 1, 0);
        CHECK_INT(whole[31 - i], counts[i]);
        CHECK_NEAR(errors[i], 0, 0);
    }
    CHECK_INT(spread.split, 0);
    CHECK_NEAR(spread.moved, 0, 0);
    arena_done(&a);
}

/* Rounded values are within 1 of the values, keep the total, and never turn an order round. */
static void rounding_keeps_total_and_order(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    for (uint64_t seed = 1; seed <= 2000; seed++) {
        double values[40], sum = 0;
        int64_t whole[40], all = 0;
        state_of_draw = seed * 0x9e3779b97f4a7c15u + 1;
        size_t n = 1 + next() % 40;
        for (size_t i = 0; i < n; i++) {
            values[i] = (double)(next() % 100000) / 999;
            sum += values[i];
        }
        int64_t total = llround(sum);
        CHECK_OK(apportion_round(&a, values, n, total, whole, &err));
        for (size_t i = 0; i < n; i++) {
            CHECK(fabs((double)whole[i] - values[i]) < 1);
            all += whole[i];
            for (size_t k = 0; k < i; k++) {
                CHECK(values[i] <= values[k] || whole[i] >= whole[k]);
            }
        }
        CHECK_INT(all, total);
    }
    arena_done(&a);
}

/* ---- edges ---- */

static void edges(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct apportion_piece pieces[] = {{0, 0, 0, 0}, {0, 1, 0, 0}, {1, APPORTION_NOWHERE, 3, 0}};
    double weights[3], values[2] = {9, 9};
    int64_t counts[] = {5, 7}, whole[3] = {-7, -7, -7};
    uint32_t best[2];
    struct apportion_totals totals = {values, NULL, 0};
    /* Neither people nor area: the events are in no target, not lost. */
    CHECK_OK(apportion_weights(&a, pieces, 3, 2, APPORTION_POPULATION, weights, NULL, &err));
    CHECK_OK(apportion_counts(pieces, weights, 3, counts, 2, 2, &totals, &err));
    CHECK_OK(apportion_best(pieces, weights, 3, 2, best, NULL, &err));
    CHECK_NEAR(values[0] + values[1], 0, 0);
    CHECK_NEAR(totals.nowhere, 12, 0);
    CHECK(best[0] == APPORTION_NOWHERE && best[1] == APPORTION_NOWHERE);
    /* Nothing at all. */
    CHECK_OK(apportion_weights(&a, NULL, 0, 0, APPORTION_AREA, weights, NULL, &err));
    CHECK_OK(apportion_round(&a, NULL, 0, 0, whole, &err));
    /* Out of range. */
    pieces[2].source = 2;
    CHECK_FAILS(apportion_weights(&a, pieces, 3, 2, APPORTION_AREA, weights, NULL, &err),
                RV_DOMAIN);
    CHECK_FAILS(apportion_counts(pieces, weights, 3, counts, 2, 2, &totals, &err), RV_DOMAIN);
    CHECK_FAILS(apportion_best(pieces, weights, 3, 2, best, NULL, &err), RV_DOMAIN);
    pieces[2] = (struct apportion_piece){1, 5, 1, 1};
    CHECK_FAILS(apportion_counts(pieces, weights, 3, counts, 2, 2, &totals, &err), RV_DOMAIN);
    pieces[2] = (struct apportion_piece){1, 1, -1, 1};
    CHECK_FAILS(apportion_weights(&a, pieces, 3, 2, APPORTION_AREA, weights, NULL, &err),
                RV_DOMAIN);
    pieces[2] = (struct apportion_piece){1, 1, 1, (double)NAN};
    CHECK_FAILS(apportion_weights(&a, pieces, 3, 2, APPORTION_AREA, weights, NULL, &err),
                RV_DOMAIN);
    pieces[2] = (struct apportion_piece){1, 1, (double)INFINITY, 1};
    CHECK_FAILS(apportion_weights(&a, pieces, 3, 2, APPORTION_AREA, weights, NULL, &err),
                RV_DOMAIN);
    pieces[2] = (struct apportion_piece){1, 1, 1, 1};
    counts[1] = -1;
    CHECK_FAILS(apportion_counts(pieces, weights, 3, counts, 2, 2, &totals, &err), RV_DOMAIN);
    static const double three[] = {0.4, 0.4, 0.4};
    static const int64_t impossible[] = {-1, 4, 1000};
    for (size_t i = 0; i < 3; i++) {
        CHECK_FAILS(apportion_round(&a, three, 3, impossible[i], whole, &err), RV_DOMAIN);
        CHECK_INT(whole[0], -7);
    }
    static const double odd[] = {0.4, (double)NAN, 0.4}, negative[] = {0.4, -0.1, 0.4};
    CHECK_FAILS(apportion_round(&a, odd, 3, 1, whole, &err), RV_DOMAIN);
    CHECK_FAILS(apportion_round(&a, negative, 3, 1, whole, &err), RV_DOMAIN);
    /* Noise of a sum is no remainder. */
    static const double noisy[] = {2.9999999999, 1.0000000001, 0.5, 0.5};
    CHECK_OK(apportion_round(&a, noisy, 4, 5, (int64_t[4]){0}, &err));
    int64_t four[4];
    CHECK_OK(apportion_round(&a, noisy, 4, 5, four, &err));
    CHECK(four[0] == 3 && four[1] == 1 && four[2] == 1 && four[3] == 0);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_are_those_of_the_reference),
        cmocka_unit_test(counts_and_best_fits_are_those_of_the_reference),
        cmocka_unit_test(whole_numbers_are_those_of_the_reference),
        cmocka_unit_test(totals_are_kept_and_order_and_unit_do_not_matter),
        cmocka_unit_test(nothing_changes_when_no_boundary_does),
        cmocka_unit_test(rounding_keeps_total_and_order),
        cmocka_unit_test(edges),
    };
    return cmocka_run_group_tests_name("stats/apportion", tests, NULL, NULL);
}
