/* synth/health.c — assaults as the ambulance service and emergency departments see them.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "synth/dice.h"
#include "synth/minor.h"
#include "synth/names.h"
#include "synth/places.h"
#include "synth/rows.h"
#include "synth/write.h"

#include <stdio.h>
#include <string.h>

#define DAY_SECONDS   INT64_C(86400)
#define ARRIVALS      2400 /* in emergency departments, two years */
#define MISSING_MONTH 14   /* March 2022, counted from January 2021 */
#define LEADING_PLACE 0.4  /* of the call-outs to the leading ward */

static const double hours[24] = {7,   6,   5, 4, 3, 2, 1.5, 1.5, 2,   2, 2.5, 3,
                                 3.5, 3.5, 4, 5, 5, 5, 5.5, 6,   6.5, 7, 8,   8};

static int64_t moment(struct dice *dice, int32_t first, int32_t days)
{
    int64_t day = first + (int32_t)dice_below(dice, (size_t)days);
    int64_t at = day * DAY_SECONDS + 3600 * (int64_t)dice_choose(dice, hours, 24) +
                 60 * (int64_t)dice_below(dice, 60);
    return civil_is_skipped(at) ? at + 3600 : at;
}

/* ---- ambulance ---- */

struct call {
    size_t year, ward;
    const char *injury;
};

/* Years, wards and injuries each by their own count, matched by chance. */
static rv_status make_calls(struct minor *m, struct dice *dice, struct call **ret, size_t *ret_n,
                            struct rv_err *reterr)
{
    const struct targets *t = m->t;
    size_t n = (size_t)(t->las_year[0] + t->las_year[1]), at = 0;
    struct call *calls = ARENA_NEW(m->a, struct call, n + 1);
    size_t *order = ARENA_NEW(m->a, size_t, n + 1);
    if (!calls || !order) {
        return arena_fail(m->a, reterr);
    }
    for (size_t w = 0; w < HAVERING_WARDS_2018; w++) {
        for (int64_t k = 0; k < t->las_ward[w]; k++) {
            order[at] = at;
            calls[at++].ward = w;
        }
    }
    dice_shuffle(dice, order, n);
    for (size_t k = 0; k < n; k++) {
        calls[order[k]].year = k >= (size_t)t->las_year[0];
    }
    dice_shuffle(dice, order, n);
    for (size_t k = 0; k < n; k++) {
        bool is_minor = k < (size_t)t->las_minor, is_head = k < (size_t)t->las_head;
        calls[order[k]].injury = is_head                    ? "minor head wound"
                                 : is_minor                 ? "minor wound"
                                 : dice_below(dice, 4) == 0 ? "serious"
                                                            : "none recorded";
    }
    *ret = calls;
    *ret_n = n;
    return rv_ok();
}

static size_t leading_ward(const struct targets *t)
{
    size_t best = 0;
    for (size_t w = 1; w < HAVERING_WARDS_2018; w++) {
        best = t->las_ward[w] > t->las_ward[best] ? w : best;
    }
    return best;
}

static rv_status write_ambulance(struct minor *m, struct rv_err *reterr)
{
    static const char *const bands[6] = {"10-17", "18-24", "25-34", "35-49", "50-64", "65+"};
    static const double ages[6] = {0.14, 0.24, 0.26, 0.2, 0.11, 0.05};
    static const char *const kinds[4] = {"assault", "assault", "assault", "stab"};
    struct dice dice = dice_start(m->options->seed, STREAM_MINOR, 1);
    struct call *calls = NULL;
    size_t n = 0, lead = leading_ward(m->t);
    RV_TRY(make_calls(m, &dice, &calls, &n, reterr));
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, m->dir, "ambulance.csv", reterr));
    buf_text(&w.text, "incident_id,called_at,ward_code,place,category,injury,age_band,sex\n");
    for (size_t k = 0; k < n; k++) {
        int year = (int)m->t->years[calls[k].year];
        int32_t first = civil_days(year, 1, 1), days = civil_days(year + 1, 1, 1) - first;
        buf_printf(&w.text, "LAS%06zu,", k + 1);
        put_minute(&w.text, moment(&dice, first, days));
        const char *place = calls[k].ward == lead && dice_unit(&dice) < LEADING_PLACE
                                ? "South Street"
                                : name_street(m->a, dice_next(&dice), dice_next(&dice));
        buf_printf(&w.text, ",%s,%s,%s,%s,%s,%s\n", havering_wards_2018[calls[k].ward].code,
                   place ? place : "", kinds[dice_below(&dice, 4) / (1 + dice_below(&dice, 3))],
                   calls[k].injury, bands[dice_choose(&dice, ages, 6)],
                   dice_unit(&dice) < 0.04   ? ""
                   : dice_unit(&dice) < 0.68 ? "male"
                                             : "female");
        m->faults->count[FAULT_OLD_WARDS_ONLY]++;
    }
    return write_close(&w, reterr);
}

