/* assess/lens_rank.c — places among the boroughs, with ties and simultaneous sets.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/rank_internal.h"

#include <math.h>
#include <string.h>

/* police.uk categories beside the category of the Metropolitan Police's published counts that is
 * nearest to them, and in what they differ. Source: data.police.uk/about ("crime categories") and
 * the notes of the London Datastore's crime counts. */
static const struct {
    const char *ours, *theirs, *difference;
} NEAREST[] = {
    {"violence-and-sexual-offences", "violence-against-the-person",
     "it leaves out sexual offences"},
    {"criminal-damage-and-arson", "arson-and-criminal-damage", ""},
    {"drugs", "drug-offences", ""},
    {"public-order", "public-order-offences", ""},
    {"vehicle-crime", "vehicle-offences", ""},
    {"possession-of-weapons", "possession-of-weapons", ""},
    {"robbery", "robbery", ""},
    {"burglary", "burglary", ""},
};

/* The category of the other lens nearest to one of ours: 0 = none. */
static uint32_t nearest_category(const struct lens *l, const struct lens *other, uint32_t c,
                                 const char **ret_difference)
{
    *ret_difference = "";
    for (uint32_t k = 1; k < other->categories; k++) {
        if (strcmp(other->slugs[k], l->slugs[c]) == 0) {
            return k;
        }
    }
    for (size_t i = 0; i < sizeof NEAREST / sizeof *NEAREST; i++) {
        for (uint32_t k = 1; k < other->categories; k++) {
            if (strcmp(NEAREST[i].ours, l->slugs[c]) == 0 &&
                strcmp(NEAREST[i].theirs, other->slugs[k]) == 0) {
                *ret_difference = NEAREST[i].difference;
                return k;
            }
        }
    }
    return 0;
}

static void put_rank(struct finding *f, const struct rank *r)
{
    f->value = (double)r->rank;
    f->rank = r->rank;
    f->rank_low = r->low;
    f->rank_high = r->high;
    f->of = r->of;
    f->is_tied = r->tied > 1;
    f->lower = (double)r->low;
    f->upper = (double)r->high;
    f->level = STATS_LEVEL;
}

rv_status compose_rank_verdict(struct assess_work *w, struct finding *f, struct rv_err *reterr)
{
    if (f->of > 1 && f->rank_low == 1 && f->rank_high == f->of) {
        f->verdict = VERDICT_NOT_RELIABLE;
        return compose_caveat(
            w, f, "Not reliable, because counts of this size allow any place at all.", reterr);
    }
    if ((double)(f->rank_high - f->rank_low + 1) < ASSESS_TESTS * (double)f->of) {
        return rv_ok();
    }
    f->verdict = VERDICT_CAUTION;
    return compose_caveat(w, f,
                          "Holds with caution, because places as far apart as nearly the "
                          "whole table cannot be told apart by counts of this size.",
                          reterr);
}

/* Which ranking. */
struct ranking {
    struct lens *from; /* the lens ranked: this one, or one that covers all boroughs */
    uint32_t category; /* its category */
    const char *difference;
    bool by_rate;
    int bucket;
};

static const char *rank_measure(const struct ranking *k)
{
    if (k->bucket == BUCKET_COMPARE) {
        return k->by_rate ? "rate-rank-before" : "rank-before";
    }
    return k->by_rate ? "rate-rank" : "rank";
}

/* A rank from another lens: of which counts, and why none of this one. */
static rv_status note_nearest(struct lens *l, struct finding *f, const struct ranking *k,
                              struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    f->sources = k->from->evidence;
    f->source_count = k->from->evidence_count;
    RV_TRY(compose_text(w, f, "nearest", k->from->subjects[k->category], reterr));
    RV_TRY(compose_text(w, f, "no_rank", l->no_rank, reterr));
    RV_TRY(compose_caveat(w, f, k->from->source_caveat, reterr));
    return compose_caveat(
        w, f,
        arena_printf(w->held.arena,
                     "The records held give no rank, because %s. The rank is of the published "
                     "counts of the nearest category, \"%s\"%s%s.",
                     l->no_rank, k->from->axes[0].labels[k->category], k->difference[0] ? ": " : "",
                     k->difference),
        reterr);
}

