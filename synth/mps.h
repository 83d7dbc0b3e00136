/* synth/mps.h — wide monthly tables in the layout of the Metropolitan Police's dashboard data.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_MPS_H
#define REEVE_SYNTH_MPS_H

#include "synth/crime.h"
#include "synth/synth.h"

/* mps-borough-level-crime.csv, and mps-ward-level-crime.csv on the wards of 2018. */
RV_MUST_CHECK rv_status mps_write(const struct synth_options *options, const struct geography *g,
                                  const struct crime *c, struct arena *a, struct rv_err *reterr);

#endif
