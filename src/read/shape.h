/* read/shape.h — what every reader of boundary files gives: properties and rings.
 *
 * No meaning and no projection: coordinates as they stand, with the coordinate reference system
 * that the file declares.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_SHAPE_H
#define REEVE_READ_SHAPE_H

#include "base/text.h"

#include <stdint.h>

/* What the person says of a file that the file does not say itself. NULL = nothing. */
struct boundary_options {
    const char *table;    /* of a GeoPackage that holds several */
    const char *encoding; /* of a shapefile's attributes: overrules its .cpg */
    const char *crs;      /* "EPSG:27700", "EPSG:4326": only for a file that declares none */
};

struct shape_ring {
    double *xy; /* points pairs, closed (first = last) */
    uint32_t points;
    uint32_t polygon; /* rings of one polygon share a number; the first of them is its shell */
};

struct shape_feature {       /* ring_count 0: the file has it without a boundary */
    struct text *properties; /* one a property name, empty when absent or null */
    struct shape_ring *rings;
    uint32_t ring_count, polygon_count;
};

struct shape_file {              /* lives in the arena */
    const char **property_names; /* in order of first appearance */
    uint32_t property_count;
    struct shape_feature *features;
    uint32_t count;
    const char *crs; /* "EPSG:4326", "EPSG:27700", another as declared; "none" = not declared */
};

#endif
