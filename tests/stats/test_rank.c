/* tests/stats/test_rank.c — ranks and their confidence sets.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/memory.h"
#include "check.h"
#include "stats/binomial.h"
#include "stats/rank.h"
#include "table.h"

#define AREAS 64

static struct rv_err err;

struct areas {
    int64_t counts[AREAS];
    double values[AREAS], populations[AREAS], rates[AREAS];
    size_t n;
};

static void take(struct areas *areas, const struct table *t)
{
    areas->n = t->rows;
    assert_true(t->rows <= AREAS);
    for (size_t i = 0; i < t->rows; i++) {
        areas->counts[i] = table_int(t, i, "count");
        areas->values[i] = (double)areas->counts[i];
        areas->populations[i] = table_real(t, i, "pop");
        areas->rates[i] = areas->values[i] / areas->populations[i];
    }
}

static void rows(const char *shared)
{
    struct table t;
    table_open(&t, "ranks.csv", shared);
    static struct areas areas;
    take(&areas, &t);
    struct arena a;
    arena_init(&a, 1 << 20);
    static struct rank most[AREAS], least[AREAS], by_rate[AREAS], sets[AREAS], rate_sets[AREAS];
    size_t n = areas.n;
    CHECK_OK(rank_competition(&a, areas.values, NULL, n, RANK_MOST_FIRST, most, &err));
    CHECK_OK(rank_competition(&a, areas.values, NULL, n, RANK_LEAST_FIRST, least, &err));
    CHECK_OK(rank_competition(&a, areas.rates, NULL, n, RANK_MOST_FIRST, by_rate, &err));
    CHECK_OK(rank_simultaneous(&a, areas.counts, NULL, NULL, n, 0.95, RANK_MOST_FIRST, sets, &err));
    CHECK_OK(rank_simultaneous(&a, areas.counts, areas.populations, NULL, n, 0.95, RANK_MOST_FIRST,
                               rate_sets, &err));
    for (size_t i = 0; i < n; i++) {
        CHECK_INT(most[i].rank, table_int(&t, i, "rank_desc_min"));
        CHECK_INT(most[i].rank + most[i].tied - 1, table_int(&t, i, "rank_desc_max"));
        CHECK_INT(most[i].tied > 1, strcmp(table_cell(&t, i, "tied"), "TRUE") == 0);
        CHECK_INT(least[i].rank, table_int(&t, i, "rank_asc_min"));
        CHECK_INT(by_rate[i].rank, table_int(&t, i, "rate_rank_desc_min"));
        CHECK_INT(sets[i].rank, most[i].rank);
        CHECK_INT(sets[i].low, table_int(&t, i, "simul_holm_L"));
        CHECK_INT(sets[i].high, table_int(&t, i, "simul_holm_U"));
        CHECK_INT(rate_sets[i].rank, by_rate[i].rank);
        CHECK_INT(rate_sets[i].low, table_int(&t, i, "rate_simul_holm_L"));
        CHECK_INT(rate_sets[i].high, table_int(&t, i, "rate_simul_holm_U"));
        CHECK_INT(sets[i].of, (int64_t)n);
    }
    measured("ranks", "ranks and sets", n, "exact", 0);
    arena_done(&a);
    table_done(&t);
}

static void ranks_agree_with_R_and_csranks(void **state)
{
    (void)state;
    rows(NULL);
}

static void ranks_agree_with_the_shared_reference(void **state)
{
    (void)state;
    rows("reference/02_ranks/ranks.csv");
}

/* The rows of one case, against R: Fisher's test of every ordered pair and Holm over all. */
static void shares_agree_with_R(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "rank-shares.csv", NULL);
    struct arena a;
    arena_init(&a, 1 << 20);
    size_t narrower = 0;
    for (size_t first = 0, end; first < t.rows; first = end) {
        int64_t parts[AREAS], wholes[AREAS];
        double exposures[AREAS];
        struct rank got[AREAS], least[AREAS], rates[AREAS];
        for (end = first; end < t.rows &&
                          strcmp(table_cell(&t, end, "case"), table_cell(&t, first, "case")) == 0;
             end++) {
            parts[end - first] = table_int(&t, end, "part");
            wholes[end - first] = table_int(&t, end, "whole");
            exposures[end - first] = (double)wholes[end - first];
        }
        size_t n = end - first;
        CHECK_OK(
            rank_simultaneous_shares(&a, parts, wholes, NULL, n, 0.95, RANK_MOST_FIRST, got, &err));
        CHECK_OK(rank_simultaneous_shares(&a, parts, wholes, NULL, n, 0.95, RANK_LEAST_FIRST, least,
                                          &err));
        CHECK_OK(
            rank_simultaneous(&a, parts, exposures, NULL, n, 0.95, RANK_MOST_FIRST, rates, &err));
        for (size_t i = 0; i < n; i++) {
            CHECK_INT(got[i].rank, table_int(&t, first + i, "rank"));
            CHECK_INT(got[i].low, table_int(&t, first + i, "low"));
            CHECK_INT(got[i].high, table_int(&t, first + i, "high"));
            CHECK_INT(least[i].low, (int64_t)n + 1 - got[i].high);
            CHECK(got[i].low >= rates[i].low && got[i].high <= rates[i].high);
            narrower += got[i].high - got[i].low < rates[i].high - rates[i].low;
        }
    }
    CHECK(narrower > 10); /* what sets of rates gave away */
    measured("ranks", "sets of shares", t.rows, "exact", 0);
    arena_done(&a);
    table_done(&t);
}

