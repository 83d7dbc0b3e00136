/* synth/faults.h — the count of what was planted on purpose, for faults.json.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_FAULTS_H
#define REEVE_SYNTH_FAULTS_H

#include "base/status.h"

#include <stdint.h>

/* name; in which extract; what a careful reader does about it */
#define FAULTS(X)                                                                                  \
    X(TIME_0001, "time-00-01", "offences", "committed_from is exactly 00:01: a placeholder")       \
    X(TIME_NOON, "time-12-00", "offences",                                                         \
      "recorded late and committed_from exactly 12:00 or 09:00: a placeholder")                    \
    X(RECORDED_LATE, "recorded-late", "offences", "recorded eight days or more after commission")  \
    X(NO_TIME_FROM, "no-committed-from", "offences", "committed_from is empty")                    \
    X(DATE_ONLY, "committed-date-only", "offences", "committed_from has no time of day")           \
    X(WITHHELD, "coordinates-withheld", "offences", "no coordinates; LSOA and ward are given")     \
    X(OLD_WARD, "ward-of-2018", "offences",                                                        \
      "ward_code is of the wards before May 2022, the LSOA or the coordinates are right")          \
    X(OUTSIDE, "outside-london", "offences", "coordinates outside every area: unplaced")           \
    X(DUPLICATE, "row-twice", "offences", "identical row again: dropped and counted")              \
    X(BAD_ROW, "faulty-row", "offences", "cannot be read: set aside, never counted")               \
    X(EXCLUDED, "terrorism", "offences", "excluded from every profile, not from all offences")     \
    X(LINKED_OUTSIDE, "linked-to-lesser", "offences",                                              \
      "criminal damage linked to an offence that is not serious violence: not counted as such")    \
    X(LINKED_DANGLING, "linked-to-nothing", "offences", "linked_offence_id of no offence")         \
    X(NO_ETHNICITY, "ethnicity-missing", "persons", "no self-defined ethnicity; an observed code") \
    X(BAND_STRADDLES, "age-band-straddles", "persons", "age_band 20-29: unknown against 25")       \
    X(AGE_TOO_HIGH, "age-over-120", "persons", "age 999: unknown")                                 \
    X(ORPHAN, "orphan", "persons", "persons of no offence held")                                   \
    X(BAD_PERSON, "faulty-person", "persons", "unknown role or negative age: set aside")           \
    X(ACCUSED_DISAGREES, "accused-disagrees", "persons",                                           \
      "a person accused, but the offence is open: counted as accused, reported")                   \
    X(LATER_OUTCOME, "later-outcome", "outcomes", "an open offence gets its outcome afterwards")   \
    X(OLD_WARDS_ONLY, "wards-of-2018-only", "ambulance", "every ward_code is of 2018")             \
    X(TERMINUS, "terminus", "transport",                                                           \
      "offences of the whole line are recorded at its terminus, Upminster")                        \
    X(MISSING_MONTH, "missing-month", "emergency-department", "a month that was never sent")       \
    X(FREE_TEXT, "free-text-place", "emergency-department",                                        \
      "location_text names a place in many spellings")

enum fault {
#define FAULT_ENUM(id, name, extract, text) FAULT_##id,
    FAULTS(FAULT_ENUM)
#undef FAULT_ENUM
        FAULT_COUNT
};

struct faults {
    int64_t count[FAULT_COUNT];
};

/* faults.json in `dir`. */
RV_MUST_CHECK rv_status faults_write(const struct faults *f, const char *dir, uint64_t seed,
                                     struct rv_err *reterr);

#endif
