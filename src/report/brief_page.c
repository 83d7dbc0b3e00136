/* report/brief_page.c — a tasking brief as one HTML file, two pages when printed.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/brief_page.h"

#include "report/chart.h"
#include "report/format.h"
#include "report/html_head.h"
#include "report/html_parts.h"

#include <string.h>

#define MOST_SOURCES 4 /* that are named at the foot: two pages must hold all */

struct page {
    struct arena *arena;
    const struct brief *brief;
    const struct report_context *context;
    struct buf *out;
};

/* ---- findings ---- */

static bool is_of(const struct finding *f, const char *start)
{
    return strncmp(f->id, start, strlen(start)) == 0;
}

static void put_paragraphs(const struct page *p, const char *start)
{
    const struct assessment *found = &p->brief->found;
    for (size_t i = 0; i < found->finding_count; i++) {
        if (is_of(&found->findings[i], start)) {
            buf_text(p->out, "<p>");
            html_text(p->out, found->findings[i].statement);
            buf_text(p->out, "</p>\n");
        }
    }
}

/* Those of several starts, as a list; only rises and falls when is_key. */
static size_t put_list(const struct page *p, const char *const *starts, bool is_key,
                       const char *class)
{
    const struct assessment *found = &p->brief->found;
    size_t n = 0;
    for (size_t s = 0; starts[s]; s++) {
        for (size_t i = 0; i < found->finding_count; i++) {
            const struct finding *f = &found->findings[i];
            if (!is_of(f, starts[s]) || (is_key && !f->is_key)) {
                continue;
            }
            if (n++ == 0) {
                buf_printf(p->out, "<ul%s>\n", class);
            }
            buf_text(p->out, "<li>");
            html_text(p->out, f->statement);
            buf_text(p->out, "</li>\n");
        }
    }
    buf_text(p->out, n ? "</ul>\n" : "");
    return n;
}

/* ---- tables ---- */

static const struct result_table *table_named(const struct page *p, const char *id)
{
    const struct assessment *found = &p->brief->found;
    for (size_t i = 0; i < found->table_count; i++) {
        if (strcmp(found->tables[i].id, id) == 0) {
            return &found->tables[i];
        }
    }
    return NULL;
}

static bool is_number(const struct result_column *c)
{
    return c->type != RESULT_TEXT && c->type != RESULT_MONTH;
}

/* Rise and fall stand out in weight and ground, and are words anyway. */
static const char *class_of(const struct result_column *c, const struct result_cell *cell)
{
    if (is_number(c)) {
        return " class=\"number\"";
    }
    bool is_verdict = strcmp(c->name, "verdict") == 0 && cell->text;
    return is_verdict && strcmp(cell->text, "rise") == 0   ? " class=\"rise\""
           : is_verdict && strcmp(cell->text, "fall") == 0 ? " class=\"fall\""
                                                           : "";
}

static void put_cell(const struct page *p, const struct result_column *c,
                     const struct result_cell *cell)
{
    if (c->type == RESULT_TEXT) {
        html_text(p->out, cell->text);
    } else if (c->type == RESULT_RATE) {
        format_rate(p->out, cell->number);
    } else {
        format_count(p->out, cell->number);
    }
}

/* Place, time and venue of a row in one cell, so that the row fits a narrow page. */
static void put_where(const struct page *p, const struct result_cell *row, size_t venue)
{
    buf_text(p->out, "<th scope=\"row\"><strong>");
    html_text(p->out, row[0].text);
    buf_text(p->out, "</strong><span class=\"when\">");
    html_text(p->out, row[1].text);
    buf_text(p->out, "</span><span class=\"venue\">Mostly ");
    html_text(p->out, row[venue].text);
    buf_text(p->out, "</span></th>");
}

static void put_row(const struct page *p, const struct result_table *t, size_t r, bool is_where)
{
    const struct result_cell *row = &t->cells[r * t->column_count];
    size_t first = is_where ? 2 : 1, end = is_where ? t->column_count - 1 : t->column_count;
    buf_text(p->out, "<tr>");
    if (is_where) {
        put_where(p, row, end);
    } else {
        buf_text(p->out, "<th scope=\"row\">");
        html_text(p->out, row[0].text);
        buf_text(p->out, "</th>");
    }
    for (size_t c = first, next; c < end; c = next) {
        for (next = c + 1; row[c].is_missing && next < end && row[next].is_missing; next++) {
        }
        if (row[c].is_missing) { /* side by side: said once */
            buf_printf(p->out, "<td class=\"missing\" colspan=\"%zu\">not available</td>",
                       next - c);
        } else {
            buf_printf(p->out, "<td%s>", class_of(&t->columns[c], &row[c]));
            put_cell(p, &t->columns[c], &row[c]);
            buf_text(p->out, "</td>");
        }
    }
    buf_text(p->out, "</tr>\n");
}

