/* assess/funnel_table.c — rates by the size of their base, between limits that allow for chance
 * and, where areas differ by more than that, for their spread.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/rank_internal.h"
#include "stats/funnel.h"

#include <math.h>

#define PER 100000.0

enum { LABEL, YEARS, RATE, REFERENCE, LOWER, UPPER, OUTER_LOWER, OUTER_UPPER, PLACE, WIDTH };

/* Limits of chance, and where these flag too many, those widened by the spread. */
struct limits {
    struct funnel_area *areas;
    struct funnel_summary summary;
    size_t outside; /* of the inner limits of chance */
};

static rv_status find_limits(struct arena *a, const struct funnel_asked *q, struct limits *ret,
                             struct rv_err *reterr)
{
    struct funnel_options options = FUNNEL_DEFAULTS;
    *ret = (struct limits){.areas = ARENA_NEW(a, struct funnel_area, q->n)};
    if (!ret->areas) {
        return arena_fail(a, reterr);
    }
    RV_TRY(funnel_place_areas(a, q->counts, q->valid, q->years, q->valid, q->n, &options,
                              ret->areas, &ret->summary, reterr));
    for (size_t i = 0; i < q->n; i++) {
        ret->outside += ret->areas[i].has_value && ret->areas[i].place != FUNNEL_WITHIN;
    }
    if (!ret->summary.is_over_dispersed) {
        return rv_ok();
    }
    options.dispersion = FUNNEL_MULTIPLICATIVE;
    return funnel_place_areas(a, q->counts, q->valid, q->years, q->valid, q->n, &options,
                              ret->areas, &ret->summary, reterr);
}

static const char *place_words(enum funnel_place place)
{
    static const char *const words[] = {[FUNNEL_LOW_3] = "below the outer limits",
                                        [FUNNEL_LOW_2] = "below the inner limits",
                                        [FUNNEL_WITHIN] = "within the limits",
                                        [FUNNEL_HIGH_2] = "above the inner limits",
                                        [FUNNEL_HIGH_3] = "above the outer limits"};
    return words[place];
}

static void fill_row(const struct funnel_asked *q, const struct limits *k, size_t row,
                     struct result_cell *cell)
{
    uint32_t i = q->shown[row];
    const struct funnel_area *area = &k->areas[i];
    cell[LABEL] = cell_text(q->names[i]);
    for (size_t c = YEARS; c < PLACE; c++) {
        cell[c] = cell_number((double)NAN);
    }
    cell[PLACE] = cell_text("");
    cell[PLACE].is_missing = true;
    if (area->has_value) {
        cell[YEARS] = cell_number(q->years[i]);
        cell[RATE] = cell_number(PER * area->value);
        cell[REFERENCE] = cell_number(PER * k->summary.target);
        cell[LOWER] = cell_number(PER * area->two.lower);
        cell[UPPER] = cell_number(PER * area->two.upper);
        cell[OUTER_LOWER] = cell_number(PER * area->three.lower);
        cell[OUTER_UPPER] = cell_number(PER * area->three.upper);
        cell[PLACE] = cell_text(place_words(area->place));
    }
}

/* What the limits allow for, and what those of chance alone would have said. */
static rv_status note_spread(struct lens *l, const struct funnel_asked *q, const struct limits *k,
                             struct result_table *t, struct rv_err *reterr)
{
    const struct funnel_summary *s = &k->summary;
    struct arena *a = l->work->held.arena;
    const char *note =
        s->is_over_dispersed
            ? arena_printf(a,
                           "The %zu %s differ by more than chance would make them (spread φ %.1f, "
                           "where chance gives up to %.1f): %zu of them would lie outside 95%% "
                           "limits of chance alone. The limits here are √φ = %.1f times as wide, "
                           "so that only those outside them stand out among %s that differ anyway.",
                           s->areas, q->things, s->phi, s->phi_critical, k->outside, sqrt(s->phi),
                           q->things)
            : arena_printf(a,
                           "The %zu %s differ by no more than chance would make them (spread φ "
                           "%.1f, where chance gives up to %.1f): the limits are those of chance.",
                           s->areas, q->things, s->phi, s->phi_critical);
    return note ? compose_note(l->work, t, note, reterr) : arena_fail(a, reterr);
}

