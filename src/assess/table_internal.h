/* assess/table_internal.h — a table between its options and its rows. Not for other modules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_TABLE_INTERNAL_H
#define REEVE_ASSESS_TABLE_INTERNAL_H

#include "assess/cube.h"
#include "assess/dimension.h"
#include "assess/populations.h"
#include "assess/table.h"

#include <string.h>

struct table_plan {
    const struct table_options *options;
    struct held held;
    struct source *sources;
    size_t source_count;
    const struct source *source;
    bool is_counts;      /* kind area-counts */
    bool is_offences;    /* kind offences: the others are records of their own columns */
    enum cube_unit unit; /* --count */
    unsigned role;
    bool has_persons;            /* some extract of persons is held */
    const struct joined *joined; /* NULL = nothing of it is needed */
    uint32_t members;            /* --profile of the adopted definition */
    bool obeys_excludes;         /* --profile of a group */
    uint8_t age_below; /* the profile tests an age: same-age residents are those below it */
    const int *ages;   /* --bands */
    size_t age_count;
    bool is_period_given; /* a period asked for must be covered whole */
    struct month_range period;
    bool has_date; /* --date given */
    enum cube_date date;
    bool is_ranked_by_rate;
    struct cube_axis axes[CUBE_MAX_AXES];
    size_t axis_count, shown; /* the first `shown` axes are the dimensions asked for */
    size_t finest;            /* position of the finest axis of areas among them, or SIZE_MAX */
    size_t time;              /* position of the finest axis of time among them, or SIZE_MAX */
    size_t within;            /* position of the axis inside/outside, or SIZE_MAX */
    size_t venue_borough;     /* position of the hidden borough of venues, or SIZE_MAX */
    const struct layer *area_layer; /* --area */
    uint32_t area;                  /* placed code in it */
    const struct layer *residents;  /* layer whose areas make up the denominators; NULL = none */
    uint8_t *allowed;  /* [residents + 1]: the conditions leave the area in, by placed code */
    bool is_partly;    /* a condition cuts through areas: their residents are not known */
    bool has_lateness; /* a hidden axis AXIS_LATE stands behind the others, at `late` */
    size_t late;
    struct cube_query query;
    struct cube cube;
    struct cube moved; /* of the same dimensions: what left the main part of its area */
    int64_t moved_sum, parts_sum, nowhere_sum; /* of the available rows, in 1/CUBE_FINE */
    struct population_held other; /* --denominator NAME: not residents but this; name NULL = not */
    struct population population; /* of the finest areas, or of --area, or of the boroughs */
    struct population
        *of_bands;   /* [age_count]: --denominator same-age by bands; NULL = not asked */
    size_t age_axis; /* position of the axis of ages among the shown, or SIZE_MAX */
};

/* From the options of a kind that is a list of events, and has_lateness, to the counts. Then who
 * lives there: residents, allowed, population. Then what was loaded on the way, for the next table.
 */
RV_MUST_CHECK rv_status table_count(struct table_plan *p, struct rv_err *reterr);
RV_MUST_CHECK rv_status table_population(struct table_plan *p, struct rv_err *reterr);
void table_keep(const struct table_plan *p, struct held *h);

/* --bands alone: ages and age_count. */
RV_MUST_CHECK rv_status table_bands(struct table_plan *p, struct rv_err *reterr);

/* --count and --bands, and what they and --profile need joined; then --profile, whose condition
 * stands behind the dimensions. */
RV_MUST_CHECK rv_status table_people(struct table_plan *p, struct rv_err *reterr);
RV_MUST_CHECK rv_status table_profile(struct table_plan *p, struct rv_err *reterr);

static inline bool is_word(const char *given, const char *word)
{
    return given && strcmp(given, word) == 0;
}

/* --by, then --where. */
RV_MUST_CHECK rv_status table_by(struct table_plan *p, struct rv_err *reterr);
RV_MUST_CHECK rv_status table_where(struct table_plan *p, struct rv_err *reterr);

/* An axis by its name; `option` for messages. */
RV_MUST_CHECK rv_status table_axis(struct table_plan *p, const char *option, struct text name,
                                   struct cube_axis **ret, struct rv_err *reterr);
/* Adds "value,value" to those wanted of an axis. */
RV_MUST_CHECK rv_status table_wanted(struct table_plan *p, struct cube_axis *axis,
                                     struct text values, struct rv_err *reterr);

