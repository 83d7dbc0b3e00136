/* tests/ingest/test_real.c — the real London files, every row accounted for; and each of them
 * spoilt: wrong profile, truncated, a row too long, a NUL, bad bytes, UTF-16, twice.
 *
 * Expected counts were made from the files by tests/ingest/count.py (Python's csv module).
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "fixture.h"

#define STREET_FILE "data/police-street-london-2016-2018/havering-street_2016-01_2018-06.csv"
#define LONDON_FILE                                                                                \
    "data/police-street-london-2016-2018/"                                                         \
    "london-25-boroughs-violence-robbery-weapons_2016-07_2018-06.csv.gz"
#define BOROUGH_FILE "data/mps-borough-level-crime/mps-borough-level-crime_"
#define WARD_FILE    "data/mps-ward-level-crime/mps-ward-level-crime_"
#define CENSUS_FILE  "data/census-2021-london/census2021-ts007a-"

/* ---- whole files ---- */

static void havering_street_accounts_for_every_row(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    const char *path = shared_or_skip(STREET_FILE);
    WITH_DESK(d)
    {
        const struct ingest_report *r = desk_import(&d, path);
        CHECK_INT(r->read, 53832);
        CHECK_INT(r->accepted, 53014);
        CHECK_INT(r->duplicates, 818);
        CHECK_INT(r->repeated_keys, 1453);
        CHECK_INT(r->quarantined + r->excluded, 0);
        CHECK_INT(r->not_recorded_count, 0);
        CHECK_INT(r->personal_count, 0);
        CHECK_INT(r->first_month, civil_month_index(2016, 1));
        CHECK_INT(r->last_month, civil_month_index(2018, 6));
        CHECK_INT(r->gap_count, 1); /* March 2016 was never fetched: not covered, not zero */
        CHECK_INT(r->gap_months[0], civil_month_index(2016, 3));
        CHECK_INT(r->dropped_count, 3);
        CHECK(!r->needs_attention);
        desk_refuses(&d, path, RV_REFUSED, "already held");
    }
}

static void london_violence_accounts_for_every_row(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    const char *path = shared_or_skip(LONDON_FILE);
    WITH_DESK(d)
    {
        const struct ingest_report *r = desk_import(&d, path);
        CHECK_INT(r->read, 371040);
        CHECK_INT(r->accepted, 359250);
        CHECK_INT(r->duplicates, 11790);
        CHECK_INT(r->repeated_keys, 17313);
        CHECK_INT(r->gap_count, 0);
    }
}

static void official_street_files_load_whole(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    static const struct {
        const char *path;
        int64_t read, made;
    } FILES[] = {
        {"data/police-city-of-london-2021/2021-06-city-of-london-street.csv", 570, 99},
        {"data/police-btp-2020-01/2020-01-btp-street.csv", 5694, 5694},
    };
    for (size_t i = 0; i < 2; i++) {
        const char *path = shared_or_skip(FILES[i].path);
        WITH_DESK(d)
        {
            desk_import(&d, path);
            CHECK_INT(d.report.read, FILES[i].read);
            CHECK_INT(d.report.accepted, FILES[i].read);
            CHECK_INT(d.report.note_count, 1);
        }
    }
}

/* Sum of `count` over the current rows of an extract in one area and category, January to
 * December of a year. */
static int64_t year_count(struct desk *d, int64_t extract, const char *area, const char *category,
                          int year)
{
    struct rv_err err = {0};
    static const char *const names[] = {"area_code", "category", "period_from", "count"};
    struct extract_scan *scan;
    int64_t sum = 0;
    CHECK_OK(extract_scan_open(d->s, &d->a, extract, names, 4, 0, &scan, &err));
    uint32_t want_area = dictionary_find(extract_scan_dictionary(scan, 0), text_of(area));
    uint32_t want_category = dictionary_find(extract_scan_dictionary(scan, 1), text_of(category));
    CHECK(want_area && want_category);
    for (uint32_t k = 0; k < extract_scan_chunks(scan); k++) {
        struct column c[4];
        const uint64_t *current;
        CHECK_OK(extract_scan_read(scan, k, &d->a, c, &current, &err));
        for (uint32_t row = 0; row < extract_scan_rows(scan, k); row++) {
            bool is_current = !current || ((current[row / 64] >> (row % 64)) & 1);
            if (is_current && c[0].codes[row] == want_area && c[1].codes[row] == want_category &&
                civil_month_of(c[2].integers[row]) / 12 == year) {
                sum += c[3].integers[row];
            }
        }
    }
    return sum;
}

