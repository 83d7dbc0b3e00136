/* read/source.c — reading a file once: hashed as it lies on disk, inflated when it is gzip.
 *
 * Plain bytes go straight into the caller's buffer. Gzip goes through one input buffer; a file of
 * several members (RFC 1952 2.2) is one stream, zero padding after the last is allowed.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/source.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define INPUT_BYTES ((size_t)256 << 10)
#define GZIP_WINDOW (15 + 16) /* zlib: largest window, gzip wrapper */

enum source_state { READING, BETWEEN_MEMBERS, ENDED };

struct byte_source {
    char *path;
    int fd;
    enum source_state state;
    bool is_gzip, is_inflating; /* is_inflating: `zlib` must be ended */
    bool is_file_ended, is_hashed, skips_hash;
    int64_t file_bytes, file_done, inflated;
    struct timespec changed; /* last change of the file when it was opened */
    struct sha256 hash;
    char hex[SHA256_HEX + 1];
    z_stream zlib;
    unsigned char *input; /* INPUT_BYTES, gzip only; zlib.next_in points into it */
};

static rv_status fail_errno(struct rv_err *reterr, const char *what, const char *path)
{
    char scratch[128];
    enum rv_code code = errno == ENOENT || errno == ENOTDIR ? RV_NOT_FOUND : RV_IO;
    return rv_fail(reterr, code, "%s: cannot %s: %s", path, what,
                   strerror_r(errno, scratch, sizeof scratch));
}

static rv_status fail_archive(const struct byte_source *s, const char *what, struct rv_err *reterr)
{
    return rv_fail(reterr, RV_INVALID,
                   "%s: %s after %" PRId64 " of its %" PRId64
                   " bytes; nothing was loaded: ask the sender for the file again",
                   s->path, what, s->file_done - (int64_t)s->zlib.avail_in, s->file_bytes);
}

void source_close(struct byte_source *s)
{
    if (!s) {
        return;
    }
    if (s->is_inflating) {
        (void)inflateEnd(&s->zlib);
    }
    sha256_done(&s->hash);
    file_closep(&s->fd);
    memory_free(s->input);
    memory_free(s->path);
    memory_free(s);
}

void source_closep(struct byte_source **s)
{
    source_close(*s);
    *s = NULL;
}

static void *zlib_new(void *context, unsigned count, unsigned size)
{
    (void)context;
    return memory_new(count, size);
}

static void zlib_free(void *context, void *old)
{
    (void)context;
    memory_free(old);
}

