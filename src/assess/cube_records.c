/* assess/cube_records.c — counting records: column chunks and stored placements, in parallel.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/cube_internal.h"
#include "assess/day_kinds.h"
#include "assess/joined.h"
#include "column/group.h"
#include "place/texts.h"

#include <string.h>

enum { COLUMN_RECORDED, COLUMN_COMMITTED, COLUMN_FIRST_AXIS };

/* NULL for an extract that is not placed by words. */
static rv_status load_matches(struct cube_work *w, const struct extract_work *x,
                              const struct layer *layer, const uint32_t *const **ret,
                              struct rv_err *reterr)
{
    const uint32_t **chunks = NULL;
    struct rv_err err;
    rv_status status =
        match_load(w->held->store, w->held->arena, x->info->id, layer, &chunks, NULL, &err);
    *ret = rv_is_ok(status) ? (const uint32_t *const *)chunks : NULL;
    return rv_is_ok(status) || status.code == RV_NOT_FOUND
               ? rv_ok()
               : rv_fail(reterr, status.code, "%s", err.message);
}

/* Stored placements of an extract in the layers that the axes need. */
static rv_status load_placements(struct cube_work *w, struct extract_work *x, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    size_t n = w->query->axis_count;
    x->placed = ARENA_NEW(a, const uint32_t *const *, n + 1);
    if (!x->placed) {
        return arena_fail(a, reterr);
    }
    for (size_t k = 0; k < n; k++) {
        const struct cube_axis *axis = &w->query->axes[k];
        if (axis->layer) {
            RV_TRY(held_placement_of(w->held, x->info->id, axis->layer, &x->placed[k], reterr));
        } else if (axis->match_layer) {
            RV_TRY(load_matches(w, x, axis->match_layer, &x->placed[k], reterr));
        }
    }
    return rv_ok();
}

static bool is_in_period(const struct column *times, uint32_t row, struct month_range period)
{
    if (!column_has(times, row)) {
        return false;
    }
    int32_t month = civil_month_of(times->integers[row]);
    return month >= period.first && month <= period.last;
}

/* mask &= dated inside the period; what has no such date leaves too, counted, unless the query
 * keeps undated records that were recorded in the period. */
static void select_period(const struct cube_work *w, struct tally *t, const struct column *columns,
                          uint32_t rows, uint8_t *mask)
{
    bool is_committed = w->query->date == CUBE_COMMITTED;
    const struct column *times = &columns[is_committed ? COLUMN_COMMITTED : COLUMN_RECORDED];
    const struct column *recorded = &columns[COLUMN_RECORDED];
    struct month_range period = w->query->period;
    if (!is_committed && times->type == COLUMN_TIME) {
        select_range(times, civil_month_start(period.first), civil_month_start(period.last + 1) - 1,
                     mask);
        return;
    }
    for (uint32_t i = 0; i < rows; i++) {
        if (!mask[i] || (times->type == COLUMN_TIME && column_has(times, i))) {
            mask[i] = mask[i] && is_in_period(times, i, period);
            continue;
        }
        bool is_undated_here = recorded->type == COLUMN_TIME && is_in_period(recorded, i, period);
        mask[i] = is_undated_here && w->query->keep_undated;
        t->undated += is_undated_here && !w->query->keep_undated ? 1 : 0;
    }
}

static void hour_codes(const struct column *times, uint32_t rows, uint32_t *out)
{
    for (uint32_t i = 0; i < rows; i++) {
        bool has = times->type == COLUMN_TIME && column_has(times, i) &&
                   civil_precision_of(times->integers[i]) >= CIVIL_MINUTE;
        out[i] = has ? (uint32_t)civil_hour_of(times->integers[i]) + 1 : 0;
    }
}

/* Hours, and behind them the times that stand for one not known. */
static void usable_hour_codes(const uint8_t *aside, const struct column *times, uint32_t rows,
                              uint32_t *out)
{
    hour_codes(times, rows, out);
    for (uint32_t i = 0; i < rows; i++) {
        out[i] = out[i] && aside[civil_minute_of_day(times->integers[i])] ? 25 : out[i];
    }
}

static void clock_codes(const struct column *times, uint32_t rows, uint32_t *out)
{
    for (uint32_t i = 0; i < rows; i++) {
        bool has = times->type == COLUMN_TIME && column_has(times, i) &&
                   civil_precision_of(times->integers[i]) >= CIVIL_MINUTE;
        out[i] = has ? (uint32_t)civil_minute_of_day(times->integers[i]) + 1 : 0;
    }
}

static void weekday_codes(const struct column *times, uint32_t rows, uint32_t *out)
{
    for (uint32_t i = 0; i < rows; i++) {
        bool has = times->type == COLUMN_TIME && column_has(times, i) &&
                   civil_precision_of(times->integers[i]) >= CIVIL_DATE;
        out[i] = has ? (uint32_t)civil_weekday_of(times->integers[i]) + 1 : 0;
    }
}

