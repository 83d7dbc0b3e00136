/* define/records.c — facts of offences, and the rows that belong to them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "define/records.h"

#include "base/civil.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"
#include "define/age_band.h"
#include "define/offence_class.h"

#include <string.h>

enum {
    OFFENCE_ID,
    OFFENCE_GROUP,
    OFFENCE_CODE,
    OFFENCE_FLAGS_LIST,
    OFFENCE_OUTCOME,
    OFFENCE_DATE,
    OFFENCE_COLUMNS
};
static const char *const COLUMNS[OFFENCE_COLUMNS] = {"offence_id", "offence_group", "offence_code",
                                                     "flags",      "outcome",       "outcome_date"};

/* One offence extract while it is read: what each code of its dictionaries means. */
struct offence_extract {
    struct extract_scan *scan;
    const uint8_t *group, *class_group, *outcome;
    const flag_set *flags;
    uint32_t *first; /* [chunks] */
    size_t first_piece;
};

/* One extract that names offences, while it is read. */
struct naming_extract {
    struct extract_scan *scan;
    const uint8_t *role, *low, *high; /* of the codes of role and age_band */
    uint32_t **offence;               /* [chunk][row]; NULL = not kept */
    size_t first_piece;
};

struct join {
    const struct records_job *job;
    struct offence_records *out;
    struct offence_extract *offences;
    struct naming_extract *naming;
    size_t naming_count;
    struct offence_facts *facts;
    uint8_t *current, *outcome;
    struct later_result *results; /* room for every row of every extract of outcomes */
    int64_t *dated;               /* date of the result in `outcome`; INT64_MIN = none */
    struct hash128 *ids;          /* [count]; {0, 0} = none */
    uint32_t *same;               /* [count] of the result; NULL = all are current */
    uint32_t *slots;              /* open addressing: ordinal + 1 */
    size_t slot_mask;
    struct arena *scratch; /* one a worker */
    int64_t *tally;        /* [worker][2]: rows, orphans */
};

/* ---- the table of identifiers ---- */

static struct hash128 id_hash(struct text id)
{
    struct hash128 h = hash128_add((struct hash128){0x52656576, 0}, id.at, id.n);
    h.a |= 1; /* {0, 0} stands for none */
    return h;
}

static bool same(struct hash128 x, struct hash128 y)
{
    return x.a == y.a && x.b == y.b;
}

static uint32_t find_id(const struct join *j, struct hash128 h)
{
    for (size_t at = (size_t)h.b & j->slot_mask;; at = (at + 1) & j->slot_mask) {
        uint32_t slot = j->slots[at];
        if (slot == 0 || same(j->ids[slot - 1], h)) {
            return slot ? slot - 1 : NO_RECORD;
        }
    }
}

/* Rows that left the current view find the offence that stands for them now. */
static void note_earlier(struct join *j)
{
    for (uint32_t o = 0; j->same && o < j->out->count; o++) {
        if (!j->current[o]) {
            j->same[o] = j->ids[o].a ? find_id(j, j->ids[o]) : NO_RECORD;
        }
    }
}

/* The first current offence of the identifier of this one: it has the persons, and the place in
 * the table; the others lose theirs. */
static uint32_t first_of(struct join *j, uint32_t o)
{
    size_t at = (size_t)j->ids[o].b & j->slot_mask;
    while (j->slots[at] && !same(j->ids[j->slots[at] - 1], j->ids[o])) {
        at = (at + 1) & j->slot_mask;
    }
    if (j->slots[at]) {
        j->ids[o] = (struct hash128){0, 0};
    } else {
        j->slots[at] = o + 1;
    }
    return j->slots[at] - 1;
}

static rv_status index_ids(struct join *j, struct rv_err *reterr)
{
    uint32_t n = j->out->count;
    size_t size = 1024;
    while (size < (size_t)n * 2) {
        size *= 2;
    }
    j->slots = memory_new(size, sizeof *j->slots);
    j->slot_mask = size - 1;
    if (!j->slots) {
        return rv_fail(reterr, RV_NO_MEMORY, "Out of memory while joining persons to offences.");
    }
    bool is_whole = !memchr(j->current, 0, n);
    j->same = is_whole ? NULL : ARENA_NEW(j->job->arena, uint32_t, n);
    if (!is_whole && !j->same) {
        return arena_fail(j->job->arena, reterr);
    }
    for (uint32_t o = 0; o < n; o++) {
        uint32_t first = j->current[o] && j->ids[o].a ? first_of(j, o) : o;
        if (j->same) {
            j->same[o] = first;
        }
    }
    note_earlier(j);
    return rv_ok();
}

