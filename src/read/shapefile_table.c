/* read/shapefile_table.c — the .dbf of a shapefile: a row of texts for every shape.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "read/shapefile_parts.h"

#include <inttypes.h>

#define FIXED_BYTES 32 /* of the header before the fields */
#define FIELD_BYTES 32

static void dbf_closep(DBFHandle *handle)
{
    if (*handle) {
        DBFClose(*handle);
    }
}

/* Rows, record and header as the .dbf says, against its size and the number of shapes. */
static rv_status check_header(struct parts *p, uint32_t shapes, struct rv_err *reterr)
{
    unsigned char h[FIXED_BYTES];
    if (!p->part[PART_DBF].is_there) {
        return rv_fail(reterr, RV_INVALID,
                       "the .dbf is not there: it holds the codes and names; keep the .shp, .shx, "
                       ".dbf and .prj side by side");
    }
    if (!part_read(p, PART_DBF, 0, h, sizeof h)) {
        return rv_fail(reterr, p->has_failed ? RV_IO : RV_INVALID,
                       "the .dbf does not begin as one does: export it again");
    }
    uint64_t rows = little_endian_32(h + 4), header = (uint64_t)h[9] << 8 | h[8],
             record = (uint64_t)h[11] << 8 | h[10];
    if (header < FIXED_BYTES + FIELD_BYTES || record < 2 ||
        header + rows * record > p->part[PART_DBF].size) {
        return rv_fail(reterr, RV_INVALID,
                       "the .dbf breaks off: it says it has %" PRIu64 " rows of %" PRIu64
                       " bytes and has %" PRIu64 " bytes; ask the sender for the file again",
                       rows, record, p->part[PART_DBF].size);
    }
    if (rows != shapes) {
        return rv_fail(reterr, RV_INVALID,
                       "the .dbf has %" PRIu64 " rows for %" PRIu32 " shapes: which row describes "
                       "which shape is not known; export the whole set again",
                       rows, shapes);
    }
    return rv_ok();
}

static rv_status check_fields(DBFHandle h, struct rv_err *reterr)
{
    if (h->nFields < 1 || h->nFields > LIMIT_COLUMNS) {
        return rv_fail(reterr, RV_INVALID, "the .dbf has %d columns (at most %d can be read)",
                       h->nFields, LIMIT_COLUMNS);
    }
    for (int i = 0; i < h->nFields; i++) {
        if (h->panFieldSize[i] < 0 || h->panFieldOffset[i] < 1 ||
            h->panFieldOffset[i] + h->panFieldSize[i] > h->nRecordLength) {
            return rv_fail(reterr, RV_INVALID,
                           "column %d of the .dbf does not fit into its rows: export it again",
                           i + 1);
        }
    }
    return rv_ok();
}

static rv_status read_names(DBFHandle h, struct arena *a, const struct code_page *page,
                            struct shape_file *file, struct rv_err *reterr)
{
    file->property_count = (uint32_t)h->nFields;
    file->property_names = ARENA_NEW(a, const char *, file->property_count);
    if (!file->property_names) {
        return arena_fail(a, reterr);
    }
    for (uint32_t i = 0; i < file->property_count; i++) {
        char name[XBASE_FLDNAME_LEN_READ + 1] = "";
        struct text text;
        (void)DBFGetFieldInfo(h, (int)i, name, NULL, NULL);
        if (!code_page_text(a, page, text_trim(text_of(name)), &text)) {
            return rv_fail(reterr, RV_INVALID,
                           "the name of column %" PRIu32 " of the .dbf is not readable in its "
                           "encoding: say which it is with --encoding, such as windows-1252",
                           i + 1);
        }
        if (!text.at) {
            return arena_fail(a, reterr);
        }
        file->property_names[i] = text.at;
        for (uint32_t k = 0; k < i; k++) {
            if (strcmp(file->property_names[k], text.at) == 0) {
                return rv_fail(reterr, RV_INVALID,
                               "columns %" PRIu32 " and %" PRIu32 " of the .dbf are both called "
                               "\"%.40s\": rename one",
                               k + 1, i + 1, text.at);
            }
        }
    }
    return rv_ok();
}

static rv_status read_cell(DBFHandle h, struct arena *a, const struct code_page *page,
                           const struct shape_file *file, uint32_t row, uint32_t column,
                           struct text *ret, struct rv_err *reterr)
{
    const char *bytes = DBFReadStringAttribute(h, (int)row, (int)column);
    if (!bytes) {
        return rv_fail(reterr, RV_INVALID,
                       "row %" PRIu32 " of the .dbf cannot be read: export it "
                       "again",
                       row + 1);
    }
    if (!code_page_text(a, page, text_of(bytes), ret)) {
        return rv_fail(reterr, RV_INVALID,
                       "row %" PRIu32 ", column %.40s of the .dbf: not readable in its encoding%s: "
                       "say which it is with --encoding, such as windows-1252",
                       row + 1, file->property_names[column],
                       page->kind == CODE_PAGE_UNKNOWN ? ", which no .cpg names" : "");
    }
    return ret->at ? rv_ok() : arena_fail(a, reterr);
}

static rv_status read_rows(DBFHandle h, struct arena *a, const struct code_page *page,
                           struct shape_file *file, struct rv_err *reterr)
{
    size_t columns = file->property_count, used = file->count * columns * sizeof(struct text);
    struct text *texts =
        used <= LIMIT_ATTRIBUTE_BYTES ? arena_new(a, file->count, columns * sizeof *texts) : NULL;
    if (!texts && used <= LIMIT_ATTRIBUTE_BYTES) {
        return arena_fail(a, reterr);
    }
    for (uint32_t i = 0; i < file->count && used <= LIMIT_ATTRIBUTE_BYTES; i++) {
        if (DBFIsRecordDeleted(h, (int)i)) {
            return rv_fail(reterr, RV_INVALID,
                           "row %" PRIu32 " of the .dbf is marked as deleted: export the file "
                           "again, without it or with it",
                           i + 1);
        }
        file->features[i].properties = texts + i * columns;
        for (uint32_t k = 0; k < columns; k++) {
            struct text *cell = &file->features[i].properties[k];
            RV_TRY(read_cell(h, a, page, file, i, k, cell, reterr));
            used += cell->n + 1;
        }
    }
    return used <= LIMIT_ATTRIBUTE_BYTES
               ? rv_ok()
               : rv_fail(reterr, RV_LIMIT, "its columns hold more than %zu MB; export fewer",
                         LIMIT_ATTRIBUTE_BYTES >> 20);
}

rv_status table_read(struct parts *p, struct arena *a, const struct code_page *page,
                     struct shape_file *ret, struct rv_err *reterr)
{
    SAHooks hooks;
    RV_TRY(check_header(p, ret->count, reterr));
    parts_hooks(p, &hooks);
    RV_CLEANUP(dbf_closep) DBFHandle handle = DBFOpenLL("areas.dbf", "rb", &hooks);
    if (!handle) {
        return rv_fail(reterr, p->has_failed ? RV_IO : RV_INVALID,
                       "the .dbf cannot be read (%s): export it again",
                       p->message[0] ? p->message : "damaged, or out of memory");
    }
    RV_TRY(check_fields(handle, reterr));
    RV_TRY(read_names(handle, a, page, ret, reterr));
    return read_rows(handle, a, page, ret, reterr);
}