static void one_sided_tests_agree_with_R(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "rank-shares-pairs.csv", NULL);
    for (size_t i = 0; i < t.rows; i++) {
        int64_t x[4];
        for (size_t k = 0; k < 4; k++) {
            x[k] = table_int(&t, i, (const char *[]){"a", "b", "c", "d"}[k]);
        }
        double p, want = table_real(&t, i, "p_greater");
        CHECK_OK(binomial_fisher_upper(x[0], x[1], x[2], x[3], &p, &err));
        CHECK_NEAR(p, want, 1e-9);
    }
    table_done(&t);
}

static void a_share_needs_a_whole(void **state)
{
    (void)state;
    const int64_t parts[] = {3, 9, 4}, wholes[] = {10, 0, 40}, above[] = {11, 0, 4};
    const uint64_t valid = 0x5;
    struct rank ranks[3] = {{.rank = -7}};
    struct arena a;
    arena_init(&a, 1 << 16);
    CHECK_FAILS(
        rank_simultaneous_shares(&a, parts, wholes, NULL, 3, 0.95, RANK_MOST_FIRST, ranks, &err),
        RV_DOMAIN);
    CHECK_FAILS(
        rank_simultaneous_shares(&a, above, wholes, &valid, 3, 0.95, RANK_MOST_FIRST, ranks, &err),
        RV_DOMAIN);
    CHECK_INT(ranks[0].rank, -7);
    CHECK_OK(
        rank_simultaneous_shares(&a, parts, wholes, &valid, 3, 0.95, RANK_MOST_FIRST, ranks, &err));
    CHECK(ranks[0].rank == 1 && ranks[2].rank == 2 && ranks[0].of == 2 && !ranks[1].is_available);
    CHECK(ranks[0].low == 1 && ranks[0].high == 2); /* p = 0.14 */
    arena_done(&a);
}

/* Reversing the areas, or the direction, mirrors the answer and nothing else. */
static void sets_do_not_depend_on_the_order_of_the_areas(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "ranks.csv", NULL);
    static struct areas areas, back;
    take(&areas, &t);
    size_t n = areas.n;
    for (size_t i = 0; i < n; i++) {
        back.counts[i] = areas.counts[n - 1 - i];
        back.populations[i] = areas.populations[n - 1 - i];
    }
    struct arena a;
    arena_init(&a, 1 << 20);
    struct rank there[AREAS], again[AREAS], least[AREAS];
    CHECK_OK(rank_simultaneous(&a, areas.counts, areas.populations, NULL, n, 0.95, RANK_MOST_FIRST,
                               there, &err));
    CHECK_OK(rank_simultaneous(&a, back.counts, back.populations, NULL, n, 0.95, RANK_MOST_FIRST,
                               again, &err));
    CHECK_OK(rank_simultaneous(&a, areas.counts, areas.populations, NULL, n, 0.95, RANK_LEAST_FIRST,
                               least, &err));
    for (size_t i = 0; i < n; i++) {
        CHECK_INT(again[n - 1 - i].rank, there[i].rank);
        CHECK_INT(again[n - 1 - i].tied, there[i].tied);
        CHECK_INT(again[n - 1 - i].low, there[i].low);
        CHECK_INT(again[n - 1 - i].high, there[i].high);
        CHECK_INT(least[i].low, (int64_t)n + 1 - there[i].high);
        CHECK_INT(least[i].high, (int64_t)n + 1 - there[i].low);
        CHECK(there[i].low <= there[i].rank && there[i].rank <= there[i].high);
    }
    arena_done(&a);
    table_done(&t);
}

