/* read/csv_parse.c — one block of CSV into records and cells.
 *
 * The bytes that matter (separator, quote, line end) come as bit masks, 64 bytes a word; the
 * parser goes from one to the next and never looks at the bytes between. Words with a NUL or a
 * byte over 127 are remembered, so that only records that touch one are checked for UTF-8.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "read/csv.h"
#include "read/csv_scan.h"

#include <string.h>

#define EXCERPT_BYTES ((size_t)200)

static const struct {
    const char *code, *sentence;
} faults[] = {
    [CSV_FINE] = {"", ""},
    [CSV_QUOTE] = {"bad-quote",
                   "A quotation mark stands where none may stand, or text follows a closing one: "
                   "put the whole cell in quotation marks and double those inside it."},
    [CSV_UNCLOSED] = {"unclosed-quote",
                      "A quotation mark opens a cell and is never closed: close it, or remove it."},
    [CSV_NUL] = {"nul-byte", "The row holds a NUL byte: the file is damaged, or in UTF-16; save it "
                             "again as CSV UTF-8."},
    [CSV_ENCODING] = {"bad-encoding", "The row is not valid UTF-8: save the file as CSV UTF-8, or "
                                      "declare its encoding in the import profile."},
    [CSV_TOO_LONG] = {"too-long", "The row or one of its cells is longer than any real one: look "
                                  "for a missing line end or quotation mark."},
    [CSV_TOO_MANY] = {"too-many-cells", "The row has more cells than a file may have columns: look "
                                        "for a missing line end or the wrong separator."},
};

const char *csv_fault_code(enum csv_fault fault)
{
    return faults[fault].code;
}

const char *csv_fault_sentence(enum csv_fault fault)
{
    return faults[fault].sentence;
}

struct parser {
    struct csv_dialect dialect;
    char end; /* csv_end_byte */
    const struct csv_kernel *kernel;
    const char *bytes;
    size_t n;
    struct arena *arena;
    struct text *cells;
    size_t cell_count;
    struct csv_record *records;
    size_t record_count;
    size_t line;    /* line ends passed */
    size_t base;    /* first byte of the current word */
    uint64_t left;  /* its special bytes not yet passed */
    size_t odd_end; /* end of the last odd word reached */
    size_t window;  /* first byte of the masks */
    struct csv_masks masks;
    bool has_long_cell; /* in the current record */
    bool is_out_of_memory;
};

static void load_window(struct parser *p, size_t at)
{
    size_t n = p->n - at;
    p->window = at;
    p->kernel->index(p->bytes + at, n < CSV_WINDOW_BYTES ? n : CSV_WINDOW_BYTES,
                     p->dialect.separator, p->end, &p->masks);
}

static void load_word(struct parser *p, size_t at)
{
    size_t word = (at - p->window) / 64;
    if (word >= CSV_WINDOW_WORDS) {
        load_window(p, at);
        word = 0;
    }
    p->base = at;
    p->left = p->masks.special[word];
    if (p->masks.odd >> word & 1) {
        p->odd_end = at + 64;
    }
}

/* Goes back or forward to `at`: the next special byte is the first one from there. */
static void seek(struct parser *p, size_t at)
{
    load_window(p, at);
    load_word(p, at);
}

/* Position of the next special byte; p->n at the end, also again. */
static inline size_t next_special(struct parser *p)
{
    while (p->left == 0) {
        if (p->base + 64 >= p->n) {
            return p->n;
        }
        load_word(p, p->base + 64);
    }
    size_t at = p->base + (size_t)__builtin_ctzll(p->left);
    p->left &= p->left - 1;
    return at;
}

static inline void add_cell(struct parser *p, const char *at, size_t n)
{
    p->cells[p->cell_count++] = (struct text){at, n};
    p->has_long_cell |= n > LIMIT_FIELD_BYTES;
}

