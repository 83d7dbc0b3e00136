/* fuzz/fuzz_codebook.c — any bytes as a survey's codebook: refused with a sentence, or a codebook
 * that reads the same again, whose profile fits its own header and whose lists keep what it knows.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "define/vocabulary.h"
#include "fuzz.h"
#include "ingest/codebook.h"
#include "ingest/kind.h"
#include "ingest/plan.h"
#include "ingest/values.h"

#include <string.h>

/* The input itself as a cell of several answers: what is kept is in the codebook, and in order. */
static void read_list(const struct plan_column *c, struct text cell)
{
    struct values v;
    struct rv_err err;
    uint32_t code;
    values_init(&v);
    FUZZ_REQUIRE(rv_is_ok(values_ready(&v, c, &err)));
    FUZZ_REQUIRE(rv_is_ok(values_code(&v, c, text_trim(cell), &code, &err)));
    int last = -1;
    for (struct text rest = values_text(&v, code); rest.n > 0;) {
        int at = vocabulary_find(c->kc->vocabulary, text_split(rest, ';', &rest));
        FUZZ_REQUIRE(at > last);
        last = at;
    }
    values_done(&v);
}

static void bind(struct arena *a, const struct codebook *b, struct text input)
{
    struct profile p;
    struct profile_fit fit;
    struct plan plan;
    struct rv_err err;
    struct text *header = ARENA_NEW(a, struct text, b->column_count + 1);
    FUZZ_REQUIRE(header && rv_is_ok(codebook_profile(a, b, "2023-01", "2023-12", &p, &err)));
    for (size_t i = 0; i < p.column_count; i++) {
        header[i] = text_of(p.columns[i].name);
    }
    const struct plan_given given = {.period = NULL};
    FUZZ_REQUIRE(rv_is_ok(profile_fit_header(a, &p, header, p.column_count, &fit, &err)));
    FUZZ_REQUIRE(fit.missing_count == 0);
    FUZZ_REQUIRE(rv_is_ok(plan_make(a, &p, header, p.column_count, &given, &plan, &err)));
    FUZZ_REQUIRE(plan.dropped_count == 0 && plan.stored == p.column_count + 3);
    for (size_t i = 0; i < plan.count; i++) {
        const struct plan_column *c = &plan.columns[i];
        FUZZ_REQUIRE(c->kc && c->position < plan.stored);
        if (c->kc->is_list) {
            read_list(c, input);
        }
    }
}

static void check_column(const struct codebook *b, size_t i)
{
    const struct codebook_column *c = &b->columns[i];
    double total = 0;
    FUZZ_REQUIRE(codebook_find(b, text_of(c->name)) == i);
    FUZZ_REQUIRE((c->role == CODEBOOK_WEIGHT) == (i == b->weight));
    FUZZ_REQUIRE((c->role == CODEBOOK_WEIGHT) == (c->answer_count == 0));
    for (size_t k = 0; k < c->answer_count; k++) {
        const struct codebook_answer *x = &c->answers[k];
        FUZZ_REQUIRE(codebook_answer_find(c, text_of(x->code)) == k);
        FUZZ_REQUIRE(x->code[0] || x->is_missing);
        FUZZ_REQUIRE(x->population >= 0 && (x->population == 0 || !x->is_missing));
        total += x->population;
    }
    FUZZ_REQUIRE(c->has_margins == (total > 0));
    FUZZ_REQUIRE(!c->has_margins || c->role == CODEBOOK_DEMOGRAPHIC);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text input = fuzz_input(data, size);
    struct arena a;
    struct codebook b, again;
    struct rv_err err = {0};
    arena_init(&a, (size_t)256 << 20);
    rv_status status = codebook_read(&a, "input", input, &b, &err);
    FUZZ_REQUIRE(rv_is_ok(status) || status.code == RV_INVALID || status.code == RV_LIMIT);
    if (rv_is_ok(status)) {
        for (size_t i = 0; i < b.column_count; i++) {
            check_column(&b, i);
        }
        FUZZ_REQUIRE((b.from == NULL) == (b.months.first > b.months.last));
        FUZZ_REQUIRE(rv_is_ok(codebook_read(&a, "input", b.json, &again, &err)));
        const char *difference = codebook_difference(&a, &b, &again);
        FUZZ_REQUIRE(difference && difference[0] == '\0' && strcmp(b.sha256, again.sha256) == 0);
        bind(&a, &b, input);
    } else {
        FUZZ_REQUIRE(err.message[0] != '\0');
    }
    arena_done(&a);
    return 0;
}
