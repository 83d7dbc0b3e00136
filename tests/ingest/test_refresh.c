/* tests/ingest/test_refresh.c — what a later extract of the same source does to an earlier one.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "fixture.h"

#define HEADER "offence_id,recorded_at,category\n"

/* A profile with the canonical headers and this refresh rule. */
static void use_profile(struct desk *d, const char *id, const char *refresh)
{
    static char path[160];
    char json[400], name[64];
    (void)snprintf(
        json, sizeof json,
        "{\"profile\": \"%s\", \"kind\": \"offences\", \"refresh\": \"%s\", \"columns\": {"
        "\"offence_id\": {\"from\": \"offence_id\", \"optional\": true},"
        "\"recorded_at\": {\"from\": \"recorded_at\"}, \"category\": {\"from\": \"category\"}}}",
        id, refresh);
    (void)snprintf(name, sizeof name, "%s.json", id);
    (void)snprintf(path, sizeof path, "%s", desk_write(d, name, json));
    d->options.profile = path;
}

static const char *const ROW[] = {"offence_id", "recorded_at", "category", NULL};

static void incremental_supersedes_repeated_keys_and_keeps_the_rest(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use_profile(&d, "inc", "incremental");
        int64_t first =
            desk_text(&d, "1.csv",
                      HEADER "a,2022-01-05,Theft\nb,2022-01-06,Theft\nc,2022-02-01,Arson\n")
                ->extract;
        desk_text(&d, "2.csv",
                  HEADER "b,2022-01-06,Robbery\nd,2022-01-09,Theft\na,2022-01-05,Theft\n");
        CHECK_INT(d.report.superseded, 1);
        CHECK_INT(d.report.withdrawn, 0);
        CHECK_INT(d.report.duplicates, 1); /* a is what it was */
        CHECK_INT(d.report.accepted, 2);
        CHECK(!d.report.needs_attention); /* supersession alone is exit 0 */
        desk_check_rows(&d, first, ROW, "a|2022-01-05|Theft\nc|2022-02-01|Arson\n");
        desk_check_rows(&d, 0, ROW, "b|2022-01-06|Robbery\nd|2022-01-09|Theft\n");
    }
}

static void a_later_key_supersedes_every_numbered_row_of_it(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use_profile(&d, "inc", "incremental");
        int64_t first =
            desk_text(&d, "1.csv", HEADER "a,2022-01,Theft\na,2022-01,Arson\nb,2022-01,Theft\n")
                ->extract;
        CHECK_INT(d.report.repeated_keys, 1);
        desk_text(&d, "2.csv", HEADER "a,2022-01,Fraud\n");
        CHECK_INT(d.report.superseded, 2);
        desk_check_rows(&d, first, ROW, "b|2022-01|Theft\n");
    }
}

static void full_withdraws_what_is_no_longer_there(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use_profile(&d, "full", "full");
        int64_t first =
            desk_text(&d, "1.csv", HEADER "a,2022-01,Theft\nb,2022-01,Theft\nc,2022-02,Arson\n")
                ->extract;
        desk_text(&d, "2.csv", HEADER "a,2022-01,Theft\nb,2022-01,Robbery\n");
        CHECK_INT(d.report.superseded, 1);
        CHECK_INT(d.report.withdrawn, 1);
        CHECK_INT(d.report.duplicates, 1);
        desk_check_rows(&d, first, ROW, "a|2022-01|Theft\n");
        desk_check_rows(&d, 0, ROW, "b|2022-01|Robbery\n");
    }
}

static void period_withdraws_only_inside_the_months_it_covers(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use_profile(&d, "period", "period");
        int64_t first =
            desk_text(
                &d, "1.csv",
                HEADER
                "a,2022-01-31,Theft\nb,2022-02-01,Theft\nc,2022-03-31,Arson\nd,2022-04-01,Theft\n")
                ->extract;
        desk_text(&d, "2.csv", HEADER "e,2022-02-15,Theft\nf,2022-03-02,Theft\n");
        CHECK_INT(d.report.withdrawn, 2); /* b and c */
        CHECK_INT(d.report.superseded, 0);
        desk_check_rows(&d, first, ROW, "a|2022-01-31|Theft\nd|2022-04-01|Theft\n");
        /* declared: March to April, though it has rows of April only */
        d.options.period = "2022-03..2022-04";
        desk_text(&d, "3.csv", HEADER "g,2022-04-09,Theft\n");
        CHECK_INT(d.report.withdrawn, 2); /* d of the first, f of the second */
        CHECK_INT(d.report.first_month, civil_month_index(2022, 3));
        CHECK_INT(d.report.last_month, civil_month_index(2022, 4));
        CHECK_INT(d.report.gap_count, 0);
        desk_check_rows(&d, first, ROW, "a|2022-01-31|Theft\n");
    }
}

