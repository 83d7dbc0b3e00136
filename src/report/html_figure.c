/* report/html_figure.c — a chart of the report with its table, notes and sources.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/parse.h"
#include "report/html_parts.h"
#include "report/table.h"

#include <string.h>

#define OPEN_ROWS     12   /* tables up to this long stand open */
#define LONG_ROWS     200  /* of a table without a chart: longer ones are folded */
#define NAMED_SOURCES 3    /* more are given by their numbers */
#define IMAGE_WIDTH   16.5 /* centimetres: the text of an A4 page, */
#define IMAGE_HEIGHT  20.0 /* and most of its height */
#define PAPER_ROWS    40   /* on paper a longer table is cut … */
#define SCREEN_ROWS   60   /* on a screen a longer list of areas or places … */
#define LONG_SHOWN    20   /* … after so many rows: all are in its CSV */

static const struct report_layer *layer_of(const struct report_context *c,
                                           const struct result_table *t)
{
    for (size_t i = 0; i < c->layer_count; i++) {
        if (c->layers[i].layer_id == t->layer_id) {
            return &c->layers[i];
        }
    }
    return NULL;
}

struct chart_look report_look(const struct result_table *t)
{
    size_t n = t->column_count;
    bool is_against = t->chart == CHART_MAP && result_table_column(t, "lower") < n &&
                      result_table_column(t, "upper") < n &&
                      result_table_column(t, "reference") < n;
    return (struct chart_look){.classes = is_against ? CLASSES_SIGNIFICANCE : CLASSES_AUTO};
}

static struct chart_look look_of(const struct report_context *c, const struct result_table *t)
{
    struct chart_look look = report_look(t);
    look.layer = layer_of(c, t);
    return look;
}

bool report_has_picture(const struct report_context *context, const struct result_table *t)
{
    return t->chart != CHART_NONE && t->row_count != 0 &&
           (t->chart != CHART_MAP || layer_of(context, t));
}

rv_status report_picture(struct arena *a, const struct report_context *context,
                         const struct result_table *t, bool is_alone, struct buf *out,
                         struct rv_err *reterr)
{
    struct chart_look look = look_of(context, t);
    look.is_alone = is_alone;
    return chart_draw(a, t, "chart", CHART_WIDE, &look, out, reterr);
}

static const char *description_of(const struct result_table *t)
{
    return t->description && t->description[0] ? t->description : t->title;
}

/* What the picture shows, for those who do not see it. */
static void put_alternative(struct document *d, const struct result_table *t)
{
    html_text(d->out, t->title);
    if (description_of(t) != t->title) {
        buf_text(d->out, ". ");
        html_text(d->out, description_of(t));
    }
}

/* Height of a drawing, from its first tag. */
static double height_of(const struct buf *svg)
{
    double height = 0;
    const char *at = svg->n ? strstr(svg->bytes, " height=\"") : NULL;
    struct text rest = text_of(at ? at + strlen(" height=\"") : ""),
                number = text_split(rest, '"', &rest);
    return parse_real(number, &height) ? height : 0;
}

/* The picture lies beside the document while it is turned into words: as wide as the text, or less
 * when it would be higher than a page. */
static rv_status put_image(struct document *d, const struct result_table *t, struct rv_err *reterr)
{
    struct buf svg RV_CLEANUP(buf_done);
    buf_init(&svg, LIMIT_REPORT_BYTES);
    RV_TRY(report_picture(d->arena, d->context, t, false, &svg, reterr));
    RV_TRY(buf_status(&svg, reterr));
    double width = IMAGE_WIDTH, height = height_of(&svg);
    if (height * IMAGE_WIDTH > IMAGE_HEIGHT * CHART_WIDE) {
        width = IMAGE_HEIGHT * CHART_WIDE / height;
    }
    buf_text(d->out, "<p><img src=\"");
    html_text(d->out, t->id);
    buf_printf(d->out, ".png\" width=\"%.1fcm\" alt=\"", width);
    put_alternative(d, t);
    buf_text(d->out, "\"/></p>\n");
    return rv_ok();
}

/* Every chart is drawn twice for a screen, for a desk and for a phone; a media query shows one and
 * hides the other, because text shrunk to a phone's width cannot be read. */
