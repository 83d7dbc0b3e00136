/* assess/areas_say.c — findings and tables of small areas.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/areas_internal.h"
#include "stats/binomial.h"
#include "stats/rate.h"

#include <math.h>
#include <string.h>

#define PER 100000.0

static const double NOT_KNOWN = (double)NAN;

/* What shares are of: offences of the borough in such an area; all of the borough's where the areas
 * cover parts of it only. */
static int64_t total_mine(const struct local *k, size_t s)
{
    int64_t sum = 0;
    if (strcmp(k->type, "locality") == 0) {
        return k->of_borough;
    }
    for (size_t i = 0; i < k->mine_count; i++) {
        sum += k->counts[s][k->mine[i]];
    }
    return sum;
}

/* The most affected area, no more firmly than the two largest counts can be told apart. */
rv_status areas_top(struct local *k, size_t s, const struct placed_count *order,
                    struct rv_err *reterr)
{
    struct assess_work *w = k->lens.work;
    const char *measure = arena_printf(w->held.arena, "top-%s", k->type);
    struct finding *f = measure ? compose_lens_finding(&k->lens, k->subjects[s], measure) : NULL;
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    int64_t total = total_mine(k, s);
    f->unit = "offences";
    f->method = "rate-ratio";
    f->query = compose_query(&k->lens, k->type, k->subjects[s], w->options->area, BUCKET_PERIOD);
    RV_TRY(compose_text(w, f, "areas", k->plural, reterr));
    RV_TRY(compose_number(w, f, "area_count", (double)k->mine_count, reterr));
    if (total == 0) {
        f->rule = "TOP_AREA_NONE";
        f->value = f->numerator = 0;
        return rv_ok();
    }
    int64_t first = order[0].count, second = k->mine_count > 1 ? order[1].count : 0;
    f->value = f->numerator = (double)first;
    f->denominator = (double)total;
    f->denominator_name = strcmp(k->type, "locality") == 0
                              ? "offences in the borough"
                              : "offences in the borough that have such an area";
    RV_TRY(compose_text(w, f, "place", k->layer->areas[order[0].position].name, reterr));
    RV_TRY(compose_text(w, f, "place_code", order[0].code, reterr));
    RV_TRY(compose_number(
        w, f, "share",
        total >= WORDING_PERCENT_BASE ? 100 * (double)first / (double)total : NOT_KNOWN, reterr));
    RV_TRY(compose_number(w, f, "even_share", 100.0 / (double)k->mine_count, reterr));
    if (k->mine_count > 1) {
        RV_TRY(compose_text(w, f, "next", k->layer->areas[order[1].position].name, reterr));
        RV_TRY(compose_number(w, f, "next_count", (double)second, reterr));
    }
    double p = 0;
    RV_TRY(binomial_test(first, first + second, 0.5, &p, reterr));
    RV_TRY(compose_number(w, f, "p", p, reterr));
    if (first < ASSESS_SMALL_COUNT) {
        f->verdict = VERDICT_CAUTION;
        RV_TRY(compose_caveat(w, f,
                              arena_printf(w->held.arena,
                                           "Holds with caution, because the largest count is under "
                                           "%d: one offence more or less elsewhere changes the "
                                           "order.",
                                           ASSESS_SMALL_COUNT),
                              reterr));
    }
    f->is_tied = first == second;
    f->rule = f->is_tied          ? "TOP_AREA_TIED"
              : p < WORDING_ALPHA ? "TOP_AREA"
                                  : "TOP_AREA_NOT_DISTINGUISHABLE";
    return compose_caveat(w, f,
                          "Counts of areas are of where offences were placed, not of where "
                          "people live; town centres draw people from elsewhere.",
                          reterr);
}

/* Offences of the borough in no such area; 0 where its source counts areas and not offences. */
static int64_t outside_mine(const struct local *k, size_t s)
{
    int64_t left = k->lens.is_records && (s == 0 || k->lens.profile) ? k->of_borough : 0;
    for (size_t i = 0; i < k->mine_count; i++) {
        left -= k->counts[s][k->mine[i]];
    }
    return left > 0 ? left : 0;
}

