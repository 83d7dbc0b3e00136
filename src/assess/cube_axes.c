/* assess/cube_axes.c — the labels of each axis, and which of them are wanted.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/cube_internal.h"
#include "define/vocabulary.h"
#include "place/match.h"

#include <string.h>

static const char *const WEEKDAYS[] = {"not-recorded", "monday", "tuesday",  "wednesday",
                                       "thursday",     "friday", "saturday", "sunday"};
static const char *const HOURS[] = {"not-recorded", "00", "01", "02", "03", "04", "05", "06", "07",
                                    "08",           "09", "10", "11", "12", "13", "14", "15", "16",
                                    "17",           "18", "19", "20", "21", "22", "23"};
static const char *const USABLE_HOURS[] = {
    "not-recorded", "00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11",
    "12",           "13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "set-aside"};
static const char *const DAY_KIND_LABELS[] = {"not-recorded", "school-day", "school-holiday",
                                              "bank-holiday", "weekend",    "not-in-calendar"};
static const char *const DELAYS[] = {"not-recorded", "same-day", "1-7", "8-28", "29-plus"};
static const char *const WEAPONS[] = {"not-recorded", "knife",        "firearm",
                                      "corrosive",    "other-weapon", "unspecified-weapon",
                                      "none",         "any"};
static const char *const FLAGS[] = {"not-recorded", "domestic-abuse", "knife",     "firearm",
                                    "corrosive",    "other-weapon",   "hate",      "gang",
                                    "alcohol",      "exploitation",   "terrorism", "none",
                                    "any"};
_Static_assert(sizeof FLAGS / sizeof *FLAGS == OFFENCE_FLAG_COUNT + 3, "a label for every flag");
_Static_assert(OFFENCE_FLAG_COUNT + 3 <= 16, "their bits fit one word");
static const char *const FIVE_ETHNICITIES[] = {"not-recorded", "white", "mixed",
                                               "asian",        "black", "other"};
static const char *const INSIDE[] = {"outside", "inside"};

const char *const *cube_fixed_labels(enum cube_axis_kind kind, size_t *ret_count)
{
    switch (kind) {
    case AXIS_HOUR:
        *ret_count = sizeof HOURS / sizeof *HOURS;
        return HOURS;
    case AXIS_USABLE:
        *ret_count = sizeof USABLE_HOURS / sizeof *USABLE_HOURS;
        return USABLE_HOURS;
    case AXIS_WEEKDAY:
        *ret_count = sizeof WEEKDAYS / sizeof *WEEKDAYS;
        return WEEKDAYS;
    case AXIS_DAY_KIND:
        *ret_count = sizeof DAY_KIND_LABELS / sizeof *DAY_KIND_LABELS;
        return DAY_KIND_LABELS;
    case AXIS_DELAY:
        *ret_count = sizeof DELAYS / sizeof *DELAYS;
        return DELAYS;
    case AXIS_WEAPON:
        *ret_count = sizeof WEAPONS / sizeof *WEAPONS;
        return WEAPONS;
    case AXIS_FLAG:
        *ret_count = sizeof FLAGS / sizeof *FLAGS;
        return FLAGS;
    case AXIS_ETHNICITY:
        *ret_count = sizeof FIVE_ETHNICITIES / sizeof *FIVE_ETHNICITIES;
        return FIVE_ETHNICITIES;
    case AXIS_MATCH:
        *ret_count = MATCH_CLASSES;
        return MATCH_NAMES;
    case AXIS_VALUE:
    case AXIS_AREA:
    case AXIS_WITHIN:
    case AXIS_TIME:
    case AXIS_OUTCOME:
    case AXIS_PERSON:
    case AXIS_AGE:
    case AXIS_CLOCK:
    case AXIS_LATE:
    case AXIS_POINT:
    case AXIS_GIVEN:
        break;
    }
    *ret_count = 0;
    return NULL;
}

static rv_status axis_fixed(struct arena *a, struct cube_axis *axis, const char *const *labels,
                            uint32_t size, struct rv_err *reterr)
{
    axis->labels = ARENA_NEW(a, const char *, size);
    if (!axis->labels) {
        return arena_fail(a, reterr);
    }
    memcpy(axis->labels, labels, size * sizeof *labels);
    axis->size = size;
    return rv_ok();
}

static rv_status axis_areas(struct arena *a, struct cube_axis *axis, struct rv_err *reterr)
{
    axis->size = axis->layer->count + 1;
    axis->labels = ARENA_NEW(a, const char *, axis->size);
    if (!axis->labels) {
        return arena_fail(a, reterr);
    }
    axis->labels[0] = "unplaced";
    for (uint32_t i = 0; i < axis->layer->count; i++) {
        axis->labels[i + 1] = axis->layer->areas[i].code;
    }
    return rv_ok();
}

/* "2021-03", "2021" for a whole calendar year, else "2021-03..2022-02". */
static const char *bucket_label(struct arena *a, struct month_range r)
{
    char from[8], to[8];
    month_write(r.first, from);
    month_write(r.last, to);
    if (r.first == r.last) {
        return arena_printf(a, "%s", from);
    }
    if (r.first / 12 == r.last / 12 && r.first % 12 == 0 && r.last % 12 == 11) {
        return arena_printf(a, "%.4s", from);
    }
    return arena_printf(a, "%s..%s", from, to);
}

