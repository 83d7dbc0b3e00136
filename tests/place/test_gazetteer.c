/* tests/place/test_gazetteer.c — readings, spelling, and which place a text means.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "check.h"
#include "place/match.h"
#include "place/reading.h"

#include <stdlib.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static struct rv_err err;

/* ---- readings ---- */

static void only_words_that_may_name_a_place_are_kept(void **state)
{
    (void)state;
    static const struct {
        const char *type, *raw, *want;
        unsigned aside;
    } CASES[] = {
        {"street", "Outside the King's Arms, South St., Romford", "kings arms south st romford", 0},
        {"street", "O/S KINGS ARMS", "kings arms", 0},
        {"street", "jct of Mawney Rd & Western Road", "mawney road western road", 0},
        {"street", "nr Romford Stn", "romford station", 0},
        {"street", "12 South Street RM1 3AB", "south st rm1",
         1u << ASIDE_NUMBER | 1u << ASIDE_POSTCODE},
        {"street", "South Street RM13AB", "south st rm1", 1u << ASIDE_POSTCODE},
        {"street", "south st ec1a 1bb", "south st ec1a", 1u << ASIDE_POSTCODE},
        {"street", "A12 at Gallows Corner", "a12 gallows", 0},
        {"street", "call 07700 900123 or a.b@example.org", "call",
         1u << ASIDE_NUMBER | 1u << ASIDE_ADDRESS},
        {"other", "punched by John Smith outside Tesco", "tesco", 1u << ASIDE_PERSON},
        {"other", "Mr Jones of South Street", "south st", 1u << ASIDE_PERSON},
        {"other", "was walking home along South Street", "south st", 0},
        {"other", "Home Bargains, South St", "home bargains south st", 0},
        {"public house", "The Swan", "swan", 0},
        {"home", "12 South Street", "home", 1u << ASIDE_HOME},
        {"House", "", "home", 0},
        {"Private dwelling", "South Street", "home", 1u << ASIDE_HOME},
        {"street", "at home", "home", 1u << ASIDE_HOME},
        {"street", "friend's house", "home", 1u << ASIDE_HOME},
        {"street", "Flat 3, 12 Mawney Road", "home", 1u << ASIDE_HOME},
        {"street", "john's flat", "home", 1u << ASIDE_HOME},
        {"street", "own, the house", "home", 1u << ASIDE_HOME},
        {"street", "Caf\xc3\xa9 Ros\xc3\xa9, St Edward\xe2\x80\x99s Way",
         "cafe rose st edwards way", 0},
        {"street", "\xff\xfe\xc3 South\xa0Street \xf0\x9f\x98\x80", "south st", 0},
        {"street", "   ", "", 0},
        {"", "", "", 0},
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct place_reading r;
        reading_make(text_of(CASES[i].type), text_of(CASES[i].raw), &r);
        char got[READING_BYTES + 1];
        memcpy(got, r.at, r.n);
        got[r.n] = '\0';
        CHECK_STRING(got, CASES[i].want);
        if (r.aside != CASES[i].aside) {
            fail_msg("%s: set aside %x, expected %x", CASES[i].raw, r.aside, CASES[i].aside);
        }
    }
}

static uint64_t seed = 42;
static uint32_t draw(uint32_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % n;
}

/* No full postcode, no run of digits, nothing but words; a reading reads as itself. */
static void a_reading_never_holds_what_identifies(void **state)
{
    (void)state;
    static const char *const PARTS[] = {"rm1 3ab",
                                        "RM13AB",
                                        "12",
                                        "07700 900123",
                                        "943 476 5919",
                                        "south",
                                        "street",
                                        " ",
                                        ",",
                                        "/",
                                        "@x.org",
                                        "e17",
                                        "4qq",
                                        "flat",
                                        "mr",
                                        "smith",
                                        "own",
                                        "the",
                                        "house",
                                        "home",
                                        "walking",
                                        "a12",
                                        "'s",
                                        "\xc3\xa9",
                                        "by"};
    for (int run = 0; run < 20000; run++) {
        char raw[400];
        size_t n = 0;
        for (uint32_t k = 1 + draw(12); k > 0; k--) {
            const char *part = PARTS[draw(COUNT(PARTS))];
            n += (size_t)snprintf(raw + n, sizeof raw - n, "%s%s", part, draw(3) ? " " : "");
        }
        struct place_reading r, again;
        reading_make(text_of(""), (struct text){raw, n}, &r);
        reading_make(text_of(""), (struct text){r.at, r.n}, &again);
        CHECK(again.n == r.n && memcmp(again.at, r.at, r.n) == 0);
        size_t digits = 0;
        for (size_t i = 0; i < r.n; i++) {
            bool is_digit = r.at[i] >= '0' && r.at[i] <= '9';
            digits = is_digit ? digits + 1 : 0;
            CHECK(r.at[i] == ' ' || is_digit || (r.at[i] >= 'a' && r.at[i] <= 'z'));
            CHECK(digits < 5);
            CHECK(!(is_digit && (i == 0 || r.at[i - 1] == ' '))); /* 3AB, 12 */
        }
    }
}

