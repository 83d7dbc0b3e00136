/* tests/assess/test_followup.c — results within a fixed time, against counts made by hand.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/followup.h"
#include "base/buf.h"
#include "define/adopted.h"
#include "fixture.h"

static struct rv_err err;

enum { BOROUGHS = 4 };

static const char DEFINITION[] =
    "{\"definition\": \"test\", \"version\": \"1\", \"title\": \"A test\", \"profiles\": [\n"
    "  {\"id\": \"p\", \"title\": \"Violence\", \"offences\": [\"abh\"]}]}";

/* ---- where the records end ---- */

static void one_date_far_ahead_does_not_move_the_end(void **state)
{
    (void)state;
    enum { DAYS = 400 };
    uint32_t days[DAYS] = {0};
    CHECK(followup_end(days, DAYS) == INT32_MIN);
    days[7] = 2;
    CHECK(followup_end(days, DAYS) == INT32_MIN); /* two dates tell nothing */
    days[9] = 1;
    CHECK_INT(followup_end(days, DAYS), 9);
    days[399] = 2; /* mistyped */
    CHECK_INT(followup_end(days, DAYS), 9);
    days[390] = 1; /* three within four weeks are believed */
    CHECK_INT(followup_end(days, DAYS), 399);
    days[100] = 4000; /* but not beside four thousand, of which four would be needed */
    CHECK_INT(followup_end(days, DAYS), 100);
    days[380] = 1;
    CHECK_INT(followup_end(days, DAYS), 399);
    days[380] = 0;
    days[372] = 1; /* the 28 days to day 399 begin on day 372 */
    CHECK_INT(followup_end(days, DAYS), 399);
    days[372] = 0;
    days[371] = 1;
    CHECK_INT(followup_end(days, DAYS), 100);
}

/* The end by its words, for every day from the last. */
static void the_end_is_what_its_words_say(void **state)
{
    (void)state;
    enum { DAYS = 120 };
    uint32_t seed = 3;
    for (int round = 0; round < 400; round++) {
        uint32_t days[DAYS] = {0}, all = 0;
        for (int i = 0; i < DAYS; i++) {
            seed = seed * 1664525u + 1013904223u;
            days[i] = (seed >> 8) % 20 == 0 ? (seed >> 20) % 4 : 0;
            days[i] *= round % 3 == 0 && i < 40 ? 500 : 1;
            all += days[i];
        }
        int32_t want = INT32_MIN;
        for (int d = 0; d < DAYS; d++) {
            uint32_t inside = 0;
            for (int i = d > 27 ? d - 27 : 0; i <= d; i++) {
                inside += days[i];
            }
            bool is_enough = inside >= 3 && inside >= all / 1000;
            want = days[d] && is_enough ? d : want;
        }
        CHECK_INT(followup_end(days, DAYS), want);
    }
}

/* ---- shares by hand ---- */

/* Offences alike; result "" = none; dated: days after the record, -1 = no date. */
struct batch {
    int count, borough;
    const char *recorded, *result;
    int dated;
};

static int32_t day_of(const char *date)
{
    int y, m, d;
    CHECK_INT(sscanf(date, "%d-%d-%d", &y, &m, &d), 3);
    return civil_days(y, m, d);
}

static const char *date_of(struct fixture *f, int32_t day)
{
    int y, m, d;
    civil_from_days(day, &y, &m, &d);
    return arena_printf(&f->arena, "%04d-%02d-%02d", y, m, d);
}

static void put(struct fixture *f, const struct batch *all, size_t n, const char *later)
{
    struct buf rows RV_CLEANUP(buf_done);
    buf_init(&rows, 4u << 20);
    buf_text(&rows, "");
    for (size_t i = 0; i < n; i++) {
        for (int k = 0; k < all[i].count; k++) {
            int64_t e, north;
            fixture_point(all[i].borough, 1, 1, &e, &north);
            bool has_date = all[i].result[0] && all[i].dated >= 0;
            buf_printf(&rows, "o%zu-%d|%s|abh|%s|%s|%lld|%lld\n", i, k, all[i].recorded,
                       all[i].result,
                       has_date ? date_of(f, day_of(all[i].recorded) + all[i].dated) : "",
                       (long long)e / 1000, (long long)north / 1000);
        }
    }
    fixture_extract(f, "offences", "police",
                    "offence_id:x recorded_at:t offence_group:c outcome:c outcome_date:t easting:m "
                    "northing:m",
                    rows.bytes, "2021-01..2022-12");
    if (later) {
        fixture_extract(f, "outcomes", "police", "offence_id:x outcome:c outcome_date:t", later,
                        NULL);
    }
    fixture_place(f);
}

