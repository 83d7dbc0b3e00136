/* synth/crime.h — how often what happens where and when: shared by street and mps.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_CRIME_H
#define REEVE_SYNTH_CRIME_H

#include "synth/people.h"

/* Months are counted from January 2020 = 0. */
#define CRIME_FIRST_YEAR 2020
#define CRIME_MONTHS     36
#define STREET_FIRST     12 /* January 2021 */
#define STREET_MONTHS    24

/* police.uk category; share of a month's records; where (0 in town centres, 1 at homes); how much
 * more in the middle of London; change in 2022 against 2021 (0 = none); peak month (1-12) and its
 * size; level in 2020 against 2021 */
#define CRIME_TYPES(X)                                                                             \
    X(ANTISOCIAL, "Anti-social behaviour", 0.215, 0, 0.4, -0.22, 7, 0.20, 1.25)                    \
    X(BICYCLE, "Bicycle theft", 0.020, 1, 1.2, 0, 7, 0.30, 1.20)                                   \
    X(BURGLARY, "Burglary", 0.052, 1, 0.3, 0, 12, 0.12, 1.10)                                      \
    X(DAMAGE, "Criminal damage and arson", 0.052, 1, 0.1, 0, 5, 0.06, 0.98)                        \
    X(DRUGS, "Drugs", 0.046, 0, 0.5, -0.12, 5, 0.05, 1.10)                                         \
    X(OTHER_CRIME, "Other crime", 0.012, 1, 0.1, 0, 3, 0.02, 0.95)                                 \
    X(OTHER_THEFT, "Other theft", 0.092, 0, 1.4, 0.18, 12, 0.08, 0.85)                             \
    X(WEAPONS, "Possession of weapons", 0.007, 0, 0.2, 0.30, 6, 0.05, 1.02)                        \
    X(PUBLIC_ORDER, "Public order", 0.053, 0, 0.5, 0.05, 7, 0.12, 0.90)                            \
    X(ROBBERY, "Robbery", 0.026, 0, 0.7, 0, 11, 0.10, 1.05)                                        \
    X(SHOPLIFTING, "Shoplifting", 0.036, 0, 0.5, 0.12, 11, 0.06, 0.95)                             \
    X(THEFT_PERSON, "Theft from the person", 0.043, 0, 2.5, 0.35, 12, 0.12, 0.70)                  \
    X(VEHICLE, "Vehicle crime", 0.108, 1, 0.1, 0, 11, 0.05, 1.00)                                  \
    X(VIOLENCE, "Violence and sexual offences", 0.238, 0, 0.3, 0.09, 7, 0.09, 0.93)

enum crime_type {
#define CRIME_ENUM(id, name, share, home, inner, change, peak, size, before) CRIME_##id,
    CRIME_TYPES(CRIME_ENUM)
#undef CRIME_ENUM
        CRIME_TYPE_COUNT
};

extern const char *const crime_names[CRIME_TYPE_COUNT];
extern const double crime_shares[CRIME_TYPE_COUNT];

struct crime {
    double level[BOROUGHS][CRIME_TYPE_COUNT]; /* share of London's records of a type */
    double *pull[2];                          /* by kind of place, then LSOA; running sums */
    size_t town[BOROUGHS];                    /* LSOA of the town centre … */
    size_t town_second[BOROUGHS];             /* … and the one beside it */
};

RV_MUST_CHECK rv_status crime_make(struct arena *a, uint64_t seed, const struct geography *g,
                                   const struct people *p, struct crime *ret,
                                   struct rv_err *reterr);

/* Season and year: about 1 over 2021. */
double crime_tide(enum crime_type type, int month);

/* An LSOA of the borough, by the pull of its kind of place. */
size_t crime_place(const struct crime *c, const struct geography *g, size_t borough,
                   enum crime_type type, uint64_t u);

/* The pull of one LSOA. */
double crime_pull(const struct crime *c, enum crime_type type, size_t lsoa);

#endif
