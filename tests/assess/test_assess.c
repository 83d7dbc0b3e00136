/* tests/assess/test_assess.c — assessments of small made-up boroughs: what is claimed, how firmly,
 * and what is not available. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/rules.h"
#include "base/buf.h"
#include "base/hash.h"
#include "fixture.h"

static struct rv_err err;

static const char RECORDS[] = "offence_id:x recorded_at:t category:c venue_name:c easting:m "
                              "northing:m";
static const char COUNTS[] = "area_code:c category:c period_from:t period_to:t count:i";
static const char RESIDENTS[] = "area_code:c year:i persons:i";

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* `n` records of boroughs 2 to 5 in 2021 and 2022, more in 2022 for violence in borough 2. */
static void put_records(struct fixture *f, int n, int only_borough, bool is_reversed)
{
    static const char *const kinds[] = {"Violence and sexual offences", "Robbery", "Burglary",
                                        "Possession of weapons"};
    struct buf text RV_CLEANUP(buf_done);
    char(*lines)[128] = arena_new(&f->arena, (size_t)n, sizeof *lines);
    uint32_t seed = 11;
    int kept = 0;
    for (int i = 0; i < n; i++) {
        int borough = (int)(next(&seed) % 4) + 2, ward = (int)(next(&seed) % 5 % 4) + 1;
        int lsoa = (int)(next(&seed) % 4) + 1, kind = (int)(next(&seed) % 13);
        int year = 2021 + (next(&seed) % (kind < 6 ? 3 : 2) > 0), month = (int)(next(&seed) % 12);
        kind = kind < 6 ? 0 : kind < 9 ? 1 : kind < 12 ? 2 : 3;
        int64_t e, north;
        fixture_point(borough, ward, lsoa, &e, &north);
        if (only_borough == 0 || borough == only_borough) {
            (void)snprintf(lines[kept++], sizeof lines[0], "%d|%d-%02d|%s|Shop %u|%lld|%lld\n", i,
                           year, month + 1, kinds[kind], next(&seed) % 30, (long long)e / 1000,
                           (long long)north / 1000);
        }
    }
    buf_init(&text, 4u << 20);
    for (int i = 0; i < kept; i++) {
        buf_text(&text, lines[is_reversed ? kept - 1 - i : i]);
    }
    fixture_extract(f, "offences", "street", RECORDS, text.bytes, "2021-01..2022-12");
}

static void put_residents(struct fixture *f)
{
    fixture_extract(f, "population", "census-2021", RESIDENTS,
                    "E09000001|2021|100\nE09000002|2021|9000\nE09000003|2021|12000\n"
                    "E09000004|2021|8000\nE09000005|2021|5000\n",
                    NULL);
}

static void open_all(struct fixture *f, size_t threads, int only_borough, bool is_reversed)
{
    fixture_open(f, threads);
    fixture_areas(f, 5, "2018", "2018", "2011");
    put_records(f, 3000, only_borough, is_reversed);
    put_residents(f);
    fixture_place(f);
}

static void assess(struct fixture *f, const char *period, const char *compare,
                   struct assessment *ret)
{
    static struct assess_options o;
    o = (struct assess_options){.area = "E09000002", .compare = ASSESS_NO_COMPARE};
    CHECK(month_range_parse(text_of(period), &o.period));
    CHECK(!compare || month_range_parse(text_of(compare), &o.compare));
    CHECK_OK(assess_run(f->store, &f->arena, f->pool, NULL, &o, ret, &err));
}

static double slot(const struct finding *g, const char *name)
{
    for (size_t i = 0; i < g->slot_count; i++) {
        if (strcmp(g->slots[i].name, name) == 0) {
            return g->slots[i].number;
        }
    }
    fail_msg("%s has no slot %s", g->id, name);
    return 0;
}

