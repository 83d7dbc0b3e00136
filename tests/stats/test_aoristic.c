/* tests/stats/test_aoristic.c — intervals over the week: reference, exactness, threads, edges.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "check.h"
#include "stats/aoristic.h"
#include "stats/random.h"
#include "table.h"

#define MOST 128

static struct rv_err err;
static const struct aoristic_options defaults = {.longest_s = AORISTIC_ANY};

static int64_t seconds(const char *cell)
{
    civil_time t = 0;
    CHECK(civil_parse(text_of(cell), &t) == CIVIL_OK);
    return civil_seconds(t);
}

static struct aoristic weigh(const int64_t *start, const int64_t *end, const uint64_t *end_valid,
                             size_t n)
{
    struct aoristic_records r = {.n = n, .start_s = start, .end_s = end, .end_valid = end_valid};
    struct aoristic w;
    CHECK_OK(aoristic_weigh(NULL, &r, &defaults, &w, &err));
    return w;
}

/* Start and end of each row; an empty end is missing. 28 March 2021 00:30 to 03:30 is among them:
 * the hour that the clock skips counts as any other. */
static size_t take(const struct table *t, int64_t *start, int64_t *end, uint64_t *end_valid)
{
    CHECK(t->rows <= MOST);
    for (size_t i = 0; i < t->rows; i++) {
        start[i] = seconds(table_cell(t, i, "start"));
        bool has = table_has(t, i, "end");
        end[i] = has ? seconds(table_cell(t, i, "end")) : INT64_MIN;
        end_valid[i / 64] |= (uint64_t)has << i % 64;
    }
    return t->rows;
}

/* "168 x 0.0059…" or "4-15:0.25 4-16:0.75" */
static void read_weights(const char *cell, double weights[AORISTIC_CELLS])
{
    if (strncmp(cell, "168 x ", 6) == 0) {
        for (size_t k = 0; k < AORISTIC_CELLS; k++) {
            weights[k] = strtod(cell + 6, NULL);
        }
        return;
    }
    memset(weights, 0, AORISTIC_CELLS * sizeof *weights);
    for (const char *at = cell; *at;) {
        char *next;
        long day = strtol(at, &next, 10);
        long hour = strtol(next + 1, &next, 10);
        CHECK(*next == ':' && day >= 0 && day < 7 && hour >= 0 && hour < 24);
        weights[24 * day + hour] = strtod(next + 1, &next);
        at = *next == ' ' ? next + 1 : next;
    }
}

static void weights_agree_with_seconds_counted_one_by_one(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "aoristic.csv", NULL);
    static int64_t start[MOST], end[MOST];
    static uint64_t end_valid[MOST / 64];
    size_t n = take(&t, start, end, end_valid);
    double worst = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t valid = end_valid[i / 64] >> i % 64 & 1;
        struct aoristic w = weigh(&start[i], &end[i], &valid, 1);
        bool is_ok = strcmp(table_cell(&t, i, "status"), "ok") == 0;
        CHECK_INT(w.placed, is_ok);
        CHECK_INT(w.reversed, !is_ok);
        double want[AORISTIC_CELLS];
        read_weights(table_cell(&t, i, "weights"), want);
        for (size_t k = 0; k < AORISTIC_CELLS; k++) {
            CHECK(fabs(w.week[k] - want[k]) <= 1e-12);
            worst = fmax(worst, fabs(w.week[k] - want[k]));
        }
    }
    table_done(&t);
    struct aoristic all = weigh(start, end, end_valid, n);
    CHECK(all.n == 55 && all.placed == 54 && all.reversed == 1 && all.missing == 0);
    table_open(&t, "aoristic-totals.csv", NULL);
    for (size_t i = 0; i < t.rows; i++) {
        const char *kind = table_cell(&t, i, "kind");
        int64_t k = table_int(&t, i, "index");
        double got = strcmp(kind, "cell") == 0   ? all.week[k]
                     : strcmp(kind, "hour") == 0 ? all.hours[k]
                                                 : all.weekdays[k];
        CHECK(fabs(got - table_real(&t, i, "value")) <= 54e-12);
    }
    CHECK_INT(t.rows, 168 + 24 + 7);
    measured("aoristic", "weights", n, "absolute", worst);
    table_done(&t);
}

