/* assess/profile_parts.c — parts of a profile beside those of the other boroughs: of the context
 * that contains it; with someone accused. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/profile_internal.h"
#include "base/buf.h"
#include "stats/proportion.h"

#include <math.h>
#include <string.h>

/* ---- a share of the area ---- */

rv_status compose_share(struct assess_work *w, struct finding *f, const char *rule,
                        const char *small_rule, int64_t part, int64_t whole, struct rv_err *reterr)
{
    f->unit = "percent";
    f->method = "wilson";
    f->rule = rule;
    f->numerator = (double)part;
    f->denominator = (double)whole;
    if (wording_of_percent(whole) == WORDING_SMALL_BASE) {
        f->rule = small_rule;
        f->verdict = VERDICT_CAUTION;
        return compose_caveat(w, f,
                              arena_printf(w->held.arena,
                                           "Holds with caution, because a base under %d gives no "
                                           "percentage: read the counts.",
                                           WORDING_PERCENT_BASE),
                              reterr);
    }
    return compose_percent(f, part, whole, reterr);
}

void compose_part(struct buf *b, int64_t n, const char *what)
{
    buf_text(b, b->n ? ", " : "");
    if (n >= 1000) {
        buf_printf(b, "%lld,%03lld %s", (long long)(n / 1000), (long long)(n % 1000), what);
    } else {
        buf_printf(b, "%lld %s", (long long)n, what);
    }
}

rv_status weaken_unknown(struct assess_work *w, struct finding *f, const char *what,
                         int64_t unknown, int64_t known, struct rv_err *reterr)
{
    enum wording wording =
        wording_of_kept(known + unknown > 0 ? (double)known / (double)(known + unknown) : 1);
    enum finding_verdict verdict = wording == WORDING_HOLDS                ? VERDICT_HOLDS
                                   : wording == WORDING_HOLDS_WITH_CAUTION ? VERDICT_CAUTION
                                                                           : VERDICT_NOT_RELIABLE;
    if (verdict <= f->verdict) {
        return rv_ok();
    }
    f->verdict = verdict;
    return compose_caveat(
        w, f,
        arena_printf(w->held.arena, "%s, because %s is recorded for only %lld of %lld.",
                     verdict == VERDICT_CAUTION ? "Holds with caution" : "Not reliable", what,
                     (long long)known, (long long)(known + unknown)),
        reterr);
}

/* ---- the same share of every borough ---- */

static bool is_able(const struct assess_work *w, uint32_t i)
{
    return (w->able[i / 64] >> (i % 64)) & 1;
}

/* Whether the share is told apart from that of the other boroughs together. */
static rv_status compare_with_others(struct assess_work *w, struct finding *f, int64_t part,
                                     int64_t whole, int64_t all_part, int64_t all_whole,
                                     struct rv_err *reterr)
{
    if (all_whole - whole < WORDING_PERCENT_BASE) {
        return rv_ok();
    }
    struct proportion_difference d;
    RV_TRY(proportion_compare(part, whole, all_part - part, all_whole - whole, STATS_LEVEL, &d,
                              reterr));
    RV_TRY(compose_number(w, f, "others", 100 * d.second, reterr));
    RV_TRY(compose_number(w, f, "p", d.p, reterr));
    return compose_text(w, f, "beside",
                        d.p >= WORDING_ALPHA ? "not distinguishable from"
                        : d.difference > 0   ? "higher than"
                                             : "lower than",
                        reterr);
}

rv_status compose_share_rank(struct lens *l, struct finding *f, const int64_t *parts,
                             const int64_t *wholes, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    uint32_t n = w->boroughs->count;
    struct rank *ranks = ARENA_NEW(a, struct rank, n);
    if (!ranks) {
        return arena_fail(a, reterr);
    }
    bool is_compared = l->covers_all_boroughs && isfinite(f->value), is_ranked = is_compared;
    int64_t part = 0, whole = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (is_able(w, i)) {
            is_ranked = is_ranked && wholes[i + 1] >= WORDING_PERCENT_BASE;
            part += parts[i + 1];
            whole += wholes[i + 1];
        }
    }
    if (!is_compared || part == 0) {
        return rv_ok();
    }
    RV_TRY(compare_with_others(w, f, parts[w->area], wholes[w->area], part, whole, reterr));
    if (!is_ranked) {
        return rv_ok();
    }
    RV_TRY(rank_simultaneous_shares(a, parts + 1, wholes + 1, w->able, n, STATS_LEVEL,
                                    RANK_MOST_FIRST, ranks, reterr));
    const struct rank *r = &ranks[w->area - 1];
    f->rank = r->rank;
    f->rank_low = r->low;
    f->rank_high = r->high;
    f->of = r->of;
    f->is_tied = r->tied > 1;
    RV_TRY(compose_number(w, f, "all_boroughs", 100 * (double)part / (double)whole, reterr));
    if (r->low > 1 || r->high < r->of) { /* else chance alone allows any place */
        RV_TRY(compose_number(w, f, "placed", (double)r->rank, reterr));
    }
    if (r->low < r->high) {
        RV_TRY(compose_number(w, f, "spread", (double)(r->high - r->low), reterr));
    }
    return compose_caveat(w, f,
                          "Rank 1 is the highest share; equal shares have one place; the sets of "
                          "places are of all boroughs at once. The City of London is not ranked.",
                          reterr);
}

/* ---- of the context ---- */

