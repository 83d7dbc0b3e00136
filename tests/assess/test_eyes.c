/* tests/assess/test_eyes.c — other sources beside the police's, against counts made here by hand.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/rules.h"
#include "base/buf.h"
#include "fixture.h"

static struct rv_err err;

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

static size_t count_of(const struct assessment *x, const char *start)
{
    size_t n = 0;
    for (size_t i = 0; i < x->finding_count; i++) {
        n += text_starts(text_of(x->findings[i].id), start);
    }
    return n;
}

static const struct result_table *table_of(const struct assessment *x, const char *id)
{
    size_t i = 0;
    while (i < x->table_count && strcmp(x->tables[i].id, id) != 0) {
        i++;
    }
    CHECK(i < x->table_count);
    return &x->tables[i];
}

/* `n` rows that differ in their id and month: "id|" before, the rest as given. Those of May and
 * June are spread over all months but March, so that no month stands out. */
static void put(struct buf *b, int n, const char *rest)
{
    static const int months[] = {1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    static int id;
    bool is_march = strncmp(rest + 5, "03", 2) == 0;
    for (int i = 0; i < n; i++) {
        int month = is_march ? 3 : months[i % 11];
        buf_printf(b, "i%d|%.5s%02d%s\n", ++id, rest, month, rest + 7);
    }
}

static void put_plain(struct buf *b, int n, const char *row)
{
    for (int i = 0; i < n; i++) {
        buf_printf(b, "%s\n", row);
    }
}

static void police(struct fixture *f, const char *months)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 20);
    put(&b, 100, "2021-05-03|common-assault||530500|180500");
    put(&b, 100, "2021-05-03|common-assault||532250|180250");
    put(&b, 7, "2021-03-03|common-assault||532250|180250");
    put(&b, 130, "2022-06-03|common-assault||532250|180250");
    put(&b, 50, "2021-05-03|abh||533250|180250");
    put(&b, 50, "2022-06-03|abh||533250|180250");
    put(&b, 20, "2021-05-03|weapon-possession||532250|180250");
    put(&b, 40, "2022-06-03|weapon-possession|knife|532250|180250");
    put(&b, 9, "2022-06-03|theft||532250|180250");
    fixture_extract(f, "offences", "police",
                    "offence_id:x recorded_at:t offence_group:c flags:c easting:m northing:m",
                    b.bytes, months);
}

static void ambulance(struct fixture *f, const char *months)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 20);
    put(&b, 60, "2021-05-03T10:00|E05000021|High Street|assault|minor wound");
    put(&b, 20, "2021-05-03T10:00|E05000022|Low Street|stab|serious");
    put(&b, 5, "2021-03-03T10:00|E05000022|Low Street|assault|");
    put(&b, 30, "2022-06-03T10:00|E05000021|High Street|assault|minor head wound");
    put(&b, 10, "2022-06-03T10:00|E05000022|Low Street|sexual assault|none recorded");
    put(&b, 40, "2022-06-03T10:00|E05000031|Far Street|assault|serious");
    fixture_extract(f, "ambulance", "ambulance service",
                    "incident_id:x called_at:t ward_code:c place:c category:c injury:c", b.bytes,
                    months);
}

static void transport(struct fixture *f)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 20);
    put(&b, 14, "2021-05-03T10:00|rail||North|abh|E09000002");
    put(&b, 16, "2022-06-03T10:00|tube|District|North|personal-robbery|E09000002");
    put(&b, 6, "2022-06-03T10:00|rail||South|abh|E09000002");
    put(&b, 50, "2022-06-03T10:00|rail||Far|abh|E09000003");
    put(&b, 5, "2021-05-03T10:00|bus|174||abh|E09000002");
    put(&b, 4, "2022-06-03T10:00|bus|174||abh|E09000002");
    put(&b, 3, "2022-06-03T10:00|bus|248||abh|E09000002");
    put(&b, 2, "2022-06-03T10:00|bus|7||abh|E09000002");
    put(&b, 2, "2022-06-03T10:00||||abh|E09000002");
    fixture_extract(f, "transport", "transport",
                    "incident_id:x occurred_at:t operator:c route:c station:c offence_group:c "
                    "borough_code:c",
                    b.bytes, "2021-01..2022-12");
}