/* ---- spelling ---- */

/* Optimal string alignment by its definition. */
static unsigned plain_distance(struct text a, struct text b)
{
    if (a.n == 0 || b.n == 0) {
        return (unsigned)(a.n + b.n);
    }
    struct text a1 = {a.at, a.n - 1}, b1 = {b.at, b.n - 1};
    unsigned best = plain_distance(a1, b1) + (a.at[a.n - 1] != b.at[b.n - 1]);
    unsigned other = plain_distance(a1, b) + 1;
    best = other < best ? other : best;
    other = plain_distance(a, b1) + 1;
    best = other < best ? other : best;
    if (a.n > 1 && b.n > 1 && a.at[a.n - 1] == b.at[b.n - 2] && a.at[a.n - 2] == b.at[b.n - 1]) {
        other = plain_distance((struct text){a.at, a.n - 2}, (struct text){b.at, b.n - 2}) + 1;
        best = other < best ? other : best;
    }
    return best;
}

static void distances_are_those_of_the_definition(void **state)
{
    (void)state;
    for (int run = 0; run < 4000; run++) {
        char a[8], b[8];
        struct text x = {a, draw(7)}, y = {b, draw(7)};
        for (size_t i = 0; i < 8; i++) {
            a[i] = (char)('a' + draw(3));
            b[i] = (char)('a' + draw(3));
        }
        unsigned want = plain_distance(x, y), limit = draw(4);
        CHECK_INT(spelling_distance(x, y, limit), want <= limit ? want : limit + 1);
    }
}

/* Whatever one or two faults may be, the word is among the nearest. */
static void mistyped_words_are_found(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    static char bytes[500][12];
    struct text words[500];
    for (size_t i = 0; i < 500; i++) {
        size_t n = 5 + draw(6);
        for (size_t k = 0; k < n; k++) {
            bytes[i][k] = (char)('a' + draw(26));
        }
        words[i] = (struct text){bytes[i], n};
    }
    struct spelling s;
    struct spelling_scratch scratch;
    CHECK_OK(spelling_build(&a, words, 500, &s, &err));
    CHECK_OK(spelling_scratch_open(&a, &s, &scratch, &err));
    for (int run = 0; run < 2000; run++) {
        uint32_t which = draw(500);
        char wrong[12];
        size_t n = words[which].n, at = draw((uint32_t)n - 1);
        memcpy(wrong, words[which].at, n);
        if (run % 2) {
            wrong[at] = (char)('a' + draw(26));
        } else {
            char held = wrong[at];
            wrong[at] = wrong[at + 1];
            wrong[at + 1] = held;
        }
        struct spelling_hit hits[SPELLING_HITS];
        size_t found = spelling_near(&s, &scratch, (struct text){wrong, n}, hits);
        bool is_found = false;
        for (size_t i = 0; i < found; i++) {
            is_found = is_found || hits[i].word == which;
            CHECK(i == 0 || hits[i - 1].likeness >= hits[i].likeness);
        }
        CHECK(is_found);
    }
    arena_done(&a);
}

/* ---- places ---- */

static struct area boroughs[] = {{.code = "B1", .name = "Havering"},
                                 {.code = "B2", .name = "Redbridge"}};
static struct area wards[] = {{.code = "W1", .name = "Romford Town"},
                              {.code = "W2", .name = "Upminster"},
                              {.code = "W3", .name = "Loxford"}};
