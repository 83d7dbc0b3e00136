/* stats/season.c — exposure, chi-square over the week and the year, the yearly wave.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/season.h"

#include "base/civil.h"
#include "stats/glm.h"
#include "stats/internal.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define DAY_S  INT64_C(86400)
#define HOUR_S INT64_C(3600)

#define LEAST_EXPECTED 1e-200 /* below, a square over it may leave the range of numbers */

int32_t season_day(int64_t seconds, int begins_hour)
{
    int64_t moved = seconds - begins_hour * HOUR_S;
    return (int32_t)(moved / DAY_S - (moved % DAY_S < 0));
}

/* 0 = Monday; 1970-01-01 was a Thursday. */
static size_t weekday_of(int32_t day)
{
    return (size_t)(((int64_t)day + 3) % 7 + 7) % 7;
}

static int32_t month_of(int32_t day)
{
    int year, month, of_month;
    civil_from_days(day, &year, &month, &of_month);
    return civil_month_index(year, month);
}

rv_status season_tabulate(struct arena *a, int32_t first_day, const int64_t *counts,
                          const uint64_t *valid, size_t n, struct season_table *ret,
                          struct rv_err *reterr)
{
    int32_t earliest = civil_days(1800, 1, 1), latest = civil_days(2199, 12, 31);
    if (first_day < earliest || n > (size_t)(latest - earliest) + 1 ||
        first_day > latest - (int32_t)n + 1) {
        return rv_fail(reterr, RV_DOMAIN, "the days are not all between 1800 and 2199");
    }
    struct season_table t = {.months = ARENA_NEW(a, struct season_month, n / 28 + 2)};
    if (!t.months) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        if (!stats_has(valid, i)) {
            t.missing_days++;
            continue;
        }
        RV_TRY(stats_check_count(counts[i], "the count of a day", reterr));
        int32_t day = first_day + (int32_t)i, month = month_of(day);
        if (t.month_count == 0 || t.months[t.month_count - 1].month != month) {
            t.months[t.month_count++].month = month;
        }
        struct season_month *here = &t.months[t.month_count - 1];
        here->count += counts[i];
        here->days++;
        t.weekday_counts[weekday_of(day)] += counts[i];
        t.weekday_days[weekday_of(day)]++;
        t.total += counts[i];
        t.days++;
    }
    if (t.days == 0) {
        return rv_fail(reterr, RV_DOMAIN, "no day is known, so there is no season to look at");
    }
    *ret = t;
    return rv_ok();
}

struct season_rate season_rate(const struct season_month *month, const struct season_table *table)
{
    struct season_rate r = {.per_day = (double)month->count / month->days};
    r.adjusted = r.per_day * SEASON_MONTH_DAYS;
    r.has_index = table->total > 0;
    r.index = r.has_index ? 100 * r.per_day / ((double)table->total / (double)table->days) : 0;
    return r;
}

rv_status season_compare(const int64_t *counts, const double *exposure, size_t k,
                         struct season_test *ret, struct rv_err *reterr)
{
    double total = 0, all = 0;
    int groups = 0;
    for (size_t i = 0; i < k; i++) {
        RV_TRY(stats_check_count(counts[i], "the count of a group", reterr));
        if (!(exposure[i] >= 0) || isinf(exposure[i])) {
            return rv_fail(reterr, RV_DOMAIN, "exposure %zu is %g: a number of at least 0", i + 1,
                           exposure[i]);
        }
        if (exposure[i] == 0 && counts[i] > 0) {
            return rv_fail(reterr, RV_DOMAIN, "group %zu has events and no exposure", i + 1);
        }
        total += (double)counts[i];
        all += exposure[i];
        groups += exposure[i] > 0;
    }
    if (groups < 2 || total == 0 || isinf(all)) {
        return rv_fail(reterr, RV_DOMAIN,
                       "a comparison needs two groups with exposure, and events");
    }
    struct season_test t = {.df = groups - 1, .least_expected = total};
    for (size_t i = 0; i < k; i++) {
        if (exposure[i] > 0) {
            double expected = total * (exposure[i] / all), miss = (double)counts[i] - expected;
            if (!(expected > LEAST_EXPECTED)) {
                return rv_fail(reterr, RV_DOMAIN,
                               "the exposure of group %zu is too small beside "
                               "the others",
                               i + 1);
            }
            t.chi_square += miss * miss / expected;
            t.least_expected = fmin(t.least_expected, expected);
        }
    }
    t.p = gsl_cdf_chisq_Q(t.chi_square, t.df);
    *ret = t;
    return rv_ok();
}

/* ---- the yearly wave ---- */

static double angle_of(double month, int wave)
{
    return 2 * M_PI * wave * month / 12;
}

/* Greatest over least of the fitted curve: in closed form for one wave, else on a fine grid. */
static double ratio_of(const double *coef, int waves)
{
    if (waves == 1) {
        return exp(2 * hypot(coef[1], coef[2]));
    }
    double most = -(double)INFINITY, least = (double)INFINITY;
    for (int place = 0; place < 36000; place++) {
        double log_rate = 0;
        for (int wave = 1; wave <= waves; wave++) {
            double angle = angle_of(place / 3000.0, wave);
            log_rate += coef[2 * wave - 1] * sin(angle) + coef[2 * wave] * cos(angle);
        }
        most = fmax(most, log_rate);
        least = fmin(least, log_rate);
    }
    return exp(most - least);
}

