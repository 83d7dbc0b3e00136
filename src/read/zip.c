/* read/zip.c — zip archives by minizip, which sees the file only through disk_read_at.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/zip.h"

#include "base/limits.h"
#include "base/memory.h"
#include "base/text.h"
#include "read/decode.h"
#include "read/stream.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unzip.h>

#define WINDOW_BYTES   ((size_t)16 << 10) /* minizip reads the directory byte by byte */
#define FLAG_ENCRYPTED 1U
#define FLAG_UTF8      0x800U

struct zip {
    const struct disk_file *disk;
    unzFile handle;
    int64_t at;     /* where minizip reads next */
    int64_t window; /* of the file: the first byte of `bytes` */
    size_t window_n;
    char *bytes;        /* WINDOW_BYTES */
    struct rv_err *err; /* of the call that is running, for a failure of the disk */
    rv_status disk_status;
    bool is_empty; /* an archive of no members, which minizip takes for none: no handle */
    bool is_reading;
    const char *name; /* of the member being read */
    int64_t left;     /* its bytes not yet read */
};

/* ---- the file as minizip sees it ---- */

static voidpf open_disk(voidpf context, const void *name, int mode)
{
    (void)name;
    (void)mode;
    return context;
}

static uLong read_disk(voidpf context, voidpf stream, void *bytes, uLong n)
{
    struct zip *z = context;
    (void)stream;
    uLong done = 0;
    while (done < n && rv_is_ok(z->disk_status)) {
        if (z->at < z->window || z->at >= z->window + (int64_t)z->window_n) {
            z->window = z->at;
            z->window_n = 0;
            z->disk_status =
                disk_read_at(z->disk, z->bytes, WINDOW_BYTES, z->at, &z->window_n, z->err);
        }
        size_t from = (size_t)(z->at - z->window);
        size_t have = rv_is_ok(z->disk_status) ? z->window_n - from : 0;
        if (have == 0) {
            break;
        }
        have = have < n - done ? have : n - done;
        memcpy((char *)bytes + done, z->bytes + from, have);
        z->at += (int64_t)have;
        done += have;
    }
    return done;
}

static uLong write_disk(voidpf context, voidpf stream, const void *bytes, uLong n)
{
    (void)context;
    (void)stream;
    (void)bytes;
    (void)n;
    return 0;
}

static ZPOS64_T tell_disk(voidpf context, voidpf stream)
{
    (void)stream;
    return (ZPOS64_T)((const struct zip *)context)->at;
}

static long seek_disk(voidpf context, voidpf stream, ZPOS64_T offset, int origin)
{
    struct zip *z = context;
    (void)stream;
    int64_t from = origin == ZLIB_FILEFUNC_SEEK_CUR   ? z->at
                   : origin == ZLIB_FILEFUNC_SEEK_END ? z->disk->bytes
                                                      : 0;
    int64_t to;
    if (__builtin_add_overflow(from, (int64_t)offset, &to) || to < 0 || to > z->disk->bytes) {
        return -1;
    }
    z->at = to;
    return 0;
}

static int close_disk(voidpf context, voidpf stream)
{
    (void)context;
    (void)stream;
    return 0;
}

static int disk_error(voidpf context, voidpf stream)
{
    (void)stream;
    return !rv_is_ok(((const struct zip *)context)->disk_status);
}

static void begin_call(struct zip *z, struct rv_err *reterr)
{
    z->err = reterr;
    z->disk_status = rv_ok();
}

static rv_status fail(const struct zip *z, const char *member, const char *what,
                      struct rv_err *reterr)
{
    if (!rv_is_ok(z->disk_status)) {
        return z->disk_status; /* its message stands already */
    }
    return rv_fail(reterr, RV_INVALID, "%s%s%.300s: %s; nothing was loaded", z->disk->path,
                   member ? "/" : "", member ? member : "", what);
}

#define DAMAGED "the archive or workbook is damaged or breaks off: ask the sender for it again"

/* ---- opening ---- */