static rv_status note_share(struct local *k, size_t s, struct result_table *t,
                            struct rv_err *reterr)
{
    struct arena *a = k->lens.work->held.arena;
    int64_t left = outside_mine(k, s);
    if (left == 0) {
        return rv_ok();
    }
    return compose_note(k->lens.work, t,
                        arena_printf(a,
                                     "%lld of the borough's %lld offences are in none of these %s "
                                     "and are not here.",
                                     (long long)left, (long long)k->of_borough, k->plural),
                        reterr);
}

/* How much of it the ten with the highest counts have. */
rv_status areas_top_ten(struct local *k, size_t s, const struct placed_count *order,
                        struct rv_err *reterr)
{
    enum { TEN = 10 };
    struct assess_work *w = k->lens.work;
    int64_t total = total_mine(k, s), part = 0;
    if (k->mine_count <= TEN || total == 0) {
        return rv_ok();
    }
    for (size_t i = 0; i < TEN; i++) {
        part += order[i].count;
    }
    const char *measure = arena_printf(w->held.arena, "top-ten-%s", k->type);
    struct finding *f = measure ? compose_lens_finding(&k->lens, k->subjects[s], measure) : NULL;
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->query = compose_query(&k->lens, k->type, k->subjects[s], w->options->area, BUCKET_PERIOD);
    f->denominator_name = "offences in the borough that have such an area";
    RV_TRY(compose_text(w, f, "areas", k->plural, reterr));
    RV_TRY(compose_number(w, f, "area_count", (double)k->mine_count, reterr));
    RV_TRY(compose_number(w, f, "even_share", 100.0 * TEN / (double)k->mine_count, reterr));
    RV_TRY(compose_share(w, f, "TOP_TEN", "TOP_TEN_SMALL", part, total, reterr));
    return compose_caveat(w, f,
                          "The ten are those that came out highest in this period, by chance too: "
                          "in another period these same areas will have less.",
                          reterr);
}

/* London has more than 600 wards in every vintage: with fewer, only some boroughs' are held. */
static const char *places_held(int64_t of)
{
    return of > 600 ? "wards of London" : "wards held";
}

/* One of the borough's most affected wards among all wards of London. */
rv_status areas_ward_rank(struct local *k, size_t s, const struct placed_count *order,
                          struct rv_err *reterr)
{
    struct assess_work *w = k->lens.work;
    const struct area *ward = &k->layer->areas[order[0].position];
    const char *slug = compose_slug(w->held.arena, ward->name);
    const char *measure = slug ? arena_printf(w->held.arena, "ward-rank.%s", slug) : NULL;
    struct finding *f = measure ? compose_lens_finding(&k->lens, k->subjects[s], measure) : NULL;
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    const struct rank *r = &k->ranks[s][order[0].position];
    f->area = ward->code;
    f->area_name = ward->name;
    f->unit = "rank";
    f->method = "ranks";
    f->rule = "WARD_RANK";
    f->value = (double)r->rank;
    f->rank = r->rank;
    f->rank_low = r->low;
    f->rank_high = r->high;
    f->lower = (double)r->low;
    f->upper = (double)r->high;
    f->level = STATS_LEVEL;
    f->of = r->of;
    f->is_tied = r->tied > 1;
    f->numerator = (double)order[0].count;
    f->query = compose_query(&k->lens, "ward", k->subjects[s], w->options->area, BUCKET_PERIOD);
    RV_TRY(compose_text(w, f, "borough", w->area_name, reterr));
    RV_TRY(compose_text(w, f, "places", places_held((int64_t)r->of), reterr));
    RV_TRY(compose_rank_verdict(w, f, reterr));
    if (r->low < r->high) {
        RV_TRY(compose_number(w, f, "spread", (double)(r->high - r->low), reterr));
    }
    return compose_caveat(w, f,
                          arena_printf(w->held.arena,
                                       "Among the %s as they were in %s, by count; rank "
                                       "1 is the most. Wards differ in residents and in visitors.",
                                       places_held((int64_t)r->of), k->layer->vintage),
                          reterr);
}

/* Columns of every table; those of a map by significance stand behind them. */
enum { WIDTH = 9, LOWER = WIDTH, UPPER, REFERENCE, WIDTH_AGAINST };

double areas_years(const struct local *k, uint32_t position)
{
    return residents_years(&k->residents, position + 1, k->lens.work->options->period);
}

/* What each area of the borough is held against: the rate of all of them together, each with an
 * interval so wide that in all of them at once chance alone is taken for a difference in one period
 * of twenty. */
struct against {
    bool is_made;
    double reference, level;
};

