/* assess/eyes_emergency.c — attendances at emergency departments after assaults: how many, how many
 * could be placed, and what that leaves open.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/eyes.h"
#include "place/match.h"

#include <math.h>

static const double NOT_KNOWN = (double)NAN;

/* By class of certainty, and whether in the borough: of the borough's layer, so that "placed" is in
 * some borough. */
struct placed {
    int64_t all[MATCH_CLASSES], here[MATCH_CLASSES];
    int64_t total, inside, nowhere, nowhere_of_span;
};

static rv_status count_placed(const struct eye *e, struct placed *ret, struct eye_cube *c,
                              struct rv_err *reterr)
{
    const struct layer *boroughs = e->work->boroughs;
    const struct cube_axis axes[] = {
        {.kind = AXIS_MATCH, .name = "place-match", .match_layer = boroughs},
        {.kind = AXIS_AREA, .name = "borough", .layer = boroughs}};
    RV_TRY(eye_count(e, axes, 2, false, c, reterr));
    *ret = (struct placed){.total = 0};
    for (uint32_t k = 0; k < MATCH_CLASSES; k++) {
        for (uint32_t area = 0; area <= boroughs->count; area++) {
            uint32_t codes[] = {k, area};
            int64_t n = eye_cell(e, c, codes, e->work->options->period);
            ret->all[k] += n;
            ret->here[k] += area == e->work->area ? n : 0;
            ret->nowhere += area == 0 ? n : 0;
            ret->nowhere_of_span += area == 0 ? eye_cell(e, c, codes, e->span) : 0;
        }
        ret->total += ret->all[k];
        ret->inside += ret->here[k];
    }
    return rv_ok();
}

static rv_status add_placed(const struct eye *e, const struct placed *p, struct rv_err *reterr)
{
    struct assess_work *w = e->work;
    struct finding *f = eye_finding(e, "all", "placed");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->subject = e->events;
    f->method = "bounds";
    f->query = eye_query(e, "place-match", "", w->options->period);
    if (p->total == 0) {
        return compose_absent(w, f, "PLACED_NOT_AVAILABLE", "there are none in the months covered",
                              reterr);
    }
    bool has_percent = p->total >= WORDING_PERCENT_BASE;
    double total = (double)p->total;
    f->rule = "PLACED";
    f->value = f->numerator = (double)p->inside;
    f->denominator = total;
    f->denominator_name = "attendances of the departments held, wherever the assault was";
    f->missing = (double)p->nowhere;
    f->lower = (double)p->inside;
    f->upper = (double)(p->inside + p->nowhere);
    RV_TRY(compose_number(w, f, "placed", total - (double)p->nowhere, reterr));
    RV_TRY(compose_number(w, f, "share_low", has_percent ? 100 * f->lower / total : NOT_KNOWN,
                          reterr));
    RV_TRY(compose_number(w, f, "share_high", has_percent ? 100 * f->upper / total : NOT_KNOWN,
                          reterr));
    RV_TRY(compose_caveat(w, f,
                          "Places are free text matched to a list of names. The lower limit takes "
                          "none of what could not be placed as the borough's, the upper all of it.",
                          reterr));
    RV_TRY(eye_note_gaps(e, f, reterr));
    return weaken_unknown(w, f, "a place", p->nowhere, p->total - p->nowhere, reterr);
}

static rv_status placed_table(const struct eye *e, const struct placed *p, struct rv_err *reterr)
{
    const struct result_column columns[] = {{"certainty", "How surely placed", RESULT_TEXT},
                                            {"count", "Attendances", RESULT_COUNT},
                                            {"inside", "In the borough", RESULT_COUNT}};
    enum { WIDTH = 3 };
    struct arena *a = e->work->held.arena;
    struct result_cell *cells = NULL;
    struct result_table *t = eye_table(e, "placed", columns, WIDTH, MATCH_CLASSES, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "Attendances after assaults by how surely they are placed, %s",
                            compose_period(a, e->work->options->period));
    t->description = "Attendances by the class of certainty with which their words name a place.";
    t->chart = CHART_BAR;
    for (uint32_t k = 0; k < MATCH_CLASSES; k++) {
        uint32_t class = (k + 1) % MATCH_CLASSES; /* without words last */
        struct result_cell *row = &cells[k * WIDTH];
        row[0] = cell_text(class == MATCH_NO_TEXT ? "no words" : MATCH_NAMES[class]);
        row[1] = cell_number((double)p->all[class]);
        row[2] = cell_number((double)p->here[class]);
    }
    return t->title ? eye_notes(e, t, reterr) : arena_fail(a, reterr);
}

/* All attendances, and those placed in the borough. */
static rv_status add_series(struct eyes *all, const struct eye_cube *c, struct rv_err *reterr)
{
    const struct eye *e = &all->emergency;
    struct arena *a = e->work->held.arena;
    struct eye_series s[2] = {
        {.slug = "all",
         .name = "All attendances",
         .subject = "attendances after assaults at the departments held, wherever the assault was"},
        {.slug = "placed",
         .name = "Placed in the borough",
         .base = "attendances at emergency departments placed in the borough",
         .by = "month"}};
    s[1].subject = arena_printf(a, "attendances after assaults placed in %s", e->work->area_name);
    for (size_t i = 0; i < 2; i++) {
        s[i].eye = e;
        s[i].is_held = true;
        s[i].months = ARENA_NEW(a, int64_t, e->months);
        if (!s[i].months || !s[1].subject) {
            return arena_fail(a, reterr);
        }
        for (size_t b = 0; b < e->months; b++) {
            for (uint32_t k = 0; k < c->axes[0].size; k++) {
                for (uint32_t area = 0; area < c->axes[1].size; area++) {
                    uint32_t codes[] = {k, area};
                    bool is_in = i == 0 || area == e->work->area;
                    s[i].months[b] += is_in ? eye_cell(e, c, codes, e->buckets[b]) : 0;
                }
            }
        }
        const char *query = eye_query(e, "borough", "", e->work->options->period);
        RV_TRY(i == 0 ? rv_ok() : eye_total(&s[i], query, reterr));
        RV_TRY(eye_change(&s[i], query, reterr));
    }
    all->series[EYES_EMERGENCY] = s[1];
    return eye_monthly(s, 2, "months", reterr);
}

static rv_status by_value(const struct eye *e, const char *column, const char *id,
                          const char *heading, struct rv_err *reterr)
{
    struct arena *a = e->work->held.arena;
    struct eye_ranked *all = NULL;
    struct result_table *t = NULL;
    size_t n = 0;
    int64_t total = 0;
    RV_TRY(eye_values(e, true, column, &all, &n, &total, reterr));
    return n ? eye_ranked_table(e, id,
                                arena_printf(a, "%s of attendances placed in %s, %s", heading,
                                             e->work->area_name, compose_period(a, e->span)),
                                heading, all, n, total, &t, reterr)
             : rv_ok();
}

rv_status eyes_emergency(struct eyes *all, struct rv_err *reterr)
{
    const struct eye *e = &all->emergency;
    struct placed p;
    struct eye_cube c;
    RV_TRY(count_placed(e, &p, &c, reterr));
    RV_TRY(add_series(all, &c, reterr));
    RV_TRY(add_placed(e, &p, reterr));
    RV_TRY(placed_table(e, &p, reterr));
    if (p.inside == 0) {
        return rv_ok();
    }
    RV_TRY(by_value(e, "assault_method", "methods", "Method of the assault", reterr));
    RV_TRY(by_value(e, "location_type", "location-types", "Kind of place", reterr));
    return eye_by_area(e, "ward", "wards", p.nowhere_of_span, reterr);
}
