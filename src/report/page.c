/* report/page.c — a page of one chart.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/page.h"

#include "report/html_head.h"
#include "report/table.h"

static rv_status put_charts(struct arena *a, const struct result_table *t,
                            const struct chart_look *look, struct buf *out, struct rv_err *reterr)
{
    static const struct {
        int width;
        const char *name;
    } sizes[] = {{CHART_WIDE, "wide"}, {CHART_NARROW, "narrow"}};
    struct chart_look inside = *look;
    inside.is_alone = false; /* the page has the title, the notes and the sources */
    size_t before = out->n;
    for (size_t i = 0; i < 2; i++) {
        buf_printf(out, "<div class=\"%s\">\n", sizes[i].name);
        size_t start = out->n;
        RV_TRY(chart_draw(a, t, sizes[i].name, sizes[i].width, &inside, out, reterr));
        if (out->n == start) {
            out->n = before;
            return rv_fail(reterr, RV_INVALID, "there is nothing to draw: table %s has %s", t->id,
                           t->row_count ? "no boundaries" : "no rows");
        }
        buf_text(out, "</div>\n");
    }
    return rv_ok();
}

static void put_paragraph(struct buf *out, const char *text)
{
    buf_text(out, "<p class=\"note\">");
    buf_html(out, text_of(text));
    buf_text(out, "</p>\n");
}

static void put_sources(const struct result_table *t, struct buf *out)
{
    if (t->source_count == 0) {
        return;
    }
    buf_text(out, "<h2>Sources</h2>\n<ul>\n");
    for (size_t i = 0; i < t->source_count; i++) {
        const struct finding_source *s = &t->sources[i];
        buf_printf(out, "<li>Extract %lld, ", (long long)s->extract);
        buf_html(out, text_of(s->file_name ? s->file_name : "a file without a name"));
        buf_text(out, "<br/><span class=\"hash\">SHA-256 ");
        buf_html(out, text_of(s->sha256 ? s->sha256 : "not known"));
        buf_text(out, "</span></li>\n");
    }
    buf_text(out, "</ul>\n");
}

rv_status chart_page(struct arena *a, const struct result_table *t, const struct chart_look *look,
                     const struct page_options *options, struct buf *out, struct rv_err *reterr)
{
    RV_TRY(html_head(out, t->title, options->is_synthetic, reterr));
    html_header(out, "the chart", options->partnership);
    buf_text(out, "<main id=\"main\">\n");
    html_banner(out, options->is_synthetic, NULL);
    buf_text(out, "<h1>");
    buf_html(out, text_of(t->title));
    buf_text(out, "</h1>\n<div class=\"picture\">\n");
    RV_TRY(put_charts(a, t, look, out, reterr));
    buf_text(out, "</div>\n<p class=\"caption\">");
    buf_html(out, text_of(t->description ? t->description : t->title));
    buf_text(out, "</p>\n");
    for (size_t i = 0; i < t->note_count; i++) {
        put_paragraph(out, t->notes[i]);
    }
    buf_text(out, "<h2>Table</h2>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
                  "aria-label=\"Table\">\n");
    RV_TRY(result_table_html(t, "table", false, out, reterr));
    buf_text(out, "</div>\n");
    put_sources(t, out);
    if (options->command) {
        buf_text(out, "<h2>Made with</h2>\n<p><code>");
        buf_html(out, text_of(options->command));
        buf_text(out, "</code></p>\n");
    }
    buf_text(out, "</main>\n<footer><p>Made by Reeve " REEVE_VERSION
                  ". The same partnership file, program and options give this page again, byte "
                  "for byte.</p></footer>\n</body>\n</html>\n");
    return buf_status(out, reterr);
}
