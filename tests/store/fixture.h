/* tests/store/fixture.h — partnership files and small extracts for the tests of the store.
 *
 * Include after check.h. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_STORE_FIXTURE_H
#define REEVE_TESTS_STORE_FIXTURE_H

#include "base/civil.h"
#include "base/hash.h"
#include "base/limits.h"
#include "store/extract.h"
#include "store/internal.h"

/* A folder with one partnership file, made and removed by each test. */
struct bench {
    char dir[64];
    char file[96];
};

static inline void bench_open(struct bench *b)
{
    struct rv_err err = {0};
    (void)snprintf(b->dir, sizeof b->dir, "%s", test_dir());
    (void)snprintf(b->file, sizeof b->file, "%s/p.reeve", b->dir);
    CHECK_OK(store_create(b->file, &err));
}

static inline void bench_close(struct bench *b)
{
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf %s", b->dir);
    assert_int_equal(system(command), 0);
}

static inline struct store *bench_store(const struct bench *b, enum store_mode mode)
{
    struct rv_err err = {0};
    struct store *s = NULL;
    CHECK_OK(store_open(b->file, mode, &s, &err));
    return s;
}

/* The columns of the sample: one of each type. */
enum {
    SAMPLE_GROUP,
    SAMPLE_AGE,
    SAMPLE_EASTING,
    SAMPLE_VALUE,
    SAMPLE_TIME,
    SAMPLE_KEY,
    SAMPLE_COUNT
};

static const struct extract_column sample_columns[SAMPLE_COUNT] = {
    [SAMPLE_GROUP] = {"offence_group", COLUMN_CATEGORY}, [SAMPLE_AGE] = {"age", COLUMN_INTEGER},
    [SAMPLE_EASTING] = {"easting", COLUMN_THOUSANDTHS},  [SAMPLE_VALUE] = {"value", COLUMN_REAL},
    [SAMPLE_TIME] = {"recorded_at", COLUMN_TIME},        [SAMPLE_KEY] = {"offence_id", COLUMN_TEXT},
};

/* What row i of the sample holds, whatever the chunk: i % 3 is the group (0 = missing), every 7th
 * age, every 5th value and every 11th key is missing. */
#define SAMPLE_GROUPS 3
static inline const char *sample_group(uint32_t i)
{
    static const char *const groups[SAMPLE_GROUPS] = {"", "rape", "gbh"};
    return groups[i % SAMPLE_GROUPS];
}
static inline bool sample_has_age(uint32_t i)
{
    return i % 7 != 0;
}
static inline int64_t sample_age(uint32_t i)
{
    return (int64_t)(i % 90);
}
static inline int64_t sample_easting(uint32_t i)
{
    return INT64_C(550000385) + i;
}
static inline bool sample_has_value(uint32_t i)
{
    return i % 5 != 0;
}
static inline double sample_value(uint32_t i)
{
    return 2.385 * i;
}
static inline civil_time sample_time(uint32_t i)
{
    return civil_pack(INT64_C(1627776000) + (int64_t)i * 60, CIVIL_MINUTE);
}
static inline bool sample_has_key(uint32_t i)
{
    return i % 11 != 0;
}

static inline void sample_append(struct extract_draft *d, size_t position, uint32_t sequence,
                                 const struct column *c)
{
    struct rv_err err = {0};
    struct buf bytes;
    struct chunk_summary summary;
    buf_init(&bytes, (size_t)64 << 20);
    CHECK_OK(chunk_encode(c, &bytes, &summary, &err));
    CHECK_OK(draft_append(d, position, sequence, &summary, buf_view(&bytes), &err));
    buf_done(&bytes);
}

static inline uint64_t *sample_bits(struct arena *a, uint32_t first, uint32_t rows,
                                    bool (*has)(uint32_t), uint32_t *ret_nulls)
{
    uint64_t *bits = ARENA_NEW(a, uint64_t, mask_words(rows));
    *ret_nulls = 0;
    for (uint32_t i = 0; i < rows; i++) {
        bits[i / 64] |= (uint64_t)has(first + i) << (i % 64);
        *ret_nulls += !has(first + i);
    }
    return bits;
}

