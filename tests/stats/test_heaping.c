/* tests/stats/test_heaping.c — placeholder times by minute of the day.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "stats/heaping.h"
#include "stats/random.h"
#include "table.h"

static struct rv_err err;
static struct heaping h; /* too large for a stack */

static void detect(const int64_t *counts)
{
    const struct heaping_options options = HEAPING_DEFAULTS;
    CHECK_OK(heaping_detect(counts, &options, &h, &err));
}

/* Both as good as 0, or within the tolerance of the reference. */
static void check_p(double got, double want, double *worst)
{
    if (fabs(got) < 1e-12 && fabs(want) < 1e-12) {
        return;
    }
    CHECK_REF(got, want, 1e-6, worst);
}

static void rows(const char *shared)
{
    struct table t;
    table_open(&t, "heaping.csv", shared);
    CHECK_INT(t.rows, HEAPING_MINUTES);
    static int64_t counts[HEAPING_MINUTES];
    for (size_t m = 0; m < t.rows; m++) {
        CHECK_INT(table_int(&t, m, "minute"), m);
        counts[m] = table_int(&t, m, "count");
    }
    detect(counts);
    double worst = 0;
    for (size_t m = 0; m < t.rows; m++) {
        const struct heaping_minute *got = &h.minutes[m];
        CHECK_STRING(heaping_class_name(got->class), table_cell(&t, m, "class"));
        CHECK_INT(got->neighbours, table_int(&t, m, "k"));
        CHECK_INT(got->neighbour_sum, table_int(&t, m, "neighbour_sum"));
        CHECK_REF(got->expected, table_real(&t, m, "expected"), 1e-12, &worst);
        CHECK(fabs(got->excess - table_real(&t, m, "excess")) < 1e-9);
        CHECK_INT(got->has_ratio, table_has(&t, m, "ratio"));
        if (got->has_ratio) {
            CHECK_REF(got->ratio, table_real(&t, m, "ratio"), 1e-12, &worst);
        }
        check_p(got->p, table_real(&t, m, "p_one_sided"), &worst);
        check_p(got->p_holm, table_real(&t, m, "p_holm"), &worst);
        check_p(got->q_bh, table_real(&t, m, "q_bh"), &worst);
        CHECK_INT(got->is_flagged, table_int(&t, m, "flag"));
    }
    measured("heaping", "p", t.rows, "relative", worst);
    measured("heaping", "flags", t.rows, "exact", 0);
    table_done(&t);
}

static void heaping_agrees_with_R(void **state)
{
    (void)state;
    rows(NULL);
}

static void heaping_agrees_with_the_shared_reference(void **state)
{
    (void)state;
    rows("reference/05_heaping/heaping_expected.csv");
}

/* Midnight of the reference is unlikely by chance but less than 3 times its neighbours: a note. */
static void results_are_given_with_and_without_the_flagged_minutes(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "heaping.csv", NULL);
    static int64_t counts[HEAPING_MINUTES];
    for (size_t m = 0; m < t.rows; m++) {
        counts[m] = table_int(&t, m, "count");
    }
    table_done(&t);
    detect(counts);
    CHECK_INT(h.n, 3578);
    CHECK_INT(h.flagged_minutes, 2);
    CHECK_INT(h.excluded, 421 + 200);
    CHECK(h.minutes[0].is_weak && !h.minutes[0].is_excluded);
    int64_t all[24], without[24], sum = 0;
    heaping_hours(&h, all, without);
    for (int hour = 0; hour < 24; hour++) {
        sum += all[hour] - without[hour];
        CHECK(without[hour] <= all[hour]);
    }
    CHECK_INT(sum, h.excluded);
    CHECK_INT(all[0], 558);
    CHECK_INT(without[0], 558 - 421);
    CHECK_INT(without[12], 307 - 200);
    CHECK_INT(without[15], all[15]);
}

/* Times rounded as people round them, without any placeholder. */
static void rounded(int64_t *counts)
{
    const int64_t by_class[] = {300, 150, 60, 30, 7};
    for (int m = 0; m < HEAPING_MINUTES; m++) {
        counts[m] = 0;
    }
    detect(counts);
    for (int m = 0; m < HEAPING_MINUTES; m++) {
        counts[m] = by_class[h.minutes[m].class];
    }
}

static void rounding_alone_flags_nothing(void **state)
{
    (void)state;
    static int64_t counts[HEAPING_MINUTES];
    rounded(counts);
    detect(counts);
    CHECK_INT(h.flagged_minutes, 0);
    for (int m = 0; m < HEAPING_MINUTES; m++) {
        CHECK(!h.minutes[m].is_weak);
        CHECK_NEAR(h.minutes[m].ratio, 1, 1e-15);
    }
}

static void each_usual_placeholder_is_found(void **state)
{
    (void)state;
    const int places[] = {0, 1, 719, 720, 721, 1439, 540, 1017};
    static int64_t counts[HEAPING_MINUTES];
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        rounded(counts);
        counts[places[i]] *= 40;
        detect(counts);
        CHECK_INT(h.flagged_minutes, 1);
        CHECK(h.minutes[places[i]].is_excluded);
        CHECK_INT(h.excluded, counts[places[i]]);
    }
}

static void a_weak_midnight_alone_is_kept(void **state)
{
    (void)state;
    static int64_t counts[HEAPING_MINUTES];
    rounded(counts);
    counts[0] = 1500; /* 5 times its neighbours: flagged, but real midnight offences are in it */
    detect(counts);
    CHECK(h.minutes[0].is_flagged && !h.minutes[0].is_excluded && h.is_midnight_kept);
    CHECK_INT(h.excluded, 0);
    counts[1] = 700; /* no longer alone */
    detect(counts);
    CHECK(h.minutes[0].is_excluded && h.minutes[1].is_excluded && !h.is_midnight_kept);
    CHECK_INT(h.excluded, 2200);
    CHECK_INT(h.excluded_minutes, 2);
}

