/* assess/quality_places.c — places not told, points that stand for many, and ends of lines.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/quality_internal.h"
#include "base/memory.h"
#include "base/sort.h"
#include "place/texts.h"
#include "stats/binomial.h"

#include <string.h>

#define POINT_NEIGHBOURS 10   /* next most frequent points that one is compared with */
#define POINT_RATIO      5    /* times their mean */
#define POINT_SHARE      0.05 /* of all records with a point */
#define END_RATIO        3    /* of the end of a line over the other stations */
#define END_LEAST        10   /* records too many */
#define END_SHARE        0.9  /* of a line's records at its end */
#define END_STATIONS     5    /* other stations that are needed */

static int64_t places_of(const struct quality_counts *k, uint32_t group, enum quality_place p)
{
    return k->places[group][p];
}

static int64_t all_of(const struct quality_counts *k, enum quality_place p)
{
    int64_t sum = 0;
    for (uint32_t g = 0; g < QUALITY_GROUPS; g++) {
        sum += k->places[g][p];
    }
    return sum;
}

/* ---- places not told ---- */

static rv_status add_hidden(struct quality_work *w, const char *subject, int64_t withheld,
                            int64_t nowhere, int64_t of, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    struct quality_check *c = subject ? quality_add(w, "places-not-told", subject) : NULL;
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->count = withheld + nowhere;
    c->of = of;
    c->measure = of ? (double)c->count / (double)of : 0;
    c->measure_name = "share";
    c->verdict = quality_share_verdict(c->count, of);
    c->sentence =
        arena_printf(a, "%s records%s%s have no place: of %s it is withheld, of %s it is missing.",
                     quality_share_text(a, c->count, of), subject[0] ? " of " : "", subject,
                     quality_number(a, withheld), quality_number(a, nowhere));
    c->spoils = "maps, hotspots, wards and LSOAs";
    c->remedy = c->verdict == VERDICT_HOLDS
                    ? ""
                    : "Give the number without a place beside every map; compare no areas by "
                      "counts of these.";
    return rv_ok();
}

static rv_status hidden(struct quality_work *w, struct rv_err *reterr)
{
    const struct quality_counts *k = w->facts->counts;
    int64_t withheld = all_of(k, PLACE_WITHHELD), nowhere = all_of(k, PLACE_NOWHERE);
    RV_TRY(add_hidden(w, "", withheld, nowhere, k->rows, reterr));
    enum finding_verdict all = quality_share_verdict(withheld + nowhere, k->rows);
    for (uint32_t g = 1; g < w->facts->groups.count; g++) {
        withheld = places_of(k, g, PLACE_WITHHELD);
        nowhere = places_of(k, g, PLACE_NOWHERE);
        if (quality_share_verdict(withheld + nowhere, k->groups[g]) > all) {
            RV_TRY(add_hidden(w, quality_group(w, g), withheld, nowhere, k->groups[g], reterr));
        }
    }
    return rv_ok();
}

/* Coordinates moved by the publisher. Of all records alike that is how the source is; of one group
 * more than of the rest it bends every comparison of maps. */
static rv_status add_snapped(struct quality_work *w, const char *subject, int64_t count, int64_t of,
                             bool is_uneven, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    struct quality_check *c = subject ? quality_add(w, "snapped-places", subject) : NULL;
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->count = count;
    c->of = of;
    c->verdict = is_uneven ? VERDICT_CAUTION : VERDICT_HOLDS;
    c->is_noted = true;
    c->sentence =
        arena_printf(a, "%s records%s%s lie on a point that stands for a street or an area.",
                     quality_share_text(a, count, of), subject[0] ? " of " : "", subject);
    c->spoils = "anything finer than the points: addresses, repeats at one place";
    c->remedy = is_uneven ? "Compare this group with others by ward or LSOA only." : "";
    return rv_ok();
}

