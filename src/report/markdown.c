/* report/markdown.c — Markdown of method cards and of the guide as HTML, through md4c.
 *
 * md4c parses; what is written is decided here: no raw HTML, no images, no link but http, https
 * and mailto, headings that fit into the page, tables with scoped headers.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/method_card.h"

#include <md4c.h>
#include <string.h>

#define MOST_BYTES    ((size_t)16 << 20)
#define HEADING_BYTES 4096
#define ID_BYTES      80
#define MOST_IDS      100
#define MOST_SPANS    16 /* within each other; deeper ones are words alone */

struct page {
    struct buf *out;
    int top_level;                 /* of the first heading */
    int last_level;                /* written so far; 0 = none */
    const char *spans[MOST_SPANS]; /* open, in this order */
    size_t span_count;

    /* Of a page of its own only. */
    markdown_link *link;
    void *context;
    struct buf heading; /* what stands in the heading that is open */
    struct buf *behind; /* where the page goes on after it */
    char ids[MOST_IDS][ID_BYTES];
    size_t id_count;
    int frames; /* tables and blocks of code so far */
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

/* ---- what only a page of its own has ---- */

/* "3. Which day, which month?" as "3-which-day-which-month"; markup is left out. */
static void make_id(struct text heading, char out[ID_BYTES])
{
    size_t n = 0;
    bool is_tag = false;
    for (size_t i = 0; i < heading.n && n + 1 < ID_BYTES; i++) {
        char c = heading.at[i];
        c = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        is_tag = c == '<' || (is_tag && c != '>');
        bool is_kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (!is_tag && (is_kept || c == ' ')) {
            out[n++] = c == ' ' ? '-' : c;
        }
    }
    out[n] = '\0';
}

/* The first of its name. */
static bool is_new_id(struct page *p, const char *id)
{
    for (size_t i = 0; i < p->id_count; i++) {
        if (strcmp(p->ids[i], id) == 0) {
            return false;
        }
    }
    if (*id == '\0' || p->id_count == MOST_IDS) {
        return false;
    }
    memcpy(p->ids[p->id_count++], id, strlen(id) + 1);
    return true;
}

static void open_heading(struct page *p)
{
    if (p->link) { /* its id stands before its words */
        p->behind = p->out;
        p->out = &p->heading;
        buf_clear(&p->heading);
    } else {
        buf_printf(p->out, "<h%d>", p->last_level);
    }
}

static void close_heading(struct page *p)
{
    char id[ID_BYTES];
    if (p->link) {
        p->out = p->behind;
        make_id(buf_view(&p->heading), id);
        buf_printf(p->out, "<h%d", p->last_level);
        if (is_new_id(p, id)) {
            buf_printf(p->out, " id=\"%s\"", id);
        }
        buf_char(p->out, '>');
        buf_slice(p->out, buf_view(&p->heading));
    }
    buf_printf(p->out, "</h%d>\n", p->last_level);
}

static void open_frame(struct page *p, const char *what)
{
    if (p->link) {
        buf_printf(
            p->out,
            "<div class=\"reeve-scroll\" role=\"region\" aria-label=\"%s %d\" tabindex=\"0\">",
            what, ++p->frames);
    }
}

static void close_frame(struct page *p)
{
    buf_text(p->out, p->link ? "</div>\n" : "");
}

/* Closes what is open down to the first `left`: md4c does not leave every span that it entered,
 * "*a [b](x*)" for one. */
static void close_spans(struct page *p, size_t left)
{
    while (p->span_count > left) {
        buf_printf(p->out, "</%s>", p->spans[--p->span_count]);
    }
}

/* ---- blocks ---- */

static int enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct page *p = context;
    const char *tag = block_tag(type);
    close_spans(p, 0);
    if (type == MD_BLOCK_TABLE) {
        open_frame(p, "Table");
    }
    if (tag) {
        buf_printf(p->out, "<%s>", tag);
    } else if (type == MD_BLOCK_H) {
        p->last_level = heading_level(p, ((const MD_BLOCK_H_DETAIL *)detail)->level);
        open_heading(p);
    } else if (type == MD_BLOCK_TH) {
        buf_text(p->out, "<th scope=\"col\">");
    } else if (type == MD_BLOCK_CODE) {
        open_frame(p, "Commands");
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
    close_spans(p, 0);
    if (tag) {
        buf_printf(p->out, "</%s>\n", tag);
    } else if (type == MD_BLOCK_H) {
        close_heading(p);
    } else if (type == MD_BLOCK_TH) {
        buf_text(p->out, "</th>");
    } else if (type == MD_BLOCK_CODE) {
        buf_text(p->out, "</code></pre>\n");
        close_frame(p);
    }
    if (type == MD_BLOCK_TABLE) {
        close_frame(p);
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
    const char *to = !is_safe_link(href) && p->link ? p->link(p->context, href) : NULL;
    href = to ? text_of(to) : href;
    if ((to || is_safe_link(href)) && p->span_count < MOST_SPANS) {
        p->spans[p->span_count++] = "a";
        buf_text(p->out, "<a href=\"");
        buf_html(p->out, href);
        buf_text(p->out, "\">");
    }
}

/* Of an image the words alone are shown. */
static const char *span_tag(MD_SPANTYPE type)
{
    switch ((int)type) {
    case MD_SPAN_EM:
        return "em";
    case MD_SPAN_STRONG:
        return "strong";
    case MD_SPAN_CODE:
        return "code";
    case MD_SPAN_A:
        return "a";
    default:
        return NULL;
    }
}

static int enter_span(MD_SPANTYPE type, void *detail, void *context)
{
    struct page *p = context;
    const char *tag = span_tag(type);
    if (type == MD_SPAN_A) {
        enter_link(p, attribute(&((const MD_SPAN_A_DETAIL *)detail)->href));
    } else if (tag && p->span_count < MOST_SPANS) {
        p->spans[p->span_count++] = tag;
        buf_printf(p->out, "<%s>", tag);
    }
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *context)
{
    (void)detail;
    struct page *p = context;
    const char *tag = span_tag(type);
    size_t from = p->span_count;
    while (tag && from > 0 && strcmp(p->spans[from - 1], tag) != 0) {
        from--;
    }
    if (tag && from > 0) {
        close_spans(p, from - 1);
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

/* With a new line behind it: of "[a](b" at the very end md4c 0.4.8 would read one byte too many. */
static rv_status parse(struct text markdown, struct page *page, struct rv_err *reterr)
{
    const MD_PARSER parser = {.abi_version = 0,
                              .flags = MD_FLAG_TABLES | MD_FLAG_NOHTML,
                              .enter_block = enter_block,
                              .leave_block = leave_block,
                              .enter_span = enter_span,
                              .leave_span = leave_span,
                              .text = put_words};
    struct buf whole RV_CLEANUP(buf_done);
    buf_init(&whole, MOST_BYTES);
    buf_slice(&whole, markdown);
    buf_char(&whole, '\n');
    RV_TRY(buf_status(&whole, reterr));
    if (md_parse(whole.bytes, (MD_SIZE)whole.n, &parser, page) != 0) {
        return rv_fail(reterr, RV_INVALID, "a method card cannot be read as Markdown");
    }
    return buf_status(page->out, reterr);
}

rv_status markdown_html(struct text markdown, int top_level, struct buf *out, struct rv_err *reterr)
{
    struct page page = {.out = out, .top_level = top_level};
    return parse(markdown, &page, reterr);
}

rv_status markdown_page(struct text markdown, markdown_link *link, void *context, struct buf *out,
                        struct rv_err *reterr)
{
    struct page page = {.out = out, .top_level = 1, .link = link, .context = context};
    buf_init(&page.heading, HEADING_BYTES);
    rv_status status = parse(markdown, &page, reterr);
    if (rv_is_ok(status) && page.heading.failed) {
        status = buf_status(&page.heading, reterr);
    }
    buf_done(&page.heading);
    return status;
}
