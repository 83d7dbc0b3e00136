/* assess/cube_persons.c — counting the people of offences: first every offence gets its codes and
 * whether it counts, then each person of the role takes those of their offence.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/cube_internal.h"
#include "assess/joined.h"
#include "base/limits.h"
#include "base/memory.h"
#include "column/group.h"
#include "define/age_band.h"
#include "define/vocabulary.h"

#include <string.h>

enum { PERSON_ROLE, PERSON_AGE, PERSON_BAND, PERSON_FIRST_AXIS };

struct person_extract {
    const struct joined_extract *joined;
    struct extract_scan *scan;
    const uint8_t *is_role;     /* [code]: the role counted */
    const uint32_t **maps;      /* [axis]: extract code to axis code */
    const uint32_t *band_codes; /* [code]: age band to the band of the axis */
    size_t first_piece;
};

struct person_plan {
    uint8_t *counts;               /* [offence]: it counts */
    uint16_t *many[CUBE_MAX_AXES]; /* [axis][offence]: bits of labels; NULL = one an offence */
    bool has_many;
    uint32_t **codes; /* [axis][offence]; NULL for axes of persons */
    struct person_extract *extracts;
    size_t extract_count;
    size_t columns[CUBE_MAX_AXES]; /* of each axis of persons among those read */
};

bool axis_is_of_person(enum cube_axis_kind kind)
{
    return kind == AXIS_PERSON || kind == AXIS_ETHNICITY || kind == AXIS_AGE;
}

/* ---- offences ---- */

static rv_status make_room(struct cube_work *w, struct arena *a, struct rv_err *reterr)
{
    size_t n = (size_t)w->query->joined->records.count + 1;
    struct person_plan *p = w->persons;
    p->counts = ARENA_NEW(a, uint8_t, n);
    p->codes = ARENA_NEW(a, uint32_t *, w->query->axis_count + 1);
    if (!p->counts || !p->codes) {
        return arena_fail(a, reterr);
    }
    for (size_t k = 0; k < w->query->axis_count; k++) {
        enum cube_axis_kind kind = w->query->axes[k].kind;
        if (cube_is_many(kind)) {
            p->many[k] = ARENA_NEW(a, uint16_t, n);
            p->has_many = true;
        } else if (!axis_is_of_person(kind)) {
            p->codes[k] = ARENA_NEW(a, uint32_t, n);
        }
        if (cube_is_many(kind) ? !p->many[k] : !axis_is_of_person(kind) && !p->codes[k]) {
            return arena_fail(a, reterr);
        }
    }
    return rv_ok();
}

static rv_status offence_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    const struct cube_work *w = context;
    struct person_plan *plan = w->persons;
    struct record_piece p;
    RV_TRY(record_piece_read(w, piece, worker, &p, reterr));
    uint32_t first = w->query->joined->records.first[p.extract - w->extracts][p.sequence];
    memcpy(plan->counts + first, p.mask, p.rows);
    for (size_t k = 0; k < w->query->axis_count; k++) {
        if (plan->many[k]) {
            memcpy(plan->many[k] + first, p.many[k], p.rows * sizeof *p.many[k]);
        }
        if (plan->codes[k]) {
            memcpy(plan->codes[k] + first, p.codes[k], p.rows * sizeof *p.codes[k]);
        }
    }
    return rv_ok();
}

/* ---- people ---- */

/* The band of the axis that holds all of low to high; 0 when none does. */
static uint32_t band_of(const struct cube_axis *axis, int low, int high)
{
    for (size_t b = axis->age_count; b-- > 0;) {
        if (low >= axis->ages[b]) {
            bool is_last = b + 1 == axis->age_count;
            return is_last || high < axis->ages[b + 1] ? (uint32_t)b + 1 : 0;
        }
    }
    return 0;
}