static rv_status snapped(struct quality_work *w, struct rv_err *reterr)
{
    const struct quality_counts *k = w->facts->counts;
    int64_t all = all_of(k, PLACE_SNAPPED), points = all + all_of(k, PLACE_POINT);
    if (all == 0) {
        return rv_ok();
    }
    RV_TRY(add_snapped(w, "", all, points, false, reterr));
    for (uint32_t g = 1; g < w->facts->groups.count && 2 * all < points; g++) {
        int64_t mine = places_of(k, g, PLACE_SNAPPED), n = mine + places_of(k, g, PLACE_POINT);
        int64_t others = all - mine, rest = points - n;
        double p = 1, share = n ? (double)mine / (double)n : 0;
        double beside = rest ? (double)others / (double)rest : share;
        if (n < QUALITY_BASE || rest < QUALITY_BASE || share - beside < QUALITY_SHARE_CAUTION) {
            continue;
        }
        RV_TRY(binomial_fisher(mine, n - mine, others, rest - others, &p, reterr));
        if (p * (double)w->facts->groups.count < QUALITY_SURE) {
            RV_TRY(add_snapped(w, quality_group(w, g), mine, n, true, reterr));
        }
    }
    return rv_ok();
}

/* ---- one point for many ---- */

static int64_t frequent_points(const struct sort_row *points, size_t n,
                               int64_t top[POINT_NEIGHBOURS + 1])
{
    int64_t total = 0;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && points[end].key == points[i].key;) {
            end++;
        }
        int64_t length = points[i].key ? (int64_t)(end - i) : 0;
        total += length;
        for (int k = 0; k <= POINT_NEIGHBOURS; k++) {
            if (length > top[k]) {
                int64_t was = top[k];
                top[k] = length;
                length = was;
            }
        }
    }
    return total;
}

static rv_status one_point(struct quality_work *w, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    size_t n = w->facts->rows.n;
    int64_t top[POINT_NEIGHBOURS + 1] = {0}, beside = 0;
    struct sort_row *points = memory_new(n + SORT_SPARE, sizeof *points);
    if (!points) {
        return rv_fail(reterr, RV_NO_MEMORY, "Out of memory while comparing places.");
    }
    for (size_t i = 0; i < n; i++) {
        points[i].key = w->facts->rows.point[i];
    }
    sort_rows(points, n, points + n);
    int64_t total = frequent_points(points, n, top);
    memory_free(points);
    for (int k = 1; k <= POINT_NEIGHBOURS; k++) {
        beside += top[k];
    }
    if (total < POINT_NEIGHBOURS * QUALITY_BASE || beside == 0) {
        return rv_ok();
    }
    double p = binomial_upper(top[0], top[0] + beside, 1.0 / (POINT_NEIGHBOURS + 1));
    struct quality_check *c = quality_add(w, "one-point", "");
    if (!c) {
        return arena_fail(a, reterr);
    }
    bool is_heap = p < QUALITY_SURE && (double)top[0] >= POINT_SHARE * (double)total &&
                   (double)top[0] * POINT_NEIGHBOURS >= POINT_RATIO * (double)beside;
    c->count = top[0];
    c->of = total;
    c->measure = p;
    c->measure_name = "p";
    c->verdict = is_heap ? VERDICT_CAUTION : VERDICT_HOLDS;
    c->sentence = arena_printf(a,
                               is_heap ? "%s records with coordinates share one point, far more "
                                         "than the next ones: it may stand for \"place not "
                                         "known\", or be a very busy place."
                                       : "%s records with coordinates share the most frequent "
                                         "point, as the next ones do.",
                               quality_share_text(a, top[0], total));
    c->spoils = "maps and hotspots";
    c->remedy = is_heap ? "Look at the point; if it is an office or the middle of an area, have it "
                          "marked as not known."
                        : "";
    return rv_ok();
}

/* ---- ends of lines ---- */

/* Stations at which a line ends, as of 2022. Facts. Source: line maps of Transport for London and
 * of the train operators. */
