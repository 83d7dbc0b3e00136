/* ingest/resolve.c — duplicates, repeats, superseded and withdrawn rows, partition by partition.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/resolve.h"

#include "base/limits.h"
#include "base/memory.h"

#include <stdlib.h>

/* One partition at a time; the arena is its own. */
struct partition {
    struct arena a;
    struct row_entry *rows; /* of the new extract */
    size_t count;
    struct row_entry *old;
    size_t old_count;
    uint32_t *keys, *pairs; /* open addressing: first row of a key; newest row of key and content */
    size_t mask;
    uint32_t *next_equal; /* rows of the same key and content, as a list; index + 1 */
    int64_t *numbers;     /* of the first row of a key: how many rows have it */
};

static void partition_done(struct partition *t)
{
    arena_done(&t->a);
}

/* What all partitions share. */
struct resolving {
    struct pipeline *p;
    struct arena *a; /* of the import */
    struct resolution *r;
    bool is_in_file; /* look for duplicates and repeats within the file */
    bool is_across;  /* compare with earlier extracts */
    size_t repeat_capacity;
    struct repeat *repeats; /* memory_resize */
    struct rv_err *err;
};

static bool same(struct hash128 a, struct hash128 b)
{
    return a.a == b.a && a.b == b.b;
}

static size_t slot_of(const struct partition *t, struct hash128 h)
{
    return (size_t)(h.b ^ (h.a >> 7)) & t->mask;
}

/* The slot of the first row of this key; empty when there is none. */
static size_t find_key(const struct partition *t, const struct row_entry *e)
{
    size_t slot = slot_of(t, e->key);
    while (t->keys[slot] && !same(t->rows[t->keys[slot] - 1].key, e->key)) {
        slot = (slot + 1) & t->mask;
    }
    return slot;
}

static size_t find_pair(const struct partition *t, const struct row_entry *e)
{
    size_t slot = slot_of(t, (struct hash128){e->key.a, e->key.b + e->content.a});
    while (t->pairs[slot] && !(same(t->rows[t->pairs[slot] - 1].key, e->key) &&
                               same(t->rows[t->pairs[slot] - 1].content, e->content))) {
        slot = (slot + 1) & t->mask;
    }
    return slot;
}

static rv_status mark_duplicate(struct resolving *m, uint64_t at, uint32_t rows)
{
    uint32_t sequence = row_sequence(at);
    uint64_t **bits = &m->r->duplicates[sequence];
    if (!*bits) {
        *bits = ARENA_NEW(m->a, uint64_t, m->p->chunk_rows[sequence] / 64 + 1);
        if (!*bits) {
            return arena_fail(m->a, m->err);
        }
    }
    for (uint32_t i = 0; i < rows; i++) {
        bit_set(*bits, row_number(at) + i);
    }
    return rv_ok();
}

static bool is_duplicate(const struct resolving *m, uint64_t at)
{
    const uint64_t *bits = m->r->duplicates[row_sequence(at)];
    return bits && bit_of(bits, row_number(at));
}

static rv_status add_repeat(struct resolving *m, uint64_t at, int64_t number)
{
    if (m->r->repeat_count == m->repeat_capacity) {
        size_t wanted = m->repeat_capacity ? m->repeat_capacity * 2 : 64;
        struct repeat *grown = memory_resize(m->repeats, wanted, sizeof *grown);
        if (!grown) {
            return rv_fail(m->err, RV_NO_MEMORY, "out of memory for repeated keys");
        }
        m->repeats = grown;
        m->repeat_capacity = wanted;
    }
    m->repeats[m->r->repeat_count++] = (struct repeat){row_sequence(at), row_number(at), number};
    return rv_ok();
}

