/* assess/quality_previous.c — the newest extract of a source beside the one before it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/quality_internal.h"
#include "stats/binomial.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define SHARE_APART 0.05 /* difference of shares missing that is told */
#define ROWS_RATIO  1.25 /* rows of the same months: more or fewer than that is told */
#define LEVEL_RATIO 2.0  /* rows a month of other months */

/* Files of one series differ in their dates: names are compared without digits. */
static bool is_alike(const struct extract_info *x, const struct extract_info *y)
{
    const char *a = x->file_name ? x->file_name : "", *b = y->file_name ? y->file_name : "";
    const char *s = x->supplier ? x->supplier : "", *t = y->supplier ? y->supplier : "";
    for (;; a++, b++) {
        while (isdigit((unsigned char)*a)) {
            a++;
        }
        while (isdigit((unsigned char)*b)) {
            b++;
        }
        if (*a != *b || !*a) {
            return *a == *b && strcmp(s, t) == 0;
        }
    }
}

struct pair {
    const struct extract_info *was, *is;
    struct quality_facts before, after;
};

/* The rows in view when extract `x` was the newest, of the months in `common`; only its own when
 * there are no common months. A row that was sent again unchanged is not stored again, so that what
 * an extract says of months held before is seen in the view alone. */
static rv_status read_view(struct quality_work *w, const struct extract_info *x,
                           struct month_range common, struct quality_facts *ret,
                           struct rv_err *reterr)
{
    const struct source *whole = w->facts->source;
    struct source *s = ARENA_NEW(w->held->arena, struct source, 1);
    if (!s) {
        return arena_fail(w->held->arena, reterr);
    }
    bool is_alone = common.first > common.last;
    *s = (struct source){.kind = whole->kind,
                         .name = whole->name,
                         .extracts = is_alone ? x : whole->extracts,
                         .extract_count = is_alone ? 1 : (size_t)(x - whole->extracts) + 1,
                         .months = x->months,
                         .month_count = x->month_count};
    struct quality_scan scan = {.held = w->held, .source = s, .period = common, .as_of = x->id};
    return quality_read(&scan, ret, reterr);
}

static struct quality_share missing_of(const struct quality_facts *f, int field)
{
    struct quality_share sum = {0, 0};
    for (size_t role = 0; role <= PERSON_ROLE_COUNT; role++) {
        for (size_t y = 0; y < QUALITY_YEARS; y++) {
            sum.count += f->counts->missing[field][role][y].count;
            sum.of += f->counts->missing[field][role][y].of;
        }
    }
    return sum;
}

/* ---- rows ---- */

static bool covers(const struct extract_info *x, int32_t month)
{
    for (size_t i = 0; i < x->month_count; i++) {
        if (x->months[i] == month) {
            return true;
        }
    }
    return false;
}

static int64_t rows_in(const struct quality_facts *f, const struct pair *p, bool is_common)
{
    int64_t sum = 0;
    for (int32_t m = 0; m < QUALITY_MONTHS; m++) {
        int32_t month = m + QUALITY_FIRST_MONTH;
        bool both = covers(p->was, month) && covers(p->is, month);
        for (uint32_t g = 0; g < QUALITY_GROUPS && (both || !is_common); g++) {
            sum += f->counts->months[g][m];
        }
    }
    return sum;
}

static size_t common_months(const struct pair *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->is->month_count; i++) {
        n += covers(p->was, p->is->months[i]) ? 1 : 0;
    }
    return n;
}

static struct month_range common_range(const struct pair *p)
{
    struct month_range r = {1, 0};
    for (size_t i = 0; i < p->is->month_count; i++) {
        int32_t month = p->is->months[i];
        if (covers(p->was, month)) {
            r.first = r.first > r.last ? month : r.first;
            r.last = month;
        }
    }
    return r;
}

