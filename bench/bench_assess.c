/* bench/bench_assess.c — the assessment of one borough against London from a stored file.
 *
 * The file is made in memory chunk by chunk: 2,000,000 offences (or the number given) of two
 * years in 33 boroughs, 660 wards and 4,950 LSOAs, 14 crime types, 30,000 places. Prints the
 * seconds of the first run on a newly opened file and of the second, on 1 and 2 threads, and the
 * peak memory.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/assess.h"
#include "base/civil.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "clock.h"
#include "column/chunk.h"
#include "place/areas.h"
#include "place/placing.h"
#include "store/extract.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { BOROUGHS = 33, WARDS = 20, LSOAS = 150, TYPES = 14, PLACES = 30000, MONTHS = 24 };
#define SIDE_M 6000

/* ---- areas: each borough a square of columns * rows smaller ones ---- */

static void put_square(struct buf *b, bool is_first, const char *code, const char *name, double e,
                       double n, double w, double h)
{
    buf_printf(b,
               "%s{\"type\":\"Feature\",\"properties\":{\"code\":\"%s\",\"name\":\"%s\"},"
               "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%.3f,%.3f],[%.3f,%.3f],"
               "[%.3f,%.3f],[%.3f,%.3f],[%.3f,%.3f]]]}}",
               is_first ? "" : ",", code, name, e, n, e + w, n, e + w, n + h, e, n + h, e, n);
}

static rv_status put_layer(struct store *s, struct arena *a, struct pool *pool, const char *dir,
                           const char *type, int columns, int rows, struct rv_err *reterr)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, LIMIT_BOUNDARY_BYTES);
    buf_text(&b, "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{"
                 "\"name\":\"urn:ogc:def:crs:EPSG::27700\"}},\"features\":[");
    int parts = columns * rows;
    for (int i = 0; i < BOROUGHS * parts; i++) {
        char code[32], name[32];
        int borough = i / parts, part = i % parts;
        double w = (double)SIDE_M / columns, h = (double)SIDE_M / rows;
        double e = 500000 + borough % 6 * SIDE_M + part % columns * w;
        double n = 150000 + borough / 6 * SIDE_M + part / columns * h;
        if (parts == 1) {
            (void)snprintf(code, sizeof code, "E0900%04d", borough + 1);
        } else {
            (void)snprintf(code, sizeof code, "E%02d%02d%04d", parts > 20 ? 1 : 5, borough, part);
        }
        (void)snprintf(name, sizeof name, "%s %d", type, i + 1);
        put_square(&b, i == 0, code, name, e, n, w, h);
    }
    buf_text(&b, "]}");
    const char *path = arena_printf(a, "%s/%s.geojson", dir, type);
    RV_TRY(file_write(path, buf_view(&b), reterr));
    struct areas_options options = {type, "2018", "code", "name", {NULL, NULL, NULL}, NULL};
    struct areas_report report;
    rv_status status =
        areas_import(s, a, pool, NULL, path, &options, "2026-01-01T00:00:00Z", &report, reterr);
    (void)unlink(path);
    return status;
}

/* ---- offences ---- */

static uint32_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

enum { C_TIME, C_CATEGORY, C_EASTING, C_NORTHING, C_VENUE, C_COUNT };

static const struct extract_column COLUMNS[C_COUNT] = {{"recorded_at", COLUMN_TIME},
                                                       {"category", COLUMN_CATEGORY},
                                                       {"easting", COLUMN_THOUSANDTHS},
                                                       {"northing", COLUMN_THOUSANDTHS},
                                                       {"venue_name", COLUMN_CATEGORY}};

struct rows {
    int64_t integers[C_COUNT][LIMIT_CHUNK_ROWS];
    uint32_t codes[C_COUNT][LIMIT_CHUNK_ROWS];
};

static rv_status put_chunk(struct extract_draft *d, struct rows *r, uint32_t sequence, uint32_t n,
                           uint64_t *seed, struct rv_err *reterr)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = next(seed), borough = at % BOROUGHS, place = next(seed) % PLACES;
        int32_t day = civil_days(2021, 1, 1) + (int32_t)(next(seed) % 730);
        r->integers[C_TIME][i] = civil_pack((int64_t)day * 86400, CIVIL_DATE);
        r->codes[C_CATEGORY][i] = 1 + next(seed) % TYPES;
        r->codes[C_VENUE][i] = 1 + place;
        r->integers[C_EASTING][i] =
            500000000 + (int64_t)(borough % 6) * SIDE_M * 1000 + next(seed) % (SIDE_M * 1000);
        r->integers[C_NORTHING][i] =
            150000000 + (int64_t)(borough / 6) * SIDE_M * 1000 + next(seed) % (SIDE_M * 1000);
    }
    for (size_t k = 0; k < C_COUNT; k++) {
        struct column c = {.type = COLUMNS[k].type, .rows = n};
        c.codes = c.type == COLUMN_CATEGORY ? r->codes[k] : NULL;
        c.integers = c.type == COLUMN_CATEGORY ? NULL : r->integers[k];
        struct chunk_summary summary;
        struct buf out RV_CLEANUP(buf_done);
        buf_init(&out, 16u << 20);
        RV_TRY(chunk_encode(&c, &out, &summary, reterr));
        RV_TRY(draft_append(d, k, sequence, &summary, buf_view(&out), reterr));
    }
    return rv_ok();
}

