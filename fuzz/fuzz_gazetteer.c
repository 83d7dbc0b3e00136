/* fuzz/fuzz_gazetteer.c — any bytes as names of places, as a type of location and as free text.
 *
 * Up to the first NUL each line is a name: its first two bytes choose the kind, the areas and the
 * weight. Then a type, a NUL, and the text. A reading is words, holds no postcode and reads as
 * itself; a match is placed or has a reason, is sure from 0 to 1, and is the same again.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "fuzz.h"
#include "place/match.h"
#include "place/reading.h"

#include <string.h>

static struct area areas[4] = {{.code = "A", .name = "Havering"},
                               {.code = "B", .name = "Redbridge"},
                               {.code = "C", .name = "Upminster"},
                               {.code = "D", .name = "Romford Town"}};
static const struct layer layers[2] = {
    {.id = 1, .type = "borough", .vintage = "1", .areas = areas, .count = 4},
    {.id = 2, .type = "ward", .vintage = "1", .areas = areas, .count = 4}};

static struct text take(struct text *rest, char end)
{
    const char *at = rest->n ? memchr(rest->at, end, rest->n) : NULL;
    struct text part = {rest->at, at ? (size_t)(at - rest->at) : rest->n};
    size_t used = part.n + (at != NULL);
    rest->at += used;
    rest->n -= used;
    return part;
}

static void note(struct gazetteer_draft *d, struct text line)
{
    uint8_t kind = fuzz_byte(&line), where = fuzz_byte(&line);
    uint32_t name = 0, place = 0;
    struct rv_err err;
    enum place_kind sort = (enum place_kind)(kind % 4);
    FUZZ_REQUIRE(rv_is_ok(gazetteer_name(d, line, sort, &name, &err)));
    if (name != GAZETTEER_NO_NAME) {
        double weight = 1 + kind / 4;
        FUZZ_REQUIRE(rv_is_ok(gazetteer_note(d, name, where % 5, sort, weight, &place, &err)));
        FUZZ_REQUIRE(rv_is_ok(gazetteer_lies(d, place, 0, where % 5, weight, &err)));
        FUZZ_REQUIRE(rv_is_ok(gazetteer_lies(d, place, 1, where / 5 % 5, weight, &err)));
    }
}

static void require_reading(struct text type, struct text raw, struct place_reading *r)
{
    struct place_reading again;
    reading_make(type, raw, r);
    FUZZ_REQUIRE(r->n <= READING_BYTES);
    for (size_t i = 0; i < r->n; i++) {
        char c = r->at[i];
        bool is_start = i == 0 || r->at[i - 1] == ' ';
        FUZZ_REQUIRE((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ' ');
        FUZZ_REQUIRE(!(is_start && ((c >= '0' && c <= '9') || c == ' '))); /* 3AB, 12 */
    }
    reading_make((struct text){NULL, 0}, (struct text){r->at, r->n}, &again);
    FUZZ_REQUIRE(again.n == r->n && memcmp(again.at, r->at, r->n) == 0);
}

static void require_match(const struct match *m, const struct match_area *found)
{
    for (size_t l = 0; l < 2; l++) {
        const struct match_area *a = &found[l];
        FUZZ_REQUIRE(a->class >= MATCH_NO_TEXT && a->class < MATCH_CLASSES);
        FUZZ_REQUIRE(match_is_placed(a->class) == (a->placed != 0));
        FUZZ_REQUIRE(a->placed <= 4 && a->likeliest <= 4);
        FUZZ_REQUIRE(a->confidence >= 0 && a->confidence <= 1.0000001);
    }
    FUZZ_REQUIRE(m->alternative_count <= MATCH_ALTERNATIVES && m->also_count <= 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text rest = fuzz_input(data, size), names = take(&rest, '\0'), type = take(&rest, '\0');
    struct arena a;
    struct rv_err err;
    struct gazetteer_draft *d = NULL;
    struct gazetteer g;
    struct matcher *m = NULL;
    static const double prior[5] = {0.1, 0.6, 0.1, 0.1, 0.1};
    struct match_options options = MATCH_DEFAULTS;
    struct match_area found[2], again[2];
    struct match one = {.areas = found}, two = {.areas = again};
    struct place_reading r;
    arena_init(&a, (size_t)1 << 30);
    FUZZ_REQUIRE(rv_is_ok(gazetteer_begin(&a, layers, 2, &d, &err)));
    for (size_t k = 0; names.n && k < 400; k++) {
        note(d, take(&names, '\n'));
    }
    FUZZ_REQUIRE(rv_is_ok(gazetteer_finish(d, &g, &err)));
    FUZZ_REQUIRE(rv_is_ok(matcher_open(&a, &g, &m, &err)));
    require_reading(type, rest, &r);
    options.prior = size % 2 ? prior : NULL;
    match_reading(m, type, (struct text){r.at, r.n}, &options, &one);
    require_match(&one, found);
    match_reading(m, type, (struct text){r.at, r.n}, &options, &two);
    for (size_t l = 0; l < 2; l++) {
        FUZZ_REQUIRE(found[l].class == again[l].class && found[l].placed == again[l].placed);
    }
    arena_done(&a);
    return 0;
}
