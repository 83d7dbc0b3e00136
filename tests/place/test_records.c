/* tests/place/test_records.c — the area of each record: evidence in order, again after any change.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "fixture.h"
#include "store/internal.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* The map is 8 km wide. LSOAs L00–L63 are 1 km squares, wards W00–W15 2 km, boroughs B00–B03 4 km.
 */
static void import_map(struct world *w)
{
    struct areas_report r;
    import_squares(w, "lsoa", "2011", "L", 8, &r);
    import_squares(w, "ward", "2018", "W", 4, &r);
    import_squares(w, "borough", "2018", "B", 2, &r);
}

/* Each row's placed code in a layer, checked against its area's code ("" = none). */
static void check_placed(struct world *w, int64_t extract, const char *type, const char *vintage,
                         const char *const *want, uint32_t rows, int64_t want_unplaced)
{
    const struct layer *l = layer_of(w, type, vintage);
    const uint32_t **chunks = NULL;
    uint32_t count = 0;
    int64_t unplaced = -1;
    CHECK_OK(placement_load(w->store, &w->arena, extract, l, &chunks, &count, &unplaced, &err));
    CHECK_INT(count, 1);
    for (uint32_t i = 0; i < rows; i++) {
        const char *got = chunks[0][i] ? l->areas[chunks[0][i] - 1].code : "";
        if (strcmp(got, want[i]) != 0) {
            fail_msg("row %u in %s: got \"%s\", expected \"%s\"", i, type, got, want[i]);
        }
    }
    CHECK_INT(unplaced, want_unplaced);
}

static int64_t disagrees(struct world *w, int64_t extract, const char *type)
{
    struct stmt *st = NULL;
    bool row = false;
    int64_t sum = 0;
    CHECK_OK(store_prepare(w->store, SQL_PLACEMENT_LIST, &st, &err));
    stmt_bind_int(st, ":extract", extract);
    stmt_bind_int(st, ":layer", layer_of(w, type, NULL)->id);
    for (;;) {
        CHECK_OK(stmt_step(st, &row, &err));
        if (!row) {
            return sum;
        }
        sum += stmt_int(st, 2);
    }
}

static void evidence_is_taken_in_order(void **state)
{
    (void)state;
    struct world w = world_open(2);
    import_map(&w);
    static const struct record records[] = {
        {551500, 186500, {"", "", ""}},               /* coordinates alone */
        {551500, 186500, {"L63", "W15", "B03"}},      /* coordinates beat codes, and disagree */
        {551500, 186500, {"L09", "W00", "B00"}},      /* and agree */
        {400000, 400000, {"L09", "W00", "B00"}},      /* outside every area: codes do not help */
        {NOWHERE, NOWHERE, {"L09", "", ""}},          /* an LSOA: the ward and borough it lies in */
        {NOWHERE, NOWHERE, {"L09", "W15", "B03"}},    /* the LSOA comes first */
        {NOWHERE, NOWHERE, {"", "W05", ""}},          /* a ward: no LSOA */
        {NOWHERE, NOWHERE, {"E01999999", "W05", ""}}, /* an LSOA of no layer is ignored */
        {NOWHERE, NOWHERE, {"", "", "B02"}},
        {NOWHERE, NOWHERE, {"", "", ""}},
        {551500, NOWHERE, {"", "W05", ""}}, /* half a coordinate is none */
        {552000, 187000, {"", "", ""}},     /* a shared corner: the lowest code */
    };
    int64_t id = add_records(&w, "offences", records, COUNT(records), 64);
    static const char *const lsoa[] = {"L09", "L09", "L09", "", "L09", "L09",
                                       "",    "",    "",    "", "",    "L09"};
    static const char *const ward[] = {"W00", "W00", "W00", "", "W00", "W00",
                                       "W05", "W05", "",    "", "W05", "W00"};
    static const char *const borough[] = {"B00", "B00", "B00", "", "B00", "B00",
                                          "B00", "B00", "B02", "", "B00", "B00"};
    check_placed(&w, id, "lsoa", NULL, lsoa, COUNT(records), 6);
    check_placed(&w, id, "ward", NULL, ward, COUNT(records), 3);
    check_placed(&w, id, "borough", NULL, borough, COUNT(records), 2);
    CHECK_INT(disagrees(&w, id, "lsoa"), 2);
    CHECK_INT(disagrees(&w, id, "ward"), 2);
    CHECK_INT(disagrees(&w, id, "borough"), 2);
    world_close(&w);
}

