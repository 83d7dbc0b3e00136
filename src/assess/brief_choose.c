/* assess/brief_choose.c — which places and times a brief names, from 52 weeks of counts.
 *
 * A window of a fortnight holds too few offences to choose by: places are chosen by how many
 * offences each time that came round has brought over 52 weeks, and what the window itself held
 * stands beside. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/brief_internal.h"

#include <stdlib.h>
#include <string.h>

#define DAY_STARTS 7 /* 07:00: what comes before belongs to the night of the day before */
#define HOURS_EACH 4
#define NIGHTS     3 /* block from which the night decides the day-type */

static const char *const WHEN[BRIEF_SLOTS] = {
    "Monday to Friday, 07:00 to 11:00",   "Saturday and Sunday, 07:00 to 11:00",
    "Monday to Friday, 11:00 to 15:00",   "Saturday and Sunday, 11:00 to 15:00",
    "Monday to Friday, 15:00 to 19:00",   "Saturday and Sunday, 15:00 to 19:00",
    "Sunday to Thursday, 19:00 to 23:00", "Friday and Saturday, 19:00 to 23:00",
    "Sunday to Thursday, 23:00 to 03:00", "Friday and Saturday, 23:00 to 03:00",
    "Sunday to Thursday, 03:00 to 07:00", "Friday and Saturday, 03:00 to 07:00"};
static const char *const WHEN_DAYS[BRIEF_TYPES] = {"Monday to Friday, hours not known",
                                                   "Saturday and Sunday, hours not known"};

int brief_weekday(int32_t day)
{
    return civil_weekday_of(civil_pack((int64_t)day * 86400, CIVIL_DATE));
}

static int type_of(int block, int32_t shift_day)
{
    int day = brief_weekday(shift_day);
    return block < NIGHTS ? day >= 5 : day == 4 || day == 5;
}

const char *brief_when(const struct brief_choice *c, size_t slot)
{
    return c->has_hours ? WHEN[slot] : WHEN_DAYS[slot];
}

const char *brief_ward_name(const struct brief_work *b, size_t ward)
{
    return b->w.wards->areas[b->wards[ward] - 1].name;
}

int brief_block(const struct brief_choice *c, const struct brief_event *e, int32_t *ret_shift_day)
{
    if (e->minute < 0 || hours_set_aside(c->hours, e->minute)) {
        return -1;
    }
    int hour = e->minute / 60;
    *ret_shift_day = hour < DAY_STARTS ? e->committed - 1 : e->committed;
    return (hour + 24 - DAY_STARTS) % 24 / HOURS_EACH;
}

int brief_slot(const struct brief_choice *c, const struct brief_event *e)
{
    if (!c->has_hours) {
        return e->committed == BRIEF_NO_DAY ? -1 : brief_weekday(e->committed) >= 5;
    }
    int32_t shift_day;
    int block = brief_block(c, e, &shift_day);
    return block < 0 ? -1 : block * BRIEF_TYPES + type_of(block, shift_day);
}

/* ---- whether hours can be given ---- */

static rv_status judge_hours(struct brief_work *b, struct brief_choice *c, struct rv_err *reterr)
{
    struct arena *a = b->w.held.arena;
    struct hours_cell *cells = ARENA_NEW(a, struct hours_cell, b->event_count + 1);
    c->hours = ARENA_NEW(a, struct hours, 1);
    if (!cells || !c->hours) {
        return arena_fail(a, reterr);
    }
    size_t n = 0;
    for (size_t i = 0; i < b->event_count; i++) {
        const struct brief_event *e = &b->events[i];
        if (brief_is_within(e, c->from, c->on)) {
            int32_t days = e->recorded - e->committed;
            cells[n++] = (struct hours_cell){e->minute, days < 0 ? -1 : days, 1};
        }
    }
    if (n == 0) {
        return rv_ok();
    }
    RV_TRY(hours_work_out(a, b->w.held.pool, cells, n, c->hours, reterr));
    c->has_hours = c->hours->verdict != HOURS_TOO_FEW && c->hours->verdict != HOURS_NOT_RELIABLE;
    c->timed = c->hours->with_time;
    c->aside = c->hours->aside;
    return rv_ok();
}

