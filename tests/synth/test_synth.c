/* tests/synth/test_synth.c — the synthetic London is what it says it is.
 *
 * One small London is made for the group; PROJ, not the generator's own formulae, says where its
 * points lie. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "check.h"
#include "synth/synth.h"

#include <ftw.h>
#include <jansson.h>
#include <proj.h>

static struct rv_err err;
static char made[64]; /* folder of the group's London */

#define STREET_FILE "street/2021-06-synthetic-street.csv"

static const char *const files[] = {"README.txt",
                                    "boundaries-borough.geojson",
                                    "boundaries-ward-2018.geojson",
                                    "boundaries-ward-2022.geojson",
                                    "boundaries-lsoa.geojson",
                                    "population-lsoa.csv",
                                    "population-borough.csv",
                                    "workday-population.csv",
                                    "lookup-lsoa-ward.csv",
                                    "lookup-ward2018-ward2022.csv",
                                    "mps-borough-level-crime.csv",
                                    "mps-ward-level-crime.csv",
                                    "offences-2021.csv",
                                    "offences-2022.csv",
                                    "persons-2021.csv",
                                    "persons-2022.csv",
                                    "outcomes.csv",
                                    "faults.json",
                                    "partners/ambulance.csv",
                                    "partners/emergency-department.csv",
                                    "partners/gazetteer.csv",
                                    "partners/provision.csv",
                                    "partners/services.json",
                                    "truth/emergency-department.csv",
                                    "partners/transport.csv",
                                    "partners/stop-search.csv",
                                    "partners/cohort.csv",
                                    "partners/indicators.csv",
                                    "surveys/shout.csv",
                                    "surveys/community-safety.csv",
                                    "street/2021-01-synthetic-street.csv",
                                    STREET_FILE,
                                    "street/2022-12-synthetic-street.csv",
                                    "street-missing/2021-08-synthetic-street.csv"};
#define FILES (sizeof files / sizeof files[0])

