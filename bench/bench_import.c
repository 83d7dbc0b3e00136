/* bench/bench_import.c — one file into a fresh partnership file: MB/s, seconds, peak memory.
 *
 * bench_import PATH [THREADS [PROFILE]] imports PATH into a new file beside nothing else, once for
 * each thread count asked for, and prints one line a run and the import report of the last.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/parse.h"
#include "clock.h"
#include "ingest/ingest.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static rv_status import_once(const char *dir, const char *path, size_t threads, const char *profile,
                             struct buf *text, struct rv_err *reterr)
{
    RV_CLEANUP(pool_closep) struct pool *pool = NULL;
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_CLEANUP(arena_done) struct arena a;
    char file[256];
    (void)snprintf(file, sizeof file, "%s/bench-%zu.reeve", dir, threads);
    arena_init(&a, LIMIT_ARENA_BYTES);
    RV_TRY(pool_open(threads, &pool, reterr));
    RV_TRY(store_create(file, reterr));
    RV_TRY(store_open(file, STORE_WRITE, &s, reterr));
    struct ingest_options options = {.profile = profile, .now_utc = "2026-11-22T13:00:00Z"};
    struct ingest_report report;
    RV_TRY(ingest_import(s, &a, pool, NULL, path, &options, &report, reterr));
    buf_clear(text);
    ingest_report_text(&report, text);
    return buf_status(text, reterr);
}

static rv_status measure(const char *path, size_t threads, const char *profile, struct buf *text,
                         struct rv_err *reterr)
{
    char dir[] = "/tmp/reeve-bench-XXXXXX", command[64];
    struct stat st;
    if (!mkdtemp(dir) || stat(path, &st) != 0) {
        return rv_fail(reterr, RV_IO, "cannot read %s", path);
    }
    double start = now_s();
    rv_status status = import_once(dir, path, threads, profile, text, reterr);
    double seconds = now_s() - start;
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    if (rv_is_ok(status)) {
        printf("import: %zu thread%s %24.1f MB  %8.3f s  %8.1f MB/s  peak %ld MB  goal 300 MB/s a "
               "core, under 200 MB\n",
               threads, threads > 1 ? "s" : " ", (double)st.st_size / 1e6, seconds,
               (double)st.st_size / 1e6 / seconds, usage.ru_maxrss / 1024);
    }
    static const char *const SUFFIXES[] = {"", "-wal", "-shm", "-lock"};
    for (size_t i = 0; i < 4; i++) {
        (void)snprintf(command, sizeof command, "%s/bench-%zu.reeve%s", dir, threads, SUFFIXES[i]);
        (void)unlink(command);
    }
    (void)rmdir(dir);
    return status;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("bench_import PATH [THREADS [PROFILE]]\n", stderr);
        return 2;
    }
    int64_t only = 0;
    struct rv_err err;
    RV_CLEANUP(buf_done) struct buf text;
    buf_init(&text, (size_t)1 << 20);
    if (argc > 2 && !parse_int(text_of(argv[2]), &only)) {
        return 2;
    }
    for (size_t threads = only ? (size_t)only : 1; threads <= (only ? (size_t)only : 2);
         threads++) {
        if (!rv_is_ok(measure(argv[1], threads, argc > 3 ? argv[3] : NULL, &text, &err))) {
            fprintf(stderr, "%s\n", err.message);
            return rv_code_exit(err.code);
        }
    }
    fwrite(text.bytes, 1, text.n, stdout);
    return 0;
}
