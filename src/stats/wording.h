/* stats/wording.h — which sentence a result may become, by name.
 *
 * The rules are data (WORDINGS) and the functions below choose among them: a result goes in, the
 * strongest wording that it bears comes out. Sentences themselves live in `sentences/`; nothing is
 * written about a result but through one of these names. Pure and thread-safe.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_WORDING_H
#define REEVE_STATS_WORDING_H

#include "base/status.h"
#include "stats/change.h"
#include "stats/displacement.h"
#include "stats/disproportion.h"
#include "stats/rank.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORDING_ALPHA        0.05 /* at or above it a difference is not told from chance */
#define WORDING_PERCENT_BASE 20   /* smallest base of a printed percentage */
#define WORDING_KEPT_HOLDS   0.70 /* share of records kept from which a result holds */
#define WORDING_KEPT_CAUTION 0.50 /* and from which it holds with caution */
#define WORDING_AGREEMENT    0.90 /* of bootstrap samples that agree on one modal hour */
#define WORDING_SEASON_YEARS 3    /* whole years before the word "seasonal" */

/* name, what may be written, what may not */
#define WORDINGS(X)                                                                                \
    X(NOT_AVAILABLE, "is not available, because …", "0, none, no change")                          \
    X(NOTHING_RECORDED, "none was recorded in either period", "unchanged")                         \
    X(NO_CHANGE, "the same number as before", "stable, similar")                                   \
    X(TREND_UP, "rose from … to …", "doubled, surged: the numbers say it")                         \
    X(TREND_DOWN, "fell from … to …", "succeeded, improved: the numbers do not say why")           \
    X(NOT_DISTINGUISHABLE, "… and …: no more apart than chance could make them",                   \
      "an increase, a decrease, a rise of … %, stable")                                            \
    X(SMALL_BASE, "… of …, as counts", "a percentage")                                             \
    X(PERCENT, "… %, with both counts", "a percentage alone")                                      \
    X(DRIVEN_BY, "largely driven by …", "caused by")                                               \
    X(MORE_THAN_ACCOUNTED_FOR, "more than accounted for by …, partly offset by …", "caused by")    \
    X(IN_LINE_WITH_SIZE, "… is the largest contributor, in line with its size", "driven by")       \
    X(DRIVEN_BY_SEVERAL, "driven mainly by …, … and …", "driven by … alone")                       \
    X(BROAD_BASED, "broad-based: no few categories make half of it", "driven by")                  \
    X(RANK_WITH_SET, "…th of …, with a place between …th and …th", "a rank without its set")       \
    X(RANK_KEPT, "…th of …; chance does not move it", "a rank without its set")                    \
    X(RANK_UP, "moved up the table: its two sets do not overlap", "worst, dangerous")              \
    X(RANK_DOWN, "moved down the table: its two sets do not overlap", "safer")                     \
    X(OVER_REPRESENTED, "over-represented, whatever the group of the missing records", "because")  \
    X(OVER_REPRESENTED_IF_ALIKE,                                                                   \
      "over-represented if the missing are like the recorded; … of them being … would undo it",    \
      "over-represented, without the reason")                                                      \
    X(UNDER_REPRESENTED, "under-represented, whatever the group of the missing records",           \
      "because")                                                                                   \
    X(UNDER_REPRESENTED_IF_ALIKE, "under-represented if the missing are like the recorded",        \
      "under-represented, without it")                                                             \
    X(HOLDS, "holds", "proves")                                                                    \
    X(HOLDS_WITH_CAUTION, "holds with caution, because …", "holds")                                \
    X(NOT_RELIABLE, "not reliable, because …", "the value as a finding")                           \
    X(PEAK_AT, "the peak hour is …", "always at …")                                                \
    X(PEAK_BETWEEN, "the peak lies between … and …", "the peak hour is …")                         \
    X(SEASONAL, "seasonal", "every year")                                                          \
    X(MONTHS_DIFFER, "the months differ", "seasonal")                                              \
    X(FEWER_THAN_COMPARISON,                                                                       \
      "… fewer than the change of the comparison areas would make expected, with both counts",     \
      "prevented, worked, because of")                                                             \
    X(MORE_THAN_COMPARISON,                                                                        \
      "… more than the change of the comparison areas would make expected, with both counts",      \
      "failed, backfired, because of")

enum wording {
#define WORDING_ENUM(name, may, may_not) WORDING_##name,
    WORDINGS(WORDING_ENUM)
#undef WORDING_ENUM
        WORDING_COUNT
};

