/* tests/define/test_joined.c — persons, results and links joined to offences as partners send
 * them, against a join by brute force; the same on 1 and 4 threads.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "define/records.h"
#include "fixture.h"

static struct offence_records load(struct desk *d, struct pool *pool)
{
    struct rv_err err = {0};
    struct records_job job = {.store = d->s, .arena = &d->a, .pool = pool};
    struct extract_info *list[3];
    static const char *const kinds[] = {"offences", "persons", "outcomes"};
    size_t counts[3];
    for (size_t i = 0; i < 3; i++) {
        CHECK_OK(extract_list(d->s, &d->a, kinds[i], &list[i], &counts[i], &err));
    }
    job.offences = list[0];
    job.offence_extracts = counts[0];
    job.persons = list[1];
    job.person_extracts = counts[1];
    job.outcomes = list[2];
    job.outcome_extracts = counts[2];
    struct offence_records r;
    CHECK_OK(records_load(&job, &r, &err));
    return r;
}

static const struct offence_facts *facts(const struct offence_records *r, uint32_t o)
{
    CHECK(o < r->count);
    return &r->facts[o];
}

static void files_come_in_any_order(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "p.csv",
                  "offence_id,role,age,age_band\n"
                  "b,victim,30,\nb,victim,,18-24\nb,suspect,,\na,accused,17,\nzz,victim,9,\n"
                  "c,suspect,,18-34\nb,victim,40,\n");
        desk_text(
            &d, "o.csv",
            "offence_id,recorded_at,offence_code,offence_group,flags,linked_offence_id,outcome,"
            "outcome_date\n"
            "a,2021-03,3B,,knife;domestic-abuse,,open,2021-04-01\n"
            "b,2021-03,8N,gbh,,,,\n"
            "c,2021-04,58D,,,a,open,2021-06-01\n"
            "d,2021-04,999Z,,,nobody,,\n");
        desk_text(&d, "r.csv",
                  "offence_id,outcome,outcome_date\n"
                  "a,no-suspect,2021-05-01\na,accused,2021-07-01\na,evidential,2021-06-01\n"
                  "c,accused,2021-05-31\nb,other,2021-05-01\nqq,accused,2021-05-01\n");
        struct offence_records r = load(&d, d.pool);
        CHECK_INT(r.count, 4);
        CHECK(!r.same); /* nothing was superseded */
        CHECK_INT(r.persons_held, 7);
        CHECK_INT(r.orphans, 1);
        CHECK_INT(r.links, 2);
        CHECK_INT(r.dangling, 1);
        CHECK_STRING(offence_group_name(facts(&r, 0)->group), "threats-to-kill");
        CHECK_STRING(offence_group_name(facts(&r, 1)->group), "gbh"); /* the group, not the code */
        CHECK_STRING(offence_group_name(facts(&r, 2)->linked_group), "threats-to-kill");
        CHECK_INT(facts(&r, 3)->group, 0);
        CHECK_INT(facts(&r, 0)->flags, flags_of(text_of("domestic-abuse;knife")));
        CHECK_INT(facts(&r, 1)->low[ROLE_VICTIM], 18); /* of 30, 18 to 24, 40 */
        CHECK_INT(facts(&r, 1)->high[ROLE_VICTIM], 24);
        CHECK_INT(facts(&r, 1)->low[ROLE_SUSPECT], 0);
        CHECK_INT(facts(&r, 1)->high[ROLE_SUSPECT], AGE_UNKNOWN);
        CHECK_INT(facts(&r, 0)->high[ROLE_ACCUSED], 17);
        CHECK_INT(facts(&r, 0)->high[ROLE_VICTIM], AGE_NOBODY);
        CHECK_STRING(OFFENCE_OUTCOMES[r.outcome[0] - 1], "accused"); /* the latest date */
        CHECK_STRING(OFFENCE_OUTCOMES[r.outcome[1] - 1], "other");
        CHECK_STRING(OFFENCE_OUTCOMES[r.outcome[2] - 1], "open"); /* its own is later */
        CHECK_INT(r.outcome[3], 0);
    }
}

static void a_later_extract_has_its_own_people(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "o1.csv",
                  "offence_id,recorded_at,offence_group\na,2021-03,gbh\nb,2021-03,abh\n");
        desk_text(&d, "p.csv", "offence_id,role,age\na,victim,20\nb,victim,21\n");
        desk_text(&d, "o2.csv", "offence_id,recorded_at,offence_group\na,2021-03,rape\n");
        struct offence_records r = load(&d, d.pool);
        CHECK_INT(r.count, 3);
        CHECK_INT(r.current[0], 0); /* superseded: in no set, has nobody */
        CHECK_INT(r.current[2], 1);
        CHECK_INT(r.same[0], 2); /* what stands for it now */
        CHECK_INT(r.same[1], 1);
        CHECK_INT(r.same[2], 2);
        CHECK_INT(facts(&r, 0)->high[ROLE_VICTIM], AGE_NOBODY);
        CHECK_INT(facts(&r, 2)->high[ROLE_VICTIM], 20);
        CHECK_INT(facts(&r, 1)->high[ROLE_VICTIM], 21);
    }
}

/* ---- against brute force ---- */

static uint32_t draw(uint64_t *state, uint32_t n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % n;
}

#define OFFENCE_ROWS 3000u
#define PERSON_ROWS  5000u

struct drawn_person {
    uint32_t offence; /* OFFENCE_ROWS and above: of none held */
    int role, low, high;
};

