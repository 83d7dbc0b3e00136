/* stats/heaping.c — each minute of the day against its equally round neighbours.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/heaping.h"

#include "stats/binomial.h"
#include "stats/internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Minutes that are known to be used as placeholders: no yardstick for others. */
static const int suspects[] = {0, 1, 719, 720, 721, 1439};

/* The first record with a time outside the day, or n: a pass of its own, so that nothing is added
 * when there is one, and so that the counting loop has no branch. */
static size_t first_outside(const int16_t *minutes, const uint64_t *valid, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if ((uint16_t)minutes[i] >= HEAPING_MINUTES && stats_has(valid, i)) {
            return i;
        }
    }
    return n;
}

/* Two tables side by side: the same minute twice in a row does not wait for its own store. */
struct lanes {
    uint32_t even[HEAPING_MINUTES], odd[HEAPING_MINUTES];
};

#define LANES_BLOCK ((size_t)1 << 30) /* so many records cannot overflow a lane */

/* Adds records first .. end-1, first a multiple of 64; returns how many have a time. */
static size_t count_block(struct lanes *lanes, const int16_t *minutes, const uint64_t *valid,
                          size_t first, size_t end)
{
    size_t timed = 0;
    for (size_t i = first; i < end; i += 64) {
        size_t last = end - i < 64 ? end : i + 64;
        if (!valid || valid[i / 64] == UINT64_MAX) {
            size_t k = i;
            for (; k + 1 < last; k += 2) {
                lanes->even[minutes[k]]++;
                lanes->odd[minutes[k + 1]]++;
            }
            if (k < last) {
                lanes->even[minutes[k]]++;
            }
            timed += last - i;
            continue;
        }
        for (size_t k = i; k < last; k++) {
            if (stats_has(valid, k)) {
                lanes->even[minutes[k]]++;
                timed++;
            }
        }
    }
    return timed;
}

rv_status heaping_count(const int16_t *minutes, const uint64_t *valid, size_t n,
                        int64_t counts[HEAPING_MINUTES], int64_t *missing, struct rv_err *reterr)
{
    size_t bad = first_outside(minutes, valid, n);
    if (bad < n) {
        return rv_fail(reterr, RV_DOMAIN,
                       "time %zu is minute %d of the day: 0 to 1439 are possible", bad + 1,
                       minutes[bad]);
    }
    for (size_t first = 0; first < n; first += LANES_BLOCK) {
        struct lanes lanes = {{0}, {0}};
        size_t end = n - first < LANES_BLOCK ? n : first + LANES_BLOCK;
        size_t timed = count_block(&lanes, minutes, valid, first, end);
        for (size_t m = 0; m < HEAPING_MINUTES; m++) {
            counts[m] += (int64_t)lanes.even[m] + (int64_t)lanes.odd[m];
        }
        *missing += (int64_t)(end - first - timed);
    }
    return rv_ok();
}

static enum heaping_class class_of(int minute)
{
    if (minute % 60 == 0) {
        return HEAPING_HOUR;
    }
    if (minute % 30 == 0) {
        return HEAPING_HALF;
    }
    if (minute % 15 == 0) {
        return HEAPING_QUARTER;
    }
    return minute % 5 == 0 ? HEAPING_FIVE : HEAPING_PLAIN;
}

static bool is_suspect(int minute)
{
    for (size_t i = 0; i < sizeof suspects / sizeof suspects[0]; i++) {
        if (suspects[i] == minute) {
            return true;
        }
    }
    return false;
}

/* Sums the nearest equally round minutes, going outwards both ways round the clock. When one place
 * is left and both sides could take it, the earlier in the day does. */
static void compare_with_neighbours(const int64_t *counts, int minute, struct heaping_minute *out)
{
    out->count = counts[minute];
    out->class = class_of(minute);
    int wanted = out->class == HEAPING_FIVE || out->class == HEAPING_PLAIN ? 10 : 4;
    for (int away = 1; away <= HEAPING_MINUTES / 2 && out->neighbours < wanted; away++) {
        int before = (minute - away + HEAPING_MINUTES) % HEAPING_MINUTES;
        int after = (minute + away) % HEAPING_MINUTES;
        int sides[] = {before < after ? before : after, before < after ? after : before};
        for (int side = 0; side < (before == after ? 1 : 2); side++) {
            int other = sides[side];
            if (out->neighbours < wanted && class_of(other) == out->class && !is_suspect(other)) {
                out->neighbour_sum += counts[other];
                out->neighbours++;
            }
        }
    }
    out->expected = (double)out->neighbour_sum / out->neighbours;
    out->excess = (double)out->count - out->expected;
    out->has_ratio = out->neighbour_sum > 0;
    out->ratio = out->has_ratio ? (double)out->count / out->expected : 0;
    out->p =
        binomial_upper(out->count, out->count + out->neighbour_sum, 1.0 / (out->neighbours + 1));
}