/* ---- emergency departments ---- */

/* The truth about one row: never imported, only compared with what is found. */
static void put_truth(struct writer *w, const struct minor *m, size_t line, const struct told *told)
{
    bool says_town = strcmp(told->form, "town") == 0;
    const struct lsoa *l = told->place ? &m->g->lsoas[told->place->lsoa] : NULL;
    buf_printf(&w->text, "%zu,%s,%s,%s,%s,%s,%s\n", line, told->form, l ? l->code : "",
               l ? m->g->wards_2018[l->ward_2018].code : "",
               l ? m->g->wards_2022[l->ward_2022].code : "",
               l ? m->g->boroughs[l->borough].code : "",
               told->place && told->place->is_listed && !says_town ? "yes" : "no");
}

static void put_arrival(struct writer *w, struct dice *dice, int64_t at, const struct told *told)
{
    static const char *const methods[5] = {"body part", "body part", "blunt object", "sharp object",
                                           "other"};
    int64_t arrived = at + 60 * (int64_t)(20 + dice_below(dice, 300));
    const char *method = methods[dice_below(dice, 5)];
    buf_printf(&w->text, "SYN%02zu,", 1 + dice_below(dice, 2));
    put_minute(&w->text, civil_is_skipped(arrived) ? arrived + 3600 : arrived);
    buf_char(&w->text, ',');
    put_minute(&w->text, at);
    buf_printf(&w->text, ",%s,%s,%s,", method, method[0] == 'o' ? "thrown object" : "",
               told->location_type);
    buf_csv(&w->text, text_of(told->text));
    buf_char(&w->text, '\n');
}

static rv_status write_emergency(struct minor *m, const struct places *places,
                                 struct rv_err *reterr)
{
    struct dice dice = dice_start(m->options->seed, STREAM_MINOR, 2);
    struct dice pens = dice_start(m->options->seed, STREAM_MINOR, 42);
    char truth_dir[1024];
    (void)snprintf(truth_dir, sizeof truth_dir, "%.980s/truth", m->options->dir);
    RV_CLEANUP(write_abandon) struct writer w;
    RV_CLEANUP(write_abandon) struct writer truth = {.file = NULL};
    RV_TRY(write_open(&w, m->dir, "emergency-department.csv", reterr));
    RV_TRY(write_open(&truth, truth_dir, "emergency-department.csv", reterr));
    buf_text(&w.text, "site_code,arrived_at,assault_at,assault_method,method_text,location_type,"
                      "location_text\n");
    buf_text(&truth.text, "line,form,lsoa_code,ward_2018,ward_2022,borough_code,listed\n");
    size_t line = 2;
    for (int month = 0; month < 24; month++) {
        int year = (int)m->t->years[month / 12], number = month % 12 + 1;
        for (int k = 0; month != MISSING_MONTH && k < ARRIVALS / 24; k++) {
            struct told told;
            int64_t at =
                moment(&dice, civil_days(year, number, 1), civil_month_days(year, number) - 1);
            places_tell(places, &pens, &told);
            put_arrival(&w, &dice, at, &told);
            put_truth(&truth, m, line++, &told);
            m->faults->count[FAULT_FREE_TEXT]++;
        }
    }
    m->faults->count[FAULT_MISSING_MONTH]++;
    RV_TRY(write_close(&truth, reterr));
    return write_close(&w, reterr);
}

rv_status health_write(struct minor *m, struct rv_err *reterr)
{
    struct places places;
    RV_TRY(write_ambulance(m, reterr));
    RV_TRY(places_make(m, &places, reterr));
    RV_TRY(places_write(m, &places, reterr));
    return write_emergency(m, &places, reterr);
}
