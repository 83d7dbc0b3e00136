/* fuzz/fuzz_targets.c — any bytes as the targets of the synthetic London.
 *
 * Refused with a sentence, or tables of counts that agree with each other.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz.h"
#include "synth/targets.h"

#define MEMORY ((size_t)16 << 20)

static void check(const struct targets *t)
{
    int64_t all = 0;
    for (size_t r = 0; r < REGIONS; r++) {
        for (size_t y = 0; y < TWO_YEARS; y++) {
            int64_t sum = 0;
            for (size_t g = 0; g < GROUPS; g++) {
                FUZZ_REQUIRE(t->groups[r][g][y] >= 0);
                sum += t->groups[r][g][y];
            }
            FUZZ_REQUIRE(sum == t->regions[r][y]);
            all += sum;
        }
    }
    for (size_t w = 0; w < HAVERING_WARDS_2022; w++) {
        FUZZ_REQUIRE(t->ward_da[w] >= 0 && t->ward_da[w] <= all);
        FUZZ_REQUIRE(t->ward_sv[w] >= t->ward_section[SECTION_SEXUAL][w]);
    }
    for (size_t k = 0; k < TOP_PLACES; k++) {
        FUZZ_REQUIRE(t->places[k].locality < t->locality_count && t->places[k].type);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a;
    struct rv_err err = {.message = ""};
    struct targets *t = NULL;
    arena_init(&a, MEMORY);
    rv_status status = targets_parse(&a, (struct text){(const char *)data, n}, &t, &err);
    if (rv_is_ok(status)) {
        check(t);
    } else {
        FUZZ_REQUIRE(err.message[0] != '\0');
    }
    arena_done(&a);
    return 0;
}