static void write_drawn(struct desk *d, uint64_t seed, uint8_t *group, uint32_t *linked,
                        struct drawn_person *people)
{
    struct buf b;
    buf_init(&b, (size_t)16 << 20);
    buf_text(&b, "offence_id,recorded_at,offence_group,linked_offence_id\n");
    for (uint32_t o = 0; o < OFFENCE_ROWS; o++) {
        group[o] = (uint8_t)(1 + draw(&seed, OFFENCE_GROUP_COUNT));
        linked[o] = draw(&seed, 4) ? OFFENCE_ROWS : draw(&seed, OFFENCE_ROWS);
        buf_printf(&b, "K%u,2021-0%u,%s,", o * 7919 % OFFENCE_ROWS, 1 + draw(&seed, 9),
                   OFFENCE_GROUPS[group[o] - 1]);
        if (linked[o] < OFFENCE_ROWS) {
            buf_printf(&b, "K%u", linked[o] * 7919 % OFFENCE_ROWS);
        }
        buf_char(&b, '\n');
    }
    desk_import(d, desk_write_bytes(d, "o.csv", b.bytes, b.n));
    buf_clear(&b);
    buf_text(&b, "offence_id,role,person_ref,age,age_band\n");
    static const struct {
        const char *cells;
        int low, high;
    } ages[] = {{"17,", 17, 17},
                {"24,", 24, 24},
                {"25,", 25, 25},
                {",18-24", 18, 24},
                {",18-34", 18, 34},
                {",", 0, AGE_UNKNOWN},
                {",unsaid", 0, AGE_UNKNOWN},
                {"60,0-9", 60, 60}};
    for (uint32_t i = 0; i < PERSON_ROWS; i++) {
        uint32_t age = draw(&seed, 8);
        people[i] = (struct drawn_person){draw(&seed, OFFENCE_ROWS + 50), (int)draw(&seed, 3),
                                          ages[age].low, ages[age].high};
        buf_printf(&b, "K%u,%s,r%u,%s\n",
                   people[i].offence < OFFENCE_ROWS ? people[i].offence * 7919 % OFFENCE_ROWS
                                                    : people[i].offence,
                   PERSON_ROLES[people[i].role], i, ages[age].cells);
    }
    desk_import(d, desk_write_bytes(d, "p.csv", b.bytes, b.n));
    buf_done(&b);
}

/* The definition of the contract, written out as a person would apply it to one record. */
static bool is_under_25(uint8_t group, uint8_t linked_group, const struct drawn_person *people,
                        uint32_t offence)
{
    static const char *const listed[] = {"homicide",
                                         "gbh",
                                         "abh",
                                         "rape",
                                         "assault-by-penetration",
                                         "sexual-assault",
                                         "personal-robbery",
                                         "threats-to-kill",
                                         "other-sexual",
                                         "exploitation",
                                         "weapon-possession"};
    const char *name = OFFENCE_GROUPS[group - 1];
    bool is_listed = false, is_young = false;
    for (size_t i = 0; i < 11; i++) {
        is_listed = is_listed || strcmp(name, listed[i]) == 0;
        bool is_property = strcmp(name, "arson") == 0 || strcmp(name, "criminal-damage") == 0;
        is_listed = is_listed || (is_property && i < 8 && linked_group &&
                                  strcmp(OFFENCE_GROUPS[linked_group - 1], listed[i]) == 0);
    }
    for (uint32_t i = 0; i < PERSON_ROWS; i++) {
        is_young = is_young || (people[i].offence == offence && people[i].high < 25);
    }
    return is_listed && is_young;
}

static void the_join_agrees_with_brute_force(void **state)
{
    (void)state;
    static uint8_t group[OFFENCE_ROWS];
    static uint32_t linked[OFFENCE_ROWS];
    static struct drawn_person people[PERSON_ROWS];
    for (uint64_t seed = 1; seed <= 3; seed++) {
        WITH_DESK(d)
        {
            struct rv_err err = {0};
            struct pool *one = NULL, *four = NULL;
            struct definition havering;
            struct membership m1, m4;
            CHECK_OK(pool_open(1, &one, &err));
            CHECK_OK(pool_open(4, &four, &err));
            write_drawn(&d, seed, group, linked, people);
            CHECK_OK(definition_read(&d.a, "havering", definition_shipped_json("havering"),
                                     &havering, &err));
            struct offence_records r1 = load(&d, one), r4 = load(&d, four);
            CHECK_OK(records_classify(&r1, &havering, &d.a, one, &m1, &err));
            CHECK_OK(records_classify(&r4, &havering, &d.a, four, &m4, &err));
            CHECK_INT(r1.count, OFFENCE_ROWS);
            CHECK_INT(memcmp(r1.facts, r4.facts, OFFENCE_ROWS * sizeof *r1.facts), 0);
            CHECK_INT(memcmp(m1.in, m4.in, OFFENCE_ROWS * sizeof *m1.in), 0);
            CHECK_INT(memcmp(m1.unknown, m4.unknown, OFFENCE_ROWS * sizeof *m1.unknown), 0);
            uint32_t young = 0;
            for (uint32_t o = 0; o < OFFENCE_ROWS; o++) {
                uint8_t to = linked[o] < OFFENCE_ROWS ? group[linked[o]] : 0;
                CHECK_INT(facts(&r1, o)->group, group[o]);
                CHECK_INT(facts(&r1, o)->linked_group, to);
                bool want = is_under_25(group[o], to, people, o);
                CHECK_INT(m1.in[o] & 1, want);
                young += want;
            }
            CHECK(young > 100);
            pool_close(one);
            pool_close(four);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_come_in_any_order),
        cmocka_unit_test(a_later_extract_has_its_own_people),
        cmocka_unit_test(the_join_agrees_with_brute_force),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