/* The content of a quoted cell with its doubled quotes made single, in the arena. */
static void add_doubled(struct parser *p, size_t from, size_t to)
{
    char *copy = arena_new(p->arena, to - from, 1);
    if (!copy) {
        p->is_out_of_memory = true;
        return;
    }
    size_t n = 0;
    while (from < to) {
        const char *quote = memchr(p->bytes + from, '"', to - from);
        size_t run = quote ? (size_t)(quote - p->bytes) + 1 - from : to - from;
        memcpy(copy + n, p->bytes + from, run);
        n += run;
        from += run + (quote != NULL);
    }
    add_cell(p, copy, n);
}

/* What became of a cell or a record: more follows, it ended the record, or its quoting broke. */
enum step { MORE, ENDS, BREAKS };

/* The quoted cell whose quote stands at `open`. MORE: *at is where the next cell begins. ENDS:
 * *at is the line end. BREAKS: the quoting is broken at *at, or nowhere up to `last`. */
static enum step quoted_cell(struct parser *p, size_t open, size_t last, size_t *at)
{
    bool is_doubled = false;
    size_t quote;
    for (;;) {
        quote = next_special(p);
        if (quote >= p->n || quote > last) {
            *at = CSV_NOWHERE;
            return BREAKS;
        }
        char c = p->bytes[quote];
        p->line += c == p->end;
        if (c != '"') {
            continue;
        }
        if (quote + 1 == p->n || p->bytes[quote + 1] != '"') {
            break;
        }
        is_doubled = true;
        (void)next_special(p);
    }
    size_t after = quote + 1;
    bool is_more = after < p->n && p->bytes[after] == p->dialect.separator;
    size_t end = is_more ? after : csv_end_after_quote(&p->dialect, p->bytes, after, p->n);
    *at = after;
    if (end == CSV_NOWHERE) {
        return BREAKS;
    }
    if (is_doubled) {
        add_doubled(p, open + 1, quote);
    } else {
        add_cell(p, p->bytes + open + 1, quote - open - 1);
    }
    (void)next_special(p); /* the separator or the line end */
    *at = is_more ? after + 1 : end;
    return is_more ? MORE : ENDS;
}

/* The cells of the record at `from`. ENDS: *at is its line end or p->n. BREAKS: *at is where its
 * quoting is broken. */
static enum step read_cells(struct parser *p, size_t from, size_t *at)
{
    size_t start = from, last = from + LIMIT_ROW_BYTES;
    for (;;) {
        size_t place = next_special(p);
        char c = place < p->n ? p->bytes[place] : p->end;
        if (c == p->dialect.separator) {
            add_cell(p, p->bytes + start, place - start);
            start = place + 1;
        } else if (c == p->end) {
            if (place < p->n && !csv_is_end(&p->dialect, p->bytes, place)) {
                p->line++; /* a lone LF in a file of CRLF lines */
                continue;
            }
            bool has_return = p->end == '\n' && place > start && p->bytes[place - 1] == '\r';
            add_cell(p, p->bytes + start, place - start - has_return);
            *at = place;
            return ENDS;
        } else if (place != start) {
            *at = place; /* a quote inside an unquoted cell */
            return BREAKS;
        } else {
            enum step step = quoted_cell(p, place, last, &start);
            if (step != MORE) {
                *at = start;
                return step;
            }
        }
    }
}

/* Bytes of the record worth remembering: at most 200, no valid character cut in two. */
static struct text excerpt(const struct parser *p, size_t from, size_t to)
{
    size_t n = to - from < EXCERPT_BYTES ? to - from : EXCERPT_BYTES;
    if (n < to - from) {
        size_t cut = n;
        while (cut > n - 4 && (p->bytes[from + cut] & 0xC0) == 0x80) {
            cut--;
        }
        n = cut > n - 4 ? cut : n;
    } else if (n && p->end == '\n' && p->bytes[to - 1] == '\r') {
        n--;
    }
    return (struct text){p->bytes + from, n};
}

