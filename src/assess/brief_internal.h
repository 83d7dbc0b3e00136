/* assess/brief_internal.h — what the parts of a tasking brief share. Not for other modules.
 *
 * The records of the borough become one array of events with days, minutes and wards; everything
 * else is counting in it. Nothing here holds a person, a point or a key.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_BRIEF_INTERNAL_H
#define REEVE_ASSESS_BRIEF_INTERNAL_H

#include "assess/assess_internal.h"
#include "assess/brief.h"
#include "assess/hours.h"
#include "assess/joined.h"
#include "assess/query.h"

#define BRIEF_NO_DAY INT32_MIN
#define BRIEF_YEAR   364 /* 52 weeks: each weekday as often as any other */
#define BRIEF_PLACES 5   /* places and times that are named */
#define BRIEF_LEAST  5   /* offences in 52 weeks of one that is named */
#define BRIEF_FEWEST 8   /* earlier windows without which nothing is called usual */
#define BRIEF_FILLED 182 /* days after which a window is taken to be full */

/* Two day-types of six parts of the day: by day working days and weekends, from 19:00 on the
 * nights before a working day and the nights out. Without hours day-types alone. */
enum { BRIEF_BLOCKS = 6, BRIEF_TYPES = 2, BRIEF_SLOTS = BRIEF_BLOCKS * BRIEF_TYPES };

struct brief_event {
    int32_t committed, recorded; /* days; BRIEF_NO_DAY = not told to the day */
    int16_t minute;              /* of the day it began; -1 = no time */
    uint16_t ward;               /* place in brief_work.wards, from 1; 0 = in none */
    flag_set flags;
    uint8_t group;        /* OFFENCE_GROUPS[group - 1]; 0 = not recorded */
    uint8_t venue;        /* type of venue, code of brief_work.venues; 0 = not recorded */
    uint32_t in, unknown; /* profiles of the definition */
    bool is_excluded;     /* by the definition */
    bool is_withheld;     /* its place is withheld, or told as an area only */
    uint8_t sexes;        /* of its victims, bits: 1 female, 2 male, 4 other */
    bool is_in_remit;     /* the product's conditions hold */
    bool is_counted;      /* in the product's profile too */
    bool may_count;       /* an unknown age or group hides whether it is */
};

/* What is on some record of the source, in any borough and month: what is on none may not be
 * carried by the source at all, and is not available rather than 0. */
struct brief_seen {
    uint32_t profiles; /* bits of the definition */
    group_set groups;
    flag_set flags;
    uint8_t sexes; /* of victims, as in an event */
};

/* What a brief of the day `on` names: only records from before that day are seen. */
struct brief_choice {
    int32_t on, from;  /* counted: committed from `from` to the day before `on` */
    bool has_hours;    /* the hours of these records can be given */
    size_t slots;      /* of a ward: BRIEF_SLOTS, or BRIEF_TYPES without hours */
    size_t cells;      /* wards * slots */
    int64_t *counts;   /* [cells] of the 52 weeks */
    double *occasions; /* [cells]: how often that time came round */
    struct rank *ranks;
    struct hours *hours;
    size_t chosen[BRIEF_PLACES], chosen_count;
    size_t tied_beyond;                    /* cells not named that are level with the last named */
    int64_t may_be_first;                  /* cells that chance alone could put first */
    int64_t counted, placed, timed, aside; /* of them in a ward; with a time; at placeholders */
    int64_t in_cells;
};

struct brief_work {
    struct assess_work w;
    const struct brief_options *options;
    const struct brief_product *product;
    const struct source *source;
    const struct joined *joined;
    const char *subject; /* what is counted, as in a sentence */
    const struct definition *definition;
    const uint32_t *wards; /* [ward_count] placed codes in w.wards, in order of code */
    size_t ward_count;
    const char **venues; /* [venue_count] types, "" first */
    size_t venue_count;
    struct brief_event *events;
    size_t event_count;
    struct brief_seen seen;
    int32_t last_recorded; /* of all records of the source */
    int32_t on, days;
    int32_t windows; /* earlier ones that the records cover, those of 52 weeks at most */
    struct brief_choice now;
    const char *query;
    const char *on_text, *first_text, *last_text;
    struct finding_source *evidence;
    size_t evidence_count;
};

