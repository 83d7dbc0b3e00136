/* assess/quality.c — which sources are looked at, and their rows put in order, worst first.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/assess_internal.h"
#include "assess/quality_internal.h"
#include "base/limits.h"
#include "stats/interval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- rows ---- */

struct quality_check *quality_add(struct quality_work *w, const char *check, const char *subject)
{
    struct arena *a = w->held->arena;
    struct quality_check *checks = arena_grow(a, w->checks, w->count, &w->room, sizeof *w->checks);
    if (!checks) {
        return NULL;
    }
    w->checks = checks;
    const struct source *s = w->facts->source;
    const char *slug = compose_slug(a, s->name);
    const char *about = subject[0] ? compose_slug(a, subject) : "";
    const char *id = slug && about ? arena_printf(a, "%s.%s.%s%s%s", check, s->kind, slug,
                                                  about[0] ? "." : "", about)
                                   : NULL;
    if (!id) {
        return NULL;
    }
    struct quality_check *c = &w->checks[w->count++];
    *c = (struct quality_check){.id = id,
                                .check = check,
                                .source = s->name,
                                .kind = s->kind,
                                .period = w->facts->period,
                                .subject = subject,
                                .count = -1,
                                .of = -1,
                                .measure = (double)NAN,
                                .measure_name = "",
                                .verdict = VERDICT_HOLDS,
                                .sentence = "",
                                .spoils = "",
                                .remedy = ""};
    return c;
}

rv_status quality_absent(struct quality_work *w, const char *check, const char *subject,
                         const char *reason, const char *spoils, struct rv_err *reterr)
{
    struct quality_check *c = quality_add(w, check, subject);
    if (!c || !reason) {
        return arena_fail(w->held->arena, reterr);
    }
    c->verdict = VERDICT_NOT_AVAILABLE;
    c->sentence = reason;
    c->spoils = spoils;
    return rv_ok();
}

rv_status quality_whole(const struct quality_work *w, const struct quality_check *c,
                        struct rv_err *reterr)
{
    return c->sentence && c->spoils && c->remedy && c->subject ? rv_ok()
                                                               : arena_fail(w->held->arena, reterr);
}

/* ---- words and verdicts ---- */

enum finding_verdict quality_worse(enum finding_verdict a, enum finding_verdict b)
{
    return a > b ? a : b;
}

enum finding_verdict quality_share_verdict(int64_t count, int64_t of)
{
    struct interval i;
    struct rv_err ignored;
    if (of < QUALITY_BASE || !rv_is_ok(interval_wilson(count, of, STATS_LEVEL, &i, &ignored))) {
        return VERDICT_HOLDS;
    }
    return i.lower >= QUALITY_SHARE_WEAK      ? VERDICT_NOT_RELIABLE
           : i.lower >= QUALITY_SHARE_CAUTION ? VERDICT_CAUTION
                                              : VERDICT_HOLDS;
}

const char *quality_number(struct arena *a, int64_t n)
{
    char out[32];
    size_t k = sizeof out, digits = 0;
    uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do {
        if (digits > 0 && digits % 3 == 0) {
            out[--k] = ',';
        }
        out[--k] = (char)('0' + left % 10);
        left /= 10;
        digits++;
    } while (left > 0);
    if (n < 0) {
        out[--k] = '-';
    }
    return arena_text(a, out + k, sizeof out - k);
}

const char *quality_percent(struct arena *a, double share)
{
    return share > 0 && share < 0.005    ? "under 1%"
           : share < 1 && share >= 0.995 ? "over 99%"
                                         : arena_printf(a, "%.0f%%", 100 * share);
}

const char *quality_share_text(struct arena *a, int64_t count, int64_t of)
{
    const char *x = quality_number(a, count), *n = quality_number(a, of);
    const char *share = quality_percent(a, of > 0 ? (double)count / (double)of : 0);
    if (!x || !n || !share) {
        return NULL;
    }
    return of < QUALITY_BASE ? arena_printf(a, "%s of %s", x, n)
                             : arena_printf(a, "%s of %s (%s)", x, n, share);
}

const char *quality_month(struct arena *a, int32_t month)
{
    char out[8];
    month_write(month, out);
    return arena_text(a, out, strlen(out));
}

const char *quality_group(struct quality_work *w, uint32_t code)
{
    if (code == 0) {
        return "not-recorded";
    }
    struct text label = dictionary_text(&w->facts->groups, code);
    return arena_text(w->held->arena, label.at, label.n);
}

/* ---- one source ---- */

static int check_order(const void *x, const void *y)
{
    const struct quality_check *a = x, *b = y;
    static const int places[] = {[VERDICT_NOT_RELIABLE] = 0,
                                 [VERDICT_CAUTION] = 1,
                                 [VERDICT_HOLDS] = 2,
                                 [VERDICT_NOT_AVAILABLE] = 3};
    if (a->needs_attention != b->needs_attention) {
        return a->needs_attention ? -1 : 1;
    }
    if (a->verdict != b->verdict) {
        return places[a->verdict] - places[b->verdict];
    }
    double share_a = a->of > 0 ? (double)a->count / (double)a->of : 0;
    double share_b = b->of > 0 ? (double)b->count / (double)b->of : 0;
    if (share_a < share_b || share_a > share_b) {
        return share_a > share_b ? -1 : 1;
    }
    return strcmp(a->id, b->id);
}

