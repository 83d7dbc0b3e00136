/* tests/read/test_csv.c — malformed CSV against a table of records, lines and faults, in blocks of
 * several sizes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "check.h"
#include "read/csv.h"

#include <inttypes.h>

static const struct csv_dialect lf = {',', CSV_LF}, crlf = {',', CSV_CRLF}, cr = {',', CSV_CR};
static char folder[64];

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "%s", test_dir());
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char path[128];
    (void)snprintf(path, sizeof path, "%s/x.csv", folder);
    (void)unlink(path);
    return rmdir(folder);
}

/* Every record as "line: cell|cell" or "line! fault 'excerpt'", line ends inside cells as \n \r. */
static void show(struct buf *out, const struct csv_block *block, const struct csv_records *all)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct csv_record *r = &all->records[i];
        buf_printf(out, "%" PRId64 "%s", block->first_line + r->line_offset,
                   r->fault ? "! " : ": ");
        if (r->fault) {
            buf_printf(out, "%s ", csv_fault_code(r->fault));
        }
        for (uint32_t c = 0; c < (r->fault ? 1 : r->cells); c++) {
            struct text t = all->cells[r->first_cell + c];
            buf_text(out, c ? "|" : "");
            for (size_t b = 0; b < t.n; b++) {
                char byte = t.at[b];
                buf_text(out, byte == '\n' ? "\\n" : byte == '\r' ? "\\r" : byte ? "" : "\\0");
                buf_put(out, &byte, byte != '\n' && byte != '\r' && byte);
            }
        }
        buf_char(out, '\n');
    }
}

static void read_file(const char *path, const struct csv_dialect *dialect, size_t block_bytes,
                      struct buf *out)
{
    struct rv_err err = {0};
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    RV_CLEANUP(csv_splitter_closep) struct csv_splitter *splitter = NULL;
    CHECK_OK(source_open(path, &source, &err));
    CHECK_OK(csv_splitter_open(source, dialect, &splitter, &err));
    csv_splitter_set_block_bytes(splitter, block_bytes);
    for (;;) {
        struct csv_block block;
        struct csv_records records;
        struct arena a;
        arena_init(&a, LIMIT_ARENA_BYTES);
        CHECK_OK(csv_splitter_next(splitter, &block, &err));
        if (block.n == 0) {
            assert_null(block.bytes);
            return;
        }
        CHECK_OK(csv_parse(&a, &block, dialect, &records, &err));
        show(out, &block, &records);
        arena_done(&a);
        memory_free(block.bytes);
    }
}

static const size_t block_sizes[] = {1, 7, 64, 1000, CSV_BLOCK_BYTES};

static void check_bytes(struct text bytes, const struct csv_dialect *dialect, const char *want)
{
    struct rv_err err = {0};
    char path[128];
    (void)snprintf(path, sizeof path, "%s/x.csv", folder);
    CHECK_OK(file_write(path, bytes, &err));
    for (size_t i = 0; i < sizeof block_sizes / sizeof *block_sizes; i++) {
        RV_CLEANUP(buf_done) struct buf got;
        buf_init(&got, (size_t)64 << 20);
        buf_text(&got, "");
        read_file(path, dialect, block_sizes[i], &got);
        if (strcmp(got.n ? got.bytes : "", want) != 0) {
            fail_msg("%.200s in blocks of %zu gave\n%.2000s\nexpected\n%.2000s", bytes.at,
                     block_sizes[i], got.n ? got.bytes : "", want);
        }
    }
}

struct row {
    const char *name, *bytes;
    size_t n;
    const struct csv_dialect *dialect;
    const char *want;
};
#define ROW(name, bytes, dialect, want)                                                            \
    {                                                                                              \
        name, bytes, sizeof(bytes) - 1, dialect, want                                              \
    }

