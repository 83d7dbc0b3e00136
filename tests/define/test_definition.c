/* tests/define/test_definition.c — definitions are read strictly and decide one offence by the
 * rules of formats.md sections 5 and 7. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "check.h"
#include "define/definition.h"
#include "define/records.h"

static struct arena arena;

static rv_status read_text(const char *json, struct definition *ret, struct rv_err *err)
{
    return definition_read(&arena, "d.json", text_of(json), ret, err);
}

/* ---- what is refused, with its line ---- */

#define HEAD "{\"definition\": \"d\",\n\"version\": \"1\",\n"

static const struct {
    const char *json;
    int line;
    const char *part;
} MISTAKES[] = {
    {"[]", 1, "is an object"},
    {"{\"definition\": \"d\",\n", 2, ""},
    {HEAD "\"profiles\": []}", 3, "at least one profile"},
    {HEAD "\"title\": \"t\"}", 1, "at least one profile"},
    {HEAD "\"profiles\": [{\"id\": \"a\",\n\"offences\": [\"gbh\",\n\"murderr\"]}]}", 5,
     "\"murderr\" is neither"},
    {HEAD "\"lists\": {\"a\": [\"b\"],\n\"b\": [\"c\"],\n\"c\": [\"a\"]},\n"
          "\"profiles\": [{\"id\": \"p\", \"offences\": [\"a\"]}]}",
     5, "made of itself"},
    {HEAD "\"lists\": {\"gbh\": [\"abh\"]},\n\"profiles\": [{\"id\": \"p\", \"offences\": "
          "[\"gbh\"]}]}",
     3, "name of an offence group"},
    {HEAD "\"lists\": {\"s\": [\"gbh\"]},\n\"linked\": {\"groups\":\n[\"gbh\"], \"to\": \"s\"},"
          "\n\"profiles\": [{\"id\": \"p\", \"offences\": [\"s\"]}]}",
     5, "in a circle"},
    {HEAD "\"lists\": {\"s\": [\"gbh\"], \"t\": [\"arson\"]},\n\"linked\": [{\"groups\": "
          "[\"arson\"], \"to\": \"s\"},\n{\"groups\": [\"gbh\"], \"to\": \"t\"}],\n\"profiles\": "
          "[{\"id\": \"p\", \"offences\": [\"s\"]}]}",
     5, "in a circle"},
    {HEAD "\"linked\": {\"groups\": [\"arson\"],\n\"to\": \"serious\"},\n\"profiles\": [{\"id\": "
          "\"p\", \"offences\": [\"gbh\"]}]}",
     4, "no list"},
    {HEAD
     "\"excludes\": [\"arson\"],\n\"profiles\": [{\"id\": \"p\",\n\"offences\": [\"arson\"]}]}",
     5, "left out by \"excludes\""},
    {HEAD
     "\"excludes\": [\"terrorism\"],\n\"profiles\": [{\"id\": \"p\", \"offences\": [\"gbh\"],\n"
     "\"flags_all\": [\"terrorism\"]}]}",
     5, "no record can be in this profile"},
    {HEAD "\"excludes\": [\"noise\"],\n\"profiles\": [{\"id\": \"p\", \"offences\": [\"gbh\"]}]}",
     3, "neither an offence group nor a flag"},
    {HEAD "\"profiles\": [{\"id\": \"p\", \"offences\": [\"gbh\"],\n\"flags_all\": [\"night\"]}]}",
     4, "no flag"},
    {HEAD "\"profiles\": [{\"id\": \"p\", \"offences\": []}]}", 3, "1 to 200 texts"},
    {HEAD "\"profiles\": [{\"id\": \"p\"}]}", 3, "\"offences\" is missing"},
    {HEAD "\"profiles\": [{\"id\": \"union\", \"offences\": [\"gbh\"]}]}", 3, "meaning of its own"},
    {HEAD "\"profiles\": [{\"id\": \"p\", \"offences\": [\"gbh\"]},\n{\"id\": \"p\", \"offences\": "
          "[\"abh\"]}]}",
     4, "two profiles"},
    {HEAD "\"profiles\": [{\"id\": \"p\", \"offences\": [\"gbh\"],\n\"any_person\": {\"roles\": "
          "[\"witness\"], \"age_below\": 25}}]}",
     4, "no role"},
    {HEAD "\"profiles\": [{\"id\": \"p\", \"offences\": [\"gbh\"],\n\"any_person\": {\"roles\": "
          "[\"victim\"],\n\"age_below\": 0}}]}",
     5, "nobody is below 0"},
    {HEAD "\"profiles\": [{\"id\": \"p\", \"offences\": [\"gbh\"],\n\"any_person\": {\"roles\": "
          "[\"victim\"]}}]}",
     4, "from 1 to 120"},
    {HEAD "\"profiles\": [{\"id\": \"p\", \"offences\": [\"gbh\"],\n\"flag_all\": [\"knife\"]}]}",
     4, "no member"},
    {HEAD "\"profiles\": [{\"id\": \"p\", \"offences\": [\"gbh\", \"gbh\"]}]}", 3, "twice"},
    {HEAD "\"profiles\": [{\"id\": \"p\", \"offences\": [\"gbh\"]}],\n\"version\": \"2\"}", 4, ""},
};

