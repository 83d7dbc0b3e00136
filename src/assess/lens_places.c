/* assess/lens_places.c — the places with most records in the borough, and of what kind places are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/profile_internal.h"
#include "base/buf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

struct place_count {
    int64_t count;
    uint32_t code;
    const char *name;
    const char *type; /* of most of its offences; "" = not recorded */
};

struct places {
    struct lens *lens;
    struct cube_axis axes[LENS_AXES]; /* venue, category, kind of place, inside the borough */
    struct cube cube;
    int64_t *types; /* [kind of place] offences of the category, with a venue or without */
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
    p->axes[2] =
        (struct cube_axis){.kind = AXIS_VALUE, .name = "venue-type", .column = "venue_type"};
    p->axes[3] = lens_inside(l->work);
    struct cube_query query = {
        .source = l->source, .axes = p->axes, .axis_count = 4, .period = l->work->options->period};
    return lens_cube(l, LENS_PLACES, &query, &p->cube, reterr);
}

/* Events of a venue by kind of place, [venue][kind]. */
static int64_t *count_venues(struct places *p, uint32_t category)
{
    const struct cube *c = &p->cube;
    uint32_t kinds = p->axes[2].size;
    int64_t *sums = ARENA_NEW(p->lens->work->held.arena, int64_t, (size_t)p->axes[0].size * kinds);
    size_t n = c->cells ? c->cell_count : c->key_count;
    for (size_t i = 0; sums && i < n; i++) {
        int64_t events = c->cells ? c->cells[i] : c->values[i];
        uint64_t key = c->cells ? i : c->keys[i];
        if (events == 0 || (category && key / c->strides[1] % p->axes[1].size != category)) {
            continue;
        }
        uint64_t venue = key / c->strides[0] % p->axes[0].size;
        uint64_t kind = key / c->strides[2] % kinds;
        sums[venue * kinds + kind] += events;
        p->types[kind] += events;
    }
    return sums;
}

static struct place_count place_of(const struct places *p, uint32_t venue, const int64_t *kinds)
{
    struct place_count place = {.code = venue, .name = p->axes[0].labels[venue], .type = ""};
    int64_t most = 0;
    for (uint32_t k = 0; k < p->axes[2].size; k++) {
        place.count += kinds[k];
        if (k > 0 && kinds[k] > most) {
            most = kinds[k];
            place.type = p->axes[2].labels[k];
        }
    }
    return place;
}

