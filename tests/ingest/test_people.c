/* tests/ingest/test_people.c — people of offences, later outcomes, searches, calls, weights and
 * days: each kind loads, holds to its closed vocabularies and is accounted for.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "fixture.h"

#define PERSONS  "offence_id,role,person_ref,age,sex\n"
#define OFFENCES "offence_id,recorded_at,offence_group\n"

static const char *const PERSON[] = {"offence_id", "role", "person_ref", "age", "sex", NULL};

static int64_t rows_not_recorded(const struct ingest_report *r, const char *column,
                                 const char *value)
{
    for (size_t i = 0; i < r->not_recorded_count; i++) {
        if (strcmp(r->not_recorded[i].column, column) == 0 &&
            strcmp(r->not_recorded[i].value, value) == 0) {
            return r->not_recorded[i].rows;
        }
    }
    return 0;
}

static void people_hold_to_their_vocabularies(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "p.csv",
                  "offence_id,role,age,sex,ethnicity,ethnicity_observed,relationship,age_band\n"
                  "a,victim,17,female,W1,IC3,stranger,\n"
                  "a,suspect,120,male,black,IC9,ex-partner,\n"
                  "b,witness,30,male,white,IC1,,\n" /* a role that is none: quarantined */
                  "b,,30,male,white,IC1,,\n"        /* no role */
                  "c,victim,999,unsaid,Martian,IC7,pen-friend,\n" /* values become not-recorded */
                  "c,victim,-1,male,,,,\n"
                  "c,victim,17.5,male,,,,\n"
                  "c,accused,28.0,other,NS,,,25-34\n"
                  "c,accused,young,other,NS,,,25-34\n");
        CHECK_STRING(d.report.kind, "persons");
        CHECK_INT(d.report.accepted, 4);
        CHECK_INT(desk_reason(&d.report, "unknown-code"), 1);
        CHECK_INT(desk_reason(&d.report, "missing-value"), 1);
        CHECK_INT(desk_reason(&d.report, "out-of-range"), 1);
        CHECK_INT(desk_reason(&d.report, "not-a-whole-number"), 1);
        CHECK_INT(desk_reason(&d.report, "not-a-number"), 1);
        CHECK_INT(rows_not_recorded(&d.report, "age", "999"), 1);
        CHECK_INT(rows_not_recorded(&d.report, "sex", "unsaid"), 1);
        CHECK_INT(rows_not_recorded(&d.report, "ethnicity", "Martian"), 1);
        CHECK_INT(rows_not_recorded(&d.report, "ethnicity_observed", "IC7"), 1);
        CHECK_INT(rows_not_recorded(&d.report, "relationship", "pen-friend"), 1);
        desk_check_rows(&d, 0,
                        NAMES("offence_id", "role", "age", "sex", "ethnicity", "ethnicity_observed",
                              "relationship", "age_band"),
                        "a|victim|17|female|W1|IC3|stranger|\n"
                        "a|suspect|120|male|black|IC9|ex-partner|\n"
                        "c|victim||||||\n"
                        "c|accused|28|other|NS|||25-34\n");
    }
}

static void equal_people_without_a_reference_are_two_people(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "p.csv",
                  PERSONS "a,victim,,20,male\na,victim,,20,male\na,victim,r1,20,male\n"
                          "a,victim,r1,20,male\nb,suspect,,20,male\n");
        CHECK_INT(d.report.duplicates, 1); /* r1, who says who he is */
        CHECK_INT(d.report.accepted, 4);
        CHECK_INT(d.report.repeated_keys, 0);
        desk_check_rows(&d, 0, PERSON,
                        "a|victim||20|male\na|victim||20|male\na|victim|r1|20|male\n"
                        "b|suspect||20|male\n");
    }
}

