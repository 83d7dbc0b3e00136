/* assess/quality_times.c — times that stand for "not known", and records that come late.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/quality_internal.h"
#include "base/buf.h"
#include "stats/binomial.h"
#include "stats/delay.h"
#include "stats/wording.h"

#include <string.h>

#define TIMES_LEAST      100  /* times from which a group is tested by itself */
#define ROUND_SHARE      0.9  /* of times at full hours: the hour is all that is recorded */
#define FIRST_RATIO      2    /* of the first of the month over the days after it */
#define FIRST_NEIGHBOURS 10   /* the 2nd to the 11th */
#define MATURE_DAYS      365  /* a delay is seen whole when so many days have passed */
#define MATURE_LEAST     200  /* records from which the months still to fill are estimated */
#define COMPLETE_ENOUGH  0.90 /* share of a month's offences that is expected to be recorded */

static const char HOURS[] = "hours of the day and peak hours";

/* ---- heaps at a minute ---- */

static const char *minute_list(struct quality_work *w, const struct heaping *h)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 65536);
    int left = h->excluded_minutes;
    for (int m = 0; m < HEAPING_MINUTES; m++) {
        if (h->minutes[m].is_excluded) {
            buf_printf(&b, "%02d:%02d%s", m / 60, m % 60,
                       left > 2    ? ", "
                       : left == 2 ? " and "
                                   : "");
            left--;
        }
    }
    return b.failed ? NULL : arena_text(w->held->arena, b.bytes, b.n);
}

/* The verdict on hours from the share kept, never "holds" where there is a heap: a peak made of
 * placeholders is no peak. */
static enum finding_verdict heap_verdict(const struct heaping *h)
{
    double kept = 1 - (double)h->excluded / (double)h->n;
    return h->excluded == 0                                ? VERDICT_HOLDS
           : wording_of_kept(kept) == WORDING_NOT_RELIABLE ? VERDICT_NOT_RELIABLE
                                                           : VERDICT_CAUTION;
}

static double worst_p(const struct heaping *h)
{
    double p = 1;
    for (int m = 0; m < HEAPING_MINUTES; m++) {
        p = h->minutes[m].p_holm < p ? h->minutes[m].p_holm : p;
    }
    return p;
}

static rv_status add_heap(struct quality_work *w, const struct heaping *h, const char *subject,
                          struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    struct quality_check *c = quality_add(w, "placeholder-times", subject ? subject : "");
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->count = h->excluded;
    c->of = h->n;
    c->measure = worst_p(h);
    c->measure_name = "smallest p after Holm";
    c->spoils = HOURS;
    c->verdict = heap_verdict(h);
    const char *where = subject && subject[0] ? arena_printf(a, " of %s", subject) : "";
    if (h->excluded == 0) {
        c->sentence = arena_printf(
            a,
            "No minute of the day holds more of the %s times%s than the "
            "minutes beside it can explain%s.",
            quality_number(a, h->n), where,
            h->is_midnight_kept ? "; 00:00 holds somewhat more, as real midnights do" : "");
        return rv_ok();
    }
    c->sentence = arena_printf(a,
                               "Placeholder times: %s times%s stand at %s, more than the equally "
                               "round minutes beside them can explain.",
                               quality_share_text(a, h->excluded, h->n), where, minute_list(w, h));
    c->remedy = "Leave these minutes out of hours of the day and say how many are left; ask the "
                "supplier what is entered when the time is not known.";
    return rv_ok();
}

static rv_status heaps(struct quality_work *w, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    const struct quality_counts *k = w->facts->counts;
    int64_t *all = ARENA_NEW(a, int64_t, HEAPING_MINUTES);
    struct heaping *h = ARENA_NEW(a, struct heaping, 1), *part = ARENA_NEW(a, struct heaping, 1);
    if (!all || !h || !part) {
        return arena_fail(a, reterr);
    }
    for (size_t g = 0; g < QUALITY_GROUPS; g++) {
        for (int m = 0; m < HEAPING_MINUTES; m++) {
            all[m] += k->minutes[g][m];
        }
    }
    RV_TRY(heaping_detect(all, &HEAPING_DEFAULTS, h, reterr));
    RV_TRY(add_heap(w, h, NULL, reterr));
    /* A group by itself only where it fares worse than all of them together. */
    for (uint32_t g = 1; g < w->facts->groups.count; g++) {
        RV_TRY(heaping_detect(k->minutes[g], &HEAPING_DEFAULTS, part, reterr));
        if (part->n >= TIMES_LEAST && heap_verdict(part) > heap_verdict(h)) {
            RV_TRY(add_heap(w, part, quality_group(w, g), reterr));
        }
    }
    return rv_ok();
}

