/* tests/assess/test_who.c — ethnicity, relationships, repetition, completeness and offence groups
 * of the people of a profile, against counts worked out by hand. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#include "base/buf.h"
#include "define/adopted.h"
#include "define/vocabulary.h"
#include "fixture.h"
#include "ingest/kind.h"

#include <math.h>

static struct rv_err err;

static const char DEFINITION[] =
    "{\"definition\": \"test\", \"version\": \"1\", \"title\": \"A test\", \"profiles\": ["
    "{\"id\": \"every\", \"title\": \"Every\", \"offences\": [\"abh\", \"rape\"]},"
    "{\"id\": \"young\", \"title\": \"Young\", \"offences\": [\"abh\", \"rape\"],"
    " \"any_person\": {\"roles\": [\"victim\"], \"age_below\": 25}}]}";

/* How many of each; "" = not recorded. */
struct some {
    const char *value;
    int count;
};

static const char *pick(const struct some *all, int i)
{
    while (i >= all->count) {
        i -= all->count;
        all++;
    }
    return all->value;
}

/* 69 victims of 2022, 30 of 2021, 75 suspects of 2022. */
enum { VICTIMS = 69, VICTIMS_BEFORE = 30, SUSPECTS = 75 };
static const struct some victims[] = {{"white", 10}, {"W1", 20}, {"black", 15},
                                      {"B9", 5},     {"A4", 5},  {"M1", 3},
                                      {"other", 1},  {"NS", 6},  {"", 4}};
static const struct some suspects[] = {{"white", 20}, {"black", 15}, {"N1", 10}, {"", 30}};
static const struct some relations[] = {{"son", 6},       {"ex-husband", 6}, {"boyfriend", 20},
                                        {"stranger", 10}, {"sibling", 3},    {"ex-boyfriend", 12},
                                        {"parent", 2},    {"", 16}};

/* Five persons of three offences, five of two, one of five, 58 of one; one stands twice in one
 * offence; nine rows have no pseudonym. Row i of all victims. */
static const char *ref_of(int i, char room[16])
{
    int person = i < 15 ? i / 3 : i < 25 ? 5 + (i - 15) / 2 : i < 30 ? 10 : i == 89 ? 88 : i;
    (void)snprintf(room, 16, "p%d", person);
    return i < 90 ? room : "";
}

enum keep { KEEP_ALL, KEEP_NO_ETHNICITY, KEEP_OBSERVED, KEEP_NO_REF };

static void put_victims(struct buf *offences, struct buf *persons, enum keep keep)
{
    int64_t e, n;
    fixture_point(2, 1, 1, &e, &n);
    for (int i = 0; i < VICTIMS + VICTIMS_BEFORE; i++) {
        bool is_now = i < VICTIMS;
        int offence = i == 89 ? 88 : i;
        const char *ethnicity = is_now ? pick(victims, i) : i < VICTIMS + 10 ? "white" : "";
        char ref[16];
        bool is_female = i < 40; /* 30 of 30 of rape, 10 of 39 of ABH */
        if (i != 89) {
            buf_printf(offences, "v%d|%d-05-10|%s|%lld|%lld\n", i, is_now ? 2022 : 2021,
                       i < 30 ? "rape" : "abh", (long long)e / 1000, (long long)n / 1000);
        }
        buf_printf(persons, "v%d|victim|%s|%d|%s|%s|%s|\n", offence,
                   keep == KEEP_NO_REF ? "" : ref_of(i, ref), i % 2 ? 20 : 40,
                   is_female ? "female" : "male",
                   keep == KEEP_NO_ETHNICITY || keep == KEEP_OBSERVED ? "" : ethnicity,
                   keep == KEEP_NO_ETHNICITY ? "" : "IC3");
    }
}