/* ---- offences ---- */

flag_set flags_of(struct text list)
{
    flag_set flags = 0;
    while (list.n > 0) {
        int flag = vocabulary_find(OFFENCE_FLAGS, text_trim(text_split(list, ';', &list)));
        flags |= flag >= 0 ? (flag_set)(1u << flag) : 0;
    }
    return flags;
}

static uint32_t code_count(const struct extract_scan *scan, size_t column)
{
    const struct dictionary *d = extract_scan_dictionary(scan, column);
    return d && d->count ? d->count : 1;
}

/* Code to place in a vocabulary + 1; 0 = not in it. */
static const uint8_t *map_words(struct arena *a, const struct extract_scan *scan, size_t column,
                                const char *const *vocabulary)
{
    const struct dictionary *d = extract_scan_dictionary(scan, column);
    uint32_t n = code_count(scan, column);
    uint8_t *map = ARENA_NEW(a, uint8_t, n);
    for (uint32_t c = 1; map && c < n; c++) {
        map[c] = (uint8_t)(vocabulary_find(vocabulary, dictionary_text(d, c)) + 1);
    }
    return map;
}

static const uint8_t *map_classes(struct arena *a, const struct extract_scan *scan)
{
    const struct dictionary *d = extract_scan_dictionary(scan, OFFENCE_CODE);
    uint32_t n = code_count(scan, OFFENCE_CODE);
    uint8_t *map = ARENA_NEW(a, uint8_t, n);
    for (uint32_t c = 1; map && c < n; c++) {
        const char *group = offence_class_group(dictionary_text(d, c));
        map[c] = group ? (uint8_t)(vocabulary_find(OFFENCE_GROUPS, text_of(group)) + 1) : 0;
    }
    return map;
}

static const flag_set *map_flags(struct arena *a, const struct extract_scan *scan)
{
    const struct dictionary *d = extract_scan_dictionary(scan, OFFENCE_FLAGS_LIST);
    uint32_t n = code_count(scan, OFFENCE_FLAGS_LIST);
    flag_set *map = ARENA_NEW(a, flag_set, n);
    for (uint32_t c = 1; map && c < n; c++) {
        map[c] = flags_of(dictionary_text(d, c));
    }
    return map;
}

static rv_status open_offences(struct join *j, struct rv_err *reterr)
{
    struct arena *a = j->job->arena;
    uint64_t count = 0;
    size_t piece = 0;
    for (size_t i = 0; i < j->job->offence_extracts; i++) {
        struct offence_extract *x = &j->offences[i];
        RV_TRY(extract_scan_open(j->job->store, a, j->job->offences[i].id, COLUMNS, OFFENCE_COLUMNS,
                                 0, &x->scan, reterr));
        x->group = map_words(a, x->scan, OFFENCE_GROUP, OFFENCE_GROUPS);
        x->class_group = map_classes(a, x->scan);
        x->flags = map_flags(a, x->scan);
        x->outcome = map_words(a, x->scan, OFFENCE_OUTCOME, OFFENCE_OUTCOMES);
        uint32_t chunks = extract_scan_chunks(x->scan);
        x->first = ARENA_NEW(a, uint32_t, (size_t)chunks + 1);
        x->first_piece = piece;
        if (!x->group || !x->class_group || !x->flags || !x->outcome || !x->first) {
            return arena_fail(a, reterr);
        }
        for (uint32_t k = 0; k < chunks; k++) {
            x->first[k] = (uint32_t)count;
            count += extract_scan_rows(x->scan, k);
        }
        piece += chunks;
    }
    if (count >= NO_RECORD) {
        return rv_fail(reterr, RV_LIMIT, "A source has at most 4,294,967,294 offences.");
    }
    j->out->count = (uint32_t)count;
    return rv_ok();
}

static const uint32_t *codes_of(const struct column *c)
{
    return c->type == COLUMN_CATEGORY ? c->codes : NULL;
}