static rv_status compare_rows(struct quality_work *w, const struct pair *p, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    size_t common = common_months(p);
    bool is_same = common > 0;
    double months_was = (double)(is_same ? common : p->was->month_count);
    double months_is = (double)(is_same ? common : p->is->month_count);
    if (!(months_was > 0) || !(months_is > 0)) {
        return rv_ok();
    }
    int64_t was = rows_in(&p->before, p, is_same), is = rows_in(&p->after, p, is_same);
    struct quality_check *c = quality_add(w, "previous-rows", "");
    if (!c) {
        return arena_fail(a, reterr);
    }
    double part = months_is / (months_is + months_was), pvalue = 1;
    RV_TRY(binomial_test(is, is + was, part, &pvalue, reterr));
    double rate_was = (double)was / months_was, rate_is = (double)is / months_is;
    double low = rate_was < rate_is ? rate_was : rate_is;
    double high = rate_was < rate_is ? rate_is : rate_was;
    bool is_apart = pvalue < QUALITY_SURE && high >= (is_same ? ROWS_RATIO : LEVEL_RATIO) * low;
    c->count = is;
    c->of = was;
    c->measure = pvalue;
    c->measure_name = "p";
    c->verdict = is_apart ? VERDICT_CAUTION : VERDICT_HOLDS;
    c->spoils = "change between months of the two extracts";
    c->sentence = arena_printf(
        a,
        is_same ? "%.0f months stand in the newest extract and in the one before it: now with %s "
                  "records, "
                  "before with %s.%s"
                : "The newest extract covers %.0f months with %s rows a month; the one before had "
                  "%s a month.%s",
        months_is, quality_number(a, is_same ? is : (int64_t)llround(rate_is)),
        quality_number(a, is_same ? was : (int64_t)llround(rate_was)),
        is_apart ? " That is further apart than chance and the usual changes make it." : "");
    c->remedy =
        is_apart ? "Ask whether both were drawn by the same rules before they are compared." : "";
    return rv_ok();
}

/* ---- shares missing ---- */

static rv_status compare_field(struct quality_work *w, const struct pair *p, int field,
                               const char *name, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    struct quality_share was = missing_of(&p->before, field), is = missing_of(&p->after, field);
    double pvalue = 1;
    if (was.of == 0) { /* the column was not there: missing in every row */
        was = (struct quality_share){p->before.counts->rows, p->before.counts->rows};
    }
    if (is.of == 0) {
        is = (struct quality_share){p->after.counts->rows, p->after.counts->rows};
    }
    if (was.of < QUALITY_BASE || is.of < QUALITY_BASE) {
        return rv_ok();
    }
    double share_was = (double)was.count / (double)was.of;
    double share_is = (double)is.count / (double)is.of;
    if (fabs(share_was - share_is) < SHARE_APART) {
        return rv_ok();
    }
    RV_TRY(binomial_fisher(is.count, is.of - is.count, was.count, was.of - was.count, &pvalue,
                           reterr));
    if (pvalue * FIELD_COUNT >= QUALITY_SURE) {
        return rv_ok();
    }
    struct quality_check *c = quality_add(w, "previous-missing", name);
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->count = is.count;
    c->of = is.of;
    c->measure = pvalue * FIELD_COUNT;
    c->measure_name = "p after Bonferroni";
    c->verdict = VERDICT_CAUTION;
    c->sentence = arena_printf(a,
                               "In the newest extract the %s is not recorded for %s rows; in the "
                               "one before for %s.",
                               name, quality_share_text(a, is.count, is.of),
                               quality_share_text(a, was.count, was.of));
    c->spoils = "change of anything by it";
    c->remedy = "Compare no shares by it across the two extracts; ask what changed.";
    return rv_ok();
}

static rv_status compare(struct quality_work *w, const struct pair *p, struct rv_err *reterr)
{
    static const char *const names[FIELD_COUNT] = {[FIELD_AGE] = "age",
                                                   [FIELD_SEX] = "sex",
                                                   [FIELD_ETHNICITY] = "ethnicity",
                                                   [FIELD_GROUP] = "offence group",
                                                   [FIELD_CLOCK] = "date of offence",
                                                   [FIELD_OUTCOME] = "outcome",
                                                   [FIELD_STATION] = "station",
                                                   [FIELD_ROUTE] = "route"};
    if (strcmp(w->facts->source->kind, "persons") != 0) {
        RV_TRY(compare_rows(w, p, reterr));
    }
    for (int k = 0; k < FIELD_COUNT; k++) {
        if (p->before.has[k] || p->after.has[k]) {
            RV_TRY(compare_field(w, p, k, names[k], reterr));
        }
    }
    return rv_ok();
}

rv_status quality_previous(struct quality_work *w, struct rv_err *reterr)
{
    const struct source *s = w->facts->source;
    struct pair p = {.is = s->extract_count ? &s->extracts[s->extract_count - 1] : NULL};
    for (size_t i = 0; i + 1 < s->extract_count; i++) {
        p.was = is_alike(&s->extracts[i], p.is) ? &s->extracts[i] : p.was;
    }
    if (!p.was || (common_months(&p) > 0 && strcmp(p.is->refresh, "incremental") == 0)) {
        return rv_ok(); /* what changed, of months that were there already, is meant to differ */
    }
    struct month_range common = common_range(&p);
    RV_TRY(read_view(w, p.was, common, &p.before, reterr));
    rv_status status = read_view(w, p.is, common, &p.after, reterr);
    status = rv_is_ok(status) ? compare(w, &p, reterr) : status;
    quality_facts_done(&p.before);
    quality_facts_done(&p.after);
    return status;
}