void zip_close(struct zip *z)
{
    if (!z) {
        return;
    }
    begin_call(z, NULL);
    if (z->is_reading) {
        (void)unzCloseCurrentFile(z->handle);
    }
    if (z->handle) {
        (void)unzClose(z->handle);
    }
    memory_free(z->bytes);
    memory_free(z);
}

void zip_closep(struct zip **z)
{
    zip_close(*z);
    *z = NULL;
}

#define END_BYTES    22 /* of the record that ends an archive, without its comment */
#define COMMENT_MOST 65535

/* Whether the record that ends the archive is whole. minizip takes bytes that are missing there for
 * zeros, and so a directory that broke off for one without members. */
static rv_status check_end(struct zip *z, struct rv_err *reterr)
{
    size_t most = END_BYTES + COMMENT_MOST, n = 0;
    most = (int64_t)most < z->disk->bytes ? most : (size_t)z->disk->bytes;
    char *tail = memory_resize(NULL, most, 1);
    if (!tail) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    rv_status status =
        disk_read_at(z->disk, tail, most, z->disk->bytes - (int64_t)most, &n, reterr);
    bool is_whole = false;
    for (size_t at = n; at-- > 0 && rv_is_ok(status);) {
        if (n - at >= 4 && memcmp(tail + at, "PK\x05\x06", 4) == 0) {
            is_whole = n - at >= END_BYTES &&
                       n - at - END_BYTES >= (size_t)((unsigned char)tail[at + 20] |
                                                      (unsigned char)tail[at + 21] << 8);
            z->is_empty = z->disk->bytes == END_BYTES;
            break;
        }
    }
    memory_free(tail);
    RV_TRY(status);
    return is_whole ? rv_ok() : fail(z, NULL, DAMAGED, reterr);
}

rv_status zip_open(const struct disk_file *disk, struct zip **ret, struct rv_err *reterr)
{
    RV_CLEANUP(zip_closep) struct zip *z = memory_new(1, sizeof *z);
    if (z) {
        z->bytes = memory_resize(NULL, WINDOW_BYTES, 1);
    }
    if (!z || !z->bytes) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    z->disk = disk;
    begin_call(z, reterr);
    RV_TRY(check_end(z, reterr));
    zlib_filefunc64_def functions = {open_disk, read_disk,  write_disk, tell_disk,
                                     seek_disk, close_disk, disk_error, z};
    z->handle = z->is_empty ? NULL : unzOpen2_64(disk->path, &functions);
    if (!z->handle && !z->is_empty) {
        return fail(z, NULL, DAMAGED, reterr);
    }
    *ret = z;
    z = NULL;
    return rv_ok();
}

/* ---- the list ---- */

/* UTF-8 when it is declared or valid, otherwise the code page of DOS; "\" as in archives of old
 * Windows programs is "/", control characters are "?". */
static const char *name_of(struct arena *a, const char *raw, size_t n)
{
    struct encoded half[128];
    bool is_utf8 = text_utf8_valid((struct text){raw, n}) == n;
    if (!is_utf8) {
        encoding_high_half("ibm437", half);
    }
    char *name = ARENA_NEW(a, char, 4 * n + 1);
    size_t at = 0;
    for (size_t i = 0; name && i < n; i++) {
        unsigned char c = (unsigned char)raw[i];
        if (c >= 0x80 && !is_utf8) {
            memcpy(name + at, half[c - 0x80].bytes, half[c - 0x80].n);
            at += half[c - 0x80].n;
        } else {
            name[at++] = c < 0x20 || c == 0x7F ? '?' : c == '\\' ? '/' : raw[i];
        }
    }
    return name;
}

static const char *why_unreadable(const unz_file_info64 *info)
{
    return info->flag & FLAG_ENCRYPTED ? "is locked with a password: ask the sender for it "
                                         "without one"
           : info->compression_method != 0 && info->compression_method != Z_DEFLATED
               ? "is packed in a way that is not read here: pack it again as an ordinary zip"
               : NULL;
}

