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

/* Which part of a file, and how its bytes are to be taken. What is NULL is not asked for. */
struct source_choice {
    const char *encoding; /* that the text is in, as encoding_find knows it (decode.h); NULL =
                           * the bytes as they are. A workbook says itself: ignored there */
};

/* The bytes of a file as they are, inflated when its first two bytes, not its name, are those of
 * gzip. RV_NOT_FOUND, RV_IO, RV_REFUSED for a folder or device. */
RV_MUST_CHECK rv_status source_open(const char *path, struct byte_source **ret,
                                    struct rv_err *reterr);

/* The part that was chosen, in UTF-8. RV_USAGE for an encoding that is not read. Keeps nothing of
 * `choice`. */
RV_MUST_CHECK rv_status source_open_as(const char *path, const struct source_choice *choice,
                                       struct byte_source **ret, struct rv_err *reterr);
void source_close(struct byte_source *s);
void source_closep(struct byte_source **s);

/* Up to n bytes; *ret_n 0 only at the end. RV_INVALID for a damaged or truncated gzip stream
 * ("the archive breaks off"), for a byte that its encoding does not have and for a file that
 * changes while it is read, RV_LIMIT past LIMIT_GZIP_BYTES. */
RV_MUST_CHECK rv_status source_read(struct byte_source *s, char *bytes, size_t n, size_t *ret_n,
                                    struct rv_err *reterr);

/* For a file that was hashed before: reading it does not hash again, and source_sha256 must not be
 * asked. Call before the first source_read. */
void source_skip_sha256(struct byte_source *s);

int64_t source_file_bytes(const struct byte_source *s); /* size on disk */
int64_t source_file_done(const struct byte_source *s);  /* bytes of the file consumed so far */
/* After the end was read: the SHA-256 of the whole file as it lies on disk (compressed when it
 * is, in its own encoding). */
RV_MUST_CHECK rv_status source_sha256(struct byte_source *s, char out[SHA256_HEX + 1],
                                      struct rv_err *reterr);

#endif
