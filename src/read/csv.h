/* read/csv.h — CSV as RFC 4180, streamed in blocks of whole records, with physical line numbers.
 *
 * Two steps, so that the second can run on many threads: csv_splitter (one thread) cuts the
 * bytes into blocks that end on a record end; csv_parse turns one block into cells. Block
 * boundaries depend on the bytes only. No meaning here: cells and positions.
 *
 * A quote opens only at the start of a cell. A malformed record (text after a closing quote, a
 * quote inside an unquoted cell, a NUL byte, invalid UTF-8, over LIMIT_ROW_BYTES or
 * LIMIT_FIELD_BYTES, a quote never closed) is marked with its fault and ends at the next line
 * end, so that the following records still load; an unclosed quote is cut off at
 * LIMIT_ROW_BYTES and reading resumes on the line after its first line.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_CSV_H
#define REEVE_READ_CSV_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"
#include "read/source.h"

enum csv_line_end { CSV_LF, CSV_CRLF, CSV_CR }; /* CSV_LF accepts CRLF too */

struct csv_dialect {
    char separator;             /* usually ',' */
    enum csv_line_end line_end; /* CSV_CR for old Macintosh files */
};

#define CSV_BLOCK_BYTES ((size_t)8 << 20)

struct csv_block {
    char *bytes; /* owned by whoever called csv_splitter_next; memory_free it */
    size_t n;
    int64_t first_line; /* physical line number (from 1) of the first byte */
    uint64_t number;    /* 0, 1, … */
};

struct csv_splitter;
RV_MUST_CHECK rv_status csv_splitter_open(struct byte_source *source,
                                          const struct csv_dialect *dialect,
                                          struct csv_splitter **ret, struct rv_err *reterr);
void csv_splitter_close(struct csv_splitter *s);
void csv_splitter_closep(struct csv_splitter **s);

/* The next block (a byte-order mark at the start of the file is skipped); n == 0 at the end. */
RV_MUST_CHECK rv_status csv_splitter_next(struct csv_splitter *s, struct csv_block *ret,
                                          struct rv_err *reterr);

enum csv_fault {
    CSV_FINE,
    CSV_QUOTE,     /* a quote where none may stand, or text after a closing quote */
    CSV_UNCLOSED,  /* a quote that is never closed */
    CSV_NUL,       /* a NUL byte */
    CSV_ENCODING,  /* not valid UTF-8 */
    CSV_TOO_LONG,  /* a cell over LIMIT_FIELD_BYTES or a record over LIMIT_ROW_BYTES */
    CSV_TOO_MANY,  /* more than LIMIT_COLUMNS cells */
};
const char *csv_fault_code(enum csv_fault fault);     /* "bad-quote", "unclosed-quote", … */
const char *csv_fault_sentence(enum csv_fault fault); /* what it means and what to do */

struct csv_record {
    uint32_t first_cell, cells;
    int32_t line_offset; /* physical line = block.first_line + line_offset */
    enum csv_fault fault;
};

struct csv_records { /* lives in the arena given to csv_parse, cells borrow from block and arena */
    struct csv_record *records;
    size_t count;
    struct text *cells;
    size_t cell_count;
};

/* Splits a block into records and cells; empty lines are skipped (but counted as lines). A faulty
 * record has cells = 0, and its first 200 bytes as its only remembered text in cells[first_cell].
 * RV_NO_MEMORY, RV_LIMIT only. Thread-safe. */
RV_MUST_CHECK rv_status csv_parse(struct arena *a, const struct csv_block *block,
                                  const struct csv_dialect *dialect, struct csv_records *ret,
                                  struct rv_err *reterr);

#endif
