/* synth/people.c — populations and look-ups weighted by them.
 *
 * Everything is made once per LSOA and added up, so that the tables of the boroughs and of the
 * LSOAs agree to the person.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/people.h"

#include "synth/fit.h"
#include "synth/random.h"
#include "synth/write.h"

#include <string.h>

static const int band_from[BANDS] = {0, 10, 18, 25, 35, 50, 65};
static const int band_to[BANDS] = {9, 17, 24, 34, 49, 64, 120};
static const char *const sexes[2] = {"female", "male"};
static const char *const ethnicities[ETHNICITIES] = {"white", "mixed", "asian", "black", "other"};

/* Shares of the bands in the middle of London and at its edge: the young live further in. */
static const double inner_bands[BANDS] = {0.105, 0.075, 0.115, 0.245, 0.225, 0.145, 0.090};
static const double outer_bands[BANDS] = {0.130, 0.110, 0.075, 0.130, 0.205, 0.185, 0.165};

static void people_of_lsoa(uint64_t seed, const struct lsoa *l, size_t number, int64_t residents,
                           int64_t persons[YEARS][BANDS][2])
{
    for (int year = 0; year < YEARS; year++) {
        double weights[CELLS];
        int64_t parts[CELLS];
        for (size_t band = 0; band < BANDS; band++) {
            struct draws d = draw(seed, STREAM_PEOPLE, number, band);
            double out = l->from_centre;
            double share = (1 - out) * inner_bands[band] + out * outer_bands[band];
            share *= 0.75 + 0.5 * draw_unit(d.u[0]);
            double female = (band == BANDS - 1 ? 0.54 : 0.5) + 0.04 * (draw_unit(d.u[1]) - 0.5);
            weights[2 * band] = share * female;
            weights[2 * band + 1] = share * (1 - female);
        }
        fit_apportion(residents, weights, CELLS, parts);
        memcpy(persons[year], parts, sizeof parts);
    }
}

rv_status people_make(struct arena *a, uint64_t seed, const struct geography *g,
                      const struct targets *t, struct people *ret, struct rv_err *reterr)
{
    ret->persons = arena_new(a, g->lsoa_count, sizeof *ret->persons);
    double *weights = ARENA_NEW(a, double, g->lsoa_count);
    int64_t *residents = ARENA_NEW(a, int64_t, g->lsoa_count);
    if (!ret->persons || !weights || !residents) {
        return arena_fail(a, reterr);
    }
    for (size_t b = 0; b < BOROUGHS; b++) {
        const struct borough *borough = &g->boroughs[b];
        int64_t total = t->residents[b] >= 0 ? t->residents[b] : 1000 * (int64_t)borough->thousands;
        for (size_t i = 0; i < borough->count; i++) {
            struct draws d = draw(seed, STREAM_LSOA, borough->first + i, 0);
            weights[i] = 0.7 + 0.6 * draw_unit(d.u[0]);
        }
        fit_apportion(total, weights, borough->count, residents);
        for (size_t i = 0; i < borough->count; i++) {
            size_t number = borough->first + i;
            people_of_lsoa(seed, &g->lsoas[number], number, residents[i], ret->persons[number]);
        }
    }
    return rv_ok();
}

int64_t people_of(const struct people *p, size_t lsoa, int year)
{
    int64_t sum = 0;
    for (size_t band = 0; band < BANDS; band++) {
        sum += p->persons[lsoa][year][band][0] + p->persons[lsoa][year][band][1];
    }
    return sum;
}

#define POPULATION_HEADER "area_code,year,age_from,age_to,sex,ethnicity,persons\n"

static rv_status write_lsoas(const struct people *p, const struct geography *g, const char *dir,
                             struct rv_err *reterr)
{
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, dir, "population-lsoa.csv", reterr));
    buf_text(&w.text, POPULATION_HEADER);
    for (size_t i = 0; i < g->lsoa_count; i++) {
        for (int year = 0; year < YEARS; year++) {
            for (size_t cell = 0; cell < CELLS; cell++) {
                buf_printf(&w.text, "%s,%d,%d,%d,%s,,%lld\n", g->lsoas[i].code, FIRST_YEAR + year,
                           band_from[cell / 2], band_to[cell / 2], sexes[cell % 2],
                           (long long)p->persons[i][year][cell / 2][cell % 2]);
            }
        }
        RV_TRY(write_flush(&w, reterr));
    }
    return write_close(&w, reterr);
}

static void put_borough(const struct people *p, const struct borough *b, const int64_t known[5],
                        uint64_t seed, size_t number, int year, struct buf *out)
{
    struct draws d = draw(seed, STREAM_BOROUGH, number, 1);
    double white = 0.35 + 0.4 * draw_unit(d.u[0]), rest = 1 - white;
    double asian = rest * (0.25 + 0.35 * draw_unit(d.u[1]));
    double black = (rest - asian) * (0.35 + 0.3 * draw_unit(d.u[2]));
    double mixed = (rest - asian - black) * 0.55;
    for (size_t cell = 0; cell < CELLS; cell++) {
        size_t band = cell / 2, sex = cell % 2;
        int64_t total = 0, parts[ETHNICITIES];
        for (size_t i = b->first; i < b->first + b->count; i++) {
            total += p->persons[i][year][band][sex];
        }
        /* The younger, the more mixed. */
        double young = 0.04 * (double)(BANDS - 1 - band);
        double weights[ETHNICITIES] = {white * (1 - young), mixed * (1 + 4 * young),
                                       asian * (1 + young), black * (1 + young),
                                       rest - asian - black - mixed};
        for (size_t e = 0; known[0] >= 0 && e < ETHNICITIES; e++) {
            weights[e] = (double)known[e];
        }
        fit_apportion(total, weights, ETHNICITIES, parts);
        for (size_t e = 0; e < ETHNICITIES; e++) {
            buf_printf(out, "%s,%d,%d,%d,%s,%s,%lld\n", b->code, FIRST_YEAR + year, band_from[band],
                       band_to[band], sexes[sex], ethnicities[e], (long long)parts[e]);
        }
    }
}