static void a_later_extract_has_all_people_of_a_role(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        int64_t first = desk_text(&d, "1.csv",
                                  PERSONS "a,victim,,20,male\na,victim,,21,male\n"
                                          "a,suspect,,30,male\na,suspect,,31,male\nb,victim,,9,\n")
                            ->extract;
        /* One of two victims is as before, a new one stands beside him; the suspects are not
         * named, so they stay: suspects may come in a file of their own. */
        desk_text(&d, "2.csv", PERSONS "a,victim,,20,male\na,victim,,40,female\n");
        CHECK_INT(d.report.superseded, 1);
        CHECK_INT(d.report.withdrawn, 0);
        CHECK_INT(d.report.duplicates, 1);
        desk_check_rows(
            &d, first, PERSON,
            "a|victim||20|male\na|suspect||30|male\na|suspect||31|male\nb|victim||9|\n");
        desk_check_rows(&d, 0, PERSON, "a|victim||40|female\n");
    }
}

static void people_of_offences_that_are_not_held_are_orphans(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "1.csv",
                  PERSONS "a,victim,,20,male\nb,victim,,21,male\nb,suspect,,22,male\n");
        CHECK_INT(d.report.orphans, 3);
        CHECK_INT(d.report.accepted, 3); /* orphans load */
        CHECK_INT(d.report.unplaced, -1);
        CHECK_INT(d.report.first_month > d.report.last_month, 1); /* no dates of their own */
        desk_text(&d, "o.csv", OFFENCES "a,2022-01,theft\nb,2022-01,theft\n");
        CHECK_INT(d.report.orphans, 0);
        desk_text(&d, "2.csv",
                  PERSONS "a,suspect,,20,male\nc,suspect,,21,male\nc,suspect,,21,male\n");
        CHECK_INT(d.report.orphans, 2);
        /* An offence that left the current view is not held; duplicates are not counted. */
        d.options.profile = NULL;
        desk_text(&d, "o2.csv", OFFENCES "a,2022-01,arson\n");
        CHECK_INT(d.report.superseded, 1);
        desk_text(&d, "3.csv", PERSONS "a,accused,,20,male\nc,suspect,,21,male\n");
        CHECK_INT(d.report.duplicates, 1);
        CHECK_INT(d.report.orphans, 0);
    }
}

static void outcomes_follow_their_offence(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "o.csv", OFFENCES "a,2022-01,theft\n");
        desk_text(
            &d, "1.csv",
            "offence_id,outcome,outcome_date\na,accused,2022-02-01\na,accused,2022-02-01\n"
            "a,other,2022-05\nb,no-suspect,2022-03\na,pardoned,2022-06\na,open,\n,open,2022-01\n");
        CHECK_STRING(d.report.kind, "outcomes");
        CHECK_INT(d.report.read, 7);
        CHECK_INT(d.report.duplicates, 1);
        CHECK_INT(d.report.repeated_keys, 0); /* several outcomes of one offence are usual */
        CHECK_INT(d.report.orphans, 1);
        CHECK_INT(desk_reason(&d.report, "missing-value"), 2);
        CHECK_INT(rows_not_recorded(&d.report, "outcome", "pardoned"), 1);
        CHECK_INT(d.report.first_month, civil_month_index(2022, 2));
        CHECK_INT(d.report.last_month, civil_month_index(2022, 6));
        desk_check_rows(
            &d, 0, NAMES("offence_id", "outcome", "outcome_date"),
            "a|accused|2022-02-01\na|other|2022-05\nb|no-suspect|2022-03\na||2022-06\n");
    }
}

static void searches_have_no_key(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(&d, "1.csv",
                  "searched_at,easting,northing,age_band,sex,ethnicity,ethnicity_observed,object,"
                  "outcome\n"
                  "2021-06-01T03:03,551000,186000,18-24,male,asian,IC4,knife,arrest\n"
                  "2021-06-01T03:03,551000,186000,18-24,male,asian,IC4,knife,arrest\n"
                  "2021-07-01T03:03Z,,,,,,,,\n");
        CHECK_STRING(d.report.kind, "stop-search");
        CHECK_INT(d.report.duplicates, 1);
        desk_check_rows(&d, 0, NAMES("searched_at", "easting", "age_band", "outcome"),
                        "2021-06-01T03:03|551000000|18-24|arrest\n2021-07-01T04:03|||\n");
    }
}

