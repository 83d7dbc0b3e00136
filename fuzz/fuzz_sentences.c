/* fuzz/fuzz_sentences.c — any bytes as a sentence file: refused with file and line, or every rule
 * gives a sentence without a brace, or none.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz.h"
#include "report/sentence.h"

#include <math.h>

static void render(const struct sentences *s, const char *rule, bool is_bare)
{
    double value = is_bare ? (double)NAN : 12.5;
    int64_t rank = is_bare ? -1 : 3;
    struct finding f = {.id = "id",
                        .theme = "t",
                        .rule = rule,
                        .subject = is_bare ? NULL : "robbery",
                        .unit = is_bare ? NULL : "percent",
                        .value = value,
                        .lower = value,
                        .upper = value,
                        .level = 0.95,
                        .numerator = value,
                        .denominator = value,
                        .missing = value,
                        .compare_value = value,
                        .rank = rank,
                        .rank_low = rank,
                        .rank_high = rank,
                        .of = rank,
                        .period = {24252, is_bare ? 0 : 24263},
                        .compare = {24252, is_bare ? 0 : 24263},
                        .area_name = is_bare ? NULL : "Havering"};
    struct rv_err err = {.message = ""};
    struct buf out;
    buf_init(&out, 1u << 20);
    rv_status status = sentence_render(s, &f, &out, &err);
    if (rv_is_ok(status)) {
        FUZZ_REQUIRE(out.n > 0 && memchr(out.bytes, '{', out.n) == NULL);
        FUZZ_REQUIRE(memchr(out.bytes, '}', out.n) == NULL);
    } else {
        FUZZ_REQUIRE(status.code == RV_DOMAIN && out.n == 0 && err.message[0]);
    }
    buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rv_err err = {.message = ""};
    struct sentences *s = NULL;
    struct arena a;
    arena_init(&a, (size_t)1 << 28);
    FUZZ_REQUIRE(rv_is_ok(sentences_new(&a, &s, &err)));
    rv_status status = sentences_add(s, &a, "t", fuzz_input(data, size), &err);
    if (rv_is_ok(status)) {
        for (size_t i = 0; i < sentences_rule_count(s, "t"); i++) {
            render(s, sentences_rule(s, "t", i), false);
            render(s, sentences_rule(s, "t", i), true);
        }
    } else {
        FUZZ_REQUIRE(err.message[0]);
    }
    arena_done(&a);
    return 0;
}