/* ---- counting ---- */

static void count_occasions(const struct brief_choice *c, double occasions[BRIEF_SLOTS])
{
    for (int32_t day = c->from; day < c->on; day++) {
        if (!c->has_hours) {
            occasions[brief_weekday(day) >= 5]++;
            continue;
        }
        for (int block = 0; block < BRIEF_BLOCKS; block++) {
            occasions[block * BRIEF_TYPES + type_of(block, day)]++;
        }
    }
}

static rv_status count_cells(struct brief_work *b, struct brief_choice *c, struct rv_err *reterr)
{
    struct arena *a = b->w.held.arena;
    double occasions[BRIEF_SLOTS] = {0};
    count_occasions(c, occasions);
    c->slots = c->has_hours ? BRIEF_SLOTS : BRIEF_TYPES;
    c->cells = b->ward_count * c->slots;
    c->counts = ARENA_NEW(a, int64_t, c->cells + 1);
    c->occasions = ARENA_NEW(a, double, c->cells + 1);
    c->ranks = ARENA_NEW(a, struct rank, c->cells + 1);
    if (!c->counts || !c->occasions || !c->ranks) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < c->cells; i++) {
        c->occasions[i] = occasions[i % c->slots] > 0 ? occasions[i % c->slots] : 1;
    }
    for (size_t i = 0; i < b->event_count; i++) {
        const struct brief_event *e = &b->events[i];
        if (brief_is_within(e, c->from, c->on)) {
            int slot = brief_slot(c, e);
            c->counted++;
            c->placed += e->ward > 0;
            c->in_cells += e->ward > 0 && slot >= 0;
            if (e->ward > 0 && slot >= 0) {
                c->counts[(e->ward - 1u) * c->slots + (size_t)slot]++;
            }
        }
    }
    return rv_ok();
}

/* ---- choosing ---- */

/* In order of offences each time it came round; level ones by ward and time of the week. */
static bool is_ahead(const struct brief_choice *c, size_t i, size_t j)
{
    double x = (double)c->counts[i] * c->occasions[j], y = (double)c->counts[j] * c->occasions[i];
    return x > y || (x >= y && i < j);
}

static bool is_chosen(const struct brief_choice *c, size_t cell)
{
    for (size_t i = 0; i < c->chosen_count; i++) {
        if (c->chosen[i] == cell) {
            return true;
        }
    }
    return false;
}

static void choose(struct brief_choice *c)
{
    for (size_t k = 0; k < BRIEF_PLACES; k++) {
        size_t best = c->cells;
        for (size_t i = 0; i < c->cells; i++) {
            bool can_be = c->counts[i] >= BRIEF_LEAST && !is_chosen(c, i);
            best = can_be && (best == c->cells || is_ahead(c, i, best)) ? i : best;
        }
        if (best == c->cells) {
            return;
        }
        c->chosen[c->chosen_count++] = best;
    }
    size_t last = c->chosen[c->chosen_count - 1];
    for (size_t i = 0; i < c->cells; i++) {
        c->tied_beyond += !is_chosen(c, i) && c->ranks[i].rank == c->ranks[last].rank;
    }
}

rv_status brief_choose(struct brief_work *b, int32_t on, struct brief_choice *ret,
                       struct rv_err *reterr)
{
    int32_t covered = b->on - (b->windows + 1) * b->days;
    struct brief_choice c = {.on = on, .from = on - BRIEF_YEAR};
    c.from = c.from > covered ? c.from : covered;
    RV_TRY(judge_hours(b, &c, reterr));
    RV_TRY(count_cells(b, &c, reterr));
    if (c.cells > 1) {
        RV_TRY(rank_simultaneous(b->w.held.arena, c.counts, c.occasions, NULL, c.cells, STATS_LEVEL,
                                 RANK_MOST_FIRST, c.ranks, reterr));
    }
    for (size_t i = 0; i < c.cells; i++) {
        c.may_be_first += c.ranks[i].low == 1;
    }
    choose(&c);
    *ret = c;
    return rv_ok();
}