static const struct row rows[] = {
    ROW("nothing", "", &lf, ""),
    ROW("plain", "a,b\n1,2\n", &lf, "1: a|b\n2: 1|2\n"),
    ROW("no final newline", "a,b\n1,2", &lf, "1: a|b\n2: 1|2\n"),
    ROW("final return", "a,b\n1,2\r", &lf, "1: a|b\n2: 1|2\n"),
    ROW("CRLF", "a,b\r\n1,2\r\n", &lf, "1: a|b\n2: 1|2\n"),
    ROW("only one return is the line end", "a\r\r\nb\n", &lf, "1: a\\r\n2: b\n"),
    ROW("mark",
        "\xEF\xBB\xBF"
        "a,b\n",
        &lf, "1: a|b\n"),
    ROW("mark and quote", "\xEF\xBB\xBF\"a\",b\n", &lf, "1: a|b\n"),
    ROW("mark alone", "\xEF\xBB\xBF", &lf, ""),
    ROW("empty lines count", "\n\na\n\r\n\nb\n\n", &lf, "3: a\n6: b\n"),
    ROW("empty cells", ",\n,,\n\"\"\n\"\",\n", &lf, "1: |\n2: ||\n3: \n4: |\n"),
    ROW("separator at the end", "a,", &lf, "1: a|\n"),
    ROW("quoted", "\"a\",\"b,c\",\"d\"\"e\"\n", &lf, "1: a|b,c|d\"e\n"),
    ROW("quotes only", "\"\"\"\"\n\"\"\"\"\"\"\n", &lf, "1: \"\n2: \"\"\n"),
    ROW("quoted newline", "\"a\nb\r\nc\",d\ne\n", &lf, "1: a\\nb\\r\\nc|d\n4: e\n"),
    ROW("quoted at the end", "a,\"b\"", &lf, "1: a|b\n"),
    ROW("quoted, return at the end", "a,\"b\"\r", &lf, "1: a|b\n"),
    ROW("spaces stay", " a , b \n", &lf, "1:  a | b \n"),
    ROW("quote in a cell", "a\"b,c\n1,2\n", &lf, "1! bad-quote a\"b,c\n2: 1|2\n"),
    ROW("inches", "x,5\" nail\n1,2\n", &lf, "1! bad-quote x,5\" nail\n2: 1|2\n"),
    ROW("space before a quote", "a, \"b\"\n1,2\n", &lf, "1! bad-quote a, \"b\"\n2: 1|2\n"),
    ROW("text after a quote", "\"a\"b,c\n1,2\n", &lf, "1! bad-quote \"a\"b,c\n2: 1|2\n"),
    ROW("return after a quote", "\"a\"\rb\n1\n", &lf, "1! bad-quote \"a\"\\rb\n2: 1\n"),
    ROW("never closed", "a\nb,\"c\nd\ne", &lf, "1: a\n2! unclosed-quote b,\"c\n3: d\n4: e\n"),
    ROW("never closed, last", "a\n\"b", &lf, "1: a\n2! unclosed-quote \"b\n"),
    ROW("a quote alone", "\"", &lf, "1! unclosed-quote \"\n"),
    ROW("a stray quote swallows nothing", "1,\"x\n2,y\n3,\"z\",w\n4\n", &lf,
        "1! unclosed-quote 1,\"x\n2: 2|y\n3: 3|z|w\n4: 4\n"),
    ROW("two broken lines", "\"a\nb\"c\nd\n", &lf,
        "1! unclosed-quote \"a\n2! bad-quote b\"c\n3: d\n"),
    ROW("NUL", "a,b\n1\0,2\n3\n", &lf, "1: a|b\n2! nul-byte 1\\0,2\n3: 3\n"),
    ROW("NUL in a quoted newline", "\"a\n\0b\",c\nd\n", &lf, "1! nul-byte \"a\\n\\0b\",c\n3: d\n"),
    ROW("NUL before bad quotes", "a\0\"b\nc\n", &lf, "1! nul-byte a\\0\"b\n2: c\n"),
    ROW("encoding", "a\xE9,b\nc\xC3\xA9\n", &lf, "1! bad-encoding a\xE9,b\n2: c\xC3\xA9\n"),
    ROW("surrogate", "\xED\xA0\x80\nb\n", &lf, "1! bad-encoding \xED\xA0\x80\n2: b\n"),
    ROW("cut character at a line end", "a\xC3\nb\n", &lf, "1! bad-encoding a\xC3\n2: b\n"),
    ROW("cut character at a separator", "\xE2\x82,\xAC\nb\n", &lf,
        "1! bad-encoding \xE2\x82,\xAC\n2: b\n"),
    ROW("CRLF only", "a\nb,c\r\n\"d\n\",e\r\n\r\nf", &crlf, "1: a\\nb|c\n3: d\\n|e\n6: f\n"),
    ROW("CRLF only, LF after a quote", "\"a\"\nb\r\nc\r\n", &crlf,
        "1! bad-quote \"a\"\\nb\n3: c\n"),
    ROW("CRLF only, empty line", "\r\na\r\n", &crlf, "2: a\n"),
    ROW("CR", "a,b\r1,\"2\r3\"\r\r4,5\r", &cr, "1: a|b\n2: 1|2\\r3\n5: 4|5\n"),
    ROW("CR, LF is content", "a,\"b\nc\"\rd\ne\r", &cr, "1: a|b\\nc\n2: d\\ne\n"),
    ROW("CR, never closed", "\"a\rb\rc", &cr, "1! unclosed-quote \"a\n2: b\n3: c\n"),
};

static void the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_bytes((struct text){rows[i].bytes, rows[i].n}, rows[i].dialect, rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
