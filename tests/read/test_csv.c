/* tests/read/test_csv.c — malformed CSV against a table of records, lines and faults, in blocks of
 * several sizes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/memory.h"
#include "base/pool.h"
#include "check.h"
#include "read/csv.h"
#include "reading.h"

static const struct csv_dialect lf = {',', CSV_LF}, crlf = {',', CSV_CRLF}, cr = {',', CSV_CR};
static const size_t block_sizes[] = {1, 7, 64, 1000, CSV_BLOCK_BYTES};

/* The records shown are `want` in blocks of every size, and those of the plain reader. */
static void check_bytes(const char *name, struct text bytes, const struct csv_dialect *dialect,
                        const char *want)
{
    struct rv_err err = {0};
    struct memory_file file;
    CHECK_INT(memory_file_open(&file, bytes), 0);
    RV_CLEANUP(buf_done) struct buf plain;
    buf_init(&plain, (size_t)64 << 20);
    dump_plain(bytes, dialect, DUMP_RECORDS, &plain);
    for (size_t i = 0; i < sizeof block_sizes / sizeof *block_sizes; i++) {
        RV_CLEANUP(buf_done) struct buf got, exact;
        buf_init(&got, (size_t)64 << 20);
        buf_init(&exact, (size_t)64 << 20);
        CHECK_OK(dump_csv(file.path, dialect, block_sizes[i], DUMP_SHOWN, &got, &err));
        CHECK_OK(dump_csv(file.path, dialect, block_sizes[i], DUMP_RECORDS, &exact, &err));
        if (!text_is(buf_view(&got), want)) {
            fail_msg("%s in blocks of %zu gave\n%.2000s\nexpected\n%.2000s", name, block_sizes[i],
                     got.n ? got.bytes : "", want);
        }
        if (!text_equal(buf_view(&exact), buf_view(&plain))) {
            fail_msg("%s in blocks of %zu differs from the plain reader\n%.2000s\n%.2000s", name,
                     block_sizes[i], exact.n ? exact.bytes : "", plain.n ? plain.bytes : "");
        }
    }
    memory_file_close(&file);
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
        struct text bytes = {rows[i].bytes, rows[i].n};
        check_bytes(rows[i].name, bytes, rows[i].dialect, rows[i].want);
    }
}

/* A line of the parts, `fill` repeated between them. */
static void put_long(struct buf *out, const char *before, char fill, size_t n, const char *after)
{
    buf_text(out, before);
    for (size_t i = 0; i < n; i++) {
        buf_char(out, fill);
    }
    buf_text(out, after);
}

/* Lines and faults only: "1:3 2!too-long 3:1 " (line, then cells or fault). */
static void outline(const char *path, const struct csv_dialect *dialect, size_t block_bytes,
                    struct buf *out)
{
    struct rv_err err = {0};
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    RV_CLEANUP(csv_splitter_closep) struct csv_splitter *splitter = NULL;
    CHECK_OK(source_open(path, &source, &err));
    CHECK_OK(csv_splitter_open(source, dialect, &splitter, &err));
    csv_splitter_set_block_bytes(splitter, block_bytes);
    for (uint64_t number = 0;; number++) {
        struct csv_block block;
        struct csv_records all;
        struct arena a;
        arena_init(&a, LIMIT_ARENA_BYTES);
        CHECK_OK(csv_splitter_next(splitter, &block, &err));
        if (block.n == 0) {
            return;
        }
        CHECK_INT(block.number, number);
        CHECK(block.n <= (block_bytes > LIMIT_ROW_BYTES ? block_bytes : 3 * LIMIT_ROW_BYTES));
        CHECK_OK(csv_parse(&a, &block, dialect, &all, &err));
        for (size_t i = 0; i < all.count; i++) {
            const struct csv_record *r = &all.records[i];
            long long line = (long long)(block.first_line + r->line_offset);
            if (r->fault) {
                CHECK(all.cells[r->first_cell].n <= 200);
                CHECK_INT(r->cells, 0);
                buf_printf(out, "%lld!%s ", line, csv_fault_code(r->fault));
            } else {
                buf_printf(out, "%lld:%u ", line, r->cells);
            }
        }
        arena_done(&a);
        memory_free(block.bytes);
    }
}

static void check_outline(const struct buf *bytes, const struct csv_dialect *dialect,
                          const char *want)
{
    static const size_t sizes[] = {64, 1000, 100000, LIMIT_ROW_BYTES + 100, CSV_BLOCK_BYTES};
    struct memory_file file;
    CHECK_INT(memory_file_open(&file, buf_view(bytes)), 0);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        RV_CLEANUP(buf_done) struct buf got;
        buf_init(&got, (size_t)1 << 20);
        outline(file.path, dialect, sizes[i], &got);
        if (!text_is(buf_view(&got), want)) {
            fail_msg("blocks of %zu: %.300s, expected %.300s", sizes[i], got.bytes, want);
        }
    }
    memory_file_close(&file);
}

