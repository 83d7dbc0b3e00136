/* tests/assess/test_brief.c — the tasking brief on records laid out by hand.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/brief.h"
#include "base/buf.h"
#include "define/adopted.h"
#include "fixture.h"

#include <math.h>

static struct rv_err err;

#define AREA "E09000002"
#define COLUMNS                                                                                    \
    "offence_id:x recorded_at:t committed_from:t offence_group:c flags:c venue_type:c "            \
    "easting:m northing:m"

/* Refused, saying so. */
#define FAILS(call, code, says)                                                                    \
    do {                                                                                           \
        CHECK_FAILS(call, code);                                                                   \
        assert_non_null(strstr(err.message, says));                                                \
    } while (0)

struct sheet {
    struct buf rows;
    int count;
};

static int32_t day(int y, int m, int d)
{
    return (int32_t)civil_days(y, m, d);
}

/* An offence in a ward of the second borough; hour < 0: no time. */
static void put(struct sheet *s, int32_t committed, int32_t recorded, int hour, int ward,
                const char *group, const char *flags)
{
    int cy, cm, cd, ry, rm, rd;
    int64_t e, n;
    char time[16] = "";
    civil_from_days(committed, &cy, &cm, &cd);
    civil_from_days(recorded, &ry, &rm, &rd);
    fixture_point(2, ward, 1, &e, &n);
    if (hour >= 0) {
        (void)snprintf(time, sizeof time, "T%02d:%02d", hour, 5 + s->count % 50);
    }
    buf_printf(&s->rows, "o%d|%d-%02d-%02d|%d-%02d-%02d%s|%s|%s|street|%lld|%lld\n", s->count++, ry,
               rm, rd, cy, cm, cd, time, group, flags, (long long)e / 1000, (long long)n / 1000);
}

static void begin(struct fixture *f, struct sheet *s, size_t threads)
{
    fixture_open(f, threads);
    fixture_areas(f, 3, "2022", "2022", NULL);
    s->count = 0;
    buf_init(&s->rows, 4u << 20);
}

static void finish(struct fixture *f, struct sheet *s, const char *months)
{
    fixture_extract(f, "offences", "police", COLUMNS, s->rows.bytes, months);
    fixture_place(f);
    buf_done(&s->rows);
}

static rv_status run_of(struct fixture *f, const char *area, const char *group, int32_t on,
                        struct brief *ret)
{
    struct brief_products all;
    CHECK_OK(brief_products_shipped(&f->arena, &all, &err));
    const struct brief_options o = {
        .area = area, .has_on = on > 0, .on = on, .product = brief_product_find(&all, group)};
    assert_non_null(o.product);
    return brief_run(f->store, &f->arena, f->pool, NULL, &o, ret, &err);
}

static void check_rule(const struct brief *b, const char *id, const char *rule)
{
    CHECK_STRING(fixture_finding(&b->found, id)->rule, rule);
}

static double slot(const struct brief *b, const char *id, const char *name)
{
    const struct finding *f = fixture_finding(&b->found, id);
    for (size_t i = 0; i < f->slot_count; i++) {
        if (strcmp(f->slots[i].name, name) == 0) {
            return f->slots[i].number;
        }
    }
    fail_msg("%s has no %s", id, name);
    return NAN;
}

static const struct result_table *table(const struct brief *b, const char *id)
{
    for (size_t i = 0; i < b->found.table_count; i++) {
        if (strcmp(b->found.tables[i].id, id) == 0) {
            return &b->found.tables[i];
        }
    }
    fail_msg("no table %s", id);
    abort();
}

/* Ward 1: every Friday at 20:00, recorded the next day. Ward 2: every other Monday at 12:00. Ward
 * 3: five Wednesdays of June 2022 at 08:00. 2022-12-31 is a Saturday, the last day on record. */
static void lay_out(struct sheet *s)
{
    for (int32_t d = day(2021, 1, 1); d < day(2023, 1, 1) - 1; d += 7) {
        put(s, d, d + 1, 20, 1, "abh", "");
    }
    for (int32_t d = day(2021, 1, 4); d < day(2023, 1, 1) - 1; d += 14) {
        put(s, d, d + 1, 12, 2, "theft", "knife");
    }
    for (int32_t d = day(2022, 6, 1); d < day(2022, 7, 1); d += 7) {
        put(s, d, d, 8, 3, "gbh", "");
    }
}

/* ---- counts by hand ---- */