static void searches(struct fixture *f)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 20);
    put_plain(&b, 30, "2021-05-03T10:00|532250|180250|Offensive weapons|Arrest");
    put_plain(&b, 40, "2022-06-03T10:00|532250|180250|Firearms|A no further action disposal");
    put_plain(&b, 15, "2022-06-03T10:00|532250|180250|offensive weapons|Arrest");
    put_plain(&b, 5, "2022-06-03T10:00|532250|180250|offensive weapons|");
    put_plain(&b, 77, "2022-06-03T10:00|532250|180250|Controlled drugs|Arrest");
    put_plain(&b, 33, "2022-06-03T10:00|530500|180500|Offensive weapons|Arrest");
    fixture_extract(f, "stop-search", "police",
                    "searched_at:t easting:m northing:m object:c outcome:c", b.bytes,
                    "2021-01..2022-12");
}

static void emergency(struct fixture *f)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 20);
    put_plain(&b, 25, "A|2021-05-03T10:00|2021-05-03T09:00|body part|street|the bus stop");
    put_plain(&b, 35, "A|2022-06-03T10:00|2022-06-03T09:00|body part|street|the bus stop");
    fixture_extract(f, "emergency-department", "hospital",
                    "site_code:c arrived_at:t assault_at:t assault_method:c location_type:c "
                    "location_text:x",
                    b.bytes, "2021-01..2022-12");
}

static void open_all(struct fixture *f, size_t threads, const char *ambulance_months)
{
    fixture_open(f, threads);
    fixture_areas(f, 3, "2018", "2018", "2011");
    fixture_wards_again(f, 3, "2022-05");
    police(f, "2021-01..2022-12");
    ambulance(f, ambulance_months);
    transport(f);
    searches(f);
    emergency(f);
    fixture_place(f);
}

static void check_ambulance(const struct assessment *x)
{
    const struct finding *g = fixture_finding(x, "ambulance.all.total");
    CHECK_NEAR(g->value, 40, 1e-12);
    CHECK_STRING(g->chapter, "ambulance");
    g = fixture_finding(x, "ambulance.all.change");
    CHECK_STRING(g->rule, "CHANGE_DOWN");
    CHECK_NEAR(slot(g, "percent"), 100 * (40.0 / 85 - 1), 1e-12);
    CHECK_NEAR(fixture_finding(x, "ambulance.stab.change")->compare_value, 20, 1e-12);

    g = fixture_finding(x, "ambulance.injury.minor"); /* 90 of 120 with an entry, 5 without */
    CHECK_NEAR(g->value, 75, 1e-12);
    CHECK_NEAR(g->missing, 5, 1e-12);
    g = fixture_finding(x, "ambulance.injury.top"); /* "none recorded" is no injury */
    CHECK_STRING(words(g, "place"), "minor wound");
    CHECK_STRING(words(g, "next"), "minor head wound");
}

static void check_transport(const struct assessment *x)
{
    const struct finding *g = fixture_finding(x, "transport.rail.total"); /* rail and tube, here */
    CHECK_NEAR(g->value, 22, 1e-12);
    CHECK_NEAR(fixture_finding(x, "transport.bus.total")->value, 9, 1e-12);
    CHECK_NEAR(fixture_finding(x, "transport.unknown.total")->value, 2, 1e-12);
    g = fixture_finding(x, "transport.rail.top-station");
    CHECK_STRING(g->rule, "TOP");
    CHECK_STRING(words(g, "place"), "North");
    CHECK_NEAR(g->value, 30, 1e-12);
    CHECK_NEAR(slot(g, "next_count"), 6, 1e-12);
    g = fixture_finding(x, "transport.bus.top-routes"); /* 174 with 9, 248 with 3; 7 has 2 */
    CHECK_STRING(g->rule, "ROUTES_SMALL");
    CHECK_STRING(words(g, "named"), "174 (9), 248 (3)");
    CHECK_NEAR(g->numerator, 12, 1e-12);
    CHECK_NEAR(g->denominator, 14, 1e-12);
    CHECK(count_of(x, "transport.rail.terminus") == 0); /* no locality of that name */
    g = fixture_finding(x, "transport.rail.line");      /* 16 of the 30 at North name the line */
    CHECK_STRING(words(g, "what"), "District");
    CHECK_STRING(words(g, "place"), "North");
    CHECK_NEAR(g->value, 16, 1e-12);
    CHECK_NEAR(slot(g, "next_count"), 14, 1e-12);
}

