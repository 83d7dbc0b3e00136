/* synth/dice.h — a run of random numbers from one place of the counter-based streams.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_DICE_H
#define REEVE_SYNTH_DICE_H

#include "synth/random.h"

/* One run: (seed, stream, number) says where it starts; different numbers never meet. */
struct dice {
    uint64_t seed, number, at;
    enum stream stream;
    struct draws held;
};

static inline struct dice dice_start(uint64_t seed, enum stream stream, uint64_t number)
{
    return (struct dice){.seed = seed, .number = number, .stream = stream};
}

static inline uint64_t dice_next(struct dice *d)
{
    if (d->at % 4 == 0) {
        d->held = draw(d->seed, d->stream, d->number, d->at / 4);
    }
    return d->held.u[d->at++ % 4];
}

static inline double dice_unit(struct dice *d)
{
    return draw_unit(dice_next(d));
}

static inline size_t dice_below(struct dice *d, size_t n)
{
    return draw_below(dice_next(d), n);
}

/* Which of n weights (sum above 0). */
static inline size_t dice_choose(struct dice *d, const double *weights, size_t n)
{
    double sum = 0, at;
    for (size_t i = 0; i < n; i++) {
        sum += weights[i];
    }
    at = dice_unit(d) * sum;
    size_t last = 0;
    for (size_t i = 0; i < n; i++) {
        if (weights[i] > 0) {
            last = i;
            at -= weights[i];
            if (at < 0) {
                return i;
            }
        }
    }
    return last;
}

static inline void dice_shuffle(struct dice *d, size_t *list, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = dice_below(d, i), held = list[i - 1];
        list[i - 1] = list[j];
        list[j] = held;
    }
}

#endif
