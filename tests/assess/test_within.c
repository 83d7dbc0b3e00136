/* tests/assess/test_within.c — a cube about one area, counted over its rows alone, is the cube that
 * is counted over all rows. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/joined.h"
#include "assess/within.h"
#include "base/buf.h"
#include "define/vocabulary.h"
#include "fixture.h"

static struct rv_err err;

enum { BOROUGHS = 3, OFFENCES = 900, GIVEN = 3, MOST = 5 };
static const char *const groups[] = {"abh", "rape", "theft", ""};

static const char DEFINITION[] =
    "{\"definition\": \"test\", \"version\": \"2026-01\", \"title\": \"A test\",\n"
    " \"profiles\": [{\"id\": \"young\", \"title\": \"Young\", \"offences\": [\"abh\", \"rape\"],\n"
    "   \"any_person\": {\"roles\": [\"victim\"], \"age_below\": 25}}]}";

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* One offence and its people; some lie nowhere, some have no date or time, some nobody. */
static void put_offence(struct buf *offences, struct buf *persons, int id, uint32_t *seed)
{
    int64_t e = 100000000, n = 100000000; /* outside every area */
    unsigned borough = next(seed) % (BOROUGHS + 1), people = next(seed) % 3;
    unsigned month = next(seed) % 24, day = next(seed) % 28 + 1;
    if (borough > 0) {
        fixture_point((int)borough, (int)(next(seed) % 4) + 1, (int)(next(seed) % 4) + 1, &e, &n);
    }
    buf_printf(offences, "o%d|%u-%02u-%02u|", id, 2021 + month / 12, month % 12 + 1, day);
    if (next(seed) % 5 > 0) {
        buf_printf(offences, "%u-%02u-%02uT%02u:30", 2021 + month / 12, month % 12 + 1, day,
                   next(seed) % 24);
    }
    buf_printf(offences, "|%s|%s|%s|Shop %u|%lld|%lld\n", groups[next(seed) % 4],
               next(seed) % 3 ? "" : "knife;domestic-abuse", next(seed) % 4 ? "" : "accused",
               next(seed) % 9, (long long)e / 1000, (long long)n / 1000);
    for (unsigned p = 0; p < people; p++) {
        buf_printf(persons, "o%d|%s|", id, next(seed) % 2 ? "victim" : "suspect");
        if (next(seed) % 6 > 0) {
            buf_printf(persons, "%u", next(seed) % 80);
        }
        buf_printf(persons, "|%s\n", next(seed) % 3 ? next(seed) % 2 ? "male" : "female" : "");
    }
}

/* Two extracts of offences, and people of both in one. */
static void put_records(struct fixture *f)
{
    static const char COLUMNS[] =
        "offence_id:x recorded_at:t committed_from:t offence_group:c flags:c "
        "outcome:c venue_name:c easting:m northing:m";
    struct buf offences RV_CLEANUP(buf_done), persons RV_CLEANUP(buf_done);
    uint32_t seed = 11;
    buf_init(&offences, 1u << 20);
    buf_init(&persons, 1u << 20);
    for (int i = 0; i < OFFENCES; i++) {
        put_offence(&offences, &persons, i, &seed);
        if (i == OFFENCES / 3) {
            fixture_extract(f, "offences", "police", COLUMNS, offences.bytes, "2021-01..2022-12");
            buf_clear(&offences);
        }
    }
    fixture_extract(f, "offences", "police", COLUMNS, offences.bytes, "2021-01..2022-12");
    fixture_extract(f, "persons", "police", "offence_id:x role:c age:i sex:c", persons.bytes, NULL);
    fixture_place(f);
    struct definition d;
    CHECK_OK(definition_read(&f->arena, "test", text_of(DEFINITION), &d, &err));
    CHECK_OK(adopt_definition(f->store, &f->arena, &d, "a test", "2026-01-01T00:00:00Z", &err));
}

struct asked {
    const char *what;
    enum cube_unit unit;
    bool is_joined, has_members, is_of_event;
    size_t axis_count;
    struct cube_axis axes[MOST];
};

static const int ages[] = {0, 18, 25, 65};
static const char *const sexes[] = {"female", "male", "other", NULL};
static uint8_t given[OFFENCES];
static struct month_range years[] = {{2021 * 12, 2021 * 12 + 11}, {2022 * 12, 2022 * 12 + 11}};

#define VALUE(word)                                                                                \
    {                                                                                              \
        .kind = AXIS_VALUE, .name = (word), .column = (word)                                       \
    }
#define YEAR                                                                                       \
    {                                                                                              \
        .kind = AXIS_TIME, .name = "year", .buckets = years, .bucket_count = 2                     \
    }