/* Extract and chunk of a piece: extracts stand in order of their first piece. */
#define FIND_PIECE(list, count, piece, ret_extract)                                                \
    do {                                                                                           \
        (ret_extract) = 0;                                                                         \
        while ((ret_extract) + 1 < (count) && (list)[(ret_extract) + 1].first_piece <= (piece)) {  \
            (ret_extract)++;                                                                       \
        }                                                                                          \
    } while (0)

static void fill_facts(struct join *j, const struct offence_extract *x, const struct column *c,
                       const uint64_t *current, uint32_t first)
{
    const uint32_t *group = codes_of(&c[OFFENCE_GROUP]), *class = codes_of(&c[OFFENCE_CODE]);
    const uint32_t *flags = codes_of(&c[OFFENCE_FLAGS_LIST]), *end = codes_of(&c[OFFENCE_OUTCOME]);
    for (uint32_t row = 0; row < c[0].rows; row++) {
        uint32_t o = first + row;
        struct offence_facts *f = &j->facts[o];
        *f = (struct offence_facts){.low = {AGE_NOBODY, AGE_NOBODY, AGE_NOBODY},
                                    .high = {AGE_NOBODY, AGE_NOBODY, AGE_NOBODY}};
        j->current[o] = !current || (current[row / 64] >> (row % 64) & 1);
        f->group = group ? x->group[group[row]] : 0;
        if (f->group == 0 && class) {
            f->group = x->class_group[class[row]];
        }
        f->flags = flags ? x->flags[flags[row]] : 0;
        j->outcome[o] = end ? x->outcome[end[row]] : 0;
        bool is_dated = c[OFFENCE_DATE].type == COLUMN_TIME && column_has(&c[OFFENCE_DATE], row);
        j->dated[o] = is_dated ? civil_day_of(c[OFFENCE_DATE].integers[row]) : INT64_MIN;
        if (c[OFFENCE_ID].type == COLUMN_TEXT && column_has(&c[OFFENCE_ID], row)) {
            j->ids[o] = id_hash(column_text_at(&c[OFFENCE_ID], row));
        }
    }
}

static rv_status offence_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    struct join *j = context;
    size_t i;
    FIND_PIECE(j->offences, j->job->offence_extracts, piece, i);
    const struct offence_extract *x = &j->offences[i];
    uint32_t sequence = (uint32_t)(piece - x->first_piece);
    struct column columns[OFFENCE_COLUMNS];
    const uint64_t *current = NULL;
    RV_TRY(progress_check(j->job->progress, reterr));
    arena_clear(&j->scratch[worker]);
    RV_TRY(extract_scan_read(x->scan, sequence, &j->scratch[worker], columns, &current, reterr));
    fill_facts(j, x, columns, current, x->first[sequence]);
    progress_add(j->job->progress, columns[0].rows);
    return rv_ok();
}

/* ---- links between offences ---- */

static const char *const LINK_COLUMN[] = {"linked_offence_id"};

static rv_status follow_links(struct join *j, size_t i, struct rv_err *reterr)
{
    struct arena *scratch = &j->scratch[0];
    arena_clear(scratch);
    struct extract_scan *scan;
    RV_TRY(extract_scan_open(j->job->store, scratch, j->job->offences[i].id, LINK_COLUMN, 1, 0,
                             &scan, reterr));
    if (!extract_scan_has(scan, 0) || extract_scan_type(scan, 0) != COLUMN_TEXT) {
        return rv_ok();
    }
    for (uint32_t k = 0; k < extract_scan_chunks(scan); k++) {
        struct arena_mark mark = arena_mark(scratch);
        struct column column;
        const uint64_t *current;
        RV_TRY(extract_scan_read(scan, k, scratch, &column, &current, reterr));
        for (uint32_t row = 0; row < column.rows; row++) {
            uint32_t o = j->offences[i].first[k] + row;
            if (j->current[o] && column_has(&column, row)) {
                uint32_t to = find_id(j, id_hash(column_text_at(&column, row)));
                j->out->links++;
                j->out->dangling += to == NO_RECORD;
                j->facts[o].linked_group = to == NO_RECORD ? 0 : j->facts[to].group;
            }
        }
        arena_release(scratch, mark);
    }
    return rv_ok();
}

/* ---- persons ---- */

