/* synth/plan.c — from ladders to tables; who holds London's leading wards.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/plan.h"

#include "synth/fit.h"

#include <stdlib.h>
#include <string.h>

#define TOP_TEN 10

static rv_status too_small(const struct plan *p, const char *table, size_t year,
                           struct rv_err *reterr)
{
    return rv_fail(reterr, RV_REFUSED,
                   "the targets cannot be met together: table \"%s\" is too small for %s in %lld",
                   table, p->g->boroughs[p->borough].name, (long long)p->t->years[year]);
}

static double share(int64_t part, int64_t rest)
{
    return part + rest > 0 ? (double)part / (double)(part + rest) : 0;
}

/* Spreads n offences of a region over groups as the detailed borough does; possession and sexual
 * offences apart. */
static void spread(const struct plan *p, unsigned region, size_t y, int64_t n, bool with_weapons,
                   int64_t groups[GROUPS])
{
    double weights[GROUPS];
    for (unsigned g = 0; g < GROUPS; g++) {
        weights[g] = (double)(p->t->groups[region][g][0] + p->t->groups[region][g][1]);
    }
    if (!with_weapons) {
        weights[GROUP_WEAPON] = 0;
    }
    (void)y;
    fit_apportion(n, weights, GROUPS, groups);
}

static rv_status plan_year(struct plan *p, size_t y, int64_t ve, struct rv_err *reterr)
{
    const struct targets *t = p->t;
    const int64_t *r[REGIONS];
    int64_t n[REGIONS], l[LADDERS];
    for (unsigned k = 0; k < REGIONS; k++) {
        r[k] = t->regions[k];
    }
    for (size_t k = 0; k < LADDERS; k++) {
        l[k] = t->ladder[k][y][p->borough];
    }
    int64_t s_old = l[LADDER_SV] - l[LADDER_U25_SEXUAL];
    n[REGION_UDS] =
        (int64_t)(share(r[REGION_UDS][y], r[REGION_US][y]) * (double)l[LADDER_U25_SEXUAL]);
    n[REGION_US] = l[LADDER_U25_SEXUAL] - n[REGION_UDS];
    n[REGION_DS] = (int64_t)(share(r[REGION_DS][y], r[REGION_S][y]) * (double)s_old);
    n[REGION_S] = s_old - n[REGION_DS];
    int64_t da = l[LADDER_DA_SV] - n[REGION_UDS] - n[REGION_DS];
    n[REGION_UD] = (int64_t)(share(r[REGION_UD][y], r[REGION_D][y]) * (double)da);
    n[REGION_D] = da - n[REGION_UD];
    n[REGION_U] = l[LADDER_U25] - l[LADDER_U25_SEXUAL] - n[REGION_UD];
    n[REGION_NONE] = ve;
    for (unsigned k = 0; k < REGION_NONE; k++) {
        n[REGION_NONE] -= n[k];
    }
    if (da < 0) {
        return too_small(p, "boroughs/DA SV", y, reterr);
    }
    if (n[REGION_U] < l[LADDER_U25_WEAPON]) {
        return too_small(p, "boroughs/U25", y, reterr);
    }
    if (n[REGION_NONE] < 0) {
        return too_small(p, "ve_total_by_borough", y, reterr);
    }
    for (unsigned k = 0; k < REGIONS; k++) {
        int64_t groups[GROUPS], weapons = k == REGION_U ? l[LADDER_U25_WEAPON] : 0;
        spread(p, k, y, n[k] - weapons, k != REGION_U, groups);
        groups[GROUP_WEAPON] += weapons;
        for (unsigned g = 0; g < GROUPS; g++) {
            p->groups[k][g][y] = groups[g];
        }
    }
    return rv_ok();
}

/* The publisher's category of an offence group of the catalogue. */
static size_t category_of(unsigned group)
{
    static const size_t of[GROUPS] = {0, 0, 0, 1, 8, 9, 10};
    return of[group];
}

static rv_status plan_tno(struct plan *p, size_t y, struct rv_err *reterr)
{
    const struct targets *t = p->t;
    int64_t composed[TNO_CATEGORIES] = {0}, rest = t->ladder[LADDER_TNO][y][p->borough];
    double weights[TNO_CATEGORIES];
    int64_t template[TNO_CATEGORIES] = {0}, parts[TNO_CATEGORIES];
    for (unsigned r = 0; r < REGIONS; r++) {
        for (unsigned g = 0; g < GROUPS; g++) {
            composed[category_of(g)] += p->groups[r][g][y];
            template[category_of(g)] += t->groups[r][g][y];
            rest -= p->groups[r][g][y];
        }
    }
    if (rest < 0) {
        return too_small(p, "boroughs/TNO", y, reterr);
    }
    for (size_t k = 0; k < TNO_CATEGORIES; k++) {
        weights[k] = (double)(t->tno[k][y] - template[k]);
    }
    fit_apportion(rest, weights, TNO_CATEGORIES, parts);
    for (size_t k = 0; k < TNO_CATEGORIES; k++) {
        p->tno[k][y] = composed[k] + parts[k];
    }
    p->da_elsewhere[y] =
        t->ladder[LADDER_DA_ALL][y][p->borough] - t->ladder[LADDER_DA_SV][y][p->borough];
    return parts[1] >= p->da_elsewhere[y] ? rv_ok() : too_small(p, "boroughs/TNO", y, reterr);
}

