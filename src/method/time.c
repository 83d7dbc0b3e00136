/* method/time.c — methods of recorded times: placeholder minutes, the modal hour.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "method/registry.h"
#include "stats/heaping.h"
#include "stats/modal.h"

/* --- the modal hour, as one object --- */

static const char *const hour_names[24] = {"00", "01", "02", "03", "04", "05", "06", "07",
                                           "08", "09", "10", "11", "12", "13", "14", "15",
                                           "16", "17", "18", "19", "20", "21", "22", "23"};

/* The same outputs for all records and for those without placeholder minutes. */
enum {
    MODE_N,
    MODE_MODE,
    MODE_COUNT,
    MODE_SHARE,
    MODE_LOWER,
    MODE_UPPER,
    MODE_SECOND,
    MODE_SECOND_COUNT,
    MODE_P,
    MODE_TIED,
    MODE_FREQUENCY,
    MODE_LIKELY,
    MODE_CLEAR,
    MODE_TOTAL
};

#define MODE_OUTPUTS(at, place)                                                                    \
    [(at) +                                                                                        \
        MODE_N] = {"n", place, METHOD_COUNT, "events", "events with a known hour"},                \
        [(at) + MODE_MODE] = {"mode", place, METHOD_COUNT, "hour", "of most events, 0 to 23"},     \
        [(at) + MODE_COUNT] = {"count", place, METHOD_COUNT, "events", "in this hour"},            \
        [(at) +                                                                                    \
            MODE_SHARE] = {"share", place, METHOD_REAL, "share", "of all events with an hour"},    \
        [(at) + MODE_LOWER] = {"lower", place, METHOD_REAL, "share", "Wilson limit of the share"}, \
        [(at) + MODE_UPPER] = {"upper", place, METHOD_REAL, "share", "Wilson limit of the share"}, \
        [(at) + MODE_SECOND] = {"second", place, METHOD_COUNT, "hour", "the runner-up"},           \
        [(at) +                                                                                    \
            MODE_SECOND_COUNT] = {"second_count", place, METHOD_COUNT, "events", "in that hour"},  \
        [(at) +                                                                                    \
            MODE_P] = {"p", place, METHOD_REAL, "", "two-sided exact, mode against runner-up"},    \
        [(at) + MODE_TIED] = {"tied", place, METHOD_TEXTS, "hour", "hours with as many events"},   \
        [(at) + MODE_FREQUENCY] = {"boot_mode_freq", place, METHOD_REAL, "share",                  \
                                   "of the replicates in which the mode leads"},                   \
        [(at) + MODE_LIKELY] = {"likely", place, METHOD_TEXTS, "hour",                             \
                                "the fewest hours that reach the wording threshold together"},     \
        [(at) + MODE_CLEAR] = {"clear", place, METHOD_FLAG, "",                                    \
                               "one hour may be named; otherwise say between the likely ones"}

static rv_status put_hours(struct method_call *call, struct method_table *t, size_t output,
                           uint32_t hours, struct rv_err *reterr)
{
    const char **names = ARENA_NEW(call->arena, const char *, MODAL_HOURS);
    if (!names) {
        return arena_fail(call->arena, reterr);
    }
    size_t n = 0;
    for (int hour = 0; hour < MODAL_HOURS; hour++) {
        if (hours >> hour & 1) {
            names[n++] = hour_names[hour];
        }
    }
    method_put_texts(t, 0, output, names, n);
    return rv_ok();
}

static rv_status put_mode(struct method_call *call, const int64_t counts[MODAL_HOURS],
                          const struct modal_options *options, const char *place, size_t at,
                          struct rv_err *reterr)
{
    struct method_table *t;
    RV_TRY(method_open(call, place, 1, NULL, &t, reterr));
    struct modal_hour m;
    struct rv_err err;
    rv_status status = modal_hour(NULL, counts, options, &m, &err);
    if (!rv_is_ok(status)) {
        return method_miss_domain(call, t, 0, status, &err, reterr);
    }
    static const char alone[] = "all events are in one hour";
    method_put_count(t, 0, at + MODE_N, m.n);
    method_put_count(t, 0, at + MODE_MODE, m.hour);
    method_put_count(t, 0, at + MODE_COUNT, m.count);
    method_put(t, 0, at + MODE_SHARE, m.share);
    method_put(t, 0, at + MODE_LOWER, m.share_ci.lower);
    method_put(t, 0, at + MODE_UPPER, m.share_ci.upper);
    method_put_if(t, 0, at + MODE_SECOND, m.has_runner_up, m.runner_up, alone);
    method_put_if(t, 0, at + MODE_SECOND_COUNT, m.has_runner_up, (double)m.runner_up_count, alone);
    method_put(t, 0, at + MODE_P, m.p);
    method_put(t, 0, at + MODE_FREQUENCY, m.frequency[m.hour]);
    method_put_flag(t, 0, at + MODE_CLEAR, m.is_clear);
    RV_TRY(put_hours(call, t, at + MODE_TIED, m.tied_hours, reterr));
    return put_hours(call, t, at + MODE_LIKELY, m.likely_hours, reterr);
}

