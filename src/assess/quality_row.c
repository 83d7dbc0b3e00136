/* assess/quality_row.c — what each row adds to the facts of its source.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/quality_scan.h"
#include "base/hash.h"
#include "column/group.h"

/* Of every time that exists (civil_time_exists). */
enum { FIRST_MONTH = 1800 * 12, LAST_MONTH = 2199 * 12 + 11 };

/* ---- a row ---- */

struct reading { /* one row while it is looked at */
    const struct scanned_extract *x;
    const struct column *columns;
    const uint32_t
        *months; /* [row]: of record, from 1 = FIRST_MONTH; 0 = none. NULL = none of any */
    struct quality_counts *c;
    int64_t *stations;
    uint32_t row;
    size_t ordinal;
    int32_t month; /* of record; 0 = none */
    size_t year;
    uint8_t recorded_group; /* of its own or of its offence code; 0 = not recorded */
    uint8_t group;          /* the same, or else the publisher's category */
    size_t role;            /* 0 = none, or kind without roles */
};

static bool has(const struct reading *r, enum slot slot)
{
    return column_has(&r->columns[slot], r->row);
}

static uint8_t means(const struct reading *r, enum slot slot)
{
    const struct column *c = &r->columns[slot];
    return r->x->maps[slot] && c->type == COLUMN_CATEGORY ? r->x->maps[slot][c->codes[r->row]] : 0;
}

/* The time in a slot, or false: not a column of times, or missing there. */
static bool time_at(const struct reading *r, enum slot slot, civil_time *ret)
{
    const struct column *c = &r->columns[slot];
    if (c->type != COLUMN_TIME || !column_has(c, r->row)) {
        return false;
    }
    *ret = c->integers[r->row];
    return true;
}

static void add_share(struct quality_share *s, bool is_found)
{
    s->of++;
    s->count += is_found ? 1 : 0;
}

/* Compared only as finely as both are known. */
static bool is_before(civil_time a, civil_time b)
{
    enum civil_precision x = civil_precision_of(a), y = civil_precision_of(b);
    enum civil_precision coarser = x < y ? x : y;
    return coarser == CIVIL_MONTH  ? civil_month_of(a) < civil_month_of(b)
           : coarser == CIVIL_DATE ? civil_day_of(a) < civil_day_of(b)
                                   : civil_seconds(a) < civil_seconds(b);
}

static void read_fields(const struct scanning *s, struct reading *r)
{
    bool is_there[FIELD_COUNT] = {[FIELD_AGE] = has(r, SLOT_AGE) || means(r, SLOT_BAND),
                                  [FIELD_SEX] = has(r, SLOT_SEX),
                                  [FIELD_ETHNICITY] = means(r, SLOT_ETHNICITY) != 0,
                                  [FIELD_GROUP] = r->recorded_group != 0,
                                  [FIELD_CLOCK] = has(r, SLOT_CLOCK),
                                  [FIELD_OUTCOME] = has(r, SLOT_OUTCOME),
                                  [FIELD_STATION] = has(r, SLOT_STATION),
                                  [FIELD_ROUTE] = has(r, SLOT_ROUTE)};
    if (s->is_search && means(r, SLOT_TYPE) == TYPE_VEHICLE) {
        return; /* a vehicle alone: nobody whose age could be missing */
    }
    for (int k = 0; k < FIELD_COUNT; k++) {
        if (s->out->has[k]) {
            add_share(&r->c->missing[k][r->role][r->year], !is_there[k]);
        }
    }
}

/* Of a day outside the range of the table at once. */
static void add_event(struct quality_counts *c, int32_t day)
{
    int year, month, of_month;
    if (day >= QUALITY_FIRST_DAY && day < QUALITY_FIRST_DAY + QUALITY_DAYS) {
        c->events[day - QUALITY_FIRST_DAY]++;
        return;
    }
    civil_from_days(day, &year, &month, &of_month);
    c->month_days[of_month]++;
}

