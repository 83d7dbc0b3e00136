/* tests/ingest/test_language.c — what a profile can say of a publisher's layout, each on a few
 * rows. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "fixture.h"

/* Names a profile for the next imports: kind, and its other members. */
static void use(struct desk *d, const char *kind, const char *members)
{
    static char path[160];
    char json[2400];
    int n =
        snprintf(json, sizeof json, "{\"profile\": \"p\", \"kind\": \"%s\", %s}", kind, members);
    CHECK(n > 0 && (size_t)n < sizeof json);
    (void)snprintf(path, sizeof path, "%s", desk_write(d, "p.json", json));
    d->options.profile = path;
}

#define INDICATOR                                                                                  \
    "\"columns\": {\"indicator\": {\"from\": \"i\"}, \"area_code\": {\"from\": \"a\"}, "           \
    "\"period_from\": {\"from\": \"y\", %s}, \"period_to\": {\"from\": \"y\", %s}, "               \
    "\"period_label\": {\"from\": \"y\"}, \"value\": {\"from\": \"v\"}}"

static void use_years(struct desk *d, const char *year)
{
    char members[1000];
    (void)snprintf(members, sizeof members, INDICATOR, year, year);
    use(d, "indicators", members);
}

static void labels_of_years_become_months(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use_years(&d, "\"year\": \"academic\", \"lone_year\": \"end\"");
        desk_text(&d, "a.csv",
                  "i,a,y,v\nx,E09000016,202122,1\nx,E09000016,2021,2\nx,E09000016,2018 (Rev),3\n"
                  "x,E09000016,soon,4\nx,E09000016,,5\n");
        CHECK_INT(desk_reason(&d.report, "not-a-period"), 1);
        CHECK_INT(desk_reason(&d.report, "missing-value"), 1);
        desk_check_rows(&d, 0, NAMES("period_from", "period_to", "period_label", "value"),
                        "2021-09|2022-08|202122|1\n2020-09|2021-08|2021|2\n"
                        "2017-09|2018-08|2018 (Rev)|3\n");
        CHECK_INT(d.report.first_month, civil_month_index(2017, 9));
        CHECK_INT(d.report.last_month, civil_month_index(2022, 8));
    }
}

static void a_lone_year_that_nobody_explains_is_quarantined(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use_years(&d, "\"year\": \"financial\"");
        desk_text(&d, "a.csv", "i,a,y,v\nx,E09000016,2021/22,1\nx,E09000016,2021,2\n");
        CHECK_INT(desk_reason(&d.report, "not-a-period"), 1);
        desk_check_rows(&d, 0, NAMES("period_from", "period_to"), "2021-04|2022-03\n");
    }
}

static void each_row_may_say_what_its_label_means(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use_years(&d, "\"year\": {\"from\": \"t\", \"map\": {\"AY\": \"academic\", \"FY\": "
                      "\"financial\", \"Nov\": \"november\"}}");
        desk_text(&d, "a.csv",
                  "t,i,a,y,v\nAY,x,E09000016,202122,1\nFY,x,E09000016,202122,2\n"
                  "Nov,x,E09000016,202122,3\nTerm,x,E09000016,202122,4\n");
        CHECK_INT(desk_reason(&d.report, "not-a-period"), 1);
        desk_check_rows(&d, 0, NAMES("period_from", "period_to", "value"),
                        "2021-09|2022-08|1\n2021-04|2022-03|2\n2021-11|2021-11|3\n");
        desk_refuses(&d, desk_write(&d, "b.csv", "i,a,y,v\nx,E09000016,202122,1\n"), RV_INVALID,
                     "\"t\"");
    }
}

