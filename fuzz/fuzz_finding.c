/* fuzz/fuzz_finding.c — any bytes as a stored finding: refused with a sentence, or a finding that
 * is written and read again without a difference.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz.h"
#include "report/findings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rv_err err = {.message = ""};
    struct finding f, again;
    struct arena a;
    arena_init(&a, (size_t)1 << 28);
    rv_status status = finding_from_json(&a, fuzz_input(data, size), &f, &err);
    if (rv_is_ok(status)) {
        struct buf first, second, other;
        buf_init(&first, 1u << 26);
        buf_init(&second, 1u << 26);
        buf_init(&other, 1u << 26);
        FUZZ_REQUIRE(rv_is_ok(finding_to_json(&f, &first, &err)));
        FUZZ_REQUIRE(rv_is_ok(finding_from_json(&a, buf_view(&first), &again, &err)));
        FUZZ_REQUIRE(rv_is_ok(finding_to_json(&again, &second, &err)));
        FUZZ_REQUIRE(text_equal(buf_view(&first), buf_view(&second)));
        FUZZ_REQUIRE(rv_is_ok(findings_json(&f, 1, &other, &err)));
        FUZZ_REQUIRE(rv_is_ok(findings_csv(&f, 1, &other, &err)));
        FUZZ_REQUIRE(rv_is_ok(finding_why_text(&f, &other, &err)));
        buf_done(&first);
        buf_done(&second);
        buf_done(&other);
    } else {
        FUZZ_REQUIRE(err.message[0]);
    }
    arena_done(&a);
    return 0;
}