/* --- heaping --- */

enum { HEAP_MINUTE, HEAP_TIME, HEAP_COUNT };
enum { HEAP_ALPHA, HEAP_RATIO, HEAP_EXCESS, HEAP_LONE, HEAP_REPLICATES, HEAP_SEED, HEAP_WORDING };

static const struct method_column heap_columns[] = {
    [HEAP_MINUTE] = {"minute", "minute_of_day", METHOD_COUNT, METHOD_LIST, true, NULL,
                     "minute of the day, 0 to 1439; empty where the time is not known"},
    [HEAP_TIME] = {"time", "committed_from|committed|start", METHOD_TIME, METHOD_LIST, true, NULL,
                   "instead of the minute: a local time"},
    [HEAP_COUNT] = {"count", "n|events", METHOD_COUNT, METHOD_LIST, true, NULL,
                    "records at that minute; without this column each row is one"},
    {.name = NULL},
};
static const struct method_input heap_inputs[] = {
    {"data", heap_columns, false, "a row for each minute, or for each record"}, {.name = NULL}};
static const struct method_option heap_options[] = {
    [HEAP_ALPHA] = {"alpha", METHOD_REAL, "0.001", NULL, 1e-300, 0.999, "p after Holm below this"},
    [HEAP_RATIO] = {"ratio", METHOD_REAL, "3", NULL, 1, 1e9, "and so many times the expected"},
    [HEAP_EXCESS] = {"excess", METHOD_REAL, "10", NULL, 0, 1e9, "and so many records too many"},
    [HEAP_LONE] = {"lone_midnight", METHOD_REAL, "10", NULL, 1, 1e9,
                   "ratio from which 00:00 is left out when it alone is flagged"},
    [HEAP_REPLICATES] = {"replicates", METHOD_COUNT, "10000", NULL, 1, 1e6,
                         "of the bootstrap of the modal hour"},
    [HEAP_SEED] = {"seed", METHOD_COUNT, "20240131", NULL, 0, 0, "of the bootstrap"},
    [HEAP_WORDING] = {"wording", METHOD_REAL, "0.9", NULL, 0.5, 1,
                      "share of replicates from which one hour may be named"},
    {.name = NULL},
};

enum {
    HEAP_N,
    HEAP_MISSING,
    HEAP_FLAGGED,
    HEAP_EXCLUDED,
    HEAP_EXCLUDED_SHARE,
    HEAP_MIDNIGHT,
    HEAP_ROW,
    HEAP_CLASS = HEAP_ROW + 1,
    HEAP_ROW_COUNT,
    HEAP_K,
    HEAP_SUM,
    HEAP_EXPECTED,
    HEAP_ROW_EXCESS,
    HEAP_ROW_RATIO,
    HEAP_P,
    HEAP_HOLM,
    HEAP_BH,
    HEAP_FLAG,
    HEAP_WEAK,
    HEAP_LEFT_OUT,
    HEAP_HOUR,
    HEAP_HOUR_ALL,
    HEAP_HOUR_WITHOUT,
    HEAP_MODE_ALL,
    HEAP_MODE_WITHOUT = HEAP_MODE_ALL + MODE_TOTAL,
    HEAP_END = HEAP_MODE_WITHOUT + MODE_TOTAL
};