static void run_with(struct fixture *f, struct assessment *ret)
{
    struct definition d;
    struct assess_options o = {.area = "E09000002"};
    CHECK_OK(definition_read(&f->arena, "test", text_of(DEFINITION), &d, &err));
    CHECK_OK(adopt_definition(f->store, &f->arena, &d, "a test", "2026-01-01T00:00:00Z", &err));
    CHECK(month_range_parse(text_of("2022-01..2022-12"), &o.period));
    CHECK(month_range_parse(text_of("2021-01..2021-12"), &o.compare));
    CHECK_OK(assess_run(f->store, &f->arena, f->pool, NULL, &o, ret, &err));
}

static void open_with(struct fixture *f, const struct batch *all, size_t n, const char *later,
                      struct assessment *ret)
{
    fixture_open(f, 2);
    fixture_areas(f, BOROUGHS + 1, "2018", NULL, NULL);
    put(f, all, n, later);
    run_with(f, ret);
}

/* The records end with 2022-12-30: five results of 2022-11-30 after 30 days. Of the borough's 100
 * of 2022, 90 are at least 180 days old. Of these 9 accused within 180 days, 4 of them after 90. */
static const struct batch usual[] = {
    {5, 2, "2022-02-01", "accused", 10},
    {4, 2, "2022-03-01", "accused", 150},
    {3, 2, "2022-03-02", "accused", 200},         /* too late for either: no result by then */
    {20, 2, "2022-04-01", "no-suspect", 90},      /* on the last day of the shorter time */
    {10, 2, "2022-05-01", "victim-withdrew", 91}, /* the day after */
    {2, 2, "2022-05-02", "evidential", -1},       /* nobody knows when */
    {46, 2, "2022-06-01", "", 0},
    {5, 2, "2022-11-30", "accused", 30}, /* too young */
    {5, 2, "2022-11-30", "open", -1},
    {10, 2, "2021-03-01", "accused", 20},
    {30, 2, "2021-04-01", "", 0},
    {30, 3, "2022-02-01", "accused", 5},
    {30, 3, "2022-02-01", "", 0},
    {40, 4, "2022-02-01", "", 0},
    {39, 5, "2022-02-01", "", 0},
    {1, 5, "2022-02-01", "accused", 180},
};
#define USUAL usual, sizeof usual / sizeof *usual

static const struct finding_slot *slot_of(const struct finding *g, const char *name)
{
    for (size_t i = 0; i < g->slot_count; i++) {
        if (strcmp(g->slots[i].name, name) == 0) {
            return &g->slots[i];
        }
    }
    fail_msg("%s has no slot %s", g->id, name);
    return NULL;
}

static void check_share(const struct assessment *x, const char *id, double part, double whole)
{
    const struct finding *g = fixture_finding(x, id);
    if (g->numerator != part || g->denominator != whole) {
        fail_msg("%s: %g of %g, not %g of %g", id, g->numerator, g->denominator, part, whole);
    }
    CHECK_NEAR(g->value, 100 * part / whole, 1e-12);
}

static void shares_after_180_days(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_with(&f, USUAL, NULL, &x);
    check_share(&x, "p.outcomes.accused", 9, 90);
    check_share(&x, "p.outcomes.no-suspect", 20, 90);
    check_share(&x, "p.outcomes.victim-withdrew", 10, 90);
    check_share(&x, "p.outcomes.none-yet", 3 + 46, 90);
    const struct finding *g = fixture_finding(&x, "p.outcomes.accused");
    CHECK_NEAR(slot_of(g, "days")->number, 180, 0);
    CHECK_NEAR(g->missing, 2, 0);                                      /* no date */
    CHECK_NEAR(slot_of(g, "others")->number, 100 * 31.0 / 140, 1e-12); /* 30 + 1 of 60, 40, 40 */
    CHECK_STRING(slot_of(g, "beside")->text, "lower than");
    CHECK_INT(g->rank, 2);
    CHECK_NEAR(slot_of(g, "before")->number, 25, 1e-12); /* 10 of 40 in 2021 */
    CHECK_STRING(slot_of(g, "apart")->text,
                 "chance alone would seldom make them so different"); /* Fisher, 0.033 */
    for (size_t i = 0; i < x.finding_count; i++) {
        fixture_check_query(&f, &x.findings[i]);
    }
    fixture_close(&f);
}

