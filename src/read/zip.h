/* read/zip.h — the members of a zip archive: listed, checked and read one at a time.
 *
 * Internal to src/read, but for struct zip_member. A list is whole and sound or there is none:
 * bombs (too large, too many, packed smaller than any table packs, members that share bytes) are
 * refused before a byte is unpacked. Names are text for people and for finding a member again;
 * they are never paths of this machine.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_ZIP_H
#define REEVE_READ_ZIP_H

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct disk_file;

struct zip_member {
    const char *name;       /* UTF-8 without control characters, '/' between folders */
    const char *unreadable; /* why it cannot be read ("is locked with a password"), or NULL */
    int64_t bytes, packed;  /* as the directory states them; reading holds it to them */
    bool is_folder;
    uint64_t place, number; /* in the directory */
};

struct zip_list { /* in order of the directory */
    struct zip_member *members;
    size_t count;
};

struct zip;

/* Reads the directory through `disk`, which must outlive it; several may read one disk_file.
 * RV_INVALID when it is damaged or cut off. */
RV_MUST_CHECK rv_status zip_open(const struct disk_file *disk, struct zip **ret,
                                 struct rv_err *reterr);
void zip_close(struct zip *z); /* NULL allowed */
void zip_closep(struct zip **z);

/* RV_INVALID for a bomb, for two members of one name, for a member whose bytes lie outside the
 * file; each names the file and the member. */
RV_MUST_CHECK rv_status zip_read_list(struct zip *z, struct arena *a, struct zip_list *ret,
                                      struct rv_err *reterr);

/* The member of this name, letters compared without case when `any_case`; NULL = none. */
const struct zip_member *zip_find(const struct zip_list *list, const char *name, bool any_case);

/* Begins to read a member; another one that was being read is left. RV_INVALID when it cannot. */
RV_MUST_CHECK rv_status zip_begin(struct zip *z, const struct zip_member *m, struct rv_err *reterr);

/* Up to n (> 0) bytes of it; *ret_n 0 only at its end, where its length and CRC-32 have been
 * checked. RV_INVALID for damage. */
RV_MUST_CHECK rv_status zip_read(struct zip *z, char *bytes, size_t n, size_t *ret_n,
                                 struct rv_err *reterr);

#endif