static void cells_and_rows_too_long(void **state)
{
    (void)state;
    RV_CLEANUP(buf_done) struct buf b;
    buf_init(&b, (size_t)64 << 20);
    put_long(&b, "a,", 'x', LIMIT_FIELD_BYTES, "\n");
    put_long(&b, "b,", 'x', LIMIT_FIELD_BYTES + 1, "\n");
    put_long(&b, "c,\"", '\n', LIMIT_FIELD_BYTES, "\"\n");
    put_long(&b, "d,\"", '\n', LIMIT_FIELD_BYTES + 1, "\",e\n");
    put_long(&b, "", ',', LIMIT_COLUMNS - 1, "\n");
    put_long(&b, "", ',', LIMIT_COLUMNS, "\n");
    buf_text(&b, "last,1,2");
    check_outline(&b, &lf,
                  "1:2 2!too-long 3:2 65540!too-long 131078:1024 131079!too-many-cells "
                  "131080:3 ");
}

static void lines_too_long(void **state)
{
    (void)state;
    RV_CLEANUP(buf_done) struct buf b;
    buf_init(&b, (size_t)64 << 20);
    buf_text(&b, "h\n");
    put_long(&b, "a", ',', LIMIT_ROW_BYTES - 1, "\n"); /* just allowed, but too many cells */
    put_long(&b, "b", ',', LIMIT_ROW_BYTES, "\n");
    put_long(&b, "c", '\"', 5 * LIMIT_ROW_BYTES, "\n");
    buf_text(&b, "1,2\n");
    put_long(&b, "\"d", '\0', 9 * LIMIT_ROW_BYTES + 7, "\r\n");
    buf_text(&b, "3,4\n");
    put_long(&b, "e", 'x', 3 * LIMIT_ROW_BYTES, "");
    check_outline(&b, &lf,
                  "1:1 2!too-many-cells 3!too-long 4!too-long 5:2 6!too-long 7:2 "
                  "8!too-long ");
}

static void crlf_lines_too_long(void **state)
{
    (void)state;
    RV_CLEANUP(buf_done) struct buf b;
    buf_init(&b, (size_t)64 << 20);
    buf_text(&b, "h\r\n");
    for (int i = 0; i < 3000; i++) { /* a lone LF is the cell's, and counts */
        put_long(&b, "", 'x', 1100, "\n");
    }
    buf_text(&b, "\r\n1,2\r\n");
    check_outline(&b, &crlf, "1:1 2!too-long 3003:2 ");
}

static void unclosed_at_the_limit(void **state)
{
    (void)state;
    RV_CLEANUP(buf_done) struct buf b;
    buf_init(&b, (size_t)64 << 20);
    /* A quote that is closed one byte too late, then one closed just in time. */
    put_long(&b, "a,\"\n", 'x', 60000, "\n");
    while (b.n < LIMIT_ROW_BYTES - 60000) {
        put_long(&b, "", 'x', 59999, "\n");
    }
    put_long(&b, "", 'x', LIMIT_ROW_BYTES - b.n, "\"\n");
    CHECK_INT(b.n, LIMIT_ROW_BYTES + 2);
    RV_CLEANUP(buf_done) struct buf just;
    buf_init(&just, (size_t)64 << 20);
    buf_put(&just, "b,1\n", 4);
    buf_put(&just, b.bytes, b.n - 3);
    buf_text(&just, "\"\n9\n");
    check_outline(&just, &lf, "1:2 2!too-long 21:1 ");
    buf_text(&b, "9\n");
    check_outline(&b, &lf,
                  "1!unclosed-quote 2:1 3:1 4:1 5:1 6:1 7:1 8:1 9:1 10:1 11:1 12:1 13:1 14:1 "
                  "15:1 16:1 17:1 18:1 19!bad-quote 20:1 ");
}

enum { MANY_BLOCKS = 64 };

struct parallel {
    struct csv_block blocks[MANY_BLOCKS];
    struct csv_records records[MANY_BLOCKS];
    struct arena arenas[MANY_BLOCKS];
};

static rv_status parse_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    struct parallel *p = context;
    (void)worker;
    return csv_parse(&p->arenas[piece], &p->blocks[piece], &lf, &p->records[piece], reterr);
}

