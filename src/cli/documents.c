/* cli/documents.c — workbook, charts as pictures, PDF, Word and OpenDocument editions.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli/documents.h"

#include "base/file.h"
#include "base/limits.h"
#include "cli/convert.h"
#include "report/area_shapes.h"
#include "report/xlsx.h"

#include <string.h>

#define MOST_BESIDE 4
#define CHARTS      "charts/"

struct writing {
    struct session *session;
    struct arena *arena;
    const struct assessment *assessment;
    struct report_context *context;
    const char *dir;
    struct report_beside *beside; /* of the context, to be filled */
    struct text *pictures;        /* [table_count] PNG of each table, for documents of words */
};

rv_status documents_check(const struct args *args, struct rv_err *reterr)
{
    static const char *const names[] = {"xlsx", "png", "pdf", "docx", "odt"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (args_has(args, names[i]) && !args_has(args, "out")) {
            return rv_fail(reterr, RV_USAGE, "--%s needs --out DIR, where the files are written",
                           names[i]);
        }
    }
    return rv_ok();
}

static rv_status put_file(struct writing *w, const char *name, struct text bytes,
                          struct rv_err *reterr)
{
    const char *path = arena_printf(w->arena, "%s/%s", w->dir, name);
    return path ? file_write(path, bytes, reterr) : arena_fail(w->arena, reterr);
}

static void add_beside(struct writing *w, const char *file, const char *words)
{
    w->beside[w->context->beside_count++] = (struct report_beside){file, words};
}

/* What an outside program made; nothing was made: an older file of that name must not be taken for
 * this one's. */
static rv_status keep(struct writing *w, const char *file, const char *words, struct text bytes,
                      struct rv_err *reterr)
{
    RV_TRY(convert_keep(w->session, w->dir, file, bytes, reterr));
    if (bytes.at) {
        add_beside(w, file, words);
    }
    return rv_ok();
}

static rv_status write_workbook(struct writing *w, struct rv_err *reterr)
{
    struct xlsx_book book;
    RV_TRY(xlsx_of_assessment(w->arena, w->assessment, w->context, &book, reterr));
    const char *path = arena_printf(w->arena, "%s/tables.xlsx", w->dir);
    if (!path) {
        return arena_fail(w->arena, reterr);
    }
    RV_TRY(xlsx_write(w->arena, &book, path, reterr));
    add_beside(w, "tables.xlsx", "every table in one workbook");
    return rv_ok();
}

/* ---- pictures ---- */

/* ret->at == NULL when it could not be made. */
static rv_status draw(struct writing *w, const struct result_table *t, bool is_alone,
                      struct text *ret, struct rv_err *reterr)
{
    struct result_table drawn = *t;
    if (is_alone && w->context->is_synthetic) { /* a document says so itself */
        RV_TRY(table_mark_synthetic(w->arena, t, &drawn, reterr));
    }
    struct buf svg RV_CLEANUP(buf_done);
    buf_init(&svg, LIMIT_REPORT_BYTES);
    RV_TRY(report_picture(w->arena, w->context, &drawn, is_alone, &svg, reterr));
    RV_TRY(buf_status(&svg, reterr));
    const char *what = arena_printf(w->arena, "the picture of table %s", t->id);
    return what ? convert_png(w->session, what, buf_view(&svg), ret, reterr)
                : arena_fail(w->arena, reterr);
}

static void put_alternative(const struct result_table *t, struct buf *out)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, LIMIT_ROW_BYTES);
    buf_printf(&text, "%s. %s", t->title, t->description ? t->description : "");
    buf_printf(out, "%s.png,", t->id);
    buf_csv_words(out, text_trim(buf_view(&text)));
    buf_text(out, "\r\n");
}

/* charts/ID.png of every chart, and charts/alternatives.csv with words for who cannot see them. */
static rv_status write_charts(struct writing *w, struct rv_err *reterr)
{
    const char *folder = arena_printf(w->arena, "%s/" CHARTS, w->dir);
    if (!folder) {
        return arena_fail(w->arena, reterr);
    }
    RV_TRY(file_make_dir(folder, reterr));
    struct buf words RV_CLEANUP(buf_done);
    buf_init(&words, LIMIT_REPORT_BYTES);
    buf_text(&words, "file,alternative_text\r\n");
    for (size_t i = 0; i < w->assessment->table_count; i++) {
        const struct result_table *t = &w->assessment->tables[i];
        struct text png;
        if (!report_has_picture(w->context, t)) {
            continue;
        }
        RV_TRY(draw(w, t, true, &png, reterr));
        if (!png.at) {
            return rv_ok(); /* the next ones would fail likewise */
        }
        const char *name = arena_printf(w->arena, CHARTS "%s.png", t->id);
        if (!name) {
            return arena_fail(w->arena, reterr);
        }
        RV_TRY(put_file(w, name, png, reterr));
        put_alternative(t, &words);
    }
    RV_TRY(buf_status(&words, reterr));
    RV_TRY(put_file(w, CHARTS "alternatives.csv", buf_view(&words), reterr));
    w->context->png_dir = CHARTS;
    return rv_ok();
}

