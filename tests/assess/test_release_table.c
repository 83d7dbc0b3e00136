/* tests/assess/test_release_table.c — what the public may read of a table: nobody is to be had from
 * it by subtraction. Each refusal differs from a table that goes out in one cell.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/release_table.h"
#include "check.h"

static struct rv_err err;
static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, 1u << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static struct result_cell number(double n)
{
    return (struct result_cell){.number = n, .is_missing = isnan(n)};
}

static struct result_cell text(const char *words)
{
    return (struct result_cell){.text = words, .number = (double)NAN};
}

/* One extract without an agreement: its marking decides. */
static struct extract_info held = {.id = 7, .marking = MARKING_OFFICIAL};
static const struct finding_source source = {.extract = 7, .marking = MARKING_OFFICIAL};
static const struct release_terms terms = {
    .extracts = &held, .extract_count = 1, .day = "2026-01-01"};

static struct finding about(const char *id, double numerator)
{
    struct finding f = finding_blank(id, "profile");
    f.unit = "offences";
    f.value = f.numerator = numerator;
    f.period = (struct month_range){100, 101};
    return f;
}

static struct result_table table_of(const struct result_column *columns, size_t column_count,
                                    const struct result_cell *cells, size_t rows)
{
    return (struct result_table){.id = "p-t",
                                 .theme = "profile",
                                 .title = "Offences",
                                 .description = "Offences of each kind.",
                                 .columns = columns,
                                 .column_count = column_count,
                                 .cells = cells,
                                 .row_count = rows,
                                 .sources = &source,
                                 .source_count = 1,
                                 .marking = MARKING_OFFICIAL};
}

static struct result_table let_out;

static bool goes_out(struct finding f, const struct result_table *t)
{
    rv_status status = release_table(&arena, &terms, &f, t, &let_out, &err);
    CHECK(rv_is_ok(status) || status.code == RV_REFUSED);
    return rv_is_ok(status);
}

static void is_refused(struct finding f, const struct result_table *t, const char *because)
{
    CHECK(!goes_out(f, t));
    if (!strstr(err.message, because)) {
        print_error("refused because \"%s\", expected \"%s\"\n", err.message, because);
        fail();
    }
}

/* ---- rows and their total ---- */

static const struct result_column kinds[] = {
    {"category", "Kind", RESULT_TEXT},         {"count", "Offences", RESULT_COUNT},
    {"compare_count", "Before", RESULT_COUNT}, {"rate", "Rate", RESULT_RATE},
    {"lower", "Lower", RESULT_RATE},           {"upper", "Upper", RESULT_RATE},
    {"share_percent", "Share", RESULT_PERCENT}};
enum { KINDS = 7 };

struct kinds {
    struct result_cell cells[4 * KINDS];
    struct result_table table;
};

static void make_kinds(struct kinds *k)
{
    const double counts[4] = {50, 30, 20, 100}, before[4] = {40, 30, 0, 70};
    for (size_t r = 0; r < 4; r++) {
        struct result_cell *row = &k->cells[r * KINDS];
        row[0] = text(r < 3 ? "a kind" : "All");
        row[1] = number(counts[r]);
        row[2] = number(before[r]);
        row[3] = row[4] = row[5] = number(counts[r] / 2.5);
        row[6] = number(counts[r]);
    }
    k->table = table_of(kinds, KINDS, k->cells, 4);
    k->table.ends_with_total = true;
}

static void whole_tables_go_out(void **state)
{
    (void)state;
    struct kinds k;
    make_kinds(&k);
    CHECK(goes_out(about("p.all.drivers", 100), &k.table));
    CHECK_INT(let_out.column_count, KINDS);
    CHECK(let_out.cells == k.cells);
    k.cells[2 * KINDS + 1] = number(0); /* nobody is no small number */
    k.cells[3 * KINDS + 1] = number(80);
    for (size_t r = 0; r < 4; r++) {
        k.cells[r * KINDS + 6] = number(k.cells[r * KINDS + 1].number / 0.8);
    }
    CHECK(goes_out(about("p.all.drivers", 80), &k.table));
}