/* Checksum of the positions and cells of all blocks, parsed on so many threads. */
static struct hash128 parse_on(size_t threads, struct parallel *p, size_t blocks)
{
    struct rv_err err = {0};
    struct pool *pool = NULL;
    struct hash128 sum = {0, 0};
    CHECK_OK(pool_open(threads, &pool, &err));
    for (size_t i = 0; i < blocks; i++) {
        arena_init(&p->arenas[i], LIMIT_ARENA_BYTES);
    }
    CHECK_OK(pool_run(pool, blocks, parse_piece, p, &err));
    for (size_t i = 0; i < blocks; i++) {
        const struct csv_records *all = &p->records[i];
        sum = hash128_add(sum, all->records, all->count * sizeof *all->records);
        for (size_t c = 0; c < all->cell_count; c++) {
            sum = hash128_add(sum, all->cells[c].at, all->cells[c].n);
        }
        arena_done(&p->arenas[i]);
    }
    pool_close(pool);
    return sum;
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct memory_file file;
    RV_CLEANUP(buf_done) struct buf b;
    buf_init(&b, (size_t)8 << 20);
    for (int i = 0; i < 20000; i++) {
        buf_printf(&b, "%d,\"quoted \"\"%d\"\"\",%s,last\n", i, i * 7, i % 97 ? "x" : "y\"");
    }
    CHECK_INT(memory_file_open(&file, buf_view(&b)), 0);
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    RV_CLEANUP(csv_splitter_closep) struct csv_splitter *splitter = NULL;
    CHECK_OK(source_open(file.path, &source, &err));
    CHECK_OK(csv_splitter_open(source, &lf, &splitter, &err));
    csv_splitter_set_block_bytes(splitter, 20000);
    struct parallel *p = memory_new(1, sizeof *p);
    assert_non_null(p);
    size_t blocks = 0;
    do {
        CHECK(blocks < MANY_BLOCKS);
        CHECK_OK(csv_splitter_next(splitter, &p->blocks[blocks], &err));
    } while (p->blocks[blocks++].n);
    CHECK(blocks > 10);
    struct hash128 one = parse_on(1, p, blocks), four = parse_on(4, p, blocks);
    CHECK(one.a == four.a && one.b == four.b);
    while (blocks--) {
        memory_free(p->blocks[blocks].bytes);
    }
    memory_free(p);
    memory_file_close(&file);
}

static void only_a_separator_separates(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct csv_splitter *s = NULL;
    static const char wrong[] = {'"', '\r', '\n', '\0', '\x80'};
    for (size_t i = 0; i < sizeof wrong; i++) {
        struct csv_dialect d = {wrong[i], CSV_LF};
        CHECK_FAILS(csv_splitter_open(NULL, &d, &s, &err), RV_USAGE);
    }
    static const struct csv_dialect tab = {'\t', CSV_LF}, semicolon = {';', CSV_LF};
    check_bytes("tabs", text_of("a,b\t\"c\td\"\n"), &tab, "1: a,b|c\td\n");
    check_bytes("semicolons", text_of("1,5;2\n"), &semicolon, "1: 1,5|2\n");
}

static void every_fault_is_explained(void **state)
{
    (void)state;
    for (int f = CSV_QUOTE; f <= CSV_TOO_MANY; f++) {
        CHECK(strlen(csv_fault_code((enum csv_fault)f)) > 5);
        CHECK(strlen(csv_fault_sentence((enum csv_fault)f)) > 40);
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct memory_file file;
    CHECK_INT(memory_file_open(&file, text_of("a,\"b\"\"\"\n\"c\n\",d\ne,f\n")), 0);
    for (long n = 1;; n++) {
        struct rv_err err = {0};
        RV_CLEANUP(buf_done) struct buf out;
        buf_init(&out, (size_t)1 << 20);
        memory_fail_nth(n);
        rv_status status = dump_csv(file.path, &lf, 8, DUMP_CELLS, &out, &err);
        bool has_failed = memory_fail_count() >= n;
        memory_fail_nth(0);
        if (!has_failed) {
            CHECK_OK(status);
            CHECK(n > 8);
            break;
        }
        CHECK_INT(status.code, RV_NO_MEMORY);
    }
    memory_file_close(&file);
}

static void an_arena_limit_is_a_limit(void **state)
{
    (void)state;
    struct rv_err err = {0};
    char bytes[] = "a,b,c\n1,\"2\"\"\",3\n";
    struct csv_block block = {bytes, sizeof bytes - 1, 1, 0};
    struct csv_records all = {.count = 77};
    struct arena a;
    arena_init(&a, 16);
    CHECK_FAILS(csv_parse(&a, &block, &lf, &all, &err), RV_LIMIT);
    CHECK_INT(all.count, 77);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table),
        cmocka_unit_test(cells_and_rows_too_long),
        cmocka_unit_test(lines_too_long),
        cmocka_unit_test(crlf_lines_too_long),
        cmocka_unit_test(unclosed_at_the_limit),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(only_a_separator_separates),
        cmocka_unit_test(every_fault_is_explained),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(an_arena_limit_is_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