struct wording_rule {
    const char *name;    /* "TREND_UP" */
    const char *may;     /* what may be written */
    const char *may_not; /* what may not */
};

/* The rule of a wording; static storage.
 *
 * Source:  docs/methods/wording.md.
 * Checked: tests/stats/test_wording.c: every rule stands in the card as it is here.
 * Card:    wording
 */
const struct wording_rule *wording_rule(enum wording wording);

/* Two counts, or rates, with the p-value of their difference.
 *
 *   before, after  counts, >= 0      ratio  after / before of the rates; any number > 1 = up
 *   p              0 to 1; NaN = not available: nothing is claimed
 *
 * NOTHING_RECORDED, TREND_UP, TREND_DOWN or NOT_DISTINGUISHABLE; NO_CHANGE when the counts are
 * equal and the ratio is 1.
 *
 * Source:  docs/methods/wording.md; tests as in docs/methods/rate-ratio.md.
 * Checked: tests/stats/test_wording.c.
 * Card:    wording
 */
enum wording wording_of_difference(int64_t before, int64_t after, double ratio, double p);

/* PERCENT, or SMALL_BASE when the base of the percentage is under WORDING_PERCENT_BASE.
 *
 * Source:  docs/methods/wording.md.
 * Checked: tests/stats/test_wording.c.
 * Card:    wording
 */
enum wording wording_of_percent(int64_t base);

/* What may be said of the categories that made a change.
 *
 * Source:  docs/methods/decomposition.md.
 * Checked: tests/stats/test_wording.c, every label.
 * Card:    wording
 */
enum wording wording_of_contributions(enum change_label label);

/* RANK_KEPT when the set is the rank alone, RANK_WITH_SET otherwise; NOT_AVAILABLE without one.
 *
 * Source:  docs/methods/ranks.md.
 * Checked: tests/stats/test_wording.c.
 * Card:    wording
 */
enum wording wording_of_rank(const struct rank *rank);

/* RANK_UP or RANK_DOWN only when the two sets do not overlap; NO_CHANGE for the same place.
 *
 * Source:  docs/methods/ranks.md.
 * Checked: tests/stats/test_wording.c.
 * Card:    wording
 */
enum wording wording_of_rank_change(const struct rank *before, const struct rank *after);

/* One group of disproportion_compare, against the reference.
 *
 *   missing_share  of all records, 0 to 1
 *
 * SMALL_BASE for a group too small to publish; over- or under-represented without condition only
 * when chance (the exact interval) and every allocation of the missing agree; with the condition
 * "if alike" when chance agrees and the bounds do not, up to DISPROPORTION_MISSING_BOUNDS missing;
 * beyond it NOT_RELIABLE; else NOT_DISTINGUISHABLE.
 *
 * Source:  Manski (2003); thresholds of docs/methods/disproportionality.md.
 * Checked: tests/stats/test_wording.c.
 * Card:    wording
 */
enum wording wording_of_representation(const struct disproportion *group, double missing_share);

/* A result from the part of the records that could be used: HOLDS, HOLDS_WITH_CAUTION or
 * NOT_RELIABLE by the share kept, 0 to 1 (NaN: NOT_AVAILABLE).
 *
 * Source:  docs/methods/wording.md.
 * Checked: tests/stats/test_wording.c.
 * Card:    wording
 */
enum wording wording_of_kept(double share);

/* PEAK_AT when that part of the bootstrap samples agrees on one hour and nothing is tied with it,
 * PEAK_BETWEEN otherwise; NaN: NOT_AVAILABLE.
 *
 * Source:  docs/methods/wording.md.
 * Checked: tests/stats/test_wording.c.
 * Card:    wording
 */
enum wording wording_of_peak(double agreement, bool is_tied);

/* SEASONAL from WORDING_SEASON_YEARS whole years on, MONTHS_DIFFER before; NOT_DISTINGUISHABLE
 * when p >= WORDING_ALPHA or is not available.
 *
 * Source:  docs/methods/wording.md.
 * Checked: tests/stats/test_wording.c.
 * Card:    wording
 */
enum wording wording_of_months(double years, double p);

/* A weighted displacement difference: FEWER_ or MORE_THAN_COMPARISON when chance does not explain
 * it, else NOT_DISTINGUISHABLE; NOTHING_RECORDED when there was no event to test by.
 *
 * Source:  docs/methods/wdd.md.
 * Checked: tests/stats/test_wording.c.
 * Card:    wording
 */
enum wording wording_of_displacement(const struct displacement_effect *effect);

#endif
