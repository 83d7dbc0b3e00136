/* ingest/suggest_read.c — one pass over a file: a sample of its rows, every doubtful date.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_read.h"

#include "base/memory.h"
#include "ingest/head.h"

#define SCRATCH_BYTES ((size_t)1 << 30)
#define ROWS_OF_LATER 200 /* of each block after the first */
#define WATCHED_SHARE 2   /* one cell in so many is a date of numbers: the column is watched */

struct reading {
    struct arena *a;
    struct sampled *out;
    struct text *cells;
    size_t most; /* rows of the sample */
    struct date_tally_of *watched;
    bool *is_watched;
    struct rv_err *err;
};

static struct text cell_of(const struct csv_records *r, const struct csv_record *record, size_t i)
{
    return text_trim(r->cells[record->first_cell + i]);
}

static bool is_row(const struct reading *g, const struct csv_record *record)
{
    return record->fault == CSV_FINE && record->cells == g->out->sample.columns;
}

static rv_status keep_row(struct reading *g, const struct csv_records *r,
                          const struct csv_record *record)
{
    struct sample *s = &g->out->sample;
    for (size_t i = 0; i < s->columns; i++) {
        struct text cell = cell_of(r, record, i);
        char *copy = arena_text(g->a, cell.n ? cell.at : "", cell.n);
        if (!copy) {
            return arena_fail(g->a, g->err);
        }
        g->cells[s->rows * s->columns + i] = (struct text){copy, cell.n};
    }
    s->rows++;
    return rv_ok();
}

/* Evenly spaced rows of a block, at most `wanted`. */
static rv_status keep_rows(struct reading *g, const struct csv_records *r, size_t first,
                           size_t wanted)
{
    size_t n = r->count - first;
    size_t left = g->most - g->out->sample.rows;
    wanted = wanted < left ? wanted : left;
    for (size_t k = 0; k < n && wanted; k++) {
        bool is_due = n <= wanted || k * wanted / n != (k + 1) * wanted / n;
        if (is_due && is_row(g, &r->records[first + k])) {
            RV_TRY(keep_row(g, r, &r->records[first + k]));
        }
    }
    return rv_ok();
}

/* Columns in which many cells are dates of numbers, judged by the sample of the first block. */
static void find_watched(struct reading *g)
{
    const struct sample *s = &g->out->sample;
    for (size_t c = 0; c < s->columns; c++) {
        size_t dates = 0, filled = 0;
        for (size_t row = 0; row < s->rows && row < 2000; row++) {
            struct text cell = s->cells[row * s->columns + c];
            struct date_cell d;
            filled += cell.n > 0;
            dates += date_read(cell, &d) && d.shape == DATE_NUMBERS;
        }
        g->is_watched[c] = dates > 0 && dates * WATCHED_SHARE >= filled;
    }
}

static void watch(struct reading *g, const struct csv_records *r, size_t first)
{
    for (size_t c = 0; c < g->out->sample.columns; c++) {
        for (size_t i = first; i < r->count && g->is_watched[c]; i++) {
            struct date_cell d;
            if (is_row(g, &r->records[i]) && date_read(cell_of(r, &r->records[i], c), &d) &&
                d.shape == DATE_NUMBERS) {
                date_tally_add(&g->watched[c], &d, 1);
            }
        }
    }
}

static void count_rows(struct reading *g, const struct csv_records *r, size_t first)
{
    g->out->sample.file_rows += (int64_t)(r->count - first);
    for (size_t i = first; i < r->count; i++) {
        g->out->faulty += !is_row(g, &r->records[i]);
    }
}

