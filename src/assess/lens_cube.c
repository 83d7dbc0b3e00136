/* assess/lens_cube.c — the cubes of a lens: its own, or its part of one that all profiles share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/profile_internal.h"

#include <string.h>

/* A cube of all profiles of a belonging, made when the first of them asks. */
struct shared_cube {
    bool is_made;
    size_t given; /* position of the axis of codes */
    struct cube_axis axes[LENS_AXES];
    struct cube cube;
};

struct cube_axis lens_inside(const struct assess_work *w)
{
    static const char *const inside[] = {"inside"};
    return (struct cube_axis){.kind = AXIS_WITHIN,
                              .name = "inside",
                              .layer = w->boroughs,
                              .inside = w->area,
                              .wanted = inside,
                              .wanted_count = 1,
                              .is_filter = true};
}

rv_status lens_sharing_make(struct arena *a, const struct belonging *belonging,
                            struct lens_sharing *ret, struct rv_err *reterr)
{
    ret->belonging = belonging;
    ret->cubes = ARENA_NEW(a, struct shared_cube, LENS_CUBES);
    return ret->cubes ? rv_ok() : arena_fail(a, reterr);
}

static bool is_code_of(const struct belonging *b, enum lens_part part, unsigned bit, uint32_t code)
{
    if (part == PART_ALL) {
        return true;
    }
    uint64_t of = part == PART_UNKNOWN ? b->unknown[code] : b->in[code];
    unsigned wanted = part == PART_WITH_PERSONS ? BELONG_PERSON : bit;
    return (of >> wanted) & 1;
}

/* Sums the codes of the part into an axis of one label. The strides of the axes before it shrink
 * by its size; those after it stay. */
static rv_status collapse(const struct lens *l, const struct shared_cube *s, enum lens_part part,
                          struct cube_axis *axes, struct cube *ret, struct rv_err *reterr)
{
    struct arena *a = l->work->held.arena;
    const struct belonging *b = l->profile->sharing->belonging;
    const struct cube *from = &s->cube;
    uint64_t size = axes[s->given].size, after = from->strides[s->given];
    struct cube c = *from;
    c.axes = axes;
    c.cell_count = from->cell_count / size;
    c.keys = NULL;
    c.values = NULL;
    c.cells = ARENA_NEW(a, int64_t, c.cell_count);
    c.strides = ARENA_NEW(a, uint64_t, from->axis_count + 1);
    if (!c.cells || !c.strides) {
        return arena_fail(a, reterr);
    }
    for (size_t k = 0; k < from->axis_count; k++) {
        c.strides[k] = k < s->given ? from->strides[k] / size : from->strides[k];
    }
    size_t n = from->cells ? from->cell_count : from->key_count;
    for (size_t i = 0; i < n; i++) {
        int64_t count = from->cells ? from->cells[i] : from->values[i];
        uint64_t key = from->cells ? i : from->keys[i];
        if (count && is_code_of(b, part, l->profile->bit, (uint32_t)(key / after % size))) {
            uint64_t at = key / (after * size) * after + key % after;
            c.cells[at] += count;
        }
    }
    axes[s->given].size = 1;
    *ret = c;
    return rv_ok();
}

static rv_status make(const struct lens *l, struct shared_cube *s, const struct cube_query *query,
                      struct rv_err *reterr)
{
    const struct belonging *b = l->profile->sharing->belonging;
    memcpy(s->axes, query->axes, query->axis_count * sizeof *s->axes);
    for (s->given = 0; s->axes[s->given].kind != AXIS_GIVEN; s->given++) {
    }
    s->axes[s->given].given = b->codes;
    s->axes[s->given].given_size = b->size;
    struct cube_query shared = *query;
    shared.axes = s->axes;
    shared.joined = b->joined;
    RV_TRY(cube_build(&l->work->held, &shared, &s->cube, reterr));
    s->is_made = true;
    return rv_ok();
}

rv_status lens_cube(const struct lens *l, enum lens_cube which, const struct cube_query *query,
                    struct cube *ret, struct rv_err *reterr)
{
    if (!l->profile) {
        return cube_build(&l->work->held, query, ret, reterr);
    }
    struct shared_cube *s = &l->profile->sharing->cubes[which];
    if (!s->is_made) {
        RV_TRY(make(l, s, query, reterr));
    }
    memcpy(query->axes, s->axes, query->axis_count * sizeof *s->axes);
    return collapse(l, s, PART_IN, query->axes, ret, reterr);
}

rv_status lens_cube_part(const struct lens *l, enum lens_cube which, enum lens_part part,
                         struct cube *ret, struct rv_err *reterr)
{
    struct shared_cube *s = &l->profile->sharing->cubes[which];
    struct cube_axis *axes = ARENA_NEW(l->work->held.arena, struct cube_axis, LENS_AXES);
    if (!axes) {
        return arena_fail(l->work->held.arena, reterr);
    }
    memcpy(axes, s->axes, sizeof s->axes);
    return collapse(l, s, part, axes, ret, reterr);
}

uint32_t axis_code(const struct cube_axis *axis, const char *label)
{
    for (uint32_t c = 1; c < axis->size; c++) {
        if (strcmp(axis->labels[c], label) == 0) {
            return c;
        }
    }
    return 0;
}
