/* run/program.c — the table of programs, and what is said when one is missing or fails.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "run/client.h"
#include "run/run_internal.h"

#include <string.h>
#include <unistd.h>

#define MB ((uint64_t)1 << 20)

/* The limits are several times what a report of 200 pages with 60 charts takes. Chromium's own
 * file is started, not the shell script that Debian puts in front of it. Its wall-clock time is
 * generous, because a report of 52 pages takes 20 seconds of processor time and other programs may
 * be taking the processors meanwhile. */
static const struct run_spec built_in[] = {
    [RUN_CHROMIUM] = {.name = "chromium",
                      .package = "chromium",
                      .paths = {"/usr/lib/chromium/chromium"},
                      .without_namespace = "--no-sandbox",
                      .seconds = 600,
                      .cpu_seconds = 300,
                      .processes = 512,
                      .memory_bytes = 4096 * MB,
                      .file_bytes = 256 * MB,
                      .folder_bytes = 512 * MB,
                      .printed_bytes = MB},
    [RUN_PANDOC] = {.name = "pandoc",
                    .package = "pandoc",
                    .paths = {"/usr/bin/pandoc", "/usr/local/bin/pandoc"},
                    .seconds = 180,
                    .cpu_seconds = 180,
                    .processes = 64,
                    .memory_bytes = 4096 * MB,
                    .file_bytes = 256 * MB,
                    .folder_bytes = 512 * MB,
                    .printed_bytes = MB},
    [RUN_RSVG_CONVERT] = {.name = "rsvg-convert",
                          .package = "librsvg2-bin",
                          .paths = {"/usr/bin/rsvg-convert"},
                          .seconds = 60,
                          .cpu_seconds = 60,
                          .processes = 64,
                          .memory_bytes = 1024 * MB,
                          .file_bytes = 64 * MB,
                          .folder_bytes = 128 * MB,
                          .printed_bytes = MB},
};

rv_status run_start(struct run_helper **ret, struct rv_err *reterr)
{
    return run_start_with(built_in, sizeof built_in / sizeof *built_in, run_folder_base(), ret,
                          reterr);
}

const char *run_spec_path(const struct run_spec *spec)
{
    for (size_t i = 0; i < RUN_PATHS && spec->paths[i]; i++) {
        if (access(spec->paths[i], X_OK) == 0) {
            return spec->paths[i];
        }
    }
    return NULL;
}

const char *run_program_path(const struct run_helper *helper, size_t program)
{
    return program < helper->table.count ? run_spec_path(&helper->table.specs[program]) : NULL;
}

/* The last line that a program printed: that is where its reason stands. */
static void put_last_line(const char *said, struct buf *out)
{
    struct text rest = text_trim(text_of(said)), last = {NULL, 0};
    while (rest.n) {
        struct text line = text_trim(text_split(rest, '\n', &rest));
        last = line.n ? line : last;
    }
    if (last.n) {
        buf_text(out, ": ");
        buf_slice(out, last);
    }
}

void run_explain(const struct run_helper *helper, size_t program, const char *what,
                 const struct run_result *result, struct buf *out)
{
    const struct run_spec *spec = &helper->table.specs[program];
    switch (result->end) {
    case RUN_DONE:
        return;
    case RUN_NOT_HERE:
        buf_printf(out, "%s needs %s: apt-get install %s", what, spec->name, spec->package);
        return;
    case RUN_NOT_STARTED:
        buf_printf(out, "%s was not made: %s could not be started", what, spec->name);
        break;
    case RUN_FAILED:
        buf_printf(out, "%s was not made: %s ended with exit status %d", what, spec->name,
                   result->status);
        break;
    case RUN_KILLED:
        buf_printf(out, "%s was not made: %s was ended by signal %d (%s)", what, spec->name,
                   result->status, strsignal(result->status)); /* NOLINT(concurrency-mt-unsafe) */
        break;
    case RUN_TIMED_OUT:
        buf_printf(out, "%s was not made: %s was ended after its time limit of %u seconds", what,
                   spec->name, spec->seconds);
        return;
    case RUN_FLOODED:
        buf_printf(out, "%s was not made: %s printed more than %zu bytes and was ended", what,
                   spec->name, spec->printed_bytes);
        return;
    case RUN_WROTE_MUCH:
        buf_printf(out, "%s was not made: %s wrote more than %llu bytes and was ended", what,
                   spec->name, (unsigned long long)spec->folder_bytes);
        return;
    case RUN_GAVE_NOTHING:
        buf_printf(out, "%s was not made: %s ended without an error but wrote no such file", what,
                   spec->name);
        break;
    case RUN_CANCELLED:
        buf_printf(out, "%s was not made: interrupted", what);
        return;
    }
    put_last_line(result->said ? result->said : "", out);
}

void run_explain_fences(const struct run_helper *helper, size_t program,
                        const struct run_result *result, struct buf *out)
{
    static const char *const texts[] = {
#define RUN_FENCE_TEXT(name, text) text,
        RUN_FENCES(RUN_FENCE_TEXT)
#undef RUN_FENCE_TEXT
    };
    bool is_first = true;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (result->refused & 1U << i) {
            buf_printf(out, "%s%s", is_first ? helper->table.specs[program].name : "; ",
                       is_first ? " ran without " : "");
            buf_text(out, texts[i]);
            is_first = false;
        }
    }
}
