/* tests/assess/test_profiles.c — findings of the agreed definition's profiles, against counts made
 * here by the text of the definition. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/belong.h"
#include "assess/rules.h"
#include "base/buf.h"
#include "define/adopted.h"
#include "fixture.h"

static struct rv_err err;

enum { OFFENCES = 2400, BOROUGHS = 4, GROUPS = 4 };
static const char *const groups[GROUPS] = {"abh", "rape", "theft", "weapon-possession"};

static const char DEFINITION[] =
    "{\"definition\": \"test\", \"version\": \"2026-01\", \"title\": \"A test\",\n"
    " \"profiles\": [\n"
    "  {\"id\": \"young\", \"title\": \"Violence of the young\", \"offences\": [\"abh\", "
    "\"rape\"],\n"
    "   \"any_person\": {\"roles\": [\"victim\", \"suspect\"], \"age_below\": 25}},\n"
    "  {\"id\": \"coverage\", \"title\": \"Rape\", \"offences\": [\"rape\"]},\n"
    "  {\"id\": \"Young\", \"title\": \"DA\", \"offences\": [\"abh\"],\n"
    "   \"flags_all\": [\"domestic-abuse\"]}],\n"
    " \"context\": [{\"id\": \"every-age\", \"offences\": [\"abh\", \"rape\"]}]}";

/* One offence as drawn. */
struct drawn {
    int borough, year, group, age; /* age: -1 = a victim of no known age, -2 = nobody */
    bool has_flag, has_group, has_knife, has_hammer, is_accused, has_outcome, is_female;
};

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static struct drawn draw(uint32_t *seed)
{
    struct drawn d;
    d.borough = (int)(next(seed) % BOROUGHS) + 2;
    d.year = 2021 + (next(seed) % 5 > 1);
    d.group = (int)(next(seed) % GROUPS);
    d.age = (int)(next(seed) % 60) - 2;
    d.has_flag = next(seed) % 3 == 0;
    d.has_group = next(seed) % 20 > 0;
    d.has_knife = next(seed) % 6 == 0;
    d.has_hammer = next(seed) % 9 == 0;
    d.is_accused = next(seed) % 4 == 0;
    d.has_outcome = d.is_accused || next(seed) % 5 > 0;
    d.is_female = next(seed) % 3 == 0;
    return d;
}

static bool is_in(const struct drawn *d, const char *profile)
{
    bool is_abh = d->has_group && d->group == 0, is_rape = d->has_group && d->group == 1;
    if (strcmp(profile, "young") == 0) {
        return (is_abh || is_rape) && d->age >= 0 && d->age < 25;
    }
    if (strcmp(profile, "coverage-2") == 0) {
        return is_rape;
    }
    if (strcmp(profile, "young-2") == 0) {
        return is_abh && d->has_flag;
    }
    if (strcmp(profile, "every-age") == 0) {
        return is_abh || is_rape;
    }
    return is_in(d, "young") || is_in(d, "coverage-2") || is_in(d, "young-2");
}