static void put_table(const struct page *p, const struct result_table *t)
{
    bool is_where = strcmp(t->columns[t->column_count - 1].name, "venue") == 0;
    size_t first = is_where ? 2 : 1, end = is_where ? t->column_count - 1 : t->column_count;
    buf_text(p->out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    html_text(p->out, t->title);
    buf_text(p->out, "\">\n");
    buf_printf(p->out, "<table%s>\n<caption>", is_where ? " class=\"where\"" : "");
    buf_text(p->out, "<span>");
    html_text(p->out, t->title);
    buf_text(p->out, "</span></caption>\n<thead><tr><th scope=\"col\">");
    html_text(p->out, is_where ? "Where and when" : t->columns[0].title);
    buf_text(p->out, "</th>");
    for (size_t c = first; c < end; c++) {
        buf_printf(p->out, "<th scope=\"col\"%s>",
                   is_number(&t->columns[c]) ? " class=\"number\"" : "");
        html_text(p->out, t->columns[c].title);
        buf_text(p->out, "</th>");
    }
    buf_text(p->out, "</tr></thead>\n<tbody>\n");
    for (size_t r = 0; r < t->row_count; r++) {
        put_row(p, t, r, is_where);
    }
    buf_text(p->out, "</tbody>\n</table>\n</div>\n");
}

static void put_notes(const struct page *p, const struct result_table *t)
{
    for (size_t i = 0; i < t->note_count; i++) {
        buf_text(p->out, "<p class=\"note\">");
        html_text(p->out, t->notes[i]);
        buf_text(p->out, "</p>\n");
    }
}

static rv_status put_picture(const struct page *p, const struct result_table *t,
                             struct rv_err *reterr)
{
    static const struct {
        int width;
        const char *name;
    } sizes[] = {{CHART_WIDE, "wide"}, {CHART_NARROW, "narrow"}};
    buf_text(p->out, "<div class=\"picture\">\n");
    for (size_t i = 0; i < 2; i++) {
        const char *id = arena_printf(p->arena, "%s-%s", t->id, sizes[i].name);
        if (!id) {
            return arena_fail(p->arena, reterr);
        }
        buf_printf(p->out, "<div class=\"%s\">\n", sizes[i].name);
        RV_TRY(chart_svg(p->arena, t, id, sizes[i].width, NULL, p->out, reterr));
        buf_text(p->out, "</div>\n");
    }
    buf_text(p->out, "</div>\n<p class=\"caption\">");
    html_text(p->out, t->title);
    buf_text(p->out, ". ");
    html_text(p->out, t->description);
    buf_text(p->out, "</p>\n");
    return rv_ok();
}

/* A table by name, as its chart where it has one; a grid says its numbers itself. */
static rv_status put_named(const struct page *p, const char *id, struct rv_err *reterr)
{
    const struct result_table *t = table_named(p, id);
    if (!t || t->row_count == 0) {
        return rv_ok();
    }
    if (t->chart == CHART_NONE) {
        put_table(p, t);
    } else {
        RV_TRY(put_picture(p, t, reterr));
    }
    put_notes(p, t);
    return rv_ok();
}

/* ---- sections ---- */

static void put_fact(const struct page *p, const char *name, const char *first, const char *last)
{
    buf_printf(p->out, "<div><dt>%s</dt><dd>", name);
    format_iso_date(p->out, text_of(first));
    if (last) {
        buf_text(p->out, " to ");
        format_iso_date(p->out, text_of(last));
    }
    buf_text(p->out, "</dd></div>\n");
}

static void put_words(const struct page *p, const char *name, const char *words)
{
    if (words) {
        buf_printf(p->out, "<div><dt>%s</dt><dd>", name);
        html_text(p->out, words);
        buf_text(p->out, "</dd></div>\n");
    }
}

static void put_facts(const struct page *p)
{
    const struct brief *b = p->brief;
    buf_text(p->out, "<dl class=\"facts\">\n");
    put_fact(p, "This window", b->first, b->last);
    put_fact(p, b->is_on_chosen ? "Made for" : "Made for (the day after the last record)", b->on,
             NULL);
    put_words(p, "Group", b->product->group);
    put_words(p, "Counts",
              b->found.finding_count ? b->found.findings[0].subject : b->product->profile);
    put_words(p, "Marking", marking_name(b->found.marking));
    buf_text(p->out, "</dl>\n");
}

static void put_short(const struct page *p)
{
    static const char *const changes[] = {"brief.change.", "brief.ward.", NULL};
    buf_text(p->out, "<div class=\"short\">\n");
    put_paragraphs(p, "brief.window.");
    put_paragraphs(p, "brief.trend.");
    put_paragraphs(p, "brief.changes.");
    (void)put_list(p, changes, true, "");
    if (p->brief->product->note) {
        buf_text(p->out, "<p class=\"note\">");
        html_text(p->out, p->brief->product->note);
        buf_text(p->out, "</p>\n");
    }
    buf_text(p->out, "</div>\n");
}

static rv_status put_sections(const struct page *p, struct rv_err *reterr)
{
    static const char *const limits[] = {"brief.late.", "brief.limit.", NULL};
    static const char *const tables[] = {"brief-by-month", "brief-wards", "brief-victims",
                                         "brief-weapons", "brief-day-and-night"};
    unsigned parts = p->brief->product->parts;
    if (parts & PART_WINDOWS) {
        buf_text(p->out, "<h2>Where and when to be</h2>\n");
        put_paragraphs(p, "brief.places.");
        RV_TRY(put_named(p, "brief-where-and-when", reterr));
    }
    if (parts & PART_CHANGES) {
        buf_text(p->out, "<h2>What changed</h2>\n");
        RV_TRY(put_named(p, "brief-what-changed", reterr));
    }
    buf_text(p->out, "<div class=\"second\">\n"); /* the second page, when printed */
    if (parts & PART_CHECK) {
        buf_text(p->out, "<h2>The places of the window before, against what happened</h2>\n");
        put_paragraphs(p, "brief.check.");
        buf_text(p->out, "<p class=\"note\">Places chosen by high counts have fewer afterwards on "
                         "average, whatever is done: this is no measure of a patrol.</p>\n");
    }
    if (parts & (PART_TREND | PART_PLACES | PART_PEOPLE | PART_WEAPONS | PART_ECONOMY)) {
        buf_text(p->out, "<h2>The year in figures</h2>\n");
    }
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        RV_TRY(put_named(p, tables[i], reterr));
    }
    if (table_named(p, "brief-hours")) {
        buf_text(p->out, "<h2>When</h2>\n");
        RV_TRY(put_named(p, "brief-hours", reterr));
    }
    buf_text(p->out, "<h2>Known limits</h2>\n");
    (void)put_list(p, limits, false, " class=\"limits\"");
    buf_text(p->out, "</div>\n");
    return rv_ok();
}

