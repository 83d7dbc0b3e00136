/* assess/quality_internal.h — what the families of checks share. Not for other modules.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REEVE_ASSESS_QUALITY_INTERNAL_H
#define REEVE_ASSESS_QUALITY_INTERNAL_H

#include "assess/joined.h"
#include "assess/quality.h"
#include "column/dictionary.h"
#include "stats/heaping.h"

/* A share of records without a value: below the first nothing is said, from the second on the
 * analysis is not reliable. Both by the lower limit of the Wilson interval. */
#define QUALITY_SHARE_CAUTION 0.10
#define QUALITY_SHARE_WEAK    0.50
#define QUALITY_BASE          20    /* smallest base that is judged, and printed as a percentage */
#define QUALITY_SURE          0.001 /* p below which something is more than chance */
#define QUALITY_GROUPS        64    /* offence groups or categories told apart; 0 = not recorded */
#define QUALITY_ROUTES        255
#define QUALITY_FIRST_MONTH   (1960 * 12)
#define QUALITY_MONTHS        (100 * 12)
#define QUALITY_DAYS          36600 /* from 1 January 1960 */
#define QUALITY_FIRST_DAY     (-3653)
#define QUALITY_YEARS         101 /* 0 = no year; 1 = 1960 */

enum quality_field {
    FIELD_AGE,
    FIELD_SEX,
    FIELD_ETHNICITY,
    FIELD_GROUP,
    FIELD_CLOCK,
    FIELD_OUTCOME,
    FIELD_STATION,
    FIELD_ROUTE,
    FIELD_COUNT
};

enum quality_clash {
    CLASH_WEAPON,       /* weapon_use none beside a flag of a weapon */
    CLASH_TERRORISM,    /* flag terrorism with another group */
    CLASH_WINDOW,       /* committed_to before committed_from */
    CLASH_RECORDED,     /* recorded before committed */
    CLASH_OUTCOME_DATE, /* outcome before record */
    CLASH_FUTURE,       /* recorded after the file was imported */
    CLASH_PRECISION,    /* exact location without coordinates */
    CLASH_BAND,         /* an age band that cannot be read */
    CLASH_ACCUSED,      /* outcome accused, nobody accused */
    CLASH_NO_OUTCOME,   /* somebody accused, another outcome */
    CLASH_COUNT
};

enum quality_place {
    PLACE_POINT,
    PLACE_SNAPPED,
    PLACE_AREA,
    PLACE_WITHHELD,
    PLACE_NOWHERE,
    PLACES
};

struct quality_share {
    int64_t count, of;
};

/* Sums over the rows of a source: each worker has its own, then they are added up. */
struct quality_counts {
    int64_t rows, timed, long_windows, windows;
    int64_t groups[QUALITY_GROUPS];
    int64_t minutes[QUALITY_GROUPS][HEAPING_MINUTES];
    int64_t month_days[32]; /* day of the month of the first possible date; [0] unused */
    int64_t months[QUALITY_GROUPS][QUALITY_MONTHS];
    int64_t daily[QUALITY_DAYS];  /* by date of record */
    int64_t events[QUALITY_DAYS]; /* by first possible date */
    int64_t dated;                /* records whose date of record has a day */
    int64_t places[QUALITY_GROUPS][PLACES];
    struct quality_share missing[FIELD_COUNT][PERSON_ROLE_COUNT + 1][QUALITY_YEARS];
    struct quality_share clashes[CLASH_COUNT];
};

/* What a row leaves behind for checks that need them one by one; NULL where a kind has none. */
struct quality_rows {
    size_t n;
    uint64_t *key;      /* hash of the key; 0 = none, or not in view */
    uint64_t *point;    /* easting and northing packed; 0 = none */
    int32_t *committed; /* days since 1970; INT32_MIN = not known */
    int32_t *recorded;
    int8_t *hour; /* -1 = not known */
    uint8_t *group;
    uint8_t *sex;   /* persons: 1 female, 2 male */
    int32_t *month; /* of offences: of record, 0 = none; in the arena of the held */
};

