/* tests/stats/test_wording.c — no result is worded more strongly than it bears.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "stats/compare.h"
#include "stats/wording.h"
#include "table.h"

static struct rv_err err;

static enum wording of_counts(int64_t before, int64_t after)
{
    struct comparison k;
    if (before + after == 0) {
        return wording_of_difference(0, 0, (double)NAN, (double)NAN);
    }
    CHECK_OK(compare_rates(after, 1, before, 1, 0.95, &k, &err));
    return wording_of_difference(before, after, k.has_ratio ? k.ratio : (double)INFINITY, k.p);
}

static void a_change_that_chance_could_make_is_no_increase(void **state)
{
    (void)state;
    CHECK_INT(of_counts(160, 191), WORDING_NOT_DISTINGUISHABLE); /* "a 19% increase", p = 0.1 */
    CHECK_INT(of_counts(16, 25), WORDING_NOT_DISTINGUISHABLE);
    CHECK_INT(of_counts(5567, 6183), WORDING_TREND_UP);
    CHECK_INT(of_counts(6183, 5567), WORDING_TREND_DOWN);
    CHECK_INT(of_counts(0, 9), WORDING_TREND_UP);
    CHECK_INT(of_counts(9, 0), WORDING_TREND_DOWN);
    CHECK_INT(of_counts(40, 40), WORDING_NO_CHANGE);
    CHECK_INT(of_counts(0, 0), WORDING_NOTHING_RECORDED);
}

static void a_p_value_that_is_missing_makes_no_claim(void **state)
{
    (void)state;
    const double none = (double)NAN;
    CHECK_INT(wording_of_difference(10, 90, 9, none), WORDING_NOT_DISTINGUISHABLE);
    CHECK_INT(wording_of_months(5, none), WORDING_NOT_DISTINGUISHABLE);
    CHECK_INT(wording_of_kept(none), WORDING_NOT_AVAILABLE);
    CHECK_INT(wording_of_peak(none, false), WORDING_NOT_AVAILABLE);
}

static void percentages_need_a_base(void **state)
{
    (void)state;
    CHECK_INT(wording_of_percent(19), WORDING_SMALL_BASE);
    CHECK_INT(wording_of_percent(20), WORDING_PERCENT);
    CHECK_INT(wording_of_percent(0), WORDING_SMALL_BASE);
}

static void every_label_of_a_change_has_its_wording(void **state)
{
    (void)state;
    CHECK_INT(wording_of_contributions(CHANGE_DRIVEN_BY), WORDING_DRIVEN_BY);
    CHECK_INT(wording_of_contributions(CHANGE_MORE_THAN), WORDING_MORE_THAN_ACCOUNTED_FOR);
    CHECK_INT(wording_of_contributions(CHANGE_IN_LINE), WORDING_IN_LINE_WITH_SIZE);
    CHECK_INT(wording_of_contributions(CHANGE_SEVERAL), WORDING_DRIVEN_BY_SEVERAL);
    CHECK_INT(wording_of_contributions(CHANGE_BROAD), WORDING_BROAD_BASED);
    CHECK_INT(wording_of_contributions(CHANGE_NO_CHANGE), WORDING_NO_CHANGE);
    CHECK_INT(wording_of_contributions(CHANGE_NOT_SIGNIFICANT), WORDING_NOT_DISTINGUISHABLE);
}

static struct rank place(int64_t rank, int64_t low, int64_t high)
{
    return (struct rank){rank, 1, low, high, 32, true};
}

static void places_move_only_when_their_sets_part(void **state)
{
    (void)state;
    struct rank a = place(23, 18, 27), b = place(24, 19, 28), far = place(9, 6, 12);
    struct rank sole = place(1, 1, 1), none = {.is_available = false},
                bare = {.rank = 4, .is_available = true};
    CHECK_INT(wording_of_rank(&a), WORDING_RANK_WITH_SET);
    CHECK_INT(wording_of_rank(&sole), WORDING_RANK_KEPT);
    CHECK_INT(wording_of_rank(&none), WORDING_NOT_AVAILABLE);
    CHECK_INT(wording_of_rank(&bare), WORDING_NOT_AVAILABLE); /* a rank without its set */
    CHECK_INT(wording_of_rank_change(&a, &b), WORDING_NOT_DISTINGUISHABLE);
    CHECK_INT(wording_of_rank_change(&a, &far), WORDING_RANK_UP);
    CHECK_INT(wording_of_rank_change(&far, &a), WORDING_RANK_DOWN);
    CHECK_INT(wording_of_rank_change(&a, &a), WORDING_NO_CHANGE);
    CHECK_INT(wording_of_rank_change(&a, &none), WORDING_NOT_AVAILABLE);
}

