/* ingest/doubts.c — readable contradictions: such rows load, and the report says how many.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "ingest/import.h"
#include "place/lookup.h"
#include "store/sql_id.h"

#define CODES_NAMED 5 /* unknown area codes that a note names */

/* ---- times that cannot both be true ---- */

static const struct {
    const char *earlier, *later, *said;
} PAIRS[DOUBT_COUNT] = {
    [DOUBT_COMMITTED_TO] = {"committed_from", "committed_to",
                            "end before they begin (committed_to before committed_from)"},
    [DOUBT_RECORDED] = {"committed_from", "recorded_at",
                        "were recorded before they were committed (recorded_at before "
                        "committed_from): their delay is not valid"},
    [DOUBT_OUTCOME] = {"recorded_at", "outcome_date",
                       "have an outcome before their record (outcome_date before recorded_at)"},
    [DOUBT_PERIOD] = {"period_from", "period_to",
                      "end before they begin (period_to before period_from) and count in no month"},
};

/* Compared only as finely as both are known: a month holds every day of it. */
static bool is_before(civil_time a, civil_time b)
{
    enum civil_precision x = civil_precision_of(a), y = civil_precision_of(b);
    enum civil_precision coarser = x < y ? x : y;
    if (coarser == CIVIL_MONTH) {
        return civil_month_of(a) < civil_month_of(b);
    }
    return coarser == CIVIL_DATE ? civil_day_of(a) < civil_day_of(b)
                                 : civil_seconds(a) < civil_seconds(b);
}

static const struct typed *times_of(const struct plan *p, const struct block *b, const char *name)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct plan_column *c = &p->columns[i];
        if (c->from == PLAN_CELL && c->kc->type == COLUMN_TIME && strcmp(c->kc->name, name) == 0) {
            return &b->typed[i];
        }
    }
    return NULL;
}

void block_doubts(struct accounts *acc, const struct plan *p, const struct block *b)
{
    for (int d = 0; d < DOUBT_COUNT; d++) {
        const struct typed *earlier = times_of(p, b, PAIRS[d].earlier);
        const struct typed *later = times_of(p, b, PAIRS[d].later);
        for (uint32_t k = 0; earlier && later && k < b->alive_count; k++) {
            uint32_t row = b->alive[k];
            acc->doubts[d] += bit_of(earlier->valid, row) && bit_of(later->valid, row) &&
                              is_before(later->integers[row], earlier->integers[row]);
        }
    }
}

rv_status import_note_doubts(struct import *m)
{
    for (int d = 0; d < DOUBT_COUNT; d++) {
        int64_t n = m->pipeline.accounts.doubts[d];
        if (n) {
            RV_TRY(import_note(m, arena_printf(m->a, "%lld rows %s; they are loaded as they are",
                                               (long long)n, PAIRS[d].said)));
        }
    }
    return rv_ok();
}

/* ---- places ---- */

static rv_status note_disagreement(struct import *m)
{
    struct stmt *st = NULL;
    bool row = false;
    RV_TRY(store_prepare(m->s, SQL_PLACEMENT_DOUBTS, &st, m->err));
    stmt_bind_int(st, ":extract", m->report.extract);
    RV_TRY(stmt_step(st, &row, m->err));
    const char *note = NULL;
    if (row) {
        struct text type = stmt_text(st, 0), vintage = stmt_text(st, 1);
        m->report.disagreements = stmt_int(st, 2);
        note = arena_printf(m->a,
                            "%lld rows have coordinates outside the area that their own code "
                            "names (%.*s, %.*s); the coordinates decide",
                            (long long)m->report.disagreements, (int)type.n, type.at,
                            (int)vintage.n, vintage.at);
    }
    stmt_reset(st);
    return m->report.disagreements ? import_note(m, note) : rv_ok();
}

static rv_status is_known_code(struct import *m, const struct lookups *ls,
                               const struct layer *layers, size_t count, struct text code,
                               bool *ret)
{
    *ret = false;
    for (size_t i = 0; i < count && !*ret; i++) {
        struct lookup_target found;
        struct arena_mark mark = arena_mark(m->a);
        RV_TRY(lookup_resolve(ls, m->a, code, &layers[i], &found, m->err));
        *ret = found.count > 0;
        arena_release(m->a, mark);
    }
    return rv_ok();
}

/* Codes of one column that lead to no area held. */
static rv_status note_codes(struct import *m, const char *column, const struct dictionary *d,
                            const struct lookups *ls, const struct layer *layers, size_t count)
{
    RV_CLEANUP(buf_done) struct buf named;
    buf_init(&named, 4096);
    size_t unknown = 0;
    for (uint32_t c = 1; d && c < d->count; c++) {
        bool is_known;
        struct text code = dictionary_text(d, c);
        RV_TRY(is_known_code(m, ls, layers, count, code, &is_known));
        if (!is_known && unknown++ < CODES_NAMED) {
            buf_printf(&named, "%s%.*s", unknown > 1 ? ", " : "", code.n < 40 ? (int)code.n : 40,
                       code.at);
        }
    }
    if (unknown == 0) {
        return rv_ok();
    }
    return import_note(m, arena_printf(m->a,
                                       "%zu codes of %s lead to no area held and are ignored: "
                                       "%.*s%s",
                                       unknown, column, (int)named.n, named.bytes,
                                       unknown > CODES_NAMED ? ", …" : ""));
}

/* The dictionaries of the columns, NULL for one that is not there: from memory, or as they were
 * stored when the import had to wait for others. */
static rv_status find_dictionaries(struct import *m, struct arena *a, const char *const *names,
                                   size_t count, const struct dictionary **ret)
{
    struct extract_scan *scan = NULL;
    if (!m->pipeline.dictionaries) {
        RV_TRY(extract_scan_open(m->s, a, m->report.extract, names, count, 0, &scan, m->err));
    }
    for (size_t k = 0; k < count; k++) {
        ret[k] = scan && extract_scan_has(scan, k) ? extract_scan_dictionary(scan, k) : NULL;
        for (size_t i = 0; i < m->plan.count && !scan; i++) {
            const struct plan_column *c = &m->plan.columns[i];
            bool is_it = c->position != PLAN_NONE && strcmp(c->kc->name, names[k]) == 0;
            ret[k] = is_it ? &m->pipeline.dictionaries[c->position] : ret[k];
        }
    }
    return rv_ok();
}

rv_status import_note_places(struct import *m, const struct layer *layers, size_t count)
{
    static const char *const COLUMNS[] = {"lsoa_code", "ward_code", "borough_code"};
    const struct dictionary *dictionaries[3];
    struct lookups *ls;
    if (count == 0 || !m->profile->kind->has_places) {
        return rv_ok();
    }
    RV_CLEANUP(arena_done) struct arena scratch;
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    RV_TRY(note_disagreement(m));
    RV_TRY(lookups_load(m->s, &scratch, &ls, m->err));
    RV_TRY(find_dictionaries(m, &scratch, COLUMNS, 3, dictionaries));
    for (size_t k = 0; k < 3; k++) {
        RV_TRY(note_codes(m, COLUMNS[k], dictionaries[k], ls, layers, count));
    }
    return rv_ok();
}
