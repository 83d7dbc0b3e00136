/* fuzz/fuzz_xlsx.c — any bytes as the XML parts of a workbook: refused with a sentence, or CSV in
 * UTF-8, the same in reads of any size, whose lines are the rows.
 *
 * The input is the parts, separated by lines of "--": sheet, shared texts, styles, workbook. They
 * are packed here, unpacked sizes and checksums right, so that the search is spent on the XML.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/buf.h"
#include "base/limits.h"
#include "fuzz.h"
#include "read/source.h"
#include "reading.h"

#include <string.h>
#include <zlib.h>

#define MOST      ((size_t)1 << 26)
#define MOST_PART ((size_t)1 << 16)

struct packing {
    struct buf bytes, directory;
    uint16_t count;
};

static void put_int(struct buf *b, uint32_t value, int n)
{
    for (int i = 0; i < n; i++) {
        buf_char(b, (char)(value >> (8 * i)));
    }
}

/* APPNOTE 4.3.7 and 4.3.12: stored, no extra fields. */
static void put_part(struct packing *p, const char *name, struct text t)
{
    uint32_t place = (uint32_t)p->bytes.n, n = (uint32_t)t.n;
    uint32_t crc = (uint32_t)crc32(0, (const unsigned char *)(t.n ? t.at : ""), (unsigned)t.n);
    uint32_t name_n = (uint32_t)strlen(name);
    buf_put(&p->bytes, "PK\x03\x04\x14\0\0\0\0\0\0\0\0\0", 14);
    put_int(&p->bytes, crc, 4);
    put_int(&p->bytes, n, 4);
    put_int(&p->bytes, n, 4);
    put_int(&p->bytes, name_n, 4); /* and no extra field */
    buf_text(&p->bytes, name);
    buf_slice(&p->bytes, t);
    buf_put(&p->directory, "PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0", 16);
    put_int(&p->directory, crc, 4);
    put_int(&p->directory, n, 4);
    put_int(&p->directory, n, 4);
    put_int(&p->directory, name_n, 4);
    put_int(&p->directory, 0, 4);
    put_int(&p->directory, 0, 4);
    put_int(&p->directory, 0, 2);
    put_int(&p->directory, place, 4);
    buf_text(&p->directory, name);
    p->count++;
}

static void put_end(struct packing *p)
{
    uint32_t place = (uint32_t)p->bytes.n;
    buf_slice(&p->bytes, buf_view(&p->directory));
    buf_put(&p->bytes, "PK\x05\x06\0\0\0\0", 8);
    put_int(&p->bytes, p->count, 2);
    put_int(&p->bytes, p->count, 2);
    put_int(&p->bytes, (uint32_t)p->directory.n, 4);
    put_int(&p->bytes, place, 4);
    put_int(&p->bytes, 0, 2);
}

static struct text next_part(struct text *rest, const char *otherwise)
{
    const char *end = rest->n ? memmem(rest->at, rest->n, "\n--\n", 4) : NULL;
    struct text part = {rest->at, end ? (size_t)(end - rest->at) : rest->n};
    size_t used = part.n + (end ? 4 : 0);
    *rest = (struct text){rest->n ? rest->at + used : NULL, rest->n - used};
    return part.n ? part : text_of(otherwise);
}

static rv_status read_all(const char *path, size_t step, struct buf *out, struct rv_err *reterr)
{
    const struct source_choice choice = {.sheet = NULL};
    RV_CLEANUP(source_closep) struct byte_source *s = NULL;
    RV_TRY(source_open_as(path, &choice, &s, reterr));
    for (size_t n = 1; n;) {
        char *room = buf_room(out, step);
        FUZZ_REQUIRE(room);
        RV_TRY(source_read(s, room, step, &n, reterr));
        FUZZ_REQUIRE(n <= step);
        buf_wrote(out, n);
    }
    return rv_ok();
}

static void check(const char *path, size_t step)
{
    RV_CLEANUP(buf_done) struct buf large, small;
    buf_init(&large, MOST);
    buf_init(&small, MOST);
    struct rv_err err = {.message = ""};
    rv_status one = read_all(path, 65536, &large, &err);
    FUZZ_REQUIRE(rv_is_ok(one) || (one.code == RV_INVALID && *err.message));
    if (large.n > (size_t)1 << 20) {
        return; /* a million empty rows: time */
    }
    rv_status two = read_all(path, step, &small, &err);
    FUZZ_REQUIRE(one.code == two.code);
    if (rv_is_ok(one)) {
        FUZZ_REQUIRE(text_equal(buf_view(&large), buf_view(&small)));
        FUZZ_REQUIRE(large.n == 0 || large.bytes[large.n - 1] == '\n');
        FUZZ_REQUIRE(text_utf8_valid(buf_view(&large)) == large.n);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text rest = fuzz_input(data, size);
    size_t step = fuzz_byte(&rest) + 1U;
    struct memory_file file;
    if (size > MOST_PART) {
        return 0;
    }
    struct text sheet = next_part(&rest, "<worksheet/>");
    struct text strings = next_part(&rest, "<sst/>");
    struct text styles = next_part(&rest, "<styleSheet/>");
    struct text book = next_part(&rest, "<workbook><sheets><sheet name='S' id='s'/></sheets>"
                                        "</workbook>");
    struct packing p = {.count = 0};
    buf_init(&p.bytes, (size_t)1 << 20);
    buf_init(&p.directory, (size_t)1 << 16);
    put_part(&p, "[Content_Types].xml", text_of("<Types/>"));
    put_part(&p, "_rels/.rels",
             text_of("<R><Relationship Id='r' Type='x/officeDocument' Target='b.xml'/></R>"));
    put_part(&p, "_rels/b.xml.rels",
             text_of("<R><Relationship Id='s' Type='x/worksheet' Target='s.xml'/>"
                     "<Relationship Id='t' Type='x/sharedStrings' Target='t.xml'/>"
                     "<Relationship Id='y' Type='x/styles' Target='y.xml'/></R>"));
    put_part(&p, "b.xml", book);
    put_part(&p, "s.xml", sheet);
    put_part(&p, "t.xml", strings);
    put_part(&p, "y.xml", styles);
    put_end(&p);
    FUZZ_REQUIRE(memory_file_open(&file, buf_view(&p.bytes)) == 0);
    check(file.path, step);
    memory_file_close(&file);
    buf_done(&p.bytes);
    buf_done(&p.directory);
    return 0;
}
