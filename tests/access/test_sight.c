/* tests/access/test_sight.c — who may see which extract: the whole table of roles, markings and
 * details beside the rule written out by hand, and the wall in the store. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#include "access/register.h"
#include "access/sight.h"
#include "check.h"
#include "fixture.h"

/* What each may see, "records", "counts" or "-", of an extract of somebody else without further
 * terms: from the guide, not from the code. */
static const struct {
    enum role role;
    const char *of_public, *of_official, *of_sensitive;
} TABLE[ROLE_COUNT] = {
    {ROLE_PUBLIC, "-", "-", "-"},
    {ROLE_PARTNER, "records", "counts", "-"},
    {ROLE_ANALYST, "records", "records", "records"},
    {ROLE_COORDINATOR, "counts", "counts", "counts"},
    {ROLE_ADMINISTRATOR, "counts", "counts", "-"},
};

static const char *seen(const struct viewer *v, const struct extract_info *x,
                        const struct agreement *terms)
{
    bool counts = access_may_see(v, x, terms, DETAIL_COUNTS);
    bool records = access_may_see(v, x, terms, DETAIL_RECORDS);
    CHECK(counts || !records); /* never the finer without the coarser */
    return records ? "records" : counts ? "counts" : "-";
}

static void every_role_sees_what_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROLE_COUNT; i++) {
        const struct viewer v = {TABLE[i].role, "Synthetic Org"};
        struct extract_info x = {.supplier = "Another", .is_in_use = true};
        x.marking = MARKING_PUBLIC;
        CHECK_STRING(seen(&v, &x, NULL), TABLE[i].of_public);
        x.marking = MARKING_OFFICIAL;
        CHECK_STRING(seen(&v, &x, NULL), TABLE[i].of_official);
        x.marking = MARKING_OFFICIAL_SENSITIVE;
        CHECK_STRING(seen(&v, &x, NULL), TABLE[i].of_sensitive);
        x.is_in_use = false;
        x.marking = MARKING_PUBLIC;
        CHECK_STRING(seen(&v, &x, NULL), "-"); /* not in force: nobody */
    }
}

static void a_partner_sees_its_own_and_what_is_opened_to_it(void **state)
{
    (void)state;
    static const char *const ORGS[] = {"Third Org", "Synthetic Org"};
    const struct agreement counts = {.counts_for = ORGS, .counts_for_count = 2};
    const struct agreement records = {.records_for = ORGS, .records_for_count = 2};
    const struct viewer v = {ROLE_PARTNER, "synthetic ORG "}, other = {ROLE_PARTNER, "Other"},
                        none = {ROLE_PARTNER, NULL}, empty = {ROLE_PARTNER, ""},
                        administrator = {ROLE_ADMINISTRATOR, "Synthetic Org"};
    struct extract_info x = {
        .supplier = "Synthetic Org", .is_in_use = true, .marking = MARKING_OFFICIAL_SENSITIVE};
    CHECK_STRING(seen(&v, &x, NULL), "records");
    CHECK_STRING(seen(&other, &x, NULL), "-");
    CHECK_STRING(seen(&administrator, &x, &records), "-"); /* no partner: no own, nothing opened */
    x.supplier = "Police";
    CHECK_STRING(seen(&v, &x, NULL), "-");
    CHECK_STRING(seen(&v, &x, &counts), "counts");
    CHECK_STRING(seen(&v, &x, &records), "records");
    CHECK_STRING(seen(&other, &x, &records), "-");
    x.supplier = "";
    CHECK_STRING(seen(&none, &x, &records), "-");
    CHECK_STRING(seen(&empty, &x, &records), "-"); /* no name is not the same as no name */
    x.supplier = NULL;
    CHECK_STRING(seen(&empty, &x, NULL), "-");
    x.marking = MARKING_OFFICIAL;
    CHECK_STRING(seen(&v, &x, &counts), "counts");
    CHECK_STRING(seen(&v, &x, &records), "records");
}

/* ---- the wall ---- */

static int64_t add_terms(struct store *s, struct arena *a, const char *json)
{
    struct agreement x;
    struct agreement_row *rows;
    size_t count;
    struct rv_err err = {0};
    CHECK_OK(agreement_read(a, "terms", text_of(json), NULL, &x, &err));
    CHECK_OK(agreement_add(s, a, &x, "test", "2025-01-01T00:00:00Z", &err));
    CHECK_OK(agreements_list(s, a, &rows, &count, &err));
    return rows[0].id;
}