static void read_times(struct reading *r, struct quality_rows *rows)
{
    civil_time at, recorded, end;
    bool has_clock = time_at(r, SLOT_CLOCK, &at), has_record = time_at(r, SLOT_RECORDED, &recorded);
    bool has_end = time_at(r, SLOT_END, &end);
    if (has_record && civil_precision_of(recorded) >= CIVIL_DATE) {
        int32_t day = civil_day_of(recorded);
        r->c->dated++;
        if (day >= QUALITY_FIRST_DAY && day < QUALITY_FIRST_DAY + QUALITY_DAYS) {
            r->c->daily[day - QUALITY_FIRST_DAY]++;
        }
        if (rows->recorded) {
            rows->recorded[r->ordinal] = day;
        }
    }
    if (!has_clock || civil_precision_of(at) < CIVIL_DATE) {
        return;
    }
    int32_t day_of_event = civil_day_of(at);
    add_event(r->c, day_of_event);
    if (rows->committed) {
        rows->committed[r->ordinal] = day_of_event;
    }
    if (civil_precision_of(at) < CIVIL_MINUTE) {
        return;
    }
    int64_t seconds = civil_seconds(at) - (int64_t)day_of_event * 86400;
    r->c->timed++;
    r->c->minutes[r->group][seconds / 60]++;
    if (rows->hour) {
        rows->hour[r->ordinal] = (int8_t)(seconds / 3600);
    }
    if (has_end && civil_precision_of(end) >= CIVIL_MINUTE && !is_before(end, at)) {
        r->c->windows++;
        r->c->long_windows += civil_seconds(end) - civil_seconds(at) > 86400;
    }
}

static void read_place(struct reading *r, struct quality_rows *rows)
{
    enum { EXACT = 1, SNAPPED, WITHHELD, AREA_ONLY };
    bool has_point = has(r, SLOT_EAST) && has(r, SLOT_NORTH);
    bool has_code = has(r, SLOT_LSOA) || has(r, SLOT_WARD) || has(r, SLOT_BOROUGH);
    uint8_t precision = means(r, SLOT_PRECISION);
    enum quality_place place = precision == WITHHELD ? PLACE_WITHHELD
                               : has_point           ? precision == SNAPPED     ? PLACE_SNAPPED
                                                       : precision == AREA_ONLY ? PLACE_AREA
                                                                                : PLACE_POINT
                               : has_code            ? PLACE_AREA
                                                     : PLACE_NOWHERE;
    r->c->places[r->group][place]++;
    if (precision == EXACT) {
        add_share(&r->c->clashes[CLASH_PRECISION], !has_point);
    }
    if (has_point && rows->point) {
        uint64_t east = (uint64_t)r->columns[SLOT_EAST].integers[r->row];
        uint64_t north = (uint64_t)r->columns[SLOT_NORTH].integers[r->row];
        rows->point[r->ordinal] = (east << 32 | (north & UINT32_MAX)) + 1;
    }
}

static void read_clashes(const struct scanning *s, struct reading *r, unsigned terrorism)
{
    struct quality_share *clashes = r->c->clashes;
    civil_time from, to, recorded, decided;
    bool has_from = time_at(r, SLOT_CLOCK, &from), has_to = time_at(r, SLOT_END, &to);
    bool has_record = time_at(r, SLOT_RECORDED, &recorded);
    uint8_t flags = means(r, SLOT_FLAGS);
    if (means(r, SLOT_WEAPON) == WEAPON_USE_NONE) {
        add_share(&clashes[CLASH_WEAPON], flags & FLAG_WEAPON);
    }
    if (flags & FLAG_TERRORISM && r->recorded_group) {
        add_share(&clashes[CLASH_TERRORISM], r->recorded_group != terrorism);
    }
    if (has_from && has_to) {
        add_share(&clashes[CLASH_WINDOW], is_before(to, from));
    }
    if (has_from && has_record && s->is_offences) {
        add_share(&clashes[CLASH_RECORDED], is_before(recorded, from));
    }
    if (has_record && time_at(r, SLOT_DECIDED, &decided)) {
        add_share(&clashes[CLASH_OUTCOME_DATE], is_before(decided, recorded));
    }
    if (has(r, SLOT_BAND)) {
        add_share(&clashes[CLASH_BAND], !means(r, SLOT_BAND));
    }
    if (has_record) { /* a day of grace: clocks of other zones */
        add_share(&clashes[CLASH_FUTURE], civil_precision_of(recorded) >= CIVIL_DATE &&
                                              civil_day_of(recorded) - 1 > r->x->imported);
    }
}

/* ---- a chunk ---- */

static void clear_rows(struct quality_rows *rows, size_t first, uint32_t n)
{
    for (size_t i = first; rows->committed && i < first + n; i++) {
        rows->committed[i] = rows->recorded[i] = INT32_MIN;
        rows->hour[i] = -1;
    }
}

static uint64_t hash_of(struct text key)
{
    uint64_t h = hash64(key.at, key.n);
    return h ? h : 1;
}

