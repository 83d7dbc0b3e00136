/* tests/assess/test_order.c — findings in the order of their importance.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/order.h"
#include "assess/rules.h"
#include "check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What the order looks at; everything else is not available. */
static struct finding planted(const char *id, const char *rule, enum finding_verdict verdict,
                              double value, double before)
{
    return (struct finding){.id = id,
                            .theme = "profile",
                            .chapter = "p",
                            .rule = rule,
                            .verdict = verdict,
                            .value = value,
                            .compare_value = before,
                            .numerator = (double)NAN,
                            .denominator = (double)NAN,
                            .unit = "offences",
                            .rank = -1,
                            .of = -1};
}

static struct finding share(const char *id, const char *rule, double percent)
{
    struct finding f = planted(id, rule, VERDICT_HOLDS, percent, (double)NAN);
    f.unit = "percent";
    return f;
}

static struct finding place(const char *id, int64_t rank)
{
    struct finding f = planted(id, "RANK", VERDICT_HOLDS, (double)rank, (double)NAN);
    f.unit = "rank";
    f.rank = rank;
    f.of = 32;
    return f;
}

enum { PLANTED = 19 };

/* One chapter, in the order that the rule gives. */
static void plant(struct finding f[PLANTED])
{
    const double none = (double)NAN;
    size_t n = 0;
    /* How much: what leads. A change that is told apart, then by nothing but the table. */
    f[n++] = planted("p.all.change", "CHANGE_UP", VERDICT_HOLDS, 120, 100);
    f[n++] = planted("p.all.total", "TOTAL", VERDICT_HOLDS, 120, none);
    /* The rest of the whole: by the table, whatever their sizes. */
    f[n++] = share("p.all.share", "SHARE", 50);
    f[n++] = place("p.all.rank", 1);
    f[n++] = planted("p.all.rate", "RATE", VERDICT_CAUTION, 400, none);
    /* Groups: told apart first, then the larger change, and caution behind what holds. */
    f[n++] = planted("p.rape.change", "CHANGE_DOWN_SMALL", VERDICT_HOLDS, 4, 16);
    f[n++] = planted("p.abh.change", "CHANGE_UP", VERDICT_HOLDS, 60, 40);
    f[n++] = place("p.gbh.rank", 32);
    f[n++] = place("p.abh.rank", 4); /* a larger size than either change */
    f[n++] = planted("p.gbh.change", "CHANGE_NOT_DISTINGUISHABLE", VERDICT_HOLDS, 9, 3);
    f[n++] = planted("p.homicide.change", "CHANGE_UP", VERDICT_CAUTION, 9, 1);
    f[n++] = planted("p.all.top-ward", "TOP_AREA", VERDICT_NOT_RELIABLE, 40, none);
    f[n++] = planted("p.all.weekdays", "WEEKDAYS_DIFFER", VERDICT_HOLDS, none, none);
    f[n++] = planted("p.all.months", "MONTHS_NOT_DISTINGUISHABLE", VERDICT_HOLDS, none, none);
    f[n++] = share("p.victims.under-18", "PEOPLE_SHARE", 20);
    f[n++] = share("p.victims.male", "PEOPLE_SHARE", 80); /* a complement, though larger */
    f[n++] = planted("p.weapon-enabled.total", "WEAPONS", VERDICT_HOLDS, 12, none);
    f[n++] =
        planted("p.all.recorded-in-time", "RECORDED_IN_TIME", VERDICT_NOT_AVAILABLE, none, none);
    f[n++] = planted("p.all.unheard", "UNHEARD_OF", VERDICT_HOLDS, 1000, 1);
    assert_int_equal(n, PLANTED);
}

static void assert_planted(const struct finding *f)
{
    struct finding expected[PLANTED];
    plant(expected);
    for (size_t i = 0; i < PLANTED; i++) {
        assert_string_equal(f[i].id, expected[i].id);
    }
}

static void test_the_same_from_any_order(void **state)
{
    (void)state;
    uint32_t random = 12345;
    for (int round = 0; round < 200; round++) {
        struct finding f[PLANTED];
        plant(f);
        for (size_t i = PLANTED - 1; i > 0; i--) {
            random = random * 1664525 + 1013904223;
            size_t k = (random >> 8) % (i + 1);
            struct finding kept = f[i];
            f[i] = f[k];
            f[k] = kept;
        }
        struct arena a RV_CLEANUP(arena_done);
        arena_init(&a, 1u << 20);
        struct rv_err err;
        assert_true(rv_is_ok(order_findings(&a, f, PLANTED, &err)));
        assert_planted(f);
    }
}

