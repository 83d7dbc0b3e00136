/* stats/wording.c — choosing the strongest wording that a result bears.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/wording.h"

#include <assert.h>
#include <math.h>

static const struct wording_rule RULES[] = {
#define WORDING_ROW(name, may, may_not) {#name, may, may_not},
    WORDINGS(WORDING_ROW)
#undef WORDING_ROW
};

const struct wording_rule *wording_rule(enum wording wording)
{
    assert(wording < WORDING_COUNT);
    return &RULES[wording];
}

/* A p-value that is missing never makes a claim. */
static bool is_told_from_chance(double p)
{
    return p >= 0 && p < WORDING_ALPHA;
}

enum wording wording_of_difference(int64_t before, int64_t after, double ratio, double p)
{
    if (before == 0 && after == 0) {
        return WORDING_NOTHING_RECORDED;
    }
    if (before == after && !(ratio > 1) && !(ratio < 1)) {
        return WORDING_NO_CHANGE;
    }
    if (!is_told_from_chance(p)) {
        return WORDING_NOT_DISTINGUISHABLE;
    }
    return ratio > 1 ? WORDING_TREND_UP : WORDING_TREND_DOWN;
}

enum wording wording_of_percent(int64_t base)
{
    return base >= WORDING_PERCENT_BASE ? WORDING_PERCENT : WORDING_SMALL_BASE;
}

enum wording wording_of_contributions(enum change_label label)
{
    static const enum wording OF_LABEL[] = {
        [CHANGE_NO_CHANGE] = WORDING_NO_CHANGE,
        [CHANGE_NOT_SIGNIFICANT] = WORDING_NOT_DISTINGUISHABLE,
        [CHANGE_DRIVEN_BY] = WORDING_DRIVEN_BY,
        [CHANGE_MORE_THAN] = WORDING_MORE_THAN_ACCOUNTED_FOR,
        [CHANGE_IN_LINE] = WORDING_IN_LINE_WITH_SIZE,
        [CHANGE_SEVERAL] = WORDING_DRIVEN_BY_SEVERAL,
        [CHANGE_BROAD] = WORDING_BROAD_BASED,
    };
    return OF_LABEL[label];
}

enum wording wording_of_rank(const struct rank *rank)
{
    if (!rank->is_available || rank->low == 0) {
        return WORDING_NOT_AVAILABLE;
    }
    return rank->low == rank->high ? WORDING_RANK_KEPT : WORDING_RANK_WITH_SET;
}

enum wording wording_of_rank_change(const struct rank *before, const struct rank *after)
{
    if (wording_of_rank(before) == WORDING_NOT_AVAILABLE ||
        wording_of_rank(after) == WORDING_NOT_AVAILABLE) {
        return WORDING_NOT_AVAILABLE;
    }
    if (before->rank == after->rank) {
        return WORDING_NO_CHANGE;
    }
    if (before->low <= after->high && after->low <= before->high) {
        return WORDING_NOT_DISTINGUISHABLE;
    }
    return after->rank < before->rank ? WORDING_RANK_UP : WORDING_RANK_DOWN;
}

enum wording wording_of_representation(const struct disproportion *group, double missing_share)
{
    const struct rate_ratio *r = &group->to_reference;
    const struct disproportion_bounds *b = &group->bounds;
    if (!b->has_comparison || !r->has_p || !(missing_share >= 0)) {
        return WORDING_NOT_AVAILABLE;
    }
    if (group->is_too_small) {
        return WORDING_SMALL_BASE;
    }
    bool is_over = r->exact.has_lower && r->exact.lower > 1;
    bool is_under = r->exact.has_upper && r->exact.upper < 1;
    if (!is_over && !is_under) {
        return WORDING_NOT_DISTINGUISHABLE;
    }
    if (is_over && b->is_over) {
        return WORDING_OVER_REPRESENTED;
    }
    if (is_under && b->is_under) {
        return WORDING_UNDER_REPRESENTED;
    }
    if (missing_share > DISPROPORTION_MISSING_BOUNDS) {
        return WORDING_NOT_RELIABLE;
    }
    return is_over ? WORDING_OVER_REPRESENTED_IF_ALIKE : WORDING_UNDER_REPRESENTED_IF_ALIKE;
}

enum wording wording_of_kept(double share)
{
    if (isnan(share)) {
        return WORDING_NOT_AVAILABLE;
    }
    return share >= WORDING_KEPT_HOLDS     ? WORDING_HOLDS
           : share >= WORDING_KEPT_CAUTION ? WORDING_HOLDS_WITH_CAUTION
                                           : WORDING_NOT_RELIABLE;
}

enum wording wording_of_peak(double agreement, bool is_tied)
{
    if (isnan(agreement)) {
        return WORDING_NOT_AVAILABLE;
    }
    return agreement >= WORDING_AGREEMENT && !is_tied ? WORDING_PEAK_AT : WORDING_PEAK_BETWEEN;
}

enum wording wording_of_months(double years, double p)
{
    if (!is_told_from_chance(p)) {
        return WORDING_NOT_DISTINGUISHABLE;
    }
    return years >= WORDING_SEASON_YEARS ? WORDING_SEASONAL : WORDING_MONTHS_DIFFER;
}

enum wording wording_of_displacement(const struct displacement_effect *effect)
{
    if (!effect->has_test) {
        return WORDING_NOTHING_RECORDED;
    }
    if (!is_told_from_chance(effect->p)) {
        return WORDING_NOT_DISTINGUISHABLE;
    }
    return effect->estimate < 0 ? WORDING_FEWER_THAN_COMPARISON : WORDING_MORE_THAN_COMPARISON;
}
