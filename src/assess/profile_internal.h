/* assess/profile_internal.h — what the parts of a profile share. Not for other modules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_PROFILE_INTERNAL_H
#define REEVE_ASSESS_PROFILE_INTERNAL_H

#include "assess/assess_internal.h"
#include "stats/compare.h"

/* ---- cubes that profiles share ---- */

/* Of a cube that a lens of a profile has asked for, another part of the records. */
enum lens_part { PART_IN, PART_UNKNOWN, PART_WITH_PERSONS, PART_ALL };
RV_MUST_CHECK rv_status lens_cube_part(const struct lens *l, enum lens_cube which,
                                       enum lens_part part, struct cube *ret,
                                       struct rv_err *reterr);
RV_MUST_CHECK rv_status lens_sharing_make(struct arena *a, const struct belonging *belonging,
                                          struct lens_sharing *ret, struct rv_err *reterr);
/* What a profile covers, from the lens of the records; needs its cube. */
RV_MUST_CHECK rv_status lens_profile_coverage(struct lens *l, struct rv_err *reterr);

/* "an offence group or an age": what may hide whether an offence is in the profile of the lens. */
const char *lens_hidden_by(const struct lens *l);

/* The place of one category among the boroughs, with its change. */
RV_MUST_CHECK rv_status lens_rank_group(struct lens *l, uint32_t category, struct rv_err *reterr);

/* ---- findings ---- */

/* Appends "1,433 exact", behind what is there ", 1,433 exact". */
struct buf;
void compose_part(struct buf *b, int64_t n, const char *what);

/* Part of a whole in percent with its Wilson interval; of a whole too small for a percentage the
 * counts, with small_rule. whole > 0. */
RV_MUST_CHECK rv_status compose_share(struct assess_work *w, struct finding *f, const char *rule,
                                      const char *small_rule, int64_t part, int64_t whole,
                                      struct rv_err *reterr);
/* The same share of every borough, [placed code]: the others together, by a test, and its place
 * among them. Needs compose_share; quiet where no borough but this one can be told. */
RV_MUST_CHECK rv_status compose_share_rank(struct lens *l, struct finding *f, const int64_t *parts,
                                           const int64_t *wholes, struct rv_err *reterr);
/* Slots of a change: p, percent, percent_low, percent_high; without percents where the earlier
 * count is too small to give any. */
RV_MUST_CHECK rv_status compose_percent_change(struct assess_work *w, struct finding *f,
                                               const struct comparison *k, bool gives_percent,
                                               struct rv_err *reterr);
/* The verdict of a result that rests on those of whom `what` ("a sex") is recorded. */
RV_MUST_CHECK rv_status weaken_unknown(struct assess_work *w, struct finding *f, const char *what,
                                       int64_t unknown, int64_t known, struct rv_err *reterr);
/* The sources of a lens of a profile with those of persons, and of later outcomes. */
RV_MUST_CHECK rv_status evidence_of_people(struct lens *l, struct finding *f, bool has_outcomes,
                                           struct rv_err *reterr);
/* The sources of a lens with these extracts behind them. */
RV_MUST_CHECK rv_status evidence_with(struct lens *l, struct finding *f,
                                      const struct extract_info *extracts, size_t count,
                                      struct rv_err *reterr);
RV_MUST_CHECK rv_status evidence_of_outcomes(struct lens *l, struct finding_source **ret,
                                             size_t *ret_count, struct rv_err *reterr);
RV_MUST_CHECK rv_status evidence_of_people_table(struct lens *l, struct result_table *t,
                                                 struct rv_err *reterr);

/* The earlier period, where there is one, and the period as the buckets of an axis of time; codes
 * of BUCKET_COMPARE and BUCKET_PERIOD in it, 0 = none. */
RV_MUST_CHECK rv_status lens_periods(struct assess_work *w, const char *name, struct cube_axis *ret,
                                     uint32_t codes[BUCKET_TOTAL], struct rv_err *reterr);
/* First to last month of the buckets of such an axis. */
struct month_range lens_range_of(const struct cube_axis *time);

/* Parts of a profile, each a finding or two: of the context that contains it (NULL = none), with
 * someone accused, with a weapon; its victims and suspects. */
RV_MUST_CHECK rv_status profile_share(struct lens *l, const struct lens *whole,
                                      struct rv_err *reterr);
/* Which parts a change came from, told apart five ways; quiet without two periods. */
RV_MUST_CHECK rv_status profile_change(struct lens *l, const struct lens *whole,
                                       struct rv_err *reterr);
/* Its offences weighted by the scale of harm that is held; quiet without one. */
RV_MUST_CHECK rv_status profile_harm(struct lens *l, struct rv_err *reterr);
/* Their weight in the period; NaN without a scale, or where fewer than 20 have a weight. */
RV_MUST_CHECK rv_status profile_harm_weight(struct lens *l, double *ret, struct rv_err *reterr);
RV_MUST_CHECK rv_status profile_outcomes(struct lens *l, struct rv_err *reterr);
RV_MUST_CHECK rv_status profile_accused(struct lens *l, struct rv_err *reterr);
RV_MUST_CHECK rv_status profile_weapons(struct lens *l, struct rv_err *reterr);
RV_MUST_CHECK rv_status profile_weapons_change(struct lens *l, struct rv_err *reterr);
RV_MUST_CHECK rv_status profile_people(struct lens *l, struct rv_err *reterr);

/* After all profiles: why none of them could compare school days, once. Quiet where one could. */
RV_MUST_CHECK rv_status time_terms_gap(struct assess_work *w, struct rv_err *reterr);
/* When: hours with their verdict, weekdays, months. */
RV_MUST_CHECK rv_status lens_time(struct lens *l, struct rv_err *reterr);
/* How its offences are located, and places with more than one; *ret_may_name_places is false, and
 * why a finding, when too few coordinates can be used for lists of places. */
RV_MUST_CHECK rv_status lens_located(struct lens *l, bool *ret_may_name_places,
                                     struct rv_err *reterr);
/* In how few of n areas its offences are; of_borough: with those in no such area. */
RV_MUST_CHECK rv_status lens_concentration(struct lens *l, const char *type, const char *plural,
                                           const int64_t *counts, size_t n, int64_t of_borough,
                                           struct rv_err *reterr);

#endif
