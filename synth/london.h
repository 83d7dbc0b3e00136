/* synth/london.h — the record-level extracts of all boroughs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_LONDON_H
#define REEVE_SYNTH_LONDON_H

#include "synth/faults.h"
#include "synth/plan.h"
#include "synth/rows.h"
#include "synth/synth.h"

/* Somebody who may be met again; key 0 = nobody yet. */
#define SEEN_PEOPLE 16384
struct seen_person {
    uint64_t key, ref;
    uint32_t serial; /* of the offence */
};

/* What turns records of one borough and layer into rows. */
struct scene {
    const struct plan *plan;
    const struct geography *g;
    uint64_t seed, number; /* of borough and layer: streams of their own */
    size_t layer;
    double keep_catalogue, keep_others; /* shares of the offences that are written */
    struct extracts *x;
    struct faults *faults;
    struct dice dice;
    uint32_t serial;          /* of the next offence */
    char lesser[ID_BYTES];    /* the last offence that is violence, but not serious */
    struct seen_person *seen; /* [SEEN_PEOPLE] */
};

/* offences-YEAR.csv, persons-YEAR.csv and outcomes.csv in `dir`: all boroughs, options->layers
 * times over. Memory: one borough at a time. RV_REFUSED when a table cannot be met. */
RV_MUST_CHECK rv_status london_write(const struct synth_options *options, const struct targets *t,
                                     const struct geography *g, struct arena *a,
                                     struct faults *faults, struct rv_err *reterr);

/* Writes a composed offence and its persons. */
struct records;
void scene_put_composed(struct scene *s, const struct records *r, size_t item);

/* All that is not composed: counts by kind and year, drawn one by one. */
#define OTHER_KINDS 20
struct others {
    int64_t left[TWO_YEARS][OTHER_KINDS];
    int64_t domestic[TWO_YEARS]; /* still to be flagged */
    int64_t excluded[TWO_YEARS]; /* still to be flagged as terrorism */
    int64_t total;
};
void others_plan(const struct plan *p, struct others *ret);
void scene_put_other(struct scene *s, struct others *o);

/* Shared by the two. */
void scene_set_place(struct scene *s, struct offence_row *o, size_t lsoa, uint64_t point);
void scene_set_identity(struct scene *s, struct offence_row *o);
bool clock_skips(int64_t seconds); /* a London time that was never shown */
const char *scene_ethnicity(struct scene *s, enum ethnicity e);
const char *scene_observed(struct scene *s, enum ethnicity e);

#endif
