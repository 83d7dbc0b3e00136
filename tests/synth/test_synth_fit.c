/* tests/synth/test_synth_fit.c — tables of whole numbers that meet their margins, or a refusal.
 *
 * A random table is drawn, its margins are taken, and the solver must find a table with the same
 * margins; what it finds is added up again here. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/arena.h"
#include "check.h"
#include "synth/fit.h"

#define ROWS   12
#define VALUES 9
#define SETS   3

static struct rv_err err;

struct puzzle {
    int64_t total[ROWS], hidden[ROWS][VALUES], target[SETS + 1][VALUES];
    uint64_t marks[ROWS];
    double weight[ROWS][VALUES];
    struct fit_margin margins[SETS + 1];
    struct fit f;
};

static const int16_t each[VALUES] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
static const int16_t thirds[VALUES] = {0, 0, 0, 1, 1, 1, -1, -1, -1};

/* Overlapping sets of rows, some cells that must stay empty, one margin over groups of values. */
static void make_puzzle(struct puzzle *p, struct dice *dice, bool is_ceiling)
{
    *p = (struct puzzle){.total = {0}};
    for (size_t r = 0; r < ROWS; r++) {
        p->marks[r] = dice_below(dice, 8);
        for (size_t v = 0; v < VALUES; v++) {
            bool is_empty = dice_below(dice, 5) == 0;
            p->weight[r][v] = is_empty ? 0 : 0.2 + dice_unit(dice);
            p->hidden[r][v] = is_empty ? 0 : (int64_t)dice_below(dice, 40);
            p->total[r] += p->hidden[r][v];
            for (size_t s = 0; s < SETS; s++) {
                p->target[s][v] += p->marks[r] >> s & 1 ? p->hidden[r][v] : 0;
            }
            if ((p->marks[r] & 3) == 3 && thirds[v] >= 0) {
                p->target[SETS][thirds[v]] += p->hidden[r][v];
            }
        }
    }
    for (size_t s = 0; s < SETS; s++) {
        p->margins[s] = (struct fit_margin){"a set", UINT64_C(1) << s, each,
                                            VALUES,  p->target[s],     is_ceiling && s == 1};
    }
    p->margins[SETS] = (struct fit_margin){"a pair", 3, thirds, 2, p->target[SETS], false};
    p->f = (struct fit){.name = "a value",
                        .rows = ROWS,
                        .values = VALUES,
                        .total = p->total,
                        .marks = p->marks,
                        .weight = p->weight[0],
                        .margins = p->margins,
                        .margin_count = SETS + 1};
}

static void check_table(const struct puzzle *p, const int64_t *x)
{
    int64_t sums[SETS + 1][VALUES] = {{0}};
    for (size_t r = 0; r < ROWS; r++) {
        int64_t row = 0;
        for (size_t v = 0; v < VALUES; v++) {
            int64_t n = x[r * VALUES + v];
            CHECK(n >= 0 && (n == 0 || p->weight[r][v] > 0));
            row += n;
            for (size_t s = 0; s < SETS; s++) {
                sums[s][v] += p->marks[r] >> s & 1 ? n : 0;
            }
            if ((p->marks[r] & 3) == 3 && thirds[v] >= 0) {
                sums[SETS][thirds[v]] += n;
            }
        }
        CHECK_INT(row, p->total[r]);
    }
    for (size_t s = 0; s <= SETS; s++) {
        for (size_t v = 0; v < p->margins[s].columns; v++) {
            CHECK(sums[s][v] <= p->target[s][v]);
            CHECK(p->margins[s].is_ceiling || sums[s][v] == p->target[s][v]);
        }
    }
}

static void margins_of_a_hidden_table_are_met(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, (size_t)64 << 20);
    for (uint64_t k = 0; k < 200; k++) {
        struct dice dice = dice_start(k, STREAM_COMPOSE, 1);
        struct puzzle p;
        int64_t x[ROWS * VALUES] = {0};
        make_puzzle(&p, &dice, k % 2 == 1);
        CHECK_OK(fit_solve(&a, &p.f, &dice, x, &err));
        check_table(&p, x);
    }
    arena_done(&a);
}

static void the_same_dice_give_the_same_table_and_others_another(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, (size_t)64 << 20);
    int64_t x[3][ROWS * VALUES];
    for (uint64_t k = 0; k < 3; k++) {
        struct dice making = dice_start(9, STREAM_COMPOSE, 1);
        struct dice solving = dice_start(k / 2, STREAM_COMPOSE, 2);
        struct puzzle p;
        make_puzzle(&p, &making, false);
        CHECK_OK(fit_solve(&a, &p.f, &solving, x[k], &err));
    }
    CHECK(memcmp(x[0], x[1], sizeof x[0]) == 0);
    CHECK(memcmp(x[0], x[2], sizeof x[0]) != 0);
    arena_done(&a);
}

static void what_cannot_be_met_is_refused_by_name(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, (size_t)64 << 20);
    struct dice dice = dice_start(1, STREAM_COMPOSE, 1);
    const int64_t total[2] = {10, 10}, target[2] = {15, 5};
    const uint64_t marks[2] = {1, 0};
    const double weight[2][2] = {{1, 1}, {1, 1}};
    static const int16_t column[2] = {0, 1};
    const struct fit_margin margin = {"the small table", 1, column, 2, target, false};
    struct fit f = {"a value", 2, 2, total, marks, weight[0], &margin, 1};
    int64_t x[4] = {0};
    CHECK_INT(fit_solve(&a, &f, &dice, x, &err).code, RV_REFUSED);
    CHECK(strstr(err.message, "the small table") != NULL);
    arena_done(&a);
}

static void parts_add_up_to_their_total(void **state)
{
    (void)state;
    struct dice dice = dice_start(3, STREAM_COMPOSE, 1);
    for (int k = 0; k < 500; k++) {
        double weights[20];
        int64_t parts[20], total = (int64_t)dice_below(&dice, 1000), sum = 0;
        for (size_t i = 0; i < 20; i++) {
            weights[i] = dice_below(&dice, 4) == 0 ? 0 : dice_unit(&dice);
        }
        weights[k % 20] = 1;
        fit_apportion(total, weights, 20, parts);
        for (size_t i = 0; i < 20; i++) {
            CHECK(parts[i] >= 0 && (weights[i] > 0 || parts[i] == 0));
            sum += parts[i];
        }
        CHECK_INT(sum, total);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(margins_of_a_hidden_table_are_met),
        cmocka_unit_test(the_same_dice_give_the_same_table_and_others_another),
        cmocka_unit_test(what_cannot_be_met_is_refused_by_name),
        cmocka_unit_test(parts_add_up_to_their_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