static rv_status judge(struct quality_work *w, struct rv_err *reterr)
{
    RV_TRY(quality_coverage(w, reterr));
    if (w->facts->counts->rows == 0) {
        return quality_absent(w, "records", "", "No record of the source is of these months.",
                              "everything that rests on its records", reterr);
    }
    RV_TRY(quality_times(w, reterr));
    RV_TRY(quality_delays(w, reterr));
    RV_TRY(quality_missing(w, reterr));
    RV_TRY(quality_places(w, reterr));
    RV_TRY(quality_clashes(w, reterr));
    RV_TRY(quality_keys(w, reterr));
    RV_TRY(quality_breaks(w, reterr));
    return quality_previous(w, reterr);
}

static rv_status put_in_order(struct quality_work *w, struct quality_source *ret,
                              struct rv_err *reterr)
{
    for (size_t i = 0; i < w->count; i++) {
        struct quality_check *c = &w->checks[i];
        RV_TRY(quality_whole(w, c, reterr));
        c->needs_attention |= c->verdict == VERDICT_CAUTION || c->verdict == VERDICT_NOT_RELIABLE;
        ret->attention_count += c->needs_attention ? 1 : 0;
    }
    if (w->count > 1) {
        qsort(w->checks, w->count, sizeof *w->checks, check_order);
    }
    ret->source = w->facts->source;
    ret->period = w->facts->period;
    ret->checks = w->checks;
    ret->check_count = w->count;
    return rv_ok();
}

/* ret_months: of record, by ordinal. */
static rv_status look_at(struct held *h, const struct quality_options *options,
                         struct quality_scan *scan, struct quality_source *ret,
                         const int32_t **ret_months, struct rv_err *reterr)
{
    struct quality_facts facts;
    struct arena rows RV_CLEANUP(arena_done);
    arena_init(&rows, LIMIT_ARENA_BYTES);
    scan->rows = &rows;
    rv_status status = quality_read(scan, &facts, reterr);
    struct quality_work w = {
        .held = h, .rows = &rows, .options = options, .facts = &facts, .joined = scan->joined};
    status = rv_is_ok(status) ? judge(&w, reterr) : status;
    quality_facts_done(&facts);
    *ret_months = facts.rows.month;
    return rv_is_ok(status) ? put_in_order(&w, ret, reterr) : status;
}

/* ---- all ---- */

static bool is_looked_at(const char *kind)
{
    static const char *const kinds[] = {"offences",  "persons",     "ambulance",
                                        "transport", "stop-search", "emergency-department"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i], kind) == 0) {
            return true;
        }
    }
    return false;
}

struct choosing {
    struct held *held;
    const struct quality_options *options;
    struct source *sources;
    size_t count;
    const struct source *offences; /* whose persons are held: the one that covers most */
    const struct joined *joined;
    const int32_t *month_of; /* of record, by ordinal of an offence; 0 = not looked at */
};

static rv_status choose(struct choosing *c, struct rv_err *reterr)
{
    struct held *h = c->held;
    bool has_persons = false;
    struct month_range all = {0, INT32_MAX - 12};
    RV_TRY(sources_load(h->store, h->arena, NULL, &c->sources, &c->count, reterr));
    for (size_t i = 0; i < c->count; i++) {
        has_persons |= strcmp(c->sources[i].kind, "persons") == 0;
    }
    c->offences = source_choose(c->sources, c->count, "offences", all, (struct month_range){1, 0});
    return has_persons && c->offences ? held_joined_of(h, c->offences, &c->joined, reterr)
                                      : rv_ok();
}

static rv_status look(struct choosing *c, const struct source *s, struct quality_source *ret,
                      struct rv_err *reterr)
{
    bool is_persons = strcmp(s->kind, "persons") == 0;
    const int32_t *months;
    struct quality_scan scan = {.held = c->held,
                                .source = s,
                                .period = c->options->period,
                                .joined = is_persons || s == c->offences ? c->joined : NULL,
                                .month_of = is_persons ? c->month_of : NULL};
    RV_TRY(look_at(c->held, c->options, &scan, ret, &months, reterr));
    c->month_of = s == c->offences ? months : c->month_of;
    return rv_ok();
}

static bool is_asked_for(const struct quality_options *o, const struct source *s)
{
    return is_looked_at(s->kind) && (!o->source || strcmp(o->source, s->name) == 0);
}

rv_status quality_run(struct held *h, const struct quality_options *options,
                      struct quality_report *ret, struct rv_err *reterr)
{
    struct choosing c = {.held = h, .options = options};
    struct quality_source first = {.source = NULL}; /* of the offences: persons need their months */
    progress_step(h->progress, "checking the data", 0);
    RV_TRY(choose(&c, reterr));
    struct quality_report done = {.source_count = 0};
    done.sources = ARENA_NEW(h->arena, struct quality_source, c.count + 1);
    if (!done.sources) {
        return arena_fail(h->arena, reterr);
    }
    if (c.offences && (c.joined || is_asked_for(options, c.offences))) {
        RV_TRY(look(&c, c.offences, &first, reterr));
    }
    for (size_t i = 0; i < c.count; i++) {
        const struct source *s = &c.sources[i];
        struct quality_source *out = &done.sources[done.source_count];
        if (!is_asked_for(options, s)) {
            continue;
        }
        *out = (struct quality_source){.source = s};
        if (s == c.offences) {
            *out = first;
        } else {
            RV_TRY(look(&c, s, out, reterr));
        }
        done.source_count++;
        done.attention_count += out->attention_count;
    }
    if (options->source && done.source_count == 0) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "no source of records is named %s: 'reeve check FILE' lists those held",
                       options->source);
    }
    *ret = done;
    return rv_ok();
}