static int least_years(const struct season_month *months, size_t n)
{
    int seen[12] = {0}, least = 0;
    for (size_t i = 0; i < n; i++) {
        seen[(months[i].month % 12 + 12) % 12]++;
    }
    for (int m = 0; m < 12; m++) {
        least = m == 0 || seen[m] < least ? seen[m] : least;
    }
    return least;
}

/* Fills the three arrays of the regression. */
static rv_status lay_out(const struct season_month *months, size_t n, int waves, double *design,
                         double *counts, double *offset, struct rv_err *reterr)
{
    size_t terms = 1 + 2 * (size_t)waves;
    for (size_t i = 0; i < n; i++) {
        RV_TRY(stats_check_count(months[i].count, "the count of a month", reterr));
        if (months[i].days < 1) {
            return rv_fail(reterr, RV_DOMAIN, "month %zu has no days: leave it out", i + 1);
        }
        double *row = design + i * terms;
        row[0] = 1;
        double month = (months[i].month % 12 + 12) % 12 + 1;
        for (int wave = 1; wave <= waves; wave++) {
            row[2 * wave - 1] = sin(angle_of(month, wave));
            row[2 * wave] = cos(angle_of(month, wave));
        }
        counts[i] = (double)months[i].count;
        offset[i] = log((double)months[i].days);
    }
    return rv_ok();
}

static void summarise(const struct glm *fit, const struct glm *flat, double alpha,
                      struct season_wave *w)
{
    int df = 2 * w->waves;
    for (size_t j = 0; j < fit->terms; j++) {
        w->coef[j] = fit->coef[j];
        w->se[j] = sqrt(fit->covariance[j][j]);
    }
    w->deviance = fit->deviance;
    w->null_deviance = flat->deviance;
    w->lrt = fmax(0, flat->deviance - fit->deviance);
    w->lrt_p = gsl_cdf_chisq_Q(w->lrt, df);
    w->dispersion = fit->dispersion;
    w->p = w->lrt_p;
    if (fit->n > fit->terms && w->dispersion > 1) {
        double f = w->lrt / df / w->dispersion;
        w->p = gsl_cdf_fdist_Q(f, df, (double)(fit->n - fit->terms));
    }
    w->amplitude = hypot(w->coef[1], w->coef[2]);
    double peak = atan2(w->coef[1], w->coef[2]) * 12 / (2 * M_PI);
    w->peak_month = peak <= 0 ? peak + 12 : peak;
    w->peak_to_trough = ratio_of(w->coef, w->waves);
    w->wording = w->p >= alpha                         ? SEASON_NOT_SHOWN
                 : w->least_years < SEASON_LEAST_YEARS ? SEASON_TOO_SHORT
                                                       : SEASON_SEASONAL;
}

rv_status season_fit(struct arena *a, const struct season_month *months, size_t n, int waves,
                     double alpha, struct season_wave *ret, struct rv_err *reterr)
{
    if (waves < 1 || waves > SEASON_MOST_WAVES) {
        return rv_fail(reterr, RV_DOMAIN, "%d waves a year: 1 to %d are possible", waves,
                       SEASON_MOST_WAVES);
    }
    if (!(alpha > 0 && alpha < 1)) {
        return rv_fail(reterr, RV_DOMAIN, "alpha is %g: a number between 0 and 1 is needed", alpha);
    }
    struct arena_mark mark = arena_mark(a);
    size_t terms = 1 + 2 * (size_t)waves;
    double *design = ARENA_NEW(a, double, n *terms), *counts = ARENA_NEW(a, double, n);
    double *offset = ARENA_NEW(a, double, n), *ones = ARENA_NEW(a, double, n);
    if (!design || !counts || !offset || !ones) {
        return arena_fail(a, reterr);
    }
    RV_TRY(lay_out(months, n, waves, design, counts, offset, reterr));
    for (size_t i = 0; i < n; i++) {
        ones[i] = 1;
    }
    struct season_wave w = {.months = n, .waves = waves, .least_years = least_years(months, n)};
    struct glm fit, flat;
    struct glm_data data = {n, terms, design, counts, offset, NULL};
    RV_TRY(glm_poisson(a, &data, &fit, reterr));
    data.terms = 1;
    data.design = ones;
    RV_TRY(glm_poisson(a, &data, &flat, reterr));
    summarise(&fit, &flat, alpha, &w);
    arena_release(a, mark);
    *ret = w;
    return rv_ok();
}

void season_summer_winter(const struct season_month *months, size_t n, double level,
                          struct season_contrast *ret)
{
    struct season_contrast c = {.summer = 0};
    for (size_t i = 0; i < n; i++) {
        int month = (months[i].month % 12 + 12) % 12 + 1;
        if (month >= 6 && month <= 8) {
            c.summer += months[i].count;
            c.summer_days += months[i].days;
        } else if (month == 12 || month <= 2) {
            c.winter += months[i].count;
            c.winter_days += months[i].days;
        }
    }
    rv_status status = compare_rates(c.summer, (double)c.summer_days, c.winter,
                                     (double)c.winter_days, level, &c.comparison, NULL);
    c.has_comparison = rv_is_ok(status);
    *ret = c;
}

const char *season_wording_name(enum season_wording wording)
{
    static const char *const names[] = {
#define SEASON_WORDING_NAME(name, text) text,
        SEASON_WORDINGS(SEASON_WORDING_NAME)
#undef SEASON_WORDING_NAME
    };
    return names[wording];
}