static void few_records_flag_nothing(void **state)
{
    (void)state;
    static int64_t counts[HEAPING_MINUTES];
    memset(counts, 0, sizeof counts);
    detect(counts);
    CHECK(h.n == 0 && h.flagged_minutes == 0 && h.minutes[700].p == 1);
    counts[1] = 1;
    detect(counts);
    CHECK(h.n == 1 && h.flagged_minutes == 0 && !h.minutes[1].has_ratio);
    counts[1] = 9; /* below the excess of 10 although nobody else is there */
    detect(counts);
    CHECK_INT(h.flagged_minutes, 0);
    CHECK(h.minutes[1].is_weak);
    counts[1] = 10;
    detect(counts);
    CHECK_INT(h.flagged_minutes, 1);
}

static void more_at_a_minute_never_makes_it_less_suspect(void **state)
{
    (void)state;
    static int64_t counts[HEAPING_MINUTES];
    double last = 1;
    for (int64_t count = 0; count < 200; count++) {
        rounded(counts);
        counts[1] = count;
        detect(counts);
        CHECK(h.minutes[1].p <= last);
        last = h.minutes[1].p;
    }
}

static void bad_input_is_refused_and_leaves_ret_alone(void **state)
{
    (void)state;
    static int64_t counts[HEAPING_MINUTES];
    memset(counts, 0, sizeof counts);
    struct heaping_options options = HEAPING_DEFAULTS;
    h.n = -7;
    counts[77] = -1;
    CHECK_FAILS(heaping_detect(counts, &options, &h, &err), RV_DOMAIN);
    counts[77] = 0;
    options.alpha = (double)NAN;
    CHECK_FAILS(heaping_detect(counts, &options, &h, &err), RV_DOMAIN);
    options = HEAPING_DEFAULTS;
    options.ratio = 0;
    CHECK_FAILS(heaping_detect(counts, &options, &h, &err), RV_DOMAIN);
    CHECK(h.n == -7);
}

/* ---- counting ---- */

#define TIMES 100003

static void times_are_counted_and_missing_ones_stand_apart(void **state)
{
    (void)state;
    static int16_t minutes[TIMES];
    static uint64_t valid[TIMES / 64 + 1];
    static int64_t counts[HEAPING_MINUTES], want[HEAPING_MINUTES];
    struct random_stream r;
    random_open(&r, 1, RANDOM_TEST, 0);
    int64_t missing = 0, want_missing = 0;
    for (size_t i = 0; i < TIMES; i++) {
        bool has = i < 6400 || random_below(&r, 5) > 0; /* whole words of known times, then gaps */
        minutes[i] = has ? (int16_t)random_below(&r, HEAPING_MINUTES) : -1;
        valid[i / 64] |= (uint64_t)has << (i % 64);
        want[has ? minutes[i] : 0] += has;
        want_missing += !has;
    }
    CHECK_OK(heaping_count(minutes, valid, TIMES, counts, &missing, &err));
    CHECK(memcmp(counts, want, sizeof counts) == 0);
    CHECK_INT(missing, want_missing);
    /* in three pieces, added up */
    memset(counts, 0, sizeof counts);
    missing = 0;
    CHECK_OK(heaping_count(minutes, valid, 64, counts, &missing, &err));
    CHECK_OK(heaping_count(minutes + 64, valid + 1, 0, counts, &missing, &err));
    CHECK_OK(heaping_count(minutes + 64, valid + 1, TIMES - 64, counts, &missing, &err));
    CHECK(memcmp(counts, want, sizeof counts) == 0);
    CHECK_INT(missing, want_missing);
}

static void a_time_outside_the_day_adds_nothing(void **state)
{
    (void)state;
    int16_t minutes[] = {5, 1440, 7, -3, 1439};
    static int64_t counts[HEAPING_MINUTES];
    int64_t missing = 0;
    CHECK_FAILS(heaping_count(minutes, NULL, 5, counts, &missing, &err), RV_DOMAIN);
    CHECK_STRING(err.message, "time 2 is minute 1440 of the day: 0 to 1439 are possible");
    CHECK(counts[5] == 0 && missing == 0);
    uint64_t valid = 0x15; /* the two bad ones have no time */
    CHECK_OK(heaping_count(minutes, &valid, 5, counts, &missing, &err));
    CHECK(counts[5] == 1 && counts[7] == 1 && counts[1439] == 1 && missing == 2);
    CHECK_OK(heaping_count(minutes, NULL, 1, counts, &missing, &err));
    CHECK(counts[5] == 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heaping_agrees_with_R),
        cmocka_unit_test(heaping_agrees_with_the_shared_reference),
        cmocka_unit_test(results_are_given_with_and_without_the_flagged_minutes),
        cmocka_unit_test(rounding_alone_flags_nothing),
        cmocka_unit_test(each_usual_placeholder_is_found),
        cmocka_unit_test(a_weak_midnight_alone_is_kept),
        cmocka_unit_test(few_records_flag_nothing),
        cmocka_unit_test(more_at_a_minute_never_makes_it_less_suspect),
        cmocka_unit_test(bad_input_is_refused_and_leaves_ret_alone),
        cmocka_unit_test(times_are_counted_and_missing_ones_stand_apart),
        cmocka_unit_test(a_time_outside_the_day_adds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
