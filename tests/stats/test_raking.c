/* tests/stats/test_raking.c — weights that fit the margins of a population.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/arena.h"
#include "check.h"
#include "stats/raking.h"
#include "table.h"

#define MOST 512

static struct rv_err err;
static struct arena arena;

static const char *const AGES[] = {"u25", "25-44", "45-64", "65+"};
static const char *const SEXES[] = {"F", "M"};
static const char *const ETHNICITIES[] = {"WB", "Other"};
static const double AGE_TARGETS[] = {26000, 68000, 62000, 44000};
static const double SEX_TARGETS[] = {104000, 96000};
static const double ETHNICITY_TARGETS[] = {138000, 62000};

struct sample {
    uint32_t age[MOST], sex[MOST], ethnicity[MOST];
    double rake[MOST], trim[MOST], cap[MOST];
    size_t n;
};

static uint32_t code(const char *cell, const char *const *labels, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(cell, labels[i]) == 0) {
            return i;
        }
    }
    fail_msg("no category %s", cell);
    return 0;
}

static void read_sample(struct sample *s)
{
    struct table t;
    table_open(&t, "rake-weights.csv", NULL);
    s->n = t.rows;
    for (size_t i = 0; i < t.rows; i++) {
        s->age[i] = code(table_cell(&t, i, "age"), AGES, 4);
        s->sex[i] = code(table_cell(&t, i, "sex"), SEXES, 2);
        s->ethnicity[i] = code(table_cell(&t, i, "eth"), ETHNICITIES, 2);
        s->rake[i] = table_real(&t, i, "weight_rake");
        s->trim[i] = table_real(&t, i, "weight_trim_strict");
        s->cap[i] = table_real(&t, i, "weight_cap_rerake");
    }
    table_done(&t);
}

#define MARGINS(s)                                                                                 \
    {                                                                                              \
        {"age", (s).age, AGE_TARGETS, AGES, 4}, {"sex", (s).sex, SEX_TARGETS, SEXES, 2},           \
        {                                                                                          \
            "ethnicity", (s).ethnicity, ETHNICITY_TARGETS, ETHNICITIES, 2                          \
        }                                                                                          \
    }

static void fill(double *weights, size_t n, double value)
{
    for (size_t i = 0; i < n; i++) {
        weights[i] = value;
    }
}

static double worst_of(const double *got, const double *want, size_t n)
{
    double worst = 0;
    for (size_t i = 0; i < n; i++) {
        table_worst(&worst, got[i], want[i]);
    }
    return worst;
}

static void weights_agree_with_R(void **state)
{
    (void)state;
    static struct sample s;
    static double weights[MOST];
    read_sample(&s);
    const struct rake_margin margins[] = MARGINS(s);
    struct rake_options options = RAKE_DEFAULTS;
    struct rake_result result;
    fill(weights, s.n, 1);
    CHECK_OK(rake(&arena, weights, s.n, margins, 3, &options, &result, &err));
    CHECK(result.is_converged && !result.is_rescaled && result.missing_count == 0);
    double raked = worst_of(weights, s.rake, s.n);
    CHECK(raked < 1e-7);
    size_t trimmed;
    CHECK_OK(rake_trim(weights, s.n, 200, 2000, &trimmed, &err));
    double trim = worst_of(weights, s.trim, s.n);
    CHECK(trim < 1e-7 && trimmed > 0);
    options.cap_low = 0.3;
    options.cap_high = 3;
    fill(weights, s.n, 1);
    CHECK_OK(rake(&arena, weights, s.n, margins, 3, &options, &result, &err));
    double capped = worst_of(weights, s.cap, s.n);
    CHECK(capped < 1e-7 && result.capped > 0);
    measured("rake", "raked", s.n, "relative", raked);
    measured("rake", "trimmed", s.n, "relative", trim);
    measured("rake", "capped", s.n, "relative", capped);
}

static void every_margin_fits_and_design_weights_keep_their_ratio(void **state)
{
    (void)state;
    static struct sample s;
    static double weights[MOST], design[MOST];
    read_sample(&s);
    const struct rake_margin margins[] = MARGINS(s);
    struct rake_options options = RAKE_DEFAULTS;
    struct rake_result result;
    for (size_t i = 0; i < s.n; i++) {
        design[i] = weights[i] = 1 + (double)(i % 7) / 3;
    }
    CHECK_OK(rake(&arena, weights, s.n, margins, 3, &options, &result, &err));
    double ages[4] = {0}, sexes[2] = {0};
    for (size_t i = 0; i < s.n; i++) {
        ages[s.age[i]] += weights[i];
        sexes[s.sex[i]] += weights[i];
        for (size_t j = 0; j < i; j++) { /* alike in every margin: only the design differs */
            if (s.age[i] == s.age[j] && s.sex[i] == s.sex[j] && s.ethnicity[i] == s.ethnicity[j]) {
                CHECK_NEAR(weights[i] / weights[j], design[i] / design[j], 1e-12);
            }
        }
    }
    for (size_t c = 0; c < 4; c++) {
        CHECK_NEAR(ages[c], AGE_TARGETS[c], 1e-7);
    }
    CHECK_NEAR(sexes[0], SEX_TARGETS[0], 1e-7);
}

