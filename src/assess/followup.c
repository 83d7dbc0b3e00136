/* assess/followup.c — results within a fixed time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/followup.h"

#include "base/limits.h"
#include "base/memory.h"
#include "define/vocabulary.h"

#include <stdlib.h>
#include <string.h>

const char *const FOLLOWED_NAMES[FOLLOWED_COUNT + 1] = {
    "not-followed",    "none-yet",   "accused", "out-of-court", "no-suspect",
    "victim-withdrew", "evidential", "other",   "not-dated",    NULL};
const int FOLLOW_DAYS[FOLLOW_SPANS] = {90, 180};

enum {
    FIRST_DAY = -62091, /* 1800-01-01 */
    DAYS = 146462,      /* to the end of 2200 */
    WINDOW = 28,        /* days that hold enough dates to be believed */
    LEAST_DATES = 3,
    PER_DATES = 1000
};

int32_t followup_end(const uint32_t *per_day, int32_t days)
{
    uint64_t all = 0, inside = 0;
    for (int32_t d = 0; d < days; d++) {
        all += per_day[d];
    }
    uint64_t least = all / PER_DATES > LEAST_DATES ? all / PER_DATES : LEAST_DATES;
    for (int32_t d = days - 1; d >= days - WINDOW && d >= 0; d--) {
        inside += per_day[d];
    }
    for (int32_t d = days - 1; d >= 0; d--) {
        if (per_day[d] > 0 && inside >= least) {
            return d;
        }
        inside -= per_day[d];
        inside += d - WINDOW >= 0 ? per_day[d - WINDOW] : 0;
    }
    return INT32_MIN;
}

/* While it is being made. */
struct following {
    struct held *h;
    const struct joined *joined;
    uint32_t *per_day;                /* [DAYS] of the extract at hand */
    int32_t *recorded, *dated, *ends; /* [offences]: days; INT32_MIN = not known */
    uint32_t *held_first;             /* [offences]: the extract that brought it; NULL = all once */
    uint8_t *result;                  /* [offences]: own, of enum followed */
    uint8_t *states[FOLLOW_SPANS];
    int32_t results_end, last;
};

/* Of the vocabulary of outcomes, 0 = not recorded. */
static uint8_t state_of(uint8_t outcome)
{
    static const char *const open = "open";
    const char *word = outcome ? OFFENCE_OUTCOMES[outcome - 1] : open;
    if (strcmp(word, open) == 0) {
        return FOLLOWED_NONE;
    }
    for (uint8_t s = FOLLOWED_ACCUSED; s < FOLLOWED_UNDATED; s++) {
        if (strcmp(word, FOLLOWED_NAMES[s]) == 0) {
            return s;
        }
    }
    return FOLLOWED_OTHER;
}

static void note_day(struct following *w, int32_t day)
{
    if (day >= FIRST_DAY && day < FIRST_DAY + DAYS) {
        w->per_day[day - FIRST_DAY]++;
    }
}

/* The day in a column of times; INT32_MIN where it has none, or only a month. */
static int32_t day_at(const struct column *c, uint32_t row)
{
    bool has = c->type == COLUMN_TIME && column_has(c, row) &&
               civil_precision_of(c->integers[row]) >= CIVIL_DATE;
    return has ? civil_day_of(c->integers[row]) : INT32_MIN;
}

/* The last day of what was counted, which is no later than the day of import. */
static int32_t end_of(struct following *w, const struct extract_info *x)
{
    int32_t at = followup_end(w->per_day, DAYS), end = at == INT32_MIN ? at : at + FIRST_DAY;
    civil_time imported;
    struct text day = text_of(x->imported_at);
    day.n = day.n > 10 ? 10 : day.n;
    if (civil_parse(day, &imported) == CIVIL_OK && civil_day_of(imported) < end) {
        end = civil_day_of(imported);
    }
    memset(w->per_day, 0, DAYS * sizeof *w->per_day);
    return end;
}

enum { COLUMN_RECORDED, COLUMN_OUTCOME, COLUMN_DATE, COLUMNS };
static const char *const NAMES[COLUMNS] = {"recorded_at", "outcome", "outcome_date"};