static rv_status add_rank(struct lens *l, uint32_t c, struct ranking k, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct lens *from = k.from;
    uint32_t theirs = k.category;
    bool by_rate = k.by_rate;
    struct finding *f = compose_lens_finding(l, c, rank_measure(&k));
    struct rank *ranks = ARENA_NEW(w->held.arena, struct rank, w->boroughs->count);
    if (!f || !ranks) {
        return arena_fail(w->held.arena, reterr);
    }
    f->unit = "rank";
    f->method = "ranks";
    f->period = bucket_range(w, k.bucket);
    f->query = compose_query(from, "borough", theirs, w->options->area, k.bucket);
    if (by_rate && f->query) {
        f->denominator_name = w->residents.name;
        f->query = arena_printf(w->held.arena, "%s --rank rate", f->query);
    }
    if (!f->query) {
        return arena_fail(w->held.arena, reterr);
    }
    bool has_rates = true;
    RV_TRY(rank_boroughs(from, theirs, k.bucket, by_rate, ranks, NULL, &has_rates, reterr));
    if (!has_rates) {
        return compose_absent(w, f, "RANK_NOT_AVAILABLE", "no population of every borough is held",
                              reterr);
    }
    put_rank(f, &ranks[w->area - 1]);
    f->rule = by_rate ? "RATE_RANK" : from == l ? "RANK" : "RANK_NEAREST";
    f->numerator = (double)lens_count(from, k.bucket, theirs, w->area);
    RV_TRY(compose_text(w, f, "places", "boroughs", reterr));
    if (f->rank_low < f->rank_high) {
        RV_TRY(compose_number(w, f, "spread", (double)(f->rank_high - f->rank_low), reterr));
    }
    RV_TRY(compose_caveat(w, f,
                          "Rank 1 is the most; equal values share a place; the City of "
                          "London and what is in no borough take no place.",
                          reterr));
    RV_TRY(from != l ? note_nearest(l, f, &k, reterr) : rv_ok());
    return compose_rank_verdict(w, f, reterr);
}

static rv_status add_no_rank(struct lens *l, uint32_t c, const char *reason, struct rv_err *reterr)
{
    struct finding *f = compose_lens_finding(l, c, "rank");
    if (!f) {
        return arena_fail(l->work->held.arena, reterr);
    }
    f->unit = "rank";
    f->method = "ranks";
    f->query = compose_query(l, "borough", c, l->work->options->area, BUCKET_PERIOD);
    return compose_absent(l->work, f, "RANK_NOT_AVAILABLE", reason, reterr);
}

/* The place in both periods; told apart only where the two sets do not overlap. */
static rv_status add_rank_change(struct lens *l, uint32_t c, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct rank *now = ARENA_NEW(w->held.arena, struct rank, w->boroughs->count);
    struct rank *then = ARENA_NEW(w->held.arena, struct rank, w->boroughs->count);
    struct finding *f = compose_lens_finding(l, c, "rank-change");
    if (!f || !now || !then) {
        return arena_fail(w->held.arena, reterr);
    }
    bool is_ranked = true;
    RV_TRY(rank_boroughs(l, c, BUCKET_PERIOD, false, now, NULL, &is_ranked, reterr));
    RV_TRY(rank_boroughs(l, c, BUCKET_COMPARE, false, then, NULL, &is_ranked, reterr));
    const struct rank *a = &now[w->area - 1], *b = &then[w->area - 1];
    put_rank(f, a);
    f->numerator = (double)lens_count(l, BUCKET_PERIOD, c, w->area);
    f->unit = "rank";
    f->method = "ranks";
    f->compare = w->options->compare;
    f->compare_value = (double)b->rank;
    f->query = compose_query(l, "borough", c, w->options->area, BUCKET_PERIOD);
    enum wording wording = wording_of_rank_change(b, a);
    f->rule = wording == WORDING_RANK_UP     ? "RANK_CHANGE_UP"
              : wording == WORDING_RANK_DOWN ? "RANK_CHANGE_DOWN"
              : wording == WORDING_NO_CHANGE ? "RANK_CHANGE_NONE"
                                             : "RANK_CHANGE_NOT_DISTINGUISHABLE";
    struct buf before RV_CLEANUP(buf_done);
    buf_init(&before, 64);
    rank_text(b, &before);
    RV_TRY(compose_text(w, f, "rank_before",
                        arena_text(w->held.arena, before.bytes ? before.bytes : "", before.n),
                        reterr));
    RV_TRY(compose_number(w, f, "low_before", (double)b->low, reterr));
    RV_TRY(compose_number(w, f, "high_before", (double)b->high, reterr));
    RV_TRY(compose_number(w, f, "count", (double)lens_count(l, BUCKET_PERIOD, c, w->area), reterr));
    RV_TRY(compose_number(w, f, "count_before", (double)lens_count(l, BUCKET_COMPARE, c, w->area),
                          reterr));
    RV_TRY(compose_text(w, f, "places", "boroughs", reterr));
    RV_TRY(compose_rank_verdict(w, f, reterr));
    return f->query ? rv_ok() : arena_fail(w->held.arena, reterr);
}

