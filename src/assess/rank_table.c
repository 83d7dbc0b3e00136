/* assess/rank_table.c — the boroughs in order, and the places that each could hold.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/rank_internal.h"
#include "stats/rate.h"

#include <math.h>

static const double NOT_KNOWN = (double)NAN;

double residents_years(const struct population *p, uint32_t placed, struct month_range r)
{
    double years = 0;
    for (int32_t m = r.first; m <= r.last; m++) {
        years += population_person_years(p, placed, &m, 1);
    }
    return years;
}

static bool is_able(const struct assess_work *w, uint32_t i)
{
    return (w->able[i / 64] >> (i % 64)) & 1;
}

rv_status rank_boroughs(struct lens *l, uint32_t c, int bucket, bool by_rate, struct rank *ranks,
                        int8_t *beside, bool *ret_ranked, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    uint32_t n = w->boroughs->count;
    struct arena *a = w->held.arena;
    int64_t *counts = ARENA_NEW(a, int64_t, n);
    double *exposures = ARENA_NEW(a, double, n);
    if (!counts || !exposures) {
        return arena_fail(a, reterr);
    }
    *ret_ranked = true;
    for (uint32_t i = 0; i < n; i++) {
        counts[i] = lens_count(l, bucket, c, i + 1);
        exposures[i] = 1;
        if (by_rate) {
            double years = residents_years(&w->residents, i + 1, bucket_range(w, bucket));
            *ret_ranked = *ret_ranked && (years > 0 || !is_able(w, i));
            exposures[i] = years > 0 ? years : 1;
        }
    }
    if (!*ret_ranked) {
        return rv_ok();
    }
    const double *sizes = by_rate ? exposures : NULL;
    if (beside && is_able(w, w->area - 1)) {
        return rank_simultaneous_beside(a, counts, sizes, w->able, n, STATS_LEVEL, RANK_MOST_FIRST,
                                        w->area - 1, ranks, beside, reterr);
    }
    return rank_simultaneous(a, counts, sizes, w->able, n, STATS_LEVEL, RANK_MOST_FIRST, ranks,
                             reterr);
}

/* ---- the table ---- */

enum {
    BOROUGH,
    RATE,
    LOWER,
    UPPER,
    RATE_RANK,
    RATE_LOW,
    RATE_HIGH,
    BESIDE,
    COUNT,
    RANK,
    RANK_LOW,
    RANK_HIGH,
    WIDTH
};

/* Ranks by rate; NULL by_rate: residents are not known of all. */
struct ranked {
    const struct rank *by_count, *by_rate;
    const int8_t *beside;
};

static const char *beside_of(const struct assess_work *w, const struct ranked *k, uint32_t i)
{
    return i + 1 == w->area   ? "itself"
           : k->beside[i] > 0 ? "higher"
           : k->beside[i] < 0 ? "lower"
                              : "not told apart";
}

static void fill_rate_places(const struct assess_work *w, const struct ranked *k, uint32_t i,
                             struct result_cell *cell)
{
    const struct rank *r = k->by_rate ? &k->by_rate[i] : NULL;
    cell[RATE_RANK] = cell_number(r ? (double)r->rank : NOT_KNOWN);
    cell[RATE_LOW] = cell_number(r ? (double)r->low : NOT_KNOWN);
    cell[RATE_HIGH] = cell_number(r ? (double)r->high : NOT_KNOWN);
    cell[BESIDE] = cell_text(r ? beside_of(w, k, i) : "");
    cell[BESIDE].is_missing = !r;
}

static rv_status fill_row(const struct lens *l, uint32_t c, uint32_t i, const struct ranked *k,
                          struct result_cell *cell, struct rv_err *reterr)
{
    const struct assess_work *w = l->work;
    double years = residents_years(&w->residents, i + 1, w->options->period);
    struct rate rate = {0};
    struct rate_options options = RATE_DEFAULTS;
    int64_t count = lens_count(l, BUCKET_PERIOD, c, i + 1);
    bool has = years > 0;
    RV_TRY(has ? rate_crude(count, years, &options, &rate, reterr) : rv_ok());
    const struct rank *r = &k->by_count[i];
    cell[BOROUGH] = cell_text(w->boroughs->areas[i].name);
    cell[RATE] = cell_number(has ? rate.value : NOT_KNOWN);
    cell[LOWER] = cell_number(has ? rate.lower : NOT_KNOWN);
    cell[UPPER] = cell_number(has ? rate.upper : NOT_KNOWN);
    cell[COUNT] = cell_number((double)count);
    cell[RANK] = cell_number((double)r->rank);
    cell[RANK_LOW] = cell_number((double)r->low);
    cell[RANK_HIGH] = cell_number((double)r->high);
    fill_rate_places(w, k, i, cell);
    return rv_ok();
}

