/* stats/internal.c — checks of arguments and the pieces of saddle-point masses.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/internal.h"

#include <math.h>

rv_status stats_check_count(int64_t count, const char *what, struct rv_err *reterr)
{
    if (count < 0 || count > STATS_COUNT_MAX) {
        return rv_fail(reterr, RV_DOMAIN, "%s is %lld: a count from 0 to 10^12 is needed", what,
                       (long long)count);
    }
    return rv_ok();
}

rv_status stats_check_amount(double amount, const char *what, struct rv_err *reterr)
{
    if (!(amount >= 0 && amount <= (double)STATS_COUNT_MAX)) {
        return rv_fail(reterr, RV_DOMAIN, "%s is %g: a number from 0 to 10^12 is needed", what,
                       amount);
    }
    return rv_ok();
}

rv_status stats_check_level(double level, struct rv_err *reterr)
{
    if (!(level >= 0.5 && level < 1)) {
        return rv_fail(reterr, RV_DOMAIN,
                       "the level is %g: give a share from 0.5 to below 1, such as 0.95", level);
    }
    return rv_ok();
}

rv_status stats_check_exposure(double exposure, const char *what, struct rv_err *reterr)
{
    if (!(exposure >= STATS_EXPOSURE_MIN && exposure <= STATS_EXPOSURE_MAX)) {
        return rv_fail(reterr, RV_DOMAIN, "%s is %g: a number above 0%s is needed", what, exposure,
                       exposure > 0 ? ", from 1e-9 to 1e15," : "");
    }
    return rv_ok();
}

double stats_stirling_error(double n)
{
    if (n <= 15) {
        /* ln k! - ln(sqrt(2 pi k) (k / e)^k) for k = 0 .. 15; the first is never used in a mass. */
        static const double exact[] = {0.0,
                                       0.08106146679532725821967026,
                                       0.04134069595540929409382208,
                                       0.02767792568499833914878929,
                                       0.02079067210376509311152277,
                                       0.01664469118982119216319487,
                                       0.01387612882307074799874573,
                                       0.01189670994589177009505572,
                                       0.01041126526197209649747857,
                                       0.009255462182712732917728637,
                                       0.008330563433362871256469319,
                                       0.007573675487951840794972024,
                                       0.006942840107209529865664152,
                                       0.006408994188004207068439631,
                                       0.005951370112758847735624416,
                                       0.00555473355196280137103869};
        return exact[(int)n];
    }
    double inverse = 1 / n;
    double square = inverse * inverse;
    return inverse *
           (1.0 / 12 -
            square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188))));
}

double stats_deviance_half(double x, double mean)
{
    if (fabs(x - mean) >= 0.1 * (x + mean)) {
        return x * log(x / mean) + mean - x;
    }
    double v = (x - mean) / (x + mean);
    double sum = (x - mean) * v;
    double term = 2 * x * v;
    for (int j = 1; j < 1000; j++) {
        term *= v * v;
        double next = sum + term / (2 * j + 1);
        if (next == sum) {
            break;
        }
        sum = next;
    }
    return sum;
}

double stats_poisson_mass(int64_t x, double mean)
{
    if (x == 0) {
        return exp(-mean);
    }
    double at = (double)x;
    return exp(-stats_stirling_error(at) - stats_deviance_half(at, mean)) / sqrt(2 * M_PI * at);
}

double stats_poisson_up(int64_t x, double mean)
{
    double term = stats_poisson_mass(x, mean), sum = term;
    for (int64_t k = x + 1; term > STATS_NEGLIGIBLE * sum; k++) {
        term *= mean / (double)k;
        sum += term;
    }
    return sum;
}

double stats_poisson_down(int64_t x, double mean)
{
    double term = stats_poisson_mass(x, mean), sum = term;
    for (int64_t k = x; k > 0 && term > STATS_NEGLIGIBLE * sum; k--) {
        term *= (double)k / mean;
        sum += term;
    }
    return sum;
}