static const uint8_t *map_outcomes(struct arena *a, const struct extract_scan *scan)
{
    const struct dictionary *d = extract_scan_dictionary(scan, COLUMN_OUTCOME);
    uint32_t n = d && d->count ? d->count : 1;
    uint8_t *map = ARENA_NEW(a, uint8_t, n);
    for (uint32_t c = 0; map && c < n; c++) {
        int word = c ? vocabulary_find(OFFENCE_OUTCOMES, dictionary_text(d, c)) : -1;
        map[c] = state_of((uint8_t)(word + 1));
    }
    return map;
}

static rv_status read_extract(struct following *w, size_t i, struct rv_err *reterr)
{
    const struct extract_info *x = &w->joined->source->extracts[i];
    const struct offence_records *records = &w->joined->records;
    struct arena scratch RV_CLEANUP(arena_done);
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    struct extract_scan *scan;
    RV_TRY(held_scan(w->h, x->id, NAMES, COLUMNS, &scan, reterr));
    const uint8_t *map = map_outcomes(w->h->arena, scan);
    if (!map) {
        return arena_fail(w->h->arena, reterr);
    }
    if (extract_scan_chunks(scan) == 0) {
        return rv_ok();
    }
    uint32_t first = records->first[i][0], end = first;
    for (uint32_t k = 0; k < extract_scan_chunks(scan); k++) {
        struct column c[COLUMNS];
        const uint64_t *current;
        RV_TRY(progress_check(w->h->progress, reterr));
        arena_clear(&scratch);
        RV_TRY(extract_scan_read(scan, k, &scratch, c, &current, reterr));
        for (uint32_t row = 0; row < c[0].rows; row++) {
            uint32_t o = records->first[i][k] + row;
            bool has_code = c[COLUMN_OUTCOME].type == COLUMN_CATEGORY;
            w->recorded[o] = day_at(&c[COLUMN_RECORDED], row);
            w->dated[o] = day_at(&c[COLUMN_DATE], row);
            w->result[o] = map[has_code ? c[COLUMN_OUTCOME].codes[row] : 0];
            note_day(w, w->recorded[o]);
            note_day(w, w->dated[o]);
        }
        end = records->first[i][k] + c[0].rows;
    }
    int32_t last = end_of(w, x);
    for (uint32_t o = first; o < end; o++) {
        w->ends[o] = last;
    }
    w->last = last > w->last ? last : w->last;
    return rv_ok();
}

/* ---- offences that several extracts hold ---- */

/* Ordinals of the rows of an extract; none when it has no rows. */
static void rows_of(const struct following *w, size_t i, uint32_t *ret_first, uint32_t *ret_end)
{
    const struct extract_info *x = &w->joined->source->extracts[i];
    *ret_first = x->chunks > 0 ? w->joined->records.first[i][0] : 0;
    *ret_end = x->chunks > 0 ? *ret_first + (uint32_t)x->rows : 0;
}

/* Each offence is told of up to the latest end of the extracts that held it, whichever row of them
 * is the current one. */
static void join_ends(struct following *w)
{
    const uint32_t *same = w->joined->records.same;
    for (size_t i = 0; i < w->joined->source->extract_count; i++) {
        uint32_t o, end;
        for (rows_of(w, i, &o, &end); o < end; o++) {
            uint32_t s = same[o];
            if (s != NO_RECORD) {
                w->ends[s] = w->ends[o] > w->ends[s] ? w->ends[o] : w->ends[s];
                w->held_first[s] = (uint32_t)i < w->held_first[s] ? (uint32_t)i : w->held_first[s];
            }
        }
    }
}

/* What an extract of changes tells of offences that it does not hold: nothing new up to `end` of
 * those recorded from `from` on. */
struct told {
    int32_t from, end;
};

/* The first day of what was counted backwards, as followup_end is the last. */
static int32_t start_of(struct following *w)
{
    int32_t at = followup_end(w->per_day, DAYS);
    memset(w->per_day, 0, DAYS * sizeof *w->per_day);
    return at == INT32_MIN ? INT32_MAX : FIRST_DAY + DAYS - 1 - at;
}

