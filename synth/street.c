/* synth/street.c — events at map points, and their rows.
 *
 * Like the real files: a month instead of a date, places snapped to a few thousand map points a
 * borough, no reference number for anti-social behaviour, some numbers and some rows twice, some
 * rows without a place.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/street.h"

#include "synth/names.h"
#include "synth/random.h"
#include "synth/write.h"

#include <stdio.h>
#include <string.h>

#define ROWS_PER_MONTH  10400.0
#define POINTS_PER_LSOA 20
#define NO_PLACE        0.015 /* shares of rows */
#define SAME_ID         0.012
#define TWICE           0.003
#define HIDDEN_MONTH    (STREET_FIRST + 7) /* August 2021: the later year stays whole */
#define FAULTY_MONTH    (STREET_FIRST + 5) /* June 2021 */

#define HEADER                                                                                     \
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"     \
    "Crime type,Last outcome category,Context\n"

static const char no_suspect[] = "Investigation complete; no suspect identified";

struct outcome {
    const char *name;
    double share; /* of crimes that find their suspect no more often than others */
};

static const struct outcome outcomes[] = {
    {"Unable to prosecute suspect", 0.40},
    {"Under investigation", 0.16},
    {"Status update unavailable", 0.12},
    {"Awaiting court outcome", 0.10},
    {"Court result unavailable", 0.08},
    {"Local resolution", 0.06},
    {"Offender given a caution", 0.04},
    {"Further investigation is not in the public interest", 0.02},
    {"Action to be taken by another organisation", 0.02},
};

/* What never changes between the rows of one map point, ready to be copied. */
struct point {
    const char *text; /* "0.182345,51.575012,On or near Juniper Road" */
};

struct town {
    const struct geography *g;
    const struct crime *c;
    uint64_t seed;
    struct point *points; /* POINTS_PER_LSOA for each LSOA */
};

static int is_centre(const struct town *t, size_t lsoa)
{
    size_t b = t->g->lsoas[lsoa].borough;
    return lsoa == t->c->town[b] || lsoa == t->c->town_second[b];
}

static rv_status make_points(struct town *t, struct arena *a, struct rv_err *reterr)
{
    size_t count = t->g->lsoa_count * POINTS_PER_LSOA;
    t->points = ARENA_NEW(a, struct point, count);
    if (!t->points) {
        return arena_fail(a, reterr);
    }
    for (size_t k = 0; k < count; k++) {
        size_t lsoa = k / POINTS_PER_LSOA;
        const struct borough *b = &t->g->boroughs[t->g->lsoas[lsoa].borough];
        struct draws d = draw(t->seed, STREAM_POINT, k, 0), n = draw(t->seed, STREAM_POINT, k, 1);
        double east, north, longitude, latitude;
        geography_point(t->g, lsoa, d, &east, &north);
        geography_degrees(east, north, &longitude, &latitude);
        bool centre = is_centre(t, lsoa);
        bool is_station = centre && k % POINTS_PER_LSOA == 0;
        bool is_venue = draw_unit(n.u[0]) < (centre ? 0.45 : 0.08);
        const char *name = is_station ? arena_printf(a, "%s Central (station)", b->name)
                           : is_venue ? name_venue(n.u[1], centre)
                                      : name_street(a, n.u[2], n.u[3]);
        t->points[k].text =
            name ? arena_printf(a, "%.6f,%.6f,On or near %s", longitude, latitude, name) : NULL;
        if (!t->points[k].text) {
            return arena_fail(a, reterr);
        }
    }
    return rv_ok();
}

struct event {
    int month;
    size_t borough;
    enum crime_type type;
    uint64_t number; /* what the rest of the event is drawn from */
    enum stream stream;
};

static void put_id(uint64_t seed, uint64_t number, struct buf *out)
{
    static const char digits[] = "0123456789abcdef";
    struct draws d = draw(seed, STREAM_STREET_ID, number, 0);
    char *at = buf_room(out, 64);
    if (!at) {
        return;
    }
    for (size_t k = 0; k < 64; k++) {
        at[k] = digits[d.u[k / 16] >> (k % 16 * 4) & 15];
    }
    buf_wrote(out, 64);
}

