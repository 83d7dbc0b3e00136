/* tests/ingest/test_profile.c — profiles as data: read strictly, recognised by header; and an
 * import that stores the same bytes on any number of threads.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "fixture.h"
#include "ingest/kind.h"
#include "ingest/profile.h"

static void every_profile_of_the_program_can_be_read(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct arena a;
    struct profile *list;
    size_t count;
    arena_init(&a, LIMIT_ARENA_BYTES);
    CHECK_OK(profile_list(&a, &list, &count, &err));
    CHECK(count >= 18);
    for (size_t i = 0; i < count; i++) {
        struct profile again;
        CHECK(list[i].title && *list[i].title && list[i].kind && list[i].column_count);
        CHECK_OK(profile_load(&a, list[i].id, &again, &err));
        CHECK_STRING(again.id, list[i].id);
        for (size_t k = 0; k < i; k++) {
            CHECK(strcmp(list[k].id, list[i].id) != 0);
        }
    }
    arena_done(&a);
}

static void a_profile_that_is_wrong_says_where(void **state)
{
    (void)state;
    static const struct {
        const char *json, *part;
    } WRONG[] = {
        {"", "line"},
        {"[]", "one JSON object"},
        {"{\"profile\": \"p\",\n \"kind\": \"offences\",\n \"colour\": 1}",
         "line 3, column 2: \"colour\""},
        {"{\"profile\": \"p\",\n  \"kind\" \"offences\"}", "line 2"},
        {"{\"profile\": \"p\", \"profile\": \"q\"}", "duplicate"},
        {"{\"kind\": \"offences\"}", "required"},
        {"{\"profile\": \"p\", \"kind\": \"crimes\"}", "\"kind\""},
        {"{\"profile\": \"p\", \"kind\": \"offences\"}", "\"columns\""},
        {"{\"profile\": 1, \"kind\": \"offences\"}", "must be a text"},
        {"{\"profile\": \"p\", \"kind\": \"offences\", \"version\": 0, \"columns\": {}}",
         "\"version\""},
        {"{\"profile\": \"p\", \"kind\": \"offences\", \"separator\": \";;\", \"columns\": {}}",
         "\"separator\""},
        {"{\"profile\": \"p\", \"kind\": \"offences\", \"encoding\": \"utf-7\", \"columns\": {}}",
         "\"encoding\" is not read"},
        {"{\"profile\": \"p\", \"kind\": \"offences\", \"columns\": {\"crime_id\": {\"from\": "
         "\"x\"}}}",
         "\"crime_id\" is not a column of the kind offences"},
        {"{\"profile\": \"p\", \"kind\": \"offences\", \"columns\": {\"offence_id\": {}}}",
         "\"offence_id\" needs \"from\""},
        {"{\"profile\": \"p\", \"kind\": \"offences\", \"columns\": {\"offence_id\": {\"from\": "
         "\"x\", \"layout\": \"y\"}}}",
         "\"layout\""},
        {"{\"profile\": \"p\", \"kind\": \"offences\", \"columns\": {\"offence_id\": {\"from\": "
         "\"x\", \"map\": {\"a\": 1}}}}",
         "\"a\" must be a text"},
        {"{\"profile\": \"p\", \"kind\": \"offences\", \"columns\": {\"offence_id\": {\"from\": "
         "\"x\"}}, \"refresh\": \"never\"}",
         "full, period, incremental"},
        {"{\"profile\": \"p\", \"kind\": \"offences\", \"columns\": {\"offence_id\": {\"from\": "
         "\"x\"}}, \"key\": [\"id\"]}",
         "\"id\""},
        {"{\"profile\": \"p\", \"kind\": \"offences\", \"columns\": {\"offence_id\": {\"from\": "
         "\"x\"}}, \"exclude\": [{\"column\": \"c\"}]}",
         "\"exclude\""},
        {"{\"profile\": \"p\", \"kind\": \"area-counts\", \"columns\": {\"area_code\": {\"from\": "
         "\"x\"}}, \"wide\": {\"id\": [\"x\"]}}",
         "\"wide\""},
        {"{\"profile\": \"p\", \"kind\": \"lookup\", \"columns\": {\"from_code\": {\"from\": "
         "\"x\"}}, \"wide\": {\"value\": \"to_code\", \"periods\": \"YYYYMM\"}}",
         "\"periods\""},
    };
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        struct rv_err err = {0};
        struct arena a;
        struct profile p;
        arena_init(&a, LIMIT_ARENA_BYTES);
        CHECK_FAILS(profile_parse(&a, "p.json", text_of(WRONG[i].json), &p, &err), RV_INVALID);
        if (!strstr(err.message, WRONG[i].part) || !strstr(err.message, "p.json")) {
            fail_msg("%s\ngave: %s\nexpected: %s", WRONG[i].json, err.message, WRONG[i].part);
        }
        arena_done(&a);
    }
}

static void a_profile_without_choices_has_the_defaults(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct arena a;
    struct profile p;
    arena_init(&a, LIMIT_ARENA_BYTES);
    CHECK_OK(profile_parse(&a, "p",
                           text_of("{\"profile\": \"p\", \"kind\": \"offences\", \"columns\": "
                                   "{\"recorded_at\": {\"from\": [\"When\", \"Date\"]}}}"),
                           &p, &err));
    CHECK_INT(p.version, 1);
    CHECK_INT(p.refresh, PROFILE_INCREMENTAL);
    CHECK(!p.keeps_duplicates && !p.is_utc && !p.absent_is_zero && !p.wide);
    CHECK_INT(p.separator, ',');
    CHECK_INT(p.key_count, 1);
    CHECK_STRING(p.key[0], "offence_id");
    CHECK_INT(p.columns[0].from_count, 2);
    CHECK_OK(profile_load(&a, "mps-ward", &p, &err));
    CHECK(p.absent_is_zero); /* an absent row of a ward table is zero within its months */
    CHECK_OK(profile_load(&a, "mps-borough", &p, &err));
    CHECK(!p.absent_is_zero);
    arena_done(&a);
}