static void a_band_gives_both_ages(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use(&d, "population",
            "\"columns\": {\"area_code\": {\"from\": \"a\"}, \"year\": {\"from\": \"y\"}, "
            "\"age_from\": {\"from\": \"b\", \"band\": true}, "
            "\"age_to\": {\"from\": \"b\", \"band\": true}, \"persons\": {\"from\": \"n\"}}, "
            "\"thousands\": \",\"");
        desk_text(&d, "a.csv",
                  "a,y,b,n\nE1,2021,Aged 4 years and under,\"1,234\"\nE1,2021,5 to 9,28.0\n"
                  "E1,2021,10+,\"1,234,567\"\nE2,2021,young,1\nE2,2021,0-4,\"12,34\"\n"
                  "E2,2021,5-9,1.5\n");
        CHECK_INT(desk_reason(&d.report, "not-an-age-band"), 1);
        CHECK_INT(desk_reason(&d.report, "not-a-number"), 1);
        CHECK_INT(desk_reason(&d.report, "not-a-whole-number"), 1);
        desk_check_rows(&d, 0, NAMES("age_from", "age_to", "persons"),
                        "0|4|1234\n5|9|28\n10|130|1234567\n");
    }
}

static void thousands_are_marked_before_every_third_digit_or_it_is_no_number(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use(&d, "indicators",
            "\"decimal\": \",\", \"thousands\": \".\", \"separator\": \";\", \"columns\": "
            "{\"indicator\": {\"from\": \"i\"}, \"area_code\": {\"from\": \"a\"}, \"value\": "
            "{\"from\": \"v\"}}, \"constants\": {\"period_from\": \"2022-01\", \"period_to\": "
            "\"2022-12\"}");
        desk_text(&d, "a.csv",
                  "i;a;v\na;E1;1.234,5\nb;E1;-1.234\nc;E1;12.345.678\nd;E1;1234,5\ne;E1;0,125\n"
                  "f;E1;1.23\ng;E1;12.3456\nh;E1;.123\ni;E1;1.234.56\nj;E1;1234.567\n");
        CHECK_INT(desk_reason(&d.report, "not-a-number"), 5);
        desk_check_rows(&d, 0, NAMES("indicator", "value"),
                        "a|1234.5\nb|-1234\nc|12345678\nd|1234.5\ne|0.125\n");
    }
}

static void the_first_filled_of_several_columns_is_taken(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use(&d, "indicators",
            "\"columns\": {\"indicator\": {\"from\": \"i\"}, \"area_code\": {\"from\": [\"la\", "
            "\"region\", \"country\"], \"take\": \"first-filled\", \"missing\": [\"z\"]}, "
            "\"value\": {\"from\": \"v\"}}, \"constants\": {\"period_from\": \"2022-01\", "
            "\"period_to\": \"2022-12\"}");
        desk_text(&d, "a.csv",
                  "i,country,region,la,v\nx,E92000001,E12000007,E09000016,1\n"
                  "x,E92000001,E12000007,z,2\nx,E92000001,,,3\nx,,,z,4\n");
        CHECK_INT(desk_reason(&d.report, "missing-value"), 1);
        CHECK_INT(d.report.dropped_count, 0);
        desk_check_rows(&d, 0, NAMES("area_code", "value"),
                        "E09000016|1\nE12000007|2\nE92000001|3\n");
    }
}

static void what_no_map_holds_may_be_refused(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use(&d, "indicators",
            "\"columns\": {\"indicator\": {\"from\": \"i\"}, \"area_code\": {\"from\": \"n\", "
            "\"map\": {\"311\": \"E09000016\"}, \"only_mapped\": true}, \"unit\": {\"from\": "
            "\"i\", \"map\": {\"x\": \"percent\"}, \"only_mapped\": true}, \"value\": {\"from\": "
            "\"v\"}}, \"constants\": {\"period_from\": \"2022-01\", \"period_to\": \"2022-12\"}");
        desk_text(&d, "a.csv", "i,n,v\nx,311,1\nnew,311,2\nx,999,3\n");
        CHECK_INT(desk_reason(&d.report, "not-a-code"), 1); /* 999 could pass for a code */
        desk_check_rows(&d, 0, NAMES("indicator", "area_code", "unit", "value"),
                        "x|E09000016|percent|1\nnew|E09000016||2\n");
        CHECK_INT(d.report.not_recorded_count, 1);
        CHECK_STRING(d.report.not_recorded[0].value, "new");
    }
}

