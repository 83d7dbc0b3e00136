/* report/html.c — the frame of the report, its key findings and its themes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/html.h"

#include "assess/order.h"
#include "base/limits.h"
#include "report/html_head.h"
#include "report/html_parts.h"

#include <string.h>

void html_text(struct buf *out, const char *text)
{
    buf_html(out, text_of(text));
}

void html_id(struct buf *out, const char *prefix, const char *name)
{
    buf_text(out, prefix);
    for (const char *at = name ? name : ""; *at; at++) {
        bool kept = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                    (*at >= '0' && *at <= '9') || *at == '.' || *at == '_';
        buf_char(out, (char)(kept ? *at : '-'));
    }
}

void html_anchor(struct document *d, const char *prefix, const char *name)
{
    if (html_is_words(d)) {
        buf_text(d->out, "<span id=\"");
        html_id(d->out, prefix, name);
        buf_text(d->out, "\"></span>");
    }
}

/* ---- head ---- */

/* Plain text; NULL when out of memory. */
static const char *title_of(const struct document *d)
{
    return d->context->title
               ? d->context->title
               : arena_printf(d->arena, "Crime and violence in %s", d->assessment->area_name);
}

static void put_facts(struct document *d)
{
    const struct assessment *a = d->assessment;
    buf_text(d->out, "<dl class=\"facts\">\n<div><dt>Area</dt><dd>");
    html_text(d->out, a->area_name);
    buf_text(d->out, " (");
    html_text(d->out, a->area);
    buf_text(d->out, ")</dd></div>\n<div><dt>Period</dt><dd>");
    format_period(d->out, a->period);
    buf_text(d->out, "</dd></div>\n");
    if (a->compare.first <= a->compare.last) {
        buf_text(d->out, "<div><dt>Compared with</dt><dd>");
        format_period(d->out, a->compare);
        buf_text(d->out, "</dd></div>\n");
    }
    if (a->template) {
        buf_text(d->out, "<div><dt>Template</dt><dd>");
        html_text(d->out, a->template);
        buf_text(d->out, ", version ");
        html_text(d->out, a->template_version);
        buf_text(d->out, "</dd></div>\n");
    }
    if (a->definition) {
        buf_text(d->out, "<div><dt>Agreed definition</dt><dd>");
        html_text(d->out, a->definition);
        buf_text(d->out, ", version ");
        html_text(d->out, a->definition_version);
        buf_text(d->out, "</dd></div>\n");
    }
    if (d->context->data_until) {
        struct buf date RV_CLEANUP(buf_done);
        buf_init(&date, 1024);
        format_iso_date(&date, text_of(d->context->data_until));
        buf_text(d->out, "<div><dt>Newest extract</dt><dd>");
        buf_html(d->out, buf_view(&date));
        buf_text(d->out, "</dd></div>\n");
    }
    buf_printf(d->out, "<div><dt>Marking</dt><dd>%s</dd></div>\n", marking_name(a->marking));
    buf_text(d->out, "</dl>\n");
    for (size_t i = 0; i < d->context->notice_count; i++) {
        buf_text(d->out, "<p class=\"note\">");
        html_text(d->out, d->context->notices[i]);
        buf_text(d->out, "</p>\n");
    }
}

/* "Also: this report as PDF, as a Word document." */
static void put_beside(struct document *d)
{
    const struct report_context *c = d->context;
    for (size_t i = 0; i < c->beside_count && html_is_screen(d); i++) {
        buf_text(d->out, i ? ", <a href=\"" : "<p class=\"beside\">Also: <a href=\"");
        html_text(d->out, c->beside[i].file);
        buf_text(d->out, "\">");
        html_text(d->out, c->beside[i].words);
        buf_text(d->out, i + 1 < c->beside_count ? "</a>" : "</a>.</p>\n");
    }
}

/* ---- themes ---- */

/* A chapter of the report: a theme, or a profile of the definition. */
struct chapter {
    const char *id, *title, *theme;
    const char *note;            /* NULL = none */
    const struct finding *first; /* of a profile; NULL = none */
};

