/* fuzz/fuzz_schedule.c — any bytes as the schedule of a service.
 *
 * What is valid has a frequency and nothing but the letters of RFC 5545 and of hours, and stays
 * valid with itself behind a bar. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz.h"
#include "ingest/schedule.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text t = fuzz_input(data, size);
    char twice[8192];
    if (!schedule_is_valid(t)) {
        return 0;
    }
    FUZZ_REQUIRE(t.n > 0 && memmem(t.at, t.n, "FREQ=", 5));
    for (size_t i = 0; i < t.n; i++) {
        FUZZ_REQUIRE(t.at[i] && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789=;,:-+| \t", t.at[i]));
    }
    if (2 * t.n + 1 <= sizeof twice) {
        memcpy(twice, t.at, t.n);
        twice[t.n] = '|';
        memcpy(twice + t.n + 1, t.at, t.n);
        FUZZ_REQUIRE(schedule_is_valid((struct text){twice, 2 * t.n + 1}));
    }
    return 0;
}
