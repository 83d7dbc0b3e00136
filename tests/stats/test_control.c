/* tests/stats/test_control.c — control charts against published examples and R.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "numbers.h"
#include "stats/control.h"
#include "stats/random.h"

#define MOST 128

static struct rv_err err;

static enum control_kind kind_of(const char *name)
{
    static const char *const names[] = {"xmr", "p", "u", "c", "p-prime", "u-prime"};
    for (int i = 0; i < 6; i++) {
        if (strcmp(name, names[i]) == 0) {
            return (enum control_kind)i;
        }
    }
    fail_msg("no kind %s", name);
    return CONTROL_XMR;
}

/* Printed with so many decimals: no further away than half of the last, and a little for the
 * rounded constants 1.128 and 3.267. */
static void printed(const struct table *t, size_t row, const char *column, double got)
{
    if (table_has(t, row, column)) {
        double want = table_real(t, row, column);
        double half = 0.5 * pow(10, -(double)table_int(t, row, "digits"));
        if (!(fabs(got - want) <= half + 4e-4 * fabs(want))) {
            fail_msg("%s: %s is %.6f, printed %s", table_cell(t, row, "example"), column, got,
                     table_cell(t, row, column));
        }
    }
}

static void published_examples_come_out(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "control-published.csv", NULL);
    for (size_t row = 0; row < t.rows; row++) {
        double x[MOST], n[MOST], beyond[MOST];
        struct control_point points[MOST];
        struct control_phase phase = {.first = 0};
        size_t count = numbers_read(table_cell(&t, row, "x"), x, MOST), at = 0;
        for (size_t i = 0; i < count; i++) {
            n[i] = table_real(&t, row, "n");
        }
        struct control_options o = CONTROL_DEFAULTS;
        o.kind = kind_of(table_cell(&t, row, "kind"));
        struct control_series s = {.n = count, .values = x, .bases = n};
        CHECK_OK(control_chart(&s, &o, &phase, 1, points, &err));
        CHECK(phase.has_limits && phase.known == count && phase.used == count);
        printed(&t, row, "centre", phase.centre);
        printed(&t, row, "lower", points[0].lower);
        printed(&t, row, "upper", points[0].upper);
        printed(&t, row, "mean_range", phase.mean_range);
        printed(&t, row, "range_upper", phase.range_upper);
        size_t wanted = numbers_read(table_cell(&t, row, "beyond"), beyond, MOST);
        for (size_t i = 0; i < count; i++) {
            bool is_wanted = at < wanted && (double)(i + 1) == beyond[at];
            CHECK_INT((points[i].signals & CONTROL_BEYOND) != 0, is_wanted);
            at += is_wanted;
        }
        CHECK(at == wanted);
    }
    table_done(&t);
}

/* ---- R ---- */

static unsigned signals_of(const char *cell)
{
    static const struct {
        const char *name;
        unsigned bit;
    } names[] = {{"beyond", CONTROL_BEYOND},
                 {"two-of-three", CONTROL_TWO_OF_THREE},
                 {"four-of-five", CONTROL_FOUR_OF_FIVE},
                 {"run", CONTROL_RUN},
                 {"trend", CONTROL_TREND}};
    unsigned bits = 0;
    for (int i = 0; i < 5; i++) {
        bits |= strstr(cell, names[i].name) ? names[i].bit : 0;
    }
    return bits;
}

struct taken {
    double x[MOST], n[MOST];
    uint64_t valid[MOST / 64], bases_valid[MOST / 64];
    struct control_phase phases[8];
    struct control_series s;
    size_t count;
};

static void take(const struct table *t, size_t first, struct taken *w)
{
    memset(w, 0, sizeof *w);
    const char *chart = table_cell(t, first, "kind"), *rules = table_cell(t, first, "rules");
    size_t n = 0;
    int64_t phase = 0;
    for (size_t row = first; row < t->rows && strcmp(table_cell(t, row, "kind"), chart) == 0 &&
                             strcmp(table_cell(t, row, "rules"), rules) == 0;
         row++, n++) {
        w->x[n] = table_real(t, row, "x");
        w->n[n] = table_real(t, row, "n");
        w->valid[n / 64] |= (uint64_t)table_has(t, row, "x") << (n % 64);
        w->bases_valid[n / 64] |= (uint64_t)table_has(t, row, "n") << (n % 64);
        if (table_int(t, row, "phase") != phase) {
            phase = table_int(t, row, "phase");
            w->phases[w->count++].first = n;
        }
        CHECK(table_int(t, row, "row") == (int64_t)n + 1);
    }
    w->s = (struct control_series){
        .n = n, .values = w->x, .valid = w->valid, .bases = w->n, .bases_valid = w->bases_valid};
}

static void maybe(const struct table *t, size_t row, const char *column, bool has, double got,
                  double *worst)
{
    CHECK_INT(has, table_has(t, row, column));
    if (has) {
        CHECK_REF(got, table_real(t, row, column), 1e-12, worst);
    }
}

