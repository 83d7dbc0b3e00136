/* web/view_guide.c — the guide and the cards of methods, as pages of the service.
 *
 * Everybody may read them: they are part of the program, and say nothing of a partnership.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/asset.h"
#include "report/method_card.h"
#include "web/views.h"

#include <string.h>

extern const struct asset guide_assets[];
extern const size_t guide_assets_count;

/* ---- where links lead ---- */

/* "accounts" of "accounts.md#signing-in", with "#signing-in" in *ret_rest; false for any other. */
static bool is_file(struct text href, struct text *ret_name, struct text *ret_rest)
{
    const char *end = memmem(href.at, href.n, ".md", 3);
    if (!end || memchr(href.at, '/', (size_t)(end - href.at))) {
        return false;
    }
    *ret_name = (struct text){href.at, (size_t)(end - href.at)};
    *ret_rest = (struct text){end + 3, href.n - ret_name->n - 3};
    return ret_rest->n == 0 || ret_rest->at[0] == '#';
}

static const char *link_to(struct arena *a, const char *folder, struct text name, struct text rest)
{
    if (text_is(name, "README")) {
        return arena_printf(a, "/%s%.*s", folder, (int)rest.n, rest.at);
    }
    return arena_printf(a, "/%s/%.*s%.*s", folder, (int)name.n, name.at, (int)rest.n, rest.at);
}

/* From a page of the guide. */
static const char *guide_link(void *context, struct text href)
{
    static const char methods[] = "../methods/";
    struct text name, rest;
    if (text_starts(href, "#")) {
        return arena_text(context, href.at, href.n);
    }
    if (text_starts(href, methods)) {
        size_t n = sizeof methods - 1;
        bool is_card = is_file((struct text){href.at + n, href.n - n}, &name, &rest);
        return is_card ? link_to(context, "methods", name, rest) : NULL;
    }
    return is_file(href, &name, &rest) ? link_to(context, "guide", name, rest) : NULL;
}

/* From a card of a method. */
static const char *method_link(void *context, struct text href)
{
    static const char guide[] = "../guide/";
    struct text name, rest;
    if (text_starts(href, "#")) {
        return arena_text(context, href.at, href.n);
    }
    if (text_starts(href, guide)) {
        size_t n = sizeof guide - 1;
        bool is_page = is_file((struct text){href.at + n, href.n - n}, &name, &rest);
        return is_page ? link_to(context, "guide", name, rest) : NULL;
    }
    return is_file(href, &name, &rest) ? link_to(context, "methods", name, rest) : NULL;
}

/* ---- pages ---- */

static rv_status put_markdown(struct call *c, struct text markdown, markdown_link *link,
                              struct rv_err *reterr)
{
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, SERVER_RESPONSE_BYTES);
    RV_TRY(markdown_page(markdown, link, c->arena, &out, reterr));
    char *kept = arena_text(c->arena, out.bytes, out.n);
    if (!kept) {
        return arena_fail(c->arena, reterr);
    }
    model_html(c->model, "prose", (struct html_fragment){{kept, out.n}});
    return rv_ok();
}

/* The first heading of a page: its title. */
static struct text first_heading(struct text markdown)
{
    while (markdown.n > 0) {
        struct text line = text_trim(text_split(markdown, '\n', &markdown));
        if (text_starts(line, "# ")) {
            return text_trim((struct text){line.at + 2, line.n - 2});
        }
    }
    return (struct text){NULL, 0};
}

rv_status view_guide(struct call *c, struct rv_err *reterr)
{
    struct text name = c->arguments[0];
    bool is_start = name.n == 0;
    const char *path = is_start ? "guide/README.md"
                                : arena_printf(c->arena, "guide/%.*s.md", (int)name.n, name.at);
    const struct asset *page = path && !text_is(name, "README")
                                   ? asset_find(guide_assets, guide_assets_count, path)
                                   : NULL;
    if (!page) {
        return path ? call_not_there(c, reterr) : arena_fail(c->arena, reterr);
    }
    struct text markdown = asset_text(page);
    model_slice(c->model, "title", first_heading(markdown));
    if (!is_start) {
        model_text(c->model, "back", "/guide");
        model_text(c->model, "back-words", "Guide");
    }
    return put_markdown(c, markdown, guide_link, reterr);
}

rv_status view_method(struct call *c, struct rv_err *reterr)
{
    struct text name = c->arguments[0];
    bool is_start = name.n == 0;
    const char *path = is_start ? "README" : arena_text(c->arena, name.at, name.n);
    struct text card =
        path && !text_is(name, "README") ? method_card(path) : (struct text){NULL, 0};
    if (card.n == 0) {
        return call_not_there(c, reterr);
    }
    model_slice(c->model, "title", method_card_title(path));
    model_text(c->model, "back", is_start ? "/how-figures-are-made" : "/methods");
    model_text(c->model, "back-words", is_start ? "How figures are made" : "All methods");
    return put_markdown(c, card, method_link, reterr);
}