static void day_kind_codes(const struct day_kinds *days, const struct column *times, uint32_t rows,
                           uint32_t *out)
{
    for (uint32_t i = 0; i < rows; i++) {
        bool has = times->type == COLUMN_TIME && column_has(times, i) &&
                   civil_precision_of(times->integers[i]) >= CIVIL_DATE;
        out[i] = has ? (uint32_t)day_kind_of(days, civil_day_of(times->integers[i])) : 0;
    }
}

/* 0 when recorded before it was committed: not valid. */
static uint32_t late_code(int32_t days)
{
    return days < 0 ? 0 : days < CUBE_LATE ? (uint32_t)days + 1 : CUBE_LATE + 1;
}

static uint32_t band_code(int32_t days)
{
    static const int32_t ends[] = {0, 7, 28}; /* last day of each band but the open one */
    if (days < 0) {
        return 0;
    }
    uint32_t band = 1;
    while (band < 4 && days > ends[band - 1]) {
        band++;
    }
    return band;
}

static void delay_codes(const struct column *columns, uint32_t rows, bool is_band, uint32_t *out)
{
    const struct column *to = &columns[COLUMN_RECORDED], *from = &columns[COLUMN_COMMITTED];
    for (uint32_t i = 0; i < rows; i++) {
        bool has = from->type == COLUMN_TIME && to->type == COLUMN_TIME && column_has(from, i) &&
                   column_has(to, i) && civil_precision_of(from->integers[i]) >= CIVIL_DATE &&
                   civil_precision_of(to->integers[i]) >= CIVIL_DATE;
        int32_t days = has ? civil_day_of(to->integers[i]) - civil_day_of(from->integers[i]) : -1;
        out[i] = is_band ? band_code(days) : late_code(days);
    }
}

static void time_codes(const struct axis_work *w, const struct column *times, uint32_t rows,
                       uint32_t *out)
{
    if (times->type != COLUMN_TIME) {
        memset(out, 0, rows * sizeof *out);
        return;
    }
    month_codes(times, w->months.first, w->months.last, out);
    remap_codes(out, rows, w->bucket_of, out);
}

/* A group that the row names; else that of its offence code. */
static void value_codes(const struct axis_work *w, const struct extract_work *x, size_t k,
                        const struct column *columns, uint32_t *out)
{
    const struct column *values = &columns[w->column];
    uint32_t rows = columns[0].rows;
    if (values->type == COLUMN_CATEGORY) {
        remap_codes(values->codes, rows, x->maps[k], out);
    }
    const struct column *codes = w->code_column == SIZE_MAX ? NULL : &columns[w->code_column];
    for (uint32_t i = 0; codes && codes->type == COLUMN_CATEGORY && i < rows; i++) {
        out[i] = out[i] ? out[i] : x->code_maps[k][codes->codes[i]];
    }
}

/* The codes of one axis for the rows of one chunk; may point into stored placements. */
static const uint32_t *axis_codes(const struct axis_work *w, const struct extract_work *x, size_t k,
                                  uint32_t sequence, const struct column *columns, uint32_t *out)
{
    const struct cube_axis *axis = w->axis;
    uint32_t rows = columns[0].rows;
    const struct column *times =
        &columns[axis->date == CUBE_COMMITTED ? COLUMN_COMMITTED : COLUMN_RECORDED];
    switch (axis->kind) {
    case AXIS_AREA:
    case AXIS_MATCH:
        if (x->placed[k]) {
            return x->placed[k][sequence];
        }
        break; /* all unplaced */
    case AXIS_WITHIN:
        for (uint32_t i = 0; x->placed[k] && i < rows; i++) {
            out[i] = x->placed[k][sequence][i] == axis->inside;
        }
        break;
    case AXIS_VALUE:
        value_codes(w, x, k, columns, out);
        break;
    case AXIS_TIME:
        time_codes(w, times, rows, out);
        break;
    case AXIS_HOUR:
        hour_codes(times, rows, out);
        break;
    case AXIS_USABLE:
        usable_hour_codes(axis->aside, times, rows, out);
        break;
    case AXIS_CLOCK:
        clock_codes(times, rows, out);
        break;
    case AXIS_WEEKDAY:
        weekday_codes(times, rows, out);
        break;
    case AXIS_DAY_KIND:
        day_kind_codes(axis->days, times, rows, out);
        break;
    case AXIS_DELAY:
    case AXIS_LATE:
        delay_codes(columns, rows, axis->kind == AXIS_DELAY, out);
        break;
    case AXIS_WEAPON:
    case AXIS_FLAG:
    case AXIS_POINT:
    case AXIS_OUTCOME:
    case AXIS_PERSON:
    case AXIS_ETHNICITY:
    case AXIS_AGE:
    case AXIS_GIVEN:
        break; /* not of the columns of an offence alone */
    }
    return out;
}

/* ---- what is joined to an offence ---- */

static uint32_t first_ordinal(const struct cube_work *w, const struct record_piece *p)
{
    return w->query->joined->records.first[p->extract - w->extracts][p->sequence];
}

/* Inside the area asked for, as far as the axes know one. */
static const uint32_t *inside_codes(const struct cube_work *w, const struct record_piece *p)
{
    for (size_t k = 0; k < w->query->axis_count; k++) {
        if (w->query->axes[k].kind == AXIS_WITHIN) {
            return p->codes[k];
        }
    }
    return NULL;
}

