/* stats/effects.c — Kitagawa, midpoint and logarithmic mean.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/effects.h"

#include "stats/internal.h"
#include "stats/sum.h"

#include <math.h>

struct period {
    double events, persons;
};

static rv_status add_period(const double *events, const double *persons, size_t n,
                            const char *which, struct period *ret, struct rv_err *reterr)
{
    struct sum sum_events = {0}, sum_persons = {0};
    for (size_t i = 0; i < n; i++) {
        RV_TRY(stats_check_amount(events[i], "the events of a group", reterr));
        RV_TRY(stats_check_amount(persons[i], "the population of a group", reterr));
        if (events[i] > 0 && persons[i] == 0) {
            return rv_fail(reterr, RV_DOMAIN,
                           "group %zu has events but no people in the %s period: merge it with "
                           "another",
                           i + 1, which);
        }
        sum_add(&sum_events, events[i]);
        sum_add(&sum_persons, persons[i]);
    }
    *ret = (struct period){sum_value(&sum_events), sum_value(&sum_persons)};
    if (!(ret->persons > 0)) {
        return rv_fail(reterr, RV_DOMAIN, "nobody lives there in the %s period: no rate exists",
                       which);
    }
    return rv_ok();
}

/* Rates of a group in both periods; where it has no people, the other period's. */
static bool rates_of(double events0, double persons0, double events1, double persons1, double *r0,
                     double *r1)
{
    *r0 = persons0 > 0 ? events0 / persons0 : 0;
    *r1 = persons1 > 0 ? events1 / persons1 : 0;
    if (persons0 == 0) {
        *r0 = *r1;
    }
    if (persons1 == 0) {
        *r1 = *r0;
    }
    return (persons0 == 0) != (persons1 == 0);
}

rv_status effects_kitagawa(const double *events0, const double *population0, const double *events1,
                           const double *population1, size_t n, double per,
                           struct kitagawa_group *groups, struct kitagawa *ret,
                           struct rv_err *reterr)
{
    RV_TRY(stats_check_exposure(per, "the multiplier of the rate", reterr));
    struct period first, second;
    RV_TRY(add_period(events0, population0, n, "first", &first, reterr));
    RV_TRY(add_period(events1, population1, n, "second", &second, reterr));
    struct kitagawa k = {.before = per * (first.events / first.persons),
                         .after = per * (second.events / second.persons)};
    struct sum rate = {0}, composition = {0}, at_rate = {0}, at_composition = {0}, both = {0};
    for (size_t i = 0; i < n; i++) {
        double r0, r1;
        k.borrowed += rates_of(events0[i], population0[i], events1[i], population1[i], &r0, &r1);
        double c0 = population0[i] / first.persons, c1 = population1[i] / second.persons;
        struct kitagawa_group g = {per * (c0 + c1) / 2 * (r1 - r0),
                                   per * (r0 + r1) / 2 * (c1 - c0)};
        sum_add(&rate, g.rate);
        sum_add(&composition, g.composition);
        sum_add(&at_rate, per * c0 * (r1 - r0));
        sum_add(&at_composition, per * r0 * (c1 - c0));
        sum_add(&both, per * (r1 - r0) * (c1 - c0));
        if (groups) {
            groups[i] = g;
        }
    }
    k.difference = k.after - k.before;
    k.rate = sum_value(&rate);
    k.composition = sum_value(&composition);
    k.rate_at_before = sum_value(&at_rate);
    k.composition_at_before = sum_value(&at_composition);
    k.interaction = sum_value(&both);
    if (!isfinite(k.rate) || !isfinite(k.composition) || !isfinite(k.difference)) {
        return rv_fail(reterr, RV_DOMAIN, "the populations are too small for a rate");
    }
    *ret = k;
    return rv_ok();
}

/* (a - b) / ln(a / b); a when they are equal. */
static double logarithmic_mean(double a, double b)
{
    return a == b ? a : (a - b) / log1p((a - b) / b);
}

rv_status effects_population(double count0, double population0, double count1, double population1,
                             struct population_effect *ret, struct rv_err *reterr)
{
    RV_TRY(stats_check_amount(count0, "the first count", reterr));
    RV_TRY(stats_check_amount(count1, "the second count", reterr));
    RV_TRY(stats_check_exposure(population0, "the first population", reterr));
    RV_TRY(stats_check_exposure(population1, "the second population", reterr));
    /* In shares of the first population, so that no product leaves the range of a double. */
    double growth = population1 / population0;
    struct population_effect e = {.change = count1 - count0};
    e.population = (count0 + count1 / growth) / 2 * (growth - 1);
    e.rate = (1 + growth) / 2 * (count1 / growth - count0);
    if (!(growth > 0) || !isfinite(e.population) || !isfinite(e.rate)) {
        return rv_fail(reterr, RV_DOMAIN, "the two populations are too far apart to compare");
    }
    e.has_lmdi = count0 > 0 && count1 > 0;
    if (e.has_lmdi) {
        double mean = logarithmic_mean(count1, count0);
        e.lmdi_population = mean * log1p((population1 - population0) / population0);
        e.lmdi_rate = e.change - e.lmdi_population;
    }
    *ret = e;
    return rv_ok();
}