static rv_status map_axis(struct cube_work *w, struct person_extract *x, size_t k,
                          struct rv_err *reterr)
{
    const struct cube_axis *axis = &w->query->axes[k];
    size_t column = axis->kind == AXIS_AGE ? PERSON_BAND : w->persons->columns[k];
    const struct dictionary *d = extract_scan_dictionary(x->scan, column);
    uint32_t n = d && d->count ? d->count : 1;
    uint32_t *map = ARENA_NEW(w->held->arena, uint32_t, n);
    if (!map) {
        return arena_fail(w->held->arena, reterr);
    }
    for (uint32_t c = 1; c < n; c++) {
        struct text value = dictionary_text(d, c);
        int low, high;
        if (axis->kind == AXIS_AGE) {
            map[c] = age_band_parse(value, &low, &high) ? band_of(axis, low, high) : 0;
        } else {
            map[c] = axis->kind == AXIS_ETHNICITY ? (uint32_t)(ethnicity_group(value) + 1)
                                                  : dictionary_find(&w->axes[k].values, value);
        }
    }
    x->maps[k] = map;
    return rv_ok();
}

static rv_status open_extract(struct cube_work *w, struct person_extract *x,
                              const char *const *names, size_t count, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    RV_TRY(held_scan(w->held, x->joined->info->id, names, count, &x->scan, reterr));
    const struct dictionary *roles = extract_scan_dictionary(x->scan, PERSON_ROLE);
    uint32_t n = roles && roles->count ? roles->count : 1;
    uint8_t *is_role = ARENA_NEW(a, uint8_t, n);
    x->maps = ARENA_NEW(a, const uint32_t *, w->query->axis_count + 1);
    if (!is_role || !x->maps) {
        return arena_fail(a, reterr);
    }
    for (uint32_t c = 1; c < n; c++) {
        is_role[c] = text_is(dictionary_text(roles, c), PERSON_ROLES[w->query->role]);
    }
    x->is_role = is_role;
    for (size_t k = 0; k < w->query->axis_count; k++) {
        if (axis_is_of_person(w->query->axes[k].kind)) {
            RV_TRY(map_axis(w, x, k, reterr));
        }
    }
    return rv_ok();
}

static rv_status open_extracts(struct cube_work *w, size_t *ret_pieces, struct rv_err *reterr)
{
    const struct offence_records *r = &w->query->joined->records;
    struct person_plan *p = w->persons;
    const char *names[CUBE_MAX_AXES + PERSON_FIRST_AXIS] = {"role", "age", "age_band"};
    size_t count = PERSON_FIRST_AXIS, pieces = 0;
    for (size_t k = 0; k < w->query->axis_count; k++) {
        enum cube_axis_kind kind = w->query->axes[k].kind;
        if (kind == AXIS_PERSON || kind == AXIS_ETHNICITY) {
            p->columns[k] = count;
            names[count++] = w->query->axes[k].column;
        }
    }
    p->extracts = ARENA_NEW(w->held->arena, struct person_extract, r->person_extracts + 1);
    if (!p->extracts) {
        return arena_fail(w->held->arena, reterr);
    }
    for (size_t i = 0; i < r->person_extracts; i++) {
        struct person_extract *x = &p->extracts[i];
        x->joined = &r->persons[i];
        x->first_piece = pieces;
        RV_TRY(open_extract(w, x, names, count, reterr));
        pieces += extract_scan_chunks(x->scan);
    }
    p->extract_count = r->person_extracts;
    *ret_pieces = pieces;
    return rv_ok();
}

static void age_codes(const struct cube_axis *axis, const uint32_t *bands, const struct column *c,
                      uint32_t *out)
{
    const struct column *age = &c[PERSON_AGE], *band = &c[PERSON_BAND];
    for (uint32_t i = 0; i < c[0].rows; i++) {
        bool has_age = age->type == COLUMN_INTEGER && column_has(age, i);
        int years = has_age && age->integers[i] <= 120 ? (int)age->integers[i] : -1;
        out[i] = has_age                         ? years >= 0 ? band_of(axis, years, years) : 0
                 : band->type == COLUMN_CATEGORY ? bands[band->codes[i]]
                                                 : 0;
    }
}

static void person_codes(const struct cube_work *w, const struct person_extract *x, size_t k,
                         const struct column *c, const uint32_t *offence, uint32_t *out)
{
    enum cube_axis_kind kind = w->query->axes[k].kind;
    if (kind == AXIS_AGE) {
        age_codes(&w->query->axes[k], x->maps[k], c, out);
    } else if (axis_is_of_person(kind)) {
        const struct column *values = &c[w->persons->columns[k]];
        if (values->type == COLUMN_CATEGORY) {
            remap_codes(values->codes, values->rows, x->maps[k], out);
        }
    } else if (w->persons->codes[k]) {
        for (uint32_t i = 0; i < c[0].rows; i++) {
            out[i] = offence[i] == NO_RECORD ? 0 : w->persons->codes[k][offence[i]];
        }
    }
}

