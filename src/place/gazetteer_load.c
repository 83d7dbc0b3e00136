/* place/gazetteer_load.c — the names that the partnership file holds.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "place/gazetteer.h"
#include "place/placing.h"
#include "place/reading.h"

/* ---- areas ---- */

static double mean_area(const struct layer *l)
{
    double sum = 0;
    for (uint32_t i = 0; i < l->count; i++) {
        sum += l->areas[i].area_m2;
    }
    return l->count ? sum / l->count : 0;
}

/* The areas that those of layer `child` lie in, of a layer with larger ones; NULL for others. */
static rv_status load_parents(struct store *s, struct arena *a, const struct layer *child,
                              const struct layer *parent, uint32_t **ret, struct rv_err *reterr)
{
    *ret = NULL;
    return child != parent && mean_area(parent) > 2 * mean_area(child)
               ? layer_parents(s, a, child, parent, ret, reterr)
               : rv_ok();
}

static rv_status note_area(struct gazetteer_draft *d, const struct layer *layers, size_t count,
                           size_t l, uint32_t i, uint32_t *const *parents, size_t borough_layer,
                           struct rv_err *reterr)
{
    uint32_t name, place, borough = 0;
    RV_TRY(gazetteer_name(d, text_of(layers[l].areas[i].name), NAMED_AREA, &name, reterr));
    if (name == GAZETTEER_NO_NAME) {
        return rv_ok();
    }
    if (borough_layer != SIZE_MAX) {
        borough = borough_layer == l       ? i + 1
                  : parents[borough_layer] ? parents[borough_layer][i]
                                           : 0;
    }
    RV_TRY(gazetteer_note(d, name, borough, NAMED_AREA, 1, &place, reterr));
    RV_TRY(gazetteer_lies(d, place, (uint32_t)l, i + 1, 1, reterr));
    for (size_t k = 0; k < count; k++) {
        RV_TRY(parents[k] ? gazetteer_lies(d, place, (uint32_t)k, parents[k][i], 1, reterr)
                          : rv_ok());
    }
    return rv_ok();
}

/* A locality lies in the areas that lie in it: who names it may mean any of them. */
static rv_status note_members(struct store *s, struct arena *a, struct gazetteer_draft *d,
                              const struct layer *localities, const struct layer *layers,
                              size_t count, size_t borough_layer, struct rv_err *reterr)
{
    for (size_t l = 0; l < count; l++) {
        uint32_t *parents = NULL, *boroughs = NULL, name, place;
        RV_TRY(load_parents(s, a, &layers[l], localities, &parents, reterr));
        RV_TRY(parents && borough_layer != SIZE_MAX
                   ? load_parents(s, a, localities, &layers[borough_layer], &boroughs, reterr)
                   : rv_ok());
        for (uint32_t i = 0; parents && i < layers[l].count; i++) {
            uint32_t of = parents[i];
            RV_TRY(of ? gazetteer_name(d, text_of(localities->areas[of - 1].name), NAMED_AREA,
                                       &name, reterr)
                      : rv_ok());
            if (of && name != GAZETTEER_NO_NAME) {
                uint32_t borough = boroughs ? boroughs[of - 1] : 0;
                RV_TRY(gazetteer_note(d, name, borough, NAMED_AREA, 0, &place, reterr));
                RV_TRY(gazetteer_lies(d, place, (uint32_t)l, i + 1, 1, reterr));
            }
        }
    }
    return rv_ok();
}

static bool has_names(const struct layer *l)
{
    static const char *const NUMBERED[] = {"lsoa", "msoa", "oa"};
    for (size_t i = 0; i < sizeof NUMBERED / sizeof *NUMBERED; i++) {
        if (strcmp(l->type, NUMBERED[i]) == 0) {
            return false;
        }
    }
    return true;
}

static size_t find_boroughs(const struct layer *layers, size_t count)
{
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        found = strcmp(layers[i].type, "borough") == 0 ? i : found;
    }
    return found;
}

static rv_status load_areas(struct store *s, struct arena *a, struct gazetteer_draft *d,
                            const struct layer *layers, size_t count, struct rv_err *reterr)
{
    size_t boroughs = find_boroughs(layers, count);
    uint32_t **parents = ARENA_NEW(a, uint32_t *, count + 1);
    if (!parents) {
        return arena_fail(a, reterr);
    }
    for (size_t l = 0; l < count; l++) {
        if (!has_names(&layers[l])) {
            continue;
        }
        for (size_t k = 0; k < count; k++) {
            RV_TRY(load_parents(s, a, &layers[l], &layers[k], &parents[k], reterr));
        }
        for (uint32_t i = 0; i < layers[l].count; i++) {
            RV_TRY(note_area(d, layers, count, l, i, parents, boroughs, reterr));
        }
        RV_TRY(strcmp(layers[l].type, "locality") == 0
                   ? note_members(s, a, d, &layers[l], layers, count, boroughs, reterr)
                   : rv_ok());
    }
    return rv_ok();
}

/* ---- records ---- */

