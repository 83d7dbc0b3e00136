/* read/csv.h — CSV as RFC 4180, streamed in blocks of whole records, with physical line numbers.
 *
 * Two steps, so that the second can run on many threads: csv_splitter (one thread) cuts the
 * bytes into blocks that end on a record end; csv_parse turns one block into cells. Block
 * boundaries depend on the bytes only. No meaning here: cells and positions.
 *
 * A quote opens only at the start of a cell. A record whose quoting is broken is its first line
 * alone, and reading resumes on the next line, so that one stray quote never swallows the rows
 * after it: CSV_QUOTE when the fault is on that first line, CSV_UNCLOSED when a quote opened there
 * runs on to a place where it cannot close, to LIMIT_ROW_BYTES or to the end of the file. A line
 * over LIMIT_ROW_BYTES (the CR of a CRLF counted) is CSV_TOO_LONG whatever is in it. The other
 * faults leave the record its extent. Of several faults the first in this order is given: the
 * over-long line, NUL, quoting, encoding, an over-long cell, too many cells.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_CSV_H
#define REEVE_READ_CSV_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"
#include "read/source.h"

/* What ends a record. CSV_LF takes LF and CRLF. CSV_CRLF takes CRLF only: a lone LF is part of the
 * cell. CSV_CR is for old Macintosh files. Physical lines are counted by LF, or by CR for CSV_CR,
 * as an editor counts them. */
enum csv_line_end { CSV_LF, CSV_CRLF, CSV_CR };

struct csv_dialect {
    char separator; /* usually ',': a byte below 128, not NUL, quote, CR or LF */
    enum csv_line_end line_end;
};

#define CSV_BLOCK_BYTES ((size_t)8 << 20)

struct csv_block {
    char *bytes; /* owned by whoever called csv_splitter_next; memory_free it */
    size_t n;
    int64_t first_line; /* physical line number (from 1) of the first byte */
    uint64_t number;    /* 0, 1, … */
};

struct csv_splitter;

/* Keeps `source`, which must outlive it. RV_USAGE for a separator that cannot be one. */
RV_MUST_CHECK rv_status csv_splitter_open(struct byte_source *source,
                                          const struct csv_dialect *dialect,
                                          struct csv_splitter **ret, struct rv_err *reterr);
void csv_splitter_close(struct csv_splitter *s);
void csv_splitter_closep(struct csv_splitter **s);

/* For tests: the size aimed at, at least 1. Records, lines and faults do not depend on it. */
void csv_splitter_set_block_bytes(struct csv_splitter *s, size_t bytes);

/* The next block (a byte-order mark at the start of the file is skipped); n == 0 and bytes NULL at
 * the end. Of a line over LIMIT_ROW_BYTES only the first part is kept, so memory is bounded by
 * CSV_BLOCK_BYTES whatever the file. Failures of source_read, RV_NO_MEMORY. */
RV_MUST_CHECK rv_status csv_splitter_next(struct csv_splitter *s, struct csv_block *ret,
                                          struct rv_err *reterr);

enum csv_fault {
    CSV_FINE,
    CSV_QUOTE,    /* a quote where none may stand, or text after a closing quote */
    CSV_UNCLOSED, /* a quote that is never closed, or not where it could be */
    CSV_NUL,      /* a NUL byte */
    CSV_ENCODING, /* not valid UTF-8 */
    CSV_TOO_LONG, /* a cell over LIMIT_FIELD_BYTES or a record over LIMIT_ROW_BYTES */
    CSV_TOO_MANY, /* more than LIMIT_COLUMNS cells */
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
 * record has cells = 0, and its first 200 bytes as its only remembered text in cells[first_cell]
 * (raw: they may hold NUL or invalid UTF-8; a valid character is not cut in two).
 * RV_NO_MEMORY, RV_LIMIT only. Thread-safe. */
RV_MUST_CHECK rv_status csv_parse(struct arena *a, const struct csv_block *block,
                                  const struct csv_dialect *dialect, struct csv_records *ret,
                                  struct rv_err *reterr);

#endif