static struct against hold_against(const struct local *k, size_t s)
{
    struct against g = {.is_made = k->lens.profile && strcmp(k->type, "ward") == 0 &&
                                   k->residents.source && k->mine_count > 1};
    double years = 0;
    int64_t count = 0;
    for (size_t i = 0; g.is_made && i < k->mine_count; i++) {
        years += areas_years(k, k->mine[i]);
        count += k->counts[s][k->mine[i]];
    }
    g.is_made = g.is_made && years > 0 && count > 0;
    g.reference = g.is_made ? PER * (double)count / years : NOT_KNOWN;
    g.level = 1 - (1 - STATS_LEVEL) / (double)k->mine_count;
    return g;
}

static rv_status fill_against(const struct against *g, int64_t count, double years,
                              struct result_cell *row, struct rv_err *reterr)
{
    struct rate rate = {0};
    struct rate_options options = RATE_DEFAULTS;
    options.level = g->level;
    bool has = years > 0;
    RV_TRY(has ? rate_crude(count, years, &options, &rate, reterr) : rv_ok());
    row[LOWER] = cell_number(has ? rate.lower : NOT_KNOWN);
    row[UPPER] = cell_number(has ? rate.upper : NOT_KNOWN);
    row[REFERENCE] = cell_number(g->reference);
    return rv_ok();
}

static rv_status fill_rows(const struct local *k, size_t s, const struct placed_count *order,
                           size_t at_rate, const struct against *g, struct result_cell *cells,
                           struct rv_err *reterr)
{
    int64_t total = total_mine(k, s);
    size_t width = g->is_made ? WIDTH_AGAINST : WIDTH;
    for (size_t i = 0; i < k->mine_count; i++) {
        uint32_t at = order[i].position;
        double years = areas_years(k, at);
        struct result_cell *row = &cells[i * width];
        const struct rank *r = k->is_ranked ? &k->ranks[s][at] : NULL;
        row[0] = cell_text(order[i].code);
        row[1] = cell_text(k->layer->areas[at].name);
        row[at_rate] = cell_number(years > 0 ? PER * (double)order[i].count / years : NOT_KNOWN);
        row[5 - at_rate] = cell_number((double)order[i].count);
        row[4] =
            cell_number(total >= WORDING_PERCENT_BASE ? 100 * (double)order[i].count / (double)total
                                                      : NOT_KNOWN);
        row[5] = cell_number(r ? (double)r->rank : NOT_KNOWN);
        row[6] = cell_number(r ? (double)r->low : NOT_KNOWN);
        row[7] = cell_number(r ? (double)r->high : NOT_KNOWN);
        size_t place = i; /* equal counts share a place */
        while (place > 0 && order[place - 1].count == order[i].count) {
            place--;
        }
        row[8] = cell_number((double)place + 1);
        RV_TRY(g->is_made ? fill_against(g, order[i].count, years, row, reterr) : rv_ok());
    }
    return rv_ok();
}

static rv_status areas_columns(const struct local *k, const struct against *g,
                               struct result_column columns[WIDTH_AGAINST], size_t *ret_at_rate,
                               struct rv_err *reterr)
{
    static const struct result_column by_rate[WIDTH] = {
        {"code", "Code", RESULT_TEXT},
        {"name", "Name", RESULT_TEXT},
        {"rate", "Rate per 100,000 residents a year", RESULT_RATE},
        {"count", "Offences", RESULT_COUNT},
        {"share_percent", "Share, percent", RESULT_PERCENT},
        {"rank", "Rank, most first", RESULT_RANK},
        {"rank_low", "Rank, from", RESULT_RANK},
        {"rank_high", "Rank, to", RESULT_RANK},
        {"borough_rank", "Rank in the borough", RESULT_RANK}};
    struct arena *a = k->lens.work->held.arena;
    memcpy(columns, by_rate, sizeof by_rate);
    *ret_at_rate = k->residents.source ? 2 : 3;
    columns[*ret_at_rate] = by_rate[2];
    columns[5 - *ret_at_rate] = by_rate[3];
    double percent = 100 * g->level;
    columns[LOWER] = (struct result_column){
        "lower", arena_printf(a, "%.2f%% interval of the rate, lower", percent), RESULT_RATE};
    columns[UPPER] = (struct result_column){
        "upper", arena_printf(a, "%.2f%% interval of the rate, upper", percent), RESULT_RATE};
    columns[REFERENCE] = (struct result_column){
        "reference", arena_printf(a, "rate of these %zu %s together", k->mine_count, k->plural),
        RESULT_RATE};
    return columns[LOWER].title && columns[UPPER].title && columns[REFERENCE].title
               ? rv_ok()
               : arena_fail(a, reterr);
}

