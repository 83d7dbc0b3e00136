/* tests/fault/job.h — the work that is interrupted, and the question whether it left the file as
 * before or as after.
 *
 * Include after check.h. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_FAULT_JOB_H
#define REEVE_TESTS_FAULT_JOB_H

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "store/extract.h"
#include "store/internal.h"
#include "store/query.h"
#include "store/verify.h"

#include <dirent.h>

#define JOB_COLUMNS 3
#define JOB_CHUNKS  3
#define JOB_ROWS    3000

static const struct extract_column job_columns[JOB_COLUMNS] = {
    {"offence_group", COLUMN_CATEGORY}, {"easting", COLUMN_INTEGER}, {"value", COLUMN_REAL}};

struct job {
    char dir[64];
    char file[96], fresh[96], copy[96]; /* imported into; made new; copied to */
    struct dictionary groups;
    struct buf bytes[JOB_COLUMNS][JOB_CHUNKS];
    struct chunk_summary summaries[JOB_COLUMNS][JOB_CHUNKS];
    struct buf base; /* the file before the job */
    char before[SHA256_HEX + 1], after[SHA256_HEX + 1];
};

/* A cheap sequence with entropy, so that chunks fill pages although they are compressed. */
static inline uint64_t job_mix(uint64_t i)
{
    i = (i + UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xbf58476d1ce4e5b9);
    return i ^ (i >> 27);
}

static inline void job_encode(struct job *j, uint32_t k)
{
    struct rv_err err = {0};
    static uint32_t codes[JOB_ROWS];
    static int64_t eastings[JOB_ROWS];
    static double values[JOB_ROWS];
    for (uint32_t i = 0; i < JOB_ROWS; i++) {
        uint64_t mixed = job_mix((uint64_t)k * JOB_ROWS + i);
        char group[24];
        int n = snprintf(group, sizeof group, "group %u", (unsigned)(mixed % 97));
        CHECK_OK(dictionary_code(&j->groups, (struct text){group, (size_t)n}, &codes[i], &err));
        eastings[i] = (int64_t)(mixed >> 44);
        values[i] = (double)(mixed >> 11) / 2.385;
    }
    const struct column columns[JOB_COLUMNS] = {
        {.type = COLUMN_CATEGORY, .rows = JOB_ROWS, .codes = codes},
        {.type = COLUMN_INTEGER, .rows = JOB_ROWS, .integers = eastings},
        {.type = COLUMN_REAL, .rows = JOB_ROWS, .reals = values}};
    for (size_t c = 0; c < JOB_COLUMNS; c++) {
        buf_init(&j->bytes[c][k], (size_t)1 << 24);
        CHECK_OK(chunk_encode(&columns[c], &j->bytes[c][k], &j->summaries[c][k], &err));
    }
}

/* ---- the work ---- */

static inline rv_status job_spool(const struct job *j, struct extract_draft *d,
                                  struct rv_err *reterr)
{
    for (uint32_t k = 0; k < JOB_CHUNKS; k++) {
        for (size_t c = 0; c < JOB_COLUMNS; c++) {
            RV_TRY(draft_append(d, c, k, &j->summaries[c][k], buf_view(&j->bytes[c][k]), reterr));
        }
    }
    return rv_ok();
}

static inline rv_status job_write(const struct job *j, struct store *s, struct extract_draft *d,
                                  const char *sha256, int64_t masked, struct rv_err *reterr)
{
    static const int32_t months[] = {24258, 24259};
    const struct extract_meta meta = {.kind = "offences",
                                      .source = "street",
                                      .profile = "p",
                                      .file_name = "f.csv",
                                      .sha256 = sha256,
                                      .imported_at = "2026-11-22T13:00:00Z",
                                      .refresh = "period",
                                      .months = months,
                                      .month_count = 2,
                                      .report_json = "{}"};
    const struct dictionary *const dictionaries[JOB_COLUMNS] = {&j->groups, NULL, NULL};
    int64_t id = 0;
    RV_TRY(draft_commit(d, s, &meta, dictionaries, &id, reterr));
    if (masked) {
        static uint64_t bits[(JOB_ROWS + 63) / 64];
        for (size_t w = 0; w < sizeof bits / sizeof *bits; w++) {
            bits[w] = job_mix(w);
        }
        for (uint32_t k = 0; k < JOB_CHUNKS; k++) {
            RV_TRY(extract_mask_rows(s, masked, k, bits, JOB_ROWS, id, "superseded", reterr));
        }
    }
    return rv_ok();
}