static void whole_hours_give_the_fraction_itself(void **state)
{
    (void)state;
    int64_t start = seconds("2022-05-04T18:00"), end; /* a Wednesday */
    for (int hours = 1; hours <= 24; hours++) {
        end = start + INT64_C(3600) * hours;
        struct aoristic w = weigh(&start, &end, NULL, 1);
        for (int k = 0; k < AORISTIC_CELLS; k++) {
            int away = k - (2 * 24 + 18);
            CHECK(w.week[k] == (away >= 0 && away < hours ? 1.0 / hours : 0));
        }
    }
    start = seconds("2021-06-05T23:15");
    end = seconds("2021-06-06T01:45");
    struct aoristic w = weigh(&start, &end, NULL, 1);
    CHECK(w.week[5 * 24 + 23] == 0.3 && w.week[6 * 24] == 0.4 && w.week[6 * 24 + 1] == 0.3);
    CHECK(w.hours[23] == 0.3 && w.hours[0] == 0.4 && w.weekdays[6] == 0.7);
}

static void an_end_on_the_hour_gives_nothing_to_that_hour(void **state)
{
    (void)state;
    int64_t start = seconds("2022-05-04T14:00"), end = seconds("2022-05-04T15:00");
    struct aoristic w = weigh(&start, &end, NULL, 1);
    CHECK(w.week[2 * 24 + 14] == 1 && w.week[2 * 24 + 15] == 0 && w.instants == 0);
    end = start; /* a time stands in its own hour */
    w = weigh(&start, &end, NULL, 1);
    CHECK(w.week[2 * 24 + 14] == 1 && w.instants == 1);
}

/* ---- random intervals against the definition ---- */

static void made(int64_t *start, int64_t *end, size_t n, uint32_t chunk)
{
    struct random_stream r;
    random_open(&r, 3, RANDOM_TEST, chunk);
    for (size_t i = 0; i < n; i++) {
        start[i] = INT64_C(1600000000) + random_below(&r, 80000000);
        const uint32_t longest[] = {1, 60, 3600, 86400, 604800, 3000000};
        uint32_t most = longest[random_below(&r, 6)];
        end[i] = start[i] + random_below(&r, most);
        if (random_below(&r, 3) == 0) { /* on the hour, as people write */
            start[i] -= start[i] % 3600;
            end[i] += 3600 - end[i] % 3600;
        }
    }
}

/* Second by second: the definition itself. */
static void brute(int64_t start, int64_t end, double *week, double *clock)
{
    double share = 1 / (double)(end > start ? end - start : 1);
    int64_t last = end > start ? end : start + 1;
    for (int64_t s = start; s < last; s++) {
        clock[s / 3600 % 24] += share;
        if (end - start < 604800) {
            week[(s / 3600 + 72) % 168] += share;
        }
    }
    for (size_t k = 0; k < AORISTIC_CELLS && end - start >= 604800; k++) {
        week[k] += 1.0 / 168;
    }
}

static void random_intervals_agree_with_the_definition(void **state)
{
    (void)state;
    int64_t start[60], end[60];
    made(start, end, 60, 0);
    for (size_t i = 0; i < 60; i++) {
        double week[AORISTIC_CELLS] = {0}, clock[24] = {0};
        brute(start[i], end[i], week, clock);
        struct aoristic w = weigh(&start[i], &end[i], NULL, 1);
        for (size_t k = 0; k < AORISTIC_CELLS; k++) {
            CHECK(fabs(w.week[k] - week[k]) < 1e-9); /* the sum of up to 600,000 shares */
        }
        for (size_t h = 0; h < 24; h++) {
            CHECK(fabs(w.clock[h] - clock[h]) < 1e-9);
        }
    }
}