static rv_status fill_dictionary(struct dictionary *d, const char *word, int n,
                                 struct rv_err *reterr)
{
    dictionary_init(d, LIMIT_DICTIONARY);
    for (int i = 0; i < n; i++) {
        char text[64];
        uint32_t code;
        (void)snprintf(text, sizeof text, "%s %d", i < 4 ? word : "Other", i);
        RV_TRY(dictionary_code(d, text_of(text), &code, reterr));
    }
    return rv_ok();
}

static rv_status put_offences(struct store *s, int64_t rows, struct rv_err *reterr)
{
    struct extract_draft *d RV_CLEANUP(draft_closep) = NULL;
    struct dictionary types RV_CLEANUP(dictionary_done), places RV_CLEANUP(dictionary_done);
    RV_TRY(fill_dictionary(&types, "Violence", TYPES, reterr));
    RV_TRY(fill_dictionary(&places, "High Street", PLACES, reterr));
    const struct dictionary *dictionaries[C_COUNT] = {NULL, &types, NULL, NULL, &places};
    struct rows *r = memory_new(1, sizeof *r);
    uint64_t seed = 1;
    uint32_t sequence = 0;
    rv_status status = r ? draft_open(s, COLUMNS, C_COUNT, &d, reterr)
                         : rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    for (int64_t left = rows; left > 0 && rv_is_ok(status); left -= LIMIT_CHUNK_ROWS) {
        uint32_t n = left < LIMIT_CHUNK_ROWS ? (uint32_t)left : LIMIT_CHUNK_ROWS;
        status = put_chunk(d, r, sequence++, n, &seed, reterr);
    }
    memory_free(r);
    RV_TRY(status);
    int32_t months[MONTHS];
    for (int i = 0; i < MONTHS; i++) {
        months[i] = 2021 * 12 + i;
    }
    struct extract_meta meta = {
        .kind = "offences",
        .source = "bench",
        .profile = "bench",
        .profile_version = 1,
        .file_name = "bench.csv",
        .sha256 = "0000000000000000000000000000000000000000000000000000000000000001",
        .imported_at = "2026-01-01T00:00:00Z",
        .refresh = "incremental",
        .rows_read = rows,
        .accepted = rows,
        .months = months,
        .month_count = MONTHS,
        .report_json = "{}"};
    int64_t id;
    RV_TRY(store_begin(s, reterr));
    RV_TRY(draft_commit(d, s, &meta, dictionaries, &id, reterr));
    return store_commit(s, reterr);
}

static rv_status put_residents(struct store *s, struct rv_err *reterr)
{
    static const struct extract_column columns[3] = {
        {"area_code", COLUMN_CATEGORY}, {"year", COLUMN_INTEGER}, {"persons", COLUMN_INTEGER}};
    struct extract_draft *d RV_CLEANUP(draft_closep) = NULL;
    struct dictionary codes RV_CLEANUP(dictionary_done);
    uint32_t area[BOROUGHS];
    int64_t year[BOROUGHS], persons[BOROUGHS];
    dictionary_init(&codes, LIMIT_DICTIONARY);
    for (int i = 0; i < BOROUGHS; i++) {
        char code[32];
        (void)snprintf(code, sizeof code, "E0900%04d", i + 1);
        RV_TRY(dictionary_code(&codes, text_of(code), &area[i], reterr));
        year[i] = 2021;
        persons[i] = 250000 + i * 1000;
    }
    struct column data[3] = {{.type = COLUMN_CATEGORY, .rows = BOROUGHS, .codes = area},
                             {.type = COLUMN_INTEGER, .rows = BOROUGHS, .integers = year},
                             {.type = COLUMN_INTEGER, .rows = BOROUGHS, .integers = persons}};
    RV_TRY(draft_open(s, columns, 3, &d, reterr));
    for (size_t k = 0; k < 3; k++) {
        struct chunk_summary summary;
        struct buf out RV_CLEANUP(buf_done);
        buf_init(&out, 1 << 20);
        RV_TRY(chunk_encode(&data[k], &out, &summary, reterr));
        RV_TRY(draft_append(d, k, 0, &summary, buf_view(&out), reterr));
    }
    struct extract_meta meta = {
        .kind = "population",
        .source = "residents",
        .profile = "residents",
        .profile_version = 1,
        .file_name = "residents.csv",
        .sha256 = "0000000000000000000000000000000000000000000000000000000000000002",
        .imported_at = "2026-01-01T00:00:00Z",
        .refresh = "full",
        .rows_read = BOROUGHS,
        .accepted = BOROUGHS,
        .report_json = "{}"};
    const struct dictionary *dictionaries[3] = {&codes, NULL, NULL};
    int64_t id;
    RV_TRY(store_begin(s, reterr));
    RV_TRY(draft_commit(d, s, &meta, dictionaries, &id, reterr));
    return store_commit(s, reterr);
}