/* ---- documents ---- */

static rv_status edition(struct writing *w, enum report_edition which, struct buf *out,
                         struct rv_err *reterr)
{
    struct report_context context = *w->context;
    context.edition = which;
    return report_html(w->arena, w->assessment, &context, out, reterr);
}

static rv_status write_pdf(struct writing *w, struct rv_err *reterr)
{
    struct buf html RV_CLEANUP(buf_done);
    buf_init(&html, LIMIT_REPORT_BYTES);
    RV_TRY(edition(w, REPORT_PAPER, &html, reterr));
    struct text pdf;
    RV_TRY(convert_pdf(w->session, buf_view(&html), true, &pdf, reterr));
    return keep(w, "report.pdf", "this report as PDF", pdf, reterr);
}

/* The HTML, its pictures and the styles. *ret_count = 0 when a picture could not be made. */
static rv_status words_inputs(struct writing *w, struct text html, const char *style,
                              struct run_file **ret, size_t *ret_count, struct rv_err *reterr)
{
    const struct assessment *a = w->assessment;
    struct run_file *files = ARENA_NEW(w->arena, struct run_file, a->table_count + 2);
    if (!files) {
        return arena_fail(w->arena, reterr);
    }
    size_t n = 0;
    files[n++] = (struct run_file){"report.html", html};
    for (size_t i = 0; i < a->table_count; i++) {
        if (!report_has_picture(w->context, &a->tables[i])) {
            continue;
        }
        if (!w->pictures[i].at) {
            RV_TRY(draw(w, &a->tables[i], false, &w->pictures[i], reterr));
        }
        if (!w->pictures[i].at) {
            return rv_ok();
        }
        files[n].name = arena_printf(w->arena, "%s.png", a->tables[i].id);
        files[n].bytes = w->pictures[i];
        if (!files[n++].name) {
            return arena_fail(w->arena, reterr);
        }
    }
    files[n++] = (struct run_file){style, report_reference(style)};
    *ret = files;
    *ret_count = n;
    return rv_ok();
}

static rv_status write_words(struct writing *w, const char *format, const char *words,
                             struct rv_err *reterr)
{
    struct arena *a = w->arena;
    const char *file = arena_printf(a, "report.%s", format);
    const char *what = arena_printf(a, "report.%s", format);
    const char *style = arena_printf(a, "reference.%s", format);
    const char *style_option = arena_printf(a, "--reference-doc=reference.%s", format);
    if (!file || !what || !style || !style_option) {
        return arena_fail(a, reterr);
    }
    const char *arguments[] = {
        "--from",   "html", "--to",       format,       "--shift-heading-level-by=-1",
        "--output", file,   style_option, "report.html"};
    struct buf html RV_CLEANUP(buf_done);
    buf_init(&html, LIMIT_REPORT_BYTES);
    RV_TRY(edition(w, REPORT_WORDS, &html, reterr));
    struct run_file *files;
    size_t count = 0;
    struct text made = {NULL, 0};
    RV_TRY(words_inputs(w, buf_view(&html), style, &files, &count, reterr));
    if (count) {
        struct run_job job = {.program = RUN_PANDOC,
                              .arguments = arguments,
                              .argument_count = sizeof arguments / sizeof *arguments,
                              .inputs = files,
                              .input_count = count};
        RV_TRY(convert(w->session, what, &job, file, &made, reterr));
    }
    return keep(w, file, words, made, reterr);
}

rv_status documents_write(struct session *session, const struct assessment *assessment,
                          const char *dir, struct report_context *context, struct rv_err *reterr)
{
    const struct args *args = &session->args;
    struct arena *a = &session->arena;
    struct writing w = {.session = session,
                        .arena = a,
                        .assessment = assessment,
                        .context = context,
                        .dir = dir,
                        .beside = ARENA_NEW(a, struct report_beside, MOST_BESIDE),
                        .pictures = ARENA_NEW(a, struct text, assessment->table_count + 1)};
    if (!w.beside || !w.pictures) {
        return arena_fail(a, reterr);
    }
    context->beside = w.beside;
    progress_step(&session->progress, "writing documents", 0);
    if (args_has(args, "pdf")) {
        RV_TRY(write_pdf(&w, reterr));
    }
    if (args_has(args, "docx")) {
        RV_TRY(write_words(&w, "docx", "this report as a Word document", reterr));
    }
    if (args_has(args, "odt")) {
        RV_TRY(write_words(&w, "odt", "this report as an OpenDocument text", reterr));
    }
    if (args_has(args, "xlsx")) {
        RV_TRY(write_workbook(&w, reterr));
    }
    return args_has(args, "png") ? write_charts(&w, reterr) : rv_ok();
}
