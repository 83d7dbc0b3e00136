/* fuzz/fuzz_dates.c — any bytes as a time, as a time of a declared layout, as a range of months.
 *
 * What parses without an offset and is written again parses to the same time. The first byte
 * chooses the layout, one of those of the built-in profiles or the text before the first NUL.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "fuzz.h"

static const char *const layouts[] = {"DD/MM/YYYY HH:MI", "YYYYMM",      "MMM-YY",
                                      "YYYY-MM",          "D/M/YY",      "YYYY-MM-DD HH:MI:SS",
                                      "DD MMM YYYY",      "H:MI D-M-YY", "D MMMM YYYY",
                                      "M/D/YY H:MI AM",   "YYYYMMDD HMI"};
#define LAYOUTS (sizeof layouts / sizeof *layouts)

static void require_sound(civil_time t)
{
    FUZZ_REQUIRE(civil_time_exists(t));
    int hour = civil_hour_of(t), weekday = civil_weekday_of(t);
    FUZZ_REQUIRE(hour >= 0 && hour <= 23 && weekday >= 0 && weekday <= 6);
    char out[24];
    size_t n = civil_write(t, out);
    FUZZ_REQUIRE(n >= 7 && n <= 19 && strlen(out) == n);
    civil_time again;
    FUZZ_REQUIRE(civil_parse((struct text){out, n}, &again) == CIVIL_OK);
    FUZZ_REQUIRE(again == t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text input = fuzz_input(data, size);
    uint8_t choice = fuzz_byte(&input);
    civil_time t = -4242;
    enum civil_verdict verdict = civil_parse(input, &t);
    FUZZ_REQUIRE((verdict == CIVIL_OK) == (t != -4242));
    if (verdict == CIVIL_OK) {
        require_sound(t);
    }
    struct month_range range;
    if (month_range_parse(input, &range)) {
        FUZZ_REQUIRE(month_range_count(range) >= 1 && month_range_days(range) >= 28);
    }
    char own[64] = {0}; /* a layout made by the search itself */
    const char *layout = layouts[choice % LAYOUTS];
    const char *end = input.n ? memchr(input.at, '\0', input.n) : NULL;
    if (choice >= 128 && end && (size_t)(end - input.at) < sizeof own) {
        memcpy(own, input.at, (size_t)(end - input.at));
        layout = own;
        input = (struct text){end + 1, input.n - (size_t)(end - input.at) - 1};
    }
    if (civil_parse_layout(input, layout, choice & 64, &t) == CIVIL_OK) {
        require_sound(t);
    }
    return 0;
}
