/* tests/ingest/test_compose.c — values put together from several columns: a date and its time of
 * day, flags that have a column each.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "check.h"
#include "fixture.h"

#define HEAD                                                                                       \
    "{\"profile\": \"p\", \"kind\": \"offences\", \"columns\": {\"offence_id\": {\"from\": "       \
    "\"id\"}, "
#define TAIL ", \"category\": {\"from\": \"what\"}}}"

static void use_profile(struct desk *d, const char *json)
{
    static char path[160];
    (void)snprintf(path, sizeof path, "%s", desk_write(d, "p.json", json));
    d->options.profile = path;
}

static void a_date_takes_its_time_of_day_from_another_column(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use_profile(&d, HEAD "\"recorded_at\": {\"from\": \"day\", \"format\": \"DD/MM/YYYY\","
                             " \"time_from\": \"time\", \"missing\": [\"-\"]}" TAIL);
        desk_text(&d, "a.csv",
                  "id,time,day,what\na,22:15,03/04/2021,T\nb,22:15,04/04/2021,T\nc,,04/04/2021,T\n"
                  "d,-,04/04/2021,T\ne,00:00,04/04/2021,T\nf,22:15,-,T\ng,25:15,04/04/2021,T\n"
                  "h,10 pm,04/04/2021,T\ni,01:30,28/03/2021,T\nj,22:15,31/02/2021,T\n");
        CHECK_INT(d.report.accepted, 5);
        CHECK_INT(desk_reason(&d.report, "missing-value"), 1);
        CHECK_INT(desk_reason(&d.report, "not-a-time"), 2);
        CHECK_INT(desk_reason(&d.report, "skipped-by-clock"), 1);
        CHECK_INT(desk_reason(&d.report, "no-such-date"), 1);
        CHECK_INT(d.report.dropped_count, 0);
        desk_check_rows(&d, 0, NAMES("offence_id", "recorded_at"),
                        "a|2021-04-03T22:15\nb|2021-04-04T22:15\nc|2021-04-04\nd|2021-04-04\n"
                        "e|2021-04-04T00:00\n");
    }
}

static void the_quarantine_names_the_column_of_the_time(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        char path[160];
        struct rv_err err = {0};
        struct buf out;
        (void)snprintf(path, sizeof path, "%s/q.csv", d.dir);
        d.options.quarantine_path = path;
        use_profile(&d, HEAD "\"recorded_at\": {\"from\": \"day\", \"time_from\": [\"newer\","
                             " \"time\"], \"time_format\": \"HMI\"}" TAIL);
        desk_text(&d, "a.csv", "id,day,time,what\na,2021-04-03,2460,T\nb,2021-04-03,930,T\n");
        buf_init(&out, 4096);
        CHECK_OK(file_read(path, &out, &err));
        buf_char(&out, '\0');
        CHECK(strstr(out.bytes, "line 2, column \"\"time\"\": \"\"2460\"\" is not a time (expected "
                                "HMI)"));
        buf_done(&out);
        desk_check_rows(&d, 0, NAMES("offence_id", "recorded_at"), "b|2021-04-03T09:30\n");
    }
}

static void a_date_that_always_says_midnight_does_not_know_the_hour(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use_profile(&d, HEAD "\"recorded_at\": {\"from\": \"day\", \"format\": \"DD/MM/YYYY "
                             "HH:MI\", \"time_from\": \"time\"}" TAIL);
        desk_text(&d, "a.csv",
                  "id,day,time,what\na,03/04/2021 00:00,,T\nb,03/04/2021 00:00,09:30,T\n");
        desk_check_rows(&d, 0, NAMES("offence_id", "recorded_at"),
                        "a|2021-04-03\nb|2021-04-03T09:30\n");
    }
}

static void utc_dates_and_times_move_together(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use_profile(&d, "{\"profile\": \"p\", \"kind\": \"offences\", \"time_zone\": \"UTC\", "
                        "\"columns\": {\"offence_id\": {\"from\": \"id\"}, \"recorded_at\": "
                        "{\"from\": \"day\", \"time_from\": \"time\"}" TAIL);
        desk_text(&d, "a.csv", "id,day,time,what\na,2021-06-30,23:30,T\nb,2021-06-30,,T\n");
        desk_check_rows(&d, 0, NAMES("recorded_at"), "2021-07-01T00:30\n2021-06-30\n");
    }
}

static void flags_with_a_column_each_become_one_list(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use_profile(&d,
                    HEAD "\"recorded_at\": {\"from\": \"day\"}, \"flags\": {\"from\": \"Knife\","
                         " \"map\": {\"Y\": \"knife\"}, \"missing\": [\"N\", \"No\"], \"also\":"
                         " {\"DA\": {\"Yes\": \"domestic-abuse\"}, \"Gun\": {\"Y\":"
                         " \"firearm\"}}}" TAIL);
        desk_text(&d, "a.csv",
                  "id,day,what,Gun,DA,Knife\na,2021-01-01,T,N,No,N\nb,2021-01-01,T,Y,Yes,Y\n"
                  "c,2021-01-01,T,,Yes,N\nd,2021-01-01,T,Y,No,\ne,2021-01-01,T,N,Y,Y\n");
        CHECK_INT(d.report.accepted, 5);
        CHECK_INT(d.report.dropped_count, 0);
        /* "Y" is not what the column DA says for yes: it is named, not taken for knife. */
        CHECK_INT(d.report.not_recorded_count, 1);
        CHECK_STRING(d.report.not_recorded[0].value, "Y");
        desk_check_rows(&d, 0, NAMES("offence_id", "flags"),
                        "a|\nb|knife;domestic-abuse;firearm\nc|domestic-abuse\nd|firearm\n"
                        "e|knife;Y\n");
    }
}