static void an_older_header_is_taken_when_the_newer_is_not_there(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct arena a;
    struct profile p;
    struct profile_fit fit;
    arena_init(&a, LIMIT_ARENA_BYTES);
    CHECK_OK(profile_load(&a, "mps-borough", &p, &err));
    struct text header[] = {text_of("MajorText"), text_of("MinorText "),
                            text_of("lookup_boroughname"), text_of("202101")};
    CHECK_OK(profile_fit_header(&a, &p, header, 4, &fit, &err));
    CHECK_INT(fit.missing_count, 0);
    CHECK_OK(profile_fit_header(&a, &p, header, 3, &fit, &err));
    CHECK_INT(fit.missing_count, 1);
    CHECK_STRING(fit.missing[0], "a month column");
    arena_done(&a);
}

/* ---- the same bytes on any number of threads ---- */

/* Hash of every stored byte of an extract: its dictionaries and its decoded chunks. */
static void digest(struct desk *d, char out[SHA256_HEX + 1])
{
    struct rv_err err = {0};
    struct buf all;
    buf_init(&all, (size_t)1 << 30);
    size_t count;
    const struct kind_column *columns;
    const struct kind *k = kind_find(d->report.kind);
    columns = k->columns;
    count = k->column_count;
    for (size_t i = 0; i < count; i++) {
        struct extract_scan *scan;
        CHECK_OK(
            extract_scan_open(d->s, &d->a, d->report.extract, &columns[i].name, 1, 0, &scan, &err));
        if (!extract_scan_has(scan, 0)) {
            continue;
        }
        if (extract_scan_dictionary(scan, 0)) {
            CHECK_OK(dictionary_write(extract_scan_dictionary(scan, 0), &all, &err));
        }
        for (uint32_t c = 0; c < extract_scan_chunks(scan); c++) {
            struct column column;
            struct chunk_summary summary;
            const uint64_t *current;
            CHECK_OK(extract_scan_read(scan, c, &d->a, &column, &current, &err));
            CHECK_OK(chunk_encode(&column, &all, &summary, &err));
            buf_put(&all, current, current ? (column.rows + 63) / 64 * 8 : 0);
        }
    }
    CHECK(all.n > 10000);
    CHECK_OK(sha256_of(all.bytes, all.n, out, &err));
    buf_done(&all);
}

