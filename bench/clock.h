/* bench/clock.h — seconds of a clock that only goes forward. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#ifndef REEVE_BENCH_CLOCK_H
#define REEVE_BENCH_CLOCK_H

#include <time.h>

static inline double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#endif
