/* read/shapefile_parts.c — the files of a shapefile for shapelib and for the checks before it.
 *
 * shapelib's hooks carry no context, so the parts being read are the thread's. Every read is
 * bounded by the size that the file had when it was opened.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/shapefile_parts.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_PATH 4096

static const char *const SUFFIXES[PART_COUNT][2] = {
    {".shp", ".SHP"}, {".shx", ".SHX"}, {".dbf", ".DBF"}, {".prj", ".PRJ"}, {".cpg", ".CPG"}};

static _Thread_local struct parts *current;

/* ---- opening ---- */

static rv_status open_part(struct part *part, const char *path, struct rv_err *reterr)
{
    struct stat info;
    char scratch[128];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        return rv_ok();
    }
    part->fd = fd;
    part->is_open = fd >= 0;
    if (fd < 0 || fstat(fd, &info) != 0) {
        return rv_fail(reterr, RV_IO, "%s: cannot open: %s", path,
                       strerror_r(errno, scratch, sizeof scratch));
    }
    if (!S_ISREG(info.st_mode)) {
        return rv_fail(reterr, RV_REFUSED, "%s: this is %s; name an ordinary file", path,
                       S_ISDIR(info.st_mode) ? "a folder" : "not an ordinary file");
    }
    if ((uint64_t)info.st_size > LIMIT_BOUNDARY_BYTES) {
        return rv_fail(reterr, RV_LIMIT, "%s: larger than the %zu MB of a boundary file", path,
                       LIMIT_BOUNDARY_BYTES >> 20);
    }
    part->size = (uint64_t)info.st_size;
    part->changed = info.st_mtim;
    part->is_there = true;
    return rv_ok();
}

rv_status parts_open(struct parts *p, const char *path, struct rv_err *reterr)
{
    size_t stem = strlen(path) - 4;
    char name[MOST_PATH];
    *p = (struct parts){.message = ""};
    if (stem + 5 > sizeof name) {
        return rv_fail(reterr, RV_LIMIT, "the path is longer than %d bytes", MOST_PATH);
    }
    memcpy(name, path, stem);
    for (int i = 0; i < PART_COUNT; i++) {
        for (int k = 0; k < 2 && !p->part[i].is_there; k++) {
            memcpy(name + stem, SUFFIXES[i][k], 5);
            RV_TRY(open_part(&p->part[i], i == PART_SHP ? path : name, reterr));
        }
    }
    return p->part[PART_SHP].is_there ? rv_ok()
                                      : rv_fail(reterr, RV_NOT_FOUND, "%s: cannot open: %s", path,
                                                "there is no such file");
}

void parts_from_bytes(struct parts *p, const struct shapefile_bytes *bytes)
{
    const struct text all[PART_COUNT] = {bytes->shp, bytes->shx, bytes->dbf, bytes->prj,
                                         bytes->cpg};
    *p = (struct parts){.message = ""};
    for (int i = 0; i < PART_COUNT; i++) {
        p->part[i] =
            (struct part){.is_there = all[i].at != NULL, .bytes = all[i], .size = all[i].n};
    }
}

void parts_done(struct parts *p)
{
    for (int i = 0; i < PART_COUNT; i++) {
        if (p->part[i].is_open) {
            (void)close(p->part[i].fd);
            p->part[i].is_open = false;
        }
    }
    current = current == p ? NULL : current;
}

rv_status parts_check(const struct parts *p, struct rv_err *reterr)
{
    for (int i = 0; i < PART_COUNT; i++) {
        const struct part *part = &p->part[i];
        struct stat info;
        if (part->is_open && (fstat(part->fd, &info) != 0 || (uint64_t)info.st_size != part->size ||
                              info.st_mtim.tv_sec != part->changed.tv_sec ||
                              info.st_mtim.tv_nsec != part->changed.tv_nsec)) {
            return rv_fail(
                reterr, RV_INVALID,
                "the %s changed while it was read; nothing was loaded: try again once it "
                "is written",
                SUFFIXES[i][0]);
        }
    }
    return rv_ok();
}

/* ---- reading ---- */

bool part_read(struct parts *p, enum part_name name, uint64_t at, void *bytes, size_t n)
{
    struct part *part = &p->part[name];
    if (at > part->size || n > part->size - at) {
        return false;
    }
    if (!part->is_open) {
        memcpy(bytes, part->bytes.at + at, n);
        return true;
    }
    struct rv_err ignored;
    bool is_read = rv_is_ok(file_read_at(part->fd, bytes, n, at, &ignored));
    p->has_failed = p->has_failed || !is_read;
    return is_read;
}

