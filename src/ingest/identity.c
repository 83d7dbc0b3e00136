/* ingest/identity.c — hashing the rows of a block.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/identity.h"

#include "ingest/block.h"

static const struct hash128 NOTHING = {0, 0};

struct hash128 identity_of_text(const struct plan *p, const struct plan_column *c, struct text t)
{
    struct hash128 h = hash_text(t);
    return t.n ? identity_mix(identity_seed(p, c), h.a, h.b) : NOTHING;
}

struct hash128 identity_of_real(const struct plan *p, const struct plan_column *c, double value)
{
    uint64_t bits;
    value += 0.0; /* -0 and 0 are one value */
    memcpy(&bits, &value, sizeof bits);
    return identity_mix(identity_seed(p, c), bits, 3);
}

struct hash128 identity_of_known(const struct plan *p, const struct plan_column *c,
                                 const struct plan_value *v)
{
    if (!v->has) {
        return NOTHING;
    }
    if (c->kc->type == COLUMN_CATEGORY || c->kc->type == COLUMN_TEXT) {
        return identity_of_text(p, c, v->text);
    }
    return c->kc->type == COLUMN_REAL ? identity_of_real(p, c, v->real)
                                      : identity_mix(identity_seed(p, c), (uint64_t)v->integer, 2);
}

/* What row `at` of a typed column adds. */
struct hash128 block_identity(const struct worker *w, const struct block *b, size_t column,
                              size_t at)
{
    const struct plan *p = w->plan;
    const struct plan_column *c = &p->columns[column];
    const struct typed *t = &b->typed[column];
    if (t->codes) {
        const struct value_state *s = &w->values[column].states[t->codes[at]];
        bool is_missing = t->codes[at] == 0 || s->is_missing;
        return is_missing ? NOTHING : identity_mix(identity_seed(p, c), s->hash.a, s->hash.b);
    }
    if (t->texts) {
        return identity_of_text(p, c, t->texts[at]);
    }
    if (!bit_of(t->valid, at)) {
        return NOTHING;
    }
    return t->reals ? identity_of_real(p, c, t->reals[at])
                    : identity_mix(identity_seed(p, c), (uint64_t)t->integers[at], 2);
}

/* Columns that are the same for the whole record. */
static void add_record_columns(const struct worker *w, struct block *b)
{
    const struct plan *p = w->plan;
    for (size_t i = 0; i < p->count; i++) {
        const struct plan_column *c = &p->columns[i];
        if (!identity_counts(p, i) || c->from == PLAN_SET || c->from == PLAN_VALUE) {
            continue;
        }
        struct hash128 *sums = c->is_key ? b->keys : b->contents;
        bool is_constant = c->from == PLAN_CONSTANT;
        struct hash128 known = is_constant ? identity_of_known(p, c, c->values) : NOTHING;
        for (uint32_t k = 0; k < b->alive_count; k++) {
            identity_add(&sums[k], is_constant ? known : block_identity(w, b, i, b->alive[k]));
        }
    }
}

/* Rows of a wide record: its own hashes, the columns that the slot sets, and its cell. The
 * content of the record takes in all its cells. */
static void add_slots(const struct worker *w, struct block *b)
{
    const struct plan *p = w->plan;
    for (uint32_t k = 0; k < b->alive_count; k++) {
        struct hash128 key = b->keys[k], content = b->contents[k];
        for (size_t slot = 0; slot < p->slots; slot++) {
            size_t at = (size_t)b->alive[k] * p->slots + slot, out = (size_t)k * p->slots + slot;
            struct hash128 cell = block_identity(w, b, p->value_column, at);
            b->row_keys[out] = key;
            b->row_contents[out] = content;
            struct plan_column *value = &p->columns[p->value_column];
            identity_add(value->is_key ? &b->row_keys[out] : &b->row_contents[out], cell);
            for (size_t i = 0; i < p->count; i++) {
                const struct plan_column *c = &p->columns[i];
                if (c->from == PLAN_SET) {
                    identity_add(c->is_key ? &b->row_keys[out] : &b->row_contents[out],
                                 identity_of_known(p, c, &c->values[slot]));
                }
            }
            identity_add(&b->contents[k], identity_mix(slot + 64, cell.a, cell.b));
        }
    }
}

rv_status block_hash(struct worker *w, struct block *b, struct rv_err *reterr)
{
    const struct plan *p = w->plan;
    struct arena *a = &w->arena;
    RV_TRY(progress_check(w->progress, reterr));
    b->keys = ARENA_NEW(a, struct hash128, b->alive_count + 1);
    b->contents = ARENA_NEW(a, struct hash128, b->alive_count + 1);
    b->is_made = ARENA_NEW(a, uint8_t, b->alive_count + 1);
    size_t rows = p->profile->wide ? b->alive_count * p->slots : 0;
    b->row_keys = ARENA_NEW(a, struct hash128, rows + 1);
    b->row_contents = ARENA_NEW(a, struct hash128, rows + 1);
    if (!b->keys || !b->contents || !b->is_made || !b->row_keys || !b->row_contents) {
        return arena_fail(a, reterr);
    }
    add_record_columns(w, b);
    if (p->profile->wide) {
        add_slots(w, b);
    }
    for (uint32_t k = 0; k < b->alive_count; k++) {
        const struct typed *t = p->made != PLAN_NONE ? &b->typed[p->made] : NULL;
        b->is_made[k] = t && (!t->texts || t->texts[b->alive[k]].n == 0);
        if (b->is_made[k] || p->profile->key_count == 0) {
            b->keys[k] = b->contents[k];
        }
    }
    return rv_ok();
}