/* About 40 MB, so that there are several blocks: 300,000 offences, some faulty, some repeated. */
static const char *write_large(struct desk *d)
{
    struct buf text;
    buf_init(&text, (size_t)1 << 27);
    buf_text(&text, STREET);
    uint32_t random = 1;
    for (int i = 0; i < 300000; i++) {
        random = random * 1664525u + 1013904223u;
        uint32_t pick = random >> 16;
        const char *month = pick % 1000 == 0 ? "2021-13" : pick % 2 ? "2021-04" : "2021-05";
        buf_printf(
            &text, "%08x%08x,%s,M,M,0.%05u,51.5%04u,On or near Street %u,E0100%04u,N,%s,%s,\n",
            pick % 50 ? (unsigned)i * 2654435761u : 7u, pick % 50 ? 1u : pick % 300, month,
            pick % 20000, pick % 10000, pick % 5000, pick % 4000, pick % 3 ? "Drugs" : "Robbery",
            pick % 7 ? "Under investigation" : "Never heard of");
    }
    CHECK(!text.failed);
    const char *path = desk_write_bytes(d, "large.csv", text.bytes, text.n);
    buf_done(&text);
    return path;
}

static void the_stored_bytes_do_not_depend_on_threads(void **state)
{
    (void)state;
    static const size_t THREADS[] = {1, 2, 7};
    char first[SHA256_HEX + 1];
    static char json[3][8192];
    for (size_t i = 0; i < 3; i++) {
        struct desk d;
        char now[SHA256_HEX + 1];
        desk_open_with(&d, THREADS[i]);
        desk_import(&d, write_large(&d));
        CHECK(d.report.quarantined > 100 && d.report.duplicates > 100 &&
              d.report.repeated_keys > 100);
        digest(&d, i ? now : first);
        if (i) {
            CHECK_STRING(now, first);
        }
        struct buf out;
        struct json_writer j;
        buf_init(&out, sizeof json[i]);
        json_writer_init(&j, &out, false);
        ingest_report_json(&d.report, &j, NULL);
        CHECK(!out.failed && out.n < sizeof json[i]);
        memcpy(json[i], out.bytes, out.n + 1);
        CHECK_STRING(json[i], json[0]);
        buf_done(&out);
        desk_close(&d);
    }
}

/* ---- the report ---- */

static void the_report_has_the_members_of_the_contract(void **state)
{
    (void)state;
    WITH_DESK(d)
    {
        desk_text(
            &d, "a.csv",
            "offence_id,recorded_at,category,colour\na,2022-01,Theft,red\nb,2022-13,Theft,red\n");
        struct buf out;
        struct json_writer j;
        buf_init(&out, 8192);
        json_writer_init(&j, &out, false);
        ingest_report_json(&d.report, &j, NULL);
        static const char *const MEMBERS[] = {"{\"file\":\"a.csv\",\"sha256\":\"",
                                              "\"kind\":\"offences\"",
                                              "\"profile\":\"canonical-offences\"",
                                              "\"read\":2",
                                              "\"accepted\":1",
                                              "\"quarantined\":1",
                                              "\"reasons\":{\"not-a-time\":1}",
                                              "\"duplicates\":0",
                                              "\"superseded\":0",
                                              "\"withdrawn\":0",
                                              "\"orphans\":0",
                                              "\"unplaced\":null",
                                              "\"dropped_columns\":[\"colour\"]",
                                              "\"period\":\"2022-01..2022-01\"",
                                              "\"excluded\":0",
                                              "\"repeated_keys\":0"};
        for (size_t i = 0; i < sizeof MEMBERS / sizeof MEMBERS[0]; i++) {
            if (!strstr(out.bytes, MEMBERS[i])) {
                fail_msg("no %s in %s", MEMBERS[i], out.bytes);
            }
        }
        buf_clear(&out);
        ingest_report_text(&d.report, &out);
        CHECK(strstr(out.bytes, "2 rows read") && strstr(out.bytes, "1 not-a-time") &&
              strstr(out.bytes, "columns dropped: colour"));
        buf_done(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_profile_of_the_program_can_be_read),
        cmocka_unit_test(a_profile_that_is_wrong_says_where),
        cmocka_unit_test(a_profile_without_choices_has_the_defaults),
        cmocka_unit_test(an_older_header_is_taken_when_the_newer_is_not_there),
        cmocka_unit_test(the_stored_bytes_do_not_depend_on_threads),
        cmocka_unit_test(the_report_has_the_members_of_the_contract),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