static const char *words(const struct finding *g, const char *name)
{
    for (size_t i = 0; i < g->slot_count; i++) {
        if (strcmp(g->slots[i].name, name) == 0) {
            return g->slots[i].text;
        }
    }
    return "";
}

static const struct result_table *table(const struct assessment *x, const char *id)
{
    for (size_t i = 0; i < x->table_count; i++) {
        if (strcmp(x->tables[i].id, id) == 0) {
            return &x->tables[i];
        }
    }
    fail_msg("no table %s", id);
    return NULL;
}

/* ---- every finding carries its evidence ---- */

static bool is_rule(const struct finding *g)
{
    size_t n = 0;
    const char *const *rules = assess_rules(g->theme, &n);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(rules[i], g->rule) == 0) {
            return true;
        }
    }
    return false;
}

static void findings_carry_their_evidence(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_all(&f, 2, 0, false);
    assess(&f, "2022", "2021", &x);
    CHECK(x.finding_count > 30);
    CHECK_INT(x.source_count, 1);
    for (size_t i = 0; i < x.finding_count; i++) {
        const struct finding *g = &x.findings[i];
        if (!g->rule || !is_rule(g) || !g->query || !g->subject || !g->unit || !g->area_name) {
            fail_msg("%s lacks something", g->id);
        }
        CHECK(g->verdict == VERDICT_NOT_AVAILABLE || g->method != NULL);
        CHECK(g->verdict == VERDICT_NOT_AVAILABLE || g->source_count > 0);
        CHECK(g->verdict != VERDICT_CAUTION || g->caveat_count > 1);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(x.findings[k].id, g->id) == 0) {
                fail_msg("%s twice", g->id);
            }
        }
        fixture_check_query(&f, g);
    }
    for (size_t i = 0; i < x.table_count; i++) {
        for (size_t k = 0; k < i; k++) {
            CHECK(strcmp(x.tables[i].id, x.tables[k].id) != 0);
        }
        CHECK(x.tables[i].title && x.tables[i].description && x.tables[i].description[0]);
    }
    fixture_close(&f);
}

/* ---- the same bytes whatever the threads and the order of the rows ---- */

