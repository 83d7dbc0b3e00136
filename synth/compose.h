/* synth/compose.h — the offences of one borough and their persons, so that all its tables hold.
 *
 * One attribute after the other is given to all records (assign.h); what an earlier step gave is
 * what the margins of a later one look at.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_COMPOSE_H
#define REEVE_SYNTH_COMPOSE_H

#include "synth/assign.h"
#include "synth/plan.h"

#include <assert.h>

struct venue {
    const char *name, *type;
    size_t ward; /* within the borough */
    int32_t lsoa;
};

struct records {
    const struct plan *plan;
    struct arena *a;
    uint64_t seed, number; /* of the borough and the layer: streams of their own */
    struct incident *incidents;
    size_t n;
    struct person *persons;
    size_t person_count;
    struct venue venues[TOP_PLACES];
    size_t venue_count;
    size_t extra_suspects[GROUPS]; /* beside the first of an offence */
};

/* Composes one layer of a borough; everything lives in `a`. `number` tells its random numbers
 * from those of the others. RV_REFUSED when a table cannot be met. */
RV_MUST_CHECK rv_status compose(struct arena *a, uint64_t seed, uint64_t number,
                                const struct plan *plan, struct records *ret,
                                struct rv_err *reterr);

/* The parts of it, in this order. */
RV_MUST_CHECK rv_status compose_offences(struct records *r, struct rv_err *reterr);
RV_MUST_CHECK rv_status compose_places(struct records *r, struct rv_err *reterr);
RV_MUST_CHECK rv_status compose_times(struct records *r, struct rv_err *reterr);
RV_MUST_CHECK rv_status compose_persons(struct records *r, struct rv_err *reterr);
RV_MUST_CHECK rv_status compose_identities(struct records *r, struct rv_err *reterr);

/* Steps number their dice; each is used once in a layer. */
enum compose_step {
    STEP_KIND,
    STEP_WARD,
    STEP_WEAPON,
    STEP_VENUE,
    STEP_LSOA,
    STEP_PLACE,
    STEP_HOUR,
    STEP_WEEKDAY,
    STEP_MONTH,
    STEP_SHIFT,
    STEP_EXTRA,
    STEP_VICTIM_SEX,
    STEP_VICTIM_AGE,
    STEP_SUSPECTS,
    STEP_SUSPECT_AGE,
    STEP_SUSPECT_SEX,
    STEP_VICTIM_ETHNICITY,
    STEP_SUSPECT_ETHNICITY,
    STEP_RELATIONSHIP,
    STEP_ACCUSED,
    COMPOSE_STEPS
};

static inline struct dice compose_dice(const struct records *r, enum compose_step step)
{
    return dice_start(r->seed, STREAM_COMPOSE, r->number * COMPOSE_STEPS + (uint64_t)step);
}

/* The person of an item of a step over persons, and the offence that the person belongs to. */
static inline const struct person *person_of(const void *records, size_t item)
{
    return &((const struct records *)records)->persons[item];
}

static inline const struct incident *incident_of(const void *records, size_t item)
{
    const struct records *r = records;
    return &r->incidents[r->persons[item].incident];
}

/* Margins gathered before a step; more than there is room for would be a fault of the program. */
#define MARGINS_MOST 48

struct margins {
    struct fit_margin list[MARGINS_MOST];
    size_t n;
};

static inline void margins_add(struct margins *m, struct fit_margin one)
{
    assert(m->n < MARGINS_MOST);
    m->list[m->n++] = one;
}

#endif
