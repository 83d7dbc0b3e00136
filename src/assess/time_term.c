/* assess/time_term.c — school days against weekdays without school: all day, and after school.
 *
 * By the day on which an offence began, whenever it was recorded, so that every day of the window
 * has the offences of that day and nothing else. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/borough_rows.h"
#include "assess/day_kinds.h"
#include "assess/profile_internal.h"
#include "assess/time_internal.h"
#include "base/text.h"
#include "stats/compare.h"

#include <math.h>

#define PHI_WIDENS 1.5 /* spread of daily counts over Poisson's; from it the test allows for it */

enum { ALL_DAY, AFTER_SCHOOL, PARTS };
static const char *const MEASURES[PARTS] = {"term", "after-school-term"};

static const double NOT_KNOWN = (double)NAN;

struct term {
    struct timing *timing;
    struct day_kinds calendar;
    struct month_range window;
    int32_t first_day, day_count;
    int64_t *daily[PARTS]; /* [day_count] */
    int64_t counts[PARTS][DAY_KINDS];
    int32_t days[DAY_KINDS], closed_days; /* school days in a lockdown that the calendar names */
    int64_t undated;
};

/* ---- counting ---- */

static void set_window(struct term *t, struct month_range window)
{
    t->window = window;
    t->first_day = civil_days(window.first / 12, window.first % 12 + 1, 1);
    t->day_count = month_range_days(window);
    t->closed_days = 0;
    for (int k = 0; k < DAY_KINDS; k++) {
        t->days[k] = 0;
    }
    for (int32_t d = t->first_day; d < t->first_day + t->day_count; d++) {
        enum day_kind kind = day_kind_of(&t->calendar, d);
        t->days[kind]++;
        bool is_told = d >= t->calendar.first_day && d - t->calendar.first_day < t->calendar.days;
        t->closed_days +=
            kind == DAY_SCHOOL && is_told && t->calendar.lockdown[d - t->calendar.first_day];
    }
}

/* Both periods where the calendar tells every weekday of them, else the later one. */
static void choose_window(struct term *t)
{
    set_window(t, t->timing->range);
    if (t->days[DAY_UNKNOWN] > 0) {
        set_window(t, t->timing->lens->work->options->period);
    }
}

static bool is_after_school(const struct hours *h, civil_time from)
{
    if (!row_has_clock(from) || hours_set_aside(h, civil_minute_of_day(from))) {
        return false;
    }
    return civil_hour_of(from) >= CLOCK_SCHOOL_FROM && civil_hour_of(from) < CLOCK_SCHOOL_TO;
}

static rv_status count(struct term *t, struct rv_err *reterr)
{
    struct lens *l = t->timing->lens;
    struct arena *a = l->work->held.arena;
    const struct borough_rows *rows = NULL;
    RV_TRY(borough_rows_of(l, &rows, reterr));
    for (int p = 0; p < PARTS; p++) {
        t->daily[p] = ARENA_NEW(a, int64_t, (size_t)t->day_count);
        if (!t->daily[p]) {
            return arena_fail(a, reterr);
        }
    }
    for (size_t i = 0; i < rows->count; i++) {
        const struct borough_row *r = &rows->rows[i];
        if (!borough_row_is_in(l, r)) {
            continue;
        }
        if (!row_has_day(r->from)) {
            t->undated += borough_row_bucket(l->work, r) != BUCKET_TOTAL;
            continue;
        }
        int32_t day = civil_day_of(r->from) - t->first_day;
        if (day < 0 || day >= t->day_count) {
            continue;
        }
        enum day_kind kind = day_kind_of(&t->calendar, t->first_day + day);
        bool is_after = is_after_school(&t->timing->hours, r->from);
        t->counts[ALL_DAY][kind]++;
        t->counts[AFTER_SCHOOL][kind] += is_after;
        t->daily[ALL_DAY][day]++;
        t->daily[AFTER_SCHOOL][day] += is_after;
    }
    return rv_ok();
}

static int64_t other_count(const struct term *t, int part)
{
    return t->counts[part][DAY_SCHOOL_HOLIDAY] + t->counts[part][DAY_BANK_HOLIDAY];
}

static int32_t other_days(const struct term *t)
{
    return t->days[DAY_SCHOOL_HOLIDAY] + t->days[DAY_BANK_HOLIDAY];
}

/* ---- the test ---- */

/* How much the daily counts of the two sorts of weekdays spread over what Poisson counts would: 1 =
 * as much. */
