/* fuzz/fuzz_last.c — any bytes as the findings.json of an earlier assessment: refused with a
 * sentence, or findings that are compared with one of this assessment.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/last.h"
#include "fuzz.h"

#include <math.h>
#include <string.h>

/* Each finding read stands now too, with other numbers. */
static void compare(struct arena *a, const struct last_finding *then, size_t count)
{
    struct rv_err err = {.message = ""};
    struct finding *f = ARENA_NEW(a, struct finding, count);
    FUZZ_REQUIRE(f);
    for (size_t i = 0; i < count; i++) {
        f[i] = (struct finding){.id = then[i].id,
                                .theme = "profile",
                                .rule = then[i].rule ? then[i].rule : "TOTAL",
                                .unit = then[i].unit,
                                .value = 12,
                                .numerator = 12,
                                .denominator = 40,
                                .rank = 3,
                                .rank_low = 1,
                                .rank_high = 9,
                                .of = then[i].of,
                                .definition = then[i].definition,
                                .definition_version = then[i].definition_version,
                                .period = {24252, 24263}};
    }
    struct assessment now = {
        .area = then->area ? then->area : "", .findings = f, .finding_count = count};
    if (rv_is_ok(last_compare(a, &now, then, count, &err))) {
        size_t met = now.last->absent_count;
        for (int since = 0; since < SINCE_COUNT; since++) {
            met += now.last->counts[since];
        }
        FUZZ_REQUIRE(met == count);
    } else {
        FUZZ_REQUIRE(err.message[0]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rv_err err = {.message = ""};
    struct last_finding *then = NULL;
    size_t count = 0;
    struct arena a;
    arena_init(&a, (size_t)1 << 28);
    if (rv_is_ok(last_read(&a, "last.json", fuzz_input(data, size), &then, &count, &err))) {
        FUZZ_REQUIRE(count > 0);
        for (size_t i = 0; i < count; i++) {
            FUZZ_REQUIRE(then[i].id[0] && then[i].statement[0]);
            FUZZ_REQUIRE(i == 0 || strcmp(then[i - 1].id, then[i].id) < 0);
        }
        compare(&a, then, count);
    } else {
        FUZZ_REQUIRE(err.message[0]);
    }
    arena_done(&a);
    return 0;
}
