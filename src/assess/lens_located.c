/* assess/lens_located.c — how the offences of a profile are located, what that allows to be said of
 * places, and the places that had more than one. No point is printed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/profile_internal.h"
#include "base/buf.h"
#include "spatial/repeats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* As a condition of a table; without a point such an offence is "not-recorded" there. */
static const char USABLE[] = " --where location-precision=exact,snapped,not-recorded";

static const double NOT_KNOWN = (double)NAN;

/* From the best to the least; the first three have coordinates that can be used. */
enum rung { RUNG_EXACT, RUNG_SNAPPED, RUNG_UNSTATED, RUNG_WITHHELD, RUNG_AREA, RUNGS };

static const struct {
    const char *name, *inside, *use;
} RUNG_NAMES[RUNGS] = {
    {"exact coordinates", "exact", "venues, points and areas"},
    {"snapped to a map point", "snapped to map points", "map points and areas"},
    {"coordinates of unstated precision", "of unstated precision", "points and areas"},
    {"coordinates withheld", "withheld", "areas, by the codes given"},
    {"area only", "with an area only", "areas, by the codes given"},
};

struct located {
    struct lens *l;
    struct cube_axis axes[LENS_AXES]; /* profile, precision, point, inside the borough */
    struct cube cube;
    int64_t rungs[RUNGS], total, usable;
    int64_t *at;    /* [point] offences of the profile with usable coordinates */
    int64_t places; /* points with any offence of the source in the borough */
};

static rv_status build_cube(struct located *x, struct rv_err *reterr)
{
    struct lens *l = x->l;
    x->axes[0] = (struct cube_axis){.kind = AXIS_GIVEN, .name = "profile"};
    x->axes[1] = (struct cube_axis){
        .kind = AXIS_VALUE, .name = "location-precision", .column = "location_precision"};
    x->axes[2] = (struct cube_axis){.kind = AXIS_POINT, .name = "point"};
    x->axes[3] = lens_inside(l->work);
    struct cube_query query = {
        .source = l->source, .axes = x->axes, .axis_count = 4, .period = l->work->options->period};
    return lens_cube(l, LENS_POINTS, &query, &x->cube, reterr);
}

/* What a publisher says is not a point is not used as one, even where there are coordinates. */
static enum rung rung_of(const struct cube_axis *precision, uint32_t code, bool has_point)
{
    const char *said = code ? precision->labels[code] : "";
    if (strcmp(said, "withheld") == 0) {
        return RUNG_WITHHELD;
    }
    if (!has_point || strcmp(said, "area-only") == 0) {
        return RUNG_AREA;
    }
    return strcmp(said, "exact") == 0     ? RUNG_EXACT
           : strcmp(said, "snapped") == 0 ? RUNG_SNAPPED
                                          : RUNG_UNSTATED;
}

static rv_status count_rungs(struct located *x, struct rv_err *reterr)
{
    struct arena *a = x->l->work->held.arena;
    const struct cube_axis *precision = &x->axes[1];
    uint32_t points = x->axes[2].size;
    struct cube all;
    x->at = ARENA_NEW(a, int64_t, points);
    bool *is_place = ARENA_NEW(a, bool, points);
    if (!x->at || !is_place) {
        return arena_fail(a, reterr);
    }
    RV_TRY(lens_cube_part(x->l, LENS_POINTS, PART_ALL, &all, reterr));
    for (uint32_t code = 0; code < precision->size; code++) {
        for (uint32_t point = 0; point < points; point++) {
            uint32_t codes[LENS_AXES] = {0, code, point, 0};
            enum rung rung = rung_of(precision, code, point > 0);
            int64_t n = cube_at(&x->cube, codes);
            x->rungs[rung] += n;
            x->total += n;
            if (rung < RUNG_WITHHELD) {
                x->at[point] += n;
                x->usable += n;
                is_place[point] = is_place[point] || cube_at(&all, codes) > 0;
            }
        }
    }
    for (uint32_t point = 1; point < points; point++) {
        x->places += is_place[point];
    }
    return rv_ok();
}