static double spread(const struct term *t, int part)
{
    double mean[2] = {(double)t->counts[part][DAY_SCHOOL] / t->days[DAY_SCHOOL],
                      (double)other_count(t, part) / other_days(t)};
    double sum = 0;
    int32_t used = 0;
    for (int32_t d = 0; d < t->day_count; d++) {
        enum day_kind kind = day_kind_of(&t->calendar, t->first_day + d);
        if (kind == DAY_WEEKEND || kind == DAY_UNKNOWN) {
            continue;
        }
        double m = mean[kind != DAY_SCHOOL], gap = (double)t->daily[part][d] - m;
        sum += m > 0 ? gap * gap / m : 0;
        used++;
    }
    return used > 2 ? sum / (used - 2) : 1;
}

/* The exact p-value, or where days differ by more than chance the larger one of a ratio whose
 * standard error allows for it. */
static double p_of(const struct comparison *k, int64_t x1, int64_t x0, double phi)
{
    if (!(phi > PHI_WIDENS) || x1 == 0 || x0 == 0) {
        return k->p;
    }
    double se = sqrt(phi * (1 / (double)x1 + 1 / (double)x0));
    return fmax(k->p, erfc(fabs(log(k->ratio)) / se / sqrt(2)));
}

static const char *const RULES[PARTS][3] = {
    {"TERM_MORE", "TERM_FEWER", "TERM_NOT_DISTINGUISHABLE"},
    {"AFTER_SCHOOL_TERM_MORE", "AFTER_SCHOOL_TERM_FEWER", "AFTER_SCHOOL_TERM_NOT_DISTINGUISHABLE"}};

static rv_status add_caveats(const struct term *t, struct finding *f, double phi,
                             struct rv_err *reterr)
{
    struct assess_work *w = t->timing->lens->work;
    struct arena *a = w->held.arena;
    RV_TRY(compose_caveat(w, f,
                          "By the day on which an offence began. Offences of the last weeks that "
                          "were recorded later than the source reaches are missing from them.",
                          reterr));
    if (t->closed_days > 0) {
        RV_TRY(compose_caveat(w, f,
                              arena_printf(a,
                                           "%d of the school days lie in what the calendar calls a "
                                           "lockdown, when most pupils were at home.",
                                           (int)t->closed_days),
                              reterr));
    }
    if (t->calendar.is_implied) {
        RV_TRY(compose_caveat(w, f,
                              "The calendar lists school days or school holidays only; the other "
                              "weekdays between its first and last date are taken as the rest.",
                              reterr));
    }
    return phi > PHI_WIDENS
               ? compose_caveat(w, f,
                                arena_printf(a,
                                             "Counts of single days spread %.1f times as much as "
                                             "independent offences would; the test allows for it.",
                                             phi),
                                reterr)
               : rv_ok();
}

static rv_status compare(const struct term *t, struct finding *f, int part, struct rv_err *reterr)
{
    struct assess_work *w = t->timing->lens->work;
    int64_t x1 = t->counts[part][DAY_SCHOOL], x0 = other_count(t, part);
    double n1 = t->days[DAY_SCHOOL], n0 = other_days(t), phi = spread(t, part);
    struct comparison k;
    struct interval ci;
    RV_TRY(compare_rates(x1, n1, x0, n0, STATS_LEVEL, &k, reterr));
    RV_TRY(interval_poisson(x1, STATS_LEVEL, &ci, reterr));
    double p = p_of(&k, x1, x0, phi);
    double ratio = k.has_ratio ? k.ratio : (double)INFINITY;
    enum wording wording = wording_of_difference(x0, x1, ratio, p);
    f->rule = RULES[part][wording == WORDING_TREND_UP ? 0 : wording == WORDING_TREND_DOWN ? 1 : 2];
    f->numerator = (double)x1;
    f->denominator = n1;
    f->value = (double)x1 / n1;
    f->lower = ci.lower / n1;
    f->upper = ci.upper / n1;
    f->level = STATS_LEVEL;
    bool has_ratio = k.has_ratio && k.ci.has_upper;
    RV_TRY(compose_number(w, f, "other_a_day", (double)x0 / n0, reterr));
    RV_TRY(compose_number(w, f, "other_count", (double)x0, reterr));
    RV_TRY(compose_number(w, f, "other_days", n0, reterr));
    RV_TRY(compose_number(w, f, "weekend_a_day",
                          t->days[DAY_WEEKEND] > 0
                              ? (double)t->counts[part][DAY_WEEKEND] / t->days[DAY_WEEKEND]
                              : NOT_KNOWN,
                          reterr));
    RV_TRY(compose_number(w, f, "ratio", has_ratio ? k.ratio : NOT_KNOWN, reterr));
    RV_TRY(compose_number(w, f, "ratio_low", has_ratio ? k.ci.lower : NOT_KNOWN, reterr));
    RV_TRY(compose_number(w, f, "ratio_high", has_ratio ? k.ci.upper : NOT_KNOWN, reterr));
    RV_TRY(compose_number(w, f, "p", p, reterr));
    return add_caveats(t, f, phi, reterr);
}

