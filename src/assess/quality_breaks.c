/* assess/quality_breaks.c — months and days that are not there, and levels that change at once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/quality_internal.h"
#include "assess/series_break.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SILENT_LOG    20 /* -ln of the chance of a silence, after the number of places it may be */
#define SILENT_BESIDE 30 /* days on either side whose records it is compared with */
#define SILENT_DAYS   3  /* a shorter silence is a holiday */
#define BREAKS_TOLD   5  /* groups that are named, the clearest first */

static const char TRENDS[] = "change between periods and trends across it";

/* ---- coverage ---- */

static rv_status gaps(struct quality_work *w, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    const struct source *s = w->facts->source;
    struct month_range p = w->facts->period;
    if (p.first > p.last || s->month_count == 0) {
        return rv_ok(); /* persons: dated by their offences */
    }
    struct quality_check *c = quality_add(w, "coverage", "");
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->of = month_range_count(p);
    c->count = c->of - source_months_in(s, p);
    c->spoils = "totals and change of every period that holds such a month";
    if (c->count == 0) {
        c->sentence =
            arena_printf(a, "All %s months from %s to %s are covered.", quality_number(a, c->of),
                         quality_month(a, p.first), quality_month(a, p.last));
        return rv_ok();
    }
    c->verdict = VERDICT_NOT_RELIABLE;
    c->sentence =
        arena_printf(a, "Not covered: %s of %s months from %s to %s, %s.",
                     quality_number(a, c->count), quality_number(a, c->of),
                     quality_month(a, p.first), quality_month(a, p.last), source_gaps(a, s, p));
    c->remedy = "Ask for the missing months; until then they are not available, never zero.";
    return rv_ok();
}

/* ---- silence inside what is covered ---- */

struct silence {
    int32_t first, days; /* the longest run of days without a record, inside covered months */
    int32_t open;        /* covered days */
    double daily;        /* records a day beside it: of the quieter side */
};

static bool is_open(const struct quality_facts *f, int32_t day)
{
    int32_t month = civil_month_of(civil_pack((int64_t)day * 86400, CIVIL_DATE));
    return day >= QUALITY_FIRST_DAY && day < QUALITY_FIRST_DAY + QUALITY_DAYS &&
           month >= f->period.first && month <= f->period.last && source_covers(f->source, month);
}

/* Records a day over at most SILENT_BESIDE covered days from `day` on, forwards or backwards; -1
 * when fewer than half of these are covered. */
static double daily_beside(const struct quality_facts *f, int32_t day, int32_t step)
{
    int64_t sum = 0;
    int32_t n = 0;
    for (; n < SILENT_BESIDE && is_open(f, day); day += step, n++) {
        sum += f->counts->daily[day - QUALITY_FIRST_DAY];
    }
    return n >= SILENT_BESIDE / 2 ? (double)sum / n : -1;
}

static struct silence longest_silence(const struct quality_facts *f)
{
    struct silence s = {.days = 0};
    struct month_range p = f->period;
    int32_t run = 0, end = civil_day_of(civil_month_start(p.last + 1));
    for (int32_t day = civil_day_of(civil_month_start(p.first)); day < end; day++) {
        bool is_here = is_open(f, day);
        run = is_here && f->counts->daily[day - QUALITY_FIRST_DAY] == 0 ? run + 1 : 0;
        s.open += is_here;
        if (run > s.days) {
            s.days = run;
            s.first = day - run + 1;
        }
    }
    double before = daily_beside(f, s.first - 1, -1), after = daily_beside(f, s.first + s.days, 1);
    s.daily = before < 0 ? after : after < 0 || before < after ? before : after;
    return s;
}

