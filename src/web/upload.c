/* web/upload.c — a file on its way in. SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/upload.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define CHECK_EVERY ((uint64_t)16 << 20) /* bytes from one look at the free disk to the next */

static rv_status settle(struct upload *u, enum upload_fate fate, struct rv_err *reterr)
{
    u->fate = u->fate == UPLOAD_FINE ? fate : u->fate;
    return rv_fail(reterr, RV_REFUSED, "the upload is not taken");
}

/* An unnamed file, or where a file system has none, one that is removed unless it is kept. */
static bool open_file(struct upload *u)
{
    u->fd = open(u->dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (u->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
        int n = snprintf(u->path, sizeof u->path, "%s/.part-XXXXXX", u->dir);
        u->fd = n > 0 && (size_t)n < sizeof u->path ? mkostemp(u->path, O_CLOEXEC) : -1;
    }
    if (u->fd < 0) {
        u->path[0] = '\0';
    }
    return u->fd >= 0;
}

static bool has_room(const struct upload *u, uint64_t more)
{
    struct statvfs disk;
    if (fstatvfs(u->fd, &disk) != 0) {
        return true; /* the writing tells */
    }
    uint64_t left = (uint64_t)disk.f_bavail * disk.f_frsize;
    return left > UPLOAD_RESERVE && left - UPLOAD_RESERVE >= more;
}

static bool is_ours(const struct upload *u)
{
    struct fields form;
    struct arena a RV_CLEANUP(arena_done);
    arena_init(&a, 4 * (size_t)REQUEST_FORM_BYTES);
    return rv_is_ok(request_fields(&a, buf_view(&u->form.form), &form, NULL)) &&
           u->is_ours(text_of(u->session), &form);
}

static rv_status begin_file(void *context, struct rv_err *reterr)
{
    struct upload *u = context;
    if (!u->dir || !is_ours(u)) {
        return settle(u, UPLOAD_FORGED, reterr);
    }
    if (!open_file(u)) {
        return settle(u, errno == ENOSPC ? UPLOAD_NO_ROOM : UPLOAD_FAILED, reterr);
    }
    return has_room(u, 0) ? rv_ok() : settle(u, UPLOAD_NO_ROOM, reterr);
}

static rv_status take_file(void *context, const char *bytes, size_t n, struct rv_err *reterr)
{
    struct upload *u = context;
    if (n > u->most - u->bytes) {
        return settle(u, UPLOAD_TOO_LARGE, reterr);
    }
    if (u->bytes - u->checked >= CHECK_EVERY) {
        u->checked = u->bytes;
        if (!has_room(u, CHECK_EVERY)) {
            return settle(u, UPLOAD_NO_ROOM, reterr);
        }
    }
    errno = 0;
    if (!rv_is_ok(file_write_at(u->fd, bytes, n, u->bytes, NULL))) {
        bool is_full = errno == ENOSPC || errno == EDQUOT;
        return settle(u, is_full ? UPLOAD_NO_ROOM : UPLOAD_FAILED, reterr);
    }
    u->bytes += n;
    return rv_ok();
}

/* What was written of a file that is not taken is given back at once. */
static void drop_file(struct upload *u)
{
    file_closep(&u->fd);
    if (u->path[0]) {
        (void)unlink(u->path);
        u->path[0] = '\0';
    }
}

void upload_begin(struct upload *u, struct text content_type, struct text session,
                  const struct upload_terms *terms)
{
    *u = (struct upload){
        .dir = terms->dir, .most = terms->most, .fd = -1, .is_ours = terms->is_ours};
    if (session.n < sizeof u->session) {
        memcpy(u->session, session.at, session.n);
    }
    const struct multipart_sink sink = {u, begin_file, take_file};
    if (!rv_is_ok(multipart_begin(&u->form, content_type, &sink, NULL))) {
        u->fate = UPLOAD_BROKEN;
    }
}

void upload_take(struct upload *u, const char *bytes, size_t n)
{
    if (u->fate == UPLOAD_FINE && !rv_is_ok(multipart_take(&u->form, bytes, n, NULL))) {
        u->fate = u->fate == UPLOAD_FINE ? UPLOAD_BROKEN : u->fate;
        drop_file(u);
    }
}

void upload_end(struct upload *u)
{
    if (u->fate == UPLOAD_FINE && !rv_is_ok(multipart_end(&u->form, NULL))) {
        u->fate = UPLOAD_BROKEN;
        drop_file(u);
    }
}

void upload_done(struct upload *u)
{
    drop_file(u);
    multipart_done(&u->form);
}

rv_status upload_read(const struct upload *u, struct arena *a, size_t most, struct text *ret,
                      struct rv_err *reterr)
{
    if (u->bytes > most) {
        return rv_fail(reterr, RV_LIMIT, "The file is larger than the %zu KB that this page reads",
                       most / 1000);
    }
    char *bytes = ARENA_NEW(a, char, (size_t)u->bytes + 1);
    if (!bytes) {
        return arena_fail(a, reterr);
    }
    if (pread(u->fd, bytes, (size_t)u->bytes, 0) != (ssize_t)u->bytes) {
        return rv_fail(reterr, RV_IO, "the file that was sent cannot be read again");
    }
    *ret = (struct text){bytes, (size_t)u->bytes};
    return rv_ok();
}

rv_status upload_keep(struct upload *u, const char *path, struct rv_err *reterr)
{
    char link[64];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", u->fd);
    bool is_kept = u->fd >= 0 && fsync(u->fd) == 0 &&
                   (u->path[0] ? rename(u->path, path)
                               : linkat(AT_FDCWD, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW)) == 0;
    if (!is_kept) {
        return rv_fail(reterr, RV_IO,
                       "the file that was sent cannot be kept: the disk does not "
                       "take it");
    }
    u->path[0] = '\0';
    return rv_ok();
}
