/* assess/wards_other.h — wards as they are drawn in another vintage. Not for other modules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_WARDS_OTHER_H
#define REEVE_ASSESS_WARDS_OTHER_H

#include "assess/profile_internal.h"

/* The borough's wards of the other vintage that is nearest in time as a table, and how many of the
 * highest ward's offences lie in the highest wards of that one. Quiet where only one vintage of the
 * borough's wards is held. Cost: one cube for all profiles; O(wards * wards) a profile. */
RV_MUST_CHECK rv_status profile_other_wards(struct lens *l, struct rv_err *reterr);

#endif
