/* synth/street.h — files in the layout of police.uk street-level crime.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_STREET_H
#define REEVE_SYNTH_STREET_H

#include "synth/crime.h"
#include "synth/synth.h"

/* One file a month in `dir`/street; August 2021 goes to `dir`/street-missing. */
RV_MUST_CHECK rv_status street_write(const struct synth_options *options, const struct geography *g,
                                     const struct crime *c, struct arena *a, struct rv_err *reterr);

/* `dir`/bench-street.csv with options->bench_rows rows over all months, in one stream. */
RV_MUST_CHECK rv_status street_write_bench(const struct synth_options *options,
                                           const struct geography *g, const struct crime *c,
                                           struct arena *a, struct rv_err *reterr);

#endif
