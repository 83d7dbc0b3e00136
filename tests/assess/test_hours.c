/* tests/assess/test_hours.c — what is said of clock times, on times made here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/hours.h"
#include "base/limits.h"
#include "check.h"
#include "stats/wording.h"

#include <stdlib.h>

static struct rv_err err;

enum { MOST = 20000 };

struct made {
    struct hours_cell cells[MOST];
    size_t count;
    int turn; /* hours by which every time is turned */
};

static void put(struct made *m, int minute, int days, int64_t count)
{
    int turned = minute < 0 ? -1 : (minute + 60 * m->turn + 1440) % 1440;
    m->cells[m->count++] = (struct hours_cell){turned, days, count};
}

/* Every minute of an hour in turn, so that no minute stands out. */
static void put_hour(struct made *m, int hour, int days, int n)
{
    for (int i = 0; i < n; i++) {
        put(m, hour * 60 + i * 7 % 60, days, 1);
    }
}

/* `each` offences an hour recorded the same day, and `more` of them in the hour `peak`. */
static struct made *even(int each, int peak, int more, int turn)
{
    struct made *m = calloc(1, sizeof *m);
    assert_non_null(m);
    m->turn = turn;
    for (int hour = 0; hour < 24; hour++) {
        put_hour(m, hour, 0, each + (hour == peak ? more : 0));
    }
    return m;
}

static void work_out(struct made *m, struct hours *ret)
{
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    CHECK_OK(hours_work_out(&a, NULL, m->cells, m->count, ret, &err));
    arena_done(&a);
    free(m);
}

static void one_hour_leads_wherever_the_clock_is_turned(void **state)
{
    (void)state;
    for (int turn = 0; turn < 24; turn += 5) {
        static struct hours h;
        work_out(even(60, 15, 60, turn), &h);
        CHECK_INT(h.verdict, HOURS_PEAK_AT);
        CHECK_INT(h.peak.hour, (15 + turn) % 24);
        CHECK_INT(h.early_peak.hour, h.peak.hour);
        CHECK_INT(h.n, 24 * 60 + 60);
        CHECK_INT(h.aside, 0);
        CHECK(!h.is_caution);
        CHECK_NEAR(h.kept, 1, 0);
    }
}

static void hours_that_chance_may_swap_are_all_named(void **state)
{
    (void)state;
    struct made *m = even(60, 18, 40, 0);
    put_hour(m, 20, 0, 40);
    static struct hours h;
    work_out(m, &h);
    CHECK_INT(h.verdict, HOURS_PEAK_BETWEEN);
    CHECK((h.peak.likely_hours >> 18 & 1) && (h.peak.likely_hours >> 20 & 1));
}

/* 00:01 makes a peak at midnight; without it the true one is left. */
static void a_minute_that_is_not_round_is_set_aside(void **state)
{
    (void)state;
    struct made *m = even(60, 15, 60, 0);
    put(m, 1, 0, 150);
    static struct hours h;
    work_out(m, &h);
    CHECK(hours_set_aside(&h, 1) && !hours_set_aside(&h, 2));
    CHECK_INT(h.aside_minutes, 1);
    CHECK(h.aside >= 150 && h.aside <= 152);
    CHECK_INT(h.raw_peak, 0);
    CHECK_INT(h.peak.hour, 15);
    CHECK_INT(h.verdict, HOURS_PEAK_AT);
    CHECK_INT(h.clean_count + h.aside, h.with_time);
    CHECK_NEAR(h.kept, (double)h.clean_count / (double)h.n, 1e-15);
}