static void places_times_and_windows_are_counted(void **state)
{
    (void)state;
    struct fixture f;
    struct sheet s;
    struct brief b;
    begin(&f, &s, 2);
    lay_out(&s);
    finish(&f, &s, "2021-01..2022-12");
    CHECK_OK(run_of(&f, AREA, "tasking", 0, &b));
    CHECK_STRING(b.on, "2023-01-01");
    CHECK_STRING(b.first, "2022-12-18");
    CHECK_STRING(b.last, "2022-12-31");
    CHECK_STRING(b.before_first, "2022-12-04");
    CHECK_STRING(b.year_last, "2022-01-01");
    CHECK_INT(b.windows, 26);
    const struct result_table *t = table(&b, "brief-where-and-when");
    /* 52 Fridays among 104 evenings of Fridays and Saturdays; 26 Mondays among 260 days; 5 of 260.
     * Rates: 0.5, 0.1, 0.019. */
    CHECK_INT(t->row_count, 3);
    const char *friday = "Ward 2-1|Friday and Saturday, 19:00 to 23:00";
    const char *monday = "Ward 2-2|Monday to Friday, 11:00 to 15:00";
    const char *june = "Ward 2-3|Monday to Friday, 07:00 to 11:00";
    CHECK_STRING(t->cells[0].text, "Ward 2-1");
    CHECK_NEAR(fixture_cell(t, friday, "weeks"), 52, 0);
    CHECK_NEAR(fixture_cell(t, friday, "occasions"), 104, 0);
    CHECK_NEAR(fixture_cell(t, friday, "window"), 2, 0);
    CHECK_NEAR(fixture_cell(t, friday, "before"), 2, 0);
    CHECK_NEAR(fixture_cell(t, friday, "year_before"), 2, 0);
    CHECK_NEAR(fixture_cell(t, friday, "windows_with_any"), 26, 0);
    CHECK_NEAR(fixture_cell(t, monday, "weeks"), 26, 0);
    CHECK_NEAR(fixture_cell(t, monday, "occasions"), 260, 0);
    CHECK_NEAR(fixture_cell(t, monday, "window"), 1, 0);
    CHECK_NEAR(fixture_cell(t, june, "weeks"), 5, 0);
    CHECK_NEAR(fixture_cell(t, june, "window"), 0, 0);
    CHECK_NEAR(fixture_cell(t, june, "windows_with_any"), 3, 0); /* 1; 8, 15; 22, 29 June */
    /* Of the window's three offences all are at places of the brief before: 83 of 83 of its weeks.
     */
    check_rule(&b, "brief.check.places", "CHECK_SMALL");
    CHECK_NEAR(slot(&b, "brief.check.places", "places"), 3, 0);
    CHECK_NEAR(slot(&b, "brief.check.places", "places_hit"), 2, 0);
    CHECK_NEAR(slot(&b, "brief.check.places", "expected"), 100, 0);
    CHECK_NEAR(fixture_finding(&b.found, "brief.check.places")->numerator, 3, 0);
    check_rule(&b, "brief.changes.summary", "CHANGES_NONE");
    CHECK_NEAR(slot(&b, "brief.change.all", "lowest"), 3, 0);
    CHECK_NEAR(slot(&b, "brief.change.all", "highest"), 5, 0); /* with two of June */
    fixture_close(&f);
}

/* Windows are counted as they were known on the day after they ended. */
static void late_records_make_no_fall(void **state)
{
    (void)state;
    struct fixture f;
    struct sheet s;
    struct brief b;
    begin(&f, &s, 1);
    for (int32_t d = day(2021, 1, 4); d < day(2023, 1, 1); d++) { /* one known, one 40 days late */
        put(&s, d, d, 20, 1, "abh", "");
        if (d + 40 < day(2023, 1, 1)) {
            put(&s, d, d + 40, 20, 1, "abh", "");
        }
    }
    finish(&f, &s, "2021-01..2022-12");
    CHECK_OK(run_of(&f, AREA, "tasking", 0, &b));
    check_rule(&b, "brief.change.all", "USUAL");
    CHECK_NEAR(fixture_finding(&b.found, "brief.change.all")->value, 14, 0);
    CHECK_NEAR(slot(&b, "brief.change.all", "lowest"), 14, 0);
    CHECK_NEAR(slot(&b, "brief.change.all", "highest"), 14, 0);
    /* Half of each full window came after it had ended: 14 windows of 14 in time, 14 late. */
    CHECK_NEAR(fixture_finding(&b.found, "brief.late.to-come")->value, 50, 1e-9);
    CHECK_NEAR(slot(&b, "brief.late.to-come", "to_come"), 14, 1e-9);
    CHECK_NEAR(slot(&b, "brief.late.to-come", "windows"), 14, 0);
    fixture_close(&f);
}

