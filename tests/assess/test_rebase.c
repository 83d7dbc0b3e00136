/* tests/assess/test_rebase.c — weights by hand, whole numbers that keep totals by property.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/rebasing.h"
#include "fixture.h"
#include "store/verify.h"

#include <math.h>

#define NOW           "2026-01-02T03:04:05Z"
#define COUNT_COLUMNS "area_code:c category:c period_from:t period_to:t count:i"
#define WIDE          1200 /* of an old ward: five LSOAs of 240 m */

static struct rv_err err;

/* ---- a small London ---- */

/* Two boroughs side by side, three old wards each; the new borders lie `shift` metres further
 * east inside a borough, never between boroughs. Residents: 100, 110, 120, … along the row. */
static void open_wards(struct fixture *f, size_t threads, int shift)
{
    static const char *const olds[] = {"E05000001", "E05000002", "E05000003",
                                       "E05000004", "E05000005", "E05000006"};
    static const char *const news[] = {"E05000001", "E05100002", "E05100003",
                                       "E05100004", "E05100005", "E05000006"};
    static char codes[30][12];
    struct fixture_box boroughs[2], old[6], new[6], lsoas[30];
    char rows[30 * 40] = "";
    for (int i = 0; i < 6; i++) {
        int west = i * WIDE + (i % 3 ? shift : 0), east = (i + 1) * WIDE + (i % 3 < 2 ? shift : 0);
        old[i] = (struct fixture_box){olds[i], i * WIDE, 0, WIDE, 1000};
        new[i] = (struct fixture_box){news[i], west, 0, east - west, 1000};
    }
    boroughs[0] = (struct fixture_box){"E09000002", 0, 0, 3 * WIDE, 1000};
    boroughs[1] = (struct fixture_box){"E09000003", 3 * WIDE, 0, 3 * WIDE, 1000};
    for (int i = 0; i < 30; i++) {
        (void)snprintf(codes[i], sizeof codes[i], "E010000%02d", i);
        lsoas[i] = (struct fixture_box){codes[i], i * WIDE / 5, 0, WIDE / 5, 1000};
        size_t at = strlen(rows);
        (void)snprintf(rows + at, sizeof rows - at, "%s|2021|%d\n", codes[i], 100 + 10 * i);
    }
    fixture_open(f, threads);
    fixture_layer(f, "borough", "2018", boroughs, 2);
    fixture_layer(f, "ward", "2018", old, 6);
    fixture_layer(f, "ward", "2022-05", new, 6);
    fixture_layer(f, "lsoa", "2021", lsoas, 30);
    fixture_extract(f, "population", "census", "area_code:c year:i persons:i", rows, NULL);
}

static rv_status make(struct fixture *f, enum apportion_basis basis, double sliver,
                      struct rebasing *ret)
{
    struct held h;
    CHECK_OK(held_load(f->store, &f->arena, f->pool, NULL, &h, &err));
    struct rebasing_options o = {
        .from = layer_choose(h.layers, h.layer_count, "ward", "2018", 0),
        .to = layer_choose(h.layers, h.layer_count, "ward", "2022-05", 0),
        .basis = basis,
        .sliver_m = sliver,
    };
    RV_TRY(rebasing_make(&h, &o, NOW, ret, &err));
    return rebase_store(f->store, &ret->rebase, &err);
}

/* ---- weights ---- */

static void weights_by_hand(void **state)
{
    (void)state;
    struct fixture f;
    struct rebasing r;
    open_wards(&f, 1, 240);
    CHECK_OK(make(&f, APPORTION_POPULATION, REBASING_SLIVER_M, &r));
    CHECK_INT(r.unchanged + r.merged + r.split + r.outside, 6);
    CHECK_INT(r.split, 4);
    CHECK_INT(r.merged, 2); /* the first ward of each borough keeps all and is given more */
    CHECK_INT(r.clearly, 4);
    CHECK_NEAR(r.crossing, 0, 0);
    CHECK_NEAR(r.nowhere, 0, 0);
    /* The second ward has LSOAs 5 to 9, 150 to 190 residents; the first of them changes sides. */
    size_t n = 0;
    const struct rebase_part *parts = rebase_parts(&r.rebase, 1, &n);
    CHECK_INT(n, 2);
    CHECK_INT(parts[0].parts, llround(150.0 / 850 * REBASE_WHOLE));
    CHECK_INT(parts[0].parts + parts[1].parts, REBASE_WHOLE);
    CHECK(!parts[0].is_main && parts[1].is_main);
    CHECK_NEAR(parts[0].persons, 150, 1e-9);
    CHECK_NEAR(parts[0].area_m2, 240e3, 1e-9);
    /* Residents of LSOAs 5, 10, 20 and 25 of all 7,350. */
    CHECK_NEAR(r.moved, (150 + 200 + 300 + 350) / 7350.0, 1e-5);
    CHECK_OK(make(&f, APPORTION_AREA, REBASING_SLIVER_M, &r));
    CHECK_INT(rebase_parts(&r.rebase, 1, &n)[0].parts, 200000);
    CHECK_NEAR(r.moved, 4 * 0.2 / 6, 1e-9);
    CHECK(r.rebase.population[0] == '\0');
    fixture_close(&f);
}