static int compare_reals(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* Holm as it is defined: every ordered pair, its exact p, all of them sorted. */
static void sets_by_definition(const struct areas *x, double level, struct rank *ret)
{
    static double p[AREAS][AREAS], all[AREAS * AREAS];
    size_t n = x->n, m = 0;
    for (size_t j = 0; j < n; j++) {
        for (size_t k = 0; k < n; k++) {
            double share = x->populations[j] / (x->populations[j] + x->populations[k]);
            p[j][k] = binomial_upper(x->counts[j], x->counts[j] + x->counts[k], share);
            if (j != k) {
                all[m++] = p[j][k];
            }
        }
        ret[j].low = 1;
        ret[j].high = (int64_t)n;
    }
    qsort(all, m, sizeof all[0], compare_reals);
    size_t rejected = 0;
    while (rejected < m && all[rejected] <= (1 - level) / (double)(m - rejected)) {
        rejected++;
    }
    for (size_t j = 0; j < n; j++) {
        for (size_t k = 0; k < n; k++) {
            if (j != k && rejected > 0 && p[j][k] <= all[rejected - 1]) {
                ret[k].low++;
                ret[j].high--;
            }
        }
    }
}

static void the_short_cuts_change_nothing(void **state)
{
    (void)state;
    static struct areas x;
    struct rank got[AREAS], want[AREAS];
    struct arena a;
    arena_init(&a, 1 << 20);
    uint64_t random = 88172645463325252;
    const int64_t most[] = {3, 12, 60, 400, 9000, 2000000};
    for (size_t round = 0; round < 240; round++) {
        x.n = 5 + round % (AREAS - 5);
        for (size_t i = 0; i < x.n; i++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            x.counts[i] = (int64_t)(random % (uint64_t)most[round % 6]);
            x.populations[i] = (double)(1000 + (random >> 32) % (round % 4 == 0   ? 1
                                                                 : round % 4 == 1 ? 300000
                                                                                  : 5000));
        }
        double level = round % 3 == 0 ? 0.5 : round % 3 == 1 ? 0.95 : 0.998;
        CHECK_OK(rank_simultaneous(&a, x.counts, x.populations, NULL, x.n, level, RANK_MOST_FIRST,
                                   got, &err));
        sets_by_definition(&x, level, want);
        for (size_t i = 0; i < x.n; i++) {
            CHECK_INT(got[i].low, want[i].low);
            CHECK_INT(got[i].high, want[i].high);
        }
    }
    arena_done(&a);
}

/* Each area stands above or below another exactly when the other stands below or above it, as often
 * as the two ends of its set say, and never on the wrong side of its rate. */
static void areas_stand_beside_one_of_them(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "ranks.csv", NULL);
    static struct areas areas;
    take(&areas, &t);
    size_t n = areas.n;
    struct arena a;
    arena_init(&a, 1 << 20);
    static int8_t beside[AREAS][AREAS];
    struct rank sets[AREAS], again[AREAS];
    const double *sizes = areas.populations;
    CHECK_OK(
        rank_simultaneous(&a, areas.counts, sizes, NULL, n, 0.95, RANK_MOST_FIRST, sets, &err));
    for (size_t own = 0; own < n; own++) {
        CHECK_OK(rank_simultaneous_beside(&a, areas.counts, sizes, NULL, n, 0.95, RANK_MOST_FIRST,
                                          own, again, beside[own], &err));
        int64_t above = 0, below = 0;
        for (size_t i = 0; i < n; i++) {
            above += beside[own][i] > 0;
            below += beside[own][i] < 0;
            CHECK(again[i].low == sets[i].low && again[i].high == sets[i].high);
        }
        CHECK_INT(above, sets[own].low - 1);
        CHECK_INT(below, (int64_t)n - sets[own].high);
        CHECK_INT(beside[own][own], 0);
    }
    size_t alike = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            CHECK_INT(beside[i][j], -beside[j][i]);
            double gap = (double)areas.counts[j] / sizes[j] - (double)areas.counts[i] / sizes[i];
            CHECK(gap * beside[i][j] >= 0);
            alike += i != j && beside[i][j] == 0;
        }
    }
    CHECK(alike > 0 && alike < n * (n - 1));
    uint64_t valid = ~(uint64_t)1;
    CHECK_FAILS(rank_simultaneous_beside(&a, areas.counts, sizes, &valid, n, 0.95, RANK_MOST_FIRST,
                                         0, again, beside[0], &err),
                RV_DOMAIN);
    CHECK_FAILS(rank_simultaneous_beside(&a, areas.counts, sizes, NULL, n, 0.95, RANK_MOST_FIRST, n,
                                         again, beside[0], &err),
                RV_DOMAIN);
    arena_done(&a);
    table_done(&t);
}

