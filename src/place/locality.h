/* place/locality.h — named sets of areas (localities) as shapes: the union of their members.
 *
 * Private to src/place. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_LOCALITY_H
#define REEVE_PLACE_LOCALITY_H

#include "place/areas.h"
#include "place/geometry.h"

/* Reads a table of members (one row an area: its code, the locality's name) and gives each
 * locality as a feature in British National Grid metres, both of whose properties are its name.
 * The encoding and separator of the table are found from its bytes.
 * RV_INVALID, with file and line, for a column that is not there, an empty cell, a code that
 * `members` does not have, an area in two localities or twice in one. */
RV_MUST_CHECK rv_status locality_read(struct store *s, struct arena *a, struct geos *g,
                                      const char *path, const struct areas_options *options,
                                      const struct layer *members, struct shape_file *ret,
                                      char *sha256, struct rv_err *reterr);

#endif
