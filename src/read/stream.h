/* read/stream.h — one step between a file and its reader: bytes on request.
 *
 * Internal to src/read. A stream owns what it reads from: closing the outermost closes them all.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_STREAM_H
#define REEVE_READ_STREAM_H

#include "base/hash.h"
#include "base/status.h"

#include <stdbool.h>
#include <sys/stat.h>

struct stream;

struct stream_ops {
    bool is_sheet; /* it gives UTF-8 whatever encoding was asked for */
    /* Up to n (> 0) bytes; *ret_n 0 only at the end, also when asked again. */
    rv_status (*read)(struct stream *s, char *bytes, size_t n, size_t *ret_n,
                      struct rv_err *reterr);
    void (*close)(struct stream *s);         /* frees the stream, whatever its state */
    int64_t (*size)(const struct stream *s); /* bytes of what lies underneath */
    int64_t (*done)(const struct stream *s); /* of them, how many are read */
    void (*skip_sha256)(struct stream *s);
    /* Of all that lies underneath, once the end was read. */
    rv_status (*sha256)(struct stream *s, char out[SHA256_HEX + 1], struct rv_err *reterr);
};

struct stream {
    const struct stream_ops *ops;
};

static inline void stream_closep(struct stream **s)
{
    if (*s) {
        (*s)->ops->close(*s);
    }
    *s = NULL;
}

/* A file on disk, open for reading at any place, and what tells that nobody changed it since. */
struct disk_file {
    char *path; /* own copy, for messages */
    int fd;     /* -1 = closed */
    int64_t bytes;
    struct timespec changed;
};

/* Refuses what is no ordinary file before a byte is read: a pipe or terminal might never end.
 * RV_NOT_FOUND, RV_IO, RV_REFUSED. disk_close frees it, whatever happened. */
RV_MUST_CHECK rv_status disk_open(const char *path, struct disk_file *ret, struct rv_err *reterr);
void disk_close(struct disk_file *d);

/* The same of a file that is open already; takes over `fd` when it succeeds. */
RV_MUST_CHECK rv_status disk_from_fd(int fd, const char *shown, struct disk_file *ret,
                                     struct rv_err *reterr);

/* RV_INVALID when the file is no longer the one that was opened: a file that a partner is still
 * copying in must not be taken for the whole of it. */
RV_MUST_CHECK rv_status disk_check_unchanged(const struct disk_file *d, struct rv_err *reterr);

/* Up to n bytes from `offset`; *ret_n less than n only at the end of the file. */
RV_MUST_CHECK rv_status disk_read_at(const struct disk_file *d, void *bytes, size_t n,
                                     int64_t offset, size_t *ret_n, struct rv_err *reterr);

bool disk_is_zip(const struct disk_file *d); /* by its first bytes */

struct archive; /* archive.h */

/* The archive in `d`. Takes over `d`, also when it fails. */
RV_MUST_CHECK rv_status archive_of(struct disk_file *d, struct archive **ret,
                                   struct rv_err *reterr);
const struct disk_file *archive_disk(const struct archive *a);

/* A member of `archive`. Takes over `owned` (the archive, or NULL when it is the caller's), also
 * when it fails. RV_NOT_FOUND. */
RV_MUST_CHECK rv_status member_stream_open(const struct archive *archive, struct archive *owned,
                                           const char *name, struct stream **ret,
                                           struct rv_err *reterr);

/* `dir`, or for NULL the folder for temporary files of this machine. */
const char *spool_dir_or_default(const char *dir);

/* The bytes of the file, inflated when its first two bytes are those of gzip. Takes over `d`, also
 * when it fails. */
RV_MUST_CHECK rv_status file_stream_open(struct disk_file *d, struct stream **ret,
                                         struct rv_err *reterr);

/* `inner` from the named encoding (decode.h) to UTF-8. Takes over `inner`, also when it fails;
 * `name` (of the file, for messages) must outlive the stream. */
RV_MUST_CHECK rv_status decode_stream_open(struct stream *inner, const char *encoding,
                                           const char *name, struct stream **ret,
                                           struct rv_err *reterr);

#endif
