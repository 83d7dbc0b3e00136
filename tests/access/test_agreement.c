/* tests/access/test_agreement.c — terms are read strictly; days, columns and retention.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/agreement.h"
#include "base/limits.h"
#include "check.h"

static struct arena arena;

#define HEAD "{\"agreement\": \"a\", \"supplier\": \"s\",\n\"gateway\": \"g\", "
#define MID  "\"purposes\": [\"p\"],\n\"from\": \"2024-01-31\", \"expires\": \"2026-03-31\""

static bool is_sex(const char *name)
{
    return strcmp(name, "sex") == 0;
}

static void a_mistake_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        int line;
        const char *part;
    } cases[] = {
        {"[]", 1, "is an object"},
        {HEAD, 2, ""},
        {HEAD MID ",\n\"colour\": 1}", 4, "no member"},
        {HEAD MID ",\n\"agreement\": \"b\"}", 4, ""},
        {HEAD MID ",\n\"fields\": [\"sex\",\n\"surname\"]}", 5, "no column"},
        {HEAD MID ",\n\"fields\": []}", 4, "1 to 200"},
        {HEAD MID ",\n\"fields\": \"sex\"}", 4, "must be a list"},
        {HEAD MID ",\n\"marking\": \"SECRET\"}", 4, "no marking"},
        {HEAD MID ",\n\"marking\": 1}", 4, "in quotes"},
        {HEAD MID ",\n\"retention_months\": 0}", 4, "whole number of months"},
        {HEAD MID ",\n\"retention_months\": 1.5}", 4, "whole number of months"},
        {HEAD MID ",\n\"retention_months\": 1201}", 4, "whole number of months"},
        {HEAD MID ",\n\"note\": \"\"}", 4, "1 to 2,000"},
        {HEAD "\"purposes\": [\"p\"],\n\"from\": \"2023-02-29\", \"expires\": \"2026-03-31\"}", 3,
         "no date"},
        {HEAD "\"purposes\": [\"p\"],\n\"from\": \"2024-01-31\",\n\"expires\": \"2024-01-30\"}", 4,
         "is before"},
        {HEAD "\"purposes\": [\"p\"],\n\"from\": \"2024-01\", \"expires\": \"2026-03-31\"}", 3,
         "no date"},
        {HEAD "\"purposes\": [\"p\"], \"from\": \"2024-01-31\"}", 1, "\"expires\" is missing"},
        {"{\"agreement\": \"a b\", \"supplier\": \"s\"}", 1, "letters, digits"},
        {"{\"agreement\": \"a\"}", 1, "\"supplier\" is missing"},
    };
    arena_init(&arena, LIMIT_ARENA_BYTES);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct agreement x;
        struct rv_err err = {0};
        char place[32];
        CHECK_FAILS(agreement_read(&arena, "a.json", text_of(cases[i].json), is_sex, &x, &err),
                    RV_INVALID);
        (void)snprintf(place, sizeof place, "a.json, line %d", cases[i].line);
        if (!strstr(err.message, place) || !strstr(err.message, cases[i].part)) {
            fail_msg("case %zu: %s", i, err.message);
        }
    }
    arena_done(&arena);
}

static void what_is_left_out_has_its_meaning(void **state)
{
    (void)state;
    struct agreement x;
    struct rv_err err = {0};
    arena_init(&arena, LIMIT_ARENA_BYTES);
    CHECK_OK(agreement_read(&arena, "a", text_of(HEAD MID "}"), is_sex, &x, &err));
    assert_int_equal(x.marking, MARKING_OFFICIAL);
    assert_int_equal(x.retention_months, 0);
    assert_null(x.note);
    assert_true(agreement_shares(&x, "sex") && agreement_shares(&x, "age"));
    CHECK_OK(agreement_read(&arena, "a", text_of(HEAD MID ", \"fields\": [\"sex\"]}"), is_sex, &x,
                            &err));
    assert_true(agreement_shares(&x, "sex") && !agreement_shares(&x, "age"));
    arena_done(&arena);
}

static void publishing_is_by_marking_unless_it_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        enum marking most; /* up to which counts may be let out */
        bool is_none;
    } cases[] = {
        {"", MARKING_OFFICIAL, false},
        {", \"marking\": \"official-sensitive\"", MARKING_OFFICIAL, false},
        {", \"publish\": \"counts\"", MARKING_OFFICIAL_SENSITIVE, false},
        {", \"publish\": \"nothing\"", MARKING_PUBLIC, true},
    };
    struct agreement x;
    struct rv_err err = {0};
    arena_init(&arena, LIMIT_ARENA_BYTES);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *json = arena_printf(&arena, "%s%s%s}", HEAD, MID, cases[i].words);
        CHECK_OK(agreement_read(&arena, "a", text_of(json), is_sex, &x, &err));
        for (int m = MARKING_PUBLIC; m <= MARKING_OFFICIAL_SENSITIVE; m++) {
            assert_int_equal(agreement_lets_publish(&x, (enum marking)m),
                             !cases[i].is_none && m <= (int)cases[i].most);
        }
    }
    assert_true(agreement_lets_publish(NULL, MARKING_OFFICIAL));
    assert_false(agreement_lets_publish(NULL, MARKING_OFFICIAL_SENSITIVE));
    CHECK_FAILS(
        agreement_read(&arena, "a", text_of(HEAD MID ", \"publish\": \"all\"}"), is_sex, &x, &err),
        RV_INVALID);
    assert_non_null(strstr(err.message, "there are counts"));
    arena_done(&arena);
}

/* Months by the calendar: a month from the last day of a longer one ends on the last of the next.
 */
static void retention_ends_on_its_day(void **state)
{
    (void)state;
    static const struct {
        int64_t months;
        const char *came, *last;
        const char *after;
    } cases[] = {
        {1, "2024-01-31T10:00:00Z", "2024-02-29", "2024-03-01"},
        {1, "2023-01-31", "2023-02-28", "2023-03-01"},
        {12, "2024-02-29", "2025-02-28", "2025-03-01"},
        {36, "2023-11-28T23:59:59Z", "2026-11-28", "2026-11-29"},
        {1200, "2024-05-05", "2124-05-05", "2124-05-06"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(agreement_is_past(cases[i].months, cases[i].came, cases[i].last));
        assert_true(agreement_is_past(cases[i].months, cases[i].came, cases[i].after));
    }
    assert_false(agreement_is_past(0, "1990-01-01", "2199-12-31"));
    assert_false(agreement_is_past(1, "when?", "2199-12-31"));
}

static void markings_are_ordered_and_nothing_is_public_by_default(void **state)
{
    (void)state;
    enum marking m, none = {0};
    assert_true(MARKING_PUBLIC < MARKING_OFFICIAL && MARKING_OFFICIAL < MARKING_OFFICIAL_SENSITIVE);
    assert_string_equal(marking_name(none), "official");
    assert_true(marking_find(text_of("public"), &m) && m == MARKING_PUBLIC);
    assert_false(marking_find(text_of("Public"), &m));
    assert_int_equal(marking_most(MARKING_PUBLIC, MARKING_OFFICIAL_SENSITIVE),
                     MARKING_OFFICIAL_SENSITIVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mistake_is_refused_with_its_line),
        cmocka_unit_test(what_is_left_out_has_its_meaning),
        cmocka_unit_test(publishing_is_by_marking_unless_it_is_said),
        cmocka_unit_test(retention_ends_on_its_day),
        cmocka_unit_test(markings_are_ordered_and_nothing_is_public_by_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