static void a_time_is_kept_no_finer_than_it_is_known(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use(&d, "offences",
            "\"columns\": {\"offence_id\": {\"from\": \"id\"}, \"recorded_at\": {\"from\": \"m\", "
            "\"precision\": \"month\"}, \"committed_from\": {\"from\": \"d\", \"format\": "
            "\"MM/DD/YYYY HH:MI:SS AM\", \"precision\": \"date\"}}, \"constants\": {\"category\": "
            "\"Robbery\"}");
        desk_text(&d, "a.csv", "id,m,d\n1,2022-01-01,01/08/2020 12:00:00 AM\n2,2022-02,\n");
        desk_check_rows(&d, 0, NAMES("recorded_at", "committed_from"),
                        "2022-01|2020-01-08\n2022-02|\n");
    }
}

/* ---- wide ---- */

static void years_across_are_whole_years(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use(&d, "area-counts",
            "\"leave_out\": [{\"column\": \"2019\", \"reason\": \"half of it is missing\"}], "
            "\"columns\": {\"area_code\": {\"from\": \"LSOA\"}}, \"ask\": [\"category\"], "
            "\"wide\": {\"id\": [\"LSOA\", \"name\"], \"periods\": \"YYYY\"}");
        const char *file =
            desk_write(&d, "a.csv", "LSOA,name,2019,2020,2021\nE01000001,A,x,28.0,0.0\n");
        desk_refuses(&d, file, RV_INVALID, "--set category=");
        struct profile_pair sets[2] = {{text_of("category"), text_of("Robbery")},
                                       {text_of("count"), text_of("5")}};
        d.options.sets = sets;
        d.options.set_count = 1;
        desk_import(&d, file);
        desk_check_rows(&d, 0, NAMES("area_code", "category", "period_from", "period_to", "count"),
                        "E01000001|Robbery|2020-01|2020-12|28\n"
                        "E01000001|Robbery|2021-01|2021-12|0\n");
        CHECK_INT(d.report.last_month, civil_month_index(2021, 12));
        CHECK_INT(d.report.dropped_count, 1); /* the name */
        CHECK_STRING(d.report.notes[0], "the column \"2019\" is left out: half of it is missing");
        /* Another category of the same areas and years is not the same. */
        sets[0].to = text_of("Theft");
        desk_text(&d, "b.csv", "LSOA,name,2020,2021\nE01000001,A,28.0,1.0\n");
        CHECK_INT(d.report.superseded, 0);
        d.options.set_count = 2; /* the file has its counts itself */
        desk_refuses(&d, desk_write(&d, "c.csv", "LSOA,name,2020\nE01000001,A,1\n"), RV_INVALID,
                     "count");
        sets[1] = (struct profile_pair){text_of("colour"), text_of("red")};
        desk_refuses(&d, d.path, RV_INVALID, "colour");
    }
}

static void symbols_in_wide_cells_are_kept(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use(&d, "indicators",
            "\"columns\": {\"area_code\": {\"from\": \"a\"}}, \"constants\": {\"period_from\": "
            "\"2022-01\", \"period_to\": \"2022-12\"}, \"wide\": {\"id\": [\"a\"], \"value\": "
            "\"value\", \"missing\": [\"c\", \"z\", \"-\", \".\", \":\", \"low\", \"u\", \"k\", "
            "\"x\"], \"columns\": [{\"from\": [\"Rate 2\", \"Rate\"], \"set\": {\"indicator\": "
            "\"rate\"}}, {\"from\": \"Rank\", \"set\": {\"indicator\": \"rank\"}}]}");
        desk_text(&d, "a.csv",
                  "a,Rate,Rank\nE1,6.2080000000000002,-\nE2,c,.\nE3,,x\nE4,low,2\nE5,?,3\n");
        CHECK_INT(desk_reason(&d.report, "not-a-number"), 1);
        desk_check_rows(&d, 0, NAMES("area_code", "indicator", "value", "symbol"),
                        "E1|rate|6.208|\nE1|rank||-\nE2|rate||c\nE2|rank||.\nE3|rate||\n"
                        "E3|rank||x\nE4|rate||low\nE4|rank|2|\n");
        /* A symbol in place of a value is another content: it supersedes. */
        desk_text(&d, "b.csv", "a,Rate,Rank\nE1,c,-\n");
        CHECK_INT(d.report.superseded, 1);
    }
}

