/* synth/targets.c — tables of the target file into numbers.
 *
 * A table is an object of named counts, or of lists of counts; a list in the description below says
 * its names, how many counts each has and where they go.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/targets.h"

#include "base/asset.h"
#include "base/file.h"
#include "synth/boroughs.h"

#include <jansson.h>
#include <string.h>

#define FILE_LIMIT ((size_t)16 << 20)
#define COUNT_MOST 10000000
#define FIRST_YEAR 2021
#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

extern const struct asset targets_assets[];
extern const size_t targets_assets_count;

const char *const relationship_names[RELATIONSHIPS] = {
    "ex-boyfriend", "boyfriend", "husband",  "son",         "ex-husband", "ex-girlfriend",
    "girlfriend",   "wife",      "daughter", "ex-wife",     "stepson",    "partner",
    "ex-partner",   "sibling",   "parent",   "other-family"};

const char *const tno_names[TNO_CATEGORIES] = {"VAP with injury",
                                               "VAP without injury",
                                               "vehicle crime",
                                               "theft",
                                               "burglary",
                                               "criminal damage",
                                               "public order",
                                               "drugs",
                                               "sexual",
                                               "robbery",
                                               "possession of weapons",
                                               "other"};

static const char *const region_names[REGIONS + 1] = {"U",  "UD", "US",   "UDS", "D",
                                                      "DS", "S",  "none", NULL};
static const char *const group_names[GROUPS + 1] = {
    "homicide", "GBH", "ABH", "TTK", "sexual", "robbery", "weapon possession", NULL};
static const char *const ethnicity_names[] = {"white", "black",   "asian", "mixed",
                                              "other", "unknown", NULL};

struct reader {
    const json_t *root;
    const char *const *wards; /* names of the wards of 2022 */
    const char *const *old_wards, *const *boroughs;
    struct arena *a;
};

static rv_status wrong(const char *table, const char *what, struct rv_err *reterr)
{
    return rv_fail(reterr, RV_INVALID, "target table \"%s\": %s", table, what);
}

/* "outer/inner": the value there, or NULL. */
static const json_t *at_path(const json_t *root, const char *path)
{
    char name[128];
    struct text rest = text_of(path);
    while (root && rest.n > 0) {
        struct text part = text_split(rest, '/', &rest);
        (void)snprintf(name, sizeof name, "%.*s", (int)part.n, part.at);
        root = json_object_get(root, name);
    }
    return root;
}

static bool read_count(const json_t *value, int64_t *ret)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        json_integer_value(value) > COUNT_MOST) {
        return false;
    }
    *ret = json_integer_value(value);
    return true;
}

/* The names are keys of the object at `path`; each has `width` counts. A name that is not there
 * takes `missing`, or is a fault when that is below -1. Names not in the list are a fault. */
static rv_status read_table(const struct reader *r, const char *path, const char *const *names,
                            size_t width, int64_t missing, int64_t *ret, struct rv_err *reterr)
{
    const json_t *table = at_path(r->root, path);
    size_t known = 0;
    if (!json_is_object(table)) {
        return wrong(path, "it is not there, or is no object", reterr);
    }
    for (size_t k = 0; names[k]; k++) {
        const json_t *value = json_object_get(table, names[k]);
        known += value != NULL;
        if (!value && missing < -1) {
            return rv_fail(reterr, RV_INVALID, "target table \"%s\" has no \"%s\"", path, names[k]);
        }
        for (size_t w = 0; w < width; w++) {
            const json_t *one = json_is_array(value) ? json_array_get(value, w) : value;
            ret[k * width + w] = missing;
            if (value && (json_is_array(value) ? json_array_size(value) != width : width != 1)) {
                return rv_fail(reterr, RV_INVALID, "target table \"%s\", \"%s\": %zu counts wanted",
                               path, names[k], width);
            }
            if (value && !read_count(one, &ret[k * width + w])) {
                return rv_fail(reterr, RV_INVALID,
                               "target table \"%s\", \"%s\": a whole number from 0 is wanted", path,
                               names[k]);
            }
        }
    }
    return known == json_object_size(table) ? rv_ok()
                                            : wrong(path, "it has a name unknown here", reterr);
}

