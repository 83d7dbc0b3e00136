/* assess/brief_scan.c — the records of a borough as events with days, minutes and wards.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/brief_internal.h"
#include "base/limits.h"

#include <string.h>

enum { COL_RECORDED, COL_COMMITTED, COL_VENUE, COL_PRECISION, COLS };
static const char *const COLUMNS[COLS] = {"recorded_at", "committed_from", "venue_type",
                                          "location_precision"};

#define MOST_VENUES 250 /* types told apart; more are not recorded */

struct scan {
    struct brief_work *b;
    struct arena scratch;
    const uint32_t *ward_of; /* [placed code of a ward] place in b->wards, from 1 */
    struct dictionary venues;
};

/* Those whose point lies in the borough, in order of code. */
static rv_status list_wards(struct scan *s, struct rv_err *reterr)
{
    struct brief_work *b = s->b;
    struct arena *a = b->w.held.arena;
    const uint32_t *parents;
    if (!b->w.wards) {
        return rv_ok();
    }
    RV_TRY(held_parents_of(&b->w.held, b->w.wards, b->w.boroughs, &parents, reterr));
    uint32_t *wards = ARENA_NEW(a, uint32_t, b->w.wards->count + 1);
    uint32_t *places = ARENA_NEW(a, uint32_t, b->w.wards->count + 1);
    if (!wards || !places) {
        return arena_fail(a, reterr);
    }
    for (uint32_t i = 0; i < b->w.wards->count; i++) {
        if (parents[i] == b->w.area) {
            wards[b->ward_count++] = i + 1;
            places[i + 1] = (uint32_t)b->ward_count;
        }
    }
    b->wards = wards;
    s->ward_of = places;
    return rv_ok();
}

/* ---- one extract ---- */

struct extract_reading {
    struct extract_scan *scan;
    const uint32_t *const *in_borough, *const *in_ward; /* [chunk][row]; NULL = unplaced */
    const uint32_t *first;                              /* [chunk] ordinal of its first row */
    uint8_t *venue_of, *precision_of;                   /* of the codes of the extract */
};

static rv_status map_codes(struct scan *s, struct extract_reading *x, struct rv_err *reterr)
{
    struct arena *a = s->b->w.held.arena;
    const struct dictionary *v = extract_scan_dictionary(x->scan, COL_VENUE);
    const struct dictionary *p = extract_scan_dictionary(x->scan, COL_PRECISION);
    uint32_t venues = v && v->count ? v->count : 1, kinds = p && p->count ? p->count : 1;
    x->venue_of = ARENA_NEW(a, uint8_t, venues);
    x->precision_of = ARENA_NEW(a, uint8_t, kinds);
    if (!x->venue_of || !x->precision_of) {
        return arena_fail(a, reterr);
    }
    for (uint32_t c = 1; c < venues; c++) {
        uint32_t code = 0;
        struct rv_err ignored;
        bool is_room =
            rv_is_ok(dictionary_code(&s->venues, dictionary_text(v, c), &code, &ignored));
        x->venue_of[c] = is_room ? (uint8_t)code : 0;
    }
    for (uint32_t c = 1; c < kinds; c++) {
        struct text word = dictionary_text(p, c);
        x->precision_of[c] = text_is(word, "withheld") || text_is(word, "area-only");
    }
    return rv_ok();
}

static int32_t day_at(const struct column *c, uint32_t row)
{
    bool has = c->type == COLUMN_TIME && column_has(c, row) &&
               civil_precision_of(c->integers[row]) >= CIVIL_DATE;
    return has ? civil_day_of(c->integers[row]) : BRIEF_NO_DAY;
}

static int16_t minute_at(const struct column *c, uint32_t row)
{
    bool has = c->type == COLUMN_TIME && column_has(c, row) &&
               civil_precision_of(c->integers[row]) >= CIVIL_MINUTE;
    return has ? (int16_t)civil_minute_of_day(c->integers[row]) : -1;
}

static uint8_t code_at(const struct column *c, uint32_t row, const uint8_t *map)
{
    return c->type == COLUMN_CATEGORY ? map[c->codes[row]] : 0;
}

static struct brief_event event_at(const struct scan *s, const struct extract_reading *x,
                                   const struct column *columns, uint32_t chunk, uint32_t row)
{
    const struct joined *j = s->b->joined;
    uint32_t ordinal = x->first[chunk] + row;
    const struct offence_facts *f = &j->records.facts[ordinal];
    struct brief_event e = {.committed = day_at(&columns[COL_COMMITTED], row),
                            .recorded = day_at(&columns[COL_RECORDED], row),
                            .minute = minute_at(&columns[COL_COMMITTED], row),
                            .flags = f->flags,
                            .group = f->group,
                            .venue = code_at(&columns[COL_VENUE], row, x->venue_of),
                            .is_withheld = code_at(&columns[COL_PRECISION], row, x->precision_of)};
    e.ward = x->in_ward && s->ward_of ? (uint16_t)s->ward_of[x->in_ward[chunk][row]] : 0;
    if (j->definition) {
        e.in = j->member.in[ordinal];
        e.unknown = j->member.unknown[ordinal];
        e.is_excluded = definition_excludes(j->definition, f);
    }
    return e;
}

static void see(struct brief_work *b, uint32_t ordinal)
{
    const struct joined *j = b->joined;
    const struct offence_facts *f = &j->records.facts[ordinal];
    b->seen.groups |= f->group ? (group_set)1 << (f->group - 1) : 0;
    b->seen.flags |= f->flags;
    b->seen.profiles |= j->definition ? j->member.in[ordinal] : 0;
}