static const struct asked QUESTIONS[] = {
    {.what = "values and years", .axis_count = 3, .axes = {VALUE("offence_group"), YEAR}},
    {.what = "areas",
     .axis_count = 3,
     .axes = {{.kind = AXIS_AREA, .name = "ward"}, VALUE("venue_name")}},
    {.what = "points, sparse in all but name",
     .axis_count = 3,
     .axes = {{.kind = AXIS_POINT, .name = "point"}, VALUE("venue_name")}},
    {.what = "members, hours and weapons",
     .is_joined = true,
     .has_members = true,
     .axis_count = 4,
     .axes = {{.kind = AXIS_HOUR, .name = "hour", .date = CUBE_COMMITTED},
              {.kind = AXIS_WEAPON, .name = "weapon"},
              {.kind = AXIS_OUTCOME, .name = "outcome"}}},
    {.what = "accused by codes of the caller",
     .unit = UNIT_ACCUSED,
     .is_joined = true,
     .axis_count = 3,
     .axes = {{.kind = AXIS_GIVEN, .name = "given", .given = given, .given_size = GIVEN}, YEAR}},
    {.what = "people",
     .unit = UNIT_PERSON,
     .is_joined = true,
     .axis_count = 5,
     .axes = {{.kind = AXIS_GIVEN, .name = "given", .given = given, .given_size = GIVEN},
              {.kind = AXIS_PERSON, .name = "sex", .column = "sex"},
              {.kind = AXIS_AGE, .name = "age", .ages = ages, .age_count = 4},
              {.kind = AXIS_FLAG, .name = "flag"}}},
    {.what = "by the time of the event, those without it counted",
     .is_of_event = true,
     .axis_count = 2,
     .axes = {VALUE("offence_group")}},
};

static void ask(struct held *h, const struct source *source, const struct joined *j,
                const struct asked *q, struct cube *ret)
{
    static const char *const inside[] = {"inside"};
    struct cube_axis *axes = ARENA_NEW(h->arena, struct cube_axis, MOST);
    memcpy(axes, q->axes, sizeof q->axes);
    const struct layer *boroughs = layer_choose(h->layers, h->layer_count, "borough", NULL, 24264);
    const struct layer *wards = layer_choose(h->layers, h->layer_count, "ward", NULL, 24264);
    axes[q->axis_count - 1] = (struct cube_axis){.kind = AXIS_WITHIN,
                                                 .name = "inside",
                                                 .layer = boroughs,
                                                 .inside = 2,
                                                 .wanted = inside,
                                                 .wanted_count = 1,
                                                 .is_filter = true};
    for (size_t k = 0; k < q->axis_count; k++) {
        axes[k].layer = axes[k].kind == AXIS_AREA ? wards : axes[k].layer;
        axes[k].closed = axes[k].kind == AXIS_OUTCOME  ? OFFENCE_OUTCOMES
                         : axes[k].kind == AXIS_PERSON ? sexes
                                                       : NULL;
        for (size_t c = 0; axes[k].closed && axes[k].closed[c]; c++) {
            axes[k].closed_count++;
        }
    }
    struct cube_query query = {.source = source,
                               .axes = axes,
                               .axis_count = q->axis_count,
                               .period = {2021 * 12 + 2, 2022 * 12 + 9},
                               .date = q->is_of_event ? CUBE_COMMITTED : CUBE_RECORDED,
                               .unit = q->unit,
                               .role = ROLE_VICTIM,
                               .members = q->has_members ? 1 : 0,
                               .joined = q->is_joined ? j : NULL};
    CHECK_INT(within_answers(h, &query), h->within && !q->is_of_event);
    CHECK_OK(cube_build(h, &query, ret, &err));
    for (size_t k = 0; k < q->axis_count; k++) {
        CHECK(axes[k].given == q->axes[k].given); /* the caller's own again */
    }
}

static void check_same(const struct asked *q, const struct cube *x, const struct cube *y)
{
    int64_t sum = 0;
    CHECK_INT(x->cell_count, y->cell_count);
    CHECK_INT(x->unknown, y->unknown);
    CHECK_INT(x->undated, y->undated);
    for (size_t k = 0; k < x->axis_count; k++) {
        CHECK_INT(x->axes[k].size, y->axes[k].size);
        for (uint32_t c = 0; x->axes[k].kind != AXIS_GIVEN && c < x->axes[k].size; c++) {
            CHECK_STRING(x->axes[k].labels[c], y->axes[k].labels[c]);
        }
    }
    for (uint64_t c = 0; c < x->cell_count; c++) {
        CHECK_INT(x->cells[c], y->cells[c]);
        sum += x->cells[c];
    }
    if (sum == 0) {
        fail_msg("nothing is counted: %s", q->what);
    }
}

static void cubes_of_the_area_are_those_of_the_whole(void **state)
{
    (void)state;
    for (size_t threads = 1; threads <= 2; threads++) {
        struct fixture f;
        struct held whole, cut;
        struct source *sources = NULL;
        const struct joined *joined = NULL;
        size_t count = 0;
        fixture_open(&f, threads);
        fixture_areas(&f, BOROUGHS, "2018", "2018", NULL);
        put_records(&f);
        for (size_t i = 0; i < OFFENCES; i++) {
            given[i] = (uint8_t)(i % GIVEN);
        }
        CHECK_OK(held_load(f.store, &f.arena, f.pool, NULL, &whole, &err));
        CHECK_OK(held_load(f.store, &f.arena, f.pool, NULL, &cut, &err));
        CHECK_OK(sources_load(f.store, &f.arena, "offences", &sources, &count, &err));
        CHECK_OK(held_joined_of(&whole, sources, &joined, &err));
        CHECK_OK(within_begin(
            &cut, layer_choose(cut.layers, cut.layer_count, "borough", NULL, 24264), 2, &err));
        for (size_t i = 0; i < sizeof QUESTIONS / sizeof *QUESTIONS; i++) {
            struct cube x, y;
            ask(&whole, sources, joined, &QUESTIONS[i], &x);
            ask(&cut, sources, joined, &QUESTIONS[i], &y);
            check_same(&QUESTIONS[i], &x, &y);
        }
        fixture_close(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cubes_of_the_area_are_those_of_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