/* Refuses what is no ordinary file before a byte is read: a pipe or terminal might never end. */
static rv_status open_file(struct byte_source *s, struct rv_err *reterr)
{
    s->fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat info;
    if (s->fd < 0 || fstat(s->fd, &info) != 0) {
        return fail_errno(reterr, "open", s->path);
    }
    if (!S_ISREG(info.st_mode)) {
        return rv_fail(reterr, RV_REFUSED, "%s: this is %s; name an ordinary file", s->path,
                       S_ISDIR(info.st_mode) ? "a folder" : "not an ordinary file");
    }
    s->file_bytes = info.st_size;
    s->changed = info.st_mtim;
    (void)posix_fadvise(s->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return rv_ok();
}

/* Looks at the first two bytes without moving the file position. */
static rv_status recognise(struct byte_source *s, struct rv_err *reterr)
{
    unsigned char magic[2] = {0, 0};
    ssize_t n;
    do {
        n = pread(s->fd, magic, sizeof magic, 0);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        return fail_errno(reterr, "read", s->path);
    }
    s->is_gzip = n == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
    if (!s->is_gzip) {
        return rv_ok();
    }
    s->input = memory_new(INPUT_BYTES, 1);
    s->zlib.zalloc = zlib_new;
    s->zlib.zfree = zlib_free;
    s->is_inflating = s->input && inflateInit2(&s->zlib, GZIP_WINDOW) == Z_OK;
    return s->is_inflating ? rv_ok() : rv_fail(reterr, RV_NO_MEMORY, "out of memory");
}

rv_status source_open(const char *path, struct byte_source **ret, struct rv_err *reterr)
{
    RV_CLEANUP(source_closep) struct byte_source *s = memory_new(1, sizeof *s);
    if (!s) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    s->fd = -1;
    s->path = memory_new(strlen(path) + 1, 1);
    if (!s->path) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    memcpy(s->path, path, strlen(path));
    RV_TRY(open_file(s, reterr));
    RV_TRY(recognise(s, reterr));
    RV_TRY(sha256_init(&s->hash, reterr));
    *ret = s;
    s = NULL;
    return rv_ok();
}

/* A file that a partner is still copying in must not be taken for the whole of it. */
static rv_status check_unchanged(const struct byte_source *s, struct rv_err *reterr)
{
    struct stat info;
    if (fstat(s->fd, &info) != 0) {
        return fail_errno(reterr, "look at", s->path);
    }
    if (info.st_size != s->file_bytes || s->file_done != s->file_bytes ||
        info.st_mtim.tv_sec != s->changed.tv_sec || info.st_mtim.tv_nsec != s->changed.tv_nsec) {
        return rv_fail(reterr, RV_INVALID,
                       "%s: the file changed while it was read; nothing was loaded: wait until "
                       "copying it has ended, then try again",
                       s->path);
    }
    return rv_ok();
}

/* Up to n bytes of the file as it lies on disk, hashed; *ret_n 0 only at its end. */
static rv_status read_disk(struct byte_source *s, void *bytes, size_t n, size_t *ret_n,
                           struct rv_err *reterr)
{
    ssize_t got;
    do {
        got = read(s->fd, bytes, n);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return fail_errno(reterr, "read", s->path);
    }
    if (got == 0) {
        RV_TRY(check_unchanged(s, reterr));
        s->is_file_ended = true;
        *ret_n = 0;
        return rv_ok();
    }
    if (!s->skips_hash) {
        RV_TRY(sha256_add(&s->hash, bytes, (size_t)got, reterr));
    }
    s->file_done += got;
    *ret_n = (size_t)got;
    return rv_ok();
}

static rv_status fill_input(struct byte_source *s, struct rv_err *reterr)
{
    size_t n = 0;
    if (s->zlib.avail_in == 0 && !s->is_file_ended) {
        RV_TRY(read_disk(s, s->input, INPUT_BYTES, &n, reterr));
        s->zlib.next_in = s->input;
        s->zlib.avail_in = (unsigned)n;
    }
    return rv_ok();
}

/* After a member: another one begins, or only zero padding follows to the end of the file. */
static rv_status begin_member(struct byte_source *s, struct rv_err *reterr)
{
    RV_TRY(fill_input(s, reterr));
    while (s->zlib.avail_in && s->zlib.next_in[0] == 0) {
        s->zlib.next_in++;
        s->zlib.avail_in--;
        RV_TRY(fill_input(s, reterr));
    }
    if (s->zlib.avail_in == 0) {
        s->state = ENDED;
        return rv_ok();
    }
    if (s->zlib.next_in[0] != 0x1F || inflateReset(&s->zlib) != Z_OK) {
        return fail_archive(s, "the archive is damaged: bytes that are not gzip follow", reterr);
    }
    s->state = READING;
    return rv_ok();
}

static rv_status inflate_some(struct byte_source *s, struct rv_err *reterr)
{
    RV_TRY(fill_input(s, reterr));
    if (s->zlib.avail_in == 0) {
        return fail_archive(s, "the archive breaks off", reterr);
    }
    int code = inflate(&s->zlib, Z_NO_FLUSH);
    if (code == Z_STREAM_END) {
        s->state = BETWEEN_MEMBERS;
        return rv_ok();
    }
    if (code == Z_MEM_ERROR) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    return code == Z_OK ? rv_ok() : fail_archive(s, "the archive is damaged", reterr);
}

static rv_status read_gzip(struct byte_source *s, char *bytes, size_t n, size_t *ret_n,
                           struct rv_err *reterr)
{
    unsigned room = n > INT32_MAX ? INT32_MAX : (unsigned)n;
    s->zlib.next_out = (unsigned char *)bytes;
    s->zlib.avail_out = room;
    while (s->state != ENDED && s->zlib.avail_out) {
        RV_TRY(s->state == READING ? inflate_some(s, reterr) : begin_member(s, reterr));
    }
    *ret_n = room - s->zlib.avail_out;
    s->inflated += (int64_t)*ret_n;
    if (s->inflated > (int64_t)LIMIT_GZIP_BYTES) {
        return rv_fail(reterr, RV_LIMIT,
                       "%s: unpacks to more than %zu GB; split it into several files", s->path,
                       LIMIT_GZIP_BYTES >> 30);
    }
    return rv_ok();
}

rv_status source_read(struct byte_source *s, char *bytes, size_t n, size_t *ret_n,
                      struct rv_err *reterr)
{
    size_t got = 0;
    if (n && s->is_gzip) {
        RV_TRY(read_gzip(s, bytes, n, &got, reterr));
    } else if (n && !s->is_file_ended) {
        RV_TRY(read_disk(s, bytes, n, &got, reterr));
        s->state = s->is_file_ended ? ENDED : READING;
    }
    *ret_n = got;
    return rv_ok();
}

void source_skip_sha256(struct byte_source *s)
{
    s->skips_hash = true;
}

int64_t source_file_bytes(const struct byte_source *s)
{
    return s->file_bytes;
}

int64_t source_file_done(const struct byte_source *s)
{
    return s->file_done - (int64_t)s->zlib.avail_in;
}

rv_status source_sha256(struct byte_source *s, char out[SHA256_HEX + 1], struct rv_err *reterr)
{
    if (s->state != ENDED) {
        return rv_fail(reterr, RV_INVALID, "%s: its SHA-256 is known only after its end", s->path);
    }
    if (!s->is_hashed) {
        RV_TRY(sha256_hex(&s->hash, s->hex, reterr));
        s->is_hashed = true;
    }
    memcpy(out, s->hex, sizeof s->hex);
    return rv_ok();
}
