/* tests/read/test_csv_real.c — every CSV file of the shared data: rows, columns, faults.
 *
 * Row counts are those of the data's own README, where it states them, otherwise those that
 * another reader (Python's csv module) counted.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/memory.h"
#include "check.h"
#include "read/csv.h"

#include <ftw.h>

struct shape {
    int64_t records;
    uint32_t columns;      /* of the first record */
    int64_t faulty, other; /* other: fine, but with another number of cells */
};

static void count_block(const struct csv_records *all, struct shape *ret)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct csv_record *r = &all->records[i];
        ret->columns = ret->records++ == 0 ? r->cells : ret->columns;
        ret->faulty += r->fault != CSV_FINE;
        ret->other += r->fault == CSV_FINE && r->cells != ret->columns;
    }
}

static struct shape measure(const char *path, const struct csv_dialect *dialect)
{
    struct rv_err err = {0};
    struct shape shape = {0};
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    RV_CLEANUP(csv_splitter_closep) struct csv_splitter *splitter = NULL;
    CHECK_OK(source_open(path, &source, &err));
    CHECK_OK(csv_splitter_open(source, dialect, &splitter, &err));
    for (;;) {
        struct csv_block block;
        struct csv_records all;
        struct arena a;
        arena_init(&a, LIMIT_ARENA_BYTES);
        CHECK_OK(csv_splitter_next(splitter, &block, &err));
        if (block.n == 0) {
            char sha[SHA256_HEX + 1];
            CHECK_OK(source_sha256(source, sha, &err));
            CHECK_INT(source_file_done(source), source_file_bytes(source));
            return shape;
        }
        CHECK_OK(csv_parse(&a, &block, dialect, &all, &err));
        count_block(&all, &shape);
        arena_done(&a);
        memory_free(block.bytes);
    }
}

struct real {
    const char *path;
    struct csv_dialect dialect;
    struct shape want;
};
#define LF                                                                                         \
    {                                                                                              \
        ',', CSV_LF                                                                                \
    }

static const struct real reals[] = {
    {"data/police-street-london-2016-2018/havering-street_2016-01_2018-06.csv",
     LF,
     {53832 + 1, 12, 0, 0}},
    {"data/police-street-london-2016-2018/"
     "london-25-boroughs-violence-robbery-weapons_2016-07_2018-06.csv.gz",
     LF,
     {371040 + 1, 12, 0, 0}},
    {"data/police-btp-2020-01/2020-01-btp-street.csv", LF, {5694 + 1, 12, 0, 0}},
    {"data/police-london-robbery-weapons-points-2018-2021/robbery_2018-02_2021-01.csv",
     LF,
     {97970 + 1, 4, 0, 0}},
    {"data/police-met-stop-and-search/2021-06-metropolitan-stop-and-search.csv.gz",
     LF,
     {16685 + 1, 15, 0, 0}},
    {"data/mps-ward-level-crime/mps-ward-level-crime_202009-202208.csv", LF, {22168 + 1, 29, 0, 0}},
    {"data/mps-ward-level-crime/mps-ward-level-crime_202304-202503.csv", LF, {17901 + 1, 29, 0, 0}},
    {"data/mps-borough-level-crime/mps-borough-level-crime_201004-202107.csv",
     LF,
     {1725 + 1, 139, 0, 0}},
    {"data/mps-borough-level-crime/mps-borough-level-crime_202108-202307.csv",
     LF,
     {1575 + 1, 27, 0, 0}},
    {"data/mps-borough-level-crime/"
     "mps-borough-level-crime_201004-202311_reorganised-categories.csv",
     LF,
     {1084 + 1, 167, 0, 0}},
    {"data/mps-homicide-victims/LDS_Homicide_Victims_2003-2021.csv", LF, {2686 + 1, 10, 0, 0}},
    {"data/mps-lsoa-annual-2011-2021/london-2011-2021-major-violence.csv",
     LF,
     {4829 + 1, 17, 0, 0}},
    {"data/mps-recorded-crime-borough-long/mps-recordedcrime-borough.csv",
     LF,
     {23771 + 1, 7, 0, 0}},
    {"data/nypd-shootings/NYPD_Shooting_Incident_Data_Historic.csv", LF, {23585 + 1, 19, 0, 0}},
    {"data/census-2021-london/census2021-ts007a-lsoa-london.csv", LF, {4994 + 1, 22, 0, 0}},
    {"data/census-2021-london/census2021-ts011-lsoa-london.csv", LF, {4994 + 1, 9, 0, 0}},
    {"data/dfe-lait/lait_london_england_havering-neighbours.csv", LF, {173466 + 1, 7, 0, 0}},
    {"data/crimemappingdata-samples/medellin_homicides.csv", {';', CSV_LF}, {9360 + 1, 6, 0, 0}},
    {"data/lookups/lookup_lsoa11_lsoa21_ltla22_london.csv", LF, {5016 + 1, 7, 0, 0}},
    {"data/population-ward-gla/london_ward_pop.csv", LF, {24960 + 1, 9, 0, 0}},
    {"data/las-assault-ward-2009-2011/ambulance_assault.csv", {',', CSV_CR}, {649 + 1, 4, 0, 0}},
    {"data/las-assault-ward-2009-2011/ambulance_assault.lf.csv", LF, {649 + 1, 4, 0, 0}},
    /* Its header has a byte of windows-1252. */
    {"data/population-ward-gla/ward-profiles-excel-version.csv", LF, {660 + 1, 0, 1, 660}},
};

static void files_with_known_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
        const struct shape *want = &reals[i].want;
        struct shape got = measure(shared_or_skip(reals[i].path), &reals[i].dialect);
        if (got.records != want->records || got.columns != want->columns ||
            got.faulty != want->faulty || got.other != want->other) {
            fail_msg("%s: %lld records, %u columns, %lld faulty, %lld of another length",
                     reals[i].path, (long long)got.records, got.columns, (long long)got.faulty,
                     (long long)got.other);
        }
    }
}

/* The bare CR of the old Macintosh file, read as LF, is one record: no cell is lost or invented. */
static void a_file_in_the_wrong_line_end(void **state)
{
    (void)state;
    const struct csv_dialect lf = LF;
    struct shape got =
        measure(shared_or_skip("data/las-assault-ward-2009-2011/ambulance_assault.csv"), &lf);
    CHECK_INT(got.records, 1);
    CHECK_INT(got.faulty, 1);
}

static int files_seen;

static int check_any_file(const char *path, const struct stat *info, int type, struct FTW *where)
{
    (void)info;
    (void)where;
    struct text name = text_of(path);
    if (type != FTW_F || !(text_ends(name, ".csv") || text_ends(name, ".csv.gz")) ||
        strstr(path, "ward-profiles") || strstr(path, "ambulance_assault.csv")) {
        return 0;
    }
    struct csv_dialect dialect = {strstr(path, "medellin") ? ';' : ',', CSV_LF};
    struct shape got = measure(path, &dialect);
    if (got.records < 2 || got.columns < 2 || got.faulty || got.other) {
        fail_msg("%s: %lld records, %u columns, %lld faulty, %lld of another length", path,
                 (long long)got.records, got.columns, (long long)got.faulty, (long long)got.other);
    }
    files_seen++;
    return 0;
}

static void every_file_is_read_without_fault(void **state)
{
    (void)state;
    CHECK_INT(nftw(shared_or_skip("data"), check_any_file, 8, FTW_PHYS), 0);
    CHECK(files_seen > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_with_known_rows),
        cmocka_unit_test(a_file_in_the_wrong_line_end),
        cmocka_unit_test(every_file_is_read_without_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
