/* assess/trial.h — what another definition would change: every headline before and after, and how
 * many records enter and leave, by the clause that decides.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_TRIAL_H
#define REEVE_ASSESS_TRIAL_H

#include "assess/cube.h"
#include "define/definition.h"
#include "stats/rank.h"

/* One headline: a profile in one year. Counts are of the area, or of everything held when the
 * definition names none. */
struct trial_headline {
    const char *profile, *title;
    bool is_context;
    int32_t year;      /* 0 = all years together */
    bool is_available; /* the source covers the whole year */
    int64_t before, after, entered, left;
    bool has_rate, has_rank;
    double rate_before, rate_after;      /* per 100,000 person-years of residents */
    struct rank rank_before, rank_after; /* among boroughs, with simultaneous sets */
};

struct trial_reason { /* of all years together */
    const char *profile;
    bool is_entering;
    const char *reason;
    int64_t records;
};

struct trial {
    const char *before, *after; /* "havering, version 2024-01-31"; before "no definition" */
    const char *source, *area;  /* area: its name, or "all areas held" */
    struct trial_headline *headlines;
    size_t headline_count;
    struct trial_reason *reasons;
    size_t reason_count;
};

/* `period` first > last = all that is covered. A profile that only one of the two definitions has
 * is shown with the other's count as 0 and that as the reason. RV_NOT_FOUND without offences. Cost:
 * one join and two evaluations of every record, then a cube a profile. */
RV_MUST_CHECK rv_status trial_run(struct held *h, const struct definition *after,
                                  struct month_range period, struct trial *ret,
                                  struct rv_err *reterr);

#endif