/* ---- one row of each of the other kinds ---- */

static void every_kind_keeps_what_it_is_given(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *header, *rows, *want;
        const char *names[12];
    } KINDS[] = {
        {"ambulance",
         "incident_id,called_at,easting,northing,lsoa_code,ward_code,place,category,injury,"
         "age_band,sex\n",
         "i1,2022-01-05T23:10,551000.5,186000,E01000001,E05000001,street,stab,serious,18-24,male\n"
         "i2,soon,,,,,,,,,\n",
         "i1|2022-01-05T23:10|551000500|E01000001|E05000001|street|stab|serious|18-24|male\n",
         {"incident_id", "called_at", "easting", "lsoa_code", "ward_code", "place", "category",
          "injury", "age_band", "sex"}},
        {"transport",
         "incident_id,occurred_at,operator,route,station,offence_group,borough_code\n",
         "t1,2022-01-05T23:10,bus,174,,gbh,E09000016\nt2,2022-01-05,camel,,Romford,,\nt3,,bus,,,,"
         "\n",
         "t1|2022-01-05T23:10|bus|174||gbh|E09000016\nt2|2022-01-05|||Romford||\n",
         {"incident_id", "occurred_at", "operator", "route", "station", "offence_group",
          "borough_code"}},
        {"emergency-department",
         "site_code,arrived_at,assault_at,assault_method,method_text,location_type,location_text\n",
         "RF4QH,2022-01-05T23:10,2022-01-05T22:00,blade,kitchen knife,street,near the market\n"
         "RF4QH,2022-01-05T23:10,,blade,,street,\n",
         "RF4QH|2022-01-05T23:10|2022-01-05T22:00|blade|kitchen knife|street|market\n",
         {"site_code", "arrived_at", "assault_at", "assault_method", "method_text", "location_type",
          "location_text"}},
        {"cohort",
         "cohort,person_ref,period_from,period_to,age,sex,ethnicity,offence_group,coverage_area\n",
         "youth-justice,p1,2022-01-01,2022-12-31,15,male,black,gbh,\n"
         "probation,p2,2022-06-30,2022-06-30,200,male,black,gbh,three boroughs\n"
         "probation,,2022-06-30,2022-06-30,20,male,black,gbh,\n",
         "youth-justice|p1|2022-01-01|2022-12-31|15|male|black|gbh|\n"
         "probation|p2|2022-06-30|2022-06-30||male|black|gbh|three boroughs\n",
         {"cohort", "person_ref", "period_from", "period_to", "age", "sex", "ethnicity",
          "offence_group", "coverage_area"}},
        {"referrals",
         "service,period_from,period_to,referrals,repeat_referrals,caseload,staff_fte\n",
         "marac,2022-01,2022-03,101,,40.5,2.6\nidva,2022-01,2022-03,-1,,,\n",
         "marac|2022-01|2022-03|101||40.5|2.6\n",
         {"service", "period_from", "period_to", "referrals", "repeat_referrals", "caseload",
          "staff_fte"}},
        {"weights",
         "offence_code,offence_group,weight,scheme\n",
         "5D,,1460,harm-2020\n,gbh,20.5,harm-2020\n,,1,harm-2020\n,gbh,-1,harm-2020\n,gbh,1,\n",
         "5D||1460|harm-2020\n|gbh|20.5|harm-2020\n",
         {"offence_code", "offence_group", "weight", "scheme"}},
        {"calendar",
         "date,kind,name,region\n",
         "2022-12-26,bank-holiday,Boxing Day,England\n2022-10-24,school-holiday,,Havering\n"
         "26/12,bank-holiday,,\n",
         "2022-12-26|bank-holiday|Boxing Day|England\n2022-10-24|school-holiday||Havering\n",
         {"date", "kind", "name", "region"}},
    };
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        WITH_DESK(d)
        {
            char text[1000];
            (void)snprintf(text, sizeof text, "%s%s", KINDS[i].header, KINDS[i].rows);
            desk_text(&d, "a.csv", text);
            CHECK_STRING(d.report.kind, KINDS[i].kind);
            CHECK_INT(d.report.dropped_count, 0);
            CHECK(d.report.quarantined > 0);
            desk_check_rows(&d, 0, KINDS[i].names, KINDS[i].want);
            desk_refuses(&d, d.path, RV_REFUSED, KINDS[i].kind); /* held once as this kind */
        }
    }
}

