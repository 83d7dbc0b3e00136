/* assess/counts_plan.c — codes of published counts matched to a layer, through its parents,
 * through weighted look-ups or a re-basing; vintages never mixed.
 *
 * When a source gives codes of the layer asked for, only those count: a publisher's ward rows
 * beside its borough rows would count everything twice.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/counts_plan.h"

#include <assert.h>
#include <math.h>
#include <string.h>

int area_fineness(const char *type)
{
    static const char *const order[] = {"region", "borough", "locality", "ward",
                                        "msoa",   "lsoa",    "oa"};
    for (int i = 0; i < 7; i++) {
        if (strcmp(order[i], type) == 0) {
            return i;
        }
    }
    return -1;
}

/* The areas that a layer of localities is made of; the layer itself otherwise. */
static const struct layer *base_of(const struct held *h, const struct layer *l)
{
    for (size_t i = 0; l && l->members && i < h->layer_count; i++) {
        if (h->layers[i].id == l->members) {
            return &h->layers[i];
        }
    }
    return l;
}

static void plan_target(struct cube_work *w, struct counts_plan *p)
{
    p->target_axis = SIZE_MAX;
    p->time_axis = SIZE_MAX;
    for (size_t k = 0; k < w->query->axis_count; k++) {
        const struct cube_axis *axis = &w->query->axes[k];
        if (axis->layer &&
            (!p->target || area_fineness(axis->layer->type) > area_fineness(p->target->type) ||
             (axis->layer == p->target && axis->kind == AXIS_AREA))) {
            p->target = axis->layer;
            p->target_axis = k;
        }
        if (axis->kind == AXIS_TIME &&
            (p->time_axis == SIZE_MAX ||
             axis->bucket_count > w->query->axes[p->time_axis].bucket_count)) {
            p->time_axis = k; /* the finest: a span inside its bucket lies in one of any other */
        }
    }
    p->base = base_of(w->held, p->target);
    p->buckets = p->time_axis == SIZE_MAX ? 1 : w->query->axes[p->time_axis].bucket_count;
    p->areas = p->target ? p->target->count + 1 : 1;
}

/* The layer (other than the target) that has this code; of the target's type first. */
static const struct layer *layer_with(const struct held *h, struct text code,
                                      const struct layer *target)
{
    const struct layer *found = NULL;
    for (size_t i = 0; i < h->layer_count; i++) {
        const struct layer *l = &h->layers[i];
        if (l != target && layer_find(l, code) != 0 &&
            (!found || strcmp(l->type, target->type) == 0)) {
            found = l;
        }
    }
    return found;
}

/* Fills the codes of every axis of areas from the placed code in the target layer. */
static rv_status share_codes(struct cube_work *w, const struct counts_plan *p, uint32_t placed,
                             struct code_share *share, struct rv_err *reterr)
{
    for (size_t k = 0; k < w->query->axis_count; k++) {
        const struct cube_axis *axis = &w->query->axes[k];
        if (!axis->layer) {
            continue;
        }
        uint32_t code = placed;
        if (axis->layer != p->target && placed != 0) {
            const uint32_t *parents = NULL;
            RV_TRY(held_parents_of(w->held, p->target, axis->layer, &parents, reterr));
            code = parents[placed - 1];
        }
        share->codes[k] = axis->kind == AXIS_WITHIN ? code == axis->inside : code;
    }
    return rv_ok();
}

static rv_status plan_single(struct cube_work *w, const struct counts_plan *p, uint32_t placed,
                             struct code_plan *plan, struct rv_err *reterr)
{
    plan->shares = ARENA_NEW(w->held->arena, struct code_share, 1);
    if (!plan->shares) {
        return arena_fail(w->held->arena, reterr);
    }
    plan->count = 1;
    plan->shares[0].parts = CUBE_FINE;
    return share_codes(w, p, placed, &plan->shares[0], reterr);
}

static void mark_moved(struct code_plan *plan)
{
    size_t best = 0;
    for (size_t i = 0; i < plan->count; i++) {
        best = plan->shares[i].parts > plan->shares[best].parts ? i : best;
        plan->shares[i].is_moved = true;
    }
    if (plan->count) {
        plan->shares[best].is_moved = false;
    }
}

