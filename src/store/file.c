/* store/file.c — the descriptor by which a partnership file's first bytes are looked at.
 *
 * A process that closes any descriptor of a file gives up every POSIX lock that it holds on the
 * file, SQLite's among them (fcntl(2); sqlite.org/howtocorrupt.html, section 2.2): another program
 * would then take itself for the last one, and remove the write-ahead log under our connections. So
 * all connections of this process to a file share one descriptor, which is closed after the last of
 * them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include "base/memory.h"
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct open_file {
    dev_t device;
    ino_t inode;
    int fd;
    size_t users;
    struct open_file *next;
};

static pthread_mutex_t files_lock = PTHREAD_MUTEX_INITIALIZER;
static struct open_file *files;

static struct open_file *find(const struct stat *of)
{
    struct open_file *f = files;
    while (f && !(f->device == of->st_dev && f->inode == of->st_ino)) {
        f = f->next;
    }
    return f;
}

static rv_status add(const char *path, struct open_file **ret, struct rv_err *reterr)
{
    struct open_file *f = memory_new(1, sizeof *f);
    if (!f) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory opening %s", path);
    }
    struct stat info;
    f->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (f->fd < 0 || fstat(f->fd, &info) != 0) {
        rv_status status = open_fail_errno(path, "opened", reterr);
        file_closep(&f->fd);
        memory_free(f);
        return status;
    }
    f->device = info.st_dev;
    f->inode = info.st_ino;
    f->next = files;
    files = f;
    *ret = f;
    return rv_ok();
}

rv_status open_file_take(const char *path, struct open_file **ret, int *ret_fd,
                         struct rv_err *reterr)
{
    struct stat info;
    pthread_mutex_lock(&files_lock);
    rv_status status = rv_ok();
    struct open_file *f = stat(path, &info) == 0 ? find(&info) : NULL;
    if (!f) {
        status = add(path, &f, reterr);
    }
    if (f) { /* found, or added */
        f->users++;
        *ret = f;
        *ret_fd = f->fd;
    }
    pthread_mutex_unlock(&files_lock);
    return status;
}

void open_file_drop(struct open_file *file)
{
    if (!file) {
        return;
    }
    pthread_mutex_lock(&files_lock);
    if (--file->users == 0) {
        struct open_file **at = &files;
        while (*at != file) {
            at = &(*at)->next;
        }
        *at = file->next;
        file_closep(&file->fd);
        memory_free(file);
    }
    pthread_mutex_unlock(&files_lock);
}