static void slivers(void **state)
{
    (void)state;
    struct fixture f;
    struct rebasing r;
    open_wards(&f, 1, 24); /* a strip of 24 m by 1,000 m is 23.4 m wide on average */
    CHECK_OK(make(&f, APPORTION_AREA, 23.5, &r));
    CHECK_INT(r.unchanged, 6);
    CHECK_INT(r.rebase.slivers, 4);
    CHECK_NEAR(r.rebase.slivers_m2, 4 * 24e3, 1e-9);
    CHECK_NEAR(r.slivers[0].width_m, 2 * 24e3 / 2048, 1e-9);
    CHECK_OK(make(&f, APPORTION_AREA, 23.4, &r));
    CHECK_INT(r.split, 4);
    CHECK_INT(r.rebase.slivers, 0);
    fixture_close(&f);
}

static void no_population(void **state)
{
    (void)state;
    struct fixture f;
    struct rebasing r = {.split = 77};
    fixture_open(&f, 1);
    fixture_areas(&f, 2, "2018", "2018", NULL);
    fixture_wards_again(&f, 2, "2022-05");
    CHECK_FAILS(make(&f, APPORTION_POPULATION, 25, &r), RV_NOT_FOUND);
    CHECK(strstr(err.message, "--by area") != NULL);
    CHECK_INT(r.split, 77);
    CHECK_OK(make(&f, APPORTION_AREA, 25, &r));
    CHECK_INT(r.unchanged, 8);
    fixture_close(&f);
}

/* ---- tables ---- */

static double total(const struct result_table *t, const char *borough, const char *month,
                    const char *category)
{
    double sum = 0;
    for (size_t i = 0; i < t->row_count; i++) {
        const struct result_cell *c = &t->cells[i * t->column_count];
        bool is_it = strcmp(c[0].text, month) == 0 && strcmp(c[1].text, category) == 0 &&
                     (!borough || strcmp(c[2].text, borough) == 0);
        CHECK(!is_it || c[4].number == floor(c[4].number));
        sum += is_it ? c[4].number : 0;
    }
    return sum;
}

/* Random counts of six wards, two categories and twelve months, some in no ward. */
static void add_counts(struct fixture *f, uint64_t seed)
{
    static const char *const wards[] = {"E05000001", "E05000002", "E05000003", "E05000004",
                                        "E05000005", "E05000006", "E05999999"};
    char *rows = arena_new(&f->arena, 12 * 2 * 7, 48), *at = rows;
    CHECK(rows != NULL);
    for (int month = 1; month <= 12; month++) {
        for (int k = 0; k < 14; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            at += sprintf(at, "%s|%s|2021-%02d|2021-%02d|%d\n", wards[k / 2],
                          k % 2 ? "Theft" : "Arson", month, month,
                          (int)(seed >> 33) % (k % 2 ? 60 : 4));
        }
    }
    fixture_extract(f, "area-counts", "wards", COUNT_COLUMNS, rows, "2021-01..2021-12");
}

static void check_totals(struct fixture *f)
{
    static const char by[] = "--kind area-counts --by month,category,borough,ward --vintage ";
    struct result_table old, new;
    char words[128];
    (void)snprintf(words, sizeof words, "%s2018", by);
    CHECK_OK(fixture_table(f, words, &old, &err));
    (void)snprintf(words, sizeof words, "%s2022-05", by);
    CHECK_OK(fixture_table(f, words, &new, &err));
    CHECK_INT(new.column_count, old.column_count + 1);
    for (int month = 1; month <= 12; month++) {
        for (int k = 0; k < 2; k++) {
            static const char *const boroughs[] = {"E09000002", "E09000003", "unplaced", NULL};
            const char *category = k ? "Theft" : "Arson";
            char label[16];
            (void)snprintf(label, sizeof label, "2021-%02d", month);
            for (int b = 0; b < 4; b++) {
                CHECK_NEAR(total(&new, boroughs[b], label, category),
                           total(&old, boroughs[b], label, category), 0);
            }
        }
    }
}

