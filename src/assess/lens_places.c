/* assess/lens_places.c — the places with most records in the borough.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/assess_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

struct place_count {
    int64_t count;
    uint32_t code;
    const char *name;
};

struct places {
    struct lens *lens;
    struct cube_axis axes[LENS_AXES]; /* venue, category, inside the borough */
    struct cube cube;
};

static int most_first(const void *a, const void *b)
{
    const struct place_count *x = a, *y = b;
    if (x->count != y->count) {
        return x->count < y->count ? 1 : -1;
    }
    return strcmp(x->name, y->name);
}

/* What publishers write where there is no place. */
static bool is_no_place(const char *name)
{
    return strcmp(name, "No Location") == 0 || strcmp(name, "No location") == 0;
}

static rv_status build_cube(struct places *p, struct rv_err *reterr)
{
    struct lens *l = p->lens;
    p->axes[0] = (struct cube_axis){.kind = AXIS_VALUE, .name = "venue", .column = "venue_name"};
    p->axes[1] = (struct cube_axis){.kind = AXIS_VALUE, .name = l->dimension, .column = l->column};
    if (l->profile) { /* no groups: all of the profile */
        p->axes[1] = (struct cube_axis){.kind = AXIS_GIVEN, .name = "profile"};
    }
    p->axes[2] = lens_inside(l->work);
    struct cube_query query = {
        .source = l->source, .axes = p->axes, .axis_count = 3, .period = l->work->options->period};
    return lens_cube(l, LENS_PLACES, &query, &p->cube, reterr);
}

/* Places in order of count for one category (0 = all); *ret_nowhere = offences without a place. */
static rv_status order_places(struct places *p, uint32_t category, struct place_count **ret,
                              size_t *ret_count, int64_t *ret_nowhere, struct rv_err *reterr)
{
    struct arena *a = p->lens->work->held.arena;
    int64_t *sums = ARENA_NEW(a, int64_t, p->axes[0].size);
    struct place_count *all = ARENA_NEW(a, struct place_count, p->axes[0].size);
    if (!sums || !all) {
        return arena_fail(a, reterr);
    }
    const struct cube *c = &p->cube;
    size_t n = c->cells ? c->cell_count : c->key_count;
    for (size_t i = 0; i < n; i++) {
        uint64_t key = c->cells ? i : c->keys[i];
        uint32_t venue = (uint32_t)(key / c->strides[0] % p->axes[0].size);
        uint32_t of = (uint32_t)(key / c->strides[1] % p->axes[1].size);
        sums[venue] +=
            category == 0 || of == category ? (c->cells ? c->cells[i] : c->values[i]) : 0;
    }
    size_t kept = 0;
    *ret_nowhere = sums[0];
    for (uint32_t v = 1; v < p->axes[0].size; v++) {
        if (is_no_place(p->axes[0].labels[v])) {
            *ret_nowhere += sums[v];
        } else if (sums[v] > 0) {
            all[kept++] = (struct place_count){sums[v], v, p->axes[0].labels[v]};
        }
    }
    qsort(all, kept, sizeof *all, most_first);
    *ret = all;
    *ret_count = kept;
    return rv_ok();
}

static const char SNAPPED[] =
    "Places are as the source names them: a name such as Supermarket stands for every such place "
    "in "
    "the borough, and police.uk gives the nearest of a fixed list of map points, not the address.";

static rv_status place_table(struct places *p, const char *slug, const char *subject,
                             const struct place_count *order, size_t n, int64_t total,
                             struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"place", "Place", RESULT_TEXT},
        {"count", "Offences", RESULT_COUNT},
        {"share_percent", "Share, percent", RESULT_PERCENT},
        {"rank", "Rank", RESULT_RANK}};
    struct assess_work *w = p->lens->work;
    struct arena *a = w->held.arena;
    size_t rows = n < ASSESS_PLACES ? n : ASSESS_PLACES;
    while (rows < n && rows > 0 && order[rows].count == order[rows - 1].count &&
           rows < 2 * ASSESS_PLACES) {
        rows++; /* a place as full as the last one shown belongs there too */
    }
    struct result_cell *cells = NULL;
    const char *id = arena_printf(a, "places-%s", slug);
    struct result_table *t = compose_lens_table(p->lens, id, columns, 4, rows, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a,
                            p->lens->profile ? "Places with most offences: %s, %s, %s"
                                             : "Places with most of %s, %s, %s",
                            subject, w->area_name, compose_period(a, w->options->period));
    t->description = "The places with most offences, their counts and their share of the "
                     "borough's offences that have a place.";
    t->chart = CHART_NONE;
    for (size_t i = 0; i < rows; i++) {
        size_t place = i;
        while (place > 0 && order[place - 1].count == order[i].count) {
            place--;
        }
        cells[i * 4] = cell_text(order[i].name);
        cells[i * 4 + 1] = cell_number((double)order[i].count);
        cells[i * 4 + 2] =
            cell_number(total >= WORDING_PERCENT_BASE ? 100 * (double)order[i].count / (double)total
                                                      : NOT_KNOWN);
        cells[i * 4 + 3] = cell_number((double)place + 1);
    }
    RV_TRY(compose_note(w, t, SNAPPED, reterr));
    return t->title ? compose_note(w, t, p->lens->source_caveat, reterr) : arena_fail(a, reterr);
}

