/* assess/eyes.h — other eyes than the police's: ambulance, transport, emergency departments,
 * searches, each one source seen for the area. Not for other modules.
 *
 * An eye is unlike a lens: no profile, no offence groups of its own, no boroughs beside it that
 * would make ranks. Counts of different eyes are never added up; what they have in common is
 * compared. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_EYES_H
#define REEVE_ASSESS_EYES_H

#include "assess/profile_internal.h"

#define EYES_THEME         "other-sources"
#define EYES_SOURCES_TITLE "Sources beside each other"
enum { EYE_AXES = 5 }; /* of a cube of an eye: at most three dimensions, the area, the months */

struct eye {
    struct assess_work *work;
    const struct source *source;
    const char *kind, *title;  /* "ambulance": its chapter and the start of its ids; "Ambulance" */
    const char *many, *events; /* "calls"; in a sentence: "ambulance calls" */
    struct month_range
        *buckets;          /* a bucket a month: those of the earlier period, then the period's */
    size_t months, before; /* all of them; of the earlier period */
    bool *covers;          /* [months] */
    const char *gaps[BUCKET_TOTAL];    /* why a period is not whole; "" when it is */
    const char *missing[BUCKET_TOTAL]; /* its months that are not covered */
    int64_t nowhere; /* records of the period that no borough can be given; 0 = not counted */
    bool has_rate;   /* by residents: the events are of those who live here */
    struct month_range span; /* both periods where they are whole and join, else the period */
    struct finding_source *evidence;
    size_t evidence_count;
    const char *caveat; /* which source, and why this one */
};

/* A cube of the eye. `axes` hold the dimensions; the months are the last. */
struct eye_cube {
    struct cube_axis axes[EYE_AXES];
    size_t dimensions; /* without the area and the months */
    size_t time;       /* position of the months */
    struct cube cube;
};

/* One number for every month of an eye. */
struct eye_series {
    const struct eye *eye;
    const char *slug, *subject, *name; /* in ids, in a sentence, as a column */
    const char *base;                  /* what one of them is: "recorded offences" */
    const char *by;                    /* dimensions of a query that gives them by month */
    int64_t *months;                   /* [eye->months]; only where it covers */
    const char *never; /* why none is not told: the source has no such events anywhere; NULL */
    bool is_held;
};

/* False in ret_is_held when no extract of the kind covers a month of the period: then only what is
 * missing is said, by the coverage calendar. */
RV_MUST_CHECK rv_status eye_open(struct assess_work *w, const char *kind, const char *title,
                                 const char *many, const char *events, struct eye *ret,
                                 bool *ret_is_held, struct rv_err *reterr);
/* Records by `count` dimensions and month; is_inside: in the borough alone. */
RV_MUST_CHECK rv_status eye_count(const struct eye *e, const struct cube_axis *dimensions,
                                  size_t count, bool is_inside, struct eye_cube *ret,
                                  struct rv_err *reterr);
struct cube_axis eye_axis(const char *name, const char *column); /* values of a column */
/* Months of those labels of the first dimension that `is_in` takes ("" = not recorded); NULL = all.
 * Sets eye, months and is_held. */
RV_MUST_CHECK rv_status eye_series_of(const struct eye *e, const struct eye_cube *c,
                                      bool (*is_in)(const char *label), struct eye_series *s,
                                      struct rv_err *reterr);
/* Sum of a cell over the months of `range`; codes of the dimensions. */
int64_t eye_cell(const struct eye *e, const struct eye_cube *c, const uint32_t *codes,
                 struct month_range range);
bool eye_has(const struct eye *e, int bucket); /* every month of the period is covered */

struct finding *eye_finding(const struct eye *e, const char *slug, const char *measure);
struct result_table *eye_table(const struct eye *e, const char *id,
                               const struct result_column *columns, size_t column_count,
                               size_t row_count, struct result_cell **ret_cells);
/* "reeve table FILE --kind … --source … --by … [more] --area … --period …" */
const char *eye_query(const struct eye *e, const char *by, const char *more,
                      struct month_range range);

/* Total with its rate, and tested change, of a series. */
RV_MUST_CHECK rv_status eye_total(const struct eye_series *s, const char *query,
                                  struct rv_err *reterr);
RV_MUST_CHECK rv_status eye_change(const struct eye_series *s, const char *query,
                                   struct rv_err *reterr);
RV_MUST_CHECK rv_status eye_monthly(const struct eye_series *series, size_t count, const char *id,
                                    struct rv_err *reterr);
int64_t eye_sum(const struct eye_series *s, int bucket);

/* Says in a finding of the span which of its months are not covered: its counts are of the others.
 */
RV_MUST_CHECK rv_status eye_note_gaps(const struct eye *e, struct finding *f,
                                      struct rv_err *reterr);
