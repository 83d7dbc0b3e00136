/* ingest/identity.c — hashing the rows of a block.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/identity.h"

#include "ingest/block.h"

static const struct hash128 NOTHING = {0, 0};

struct hash128 identity_of_text(const struct plan_column *c, struct text t)
{
    struct hash128 h = hash_text(t);
    return t.n ? identity_mix(c->seed, h.a, h.b) : NOTHING;
}

struct hash128 identity_of_real(const struct plan_column *c, double value)
{
    uint64_t bits;
    value += 0.0; /* -0 and 0 are one value */
    memcpy(&bits, &value, sizeof bits);
    return identity_mix(c->seed, bits, 3);
}

struct hash128 identity_of_known(const struct plan_column *c, const struct plan_value *v)
{
    if (!v->has) {
        return NOTHING;
    }
    if (c->kc->type == COLUMN_CATEGORY || c->kc->type == COLUMN_TEXT) {
        return identity_of_text(c, v->text);
    }
    return c->kc->type == COLUMN_REAL ? identity_of_real(c, v->real)
                                      : identity_mix(c->seed, (uint64_t)v->integer, 2);
}

/* What row `at` of a typed column adds. */
struct hash128 block_identity(const struct worker *w, const struct block *b, size_t column,
                              size_t at)
{
    const struct plan_column *c = &w->plan->columns[column];
    const struct typed *t = &b->typed[column];
    if (t->codes) {
        return w->values[column].states[t->codes[at]].identity;
    }
    if (t->texts) {
        return identity_of_text(c, t->texts[at]);
    }
    if (!bit_of(t->valid, at)) {
        return NOTHING;
    }
    return t->reals ? identity_of_real(c, t->reals[at])
                    : identity_mix(c->seed, (uint64_t)t->integers[at], 2);
}

/* block_identity of all records, in a loop for each type. */
static void add_column(const struct worker *w, const struct block *b, size_t column,
                       struct hash128 *sums)
{
    const struct plan_column *c = &w->plan->columns[column];
    const struct typed *t = &b->typed[column];
    const struct value_state *states = w->values[column].states;
    for (uint32_t k = 0; t->codes && k < b->alive_count; k++) {
        identity_add(&sums[k], states[t->codes[b->alive[k]]].identity);
    }
    for (uint32_t k = 0; t->integers && k < b->alive_count; k++) {
        if (bit_of(t->valid, b->alive[k])) {
            uint64_t value = (uint64_t)t->integers[b->alive[k]];
            identity_add(&sums[k], identity_mix(c->seed, value, 2));
        }
    }
    for (uint32_t k = 0; (t->texts || t->reals) && k < b->alive_count; k++) {
        identity_add(&sums[k], block_identity(w, b, column, b->alive[k]));
    }
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
        if (c->from != PLAN_CONSTANT) {
            add_column(w, b, i, sums);
            continue;
        }
        struct hash128 known = identity_of_known(c, c->values);
        for (uint32_t k = 0; k < b->alive_count; k++) {
            identity_add(&sums[k], known);
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
            b->row_keys[out] = key;
            b->row_contents[out] = content;
            struct hash128 cells = NOTHING;
            for (size_t i = 0; i < p->count; i++) {
                const struct plan_column *c = &p->columns[i];
                if (c->from != PLAN_SET && c->from != PLAN_VALUE) {
                    continue;
                }
                struct hash128 h = c->from == PLAN_SET ? identity_of_known(c, &c->values[slot])
                                                       : block_identity(w, b, i, at);
                identity_add(c->is_key ? &b->row_keys[out] : &b->row_contents[out], h);
                identity_add(&cells, c->from == PLAN_VALUE ? h : NOTHING);
            }
            identity_add(&b->contents[k], identity_mix(slot + 64, cells.a, cells.b));
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
    b->is_apart = ARENA_NEW(a, uint8_t, b->alive_count + 1);
    size_t rows = p->profile->wide ? b->alive_count * p->slots : 0;
    b->row_keys = ARENA_NEW(a, struct hash128, rows + 1);
    b->row_contents = ARENA_NEW(a, struct hash128, rows + 1);
    if (!b->keys || !b->contents || !b->is_made || !b->is_apart || !b->row_keys ||
        !b->row_contents) {
        return arena_fail(a, reterr);
    }
    add_record_columns(w, b);
    if (p->profile->wide) {
        add_slots(w, b);
    }
    const struct typed *apart = p->apart != PLAN_NONE ? &b->typed[p->apart] : NULL;
    for (uint32_t k = 0; k < b->alive_count; k++) {
        bool has_reference = apart && apart->texts && apart->texts[b->alive[k]].n > 0;
        b->is_apart[k] = p->profile->kind->apart && !has_reference;
        const struct typed *t = p->made != PLAN_NONE ? &b->typed[p->made] : NULL;
        b->is_made[k] = t && (!t->texts || t->texts[b->alive[k]].n == 0);
        if (b->is_made[k] || p->profile->key_count == 0) {
            identity_add(&b->keys[k], b->contents[k]);
        }
    }
    return rv_ok();
}
