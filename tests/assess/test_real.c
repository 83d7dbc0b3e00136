/* tests/assess/test_real.c — real public London data, where it is present: the figures of the
 * README of ../shared/data must come out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"
#include "ingest/ingest.h"
#include "place/areas.h"
#include "report/sentence.h"

static struct rv_err err;

static const char *shared(const char *relative)
{
    static char paths[16][1024];
    static int next;
    return strcpy(paths[next++ % 16], shared_or_skip(relative));
}

static void layer(struct fixture *f, const char *file, const char *type, const char *vintage,
                  const char *code, const char *name)
{
    struct areas_options o = {type, vintage, code, name, {NULL, NULL, NULL}, NULL};
    struct areas_report r;
    CHECK_OK(areas_import(f->store, &f->arena, f->pool, NULL, shared(file), &o,
                          "2026-01-01T00:00:00Z", &r, &err));
}

static void import(struct fixture *f, const char *file, const char *kind)
{
    struct ingest_options o = {.kind = kind, .now_utc = "2026-01-01T00:00:00Z"};
    struct ingest_report r;
    CHECK_OK(ingest_import(f->store, &f->arena, f->pool, NULL, shared(file), &o, &r, &err));
}

static void open_london(struct fixture *f)
{
    fixture_open(f, 2);
    layer(f, "data/boundaries-boroughs/london-2021-lad22-gen20.wgs84.geojson", "borough", "2021",
          "LAD22CD", "LAD22NM");
    layer(f, "data/boundaries-wards-2018/London_Ward_2018.wgs84.geojson", "ward", "2018",
          "GSS_CODE", "NAME");
    layer(f, "data/boundaries-lsoa-2011/havering_lsoa11_E09000016.geojson", "lsoa", "2011",
          "LSOA11CD", "LSOA11NM");
    import(f, "data/census-2021-london/census2021-ts007a-ltla.csv", NULL);
}

static struct assess_options options(const char *period, const char *compare)
{
    struct assess_options o = {.area = "E09000016", .compare = ASSESS_NO_COMPARE};
    CHECK(month_range_parse(text_of(period), &o.period));
    CHECK(!compare || month_range_parse(text_of(compare), &o.compare));
    return o;
}

/* Every sentence can be made, and every query gives the finding's numbers. */
static void check_all(struct fixture *f, struct assessment *x)
{
    struct sentences *s = NULL;
    CHECK_OK(sentences_load(&f->arena, &s, &err));
    CHECK_OK(sentences_render_all(s, &f->arena, x, &err));
    for (size_t i = 0; i < x->finding_count; i++) {
        if (getenv("REEVE_SHOW")) {
            print_message("%-60s %s\n", x->findings[i].id, x->findings[i].statement);
        }
        fixture_check_query(f, &x->findings[i]);
    }
}

