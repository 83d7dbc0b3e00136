/* place/areas.h — areas by type and vintage: loading layers, finding codes, parents.
 *
 * A layer is all areas of one type and vintage, sorted by code; an area is known by its position.
 * "Placed code" everywhere: 0 = in no area, position + 1 otherwise.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_AREAS_H
#define REEVE_PLACE_AREAS_H

#include "base/arena.h"
#include "base/pool.h"
#include "base/progress.h"
#include "place/fit.h"
#include "read/shape.h"
#include "store/store.h"

struct area {
    const char *code, *name, *note;
    double area_m2;
    double point_e, point_n; /* a point inside, metres */
};

struct layer { /* lives in the arena */
    int64_t id;
    const char *type, *vintage, *file_name, *sha256, *imported_at, *crs, *pipeline;
    double accuracy_m;
    int64_t members;    /* id of the layer whose areas make up these (localities); 0 = none */
    struct area *areas; /* in order of code */
    uint32_t count;
};

/* All layers, ordered by type then vintage, without geometry. */
RV_MUST_CHECK rv_status layers_load(struct store *s, struct arena *a, struct layer **ret,
                                    size_t *ret_count, struct rv_err *reterr);

/* The layer of a type: by the vintage named, or, with vintage NULL, the latest that covers the
 * period ending in month `last` (a vintage covers months from its own on; the earliest covers
 * all before). NULL when there is none. */
const struct layer *layer_choose(const struct layer *layers, size_t count, const char *type,
                                 const char *vintage, int32_t last);

uint32_t layer_find(const struct layer *l, struct text code); /* placed code; 0 = not there */

/* parents[i] = placed code, in `parent`, of area i of `child` (point inside; 0 = none). */
RV_MUST_CHECK rv_status layer_parents(struct store *s, struct arena *a, const struct layer *child,
                                      const struct layer *parent, uint32_t **ret,
                                      struct rv_err *reterr);

/* WKB of one area in British National Grid metres, borrowed copies in the arena. */
RV_MUST_CHECK rv_status layer_geometry(struct store *s, struct arena *a, const struct layer *l,
                                       struct text **ret, struct rv_err *reterr);

struct areas_options {
    const char *type, *vintage;            /* --type, --vintage */
    const char *code_column, *name_column; /* --code, --name */
    struct boundary_options file;          /* --table, --encoding, --crs */
    const char *of; /* --of ward:2022-05: the file is a table of their members, no boundaries */
};

#define AREAS_TINY_M2 100.0 /* a part smaller than 10 m by 10 m is listed */

/* An area of several parts, or with holes. */
struct areas_shape {
    const char *code;
    uint32_t parts, holes;
    double smallest_m2; /* of its parts */
};

struct areas_report {
    uint32_t areas, repaired, parts, holes;
    struct areas_shape *shapes; /* in order of code */
    size_t shape_count;
    struct fit fit;     /* its areas are positions in `codes` */
    const char **codes; /* of all areas, in order */
    const char *crs, *pipeline;
    double accuracy_m;
    int64_t placed_rows, unplaced_rows; /* of extracts placed again */
    struct {
        const char *code, *note;
    } * notes; /* geometry repairs */
    size_t note_count;
};

/* Imports a boundary file (GeoJSON, shapefile, GeoPackage) or, with `of`, a table of localities and
 * their members (locality.h) as one layer, computes parents, places
 * every record extract again: one transaction. The same type and vintage again is RV_REFUSED.
 * RV_INVALID names the feature and the remedy. */
RV_MUST_CHECK rv_status areas_import(struct store *s, struct arena *a, struct pool *pool,
                                     struct progress *progress, const char *path,
                                     const struct areas_options *options, const char *now_utc,
                                     struct areas_report *ret, struct rv_err *reterr);

#endif