static const char *outcome_of(enum crime_type type, uint64_t u)
{
    static const double unsolved[CRIME_TYPE_COUNT] = {
        [CRIME_BICYCLE] = 0.92,     [CRIME_BURGLARY] = 0.80,     [CRIME_DAMAGE] = 0.62,
        [CRIME_DRUGS] = 0.05,       [CRIME_OTHER_CRIME] = 0.30,  [CRIME_OTHER_THEFT] = 0.85,
        [CRIME_WEAPONS] = 0.08,     [CRIME_PUBLIC_ORDER] = 0.45, [CRIME_ROBBERY] = 0.70,
        [CRIME_SHOPLIFTING] = 0.60, [CRIME_THEFT_PERSON] = 0.94, [CRIME_VEHICLE] = 0.90,
        [CRIME_VIOLENCE] = 0.32,
    };
    double at = draw_unit(u);
    if (at < unsolved[type]) {
        return no_suspect;
    }
    at = (at - unsolved[type]) / (1 - unsolved[type]);
    size_t k = 0;
    while (k + 1 < sizeof outcomes / sizeof outcomes[0] && at >= outcomes[k].share) {
        at -= outcomes[k++].share;
    }
    return outcomes[k].name;
}

static void put_month(int month, struct buf *out)
{
    buf_int(out, CRIME_FIRST_YEAR + month / 12);
    int number = month % 12 + 1;
    buf_char(out, '-');
    buf_char(out, (char)('0' + number / 10));
    buf_char(out, (char)('0' + number % 10));
}

static void put_event(const struct town *t, const struct event *e, struct buf *out)
{
    struct draws d = draw(t->seed, e->stream, e->number, 0);
    struct draws more = draw(t->seed, e->stream, e->number, 1);
    if (e->type != CRIME_ANTISOCIAL) {
        /* A second row of the number before, as when an incident has two victims. */
        bool is_same = e->number > 0 && draw_unit(more.u[0]) < SAME_ID;
        put_id(t->seed, e->number - (is_same ? 1 : 0), out);
    }
    buf_char(out, ',');
    put_month(e->month, out);
    buf_text(out, ",Synthetic Police,Synthetic Police,");
    if (draw_unit(d.u[0]) < NO_PLACE) {
        buf_text(out, ",,No Location,,,");
    } else {
        size_t lsoa = crime_place(t->c, t->g, e->borough, e->type, d.u[1]);
        /* The first points of an LSOA are the busy ones. */
        double skew = draw_unit(d.u[2]);
        size_t point = (size_t)(skew * skew * POINTS_PER_LSOA);
        buf_text(out, t->points[lsoa * POINTS_PER_LSOA + point].text);
        buf_char(out, ',');
        buf_put(out, t->g->lsoas[lsoa].code, 9);
        buf_char(out, ',');
        buf_text(out, t->g->lsoas[lsoa].name);
        buf_char(out, ',');
    }
    buf_text(out, crime_names[e->type]);
    buf_char(out, ',');
    if (e->type != CRIME_ANTISOCIAL) {
        buf_text(out, outcome_of(e->type, d.u[3]));
    }
    buf_text(out, ",\n");
}

/* Rows that a careful reader must set aside, each for another reason. */
static void put_faults(const struct town *t, struct buf *out)
{
    const struct lsoa *l = &t->g->lsoas[0];
    static const char who[] = "Synthetic Police,Synthetic Police";
    buf_printf(out, "%064d,2021-13,%s,0.1,51.5,On or near Mill Road,%s,%s,Robbery,%s,\n", 1, who,
               l->code, l->name, no_suspect);
    buf_printf(out, "%064d,2021-06,%s,not known,51.5,On or near Mill Road,%s,%s,Robbery,%s,\n", 2,
               who, l->code, l->name, no_suspect);
    buf_printf(out, "%064d,2021-06,%s,0.1,51.5,On or near Mill Road,%s,%s,Robbery,%s,,extra\n", 3,
               who, l->code, l->name, no_suspect);
    buf_printf(out, "%064d,2021-06,%s,0.1,151.5,On or near Mill Road,%s,%s,Drugs,%s,\n", 4, who,
               l->code, l->name, no_suspect);
    buf_printf(out, "%064d,June 2021,%s,0.1,51.5,On or near Mill Road,%s,%s,Drugs,%s,\n", 5, who,
               l->code, l->name, no_suspect);
}

