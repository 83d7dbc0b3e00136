/* ingest/folder.c — every recognised file of a folder.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/import.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int compare_names(const void *left, const void *right)
{
    const struct ingest_file *a = left, *b = right;
    return strcmp(a->path, b->path);
}

static void dir_closep(DIR **dir)
{
    if (*dir) {
        (void)closedir(*dir);
    }
}

/* What is named and passed over, as no file. NULL = a file. */
static const char *why_no_file(const struct stat *st, int error)
{
    if (error) {
        return error == ELOOP    ? "a link that leads back to itself"
               : error == ENOENT ? "a link that leads to nothing"
                                 : "cannot be looked at";
    }
    return S_ISDIR(st->st_mode)   ? "a folder: name it to import what is in it"
           : S_ISREG(st->st_mode) ? NULL
                                  : "no file but a pipe, a socket or a device";
}

/* What the folder holds in order of name; `err` of what is no file says so. */
static rv_status list_files(struct arena *a, const char *path, struct ingest_file **ret,
                            size_t *ret_count, struct rv_err *reterr)
{
    RV_CLEANUP(dir_closep) DIR *dir = opendir(path);
    if (!dir) {
        return rv_fail(reterr, errno == ENOENT ? RV_NOT_FOUND : RV_IO, "%s: %s", path,
                       strerror(errno));
    }
    size_t n = 0, capacity = 0;
    struct ingest_file *list = NULL;
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        const char *full = arena_printf(a, "%s/%s", path, entry->d_name);
        struct stat st;
        if (!full) {
            return arena_fail(a, reterr);
        }
        if (entry->d_name[0] == '.') {
            continue;
        }
        int error = stat(full, &st) == 0 ? 0 : errno;
        const char *why = why_no_file(&st, error);
        if (n == capacity) {
            capacity = capacity ? capacity * 2 : 32;
            struct ingest_file *grown = ARENA_NEW(a, struct ingest_file, capacity);
            if (!grown) {
                return arena_fail(a, reterr);
            }
            if (n) {
                memcpy(grown, list, n * sizeof *list);
            }
            list = grown;
        }
        list[n] = (struct ingest_file){.path = full, .outcome = INGEST_NOT_RECOGNISED};
        if (why) {
            (void)rv_fail(&list[n].err, RV_INVALID, "%s is %s; passed over", entry->d_name, why);
        }
        n++;
    }
    if (n) {
        qsort(list, n, sizeof *list, compare_names);
    }
    *ret = list;
    *ret_count = n;
    return rv_ok();
}

bool import_is_another(const char *name, rv_status status, enum import_stage stage)
{
    static const char *const TABLES[] = {".csv", ".csv.gz", ".xlsx", ".zip"};
    bool is_table = false;
    for (size_t i = 0; i < sizeof TABLES / sizeof *TABLES; i++) {
        is_table = is_table || text_ends(text_of(name), TABLES[i]);
    }
    return status.code == RV_INVALID &&
           (stage == IMPORT_READABLE || (stage == IMPORT_BEGUN && !is_table));
}

/* Failures that end the whole run: the partnership file or the machine, not the one file. */
static bool is_fatal(enum rv_code code)
{
    return code == RV_INTERRUPTED || code == RV_DAMAGED || code == RV_BUSY || code == RV_IO ||
           code == RV_NO_MEMORY || code == RV_USAGE || code == RV_TOO_NEW;
}

struct results { /* grows in the arena */
    struct ingest_file *list;
    size_t count, capacity;
};

static rv_status add_results(struct arena *a, struct results *out, const struct ingest_kinds *kinds,
                             struct rv_err *reterr)
{
    if (out->count + kinds->count > out->capacity) {
        size_t wanted = 2 * (out->count + kinds->count) + 32;
        struct ingest_file *grown = ARENA_NEW(a, struct ingest_file, wanted);
        if (!grown) {
            return arena_fail(a, reterr);
        }
        if (out->count) {
            memcpy(grown, out->list, out->count * sizeof *grown);
        }
        out->list = grown;
        out->capacity = wanted;
    }
    memcpy(out->list + out->count, kinds->files, kinds->count * sizeof *kinds->files);
    out->count += kinds->count;
    return rv_ok();
}

rv_status ingest_import_folder(struct store *s, struct arena *a, struct pool *pool,
                               struct progress *progress, const char *path,
                               const struct ingest_options *options, struct ingest_file **ret,
                               size_t *ret_count, struct rv_err *reterr)
{
    struct ingest_file *list = NULL;
    size_t count = 0;
    RV_TRY(list_files(a, path, &list, &count, reterr));
    struct results out = {.list = NULL};
    for (size_t i = 0; i < count; i++) {
        struct ingest_file *f = &list[i];
        struct ingest_kinds kinds = {f, 1};
        enum import_stage stage = IMPORT_BEGUN;
        if (f->err.code != RV_OK) { /* no file */
            RV_TRY(add_results(a, &out, &kinds, reterr));
            continue;
        }
        bool is_archive = ingest_is_archive(f->path);
        rv_status status =
            is_archive
                ? ingest_import_archive(s, a, pool, progress, f->path, options, &kinds, &f->err)
                : import_kinds(s, a, pool, progress, f->path, options, &kinds, &stage, &f->err);
        if (!rv_is_ok(status) && is_fatal(status.code)) {
            if (reterr) {
                *reterr = f->err;
            }
            return status;
        }
        if (!rv_is_ok(status)) {
            bool is_another = !is_archive && import_is_another(f->path, status, stage);
            f->outcome = is_another ? INGEST_NOT_RECOGNISED : INGEST_FAILED;
        }
        RV_TRY(add_results(a, &out, &kinds, reterr));
    }
    *ret = out.list;
    *ret_count = out.count;
    return rv_ok();
}
