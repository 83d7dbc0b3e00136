/* stats/random.c — Philox4x32-10 streams, and GSL's binomials fed from them.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/random.h"

#include <Random123/philox.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>

void random_open(struct random_stream *ret, uint64_t seed, enum random_method method,
                 uint32_t chunk)
{
    *ret = (struct random_stream){.key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
                                  .counter = {0, 0, chunk, (uint32_t)method}};
}

static void next_block(struct random_stream *r)
{
    philox4x32_ctr_t counter = {{r->counter[0], r->counter[1], r->counter[2], r->counter[3]}};
    philox4x32_key_t key = {{r->key[0], r->key[1]}};
    philox4x32_ctr_t block = philox4x32(counter, key);
    for (size_t i = 0; i < 4; i++) {
        r->block[i] = block.v[i];
    }
    r->left = 4;
    r->counter[0]++;
    r->counter[1] += r->counter[0] == 0;
}

uint32_t random_u32(struct random_stream *r)
{
    if (r->left == 0) {
        next_block(r);
    }
    return r->block[4 - r->left--];
}

double random_unit(struct random_stream *r)
{
    uint64_t high = random_u32(r), low = random_u32(r);
    return (double)((high << 32 | low) >> 11) * 0x1p-53;
}

uint32_t random_below(struct random_stream *r, uint32_t n)
{
    uint64_t product = (uint64_t)random_u32(r) * n;
    if ((uint32_t)product < n) {
        uint32_t threshold = -n % n; /* 2^32 mod n: what would fall unequally is drawn again */
        while ((uint32_t)product < threshold) {
            product = (uint64_t)random_u32(r) * n;
        }
    }
    return (uint32_t)(product >> 32);
}

/* ---- the stream as a generator of GSL ---- */

static unsigned long gsl_word(void *state)
{
    return random_u32(state);
}

static double gsl_unit(void *state)
{
    return random_unit(state);
}

static void gsl_no_seed(void *state, unsigned long seed)
{
    (void)state; /* a stream is opened, never seeded again */
    (void)seed;
}

static const gsl_rng_type stream_type = {.name = "reeve-stream",
                                         .max = UINT32_MAX,
                                         .min = 0,
                                         .size = sizeof(struct random_stream),
                                         .set = gsl_no_seed,
                                         .get = gsl_word,
                                         .get_double = gsl_unit};

rv_status random_multinomial(struct random_stream *r, int64_t n, size_t k, const double *weights,
                             int64_t *ret, struct rv_err *reterr)
{
    if (n < 0 || n > UINT32_MAX) {
        return rv_fail(reterr, RV_DOMAIN, "%lld draws: from 0 to 4294967295 are possible",
                       (long long)n);
    }
    double total = 0;
    size_t last = 0; /* the last class that can be drawn: it takes what rounding leaves */
    for (size_t i = 0; i < k; i++) {
        if (!(weights[i] >= 0) || isinf(weights[i])) {
            return rv_fail(reterr, RV_DOMAIN, "a weight is %g: a number of at least 0 is needed",
                           weights[i]);
        }
        total += weights[i];
        last = weights[i] > 0 ? i : last;
    }
    if (!(total > 0) || isinf(total)) {
        return rv_fail(reterr, RV_DOMAIN, "the weights add up to %g: nothing can be drawn", total);
    }
    const gsl_rng generator = {&stream_type, r};
    double rest = total;
    uint32_t left = (uint32_t)n;
    for (size_t i = 0; i < k; i++) {
        uint32_t count = 0;
        if (weights[i] > 0 && left > 0) {
            double p = i == last ? 1 : weights[i] / rest;
            count = p >= 1 ? left : gsl_ran_binomial(&generator, p, left);
        }
        ret[i] = count;
        left -= count;
        rest -= weights[i];
    }
    return rv_ok();
}
