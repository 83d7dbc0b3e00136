/* assess/brief_limits.c — what the records of a brief cannot bear.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/brief_internal.h"

struct limits {
    int64_t counted, no_ward, withheld;         /* of 52 weeks */
    int64_t recorded_now, recorded_now_undated; /* recorded in the window; no day of offence */
    int64_t may_count; /* in the window, hidden by an unknown age or group */
    int64_t now;
};

static struct limits count_limits(const struct brief_work *b)
{
    struct limits l = {0};
    for (size_t i = 0; i < b->event_count; i++) {
        const struct brief_event *e = &b->events[i];
        bool is_year = brief_is_within(e, b->now.from, b->on);
        l.counted += is_year;
        l.no_ward += is_year && e->ward == 0;
        l.withheld += is_year && e->is_withheld;
        l.now += brief_is_within(e, b->on - b->days, b->on);
        l.may_count += e->may_count && brief_is_known(e, b->on) &&
                       brief_window(b->on, b->days, e->committed) == 0;
        if (e->is_counted && brief_window(b->on, b->days, e->recorded) == 0) {
            l.recorded_now++;
            l.recorded_now_undated += e->committed == BRIEF_NO_DAY;
        }
    }
    return l;
}

/* A share of the weeks counted, in percent where there are enough. */
static rv_status put_share(struct brief_work *b, const char *id, const char *rule, int64_t part,
                           int64_t whole, struct rv_err *reterr)
{
    if (whole == 0) {
        return rv_ok();
    }
    struct finding *f = brief_finding(b, "limit", id);
    if (!f) {
        return arena_fail(b->w.held.arena, reterr);
    }
    RV_TRY(compose_percent(f, part, whole, reterr));
    f->rule = rule;
    f->unit = "percent";
    f->method = "wilson";
    return whole < WORDING_PERCENT_BASE ? rv_ok()
                                        : compose_number(&b->w, f, "share", f->value, reterr);
}

static rv_status put_count(struct brief_work *b, const char *id, const char *rule, int64_t part,
                           int64_t whole, struct rv_err *reterr)
{
    struct finding *f = brief_finding(b, "limit", id);
    if (!f) {
        return arena_fail(b->w.held.arena, reterr);
    }
    f->rule = rule;
    f->value = f->numerator = (double)part;
    f->denominator = (double)whole;
    f->unit = "offences";
    f->method = "coverage";
    return rv_ok();
}

static rv_status put_hours(struct brief_work *b, struct rv_err *reterr)
{
    const struct brief_choice *c = &b->now;
    if (c->counted == 0) {
        return rv_ok();
    }
    RV_TRY(put_share(b, "no-time", c->counted == c->timed ? "NO_TIME_NONE" : "NO_TIME",
                     c->counted - c->timed, c->counted, reterr));
    if (c->timed > 0) {
        RV_TRY(put_share(b, "placeholders", c->aside ? "PLACEHOLDERS" : "PLACEHOLDERS_NONE",
                         c->aside, c->timed, reterr));
    }
    if (c->has_hours && !c->hours->is_caution && c->hours->verdict != HOURS_LATE_PEAK) {
        return rv_ok();
    }
    struct finding *f = brief_finding(b, "limit", "hours");
    if (!f) {
        return arena_fail(b->w.held.arena, reterr);
    }
    f->unit = "percent";
    f->method = "recording-delay";
    f->value = 100 * c->hours->kept;
    f->rule = c->has_hours                         ? "HOURS_CAUTION"
              : c->hours->verdict == HOURS_TOO_FEW ? "HOURS_TOO_FEW"
                                                   : "HOURS_NOT_RELIABLE";
    f->verdict = c->has_hours ? VERDICT_CAUTION : VERDICT_NOT_RELIABLE;
    return compose_caveat(&b->w, f,
                          c->has_hours ? "Hours hold with caution."
                                       : "No hours are given for these records.",
                          reterr);
}

rv_status brief_limits(struct brief_work *b, struct rv_err *reterr)
{
    struct limits l = count_limits(b);
    RV_TRY(put_hours(b, reterr));
    if (b->ward_count > 0) {
        RV_TRY(put_share(b, "no-ward", l.no_ward ? "NO_WARD" : "NO_WARD_NONE", l.no_ward, l.counted,
                         reterr));
    }
    if (l.withheld > 0) {
        RV_TRY(put_share(b, "withheld", "WITHHELD", l.withheld, l.counted, reterr));
    }
    RV_TRY(put_count(b, "recorded", l.recorded_now_undated ? "RECORDED_SOME_UNDATED" : "RECORDED",
                     l.recorded_now_undated, l.recorded_now, reterr));
    if (l.may_count > 0) {
        RV_TRY(put_count(b, "may-count", "MAY_COUNT", l.may_count, l.now, reterr));
    }
    if (!b->definition) {
        RV_TRY(put_count(b, "definition", "NO_DEFINITION", 0, 0, reterr));
    }
    return l.now >= WORDING_PERCENT_BASE ? rv_ok()
                                         : put_count(b, "small", "SMALL", l.now, l.now, reterr);
}
