/* assess/time_spread.c — offences spread over the time in which they may have begun.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/borough_rows.h"
#include "assess/time_internal.h"

#define LONGEST_S 86400 /* an interval of a day or longer says nothing about an hour */

struct intervals {
    int64_t *start, *end;
    uint64_t *start_valid, *end_valid;
    size_t n;
};

static rv_status make_room(struct arena *a, size_t n, struct intervals *ret, struct rv_err *reterr)
{
    *ret = (struct intervals){.start = ARENA_NEW(a, int64_t, n + 1),
                              .end = ARENA_NEW(a, int64_t, n + 1),
                              .start_valid = ARENA_NEW(a, uint64_t, n / 64 + 1),
                              .end_valid = ARENA_NEW(a, uint64_t, n / 64 + 1)};
    return ret->start && ret->end && ret->start_valid && ret->end_valid ? rv_ok()
                                                                        : arena_fail(a, reterr);
}

static bool is_usable(const struct hours *h, civil_time t)
{
    return row_has_clock(t) && !hours_set_aside(h, civil_minute_of_day(t));
}

/* The end of an interval: without a usable time of day that of its day, which is not known any
 * closer. */
static int64_t end_of(const struct hours *h, civil_time to)
{
    return is_usable(h, to) ? civil_seconds(to) : ((int64_t)civil_day_of(to) + 1) * 86400;
}

/* The offences that hours_work_out has, in the same months. */
static void fill(const struct timing *t, const struct borough_rows *rows, struct intervals *k)
{
    const struct hours *h = &t->hours;
    for (size_t i = 0; i < rows->count; i++) {
        const struct borough_row *r = &rows->rows[i];
        if (borough_row_bucket(t->lens->work, r) == BUCKET_TOTAL ||
            civil_month_of(r->recorded) < t->range.first || !borough_row_is_in(t->lens, r)) {
            continue;
        }
        size_t at = k->n++;
        bool has_end = row_has_day(r->to);
        k->start[at] = is_usable(h, r->from) ? civil_seconds(r->from) : 0;
        k->end[at] = has_end ? end_of(h, r->to) : 0;
        k->start_valid[at / 64] |= (uint64_t)is_usable(h, r->from) << (at % 64);
        k->end_valid[at / 64] |= (uint64_t)has_end << (at % 64);
    }
}

/* A sentence only where the hour of most is another one than by the beginnings alone. */
static rv_status add_peak(struct timing *t, int peak, struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    struct arena *a = w->held.arena;
    const struct aoristic *s = &t->spread;
    struct finding *f = timing_finding(t, "spread-peak-hour", "clock");
    if (!f) {
        return arena_fail(a, reterr);
    }
    f->method = "aoristic";
    f->rule = "SPREAD_PEAK_HOUR";
    f->denominator_name = "offences that may have begun within less than a day";
    f->numerator = s->clock[peak];
    f->denominator = (double)s->placed;
    f->value = 100 * s->clock[peak] / (double)s->placed;
    f->missing = (double)(t->hours.n - s->placed);
    double usable = (double)(s->placed + s->too_long);
    RV_TRY(compose_text(w, f, "peak", time_hour_words(a, peak), reterr));
    RV_TRY(compose_text(w, f, "early", time_hour_words(a, t->hours.peak.hour), reterr));
    RV_TRY(compose_number(w, f, "wide_share", 100 * (double)s->too_long / usable, reterr));
    RV_TRY(
        compose_caveat(w, f,
                       "Weights are no counts, and no test is made of them. The command gives the "
                       "beginnings; what offences are spread over is their committed-from to "
                       "committed-to.",
                       reterr));
    return time_say_verdict(t->lens->work, f, &t->hours, TIMING_THINGS, reterr);
}

rv_status timing_spread(struct timing *t, struct rv_err *reterr)
{
    struct arena *a = t->lens->work->held.arena;
    const struct borough_rows *rows = NULL;
    struct intervals k;
    RV_TRY(borough_rows_of(t->lens, &rows, reterr));
    RV_TRY(make_room(a, rows->count, &k, reterr));
    fill(t, rows, &k);
    struct aoristic_records records = {.n = k.n,
                                       .start_s = k.start,
                                       .end_s = k.end,
                                       .start_valid = k.start_valid,
                                       .end_valid = k.end_valid};
    struct aoristic_options options = {.longest_s = LONGEST_S - 1};
    RV_TRY(aoristic_weigh(t->lens->work->held.pool, &records, &options, &t->spread, reterr));
    int peak = 0;
    for (int hour = 1; hour < 24; hour++) {
        peak = t->spread.clock[hour] > t->spread.clock[peak] ? hour : peak;
    }
    bool is_told = t->spread.placed >= WORDING_PERCENT_BASE && t->hours.has_peak &&
                   t->hours.verdict != HOURS_NOT_RELIABLE && peak != t->hours.peak.hour;
    return is_told ? add_peak(t, peak, reterr) : rv_ok();
}