static rv_status plan_lookup(struct cube_work *w, const struct counts_plan *p, struct text code,
                             struct code_plan *plan, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    struct lookup_target target = {0};
    RV_TRY(lookup_resolve(w->held->lookups, a, code, p->target, &target, reterr));
    if (target.count == 0) {
        return rv_ok();
    }
    plan->shares = ARENA_NEW(a, struct code_share, target.count + 1);
    if (!plan->shares) {
        return arena_fail(a, reterr);
    }
    plan->is_converted = true;
    int64_t rest = CUBE_FINE;
    for (size_t i = 0; i < target.count; i++) {
        struct code_share *share = &plan->shares[plan->count++];
        share->parts = llround(target.shares[i].weight * CUBE_FINE);
        share->parts = share->parts < rest ? share->parts : rest;
        rest -= share->parts;
        RV_TRY(share_codes(w, p, target.shares[i].placed, share, reterr));
    }
    if (rest > (int64_t)target.count) { /* more than rounding: part of the code leads nowhere */
        plan->shares[plan->count].parts = rest;
        RV_TRY(share_codes(w, p, 0, &plan->shares[plan->count++], reterr));
    } else {
        plan->shares[0].parts += rest;
    }
    mark_moved(plan);
    return rv_ok();
}

/* Parts that come to one area of the target, such as two wards of a locality, are one share. */
static rv_status add_part(struct cube_work *w, const struct counts_plan *p,
                          const struct rebase_part *part, struct code_plan *plan,
                          struct rv_err *reterr)
{
    uint32_t placed = part->to;
    if (p->base != p->target && placed) {
        const uint32_t *parents = NULL;
        RV_TRY(held_parents_of(w->held, p->base, p->target, &parents, reterr));
        placed = parents[placed - 1];
    }
    size_t at = 0;
    while (at < plan->count && plan->shares[at].placed != placed) {
        at++;
    }
    struct code_share *share = &plan->shares[at];
    share->parts += part->parts;
    if (at < plan->count) {
        return rv_ok();
    }
    plan->count++;
    share->placed = placed;
    return share_codes(w, p, placed, share, reterr);
}

