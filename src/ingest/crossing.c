/* ingest/crossing.c — which members of an archive have to do with an earlier one of it.
 *
 * Only they must be compared again when the earlier ones have been written. The keys of each source
 * go through a filter (Bloom 1970) that may take a key for one it has seen, and never the other way
 * round: a member may then be compared for nothing, which changes no result.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/memory.h"
#include "ingest/identity.h"
#include "ingest/import.h"

#define PROBES       8
#define BITS_A_ROW   32 /* at most 6 keys in a million are mistaken */
#define LEAST_BITS   ((uint64_t)1 << 10)
#define MOST_BITS    ((uint64_t)1 << 29) /* 64 MB: beyond 17 million rows more are mistaken */
#define MOST_EARLIER 100000 /* held extracts, one for each member, whose masks are kept: 30 MB */

struct filter {
    uint64_t *words, bits;
};

static uint64_t bit_at(const struct filter *f, struct hash128 key, uint64_t probe)
{
    uint64_t mixed = key.a + probe * (key.b | 1);
    mixed ^= mixed >> 29;
    return ((mixed * 0x9E3779B97F4A7C15u >> 32) * f->bits) >> 32; /* bits are below 2^32 */
}

static bool filter_has(const struct filter *f, struct hash128 key)
{
    for (uint64_t i = 0; i < PROBES; i++) {
        uint64_t at = bit_at(f, key, i);
        if (!(f->words[at / 64] >> at % 64 & 1)) {
            return false;
        }
    }
    return true;
}

static void filter_add(const struct filter *f, struct hash128 key)
{
    for (uint64_t i = 0; i < PROBES; i++) {
        uint64_t at = bit_at(f, key, i);
        f->words[at / 64] |= (uint64_t)1 << at % 64;
    }
}

/* Adds the keys of one file, or tells whether one of them is there. */
static rv_status go_through(const struct filter *f, struct pipeline *p, bool *ret_has,
                            struct rv_err *reterr)
{
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct rowset *rows = p->rows ? p->rows : p->records;
    for (size_t i = 0; i < ROWSET_PARTITIONS; i++) {
        struct arena_mark mark = arena_mark(&a);
        struct row_entry *list;
        size_t count;
        RV_TRY(rowset_partition(rows, &a, i, &list, &count, reterr));
        for (size_t k = 0; k < count; k++) {
            if (!ret_has) {
                filter_add(f, list[k].key);
            } else if (filter_has(f, list[k].key)) {
                *ret_has = true;
                return rv_ok();
            }
        }
        arena_release(&a, mark);
    }
    return rv_ok();
}

/* Whether the hashes of both were made of the same columns, and so may be compared. */
static bool same_columns(const struct plan *a, const struct plan *b)
{
    if (a->count != b->count) {
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        if (a->columns[i].kc != b->columns[i].kc || a->columns[i].is_key != b->columns[i].is_key ||
            identity_counts(a, i) != identity_counts(b, i)) {
            return false;
        }
    }
    return true;
}

static bool months_meet(struct month_range a, struct month_range b)
{
    bool is_known = a.first <= a.last && b.first <= b.last;
    return !is_known || (a.first <= b.last && b.first <= a.last);
}

/* Whether m replaces rows of the earlier member whatever their keys. */
static bool replaces(const struct import *m, const struct import *earlier)
{
    switch (m->profile->refresh) {
    case PROFILE_INCREMENTAL:
        return false;
    case PROFILE_PERIOD:
        /* A record that moved to another month has left with the earlier member. */
        return m->resolution.earlier_count > 0 || months_meet(m->covered, earlier->covered);
    case PROFILE_FULL:
        break;
    }
    return true;
}

static bool is_continued(const struct import *m, const struct import *earlier)
{
    return m->profile->kind == earlier->profile->kind && strcmp(m->source, earlier->source) == 0;
}

/* The members of one source, the first of which is list[first]. */
static rv_status cross_source(struct import *const *list, size_t count, size_t first,
                              struct filter *f, struct rv_err *reterr)
{
    for (size_t i = first; i < count; i++) {
        struct import *m = list[i];
        bool meets = false;
        if (!is_continued(m, list[first])) {
            continue;
        }
        for (size_t k = first; k < i && !meets; k++) {
            meets = is_continued(m, list[k]) &&
                    (replaces(m, list[k]) || !same_columns(&m->plan, &list[k]->plan));
        }
        if (!meets && i > first) {
            RV_TRY(go_through(f, &m->pipeline, &meets, reterr));
        }
        RV_TRY(go_through(f, &m->pipeline, NULL, reterr));
        m->is_decided = m->is_decided && !meets;
    }
    return rv_ok();
}

static rv_status open_filter(struct import *const *list, size_t count, size_t first,
                             struct filter *ret, struct rv_err *reterr)
{
    uint64_t bits = LEAST_BITS;
    for (size_t i = first; i < count; i++) {
        if (is_continued(list[i], list[first])) {
            bits += (uint64_t)list[i]->pipeline.row_count * BITS_A_ROW;
        }
    }
    ret->bits = bits < MOST_BITS ? bits : MOST_BITS;
    ret->words = memory_new(ret->bits / 64 + 1, sizeof *ret->words);
    return ret->words ? rv_ok() : rv_fail(reterr, RV_NO_MEMORY, "out of memory for an import");
}

rv_status import_cross(struct import *const *list, size_t count, struct rv_err *reterr)
{
    for (size_t i = 0; i < count; i++) {
        bool is_first = true, is_alone = true;
        for (size_t k = 0; k < count; k++) {
            bool is_same = k != i && is_continued(list[k], list[i]);
            is_first = is_first && !(is_same && k < i);
            is_alone = is_alone && !is_same;
        }
        if (is_first && !is_alone) {
            struct filter f;
            RV_TRY(open_filter(list, count, i, &f, reterr));
            rv_status status = cross_source(list, count, i, &f, reterr);
            memory_free(f.words);
            RV_TRY(status);
        }
    }
    for (size_t i = 0, kept = 0; i < count; i++) {
        kept += list[i]->resolution.earlier_count;
        list[i]->is_decided = list[i]->is_decided && (i == 0 || kept <= MOST_EARLIER);
        if (!list[i]->is_decided) {
            arena_done(&list[i]->resolving);
        }
    }
    return rv_ok();
}