static void a_mistake_is_refused_with_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof MISTAKES / sizeof MISTAKES[0]; i++) {
        struct definition d;
        struct rv_err err = {0};
        char line[32];
        rv_status status = read_text(MISTAKES[i].json, &d, &err);
        (void)snprintf(line, sizeof line, "d.json, line %d", MISTAKES[i].line);
        if (status.code != RV_INVALID || !strstr(err.message, line) ||
            !strstr(err.message, MISTAKES[i].part)) {
            fail_msg("case %zu: %s: %s", i, rv_code_name(status.code), err.message);
        }
    }
}

static void rules_in_words_are_kept(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct definition d;
    CHECK_OK(read_text(HEAD
                       "\"connected\": \"personally connected\", \"untested\": {\"x\": \"y\"},"
                       "\"profiles\": [{\"id\": \"p\", \"offences\": [\"gbh\"], \"why\": \"w\"}]}",
                       &d, &err));
    CHECK_INT(d.untested_count, 3);
    CHECK_STRING(d.untested[1].title, "connected");
    CHECK_STRING(d.untested[2].title, "p: why");
    CHECK_STRING(d.untested[2].text, "w");
}

static void every_shipped_definition_reads(void **state)
{
    (void)state;
    CHECK(definition_shipped_count() >= 3);
    for (size_t i = 0; i < definition_shipped_count(); i++) {
        struct rv_err err = {0};
        struct definition d;
        struct text name = definition_shipped_name(i);
        char copy[64];
        (void)snprintf(copy, sizeof copy, "%.*s", (int)name.n, name.at);
        CHECK_OK(definition_read(&arena, copy, definition_shipped_json(copy), &d, &err));
        CHECK(text_is(name, d.id));
        for (size_t k = 0; k < i; k++) {
            CHECK(!text_equal(name, definition_shipped_name(k)));
        }
    }
    CHECK_INT(definition_shipped_json("no-such").n, 0);
}

/* ---- deciding ---- */

static struct definition havering(const char *name)
{
    struct rv_err err = {0};
    struct definition d;
    CHECK_OK(definition_read(&arena, name, definition_shipped_json(name), &d, &err));
    return d;
}

static uint8_t group_number(const char *name)
{
    int n = vocabulary_find(OFFENCE_GROUPS, text_of(name));
    CHECK(n >= 0);
    return (uint8_t)(n + 1);
}

#define NOBODY                                                                                     \
    {                                                                                              \
        AGE_NOBODY, AGE_NOBODY, AGE_NOBODY                                                         \
    }

static struct decision decide(const struct definition *d, const char *profile, const char *group,
                              const char *flags, int role, int low, int high, const char *linked)
{
    struct offence_facts f = {.low = NOBODY, .high = NOBODY};
    f.group = group ? group_number(group) : 0;
    f.linked_group = linked ? group_number(linked) : 0;
    f.flags = flags_of(text_of(flags));
    if (role >= 0) {
        f.low[role] = (uint8_t)low;
        f.high[role] = (uint8_t)high;
    }
    int p = definition_find(d, profile);
    CHECK(p >= 0);
    return definition_decide(d, (size_t)p, &f);
}