/* `event_of`: where the event of an ordinal stands, for the persons. */
static rv_status read_extract(struct scan *s, struct extract_reading *x, uint32_t *event_of,
                              struct rv_err *reterr)
{
    struct brief_work *b = s->b;
    for (uint32_t k = 0; k < extract_scan_chunks(x->scan); k++) {
        struct column columns[COLS];
        const uint64_t *current;
        RV_TRY(progress_check(b->w.held.progress, reterr));
        arena_clear(&s->scratch);
        RV_TRY(extract_scan_read(x->scan, k, &s->scratch, columns, &current, reterr));
        for (uint32_t i = 0; i < columns[0].rows; i++) {
            if (current && !((current[i / 64] >> (i % 64)) & 1)) {
                continue;
            }
            int32_t recorded = day_at(&columns[COL_RECORDED], i);
            b->last_recorded = recorded > b->last_recorded ? recorded : b->last_recorded;
            see(b, x->first[k] + i);
            if (x->in_borough && x->in_borough[k][i] == b->w.area) {
                event_of[x->first[k] + i] = (uint32_t)b->event_count + 1;
                b->events[b->event_count++] = event_at(s, x, columns, k, i);
            }
        }
    }
    return rv_ok();
}

/* ---- victims: their sex, for products that ask for it ---- */

static rv_status read_persons(struct scan *s, const struct joined_extract *p,
                              const uint32_t *event_of, struct rv_err *reterr)
{
    static const char *const names[] = {"role", "sex"};
    static const char *const sexes[] = {"female", "male", "other", NULL};
    struct brief_work *b = s->b;
    struct arena *a = b->w.held.arena;
    struct extract_scan *scan;
    RV_TRY(held_scan(&b->w.held, p->info->id, names, 2, &scan, reterr));
    const struct dictionary *roles = extract_scan_dictionary(scan, 0);
    const struct dictionary *words = extract_scan_dictionary(scan, 1);
    uint32_t victim = roles ? dictionary_find(roles, text_of("victim")) : 0;
    uint32_t sex_count = words && words->count ? words->count : 1;
    int *sex_of = ARENA_NEW(a, int, sex_count);
    if (!sex_of) {
        return arena_fail(a, reterr);
    }
    for (uint32_t c = 1; c < sex_count; c++) {
        sex_of[c] = vocabulary_find(sexes, dictionary_text(words, c));
    }
    for (uint32_t k = 0; k < extract_scan_chunks(scan) && victim; k++) {
        struct column columns[2];
        const uint64_t *current;
        arena_clear(&s->scratch);
        RV_TRY(extract_scan_read(scan, k, &s->scratch, columns, &current, reterr));
        for (uint32_t i = 0; i < columns[0].rows; i++) {
            uint32_t ordinal = p->offence[k][i];
            bool is_victim = ordinal != NO_RECORD && columns[0].codes[i] == victim;
            int sex = is_victim && columns[1].codes[i] > 0 ? sex_of[columns[1].codes[i]] : -1;
            if (sex >= 0) {
                b->seen.sexes |= (uint8_t)(1u << sex);
            }
            if (sex >= 0 && event_of[ordinal] > 0) {
                b->events[event_of[ordinal] - 1].sexes |= (uint8_t)(1u << sex);
            }
        }
    }
    return rv_ok();
}

/* ---- all ---- */

static rv_status read_all(struct scan *s, struct rv_err *reterr)
{
    struct brief_work *b = s->b;
    struct arena *a = b->w.held.arena;
    const struct source *source = b->joined->source;
    size_t rows = b->joined->records.count;
    uint32_t *event_of = ARENA_NEW(a, uint32_t, rows + 1);
    b->events = ARENA_NEW(a, struct brief_event, rows + 1);
    if (!event_of || !b->events) {
        return arena_fail(a, reterr);
    }
    b->last_recorded = BRIEF_NO_DAY;
    for (size_t i = 0; i < source->extract_count; i++) {
        int64_t id = source->extracts[i].id;
        struct extract_reading x = {.first = b->joined->records.first[i]};
        RV_TRY(held_scan(&b->w.held, id, COLUMNS, COLS, &x.scan, reterr));
        RV_TRY(map_codes(s, &x, reterr));
        RV_TRY(held_placement_of(&b->w.held, id, b->w.boroughs, &x.in_borough, reterr));
        if (b->w.wards) {
            RV_TRY(held_placement_of(&b->w.held, id, b->w.wards, &x.in_ward, reterr));
        }
        RV_TRY(read_extract(s, &x, event_of, reterr));
    }
    for (size_t i = 0; i < b->joined->records.person_extracts; i++) {
        RV_TRY(read_persons(s, &b->joined->records.persons[i], event_of, reterr));
    }
    return rv_ok();
}

static rv_status keep_venues(struct scan *s, struct rv_err *reterr)
{
    struct brief_work *b = s->b;
    struct arena *a = b->w.held.arena;
    b->venue_count = s->venues.count ? s->venues.count : 1;
    b->venues = ARENA_NEW(a, const char *, b->venue_count);
    for (uint32_t c = 0; b->venues && c < b->venue_count; c++) {
        struct text name = c ? dictionary_text(&s->venues, c) : text_of("");
        b->venues[c] = arena_text(a, name.at, name.n);
    }
    return b->venues ? rv_ok() : arena_fail(a, reterr);
}

rv_status brief_scan(struct brief_work *b, struct rv_err *reterr)
{
    struct scan s = {.b = b};
    arena_init(&s.scratch, LIMIT_ARENA_BYTES);
    dictionary_init(&s.venues, MOST_VENUES);
    rv_status status = list_wards(&s, reterr);
    status = rv_is_ok(status) ? read_all(&s, reterr) : status;
    status = rv_is_ok(status) ? keep_venues(&s, reterr) : status;
    dictionary_done(&s.venues);
    arena_done(&s.scratch);
    return status;
}
