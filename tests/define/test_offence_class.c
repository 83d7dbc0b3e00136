/* tests/define/test_offence_class.c — the reference table is whole, and classes mean what the
 * Counting Rules say. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "define/offence_class.h"
#include "define/vocabulary.h"

static void every_row_is_sound(void **state)
{
    (void)state;
    struct text code, group, injury, title, other, ignored;
    size_t rows = 0;
    for (; offence_class_row(rows, &code, &group, &injury, &title); rows++) {
        CHECK(code.n > 0 && title.n > 0);
        CHECK(group.n == 0 || vocabulary_has(OFFENCE_GROUPS, group));
        CHECK(injury.n == 0 || text_is(injury, "with") || text_is(injury, "without"));
        for (size_t k = 0; k < rows; k++) {
            (void)offence_class_row(k, &other, &ignored, &ignored, &ignored);
            CHECK(!text_equal(code, other));
        }
    }
    CHECK(rows > 60);
    CHECK(offence_class_version().n > 0);
}

/* Home Office and College of Policing: self-defined ethnicity, 18+1. */
static void codes_of_ethnicity_fold_into_five_groups(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        int group;
    } cases[] = {{"W1", 0},  {"W4", 0}, {"W9", 0},    {"M3", 1},    {"A4", 2},   {"B9", 3},
                 {"O2", 4},  {"O9", 4}, {"white", 0}, {"other", 4}, {"NS", -1},  {"N1", -1},
                 {"N3", -1}, {"", -1},  {"X1", -1},   {"W", -1},    {"IC1", -1}, {"White", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_INT(ethnicity_group(text_of(cases[i].code)), cases[i].group);
    }
    for (size_t i = 0; ETHNICITIES[i]; i++) { /* every code has a group, or says why it has none */
        bool says_why = ETHNICITIES[i][0] == 'N';
        CHECK((ethnicity_group(text_of(ETHNICITIES[i])) < 0) == says_why);
    }
}

static void classes_have_groups(void **state)
{
    (void)state;
    static const struct {
        const char *code, *group; /* NULL = not decided */
    } cases[] = {
        {"1", "homicide"},
        {"4/2", "homicide"},
        {"4", NULL},
        {"4/4", NULL},
        {"2", "attempted-murder"},
        {"5D", "gbh"},
        {"5D/1", "gbh"},
        {"8N", "abh"},
        {"8N/1", NULL},
        {"8P", "abh"},
        {"3B", "threats-to-kill"},
        {"34B", "personal-robbery"},
        {"34B/2", "personal-robbery"},
        {"34A", "business-robbery"},
        {"19C", "rape"},
        {"17A", NULL},
        {"20A", NULL},
        {"22A", "other-sexual"},
        {"58D", "criminal-damage"},
        {"56A", "arson"},
        {"999Z", NULL},
        {"", NULL},
        {"code", NULL},
        {"#", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *got = offence_class_group(text_of(cases[i].code));
        if ((got == NULL) != (cases[i].group == NULL) ||
            (got && strcmp(got, cases[i].group) != 0)) {
            fail_msg("%s is %s", cases[i].code, got ? got : "not decided");
        }
    }
}

static void injury_is_of_violence_only(void **state)
{
    (void)state;
    CHECK(offence_class_injury(text_of("8N")) == INJURY_WITH);
    CHECK(offence_class_injury(text_of("8N/1")) == INJURY_WITH);
    CHECK(offence_class_injury(text_of("5D")) == INJURY_WITH);
    CHECK(offence_class_injury(text_of("2")) == INJURY_WITH);
    CHECK(offence_class_injury(text_of("3B")) == INJURY_WITHOUT);
    CHECK(offence_class_injury(text_of("105A")) == INJURY_WITHOUT);
    CHECK(offence_class_injury(text_of("34B")) == INJURY_NONE);
    CHECK(offence_class_injury(text_of("999Z")) == INJURY_NOT_RECORDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_sound),
        cmocka_unit_test(classes_have_groups),
        cmocka_unit_test(codes_of_ethnicity_fold_into_five_groups),
        cmocka_unit_test(injury_is_of_violence_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