/* By the parts of a re-basing held. */
static rv_status plan_rebase(struct cube_work *w, const struct counts_plan *p,
                             const struct rebase *r, uint32_t own, struct code_plan *plan,
                             struct rv_err *reterr)
{
    size_t n = 0;
    const struct rebase_part *parts = rebase_parts(r, own - 1, &n);
    plan->shares = ARENA_NEW(w->held->arena, struct code_share, n);
    if (!plan->shares) {
        return arena_fail(w->held->arena, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        RV_TRY(add_part(w, p, &parts[i], plan, reterr));
    }
    mark_moved(plan);
    w->cube->rebase = r;
    return rv_ok();
}

static rv_status plan_code(struct cube_work *w, const struct counts_plan *p, size_t extract,
                           struct text code, struct code_plan *plan, struct rv_err *reterr)
{
    const struct rebase *rebase = w->query->uses_rebases ? p->rebases[extract] : NULL;
    const struct layer *native = p->natives[extract];
    uint32_t own = rebase ? layer_find(rebase->from, code) : 0;
    if (own != 0) { /* whatever area of the target has the same code */
        return plan_rebase(w, p, rebase, own, plan, reterr);
    }
    bool is_other_vintage = p->base != p->target && native && native != p->base &&
                            strcmp(native->type, p->base->type) == 0;
    if (is_other_vintage && layer_find(native, code)) { /* localities are of one vintage too */
        plan->foreign = native;
        return rv_ok();
    }
    uint32_t placed = p->target ? layer_find(p->target, code) : 0;
    if (!p->target || placed != 0) {
        return plan_single(w, p, placed, plan, reterr);
    }
    const struct layer *other = layer_with(w->held, code, p->target);
    int step = other ? area_fineness(other->type) - area_fineness(p->target->type) : 0;
    if (other && (step < 0 || (step > 0 && p->has_native))) {
        plan->is_skipped = true;
        return rv_ok();
    }
    if (step > 0) {
        const uint32_t *parents = NULL;
        RV_TRY(held_parents_of(w->held, other, p->target, &parents, reterr));
        return plan_single(w, p, parents[layer_find(other, code) - 1], plan, reterr);
    }
    RV_TRY(plan_lookup(w, p, code, plan, reterr));
    if (plan->count == 0 && other) {
        plan->foreign = other;
        return rv_ok();
    }
    return plan->count == 0 ? plan_single(w, p, 0, plan, reterr) : rv_ok();
}

static void find_native(const struct cube_work *w, struct counts_plan *p)
{
    for (size_t i = 0; p->target && i < w->extract_count && !p->has_native; i++) {
        const struct dictionary *d = extract_scan_dictionary(w->extracts[i].scan, COLUMN_AREA);
        for (uint32_t c = 1; d && c < d->count && !p->has_native; c++) {
            p->has_native = layer_find(p->target, dictionary_text(d, c)) != 0;
        }
    }
}

static size_t codes_in(const struct dictionary *d, const struct layer *l)
{
    size_t n = 0;
    for (uint32_t c = 1; d && c < d->count; c++) {
        n += layer_find(l, dictionary_text(d, c)) != 0;
    }
    return n;
}

/* The areas that each extract is about, and how they are given on the target's. */
static rv_status find_rebases(const struct cube_work *w, struct counts_plan *p,
                              struct rv_err *reterr)
{
    const struct held *h = w->held;
    p->rebases = ARENA_NEW(h->arena, const struct rebase *, w->extract_count + 1);
    p->natives = ARENA_NEW(h->arena, const struct layer *, w->extract_count + 1);
    if (!p->rebases || !p->natives) {
        return arena_fail(h->arena, reterr);
    }
    for (size_t i = 0; p->target && i < w->extract_count; i++) {
        const struct dictionary *d = extract_scan_dictionary(w->extracts[i].scan, COLUMN_AREA);
        size_t best = codes_in(d, p->base); /* wins among equals */
        p->natives[i] = best ? p->base : NULL;
        for (size_t k = 0; k < h->layer_count; k++) {
            size_t n = codes_in(d, &h->layers[k]);
            p->natives[i] = n > best ? &h->layers[k] : p->natives[i];
            best = n > best ? n : best;
        }
        p->rebases[i] = rebase_find(h->rebases, h->rebase_count, p->natives[i], p->base);
    }
    return rv_ok();
}

static rv_status plan_codes(struct cube_work *w, struct counts_plan *p, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    p->codes = ARENA_NEW(a, struct code_plan *, w->extract_count + 1);
    if (!p->codes) {
        return arena_fail(a, reterr);
    }
    find_native(w, p);
    RV_TRY(find_rebases(w, p, reterr));
    for (size_t i = 0; i < w->extract_count; i++) {
        const struct dictionary *d = extract_scan_dictionary(w->extracts[i].scan, COLUMN_AREA);
        uint32_t count = d && d->count ? d->count : 1;
        p->codes[i] = ARENA_NEW(a, struct code_plan, count);
        if (!p->codes[i]) {
            return arena_fail(a, reterr);
        }
        RV_TRY(plan_single(w, p, 0, &p->codes[i][0], reterr));
        for (uint32_t c = 1; c < count; c++) {
            RV_TRY(plan_code(w, p, i, dictionary_text(d, c), &p->codes[i][c], reterr));
            for (size_t k = 0; k < p->codes[i][c].count; k++) {
                bool is_whole = p->codes[i][c].shares[k].parts == CUBE_FINE;
                w->cube->unit = is_whole ? w->cube->unit : CUBE_FINE;
            }
        }
    }
    return rv_ok();
}

rv_status counts_plan_make(struct cube_work *w, struct counts_plan *p, struct rv_err *reterr)
{
    plan_target(w, p);
    return plan_codes(w, p, reterr);
}

rv_status counts_plan_refuse(const struct cube_work *w, const struct counts_plan *p, size_t extract,
                             struct rv_err *reterr)
{
    const struct dictionary *d = extract_scan_dictionary(w->extracts[extract].scan, COLUMN_AREA);
    const struct layer *foreign = NULL;
    for (uint32_t c = 1; c < d->count && !foreign; c++) {
        foreign = p->codes[extract][c].foreign;
    }
    assert(foreign); /* the caller found one */
    const char *type = p->base->type;
    const char *file = w->extracts[extract].info->file_name;
    if (p->rebases[extract]) {
        return rv_fail(
            reterr, RV_REFUSED,
            "The counts of %s are on the %ss of %s, not on those of %s: areas of "
            "different vintages are never mixed. A re-basing between them is held: ask "
            "for it with \"--vintage %s\" in 'reeve table' (without one import a look-up "
            "with \"reeve import FILE lookup.csv --as lookup\"); or stay with "
            "\"--vintage %s\".",
            file, type, foreign->vintage, p->base->vintage, p->base->vintage, foreign->vintage);
    }
    return rv_fail(
        reterr, RV_REFUSED,
        "The counts of %s are on the %ss of %s, not on those of %s: areas of different "
        "vintages are never mixed. To re-base them, run \"reeve areas FILE --rebase "
        "%s:%s --to %s:%s\", or import a look-up from the one set of %ss to the other "
        "with \"reeve import FILE lookup.csv --as lookup\", and add \"--vintage %s\"; or "
        "ask for a period that lies in one vintage, with \"--vintage %s\" for these.",
        file, type, foreign->vintage, p->base->vintage, type, foreign->vintage, type,
        p->base->vintage, type, p->base->vintage, foreign->vintage);
}