#define ALL (-2) /* every name must be there */

static rv_status read_list(const struct reader *r, const char *path, size_t n, int64_t *ret,
                           struct rv_err *reterr)
{
    const json_t *list = at_path(r->root, path);
    if (!json_is_array(list) || json_array_size(list) != n) {
        return rv_fail(reterr, RV_INVALID, "target table \"%s\": a list of %zu counts is wanted",
                       path, n);
    }
    for (size_t i = 0; i < n; i++) {
        if (!read_count(json_array_get(list, i), &ret[i])) {
            return wrong(path, "a whole number from 0 is wanted", reterr);
        }
    }
    return rv_ok();
}

static rv_status read_one(const struct reader *r, const char *path, int64_t *ret,
                          struct rv_err *reterr)
{
    return read_count(at_path(r->root, path), ret)
               ? rv_ok()
               : wrong(path, "a whole number from 0 is wanted", reterr);
}

static rv_status place_of(const char *const *names, const json_t *name, const char *path,
                          size_t *ret, struct rv_err *reterr)
{
    for (size_t k = 0; json_is_string(name) && names[k]; k++) {
        if (strcmp(names[k], json_string_value(name)) == 0) {
            *ret = k;
            return rv_ok();
        }
    }
    return rv_fail(reterr, RV_INVALID, "target table \"%s\": \"%s\" is not known here", path,
                   json_is_string(name) ? json_string_value(name) : "(no text)");
}

/* ---- the tables, theme by theme ---- */

static rv_status read_regions(const struct reader *r, struct targets *t, struct rv_err *reterr)
{
    char path[96];
    RV_TRY(read_list(r, "years", TWO_YEARS, t->years, reterr));
    if (t->years[0] != FIRST_YEAR || t->years[1] != FIRST_YEAR + 1) {
        return wrong("years", "2021 and 2022 are wanted: the wards change in May 2022", reterr);
    }
    RV_TRY(read_table(r, "overlap_regions_by_year", region_names, TWO_YEARS, ALL, t->regions[0],
                      reterr));
    for (size_t k = 0; k < REGIONS; k++) {
        (void)snprintf(path, sizeof path, "offence_group_by_region_and_year/%s", region_names[k]);
        RV_TRY(read_table(r, path, group_names, TWO_YEARS, 0, t->groups[k][0], reterr));
    }
    RV_TRY(read_table(r, "tno_by_year",
                      NAMES(tno_names[0], tno_names[1], tno_names[2], tno_names[3], tno_names[4],
                            tno_names[5], tno_names[6], tno_names[7], tno_names[8], tno_names[9],
                            tno_names[10], tno_names[11]),
                      TWO_YEARS, ALL, t->tno[0], reterr));
    RV_TRY(read_table(r, "residents", r->boroughs, 1, -1, t->residents, reterr));
    RV_TRY(read_table(r, "ethnicity_of_residents_per_1000", r->boroughs, 5, -1,
                      t->resident_ethnicity[0], reterr));
    return rv_ok();
}

static rv_status read_weapons(const struct reader *r, struct targets *t, struct rv_err *reterr)
{
    RV_TRY(read_table(r, "weapon_enabled_u25", NAMES("robbery", "ABH", "TTK", "GBH", "other"),
                      TWO_YEARS, ALL, t->weapon_u25[0], reterr));
    RV_TRY(read_one(r, "knife_u25", &t->knife_u25, reterr));
    RV_TRY(read_table(r, "da_weapon", NAMES("TTK", "ABH", "GBH", "sexual"), 2, ALL, t->weapon_da[0],
                      reterr));
    return read_one(r, "sv_weapon", &t->weapon_sv, reterr);
}

