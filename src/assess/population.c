/* assess/population.c — residents by area: direct codes, then parents, then look-ups.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/population.h"

#include "assess/level.h"
#include "base/limits.h"
#include "define/vocabulary.h"
#include "place/residents.h"
#include "store/extract.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

enum {
    COLUMN_AREA,
    COLUMN_YEAR,
    COLUMN_PERSONS,
    COLUMN_FROM,
    COLUMN_TO,
    COLUMN_ETHNICITY,
    COLUMN_NAME,
    COLUMN_TOTAL
};
enum way { WAY_DIRECT, WAY_PARENTS, WAY_LOOKUP, WAY_COUNT };

/* The persons of each code of one extract: [year][code]. */
struct extract_sums {
    const struct dictionary *codes;
    double *persons;       /* [year_count * codes->count]; NaN = no row */
    const uint8_t *wanted; /* [code of COLUMN_NAME] rows of the population asked for; NULL = all */
};

struct source_sums {
    const struct source *source;
    struct population_ages ages;
    struct extract_sums *extracts;
    int32_t *years;
    size_t year_count;
    int age_from, age_to; /* of another population, as its rows say; -1 = they do not */
};

/* Which names of an extract are the population asked for; *ret_any: some rows may be. */
static rv_status find_wanted(struct arena *a, const struct dictionary *names, const char *name,
                             const uint8_t **ret, bool *ret_any, struct rv_err *reterr)
{
    *ret = NULL;
    *ret_any = !name;
    if (!names) {
        return rv_ok();
    }
    uint8_t *wanted = ARENA_NEW(a, uint8_t, names->count + 1);
    if (!wanted) {
        return arena_fail(a, reterr);
    }
    wanted[0] = !name;
    for (uint32_t c = 1; c < names->count; c++) {
        struct text here = dictionary_text(names, c);
        wanted[c] = name ? text_is(here, name) : population_is_residents(here);
        *ret_any = *ret_any || wanted[c];
    }
    *ret = wanted;
    return rv_ok();
}

static bool is_wanted(const struct extract_sums *x, const struct column *of, uint32_t row)
{
    return !x->wanted || x->wanted[of->type == COLUMN_CATEGORY ? of->codes[row] : 0];
}

/* Widens the ages of another population by a row; an age that one row leaves open stays open. */
static void see_ages(struct source_sums *s, const struct column *c, uint32_t row)
{
    const struct column *from = &c[COLUMN_FROM], *to = &c[COLUMN_TO];
    int low = from->type == COLUMN_INTEGER && column_has(from, row) ? (int)from->integers[row] : -1;
    int high = to->type == COLUMN_INTEGER && column_has(to, row) ? (int)to->integers[row] : -1;
    bool is_first = s->age_from == INT32_MAX;
    s->age_from = low < s->age_from ? low : s->age_from;
    s->age_to = is_first                    ? high
                : high < 0 || s->age_to < 0 ? -1
                : high > s->age_to          ? high
                                            : s->age_to;
}

static rv_status add_year(struct arena *a, struct source_sums *s, int32_t year,
                          struct rv_err *reterr)
{
    size_t at = 0;
    while (at < s->year_count && s->years[at] < year) {
        at++;
    }
    if (at < s->year_count && s->years[at] == year) {
        return rv_ok();
    }
    int32_t *years = ARENA_NEW(a, int32_t, s->year_count + 1);
    if (!years) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < s->year_count + 1; i++) {
        years[i] = i < at ? s->years[i] : i == at ? year : s->years[i - 1];
    }
    s->years = years;
    s->year_count++;
    return rv_ok();
}

/* 0 = none of the row's people are of the ages asked for, 1 = all of them; INFINITY = some may be:
 * a sum with it stays infinite, and is not known. */