/* ---- later results ---- */

static void the_state_at_the_end_of_the_time_counts(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    /* o0-0 was accused after 10 days and is no suspect after 100: at 180 days the second. o6-0 had
     * nothing and is accused after 50; o6-1 after 181, too late; o6-2 twice on one day: the row
     * that stands last; o4-0 had withdrawn after 91, an older result does not count. */
    open_with(&f, USUAL,
              "o0-0|no-suspect|2022-05-12\no6-0|accused|2022-07-21\no6-1|accused|2022-11-29\n"
              "o6-2|accused|2022-07-01\no6-2|other|2022-07-01\no4-0|accused|2022-06-01\n",
              &x);
    check_share(&x, "p.outcomes.accused", 9 - 1 + 1, 90);
    check_share(&x, "p.outcomes.no-suspect", 21, 90);
    check_share(&x, "p.outcomes.victim-withdrew", 10, 90);
    check_share(&x, "p.outcomes.none-yet", 49 - 2, 90);
    fixture_close(&f);
}

/* ---- offences that several extracts hold ---- */

/* A second extract in place of `count` rows of the first, from row `first` on, which leave. */
static void put_again(struct fixture *f, uint32_t rows_earlier, const char *rows, uint32_t first,
                      uint32_t count)
{
    int64_t id = fixture_extract(f, "offences", "police",
                                 "offence_id:x recorded_at:t offence_group:c outcome:c "
                                 "outcome_date:t easting:m northing:m",
                                 rows, "2021-01..2022-12");
    CHECK_OK(store_begin(f->store, &err));
    for (uint32_t i = first; i < first + count; i++) {
        uint32_t sequence = i / FIXTURE_CHUNK, left = rows_earlier - sequence * FIXTURE_CHUNK;
        uint64_t bits = UINT64_C(1) << (i % FIXTURE_CHUNK);
        CHECK_OK(extract_mask_rows(f->store, 1, sequence, &bits,
                                   left < FIXTURE_CHUNK ? left : FIXTURE_CHUNK, id, "superseded",
                                   &err));
    }
    CHECK_OK(store_commit(f->store, &err));
    fixture_place(f);
}

/* Rows alike of the borough with identifiers "o<batch>-<from>" on. */
static void add_rows(struct buf *rows, const char *batch, int from, int count, const char *recorded,
                     const char *result, const char *dated)
{
    int64_t e, north;
    fixture_point(2, 1, 1, &e, &north);
    for (int k = from; k < from + count; k++) {
        buf_printf(rows, "%s-%d|%s|abh|%s|%s|%lld|%lld\n", batch, k, recorded, result, dated,
                   (long long)e / 1000, (long long)north / 1000);
    }
}

/* Two offences without a result come again by themselves, and the five whose results are the last
 * days of the first extract lose theirs: what was followed stays so. */
static void a_small_correction_moves_only_what_it_corrects(void **state)
{
    (void)state;
    enum { ROWS = 280, OPEN = 44, YOUNG = 90 };
    struct fixture f;
    struct assessment x;
    struct buf rows RV_CLEANUP(buf_done);
    buf_init(&rows, 1u << 16);
    fixture_open(&f, 2);
    fixture_areas(&f, BOROUGHS + 1, "2018", NULL, NULL);
    put(&f, USUAL, NULL);
    uint32_t all = 0;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        all += (uint32_t)usual[i].count;
    }
    CHECK_INT(all, ROWS);
    add_rows(&rows, "o7", 0, 5, "2022-11-30", "", "");
    put_again(&f, ROWS, rows.bytes, YOUNG, 5);
    buf_clear(&rows);
    add_rows(&rows, "o6", 0, 2, "2022-06-01", "accused", "2022-06-11");
    put_again(&f, ROWS, rows.bytes, OPEN, 2);
    run_with(&f, &x);
    check_share(&x, "p.outcomes.accused", 9 + 2, 90);
    check_share(&x, "p.outcomes.no-suspect", 20, 90);
    check_share(&x, "p.outcomes.none-yet", 3 + 46 - 2, 90);
    fixture_close(&f);
}

