/* fuzz/fuzz_template.c — any bytes as the template of an assessment: refused with a sentence, or
 * chapters within their limits, each with the definition that it needs, the same when read again.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/template.h"
#include "fuzz.h"

#include <string.h>

static void check_chapter(const struct assess_template *t, size_t i)
{
    const struct template_chapter *c = &t->chapters[i];
    FUZZ_REQUIRE(c->part < CHAPTER_PARTS && c->definition);
    FUZZ_REQUIRE((c->sections & SECTION_LEVEL) && (c->sections & ~(unsigned)SECTION_ALL) == 0);
    FUZZ_REQUIRE((c->part == CHAPTER_PROFILE) == (c->profile != NULL));
    FUZZ_REQUIRE(!c->profile || definition_find(c->definition->is, c->profile) >= 0);
    for (size_t k = 0; k < i; k++) {
        const struct template_chapter *b = &t->chapters[k];
        FUZZ_REQUIRE(b->part != c->part || b->definition != c->definition ||
                     (c->profile && strcmp(b->profile, c->profile) != 0));
    }
}

static void check(struct arena *a, const struct assess_template *t)
{
    FUZZ_REQUIRE(t->id && t->version && t->title && t->heading);
    FUZZ_REQUIRE(t->chapter_count > 0 && t->chapter_count <= TEMPLATE_MOST_CHAPTERS);
    FUZZ_REQUIRE(t->basis_count <= TEMPLATE_MOST_LINES && t->unsaid_count <= TEMPLATE_MOST_LINES);
    for (size_t i = 0; i < t->chapter_count; i++) {
        check_chapter(t, i);
    }
    FUZZ_REQUIRE(template_heading(a, t, "Anywhere") != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text input = fuzz_input(data, size);
    struct arena a;
    struct assess_template read, again;
    struct rv_err err = {0};
    arena_init(&a, (size_t)256 << 20);
    rv_status status = template_read(&a, "input", NULL, input, &read, &err);
    FUZZ_REQUIRE(rv_is_ok(status) || status.code == RV_INVALID || status.code == RV_LIMIT);
    if (rv_is_ok(status)) {
        check(&a, &read);
        FUZZ_REQUIRE(rv_is_ok(template_read(&a, "input", NULL, input, &again, &err)));
        FUZZ_REQUIRE(again.chapter_count == read.chapter_count &&
                     again.definition_count == read.definition_count);
    } else {
        FUZZ_REQUIRE(err.message[0] != '\0');
    }
    arena_done(&a);
    return 0;
}