static bool has_nul(const struct parser *p, size_t from, size_t to)
{
    return to > from && memchr(p->bytes + from, '\0', to - from) != NULL;
}

/* The fault in the content of a record that ends where it should. */
static enum csv_fault content_fault(const struct parser *p, size_t from, size_t to, size_t cells)
{
    if (p->odd_end > from) {
        struct text all = {p->bytes + from, to - from};
        if (has_nul(p, from, to)) {
            return CSV_NUL;
        }
        if (text_utf8_valid(all) != all.n) {
            return CSV_ENCODING;
        }
    }
    if (p->has_long_cell) {
        return CSV_TOO_LONG;
    }
    return cells > LIMIT_COLUMNS ? CSV_TOO_MANY : CSV_FINE;
}

/* The record at *at, and *at moved to the one after it. */
static void read_record(struct parser *p, size_t *at)
{
    size_t from = *at, end = 0, first_cell = p->cell_count, first_line = p->line;
    p->has_long_cell = false;
    enum step step = read_cells(p, from, &end);
    size_t cells = p->cell_count - first_cell;
    enum csv_fault fault;
    if (step == ENDS && end - from <= LIMIT_ROW_BYTES) {
        fault = content_fault(p, from, end, cells);
        p->line += end < p->n;
    } else { /* only the first line is this record */
        size_t broken = step == BREAKS ? end : CSV_NOWHERE;
        end = csv_find_end(&p->dialect, p->bytes, from, p->n);
        fault = end - from > LIMIT_ROW_BYTES ? CSV_TOO_LONG
                : has_nul(p, from, end)      ? CSV_NUL
                : broken <= end              ? CSV_QUOTE
                                             : CSV_UNCLOSED;
        size_t next = end < p->n ? end + 1 : p->n;
        p->line = first_line + p->kernel->count(p->bytes + from, next - from, p->end);
        if (next < p->n) {
            seek(p, next);
        }
    }
    *at = end < p->n ? end + 1 : p->n;
    size_t raw = end - from;
    if (raw == 0 || (raw == 1 && p->end == '\n' && p->bytes[from] == '\r')) {
        p->cell_count = first_cell;
        return; /* an empty line */
    }
    if (fault != CSV_FINE) {
        p->cells[first_cell] = excerpt(p, from, end);
        p->cell_count = first_cell + 1;
        cells = 0;
    }
    p->records[p->record_count++] =
        (struct csv_record){(uint32_t)first_cell, (uint32_t)cells, (int32_t)first_line, fault};
}

rv_status csv_parse(struct arena *a, const struct csv_block *block,
                    const struct csv_dialect *dialect, struct csv_records *ret,
                    struct rv_err *reterr)
{
    if (block->n > INT32_MAX) {
        return rv_fail(reterr, RV_LIMIT, "a block of CSV of more than 2 GB");
    }
    struct parser p = {.dialect = *dialect,
                       .end = csv_end_byte(dialect),
                       .kernel = csv_kernel(0),
                       .bytes = block->bytes,
                       .n = block->n,
                       .arena = a};
    size_t lines = p.kernel->count(p.bytes, p.n, p.end);
    size_t separators = p.kernel->count(p.bytes, p.n, dialect->separator);
    p.cells = ARENA_NEW(a, struct text, separators + lines + 1);
    p.records = ARENA_NEW(a, struct csv_record, lines + 1);
    if (!p.cells || !p.records) {
        return arena_fail(a, reterr);
    }
    if (p.n) {
        seek(&p, 0);
    }
    for (size_t at = 0; at < p.n;) {
        read_record(&p, &at);
        if (p.is_out_of_memory) {
            return arena_fail(a, reterr);
        }
    }
    *ret = (struct csv_records){p.records, p.record_count, p.cells, p.cell_count};
    return rv_ok();
}
