/* assess/eyes_transport.c — violence on buses and railways, each apart: stations, routes, and
 * whether the order of stations is that of their surroundings.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/eyes.h"
#include "define/vocabulary.h"
#include "stats/binomial.h"

#include <string.h>

enum { ROUTE_LEAST = 3 }; /* incidents from which a route is named beside others */
enum { LINE_LEAST = 6 };  /* all at one of two like stations: p 2 x 0.5^6, under 0.05 from six on */
enum { OPERATOR, SECOND, GROUP, LINE = GROUP };

static bool is_bus(const char *label)
{
    return strcmp(label, "bus") == 0;
}

static bool is_rail(const char *label)
{
    return label[0] && !is_bus(label);
}

static const char RAIL[] = " --where operator=rail,tube,dlr,tram,overground";
static const char BUS[] = " --where operator=bus";

static rv_status add_series(const struct eye *e, const struct eye_cube *c, struct rv_err *reterr)
{
    struct arena *a = e->work->held.arena;
    struct eye_series s[2] = {{.slug = "rail", .name = "Railways"},
                              {.slug = "bus", .name = "Buses"}};
    s[0].subject =
        arena_printf(a, "incidents on railways, the tube and trams in %s", e->work->area_name);
    s[1].subject = arena_printf(a, "incidents on buses in %s", e->work->area_name);
    for (size_t i = 0; i < 2; i++) {
        if (!s[i].subject) {
            return arena_fail(a, reterr);
        }
        RV_TRY(eye_series_of(e, c, i ? is_bus : is_rail, &s[i], reterr));
        const char *query = eye_query(e, "operator", i ? BUS : RAIL, e->work->options->period);
        RV_TRY(eye_total(&s[i], query, reterr));
        RV_TRY(eye_change(&s[i], query, reterr));
    }
    return eye_monthly(s, 2, "months", reterr);
}

/* Stations of railways, or routes of buses. */
static rv_status count_second(const struct eye *e, const char *column, bool (*is_in)(const char *),
                              struct eye_cube *c, struct eye_ranked **ret, size_t *ret_count,
                              int64_t *ret_total, struct rv_err *reterr)
{
    const struct cube_axis axes[] = {[OPERATOR] = eye_axis("operator", "operator"),
                                     [SECOND] = eye_axis(column, column),
                                     [GROUP] = {.kind = AXIS_VALUE,
                                                .name = "offence-group",
                                                .column = "offence_group",
                                                .closed = OFFENCE_GROUPS,
                                                .closed_count = OFFENCE_GROUP_COUNT}};
    RV_TRY(eye_count(e, axes, 3, true, c, reterr));
    struct eye_ranked *all =
        ARENA_NEW(e->work->held.arena, struct eye_ranked, c->axes[SECOND].size);
    if (!all) {
        return arena_fail(e->work->held.arena, reterr);
    }
    size_t n = 0;
    *ret_total = 0;
    for (uint32_t k = 0; k < c->axes[SECOND].size; k++) {
        struct eye_ranked r = {.label = k ? c->axes[SECOND].labels[k] : "", .position = k};
        for (uint32_t o = 0; o < c->axes[OPERATOR].size; o++) {
            for (uint32_t g = 0;
                 is_in(o ? c->axes[OPERATOR].labels[o] : "") && g < c->axes[GROUP].size; g++) {
                uint32_t codes[] = {o, k, g};
                r.count += eye_cell(e, c, codes, e->span);
                r.before += eye_cell(e, c, codes, e->work->options->compare);
                r.after += eye_cell(e, c, codes, e->work->options->period);
            }
        }
        *ret_total += r.count;
        if (k > 0 && r.count > 0) {
            all[n++] = r;
        }
    }
    eye_sort(all, n);
    *ret = all;
    *ret_count = n;
    return rv_ok();
}

/* ---- stations ---- */

static int64_t of_group(const struct eye *e, const struct eye_cube *c, uint32_t station, uint32_t g)
{
    int64_t sum = 0;
    for (uint32_t o = 0; o < c->axes[OPERATOR].size; o++) {
        uint32_t codes[] = {o, station, g};
        sum += is_rail(o ? c->axes[OPERATOR].labels[o] : "") ? eye_cell(e, c, codes, e->span) : 0;
    }
    return sum;
}

