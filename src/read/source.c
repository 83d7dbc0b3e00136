/* read/source.c — putting together the streams that a choice asks for.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/source.h"

#include "base/memory.h"
#include "read/decode.h"
#include "read/services.h"
#include "read/stream.h"
#include "read/xlsx.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct byte_source {
    char *name; /* for messages */
    struct stream *stream;
};

void source_close(struct byte_source *s)
{
    if (s) {
        stream_closep(&s->stream);
        memory_free(s->name);
        memory_free(s);
    }
}

void source_closep(struct byte_source **s)
{
    source_close(*s);
    *s = NULL;
}

static rv_status decode(struct byte_source *s, const char *encoding, struct rv_err *reterr)
{
    const char *known = encoding_find(encoding);
    if (known && strcmp(known, "utf-8") == 0) {
        return rv_ok();
    }
    struct stream *inner = s->stream;
    s->stream = NULL; /* it is the decoder's from here on */
    return decode_stream_open(inner, encoding, s->name, &s->stream, reterr);
}

/* Takes over `owned`. */
static rv_status open_member(struct byte_source *s, const struct archive *archive,
                             struct archive *owned, const struct source_choice *c,
                             struct rv_err *reterr)
{
    RV_CLEANUP(archive_closep) struct archive *held = owned;
    bool is_zip = false;
    if (!c->is_raw) {
        RV_TRY(archive_member_is_zip(archive, c->member, &is_zip, reterr));
    }
    if (is_zip) {
        struct archive *inner = NULL;
        RV_TRY(archive_open_member(archive, c->member, c->spool_dir, &inner, reterr));
        return sheet_stream_open(inner, inner, c->sheet, c->spool_dir, &s->stream, reterr);
    }
    held = NULL;
    return member_stream_open(archive, owned, c->member, &s->stream, reterr);
}

/* The part of an archive that was chosen. Takes over `owned` (the archive, or NULL when it is the
 * caller's). */
static rv_status open_archive(struct byte_source *s, const struct archive *archive,
                              struct archive *owned, const struct source_choice *c,
                              struct rv_err *reterr)
{
    if (c->member) {
        return open_member(s, archive, owned, c, reterr);
    }
    if (archive_is_document(archive)) {
        return sheet_stream_open(archive, owned, c->sheet, c->spool_dir, &s->stream, reterr);
    }
    archive_close(owned);
    return rv_fail(reterr, RV_INVALID, "%s is an archive: name one of its members", s->name);
}

static rv_status as_services(struct byte_source *s, struct rv_err *reterr)
{
    struct stream *inner = s->stream;
    s->stream = NULL; /* it is the other's from here on */
    return services_stream_open(inner, s->name, &s->stream, reterr);
}

static rv_status open_path(struct byte_source *s, const char *path, const struct source_choice *c,
                           struct rv_err *reterr)
{
    struct disk_file disk;
    rv_status status = disk_open(path, &disk, reterr);
    if (!rv_is_ok(status)) {
        disk_close(&disk);
        return status;
    }
    bool is_zip = disk_is_zip(&disk);
    if (is_zip && (c->member || !c->is_raw)) {
        struct archive *archive = NULL;
        RV_TRY(archive_of(&disk, &archive, reterr));
        return open_archive(s, archive, archive, c, reterr);
    }
    if (c->member) {
        disk_close(&disk);
        return rv_fail(reterr, RV_NOT_FOUND, "%s is no archive: it has no members", path);
    }
    char beginning[256];
    size_t n = 0;
    status = c->is_raw ? rv_ok() : disk_read_at(&disk, beginning, sizeof beginning, 0, &n, reterr);
    if (!rv_is_ok(status)) {
        disk_close(&disk);
        return status;
    }
    RV_TRY(file_stream_open(&disk, &s->stream, reterr));
    return services_is_json((struct text){beginning, n}) ? as_services(s, reterr) : rv_ok();
}

rv_status source_open_as(const char *path, const struct source_choice *choice,
                         struct byte_source **ret, struct rv_err *reterr)
{
    RV_CLEANUP(source_closep) struct byte_source *s = memory_new(1, sizeof *s);
    const char *member = choice->member ? choice->member : "";
    size_t n = strlen(path) + strlen(member) + 2;
    if (s) {
        s->name = memory_new(n, 1);
    }
    if (!s || !s->name) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    (void)snprintf(s->name, n, "%s%s%s", path, *member ? "/" : "", member);
    RV_TRY(choice->archive ? open_archive(s, choice->archive, NULL, choice, reterr)
                           : open_path(s, path, choice, reterr));
    bool is_sheet = s->stream->ops->is_sheet;
    if (choice->encoding && !is_sheet) {
        RV_TRY(decode(s, choice->encoding, reterr));
    }
    *ret = s;
    s = NULL;
    return rv_ok();
}

rv_status source_open(const char *path, struct byte_source **ret, struct rv_err *reterr)
{
    const struct source_choice as_it_is = {.is_raw = true};
    return source_open_as(path, &as_it_is, ret, reterr);
}

/* A file without a place on any disk: it goes with its descriptor. */
static rv_status disk_of_text(const char *name, struct text bytes, struct disk_file *ret,
                              struct rv_err *reterr)
{
    int fd = memfd_create("reeve", MFD_CLOEXEC);
    size_t done = 0;
    while (fd >= 0 && done < bytes.n) {
        ssize_t n = write(fd, bytes.at + done, bytes.n - done);
        if (n < 0 && errno != EINTR) {
            break;
        }
        done += n > 0 ? (size_t)n : 0;
    }
    bool is_ready = fd >= 0 && done == bytes.n && lseek(fd, 0, SEEK_SET) == 0;
    rv_status status = is_ready ? disk_from_fd(fd, name, ret, reterr)
                                : rv_fail(reterr, RV_IO, "%s: there is no room in memory", name);
    if (!rv_is_ok(status) && fd >= 0) {
        close(fd);
    }
    return status;
}

rv_status source_open_text(const char *name, struct text bytes, struct byte_source **ret,
                           struct rv_err *reterr)
{
    RV_CLEANUP(source_closep) struct byte_source *s = memory_new(1, sizeof *s);
    struct disk_file disk;
    if (s) {
        s->name = memory_new(strlen(name) + 1, 1);
    }
    if (!s || !s->name) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    memcpy(s->name, name, strlen(name) + 1);
    RV_TRY(disk_of_text(name, bytes, &disk, reterr));
    RV_TRY(file_stream_open(&disk, &s->stream, reterr));
    *ret = s;
    s = NULL;
    return rv_ok();
}

rv_status source_read(struct byte_source *s, char *bytes, size_t n, size_t *ret_n,
                      struct rv_err *reterr)
{
    size_t got = 0;
    if (n) {
        RV_TRY(s->stream->ops->read(s->stream, bytes, n, &got, reterr));
    }
    *ret_n = got;
    return rv_ok();
}

void source_skip_sha256(struct byte_source *s)
{
    s->stream->ops->skip_sha256(s->stream);
}

int64_t source_file_bytes(const struct byte_source *s)
{
    return s->stream->ops->size(s->stream);
}

int64_t source_file_done(const struct byte_source *s)
{
    return s->stream->ops->done(s->stream);
}

rv_status source_sha256(struct byte_source *s, char out[SHA256_HEX + 1], struct rv_err *reterr)
{
    return s->stream->ops->sha256(s->stream, out, reterr);
}