static const struct method_output heap_outputs[] = {
    [HEAP_N] = {"n", "", METHOD_COUNT, "records", "with a time"},
    [HEAP_MISSING] = {"not_recorded", "", METHOD_COUNT, "records",
                      "without a time: apart, never as 00:00"},
    [HEAP_FLAGGED] = {"flagged_minutes", "", METHOD_COUNT, "minutes", "taken for placeholders"},
    [HEAP_EXCLUDED] = {"excluded", "", METHOD_COUNT, "records", "at minutes that are left out"},
    [HEAP_EXCLUDED_SHARE] = {"excluded_share", "", METHOD_REAL, "share", "of records with a time"},
    [HEAP_MIDNIGHT] = {"midnight_kept", "", METHOD_FLAG, "",
                       "00:00 alone is flagged, too weakly to be left out"},
    [HEAP_ROW] = {"minute", "rows", METHOD_COUNT, "minute of the day", "0 to 1439"},
    [HEAP_CLASS] = {"class", "rows", METHOD_TEXT, "", "hour, half, quarter, five or plain"},
    [HEAP_ROW_COUNT] = {"count", "rows", METHOD_COUNT, "records", "at this minute"},
    [HEAP_K] = {"k", "rows", METHOD_COUNT, "minutes", "equally round neighbours"},
    [HEAP_SUM] = {"neighbour_sum", "rows", METHOD_COUNT, "records", "at the neighbours"},
    [HEAP_EXPECTED] = {"expected", "rows", METHOD_REAL, "records", "mean of the neighbours"},
    [HEAP_ROW_EXCESS] = {"excess", "rows", METHOD_REAL, "records", "count less expected"},
    [HEAP_ROW_RATIO] = {"ratio", "rows", METHOD_REAL, "", "count over expected"},
    [HEAP_P] = {"p_one_sided", "rows", METHOD_REAL, "", "exact binomial"},
    [HEAP_HOLM] = {"p_holm", "rows", METHOD_REAL, "", "after Holm over 1,440 minutes"},
    [HEAP_BH] = {"q_bh", "rows", METHOD_REAL, "", "false discovery rate"},
    [HEAP_FLAG] = {"flag", "rows", METHOD_FLAG, "", "taken for a placeholder"},
    [HEAP_WEAK] = {"weak", "rows", METHOD_FLAG, "", "unlikely by chance, but not large: a note"},
    [HEAP_LEFT_OUT] = {"excluded", "rows", METHOD_FLAG, "", "left out of hours of the day"},
    [HEAP_HOUR] = {"hour", "hours", METHOD_COUNT, "hour", "0 to 23"},
    [HEAP_HOUR_ALL] = {"all", "hours", METHOD_COUNT, "records", "with placeholders"},
    [HEAP_HOUR_WITHOUT] = {"without", "hours", METHOD_COUNT, "records", "without them"},
    MODE_OUTPUTS(HEAP_MODE_ALL, "=modal_all"),
    MODE_OUTPUTS(HEAP_MODE_WITHOUT, "=modal_without"),
    [HEAP_END] = {.name = NULL},
};

/* Adds the rows up by minute. */
static rv_status take_minutes(const struct method_call *call, int64_t counts[HEAPING_MINUTES],
                              int64_t *missing, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    const struct method_values *minute = &c[HEAP_MINUTE], *time = &c[HEAP_TIME];
    if (!minute->is_given && !time->is_given) {
        return rv_fail(reterr, RV_INVALID,
                       "heaping needs a column \"minute\" or a column \"time\": add one of them");
    }
    for (size_t i = 0; i < call->in[0].n; i++) {
        int64_t count = method_has(&c[HEAP_COUNT], i) ? c[HEAP_COUNT].counts[i] : 1;
        if (c[HEAP_COUNT].is_given && !method_has(&c[HEAP_COUNT], i)) {
            return rv_fail(reterr, RV_DOMAIN,
                           "row %zu has no count: a minute without a count is not a minute of 0",
                           i + 1);
        }
        int64_t at = -1;
        if (minute->is_given ? method_has(minute, i) : method_has(time, i)) {
            int64_t of_day = time->is_given ? (time->counts[i] % 86400 + 86400) % 86400 / 60 : 0;
            at = minute->is_given ? minute->counts[i] : of_day;
        }
        if (at >= HEAPING_MINUTES) {
            return rv_fail(reterr, RV_DOMAIN,
                           "row %zu: minute %lld of the day: 0 to 1439 are "
                           "possible",
                           i + 1, (long long)at);
        }
        int64_t *into = at < 0 ? missing : &counts[at];
        if (__builtin_add_overflow(*into, count, into)) {
            return rv_fail(reterr, RV_DOMAIN, "row %zu: the counts are too large", i + 1);
        }
    }
    return rv_ok();
}

