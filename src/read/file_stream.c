/* read/file_stream.c — a file from its beginning to its end: hashed as it lies on disk, inflated
 * when it is gzip.
 *
 * Plain bytes go straight into the caller's buffer. Gzip goes through one input buffer; a file of
 * several members (RFC 1952 2.2) is one stream, zero padding after the last is allowed.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/memory.h"
#include "read/stream.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <zlib.h>

#define INPUT_BYTES ((size_t)256 << 10)
#define GZIP_WINDOW (15 + 16) /* zlib: largest window, gzip wrapper */

enum file_state { READING, BETWEEN_MEMBERS, ENDED };

struct file_stream {
    struct stream stream;
    struct disk_file disk;
    enum file_state state;
    bool is_gzip, is_inflating; /* is_inflating: `zlib` must be ended */
    bool is_file_ended, is_hashed, skips_hash;
    int64_t file_done, inflated;
    struct sha256 hash;
    char hex[SHA256_HEX + 1];
    z_stream zlib;
    unsigned char *input; /* INPUT_BYTES, gzip only; zlib.next_in points into it */
};

static rv_status fail_archive(const struct file_stream *s, const char *what, struct rv_err *reterr)
{
    return rv_fail(reterr, RV_INVALID,
                   "%s: %s after %" PRId64 " of its %" PRId64
                   " bytes; nothing was loaded: ask the sender for the file again",
                   s->disk.path, what, s->file_done - (int64_t)s->zlib.avail_in, s->disk.bytes);
}

static void file_stream_close(struct stream *stream)
{
    struct file_stream *s = (struct file_stream *)stream;
    if (s->is_inflating) {
        (void)inflateEnd(&s->zlib);
    }
    sha256_done(&s->hash);
    disk_close(&s->disk);
    memory_free(s->input);
    memory_free(s);
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

/* Looks at the first two bytes. */
static rv_status recognise(struct file_stream *s, struct rv_err *reterr)
{
    unsigned char magic[2] = {0, 0};
    size_t n = 0;
    RV_TRY(disk_read_at(&s->disk, magic, sizeof magic, 0, &n, reterr));
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

/* Up to n bytes of the file as it lies on disk, hashed; *ret_n 0 only at its end. */
static rv_status read_disk(struct file_stream *s, void *bytes, size_t n, size_t *ret_n,
                           struct rv_err *reterr)
{
    size_t got = 0;
    RV_TRY(disk_read_at(&s->disk, bytes, n, s->file_done, &got, reterr));
    if (got) {
        if (!s->skips_hash) {
            RV_TRY(sha256_add(&s->hash, bytes, got, reterr));
        }
        s->file_done += (int64_t)got;
    } else {
        RV_TRY(disk_check_unchanged(&s->disk, reterr));
        s->is_file_ended = true;
    }
    *ret_n = got;
    return rv_ok();
}

static rv_status fill_input(struct file_stream *s, struct rv_err *reterr)
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
static rv_status begin_member(struct file_stream *s, struct rv_err *reterr)
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

static rv_status inflate_some(struct file_stream *s, struct rv_err *reterr)
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

static rv_status read_gzip(struct file_stream *s, char *bytes, size_t n, size_t *ret_n,
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
                       "%s: unpacks to more than %zu GB; split it into several files", s->disk.path,
                       LIMIT_GZIP_BYTES >> 30);
    }
    if (s->inflated > (int64_t)LIMIT_RATIO_FROM &&
        s->inflated / LIMIT_UNPACKED_RATIO > s->file_done) {
        return fail_archive(s, "this unpacks to over 250 times its size, as no table does,",
                            reterr);
    }
    return rv_ok();
}

static rv_status file_stream_read(struct stream *stream, char *bytes, size_t n, size_t *ret_n,
                                  struct rv_err *reterr)
{
    struct file_stream *s = (struct file_stream *)stream;
    size_t got = 0;
    if (s->is_gzip) {
        RV_TRY(read_gzip(s, bytes, n, &got, reterr));
    } else if (!s->is_file_ended) {
        RV_TRY(read_disk(s, bytes, n, &got, reterr));
        s->state = s->is_file_ended ? ENDED : READING;
    }
    *ret_n = got;
    return rv_ok();
}

static int64_t file_stream_size(const struct stream *stream)
{
    return ((const struct file_stream *)stream)->disk.bytes;
}

static int64_t file_stream_done(const struct stream *stream)
{
    const struct file_stream *s = (const struct file_stream *)stream;
    return s->file_done - (int64_t)s->zlib.avail_in;
}

static void file_stream_skip_sha256(struct stream *stream)
{
    ((struct file_stream *)stream)->skips_hash = true;
}

static rv_status file_stream_sha256(struct stream *stream, char out[SHA256_HEX + 1],
                                    struct rv_err *reterr)
{
    struct file_stream *s = (struct file_stream *)stream;
    if (s->state != ENDED) {
        return rv_fail(reterr, RV_INVALID, "%s: its SHA-256 is known only after its end",
                       s->disk.path);
    }
    if (!s->is_hashed) {
        RV_TRY(sha256_hex(&s->hash, s->hex, reterr));
        s->is_hashed = true;
    }
    memcpy(out, s->hex, sizeof s->hex);
    return rv_ok();
}

rv_status file_stream_open(struct disk_file *d, struct stream **ret, struct rv_err *reterr)
{
    static const struct stream_ops OPS = {false,
                                          file_stream_read,
                                          file_stream_close,
                                          file_stream_size,
                                          file_stream_done,
                                          file_stream_skip_sha256,
                                          file_stream_sha256};
    struct file_stream *s = memory_new(1, sizeof *s);
    if (!s) {
        disk_close(d);
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    s->stream.ops = &OPS;
    s->disk = *d;
    *d = (struct disk_file){.fd = -1};
    (void)posix_fadvise(s->disk.fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    RV_CLEANUP(stream_closep) struct stream *opened = &s->stream;
    RV_TRY(recognise(s, reterr));
    RV_TRY(sha256_init(&s->hash, reterr));
    *ret = opened;
    opened = NULL;
    return rv_ok();
}