static rv_status write_boroughs(const struct people *p, const struct geography *g,
                                const struct targets *t, uint64_t seed, const char *dir,
                                struct rv_err *reterr)
{
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, dir, "population-borough.csv", reterr));
    buf_text(&w.text, POPULATION_HEADER);
    for (size_t b = 0; b < BOROUGHS; b++) {
        for (int year = 0; year < YEARS; year++) {
            put_borough(p, &g->boroughs[b], t->resident_ethnicity[b], seed, b, year, &w.text);
        }
    }
    return write_close(&w, reterr);
}

/* How many people of 16 to 74 are there in the day for each that lives there: far more in the few
 * boroughs where London works, about four in five elsewhere. Schematic: no figure is real. */
static double day_for_night(uint64_t seed, const char *code, size_t number)
{
    static const struct {
        const char *code;
        double times;
    } CENTRES[] = {
        {"E09000033", 3.4}, /* Westminster */
        {"E09000007", 1.9}, /* Camden */
        {"E09000030", 1.7}, /* Tower Hamlets */
        {"E09000019", 1.4}, /* Islington */
        {"E09000028", 1.3}, /* Southwark */
        {"E09000013", 1.2}, /* Hammersmith and Fulham */
        {"E09000017", 1.1}, /* Hillingdon */
    };
    for (size_t i = 0; i < sizeof CENTRES / sizeof *CENTRES; i++) {
        if (strcmp(code, CENTRES[i].code) == 0) {
            return CENTRES[i].times;
        }
    }
    return 0.7 + 0.25 * draw_unit(draw(seed, STREAM_WORKDAY, number, 0).u[0]);
}

/* Another population than residents: each borough's people of 16 to 74, as many as its bands from
 * 18 to 64 and an eighth more, times what the day adds or takes. */
static rv_status write_workday(const struct people *p, const struct geography *g, uint64_t seed,
                               const char *dir, struct rv_err *reterr)
{
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, dir, "workday-population.csv", reterr));
    buf_text(&w.text, "area_code,year,age_from,age_to,persons,population_name\n");
    for (size_t b = 0; b < BOROUGHS; b++) {
        const struct borough *borough = &g->boroughs[b];
        int64_t live = 0;
        for (size_t i = borough->first; i < borough->first + borough->count; i++) {
            for (size_t band = 2; band < BANDS - 1; band++) {
                live += p->persons[i][0][band][0] + p->persons[i][0][band][1];
            }
        }
        double there = 1.125 * (double)live * day_for_night(seed, borough->code, b);
        buf_printf(&w.text, "%s,%d,16,74,%lld,synthetic workday population\n", borough->code,
                   FIRST_YEAR, (long long)there);
    }
    return write_close(&w, reterr);
}

#define LOOKUP_HEADER "from_code,to_code,weight,basis\n"

static rv_status write_lsoa_lookup(const struct geography *g, const char *dir,
                                   struct rv_err *reterr)
{
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, dir, "lookup-lsoa-ward.csv", reterr));
    buf_text(&w.text, LOOKUP_HEADER);
    for (size_t i = 0; i < g->lsoa_count; i++) {
        buf_printf(&w.text, "%s,%s,1,exact\n", g->lsoas[i].code,
                   g->wards_2022[g->lsoas[i].ward_2022].code);
    }
    return write_close(&w, reterr);
}

/* Residents that each pair of an old and a new ward has in common. */
static rv_status write_ward_lookup(const struct people *p, const struct geography *g,
                                   struct arena *a, const char *dir, struct rv_err *reterr)
{
    size_t new_count = g->ward_2022_count;
    int64_t *shared = ARENA_NEW(a, int64_t, g->ward_2018_count * new_count);
    if (!shared) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < g->lsoa_count; i++) {
        shared[g->lsoas[i].ward_2018 * new_count + g->lsoas[i].ward_2022] += people_of(p, i, 0);
    }
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, dir, "lookup-ward2018-ward2022.csv", reterr));
    buf_text(&w.text, LOOKUP_HEADER);
    for (size_t old = 0; old < g->ward_2018_count; old++) {
        const int64_t *row = &shared[old * new_count];
        int64_t total = 0;
        for (size_t new = 0; new < new_count; new ++) {
            total += row[new];
        }
        for (size_t new = 0; new < new_count; new ++) {
            if (row[new] > 0) {
                buf_printf(&w.text, "%s,%s,", g->wards_2018[old].code, g->wards_2022[new].code);
                buf_real(&w.text, (double)row[new] / (double)total);
                buf_text(&w.text, row[new] == total ? ",exact\n" : ",population\n");
            }
        }
    }
    return write_close(&w, reterr);
}

rv_status people_write(const struct people *p, const struct geography *g, const struct targets *t,
                       struct arena *a, uint64_t seed, const char *dir, struct rv_err *reterr)
{
    RV_TRY(write_lsoas(p, g, dir, reterr));
    RV_TRY(write_boroughs(p, g, t, seed, dir, reterr));
    RV_TRY(write_workday(p, g, seed, dir, reterr));
    RV_TRY(write_lsoa_lookup(g, dir, reterr));
    return write_ward_lookup(p, g, a, dir, reterr);
}
