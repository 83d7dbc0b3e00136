/* assess/cube_counts.c — counting what others have counted: codes matched to a layer, through its
 * parents, or converted through weighted look-ups; ward vintages never mixed.
 *
 * When a source gives codes of the layer asked for, only those count: a publisher's ward rows
 * beside its borough rows would count everything twice.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/cube_internal.h"
#include "base/memory.h"
#include "column/group.h"
#include "ingest/profile.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { COLUMN_AREA, COLUMN_FROM, COLUMN_TO, COLUMN_COUNT, COLUMN_FIRST_AXIS };

/* Where a share of the events of one published code goes: a code for every axis of areas. */
struct code_share {
    int64_t parts; /* of CUBE_FINE */
    bool is_moved; /* not the largest share of its code */
    uint32_t codes[CUBE_MAX_AXES];
};

struct code_plan {
    struct code_share *shares;
    size_t count;
    bool is_converted;           /* through a look-up */
    bool is_skipped;             /* another level than the one asked for: counts nowhere */
    const struct layer *foreign; /* another vintage, and no way to the one asked for */
};

struct counts_plan {
    struct code_plan **codes;      /* [extract][dictionary code] */
    const struct rebase **rebases; /* [extract]: from its areas to the target; NULL = none */
    const struct layer **natives;  /* [extract]: the layer that most of its codes name, or NULL */
    const struct layer *target;    /* finest layer asked for; NULL = no axis of areas */
    bool has_native;               /* some code of the source is an area of the target */
    size_t target_axis, time_axis; /* SIZE_MAX = none */
    size_t buckets, areas;         /* sizes of spoiled and seen */
    size_t *refused_at;            /* [worker]: lowest extract refused, SIZE_MAX = none */
};

int area_fineness(const char *type)
{
    static const char *const order[] = {"region", "borough", "ward", "msoa", "lsoa", "oa"};
    for (int i = 0; i < 6; i++) {
        if (strcmp(order[i], type) == 0) {
            return i;
        }
    }
    return -1;
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
        struct code_share *share = &plan->shares[plan->count++];
        share->parts = parts[i].parts;
        RV_TRY(share_codes(w, p, parts[i].to, share, reterr));
    }
    mark_moved(plan);
    w->cube->rebase = r;
    return rv_ok();
}

