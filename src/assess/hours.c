/* assess/hours.c — placeholders first, then the ladder of lateness, then the peak.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/hours.h"

#include "stats/wording.h"

#include <string.h>

static bool is_aside(const struct heaping *h, int minute)
{
    const struct heaping_minute *m = &h->minutes[minute];
    return m->is_excluded && (m->class == HEAPING_PLAIN || minute == 0);
}

bool hours_set_aside(const struct hours *h, int minute)
{
    return is_aside(&h->heaping, minute);
}

rv_status hours_placeholders(struct arena *a, const int64_t minutes[HEAPING_MINUTES], uint8_t **ret,
                             struct rv_err *reterr)
{
    struct heaping *h = ARENA_NEW(a, struct heaping, 1);
    uint8_t *aside = ARENA_NEW(a, uint8_t, HEAPING_MINUTES);
    if (!h || !aside) {
        return arena_fail(a, reterr);
    }
    RV_TRY(heaping_detect(minutes, &HEAPING_DEFAULTS, h, reterr));
    for (int m = 0; m < HEAPING_MINUTES; m++) {
        aside[m] = is_aside(h, m);
    }
    *ret = aside;
    return rv_ok();
}

bool hours_is_lump(const struct hours *h, int minute)
{
    return h->heaping.minutes[minute].is_flagged && !hours_set_aside(h, minute);
}

static void count_hours(struct hours *h)
{
    for (int m = 0; m < HEAPING_MINUTES; m++) {
        int64_t n = h->heaping.minutes[m].count;
        bool is_aside = hours_set_aside(h, m);
        h->raw[m / 60] += n;
        h->clean[m / 60] += is_aside ? 0 : n;
        h->clean_count += is_aside ? 0 : n;
        h->aside += is_aside ? n : 0;
        h->aside_minutes += is_aside;
        h->round_minutes += hours_is_lump(h, m);
    }
}

static rv_status find_placeholders(struct hours *h, const struct hours_cell *cells, size_t count,
                                   struct rv_err *reterr)
{
    int64_t minutes[HEAPING_MINUTES] = {0};
    for (size_t i = 0; i < count; i++) {
        h->n += cells[i].count;
        h->with_time += cells[i].minute >= 0 ? cells[i].count : 0;
        if (cells[i].minute >= 0) {
            minutes[cells[i].minute] += cells[i].count;
        }
    }
    RV_TRY(heaping_detect(minutes, &HEAPING_DEFAULTS, &h->heaping, reterr));
    count_hours(h);
    return rv_ok();
}

/* The cells as the records that delay_measure reads. */
static rv_status measure_delay(struct arena *a, struct hours *h, const struct hours_cell *cells,
                               size_t count, struct rv_err *reterr)
{
    size_t n = (size_t)h->n, words = n / 64 + 1, at = 0;
    int32_t *committed = ARENA_NEW(a, int32_t, n + 1), *recorded = ARENA_NEW(a, int32_t, n + 1);
    int8_t *hour = ARENA_NEW(a, int8_t, n + 1);
    uint64_t *dated = ARENA_NEW(a, uint64_t, words), *timed = ARENA_NEW(a, uint64_t, words);
    if (!committed || !recorded || !hour || !dated || !timed) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        const struct hours_cell *c = &cells[i];
        bool has_hour = c->minute >= 0 && !hours_set_aside(h, c->minute);
        for (int64_t k = 0; k < c->count; k++, at++) {
            recorded[at] = c->days;
            hour[at] = has_hour ? (int8_t)(c->minute / 60) : 0;
            dated[at / 64] |= (uint64_t)(c->days >= 0) << (at % 64);
            timed[at / 64] |= (uint64_t)has_hour << (at % 64);
            h->has_delay = h->has_delay || c->days >= 0;
        }
    }
    if (!h->has_delay) {
        return rv_ok();
    }
    struct delay_records records = {.n = n,
                                    .committed = committed,
                                    .recorded = recorded,
                                    .committed_valid = dated,
                                    .recorded_valid = dated,
                                    .hour = hour,
                                    .hour_valid = timed};
    struct delay_options options = DELAY_DEFAULTS;
    options.within_days = HOURS_WITHIN;
    return delay_measure(a, &records, &options, &h->delay, reterr);
}

