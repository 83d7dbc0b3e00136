/* stats/delay.c — recording delay and what it does to hours of the day.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/delay.h"

#include "stats/binomial.h"
#include "stats/internal.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

const double delay_quantile_levels[DELAY_QUANTILES] = {0.25, 0.5, 0.75, 0.9, 0.95};
const int32_t delay_step_days[DELAY_STEPS] = {0, 1, 3, 7, 30, 90, 365};
static const int32_t rung_days[DELAY_RUNGS] = {-1, 28, 7, 1};

#define LONGEST_DAYS 200000 /* the whole calendar of base/civil.h is 146,097 days long */

/* The delay of record i in days; false when a date is missing. */
static bool delay_of(const struct delay_records *r, size_t i, int64_t *ret)
{
    if (!stats_has(r->committed_valid, i) || !stats_has(r->recorded_valid, i)) {
        return false;
    }
    *ret = (int64_t)r->recorded[i] - r->committed[i];
    return true;
}

static rv_status longest(const struct delay_records *r, int64_t *ret, struct rv_err *reterr)
{
    int64_t most = 0, delay;
    for (size_t i = 0; i < r->n; i++) {
        most = delay_of(r, i, &delay) && delay > most ? delay : most;
    }
    if (most > LONGEST_DAYS) {
        return rv_fail(reterr, RV_DOMAIN,
                       "a record was recorded %lld days after it was committed: at most 200000 "
                       "days are possible",
                       (long long)most);
    }
    *ret = most;
    return rv_ok();
}

/* Counts of valid records by delay, and by hour for each rung and for the late. */
struct tally {
    int64_t *by_delay;
    int64_t longest;
    int64_t rung_hours[DELAY_RUNGS][24];
};

static rv_status add_hour(const struct delay_records *r, size_t i, int64_t delay,
                          const struct delay_options *options, struct tally *tally, struct delay *d,
                          struct rv_err *reterr)
{
    if (!r->hour || !stats_has(r->hour_valid, i)) {
        d->without_hour++;
        return rv_ok();
    }
    int hour = r->hour[i];
    if (hour < 0 || hour > 23) {
        return rv_fail(reterr, RV_DOMAIN, "record %zu has the hour %d: 0 to 23 are possible", i + 1,
                       hour);
    }
    for (size_t rung = 0; rung < DELAY_RUNGS; rung++) {
        tally->rung_hours[rung][hour] += rung_days[rung] < 0 || delay <= rung_days[rung];
    }
    d->early_hours[hour] += delay <= options->within_days;
    d->late_hours[hour] += delay > options->within_days;
    return rv_ok();
}

static rv_status count(const struct delay_records *r, const struct delay_options *options,
                       struct tally *tally, struct delay *d, struct rv_err *reterr)
{
    for (size_t i = 0; i < r->n; i++) {
        int64_t delay;
        if (!delay_of(r, i, &delay)) {
            d->missing++;
        } else if (delay < 0) {
            d->negative++;
        } else {
            d->valid++;
            tally->by_delay[delay]++;
            RV_TRY(add_hour(r, i, delay, options, tally, d, reterr));
        }
    }
    return rv_ok();
}

/* Records with a delay of at most so many days. */
static int64_t count_within(const struct tally *tally, int64_t days)
{
    int64_t sum = 0;
    for (int64_t day = 0; day <= days && day <= tally->longest; day++) {
        sum += tally->by_delay[day];
    }
    return sum;
}

/* The delay at place k (0 = the shortest) of all valid ones in order. */
static int64_t delay_at(const struct tally *tally, int64_t k)
{
    int64_t day = 0;
    for (int64_t sum = tally->by_delay[0]; sum <= k; sum += tally->by_delay[day]) {
        day++;
    }
    return day;
}

static double quantile(const struct tally *tally, int64_t n, double level)
{
    double place = (double)(n - 1) * level, whole = floor(place);
    int64_t low = delay_at(tally, (int64_t)whole);
    if (place == whole) {
        return (double)low;
    }
    int64_t high = delay_at(tally, (int64_t)whole + 1);
    return (double)low + (place - whole) * (double)(high - low);
}

static void fill_rung(const struct tally *tally, size_t rung, int64_t valid, struct delay_rung *out)
{
    out->days = rung_days[rung];
    out->n = out->days < 0 ? valid : count_within(tally, out->days);
    out->share = (double)out->n / (double)valid;
    for (int hour = 0; hour < 24; hour++) {
        int64_t here = tally->rung_hours[rung][hour];
        out->with_hour += here;
        if (here > out->peak_count) {
            out->peak = hour;
            out->peak_count = here;
            out->tied = 0;
        }
        out->tied += here > 0 && here == out->peak_count;
    }
    out->has_peak = out->with_hour > 0;
}

/* Pearson's chi-square of the hours of early against late records; hours without any record take
 * no part. */
