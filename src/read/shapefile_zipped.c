/* read/shapefile_zipped.c — a shapefile as publishers send it: its parts in one zip archive.
 *
 * The parts are unpacked into memory, within LIMIT_BOUNDARY_BYTES together; nothing is written to
 * disk. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "read/archive.h"
#include "read/shapefile_parts.h"
#include "read/source.h"

#include <stdio.h>

#define PIECE_BYTES ((size_t)256 << 10)

static const char *const SUFFIXES[PART_COUNT] = {[PART_SHP] = ".shp",
                                                 [PART_SHX] = ".shx",
                                                 [PART_DBF] = ".dbf",
                                                 [PART_PRJ] = ".prj",
                                                 [PART_CPG] = ".cpg"};

struct zipped {
    const char *path;
    struct archive *archive;
    const struct zip_member *members[PART_COUNT]; /* NULL = not there */
    struct buf bytes[PART_COUNT];
};

static void zipped_done(struct zipped *z)
{
    for (size_t i = 0; i < PART_COUNT; i++) {
        buf_done(&z->bytes[i]);
    }
    archive_close(z->archive);
}

/* "a/b.shp", but not what a Macintosh adds: "__MACOSX/a/._b.shp". */
static bool is_shapes(const struct zip_member *m)
{
    size_t n = strlen(m->name);
    return !m->is_folder && n > 4 && file_base_name(m->name)[0] != '.' &&
           text_equal_nocase((struct text){m->name + n - 4, 4}, text_of(".shp"));
}

static rv_status find_shapes(struct zipped *z, struct rv_err *reterr)
{
    const struct zip_list *list = archive_list(z->archive);
    const struct zip_member *found = NULL, *other = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const struct zip_member *m = &list->members[i];
        other = found && !other && is_shapes(m) ? m : other;
        found = !found && is_shapes(m) ? m : found;
    }
    if (!found) {
        return rv_fail(reterr, RV_INVALID,
                       "%s: this archive holds no shapefile (.shp): unpack it and name the file",
                       z->path);
    }
    if (other) {
        return rv_fail(reterr, RV_INVALID,
                       "%s: this archive holds several shapefiles (%.200s, %.200s): unpack it and "
                       "name one",
                       z->path, found->name, other->name);
    }
    z->members[PART_SHP] = found;
    return rv_ok();
}

/* The other parts: beside it, with the same name but for the ending. */
static rv_status find_parts(struct zipped *z, struct rv_err *reterr)
{
    RV_TRY(find_shapes(z, reterr));
    const char *shapes = z->members[PART_SHP]->name;
    int64_t bytes = 0;
    for (size_t i = 0; i < PART_COUNT; i++) {
        char name[LIMIT_MEMBER_NAME * 4 + 1]; /* a byte of an old code page may become four */
        (void)snprintf(name, sizeof name, "%.*s%s", (int)strlen(shapes) - 4, shapes, SUFFIXES[i]);
        if (i != PART_SHP) {
            z->members[i] = zip_find(archive_list(z->archive), name, true);
        }
        bytes += z->members[i] ? z->members[i]->bytes : 0; /* the list has bounded them */
    }
    if (bytes > (int64_t)LIMIT_BOUNDARY_BYTES) {
        return rv_fail(reterr, RV_LIMIT,
                       "%s: its shapefile has more than %zu MB: simplify its boundaries", z->path,
                       LIMIT_BOUNDARY_BYTES >> 20);
    }
    return rv_ok();
}

static rv_status unpack(struct zipped *z, enum part_name part, struct rv_err *reterr)
{
    const struct source_choice choice = {
        .archive = z->archive, .member = z->members[part]->name, .is_raw = true};
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    struct buf *out = &z->bytes[part];
    buf_init(out, LIMIT_BOUNDARY_BYTES + PIECE_BYTES);
    RV_TRY(source_open_as(z->path, &choice, &source, reterr));
    source_skip_sha256(source);
    for (size_t n = 1; n;) {
        char *room = buf_room(out, PIECE_BYTES);
        RV_TRY(buf_status(out, reterr));
        RV_TRY(source_read(source, room, PIECE_BYTES, &n, reterr));
        buf_wrote(out, n);
    }
    return rv_ok();
}

static struct text part_bytes(const struct zipped *z, enum part_name part)
{
    const struct buf *b = &z->bytes[part];
    return !z->members[part] ? (struct text){NULL, 0} : b->n ? buf_view(b) : (struct text){"", 0};
}

rv_status shapefile_read_zipped(struct arena *a, const char *path,
                                const struct boundary_options *options, struct shape_file *ret,
                                char *sha256_or_null, struct rv_err *reterr)
{
    RV_CLEANUP(zipped_done) struct zipped z = {.path = path};
    RV_TRY(archive_open(path, &z.archive, reterr));
    RV_TRY(find_parts(&z, reterr));
    for (size_t i = 0; i < PART_COUNT; i++) {
        RV_TRY(z.members[i] ? unpack(&z, (enum part_name)i, reterr) : rv_ok());
    }
    const struct shapefile_bytes bytes = {part_bytes(&z, PART_SHP), part_bytes(&z, PART_SHX),
                                          part_bytes(&z, PART_DBF), part_bytes(&z, PART_PRJ),
                                          part_bytes(&z, PART_CPG)};
    struct rv_err why;
    struct shape_file got;
    rv_status status = shapefile_parse(a, &bytes, options, &got, &why);
    if (!rv_is_ok(status)) {
        return rv_fail(reterr, status.code, "%s/%.200s: %s", path, z.members[PART_SHP]->name,
                       why.message);
    }
    if (sha256_or_null) {
        RV_CLEANUP(parts_done) struct parts parts = {.message = ""};
        parts_from_bytes(&parts, &bytes);
        RV_TRY(parts_sha256(&parts, sha256_or_null, reterr));
    }
    *ret = got;
    return rv_ok();
}
