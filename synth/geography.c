/* synth/geography.c — lattice, boroughs, wards and their codes.
 *
 * A cell has whole lattice coordinates (2i + j mod 2, 3j); its corners lie at fixed whole offsets,
 * so that neighbours name a shared corner by the same pair of numbers.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/geography.h"

#include "synth/boroughs.h"
#include "synth/names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RESIDENTS_PER_LSOA 1800.0
#define LATTICE_W          120 /* cells across; the outline needs about 90 by 80 */
#define LATTICE_H          110
#define MIDDLE_I           60 /* the cell in the middle: half of each */
#define MIDDLE_J           55
#define CORNER_W           (2 * LATTICE_W + 3)
#define CORNER_H           (3 * LATTICE_H + 5)
#define ROW_HEIGHT         0.8660254037844386 /* of a row, in widths of a cell */
#define OUTLINE_STRETCH    1.25               /* London is wider than high */
#define SHAKE              0.15               /* of a corner, in widths of a cell */
#define MIDDLE_EAST        531.5              /* km: where the lattice is centred */
#define MIDDLE_NORTH       179.5
#define RADIUS_KM          20.8 /* north to south; OUTLINE_STRETCH times that east to west */

static const int corner_dx[CELL_CORNERS] = {0, 1, 1, 0, -1, -1}; /* anticlockwise from below */
static const int corner_dy[CELL_CORNERS] = {-2, -1, 1, 2, 1, -1};

/* A cell of the lattice while it is being given to a borough. */
struct cell {
    int i, j;
    double x, y, radius; /* radius: 0 in the middle .. 1 on the outline, elliptical */
    size_t borough;
};

struct lattice {
    struct cell *cells;
    size_t count;
    double radius;                          /* of the outline, in widths of a cell */
    int64_t lsoa_at[LATTICE_W * LATTICE_H]; /* -1 = outside */
};

static double elliptical(double x, double y)
{
    return sqrt(x / OUTLINE_STRETCH * (x / OUTLINE_STRETCH) + y * y);
}

static int compare_radius(const void *left, const void *right)
{
    const struct cell *a = left, *b = right;
    if (a->radius != b->radius) {
        return a->radius < b->radius ? -1 : 1;
    }
    return a->j != b->j ? a->j - b->j : a->i - b->i;
}

/* The `wanted` cells nearest to the middle. */
static rv_status outline(struct arena *a, size_t wanted, struct lattice *l, struct rv_err *reterr)
{
    size_t all = (size_t)LATTICE_W * LATTICE_H;
    l->cells = ARENA_NEW(a, struct cell, all);
    if (!l->cells) {
        return arena_fail(a, reterr);
    }
    for (int j = 0; j < LATTICE_H; j++) {
        for (int i = 0; i < LATTICE_W; i++) {
            double x = i - MIDDLE_I + 0.5 * (j % 2);
            double y = (j - MIDDLE_J) * ROW_HEIGHT;
            l->cells[j * LATTICE_W + i] =
                (struct cell){.i = i, .j = j, .x = x, .y = y, .radius = elliptical(x, y)};
        }
    }
    qsort(l->cells, all, sizeof *l->cells, compare_radius);
    l->count = wanted;
    l->radius = l->cells[wanted - 1].radius;
    for (size_t c = 0; c < wanted; c++) {
        l->cells[c].radius /= l->radius;
    }
    return rv_ok();
}

/* Kilometres for one width of a cell at a radius of 0 .. 1: less towards the middle, where areas
 * of equal population are smaller. */
static double drawn_together(double radius, double lattice_radius)
{
    return RADIUS_KM / lattice_radius * (0.35 + 0.65 * sqrt(radius));
}

/* Where a place in kilometres from the middle lies on the lattice. */
static void to_lattice(const struct lattice *l, double east, double north, double *x, double *y)
{
    double want = elliptical(east, north), low = 0, high = 2;
    for (int step = 0; step < 60; step++) {
        double radius = (low + high) / 2;
        if (radius * l->radius * drawn_together(radius, l->radius) < want) {
            low = radius;
        } else {
            high = radius;
        }
    }
    double scale = drawn_together(low, l->radius);
    *x = east / scale;
    *y = north / scale;
}

/* Gives each cell to the borough whose centre is nearest, after the distances have been weighted
 * until each borough has about the number of cells that its residents need. */