static void a_key_that_moved_out_of_the_period_is_superseded(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use_profile(&d, "period", "period");
        int64_t first =
            desk_text(&d, "1.csv", HEADER "a,2022-01,Theft\nb,2022-05,Theft\n")->extract;
        desk_text(&d, "2.csv", HEADER "b,2022-02,Theft\n");
        CHECK_INT(d.report.superseded, 1);
        desk_check_rows(&d, first, ROW, "a|2022-01|Theft\n");
    }
}

static void rows_without_identifiers_are_paired_one_to_one(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use_profile(&d, "inc", "incremental");
        int64_t first =
            desk_text(&d, "1.csv", HEADER ",2022-01,ASB\n,2022-01,ASB\n,2022-01,Litter\n")->extract;
        CHECK_INT(d.report.accepted, 3);
        desk_text(&d, "2.csv", HEADER ",2022-01,ASB\n,2022-01,ASB\n,2022-01,ASB\n,2022-02,ASB\n");
        CHECK_INT(d.report.duplicates, 2); /* two of the three are those held already */
        CHECK_INT(d.report.accepted, 2);
        CHECK_INT(d.report.superseded + d.report.withdrawn, 0);
        struct buf out;
        buf_init(&out, 4096);
        struct text now = desk_rows(&d, first, &out, NAMES("category"));
        CHECK_STRING(now.at, "ASB\nASB\nLitter\n");
        now = desk_rows(&d, 0, &out, NAMES("recorded_at"));
        CHECK_STRING(now.at, "2022-01\n2022-02\n");
        buf_done(&out);
    }
}

static void sources_and_suppliers_do_not_touch_each_other(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use_profile(&d, "full", "full");
        d.options.supplier = "Met";
        desk_text(&d, "1.csv", HEADER "a,2022-01,Theft\n");
        d.options.supplier = "City";
        desk_text(&d, "2.csv", HEADER "b,2022-01,Theft\n");
        CHECK_INT(d.report.withdrawn, 0);
        use_profile(&d, "full-2", "full");
        d.options.supplier = "Met";
        desk_text(&d, "3.csv", HEADER "a,2022-01,Arson\n");
        CHECK_INT(d.report.superseded + d.report.withdrawn, 0);
    }
}

static void earlier_states_stay_readable(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        struct rv_err err = {0};
        use_profile(&d, "full", "full");
        int64_t first =
            desk_text(&d, "1.csv", HEADER "a,2022-01,Theft\nb,2022-01,Theft\n")->extract;
        desk_text(&d, "2.csv", HEADER "c,2022-01,Theft\n");
        struct extract_scan *scan;
        struct column column;
        const uint64_t *current;
        static const char *const NAME[] = {"offence_id"};
        CHECK_OK(extract_scan_open(d.s, &d.a, first, NAME, 1, first, &scan, &err));
        CHECK_OK(extract_scan_read(scan, 0, &d.a, &column, &current, &err));
        CHECK(!current || (current[0] & 3) == 3);
        desk_check_rows(&d, first, ROW, "");
    }
}

static void a_third_extract_meets_the_rows_that_are_current(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        use_profile(&d, "inc", "incremental");
        desk_text(&d, "1.csv", HEADER "a,2022-01,Theft\n");
        int64_t second = desk_text(&d, "2.csv", HEADER "a,2022-01,Arson\n")->extract;
        CHECK_INT(d.report.superseded, 1);
        desk_text(&d, "3.csv",
                  HEADER "a,2022-01,Theft\nz,2022-01,Theft\n"); /* as in the first again */
        CHECK_INT(d.report.superseded, 1);
        CHECK_INT(d.report.duplicates, 0);
        desk_check_rows(&d, second, ROW, "");
        desk_check_rows(&d, 0, ROW, "a|2022-01|Theft\nz|2022-01|Theft\n");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(incremental_supersedes_repeated_keys_and_keeps_the_rest),
        cmocka_unit_test(a_later_key_supersedes_every_numbered_row_of_it),
        cmocka_unit_test(full_withdraws_what_is_no_longer_there),
        cmocka_unit_test(period_withdraws_only_inside_the_months_it_covers),
        cmocka_unit_test(a_key_that_moved_out_of_the_period_is_superseded),
        cmocka_unit_test(rows_without_identifiers_are_paired_one_to_one),
        cmocka_unit_test(sources_and_suppliers_do_not_touch_each_other),
        cmocka_unit_test(earlier_states_stay_readable),
        cmocka_unit_test(a_third_extract_meets_the_rows_that_are_current),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
