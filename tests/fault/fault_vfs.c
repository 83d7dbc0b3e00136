/* tests/fault/fault_vfs.c — the failing file layer: every call goes to the usual one unless armed.
 *
 * xSync, when it does not fail, does nothing: no power is cut here, and the tests run by the
 * thousand. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fault_vfs.h"

#include <assert.h>
#include <sqlite3.h>
#include <stddef.h>

static struct {
    enum fault_kind kind;
    long at, count;
    bool stays;
} armed;

static bool fails(enum fault_kind kind)
{
    bool is_write = kind == FAULT_WRITE && armed.kind == FAULT_FULL;
    if (armed.kind != kind && !is_write) {
        return false;
    }
    armed.count++;
    return armed.count == armed.at || (armed.stays && armed.count > armed.at);
}

void fault_arm(enum fault_kind kind, long n, bool stays)
{
    armed.kind = kind;
    armed.at = n;
    armed.count = 0;
    armed.stays = stays;
}

bool fault_disarm(void)
{
    armed.kind = FAULT_NONE;
    return armed.count >= armed.at;
}

const char *fault_name(enum fault_kind kind)
{
    static const char *const names[FAULT_KINDS] = {
        "none", "write", "full disk", "sync", "truncate", "read", "open", "delete", "malloc"};
    return names[kind];
}

/* ---- files ---- */

struct file {
    sqlite3_file base;
    sqlite3_file *real; /* lies behind this struct */
};

static sqlite3_vfs *usual;

static sqlite3_file *real_of(sqlite3_file *f)
{
    return ((struct file *)f)->real;
}

static int file_close(sqlite3_file *f)
{
    return real_of(f)->pMethods->xClose(real_of(f));
}

static int file_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    return fails(FAULT_READ) ? SQLITE_IOERR_READ
                             : real_of(f)->pMethods->xRead(real_of(f), to, n, at);
}

/* Half of the bytes reach the disk, as when the power goes or the disk fills. */
static int file_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
    if (fails(FAULT_WRITE)) {
        (void)real_of(f)->pMethods->xWrite(real_of(f), from, n / 2, at);
        return armed.kind == FAULT_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    return real_of(f)->pMethods->xWrite(real_of(f), from, n, at);
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    return fails(FAULT_TRUNCATE) ? SQLITE_IOERR_TRUNCATE
                                 : real_of(f)->pMethods->xTruncate(real_of(f), size);
}

static int file_sync(sqlite3_file *f, int flags)
{
    (void)f;
    (void)flags;
    return fails(FAULT_SYNC) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int file_size(sqlite3_file *f, sqlite3_int64 *ret)
{
    return real_of(f)->pMethods->xFileSize(real_of(f), ret);
}

static int file_lock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xLock(real_of(f), level);
}

static int file_unlock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xUnlock(real_of(f), level);
}

static int file_reserved(sqlite3_file *f, int *ret)
{
    return real_of(f)->pMethods->xCheckReservedLock(real_of(f), ret);
}

static int file_control(sqlite3_file *f, int op, void *arg)
{
    return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int file_sector(sqlite3_file *f)
{
    return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int file_device(sqlite3_file *f)
{
    return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int file_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **ret)
{
    return real_of(f)->pMethods->xShmMap(real_of(f), region, size, extend, ret);
}

static int file_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return real_of(f)->pMethods->xShmLock(real_of(f), offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *f)
{
    real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int file_shm_unmap(sqlite3_file *f, int remove)
{
    return real_of(f)->pMethods->xShmUnmap(real_of(f), remove);
}

/* Version 2: no xFetch, so that every read passes file_read. */
static const sqlite3_io_methods methods = {.iVersion = 2,
                                           .xClose = file_close,
                                           .xRead = file_read,
                                           .xWrite = file_write,
                                           .xTruncate = file_truncate,
                                           .xSync = file_sync,
                                           .xFileSize = file_size,
                                           .xLock = file_lock,
                                           .xUnlock = file_unlock,
                                           .xCheckReservedLock = file_reserved,
                                           .xFileControl = file_control,
                                           .xSectorSize = file_sector,
                                           .xDeviceCharacteristics = file_device,
                                           .xShmMap = file_shm_map,
                                           .xShmLock = file_shm_lock,
                                           .xShmBarrier = file_shm_barrier,
                                           .xShmUnmap = file_shm_unmap};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *ret)
{
    (void)vfs;
    struct file *file = (struct file *)f;
    file->base.pMethods = NULL;
    file->real = (sqlite3_file *)(void *)(file + 1);
    if (fails(FAULT_OPEN)) {
        return SQLITE_CANTOPEN;
    }
    int code = usual->xOpen(usual, name, file->real, flags, ret);
    if (file->real->pMethods) {
        file->base.pMethods = &methods;
    }
    return code;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    return fails(FAULT_DELETE) ? SQLITE_IOERR_DELETE : usual->xDelete(usual, name, sync);
}

/* ---- memory ---- */

static sqlite3_mem_methods usual_memory;

static void *give_memory(int n)
{
    return fails(FAULT_MALLOC) ? NULL : usual_memory.xMalloc(n);
}

static void *resize_memory(void *old, int n)
{
    return fails(FAULT_MALLOC) ? NULL : usual_memory.xRealloc(old, n);
}

void fault_install(void)
{
    static sqlite3_vfs vfs;
    assert(!usual);
    int code = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual_memory);
    assert(code == SQLITE_OK);
    sqlite3_mem_methods memory = usual_memory;
    memory.xMalloc = give_memory;
    memory.xRealloc = resize_memory;
    code = sqlite3_config(SQLITE_CONFIG_MALLOC, &memory);
    assert(code == SQLITE_OK);
    usual = sqlite3_vfs_find(NULL);
    assert(usual);
    vfs = *usual;
    vfs.zName = "fault";
    vfs.szOsFile = (int)sizeof(struct file) + usual->szOsFile;
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    code = sqlite3_vfs_register(&vfs, 1);
    assert(code == SQLITE_OK);
    (void)code;
}