static rv_status plan_borough(struct plan *p, struct rv_err *reterr)
{
    const struct targets *t = p->t;
    size_t b = p->borough;
    p->accused_u25 = t->ladder_accused_u25[b];
    p->accused_sv = t->ladder_accused_sv[b];
    if (p->is_detailed) {
        memcpy(p->groups, t->groups, sizeof p->groups);
    } else {
        int64_t first = t->ladder[LADDER_U25][0][b], second = t->ladder[LADDER_U25][1][b];
        int64_t ve = (int64_t)((double)t->ve_total[b] * share(first, second));
        RV_TRY(plan_year(p, 0, ve, reterr));
        RV_TRY(plan_year(p, 1, t->ve_total[b] - ve, reterr));
    }
    RV_TRY(plan_tno(p, 0, reterr));
    return plan_tno(p, 1, reterr);
}

/* ---- wards that lead in London ---- */

struct boroughs_by {
    const struct plan *plans;
    enum ladder ladder;
};

static double per_ward(const struct boroughs_by *by, size_t b)
{
    const struct plan *p = &by->plans[b];
    return (double)(p->t->ladder[by->ladder][0][b] + p->t->ladder[by->ladder][1][b]) /
           (double)p->ward_count;
}

static int compare_boroughs(const void *left, const void *right, void *context)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    double x = per_ward(context, a), y = per_ward(context, b);
    return x != y ? (x > y ? -1 : 1) : (a > b) - (a < b);
}

/* Boroughs but the detailed one, with most offences a ward first. */
static size_t order_boroughs(const struct plan *plans, enum ladder ladder, size_t order[BOROUGHS])
{
    struct boroughs_by by = {plans, ladder};
    size_t n = 0;
    for (size_t b = 0; b < BOROUGHS; b++) {
        if (!plans[b].is_detailed) {
            order[n++] = b;
        }
    }
    qsort_r(order, n, sizeof *order, compare_boroughs, &by);
    return n;
}

/* The list without the detailed borough's own wards; their number among the first ten. */
static struct top_wards others_of(const struct top_wards *all, const int64_t *own, size_t stride,
                                  size_t *ret_own_in_ten)
{
    struct top_wards rest = {.n = 0};
    bool is_used[HAVERING_WARDS_2022] = {false};
    *ret_own_in_ten = 0;
    for (size_t k = 0; k < all->n; k++) {
        size_t w = 0;
        while (w < HAVERING_WARDS_2022 && (is_used[w] || own[w * stride] != all->count[k])) {
            w++;
        }
        if (w < HAVERING_WARDS_2022) {
            is_used[w] = true;
            *ret_own_in_ten += k < TOP_TEN;
        } else {
            rest.count[rest.n++] = all->count[k];
        }
    }
    return rest;
}

static void free_wards(struct ward_plan *w, const struct targets *t)
{
    for (size_t k = 0; k < WARDS_MOST; k++) {
        w->u25[k] = w->sv[k] = w->da[k] = w->da_2021[k] = w->da_2022[k] = -1;
        w->u25_most[k] = t->top_u25.count[t->top_u25.n - 1] - 1;
        w->sv_most[k] = t->top_sv.count[t->top_sv.n - 1] - 1;
        w->da_2022_most[k] = t->top_da_2022.count[t->top_da_2022.n - 1] - 1;
        w->da_most[k] = t->top_da.count[t->top_da.n - 1] - 1;
    }
}

static void own_wards(struct ward_plan *w, const struct targets *t)
{
    for (size_t k = 0; k < HAVERING_WARDS_2022; k++) {
        w->sv[k] = t->ward_sv[k];
        w->da[k] = t->ward_da[k];
        w->da_2021[k] = t->ward_da_year[k][0];
        w->da_2022[k] = t->ward_da_year[k][1];
        w->u25_most[k] = w->sv_most[k] = w->da_most[k] = -1;
        if (w->da_2022[k] >= 0) {
            w->da_2022_most[k] = -1;
        }
    }
}