static void codes_go_through_look_ups_before_parents(void **state)
{
    (void)state;
    struct world w = world_open(1);
    import_map(&w);
    static const struct link links[] = {
        {"L09", "W07", (double)NAN},                                /* best fit says otherwise */
        {"OLD1", "L63", (double)NAN},                               /* old LSOA, unchanged shape */
        {"OLD2", "W03", 0.6},         {"OLD2", "W02", 0.4},         /* mostly W03 */
        {"OLD3", "W03", 0.5},         {"OLD3", "W02", 0.5},         /* no main part */
        {"OLD4", "L00", (double)NAN}, {"OLD4", "L01", (double)NAN}, /* split in one ward */
    };
    (void)add_lookup(&w, links, COUNT(links));
    static const struct record records[] = {
        {NOWHERE, NOWHERE, {"L09", "", ""}},  {NOWHERE, NOWHERE, {"OLD1", "", ""}},
        {NOWHERE, NOWHERE, {"", "OLD2", ""}}, {NOWHERE, NOWHERE, {"", "OLD3", ""}},
        {NOWHERE, NOWHERE, {"OLD4", "", ""}}, {NOWHERE, NOWHERE, {"L10", "", ""}},
    };
    int64_t id = add_records(&w, "ambulance", records, COUNT(records), 64);
    static const char *const lsoa[] = {"L09", "L63", "", "", "", "L10"};
    static const char *const ward[] = {"W07", "W15", "W03", "", "W00", "W01"};
    static const char *const borough[] = {"B01", "B03", "B01", "B01", "B00", "B00"};
    check_placed(&w, id, "lsoa", NULL, lsoa, COUNT(records), 3);
    check_placed(&w, id, "ward", NULL, ward, COUNT(records), 1);
    check_placed(&w, id, "borough", NULL, borough, COUNT(records), 0);
    world_close(&w);
}

static void records_are_placed_again_when_areas_arrive(void **state)
{
    (void)state;
    struct world w = world_open(2);
    static const struct record records[] = {{551500, 186500, {"", "", ""}},
                                            {400000, 400000, {"", "", ""}},
                                            {NOWHERE, NOWHERE, {"", "W05", ""}}};
    int64_t id = add_records(&w, "offences", records, COUNT(records), 64);
    struct areas_report r;
    import_squares(&w, "ward", "2018", "W", 4, &r);
    CHECK_INT(r.placed_rows, 2);
    CHECK_INT(r.unplaced_rows, 1);
    static const char *const old[] = {"W00", "", "W05"};
    check_placed(&w, id, "ward", "2018", old, 3, 1);
    /* New wards, half as wide: the coordinates find them, the old code does not. */
    import_squares(&w, "ward", "2022-05", "N", 8, &r);
    CHECK_INT(r.placed_rows, 1);
    CHECK_INT(r.unplaced_rows, 2);
    static const char *const new[] = {"N09", "", ""};
    check_placed(&w, id, "ward", "2018", old, 3, 1);
    check_placed(&w, id, "ward", "2022-05", new, 3, 2);
    world_close(&w);
}

static void records_are_placed_again_when_a_look_up_arrives(void **state)
{
    (void)state;
    struct world w = world_open(1);
    import_map(&w);
    static const struct record records[] = {{NOWHERE, NOWHERE, {"", "OLD", ""}}};
    static const struct link links[] = {{"OLD", "W05", (double)NAN}};
    int64_t id = add_records(&w, "offences", records, 1, 64);
    static const char *const before[] = {""}, *const after[] = {"W05"};
    check_placed(&w, id, "ward", NULL, before, 1, 1);
    int64_t lookup = add_lookup(&w, links, 1);
    CHECK_OK(store_begin(w.store, &err));
    CHECK_OK(place_extracts(w.store, &w.arena, w.pool, NULL, lookup, &err));
    CHECK_OK(store_commit(w.store, &err));
    check_placed(&w, id, "ward", NULL, after, 1, 0);
    world_close(&w);
}

static void only_records_are_placed(void **state)
{
    (void)state;
    struct world w = world_open(1);
    import_map(&w);
    static const struct record records[] = {{551500, 186500, {"L09", "W00", "B00"}}};
    static const char *const others[] = {"area-counts", "population", "indicators",
                                         "lookup",      "weights",    "calendar"};
    const uint32_t **chunks = NULL;
    uint32_t count = 0;
    int64_t unplaced = 0;
    for (size_t i = 0; i < COUNT(others); i++) {
        int64_t id = add_records(&w, others[i], records, 1, 64);
        CHECK_FAILS(placement_load(w.store, &w.arena, id, layer_of(&w, "ward", NULL), &chunks,
                                   &count, &unplaced, &err),
                    RV_NOT_FOUND);
    }
    int64_t id = add_records(&w, "stop-search", records, 1, 64);
    CHECK_OK(placement_load(w.store, &w.arena, id, layer_of(&w, "ward", NULL), &chunks, &count,
                            &unplaced, &err));
    CHECK_FAILS(placement_load(w.store, &w.arena, 999, layer_of(&w, "ward", NULL), &chunks, &count,
                               &unplaced, &err),
                RV_NOT_FOUND);
    world_close(&w);
}

