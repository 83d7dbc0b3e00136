/* tests/ingest/test_profile_write.c — what is written is what is read: every profile of the
 * program, member by member, and one that uses everything.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/asset.h"
#include "base/limits.h"
#include "check.h"
#include "ingest/kind.h"
#include "ingest/profile.h"
#include "ingest/profile_write.h"

#include <jansson.h>

extern const struct asset profile_assets[];
extern const size_t profile_assets_count;

/* Members that a profile may spell out although they say what holds without them. */
static bool is_default(const char *key, const json_t *value)
{
    static const struct {
        const char *key, *value;
    } DEFAULTS[] = {{"duplicates", "drop"},
                    {"absent", "unknown"},
                    {"line_end", "lf"},
                    {"separator", ","},
                    {"decimal", "."},
                    {"encoding", "utf-8"},
                    {"time_zone", "Europe/London"}};
    if (json_is_false(value) || (strcmp(key, "key") == 0 && json_is_array(value))) {
        return true;
    }
    for (size_t i = 0; i < sizeof DEFAULTS / sizeof DEFAULTS[0]; i++) {
        if (strcmp(key, DEFAULTS[i].key) == 0 && json_is_string(value) &&
            strcmp(json_string_value(value), DEFAULTS[i].value) == 0) {
            return true;
        }
    }
    return strcmp(key, "value") == 0; /* of area-counts: "count" */
}

/* Everything that `had` says is in `got`: a member that the writer does not know shows here. */
static void check_kept(const char *name, json_t *had, json_t *got)
{
    if (json_is_array(had) && json_is_string(got)) {
        CHECK_INT(json_array_size(had), 1);
        check_kept(name, json_array_get(had, 0), got);
        return;
    }
    if (json_typeof(had) != json_typeof(got)) {
        fail_msg("%s is of another type once written", name);
    }
    if (json_is_object(had)) {
        const char *key;
        json_t *value;
        json_object_foreach(had, key, value)
        {
            json_t *other = json_object_get(got, key);
            if (other) {
                check_kept(key, value, other);
            } else if (!is_default(key, value)) {
                fail_msg("%s: the member \"%s\" is lost when the profile is written", name, key);
            }
        }
    } else if (json_is_array(had)) {
        CHECK_INT(json_array_size(had), json_array_size(got));
        for (size_t i = 0; i < json_array_size(had); i++) {
            check_kept(name, json_array_get(had, i), json_array_get(got, i));
        }
    } else if (!json_equal(had, got)) {
        fail_msg("%s has another value once written", name);
    }
}

static void check_round_trip(const char *name, struct text json)
{
    struct rv_err err = {0};
    struct arena a;
    struct profile first, second;
    struct buf once, twice;
    json_error_t error;
    arena_init(&a, LIMIT_ARENA_BYTES);
    buf_init(&once, LIMIT_JSON_BYTES);
    buf_init(&twice, LIMIT_JSON_BYTES);
    CHECK_OK(profile_parse(&a, name, json, &first, &err));
    profile_write(&first, &once);
    CHECK_OK(buf_status(&once, &err));
    CHECK_OK(profile_parse(&a, name, buf_view(&once), &second, &err));
    profile_write(&second, &twice);
    CHECK(text_equal(buf_view(&once), buf_view(&twice)));
    json_t *had = json_loadb(json.at, json.n, 0, &error);
    json_t *got = json_loadb(once.bytes, once.n, 0, &error);
    CHECK(had && got);
    check_kept(name, had, got);
    CHECK_INT(first.keeps_duplicates, second.keeps_duplicates);
    CHECK_INT(first.absent_is_zero, second.absent_is_zero);
    CHECK_INT(first.key_count, second.key_count);
    for (size_t i = 0; i < first.key_count; i++) {
        CHECK_STRING(first.key[i], second.key[i]);
    }
    json_decref(had);
    json_decref(got);
    buf_done(&once);
    buf_done(&twice);
    arena_done(&a);
}

static void every_built_in_profile_is_written_whole(void **state)
{
    (void)state;
    CHECK(profile_assets_count >= 13);
    for (size_t i = 0; i < profile_assets_count; i++) {
        check_round_trip(profile_assets[i].name, asset_text(&profile_assets[i]));
    }
}

static void every_canonical_profile_is_written_whole(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct arena a;
    struct profile *list;
    size_t count;
    arena_init(&a, LIMIT_ARENA_BYTES);
    CHECK_OK(profile_list(&a, &list, &count, &err));
    for (size_t i = profile_assets_count; i < count; i++) {
        struct buf out;
        buf_init(&out, LIMIT_JSON_BYTES);
        profile_write(&list[i], &out);
        CHECK_OK(buf_status(&out, &err));
        check_round_trip(list[i].id, buf_view(&out));
        buf_done(&out);
    }
    arena_done(&a);
}