/* Seven and a half days: evenly over the week, but the half day shows on the clock. */
static void long_intervals_are_even_over_the_week_but_not_round_the_clock(void **state)
{
    (void)state;
    int64_t start = seconds("2022-05-04T06:00"), end = seconds("2022-05-11T18:00");
    struct aoristic w = weigh(&start, &end, NULL, 1);
    CHECK(w.uniform == 1);
    for (size_t k = 0; k < AORISTIC_CELLS; k++) {
        CHECK(w.week[k] == 1.0 / 168);
    }
    CHECK_NEAR(w.clock[5], 7.0 / 180, 1e-12);
    CHECK_NEAR(w.clock[6], 8.0 / 180, 1e-12);
    CHECK_NEAR(w.clock[17], 8.0 / 180, 1e-12);
    CHECK_NEAR(w.clock[18], 7.0 / 180, 1e-12);
    end = start + INT64_C(12623040000);
    w = weigh(&start, &end, NULL, 1);
    double sum = 0;
    for (size_t h = 0; h < 24; h++) {
        sum += w.clock[h];
        CHECK_NEAR(w.clock[h], 1.0 / 24, 1e-5);
    }
    CHECK_NEAR(sum, 1, 1e-14);
}

static void the_parts_of_an_offence_add_up_to_one(void **state)
{
    (void)state;
    static int64_t start[3000], end[3000];
    made(start, end, 3000, 1);
    for (size_t i = 0; i < 3000; i++) {
        struct aoristic w = weigh(&start[i], &end[i], NULL, 1);
        double week = 0, clock = 0, days = 0;
        for (size_t k = 0; k < AORISTIC_CELLS; k++) {
            week += w.week[k];
            CHECK(w.week[k] >= 0);
        }
        for (size_t h = 0; h < 24; h++) {
            clock += w.clock[h];
        }
        for (size_t d = 0; d < 7; d++) {
            days += w.weekdays[d];
        }
        CHECK_NEAR(week, 1, 1e-14);
        CHECK_NEAR(clock, 1, 1e-14);
        CHECK_NEAR(days, 1, 1e-14);
    }
}

#define MANY 200003

static void the_result_has_the_same_bits_in_any_order_and_on_any_threads(void **state)
{
    (void)state;
    static int64_t start[MANY], end[MANY], back_start[MANY], back_end[MANY];
    made(start, end, MANY, 2);
    for (size_t i = 0; i < MANY; i++) {
        back_start[i] = start[MANY - 1 - i];
        back_end[i] = end[MANY - 1 - i];
    }
    struct aoristic one, other;
    memset(&one, 0, sizeof one);
    memset(&other, 0, sizeof other);
    one = weigh(start, end, NULL, MANY);
    other = weigh(back_start, back_end, NULL, MANY);
    CHECK(memcmp(&one, &other, sizeof one) == 0);
    struct aoristic_records r = {.n = MANY, .start_s = start, .end_s = end};
    const size_t threads[] = {1, 2, 7};
    for (size_t i = 0; i < 3; i++) {
        RV_CLEANUP(pool_closep) struct pool *pool = NULL;
        CHECK_OK(pool_open(threads[i], &pool, &err));
        CHECK_OK(aoristic_weigh(pool, &r, &defaults, &other, &err));
        CHECK(memcmp(&one, &other, sizeof one) == 0);
    }
    double sum = 0;
    for (size_t k = 0; k < AORISTIC_CELLS; k++) {
        sum += one.week[k];
    }
    CHECK_NEAR(sum, MANY, 1e-13);
}