enum { MANY = 5000, CHUNK = 640 };

static struct record *many_records(void)
{
    struct record *records = calloc(MANY, sizeof *records);
    static const char *const codes[] = {"", "L09", "L63", "E01999999"};
    for (int i = 0; i < MANY; i++) {
        bool has = i % 5 != 0;
        records[i] = (struct record){has ? WEST_M + (i * 37) % 8200 : NOWHERE,
                                     has ? SOUTH_M + (i * 91) % 8100 : NOWHERE,
                                     {codes[i % 4], i % 7 ? "" : "W05", i % 11 ? "" : "B01"}};
    }
    return records;
}

/* SHA-256 of everything that place_extracts stored. */
static void placement_digest(struct world *w, int64_t extract, char out[SHA256_HEX + 1])
{
    struct sha256 h = {NULL};
    struct layer *layers = NULL;
    size_t count = 0;
    CHECK_OK(layers_load(w->store, &w->arena, &layers, &count, &err));
    CHECK_OK(sha256_init(&h, &err));
    for (size_t i = 0; i < count; i++) {
        struct stmt *st = NULL;
        bool row = false;
        CHECK_OK(store_prepare(w->store, SQL_PLACEMENT_LIST, &st, &err));
        stmt_bind_int(st, ":extract", extract);
        stmt_bind_int(st, ":layer", layers[i].id);
        for (;;) {
            CHECK_OK(stmt_step(st, &row, &err));
            if (!row) {
                break;
            }
            const int64_t numbers[4] = {stmt_int(st, 0), stmt_int(st, 1), stmt_int(st, 2),
                                        stmt_int(st, 3)};
            struct text bytes = stmt_blob(st, 4);
            CHECK_OK(sha256_add(&h, numbers, sizeof numbers, &err));
            CHECK_OK(sha256_add(&h, bytes.at, bytes.n, &err));
        }
    }
    CHECK_OK(sha256_hex(&h, out, &err));
}

static void threads_do_not_change_a_byte(void **state)
{
    (void)state;
    struct record *records = many_records();
    char first[SHA256_HEX + 1], again[SHA256_HEX + 1];
    for (size_t threads = 1; threads <= 4; threads++) {
        struct world w = world_open(threads);
        import_map(&w);
        int64_t id = add_records(&w, "offences", records, MANY, CHUNK);
        placement_digest(&w, id, threads == 1 ? first : again);
        if (threads > 1) {
            CHECK_STRING(again, first);
        }
        world_close(&w);
    }
    free(records);
}

static void a_draft_is_placed_as_its_extract_would_be(void **state)
{
    (void)state;
    struct record *records = many_records();
    char first[SHA256_HEX + 1], again[SHA256_HEX + 1];
    for (size_t threads = 1; threads <= 3; threads++) {
        struct world w = world_open(threads);
        import_map(&w);
        int64_t id = add_records(&w, "offences", records, MANY, CHUNK);
        placement_digest(&w, id, first);
        w.places_drafts = true;
        id = add_records(&w, "offences", records, MANY, CHUNK);
        placement_digest(&w, id, again);
        CHECK_STRING(again, first);
        world_close(&w);
    }
    free(records);
}

static void import_new_wards(struct world *w)
{
    struct areas_report r;
    import_squares(w, "ward", "2022-05", "N", 8, &r);
}

static void import_link(struct world *w)
{
    static const struct link links[] = {{"OLD", "W05", (double)NAN}};
    (void)add_lookup(w, links, 1);
}

static void a_draft_is_placed_again_when_areas_or_look_ups_came_meanwhile(void **state)
{
    (void)state;
    static const struct record records[] = {{551500, 186500, {"", "", ""}},
                                            {NOWHERE, NOWHERE, {"", "OLD", ""}}};
    static const char *const plain[] = {"W00", ""}, *const led[] = {"W00", "W05"},
                             *const new[] = {"N09", ""};
    struct world w = world_open(2);
    import_map(&w);
    w.places_drafts = true;
    w.between = import_new_wards;
    int64_t id = add_records(&w, "offences", records, 2, 64);
    check_placed(&w, id, "ward", "2018", plain, 2, 1);
    check_placed(&w, id, "ward", "2022-05", new, 2, 1);
    w.between = import_link;
    id = add_records(&w, "offences", records, 2, 64);
    check_placed(&w, id, "ward", "2018", led, 2, 0);
    world_close(&w);
}