/* Everything known of one source before it is judged. */
struct quality_facts {
    const struct source *source;
    struct month_range period; /* months of the source that are looked at */
    bool has[FIELD_COUNT];     /* some extract has the column */
    bool has_place, has_station;
    struct dictionary groups;   /* labels of QUALITY_GROUPS */
    struct dictionary stations; /* transport */
    int64_t *station_counts;    /* [stations.count] */
    struct dictionary routes;   /* at most QUALITY_ROUTES; others are 0 */
    int64_t *route_counts;      /* [routes.count][stations.count] */
    struct quality_counts *counts;
    struct quality_rows rows;
};

/* Reads every row of the extracts of `source` that the period has (as_of 0 = now). */
struct quality_scan {
    struct held *held;
    const struct source *source;
    struct month_range period; /* first > last = all */
    int64_t as_of;
    struct arena *rows;          /* of the facts' rows; NULL = none are kept */
    const struct joined *joined; /* persons: their offences */
    const int32_t *month_of;     /* [ordinal of an offence] */
};
RV_MUST_CHECK rv_status quality_read(const struct quality_scan *scan, struct quality_facts *ret,
                                     struct rv_err *reterr);
void quality_facts_done(struct quality_facts *f);

/* ---- rows ---- */

struct quality_work {
    struct held *held;
    struct arena *rows; /* of what is worked out row by row, until the source is judged */
    const struct quality_options *options;
    const struct quality_facts *facts;
    const struct joined *joined; /* offences with persons held; NULL = none */
    struct quality_check *checks;
    size_t count, room;
};

/* A row of `check` about `subject` ("" = all), to be filled; verdict "holds". NULL when out of
 * memory; valid until the next call. */
struct quality_check *quality_add(struct quality_work *w, const char *check, const char *subject);
/* The row of a check that could not be made. */
RV_MUST_CHECK rv_status quality_absent(struct quality_work *w, const char *check,
                                       const char *subject, const char *reason, const char *spoils,
                                       struct rv_err *reterr);
/* Fails when a text of the row is missing for want of memory. */
RV_MUST_CHECK rv_status quality_whole(const struct quality_work *w, const struct quality_check *c,
                                      struct rv_err *reterr);

/* By the lower limit of the 95% Wilson interval against the two thresholds; "holds" below
 * QUALITY_BASE. */
enum finding_verdict quality_share_verdict(int64_t count, int64_t of);
enum finding_verdict quality_worse(enum finding_verdict a, enum finding_verdict b);

const char *quality_number(struct arena *a, int64_t n);                     /* "1,234" */
const char *quality_share_text(struct arena *a, int64_t count, int64_t of); /* "3 of 60 (5%)" */
const char *quality_percent(struct arena *a, double share);                 /* "5%", "under 1%" */
const char *quality_month(struct arena *a, int32_t month);                  /* "2021-07" */
const char *quality_group(struct quality_work *w, uint32_t code); /* label, in the arena */

/* ---- families ---- */

RV_MUST_CHECK rv_status quality_times(struct quality_work *w, struct rv_err *reterr);
RV_MUST_CHECK rv_status quality_delays(struct quality_work *w, struct rv_err *reterr);
RV_MUST_CHECK rv_status quality_missing(struct quality_work *w, struct rv_err *reterr);
RV_MUST_CHECK rv_status quality_keys(struct quality_work *w, struct rv_err *reterr);
RV_MUST_CHECK rv_status quality_clashes(struct quality_work *w, struct rv_err *reterr);
RV_MUST_CHECK rv_status quality_places(struct quality_work *w, struct rv_err *reterr);
RV_MUST_CHECK rv_status quality_words(struct quality_work *w, struct rv_err *reterr);
RV_MUST_CHECK rv_status quality_coverage(struct quality_work *w, struct rv_err *reterr);
RV_MUST_CHECK rv_status quality_breaks(struct quality_work *w, struct rv_err *reterr);
RV_MUST_CHECK rv_status quality_previous(struct quality_work *w, struct rv_err *reterr);

#endif