static void put_all(struct fixture *f, enum keep keep)
{
    struct buf offences RV_CLEANUP(buf_done), persons RV_CLEANUP(buf_done);
    buf_init(&offences, 1u << 20);
    buf_init(&persons, 1u << 20);
    put_victims(&offences, &persons, keep);
    int64_t e, n;
    fixture_point(2, 1, 1, &e, &n);
    for (int i = 0; i < SUSPECTS; i++) {
        buf_printf(&offences, "s%d|2022-06-10|abh|%lld|%lld\n", i, (long long)e / 1000,
                   (long long)n / 1000);
        buf_printf(&persons, "s%d|suspect||30|male|%s||%s\n", i, pick(suspects, i),
                   pick(relations, i));
    }
    /* In another borough: nobody of these counts. */
    fixture_point(3, 1, 1, &e, &n);
    buf_printf(&offences, "x|2022-06-10|abh|%lld|%lld\n", (long long)e / 1000, (long long)n / 1000);
    buf_text(&persons, "x|victim|p0|20|female|black||\nx|suspect|p0|20|female|black||son\n");
    fixture_extract(f, "offences", "police",
                    "offence_id:x recorded_at:t offence_group:c easting:m northing:m",
                    offences.bytes, "2021-01..2022-12");
    fixture_extract(f, "persons", "police",
                    "offence_id:x role:c person_ref:x age:i sex:c ethnicity:c "
                    "ethnicity_observed:c relationship:c",
                    persons.bytes, NULL);
    fixture_place(f);
}

/* 1,000 residents: 800 white, 30 mixed, 60 Asian, 100 Black, 10 other; half of them under 25. */
static void put_residents(struct fixture *f, bool has_ages)
{
    static const struct some groups[] = {
        {"white", 400}, {"mixed", 15}, {"asian", 30}, {"black", 50}, {"other", 5}};
    struct buf rows RV_CLEANUP(buf_done);
    buf_init(&rows, 1u << 16);
    for (size_t i = 0; i < 5; i++) {
        if (has_ages) {
            buf_printf(&rows, "E09000002|2021|0|24|%s|%d\nE09000002|2021|25|120|%s|%d\n",
                       groups[i].value, groups[i].count, groups[i].value, groups[i].count);
        } else {
            buf_printf(&rows, "E09000002|2021|0|120|%s|%d\n", groups[i].value, 2 * groups[i].count);
        }
    }
    fixture_extract(f, "population", "census-2021",
                    "area_code:c year:i age_from:i age_to:i ethnicity:c persons:i", rows.bytes,
                    NULL);
}

static void open_all(struct fixture *f, enum keep keep, size_t threads)
{
    struct definition d;
    fixture_open(f, threads);
    fixture_areas(f, 4, "2018", "2018", "2011");
    put_all(f, keep);
    CHECK_OK(definition_read(&f->arena, "test", text_of(DEFINITION), &d, &err));
    CHECK_OK(adopt_definition(f->store, &f->arena, &d, "a test", "2026-01-01T00:00:00Z", &err));
}

static void assess(struct fixture *f, struct assessment *ret)
{
    struct assess_options o = {.area = "E09000002"};
    CHECK(month_range_parse(text_of("2022-01..2022-12"), &o.period));
    CHECK(month_range_parse(text_of("2021-01..2021-12"), &o.compare));
    CHECK_OK(assess_run(f->store, &f->arena, f->pool, NULL, &o, ret, &err));
}

static double slot(const struct finding *g, const char *name)
{
    for (size_t i = 0; i < g->slot_count; i++) {
        if (strcmp(g->slots[i].name, name) == 0) {
            return g->slots[i].number;
        }
    }
    return (double)NAN;
}

