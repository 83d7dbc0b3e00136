/* web/uploads.c — the folders of files that were sent. SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/uploads.h"

#include "base/file.h"
#include "base/parse.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define RANDOM_BYTES 16
#define NAME_BYTES   200

const char *uploads_dir(struct arena *a, const char *state_dir)
{
    return arena_printf(a, "%s/uploads", state_dir);
}

rv_status uploads_make_dir(const char *dir, struct rv_err *reterr)
{
    struct stat is;
    if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
        return rv_fail(reterr, RV_IO, "the folder %s cannot be made", dir);
    }
    if (lstat(dir, &is) != 0 || !S_ISDIR(is.st_mode) || (is.st_mode & 0077) != 0) {
        return rv_fail(reterr, RV_REFUSED, "%s must be a folder that nobody else may enter", dir);
    }
    return rv_ok();
}

/* ---- names ---- */

/* A name that stands for nothing else on a disk or in a command. */
static const char *safe_name(struct arena *a, const char *sent)
{
    size_t n = strlen(sent), from = n > NAME_BYTES ? n - NAME_BYTES : 0;
    while (from < n && ((unsigned char)sent[from] & 0xC0) == 0x80) {
        from++;
    }
    char *name = arena_printf(a, "%s", n > from ? sent + from : "file");
    for (char *at = name; at && *at; at++) {
        bool is_first = at == name && (*at == '.' || *at == '-');
        *at = is_first || *at == '/' ? '_' : *at;
    }
    return name;
}

/* "7-1790000000-" and 32 hexadecimal digits. */
static bool read_id(struct text id, int64_t *ret_account, int64_t *ret_at)
{
    struct text rest, account = text_split(id, '-', &rest), at = text_split(rest, '-', &rest);
    for (size_t i = 0; i < rest.n; i++) {
        if (!strchr("0123456789abcdef", rest.at[i])) {
            return false;
        }
    }
    return rest.n == 2 * RANDOM_BYTES && parse_int(account, ret_account) && parse_int(at, ret_at) &&
           *ret_account > 0 && *ret_at > 0;
}

static const char *new_id(struct arena *a, int64_t account, int64_t now)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char random[RANDOM_BYTES];
    char digits[2 * RANDOM_BYTES + 1] = "";
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof random; i++) {
        digits[2 * i] = hex[random[i] >> 4];
        digits[2 * i + 1] = hex[random[i] & 15];
    }
    return arena_printf(a, "%lld-%lld-%s", (long long)account, (long long)now, digits);
}

/* ---- reading ---- */

/* The one file below "file". */
static bool find_file(struct arena *a, struct kept_upload *u)
{
    const char *folder = arena_printf(a, "%s/file", u->folder);
    DIR *d = folder ? opendir(folder) : NULL;
    struct stat is;
    while (d && !u->path) {
        const struct dirent *e = readdir(d);
        if (!e) {
            break;
        }
        if (e->d_name[0] != '.') {
            u->file_name = arena_text(a, e->d_name, strlen(e->d_name));
            u->path = arena_printf(a, "%s/%s", folder, e->d_name);
        }
    }
    if (d) {
        closedir(d);
    }
    if (!u->path || !u->file_name || stat(u->path, &is) != 0) {
        return false;
    }
    u->bytes = (int64_t)is.st_size;
    return true;
}

static rv_status read_beside(struct arena *a, struct kept_upload *u, struct rv_err *reterr)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, REQUEST_FORM_BYTES);
    const char *answers = arena_printf(a, "%s/answers", u->folder);
    const char *job = arena_printf(a, "%s/job", u->folder);
    if (!answers || !job) {
        return arena_fail(a, reterr);
    }
    if (rv_is_ok(file_read(answers, &b, NULL))) {
        RV_TRY(request_fields(a, buf_view(&b), &u->answers, reterr));
    }
    buf_clear(&b);
    if (rv_is_ok(file_read(job, &b, NULL))) {
        (void)parse_int(buf_view(&b), &u->job);
    }
    return rv_ok();
}

static rv_status take(struct arena *a, const char *dir, struct text id, struct kept_upload *ret,
                      struct rv_err *reterr)
{
    struct kept_upload u = {.id = arena_text(a, id.at, id.n)};
    if (!read_id(id, &u.account, &u.at)) {
        return rv_fail(reterr, RV_NOT_FOUND, "there is no such upload");
    }
    u.folder = u.id ? arena_printf(a, "%s/%s", dir, u.id) : NULL;
    if (!u.folder) {
        return arena_fail(a, reterr);
    }
    if (!find_file(a, &u)) {
        return rv_fail(reterr, RV_NOT_FOUND, "there is no such upload");
    }
    RV_TRY(read_beside(a, &u, reterr));
    *ret = u;
    return rv_ok();
}

rv_status uploads_find(struct arena *a, const char *dir, struct text id, int64_t account,
                       struct kept_upload *ret, struct rv_err *reterr)
{
    int64_t owner, at;
    if (!read_id(id, &owner, &at) || owner != account) {
        return rv_fail(reterr, RV_NOT_FOUND, "there is no such upload");
    }
    return take(a, dir, id, ret, reterr);
}

