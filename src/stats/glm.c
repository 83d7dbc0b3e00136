/* stats/glm.c — iteratively reweighted least squares for Poisson counts.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/glm.h"

#include "stats/internal.h"

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdbool.h>

#define MOST_STEPS 50

struct workspace {
    double *matrix; /* n x terms: sqrt(W) X, then its decomposition */
    double *target; /* n: sqrt(W) z */
    double *residual;
    double tau[GLM_MOST_TERMS];
};

static rv_status check(const struct glm_data *d, struct rv_err *reterr)
{
    if (d->terms == 0 || d->terms > GLM_MOST_TERMS || d->n < d->terms) {
        return rv_fail(reterr, RV_DOMAIN, "%zu rows cannot tell %zu effects (at most %d) apart",
                       d->n, d->terms, GLM_MOST_TERMS);
    }
    double sum = 0;
    for (size_t i = 0; i < d->n; i++) {
        if (!(d->counts[i] >= 0) || isinf(d->counts[i])) {
            return rv_fail(reterr, RV_DOMAIN, "count %zu is %g: a number of at least 0 is needed",
                           i + 1, d->counts[i]);
        }
        if (d->offset && !isfinite(d->offset[i])) {
            return rv_fail(reterr, RV_DOMAIN, "the exposure of row %zu is not above 0", i + 1);
        }
        if (d->weights && (!(d->weights[i] > 0) || isinf(d->weights[i]))) {
            return rv_fail(reterr, RV_DOMAIN, "weight %zu is %g: a number above 0 is needed", i + 1,
                           d->weights[i]);
        }
        for (size_t j = 0; j < d->terms; j++) {
            if (!isfinite(d->design[i * d->terms + j])) {
                return rv_fail(reterr, RV_DOMAIN, "row %zu of the design is not a number", i + 1);
            }
        }
        sum += d->counts[i];
    }
    return sum > 0 ? rv_ok()
                   : rv_fail(reterr, RV_DOMAIN, "all counts are 0: nothing can be fitted");
}

static double weight_of(const struct glm_data *d, size_t i)
{
    return d->weights ? d->weights[i] : 1;
}

static double offset_of(const struct glm_data *d, size_t i)
{
    return d->offset ? d->offset[i] : 0;
}

static double deviance_of(const struct glm_data *d, const double *fitted)
{
    double sum = 0;
    for (size_t i = 0; i < d->n; i++) {
        double y = d->counts[i], mu = fitted[i];
        sum += 2 * weight_of(d, i) * (y > 0 ? stats_deviance_half(y, mu) : mu);
    }
    return sum;
}

/* One weighted least squares fit of the working response at the fitted values. */
static rv_status step(const struct glm_data *d, struct workspace *w, struct glm *fit,
                      struct rv_err *reterr)
{
    for (size_t i = 0; i < d->n; i++) {
        double mu = fit->fitted[i], root = sqrt(weight_of(d, i) * mu);
        for (size_t j = 0; j < d->terms; j++) {
            w->matrix[i * d->terms + j] = root * d->design[i * d->terms + j];
        }
        w->target[i] = root * (log(mu) - offset_of(d, i) + (d->counts[i] - mu) / mu);
    }
    gsl_matrix_view matrix = gsl_matrix_view_array(w->matrix, d->n, d->terms);
    gsl_vector_view tau = gsl_vector_view_array(w->tau, d->terms);
    gsl_linalg_QR_decomp(&matrix.matrix, &tau.vector);
    double most = 0, least = (double)INFINITY;
    for (size_t j = 0; j < d->terms; j++) {
        double diagonal = fabs(w->matrix[j * d->terms + j]);
        most = fmax(most, diagonal);
        least = fmin(least, diagonal);
    }
    if (!(least > 1e-11 * most) || isinf(most)) {
        return rv_fail(reterr, RV_DOMAIN,
                       "the effects cannot be told apart: one follows from the others, or a group "
                       "has no events");
    }
    gsl_vector_view target = gsl_vector_view_array(w->target, d->n);
    gsl_vector_view residual = gsl_vector_view_array(w->residual, d->n);
    gsl_vector_view coef = gsl_vector_view_array(fit->coef, d->terms);
    gsl_linalg_QR_lssolve(&matrix.matrix, &tau.vector, &target.vector, &coef.vector,
                          &residual.vector);
    return rv_ok();
}

