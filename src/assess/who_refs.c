/* assess/who_refs.c — the persons of an area by their pseudonym, read once for all profiles.
 *
 * Pseudonyms are hashed as they are read and never leave this file as words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/who_internal.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    const struct who_scope *scope;
    const struct offence_records *records;
    uint8_t *bucket; /* [offence]: BUCKET + 1 of those of the area and a period; 0 = another */
    struct who_ref *refs;
    size_t count, room;
};

static uint8_t bucket_of(const struct who_scope *s, int32_t month)
{
    for (int b = 0; b < BUCKET_TOTAL; b++) {
        struct month_range r = s->ranges[b];
        if (r.first <= month && month <= r.last) {
            return (uint8_t)(b + 1);
        }
    }
    return 0;
}

static rv_status mark_extract(struct reading *r, size_t i, struct arena *scratch,
                              struct rv_err *reterr)
{
    static const char *const names[] = {"recorded_at"};
    const struct who_scope *s = r->scope;
    const struct extract_info *info = &s->source->extracts[i];
    const uint32_t *const *placed = NULL;
    struct extract_scan *scan;
    if (s->layer) {
        RV_TRY(held_placement_of(s->held, info->id, s->layer, &placed, reterr));
    }
    RV_TRY(extract_scan_open(s->held->store, scratch, info->id, names, 1, 0, &scan, reterr));
    for (uint32_t k = 0; (placed || !s->layer) && k < extract_scan_chunks(scan); k++) {
        struct arena_mark mark = arena_mark(scratch);
        struct column recorded;
        const uint64_t *current;
        RV_TRY(progress_check(s->held->progress, reterr));
        RV_TRY(extract_scan_read(scan, k, scratch, &recorded, &current, reterr));
        for (uint32_t row = 0; row < recorded.rows; row++) {
            uint32_t offence = r->records->first[i][k] + row;
            bool is_dated = recorded.type == COLUMN_TIME && column_has(&recorded, row);
            bool is_here = !s->layer || placed[k][row] == s->area;
            if (is_dated && is_here && r->records->current[offence]) {
                r->bucket[offence] = bucket_of(s, civil_month_of(recorded.integers[row]));
            }
        }
        arena_release(scratch, mark);
    }
    return rv_ok();
}

static rv_status add_ref(struct reading *r, struct who_ref ref, struct rv_err *reterr)
{
    struct arena *a = r->scope->held->arena;
    r->refs = arena_grow(a, r->refs, r->count, &r->room, sizeof *r->refs);
    if (!r->refs) {
        return arena_fail(a, reterr);
    }
    r->refs[r->count++] = ref;
    return rv_ok();
}

static bool has_any(const struct reading *r, const uint32_t *offence, uint32_t rows)
{
    for (uint32_t i = 0; i < rows; i++) {
        if (offence[i] != NO_RECORD && r->bucket[offence[i]]) {
            return true;
        }
    }
    return false;
}

static rv_status read_persons(struct reading *r, const struct joined_extract *x,
                              struct arena *scratch, struct rv_err *reterr)
{
    enum { ROLE, REF, COLUMNS };
    static const char *const names[COLUMNS] = {"role", "person_ref"};
    struct held *h = r->scope->held;
    struct extract_scan *scan;
    RV_TRY(extract_scan_open(h->store, scratch, x->info->id, names, COLUMNS, 0, &scan, reterr));
    const struct dictionary *roles = extract_scan_dictionary(scan, ROLE);
    for (uint32_t k = 0; roles && k < extract_scan_chunks(scan); k++) {
        struct arena_mark mark = arena_mark(scratch);
        struct column c[COLUMNS];
        const uint64_t *current;
        const uint32_t *offence = x->offence[k];
        if (!has_any(r, offence, extract_scan_rows(scan, k))) {
            continue;
        }
        RV_TRY(progress_check(h->progress, reterr));
        RV_TRY(extract_scan_read(scan, k, scratch, c, &current, reterr));
        for (uint32_t row = 0; row < c[ROLE].rows; row++) {
            uint8_t bucket = offence[row] == NO_RECORD ? 0 : r->bucket[offence[row]];
            bool has_role = c[ROLE].type == COLUMN_CATEGORY && column_has(&c[ROLE], row);
            if (!bucket || !has_role) {
                continue;
            }
            int role = vocabulary_find(PERSON_ROLES, dictionary_text(roles, c[ROLE].codes[row]));
            struct who_ref ref = {
                .offence = offence[row], .role = (uint8_t)role, .bucket = (uint8_t)(bucket - 1)};
            if (c[REF].type == COLUMN_TEXT && column_has(&c[REF], row)) {
                struct text t = column_text_at(&c[REF], row);
                ref.ref = hash128_add((struct hash128){0x77686f, 0}, t.at, t.n);
                ref.ref.a |= 1; /* {0, 0} stands for none */
            }
            RV_TRY(role < 0 ? rv_ok() : add_ref(r, ref, reterr));
        }
        arena_release(scratch, mark);
    }
    return rv_ok();
}

static int by_person(const void *a, const void *b)
{
    const struct who_ref *x = a, *y = b;
    if (x->role != y->role) {
        return x->role < y->role ? -1 : 1;
    }
    if (x->ref.a != y->ref.a) {
        return x->ref.a < y->ref.a ? -1 : 1;
    }
    if (x->ref.b != y->ref.b) {
        return x->ref.b < y->ref.b ? -1 : 1;
    }
    return (x->offence > y->offence) - (x->offence < y->offence);
}

static rv_status read_all(struct reading *r, struct arena *scratch, struct rv_err *reterr)
{
    r->bucket = ARENA_NEW(scratch, uint8_t, (size_t)r->records->count + 1);
    if (!r->bucket) {
        return arena_fail(scratch, reterr);
    }
    for (size_t i = 0; i < r->scope->source->extract_count; i++) {
        RV_TRY(mark_extract(r, i, scratch, reterr));
    }
    for (size_t i = 0; i < r->records->person_extracts; i++) {
        RV_TRY(read_persons(r, &r->records->persons[i], scratch, reterr));
    }
    if (r->count > 0) {
        qsort(r->refs, r->count, sizeof *r->refs, by_person);
    }
    return rv_ok();
}

rv_status who_refs_read(const struct who_scope *scope, struct who_ref **ret, size_t *ret_count,
                        struct rv_err *reterr)
{
    struct reading r = {.scope = scope, .records = scope->records};
    struct arena scratch RV_CLEANUP(arena_done);
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    RV_TRY(read_all(&r, &scratch, reterr));
    *ret = r.refs;
    *ret_count = r.count;
    return rv_ok();
}

rv_status who_refs_of(struct lens *l, const struct who_shared **ret, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct who_shared *s;
    RV_TRY(who_shared_of(l, &s, reterr));
    if (!s->has_refs) {
        struct who_scope scope = {.held = &w->held,
                                  .source = l->source,
                                  .records = &l->profile->sharing->belonging->joined->records,
                                  .layer = w->boroughs,
                                  .area = w->area};
        for (int b = 0; b < BUCKET_TOTAL; b++) {
            scope.ranges[b] = bucket_range(w, b);
        }
        RV_TRY(who_refs_read(&scope, &s->refs, &s->ref_count, reterr));
        s->has_refs = true;
    }
    *ret = s;
    return rv_ok();
}
