/* report/html_caveat.c — the caveats of a report, each numbered and told once.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/html_parts.h"

#include <string.h>

/* ---- the list ---- */

static bool has_caveat(const struct finding *f, const char *caveat)
{
    for (size_t i = 0; i < f->caveat_count; i++) {
        if (strcmp(f->caveats[i], caveat) == 0) {
            return true;
        }
    }
    return false;
}

size_t html_caveat_number(const struct document *d, const char *caveat)
{
    size_t i = 0;
    while (i < d->caveat_count && strcmp(d->caveats[i].text, caveat) != 0) {
        i++;
    }
    return i + 1;
}

rv_status html_caveat_list(struct document *d, struct rv_err *reterr)
{
    const struct assessment *a = d->assessment;
    size_t most = 0;
    for (size_t i = 0; i < a->finding_count; i++) {
        most += a->findings[i].caveat_count;
    }
    d->caveats = ARENA_NEW(d->arena, struct html_caveat, most + 1);
    if (!d->caveats) {
        return arena_fail(d->arena, reterr);
    }
    for (size_t i = 0; i < a->finding_count; i++) {
        for (size_t k = 0; k < a->findings[i].caveat_count; k++) {
            const char *text = a->findings[i].caveats[k];
            size_t at = html_caveat_number(d, text) - 1;
            if (at == d->caveat_count) {
                d->caveats[d->caveat_count++] = (struct html_caveat){text, i, SIZE_MAX, 0};
            }
            struct html_caveat *c = &d->caveats[at];
            c->uses += c->last != i; /* twice at one finding is one use */
            c->last = i;
        }
    }
    return rv_ok();
}

bool html_caveat_is_shared(const struct document *d, const char *caveat)
{
    return d->caveats[html_caveat_number(d, caveat) - 1].uses > 1;
}

void html_caveat_link(struct document *d, size_t number, const char *words)
{
    buf_printf(d->out, "<a href=\"#caveat-%zu\">%s%zu</a>", number, words, number);
}

/* ---- of a chapter ---- */

bool html_caveat_is_of_chapter(const struct document *d, const char *chapter, const char *caveat)
{
    size_t listed = 0;
    for (size_t i = 0; i < d->assessment->finding_count; i++) {
        const struct finding *f = &d->assessment->findings[i];
        if (strcmp(html_chapter_of(f), chapter) != 0 || f->verdict == VERDICT_NOT_AVAILABLE) {
            continue;
        }
        if (!has_caveat(f, caveat)) {
            return false;
        }
        listed++;
    }
    return listed > 1;
}

bool html_caveat_is_first(const struct document *d, const struct finding *f, const char *caveat)
{
    for (size_t i = 0; i < d->assessment->finding_count; i++) {
        const struct finding *g = &d->assessment->findings[i];
        if (g != f && strcmp(html_chapter_of(g), html_chapter_of(f)) == 0 &&
            g->verdict == f->verdict && has_caveat(g, caveat)) {
            return g > f;
        }
    }
    return true;
}

void html_caveats_of_chapter(struct document *d, const char *chapter)
{
    for (size_t i = 0; i < d->caveat_count; i++) {
        if (html_caveat_is_of_chapter(d, chapter, d->caveats[i].text)) {
            buf_text(d->out, "<p class=\"note\">Of every finding of this chapter (");
            html_caveat_link(d, i + 1, "caveat ");
            buf_text(d->out, "): ");
            html_text(d->out, d->caveats[i].text);
            buf_text(d->out, "</p>\n");
        }
    }
}

static bool is_linked(const struct document *d, const struct finding *f,
                      const struct html_caveat *c, const char *told, enum html_links which)
{
    if (!has_caveat(f, c->text)) {
        return false;
    }
    if (which == LINKS_TO_SHARED) {
        return c->uses > 1;
    }
    return (!told || strcmp(told, c->text) != 0) &&
           !html_caveat_is_of_chapter(d, html_chapter_of(f), c->text);
}

size_t html_caveat_links(struct document *d, const struct finding *f, const char *told,
                         enum html_links which, const char *words)
{
    size_t count = 0, n = 0;
    for (size_t i = 0; i < d->caveat_count; i++) {
        count += is_linked(d, f, &d->caveats[i], told, which);
    }
    for (size_t i = 0; n < count; i++) {
        if (is_linked(d, f, &d->caveats[i], told, which)) {
            buf_text(d->out, n ? ", " : words);
            html_caveat_link(d, i + 1, n++ ? "" : (count > 1 ? "caveats " : "caveat "));
        }
    }
    buf_text(d->out, count ? "." : "");
    return count;
}

/* ---- the section ---- */

#define APPLIES_OPEN 12 /* findings of a caveat that are listed openly */

static void put_applies(struct document *d, const struct finding *f, size_t number, bool is_first,
                        const char *words)
{
    buf_text(d->out, is_first ? " " : ", ");
    if (!html_has_finding(d, f)) {
        buf_printf(d->out, "%s%zu", words, number);
        return;
    }
    buf_text(d->out, "<a href=\"#");
    html_id(d->out, "finding-", f->id);
    buf_printf(d->out, "\">%s%zu</a>", words, number);
}

/* The findings that it applies to; on a screen many of them fold. */
static void put_applies_to(struct document *d, const struct html_caveat *c)
{
    bool is_folded = html_is_screen(d) && c->uses > APPLIES_OPEN;
    if (is_folded) {
        buf_printf(d->out,
                   "<details class=\"meta\"><summary>Applies to %zu findings</summary>Findings",
                   c->uses);
    } else {
        buf_text(d->out, " <span class=\"meta\">Applies to");
    }
    for (size_t i = c->first; i < d->assessment->finding_count; i++) {
        const struct finding *f = &d->assessment->findings[i];
        if (has_caveat(f, c->text)) {
            put_applies(d, f, i + 1, i == c->first, is_folded ? "" : "finding ");
        }
    }
    buf_text(d->out, is_folded ? ".</details>" : ".</span>");
}

static void put_caveat(struct document *d, const struct html_caveat *c, size_t number)
{
    buf_printf(d->out,
               html_is_words(d) ? "<li><span id=\"caveat-%zu\"></span>" : "<li id=\"caveat-%zu\">",
               number);
    html_text(d->out, c->text);
    put_applies_to(d, c);
    buf_text(d->out, "</li>\n");
}

void html_caveats(struct document *d)
{
    buf_text(d->out, "<section aria-labelledby=\"caveats\">\n<h2 id=\"caveats\">Caveats</h2>\n");
    buf_text(d->out, d->caveat_count ? "<ol class=\"caveats\">\n" : "");
    for (size_t i = 0; i < d->caveat_count; i++) {
        put_caveat(d, &d->caveats[i], i + 1);
    }
    buf_text(d->out, d->caveat_count ? "</ol>\n" : "<p>No finding carries a caveat.</p>\n");
    buf_text(d->out, "</section>\n");
}