static const struct layer layers[] = {
    {.id = 1, .type = "borough", .vintage = "2018", .areas = boroughs, .count = 2},
    {.id = 2, .type = "ward", .vintage = "2022", .areas = wards, .count = 3}};
static const uint32_t borough_of_ward[] = {0, 1, 1, 2};

static const struct entry {
    const char *name;
    enum place_kind kind;
    uint32_t ward; /* placed code */
    double records;
} ENTRIES[] = {
    {"Romford Town", NAMED_AREA, 1, 1},    {"Upminster", NAMED_AREA, 2, 1},
    {"Loxford", NAMED_AREA, 3, 1},         {"South Street", NAMED_STREET, 1, 90},
    {"South Street", NAMED_STREET, 2, 10}, {"High Street", NAMED_STREET, 1, 5},
    {"High Street", NAMED_STREET, 3, 5},   {"Kings Arms, Romford (synthetic)", NAMED_SITE, 1, 8},
    {"Upminster", NAMED_STATION, 2, 20},   {"The Fox & Hounds", NAMED_SITE, 3, 2},
    {"Long Lane", NAMED_STREET, 1, 6},     {"Long Lane", NAMED_STREET, 2, 5},
    {"Mercury Mall", NAMED_SITE, 1, 4},    {"Road", NAMED_SITE, 2, 4},
};

static void note(struct gazetteer_draft *d, const struct entry *e)
{
    uint32_t name, place, borough = borough_of_ward[e->ward];
    CHECK_OK(gazetteer_name(d, text_of(e->name), e->kind, &name, &err));
    if (name != GAZETTEER_NO_NAME) {
        CHECK_OK(gazetteer_note(d, name, borough, e->kind, e->records, &place, &err));
        CHECK_OK(gazetteer_lies(d, place, 0, borough, e->records, &err));
        CHECK_OK(gazetteer_lies(d, place, 1, e->ward, e->records, &err));
    }
}

static struct gazetteer make(struct arena *a, size_t first)
{
    struct gazetteer_draft *d = NULL;
    struct gazetteer g;
    CHECK_OK(gazetteer_begin(a, layers, 2, &d, &err));
    for (size_t i = 0; i < COUNT(ENTRIES); i++) {
        note(d, &ENTRIES[(first + i) % COUNT(ENTRIES)]);
    }
    for (uint32_t b = 1; b <= 2; b++) {
        uint32_t name, place;
        CHECK_OK(gazetteer_name(d, text_of(boroughs[b - 1].name), NAMED_AREA, &name, &err));
        CHECK_OK(gazetteer_note(d, name, b, NAMED_AREA, 1, &place, &err));
        CHECK_OK(gazetteer_lies(d, place, 0, b, 1, &err));
    }
    CHECK_OK(gazetteer_finish(d, &g, &err));
    return g;
}

