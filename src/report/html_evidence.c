/* report/html_evidence.c — for every finding: numbers, method, command, extracts, verdict.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/findings.h"
#include "report/html_parts.h"
#include "report/method_card.h"

#include <math.h>
#include <string.h>

static void term(struct buf *out, const char *name)
{
    buf_printf(out, "<dt>%s</dt><dd>", name);
}

static void end_term(struct buf *out)
{
    buf_text(out, "</dd>\n");
}

static void put_number(struct buf *out, const char *name, const struct finding *f, double value)
{
    if (!isfinite(value)) {
        return;
    }
    term(out, name);
    format_number(out, value, finding_number_kind(f, value), FORMAT_PLAIN);
    end_term(out);
}

static void put_value(struct buf *out, const struct finding *f)
{
    term(out, "Value");
    if (isfinite(f->value)) {
        bool is_percent = text_is(text_of(f->unit), "percent");
        format_number(out, f->value, finding_number_kind(f, f->value), FORMAT_PLAIN);
        buf_text(out, is_percent ? "" : " ");
        html_text(out, is_percent ? "" : f->unit);
    } else {
        buf_text(out, FORMAT_NOT_AVAILABLE);
    }
    end_term(out);
    if (isfinite(f->lower) && isfinite(f->upper) && isfinite(f->level)) {
        term(out, "Interval");
        format_interval(out, f->lower, f->upper, f->level, finding_number_kind(f, f->lower));
        end_term(out);
    }
}

static void put_fraction(struct buf *out, const struct finding *f)
{
    if (isfinite(f->numerator)) {
        term(out, "Numerator");
        format_count(out, f->numerator);
        end_term(out);
    }
    if (isfinite(f->denominator)) {
        term(out, "Denominator");
        format_count(out, f->denominator);
        buf_text(out, f->denominator_name ? " " : "");
        html_text(out, f->denominator_name);
        end_term(out);
    }
    term(out, "Not recorded");
    format_count(out, f->missing);
    end_term(out);
}

static void put_rank(struct buf *out, const struct finding *f)
{
    if (f->rank < 0) {
        return;
    }
    term(out, "Rank");
    format_ordinal(out, f->rank, f->is_tied);
    if (f->of >= 0) {
        buf_text(out, " of ");
        format_count(out, (double)f->of);
        buf_text(out, ", most first");
    }
    if (f->rank_low >= 0 && f->rank_high >= 0) {
        buf_text(out, "; could lie from ");
        format_ordinal(out, f->rank_low, false);
        buf_text(out, " to ");
        format_ordinal(out, f->rank_high, false);
    }
    end_term(out);
}

/* ---- what findings of a chapter have in common ---- */

static bool same_words(const char *a, const char *b)
{
    return text_equal(text_of(a ? a : ""), text_of(b ? b : ""));
}

static bool same_area(const struct finding *f, const struct finding *g)
{
    return same_words(f->area, g->area) && same_words(f->area_name, g->area_name);
}

static bool has_months(struct month_range r)
{
    return r.first <= r.last;
}

static bool same_months(struct month_range a, struct month_range b)
{
    bool both = has_months(a) && has_months(b);
    return both ? a.first == b.first && a.last == b.last : has_months(a) == has_months(b);
}

static bool same_definition(const struct finding *f, const struct finding *g)
{
    return same_words(f->definition, g->definition) &&
           same_words(f->definition_version, g->definition_version);
}

static bool same_sources(const struct finding *f, const struct finding *g)
{
    bool same = f->source_count == g->source_count;
    for (size_t i = 0; same && i < f->source_count; i++) {
        same = f->sources[i].extract == g->sources[i].extract;
    }
    return same;
}

static void put_area(struct buf *out, const struct finding *f)
{
    term(out, "Area");
    html_text(out, f->area_name ? f->area_name : f->area);
    if (f->area && f->area_name) {
        buf_text(out, " (");
        html_text(out, f->area);
        buf_char(out, ')');
    }
    end_term(out);
}

/* With `none` a missing period is said, so that it is not taken for that of the chapter. */
static void put_months(struct buf *out, const char *name, struct month_range months, bool none)
{
    if (has_months(months)) {
        term(out, name);
        format_period(out, months);
        end_term(out);
    } else if (none) {
        term(out, name);
        buf_text(out, "none");
        end_term(out);
    }
}

static void put_definition(struct buf *out, const struct finding *f, bool none)
{
    if (f->definition) {
        term(out, "Definition");
        html_text(out, f->definition);
        buf_text(out, ", version ");
        html_text(out, f->definition_version ? f->definition_version : FORMAT_NOT_AVAILABLE);
        end_term(out);
    } else if (none) {
        term(out, "Definition");
        buf_text(out, "none");
        end_term(out);
    }
}

