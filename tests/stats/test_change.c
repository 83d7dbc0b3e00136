/* tests/stats/test_change.c — contributions to change and their wording.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/memory.h"
#include "check.h"
#include "stats/change.h"
#include "table.h"

#include <jansson.h>

#define PARTS 16

static struct rv_err err;

/* One case as the rule's input; names in the order given. */
struct input {
    const char *names[PARTS];
    int64_t before[PARTS], after[PARTS];
    size_t n;
};

static void run(struct arena *a, const struct input *in, struct change *c)
{
    struct change_options options = CHANGE_DEFAULTS;
    CHECK_OK(change_decompose(a, in->names, in->before, in->after, NULL, in->n, &options, c, &err));
}

/* The named categories joined by '|', as the table writes them. */
static const char *named(const struct input *in, const struct change *c)
{
    static char text[512];
    text[0] = '\0';
    for (size_t k = 0; k < c->named_count; k++) {
        size_t used = strlen(text);
        (void)snprintf(text + used, sizeof text - used, "%s%s", k ? "|" : "",
                       in->names[c->named[k]]);
    }
    return text;
}

static void check_part(const struct table *t, size_t row, const struct change *c, size_t i,
                       double *worst)
{
    const struct contribution *part = &c->parts[i];
    CHECK_REF(part->change, table_real(t, row, "change"), 1e-9, worst);
    CHECK_REF(part->p, table_real(t, row, "p_category"), 1e-9, worst);
    CHECK_REF(part->p_vs_rest, table_real(t, row, "p_vs_rest"), 1e-9, worst);
    CHECK_INT(c->has_shares, table_has(t, row, "share_net"));
    if (c->has_shares) {
        CHECK_REF(part->share_net, table_real(t, row, "share_net"), 1e-9, worst);
        CHECK_REF(part->share_gross, table_real(t, row, "share_gross"), 1e-9, worst);
    }
    CHECK_INT(c->has_percent, table_has(t, row, "ppt"));
    if (c->has_percent) {
        CHECK_REF(part->points, table_real(t, row, "ppt"), 1e-9, worst);
        CHECK_REF(part->baseline_share, table_real(t, row, "baseline_share"), 1e-9, worst);
    }
}

static void the_typed_reference_is_met(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "decomposition.csv", NULL);
    double worst = 0;
    size_t cases = 0;
    for (size_t first = 0, end; first < t.rows; first = end) {
        struct input in = {.n = 0};
        const char *id = table_cell(&t, first, "case");
        for (end = first; end < t.rows && strcmp(table_cell(&t, end, "case"), id) == 0; end++) {
            in.names[in.n] = table_cell(&t, end, "category");
            in.before[in.n] = table_int(&t, end, "before");
            in.after[in.n++] = table_int(&t, end, "after");
        }
        struct arena a;
        arena_init(&a, 1 << 16);
        struct change c;
        run(&a, &in, &c);
        CHECK_STRING(change_label_name(c.label), table_cell(&t, first, "label"));
        CHECK_STRING(named(&in, &c), table_cell(&t, first, "named"));
        CHECK_REF(c.change, table_real(&t, first, "total_change"), 1e-9, &worst);
        CHECK_REF(c.p, table_real(&t, first, "total_p"), 1e-9, &worst);
        CHECK_REF(c.gross_same, table_real(&t, first, "gross_same"), 1e-9, &worst);
        CHECK_REF(c.gross_opposite, table_real(&t, first, "gross_opposite"), 1e-9, &worst);
        CHECK_INT(c.has_percent, table_has(&t, first, "total_pct"));
        if (c.has_percent) {
            CHECK_REF(c.percent, table_real(&t, first, "total_pct"), 1e-9, &worst);
        }
        for (size_t i = 0; i < in.n; i++) {
            check_part(&t, first + i, &c, i, &worst);
        }
        cases++;
        arena_done(&a);
    }
    CHECK_INT(cases, 12);
    measured("decomposition", "values", cases, "relative", worst);
    measured("decomposition", "labels", cases, "exact", 0);
    table_done(&t);
}

/* ---- the reference as it was published, in JSON ---- */