/* One import: an extract of nine chunks, masks on extract `masked` (0 = none), in a transaction. */
static inline rv_status job_import(const struct job *j, const char *sha256, int64_t masked,
                                   struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(store_open(j->file, STORE_WRITE, &s, reterr));
    RV_CLEANUP(draft_closep) struct extract_draft *d = NULL;
    RV_TRY(draft_open(s, job_columns, JOB_COLUMNS, &d, reterr));
    RV_TRY(job_spool(j, d, reterr));
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(job_write(j, s, d, sha256, masked, reterr));
    return store_commit(s, reterr);
}

#define JOB_FIRST  "1111111111111111111111111111111111111111111111111111111111111111"
#define JOB_SECOND "2222222222222222222222222222222222222222222222222222222222222222"

/* Everything the store writes: a copy, a new file, an import that masks rows of an earlier one. */
static inline rv_status job_run(const struct job *j, struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(store_open(j->file, STORE_READ, &s, reterr));
    RV_TRY(store_backup(s, j->copy, reterr));
    store_closep(&s);
    RV_TRY(store_create(j->fresh, reterr));
    return job_import(j, JOB_SECOND, 1, reterr);
}

/* ---- reading ---- */

static inline rv_status job_count_row(void *context, int columns, const char *const *names,
                                      const struct query_cell *row, struct rv_err *reterr)
{
    (void)columns;
    (void)names;
    (void)reterr;
    if (row) {
        *(int64_t *)context += row[0].integer;
    }
    return rv_ok();
}

static inline rv_status job_scan(struct store *s, struct arena *a, int64_t *ret_sum,
                                 struct rv_err *reterr)
{
    struct extract_info *infos = NULL;
    size_t count = 0;
    struct extract_scan *scan = NULL;
    RV_TRY(extract_list(s, a, "offences", &infos, &count, reterr));
    static const char *const names[] = {"easting", "offence_group", "nowhere"};
    RV_TRY(extract_scan_open(s, a, infos[0].id, names, 3, 0, &scan, reterr));
    for (uint32_t k = 0; k < extract_scan_chunks(scan); k++) {
        struct column columns[3];
        const uint64_t *current = NULL;
        RV_TRY(extract_scan_read(scan, k, a, columns, &current, reterr));
        for (uint32_t i = 0; i < columns[0].rows; i++) {
            *ret_sum += columns[0].integers[i] + columns[1].codes[i] + columns[2].codes[i];
        }
    }
    return rv_ok();
}

/* Everything the store reads; *ret_sum is one number made of all of it. */
static inline rv_status job_read(const struct job *j, int64_t *ret_sum, struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct verify_result r;
    int64_t sum = 0;
    RV_TRY(store_open(j->file, STORE_READ, &s, reterr));
    RV_TRY(job_scan(s, &a, &sum, reterr));
    RV_TRY(store_verify(s, &a, NULL, &r, reterr));
    if (r.fault_count) {
        print_error("%s: %s\n", r.faults[0].where, r.faults[0].what);
    }
    sum += r.rows + r.chunks + (int64_t)r.fault_count * 1000000007;
    RV_TRY(store_query(s,
                       "SELECT sum(easting) + count(DISTINCT offence_group) FROM offences WHERE "
                       "extract = 1",
                       NULL, job_count_row, &sum, reterr));
    *ret_sum = sum;
    return rv_ok();
}

/* ---- the question ---- */

static inline void job_hash_row(struct sha256 *h, sqlite3_stmt *st)
{
    struct rv_err err = {0};
    for (int i = 0; i < sqlite3_column_count(st); i++) {
        int type = sqlite3_column_type(st, i);
        const void *at = sqlite3_column_blob(st, i);
        int n = sqlite3_column_bytes(st, i);
        CHECK_OK(sha256_add(h, &type, sizeof type, &err));
        CHECK_OK(sha256_add(h, &n, sizeof n, &err));
        CHECK_OK(sha256_add(h, at ? at : "", (size_t)n, &err));
    }
}