/* ---- one file, two kinds ---- */

static const char *write_profile(struct desk *d, const char *id, const char *kind, const char *rest)
{
    static char path[2][160];
    static size_t next;
    char json[600], name[64];
    char *out = path[next++ % 2];
    (void)snprintf(json, sizeof json,
                   "{\"profile\": \"%s\", \"kind\": \"%s\", \"refresh\": \"full\", %s}", id, kind,
                   rest);
    (void)snprintf(name, sizeof name, "%s.json", id);
    (void)snprintf(out, 160, "%s", desk_write(d, name, json));
    return out;
}

static void one_file_may_be_held_as_two_kinds_with_the_same_made_identifiers(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        const char *victims = write_profile(
            &d, "victims", "persons",
            "\"columns\": {\"sex\": {\"from\": \"Sex\", \"map\": {\"M\": \"male\"}}}, "
            "\"constants\": {\"role\": \"victim\"}");
        const char *offences =
            write_profile(&d, "homicides", "offences",
                          "\"columns\": {\"recorded_at\": {\"from\": \"Month\"}}, "
                          "\"constants\": {\"offence_group\": \"homicide\"}");
        const char *file = "Month,Sex\n2022-01,M\n2022-02,M\n2022-02,M\n";
        d.options.profile = offences;
        int64_t first = desk_text(&d, "h.csv", file)->extract;
        CHECK_INT(d.report.accepted, 3); /* the two of February are two */
        desk_refuses(&d, d.path, RV_REFUSED, "offences");
        d.options.profile = victims;
        desk_import(&d, d.path);
        CHECK_INT(d.report.accepted, 3);
        CHECK_INT(d.report.orphans, 0); /* the same line has the same identifier */
        desk_refuses(&d, d.path, RV_REFUSED, "persons");
        /* A later edition of the file replaces all of both, so that they still belong together. */
        d.options.profile = offences;
        desk_text(&d, "h2.csv", "Month,Sex\n2022-01,M\n2022-02,F\n2022-02,M\n2022-03,M\n");
        CHECK_INT(d.report.withdrawn, 3);
        CHECK_INT(d.report.accepted, 4);
        desk_check_rows(&d, first, NAMES("recorded_at"), "");
        d.options.profile = victims;
        desk_import(&d, d.path);
        CHECK_INT(d.report.withdrawn, 3);
        CHECK_INT(d.report.accepted, 4);
        CHECK_INT(d.report.orphans, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_hold_to_their_vocabularies),
        cmocka_unit_test(equal_people_without_a_reference_are_two_people),
        cmocka_unit_test(a_later_extract_has_all_people_of_a_role),
        cmocka_unit_test(people_of_offences_that_are_not_held_are_orphans),
        cmocka_unit_test(outcomes_follow_their_offence),
        cmocka_unit_test(searches_have_no_key),
        cmocka_unit_test(every_kind_keeps_what_it_is_given),
        cmocka_unit_test(one_file_may_be_held_as_two_kinds_with_the_same_made_identifiers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
