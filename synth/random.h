/* synth/random.h — numbers that depend only on (seed, stream, two counters).
 *
 * Philox 4x64-10: any part of the synthetic London can be made without making the rest first, so
 * that adding a stream never changes the others. Pure.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_RANDOM_H
#define REEVE_SYNTH_RANDOM_H

#include <Random123/philox.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* The numbers are part of what a seed means: never change one, add at the end. */
enum stream {
    STREAM_VERTEX = 1,
    STREAM_BOROUGH = 2,
    STREAM_WARD = 3,
    STREAM_LSOA = 4,
    STREAM_PEOPLE = 5,
    STREAM_POINT = 6,
    STREAM_STREET_COUNT = 7,
    STREAM_STREET_EVENT = 8,
    STREAM_STREET_ID = 9,
    STREAM_BENCH_EVENT = 10,
    STREAM_MPS_COUNT = 11,
    STREAM_MPS_WARD = 12,
    STREAM_NAME = 13,
    STREAM_TOWN = 14,    /* which wards lead */
    STREAM_COMPOSE = 15, /* offences that meet the targets */
    STREAM_OTHERS = 16,  /* all other offences */
    STREAM_EXTRACT = 17, /* what only the rows show */
    STREAM_MINOR = 18,   /* health, transport, searches, services, surveys, statistics */
    STREAM_WORKDAY = 19, /* who is there in the day */
};

struct draws {
    uint64_t u[4];
};

static inline struct draws draw(uint64_t seed, enum stream stream, uint64_t a, uint64_t b)
{
    philox4x64_ctr_t counter = {{a, b, 0, 0}};
    philox4x64_key_t key = {{seed, (uint64_t)stream}};
    philox4x64_ctr_t out = philox4x64(counter, key);
    return (struct draws){{out.v[0], out.v[1], out.v[2], out.v[3]}};
}

/* Uniform in [0, 1), a multiple of 2^-53. */
static inline double draw_unit(uint64_t u)
{
    return (double)(u >> 11) * 0x1p-53;
}

/* Uniform in 0 .. n - 1 (n far below 2^53). */
static inline size_t draw_below(uint64_t u, size_t n)
{
    return (size_t)(draw_unit(u) * (double)n);
}

/* A Poisson count by inversion of one uniform; mean below 700. */
static inline int64_t draw_poisson(uint64_t u, double mean)
{
    double at = draw_unit(u), mass = exp(-mean), sum = mass;
    int64_t k = 0;
    while (at >= sum && k < 10000) {
        k++;
        mass *= mean / (double)k;
        sum += mass;
    }
    return k;
}

#endif