rv_status profile_share(struct lens *l, const struct lens *whole, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    if (!whole) {
        return rv_ok();
    }
    struct finding *f = compose_lens_finding(l, 0, "share");
    int64_t *parts = ARENA_NEW(w->held.arena, int64_t, w->boroughs->count + 1);
    int64_t *wholes = ARENA_NEW(w->held.arena, int64_t, w->boroughs->count + 1);
    if (!f || !parts || !wholes) {
        return arena_fail(w->held.arena, reterr);
    }
    f->unit = "percent";
    f->method = "wilson";
    f->query = compose_query(l, "borough", 0, w->options->area, BUCKET_PERIOD);
    f->denominator_name = arena_printf(w->held.arena, "offences of %s", whole->profile->subject);
    RV_TRY(compose_text(w, f, "whole", whole->profile->subject, reterr));
    if (!whole->is_available[BUCKET_PERIOD]) {
        return compose_absent(w, f, "SHARE_NOT_AVAILABLE", whole->gaps[BUCKET_PERIOD], reterr);
    }
    for (uint32_t i = 0; i <= w->boroughs->count; i++) {
        parts[i] = lens_count(l, BUCKET_PERIOD, 0, i);
        wholes[i] = lens_count(whole, BUCKET_PERIOD, 0, i);
    }
    if (wholes[w->area] == 0) {
        return compose_absent(w, f, "SHARE_NOT_AVAILABLE", "there are none to be a part of",
                              reterr);
    }
    RV_TRY(compose_share(w, f, "SHARE", "SHARE_SMALL", parts[w->area], wholes[w->area], reterr));
    RV_TRY(compose_share_rank(l, f, parts, wholes, reterr));
    const char *other = compose_query(whole, "borough", 0, w->options->area, BUCKET_PERIOD);
    return f->query && f->denominator_name && other
               ? compose_caveat(w, f,
                                arena_printf(w->held.arena,
                                             "The command gives the part; the whole is given by: "
                                             "%s",
                                             other),
                                reterr)
               : arena_fail(w->held.arena, reterr);
}

/* ---- someone accused ---- */

/* Offences by borough in the period; `unit` UNIT_ACCUSED, or UNIT_RECORD of those without any
 * outcome recorded. */
static rv_status count_accused(struct lens *l, bool is_unknown, int64_t *counts,
                               struct rv_err *reterr)
{
    static const char *const none[] = {"not-recorded"};
    struct assess_work *w = l->work;
    struct cube_axis axes[LENS_AXES] = {
        {.kind = AXIS_GIVEN, .name = "profile"},
        {.kind = AXIS_AREA, .name = "borough", .layer = w->boroughs},
        {.kind = AXIS_OUTCOME,
         .name = "outcome",
         .closed = OFFENCE_OUTCOMES,
         .closed_count = OFFENCE_OUTCOME_COUNT,
         .wanted = is_unknown ? none : NULL,
         .wanted_count = is_unknown ? 1 : 0,
         .is_filter = true}};
    struct cube_query query = {.source = l->source,
                               .axes = axes,
                               .axis_count = is_unknown ? 3 : 2,
                               .period = w->options->period,
                               .unit = is_unknown ? UNIT_RECORD : UNIT_ACCUSED};
    struct cube cube;
    RV_TRY(lens_cube(l, is_unknown ? LENS_NO_OUTCOME : LENS_ACCUSED, &query, &cube, reterr));
    for (uint32_t i = 0; i <= w->boroughs->count; i++) {
        uint32_t codes[LENS_AXES] = {0, i};
        counts[i] = cube_at(&cube, codes);
    }
    return rv_ok();
}

rv_status profile_accused(struct lens *l, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    size_t n = w->boroughs->count + 1;
    int64_t *accused = ARENA_NEW(a, int64_t, n), *unknown = ARENA_NEW(a, int64_t, n);
    int64_t *all = ARENA_NEW(a, int64_t, n);
    if (!accused || !unknown || !all) {
        return arena_fail(a, reterr);
    }
    RV_TRY(count_accused(l, false, accused, reterr));
    RV_TRY(count_accused(l, true, unknown, reterr));
    for (size_t i = 0; i < n; i++) {
        all[i] = lens_count(l, BUCKET_PERIOD, 0, (uint32_t)i);
    }
    struct finding *f = all[w->area] > 0 ? compose_lens_finding(l, 0, "accused") : NULL;
    if (all[w->area] == 0) {
        return rv_ok(); /* no offence, nobody to accuse */
    }
    if (!f) {
        return arena_fail(a, reterr);
    }
    f->unit = "percent";
    f->method = "wilson";
    f->denominator_name = "offences";
    f->query = compose_query_with(l, "borough", " --count accused");
    RV_TRY(evidence_of_people(l, f, true, reterr));
    if (unknown[w->area] == all[w->area] && accused[w->area] == 0) {
        return compose_absent(w, f, "ACCUSED_NOT_AVAILABLE",
                              "no outcome of any of them is recorded", reterr);
    }
    RV_TRY(compose_share(w, f, "ACCUSED", "ACCUSED_SMALL", accused[w->area], all[w->area], reterr));
    f->missing = (double)unknown[w->area];
    RV_TRY(compose_share_rank(l, f, accused, all, reterr));
    RV_TRY(compose_caveat(w, f,
                          "An offence counts when its latest outcome is that someone was accused, "
                          "or a person in that role is recorded. Outcomes come later: the newest "
                          "offences have the fewest.",
                          reterr));
    return f->query ? rv_ok() : arena_fail(a, reterr);
}