static void the_agreed_rules_decide(void **state)
{
    (void)state;
    struct definition d = havering("havering");
    static const struct {
        const char *profile, *group, *flags;
        int role, low, high;
        const char *linked;
        enum verdict verdict;
        enum clause clause;
    } cases[] = {
        /* ages: below 25, not 25; bands; unknown; every role */
        {"under-25", "gbh", "", ROLE_VICTIM, 24, 24, NULL, VERDICT_IN, CLAUSE_IN_GROUP},
        {"under-25", "gbh", "", ROLE_VICTIM, 25, 25, NULL, VERDICT_OUT, CLAUSE_AGE},
        {"under-25", "gbh", "", ROLE_SUSPECT, 18, 24, NULL, VERDICT_IN, CLAUSE_IN_GROUP},
        {"under-25", "gbh", "", ROLE_ACCUSED, 0, 17, NULL, VERDICT_IN, CLAUSE_IN_GROUP},
        {"under-25", "gbh", "", ROLE_SUSPECT, 18, 34, NULL, VERDICT_UNKNOWN, CLAUSE_AGE_UNKNOWN},
        {"under-25", "gbh", "", ROLE_SUSPECT, 25, 34, NULL, VERDICT_OUT, CLAUSE_AGE},
        {"under-25", "gbh", "", ROLE_VICTIM, 0, AGE_UNKNOWN, NULL, VERDICT_UNKNOWN,
         CLAUSE_AGE_UNKNOWN},
        {"under-25", "gbh", "", -1, 0, 0, NULL, VERDICT_OUT, CLAUSE_NOBODY},
        {"under-25", "weapon-possession", "", ROLE_SUSPECT, 17, 17, NULL, VERDICT_IN,
         CLAUSE_IN_GROUP},
        {"under-25", "business-robbery", "", ROLE_VICTIM, 17, 17, NULL, VERDICT_OUT, CLAUSE_GROUP},
        {"under-25", NULL, "", ROLE_VICTIM, 17, 17, NULL, VERDICT_UNKNOWN, CLAUSE_NO_GROUP},
        /* excluded before all others */
        {"under-25", "gbh", "terrorism;knife", ROLE_VICTIM, 17, 17, NULL, VERDICT_OUT,
         CLAUSE_EXCLUDED},
        {"sexual-violence", "terrorism", "", -1, 0, 0, NULL, VERDICT_OUT, CLAUSE_EXCLUDED},
        /* flags; the second and third profile test no age */
        {"domestic-abuse", "abh", "domestic-abuse", -1, 0, 0, NULL, VERDICT_IN, CLAUSE_IN_GROUP},
        {"domestic-abuse", "abh", " knife ; domestic-abuse", -1, 0, 0, NULL, VERDICT_IN,
         CLAUSE_IN_GROUP},
        {"domestic-abuse", "abh", "knife", -1, 0, 0, NULL, VERDICT_OUT, CLAUSE_FLAGS},
        {"domestic-abuse", "weapon-possession", "domestic-abuse", -1, 0, 0, NULL, VERDICT_OUT,
         CLAUSE_GROUP},
        {"sexual-violence", "other-sexual", "", -1, 0, 0, NULL, VERDICT_IN, CLAUSE_IN_GROUP},
        /* property damage, linked to a listed offence or not; not a way into another list */
        {"under-25", "arson", "", ROLE_VICTIM, 20, 20, "gbh", VERDICT_IN, CLAUSE_IN_LINKED},
        {"under-25", "arson", "", ROLE_VICTIM, 30, 30, "gbh", VERDICT_OUT, CLAUSE_AGE},
        {"under-25", "arson", "", ROLE_VICTIM, 20, 20, "burglary", VERDICT_OUT, CLAUSE_GROUP},
        {"under-25", "arson", "", ROLE_VICTIM, 20, 20, "criminal-damage", VERDICT_OUT,
         CLAUSE_GROUP},
        {"under-25", "arson", "", ROLE_VICTIM, 20, 20, NULL, VERDICT_OUT, CLAUSE_GROUP},
        {"under-25", "burglary", "", ROLE_VICTIM, 20, 20, "gbh", VERDICT_OUT, CLAUSE_GROUP},
        {"domestic-abuse", "criminal-damage", "domestic-abuse", -1, 0, 0, "threats-to-kill",
         VERDICT_IN, CLAUSE_IN_LINKED},
        {"domestic-abuse", "criminal-damage", "", -1, 0, 0, "threats-to-kill", VERDICT_OUT,
         CLAUSE_FLAGS},
        {"sexual-violence", "criminal-damage", "", -1, 0, 0, "rape", VERDICT_OUT, CLAUSE_GROUP},
        {"violence-all-ages", "gbh", "", -1, 0, 0, NULL, VERDICT_IN, CLAUSE_IN_GROUP},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct decision got = decide(&d, cases[i].profile, cases[i].group, cases[i].flags,
                                     cases[i].role, cases[i].low, cases[i].high, cases[i].linked);
        if (got.verdict != cases[i].verdict || got.clause != cases[i].clause) {
            fail_msg("case %zu: %s", i, clause_text(got.clause));
        }
    }
}

static void the_strict_reading_lists_less(void **state)
{
    (void)state;
    struct definition loose = havering("havering"), strict = havering("havering-strict");
    CHECK(decide(&loose, "under-25", "weapon-possession", "", ROLE_SUSPECT, 16, 16, NULL).verdict ==
          VERDICT_IN);
    CHECK(
        decide(&strict, "under-25", "weapon-possession", "", ROLE_SUSPECT, 16, 16, NULL).verdict ==
        VERDICT_OUT);
    CHECK(decide(&strict, "under-25", "gbh", "", ROLE_SUSPECT, 16, 16, NULL).verdict == VERDICT_IN);
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, LIMIT_ARENA_BYTES);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mistake_is_refused_with_its_line),
        cmocka_unit_test(rules_in_words_are_kept),
        cmocka_unit_test(every_shipped_definition_reads),
        cmocka_unit_test(the_agreed_rules_decide),
        cmocka_unit_test(the_strict_reading_lists_less),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
