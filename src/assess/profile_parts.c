/* assess/profile_parts.c — parts of a profile: of the context that contains it; with someone
 * accused; with a weapon. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/profile_internal.h"
#include "stats/interval.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

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

/* Its place among the shares of the boroughs, and that of all of them together. */
static rv_status rank_share(struct lens *l, struct finding *f, const int64_t *parts,
                            const int64_t *wholes, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    uint32_t n = w->boroughs->count;
    struct rank *ranks = ARENA_NEW(a, struct rank, n);
    if (!ranks) {
        return arena_fail(a, reterr);
    }
    bool is_ranked = l->covers_all_boroughs && isfinite(f->value);
    int64_t part = 0, whole = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (is_able(w, i)) {
            is_ranked = is_ranked && wholes[i + 1] >= WORDING_PERCENT_BASE;
            part += parts[i + 1];
            whole += wholes[i + 1];
        }
    }
    if (!is_ranked || part == 0) {
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
    RV_TRY(rank_share(l, f, parts, wholes, reterr));
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
    RV_TRY(rank_share(l, f, accused, all, reterr));
    RV_TRY(compose_caveat(w, f,
                          "An offence counts when its latest outcome is that someone was accused, "
                          "or a person in that role is recorded. Outcomes come later: the newest "
                          "offences have the fewest.",
                          reterr));
    return f->query ? rv_ok() : arena_fail(a, reterr);
}

/* ---- weapons ---- */

struct weapons {
    int64_t any[BUCKET_TOTAL], knife;
    int64_t not_recorded;
};

static rv_status count_weapons(struct lens *l, struct weapons *ret, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct month_range *both = ARENA_NEW(w->held.arena, struct month_range, BUCKET_TOTAL);
    size_t n = 0;
    if (!both) {
        return arena_fail(w->held.arena, reterr);
    }
    if (has_compare(w)) {
        both[n++] = w->options->compare;
    }
    both[n++] = w->options->period;
    struct cube_axis axes[LENS_AXES] = {
        {.kind = AXIS_GIVEN, .name = "profile"},
        {.kind = AXIS_WEAPON, .name = "weapon"},
        {.kind = AXIS_TIME, .name = "month", .buckets = both, .bucket_count = n},
        lens_inside(w)};
    struct cube_query query = {.source = l->source,
                               .axes = axes,
                               .axis_count = 4,
                               .period = {both[0].first, both[n - 1].last}};
    struct cube cube;
    RV_TRY(lens_cube(l, LENS_WEAPONS, &query, &cube, reterr));
    uint32_t is_any = axis_code(&axes[1], "any"), last = (uint32_t)n;
    uint32_t any[LENS_AXES] = {0, is_any, last}, before[LENS_AXES] = {0, is_any, 1};
    uint32_t knife[LENS_AXES] = {0, axis_code(&axes[1], "knife"), last};
    uint32_t unknown[LENS_AXES] = {0, 0, last};
    *ret =
        (struct weapons){.knife = cube_at(&cube, knife), .not_recorded = cube_at(&cube, unknown)};
    ret->any[BUCKET_PERIOD] = cube_at(&cube, any);
    ret->any[BUCKET_COMPARE] = n > 1 ? cube_at(&cube, before) : 0;
    return rv_ok();
}

/* A finding whose subject is the weapon-enabled offences of the profile. */
static struct finding *weapon_finding(struct lens *l, const char *measure, const char *condition)
{
    struct arena *a = l->work->held.arena;
    struct finding *f = compose_lens_finding(l, 0, measure);
    if (!f) {
        return NULL;
    }
    f->id = arena_printf(a, "%s.weapon-enabled.%s", l->prefix, measure);
    f->subject = arena_printf(a, "weapon-enabled offences (%s)", l->profile->subject);
    f->query = compose_query_with(l, "borough", condition);
    return f->id && f->subject && f->query ? f : NULL;
}

static const char FLAGS_ONLY[] =
    "A weapon is on record when the offence bears the flag of one, or says that one was used, "
    "threatened or intimated; one that nobody noted is not counted.";

rv_status profile_weapons(struct lens *l, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct weapons k;
    RV_TRY(count_weapons(l, &k, reterr));
    int64_t all = lens_count(l, BUCKET_PERIOD, 0, w->area);
    if (k.any[BUCKET_PERIOD] + k.any[BUCKET_COMPARE] == 0) {
        return rv_ok(); /* none on record, or no field that holds one */
    }
    struct finding *f = weapon_finding(l, "total", " --where weapon=any");
    struct interval ci;
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    RV_TRY(interval_poisson(k.any[BUCKET_PERIOD], STATS_LEVEL, &ci, reterr));
    f->unit = "offences";
    f->method = "poisson-exact";
    f->rule = "WEAPONS";
    f->value = f->numerator = (double)k.any[BUCKET_PERIOD];
    f->lower = ci.lower;
    f->upper = ci.upper;
    f->level = STATS_LEVEL;
    f->missing = (double)k.not_recorded;
    f->denominator = (double)all;
    f->denominator_name = "offences of the profile";
    RV_TRY(compose_number(w, f, "share",
                          all >= WORDING_PERCENT_BASE ? 100 * f->value / (double)all : NOT_KNOWN,
                          reterr));
    RV_TRY(compose_caveat(w, f, FLAGS_ONLY, reterr));
    f = k.any[BUCKET_PERIOD] ? weapon_finding(l, "knife", " --where weapon=knife") : NULL;
    if (!f) {
        return k.any[BUCKET_PERIOD] ? arena_fail(w->held.arena, reterr) : rv_ok();
    }
    f->denominator_name = "weapon-enabled offences";
    RV_TRY(compose_share(w, f, "KNIFE", "KNIFE_SMALL", k.knife, k.any[BUCKET_PERIOD], reterr));
    return compose_caveat(w, f, FLAGS_ONLY, reterr);
}

rv_status profile_weapons_change(struct lens *l, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct weapons k;
    if (!l->is_available[BUCKET_COMPARE]) {
        return rv_ok();
    }
    RV_TRY(count_weapons(l, &k, reterr));
    if (k.any[BUCKET_PERIOD] + k.any[BUCKET_COMPARE] == 0) {
        return rv_ok();
    }
    struct finding *f = weapon_finding(l, "change", " --where weapon=any");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    RV_TRY(compose_change(l, f, k.any[BUCKET_PERIOD], k.any[BUCKET_COMPARE], reterr));
    return compose_caveat(w, f, FLAGS_ONLY, reterr);
}