static rv_status plan_code(struct cube_work *w, const struct counts_plan *p, size_t extract,
                           struct text code, struct code_plan *plan, struct rv_err *reterr)
{
    const struct rebase *rebase = w->query->uses_rebases ? p->rebases[extract] : NULL;
    uint32_t own = rebase ? layer_find(rebase->from, code) : 0;
    if (own != 0) { /* whatever area of the target has the same code */
        return plan_rebase(w, p, rebase, own, plan, reterr);
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
        size_t best = codes_in(d, p->target); /* wins among equals */
        p->natives[i] = best ? p->target : NULL;
        for (size_t k = 0; k < h->layer_count; k++) {
            size_t n = codes_in(d, &h->layers[k]);
            p->natives[i] = n > best ? &h->layers[k] : p->natives[i];
            best = n > best ? n : best;
        }
        p->rebases[i] = rebase_find(h->rebases, h->rebase_count, p->natives[i], p->target);
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

/* The bucket that holds a row's whole span, 0 when none does; spoils buckets that it straddles. */
static uint32_t row_bucket(const struct cube_work *w, const struct counts_plan *p,
                           struct month_range span, uint8_t *spoiled)
{
    const struct month_range *buckets = &w->query->period;
    if (p->time_axis != SIZE_MAX) {
        buckets = w->query->axes[p->time_axis].buckets;
    }
    for (size_t b = 0; b < p->buckets; b++) {
        if (span.last < buckets[b].first || span.first > buckets[b].last) {
            continue;
        }
        if (span.first >= buckets[b].first && span.last <= buckets[b].last) {
            return (uint32_t)b + 1;
        }
        spoiled[b] = 1;
    }
    return 0;
}

static int64_t row_count(const struct column *counts, uint32_t row)
{
    if (counts->type == COLUMN_INTEGER) {
        return counts->integers[row];
    }
    if (counts->type == COLUMN_THOUSANDTHS) {
        return (counts->integers[row] + 500) / 1000;
    }
    return counts->type == COLUMN_REAL ? llround(counts->reals[row]) : 0;
}

/* One chunk being counted. */
struct chunk_work {
    const struct cube_work *w;
    struct counts_plan *plan;
    struct tally *tally;
    size_t extract, worker;
    const struct column *columns;
    const uint32_t *codes[CUBE_MAX_AXES]; /* of axes of values; others NULL */
};

static bool is_wanted(const struct chunk_work *c, const uint32_t *codes)
{
    for (size_t k = 0; k < c->w->query->axis_count; k++) {
        if (c->w->axes[k].keep && !c->w->axes[k].keep[codes[k]]) {
            return false;
        }
    }
    return true;
}

static rv_status add_share(const struct chunk_work *c, const struct code_plan *plan,
                           const struct code_share *share, const uint32_t *codes, int64_t count,
                           uint32_t bucket, struct rv_err *reterr)
{
    uint32_t all[CUBE_MAX_AXES];
    uint64_t key = 0;
    for (size_t k = 0; k < c->w->query->axis_count; k++) {
        all[k] = c->w->query->axes[k].layer ? share->codes[k] : codes[k];
        key += all[k] * c->w->cube->strides[k];
    }
    if (c->plan->target_axis != SIZE_MAX) {
        c->tally->seen[(bucket - 1) * c->plan->areas + share->codes[c->plan->target_axis]] = 1;
    }
    if (!is_wanted(c, all) || (c->w->query->is_moved && !share->is_moved)) {
        return rv_ok();
    }
    c->tally->converted += plan->is_converted ? count * share->parts / CUBE_FINE : 0;
    int64_t amount = c->w->cube->unit == 1 ? count : count * share->parts;
    return amount == 0 && !c->tally->cells ? rv_ok() : tally_add(c->tally, key, amount, reterr);
}

static uint32_t time_code(const struct chunk_work *c, size_t k, int32_t month, uint32_t bucket)
{
    const struct axis_work *axis = &c->w->axes[k];
    if (k == c->plan->time_axis) {
        return bucket;
    }
    bool is_inside = month >= axis->months.first && month <= axis->months.last;
    return is_inside ? axis->bucket_of[month - axis->months.first + 1] : 0;
}

static rv_status add_row(const struct chunk_work *c, uint32_t row, struct rv_err *reterr)
{
    const struct column *from = &c->columns[COLUMN_FROM], *to = &c->columns[COLUMN_TO];
    if (from->type != COLUMN_TIME || to->type != COLUMN_TIME || !column_has(from, row) ||
        !column_has(to, row) || !column_has(&c->columns[COLUMN_COUNT], row)) {
        return rv_ok(); /* a count that is missing is not a count of 0 */
    }
    struct month_range span = {civil_month_of(from->integers[row]),
                               civil_month_of(to->integers[row])};
    if (span.last < c->w->query->period.first || span.first > c->w->query->period.last) {
        return rv_ok();
    }
    uint32_t code = c->columns[COLUMN_AREA].codes[row];
    const struct code_plan *plan = &c->plan->codes[c->extract][code];
    if (plan->foreign) {
        size_t *at = &c->plan->refused_at[c->worker];
        *at = c->extract < *at ? c->extract : *at;
        return rv_ok();
    }
    int64_t count = row_count(&c->columns[COLUMN_COUNT], row);
    if (plan->is_skipped) {
        c->tally->unmatched += count;
        return rv_ok();
    }
    uint32_t bucket = row_bucket(c->w, c->plan, span, c->tally->spoiled);
    if (bucket == 0) {
        return rv_ok();
    }
    uint32_t codes[CUBE_MAX_AXES];
    for (size_t k = 0; k < c->w->query->axis_count; k++) {
        codes[k] = c->codes[k] ? c->codes[k][row] : 0;
        codes[k] =
            c->w->query->axes[k].kind == AXIS_TIME ? time_code(c, k, span.first, bucket) : codes[k];
    }
    for (size_t i = 0; i < plan->count; i++) {
        RV_TRY(add_share(c, plan, &plan->shares[i], codes, count, bucket, reterr));
    }
    return rv_ok();
}

static rv_status counts_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    struct cube_work *w = context;
    struct arena *scratch = &w->scratch[worker];
    uint32_t sequence = 0;
    const struct extract_work *x = work_piece(w, piece, &sequence);
    RV_TRY(progress_check(w->held->progress, reterr));
    arena_done(scratch);
    struct column columns[CUBE_MAX_AXES + COLUMN_FIRST_AXIS];
    const uint64_t *current = NULL;
    RV_TRY(extract_scan_read(x->scan, sequence, scratch, columns, &current, reterr));
    uint32_t rows = columns[0].rows;
    uint32_t *room = ARENA_NEW(scratch, uint32_t, (size_t)(rows + 1) * (w->query->axis_count + 1));
    if (!room) {
        return arena_fail(scratch, reterr);
    }
    struct chunk_work c = {.w = w,
                           .plan = w->counts,
                           .tally = &w->tallies[worker],
                           .extract = (size_t)(x - w->extracts),
                           .worker = worker,
                           .columns = columns};
    size_t next = COLUMN_FIRST_AXIS;
    for (size_t k = 0; k < w->query->axis_count; k++) {
        if (w->axes[k].axis->kind == AXIS_VALUE) {
            const struct column *values = &columns[next++];
            if (values->type == COLUMN_CATEGORY) {
                remap_codes(values->codes, rows, x->maps[k], room + k * (rows + 1));
            }
            c.codes[k] = room + k * (rows + 1);
        }
    }
    for (uint32_t i = 0; i < rows; i++) {
        if (!current || ((current[i / 64] >> (i % 64)) & 1)) {
            RV_TRY(add_row(&c, i, reterr));
        }
    }
    progress_add(w->held->progress, rows);
    return rv_ok();
}

static rv_status counts_room(struct cube_work *w, struct counts_plan *p, struct rv_err *reterr)
{
    p->refused_at = ARENA_NEW(w->held->arena, size_t, w->workers);
    if (!p->refused_at) {
        return arena_fail(w->held->arena, reterr);
    }
    for (size_t i = 0; i < w->workers; i++) {
        p->refused_at[i] = SIZE_MAX;
        w->tallies[i].spoiled = memory_new(p->buckets, 1);
        w->tallies[i].seen = memory_new(p->buckets * p->areas, 1);
        if (!w->tallies[i].spoiled || !w->tallies[i].seen) {
            return rv_fail(reterr, RV_NO_MEMORY, "Out of memory while counting.");
        }
    }
    return rv_ok();
}

static rv_status refuse_mixing(const struct cube_work *w, const struct counts_plan *p,
                               size_t extract, struct rv_err *reterr)
{
    const struct dictionary *d = extract_scan_dictionary(w->extracts[extract].scan, COLUMN_AREA);
    const struct layer *foreign = NULL;
    for (uint32_t c = 1; c < d->count && !foreign; c++) {
        foreign = p->codes[extract][c].foreign;
    }
    assert(foreign); /* the caller found one */
    const char *type = p->target->type;
    const char *file = w->extracts[extract].info->file_name;
    if (p->rebases[extract]) {
        return rv_fail(
            reterr, RV_REFUSED,
            "The counts of %s are on the %ss of %s, not on those of %s: areas of "
            "different vintages are never mixed. A re-basing between them is held: ask "
            "for it with \"--vintage %s\" in 'reeve table' (without one import a look-up "
            "with \"reeve import FILE lookup.csv --as lookup\"); or stay with "
            "\"--vintage %s\".",
            file, type, foreign->vintage, p->target->vintage, p->target->vintage, foreign->vintage);
    }
    return rv_fail(
        reterr, RV_REFUSED,
        "The counts of %s are on the %ss of %s, not on those of %s: areas of different "
        "vintages are never mixed. To re-base them, run \"reeve areas FILE --rebase "
        "%s:%s --to %s:%s\", or import a look-up from the one set of %ss to the other "
        "with \"reeve import FILE lookup.csv --as lookup\", and add \"--vintage %s\"; or "
        "ask for a period that lies in one vintage, with \"--vintage %s\" for these.",
        file, type, foreign->vintage, p->target->vintage, type, foreign->vintage, type,
        p->target->vintage, type, p->target->vintage, foreign->vintage);
}

/* Whether the publisher leaves out what is zero: then an area it has at all has every month. */
static bool absent_is_zero(const struct cube_work *w)
{
    for (size_t i = 0; i < w->extract_count; i++) {
        struct profile profile;
        struct rv_err ignored; /* a profile of the reader's own is not kept: nothing is known */
        if (!rv_is_ok(
                profile_load(w->held->arena, w->extracts[i].info->profile, &profile, &ignored)) ||
            !profile.absent_is_zero) {
            return false;
        }
    }
    return true;
}

static void see_every_bucket(const struct counts_plan *p, uint8_t *seen)
{
    for (size_t area = 0; area < p->areas; area++) {
        uint8_t any = 0;
        for (size_t b = 0; b < p->buckets; b++) {
            any |= seen[b * p->areas + area];
        }
        for (size_t b = 0; b < p->buckets; b++) {
            seen[b * p->areas + area] = any;
        }
    }
}

/* Brings the workers' marks together; any straddled bucket or area seen by one counts. */
static rv_status counts_finish(struct cube_work *w, struct counts_plan *p, struct rv_err *reterr)
{
    size_t refused = SIZE_MAX;
    uint8_t *spoiled = ARENA_NEW(w->held->arena, uint8_t, p->buckets);
    uint8_t *seen = ARENA_NEW(w->held->arena, uint8_t, p->buckets * p->areas);
    if (!spoiled || !seen) {
        return arena_fail(w->held->arena, reterr);
    }
    for (size_t i = 0; i < w->workers; i++) {
        refused = p->refused_at[i] < refused ? p->refused_at[i] : refused;
        for (size_t k = 0; k < p->buckets; k++) {
            spoiled[k] |= w->tallies[i].spoiled[k];
        }
        for (size_t k = 0; k < p->buckets * p->areas; k++) {
            seen[k] |= w->tallies[i].seen[k];
        }
    }
    if (refused != SIZE_MAX) {
        return refuse_mixing(w, p, refused, reterr);
    }
    if (absent_is_zero(w)) {
        see_every_bucket(p, seen);
    }
    w->cube->spoiled = spoiled;
    w->cube->seen_buckets = p->buckets;
    if (p->target_axis != SIZE_MAX) {
        w->cube->seen = seen;
        w->cube->seen_areas = p->areas;
        w->cube->seen_axis = &w->query->axes[p->target_axis];
    }
    return rv_ok();
}

rv_status counts_run(struct cube_work *w, struct rv_err *reterr)
{
    struct counts_plan plan = {0};
    plan_target(w, &plan);
    RV_TRY(plan_codes(w, &plan, reterr));
    RV_TRY(counts_room(w, &plan, reterr));
    w->counts = &plan;
    RV_TRY(pool_run(w->held->pool, w->piece_count, counts_piece, w, reterr));
    RV_TRY(counts_finish(w, &plan, reterr));
    w->counts = NULL;
    return rv_ok();
}