/* What differs from the head of the chapter; all of it where there is none. */
static void put_periods(struct buf *out, const struct finding *f, const struct finding *head)
{
    if (!head || !same_area(f, head)) {
        put_area(out, f);
    }
    if (!head || !same_months(f->period, head->period)) {
        put_months(out, "Period", f->period, head);
    }
    if (!head || !same_months(f->compare, head->compare)) {
        put_months(out, "Compared with", f->compare, head);
    }
    put_number(out, "Value then", f, f->compare_value);
}

static void put_method(struct buf *out, const struct finding *f, const struct finding *head)
{
    if (!head || !same_definition(f, head)) {
        put_definition(out, f, head);
    }
    if (f->method) {
        struct text title = method_card_title(f->method);
        term(out, "Method");
        buf_text(out, "<a href=\"#");
        html_id(out, "method-", f->method);
        buf_text(out, "\">");
        buf_html(out, title);
        buf_text(out, "</a>");
        end_term(out);
    }
    if (f->query) {
        term(out, "Command");
        buf_text(out, "<code>");
        html_text(out, f->query);
        buf_text(out, "</code>");
        end_term(out);
    }
}

#define SOURCES_IN_FULL 3
#define HASH_START      12 /* digits that tell extracts of one file apart */

static void put_source_link(struct buf *out, const struct finding_source *s)
{
    buf_printf(out, "<a href=\"#source-%lld\">", (long long)s->extract);
    html_text(out, s->file_name ? s->file_name : "extract");
    buf_printf(out, " (extract %lld)</a>", (long long)s->extract);
}

/* Many extracts: number and the first digits of the hash; the whole is in the list of sources. */
static void put_many_sources(struct buf *out, const struct finding *f)
{
    buf_printf(out, "%zu, each with the first %d digits of its SHA-256:", f->source_count,
               HASH_START);
    for (size_t i = 0; i < f->source_count; i++) {
        const struct finding_source *s = &f->sources[i];
        struct text hash = text_of(s->sha256);
        hash.n = hash.n > HASH_START ? HASH_START : hash.n;
        buf_printf(out, "%s <a href=\"#source-%lld\">extract %lld</a> <code>", i ? "," : "",
                   (long long)s->extract, (long long)s->extract);
        buf_html(out, hash);
        buf_text(out, "</code>");
    }
    buf_char(out, '.');
}

static void put_sources(struct buf *out, const struct finding *f, bool none)
{
    if (!f->source_count && !none) {
        return;
    }
    term(out, "Extracts");
    if (!f->source_count) {
        buf_text(out, "none");
        end_term(out);
        return;
    }
    if (f->source_count > SOURCES_IN_FULL) {
        put_many_sources(out, f);
        end_term(out);
        return;
    }
    buf_text(out, "<ul>");
    for (size_t i = 0; i < f->source_count; i++) {
        buf_text(out, "<li>");
        put_source_link(out, &f->sources[i]);
        buf_text(out, ", SHA-256 <code class=\"hash\">");
        html_text(out, f->sources[i].sha256 ? f->sources[i].sha256 : FORMAT_NOT_AVAILABLE);
        buf_text(out, "</code></li>");
    }
    buf_text(out, "</ul>");
    end_term(out);
}

/* In full what holds for this finding alone; of what others have too the number. A list stands only
 * where there is more than one thing to list. */
static void put_caveats(struct document *d, const struct finding *f)
{
    size_t own = 0;
    for (size_t i = 0; i < f->caveat_count; i++) {
        own += !html_caveat_is_shared(d, f->caveats[i]);
    }
    if (!own) {
        html_caveat_links(d, f, NULL, LINKS_TO_SHARED, ". With other findings: ");
        return;
    }
    buf_text(d->out, "<ul>");
    for (size_t i = 0; i < f->caveat_count; i++) {
        if (!html_caveat_is_shared(d, f->caveats[i])) {
            buf_text(d->out, "<li>");
            html_text(d->out, f->caveats[i]);
            buf_text(d->out, "</li>");
        }
    }
    if (html_caveat_links(d, f, NULL, LINKS_TO_SHARED, "<li>With other findings: ")) {
        buf_text(d->out, "</li>");
    }
    buf_text(d->out, "</ul>");
}

static void put_verdict(struct document *d, const struct finding *f)
{
    term(d->out, "Verdict");
    buf_text(d->out, finding_verdict_name(f->verdict));
    put_caveats(d, f);
    end_term(d->out);
}