/* ---- findings ---- */

/* Why nothing can be compared; NULL = it can. */
static const char *reason_of(const struct term *t, const struct assess_work *w)
{
    struct arena *a = w->held.arena;
    if (t->calendar.extract_count == 0) {
        return "no calendar is held";
    }
    if (!t->calendar.has_schools) {
        return t->calendar.elsewhere > 0
                   ? arena_printf(a,
                                  "the calendars that are held list no school days and no school "
                                  "holidays of %s; rows of other regions are left out",
                                  w->area_name)
                   : "the calendar that is held lists no school days and no school holidays";
    }
    if (t->days[DAY_UNKNOWN] > 0) {
        return arena_printf(a,
                            "the calendar does not say of %d weekday%s of the period, or says both "
                            "ways, whether schools were open",
                            (int)t->days[DAY_UNKNOWN], t->days[DAY_UNKNOWN] == 1 ? "" : "s");
    }
    if (t->days[DAY_SCHOOL] == 0 || other_days(t) == 0) {
        return "the period has no school days, or no weekdays without school";
    }
    return NULL;
}

static struct day_place place_of(const struct assess_work *w)
{
    return (struct day_place){w->options->area, w->area_name};
}

static const char *query_of(const struct term *t, int part)
{
    const struct lens *l = t->timing->lens;
    struct arena *a = l->work->held.arena;
    const char *query = compose_query_of(l, part == ALL_DAY ? "day-kind" : "day-kind,clock", 0,
                                         l->work->options->area, t->window);
    return query ? arena_printf(a, "%s --date committed", query) : NULL;
}

static struct finding *start(struct term *t, int part)
{
    struct finding *f = timing_finding(t->timing, MEASURES[part], "weekday");
    if (f) {
        f->unit = "offences a day";
        f->method = "rate-ratio";
        f->denominator_name = "school days";
        f->period = t->window;
        f->missing = (double)t->undated;
        f->query = query_of(t, part);
    }
    return f && f->query ? f : NULL;
}

static rv_status add_term(struct term *t, int part, struct rv_err *reterr)
{
    struct lens *l = t->timing->lens;
    struct assess_work *w = l->work;
    struct finding *f = start(t, part);
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    RV_TRY(evidence_with(l, f, t->calendar.extracts, t->calendar.extract_count, reterr));
    int64_t all = t->counts[part][DAY_SCHOOL] + other_count(t, part);
    if (all < WORDING_PERCENT_BASE) {
        return compose_absent(w, f, "TERM_NOT_AVAILABLE",
                              "too few offences began on weekdays whose day is known", reterr);
    }
    RV_TRY(compare(t, f, part, reterr));
    if (part == ALL_DAY) {
        return rv_ok();
    }
    RV_TRY(compose_text(w, f, "from", TIME_SCHOOL_FROM_WORDS, reterr));
    RV_TRY(compose_text(w, f, "to", TIME_SCHOOL_TO_WORDS, reterr));
    RV_TRY(t->timing->hours.aside_minutes
               ? compose_text(w, f, "minutes",
                              time_minute_words(w->held.arena, &t->timing->hours, false), reterr)
               : rv_ok());
    return time_say_verdict(w, f, &t->timing->hours, TIMING_THINGS, reterr);
}

/* ---- the table ---- */

static rv_status put_rate(struct result_cell *row, int64_t count, int32_t days,
                          struct rv_err *reterr)
{
    struct interval ci;
    RV_TRY(interval_poisson(count, STATS_LEVEL, &ci, reterr));
    row[0] = cell_number((double)count / days);
    row[1] = cell_number(ci.lower / days);
    row[2] = cell_number(ci.upper / days);
    row[3] = cell_number((double)count);
    return rv_ok();
}

