/* assess/told_people.h — what the parts of told_who share. Not for other modules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_TOLD_PEOPLE_H
#define REEVE_ASSESS_TOLD_PEOPLE_H

#include "assess/told_internal.h"
#include "assess/who_internal.h"

/* Persons of a role in offences, or those whom records of another kind are about. */
struct persons {
    struct telling *t;
    const char *count; /* as --count takes it; NULL = the records of the kind */
    const char *one;   /* "victim": starts dimensions and ids; NULL = of the kind */
    unsigned role;
    struct table_plan plan; /* counted: period, source, areas, joined */
    int64_t total;
};

/* Labels of one dimension with their counts, in the order of the table. */
struct group_count {
    const char *label; /* as a person reads it */
    int64_t count;
};
struct groups {
    struct group_count *all;
    size_t count;
    int64_t known, missing;
};

/* "victim-sex", or "sex" of a kind with columns of its own; NULL = no memory. */
const char *persons_dimension(const struct persons *p, const char *name);
/* The question asked by that dimension alone. */
RV_MUST_CHECK rv_status persons_groups(struct persons *p, const char *dimension, struct groups *ret,
                                       struct rv_err *reterr);
/* "18 to 24" of "18-24"; in the arena. */
const char *persons_label(struct arena *a, const char *label);

/* How many have it on record, of those of an age, "under 25"; NULL = of all. */
RV_MUST_CHECK rv_status persons_say_recorded(struct persons *p, const char *what,
                                             const char *of_age, int64_t known, int64_t missing,
                                             struct rv_err *reterr);
/* Shares of those recorded with their intervals; not recorded is the last row and no bar. */
RV_MUST_CHECK rv_status persons_share_table(struct persons *p, const char *title,
                                            const struct groups *g, const char *words,
                                            struct rv_err *reterr);
/* A part "victims-sex", "Victims: sex"; of a kind of its own "sex", "Sex". */
RV_MUST_CHECK rv_status persons_part(struct persons *p, const char *id, const char *title,
                                     struct rv_err *reterr);

/* told_ages.c, told_origins.c: parts. */
RV_MUST_CHECK rv_status told_ages(struct persons *p, struct rv_err *reterr);
RV_MUST_CHECK rv_status told_age_rates(struct persons *p, struct rv_err *reterr);
RV_MUST_CHECK rv_status told_ethnicity(struct persons *p, struct rv_err *reterr);
RV_MUST_CHECK rv_status told_relationship(struct persons *p, struct rv_err *reterr);
RV_MUST_CHECK rv_status told_repeats(struct persons *p, struct rv_err *reterr);

#endif