/* Two-way tables as respondents with a starting weight each: cells of 3 x 3 and 2 x 2. */
static struct rake_result fit_table(double *cells, uint32_t rows, uint32_t columns,
                                    const double *row_targets, const double *column_targets)
{
    uint32_t row[16], column[16];
    for (uint32_t i = 0; i < rows * columns; i++) {
        row[i] = i / columns;
        column[i] = i % columns;
    }
    const struct rake_margin margins[] = {{"rows", row, row_targets, NULL, rows},
                                          {"columns", column, column_targets, NULL, columns}};
    struct rake_options options = RAKE_DEFAULTS;
    options.tolerance = 1e-10;
    struct rake_result result;
    CHECK_OK(rake(&arena, cells, rows * columns, margins, 2, &options, &result, &err));
    return result;
}

static void tables_agree_with_the_reference(void **state)
{
    (void)state;
    double a[] = {40, 30, 20, 35, 50, 100, 25, 20, 10};
    const double a_rows[] = {150, 300, 80}, a_columns[] = {200, 200, 130};
    const double a_want[] = {77.0336053424402, 55.6442976284087, 17.3220970291512,
                             81.9488552652267, 112.751941427195, 105.299203307578,
                             41.017539392333,  31.6037609443959, 7.37869966327109};
    CHECK(fit_table(a, 3, 3, a_rows, a_columns).is_converged);
    double b[] = {5, 0, 2, 4, 6, 1, 0, 3, 8};
    const double b_rows[] = {20, 30, 25}, b_columns[] = {22, 28, 25};
    const double b_want[] = {
        13.7656832751924, 0, 6.23431672480728, 8.23431672480762, 19.434917275034,
        2.33076600015842, 0, 8.56508272496599, 16.4349172750343};
    CHECK(fit_table(b, 3, 3, b_rows, b_columns).is_converged);
    CHECK(worst_of(a, a_want, 9) < 1e-6 && worst_of(b, b_want, 9) < 1e-6);
}

static void margins_that_contradict_are_said_not_to_converge(void **state)
{
    (void)state;
    double cells[] = {1, 0, 0, 1};
    const double rows[] = {10, 5}, columns[] = {8, 7};
    CHECK(!fit_table(cells, 2, 2, rows, columns).is_converged);
    CHECK(cells[0] == 1 && cells[3] == 1); /* and the weights are as they were */
}