enum { PERSON_OFFENCE, PERSON_ROLE, PERSON_AGE, PERSON_BAND, PERSON_COLUMNS };
static const char *const PERSON_NAMES[PERSON_COLUMNS] = {"offence_id", "role", "age", "age_band"};

static rv_status open_persons(struct join *j, struct rv_err *reterr)
{
    struct arena *a = j->job->arena;
    size_t piece = 0;
    for (size_t i = 0; i < j->naming_count; i++) {
        struct naming_extract *x = &j->naming[i];
        RV_TRY(extract_scan_open(j->job->store, a, j->job->persons[i].id, PERSON_NAMES,
                                 PERSON_COLUMNS, 0, &x->scan, reterr));
        uint32_t n = code_count(x->scan, PERSON_BAND), chunks = extract_scan_chunks(x->scan);
        uint8_t *low = ARENA_NEW(a, uint8_t, n), *high = ARENA_NEW(a, uint8_t, n);
        x->role = map_words(a, x->scan, PERSON_ROLE, PERSON_ROLES);
        x->offence = ARENA_NEW(a, uint32_t *, (size_t)chunks + 1);
        if (!low || !high || !x->role || !x->offence) {
            return arena_fail(a, reterr);
        }
        for (uint32_t c = 0; c < n; c++) {
            int from = 0, to = AGE_UNKNOWN;
            const struct dictionary *d = extract_scan_dictionary(x->scan, PERSON_BAND);
            if (c > 0 && !age_band_parse(dictionary_text(d, c), &from, &to)) {
                from = 0;
                to = AGE_UNKNOWN;
            }
            low[c] = (uint8_t)from;
            high[c] = (uint8_t)to;
        }
        for (uint32_t k = 0; k < chunks; k++) {
            x->offence[k] = ARENA_NEW(a, uint32_t, (size_t)extract_scan_rows(x->scan, k) + 1);
            if (!x->offence[k]) {
                return arena_fail(a, reterr);
            }
        }
        x->low = low;
        x->high = high;
        x->first_piece = piece;
        piece += chunks;
    }
    return rv_ok();
}

/* The smaller of the two, whoever comes first: the order of threads does not matter. */
static void lower(uint8_t *place, uint8_t value)
{
    uint8_t held = __atomic_load_n(place, __ATOMIC_RELAXED);
    while (value < held && !__atomic_compare_exchange_n(place, &held, value, true, __ATOMIC_RELAXED,
                                                        __ATOMIC_RELAXED)) {
    }
}

static void add_person(struct join *j, const struct naming_extract *x, const struct column *c,
                       uint32_t row, uint32_t offence)
{
    const uint32_t *roles = codes_of(&c[PERSON_ROLE]), *bands = codes_of(&c[PERSON_BAND]);
    uint8_t role = roles ? x->role[roles[row]] : 0;
    if (role == 0) {
        return;
    }
    uint8_t low = bands ? x->low[bands[row]] : 0, high = bands ? x->high[bands[row]] : AGE_UNKNOWN;
    if (c[PERSON_AGE].type == COLUMN_INTEGER && column_has(&c[PERSON_AGE], row)) {
        int64_t age = c[PERSON_AGE].integers[row];
        bool is_known = age >= 0 && age <= 120;
        low = is_known ? (uint8_t)age : 0;
        high = is_known ? (uint8_t)age : AGE_UNKNOWN;
    }
    struct offence_facts *f = &j->facts[offence];
    lower(&f->low[role - 1], low);
    lower(&f->high[role - 1], high);
}

/* People stand in the order of their offences more often than not: the offence of the row before
 * and the one after it are tried first, without a search. */
static uint32_t find_near(const struct join *j, struct hash128 h, uint32_t last)
{
    for (uint32_t o = last; o != NO_RECORD && o < last + 2 && o < j->out->count; o++) {
        if (j->current[o] && same(j->ids[o], h)) {
            return o;
        }
    }
    return find_id(j, h);
}