static rv_status make_file(const char *path, const char *dir, int64_t rows, struct rv_err *reterr)
{
    struct arena a RV_CLEANUP(arena_done);
    struct pool *pool RV_CLEANUP(pool_closep) = NULL;
    struct store *s RV_CLEANUP(store_closep) = NULL;
    arena_init(&a, LIMIT_ARENA_BYTES);
    RV_TRY(pool_open(2, &pool, reterr));
    RV_TRY(store_create(path, reterr));
    RV_TRY(store_open(path, STORE_WRITE, &s, reterr));
    RV_TRY(put_layer(s, &a, pool, dir, "borough", 1, 1, reterr));
    RV_TRY(put_layer(s, &a, pool, dir, "ward", 5, 4, reterr));
    RV_TRY(put_layer(s, &a, pool, dir, "lsoa", 15, 10, reterr));
    RV_TRY(put_offences(s, rows, reterr));
    RV_TRY(put_residents(s, reterr));
    RV_TRY(store_begin(s, reterr));
    RV_TRY(place_extracts(s, &a, pool, NULL, 0, reterr));
    return store_commit(s, reterr);
}

static rv_status run(const char *path, size_t threads, int64_t rows, struct rv_err *reterr)
{
    struct pool *pool RV_CLEANUP(pool_closep) = NULL;
    struct store *s RV_CLEANUP(store_closep) = NULL;
    RV_TRY(pool_open(threads, &pool, reterr));
    double begin = now_s();
    RV_TRY(store_open(path, STORE_READ, &s, reterr));
    for (int round = 0; round < 2; round++) {
        struct arena a RV_CLEANUP(arena_done);
        arena_init(&a, LIMIT_ARENA_BYTES);
        struct assess_options options = {.area = "E09000016",
                                         .period = {2022 * 12, 2022 * 12 + 11},
                                         .compare = {2021 * 12, 2021 * 12 + 11}};
        struct assessment x;
        RV_TRY(assess_run(s, &a, pool, NULL, &options, &x, reterr));
        struct rusage use;
        (void)getrusage(RUSAGE_SELF, &use);
        printf("assess: %" PRId64 " offences, %zu thread%s, %-12s %8.3f s  peak %ld MB  %zu "
               "findings  goal %s\n",
               rows, threads, threads > 1 ? "s" : "", round ? "again" : "newly opened",
               now_s() - begin, use.ru_maxrss / 1024, x.finding_count, round ? "0.5 s" : "1 s");
        begin = now_s();
    }
    return rv_ok();
}

int main(int argc, char **argv)
{
    struct rv_err err = {.message = ""};
    char dir[] = "/tmp/reeve-bench-XXXXXX", path[64];
    int64_t rows = argc > 1 ? strtoll(argv[1], NULL, 10) : 2000000;
    if (!mkdtemp(dir)) {
        return 1;
    }
    (void)snprintf(path, sizeof path, "%s/bench.reeve", dir);
    double begin = now_s();
    rv_status status = make_file(path, dir, rows, &err);
    printf("assess: made and placed %" PRId64 " offences in %.1f s\n", rows, now_s() - begin);
    for (size_t threads = 1; threads <= 2 && rv_is_ok(status); threads++) {
        status = run(path, threads, rows, &err);
    }
    if (!rv_is_ok(status)) {
        (void)fprintf(stderr, "bench_assess: %s\n", err.message);
    }
    (void)unlink(path);
    char lock[80];
    (void)snprintf(lock, sizeof lock, "%s-lock", path);
    (void)unlink(lock);
    (void)rmdir(dir);
    return rv_code_exit(status.code);
}