/* The white and black groups, and the mixed one, of the reference's case with 31% missing. */
static void over_representation_names_what_it_depends_on(void **state)
{
    (void)state;
    const int64_t counts[] = {1150, 75, 115, 310, 40},
                  people[] = {197330, 9700, 28150, 21570, 5310};
    const double missing = 760.0 / 2450;
    struct disproportion d[5];
    CHECK_OK(disproportion_compare(counts, people, 5, 760, 0, 0.95, d, &err));
    CHECK_INT(wording_of_representation(&d[0], missing), WORDING_NOT_AVAILABLE);
    CHECK_INT(wording_of_representation(&d[1], missing), WORDING_NOT_RELIABLE);
    CHECK_INT(wording_of_representation(&d[2], missing), WORDING_NOT_RELIABLE);
    CHECK_INT(wording_of_representation(&d[3], missing), WORDING_OVER_REPRESENTED);
    CHECK_INT(wording_of_representation(&d[4], missing), WORDING_NOT_DISTINGUISHABLE);
    CHECK_OK(disproportion_compare(counts, people, 5, 420, 0, 0.95, d, &err));
    double fewer = 420.0 / 2110; /* few enough for the claim with its condition */
    CHECK_INT(wording_of_representation(&d[1], fewer), WORDING_OVER_REPRESENTED_IF_ALIKE);
    CHECK_INT(wording_of_representation(&d[2], fewer), WORDING_UNDER_REPRESENTED_IF_ALIKE);
    CHECK_OK(disproportion_compare(counts, people, 5, 0, 0, 0.95, d, &err));
    CHECK_INT(wording_of_representation(&d[1], 0), WORDING_OVER_REPRESENTED);
    CHECK_INT(wording_of_representation(&d[2], 0), WORDING_UNDER_REPRESENTED);
    const int64_t few[] = {900, 4}, two[] = {90000, 60};
    CHECK_OK(disproportion_compare(few, two, 2, 0, 0, 0.95, d, &err));
    CHECK_INT(wording_of_representation(&d[1], 0), WORDING_SMALL_BASE);
}

static void records_kept_decide_what_holds(void **state)
{
    (void)state;
    CHECK_INT(wording_of_kept(0.81), WORDING_HOLDS);
    CHECK_INT(wording_of_kept(0.70), WORDING_HOLDS);
    CHECK_INT(wording_of_kept(0.69), WORDING_HOLDS_WITH_CAUTION);
    CHECK_INT(wording_of_kept(0.40), WORDING_NOT_RELIABLE);
    CHECK_INT(wording_of_peak(0.93, false), WORDING_PEAK_AT);
    CHECK_INT(wording_of_peak(0.93, true), WORDING_PEAK_BETWEEN);
    CHECK_INT(wording_of_peak(0.62, false), WORDING_PEAK_BETWEEN);
    CHECK_INT(wording_of_months(2, 0.001), WORDING_MONTHS_DIFFER);
    CHECK_INT(wording_of_months(3, 0.001), WORDING_SEASONAL);
    CHECK_INT(wording_of_months(3, 0.2), WORDING_NOT_DISTINGUISHABLE);
}

/* The card is what analysts read: it says of each rule what the program says. */
static void every_rule_stands_in_the_card(void **state)
{
    (void)state;
    static char card[1 << 16];
    FILE *in = fopen(TEST_SOURCE_DIR "/docs/methods/wording.md", "rb");
    assert_non_null(in);
    card[fread(card, 1, sizeof card - 1, in)] = '\0';
    (void)fclose(in);
    for (int i = 0; i < WORDING_COUNT; i++) {
        const struct wording_rule *r = wording_rule((enum wording)i);
        char row[512];
        (void)snprintf(row, sizeof row, "| `%s` | %s | %s |\n", r->name, r->may, r->may_not);
        if (!strstr(card, row)) {
            fail_msg("docs/methods/wording.md has no row: %s", row);
        }
    }
    measured("wording", "rules", WORDING_COUNT, "exact", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_that_chance_could_make_is_no_increase),
        cmocka_unit_test(a_p_value_that_is_missing_makes_no_claim),
        cmocka_unit_test(percentages_need_a_base),
        cmocka_unit_test(every_label_of_a_change_has_its_wording),
        cmocka_unit_test(places_move_only_when_their_sets_part),
        cmocka_unit_test(over_representation_names_what_it_depends_on),
        cmocka_unit_test(records_kept_decide_what_holds),
        cmocka_unit_test(every_rule_stands_in_the_card),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