/* The bits of each person's offence. */
static rv_status many_of_persons(const struct cube_work *w, struct arena *scratch, uint32_t rows,
                                 const uint32_t *offence, const uint8_t *mask,
                                 const uint16_t **many, struct rv_err *reterr)
{
    for (size_t k = 0; k < w->query->axis_count; k++) {
        const uint16_t *of_offence = w->persons->many[k];
        uint16_t *bits = of_offence ? ARENA_NEW(scratch, uint16_t, rows + 1) : NULL;
        if (of_offence && !bits) {
            return arena_fail(scratch, reterr);
        }
        for (uint32_t i = 0; bits && i < rows; i++) {
            bits[i] = mask[i] ? of_offence[offence[i]] : 0;
        }
        many[k] = bits;
    }
    return rv_ok();
}

static rv_status person_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    const struct cube_work *w = context;
    const struct person_plan *plan = w->persons;
    struct arena *scratch = &w->scratch[worker];
    size_t e = 0;
    while (e + 1 < plan->extract_count && plan->extracts[e + 1].first_piece <= piece) {
        e++;
    }
    const struct person_extract *x = &plan->extracts[e];
    uint32_t sequence = (uint32_t)(piece - x->first_piece);
    const uint32_t *offence = x->joined->offence[sequence];
    struct column columns[CUBE_MAX_AXES + PERSON_FIRST_AXIS];
    const uint64_t *current = NULL;
    RV_TRY(progress_check(w->held->progress, reterr));
    arena_clear(scratch);
    RV_TRY(extract_scan_read(x->scan, sequence, scratch, columns, &current, reterr));
    uint32_t rows = columns[0].rows;
    uint8_t *mask = ARENA_NEW(scratch, uint8_t, rows + 1);
    uint32_t *room = ARENA_NEW(scratch, uint32_t, (size_t)(rows + 1) * (w->query->axis_count + 1));
    if (!mask || !room) {
        return arena_fail(scratch, reterr);
    }
    const uint32_t *roles =
        columns[PERSON_ROLE].type == COLUMN_CATEGORY ? columns[PERSON_ROLE].codes : NULL;
    for (uint32_t i = 0; roles && i < rows; i++) {
        mask[i] = offence[i] != NO_RECORD && plan->counts[offence[i]] && x->is_role[roles[i]];
    }
    const uint32_t *codes[CUBE_MAX_AXES];
    for (size_t k = 0; k < w->query->axis_count; k++) {
        uint32_t *out = room + k * (rows + 1);
        person_codes(w, x, k, columns, offence, out);
        codes[k] = out;
        if (w->axes[k].keep && axis_is_of_person(w->query->axes[k].kind)) {
            select_codes(out, rows, w->axes[k].keep, mask);
        }
    }
    struct tally *t = &w->tallies[worker];
    if (!plan->has_many) {
        return tally_rows(w, t, rows, mask, codes, reterr);
    }
    const uint16_t *many[CUBE_MAX_AXES];
    RV_TRY(many_of_persons(w, scratch, rows, offence, mask, many, reterr));
    return tally_many(w, t, scratch, rows, mask, codes, many, reterr);
}

rv_status persons_run(struct cube_work *w, struct rv_err *reterr)
{
    struct person_plan plan = {0};
    size_t pieces = 0;
    struct arena room RV_CLEANUP(arena_done); /* of what each offence hands to its persons */
    arena_init(&room, LIMIT_ARENA_BYTES);
    w->persons = &plan;
    RV_TRY(records_places(w, reterr));
    RV_TRY(make_room(w, &room, reterr));
    RV_TRY(pool_run(w->held->pool, w->piece_count, offence_piece, w, reterr));
    RV_TRY(open_extracts(w, &pieces, reterr));
    rv_status status = pool_run(w->held->pool, pieces, person_piece, w, reterr);
    w->persons = NULL;
    return status;
}