/* fitted = exp(offset + X coef); false when a value leaves the range of the model. */
static bool refit(const struct glm_data *d, struct glm *fit)
{
    bool is_finite = true;
    for (size_t i = 0; i < d->n; i++) {
        double eta = offset_of(d, i);
        for (size_t j = 0; j < d->terms; j++) {
            eta += d->design[i * d->terms + j] * fit->coef[j];
        }
        fit->fitted[i] = exp(eta);
        is_finite = is_finite && fit->fitted[i] > 0 && isfinite(fit->fitted[i]);
    }
    return is_finite;
}

/* Inverse of the upper triangle R that the last step left in the matrix. */
static void invert_triangle(const struct workspace *w, size_t terms,
                            double inverse[GLM_MOST_TERMS][GLM_MOST_TERMS])
{
    for (size_t j = 0; j < terms; j++) {
        inverse[j][j] = 1 / w->matrix[j * terms + j];
        for (size_t i = j; i-- > 0;) {
            double sum = 0;
            for (size_t k = i + 1; k <= j; k++) {
                sum += w->matrix[i * terms + k] * inverse[k][j];
            }
            inverse[i][j] = -sum / w->matrix[i * terms + i];
        }
    }
}

/* Covariance (R'R)^-1, leverage |x R^-1|^2 and dispersion at the fitted values. */
static void finish(const struct glm_data *d, const struct workspace *w, struct glm *fit)
{
    double inverse[GLM_MOST_TERMS][GLM_MOST_TERMS] = {{0}};
    size_t p = d->terms;
    invert_triangle(w, p, inverse);
    for (size_t i = 0; i < p; i++) {
        for (size_t j = 0; j < p; j++) {
            for (size_t k = 0; k < p; k++) {
                fit->covariance[i][j] += inverse[i][k] * inverse[j][k];
            }
        }
    }
    double pearson = 0;
    for (size_t i = 0; i < d->n; i++) {
        double mu = fit->fitted[i], miss = d->counts[i] - mu;
        fit->leverage[i] = weight_of(d, i) * mu * glm_variance_at(fit, d->design + i * p);
        pearson += weight_of(d, i) * miss * miss / mu;
    }
    fit->dispersion = d->n > p ? pearson / (double)(d->n - p) : 0;
}

rv_status glm_poisson(struct arena *a, const struct glm_data *data, struct glm *ret,
                      struct rv_err *reterr)
{
    RV_TRY(check(data, reterr));
    struct glm fit = {.n = data->n, .terms = data->terms};
    struct workspace w = {.matrix = NULL};
    fit.fitted = ARENA_NEW(a, double, data->n);
    fit.leverage = ARENA_NEW(a, double, data->n);
    struct arena_mark mark = arena_mark(a);
    w.matrix = ARENA_NEW(a, double, data->n * data->terms);
    w.target = ARENA_NEW(a, double, data->n);
    w.residual = ARENA_NEW(a, double, data->n);
    if (!fit.fitted || !fit.leverage || !w.matrix || !w.target || !w.residual) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < data->n; i++) {
        fit.fitted[i] = data->counts[i] + 0.1; /* zeros too have a logarithm to start from */
    }
    double last = (double)INFINITY;
    for (int steps = 0; steps < MOST_STEPS; steps++) {
        RV_TRY(step(data, &w, &fit, reterr));
        if (!refit(data, &fit)) {
            break;
        }
        fit.deviance = deviance_of(data, fit.fitted);
        if (fabs(fit.deviance - last) < 1e-11 * (fabs(fit.deviance) + 0.1)) {
            RV_TRY(step(data, &w, &fit, reterr)); /* the triangle at the final fitted values */
            finish(data, &w, &fit);
            arena_release(a, mark);
            *ret = fit;
            return rv_ok();
        }
        last = fit.deviance;
    }
    return rv_fail(reterr, RV_DOMAIN,
                   "the fit does not converge: a group may have no events at all");
}

double glm_variance_at(const struct glm *fit, const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < fit->terms; i++) {
        for (size_t j = 0; j < fit->terms; j++) {
            sum += x[i] * fit->covariance[i][j] * x[j];
        }
    }
    return sum;
}
