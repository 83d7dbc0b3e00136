/* assess/followup.h — what had become of each offence a fixed time after it was recorded.
 *
 * Results come late: of recent offences fewer have one, whatever the police do. Shares are compared
 * at equal follow-up: of offences recorded at least so many days before the records end, by the
 * latest result dated within so many days. Where the records end is taken from each extract, from
 * all its rows as delivered, those among them that a later extract superseded: the last day of the
 * latest four weeks that hold three dates, and one in a thousand of all, so that a mistyped date
 * far ahead does not move it; never after the day of import. An offence is followed to the latest
 * of
 *   - the ends of the extracts of the source that held it, whichever row is current;
 *   - for each later extract that brings new offences and enough earlier ones again (an extract of
 *     changes), the last day on which such new ones were recorded, if the offence was recorded no
 *     earlier than those that came again: had it changed, it would be there;
 *   - the end of the extracts of outcomes, all together.
 * A small extract of corrections so moves nothing but what it corrects. Not for other modules.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_FOLLOWUP_H
#define REEVE_ASSESS_FOLLOWUP_H

#include "assess/joined.h"

/* What is known of an offence after so many days. */
enum followed {
    FOLLOWED_NOT,     /* recorded too lately, or on no known day */
    FOLLOWED_NONE,    /* no result yet, or open */
    FOLLOWED_ACCUSED, /* then the results */
    FOLLOWED_OUT_OF_COURT,
    FOLLOWED_NO_SUSPECT,
    FOLLOWED_WITHDREW,
    FOLLOWED_EVIDENTIAL,
    FOLLOWED_OTHER,
    FOLLOWED_UNDATED, /* a result of which nobody knows when */
    FOLLOWED_COUNT
};
extern const char *const FOLLOWED_NAMES[FOLLOWED_COUNT + 1]; /* "not-followed", …, NULL */

enum { FOLLOW_SHORT, FOLLOW_LONG, FOLLOW_SPANS };
extern const int FOLLOW_DAYS[FOLLOW_SPANS]; /* 90 and 180 */

struct followup {
    const uint8_t *states[FOLLOW_SPANS]; /* [offences by ordinal] of enum followed */
    int32_t last;                        /* the latest day that any extract tells of */
};

/* The day up to which dates are taken to be whole; INT32_MIN = fewer than three dates.
 *   per_day  [days] how many dates fall on the day */
int32_t followup_end(const uint32_t *per_day, int32_t days);

/* Made once for a file. Cost: one pass over three columns of the offences. */
RV_MUST_CHECK rv_status held_followup_of(struct held *h, const struct joined *joined,
                                         const struct followup **ret, struct rv_err *reterr);

#endif
