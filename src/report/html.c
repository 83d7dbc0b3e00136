/* report/html.c — the frame of the report, its key findings and its themes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/html.h"

#include "assess/order.h"
#include "report/html_head.h"
#include "report/html_parts.h"

#include <string.h>

#define LIST_MAX 12 /* findings of a theme listed openly; a longer list is folded */

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
        return (struct chapter){html_chapter_of(f), f->chapter_title, f->theme,
                                f->definition ? f : NULL};
    }
    const struct result_table *t = &a->tables[i - a->finding_count];
    return (struct chapter){chapter_of_table(t), t->chapter_title, t->theme, NULL};
}

/* The k-th chapter in order of first appearance among findings, then tables; false at the end. */
static bool chapter_at(const struct document *d, size_t k, struct chapter *ret)
{
    const struct assessment *a = d->assessment;
    size_t total = a->finding_count + a->table_count, seen = 0;
    for (size_t i = 0; i < total; i++) {
        struct chapter here = chapter_by_item(a, i);
        bool is_new = true;
        for (size_t j = 0; j < i && is_new; j++) {
            is_new = strcmp(chapter_by_item(a, j).id, here.id) != 0;
        }
        if (!is_new || seen++ != k) {
            continue;
        }
        if (!here.title) {
            const struct sentences *s = d->context->sentences;
            here.title = s ? sentences_theme_title(s, here.theme) : here.theme;
        }
        *ret = here;
        return true;
    }
    return false;
}

