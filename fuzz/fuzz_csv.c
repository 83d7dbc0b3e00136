/* fuzz/fuzz_csv.c — any bytes as CSV: the same records in blocks of any size, the same as a plain
 * byte-by-byte reader, and what libcsv in strict mode accepts is read alike and without fault.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/buf.h"
#include "fuzz.h"
#include "read/csv.h"
#include "reading.h"

#define MOST        ((size_t)1 << 22)
#define MOST_INPUT  ((size_t)1 << 15)
#define LARGE_BLOCK (MOST_INPUT + 1) /* all in one */

/* A lone CR ends a record for libcsv and is content here; a NUL and invalid UTF-8 are faults here
 * and content there. */
static bool is_common_ground(struct text bytes, const struct csv_dialect *dialect)
{
    if (dialect->line_end == CSV_CRLF || text_starts(bytes, "\xEF\xBB\xBF") ||
        text_utf8_valid(bytes) != bytes.n) {
        return false;
    }
    for (size_t i = 0; i < bytes.n && dialect->line_end == CSV_LF; i++) {
        if (bytes.at[i] == '\r' && !(i + 1 < bytes.n && bytes.at[i + 1] == '\n')) {
            return false;
        }
    }
    return true;
}

/* Whether DUMP_RECORDS shows the fault. */
static bool has(const struct buf *records, const char *code)
{
    return records->n && memmem(records->bytes, records->n, code, strlen(code));
}

static void check_libcsv(struct text bytes, const struct csv_dialect *dialect, const char *path,
                         const struct buf *records)
{
    RV_CLEANUP(buf_done) struct buf theirs, ours;
    buf_init(&theirs, MOST);
    buf_init(&ours, MOST);
    if (!is_common_ground(bytes, dialect) || has(records, " too-")) {
        return;
    }
    bool is_accepted = dump_libcsv(bytes, dialect, &theirs);
    if (is_accepted) {
        FUZZ_REQUIRE(rv_is_ok(dump_csv(path, dialect, LARGE_BLOCK, DUMP_CELLS, &ours, NULL)));
        FUZZ_REQUIRE(text_equal(buf_view(&ours), buf_view(&theirs)));
    } else {
        FUZZ_REQUIRE(has(records, " bad-quote ") || has(records, " unclosed-quote "));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char separators[] = {',', ';', '\t', 'a'};
    if (size > MOST_INPUT) {
        return 0; /* the plain reader is slow; long lines are the business of tests/read */
    }
    struct text bytes = fuzz_input(data, size);
    uint8_t choice = fuzz_byte(&bytes), block_bytes = fuzz_byte(&bytes);
    if (text_starts(bytes, "\x1F\x8B")) {
        return 0; /* gzip: zlib's business */
    }
    struct csv_dialect dialect = {separators[choice / 4 % 4], (enum csv_line_end)(choice % 4 % 3)};
    struct memory_file file;
    FUZZ_REQUIRE(memory_file_open(&file, bytes) == 0);
    RV_CLEANUP(buf_done) struct buf plain, large, small;
    buf_init(&plain, MOST);
    buf_init(&large, MOST);
    buf_init(&small, MOST);
    dump_plain(bytes, &dialect, DUMP_RECORDS, &plain);
    FUZZ_REQUIRE(rv_is_ok(dump_csv(file.path, &dialect, LARGE_BLOCK, DUMP_RECORDS, &large, NULL)));
    FUZZ_REQUIRE(
        rv_is_ok(dump_csv(file.path, &dialect, block_bytes + 1U, DUMP_RECORDS, &small, NULL)));
    FUZZ_REQUIRE(text_equal(buf_view(&large), buf_view(&small)));
    FUZZ_REQUIRE(text_equal(buf_view(&large), buf_view(&plain)));
    check_libcsv(bytes, &dialect, file.path, &large);
    memory_file_close(&file);
    return 0;
}