/* ---- reading what was written ---- */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void remove_tree(const char *dir)
{
    assert_int_equal(nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static void read_file(const char *dir, const char *name, struct buf *out)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    buf_init(out, (size_t)64 << 20);
    CHECK_OK(file_read(path, out, &err));
}

/* Takes the next line of *rest without its end. */
static struct text next_line(struct text *rest)
{
    return text_split(*rest, '\n', rest);
}

/* Cells of a line without quoted commas, or with them. */
static size_t split_cells(struct text line, struct text *cells, size_t most)
{
    size_t n = 0, start = 0;
    bool is_quoted = false;
    for (size_t i = 0; i <= line.n; i++) {
        if (i < line.n && line.at[i] == '"') {
            is_quoted = !is_quoted;
        }
        if (i == line.n || (line.at[i] == ',' && !is_quoted)) {
            assert_true(n < most);
            cells[n++] = (struct text){line.at + start, i - start};
            start = i + 1;
        }
    }
    return n;
}

static int64_t number_of(struct text cell)
{
    char digits[32];
    assert_true(cell.n > 0 && cell.n < sizeof digits);
    memcpy(digits, cell.at, cell.n);
    digits[cell.n] = '\0';
    char *end;
    int64_t value = strtoll(digits, &end, 10);
    assert_true(*end == '\0');
    return value;
}

static double real_of(struct text cell)
{
    char digits[32];
    assert_true(cell.n > 0 && cell.n < sizeof digits);
    memcpy(digits, cell.at, cell.n);
    digits[cell.n] = '\0';
    char *end;
    double value = strtod(digits, &end);
    assert_true(*end == '\0');
    return value;
}

/* ---- areas ---- */

#define RING_MOST 2000

struct shape {
    char code[10], borough[10], name[64];
    size_t n;           /* corners of its first ring, without the repeated end */
    int64_t (*ring)[2]; /* decimetres */
    int64_t twice;      /* twice its area in square decimetres, all rings */
};

struct shapes {
    struct shape *list;
    size_t count;
};

static int64_t read_ring(const json_t *ring, int64_t (*out)[2])
{
    size_t n = json_array_size(ring) - 1;
    assert_true(n >= 3 && n <= RING_MOST);
    int64_t twice = 0;
    for (size_t k = 0; k <= n; k++) {
        const json_t *p = json_array_get(ring, k);
        out[k][0] = llround(json_real_value(json_array_get(p, 0)) * 10);
        out[k][1] = llround(json_real_value(json_array_get(p, 1)) * 10);
        if (k > 0) {
            twice += out[k - 1][0] * out[k][1] - out[k][0] * out[k - 1][1];
        }
    }
    assert_true(out[0][0] == out[n][0] && out[0][1] == out[n][1]);
    assert_true(twice > 0); /* anticlockwise, no holes */
    return twice;
}

static void read_shapes(const char *name, struct shapes *s)
{
    struct buf text;
    read_file(made, name, &text);
    json_error_t error;
    json_t *all = json_loadb(text.bytes, text.n, 0, &error);
    assert_non_null(all);
    assert_non_null(
        strstr(json_string_value(json_object_get(all, "note")), "schematic, synthetic"));
    assert_non_null(strstr(json_string_value(json_object_get(all, "name")), "SYNTHETIC"));
    const json_t *features = json_object_get(all, "features");
    s->count = json_array_size(features);
    s->list = calloc(s->count, sizeof *s->list);
    assert_non_null(s->list);
    for (size_t i = 0; i < s->count; i++) {
        const json_t *feature = json_array_get(features, i);
        const json_t *properties = json_object_get(feature, "properties");
        struct shape *shape = &s->list[i];
        (void)snprintf(shape->code, sizeof shape->code, "%s",
                       json_string_value(json_object_get(properties, "code")));
        (void)snprintf(shape->borough, sizeof shape->borough, "%s",
                       json_string_value(json_object_get(properties, "borough_code")));
        (void)snprintf(shape->name, sizeof shape->name, "%s",
                       json_string_value(json_object_get(properties, "name")));
        assert_true(strlen(shape->name) > 3);
        const json_t *parts = json_object_get(json_object_get(feature, "geometry"), "coordinates");
        assert_true(json_array_size(parts) >= 1);
        shape->ring = calloc(RING_MOST + 1, sizeof *shape->ring);
        assert_non_null(shape->ring);
        for (size_t part = json_array_size(parts); part-- > 0;) {
            const json_t *ring = json_array_get(json_array_get(parts, part), 0);
            assert_int_equal(json_array_size(json_array_get(parts, part)), 1);
            shape->twice += read_ring(ring, shape->ring);
            shape->n = json_array_size(ring) - 1;
        }
        shape->ring = realloc(shape->ring, (shape->n + 1) * sizeof *shape->ring);
        assert_true(i == 0 || strcmp(s->list[i - 1].code, shape->code) < 0 ||
                    strncmp(shape->code, "E05", 3) == 0);
    }
    json_decref(all);
    buf_done(&text);
}

static void shapes_done(struct shapes *s)
{
    for (size_t i = 0; i < s->count; i++) {
        free(s->list[i].ring);
    }
    free(s->list);
}

/* LSOAs are numbered from 1 in the order of the file; the others are searched for. */
static const struct shape *find_shape(const struct shapes *s, struct text code)
{
    assert_int_equal(code.n, 9);
    size_t guess = (size_t)number_of((struct text){code.at + 5, 4}) - 1;
    if (guess < s->count && text_is(code, s->list[guess].code)) {
        return &s->list[guess];
    }
    for (size_t i = 0; i < s->count; i++) {
        if (text_is(code, s->list[i].code)) {
            return &s->list[i];
        }
    }
    fail_msg("no area %.*s", (int)code.n, code.at);
    return NULL;
}

/* Strictly inside, at `margin` decimetres or more from every side. */
static bool is_inside(const struct shape *s, double e, double n, double margin)
{
    bool inside = false;
    for (size_t i = 0, j = s->n - 1; i < s->n; j = i++) {
        double xi = (double)s->ring[i][0], yi = (double)s->ring[i][1];
        double xj = (double)s->ring[j][0], yj = (double)s->ring[j][1];
        if ((yi > n) != (yj > n) && e < (xj - xi) * (n - yi) / (yj - yi) + xi) {
            inside = !inside;
        }
        double dx = xj - xi, dy = yj - yi;
        double along = ((e - xi) * dx + (n - yi) * dy) / (dx * dx + dy * dy);
        along = fmin(1, fmax(0, along));
        if (hypot(e - xi - along * dx, n - yi - along * dy) < margin) {
            return false;
        }
    }
    return inside;
}

/* ---- the tests ---- */

static void make(const char *dir, uint64_t seed)
{
    struct synth_options options = {
        .dir = dir, .seed = seed, .scale = SYNTH_SMALL, .layers = 1, .thin = SYNTH_THIN};
    CHECK_OK(synth_run(&options, &err));
}

static void hash_all(const char *dir, char hashes[FILES][SHA256_HEX + 1])
{
    for (size_t f = 0; f < FILES; f++) {
        struct buf text;
        read_file(dir, files[f], &text);
        CHECK_OK(sha256_of(text.bytes, text.n, hashes[f], &err));
        buf_done(&text);
    }
}

static void the_same_seed_gives_the_same_bytes_and_another_does_not(void **state)
{
    (void)state;
    static char first[FILES][SHA256_HEX + 1], second[FILES][SHA256_HEX + 1];
    char dir[64];
    (void)snprintf(dir, sizeof dir, "%s", test_dir());
    hash_all(made, first);
    make(dir, SYNTH_SEED);
    hash_all(dir, second);
    for (size_t f = 0; f < FILES; f++) {
        CHECK_STRING(first[f], second[f]);
    }
    make(dir, SYNTH_SEED + 1);
    hash_all(dir, second);
    for (size_t f = 0; f < FILES; f++) {
        /* The cells of the LSOAs are numbered by wards that no seed moves. */
        bool is_fixed =
            strcmp(files[f], "README.txt") == 0 || strcmp(files[f], "lookup-lsoa-ward.csv") == 0;
        CHECK_INT(strcmp(first[f], second[f]) == 0, is_fixed);
    }
    remove_tree(dir);
}

static void check_codes(const struct shapes *s, const char *prefix)
{
    for (size_t i = 0; i < s->count; i++) {
        CHECK_INT(strlen(s->list[i].code), 9);
        CHECK(strncmp(s->list[i].code, prefix, strlen(prefix)) == 0);
        for (size_t j = i + 1; j < s->count; j++) {
            CHECK(strcmp(s->list[i].code, s->list[j].code) != 0);
        }
    }
}

static size_t of_borough(const struct shapes *s, const char *borough)
{
    size_t n = 0;
    for (size_t i = 0; i < s->count; i++) {
        n += strcmp(s->list[i].borough, borough) == 0;
    }
    return n;
}

/* Havering's wards have their real names and codes, all others synthetic ones. */
static void check_wards(const struct shapes *s, const char *prefix, const char *known)
{
    size_t found = 0;
    for (size_t i = 0; i < s->count; i++) {
        bool is_real = strcmp(s->list[i].borough, "E09000016") == 0;
        CHECK(strncmp(s->list[i].code, is_real ? prefix : "E0599", 5) == 0);
        found += strcmp(s->list[i].name, known) == 0;
    }
    CHECK_INT(found, 1);
}

static void areas_have_synthetic_codes_and_the_right_numbers(void **state)
{
    (void)state;
    struct shapes boroughs, old, new, lsoas;
    read_shapes("boundaries-borough.geojson", &boroughs);
    read_shapes("boundaries-ward-2018.geojson", &old);
    read_shapes("boundaries-ward-2022.geojson", &new);
    read_shapes("boundaries-lsoa.geojson", &lsoas);
    CHECK_INT(boroughs.count, 32);
    for (size_t b = 0; b < 32; b++) {
        char code[16];
        (void)snprintf(code, sizeof code, "E090000%02zu", b + 2);
        CHECK_STRING(boroughs.list[b].code, code);
        size_t n = of_borough(&lsoas, code);
        CHECK(n >= 80 && n <= 230);
    }
    check_codes(&old, "E05");
    check_codes(&new, "E05");
    check_wards(&old, "E0500", "Romford Town");
    check_wards(&new, "E0501", "St Edward's");
    check_codes(&lsoas, "E0199");
    CHECK(lsoas.count > 4800 && lsoas.count < 5000);
    CHECK_INT(of_borough(&old, "E09000016"), 18);
    CHECK_INT(of_borough(&new, "E09000016"), 20);
    CHECK(old.count > 600 && new.count > old.count);
    shapes_done(&boroughs);
    shapes_done(&old);
    shapes_done(&new);
    shapes_done(&lsoas);
}

static int64_t total_of(const struct shapes *s, const char *borough)
{
    int64_t sum = 0;
    for (size_t i = 0; i < s->count; i++) {
        sum += strcmp(s->list[i].borough, borough) == 0 ? s->list[i].twice : 0;
    }
    return sum;
}

/* To the square decimetre: shared corners are the same numbers in every layer. */
static void every_layer_fills_the_boroughs_exactly(void **state)
{
    (void)state;
    struct shapes boroughs, layer;
    read_shapes("boundaries-borough.geojson", &boroughs);
    const char *const layers[] = {"boundaries-ward-2018.geojson", "boundaries-ward-2022.geojson",
                                  "boundaries-lsoa.geojson"};
    for (size_t k = 0; k < 3; k++) {
        read_shapes(layers[k], &layer);
        for (size_t b = 0; b < boroughs.count; b++) {
            CHECK_INT(total_of(&layer, boroughs.list[b].code), boroughs.list[b].twice);
        }
        shapes_done(&layer);
    }
    shapes_done(&boroughs);
}

static void lsoas_add_up_to_the_wards_of_the_look_up(void **state)
{
    (void)state;
    struct shapes wards, lsoas;
    read_shapes("boundaries-ward-2022.geojson", &wards);
    read_shapes("boundaries-lsoa.geojson", &lsoas);
    struct buf text;
    read_file(made, "lookup-lsoa-ward.csv", &text);
    struct text rest = buf_view(&text), cells[4];
    CHECK(text_is(next_line(&rest), "from_code,to_code,weight,basis"));
    size_t rows = 0;
    while (rest.n > 0) {
        CHECK_INT(split_cells(next_line(&rest), cells, 4), 4);
        struct shape *ward = &wards.list[find_shape(&wards, cells[1]) - wards.list];
        ward->twice -= find_shape(&lsoas, cells[0])->twice;
        CHECK(text_is(cells[2], "1") && text_is(cells[3], "exact"));
        rows++;
    }
    CHECK_INT(rows, lsoas.count);
    for (size_t w = 0; w < wards.count; w++) {
        CHECK_INT(wards.list[w].twice, 0);
    }
    buf_done(&text);
    shapes_done(&wards);
    shapes_done(&lsoas);
}

static void weights_of_a_ward_add_up_to_one(void **state)
{
    (void)state;
    struct buf text;
    read_file(made, "lookup-ward2018-ward2022.csv", &text);
    struct text rest = buf_view(&text), cells[4], last = {NULL, 0};
    CHECK(text_is(next_line(&rest), "from_code,to_code,weight,basis"));
    double sum = 1;
    size_t wards = 0, split = 0;
    while (rest.n > 0) {
        CHECK_INT(split_cells(next_line(&rest), cells, 4), 4);
        if (!text_equal(cells[0], last)) {
            CHECK_NEAR(sum, 1, 1e-10);
            sum = 0;
            wards++;
            last = cells[0];
        }
        double weight = real_of(cells[2]);
        CHECK(weight > 0 && weight <= 1);
        split += weight < 1;
        sum += weight;
    }
    CHECK_NEAR(sum, 1, 1e-10);
    CHECK_INT(wards, 632);
    CHECK(split > 1000);
    buf_done(&text);
}

/* ---- people ---- */

static int64_t add_people(const char *name, int64_t *persons, const char *codes)
{
    struct buf text;
    read_file(made, name, &text);
    struct text rest = buf_view(&text), cells[7];
    CHECK(text_is(next_line(&rest), "area_code,year,age_from,age_to,sex,ethnicity,persons"));
    int64_t all = 0;
    while (rest.n > 0) {
        CHECK_INT(split_cells(next_line(&rest), cells, 7), 7);
        CHECK(text_starts(cells[0], codes));
        int64_t n = number_of(cells[6]);
        CHECK(text_is(cells[1], "2021") && n >= 0);
        CHECK(number_of(cells[2]) < number_of(cells[3]));
        all += n;
        if (persons) {
            persons[(size_t)(cells[0].at[7] - '0') * 10 + (size_t)(cells[0].at[8] - '0')] += n;
        }
    }
    buf_done(&text);
    return all;
}

static void boroughs_and_lsoas_hold_the_same_people(void **state)
{
    (void)state;
    int64_t persons[100] = {0};
    int64_t boroughs = add_people("population-borough.csv", persons, "E090000");
    CHECK_INT(boroughs, add_people("population-lsoa.csv", NULL, "E0199"));
    for (size_t b = 2; b <= 33; b++) {
        CHECK(persons[b] > 165000 && persons[b] <= 390000);
    }
    CHECK_INT(persons[16], 262052); /* Census 2021 */
    CHECK_INT(persons[26], 310260);
    CHECK(boroughs > 8000000);
}

/* ---- street ---- */

struct street {
    const struct shapes *lsoas;
    PJ *to_grid;
    size_t rows, faults, without_place, antisocial, months[36];
};

static void check_place(struct street *s, const struct text *cells)
{
    const struct shape *lsoa = find_shape(s->lsoas, cells[7]);
    PJ_COORD at = proj_coord(real_of(cells[4]), real_of(cells[5]), 0, 0);
    PJ_COORD grid = proj_trans(s->to_grid, PJ_FWD, at);
    /* Ten metres from the edge: five times what the generator's formulae may be off. */
    if (!is_inside(lsoa, grid.xy.x * 10, grid.xy.y * 10, 100)) {
        fail_msg("%.*s is not inside %s", (int)(cells[6].at - cells[4].at), cells[4].at,
                 lsoa->code);
    }
}

static void check_street_row(struct street *s, struct text line)
{
    struct text cells[16];
    size_t n = split_cells(line, cells, 16);
    int64_t number = cells[0].n == 64 && text_starts(cells[0], "000000000000") ? 1 : 0;
    if (number) {
        s->faults++;
        return;
    }
    CHECK_INT(n, 12);
    bool is_antisocial = text_is(cells[9], "Anti-social behaviour");
    CHECK_INT(cells[0].n, is_antisocial ? 0 : 64);
    CHECK_INT(cells[10].n == 0, is_antisocial);
    CHECK_INT(cells[1].n, 7);
    int64_t year = number_of((struct text){cells[1].at, 4});
    int64_t month = number_of((struct text){cells[1].at + 5, 2});
    CHECK(cells[1].at[4] == '-' && year >= 2021 && year <= 2022 && month >= 1 && month <= 12);
    CHECK(text_is(cells[2], "Synthetic Police") && text_is(cells[3], "Synthetic Police"));
    CHECK_INT(cells[11].n, 0);
    s->months[(year - 2020) * 12 + month - 1]++;
    s->rows++;
    s->antisocial += is_antisocial;
    if (cells[4].n == 0) {
        CHECK(cells[5].n == 0 && cells[7].n == 0 && cells[8].n == 0);
        CHECK(text_is(cells[6], "No Location"));
        s->without_place++;
        return;
    }
    CHECK(text_starts(cells[6], "On or near "));
    check_place(s, cells);
}

static void read_street(struct street *s, const char *name)
{
    struct buf text;
    read_file(made, name, &text);
    struct text rest = buf_view(&text);
    CHECK(text_is(next_line(&rest),
                  "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,"
                  "LSOA name,Crime type,Last outcome category,Context"));
    while (rest.n > 0) {
        check_street_row(s, next_line(&rest));
    }
    buf_done(&text);
}

static void every_street_row_lies_in_its_lsoa(void **state)
{
    (void)state;
    struct shapes lsoas;
    read_shapes("boundaries-lsoa.geojson", &lsoas);
    PJ_CONTEXT *context = proj_context_create();
    PJ *both = proj_create_crs_to_crs(context, "EPSG:4326", "EPSG:27700", NULL);
    struct street s = {.lsoas = &lsoas, .to_grid = proj_normalize_for_visualization(context, both)};
    assert_non_null(s.to_grid);
    for (int month = 12; month < 36; month++) {
        char name[64];
        (void)snprintf(name, sizeof name, "%s/%d-%02d-synthetic-street.csv",
                       month == 19 ? "street-missing" : "street", 2020 + month / 12,
                       month % 12 + 1);
        read_street(&s, name);
        CHECK(s.months[month] > 600); /* nothing of this month in another's file */
        size_t sum = 0;
        for (int k = 0; k <= month; k++) {
            sum += s.months[k];
        }
        CHECK_INT(sum, s.rows);
    }
    CHECK(s.rows > 18000 && s.rows < 22500);
    CHECK_INT(s.faults, 5);
    CHECK(s.without_place * 100 > s.rows && s.without_place * 100 < 2 * s.rows);
    CHECK(s.antisocial * 100 > 15 * s.rows && s.antisocial * 100 < 25 * s.rows);
    proj_destroy(s.to_grid);
    proj_destroy(both);
    proj_context_destroy(context);
    shapes_done(&lsoas);
}

static void numbers_and_rows_repeat_as_in_real_files(void **state)
{
    (void)state;
    size_t same_row = 0, same_number = 0;
    struct buf text;
    read_file(made, STREET_FILE, &text);
    struct text rest = buf_view(&text), last = {NULL, 0};
    (void)next_line(&rest);
    while (rest.n > 0) {
        struct text line = next_line(&rest);
        if (last.n > 64 && line.n > 64 && line.at[0] != ',') {
            same_row += text_equal(line, last);
            same_number += !text_equal(line, last) && memcmp(line.at, last.at, 64) == 0;
        }
        last = line;
    }
    CHECK(same_row > 0 && same_row < 20);
    CHECK(same_number > 0 && same_number < 40);
    buf_done(&text);
}

/* ---- wide tables ---- */

static void read_wide(const char *name, size_t ids, int64_t *total, size_t *airports)
{
    struct buf text;
    read_file(made, name, &text);
    struct text rest = buf_view(&text), cells[48];
    size_t columns = split_cells(next_line(&rest), cells, 48);
    CHECK_INT(columns, ids + 36);
    CHECK(text_is(cells[ids], "202001") && text_is(cells[columns - 1], "202212"));
    while (rest.n > 0) {
        CHECK_INT(split_cells(next_line(&rest), cells, 48), columns);
        int64_t row = 0;
        for (size_t k = ids; k < columns; k++) {
            CHECK(number_of(cells[k]) >= 0);
            row += number_of(cells[k]);
        }
        CHECK(row > 0);
        bool is_airports = text_is(cells[ids - 1], "London Heathrow and London City Airports");
        *airports += is_airports;
        *total += is_airports ? 0 : row;
        if (ids == 5) {
            CHECK(text_starts(cells[3], "E05") && cells[3].n == 9);
        }
    }
    buf_done(&text);
}

static void wards_hold_nearly_all_of_the_boroughs_records(void **state)
{
    (void)state;
    int64_t boroughs = 0, wards = 0;
    size_t airports = 0, none = 0;
    read_wide("mps-borough-level-crime.csv", 3, &boroughs, &airports);
    read_wide("mps-ward-level-crime.csv", 5, &wards, &none);
    CHECK(airports > 3 && none == 0);
    CHECK(wards < boroughs && wards * 100 > 98 * boroughs);
    /* 36 months at the volume of the street files without anti-social behaviour. */
    CHECK(boroughs > 20000 && boroughs < 30000);
}

/* ---- benchmark file and failures ---- */

static void a_benchmark_file_has_exactly_the_rows_asked_for(void **state)
{
    (void)state;
    char dir[64];
    (void)snprintf(dir, sizeof dir, "%s", test_dir());
    struct synth_options options = {.dir = dir, .seed = 7, .scale = 1, .bench_rows = 12345};
    CHECK_OK(synth_run(&options, &err));
    struct buf text;
    read_file(dir, "bench-street.csv", &text);
    struct text rest = buf_view(&text), cells[12];
    (void)next_line(&rest);
    size_t rows = 0;
    struct text month = {NULL, 0};
    size_t months = 0;
    while (rest.n > 0) {
        CHECK_INT(split_cells(next_line(&rest), cells, 12), 12);
        months += !text_equal(cells[1], month);
        month = cells[1];
        rows++;
    }
    CHECK_INT(rows, 12345);
    CHECK_INT(months, 24);
    buf_done(&text);
    remove_tree(dir);
}

static void a_folder_that_cannot_be_made_is_reported(void **state)
{
    (void)state;
    struct synth_options options = {.dir = "/dev/null/london", .seed = 1, .scale = SYNTH_SMALL};
    CHECK(!rv_is_ok(synth_run(&options, &err)));
    CHECK(strstr(err.message, "/dev/null") != NULL);
}

static void running_out_of_memory_is_reported(void **state)
{
    (void)state;
    char dir[64];
    (void)snprintf(dir, sizeof dir, "%s", test_dir());
    struct synth_options options = {.dir = dir, .seed = 7, .scale = SYNTH_SMALL};
    const long nths[] = {1, 2, 3, 4, 5, 6, 8, 10, 11, 12, 13, 14, 15, 17};
    for (size_t k = 0; k < sizeof nths / sizeof nths[0]; k++) {
        memory_fail_nth(nths[k]);
        rv_status status = synth_run(&options, &err);
        memory_fail_nth(0);
        CHECK_INT(status.code, RV_NO_MEMORY);
    }
    remove_tree(dir);
}

static int make_the_groups_london(void **state)
{
    (void)state;
    (void)snprintf(made, sizeof made, "%s", test_dir());
    make(made, SYNTH_SEED);
    return 0;
}

static int remove_the_groups_london(void **state)
{
    (void)state;
    remove_tree(made);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_bytes_and_another_does_not),
        cmocka_unit_test(areas_have_synthetic_codes_and_the_right_numbers),
        cmocka_unit_test(every_layer_fills_the_boroughs_exactly),
        cmocka_unit_test(lsoas_add_up_to_the_wards_of_the_look_up),
        cmocka_unit_test(weights_of_a_ward_add_up_to_one),
        cmocka_unit_test(boroughs_and_lsoas_hold_the_same_people),
        cmocka_unit_test(every_street_row_lies_in_its_lsoa),
        cmocka_unit_test(numbers_and_rows_repeat_as_in_real_files),
        cmocka_unit_test(wards_hold_nearly_all_of_the_boroughs_records),
        cmocka_unit_test(a_benchmark_file_has_exactly_the_rows_asked_for),
        cmocka_unit_test(a_folder_that_cannot_be_made_is_reported),
        cmocka_unit_test(running_out_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, make_the_groups_london, remove_the_groups_london);
}
