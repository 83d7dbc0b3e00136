/* assess/brief_check.c — the places of the brief before against what happened, and what is still to
 * be recorded. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/brief_internal.h"

#include <math.h>

#define LATE_WINDOWS 3  /* full windows without which nothing is said of what is to come */
#define LATE_BASE    30 /* offences of them */

/* ---- the places of the window before ---- */

struct hits {
    int64_t in_places, all, places_hit;
};

static void count_hits(const struct brief_work *b, const struct brief_choice *c, struct hits *ret)
{
    bool is_hit[BRIEF_PLACES] = {false};
    struct hits h = {0, 0, 0};
    for (size_t i = 0; i < b->event_count; i++) {
        const struct brief_event *e = &b->events[i];
        bool is_here = e->ward > 0 && brief_is_within(e, b->on - b->days, b->on);
        int slot = is_here ? brief_slot(c, e) : -1;
        if (slot < 0) {
            continue;
        }
        size_t cell = (e->ward - 1u) * c->slots + (size_t)slot;
        h.all++;
        for (size_t k = 0; k < c->chosen_count; k++) {
            h.in_places += c->chosen[k] == cell;
            is_hit[k] = is_hit[k] || c->chosen[k] == cell;
        }
    }
    for (size_t k = 0; k < c->chosen_count; k++) {
        h.places_hit += is_hit[k];
    }
    *ret = h;
}

static const char *list_places(struct brief_work *b, const struct brief_choice *c)
{
    struct arena *a = b->w.held.arena;
    const char *list = "";
    for (size_t i = 0; list && i < c->chosen_count; i++) {
        size_t cell = c->chosen[i];
        list = arena_printf(a, "%s%s%s, %s", list, i ? "; " : "",
                            brief_ward_name(b, cell / c->slots), brief_when(c, cell % c->slots));
    }
    return list;
}

static rv_status put_hits(struct brief_work *b, const struct brief_choice *c, struct finding *f,
                          struct rv_err *reterr)
{
    struct hits h = {0, 0, 0};
    int64_t of_places = 0;
    count_hits(b, c, &h);
    for (size_t k = 0; k < c->chosen_count; k++) {
        of_places += c->counts[c->chosen[k]];
    }
    if (h.all == 0) {
        return compose_absent(&b->w, f, "CHECK_NOT_AVAILABLE",
                              "no offence of this window has a ward and a time", reterr);
    }
    double expected = 100 * (double)of_places / (double)c->in_cells;
    RV_TRY(compose_percent(f, h.in_places, h.all, reterr));
    f->rule = f->lower > expected   ? "CHECK_MORE"
              : f->upper < expected ? "CHECK_FEWER"
                                    : "CHECK_NOT_DISTINGUISHABLE";
    if (h.all < WORDING_PERCENT_BASE) {
        f->rule = "CHECK_SMALL";
        f->verdict = VERDICT_CAUTION;
        RV_TRY(compose_caveat(&b->w, f, "These are too few offences for a percentage.", reterr));
    }
    RV_TRY(compose_number(&b->w, f, "expected", expected, reterr));
    RV_TRY(compose_number(&b->w, f, "expected_count", expected * (double)h.all / 100, reterr));
    RV_TRY(compose_number(&b->w, f, "places", (double)c->chosen_count, reterr));
    RV_TRY(compose_number(&b->w, f, "places_hit", (double)h.places_hit, reterr));
    return compose_text(&b->w, f, "named", list_places(b, c), reterr);
}

rv_status brief_check(struct brief_work *b, struct rv_err *reterr)
{
    struct brief_choice before;
    struct finding *f = brief_finding(b, "check", "places");
    if (!f) {
        return arena_fail(b->w.held.arena, reterr);
    }
    f->unit = "percent";
    f->method = "wilson";
    if ((b->windows + 1) * b->days < BRIEF_YEAR + b->days) {
        return compose_absent(&b->w, f, "CHECK_NOT_AVAILABLE",
                              "the records do not cover the 52 weeks before it", reterr);
    }
    RV_TRY(brief_choose(b, b->on - b->days, &before, reterr));
    if (before.chosen_count == 0) {
        return compose_absent(&b->w, f, "CHECK_NOT_AVAILABLE",
                              "the brief of the window before could name no place", reterr);
    }
    return put_hits(b, &before, f, reterr);
}

/* ---- what is still to be recorded ---- */

struct lateness {
    int64_t early, late, least, most, windows, now;
};

static rv_status count_late(const struct brief_work *b, struct lateness *ret, struct rv_err *reterr)
{
    struct arena *a = b->w.held.arena;
    int64_t *late = ARENA_NEW(a, int64_t, (size_t)b->windows + 1);
    struct lateness l = {0};
    if (!late) {
        return arena_fail(a, reterr);
    }
    int32_t first = (BRIEF_FILLED + b->days - 1) / b->days;
    for (size_t i = 0; i < b->event_count; i++) {
        const struct brief_event *e = &b->events[i];
        int32_t k = brief_window(b->on, b->days, e->committed);
        if (k < 0 || k > b->windows || !e->is_counted || !brief_is_known(e, b->on)) {
            continue;
        }
        int32_t after = e->recorded - (b->on - k * b->days); /* days after the window, from 0 */
        l.now += k == 0;
        if (k >= first) {
            l.early += after < 0;
            late[k] += after >= 0 && after < BRIEF_FILLED;
        }
    }
    l.least = INT64_MAX;
    for (int32_t k = first; k <= b->windows; k++) {
        l.windows++;
        l.late += late[k];
        l.least = late[k] < l.least ? late[k] : l.least;
        l.most = late[k] > l.most ? late[k] : l.most;
    }
    *ret = l;
    return rv_ok();
}

rv_status brief_late(struct brief_work *b, struct rv_err *reterr)
{
    struct lateness l = {0};
    RV_TRY(count_late(b, &l, reterr));
    struct finding *f = brief_finding(b, "late", "to-come");
    if (!f) {
        return arena_fail(b->w.held.arena, reterr);
    }
    f->unit = "percent";
    f->method = "recording-delay";
    if (l.windows < LATE_WINDOWS || l.early + l.late < LATE_BASE) {
        return compose_absent(&b->w, f, "LATE_NOT_AVAILABLE",
                              "too few earlier windows have had half a year to fill", reterr);
    }
    RV_TRY(compose_percent(f, l.late, l.early + l.late, reterr));
    f->rule = l.now > 0 ? "LATE" : "LATE_NONE_NOW";
    double now = (double)l.now, low = f->lower / 100, high = f->upper / 100, q = f->value / 100;
    bool is_told = high < 1; /* all came late: nothing to go by */
    RV_TRY(compose_number(&b->w, f, "to_come", is_told ? now * q / (1 - q) : (double)NAN, reterr));
    RV_TRY(compose_number(&b->w, f, "to_come_low", is_told ? now * low / (1 - low) : (double)NAN,
                          reterr));
    RV_TRY(compose_number(&b->w, f, "to_come_high", is_told ? now * high / (1 - high) : (double)NAN,
                          reterr));
    RV_TRY(compose_number(&b->w, f, "least", (double)l.least, reterr));
    RV_TRY(compose_number(&b->w, f, "most", (double)l.most, reterr));
    return compose_number(&b->w, f, "windows", (double)l.windows, reterr);
}