static rv_status write_month(const struct synth_options *options, const struct town *t, int month,
                             uint64_t *number, struct rv_err *reterr)
{
    char dir[1000], name[64];
    (void)snprintf(dir, sizeof dir, "%s/%s", options->dir,
                   month == HIDDEN_MONTH ? "street-missing" : "street");
    (void)snprintf(name, sizeof name, "%d-%02d-synthetic-street.csv", CRIME_FIRST_YEAR + month / 12,
                   month % 12 + 1);
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, dir, name, reterr));
    buf_text(&w.text, HEADER);
    for (size_t b = 0; b < BOROUGHS; b++) {
        for (size_t k = 0; k < CRIME_TYPE_COUNT; k++) {
            enum crime_type type = (enum crime_type)k;
            double mean = options->scale * ROWS_PER_MONTH * crime_shares[type] *
                          t->c->level[b][type] * crime_tide(type, month);
            uint64_t cell = ((uint64_t)month * BOROUGHS + b) * CRIME_TYPE_COUNT + k;
            struct draws d = draw(t->seed, STREAM_STREET_COUNT, cell, 0);
            for (int64_t n = draw_poisson(d.u[0], mean); n > 0; n--) {
                struct event e = {month, b, type, (*number)++, STREAM_STREET_EVENT};
                put_event(t, &e, &w.text);
                if (draw_unit(draw(t->seed, STREAM_STREET_EVENT, e.number, 2).u[0]) < TWICE) {
                    put_event(t, &e, &w.text);
                }
            }
        }
        RV_TRY(write_flush(&w, reterr));
    }
    if (month == FAULTY_MONTH) {
        put_faults(t, &w.text);
    }
    return write_close(&w, reterr);
}

rv_status street_write(const struct synth_options *options, const struct geography *g,
                       const struct crime *c, struct arena *a, struct rv_err *reterr)
{
    struct town t = {g, c, options->seed, NULL};
    RV_TRY(make_points(&t, a, reterr));
    uint64_t number = 0;
    for (int month = STREET_FIRST; month < STREET_FIRST + STREET_MONTHS; month++) {
        RV_TRY(write_month(options, &t, month, &number, reterr));
    }
    return rv_ok();
}

/* ---- one long file for benchmarks ---- */

/* Running shares of (borough, type), so that a row costs one search. */
#define MIX ((size_t)BOROUGHS * CRIME_TYPE_COUNT)

struct mix {
    double sums[MIX + 1];
};

static void make_mix(const struct crime *c, struct mix *mix)
{
    mix->sums[0] = 0;
    for (size_t k = 0; k < MIX; k++) {
        size_t type = k % CRIME_TYPE_COUNT;
        mix->sums[k + 1] = mix->sums[k] + crime_shares[type] * c->level[k / CRIME_TYPE_COUNT][type];
    }
}

static size_t choose(const struct mix *mix, uint64_t u)
{
    size_t low = 0, high = MIX;
    double at = draw_unit(u) * mix->sums[high];
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (mix->sums[middle] <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

rv_status street_write_bench(const struct synth_options *options, const struct geography *g,
                             const struct crime *c, struct arena *a, struct rv_err *reterr)
{
    struct town t = {g, c, options->seed, NULL};
    struct mix mix;
    make_mix(c, &mix);
    RV_TRY(make_points(&t, a, reterr));
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, options->dir, "bench-street.csv", reterr));
    buf_text(&w.text, HEADER);
    for (int64_t row = 0; row < options->bench_rows; row++) {
        size_t cell = choose(&mix, draw(t.seed, STREAM_BENCH_EVENT, (uint64_t)row, 2).u[0]);
        /* By month, as files of many months that were joined are. */
        int64_t month = STREET_FIRST + row * STREET_MONTHS / options->bench_rows;
        struct event e = {(int)month, cell / CRIME_TYPE_COUNT,
                          (enum crime_type)(cell % CRIME_TYPE_COUNT), (uint64_t)row,
                          STREAM_BENCH_EVENT};
        put_event(&t, &e, &w.text);
        RV_TRY(write_flush(&w, reterr));
    }
    return write_close(&w, reterr);
}