static void dump(const struct assessment *x, struct buf *b)
{
    for (size_t i = 0; i < x->finding_count; i++) {
        const struct finding *g = &x->findings[i];
        buf_printf(b, "%s %s %a %a %a %a %a %lld %lld %lld %lld %s %d", g->id, g->rule, g->value,
                   g->lower, g->upper, g->numerator, g->denominator, (long long)g->rank,
                   (long long)g->rank_low, (long long)g->rank_high, (long long)g->of, g->query,
                   (int)g->verdict);
        for (size_t k = 0; k < g->slot_count; k++) {
            const struct finding_slot *s = &g->slots[k];
            buf_printf(b, " %s=%s %a", s->name, s->text ? s->text : "", s->number);
        }
        for (size_t k = 0; k < g->caveat_count; k++) {
            buf_printf(b, " %s", g->caveats[k]);
        }
        buf_char(b, '\n');
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

static void same_bytes_on_any_threads_and_row_order(void **state)
{
    (void)state;
    struct buf want RV_CLEANUP(buf_done);
    buf_init(&want, 16u << 20);
    for (size_t i = 0; i < 4; i++) {
        struct fixture f;
        struct assessment x;
        struct buf got RV_CLEANUP(buf_done);
        buf_init(&got, 16u << 20);
        open_all(&f, 1 + i % 3, 0, i == 3);
        assess(&f, "2022", "2021", &x);
        dump(&x, i ? &got : &want);
        CHECK(i == 0 || text_equal(buf_view(&got), buf_view(&want)));
        fixture_close(&f);
    }
}

/* ---- ranks ---- */

static void one_borough_has_no_rank(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_all(&f, 2, 2, false);
    assess(&f, "2022", "2021", &x);
    const struct finding *g =
        fixture_finding(&x, "recorded-crime.violence-and-sexual-offences.rank");
    CHECK(g->verdict == VERDICT_NOT_AVAILABLE);
    CHECK_STRING(g->rule, "RANK_NOT_AVAILABLE");
    CHECK_STRING(words(g, "reason"), "only this borough's records are held");
    CHECK_INT(g->rank, -1);
    CHECK(isnan(g->value));

    /* With published counts the nearest category gives a rank, and says which it is. */
    fixture_extract(&f, "area-counts", "published", COUNTS,
                    "E09000002|Violence Against the Person|2022-01|2022-12|50\n"
                    "E09000003|Violence Against the Person|2022-01|2022-12|70\n"
                    "E09000004|Violence Against the Person|2022-01|2022-12|50\n"
                    "E09000005|Violence Against the Person|2022-01|2022-12|1\n"
                    "E09000002|Robbery|2022-01|2022-12|9\nE09000003|Robbery|2022-01|2022-12|0\n"
                    "E09000004|Robbery|2022-01|2022-12|0\nE09000005|Robbery|2022-01|2022-12|0\n",
                    "2022-01..2022-12");
    assess(&f, "2022", NULL, &x);
    g = fixture_finding(&x, "recorded-crime.violence-and-sexual-offences.rank");
    CHECK_STRING(g->rule, "RANK_NEAREST");
    CHECK_STRING(words(g, "nearest"), "violence against the person");
    CHECK_INT(g->rank, 2);
    CHECK(g->is_tied);
    CHECK_INT(g->of, 4); /* without the City of London */
    CHECK_NEAR(g->numerator, 50, 0);
    fixture_check_query(&f, g);
    g = fixture_finding(&x, "recorded-crime.possession-of-weapons.rank");
    CHECK(g->verdict == VERDICT_NOT_AVAILABLE);
    g = fixture_finding(&x, "published-counts.violence-against-the-person.rank");
    CHECK_INT(g->rank, 2);
    fixture_close(&f);
}

/* Records just over a border are no records of the borough they fell in. */
static void strays_are_not_cover(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    fixture_open(&f, 1);
    fixture_areas(&f, 5, "2018", NULL, NULL);
    put_records(&f, 3000, 3, false);
    int64_t e, n;
    char row[128];
    fixture_point(2, 1, 1, &e, &n);
    (void)snprintf(row, sizeof row, "x|2022-05|Robbery|Shop|%lld|%lld\n", (long long)e / 1000,
                   (long long)n / 1000);
    fixture_extract(&f, "offences", "street", RECORDS, row, NULL);
    fixture_place(&f);
    assess(&f, "2022", NULL, &x);
    const struct finding *g = fixture_finding(&x, "recorded-crime.robbery.total");
    CHECK(g->verdict == VERDICT_NOT_AVAILABLE);
    CHECK(strstr(words(g, "reason"), "strays") != NULL);
    fixture_close(&f);
}

/* ---- change ---- */

static void small_and_unequal_changes(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    fixture_open(&f, 1);
    fixture_areas(&f, 3, "2018", NULL, NULL);
    fixture_extract(&f, "area-counts", "published", COUNTS,
                    "E09000002|Robbery|2021-01|2021-12|12\nE09000002|Robbery|2022-01|2022-12|30\n"
                    "E09000002|Theft|2021-01|2021-12|160\nE09000002|Theft|2022-01|2022-12|191\n"
                    "E09000002|Arson|2021-01|2021-12|0\nE09000002|Arson|2022-01|2022-12|0\n"
                    "E09000002|Burglary|2021-01|2021-12|400\n"
                    "E09000002|Burglary|2022-01|2022-12|600\n"
                    "E09000002|Fraud|2021-01|2021-12|7\nE09000002|Fraud|2022-01|2022-12|7\n"
                    "E09000003|Fraud|2021-01|2021-12|9\nE09000003|Fraud|2022-01|2022-12|9\n",
                    "2021-01..2022-12");
    assess(&f, "2022", "2021", &x);
    const struct finding *g = fixture_finding(&x, "published-counts.robbery.change");
    CHECK_STRING(g->rule, "CHANGE_UP_SMALL"); /* a base of 12 gives no percentage */
    CHECK(isnan(slot(g, "percent")));
    CHECK(g->verdict == VERDICT_CAUTION);
    g = fixture_finding(&x, "published-counts.theft.change");
    CHECK_STRING(g->rule, "CHANGE_NOT_DISTINGUISHABLE"); /* 160 to 191 is no "19% increase" */
    CHECK(slot(g, "p") > 0.05);
    g = fixture_finding(&x, "published-counts.arson.change");
    CHECK_STRING(g->rule, "CHANGE_NONE_RECORDED");
    g = fixture_finding(&x, "published-counts.fraud.change");
    CHECK_STRING(g->rule, "CHANGE_NONE");
    g = fixture_finding(&x, "published-counts.burglary.change");
    CHECK_STRING(g->rule, "CHANGE_UP");
    CHECK_NEAR(slot(g, "percent"), 50, 1e-12);
    CHECK(slot(g, "percent_low") > 0 && slot(g, "percent_high") > 50);
    g = fixture_finding(&x, "published-counts.all.drivers");
    CHECK_STRING(words(g, "named"), "burglary");
    CHECK_STRING(words(g, "direction"), "rise");
    fixture_close(&f);

    fixture_open(&f, 1);
    fixture_areas(&f, 3, "2018", NULL, NULL);
    fixture_extract(&f, "area-counts", "published", COUNTS,
                    "E09000002|Theft|2021-01|2021-03|300\nE09000002|Theft|2021-04|2021-12|900\n"
                    "E09000002|Burglary|2021-01|2021-03|100\n"
                    "E09000002|Burglary|2021-04|2021-12|900\n",
                    "2021-01..2021-12");
    assess(&f, "2021-04..2021-12", "2021-01..2021-03", &x);
    g = fixture_finding(&x, "published-counts.theft.change");
    CHECK_STRING(g->rule, "CHANGE_NOT_DISTINGUISHABLE_PER_DAY"); /* three times the months */
    g = fixture_finding(&x, "published-counts.burglary.change");
    CHECK_STRING(g->rule, "CHANGE_UP_PER_DAY");
    CHECK_NEAR(slot(g, "percent"), 100 * (900.0 / 275 / (100.0 / 90) - 1), 1e-9);
    fixture_close(&f);
}

/* ---- gaps ---- */

static void a_missing_month_makes_a_period_not_available(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    fixture_open(&f, 1);
    fixture_areas(&f, 3, "2018", NULL, NULL);
    fixture_extract(&f, "area-counts", "published", COUNTS,
                    "E09000002|Theft|2021-01|2021-01|30\nE09000002|Theft|2021-03|2021-03|20\n"
                    "E09000003|Theft|2021-01|2021-01|30\nE09000003|Theft|2021-03|2021-03|20\n",
                    "2021-01,2021-03");
    assess(&f, "2021-01..2021-03", NULL, &x);
    const struct finding *g = fixture_finding(&x, "published-counts.theft.total");
    CHECK(g->verdict == VERDICT_NOT_AVAILABLE && isnan(g->value));
    CHECK(strstr(words(g, "reason"), "February 2021") != NULL);
    CHECK(strstr(g->caveats[g->caveat_count - 1], "Not available, because") != NULL);
    const struct result_table *t = table(&x, "coverage-calendar");
    CHECK_INT(t->column_count, 4);
    CHECK(!t->cells[1].is_missing && t->cells[2].is_missing && !t->cells[3].is_missing);
    /* Of a period without any month one finding says so, not one a category. */
    struct assessment none;
    assess(&f, "2020", NULL, &none);
    CHECK_INT(none.finding_count, 2); /* and the coverage of the source */
    CHECK(none.findings[0].verdict == VERDICT_NOT_AVAILABLE);
    CHECK_INT(none.table_count, 1);
    t = table(&x, "published-counts-monthly-by-category");
    CHECK_INT(t->row_count, 3);
    CHECK_NEAR(t->cells[1].number, 30, 0);
    CHECK(t->cells[t->column_count + 1].is_missing);
    CHECK_NEAR(t->cells[2 * t->column_count + 1].number, 20, 0);
    fixture_close(&f);
}

/* ---- choice among sources, refusals ---- */

static void the_source_of_most_months_speaks(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    fixture_open(&f, 1);
    fixture_areas(&f, 2, "2018", NULL, NULL);
    fixture_extract(&f, "area-counts", "long", COUNTS, "E09000002|Theft|2021-01|2021-12|30\n",
                    "2021-01..2021-12");
    fixture_extract(&f, "area-counts", "short", COUNTS, "E09000002|Theft|2021-01|2021-01|77\n",
                    "2021-01");
    assess(&f, "2021", NULL, &x);
    CHECK_NEAR(fixture_finding(&x, "published-counts.theft.total")->value, 30, 0);
    assess(&f, "2021-01", NULL, &x); /* equal: the one imported last */
    CHECK_NEAR(fixture_finding(&x, "published-counts.theft.total")->value, 77, 0);
    /* A published year, and a month of it without a row: the month is not known to be zero. */
    assess(&f, "2021-02..2021-03", NULL, &x);
    CHECK(isnan(fixture_finding(&x, "published-counts.theft.total")->value));
    fixture_close(&f);
}

static void wrong_options_are_refused(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    fixture_open(&f, 1);
    struct assess_options o = {
        .area = "E09000002", .period = {24252, 24263}, .compare = ASSESS_NO_COMPARE};
    CHECK_FAILS(assess_run(f.store, &f.arena, f.pool, NULL, &o, &x, &err), RV_NOT_FOUND);
    CHECK(strstr(err.message, "reeve areas") != NULL);
    fixture_areas(&f, 2, "2018", NULL, NULL);
    CHECK_OK(assess_run(f.store, &f.arena, f.pool, NULL, &o, &x, &err));
    CHECK(x.findings[0].verdict == VERDICT_NOT_AVAILABLE); /* nothing is held: said, not failed */
    o.compare = (struct month_range){24263, 24264};
    CHECK_FAILS(assess_run(f.store, &f.arena, f.pool, NULL, &o, &x, &err), RV_INVALID);
    o.compare = ASSESS_NO_COMPARE;
    o.area = "E09000099";
    CHECK_FAILS(assess_run(f.store, &f.arena, f.pool, NULL, &o, &x, &err), RV_NOT_FOUND);
    fixture_close(&f);
}

/* Counts on other wards make the wards not available, with the command that re-bases; the
 * borough's own figures stand. */
static void mixed_wards_are_explained(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    fixture_open(&f, 1);
    fixture_areas(&f, 3, "2018", "2018", NULL);
    fixture_wards_again(&f, 3, "2022-05");
    fixture_extract(&f, "area-counts", "wards", COUNTS,
                    "E05000021|Theft|2022-06|2022-06|30\nE05000031|Theft|2022-06|2022-06|3\n",
                    "2022-06");
    assess(&f, "2022-06", NULL, &x);
    const struct finding *g = fixture_finding(&x, "published-counts.all.top-ward");
    CHECK(g->verdict == VERDICT_NOT_AVAILABLE);
    CHECK(strstr(words(g, "reason"), "reeve import FILE lookup.csv --as lookup") != NULL);
    CHECK_NEAR(fixture_finding(&x, "published-counts.theft.total")->value, 30, 0);
    fixture_close(&f);
}

/* ---- keeping ---- */

static rv_status write_id(void *context, const struct finding *g, struct buf *out,
                          struct rv_err *reterr)
{
    int *left = context;
    if (left && (*left)-- == 0) {
        return rv_fail(reterr, RV_IO, "stop");
    }
    buf_printf(out, "{\"id\":\"%s\"}", g->id);
    return rv_ok();
}

static rv_status write_table(void *context, const struct result_table *t, struct buf *out,
                             struct rv_err *reterr)
{
    (void)context;
    (void)reterr;
    buf_printf(out, "{\"id\":\"%s\"}", t->id);
    return rv_ok();
}

/* Each finding's table is kept once, with the hash of its body, and goes when another assessment
 * comes. */
static void tables_are_kept(struct fixture *f, const struct assessment *x,
                            const struct stored_assessment *kept)
{
    size_t named = 0;
    struct text body;
    for (size_t i = 0; i < x->finding_count; i++) {
        const char *table = x->findings[i].table;
        CHECK((table == NULL) == (kept->findings[i].table == NULL));
        if (table) {
            char hash[SHA256_HEX + 1];
            named++;
            CHECK_STRING(kept->findings[i].table, table);
            CHECK_OK(assess_load_table(f->store, &f->arena, kept->id, table, &body, &err));
            CHECK(strstr(body.at, table) != NULL);
            CHECK_OK(sha256_of(body.at, body.n, hash, &err));
            CHECK_STRING(kept->findings[i].table_hash, hash);
        }
    }
    CHECK(named > 0);
    CHECK_FAILS(assess_load_table(f->store, &f->arena, kept->id, "no-such", &body, &err),
                RV_NOT_FOUND);
}

static void the_stored_assessment_is_replaced(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    struct stored_assessment kept;
    open_all(&f, 1, 0, false);
    CHECK_FAILS(assess_load(f.store, &f.arena, &kept, &err), RV_NOT_FOUND);
    assess(&f, "2022", "2021", &x);
    struct assess_to_json to_json = {write_id, write_table, NULL};
    CHECK_OK(assess_store(f.store, &x, &to_json, &err));
    CHECK_OK(assess_load(f.store, &f.arena, &kept, &err));
    tables_are_kept(&f, &x, &kept);
    int64_t first = kept.id;
    CHECK_INT(kept.finding_count, x.finding_count);
    CHECK_STRING(kept.area, "E09000002");
    CHECK_INT(kept.compare.first, 2021 * 12);
    for (size_t i = 0; i < x.finding_count; i++) {
        CHECK_STRING(kept.findings[i].id, x.findings[i].id);
    }
    CHECK(strstr(kept.sources.at, "\"sha256\"") != NULL);
    size_t before = x.finding_count;
    assess(&f, "2021", NULL, &x);
    int left = 3; /* a failure half-way keeps what was there */
    const struct assess_to_json stopping = {write_id, write_table, &left};
    CHECK_FAILS(assess_store(f.store, &x, &stopping, &err), RV_IO);
    CHECK_OK(assess_load(f.store, &f.arena, &kept, &err));
    CHECK_INT(kept.finding_count, before);
    CHECK_INT(kept.id, first);
    CHECK_OK(assess_store(f.store, &x, &to_json, &err));
    CHECK_OK(assess_load(f.store, &f.arena, &kept, &err));
    CHECK_INT(kept.finding_count, x.finding_count);
    CHECK(kept.compare.first > kept.compare.last);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_carry_their_evidence),
        cmocka_unit_test(same_bytes_on_any_threads_and_row_order),
        cmocka_unit_test(one_borough_has_no_rank),
        cmocka_unit_test(strays_are_not_cover),
        cmocka_unit_test(small_and_unequal_changes),
        cmocka_unit_test(a_missing_month_makes_a_period_not_available),
        cmocka_unit_test(the_source_of_most_months_speaks),
        cmocka_unit_test(wrong_options_are_refused),
        cmocka_unit_test(mixed_wards_are_explained),
        cmocka_unit_test(the_stored_assessment_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