static rv_status axis_times(struct arena *a, struct axis_work *w, struct rv_err *reterr)
{
    struct cube_axis *axis = w->axis;
    axis->size = (uint32_t)axis->bucket_count + 1;
    axis->labels = ARENA_NEW(a, const char *, axis->size);
    if (!axis->labels) {
        return arena_fail(a, reterr);
    }
    axis->labels[0] = "not-recorded";
    w->months =
        (struct month_range){axis->buckets[0].first, axis->buckets[axis->bucket_count - 1].last};
    w->bucket_of = ARENA_NEW(a, uint32_t, (size_t)month_range_count(w->months) + 1);
    if (!w->bucket_of) {
        return arena_fail(a, reterr);
    }
    for (size_t b = 0; b < axis->bucket_count; b++) {
        struct month_range r = axis->buckets[b];
        axis->labels[b + 1] = strcmp(axis->name, "year") == 0 ? arena_printf(a, "%d", r.first / 12)
                                                              : bucket_label(a, r);
        if (!axis->labels[b + 1]) {
            return arena_fail(a, reterr);
        }
        for (int32_t m = r.first; m <= r.last; m++) {
            w->bucket_of[m - w->months.first + 1] = (uint32_t)b + 1;
        }
    }
    return rv_ok();
}

/* Labels of a category column: the closed vocabulary, or what the extracts' dictionaries hold. */
static rv_status axis_values(struct arena *a, struct axis_work *w, struct rv_err *reterr)
{
    struct cube_axis *axis = w->axis;
    axis->size = w->values.count ? w->values.count : 1;
    axis->labels = ARENA_NEW(a, const char *, axis->size);
    if (!axis->labels) {
        return arena_fail(a, reterr);
    }
    axis->labels[0] = "not-recorded";
    for (uint32_t c = 1; c < axis->size; c++) {
        struct text t = dictionary_text(&w->values, c);
        axis->labels[c] = arena_text(a, t.at, t.n);
        if (!axis->labels[c]) {
            return arena_fail(a, reterr);
        }
    }
    return rv_ok();
}

/* "under-18", "18-24", …, "65-plus" */
static rv_status axis_ages(struct arena *a, struct cube_axis *axis, struct rv_err *reterr)
{
    axis->size = (uint32_t)axis->age_count + 1;
    axis->labels = ARENA_NEW(a, const char *, axis->size);
    if (!axis->labels) {
        return arena_fail(a, reterr);
    }
    axis->labels[0] = "not-recorded";
    for (size_t b = 0; b < axis->age_count; b++) {
        bool is_last = b + 1 == axis->age_count;
        int from = axis->ages[b], to = is_last ? 0 : axis->ages[b + 1] - 1;
        axis->labels[b + 1] = is_last      ? arena_printf(a, "%d-plus", from)
                              : b == 0     ? arena_printf(a, "under-%d", to + 1)
                              : from == to ? arena_printf(a, "%d", from)
                                           : arena_printf(a, "%d-%d", from, to);
        if (!axis->labels[b + 1]) {
            return arena_fail(a, reterr);
        }
    }
    return rv_ok();
}

static rv_status axis_clock(struct arena *a, struct cube_axis *axis, struct rv_err *reterr)
{
    axis->size = 24 * 60 + 1;
    axis->labels = ARENA_NEW(a, const char *, axis->size);
    if (!axis->labels) {
        return arena_fail(a, reterr);
    }
    axis->labels[0] = "not-recorded";
    for (uint32_t m = 0; m < 24 * 60; m++) {
        axis->labels[m + 1] = arena_printf(a, "%02u:%02u", m / 60, m % 60);
        if (!axis->labels[m + 1]) {
            return arena_fail(a, reterr);
        }
    }
    return rv_ok();
}

