/* tests/ingest/fixture.h — a fresh partnership file, small files of text, and one-line imports.
 *
 * Include after check.h. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_INGEST_FIXTURE_H
#define REEVE_TESTS_INGEST_FIXTURE_H

#include "base/civil.h"
#include "base/limits.h"
#include "ingest/ingest.h"
#include "store/extract.h"

struct desk {
    char dir[64], file[96], path[160];
    struct store *s;
    struct arena a;
    struct pool *pool;
    struct ingest_options options;
    struct ingest_report report; /* of the last import that loaded */
    struct rv_err err;           /* of the last that did not */
};

static inline void desk_open_with(struct desk *d, size_t threads)
{
    struct rv_err err = {0};
    *d = (struct desk){.options = {.now_utc = "2026-11-22T13:00:00Z"}};
    (void)snprintf(d->dir, sizeof d->dir, "%s", test_dir());
    (void)snprintf(d->file, sizeof d->file, "%s/p.reeve", d->dir);
    arena_init(&d->a, LIMIT_ARENA_BYTES);
    CHECK_OK(pool_open(threads, &d->pool, &err));
    CHECK_OK(store_create(d->file, &err));
    CHECK_OK(store_open(d->file, STORE_WRITE, &d->s, &err));
}

static inline void desk_open(struct desk *d)
{
    desk_open_with(d, 2);
}

static inline void desk_close(struct desk *d)
{
    char command[128];
    store_close(d->s);
    pool_close(d->pool);
    arena_done(&d->a);
    (void)snprintf(command, sizeof command, "rm -rf %s", d->dir);
    assert_int_equal(system(command), 0);
}

static inline const char *desk_write_bytes(struct desk *d, const char *name, const void *bytes,
                                           size_t n)
{
    (void)snprintf(d->path, sizeof d->path, "%s/%s", d->dir, name);
    FILE *out = fopen(d->path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, n, out), n);
    assert_int_equal(fclose(out), 0);
    return d->path;
}

static inline const char *desk_write(struct desk *d, const char *name, const char *text)
{
    return desk_write_bytes(d, name, text, strlen(text));
}

static inline rv_status desk_try(struct desk *d, const char *path)
{
    d->err = (struct rv_err){0};
    return ingest_import(d->s, &d->a, d->pool, NULL, path, &d->options, &d->report, &d->err);
}

/* The file loads. */
static inline const struct ingest_report *desk_import(struct desk *d, const char *path)
{
    rv_status status = desk_try(d, path);
    if (!rv_is_ok(status)) {
        fail_msg("%s: %s", path, d->err.message);
    }
    CHECK_INT(d->report.read, d->report.accepted + d->report.quarantined + d->report.excluded +
                                  d->report.duplicates);
    return &d->report;
}

static inline const struct ingest_report *desk_text(struct desk *d, const char *name,
                                                    const char *text)
{
    return desk_import(d, desk_write(d, name, text));
}

static inline size_t desk_extracts(struct desk *d)
{
    struct rv_err err = {0};
    struct extract_info *list;
    size_t count;
    CHECK_OK(extract_list(d->s, &d->a, NULL, &list, &count, &err));
    return count;
}

/* The file is refused with this code, its message holds `part`, and nothing was loaded. */
static inline void desk_refuses(struct desk *d, const char *path, enum rv_code code,
                                const char *part)
{
    size_t before = desk_extracts(d);
    rv_status status = desk_try(d, path);
    if (status.code != code || !strstr(d->err.message, part)) {
        fail_msg("%s: %s (%s), expected %s with \"%s\"", path, rv_code_name(status.code),
                 d->err.message, rv_code_name(code), part);
    }
    CHECK_INT(desk_extracts(d), before);
}

static inline int64_t desk_reason(const struct ingest_report *r, const char *code)
{
    for (size_t i = 0; i < r->reason_count; i++) {
        if (strcmp(r->reasons[i].name, code) == 0) {
            return r->reasons[i].rows;
        }
    }
    return 0;
}

/* A table of the current rows of one extract: columns as text, "" = missing. */
static inline void desk_cell(const struct extract_scan *scan, const struct column *c, size_t k,
                             uint32_t row, char out[96])
{
    out[0] = '\0';
    if (!column_has(c, row)) {
        return;
    }
    switch (c->type) {
    case COLUMN_CATEGORY: {
        struct text t = dictionary_text(extract_scan_dictionary(scan, k), c->codes[row]);
        (void)snprintf(out, 96, "%.*s", (int)t.n, t.at);
        break;
    }
    case COLUMN_TEXT: {
        struct text t = column_text_at(c, row);
        (void)snprintf(out, 96, "%.*s", (int)t.n, t.at);
        break;
    }
    case COLUMN_TIME:
        (void)civil_write(c->integers[row], out);
        break;
    case COLUMN_REAL:
        (void)snprintf(out, 96, "%.12g", c->reals[row]);
        break;
    case COLUMN_INTEGER:
    case COLUMN_THOUSANDTHS:
        (void)snprintf(out, 96, "%lld", (long long)c->integers[row]);
        break;
    }
}

/* Current rows of an extract (0 = the last import), one a line, cells separated by '|', into out.
 * Names end with NULL. */
static inline struct text desk_rows(struct desk *d, int64_t extract, struct buf *out,
                                    const char *const *names)
{
    struct rv_err err = {0};
    struct extract_scan *scan;
    size_t count = 0;
    while (names[count]) {
        count++;
    }
    CHECK(count <= 16);
    buf_clear(out);
    CHECK_OK(extract_scan_open(d->s, &d->a, extract ? extract : d->report.extract, names, count, 0,
                               &scan, &err));
    for (uint32_t k = 0; k < extract_scan_chunks(scan); k++) {
        struct column columns[16];
        const uint64_t *current;
        CHECK_OK(extract_scan_read(scan, k, &d->a, columns, &current, &err));
        for (uint32_t row = 0; row < extract_scan_rows(scan, k); row++) {
            if (current && !((current[row / 64] >> (row % 64)) & 1)) {
                continue;
            }
            for (size_t c = 0; c < count; c++) {
                char cell[96];
                desk_cell(scan, &columns[c], c, row, cell);
                buf_printf(out, "%s%s", c ? "|" : "", cell);
            }
            buf_char(out, '\n');
        }
    }
    CHECK_OK(buf_status(out, &err));
    buf_char(out, '\0');
    return (struct text){out->bytes, out->n - 1};
}

/* The current rows are exactly `want`. */
static inline void desk_check_rows(struct desk *d, int64_t extract, const char *const *names,
                                   const char *want)
{
    struct buf out;
    buf_init(&out, (size_t)64 << 20);
    struct text got = desk_rows(d, extract, &out, names);
    assert_string_equal(got.at, want);
    buf_done(&out);
}

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Runs `body` with a desk that is closed after it. */
#define WITH_DESK(d)                                                                               \
    for (struct desk d, *desk_once_ = (desk_open(&d), &d); desk_once_;                             \
         desk_close(&d), desk_once_ = NULL)

#define STREET                                                                                     \
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"     \
    "Crime type,Last outcome category,Context\n"

#endif