static rv_status note_small(struct local *k, const struct placed_count *order,
                            struct result_table *t, struct rv_err *reterr)
{
    size_t small = 0;
    for (size_t i = 0; i < k->mine_count; i++) {
        small += order[i].count < ASSESS_SMALL_COUNT;
    }
    return small
               ? compose_note(k->lens.work, t,
                              arena_printf(k->lens.work->held.arena,
                                           "%zu of the %zu %s have fewer than %d offences: their "
                                           "rates and their order among each other are chance more "
                                           "than place.",
                                           small, k->mine_count, k->plural, ASSESS_SMALL_COUNT),
                              reterr)
               : rv_ok();
}

static rv_status describe_areas(struct local *k, size_t s, const struct against *g,
                                struct result_table *t, struct rv_err *reterr)
{
    struct assess_work *w = k->lens.work;
    struct arena *a = w->held.arena;
    t->title = arena_printf(a, k->lens.profile ? "The %s of %s: %s, %s" : "The %s of %s by %s, %s",
                            k->plural, w->area_name, k->lens.subjects[k->subjects[s]],
                            compose_period(a, w->options->period));
    t->description =
        g->is_made
            ? arena_printf(a,
                           "Which of the %zu %s have a rate by residents that differs from that of "
                           "all of them together by more than chance, %zu being compared at once. "
                           "A rate reads high where many visit and few live.",
                           k->mine_count, k->plural, k->mine_count)
            : arena_printf(a,
                           "Offences, rate and share of the borough's offences of each of its %zu "
                           "areas, most offences first.",
                           k->mine_count);
    bool is_map = strcmp(k->type, "locality") != 0; /* they leave parts of the borough out */
    t->chart = is_map ? CHART_MAP : CHART_NONE;
    t->layer_id = k->layer->id;
    return t->title && t->description ? rv_ok() : arena_fail(a, reterr);
}

rv_status areas_table(struct local *k, size_t s, const struct placed_count *order,
                      struct rv_err *reterr)
{
    struct assess_work *w = k->lens.work;
    struct arena *a = w->held.arena;
    struct result_column columns[WIDTH_AGAINST];
    const struct against g = hold_against(k, s);
    size_t at_rate = 0;
    RV_TRY(areas_columns(k, &g, columns, &at_rate, reterr));
    const char *stem = compose_slug(a, k->plural);
    const char *id = stem ? arena_printf(a, "%s-%s", stem, k->lens.slugs[k->subjects[s]]) : NULL;
    struct result_cell *cells = NULL;
    struct result_table *t = compose_lens_table(
        &k->lens, id, columns, g.is_made ? WIDTH_AGAINST : WIDTH, k->mine_count, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    RV_TRY(describe_areas(k, s, &g, t, reterr));
    RV_TRY(fill_rows(k, s, order, at_rate, &g, cells, reterr));
    RV_TRY(note_small(k, order, t, reterr));
    RV_TRY(note_share(k, s, t, reterr));
    RV_TRY(compose_note(w, t, k->lens.source_caveat, reterr));
    bool is_silent = !k->is_ranked && k->no_rank && k->no_rank[0] && strcmp(k->type, "ward") == 0;
    return is_silent
               ? compose_note(w, t, arena_printf(a, "No ranks in London, because %s.", k->no_rank),
                              reterr)
               : rv_ok();
}

rv_status areas_absent(struct local *k, const char *reason, struct rv_err *reterr)
{
    struct assess_work *w = k->lens.work;
    const char *measure = arena_printf(w->held.arena, "top-%s", k->type);
    struct finding *f = measure ? compose_lens_finding(&k->lens, 0, measure) : NULL;
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->unit = "offences";
    f->query = compose_query(&k->lens, k->type, 0, w->options->area, BUCKET_PERIOD);
    RV_TRY(compose_text(w, f, "areas", k->plural, reterr));
    return compose_absent(w, f, "TOP_AREA_NOT_AVAILABLE", reason, reterr);
}