static void totals_are_kept(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct fixture f;
        struct rebasing r;
        open_wards(&f, 1 + seed % 2, 60 + 83 * (int)seed);
        add_counts(&f, seed);
        CHECK_OK(make(&f, seed % 3 ? APPORTION_POPULATION : APPORTION_AREA, 25, &r));
        check_totals(&f);
        struct verify_result verified;
        CHECK_OK(store_verify(f.store, &f.arena, NULL, &verified, &err));
        CHECK_INT(verified.fault_count, 0);
        fixture_close(&f);
    }
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    struct fixture f[2];
    struct result_table t[2];
    for (size_t i = 0; i < 2; i++) {
        struct rebasing r;
        open_wards(&f[i], i ? 4 : 1, 240);
        add_counts(&f[i], 99);
        CHECK_OK(make(&f[i], APPORTION_POPULATION, 25, &r));
        CHECK_OK(fixture_table(&f[i], "--kind area-counts --by month,ward --vintage 2022-05", &t[i],
                               &err));
    }
    CHECK_INT(t[0].row_count, t[1].row_count);
    for (size_t i = 0; i < t[0].row_count * t[0].column_count; i++) {
        bool is_nan = isnan(t[0].cells[i].number) && isnan(t[1].cells[i].number);
        CHECK(is_nan || t[0].cells[i].number == t[1].cells[i].number);
    }
    fixture_close(&f[0]);
    fixture_close(&f[1]);
}

/* 10 and 11 events of wards 2 and 3; a fifth of each goes one to the west: 2, 8 + 2.2, 8.8. */
static void cells_by_hand(void **state)
{
    (void)state;
    struct fixture f;
    struct rebasing r;
    struct result_table t;
    open_wards(&f, 1, 240);
    fixture_extract(&f, "area-counts", "wards", COUNT_COLUMNS,
                    "E05000002|Theft|2021-01|2021-01|10\nE05000003|Theft|2021-01|2021-01|11\n",
                    "2021-01");
    CHECK_OK(make(&f, APPORTION_AREA, 25, &r));
    CHECK_OK(fixture_table(&f, "--kind area-counts --by ward --vintage 2022-05 --area E09000002",
                           &t, &err));
    CHECK_NEAR(fixture_cell(&t, "E05000001", "count"), 2, 0);
    CHECK_NEAR(fixture_cell(&t, "E05100002", "count"), 10, 0);
    CHECK_NEAR(fixture_cell(&t, "E05100003", "count"), 9, 0);
    CHECK_NEAR(fixture_cell(&t, "E05000001", "moved"), 1, 0);
    CHECK_NEAR(fixture_cell(&t, "E05100002", "moved"), 2.2 / 10.2, 1e-12);
    CHECK_NEAR(fixture_cell(&t, "E05100003", "moved"), 0, 0);
    bool is_said = false;
    for (size_t i = 0; i < t.note_count; i++) {
        is_said = is_said || (strstr(t.notes[i], "Re-based from the areas (ward) of 2018") &&
                              strstr(t.notes[i], "Of 21 events 4 (20.0%)"));
    }
    CHECK(is_said);
    fixture_close(&f);
}

/* Only who names the vintage gets it; a code that both sets have is no way around. */
static void never_unasked(void **state)
{
    (void)state;
    struct fixture f;
    struct rebasing r;
    struct result_table t;
    open_wards(&f, 1, 240);
    fixture_extract(&f, "area-counts", "wards", COUNT_COLUMNS,
                    "E05000001|Theft|2022-06|2022-06|5\nE05000002|Theft|2022-06|2022-06|10\n",
                    "2022-06");
    static const char unasked[] = "--kind area-counts --by ward --period 2022-06";
    CHECK_FAILS(fixture_table(&f, unasked, &t, &err), RV_REFUSED);
    CHECK(strstr(err.message, "reeve areas FILE --rebase ward:2018 --to ward:2022-05") != NULL);
    CHECK_OK(make(&f, APPORTION_AREA, 25, &r));
    CHECK_FAILS(fixture_table(&f, unasked, &t, &err), RV_REFUSED);
    CHECK(strstr(err.message, "--vintage 2022-05") != NULL);
    CHECK_OK(fixture_table(&f, "--kind area-counts --by ward --vintage 2022-05", &t, &err));
    CHECK_NEAR(fixture_cell(&t, "E05000001", "count"), 7, 0); /* its own 5 and 2 of its neighbour */
    fixture_close(&f);
}

static void damage_is_found(void **state)
{
    (void)state;
    struct fixture f;
    struct rebasing r;
    struct held h;
    open_wards(&f, 1, 240);
    CHECK_OK(make(&f, APPORTION_AREA, 25, &r));
    r.rebase.parts[0].parts -= 1;
    CHECK_OK(rebase_store(f.store, &r.rebase, &err));
    CHECK_FAILS(held_load(f.store, &f.arena, f.pool, NULL, &h, &err), RV_DAMAGED);
    struct verify_result verified;
    CHECK_OK(store_verify(f.store, &f.arena, NULL, &verified, &err));
    CHECK_INT(verified.fault_count, 1);
    CHECK(strstr(verified.faults[0].what, "not a whole") != NULL);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_by_hand), cmocka_unit_test(slivers),
        cmocka_unit_test(no_population),   cmocka_unit_test(totals_are_kept),
        cmocka_unit_test(cells_by_hand),   cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(never_unasked),   cmocka_unit_test(damage_is_found),
    };
    return cmocka_run_group_tests_name("assess/rebase", tests, NULL, NULL);
}