static void test_chapters_keep_their_places(void **state)
{
    (void)state;
    struct finding f[] = {planted("q.all.change", "CHANGE_UP", VERDICT_HOLDS, 2, 1),
                          planted("p.all.accused", "ACCUSED", VERDICT_HOLDS, 2, 1),
                          planted("p.all.total", "TOTAL", VERDICT_HOLDS, 2, (double)NAN),
                          planted("coverage.b", "COVERED", VERDICT_HOLDS, 0, 0),
                          planted("coverage.a", "NOT_COVERED", VERDICT_NOT_AVAILABLE, 9, 0)};
    f[0].chapter = "q";
    f[3].chapter = f[4].chapter = NULL;
    f[3].theme = f[4].theme = "coverage";
    struct arena a RV_CLEANUP(arena_done);
    arena_init(&a, 1u << 20);
    struct rv_err err;
    assert_true(rv_is_ok(order_findings(&a, f, 5, &err)));
    const char *const expected[] = {"q.all.change", "p.all.total", "p.all.accused", "coverage.b",
                                    "coverage.a"};
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(f[i].id, expected[i]);
    }
    assert_int_equal(f[2].question, FINDING_RESULT);
    assert_true(rv_is_ok(order_findings(&a, f, 0, &err)));
}

/* The planted chapter as a profile's: which of it stand in the summary. */
static void assert_summary(struct finding *f, size_t count, const char *const *ids, size_t wanted)
{
    struct arena a RV_CLEANUP(arena_done);
    arena_init(&a, 1u << 20);
    struct rv_err err;
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        f[i].chapter_title = "A profile";
    }
    assert_true(rv_is_ok(order_findings(&a, f, count, &err)));
    for (size_t i = 0; i < count; i++) {
        if (f[i].is_summary) {
            assert_true(n < wanted);
            assert_string_equal(f[i].id, ids[n++]);
        }
    }
    assert_int_equal(n, wanted);
}

static void test_summary_has_one_of_each_question(void **state)
{
    (void)state;
    struct finding f[PLANTED];
    plant(f);
    const char *const ids[] = {"p.all.change", "p.all.top-ward", "p.all.weekdays",
                               "p.victims.under-18", "p.weapon-enabled.total"};
    assert_summary(f, PLANTED, ids, 5); /* nothing is known of results, and how sure is no answer */
    for (size_t i = 0; i < PLANTED; i++) {
        f[i].chapter_title = NULL;
    }
    struct arena a RV_CLEANUP(arena_done);
    arena_init(&a, 1u << 20);
    struct rv_err err;
    assert_true(rv_is_ok(order_findings(&a, f, PLANTED, &err)));
    for (size_t i = 0; i < PLANTED; i++) {
        assert_false(f[i].is_summary); /* no profile, no summary */
    }
}

static void test_summary_of_few_goes_on_with_what_comes_next(void **state)
{
    (void)state;
    /* A change that chance could make goes behind the total, and has it too. */
    struct finding f[] = {
        planted("p.all.total", "TOTAL", VERDICT_HOLDS, 120, (double)NAN),
        planted("p.all.change", "CHANGE_NOT_DISTINGUISHABLE", VERDICT_HOLDS, 120, 118),
        share("p.all.share", "SHARE", 50),
        place("p.all.rank", 16),
        planted("p.all.top-ward", "TOP_AREA", VERDICT_NOT_AVAILABLE, (double)NAN, (double)NAN),
        planted("p.abh.total", "TOTAL", VERDICT_HOLDS, 60, (double)NAN),
    };
    const char *const ids[] = {"p.all.change", "p.all.share", "p.all.rank"};
    assert_summary(f, 6, ids, 3);
    f[3].verdict = VERDICT_NOT_AVAILABLE; /* three that could stand in it are no shorter */
    assert_string_equal(f[3].id, "p.all.rank");
    assert_summary(f, 6, ids, 0);
}

static void test_sizes(void **state)
{
    (void)state;
    struct finding up = planted("p.all.change", "CHANGE_UP", VERDICT_HOLDS, 100, 75);
    struct finding none = planted("p.all.total", "TOTAL", VERDICT_HOLDS, 0, 0);
    struct finding first = place("p.all.rank", 1), last = place("p.all.rank", 32);
    struct finding part = share("p.all.share", "SHARE", 37.5);
    assert_true(order_size(&up) == 0.25);
    assert_true(order_size(&none) == 0);
    assert_true(order_size(&first) == 1 && order_size(&last) == 1);
    assert_true(order_size(&part) == 0.375);
}

static void test_every_rule_has_a_place(void **state)
{
    (void)state;
    size_t themes = 0, checked = 0;
    const char *const *names = assess_themes(&themes);
    for (size_t i = 0; i < themes; i++) {
        size_t count = 0;
        const char *const *rules = assess_rules(names[i], &count);
        for (size_t k = 0; k < count; k++, checked++) {
            if (!order_has_rule(rules[k])) {
                fail_msg("%s of %s has no place in src/assess/order.c", rules[k], names[i]);
            }
        }
    }
    assert_true(checked > 100);
    assert_false(order_has_rule("UNHEARD_OF"));
    assert_false(order_has_rule("CHANGELING"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_from_any_order),
        cmocka_unit_test(test_chapters_keep_their_places),
        cmocka_unit_test(test_summary_has_one_of_each_question),
        cmocka_unit_test(test_summary_of_few_goes_on_with_what_comes_next),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_every_rule_has_a_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
