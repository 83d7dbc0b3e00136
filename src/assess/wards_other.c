/* assess/wards_other.c — the wards of another vintage beside those of the assessment: a table, and
 * whether the same offences make the highest wards of both.
 *
 * Every record has a place in each vintage, by its own coordinates or codes. So the two drawings
 * are held against each other record by record, and never ward by ward or name by name.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/wards_other.h"

#include "base/buf.h"
#include "place/vintage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

enum { TOPS = 3 }; /* wards called the highest, more when the last of them is tied */

/* Wards of one drawing in this borough, most offences first; equal ones by code. */
struct drawing {
    const struct layer *layer;
    uint32_t *mine;  /* positions */
    int64_t *counts; /* [position] offences of the profile */
    size_t count;
    size_t tops; /* the first so many are the highest */
};

struct two {
    struct lens *l;
    struct drawing own, other;
    struct cube_axis axes[LENS_AXES]; /* profile, own, other, inside the borough */
    struct cube cube;
    int64_t both; /* offences placed in a ward of each */
};

/* ---- which ---- */

static int64_t months_apart(const struct layer *a, const struct layer *b)
{
    int64_t x = vintage_month(text_of(a->vintage)), y = vintage_month(text_of(b->vintage));
    return x > y ? x - y : y - x;
}

static rv_status find_mine(struct assess_work *w, const struct layer *layer, struct drawing *ret,
                           struct rv_err *reterr)
{
    const uint32_t *parents = NULL;
    RV_TRY(held_parents_of(&w->held, layer, w->boroughs, &parents, reterr));
    *ret = (struct drawing){.layer = layer};
    ret->mine = ARENA_NEW(w->held.arena, uint32_t, layer->count);
    ret->counts = ARENA_NEW(w->held.arena, int64_t, layer->count);
    if (!ret->mine || !ret->counts) {
        return arena_fail(w->held.arena, reterr);
    }
    for (uint32_t i = 0; i < layer->count; i++) {
        if (parents[i] == w->area) {
            ret->mine[ret->count++] = i;
        }
    }
    return rv_ok();
}

/* Wards that keep their codes keep their boundaries: such a vintage is no other drawing here. */
static bool is_drawn_alike(const struct drawing *a, const struct drawing *b)
{
    bool is_alike = a->count == b->count;
    for (size_t i = 0; is_alike && i < a->count; i++) {
        is_alike = layer_find(b->layer, text_of(a->layer->areas[a->mine[i]].code)) != 0;
    }
    return is_alike;
}

/* The other vintage that is nearest in time, the later of two; layer NULL = there is none. */
static rv_status choose(struct two *t, struct rv_err *reterr)
{
    struct assess_work *w = t->l->work;
    RV_TRY(find_mine(w, w->wards, &t->own, reterr));
    for (size_t i = 0; i < w->held.layer_count; i++) {
        const struct layer *layer = &w->held.layers[i];
        struct drawing d;
        if (layer == w->wards || strcmp(layer->type, "ward") != 0) {
            continue;
        }
        RV_TRY(find_mine(w, layer, &d, reterr));
        bool is_other = d.count > 0 && !is_drawn_alike(&t->own, &d);
        bool is_nearer = !t->other.layer ||
                         months_apart(layer, w->wards) <= months_apart(t->other.layer, w->wards);
        if (is_other && is_nearer) {
            t->other = d;
        }
    }
    return rv_ok();
}

/* ---- counting ---- */

static rv_status build_cube(struct two *t, struct rv_err *reterr)
{
    struct lens *l = t->l;
    t->axes[0] = (struct cube_axis){.kind = AXIS_GIVEN, .name = "profile"};
    t->axes[1] = (struct cube_axis){.kind = AXIS_AREA, .name = "ward", .layer = t->own.layer};
    t->axes[2] = (struct cube_axis){.kind = AXIS_AREA, .name = "other", .layer = t->other.layer};
    t->axes[3] = lens_inside(l->work);
    struct cube_query query = {
        .source = l->source, .axes = t->axes, .axis_count = 4, .period = l->work->options->period};
    return lens_cube(l, LENS_OTHER_WARDS, &query, &t->cube, reterr);
}

static int64_t cell(const struct two *t, uint32_t own, uint32_t other)
{
    const uint32_t codes[LENS_AXES] = {0, own, other, 0};
    return cube_at(&t->cube, codes);
}

static void add_up(struct two *t)
{
    for (uint32_t own = 0; own <= t->own.layer->count; own++) {
        for (uint32_t other = 0; other <= t->other.layer->count; other++) {
            int64_t n = cell(t, own, other);
            if (own) {
                t->own.counts[own - 1] += n;
            }
            if (other) {
                t->other.counts[other - 1] += n;
            }
            t->both += own && other ? n : 0;
        }
    }
}