static void a_part_that_is_not_there_is_asked_for(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use_profile(&d, HEAD "\"recorded_at\": {\"from\": \"day\", \"time_from\": \"time\"}" TAIL);
        desk_refuses(&d, desk_write(&d, "a.csv", "id,day,what\na,2021-01-01,T\n"), RV_INVALID,
                     "\"time\" is missing");
        use_profile(&d, HEAD "\"recorded_at\": {\"from\": \"day\"}, \"flags\": {\"from\": \"K\", "
                             "\"also\": {\"DA\": {}}}" TAIL);
        desk_refuses(&d, desk_write(&d, "a.csv", "id,day,what,K\na,2021-01-01,T,\n"), RV_INVALID,
                     "\"DA\" is missing");
    }
}

static void parts_of_the_wrong_column_are_no_profile(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        const char *csv = desk_write(&d, "a.csv", "id,day,what\na,2021-01-01,T\n");
        char path[160];
        (void)snprintf(path, sizeof path, "%s", csv);
        use_profile(&d, HEAD "\"recorded_at\": {\"from\": \"day\", \"time_format\": \"HMI\"}" TAIL);
        desk_refuses(&d, path, RV_INVALID, "needs \"time_from\"");
        use_profile(&d, HEAD "\"recorded_at\": {\"from\": \"day\"}, \"venue_name\": {\"from\":"
                             " \"what\", \"time_from\": \"day\"}" TAIL);
        desk_refuses(&d, path, RV_INVALID, "hold a time");
        use_profile(&d, HEAD "\"recorded_at\": {\"from\": \"day\"}, \"outcome\": {\"from\":"
                             " \"what\", \"also\": {\"day\": {}}}" TAIL);
        desk_refuses(&d, path, RV_INVALID, "hold a list");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_date_takes_its_time_of_day_from_another_column),
        cmocka_unit_test(the_quarantine_names_the_column_of_the_time),
        cmocka_unit_test(a_date_that_always_says_midnight_does_not_know_the_hour),
        cmocka_unit_test(utc_dates_and_times_move_together),
        cmocka_unit_test(flags_with_a_column_each_become_one_list),
        cmocka_unit_test(a_part_that_is_not_there_is_asked_for),
        cmocka_unit_test(parts_of_the_wrong_column_are_no_profile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
