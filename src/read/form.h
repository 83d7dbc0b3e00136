/* read/form.h — what a file is, found from its bytes and not from its name: its format, the
 * encoding of its text, what separates its cells and ends its lines.
 *
 * Nothing here is a promise: what a profile declares comes before it.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_FORM_H
#define REEVE_READ_FORM_H

#include "base/arena.h"
#include "read/csv.h"
#include "read/source.h"
#include "read/zip.h"

enum form_format { FORM_TEXT, FORM_WORKBOOK, FORM_ARCHIVE };

/* How far a finding may be trusted: it cannot be otherwise; it is what such files are; it is what
 * is usual, and nothing in the file speaks for it. */
enum form_trust { FORM_SURE, FORM_LIKELY, FORM_ASSUMED };

enum form_line_end { FORM_LINE_ANY, FORM_LINE_LF, FORM_LINE_CRLF, FORM_LINE_CR };

/* What a caller has declared. NULL and 0 = find it. */
struct form_declared {
    struct source_choice part; /* member, archive, sheet, spool_dir; the rest is not looked at */
    const char *encoding;
    char separator;
    enum form_line_end line_end;
};

struct form_sheet {
    const char *name;
    bool is_hidden, is_chosen; /* chosen: the one that `choice` reads */
};

struct form { /* texts live in the arena or are static */
    enum form_format format;
    struct source_choice choice; /* for source_open_as: the text of this file in UTF-8 */
    const char *encoding;        /* "utf-8", "windows-1252", …; NULL = a person must declare it */
    const char *suggestion;      /* then: what it looks most like, or NULL */
    enum form_trust encoding_trust;
    struct csv_dialect dialect; /* for csv_splitter_open */
    enum form_trust separator_trust;
    bool has_crlf; /* lines end in CRLF, which CSV_LF reads too */
    enum form_trust line_end_trust;
    const struct form_sheet *sheets; /* of a workbook, in the order of its tabs */
    size_t sheet_count;
    struct zip_list members; /* of an archive; nothing else is then found */
};

/* Looks at the beginning of the file. A workbook is read as its sheet (declared, or the first that
 * is not hidden); an archive only lists its members: ask again with `part.member`. A text whose
 * encoding is not safe to say is no failure: `encoding` is then NULL and the rest is found as if it
 * were windows-1252. RV_INVALID for an empty file, for a damaged archive or workbook and for what
 * is no table (a PDF, a web page, a database, …), each with its remedy, and when the declared
 * encoding does not fit, with line and byte; failures of source_read. Cost: 256 KB read. */
RV_MUST_CHECK rv_status form_detect(struct arena *a, const char *path,
                                    const struct form_declared *declared, struct form *ret,
                                    struct rv_err *reterr);

/* The same for the encoding alone, from the whole text: for a file that was taken for UTF-8 by its
 * beginning and is not further on. Writes encoding, suggestion, encoding_trust and choice. A file
 * of mostly valid UTF-8 with some damaged bytes stays "utf-8". */
RV_MUST_CHECK rv_status form_detect_encoding(const char *path, struct form *form,
                                             struct rv_err *reterr);

const char *form_separator_name(char separator);         /* "comma", "semicolon", "tab", … */
const char *form_line_end_name(const struct form *form); /* "LF", "CRLF", "CR" */

#endif