static rv_status put_minutes(struct method_call *call, const struct heaping *h,
                             struct rv_err *reterr)
{
    struct method_table *t;
    RV_TRY(method_open(call, "rows", HEAPING_MINUTES, NULL, &t, reterr));
    for (size_t m = 0; m < HEAPING_MINUTES; m++) {
        const struct heaping_minute *at = &h->minutes[m];
        method_put_count(t, m, HEAP_ROW, (int64_t)m);
        method_put_text(t, m, HEAP_CLASS, heaping_class_name(at->class));
        method_put_count(t, m, HEAP_ROW_COUNT, at->count);
        method_put_count(t, m, HEAP_K, at->neighbours);
        method_put_count(t, m, HEAP_SUM, at->neighbour_sum);
        method_put(t, m, HEAP_EXPECTED, at->expected);
        method_put(t, m, HEAP_ROW_EXCESS, at->excess);
        method_put_if(t, m, HEAP_ROW_RATIO, at->has_ratio, at->ratio, "the neighbours are empty");
        method_put(t, m, HEAP_P, at->p);
        method_put(t, m, HEAP_HOLM, at->p_holm);
        method_put(t, m, HEAP_BH, at->q_bh);
        method_put_flag(t, m, HEAP_FLAG, at->is_flagged);
        method_put_flag(t, m, HEAP_WEAK, at->is_weak);
        method_put_flag(t, m, HEAP_LEFT_OUT, at->is_excluded);
    }
    return rv_ok();
}

static rv_status run_heaping(struct method_call *call, struct rv_err *reterr)
{
    const struct method_setting *o = call->options;
    int64_t *counts = ARENA_NEW(call->arena, int64_t, HEAPING_MINUTES), missing = 0;
    struct heaping *h = ARENA_NEW(call->arena, struct heaping, 1);
    if (!counts || !h) {
        return arena_fail(call->arena, reterr);
    }
    RV_TRY(take_minutes(call, counts, &missing, reterr));
    const struct heaping_options options = {.alpha = o[HEAP_ALPHA].real,
                                            .ratio = o[HEAP_RATIO].real,
                                            .excess = o[HEAP_EXCESS].real,
                                            .lone_midnight = o[HEAP_LONE].real};
    RV_TRY(heaping_detect(counts, &options, h, reterr));
    struct method_table *t;
    RV_TRY(method_open(call, "", 1, NULL, &t, reterr));
    method_put_count(t, 0, HEAP_N, h->n);
    method_put_count(t, 0, HEAP_MISSING, missing);
    method_put_count(t, 0, HEAP_FLAGGED, h->flagged_minutes);
    method_put_count(t, 0, HEAP_EXCLUDED, h->excluded);
    method_put_if(t, 0, HEAP_EXCLUDED_SHARE, h->n > 0, (double)h->excluded / (double)h->n,
                  "no record has a time");
    method_put_flag(t, 0, HEAP_MIDNIGHT, h->is_midnight_kept);
    int64_t all[24], without[24];
    heaping_hours(h, all, without);
    RV_TRY(method_open(call, "hours", 24, NULL, &t, reterr));
    for (size_t hour = 0; hour < 24; hour++) {
        method_put_count(t, hour, HEAP_HOUR, (int64_t)hour);
        method_put_count(t, hour, HEAP_HOUR_ALL, all[hour]);
        method_put_count(t, hour, HEAP_HOUR_WITHOUT, without[hour]);
    }
    struct modal_options modal = MODAL_DEFAULTS;
    modal.replicates = o[HEAP_REPLICATES].count;
    modal.seed = (uint64_t)o[HEAP_SEED].count;
    modal.wording = o[HEAP_WORDING].real;
    RV_TRY(put_mode(call, all, &modal, "=modal_all", HEAP_MODE_ALL, reterr));
    RV_TRY(put_mode(call, without, &modal, "=modal_without", HEAP_MODE_WITHOUT, reterr));
    return put_minutes(call, h, reterr);
}

/* --- modal-hour --- */

enum { HOUR_HOUR, HOUR_COUNT, HOUR_WITHOUT };
enum { HOUR_REPLICATES, HOUR_SEED, HOUR_WORDING, HOUR_LEVEL };

