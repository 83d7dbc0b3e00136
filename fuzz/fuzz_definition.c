/* fuzz/fuzz_definition.c — any bytes as a definition: refused with a line, or a definition whose
 * profiles decide every kind of record the same way twice.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "define/age_band.h"
#include "define/records.h"
#include "fuzz.h"

static void check_decisions(const struct definition *d)
{
    for (unsigned i = 0; i < 64; i++) {
        uint8_t low = (uint8_t)(i * 4), high = i % 3 ? low : AGE_UNKNOWN;
        struct offence_facts f = {.group = (uint8_t)(i % (OFFENCE_GROUP_COUNT + 1)),
                                  .linked_group = (uint8_t)(i * 5 % (OFFENCE_GROUP_COUNT + 1)),
                                  .flags = (flag_set)(i * 37),
                                  .low = {low, AGE_NOBODY, low},
                                  .high = {high, AGE_NOBODY, high}};
        for (size_t p = 0; p < definition_size(d); p++) {
            struct decision once = definition_decide(d, p, &f);
            FUZZ_REQUIRE(once.verdict == VERDICT_IN || once.verdict == VERDICT_OUT ||
                         once.verdict == VERDICT_UNKNOWN);
            FUZZ_REQUIRE((once.verdict == VERDICT_IN) == (once.clause >= CLAUSE_IN_GROUP));
            FUZZ_REQUIRE(clause_text(once.clause) != NULL);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct text input = {(const char *)bytes, n};
    struct arena a;
    struct definition d;
    struct rv_err err = {0};
    arena_init(&a, (size_t)64 << 20);
    rv_status status = definition_read(&a, "input", input, &d, &err);
    if (rv_is_ok(status)) {
        FUZZ_REQUIRE(d.profile_count > 0 && definition_size(&d) <= DEFINITION_MAX);
        struct definition again;
        FUZZ_REQUIRE(rv_is_ok(definition_read(&a, "input", d.json, &again, &err)));
        FUZZ_REQUIRE(again.profile_count == d.profile_count);
        check_decisions(&d);
    } else {
        FUZZ_REQUIRE(err.message[0] != '\0');
    }
    (void)flags_of(input);
    arena_done(&a);
    return 0;
}