static double member(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static void check_json_part(const json_t *part, const struct change *c, size_t i)
{
    const struct contribution *got = &c->parts[i];
    CHECK_NEAR(got->change, member(part, "change"), 1e-9);
    CHECK_NEAR(got->p, member(part, "p_category"), 1e-9);
    CHECK_NEAR(got->p_vs_rest, member(part, "p_vs_rest"), 1e-9);
    CHECK_NEAR(c->has_shares ? got->share_net : (double)NAN, member(part, "share_net"), 1e-9);
    CHECK_NEAR(c->has_shares ? got->share_gross : (double)NAN, member(part, "share_gross"), 1e-9);
    CHECK_NEAR(c->has_percent ? got->points : (double)NAN, member(part, "ppt"), 1e-9);
    CHECK_NEAR(c->has_percent ? got->baseline_share : (double)NAN, member(part, "baseline_share"),
               1e-9);
}

static void check_json_case(const json_t *item)
{
    const json_t *input = json_object_get(item, "input"), *total = json_object_get(item, "total");
    const json_t *parts = json_object_get(item, "per_category");
    struct input in = {.n = json_array_size(json_object_get(input, "category"))};
    CHECK(in.n > 0 && in.n <= PARTS && json_array_size(parts) == in.n);
    for (size_t i = 0; i < in.n; i++) {
        in.names[i] = json_string_value(json_array_get(json_object_get(input, "category"), i));
        in.before[i] = json_integer_value(json_array_get(json_object_get(input, "before"), i));
        in.after[i] = json_integer_value(json_array_get(json_object_get(input, "after"), i));
    }
    struct arena a;
    arena_init(&a, 1 << 16);
    struct change c;
    run(&a, &in, &c);
    CHECK_STRING(change_label_name(c.label), json_string_value(json_object_get(item, "label")));
    const json_t *names = json_object_get(item, "named");
    CHECK_INT(json_array_size(names), c.named_count);
    for (size_t k = 0; k < c.named_count; k++) {
        CHECK_STRING(in.names[c.named[k]], json_string_value(json_array_get(names, k)));
    }
    CHECK_NEAR(c.change, member(total, "change"), 1e-9);
    CHECK_NEAR(c.has_percent ? c.percent : (double)NAN, member(total, "pct"), 1e-9);
    CHECK_NEAR(c.p, member(total, "p"), 1e-9);
    CHECK_NEAR(c.gross_same, member(total, "gross_same_direction"), 1e-9);
    CHECK_NEAR(c.gross_opposite, member(total, "gross_opposite"), 1e-9);
    for (size_t i = 0; i < in.n; i++) {
        check_json_part(json_array_get(parts, i), &c, i);
    }
    arena_done(&a);
}

static void the_shared_reference_is_met(void **state)
{
    (void)state;
    json_error_t error;
    json_t *all =
        json_load_file(shared_or_skip("reference/03_decomposition/decomposition.json"), 0, &error);
    CHECK(json_is_array(all));
    for (size_t i = 0; i < json_array_size(all); i++) {
        check_json_case(json_array_get(all, i));
    }
    CHECK(json_array_size(all) >= 12);
    json_decref(all);
}

/* ---- properties and edges ---- */

static void contributions_add_up_and_order_does_not_matter(void **state)
{
    (void)state;
    const struct input in = {
        {"a", "b", "c", "d", "e"}, {120, 0, 33, 480, 77}, {190, 14, 21, 505, 77}, 5};
    struct input back = {.n = in.n};
    for (size_t i = 0; i < in.n; i++) {
        back.names[i] = in.names[in.n - 1 - i];
        back.before[i] = in.before[in.n - 1 - i];
        back.after[i] = in.after[in.n - 1 - i];
    }
    struct arena a;
    arena_init(&a, 1 << 16);
    struct change c, d;
    run(&a, &in, &c);
    run(&a, &back, &d);
    double change = 0, net = 0, gross = 0, points = 0, baseline = 0;
    for (size_t i = 0; i < in.n; i++) {
        change += c.parts[i].change;
        net += c.parts[i].share_net;
        gross += c.parts[i].share_gross;
        points += c.parts[i].points;
        baseline += c.parts[i].baseline_share;
        CHECK(memcmp(&c.parts[i], &d.parts[in.n - 1 - i], sizeof c.parts[i]) == 0);
        CHECK(c.parts[i].p_holm >= c.parts[i].p && c.parts[i].p_holm <= 1);
    }
    CHECK_NEAR(change, c.change, 1e-15);
    CHECK_NEAR(net, 1, 1e-14);
    CHECK_NEAR(gross, 1, 1e-14);
    CHECK_NEAR(points, c.percent, 1e-14);
    CHECK_NEAR(baseline, 1, 1e-14);
    CHECK_NEAR(c.gross_same - c.gross_opposite, c.change, 1e-15);
    CHECK_INT(c.label, d.label);
    CHECK_STRING(named(&in, &c), "a");
    CHECK_STRING(named(&back, &d), "a");
    arena_done(&a);
}

/* 365 days against 730 with twice the events is no change at all. */
static void unequal_periods_are_made_equally_long(void **state)
{
    (void)state;
    const char *const names[] = {"a", "b"};
    const int64_t before[] = {200, 100}, after[] = {100, 50};
    struct change_options options = CHANGE_DEFAULTS;
    options.before_days = 730;
    options.after_days = 365;
    struct arena a;
    arena_init(&a, 1 << 16);
    struct change c;
    CHECK_OK(change_decompose(&a, names, before, after, NULL, 2, &options, &c, &err));
    CHECK_INT(c.label, CHANGE_NO_CHANGE);
    CHECK(c.change == 0 && c.p == 1 && !c.has_shares);
    const int64_t more[] = {180, 50};
    CHECK_OK(change_decompose(&a, names, before, more, NULL, 2, &options, &c, &err));
    CHECK_INT(c.label, CHANGE_DRIVEN_BY);
    CHECK_NEAR(c.change, 160, 1e-14);
    CHECK_NEAR(c.percent, 160 / 3.0, 1e-14);
    arena_done(&a);
}

static void what_has_no_answer_is_refused(void **state)
{
    (void)state;
    const char *const names[] = {"Robbery", "Arson"};
    const int64_t before[] = {9, 4}, after[] = {12, 3}, bad[] = {9, -4};
    const uint64_t valid = 1;
    struct change_options options = CHANGE_DEFAULTS;
    struct arena a;
    arena_init(&a, 1 << 16);
    struct change c = {.before = -7};
    CHECK_FAILS(change_decompose(&a, names, before, after, &valid, 2, &options, &c, &err),
                RV_DOMAIN);
    CHECK_STRING(err.message, "the count of \"Arson\" is not available, so neither is the total");
    CHECK_FAILS(change_decompose(&a, names, bad, after, NULL, 2, &options, &c, &err), RV_DOMAIN);
    CHECK_FAILS(change_decompose(&a, names, before, after, NULL, 0, &options, &c, &err), RV_DOMAIN);
    options.before_total = 12; /* 9 + 4 overlap in one record */
    CHECK_FAILS(change_decompose(&a, names, before, after, NULL, 2, &options, &c, &err), RV_DOMAIN);
    CHECK_NEAR(strstr(err.message, "13") && strstr(err.message, "12") ? 1 : 0, 1, 0);
    options = CHANGE_DEFAULTS;
    options.after_total = 16;
    CHECK_FAILS(change_decompose(&a, names, before, after, NULL, 2, &options, &c, &err), RV_DOMAIN);
    options = CHANGE_DEFAULTS;
    options.after_days = 0;
    CHECK_FAILS(change_decompose(&a, names, before, after, NULL, 2, &options, &c, &err), RV_DOMAIN);
    CHECK(c.before == -7);
    arena_done(&a);
}

static void running_out_of_memory_is_reported_and_leaves_ret_alone(void **state)
{
    (void)state;
    enum { N = 2000 };
    static const char *names[N];
    static int64_t before[N], after[N];
    for (size_t i = 0; i < N; i++) {
        names[i] = "x";
        before[i] = 5;
        after[i] = (int64_t)(i % 11);
    }
    struct change_options options = CHANGE_DEFAULTS;
    int failures = 0;
    for (long nth = 1;; nth++) {
        struct arena a;
        arena_init(&a, 1 << 22);
        struct change c = {.before = -7};
        memory_fail_nth(nth);
        rv_status status = change_decompose(&a, names, before, after, NULL, N, &options, &c, &err);
        memory_fail_nth(0);
        arena_done(&a);
        if (rv_is_ok(status)) {
            break;
        }
        CHECK_INT(status.code, RV_NO_MEMORY);
        CHECK_INT(c.before, -7);
        failures++;
    }
    CHECK(failures >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_typed_reference_is_met),
        cmocka_unit_test(the_shared_reference_is_met),
        cmocka_unit_test(contributions_add_up_and_order_does_not_matter),
        cmocka_unit_test(unequal_periods_are_made_equally_long),
        cmocka_unit_test(what_has_no_answer_is_refused),
        cmocka_unit_test(running_out_of_memory_is_reported_and_leaves_ret_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