static rv_status round_hours(struct quality_work *w, struct rv_err *reterr)
{
    const struct quality_counts *k = w->facts->counts;
    int64_t at_hour = 0;
    for (size_t g = 0; g < QUALITY_GROUPS; g++) {
        for (int m = 0; m < HEAPING_MINUTES; m += 60) {
            at_hour += k->minutes[g][m];
        }
    }
    if (k->timed < TIMES_LEAST || (double)at_hour < ROUND_SHARE * (double)k->timed) {
        return rv_ok();
    }
    struct quality_check *c = quality_add(w, "rounded-times", "");
    if (!c) {
        return arena_fail(w->held->arena, reterr);
    }
    c->count = at_hour;
    c->of = k->timed;
    c->sentence = arena_printf(
        w->held->arena, "%s times are full hours: the source gives the hour, not the minute.",
        quality_share_text(w->held->arena, at_hour, k->timed));
    c->spoils = "anything finer than an hour";
    c->is_noted = true;
    return rv_ok();
}

/* ---- heaps at the first of the month ---- */

static rv_status first_days(struct quality_work *w, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    const int64_t *days = w->facts->counts->month_days;
    int64_t beside = 0, total = 0;
    for (int d = 1; d <= 31; d++) {
        beside += d >= 2 && d <= 1 + FIRST_NEIGHBOURS ? days[d] : 0;
        total += days[d];
    }
    if (total < TIMES_LEAST || beside == 0) {
        return rv_ok();
    }
    double expected = (double)beside / FIRST_NEIGHBOURS;
    double p = binomial_upper(days[1], days[1] + beside, 1.0 / (FIRST_NEIGHBOURS + 1));
    struct quality_check *c = quality_add(w, "placeholder-dates", "");
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->count = days[1];
    c->of = total;
    c->measure = p;
    c->measure_name = "p";
    c->spoils = "days, weekdays and delays of recording";
    bool is_heap = p < QUALITY_SURE && (double)days[1] >= FIRST_RATIO * expected &&
                   (double)days[1] - expected >= 10;
    c->verdict = is_heap ? VERDICT_CAUTION : VERDICT_HOLDS;
    if (!is_heap) {
        c->sentence = "The first of the month holds no more records than the days after it can "
                      "explain.";
        return rv_ok();
    }
    c->sentence = arena_printf(a,
                               "Placeholder dates: %s records are dated the first of a month; the "
                               "ten days after it hold %.0f each.",
                               quality_share_text(a, days[1], total), expected);
    c->remedy = "Leave the first of the month out of days and weekdays, or say that it is in.";
    return rv_ok();
}

/* ---- windows ---- */

static rv_status windows(struct quality_work *w, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    const struct quality_counts *k = w->facts->counts;
    if (k->windows < QUALITY_BASE) {
        return rv_ok();
    }
    struct quality_check *c = quality_add(w, "long-windows", "");
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->count = k->long_windows;
    c->of = k->windows;
    c->measure = (double)k->long_windows / (double)k->windows;
    c->measure_name = "share";
    enum wording kept = wording_of_kept(1 - c->measure);
    c->verdict = kept == WORDING_HOLDS                ? VERDICT_HOLDS
                 : kept == WORDING_HOLDS_WITH_CAUTION ? VERDICT_CAUTION
                                                      : VERDICT_NOT_RELIABLE;
    c->sentence = arena_printf(a,
                               "%s records with a first and a last possible time are open for "
                               "more than a day: their hour is not known.",
                               quality_share_text(a, k->long_windows, k->windows));
    c->spoils = HOURS;
    c->remedy = c->verdict == VERDICT_HOLDS
                    ? ""
                    : "Leave them out of hours of the day, or spread them (method aoristic).";
    return rv_ok();
}

rv_status quality_times(struct quality_work *w, struct rv_err *reterr)
{
    const struct quality_facts *f = w->facts;
    if (strcmp(f->source->kind, "persons") == 0) {
        return rv_ok();
    }
    if (f->counts->timed == 0) {
        RV_TRY(quality_absent(w, "placeholder-times", "",
                              "No record has a time of day, so that placeholders cannot be looked "
                              "for.",
                              HOURS, reterr));
    } else {
        RV_TRY(heaps(w, reterr));
        RV_TRY(round_hours(w, reterr));
    }
    RV_TRY(first_days(w, reterr));
    return windows(w, reterr);
}

