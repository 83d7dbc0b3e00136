/* read/shapefile.h — a shapefile: shapes of .shp by the index of .shx, rows of .dbf, the coordinate
 * system of .prj, the encoding of .cpg.
 *
 * No meaning and no projection. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_SHAPEFILE_H
#define REEVE_READ_SHAPEFILE_H

#include "base/arena.h"
#include "base/status.h"
#include "read/shape.h"

/* Reads the set of files that `path`, the .shp, belongs to. ret->crs is "none" without a .prj.
 * *sha256_or_null is that of the .shp, the .dbf and the .prj one after another. RV_INVALID names
 * the part, the feature or row (from 1) and the remedy: a part that is missing or breaks off,
 * points or lines instead of areas, an index that does not fit, another number of rows than of
 * shapes, a row marked as deleted, text whose encoding is not known. RV_LIMIT past
 * LIMIT_BOUNDARY_BYTES, LIMIT_FEATURES, LIMIT_GEOMETRY_POINTS, LIMIT_ATTRIBUTE_BYTES. */
RV_MUST_CHECK rv_status shapefile_read(struct arena *a, const char *path,
                                       const struct boundary_options *options,
                                       struct shape_file *ret, char *sha256_or_null,
                                       struct rv_err *reterr);

/* The same from a zip archive that holds the parts of one shapefile and whatever else, unpacked
 * into memory; the same sha256 as the parts have on disk. RV_INVALID when it holds none or several,
 * or is damaged or locked. */
RV_MUST_CHECK rv_status shapefile_read_zipped(struct arena *a, const char *path,
                                              const struct boundary_options *options,
                                              struct shape_file *ret, char *sha256_or_null,
                                              struct rv_err *reterr);

/* The same from bytes in memory, borrowed; `at` NULL = the part is not there. */
struct shapefile_bytes {
    struct text shp, shx, dbf, prj, cpg;
};
RV_MUST_CHECK rv_status shapefile_parse(struct arena *a, const struct shapefile_bytes *bytes,
                                        const struct boundary_options *options,
                                        struct shape_file *ret, struct rv_err *reterr);

#endif
