/* synth/transport.c — offences on buses and at stations; those of a line go to its terminus.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "synth/dice.h"
#include "synth/minor.h"
#include "synth/rows.h"
#include "synth/write.h"

#include <string.h>

#define DAY_SECONDS INT64_C(86400)
#define WHOLE_LINE  0.6 /* of what is recorded at the terminus happened elsewhere on its line */

struct trip {
    struct minor *m;
    struct writer *w;
    struct dice dice;
    size_t number;
};

static void put_start(struct trip *t)
{
    int64_t first = civil_days((int)t->m->t->years[0], 1, 1);
    int64_t days = civil_days((int)t->m->t->years[1] + 1, 1, 1) - first;
    int64_t at = (first + (int64_t)dice_below(&t->dice, (size_t)days)) * DAY_SECONDS +
                 3600 * (int64_t)(7 + dice_below(&t->dice, 16)) +
                 60 * (int64_t)dice_below(&t->dice, 60);
    buf_printf(&t->w->text, "TRN%06zu,", ++t->number);
    put_minute(&t->w->text, at);
}

static void put_bus(struct trip *t, const char *route, int64_t count)
{
    static const char *const groups[4] = {"abh", "common-assault", "personal-robbery",
                                          "sexual-assault"};
    for (int64_t k = 0; k < count; k++) {
        put_start(t);
        buf_printf(&t->w->text, ",bus,%s,,%s," HAVERING_CODE "\n", route,
                   groups[dice_below(&t->dice, 4)]);
    }
}

/* Offences on further routes, none of which has more than the targets allow. */
static void put_other_buses(struct trip *t)
{
    char route[16];
    int64_t left = t->m->t->bus_other, most = t->m->t->bus_other_most;
    for (int number = 601; left > 0 && most > 0; number++) {
        int64_t count = 1 + (int64_t)dice_below(&t->dice, (size_t)most);
        count = count < left ? count : left;
        (void)snprintf(route, sizeof route, "S%d", number); /* no real route */
        put_bus(t, route, count);
        left -= count;
    }
}

static void put_station(struct trip *t, size_t station)
{
    static const char *const groups[RAIL_GROUPS][3] = {
        {"personal-robbery", "personal-robbery", "personal-robbery"},
        {"sexual-assault", "sexual-assault", "other-sexual"},
        {"abh", "common-assault", "gbh"}};
    const char *name = t->m->t->stations[station].name;
    bool is_terminus = strcmp(name, "Upminster") == 0;
    for (size_t g = 0; g < RAIL_GROUPS; g++) {
        for (int64_t k = 0; k < t->m->t->rail[station][g]; k++) {
            bool is_line = is_terminus && dice_unit(&t->dice) < WHOLE_LINE;
            put_start(t);
            buf_printf(&t->w->text, ",%s,%s,%s,%s," HAVERING_CODE "\n", is_line ? "tube" : "rail",
                       is_line ? "District" : "", name, groups[g][dice_below(&t->dice, 3)]);
            t->m->faults->count[FAULT_TERMINUS] += is_line;
        }
    }
}

rv_status transport_write(struct minor *m, struct rv_err *reterr)
{
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, m->dir, "transport.csv", reterr));
    struct trip t = {.m = m, .w = &w, .dice = dice_start(m->options->seed, STREAM_MINOR, 3)};
    buf_text(&w.text,
             "incident_id,occurred_at,operator,route,station,offence_group,borough_code\n");
    for (size_t k = 0; k < m->t->route_count; k++) {
        put_bus(&t, m->t->routes[k].name, m->t->routes[k].count);
    }
    put_other_buses(&t);
    for (size_t k = 0; k < m->t->station_count; k++) {
        put_station(&t, k);
    }
    return write_close(&w, reterr);
}
