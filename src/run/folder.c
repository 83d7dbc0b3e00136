/* run/folder.c — the private folder of a job: made, filled, read back, removed, never followed out.
 *
 * The program may have left anything in it, links among it: nothing is followed, and only plain
 * files with one name are read back. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "run/run_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_START "reeve-run-"
#define DEEPEST    64

const char *run_folder_base(void)
{
    const char *named = getenv("TMPDIR"); /* NOLINT(concurrency-mt-unsafe) */
    return named && named[0] == '/' && strlen(named) < 90 && getuid() != 0 ? named : "/tmp";
}

static rv_status fail_errno(struct rv_err *reterr, const char *what, const char *name)
{
    char scratch[128];
    return rv_fail(reterr, RV_IO, "cannot %s %s: %s", what, name,
                   strerror_r(errno, scratch, sizeof scratch));
}

/* Locked before it changes hands: a helper that sweeps takes away what nobody holds. False when
 * one was faster. */
static bool take_over(struct run_folder *f, uid_t user, gid_t group)
{
    struct stat held, named;
    f->fd = open(f->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (f->fd >= 0 && flock(f->fd, LOCK_EX | LOCK_NB) == 0 && fstat(f->fd, &held) == 0 &&
        stat(f->path, &named) == 0 && held.st_ino == named.st_ino &&
        fchown(f->fd, user, group) == 0) {
        return true;
    }
    if (f->fd >= 0) {
        close(f->fd);
    }
    return false;
}

rv_status run_folder_make(const char *base, uid_t user, gid_t group, struct run_folder *ret,
                          struct rv_err *reterr)
{
    for (int attempt = 0; attempt < 3; attempt++) {
        struct run_folder f = {.fd = -1};
        (void)snprintf(f.path, sizeof f.path, "%s/" NAME_START "XXXXXX", base);
        if (!mkdtemp(f.path)) {
            break;
        }
        if (take_over(&f, user, group)) {
            *ret = f;
            return rv_ok();
        }
        rmdir(f.path);
    }
    return fail_errno(reterr, "create a folder in", base);
}

static bool write_all(int fd, struct text bytes)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.at, bytes.n);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        bytes = (struct text){bytes.at + n, bytes.n - (size_t)n};
    }
    return true;
}

rv_status run_folder_put(const struct run_folder *f, const char *name, struct text bytes,
                         uid_t user, gid_t group, struct rv_err *reterr)
{
    int fd = openat(f->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return fail_errno(reterr, "create", name);
    }
    bool done = fchown(fd, user, group) == 0 && write_all(fd, bytes);
    rv_status status = done ? rv_ok() : fail_errno(reterr, "write", name);
    close(fd);
    return status;
}

bool run_folder_get(const struct run_folder *f, const char *name, uint64_t most, struct buf *ret)
{
    int fd = openat(f->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    struct stat info;
    bool is_plain = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_nlink == 1 &&
                    info.st_size > 0 && (uint64_t)info.st_size <= most;
    char *at = is_plain ? buf_room(ret, (size_t)info.st_size) : NULL;
    size_t done = 0;
    while (at && done < (size_t)info.st_size) {
        ssize_t n = read(fd, at + done, (size_t)info.st_size - done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            break;
        }
        done += (size_t)n;
    }
    close(fd);
    if (!at || done != (size_t)info.st_size) {
        return false;
    }
    buf_wrote(ret, done);
    return true;
}

/* Visits everything below the folder `fd`, which it closes: adds up the bytes of files, and
 * removes what it visited when asked to. False when something is left. */
static bool visit(int fd, int depth, bool remove, uint64_t *bytes)
{
    DIR *dir = fd < 0 || depth > DEEPEST ? NULL : fdopendir(fd);
    if (!dir) {
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    bool is_clean = true;
    const struct dirent *entry;
    while ((entry = readdir(dir))) { /* NOLINT(concurrency-mt-unsafe) */
        const char *name = entry->d_name;
        struct stat info;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
            fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
            continue;
        }
        *bytes += (uint64_t)info.st_blocks * 512;
        if (S_ISDIR(info.st_mode)) {
            if (remove && fchmodat(fd, name, 0700, 0) != 0) { /* no process is left to swap it */
                is_clean = false;
            }
            int below = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            is_clean = visit(below, depth + 1, remove, bytes) && is_clean;
        }
        if (remove) {
            is_clean =
                unlinkat(fd, name, S_ISDIR(info.st_mode) ? AT_REMOVEDIR : 0) == 0 && is_clean;
        }
    }
    closedir(dir);
    return is_clean;
}

uint64_t run_folder_bytes(const struct run_folder *f)
{
    uint64_t bytes = 0;
    (void)visit(openat(f->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), 0, false, &bytes);
    return bytes;
}

bool run_empty_folder(int fd)
{
    uint64_t bytes = 0;
    return visit(fd, 0, true, &bytes);
}

void run_folder_remove(struct run_folder *f)
{
    if (f->fd < 0) {
        return;
    }
    uint64_t bytes = 0;
    (void)visit(openat(f->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), 0, true, &bytes);
    (void)rmdir(f->path);
    close(f->fd);
    f->fd = -1;
}

/* Ours, and its helper is gone: then nobody holds its lock. */
static void sweep_one(int base, const char *name, uid_t user, const char *base_path)
{
    struct run_folder f = {.fd =
                               openat(base, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    struct stat info;
    if (f.fd < 0) {
        return;
    }
    (void)snprintf(f.path, sizeof f.path, "%s/%s", base_path, name);
    if (fstat(f.fd, &info) == 0 && info.st_uid == user && flock(f.fd, LOCK_EX | LOCK_NB) == 0) {
        run_folder_remove(&f);
    } else {
        close(f.fd);
    }
}

void run_folder_sweep(const char *base, uid_t user)
{
    DIR *dir = opendir(base);
    if (!dir) {
        return;
    }
    const struct dirent *entry;
    while ((entry = readdir(dir))) { /* NOLINT(concurrency-mt-unsafe) */
        if (strncmp(entry->d_name, NAME_START, strlen(NAME_START)) == 0 &&
            strlen(entry->d_name) == strlen(NAME_START) + 6) {
            sweep_one(dirfd(dir), entry->d_name, user, base);
        }
    }
    closedir(dir);
}
