/* assess/release.c — decisions about findings, bound to what was read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/release.h"

#include "base/hash.h"
#include "store/sql_id.h"

#include <math.h>
#include <string.h>

const char *release_name(enum release r)
{
    static const char *const names[] = {"undecided", "released", "withheld", "changed since"};
    return names[r];
}

static rv_status read_row(struct stmt *st, struct arena *a, struct decision *ret,
                          struct rv_err *reterr)
{
    *ret = (struct decision){.finding = stmt_keep(st, 0, a),
                             .body_hash = stmt_keep(st, 2, a),
                             .note = stmt_keep(st, 3, a),
                             .table_hash = stmt_is_null(st, 6) ? NULL : stmt_keep(st, 6, a),
                             .is_release = text_is(stmt_text(st, 1), "released"),
                             .account = stmt_int(st, 4),
                             .at = stmt_int(st, 5)};
    bool has_table = ret->table_hash || stmt_is_null(st, 6);
    return ret->finding && ret->body_hash && ret->note && has_table ? rv_ok()
                                                                    : arena_fail(a, reterr);
}

rv_status release_list(struct store *s, struct arena *a, struct decision **ret, size_t *ret_count,
                       struct rv_err *reterr)
{
    struct stmt *st;
    struct decision *rows = NULL;
    size_t count = 0, capacity = 0;
    RV_TRY(store_prepare(s, SQL_FINDING_DECISION_LIST, &st, reterr));
    for (;;) {
        bool has_row;
        RV_TRY(stmt_step(st, &has_row, reterr));
        if (!has_row) {
            break;
        }
        rows = arena_grow(a, rows, count, &capacity, sizeof *rows);
        rv_status status = rows ? read_row(st, a, &rows[count++], reterr) : arena_fail(a, reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
    }
    *ret = rows;
    *ret_count = count;
    return rv_ok();
}

static const struct decision *find(const struct decision *decisions, size_t count, const char *id)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = strcmp(decisions[mid].finding, id);
        if (order == 0) {
            return &decisions[mid];
        }
        low = order < 0 ? mid + 1 : low;
        high = order < 0 ? high : mid;
    }
    return NULL;
}

/* As it was released: the finding by itself, or with the table that was read beside it. */
static bool is_as_read(const struct decision *d, const char *hash, const char *table_hash)
{
    bool is_table = !d->table_hash || (table_hash && strcmp(d->table_hash, table_hash) == 0);
    return is_table && strcmp(hash, d->body_hash) == 0;
}

rv_status release_of(const struct decision *decisions, size_t count, const char *id,
                     struct text body, const char *table_hash, struct standing *ret,
                     struct rv_err *reterr)
{
    const struct decision *d = find(decisions, count, id);
    struct standing standing = {RELEASE_UNDECIDED, false, d};
    if (d) {
        char hash[SHA256_HEX + 1];
        RV_TRY(sha256_of(body.at, body.n, hash, reterr));
        standing.release = !d->is_release                    ? RELEASE_WITHHELD
                           : is_as_read(d, hash, table_hash) ? RELEASE_RELEASED
                                                             : RELEASE_CHANGED;
        standing.has_table = standing.release == RELEASE_RELEASED && d->table_hash;
    }
    *ret = standing;
    return rv_ok();
}

static bool is_small(double count)
{
    return !isnan(count) && count > 0 && count < RELEASE_LEAST_COUNT;
}

rv_status release_terms_load(struct store *s, struct arena *a, struct release_terms *ret,
                             struct rv_err *reterr)
{
    struct agreement_row *rows;
    struct extract_info *extracts;
    struct text day = text_of(store_day(s));
    struct release_terms t = {.day = arena_text(a, day.at, day.n)};
    if (!t.day) {
        return arena_fail(a, reterr);
    }
    RV_TRY(agreements_list(s, a, &rows, &t.row_count, reterr));
    RV_TRY(extract_list_all(s, a, NULL, &extracts, &t.extract_count, reterr));
    t.rows = rows;
    t.extracts = extracts;
    *ret = t;
    return rv_ok();
}

/* Of an extract that is not held any more nothing is known: no. */
static bool lets_publish(const struct release_terms *t, const struct finding_source *source)
{
    for (size_t i = 0; i < t->extract_count; i++) {
        const struct extract_info *x = &t->extracts[i];
        if (x->id == source->extract) {
            const struct agreement_row *row =
                x->agreement ? agreements_find(t->rows, t->row_count, x->agreement, t->day) : NULL;
            enum marking closest = x->marking > source->marking ? x->marking : source->marking;
            return agreement_lets_publish(row ? &row->terms : NULL, closest);
        }
    }
    return false;
}

rv_status release_judge_sources(const struct release_terms *terms,
                                const struct finding_source *sources, size_t count,
                                enum marking marking, struct rv_err *reterr)
{
    for (size_t i = 0; i < count; i++) {
        if (!lets_publish(terms, &sources[i])) {
            return rv_fail(reterr, RV_REFUSED,
                           "It rests on extract %lld, whose agreement or marking does not let its "
                           "counts be published.",
                           (long long)sources[i].extract);
        }
    }
    if (count == 0 && marking > MARKING_OFFICIAL) {
        return rv_fail(reterr, RV_REFUSED,
                       "It rests on data that are held more closely than official.");
    }
    return rv_ok();
}

rv_status release_judge(const struct release_terms *terms, const struct finding *f,
                        struct rv_err *reterr)
{
    RV_TRY(release_judge_sources(terms, f->sources, f->source_count, f->marking, reterr));
    if (f->verdict == VERDICT_NOT_AVAILABLE) {
        return rv_fail(reterr, RV_REFUSED,
                       "It could not be computed: there is nothing to release.");
    }
    /* A value is a count itself where nothing was divided. */
    bool is_count = isnan(f->denominator) && f->unit && strcmp(f->unit, "offences") == 0;
    if (is_small(f->numerator) || is_small(f->denominator) || (is_count && is_small(f->value)) ||
        is_small(f->denominator - f->numerator)) {
        return rv_fail(reterr, RV_REFUSED,
                       "A number from 1 to %d stands behind it: people could be recognised.",
                       RELEASE_LEAST_COUNT - 1);
    }
    return rv_ok();
}

rv_status release_decide(struct store *s, const char *finding, struct text body,
                         const char *table_hash, bool is_release, const char *note, int64_t account,
                         int64_t now, struct rv_err *reterr)
{
    char hash[SHA256_HEX + 1];
    if (strlen(note) > RELEASE_NOTE_BYTES) {
        return rv_fail(reterr, RV_INVALID, "A note has at most %d characters.", RELEASE_NOTE_BYTES);
    }
    RV_TRY(sha256_of(body.at, body.n, hash, reterr));
    struct stmt *st;
    RV_TRY(store_prepare(s, SQL_FINDING_DECISION_INSERT, &st, reterr));
    stmt_bind_string(st, ":finding", finding);
    stmt_bind_string(st, ":decision", is_release ? "released" : "withheld");
    stmt_bind_string(st, ":body_hash", hash);
    stmt_bind_string(st, ":table_hash", table_hash);
    stmt_bind_string(st, ":note", note);
    stmt_bind_int(st, ":account", account);
    stmt_bind_int(st, ":at", now);
    return stmt_run(st, reterr);
}