/* Days on which the offences were recorded that an extract holds for the first time, or again: the
 * latter are counted backwards. */
static void note_recorded(struct following *w, size_t i, bool is_again)
{
    uint32_t o, end;
    for (rows_of(w, i, &o, &end); o < end; o++) {
        uint32_t s = w->joined->records.same[o];
        int32_t day = w->recorded[o];
        if (s != NO_RECORD && day != INT32_MIN && (w->held_first[s] < i) == is_again) {
            note_day(w, is_again ? 2 * FIRST_DAY + DAYS - 1 - day : day);
        }
    }
}

/* An extract that brings new offences, and enough earlier ones again, is one of changes: had
 * another of that time changed, it would be there too. */
static struct told told_by(struct following *w, size_t i)
{
    struct told t;
    note_recorded(w, i, true);
    t.from = start_of(w);
    note_recorded(w, i, false);
    t.end = end_of(w, &w->joined->source->extracts[i]);
    return t;
}

static void hear(struct following *w, const struct told *told)
{
    const struct offence_records *records = &w->joined->records;
    for (size_t i = 1; i < w->joined->source->extract_count; i++) {
        for (uint32_t o = 0; told[i].from <= told[i].end && o < records->count; o++) {
            bool is_of_it = records->current[o] && w->held_first[records->same[o]] < i &&
                            w->recorded[o] >= told[i].from;
            w->ends[o] = is_of_it && told[i].end > w->ends[o] ? told[i].end : w->ends[o];
        }
    }
}

/* Where some rows are not current, several extracts tell of the same offence. */
static rv_status join_extracts(struct following *w, struct rv_err *reterr)
{
    const struct offence_records *records = &w->joined->records;
    size_t n = w->joined->source->extract_count;
    struct told *told = ARENA_NEW(w->h->arena, struct told, n + 1);
    w->held_first = memory_new((size_t)records->count + 1, sizeof *w->held_first);
    if (!told || !w->held_first) {
        return rv_fail(reterr, RV_NO_MEMORY, "Out of memory while following results.");
    }
    memset(w->held_first, 0xff, (size_t)records->count * sizeof *w->held_first);
    join_ends(w);
    for (size_t i = 1; i < n; i++) {
        told[i] = told_by(w, i);
    }
    for (uint32_t o = 0; o < records->count; o++) {
        bool is_held = records->current[o] && records->same[o] != o;
        w->ends[o] = is_held ? w->ends[records->same[o]] : w->ends[o];
    }
    hear(w, told);
    return rv_ok();
}

/* Of later results the last day, all extracts together. */
static void read_results(struct following *w)
{
    const struct offence_records *records = &w->joined->records;
    size_t n = w->joined->outcome_extracts;
    for (size_t i = 0; i < records->result_count; i++) {
        note_day(w, records->results[i].day);
    }
    w->results_end = n > 0 ? end_of(w, &w->joined->outcomes[n - 1]) : INT32_MIN;
    w->last = w->results_end > w->last ? w->results_end : w->last;
}

/* Of its own result alone. */
static void start_states(struct following *w, uint32_t o)
{
    int32_t recorded = w->recorded[o], dated = w->dated[o];
    int32_t end = w->ends[o] > w->results_end ? w->ends[o] : w->results_end;
    bool is_known = recorded != INT32_MIN && end != INT32_MIN;
    for (int s = 0; s < FOLLOW_SPANS; s++) {
        bool is_old = is_known && recorded + FOLLOW_DAYS[s] <= end;
        bool is_result = w->result[o] != FOLLOWED_NONE, is_dated = dated >= recorded;
        w->states[s][o] = !is_old                              ? FOLLOWED_NOT
                          : !is_result                         ? FOLLOWED_NONE
                          : dated == INT32_MIN || !is_dated    ? FOLLOWED_UNDATED
                          : dated <= recorded + FOLLOW_DAYS[s] ? w->result[o]
                                                               : FOLLOWED_NONE;
    }
}