/* SHA-256 of every value of every table, and of the tables themselves. */
static inline void job_digest(const char *path, char out[SHA256_HEX + 1])
{
    struct rv_err err = {0};
    struct store *s = NULL;
    struct sha256 h;
    CHECK_OK(store_open(path, STORE_READ, &s, &err));
    CHECK_OK(sha256_init(&h, &err));
    sqlite3_stmt *tables = NULL, *rows = NULL;
    assert_int_equal(sqlite3_prepare_v2(s->db,
                                        "SELECT name, sql FROM sqlite_schema WHERE type = "
                                        "'table' ORDER BY name",
                                        -1, &tables, NULL),
                     SQLITE_OK);
    while (sqlite3_step(tables) == SQLITE_ROW) {
        char sql[256];
        job_hash_row(&h, tables);
        (void)snprintf(sql, sizeof sql, "SELECT * FROM \"%s\" ORDER BY 1, 2",
                       (const char *)sqlite3_column_text(tables, 0));
        assert_int_equal(sqlite3_prepare_v2(s->db, sql, -1, &rows, NULL), SQLITE_OK);
        int code;
        while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
            job_hash_row(&h, rows);
        }
        assert_int_equal(code, SQLITE_DONE);
        sqlite3_finalize(rows);
    }
    sqlite3_finalize(tables);
    CHECK_OK(sha256_hex(&h, out, &err));
    store_close(s);
}

static inline void job_check_whole(const char *path, const char *when)
{
    struct rv_err err = {0};
    struct store *s = NULL;
    struct arena a;
    struct verify_result r;
    arena_init(&a, LIMIT_ARENA_BYTES);
    if (!rv_is_ok(store_open(path, STORE_READ, &s, &err))) {
        fail_msg("%s: %s cannot be opened: %s", when, path, err.message);
    }
    CHECK_OK(store_verify(s, &a, NULL, &r, &err));
    if (r.fault_count) {
        fail_msg("%s: %s: %s: %s", when, path, r.faults[0].where, r.faults[0].what);
    }
    store_close(s);
    arena_done(&a);
}

enum job_state { JOB_BEFORE, JOB_AFTER };

/* The file is as before or as after, the others are whole or absent; anything else fails. */
static inline enum job_state job_check(const struct job *j, const char *when)
{
    char now[SHA256_HEX + 1];
    job_check_whole(j->file, when);
    job_digest(j->file, now);
    bool is_before = strcmp(now, j->before) == 0;
    if (!is_before && strcmp(now, j->after) != 0) {
        fail_msg("%s: the file is neither as before nor as after", when);
    }
    if (access(j->fresh, F_OK) == 0) {
        job_check_whole(j->fresh, when);
    }
    if (access(j->copy, F_OK) == 0) {
        job_check_whole(j->copy, when);
        job_digest(j->copy, now);
        if (strcmp(now, j->before) != 0) {
            fail_msg("%s: the copy is not the file as it was", when);
        }
    }
    return is_before ? JOB_BEFORE : JOB_AFTER;
}

/* ---- its stage ---- */

/* The file as before the job, and nothing else in the folder. Not synced: these runs are many. */
static inline void job_restore(const struct job *j)
{
    DIR *d = opendir(j->dir);
    assert_non_null(d);
    for (const struct dirent *e; (e = readdir(d));) {
        (void)unlinkat(dirfd(d), e->d_name, 0); /* "." and ".." stay */
    }
    (void)closedir(d);
    FILE *out = fopen(j->file, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(j->base.bytes, 1, j->base.n, out), j->base.n);
    assert_int_equal(fclose(out), 0);
}

static inline void job_open(struct job *j)
{
    struct rv_err err = {0};
    *j = (struct job){0};
    (void)snprintf(j->dir, sizeof j->dir, "%s", test_dir());
    (void)snprintf(j->file, sizeof j->file, "%s/p.reeve", j->dir);
    (void)snprintf(j->fresh, sizeof j->fresh, "%s/fresh.reeve", j->dir);
    (void)snprintf(j->copy, sizeof j->copy, "%s/copy.reeve", j->dir);
    dictionary_init(&j->groups, LIMIT_DICTIONARY);
    for (uint32_t k = 0; k < JOB_CHUNKS; k++) {
        job_encode(j, k);
    }
    CHECK_OK(store_create(j->file, &err));
    CHECK_OK(job_import(j, JOB_FIRST, 0, &err));
    buf_init(&j->base, (size_t)64 << 20);
    CHECK_OK(file_read(j->file, &j->base, &err));
    job_digest(j->file, j->before);
    CHECK_OK(job_run(j, &err));
    job_digest(j->file, j->after);
    CHECK(strcmp(j->before, j->after) != 0);
    CHECK_INT(job_check(j, "without a fault"), JOB_AFTER);
}

static inline void job_close(struct job *j)
{
    char command[160];
    (void)snprintf(command, sizeof command, "rm -rf %s", j->dir);
    assert_int_equal(system(command), 0);
    for (uint32_t k = 0; k < JOB_CHUNKS; k++) {
        for (size_t c = 0; c < JOB_COLUMNS; c++) {
            buf_done(&j->bytes[c][k]);
        }
    }
    dictionary_done(&j->groups);
    buf_done(&j->base);
}

#endif
