/* tests/ingest/test_tables.c — area counts, look-ups, populations, indicators; wide tables.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "fixture.h"

#define BOROUGH "MajorText,MinorText,LookUp_BoroughName,202101,202102\n"
#define WARD    "MajorText,MinorText,WardName,WardCode,LookUp_BoroughName,202101,202102\n"

static const char *const COUNTS[] = {"area_code", "category", "subcategory", "period_from",
                                     "period_to", "count",    NULL};

static void months_across_become_one_row_each(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "a.csv",
                  BOROUGH "Robbery,Robbery of Personal Property,Havering,5,0\n"
                          "Theft,Shoplifting,London Heathrow and London City Airports,1,2\n"
                          "Theft,Shoplifting,Barnet,7,\n");
        CHECK_STRING(d.report.profile, "mps-borough");
        CHECK_INT(d.report.read, 3);
        CHECK_INT(d.report.excluded, 1);
        CHECK(strstr(d.report.exclusions[0].name, "airports") != NULL);
        CHECK_INT(d.report.rows, 4);
        desk_check_rows(&d, 0, COUNTS,
                        "E09000016|Robbery|Robbery of Personal Property|2021-01|2021-01|5\n"
                        "E09000016|Robbery|Robbery of Personal Property|2021-02|2021-02|0\n"
                        "E09000003|Theft|Shoplifting|2021-01|2021-01|7\n"
                        "E09000003|Theft|Shoplifting|2021-02|2021-02|\n"); /* empty is not zero */
    }
}

static void a_name_that_no_map_holds_never_joins(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "a.csv", BOROUGH "Robbery,X,Havering,5,0\nRobbery,X,Haverring,5,0\n");
        CHECK_INT(desk_reason(&d.report, "not-a-code"), 1);
        CHECK_INT(d.report.accepted, 1);
    }
}

static void a_bad_cell_of_a_wide_row_quarantines_the_row(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "a.csv",
                  BOROUGH "Robbery,X,Havering,5,many\nRobbery,X,Barnet,-1,0\nRobbery,X,Bexley,1.5,"
                          "0\nRobbery,X,Brent,1,0\n");
        CHECK_INT(d.report.quarantined, 3);
        CHECK_INT(desk_reason(&d.report, "not-a-number"), 1);
        CHECK_INT(desk_reason(&d.report, "out-of-range"), 1);
        CHECK_INT(desk_reason(&d.report, "not-a-whole-number"), 1);
        CHECK_INT(d.report.rows, 2);
    }
}

static void capitals_are_another_source_with_one_spelling(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "a.csv", BOROUGH "VIOLENCE AGAINST THE PERSON,HOMICIDE,Havering,1,0\n");
        CHECK_STRING(d.report.profile, "mps-borough-reorganised");
        desk_check_rows(
            &d, 0, NAMES("category", "subcategory"),
            "Violence Against the Person|Homicide\nViolence Against the Person|Homicide\n");
        desk_text(&d, "b.csv", BOROUGH "Violence Against the Person,Homicide,Havering,1,0\n");
        CHECK_STRING(d.report.profile, "mps-borough");
        CHECK_INT(d.report.superseded + d.report.withdrawn + d.report.duplicates, 0);
        desk_text(&d, "c.csv",
                  "MajorText,MinorText,BoroughName,202101\nTHEFT,SHOPLIFTING,Unknown,4\nTHEFT,"
                  "SHOPLIFTING,Barnet,4\n");
        CHECK_STRING(d.report.profile, "mps-borough-reorganised");
        CHECK_INT(d.report.excluded, 1);
    }
}