static double share_of_ages(const struct source_sums *s, const struct column *c, uint32_t row)
{
    if (s->ages.from == 0 && s->ages.to == POPULATION_OLDEST) {
        return 1;
    }
    const struct column *from = &c[COLUMN_FROM], *to = &c[COLUMN_TO];
    bool has_from = from->type == COLUMN_INTEGER && column_has(from, row);
    bool has_to = to->type == COLUMN_INTEGER && column_has(to, row);
    int64_t low = has_from ? from->integers[row] : 0;
    int64_t high = has_to ? to->integers[row] : POPULATION_OLDEST;
    if (low > s->ages.to || high < s->ages.from) {
        return 0;
    }
    return low >= s->ages.from && high <= s->ages.to ? 1 : (double)INFINITY;
}

/* The same of the group asked for: a row without one may be of any. */
static double share_of_group(const struct source_sums *s, const struct column *c,
                             const struct dictionary *groups, uint32_t row)
{
    const struct column *of = &c[COLUMN_ETHNICITY];
    uint32_t code = groups && of->type == COLUMN_CATEGORY ? of->codes[row] : 0;
    if (s->ages.ethnicity == 0) {
        return 1;
    }
    if (code == 0) {
        return (double)INFINITY;
    }
    return ethnicity_group(dictionary_text(groups, code)) + 1 == s->ages.ethnicity ? 1 : 0;
}

/* Calls nothing back: one pass finds the years, a second one adds up. */
static rv_status pass(struct held *h, struct source_sums *s, size_t i, struct extract_scan *scan,
                      bool is_summing, struct rv_err *reterr)
{
    struct arena scratch RV_CLEANUP(arena_done);
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    const struct dictionary *years = extract_scan_dictionary(scan, COLUMN_YEAR);
    const struct dictionary *groups = extract_scan_dictionary(scan, COLUMN_ETHNICITY);
    int32_t last_year = -1;
    for (uint32_t q = 0; q < extract_scan_chunks(scan); q++) {
        struct column columns[COLUMN_TOTAL];
        const uint64_t *current = NULL;
        arena_done(&scratch);
        RV_TRY(extract_scan_read(scan, q, &scratch, columns, &current, reterr));
        for (uint32_t row = 0; row < columns[0].rows; row++) {
            int32_t year = population_year_at(&columns[COLUMN_YEAR], years, row);
            if ((current && !((current[row / 64] >> (row % 64)) & 1)) || year < 0 ||
                !column_has(&columns[COLUMN_PERSONS], row) ||
                !is_wanted(&s->extracts[i], &columns[COLUMN_NAME], row)) {
                continue;
            }
            if (!is_summing) {
                if (s->ages.name) {
                    see_ages(s, columns, row);
                }
                RV_TRY(year == last_year ? rv_ok() : add_year(h->arena, s, year, reterr));
                last_year = year;
                continue;
            }
            size_t y = 0;
            while (s->years[y] != year) {
                y++;
            }
            double *cell =
                &s->extracts[i]
                     .persons[y * s->extracts[i].codes->count + columns[COLUMN_AREA].codes[row]];
            double share = share_of_ages(s, columns, row);
            double of_group = share == 0 ? 0 : share_of_group(s, columns, groups, row);
            share = of_group == 0 ? 0 : share * of_group;
            double persons =
                share > 1 ? share : share * population_persons_at(&columns[COLUMN_PERSONS], row);
            *cell = isnan(*cell) ? persons : *cell + persons;
        }
    }
    return rv_ok();
}

static rv_status sum_source(struct held *h, const struct source *source,
                            struct population_ages ages, struct source_sums *ret,
                            struct rv_err *reterr)
{
    static const char *const names[] = {"area_code", "year",      "persons",        "age_from",
                                        "age_to",    "ethnicity", "population_name"};
    struct arena *a = h->arena;
    struct source_sums s = {.source = source, .ages = ages, .age_from = INT32_MAX};
    s.extracts = ARENA_NEW(a, struct extract_sums, source->extract_count);
    struct extract_scan **scans = ARENA_NEW(a, struct extract_scan *, source->extract_count);
    if (!s.extracts || !scans) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < source->extract_count; i++) {
        RV_TRY(held_scan(h, source->extracts[i].id, names, COLUMN_TOTAL, &scans[i], reterr));
        bool has_any = false;
        const struct dictionary *named = extract_scan_dictionary(scans[i], COLUMN_NAME);
        RV_TRY(find_wanted(a, named, ages.name, &s.extracts[i].wanted, &has_any, reterr));
        s.extracts[i].codes = has_any ? extract_scan_dictionary(scans[i], COLUMN_AREA) : NULL;
        RV_TRY(has_any ? pass(h, &s, i, scans[i], false, reterr) : rv_ok());
    }
    for (size_t i = 0; i < source->extract_count; i++) {
        size_t n = s.extracts[i].codes ? s.year_count * s.extracts[i].codes->count : 0;
        s.extracts[i].persons = ARENA_NEW(a, double, n);
        if (!s.extracts[i].persons) {
            return arena_fail(a, reterr);
        }
        for (size_t k = 0; k < n; k++) {
            s.extracts[i].persons[k] = NOT_KNOWN;
        }
        RV_TRY(n ? pass(h, &s, i, scans[i], true, reterr) : rv_ok());
    }
    *ret = s;
    return rv_ok();
}