static rv_status station_table(const struct eye *e, const struct eye_cube *c,
                               const struct eye_ranked *all, size_t n, struct rv_err *reterr)
{
    struct arena *a = e->work->held.arena;
    uint32_t groups[OFFENCE_GROUP_COUNT + 1];
    size_t count = 0;
    for (uint32_t g = 0; g < c->axes[GROUP].size; g++) {
        int64_t sum = 0;
        for (size_t i = 0; i < n; i++) {
            sum += of_group(e, c, all[i].position, g);
        }
        if (sum > 0) {
            groups[count++] = g;
        }
    }
    struct result_column *columns = ARENA_NEW(a, struct result_column, count + 2);
    struct result_cell *cells = NULL;
    if (!columns) {
        return arena_fail(a, reterr);
    }
    columns[0] = (struct result_column){"station", "Station", RESULT_TEXT};
    columns[1] = (struct result_column){"total", "All", RESULT_COUNT};
    for (size_t i = 0; i < count; i++) {
        const char *label = groups[i] ? c->axes[GROUP].labels[groups[i]] : "not-recorded";
        int at = groups[i] ? vocabulary_find(OFFENCE_GROUPS, text_of(label)) : -1;
        columns[i + 2] = (struct result_column){
            label, at < 0 ? "Not recorded" : OFFENCE_GROUP_TITLES[at], RESULT_COUNT};
    }
    struct result_table *t = eye_table(e, "stations", columns, count + 2, n, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "Incidents by station and offence group, %s, %s", e->work->area_name,
                            compose_period(a, e->span));
    t->description = "Incidents put down to each station, by offence group, most first.";
    t->chart = count >= 2 && count <= 6 ? CHART_STACKED : CHART_NONE;
    for (size_t i = 0; i < n; i++) {
        struct result_cell *row = &cells[i * (count + 2)];
        row[0] = cell_text(all[i].label);
        row[1] = cell_number((double)all[i].count);
        for (size_t k = 0; k < count; k++) {
            row[k + 2] = cell_number((double)of_group(e, c, all[i].position, groups[k]));
        }
    }
    RV_TRY(compose_note(e->work, t,
                        "An incident is put down to one station, which may stand for a line or for "
                        "a part of a police force's ground: the records do not tell.",
                        reterr));
    return t->title ? compose_note(e->work, t, e->caveat, reterr) : arena_fail(a, reterr);
}

/* Recorded offences of the locality that has the name of a station; -1 = there is none. */
static rv_status around(const struct eyes *all, const struct eye_ranked *station, int64_t *ret,
                        struct rv_err *reterr)
{
    struct eye_ranked *areas = NULL;
    size_t n = 0;
    int64_t nowhere = 0;
    *ret = -1;
    if (!all->has_police || !all->police.work->localities ||
        !eyes_share_span(&all->police, &all->transport)) {
        return rv_ok();
    }
    RV_TRY(eye_areas(&all->police, all->police.work->localities, &areas, &n, &nowhere, reterr));
    for (size_t i = 0; i < n; i++) {
        *ret = strcmp(areas[i].label, station->label) == 0 ? areas[i].count : *ret;
    }
    return rv_ok();
}