static void small_counts_stay_in(void **state)
{
    (void)state;
    for (size_t column = 1; column <= 2; column++) {
        for (int n = 1; n < RELEASE_LEAST_COUNT; n++) {
            struct kinds k;
            make_kinds(&k);
            k.cells[KINDS + column] = number(n);
            is_refused(about("p.all.drivers", 100), &k.table, "from 1 to 4 stands in it");
        }
    }
}

/* A hidden cell is what its row and column leave of the total. */
static void hidden_counts_keep_the_rest_in(void **state)
{
    (void)state;
    struct kinds k;
    make_kinds(&k);
    k.cells[2 * KINDS + 1] = number(NAN);
    is_refused(about("p.all.drivers", 100), &k.table, "is not shown");
    make_kinds(&k);
    k.cells[2 * KINDS + 1].text = "under 5";
    k.cells[2 * KINDS + 1].is_missing = true;
    is_refused(about("p.all.drivers", 100), &k.table, "is not shown");
}

/* A period that is not there at all hides nobody; a reason may. */
static void an_empty_column_hides_nothing(void **state)
{
    (void)state;
    struct kinds k;
    make_kinds(&k);
    for (size_t r = 0; r < 4; r++) {
        k.cells[r * KINDS + 2] = number(NAN);
    }
    CHECK(goes_out(about("p.all.drivers", 100), &k.table));
    CHECK_INT(let_out.column_count, KINDS);
    for (size_t r = 0; r < 4; r++) {
        k.cells[r * KINDS + 2].text = "under 5";
    }
    is_refused(about("p.all.drivers", 100), &k.table, "is not shown");
    for (size_t r = 0; r < 4; r++) {
        k.cells[r * KINDS + 2].text = NULL;
        k.cells[r * KINDS + 1] = number(NAN); /* and rates need their counts */
    }
    is_refused(about("p.all.drivers", 100), &k.table, "column \"Rate\"");
}

static void a_rest_of_the_total_is_found(void **state)
{
    (void)state;
    for (int rest = 1; rest < RELEASE_LEAST_COUNT; rest++) {
        struct kinds k;
        make_kinds(&k);
        k.cells[3 * KINDS + 1] = number(100 + rest); /* a kind of few was left out of the list */
        is_refused(about("p.all.drivers", NAN), &k.table, "by subtraction");
    }
    struct kinds k;
    make_kinds(&k);
    k.cells[3 * KINDS + 2] = number(70 + 4); /* of the earlier period */
    is_refused(about("p.all.drivers", NAN), &k.table, "by subtraction");
    make_kinds(&k);
    k.cells[3 * KINDS + 1] = number(90); /* rows overlap: a difference of two is a number */
    is_refused(about("p.all.drivers", NAN), &k.table, "by subtraction");
    make_kinds(&k);
    k.table.row_count = 3; /* no total is shown, but the sentence told it */
    k.table.ends_with_total = false;
    CHECK(goes_out(about("p.all.drivers", NAN), &k.table));
    CHECK(goes_out(about("p.all.drivers", 105), &k.table));
    is_refused(about("p.all.drivers", 103), &k.table, "by subtraction");
    is_refused(about("p.all.drivers", 98), &k.table, "by subtraction");
    struct finding part = about("p.all.top", 50);
    part.denominator = 104;
    is_refused(part, &k.table, "by subtraction");
    part.denominator = 154; /* all but those of the finding */
    is_refused(part, &k.table, "by subtraction");
}

/* 50 offences that are 48.5% of all make 103. */
static void shares_tell_the_whole(void **state)
{
    (void)state;
    struct kinds k;
    make_kinds(&k);
    k.table.row_count = 3;
    k.table.ends_with_total = false;
    for (size_t r = 0; r < 3; r++) {
        k.cells[r * KINDS + 6] = number(100 * k.cells[r * KINDS + 1].number / 103);
    }
    is_refused(about("p.all.drivers", NAN), &k.table, "by subtraction");
    for (size_t r = 0; r < 3; r++) {
        k.cells[r * KINDS + 6] = number(100 * k.cells[r * KINDS + 1].number / 110);
    }
    CHECK(goes_out(about("p.all.drivers", NAN), &k.table));
}

