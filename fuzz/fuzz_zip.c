/* fuzz/fuzz_zip.c — any bytes as a zip archive: refused with a sentence, or every member reads to
 * its stated length, or is refused; the same in reads of any size.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/buf.h"
#include "base/limits.h"
#include "fuzz.h"
#include "read/archive.h"
#include "read/source.h"
#include "reading.h"

#define MOST ((size_t)1 << 24)

static rv_status read_all(const char *path, const struct source_choice *choice, size_t step,
                          struct buf *out, struct rv_err *reterr)
{
    RV_CLEANUP(source_closep) struct byte_source *s = NULL;
    RV_TRY(source_open_as(path, choice, &s, reterr));
    for (size_t n = 1; n;) {
        char *room = buf_room(out, step);
        FUZZ_REQUIRE(room);
        RV_TRY(source_read(s, room, step, &n, reterr));
        FUZZ_REQUIRE(n <= step);
        buf_wrote(out, n);
    }
    char sha256[SHA256_HEX + 1];
    return source_sha256(s, sha256, reterr);
}

static void check_member(const char *path, const struct archive *archive,
                         const struct zip_member *m, size_t step)
{
    const struct source_choice choice = {.member = m->name, .archive = archive, .is_raw = true};
    RV_CLEANUP(buf_done) struct buf large, small;
    struct rv_err err = {.message = ""};
    FUZZ_REQUIRE(text_utf8_valid(text_of(m->name)) == strlen(m->name));
    if (m->bytes > 65536) {
        return; /* time */
    }
    buf_init(&large, MOST);
    buf_init(&small, MOST);
    rv_status one = read_all(path, &choice, 65536, &large, &err);
    FUZZ_REQUIRE(rv_is_ok(one) || *err.message);
    FUZZ_REQUIRE(rv_is_ok(one) || one.code == RV_INVALID || one.code == RV_NOT_FOUND);
    rv_status two = read_all(path, &choice, step, &small, &err);
    FUZZ_REQUIRE(one.code == two.code);
    if (rv_is_ok(one)) {
        FUZZ_REQUIRE((int64_t)large.n == m->bytes && !m->unreadable);
        FUZZ_REQUIRE(text_equal(buf_view(&large), buf_view(&small)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text bytes = fuzz_input(data, size);
    size_t step = fuzz_byte(&bytes) + 1U;
    struct memory_file file;
    struct rv_err err = {.message = ""};
    FUZZ_REQUIRE(memory_file_open(&file, bytes) == 0);
    struct archive *archive = NULL;
    rv_status status = archive_open(file.path, &archive, &err);
    FUZZ_REQUIRE(rv_is_ok(status) || (status.code == RV_INVALID && *err.message));
    if (rv_is_ok(status)) {
        const struct zip_list *list = archive_list(archive);
        for (size_t i = 0; i < list->count && i < 8; i++) {
            check_member(file.path, archive, &list->members[i], step);
        }
        (void)archive_is_document(archive);
        archive_close(archive);
    }
    memory_file_close(&file);
    return 0;
}