static rv_status put_chart(struct document *d, const struct result_table *t, const char *id,
                           struct rv_err *reterr)
{
    static const struct {
        int width;
        const char *name;
    } sizes[] = {{CHART_WIDE, "wide"}, {CHART_NARROW, "narrow"}};
    struct chart_look look = look_of(d->context, t);
    look.is_lean = true;
    for (size_t i = 0; i < (html_is_screen(d) ? 2 : 1); i++) {
        const char *chart = arena_printf(d->arena, "%s-%s", id, sizes[i].name);
        if (!chart) {
            return arena_fail(d->arena, reterr);
        }
        buf_printf(d->out, "<div class=\"%s\">\n", sizes[i].name);
        RV_TRY(chart_draw(d->arena, t, chart, sizes[i].width, &look, d->out, reterr));
        buf_text(d->out, "</div>\n");
    }
    return rv_ok();
}

static void put_source_link(struct document *d, int64_t extract, const char *name)
{
    buf_printf(d->out, "<a href=\"#source-%lld\">", (long long)extract);
    if (name) {
        html_text(d->out, name);
    } else {
        buf_printf(d->out, "%lld", (long long)extract);
    }
    buf_text(d->out, "</a>");
}

/* A few sources by their file names, many as runs of extract numbers: "7 to 29". */
static void put_sources(struct document *d, const struct result_table *t)
{
    bool by_name = t->source_count <= NAMED_SOURCES;
    buf_text(d->out, by_name ? "Source: " : "Source: extracts ");
    for (size_t i = 0; i < t->source_count; i++) {
        const struct finding_source *source = &t->sources[i];
        size_t last = i;
        while (!by_name && last + 1 < t->source_count &&
               t->sources[last + 1].extract == t->sources[last].extract + 1) {
            last++;
        }
        buf_text(d->out, i ? ", " : "");
        put_source_link(d, source->extract, by_name ? source->file_name : NULL);
        if (last > i) {
            buf_text(d->out, last == i + 1 ? ", " : " to ");
            put_source_link(d, t->sources[last].extract, NULL);
            i = last;
        }
    }
}

/* What stands at the head of the chapter is pointed to. */
static bool is_told_above(const struct document *d, const struct result_table *t, const char *note)
{
    return html_caveat_is_of_chapter(d, t->chapter ? t->chapter : t->theme, note);
}

static void put_notes(struct document *d, const struct result_table *t)
{
    size_t above = 0, seen = 0;
    for (size_t i = 0; i < t->note_count; i++) {
        if (is_told_above(d, t, t->notes[i])) {
            above++;
            continue;
        }
        buf_text(d->out, "<p class=\"note\">");
        html_text(d->out, t->notes[i]);
        buf_text(d->out, "</p>\n");
    }
    if (!above && !t->source_count) {
        return;
    }
    buf_text(d->out, "<p class=\"note\">");
    for (size_t i = 0; seen < above; i++) {
        if (is_told_above(d, t, t->notes[i])) {
            buf_text(d->out, seen++ ? ", " : "See ");
            html_caveat_link(d, html_caveat_number(d, t->notes[i]),
                             seen > 1    ? ""
                             : above > 1 ? "caveats "
                                         : "caveat ");
        }
    }
    if (t->source_count) {
        buf_text(d->out, above ? ". " : "");
        put_sources(d, t);
    }
    buf_text(d->out, ".</p>\n");
}

/* A link to a file beside the report; other editions, which go without it, name the file. */
static void put_file(struct document *d, const char *words, const char *folder, const char *name,
                     const char *ending)
{
    struct buf *out = d->out;
    buf_text(out, "<p class=\"note\">");
    if (html_is_screen(d)) {
        buf_text(out, "<a href=\"");
        html_text(out, folder);
        html_text(out, name);
        buf_printf(out, "%s\">%s: ", ending, words);
        html_text(out, name);
        buf_printf(out, "%s</a></p>\n", ending);
        return;
    }
    buf_printf(out, "%s: ", words);
    html_text(out, folder);
    html_text(out, name);
    buf_printf(out, "%s</p>\n", ending);
}

/* How many rows of a table the document shows. On a screen only lists are cut, whose first rows
 * are those with most: months and hours are read as a whole. */