static void keep_row(const struct reading *r, struct quality_rows *rows)
{
    if (rows->key) {
        const struct column *key = &r->columns[SLOT_KEY];
        bool has_key = key->type == COLUMN_TEXT && column_has(key, r->row);
        rows->key[r->ordinal] = has_key ? hash_of(column_text_at(key, r->row)) : 0;
    }
    if (rows->sex) {
        rows->sex[r->ordinal] = means(r, SLOT_SEX);
    }
    if (rows->group) {
        rows->group[r->ordinal] = r->group;
    }
    if (rows->month) {
        rows->month[r->ordinal] = r->month;
    }
}

/* The month of record and whether the row is looked at. */
static bool date_row(const struct scanning *s, struct reading *r, uint32_t sequence)
{
    r->month = 0;
    if (s->is_persons) {
        uint32_t offence = r->x->offence ? r->x->offence[sequence][r->row] : NO_RECORD;
        r->month = offence == NO_RECORD ? 0 : s->scan->month_of[offence];
    } else if (r->months && r->months[r->row]) {
        r->month = (int32_t)r->months[r->row] - 1 + FIRST_MONTH;
    }
    struct month_range p = s->scan->period;
    int32_t year = r->month / 12 - QUALITY_FIRST_MONTH / 12 + 1;
    r->year = r->month && year > 0 && year < QUALITY_YEARS ? (size_t)year : 0;
    return p.first > p.last || (r->month >= p.first && r->month <= p.last);
}

static void read_row(const struct scanning *s, struct reading *r, unsigned terrorism)
{
    struct quality_rows *rows = &s->out->rows;
    uint8_t group = means(r, SLOT_GROUP);
    group = group ? group : means(r, SLOT_CODE);
    r->recorded_group = group;
    r->group = group ? group : means(r, SLOT_CATEGORY);
    r->role = s->is_persons ? means(r, SLOT_ROLE) : 0;
    r->c->rows++;
    r->c->groups[r->group]++;
    int32_t month = r->month - QUALITY_FIRST_MONTH;
    if (month >= 0 && month < QUALITY_MONTHS) {
        r->c->months[r->group][month]++;
    }
    if (has(r, SLOT_STATION)) {
        const struct column *route = &r->columns[SLOT_ROUTE];
        uint32_t line = r->x->routes[route->codes[r->row]];
        uint32_t station = r->x->stations[r->columns[SLOT_STATION].codes[r->row]];
        r->stations[(size_t)line * s->out->stations.count + station]++;
    }
    keep_row(r, rows);
    read_fields(s, r);
    read_times(r, rows);
    read_place(r, rows);
    read_clashes(s, r, terrorism);
}

static rv_status read_months(struct arena *scratch, struct reading *r, uint32_t n,
                             struct rv_err *reterr)
{
    const struct column *recorded = &r->columns[SLOT_RECORDED];
    if (recorded->type != COLUMN_TIME) {
        return rv_ok();
    }
    uint32_t *months = ARENA_NEW(scratch, uint32_t, n);
    if (!months) {
        return arena_fail(scratch, reterr);
    }
    month_codes(recorded, FIRST_MONTH, LAST_MONTH, months);
    r->months = months;
    return rv_ok();
}

rv_status quality_scan_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    struct scanning *s = context;
    size_t i = 0;
    while (i + 1 < s->extract_count && s->extracts[i + 1].first_piece <= piece) {
        i++;
    }
    const struct scanned_extract *x = &s->extracts[i];
    uint32_t sequence = (uint32_t)(piece - x->first_piece);
    struct column columns[SLOTS];
    const uint64_t *current = NULL;
    RV_TRY(progress_check(s->scan->held->progress, reterr));
    arena_clear(&s->scratch[worker]);
    RV_TRY(extract_scan_read(x->scan, sequence, &s->scratch[worker], columns, &current, reterr));
    struct reading r = {
        .x = x, .columns = columns, .c = s->counts[worker], .stations = s->stations[worker]};
    uint32_t n = extract_scan_rows(x->scan, sequence);
    RV_TRY(read_months(&s->scratch[worker], &r, n, reterr));
    unsigned terrorism = dictionary_find(&s->out->groups, text_of("terrorism"));
    clear_rows(&s->out->rows, s->piece_rows[piece], n);
    for (r.row = 0; r.row < n; r.row++) {
        r.ordinal = s->piece_rows[piece] + r.row;
        bool is_current = !current || (current[r.row / 64] >> (r.row % 64) & 1);
        if (is_current && date_row(s, &r, sequence)) {
            read_row(s, &r, terrorism);
        }
    }
    progress_add(s->scan->held->progress, n);
    return rv_ok();
}
