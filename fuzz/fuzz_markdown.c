/* fuzz/fuzz_markdown.c — any bytes as Markdown, as a part of a page and as a page of its own:
 * refused, or markup of the few elements that report/markdown.c writes, each closed in order, no
 * link within a link, no address but those allowed. Nothing of the input is markup.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/arena.h"
#include "base/buf.h"
#include "fuzz.h"
#include "report/method_card.h"

#include <string.h>

#define DEEPEST 2000 /* elements within each other; md4c nests as deep as the input asks */

static const char *const ELEMENTS[] = {
    "p",    "ul", "ol",     "li", "blockquote", "table", "thead", "tbody", "tr", "td", "th", "pre",
    "code", "em", "strong", "a",  "div",        "h1",    "h2",    "h3",    "h4", "h5", "h6"};

/* The element that `name` is; NULL = none that may be there. */
static const char *element(struct text name)
{
    for (size_t i = 0; i < sizeof ELEMENTS / sizeof *ELEMENTS; i++) {
        if (text_is(name, ELEMENTS[i])) {
            return ELEMENTS[i];
        }
    }
    return NULL;
}

static void check_href(struct text href)
{
    FUZZ_REQUIRE(text_starts(href, "https://") || text_starts(href, "http://") ||
                 text_starts(href, "mailto:") || text_starts(href, "/guide/"));
}

static void check_id(struct text id)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    FUZZ_REQUIRE(id.n > 0);
    for (size_t i = 0; i < id.n; i++) {
        FUZZ_REQUIRE(id.at[i] && strchr(letters, id.at[i]));
    }
}

/* " name=\"value\"" again and again; only those that belong to the element. */
static void check_attributes(const char *name, struct text rest)
{
    while (rest.n > 0) {
        FUZZ_REQUIRE(rest.at[0] == ' ');
        struct text attribute = text_split((struct text){rest.at + 1, rest.n - 1}, '=', &rest);
        FUZZ_REQUIRE(rest.n >= 2 && rest.at[0] == '"');
        struct text value = text_split((struct text){rest.at + 1, rest.n - 1}, '"', &rest);
        if (strcmp(name, "a") == 0) {
            FUZZ_REQUIRE(text_is(attribute, "href"));
            check_href(value);
        } else if (name[0] == 'h') {
            FUZZ_REQUIRE(text_is(attribute, "id"));
            check_id(value);
        } else if (strcmp(name, "th") == 0) {
            FUZZ_REQUIRE(text_is(attribute, "scope") && text_is(value, "col"));
        } else {
            FUZZ_REQUIRE(strcmp(name, "div") == 0);
        }
    }
}

struct nest {
    const char *open[DEEPEST];
    size_t n;
    size_t links;
};

static void check_tag(struct nest *nest, struct text tag)
{
    FUZZ_REQUIRE(tag.n > 0);
    if (text_is(tag, "br/") || text_is(tag, "hr/")) {
        return;
    }
    bool is_end = tag.at[0] == '/';
    struct text rest = {tag.at + tag.n, 0};
    size_t n = 0;
    tag = is_end ? (struct text){tag.at + 1, tag.n - 1} : tag;
    while (n < tag.n && tag.at[n] != ' ') {
        n++;
    }
    rest = (struct text){tag.at + n, tag.n - n};
    const char *name = element((struct text){tag.at, n});
    FUZZ_REQUIRE(name);
    if (is_end) {
        FUZZ_REQUIRE(rest.n == 0 && nest->n > 0 && nest->open[--nest->n] == name);
    } else {
        check_attributes(name, rest);
        FUZZ_REQUIRE(nest->n < DEEPEST);
        nest->open[nest->n++] = name;
    }
    if (name[0] == 'a') {
        nest->links = is_end ? nest->links - 1 : nest->links + 1;
        FUZZ_REQUIRE(nest->links <= 1);
    }
}

/* "&" begins one of the entities that are written; ">" stands at the end of a tag only. */
static void check_markup(struct text page)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    struct nest nest = {.n = 0};
    while (page.n > 0) {
        char c = page.at[0];
        FUZZ_REQUIRE(c != '>' && c != '\0');
        if (c == '<') {
            const char *end = memchr(page.at, '>', page.n);
            FUZZ_REQUIRE(end);
            size_t n = (size_t)(end - page.at);
            check_tag(&nest, (struct text){page.at + 1, n - 1});
            page = (struct text){page.at + n + 1, page.n - n - 1};
            continue;
        }
        bool is_known = c != '&';
        for (size_t i = 0; i < sizeof entities / sizeof *entities && !is_known; i++) {
            is_known = text_starts(page, entities[i]);
        }
        FUZZ_REQUIRE(is_known);
        page = (struct text){page.at + 1, page.n - 1};
    }
    FUZZ_REQUIRE(nest.n == 0);
}

/* As the pages of the guide do: to another page of it, by its file's name, the rest of it unread.
 */
static const char *link(void *context, struct text href)
{
    struct text rest;
    if (!text_starts(href, "./")) {
        return NULL;
    }
    struct text name = text_split((struct text){href.at + 2, href.n - 2}, '.', &rest);
    return arena_printf(context, "/guide/%.*s", (int)name.n, name.at);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct text input = fuzz_input(bytes, n);
    struct arena a;
    struct rv_err err = {0};
    int level = 1 + fuzz_byte(&input) % 6;
    if (input.n > DEEPEST / 2) {
        return 0;
    }
    arena_init(&a, (size_t)16 << 20);
    for (int whole = 0; whole < 2; whole++) {
        struct buf out RV_CLEANUP(buf_done);
        buf_init(&out, (size_t)4 << 20);
        rv_status status = whole ? markdown_page(input, link, &a, &out, &err)
                                 : markdown_html(input, level, &out, &err);
        if (rv_is_ok(status)) {
            check_markup(buf_view(&out));
        } else {
            FUZZ_REQUIRE(err.message[0] != '\0');
        }
    }
    arena_done(&a);
    return 0;
}
