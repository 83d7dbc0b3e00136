/* fuzz/fuzz_numbers.c — any bytes as numbers, against the C library's strtoll and strtod.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/parse.h"
#include "fuzz.h"

#include <errno.h>
#include <math.h>

#define MOST 128

static void check_int(struct text cell, const char *terminated)
{
    int64_t value;
    if (parse_int(cell, &value)) {
        char *end;
        errno = 0;
        FUZZ_REQUIRE(value == strtoll(terminated, &end, 10) && errno == 0);
        FUZZ_REQUIRE(*end == '\0' && (size_t)(end - terminated) == cell.n);
    }
}

static void check_real(struct text cell, const char *terminated)
{
    double value;
    if (parse_real(cell, &value)) {
        char *end;
        double want = strtod(terminated, &end);
        FUZZ_REQUIRE(memcmp(&want, &value, sizeof want) == 0 && isfinite(value));
        FUZZ_REQUIRE(*end == '\0' && (size_t)(end - terminated) == cell.n);
    }
}

static void check_thousandths(struct text cell, const char *terminated)
{
    int64_t value;
    double real;
    if (parse_thousandths(cell, &value)) {
        FUZZ_REQUIRE(parse_real(cell, &real)); /* the same texts, but for an exponent */
        long double want = strtold(terminated, NULL) * 1000;
        long double slack = 0.5L + fabsl(want) * 0x1p-60L;
        FUZZ_REQUIRE(fabsl((long double)value - want) <= slack);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > MOST) {
        return 0;
    }
    struct text cell = fuzz_input(data, size);
    char terminated[MOST + 1] = {0};
    if (size) {
        memcpy(terminated, data, size);
    }
    check_int(cell, terminated);
    check_real(cell, terminated);
    check_thousandths(cell, terminated);
    return 0;
}
