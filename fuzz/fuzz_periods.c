/* fuzz/fuzz_periods.c — any bytes as the label of a period, as a header of one, as an age band.
 *
 * The first byte chooses the rule and what a lone year means.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "define/age_band.h"
#include "fuzz.h"
#include "ingest/period.h"

static const char *const RULES[] = {"calendar",     "financial", "academic", "october",
                                    "financial-q4", "january",   "november", "calendar-q2"};
#define RULE_COUNT (sizeof RULES / sizeof *RULES)

static void require_months(struct month_range r)
{
    FUZZ_REQUIRE(r.first <= r.last);
    FUZZ_REQUIRE(r.first >= 1799 * 12 && r.last < 2201 * 12);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text input = fuzz_input(data, size);
    uint8_t choice = fuzz_byte(&input);
    struct period_rule rule;
    struct month_range range = {7, 3};
    int from = -1, to = -1;
    FUZZ_REQUIRE(period_rule_named(text_of(RULES[choice % RULE_COUNT]), &rule));
    if (period_parse(input, &rule, (enum period_lone)(choice / RULE_COUNT % 4), &range)) {
        require_months(range);
    } else {
        FUZZ_REQUIRE(range.first == 7 && range.last == 3);
    }
    if (period_header(input, choice & 128 ? "YYYY" : "YYYYMM", &range)) {
        require_months(range);
        FUZZ_REQUIRE(range.last - range.first == (choice & 128 ? 11 : 0));
    }
    if (age_band_parse(input, &from, &to)) {
        FUZZ_REQUIRE(from >= 0 && from <= to && to <= 130);
    } else {
        FUZZ_REQUIRE(from == -1 && to == -1);
    }
    if (period_rule_named(input, &rule)) {
        FUZZ_REQUIRE(rule.first_month >= 1 && rule.first_month <= 12 && rule.count >= 1 &&
                     rule.skip + rule.count <= 12);
    }
    return 0;
}
