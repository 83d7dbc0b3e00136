/* tests/ingest/test_recognise.c — every profile of the program knows its own files: a header made
 * of the columns that a profile reads is recognised as that profile and as no other.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "check.h"
#include "ingest/kind.h"
#include "ingest/profile.h"

#define MOST 256

struct table { /* a header, and one row of cells that the maps of the profile know */
    struct text header[MOST], cells[MOST];
    size_t count;
};

static void put(struct arena *a, struct table *t, const char *name, const char *cell)
{
    struct text text = text_of(name);
    if (text_ends(text, "*")) { /* a header that is known by its beginning */
        text = text_of(arena_printf(a, "%.*ssomething", (int)text.n - 1, name));
    }
    for (size_t i = 0; i < t->count; i++) {
        if (text_equal_nocase(t->header[i], text)) {
            return;
        }
    }
    CHECK(t->count < MOST);
    t->header[t->count] = text;
    t->cells[t->count++] = text_of(cell);
}

/* `which`: the newest header of each column, or the oldest. */
static struct table table_of(struct arena *a, const struct profile *p, bool is_oldest)
{
    struct table t = {.count = 0};
    for (size_t i = 0; i < p->column_count; i++) {
        const struct profile_column *c = &p->columns[i];
        const char *cell = c->map_count ? c->map[0].from.at : "1";
        put(a, &t, c->from[is_oldest && !c->takes_filled ? c->from_count - 1 : 0], cell);
        if (c->time_from_count) {
            put(a, &t, c->time_from[0], "1");
        }
        for (size_t k = 0; k < c->also_count; k++) {
            put(a, &t, c->also[k].from, "");
        }
        if (c->year && c->year->from_count) {
            put(a, &t, c->year->from[0], "");
        }
    }
    for (size_t i = 0; i < p->required_count; i++) {
        put(a, &t, p->required[i], "");
    }
    const struct profile_wide *w = p->wide;
    for (size_t i = 0; w && i < w->id_count; i++) {
        put(a, &t, w->id[i], "");
    }
    for (size_t i = 0; w && i < w->column_count; i++) {
        const struct profile_wide_column *c = &w->columns[i];
        put(a, &t, c->from[is_oldest ? c->from_count - 1 : 0], "1");
    }
    if (w && w->total) {
        put(a, &t, w->total, "1");
    }
    if (w && w->periods) {
        put(a, &t, strcmp(w->periods, "YYYY") == 0 ? "2021" : "202101", "1");
    }
    if (w && w->others) {
        put(a, &t, "headcount", "1");
    }
    return t;
}

static void check_recognised(struct arena *a, const struct profile *list, size_t count,
                             const struct profile *p, bool is_oldest)
{
    struct rv_err err = {0};
    const struct profile *found = NULL;
    struct table t = table_of(a, p, is_oldest);
    const char *kind = p->is_named_only ? p->kind->name : NULL;
    rv_status status =
        profile_recognise(a, list, count, kind, t.header, t.count, t.cells, 1, &found, &err);
    if (!rv_is_ok(status)) {
        fail_msg("%s is not recognised: %s", p->id, err.message);
    }
    CHECK_STRING(found->id, p->id);
}

static void every_profile_knows_its_own_header(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct arena a;
    struct profile *list;
    size_t count;
    arena_init(&a, LIMIT_ARENA_BYTES);
    CHECK_OK(profile_list(&a, &list, &count, &err));
    for (size_t i = 0; i < count; i++) {
        check_recognised(&a, list, count, &list[i], false);
        check_recognised(&a, list, count, &list[i], true);
    }
    arena_done(&a);
}

/* Without any row only the generations of one publisher's table cannot be told apart. */
static void only_categories_tell_two_profiles_of_one_table_apart(void **state)
{
    (void)state;
    static const char *const PAIRS[][2] = {{"mps-borough", "mps-borough-reorganised"},
                                           {"mps-ward", "mps-ward-reorganised"}};
    struct rv_err err = {0};
    struct arena a;
    struct profile *list;
    size_t count, pairs = 0;
    arena_init(&a, LIMIT_ARENA_BYTES);
    CHECK_OK(profile_list(&a, &list, &count, &err));
    for (size_t i = 0; i < count; i++) {
        const struct profile *found = NULL, *p = &list[i];
        struct table t = table_of(&a, p, false);
        const char *kind = p->is_named_only ? p->kind->name : NULL;
        if (rv_is_ok(profile_recognise(&a, list, count, kind, t.header, t.count, NULL, 0, &found,
                                       &err))) {
            CHECK_STRING(found->id, p->id);
            continue;
        }
        bool is_pair = false;
        for (size_t k = 0; k < sizeof PAIRS / sizeof PAIRS[0]; k++) {
            is_pair = is_pair || strcmp(p->id, PAIRS[k][0]) == 0 || strcmp(p->id, PAIRS[k][1]) == 0;
        }
        if (!is_pair) {
            fail_msg("%s: %s", p->id, err.message);
        }
        CHECK(strstr(err.message, "first rows do not decide") != NULL);
        pairs++;
    }
    CHECK_INT(pairs, 4);
    arena_done(&a);
}

/* What is only read beside another profile is never taken for a file of its own. */
static void a_profile_beside_another_is_not_found_by_the_header(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct arena a;
    struct profile *list, named;
    size_t count, beside = 0;
    arena_init(&a, LIMIT_ARENA_BYTES);
    CHECK_OK(profile_list(&a, &list, &count, &err));
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < list[i].beside_count; k++, beside++) {
            CHECK_OK(profile_load(&a, list[i].beside[k], &named, &err));
            CHECK(named.is_named_only);
            CHECK(named.kind != list[i].kind); /* the same kind of one file is refused */
            struct table t = table_of(&a, &list[i], false);
            struct profile_fit fit;
            CHECK_OK(profile_fit_header(&a, &named, t.header, t.count, &fit, &err));
            if (fit.missing_count) {
                fail_msg("%s beside %s lacks \"%s\"", named.id, list[i].id, fit.missing[0]);
            }
        }
    }
    CHECK(beside >= 2);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_profile_knows_its_own_header),
        cmocka_unit_test(only_categories_tell_two_profiles_of_one_table_apart),
        cmocka_unit_test(a_profile_beside_another_is_not_found_by_the_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
