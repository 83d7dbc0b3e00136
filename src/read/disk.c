/* read/disk.c — an ordinary file, opened once and watched for changes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/memory.h"
#include "read/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static rv_status fail_errno(struct rv_err *reterr, const char *what, const char *path)
{
    char scratch[128];
    bool is_no_file = errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
    enum rv_code code = is_no_file ? RV_NOT_FOUND : RV_IO;
    return rv_fail(reterr, code, "%s: cannot %s: %s", path, what,
                   strerror_r(errno, scratch, sizeof scratch));
}

static rv_status set_path(struct disk_file *d, const char *path, struct rv_err *reterr)
{
    *d = (struct disk_file){.path = memory_new(strlen(path) + 1, 1), .fd = -1};
    if (!d->path) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    memcpy(d->path, path, strlen(path));
    return rv_ok();
}

rv_status disk_from_fd(int fd, const char *shown, struct disk_file *ret, struct rv_err *reterr)
{
    struct stat info;
    RV_TRY(set_path(ret, shown, reterr));
    if (fstat(fd, &info) != 0) {
        return fail_errno(reterr, "look at", shown);
    }
    ret->bytes = info.st_size;
    ret->changed = info.st_mtim;
    ret->fd = fd;
    return rv_ok();
}

rv_status disk_open(const char *path, struct disk_file *ret, struct rv_err *reterr)
{
    RV_TRY(set_path(ret, path, reterr));
    ret->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat info;
    if (ret->fd < 0 || fstat(ret->fd, &info) != 0) {
        return fail_errno(reterr, "open", path);
    }
    if (!S_ISREG(info.st_mode)) {
        return rv_fail(reterr, RV_REFUSED, "%s: this is %s; name an ordinary file", path,
                       S_ISDIR(info.st_mode) ? "a folder" : "not an ordinary file");
    }
    ret->bytes = info.st_size;
    ret->changed = info.st_mtim;
    return rv_ok();
}

void disk_close(struct disk_file *d)
{
    file_closep(&d->fd);
    memory_free(d->path);
    d->path = NULL;
}

rv_status disk_check_unchanged(const struct disk_file *d, struct rv_err *reterr)
{
    struct stat info;
    if (fstat(d->fd, &info) != 0) {
        return fail_errno(reterr, "look at", d->path);
    }
    if (info.st_size != d->bytes || info.st_mtim.tv_sec != d->changed.tv_sec ||
        info.st_mtim.tv_nsec != d->changed.tv_nsec) {
        return rv_fail(reterr, RV_INVALID,
                       "%s: the file changed while it was read; nothing was loaded: wait until "
                       "copying it has ended, then try again",
                       d->path);
    }
    return rv_ok();
}

rv_status disk_read_at(const struct disk_file *d, void *bytes, size_t n, int64_t offset,
                       size_t *ret_n, struct rv_err *reterr)
{
    size_t done = 0;
    while (done < n) {
        ssize_t got = pread(d->fd, (char *)bytes + done, n - done, (off_t)offset + (off_t)done);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return fail_errno(reterr, "read", d->path);
        }
        if (got == 0) {
            break;
        }
        done += (size_t)got;
    }
    *ret_n = done;
    return rv_ok();
}
