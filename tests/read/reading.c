/* tests/read/reading.c — the splitter and the parser, and the plain reader they must agree with.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "reading.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "libcsv.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int memory_file_open(struct memory_file *f, struct text bytes)
{
    f->fd = memfd_create("reeve-test", MFD_CLOEXEC);
    if (f->fd < 0 || !rv_is_ok(file_write_at(f->fd, bytes.at, bytes.n, 0, NULL))) {
        return -1;
    }
    (void)snprintf(f->path, sizeof f->path, "/proc/self/fd/%d", f->fd);
    return 0;
}

void memory_file_close(struct memory_file *f)
{
    file_closep(&f->fd);
}

void dump_cell(struct buf *out, struct text cell)
{
    buf_int(out, (int64_t)cell.n);
    buf_char(out, ':');
    buf_slice(out, cell);
    buf_char(out, ',');
}

static void dump_head(struct buf *out, int64_t line, enum csv_fault fault)
{
    buf_int(out, line);
    buf_char(out, ' ');
    buf_text(out, csv_fault_code(fault));
    buf_char(out, ' ');
}

/* Line ends and NUL inside a cell as \n, \r, \0. */
static void show_cell(struct buf *out, struct text cell)
{
    for (size_t i = 0; i < cell.n; i++) {
        char c = cell.at[i];
        if (c == '\n' || c == '\r' || c == '\0') {
            buf_text(out, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\0");
        } else {
            buf_char(out, c);
        }
    }
}

static void show_record(const struct csv_block *block, const struct csv_records *all,
                        const struct csv_record *r, struct buf *out)
{
    buf_int(out, block->first_line + r->line_offset);
    buf_text(out, r->fault ? "! " : ": ");
    buf_text(out, csv_fault_code(r->fault));
    buf_text(out, r->fault ? " " : "");
    for (uint32_t c = 0; c < (r->fault ? 1 : r->cells); c++) {
        buf_text(out, c ? "|" : "");
        show_cell(out, all->cells[r->first_cell + c]);
    }
    buf_char(out, '\n');
}

static void dump_block(const struct csv_block *block, const struct csv_records *all, enum dump what,
                       struct buf *out)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct csv_record *r = &all->records[i];
        if (what == DUMP_RECORDS) {
            dump_head(out, block->first_line + r->line_offset, r->fault);
        }
        if (what == DUMP_SHOWN) {
            show_record(block, all, r, out);
            continue;
        }
        uint32_t n = r->fault ? 1 : r->cells;
        for (uint32_t c = 0; c < n; c++) {
            dump_cell(out, all->cells[r->first_cell + c]);
        }
        buf_text(out, ";\n");
    }
}

static rv_status dump_next(struct csv_splitter *splitter, const struct csv_dialect *dialect,
                           enum dump what, struct buf *out, bool *is_ended, struct rv_err *reterr)
{
    struct csv_block block;
    struct csv_records records;
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    RV_TRY(csv_splitter_next(splitter, &block, reterr));
    *is_ended = block.n == 0;
    rv_status status = csv_parse(&a, &block, dialect, &records, reterr);
    if (rv_is_ok(status)) {
        dump_block(&block, &records, what, out);
    }
    arena_done(&a);
    memory_free(block.bytes);
    return status;
}

rv_status dump_csv(const char *path, const struct csv_dialect *dialect, size_t block_bytes,
                   enum dump what, struct buf *out, struct rv_err *reterr)
{
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    RV_CLEANUP(csv_splitter_closep) struct csv_splitter *splitter = NULL;
    RV_TRY(source_open(path, &source, reterr));
    RV_TRY(csv_splitter_open(source, dialect, &splitter, reterr));
    csv_splitter_set_block_bytes(splitter, block_bytes);
    for (bool is_ended = false; !is_ended;) {
        RV_TRY(dump_next(splitter, dialect, what, out, &is_ended, reterr));
    }
    return buf_status(out, reterr);
}

/* The plain reader: one byte at a time, nothing shared with src/read but the words of csv.h. */

struct plain {
    const char *at;
    size_t n;
    const struct csv_dialect *dialect;
};

/* Length of the line end at i: 0 when there is none. */
static size_t line_end_at(const struct plain *p, size_t i)
{
    bool has_crlf = i + 1 < p->n && p->at[i] == '\r' && p->at[i + 1] == '\n';
    if (i >= p->n) {
        return 0;
    }
    switch (p->dialect->line_end) {
    case CSV_CR:
        return p->at[i] == '\r';
    case CSV_CRLF:
        return has_crlf ? 2 : 0;
    case CSV_LF:
        break;
    }
    return has_crlf ? 2 : p->at[i] == '\n';
}

/* Where the record at `from` ends in its own quoting; *ret_broken is where that fails, or n. The
 * cells go to `out`. */