static void order_wards(struct drawing *d)
{
    for (size_t i = 1; i < d->count; i++) { /* few, and in order of code already */
        uint32_t at = d->mine[i];
        size_t k = i;
        for (; k > 0 && d->counts[d->mine[k - 1]] < d->counts[at]; k--) {
            d->mine[k] = d->mine[k - 1];
        }
        d->mine[k] = at;
    }
    d->tops = d->count < TOPS ? d->count : TOPS;
    while (d->tops > 0 && d->counts[d->mine[d->tops - 1]] == 0) { /* none is no place */
        d->tops--;
    }
    while (d->tops > 0 && d->tops < d->count &&
           d->counts[d->mine[d->tops]] == d->counts[d->mine[d->tops - 1]]) {
        d->tops++;
    }
}

/* Of the offences in the highest ward of `from` that have a ward of `to`, those in its highest. */
static void share_of_first(const struct two *t, const struct drawing *from,
                           const struct drawing *to, int64_t *ret_part, int64_t *ret_whole)
{
    bool is_own = from == &t->own;
    uint32_t first = from->mine[0] + 1;
    *ret_part = *ret_whole = 0;
    for (uint32_t i = 1; i <= to->layer->count; i++) {
        *ret_whole += is_own ? cell(t, first, i) : cell(t, i, first);
    }
    for (size_t i = 0; i < to->tops; i++) {
        uint32_t top = to->mine[i] + 1;
        *ret_part += is_own ? cell(t, first, top) : cell(t, top, first);
    }
}

/* ---- the finding ---- */

static const char *names_of_tops(struct arena *a, const struct drawing *d)
{
    const char *names = "";
    for (size_t i = 0; names && i < d->tops; i++) {
        const char *before = i == 0 ? "" : i + 1 == d->tops ? " and " : ", ";
        names = arena_printf(a, "%s%s%s", names, before, d->layer->areas[d->mine[i]].name);
    }
    return names;
}

static rv_status put_slots(const struct two *t, struct finding *f, struct rv_err *reterr)
{
    struct assess_work *w = t->l->work;
    const struct drawing *own = &t->own, *other = &t->other;
    int64_t part = 0, whole = 0;
    share_of_first(t, other, own, &part, &whole);
    RV_TRY(compose_text(w, f, "vintage", own->layer->vintage, reterr));
    RV_TRY(compose_text(w, f, "other_vintage", other->layer->vintage, reterr));
    RV_TRY(compose_number(w, f, "area_count", (double)own->count, reterr));
    RV_TRY(compose_number(w, f, "other_wards", (double)other->count, reterr));
    RV_TRY(compose_text(w, f, "place", own->layer->areas[own->mine[0]].name, reterr));
    RV_TRY(compose_number(w, f, "tops", (double)other->tops, reterr));
    RV_TRY(compose_text(w, f, "names", names_of_tops(w->held.arena, other), reterr));
    if (whole == 0) {
        return rv_ok();
    }
    RV_TRY(compose_text(w, f, "next", other->layer->areas[other->mine[0]].name, reterr));
    RV_TRY(compose_number(w, f, "back_count", (double)whole, reterr));
    RV_TRY(compose_number(w, f, "back_part", (double)part, reterr));
    return compose_number(w, f, "own_tops", (double)own->tops, reterr);
}

static bool is_first_tied(const struct drawing *d)
{
    return d->count > 1 && d->counts[d->mine[0]] == d->counts[d->mine[1]];
}

static rv_status put_caveats(const struct two *t, struct finding *f, struct rv_err *reterr)
{
    struct assess_work *w = t->l->work;
    if (is_first_tied(&t->own) || is_first_tied(&t->other)) {
        f->is_tied = true;
        f->verdict = f->verdict < VERDICT_CAUTION ? VERDICT_CAUTION : f->verdict;
        RV_TRY(compose_caveat(
            w, f, "Holds with caution, because another ward has as many as the highest.", reterr));
    }
    return compose_caveat(
        w, f,
        "Wards of the two vintages are not compared one by one, also where they share a name: each "
        "record is placed in both, by its coordinates or else by its codes, and never by a name.",
        reterr);
}

static rv_status add_finding(struct two *t, struct rv_err *reterr)
{
    struct lens *l = t->l;
    struct assess_work *w = l->work;
    struct finding *f = compose_lens_finding(l, 0, "other-wards");
    const char *query = compose_query(l, "ward", 0, w->options->area, BUCKET_PERIOD);
    if (!f || !query) {
        return arena_fail(w->held.arena, reterr);
    }
    f->query = arena_printf(w->held.arena, "%s --vintage %s", query, t->other.layer->vintage);
    f->unit = "percent";
    f->method = "wilson";
    RV_TRY(f->query ? put_slots(t, f, reterr) : arena_fail(w->held.arena, reterr));
    int64_t part = 0, whole = 0;
    share_of_first(t, &t->own, &t->other, &part, &whole);
    f->denominator_name = "offences in the highest ward that have a ward of the other vintage";
    f->missing = (double)(lens_count(l, BUCKET_PERIOD, 0, w->area) - t->both);
    if (whole == 0) {
        return compose_absent(w, f, "OTHER_WARDS_NOT_AVAILABLE",
                              "none of its offences has a ward of both", reterr);
    }
    RV_TRY(compose_share(w, f, "OTHER_WARDS", "OTHER_WARDS_SMALL", part, whole, reterr));
    return put_caveats(t, f, reterr);
}

