/* assess/quality_scan.c — one pass over the columns of a source, in parallel, for every check.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/quality_scan.h"

#include "base/limits.h"
#include "base/memory.h"
#include "define/age_band.h"
#include "define/offence_class.h"

#include <string.h>

/* Names that most kinds share; a kind without the column has it missing in every row. */
static const char *const NAMES[SLOTS] = {
    [SLOT_KEY] = "offence_id",
    [SLOT_RECORDED] = "recorded_at",
    [SLOT_CLOCK] = "committed_from",
    [SLOT_END] = "committed_to",
    [SLOT_DECIDED] = "outcome_date",
    [SLOT_GROUP] = "offence_group",
    [SLOT_CODE] = "offence_code",
    [SLOT_CATEGORY] = "category",
    [SLOT_FLAGS] = "flags",
    [SLOT_WEAPON] = "weapon_use",
    [SLOT_EAST] = "easting",
    [SLOT_NORTH] = "northing",
    [SLOT_PRECISION] = "location_precision",
    [SLOT_LSOA] = "lsoa_code",
    [SLOT_WARD] = "ward_code",
    [SLOT_BOROUGH] = "borough_code",
    [SLOT_OUTCOME] = "outcome",
    [SLOT_ROLE] = "role",
    [SLOT_AGE] = "age",
    [SLOT_BAND] = "age_band",
    [SLOT_SEX] = "sex",
    [SLOT_ETHNICITY] = "ethnicity",
    [SLOT_STATION] = "station",
    [SLOT_ROUTE] = "route",
    [SLOT_TYPE] = "type",
};

/* What differs: the key, the date of record and the time of the event. */
static const struct kind_names {
    const char *kind, *key, *recorded, *clock;
} KINDS[] = {
    {"offences", "offence_id", "recorded_at", "committed_from"},
    {"persons", "person_ref", "", ""},
    {"ambulance", "incident_id", "called_at", "called_at"},
    {"transport", "incident_id", "occurred_at", "occurred_at"},
    {"emergency-department", "", "arrived_at", "assault_at"},
    {"stop-search", "", "searched_at", "searched_at"},
};

/* ---- what codes mean ---- */

static uint8_t place_in(const char *const *list, struct text value)
{
    return (uint8_t)(vocabulary_find(list, value) + 1);
}

/* Ethnicities that say why there is none count as not recorded. */
static bool is_not_stated(struct text v)
{
    return text_is(v, "NS") || text_is(v, "N1") || text_is(v, "N2") || text_is(v, "N3");
}

static uint8_t meaning(struct scanning *s, enum slot slot, struct text value)
{
    static const char *const precisions[] = {"exact", "snapped", "withheld", "area-only", NULL};
    static const char *const sexes[] = {"female", "male", NULL};
    uint32_t code = 0;
    int from, to;
    struct rv_err ignored;
    switch ((int)slot) {
    case SLOT_GROUP:
    case SLOT_CATEGORY:
        /* More labels than can be told apart stay together as not told apart: 0. */
        return dictionary_code(&s->out->groups, value, &code, &ignored).code == RV_OK
                   ? (uint8_t)code
                   : 0;
    case SLOT_CODE: {
        const char *group = offence_class_group(value);
        return group ? meaning(s, SLOT_GROUP, text_of(group)) : 0;
    }
    case SLOT_FLAGS: {
        flag_set flags = flags_of(value);
        flag_set weapons = flags_of(text_of("knife;firearm;corrosive;other-weapon"));
        return (uint8_t)((flags & weapons ? FLAG_WEAPON : 0) |
                         (flags & flags_of(text_of("terrorism")) ? FLAG_TERRORISM : 0));
    }
    case SLOT_WEAPON:
        return text_is(value, "none") ? WEAPON_USE_NONE : WEAPON_USE_NONE + 1;
    case SLOT_PRECISION:
        return place_in(precisions, value);
    case SLOT_ROLE:
        return place_in(PERSON_ROLES, value);
    case SLOT_SEX:
        return text_is(value, "other") ? 3 : place_in(sexes, value);
    case SLOT_ETHNICITY:
        return !is_not_stated(value);
    case SLOT_BAND:
        return age_band_parse(value, &from, &to);
    case SLOT_TYPE:
        return text_is(value, "vehicle") ? TYPE_VEHICLE : 0;
    default:
        return 1;
    }
}

static bool is_mapped(enum slot slot)
{
    return slot == SLOT_GROUP || slot == SLOT_CODE || slot == SLOT_CATEGORY || slot == SLOT_FLAGS ||
           slot == SLOT_WEAPON || slot == SLOT_PRECISION || slot == SLOT_ROLE || slot == SLOT_SEX ||
           slot == SLOT_ETHNICITY || slot == SLOT_TYPE || slot == SLOT_BAND;
}