static const char *const ENDS[] = {"Abbey Wood",
                                   "Aldgate",
                                   "Amersham",
                                   "Barking",
                                   "Barking Riverside",
                                   "Beckenham Junction",
                                   "Beckton",
                                   "Brixton",
                                   "Chesham",
                                   "Cheshunt",
                                   "Chingford",
                                   "Cockfosters",
                                   "Crystal Palace",
                                   "Ealing Broadway",
                                   "Edgware",
                                   "Elephant & Castle",
                                   "Elmers End",
                                   "Enfield Town",
                                   "Epping",
                                   "Hammersmith",
                                   "Harrow & Wealdstone",
                                   "High Barnet",
                                   "Lewisham",
                                   "Mill Hill East",
                                   "Morden",
                                   "New Addington",
                                   "New Cross",
                                   "Richmond",
                                   "Shenfield",
                                   "Stanmore",
                                   "Stratford International",
                                   "Upminster",
                                   "Uxbridge",
                                   "Walthamstow Central",
                                   "Watford",
                                   "Watford Junction",
                                   "West Croydon",
                                   "West Ruislip",
                                   "Wimbledon",
                                   "Woolwich Arsenal",
                                   NULL};

/* "Upminster", "UPMINSTER STATION", "Upminster (District)". */
static bool is_end(struct text station)
{
    for (size_t i = 0; ENDS[i]; i++) {
        struct text name = text_of(ENDS[i]);
        struct text start = {station.at, name.n < station.n ? name.n : station.n};
        struct text rest = {station.at + start.n, station.n - start.n};
        rest = text_trim(rest);
        if (text_equal_nocase(start, name) &&
            (rest.n == 0 || rest.at[0] == '(' || text_equal_nocase(rest, text_of("station")) ||
             text_equal_nocase(rest, text_of("underground station")))) {
            return true;
        }
    }
    return false;
}

/* The stations that end no line: how many, how many records, and the most at one. */
struct middle {
    int64_t stations, records, most, ends;
};

static struct middle middle_of(const struct quality_facts *f)
{
    struct middle m = {0};
    for (uint32_t c = 1; c < f->stations.count; c++) {
        int64_t n = f->station_counts[c];
        bool ends = is_end(dictionary_text(&f->stations, c));
        m.ends += ends && n > 0;
        m.stations += !ends && n > 0;
        m.records += ends ? 0 : n;
        m.most = !ends && n > m.most ? n : m.most;
    }
    return m;
}

static rv_status add_end(struct quality_work *w, uint32_t code, const struct middle *m, double p,
                         struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    struct text name = dictionary_text(&w->facts->stations, code);
    const char *station = arena_text(a, name.at, name.n);
    struct quality_check *c = station ? quality_add(w, "end-of-line", station) : NULL;
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->count = w->facts->station_counts[code];
    c->of = w->facts->counts->rows;
    c->measure = p;
    c->measure_name = "p after Bonferroni";
    c->verdict = VERDICT_CAUTION;
    c->sentence = arena_printf(
        a,
        "%s, where a line ends, has %s records; the %s stations that end no line have %.1f on "
        "average and at most %s. Incidents on the way may be booked where the train ends: this "
        "does not tell, and a busy station would look the same.",
        station, quality_number(a, c->count), quality_number(a, m->stations),
        (double)m->records / (double)m->stations, quality_number(a, m->most));
    c->spoils = "ranks of stations, and any sum with records of the police of the area";
    c->remedy = "Name no station as a hotspot on these numbers alone; ask the operator where an "
                "incident on a moving train is booked.";
    return rv_ok();
}

/* A line whose records stand at its end, all or nearly all of them: were there one other station as
 * busy, half would be there. */
static rv_status whole_line(struct quality_work *w, uint32_t route, uint32_t station, int64_t of,
                            bool *ret_found, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    const struct quality_facts *f = w->facts;
    int64_t x = f->route_counts[(size_t)route * f->stations.count + station];
    double p = binomial_upper(x, of, 0.5) * (double)f->routes.count; /* Bonferroni */
    if (p >= QUALITY_SURE || (double)x < END_SHARE * (double)of) {
        return rv_ok();
    }
    struct text s = dictionary_text(&f->stations, station), r = dictionary_text(&f->routes, route);
    const char *subject = arena_printf(a, "%.*s of %.*s", (int)s.n, s.at, (int)r.n, r.at);
    struct quality_check *c = subject ? quality_add(w, "end-of-line", subject) : NULL;
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->count = x;
    c->of = of;
    c->measure = p;
    c->measure_name = "p after Bonferroni";
    c->verdict = VERDICT_CAUTION;
    c->sentence =
        arena_printf(a,
                     "%s records of the line %.*s stand at %.*s, where it ends. Incidents "
                     "on the way may be booked there, or the extract may hold no other "
                     "station of the line: this does not tell.",
                     quality_share_text(a, x, of), (int)r.n, r.at, (int)s.n, s.at);
    c->spoils = "ranks of stations, and any sum with records of the police of the area";
    c->remedy = "Name no station as a hotspot on these numbers alone; ask the operator where an "
                "incident on a moving train is booked.";
    *ret_found = true;
    return rv_ok();
}