static rv_status read_header(struct reading *g, const char *path, const struct csv_records *r)
{
    struct sample *s = &g->out->sample;
    if (r->count == 0 || r->records[0].fault != CSV_FINE || r->records[0].cells == 0) {
        return rv_fail(g->err, RV_INVALID, "%s: the header cannot be read%s%s", path,
                       r->count ? ": " : "; the file is empty",
                       r->count ? csv_fault_sentence(r->records[0].fault) : "");
    }
    s->columns = r->records[0].cells;
    struct text *header = ARENA_NEW(g->a, struct text, s->columns);
    g->most = SAMPLE_CELLS / s->columns < SAMPLE_ROWS ? SAMPLE_CELLS / s->columns : SAMPLE_ROWS;
    g->cells = ARENA_NEW(g->a, struct text, g->most * s->columns + 1);
    g->watched = ARENA_NEW(g->a, struct date_tally_of, s->columns);
    g->is_watched = ARENA_NEW(g->a, bool, s->columns);
    if (!header || !g->cells || !g->watched || !g->is_watched) {
        return arena_fail(g->a, g->err);
    }
    for (size_t i = 0; i < s->columns; i++) {
        struct text name = cell_of(r, &r->records[0], i);
        const char *copy = arena_text(g->a, name.n ? name.at : "", name.n);
        if (!copy) {
            return arena_fail(g->a, g->err);
        }
        header[i] = (struct text){copy, name.n};
    }
    s->header = header;
    s->cells = g->cells;
    s->watched = g->watched;
    return rv_ok();
}

static rv_status read_block(struct reading *g, const char *path, const struct csv_block *block,
                            struct arena *scratch)
{
    struct csv_records r;
    RV_TRY(csv_parse(scratch, block, &g->out->form.dialect, &r, g->err));
    size_t first = 0;
    if (block->number == 0) {
        RV_TRY(read_header(g, path, &r));
        first = 1;
    }
    RV_TRY(keep_rows(g, &r, first, block->number == 0 ? g->most * 3 / 4 : ROWS_OF_LATER));
    if (block->number == 0) {
        find_watched(g);
    }
    watch(g, &r, first);
    count_rows(g, &r, first);
    return rv_ok();
}

static rv_status read_blocks(struct reading *g, const char *path, struct byte_source *source,
                             struct csv_splitter *splitter, struct progress *progress)
{
    RV_CLEANUP(arena_done) struct arena scratch;
    arena_init(&scratch, SCRATCH_BYTES);
    int64_t done = 0;
    progress_step(progress, "looking at the file", source_file_bytes(source));
    for (bool is_first = true;; is_first = false) {
        struct csv_block block;
        RV_TRY(progress_check(progress, g->err));
        RV_TRY(csv_splitter_next(splitter, &block, g->err));
        if (block.n == 0 && !is_first) {
            memory_free(block.bytes);
            return rv_ok();
        }
        struct arena_mark mark = arena_mark(&scratch);
        rv_status status = read_block(g, path, &block, &scratch);
        arena_release(&scratch, mark);
        memory_free(block.bytes);
        RV_TRY(status);
        progress_add(progress, source_file_done(source) - done);
        done = source_file_done(source);
    }
}

rv_status sample_read(struct arena *a, const char *path, const struct form_declared *declared,
                      struct progress *progress, struct sampled *ret, struct rv_err *reterr)
{
    struct sampled out = {.faulty = 0};
    struct reading g = {.a = a, .out = &out, .err = reterr};
    RV_TRY(form_detect(a, path, declared, &out.form, reterr));
    if (!out.form.encoding) { /* it is asked for; until then the likeliest is shown */
        out.form.choice.encoding = out.form.suggestion ? out.form.suggestion : "windows-1252";
    }
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    RV_CLEANUP(csv_splitter_closep) struct csv_splitter *splitter = NULL;
    RV_TRY(source_open_as(path, &out.form.choice, &source, reterr));
    source_skip_sha256(source);
    RV_TRY(csv_splitter_open(source, &out.form.dialect, &splitter, reterr));
    RV_TRY(read_blocks(&g, path, source, splitter, progress));
    *ret = out;
    return rv_ok();
}