/* Puts row i into the tables; within the file, tells duplicates and repeats. */
static rv_status take_new(struct resolving *m, struct partition *t, uint32_t i)
{
    const struct row_entry *e = &t->rows[i];
    const struct profile *profile = m->p->plan->profile;
    bool is_made = e->at & ROW_IS_MADE;
    if (!m->is_in_file && is_duplicate(m, e->at)) {
        return rv_ok(); /* its record is a duplicate */
    }
    size_t key = find_key(t, e), pair = find_pair(t, e);
    bool is_apart = is_made || (e->at & ROW_IS_APART);
    bool drops = m->is_in_file && !is_apart && !profile->keeps_duplicates;
    if (drops && t->pairs[pair]) {
        m->r->in_file++;
        return mark_duplicate(m, e->at, (uint32_t)m->p->plan->slots);
    }
    if (t->keys[key] && m->is_in_file && !is_made && profile->key_count) {
        int64_t number = ++t->numbers[t->keys[key] - 1];
        RV_TRY(profile->kind->keys_repeat ? rv_ok() : add_repeat(m, e->at, number));
    } else if (!t->keys[key]) {
        t->keys[key] = i + 1;
        t->numbers[i] = 1;
    }
    t->next_equal[i] = t->pairs[pair];
    t->pairs[pair] = i + 1;
    return rv_ok();
}

static rv_status leave(struct resolving *m, const struct row_entry *old, bool is_superseded)
{
    struct mask *mask = &m->r->earlier[row_extract(old->at)].masks[row_sequence(old->at)];
    uint64_t **bits = is_superseded ? &mask->superseded : &mask->withdrawn;
    if (!*bits) {
        *bits = ARENA_NEW(m->a, uint64_t, mask->rows / 64 + 1);
        if (!*bits) {
            return arena_fail(m->a, m->err);
        }
    }
    bit_set(*bits, row_number(old->at));
    *(is_superseded ? &m->r->superseded : &m->r->withdrawn) += 1;
    return rv_ok();
}

/* An earlier row meets the new extract. */
static rv_status take_old(struct resolving *m, struct partition *t, const struct row_entry *old)
{
    bool is_made = old->at & ROW_IS_MADE;
    enum profile_refresh refresh = m->p->plan->profile->refresh;
    if (is_made && refresh == PROFILE_FULL) {
        return leave(m, old, false);
    }
    size_t key = find_key(t, old), pair = find_pair(t, old);
    uint32_t equal = t->pairs[pair];
    uint32_t free_one = equal ? t->next_equal[equal - 1] : 0;
    /* The list of equal rows is used up from its head; the head itself stays to keep the slot. */
    if (free_one) {
        t->next_equal[equal - 1] = t->next_equal[free_one - 1];
        m->r->unchanged++;
        return mark_duplicate(m, t->rows[free_one - 1].at, 1);
    }
    if (equal && !is_duplicate(m, t->rows[equal - 1].at)) {
        m->r->unchanged++;
        return mark_duplicate(m, t->rows[equal - 1].at, 1);
    }
    if (t->keys[key] && !is_made) {
        return leave(m, old, true);
    }
    bool is_gone =
        refresh == PROFILE_FULL || (refresh == PROFILE_PERIOD && (old->at & ROW_IN_PERIOD));
    return is_gone ? leave(m, old, false) : rv_ok();
}

static rv_status resolve_partition(struct resolving *m, struct rowset *rows, struct rowset *old,
                                   size_t number)
{
    RV_CLEANUP(partition_done) struct partition t = {.count = 0};
    arena_init(&t.a, LIMIT_ARENA_BYTES);
    RV_TRY(rowset_partition(rows, &t.a, number, &t.rows, &t.count, m->err));
    if (old) {
        RV_TRY(rowset_partition(old, &t.a, number, &t.old, &t.old_count, m->err));
    }
    size_t slots = 16;
    while (slots < t.count * 2) {
        slots *= 2;
    }
    t.mask = slots - 1;
    t.keys = ARENA_NEW(&t.a, uint32_t, slots);
    t.pairs = ARENA_NEW(&t.a, uint32_t, slots);
    t.next_equal = ARENA_NEW(&t.a, uint32_t, t.count + 1);
    t.numbers = ARENA_NEW(&t.a, int64_t, t.count + 1);
    if (!t.keys || !t.pairs || !t.next_equal || !t.numbers) {
        return arena_fail(&t.a, m->err);
    }
    for (size_t i = 0; i < t.count; i++) {
        RV_TRY(take_new(m, &t, (uint32_t)i));
    }
    for (size_t i = 0; i < t.old_count; i++) {
        RV_TRY(take_old(m, &t, &t.old[i]));
    }
    return rv_ok();
}