static rv_status silent_days(struct quality_work *w, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    const struct quality_counts *k = w->facts->counts;
    struct silence s = longest_silence(w->facts);
    if (s.open <= s.days || k->dated < k->rows / 2 || k->dated == 0) {
        return rv_ok();
    }
    double surprise = s.daily * s.days - log(s.open);
    struct quality_check *c = quality_add(w, "silent-days", "");
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->count = s.days;
    c->of = s.open;
    c->measure = surprise <= 0 ? 1 : surprise < 700 ? exp(-surprise) : 0;
    c->measure_name = "chance of such a silence";
    c->spoils = "totals, change and weekdays of the months that hold them";
    if (s.days < SILENT_DAYS || surprise < SILENT_LOG) {
        c->sentence = "No run of days without a record is longer than chance allows.";
        return rv_ok();
    }
    char from[24], to[24];
    civil_write(civil_pack((int64_t)s.first * 86400, CIVIL_DATE), from);
    civil_write(civil_pack((int64_t)(s.first + s.days - 1) * 86400, CIVIL_DATE), to);
    c->verdict = VERDICT_NOT_RELIABLE;
    c->subject = arena_printf(a, "%s to %s", from, to);
    c->sentence = arena_printf(a,
                               "No record is dated %s to %s (%s days), although the source covers "
                               "these months and has %.1f a day beside them.",
                               from, to, quality_number(a, s.days), s.daily);
    c->remedy = "Ask whether the extract is whole; a month cut short is not a fall.";
    return rv_ok();
}

/* Months without a record where the source has no days. */
static rv_status silent_months(struct quality_work *w, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    const struct quality_facts *f = w->facts;
    int64_t empty = 0, covered = 0, rows = 0;
    int32_t which = 0;
    for (size_t i = 0; i < f->source->month_count; i++) {
        int32_t month = f->source->months[i], at = month - QUALITY_FIRST_MONTH;
        if (month < f->period.first || month > f->period.last || at < 0 || at >= QUALITY_MONTHS) {
            continue;
        }
        int64_t n = 0;
        for (uint32_t g = 0; g < QUALITY_GROUPS; g++) {
            n += f->counts->months[g][at];
        }
        covered++;
        rows += n;
        empty += n == 0;
        which = n == 0 ? month : which;
    }
    if (f->counts->dated > f->counts->rows / 2 || covered == 0 || empty == covered) {
        return rv_ok();
    }
    struct quality_check *c = quality_add(w, "silent-months", "");
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->count = empty;
    c->of = covered;
    c->spoils = "totals and change of every period that holds such a month";
    bool is_odd = empty > 0 && (double)rows / (double)(covered - empty) > SILENT_LOG;
    c->verdict = is_odd ? VERDICT_NOT_RELIABLE : VERDICT_HOLDS;
    c->sentence =
        is_odd ? arena_printf(a,
                              "%s covered months hold no record at all, %s among them; the others "
                              "hold %.0f on average.",
                              quality_share_text(a, empty, covered), quality_month(a, which),
                              (double)rows / (double)(covered - empty))
               : "No covered month is empty beyond chance.";
    c->remedy = is_odd ? "Ask whether the extract is whole; a missing month is not a zero." : "";
    return rv_ok();
}

rv_status quality_coverage(struct quality_work *w, struct rv_err *reterr)
{
    RV_TRY(gaps(w, reterr));
    if (strcmp(w->facts->source->kind, "persons") == 0 || w->facts->counts->rows == 0) {
        return rv_ok();
    }
    RV_TRY(silent_days(w, reterr));
    return silent_months(w, reterr);
}

/* ---- breaks ---- */

/* The longest stretch of covered months inside the period. */
static struct month_range stretch(const struct quality_facts *f)
{
    struct month_range best = {1, 0}, run = {1, 0};
    for (size_t i = 0; i < f->source->month_count; i++) {
        int32_t month = f->source->months[i];
        if (month < f->period.first || month > f->period.last) {
            continue;
        }
        bool is_next = run.first <= run.last && month == run.last + 1;
        run = is_next ? (struct month_range){run.first, month} : (struct month_range){month, month};
        best = run.last - run.first > best.last - best.first ? run : best;
    }
    bool is_in =
        best.first >= QUALITY_FIRST_MONTH && best.last < QUALITY_FIRST_MONTH + QUALITY_MONTHS;
    return is_in ? best : (struct month_range){1, 0};
}