/* "237 exact, 305 withheld" */
static const char *in_words(const struct located *x)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 4096);
    for (int r = 0; r < RUNGS; r++) {
        if (x->rungs[r]) {
            compose_part(&b, x->rungs[r], RUNG_NAMES[r].inside);
        }
    }
    return b.failed ? NULL : arena_text(x->l->work->held.arena, b.bytes, b.n);
}

static rv_status add_quality(struct located *x, enum wording wording, struct rv_err *reterr)
{
    struct assess_work *w = x->l->work;
    struct finding *f = compose_lens_finding(x->l, 0, "location-quality");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->denominator_name = "offences in the borough";
    f->query = compose_query_with(x->l, "point", USABLE);
    RV_TRY(compose_share(w, f, "LOCATION_QUALITY", "LOCATION_QUALITY_SMALL", x->usable, x->total,
                         reterr));
    f->missing = (double)(x->total - x->usable);
    f->verdict = wording == WORDING_HOLDS                ? VERDICT_HOLDS
                 : wording == WORDING_HOLDS_WITH_CAUTION ? VERDICT_CAUTION
                                                         : VERDICT_NOT_RELIABLE;
    RV_TRY(compose_text(w, f, "rungs", in_words(x), reterr));
    if (f->verdict != VERDICT_HOLDS) {
        RV_TRY(compose_caveat(
            w, f,
            arena_printf(w->held.arena,
                         "%s for venues and points, because coordinates are not missing by "
                         "chance: what is seen of the others need not be true of these.",
                         f->verdict == VERDICT_CAUTION ? "Holds with caution" : "Not reliable"),
            reterr));
    }
    return f->query ? rv_ok() : arena_fail(w->held.arena, reterr);
}

static rv_status add_table(struct located *x, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"located", "How it is located", RESULT_TEXT},
        {"count", "Offences", RESULT_COUNT},
        {"share_percent", "Share, percent", RESULT_PERCENT},
        {"used_for", "Can be used for", RESULT_TEXT}};
    struct assess_work *w = x->l->work;
    struct arena *a = w->held.arena;
    struct result_cell *cells = NULL;
    struct result_table *t =
        compose_lens_table(x->l, "location-quality", columns, 4, RUNGS, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "How offences are located: %s, %s, %s", x->l->subjects[0],
                            w->area_name, compose_period(a, w->options->period));
    t->description = "Offences by how exactly their source says where they were, and what each "
                     "can be used for.";
    t->chart = CHART_BAR;
    for (size_t r = 0; r < RUNGS; r++) {
        double n = (double)x->rungs[r];
        cells[r * 4] = cell_text(RUNG_NAMES[r].name);
        cells[r * 4 + 1] = cell_number(n);
        cells[r * 4 + 2] =
            cell_number(x->total >= WORDING_PERCENT_BASE ? 100 * n / (double)x->total : NOT_KNOWN);
        cells[r * 4 + 3] = cell_text(RUNG_NAMES[r].use);
    }
    int64_t nowhere = lens_count(x->l, BUCKET_PERIOD, 0, 0);
    if (nowhere > 0) {
        RV_TRY(compose_note(w, t,
                            arena_printf(a,
                                         "%lld more of all that the source has cannot be put in "
                                         "any borough: how many of them were here is not known.",
                                         (long long)nowhere),
                            reterr));
    }
    return t->title ? rv_ok() : arena_fail(a, reterr);
}

static rv_status add_refusal(struct located *x, struct rv_err *reterr)
{
    struct assess_work *w = x->l->work;
    struct finding *f = compose_lens_finding(x->l, 0, "top-place");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->unit = "offences";
    f->query = compose_query_with(x->l, "point", USABLE);
    return compose_absent(w, f, "PLACES_REFUSED",
                          arena_printf(w->held.arena,
                                       "only %lld of %lld offences have coordinates that can be "
                                       "used, which is under half",
                                       (long long)x->usable, (long long)x->total),
                          reterr);
}

