/* bench/bench_read.c — MB/s of reading CSV on one core, beside libcsv on the same bytes.
 *
 * bench_read [megabytes [file.csv]]: a generated file in memory, laid out as a police.uk street
 * file, once with plain cells and once with every cell quoted; or a file of one's own. Processor
 * time, so that other programs disturb little; the best of three runs.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "libcsv.h"
#include "read/csv.h"
#include "reading.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define RUNS 3

static const struct csv_dialect lf = {',', CSV_LF};

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void stop_on(rv_status status, const struct rv_err *err)
{
    if (!rv_is_ok(status)) {
        (void)fprintf(stderr, "bench_read: %s\n", err->message);
        exit(1);
    }
}

static void put_row(struct buf *out, uint64_t i, bool is_quoted)
{
    static const char *const types[] = {"Violence and sexual offences", "Anti-social behaviour",
                                        "Burglary", "Other theft", "Possession of weapons"};
    static const char *const outcomes[] = {"Investigation complete; no suspect identified", "",
                                           "Under investigation"};
    const char *q = is_quoted ? "\"" : "";
    uint64_t h = i * 0x9E3779B97F4A7C15U;
    buf_printf(out, "%s%016" PRIx64 "%016" PRIx64 "%016" PRIx64 "%016" PRIx64 "%s,", q, h, h * 3,
               h * 5, h * 7, q);
    buf_printf(out, "%s2021-%02d%s,", q, (int)(i % 12 + 1), q);
    buf_printf(out, "%sMetropolitan Police Service%s,%sMetropolitan Police Service%s,", q, q, q, q);
    buf_printf(out, "%s0.%06d%s,%s51.%06d%s,", q, (int)(h % 999999), q, q, (int)(h >> 44), q);
    buf_printf(out, "%sOn or near %s Road%s,", q, h & 1 ? "Shopping Area" : "High", q);
    buf_printf(out, "%sE0100%04d%s,%sHavering %03dA%s,", q, (int)(h % 9999), q, q, (int)(h % 31),
               q);
    buf_printf(out, "%s%s%s,%s%s%s,", q, types[h % 5], q, q, outcomes[h % 3], q);
    buf_text(out, is_quoted ? "\"\"\n" : "\n");
}

struct times {
    double source, split, parse;
    size_t cells;
};

static void read_once(const char *path, struct times *t)
{
    struct rv_err err;
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    RV_CLEANUP(csv_splitter_closep) struct csv_splitter *splitter = NULL;
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    stop_on(source_open(path, &source, &err), &err);
    stop_on(csv_splitter_open(source, &lf, &splitter, &err), &err);
    for (;;) {
        struct csv_block block;
        struct csv_records all;
        double start = now();
        stop_on(csv_splitter_next(splitter, &block, &err), &err);
        double split = now();
        t->split += split - start;
        if (block.n == 0) {
            return;
        }
        stop_on(csv_parse(&a, &block, &lf, &all, &err), &err);
        t->parse += now() - split;
        t->cells += all.cell_count;
        arena_done(&a);
        memory_free(block.bytes);
    }
}

static void source_once(const char *path, struct times *t)
{
    struct rv_err err;
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    char *bytes = memory_new(CSV_BLOCK_BYTES, 1);
    double start = now();
    stop_on(source_open(path, &source, &err), &err);
    for (size_t n = 1; n && bytes;) {
        stop_on(source_read(source, bytes, CSV_BLOCK_BYTES, &n, &err), &err);
    }
    t->source += now() - start;
    memory_free(bytes);
}

static void count_cell(void *context, struct text cell)
{
    (void)cell;
    ++*(size_t *)context;
}

static void count_row(void *context)
{
    (void)context;
}

static double libcsv_once(struct text bytes, size_t *cells)
{
    struct libcsv_calls calls = {count_cell, count_row, cells};
    double start = now();
    if (!libcsv_read(bytes, ',', false, &calls)) {
        (void)printf("libcsv refuses this file\n");
    }
    return now() - start;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

static void measure(const char *what, struct text bytes)
{
    struct memory_file file;
    if (memory_file_open(&file, bytes) != 0) {
        (void)fprintf(stderr, "bench_read: cannot hold the file in memory\n");
        exit(1);
    }
    double mb = (double)bytes.n / 1e6, source = 1e9, split = 1e9, parse = 1e9, libcsv = 1e9;
    size_t cells = 0, libcsv_cells = 0;
    for (int run = 0; run < RUNS; run++) {
        struct times t = {0};
        source_once(file.path, &t);
        read_once(file.path, &t);
        source = least(source, t.source);
        split = least(split, t.split);
        parse = least(parse, t.parse);
        cells = t.cells;
        libcsv_cells = 0;
        libcsv = least(libcsv, libcsv_once(bytes, &libcsv_cells));
    }
    double own = split - source > 0 ? split - source : 0;
    (void)printf("%s: %.0f MB, %zu cells (libcsv %zu)\n", what, mb, cells, libcsv_cells);
    (void)printf("  source (read, SHA-256)    %8.0f MB/s\n", mb / source);
    (void)printf("  source + split            %8.0f MB/s\n", mb / split);
    (void)printf("  parse                     %8.0f MB/s\n", mb / parse);
    (void)printf("  split + parse             %8.0f MB/s   goal 800\n", mb / (own + parse));
    (void)printf("  source + split + parse    %8.0f MB/s\n", mb / (split + parse));
    (void)printf("  libcsv, from memory       %8.0f MB/s\n", mb / libcsv);
    memory_file_close(&file);
}

int main(int count, char **arguments)
{
    size_t mb = count > 1 ? strtoull(arguments[1], NULL, 10) : 128;
    RV_CLEANUP(buf_done) struct buf bytes;
    struct rv_err err;
    buf_init(&bytes, (mb + 1) << 20);
    if (count > 2) {
        stop_on(file_read(arguments[2], &bytes, &err), &err);
        measure(arguments[2], buf_view(&bytes));
        return 0;
    }
    for (int is_quoted = 0; is_quoted < 2; is_quoted++) {
        buf_clear(&bytes);
        for (uint64_t i = 0; bytes.n < mb * 1000000; i++) {
            put_row(&bytes, i, is_quoted);
        }
        stop_on(buf_status(&bytes, &err), &err);
        measure(is_quoted ? "every cell quoted" : "plain cells", buf_view(&bytes));
    }
    return 0;
}