static rv_status describe(struct lens *l, const struct funnel_asked *q, const struct limits *k,
                          struct result_table *t, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    t->title = arena_printf(a, "Rates of the %s by their size: %s, %s", q->shown_as, l->subjects[0],
                            compose_period(a, w->options->period));
    t->description = arena_printf(
        a,
        "Offences per 100,000 residents a year of each of the %s, those with few residents on the "
        "left, and limits around the rate of %s. Those between the limits are not told apart, and "
        "have no order; one outside is worth asking about, which does not yet say why.",
        q->shown_as, q->whole);
    t->chart = CHART_FUNNEL;
    t->focus = q->focus;
    RV_TRY(note_spread(l, q, k, t, reterr));
    RV_TRY(compose_note(w, t, l->source_caveat, reterr));
    return t->title && t->description ? rv_ok() : arena_fail(a, reterr);
}

static size_t areas_known(const struct funnel_asked *q, double *ret_events)
{
    size_t n = 0;
    *ret_events = 0;
    for (size_t i = 0; i < q->n; i++) {
        if (((q->valid[i / 64] >> (i % 64)) & 1) && q->years[i] > 0) {
            n++;
            *ret_events += q->counts[i];
        }
    }
    return n;
}

rv_status funnel_table(struct lens *l, const struct funnel_asked *q, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    double events;
    if (l->without_spread) {
        return rv_ok();
    }
    if (areas_known(q, &events) < FUNNEL_LEAST || events == 0 || q->shown_count == 0) {
        return rv_ok();
    }
    struct limits k;
    RV_TRY(find_limits(a, q, &k, reterr));
    bool is_year = month_range_count(w->options->period) == 12;
    const char *wider = k.summary.is_over_dispersed ? ", widened for their spread" : "";
    const struct result_column columns[WIDTH] = {
        {"label", q->label, RESULT_TEXT},
        {"residents", is_year ? "Residents" : "Residents, times the years of the period",
         RESULT_COUNT},
        {"rate", "Offences per 100,000 residents a year", RESULT_RATE},
        {"reference", arena_printf(a, "Rate of %s", q->whole), RESULT_RATE},
        {"lower", arena_printf(a, "95%% limits%s, lower", wider), RESULT_RATE},
        {"upper", arena_printf(a, "95%% limits%s", wider), RESULT_RATE},
        {"outer_lower", arena_printf(a, "99.8%% limits%s, lower", wider), RESULT_RATE},
        {"outer_upper", arena_printf(a, "99.8%% limits%s", wider), RESULT_RATE},
        {"place", "Where it lies", RESULT_TEXT}};
    for (size_t c = 0; c < WIDTH; c++) {
        if (!columns[c].title) {
            return arena_fail(a, reterr);
        }
    }
    struct result_cell *cells = NULL;
    struct result_table *t = compose_lens_table(l, q->id, columns, WIDTH, q->shown_count, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < q->shown_count; i++) {
        fill_row(q, &k, i, &cells[i * WIDTH]);
    }
    return describe(l, q, &k, t, reterr);
}

rv_status funnel_boroughs(struct lens *l, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    uint32_t n = w->boroughs->count;
    double *counts = ARENA_NEW(a, double, n), *years = ARENA_NEW(a, double, n);
    const char **names = ARENA_NEW(a, const char *, n);
    uint32_t *shown = ARENA_NEW(a, uint32_t, n);
    if (!counts || !years || !names || !shown) {
        return arena_fail(a, reterr);
    }
    size_t shown_count = 0;
    for (uint32_t i = 0; i < n; i++) {
        bool is_able = (w->able[i / 64] >> (i % 64)) & 1;
        double size = residents_years(&w->residents, i + 1, w->options->period);
        if (is_able && !(size > 0)) {
            return rv_ok(); /* the rate of all would not be that of all */
        }
        counts[i] = (double)lens_count(l, BUCKET_PERIOD, 0, i + 1);
        years[i] = size > 0 ? size : 0;
        names[i] = w->boroughs->areas[i].name;
        if (is_able) {
            shown[shown_count++] = i;
        }
    }
    const struct funnel_asked q = {.id = "funnel-boroughs",
                                   .label = "Borough",
                                   .things = "boroughs",
                                   .shown_as = "boroughs",
                                   .whole = arena_printf(a, "all %zu boroughs", shown_count),
                                   .focus = w->area_name,
                                   .n = n,
                                   .counts = counts,
                                   .years = years,
                                   .valid = w->able,
                                   .names = names,
                                   .shown = shown,
                                   .shown_count = shown_count};
    return q.whole ? funnel_table(l, &q, reterr) : arena_fail(a, reterr);
}
