/* synth/compose_times.c — hour and delay, weekday, month.
 *
 * The year of an offence is that of its record; hour, weekday and month are of its commission.
 * Sexual offences recorded late may be recorded in another month than they were committed in, but
 * as many move on from each month as from any other: both ways of counting months agree.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/compose.h"

#define SLOTS       (HOURS + 1) /* the hours, and exactly 00:01 */
#define SHIFTS      6           /* months from commission to record */
#define SHIFT_SHARE 0.5         /* of the late offences of the month with fewest of them */

/* ---- hour and delay ---- */

static int64_t region_key(const void *context, size_t item)
{
    return ((const struct records *)context)->incidents[item].region;
}

static uint64_t all_marks(const void *context, size_t item)
{
    return incident_marks(&((const struct records *)context)->incidents[item]);
}

/* Values: recorded within seven days, then late; each by hour, and 00:01 last. */
static double hour_weight(const void *context, size_t item, size_t value)
{
    const struct records *r = context;
    const struct targets *t = r->plan->t;
    size_t region = r->incidents[item].region;
    region = region == REGION_NONE ? REGION_U : region;
    size_t late = value / SLOTS, hour = value % SLOTS;
    return (double)(hour == AT_0001 ? t->at_0001[region][late] : t->hours[region][late][hour]);
}

static void hour_set(void *context, size_t item, size_t value)
{
    struct incident *i = &((struct records *)context)->incidents[item];
    i->is_late = (uint8_t)(value / SLOTS);
    i->hour = (uint8_t)(value % SLOTS);
}

/* ---- weekday ---- */

static double weekday_weight(const void *context, size_t item, size_t value)
{
    const struct records *r = context;
    const struct targets *t = r->plan->t;
    bool is_sexual = region_is_sv(r->incidents[item].region);
    return (double)(is_sexual ? t->weekday_sv[value] : t->weekday_da[value]);
}

static void weekday_set(void *context, size_t item, size_t value)
{
    ((struct records *)context)->incidents[item].weekday = (uint8_t)value;
}

/* ---- month ---- */

static int64_t month_key(const void *context, size_t item)
{
    const struct incident *i = &((const struct records *)context)->incidents[item];
    return i->region * TWO_YEARS + i->year;
}

static double month_weight(const void *context, size_t item, size_t value)
{
    static const double mild[12] = {77, 72, 83, 82, 87, 88, 89, 86, 84, 87, 84, 81};
    const struct records *r = context;
    bool is_sexual = region_is_sv(r->incidents[item].region);
    return is_sexual ? (double)r->plan->t->month_sv[value] : mild[value];
}

static void month_set(void *context, size_t item, size_t value)
{
    ((struct records *)context)->incidents[item].month = (uint8_t)value;
}

static const int16_t as_it_is[2 * SLOTS] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

static rv_status give(struct records *r, struct step step, enum compose_step number,
                      const struct fit_margin *margins, size_t margin_count, struct rv_err *reterr)
{
    struct dice dice = compose_dice(r, number);
    step.context = r;
    step.items = r->n;
    step.marks = all_marks;
    step.margins = margins;
    step.margin_count = r->plan->is_detailed ? margin_count : 0;
    return assign(r->a, &step, &dice, reterr);
}

/* ---- months of record ---- */

/* From each month the same number of late sexual offences move on by 1, 2 … months. */
static void shift_months(struct records *r, size_t *order)
{
    struct dice dice = compose_dice(r, STEP_SHIFT);
    size_t late[12] = {0}, least = r->n, moved[12] = {0}, steps[SHIFTS + 1] = {0};
    for (size_t k = 0; k < r->n; k++) {
        const struct incident *i = &r->incidents[k];
        order[k] = k;
        late[i->month] += region_is_sv(i->region) && i->is_late;
    }
    for (size_t m = 0; m < 12; m++) {
        least = late[m] < least ? late[m] : least;
    }
    for (size_t s = 1; s <= SHIFTS; s++) {
        double share = s == 1 ? 0.45 : s == 2 ? 0.2 : 0.35 / (SHIFTS - 2);
        steps[s] = steps[s - 1] + (size_t)(SHIFT_SHARE * share * (double)least);
    }
    dice_shuffle(&dice, order, r->n);
    for (size_t k = 0; k < r->n; k++) {
        struct incident *i = &r->incidents[order[k]];
        if (!region_is_sv(i->region) || !i->is_late || moved[i->month] >= steps[SHIFTS]) {
            continue;
        }
        size_t s = 1, at = moved[i->month]++;
        while (at >= steps[s]) {
            s++;
        }
        i->shift = (uint8_t)s;
    }
}

rv_status compose_times(struct records *r, struct rv_err *reterr)
{
    const struct targets *t = r->plan->t;
    struct step hours = {.name = "the hour",
                         .values = 2 * (size_t)SLOTS,
                         .key = region_key,
                         .weight = hour_weight,
                         .set = hour_set};
    RV_TRY(give(r, hours, STEP_HOUR, NULL, 0, reterr));
    const struct fit_margin days[] = {{"weekday_da", MARK_DA, as_it_is, 7, t->weekday_da, false},
                                      {"weekday_sv", MARK_SV, as_it_is, 7, t->weekday_sv, false}};
    struct step weekdays = {.name = "the weekday",
                            .values = 7,
                            .key = region_key,
                            .weight = weekday_weight,
                            .set = weekday_set};
    RV_TRY(give(r, weekdays, STEP_WEEKDAY, days, 2, reterr));
    const struct fit_margin margin = {"month_sv", MARK_SV, as_it_is, 12, t->month_sv, false};
    struct step months = {.name = "the month",
                          .values = 12,
                          .key = month_key,
                          .weight = month_weight,
                          .set = month_set};
    RV_TRY(give(r, months, STEP_MONTH, &margin, 1, reterr));
    size_t *order = ARENA_NEW(r->a, size_t, r->n + 1);
    if (!order) {
        return arena_fail(r->a, reterr);
    }
    shift_months(r, order);
    return rv_ok();
}
