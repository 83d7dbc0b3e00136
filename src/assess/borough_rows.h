/* assess/borough_rows.h — the offences of the borough one by one, with what the parts of a profile
 * ask of them: read once for all profiles.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_BOROUGH_ROWS_H
#define REEVE_ASSESS_BOROUGH_ROWS_H

#include "assess/assess_internal.h"

#define ROW_NO_TIME INT64_MIN

struct borough_row {
    civil_time recorded, from, to; /* committed from and to; ROW_NO_TIME = not recorded */
    uint32_t ordinal;              /* of define/records.h */
    uint32_t ward;                 /* placed code; 0 = none is known, or no wards are held */
    uint32_t venue_type, code;     /* of the names below; 0 = not recorded */
};

struct borough_rows {
    const struct borough_row *rows; /* in the order of extracts, chunks and rows */
    size_t count;
    const char **venue_types; /* [venue_type_count]; [0] = not recorded */
    size_t venue_type_count;
    const char **codes; /* offence codes; [code_count]; [0] = not recorded */
    size_t code_count;
};

/* The current offences inside the borough that were recorded, or began, from the first month of
 * the two periods to the last. Read when the first profile asks; lives as long as the assessment.
 * Cost: one pass over five columns of the source, in parallel; 40 bytes a row kept. */
RV_MUST_CHECK rv_status borough_rows_of(const struct lens *l, const struct borough_rows **ret,
                                        struct rv_err *reterr);

/* Whether a row belongs to the profile of the lens. */
bool borough_row_is_in(const struct lens *l, const struct borough_row *row);

/* BUCKET_PERIOD or BUCKET_COMPARE by the month of its record; BUCKET_TOTAL = neither. */
int borough_row_bucket(const struct assess_work *w, const struct borough_row *row);

static inline bool row_has_day(civil_time t)
{
    return t != ROW_NO_TIME && civil_precision_of(t) >= CIVIL_DATE;
}

static inline bool row_has_clock(civil_time t)
{
    return t != ROW_NO_TIME && civil_precision_of(t) >= CIVIL_MINUTE;
}

#endif
