/* spatial/repeats.c — events at places that had more than one, and how many would be by chance.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "spatial/repeats.h"

#include "spatial/counts.h"

#include <math.h>

#define Z95 1.959963984540054

static void count_them(const int64_t *counts, size_t n, struct repeats *r)
{
    for (size_t i = 0; i < n; i++) {
        r->used += counts[i] > 0;
        r->repeat_places += counts[i] > 1;
        r->at_repeats += counts[i] > 1 ? counts[i] : 0;
        r->most = counts[i] > r->most ? counts[i] : r->most;
    }
}

/* Events alone at their place: n (1 - 1/L)^(n - 1) on average; ordered pairs of such events:
 * n (n - 1) (1 - 1/L) (1 - 2/L)^(n - 2). The rest are at places with more than one. */
static void expect(struct repeats *r)
{
    double n = (double)r->events, places = (double)r->places;
    double alone = n * pow(1 - 1 / places, n - 1);
    double pairs = n > 1 ? n * (n - 1) * (1 - 1 / places) * pow(fabs(1 - 2 / places), n - 2) : 0;
    r->expected = n - alone;
    r->sd = sqrt(fmax(0, pairs + alone - alone * alone));
    r->expected_places = places - places * pow(1 - 1 / places, n) - alone;
    r->expected_places = fmax(0, r->expected_places);
    r->lower = fmax(0, r->expected - Z95 * r->sd);
    r->upper = fmin(n, r->expected + Z95 * r->sd);
    r->is_beyond = (double)r->at_repeats > r->upper;
}

rv_status repeats_measure(const int64_t *counts, size_t n, int64_t places, struct repeats *ret,
                          struct rv_err *reterr)
{
    struct repeats r = {.places = places};
    RV_TRY(spatial_sum(counts, n, &r.events, reterr));
    count_them(counts, n, &r);
    if (r.events == 0 || places < r.used) {
        return rv_fail(reterr, RV_DOMAIN,
                       r.events ? "there are more places with events than places"
                                : "there is no event at any place");
    }
    expect(&r);
    *ret = r;
    return rv_ok();
}