static void the_borough_pair_gives_the_published_counts(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    char first_path[1024];
    (void)snprintf(first_path, sizeof first_path, "%s",
                   shared_or_skip(BOROUGH_FILE "201004-202107.csv"));
    const char *second_path = shared_or_skip(BOROUGH_FILE "202108-202307.csv");
    WITH_DESK(d)
    {
        int64_t first = desk_import(&d, first_path)->extract;
        CHECK_INT(d.report.read, 1725);
        CHECK_INT(d.report.excluded, 47);
        CHECK_INT(d.report.rows, 1678 * 136);
        int64_t second = desk_import(&d, second_path)->extract;
        CHECK_INT(d.report.read, 1575);
        CHECK_INT(d.report.excluded, 37);
        CHECK_INT(d.report.rows, 1538 * 24);
        CHECK_INT(d.report.superseded + d.report.withdrawn, 0);
        const char *violence = "Violence Against the Person", *weapons = "Possession of Weapons";
        CHECK_INT(year_count(&d, first, "E09000016", violence, 2021) +
                      year_count(&d, second, "E09000016", violence, 2021),
                  5567);
        CHECK_INT(year_count(&d, second, "E09000016", violence, 2022), 6183);
        CHECK_INT(year_count(&d, first, "E09000016", weapons, 2021) +
                      year_count(&d, second, "E09000016", weapons, 2021),
                  137);
        CHECK_INT(year_count(&d, second, "E09000016", weapons, 2022), 190);
    }
}

static void both_generations_of_categories_load(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    const char *path = shared_or_skip(BOROUGH_FILE "201004-202311_reorganised-categories.csv");
    WITH_DESK(d)
    {
        desk_import(&d, path);
        CHECK_STRING(d.report.profile, "mps-borough-reorganised");
        CHECK_INT(d.report.read, 1084);
        CHECK_INT(d.report.excluded, 28 + 32); /* the airports; borough unknown */
        CHECK_INT(d.report.exclusion_count, 2);
        CHECK(year_count(&d, d.report.extract, "E09000016", "Violence Against the Person", 2022) >
              0);
    }
}

static void ward_tables_load_with_their_wards(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    char old_path[1024];
    (void)snprintf(old_path, sizeof old_path, "%s", shared_or_skip(WARD_FILE "202009-202208.csv"));
    const char *new_path = shared_or_skip(WARD_FILE "202304-202503.csv");
    WITH_DESK(d)
    {
        desk_import(&d, old_path);
        CHECK_STRING(d.report.profile, "mps-ward");
        CHECK_INT(d.report.read, 22168);
        CHECK_INT(d.report.accepted, 22168);
        CHECK_INT(d.report.rows, 22168 * 24);
        desk_import(&d, new_path);
        CHECK_STRING(d.report.profile, "mps-ward-reorganised");
        CHECK_INT(d.report.read, 17901);
        CHECK_INT(d.report.excluded, 27);
        CHECK_INT(d.report.superseded + d.report.withdrawn, 0); /* another source */
    }
}

static void census_age_bands_are_rows_without_the_total(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    char lsoa_path[1024];
    (void)snprintf(lsoa_path, sizeof lsoa_path, "%s",
                   shared_or_skip(CENSUS_FILE "lsoa-london.csv"));
    const char *ltla_path = shared_or_skip(CENSUS_FILE "ltla.csv");
    WITH_DESK(d)
    {
        desk_import(&d, lsoa_path);
        CHECK_INT(d.report.read, 4994);
        CHECK_INT(d.report.rows, 4994 * 18);
        desk_import(&d, ltla_path);
        CHECK_INT(d.report.rows, 331 * 18);
        CHECK_INT(d.report.superseded + d.report.duplicates, 0);
        struct buf out;
        buf_init(&out, (size_t)1 << 22);
        struct text rows =
            desk_rows(&d, 0, &out, NAMES("area_code", "year", "age_from", "persons"));
        int64_t residents = 0, bands = 0;
        for (struct text line; rows.n;) {
            line = text_split(rows, '\n', &rows);
            if (text_starts(line, "E09000016|2021|")) {
                residents += strtoll(strrchr(arena_text(&d.a, line.at, line.n), '|') + 1, NULL, 10);
                bands++;
            }
        }
        buf_done(&out);
        CHECK_INT(bands, 18);
        CHECK_INT(residents, 262052);
    }
}

/* ---- the same files, spoilt ---- */

static const struct sample {
    const char *path, *wrong_profile;
} SAMPLES[] = {
    {STREET_FILE, "mps-borough"},
    {BOROUGH_FILE "202108-202307.csv", "mps-ward"},
    {WARD_FILE "202009-202208.csv", "police-uk-street"},
    {CENSUS_FILE "ltla.csv", "ons-lsoa-mid-year"},
};
#define SAMPLE_COUNT (sizeof SAMPLES / sizeof SAMPLES[0])

/* The first lines of the file, whole, about n bytes. */
static void read_part(const char *path, size_t n, struct buf *out)
{
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    char *room = buf_room(out, n);
    assert_non_null(room);
    size_t got = fread(room, 1, n, in);
    (void)fclose(in);
    while (got && room[got - 1] != '\n') {
        got--;
    }
    buf_wrote(out, got);
}

