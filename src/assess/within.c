/* assess/within.c — rows inside an area: chosen once, then counted like any others.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/within.h"

#include "assess/joined.h"
#include "base/limits.h"
#include "column/group.h"

#include <string.h>

/* The chosen rows of one extract. */
struct within_extract {
    int64_t id;
    uint32_t chunks;
    const uint32_t **rows; /* [chunk]: their numbers, ascending */
    uint32_t *counts;      /* [chunk] */
    struct within_extract *next;
};

struct within {
    struct held held; /* of the rows inside; held.whole = that of all rows */
    const struct layer *layer;
    uint32_t inside;
    struct within_extract *extracts;
    uint8_t *mask;           /* [LIMIT_CHUNK_ROWS]: of the chunk that is looked at */
    const struct joined *of; /* what `joined` was cut from; NULL = nothing yet */
    struct joined joined;
    const uint32_t *ordinals; /* [joined.records.count]: in `of` */
};

rv_status within_begin(struct held *h, const struct layer *layer, uint32_t inside,
                       struct rv_err *reterr)
{
    struct within *w = ARENA_NEW(h->arena, struct within, 1);
    if (!w) {
        return arena_fail(h->arena, reterr);
    }
    w->held = *h;
    w->held.whole = h;
    w->held.within = w;
    w->held.placements = NULL;
    w->layer = layer;
    w->inside = inside;
    w->mask = ARENA_NEW(h->arena, uint8_t, LIMIT_CHUNK_ROWS);
    if (!w->mask) {
        return arena_fail(h->arena, reterr);
    }
    RV_TRY(extract_shelf_choose(h->shelf, h->pool, &w->held.shelf, reterr));
    h->within = w;
    return rv_ok();
}

/* ---- choosing rows ---- */

static rv_status new_extract(struct within *w, int64_t id, uint32_t chunks,
                             struct within_extract **ret, struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    struct within_extract *x = ARENA_NEW(a, struct within_extract, 1);
    if (!x) {
        return arena_fail(a, reterr);
    }
    *x = (struct within_extract){.id = id, .chunks = chunks};
    x->rows = ARENA_NEW(a, const uint32_t *, chunks);
    x->counts = ARENA_NEW(a, uint32_t, chunks);
    *ret = x;
    return x->rows && x->counts ? rv_ok() : arena_fail(a, reterr);
}

/* The rows of a chunk with mask 1. */
static rv_status take_rows(struct within *w, struct within_extract *x, uint32_t chunk, uint32_t n,
                           struct rv_err *reterr)
{
    const uint8_t *mask = w->mask;
    uint32_t count = (uint32_t)select_count(mask, n), found = 0;
    uint32_t *rows = ARENA_NEW(w->held.arena, uint32_t, count);
    if (!rows) {
        return arena_fail(w->held.arena, reterr);
    }
    for (uint32_t i = 0; found < count; i++) {
        rows[found] = i;
        found += mask[i];
    }
    x->rows[chunk] = rows;
    x->counts[chunk] = count;
    return rv_ok();
}

static rv_status keep(struct within *w, struct within_extract *x, struct rv_err *reterr)
{
    x->next = w->extracts;
    w->extracts = x;
    return extract_shelf_keep(w->held.shelf, x->id, x->chunks, x->rows, x->counts, reterr);
}

/* Current rows that are placed in the area. */
static rv_status choose(struct within *w, int64_t extract, struct within_extract **ret,
                        struct rv_err *reterr)
{
    const uint32_t *const *placed = NULL;
    struct extract_scan *scan = NULL;
    struct within_extract *x = NULL;
    RV_TRY(held_placement_of(w->held.whole, extract, w->layer, &placed, reterr));
    RV_TRY(held_scan(w->held.whole, extract, NULL, 0, &scan, reterr));
    RV_TRY(new_extract(w, extract, extract_scan_chunks(scan), &x, reterr));
    for (uint32_t k = 0; k < x->chunks; k++) {
        const uint64_t *current = NULL;
        uint32_t n = extract_scan_rows(scan, k);
        RV_TRY(extract_scan_read(scan, k, w->held.arena, NULL, &current, reterr));
        select_from_bits(current, n, w->mask);
        for (uint32_t i = 0; i < n; i++) {
            w->mask[i] &= placed && placed[k][i] == w->inside;
        }
        RV_TRY(take_rows(w, x, k, n, reterr));
    }
    *ret = x;
    return keep(w, x, reterr);
}

static rv_status chosen(struct within *w, int64_t extract, struct within_extract **ret,
                        struct rv_err *reterr)
{
    for (struct within_extract *x = w->extracts; x; x = x->next) {
        if (x->id == extract) {
            *ret = x;
            return rv_ok();
        }
    }
    return choose(w, extract, ret, reterr);
}

