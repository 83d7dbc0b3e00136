/* tests/place/test_real.c — London's published boundaries and police.uk points.
 *
 * Reads ../shared/data where it is there and says so where it is not. The numbers are facts of the
 * files (see their SOURCE.md). SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/memory.h"
#include "base/parse.h"
#include "check.h"
#include "fixture.h"
#include "read/boundary.h"
#include "read/csv.h"

#define LSOA_2011 "data/boundaries-lsoa-2011/havering_lsoa11_E09000016.geojson"
#define STREET    "data/police-street-london-2016-2018/havering-street_2016-01_2018-06.csv"

static struct areas_report import_real(struct world *w, const char *relative, const char *type,
                                       const char *vintage, const char *code, const char *name)
{
    const char *path = shared_or_skip(relative);
    struct areas_options options = {type, vintage, code, name, {NULL, NULL, NULL}, NULL};
    struct areas_report r;
    CHECK_OK(areas_import(w->store, &w->arena, w->pool, NULL, path, &options, NOW, &r, &err));
    for (size_t i = 0; i < r.note_count; i++) {
        print_message("%s: %s\n", r.notes[i].code, r.notes[i].note);
    }
    return r;
}

/* ---- every boundary file ---- */

struct real_file {
    const char *file, *type, *vintage, *code, *name, *crs;
    uint32_t areas, havering; /* in all, in Havering */
    double least_km2, most_km2;
};

#define WGS84 "EPSG:4326"
#define GRID  "EPSG:27700"

/* Two families: to the mean high water mark (1,573 km2) and to the middle of the Thames. */
static const struct real_file FILES[] = {
    {"data/boundaries-boroughs/london-2021-lad22-gen20.shp", "borough", "2021", "LAD22CD",
     "LAD22NM", GRID, 33, 1, 1573, 1574},
    {"data/boundaries-boroughs/london-2021-lad22-gen20.wgs84.geojson", "borough", "2021-geojson",
     "LAD22CD", "LAD22NM", WGS84, 33, 1, 1573, 1574},
    {"data/boundaries-boroughs/london_boroughs_crimemappingdata.gpkg", "borough", "2014",
     "gss_code", "name", GRID, 33, 1, 1594, 1595},
    {"data/boundaries-wards-2018/London_Ward_2018.shp", "ward", "2018", "GSS_CODE", "NAME", GRID,
     657, 18, 1594, 1595},
    {"data/boundaries-wards-2018/London_Ward_2018.wgs84.geojson", "ward", "2018-geojson",
     "GSS_CODE", "NAME", WGS84, 657, 18, 1594, 1595},
    {"data/boundaries-wards-current/london_wards_drkane_E12000007.geojson", "ward", "2022-05",
     "WD25CD", "WD25NM", WGS84, 704, 20, 1573, 1574},
    {"data/boundaries-lsoa-2011/london-2011-lsoa-gen20.shp", "lsoa", "2011", "LSOA11CD", "LSOA11NM",
     GRID, 4835, 150, 1573, 1574},
    {LSOA_2011, "lsoa", "2011-havering", "LSOA11CD", "LSOA11NM", WGS84, 150, 150, 110, 116},
    {"data/boundaries-lsoa-2021/london-2021-lsoa-gen20.shp", "lsoa", "2021", "LSOA21CD", "LSOA21NM",
     GRID, 4994, 153, 1573, 1574},
    {"data/boundaries-lsoa-2021/havering_lsoa21_E09000016.geojson", "lsoa", "2021-havering",
     "LSOA21CD", "LSOA21NM", WGS84, 153, 153, 110, 116},
};

static void import_all(struct world *w)
{
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        const struct real_file *f = &FILES[i];
        struct areas_report r = import_real(w, f->file, f->type, f->vintage, f->code, f->name);
        CHECK_INT(r.areas, f->areas);
        CHECK_STRING(r.crs, f->crs);
        CHECK(r.fit.has_overlaps && r.fit.has_gaps);
        CHECK_INT(r.fit.overlap_count, 0);
        CHECK_INT(r.fit.gap_count, 0);
        const struct layer *l = layer_of(w, f->type, f->vintage);
        double km2 = 0;
        for (uint32_t k = 0; k < l->count; k++) {
            km2 += l->areas[k].area_m2 / 1e6;
        }
        print_message("%s %s: %u areas, %u parts, %u holes, %u repaired, %.1f km2\n", f->type,
                      f->vintage, r.areas, r.parts, r.holes, r.repaired, km2);
        CHECK(km2 > f->least_km2 && km2 < f->most_km2);
    }
}

