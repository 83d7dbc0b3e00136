/* assess/weapon_places.c — in which wards weapons were used and found, the place of possession
 * among the boroughs, and the tables of both.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/weapons.h"
#include "stats/binomial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

/* ---- by ward ---- */

struct ward_count {
    const struct area *ward;
    int64_t enabled, possessed;
};

struct by_ward {
    struct ward_count *wards; /* [count] of the borough, most enabled first */
    size_t count;
};

/* Offences by ward of one kind: those with a weapon, or those of possession. */
static rv_status count_wards(const struct weapons *k, bool is_possession, struct cube *ret,
                             struct rv_err *reterr)
{
    static const char *const any[] = {"any"}, *const possession[] = {"weapon-possession"};
    struct assess_work *w = k->l->work;
    struct cube_axis *axes = ARENA_NEW(w->held.arena, struct cube_axis, LENS_AXES);
    if (!axes) {
        return arena_fail(w->held.arena, reterr);
    }
    axes[0] = (struct cube_axis){.kind = AXIS_GIVEN, .name = "profile"};
    axes[1] = (struct cube_axis){.kind = AXIS_AREA, .name = "ward", .layer = w->wards};
    axes[2] = lens_inside(w);
    axes[3] = (struct cube_axis){.kind = AXIS_WEAPON, .name = "weapon", .wanted = any};
    if (is_possession) {
        axes[3] = (struct cube_axis){.kind = AXIS_VALUE,
                                     .name = "offence-group",
                                     .column = "offence_group",
                                     .closed = OFFENCE_GROUPS,
                                     .closed_count = OFFENCE_GROUP_COUNT,
                                     .wanted = possession};
    }
    axes[3].wanted_count = 1;
    axes[3].is_filter = true;
    struct cube_query query = {
        .source = k->l->source, .axes = axes, .axis_count = 4, .period = w->options->period};
    return lens_cube(k->l, is_possession ? LENS_POSSESSION_WARDS : LENS_WEAPON_WARDS, &query, ret,
                     reterr);
}

static int most_enabled(const void *a, const void *b)
{
    const struct ward_count *x = a, *y = b;
    if (x->enabled != y->enabled) {
        return x->enabled < y->enabled ? 1 : -1;
    }
    if (x->possessed != y->possessed) {
        return x->possessed < y->possessed ? 1 : -1;
    }
    return strcmp(x->ward->code, y->ward->code);
}

static rv_status gather_wards(struct weapons *k, struct by_ward *ret, struct rv_err *reterr)
{
    struct assess_work *w = k->l->work;
    const uint32_t *parents = NULL;
    struct cube enabled, possessed;
    RV_TRY(held_parents_of(&w->held, w->wards, w->boroughs, &parents, reterr));
    RV_TRY(count_wards(k, false, &enabled, reterr));
    RV_TRY(k->possession ? count_wards(k, true, &possessed, reterr) : rv_ok());
    ret->wards = ARENA_NEW(w->held.arena, struct ward_count, w->wards->count + 1);
    if (!ret->wards) {
        return arena_fail(w->held.arena, reterr);
    }
    for (uint32_t i = 0; i < w->wards->count; i++) {
        if (parents[i] == w->area) {
            uint32_t codes[LENS_AXES] = {0, i + 1};
            ret->wards[ret->count++] =
                (struct ward_count){&w->wards->areas[i], cube_at(&enabled, codes),
                                    k->possession ? cube_at(&possessed, codes) : 0};
        }
    }
    qsort(ret->wards, ret->count, sizeof *ret->wards, most_enabled);
    return rv_ok();
}

static int64_t count_of(const struct ward_count *ward, bool is_possession)
{
    return is_possession ? ward->possessed : ward->enabled;
}

/* The first two wards by one of the counts; of equal ones the first in order. */
static void first_two(const struct by_ward *by, bool is_possession, size_t ret[2])
{
    ret[0] = ret[1] = SIZE_MAX;
    for (size_t i = 0; i < by->count; i++) {
        int64_t n = count_of(&by->wards[i], is_possession);
        if (ret[0] == SIZE_MAX || n > count_of(&by->wards[ret[0]], is_possession)) {
            ret[1] = ret[0];
            ret[0] = i;
        } else if (ret[1] == SIZE_MAX || n > count_of(&by->wards[ret[1]], is_possession)) {
            ret[1] = i;
        }
    }
}

static struct finding *ward_finding(const struct weapons *k, bool is_possession)
{
    struct lens *l = k->l;
    if (!is_possession) {
        return weapons_finding(k, "top-ward", "ward", " --where weapon=any");
    }
    struct finding *f = compose_lens_finding(l, k->possession, "top-ward");
    if (f) {
        f->query = compose_query(l, "ward", k->possession, l->work->options->area, BUCKET_PERIOD);
    }
    return f && f->query ? f : NULL;
}