/* In order of the rates; of the counts where there are no rates. */
static rv_status fill_rows(const struct lens *l, uint32_t c, const struct ranked *k,
                           struct result_cell *cells, struct rv_err *reterr)
{
    const struct assess_work *w = l->work;
    const struct rank *order = k->by_rate ? k->by_rate : k->by_count;
    uint32_t n = w->boroughs->count;
    size_t row = 0;
    for (int64_t place = 1; place <= n; place++) {
        for (uint32_t i = 0; i < n; i++) {
            if (is_able(w, i) && order[i].rank == place) {
                RV_TRY(fill_row(l, c, i, k, &cells[row++ * WIDTH], reterr));
            }
        }
    }
    return rv_ok();
}

static rv_status describe(struct lens *l, uint32_t c, bool has_rates, struct result_table *t,
                          struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    t->title = arena_printf(a, l->profile ? "The boroughs: %s, %s" : "The boroughs by %s, %s",
                            l->subjects[c], compose_period(a, w->options->period));
    t->description =
        has_rates ? arena_printf(a,
                                 "Offences per 100,000 residents a year with the 95%% interval, "
                                 "highest first, and the places that each borough could hold. "
                                 "Look for how many cannot be told apart from %s, not for its "
                                 "place.",
                                 w->area_name)
                  : "Offences of each borough, most first, and the places that each could hold by "
                    "count.";
    t->chart = has_rates ? CHART_RANKS : CHART_NONE;
    t->focus = w->area_name;
    RV_TRY(compose_note(w, t, l->source_caveat, reterr));
    RV_TRY(compose_note(w, t,
                        "Places from and to: a simultaneous 95% set for all boroughs at once. "
                        "The City of London takes no place.",
                        reterr));
    return t->title && t->description ? rv_ok() : arena_fail(a, reterr);
}

rv_status rank_table(struct lens *l, uint32_t c, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    struct result_column columns[WIDTH] = {{"borough", "Borough", RESULT_TEXT},
                                           {"rate", "Rate per 100,000", RESULT_RATE},
                                           {"lower", "95% interval, lower", RESULT_RATE},
                                           {"upper", "95% interval, upper", RESULT_RATE},
                                           {"rate_rank", "Place by rate", RESULT_RANK},
                                           {"rate_rank_low", "Place by rate, from", RESULT_RANK},
                                           {"rate_rank_high", "Place by rate, to", RESULT_RANK},
                                           {"beside", NULL, RESULT_TEXT},
                                           {"count", "Offences", RESULT_COUNT},
                                           {"rank", "Place by count", RESULT_RANK},
                                           {"rank_low", "Place by count, from", RESULT_RANK},
                                           {"rank_high", "Place by count, to", RESULT_RANK}};
    uint32_t n = w->boroughs->count;
    struct rank *by_count = ARENA_NEW(a, struct rank, n), *by_rate = ARENA_NEW(a, struct rank, n);
    int8_t *beside = ARENA_NEW(a, int8_t, n);
    columns[BESIDE].title = arena_printf(a, "Rate beside %s", w->area_name);
    struct result_cell *cells = NULL;
    struct result_table *t = compose_lens_table(l, arena_printf(a, "boroughs-%s", l->slugs[c]),
                                                columns, WIDTH, w->able_count, &cells);
    if (!t || !by_count || !by_rate || !beside || !columns[BESIDE].title) {
        return arena_fail(a, reterr);
    }
    bool has_counts = true, has_rates = true;
    RV_TRY(rank_boroughs(l, c, BUCKET_PERIOD, false, by_count, NULL, &has_counts, reterr));
    RV_TRY(rank_boroughs(l, c, BUCKET_PERIOD, true, by_rate, beside, &has_rates, reterr));
    struct ranked k = {by_count, has_rates ? by_rate : NULL, beside};
    RV_TRY(fill_rows(l, c, &k, cells, reterr));
    return describe(l, c, has_rates, t, reterr);
}