rv_status within_choose(struct held *h, int64_t extract, struct rv_err *reterr)
{
    struct within_extract *x;
    return chosen(h->within, extract, &x, reterr);
}

rv_status within_placement(struct held *h, int64_t extract, const struct layer *layer,
                           const uint32_t ***ret, struct rv_err *reterr)
{
    const uint32_t *const *placed = NULL;
    struct within_extract *x = NULL;
    RV_TRY(chosen(h->within, extract, &x, reterr));
    RV_TRY(held_placement_of(h->whole, extract, layer, &placed, reterr));
    const uint32_t **chunks = ARENA_NEW(h->arena, const uint32_t *, x->chunks);
    if (!chunks) {
        return arena_fail(h->arena, reterr);
    }
    for (uint32_t k = 0; placed && k < x->chunks; k++) {
        uint32_t *codes = ARENA_NEW(h->arena, uint32_t, x->counts[k]);
        if (!codes) {
            return arena_fail(h->arena, reterr);
        }
        for (uint32_t i = 0; i < x->counts[k]; i++) {
            codes[i] = placed[k][x->rows[k][i]];
        }
        chunks[k] = codes;
    }
    *ret = placed ? chunks : NULL;
    return rv_ok();
}

/* ---- the join of the rows inside ---- */

/* New ordinals, in the order of the old ones. */
static rv_status number_rows(struct within *w, const struct joined *j, struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    const uint32_t **first = ARENA_NEW(a, const uint32_t *, j->source->extract_count + 1);
    uint32_t *ordinals = NULL, count = 0;
    for (size_t i = 0; first && i < j->source->extract_count; i++) {
        struct within_extract *x = NULL;
        RV_TRY(chosen(w, j->source->extracts[i].id, &x, reterr));
        uint32_t *of_chunk = ARENA_NEW(a, uint32_t, x->chunks);
        if (!of_chunk) {
            return arena_fail(a, reterr);
        }
        for (uint32_t k = 0; k < x->chunks; k++) {
            of_chunk[k] = count;
            count += x->counts[k];
        }
        first[i] = of_chunk;
    }
    ordinals = first ? ARENA_NEW(a, uint32_t, count) : NULL;
    if (!ordinals) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < j->source->extract_count; i++) {
        struct within_extract *x = NULL;
        RV_TRY(chosen(w, j->source->extracts[i].id, &x, reterr));
        for (uint32_t k = 0; k < x->chunks; k++) {
            for (uint32_t r = 0; r < x->counts[k]; r++) {
                ordinals[first[i][k] + r] = j->records.first[i][k] + x->rows[k][r];
            }
        }
    }
    w->ordinals = ordinals;
    w->joined.records.first = first;
    w->joined.records.count = count;
    return rv_ok();
}

static const uint8_t *take_bytes(const struct within *w, const uint8_t *from)
{
    uint32_t n = w->joined.records.count;
    uint8_t *to = ARENA_NEW(w->held.arena, uint8_t, n);
    for (uint32_t i = 0; to && i < n; i++) {
        to[i] = from[w->ordinals[i]];
    }
    return to;
}

static const uint32_t *take_words(const struct within *w, const uint32_t *from)
{
    uint32_t n = w->joined.records.count;
    uint32_t *to = ARENA_NEW(w->held.arena, uint32_t, n);
    for (uint32_t i = 0; to && i < n; i++) {
        to[i] = from[w->ordinals[i]];
    }
    return to;
}

static const struct offence_facts *take_facts(const struct within *w,
                                              const struct offence_facts *from)
{
    uint32_t n = w->joined.records.count;
    struct offence_facts *to = ARENA_NEW(w->held.arena, struct offence_facts, n);
    for (uint32_t i = 0; to && i < n; i++) {
        to[i] = from[w->ordinals[i]];
    }
    return to;
}

static rv_status take_offences(struct within *w, const struct joined *j, struct rv_err *reterr)
{
    struct offence_records *r = &w->joined.records;
    r->facts = take_facts(w, j->records.facts);
    r->outcome = take_bytes(w, j->records.outcome);
    r->current = take_bytes(w, j->records.current);
    if (j->definition) {
        w->joined.member.in = take_words(w, j->member.in);
        w->joined.member.unknown = take_words(w, j->member.unknown);
    }
    bool is_whole = r->facts && r->outcome && r->current &&
                    (!j->definition || (w->joined.member.in && w->joined.member.unknown));
    return is_whole ? rv_ok() : arena_fail(w->held.arena, reterr);
}

