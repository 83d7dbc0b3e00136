/* assess/rebasing.c — intersections and residents to weights in millionths.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/rebasing.h"

#include "assess/population.h"
#include "base/buf.h"
#include "base/json.h"
#include "place/overlay.h"
#include "place/vintage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct making {
    struct held *held;
    const struct rebasing_options *o;
    const struct layer *residents_of; /* layer of the population; NULL by area */
    struct population population;
    double *amounts; /* [areas of it] residents */
    struct apportion_piece *pieces;
    size_t count;
    struct rebasing *made;
};

/* ---- residents ---- */

static double mean_area(const struct layer *l)
{
    double sum = 0;
    for (uint32_t i = 0; i < l->count; i++) {
        sum += l->areas[i].area_m2;
    }
    return l->count ? sum / l->count : 0;
}

/* A little larger may be: LSOAs of 2011 that say who lived where in those of 2021. */
static bool is_small_enough(const struct making *m, const struct layer *l)
{
    return l != m->o->from && l->count > 0 && mean_area(l) < 1.5 * mean_area(m->o->from);
}

static uint32_t areas_known(const struct population *p)
{
    uint32_t known = 0;
    for (uint32_t i = 0; i < p->layer->count; i++) {
        bool has = false;
        for (size_t y = 0; y < p->year_count; y++) {
            has = has || !isnan(p->persons[y * p->layer->count + i]);
        }
        known += has;
    }
    return known;
}

static rv_status choose_population(struct making *m, struct rv_err *reterr)
{
    struct held *h = m->held;
    uint32_t best = 0;
    for (size_t i = 0; i < h->layer_count; i++) {
        struct population p = {0};
        if (!is_small_enough(m, &h->layers[i])) {
            continue;
        }
        RV_TRY(population_load(h, &h->layers[i], POPULATION_ALL, &p, reterr));
        /* A note says that it was itself converted: only what was published for these areas. */
        uint32_t known = p.source && p.note[0] == '\0' ? areas_known(&p) : 0;
        if (known > best) {
            best = known;
            m->population = p;
            m->residents_of = &h->layers[i];
        }
    }
    if (!m->residents_of) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "No population of areas smaller than the %ss of %s is held with their "
                       "boundaries. Load both (\"reeve areas FILE lsoa.shp --type lsoa …\", "
                       "\"reeve import FILE population.csv\"), or add \"--by area\".",
                       m->o->from->type, m->o->from->vintage);
    }
    return rv_ok();
}

/* Residents in the year of the new boundaries, or the nearest year held. */
static rv_status fill_amounts(struct making *m, struct rv_err *reterr)
{
    const struct layer *l = m->residents_of;
    int32_t first = vintage_month(text_of(m->o->to->vintage));
    first = first > 0 ? first - first % 12 : m->population.years[m->population.year_count - 1] * 12;
    int32_t months[12];
    for (int32_t i = 0; i < 12; i++) {
        months[i] = first + i;
    }
    m->amounts = ARENA_NEW(m->held->arena, double, l->count);
    if (!m->amounts) {
        return arena_fail(m->held->arena, reterr);
    }
    for (uint32_t i = 0; i < l->count; i++) {
        double persons = population_person_years(&m->population, i + 1, months, 12);
        m->amounts[i] = isnan(persons) ? 0 : persons;
    }
    return rv_ok();
}

/* ---- pieces ---- */

static void list_sliver(struct making *m, const struct overlay_part *p)
{
    struct rebasing *r = m->made;
    r->rebase.slivers++;
    r->rebase.slivers_m2 += p->area_m2;
    size_t at = r->sliver_count;
    while (at > 0 && r->slivers[at - 1].area_m2 < p->area_m2) {
        at--;
    }
    if (at == REBASING_LISTED) {
        return;
    }
    size_t kept = r->sliver_count < REBASING_LISTED ? r->sliver_count : REBASING_LISTED - 1;
    memmove(&r->slivers[at + 1], &r->slivers[at], (kept - at) * sizeof r->slivers[0]);
    r->sliver_count = kept + 1;
    r->slivers[at] = (struct rebasing_sliver){
        m->o->from->areas[p->one].code,
        p->two == OVERLAY_OUTSIDE ? NULL : m->o->to->areas[p->two].code, p->area_m2, p->width_m};
}

/* The parts of one area: polygons of a pair together, slivers out unless there is nothing else. */
static void take_area(struct making *m, const struct overlay_part *parts, size_t n)
{
    bool has_wide = false;
    for (size_t i = 0; i < n; i++) {
        has_wide = has_wide || parts[i].width_m >= m->o->sliver_m;
    }
    for (size_t i = 0; i < n; i++) {
        if (has_wide && parts[i].width_m < m->o->sliver_m) {
            list_sliver(m, &parts[i]);
            continue;
        }
        uint32_t target = parts[i].two == OVERLAY_OUTSIDE ? APPORTION_NOWHERE : parts[i].two;
        struct apportion_piece *last = m->count ? &m->pieces[m->count - 1] : NULL;
        if (!last || last->source != parts[i].one || last->target != target) {
            last = &m->pieces[m->count++];
            *last = (struct apportion_piece){.source = parts[i].one, .target = target};
        }
        last->area += parts[i].area_m2;
        last->population += parts[i].amount;
    }
}

