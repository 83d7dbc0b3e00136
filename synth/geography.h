/* synth/geography.h — 32 boroughs, two generations of wards and the LSOAs that make them all up.
 *
 * A lattice of six-sided cells with shaken corners, drawn together towards the middle as London's
 * areas are. Corners are shared by number, so unions of cells meet without gaps. Positions are
 * whole decimetres of the British National Grid.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_GEOGRAPHY_H
#define REEVE_SYNTH_GEOGRAPHY_H

#include "base/arena.h"
#include "base/status.h"
#include "synth/havering.h"
#include "synth/random.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BOROUGHS     32
#define CELL_CORNERS 6

struct place_dm { /* decimetres east and north */
    int32_t e, n;
};

struct borough {
    const char *code, *name;
    double east_km, north_km; /* where it lies, roughly */
    int thousands;            /* residents, to the nearest 10,000 */
    int wards_2018, wards_2022;
    bool is_rewarded;    /* its wards changed in 2022; otherwise both vintages are the same */
    size_t first, count; /* its LSOAs */
};

struct ward {
    char code[10]; /* E0599xxxx */
    const char *name;
    size_t borough;
};

struct lsoa {
    char code[10]; /* E0199xxxx */
    const char *name;
    size_t borough, ward_2018, ward_2022;
    size_t corners[CELL_CORNERS];     /* anticlockwise */
    int64_t neighbours[CELL_CORNERS]; /* across the side from corner i to i + 1; -1 = outside */
    double x, y;                      /* of its middle on the lattice */
    struct place_dm middle;
    double from_centre; /* 0 in the middle of London .. 1 at the edge */
};

struct geography {
    struct borough boroughs[BOROUGHS];
    struct lsoa *lsoas; /* by borough, then by ward of 2022 */
    size_t lsoa_count;
    struct ward *wards_2018, *wards_2022; /* by borough */
    size_t ward_2018_count, ward_2022_count;
    struct place_dm *corners;
    size_t corner_count;
};

/* Lives in `a`. */
RV_MUST_CHECK rv_status geography_make(struct arena *a, uint64_t seed, struct geography *ret,
                                       struct rv_err *reterr);

/* WGS84 degrees of a National Grid position, by the Ordnance Survey's formulae and the published
 * seven parameters: within 2 m of the exact transformation in London. */
void geography_degrees(double east_m, double north_m, double *ret_longitude, double *ret_latitude);

/* A place well inside an LSOA, in metres, from three of the random numbers. */
void geography_point(const struct geography *g, size_t lsoa, struct draws d, double *ret_east_m,
                     double *ret_north_m);

enum area_kind { AREA_BOROUGH, AREA_WARD_2018, AREA_WARD_2022, AREA_LSOA };

/* boundaries-*.geojson in `dir`. */
RV_MUST_CHECK rv_status geography_write(const struct geography *g, struct arena *a, const char *dir,
                                        struct rv_err *reterr);

#endif
