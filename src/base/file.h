/* base/file.h — whole files in and out; output is complete or absent.
 *
 * Thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_BASE_FILE_H
#define REEVE_BASE_FILE_H

#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdio.h>

/* Appends the whole file to `out`, whose ceiling bounds it. RV_NOT_FOUND, RV_IO, RV_LIMIT. */
rv_status file_read(const char *path, struct buf *out, struct rv_err *reterr);

/* Writes to a temporary name beside `path`, syncs, renames: readers see the old or the new. */
rv_status file_write(const char *path, struct text bytes, struct rv_err *reterr);

/* For a file that a library wrote under a temporary name beside `path`: syncs it and renames it.
 * On failure the temporary file is still there. */
rv_status file_replace(const char *temporary, const char *path, struct rv_err *reterr);

/* Creates a directory and its parents; existing ones are fine. */
rv_status file_make_dir(const char *path, struct rv_err *reterr);

bool file_is_dir(const char *path);
const char *file_base_name(const char *path); /* after the last '/' */

/* An unlinked temporary file in `dir`: it vanishes with the process, whatever happens. */
rv_status file_open_unlinked(const char *dir, int *ret_fd, struct rv_err *reterr);

/* As many files open at once as the system lets this process have: an archive of thousands of
 * tables keeps one or two for each. */
void file_allow_many(void);

/* Whole-buffer pwrite/pread that retry on short counts and EINTR. */
rv_status file_write_at(int fd, const void *bytes, size_t n, uint64_t offset,
                        struct rv_err *reterr);
rv_status file_read_at(int fd, void *bytes, size_t n, uint64_t offset, struct rv_err *reterr);

void file_closep(int *fd); /* for RV_CLEANUP; -1 is ignored */

#endif
