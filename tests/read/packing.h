/* tests/read/packing.h — zip archives and workbooks made by hand for the tests.
 *
 * Include after check.h. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_READ_PACKING_H
#define REEVE_TESTS_READ_PACKING_H

#include "base/text.h"

#include <minizip/zip.h> /* minizip */

struct part {
    const char *name;
    struct text bytes;
    const char *password; /* NULL = none */
};

#define PART(name, text)                                                                           \
    {                                                                                              \
        (name), {(text), sizeof(text) - 1}, NULL                                                   \
    }

static inline void pack_part(zipFile z, const struct part *p, int method)
{
    zip_fileinfo info = {0};
    /* Traditional encryption wants the checksum beforehand. */
    uLong crc = crc32(0, (const unsigned char *)p->bytes.at, (unsigned)p->bytes.n);
    CHECK_INT(zipOpenNewFileInZip3_64(z, p->name, &info, NULL, 0, NULL, 0, NULL, method, 6, 0,
                                      -MAX_WBITS, DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY, p->password,
                                      crc, 0),
              ZIP_OK);
    if (p->bytes.n) {
        CHECK_INT(zipWriteInFileInZip(z, p->bytes.at, (unsigned)p->bytes.n), ZIP_OK);
    }
    CHECK_INT(zipCloseFileInZip(z), ZIP_OK);
}

/* method: Z_DEFLATED, or 0 for stored. */
static inline void pack(const char *file, const struct part *parts, size_t count, int method)
{
    zipFile z = zipOpen64(file, APPEND_STATUS_CREATE);
    assert_non_null(z);
    for (size_t i = 0; i < count; i++) {
        pack_part(z, &parts[i], method);
    }
    CHECK_INT(zipClose(z, NULL), ZIP_OK);
}

/* Writes a file without waiting for the disk: tests do it thousands of times. */
static inline void put_bytes(const char *file, struct text bytes)
{
    FILE *out = fopen(file, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes.at, 1, bytes.n, out), bytes.n);
    assert_int_equal(fclose(out), 0);
}

/* ---- workbooks ---- */

#define PACKAGE                                                                                    \
    PART("[Content_Types].xml", "<Types/>"),                                                       \
        PART("_rels/.rels", "<Relationships><Relationship Id='r1' Type='http://x/officeDocument' " \
                            "Target='xl/workbook.xml'/></Relationships>")

#define WORKBOOK_RELATIONS                                                                         \
    PART("xl/_rels/workbook.xml.rels",                                                             \
         "<Relationships><Relationship Id='s1' Type='http://x/worksheet' Target='s/one.xml'/>"     \
         "<Relationship Id='s2' Type='http://x/worksheet' Target='/xl/s/two.xml'/>"                \
         "<Relationship Id='t' Type='http://x/sharedStrings' Target='../xl/./strings.xml'/>"       \
         "<Relationship Id='y' Type='http://x/styles' Target='styles.xml'/></Relationships>")

/* A workbook of one sheet "One" with these rows, these shared texts and these styles. */
static inline void pack_workbook(const char *file, const char *properties, const char *rows,
                                 const char *strings, const char *styles)
{
    char book[400];
    (void)snprintf(book, sizeof book,
                   "<workbook>%s<sheets><sheet name='One' sheetId='1' r:id='s1' "
                   "xmlns:r='http://r'/></sheets></workbook>",
                   properties);
    size_t n = strlen(rows) + 100;
    char *sheet = malloc(n);
    assert_non_null(sheet);
    (void)snprintf(sheet, n, "<worksheet><sheetData>%s</sheetData></worksheet>", rows);
    const struct part parts[] = {PACKAGE,
                                 WORKBOOK_RELATIONS,
                                 {"xl/workbook.xml", text_of(book), NULL},
                                 {"xl/s/one.xml", text_of(sheet), NULL},
                                 {"xl/strings.xml", text_of(strings), NULL},
                                 {"xl/styles.xml", text_of(styles), NULL}};
    pack(file, parts, sizeof parts / sizeof *parts, Z_DEFLATED);
    free(sheet);
}

#endif