static bool has_id(const struct assessment *x, const char *id)
{
    for (size_t i = 0; i < x->finding_count; i++) {
        if (strcmp(x->findings[i].id, id) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_table(const struct assessment *x, const char *id)
{
    bool has = false;
    for (size_t i = 0; i < x->table_count; i++) {
        has = has || strcmp(x->tables[i].id, id) == 0;
    }
    return has;
}

static const struct result_table *table_of(const struct assessment *x, const char *id)
{
    size_t i = 0;
    CHECK(has_table(x, id));
    while (strcmp(x->tables[i].id, id) != 0) {
        i++;
    }
    return &x->tables[i];
}

static const struct result_cell *cell_of(const struct result_table *t, const char *row,
                                         const char *column)
{
    for (size_t i = 0; i < t->row_count; i++) {
        for (size_t k = 0; k < t->column_count; k++) {
            const struct result_cell *cells = &t->cells[i * t->column_count];
            if (strcmp(cells[0].text, row) == 0 && strcmp(t->columns[k].name, column) == 0) {
                return &cells[k];
            }
        }
    }
    fail_msg("%s has no %s of %s", t->id, column, row);
    return NULL;
}

/* ---- ethnicity ---- */

static void ethnicity_beside_residents(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_all(&f, KEEP_ALL, 2);
    put_residents(&f, true);
    assess(&f, &x);
    /* 29 of 59 not white; (29 / 200) / (30 / 800); all ten missing white: / (40 / 800) = 2.9. */
    const struct finding *g = fixture_finding(&x, "every.victims.ethnicity");
    CHECK_STRING(g->rule, "ETHNICITY_OVER");
    CHECK_NEAR(g->numerator, 29, 0);
    CHECK_NEAR(g->denominator, 59, 0);
    CHECK_NEAR(g->missing, 10, 0);
    CHECK_NEAR(g->value, 29.0 / 200 * 800 / 30, 1e-12);
    CHECK_NEAR(slot(g, "share_low"), 100 * 29.0 / 69, 1e-12);
    CHECK_NEAR(slot(g, "share_high"), 100 * 39.0 / 69, 1e-12);
    CHECK_NEAR(slot(g, "residents"), 20, 1e-12);
    CHECK(g->verdict == VERDICT_CAUTION && isnan(slot(g, "tipping")));
    CHECK(isnan(slot(g, "chance"))); /* not even if all ten were white */
    CHECK_NEAR(fixture_finding(&x, "every.victims.ethnicity-black")->value, 0.2 * 800 / 30, 1e-12);
    CHECK(!has_id(&x, "every.victims.ethnicity-mixed")); /* three: too few */
    /* 15 of 35; 3 times; all forty missing white: exactly 1, which is not over. With k of them
     * white 55 - k of 75 are not, of a fifth of residents: P(X >= 23) is 0.0187 and P(X >= 22)
     * 0.0345, so that 33 make it chance. */
    g = fixture_finding(&x, "every.suspects.ethnicity");
    CHECK_STRING(g->rule, "ETHNICITY_INSUFFICIENT");
    CHECK_NEAR(g->value, 3, 1e-12);
    CHECK_NEAR(slot(g, "tipping"), 40, 0);
    CHECK_NEAR(slot(g, "chance"), 33, 0);
    CHECK_NEAR(slot(g, "alike"), round(40 * 20.0 / 35), 0);
    CHECK(g->verdict == VERDICT_NOT_RELIABLE);
    const struct result_table *t = table_of(&x, "every-victims-ethnicity");
    CHECK_NEAR(cell_of(t, "Black", "outer_lower")->number, 0.2 * 800 / 40, 1e-12);
    CHECK_NEAR(cell_of(t, "Black", "outer_upper")->number, 0.3 * 800 / 30, 1e-12);
    CHECK_NEAR(cell_of(t, "not recorded", "persons")->number, 10, 0);
    CHECK(cell_of(t, "Mixed or multiple", "persons")->is_missing ||
          isnan(cell_of(t, "Mixed or multiple", "persons")->number)); /* three are not shown */
    CHECK(isnan(cell_of(t, "Mixed or multiple", "ratio")->number));
    CHECK(t->chart == CHART_INTERVAL);
    /* Of the young the odd rows, 20 years old, beside residents under 25. */
    g = fixture_finding(&x, "young.victims.ethnicity");
    CHECK_NEAR(g->numerator + g->missing, 34 - 15, 0); /* 34 odd rows, 15 of them white */
    CHECK(strstr(g->query, "--where victim-age-band=under-18,18-24") != NULL);
    for (size_t i = 0; i < x.finding_count; i++) {
        fixture_check_query(&f, &x.findings[i]);
    }
    fixture_close(&f);
}

static void what_is_not_there_to_compare_is_said(void **state)
{
    (void)state;
    static const enum keep keeps[] = {KEEP_NO_ETHNICITY, KEEP_OBSERVED, KEEP_ALL};
    static const char *const says[] = {"none of them is recorded", "officer observed, held for 69",
                                       "no residents of the borough by ethnicity"};
    for (size_t i = 0; i < 3; i++) {
        struct fixture f;
        struct assessment x;
        open_all(&f, keeps[i], 1);
        if (keeps[i] != KEEP_ALL) {
            put_residents(&f, true);
        }
        assess(&f, &x);
        const struct finding *g = fixture_finding(&x, "every.victims.ethnicity");
        CHECK(g->verdict == VERDICT_NOT_AVAILABLE && isnan(g->value));
        CHECK(strstr(g->caveats[g->caveat_count - 1], says[i]) != NULL);
        CHECK(!has_id(&x, "every.victims.ethnicity-black"));
        fixture_close(&f);
    }
}

static void without_residents_of_the_ages_all_are_compared(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_all(&f, KEEP_ALL, 1);
    put_residents(&f, false);
    assess(&f, &x);
    const struct finding *g = fixture_finding(&x, "young.victims.ethnicity");
    CHECK(!strstr(g->query, "age-band"));
    bool is_said = false;
    for (size_t i = 0; i < g->caveat_count; i++) {
        is_said = is_said || strstr(g->caveats[i], "of all ages");
    }
    CHECK(is_said);
    fixture_close(&f);
}

/* ---- relationships ---- */

static void relationships_and_their_order(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_all(&f, KEEP_ALL, 1);
    assess(&f, &x);
    const struct finding *g = fixture_finding(&x, "every.all.relationship");
    CHECK_STRING(g->rule, "RELATIONSHIP_NOT_DISTINGUISHABLE"); /* 20 and 12 */
    CHECK_NEAR(g->numerator, 20, 0);
    CHECK_NEAR(g->denominator, 59, 0);
    CHECK_NEAR(slot(g, "next_count"), 12, 0);
    CHECK_NEAR(slot(g, "unknown"), 16, 0);
    g = fixture_finding(&x, "every.all.partners");
    CHECK_NEAR(g->numerator, 20 + 12 + 6, 0);
    CHECK_NEAR(g->value, 100 * 38.0 / 59, 1e-12);
    const struct result_table *t = table_of(&x, "every-relationships");
    CHECK_INT(t->row_count, 5 + 1 + 1); /* five of at least five, the rest, not recorded */
    CHECK_STRING(cell_of(t, "Sons", "place")->text, "joint 4");
    CHECK_STRING(cell_of(t, "Former husbands", "place")->text, "joint 4");
    CHECK_STRING(cell_of(t, "Former husbands", "order")->text, "as many");
    CHECK_STRING(cell_of(t, "Boyfriends", "order")->text, "cannot be told apart");
    CHECK_NEAR(cell_of(t, "Others, each under 5", "count")->number, 5, 0);
    t = table_of(&x, "every-relationship-kinds");
    CHECK_NEAR(cell_of(t, "Sons and daughters", "count")->number, 6, 0);
    CHECK_NEAR(cell_of(t, "Other family", "count")->number, 5, 0);
    CHECK_NEAR(cell_of(t, "Acquaintances", "count")->number, 0, 0);
    fixture_close(&f);
}

/* ---- repetition ---- */

static void persons_in_several_offences(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_all(&f, KEEP_ALL, 2);
    assess(&f, &x);
    const struct finding *g = fixture_finding(&x, "every.victims.repeat");
    CHECK_STRING(g->rule, "REPEAT");
    CHECK_INT(g->period.first, 2021 * 12);
    CHECK_NEAR(g->numerator, 5 + 5 + 1, 0);
    CHECK_NEAR(g->denominator, 11 + 59, 0); /* twice in one offence is once */
    CHECK_NEAR(g->missing, 9, 0);
    CHECK_NEAR(slot(g, "offences"), 89, 0);
    CHECK_NEAR(slot(g, "of_repeated"), 30, 0);
    const struct result_table *t = table_of(&x, "every-victims-repeat");
    CHECK_INT(t->row_count, 3); /* the one of five offences does not stand alone */
    CHECK_NEAR(cell_of(t, "3 or more", "persons")->number, 6, 0);
    CHECK_NEAR(cell_of(t, "2", "persons")->number, 5, 0);
    g = fixture_finding(&x, "every.suspects.repeat");
    CHECK(g->verdict == VERDICT_NOT_AVAILABLE);
    CHECK(strstr(g->caveats[g->caveat_count - 1], "no pseudonym of theirs") != NULL);
    for (size_t i = 0; i < x.table_count; i++) { /* no pseudonym anywhere */
        for (size_t k = 0; k < x.tables[i].row_count * x.tables[i].column_count; k++) {
            const char *text = x.tables[i].cells[k].text;
            CHECK(!text || strcmp(text, "p0") != 0);
        }
    }
    fixture_close(&f);
    open_all(&f, KEEP_NO_REF, 1);
    assess(&f, &x);
    CHECK(fixture_finding(&x, "every.victims.repeat")->verdict == VERDICT_NOT_AVAILABLE);
    CHECK(!has_table(&x, "every-victims-repeat"));
    fixture_close(&f);
}

/* ---- completeness and groups ---- */

static void completeness_of_both_years(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_all(&f, KEEP_ALL, 1);
    assess(&f, &x);
    const struct finding *g = fixture_finding(&x, "every.victims.completeness");
    CHECK_STRING(g->rule, "COMPLETENESS_BETTER"); /* 20 of 30, then 10 of 69 */
    CHECK_NEAR(g->numerator, 10, 0);
    CHECK_NEAR(g->denominator, 69, 0);
    CHECK_NEAR(g->compare_value, 100 * 20.0 / 30, 1e-12);
    const struct result_table *t = table_of(&x, "every-victims-recorded");
    CHECK_NEAR(cell_of(t, "sex", "now")->number, 0, 0);
    CHECK_NEAR(cell_of(t, "all persons", "before")->number, 30, 0);
    /* Suspects of one year alone: nothing to compare with, 40 ethnicities and 16 relationships. */
    CHECK(!has_id(&x, "every.suspects.completeness"));
    t = table_of(&x, "every-suspects-recorded");
    CHECK_NEAR(cell_of(t, "self-defined ethnicity", "now")->number, 40, 0);
    CHECK_NEAR(cell_of(t, "relationship to the victim", "now")->number, 16, 0);
    CHECK_STRING(cell_of(t, "self-defined ethnicity", "finding")->text, "");
    fixture_close(&f);
}

static void a_group_that_differs_is_told(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_all(&f, KEEP_ALL, 1);
    assess(&f, &x);
    const struct finding *g = fixture_finding(&x, "every.victims.female.abh");
    CHECK_NEAR(g->numerator, 10, 0);
    CHECK_NEAR(g->denominator, 39, 0);
    CHECK_NEAR(slot(g, "rest"), 100, 1e-12);
    CHECK(!has_id(&x, "every.victims.female.rape")); /* the same said again */
    CHECK(!has_id(&x, "every.suspects.female.abh")); /* one group alone differs from nothing */
    const struct result_table *t = table_of(&x, "every-victims-by-group");
    CHECK_NEAR(cell_of(t, "Rape", "persons")->number, 30, 0);
    CHECK_NEAR(cell_of(t, "All", "under_25_percent")->number, 100 * 34.0 / 69, 1e-12);
    fixture_close(&f);
}

/* ---- the vocabulary ---- */

static void every_relationship_is_in_a_kind(void **state)
{
    (void)state;
    const char *const *words = kind_column_find(kind_find("persons"), "relationship")->vocabulary;
    for (size_t i = 0; words[i]; i++) {
        struct fixture f;
        struct assessment x;
        struct buf rows RV_CLEANUP(buf_done);
        struct definition d;
        int64_t e, n;
        double sum = 0;
        buf_init(&rows, 1u << 16);
        fixture_open(&f, 1);
        fixture_areas(&f, 2, "2018", "2018", "2011");
        fixture_point(2, 1, 1, &e, &n);
        buf_printf(&rows, "o|2022-05|abh|%lld|%lld\n", (long long)e / 1000, (long long)n / 1000);
        fixture_extract(&f, "offences", "police",
                        "offence_id:x recorded_at:t offence_group:c easting:m northing:m",
                        rows.bytes, "2021-01..2022-12");
        buf_clear(&rows);
        for (int k = 0; k < 6; k++) {
            buf_printf(&rows, "o|suspect|%s\n", words[i]);
        }
        fixture_extract(&f, "persons", "police", "offence_id:x role:c relationship:c", rows.bytes,
                        NULL);
        fixture_place(&f);
        CHECK_OK(definition_read(&f.arena, "test", text_of(DEFINITION), &d, &err));
        CHECK_OK(adopt_definition(f.store, &f.arena, &d, "a test", "2026-01-01T00:00:00Z", &err));
        assess(&f, &x);
        const struct result_table *t = table_of(&x, "every-relationship-kinds");
        for (size_t r = 0; r + 1 < t->row_count; r++) {
            sum += t->cells[r * t->column_count + 1].number;
        }
        CHECK_NEAR(sum, 6, 0);
        CHECK_STRING(fixture_finding(&x, "every.all.relationship")->rule, "RELATIONSHIP_SMALL");
        CHECK(!has_id(&x, "every.all.partners")); /* of six no share */
        fixture_close(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ethnicity_beside_residents),
        cmocka_unit_test(what_is_not_there_to_compare_is_said),
        cmocka_unit_test(without_residents_of_the_ages_all_are_compared),
        cmocka_unit_test(relationships_and_their_order),
        cmocka_unit_test(persons_in_several_offences),
        cmocka_unit_test(completeness_of_both_years),
        cmocka_unit_test(a_group_that_differs_is_told),
        cmocka_unit_test(every_relationship_is_in_a_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
