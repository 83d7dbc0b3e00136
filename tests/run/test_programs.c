/* tests/run/test_programs.c — the built-in programs do their work inside the fences.
 *
 * A program that is not installed is skipped, saying so. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "run/run.h"

static struct run_helper *helper;
static struct arena arena;
static struct rv_err err;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)64 << 20);
    CHECK_OK(run_start(&helper, &err));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    run_stop(helper);
    arena_done(&arena);
    return 0;
}

/* One file in, one out; says what was refused and fails when the program did. */
static struct text convert(enum run_program program, const char *const *arguments, size_t count,
                           const struct run_file *input, const char *output)
{
    if (!run_program_path(helper, program)) {
        print_message("SKIPPED: program %d is not installed here\n", (int)program);
        skip();
    }
    const char *outputs[] = {output};
    const struct run_job job = {.program = program,
                                .arguments = arguments,
                                .argument_count = count,
                                .inputs = input,
                                .input_count = 1,
                                .outputs = outputs,
                                .output_count = 1};
    struct run_result result;
    CHECK_OK(run_job(helper, &arena, NULL, &job, &result, &err));
    struct buf said RV_CLEANUP(buf_done);
    buf_init(&said, 8192);
    run_explain_fences(helper, program, &result, &said);
    if (said.n) {
        print_message("note: %s\n", said.bytes);
    }
    if (result.end != RUN_DONE) {
        run_explain(helper, program, "the file", &result, &said);
        fail_msg("%s\n%s", said.bytes, result.said);
    }
    return result.outputs[0];
}

static const char svg[] = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\">"
                          "<text x=\"2\" y=\"15\">x</text></svg>";
static const char html[] =
    "<!DOCTYPE html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>Try</title></head>"
    "<body><h1>Heading</h1><p>Text<img src=\"http://127.0.0.1:9/x.png\" "
    "alt=\"\"></p></body></html>";

static void rsvg_convert_draws(void **state)
{
    (void)state;
    const char *arguments[] = {"--zoom", "2", "--output", "out.png", "in.svg"};
    const struct run_file input = {"in.svg", {svg, sizeof svg - 1}};
    struct text png = convert(RUN_RSVG_CONVERT, arguments, 5, &input, "out.png");
    CHECK(png.n > 24 && memcmp(png.at, "\x89PNG\r\n\x1a\n", 8) == 0);
    CHECK_INT((unsigned char)png.at[19], 80); /* width in the header */
    CHECK_INT((unsigned char)png.at[23], 40);
}

static void pandoc_writes_docx(void **state)
{
    (void)state;
    const char *arguments[] = {"--from", "html", "--to", "docx", "--output", "out.docx", "in.html"};
    const struct run_file input = {"in.html", {html, sizeof html - 1}};
    struct text docx = convert(RUN_PANDOC, arguments, 7, &input, "out.docx");
    CHECK(docx.n > 1000 && memcmp(docx.at, "PK\x03\x04", 4) == 0);
}

static void chromium_prints(void **state)
{
    (void)state;
    const char *arguments[] = {"--headless",
                               "--disable-gpu",
                               "--no-pdf-header-footer",
                               "--disable-dev-shm-usage",
                               "--print-to-pdf=out.pdf",
                               "in.html"};
    const struct run_file input = {"in.html", {html, sizeof html - 1}};
    struct text pdf = convert(RUN_CHROMIUM, arguments, 6, &input, "out.pdf");
    CHECK(pdf.n > 1000 && memcmp(pdf.at, "%PDF-", 5) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rsvg_convert_draws),
        cmocka_unit_test(pandoc_writes_docx),
        cmocka_unit_test(chromium_prints),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