/* ---- recording delay ---- */

/* Rows of one group (or all) with their dates, one after another. */
struct delays {
    struct quality_work *w;
    int32_t *committed, *recorded;
    int8_t *hour;
    uint64_t *has_hour;
    size_t starts[QUALITY_GROUPS + 1]; /* where each group begins */
    size_t n;
};

static bool has_delay(const struct quality_rows *r, size_t i)
{
    int64_t days = (int64_t)r->recorded[i] - r->committed[i];
    return r->committed[i] != INT32_MIN && r->recorded[i] != INT32_MIN && days >= 0 &&
           days <= 200000;
}

/* Sorted by group, in the order of rows. */
static rv_status gather(struct delays *d, struct rv_err *reterr)
{
    const struct quality_rows *r = &d->w->facts->rows;
    struct arena *a = d->w->rows;
    for (size_t i = 0; i < r->n; i++) {
        d->starts[r->group[i] + 1u] += has_delay(r, i) ? 1 : 0;
    }
    for (size_t g = 0; g < QUALITY_GROUPS; g++) {
        d->starts[g + 1] += d->starts[g];
    }
    d->n = d->starts[QUALITY_GROUPS];
    d->committed = ARENA_NEW(a, int32_t, d->n + 1);
    d->recorded = ARENA_NEW(a, int32_t, d->n + 1);
    d->hour = ARENA_NEW(a, int8_t, d->n + 1);
    if (!d->committed || !d->recorded || !d->hour) {
        return arena_fail(a, reterr);
    }
    size_t at[QUALITY_GROUPS];
    memcpy(at, d->starts, sizeof at);
    for (size_t i = 0; i < r->n; i++) {
        if (has_delay(r, i)) {
            size_t k = at[r->group[i]]++;
            d->committed[k] = r->committed[i];
            d->recorded[k] = r->recorded[i];
            d->hour[k] = r->hour[i];
        }
    }
    return rv_ok();
}

static rv_status measure(struct delays *d, size_t first, size_t n, struct delay *ret,
                         struct rv_err *reterr)
{
    struct arena *a = d->w->held->arena;
    struct arena_mark mark = arena_mark(a);
    uint64_t *valid = ARENA_NEW(a, uint64_t, n / 64 + 1);
    int8_t *hour = ARENA_NEW(a, int8_t, n + 1);
    if (!valid || !hour) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        bool is_known = d->hour[first + i] >= 0;
        hour[i] = is_known ? d->hour[first + i] : 0;
        valid[i / 64] |= (uint64_t)is_known << (i % 64);
    }
    struct delay_records records = {.n = n,
                                    .committed = d->committed + first,
                                    .recorded = d->recorded + first,
                                    .hour = hour,
                                    .hour_valid = valid};
    rv_status status = delay_measure(a, &records, &DELAY_DEFAULTS, ret, reterr);
    arena_release(a, mark);
    return status;
}

/* Worse than usable only when the whole interval of the share retained is below the threshold. */
static enum finding_verdict delay_judged(const struct delay *x)
{
    return x->valid < QUALITY_BASE                         ? VERDICT_HOLDS
           : x->retained_ci.upper < DELAY_DEFAULTS.caution ? VERDICT_NOT_RELIABLE
           : x->retained_ci.upper < DELAY_DEFAULTS.usable  ? VERDICT_CAUTION
                                                           : VERDICT_HOLDS;
}

static rv_status add_delay(struct quality_work *w, const struct delay *x, const char *subject,
                           struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    struct quality_check *c = quality_add(w, "recording-delay", subject ? subject : "");
    if (!c || !subject) {
        return arena_fail(a, reterr);
    }
    c->count = x->valid - x->within;
    c->of = x->valid;
    c->measure = x->retained;
    c->measure_name = "share recorded within 7 days";
    c->verdict = delay_judged(x);
    c->spoils = HOURS;
    c->sentence =
        arena_printf(a, "%s records%s%s came more than 7 days after the offence.",
                     quality_share_text(a, c->count, c->of), subject[0] ? " of " : "", subject);
    c->remedy = c->verdict == VERDICT_HOLDS ? ""
                : c->verdict == VERDICT_CAUTION
                    ? "Repeat hours of the day on records that came within 7 days, and say what "
                      "share that is."
                    : "Publish no hour of the day of these: too few came while the time was known.";
    return rv_ok();
}

/* ---- months that are still filling ---- */

/* Share of delays of 0 to d days among those up to MATURE_DAYS, from offences old enough for all of
 * these to be recorded. False when too few are. */
