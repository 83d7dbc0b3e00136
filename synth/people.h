/* synth/people.h — residents of each LSOA by age band and sex, and what follows from them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_PEOPLE_H
#define REEVE_SYNTH_PEOPLE_H

#include "synth/targets.h"

#define BANDS       7
#define CELLS       ((size_t)2 * BANDS) /* a band and a sex */
#define YEARS       1                   /* one census: every rate has the same denominator */
#define ETHNICITIES 5
#define FIRST_YEAR  2021

struct people {
    /* by LSOA, year, band, then female and male */
    int64_t (*persons)[YEARS][BANDS][2];
};

/* Lives in `a`. */
RV_MUST_CHECK rv_status people_make(struct arena *a, uint64_t seed, const struct geography *g,
                                    const struct targets *t, struct people *ret,
                                    struct rv_err *reterr);

int64_t people_of(const struct people *p, size_t lsoa, int year); /* all ages and sexes */

/* population-lsoa.csv, population-borough.csv, workday-population.csv and the two look-ups, in
 * `dir`. */
RV_MUST_CHECK rv_status people_write(const struct people *p, const struct geography *g,
                                     const struct targets *t, struct arena *a, uint64_t seed,
                                     const char *dir, struct rv_err *reterr);

#endif
