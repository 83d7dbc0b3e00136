/* fuzz/fuzz_page-template.c — any bytes as a template, with values that would be markup: refused
 * with a sentence, or a page into which no value brought a bracket or a quotation mark.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz.h"
#include "web/template.h"

#define EVIL "\x01<\"'>"

static struct model *evil_model(struct arena *a)
{
    struct model *m = model_new(a);
    model_text(m, "a", EVIL);
    model_int(m, "n", 7);
    model_bool(m, "no", false);
    struct model_list *list = model_list(m, "l");
    model_word(list, EVIL);
    struct model *item = model_item(list);
    model_text(item, "b", EVIL);
    return m;
}

/* Behind the mark of a value comes what stands for "<", never the bracket itself. */
static void check_page(struct text page)
{
    for (size_t i = 0; i + 1 < page.n; i++) {
        FUZZ_REQUIRE(page.at[i] != '\x01' || page.at[i + 1] != '<');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena a;
    struct template_set *set;
    struct rv_err err = {0};
    if (memchr(bytes, '\x01', n)) {
        return 0; /* the mark is the values' */
    }
    arena_init(&a, (size_t)64 << 20);
    struct template_source sources[] = {
        {"page", {(const char *)bytes, n}},
        {"p", {"<b>{{#l}}{{>q}}{{/l}}</b>", 25}},
        {"q", {"{{#b}}{{b}}{{/b}}", 17}},
        {"r", text_of("{{#z}}<i title=\"{{z}}\">{{z}}</i>{{/z}}{{>q}}")},
    };
    if (rv_is_ok(template_compile(&a, sources, 4, &set, &err))) {
        struct buf out RV_CLEANUP(buf_done);
        buf_init(&out, (size_t)1 << 20);
        struct model *m = evil_model(&a);
        if (rv_is_ok(template_render(set, "page", m, &out, &err))) {
            check_page(buf_view(&out));
        } else {
            FUZZ_REQUIRE(err.message[0] != '\0');
        }
    } else {
        FUZZ_REQUIRE(err.message[0] != '\0');
    }
    arena_done(&a);
    return 0;
}