/* "0", "1", …, "30-plus" */
static rv_status axis_late(struct arena *a, struct cube_axis *axis, struct rv_err *reterr)
{
    axis->size = CUBE_LATE + 2;
    axis->labels = ARENA_NEW(a, const char *, axis->size);
    if (!axis->labels) {
        return arena_fail(a, reterr);
    }
    axis->labels[0] = "not-recorded";
    for (uint32_t d = 0; d <= CUBE_LATE; d++) {
        axis->labels[d + 1] = arena_printf(a, d < CUBE_LATE ? "%u" : "%u-plus", d);
        if (!axis->labels[d + 1]) {
            return arena_fail(a, reterr);
        }
    }
    return rv_ok();
}

/* Codes of the caller, who knows what they mean: labels only where he gives them. */
static rv_status axis_given(struct arena *a, struct cube_axis *axis, struct rv_err *reterr)
{
    axis->size = axis->given_size;
    axis->labels = ARENA_NEW(a, const char *, axis->size);
    for (size_t c = 0; axis->labels && c < axis->closed_count && c < axis->size; c++) {
        axis->labels[c] = axis->closed[c];
    }
    return axis->labels ? rv_ok() : arena_fail(a, reterr);
}

rv_status axis_label(struct arena *a, struct axis_work *w, struct rv_err *reterr)
{
    size_t n = 0;
    const char *const *fixed = cube_fixed_labels(w->axis->kind, &n);
    switch (w->axis->kind) {
    case AXIS_VALUE:
    case AXIS_OUTCOME:
    case AXIS_PERSON:
        return axis_values(a, w, reterr);
    case AXIS_AREA:
        return axis_areas(a, w->axis, reterr);
    case AXIS_WITHIN:
        return axis_fixed(a, w->axis, INSIDE, 2, reterr);
    case AXIS_TIME:
        return axis_times(a, w, reterr);
    case AXIS_AGE:
        return axis_ages(a, w->axis, reterr);
    case AXIS_CLOCK:
        return axis_clock(a, w->axis, reterr);
    case AXIS_LATE:
        return axis_late(a, w->axis, reterr);
    case AXIS_GIVEN:
        return axis_given(a, w->axis, reterr);
    case AXIS_POINT:
        w->axis->size = 1; /* until points_collect knows them */
        return rv_ok();
    case AXIS_HOUR:
    case AXIS_USABLE:
    case AXIS_WEEKDAY:
    case AXIS_DAY_KIND:
    case AXIS_DELAY:
    case AXIS_WEAPON:
    case AXIS_FLAG:
    case AXIS_ETHNICITY:
    case AXIS_MATCH:
        return axis_fixed(a, w->axis, fixed, (uint32_t)n, reterr);
    }
    return rv_ok();
}

static bool lies_in(const struct cube_axis *axis, uint32_t code, const char *wanted)
{
    struct month_range r;
    return axis->kind == AXIS_TIME && code > 0 && month_range_parse(text_of(wanted), &r) &&
           axis->buckets[code - 1].first >= r.first && axis->buckets[code - 1].last <= r.last;
}

bool cube_is_wanted(const struct cube_axis *axis, uint32_t code)
{
    for (size_t i = 0; i < axis->wanted_count; i++) {
        if (strcmp(axis->labels[code], axis->wanted[i]) == 0 ||
            lies_in(axis, code, axis->wanted[i])) {
            return true;
        }
    }
    return axis->wanted_count == 0;
}

rv_status axis_keep(struct arena *a, struct axis_work *w, struct rv_err *reterr)
{
    const struct cube_axis *axis = w->axis;
    bool is_later = axis->kind == AXIS_POINT && !axis->labels;
    if (is_later || axis->keeps_all || (axis->wanted_count == 0 && !axis->is_placed_only)) {
        return rv_ok();
    }
    uint8_t *keep = ARENA_NEW(a, uint8_t, axis->size);
    if (!keep) {
        return arena_fail(a, reterr);
    }
    for (uint32_t c = 0; c < axis->size; c++) {
        bool is_wanted = axis->wanted_count > 0 && cube_is_wanted(axis, c);
        keep[c] = is_wanted || (axis->is_placed_only && c > 0);
    }
    w->keep = keep;
    return rv_ok();
}