static void those_who_did_not_say_keep_their_share(void **state)
{
    (void)state;
    const uint32_t sex[] = {0, 0, 0, 1, RAKE_MISSING}, age[] = {0, 1, 0, 1, 1};
    const double sexes[] = {60, 40}, ages[] = {40, 60};
    const struct rake_margin margins[] = {{"sex", sex, sexes, NULL, 2},
                                          {"age", age, ages, NULL, 2}};
    struct rake_options options = RAKE_DEFAULTS;
    struct rake_result result;
    double w[] = {1, 1, 1, 1, 1};
    CHECK_OK(rake(&arena, w, 5, margins, 2, &options, &result, &err));
    CHECK(result.is_converged);
    CHECK_INT(result.missing_count, 1);
    CHECK_NEAR(w[4], 20, 1e-6); /* one of five, of 100 */
    CHECK_NEAR(w[0] + w[1] + w[2], 48, 1e-6);
    CHECK_NEAR(w[0] + w[2], 40, 1e-6);
}

static void totals_that_differ_are_scaled_to_the_first_and_said(void **state)
{
    (void)state;
    const uint32_t sex[] = {0, 1, 0, 1}, age[] = {0, 0, 1, 1};
    const double sexes[] = {60, 40}, ages[] = {110, 110};
    const struct rake_margin margins[] = {{"sex", sex, sexes, NULL, 2},
                                          {"age", age, ages, NULL, 2}};
    struct rake_options options = RAKE_DEFAULTS;
    struct rake_result result;
    double w[] = {1, 1, 1, 1};
    CHECK_OK(rake(&arena, w, 4, margins, 2, &options, &result, &err));
    CHECK(result.is_rescaled);
    CHECK_NEAR(result.largest_scale, 2.2, 1e-12);
    CHECK_NEAR(w[0] + w[1] + w[2] + w[3], 100, 1e-9);
}

static void a_category_without_respondents_is_refused_by_name(void **state)
{
    (void)state;
    const uint32_t sex[] = {0, 0};
    const double both[] = {60, 40}, one[] = {0, 40};
    struct rake_margin margin = {"sex", sex, both, SEXES, 2};
    struct rake_options options = RAKE_DEFAULTS;
    struct rake_result result;
    double w[] = {1, 1};
    CHECK_FAILS(rake(&arena, w, 2, &margin, 1, &options, &result, &err), RV_DOMAIN);
    CHECK(strstr(err.message, "(M)") && strstr(err.message, "merge"));
    margin.targets = one;
    CHECK_FAILS(rake(&arena, w, 2, &margin, 1, &options, &result, &err), RV_DOMAIN);
    w[1] = (double)NAN;
    CHECK_FAILS(rake(&arena, w, 2, &margin, 1, &options, &result, &err), RV_DOMAIN);
    CHECK(w[0] == 1);
}

static void trimming_keeps_the_sum_whatever_it_has_to_cut(void **state)
{
    (void)state;
    double all_outside[] = {0, 0, 0, 10};
    size_t trimmed;
    CHECK_OK(rake_trim(all_outside, 4, 2, 3, &trimmed, &err));
    double sum = 0;
    for (size_t i = 0; i < 4; i++) {
        CHECK(all_outside[i] >= 2 && all_outside[i] <= 3);
        sum += all_outside[i];
    }
    CHECK_NEAR(sum, 10, 1e-12);
    CHECK_FAILS(rake_trim(all_outside, 4, 3, 4, &trimmed, &err), RV_DOMAIN);
}

static int open_arena(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)1 << 24);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(weights_agree_with_R),
        CASE(every_margin_fits_and_design_weights_keep_their_ratio),
        CASE(tables_agree_with_the_reference),
        CASE(margins_that_contradict_are_said_not_to_converge),
        CASE(those_who_did_not_say_keep_their_share),
        CASE(totals_that_differ_are_scaled_to_the_first_and_said),
        CASE(a_category_without_respondents_is_refused_by_name),
        CASE(trimming_keeps_the_sum_whatever_it_has_to_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