static const char OTHERS[] =
    "\"columns\": {\"area_code\": {\"from\": \"code\"}}, \"constants\": {\"period_from\": "
    "\"2022-01\", \"period_to\": \"2022-12\"}, \"wide\": {\"id\": [], \"value\": \"value\", "
    "\"missing\": [\"z\", \"c\"], \"others\": {\"name\": \"indicator\", \"words\": \"category\", "
    "\"omit\": [\"Total\"], \"skip\": [\"name\", \"old\"]}}";

static void columns_are_known_by_what_they_hold(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use(&d, "indicators", OTHERS);
        desk_text(&d, "a.csv",
                  "code,name,old,sex,phase,pupils,rate\nE1,A,311,Girls,Primary,10,z\n"
                  "E1,A,311,Total,Primary,20,1.5\nE1,A,311,Total,Total,30,\n");
        desk_check_rows(&d, 0, NAMES("indicator", "category", "value", "symbol"),
                        "pupils|sex: Girls; phase: Primary|10|\nrate|sex: Girls; phase: "
                        "Primary||z\npupils|phase: Primary|20|\nrate|phase: Primary|1.5|\n"
                        "pupils||30|\nrate|||\n");
        CHECK_INT(d.report.dropped_count, 2);
        desk_refuses(&d, desk_write(&d, "b.csv", "code,sex\nE1,Girls\n"), RV_INVALID,
                     "holds numbers");
    }
}

static void words_too_long_to_keep_cost_their_row(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use(&d, "indicators", OTHERS);
        char text[5000] = "code,note,n\nE1,short,1\nE2,";
        size_t at = strlen(text);
        memset(text + at, 'w', 4200);
        (void)snprintf(text + at + 4200, sizeof text - at - 4200, ",2\n");
        desk_text(&d, "a.csv", text);
        CHECK_INT(desk_reason(&d.report, "list-too-long"), 1);
        CHECK_INT(d.report.accepted, 1);
    }
}

/* ---- headers ---- */

static void a_profile_may_ask_for_headers_that_it_does_not_read(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use(&d, "lookup",
            "\"columns\": {\"from_code\": {\"from\": \"a\"}, \"to_code\": {\"from\": \"b\"}}, "
            "\"requires\": [\"Compared to *\", \"Name\"]");
        desk_text(&d, "a.csv", "a,Compared to Region value,b,name \nE1,x,E2,y\n");
        CHECK_INT(d.report.accepted, 1);
        desk_refuses(&d, desk_write(&d, "b.csv", "a,Compared,b,name\nE1,x,E2,y\n"), RV_INVALID,
                     "Compared to *");
    }
}

static void unnamed_columns_and_blanks_around_names_do_no_harm(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use(&d, "lookup",
            "\"columns\": {\"from_code\": {\"from\": \"a\"}, \"to_code\": {\"from\": \"b\"}}");
        desk_text(&d, "a.csv", ",,\"a \",b\n1,1,E1,E2\n");
        CHECK_INT(d.report.accepted, 1);
        CHECK_INT(d.report.dropped_count, 2);
        CHECK_STRING(d.report.dropped_columns[0], "(column 1, unnamed)");
        CHECK_STRING(d.report.dropped_columns[1], "(column 2, unnamed)");
    }
}