/* Sixty offences of September, of which the first extract tells only a fortnight. */
static void open_september(struct fixture *f, struct buf *rows)
{
    static const struct batch first[] = {{60, 2, "2022-09-15", "", 0},
                                         {3, 3, "2022-09-29", "accused", 1}};
    fixture_open(f, 2);
    fixture_areas(f, BOROUGHS + 1, "2018", NULL, NULL);
    put(f, first, 2, NULL);
    add_rows(rows, "new", 0, 20, "2022-12-30", "", "");
}

/* Changes come with the new offences: the fifty that did not change are followed as well. */
static void an_extract_of_changes_tells_of_what_did_not_change(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    struct buf rows RV_CLEANUP(buf_done);
    buf_init(&rows, 1u << 16);
    open_september(&f, &rows);
    add_rows(&rows, "o0", 0, 10, "2022-09-15", "accused", "2022-11-01");
    put_again(&f, 63, rows.bytes, 0, 10);
    run_with(&f, &x);
    check_share(&x, "p.outcomes.accused", 10, 60);
    check_share(&x, "p.outcomes.none-yet", 50, 60);
    fixture_close(&f);
}

static void check_absent(const struct assessment *x, const char *reason)
{
    const struct finding *g = fixture_finding(x, "p.outcomes.accused");
    CHECK(g->verdict == VERDICT_NOT_AVAILABLE && isnan(g->value));
    if (!strstr(g->caveats[g->caveat_count - 1], reason)) {
        fail_msg("%s", g->caveats[g->caveat_count - 1]);
    }
}

/* A later file of other offences alone, or one that brings only two of the earlier again, says
 * nothing of those that it does not hold. */
static void a_later_file_of_other_offences_tells_nothing(void **state)
{
    (void)state;
    for (int again = 0; again < 3; again += 2) {
        struct fixture f;
        struct assessment x;
        struct buf rows RV_CLEANUP(buf_done);
        buf_init(&rows, 1u << 16);
        open_september(&f, &rows);
        add_rows(&rows, "o0", 0, again, "2022-09-15", "accused", "2022-11-01");
        put_again(&f, 63, rows.bytes, 0, (uint32_t)again);
        run_with(&f, &x);
        check_absent(&x, again ? "only 2 of 80 offences" : "only 0 of 80 offences");
        fixture_close(&f);
    }
}

/* Offences recorded before those that came again are not told of either. */
static void an_extract_of_changes_tells_nothing_of_older_ones(void **state)
{
    (void)state;
    static const struct batch first[] = {{60, 2, "2022-08-30", "", 0},
                                         {10, 2, "2022-09-15", "", 0}};
    struct fixture f;
    struct assessment x;
    struct buf rows RV_CLEANUP(buf_done);
    buf_init(&rows, 1u << 16);
    fixture_open(&f, 2);
    fixture_areas(&f, BOROUGHS + 1, "2018", NULL, NULL);
    put(&f, first, 2, NULL);
    add_rows(&rows, "new", 0, 20, "2022-12-30", "", "");
    add_rows(&rows, "o1", 0, 10, "2022-09-15", "accused", "2022-11-01");
    put_again(&f, 70, rows.bytes, 60, 10);
    run_with(&f, &x);
    check_absent(&x, "only 10 of 90 offences");
    fixture_close(&f);
}

/* ---- too short a time, and nothing ---- */

static bool has_id(const struct assessment *x, const char *start)
{
    for (size_t i = 0; i < x->finding_count; i++) {
        if (strncmp(x->findings[i].id, start, strlen(start)) == 0) {
            return true;
        }
    }
    return false;
}