static void put_offences(struct fixture *f, const struct drawn *all, size_t n, bool has_persons)
{
    struct buf rows RV_CLEANUP(buf_done), persons RV_CLEANUP(buf_done);
    uint32_t seed = 5;
    buf_init(&rows, 4u << 20);
    buf_init(&persons, 4u << 20);
    buf_text(&rows, "");
    for (size_t i = 0; i < n; i++) {
        const struct drawn *d = &all[i];
        int64_t e, north;
        fixture_point(d->borough, (int)(next(&seed) % 4) + 1, (int)(next(&seed) % 4) + 1, &e,
                      &north);
        unsigned month = next(&seed) % 12 + 1, day = next(&seed) % 18 + 11;
        unsigned late = next(&seed) % 10, hour = next(&seed) % 24, minute = next(&seed) % 60;
        if (next(&seed) % 8 == 0) { /* a placeholder */
            hour = 0;
            minute = 1;
        }
        buf_printf(&rows,
                   "o%zu|%d-%02u-%02u|%d-%02u-%02uT%02u:%02u|%s|%s%s%s|%s|Shop %u|%lld|%lld\n", i,
                   d->year, month, day, d->year, month, day - late, hour, minute,
                   d->has_group ? groups[d->group] : "", d->has_flag ? "domestic-abuse;" : "",
                   d->has_knife ? "knife;" : "", d->has_hammer ? "other-weapon" : "",
                   d->is_accused    ? "accused"
                   : d->has_outcome ? "no-suspect"
                                    : "",
                   next(&seed) % 9, (long long)e / 1000, (long long)north / 1000);
        const char *sex = i % 7 == 0 ? "" : d->is_female ? "female" : "male";
        if (d->age >= 0) {
            buf_printf(&persons, "o%zu|%s|%d|%s\n", i, i % 2 ? "victim" : "suspect", d->age, sex);
        } else if (d->age == -1) {
            buf_printf(&persons, "o%zu|victim||%s\n", i, sex);
        }
    }
    fixture_extract(f, "offences", "police",
                    "offence_id:x recorded_at:t committed_from:t offence_group:c flags:c outcome:c "
                    "venue_name:c easting:m northing:m",
                    n ? rows.bytes : "", "2021-01..2022-12");
    if (has_persons) {
        fixture_extract(f, "persons", "police", "offence_id:x role:c age:i sex:c", persons.bytes,
                        NULL);
    }
    fixture_place(f);
}

static void adopt(struct fixture *f, const char *json)
{
    struct definition d;
    CHECK_OK(definition_read(&f->arena, "test", text_of(json), &d, &err));
    CHECK_OK(adopt_definition(f->store, &f->arena, &d, "a test", "2026-01-01T00:00:00Z", &err));
}

static void open_areas(struct fixture *f, size_t threads)
{
    fixture_open(f, threads);
    fixture_areas(f, BOROUGHS + 1, "2018", "2018", "2011");
    fixture_extract(f, "population", "census-2021", "area_code:c year:i persons:i",
                    "E09000001|2021|100\nE09000002|2021|9000\nE09000003|2021|12000\n"
                    "E09000004|2021|8000\nE09000005|2021|5000\n",
                    NULL);
}

static void assess(struct fixture *f, struct assessment *ret)
{
    struct assess_options o = {.area = "E09000002", .checks_data = true};
    CHECK(month_range_parse(text_of("2022-01..2022-12"), &o.period));
    CHECK(month_range_parse(text_of("2021-01..2021-12"), &o.compare));
    CHECK_OK(assess_run(f->store, &f->arena, f->pool, NULL, &o, ret, &err));
}

static struct drawn *draw_all(struct fixture *f, size_t n)
{
    struct drawn *all = arena_new(&f->arena, n + 1, sizeof *all);
    uint32_t seed = 21;
    for (size_t i = 0; i < n; i++) {
        all[i] = draw(&seed);
    }
    return all;
}

static double count(const struct drawn *all, size_t n, const char *profile, int borough, int year)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += all[i].borough == borough && all[i].year == year && is_in(&all[i], profile);
    }
    return sum;
}

static const struct finding *of(const struct assessment *x, const char *profile,
                                const char *measure)
{
    char id[128];
    (void)snprintf(id, sizeof id, "%s.all.%s", profile, measure);
    return fixture_finding(x, id);
}