/* ---- columns ---- */

static void rates_need_their_counts(void **state)
{
    (void)state;
    const struct result_column columns[] = {{"ward", "Ward", RESULT_TEXT},
                                            {"rate", "Rate", RESULT_RATE}};
    const struct result_column shares[] = {{"group", "Group", RESULT_TEXT},
                                           {"count", "Persons", RESULT_COUNT},
                                           {"female_percent", "Female", RESULT_PERCENT}};
    const struct result_column people[] = {{"offences", "Offences", RESULT_TEXT},
                                           {"persons", "Persons", RESULT_COUNT}};
    const struct result_cell cells[] = {text("A"), number(60), number(5)};
    struct result_table t = table_of(columns, 2, cells, 1);
    is_refused(about("p.all.rate", NAN), &t, "column \"Rate\"");
    t = table_of(shares, 3, cells, 1); /* 5% of 60 are 3 */
    is_refused(about("p.all.x", NAN), &t, "column \"Female\"");
    t = table_of(people, 2, cells, 1);
    is_refused(about("p.victims.repeat", NAN), &t, "column \"Persons\"");
}

static const struct result_column ages[] = {{"age_band", "Age", RESULT_TEXT},
                                            {"female", "Female", RESULT_COUNT},
                                            {"male", "Male", RESULT_COUNT},
                                            {"other", "Other", RESULT_COUNT},
                                            {"all", "All", RESULT_COUNT}};

static void parts_make_up_their_whole(void **state)
{
    (void)state;
    struct result_cell cells[] = {text("18 to 24"), number(20), number(30), number(0), number(50)};
    struct result_table t = table_of(ages, 5, cells, 1);
    CHECK(goes_out(about("p.victims.under-25", NAN), &t));
    cells[4] = number(53); /* three without a sex */
    is_refused(about("p.victims.under-25", NAN), &t, "by subtraction");
    cells[4] = number(60); /* ten: but is one column in another? */
    is_refused(about("p.victims.under-25", NAN), &t, "by subtraction");
    const struct result_column nested[] = {{"hour", "Hour", RESULT_TEXT},
                                           {"clean", "Clean", RESULT_COUNT},
                                           {"within_28", "Within 28 days", RESULT_COUNT}};
    t = table_of(nested, 3, cells, 1); /* no whole: 30 less 20 may be anything */
    is_refused(about("p.all.night", NAN), &t, "column \"Clean\"");
}

static void differences_need_both_sides(void **state)
{
    (void)state;
    const struct result_column columns[] = {{"category", "Kind", RESULT_TEXT},
                                            {"before", "Before", RESULT_COUNT},
                                            {"after", "After", RESULT_COUNT},
                                            {"change", "Change", RESULT_COUNT}};
    const struct result_cell cells[] = {text("A"), number(50), number(47), number(-3)};
    struct result_table t = table_of(columns, 4, cells, 1);
    CHECK(goes_out(about("p.all.drivers", NAN), &t)); /* a fall by 3 is nobody */
    const struct result_column half[] = {columns[0], columns[1], columns[3]};
    t = table_of(half, 3, cells, 1);
    is_refused(about("p.all.drivers", NAN), &t, "column \"Change\"");
}

/* 60 in two periods, 30 and 27 in each: three are in neither. */
static void periods_make_up_their_count(void **state)
{
    (void)state;
    const struct result_column columns[] = {{"name", "Injury", RESULT_TEXT},
                                            {"count", "Calls", RESULT_COUNT},
                                            {"before", "Before", RESULT_COUNT},
                                            {"after", "After", RESULT_COUNT}};
    struct result_cell cells[] = {text("A"), number(57), number(30), number(27)};
    struct result_table t = table_of(columns, 4, cells, 1);
    CHECK(goes_out(about("p.injury.top", NAN), &t));
    cells[1] = number(60);
    is_refused(about("p.injury.top", NAN), &t, "by subtraction");
    cells[1] = number(40); /* then it is a count of something else */
    is_refused(about("p.injury.top", NAN), &t, "by subtraction");
}

