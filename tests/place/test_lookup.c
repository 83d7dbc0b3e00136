/* tests/place/test_lookup.c — codes to areas through chains of look-ups.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "fixture.h"

#define COUNT(table)  (sizeof(table) / sizeof(table)[0])
#define NO_WEIGHT     ((double)NAN)
#define MOST_EXPECTED 4

static struct lookups *load(struct world *w)
{
    struct lookups *ls = NULL;
    CHECK_OK(lookups_load(w->store, &w->arena, &ls, &err));
    return ls;
}

/* The shares of `code` are exactly these. */
static void check_shares(struct world *w, const struct lookups *ls, const char *code,
                         const struct layer *target, const struct link *want, size_t count)
{
    struct lookup_target got = {NULL, 99};
    CHECK_OK(lookup_resolve(ls, &w->arena, text_of(code), target, &got, &err));
    if (got.count != count) {
        fail_msg("%s: %zu shares, expected %zu", code, got.count, count);
    }
    for (size_t i = 0; i < count; i++) {
        CHECK_STRING(target->areas[got.shares[i].placed - 1].code, want[i].to);
        CHECK_NEAR(got.shares[i].weight, want[i].weight, 1e-15);
    }
}

static void codes_resolve_directly_or_through_the_shortest_chain(void **state)
{
    (void)state;
    struct world w = world_open(1);
    struct areas_report r;
    import_squares(&w, "ward", "2022", "W", 2, &r);
    const struct layer *ward = layer_of(&w, "ward", NULL);
    static const struct link links[] = {
        {"A", "W01", NO_WEIGHT},                            /* one step */
        {"B", "A", NO_WEIGHT},                              /* two */
        {"C", "B", NO_WEIGHT},                              /* three */
        {"D", "C", NO_WEIGHT},                              /* four: too far */
        {"S", "W03", 0.25},        {"S", "W00", 0.75},      /* split, weighted */
        {"U", "W02", NO_WEIGHT},   {"U", "W01", NO_WEIGHT}, /* split, unweighted: halves */
        {"T", "S", 0.5},           {"T", "W01", 0.5},       /* the shorter chain wins */
        {"V", "S", 0.5},           {"V", "U", 0.5},         /* two ways in two steps */
        {"X", "Y", NO_WEIGHT},     {"Y", "Z", NO_WEIGHT},   {"Z", "X", NO_WEIGHT}, /* a circle */
        {"L", "L", NO_WEIGHT},     {"L", "A", NO_WEIGHT},   /* unchanged, and on */
        {"W03", "W00", NO_WEIGHT},                          /* a code of the layer itself */
        {"P", "W01", 0.125},                                /* a part of a code */
        {"N", "W01", 0},           {"N", "W02", -1},        /* nothing and nonsense */
        {"R", "W01", NO_WEIGHT},   {"R", "W01", NO_WEIGHT}, /* said twice */
    };
    (void)add_lookup(&w, links, COUNT(links));
    struct lookups *ls = load(&w);
    static const struct {
        const char *code;
        struct link want[MOST_EXPECTED];
        size_t count;
    } cases[] = {
        {"W01", {{"", "W01", 1}}, 1},
        {"W03", {{"", "W03", 1}}, 1},
        {"A", {{"", "W01", 1}}, 1},
        {"B", {{"", "W01", 1}}, 1},
        {"C", {{"", "W01", 1}}, 1},
        {"D", {{0}}, 0},
        {"S", {{"", "W00", 0.75}, {"", "W03", 0.25}}, 2},
        {"U", {{"", "W01", 0.5}, {"", "W02", 0.5}}, 2},
        {"T", {{"", "W01", 0.5}}, 1},
        {"V", {{"", "W00", 0.375}, {"", "W01", 0.25}, {"", "W02", 0.25}, {"", "W03", 0.125}}, 4},
        {"X", {{0}}, 0},
        {"L", {{"", "W01", 0.5}}, 1},
        {"P", {{"", "W01", 0.125}}, 1},
        {"N", {{0}}, 0},
        {"R", {{"", "W01", 1}}, 1},
        {"", {{0}}, 0},
        {"nowhere", {{0}}, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_shares(&w, ls, cases[i].code, ward, cases[i].want, cases[i].count);
    }
    world_close(&w);
}

static void two_files_that_disagree_share_the_weight(void **state)
{
    (void)state;
    struct world w = world_open(1);
    struct areas_report r;
    import_squares(&w, "ward", "2022", "W", 2, &r);
    static const struct link one[] = {{"A", "W01", NO_WEIGHT}, {"B", "W00", NO_WEIGHT}};
    static const struct link two[] = {{"A", "W02", NO_WEIGHT}, {"B", "W00", NO_WEIGHT}};
    (void)add_lookup(&w, one, COUNT(one));
    (void)add_lookup(&w, two, COUNT(two));
    struct lookups *ls = load(&w);
    static const struct link halves[] = {{"", "W01", 0.5}, {"", "W02", 0.5}};
    static const struct link whole[] = {{"", "W00", 1}};
    check_shares(&w, ls, "A", layer_of(&w, "ward", NULL), halves, 2);
    check_shares(&w, ls, "B", layer_of(&w, "ward", NULL), whole, 1);
    world_close(&w);
}

static void rows_that_left_the_current_view_do_not_count(void **state)
{
    (void)state;
    struct world w = world_open(1);
    struct areas_report r;
    import_squares(&w, "ward", "2022", "W", 2, &r);
    static const struct link old[] = {{"A", "W01", NO_WEIGHT}, {"B", "W03", NO_WEIGHT}};
    static const struct link new[] = {{"A", "W02", NO_WEIGHT}};
    int64_t first = add_lookup(&w, old, COUNT(old));
    int64_t second = add_lookup(&w, new, COUNT(new));
    const uint64_t bits = 1;
    CHECK_OK(store_begin(w.store, &err));
    CHECK_OK(extract_mask_rows(w.store, first, 0, &bits, 2, second, "superseded", &err));
    CHECK_OK(store_commit(w.store, &err));
    struct lookups *ls = load(&w);
    static const struct link a[] = {{"", "W02", 1}}, b[] = {{"", "W03", 1}};
    check_shares(&w, ls, "A", layer_of(&w, "ward", NULL), a, 1);
    check_shares(&w, ls, "B", layer_of(&w, "ward", NULL), b, 1);
    world_close(&w);
}

static void without_look_ups_only_own_codes_resolve(void **state)
{
    (void)state;
    struct world w = world_open(1);
    struct areas_report r;
    import_squares(&w, "ward", "2022", "W", 2, &r);
    struct lookups *ls = load(&w);
    static const struct link own[] = {{"", "W00", 1}};
    check_shares(&w, ls, "W00", layer_of(&w, "ward", NULL), own, 1);
    check_shares(&w, ls, "A", layer_of(&w, "ward", NULL), NULL, 0);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_resolve_directly_or_through_the_shortest_chain),
        cmocka_unit_test(two_files_that_disagree_share_the_weight),
        cmocka_unit_test(rows_that_left_the_current_view_do_not_count),
        cmocka_unit_test(without_look_ups_only_own_codes_resolve),
    };
    return cmocka_run_group_tests_name("place/lookup", tests, NULL, NULL);
}