static void check_searches(const struct assessment *x)
{
    const struct finding *g = fixture_finding(x, "stop-search.weapons.total");
    CHECK_NEAR(g->value, 60, 1e-12);
    CHECK_NEAR(fixture_finding(x, "stop-search.all.total")->value, 137, 1e-12);
    g = fixture_finding(x, "stop-search.weapons.outcome");
    CHECK_NEAR(g->numerator, 15, 1e-12);
    CHECK_NEAR(g->denominator, 55, 1e-12);
    CHECK_NEAR(g->missing, 5, 1e-12);
    g = fixture_finding(x, "stop-search.weapons.beside-possession"); /* 30 to 60, 20 to 40 */
    CHECK_STRING(g->rule, "BESIDE_TOGETHER");
    CHECK_STRING(words(g, "first_move"), "rose");
    CHECK_NEAR(slot(g, "second_after"), 40, 1e-12);
    CHECK_NEAR(slot(g, "third_after"), 40, 1e-12);
}

static void counts_are_those_made(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_all(&f, 1, "2021-01..2022-12");
    assess(&f, "2022", "2021", &x);
    check_ambulance(&x);
    check_transport(&x);
    check_searches(&x);
    const struct finding *g = fixture_finding(
        &x, "emergency-department.all.placed"); /* nothing can be placed: any part */
    CHECK_NEAR(g->value, 0, 1e-12);
    CHECK_NEAR(g->upper, 35, 1e-12);
    CHECK(g->verdict == VERDICT_NOT_RELIABLE);
    fixture_close(&f);
}

static void wards_are_those_of_the_extract(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_all(&f, 1, "2021-01..2022-12");
    assess(&f, "2022", "2021", &x);
    const struct finding *g = fixture_finding(&x, "ambulance.all.top-ward");
    CHECK_STRING(words(g, "vintage"), "2018"); /* although wards of 2022 are held */
    CHECK_STRING(words(g, "place"), "Ward 2-1");
    CHECK_NEAR(g->value, 90, 1e-12);
    CHECK_NEAR(g->denominator, 125, 1e-12);
    CHECK(strstr(g->query, "--vintage 2018") != NULL);
    const struct result_table *t = table_of(&x, "ambulance-wards");
    CHECK(t->row_count == 4);
    CHECK_STRING(t->cells[0].text, "E05000021");
    /* the police's first ward, on the same wards: 2-1 with 237 of common assault */
    g = fixture_finding(&x, "sources.places.agreement");
    CHECK_STRING(g->rule, "PLACES_SAME");
    CHECK_NEAR(slot(g, "first_around"), 237, 1e-12);
    fixture_close(&f);
}

static void changes_are_set_beside_each_other(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_all(&f, 1, "2021-01..2022-12");
    assess(&f, "2022", "2021", &x);
    /* without injury 107 to 130; ambulance to assaults 85 to 30: a sexual one is not counted */
    const struct finding *g = fixture_finding(&x, "sources.violence.agreement");
    CHECK_STRING(g->rule, "AGREEMENT_DIFFERS");
    CHECK_NEAR(g->value, (130.0 / 107) / (30.0 / 85), 1e-12);
    CHECK_STRING(words(g, "first_move"), "did not change distinguishably");
    CHECK_STRING(words(g, "second_move"), "fell");
    CHECK(words(g, "could")[0] && !words(g, "months")[0]);
    CHECK(g->is_key && g->source_count == 2);
    g = fixture_finding(&x, "sources.violence.recording");
    CHECK_STRING(g->rule, "AGREEMENT_NOT_TOLD");
    CHECK_NEAR(g->value, (130.0 / 107) / (50.0 / 50), 1e-12);
    CHECK(!words(g, "could")[0]);
    const struct result_table *t = table_of(&x, "sources-change");
    CHECK(t->row_count == 3); /* of the hospital nothing is placed here */
    CHECK_NEAR(t->cells[7 * 2 + 1].number, 100 * (30.0 / 85 - 1), 1e-12);
    fixture_close(&f);
}