static void texts_mean_places(void **state)
{
    (void)state;
    static const struct {
        const char *type, *text, *borough, *ward; /* code, or the reason that there is none */
        enum match_class class;                   /* in the layer of wards */
    } CASES[] = {
        {"", "outside south st", "B1", "W1", MATCH_EXACT},
        {"", "SOUTH STREET ROMFORD", "B1", "W1", MATCH_EXACT},
        {"", "south street upminster", "B1", "W2", MATCH_WEAK},
        {"", "Souht Street", "B1", "W1",
         MATCH_CLOSE}, /* agreement 0.91, 90% of its records there */
        {"", "south road", "-", "-", MATCH_NOT_FOUND},
        {"", "high street", "-", "-", MATCH_AMBIGUOUS},
        {"", "high st, havering", "B1", "W1", MATCH_EXACT},
        {"", "High Street Loxford", "B2", "W3", MATCH_EXACT},
        {"", "kings arms", "B1", "W1", MATCH_EXACT},
        {"", "king's arms pub, south street", "B1", "W1", MATCH_EXACT},
        {"", "upminster stn", "B1", "W2", MATCH_EXACT},
        {"", "fox and hounds", "B2", "W3", MATCH_EXACT},
        {"", "long lane", "B1", "-", MATCH_WEAK + 1}, /* two wards, half and half */
        {"", "mercry mall", "B1", "W1", MATCH_CLOSE},
        {"", "mercury", "B1", "W1", MATCH_WEAK},
        {"", "Havering", "B1", "-", MATCH_VAGUE},
        {"", "in the road", "-", "-", MATCH_VAGUE},
        {"", "nowhere that anybody knows", "-", "-", MATCH_NOT_FOUND},
        {"home", "south street", "-", "-", MATCH_HOME},
        {"", "", "-", "-", MATCH_NO_TEXT},
    };
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct gazetteer g = make(&a, 0);
    struct matcher *m = NULL;
    struct match_area areas[2];
    struct match_options options = MATCH_DEFAULTS;
    CHECK_OK(matcher_open(&a, &g, &m, &err));
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct place_reading r;
        struct match got = {.areas = areas};
        reading_make(text_of(CASES[i].type), text_of(CASES[i].text), &r);
        match_reading(m, text_of(CASES[i].type), (struct text){r.at, r.n}, &options, &got);
        const char *borough = areas[0].placed ? boroughs[areas[0].placed - 1].code : "-";
        const char *ward = areas[1].placed ? wards[areas[1].placed - 1].code : "-";
        if (strcmp(borough, CASES[i].borough) != 0 || strcmp(ward, CASES[i].ward) != 0 ||
            areas[1].class != CASES[i].class) {
            fail_msg("%s: %s %s %s (%.3f), expected %s %s %s", CASES[i].text, borough, ward,
                     MATCH_NAMES[areas[1].class], areas[1].confidence, CASES[i].borough,
                     CASES[i].ward, MATCH_NAMES[CASES[i].class]);
        }
    }
    arena_done(&a);
}

static void the_order_of_the_sources_does_not_matter(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct gazetteer first = make(&a, 0);
    for (size_t k = 1; k < COUNT(ENTRIES); k++) {
        struct gazetteer g = make(&a, k);
        CHECK_INT(g.place_count, first.place_count);
        CHECK_INT(g.name_count, first.name_count);
        for (uint32_t i = 0; i < g.place_count; i++) {
            CHECK_INT(g.places[i].name, first.places[i].name);
            CHECK_INT(g.places[i].borough, first.places[i].borough);
            CHECK(g.places[i].weight <= first.places[i].weight);
            CHECK(g.places[i].weight >= first.places[i].weight);
            CHECK_INT(g.places[i].count, first.places[i].count);
        }
    }
    CHECK_INT(first.place_count, 13); /* "Road" names nothing; two of South Street are one place */
    arena_done(&a);
}

/* A name that is known only far away is not sure to be there when everything else is near. */
static void a_supplier_of_one_borough_speaks_of_it(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct gazetteer g = make(&a, 0);
    struct matcher *m = NULL;
    struct match_area areas[2];
    struct match got = {.areas = areas};
    struct match_options options = MATCH_DEFAULTS;
    double near[] = {0.005, 0.985, 0.01};
    CHECK_OK(matcher_open(&a, &g, &m, &err));
    match_reading(m, text_of(""), text_of("high st"), &options, &got);
    CHECK_INT(areas[0].class, MATCH_AMBIGUOUS);
    options.prior = near;
    match_reading(m, text_of(""), text_of("high st"), &options, &got);
    CHECK_INT(areas[0].class, MATCH_EXACT);
    CHECK_INT(areas[1].placed, 1);
    match_reading(m, text_of(""), text_of("fox hounds"), &options, &got); /* of the other */
    CHECK_INT(areas[1].placed, 0);
    CHECK_INT(areas[1].class, MATCH_AMBIGUOUS);
    match_reading(m, text_of(""), text_of("fox hounds loxford"), &options, &got);
    CHECK_INT(areas[1].placed, 3);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_words_that_may_name_a_place_are_kept),
        cmocka_unit_test(a_reading_never_holds_what_identifies),
        cmocka_unit_test(distances_are_those_of_the_definition),
        cmocka_unit_test(mistyped_words_are_found),
        cmocka_unit_test(texts_mean_places),
        cmocka_unit_test(the_order_of_the_sources_does_not_matter),
        cmocka_unit_test(a_supplier_of_one_borough_speaks_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