static size_t plain_record(const struct plain *p, size_t from, struct buf *out, size_t *ret_broken,
                           size_t *ret_cells, bool *ret_long)
{
    RV_CLEANUP(buf_done) struct buf cell;
    buf_init(&cell, (size_t)4 << 20);
    size_t i = from;
    *ret_broken = SIZE_MAX;
    *ret_cells = 0;
    *ret_long = false;
    for (;;) {
        buf_clear(&cell);
        if (i < p->n && p->at[i] == '"') {
            for (i++;; i++) {
                if (i >= p->n) {
                    *ret_broken = p->n;
                    return p->n;
                }
                if (p->at[i] == '"' && !(i + 1 < p->n && p->at[i + 1] == '"')) {
                    break;
                }
                i += p->at[i] == '"';
                buf_char(&cell, p->at[i]);
            }
            i++;
            bool is_last_return = i + 1 == p->n && p->at[i] == '\r';
            if (is_last_return && p->dialect->line_end != CSV_CR) {
                i++;
            }
            if (i < p->n && p->at[i] != p->dialect->separator && !line_end_at(p, i)) {
                *ret_broken = i;
                return i;
            }
        } else {
            while (i < p->n && p->at[i] != p->dialect->separator && !line_end_at(p, i)) {
                if (p->at[i] == '"') {
                    *ret_broken = i;
                    return i;
                }
                buf_char(&cell, p->at[i++]);
            }
            if (i == p->n && cell.n && cell.bytes[cell.n - 1] == '\r' &&
                p->dialect->line_end != CSV_CR) {
                cell.n--; /* as if the file ended with a line end */
            }
        }
        dump_cell(out, (struct text){cell.bytes, cell.n});
        ++*ret_cells;
        *ret_long |= cell.n > LIMIT_FIELD_BYTES;
        if (i >= p->n || p->at[i] != p->dialect->separator) {
            return i;
        }
        i++;
    }
}

static size_t to_line_end(const struct plain *p, size_t i)
{
    while (i < p->n && !line_end_at(p, i)) {
        i++;
    }
    return i;
}

/* The limit counts the CR of a CRLF. */
static size_t with_return(const struct plain *p, size_t end)
{
    return end + (line_end_at(p, end) == 2);
}

static struct text plain_excerpt(struct plain p, size_t from, size_t to)
{
    struct text t = {p.at + from, to - from};
    if (t.n > 200) {
        /* Up to three bytes fewer where the 200th is inside a character. */
        size_t n = 200;
        while (n > 196 && ((unsigned char)t.at[n] & 0xC0) == 0x80) {
            n--;
        }
        t.n = n > 196 ? n : 200;
    } else if (p.dialect->line_end != CSV_CR && to == p.n && t.n && t.at[t.n - 1] == '\r') {
        t.n--;
    }
    return t;
}

static enum csv_fault plain_fault(const struct plain *p, size_t from, size_t line, size_t to,
                                  size_t broken, size_t cells, bool is_long)
{
    struct text record = {p->at + from, to - from};
    bool has_nul = record.n && memchr(record.at, '\0', record.n);
    if (with_return(p, line) - from > LIMIT_ROW_BYTES) {
        return CSV_TOO_LONG;
    }
    if (has_nul) {
        return CSV_NUL;
    }
    if (broken != SIZE_MAX) {
        return broken < line ? CSV_QUOTE : CSV_UNCLOSED;
    }
    if (text_utf8_valid(record) != record.n) {
        return CSV_ENCODING;
    }
    return is_long ? CSV_TOO_LONG : cells > LIMIT_COLUMNS ? CSV_TOO_MANY : CSV_FINE;
}

void dump_plain(struct text bytes, const struct csv_dialect *dialect, enum dump what,
                struct buf *out)
{
    if (text_starts(bytes, "\xEF\xBB\xBF")) {
        bytes.at += 3;
        bytes.n -= 3;
    }
    struct plain p = {bytes.at, bytes.n, dialect};
    RV_CLEANUP(buf_done) struct buf cells;
    buf_init(&cells, (size_t)64 << 20);
    int64_t line = 1;
    for (size_t from = 0; from < p.n;) {
        size_t broken, count;
        bool is_long;
        buf_clear(&cells);
        size_t to = plain_record(&p, from, &cells, &broken, &count, &is_long);
        size_t first = to_line_end(&p, from);
        if (broken == SIZE_MAX && with_return(&p, to) - from > LIMIT_ROW_BYTES) {
            broken = to;
        }
        to = broken == SIZE_MAX ? to : first;
        enum csv_fault fault = plain_fault(&p, from, first, to, broken, count, is_long);
        bool is_empty = to == from || (to == p.n && to - from == 1 && p.at[from] == '\r');
        if (!is_empty) {
            if (what == DUMP_RECORDS) {
                dump_head(out, line, fault);
            }
            if (fault) {
                dump_cell(out, plain_excerpt(p, from, to));
            } else {
                buf_slice(out, buf_view(&cells));
            }
            buf_text(out, ";\n");
        }
        size_t next = to < p.n ? to + line_end_at(&p, to) : p.n;
        for (; from < next; from++) {
            line += p.at[from] == (dialect->line_end == CSV_CR ? '\r' : '\n');
        }
    }
}

static void on_cell(void *context, struct text cell)
{
    dump_cell(context, cell);
}

static void on_row(void *context)
{
    buf_text(context, ";\n");
}

bool dump_libcsv(struct text bytes, const struct csv_dialect *dialect, struct buf *out)
{
    struct libcsv_calls calls = {on_cell, on_row, out};
    return libcsv_read(bytes, dialect->separator, dialect->line_end == CSV_CR, &calls);
}