static rv_status person_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    struct join *j = context;
    size_t i;
    FIND_PIECE(j->naming, j->naming_count, piece, i);
    const struct naming_extract *x = &j->naming[i];
    uint32_t sequence = (uint32_t)(piece - x->first_piece), last = NO_RECORD;
    struct column columns[PERSON_COLUMNS];
    const uint64_t *current = NULL;
    RV_TRY(progress_check(j->job->progress, reterr));
    arena_clear(&j->scratch[worker]);
    RV_TRY(extract_scan_read(x->scan, sequence, &j->scratch[worker], columns, &current, reterr));
    const struct column *id = &columns[PERSON_OFFENCE];
    for (uint32_t row = 0; row < id->rows; row++) {
        bool is_current = !current || (current[row / 64] >> (row % 64) & 1);
        bool is_named = is_current && id->type == COLUMN_TEXT && column_has(id, row);
        uint32_t o = is_named ? find_near(j, id_hash(column_text_at(id, row)), last) : NO_RECORD;
        x->offence[sequence][row] = o;
        j->tally[worker * 2] += is_current;
        j->tally[worker * 2 + 1] += is_current && o == NO_RECORD;
        if (o != NO_RECORD) {
            add_person(j, x, columns, row, o);
            last = o;
        }
    }
    progress_add(j->job->progress, id->rows);
    return rv_ok();
}

static rv_status join_persons(struct join *j, struct rv_err *reterr)
{
    struct arena *a = j->job->arena;
    j->naming_count = j->job->person_extracts;
    j->naming = ARENA_NEW(a, struct naming_extract, j->naming_count + 1);
    struct joined_extract *joined = ARENA_NEW(a, struct joined_extract, j->naming_count + 1);
    if (!j->naming || !joined) {
        return arena_fail(a, reterr);
    }
    RV_TRY(open_persons(j, reterr));
    size_t pieces = 0;
    for (size_t i = 0; i < j->naming_count; i++) {
        pieces += extract_scan_chunks(j->naming[i].scan);
        joined[i] = (struct joined_extract){&j->job->persons[i], j->naming[i].offence};
    }
    RV_TRY(pool_run(j->job->pool, pieces, person_piece, j, reterr));
    for (size_t w = 0; w < pool_threads(j->job->pool); w++) {
        j->out->persons_held += j->tally[w * 2];
        j->out->orphans += j->tally[w * 2 + 1];
    }
    j->out->persons = joined;
    j->out->person_extracts = j->naming_count;
    return rv_ok();
}

/* ---- results ---- */

enum { RESULT_OFFENCE, RESULT_OUTCOME, RESULT_DATE, RESULT_COLUMNS };
static const char *const RESULT_NAMES[RESULT_COLUMNS] = {"offence_id", "outcome", "outcome_date"};

static void add_results(struct join *j, const uint8_t *outcome, const struct column *c,
                        const uint64_t *current)
{
    const uint32_t *codes = codes_of(&c[RESULT_OUTCOME]);
    for (uint32_t row = 0; row < c[0].rows; row++) {
        bool is_current = !current || (current[row / 64] >> (row % 64) & 1);
        if (!is_current || !codes || c[RESULT_OFFENCE].type != COLUMN_TEXT) {
            continue;
        }
        uint32_t o = find_id(j, id_hash(column_text_at(&c[RESULT_OFFENCE], row)));
        bool is_dated = c[RESULT_DATE].type == COLUMN_TIME && column_has(&c[RESULT_DATE], row);
        int64_t day = is_dated ? civil_day_of(c[RESULT_DATE].integers[row]) : INT64_MIN;
        if (o != NO_RECORD && outcome[codes[row]]) {
            uint32_t order = (uint32_t)j->out->result_count;
            bool is_day =
                is_dated && civil_precision_of(c[RESULT_DATE].integers[row]) >= CIVIL_DATE;
            j->results[j->out->result_count++] = (struct later_result){
                o, is_day ? (int32_t)day : INT32_MIN, order, outcome[codes[row]]};
        }
        if (o != NO_RECORD && outcome[codes[row]] && day >= j->dated[o]) {
            j->outcome[o] = outcome[codes[row]];
            j->dated[o] = day;
        }
    }
}

static rv_status room_for_results(struct join *j, struct rv_err *reterr)
{
    size_t rows = 1;
    for (size_t i = 0; i < j->job->outcome_extracts; i++) {
        rows += (size_t)j->job->outcomes[i].rows;
    }
    j->results = ARENA_NEW(j->job->arena, struct later_result, rows);
    j->out->results = j->results;
    return j->results ? rv_ok() : arena_fail(j->job->arena, reterr);
}