static void unmarked_totals_are_seen(void **state)
{
    (void)state;
    const struct result_column columns[] = {{"ward", "Ward", RESULT_TEXT},
                                            {"count", "Offences", RESULT_COUNT}};
    struct result_cell cells[] = {text("Everywhere"), number(60), text("A"), number(10),
                                  text("B"),          number(20), text("C"), number(30)};
    struct result_table t = table_of(columns, 2, cells, 4);
    CHECK(goes_out(about("p.all.top-ward", NAN), &t));
    cells[1] = number(64);
    is_refused(about("p.all.top-ward", NAN), &t, "by subtraction");
}

static void counts_beside_a_whole_are_not_understood(void **state)
{
    (void)state;
    const struct result_column columns[] = {{"ward", "Ward", RESULT_TEXT},
                                            {"count", "Known", RESULT_COUNT},
                                            {"all", "All", RESULT_COUNT}};
    const struct result_cell cells[] = {text("A"), number(57), number(60)};
    struct result_table t = table_of(columns, 3, cells, 1);
    is_refused(about("p.all.top-ward", NAN), &t, "column \"Known\"");
}

/* ---- months ---- */

static const struct result_column months[] = {{"month", "Month", RESULT_MONTH},
                                              {"all", "All", RESULT_COUNT},
                                              {"rape", "Rape", RESULT_COUNT},
                                              {"others", "Others", RESULT_COUNT}};

static void months_go_out_whole_or_as_their_total(void **state)
{
    (void)state;
    const char *const notes[] = {"Of rape there were few."};
    struct result_cell cells[] = {number(100), number(40), number(10), number(30),
                                  number(101), number(50), number(15), number(35)};
    struct result_table t = table_of(months, 4, cells, 2);
    t.chart = CHART_LINE;
    CHECK(goes_out(about("p.all.total", 90), &t));
    CHECK_INT(let_out.column_count, 4);
    cells[2] = number(3);
    cells[3] = number(37);
    t.notes = notes;
    t.note_count = 1;
    CHECK(goes_out(about("p.all.total", 90), &t));
    CHECK_INT(let_out.column_count, 2);
    CHECK_STRING(let_out.columns[1].name, "all");
    CHECK_NEAR(let_out.cells[1].number, 40, 0);
    CHECK_NEAR(let_out.cells[3].number, 50, 0);
    CHECK_INT(let_out.note_count, 0); /* nothing that was said of the parts */
    CHECK(!strstr(let_out.description, "kind"));
    /* a part alone beside the total, which another finding lets out, tells of the other part */
    is_refused(about("p.others.total", 72), &t, "from 1 to 4 stands in it");
    is_refused(about("p.all.total", 91), &t, "from 1 to 4 stands in it"); /* not its table */
    cells[5] = number(4); /* nor is the total alone let out when it is small */
    is_refused(about("p.all.total", 44), &t, "from 1 to 4 stands in it");
}

static void a_series_alone_is_no_part(void **state)
{
    (void)state;
    const struct result_column columns[] = {{"month", "Month", RESULT_MONTH},
                                            {"calls", "Calls", RESULT_COUNT},
                                            {"buses", "Buses", RESULT_COUNT}};
    const struct result_cell cells[] = {number(100), number(40), number(30)};
    struct result_table t = table_of(columns, 2, cells, 1);
    CHECK(goes_out(about("p.calls.total", 40), &t));
    t.column_count = 3; /* of two it is not known whether one is in the other */
    is_refused(about("p.calls.total", 40), &t, "cannot be judged");
}

/* ---- words and terms ---- */