static void share_out(struct lattice *l, const struct borough *boroughs)
{
    double x[BOROUGHS], y[BOROUGHS], bonus[BOROUGHS] = {0}, wanted[BOROUGHS], total = 0;
    for (size_t b = 0; b < BOROUGHS; b++) {
        to_lattice(l, boroughs[b].east_km - MIDDLE_EAST, boroughs[b].north_km - MIDDLE_NORTH, &x[b],
                   &y[b]);
        total += boroughs[b].thousands;
    }
    for (size_t b = 0; b < BOROUGHS; b++) {
        wanted[b] = (double)l->count * boroughs[b].thousands / total;
    }
    for (int round = 0; round < 400; round++) {
        double have[BOROUGHS] = {0};
        for (size_t c = 0; c < l->count; c++) {
            struct cell *cell = &l->cells[c];
            double best = 0;
            for (size_t b = 0; b < BOROUGHS; b++) {
                double dx = cell->x - x[b], dy = cell->y - y[b];
                double far = dx * dx + dy * dy - bonus[b];
                if (b == 0 || far < best) {
                    best = far;
                    cell->borough = b;
                }
            }
            have[cell->borough]++;
        }
        double step = 30.0 / (1 + round * 0.02);
        for (size_t b = 0; b < BOROUGHS; b++) {
            bonus[b] += step * (wanted[b] - have[b]) / wanted[b];
        }
    }
}

/* ---- wards: a borough cut in two, and the halves again, across their longer side ---- */

struct cutting {
    const struct cell *cells;
    double cos, sin; /* the direction that counts as east: another one for each vintage */
    bool is_along_x;
};

static double along(const struct cutting *cut, size_t cell)
{
    const struct cell *c = &cut->cells[cell];
    return cut->is_along_x ? c->x * cut->cos + c->y * cut->sin : c->y * cut->cos - c->x * cut->sin;
}

static int compare_along(const void *left, const void *right, void *context)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    double pa = along(context, a), pb = along(context, b);
    return pa != pb ? (pa < pb ? -1 : 1) : (a > b) - (a < b);
}

static double width_of(const struct cutting *cut, const size_t *list, size_t n)
{
    double low = along(cut, list[0]), high = low;
    for (size_t k = 1; k < n; k++) {
        double at = along(cut, list[k]);
        low = fmin(low, at);
        high = fmax(high, at);
    }
    return high - low;
}

/* ward_of[cell] = first, first + 1, … for `wards` compact parts of the n cells in list. */
static void cut_wards(struct cutting cut, size_t *list, size_t n, size_t wards, size_t first,
                      size_t *ward_of)
{
    while (wards > 1) {
        cut.is_along_x = true;
        double wide = width_of(&cut, list, n);
        cut.is_along_x = false;
        cut.is_along_x = wide >= width_of(&cut, list, n);
        qsort_r(list, n, sizeof *list, compare_along, &cut);
        size_t half = wards / 2, part = n * half / wards;
        cut_wards(cut, list, part, half, first, ward_of);
        list += part;
        n -= part;
        first += half;
        wards -= half;
    }
    for (size_t k = 0; k < n; k++) {
        ward_of[list[k]] = first;
    }
}

struct plan { /* before the LSOAs are put in order */
    size_t *ward_2018, *ward_2022, *order;
};

/* The prefix of five characters and four digits of a number below 10,000. */
static void number_code(char code[10], const char *prefix, size_t number)
{
    memcpy(code, prefix, 5);
    for (size_t k = 9; k-- > 5; number /= 10) {
        code[k] = (char)('0' + (int)(number % 10));
    }
    code[9] = '\0';
}

/* The detailed borough has the names and codes of its real wards, on schematic ground. */
static rv_status name_ward_of(struct arena *a, uint64_t seed, const struct borough *b,
                              size_t number, const struct ward_fact *facts, struct ward *ward,
                              struct rv_err *reterr)
{
    if (strcmp(b->code, HAVERING_CODE) == 0) {
        ward->name = facts->name;
        memcpy(ward->code, facts->code, sizeof ward->code);
    } else {
        ward->name = name_ward(a, seed, ward->borough, number);
    }
    return ward->name ? rv_ok() : arena_fail(a, reterr);
}

