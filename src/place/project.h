/* place/project.h — WGS84 to British National Grid by one pinned PROJ pipeline.
 *
 * Thread-compatible: one projector per thread. The pipeline is written out (7-parameter Helmert,
 * EPSG:1314, 2 m; with the OSTN15 grid when PROJ has it, 0.1 m), never left to PROJ's choice, and
 * PROJ never goes to the network. WGS84 and ETRS89 are taken as the same: they differ by less
 * than a metre, and police.uk coordinates are snapped to street centres anyway.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_PROJECT_H
#define REEVE_PLACE_PROJECT_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct projector;

/* Opens the OSTN15 pipeline when PROJ holds uk_os_OSTN15_NTv2_OSGBtoETRS.tif, else Helmert.
 * RV_NO_MEMORY, RV_IO when PROJ can set up neither. */
RV_MUST_CHECK rv_status projector_open(struct projector **ret, struct rv_err *reterr);
void projector_close(struct projector *p); /* NULL allowed */
void projector_closep(struct projector **p);
const char *projector_pipeline(const struct projector *p); /* static text, as given to PROJ */
double projector_accuracy_m(const struct projector *p);    /* 0.1 or 2 */

/* longitude, latitude in degrees to easting, northing in metres. False (and nothing written)
 * outside the area of use: longitude -9 to 3, latitude 49 to 61.5 (and, with OSTN15, outside its
 * grid).
 *
 * Source:  EPSG:1314 (parameters), EPSG:27700 (projection); OS, A Guide to Coordinate Systems
 *          in Great Britain, section 6.6.
 * Checked: tests/place/test_project.c: OS's published OSTN15 points and PROJ's own pipeline.
 * Cost:    0.5 us. */
bool project_to_grid(struct projector *p, double longitude, double latitude, double *easting,
                     double *northing);
/* The way back, for maps on the web and exports. False outside the same area. */
bool project_to_wgs84(struct projector *p, double easting, double northing, double *longitude,
                      double *latitude);

/* project_to_grid for n pairs, rounded to the nearest millimetre (half away from zero), each
 * distinct pair projected once: the projector remembers what it has seen (at most 8 MB, then it
 * forgets everything), also from call to call. Recorded coordinates are snapped to few places, so
 * this is several times faster than PROJ.
 *
 *   longitude, latitude      [n] degrees; NaN counts as outside
 *   easting_mm, northing_mm  [n] written; 0 and 0 outside the area of use
 *   inside                   [n] 1 = projected, 0 = outside the area of use
 *
 * Returns how many are inside. Running out of memory costs speed only. */
size_t project_many(struct projector *p, size_t n, const double *longitude, const double *latitude,
                    int64_t *easting_mm, int64_t *northing_mm, uint8_t *inside);

#endif