static bool completeness(const struct delays *d, int32_t first, int32_t last,
                         double share[MATURE_DAYS + 1])
{
    int64_t within[MATURE_DAYS + 1] = {0}, n = 0;
    for (size_t i = 0; i < d->n; i++) {
        int32_t days = d->recorded[i] - d->committed[i];
        bool is_mature = d->committed[i] >= first && d->committed[i] <= last - MATURE_DAYS;
        if (is_mature && days <= MATURE_DAYS) {
            within[days]++;
            n++;
        }
    }
    int64_t sum = 0;
    for (int k = 0; k <= MATURE_DAYS && n > 0; k++) {
        sum += within[k];
        share[k] = (double)sum / (double)n;
    }
    return n >= MATURE_LEAST;
}

/* What of a month's offences is expected to be on record by day `last`. */
static double expected_share(int32_t month, int32_t last, const double share[MATURE_DAYS + 1])
{
    int32_t day = civil_day_of(civil_month_start(month));
    int32_t end = civil_day_of(civil_month_start(month + 1));
    double sum = 0;
    int32_t n = 0;
    for (; day < end && day <= last; day++, n++) {
        int32_t age = last - day;
        sum += share[age < MATURE_DAYS ? age : MATURE_DAYS];
    }
    return n ? sum / n : 1;
}

static rv_status add_filling(struct quality_work *w, int32_t from, int32_t to, double least,
                             struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    struct quality_check *c = quality_add(w, "recent-months", "");
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->spoils = "counts and change by date of offence in the last months";
    c->measure = least;
    c->measure_name = "share of the last month expected on record";
    if (from > to) {
        c->sentence = "By date of offence the last months are expected to be nearly complete.";
        return rv_ok();
    }
    c->period = (struct month_range){from, to};
    c->count = to - from + 1;
    c->of = month_range_count(w->facts->period);
    c->verdict = least < QUALITY_SHARE_WEAK ? VERDICT_NOT_RELIABLE : VERDICT_CAUTION;
    c->sentence = arena_printf(
        a,
        "By date of offence %s%s%s %s still filling: as delays were before, about %s "
        "of the offences of %s are on record so far.",
        quality_month(a, from), from < to ? " to " : "", from < to ? quality_month(a, to) : "",
        from < to ? "are" : "is", quality_percent(a, least), quality_month(a, to));
    c->remedy = "Count recent months by date of record, or end the period before them; a fall in "
                "them is no fall.";
    return rv_ok();
}

static rv_status filling(struct delays *d, struct rv_err *reterr)
{
    struct quality_work *w = d->w;
    int32_t last = INT32_MIN, first = civil_day_of(civil_month_start(w->facts->period.first));
    for (size_t i = 0; i < d->n; i++) {
        last = d->recorded[i] > last ? d->recorded[i] : last;
    }
    double share[MATURE_DAYS + 1];
    if (!completeness(d, first, last, share)) {
        return quality_absent(w, "recent-months", "",
                              "Too few offences are older than a year to tell how full the last "
                              "months are by date of offence.",
                              "counts by date of offence in the last months", reterr);
    }
    int32_t to = civil_month_of(civil_pack((int64_t)last * 86400, CIVIL_DATE)), from = to + 1;
    while (from > w->facts->period.first &&
           expected_share(from - 1, last, share) < COMPLETE_ENOUGH) {
        from--;
    }
    return add_filling(w, from, to, expected_share(to, last, share), reterr);
}

rv_status quality_delays(struct quality_work *w, struct rv_err *reterr)
{
    if (strcmp(w->facts->source->kind, "offences") != 0) {
        return rv_ok();
    }
    struct delays d = {.w = w};
    RV_TRY(gather(&d, reterr));
    if (d.n < QUALITY_BASE) {
        return quality_absent(w, "recording-delay", "",
                              "Too few records have both a date of offence and a date of record.",
                              "delays, and hours of the day of late records", reterr);
    }
    struct delay all, part;
    RV_TRY(measure(&d, 0, d.n, &all, reterr));
    RV_TRY(add_delay(w, &all, "", reterr));
    for (uint32_t g = 1; g < w->facts->groups.count; g++) {
        size_t n = d.starts[g + 1] - d.starts[g];
        if (n < QUALITY_BASE) {
            continue;
        }
        RV_TRY(measure(&d, d.starts[g], n, &part, reterr));
        if (delay_judged(&part) > delay_judged(&all)) {
            RV_TRY(add_delay(w, &part, quality_group(w, g), reterr));
        }
    }
    return filling(&d, reterr);
}
