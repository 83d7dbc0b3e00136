/* fuzz/fuzz_agreement.c — any bytes as an agreement: refused with a sentence, or terms that read
 * the same again and whose days, columns and retention agree with each other.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "access/register.h"
#include "fuzz.h"

#include <string.h>

static void check_days(const struct agreement *x)
{
    const struct agreement_row row = {
        .first_day = x->first_day, .last_day = x->last_day, .terms = *x};
    FUZZ_REQUIRE(agreement_is_day(text_of(x->first_day)) && agreement_is_day(text_of(x->last_day)));
    FUZZ_REQUIRE(strcmp(x->first_day, x->last_day) <= 0);
    FUZZ_REQUIRE(agreement_row_is_in_force(&row, x->first_day));
    FUZZ_REQUIRE(agreement_row_is_in_force(&row, x->last_day));
    FUZZ_REQUIRE(!agreement_row_is_in_force(&row, "1799-12-31"));
    FUZZ_REQUIRE(!agreement_row_is_in_force(&row, "2200-01-01"));
    FUZZ_REQUIRE(agreements_find(&row, 1, x->id, x->last_day) == &row);
    FUZZ_REQUIRE(!agreement_is_past(x->retention_months, x->last_day, x->first_day));
}

static void check_terms(const struct agreement *x)
{
    enum marking m;
    FUZZ_REQUIRE(marking_find(text_of(marking_name(x->marking)), &m) && m == x->marking);
    FUZZ_REQUIRE(x->purpose_count > 0 && x->retention_months >= 0);
    for (size_t i = 0; i < x->field_count; i++) {
        FUZZ_REQUIRE(agreement_shares(x, x->fields[i]));
    }
    FUZZ_REQUIRE(agreement_shares(x, "") == (x->field_count == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct text input = {(const char *)bytes, n};
    struct arena a;
    struct agreement x, again;
    struct rv_err err = {0};
    arena_init(&a, (size_t)64 << 20);
    if (rv_is_ok(agreement_read(&a, "input", input, NULL, &x, &err))) {
        check_days(&x);
        check_terms(&x);
        FUZZ_REQUIRE(rv_is_ok(agreement_read(&a, "input", x.json, NULL, &again, &err)));
        FUZZ_REQUIRE(again.field_count == x.field_count && strcmp(again.id, x.id) == 0);
    } else {
        FUZZ_REQUIRE(err.message[0] != '\0');
    }
    (void)agreement_is_day(input);
    arena_done(&a);
    return 0;
}
