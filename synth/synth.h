/* synth/synth.h — the synthetic London: what is made, and from what.
 *
 * Nothing here is real but the names, codes and rough places and sizes of the boroughs. The order
 * of making is geography, people, street, mps; each reads only what came before, so that a
 * generator of whole records can be added beside street without touching the rest.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_SYNTH_H
#define REEVE_SYNTH_SYNTH_H

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define SYNTH_NOTE "schematic, synthetic: no real boundary, place, person or event"

struct synth_options {
    const char *dir; /* made when it is not there */
    uint64_t seed;
    double scale; /* of the street rows and published tables; 1 = about 250,000 street rows */
    const char *targets; /* a target file; NULL = the set that is built in */
    double layers;       /* of record-level offences: 1 = exactly the targets; 0 = none */
    double thin;         /* share kept of what the detailed borough's profiles do not need */
    int64_t bench_rows;  /* > 0: only one street file of so many rows */
};

#define SYNTH_SEED  20240131
#define SYNTH_SMALL 0.08
#define SYNTH_THIN  0.02

/* Writes everything. RV_IO, RV_NO_MEMORY; files complete before a failure stay. */
RV_MUST_CHECK rv_status synth_run(const struct synth_options *options, struct rv_err *reterr);

#endif