static void a_profile_that_uses_everything_is_written_whole(void **state)
{
    (void)state;
    check_round_trip(
        "all.json",
        text_of("{\"profile\": \"all\", \"version\": 7, \"title\": \"All \\\"of\\\" it\","
                " \"kind\": \"area-counts\", \"supplier\": \"S\", \"supplier_kind\": \"police\","
                " \"separator\": \";\", \"decimal\": \",\", \"line_end\": \"cr\","
                " \"time_zone\": \"UTC\", \"columns\": {\"area_code\": {\"from\": [\"A\", \"B\"],"
                " \"missing\": [\"-\", \"\", \"n/k\"], \"map\": {\"Barking\": \"E09000002\","
                " \"\\t\": \"\"}, \"optional\": true}, \"category\": {\"from\": \"C\","
                " \"format\": \"On * near\"}}, \"constants\": {\"offence_group\": \"theft\"},"
                " \"exclude\": [{\"column\": \"C\", \"equals\": \"x\", \"reason\": \"r\"}],"
                " \"wide\": {\"id\": [\"C\"], \"periods\": \"YYYYMM\", \"value\": \"count\","
                " \"total\": \"All\"}, \"key\": [\"area_code\", \"category\"],"
                " \"refresh\": \"full\", \"duplicates\": \"keep\", \"absent\": \"zero\"}"));
    check_round_trip(
        "wide.json",
        text_of("{\"profile\": \"w\", \"kind\": \"population\", \"columns\": {\"area_code\":"
                " {\"from\": \"A\"}}, \"wide\": {\"id\": [], \"value\": \"persons\", \"columns\":"
                " [{\"from\": \"M 0-4\", \"set\": {\"sex\": \"male\", \"age_from\": \"0\"}},"
                " {\"from\": \"F 0-4\", \"set\": {\"sex\": \"female\", \"age_from\": \"0\"}}]},"
                " \"key\": []}"));
    check_round_trip(
        "labels.json",
        text_of("{\"profile\": \"l\", \"kind\": \"indicators\", \"thousands\": \" \", \"columns\":"
                " {\"area_code\": {\"from\": [\"A\", \"B\"], \"take\": \"first-filled\","
                " \"map\": {\"x\": \"E1\"}, \"only_mapped\": true}, \"period_from\": {\"from\":"
                " \"Y\", \"year\": \"academic\", \"lone_year\": \"end\"}, \"period_to\":"
                " {\"from\": \"Y\", \"year\": {\"from\": \"T\", \"map\": {\"AY\": \"academic\"}},"
                " \"lone_year\": \"calendar\"}}, \"requires\": [\"Z *\"], \"leave_out\":"
                " [{\"column\": \"Q\", \"reason\": \"r\"}], \"ask\": [\"unit\"],"
                " \"beside\": [\"other\"], \"named_only\": true, \"wide\": {\"id\": [], \"value\":"
                " \"value\", \"missing\": [\"c\"], \"others\": {\"name\": \"indicator\", \"words\":"
                " \"category\", \"omit\": [\"Total\"], \"skip\": [\"N\"]}}, \"key\": []}"));
    check_round_trip(
        "bands.json",
        text_of("{\"profile\": \"b\", \"kind\": \"population\", \"columns\": {\"age_from\":"
                " {\"from\": \"B\", \"band\": true}}, \"wide\": {\"id\": [], \"value\":"
                " \"persons\", \"columns\": [{\"from\": [\"M\", \"Males\"], \"set\": {\"sex\":"
                " \"male\"}}]}, \"key\": []}"));
    check_round_trip(
        "precision.json",
        text_of("{\"profile\": \"d\", \"kind\": \"offences\", \"columns\": {\"recorded_at\":"
                " {\"from\": \"D\", \"precision\": \"date\"}, \"committed_from\": {\"from\":"
                " \"C\", \"precision\": \"month\"}}}"));
    check_round_trip(
        "unit.json",
        text_of("{\"profile\": \"u\", \"kind\": \"offences\", \"columns\": {\"easting\":"
                " {\"from\": \"X\", \"unit\": \"kilometres\"}, \"recorded_at\": {\"from\":"
                " \"D\", \"format\": \"DD/MM/YYYY HH:MI\"}, \"committed_from\": {\"from\":"
                " \"A\", \"time_from\": [\"B\", \"C\"], \"time_format\": \"HMI\"},"
                " \"committed_to\": {\"from\": \"A\", \"time_from\": \"E\"}, \"flags\":"
                " {\"from\": \"K\", \"map\": {\"Y\": \"knife\"}, \"also\": {\"DA\":"
                " {\"Y\": \"domestic-abuse\"}, \"G\": {}}}},"
                " \"refresh\": \"period\"}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_built_in_profile_is_written_whole),
        cmocka_unit_test(every_canonical_profile_is_written_whole),
        cmocka_unit_test(a_profile_that_uses_everything_is_written_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