static rv_status name_place(struct assess_work *w, struct finding *f, const struct by_ward *by,
                            const size_t two[2], bool is_possession, struct rv_err *reterr)
{
    const struct ward_count *top = &by->wards[two[0]];
    int64_t first = count_of(top, is_possession);
    RV_TRY(compose_text(w, f, "place", top->ward->name, reterr));
    RV_TRY(compose_text(w, f, "place_code", top->ward->code, reterr));
    double p = 1;
    if (two[1] != SIZE_MAX) {
        const struct ward_count *next = &by->wards[two[1]];
        int64_t second = count_of(next, is_possession);
        RV_TRY(compose_text(w, f, "next", next->ward->name, reterr));
        RV_TRY(compose_number(w, f, "next_count", (double)second, reterr));
        RV_TRY(binomial_test(first, first + second, 0.5, &p, reterr));
        f->is_tied = first == second;
    }
    RV_TRY(compose_number(w, f, "p", p, reterr));
    f->rule = f->is_tied                                ? "TOP_AREA_TIED"
              : two[1] == SIZE_MAX || p < WORDING_ALPHA ? "TOP_AREA"
                                                        : "TOP_AREA_NOT_DISTINGUISHABLE";
    return rv_ok();
}

/* Quiet where the largest count is too small to name a ward by: the table has them. */
static rv_status add_top_ward(struct weapons *k, const struct by_ward *by, bool is_possession,
                              struct rv_err *reterr)
{
    struct assess_work *w = k->l->work;
    int64_t total = 0;
    size_t two[2];
    for (size_t i = 0; i < by->count; i++) {
        total += count_of(&by->wards[i], is_possession);
    }
    first_two(by, is_possession, two);
    if (count_of(&by->wards[two[0]], is_possession) < ASSESS_PLACE_LEAST) {
        return rv_ok();
    }
    struct finding *f = ward_finding(k, is_possession);
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->unit = "offences";
    f->method = "rate-ratio";
    f->value = f->numerator = (double)count_of(&by->wards[two[0]], is_possession);
    f->denominator = (double)total;
    f->denominator_name = "offences in the borough that have such an area";
    RV_TRY(compose_text(w, f, "areas", "wards", reterr));
    RV_TRY(compose_number(w, f, "area_count", (double)by->count, reterr));
    RV_TRY(compose_number(
        w, f, "share", total >= WORDING_PERCENT_BASE ? 100 * f->value / (double)total : NOT_KNOWN,
        reterr));
    RV_TRY(name_place(w, f, by, two, is_possession, reterr));
    return is_possession ? rv_ok() : weapons_weaken(k, f, reterr);
}

static rv_status wards_table(struct weapons *k, const struct by_ward *by, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"ward", "Ward", RESULT_TEXT},
        {"enabled", "Weapon-enabled offences", RESULT_COUNT},
        {"possession", "Offences of weapon possession", RESULT_COUNT},
        {"code", "Code", RESULT_TEXT}};
    enum { WIDTH = 4 };
    struct assess_work *w = k->l->work;
    struct arena *a = w->held.arena;
    struct result_cell *cells = NULL;
    struct result_table *t =
        compose_lens_table(k->l, "weapon-wards", columns, WIDTH, by->count, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "Weapons by ward of %s: %s, %s", w->area_name,
                            k->l->profile->subject, compose_period(a, w->options->period));
    t->description = "Offences in which a weapon was on record, and offences of weapon possession, "
                     "by ward, most of the first at the top.";
    t->chart = k->enabled[BUCKET_PERIOD] > 0 ? CHART_BAR : CHART_NONE;
    for (size_t i = 0; i < by->count; i++) {
        struct result_cell *row = &cells[i * WIDTH];
        row[0] = cell_text(by->wards[i].ward->name);
        row[1] = cell_number((double)by->wards[i].enabled);
        row[2] = cell_number(k->possession ? (double)by->wards[i].possessed : NOT_KNOWN);
        row[3] = cell_text(by->wards[i].ward->code);
    }
    return t->title ? compose_note(w, t, k->l->source_caveat, reterr) : arena_fail(a, reterr);
}

/* ---- possession among the boroughs ---- */

static rv_status rank_possession(struct weapons *k, struct rv_err *reterr)
{
    struct assess_work *w = k->l->work;
    size_t first = w->finding_count;
    RV_TRY(lens_rank_group(k->l, k->possession, reterr));
    for (size_t i = first; i < w->finding_count; i++) {
        RV_TRY(compose_caveat(w, &w->findings[i],
                              "Possession is found by searching: a borough that searches more "
                              "records more of it.",
                              reterr));
    }
    return rv_ok();
}

rv_status weapons_places(struct weapons *k, struct rv_err *reterr)
{
    RV_TRY(k->possessed[BUCKET_PERIOD] > 0 ? rank_possession(k, reterr) : rv_ok());
    bool has_any = k->possessed[BUCKET_PERIOD] + k->enabled[BUCKET_PERIOD] > 0;
    if (!k->l->work->wards || !has_any) {
        return rv_ok();
    }
    struct by_ward by = {0};
    RV_TRY(gather_wards(k, &by, reterr));
    if (by.count == 0) {
        return rv_ok(); /* no ward of this borough is held */
    }
    RV_TRY(add_top_ward(k, &by, false, reterr));
    RV_TRY(k->possession ? add_top_ward(k, &by, true, reterr) : rv_ok());
    return wards_table(k, &by, reterr);
}

