/* report/html_list.c — lists of findings: which, in which words, with which links.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/order.h"
#include "report/html_parts.h"

#include <string.h>

#define LIST_MAX 12 /* findings of a theme listed openly; a longer list is folded */

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

static bool list_has(const struct document *d, const struct html_list *l, const struct finding *f)
{
    bool is_part = l->part == LIST_ALL || is_open(d, f) == (l->part == LIST_OPEN);
    is_part = is_part && (!l->by_question || f->question == l->question);
    is_part = is_part && (!l->since || (f->last && f->last->since == l->since));
    return is_part && (!l->chapter || strcmp(html_chapter_of(f), l->chapter) == 0) &&
           (!l->only_key || f->is_key) && (!l->only_summary || f->is_summary) &&
           l->is_available == (f->verdict != VERDICT_NOT_AVAILABLE);
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
static const char *put_verdict(struct document *d, const struct html_list *l,
                               const struct finding *f)
{
    const char *name = finding_verdict_name(f->verdict);
    const char *reason = f->verdict == VERDICT_CAUTION || f->verdict == VERDICT_NOT_RELIABLE
                             ? verdict_reason(f)
                             : NULL;
    bool is_above =
        reason && l->is_place &&
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
static bool is_target(const struct document *d, const struct html_list *l, const struct finding *f)
{
    return html_is_screen(d) || !f->is_key ? l->is_place : l->only_key;
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

static void put_capital(struct buf *out, struct text words)
{
    char first = words.n ? words.at[0] : ' ';
    buf_char(out, (char)(first >= 'a' && first <= 'z' ? first - 'a' + 'A' : first));
    buf_html(out, (struct text){words.at + 1, words.n ? words.n - 1 : 0});
}

void html_short_title(struct buf *out, const char *words, const char *chapter_title)
{
    struct text all = text_of(words), title = text_of(chapter_title ? chapter_title : "");
    if (starts_with_title(all, title)) {
        struct text rest = {all.at + title.n, all.n - title.n};
        size_t gap = text_starts(rest, ": ") ? 2 : (text_starts(rest, " by ") ? 1 : 0);
        if (gap && rest.n > gap) {
            put_capital(out, (struct text){rest.at + gap, rest.n - gap});
            return;
        }
    }
    for (size_t i = 0; title.n && i + 2 + title.n < all.n; i++) {
        struct text here = {all.at + i, all.n - i}, inside = {here.at + 2, here.n - 2};
        if (text_starts(here, ": ") && starts_with_title(inside, title) &&
            inside.at[title.n] == ',') {
            buf_html(out, (struct text){all.at, i});
            buf_html(out, (struct text){inside.at + title.n, inside.n - title.n});
            return;
        }
    }
    buf_html(out, all);
}

/* A sentence in the chapter of its own profile: the title of the chapter, which stands above, is
 * left out: "Title: 12 offences" is "12 offences", as is "Title in Area: 12 offences" in the report
 * of the area; "Arson (title): 3" is "Arson: 3". */
static void put_short(struct buf *out, const struct finding *f)
{
    struct text words = text_of(f->statement), title = text_of(f->chapter_title);
    size_t lead = starts_with_title(words, title) ? lead_after(f, title.n) : 0;
    if (lead > 0 && lead < words.n) {
        put_capital(out, (struct text){words.at + lead, words.n - lead});
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

static void put_words(struct document *d, const struct html_list *l, const struct finding *f)
{
    const char *question = finding_question_name(f->question);
    if (l->only_summary && question[0]) {
        buf_printf(d->out, "<strong>%s.</strong> ", question);
    }
    if (l->chapter && f->chapter_title) {
        put_short(d->out, f);
    } else {
        html_text(d->out, f->statement);
    }
}

/* Verdict, caveats, and the way to the evidence; from a summary the way to the finding. */
static void put_meta(struct document *d, const struct html_list *l, size_t i)
{
    const struct finding *f = &d->assessment->findings[i];
    const char *told = put_verdict(d, l, f);
    if (l->is_place && f->verdict != VERDICT_NOT_AVAILABLE) {
        (void)html_caveat_links(d, f, told, LINKS_TO_REST, " See ");
    }
    if (!l->is_place && !l->since) {
        html_since_line(d, f, true);
    }
    bool points = l->only_summary || l->since;
    if (points ? html_has_finding(d, f) : html_has_evidence(d, f)) {
        buf_text(d->out, " <a href=\"#");
        html_id(d->out, points ? "finding-" : "why-", f->id);
        buf_printf(d->out, "\">Finding %zu%s</a>", i + 1, points ? "" : ": how this was computed");
    } else {
        buf_printf(d->out, " Finding %zu.", i + 1);
    }
}

static void put_finding(struct document *d, const struct html_list *l, size_t i)
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
    put_words(d, l, f);
    buf_text(out, "</p>\n<p class=\"meta\">");
    put_meta(d, l, i);
    buf_text(out, "</p>");
    if (l->is_place || l->since) {
        html_since_line(d, f, false);
    }
    buf_text(out, "</li>\n");
}

size_t html_list_count(const struct document *d, const struct html_list *l)
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

void html_list(struct document *d, const struct html_list *l)
{
    if (!html_list_count(d, l)) {
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
void html_folded(struct document *d, const struct html_list *l, const char *one, const char *many)
{
    size_t n = html_list_count(d, l);
    if (n && !html_is_screen(d)) {
        buf_printf(d->out, "<p class=\"note\">%zu %s: see findings.csv.</p>\n", n,
                   n == 1 ? one : many);
    } else if (n) {
        buf_printf(d->out, "<details class=\"more\"><summary>%zu %s</summary>\n", n,
                   n == 1 ? one : many);
        html_list(d, l);
        buf_text(d->out, "</details>\n");
    }
}
