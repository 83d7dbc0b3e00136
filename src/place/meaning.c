/* place/meaning.c — each code of a dictionary to an area: directly, by look-ups, by parents.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/meaning.h"

#include "base/limits.h"

/* One area for a record: the one that gets more than half of the code, else none. */
static uint32_t main_share(const struct lookup_target *t)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->shares[i].weight > 0.5) {
            return t->shares[i].placed;
        }
    }
    return 0;
}

/* The shares that `found`, areas of layer i, have in layer t by their parents; `ret` has room for
 * found->count. */
static rv_status share_parents(struct store *s, const struct held *h, size_t i, size_t t,
                               const struct lookup_target *found, struct lookup_target *ret,
                               struct rv_err *reterr)
{
    if (!h->parents[i][t]) {
        RV_TRY(layer_parents(s, h->arena, &h->layers[i], &h->layers[t], &h->parents[i][t], reterr));
    }
    ret->count = 0;
    for (size_t k = 0; k < found->count; k++) {
        uint32_t parent = h->parents[i][t][found->shares[k].placed - 1];
        size_t at = 0;
        while (at < ret->count && ret->shares[at].placed != parent) {
            at++;
        }
        if (parent && at == ret->count) {
            ret->shares[ret->count++] = (struct lookup_share){parent, 0};
        }
        if (parent) {
            ret->shares[at].weight += found->shares[k].weight;
        }
    }
    return rv_ok();
}

/* The type of the layer that has the code itself; NULL = none held has. */
static const char *type_of_code(const struct held *h, struct text code)
{
    for (size_t i = h->count; i-- > 0;) {
        if (layer_find(&h->layers[i], code) != 0) {
            return h->layers[i].type;
        }
    }
    return NULL;
}

/* Layer i's areas for a code, by look-ups too. What a code became in another vintage of its own
 * type comes last: those areas only when `is_last`, all others only when not. */
static rv_status areas_of_code(struct arena *scratch, const struct held *h, size_t i,
                               struct text code, const char *own_type, bool is_last,
                               struct lookup_target *ret, struct rv_err *reterr)
{
    bool is_own = layer_find(&h->layers[i], code) != 0;
    bool became = !is_own && (!own_type || strcmp(h->layers[i].type, own_type) == 0);
    *ret = (struct lookup_target){NULL, 0};
    return became == is_last ? lookup_resolve(h->lookups, scratch, code, &h->layers[i], ret, reterr)
                             : rv_ok();
}

/* For codes that no look-up leads to the target: the area in which the code's areas of another
 * held layer lie, by the last layer, in order of type and vintage, that knows the code. A ward of
 * 2018 is first that ward, and only then what look-ups say became of it. */
static rv_status find_parent(struct store *s, struct arena *scratch, const struct held *h,
                             const struct layer *target, struct text code, uint32_t *ret,
                             struct rv_err *reterr)
{
    size_t t = (size_t)(target - h->layers);
    const char *own_type = type_of_code(h, code);
    *ret = 0;
    for (size_t pass = 2 * h->count; pass-- > 0 && *ret == 0;) {
        size_t i = pass % h->count;
        struct lookup_target found = {NULL, 0};
        RV_TRY(i == t
                   ? rv_ok()
                   : areas_of_code(scratch, h, i, code, own_type, pass < h->count, &found, reterr));
        struct lookup_target shares = {ARENA_NEW(scratch, struct lookup_share, found.count), 0};
        if (!shares.shares) {
            return arena_fail(scratch, reterr);
        }
        RV_TRY(found.count == 0 ? rv_ok() : share_parents(s, h, i, t, &found, &shares, reterr));
        *ret = main_share(&shares);
    }
    return rv_ok();
}

static rv_status resolve_code(struct store *s, struct arena *scratch, const struct held *h,
                              const struct layer *target, struct text code, uint32_t *ret,
                              struct rv_err *reterr)
{
    struct lookup_target found;
    RV_TRY(lookup_resolve(h->lookups, scratch, code, target, &found, reterr));
    *ret = main_share(&found);
    return found.count ? rv_ok() : find_parent(s, scratch, h, target, code, ret, reterr);
}

rv_status meaning_resolve(struct store *s, struct arena *a, const struct held *h,
                          const struct layer *target, const struct dictionary *d,
                          struct meaning *ret, struct rv_err *reterr)
{
    struct meaning m = {ARENA_NEW(a, uint32_t, d->count + 1), ARENA_NEW(a, uint32_t, d->count + 1)};
    if (!m.placed || !m.verbatim) {
        return arena_fail(a, reterr);
    }
    RV_CLEANUP(arena_done) struct arena scratch;
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    for (uint32_t i = 1; i < d->count; i++) {
        struct text code = dictionary_text(d, i);
        struct arena_mark mark = arena_mark(&scratch);
        m.verbatim[i] = layer_find(target, code);
        RV_TRY(resolve_code(s, &scratch, h, target, code, &m.placed[i], reterr));
        arena_release(&scratch, mark);
    }
    *ret = m;
    return rv_ok();
}

rv_status meaning_held(struct store *s, struct arena *a, struct held *ret, struct rv_err *reterr)
{
    struct layer *layers = NULL;
    struct lookups *lookups = NULL;
    RV_TRY(layers_load(s, a, &layers, &ret->count, reterr));
    RV_TRY(lookups_load(s, a, &lookups, reterr));
    ret->layers = layers;
    ret->lookups = lookups;
    ret->arena = a;
    ret->parents = ARENA_NEW(a, uint32_t **, ret->count);
    for (size_t i = 0; ret->parents && i < ret->count; i++) {
        ret->parents[i] = ARENA_NEW(a, uint32_t *, ret->count);
        if (!ret->parents[i]) {
            return arena_fail(a, reterr);
        }
    }
    return ret->parents ? rv_ok() : arena_fail(a, reterr);
}
