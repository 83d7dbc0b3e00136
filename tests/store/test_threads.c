/* tests/store/test_threads.c — chunks spooled and read by several threads give what one gives.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/pool.h"
#include "check.h"
#include "fixture.h"

#define CHUNKS  24
#define ROWS    500
#define THREADS 4

struct spooling {
    struct extract_draft *draft;
    struct buf *bytes; /* encoded beforehand: chunk k of the one column */
    struct chunk_summary *summaries;
};

static rv_status append_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    const struct spooling *s = context;
    (void)worker;
    size_t k = CHUNKS - 1 - piece; /* out of order on purpose */
    return draft_append(s->draft, 0, (uint32_t)k, &s->summaries[k], buf_view(&s->bytes[k]), reterr);
}

struct reading {
    const struct extract_scan *scan;
    int64_t sums[CHUNKS];
};

static rv_status read_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    struct reading *r = context;
    (void)worker;
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct column c[2];
    const uint64_t *current = NULL;
    RV_TRY(extract_scan_read(r->scan, (uint32_t)piece, &a, c, &current, reterr));
    r->sums[piece] = current ? 1 : 0;
    for (uint32_t i = 0; i < c[0].rows; i++) {
        r->sums[piece] += c[0].integers[i] * (i + 1) + column_has(&c[1], i);
    }
    return rv_ok();
}

static int64_t value_at(size_t chunk, uint32_t row)
{
    return (int64_t)(chunk * 2385 + row * 7 % 61);
}

static void encode(struct spooling *s, size_t k)
{
    struct rv_err err = {0};
    int64_t values[ROWS];
    for (uint32_t i = 0; i < ROWS; i++) {
        values[i] = value_at(k, i);
    }
    const struct column c = {.type = COLUMN_INTEGER, .rows = ROWS, .integers = values};
    buf_init(&s->bytes[k], (size_t)1 << 20);
    CHECK_OK(chunk_encode(&c, &s->bytes[k], &s->summaries[k], &err));
}

static void any_thread_may_append_and_read(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    static const struct extract_column columns[] = {{"age", COLUMN_INTEGER}};
    struct buf bytes[CHUNKS];
    struct chunk_summary summaries[CHUNKS];
    struct spooling spooling = {.bytes = bytes, .summaries = summaries};
    for (size_t k = 0; k < CHUNKS; k++) {
        encode(&spooling, k);
    }
    struct pool *pool = NULL;
    CHECK_OK(pool_open(THREADS, &pool, &err));
    CHECK_OK(draft_open(s, columns, 1, &spooling.draft, &err));
    CHECK_OK(pool_run(pool, CHUNKS, append_piece, &spooling, &err));
    char sha256[SHA256_HEX + 1];
    struct extract_meta meta = sample_meta("t.csv", sha256);
    int64_t id = 0;
    CHECK_OK(store_begin(s, &err));
    CHECK_OK(
        draft_commit(spooling.draft, s, &meta, (const struct dictionary *[]){NULL}, &id, &err));
    uint64_t bits[(ROWS + 63) / 64] = {1};
    CHECK_OK(extract_mask_rows(s, id, 5, bits, ROWS, id, "duplicate", &err));
    CHECK_OK(store_commit(s, &err));
    draft_close(spooling.draft);
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct extract_scan *scan = NULL;
    CHECK_OK(extract_scan_open(s, &a, id, (const char *[]){"age", "none"}, 2, 0, &scan, &err));
    store_close(s);
    struct reading reading = {.scan = scan};
    CHECK_OK(pool_run(pool, CHUNKS, read_piece, &reading, &err));
    pool_close(pool);
    for (size_t k = 0; k < CHUNKS; k++) {
        int64_t want = k == 5;
        for (uint32_t i = 0; i < ROWS; i++) {
            want += value_at(k, i) * (i + 1);
        }
        CHECK_INT(reading.sums[k], want);
        buf_done(&bytes[k]);
    }
    arena_done(&a);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_thread_may_append_and_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