/* One that was found in a group; UINT32_MAX = in all records. */
struct level_break {
    uint32_t group;
    struct series_break step;
};

static rv_status add_break(struct quality_work *w, const struct level_break *b,
                           struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    const char *group = b->group == UINT32_MAX ? "all records" : quality_group(w, b->group);
    const char *subject =
        group ? arena_printf(a, "%s from %s", group, quality_month(a, b->step.month)) : NULL;
    struct quality_check *c = subject ? quality_add(w, "series-break", subject) : NULL;
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->measure = b->step.strength;
    c->measure_name = "likelihood ratio over dispersion";
    c->verdict = VERDICT_CAUTION;
    c->spoils = TRENDS;
    c->sentence =
        arena_printf(a,
                     "The level of %s changes at once in %s, from %.0f to %.0f a month "
                     "(three months on either side): what is recorded may have changed, "
                     "or what happened.",
                     group, quality_month(a, b->step.month), b->step.before, b->step.after);
    c->remedy = "Ask what changed that month (rules, systems, coverage) before the difference is "
                "called a rise or a fall.";
    return rv_ok();
}

static int break_order(const void *x, const void *y)
{
    const struct level_break *a = x, *b = y;
    return a->step.strength < b->step.strength   ? 1
           : a->step.strength > b->step.strength ? -1
                                                 : (a->group > b->group) - (a->group < b->group);
}

/* The monthly counts of a group; UINT32_MAX = of all. Their sum. */
static int64_t series_of(const struct quality_facts *f, uint32_t group, struct month_range months,
                         int64_t *x)
{
    int64_t sum = 0;
    for (int32_t m = months.first; m <= months.last; m++) {
        int64_t n = 0;
        for (uint32_t g = 0; g < QUALITY_GROUPS; g++) {
            n += group == UINT32_MAX || g == group ? f->counts->months[g][m - QUALITY_FIRST_MONTH]
                                                   : 0;
        }
        x[m - months.first] = n;
        sum += n;
    }
    return sum;
}

rv_status quality_breaks(struct quality_work *w, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    const struct quality_facts *f = w->facts;
    struct month_range months = stretch(f);
    int32_t n = month_range_count(months);
    if (strcmp(f->source->kind, "persons") == 0) {
        return rv_ok();
    }
    if (n < SERIES_BREAK_MONTHS) {
        return quality_absent(w, "series-break", "",
                              "Fewer than twelve months in a row are covered: too few to look for "
                              "breaks.",
                              TRENDS, reterr);
    }
    int64_t *x = ARENA_NEW(a, int64_t, (size_t)n);
    if (!x) {
        return arena_fail(a, reterr);
    }
    struct level_break found[QUALITY_GROUPS + 1];
    size_t count = 0;
    for (uint32_t g = 0; g <= f->groups.count; g++) {
        bool is_found = false;
        uint32_t group = g == f->groups.count ? UINT32_MAX : g;
        int64_t events = series_of(f, group, months, x);
        bool is_all = group != UINT32_MAX && events == f->counts->rows; /* told as all records */
        if (events >= SERIES_BREAK_EVENTS && !is_all) {
            RV_TRY(series_break_find(a, x, months, &found[count].step, &is_found, reterr));
            found[count].group = group;
        }
        count += is_found ? 1 : 0;
    }
    qsort(found, count, sizeof *found, break_order);
    for (size_t i = 0; i < count && i < BREAKS_TOLD; i++) {
        RV_TRY(add_break(w, &found[i], reterr));
    }
    struct quality_check *c = count ? NULL : quality_add(w, "series-break", "");
    if (c) {
        c->sentence = "No series of months changes its level at once beyond chance.";
        c->spoils = TRENDS;
    }
    return c || count ? rv_ok() : arena_fail(a, reterr);
}