static size_t rows_shown(const struct document *d, const struct result_table *t)
{
    bool is_list = t->chart == CHART_MAP || t->chart == CHART_BAR || t->chart == CHART_INTERVAL ||
                   t->chart == CHART_NONE;
    bool is_long = html_is_screen(d) ? is_list && d->context->csv_dir && t->row_count > SCREEN_ROWS
                                     : t->chart != CHART_CALENDAR && t->row_count > PAPER_ROWS;
    return is_long ? LONG_SHOWN : t->row_count;
}

static void open_data(struct document *d, const struct result_table *t)
{
    bool is_short = t->row_count <= OPEN_ROWS;
    size_t shown = rows_shown(d, t);
    bool is_open = is_short || (t->chart == CHART_NONE && t->row_count <= LONG_ROWS);
    buf_printf(d->out, "<details%s><summary>Table: ",
               is_open && t->chart != CHART_CALENDAR ? " open=\"\"" : "");
    html_short_title(d->out, t->title, t->chapter_title);
    if (shown < t->row_count) {
        buf_printf(d->out, " (the first %zu of %zu rows)", shown, t->row_count);
    }
    buf_text(d->out, "</summary>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
                     "aria-label=\"Table: ");
    html_text(d->out, t->title);
    buf_text(d->out, "\">\n");
}

static rv_status put_data(struct document *d, const struct result_table *t, const char *id,
                          struct rv_err *reterr)
{
    bool is_screen = html_is_screen(d);
    struct result_table shown;
    const char *left_out = NULL;
    RV_TRY(html_without_empty(d, t, &shown, &left_out, reterr));
    shown.row_count = rows_shown(d, t);
    bool is_cut = shown.row_count < t->row_count;
    if (is_screen) {
        open_data(d, t);
    }
    if (html_is_words(d)) {
        RV_TRY(html_parts_abreast(d, &shown, id, reterr));
    } else {
        RV_TRY(result_table_html(&shown, id, false, d->out, reterr));
    }
    buf_text(d->out, is_screen ? "</div>\n" : "");
    if (left_out) {
        buf_text(d->out, "<p class=\"note\">");
        html_text(d->out, left_out);
        buf_text(d->out, "</p>\n");
    }
    if (is_cut) {
        buf_printf(d->out, "<p class=\"note\">The first %zu of %zu rows.</p>\n", shown.row_count,
                   t->row_count);
    }
    if (d->context->csv_dir) {
        bool is_whole = is_screen && !is_cut;
        put_file(d, is_whole ? "This table as CSV" : "The whole table as CSV", d->context->csv_dir,
                 t->id, ".csv");
    }
    buf_text(d->out, is_screen ? "</details>\n" : "");
    return rv_ok();
}

static rv_status put_picture(struct document *d, const struct result_table *t, const char *id,
                             struct rv_err *reterr)
{
    if (!report_has_picture(d->context, t)) {
        return rv_ok();
    }
    /* No <figure>: it would be a figure of its own around the drawing, without an alternative. */
    buf_text(d->out, "<div class=\"picture\">\n");
    if (html_is_words(d)) {
        RV_TRY(put_image(d, t, reterr));
    } else {
        RV_TRY(put_chart(d, t, id, reterr));
    }
    buf_text(d->out, "</div>\n");
    return rv_ok();
}

rv_status html_figure(struct document *d, const struct result_table *t, struct rv_err *reterr)
{
    struct buf name RV_CLEANUP(buf_done);
    buf_init(&name, 4096);
    html_id(&name, "table-", t->id);
    const char *id = arena_text(d->arena, name.bytes, name.n);
    if (!id) {
        return arena_fail(d->arena, reterr);
    }
    buf_printf(d->out,
               "<section class=\"figure\" aria-labelledby=\"%s-heading\">\n"
               "<h3 id=\"%s-heading\">",
               id, id);
    html_short_title(d->out, t->title, t->chapter_title);
    buf_text(d->out, "</h3>\n");
    RV_TRY(put_picture(d, t, id, reterr));
    buf_text(d->out, "<p class=\"caption\">");
    html_text(d->out, description_of(t));
    buf_text(d->out, "</p>\n");
    if (d->context->png_dir && report_has_picture(d->context, t) && html_is_screen(d)) {
        put_file(d, "This chart as a picture", d->context->png_dir, t->id, ".png");
    }
    RV_TRY(put_data(d, t, id, reterr));
    put_notes(d, t);
    buf_text(d->out, "</section>\n");
    return buf_status(d->out, reterr);
}
