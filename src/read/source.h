/* read/source.h — the bytes of a file, plain or gzip, in order, with their SHA-256.
 *
 * Thread-compatible. The SHA-256 is of the file as it lies on disk (compressed when it is).
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_SOURCE_H
#define REEVE_READ_SOURCE_H

#include "base/hash.h"
#include "base/status.h"

struct byte_source;

/* Recognises gzip by its first two bytes, not by its name. RV_NOT_FOUND, RV_IO, RV_REFUSED for a
 * folder or device. */
RV_MUST_CHECK rv_status source_open(const char *path, struct byte_source **ret,
                                    struct rv_err *reterr);
void source_close(struct byte_source *s);
void source_closep(struct byte_source **s);

/* Up to n bytes; *ret_n 0 only at the end. RV_INVALID for a damaged or truncated gzip stream
 * ("the archive breaks off") and for a file that changes while it is read, RV_LIMIT past
 * LIMIT_GZIP_BYTES. */
RV_MUST_CHECK rv_status source_read(struct byte_source *s, char *bytes, size_t n, size_t *ret_n,
                                    struct rv_err *reterr);

/* For a file that was hashed before: reading it does not hash again, and source_sha256 must not be
 * asked. Call before the first source_read. */
void source_skip_sha256(struct byte_source *s);

int64_t source_file_bytes(const struct byte_source *s); /* size on disk */
int64_t source_file_done(const struct byte_source *s);  /* bytes of the file consumed so far */
/* After the end was read: the SHA-256 of the whole file. */
RV_MUST_CHECK rv_status source_sha256(struct byte_source *s, char out[SHA256_HEX + 1],
                                      struct rv_err *reterr);

#endif