static void charts_with_gaps_and_phases_agree_with_R(void **state)
{
    (void)state;
    static const char *const rules[] = {"western-electric", "nelson", "nhs"};
    struct table t;
    table_open(&t, "control-chart.csv", NULL);
    static struct taken w;
    static struct control_point points[MOST];
    double worst = 0;
    unsigned seen = 0;
    for (size_t row = 0; row < t.rows; row += w.s.n) {
        take(&t, row, &w);
        struct control_options o = CONTROL_DEFAULTS;
        o.kind = kind_of(table_cell(&t, row, "kind"));
        while (strcmp(rules[o.rules], table_cell(&t, row, "rules")) != 0) {
            o.rules++;
        }
        CHECK_OK(control_chart(&w.s, &o, w.phases, w.count, points, &err));
        CHECK(w.count == 2);
        for (size_t i = 0; i < w.s.n; i++) {
            const struct control_point *p = &points[i];
            const struct control_phase *phase = &w.phases[p->phase];
            size_t at = row + i;
            bool is_xmr = o.kind == CONTROL_XMR;
            maybe(&t, at, "value", p->has_value, p->value, &worst);
            maybe(&t, at, "centre", p->has_limits, p->centre, &worst);
            maybe(&t, at, "lower", p->has_limits, p->lower, &worst);
            maybe(&t, at, "upper", p->has_limits, p->upper, &worst);
            maybe(&t, at, "range", is_xmr && p->is_linked, p->range, &worst);
            maybe(&t, at, "mean_range", is_xmr, phase->mean_range, &worst);
            maybe(&t, at, "sigma_z", phase->has_sigma_z, phase->sigma_z, &worst);
            maybe(&t, at, "dispersion", phase->has_spread, phase->dispersion, &worst);
            maybe(&t, at, "dispersion_p", phase->has_spread, phase->dispersion_p, &worst);
            CHECK_INT(p->signals, signals_of(table_cell(&t, at, "signals")));
            seen |= p->signals;
        }
    }
    CHECK(seen == 31); /* every rule, so that none is unchecked */
    measured("control-chart", "limits and spread", t.rows, "relative", worst);
    measured("control-chart", "signals", t.rows, "exact", 0);
    table_done(&t);
}

/* ---- gaps, phases, baselines ---- */

static void a_missing_period_breaks_ranges_and_runs(void **state)
{
    (void)state;
    double x[20];
    uint64_t valid[1] = {UINT64_MAX}, follows[1] = {UINT64_MAX};
    struct control_point points[20];
    for (int i = 0; i < 20; i++) {
        x[i] = i < 8 ? 9 + i % 2 : i < 16 ? 12 + i % 2 : 9 + i % 2;
    }
    struct control_phase phase = {.first = 0};
    struct control_options o = CONTROL_DEFAULTS;
    struct control_series s = {.n = 20, .values = x, .valid = valid, .follows = follows};
    CHECK_OK(control_chart(&s, &o, &phase, 1, points, &err));
    CHECK((points[15].signals & CONTROL_RUN) && !(points[14].signals & CONTROL_RUN));
    x[12] = 1e15; /* whatever stands there */
    valid[0] &= ~(UINT64_C(1) << 12);
    CHECK_OK(control_chart(&s, &o, &phase, 1, points, &err));
    CHECK(!points[12].has_value && !points[12].has_limits && points[12].signals == 0);
    CHECK(!points[12].is_linked && !points[13].is_linked && points[14].is_linked);
    CHECK(!(points[15].signals & CONTROL_RUN) && phase.known == 19 && phase.centre < 12);
    /* a period that has no row at all does the same */
    x[12] = 12;
    valid[0] = UINT64_MAX;
    follows[0] &= ~(UINT64_C(1) << 12);
    CHECK_OK(control_chart(&s, &o, &phase, 1, points, &err));
    CHECK(points[12].has_value && !points[12].is_linked && !(points[15].signals & CONTROL_RUN));
    CHECK_INT(phase.known, 20);
}

/* Limits move only where it was declared, and then without the periods before. */
static void limits_begin_anew_only_where_declared(void **state)
{
    (void)state;
    double x[40];
    struct control_point one[40], two[40], alone[40];
    for (int i = 0; i < 40; i++) {
        x[i] = (i < 20 ? 50 : 70) + i * 7 % 5;
    }
    struct control_phase whole = {.first = 0}, parts[2] = {{.first = 0}, {.first = 20}};
    struct control_options o = CONTROL_DEFAULTS;
    struct control_series s = {.n = 40, .values = x};
    CHECK_OK(control_chart(&s, &o, &whole, 1, one, &err));
    CHECK(one[0].upper == one[39].upper && (one[39].signals & CONTROL_BEYOND));
    CHECK_OK(control_chart(&s, &o, parts, 2, two, &err));
    CHECK(two[39].signals == 0 && !two[20].is_linked && two[20].phase == 1);
    struct control_series later = {.n = 20, .values = x + 20};
    CHECK_OK(control_chart(&later, &o, &whole, 1, alone, &err));
    for (int i = 0; i < 20; i++) {
        CHECK(alone[i].upper == two[20 + i].upper && alone[i].lower == two[20 + i].lower);
    }
    /* a baseline: the same limits whatever comes after it */
    o.baseline = 20;
    CHECK_OK(control_chart(&s, &o, &whole, 1, one, &err));
    CHECK(one[39].upper == two[0].upper && (one[39].signals & CONTROL_BEYOND) && whole.used == 20);
}