/* The layer of a type for the period; RV_NOT_FOUND with the command that loads one. */
RV_MUST_CHECK rv_status table_layer(struct table_plan *p, const char *type,
                                    const struct layer **ret, struct rv_err *reterr);

/* The numbers after the dimensions. */
enum { COUNT_OF_NUMBERS = 11 }; /* and the share that moved, where counts were split */
enum {
    N_COUNT,
    N_POPULATION,
    N_RATE,
    N_LOWER,
    N_UPPER,
    N_RANK,
    N_LOW,
    N_HIGH,
    N_OF,
    N_SHARE,
    N_MISSING,
    N_MOVED
};

struct row {
    uint64_t order; /* position in the table */
    uint64_t group; /* combination of the dimensions but the first */
    uint32_t codes[CUBE_MAX_AXES];
    int64_t count;
    bool is_available;
};

struct rows {
    struct table_plan *p;
    struct row *rows;
    size_t count, capacity;
    uint32_t *order[CUBE_MAX_AXES]; /* [code] place of a label among its axis's labels */
    int64_t *totals, *missing;      /* [group] of the first dimension */
    struct result_cell *cells;      /* of the table */
    size_t column_count;
};

/* Person-years of a row's area over its covered months; NaN when not known. */
double table_exposure(const struct table_plan *p, const uint32_t *codes, double *ret_years);
/* The months that a row is about; whether the conditions on year and month leave a month in. */
struct month_range table_row_months(const struct table_plan *p, const uint32_t *codes);
bool table_month_is_wanted(const struct table_plan *p, int32_t month);
bool table_row_is_available(const struct table_plan *p, const struct row *row);
void table_put(struct result_cell *cell, double number); /* NaN = not available */
/* Rank, its set and `of` in every row. */
RV_MUST_CHECK rv_status table_ranks(struct rows *r, struct rv_err *reterr);

/* A table of a kind that is no list of events: its own rows, notes and refusals. */
RV_MUST_CHECK rv_status table_survey(struct held *h, const struct table_options *options,
                                     struct result_table *ret, struct rv_err *reterr);
/* table_matches.c: the dimension of how surely words place a record; the layer it speaks of, the
 * finest of the table or that is held; what the table says of it. */
#define TABLE_MATCH "place-match"
RV_MUST_CHECK rv_status table_match_layer(struct table_plan *p, struct rv_err *reterr);
RV_MUST_CHECK rv_status table_match_note(const struct table_plan *p, const char **ret,
                                         struct rv_err *reterr); /* "" = nothing to say */

/* table_hours.c: which minutes of the day are set aside, and what the table says of it. */
RV_MUST_CHECK rv_status table_usable_hours(struct table_plan *p, struct cube_axis *axis,
                                           struct rv_err *reterr);
RV_MUST_CHECK rv_status table_hours_note(const struct table_plan *p, const char **ret,
                                         struct rv_err *reterr); /* "" = nothing to say */

RV_MUST_CHECK rv_status table_provision(struct held *h, const struct table_options *options,
                                        struct result_table *ret, struct rv_err *reterr);
RV_MUST_CHECK rv_status table_cohort(struct held *h, const struct table_options *options,
                                     struct result_table *ret, struct rv_err *reterr);
RV_MUST_CHECK rv_status table_referrals(struct held *h, const struct table_options *options,
                                        struct result_table *ret, struct rv_err *reterr);

/* The kinds of records that have a time and a place of their own; what provision is tabled by. */
extern const char *const TABLE_RECORD_KINDS[], *const PROVISION_DIMENSIONS[];

/* Notes and sources of a finished table. */
RV_MUST_CHECK rv_status table_notes(struct table_plan *p, struct result_table *t,
                                    struct rv_err *reterr);

/* After them: how closely it is to be held, what an agreement keeps out. */
RV_MUST_CHECK rv_status table_terms(const struct table_plan *p, struct result_table *t,
                                    struct rv_err *reterr);

/* Its title from the options, and the layer of its finest areas. */
RV_MUST_CHECK rv_status table_title(const struct table_plan *p, struct result_table *t,
                                    struct rv_err *reterr);

RV_MUST_CHECK rv_status table_rows(struct table_plan *p, struct result_table *ret,
                                   struct rv_err *reterr);

/* Which areas of a layer may take a rank: not City of London, whose borough is no borough of the
 * 32; bit i of word i/64 = area i. */
RV_MUST_CHECK rv_status areas_that_rank(struct held *h, const struct layer *layer, uint64_t **ret,
                                        struct rv_err *reterr);

#define CITY_OF_LONDON "E09000001"

#endif
