/* base/file.c — whole files, temporary files, directories.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_PATH  4096
#define READ_BYTES ((size_t)65536)

/* strerror_r of GNU: thread-safe, returns the text. */
static const char *error_text(char *scratch, size_t n)
{
    return strerror_r(errno, scratch, n);
}

static rv_status fail_errno(struct rv_err *reterr, const char *what, const char *path)
{
    char scratch[128];
    enum rv_code code = errno == ENOENT ? RV_NOT_FOUND : RV_IO;
    return rv_fail(reterr, code, "%s: cannot %s: %s", path, what,
                   error_text(scratch, sizeof scratch));
}

void file_closep(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = -1;
}

rv_status file_read(const char *path, struct buf *out, struct rv_err *reterr)
{
    RV_CLEANUP(file_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fail_errno(reterr, "open", path);
    }
    for (;;) {
        size_t left = out->limit - out->n;
        size_t room = left < READ_BYTES ? left : READ_BYTES;
        char past_end; /* at the ceiling, one byte more is one too many */
        char *at = room ? buf_room(out, room) : &past_end;
        if (!at) {
            return buf_status(out, reterr);
        }
        ssize_t n = read(fd, at, room ? room : 1);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return fail_errno(reterr, "read", path);
        }
        if (n == 0) {
            if (room) {
                buf_wrote(out, 0); /* ends an empty file's buffer with its NUL */
            }
            return rv_ok();
        }
        if (!room) {
            return rv_fail(reterr, RV_LIMIT, "%s: larger than the %zu bytes allowed here", path,
                           out->limit);
        }
        buf_wrote(out, (size_t)n);
    }
}

static rv_status write_all(int fd, struct text bytes, const char *path, struct rv_err *reterr)
{
    size_t done = 0;
    while (done < bytes.n) {
        ssize_t n = write(fd, bytes.at + done, bytes.n - done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return fail_errno(reterr, "write", path);
        }
        done += (size_t)n;
    }
    return fsync(fd) == 0 ? rv_ok() : fail_errno(reterr, "sync", path);
}

rv_status file_write(const char *path, struct text bytes, struct rv_err *reterr)
{
    static atomic_uint written; /* two threads may write the same path at once */
    char temporary[MOST_PATH];
    int n = snprintf(temporary, sizeof temporary, "%s.part-%ld-%u", path, (long)getpid(),
                     atomic_fetch_add(&written, 1U));
    if (n < 0 || (size_t)n >= sizeof temporary) {
        return rv_fail(reterr, RV_LIMIT, "the path is longer than %d bytes", MOST_PATH);
    }
    RV_CLEANUP(file_closep)
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) {
        return fail_errno(reterr, "create", path);
    }
    rv_status status = write_all(fd, bytes, path, reterr);
    if (rv_is_ok(status) && rename(temporary, path) != 0) {
        status = fail_errno(reterr, "replace", path);
    }
    if (!rv_is_ok(status)) {
        unlink(temporary);
    }
    return status;
}

rv_status file_replace(const char *temporary, const char *path, struct rv_err *reterr)
{
    RV_CLEANUP(file_closep) int fd = open(temporary, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) {
        return fail_errno(reterr, "write", path);
    }
    return rename(temporary, path) == 0 ? rv_ok() : fail_errno(reterr, "replace", path);
}

rv_status file_make_dir(const char *path, struct rv_err *reterr)
{
    char partial[MOST_PATH];
    size_t n = strlen(path);
    if (n >= sizeof partial) {
        return rv_fail(reterr, RV_LIMIT, "the path is longer than %d bytes", MOST_PATH);
    }
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != '\0') {
            continue;
        }
        memcpy(partial, path, i);
        partial[i] = '\0';
        if (mkdir(partial, 0755) != 0 && !(errno == EEXIST && file_is_dir(partial))) {
            return fail_errno(reterr, "create the folder", partial);
        }
    }
    return rv_ok();
}

bool file_is_dir(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

const char *file_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static rv_status fail_too_many(struct rv_err *reterr)
{
    return rv_fail(reterr, RV_LIMIT,
                   "more files are open than the system allows this process: raise the limit "
                   "(ulimit -n), or split the archive");
}

rv_status file_open_unlinked(const char *dir, int *ret_fd, struct rv_err *reterr)
{
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) { /* a file system without O_TMPFILE: make one and unlink it at once */
        char path[MOST_PATH];
        int n = snprintf(path, sizeof path, "%s/.reeve-spool-XXXXXX", dir);
        if (n < 0 || (size_t)n >= sizeof path) {
            return rv_fail(reterr, RV_LIMIT, "the path is longer than %d bytes", MOST_PATH);
        }
        fd = mkostemp(path, O_CLOEXEC);
        if (fd < 0) {
            return errno == EMFILE || errno == ENFILE
                       ? fail_too_many(reterr)
                       : fail_errno(reterr, "create a temporary file in", dir);
        }
        unlink(path);
    }
    *ret_fd = fd;
    return rv_ok();
}

void file_allow_many(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files); /* not raised: the next file says so */
    }
}

rv_status file_write_at(int fd, const void *bytes, size_t n, uint64_t offset, struct rv_err *reterr)
{
    const char *at = bytes;
    while (n) {
        ssize_t wrote = pwrite(fd, at, n, (off_t)offset);
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote < 0) {
            return fail_errno(reterr, "write", "the temporary file");
        }
        at += wrote;
        n -= (size_t)wrote;
        offset += (uint64_t)wrote;
    }
    return rv_ok();
}

rv_status file_read_at(int fd, void *bytes, size_t n, uint64_t offset, struct rv_err *reterr)
{
    char *at = bytes;
    while (n) {
        ssize_t got = pread(fd, at, n, (off_t)offset);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return fail_errno(reterr, "read", "the temporary file");
        }
        if (got == 0) {
            return rv_fail(reterr, RV_IO, "the temporary file is shorter than expected");
        }
        at += got;
        n -= (size_t)got;
        offset += (uint64_t)got;
    }
    return rv_ok();
}
