/* assess/cube_records.c — counting records: column chunks and stored placements, in parallel.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/cube_internal.h"
#include "column/group.h"

#include <string.h>

enum { COLUMN_RECORDED, COLUMN_COMMITTED, COLUMN_FIRST_AXIS };

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
        const struct layer *layer = w->query->axes[k].layer;
        if (!layer) {
            continue;
        }
        RV_TRY(held_placement_of(w->held, x->info->id, layer, &x->placed[k], reterr));
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

static void weekday_codes(const struct column *times, uint32_t rows, uint32_t *out)
{
    for (uint32_t i = 0; i < rows; i++) {
        bool has = times->type == COLUMN_TIME && column_has(times, i) &&
                   civil_precision_of(times->integers[i]) >= CIVIL_DATE;
        out[i] = has ? (uint32_t)civil_weekday_of(times->integers[i]) + 1 : 0;
    }
}

static uint32_t delay_code(civil_time from, civil_time to)
{
    static const int32_t ends[] = {0, 7, 28}; /* last day of each band but the open one */
    int32_t days = civil_day_of(to) - civil_day_of(from);
    if (days < 0) {
        return 0; /* recorded before it was committed: not valid */
    }
    uint32_t band = 1;
    while (band < 4 && days > ends[band - 1]) {
        band++;
    }
    return band;
}

static void delay_codes(const struct column *columns, uint32_t rows, uint32_t *out)
{
    const struct column *to = &columns[COLUMN_RECORDED], *from = &columns[COLUMN_COMMITTED];
    for (uint32_t i = 0; i < rows; i++) {
        bool has = from->type == COLUMN_TIME && to->type == COLUMN_TIME && column_has(from, i) &&
                   column_has(to, i) && civil_precision_of(from->integers[i]) >= CIVIL_DATE &&
                   civil_precision_of(to->integers[i]) >= CIVIL_DATE;
        out[i] = has ? delay_code(from->integers[i], to->integers[i]) : 0;
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
    case AXIS_WEEKDAY:
        weekday_codes(times, rows, out);
        break;
    case AXIS_DELAY:
        delay_codes(columns, rows, out);
        break;
    }
    return out;
}

static rv_status records_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    const struct cube_work *w = context;
    struct arena *scratch = &w->scratch[worker];
    struct tally *t = &w->tallies[worker];
    uint32_t sequence = 0;
    const struct extract_work *x = work_piece(w, piece, &sequence);
    RV_TRY(progress_check(w->held->progress, reterr));
    arena_done(scratch);
    struct column columns[2 * CUBE_MAX_AXES + COLUMN_FIRST_AXIS];
    const uint64_t *current = NULL;
    RV_TRY(extract_scan_read(x->scan, sequence, scratch, columns, &current, reterr));
    uint32_t rows = columns[0].rows;
    uint8_t *mask = ARENA_NEW(scratch, uint8_t, rows + 1);
    uint32_t *room = ARENA_NEW(scratch, uint32_t, (size_t)(rows + 1) * (w->query->axis_count + 1));
    if (!mask || !room) {
        return arena_fail(scratch, reterr);
    }
    select_from_bits(current, rows, mask);
    select_period(w, t, columns, rows, mask);
    const uint32_t *codes[CUBE_MAX_AXES];
    for (size_t k = 0; k < w->query->axis_count; k++) {
        codes[k] = axis_codes(&w->axes[k], x, k, sequence, columns, room + k * (rows + 1));
        if (w->axes[k].keep) {
            select_codes(codes[k], rows, w->axes[k].keep, mask);
        }
    }
    RV_TRY(tally_rows(w, t, rows, mask, codes, reterr));
    progress_add(w->held->progress, rows);
    return rv_ok();
}

rv_status records_run(struct cube_work *w, struct rv_err *reterr)
{
    for (size_t i = 0; i < w->extract_count; i++) {
        RV_TRY(load_placements(w, &w->extracts[i], reterr));
    }
    return pool_run(w->held->pool, w->piece_count, records_piece, w, reterr);
}
