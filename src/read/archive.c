/* read/archive.c — an archive, and one member of it as a stream or as a file of its own.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/archive.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "read/stream.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIST_BYTES  ((size_t)256 << 20) /* ceiling: 20,000 names */
#define PIECE_BYTES ((size_t)256 << 10)

struct archive {
    struct disk_file disk;
    struct arena a;
    struct zip_list list;
};

void archive_close(struct archive *a)
{
    if (a) {
        arena_done(&a->a);
        disk_close(&a->disk);
        memory_free(a);
    }
}

void archive_closep(struct archive **a)
{
    archive_close(*a);
    *a = NULL;
}

static bool is_magic(const char *bytes, size_t n)
{
    return n == 4 && (memcmp(bytes, "PK\x03\x04", 4) == 0 || memcmp(bytes, "PK\x05\x06", 4) == 0);
}

bool disk_is_zip(const struct disk_file *d)
{
    char magic[4];
    size_t n = 0;
    struct rv_err unused;
    return rv_is_ok(disk_read_at(d, magic, sizeof magic, 0, &n, &unused)) && is_magic(magic, n);
}

/* Allocates nothing: a file must not pass for text because memory was short for a moment. */
bool archive_is_one(const char *path)
{
    RV_CLEANUP(file_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat info;
    char magic[4];
    if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        return false;
    }
    ssize_t n = pread(fd, magic, sizeof magic, 0);
    return n > 0 && is_magic(magic, (size_t)n);
}