static void words_tell_numbers_too(void **state)
{
    (void)state;
    struct kinds k;
    const char *note = NULL;
    make_kinds(&k);
    k.table.notes = &note;
    k.table.note_count = 1;
    const char *const telling[] = {"3 of the borough's 103 offences are not here.", "All but (4).",
                                   "1 in 20.", "of 2, one"};
    const char *const harmless[] = {"Figures of 1 April 2022, code 34B, 1.5 times, 2,104, E04.",
                                    "95% intervals.", "COVID-19"};
    for (size_t i = 0; i < sizeof telling / sizeof *telling; i++) {
        note = telling[i];
        is_refused(about("p.all.drivers", 100), &k.table, "words around it");
    }
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        note = harmless[i];
        CHECK(goes_out(about("p.all.drivers", 100), &k.table));
    }
    k.cells[KINDS + 3] = number(NAN);
    k.cells[KINDS + 3].text = "only 3 residents";
    is_refused(about("p.all.drivers", 100), &k.table, "words around it");
    k.cells[KINDS + 3].text = "no population held";
    CHECK(goes_out(about("p.all.drivers", 100), &k.table));
    k.table.description = "Largest: rape, with 2";
    is_refused(about("p.all.drivers", 100), &k.table, "words around it");
}

static void every_source_has_to_let_it(void **state)
{
    (void)state;
    struct kinds k;
    make_kinds(&k);
    const struct finding_source two[] = {source, {.extract = 8}};
    k.table.sources = two;
    k.table.source_count = 2;
    is_refused(about("p.all.drivers", 100), &k.table, "extract 8");
    k.table.source_count = 1;
    CHECK(goes_out(about("p.all.drivers", 100), &k.table));
    held.marking = MARKING_OFFICIAL_SENSITIVE;
    is_refused(about("p.all.drivers", 100), &k.table, "extract 7");
    held.marking = MARKING_OFFICIAL;
    k.table.source_count = 0;
    k.table.marking = MARKING_OFFICIAL_SENSITIVE;
    is_refused(about("p.all.drivers", 100), &k.table, "more closely");
}

/* ---- decisions ---- */

static enum release standing_of(const struct decision *d, const char *table_hash, bool *has_table)
{
    struct standing standing;
    CHECK_OK(release_of(d, 1, "f", text_of("abc"), table_hash, &standing, &err));
    *has_table = standing.has_table;
    return standing.release;
}

/* A decision binds what was read: the finding alone, or both. */
static void decisions_bind_the_table(void **state)
{
    (void)state;
    bool has_table;
    struct decision d = {.finding = "f",
                         .body_hash =
                             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                         .note = "",
                         .is_release = true};
    CHECK_INT(standing_of(&d, "t1", &has_table), RELEASE_RELEASED);
    CHECK(!has_table);
    d.table_hash = "t1";
    CHECK_INT(standing_of(&d, "t1", &has_table), RELEASE_RELEASED);
    CHECK(has_table);
    CHECK_INT(standing_of(&d, "t2", &has_table), RELEASE_CHANGED);
    CHECK(!has_table);
    CHECK_INT(standing_of(&d, NULL, &has_table), RELEASE_CHANGED);
    d.is_release = false;
    CHECK_INT(standing_of(&d, "t1", &has_table), RELEASE_WITHHELD);
    CHECK(!has_table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(whole_tables_go_out, begin, end),
        cmocka_unit_test_setup_teardown(small_counts_stay_in, begin, end),
        cmocka_unit_test_setup_teardown(hidden_counts_keep_the_rest_in, begin, end),
        cmocka_unit_test_setup_teardown(an_empty_column_hides_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_rest_of_the_total_is_found, begin, end),
        cmocka_unit_test_setup_teardown(shares_tell_the_whole, begin, end),
        cmocka_unit_test_setup_teardown(rates_need_their_counts, begin, end),
        cmocka_unit_test_setup_teardown(parts_make_up_their_whole, begin, end),
        cmocka_unit_test_setup_teardown(differences_need_both_sides, begin, end),
        cmocka_unit_test_setup_teardown(periods_make_up_their_count, begin, end),
        cmocka_unit_test_setup_teardown(unmarked_totals_are_seen, begin, end),
        cmocka_unit_test_setup_teardown(counts_beside_a_whole_are_not_understood, begin, end),
        cmocka_unit_test_setup_teardown(months_go_out_whole_or_as_their_total, begin, end),
        cmocka_unit_test_setup_teardown(a_series_alone_is_no_part, begin, end),
        cmocka_unit_test_setup_teardown(words_tell_numbers_too, begin, end),
        cmocka_unit_test_setup_teardown(every_source_has_to_let_it, begin, end),
        cmocka_unit_test(decisions_bind_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