static rv_status read_wards(const struct reader *r, struct targets *t, struct rv_err *reterr)
{
    static const char *const sections[] = {"VAP", "sexual", "robbery", "weapons"};
    char path[64];
    for (size_t s = 0; s < SECTIONS; s++) {
        (void)snprintf(path, sizeof path, "ward_u25_by_section/%s", sections[s]);
        RV_TRY(read_table(r, path, r->wards, 1, ALL, t->ward_section[s], reterr));
    }
    RV_TRY(read_table(r, "ward_weapon_enabled", r->wards, 1, ALL, t->ward_weapon, reterr));
    RV_TRY(read_table(r, "ward_da", r->wards, 1, ALL, t->ward_da, reterr));
    RV_TRY(read_table(r, "ward_da_by_year", r->wards, TWO_YEARS, -1, t->ward_da_year[0], reterr));
    RV_TRY(read_table(r, "ward_sv", r->wards, 1, ALL, t->ward_sv, reterr));
    RV_TRY(read_table(r, "rank_2021_at_least", r->wards, 1, -1, t->rank_2021_at_least, reterr));
    RV_TRY(read_list(r, "lsoa_da_top10", DA_LSOAS, t->lsoa_da, reterr));
    RV_TRY(read_list(r, "lsoa_sv_top2", SV_LSOAS, t->lsoa_sv, reterr));
    RV_TRY(read_list(r, "lsoa_sv_next10", SV_NEXT_LSOAS, t->lsoa_sv_next, reterr));
    RV_TRY(place_of(r->wards, at_path(r->root, "lsoa_sv_top2_ward"), "lsoa_sv_top2_ward",
                    &t->lsoa_sv_ward, reterr));
    const json_t *list = at_path(r->root, "lsoa_da_top10_wards");
    for (size_t k = 0; k < DA_LSOAS; k++) {
        RV_TRY(place_of(r->wards, json_array_get(list, k), "lsoa_da_top10_wards",
                        &t->lsoa_da_ward[k], reterr));
    }
    RV_TRY(read_one(r, "da_coordinate_most", &t->da_coordinate_most, reterr));
    return read_one(r, "sv_coordinates", &t->sv_coordinates, reterr);
}

static rv_status read_localities(const struct reader *r, const char *path, const char *const *wards,
                                 struct locality *ret, size_t *ret_n, struct rv_err *reterr)
{
    const json_t *all = at_path(r->root, path), *list;
    const char *name;
    void *at = json_object_iter((json_t *)(uintptr_t)all);
    for (; at; at = json_object_iter_next((json_t *)(uintptr_t)all, at)) {
        name = json_object_iter_key(at);
        list = json_object_iter_value(at);
        if (*ret_n == LOCALITIES_MOST || json_array_size(list) > LOCALITY_WARDS) {
            return wrong(path, "too many localities, or wards in one", reterr);
        }
        struct locality *l = &ret[(*ret_n)++];
        l->name = arena_printf(r->a, "%s", name);
        if (!l->name) {
            return arena_fail(r->a, reterr);
        }
        for (l->n = 0; l->n < json_array_size(list); l->n++) {
            RV_TRY(place_of(wards, json_array_get(list, l->n), path, &l->wards[l->n], reterr));
        }
    }
    return *ret_n > 0 ? rv_ok() : wrong(path, "no locality", reterr);
}