/* Every row against arithmetic on the map, over many chunks. */
static void every_row_of_many_chunks_is_where_the_map_says(void **state)
{
    (void)state;
    struct record *records = many_records();
    struct world w = world_open(2);
    import_map(&w);
    int64_t id = add_records(&w, "offences", records, MANY, CHUNK);
    const struct layer *l = layer_of(&w, "lsoa", NULL);
    const uint32_t **chunks = NULL;
    uint32_t count = 0;
    int64_t unplaced = 0, none = 0;
    CHECK_OK(placement_load(w.store, &w.arena, id, l, &chunks, &count, &unplaced, &err));
    CHECK_INT(count, (MANY + CHUNK - 1) / CHUNK);
    for (int i = 0; i < MANY; i++) {
        const struct record *at = &records[i];
        double x = (at->e - WEST_M) / 1000, y = (at->n - SOUTH_M) / 1000;
        uint32_t want;
        if (isnan(at->e)) {
            want = layer_find(l, text_of(at->codes[0]));
        } else if (x > 8 || y > 8) {
            want = 0;
        } else {
            /* On an edge the lower code, which is the square to the south or west. */
            uint32_t column = x > 0 ? (uint32_t)ceil(x) - 1 : 0,
                     row = y > 0 ? (uint32_t)ceil(y) - 1 : 0;
            want = row * 8 + column + 1;
        }
        CHECK_INT(chunks[i / CHUNK][i % CHUNK], want);
        none += want == 0;
    }
    CHECK_INT(unplaced, none);
    CHECK(none > 100);
    free(records);
    world_close(&w);
}

static void a_damaged_placement_is_noticed(void **state)
{
    (void)state;
    struct world w = world_open(1);
    import_map(&w);
    static const struct record records[] = {{551500, 186500, {"L09", "W00", "B00"}}};
    int64_t id = add_records(&w, "offences", records, 1, 64);
    assert_int_equal(sqlite3_exec(w.store->db,
                                  "UPDATE placement SET bytes = zeroblob(length(bytes))", NULL,
                                  NULL, NULL),
                     SQLITE_OK);
    const uint32_t **chunks = NULL;
    uint32_t count = 0;
    int64_t unplaced = 0;
    CHECK_FAILS(placement_load(w.store, &w.arena, id, layer_of(&w, "ward", NULL), &chunks, &count,
                               &unplaced, &err),
                RV_DAMAGED);
    world_close(&w);
}

static void cancelling_leaves_the_placements_as_they_were(void **state)
{
    (void)state;
    struct world w = world_open(2);
    import_map(&w);
    struct record *records = many_records();
    int64_t id = add_records(&w, "offences", records, MANY, CHUNK);
    char before[SHA256_HEX + 1], after[SHA256_HEX + 1];
    placement_digest(&w, id, before);
    struct progress progress = {.step = NULL};
    progress_cancel(&progress);
    CHECK_OK(store_begin(w.store, &err));
    CHECK_FAILS(place_extracts(w.store, &w.arena, w.pool, &progress, 0, &err), RV_INTERRUPTED);
    store_rollback(w.store);
    placement_digest(&w, id, after);
    CHECK_STRING(after, before);
    free(records);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(evidence_is_taken_in_order),
        cmocka_unit_test(codes_go_through_look_ups_before_parents),
        cmocka_unit_test(records_are_placed_again_when_areas_arrive),
        cmocka_unit_test(records_are_placed_again_when_a_look_up_arrives),
        cmocka_unit_test(only_records_are_placed),
        cmocka_unit_test(threads_do_not_change_a_byte),
        cmocka_unit_test(a_draft_is_placed_as_its_extract_would_be),
        cmocka_unit_test(a_draft_is_placed_again_when_areas_or_look_ups_came_meanwhile),
        cmocka_unit_test(every_row_of_many_chunks_is_where_the_map_says),
        cmocka_unit_test(a_damaged_placement_is_noticed),
        cmocka_unit_test(cancelling_leaves_the_placements_as_they_were),
    };
    return cmocka_run_group_tests_name("place/records", tests, NULL, NULL);
}
