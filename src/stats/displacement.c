/* stats/displacement.c — the weighted displacement difference of Wheeler and Ratcliffe.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/displacement.h"

#include "stats/internal.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static rv_status check_area(const struct displacement_area *area, const char *what,
                            struct rv_err *reterr)
{
    RV_TRY(stats_check_count(area->before, what, reterr));
    RV_TRY(stats_check_count(area->after, what, reterr));
    return stats_check_exposure(area->size, "the size of an area", reterr);
}

/* The change of one kind of area, in events of a period as long as the second, and its variance. */
struct change_of {
    double change, variance;
};

static struct change_of change_of(const struct displacement_area *area, double longer)
{
    double before = (double)area->before, after = (double)area->after;
    double change = (after - before * longer) / area->size;
    double variance = (after + before * longer * longer) / (area->size * area->size);
    return (struct change_of){change, variance};
}

static struct displacement_effect effect_of(double estimate, double variance, double z)
{
    struct displacement_effect e = {.estimate = estimate, .standard_error = sqrt(variance)};
    e.has_test = e.standard_error > 0;
    if (e.has_test) {
        e.z = estimate / e.standard_error;
        e.p = 2 * gsl_cdf_ugaussian_Q(fabs(e.z));
        e.lower = estimate - z * e.standard_error;
        e.upper = estimate + z * e.standard_error;
    }
    return e;
}

static bool is_small(const struct displacement_area *area)
{
    return area->before < DISPLACEMENT_SMALL || area->after < DISPLACEMENT_SMALL;
}

rv_status displacement_difference(const struct displacement_input *input,
                                  const struct displacement_options *options,
                                  struct displacement *ret, struct rv_err *reterr)
{
    RV_TRY(stats_check_exposure(options->before_length, "the length of a period", reterr));
    RV_TRY(stats_check_exposure(options->after_length, "the length of a period", reterr));
    RV_TRY(stats_check_level(options->level, reterr));
    RV_TRY(check_area(&input->treated, "the count of the treated areas", reterr));
    RV_TRY(check_area(&input->comparison, "the count of the comparison areas", reterr));
    if (input->has_neighbours) {
        RV_TRY(check_area(&input->neighbours, "the count of the displacement areas", reterr));
        RV_TRY(check_area(&input->neighbours_comparison,
                          "the count of the comparison of the displacement areas", reterr));
    }
    double longer = options->after_length / options->before_length, z = interval_z(options->level);
    struct change_of t = change_of(&input->treated, longer);
    struct change_of c = change_of(&input->comparison, longer);
    struct displacement d = {.is_rough = is_small(&input->treated) || is_small(&input->comparison)};
    double estimate = t.change - c.change, variance = t.variance + c.variance;
    d.local = d.total = effect_of(estimate, variance, z);
    d.has_neighbours = input->has_neighbours;
    if (d.has_neighbours) {
        struct change_of n = change_of(&input->neighbours, longer);
        struct change_of e = change_of(&input->neighbours_comparison, longer);
        d.displaced = effect_of(n.change - e.change, n.variance + e.variance, z);
        d.total = effect_of(estimate + n.change - e.change, variance + n.variance + e.variance, z);
        d.is_rough =
            d.is_rough || is_small(&input->neighbours) || is_small(&input->neighbours_comparison);
    }
    *ret = d;
    return rv_ok();
}