static void put_contents(struct document *d)
{
    buf_text(d->out, "<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">Contents</h2>\n<ol>\n"
                     "<li><a href=\"#key\">Key findings</a></li>\n");
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

/* Which findings a list shows, in the order of the report. */
struct finding_list {
    const char *chapter; /* NULL = all; findings of a chapter's lists are where links go back to */
    bool only_key;       /* key findings only */
    bool is_available;   /* those with a verdict but "not available"; false: those without */
    enum { LIST_ALL, LIST_OPEN, LIST_FOLDED } part;
    bool by_question;
    enum finding_question question; /* with by_question */
};

/* Whether a finding with a verdict stands in the open list of its chapter: in a short one; of a
 * profile what is said of the whole of it. */
static bool is_open(const struct document *d, const struct finding *f)
{
    size_t count = 0;
    if (f->chapter) {
        return f->part <= FINDING_BODY;
    }
    for (size_t i = 0; i < d->assessment->finding_count; i++) {
        const struct finding *g = &d->assessment->findings[i];
        count += strcmp(html_chapter_of(g), html_chapter_of(f)) == 0 &&
                 g->verdict != VERDICT_NOT_AVAILABLE;
    }
    return count <= LIST_MAX;
}

static bool list_has(const struct document *d, const struct finding_list *l,
                     const struct finding *f)
{
    bool is_part = l->part == LIST_ALL || is_open(d, f) == (l->part == LIST_OPEN);
    is_part = is_part && (!l->by_question || f->question == l->question);
    return is_part && (!l->chapter || strcmp(html_chapter_of(f), l->chapter) == 0) &&
           (!l->only_key || f->is_key) && l->is_available == (f->verdict != VERDICT_NOT_AVAILABLE);
}

static const char *verdict_class(enum finding_verdict v)
{
    switch (v) {
    case VERDICT_HOLDS:
        return "holds";
    case VERDICT_CAUTION:
        return "caution";
    case VERDICT_NOT_RELIABLE:
        return "weak";
    case VERDICT_NOT_AVAILABLE:
        return "none";
    }
    return "none";
}

/* The caveat that gives the verdict's reason, "Holds with caution, because …"; NULL when none does.
 * The other caveats stand with the evidence. */
static const char *verdict_reason(const struct finding *f)
{
    const char *name = finding_verdict_name(f->verdict);
    for (size_t k = 0; k < f->caveat_count; k++) {
        struct text caveat = text_of(f->caveats[k]), start = {caveat.at, strlen(name)};
        if (caveat.n > start.n && text_equal_nocase(start, text_of(name)) &&
            caveat.at[start.n] == ',') {
            return f->caveats[k];
        }
    }
    return NULL;
}

/* The verdict in words with its reason, unless it simply holds. A reason that several findings of a
 * chapter share is told at the first of them. A sentence that says itself why something is not
 * available needs no second telling. Returns the caveat that was told; NULL = none. */
static const char *put_verdict(struct document *d, const struct finding_list *l,
                               const struct finding *f)
{
    const char *name = finding_verdict_name(f->verdict);
    const char *reason = f->verdict == VERDICT_CAUTION || f->verdict == VERDICT_NOT_RELIABLE
                             ? verdict_reason(f)
                             : NULL;
    bool is_above =
        reason && l->chapter &&
        (html_caveat_is_of_chapter(d, l->chapter, reason) || !html_caveat_is_first(d, f, reason));
    buf_printf(d->out, "<span class=\"verdict %s\">%c%s</span>", verdict_class(f->verdict),
               name[0] - 'a' + 'A', name + 1);
    if (is_above) {
        buf_text(d->out, ": ");
        html_caveat_link(d, html_caveat_number(d, reason), "caveat ");
        buf_char(d->out, '.');
    } else {
        html_text(d->out, reason ? reason + strlen(name) : ".");
    }
    return reason;
}

/* Where links to a finding lead: to its theme, or, when not all findings are in this edition, to
 * its first place. */
static bool is_target(const struct document *d, const struct finding_list *l,
                      const struct finding *f)
{
    return html_is_screen(d) || !f->is_key ? l->chapter != NULL : l->only_key;
}

static bool starts_with_title(struct text words, struct text title)
{
    struct text start = {words.at, title.n}, first = {words.at, 1}, capital = {title.at, 1};
    return title.n > 1 && words.n > title.n && text_equal_nocase(first, capital) &&
           memcmp(start.at + 1, title.at + 1, title.n - 1) == 0;
}

/* Where a sentence goes on behind its title, ": " or " in Area: "; 0 = neither follows. */
static size_t lead_after(const struct finding *f, size_t title)
{
    struct text rest = {f->statement + title, strlen(f->statement) - title};
    struct text area = text_of(f->area_name ? f->area_name : "");
    size_t n = 0;
    if (area.n && text_starts(rest, " in ") &&
        text_starts((struct text){rest.at + 4, rest.n - 4}, area.at)) {
        n = 4 + area.n;
    }
    return text_starts((struct text){rest.at + n, rest.n - n}, ": ") ? title + n + 2 : 0;
}

/* A sentence in the chapter of its own profile: the title of the chapter, which stands above, is
 * left out: "Title: 12 offences" is "12 offences", as is "Title in Area: 12 offences" in the report
 * of the area; "Arson (title): 3" is "Arson: 3". */
static void put_short(struct buf *out, const struct finding *f)
{
    struct text words = text_of(f->statement), title = text_of(f->chapter_title);
    size_t lead = starts_with_title(words, title) ? lead_after(f, title.n) : 0;
    if (lead > 0 && lead < words.n) {
        char first = words.at[lead];
        buf_char(out, (char)(first >= 'a' && first <= 'z' ? first - 'a' + 'A' : first));
        buf_html(out, (struct text){words.at + lead + 1, words.n - lead - 1});
        return;
    }
    for (size_t i = 0; i + title.n + 3 < words.n; i++) {
        struct text inside = {words.at + i + 2, words.n - i - 2};
        if (words.at[i] == ' ' && words.at[i + 1] == '(' && starts_with_title(inside, title) &&
            inside.at[title.n] == ')') {
            buf_html(out, (struct text){words.at, i});
            buf_html(out, (struct text){inside.at + title.n + 1, inside.n - title.n - 1});
            return;
        }
    }
    buf_html(out, words);
}

static void put_finding(struct document *d, const struct finding_list *l, size_t i)
{
    const struct finding *f = &d->assessment->findings[i];
    struct buf *out = d->out;
    bool has_id = is_target(d, l, f);
    buf_text(out, "<li class=\"finding\"");
    if (has_id && !html_is_words(d)) {
        buf_text(out, " id=\"");
        html_id(out, "finding-", f->id);
        buf_char(out, '"');
    }
    buf_text(out, "><p>");
    if (has_id) {
        html_anchor(d, "finding-", f->id);
    }
    if (l->chapter && f->chapter_title) {
        put_short(out, f);
    } else {
        html_text(out, f->statement);
    }
    buf_text(out, "</p>\n<p class=\"meta\">");
    const char *told = put_verdict(d, l, f);
    if (l->chapter && f->verdict != VERDICT_NOT_AVAILABLE) {
        (void)html_caveat_links(d, f, told, LINKS_TO_REST, " See ");
    }
    if (html_has_evidence(d, f)) {
        buf_text(out, " <a href=\"#");
        html_id(out, "why-", f->id);
        buf_printf(out, "\">Finding %zu: how this was computed</a></p></li>\n", i + 1);
    } else {
        buf_printf(out, " Finding %zu.</p></li>\n", i + 1);
    }
}

static size_t list_count(const struct document *d, const struct finding_list *l)
{
    size_t n = 0;
    for (size_t i = 0; i < d->assessment->finding_count; i++) {
        n += list_has(d, l, &d->assessment->findings[i]);
    }
    return n;
}

bool html_has_finding(const struct document *d, const struct finding *f)
{
    return html_has_evidence(d, f) || (f->verdict != VERDICT_NOT_AVAILABLE && is_open(d, f));
}

static void put_list(struct document *d, const struct finding_list *l)
{
    if (!list_count(d, l)) {
        return;
    }
    buf_text(d->out,
             l->is_available ? "<ul class=\"findings\">\n" : "<ul class=\"findings absent\">\n");
    for (size_t i = 0; i < d->assessment->finding_count; i++) {
        if (list_has(d, l, &d->assessment->findings[i])) {
            put_finding(d, l, i);
        }
    }
    buf_text(d->out, "</ul>\n");
}

/* A list behind a summary that says how many there are. Other editions than that for a screen say
 * where it is. */
static void put_folded(struct document *d, const struct finding_list *l, const char *one,
                       const char *many)
{
    size_t n = list_count(d, l);
    if (n && !html_is_screen(d)) {
        buf_printf(d->out, "<p class=\"note\">%zu %s: see findings.csv.</p>\n", n,
                   n == 1 ? one : many);
    } else if (n) {
        buf_printf(d->out, "<details class=\"more\"><summary>%zu %s</summary>\n", n,
                   n == 1 ? one : many);
        put_list(d, l);
        buf_text(d->out, "</details>\n");
    }
}

static void put_key_findings(struct document *d)
{
    const struct finding_list there = {.only_key = true, .is_available = true};
    const struct finding_list absent = {.only_key = true};
    buf_text(d->out, "<section class=\"key\" aria-labelledby=\"key\">\n"
                     "<h2 id=\"key\">Key findings</h2>\n");
    put_list(d, &there);
    if (list_count(d, &absent)) {
        buf_text(d->out, "<h3>Not available</h3>\n");
        put_list(d, &absent);
    }
    if (!list_count(d, &there) && !list_count(d, &absent)) {
        buf_text(d->out, "<p>No finding is a key finding.</p>\n");
    }
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
    buf_text(d->out, "<p class=\"note\">By the agreed definition ");
    html_text(d->out, f->definition);
    buf_text(d->out, ", version ");
    html_text(d->out, f->definition_version);
    buf_text(d->out, ".</p>\n");
}

/* Of one question, under its heading. Not on a screen the rest is counted once, after all. */
static void put_question(struct document *d, const struct chapter *c, enum finding_question q)
{
    struct finding_list open = {.chapter = c->id,
                                .is_available = true,
                                .part = LIST_OPEN,
                                .by_question = true,
                                .question = q};
    struct finding_list rest = open;
    rest.part = LIST_FOLDED;
    size_t n = list_count(d, &open);
    if (n + (html_is_screen(d) ? list_count(d, &rest) : 0) == 0) {
        return;
    }
    const char *name = finding_question_name(q);
    buf_printf(d->out, "<h3>%s</h3>\n", name[0] ? name : "More");
    put_list(d, &open);
    if (html_is_screen(d)) {
        put_folded(d, &rest, n ? "further finding" : "finding",
                   n ? "further findings" : "findings");
    }
}

/* The findings of a chapter: of a profile by question, else in one list. */
static void put_findings(struct document *d, const struct chapter *c)
{
    const struct finding_list open = {.chapter = c->id, .is_available = true, .part = LIST_OPEN};
    const struct finding_list rest = {.chapter = c->id, .is_available = true, .part = LIST_FOLDED};
    const struct finding_list absent = {.chapter = c->id};
    for (int q = 0; c->first && q <= FINDING_NO_QUESTION; q++) {
        put_question(d, c, (enum finding_question)q);
    }
    if (!c->first) {
        put_list(d, &open);
        put_folded(d, &rest, "finding", "findings of this theme, key findings among them");
    } else if (!html_is_screen(d)) {
        put_folded(d, &rest, "further finding", "further findings");
    }
    put_folded(d, &absent, "figure is not available, and why",
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
    if (c->first) {
        put_definition(d, c->first);
    }
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

rv_status report_html(struct arena *a, const struct assessment *assessment,
                      const struct report_context *context, struct buf *out, struct rv_err *reterr)
{
    RV_TRY(check_statements(assessment, reterr));
    struct document d = {.arena = a, .assessment = assessment, .context = context, .out = out};
    const char *title = title_of(&d);
    if (!title) {
        return arena_fail(a, reterr);
    }
    RV_TRY(html_caveat_list(&d, reterr));
    RV_TRY(html_head(out, title, context->is_synthetic, reterr));
    if (!html_is_words(&d)) {
        html_header(out, "the assessment", context->partnership);
    }
    buf_text(out, html_is_words(&d) ? "<body>\n<main id=\"main\">\n" : "<main id=\"main\">\n");
    html_banner(out, context->is_synthetic, context->synthetic_note);
    if (!html_is_words(&d)) { /* there the title of the document is its first line */
        buf_text(out, "<h1>");
        html_text(out, title);
        buf_text(out, "</h1>\n");
    }
    put_facts(&d);
    put_beside(&d);
    put_contents(&d);
    put_key_findings(&d);
    struct chapter c;
    for (size_t k = 0; chapter_at(&d, k, &c); k++) {
        RV_TRY(put_chapter(&d, &c, reterr));
    }
    html_evidence(&d);
    html_sources(&d);
    RV_TRY(html_methods(&d, reterr));
    html_caveats(&d);
    buf_text(out, "</main>\n<footer><p>Made by Reeve " REEVE_VERSION
                  ". The same partnership file, program and options give this document again, "
                  "byte for byte.</p></footer>\n</body>\n</html>\n");
    return buf_status(out, reterr);
}