static void a_ward_table_is_not_taken_for_a_borough_table(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_write(&d, "a.csv", WARD "Robbery,X,Abbey,E05000026,Barking and Dagenham,1,2\n");
        d.options.profile = "mps-borough";
        desk_refuses(&d, d.path, RV_INVALID, "WardName");
        d.options.profile = NULL;
        desk_import(&d, d.path);
        CHECK_STRING(d.report.profile, "mps-ward");
        desk_check_rows(
            &d, 0, COUNTS,
            "E05000026|Robbery|X|2021-01|2021-01|1\nE05000026|Robbery|X|2021-02|2021-02|2\n");
    }
}

static void a_later_wide_table_replaces_its_own_months_only(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        int64_t first =
            desk_text(&d, "a.csv", BOROUGH "Robbery,X,Havering,5,6\nTheft,X,Havering,7,8\n")
                ->extract;
        desk_text(
            &d, "b.csv",
            "MajorText,MinorText,LookUp_BoroughName,202102,202103\nRobbery,X,Havering,60,61\n");
        CHECK_INT(d.report.superseded, 1); /* robbery of February */
        CHECK_INT(d.report.withdrawn, 1);  /* theft of February */
        desk_check_rows(&d, first, NAMES("category", "period_from", "count"),
                        "Robbery|2021-01|5\nTheft|2021-01|7\n");
        CHECK_INT(d.report.first_month, civil_month_index(2021, 2));
        CHECK_INT(d.report.last_month, civil_month_index(2021, 3));
    }
}

static void counts_of_a_year_cover_its_months(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "a.csv",
                  "area_code,category,period_from,period_to,count\nE09000016,Theft,2021-01,2021-12,"
                  "100\nE09000016,Theft,2023-01,2023-12,100\n");
        CHECK_INT(d.report.first_month, civil_month_index(2021, 1));
        CHECK_INT(d.report.last_month, civil_month_index(2023, 12));
        CHECK_INT(d.report.gap_count, 12);
    }
}

static void lookups_are_recognised_by_their_header(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(
            &d, "a.csv",
            "lsoa11_name,lsoa11_code,change_code,lsoa21_name,lsoa21_code,ltla22_name,ltla22_code\n"
            "H,E01000001,U,H,E01000001,C,E09000001\nH,E01000002,S,H,E01035716,C,E09000001\n");
        desk_check_rows(&d, 0, NAMES("from_code", "to_code", "weight", "basis"),
                        "E01000001|E01000001||exact\nE01000002|E01035716||best-fit\n");
        desk_text(&d, "b.csv",
                  "lsoa21_name,lsoa21_code,ward24_name,ward24_code,ltla24_name,ltla24_code\nH,"
                  "E01000001,A,E05009288,C,E09000001\n");
        desk_check_rows(&d, 0, NAMES("from_code", "to_code", "basis"),
                        "E01000001|E05009288|best-fit\nE01000001|E09000001|exact\n");
        desk_text(&d, "c.csv",
                  "from_code,to_code,weight,basis\nA1,B1,0.25,population\nA1,B2,0.75,"
                  "population\nA1,B3,1.5,area\n");
        CHECK_STRING(d.report.profile, "canonical-lookup");
        CHECK_INT(desk_reason(&d.report, "out-of-range"), 1);
    }
}

static void a_total_beside_its_parts_is_refused(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "parts.csv",
                  "area_code,year,age_from,age_to,sex,persons\nE1,2021,0,17,female,5\nE1,2021,0,17,"
                  "male,5\n"
                  "E1,2021,18,,female,9\nE1,2021,18,,male,9\nE1,2022,0,,,30\nE2,2021,,,,40\nE2,"
                  "2021,,,,40\n");
        CHECK_INT(d.report.accepted, 6);
        CHECK_INT(d.report.duplicates, 1);
        desk_refuses(
            &d,
            desk_write(
                &d, "sex.csv",
                "area_code,year,sex,persons\nE1,2021,female,5\nE1,2021,male,5\nE1,2021,,10\n"),
            RV_REFUSED, "rows 2 and 4");
        desk_refuses(&d,
                     desk_write(&d, "age.csv",
                                "area_code,year,age_from,age_to,persons\nE1,2021,0,4,5\nE1,2021,5,"
                                "9,5\nE1,2021,0,9,10\n"),
                     RV_REFUSED, "a total");
        desk_refuses(
            &d,
            desk_write(&d, "twice.csv",
                       "area_code,year,age_from,age_to,persons\nE1,2021,0,4,5\nE1,2021,0,4,6\n"),
            RV_REFUSED, "rows 2 and 3");
    }
}

