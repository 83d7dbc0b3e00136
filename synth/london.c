/* synth/london.c — borough after borough, layer after layer; and a few rows that are wrong.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/london.h"

#include "synth/compose.h"

#include <math.h>

/* Composed offences in an order of chance among the others. */
static rv_status put_borough(struct scene *s, const struct records *r, struct rv_err *reterr)
{
    struct others o;
    others_plan(s->plan, &o);
    size_t *order = ARENA_NEW(r->a, size_t, r->n + 1), at = 0;
    if (!order) {
        return arena_fail(r->a, reterr);
    }
    for (size_t k = 0; k < r->n; k++) {
        order[k] = k;
    }
    dice_shuffle(&s->dice, order, r->n);
    for (size_t written = 0; at < r->n || o.total > 0; written++) {
        size_t left = r->n - at;
        if (left > 0 && dice_below(&s->dice, left + (size_t)o.total) < left) {
            if (s->keep_catalogue >= 1 || dice_unit(&s->dice) < s->keep_catalogue) {
                scene_put_composed(s, r, order[at]);
            } else {
                s->serial++;
            }
            at++;
        } else {
            scene_put_other(s, &o);
        }
        if (written % 4096 == 0) {
            RV_TRY(extracts_flush(s->x, reterr));
        }
    }
    return rv_ok();
}

/* ---- rows that are wrong on purpose, at the end of the second year's files ---- */

static void put_outside(struct extracts *x, const char *borough, struct faults *f)
{
    for (uint32_t k = 0; k < 3; k++) {
        struct offence_row o = {.recorded = civil_days(2022, 6, 1) + (int32_t)k,
                                .from = NO_TIME,
                                .to = NO_TIME,
                                .code = "34A",
                                .group = "business-robbery",
                                .category = "Robbery",
                                .flags = "",
                                .weapon_use = "",
                                .has_place = true,
                                .east_m = 430000 + (int32_t)k,
                                .north_m = 430000,
                                .precision = "exact",
                                .lsoa = "",
                                .ward = "",
                                .borough = borough,
                                .venue_type = "",
                                .venue = "",
                                .outcome = "no-suspect"};
        offence_id(o.id, 97, 0, k);
        put_offence(x, 1, &o);
        f->count[FAULT_OUTSIDE]++;
    }
}

static void put_twice(struct extracts *x, struct faults *f)
{
    for (uint32_t k = 0; k < 4; k++) {
        struct offence_row o = {.recorded = civil_days(2022, 7, 1) + (int32_t)k,
                                .from = NO_TIME,
                                .to = NO_TIME,
                                .code = "44",
                                .group = "theft",
                                .category = "Theft",
                                .flags = "",
                                .weapon_use = "",
                                .has_place = true,
                                .east_m = 430000,
                                .north_m = 430000 + (int32_t)k,
                                .precision = "exact",
                                .lsoa = "",
                                .ward = "",
                                .borough = "",
                                .venue_type = "",
                                .venue = "",
                                .outcome = "open"};
        offence_id(o.id, 96, 0, k);
        put_offence(x, 1, &o);
        put_offence(x, 1, &o);
        f->count[FAULT_OUTSIDE]++;
        f->count[FAULT_DUPLICATE]++;
    }
}

static void put_bad(struct extracts *x, struct faults *f)
{
    static const char *const rows[] = {
        "SYNBAD0000001,2022-02-31,,,5D,gbh,Violence with Injury,,,,,,,,,,,,open,,synthetic\n",
        "SYNBAD0000002,2022-03-28,2022-03-27T01:30,,5D,gbh,Violence with Injury,,,,,,,,,,,,open,,"
        "synthetic\n",
        "SYNBAD0000003,2022-04-01,,,5D,gbh,Violence with Injury,,,,not known,180000,,,,,,,open,,"
        "synthetic\n",
        "SYNBAD0000004,,,,5D,gbh,Violence with Injury,,,,,,,,,,,,open,,synthetic\n",
        "SYNBAD0000005,2022-04-01,,,5D,gbh,Violence with "
        "Injury,,,,,,,,,,,,open,,synthetic,extra\n"};
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        buf_text(&x->offences[1].text, rows[k]);
        f->count[FAULT_BAD_ROW]++;
    }
    buf_text(&x->persons[1].text, "SYNBAD0000001,bystander,P00000000001,30,,male,W1,,\n"
                                  "SYNBAD0000003,victim,P00000000002,-4,,male,W1,,\n");
    f->count[FAULT_BAD_PERSON] += 2;
    buf_text(&x->persons[1].text, "SYNBAD0000009,victim,P00000000003,30,,male,W1,,\n"
                                  "SYNBAD0000009,suspect,P00000000004,31,,male,W1,IC1,\n");
    f->count[FAULT_ORPHAN] += 2;
}

static rv_status write_layers(const struct synth_options *options, const struct plan *plans,
                              struct extracts *x, struct arena *a, struct faults *faults,
                              struct rv_err *reterr)
{
    size_t layers = (size_t)ceil(options->layers);
    for (size_t layer = 0; layer < layers; layer++) {
        double share = fmin(1, options->layers - (double)layer);
        for (size_t b = 0; b < BOROUGHS; b++) {
            struct arena_mark mark = arena_mark(a);
            struct records r;
            const struct plan *p = &plans[b];
            uint64_t number = layer * BOROUGHS + b;
            RV_TRY(compose(a, options->seed, number, p, &r, reterr));
            struct scene s = {.plan = p,
                              .g = p->g,
                              .seed = options->seed,
                              .number = number,
                              .layer = layer,
                              .keep_catalogue = p->is_detailed ? share : share * options->thin,
                              .keep_others = share * options->thin,
                              .x = x,
                              .faults = faults,
                              .dice = dice_start(options->seed, STREAM_OTHERS, number)};
            s.seen = ARENA_NEW(a, struct seen_person, SEEN_PEOPLE);
            RV_TRY(s.seen ? put_borough(&s, &r, reterr) : arena_fail(a, reterr));
            arena_release(a, mark);
        }
    }
    return rv_ok();
}

rv_status london_write(const struct synth_options *options, const struct targets *t,
                       const struct geography *g, struct arena *a, struct faults *faults,
                       struct rv_err *reterr)
{
    struct plan *plans;
    RV_TRY(plan_all(a, options->seed, t, g, &plans, reterr));
    RV_CLEANUP(extracts_abandon) struct extracts x;
    RV_TRY(extracts_open(&x, options->dir, t->years, reterr));
    RV_TRY(write_layers(options, plans, &x, a, faults, reterr));
    put_outside(&x, HAVERING_CODE, faults);
    put_twice(&x, faults);
    put_bad(&x, faults);
    return extracts_close(&x, reterr);
}