/* The stretch of the file that holds the bytes of a member. */
struct stretch {
    int64_t from, to;
    const char *name;
};

/* Where the bytes of the current member lie: known only from its own header. */
static rv_status find_stretch(struct zip *z, const struct zip_member *m, struct stretch *ret,
                              struct rv_err *reterr)
{
    int method = 0;
    if (unzOpenCurrentFile2(z->handle, &method, NULL, 1) != UNZ_OK) {
        return fail(z, m->name, DAMAGED, reterr);
    }
    ZPOS64_T from = unzGetCurrentFileZStreamPos64(z->handle);
    (void)unzCloseCurrentFile(z->handle);
    if (from > (ZPOS64_T)z->disk->bytes || m->packed > z->disk->bytes - (int64_t)from) {
        return fail(z, m->name, DAMAGED, reterr);
    }
    *ret = (struct stretch){(int64_t)from, (int64_t)from + m->packed, m->name};
    return rv_ok();
}

static rv_status read_member(struct zip *z, struct arena *a, struct zip_member *ret,
                             struct stretch *ret_stretch, struct rv_err *reterr)
{
    char raw[LIMIT_MEMBER_NAME + 1];
    unz_file_info64 info;
    unz64_file_pos place;
    if (unzGetCurrentFileInfo64(z->handle, &info, raw, sizeof raw, NULL, 0, NULL, 0) != UNZ_OK ||
        unzGetFilePos64(z->handle, &place) != UNZ_OK) {
        return fail(z, NULL, DAMAGED, reterr);
    }
    if (info.size_filename > LIMIT_MEMBER_NAME) {
        return fail(z, NULL, "the name of a member is longer than any real one", reterr);
    }
    *ret = (struct zip_member){.name = name_of(a, raw, info.size_filename),
                               .unreadable = why_unreadable(&info),
                               .place = place.pos_in_zip_directory,
                               .number = place.num_of_file};
    if (!ret->name) {
        return arena_fail(a, reterr);
    }
    if (info.uncompressed_size > LIMIT_ARCHIVE_BYTES || info.compressed_size > INT64_MAX) {
        return fail(z, ret->name, "it states a size that no table has: an archive bomb", reterr);
    }
    ret->bytes = (int64_t)info.uncompressed_size;
    ret->packed = (int64_t)info.compressed_size;
    ret->is_folder = text_ends(text_of(ret->name), "/") && ret->bytes == 0;
    return find_stretch(z, ret, ret_stretch, reterr);
}

static bool is_absurd(int64_t bytes, int64_t packed)
{
    return bytes > (int64_t)LIMIT_RATIO_FROM && bytes / LIMIT_UNPACKED_RATIO > packed;
}

static int compare_names(const void *left, const void *right)
{
    const struct stretch *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static int compare_stretches(const void *left, const void *right)
{
    const struct stretch *a = left, *b = right;
    if (a->from != b->from) {
        return a->from < b->from ? -1 : 1;
    }
    return (a->to > b->to) - (a->to < b->to);
}

static rv_status check_list(const struct zip *z, const struct zip_list *list, struct stretch *s,
                            struct rv_err *reterr)
{
    int64_t bytes = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct zip_member *m = &list->members[i];
        bytes += m->bytes;
        if (is_absurd(m->bytes, m->packed) || bytes > (int64_t)LIMIT_ARCHIVE_BYTES ||
            is_absurd(bytes, z->disk->bytes)) {
            return fail(z, m->name, "it unpacks to far more than a table does: an archive bomb",
                        reterr);
        }
    }
    if (list->count) {
        qsort(s, list->count, sizeof *s, compare_names);
    }
    for (size_t i = 1; i < list->count; i++) {
        if (strcmp(s[i].name, s[i - 1].name) == 0) {
            return fail(z, s[i].name, "two members of the archive have this name", reterr);
        }
    }
    if (list->count) {
        qsort(s, list->count, sizeof *s, compare_stretches);
    }
    for (size_t i = 1; i < list->count; i++) {
        if (s[i].from < s[i - 1].to) {
            return fail(z, s[i].name, "it shares its bytes with another member: an archive bomb",
                        reterr);
        }
    }
    return rv_ok();
}

