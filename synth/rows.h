/* synth/rows.h — rows of the canonical offences, persons and outcomes extracts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_ROWS_H
#define REEVE_SYNTH_ROWS_H

#include "base/civil.h"
#include "synth/dice.h"
#include "synth/geography.h"
#include "synth/incident.h"
#include "synth/write.h"

#define NO_TIME  INT64_MIN
#define NO_AREA  ((size_t)-1)
#define ID_BYTES 24

/* Times are civil seconds since 1970; days are civil days. */
struct offence_row {
    char id[ID_BYTES];
    const char *linked; /* NULL = none */
    int32_t recorded;
    int64_t from, to;  /* NO_TIME = empty */
    bool is_date_only; /* `from` has no time of day */
    const char *code, *group, *category;
    const char *flags, *weapon_use;
    bool has_place;
    int32_t east_m, north_m;
    const char *precision;
    const char *lsoa, *ward, *borough;
    const char *venue_type, *venue;
    const char *outcome;
    int32_t outcome_day; /* 0 = empty */
};

struct person_row {
    const char *id, *role;
    uint64_t ref;
    int age;          /* -1 = not given */
    const char *band; /* "" or instead of an age */
    const char *sex, *ethnicity, *observed, *relationship;
};

/* The files of a year; rows of 2021 and 2022 go to files of their own, as they were recorded. */
struct extracts {
    struct writer offences[2], persons[2], outcomes;
    int64_t offence_rows[2], person_rows[2], outcome_rows;
};

RV_MUST_CHECK rv_status extracts_open(struct extracts *x, const char *dir, const int64_t years[2],
                                      struct rv_err *reterr);
RV_MUST_CHECK rv_status extracts_flush(struct extracts *x, struct rv_err *reterr);
RV_MUST_CHECK rv_status extracts_close(struct extracts *x, struct rv_err *reterr);
void extracts_abandon(struct extracts *x); /* for RV_CLEANUP */

void put_offence(struct extracts *x, int year, const struct offence_row *o);
void put_person(struct extracts *x, int year, const struct person_row *p);
void put_outcome(struct extracts *x, const char *id, const char *outcome, int32_t day);

/* Dates and times as the extracts write them. */
void put_day(struct buf *out, int32_t day);
void put_minute(struct buf *out, int64_t seconds);

/* "SYN" and the borough, layer and number: no two alike, and in no order. */
void offence_id(char id[ID_BYTES], size_t borough, size_t layer, uint32_t number);

#endif
