/* read/shapefile_parts.h — the files of a shapefile, on disk or in memory, and shapelib's calls
 * on them. Not for other modules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_SHAPEFILE_PARTS_H
#define REEVE_READ_SHAPEFILE_PARTS_H

#include "read/code_page.h"
#include "read/shapefile.h"

#include <shapefil.h>
#include <time.h>

#define PART_TEXT_BYTES 65536 /* of a .prj or .cpg: they are a few lines */

enum part_name { PART_SHP, PART_SHX, PART_DBF, PART_PRJ, PART_CPG, PART_COUNT };

struct part {
    bool is_there;
    bool is_open; /* `fd` is: a file on disk, not in memory */
    int fd;
    struct text bytes; /* in memory */
    uint64_t size, at; /* `at` is shapelib's place */
    struct timespec changed;
};

struct parts {
    struct part part[PART_COUNT];
    char message[160]; /* shapelib's last complaint */
    bool has_failed;   /* a read from disk did */
};

/* Opens the files beside `path`, whose name ends in ".shp" or ".SHP". Those that are not there
 * stay closed; RV_REFUSED for folders and devices, RV_LIMIT past LIMIT_BOUNDARY_BYTES. */
RV_MUST_CHECK rv_status parts_open(struct parts *p, const char *path, struct rv_err *reterr);
void parts_from_bytes(struct parts *p, const struct shapefile_bytes *bytes);
void parts_done(struct parts *p);

/* RV_INVALID when a file changed since it was opened. */
RV_MUST_CHECK rv_status parts_check(const struct parts *p, struct rv_err *reterr);

/* SHA-256 of the .shp, the .dbf and the .prj one after another. */
RV_MUST_CHECK rv_status parts_sha256(struct parts *p, char *ret, struct rv_err *reterr);

/* Bytes of a part at a place; false when they are not all there. */
bool part_read(struct parts *p, enum part_name name, uint64_t at, void *bytes, size_t n);

/* The whole of a small part, in the arena; empty when it is not there. */
RV_MUST_CHECK rv_status part_text(struct parts *p, struct arena *a, enum part_name name,
                                  struct text *ret, struct rv_err *reterr);

/* shapelib's hooks on these parts, for this thread, until the next call. */
void parts_hooks(struct parts *p, SAHooks *ret);

/* The attributes: names and one row a feature. `ret->count` and `features` are set already. */
RV_MUST_CHECK rv_status table_read(struct parts *p, struct arena *a, const struct code_page *page,
                                   struct shape_file *ret, struct rv_err *reterr);

static inline uint32_t big_endian_32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline uint32_t little_endian_32(const unsigned char *at)
{
    return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

#endif