static rv_status map_extract(struct scanning *s, struct scanned_extract *x, struct rv_err *reterr)
{
    struct arena *a = s->scan->held->arena;
    for (enum slot slot = 0; slot < SLOTS; slot++) {
        const struct dictionary *d = extract_scan_dictionary(x->scan, slot);
        uint32_t n = d && d->count ? d->count : 1;
        if (!is_mapped(slot)) {
            continue;
        }
        x->maps[slot] = ARENA_NEW(a, uint8_t, n);
        for (uint32_t c = 1; x->maps[slot] && c < n; c++) {
            x->maps[slot][c] = meaning(s, slot, dictionary_text(d, c));
        }
        if (!x->maps[slot]) {
            return arena_fail(a, reterr);
        }
    }
    return rv_ok();
}

/* Stations and routes of a source of transport, more routes than are told apart being 0. */
static rv_status map_stations(struct scanning *s, struct scanned_extract *x, struct rv_err *reterr)
{
    struct arena *a = s->scan->held->arena;
    const struct dictionary *d = extract_scan_dictionary(x->scan, SLOT_STATION);
    const struct dictionary *r = extract_scan_dictionary(x->scan, SLOT_ROUTE);
    uint32_t n = d && d->count ? d->count : 1, m = r && r->count ? r->count : 1;
    struct rv_err ignored;
    x->stations = ARENA_NEW(a, uint32_t, n);
    x->routes = ARENA_NEW(a, uint32_t, m);
    if (!x->stations || !x->routes) {
        return arena_fail(a, reterr);
    }
    for (uint32_t c = 1; c < n; c++) {
        RV_TRY(dictionary_code(&s->out->stations, dictionary_text(d, c), &x->stations[c], reterr));
    }
    for (uint32_t c = 1; c < m; c++) {
        if (!rv_is_ok(
                dictionary_code(&s->out->routes, dictionary_text(r, c), &x->routes[c], &ignored))) {
            x->routes[c] = 0;
        }
    }
    return rv_ok();
}

/* ---- opening ---- */

static const struct kind_names *names_of(const char *kind)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (strcmp(KINDS[i].kind, kind) == 0) {
            return &KINDS[i];
        }
    }
    return NULL;
}

static void note_columns(struct quality_facts *f, const struct scanned_extract *x, bool is_search)
{
    static const enum slot columns[FIELD_COUNT][2] = {
        [FIELD_AGE] = {SLOT_AGE, SLOT_BAND},
        [FIELD_SEX] = {SLOT_SEX, SLOT_SEX},
        [FIELD_ETHNICITY] = {SLOT_ETHNICITY, SLOT_ETHNICITY},
        [FIELD_GROUP] = {SLOT_GROUP, SLOT_CODE},
        [FIELD_CLOCK] = {SLOT_CLOCK, SLOT_CLOCK},
        [FIELD_OUTCOME] = {SLOT_OUTCOME, SLOT_OUTCOME},
        [FIELD_STATION] = {SLOT_STATION, SLOT_STATION},
        [FIELD_ROUTE] = {SLOT_ROUTE, SLOT_ROUTE}};
    for (int k = 0; k < FIELD_COUNT; k++) {
        f->has[k] |=
            extract_scan_has(x->scan, columns[k][0]) || extract_scan_has(x->scan, columns[k][1]);
    }
    f->has[FIELD_OUTCOME] &= !is_search;
    f->has_place |= extract_scan_has(x->scan, SLOT_EAST) || extract_scan_has(x->scan, SLOT_LSOA) ||
                    extract_scan_has(x->scan, SLOT_WARD);
    f->has_station |= extract_scan_has(x->scan, SLOT_STATION);
}

static int32_t day_of_import(const struct extract_info *info)
{
    civil_time t;
    struct text stamp = text_of(info->imported_at);
    stamp.n = stamp.n < 10 ? stamp.n : 10;
    return civil_parse(stamp, &t) == CIVIL_OK ? civil_day_of(t) : INT32_MAX;
}

/* What is current comes from the shelf; an earlier view is its own. */
static rv_status open_extract(const struct scanning *s, int64_t id, const char *const *columns,
                              struct extract_scan **ret, struct rv_err *reterr)
{
    struct held *h = s->scan->held;
    return s->scan->as_of ? extract_scan_open(h->store, h->arena, id, columns, SLOTS,
                                              s->scan->as_of, ret, reterr)
                          : held_scan(h, id, columns, SLOTS, ret, reterr);
}