/* A lump at noon stays, and goes with the late records that made it. */
static void a_round_lump_is_judged_by_lateness(void **state)
{
    (void)state;
    struct made *m = even(60, 19, 70, 0);
    put(m, 12 * 60, 30, 150);
    static struct hours h;
    work_out(m, &h);
    CHECK(hours_is_lump(&h, 12 * 60) && !hours_set_aside(&h, 12 * 60));
    CHECK_INT(h.round_minutes, 1);
    CHECK_INT(h.peak.hour, 12);
    CHECK_INT(h.early_peak.hour, 19);
    CHECK_INT(h.verdict, HOURS_LATE_PEAK);
    CHECK_INT(h.peak_count, 210);
    CHECK_INT(h.peak_late, 150);
    CHECK(h.is_caution);
    /* The same lump recorded at once is an hour like any other. */
    m = even(60, 19, 70, 0);
    put(m, 12 * 60, 0, 150);
    work_out(m, &h);
    CHECK_INT(h.verdict, HOURS_PEAK_AT);
    CHECK_INT(h.peak.hour, 12);
    CHECK(!h.is_caution);
}

/* Midnight alone, ten times its neighbours and more: a time not known. */
static void midnight_may_stand_for_no_time(void **state)
{
    (void)state;
    struct made *m = even(60, 15, 60, 0);
    put(m, 0, 0, 200);
    static struct hours h;
    work_out(m, &h);
    CHECK(hours_set_aside(&h, 0));
    CHECK_INT(h.peak.hour, 15);
}

static void under_half_recorded_in_time_is_not_reliable(void **state)
{
    (void)state;
    struct made *m = even(40, 15, 100, 0);
    for (int hour = 0; hour < 24; hour++) {
        put_hour(m, hour, 8, 70);
    }
    static struct hours h;
    work_out(m, &h);
    CHECK_INT(h.verdict, HOURS_NOT_RELIABLE);
    CHECK_NEAR(h.kept, (40 * 24 + 100) / (double)h.n, 1e-15);
    /* And so are times that most records do not have. */
    m = even(40, 15, 100, 0);
    put(m, -1, 0, 40 * 24 + 101);
    work_out(m, &h);
    CHECK_INT(h.verdict, HOURS_NOT_RELIABLE);
    /* Between half and seven in ten: with caution. */
    m = even(60, 15, 100, 0);
    put(m, -1, 0, 24 * 30);
    work_out(m, &h);
    CHECK_INT(h.verdict, HOURS_PEAK_AT);
    CHECK(h.is_caution);
}

static void few_or_no_times_say_nothing(void **state)
{
    (void)state;
    static struct hours h;
    struct made *m = even(0, 15, WORDING_PERCENT_BASE - 1, 0);
    work_out(m, &h);
    CHECK_INT(h.verdict, HOURS_TOO_FEW);
    m = even(0, 15, 0, 0);
    work_out(m, &h);
    CHECK_INT(h.verdict, HOURS_TOO_FEW);
    CHECK_INT(h.n, 0);
    CHECK_INT(h.raw_peak, -1);
    m = even(0, 15, 0, 0);
    put(m, -1, -1, 500); /* neither a time nor a date */
    work_out(m, &h);
    CHECK_INT(h.verdict, HOURS_TOO_FEW);
    CHECK(!h.has_delay);
}

static void hours_are_added_round_the_clock(void **state)
{
    (void)state;
    int64_t hours[24];
    for (int i = 0; i < 24; i++) {
        hours[i] = i;
    }
    CHECK_INT(hours_between(hours, 15, 19), 15 + 16 + 17 + 18);
    CHECK_INT(hours_between(hours, 22, 2), 22 + 23 + 0 + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_hour_leads_wherever_the_clock_is_turned),
        cmocka_unit_test(hours_that_chance_may_swap_are_all_named),
        cmocka_unit_test(a_minute_that_is_not_round_is_set_aside),
        cmocka_unit_test(a_round_lump_is_judged_by_lateness),
        cmocka_unit_test(midnight_may_stand_for_no_time),
        cmocka_unit_test(under_half_recorded_in_time_is_not_reliable),
        cmocka_unit_test(few_or_no_times_say_nothing),
        cmocka_unit_test(hours_are_added_round_the_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
