/* stats/funnel.h — which areas lie further from the average than chance explains.
 *
 * Pure and thread-safe; results do not depend on the order of the areas beyond the last bit.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_FUNNEL_H
#define REEVE_STATS_FUNNEL_H

#include "base/arena.h"
#include "base/status.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum funnel_kind {
    FUNNEL_PROPORTION, /* count of size, count <= size: limits within [0, 1] */
    FUNNEL_RATE,       /* events in person-years: Poisson */
};

enum funnel_limits {
    FUNNEL_SCORE, /* normal approximation at the target; as UKHSA for proportions */
    FUNNEL_EXACT, /* Spiegelhalter's interpolated binomial or Poisson quantiles */
    FUNNEL_UKHSA, /* rates only: the target beyond the exact limits of the area's own count */
};

enum funnel_dispersion {
    FUNNEL_AS_CHANCE,      /* limits of chance alone */
    FUNNEL_MULTIPLICATIVE, /* chance times sqrt(phi), when phi is beyond what chance gives */
    FUNNEL_ADDITIVE,       /* chance plus a spread between areas, tau^2 */
};

/* One-sided tails of the inner and outer limits: about two and three standard deviations. */
#define FUNNEL_TAIL_2 0.025
#define FUNNEL_TAIL_3 0.001

struct funnel_options {
    enum funnel_kind kind;
    enum funnel_limits limits; /* with a dispersion other than chance: the score limits */
    enum funnel_dispersion dispersion;
    double winsorise; /* share of z pulled in at each end, 0 <= w < 0.5 */
    bool has_target;  /* false: all counts over all sizes */
    double target;    /* share or events per person: > 0, a share < 1 */
};

#define FUNNEL_DEFAULTS                                                                            \
    ((struct funnel_options){                                                                      \
        .kind = FUNNEL_RATE, .limits = FUNNEL_EXACT, .winsorise = 0.1, .has_target = false})

enum funnel_place { FUNNEL_LOW_3, FUNNEL_LOW_2, FUNNEL_WITHIN, FUNNEL_HIGH_2, FUNNEL_HIGH_3 };

struct funnel_area {
    bool has_limits;            /* its size is known and > 0 (FUNNEL_UKHSA: its count) */
    struct interval two, three; /* limits of the value; an end that does not exist is flagged */
    bool has_value;             /* its count and size are known */
    double value;               /* count / size */
    double z;                   /* (value - target) / standard deviation of chance */
    enum funnel_place place;    /* strictly beyond the limits or FUNNEL_WITHIN; when has_value */
};

struct funnel_summary {
    double target;
    size_t areas;           /* with a value */
    double phi_raw, phi;    /* mean z^2, and after winsorising */
    double phi_critical;    /* 1 + 2 sqrt(2 / areas) */
    double tau2;            /* variance between areas, unit of value squared; 0 = none */
    bool is_over_dispersed; /* phi > phi_critical: limits of chance flag too many */
};

/* Funnel limits for n areas and the place of each.
 *
 *   counts  n, >= 0, finite; for FUNNEL_PROPORTION at most the size
 *   sizes   n, >= 0, finite: base, or person-years; a size of 0 has no limits and no value.
 *           FUNNEL_EXACT for proportions needs whole sizes
 *   count_valid, size_valid  bit i%64 of word i/64 set = known; NULL = all are
 *   ret     n areas, the caller's
 *
 * Without a target at least one area needs both numbers. RV_DOMAIN outside these ranges or when
 * the target comes out as 0 (or a share as 1): no spread is left. RV_NO_MEMORY.
 *
 * Source:  Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202, with its appendix for the
 *          exact limits and over-dispersion; UKHSA funnel plots for FUNNEL_UKHSA.
 * Checked: tests/ref/funnel-proportion.csv, funnel-rate.csv (rel 1e-8); tests/ref/
 *          phe-funnel-rate.csv, phe-funnel-proportion.csv (published, to their digits).
 * Card:    funnel
 * Cost:    O(n log n + n sqrt(count)); n doubles in `scratch`, released.
 */
RV_MUST_CHECK rv_status funnel_place_areas(struct arena *scratch, const double *counts,
                                           const uint64_t *count_valid, const double *sizes,
                                           const uint64_t *size_valid, size_t n,
                                           const struct funnel_options *options,
                                           struct funnel_area *ret, struct funnel_summary *summary,
                                           struct rv_err *reterr);

/* "Low (0.001)", "Not significant", … as UKHSA writes them. Static storage.
 *
 * Source:  UKHSA PHEindicatormethods, assign_funnel_significance.
 * Checked: tests/ref/funnel-proportion.csv, column significance.
 * Card:    funnel
 */
const char *funnel_place_label(enum funnel_place place);

#endif