/* The largest relative difference of the areas of two layers of the same codes. */
static double worst_area(const struct layer *a, const struct layer *b)
{
    double worst = 0;
    for (uint32_t i = 0; i < a->count; i++) {
        uint32_t k = layer_find(b, text_of(a->areas[i].code));
        CHECK(k != 0);
        double difference = fabs(a->areas[i].area_m2 / b->areas[k - 1].area_m2 - 1);
        worst = difference > worst ? difference : worst;
    }
    return worst;
}

static void londons_layers_import(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    struct world w = world_open(2);
    import_all(&w);
    /* A shapefile in metres and the GeoJSON in degrees made from it have the same areas, up to the
     * six decimals of the degrees (0.1 m) and the scale of the 7-parameter shift. */
    static const struct {
        const char *type, *one, *two;
        double most;
    } pairs[] = {{"borough", "2021", "2021-geojson", 2e-5},
                 {"ward", "2018", "2018-geojson", 5e-4},
                 {"lsoa", "2011-havering", "2011", 1e-5},
                 {"lsoa", "2021-havering", "2021", 1e-5}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        double worst = worst_area(layer_of(&w, pairs[i].type, pairs[i].one),
                                  layer_of(&w, pairs[i].type, pairs[i].two));
        print_message("%s %s and %s: areas differ by at most %.1e\n", pairs[i].type, pairs[i].one,
                      pairs[i].two, worst);
        CHECK(worst < pairs[i].most);
    }
    /* Havering's wards and LSOAs lie in Havering, of each set of boroughs. */
    const struct layer *borough = layer_of(&w, "borough", "2021");
    uint32_t havering = layer_find(borough, text_of("E09000016"));
    CHECK_STRING(borough->areas[havering - 1].name, "Havering");
    for (size_t i = 3; i < sizeof FILES / sizeof FILES[0]; i++) {
        uint32_t *parents = NULL, count = 0;
        const struct layer *l = layer_of(&w, FILES[i].type, FILES[i].vintage);
        CHECK_OK(layer_parents(w.store, &w.arena, l, borough, &parents, &err));
        for (uint32_t k = 0; k < l->count; k++) {
            CHECK(parents[k] != 0);
            count += parents[k] == havering;
        }
        CHECK_INT(count, FILES[i].havering);
    }
    world_close(&w);
}

/* ---- the hectares that the publishers state ---- */

static uint32_t property(const struct shape_file *f, const char *name)
{
    uint32_t p = 0;
    while (p < f->property_count && strcmp(f->property_names[p], name) != 0) {
        p++;
    }
    CHECK(p < f->property_count);
    return p;
}

/* The GLA's own HECTARES column, of shapefile and GeoPackage, against the areas measured here. */
static void areas_are_those_the_publisher_states(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    static const struct {
        size_t file;
        const char *hectares;
    } cases[] = {{2, "hectares"}, {3, "HECTARES"}};
    struct world w = world_open(1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct real_file *r = &FILES[cases[i].file];
        (void)import_real(&w, r->file, r->type, r->vintage, r->code, r->name);
        const struct layer *l = layer_of(&w, r->type, r->vintage);
        struct shape_file f;
        CHECK_OK(boundary_read(&w.arena, shared_or_skip(r->file), NULL, &f, NULL, &err));
        uint32_t code = property(&f, r->code), hectares = property(&f, cases[i].hectares);
        double worst = 0;
        for (uint32_t k = 0; k < f.count; k++) {
            double stated = 0;
            uint32_t placed = layer_find(l, f.features[k].properties[code]);
            CHECK(placed != 0 && parse_real(f.features[k].properties[hectares], &stated));
            double difference = fabs(l->areas[placed - 1].area_m2 / 1e4 / stated - 1);
            worst = difference > worst ? difference : worst;
        }
        print_message("%s: hectares differ by at most %.1e\n", r->file, worst);
        CHECK(worst < 2e-4);
    }
    world_close(&w);
}

/* ---- every code of the extracts ---- */