/* Whether the first two stations stand in the order of the offences around them. */
static rv_status add_terminus(const struct eyes *all, const struct eye_ranked *stations,
                              struct rv_err *reterr)
{
    const struct eye *e = &all->transport;
    struct assess_work *w = e->work;
    int64_t first = 0, second = 0;
    double p_rail = 0, p_police = 0;
    RV_TRY(around(all, &stations[0], &first, reterr));
    RV_TRY(around(all, &stations[1], &second, reterr));
    if (first < 0 || second < 0 || first + second == 0 || stations[0].count == stations[1].count) {
        return rv_ok(); /* no surroundings of that name, or no order */
    }
    struct finding *f = eye_finding(e, "rail", "terminus");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    RV_TRY(binomial_test(stations[0].count, stations[0].count + stations[1].count, 0.5, &p_rail,
                         reterr));
    RV_TRY(binomial_test(first, first + second, 0.5, &p_police, reterr));
    bool is_told = p_rail < WORDING_ALPHA && p_police < WORDING_ALPHA;
    f->period = e->span;
    f->method = "rate-ratio";
    f->subject = "order of the stations";
    f->value = f->numerator = (double)stations[0].count;
    f->compare_value = (double)stations[1].count;
    f->query = eye_query(e, "station", RAIL, e->span);
    f->rule = first > second ? "TERMINUS_AGREES"
              : is_told      ? "TERMINUS_DISAGREES"
                             : "TERMINUS_UNSURE";
    RV_TRY(compose_text(w, f, "place", stations[0].label, reterr));
    RV_TRY(compose_text(w, f, "next", stations[1].label, reterr));
    RV_TRY(compose_number(w, f, "next_count", f->compare_value, reterr));
    RV_TRY(compose_number(w, f, "first_around", (double)first, reterr));
    RV_TRY(compose_number(w, f, "next_around", (double)second, reterr));
    RV_TRY(compose_number(w, f, "p", p_rail, reterr));
    RV_TRY(compose_number(w, f, "p_around", p_police, reterr));
    RV_TRY(compose_caveat(w, f,
                          "Stations have no code or point in the extract: the locality of the same "
                          "name is taken as the surroundings, with the offences that the police "
                          "recorded there; the two are set side by side and never added.",
                          reterr));
    return f->query ? rv_ok() : arena_fail(w->held.arena, reterr);
}

/* How many incidents of a line name a station, and whether all name one: its position, else 0. */
static int64_t of_line(const struct eye *e, const struct eye_cube *c, uint32_t line,
                       uint32_t *ret_only)
{
    int64_t sum = 0;
    *ret_only = 0;
    for (uint32_t k = 1; k < c->axes[SECOND].size; k++) {
        int64_t here = 0;
        for (uint32_t o = 1; o < c->axes[OPERATOR].size; o++) {
            uint32_t codes[] = {o, k, line};
            here += is_rail(c->axes[OPERATOR].labels[o]) ? eye_cell(e, c, codes, e->span) : 0;
        }
        *ret_only = here == 0 ? *ret_only : sum == 0 ? k : 0;
        sum += here;
    }
    return sum;
}

/* A line whose incidents all name one station: the one with most of them. */
static rv_status add_line(const struct eye *e, const struct eye_ranked *stations, size_t n,
                          struct rv_err *reterr)
{
    struct assess_work *w = e->work;
    const struct cube_axis axes[] = {[OPERATOR] = eye_axis("operator", "operator"),
                                     [SECOND] = eye_axis("station", "station"),
                                     [LINE] = eye_axis("route", "route")};
    struct eye_cube c;
    int64_t most = LINE_LEAST - 1;
    uint32_t best = 0, station = 0, only;
    RV_TRY(eye_count(e, axes, 3, true, &c, reterr));
    for (uint32_t line = 1; line < c.axes[LINE].size; line++) {
        int64_t here = of_line(e, &c, line, &only);
        if (only && here > most) {
            most = here;
            best = line;
            station = only;
        }
    }
    if (!best) {
        return rv_ok();
    }
    struct finding *f = eye_finding(e, "rail", "line");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    const char *name = c.axes[SECOND].labels[station];
    double all = 0;
    for (size_t i = 0; i < n; i++) {
        all += strcmp(stations[i].label, name) == 0 ? (double)stations[i].count : 0;
    }
    f->period = e->span;
    f->method = "rate-ratio";
    f->rule = "TERMINUS_LINE";
    f->subject = "incidents of a line";
    f->value = f->numerator = (double)most;
    f->query = eye_query(e, "route,station", RAIL, e->span);
    RV_TRY(compose_text(w, f, "what", c.axes[LINE].labels[best], reterr));
    RV_TRY(compose_text(w, f, "place", name, reterr));
    RV_TRY(compose_number(w, f, "next_count", all - (double)most, reterr));
    RV_TRY(eye_note_gaps(e, f, reterr));
    return f->query ? rv_ok() : arena_fail(w->held.arena, reterr);
}

