/* synth/minor.h — the smaller sources: health, transport, searches, services, statistics, surveys.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_MINOR_H
#define REEVE_SYNTH_MINOR_H

#include "synth/faults.h"
#include "synth/synth.h"
#include "synth/targets.h"

struct minor {
    const struct synth_options *options;
    const struct targets *t;
    const struct geography *g;
    struct arena *a;
    struct faults *faults;
    char dir[1000]; /* `dir`/partners */
};

/* ambulance.csv, on the wards of 2018, and emergency-department.csv, without one month. */
RV_MUST_CHECK rv_status health_write(struct minor *m, struct rv_err *reterr);

/* transport.csv: buses and stations. */
RV_MUST_CHECK rv_status transport_write(struct minor *m, struct rv_err *reterr);

/* stop-search.csv, cohort.csv and referrals.csv. */
RV_MUST_CHECK rv_status services_write(struct minor *m, struct rv_err *reterr);

/* indicators.csv, weights.csv and calendar.csv. */
RV_MUST_CHECK rv_status statistics_write(struct minor *m, struct rv_err *reterr);

/* Two surveys with their codebooks, in `dir`/surveys. */
RV_MUST_CHECK rv_status surveys_write(struct minor *m, struct rv_err *reterr);

/* localities-2022.csv and localities-2018.csv in `dir`: named sets of wards. */
RV_MUST_CHECK rv_status localities_write(struct minor *m, struct rv_err *reterr);

/* All of it. */
RV_MUST_CHECK rv_status minor_write(const struct synth_options *options, const struct targets *t,
                                    const struct geography *g, struct arena *a,
                                    struct faults *faults, struct rv_err *reterr);

#endif