static int newest_first(const void *x, const void *y)
{
    const struct kept_upload *a = x, *b = y;
    return a->at != b->at ? (a->at < b->at ? 1 : -1) : strcmp(a->id, b->id);
}

/* account 0 = everybody's */
static rv_status list(struct arena *a, const char *dir, int64_t account, struct kept_upload **ret,
                      size_t *ret_count, struct rv_err *reterr)
{
    struct kept_upload *found = NULL;
    size_t count = 0, room = 0;
    rv_status status = rv_ok();
    DIR *d = opendir(dir);
    for (const struct dirent *e; d && rv_is_ok(status) && (e = readdir(d));) {
        int64_t owner, at;
        struct text id = text_of(e->d_name);
        if (!read_id(id, &owner, &at) || (account && owner != account)) {
            continue;
        }
        struct kept_upload *more = arena_grow(a, found, count, &room, sizeof *found);
        status = more ? take(a, dir, id, &more[count], reterr) : arena_fail(a, reterr);
        found = more ? more : found;
        count += rv_is_ok(status) ? 1 : 0;
        status = status.code == RV_NOT_FOUND ? rv_ok() : status;
    }
    if (d) {
        closedir(d);
    }
    RV_TRY(status);
    if (count > 1) {
        qsort(found, count, sizeof *found, newest_first);
    }
    *ret = found;
    *ret_count = count;
    return rv_ok();
}

rv_status uploads_list(struct arena *a, const char *dir, int64_t account, struct kept_upload **ret,
                       size_t *ret_count, struct rv_err *reterr)
{
    return list(a, dir, account, ret, ret_count, reterr);
}

/* ---- writing ---- */

rv_status uploads_keep(struct arena *a, const char *dir, struct upload *u, int64_t account,
                       int64_t now, const char **ret_id, struct rv_err *reterr)
{
    struct kept_upload *waiting;
    size_t count;
    RV_TRY(list(a, dir, account, &waiting, &count, reterr));
    if (count >= UPLOADS_OF_ONE) {
        return rv_fail(reterr, RV_LIMIT,
                       "%d files of yours wait already: import or remove some of them first",
                       UPLOADS_OF_ONE);
    }
    const char *id = new_id(a, account, now), *name = safe_name(a, u->form.file_name);
    const char *folder = id ? arena_printf(a, "%s/%s", dir, id) : NULL;
    const char *inner = folder ? arena_printf(a, "%s/file", folder) : NULL;
    const char *path = inner && name ? arena_printf(a, "%s/%s", inner, name) : NULL;
    if (!path) {
        return arena_fail(a, reterr);
    }
    if (mkdir(folder, 0700) != 0 || mkdir(inner, 0700) != 0) {
        (void)rmdir(folder);
        return rv_fail(reterr, RV_IO, "the file that was sent cannot be kept: no folder for it");
    }
    rv_status status = upload_keep(u, path, reterr);
    if (!rv_is_ok(status)) {
        (void)rmdir(inner);
        (void)rmdir(folder);
        return status;
    }
    *ret_id = id;
    return rv_ok();
}

rv_status uploads_put_answers(struct arena *a, const struct kept_upload *u,
                              const struct field *answers, size_t count, struct rv_err *reterr)
{
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, REQUEST_FORM_BYTES);
    const char *path = arena_printf(a, "%s/answers", u->folder);
    for (size_t i = 0; i < count; i++) {
        buf_text(&out, i ? "&" : "");
        buf_uri(&out, answers[i].name);
        buf_char(&out, '=');
        buf_uri(&out, answers[i].value);
    }
    RV_TRY(path ? buf_status(&out, reterr) : arena_fail(a, reterr));
    return file_write(path, buf_view(&out), reterr);
}

rv_status uploads_put_job(struct arena *a, const struct kept_upload *u, int64_t job,
                          struct rv_err *reterr)
{
    const char *path = arena_printf(a, "%s/job", u->folder);
    const char *number = arena_printf(a, "%lld", (long long)job);
    return path && number ? file_write(path, text_of(number), reterr) : arena_fail(a, reterr);
}

static void remove_in(int parent, const char *name, int depth)
{
    int fd = depth > 0 ? openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    for (const struct dirent *e; d && (e = readdir(d));) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
            unlinkat(fd, e->d_name, 0) != 0) {
            remove_in(fd, e->d_name, depth - 1);
        }
    }
    if (d) {
        closedir(d);
    } else if (fd >= 0) {
        close(fd);
    }
    (void)unlinkat(parent, name, AT_REMOVEDIR);
}

void uploads_remove(const struct kept_upload *u)
{
    remove_in(AT_FDCWD, u->folder, 2);
}

void uploads_sweep(struct arena *a, const char *dir, int64_t now, uploads_is_over *is_over,
                   void *context)
{
    struct kept_upload *all;
    size_t count;
    if (!rv_is_ok(list(a, dir, 0, &all, &count, NULL))) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        bool is_waiting = all[i].job && !is_over(context, all[i].job);
        if (!is_waiting && (all[i].job || now - all[i].at > UPLOADS_KEPT)) {
            uploads_remove(&all[i]);
        }
    }
}