static int by_p(const void *left, const void *right)
{
    const struct heaping_minute *a = *(const struct heaping_minute *const *)left;
    const struct heaping_minute *b = *(const struct heaping_minute *const *)right;
    return (a->p > b->p) - (a->p < b->p);
}

/* Holm's and Benjamini and Hochberg's adjustments over all minutes. Equal p get equal results, so
 * that the order among them does not matter. */
static void adjust(struct heaping *h)
{
    struct heaping_minute *order[HEAPING_MINUTES];
    for (size_t m = 0; m < HEAPING_MINUTES; m++) {
        order[m] = &h->minutes[m];
    }
    qsort(order, HEAPING_MINUTES, sizeof *order, by_p);
    double most = 0, least = 1;
    for (size_t i = 0; i < HEAPING_MINUTES; i++) {
        most = fmax(most, (double)(HEAPING_MINUTES - i) * order[i]->p);
        order[i]->p_holm = fmin(1, most);
    }
    for (size_t i = HEAPING_MINUTES; i-- > 0;) {
        least = fmin(least, HEAPING_MINUTES / (double)(i + 1) * order[i]->p);
        order[i]->q_bh = least;
    }
}

static void decide(struct heaping *h, const struct heaping_options *options)
{
    for (size_t m = 0; m < HEAPING_MINUTES; m++) {
        struct heaping_minute *minute = &h->minutes[m];
        bool is_unlikely = minute->p_holm < options->alpha;
        bool is_large = minute->excess >= options->excess &&
                        (!minute->has_ratio || minute->ratio >= options->ratio);
        minute->is_flagged = is_unlikely && is_large;
        minute->is_weak = is_unlikely && !is_large;
        h->flagged_minutes += minute->is_flagged;
    }
    const struct heaping_minute *midnight = &h->minutes[0];
    h->is_midnight_kept = h->flagged_minutes == 1 && midnight->is_flagged && midnight->has_ratio &&
                          midnight->ratio < options->lone_midnight;
    for (size_t m = 0; m < HEAPING_MINUTES && !h->is_midnight_kept; m++) {
        struct heaping_minute *minute = &h->minutes[m];
        minute->is_excluded = minute->is_flagged;
        h->excluded_minutes += minute->is_flagged;
        h->excluded += minute->is_flagged ? minute->count : 0;
    }
}

static rv_status check_options(const struct heaping_options *options, struct rv_err *reterr)
{
    if (!(options->alpha > 0 && options->alpha < 1)) {
        return rv_fail(reterr, RV_DOMAIN, "alpha is %g: a number between 0 and 1 is needed",
                       options->alpha);
    }
    if (!(options->ratio >= 1 && options->excess >= 0 && options->lone_midnight >= 1)) {
        return rv_fail(reterr, RV_DOMAIN,
                       "the ratios must be at least 1 and the excess at least 0");
    }
    return rv_ok();
}

rv_status heaping_detect(const int64_t counts[HEAPING_MINUTES],
                         const struct heaping_options *options, struct heaping *ret,
                         struct rv_err *reterr)
{
    RV_TRY(check_options(options, reterr));
    int64_t n = 0;
    for (size_t m = 0; m < HEAPING_MINUTES; m++) {
        RV_TRY(stats_check_count(counts[m], "the count of a minute", reterr));
        n += counts[m];
    }
    RV_TRY(stats_check_count(n, "the total", reterr));
    memset(ret, 0, sizeof *ret);
    ret->n = n;
    for (int m = 0; m < HEAPING_MINUTES; m++) {
        compare_with_neighbours(counts, m, &ret->minutes[m]);
    }
    adjust(ret);
    decide(ret, options);
    return rv_ok();
}

void heaping_hours(const struct heaping *h, int64_t all[24], int64_t without[24])
{
    memset(all, 0, 24 * sizeof *all);
    memset(without, 0, 24 * sizeof *without);
    for (size_t m = 0; m < HEAPING_MINUTES; m++) {
        all[m / 60] += h->minutes[m].count;
        without[m / 60] += h->minutes[m].is_excluded ? 0 : h->minutes[m].count;
    }
}

const char *heaping_class_name(enum heaping_class class)
{
    static const char *const names[] = {
#define HEAPING_CLASS_NAME(name, text) text,
        HEAPING_CLASSES(HEAPING_CLASS_NAME)
#undef HEAPING_CLASS_NAME
    };
    return names[class];
}