static rv_status take_parts(struct making *m, const struct overlay *o, struct rv_err *reterr)
{
    m->pieces = ARENA_NEW(m->held->arena, struct apportion_piece, o->count);
    if (!m->pieces) {
        return arena_fail(m->held->arena, reterr);
    }
    for (size_t i = 0, end; i < o->count; i = end) {
        for (end = i; end < o->count && o->parts[end].one == o->parts[i].one; end++) {
        }
        take_area(m, &o->parts[i], end - i);
    }
    return rv_ok();
}

/* ---- weights ---- */

/* The pieces of one area as parts of a million, with exactly that sum. */
static rv_status whole_parts(struct making *m, const double *weights, size_t first, size_t n,
                             struct rv_err *reterr)
{
    struct arena *a = m->held->arena;
    struct rebase *r = &m->made->rebase;
    double *values = ARENA_NEW(a, double, n), all = 1;
    int64_t *whole = ARENA_NEW(a, int64_t, n);
    if (!values || !whole) {
        return arena_fail(a, reterr);
    }
    /* Outside stands last among the pieces and first among the parts: it has placed code 0. */
    bool has_outside = m->pieces[first + n - 1].target == APPORTION_NOWHERE;
    double outside = has_outside ? weights[first + n - 1] : 0;
    if (m->residents_of && n > 1 && has_outside && outside < REBASING_TRIFLE) {
        has_outside = false;
        all = 1 - outside;
        m->made->trifles++;
        n--;
    }
    for (size_t i = 0; i < n; i++) {
        values[i] = weights[first + i] / all * REBASE_WHOLE;
    }
    RV_TRY(apportion_round(a, values, n, REBASE_WHOLE, whole, reterr));
    for (size_t i = 0; i < n; i++) {
        size_t at = has_outside ? (i + n - 1) % n : i;
        const struct apportion_piece *p = &m->pieces[first + at];
        if (whole[at] > 0) {
            r->parts[r->count++] = (struct rebase_part){
                .from = p->source,
                .to = p->target == APPORTION_NOWHERE ? 0 : p->target + 1,
                .parts = (int32_t)whole[at],
                .area_m2 = p->area,
                .persons = m->residents_of ? p->population : 0,
            };
        }
    }
    return rv_ok();
}

static rv_status share_out(struct making *m, struct rv_err *reterr)
{
    struct arena *a = m->held->arena;
    struct rebase *r = &m->made->rebase;
    const struct layer *from = m->o->from;
    double *weights = ARENA_NEW(a, double, m->count);
    uint8_t *by_area = ARENA_NEW(a, uint8_t, from->count);
    r->parts = ARENA_NEW(a, struct rebase_part, m->count);
    if (!weights || !by_area || !r->parts) {
        return arena_fail(a, reterr);
    }
    RV_TRY(apportion_weights(a, m->pieces, m->count, from->count, m->o->basis, weights, by_area,
                             reterr));
    for (size_t i = 0, end; i < m->count; i = end) {
        for (end = i; end < m->count && m->pieces[end].source == m->pieces[i].source; end++) {
        }
        RV_TRY(whole_parts(m, weights, i, end - i, reterr));
    }
    for (uint32_t i = 0; m->residents_of && i < from->count; i++) {
        m->made->by_area += by_area[i];
    }
    rebase_mark_main(r);
    return rv_ok();
}

/* ---- what changed ---- */

/* The borough of each area of a layer; NULL when there are no boroughs. */
static rv_status boroughs_of(struct making *m, const struct layer *l, const uint32_t **ret,
                             struct rv_err *reterr)
{
    const struct held *h = m->held;
    const struct layer *boroughs = layer_choose(h->layers, h->layer_count, "borough", NULL,
                                                vintage_month(text_of(m->o->to->vintage)));
    *ret = NULL;
    return boroughs ? held_parents_of(m->held, l, boroughs, ret, reterr) : rv_ok();
}

static int by_largest(const void *a, const void *b)
{
    const struct rebasing_split *x = a, *y = b;
    int order = (x->largest > y->largest) - (x->largest < y->largest);
    return order ? order : (x->from > y->from) - (x->from < y->from);
}

/* What each part weighs: residents where its area has any and they decide, else square metres. */
static double weigh(const struct making *m, const struct rebase_part *parts, size_t n)
{
    double persons = 0, area = 0;
    for (size_t i = 0; i < n; i++) {
        persons += parts[i].persons;
        area += parts[i].area_m2;
    }
    return m->residents_of ? persons : area;
}