/* Under-25 and sexual offences lead in a borough's town centre. */
static void place_centres(struct plan *plans, const size_t *order, const size_t *town,
                          const struct top_wards *u25, const struct top_wards *sv)
{
    for (size_t k = 0; k < u25->n; k++) {
        struct plan *p = &plans[order[k]];
        p->wards.u25[town[order[k]]] = u25->count[k];
        p->wards.u25_most[town[order[k]]] = -1;
    }
    for (size_t k = 0; k < sv->n; k++) {
        struct plan *p = &plans[order[k]];
        p->wards.sv[town[order[k]]] = sv->count[k];
        p->wards.sv_most[town[order[k]]] = -1;
    }
}

/* Domestic abuse leads elsewhere; how many of London's first ten lie in the east is given. */
static void place_homes(struct plan *plans, const struct targets *t, const size_t *town,
                        const struct top_wards *two, const struct top_wards *last,
                        size_t own_in_ten)
{
    size_t order[BOROUGHS], used[BOROUGHS] = {0};
    size_t n = order_boroughs(plans, LADDER_DA_SV, order), at = 0;
    size_t east = (size_t)t->east_in_top10 > own_in_ten ? (size_t)t->east_in_top10 - own_in_ten : 0;
    int64_t floor_two = t->top_da.count[t->top_da.n - 1];
    for (size_t k = 0; k < last->n; k++) {
        bool wants_east = k >= 1 && k <= east;
        for (size_t tries = 0; tries < 2 * n; tries++) {
            at = wants_east && tries == 0 ? 0 : (at + (tries > 0 || k > 0)) % n;
            bool is_first = k < TOP_TEN - own_in_ten;
            if (!is_first || t->is_east[order[at]] == wants_east) {
                break;
            }
        }
        struct plan *p = &plans[order[at]];
        size_t ward = (town[order[at]] + 1 + used[order[at]]++) % p->ward_count;
        int64_t both = k < two->n ? two->count[k] : last->count[k] + last->count[k] * 94 / 100;
        p->wards.da[ward] = k < two->n || both < floor_two ? both : floor_two - 1;
        p->wards.da_2022[ward] = last->count[k];
        p->wards.da_most[ward] = p->wards.da_2022_most[ward] = -1;
        if (k + 1 == last->n) { /* the others stay below the last one that is placed */
            for (size_t b = 0; b < BOROUGHS; b++) {
                for (size_t w = 0; w < WARDS_MOST; w++) {
                    int64_t *most = &plans[b].wards.da_most[w];
                    *most = *most < 0 || *most < both ? *most : both - 1;
                }
            }
        }
    }
}

static void find_wards(struct plan *p)
{
    const struct geography *g = p->g;
    p->ward_first = 0;
    while (g->wards_2022[p->ward_first].borough != p->borough) {
        p->ward_first++;
    }
    while (p->ward_first + p->ward_count < g->ward_2022_count &&
           g->wards_2022[p->ward_first + p->ward_count].borough == p->borough) {
        p->ward_count++;
    }
}

rv_status plan_all(struct arena *a, uint64_t seed, const struct targets *t,
                   const struct geography *g, struct plan **ret, struct rv_err *reterr)
{
    struct plan *plans = ARENA_NEW(a, struct plan, BOROUGHS);
    size_t order[BOROUGHS], town[BOROUGHS], own;
    if (!plans) {
        return arena_fail(a, reterr);
    }
    for (size_t b = 0; b < BOROUGHS; b++) {
        struct plan *p = &plans[b];
        *p = (struct plan){.t = t, .g = g, .borough = b};
        p->is_detailed = strcmp(g->boroughs[b].code, HAVERING_CODE) == 0;
        find_wards(p);
        free_wards(&p->wards, t);
        if (p->is_detailed) {
            own_wards(&p->wards, t);
        }
        struct dice dice = dice_start(seed, STREAM_TOWN, b);
        town[b] = dice_below(&dice, p->ward_count);
        RV_TRY(plan_borough(p, reterr));
    }
    int64_t own_u25[HAVERING_WARDS_2022] = {0};
    for (size_t w = 0; w < HAVERING_WARDS_2022; w++) {
        for (size_t s = 0; s < SECTIONS; s++) {
            own_u25[w] += t->ward_section[s][w];
        }
    }
    struct top_wards u25 = others_of(&t->top_u25, own_u25, 1, &own);
    struct top_wards sv = others_of(&t->top_sv, t->ward_sv, 1, &own);
    struct top_wards last = others_of(&t->top_da_2022, &t->ward_da_year[0][1], TWO_YEARS, &own);
    struct top_wards two = others_of(&t->top_da, t->ward_da, 1, &own);
    if (order_boroughs(plans, LADDER_U25, order) < (u25.n > sv.n ? u25.n : sv.n)) {
        return rv_fail(reterr, RV_REFUSED, "table \"london_wards_top\" is too long");
    }
    place_centres(plans, order, town, &u25, &sv);
    place_homes(plans, t, town, &two, &last, own);
    *ret = plans;
    return rv_ok();
}