/* ---- brief_scan.c ---- */
RV_MUST_CHECK rv_status brief_scan(struct brief_work *b, struct rv_err *reterr);
/* Sets is_counted and may_count of every event by the product. */
RV_MUST_CHECK rv_status brief_select(struct brief_work *b, struct rv_err *reterr);

/* ---- brief_line.c: what a line counts ---- */
struct brief_line {
    const char *id, *title;
    uint32_t bits;      /* profiles of the definition; 0 = not by profile */
    group_set groups;   /* offence groups; 0 = not by group */
    bool is_all;        /* every offence of the product's conditions */
    const char *where;  /* a further condition; NULL = none */
    const char *reason; /* why it cannot be counted; NULL = it can */
};
RV_MUST_CHECK rv_status brief_line_of(struct brief_work *b, const char *word,
                                      struct brief_line *ret, struct rv_err *reterr);
/* Also of the product's conditions. */
bool brief_line_has(const struct brief_work *b, const struct brief_line *line,
                    const struct brief_event *e);

/* ---- windows ---- */

static inline bool brief_is_known(const struct brief_event *e, int32_t on)
{
    return e->recorded != BRIEF_NO_DAY && e->recorded < on;
}
/* Counted by the product, began from `from` to the day before `on`, and known on that day. */
static inline bool brief_is_within(const struct brief_event *e, int32_t from, int32_t on)
{
    return e->is_counted && brief_is_known(e, on) && e->committed >= from && e->committed < on;
}

/* Which window before `on` a day is in: 0 = the last one, 1 the one before; -1 = none. */
static inline int32_t brief_window(int32_t on, int32_t days, int32_t day)
{
    return day == BRIEF_NO_DAY || day >= on ? -1 : (on - 1 - day) / days;
}
int brief_weekday(int32_t day); /* 0 = Monday */
/* The four hours in which an event began, 0 = from 07:00, and the day whose day or night it was; -1
 * without a time that can be used. */
int brief_block(const struct brief_choice *c, const struct brief_event *e, int32_t *ret_shift_day);
/* The slot of an event, or -1: no time, a placeholder, no ward. */
int brief_slot(const struct brief_choice *c, const struct brief_event *e);
RV_MUST_CHECK rv_status brief_choose(struct brief_work *b, int32_t on, struct brief_choice *ret,
                                     struct rv_err *reterr);
const char *brief_when(const struct brief_choice *c, size_t slot); /* "Friday and Saturday, …" */
const char *brief_ward_name(const struct brief_work *b, size_t ward); /* from 0 */

/* ---- parts ---- */
struct finding *brief_finding(struct brief_work *b, const char *slug, const char *measure);
struct result_table *brief_table(struct brief_work *b, const char *id,
                                 const struct result_column *columns, size_t column_count,
                                 size_t row_count, struct result_cell **ret_cells);
const char *brief_date(struct arena *a, int32_t day);      /* "2022-12-31" */
const char *brief_day_words(struct arena *a, int32_t day); /* "31 December 2022" */

RV_MUST_CHECK rv_status brief_total(struct brief_work *b, struct rv_err *reterr);
RV_MUST_CHECK rv_status brief_windows(struct brief_work *b, struct rv_err *reterr);
RV_MUST_CHECK rv_status brief_changes(struct brief_work *b, struct rv_err *reterr);
RV_MUST_CHECK rv_status brief_check(struct brief_work *b, struct rv_err *reterr);
RV_MUST_CHECK rv_status brief_late(struct brief_work *b, struct rv_err *reterr);
RV_MUST_CHECK rv_status brief_limits(struct brief_work *b, struct rv_err *reterr);
RV_MUST_CHECK rv_status brief_parts(struct brief_work *b, struct rv_err *reterr);
RV_MUST_CHECK rv_status brief_trend(struct brief_work *b, struct rv_err *reterr);

#endif