/* ---- the table ---- */

enum { COLUMN_ENABLED = 1, COLUMN_BEFORE, COLUMN_KNIFE, COLUMN_ALL = 8, COLUMN_SHARE, WIDTH };
static const char *const KINDS[] = {"knife", "firearm", "corrosive", "other-weapon",
                                    "unspecified-weapon"};

/* A group of the cube, or every one, whose offences are `all`. */
static void fill_row(const struct weapons *k, uint32_t group, int64_t all, struct result_cell *row)
{
    int64_t enabled = weapons_of(k, group, k->any, WEAPONS_EVERY, BUCKET_PERIOD);
    int64_t before = weapons_of(k, group, k->any, WEAPONS_EVERY, BUCKET_COMPARE);
    bool has_before = k->l->is_available[BUCKET_COMPARE];
    row[COLUMN_ENABLED] = cell_number((double)enabled);
    row[COLUMN_BEFORE] = cell_number(has_before ? (double)before : NOT_KNOWN);
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        row[COLUMN_KNIFE + i] = cell_number(
            (double)weapons_of(k, group, weapons_label(k, KINDS[i]), WEAPONS_EVERY, BUCKET_PERIOD));
    }
    row[COLUMN_ALL] = cell_number((double)all);
    row[COLUMN_SHARE] =
        cell_number(all >= WORDING_PERCENT_BASE ? 100 * (double)enabled / (double)all : NOT_KNOWN);
}

/* Groups that have one in either period, and possession, by number of enabled offences. */
static size_t choose_groups(const struct weapons *k, uint32_t *chosen)
{
    const struct lens *l = k->l;
    size_t n = 0;
    for (uint32_t i = 0; i < l->order_count; i++) {
        uint32_t c = l->order[i], group = axis_code(&k->axes[1], l->axes[0].labels[c]);
        int64_t now = weapons_of(k, group, k->any, WEAPONS_EVERY, BUCKET_PERIOD);
        int64_t then = weapons_of(k, group, k->any, WEAPONS_EVERY, BUCKET_COMPARE);
        if (now + then == 0 && c != k->possession) {
            continue;
        }
        size_t at = n++;
        for (; at > 0; at--) {
            uint32_t above = axis_code(&k->axes[1], l->axes[0].labels[chosen[at - 1]]);
            if (weapons_of(k, above, k->any, WEAPONS_EVERY, BUCKET_PERIOD) >= now) {
                break;
            }
            chosen[at] = chosen[at - 1];
        }
        chosen[at] = c;
    }
    return n;
}

rv_status weapons_table(struct weapons *k, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"group", "Offence group", RESULT_TEXT},
        {"enabled", "Weapon-enabled", RESULT_COUNT},
        {"enabled_before", "In the earlier period", RESULT_COUNT},
        {"knife", "Knife", RESULT_COUNT},
        {"firearm", "Firearm", RESULT_COUNT},
        {"corrosive", "Corrosive", RESULT_COUNT},
        {"other_weapon", "Other weapon", RESULT_COUNT},
        {"unspecified", "No flag, a use alone", RESULT_COUNT},
        {"count", "All offences", RESULT_COUNT},
        {"share_percent", "Weapon-enabled, percent", RESULT_PERCENT}};
    struct lens *l = k->l;
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    uint32_t *chosen = ARENA_NEW(a, uint32_t, l->order_count + 1);
    if (!chosen) {
        return arena_fail(a, reterr);
    }
    size_t n = choose_groups(k, chosen);
    struct result_cell *cells = NULL;
    struct result_table *t = compose_lens_table(l, "weapons", columns, WIDTH, n + 1, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "Weapons by offence group, %s: %s, %s", w->area_name,
                            l->profile->subject, compose_period(a, w->options->period));
    t->description = "Weapon-enabled offences by offence group in both periods, by kind of weapon, "
                     "beside all offences of the group; weapon possession is a group of its own.";
    t->chart = k->enabled[BUCKET_PERIOD] > 0 ? CHART_BAR : CHART_NONE;
    t->ends_with_total = true;
    for (size_t i = 0; i < n; i++) {
        uint32_t c = chosen[i];
        struct result_cell *row = &cells[i * WIDTH];
        row[0] = cell_text(l->names[c]);
        fill_row(k, axis_code(&k->axes[1], l->axes[0].labels[c]),
                 lens_count(l, BUCKET_PERIOD, c, w->area), row);
    }
    struct result_cell *total = &cells[n * WIDTH];
    total[0] = cell_text("All of the profile");
    fill_row(k, WEAPONS_EVERY, lens_count(l, BUCKET_PERIOD, 0, w->area), total);
    RV_TRY(compose_note(w, t,
                        "An offence with several kinds of weapon is in the column of each: kinds "
                        "do not add up to the weapon-enabled offences.",
                        reterr));
    return t->title ? compose_note(w, t, l->source_caveat, reterr) : arena_fail(a, reterr);
}
