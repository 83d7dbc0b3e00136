/* tests/read/reading.h — ways of reading the same CSV, written out so that they can be compared.
 *
 * Shared by the tests, the fuzz targets and the bench of src/read.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_READ_READING_H
#define REEVE_TESTS_READ_READING_H

#include "base/buf.h"
#include "base/text.h"
#include "read/csv.h"

/* Bytes as a file in memory, for source_open. */
struct memory_file {
    int fd;
    char path[32];
};
int memory_file_open(struct memory_file *f, struct text bytes); /* 0, or -1 */
void memory_file_close(struct memory_file *f);

/* What is written of every record. */
enum dump {
    DUMP_CELLS,   /* cells only: "3:abc,0:,;\n" */
    DUMP_RECORDS, /* with line and fault before them: "12 bad-quote 3:a\"b,;\n" */
    DUMP_SHOWN,   /* for reading: "12: a|b\n" or "12! bad-quote a\"b\n"; dump_csv only */
};

/* With the splitter and the parser, in blocks of block_bytes. */
rv_status dump_csv(const char *path, const struct csv_dialect *dialect, size_t block_bytes,
                   enum dump what, struct buf *out, struct rv_err *reterr);

/* With a reader that goes through the bytes one by one as csv.h says, the whole file at once. */
void dump_plain(struct text bytes, const struct csv_dialect *dialect, enum dump what,
                struct buf *out);

/* With libcsv (libcsv.h), DUMP_CELLS; false when it refuses the bytes. A byte-order mark is not
 * its business. */
bool dump_libcsv(struct text bytes, const struct csv_dialect *dialect, struct buf *out);

void dump_cell(struct buf *out, struct text cell);

#endif