static void add_persons(struct population *p, const struct extract_sums *x, uint32_t code,
                        uint32_t placed, double weight, const uint8_t *known)
{
    for (size_t y = 0; placed != 0 && !known[placed - 1] && y < p->year_count; y++) {
        double persons = x->persons[y * x->codes->count + code];
        double *cell = &p->persons[y * p->layer->count + placed - 1];
        if (!isnan(persons)) {
            *cell = isnan(*cell) ? persons * weight : *cell + persons * weight;
        }
    }
}

/* Which way a code of the population source takes to the layer, and to which areas. */
static rv_status resolve(struct held *h, const struct layer *layer, struct text code, enum way way,
                         struct lookup_share *one, struct lookup_target *ret, struct rv_err *reterr)
{
    *ret = (struct lookup_target){one, 0};
    one->placed = layer_find(layer, code);
    one->weight = 1;
    if (way == WAY_DIRECT || one->placed != 0) {
        ret->count = way == WAY_DIRECT && one->placed != 0;
        return rv_ok();
    }
    if (way == WAY_LOOKUP) {
        return lookup_resolve(h->lookups, h->arena, code, layer, ret, reterr);
    }
    for (size_t i = 0; i < h->layer_count && ret->count == 0; i++) {
        uint32_t own = &h->layers[i] == layer ? 0 : layer_find(&h->layers[i], code);
        bool is_finer = layer_fineness(&h->layers[i]) > layer_fineness(layer);
        if (own != 0 && is_finer) {
            const uint32_t *parents = NULL;
            RV_TRY(held_parents_of(h, &h->layers[i], layer, &parents, reterr));
            one->placed = parents[own - 1];
            ret->count = one->placed != 0;
        }
    }
    return rv_ok();
}

/* Whether a figure of the code is there, in some extract. */
static bool has_figure(const struct source_sums *s, struct text code, size_t year)
{
    for (size_t i = 0; i < s->source->extract_count; i++) {
        const struct extract_sums *x = &s->extracts[i];
        uint32_t at = x->codes ? dictionary_find(x->codes, code) : 0;
        if (at != 0 && isfinite(x->persons[year * x->codes->count + at])) {
            return true;
        }
    }
    return false;
}

/* Which areas have all their parts in the areas of one layer: marks[year][area] has 2 when
 * some are there, and 1 when one is missing. */
static rv_status mark_parts(struct held *h, const struct source_sums *s, const struct population *p,
                            const struct layer *parts, enum way way, uint8_t *marks,
                            struct rv_err *reterr)
{
    memset(marks, 0, p->year_count * p->layer->count);
    for (uint32_t i = 0; i < parts->count; i++) {
        struct lookup_share one;
        struct lookup_target target;
        struct text code = text_of(parts->areas[i].code);
        RV_TRY(resolve(h, p->layer, code, way, &one, &target, reterr));
        for (size_t y = 0; target.count > 0 && y < p->year_count; y++) {
            uint8_t mark = has_figure(s, code, y) ? 2 : 1;
            for (size_t k = 0; k < target.count; k++) {
                marks[y * p->layer->count + target.shares[k].placed - 1] |= mark;
            }
        }
    }
    return rv_ok();
}