/* What an earlier view is compared by (quality_previous.c): rows a month and what is missing. */
static bool is_of_summary(enum slot slot)
{
    return slot == SLOT_RECORDED || slot == SLOT_CLOCK || slot == SLOT_GROUP || slot == SLOT_CODE ||
           slot == SLOT_OUTCOME || slot == SLOT_ROLE || slot == SLOT_AGE || slot == SLOT_BAND ||
           slot == SLOT_SEX || slot == SLOT_ETHNICITY || slot == SLOT_STATION ||
           slot == SLOT_ROUTE || slot == SLOT_TYPE;
}

static rv_status open_extracts(struct scanning *s, struct rv_err *reterr)
{
    const struct source *source = s->scan->source;
    struct arena *a = s->scan->held->arena;
    const struct kind_names *names = names_of(source->kind);
    const char *columns[SLOTS];
    if (!names) {
        return rv_fail(reterr, RV_INVALID, "records of the kind %s are not checked", source->kind);
    }
    memcpy(columns, NAMES, sizeof columns);
    columns[SLOT_KEY] = names->key;
    columns[SLOT_RECORDED] = names->recorded;
    columns[SLOT_CLOCK] = names->clock;
    for (enum slot slot = 0; slot < SLOTS && !s->scan->rows; slot++) {
        columns[slot] = is_of_summary(slot) ? columns[slot] : "";
    }
    s->extracts = ARENA_NEW(a, struct scanned_extract, source->extract_count);
    if (!s->extracts) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < source->extract_count; i++) {
        struct scanned_extract *x = &s->extracts[i];
        RV_TRY(open_extract(s, source->extracts[i].id, columns, &x->scan, reterr));
        x->imported = day_of_import(&source->extracts[i]);
        x->first_piece = s->pieces;
        s->pieces += extract_scan_chunks(x->scan);
        note_columns(s->out, x, s->is_search);
    }
    s->extract_count = source->extract_count;
    for (size_t i = 0; i < s->extract_count; i++) {
        RV_TRY(map_extract(s, &s->extracts[i], reterr));
        RV_TRY(map_stations(s, &s->extracts[i], reterr));
    }
    return rv_ok();
}

/* Room for what each of n rows leaves behind. */
static rv_status make_rows(struct scanning *s, size_t n, struct rv_err *reterr)
{
    struct arena *a = s->scan->rows, *lasting = s->scan->held->arena;
    struct quality_rows *r = &s->out->rows;
    r->key = ARENA_NEW(a, uint64_t, n + 1);
    if (s->is_persons) {
        r->sex = ARENA_NEW(a, uint8_t, n + 1);
        return r->key && r->sex ? rv_ok() : arena_fail(a, reterr);
    }
    r->point = ARENA_NEW(a, uint64_t, n + 1);
    r->committed = ARENA_NEW(a, int32_t, n + 1);
    r->recorded = ARENA_NEW(a, int32_t, n + 1);
    r->hour = ARENA_NEW(a, int8_t, n + 1);
    r->group = ARENA_NEW(a, uint8_t, n + 1);
    if (!r->key || !r->point || !r->committed || !r->recorded || !r->hour || !r->group) {
        return arena_fail(a, reterr);
    }
    r->month = s->is_offences ? ARENA_NEW(lasting, int32_t, n + 1) : NULL;
    return r->month || !s->is_offences ? rv_ok() : arena_fail(lasting, reterr);
}

/* The ordinal of the first row of each piece, in the order of define/records.h. */
static rv_status number_rows(struct scanning *s, struct rv_err *reterr)
{
    struct arena *a = s->scan->held->arena;
    s->piece_rows = ARENA_NEW(a, size_t, s->pieces + 1);
    if (!s->piece_rows) {
        return arena_fail(a, reterr);
    }
    size_t piece = 0, row = 0;
    for (size_t i = 0; i < s->extract_count; i++) {
        for (uint32_t k = 0; k < extract_scan_chunks(s->extracts[i].scan); k++) {
            s->piece_rows[piece++] = row;
            row += extract_scan_rows(s->extracts[i].scan, k);
        }
    }
    s->out->rows.n = row;
    return s->scan->rows ? make_rows(s, row, reterr) : rv_ok();
}

/* ---- the whole ---- */

