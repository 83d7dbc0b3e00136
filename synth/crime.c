/* synth/crime.c — levels, tides and places of recorded crime.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/crime.h"

#include "synth/random.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define HAVERING "E09000016"

struct type_row {
    double share;
    int home;
    double inner, change;
    int peak;
    double size, before;
};

static const struct type_row types[CRIME_TYPE_COUNT] = {
#define CRIME_ROW(id, name, share, home, inner, change, peak, size, before)                        \
    {share, home, inner, change, peak, size, before},
    CRIME_TYPES(CRIME_ROW)
#undef CRIME_ROW
};

const char *const crime_names[CRIME_TYPE_COUNT] = {
#define CRIME_NAME(id, name, share, home, inner, change, peak, size, before) name,
    CRIME_TYPES(CRIME_NAME)
#undef CRIME_NAME
};

const double crime_shares[CRIME_TYPE_COUNT] = {
#define CRIME_SHARE(id, name, share, home, inner, change, peak, size, before) share,
    CRIME_TYPES(CRIME_SHARE)
#undef CRIME_SHARE
};

double crime_tide(enum crime_type type, int month)
{
    const struct type_row *t = &types[type];
    int year = month / 12;
    double season = 1 + t->size * cos(2 * M_PI * (month % 12 + 1 - t->peak) / 12.0);
    double level = year == 0 ? t->before : year == 1 ? 1 : 1 + t->change;
    return season * level;
}

static size_t nearest_to_middle(const struct geography *g, const struct borough *b)
{
    double x = 0, y = 0, best = 0;
    size_t found = b->first;
    for (size_t i = b->first; i < b->first + b->count; i++) {
        x += g->lsoas[i].x / (double)b->count;
        y += g->lsoas[i].y / (double)b->count;
    }
    for (size_t i = b->first; i < b->first + b->count; i++) {
        double dx = g->lsoas[i].x - x, dy = g->lsoas[i].y - y;
        if (i == b->first || dx * dx + dy * dy < best) {
            best = dx * dx + dy * dy;
            found = i;
        }
    }
    return found;
}

static double town_pull(const struct crime *c, const struct geography *g, size_t lsoa)
{
    size_t b = g->lsoas[lsoa].borough;
    /* Havering's two town-centre LSOAs lead clearly; elsewhere the lead is smaller. */
    bool clear = strcmp(g->boroughs[b].code, HAVERING) == 0;
    if (lsoa == c->town[b]) {
        return clear ? 17 : 8;
    }
    if (lsoa == c->town_second[b]) {
        return clear ? 14 : 5;
    }
    for (int k = 0; k < CELL_CORNERS; k++) {
        if (g->lsoas[lsoa].neighbours[k] == (int64_t)c->town[b]) {
            return 2;
        }
    }
    return 1;
}

static void set_levels(struct crime *c, uint64_t seed, const struct geography *g,
                       const struct people *p)
{
    for (size_t t = 0; t < CRIME_TYPE_COUNT; t++) {
        double sum = 0;
        for (size_t b = 0; b < BOROUGHS; b++) {
            const struct borough *borough = &g->boroughs[b];
            double residents = 0, far = 0;
            for (size_t i = borough->first; i < borough->first + borough->count; i++) {
                residents += (double)people_of(p, i, 0);
                far += g->lsoas[i].from_centre / (double)borough->count;
            }
            double own = 0.8 + 0.4 * draw_unit(draw(seed, STREAM_BOROUGH, b, 10 + t).u[0]);
            c->level[b][t] = residents * own * (1 + types[t].inner * 3 * exp(-5 * far));
            sum += c->level[b][t];
        }
        for (size_t b = 0; b < BOROUGHS; b++) {
            c->level[b][t] /= sum;
        }
    }
}

rv_status crime_make(struct arena *a, uint64_t seed, const struct geography *g,
                     const struct people *p, struct crime *ret, struct rv_err *reterr)
{
    for (int home = 0; home < 2; home++) {
        ret->pull[home] = ARENA_NEW(a, double, g->lsoa_count + 1);
        if (!ret->pull[home]) {
            return arena_fail(a, reterr);
        }
    }
    for (size_t b = 0; b < BOROUGHS; b++) {
        ret->town[b] = nearest_to_middle(g, &g->boroughs[b]);
        ret->town_second[b] = ret->town[b];
        for (int k = 0; k < CELL_CORNERS && ret->town_second[b] == ret->town[b]; k++) {
            int64_t beside = g->lsoas[ret->town[b]].neighbours[k];
            if (beside >= 0 && g->lsoas[beside].borough == b) {
                ret->town_second[b] = (size_t)beside;
            }
        }
    }
    for (size_t i = 0; i < g->lsoa_count; i++) {
        struct draws d = draw(seed, STREAM_LSOA, i, 1);
        double residents = (double)people_of(p, i, 0) / 1800;
        double street = 0.3 + 2 * draw_unit(d.u[0]) * draw_unit(d.u[1]);
        ret->pull[0][i + 1] = ret->pull[0][i] + (0.5 + street) * town_pull(ret, g, i);
        ret->pull[1][i + 1] = ret->pull[1][i] + residents * (0.5 + 1.2 * draw_unit(d.u[2]));
    }
    set_levels(ret, seed, g, p);
    return rv_ok();
}

size_t crime_place(const struct crime *c, const struct geography *g, size_t borough,
                   enum crime_type type, uint64_t u)
{
    const double *pull = c->pull[types[type].home];
    size_t low = g->boroughs[borough].first, high = low + g->boroughs[borough].count;
    double at = pull[low] + draw_unit(u) * (pull[high] - pull[low]);
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (pull[middle] <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

double crime_pull(const struct crime *c, enum crime_type type, size_t lsoa)
{
    const double *pull = c->pull[types[type].home];
    return pull[lsoa + 1] - pull[lsoa];
}