static rv_status add_table(struct term *t, struct rv_err *reterr)
{
    static const char *const names[] = {[DAY_SCHOOL] = "School days",
                                        [DAY_SCHOOL_HOLIDAY] = "School holidays, weekdays",
                                        [DAY_BANK_HOLIDAY] = "Bank holidays, weekdays",
                                        [DAY_WEEKEND] = "Weekends"};
    static const struct result_column columns[] = {
        {"days_of", "Days", RESULT_TEXT},
        {"a_day", "Offences a day", RESULT_RATE},
        {"lower", "95% interval, lower", RESULT_RATE},
        {"upper", "95% interval, upper", RESULT_RATE},
        {"count", "Offences", RESULT_COUNT},
        {"days", "Number of days", RESULT_COUNT},
        {"after_school_a_day", "15:00 to 19:00, a day", RESULT_RATE},
        {"after_school_lower", "the same, lower", RESULT_RATE},
        {"after_school_upper", "the same, upper", RESULT_RATE},
        {"after_school_count", "the same, offences", RESULT_COUNT}};
    enum { WIDTH = 10 };
    struct lens *l = t->timing->lens;
    struct arena *a = l->work->held.arena;
    size_t rows = 0, row = 0;
    for (int k = DAY_SCHOOL; k <= DAY_WEEKEND; k++) {
        rows += t->days[k] > 0;
    }
    struct result_cell *cells = NULL;
    struct result_table *table = compose_lens_table(l, "day-kinds", columns, WIDTH, rows, &cells);
    if (!table) {
        return arena_fail(a, reterr);
    }
    table->title = arena_printf(a, "%s on school days and other days, %s, %s", l->profile->title,
                                l->work->area_name, compose_period(a, t->window));
    table->description = "Offences a day by the kind of day on which they began, with the 95% "
                         "interval, all day and after school.";
    table->chart = CHART_BAR;
    struct finding calendar = {0};
    RV_TRY(evidence_with(l, &calendar, t->calendar.extracts, t->calendar.extract_count, reterr));
    table->sources = calendar.sources;
    table->source_count = calendar.source_count;
    for (int k = DAY_SCHOOL; k <= DAY_WEEKEND; k++) {
        if (t->days[k] == 0) {
            continue;
        }
        struct result_cell *cell = &cells[row++ * WIDTH];
        cell[0] = cell_text(names[k]);
        RV_TRY(put_rate(&cell[1], t->counts[ALL_DAY][k], t->days[k], reterr));
        cell[5] = cell_number(t->days[k]);
        RV_TRY(put_rate(&cell[6], t->counts[AFTER_SCHOOL][k], t->days[k], reterr));
    }
    RV_TRY(compose_note(l->work, table,
                        "After school counts offences with a time of day that is no placeholder; a "
                        "bank holiday is one whatever the school calendar says.",
                        reterr));
    return table->title ? compose_note(l->work, table, l->source_caveat, reterr)
                        : arena_fail(a, reterr);
}

rv_status timing_term(struct timing *timing, struct rv_err *reterr)
{
    struct lens *l = timing->lens;
    struct term t = {.timing = timing};
    RV_TRY(day_kinds_load(&l->work->held, place_of(l->work), &t.calendar, reterr));
    choose_window(&t);
    if (reason_of(&t, l->work)) {
        return rv_ok(); /* the same for every profile: said once, by time_terms_gap */
    }
    RV_TRY(count(&t, reterr));
    RV_TRY(add_term(&t, ALL_DAY, reterr));
    bool has_days = t.counts[ALL_DAY][DAY_SCHOOL] + other_count(&t, ALL_DAY) > 0;
    bool has_hours =
        timing->hours.verdict != HOURS_TOO_FEW && timing->hours.verdict != HOURS_NOT_RELIABLE;
    RV_TRY(has_hours ? add_term(&t, AFTER_SCHOOL, reterr) : rv_ok());
    return has_days ? add_table(&t, reterr) : rv_ok();
}

rv_status time_terms_gap(struct assess_work *w, struct rv_err *reterr)
{
    struct term t = {.timing = NULL};
    for (size_t i = 0; i < w->finding_count; i++) {
        if (text_ends(text_of(w->findings[i].id), ".all.term")) {
            return rv_ok();
        }
    }
    RV_TRY(day_kinds_load(&w->held, place_of(w), &t.calendar, reterr));
    set_window(&t, w->options->period);
    const char *reason = reason_of(&t, w);
    if (!reason) {
        return rv_ok(); /* no profile had anything to compare */
    }
    struct finding *f = compose_finding(w, "coverage", "calendar", "school-terms");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    char from[8], to[8];
    month_write(w->options->period.first, from);
    month_write(w->options->period.last, to);
    f->subject = "school days";
    f->unit = "days";
    f->method = "coverage";
    f->query = arena_printf(
        w->held.arena,
        "reeve table " ASSESS_QUERY_FILE " --by %s --area %s --date committed --period %s..%s",
        t.calendar.days > 0 ? "day-kind" : "weekday", w->options->area, from, to);
    return f->query ? compose_absent(w, f, "TERMS_NOT_HELD", reason, reterr)
                    : arena_fail(w->held.arena, reterr);
}
