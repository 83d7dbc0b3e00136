/* assess/cube_held.c — what the file holds, loaded once: layers, look-ups, parents, placements.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/cube.h"
#include "assess/within.h"
#include "place/placing.h"

struct held_parents {
    const struct layer *child, *parent;
    const uint32_t *parents;
    struct held_parents *next;
};

rv_status held_load(struct store *s, struct arena *a, struct pool *pool, struct progress *progress,
                    struct held *ret, struct rv_err *reterr)
{
    struct held h = {.store = s, .arena = a, .lasting = a, .pool = pool, .progress = progress};
    RV_TRY(layers_load(s, a, &h.layers, &h.layer_count, reterr));
    RV_TRY(lookups_load(s, a, &h.lookups, reterr));
    RV_TRY(rebases_load(s, a, h.layers, h.layer_count, &h.rebases, &h.rebase_count, reterr));
    RV_TRY(extract_shelf_make(s, a, &h.shelf, reterr));
    *ret = h;
    return rv_ok();
}

rv_status held_scan(struct held *h, int64_t extract, const char *const *names, size_t count,
                    struct extract_scan **ret, struct rv_err *reterr)
{
    RV_TRY(h->whole ? within_choose(h, extract, reterr) : rv_ok());
    return extract_shelf_scan(h->shelf, h->arena, extract, names, count, ret, reterr);
}

rv_status held_parents_of(struct held *h, const struct layer *child, const struct layer *parent,
                          const uint32_t **ret, struct rv_err *reterr)
{
    for (struct held_parents *p = h->parents; p; p = p->next) {
        if (p->child == child && p->parent == parent) {
            *ret = p->parents;
            return rv_ok();
        }
    }
    struct held_parents *made = ARENA_NEW(h->lasting, struct held_parents, 1);
    if (!made) {
        return arena_fail(h->lasting, reterr);
    }
    uint32_t *parents = NULL;
    if (child == parent) {
        parents = ARENA_NEW(h->lasting, uint32_t, child->count);
        if (!parents) {
            return arena_fail(h->lasting, reterr);
        }
        for (uint32_t i = 0; i < child->count; i++) {
            parents[i] = i + 1;
        }
    } else {
        RV_TRY(layer_parents(h->store, h->lasting, child, parent, &parents, reterr));
    }
    *made = (struct held_parents){child, parent, parents, h->parents};
    h->parents = made;
    *ret = parents;
    return rv_ok();
}

struct held_placement {
    int64_t extract;
    const struct layer *layer;
    const uint32_t *const *chunks;
    struct held_placement *next;
};

/* NULL when nothing in the extract says where its records lie. */
static rv_status load_placement(struct held *h, int64_t extract, const struct layer *layer,
                                const uint32_t ***ret, struct rv_err *reterr)
{
    uint32_t count = 0;
    int64_t unplaced = 0;
    struct rv_err err;
    if (h->whole) {
        return within_placement(h, extract, layer, ret, reterr);
    }
    rv_status status =
        placement_load(h->store, h->lasting, extract, layer, ret, &count, &unplaced, &err);
    if (status.code == RV_NOT_FOUND) {
        *ret = NULL;
        return rv_ok();
    }
    return rv_is_ok(status) ? rv_ok() : rv_fail(reterr, status.code, "%s", err.message);
}

rv_status held_placement_of(struct held *h, int64_t extract, const struct layer *layer,
                            const uint32_t *const **ret, struct rv_err *reterr)
{
    for (struct held_placement *p = h->placements; p; p = p->next) {
        if (p->extract == extract && p->layer == layer) {
            *ret = p->chunks;
            return rv_ok();
        }
    }
    struct held_placement *made = ARENA_NEW(h->lasting, struct held_placement, 1);
    if (!made) {
        return arena_fail(h->lasting, reterr);
    }
    const uint32_t **chunks = NULL;
    RV_TRY(load_placement(h, extract, layer, &chunks, reterr));
    *made = (struct held_placement){extract, layer, (const uint32_t *const *)chunks, h->placements};
    h->placements = made;
    *ret = made->chunks;
    return rv_ok();
}