rv_status part_text(struct parts *p, struct arena *a, enum part_name name, struct text *ret,
                    struct rv_err *reterr)
{
    const struct part *part = &p->part[name];
    size_t n = part->size < PART_TEXT_BYTES ? (size_t)part->size : PART_TEXT_BYTES;
    char *bytes = arena_new(a, n + 1, 1);
    if (!bytes) {
        return arena_fail(a, reterr);
    }
    if (part->is_there && !part_read(p, name, 0, bytes, n)) {
        return rv_fail(reterr, RV_IO, "the %s cannot be read", SUFFIXES[name][0]);
    }
    *ret = (struct text){bytes, part->is_there ? n : 0};
    return rv_ok();
}

rv_status parts_sha256(struct parts *p, char *ret, struct rv_err *reterr)
{
    static const enum part_name names[] = {PART_SHP, PART_DBF, PART_PRJ};
    RV_CLEANUP(sha256_done) struct sha256 hash = {NULL};
    RV_TRY(sha256_init(&hash, reterr));
    char bytes[8192];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct part *part = &p->part[names[i]];
        for (uint64_t at = 0; part->is_there && at < part->size;) {
            size_t n = part->size - at < sizeof bytes ? (size_t)(part->size - at) : sizeof bytes;
            if (!part_read(p, names[i], at, bytes, n)) {
                return rv_fail(reterr, RV_IO, "the %s cannot be read", SUFFIXES[names[i]][0]);
            }
            RV_TRY(sha256_add(&hash, bytes, n, reterr));
            at += n;
        }
    }
    return sha256_hex(&hash, ret, reterr);
}

/* ---- shapelib ---- */

static SAFile hook_open(const char *name, const char *access)
{
    size_t n = strlen(name);
    for (int i = PART_SHP; i <= PART_DBF && current && strcmp(access, "rb") == 0; i++) {
        bool is_it = n >= 4 && strcmp(name + n - 4, SUFFIXES[i][0]) == 0;
        if (is_it && current->part[i].is_there) {
            current->part[i].at = 0;
            return (SAFile)(void *)&current->part[i];
        }
    }
    return NULL;
}

static SAOffset hook_read(void *bytes, SAOffset size, SAOffset count, SAFile file)
{
    struct part *part = (struct part *)(void *)file;
    SAOffset left = part->at < part->size && size ? (part->size - part->at) / size : 0;
    SAOffset n = count < left ? count : left;
    if (n == 0 ||
        !part_read(current, (enum part_name)(part - current->part), part->at, bytes, n * size)) {
        return 0;
    }
    part->at += n * size;
    return n;
}

static SAOffset hook_write(void *bytes, SAOffset size, SAOffset count, SAFile file)
{
    (void)bytes, (void)size, (void)count, (void)file;
    return 0; /* nothing is written */
}

static SAOffset hook_seek(SAFile file, SAOffset offset, int whence)
{
    struct part *part = (struct part *)(void *)file;
    uint64_t from = whence == SEEK_END ? part->size : whence == SEEK_CUR ? part->at : 0;
    return __builtin_add_overflow(from, offset, &part->at) ? 1 : 0;
}

static SAOffset hook_tell(SAFile file)
{
    return ((const struct part *)(const void *)file)->at;
}

static int hook_nothing(SAFile file)
{
    (void)file;
    return 0;
}

static int hook_remove(const char *name)
{
    (void)name;
    return -1;
}

static void hook_error(const char *message)
{
    (void)snprintf(current->message, sizeof current->message, "%.150s", message);
}

static double hook_atof(const char *text)
{
    (void)text; /* numbers are taken as the text they are */
    return 0;
}

void parts_hooks(struct parts *p, SAHooks *ret)
{
    current = p;
    *ret = (SAHooks){.FOpen = hook_open,
                     .FRead = hook_read,
                     .FWrite = hook_write,
                     .FSeek = hook_seek,
                     .FTell = hook_tell,
                     .FFlush = hook_nothing,
                     .FClose = hook_nothing,
                     .Remove = hook_remove,
                     .Error = hook_error,
                     .Atof = hook_atof};
}