static rv_status resolve_rows(struct resolving *m, struct rowset *rows, struct rowset *old,
                              const struct progress *progress)
{
    for (size_t i = 0; i < ROWSET_PARTITIONS; i++) {
        RV_TRY(progress_check(progress, m->err));
        RV_TRY(resolve_partition(m, rows, old, i));
    }
    return rv_ok();
}

static int compare_repeats(const void *left, const void *right)
{
    const struct repeat *a = left, *b = right;
    if (a->sequence != b->sequence) {
        return a->sequence < b->sequence ? -1 : 1;
    }
    return (a->row > b->row) - (a->row < b->row);
}

static rv_status keep_repeats(struct resolving *m)
{
    size_t n = m->r->repeat_count;
    m->r->repeats = ARENA_NEW(m->a, struct repeat, n + 1);
    if (!m->r->repeats) {
        return arena_fail(m->a, m->err);
    }
    if (n) {
        memcpy(m->r->repeats, m->repeats, n * sizeof *m->repeats);
        qsort(m->r->repeats, n, sizeof *m->r->repeats, compare_repeats);
    }
    return rv_ok();
}

static rv_status resolve_all(struct store *s, struct resolving *m, const struct progress *progress,
                             const char *source, struct month_range period)
{
    RV_CLEANUP(rowset_closep) struct rowset *old = NULL;
    struct resolution *r = m->r;
    const struct plan *plan = m->p->plan;
    RV_TRY(earlier_list(s, m->a, plan->profile->kind->name, source, &r->earlier, &r->earlier_count,
                        m->err));
    if (r->earlier_count) {
        RV_TRY(rowset_open(store_dir(s), &old, m->err));
    }
    for (size_t i = 0; i < r->earlier_count; i++) {
        RV_TRY(earlier_hash(s, plan, progress, &r->earlier[i], i, period, old, m->err));
    }
    m->is_in_file = true;
    RV_TRY(resolve_rows(m, m->p->records, m->p->rows ? NULL : old, progress));
    if (m->p->rows) {
        m->is_in_file = false;
        RV_TRY(resolve_rows(m, m->p->rows, old, progress));
    }
    return keep_repeats(m);
}

rv_status resolve(struct store *s, struct arena *a, struct pipeline *p,
                  const struct progress *progress, const char *source, struct month_range period,
                  struct resolution *ret, struct rv_err *reterr)
{
    struct resolution r = {.duplicates = ARENA_NEW(a, uint64_t *, p->chunk_count + 1)};
    struct resolving m = {.p = p, .a = a, .r = &r, .err = reterr};
    if (!r.duplicates) {
        return arena_fail(a, reterr);
    }
    rv_status status = resolve_all(s, &m, progress, source, period);
    memory_free(m.repeats);
    RV_TRY(status);
    *ret = r;
    return rv_ok();
}

rv_status resolution_holds(struct store *s, struct arena *a, const struct pipeline *p,
                           const char *source, const struct resolution *r, bool *ret,
                           struct rv_err *reterr)
{
    struct earlier *now;
    size_t count;
    RV_TRY(earlier_list(s, a, p->plan->profile->kind->name, source, &now, &count, reterr));
    *ret = count == r->earlier_count;
    for (size_t i = 0; *ret && i < count; i++) {
        *ret = now[i].info.id == r->earlier[i].info.id;
    }
    return rv_ok();
}

rv_status resolution_store(struct store *s, const struct pipeline *p, const struct resolution *r,
                           int64_t extract, struct rv_err *reterr)
{
    for (uint32_t k = 0; k < p->chunk_count; k++) {
        if (r->duplicates[k]) {
            RV_TRY(extract_mask_rows(s, extract, k, r->duplicates[k], p->chunk_rows[k], extract,
                                     "duplicate", reterr));
        }
    }
    for (size_t i = 0; i < r->earlier_count; i++) {
        const struct earlier *e = &r->earlier[i];
        for (uint32_t k = 0; k < e->info.chunks; k++) {
            const struct mask *m = &e->masks[k];
            if (m->superseded) {
                RV_TRY(extract_mask_rows(s, e->info.id, k, m->superseded, m->rows, extract,
                                         "superseded", reterr));
            }
            if (m->withdrawn) {
                RV_TRY(extract_mask_rows(s, e->info.id, k, m->withdrawn, m->rows, extract,
                                         "withdrawn", reterr));
            }
        }
    }
    return rv_ok();
}