static void what_a_profile_cannot_mean_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *members, *part;
    } WRONG[] = {
        {"indicators", "\"columns\": {\"value\": {\"from\": \"v\", \"year\": \"academic\"}}",
         "period_from"},
        {"indicators", "\"columns\": {\"period_to\": {\"from\": \"v\", \"year\": \"fiscal\"}}",
         "calendar, financial"},
        {"indicators",
         "\"columns\": {\"period_to\": {\"from\": \"v\", \"year\": {\"from\": \"t\"}}}", "\"map\""},
        {"indicators",
         "\"columns\": {\"period_to\": {\"from\": \"v\", \"year\": {\"from\": \"t\", \"map\": "
         "{\"A\": \"yearly\"}}}}",
         "no year"},
        {"indicators", "\"columns\": {\"period_to\": {\"from\": \"v\", \"lone_year\": \"end\"}}",
         "needs \"year\""},
        {"indicators", "\"columns\": {\"value\": {\"from\": \"v\", \"take\": \"first-filled\"}}",
         "code or a word"},
        {"indicators", "\"columns\": {\"title\": {\"from\": \"v\", \"only_mapped\": true}}",
         "\"map\""},
        {"indicators", "\"columns\": {\"age\": {\"from\": \"v\", \"band\": true}}", "age_from"},
        {"indicators", "\"columns\": {\"value\": {\"from\": \"v\", \"precision\": \"month\"}}",
         "time"},
        {"indicators", "\"thousands\": \".\", \"decimal\": \".\", \"columns\": {}", "decimal"},
        {"indicators", "\"thousands\": \"x\", \"columns\": {}", "\"thousands\""},
        {"indicators", "\"columns\": {\"value\": {\"from\": \"v\"}}, \"ask\": [\"colour\"]",
         "colour"},
        {"area-counts",
         "\"columns\": {\"area_code\": {\"from\": \"v\"}}, \"wide\": {\"periods\": \"DD\"}",
         "YYYYMM"},
        {"indicators",
         "\"columns\": {\"area_code\": {\"from\": \"v\"}}, \"wide\": {\"value\": \"value\", "
         "\"others\": {}}",
         "\"name\""},
        {"indicators",
         "\"columns\": {\"area_code\": {\"from\": \"v\"}}, \"wide\": {\"value\": \"value\", "
         "\"others\": {\"name\": \"polarity\"}}",
         "any word"},
        {"indicators",
         "\"columns\": {\"area_code\": {\"from\": \"v\"}}, \"wide\": {\"value\": \"value\", "
         "\"periods\": \"YYYY\", \"others\": {\"name\": \"indicator\"}}",
         "one of"},
    };
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        struct rv_err err = {0};
        struct arena a;
        struct profile p;
        char json[600];
        arena_init(&a, LIMIT_ARENA_BYTES);
        (void)snprintf(json, sizeof json, "{\"profile\": \"p\", \"kind\": \"%s\", %s}",
                       WRONG[i].kind, WRONG[i].members);
        CHECK_FAILS(profile_parse(&a, "p.json", text_of(json), &p, &err), RV_INVALID);
        if (!strstr(err.message, WRONG[i].part)) {
            fail_msg("%s\ngave: %s\nexpected: %s", json, err.message, WRONG[i].part);
        }
        arena_done(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_of_years_become_months),
        cmocka_unit_test(a_lone_year_that_nobody_explains_is_quarantined),
        cmocka_unit_test(each_row_may_say_what_its_label_means),
        cmocka_unit_test(a_band_gives_both_ages),
        cmocka_unit_test(thousands_are_marked_before_every_third_digit_or_it_is_no_number),
        cmocka_unit_test(the_first_filled_of_several_columns_is_taken),
        cmocka_unit_test(what_no_map_holds_may_be_refused),
        cmocka_unit_test(a_time_is_kept_no_finer_than_it_is_known),
        cmocka_unit_test(years_across_are_whole_years),
        cmocka_unit_test(symbols_in_wide_cells_are_kept),
        cmocka_unit_test(columns_are_known_by_what_they_hold),
        cmocka_unit_test(words_too_long_to_keep_cost_their_row),
        cmocka_unit_test(a_profile_may_ask_for_headers_that_it_does_not_read),
        cmocka_unit_test(unnamed_columns_and_blanks_around_names_do_no_harm),
        cmocka_unit_test(what_a_profile_cannot_mean_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