static void put_sources(const struct page *p)
{
    const struct assessment *found = &p->brief->found;
    size_t n = found->source_count;
    buf_text(p->out, "Sources: ");
    for (size_t i = 0; i < n && i < MOST_SOURCES; i++) {
        const struct finding_source *s = &found->sources[i];
        buf_printf(p->out, "%sextract %lld, ", i ? "; " : "", (long long)s->extract);
        html_text(p->out, s->file_name ? s->file_name : "a file without a name");
        buf_printf(p->out, " (SHA-256 %.12s…)", s->sha256 ? s->sha256 : "not known");
    }
    if (n > MOST_SOURCES) {
        buf_printf(p->out, "; %zu more, named by the words below", n - MOST_SOURCES);
    }
    buf_text(p->out, ".</p>\n");
}

static void put_foot(const struct page *p)
{
    const struct assessment *found = &p->brief->found;
    buf_text(p->out, "<footer><p>Places and times only: no person is scored or named. ");
    if (found->definition) {
        buf_text(p->out, "Definition ");
        html_text(p->out, found->definition);
        buf_text(p->out, ", version ");
        html_text(p->out, found->definition_version);
        buf_text(p->out, ". ");
    }
    put_sources(p);
    for (size_t i = 0; i < p->context->notice_count; i++) {
        buf_text(p->out, "<p>");
        html_text(p->out, p->context->notices[i]);
        buf_text(p->out, "</p>\n");
    }
    buf_text(p->out, "<p>Made by Reeve " REEVE_VERSION ": <code>");
    html_text(p->out, found->finding_count ? found->findings[0].query : "");
    buf_text(p->out, "</code></p></footer>\n</body>\n</html>\n");
}

rv_status brief_page(struct arena *a, const struct brief *brief,
                     const struct report_context *context, struct buf *out, struct rv_err *reterr)
{
    const struct page p = {.arena = a, .brief = brief, .context = context, .out = out};
    const char *title = arena_printf(a, "%s, %s", brief->product->title, brief->found.area_name);
    if (!title) {
        return arena_fail(a, reterr);
    }
    RV_TRY(html_head_styled(out, title, context->is_synthetic, "web/brief.css", reterr));
    html_header(out, "the brief", context->partnership);
    buf_text(out, "<main id=\"main\">\n");
    html_banner(out, context->is_synthetic, context->synthetic_note);
    buf_text(out, "<h1>");
    html_text(out, title);
    buf_text(out, "</h1>\n");
    put_facts(&p);
    put_short(&p);
    RV_TRY(put_sections(&p, reterr));
    buf_text(out, "</main>\n");
    put_foot(&p);
    return buf_status(out, reterr);
}