static void bring(struct store *s, const char *file, int64_t agreement, bool is_open)
{
    struct rv_err err = {0};
    struct dictionary groups;
    struct extract_draft *d = sample_draft(s, &groups, 1, 3);
    const struct dictionary *const dictionaries[SAMPLE_COUNT] = {[SAMPLE_GROUP] = &groups};
    char sha256[SHA256_HEX + 1];
    struct extract_meta meta = sample_meta(file, sha256);
    int64_t id = 0;
    meta.agreement = agreement;
    meta.is_open = is_open;
    CHECK_OK(store_begin(s, &err));
    CHECK_OK(draft_commit(d, s, &meta, dictionaries, &id, &err));
    CHECK_OK(store_commit(s, &err));
    draft_close(d);
    dictionary_done(&groups);
}

static size_t listed(struct store *s, struct arena *a)
{
    struct rv_err err = {0};
    struct extract_info *list;
    size_t count;
    CHECK_OK(extract_list(s, a, NULL, &list, &count, &err));
    return count;
}

#define TERMS(name, more)                                                                          \
    "{\"agreement\": \"" name                                                                      \
    "\", \"supplier\": \"s\", \"gateway\": \"g\", \"purposes\": [\"p\"], "                         \
    "\"from\": \"2025-01-01\", \"expires\": \"2025-12-31\", \"marking\": "                         \
    "\"official-sensitive\"" more "}"

static void the_store_lists_only_what_the_viewer_may_see(void **state)
{
    (void)state;
    struct bench b;
    struct arena a;
    struct rv_err err = {0};
    size_t hidden = 99;
    arena_init(&a, LIMIT_ARENA_BYTES);
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    bring(s, "open.csv", 0, true);
    bring(s, "official.csv", 0, false);
    bring(s, "closed.csv", add_terms(s, &a, TERMS("closed", "")), false);
    bring(s, "counts.csv", add_terms(s, &a, TERMS("counts", ", \"counts_for\": [\"Org\"]")), false);
    bring(s, "records.csv", add_terms(s, &a, TERMS("records", ", \"records_for\": [\"Org\"]")),
          false);
    store_close(s);
    static const struct {
        struct viewer viewer;
        size_t counts, records;
    } CASES[] = {{{ROLE_PUBLIC, NULL}, 0, 0},      {{ROLE_PARTNER, "Org"}, 4, 2},
                 {{ROLE_PARTNER, "X"}, 2, 1},      {{ROLE_ANALYST, NULL}, 5, 5},
                 {{ROLE_COORDINATOR, NULL}, 5, 0}, {{ROLE_ADMINISTRATOR, NULL}, 2, 0}};
    s = bench_store(&b, STORE_READ);
    store_set_day(s, "2025-06-01");
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        CHECK_OK(sight_set(s, &a, &CASES[i].viewer, DETAIL_COUNTS, &hidden, &err));
        CHECK_INT(listed(s, &a), CASES[i].counts);
        CHECK_INT(hidden, 5 - CASES[i].counts);
        CHECK_OK(sight_set(s, &a, &CASES[i].viewer, DETAIL_RECORDS, &hidden, &err));
        CHECK_INT(listed(s, &a), CASES[i].records);
        CHECK_INT(hidden, 5 - CASES[i].records);
    }
    sight_clear(s);
    CHECK_INT(listed(s, &a), 5);
    store_set_day(s, "2026-01-01"); /* three agreements are over: for everybody */
    const struct viewer analyst = {ROLE_ANALYST, NULL};
    CHECK_OK(sight_set(s, &a, &analyst, DETAIL_RECORDS, &hidden, &err));
    CHECK_INT(listed(s, &a), 2);
    CHECK_INT(hidden, 0); /* not hidden from this person: not in use at all */
    store_close(s);
    bench_close(&b);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_role_sees_what_the_table_says),
        cmocka_unit_test(a_partner_sees_its_own_and_what_is_opened_to_it),
        cmocka_unit_test(the_store_lists_only_what_the_viewer_may_see),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