enum { COLUMN_NAME, COLUMN_TYPE, COLUMN_OTHER_NAMES, COLUMN_COUNT };

static const struct {
    const char *kind, *columns[COLUMN_COUNT];
    enum place_kind place;
} SOURCES[] = {
    {"offences", {"venue_name", "venue_type", ""}, NAMED_SITE},
    {"ambulance", {"place", "", ""}, NAMED_SITE},
    {"transport", {"station", "", ""}, NAMED_STATION},
    {"gazetteer", {"name", "type", "alternative_names"}, NAMED_SITE},
};
#define SOURCE_COUNT (sizeof SOURCES / sizeof *SOURCES)

bool gazetteer_is_source(const char *kind)
{
    for (size_t i = 0; i < SOURCE_COUNT; i++) {
        if (strcmp(SOURCES[i].kind, kind) == 0) {
            return true;
        }
    }
    return false;
}

struct reading_source {
    struct gazetteer_draft *d;
    size_t layer_count, borough_layer;
    const uint32_t ***placed; /* [layer][chunk]; NULL = not placed there */
    struct extract_scan *scan;
    const uint32_t **numbers[2];    /* [code]: the names that the value gives, ended by NO_NAME */
    const uint8_t *kinds, *is_home; /* [code] of the name, of the type */
};

/* The kind of a place by its own words: "South Street", "Romford Station". */
static enum place_kind kind_of(struct text name, enum place_kind usual)
{
    struct place_words w;
    if (usual == NAMED_STATION || !words_of_name(name, &w)) {
        return usual;
    }
    const struct place_word *last = &w.at[w.count - 1];
    return word_is(last, "station")                                ? NAMED_STATION
           : word_is_street_type((struct text){last->at, last->n}) ? NAMED_STREET
                                                                   : usual;
}

/* The names that one value gives: several, between semicolons. */
static rv_status number_value(struct arena *a, struct gazetteer_draft *d, struct text value,
                              enum place_kind kind, const uint32_t **ret, struct rv_err *reterr)
{
    size_t parts = 1, n = 0;
    for (size_t i = 0; i < value.n; i++) {
        parts += value.at[i] == ';';
    }
    uint32_t *list = ARENA_NEW(a, uint32_t, parts + 1);
    if (!list) {
        return arena_fail(a, reterr);
    }
    while (value.n) {
        struct text name = text_trim(text_split(value, ';', &value));
        RV_TRY(gazetteer_name(d, name, kind, &list[n], reterr));
        n += list[n] != GAZETTEER_NO_NAME;
    }
    list[n] = GAZETTEER_NO_NAME;
    *ret = list;
    return rv_ok();
}

static bool is_category(const struct extract_scan *scan, size_t k)
{
    return extract_scan_has(scan, k) && extract_scan_type(scan, k) == COLUMN_CATEGORY &&
           extract_scan_dictionary(scan, k);
}

static rv_status number_names(struct arena *a, struct reading_source *r, enum place_kind usual,
                              struct rv_err *reterr)
{
    static const size_t COLUMNS[] = {COLUMN_NAME, COLUMN_OTHER_NAMES};
    for (size_t k = 0; k < 2; k++) {
        const struct dictionary *names =
            is_category(r->scan, COLUMNS[k]) ? extract_scan_dictionary(r->scan, COLUMNS[k]) : NULL;
        uint8_t *kinds = names ? ARENA_NEW(a, uint8_t, names->count + 1) : NULL;
        const uint32_t **numbers = names ? ARENA_NEW(a, const uint32_t *, names->count + 1) : NULL;
        if (names && (!kinds || !numbers)) {
            return arena_fail(a, reterr);
        }
        for (uint32_t i = 1; names && i < names->count; i++) {
            struct text name = dictionary_text(names, i);
            kinds[i] = (uint8_t)kind_of(name, usual);
            RV_TRY(number_value(a, r->d, name, (enum place_kind)kinds[i], &numbers[i], reterr));
        }
        r->numbers[k] = numbers;
        r->kinds = k == 0 ? kinds : r->kinds;
    }
    return rv_ok();
}

static rv_status mark_homes(struct arena *a, struct reading_source *r, struct rv_err *reterr)
{
    const struct dictionary *types =
        is_category(r->scan, COLUMN_TYPE) ? extract_scan_dictionary(r->scan, COLUMN_TYPE) : NULL;
    uint8_t *homes = types ? ARENA_NEW(a, uint8_t, types->count + 1) : NULL;
    if (types && !homes) {
        return arena_fail(a, reterr);
    }
    for (uint32_t i = 1; types && i < types->count; i++) {
        homes[i] = reading_is_home(dictionary_text(types, i));
    }
    r->is_home = homes;
    return rv_ok();
}