static rv_status add_top_place(struct places *p, uint32_t category, const char *slug,
                               const char *subject, const struct place_count *order, size_t n,
                               int64_t total, int64_t nowhere, struct rv_err *reterr)
{
    struct lens *l = p->lens;
    struct assess_work *w = l->work;
    struct finding *f = compose_lens_finding(l, 0, "top-place");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->id = arena_printf(w->held.arena, "%s.%s.top-place", l->prefix, slug);
    f->subject = subject;
    f->unit = "offences";
    f->method = "poisson-exact";
    f->rule = n > 1 && order[0].count == order[1].count ? "TOP_PLACE_TIED" : "TOP_PLACE";
    f->is_tied = n > 1 && order[0].count == order[1].count;
    f->verdict = VERDICT_CAUTION;
    f->value = f->numerator = (double)order[0].count;
    f->denominator = (double)total;
    f->denominator_name = "offences in the borough that have a place";
    f->missing = (double)nowhere;
    struct lens seen = *l;
    seen.axes[0] = p->axes[1];
    f->query = compose_query(&seen, "venue", category, w->options->area, BUCKET_PERIOD);
    RV_TRY(compose_text(w, f, "place", order[0].name, reterr));
    RV_TRY(compose_number(
        w, f, "share",
        total >= WORDING_PERCENT_BASE ? 100 * (double)order[0].count / (double)total : NOT_KNOWN,
        reterr));
    if (n > 1) {
        RV_TRY(compose_text(w, f, "next", order[1].name, reterr));
        RV_TRY(compose_number(w, f, "next_count", (double)order[1].count, reterr));
    }
    RV_TRY(compose_caveat(w, f, SNAPPED, reterr));
    RV_TRY(compose_caveat(w, f,
                          "Holds with caution, because a place is a point on a map and not "
                          "an address.",
                          reterr));
    return f->id && f->query ? rv_ok() : arena_fail(w->held.arena, reterr);
}

static rv_status places_of(struct places *p, uint32_t category, struct rv_err *reterr)
{
    struct arena *a = p->lens->work->held.arena;
    const char *slug = "all", *subject = p->lens->subjects[0];
    if (category > 0) {
        slug = compose_slug(a, p->axes[1].labels[category]);
        subject = compose_subject(a, p->axes[1].labels[category]);
    }
    struct place_count *order = NULL;
    size_t n = 0;
    int64_t nowhere = 0, total = 0;
    RV_TRY(order_places(p, category, &order, &n, &nowhere, reterr));
    if (!slug || !subject) {
        return arena_fail(a, reterr);
    }
    if (n == 0) {
        return rv_ok();
    }
    for (size_t i = 0; i < n; i++) {
        total += order[i].count;
    }
    RV_TRY(place_table(p, slug, subject, order, n, total, reterr));
    if (order[0].count < ASSESS_PLACE_LEAST) {
        return rv_ok();
    }
    return add_top_place(p, category, slug, subject, order, n, total, nowhere, reterr);
}

rv_status lens_places(struct lens *l, struct rv_err *reterr)
{
    if (!l->is_records || !l->is_available[BUCKET_PERIOD]) {
        return rv_ok();
    }
    struct places p = {.lens = l};
    RV_TRY(build_cube(&p, reterr));
    RV_TRY(places_of(&p, 0, reterr));
    for (uint32_t c = 1; c < p.axes[1].size; c++) {
        const char *slug = compose_slug(l->work->held.arena, p.axes[1].labels[c]);
        if (!slug) {
            return arena_fail(l->work->held.arena, reterr);
        }
        if (is_serious_category(slug)) {
            RV_TRY(places_of(&p, c, reterr));
        }
    }
    return rv_ok();
}
