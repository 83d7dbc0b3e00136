/* assess/population.h — residents, or another population, of the areas of a layer, with the source
 * named.
 *
 * A layer's residents come from the population source that knows most of its areas: by its own
 * codes; else summed from finer areas through their parents; else through look-ups. All ages and
 * persons of every kind are added up (population cells are disjoint; ingest refuses totals beside
 * their parts). Where a source has several years, each month takes the nearest held year.
 *
 * Rows that name a population (`population_name`: "workday population") are never residents, and
 * residents never stand in for it. An area whose figure would be a sum of smaller ones has none
 * while one of these is missing: part of a population would make its rate too high.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_POPULATION_H
#define REEVE_ASSESS_POPULATION_H

#include "assess/cube.h"

struct population {
    const struct layer *layer;
    const struct source *source; /* NULL = none is held or none fits */
    const char *name;            /* "residents, Census 2021 (census.csv)" */
    const char *note;            /* how codes were matched, "" when directly */
    int32_t *years;              /* ascending */
    size_t year_count;
    double *persons;      /* [year_count * layer->count]; NaN = not known */
    int age_from, age_to; /* youngest and oldest that rows of another population say; -1 = do not */
};

/* Which residents: ages, both inclusive, of one ethnic group or of all. A cell of the source that
 * straddles a bound, or does not say its group, makes the residents of its area unknown: ages are
 * never spread over a band. */
struct population_ages {
    int from, to;
    int ethnicity;    /* 1 + the place in ETHNICITY_GROUPS; 0 = all */
    const char *name; /* of another population, as its rows write it; NULL = residents */
};
#define POPULATION_OLDEST 999
#define POPULATION_ALL    ((struct population_ages){0, POPULATION_OLDEST, 0, NULL})

/* `ret->source` is NULL when no population is held that knows any of the layer's areas. */
RV_MUST_CHECK rv_status population_load(struct held *h, const struct layer *layer,
                                        struct population_ages ages, struct population *ret,
                                        struct rv_err *reterr);

/* Person-years of an area (placed code) over months[0..count): the sum of one twelfth of the
 * residents of each month. NaN when not known. */
double population_person_years(const struct population *p, uint32_t placed, const int32_t *months,
                               size_t count);

/* The year whose figure stands for a calendar year in an area; -1 = none is held. */
int32_t population_held_year(const struct population *p, uint32_t placed, int32_t year);

#endif