static rv_status open_workers(struct scanning *s, struct rv_err *reterr)
{
    s->workers = pool_threads(s->scan->held->pool);
    s->counts = memory_new(s->workers, sizeof *s->counts);
    s->stations = memory_new(s->workers, sizeof *s->stations);
    s->scratch = memory_new(s->workers, sizeof *s->scratch);
    bool is_whole = s->counts && s->stations && s->scratch;
    for (size_t i = 0; is_whole && i < s->workers; i++) {
        arena_init(&s->scratch[i], LIMIT_ARENA_BYTES);
        s->counts[i] = memory_new(1, sizeof **s->counts);
        s->stations[i] =
            memory_new((size_t)s->out->stations.count * s->out->routes.count, sizeof **s->stations);
        is_whole = s->counts[i] && s->stations[i];
    }
    return is_whole ? rv_ok()
                    : rv_fail(reterr, RV_NO_MEMORY, "Out of memory while checking the data.");
}

static void close_workers(struct scanning *s)
{
    for (size_t i = 0; i < s->workers; i++) {
        if (s->counts) {
            memory_free(s->counts[i]);
        }
        if (s->stations) {
            memory_free(s->stations[i]);
        }
        if (s->scratch) {
            arena_done(&s->scratch[i]);
        }
    }
    memory_free(s->counts);
    memory_free(s->stations);
    memory_free(s->scratch);
}

/* Days of the event as days of the month: once a day, not once a row. */
static void add_month_days(struct quality_counts *c)
{
    for (int32_t d = 0; d < QUALITY_DAYS; d++) {
        int year, month, day;
        civil_from_days(d + QUALITY_FIRST_DAY, &year, &month, &day);
        c->month_days[day] += c->events[d];
    }
}

/* quality_counts is nothing but int64_t: sums do not depend on the order of workers. */
static rv_status add_up(struct scanning *s, struct rv_err *reterr)
{
    struct arena *a = s->scan->held->arena;
    struct quality_facts *f = s->out;
    f->counts = ARENA_NEW(a, struct quality_counts, 1);
    f->station_counts = ARENA_NEW(a, int64_t, f->stations.count);
    f->route_counts = ARENA_NEW(a, int64_t, (size_t)f->stations.count * f->routes.count);
    if (!f->counts || !f->station_counts || !f->route_counts) {
        return arena_fail(a, reterr);
    }
    _Static_assert(sizeof(struct quality_counts) % sizeof(int64_t) == 0, "only int64_t");
    int64_t *sum = (int64_t *)f->counts;
    for (size_t w = 0; w < s->workers; w++) {
        const int64_t *part = (const int64_t *)s->counts[w];
        for (size_t i = 0; i < sizeof *f->counts / sizeof *sum; i++) {
            sum[i] += part[i];
        }
        for (size_t c = 0; c < (size_t)f->stations.count * f->routes.count; c++) {
            f->route_counts[c] += s->stations[w][c];
            f->station_counts[c % f->stations.count] += s->stations[w][c];
        }
    }
    add_month_days(f->counts);
    return rv_ok();
}

static void join_persons(struct scanning *s)
{
    const struct joined *j = s->scan->joined;
    for (size_t i = 0; s->is_persons && j && i < s->extract_count; i++) {
        for (size_t k = 0; k < j->records.person_extracts; k++) {
            const struct joined_extract *p = &j->records.persons[k];
            if (p->info->id == s->scan->source->extracts[i].id) {
                s->extracts[i].offence = (const uint32_t *const *)p->offence;
            }
        }
    }
}

rv_status quality_read(const struct quality_scan *scan, struct quality_facts *ret,
                       struct rv_err *reterr)
{
    const char *kind = scan->source->kind;
    struct scanning s = {.scan = scan,
                         .out = ret,
                         .is_persons = strcmp(kind, "persons") == 0,
                         .is_offences = strcmp(kind, "offences") == 0,
                         .is_search = strcmp(kind, "stop-search") == 0};
    *ret = (struct quality_facts){.source = scan->source, .period = source_span(scan->source)};
    dictionary_init(&ret->groups, QUALITY_GROUPS - 1);
    dictionary_init(&ret->stations, LIMIT_DICTIONARY);
    dictionary_init(&ret->routes, QUALITY_ROUTES);
    if (scan->period.first <= scan->period.last) {
        ret->period = scan->period;
    }
    rv_status status = open_extracts(&s, reterr);
    join_persons(&s);
    status = status.code == RV_OK ? number_rows(&s, reterr) : status;
    status = status.code == RV_OK ? open_workers(&s, reterr) : status;
    status = status.code == RV_OK
                 ? pool_run(scan->held->pool, s.pieces, quality_scan_piece, &s, reterr)
                 : status;
    status = status.code == RV_OK ? add_up(&s, reterr) : status;
    close_workers(&s);
    return status;
}

void quality_facts_done(struct quality_facts *f)
{
    dictionary_done(&f->groups);
    dictionary_done(&f->stations);
    dictionary_done(&f->routes);
}