rv_status zip_read_list(struct zip *z, struct arena *a, struct zip_list *ret, struct rv_err *reterr)
{
    unz_global_info64 global = {0};
    begin_call(z, reterr);
    if (!z->is_empty && unzGetGlobalInfo64(z->handle, &global) != UNZ_OK) {
        return fail(z, NULL, DAMAGED, reterr);
    }
    if (global.number_entry > LIMIT_ARCHIVE_MEMBERS) {
        return rv_fail(reterr, RV_INVALID,
                       "%s: it states %" PRIu64 " members, and at most %d are read; nothing was "
                       "loaded: split it into several archives",
                       z->disk->path, (uint64_t)global.number_entry, LIMIT_ARCHIVE_MEMBERS);
    }
    size_t most = (size_t)global.number_entry;
    struct zip_list list = {.members = ARENA_NEW(a, struct zip_member, most + 1)};
    struct stretch *stretches = ARENA_NEW(a, struct stretch, most + 1);
    if (!list.members || !stretches) {
        return arena_fail(a, reterr);
    }
    while (list.count < most) {
        int code = list.count ? unzGoToNextFile(z->handle) : unzGoToFirstFile(z->handle);
        if (code != UNZ_OK) {
            return fail(z, NULL, DAMAGED, reterr);
        }
        RV_TRY(read_member(z, a, &list.members[list.count], &stretches[list.count], reterr));
        list.count++;
    }
    RV_TRY(check_list(z, &list, stretches, reterr));
    *ret = list;
    return rv_ok();
}

const struct zip_member *zip_find(const struct zip_list *list, const char *name, bool any_case)
{
    for (size_t i = 0; i < list->count; i++) {
        struct text own = text_of(list->members[i].name);
        if (any_case ? text_equal_nocase(own, text_of(name)) : text_is(own, name)) {
            return &list->members[i];
        }
    }
    return NULL;
}

/* ---- one member ---- */

rv_status zip_begin(struct zip *z, const struct zip_member *m, struct rv_err *reterr)
{
    begin_call(z, reterr);
    if (z->is_reading) {
        (void)unzCloseCurrentFile(z->handle);
        z->is_reading = false;
    }
    if (m->unreadable) {
        return rv_fail(reterr, RV_INVALID, "%s/%.300s %s; nothing was loaded", z->disk->path,
                       m->name, m->unreadable);
    }
    const unz64_file_pos place = {m->place, m->number};
    if (unzGoToFilePos64(z->handle, &place) != UNZ_OK || unzOpenCurrentFile(z->handle) != UNZ_OK) {
        return fail(z, m->name, DAMAGED, reterr);
    }
    z->is_reading = true;
    z->name = m->name;
    z->left = m->bytes;
    return rv_ok();
}

/* minizip takes a file that breaks off for one that ends, so its length is counted here. */
static rv_status end_member(struct zip *z, struct rv_err *reterr)
{
    z->is_reading = false;
    bool is_sound = unzCloseCurrentFile(z->handle) == UNZ_OK && z->left == 0;
    return is_sound ? rv_ok() : fail(z, z->name, DAMAGED, reterr);
}

rv_status zip_read(struct zip *z, char *bytes, size_t n, size_t *ret_n, struct rv_err *reterr)
{
    *ret_n = 0;
    if (!z->is_reading) {
        return rv_ok();
    }
    begin_call(z, reterr);
    int got = unzReadCurrentFile(z->handle, bytes, n > INT32_MAX ? INT32_MAX : (unsigned)n);
    if (got < 0) {
        return fail(z, z->name, DAMAGED, reterr);
    }
    z->left -= got;
    *ret_n = (size_t)got;
    return got ? rv_ok() : end_member(z, reterr);
}
