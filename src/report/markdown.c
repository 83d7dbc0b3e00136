/* report/markdown.c — Markdown of method cards as HTML, through md4c.
 *
 * md4c parses; what is written is decided here: no raw HTML, no images, no link but http, https
 * and mailto, headings that fit into the page, tables with scoped headers.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/method_card.h"

#include <md4c.h>

struct page {
    struct buf *out;
    int top_level;  /* of the first heading */
    int last_level; /* written so far; 0 = none */
    int images;     /* depth of images, whose text alone is shown */
    bool is_link[16];
    size_t links;
};

static struct text attribute(const MD_ATTRIBUTE *a)
{
    return (struct text){a->text, a->size};
}

static int heading_level(struct page *p, unsigned level)
{
    int wanted = p->top_level + (int)level - 1;
    int deepest = p->last_level ? p->last_level + 1 : p->top_level;
    wanted = wanted > deepest ? deepest : wanted;
    return wanted > 6 ? 6 : wanted;
}

/* Opening and closing tags of blocks that have no detail. */
static const char *block_tag(MD_BLOCKTYPE type)
{
    switch ((int)type) {
    case MD_BLOCK_QUOTE:
        return "blockquote";
    case MD_BLOCK_UL:
        return "ul";
    case MD_BLOCK_OL:
        return "ol";
    case MD_BLOCK_LI:
        return "li";
    case MD_BLOCK_P:
        return "p";
    case MD_BLOCK_TABLE:
        return "table";
    case MD_BLOCK_THEAD:
        return "thead";
    case MD_BLOCK_TBODY:
        return "tbody";
    case MD_BLOCK_TR:
        return "tr";
    case MD_BLOCK_TD:
        return "td";
    default:
        return NULL;
    }
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct page *p = context;
    const char *tag = block_tag(type);
    if (tag) {
        buf_printf(p->out, "<%s>", tag);
    } else if (type == MD_BLOCK_H) {
        p->last_level = heading_level(p, ((const MD_BLOCK_H_DETAIL *)detail)->level);
        buf_printf(p->out, "<h%d>", p->last_level);
    } else if (type == MD_BLOCK_TH) {
        buf_text(p->out, "<th scope=\"col\">");
    } else if (type == MD_BLOCK_CODE) {
        buf_text(p->out, "<pre><code>");
    } else if (type == MD_BLOCK_HR) {
        buf_text(p->out, "<hr/>\n");
    }
    return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    (void)detail;
    struct page *p = context;
    const char *tag = block_tag(type);
    if (tag) {
        buf_printf(p->out, "</%s>\n", tag);
    } else if (type == MD_BLOCK_H) {
        buf_printf(p->out, "</h%d>\n", p->last_level);
    } else if (type == MD_BLOCK_TH) {
        buf_text(p->out, "</th>");
    } else if (type == MD_BLOCK_CODE) {
        buf_text(p->out, "</code></pre>\n");
    }
    return 0;
}

static bool is_safe_link(struct text href)
{
    return text_starts(href, "https://") || text_starts(href, "http://") ||
           text_starts(href, "mailto:");
}

/* A link that is not followed keeps its words. */
static void enter_link(struct page *p, struct text href)
{
    bool is_kept = is_safe_link(href) && p->links < sizeof p->is_link / sizeof p->is_link[0];
    if (p->links < sizeof p->is_link / sizeof p->is_link[0]) {
        p->is_link[p->links] = is_kept;
    }
    p->links++;
    if (is_kept) {
        buf_text(p->out, "<a href=\"");
        buf_html(p->out, href);
        buf_text(p->out, "\">");
    }
}

static void leave_link(struct page *p)
{
    p->links--;
    if (p->links < sizeof p->is_link / sizeof p->is_link[0] && p->is_link[p->links]) {
        buf_text(p->out, "</a>");
    }
}

static const char *span_tag(MD_SPANTYPE type)
{
    switch ((int)type) {
    case MD_SPAN_EM:
        return "em";
    case MD_SPAN_STRONG:
        return "strong";
    case MD_SPAN_CODE:
        return "code";
    default:
        return NULL;
    }
}

static int enter_span(MD_SPANTYPE type, void *detail, void *context)
{
    struct page *p = context;
    const char *tag = span_tag(type);
    if (type == MD_SPAN_IMG) {
        p->images++;
    } else if (type == MD_SPAN_A) {
        enter_link(p, attribute(&((const MD_SPAN_A_DETAIL *)detail)->href));
    } else if (tag) {
        buf_printf(p->out, "<%s>", tag);
    }
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *context)
{
    (void)detail;
    struct page *p = context;
    const char *tag = span_tag(type);
    if (type == MD_SPAN_IMG) {
        p->images--;
    } else if (type == MD_SPAN_A) {
        leave_link(p);
    } else if (tag) {
        buf_printf(p->out, "</%s>", tag);
    }
    return 0;
}

/* The four entities that XML has too; any other is shown as it was typed. */
static void put_entity(struct buf *out, struct text t)
{
    if (text_is(t, "&amp;") || text_is(t, "&lt;") || text_is(t, "&gt;") || text_is(t, "&quot;")) {
        buf_slice(out, t);
    } else {
        buf_html(out, t);
    }
}

static int put_words(MD_TEXTTYPE type, const MD_CHAR *words, MD_SIZE n, void *context)
{
    struct page *p = context;
    struct text t = {words, n};
    switch (type) {
    case MD_TEXT_ENTITY:
        put_entity(p->out, t);
        break;
    case MD_TEXT_BR:
        buf_text(p->out, "<br/>\n");
        break;
    case MD_TEXT_SOFTBR:
        buf_char(p->out, '\n');
        break;
    case MD_TEXT_NULLCHAR:
        buf_text(p->out, "\xEF\xBF\xBD");
        break;
    case MD_TEXT_NORMAL:
    case MD_TEXT_CODE:
    case MD_TEXT_HTML:
    case MD_TEXT_LATEXMATH:
        buf_html(p->out, t);
        break;
    }
    return 0;
}

rv_status markdown_html(struct text markdown, int top_level, struct buf *out, struct rv_err *reterr)
{
    struct page page = {.out = out, .top_level = top_level};
    const MD_PARSER parser = {.abi_version = 0,
                              .flags = MD_FLAG_TABLES | MD_FLAG_NOHTML,
                              .enter_block = enter_block,
                              .leave_block = leave_block,
                              .enter_span = enter_span,
                              .leave_span = leave_span,
                              .text = put_words};
    if (markdown.n > 16u << 20 ||
        md_parse(markdown.at ? markdown.at : "", (MD_SIZE)markdown.n, &parser, &page) != 0) {
        return rv_fail(reterr, RV_INVALID, "a method card cannot be read as Markdown");
    }
    return buf_status(out, reterr);
}
