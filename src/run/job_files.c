/* run/job_files.c — the folders of jobs: private, one for each job, removed with its row.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "run/job_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *job_path(struct arena *a, const char *state_dir, int64_t id, const char *name)
{
    return name ? arena_printf(a, "%s/jobs/%lld/%s", state_dir, (long long)id, name)
                : arena_printf(a, "%s/jobs/%lld", state_dir, (long long)id);
}

rv_status job_make_folder(const char *path, struct rv_err *reterr)
{
    char scratch[128];
    struct stat info;
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return rv_fail(reterr, RV_IO, "cannot make the folder %s: %s", path,
                       strerror_r(errno, scratch, sizeof scratch));
    }
    if (lstat(path, &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != geteuid() ||
        (info.st_mode & 077) != 0) {
        return rv_fail(reterr, RV_REFUSED,
                       "%s holds results that only the service may read, but it is not a folder "
                       "that belongs to the service's user alone: chmod 700 it, or name another "
                       "with --state",
                       path);
    }
    return rv_ok();
}

rv_status job_make_folders(const char *state_dir, struct rv_err *reterr)
{
    static const char *const below[] = {"jobs", "tmp"};
    char path[4200];
    RV_TRY(job_make_folder(state_dir, reterr));
    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        int n = snprintf(path, sizeof path, "%s/%s", state_dir, below[i]);
        if (n < 0 || (size_t)n >= sizeof path) {
            return rv_fail(reterr, RV_LIMIT, "the path of the state folder is too long");
        }
        RV_TRY(job_make_folder(path, reterr));
    }
    return rv_ok();
}

/* A folder that is not there is removed already. */
static void remove_folder(struct arena *a, const char *state_dir, int64_t id)
{
    const char *path = job_path(a, state_dir, id, NULL);
    int fd = path ? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    if (fd >= 0) {
        (void)run_empty_folder(fd);
        (void)rmdir(path);
    }
}

static rv_status forget(struct store *s, int64_t id, struct rv_err *reterr)
{
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(job_delete(s, id, reterr));
    return store_commit(s, reterr);
}

/* The files first: a row without files can be read, files without a row are never found again. */
rv_status job_forget(struct store *s, struct arena *a, const char *state_dir, int64_t before,
                     size_t most, size_t *ret_count, struct rv_err *reterr)
{
    size_t count = 0;
    for (; count < most; count++) {
        int64_t id;
        RV_TRY(job_oldest_before(s, before, &id, reterr));
        if (id == 0) {
            break;
        }
        remove_folder(a, state_dir, id);
        RV_TRY(forget(s, id, reterr));
    }
    *ret_count = count;
    return rv_ok();
}