static rv_status read_times(const struct reader *r, struct targets *t, struct rv_err *reterr)
{
    static const char *const hours = "hours_by_region_within7_late";
    for (size_t k = 0; k < REGION_NONE; k++) {
        const json_t *both = json_object_get(at_path(r->root, hours), region_names[k]);
        for (size_t late = 0; late < 2; late++) {
            const json_t *list = json_array_get(both, late);
            if (json_array_size(list) != HOURS) {
                return wrong(hours, "two lists of 24 counts for each region are wanted", reterr);
            }
            for (size_t h = 0; h < HOURS; h++) {
                if (!read_count(json_array_get(list, h), &t->hours[k][late][h])) {
                    return wrong(hours, "a whole number from 0 is wanted", reterr);
                }
            }
        }
    }
    RV_TRY(read_table(r, "outliers_0001_by_region_within7_late", region_names, 2, 0, t->at_0001[0],
                      reterr));
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", NULL};
    RV_TRY(read_table(r, "weekday_da", days, 1, ALL, t->weekday_da, reterr));
    RV_TRY(read_table(r, "weekday_sv", days, 1, ALL, t->weekday_sv, reterr));
    return read_table(
        r, "month_sv",
        NAMES("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        1, ALL, t->month_sv, reterr);
}

static rv_status read_persons(const struct reader *r, struct targets *t, struct rv_err *reterr)
{
    static const char *const sections[] = {"VAP", "sexual", "robbery"};
    static const char *const sexes[] = {"male", "female", "unknown", NULL};
    static const char *const ages[] = {"<18", "18-24", "25+", "unknown", NULL};
    char path[64];
    for (size_t k = 0; k < 3; k++) {
        (void)snprintf(path, sizeof path, "u25_victims_by_section_sex/%s", sections[k]);
        RV_TRY(read_table(r, path, sexes, 1, ALL, t->u25v_section_sex[k], reterr));
        (void)snprintf(path, sizeof path, "u25_victims_sex_age/%s", sexes[k]);
        RV_TRY(read_table(r, path, ages, 1, ALL, t->u25v_sex_age[k], reterr));
    }
    RV_TRY(read_table(r, "u25_suspects/gender", sexes, 1, ALL, t->u25s_sex, reterr));
    RV_TRY(read_table(r, "u25_suspects/age", ages, 1, ALL, t->u25s_age, reterr));
    RV_TRY(read_table(r, "robbery_suspects_age", ages, 1, ALL, t->robbery_s_age, reterr));
    RV_TRY(read_table(r, "weapon_possession_suspects_age", NAMES("<18", "18-24", "25", "26+"), 1,
                      ALL, t->weapon_s_age, reterr));
    RV_TRY(read_one(r, "sv_victims_under18", &t->sv_victims_u18, reterr));
    RV_TRY(read_one(r, "sv_suspects/all", &t->sv_suspects, reterr));
    RV_TRY(read_one(r, "sv_suspects/<18", &t->sv_suspects_u18, reterr));
    RV_TRY(read_one(r, "da_victims/all", &t->da_victims, reterr));
    RV_TRY(read_one(r, "da_victims/female", &t->da_victims_female, reterr));
    RV_TRY(read_one(r, "da_suspects/all", &t->da_suspects, reterr));
    RV_TRY(read_one(r, "da_suspects/male", &t->da_suspects_male, reterr));
    static const char *const of[] = {"u25_victims", "u25_suspects", "da_victims",
                                     "da_suspects", "sv_victims",   "sv_suspects"};
    for (size_t k = 0; k < OF_PERSONS; k++) {
        (void)snprintf(path, sizeof path, "ethnicity/%s", of[k]);
        RV_TRY(read_table(r, path, ethnicity_names, 1, ALL, t->ethnicity[k], reterr));
    }
    RV_TRY(read_list(r, "sv_victim_ethnicity_unknown_by_year", TWO_YEARS, t->sv_ethnicity_unknown,
                     reterr));
    const char *names[RELATIONSHIPS + 1] = {NULL};
    memcpy(names, relationship_names, sizeof relationship_names);
    RV_TRY(read_table(r, "da_relationships", names, 1, ALL, t->relationships, reterr));
    RV_TRY(read_list(r, "da_sons_by_year", TWO_YEARS, t->sons, reterr));
    RV_TRY(read_one(r, "accused_u25", &t->accused_u25, reterr));
    return read_one(r, "accused_sv", &t->accused_sv, reterr);
}

static rv_status read_top(const struct reader *r, const char *path, struct top_wards *ret,
                          struct rv_err *reterr)
{
    ret->n = json_array_size(at_path(r->root, path));
    if (ret->n == 0 || ret->n > TOP_WARDS) {
        return wrong(path, "a list of 1 to 24 counts is wanted", reterr);
    }
    RV_TRY(read_list(r, path, ret->n, ret->count, reterr));
    for (size_t i = 1; i < ret->n; i++) {
        if (ret->count[i] > ret->count[i - 1]) {
            return wrong(path, "the largest stands first", reterr);
        }
    }
    return rv_ok();
}

static rv_status read_ladders(const struct reader *r, struct targets *t, struct rv_err *reterr)
{
    static const char *const ladders[LADDERS] = {
        "U25", "U25 sexual", "U25 weapon possession", "DA all", "DA SV", "SV", "TNO"};
    char path[64];
    for (size_t k = 0; k < LADDERS; k++) {
        for (size_t y = 0; y < TWO_YEARS; y++) {
            (void)snprintf(path, sizeof path, "boroughs/%s %lld", ladders[k],
                           (long long)t->years[y]);
            RV_TRY(read_table(r, path, r->boroughs, 1, ALL, t->ladder[k][y], reterr));
        }
    }
    RV_TRY(read_table(r, "ve_total_by_borough", r->boroughs, 1, ALL, t->ve_total, reterr));
    RV_TRY(read_table(r, "accused_u25_by_borough", r->boroughs, 1, ALL, t->ladder_accused_u25,
                      reterr));
    RV_TRY(
        read_table(r, "accused_sv_by_borough", r->boroughs, 1, ALL, t->ladder_accused_sv, reterr));
    RV_TRY(read_top(r, "london_wards_top/U25", &t->top_u25, reterr));
    RV_TRY(read_top(r, "london_wards_top/SV", &t->top_sv, reterr));
    RV_TRY(read_top(r, "london_wards_top/DA SV", &t->top_da, reterr));
    RV_TRY(read_top(r, "london_wards_top/DA SV 2022", &t->top_da_2022, reterr));
    const json_t *east = at_path(r->root, "east_london");
    for (size_t k = 0, b; k < json_array_size(east); k++) {
        RV_TRY(place_of(r->boroughs, json_array_get(east, k), "east_london", &b, reterr));
        t->is_east[b] = true;
    }
    return read_one(r, "east_london_in_da_top10", &t->east_in_top10, reterr);
}

static rv_status read_places(const struct reader *r, struct targets *t, struct rv_err *reterr)
{
    static const char *const types[] = {"pub/club", "school", "shopping", "other", NULL};
    const json_t *list = at_path(r->root, "top20_locations");
    const char *names[LOCALITIES_MOST + 1] = {NULL};
    for (size_t k = 0; k < t->locality_count; k++) {
        names[k] = t->localities[k].name;
    }
    for (size_t k = 0, type; k < TOP_PLACES; k++) {
        const json_t *pair = json_array_get(list, k);
        RV_TRY(place_of(names, json_array_get(pair, 0), "top20_locations", &t->places[k].locality,
                        reterr));
        RV_TRY(place_of(types, json_array_get(pair, 1), "top20_locations", &type, reterr));
        t->places[k].type = types[type];
    }
    return rv_ok();
}

static rv_status read_routes(const struct reader *r, const char *path, size_t most,
                             struct route *ret, size_t *ret_n, struct rv_err *reterr)
{
    json_t *all = (json_t *)(uintptr_t)at_path(r->root, path);
    for (void *at = json_object_iter(all); at; at = json_object_iter_next(all, at)) {
        if (*ret_n == most) {
            return wrong(path, "too many", reterr);
        }
        ret[*ret_n].name = arena_printf(r->a, "%s", json_object_iter_key(at));
        const json_t *value = json_object_iter_value(at);
        if (json_is_integer(value) && !read_count(value, &ret[*ret_n].count)) {
            return wrong(path, "a whole number from 0 is wanted", reterr);
        }
        if (!ret[(*ret_n)++].name) {
            return arena_fail(r->a, reterr);
        }
    }
    return *ret_n > 0 ? rv_ok() : wrong(path, "it is not there or empty", reterr);
}

static rv_status read_others(const struct reader *r, struct targets *t, struct rv_err *reterr)
{
    char path[96];
    RV_TRY(read_list(r, "las_by_year", TWO_YEARS, t->las_year, reterr));
    RV_TRY(read_one(r, "las_injuries/minor", &t->las_minor, reterr));
    RV_TRY(read_one(r, "las_injuries/minor head wound", &t->las_head, reterr));
    RV_TRY(read_table(r, "las_old_wards", r->old_wards, 1, ALL, t->las_ward, reterr));
    RV_TRY(read_routes(r, "rail", RAIL_STATIONS, t->stations, &t->station_count, reterr));
    for (size_t k = 0; k < t->station_count; k++) {
        (void)snprintf(path, sizeof path, "rail/%s", t->stations[k].name);
        RV_TRY(read_table(r, path, NAMES("robbery", "sexual", "violence"), 1, ALL, t->rail[k],
                          reterr));
    }
    RV_TRY(read_routes(r, "bus", BUS_ROUTES, t->routes, &t->route_count, reterr));
    RV_TRY(read_one(r, "bus_other/incidents", &t->bus_other, reterr));
    return read_one(r, "bus_other/most", &t->bus_other_most, reterr);
}

static rv_status read_all(const struct reader *r, struct targets *t, struct rv_err *reterr)
{
    RV_TRY(read_regions(r, t, reterr));
    RV_TRY(read_weapons(r, t, reterr));
    RV_TRY(read_wards(r, t, reterr));
    RV_TRY(read_localities(r, "localities", r->wards, t->localities, &t->locality_count, reterr));
    RV_TRY(read_localities(r, "localities_2018", r->old_wards, t->localities_2018,
                           &t->locality_2018_count, reterr));
    RV_TRY(read_times(r, t, reterr));
    RV_TRY(read_persons(r, t, reterr));
    RV_TRY(read_ladders(r, t, reterr));
    RV_TRY(read_places(r, t, reterr));
    return read_others(r, t, reterr);
}

static rv_status parse(struct arena *a, struct text text, struct targets *t, struct rv_err *reterr)
{
    const char *wards[HAVERING_WARDS_2022 + 1] = {NULL}, *old[HAVERING_WARDS_2018 + 1] = {NULL};
    const char *boroughs[BOROUGHS + 1] = {NULL};
    for (size_t k = 0; k < HAVERING_WARDS_2022; k++) {
        wards[k] = havering_wards_2022[k].name;
    }
    for (size_t k = 0; k < HAVERING_WARDS_2018; k++) {
        old[k] = havering_wards_2018[k].name;
    }
    for (size_t b = 0; b < BOROUGHS; b++) {
        boroughs[b] = borough_facts[b].name;
    }
    json_error_t error;
    json_t *root = json_loadb(text.at, text.n, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        return rv_fail(reterr, RV_INVALID, "the target file is not JSON: line %d: %s", error.line,
                       error.text);
    }
    struct reader r = {root, wards, old, boroughs, a};
    rv_status status = read_all(&r, t, reterr);
    json_decref(root);
    return status;
}

rv_status targets_parse(struct arena *a, struct text text, struct targets **ret,
                        struct rv_err *reterr)
{
    struct targets *t = ARENA_NEW(a, struct targets, 1);
    if (!t) {
        return arena_fail(a, reterr);
    }
    RV_TRY(parse(a, text, t, reterr));
    RV_TRY(targets_check(t, reterr));
    *ret = t;
    return rv_ok();
}

rv_status targets_load(struct arena *a, const char *path, struct targets **ret,
                       struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf text;
    buf_init(&text, FILE_LIMIT);
    if (path) {
        RV_TRY(file_read(path, &text, reterr));
        return targets_parse(a, buf_view(&text), ret, reterr);
    }
    const struct asset *set =
        asset_find(targets_assets, targets_assets_count, "targets/havering.json");
    return targets_parse(a, asset_text(set), ret, reterr);
}