static const struct method_column hour_columns[] = {
    [HOUR_HOUR] = {"hour", NULL, METHOD_COUNT, METHOD_LIST, false, NULL,
                   "hour of the day, 0 to 23; empty where it is not known"},
    [HOUR_COUNT] = {"count", "all|n|events", METHOD_COUNT, METHOD_LIST, true, NULL,
                    "events in that hour; without this column each row is one"},
    [HOUR_WITHOUT] = {"without", "excl|excl_0000_0001", METHOD_COUNT, METHOD_LIST, true, NULL,
                      "the same without placeholder minutes, for a second answer"},
    {.name = NULL},
};
static const struct method_input hour_inputs[] = {
    {"data", hour_columns, false, "a row for each hour, or for each event"}, {.name = NULL}};
static const struct method_option hour_options[] = {
    [HOUR_REPLICATES] = {"replicates", METHOD_COUNT, "10000", NULL, 1, 1e6, "of the bootstrap"},
    [HOUR_SEED] = {"seed", METHOD_COUNT, "20240131", NULL, 0, 0, "of the bootstrap"},
    [HOUR_WORDING] = {"wording", METHOD_REAL, "0.9", NULL, 0.5, 1,
                      "share of replicates from which one hour may be named"},
    [HOUR_LEVEL] = {"level", METHOD_LEVEL, "0.95", NULL, 0.5, 0.999999, "of the interval"},
    {.name = NULL},
};
enum {
    HOUR_MISSING,
    HOUR_ALL,
    HOUR_SECOND = HOUR_ALL + MODE_TOTAL,
    HOUR_END = HOUR_SECOND + MODE_TOTAL
};
static const struct method_output hour_outputs[] = {
    [HOUR_MISSING] = {"not_recorded", "", METHOD_COUNT, "events", "without a known hour"},
    MODE_OUTPUTS(HOUR_ALL, "=all"),
    MODE_OUTPUTS(HOUR_SECOND, "=without"),
    [HOUR_END] = {.name = NULL},
};

static rv_status take_hours(const struct method_call *call, const struct method_values *count,
                            int64_t counts[MODAL_HOURS], int64_t *missing, struct rv_err *reterr)
{
    const struct method_values *hour = &call->in[0].columns[HOUR_HOUR];
    for (size_t i = 0; i < call->in[0].n; i++) {
        if (count->is_given && !method_has(count, i)) {
            return rv_fail(reterr, RV_DOMAIN,
                           "row %zu has no count: an hour without a count is not an hour of 0",
                           i + 1);
        }
        int64_t here = count->is_given ? count->counts[i] : 1;
        bool is_known = method_has(hour, i);
        if (is_known && hour->counts[i] >= MODAL_HOURS) {
            return rv_fail(reterr, RV_DOMAIN, "row %zu: hour %lld: 0 to 23 are possible", i + 1,
                           (long long)hour->counts[i]);
        }
        int64_t *into = is_known ? &counts[hour->counts[i]] : missing;
        if (__builtin_add_overflow(*into, here, into)) {
            return rv_fail(reterr, RV_DOMAIN, "row %zu: the counts are too large", i + 1);
        }
    }
    return rv_ok();
}

static rv_status run_hour(struct method_call *call, struct rv_err *reterr)
{
    const struct method_setting *o = call->options;
    const struct method_values *c = call->in[0].columns;
    const struct modal_options options = {.replicates = o[HOUR_REPLICATES].count,
                                          .seed = (uint64_t)o[HOUR_SEED].count,
                                          .wording = o[HOUR_WORDING].real,
                                          .level = o[HOUR_LEVEL].real};
    int64_t all[MODAL_HOURS] = {0}, without[MODAL_HOURS] = {0}, missing = 0, ignored = 0;
    RV_TRY(take_hours(call, &c[HOUR_COUNT], all, &missing, reterr));
    struct method_table *t;
    RV_TRY(method_open(call, "", 1, NULL, &t, reterr));
    method_put_count(t, 0, HOUR_MISSING, missing);
    RV_TRY(put_mode(call, all, &options, "=all", HOUR_ALL, reterr));
    if (!c[HOUR_WITHOUT].is_given) {
        return rv_ok();
    }
    RV_TRY(take_hours(call, &c[HOUR_WITHOUT], without, &ignored, reterr));
    return put_mode(call, without, &options, "=without", HOUR_SECOND, reterr);
}

const struct method method_time[] = {
    {"heaping", "Placeholder times", NULL,
     "Which minutes hold records whose time was not known, and what are the hours without them?",
     heap_inputs, heap_options, heap_outputs, run_heaping},
    {"modal-hour", "Modal hour", NULL,
     "In which hour do most events happen, and would it still be that hour by chance?", hour_inputs,
     hour_options, hour_outputs, run_hour},
    {.name = NULL},
};
