/* assess/lens_concentration.c — how few small areas hold half of a profile, and how few would by
 * chance. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/profile_internal.h"
#include "base/limits.h"
#include "spatial/concentration.h"

#include <math.h>
#include <string.h>

struct spread {
    struct lens *l;
    const char *type, *plural;
    struct concentration c;
    struct concentration_chance chance;
};

/* The fewest areas of the observed, beside those of chance. */
static rv_status add_finding(struct spread *s, int64_t of_borough, struct rv_err *reterr)
{
    struct assess_work *w = s->l->work;
    struct arena *a = w->held.arena;
    const struct concentration *c = &s->c;
    struct finding *f = compose_lens_finding(s->l, 0, "concentration");
    if (!f) {
        return arena_fail(a, reterr);
    }
    f->rule = s->chance.half.p < WORDING_ALPHA ? "CONCENTRATION" : "CONCENTRATION_BY_CHANCE";
    f->method = "concentration";
    f->unit = s->plural;
    f->value = f->numerator = (double)c->for_half;
    f->denominator = (double)c->areas;
    f->denominator_name = s->plural;
    f->missing = (double)(of_borough - c->events);
    f->query = compose_query(s->l, s->type, 0, w->options->area, BUCKET_PERIOD);
    RV_TRY(compose_text(w, f, "areas", s->plural, reterr));
    RV_TRY(compose_number(w, f, "count", (double)c->events, reterr));
    RV_TRY(compose_number(w, f, "quarter", (double)c->for_quarter, reterr));
    RV_TRY(compose_number(w, f, "chance", s->chance.half.mean, reterr));
    RV_TRY(compose_number(w, f, "chance_low", s->chance.half.lower, reterr));
    RV_TRY(compose_number(w, f, "chance_high", s->chance.half.upper, reterr));
    RV_TRY(compose_number(w, f, "chance_quarter", s->chance.quarter.mean, reterr));
    RV_TRY(compose_number(w, f, "p", s->chance.half.p, reterr));
    RV_TRY(compose_number(w, f, "gini", c->gini, reterr));
    RV_TRY(compose_number(w, f, "generalised_gini", c->generalised, reterr));
    RV_TRY(weaken_unknown(w, f, strcmp(s->type, "lsoa") == 0 ? "an LSOA" : "a ward",
                          of_borough - c->events, c->events, reterr));
    bool is_tied = c->for_half < c->areas && c->ordered[c->for_half - 1] == c->ordered[c->for_half];
    if (is_tied) {
        f->is_tied = true;
        RV_TRY(compose_caveat(w, f,
                              "The last of them has as many offences as the next: how many they "
                              "are is certain, which they are is not.",
                              reterr));
    }
    return compose_caveat(w, f,
                          "By chance means each area equally likely: areas differ in visitors, and "
                          "several records of one incident lie together.",
                          reterr);
}

/* Rows of the curve: each of the first ten areas, the cuts, then every twentieth part. */
static bool is_point(const struct concentration *c, size_t k)
{
    size_t step = (c->areas + 19) / 20;
    return k <= 10 || k % step == 0 || k == c->for_quarter || k == c->for_half || k == c->areas;
}

static rv_status add_curve(struct spread *s, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"areas_percent", "Areas with most offences first, percent of all", RESULT_PERCENT},
        {"offences_percent", "Offences, percent", RESULT_PERCENT},
        {"by_chance_percent", "By chance alone, percent", RESULT_PERCENT}};
    struct assess_work *w = s->l->work;
    struct arena *a = w->held.arena;
    const struct concentration *c = &s->c;
    size_t rows = 0, row = 0;
    for (size_t k = 0; k <= c->areas; k++) {
        rows += is_point(c, k);
    }
    struct result_cell *cells = NULL;
    struct result_table *t = compose_lens_table(s->l, "lorenz", columns, 3, rows, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "How concentrated in %s: %s, %s, %s", s->plural, s->l->subjects[0],
                            w->area_name, compose_period(a, w->options->period));
    t->description = "Share of the offences in so many of the areas, those with most first, beside "
                     "what as many offences thrown on as many areas give.";
    t->chart = CHART_LORENZ;
    int64_t sum = 0;
    for (size_t k = 0; k <= c->areas; k++) {
        sum += k ? c->ordered[k - 1] : 0;
        if (is_point(c, k)) {
            cells[row * 3] = cell_number(100 * (double)k / (double)c->areas);
            cells[row * 3 + 1] = cell_number(100 * (double)sum / (double)c->events);
            cells[row * 3 + 2] = cell_number(k ? fmin(100, 100 * s->chance.curve[k - 1]) : 0);
            row++;
        }
    }
    RV_TRY(compose_note(w, t,
                        arena_printf(a,
                                     "%lld offences in %zu %s; Gini %.2f, by chance %.2f; "
                                     "generalised for few offences %.2f.",
                                     (long long)c->events, c->areas, s->plural, c->gini,
                                     s->chance.gini.mean, c->generalised),
                        reterr));
    return t->title ? rv_ok() : arena_fail(a, reterr);
}

rv_status lens_concentration(struct lens *l, const char *type, const char *plural,
                             const int64_t *counts, size_t n, int64_t of_borough,
                             struct rv_err *reterr)
{
    struct spread s = {.l = l, .type = type, .plural = plural};
    int64_t total = 0;
    for (size_t i = 0; i < n; i++) {
        total += counts[i];
    }
    if (n < 2 || total < WORDING_PERCENT_BASE) {
        return rv_ok(); /* of so few nothing can be told from chance */
    }
    struct concentration_options o = CONCENTRATION_DEFAULTS;
    o.top = n < o.top ? n : o.top;
    struct arena scratch RV_CLEANUP(arena_done);
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    RV_TRY(concentration_measure(&scratch, counts, n, &s.c, reterr));
    RV_TRY(concentration_by_chance(&scratch, &s.c, &o, &s.chance, reterr));
    RV_TRY(add_finding(&s, of_borough, reterr));
    return add_curve(&s, reterr);
}