static void a_rise_and_a_fall_are_told(void **state)
{
    (void)state;
    struct fixture f;
    struct sheet s;
    struct brief b;
    begin(&f, &s, 1);
    for (int32_t d = day(2021, 1, 4); d < day(2023, 1, 1); d++) {
        bool is_last = d >= day(2022, 12, 18);
        for (int i = 0; i < (is_last ? 4 : 1); i++) {
            put(&s, d, d, 20, 1, "burglary", "");
        }
        for (int i = 0; i < 2 && !is_last; i++) {
            put(&s, d, d, 12, 2, "vehicle", "");
        }
        put(&s, d, d, 15, 3, "theft", "");
    }
    finish(&f, &s, "2021-01..2022-12");
    CHECK_OK(run_of(&f, AREA, "tasking", 0, &b));
    check_rule(&b, "brief.change.burglary", "RISE"); /* 56 against 14 */
    check_rule(&b, "brief.change.vehicle", "FALL");  /* 0 against 28 */
    check_rule(&b, "brief.change.theft", "USUAL");
    check_rule(&b, "brief.change.all", "USUAL"); /* 70 against 56 */
    check_rule(&b, "brief.ward.E05000021", "RISE");
    check_rule(&b, "brief.ward.E05000022", "FALL");
    check_rule(&b, "brief.changes.summary", "CHANGES_SOME");
    CHECK_NEAR(fixture_finding(&b.found, "brief.changes.summary")->value, 4, 0);
    fixture_close(&f);
}

/* ---- what is counted ---- */

static const char DEFINITION[] =
    "{\"definition\": \"test\", \"version\": \"1\", \"title\": \"T\", \"profiles\": [\n"
    " {\"id\": \"under-25\", \"title\": \"Violence\", \"offences\": [\"abh\", \"gbh\"]},\n"
    " {\"id\": \"domestic-abuse\", \"title\": \"DA\", \"offences\": [\"abh\"],\n"
    "  \"flags_all\": [\"domestic-abuse\"]}]}";

static void profiles_lines_and_conditions(void **state)
{
    (void)state;
    struct fixture f;
    struct sheet s;
    struct brief b;
    struct definition d;
    begin(&f, &s, 1);
    lay_out(&s);
    put(&s, day(2022, 12, 30), day(2022, 12, 31), 21, 4, "theft", "hate");
    put(&s, day(2022, 12, 30), day(2022, 12, 31), 21, 4, "public-order", "hate");
    put(&s, day(2022, 12, 30), day(2022, 12, 31), 21, 4, "public-order", "");
    finish(&f, &s, "2021-01..2022-12");
    CHECK_OK(definition_read(&f.arena, "test", text_of(DEFINITION), &d, &err));
    CHECK_OK(adopt_definition(f.store, &f.arena, &d, "a test", "2026-01-01T00:00:00Z", &err));
    CHECK_OK(run_of(&f, AREA, "tasking", 0, &b));
    CHECK_NEAR(fixture_finding(&b.found, "brief.window.total")->value, 2, 0); /* abh alone */
    CHECK_NEAR(fixture_finding(&b.found, "brief.change.under-25")->value, 2, 0);
    CHECK_NEAR(fixture_finding(&b.found, "brief.change.theft")->value, 2, 0);
    CHECK_NEAR(fixture_finding(&b.found, "brief.change.public-order")->value, 2, 0);
    CHECK_NEAR(fixture_finding(&b.found, "brief.change.flag-knife")->value, 1, 0);
    /* On no record of the source, or unknown to the definition: not available, never 0. */
    static const char *const absent[] = {"domestic-abuse", "sexual-violence", "drugs"};
    for (size_t i = 0; i < 3; i++) {
        const char *id = arena_printf(&f.arena, "brief.change.%s", absent[i]);
        check_rule(&b, id, "CHANGE_NOT_AVAILABLE");
        CHECK(isnan(fixture_finding(&b.found, id)->value));
    }
    /* The lines of a product with conditions count within them. */
    CHECK_OK(run_of(&f, AREA, "hate-crime", 0, &b));
    CHECK_NEAR(fixture_finding(&b.found, "brief.window.total")->value, 2, 0);
    CHECK_NEAR(fixture_finding(&b.found, "brief.change.public-order")->value, 1, 0);
    CHECK_STRING(fixture_finding(&b.found, "brief.window.total")->subject,
                 "offences flagged as hate crime");
    FAILS(run_of(&f, AREA, "violence-against-women-and-girls", 0, &b), RV_REFUSED,
          "no record of police is of it");
    fixture_close(&f);
}

/* ---- little and nothing ---- */