static void borough_counts(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    struct fixture f;
    open_london(&f);
    import(&f, "data/mps-borough-level-crime/mps-borough-level-crime_201004-202107.csv", NULL);
    import(&f, "data/mps-borough-level-crime/mps-borough-level-crime_202108-202307.csv", NULL);
    import(&f, "data/mps-ward-level-crime/mps-ward-level-crime_202009-202208.csv", NULL);
    struct assessment x;
    struct assess_options o = options("2022", "2021");
    CHECK_OK(assess_run(f.store, &f.arena, f.pool, NULL, &o, &x, &err));
    check_all(&f, &x);
    const struct finding *g =
        fixture_finding(&x, "published-counts.violence-against-the-person.change");
    CHECK_NEAR(g->value, 6183, 0);
    CHECK_NEAR(g->compare_value, 5567, 0);
    CHECK_STRING(g->rule, "CHANGE_UP");
    g = fixture_finding(&x, "published-counts.violence-against-the-person.rank");
    CHECK_INT(g->rank, 24);
    CHECK_INT(g->of, 32);
    CHECK(g->rank_low <= 24 && g->rank_high >= 24);
    g = fixture_finding(&x, "published-counts.violence-against-the-person.rank-change");
    CHECK_NEAR(g->compare_value, 24, 0);
    g = fixture_finding(&x, "published-counts.possession-of-weapons.rank-change");
    CHECK_INT(g->rank, 16);
    CHECK_NEAR(g->compare_value, 24, 0);
    g = fixture_finding(&x, "published-counts.possession-of-weapons.change");
    CHECK_NEAR(g->compare_value, 137, 0);
    CHECK_NEAR(g->value, 190, 0);
    g = fixture_finding(&x, "published-counts.sexual-offences.rank-change");
    CHECK_NEAR(g->compare_value, 22, 0);
    CHECK_INT(g->rank, 25);
    g = fixture_finding(&x, "published-counts.sexual-offences.change");
    CHECK_NEAR(g->compare_value, 607, 0);
    CHECK_NEAR(g->value, 601, 0);
    CHECK_STRING(g->rule, "CHANGE_NOT_DISTINGUISHABLE");

    o = options("2021", NULL);
    CHECK_OK(assess_run(f.store, &f.arena, f.pool, NULL, &o, &x, &err));
    check_all(&f, &x);
    g = fixture_finding(&x, "published-counts.sexual-offences.ward-rank.romford-town");
    CHECK_INT(g->rank, 4);
    CHECK_INT(g->of, 632);
    g = fixture_finding(&x, "published-counts.violence-against-the-person.ward-rank.romford-town");
    CHECK_INT(g->rank, 11);
    CHECK_INT(g->of, 632);
    fixture_close(&f);
}

static void ward_files_are_not_mixed(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    struct fixture f;
    struct result_table t;
    open_london(&f);
    layer(&f, "data/boundaries-wards-current/london_wards_drkane_E12000007.geojson", "ward",
          "2022-05", "WD25CD", "WD25NM");
    import(&f, "data/mps-ward-level-crime/mps-ward-level-crime_202009-202208.csv", NULL);
    CHECK_OK(fixture_table(&f,
                           "--kind area-counts --by ward --period 2021 --where "
                           "\"category=Sexual Offences\"",
                           &t, &err));
    CHECK_NEAR(fixture_cell(&t, "E05000319", "rank"), 4, 0); /* Romford Town */
    CHECK_FAILS(fixture_table(&f, "--kind area-counts --by ward --period 2022", &t, &err),
                RV_REFUSED);
    CHECK_OK(fixture_table(&f,
                           "--kind area-counts --by ward --period 2022-01..2022-08 --vintage "
                           "2018",
                           &t, &err));
    fixture_close(&f);
}

static void street_records(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    struct fixture f;
    open_london(&f);
    import(&f, "data/police-street-london-2016-2018/havering-street_2016-01_2018-06.csv", NULL);
    struct assessment x;
    struct assess_options o = options("2017-07..2018-06", "2016-07..2017-06");
    CHECK_OK(assess_run(f.store, &f.arena, f.pool, NULL, &o, &x, &err));
    check_all(&f, &x);
    const struct result_table *t = NULL;
    for (size_t i = 0; i < x.table_count; i++) {
        bool is_it =
            strcmp(x.tables[i].id, "recorded-crime-lsoas-violence-and-sexual-offences") == 0;
        t = is_it ? &x.tables[i] : t;
    }
    if (!t) {
        fail_msg("no table of LSOAs");
        return;
    }
    const char *first = t->cells[1].text, *second = t->cells[t->column_count + 1].text;
    CHECK((strcmp(first, "Havering 013C") == 0 && strcmp(second, "Havering 013E") == 0) ||
          (strcmp(first, "Havering 013E") == 0 && strcmp(second, "Havering 013C") == 0));
    const struct finding *g =
        fixture_finding(&x, "recorded-crime.violence-and-sexual-offences.rank");
    CHECK(g->verdict == VERDICT_NOT_AVAILABLE);
    CHECK(strstr(g->statement, "only this borough's records are held") != NULL);
    /* March 2016 was never fetched: a period that holds it has no total. */
    o = options("2016-01..2016-06", NULL);
    CHECK_OK(assess_run(f.store, &f.arena, f.pool, NULL, &o, &x, &err));
    check_all(&f, &x);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(borough_counts),
        cmocka_unit_test(ward_files_are_not_mixed),
        cmocka_unit_test(street_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