/* Only members of the profiles asked for, those that may be members counted. */
static void select_members(const struct cube_work *w, struct tally *t, const struct record_piece *p)
{
    const struct membership *m = &w->query->joined->member;
    uint32_t first = first_ordinal(w, p), members = w->query->members;
    const uint32_t *inside = inside_codes(w, p);
    for (uint32_t i = 0; i < p->rows; i++) {
        bool is_in = (m->in[first + i] & members) != 0;
        bool is_here = p->mask[i] && (!inside || inside[i] == 1);
        t->unknown += is_here && !is_in && (m->unknown[first + i] & members) ? 1 : 0;
        p->mask[i] &= is_in;
    }
}

static void select_joined(const struct cube_work *w, struct tally *t, const struct record_piece *p)
{
    const struct joined *j = w->query->joined;
    const struct offence_facts *facts = j->records.facts + first_ordinal(w, p);
    const uint8_t *outcome = j->records.outcome + first_ordinal(w, p);
    int accused = vocabulary_find(OFFENCE_OUTCOMES, text_of("accused")) + 1;
    for (uint32_t i = 0; w->query->unit == UNIT_ACCUSED && i < p->rows; i++) {
        p->mask[i] &= outcome[i] == accused || facts[i].low[ROLE_ACCUSED] != AGE_NOBODY;
    }
    for (uint32_t i = 0; w->query->obeys_excludes && i < p->rows; i++) {
        p->mask[i] &= !definition_excludes(j->definition, &facts[i]);
    }
    if (w->query->members) {
        select_members(w, t, p);
    }
}

static void widen(const uint8_t *codes, uint32_t rows, uint32_t *out)
{
    for (uint32_t i = 0; i < rows; i++) {
        out[i] = codes[i];
    }
}

/* ---- a chunk ---- */

rv_status record_piece_read(const struct cube_work *w, size_t piece, size_t worker,
                            struct record_piece *ret, struct rv_err *reterr)
{
    struct arena *scratch = &w->scratch[worker];
    struct record_piece p = {.rows = 0};
    p.extract = work_piece(w, piece, &p.sequence);
    RV_TRY(progress_check(w->held->progress, reterr));
    arena_clear(scratch);
    struct column columns[3 * CUBE_MAX_AXES + COLUMN_FIRST_AXIS];
    const uint64_t *current = NULL;
    RV_TRY(extract_scan_read(p.extract->scan, p.sequence, scratch, columns, &current, reterr));
    p.rows = columns[0].rows;
    p.mask = ARENA_NEW(scratch, uint8_t, p.rows + 1);
    uint32_t *room =
        ARENA_NEW(scratch, uint32_t, (size_t)(p.rows + 1) * (w->query->axis_count + 1));
    if (!p.mask || !room) {
        return arena_fail(scratch, reterr);
    }
    select_from_bits(current, p.rows, p.mask);
    select_period(w, &w->tallies[worker], columns, p.rows, p.mask);
    for (size_t k = 0; k < w->query->axis_count; k++) {
        enum cube_axis_kind kind = w->axes[k].axis->kind;
        uint32_t *out = room + k * (p.rows + 1);
        p.codes[k] = axis_codes(&w->axes[k], p.extract, k, p.sequence, columns, out);
        if (kind == AXIS_OUTCOME || kind == AXIS_GIVEN) {
            const uint8_t *codes =
                kind == AXIS_GIVEN ? w->axes[k].axis->given : w->query->joined->records.outcome;
            widen(codes + first_ordinal(w, &p), p.rows, out);
        }
        if (kind == AXIS_POINT) {
            RV_TRY(points_read(&w->axes[k], columns, scratch, &p, out, reterr));
        }
        if (cube_is_many(kind)) {
            RV_TRY(many_read(w, k, columns, scratch, &p, reterr));
            p.has_many = true;
        } else if (w->axes[k].keep && !axis_is_of_person(kind)) {
            select_codes(p.codes[k], p.rows, w->axes[k].keep, p.mask);
        }
    }
    if (w->query->joined) {
        select_joined(w, &w->tallies[worker], &p);
    }
    progress_add(w->held->progress, p.rows);
    *ret = p;
    return rv_ok();
}

static rv_status records_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    const struct cube_work *w = context;
    struct tally *t = &w->tallies[worker];
    struct record_piece p;
    RV_TRY(record_piece_read(w, piece, worker, &p, reterr));
    return p.has_many
               ? tally_many(w, t, &w->scratch[worker], p.rows, p.mask, p.codes, p.many, reterr)
               : tally_rows(w, t, p.rows, p.mask, p.codes, reterr);
}

rv_status records_places(struct cube_work *w, struct rv_err *reterr)
{
    for (size_t i = 0; i < w->extract_count; i++) {
        RV_TRY(load_placements(w, &w->extracts[i], reterr));
    }
    return rv_ok();
}

rv_status records_run(struct cube_work *w, struct rv_err *reterr)
{
    RV_TRY(records_places(w, reterr));
    return pool_run(w->held->pool, w->piece_count, records_piece, w, reterr);
}
