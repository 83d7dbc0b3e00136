/* tests/access/test_register.c — which terms decide on a day, and which extracts they leave in use:
 * the program's answer beside a plain reading of the rule, for random agreements.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/register.h"
#include "check.h"
#include "fixture.h"

#define ROWS 12
#define DAYS 60

static struct arena arena;

static uint64_t random_next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static void day_text(int day, char out[24])
{
    out[civil_write(civil_pack((int64_t)(civil_days(2025, 1, 1) + day) * 86400, CIVIL_DATE), out)] =
        '\0';
}

static int64_t add(struct store *s, const char *name, int first, int last, int serial)
{
    char from[24], to[24], json[400];
    struct agreement x;
    struct rv_err err = {0};
    day_text(first, from);
    day_text(last, to);
    (void)snprintf(json, sizeof json,
                   "{\"agreement\": \"%s\", \"supplier\": \"s\", \"gateway\": \"g\", \"purposes\": "
                   "[\"p\"], \"from\": \"%s\", \"expires\": \"%s\", \"note\": \"%d\"}",
                   name, from, to, serial);
    CHECK_OK(agreement_read(&arena, "terms", text_of(json), NULL, &x, &err));
    CHECK_OK(agreement_add(s, &arena, &x, "test", "2025-01-01T00:00:00Z", &err));
    struct agreement_row *rows;
    size_t count;
    CHECK_OK(agreements_list(s, &arena, &rows, &count, &err));
    return rows[0].id;
}

static void bring(struct store *s, const char *file, int64_t agreement)
{
    struct rv_err err = {0};
    struct dictionary groups;
    struct extract_draft *d = sample_draft(s, &groups, 1, 3);
    const struct dictionary *const dictionaries[SAMPLE_COUNT] = {[SAMPLE_GROUP] = &groups};
    char sha256[SHA256_HEX + 1];
    struct extract_meta meta = sample_meta(file, sha256);
    int64_t id = 0;
    meta.agreement = agreement;
    CHECK_OK(store_begin(s, &err));
    CHECK_OK(draft_commit(d, s, &meta, dictionaries, &id, &err));
    CHECK_OK(store_commit(s, &err));
    draft_close(d);
    dictionary_done(&groups);
}

static bool is_held(const struct extract_info *list, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].id == id) {
            return true;
        }
    }
    return false;
}

/* Of the rows of a name that have begun, the newest decides. */
static void random_terms_agree_with_the_rule(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"one", "two"};
    struct bench b;
    struct rv_err err = {0};
    uint64_t seed = 20251128;
    int first[ROWS], last[ROWS];
    arena_init(&arena, LIMIT_ARENA_BYTES);
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    for (int i = 0; i < ROWS; i++) {
        first[i] = (int)(random_next(&seed) % DAYS);
        last[i] = first[i] + (int)(random_next(&seed) % 20);
        int64_t id = add(s, NAMES[i % 2], first[i], last[i], i);
        if (i < 2) {
            bring(s, NAMES[i], id);
        }
    }
    bring(s, "undeclared", 0);
    for (int day = -1; day < DAYS + 21; day++) {
        char text[24];
        struct extract_info *used, *all;
        size_t used_count, all_count;
        day_text(day, text);
        store_set_day(s, text);
        CHECK_OK(extract_list(s, &arena, NULL, &used, &used_count, &err));
        CHECK_OK(extract_list_all(s, &arena, NULL, &all, &all_count, &err));
        assert_int_equal(all_count, 3);
        assert_true(is_held(used, used_count, 3) && all[2].is_in_use && !all[2].agreement);
        for (int name = 0; name < 2; name++) {
            bool is_allowed = false;
            for (int i = name; i < ROWS; i += 2) {
                is_allowed = first[i] <= day ? day <= last[i] : is_allowed;
            }
            assert_int_equal(all[name].is_in_use, is_allowed);
            assert_int_equal(is_held(used, used_count, name + 1), is_allowed);
            assert_string_equal(all[name].agreement, NAMES[name]);
        }
    }
    store_close(s);
    bench_close(&b);
    arena_done(&arena);
}

static void terms_changed_in_the_file_are_damage(void **state)
{
    (void)state;
    struct bench b;
    struct rv_err err = {0};
    struct agreement_row *rows;
    size_t count;
    arena_init(&arena, LIMIT_ARENA_BYTES);
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    (void)add(s, "one", 0, 9, 0);
    assert_int_equal(sqlite3_exec(s->db,
                                  "UPDATE agreement SET body = replace(body, '2025', '2024')", NULL,
                                  NULL, NULL),
                     SQLITE_OK);
    CHECK_FAILS(agreements_list(s, &arena, &rows, &count, &err), RV_DAMAGED);
    store_close(s);
    bench_close(&b);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_terms_agree_with_the_rule),
        cmocka_unit_test(terms_changed_in_the_file_are_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
