/* tests/assess/test_wards_other.c — wards of two vintages held against each other record by record.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buf.h"
#include "define/adopted.h"
#include "fixture.h"

#include <math.h>
#include <string.h>

static struct rv_err err;

static const char GROUPS[] =
    "{\"definition\":\"test\",\"version\":\"1\",\"title\":\"Test\",\"area\":\"E09000002\","
    "\"profiles\":[{\"id\":\"harm\",\"title\":\"Grievous harm\",\"offences\":[\"gbh\"]}]}";

/* The second borough, 2 km square, has four square wards of 2018. In 2022 its west half is one ward
 * and its east half two, and a sliver of it is none. */
static const struct fixture_box LATER[] = {{"E05990021", 2000, 0, 1000, 2000},
                                           {"E05990022", 3000, 0, 1000, 1000},
                                           {"E05990023", 3000, 1000, 1000, 900}};

/* `n` offences at a point of the borough, metres from its corner. */
static void put(struct buf *rows, int n, int east, int north)
{
    static int number;
    int64_t e, north_mm;
    fixture_point(2, 1, 1, &e, &north_mm); /* its south-west corner and an eighth of an LSOA on */
    for (int i = 0; i < n; i++) {
        buf_printf(rows, "o%d|2022-%02d-03T10:00|gbh|%lld|%lld\n", ++number, i % 12 + 1,
                   (long long)(e / 1000 + east), (long long)(north_mm / 1000 + north));
    }
}

static void open_file(struct fixture *f, bool has_later, int share)
{
    struct buf rows RV_CLEANUP(buf_done);
    struct definition d;
    fixture_open(f, 2);
    fixture_areas(f, 3, "2018", "2018", NULL);
    if (has_later) {
        fixture_layer(f, "ward", "2022-05", LATER, 3);
    }
    buf_init(&rows, 1 << 20);
    put(&rows, 4 * share, 200, 200);   /* south-west: 2022's first ward */
    put(&rows, 2 * share, 200, 1200);  /* north-west: the same */
    put(&rows, 5 * share, 1200, 200);  /* south-east: its second */
    put(&rows, 3 * share, 1200, 1200); /* north-east: its third */
    put(&rows, 1 * share, 1200, 1700); /* north-east, in no ward of 2022 */
    fixture_extract(f, "offences", "police",
                    "offence_id:x recorded_at:t offence_group:c easting:m northing:m", rows.bytes,
                    "2022-01..2022-12");
    fixture_place(f);
    CHECK_OK(definition_read(&f->arena, "test", text_of(GROUPS), &d, &err));
    CHECK_OK(adopt_definition(f->store, &f->arena, &d, "a test", "2026-01-01T00:00:00Z", &err));
}

static void assess(struct fixture *f, const char *vintage, struct assessment *ret)
{
    struct assess_options o = {
        .area = "E09000002", .compare = ASSESS_NO_COMPARE, .vintage = vintage};
    CHECK(month_range_parse(text_of("2022-01..2022-12"), &o.period));
    CHECK_OK(assess_run(f->store, &f->arena, f->pool, NULL, &o, ret, &err));
}

static double slot(const struct finding *f, const char *name)
{
    for (size_t i = 0; i < f->slot_count; i++) {
        if (f->slots[i].type == SLOT_NUMBER && strcmp(f->slots[i].name, name) == 0) {
            return f->slots[i].number;
        }
    }
    return (double)NAN;
}

static const struct result_table *table_of(const struct assessment *x)
{
    for (size_t i = 0; i < x->table_count; i++) {
        if (strcmp(x->tables[i].id, "harm-other-wards") == 0) {
            return &x->tables[i];
        }
    }
    return NULL;
}

/* Of 2018: 40, 20, 50 and 40 offences (of these 10 in no ward of 2022). Of 2022: 60, 50 and 30. */
static void shares_are_of_records_placed_in_both(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_file(&f, true, 10);
    assess(&f, "2018", &x);
    const struct finding *g = fixture_finding(&x, "harm.all.other-wards");
    CHECK_STRING(g->rule, "OTHER_WARDS");
    CHECK_NEAR(g->numerator, 50, 1e-12); /* all of the south-east, in one of three */
    CHECK_NEAR(g->denominator, 50, 1e-12);
    CHECK_NEAR(g->missing, 10, 1e-12);
    CHECK_NEAR(slot(g, "area_count"), 4, 0);
    CHECK_NEAR(slot(g, "other_wards"), 3, 0);
    CHECK_NEAR(slot(g, "back_count"), 60, 0); /* the west half */
    CHECK_NEAR(slot(g, "back_part"), 40, 0);  /* its north is the lowest of the four */
    const struct result_table *t = table_of(&x);
    if (!t) {
        fail_msg("no table");
        return;
    }
    CHECK_INT(t->row_count, 3);
    CHECK_NEAR(fixture_cell(t, "E05990021", "count"), 60, 0);
    CHECK_NEAR(fixture_cell(t, "E05990021", "most_in_count"), 40, 0);
    CHECK_NEAR(fixture_cell(t, "E05990022", "count"), 50, 0);
    CHECK_NEAR(fixture_cell(t, "E05990023", "count"), 30, 0);
    CHECK_NEAR(fixture_cell(t, "E05990023", "borough_rank"), 3, 0);
    fixture_close(&f);
}

/* 4, 2, 5 and 4 offences, and of 2022 6, 5 and 3: too few for a percentage. */
static void small_bases_give_counts(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_file(&f, true, 1);
    assess(&f, NULL, &x); /* the wards of 2022 */
    const struct finding *g = fixture_finding(&x, "harm.all.other-wards");
    CHECK_STRING(g->rule, "OTHER_WARDS_SMALL");
    CHECK_NEAR(g->numerator, 4, 1e-12); /* of the west half: the north is not among the three */
    CHECK_NEAR(g->denominator, 6, 1e-12);
    CHECK(isnan(g->value));
    CHECK_INT(g->verdict, VERDICT_CAUTION);
    fixture_close(&f);
}

static void one_vintage_says_nothing(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_file(&f, false, 10);
    assess(&f, NULL, &x);
    for (size_t i = 0; i < x.finding_count; i++) {
        CHECK(!strstr(x.findings[i].id, "other-wards"));
    }
    CHECK(table_of(&x) == NULL);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_of_records_placed_in_both),
        cmocka_unit_test(small_bases_give_counts),
        cmocka_unit_test(one_vintage_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