static void count_rungs(struct hours *h, const struct hours_cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct hours_cell *c = &cells[i];
        if (c->minute < 0 || c->days < 0 || hours_set_aside(h, c->minute)) {
            continue;
        }
        for (int r = 0; r < DELAY_RUNGS; r++) {
            int32_t days = h->delay.rungs[r].days;
            h->rungs[r][c->minute / 60] += days < 0 || c->days <= days ? c->count : 0;
        }
    }
}

static int rung_of(const struct hours *h, int32_t days)
{
    for (int r = 0; r < DELAY_RUNGS; r++) {
        if (h->delay.rungs[r].days == days) {
            return r;
        }
    }
    return 0;
}

static rv_status find_peak(struct pool *pool, const int64_t counts[24], struct modal_hour *ret,
                           bool *ret_has, struct rv_err *reterr)
{
    int64_t n = 0;
    for (int hour = 0; hour < 24; hour++) {
        n += counts[hour];
    }
    *ret_has = n > 0;
    struct modal_options options = MODAL_DEFAULTS;
    options.replicates = HOURS_REPLICATES;
    return n > 0 ? modal_hour(pool, counts, &options, ret, reterr) : rv_ok();
}

static void judge(struct hours *h)
{
    double timed = h->n > 0 ? (double)h->clean_count / (double)h->n : 0;
    h->kept = h->has_delay && h->delay.retained < timed ? h->delay.retained : timed;
    enum wording kept = wording_of_kept(h->kept);
    h->is_caution = kept != WORDING_HOLDS;
    if (h->clean_count < WORDING_PERCENT_BASE) {
        h->verdict = HOURS_TOO_FEW;
        return;
    }
    if (kept == WORDING_NOT_RELIABLE) {
        h->verdict = HOURS_NOT_RELIABLE;
        return;
    }
    bool stays = !h->has_early_peak || ((h->early_peak.likely_hours >> h->peak.hour) & 1);
    enum wording wording = wording_of_peak(h->peak.frequency[h->peak.hour], h->peak.tied > 1);
    h->is_caution = h->is_caution || !stays;
    h->verdict = !stays                       ? HOURS_LATE_PEAK
                 : wording == WORDING_PEAK_AT ? HOURS_PEAK_AT
                                              : HOURS_PEAK_BETWEEN;
}

rv_status hours_work_out(struct arena *a, struct pool *pool, const struct hours_cell *cells,
                         size_t count, struct hours *ret, struct rv_err *reterr)
{
    struct hours *h = ARENA_NEW(a, struct hours, 1);
    if (!h) {
        return arena_fail(a, reterr);
    }
    RV_TRY(find_placeholders(h, cells, count, reterr));
    RV_TRY(measure_delay(a, h, cells, count, reterr));
    h->raw_peak = h->with_time > 0 ? 0 : -1;
    for (int hour = 1; h->raw_peak >= 0 && hour < 24; hour++) {
        h->raw_peak = h->raw[hour] > h->raw[h->raw_peak] ? hour : h->raw_peak;
    }
    RV_TRY(find_peak(pool, h->clean, &h->peak, &h->has_peak, reterr));
    if (h->has_delay) {
        count_rungs(h, cells, count);
        int early = rung_of(h, HOURS_WITHIN), all = rung_of(h, -1);
        RV_TRY(find_peak(pool, h->rungs[early], &h->early_peak, &h->has_early_peak, reterr));
        h->peak_count = h->rungs[all][h->peak.hour];
        h->peak_late = h->peak_count - h->rungs[early][h->peak.hour];
    }
    judge(h);
    *ret = *h;
    return rv_ok();
}

int64_t hours_between(const int64_t hours[24], int from, int to)
{
    int64_t sum = 0;
    for (int hour = from; hour != to; hour = (hour + 1) % 24) {
        sum += hours[hour];
    }
    return sum;
}