static rv_status note_row(const struct reading_source *r, const uint32_t *names,
                          enum place_kind kind, uint32_t chunk, uint32_t row, struct rv_err *reterr)
{
    const uint32_t *const *boroughs =
        r->borough_layer == SIZE_MAX ? NULL : r->placed[r->borough_layer];
    uint32_t place, borough = boroughs ? boroughs[chunk][row] : 0;
    for (size_t k = 0; names[k] != GAZETTEER_NO_NAME; k++) {
        RV_TRY(gazetteer_note(r->d, names[k], borough, kind, 1, &place, reterr));
        for (size_t l = 0; l < r->layer_count; l++) {
            RV_TRY(r->placed[l] ? gazetteer_lies(r->d, place, (uint32_t)l, r->placed[l][chunk][row],
                                                 1, reterr)
                                : rv_ok());
        }
    }
    return rv_ok();
}

static rv_status check_codes(const struct reading_source *r, const struct column *c,
                             struct rv_err *reterr)
{
    for (size_t k = 0; k < COLUMN_COUNT; k++) {
        const struct dictionary *d =
            is_category(r->scan, k) ? extract_scan_dictionary(r->scan, k) : NULL;
        for (uint32_t row = 0; row < c[k].rows; row++) {
            if (c[k].codes[row] >= (d ? d->count : 1)) {
                return rv_fail(reterr, RV_DAMAGED,
                               "a column of names has a code outside its dictionary: run 'reeve "
                               "verify'");
            }
        }
    }
    return rv_ok();
}

static rv_status note_chunk(struct arena *a, const struct reading_source *r, uint32_t chunk,
                            struct rv_err *reterr)
{
    struct column c[COLUMN_COUNT];
    const uint64_t *current = NULL;
    RV_TRY(extract_scan_read(r->scan, chunk, a, c, &current, reterr));
    RV_TRY(check_codes(r, c, reterr));
    for (uint32_t row = 0; row < c[0].rows; row++) {
        bool is_here = !current || ((current[row / 64] >> (row % 64)) & 1);
        uint32_t name = c[COLUMN_NAME].codes[row];
        if (!is_here || name == 0 || (r->is_home && r->is_home[c[COLUMN_TYPE].codes[row]])) {
            continue;
        }
        enum place_kind kind = (enum place_kind)r->kinds[name];
        RV_TRY(note_row(r, r->numbers[0][name], kind, chunk, row, reterr));
        uint32_t other = r->numbers[1] ? c[COLUMN_OTHER_NAMES].codes[row] : 0;
        RV_TRY(other ? note_row(r, r->numbers[1][other], kind, chunk, row, reterr) : rv_ok());
    }
    return rv_ok();
}

static rv_status load_placements(struct store *s, struct arena *a, const struct layer *layers,
                                 int64_t extract, struct reading_source *r, struct rv_err *reterr)
{
    r->placed = ARENA_NEW(a, const uint32_t **, r->layer_count + 1);
    if (!r->placed) {
        return arena_fail(a, reterr);
    }
    for (size_t l = 0; l < r->layer_count; l++) {
        uint32_t chunks;
        int64_t unplaced;
        struct rv_err err;
        rv_status status =
            placement_load(s, a, extract, &layers[l], &r->placed[l], &chunks, &unplaced, &err);
        if (!rv_is_ok(status) && status.code != RV_NOT_FOUND) {
            return rv_fail(reterr, status.code, "%s", err.message);
        }
    }
    return rv_ok();
}

static rv_status load_extract(struct store *s, struct gazetteer_draft *d,
                              const struct layer *layers, size_t count, size_t source,
                              int64_t extract, struct rv_err *reterr)
{
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct reading_source r = {
        .d = d, .layer_count = count, .borough_layer = find_boroughs(layers, count)};
    RV_TRY(extract_scan_open(s, &a, extract, SOURCES[source].columns, COLUMN_COUNT, 0, &r.scan,
                             reterr));
    if (!is_category(r.scan, COLUMN_NAME)) {
        return rv_ok();
    }
    RV_TRY(number_names(&a, &r, SOURCES[source].place, reterr));
    RV_TRY(mark_homes(&a, &r, reterr));
    RV_TRY(load_placements(s, &a, layers, extract, &r, reterr));
    for (uint32_t chunk = 0; chunk < extract_scan_chunks(r.scan); chunk++) {
        struct arena_mark mark = arena_mark(&a);
        RV_TRY(note_chunk(&a, &r, chunk, reterr));
        arena_release(&a, mark);
    }
    return rv_ok();
}

rv_status gazetteer_load(struct store *s, struct arena *a, const struct layer *layers, size_t count,
                         struct gazetteer *ret, struct rv_err *reterr)
{
    struct gazetteer_draft *d = NULL;
    RV_TRY(gazetteer_begin(a, layers, count, &d, reterr));
    RV_TRY(load_areas(s, a, d, layers, count, reterr));
    for (size_t k = 0; k < SOURCE_COUNT; k++) {
        struct extract_info *extracts = NULL;
        size_t n = 0;
        RV_TRY(extract_list(s, a, SOURCES[k].kind, &extracts, &n, reterr));
        for (size_t i = 0; i < n; i++) {
            RV_TRY(load_extract(s, d, layers, count, k, extracts[i].id, reterr));
        }
    }
    return gazetteer_finish(d, ret, reterr);
}