/* Places in order of count for one category (0 = all); *ret_nowhere = offences without a place. */
static rv_status order_places(struct places *p, uint32_t category, struct place_count **ret,
                              size_t *ret_count, int64_t *ret_nowhere, struct rv_err *reterr)
{
    struct arena *a = p->lens->work->held.arena;
    struct place_count *all = ARENA_NEW(a, struct place_count, p->axes[0].size);
    p->types = ARENA_NEW(a, int64_t, p->axes[2].size);
    int64_t *sums = p->types ? count_venues(p, category) : NULL;
    if (!sums || !all) {
        return arena_fail(a, reterr);
    }
    size_t kept = 0;
    *ret_nowhere = 0;
    for (uint32_t v = 0; v < p->axes[0].size; v++) {
        struct place_count place = place_of(p, v, &sums[(size_t)v * p->axes[2].size]);
        if (v == 0 || is_no_place(place.name)) {
            *ret_nowhere += place.count;
        } else if (place.count > 0) {
            all[kept++] = place;
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

/* A place as full as the last one shown belongs there too. */
static size_t places_shown(const struct place_count *order, size_t n)
{
    size_t rows = n < ASSESS_PLACES ? n : ASSESS_PLACES;
    while (rows < n && rows > 0 && order[rows].count == order[rows - 1].count &&
           rows < 2 * ASSESS_PLACES) {
        rows++;
    }
    return rows;
}

static rv_status note_nowhere(const struct places *p, struct result_table *t, int64_t total,
                              int64_t nowhere, struct rv_err *reterr)
{
    struct assess_work *w = p->lens->work;
    if (nowhere == 0) {
        return rv_ok();
    }
    return compose_note(w, t,
                        arena_printf(w->held.arena,
                                     "Of %lld offences %lld have a place with a name; the others "
                                     "are not in this list.",
                                     (long long)(total + nowhere), (long long)total),
                        reterr);
}

static rv_status place_table(struct places *p, const char *slug, const char *subject,
                             const struct place_count *order, size_t n, int64_t total,
                             int64_t nowhere, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"place", "Place", RESULT_TEXT},
        {"count", "Offences", RESULT_COUNT},
        {"share_percent", "Share, percent", RESULT_PERCENT},
        {"rank", "Rank", RESULT_RANK},
        {"kind", "Kind of place", RESULT_TEXT}};
    struct assess_work *w = p->lens->work;
    struct arena *a = w->held.arena;
    size_t rows = places_shown(order, n);
    size_t width = p->axes[2].size > 1 ? 5 : 4;
    struct result_cell *cells = NULL;
    const char *id = arena_printf(a, "places-%s", slug);
    struct result_table *t = compose_lens_table(p->lens, id, columns, width, rows, &cells);
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
        struct result_cell *row = &cells[i * width];
        size_t place = i;
        while (place > 0 && order[place - 1].count == order[i].count) {
            place--;
        }
        row[0] = cell_text(order[i].name);
        row[1] = cell_number((double)order[i].count);
        row[2] =
            cell_number(total >= WORDING_PERCENT_BASE ? 100 * (double)order[i].count / (double)total
                                                      : NOT_KNOWN);
        row[3] = cell_number((double)place + 1);
        if (width > 4) {
            row[4] = cell_text(order[i].type[0] ? order[i].type : "not recorded");
        }
    }
    RV_TRY(note_nowhere(p, t, total, nowhere, reterr));
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

/* ---- kinds of place ---- */

/* "430 street, 350 dwelling": those recorded, most first, equal ones by name. */
static const char *kinds_in_words(const struct places *p, const int64_t *counts)
{
    struct arena *a = p->lens->work->held.arena;
    struct place_count *order = ARENA_NEW(a, struct place_count, p->axes[2].size);
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 16);
    size_t n = 0;
    for (uint32_t k = 1; order && k < p->axes[2].size; k++) {
        if (counts[k] > 0) {
            order[n++] =
                (struct place_count){.count = counts[k], .code = k, .name = p->axes[2].labels[k]};
        }
    }
    if (n > 1) {
        qsort(order, n, sizeof *order, most_first);
    }
    for (size_t i = 0; i < n; i++) {
        compose_part(&b, order[i].count, order[i].name);
    }
    return order && !b.failed ? arena_text(a, b.n ? b.bytes : "", b.n) : NULL;
}

/* Of the places of the table, how many are of which kind. */
static int64_t *kinds_of_first(const struct places *p, const struct place_count *order, size_t n)
{
    int64_t *kinds = ARENA_NEW(p->lens->work->held.arena, int64_t, p->axes[2].size);
    for (size_t i = 0; kinds && i < places_shown(order, n); i++) {
        kinds[axis_code(&p->axes[2], order[i].type)]++;
    }
    return kinds;
}

static rv_status add_kinds(struct places *p, const struct place_count *order, size_t n,
                           struct rv_err *reterr)
{
    struct lens *l = p->lens;
    struct assess_work *w = l->work;
    int64_t known = 0, most = 0;
    for (uint32_t k = 1; k < p->axes[2].size; k++) {
        known += p->types[k];
        most = p->types[k] > most ? p->types[k] : most;
    }
    if (!l->profile || known == 0) {
        return rv_ok(); /* the source says nothing of kinds */
    }
    int64_t *first = kinds_of_first(p, order, n);
    struct finding *f = first ? compose_lens_finding(l, 0, "place-kinds") : NULL;
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->denominator_name = "offences in the borough with a kind of place on record";
    f->query = compose_query(l, "venue-type", 0, w->options->area, BUCKET_PERIOD);
    RV_TRY(compose_share(w, f, "PLACE_KINDS", "PLACE_KINDS", most, known, reterr));
    f->missing = (double)p->types[0];
    double unknown = p->types[0] ? (double)p->types[0] : NOT_KNOWN;
    RV_TRY(compose_text(w, f, "kinds", kinds_in_words(p, p->types), reterr));
    RV_TRY(compose_number(w, f, "unknown", unknown, reterr));
    RV_TRY(compose_text(w, f, "first_kinds", kinds_in_words(p, first), reterr));
    RV_TRY(compose_number(w, f, "first_count", (double)places_shown(order, n), reterr));
    return weaken_unknown(w, f, "a kind of place", p->types[0], known, reterr);
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
    RV_TRY(category == 0 ? add_kinds(p, order, n, reterr) : rv_ok());
    if (n == 0) {
        return rv_ok();
    }
    for (size_t i = 0; i < n; i++) {
        total += order[i].count;
    }
    RV_TRY(place_table(p, slug, subject, order, n, total, nowhere, reterr));
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
