/* tests/ingest/test_refresh.c — what a later extract of the same source does to an earlier one.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "fixture.h"

#include <pthread.h>
#include <sched.h>

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

/* An extract of the source "inc" with one row, put into an open transaction of another writer. */
static void commit_row(struct store *s, const char *id, const char *category)
{
    static const struct extract_column columns[] = {{"offence_id", COLUMN_TEXT},
                                                    {"category", COLUMN_CATEGORY}};
    struct rv_err err = {0};
    struct extract_draft *d = NULL;
    struct dictionary categories;
    char sha256[SHA256_HEX + 1];
    CHECK_OK(sha256_of(id, strlen(id), sha256, &err));
    const struct extract_meta meta = {.kind = "offences",
                                      .source = "inc",
                                      .profile = "inc",
                                      .profile_version = 1,
                                      .file_name = "other.csv",
                                      .sha256 = sha256,
                                      .imported_at = "2026-11-22T13:00:00Z",
                                      .refresh = "incremental",
                                      .report_json = "{}"};
    const uint32_t offsets[2] = {0, (uint32_t)strlen(id)};
    uint32_t code = 0;
    int64_t extract = 0;
    dictionary_init(&categories, 10);
    CHECK_OK(dictionary_code(&categories, text_of(category), &code, &err));
    const struct column cells[] = {
        {.type = COLUMN_TEXT, .rows = 1, .offsets = offsets, .bytes = id},
        {.type = COLUMN_CATEGORY, .rows = 1, .codes = &code}};
    CHECK_OK(draft_open(s, columns, 2, &d, &err));
    for (size_t i = 0; i < 2; i++) {
        struct chunk_summary summary;
        struct buf bytes;
        buf_init(&bytes, 4096);
        CHECK_OK(chunk_encode(&cells[i], &bytes, &summary, &err));
        CHECK_OK(draft_append(d, i, 0, &summary, buf_view(&bytes), &err));
        buf_done(&bytes);
    }
    CHECK_OK(draft_commit(d, s, &meta, (const struct dictionary *[]){NULL, &categories}, &extract,
                          &err));
    draft_close(d);
    dictionary_done(&categories);
}

struct waiting_import {
    struct desk *d;
    struct progress progress;
    rv_status status;
};

static void *import_while_another_writes(void *context)
{
    struct waiting_import *w = context;
    w->status = ingest_import(w->d->s, &w->d->a, w->d->pool, &w->progress, w->d->path,
                              &w->d->options, &w->d->report, &w->d->err);
    return NULL;
}

static void rows_that_arrive_while_an_import_waits_are_counted_too(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        struct rv_err err = {0};
        struct store *other = NULL;
        struct waiting_import waiting = {.d = &d};
        pthread_t thread;
        use_profile(&d, "inc", "incremental");
        desk_write(&d, "1.csv", HEADER "a,2022-01,Theft\nb,2022-13,Theft\n");
        CHECK_OK(store_open(d.file, STORE_WRITE, &other, &err));
        CHECK_OK(store_begin(other, &err));
        CHECK_INT(pthread_create(&thread, NULL, import_while_another_writes, &waiting), 0);
        for (const char *step = NULL; !step || strcmp(step, "storing") != 0;) {
            sched_yield(); /* until its rows are compared with what was held */
            step = waiting.progress.step;
        }
        commit_row(other, "a", "Arson");
        CHECK_OK(store_commit(other, &err));
        CHECK_INT(pthread_join(thread, NULL), 0);
        store_close(other);
        CHECK_OK(waiting.status);
        CHECK_INT(d.report.superseded, 1);
        CHECK_INT(d.report.accepted, 1);
        CHECK_INT(d.report.reason_count, 1); /* told once, although counted twice */
        desk_check_rows(&d, 0, ROW, "a|2022-01|Theft\n");
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
        cmocka_unit_test(rows_that_arrive_while_an_import_waits_are_counted_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
