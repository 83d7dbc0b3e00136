/* tests/place/test_real.c — London's published boundaries and police.uk points.
 *
 * Reads ../shared/data where it is there and says so where it is not. The numbers are facts of the
 * files (see their SOURCE.md). SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/memory.h"
#include "base/parse.h"
#include "check.h"
#include "fixture.h"
#include "read/csv.h"

#define LSOA_2011 "data/boundaries-lsoa-2011/havering_lsoa11_E09000016.geojson"
#define STREET    "data/police-street-london-2016-2018/havering-street_2016-01_2018-06.csv"

static struct areas_report import_real(struct world *w, const char *relative, const char *type,
                                       const char *vintage, const char *code, const char *name)
{
    const char *path = shared_or_skip(relative);
    struct areas_options options = {type, vintage, code, name};
    struct areas_report r;
    CHECK_OK(areas_import(w->store, &w->arena, w->pool, NULL, path, &options, NOW, &r, &err));
    for (size_t i = 0; i < r.note_count; i++) {
        print_message("%s: %s\n", r.notes[i].code, r.notes[i].note);
    }
    return r;
}

static void londons_layers_import(void **state)
{
    (void)state;
    static const struct {
        const char *file, *type, *vintage, *code, *name;
        uint32_t areas;
        double least_km2, most_km2; /* of all areas together */
    } files[] = {
        {"data/boundaries-boroughs/london-2021-lad22-gen20.wgs84.geojson", "borough", "2021",
         "LAD22CD", "LAD22NM", 33, 1565, 1600},
        {"data/boundaries-wards-2018/London_Ward_2018.wgs84.geojson", "ward", "2018", "GSS_CODE",
         "NAME", 657, 1565, 1600},
        {"data/boundaries-wards-current/london_wards_drkane_E12000007.geojson", "ward", "2025-05",
         "WD25CD", "WD25NM", 704, 1565, 1600},
        {LSOA_2011, "lsoa", "2011", "LSOA11CD", "LSOA11NM", 150, 110, 116},
        {"data/boundaries-lsoa-2021/havering_lsoa21_E09000016.geojson", "lsoa", "2021", "LSOA21CD",
         "LSOA21NM", 153, 110, 116},
    };
    struct world w = world_open(2);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct areas_report r = import_real(&w, files[i].file, files[i].type, files[i].vintage,
                                            files[i].code, files[i].name);
        CHECK_INT(r.areas, files[i].areas);
        CHECK_STRING(r.crs, "EPSG:4326");
        const struct layer *l = layer_of(&w, files[i].type, files[i].vintage);
        double km2 = 0;
        for (uint32_t k = 0; k < l->count; k++) {
            km2 += l->areas[k].area_m2 / 1e6;
        }
        print_message("%s %s: %u areas, %u parts, %u holes, %u repaired, %.1f km2\n", files[i].type,
                      files[i].vintage, r.areas, r.parts, r.holes, r.repaired, km2);
        CHECK(km2 > files[i].least_km2 && km2 < files[i].most_km2);
    }
    /* Havering's 18 wards of 2018, 20 of now and 150 and 153 LSOAs lie in Havering. */
    const struct layer *borough = layer_of(&w, "borough", NULL);
    uint32_t havering = layer_find(borough, text_of("E09000016"));
    CHECK_STRING(borough->areas[havering - 1].name, "Havering");
    static const struct {
        const char *type, *vintage;
        uint32_t inside;
    } within[] = {{"ward", "2018", 18},
                  {"ward", "2025-05", 20},
                  {"lsoa", "2011", 150},
                  {"lsoa", "2021", 153}};
    for (size_t i = 0; i < sizeof within / sizeof within[0]; i++) {
        uint32_t *parents = NULL, count = 0;
        const struct layer *l = layer_of(&w, within[i].type, within[i].vintage);
        CHECK_OK(layer_parents(w.store, &w.arena, l, borough, &parents, &err));
        for (uint32_t k = 0; k < l->count; k++) {
            CHECK(parents[k] != 0);
            count += parents[k] == havering;
        }
        CHECK_INT(count, within[i].inside);
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
        cmocka_unit_test(the_street_files_codes_agree_with_its_points),
    };
    return cmocka_run_group_tests_name("place/real", tests, NULL, NULL);
}