/* The distinct values of one column that begin with `prefix`, and how many the layer has. */
static void count_codes(struct world *w, const char *file, const char *column, const char *prefix,
                        const struct layer *l, size_t *ret_known, size_t *ret_unknown)
{
    static const struct csv_dialect dialect = {',', CSV_LF};
    struct byte_source *source = NULL;
    struct csv_splitter *splitter = NULL;
    uint8_t *seen = ARENA_NEW(&w->arena, uint8_t, l->count);
    size_t at = SIZE_MAX;
    *ret_known = *ret_unknown = 0;
    CHECK_OK(source_open(shared_or_skip(file), &source, &err));
    CHECK_OK(csv_splitter_open(source, &dialect, &splitter, &err));
    for (struct csv_block block = {.n = 1}; block.n > 0;) {
        struct csv_records records;
        CHECK_OK(csv_splitter_next(splitter, &block, &err));
        if (block.n == 0) {
            break;
        }
        CHECK_OK(csv_parse(&w->arena, &block, &dialect, &records, &err));
        for (size_t i = 0; i < records.count; i++) {
            const struct text *cells = records.cells + records.records[i].first_cell;
            if (block.number == 0 && i == 0) {
                for (at = 0; !text_is(cells[at], column); at++) {
                }
                continue;
            }
            uint32_t placed = layer_find(l, cells[at]);
            *ret_known += placed && !seen[placed - 1];
            *ret_unknown += !placed && text_starts(cells[at], prefix);
            if (placed) {
                seen[placed - 1] = 1;
            }
        }
        memory_free(block.bytes);
    }
    csv_splitter_close(splitter);
    source_close(source);
}

static void every_code_of_the_extracts_joins(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    static const struct {
        size_t layer;
        const char *file, *column, *prefix;
        size_t codes;
    } cases[] = {
        {6, "data/imd-2019-london/imd2019_london_lsoa.csv", "LSOA code (2011)", "E01", 4835},
        {6, "data/population-lsoa-mye/london-mid2020-pop.csv", "LSOA11CD", "E01", 4835},
        {6, "data/mps-lsoa-annual-2011-2021/london-2011-2021-major-violence.csv", "LSOA11CD", "E01",
         4829},
        {6, "data/lookups/lookup_lsoa11_lsoa21_ltla22_london.csv", "lsoa11_code", "E01", 4835},
        {8, "data/lookups/lookup_lsoa11_lsoa21_ltla22_london.csv", "lsoa21_code", "E01", 4994},
        {8, "data/lookups/lsoa21_ward25_lad25_london.csv", "LSOA21CD", "E01", 4994},
        {8, "data/census-2021-london/census2021-ts007a-lsoa-london.csv", "geography code", "E01",
         4994},
        {3, "data/mps-ward-level-crime/mps-ward-level-crime_202009-202208.csv", "WardCode", "E05",
         632},
        {5, "data/mps-ward-level-crime/mps-ward-level-crime_202304-202503.csv", "WardCode", "E05",
         679},
        {5, "data/lookups/lsoa21_ward25_lad25_london.csv", "WD25CD", "E05", 0},
        {0, "data/lookups/lsoa21_ward25_lad25_london.csv", "LAD25CD", "E09", 33},
    };
    struct world w = world_open(1);
    import_all(&w);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct real_file *f = &FILES[cases[i].layer];
        size_t known = 0, unknown = 0;
        count_codes(&w, cases[i].file, cases[i].column, cases[i].prefix,
                    layer_of(&w, f->type, f->vintage), &known, &unknown);
        print_message("%s, %s: %zu codes, all of %s %s\n", cases[i].file, cases[i].column, known,
                      f->type, f->vintage);
        CHECK_INT(unknown, 0);
        CHECK(cases[i].codes == 0 || known == cases[i].codes);
    }
    world_close(&w);
}

/* ---- the street file ---- */

struct street {
    size_t n, room;
    double *longitude, *latitude;
    struct text *lsoa;
};

static void read_block(struct world *w, struct street *s, const struct csv_block *block)
{
    static const struct csv_dialect dialect = {',', CSV_LF};
    struct csv_records records;
    CHECK_OK(csv_parse(&w->arena, block, &dialect, &records, &err));
    for (size_t i = block->number == 0; i < records.count; i++) { /* after the header */
        const struct text *cells = records.cells + records.records[i].first_cell;
        CHECK_INT(records.records[i].fault, CSV_FINE);
        double x = NOWHERE, y = NOWHERE;
        (void)parse_real(cells[4], &x);
        (void)parse_real(cells[5], &y);
        CHECK(s->n < s->room);
        s->longitude[s->n] = x;
        s->latitude[s->n] = y;
        s->lsoa[s->n++] = (struct text){arena_text(&w->arena, cells[7].at, cells[7].n), cells[7].n};
    }
}