static void ties_share_a_place_and_the_next_is_skipped(void **state)
{
    (void)state;
    const double values[] = {4, 9, 9, 1, 4, 9};
    const int64_t want[] = {4, 1, 1, 6, 4, 1}, tied[] = {2, 3, 3, 1, 2, 3};
    struct rank ranks[6];
    struct arena a;
    arena_init(&a, 1 << 16);
    CHECK_OK(rank_competition(&a, values, NULL, 6, RANK_MOST_FIRST, ranks, &err));
    for (size_t i = 0; i < 6; i++) {
        CHECK_INT(ranks[i].rank, want[i]);
        CHECK_INT(ranks[i].tied, tied[i]);
        CHECK_INT(ranks[i].low, 0);
    }
    arena_done(&a);
}

static void a_missing_area_takes_no_place(void **state)
{
    (void)state;
    const int64_t counts[] = {5, -999, 5000, 60};
    const double populations[] = {100, -3, 100, 100};
    const uint64_t valid = 0xd, none = 0;
    struct rank ranks[4];
    struct arena a;
    arena_init(&a, 1 << 16);
    CHECK_OK(
        rank_simultaneous(&a, counts, populations, &valid, 4, 0.95, RANK_MOST_FIRST, ranks, &err));
    CHECK(!ranks[1].is_available && ranks[1].rank == 0);
    CHECK_INT(ranks[2].rank, 1);
    CHECK_INT(ranks[2].high, 1);
    CHECK_INT(ranks[0].rank, 3);
    CHECK_INT(ranks[0].low, 3);
    CHECK_INT(ranks[3].of, 3);
    CHECK_OK(
        rank_simultaneous(&a, counts, populations, &none, 4, 0.95, RANK_MOST_FIRST, ranks, &err));
    for (size_t i = 0; i < 4; i++) {
        CHECK(!ranks[i].is_available && ranks[i].low == 0);
    }
    CHECK_OK(rank_simultaneous(&a, NULL, NULL, NULL, 0, 0.95, RANK_MOST_FIRST, NULL, &err));
    arena_done(&a);
}

static void nothing_known_means_every_place_is_possible(void **state)
{
    (void)state;
    const int64_t zeros[] = {0, 0, 0, 0, 0};
    struct rank ranks[5];
    struct arena a;
    arena_init(&a, 1 << 16);
    CHECK_OK(rank_simultaneous(&a, zeros, NULL, NULL, 5, 0.95, RANK_MOST_FIRST, ranks, &err));
    for (size_t i = 0; i < 5; i++) {
        CHECK(ranks[i].rank == 1 && ranks[i].tied == 5 && ranks[i].low == 1 && ranks[i].high == 5);
    }
    CHECK_OK(rank_simultaneous(&a, zeros, NULL, NULL, 1, 0.95, RANK_MOST_FIRST, ranks, &err));
    CHECK(ranks[0].low == 1 && ranks[0].high == 1);
    arena_done(&a);
}