static rv_status whole_lines(struct quality_work *w, bool *ret_found, struct rv_err *reterr)
{
    const struct quality_facts *f = w->facts;
    for (uint32_t r = 1; r < f->routes.count; r++) {
        const int64_t *counts = f->route_counts + (size_t)r * f->stations.count;
        int64_t of = 0;
        uint32_t most = 0;
        for (uint32_t c = 1; c < f->stations.count; c++) {
            of += counts[c];
            most = counts[c] > counts[most] ? c : most;
        }
        if (of >= QUALITY_BASE && most && is_end(dictionary_text(&f->stations, most))) {
            RV_TRY(whole_line(w, r, most, of, ret_found, reterr));
        }
    }
    return rv_ok();
}

/* x at the end of a line against the records S of the K other stations: were it like them, x would
 * be Binomial(x + S, 1/(K+1)). Told only when it is above every other station too. */
static rv_status ends_of_lines(struct quality_work *w, struct rv_err *reterr)
{
    const struct quality_facts *f = w->facts;
    struct middle m = middle_of(f);
    bool is_found = false;
    RV_TRY(whole_lines(w, &is_found, reterr));
    if (!is_found && (m.stations < END_STATIONS || m.ends == 0)) {
        return quality_absent(w, "end-of-line", "",
                              "Too few stations, or none at which a line is known to end, to look "
                              "for incidents booked at the end of a line.",
                              "ranks of stations", reterr);
    }
    double mean = m.stations ? (double)m.records / (double)m.stations : 0;
    for (uint32_t c = 1; c < f->stations.count && m.stations >= END_STATIONS; c++) {
        int64_t x = f->station_counts[c];
        if (x <= m.most || !is_end(dictionary_text(&f->stations, c))) {
            continue;
        }
        double p = binomial_upper(x, x + m.records, 1.0 / (double)(m.stations + 1)) *
                   (double)m.ends; /* Bonferroni: never less careful than Holm */
        if (p < QUALITY_SURE && (double)x >= END_RATIO * mean && (double)x - mean >= END_LEAST) {
            RV_TRY(add_end(w, c, &m, p, reterr));
            is_found = true;
        }
    }
    struct quality_check *c = is_found ? NULL : quality_add(w, "end-of-line", "");
    if (c) {
        c->sentence = "No station at the end of a line stands out from the others.";
        c->spoils = "ranks of stations";
    }
    return c || is_found ? rv_ok() : arena_fail(w->held->arena, reterr);
}

rv_status quality_places(struct quality_work *w, struct rv_err *reterr)
{
    const char *kind = w->facts->source->kind;
    if (strcmp(kind, "transport") == 0) {
        return w->facts->has_station ? ends_of_lines(w, reterr) : rv_ok();
    }
    if (strcmp(kind, TEXTS_KIND) == 0) {
        return quality_words(w, reterr);
    }
    if (strcmp(kind, "offences") != 0 && strcmp(kind, "ambulance") != 0 &&
        strcmp(kind, "stop-search") != 0) {
        return rv_ok();
    }
    if (!w->facts->has_place) {
        return quality_absent(w, "places-not-told", "",
                              "The source has neither coordinates nor codes of small areas.",
                              "maps, hotspots, wards and LSOAs", reterr);
    }
    RV_TRY(hidden(w, reterr));
    RV_TRY(snapped(w, reterr));
    return one_point(w, reterr);
}