/* Below a table of the period: that it is of a part of it, where it is, and which source. */
RV_MUST_CHECK rv_status eye_notes(const struct eye *e, struct result_table *t,
                                  struct rv_err *reterr);
/* Person-years of an area over the months of the span that are covered. */
double eye_exposure(const struct eye *e, const struct population *p, uint32_t placed);
/* Whether two sources cover one span whole, so that their counts are of the same months. */
bool eyes_share_span(const struct eye *a, const struct eye *b);

/* Counts with labels, most first; ties by label. */
struct eye_ranked {
    const char *label, *code; /* code: of an area, else NULL */
    uint32_t position;        /* what the caller counted by */
    int64_t count, before, after;
};
void eye_sort(struct eye_ranked *all, size_t n);
/* Values of a column, most first; total with what is not recorded. */
RV_MUST_CHECK rv_status eye_values(const struct eye *e, bool is_inside, const char *column,
                                   struct eye_ranked **ret, size_t *ret_count, int64_t *ret_total,
                                   struct rv_err *reterr);
/* The first of them against the second; `what` "injury", `whats` "injuries". */
RV_MUST_CHECK rv_status eye_top(const struct eye *e, struct finding *f, const char *what,
                                const char *whats, const struct eye_ranked *all, size_t n,
                                int64_t total, struct rv_err *reterr);
/* label, count of the span, share, before, after. */
RV_MUST_CHECK rv_status eye_ranked_table(const struct eye *e, const char *id, const char *title,
                                         const char *label, const struct eye_ranked *all, size_t n,
                                         int64_t total, struct result_table **ret,
                                         struct rv_err *reterr);

/* The layer of a type on which most records of the borough are: extracts keep to their vintage. */
RV_MUST_CHECK rv_status eye_layer(const struct eye *e, const char *type, const struct layer **ret,
                                  int64_t *ret_placed, struct rv_err *reterr);
/* Counts of the borough's areas of a layer, most first, and what is in none of them. */
RV_MUST_CHECK rv_status eye_areas(const struct eye *e, const struct layer *layer,
                                  struct eye_ranked **ret, size_t *ret_count, int64_t *ret_nowhere,
                                  struct rv_err *reterr);

/* Finding and table of the borough's areas of a type, on the layer of eye_layer. `unplaced`:
 * records that may lie here and have no place. Quiet when none is placed. */
RV_MUST_CHECK rv_status eye_by_area(const struct eye *e, const char *type, const char *plural,
                                    int64_t unplaced, struct rv_err *reterr);

/* What the chapters of single sources leave for their comparison. */
enum eyes_series {
    EYES_WITHOUT_INJURY,
    EYES_WITH_INJURY,
    EYES_AMBULANCE,
    EYES_EMERGENCY,
    EYES_SERIES
};
struct eyes {
    struct eye police, ambulance, transport, emergency, searches;
    bool has_police, has_ambulance, has_transport, has_emergency, has_searches;
    bool tells_injury; /* the records of offences say what hurt somebody */
    struct eye_series series[EYES_SERIES];
    struct eye_series possession, enabled, weapon_searches;
};

struct comparison;
/* "rose", "fell" or "did not change distinguishably", by the test of the two whole periods. */
RV_MUST_CHECK rv_status eye_move(const struct eye_series *s, const char **ret, struct comparison *k,
                                 struct rv_err *reterr);
/* Changes of the series that cover both periods whole, side by side. */
RV_MUST_CHECK rv_status changes_table(const struct eye *e, const char *id,
                                      const struct eye_series *const *series, size_t count,
                                      struct result_table **ret, struct rv_err *reterr);
RV_MUST_CHECK rv_status evidence_of_both(const struct eye *a, const struct eye *b,
                                         const struct finding_source **ret, size_t *ret_count,
                                         struct rv_err *reterr);

RV_MUST_CHECK rv_status eyes_ambulance(struct eyes *all, struct rv_err *reterr);
RV_MUST_CHECK rv_status eyes_emergency(struct eyes *all, struct rv_err *reterr);
RV_MUST_CHECK rv_status eyes_transport(struct eyes *all, struct rv_err *reterr);
RV_MUST_CHECK rv_status eyes_searches(struct eyes *all, struct rv_err *reterr);
RV_MUST_CHECK rv_status eyes_agreement(struct eyes *all, struct rv_err *reterr);
/* Series of the records of offences that others are set beside. */
RV_MUST_CHECK rv_status eyes_police(struct eyes *all, struct rv_err *reterr);

/* Every chapter of a source but the police's; quiet where none is held. */
RV_MUST_CHECK rv_status assess_eyes(struct assess_work *w, struct rv_err *reterr);

#endif
