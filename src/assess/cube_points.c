/* assess/cube_points.c — the exact points of records as an axis.
 *
 * Points are many and most are of records that a table does not count. A first pass over the
 * records finds those that it does count; the second gives them their codes. Neither threads nor
 * the order of rows matter: points are sorted.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/cube_internal.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct found {
    uint64_t *keys;
    size_t count, room;
};

struct collecting {
    struct cube_work *work;
    struct found *found; /* [worker] */
};

static int key_order(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static size_t sort_distinct(uint64_t *keys, size_t n)
{
    size_t distinct = 0;
    if (n > 0) {
        qsort(keys, n, sizeof *keys, key_order);
    }
    for (size_t i = 0; i < n; i++) {
        if (distinct == 0 || keys[distinct - 1] != keys[i]) {
            keys[distinct++] = keys[i];
        }
    }
    return distinct;
}

static rv_status grow(struct found *f, size_t more, struct rv_err *reterr)
{
    if (f->count + more <= f->room) {
        return rv_ok();
    }
    f->count = sort_distinct(f->keys, f->count);
    if (f->count + more <= f->room / 2) {
        return rv_ok();
    }
    size_t room = 2 * (f->count + more);
    uint64_t *keys = memory_new(room, sizeof *keys);
    if (!keys) {
        return rv_fail(reterr, RV_NO_MEMORY, "Out of memory while counting points.");
    }
    if (f->count) {
        memcpy(keys, f->keys, f->count * sizeof *keys);
    }
    memory_free(f->keys);
    f->keys = keys;
    f->room = room;
    return rv_ok();
}

static rv_status collect_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    const struct collecting *c = context;
    struct found *f = &c->found[worker];
    struct record_piece p;
    RV_TRY(record_piece_read(c->work, piece, worker, &p, reterr));
    RV_TRY(grow(f, p.rows, reterr));
    for (uint32_t i = 0; i < p.rows; i++) {
        if (p.mask[i] && p.points[i]) {
            f->keys[f->count++] = p.points[i];
        }
    }
    return rv_ok();
}

/* Millimetres of the National Grid in one number; 0 = not known. */
static uint64_t key_of(const struct column *easting, const struct column *northing, uint32_t row)
{
    bool has = easting->type == COLUMN_THOUSANDTHS && northing->type == COLUMN_THOUSANDTHS &&
               column_has(easting, row) && column_has(northing, row);
    return has ? ((uint64_t)easting->integers[row] << 32 | (uint64_t)northing->integers[row]) + 1
               : 0;
}

rv_status points_read(const struct axis_work *axis, const struct column *columns,
                      struct arena *scratch, struct record_piece *p, uint32_t *codes,
                      struct rv_err *reterr)
{
    uint64_t *keys = ARENA_NEW(scratch, uint64_t, p->rows + 1);
    if (!keys) {
        return arena_fail(scratch, reterr);
    }
    for (uint32_t i = 0; i < p->rows; i++) {
        keys[i] = key_of(&columns[axis->column], &columns[axis->code_column], i);
        const uint64_t *at = axis->point_count && keys[i]
                                 ? bsearch(&keys[i], axis->points, axis->point_count,
                                           sizeof *axis->points, key_order)
                                 : NULL;
        codes[i] = at ? (uint32_t)(at - axis->points) + 1 : 0;
    }
    p->points = keys;
    return rv_ok();
}

/* "556279 182196": metres, with thousandths where there are any. */
static const char *point_label(struct arena *a, uint64_t key)
{
    unsigned easting = (unsigned)((key - 1) >> 32), northing = (unsigned)(key - 1);
    bool is_whole = easting % 1000 == 0 && northing % 1000 == 0;
    return is_whole ? arena_printf(a, "%06u %06u", easting / 1000, northing / 1000)
                    : arena_printf(a, "%06u.%03u %06u.%03u", easting / 1000, easting % 1000,
                                   northing / 1000, northing % 1000);
}

static rv_status take_points(struct arena *a, struct axis_work *axis, const uint64_t *keys,
                             size_t n, struct rv_err *reterr)
{
    uint64_t *points = ARENA_NEW(a, uint64_t, n + 1);
    const char **labels = ARENA_NEW(a, const char *, n + 1);
    if (!points || !labels) {
        return arena_fail(a, reterr);
    }
    if (n) {
        memcpy(points, keys, n * sizeof *points);
    }
    labels[0] = "not-recorded";
    for (size_t i = 0; i < n; i++) {
        labels[i + 1] = point_label(a, points[i]);
        if (!labels[i + 1]) {
            return arena_fail(a, reterr);
        }
    }
    axis->points = points;
    axis->point_count = n;
    axis->axis->labels = labels;
    axis->axis->size = (uint32_t)n + 1;
    return axis_keep(a, axis, reterr);
}

static rv_status collect(struct cube_work *w, struct found *found, struct found *all,
                         struct rv_err *reterr)
{
    struct collecting c = {.work = w, .found = found};
    RV_TRY(records_places(w, reterr));
    RV_TRY(pool_run(w->held->pool, w->piece_count, collect_piece, &c, reterr));
    for (size_t i = 0; i < w->workers; i++) {
        RV_TRY(grow(all, found[i].count, reterr));
        if (found[i].count) {
            memcpy(all->keys + all->count, found[i].keys, found[i].count * sizeof *all->keys);
        }
        all->count += found[i].count;
        w->tallies[i] = (struct tally){0}; /* the second pass counts again */
    }
    all->count = sort_distinct(all->keys, all->count);
    return rv_ok();
}

rv_status points_collect(struct cube_work *w, struct rv_err *reterr)
{
    struct axis_work *axis = NULL;
    for (size_t k = 0; k < w->query->axis_count; k++) {
        axis = w->query->axes[k].kind == AXIS_POINT ? &w->axes[k] : axis;
    }
    if (!axis) {
        return rv_ok();
    }
    struct found all = {0};
    struct found *found = memory_new(w->workers, sizeof *found);
    rv_status status = found
                           ? collect(w, found, &all, reterr)
                           : rv_fail(reterr, RV_NO_MEMORY, "Out of memory while counting points.");
    if (rv_is_ok(status)) {
        status = take_points(w->held->arena, axis, all.keys, all.count, reterr);
    }
    for (size_t i = 0; found && i < w->workers; i++) {
        memory_free(found[i].keys);
    }
    memory_free(found);
    memory_free(all.keys);
    return status;
}