static int most_first(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x < *y) - (*x > *y);
}

/* Fewest places that have half of those located; puts x->at in order. */
static size_t places_for_half(struct located *x)
{
    int64_t sum = 0;
    size_t k = 0;
    qsort(x->at, x->axes[2].size, sizeof *x->at, most_first);
    while (2 * sum < x->usable) {
        sum += x->at[k++];
    }
    return k;
}

/* Where chance alone would put so many of them at repeat places, the number of those says nothing.
 */
#define CROWDED 0.9

static rv_status add_repeats(struct located *x, enum wording wording, struct rv_err *reterr)
{
    struct assess_work *w = x->l->work;
    struct repeats r;
    if (x->usable < WORDING_PERCENT_BASE) {
        return rv_ok();
    }
    RV_TRY(repeats_measure(x->at, x->axes[2].size, x->places, &r, reterr));
    struct finding *f = compose_lens_finding(x->l, 0, "repeat-locations");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->denominator_name = "offences in the borough with coordinates that can be used";
    f->query = compose_query_with(x->l, "point", USABLE);
    bool is_crowded = r.expected >= CROWDED * (double)r.events;
    const char *rule = is_crowded    ? "REPEATS_CROWDED"
                       : r.is_beyond ? "REPEATS"
                                     : "REPEATS_BY_CHANCE";
    RV_TRY(compose_share(w, f, rule, rule, r.at_repeats, r.events, reterr));
    f->method = "repeat-locations";
    f->missing = (double)(x->total - x->usable);
    RV_TRY(compose_number(w, f, "repeat_places", (double)r.repeat_places, reterr));
    RV_TRY(compose_number(w, f, "all_places", (double)r.places, reterr));
    RV_TRY(compose_number(w, f, "half_places", (double)places_for_half(x), reterr));
    RV_TRY(compose_number(w, f, "chance", r.expected, reterr));
    RV_TRY(compose_number(w, f, "chance_low", r.lower, reterr));
    RV_TRY(compose_number(w, f, "chance_high", r.upper, reterr));
    bool is_snapped = 2 * x->rungs[RUNG_SNAPPED] > x->usable;
    if (is_snapped || wording == WORDING_HOLDS_WITH_CAUTION) {
        f->verdict = VERDICT_CAUTION;
        RV_TRY(compose_caveat(w, f,
                              is_snapped
                                  ? "Holds with caution, because most coordinates are of map "
                                    "points, and a map point stands for several addresses."
                                  : "Holds with caution, because many coordinates are not "
                                    "given, and those are not missing by chance.",
                              reterr));
    }
    return compose_caveat(w, f,
                          "By chance means equally likely at every place with an offence of any "
                          "kind; where more people are, more happens.",
                          reterr);
}

rv_status lens_located(struct lens *l, bool *ret_may_name_places, struct rv_err *reterr)
{
    struct located x = {.l = l};
    RV_TRY(build_cube(&x, reterr));
    RV_TRY(count_rungs(&x, reterr));
    *ret_may_name_places = true;
    if (x.total == 0) {
        return rv_ok();
    }
    /* A source without any coordinates withholds none: its names of places are all it has. */
    enum wording wording = wording_of_kept((double)x.usable / (double)x.total);
    bool is_refused = wording == WORDING_NOT_RELIABLE && x.places > 0;
    *ret_may_name_places = !is_refused;
    RV_TRY(add_quality(&x, wording, reterr));
    RV_TRY(add_table(&x, reterr));
    RV_TRY(is_refused ? add_refusal(&x, reterr) : rv_ok());
    return x.places > 0 && !is_refused ? add_repeats(&x, wording, reterr) : rv_ok();
}
