/* assess/quality_keys.c — keys used again, references that stand for nobody, rows refused, rows
 * twice, and what points at nothing. No key is ever printed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/quality_internal.h"
#include "base/memory.h"
#include "base/sort.h"
#include "stats/binomial.h"
#include "store/sql_id.h"
#include "store/store.h"

#include <string.h>

#define FILLER_NEIGHBOURS 10 /* next most frequent values that one is compared with */
#define FILLER_RATIO      5  /* times their mean */
#define FILLER_SHARE      0.01

/* ---- equal values ---- */

/* What the runs of equal values tell. */
struct runs {
    int64_t n;                          /* rows with a value */
    int64_t again;                      /* rows whose value an earlier row has */
    int64_t top[FILLER_NEIGHBOURS + 1]; /* rows of the most frequent values, descending */
    uint64_t top_key;                   /* the first of them */
    int64_t mixed;                      /* values whose rows are of different sex */
    int64_t told;                       /* values with the sex of at least two rows */
};

static void note_run(struct runs *r, uint64_t key, int64_t length)
{
    r->again += length - 1;
    r->top_key = length > r->top[0] ? key : r->top_key;
    for (int i = 0; i <= FILLER_NEIGHBOURS; i++) {
        if (length > r->top[i]) {
            int64_t was = r->top[i];
            r->top[i] = length;
            length = was;
        }
    }
}

static void note_sexes(struct runs *r, const struct sort_row *run, size_t length,
                       const uint8_t *sex)
{
    size_t counts[4] = {0};
    for (size_t i = 0; i < length; i++) {
        counts[sex[run[i].row] & 3]++;
    }
    r->told += counts[1] + counts[2] + counts[3] > 1;
    r->mixed += counts[1] && counts[2];
}

/* The values sorted, run by run. Not those equal to `filler`, whose rows are nobody's. */
static rv_status find_runs(const uint64_t *values, size_t n, const uint8_t *sex, uint64_t filler,
                           struct runs *ret, struct rv_err *reterr)
{
    struct sort_row *all = memory_new(n + SORT_SPARE, sizeof *all);
    if (!all) {
        return rv_fail(reterr, RV_NO_MEMORY, "Out of memory while comparing keys.");
    }
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (values[i] && values[i] != filler) {
            all[m++] = (struct sort_row){values[i], (uint32_t)i};
        }
    }
    sort_rows(all, m, all + n);
    struct runs r = {.n = (int64_t)m};
    for (size_t i = 0, end; i < m; i = end) {
        end = i + 1;
        while (end < m && all[end].key == all[i].key) {
            end++;
        }
        note_run(&r, all[i].key, (int64_t)(end - i));
        if (sex) {
            note_sexes(&r, all + i, end - i, sex);
        }
    }
    memory_free(all);
    *ret = r;
    return rv_ok();
}

/* One value that stands far above the next ones: what is entered when there is none. */
static bool is_filler(const struct runs *r, double *ret_p)
{
    int64_t beside = 0, most = r->top[0];
    for (int i = 1; i <= FILLER_NEIGHBOURS; i++) {
        beside += r->top[i];
    }
    *ret_p = binomial_upper(most, most + beside, 1.0 / (FILLER_NEIGHBOURS + 1));
    return r->top[FILLER_NEIGHBOURS] > 0 && *ret_p < QUALITY_SURE && most >= QUALITY_BASE &&
           (double)most * FILLER_NEIGHBOURS >= FILLER_RATIO * (double)beside &&
           (double)most >= FILLER_SHARE * (double)r->n;
}

/* ---- keys of records ---- */

static rv_status record_keys(struct quality_work *w, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    struct runs r;
    RV_TRY(find_runs(w->facts->rows.key, w->facts->rows.n, NULL, 0, &r, reterr));
    if (r.n == 0) {
        return quality_absent(w, "repeated-keys", "",
                              "The records have no key of their own: what was sent twice with a "
                              "difference cannot be seen.",
                              "joins of persons and outcomes, later extracts", reterr);
    }
    struct quality_check *c = quality_add(w, "repeated-keys", "");
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->count = r.again;
    c->of = r.n;
    c->needs_attention = r.again > 0;
    c->verdict = quality_share_verdict(r.again, r.n);
    c->spoils =
        "joins of persons and outcomes (they go to the first), counts if they are one event";
    c->sentence = r.again
                      ? arena_printf(a, "%s records have a key that an earlier record has.",
                                     quality_share_text(a, r.again, r.n))
                      : arena_printf(a, "Each of %s keys is used once.", quality_number(a, r.n));
    c->remedy = r.again ? "Ask the supplier whether keys are used again; name a key of two columns "
                          "in the profile if so."
                        : "";
    return rv_ok();
}

/* ---- references of persons ---- */

static rv_status filler_row(struct quality_work *w, const struct runs *r, double p,
                            struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    struct quality_check *c = quality_add(w, "filler-reference", "");
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->count = r->top[0];
    c->of = r->n;
    c->measure = p;
    c->measure_name = "p";
    c->verdict = VERDICT_NOT_RELIABLE;
    c->sentence = arena_printf(a,
                               "One reference stands on %s person rows, far more than the next "
                               "ones: it seems to mean \"not known\".",
                               quality_share_text(a, r->top[0], r->n));
    c->spoils = "repeat victims and repeat suspects";
    c->remedy = "Name the value as missing in the import profile and import again.";
    return rv_ok();
}

