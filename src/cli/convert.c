/* cli/convert.c — one job for an outside program, and what is said when it comes to nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli/convert.h"

#include "base/file.h"

#include <string.h>
#include <unistd.h>

bool convert_is_wanted(const struct args *args)
{
    const char *format = args_get(args, "format"), *out = args_get(args, "out");
    return args_has(args, "pdf") || args_has(args, "docx") || args_has(args, "odt") ||
           args_has(args, "png") || (format && strcmp(format, "png") == 0) ||
           (out && text_ends(text_of(out), ".png"));
}

/* Each fence is told once a program, however many charts it draws. */
static void note_fences(struct session *session, size_t program, const struct run_result *result)
{
    if (result->refused && !(session->fences_told >> program & 1)) {
        session->fences_told |= 1u << program;
        buf_text(&session->notes, "reeve: ");
        run_explain_fences(session->helper, program, result, &session->notes);
        buf_char(&session->notes, '\n');
    }
}

rv_status convert(struct session *session, const char *what, struct run_job *job,
                  const char *output, struct text *ret, struct rv_err *reterr)
{
    struct run_result result;
    struct rv_err err = {.code = RV_OK};
    job->outputs = &output;
    job->output_count = 1;
    *ret = (struct text){NULL, 0};
    rv_status status =
        run_job(session->helper, &session->arena, &session->progress, job, &result, &err);
    if (status.code == RV_INTERRUPTED || status.code == RV_NO_MEMORY) {
        return rv_fail(reterr, status.code, "%s", err.message);
    }
    if (rv_is_ok(status) && result.end == RUN_DONE) {
        *ret = result.outputs[0];
        note_fences(session, job->program, &result);
        return rv_ok();
    }
    session->needs_attention = true;
    buf_text(&session->notes, "reeve: ");
    if (rv_is_ok(status)) {
        run_explain(session->helper, job->program, what, &result, &session->notes);
    } else {
        buf_printf(&session->notes, "%s was not made: %s", what, err.message);
    }
    buf_char(&session->notes, '\n');
    return rv_ok();
}

rv_status convert_pdf(struct session *session, struct text html, bool with_outline,
                      struct text *ret, struct rv_err *reterr)
{
    static const char *const arguments[] = {"--generate-pdf-document-outline", /* may be left out */
                                            "--headless",
                                            "--disable-gpu",
                                            "--disable-dev-shm-usage",
                                            "--disable-extensions",
                                            "--disable-background-networking",
                                            "--no-pdf-header-footer",
                                            "--print-to-pdf=this.pdf",
                                            "this.html"};
    const size_t left_out = with_outline ? 0 : 1;
    const struct run_file input = {"this.html", html};
    struct run_job job = {.program = RUN_CHROMIUM,
                          .arguments = arguments + left_out,
                          .argument_count = sizeof arguments / sizeof *arguments - left_out,
                          .inputs = &input,
                          .input_count = 1};
    return convert(session, "the PDF", &job, "this.pdf", ret, reterr);
}

rv_status convert_keep(struct session *session, const char *dir, const char *file,
                       struct text bytes, struct rv_err *reterr)
{
    const char *path = arena_printf(&session->arena, "%s/%s", dir, file);
    if (!path) {
        return arena_fail(&session->arena, reterr);
    }
    if (bytes.at) {
        return file_write(path, bytes, reterr);
    }
    if (access(path, F_OK) == 0) {
        buf_printf(&session->notes, "reeve: %s is from an earlier run\n", path);
    }
    return rv_ok();
}

rv_status convert_png(struct session *session, const char *what, struct text svg, struct text *ret,
                      struct rv_err *reterr)
{
    static const char *const arguments[] = {"--unlimited",        "--zoom",  "2",
                                            "--background-color", "white",   "--output",
                                            "this.png",           "this.svg"};
    const struct run_file input = {"this.svg", svg};
    struct run_job job = {.program = RUN_RSVG_CONVERT,
                          .arguments = arguments,
                          .argument_count = sizeof arguments / sizeof *arguments,
                          .inputs = &input,
                          .input_count = 1};
    return convert(session, what, &job, "this.png", ret, reterr);
}

rv_status convert_png_file(struct session *session, struct text svg, const char *path,
                           struct rv_err *reterr)
{
    struct text png;
    RV_TRY(convert_png(session, "the picture", svg, &png, reterr));
    if (!png.at) {
        return rv_fail(reterr, RV_IO, "%s was not written", path);
    }
    return file_write(path, png, reterr);
}
