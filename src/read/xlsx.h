/* read/xlsx.h — the parts of a workbook (Office Open XML, ISO/IEC 29500, both of its dialects).
 *
 * Internal to src/read. A sheet is read from top to bottom in one pass; what it needs of the other
 * parts is found through the relationships of the package, never through fixed names.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_XLSX_H
#define REEVE_READ_XLSX_H

#include "base/buf.h"
#include "read/archive.h"
#include "read/stream.h"

/* ---- the workbook: xlsx_book.c ---- */

struct book_sheet {
    const char *name;
    bool is_hidden;
    const struct zip_member *part; /* NULL = no worksheet (a chart of its own) or not there */
};

struct book { /* in the arena given */
    const struct archive *archive;
    struct book_sheet *sheets; /* in the order of the tabs */
    size_t sheet_count;
    bool is_1904;
    const struct zip_member *strings, *styles; /* NULL = the workbook has none */
};

/* RV_INVALID for a package that is no workbook (a document, slides, a binary workbook), with the
 * remedy. The archive must outlive the book. */
RV_MUST_CHECK rv_status book_read(const struct archive *archive, struct arena *a, struct book *ret,
                                  struct rv_err *reterr);

/* The sheet of this name (letters of any case), or for NULL the first worksheet that is not
 * hidden. RV_INVALID lists the names. */
RV_MUST_CHECK rv_status book_choose(const struct book *b, const char *name,
                                    const struct book_sheet **ret, struct rv_err *reterr);

/* ---- how numbers are shown: xlsx_format.c ---- */

enum cell_look {
    LOOK_NUMBER,
    LOOK_ZEROS, /* "0000" */
    LOOK_MONTH, /* no day: "mmm-yy" */
    LOOK_DATE,
    LOOK_TIME,
    LOOK_DATE_TIME,
    LOOK_ELAPSED /* "[h]:mm" */
};

struct cell_format {
    uint8_t look;
    uint8_t digits;      /* LOOK_ZEROS: at least so many, with leading zeros */
    uint8_t has_seconds; /* times show seconds */
};

/* The formats of cells by their style number. */
struct cell_formats {
    struct cell_format *list;
    size_t count;
};

/* Of a format code ("dd/mm/yyyy hh:mm"). Pure. */
struct cell_format format_of_code(const char *code);

/* Reads the styles part. An unknown style number is LOOK_NUMBER. */
RV_MUST_CHECK rv_status formats_read(const struct book *b, struct arena *a,
                                     struct cell_formats *ret, struct rv_err *reterr);

#define SHOWN_BYTES 64

/* A stored number as its cell shows it: dates and times in ISO 8601, numbers with 15 significant
 * digits and without thousands separators or currency. Text that is no number comes back as it
 * is. Writes at most SHOWN_BYTES and returns how many. */
size_t number_show(struct text stored, struct cell_format f, bool is_1904, char out[SHOWN_BYTES]);

/* ---- texts that cells share: xlsx_strings.c ---- */

struct strings;

/* `part` may be NULL: then there are none. Texts are read only as far as they are asked for; those
 * past the first 8 MB wait in an unlinked file in `dir`. */
RV_MUST_CHECK rv_status strings_open(const struct archive *archive, const struct zip_member *part,
                                     const char *dir, struct strings **ret, struct rv_err *reterr);
void strings_close(struct strings *s); /* NULL allowed */

/* Text number `i`, valid until the next call. *ret_found false = there is none of this number. */
RV_MUST_CHECK rv_status strings_get(struct strings *s, int64_t i, struct text *ret, bool *ret_found,
                                    struct rv_err *reterr);

/* Reads the rest of the part, so that damage further on shows. */
RV_MUST_CHECK rv_status strings_finish(struct strings *s, struct rv_err *reterr);

/* Appends a piece of text, as long as the cell stays within LIMIT_FIELD_BYTES and one more: a
 * longer cell shows as one that is too long. */
void text_gather(struct buf *cell, struct text piece);

/* Undoes _x000D_ and its like, by which XML carries characters that it cannot hold. In place. */
size_t text_unescape(char *bytes, size_t n);

/* ---- a sheet as CSV: xlsx_sheet.c ---- */

/* Rows of the sheet as RFC 4180 CSV with commas and LF, row N of the sheet on line N: rows without
 * a cell are empty lines, a line end within a cell is a space. Rows are padded to the width of the
 * first one that has two cells. Takes over `owned` (the archive, or NULL when it is the caller's),
 * also when it fails. */
RV_MUST_CHECK rv_status sheet_stream_open(const struct archive *archive, struct archive *owned,
                                          const char *sheet, const char *spool_dir,
                                          struct stream **ret, struct rv_err *reterr);

#endif
