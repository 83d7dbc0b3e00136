/* report/html_back.c — sources and methods at the end of the report.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/html_parts.h"
#include "report/method_card.h"

#include <string.h>

/* ---- sources ---- */

const struct report_extract *html_extract(const struct document *d, int64_t extract)
{
    for (size_t i = 0; i < d->context->extract_count; i++) {
        if (d->context->extracts[i].extract == extract) {
            return &d->context->extracts[i];
        }
    }
    return NULL;
}

static void cell_text(struct buf *out, const char *text)
{
    buf_text(out, "<td>");
    html_text(out, text ? text : "not stated");
    buf_text(out, "</td>");
}

static void cell_count(struct buf *out, int64_t count)
{
    buf_text(out, "<td class=\"number\">");
    if (count < 0) {
        buf_text(out, "<span class=\"missing\">not stated</span>");
    } else {
        format_count(out, (double)count);
    }
    buf_text(out, "</td>");
}

static void put_source(struct document *d, const struct finding_source *s)
{
    static const struct report_extract unknown = {.period = {1, 0}, .rows = -1, .quarantined = -1};
    const struct report_extract *e = html_extract(d, s->extract);
    e = e ? e : &unknown;
    struct buf *out = d->out;
    buf_printf(out, "<tr id=\"source-%lld\"><th scope=\"row\">", (long long)s->extract);
    if (html_is_words(d)) {
        buf_printf(out, "<span id=\"source-%lld\"></span>", (long long)s->extract);
    }
    buf_printf(out, "%lld: ", (long long)s->extract);
    html_text(out, s->file_name ? s->file_name : "file name not stated");
    buf_text(out, "<br/><span class=\"hash\">SHA-256 <code>");
    html_text(out, s->sha256 ? s->sha256 : "not stated");
    buf_text(out, "</code></span></th>");
    cell_text(out, e->supplier);
    cell_text(out, e->terms);
    cell_text(out, e->kind);
    buf_text(out, "<td>");
    if (e->period.first <= e->period.last) {
        format_period(out, e->period);
    } else {
        buf_text(out, "not stated");
    }
    buf_text(out, "</td>");
    cell_count(out, e->rows);
    cell_count(out, e->quarantined);
    buf_text(out, "<td>");
    struct buf date RV_CLEANUP(buf_done);
    buf_init(&date, 1024);
    format_iso_date(&date, text_of(e->imported_at ? e->imported_at : "not stated"));
    buf_html(out, buf_view(&date));
    buf_text(out, "</td></tr>\n");
}

void html_sources(struct document *d)
{
    buf_text(d->out, "<section aria-labelledby=\"sources\">\n<h2 id=\"sources\">Sources</h2>\n");
    if (!d->assessment->source_count) {
        buf_text(d->out, "<p>No extract was used.</p>\n</section>\n");
        return;
    }
    buf_text(d->out,
             "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Table: extracts "
             "used\">\n<table><caption>Extracts used, by number and SHA-256</caption>\n"
             "<thead><tr><th scope=\"col\">Extract</th><th scope=\"col\">Supplier</th>"
             "<th scope=\"col\">Terms</th>"
             "<th scope=\"col\">Kind</th><th scope=\"col\">Period</th>"
             "<th scope=\"col\" class=\"number\">Rows used</th>"
             "<th scope=\"col\" class=\"number\">Quarantined</th>"
             "<th scope=\"col\">Imported</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < d->assessment->source_count; i++) {
        put_source(d, &d->assessment->sources[i]);
    }
    buf_text(d->out, "</tbody></table></div>\n</section>\n");
}

/* ---- methods ---- */

static bool came_before(const struct assessment *a, size_t finding)
{
    const char *method = a->findings[finding].method;
    for (size_t i = 0; i < finding; i++) {
        if (a->findings[i].method && strcmp(a->findings[i].method, method) == 0) {
            return true;
        }
    }
    return false;
}

static rv_status put_method(struct document *d, const char *method, struct rv_err *reterr)
{
    struct buf *out = d->out;
    const char *element = html_is_words(d) ? "section" : "article";
    buf_printf(out, "<%s class=\"method\" id=\"", element);
    html_id(out, "method-", method);
    buf_text(out, "\">\n");
    struct text card = method_card(method);
    if (card.n) {
        RV_TRY(markdown_html(card, 3, out, reterr));
    } else {
        buf_text(out, "<h3>");
        html_text(out, method);
        buf_text(out, "</h3>\n<p>This method has no card.</p>\n");
    }
    buf_printf(out, "</%s>\n", element);
    return rv_ok();
}

rv_status html_methods(struct document *d, struct rv_err *reterr)
{
    struct buf *out = d->out;
    buf_text(out, "<section aria-labelledby=\"methods\">\n<h2 id=\"methods\">Methods</h2>\n");
    for (size_t i = 0; i < d->assessment->finding_count; i++) {
        const char *method = d->assessment->findings[i].method;
        if (!method || came_before(d->assessment, i)) {
            continue;
        }
        RV_TRY(put_method(d, method, reterr));
    }
    buf_text(out, "</section>\n");
    return buf_status(out, reterr);
}