/* Whole weeks later nothing changes, an hour later everything moves by one hour. */
static void moving_the_clock_moves_the_weights(void **state)
{
    (void)state;
    static int64_t start[999], end[999], moved_start[999], moved_end[999];
    made(start, end, 999, 3);
    struct aoristic w = weigh(start, end, NULL, 999);
    const int64_t by_hours[] = {168, -168 * 3000, 1, 25, -30};
    for (size_t m = 0; m < 5; m++) {
        for (size_t i = 0; i < 999; i++) {
            moved_start[i] = start[i] + by_hours[m] * 3600;
            moved_end[i] = end[i] + by_hours[m] * 3600;
        }
        struct aoristic moved = weigh(moved_start, moved_end, NULL, 999);
        int64_t by = (by_hours[m] % 168 + 168) % 168;
        for (int64_t k = 0; k < AORISTIC_CELLS; k++) {
            CHECK(moved.week[(k + by) % 168] == w.week[k]);
        }
    }
}

static void what_cannot_be_placed_is_counted(void **state)
{
    (void)state;
    int64_t start[] = {7200, 7200, 7200, 7200, 7200}, end[] = {7199, 7200, 99999, 10800, 14401};
    uint64_t start_valid = 0x1b, end_valid = 0x0f; /* the third has no start, the last no end */
    struct aoristic_records r = {5, start, end, &start_valid, &end_valid};
    struct aoristic w;
    CHECK_OK(aoristic_weigh(NULL, &r, &defaults, &w, &err));
    CHECK(w.n == 5 && w.placed == 3 && w.missing == 1 && w.reversed == 1 && w.instants == 2);
    CHECK(w.week[3 * 24 + 2] == 3);
    struct aoristic_options two_hours = {.longest_s = 7200};
    r.start_valid = r.end_valid = NULL;
    CHECK_OK(aoristic_weigh(NULL, &r, &two_hours, &w, &err));
    CHECK(w.placed == 2 && w.too_long == 2 && w.reversed == 1);
}

static void nothing_gives_zeros_and_says_so(void **state)
{
    (void)state;
    struct aoristic w = weigh(NULL, NULL, NULL, 0);
    CHECK(w.n == 0 && w.placed == 0 && w.week[0] == 0);
    int64_t start[2] = {0, 0};
    uint64_t none = 0;
    struct aoristic_records r = {2, start, start, &none, NULL};
    CHECK_OK(aoristic_weigh(NULL, &r, &defaults, &w, &err));
    CHECK(w.placed == 0 && w.missing == 2 && w.week[72] == 0);
}

static void impossible_intervals_are_refused_and_leave_ret_alone(void **state)
{
    (void)state;
    int64_t start[] = {0, INT64_MIN}, end[] = {0, INT64_MAX};
    struct aoristic_records r = {.n = 2, .start_s = start, .end_s = end};
    struct aoristic w = {.n = -7};
    CHECK_FAILS(aoristic_weigh(NULL, &r, &defaults, &w, &err), RV_DOMAIN);
    CHECK_STRING(err.message, "the interval of record 2 is longer than 400 years");
    struct aoristic_options options = {.longest_s = -1};
    CHECK_FAILS(aoristic_weigh(NULL, &r, &options, &w, &err), RV_DOMAIN);
    CHECK_INT(w.n, -7);
    end[1] = INT64_MIN; /* the ends of the calendar are only times */
    CHECK_OK(aoristic_weigh(NULL, &r, &defaults, &w, &err));
    CHECK_INT(w.placed, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_agree_with_seconds_counted_one_by_one),
        cmocka_unit_test(whole_hours_give_the_fraction_itself),
        cmocka_unit_test(an_end_on_the_hour_gives_nothing_to_that_hour),
        cmocka_unit_test(random_intervals_agree_with_the_definition),
        cmocka_unit_test(long_intervals_are_even_over_the_week_but_not_round_the_clock),
        cmocka_unit_test(the_parts_of_an_offence_add_up_to_one),
        cmocka_unit_test(the_result_has_the_same_bits_in_any_order_and_on_any_threads),
        cmocka_unit_test(moving_the_clock_moves_the_weights),
        cmocka_unit_test(what_cannot_be_placed_is_counted),
        cmocka_unit_test(nothing_gives_zeros_and_says_so),
        cmocka_unit_test(impossible_intervals_are_refused_and_leave_ret_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