rv_status archive_of(struct disk_file *d, struct archive **ret, struct rv_err *reterr)
{
    RV_CLEANUP(archive_closep) struct archive *archive = memory_new(1, sizeof *archive);
    RV_CLEANUP(zip_closep) struct zip *zip = NULL;
    if (!archive) {
        disk_close(d);
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    archive->disk = *d;
    *d = (struct disk_file){.fd = -1};
    arena_init(&archive->a, LIST_BYTES);
    RV_TRY(zip_open(&archive->disk, &zip, reterr));
    RV_TRY(zip_read_list(zip, &archive->a, &archive->list, reterr));
    *ret = archive;
    archive = NULL;
    return rv_ok();
}

rv_status archive_open(const char *path, struct archive **ret, struct rv_err *reterr)
{
    struct disk_file disk;
    rv_status status = disk_open(path, &disk, reterr);
    if (!rv_is_ok(status)) {
        disk_close(&disk);
        return status;
    }
    return archive_of(&disk, ret, reterr);
}

const struct zip_list *archive_list(const struct archive *a)
{
    return &a->list;
}

const struct disk_file *archive_disk(const struct archive *a)
{
    return &a->disk;
}

const char *archive_name(const struct archive *a)
{
    return a->disk.path;
}

bool archive_is_document(const struct archive *a)
{
    return zip_find(&a->list, "[Content_Types].xml", true) != NULL;
}

rv_status archive_check_unchanged(const struct archive *a, struct rv_err *reterr)
{
    return disk_check_unchanged(&a->disk, reterr);
}

/* ---- a member as a stream ---- */

struct member_stream {
    struct stream stream;
    struct archive *owned; /* NULL = the archive is the caller's */
    const struct archive *archive;
    struct zip *zip;
    int64_t bytes, done;
    bool is_ended, is_hashed, skips_hash;
    struct sha256 hash;
    char hex[SHA256_HEX + 1];
};

static void member_close(struct stream *stream)
{
    struct member_stream *s = (struct member_stream *)stream;
    zip_close(s->zip);
    sha256_done(&s->hash);
    archive_close(s->owned);
    memory_free(s);
}

static rv_status member_read(struct stream *stream, char *bytes, size_t n, size_t *ret_n,
                             struct rv_err *reterr)
{
    struct member_stream *s = (struct member_stream *)stream;
    size_t got = 0;
    RV_TRY(zip_read(s->zip, bytes, n, &got, reterr));
    if (got == 0 && !s->is_ended) {
        RV_TRY(archive_check_unchanged(s->archive, reterr));
        s->is_ended = true;
    } else if (!s->skips_hash) {
        RV_TRY(sha256_add(&s->hash, bytes, got, reterr));
    }
    s->done += (int64_t)got;
    *ret_n = got;
    return rv_ok();
}

static int64_t member_size(const struct stream *stream)
{
    return ((const struct member_stream *)stream)->bytes;
}

static int64_t member_done(const struct stream *stream)
{
    return ((const struct member_stream *)stream)->done;
}

static void member_skip_sha256(struct stream *stream)
{
    ((struct member_stream *)stream)->skips_hash = true;
}

static rv_status member_sha256(struct stream *stream, char out[SHA256_HEX + 1],
                               struct rv_err *reterr)
{
    struct member_stream *s = (struct member_stream *)stream;
    if (!s->is_ended) {
        return rv_fail(reterr, RV_INVALID, "%s: its SHA-256 is known only after its end",
                       s->archive->disk.path);
    }
    if (!s->is_hashed) {
        RV_TRY(sha256_hex(&s->hash, s->hex, reterr));
        s->is_hashed = true;
    }
    memcpy(out, s->hex, sizeof s->hex);
    return rv_ok();
}

static rv_status begin(struct member_stream *s, const char *name, struct rv_err *reterr)
{
    const struct zip_member *m = zip_find(&s->archive->list, name, false);
    if (!m || m->is_folder) {
        return rv_fail(reterr, RV_NOT_FOUND, "%s: the archive has no member \"%.300s\"",
                       s->archive->disk.path, name);
    }
    RV_TRY(zip_open(&s->archive->disk, &s->zip, reterr));
    RV_TRY(zip_begin(s->zip, m, reterr));
    s->bytes = m->bytes;
    return sha256_init(&s->hash, reterr);
}

rv_status member_stream_open(const struct archive *archive, struct archive *owned, const char *name,
                             struct stream **ret, struct rv_err *reterr)
{
    static const struct stream_ops OPS = {false,        member_read, member_close,
                                          member_size,  member_done, member_skip_sha256,
                                          member_sha256};
    struct member_stream *s = memory_new(1, sizeof *s);
    if (!s) {
        archive_close(owned);
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    *s = (struct member_stream){.stream = {&OPS}, .owned = owned, .archive = archive};
    RV_CLEANUP(stream_closep) struct stream *opened = &s->stream;
    RV_TRY(begin(s, name, reterr));
    *ret = opened;
    opened = NULL;
    return rv_ok();
}

/* ---- as a file ---- */

const char *spool_dir_or_default(const char *dir)
{
    const char *temporary = dir ? dir : getenv("TMPDIR"); /* NOLINT(concurrency-mt-unsafe): read */
    return temporary && *temporary ? temporary : "/tmp";
}

static rv_status copy(struct stream *from, int fd, struct rv_err *reterr)
{
    char *piece = memory_resize(NULL, PIECE_BYTES, 1);
    if (!piece) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    rv_status status = rv_ok();
    uint64_t at = 0;
    for (size_t n = 1; n && rv_is_ok(status); at += n) {
        status = from->ops->read(from, piece, PIECE_BYTES, &n, reterr);
        if (rv_is_ok(status) && n) {
            status = file_write_at(fd, piece, n, at, reterr);
        }
    }
    memory_free(piece);
    return status;
}

rv_status archive_member_is_zip(const struct archive *a, const char *member, bool *ret,
                                struct rv_err *reterr)
{
    RV_CLEANUP(stream_closep) struct stream *stream = NULL;
    char magic[4];
    size_t n = 0;
    RV_TRY(member_stream_open(a, NULL, member, &stream, reterr));
    for (size_t got = 1; got && n < sizeof magic; n += got) {
        RV_TRY(member_read(stream, magic + n, sizeof magic - n, &got, reterr));
    }
    *ret = n == sizeof magic && memcmp(magic, "PK\x03\x04", 4) == 0;
    if (n >= 2 && memcmp(magic, "\x1F\x8B", 2) == 0) {
        return rv_fail(reterr, RV_INVALID,
                       "%s/%.300s is packed again with gzip inside the archive: unpack it first; "
                       "nothing was loaded",
                       a->disk.path, member);
    }
    return rv_ok();
}

/* All bytes of a member in an unlinked file. disk_close frees it, whatever happened. */
static rv_status spool(struct stream *member, const char *shown, const char *dir,
                       struct disk_file *ret, struct rv_err *reterr)
{
    *ret = (struct disk_file){.fd = -1};
    member->ops->skip_sha256(member);
    RV_CLEANUP(file_closep) int fd = -1;
    RV_TRY(file_open_unlinked(spool_dir_or_default(dir), &fd, reterr));
    RV_TRY(copy(member, fd, reterr));
    RV_TRY(disk_from_fd(fd, shown, ret, reterr));
    fd = -1;
    return rv_ok();
}

rv_status archive_open_member(const struct archive *a, const char *member, const char *dir,
                              struct archive **ret, struct rv_err *reterr)
{
    RV_CLEANUP(stream_closep) struct stream *stream = NULL;
    RV_CLEANUP(archive_closep) struct archive *inner = NULL;
    struct disk_file disk;
    char shown[2 * LIMIT_MEMBER_NAME];
    (void)snprintf(shown, sizeof shown, "%s/%s", archive_name(a), member);
    RV_TRY(member_stream_open(a, NULL, member, &stream, reterr));
    rv_status status = spool(stream, shown, dir, &disk, reterr);
    if (!rv_is_ok(status)) {
        disk_close(&disk);
        return status;
    }
    RV_TRY(archive_of(&disk, &inner, reterr));
    if (!archive_is_document(inner)) {
        return rv_fail(reterr, RV_INVALID,
                       "%s is an archive inside an archive: unpack it first; nothing was loaded",
                       shown);
    }
    *ret = inner;
    inner = NULL;
    return rv_ok();
}