/* Takes back what was summed from parts of which some are missing. */
static rv_status keep_whole(struct held *h, const struct source_sums *s, struct population *p,
                            enum way way, const uint8_t *known, struct rv_err *reterr)
{
    size_t n = p->year_count * p->layer->count;
    uint8_t *whole = ARENA_NEW(h->arena, uint8_t, n), *marks = ARENA_NEW(h->arena, uint8_t, n);
    if (!whole || !marks) {
        return arena_fail(h->arena, reterr);
    }
    for (size_t l = 0; l < h->layer_count; l++) {
        bool is_finer = layer_fineness(&h->layers[l]) > layer_fineness(p->layer);
        if (&h->layers[l] == p->layer || (way == WAY_PARENTS && !is_finer)) {
            continue;
        }
        RV_TRY(mark_parts(h, s, p, &h->layers[l], way, marks, reterr));
        for (size_t k = 0; k < n; k++) {
            whole[k] = whole[k] || marks[k] == 2;
        }
    }
    for (size_t k = 0; k < n; k++) {
        bool is_sum = !known[k % p->layer->count];
        p->persons[k] = is_sum && !whole[k] ? NOT_KNOWN : p->persons[k];
    }
    return rv_ok();
}

static rv_status fill_way(struct held *h, const struct source_sums *s, struct population *p,
                          enum way way, uint8_t *known, uint32_t *ret_filled, struct rv_err *reterr)
{
    for (size_t i = 0; i < s->source->extract_count; i++) {
        const struct extract_sums *x = &s->extracts[i];
        for (uint32_t code = 1; x->codes && code < x->codes->count; code++) {
            struct lookup_share one;
            struct lookup_target target;
            RV_TRY(
                resolve(h, p->layer, dictionary_text(x->codes, code), way, &one, &target, reterr));
            for (size_t k = 0; k < target.count; k++) {
                add_persons(p, x, code, target.shares[k].placed, target.shares[k].weight, known);
            }
        }
    }
    bool is_of_parts = s->ages.name && way != WAY_DIRECT && p->year_count > 0;
    RV_TRY(is_of_parts ? keep_whole(h, s, p, way, known, reterr) : rv_ok());
    *ret_filled = 0;
    for (uint32_t area = 0; area < p->layer->count; area++) {
        bool has = false;
        for (size_t y = 0; y < p->year_count; y++) {
            has = has || isfinite(p->persons[y * p->layer->count + area]);
        }
        *ret_filled += has && !known[area] ? 1 : 0;
        known[area] = has;
    }
    return rv_ok();
}

static bool holds(const char *text, const char *part)
{
    return text && strstr(text, part) != NULL;
}

static rv_status describe(struct held *h, struct population *p, struct population_ages ages,
                          const uint32_t *filled, struct rv_err *reterr)
{
    const struct extract_info *x = &p->source->extracts[p->source->extract_count - 1];
    int32_t first = p->years[0], last = p->years[p->year_count - 1];
    bool is_census = holds(x->profile, "census") || holds(x->source, "census");
    const char *what = ages.name ? "figures of" : is_census ? "Census" : "estimates of";
    const char *who = ages.name ? ages.name : "residents";
    p->name = first == last ? arena_printf(h->arena, "%s, %s %d", who, what, first)
                            : arena_printf(h->arena, "%s, %s %d to %d", who, what, first, last);
    if (p->name && ages.to < POPULATION_OLDEST) {
        p->name = ages.from
                      ? arena_printf(h->arena, "%s, of %d to %d years", p->name, ages.from, ages.to)
                      : arena_printf(h->arena, "%s, under %d years", p->name, ages.to + 1);
    }
    p->note = "";
    if (filled[WAY_PARENTS] > 0 || filled[WAY_LOOKUP] > 0) {
        p->note = arena_printf(
            h->arena, "%s of %u of %u areas (%s, %s) are sums of smaller areas%s.",
            ages.name ? "Figures" : "Residents", filled[WAY_PARENTS] + filled[WAY_LOOKUP],
            p->layer->count, p->layer->type, p->layer->vintage,
            filled[WAY_LOOKUP] ? " or converted through look-ups" : "");
    }
    return p->name && p->note ? rv_ok() : arena_fail(h->arena, reterr);
}