static void the_wrong_profile_loads_nothing(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        const char *path = shared_or_skip(SAMPLES[i].path);
        WITH_DESK(d)
        {
            d.options.profile = SAMPLES[i].wrong_profile;
            desk_refuses(&d, path, RV_INVALID, "nothing was loaded");
        }
    }
}

static void a_file_cut_off_in_a_row_quarantines_that_row(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct buf part;
        buf_init(&part, (size_t)1 << 22);
        read_part(shared_or_skip(SAMPLES[i].path), 200000, &part);
        WITH_DESK(d)
        {
            desk_import(&d, desk_write_bytes(&d, "whole.csv", part.bytes, part.n));
            int64_t whole = d.report.read;
            size_t n = part.n - 1;
            while (part.bytes[n - 1] != '\n') {
                n--; /* to the beginning of the last row */
            }
            desk_import(&d, desk_write_bytes(&d, "cut.csv", part.bytes, n + 20));
            CHECK_INT(d.report.read, whole);
            CHECK_INT(d.report.quarantined, 1);
            CHECK_INT(desk_reason(&d.report, "too-few-cells"), 1);
            CHECK(d.report.needs_attention);
        }
        buf_done(&part);
    }
}

/* The part with `extra` put in before its last row: that row is at fault with this code. */
static void check_spoilt(const struct sample *sample, const char *extra, size_t extra_n,
                         const char *code)
{
    struct buf part;
    buf_init(&part, (size_t)1 << 22);
    read_part(shared_or_skip(sample->path), 200000, &part);
    size_t n = part.n - 1;
    while (part.bytes[n - 1] != '\n') {
        n--;
    }
    char tail[8192];
    size_t tail_n = part.n - n;
    CHECK(tail_n < sizeof tail);
    memcpy(tail, part.bytes + n, tail_n);
    part.n = n;
    buf_put(&part, extra, extra_n);
    buf_put(&part, tail, tail_n);
    WITH_DESK(d)
    {
        desk_import(&d, desk_write_bytes(&d, "spoilt.csv", part.bytes, part.n));
        CHECK_INT(d.report.quarantined, 1);
        if (desk_reason(&d.report, code) != 1) {
            fail_msg("%s: %s, expected %s", sample->path, d.report.reasons[0].name, code);
        }
        CHECK(d.report.accepted > 10);
    }
    buf_done(&part);
}

static void a_row_too_long_a_nul_and_bad_bytes_cost_one_row(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    char *wide = malloc(70001);
    assert_non_null(wide);
    memset(wide, 'x', 70000);
    wide[70000] = '\n';
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        char many[4096];
        size_t n = 0;
        while (n < 1000) {
            many[n++] = 'a';
            many[n++] = ',';
        }
        many[n++] = '\n';
        check_spoilt(&SAMPLES[i], many, n, "too-many-cells");
        check_spoilt(&SAMPLES[i], wide, 70001, "too-long");
        check_spoilt(&SAMPLES[i], "a,b\0c,d\n", 8, "nul-byte");
        check_spoilt(&SAMPLES[i], "caf\xE9,b,c\n", 9, "bad-encoding");
    }
    free(wide);
}

static void utf16_loads_the_same_rows(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct buf part;
        buf_init(&part, (size_t)1 << 22);
        read_part(shared_or_skip(SAMPLES[i].path), 20000, &part);
        char *utf16 = malloc(part.n * 2 + 2);
        assert_non_null(utf16);
        memcpy(utf16, "\xFF\xFE", 2);
        for (size_t k = 0; k < part.n; k++) {
            utf16[2 + k * 2] = part.bytes[k];
            utf16[3 + k * 2] = 0;
        }
        WITH_DESK(d)
        {
            desk_import(&d, desk_write_bytes(&d, "a.csv", part.bytes, part.n));
            int64_t read = d.report.read, quarantined = d.report.quarantined;
            desk_import(&d, desk_write_bytes(&d, "b.csv", utf16, part.n * 2 + 2));
            CHECK_INT(d.report.read, read);
            CHECK_INT(d.report.quarantined, quarantined);
            CHECK_INT(d.report.superseded, 0);
        }
        free(utf16);
        buf_done(&part);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(havering_street_accounts_for_every_row),
        cmocka_unit_test(london_violence_accounts_for_every_row),
        cmocka_unit_test(official_street_files_load_whole),
        cmocka_unit_test(the_borough_pair_gives_the_published_counts),
        cmocka_unit_test(both_generations_of_categories_load),
        cmocka_unit_test(ward_tables_load_with_their_wards),
        cmocka_unit_test(census_age_bands_are_rows_without_the_total),
        cmocka_unit_test(the_wrong_profile_loads_nothing),
        cmocka_unit_test(a_file_cut_off_in_a_row_quarantines_that_row),
        cmocka_unit_test(a_row_too_long_a_nul_and_bad_bytes_cost_one_row),
        cmocka_unit_test(utf16_loads_the_same_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