/* One after another, in order of import: the last of equal dates wins. */
static rv_status join_results(struct join *j, struct rv_err *reterr)
{
    RV_TRY(room_for_results(j, reterr));
    for (size_t i = 0; i < j->job->outcome_extracts; i++) {
        struct arena *scratch = &j->scratch[0];
        arena_clear(scratch);
        struct extract_scan *scan;
        RV_TRY(extract_scan_open(j->job->store, scratch, j->job->outcomes[i].id, RESULT_NAMES,
                                 RESULT_COLUMNS, 0, &scan, reterr));
        const uint8_t *outcome = map_words(scratch, scan, RESULT_OUTCOME, OFFENCE_OUTCOMES);
        if (!outcome) {
            return arena_fail(scratch, reterr);
        }
        for (uint32_t k = 0; k < extract_scan_chunks(scan); k++) {
            struct arena_mark mark = arena_mark(scratch);
            struct column columns[RESULT_COLUMNS];
            const uint64_t *current;
            RV_TRY(progress_check(j->job->progress, reterr));
            RV_TRY(extract_scan_read(scan, k, scratch, columns, &current, reterr));
            add_results(j, outcome, columns, current);
            arena_release(scratch, mark);
        }
    }
    return rv_ok();
}

/* ---- all of it ---- */

static rv_status make_room(struct join *j, struct rv_err *reterr)
{
    struct arena *a = j->job->arena;
    size_t n = (size_t)j->out->count + 1, workers = pool_threads(j->job->pool);
    j->facts = ARENA_NEW(a, struct offence_facts, n);
    j->current = ARENA_NEW(a, uint8_t, n);
    j->outcome = ARENA_NEW(a, uint8_t, n);
    j->tally = ARENA_NEW(a, int64_t, workers * 2);
    if (!j->facts || !j->current || !j->outcome || !j->tally) {
        return arena_fail(a, reterr);
    }
    j->ids = memory_new(n, sizeof *j->ids);
    j->dated = memory_new(n, sizeof *j->dated);
    j->scratch = memory_new(workers, sizeof *j->scratch);
    if (!j->ids || !j->dated || !j->scratch) {
        return rv_fail(reterr, RV_NO_MEMORY, "Out of memory while joining persons to offences.");
    }
    for (size_t w = 0; w < workers; w++) {
        arena_init(&j->scratch[w], LIMIT_ARENA_BYTES);
    }
    return rv_ok();
}

static rv_status join_all(struct join *j, struct rv_err *reterr)
{
    struct arena *a = j->job->arena;
    j->offences = ARENA_NEW(a, struct offence_extract, j->job->offence_extracts + 1);
    const uint32_t **first = ARENA_NEW(a, const uint32_t *, j->job->offence_extracts + 1);
    if (!j->offences || !first) {
        return arena_fail(a, reterr);
    }
    RV_TRY(open_offences(j, reterr));
    RV_TRY(make_room(j, reterr));
    size_t pieces = 0;
    for (size_t i = 0; i < j->job->offence_extracts; i++) {
        pieces += extract_scan_chunks(j->offences[i].scan);
        first[i] = j->offences[i].first;
    }
    RV_TRY(pool_run(j->job->pool, pieces, offence_piece, j, reterr));
    RV_TRY(index_ids(j, reterr));
    for (size_t i = 0; i < j->job->offence_extracts; i++) {
        RV_TRY(follow_links(j, i, reterr));
    }
    RV_TRY(join_persons(j, reterr));
    RV_TRY(join_results(j, reterr));
    j->out->first = first;
    j->out->facts = j->facts;
    j->out->current = j->current;
    j->out->same = j->same;
    j->out->outcome = j->outcome;
    return rv_ok();
}

rv_status records_load(const struct records_job *job, struct offence_records *ret,
                       struct rv_err *reterr)
{
    struct offence_records out = {0};
    struct join j = {.job = job, .out = &out};
    rv_status status = join_all(&j, reterr);
    for (size_t w = 0; j.scratch && w < pool_threads(job->pool); w++) {
        arena_done(&j.scratch[w]);
    }
    memory_free(j.scratch);
    memory_free(j.ids);
    memory_free(j.dated);
    memory_free(j.slots);
    if (rv_is_ok(status)) {
        *ret = out;
    }
    return status;
}