static void compare_hours(struct delay *d)
{
    double early = 0, late = 0;
    int hours = 0;
    for (int hour = 0; hour < 24; hour++) {
        early += (double)d->early_hours[hour];
        late += (double)d->late_hours[hour];
        hours += d->early_hours[hour] + d->late_hours[hour] > 0;
    }
    d->has_hours_test = early > 0 && late > 0 && hours > 1;
    if (!d->has_hours_test) {
        return;
    }
    d->least_expected = early + late;
    for (int hour = 0; hour < 24; hour++) {
        double both = (double)(d->early_hours[hour] + d->late_hours[hour]);
        if (both > 0) {
            double want_early = both * early / (early + late);
            double want_late = both * late / (early + late);
            double miss = (double)d->early_hours[hour] - want_early;
            d->chi_square += miss * miss / want_early + miss * miss / want_late;
            d->least_expected = fmin(d->least_expected, fmin(want_early, want_late));
        }
    }
    d->chi_df = hours - 1;
    d->chi_p = gsl_cdf_chisq_Q(d->chi_square, d->chi_df);
}

static rv_status compare_noon(struct delay *d, struct rv_err *reterr)
{
    int64_t early = 0, late = 0, noon = d->early_hours[12] + d->late_hours[12];
    for (int hour = 0; hour < 24; hour++) {
        early += d->early_hours[hour];
        late += d->late_hours[hour];
    }
    d->has_noon_test = early > 0 && late > 0 && noon > 0 && noon < early + late;
    if (!d->has_noon_test) {
        return rv_ok();
    }
    int64_t a = d->early_hours[12], c = d->late_hours[12];
    RV_TRY(binomial_fisher(a, early - a, c, late - c, &d->noon_p, reterr));
    return odds_ratio(a, early - a, c, late - c, &d->noon_odds, reterr);
}

static rv_status check(const struct delay_options *options, struct rv_err *reterr)
{
    if (options->within_days < 0) {
        return rv_fail(reterr, RV_DOMAIN, "the longest delay retained is %d days: at least 0",
                       options->within_days);
    }
    if (!(options->caution >= 0 && options->caution <= options->usable && options->usable <= 1)) {
        return rv_fail(reterr, RV_DOMAIN,
                       "the shares for usable and caution are %g and %g: give 1 >= usable >= "
                       "caution >= 0",
                       options->usable, options->caution);
    }
    return stats_check_level(options->level, reterr);
}

static rv_status summarise(const struct tally *tally, const struct delay_options *options,
                           struct delay *d, struct rv_err *reterr)
{
    d->within = count_within(tally, options->within_days);
    d->retained = (double)d->within / (double)d->valid;
    RV_TRY(interval_wilson(d->within, d->valid, options->level, &d->retained_ci, reterr));
    d->verdict = d->retained >= options->usable    ? DELAY_USABLE
                 : d->retained >= options->caution ? DELAY_CAUTION
                                                   : DELAY_NOT_RELIABLE;
    for (size_t q = 0; q < DELAY_QUANTILES; q++) {
        d->quantiles[q] = quantile(tally, d->valid, delay_quantile_levels[q]);
    }
    for (size_t step = 0; step < DELAY_STEPS; step++) {
        d->within_step[step] = count_within(tally, delay_step_days[step]);
    }
    for (size_t rung = 0; rung < DELAY_RUNGS; rung++) {
        fill_rung(tally, rung, d->valid, &d->rungs[rung]);
    }
    compare_hours(d);
    return compare_noon(d, reterr);
}

rv_status delay_measure(struct arena *a, const struct delay_records *records,
                        const struct delay_options *options, struct delay *ret,
                        struct rv_err *reterr)
{
    RV_TRY(check(options, reterr));
    struct arena_mark mark = arena_mark(a);
    struct tally tally = {.by_delay = NULL};
    RV_TRY(longest(records, &tally.longest, reterr));
    tally.by_delay = ARENA_NEW(a, int64_t, (size_t)tally.longest + 1);
    if (!tally.by_delay) {
        return arena_fail(a, reterr);
    }
    struct delay d = {.n = (int64_t)records->n};
    RV_TRY(count(records, options, &tally, &d, reterr));
    if (d.valid == 0) {
        return rv_fail(reterr, RV_DOMAIN,
                       "no record has both dates in order, so there is no recording delay");
    }
    RV_TRY(summarise(&tally, options, &d, reterr));
    arena_release(a, mark);
    *ret = d;
    return rv_ok();
}

const char *delay_verdict_name(enum delay_verdict verdict)
{
    static const char *const names[] = {
#define DELAY_VERDICT_NAME(name, text) text,
        DELAY_VERDICTS(DELAY_VERDICT_NAME)
#undef DELAY_VERDICT_NAME
    };
    return names[verdict];
}
