/* read/source.h — the bytes of a file in order: plain, gzip, a member of an archive, a sheet of a
 * workbook as CSV, each from any encoding to UTF-8.
 *
 * Thread-compatible. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_SOURCE_H
#define REEVE_READ_SOURCE_H

#include "base/hash.h"
#include "base/status.h"

#include <stdbool.h>

struct byte_source;

struct archive; /* read/archive.h */

/* Which part of a file, and how its bytes are to be taken. What is NULL is not asked for. */
struct source_choice {
    const char *member;            /* of a zip archive: its name in archive_list */
    const struct archive *archive; /* when it is open already: it must outlive the source, and the
                                    * path is only its name in messages */
    bool is_raw;                   /* archives and workbooks as the bytes that they are */
    const char *sheet;             /* of a workbook; NULL = the first that is not hidden */
    const char *encoding;  /* that the text is in, as encoding_find knows it (decode.h); NULL =
                            * the bytes as they are. A workbook says it itself: ignored there */
    const char *spool_dir; /* for what does not fit in memory, unlinked; NULL = TMPDIR or /tmp */
};

/* The bytes of a file as they are, inflated when its first two bytes, not its name, are those of
 * gzip. RV_NOT_FOUND, RV_IO, RV_REFUSED for a folder or device. */
RV_MUST_CHECK rv_status source_open(const char *path, struct byte_source **ret,
                                    struct rv_err *reterr);

/* Bytes that lie in memory, such as a table that was pasted, as a file of that name. RV_IO. */
RV_MUST_CHECK rv_status source_open_text(const char *name, struct text bytes,
                                         struct byte_source **ret, struct rv_err *reterr);

/* The part that was chosen, in UTF-8; of a workbook its sheet, as CSV with commas whose line N is
 * row N of the sheet (xlsx.h). RV_USAGE for an encoding that is not read; RV_NOT_FOUND for a member
 * that is not there; RV_INVALID for an archive of which no member is named, for one that is damaged
 * or a bomb, for a workbook that is damaged or without such a sheet. Keeps nothing of `choice` but
 * the archive. */
RV_MUST_CHECK rv_status source_open_as(const char *path, const struct source_choice *choice,
                                       struct byte_source **ret, struct rv_err *reterr);
void source_close(struct byte_source *s);
void source_closep(struct byte_source **s);

/* Up to n bytes; *ret_n 0 only at the end. RV_INVALID for a damaged or truncated gzip stream
 * ("the archive breaks off") or zip member or workbook, for a byte that its encoding does not have
 * and for a file that changes while it is read, RV_LIMIT past LIMIT_GZIP_BYTES. */
RV_MUST_CHECK rv_status source_read(struct byte_source *s, char *bytes, size_t n, size_t *ret_n,
                                    struct rv_err *reterr);

/* For a file that was hashed before: reading it does not hash again, and source_sha256 must not be
 * asked. Call before the first source_read. */
void source_skip_sha256(struct byte_source *s);

int64_t source_file_bytes(const struct byte_source *s); /* size on disk; of a member as unpacked */
int64_t source_file_done(const struct byte_source *s);  /* bytes of the file consumed so far */
/* After the end was read: the SHA-256 of the whole file as it lies on disk (compressed when it
 * is, in its own encoding), or of the member unpacked; RV_INVALID for a sheet. */
RV_MUST_CHECK rv_status source_sha256(struct byte_source *s, char out[SHA256_HEX + 1],
                                      struct rv_err *reterr);

#endif
