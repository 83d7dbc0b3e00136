/* assess/assess_internal.h — what the parts of an assessment share. Not for other modules.
 *
 * A lens is one source seen for the area: the records held, whole or through a profile of the
 * agreed definition, or the counts others have published. Themes differ, because figures of
 * different sources are never mixed.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_ASSESS_INTERNAL_H
#define REEVE_ASSESS_ASSESS_INTERNAL_H

#include "assess/assess.h"
#include "assess/belong.h"
#include "assess/cube.h"
#include "assess/population.h"
#include "assess/template.h"
#include "stats/rank.h"
#include "stats/wording.h"

#define ASSESS_BORDER_SHARE                                                                        \
    0.05                       /* of the most recorded borough: less is border strays, not cover */
#define ASSESS_PLACES      20  /* places in the table of places */
#define ASSESS_LOCAL       10  /* LSOAs in the table of LSOAs */
#define ASSESS_WARDS       3   /* wards of a profile with a finding of their rank in London */
#define ASSESS_PLACE_LEAST 5   /* offences at a place named as the first */
#define ASSESS_RATE_BASE   10  /* below it a rate is a few offences: caution (UKHSA's own line) */
#define ASSESS_SMALL_COUNT 5   /* below it an area's count says little: noted, never a verdict */
#define ASSESS_TESTS       0.8 /* sets wider than this part of all places tell nothing */

enum { BUCKET_COMPARE, BUCKET_PERIOD, BUCKET_TOTAL };

struct assess_work {
    struct held held;
    const struct assess_options *options;
    struct source *sources;
    size_t source_count;
    const struct layer *boroughs, *wards, *lsoas, *localities; /* but boroughs: NULL = none held */
    uint32_t area;                                             /* placed code of the borough */
    const char *area_name;
    uint64_t *able;                          /* boroughs that take a rank */
    size_t able_count;                       /* 32 in London */
    struct population residents;             /* of the boroughs */
    const struct populations_beside *beside; /* other populations held */
    const struct definition *definition; /* in force; NULL = none, or no records to apply it to */
    const struct roster *rosters;        /* of the definitions heard so far; NULL = none */
    size_t profile_count;                /* profiles heard, each in a chapter of its own */
    struct finding *findings;
    size_t finding_count, finding_room;
    struct result_table *tables;
    size_t table_count, table_room;
};

/* The cubes that profiles share: each is made once, for all profiles of a belonging. */
enum lens_cube {
    LENS_BOROUGHS,
    LENS_WARDS,
    LENS_OTHER_WARDS,
    LENS_LSOAS,
    LENS_LOCALITIES,
    LENS_PLACES,
    LENS_POINTS,
    LENS_CLOCK,
    LENS_ACCUSED,
    LENS_NO_OUTCOME,
    LENS_FOLLOWED,
    LENS_WEAPONS,
    LENS_WEAPON_BOROUGHS,
    LENS_WEAPON_WARDS,
    LENS_POSSESSION_WARDS,
    LENS_VICTIMS,
    LENS_SUSPECTS,
    LENS_ACCUSED_PEOPLE,
    LENS_VICTIM_ORIGINS,
    LENS_SUSPECT_ORIGINS,
    LENS_VICTIMS_OBSERVED,
    LENS_SUSPECTS_OBSERVED,
    LENS_CUBES
};
enum { LENS_AXES = 6 }; /* of one of them, at most */
struct shared_cube;
struct borough_rows;
struct who_shared;
#define PROFILES_TOGETHER "profiles-together" /* chapter of contexts and all profiles together */
struct lens_sharing {
    const struct belonging *belonging;
    struct shared_cube *cubes;       /* [LENS_CUBES] */
    const struct borough_rows *rows; /* of borough_rows_of; NULL until asked for */
    struct who_shared *who;          /* of people: who_internal.h */
};

/* A profile or context of the definition in force, or all of its profiles together. */
struct lens_profile {
    const struct definition *definition;
    const char *id, *beside; /* as --profile and --definition take them; beside NULL = in force */
    const char *kind;        /* "the profile", "the context", "the profiles together" */
    const char *title;       /* the definition's own words */
    const char *subject;     /* the same inside a sentence */
    const char *prefix;      /* first part of the ids of its findings, unlike any other's */
    const char *chapter, *chapter_title;
    uint8_t roles;          /* persons whose age is asked for; 0 = none */
    uint8_t age_below;      /* with roles; 0 = none */
    bool is_told, is_wider; /* by a chapter; a context or all together: in a chapter of both */
    unsigned bit;           /* of belonging */
    struct lens_sharing *sharing;
    const struct lens *records; /* the same source, whole */
};

