/* synth/health.c — assaults as the ambulance service and emergency departments see them.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "synth/dice.h"
#include "synth/minor.h"
#include "synth/names.h"
#include "synth/rows.h"
#include "synth/write.h"

#define DAY_SECONDS   INT64_C(86400)
#define ARRIVALS      720 /* in emergency departments, two years */
#define MISSING_MONTH 14  /* March 2022, counted from January 2021 */
#define PLACES        12  /* that patients name */
#define LEADING_PLACE 0.4 /* of the call-outs to the leading ward */

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

/* One place in the spellings of those who type it in. */
static void put_spelling(struct buf *out, struct dice *dice, const char *street)
{
    static const char *const town[4] = {"", " romford", " - Romford", " RM1 area"};
    static const char *const before[4] = {"", "outside pub ", "nr ", "in "};
    const char *prefix = before[dice_below(dice, 4)];
    bool is_upper = dice_below(dice, 4) == 0;
    bool is_lower = !is_upper && dice_below(dice, 3) == 0;
    buf_text(out, prefix);
    for (const char *at = street; *at; at++) {
        char c = *at;
        if (is_upper && c >= 'a' && c <= 'z') {
            c = (char)(c - 'a' + 'A');
        } else if (is_lower && c >= 'A' && c <= 'Z') {
            c = (char)(c - 'A' + 'a');
        }
        buf_char(out, c);
    }
    buf_text(out, town[dice_below(dice, 4)]);
}

static rv_status write_emergency(struct minor *m, struct rv_err *reterr)
{
    static const char *const methods[5] = {"body part", "body part", "blunt object", "sharp object",
                                           "other"};
    static const char *const types[5] = {"street", "public house", "home", "school", "other"};
    struct dice dice = dice_start(m->options->seed, STREAM_MINOR, 2);
    const char *places[PLACES];
    for (size_t k = 0; k < PLACES; k++) {
        places[k] = k == 0 ? "South Street" : name_street(m->a, dice_next(&dice), dice_next(&dice));
        if (!places[k]) {
            return arena_fail(m->a, reterr);
        }
    }
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, m->dir, "emergency-department.csv", reterr));
    buf_text(&w.text, "site_code,arrived_at,assault_at,assault_method,method_text,location_type,"
                      "location_text\n");
    for (int month = 0; month < 24; month++) {
        int year = (int)m->t->years[month / 12], number = month % 12 + 1;
        for (int k = 0; month != MISSING_MONTH && k < ARRIVALS / 24; k++) {
            int64_t at =
                moment(&dice, civil_days(year, number, 1), civil_month_days(year, number) - 1);
            int64_t arrived = at + 60 * (int64_t)(20 + dice_below(&dice, 300));
            const char *method = methods[dice_below(&dice, 5)];
            buf_printf(&w.text, "SYN%02zu,", 1 + dice_below(&dice, 2));
            put_minute(&w.text, civil_is_skipped(arrived) ? arrived + 3600 : arrived);
            buf_char(&w.text, ',');
            put_minute(&w.text, at);
            buf_printf(&w.text, ",%s,%s,%s,", method, method[0] == 'o' ? "thrown object" : "",
                       types[dice_below(&dice, 5)]);
            double skew = dice_unit(&dice);
            put_spelling(&w.text, &dice, places[(size_t)(skew * skew * PLACES)]);
            buf_char(&w.text, '\n');
            m->faults->count[FAULT_FREE_TEXT]++;
        }
    }
    m->faults->count[FAULT_MISSING_MONTH]++;
    return write_close(&w, reterr);
}

rv_status health_write(struct minor *m, struct rv_err *reterr)
{
    RV_TRY(write_ambulance(m, reterr));
    return write_emergency(m, reterr);
}
