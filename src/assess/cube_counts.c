/* assess/cube_counts.c — counting what others have counted, by the plan for each code.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/counts_plan.h"
#include "base/memory.h"
#include "column/group.h"
#include "ingest/profile.h"

#include <math.h>
#include <string.h>

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
    arena_clear(scratch);
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
        return counts_plan_refuse(w, p, refused, reterr);
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
    RV_TRY(counts_plan_make(w, &plan, reterr));
    RV_TRY(counts_room(w, &plan, reterr));
    w->counts = &plan;
    RV_TRY(pool_run(w->held->pool, w->piece_count, counts_piece, w, reterr));
    RV_TRY(counts_finish(w, &plan, reterr));
    w->counts = NULL;
    return rv_ok();
}