static rv_status load_one(struct held *h, const struct source *source, const struct layer *layer,
                          struct population_ages ages, struct population *ret, uint32_t *ret_known,
                          struct rv_err *reterr)
{
    struct source_sums s = {0};
    RV_TRY(sum_source(h, source, ages, &s, reterr));
    struct population p = {.layer = layer,
                           .source = source,
                           .name = "",
                           .note = "",
                           .years = s.years,
                           .year_count = s.year_count,
                           .age_from = s.age_from == INT32_MAX ? -1 : s.age_from,
                           .age_to = s.age_from == INT32_MAX ? -1 : s.age_to};
    size_t n = s.year_count * layer->count;
    p.persons = ARENA_NEW(h->arena, double, n);
    uint8_t *known = ARENA_NEW(h->arena, uint8_t, layer->count);
    if (!p.persons || !known) {
        return arena_fail(h->arena, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        p.persons[i] = NOT_KNOWN;
    }
    uint32_t filled[WAY_COUNT] = {0};
    *ret_known = 0;
    for (int way = WAY_DIRECT; way < WAY_COUNT && *ret_known < layer->count; way++) {
        RV_TRY(fill_way(h, &s, &p, (enum way)way, known, &filled[way], reterr));
        *ret_known += filled[way];
    }
    for (size_t i = 0; i < n; i++) {
        p.persons[i] = isinf(p.persons[i]) ? NOT_KNOWN : p.persons[i];
    }
    RV_TRY(p.year_count ? describe(h, &p, ages, filled, reterr) : rv_ok());
    *ret = p;
    return rv_ok();
}

rv_status population_load(struct held *h, const struct layer *layer, struct population_ages ages,
                          struct population *ret, struct rv_err *reterr)
{
    struct source *sources = NULL;
    size_t count = 0;
    RV_TRY(sources_load(h->store, h->arena, "population", &sources, &count, reterr));
    struct population best = {.layer = layer,
                              .name = ages.name ? ages.name : "residents",
                              .note = ages.name ? "This population is not held for these areas."
                                                : "No population is held for these areas.",
                              .age_from = -1,
                              .age_to = -1};
    uint32_t best_known = 0;
    for (size_t i = 0; i < count; i++) {
        struct population p;
        uint32_t known = 0;
        RV_TRY(load_one(h, &sources[i], layer, ages, &p, &known, reterr));
        if (known > 0 && known >= best_known) { /* among equals the one imported last */
            best = p;
            best_known = known;
        }
    }
    *ret = best;
    return rv_ok();
}

/* The held year nearest to a calendar year, the earlier of two equally near; *ret_year as it was
 * when none is held. */
static double persons_in(const struct population *p, uint32_t placed, int32_t year,
                         int32_t *ret_year)
{
    double persons = NOT_KNOWN;
    int32_t best = INT32_MAX;
    for (size_t y = 0; y < p->year_count; y++) {
        double here = p->persons[y * p->layer->count + placed - 1];
        int32_t distance = abs(p->years[y] - year);
        if (!isnan(here) && distance < best) {
            best = distance;
            persons = here;
            *ret_year = p->years[y];
        }
    }
    return persons;
}

double population_person_years(const struct population *p, uint32_t placed, const int32_t *months,
                               size_t count)
{
    if (!p->source || placed == 0) {
        return NOT_KNOWN;
    }
    double sum = 0;
    for (size_t i = 0; i < count;) {
        int32_t year = months[i] / 12;
        size_t end = i;
        while (end < count && months[end] / 12 == year) {
            end++;
        }
        int32_t held = year;
        sum += persons_in(p, placed, year, &held) * (double)(end - i) / 12;
        i = end;
    }
    return sum;
}

int32_t population_held_year(const struct population *p, uint32_t placed, int32_t year)
{
    int32_t held = -1;
    if (p->source && placed > 0) {
        (void)persons_in(p, placed, year, &held);
    }
    return held;
}