static rv_status person_keys(struct quality_work *w, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    const struct quality_rows *rows = &w->facts->rows;
    struct runs r;
    double p;
    RV_TRY(find_runs(rows->key, rows->n, rows->sex, 0, &r, reterr));
    if (r.n == 0) {
        return quality_absent(w, "reused-references", "",
                              "No person has a reference, so that repeats cannot be told.",
                              "repeat victims and repeat suspects", reterr);
    }
    uint64_t filler = is_filler(&r, &p) ? r.top_key : 0;
    if (filler) {
        RV_TRY(filler_row(w, &r, p, reterr));
        RV_TRY(find_runs(rows->key, rows->n, rows->sex, filler, &r, reterr));
    }
    struct quality_check *c = quality_add(w, "reused-references", "");
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->count = r.mixed;
    c->of = r.told;
    c->verdict = quality_share_verdict(r.mixed, r.told);
    c->spoils = "repeat victims and repeat suspects";
    c->sentence =
        arena_printf(a,
                     "Of the references that stand on several rows with a sex, %s %s rows of both "
                     "sexes: such a reference may be used for two people, or the sex be wrong.",
                     quality_share_text(a, r.mixed, r.told), r.mixed == 1 ? "has" : "have");
    c->remedy = c->verdict == VERDICT_HOLDS
                    ? ""
                    : "Ask how references are made; publish no repeat counts until it is known.";
    return rv_ok();
}

/* ---- what points at nothing ---- */

static rv_status pointing(struct quality_work *w, const char *check, int64_t count, int64_t of,
                          const char *words, const char *spoils, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    if (of == 0) {
        return rv_ok();
    }
    struct quality_check *c = quality_add(w, check, "");
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->count = count;
    c->of = of;
    c->verdict = quality_share_verdict(count, of);
    c->is_noted = count > 0;
    c->period = (struct month_range){1, 0};
    c->sentence = arena_printf(a, "%s %s.", quality_share_text(a, count, of), words);
    c->spoils = spoils;
    c->remedy = c->verdict == VERDICT_HOLDS ? "" : "Ask for both extracts for the same period.";
    return rv_ok();
}

/* ---- rows refused, rows twice ---- */

static rv_status main_reason(struct quality_work *w, int64_t extract, const char **ret,
                             struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    struct stmt *st = NULL;
    bool has_row = false;
    RV_TRY(store_prepare(w->held->store, SQL_QUARANTINE_REASONS, &st, reterr));
    stmt_bind_int(st, ":extract", extract);
    RV_TRY(stmt_step(st, &has_row, reterr));
    if (has_row) {
        struct text code = stmt_text(st, 0), column = stmt_text(st, 1);
        *ret = arena_printf(a, "; most often %.*s%s%.*s", (int)code.n, code.at,
                            column.n ? " in " : "", (int)column.n, column.at);
    }
    stmt_reset(st);
    return *ret ? rv_ok() : arena_fail(a, reterr);
}

static rv_status refused(struct quality_work *w, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    const struct source *s = w->facts->source;
    int64_t read = 0, set_aside = 0, twice = 0, most = 0;
    const char *reason = "";
    for (size_t i = 0; i < s->extract_count; i++) {
        const struct extract_info *x = &s->extracts[i];
        read += x->rows_read;
        set_aside += x->quarantined;
        twice += x->duplicates;
        if (x->quarantined > most) {
            most = x->quarantined;
            RV_TRY(main_reason(w, x->id, &reason, reterr));
        }
    }
    struct quality_check *c = quality_add(w, "rows-set-aside", "");
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->period = (struct month_range){1, 0};
    c->count = set_aside;
    c->of = read;
    c->needs_attention = set_aside > 0;
    c->verdict = quality_share_verdict(set_aside, read);
    c->sentence = arena_printf(a, "%s rows read could not be used and were set aside%s.",
                               quality_share_text(a, set_aside, read), reason);
    c->spoils = "every count: these rows are in none";
    c->remedy =
        set_aside ? "Import again with --quarantine FILE and send the list to the supplier." : "";
    c = quality_add(w, "identical-rows", "");
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->period = (struct month_range){1, 0};
    c->count = twice;
    c->of = read;
    c->is_noted = twice > 0;
    c->sentence = arena_printf(a, "%s rows read were identical to an earlier row and dropped.",
                               quality_share_text(a, twice, read));
    c->spoils = "nothing: each counts once";
    return rv_ok();
}

rv_status quality_keys(struct quality_work *w, struct rv_err *reterr)
{
    const char *kind = w->facts->source->kind;
    RV_TRY(refused(w, reterr));
    if (strcmp(kind, "persons") == 0) {
        RV_TRY(person_keys(w, reterr));
    } else if (strcmp(kind, "offences") == 0 || strcmp(kind, "ambulance") == 0 ||
               strcmp(kind, "transport") == 0) {
        RV_TRY(record_keys(w, reterr));
    }
    if (!w->joined) {
        return rv_ok();
    }
    const struct offence_records *r = &w->joined->records;
    if (strcmp(kind, "persons") == 0) {
        return pointing(w, "orphans", r->orphans, r->persons_held,
                        "persons held are of an offence that is not held; they count nowhere",
                        "every count of people", reterr);
    }
    return pointing(w, "dangling-links", r->dangling, r->links,
                    "links to another offence lead to none that is held",
                    "property damage in the course of violence", reterr);
}
