/* stats/glm.h — log-linear Poisson regression with exposure, weights and dispersion.
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_GLM_H
#define REEVE_STATS_GLM_H

#include "base/arena.h"
#include "base/status.h"

#include <stddef.h>

#define GLM_MOST_TERMS 16

struct glm_data {
    size_t n, terms;       /* rows; columns of the design, the constant among them */
    const double *design;  /* n x terms, row by row */
    const double *counts;  /* counts[n], >= 0 */
    const double *offset;  /* offset[n], log of the exposure; NULL = 0 */
    const double *weights; /* weights[n], > 0; NULL = 1 */
};

struct glm {
    size_t n, terms;
    double coef[GLM_MOST_TERMS];
    double covariance[GLM_MOST_TERMS][GLM_MOST_TERMS]; /* for a dispersion of 1 */
    double deviance;
    double dispersion; /* Pearson's chi-square over n - terms; 0 when n = terms */
    double *fitted;    /* n, in the caller's arena */
    double *leverage;  /* n, diagonal of the hat matrix, in the caller's arena */
};

/* Fits log E(count) = offset + design * coef by iteratively reweighted least squares, each step a
 * QR decomposition; ends when the deviance moves by less than 1e-11 of itself.
 *
 *   a  fitted and leverage live here
 *
 * RV_DOMAIN when n < terms, terms is 0 or over GLM_MOST_TERMS, a value is out of range, all counts
 * are 0, the columns of the design do not tell their effects apart, or the fit does not converge
 * in 50 steps (a group of zeros, say, whose coefficient has no finite estimate); RV_NO_MEMORY.
 *
 * Source:  McCullagh & Nelder (1989), Generalized Linear Models, 2.5; GSL's QR decomposition.
 * Checked: tests/ref/seasonality.csv (R glm), coefficients within rel 1e-6; stats/farrington.h.
 * Card:    seasonality
 * Cost:    O(steps n terms^2).
 */
RV_MUST_CHECK rv_status glm_poisson(struct arena *a, const struct glm_data *data, struct glm *ret,
                                    struct rv_err *reterr);

/* Variance of the linear predictor x * coef for a dispersion of 1. x has fit->terms values.
 *
 * Source:  McCullagh & Nelder (1989), 2.5.
 * Checked: tests/ref/alerts.csv through farrington_limits.
 * Card:    seasonality
 */
double glm_variance_at(const struct glm *fit, const double *x);

#endif