static void a_missing_month_is_left_out_of_both(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_all(&f, 1, "2021-01..2022-02,2022-04..2022-12");
    assess(&f, "2022", "2021", &x);
    const struct finding *g = fixture_finding(&x, "ambulance.all.change");
    CHECK(g->verdict == VERDICT_NOT_AVAILABLE && isnan(g->value));
    CHECK(strstr(words(g, "reason"), "March 2022") != NULL);
    g = fixture_finding(&x, "sources.violence.agreement"); /* March 2021 leaves too: 7 and 5 */
    CHECK_NEAR(slot(g, "first_before"), 100, 1e-12);
    CHECK_NEAR(slot(g, "second_before"), 80, 1e-12);
    CHECK_STRING(words(g, "months"), "January to February 2022, April to December 2022");
    g = fixture_finding(&x, "ambulance.all.top-ward");
    CHECK_STRING(words(g, "gaps"), "March 2022");
    CHECK(g->verdict == VERDICT_CAUTION);
    const struct result_table *t = table_of(&x, "ambulance-months");
    CHECK(t->row_count == 24 && t->cells[14 * t->column_count + 1].is_missing);
    CHECK(!t->cells[13 * t->column_count + 1].is_missing);
    CHECK(count_of(&x, "sources.places") == 0); /* not of the same months */
    fixture_close(&f);
}

static void what_is_not_held_is_not_spoken_of(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    static const char *const chapters[] = {"ambulance.", "transport.", "stop-search.",
                                           "emergency-department.", "sources."};
    fixture_open(&f, 1);
    fixture_areas(&f, 3, "2018", "2018", NULL);
    police(&f, "2021-01..2022-12");
    fixture_place(&f);
    assess(&f, "2022", "2021", &x);
    for (size_t i = 0; i < sizeof chapters / sizeof *chapters; i++) {
        CHECK(count_of(&x, chapters[i]) == 0);
    }
    ambulance(&f, "2021-01..2022-12");
    fixture_place(&f);
    assess(&f, "2022", "2021", &x);
    CHECK(count_of(&x, "ambulance.") > 5 &&
          count_of(&x, "sources.") == 4); /* with what is not held */
    CHECK(count_of(&x, "transport.") == 0);
    assess(&f, "2022", NULL, &x); /* no earlier period: no change, nothing to compare */
    CHECK(count_of(&x, "ambulance.all.change") == 0 && count_of(&x, "sources.violence") == 0);
    fixture_close(&f);

    fixture_open(&f, 1); /* the ambulance alone */
    fixture_areas(&f, 3, "2018", "2018", NULL);
    ambulance(&f, "2021-01..2022-12");
    fixture_place(&f);
    assess(&f, "2022", "2021", &x);
    CHECK(count_of(&x, "ambulance.") > 5 && count_of(&x, "sources.") == 1);
    CHECK_STRING(words(fixture_finding(&x, "sources.all.not-held"), "named"),
                 "emergency departments, incidents on transport or stops and searches");
    assess(&f, "2019", "2018", &x); /* nothing of it in the periods */
    CHECK(count_of(&x, "ambulance.") == 0);
    fixture_close(&f);
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    struct fixture one, four;
    struct assessment x, y;
    open_all(&one, 1, "2021-01..2022-12");
    assess(&one, "2022", "2021", &x);
    struct buf first RV_CLEANUP(buf_done), second RV_CLEANUP(buf_done);
    buf_init(&first, 4u << 20);
    buf_init(&second, 4u << 20);
    for (size_t i = 0; i < x.finding_count; i++) {
        buf_printf(&first, "%s %a %a %a\n", x.findings[i].id, x.findings[i].value,
                   x.findings[i].lower, x.findings[i].upper);
    }
    fixture_close(&one);
    open_all(&four, 4, "2021-01..2022-12");
    assess(&four, "2022", "2021", &y);
    for (size_t i = 0; i < y.finding_count; i++) {
        buf_printf(&second, "%s %a %a %a\n", y.findings[i].id, y.findings[i].value,
                   y.findings[i].lower, y.findings[i].upper);
    }
    CHECK_STRING(first.bytes, second.bytes);
    fixture_close(&four);
}

static void every_rule_is_known(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    size_t count = 0, seen = 0;
    const char *const *rules = assess_rules("other-sources", &count);
    open_all(&f, 1, "2021-01..2022-12");
    assess(&f, "2022", "2021", &x);
    for (size_t i = 0; i < x.finding_count; i++) {
        bool is_known = strcmp(x.findings[i].theme, "other-sources") != 0;
        seen += !is_known;
        for (size_t k = 0; k < count && !is_known; k++) {
            is_known = strcmp(rules[k], x.findings[i].rule) == 0;
        }
        CHECK(is_known);
    }
    CHECK(seen > 20);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_made),
        cmocka_unit_test(wards_are_those_of_the_extract),
        cmocka_unit_test(changes_are_set_beside_each_other),
        cmocka_unit_test(a_missing_month_is_left_out_of_both),
        cmocka_unit_test(what_is_not_held_is_not_spoken_of),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(every_rule_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