static rv_status name_wards(struct arena *a, uint64_t seed, struct geography *g,
                            struct rv_err *reterr)
{
    size_t most = (size_t)BOROUGHS * 40;
    g->wards_2018 = ARENA_NEW(a, struct ward, most);
    g->wards_2022 = ARENA_NEW(a, struct ward, most);
    if (!g->wards_2018 || !g->wards_2022) {
        return arena_fail(a, reterr);
    }
    for (size_t b = 0; b < BOROUGHS; b++) {
        for (int k = 0; k < g->boroughs[b].wards_2018; k++) {
            size_t w = g->ward_2018_count++;
            struct ward *ward = &g->wards_2018[w];
            ward->borough = b;
            number_code(ward->code, "E0599", w + 1);
            RV_TRY(name_ward_of(a, seed, &g->boroughs[b], (size_t)k,
                                &havering_wards_2018[k % HAVERING_WARDS_2018], ward, reterr));
        }
        for (int k = 0; k < g->boroughs[b].wards_2022; k++) {
            size_t w = g->ward_2022_count++;
            struct ward *ward = &g->wards_2022[w];
            ward->borough = b;
            if (!g->boroughs[b].is_rewarded) {
                *ward = g->wards_2018[g->ward_2018_count - (size_t)g->boroughs[b].wards_2018 +
                                      (size_t)k];
                continue;
            }
            /* Some names live on, as they do, for other ground and under another code. */
            number_code(ward->code, "E0599", w + 5001);
            RV_TRY(name_ward_of(a, seed, &g->boroughs[b], (size_t)(k % 3 == 0 ? k : k + 50),
                                &havering_wards_2022[k % HAVERING_WARDS_2022], ward, reterr));
        }
    }
    return rv_ok();
}

static void plan_wards(const struct lattice *l, const struct geography *g, size_t *list,
                       struct plan *plan)
{
    size_t first_2018 = 0, first_2022 = 0;
    for (size_t b = 0; b < BOROUGHS; b++) {
        size_t n = 0;
        for (size_t c = 0; c < l->count; c++) {
            if (l->cells[c].borough == b) {
                list[n++] = c;
            }
        }
        size_t old = (size_t)g->boroughs[b].wards_2018, new = (size_t)g->boroughs[b].wards_2022;
        struct cutting straight = {.cells = l->cells, .cos = 1, .sin = 0};
        struct cutting turned = {.cells = l->cells, .cos = 0.8, .sin = 0.6};
        cut_wards(straight, list, n, new, first_2022, plan->ward_2022);
        cut_wards(g->boroughs[b].is_rewarded ? turned : straight, list, n, old, first_2018,
                  plan->ward_2018);
        first_2018 += old;
        first_2022 += new;
    }
}

struct ordering {
    const struct cell *cells;
    const size_t *ward_2022;
};

static int compare_order(const void *left, const void *right, void *context)
{
    const struct ordering *o = context;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    if (o->ward_2022[a] != o->ward_2022[b]) {
        return o->ward_2022[a] < o->ward_2022[b] ? -1 : 1;
    }
    const struct cell *ca = &o->cells[a], *cb = &o->cells[b];
    return ca->j != cb->j ? ca->j - cb->j : ca->i - cb->i;
}

/* ---- corners and LSOAs ---- */

static struct place_dm place_at(double radius, double lattice_radius, double x, double y)
{
    double km = drawn_together(radius, lattice_radius);
    return (struct place_dm){(int32_t)lround((MIDDLE_EAST + x * km) * 10000),
                             (int32_t)lround((MIDDLE_NORTH + y * km) * 10000)};
}

static struct place_dm shaken_corner(const struct lattice *l, uint64_t seed, int cx, int cy)
{
    struct draws d = draw(seed, STREAM_VERTEX, (uint64_t)cx, (uint64_t)cy);
    double x = 0.5 * cx - MIDDLE_I + SHAKE * (2 * draw_unit(d.u[0]) - 1);
    double y = (cy / 3.0 - MIDDLE_J) * ROW_HEIGHT + SHAKE * (2 * draw_unit(d.u[1]) - 1);
    return place_at(elliptical(x, y) / l->radius, l->radius, x, y);
}

static rv_status make_lsoa(struct arena *a, uint64_t seed, const struct lattice *l,
                           const struct plan *plan, size_t number, size_t *corner_at,
                           struct geography *g, struct rv_err *reterr)
{
    const struct cell *cell = &l->cells[plan->order[number]];
    struct lsoa *lsoa = &g->lsoas[number];
    struct borough *borough = &g->boroughs[cell->borough];
    if (borough->count++ == 0) {
        borough->first = number;
    }
    size_t within = number - borough->first;
    lsoa->borough = cell->borough;
    lsoa->ward_2018 = plan->ward_2018[plan->order[number]];
    lsoa->ward_2022 = plan->ward_2022[plan->order[number]];
    lsoa->x = cell->x;
    lsoa->y = cell->y;
    lsoa->from_centre = cell->radius;
    lsoa->middle = place_at(cell->radius, l->radius, cell->x, cell->y);
    number_code(lsoa->code, "E0199", number + 1);
    lsoa->name = arena_printf(a, "%s %03zu%c", borough->name, within / 5 + 1,
                              (char)('A' + (int)(within % 5)));
    for (int k = 0; k < CELL_CORNERS; k++) {
        int cx = 2 * cell->i + cell->j % 2 + 1 + corner_dx[k];
        int cy = 3 * cell->j + 2 + corner_dy[k];
        size_t *corner = &corner_at[cy * CORNER_W + cx];
        if (*corner == 0) {
            g->corners[g->corner_count++] = shaken_corner(l, seed, cx - 1, cy - 2);
            *corner = g->corner_count;
        }
        lsoa->corners[k] = *corner - 1;
    }
    return lsoa->name ? rv_ok() : arena_fail(a, reterr);
}