/* Events by category and borough, in both periods and by month. Category 0 = all of them. */
struct lens {
    struct assess_work *work;
    const char *theme;                  /* "recorded-crime", "published-counts", "profile" */
    const char *prefix;                 /* first part of ids: the theme, or the profile */
    const struct lens_profile *profile; /* NULL = the whole source */
    const struct lens *whole;           /* of a profile: the context that holds it; NULL = none */
    bool is_records, without_spread;    /* … no table of rates by the size of their base */
    const struct source *source;
    const char *dimension, *column; /* "category", or "offence-group" where records have no other */
    struct cube_axis axes[LENS_AXES]; /* category, borough, month */
    struct cube cube;
    uint32_t categories;   /* labels of the category axis, label 0 included */
    uint32_t *order;       /* [order_count] category codes, most in the period first */
    uint32_t order_count;  /* of a profile: the groups that the area has in either period */
    const char **names;    /* [categories] as in a table */
    const char **subjects; /* [categories] as in a sentence; [0] = all */
    const char **slugs;
    int64_t *counts;       /* [BUCKET][category][borough placed code]; category 0 = all */
    size_t compare_months; /* buckets of the month axis that belong to the earlier period */
    bool is_available[BUCKET_TOTAL];  /* every month covered, none straddled */
    const char *gaps[BUCKET_TOTAL];   /* "2021-03 is not covered" */
    bool lacks_persons[BUCKET_TOTAL]; /* the profile needs some, and none are held */
    int64_t unknown[BUCKET_TOTAL];    /* in the area: whether they are in it cannot be told */
    bool covers_area;
    bool covers_all_boroughs; /* else no ranks, and why: */
    const char *no_rank;      /* the reason, end of a sentence */
    struct finding_source *evidence;
    size_t evidence_count;
    const char *source_caveat; /* which source, and why this one */
};

static inline int64_t lens_count(const struct lens *l, int bucket, uint32_t category,
                                 uint32_t borough)
{
    size_t areas = l->work->boroughs->count + 1;
    return l->counts[((size_t)bucket * l->categories + category) * areas + borough];
}

bool lens_is_before(const struct lens *l, uint32_t bucket); /* of the earlier period; from 1 */
int64_t lens_cell(const struct lens *l, uint32_t category, uint32_t borough, uint32_t bucket);
/* Whether a single month can be told, also inside a period that has gaps; b = bucket from 0. */
bool lens_has_month(const struct lens *l, size_t b);

/* The code of a label; 0, not recorded, when the axis has none such. */
uint32_t axis_code(const struct cube_axis *axis, const char *label);

static inline struct month_range bucket_range(const struct assess_work *w, int bucket)
{
    return bucket == BUCKET_PERIOD ? w->options->period : w->options->compare;
}

static inline bool has_compare(const struct assess_work *w)
{
    return w->options->compare.first <= w->options->compare.last;
}

/* ---- key.c ---- */

/* Sets is_key of every finding: what the first page of the report holds. */
void assess_choose_key(struct assess_work *w);

/* ---- compose.c ---- */

/* A new finding with everything not available, the verdict "holds", and an id
 * "<theme>.<slug>.<measure>"; NULL when out of memory. Valid until the next call. */
struct finding *compose_finding(struct assess_work *w, const char *theme, const char *slug,
                                const char *measure);
/* One of a lens: sources, area, period, subject, definition, first caveat. */
struct finding *compose_lens_finding(struct lens *l, uint32_t category, const char *measure);
RV_MUST_CHECK rv_status compose_caveat(struct assess_work *w, struct finding *f, const char *text,
                                       struct rv_err *reterr);
RV_MUST_CHECK rv_status compose_text(struct assess_work *w, struct finding *f, const char *slot,
                                     const char *text, struct rv_err *reterr);
RV_MUST_CHECK rv_status compose_number(struct assess_work *w, struct finding *f, const char *slot,
                                       double number, struct rv_err *reterr);
/* Part of a whole above 0 as a percentage with its Wilson interval: numbers alone, no rule. */
RV_MUST_CHECK rv_status compose_percent(struct finding *f, int64_t part, int64_t whole,
                                        struct rv_err *reterr);
/* Makes it "not available": no numbers, rule, the reason as slot and caveat. */
RV_MUST_CHECK rv_status compose_absent(struct assess_work *w, struct finding *f, const char *rule,
                                       const char *reason, struct rv_err *reterr);
/* The verdict of a place from the width of its set. */
RV_MUST_CHECK rv_status compose_rank_verdict(struct assess_work *w, struct finding *f,
                                             struct rv_err *reterr);
/* "reeve table FILE --kind … --source … --by … --where … --area … --period …" */
const char *compose_query(const struct lens *l, const char *by, uint32_t category, const char *area,
                          int bucket);
