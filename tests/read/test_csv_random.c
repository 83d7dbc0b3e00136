/* tests/read/test_csv_random.c — generated CSV: well-formed against libcsv and against what was
 * meant, any bytes against the plain reader, whatever the block size.
 *
 * The seed is printed; REEVE_SEED repeats a run.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "read/csv.h"
#include "reading.h"

#define FILES 3000

static uint64_t state_of_chance;

static uint64_t chance(uint64_t below)
{
    state_of_chance += 0x9E3779B97F4A7C15U; /* splitmix64 */
    uint64_t z = state_of_chance;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return (z ^ (z >> 31)) % below;
}

static int seed(void **state)
{
    (void)state;
    const char *given = getenv("REEVE_SEED");
    state_of_chance = given ? strtoull(given, NULL, 10) : 20261122;
    print_message("REEVE_SEED=%llu\n", (unsigned long long)state_of_chance);
    return 0;
}

/* Some plain character of the alphabet of real files, or what needs quotes. */
static void put_content(struct buf *cell, bool may_need_quotes)
{
    static const char *const plain[] = {
        "a", "Z", "0", " ", "-", ".", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x99\x82", "word", "'"};
    static const char *const special[] = {",", "\"", "\n", "\r\n", "\"\"", "\",\"", ";"};
    size_t n = chance(6) ? chance(8) : chance(200);
    for (size_t i = 0; i < n; i++) {
        buf_text(cell, may_need_quotes && chance(3) == 0 ? special[chance(7)] : plain[chance(11)]);
    }
}

static void put_quoted(struct buf *out, struct text cell)
{
    buf_char(out, '"');
    for (size_t i = 0; i < cell.n; i++) {
        buf_text(out, cell.at[i] == '"' ? "\"" : "");
        buf_char(out, cell.at[i]);
    }
    buf_char(out, '"');
}

/* A well-formed file and the cells that were meant, as DUMP_CELLS. */
static void generate(enum csv_line_end line_end, struct buf *file, struct buf *meant)
{
    static const char *const all_ends[][2] = {
        [CSV_LF] = {"\n", "\r\n"}, [CSV_CRLF] = {"\r\n", "\r\n"}, [CSV_CR] = {"\r", "\r"}};
    const char *const *ends = all_ends[line_end];
    uint64_t rows = chance(40), quoting = chance(4);
    for (uint64_t r = 0; r < rows; r++) {
        uint64_t cells = 1 + chance(14);
        for (uint64_t c = 0; c < cells; c++) {
            RV_CLEANUP(buf_done) struct buf cell;
            buf_init(&cell, 1 << 20);
            bool is_quoted = quoting && chance(4) < quoting;
            put_content(&cell, is_quoted);
            buf_text(file, c ? "," : "");
            if (is_quoted || (cells == 1 && cell.n == 0)) {
                put_quoted(file, buf_view(&cell));
            } else {
                buf_slice(file, buf_view(&cell));
            }
            dump_cell(meant, buf_view(&cell));
        }
        buf_text(meant, ";\n");
        if (r + 1 < rows || chance(2)) {
            buf_text(file, ends[chance(2)]);
            buf_text(file, chance(20) ? "" : ends[chance(2)]); /* an empty line */
        }
    }
}

static void check_same(struct text file, const char *what, const struct buf *got,
                       const struct buf *want)
{
    if (!text_equal(buf_view(got), buf_view(want))) {
        fail_msg("%s\n--- file\n%.*s\n--- got\n%.3000s\n--- expected\n%.3000s", what,
                 (int)(file.n < 3000 ? file.n : 3000), file.at, got->n ? got->bytes : "",
                 want->n ? want->bytes : "");
    }
}

static size_t some_block_size(void)
{
    static const size_t sizes[] = {64, 1000, CSV_BLOCK_BYTES};
    return chance(4) ? sizes[chance(3)] : 1 + chance(300);
}

static void well_formed(void **state)
{
    (void)state;
    struct rv_err err = {0};
    for (int i = 0; i < FILES; i++) {
        struct csv_dialect dialect = {',', (enum csv_line_end)(i % 3)};
        RV_CLEANUP(buf_done) struct buf file, meant, oracle, plain, got;
        buf_init(&file, 1 << 24);
        buf_init(&meant, 1 << 24);
        buf_init(&oracle, 1 << 24);
        buf_init(&plain, 1 << 24);
        buf_init(&got, 1 << 24);
        generate(dialect.line_end, &file, &meant);
        CHECK(dump_libcsv(buf_view(&file), &dialect, &oracle));
        check_same(buf_view(&file), "libcsv reads what was meant", &oracle, &meant);
        dump_plain(buf_view(&file), &dialect, DUMP_CELLS, &plain);
        check_same(buf_view(&file), "the plain reader reads what was meant", &plain, &meant);
        struct memory_file disk;
        CHECK_INT(memory_file_open(&disk, buf_view(&file)), 0);
        CHECK_OK(dump_csv(disk.path, &dialect, some_block_size(), DUMP_CELLS, &got, &err));
        check_same(buf_view(&file), "Reeve reads what was meant", &got, &meant);
        memory_file_close(&disk);
    }
}

static void put_any(struct buf *file)
{
    static const char *const parts[] = {"a",
                                        "bc",
                                        ",",
                                        ",",
                                        "\"",
                                        "\"",
                                        "\n",
                                        "\r\n",
                                        "\r",
                                        "\"\"",
                                        ",\"",
                                        "\",",
                                        "\"\n",
                                        "\n\"",
                                        "\xC3\xA9",
                                        "\xE9",
                                        "one,two,three\n",
                                        "1,\"x\",2\n"};
    size_t n = chance(120), kinds = 2 + chance(sizeof parts / sizeof *parts - 1);
    for (size_t i = 0; i < n; i++) {
        if (chance(200) == 0) {
            buf_char(file, '\0');
        }
        if (chance(60) == 0) {
            for (size_t k = 200; k; k--) { /* so that words and windows are crossed */
                buf_char(file, 'x');
            }
        }
        buf_text(file, parts[chance(kinds)]);
    }
}

static void any_bytes(void **state)
{
    (void)state;
    struct rv_err err = {0};
    for (int i = 0; i < FILES; i++) {
        RV_CLEANUP(buf_done) struct buf file, plain;
        buf_init(&file, 1 << 24);
        buf_init(&plain, 1 << 24);
        buf_text(&file, chance(10) ? "" : "\xEF\xBB\xBF");
        put_any(&file);
        struct csv_dialect dialect = {',', (enum csv_line_end)chance(3)};
        dump_plain(buf_view(&file), &dialect, DUMP_RECORDS, &plain);
        struct memory_file disk;
        CHECK_INT(memory_file_open(&disk, buf_view(&file)), 0);
        for (int k = 0; k < 4; k++) {
            RV_CLEANUP(buf_done) struct buf got;
            buf_init(&got, 1 << 24);
            size_t size = k == 0 ? CSV_BLOCK_BYTES : some_block_size();
            CHECK_OK(dump_csv(disk.path, &dialect, size, DUMP_RECORDS, &got, &err));
            check_same(buf_view(&file), "Reeve reads as the plain reader", &got, &plain);
        }
        memory_file_close(&disk);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed),
        cmocka_unit_test(any_bytes),
    };
    return cmocka_run_group_tests(tests, seed, NULL);
}