/* By offence, then day, then order of import. */
static int by_day(const void *a, const void *b)
{
    const struct later_result *x = a, *y = b;
    if (x->offence != y->offence) {
        return x->offence < y->offence ? -1 : 1;
    }
    if (x->day != y->day) {
        return x->day < y->day ? -1 : 1;
    }
    return (x->order > y->order) - (x->order < y->order);
}

/* Later results, in order: the latest within the time wins, also over the offence's own of the same
 * day. */
static void follow(struct following *w, const struct later_result *sorted, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct later_result *r = &sorted[i];
        uint32_t o = r->offence;
        bool is_dated = r->day != INT32_MIN && r->day >= w->recorded[o];
        uint8_t state = state_of(r->outcome);
        for (int s = 0; s < FOLLOW_SPANS; s++) {
            uint8_t *at = &w->states[s][o];
            int32_t until = w->recorded[o] + FOLLOW_DAYS[s];
            bool has_own = w->dated[o] >= w->recorded[o] && w->dated[o] <= until;
            bool is_later = !has_own || r->day >= w->dated[o];
            if (*at == FOLLOWED_NOT) {
                continue;
            }
            if (is_dated && r->day <= until && is_later) {
                *at = state;
            } else if (!is_dated && *at == FOLLOWED_NONE && state != FOLLOWED_NONE) {
                *at = FOLLOWED_UNDATED;
            }
        }
    }
}

static rv_status make_room(struct following *w, struct rv_err *reterr)
{
    size_t n = (size_t)w->joined->records.count + 1;
    w->per_day = memory_new(DAYS, sizeof *w->per_day);
    w->recorded = memory_new(n, sizeof *w->recorded);
    w->dated = memory_new(n, sizeof *w->dated);
    w->ends = memory_new(n, sizeof *w->ends);
    w->result = memory_new(n, sizeof *w->result);
    for (int s = 0; s < FOLLOW_SPANS; s++) {
        w->states[s] = ARENA_NEW(w->h->lasting, uint8_t, n);
        if (!w->states[s]) {
            return arena_fail(w->h->lasting, reterr);
        }
    }
    return w->per_day && w->recorded && w->dated && w->ends && w->result
               ? rv_ok()
               : rv_fail(reterr, RV_NO_MEMORY, "Out of memory while following results.");
}

static rv_status make(struct following *w, struct rv_err *reterr)
{
    const struct offence_records *records = &w->joined->records;
    RV_TRY(make_room(w, reterr));
    for (size_t i = 0; i < w->joined->source->extract_count; i++) {
        RV_TRY(read_extract(w, i, reterr));
    }
    RV_TRY(records->same ? join_extracts(w, reterr) : rv_ok());
    read_results(w);
    for (uint32_t o = 0; o < records->count; o++) {
        start_states(w, o);
    }
    struct later_result *sorted = memory_new(records->result_count + 1, sizeof *sorted);
    if (!sorted) {
        return rv_fail(reterr, RV_NO_MEMORY, "Out of memory while following results.");
    }
    if (records->result_count > 0) {
        memcpy(sorted, records->results, records->result_count * sizeof *sorted);
        qsort(sorted, records->result_count, sizeof *sorted, by_day);
    }
    follow(w, sorted, records->result_count);
    memory_free(sorted);
    return rv_ok();
}

rv_status held_followup_of(struct held *h, const struct joined *joined, const struct followup **ret,
                           struct rv_err *reterr)
{
    if (h->followup && h->followed == joined) {
        *ret = h->followup;
        return rv_ok();
    }
    struct following w = {.h = h, .joined = joined, .last = INT32_MIN};
    rv_status status = make(&w, reterr);
    memory_free(w.per_day);
    memory_free(w.recorded);
    memory_free(w.dated);
    memory_free(w.ends);
    memory_free(w.held_first);
    memory_free(w.result);
    struct followup *made = rv_is_ok(status) ? ARENA_NEW(h->lasting, struct followup, 1) : NULL;
    if (!made) {
        return rv_is_ok(status) ? arena_fail(h->lasting, reterr) : status;
    }
    *made = (struct followup){.states = {w.states[FOLLOW_SHORT], w.states[FOLLOW_LONG]},
                              .last = w.last};
    h->followup = made;
    h->followed = joined;
    *ret = made;
    return rv_ok();
}
