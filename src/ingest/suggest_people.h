/* ingest/suggest_people.h — tables of residents with a column for each group: "Females 0-15", "Aged
 * 4 years and under", "All persons".
 *
 * Pure but for the arena. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_SUGGEST_PEOPLE_H
#define REEVE_INGEST_SUGGEST_PEOPLE_H

#include "ingest/suggest_facts.h"

#define PEOPLE_OLDEST 130 /* the open end of "65 and over" */

struct people_group { /* what a header says of the people it counts */
    bool has_sex, is_female;
    bool has_age;
    int age_from, age_to;
};

/* What the header says; false when it names neither an age group nor a sex nor all people. */
bool people_read(struct text header, struct people_group *ret);

/* Disjoint groups that together are all people: columns by sex and age where the file has them,
 * by age alone else. */
struct people {
    size_t *columns; /* of the groups */
    struct people_group *groups;
    size_t count; /* 0 = the file is no such table */
    bool *is_one; /* for each column of the file: it counts people, used or not */
    size_t total; /* a column that equals their sum in nearly all rows, SIZE_MAX = none */
    bool has_sex, has_age;
};
RV_MUST_CHECK rv_status people_find(struct arena *a, const struct sample *sample,
                                    const struct facts *facts, struct people *ret,
                                    struct rv_err *reterr);

#endif