static bool has_id(const struct assessment *x, const char *start)
{
    for (size_t i = 0; i < x->finding_count; i++) {
        if (strncmp(x->findings[i].id, start, strlen(start)) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- numbers ---- */

static void profiles_are_counted_as_the_definition_says(void **state)
{
    (void)state;
    static const char *const profiles[] = {"young", "coverage-2", "young-2", "every-age", "union"};
    struct fixture f;
    struct assessment x;
    open_areas(&f, 2);
    struct drawn *all = draw_all(&f, OFFENCES);
    put_offences(&f, all, OFFENCES, true);
    adopt(&f, DEFINITION);
    assess(&f, &x);
    CHECK_STRING(x.definition_version, "2026-01");
    for (size_t p = 0; p < sizeof profiles / sizeof *profiles; p++) {
        double now = count(all, OFFENCES, profiles[p], 2, 2022);
        double then = count(all, OFFENCES, profiles[p], 2, 2021);
        CHECK(now > 5 && then > 5);
        CHECK_NEAR(of(&x, profiles[p], "total")->value, now, 0);
        CHECK_NEAR(of(&x, profiles[p], "change")->value, now, 0);
        CHECK_NEAR(of(&x, profiles[p], "change")->compare_value, then, 0);
        CHECK_NEAR(of(&x, profiles[p], "rate")->value, 100000 * now / 9000, 1e-9);
        CHECK_NEAR(of(&x, profiles[p], "rate-before")->value, 100000 * then / 9000, 1e-9);
        int64_t above = 0, above_then = 0;
        for (int b = 3; b < BOROUGHS + 2; b++) {
            above += count(all, OFFENCES, profiles[p], b, 2022) > now;
            above_then += count(all, OFFENCES, profiles[p], b, 2021) > then;
        }
        CHECK_INT(of(&x, profiles[p], "rank")->rank, above + 1);
        CHECK_INT(of(&x, profiles[p], "rank")->of, BOROUGHS);
        CHECK_INT(of(&x, profiles[p], "rank-before")->rank, above_then + 1);
        CHECK_INT(of(&x, profiles[p], "rank-before")->period.first, 2021 * 12);
    }
    fixture_close(&f);
}

/* Offences whose group is not recorded, or whose only person has no age, may belong to "young". */
static void what_cannot_be_told_is_said(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_areas(&f, 1);
    struct drawn *all = draw_all(&f, OFFENCES);
    put_offences(&f, all, OFFENCES, true);
    adopt(&f, DEFINITION);
    assess(&f, &x);
    double hidden = 0, everything = 0, here = 0;
    for (size_t i = 0; i < OFFENCES; i++) {
        const struct drawn *d = &all[i];
        bool may = !d->has_group || (d->group < 2 && d->age == -1);
        hidden += d->borough == 2 && d->year == 2022 && may;
        everything += d->year == 2022;
        here += d->borough == 2 && d->year == 2022 && is_in(d, "young");
    }
    CHECK(hidden > 0);
    const struct finding *g = of(&x, "young", "total");
    CHECK_NEAR(g->missing, hidden, 0);
    for (size_t i = 0; i < g->slot_count; i++) {
        if (strcmp(g->slots[i].name, "records_out") == 0) {
            CHECK_NEAR(g->slots[i].number, everything - here - hidden, 0);
        }
    }
    CHECK(of(&x, "young", "rate")->verdict == g->verdict);
    fixture_close(&f);
}

/* ---- parts ---- */

enum having { HAVING_ANY, HAVING_ACCUSED, HAVING_NO_OUTCOME, HAVING_WEAPON, HAVING_KNIFE };

static bool has(const struct drawn *d, enum having what)
{
    switch (what) {
    case HAVING_ANY:
        return true;
    case HAVING_ACCUSED:
        return d->is_accused;
    case HAVING_NO_OUTCOME:
        return !d->has_outcome;
    case HAVING_WEAPON:
        return d->has_knife || d->has_hammer;
    case HAVING_KNIFE:
        return d->has_knife;
    }
    return false;
}

/* Offences of the profile in a borough and 2022 that have something. */
static double having(const struct drawn *all, const char *profile, int borough, enum having what)
{
    double sum = 0;
    for (size_t i = 0; i < OFFENCES; i++) {
        const struct drawn *d = &all[i];
        sum += d->borough == borough && d->year == 2022 && is_in(d, profile) && has(d, what);
    }
    return sum;
}

static int64_t share_rank(const struct drawn *all, const char *profile, enum having part,
                          const char *whole)
{
    double mine = having(all, profile, 2, part) / having(all, whole, 2, HAVING_ANY);
    int64_t rank = 1;
    for (int b = 3; b < BOROUGHS + 2; b++) {
        rank += having(all, profile, b, part) / having(all, whole, b, HAVING_ANY) > mine;
    }
    return rank;
}

static const struct finding *part_of(const struct assessment *x, const char *profile,
                                     const char *rest)
{
    char id[128];
    (void)snprintf(id, sizeof id, "%s.%s", profile, rest);
    return fixture_finding(x, id);
}

static void check_part(const struct finding *g, double part, double whole)
{
    if (g->numerator != part || g->denominator != whole) {
        fail_msg("%s: %g of %g, not %g of %g", g->id, g->numerator, g->denominator, part, whole);
    }
    CHECK_NEAR(g->value, 100 * part / whole, 1e-12);
    CHECK(g->lower < g->value && g->value < g->upper);
    CHECK_STRING(g->unit, "percent");
}

static void parts_of_a_profile(void **state)
{
    (void)state;
    static const char *const profiles[] = {"young", "coverage-2", "young-2"};
    struct fixture f;
    struct assessment x;
    open_areas(&f, 2);
    struct drawn *all = draw_all(&f, OFFENCES);
    put_offences(&f, all, OFFENCES, true);
    adopt(&f, DEFINITION);
    assess(&f, &x);
    for (size_t p = 0; p < 3; p++) {
        const char *name = profiles[p];
        double whole = having(all, name, 2, HAVING_ANY);
        const struct finding *g = part_of(&x, name, "all.share");
        check_part(g, whole, having(all, "every-age", 2, HAVING_ANY));
        CHECK_INT(g->rank, share_rank(all, name, HAVING_ANY, "every-age"));
        CHECK_INT(g->of, BOROUGHS);
        g = part_of(&x, name, "all.accused");
        check_part(g, having(all, name, 2, HAVING_ACCUSED), whole);
        CHECK_INT(g->rank, share_rank(all, name, HAVING_ACCUSED, name));
        CHECK_NEAR(g->missing, having(all, name, 2, HAVING_NO_OUTCOME), 0);
        double weapons = having(all, name, 2, HAVING_WEAPON);
        CHECK_NEAR(part_of(&x, name, "weapon-enabled.total")->value, weapons, 0);
        g = part_of(&x, name, "weapon-enabled.knife");
        CHECK_NEAR(g->numerator, having(all, name, 2, HAVING_KNIFE), 0);
        CHECK_NEAR(g->denominator, weapons, 0);
        CHECK(isnan(g->value) == (weapons < 20)); /* a small base has no percentage */
    }
    check_part(part_of(&x, "union", "all.share"), having(all, "union", 2, HAVING_ANY),
               having(all, "every-age", 2, HAVING_ANY));
    CHECK(!has_id(&x, "every-age.all.share"));
    fixture_close(&f);
}

/* ---- people ---- */

struct people {
    double total, sexes, female, ages, under_18;
};

static struct people people_of(const struct drawn *all, bool is_victim)
{
    struct people p = {0};
    for (size_t i = 0; i < OFFENCES; i++) {
        const struct drawn *d = &all[i];
        bool is_role = d->age == -1 ? is_victim : d->age >= 0 && (i % 2 == 1) == is_victim;
        if (d->borough != 2 || d->year != 2022 || !is_role || !is_in(d, "coverage-2")) {
            continue;
        }
        p.total++;
        p.sexes += i % 7 != 0;
        p.female += i % 7 != 0 && d->is_female;
        p.ages += d->age >= 0;
        p.under_18 += d->age >= 0 && d->age < 18;
    }
    return p;
}

static void victims_and_suspects_by_sex_and_age(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_areas(&f, 2);
    struct drawn *all = draw_all(&f, OFFENCES);
    put_offences(&f, all, OFFENCES, true);
    adopt(&f, DEFINITION);
    assess(&f, &x);
    for (int role = 0; role < 2; role++) {
        const char *who = role ? "suspects" : "victims";
        struct people p = people_of(all, role == 0);
        char id[64];
        CHECK(p.total > 20);
        (void)snprintf(id, sizeof id, "%s.total", who);
        CHECK_NEAR(part_of(&x, "coverage-2", id)->value, p.total, 0);
        (void)snprintf(id, sizeof id, "%s.female", who);
        check_part(part_of(&x, "coverage-2", id), p.female, p.sexes);
        CHECK_NEAR(part_of(&x, "coverage-2", id)->missing, p.total - p.sexes, 0);
        (void)snprintf(id, sizeof id, "%s.under-18", who);
        check_part(part_of(&x, "coverage-2", id), p.under_18, p.ages);
        CHECK_NEAR(part_of(&x, "coverage-2", id)->missing, p.total - p.ages, 0);
        /* An age under which the profile asks for somebody, and only there. */
        (void)snprintf(id, sizeof id, "young.%s.under-25", who);
        CHECK(has_id(&x, id));
        (void)snprintf(id, sizeof id, "coverage-2.%s.under-25", who);
        CHECK(!has_id(&x, id));
    }
    fixture_close(&f);
}

/* ---- evidence ---- */

static void each_carries_definition_sources_and_a_query(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_areas(&f, 2);
    put_offences(&f, draw_all(&f, OFFENCES), OFFENCES, true);
    adopt(&f, DEFINITION);
    assess(&f, &x);
    size_t seen = 0, keys = 0;
    for (size_t i = 0; i < x.finding_count; i++) {
        const struct finding *g = &x.findings[i];
        keys += g->is_key;
        for (size_t k = 0; k < i; k++) {
            if (strcmp(x.findings[k].id, g->id) == 0) {
                fail_msg("%s is there twice", g->id);
            }
        }
        if (strcmp(g->theme, "profile") != 0) {
            CHECK(!g->definition && (!g->chapter || strcmp(g->theme, "other-sources") == 0));
            continue;
        }
        seen++;
        CHECK_STRING(g->definition, "test");
        CHECK_STRING(g->definition_version, "2026-01");
        CHECK(g->chapter && g->chapter_title && g->subject && g->unit && g->method);
        CHECK(strstr(g->caveats[0], "agreed definition test, version 2026-01") != NULL);
        bool has_people = strncmp(g->id, "young.", 6) == 0 || strncmp(g->id, "union.", 6) == 0 ||
                          strstr(g->id, ".victims.") || strstr(g->id, ".suspects.") ||
                          strstr(g->id, ".all.accused") || strstr(g->id, ".relationship") ||
                          strstr(g->id, ".partners") || strstr(g->id, ".change-parts");
        CHECK_INT(g->source_count, has_people ? 2 : 1); /* persons where they are asked for */
        fixture_check_query(&f, g);
    }
    CHECK(seen > 60);
    CHECK(keys > 3 && keys < 16);
    CHECK_STRING(of(&x, "young", "total")->chapter_title, "Violence of the young");
    CHECK_STRING(of(&x, "young", "total")->subject, "violence of the young");
    CHECK_STRING(of(&x, "young-2", "total")->subject, "DA"); /* an abbreviation stays */
    CHECK_STRING(of(&x, "union", "total")->chapter, of(&x, "every-age", "total")->chapter);
    for (size_t i = 0; i < x.table_count; i++) {
        for (size_t k = 0; k < i; k++) {
            CHECK(strcmp(x.tables[i].id, x.tables[k].id) != 0);
        }
    }
    fixture_close(&f);
}

/* ---- little or nothing ---- */

static void without_a_definition_there_is_no_profile(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_areas(&f, 1);
    put_offences(&f, draw_all(&f, 300), 300, true);
    assess(&f, &x);
    CHECK(!x.definition && !has_id(&x, "young") && !has_id(&x, "union"));
    for (size_t i = 0; i < x.finding_count; i++) {
        CHECK(strcmp(x.findings[i].theme, "profile") != 0);
    }
    fixture_close(&f);
}

/* No person held: a profile that asks for ages finds nobody, and that is not 0. */
static void without_persons_ages_are_not_zero(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_areas(&f, 1);
    struct drawn *all = draw_all(&f, OFFENCES);
    put_offences(&f, all, OFFENCES, false);
    adopt(&f, DEFINITION);
    assess(&f, &x);
    const struct finding *g = of(&x, "young", "total");
    CHECK(g->verdict == VERDICT_NOT_AVAILABLE && isnan(g->value));
    CHECK(strstr(g->caveats[g->caveat_count - 1], "no person of these offences is held") != NULL);
    CHECK(!has_id(&x, "young.all.rate")); /* one finding says it */
    CHECK(of(&x, "union", "total")->verdict == VERDICT_NOT_AVAILABLE);
    CHECK_NEAR(of(&x, "coverage-2", "total")->value, count(all, OFFENCES, "coverage-2", 2, 2022),
               0);
    CHECK(g->is_key && of(&x, "coverage-2", "change")->is_key);
    CHECK(!fixture_finding(&x, "recorded-crime.weapon-possession.total")->is_key);
    /* Where no profile says anything, what leads without a definition leads again. */
    adopt(&f, "{\"definition\": \"young\", \"version\": \"2\", \"title\": \"Young\", \"profiles\":"
              " [{\"id\": \"young\", \"offences\": [\"abh\"],"
              " \"any_person\": {\"roles\": [\"victim\"], \"age_below\": 25}}]}");
    assess(&f, &x);
    CHECK(of(&x, "young", "total")->is_key);
    CHECK(fixture_finding(&x, "recorded-crime.weapon-possession.total")->is_key);
    CHECK(!has_id(&x, "union.")); /* of one profile there is nothing to add */
    fixture_close(&f);
}

static void one_record_or_none_is_quiet(void **state)
{
    (void)state;
    for (int n = 0; n < 2; n++) {
        struct fixture f;
        struct assessment x;
        open_areas(&f, 1);
        struct drawn *all = draw_all(&f, 41);
        for (int i = 0; i < 41; i++) { /* thefts, and the last one a rape when n is 1 */
            all[i] = (struct drawn){.borough = 2,
                                    .year = 2022,
                                    .group = i == 40 && n ? 1 : 2,
                                    .age = 30,
                                    .has_group = true};
        }
        put_offences(&f, all, 41, true);
        adopt(&f, DEFINITION);
        assess(&f, &x);
        const struct finding *g = of(&x, "coverage-2", "total");
        if (n == 0) { /* in a source that has no rape at all, none is no count */
            CHECK(g->verdict == VERDICT_NOT_AVAILABLE && isnan(g->value));
            CHECK(strstr(g->caveats[g->caveat_count - 1], "is of one of its offence groups"));
        } else {
            CHECK_NEAR(g->value, 1, 0);
            CHECK_NEAR(of(&x, "young", "total")->value, 0, 0);
            CHECK(of(&x, "coverage-2", "rank")->verdict == VERDICT_NOT_AVAILABLE); /* one borough */
        }
        CHECK(has_id(&x, "coverage-2.all.top-ward") == (n == 1));
        for (size_t i = 0; i < x.finding_count; i++) {
            fixture_check_query(&f, &x.findings[i]);
        }
        fixture_close(&f);
    }
}

/* ---- many profiles, many threads ---- */

/* Ten profiles of one group each with a flag or without: more combinations than one code has. */
static const char *many(struct fixture *f)
{
    static const char *const flags[] = {"knife", "firearm", "corrosive",    "other-weapon",  "hate",
                                        "gang",  "alcohol", "exploitation", "domestic-abuse"};
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 16);
    buf_text(&b,
             "{\"definition\": \"many\", \"version\": \"1\", \"title\": \"Many\", \"profiles\": [");
    for (size_t i = 0; i < 9; i++) {
        buf_printf(&b, "%s{\"id\": \"p%zu\", \"offences\": [\"abh\"], \"flags_all\": [\"%s\"]}",
                   i ? "," : "", i, flags[i]);
    }
    buf_text(&b, "]}");
    return arena_text(&f->arena, b.bytes, b.n);
}

static void many_combinations_are_counted_apart(void **state)
{
    (void)state;
    static const char *const flags[] = {"knife", "firearm", "corrosive",    "other-weapon",  "hate",
                                        "gang",  "alcohol", "exploitation", "domestic-abuse"};
    struct fixture f;
    struct assessment x;
    open_areas(&f, 2);
    struct buf rows RV_CLEANUP(buf_done);
    buf_init(&rows, 4u << 20);
    double want[9] = {0};
    int64_t e, n;
    fixture_point(2, 1, 1, &e, &n);
    for (int i = 0; i < 512; i++) { /* every combination of nine flags once */
        buf_printf(&rows, "o%d|2022-05|abh|", i);
        const char *joint = "";
        for (int k = 0; k < 9; k++) {
            if (i >> k & 1) {
                buf_printf(&rows, "%s%s", joint, flags[k]);
                joint = ";";
                want[k]++;
            }
        }
        buf_printf(&rows, "|%lld|%lld\n", (long long)e / 1000, (long long)n / 1000);
    }
    fixture_extract(&f, "offences", "police",
                    "offence_id:x recorded_at:t offence_group:c flags:c easting:m northing:m",
                    rows.bytes, "2021-01..2022-12");
    fixture_place(&f);
    adopt(&f, many(&f));
    assess(&f, &x);
    for (int k = 0; k < 9; k++) {
        char id[8];
        (void)snprintf(id, sizeof id, "p%d", k);
        CHECK_NEAR(of(&x, id, "total")->value, want[k], 0);
    }
    CHECK_NEAR(of(&x, "union", "total")->value, 511, 0);
    fixture_close(&f);
}

static void dump(const struct assessment *x, struct buf *b)
{
    for (size_t i = 0; i < x->finding_count; i++) {
        const struct finding *g = &x->findings[i];
        buf_printf(b, "%s %s %a %a %a %a %lld %s\n", g->id, g->rule, g->value, g->lower,
                   g->numerator, g->missing, (long long)g->rank_low, g->query);
    }
    for (size_t i = 0; i < x->table_count; i++) {
        const struct result_table *t = &x->tables[i];
        buf_printf(b, "%s %s\n", t->id, t->title);
        for (size_t k = 0; k < t->row_count * t->column_count; k++) {
            buf_printf(b, "%s %a|", t->cells[k].text ? t->cells[k].text : "", t->cells[k].number);
        }
    }
    CHECK(!b->failed);
}

static void same_bytes_on_any_threads(void **state)
{
    (void)state;
    struct buf want RV_CLEANUP(buf_done);
    buf_init(&want, 16u << 20);
    for (size_t threads = 1; threads < 4; threads++) {
        struct fixture f;
        struct assessment x;
        struct buf got RV_CLEANUP(buf_done);
        buf_init(&got, 16u << 20);
        open_areas(&f, threads);
        put_offences(&f, draw_all(&f, OFFENCES), OFFENCES, true);
        adopt(&f, DEFINITION);
        assess(&f, &x);
        dump(&x, threads > 1 ? &got : &want);
        CHECK(threads == 1 || text_equal(buf_view(&got), buf_view(&want)));
        fixture_close(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profiles_are_counted_as_the_definition_says),
        cmocka_unit_test(parts_of_a_profile),
        cmocka_unit_test(victims_and_suspects_by_sex_and_age),
        cmocka_unit_test(what_cannot_be_told_is_said),
        cmocka_unit_test(each_carries_definition_sources_and_a_query),
        cmocka_unit_test(without_a_definition_there_is_no_profile),
        cmocka_unit_test(without_persons_ages_are_not_zero),
        cmocka_unit_test(one_record_or_none_is_quiet),
        cmocka_unit_test(many_combinations_are_counted_apart),
        cmocka_unit_test(same_bytes_on_any_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