static const char *chapter_of_table(const struct result_table *t)
{
    return t->chapter ? t->chapter : t->theme;
}

/* The chapter of the i-th of the findings, then tables. */
static struct chapter chapter_by_item(const struct assessment *a, size_t i)
{
    if (i < a->finding_count) {
        const struct finding *f = &a->findings[i];
        return (struct chapter){.id = html_chapter_of(f),
                                .title = f->chapter_title,
                                .theme = f->theme,
                                .first = f->definition ? f : NULL};
    }
    const struct result_table *t = &a->tables[i - a->finding_count];
    return (struct chapter){
        .id = chapter_of_table(t), .title = t->chapter_title, .theme = t->theme};
}

/* The first finding of the id, then table; false when there is none. */
static bool chapter_named(const struct assessment *a, const char *id, struct chapter *ret)
{
    for (size_t i = 0; i < a->finding_count + a->table_count; i++) {
        *ret = chapter_by_item(a, i);
        if (strcmp(ret->id, id) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_named(const struct assessment *a, const char *id)
{
    bool is = false;
    for (size_t i = 0; i < a->chapter_count; i++) {
        is = is || strcmp(a->chapters[i].id, id) == 0;
    }
    return is;
}

/* The k-th of those that the template does not name, in order of first appearance. */
static bool chapter_behind(const struct assessment *a, size_t k, struct chapter *ret)
{
    size_t total = a->finding_count + a->table_count, seen = 0;
    for (size_t i = 0; i < total; i++) {
        struct chapter here = chapter_by_item(a, i);
        bool is_new = !is_named(a, here.id);
        for (size_t j = 0; j < i && is_new; j++) {
            is_new = strcmp(chapter_by_item(a, j).id, here.id) != 0;
        }
        if (is_new && seen++ == k) {
            *ret = here;
            return true;
        }
    }
    return false;
}

/* The k-th chapter: those of the template first; false at the end. */
static bool chapter_at(const struct document *d, size_t k, struct chapter *ret)
{
    const struct assessment *a = d->assessment;
    struct chapter here;
    bool is_there = k < a->chapter_count ? chapter_named(a, a->chapters[k].id, &here)
                                         : chapter_behind(a, k - a->chapter_count, &here);
    if (!is_there) {
        return false;
    }
    here.note = k < a->chapter_count ? a->chapters[k].note : NULL;
    if (!here.title) {
        const struct sentences *s = d->context->sentences;
        here.title = s ? sentences_theme_title(s, here.theme) : here.theme;
    }
    *ret = here;
    return true;
}

static void put_contents(struct document *d)
{
    buf_text(d->out, "<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">Contents</h2>\n<ol>\n"
                     "<li><a href=\"#key\">Key findings</a></li>\n");
    buf_text(d->out, d->assessment->last
                         ? "<li><a href=\"#since\">Since the last assessment</a></li>\n"
                         : "");
    struct chapter c;
    for (size_t k = 0; chapter_at(d, k, &c); k++) {
        buf_text(d->out, "<li><a href=\"#");
        html_id(d->out, "theme-", c.id);
        buf_text(d->out, "\">");
        html_text(d->out, c.title);
        buf_text(d->out, "</a></li>\n");
    }
    buf_text(d->out, "<li><a href=\"#evidence\">How each figure was computed</a></li>\n"
                     "<li><a href=\"#sources\">Sources</a></li>\n"
                     "<li><a href=\"#methods\">Methods</a></li>\n"
                     "<li><a href=\"#caveats\">Caveats</a></li>\n</ol>\n</nav>\n");
}

/* ---- key findings ---- */

static bool has_profiles(const struct assessment *a)
{
    for (size_t i = 0; i < a->finding_count; i++) {
        if (a->findings[i].is_key && a->findings[i].chapter_title) {
            return true;
        }
    }
    return false;
}

/* Those of profiles under the titles of their chapters, which are long and are said once. */
static void put_key_by_chapter(struct document *d)
{
    struct chapter c;
    for (size_t k = 0; chapter_at(d, k, &c); k++) {
        const struct html_list here = {.chapter = c.id, .only_key = true, .is_available = true};
        if (html_list_count(d, &here)) {
            buf_text(d->out, "<h3>");
            html_text(d->out, c.title);
            buf_text(d->out, "</h3>\n");
            html_list(d, &here);
        }
    }
}

static void put_key_findings(struct document *d)
{
    const struct html_list there = {.only_key = true, .is_available = true};
    const struct html_list absent = {.only_key = true};
    buf_text(d->out, "<section class=\"key\" aria-labelledby=\"key\">\n"
                     "<h2 id=\"key\">Key findings</h2>\n");
    if (has_profiles(d->assessment)) {
        put_key_by_chapter(d);
    } else {
        html_list(d, &there);
    }
    if (html_list_count(d, &absent)) {
        buf_text(d->out, "<h3>Not available</h3>\n");
        html_list(d, &absent);
    }
    if (!html_list_count(d, &there) && !html_list_count(d, &absent)) {
        buf_text(d->out, "<p>No finding is a key finding.</p>\n");
    }
    buf_text(d->out, "</section>\n");
}

/* The chapter on one page: what order.h chose. */
static void put_summary(struct document *d, const struct chapter *c)
{
    const struct html_list l = {.chapter = c->id, .only_summary = true, .is_available = true};
    if (!html_list_count(d, &l)) {
        return;
    }
    buf_text(d->out, "<section class=\"summary\" aria-labelledby=\"");
    html_id(d->out, "summary-", c->id);
    buf_text(d->out, "\">\n<h3 id=\"");
    html_id(d->out, "summary-", c->id);
    buf_text(d->out, "\">Summary</h3>\n");
    html_list(d, &l);
    buf_text(d->out, "</section>\n");
}

/* ---- figures ---- */

static rv_status put_figures(struct document *d, const char *chapter, struct rv_err *reterr)
{
    for (size_t i = 0; i < d->assessment->table_count; i++) {
        const struct result_table *t = &d->assessment->tables[i];
        if (strcmp(chapter_of_table(t), chapter) != 0) {
            continue;
        }
        RV_TRY(html_figure(d, t, reterr));
    }
    return rv_ok();
}

/* Which definition decided, under the title of its chapter. */
static void put_definition(struct document *d, const struct finding *f)
{
    const char *agreed = d->assessment->definition ? d->assessment->definition : f->definition;
    bool is_beside =
        f->template && (!d->assessment->definition || strcmp(agreed, f->definition) != 0);
    buf_text(d->out, is_beside ? "<p class=\"note\">By the definition "
                               : "<p class=\"note\">By the agreed definition ");
    html_text(d->out, f->definition);
    buf_text(d->out, ", version ");
    html_text(d->out, f->definition_version);
    buf_text(d->out, is_beside ? ", of the template of this assessment.</p>\n" : ".</p>\n");
}

/* Of one question, under its heading. Not on a screen the rest is counted once, after all. */
static void put_question(struct document *d, const struct chapter *c, enum finding_question q)
{
    struct html_list open = {.chapter = c->id,
                             .is_place = true,
                             .is_available = true,
                             .part = LIST_OPEN,
                             .by_question = true,
                             .question = q};
    struct html_list rest = open;
    rest.part = LIST_FOLDED;
    size_t n = html_list_count(d, &open);
    if (n + (html_is_screen(d) ? html_list_count(d, &rest) : 0) == 0) {
        return;
    }
    const char *name = finding_question_name(q);
    buf_printf(d->out, "<h3>%s</h3>\n", name[0] ? name : "More");
    html_list(d, &open);
    if (html_is_screen(d)) {
        html_folded(d, &rest, n ? "further finding" : "finding",
                    n ? "further findings" : "findings");
    }
}

/* The findings of a chapter: of a profile by question, else in one list. */
static void put_findings(struct document *d, const struct chapter *c)
{
    struct html_list open = {
        .chapter = c->id, .is_place = true, .is_available = true, .part = LIST_OPEN};
    struct html_list rest = open;
    rest.part = LIST_FOLDED;
    const struct html_list absent = {.chapter = c->id, .is_place = true};
    for (int q = 0; c->first && q <= FINDING_NO_QUESTION; q++) {
        put_question(d, c, (enum finding_question)q);
    }
    if (!c->first) {
        html_list(d, &open);
        html_folded(d, &rest, "finding", "findings of this theme, key findings among them");
    } else if (!html_is_screen(d)) {
        html_folded(d, &rest, "further finding", "further findings");
    }
    html_folded(d, &absent, "figure is not available, and why",
                "figures are not available, and why");
}

static rv_status put_chapter(struct document *d, const struct chapter *c, struct rv_err *reterr)
{
    struct buf *out = d->out;
    buf_text(out, "<section class=\"theme\" aria-labelledby=\"");
    html_id(out, "theme-", c->id);
    buf_text(out, "\">\n<h2 id=\"");
    html_id(out, "theme-", c->id);
    buf_text(out, "\">");
    html_text(out, c->title);
    buf_text(out, "</h2>\n");
    if (c->note) {
        buf_text(out, "<p>");
        html_text(out, c->note);
        buf_text(out, "</p>\n");
    }
    if (c->first) {
        put_definition(d, c->first);
    }
    put_summary(d, c);
    html_caveats_of_chapter(d, c->id);
    put_findings(d, c);
    RV_TRY(put_figures(d, c->id, reterr));
    buf_text(out, "</section>\n");
    return rv_ok();
}

static rv_status check_statements(const struct assessment *a, struct rv_err *reterr)
{
    for (size_t i = 0; i < a->finding_count; i++) {
        if (!a->findings[i].statement) {
            return rv_fail(reterr, RV_INVALID, "finding %s has no sentence", a->findings[i].id);
        }
    }
    return rv_ok();
}

/* From the body to the end. */
static rv_status put_body(struct document *d, const char *title, struct rv_err *reterr)
{
    const struct report_context *context = d->context;
    struct buf *out = d->out;
    if (!html_is_words(d)) {
        html_header(out, "the assessment", context->partnership);
    }
    buf_text(out, html_is_words(d) ? "<body>\n<main id=\"main\">\n" : "<main id=\"main\">\n");
    html_banner(out, context->is_synthetic, context->synthetic_note);
    if (!html_is_words(d)) { /* there the title of the document is its first line */
        buf_text(out, "<h1>");
        html_text(out, title);
        buf_text(out, "</h1>\n");
    }
    put_facts(d);
    put_beside(d);
    put_contents(d);
    put_key_findings(d);
    html_since(d);
    struct chapter c;
    for (size_t k = 0; chapter_at(d, k, &c); k++) {
        RV_TRY(put_chapter(d, &c, reterr));
    }
    html_evidence(d);
    html_sources(d);
    RV_TRY(html_methods(d, reterr));
    html_caveats(d);
    buf_text(out, "</main>\n<footer><p>Made by Reeve " REEVE_VERSION
                  ". The same partnership file, program and options give this document again, "
                  "byte for byte.</p></footer>\n</body>\n</html>\n");
    return buf_status(out, reterr);
}

rv_status report_html(struct arena *a, const struct assessment *assessment,
                      const struct report_context *context, struct buf *out, struct rv_err *reterr)
{
    RV_TRY(check_statements(assessment, reterr));
    struct buf page RV_CLEANUP(buf_done);
    buf_init(&page, LIMIT_REPORT_BYTES);
    struct document d = {.arena = a, .assessment = assessment, .context = context, .out = &page};
    const char *title = title_of(&d);
    if (!title) {
        return arena_fail(a, reterr);
    }
    RV_TRY(html_caveat_list(&d, reterr));
    RV_TRY(html_head(&page, title, context->is_synthetic, reterr));
    RV_TRY(put_body(&d, title, reterr));
    if (html_is_screen(&d)) {
        html_ascii(out, buf_view(&page));
    } else {
        buf_slice(out, buf_view(&page));
    }
    return buf_status(out, reterr);
}