static rv_status compare(struct making *m, struct rv_err *reterr)
{
    struct rebasing *made = m->made;
    const struct rebase *r = &made->rebase;
    struct arena *a = m->held->arena;
    const uint32_t *of_old = NULL, *of_new = NULL;
    uint32_t *sources = ARENA_NEW(a, uint32_t, m->o->to->count + 1);
    made->splits = ARENA_NEW(a, struct rebasing_split, m->o->from->count);
    if (!sources || !made->splits) {
        return arena_fail(a, reterr);
    }
    RV_TRY(boroughs_of(m, m->o->from, &of_old, reterr));
    RV_TRY(boroughs_of(m, m->o->to, &of_new, reterr));
    for (size_t i = 0; i < r->count; i++) {
        sources[r->parts[i].to]++;
    }
    double all = 0, moved = 0, nowhere = 0, crossing = 0;
    for (size_t i = 0, end; i < r->count; i = end) {
        for (end = i; end < r->count && r->parts[end].from == r->parts[i].from; end++) {
        }
        double weight = weigh(m, &r->parts[i], end - i), largest = 0;
        for (size_t k = i; k < end; k++) {
            const struct rebase_part *p = &r->parts[k];
            double share = (double)p->parts / REBASE_WHOLE;
            largest = p->is_main ? share : largest;
            moved += p->is_main || p->to == 0 ? 0 : weight * share;
            nowhere += p->to == 0 ? weight * share : 0;
            uint32_t old = of_old ? of_old[p->from] : 0;
            uint32_t new = of_new && p->to ? of_new[p->to - 1] : 0;
            crossing += old && new &&old != new ? weight *share : 0;
        }
        all += weight;
        bool is_whole = end - i == 1;
        made->outside += is_whole && r->parts[i].to == 0;
        made->unchanged += is_whole && r->parts[i].to != 0 && sources[r->parts[i].to] == 1;
        made->merged += is_whole && r->parts[i].to != 0 && sources[r->parts[i].to] > 1;
        made->clearly += !is_whole && largest < APPORTION_SPLIT;
        if (!is_whole) {
            made->splits[made->split++] = (struct rebasing_split){r->parts[i].from, largest};
        }
    }
    if (made->split > 1) {
        qsort(made->splits, made->split, sizeof *made->splits, by_largest);
    }
    made->moved = all > 0 ? moved / all : 0;
    made->nowhere = all > 0 ? nowhere / all : 0;
    made->crossing = of_old && of_new ? (all > 0 ? crossing / all : 0) : (double)NAN;
    return rv_ok();
}

/* ---- the whole ---- */

/* Extract ids and hashes of the population, as JSON. */
static rv_status name_sources(struct making *m, struct rv_err *reterr)
{
    struct arena *a = m->held->arena;
    struct buf b RV_CLEANUP(buf_done);
    struct json_writer j;
    buf_init(&b, 1u << 20);
    json_writer_init(&j, &b, false);
    json_put_array(&j, NULL);
    const struct source *s = m->residents_of ? m->population.source : NULL;
    for (size_t i = 0; s && i < s->extract_count; i++) {
        json_put_object(&j, NULL);
        json_put_int(&j, "extract", s->extracts[i].id);
        json_put_string(&j, "sha256", s->extracts[i].sha256);
        json_end_object(&j);
    }
    json_end_array(&j);
    RV_TRY(buf_status(&b, reterr));
    struct rebase *r = &m->made->rebase;
    r->sources = arena_text(a, b.bytes, b.n);
    r->population = m->residents_of ? arena_printf(a, "%s, of %s %s", m->population.name,
                                                   m->residents_of->type, m->residents_of->vintage)
                                    : "";
    return r->sources && r->population ? rv_ok() : arena_fail(a, reterr);
}

rv_status rebasing_make(struct held *h, const struct rebasing_options *o, const char *now_utc,
                        struct rebasing *ret, struct rv_err *reterr)
{
    struct rebasing made = {.rebase = {.from = o->from,
                                       .to = o->to,
                                       .basis = o->basis == APPORTION_AREA ? "area" : "population",
                                       .sliver_m = o->sliver_m,
                                       .made_at = now_utc}};
    struct making m = {.held = h, .o = o, .made = &made};
    if (o->basis == APPORTION_POPULATION) {
        RV_TRY(choose_population(&m, reterr));
        RV_TRY(fill_amounts(&m, reterr));
    }
    RV_TRY(name_sources(&m, reterr));
    struct overlay overlay = {0};
    RV_TRY(overlay_layers(h->store, h->arena, h->progress, o->from, o->to, m.residents_of,
                          m.amounts, &overlay, reterr));
    RV_TRY(take_parts(&m, &overlay, reterr));
    RV_TRY(share_out(&m, reterr));
    RV_TRY(compare(&m, reterr));
    *ret = made;
    return rv_ok();
}