/* Whether any borough has one in a period: places among zeros mean nothing. */
static bool has_any(const struct lens *l, uint32_t c, int bucket)
{
    for (uint32_t i = 1; i <= l->work->boroughs->count; i++) {
        if (lens_count(l, bucket, c, i) > 0) {
            return true;
        }
    }
    return false;
}

static rv_status more_ranks(struct lens *l, uint32_t c, struct rv_err *reterr)
{
    RV_TRY(add_rank(l, c, (struct ranking){l, c, "", true, BUCKET_PERIOD}, reterr));
    return l->is_available[BUCKET_COMPARE] ? add_rank_change(l, c, reterr) : rv_ok();
}

static rv_status ranks_of(struct lens *l, struct lens *other, uint32_t c, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    if (l->is_available[BUCKET_PERIOD] && l->covers_all_boroughs && !has_any(l, c, BUCKET_PERIOD)) {
        return add_no_rank(l, c, "none were recorded in any borough", reterr);
    }
    if (!l->is_available[BUCKET_PERIOD]) {
        return add_no_rank(l, c, l->gaps[BUCKET_PERIOD], reterr);
    }
    if (l->covers_all_boroughs) {
        RV_TRY(add_rank(l, c, (struct ranking){l, c, "", false, BUCKET_PERIOD}, reterr));
        RV_TRY(l->profile ? rv_ok() : more_ranks(l, c, reterr)); /* of a profile further below */
        bool has_table = c == 0 || is_serious_category(l->slugs[c]);
        return has_table ? rank_table(l, c, reterr) : rv_ok();
    }
    const char *difference = "";
    bool is_usable = other && other->covers_all_boroughs && other->is_available[BUCKET_PERIOD];
    uint32_t theirs = is_usable && c > 0 ? nearest_category(l, other, c, &difference) : 0;
    if (theirs > 0) {
        return add_rank(l, c, (struct ranking){other, theirs, difference, false, BUCKET_PERIOD},
                        reterr);
    }
    const char *reason = l->no_rank;
    if (is_usable) {
        reason = arena_printf(w->held.arena,
                              "%s, and no category of the published counts is near to this one",
                              l->no_rank);
    }
    return reason ? add_no_rank(l, c, reason, reterr) : arena_fail(w->held.arena, reterr);
}

rv_status lens_ranks(struct lens *l, struct lens *other, struct rv_err *reterr)
{
    for (uint32_t i = 0; i <= l->order_count; i++) {
        RV_TRY(progress_check(l->work->held.progress, reterr));
        RV_TRY(ranks_of(l, other, i ? l->order[i - 1] : 0, reterr));
    }
    return rv_ok();
}

rv_status lens_rank(struct lens *l, struct rv_err *reterr)
{
    RV_TRY(ranks_of(l, NULL, 0, reterr));
    bool is_drawn = l->profile && !l->profile->is_wider && l->covers_all_boroughs &&
                    l->is_available[BUCKET_PERIOD];
    return is_drawn ? funnel_boroughs(l, reterr) : rv_ok();
}

rv_status lens_rank_group(struct lens *l, uint32_t category, struct rv_err *reterr)
{
    RV_TRY(ranks_of(l, NULL, category, reterr));
    bool has_both = l->covers_all_boroughs && l->is_available[BUCKET_COMPARE] &&
                    has_any(l, category, BUCKET_PERIOD) && has_any(l, category, BUCKET_COMPARE);
    return has_both ? add_rank_change(l, category, reterr) : rv_ok();
}

rv_status lens_rank_more(struct lens *l, struct rv_err *reterr)
{
    bool is_ranked =
        l->covers_all_boroughs && l->is_available[BUCKET_PERIOD] && has_any(l, 0, BUCKET_PERIOD);
    RV_TRY(is_ranked ? more_ranks(l, 0, reterr) : rv_ok());
    RV_TRY(lens_rate_before(l, reterr));
    if (!l->covers_all_boroughs || !l->is_available[BUCKET_COMPARE] ||
        !has_any(l, 0, BUCKET_COMPARE)) {
        return rv_ok();
    }
    struct ranking before = {l, 0, "", false, BUCKET_COMPARE};
    RV_TRY(add_rank(l, 0, before, reterr));
    before.by_rate = true;
    return add_rank(l, 0, before, reterr);
}