/* The people of offences inside; new_of: [ordinal in the whole], NO_RECORD = outside. */
static rv_status take_people(struct within *w, const struct joined_extract *from,
                             const uint32_t *new_of, struct joined_extract *to,
                             struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    struct extract_scan *scan = NULL;
    struct within_extract *x = NULL;
    RV_TRY(held_scan(w->held.whole, from->info->id, NULL, 0, &scan, reterr));
    RV_TRY(new_extract(w, from->info->id, extract_scan_chunks(scan), &x, reterr));
    *to = (struct joined_extract){from->info, ARENA_NEW(a, uint32_t *, x->chunks)};
    for (uint32_t k = 0; to->offence && k < x->chunks; k++) {
        const uint32_t *offence = from->offence[k];
        uint32_t n = extract_scan_rows(scan, k);
        for (uint32_t i = 0; i < n; i++) {
            w->mask[i] = offence[i] != NO_RECORD && new_of[offence[i]] != NO_RECORD;
        }
        RV_TRY(take_rows(w, x, k, n, reterr));
        to->offence[k] = ARENA_NEW(a, uint32_t, x->counts[k]);
        if (!to->offence[k]) {
            return arena_fail(a, reterr);
        }
        for (uint32_t i = 0; i < x->counts[k]; i++) {
            to->offence[k][i] = new_of[offence[x->rows[k][i]]];
        }
    }
    return to->offence ? keep(w, x, reterr) : arena_fail(a, reterr);
}

static rv_status take_all_people(struct within *w, const struct joined *j, struct rv_err *reterr)
{
    struct arena scratch RV_CLEANUP(arena_done);
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    uint32_t *new_of = ARENA_NEW(&scratch, uint32_t, j->records.count);
    struct joined_extract *people =
        ARENA_NEW(w->held.arena, struct joined_extract, j->records.person_extracts + 1);
    if (!new_of || !people) {
        return arena_fail(new_of ? w->held.arena : &scratch, reterr);
    }
    memset(new_of, 0xFF, j->records.count * sizeof *new_of); /* NO_RECORD */
    for (uint32_t i = 0; i < w->joined.records.count; i++) {
        new_of[w->ordinals[i]] = i;
    }
    for (size_t i = 0; i < j->records.person_extracts; i++) {
        RV_TRY(take_people(w, &j->records.persons[i], new_of, &people[i], reterr));
    }
    w->joined.records.persons = people;
    return rv_ok();
}

static rv_status take_joined(struct within *w, const struct joined *j, struct rv_err *reterr)
{
    w->of = NULL;
    w->joined = *j;
    w->joined.records.results = NULL; /* of the whole: followup.h */
    w->joined.records.result_count = 0;
    RV_TRY(number_rows(w, j, reterr));
    RV_TRY(take_offences(w, j, reterr));
    RV_TRY(take_all_people(w, j, reterr));
    w->of = j;
    return rv_ok();
}

/* ---- queries ---- */

static bool is_about(const struct within *w, const struct cube_axis *axis)
{
    return axis->kind == AXIS_WITHIN && axis->layer == w->layer && axis->inside == w->inside &&
           axis->is_filter && axis->wanted_count == 1 && strcmp(axis->wanted[0], "inside") == 0 &&
           !axis->keeps_all;
}

bool within_answers(const struct held *h, const struct cube_query *query)
{
    bool is_about_it = false, has_words = false;
    for (size_t k = 0; h->within && k < query->axis_count; k++) {
        is_about_it = is_about_it || is_about(h->within, &query->axes[k]);
        has_words = has_words || query->axes[k].kind == AXIS_MATCH;
    }
    /* Another join would choose other rows of the same people. */
    bool is_joined_alike =
        is_about_it && (!query->joined || !h->within->of || h->within->of == query->joined);
    return is_joined_alike && !has_words && !h->whole && query->date == CUBE_RECORDED &&
           strcmp(query->source->kind, "area-counts") != 0;
}

rv_status within_ask(struct held *h, const struct cube_query *query, struct within_query *ret,
                     struct rv_err *reterr)
{
    struct within *w = h->within;
    if (query->joined && !w->of) {
        RV_TRY(take_joined(w, query->joined, reterr));
    }
    *ret = (struct within_query){.held = &w->held, .query = *query};
    ret->query.joined = query->joined ? &w->joined : NULL;
    const uint8_t *given[CUBE_MAX_AXES] = {NULL};
    for (size_t k = 0; k < query->axis_count; k++) {
        ret->given[k] = query->axes[k].given;
        given[k] = ret->given[k] ? take_bytes(w, ret->given[k]) : NULL;
        if (ret->given[k] && !given[k]) {
            return arena_fail(h->arena, reterr);
        }
    }
    for (size_t k = 0; k < query->axis_count; k++) {
        query->axes[k].given = given[k];
    }
    return rv_ok();
}

void within_asked(struct within_query *q)
{
    for (size_t k = 0; k < q->query.axis_count; k++) {
        q->query.axes[k].given = q->given[k];
    }
}