/* Spools chunk `sequence`: rows `first` … first + rows - 1 of the sample. */
static inline void sample_chunk(struct extract_draft *d, struct dictionary *groups,
                                uint32_t sequence, uint32_t first, uint32_t rows)
{
    struct rv_err err = {0};
    struct arena a;
    arena_init(&a, (size_t)256 << 20);
    uint32_t *codes = ARENA_NEW(&a, uint32_t, rows), *offsets = ARENA_NEW(&a, uint32_t, rows + 1);
    int64_t *ages = ARENA_NEW(&a, int64_t, rows), *eastings = ARENA_NEW(&a, int64_t, rows);
    int64_t *times = ARENA_NEW(&a, int64_t, rows);
    double *values = ARENA_NEW(&a, double, rows);
    char *keys = ARENA_NEW(&a, char, (size_t)rows * 16);
    uint32_t age_nulls, value_nulls, key_nulls;
    uint64_t *has_age = sample_bits(&a, first, rows, sample_has_age, &age_nulls);
    uint64_t *has_value = sample_bits(&a, first, rows, sample_has_value, &value_nulls);
    uint64_t *has_key = sample_bits(&a, first, rows, sample_has_key, &key_nulls);
    uint32_t code_nulls = 0;
    for (uint32_t i = 0; i < rows; i++) {
        uint32_t r = first + i;
        CHECK_OK(dictionary_code(groups, text_of(sample_group(r)), &codes[i], &err));
        code_nulls += codes[i] == 0;
        ages[i] = sample_has_age(r) ? sample_age(r) : 0;
        eastings[i] = sample_easting(r);
        values[i] = sample_has_value(r) ? sample_value(r) : 0;
        times[i] = sample_time(r);
        int n = sample_has_key(r) ? snprintf(keys + offsets[i], 16, "k%u", r) : 0;
        offsets[i + 1] = offsets[i] + (uint32_t)n;
    }
    const struct column columns[SAMPLE_COUNT] = {
        {.type = COLUMN_CATEGORY, .rows = rows, .nulls = code_nulls, .codes = codes},
        {.type = COLUMN_INTEGER,
         .rows = rows,
         .nulls = age_nulls,
         .valid = has_age,
         .integers = ages},
        {.type = COLUMN_THOUSANDTHS, .rows = rows, .integers = eastings},
        {.type = COLUMN_REAL,
         .rows = rows,
         .nulls = value_nulls,
         .valid = has_value,
         .reals = values},
        {.type = COLUMN_TIME, .rows = rows, .integers = times},
        {.type = COLUMN_TEXT,
         .rows = rows,
         .nulls = key_nulls,
         .valid = has_key,
         .offsets = offsets,
         .bytes = keys},
    };
    for (size_t c = 0; c < SAMPLE_COUNT; c++) {
        sample_append(d, c, sequence, &columns[c]);
    }
    arena_done(&a);
}

static const int32_t sample_months[] = {24258, 24259, 24261};

static inline struct extract_meta sample_meta(const char *file_name, char sha256[SHA256_HEX + 1])
{
    struct rv_err err = {0};
    CHECK_OK(sha256_of(file_name, strlen(file_name), sha256, &err));
    return (struct extract_meta){.kind = "offences",
                                 .source = "street",
                                 .profile = "police-uk-street",
                                 .profile_version = 3,
                                 .supplier = "Metropolitan Police",
                                 .file_name = file_name,
                                 .sha256 = sha256,
                                 .file_bytes = 2385,
                                 .imported_at = "2026-11-22T13:00:00Z",
                                 .refresh = "period",
                                 .rows_read = 117,
                                 .accepted = 111,
                                 .quarantined = 6,
                                 .excluded = 5,
                                 .duplicates = 4,
                                 .repeated_keys = 3,
                                 .superseded = 2,
                                 .withdrawn = 1,
                                 .months = sample_months,
                                 .month_count = 3,
                                 .report_json = "{}"};
}

/* An open draft with `chunks` chunks of `rows` rows each, and its dictionary. */
static inline struct extract_draft *sample_draft(struct store *s, struct dictionary *groups,
                                                 uint32_t chunks, uint32_t rows)
{
    struct rv_err err = {0};
    struct extract_draft *d = NULL;
    dictionary_init(groups, LIMIT_DICTIONARY);
    CHECK_OK(draft_open(s, sample_columns, SAMPLE_COUNT, &d, &err));
    for (uint32_t k = 0; k < chunks; k++) {
        sample_chunk(d, groups, k, k * rows, rows);
    }
    return d;
}

/* Inside store_begin: commits a sample extract and gives its id. */
static inline int64_t sample_commit(struct store *s, const char *file_name, uint32_t chunks,
                                    uint32_t rows)
{
    struct rv_err err = {0};
    struct dictionary groups;
    struct extract_draft *d = sample_draft(s, &groups, chunks, rows);
    const struct dictionary *const dictionaries[SAMPLE_COUNT] = {[SAMPLE_GROUP] = &groups};
    char sha256[SHA256_HEX + 1];
    struct extract_meta meta = sample_meta(file_name, sha256);
    int64_t id = 0;
    CHECK_OK(draft_commit(d, s, &meta, dictionaries, &id, &err));
    draft_close(d);
    dictionary_done(&groups);
    return id;
}

/* A whole import of the sample in its own transaction. */
static inline int64_t sample_import(struct store *s, const char *file_name, uint32_t chunks,
                                    uint32_t rows)
{
    struct rv_err err = {0};
    CHECK_OK(store_begin(s, &err));
    int64_t id = sample_commit(s, file_name, chunks, rows);
    CHECK_OK(store_commit(s, &err));
    return id;
}

#endif