/* Chance alone: about 0.3% of points beyond three sigma. */
static void chance_alone_makes_few_signals(void **state)
{
    (void)state;
    static double x[20000], n[20000];
    static struct control_point points[20000];
    struct random_stream r;
    random_open(&r, 3, RANDOM_TEST, 0);
    for (size_t i = 0; i < 20000; i++) {
        n[i] = 400;
        for (int k = 0; k < 400; k++) {
            x[i] += random_below(&r, 5) == 0;
        }
    }
    struct control_phase phase = {.first = 0};
    struct control_options o = {.kind = CONTROL_P, .rules = CONTROL_NELSON, .per = 1};
    struct control_series s = {.n = 20000, .values = x, .bases = n};
    CHECK_OK(control_chart(&s, &o, &phase, 1, points, &err));
    size_t beyond = 0;
    for (size_t i = 0; i < s.n; i++) {
        beyond += points[i].signals & CONTROL_BEYOND;
    }
    CHECK(beyond > 20 && beyond < 110); /* 54 expected */
    CHECK_NEAR(phase.sigma_z, 1, 0.02);
    CHECK(phase.dispersion_p > 0.001);
    CHECK(!phase.is_provisional);
}

static void without_spread_there_are_no_limits(void **state)
{
    (void)state;
    const double equal[] = {4, 4, 4, 4}, none[] = {0, 0, 0, 0}, n[] = {5, 5, 0, 5};
    struct control_point points[4];
    struct control_phase phase = {.first = 0};
    for (int kind = CONTROL_XMR; kind <= CONTROL_U_LANEY; kind++) {
        struct control_options o = {.kind = (enum control_kind)kind, .per = 1};
        struct control_series s = {.n = 4, .values = kind ? none : equal, .bases = n};
        CHECK_OK(control_chart(&s, &o, &phase, 1, points, &err));
        CHECK(!phase.has_limits && !points[3].has_limits && points[3].signals == 0);
        CHECK(phase.is_provisional);
        CHECK_INT(points[2].has_value, kind == CONTROL_XMR || kind == CONTROL_C); /* 0 of 0 */
    }
    struct control_series empty = {.n = 0};
    struct control_options o = CONTROL_DEFAULTS;
    CHECK_OK(control_chart(&empty, &o, &phase, 1, points, &err));
    CHECK(!phase.has_limits && phase.known == 0);
}

static void what_cannot_be_is_refused_with_its_row(void **state)
{
    (void)state;
    const double x[] = {1, 2, 7}, half[] = {1, 2, 2.5}, n[] = {5, 5, 5};
    struct control_point points[3] = {{.value = -7}};
    struct control_phase phase = {.first = 0}, two[2] = {{.first = 0}, {.first = 3}};
    struct control_options o = {.kind = CONTROL_P, .per = 1};
    struct control_series s = {.n = 3, .values = x, .bases = n};
    CHECK_FAILS(control_chart(&s, &o, &phase, 1, points, &err), RV_DOMAIN);
    CHECK(strstr(err.message, "row 3"));
    o.kind = CONTROL_C;
    CHECK_FAILS(control_chart(&s, &o, two, 2, points, &err), RV_DOMAIN);
    CHECK_FAILS(control_chart(&s, &o, two, 0, points, &err), RV_DOMAIN);
    s.values = half;
    CHECK_FAILS(control_chart(&s, &o, &phase, 1, points, &err), RV_DOMAIN);
    o.kind = CONTROL_U;
    o.per = 0;
    s.values = x;
    CHECK_FAILS(control_chart(&s, &o, &phase, 1, points, &err), RV_DOMAIN);
    o.per = 1;
    s.bases = NULL;
    CHECK_FAILS(control_chart(&s, &o, &phase, 1, points, &err), RV_DOMAIN);
    CHECK(points[0].value == -7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_examples_come_out),
        cmocka_unit_test(charts_with_gaps_and_phases_agree_with_R),
        cmocka_unit_test(a_missing_period_breaks_ranges_and_runs),
        cmocka_unit_test(limits_begin_anew_only_where_declared),
        cmocka_unit_test(chance_alone_makes_few_signals),
        cmocka_unit_test(without_spread_there_are_no_limits),
        cmocka_unit_test(what_cannot_be_is_refused_with_its_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