static void nothing_and_one(void **state)
{
    (void)state;
    struct fixture f;
    struct sheet s;
    struct brief b;
    begin(&f, &s, 1);
    put(&s, day(2022, 12, 31), day(2022, 12, 31), 21, 4, "abh", "");
    finish(&f, &s, "2021-01..2022-12");
    CHECK_OK(run_of(&f, "E09000001", "tasking", 0, &b));
    check_rule(&b, "brief.window.total", "WINDOW_NONE");
    check_rule(&b, "brief.places.first", "FIRST_NOT_AVAILABLE");
    check_rule(&b, "brief.check.places", "CHECK_NOT_AVAILABLE");
    check_rule(&b, "brief.late.to-come", "LATE_NOT_AVAILABLE");
    CHECK_OK(run_of(&f, AREA, "tasking", 0, &b));
    CHECK_NEAR(fixture_finding(&b.found, "brief.window.total")->value, 1, 0);
    check_rule(&b, "brief.places.first", "FIRST_NOT_AVAILABLE"); /* one is no place to be */
    check_rule(&b, "brief.change.all", "USUAL");
    check_rule(&b, "brief.limit.small", "SMALL");
    FAILS(run_of(&f, "E09000099", "tasking", 0, &b), RV_NOT_FOUND, "is not the code of a borough");
    FAILS(run_of(&f, AREA, "tasking", day(2023, 1, 2), &b), RV_INVALID,
          "the last that they hold is of 2022-12-31");
    FAILS(run_of(&f, AREA, "tasking", day(2021, 1, 5), &b), RV_INVALID,
          "do not cover the 14 days before 2021-01-05");
    fixture_close(&f);
}

static void months_make_no_brief(void **state)
{
    (void)state;
    struct fixture f;
    struct brief b;
    fixture_open(&f, 1);
    FAILS(run_of(&f, AREA, "tasking", 0, &b), RV_NOT_FOUND, "No offences are held");
    fixture_areas(&f, 2, "2022", "2022", NULL);
    fixture_extract(&f, "offences", "street", "recorded_at:t category:c easting:m northing:m",
                    "2022-12|Burglary|533000|181000\n", "2022-12..2022-12");
    fixture_place(&f);
    FAILS(run_of(&f, AREA, "tasking", 0, &b), RV_REFUSED, "do not give the day");
    fixture_close(&f);
}

/* ---- remits as data ---- */

static rv_status read_products(struct arena *a, const char *members)
{
    struct brief_products all;
    const char *json =
        arena_printf(a, "{\"products\": [{\"id\": \"x\", \"title\": \"X\", %s}]}", members);
    return brief_products_read(a, "mine.json", text_of(json), &all, &err);
}

static void products_are_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *members, *says;
    } wrong[] = {
        {"\"profile\": \"all\"", "period"},
        {"\"profile\": \"all\", \"period\": \"decade\", \"parts\": [\"windows\"]", "fortnight"},
        {"\"profile\": \"all\", \"period\": \"week\", \"parts\": [\"scores\"]", "no part"},
        {"\"profile\": \"all\", \"period\": \"week\", \"parts\": [\"check\"]", "needs \"windows\""},
        {"\"profile\": \"all\", \"period\": \"week\", \"parts\": [], \"people\": 1", "people"},
        {"\"profile\": \"all\", \"period\": \"week\", \"parts\": [], \"where\": [\"flag=hate\"]",
         "in words"},
        {"\"profile\": \"all\", \"period\": \"week\", \"counts\": \"c\", \"where\": [\"flag=odd\"]",
         "no value"},
        {"\"profile\": \"all\", \"period\": \"week\", \"counts\": \"c\", \"where\": [\"flag=\"]",
         "needs a value"},
        {"\"profile\": \"all\", \"period\": \"week\", \"counts\": \"c\", \"where\": "
         "[\"person_ref=1\"]",
         "no condition of a brief"},
        {"\"profile\": \"all\", \"period\": \"week\", \"parts\": [], \"lines\": [\"abh\", \"abh\"]",
         "twice"},
    };
    struct arena a;
    struct brief_products all;
    arena_init(&a, 16u << 20);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        FAILS(read_products(&a, wrong[i].members), RV_INVALID, wrong[i].says);
        CHECK(strstr(err.message, "mine.json, line 1") != NULL);
    }
    CHECK_OK(
        read_products(&a, "\"profile\": \"all\", \"period\": \"week\", \"parts\": [\"hours\"]"));
    FAILS(brief_products_read(&a, "p", text_of("{\"products\": []}"), &all, &err), RV_INVALID,
          "1 to 64");
    CHECK_OK(brief_products_shipped(&a, &all, &err));
    CHECK_INT(all.count, 5);
    CHECK_INT(brief_product_find(&all, "tasking")->days, 14);
    CHECK_INT(brief_product_find(&all, "tasking")->parts,
              PART_WINDOWS | PART_CHANGES | PART_CHECK | PART_HOURS);
    CHECK(brief_product_find(&all, "nobody") == NULL);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_times_and_windows_are_counted),
        cmocka_unit_test(late_records_make_no_fall),
        cmocka_unit_test(a_rise_and_a_fall_are_told),
        cmocka_unit_test(profiles_lines_and_conditions),
        cmocka_unit_test(nothing_and_one),
        cmocka_unit_test(months_make_no_brief),
        cmocka_unit_test(products_are_read_strictly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