static struct street read_street(struct world *w)
{
    struct street s = {0, 60000, NULL, NULL, NULL};
    s.longitude = ARENA_NEW(&w->arena, double, s.room);
    s.latitude = ARENA_NEW(&w->arena, double, s.room);
    s.lsoa = ARENA_NEW(&w->arena, struct text, s.room);
    struct byte_source *source = NULL;
    struct csv_splitter *splitter = NULL;
    static const struct csv_dialect dialect = {',', CSV_LF};
    CHECK_OK(source_open(shared_or_skip(STREET), &source, &err));
    CHECK_OK(csv_splitter_open(source, &dialect, &splitter, &err));
    for (;;) {
        struct csv_block block;
        CHECK_OK(csv_splitter_next(splitter, &block, &err));
        if (block.n == 0) {
            break;
        }
        read_block(w, &s, &block);
        memory_free(block.bytes);
    }
    csv_splitter_close(splitter);
    source_close(source);
    return s;
}

/* How many rows that name an LSOA of the layer lie in it, and how many name one. */
static size_t count_agreeing(const struct layer *l, const struct street *s, const uint32_t *placed,
                             size_t *ret_known)
{
    size_t agree = 0;
    *ret_known = 0;
    for (size_t i = 0; i < s->n; i++) {
        uint32_t own = layer_find(l, s->lsoa[i]);
        *ret_known += own != 0;
        agree += own != 0 && own == placed[i];
    }
    return agree;
}

/* The file's own codes were derived by others, with R sf, from the same published boundaries.
 * 120 m, what a forgotten datum shift costs, must show. */
static void the_street_files_codes_agree_with_its_points(void **state)
{
    (void)state;
    (void)shared_or_skip("data"); /* before anything is open */
    struct world w = world_open(1);
    (void)import_real(&w, LSOA_2011, "lsoa", "2011", "LSOA11CD", "LSOA11NM");
    const struct layer *l = layer_of(&w, "lsoa", NULL);
    struct street s = read_street(&w);
    CHECK_INT(s.n, 53832);
    int64_t *e = ARENA_NEW(&w.arena, int64_t, s.n), *n = ARENA_NEW(&w.arena, int64_t, s.n);
    uint8_t *inside = ARENA_NEW(&w.arena, uint8_t, s.n);
    uint32_t *placed = ARENA_NEW(&w.arena, uint32_t, s.n);
    struct projector *p = NULL;
    struct place_index *index = NULL;
    CHECK_OK(projector_open(&p, &err));
    CHECK_INT(project_many(p, s.n, s.longitude, s.latitude, e, n, inside), s.n);
    CHECK_OK(place_index_open(w.store, &w.arena, l, 1, &index, &err));
    CHECK_OK(place_points(index, 0, s.n, e, n, NULL, placed, &err));
    size_t known = 0, agree = count_agreeing(l, &s, placed, &known);
    print_message("of %zu rows, %zu name an LSOA of Havering; %zu (%.3f%%) lie in it\n", s.n, known,
                  agree, 100.0 * (double)agree / (double)known);
    CHECK_INT(known, 53832);
    CHECK((double)agree > 0.999 * (double)known);
    for (size_t i = 0; i < s.n; i++) {
        e[i] += 120000;
    }
    CHECK_OK(place_points(index, 0, s.n, e, n, NULL, placed, &err));
    agree = count_agreeing(l, &s, placed, &known);
    print_message("moved 120 m east, %.1f%% would\n", 100.0 * (double)agree / (double)known);
    CHECK((double)agree < 0.9 * (double)known);
    place_index_close(index);
    projector_close(p);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(londons_layers_import),
        cmocka_unit_test(areas_are_those_the_publisher_states),
        cmocka_unit_test(every_code_of_the_extracts_joins),
        cmocka_unit_test(the_street_files_codes_agree_with_its_points),
    };
    return cmocka_run_group_tests_name("place/real", tests, NULL, NULL);
}