static rv_status stations(const struct eyes *all, struct rv_err *reterr)
{
    const struct eye *e = &all->transport;
    struct eye_ranked *ranked = NULL;
    struct eye_cube c;
    size_t n = 0;
    int64_t total = 0;
    RV_TRY(count_second(e, "station", is_rail, &c, &ranked, &n, &total, reterr));
    if (n == 0) {
        return rv_ok();
    }
    struct finding *f = eye_finding(e, "rail", "top-station");
    if (!f) {
        return arena_fail(e->work->held.arena, reterr);
    }
    f->subject = "incidents on railways, the tube and trams";
    f->query = eye_query(e, "station", RAIL, e->span);
    RV_TRY(eye_top(e, f, "station", "stations", ranked, n, total, reterr));
    RV_TRY(n > 1 ? add_terminus(all, ranked, reterr) : rv_ok());
    RV_TRY(n > 1 ? add_line(e, ranked, n, reterr) : rv_ok());
    return station_table(e, &c, ranked, n, reterr);
}

/* ---- routes ---- */

static rv_status routes(const struct eye *e, struct rv_err *reterr)
{
    struct assess_work *w = e->work;
    struct arena *a = w->held.arena;
    struct eye_ranked *all = NULL;
    struct eye_cube c;
    struct result_table *t = NULL;
    size_t n = 0, top = 0;
    int64_t total = 0, part = 0;
    RV_TRY(count_second(e, "route", is_bus, &c, &all, &n, &total, reterr));
    if (n == 0) {
        return rv_ok();
    }
    const char *named = "";
    while (top < n && all[top].count >= ROUTE_LEAST && named) {
        named = arena_printf(a, "%s%s%s (%lld)", named, top ? ", " : "", all[top].label,
                             (long long)all[top].count);
        part += all[top++].count;
    }
    struct finding *f = eye_finding(e, "bus", "top-routes");
    if (!f) {
        return arena_fail(a, reterr);
    }
    f->period = e->span;
    f->subject = "incidents on buses";
    f->query = eye_query(e, "route", BUS, e->span);
    f->denominator_name = "incidents on buses";
    RV_TRY(compose_text(w, f, "named", named, reterr));
    RV_TRY(compose_number(w, f, "routes", (double)top, reterr));
    RV_TRY(compose_number(w, f, "of_routes", (double)n, reterr));
    RV_TRY(compose_number(w, f, "least", ROUTE_LEAST, reterr));
    RV_TRY(eye_note_gaps(e, f, reterr));
    if (total > 0) {
        RV_TRY(compose_share(w, f, top ? "ROUTES" : "ROUTES_NONE",
                             top ? "ROUTES_SMALL" : "ROUTES_NONE", part, total, reterr));
    }
    RV_TRY(compose_caveat(w, f,
                          "Without journeys made or miles run beside them, counts do not say that "
                          "a route is more dangerous; routes are taken because they came out "
                          "highest, by chance too.",
                          reterr));
    return eye_ranked_table(e, "routes",
                            arena_printf(a, "Incidents on buses by route, %s, %s", w->area_name,
                                         compose_period(a, e->span)),
                            "Route", all, n, total, &t, reterr);
}

static rv_status note_unknown(const struct eye *e, const struct eye_cube *c, struct rv_err *reterr)
{
    uint32_t unknown = 0;
    int64_t n = eye_cell(e, c, &unknown, e->work->options->period);
    if (n == 0 || !eye_has(e, BUCKET_PERIOD)) {
        return rv_ok();
    }
    struct finding *f = eye_finding(e, "unknown", "total");
    if (!f) {
        return arena_fail(e->work->held.arena, reterr);
    }
    f->subject = "incidents whose operator is not recorded";
    f->rule = "TOTAL";
    f->method = "poisson-exact";
    f->value = f->numerator = (double)n;
    f->query = eye_query(e, "operator", "", e->work->options->period);
    return f->query ? rv_ok() : arena_fail(e->work->held.arena, reterr);
}

rv_status eyes_transport(struct eyes *all, struct rv_err *reterr)
{
    const struct eye *e = &all->transport;
    struct cube_axis axis = eye_axis("operator", "operator");
    struct eye_cube c;
    RV_TRY(eye_count(e, &axis, 1, true, &c, reterr));
    RV_TRY(add_series(e, &c, reterr));
    RV_TRY(note_unknown(e, &c, reterr));
    RV_TRY(stations(all, reterr));
    return routes(e, reterr);
}