static void what_cannot_be_ranked_is_refused(void **state)
{
    (void)state;
    const double bad[] = {1, (double)NAN};
    const int64_t counts[] = {1, -1};
    const double populations[] = {10, 0};
    struct rank ranks[2] = {{.rank = -7}};
    struct arena a;
    arena_init(&a, 1 << 16);
    CHECK_FAILS(rank_competition(&a, bad, NULL, 2, RANK_MOST_FIRST, ranks, &err), RV_DOMAIN);
    CHECK_FAILS(rank_simultaneous(&a, counts, NULL, NULL, 2, 0.95, RANK_MOST_FIRST, ranks, &err),
                RV_DOMAIN);
    const int64_t fine[] = {1, 1};
    CHECK_FAILS(
        rank_simultaneous(&a, fine, populations, NULL, 2, 0.95, RANK_MOST_FIRST, ranks, &err),
        RV_DOMAIN);
    CHECK_FAILS(rank_simultaneous(&a, fine, NULL, NULL, 2, 1, RANK_MOST_FIRST, ranks, &err),
                RV_DOMAIN);
    CHECK(ranks[0].rank == -7);
    arena_done(&a);
}

/* Every allocation fails once: the call says so, and the next one succeeds. */
static void running_out_of_memory_is_reported_and_leaves_ret_alone(void **state)
{
    (void)state;
    int64_t counts[AREAS];
    for (size_t i = 0; i < AREAS; i++) {
        counts[i] = 400 + 2 * (int64_t)(i * i % 97);
    }
    struct rank ranks[AREAS];
    int failures = 0;
    for (long nth = 1;; nth++) {
        struct arena a;
        arena_init(&a, 1 << 20);
        ranks[0].rank = -7;
        memory_fail_nth(nth);
        rv_status status =
            rank_simultaneous(&a, counts, NULL, NULL, AREAS, 0.95, RANK_MOST_FIRST, ranks, &err);
        memory_fail_nth(0);
        arena_done(&a);
        if (rv_is_ok(status)) {
            break;
        }
        CHECK_INT(status.code, RV_NO_MEMORY);
        CHECK_INT(ranks[0].rank, -7);
        failures++;
    }
    CHECK(failures >= 2);
    struct arena tiny;
    arena_init(&tiny, 64);
    CHECK(!rv_is_ok(
        rank_simultaneous(&tiny, counts, NULL, NULL, AREAS, 0.95, RANK_MOST_FIRST, ranks, &err)));
    arena_done(&tiny);
}

static void check_text(int64_t rank, int64_t tied, const char *want)
{
    struct buf b;
    buf_init(&b, 64);
    rank_text(&(struct rank){.rank = rank, .tied = tied, .is_available = true}, &b);
    CHECK_OK(buf_status(&b, &err));
    CHECK_STRING(b.bytes, want);
    buf_done(&b);
}

static void places_read_as_English(void **state)
{
    (void)state;
    const char *const wants[] = {"1st",   "2nd",   "3rd",   "4th",  "10th", "11th",
                                 "12th",  "13th",  "21st",  "22nd", "23rd", "101st",
                                 "111th", "112th", "113th", "124th"};
    for (size_t i = 0; i < sizeof wants / sizeof wants[0]; i++) {
        check_text(strtoll(wants[i], NULL, 10), 1, wants[i]);
    }
    check_text(16, 2, "joint 16th");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_agree_with_R_and_csranks),
        cmocka_unit_test(ranks_agree_with_the_shared_reference),
        cmocka_unit_test(shares_agree_with_R),
        cmocka_unit_test(one_sided_tests_agree_with_R),
        cmocka_unit_test(a_share_needs_a_whole),
        cmocka_unit_test(sets_do_not_depend_on_the_order_of_the_areas),
        cmocka_unit_test(the_short_cuts_change_nothing),
        cmocka_unit_test(areas_stand_beside_one_of_them),
        cmocka_unit_test(ties_share_a_place_and_the_next_is_skipped),
        cmocka_unit_test(a_missing_area_takes_no_place),
        cmocka_unit_test(nothing_known_means_every_place_is_possible),
        cmocka_unit_test(what_cannot_be_ranked_is_refused),
        cmocka_unit_test(running_out_of_memory_is_reported_and_leaves_ret_alone),
        cmocka_unit_test(places_read_as_English),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