const char *compose_query_of(const struct lens *l, const char *by, uint32_t category,
                             const char *area, struct month_range range);
/* The same for all of a profile: `more` goes behind --by, " --count victims". */
const char *compose_query_with(const struct lens *l, const char *by, const char *more);
/* A new table with room for rows * columns cells; NULL when out of memory. */
struct result_table *compose_table(struct assess_work *w, const char *theme, const char *id,
                                   const struct result_column *columns, size_t column_count,
                                   size_t row_count, struct result_cell **ret_cells);
/* One of a lens: its sources and chapter. */
struct result_table *compose_lens_table(struct lens *l, const char *id,
                                        const struct result_column *columns, size_t column_count,
                                        size_t row_count, struct result_cell **ret_cells);
RV_MUST_CHECK rv_status compose_note(struct assess_work *w, struct result_table *t,
                                     const char *text, struct rv_err *reterr);
const char *compose_slug(struct arena *a, const char *name);
const char *compose_subject(struct arena *a, const char *category);
const char *compose_period(struct arena *a, struct month_range r);
struct result_cell cell_number(double number); /* NaN = not available */
struct result_cell cell_text(const char *text);
bool is_serious_category(const char *slug); /* violence, weapons, robbery, sexual offences */

/* Numbers, rule, verdict and caveats of a change of two counts of the area; both periods are
 * available. */
RV_MUST_CHECK rv_status compose_change(struct lens *l, struct finding *f, int64_t after,
                                       int64_t before, struct rv_err *reterr);

/* ---- the parts ---- */

RV_MUST_CHECK rv_status lens_evidence(struct lens *l, struct rv_err *reterr);
/* The filter of a cube to the borough that is assessed. */
struct cube_axis lens_inside(const struct assess_work *w);
/* profile: NULL = the whole source. Its lens stays valid as long as that of the records. */
RV_MUST_CHECK rv_status lens_open(struct assess_work *w, const struct source *source,
                                  const struct lens_profile *profile, struct lens *ret,
                                  struct rv_err *reterr);
/* The cube of a query of the lens. For a profile one of the axes is AXIS_GIVEN: it gets the codes,
 * and is left with one label. `axes` of the query are labelled as by cube_build. */
RV_MUST_CHECK rv_status lens_cube(const struct lens *l, enum lens_cube which,
                                  const struct cube_query *query, struct cube *ret,
                                  struct rv_err *reterr);
/* All that a source has to say of a period of which it covers no month: why there is no total. */
RV_MUST_CHECK rv_status lens_silence(struct lens *l, struct rv_err *reterr);
RV_MUST_CHECK rv_status lens_totals(struct lens *l, struct rv_err *reterr);
/* The parts of lens_totals, lens_changes and lens_ranks: all events together; each group; what
 * drove a change; the rank by rate and its change, then rate and ranks of the earlier period. */
RV_MUST_CHECK rv_status lens_total(struct lens *l, struct rv_err *reterr);
RV_MUST_CHECK rv_status lens_change(struct lens *l, struct rv_err *reterr);
RV_MUST_CHECK rv_status lens_group_totals(struct lens *l, struct rv_err *reterr);
RV_MUST_CHECK rv_status lens_group_changes(struct lens *l, struct rv_err *reterr);
RV_MUST_CHECK rv_status lens_drivers(struct lens *l, struct rv_err *reterr);
RV_MUST_CHECK rv_status lens_rank_more(struct lens *l, struct rv_err *reterr);
RV_MUST_CHECK rv_status lens_rate_before(struct lens *l, struct rv_err *reterr);
RV_MUST_CHECK rv_status lens_months(struct lens *l, struct rv_err *reterr);
/* other: a lens that covers all boroughs, for ranks from its nearest category; may be NULL. */
RV_MUST_CHECK rv_status lens_ranks(struct lens *l, struct lens *other, struct rv_err *reterr);
/* Of all events of the lens alone, no category by itself. */
RV_MUST_CHECK rv_status lens_rank(struct lens *l, struct rv_err *reterr);
RV_MUST_CHECK rv_status lens_changes(struct lens *l, struct rv_err *reterr);
/* Wards and LSOAs of the area. source: NULL = the lens's own. */
RV_MUST_CHECK rv_status lens_areas(struct lens *l, const struct layer *layer,
                                   const struct source *source, struct rv_err *reterr);
RV_MUST_CHECK rv_status lens_places(struct lens *l, struct rv_err *reterr);
RV_MUST_CHECK rv_status assess_calendar(struct assess_work *w, struct rv_err *reterr);
RV_MUST_CHECK rv_status assess_quality(struct assess_work *w, struct rv_err *reterr);

#endif
