/* place/project.h — WGS84 to British National Grid by one pinned PROJ pipeline.
 *
 * Thread-compatible: one projector per thread. The pipeline is written out (7-parameter Helmert,
 * EPSG:1314, 2 m; with the OSTN15 grid when PROJ has it, 0.1 m), never left to PROJ's choice.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_PROJECT_H
#define REEVE_PLACE_PROJECT_H

#include <stdbool.h>

#include "base/status.h"

struct projector;
RV_MUST_CHECK rv_status projector_open(struct projector **ret, struct rv_err *reterr);
void projector_close(struct projector *p);
void projector_closep(struct projector **p);
const char *projector_pipeline(const struct projector *p);
double projector_accuracy_m(const struct projector *p);

/* longitude, latitude in degrees to easting, northing in metres. False (and nothing written)
 * outside the area of use: longitude -9 to 3, latitude 49 to 61.5. */
bool project_to_grid(struct projector *p, double longitude, double latitude, double *easting,
                     double *northing);
/* The way back, for maps on the web and exports. */
bool project_to_wgs84(struct projector *p, double easting, double northing, double *longitude,
                      double *latitude);

#endif