static void a_total_that_differs_from_its_parts_quarantines_the_row(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        const char *header =
            "LSOA11CD,Persons_All-Ages,Males_0-15,Males_16-29,Males_30-44,Males_45-64,Males_65+,"
            "Females_0-15,Females_16-29,Females_30-44,Females_45-64,Females_65+\n";
        char text[600];
        (void)snprintf(text, sizeof text,
                       "%sE01000001,55,1,2,3,4,5,6,7,8,9,10\nE01000002,54,1,2,3,4,5,6,7,8,9,10\n",
                       header);
        desk_write(&d, "a.csv", text);
        desk_refuses(&d, d.path, RV_INVALID, "--period");
        d.options.period = "2019";
        desk_import(&d, d.path);
        CHECK_INT(desk_reason(&d.report, "total-differs"), 1);
        CHECK_INT(d.report.rows, 10);
        struct buf out;
        buf_init(&out, 4096);
        struct text got = desk_rows(
            &d, 0, &out, NAMES("area_code", "year", "sex", "age_from", "age_to", "persons"));
        CHECK(text_starts(got, "E01000001|2019|female|0|15|6\n"));
        CHECK(text_ends(got, "E01000001|2019|male|65|130|5\n"));
        buf_done(&out);
    }
}

static void a_symbol_in_place_of_a_value_is_kept(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        char path[160];
        (void)snprintf(path, sizeof path, "%s",
                       desk_write(&d, "p.json",
                                  "{\"profile\": \"p\", \"kind\": \"indicators\", \"columns\": "
                                  "{\"indicator\": {\"from\": \"i\"},"
                                  "\"area_code\": {\"from\": \"a\"}, \"period_from\": {\"from\": "
                                  "\"y\"},"
                                  "\"value\": {\"from\": \"v\", \"missing\": [\"c\", \"z\", "
                                  "\"low\"]}}, \"constants\": {\"period_to\": \"2022-12\"}}"));
        d.options.profile = path;
        if (rv_is_ok(desk_try(
                &d,
                desk_write(&d, "a.csv",
                           "i,a,y,v\nx,E09000016,2022-01,1.5\nx,E09000017,2022-01,c\nx,E09000018,"
                           "2022-01,low\nx,E09000019,2022-01,\nx,E09000020,2022-01,?\n")))) {
            CHECK_INT(desk_reason(&d.report, "not-a-number"), 1);
            desk_check_rows(&d, 0, NAMES("area_code", "value", "symbol"),
                            "E09000016|1.5|\nE09000017||c\nE09000018||low\nE09000019||\n");
        } else {
            fail_msg("%s", d.err.message);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(months_across_become_one_row_each),
        cmocka_unit_test(a_name_that_no_map_holds_never_joins),
        cmocka_unit_test(a_bad_cell_of_a_wide_row_quarantines_the_row),
        cmocka_unit_test(capitals_are_another_source_with_one_spelling),
        cmocka_unit_test(a_ward_table_is_not_taken_for_a_borough_table),
        cmocka_unit_test(a_later_wide_table_replaces_its_own_months_only),
        cmocka_unit_test(counts_of_a_year_cover_its_months),
        cmocka_unit_test(lookups_are_recognised_by_their_header),
        cmocka_unit_test(a_total_beside_its_parts_is_refused),
        cmocka_unit_test(a_total_that_differs_from_its_parts_quarantines_the_row),
        cmocka_unit_test(a_symbol_in_place_of_a_value_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