/* ---- the table ---- */

enum { WIDTH = 7 };
static const struct result_column COLUMNS[WIDTH] = {
    {"code", "Code", RESULT_TEXT},
    {"name", "Name", RESULT_TEXT},
    {"count", "Offences", RESULT_COUNT},
    {"share_percent", "Share, percent", RESULT_PERCENT},
    {"borough_rank", "Rank in the borough", RESULT_RANK},
    {"most_in", "Most of these lie in", RESULT_TEXT},
    {"most_in_count", "So many", RESULT_COUNT}};

static void put_row(const struct two *t, size_t i, int64_t total, struct result_cell *row)
{
    const struct drawing *d = &t->other;
    const struct area *area = &d->layer->areas[d->mine[i]];
    int64_t count = d->counts[d->mine[i]], most = 0;
    const char *in = "";
    for (size_t k = 0; k < t->own.count; k++) {
        int64_t n = cell(t, t->own.mine[k] + 1, d->mine[i] + 1);
        in = n > most ? t->own.layer->areas[t->own.mine[k]].name : in;
        most = n > most ? n : most;
    }
    size_t place = i; /* equal counts share a place */
    while (place > 0 && d->counts[d->mine[place - 1]] == count) {
        place--;
    }
    row[0] = cell_text(area->code);
    row[1] = cell_text(area->name);
    row[2] = cell_number((double)count);
    row[3] = cell_number(total >= WORDING_PERCENT_BASE ? 100 * (double)count / (double)total
                                                       : NOT_KNOWN);
    row[4] = cell_number((double)place + 1);
    row[5] = cell_text(in);
    row[6] = cell_number(most > 0 ? (double)most : NOT_KNOWN);
}

static rv_status add_notes(const struct two *t, int64_t total, struct result_table *table,
                           struct rv_err *reterr)
{
    struct assess_work *w = t->l->work;
    struct arena *a = w->held.arena;
    int64_t all = lens_count(t->l, BUCKET_PERIOD, 0, w->area);
    RV_TRY(compose_note(
        w, table,
        arena_printf(a,
                     "These are the %zu wards of %s; every other table of wards is of the %zu of "
                     "%s (--vintage chooses). The two are not compared ward by ward. The last "
                     "columns name the ward of %s in which most of a row's offences lie.",
                     t->other.count, t->other.layer->vintage, t->own.count, t->own.layer->vintage,
                     t->own.layer->vintage),
        reterr));
    RV_TRY(total == all
               ? rv_ok()
               : compose_note(w, table,
                              arena_printf(a,
                                           "%lld of the borough's %lld offences are in none of "
                                           "these wards and are not here.",
                                           (long long)(all - total), (long long)all),
                              reterr));
    return compose_note(w, table, t->l->source_caveat, reterr);
}

static rv_status add_table(struct two *t, struct rv_err *reterr)
{
    struct assess_work *w = t->l->work;
    struct arena *a = w->held.arena;
    struct result_cell *cells = NULL;
    struct result_table *table =
        compose_lens_table(t->l, "other-wards", COLUMNS, WIDTH, t->other.count, &cells);
    if (!table) {
        return arena_fail(a, reterr);
    }
    int64_t total = 0;
    for (size_t i = 0; i < t->other.count; i++) {
        total += t->other.counts[t->other.mine[i]];
    }
    for (size_t i = 0; i < t->other.count; i++) {
        put_row(t, i, total, &cells[i * WIDTH]);
    }
    table->title = arena_printf(a, "The wards of %s as drawn in %s: %s, %s", w->area_name,
                                t->other.layer->vintage, t->l->subjects[0],
                                compose_period(a, w->options->period));
    table->description = "Offences and share of the borough's offences of each ward of the other "
                         "vintage held, most first.";
    table->chart = CHART_NONE;
    RV_TRY(add_notes(t, total, table, reterr));
    return table->title ? rv_ok() : arena_fail(a, reterr);
}

rv_status profile_other_wards(struct lens *l, struct rv_err *reterr)
{
    struct two t = {.l = l};
    if (!l->work->wards) {
        return rv_ok();
    }
    RV_TRY(choose(&t, reterr));
    if (!t.other.layer || t.own.count == 0) {
        return rv_ok();
    }
    RV_TRY(build_cube(&t, reterr));
    add_up(&t);
    order_wards(&t.own);
    order_wards(&t.other);
    RV_TRY(add_finding(&t, reterr));
    return add_table(&t, reterr);
}