/* The cell across the side from corner k to k + 1, in the order of corner_dx. */
static int64_t across(const struct lattice *l, const struct cell *cell, int k)
{
    int odd = cell->j % 2;
    const int di[CELL_CORNERS] = {odd, 1, odd, odd - 1, -1, odd - 1};
    const int dj[CELL_CORNERS] = {-1, 0, 1, 1, 0, -1};
    int i = cell->i + di[k], j = cell->j + dj[k];
    if (i < 0 || j < 0 || i >= LATTICE_W || j >= LATTICE_H) {
        return -1;
    }
    return l->lsoa_at[j * LATTICE_W + i];
}

static rv_status make_lsoas(struct arena *a, uint64_t seed, struct lattice *l,
                            const struct plan *plan, struct geography *g, struct rv_err *reterr)
{
    size_t *corner_at = ARENA_NEW(a, size_t, (size_t)CORNER_W * CORNER_H);
    g->lsoas = ARENA_NEW(a, struct lsoa, l->count);
    g->corners = ARENA_NEW(a, struct place_dm, l->count * CELL_CORNERS);
    if (!corner_at || !g->lsoas || !g->corners) {
        return arena_fail(a, reterr);
    }
    memset(l->lsoa_at, 0xff, sizeof l->lsoa_at);
    for (size_t k = 0; k < l->count; k++) {
        const struct cell *cell = &l->cells[plan->order[k]];
        l->lsoa_at[cell->j * LATTICE_W + cell->i] = (int64_t)k;
        RV_TRY(make_lsoa(a, seed, l, plan, k, corner_at, g, reterr));
    }
    g->lsoa_count = l->count;
    for (size_t k = 0; k < l->count; k++) {
        for (int side = 0; side < CELL_CORNERS; side++) {
            g->lsoas[k].neighbours[side] = across(l, &l->cells[plan->order[k]], side);
        }
    }
    return rv_ok();
}

void geography_point(const struct geography *g, size_t lsoa, struct draws d, double *ret_east_m,
                     double *ret_north_m)
{
    const struct lsoa *l = &g->lsoas[lsoa];
    size_t side = draw_below(d.u[0], CELL_CORNERS);
    struct place_dm a = g->corners[l->corners[side]];
    struct place_dm b = g->corners[l->corners[(side + 1) % CELL_CORNERS]];
    double u = draw_unit(d.u[1]), v = draw_unit(d.u[2]);
    if (u + v > 1) {
        u = 1 - u;
        v = 1 - v;
    }
    u *= 0.85;
    v *= 0.85;
    *ret_east_m = (l->middle.e + u * (a.e - l->middle.e) + v * (b.e - l->middle.e)) / 10;
    *ret_north_m = (l->middle.n + u * (a.n - l->middle.n) + v * (b.n - l->middle.n)) / 10;
}

rv_status geography_make(struct arena *a, uint64_t seed, struct geography *ret,
                         struct rv_err *reterr)
{
    struct geography g = {.lsoa_count = 0};
    memcpy(g.boroughs, borough_facts, sizeof g.boroughs);
    double residents = 0;
    for (size_t b = 0; b < BOROUGHS; b++) {
        residents += 1000.0 * g.boroughs[b].thousands;
    }
    size_t count = (size_t)(residents / RESIDENTS_PER_LSOA);
    struct lattice *l = ARENA_NEW(a, struct lattice, 1);
    struct plan plan = {ARENA_NEW(a, size_t, count), ARENA_NEW(a, size_t, count),
                        ARENA_NEW(a, size_t, count)};
    size_t *list = ARENA_NEW(a, size_t, count);
    if (!l || !plan.ward_2018 || !plan.ward_2022 || !plan.order || !list) {
        return arena_fail(a, reterr);
    }
    RV_TRY(outline(a, count, l, reterr));
    share_out(l, g.boroughs);
    RV_TRY(name_wards(a, seed, &g, reterr));
    plan_wards(l, &g, list, &plan);
    for (size_t c = 0; c < count; c++) {
        plan.order[c] = c;
    }
    struct ordering ordering = {l->cells, plan.ward_2022};
    qsort_r(plan.order, count, sizeof *plan.order, compare_order, &ordering);
    RV_TRY(make_lsoas(a, seed, l, &plan, &g, reterr));
    *ret = g;
    return rv_ok();
}