/* The records end with 2022-06-30: of 60, 36 are 90 days old and none 180. */
static void a_shorter_time_holds_with_caution(void **state)
{
    (void)state;
    static const struct batch young[] = {{36, 2, "2022-02-01", "", 0},
                                         {20, 2, "2022-06-20", "", 0},
                                         {4, 2, "2022-06-20", "accused", 10}};
    static const struct batch some[] = {{30, 2, "2022-02-01", "", 0},
                                        {6, 2, "2022-02-01", "accused", 40},
                                        {20, 2, "2022-06-20", "", 0},
                                        {4, 2, "2022-06-20", "accused", 10}};
    struct fixture f;
    struct assessment x;
    open_with(&f, young, 3, NULL, &x);
    const struct finding *g = fixture_finding(&x, "p.outcomes.accused");
    CHECK(g->verdict == VERDICT_NOT_AVAILABLE && isnan(g->value)); /* old enough, and no result */
    fixture_close(&f);
    open_with(&f, some, 4, NULL, &x);
    check_share(&x, "p.outcomes.accused", 6, 36);
    g = fixture_finding(&x, "p.outcomes.accused");
    CHECK_NEAR(slot_of(g, "days")->number, 90, 0);
    CHECK_INT(g->verdict, VERDICT_CAUTION);
    fixture_close(&f);
}

static void too_short_a_time_gives_no_number(void **state)
{
    (void)state;
    static const struct batch young[] = {{10, 2, "2022-02-01", "accused", 5},
                                         {30, 2, "2022-06-20", "accused", 10}};
    static const struct batch months[] = {{40, 2, "2022-02", "accused", -1}};
    static const struct batch one[] = {{1, 2, "2022-02-01", "accused", 5}};
    const struct {
        const struct batch *all;
        size_t n;
        const char *reason;
    } cases[] = {{young, 2, "only 10 of 40 offences were recorded at least 90 days before"},
                 {months, 1, "too few records have a date"},
                 {one, 1, "too few records have a date"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        struct assessment x;
        open_with(&f, cases[i].all, cases[i].n, NULL, &x);
        const struct finding *g = fixture_finding(&x, "p.outcomes.accused");
        CHECK(g->verdict == VERDICT_NOT_AVAILABLE && isnan(g->value) && isnan(g->numerator));
        if (!strstr(g->caveats[g->caveat_count - 1], cases[i].reason)) {
            fail_msg("%s", g->caveats[g->caveat_count - 1]);
        }
        CHECK(!has_id(&x, "p.outcomes.none-yet")); /* one finding says it */
        for (size_t k = 0; k < x.table_count; k++) {
            CHECK(strcmp(x.tables[k].id, "p-outcomes") != 0);
        }
        fixture_close(&f);
    }
}

static void the_table_has_the_same_counts(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_with(&f, USUAL, NULL, &x);
    size_t at = 0;
    while (at < x.table_count && strcmp(x.tables[at].id, "p-outcomes") != 0) {
        at++;
    }
    CHECK(at < x.table_count);
    const struct result_table *t = &x.tables[at];
    CHECK_INT(t->row_count, 3); /* no other borough had any in 2021 */
    double sum = 0;
    for (size_t k = 1; k < 7; k++) {
        sum += t->cells[k].number;
    }
    CHECK(sum == 90 && t->cells[7].number == 90 && t->cells[1].number == 9);
    CHECK_NEAR(t->cells[t->column_count + 1].number, 31, 0);
    CHECK_NEAR(t->cells[2 * t->column_count + 1].number, 10, 0);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_date_far_ahead_does_not_move_the_end),
        cmocka_unit_test(the_end_is_what_its_words_say),
        cmocka_unit_test(shares_after_180_days),
        cmocka_unit_test(the_state_at_the_end_of_the_time_counts),
        cmocka_unit_test(a_small_correction_moves_only_what_it_corrects),
        cmocka_unit_test(an_extract_of_changes_tells_of_what_did_not_change),
        cmocka_unit_test(a_later_file_of_other_offences_tells_nothing),
        cmocka_unit_test(an_extract_of_changes_tells_nothing_of_older_ones),
        cmocka_unit_test(a_shorter_time_holds_with_caution),
        cmocka_unit_test(too_short_a_time_gives_no_number),
        cmocka_unit_test(the_table_has_the_same_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