/* `head` is what the head of its chapter, with that number, holds; NULL without one. */
static void put_finding(struct document *d, const struct finding *f, size_t number,
                        const struct finding *head, size_t head_number)
{
    struct buf *out = d->out;
    int level = head ? 4 : 3;
    buf_printf(out, "<section class=\"evidence%s\" id=\"", f->is_key ? "" : " minor");
    html_id(out, "why-", f->id);
    buf_printf(out, "\">\n<h%d>Finding %zu</h%d>\n<p>", level, number, level);
    html_anchor(d, "why-", f->id);
    html_text(out, f->statement);
    buf_text(out, "</p>\n<dl>\n");
    put_value(out, f);
    put_fraction(out, f);
    put_rank(out, f);
    put_periods(out, f, head);
    put_verdict(d, f);
    put_method(out, f, head);
    if (!head || !same_sources(f, head)) {
        put_sources(out, f, head);
    }
    term(out, "Identifier");
    buf_text(out, "<code>");
    html_text(out, f->id);
    buf_text(out, "</code>");
    end_term(out);
    buf_text(out, "</dl>\n<p class=\"back\">");
    if (head) {
        buf_printf(out,
                   "What is not said here stands at the <a href=\"#common-%zu\">head of the "
                   "chapter</a>. ",
                   head_number);
    }
    buf_text(out, "<a href=\"#");
    html_id(out, "finding-", f->id);
    buf_printf(out, "\">Back to finding %zu</a></p>\n</section>\n", number);
}

/* The finding of [from, to) whose area, periods, definition and extracts most others share. */
static const struct finding *most_common(const struct document *d, size_t from, size_t to)
{
    const struct finding *all = d->assessment->findings, *ret = &all[from];
    size_t most = 0;
    for (size_t i = from; i < to; i++) {
        size_t n = 0;
        for (size_t k = from; k < to; k++) {
            n += same_area(&all[i], &all[k]) && same_months(all[i].period, all[k].period) &&
                 same_months(all[i].compare, all[k].compare) && same_definition(&all[i], &all[k]) &&
                 same_sources(&all[i], &all[k]);
        }
        if (n > most) {
            most = n;
            ret = &all[i];
        }
    }
    return ret;
}

/* What findings [from, to), of one chapter, have in common, said once. */
static void put_head(struct document *d, const struct finding *head, size_t from, size_t to)
{
    bool is_key = false;
    for (size_t i = from; i < to; i++) {
        is_key |= d->assessment->findings[i].is_key;
    }
    struct buf *out = d->out;
    buf_printf(out, "<section class=\"evidence%s\" id=\"common-%zu\">\n<h3>",
               is_key ? "" : " minor", from + 1);
    const struct sentences *s = d->context->sentences;
    html_text(out, head->chapter_title ? head->chapter_title
                   : s                 ? sentences_theme_title(s, head->theme)
                                       : head->theme);
    buf_printf(out,
               "</h3>\n<p>Of findings %zu to %zu, where they do not say otherwise:</p>\n<dl>\n",
               from + 1, to);
    put_area(out, head);
    put_months(out, "Period", head->period, false);
    put_months(out, "Compared with", head->compare, false);
    put_definition(out, head, false);
    put_sources(out, head, false);
    buf_text(out, "</dl>\n</section>\n");
}

/* On a screen, of two findings or more of a chapter in a row, what they share is said once. */
static void put_run(struct document *d, size_t from, size_t to)
{
    const struct finding *all = d->assessment->findings, *head = NULL;
    if (html_is_screen(d) && to - from > 1) {
        head = most_common(d, from, to);
        put_head(d, head, from, to);
    }
    for (size_t i = from; i < to; i++) {
        if (html_has_evidence(d, &all[i])) {
            put_finding(d, &all[i], i + 1, head, from + 1);
        }
    }
}

void html_evidence(struct document *d)
{
    const char *paper = html_is_screen(d) ? "paper" : "note";
    buf_printf(d->out,
               "<section aria-labelledby=\"evidence\">\n<h2 id=\"evidence\">How each figure "
               "was computed</h2>\n<p>In each command, FILE stands for the partnership "
               "file. It prints the numbers again from the same records.</p>\n"
               "<p class=\"%s\">%s only the evidence of the key findings is "
               "printed. That of all %zu findings is in this report on a screen and in "
               "findings.csv beside it.</p>\n",
               paper, html_is_words(d) ? "Here" : "On paper", d->assessment->finding_count);
    const struct finding *all = d->assessment->findings;
    for (size_t i = 0, to; i < d->assessment->finding_count; i = to) {
        to = i + 1;
        while (to < d->assessment->finding_count &&
               same_words(html_chapter_of(&all[i]), html_chapter_of(&all[to]))) {
            to++;
        }
        put_run(d, i, to);
    }
    buf_text(d->out, "</section>\n");
}
