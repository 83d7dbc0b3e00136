/* assess/cube.h — counts by any dimensions from one source, with what the source covers.
 *
 * A cube is built alike from records (offences: column chunks and stored placements, in parallel)
 * and from counts published by others (area-counts: codes matched to a layer, or converted
 * through look-ups). Cells are integers, so that neither threads nor the order of rows matter.
 * A month that the source does not cover is not available: the cube says which, and never
 * offers 0 for it.
 *
 * Thread-compatible. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_CUBE_H
#define REEVE_ASSESS_CUBE_H

#include "assess/source.h"
#include "base/arena.h"
#include "base/civil.h"
#include "base/pool.h"
#include "base/progress.h"
#include "place/areas.h"
#include "place/lookup.h"
#include "place/rebase.h"
#include "store/extract.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CUBE_MAX_AXES 16

enum cube_date { CUBE_RECORDED, CUBE_COMMITTED };

enum cube_axis_kind {
    AXIS_VALUE,     /* a category column */
    AXIS_AREA,      /* the area of `layer` */
    AXIS_WITHIN,    /* 1 = inside the area `inside` of `layer`, 0 = not */
    AXIS_TIME,      /* buckets of months */
    AXIS_HOUR,      /* 0 to 23 */
    AXIS_USABLE,    /* 0 to 23, then times that stand for one not known: `aside` */
    AXIS_CLOCK,     /* minutes of the day, 00:00 to 23:59 */
    AXIS_WEEKDAY,   /* Monday to Sunday */
    AXIS_DAY_KIND,  /* school day, school holiday, bank holiday, weekend: day_kinds.h */
    AXIS_DELAY,     /* days from committed_from to recorded_at, in four bands */
    AXIS_LATE,      /* the same in days, 0 to CUBE_LATE - 1, then all that are later */
    AXIS_WEAPON,    /* kinds of weapon: an offence may have several, so cells do not add up */
    AXIS_FLAG,      /* flags of an offence, which may have several */
    AXIS_POINT,     /* the exact point, as its publisher gives it */
    AXIS_OUTCOME,   /* the latest result, of the offence itself or of an extract of outcomes */
    AXIS_PERSON,    /* a category column of the person counted */
    AXIS_ETHNICITY, /* self-defined, folded into five groups */
    AXIS_AGE,       /* bands of the age of the person counted */
    AXIS_MATCH,     /* how surely words place a record in `match_layer` (place/match.h) */
    AXIS_GIVEN,     /* a code for each offence, by ordinal, from the caller */
};

/* What one event of a cell is. */
enum cube_unit { UNIT_RECORD, UNIT_ACCUSED /* an offence with someone accused */, UNIT_PERSON };

struct joined;
struct followup;
struct day_kinds;

/* One dimension. Code 0 always stands for what is not recorded, unplaced, outside every bucket. */
struct cube_axis {
    enum cube_axis_kind kind;
    const char *name;          /* name of the dimension: "category", "ward" */
    const char *column;        /* AXIS_VALUE: canonical column */
    const char *const *closed; /* AXIS_VALUE: every value of a closed vocabulary; NULL = open */
    size_t closed_count;
    bool folds_ethnicity; /* AXIS_VALUE: codes of self-defined ethnicity count as their group */
    const struct layer *layer;         /* AXIS_AREA, AXIS_WITHIN */
    uint32_t inside;                   /* AXIS_WITHIN: placed code */
    const struct layer *match_layer;   /* AXIS_MATCH */
    const struct month_range *buckets; /* AXIS_TIME: ascending, disjoint */
    size_t bucket_count;
    const int *ages; /* AXIS_AGE: first age of each band, ascending; the first is 0 */
    size_t age_count;
    const struct day_kinds *days; /* AXIS_DAY_KIND */
    const uint8_t *aside;         /* AXIS_USABLE: [minute of the day] 1 = a time not known */
    const uint8_t *given;         /* AXIS_GIVEN: [offences], each < given_size */
    uint32_t given_size;
    enum cube_date date;       /* AXIS_TIME, AXIS_HOUR, AXIS_WEEKDAY, AXIS_DAY_KIND */
    const char *const *wanted; /* only rows with one of these labels, of AXIS_TIME also those that
                                * lie in such a period; NULL = all */
    size_t wanted_count;
    bool is_placed_only; /* only rows in some area, AXIS_AREA */
    bool is_filter;      /* selects rows but is no dimension of the cells */
    bool keeps_all;      /* `wanted` selects rows of the table only: ranks need the other areas */
    /* filled by cube_build */
    const char **labels; /* size labels; label 0 is "not-recorded", "unplaced" */
    uint32_t size;
};

struct cube_query {
    const struct source *source;
    struct cube_axis *axes;
    size_t axis_count;
    struct month_range period; /* rows dated inside it by `date` */
    enum cube_date date;
    bool keep_undated; /* rows without that date stay, when recorded in the period */
    bool uses_rebases; /* published counts on another vintage may come through a re-basing held */
    bool is_moved;     /* only what leaves the main part of its area: never rounded */
    enum cube_unit unit;
    unsigned role;               /* UNIT_PERSON: ROLE_VICTIM, ROLE_SUSPECT */
    uint32_t members;            /* only offences in one of these profiles; 0 = all */
    bool obeys_excludes;         /* what the definition leaves out is left out */
    const struct joined *joined; /* needed by units but records, members, AXIS_WEAPON to AXIS_AGE */
};

struct cube {
    const struct source *source;
    struct cube_axis *axes; /* those of the query */
    size_t axis_count;
    uint64_t *strides; /* one an axis, 0 for filters; the last dimension is the fastest */
    uint64_t cell_count;
    int64_t unit;   /* cells are in 1/unit: 1, or CUBE_FINE in a cube of what moved */
    int64_t *cells; /* dense; NULL when sparse */
    uint64_t *keys; /* sparse: ascending keys and their cells */
    int64_t *values;
    size_t key_count;
    const int64_t *parts;        /* beside cells or values, in 1/CUBE_FINE, before they were made
                                  * whole; NULL when nothing was split */
    const struct rebase *rebase; /* the re-basing that counts came through; NULL = none */
    int64_t undated;             /* rows left out because they have no such date */
    int64_t unknown;        /* offences that may be members, which an unknown age or group hides */
    int64_t converted;      /* events that came through a look-up */
    int64_t unmatched;      /* events of codes that no layer and no look-up knows */
    const uint8_t *spoiled; /* [bucket]: a published count straddles it; NULL = none */
    const uint8_t *seen;    /* [seen_buckets * seen_areas]: the code has a row; NULL = records */
    const struct cube_axis *seen_axis; /* the finest axis of areas, whose codes `seen` has */
    size_t seen_buckets, seen_areas;
};

/* Axes of which an offence may have several labels, AXIS_WEAPON and AXIS_FLAG, end with "none" and
 * "any". "any" holds each offence with one once: what a share is of, and a condition; it is no row
 * of a table unless asked for. */
static inline bool cube_is_many(enum cube_axis_kind kind)
{
    return kind == AXIS_WEAPON || kind == AXIS_FLAG;
}
#define MANY_NONE(size) ((uint32_t)(size)-2)
#define MANY_ANY(size)  ((uint32_t)(size)-1)
enum { WEAPON_UNSPECIFIED = 5, WEAPON_NONE };

#define CUBE_FINE        1000000 /* parts of an event when look-ups split counts */
#define CUBE_LATE        30      /* days that AXIS_LATE tells apart: labels 1 to 30, then 31 */
#define CUBE_DENSE_CELLS ((uint64_t)1 << 22) /* beyond it cells are kept by key */

/* What the file holds, loaded once for a table or an assessment. */
struct held {
    struct store *store;
    struct arena *arena;   /* of the table or the assessment that is being made */
    struct arena *lasting; /* of the caches below: theirs stays when the table's is freed */
    struct pool *pool;
    struct progress *progress;
    struct layer *layers;
    size_t layer_count;
    struct lookups *lookups;
    struct rebase *rebases;
    size_t rebase_count;
    struct held_parents *parents;      /* cache of held_parents_of */
    struct held_placement *placements; /* cache of held_placement_of */
    const struct joined *joined;       /* cache of held_joined_of */
    struct extract_shelf *shelf;       /* cache of held_scan */
    const struct followup *followup;   /* cache of held_followup_of, for the offences `followed` */
    const struct joined *followed;
    struct within *within; /* rows inside one area, by themselves (within.h); NULL = none */
    struct held *whole;    /* of all rows, when this holds those of `within`; NULL otherwise */
};
RV_MUST_CHECK rv_status held_load(struct store *s, struct arena *a, struct pool *pool,
                                  struct progress *progress, struct held *ret,
                                  struct rv_err *reterr);

/* extract_scan_open of what is current; a column asked for before is not read again. */
RV_MUST_CHECK rv_status held_scan(struct held *h, int64_t extract, const char *const *names,
                                  size_t count, struct extract_scan **ret, struct rv_err *reterr);

/* parents[i] = placed code in `parent` of area i of `child`; computed once a pair. */
RV_MUST_CHECK rv_status held_parents_of(struct held *h, const struct layer *child,
                                        const struct layer *parent, const uint32_t **ret,
                                        struct rv_err *reterr);

/* The stored placement of an extract in a layer, [chunk][row]; read once a pair. NULL for an
 * extract without any place: its records are unplaced. */
RV_MUST_CHECK rv_status held_placement_of(struct held *h, int64_t extract,
                                          const struct layer *layer, const uint32_t *const **ret,
                                          struct rv_err *reterr);

/* Counts the source's current rows. Counts that look-ups or a re-basing split are made whole: for
 * every combination of the other dimensions by largest remainder, first over the boroughs (and
 * what is in none), then over the areas of each, so that a borough whose total is whole keeps it.
 * RV_REFUSED when published counts are on another vintage of
 * the layer's areas and no look-up leads from one to the other: the message names both and the
 * command that re-bases. RV_LIMIT for more than 2^62 cells. Cost: O(rows * axes). */
RV_MUST_CHECK rv_status cube_build(struct held *h, const struct cube_query *query, struct cube *ret,
                                   struct rv_err *reterr);

/* The cell at codes[axis] (codes of filters are ignored), in 1/unit. O(1), O(log n) sparse. */
int64_t cube_at(const struct cube *c, const uint32_t *codes);
/* The same in 1/CUBE_FINE, as it was before it was made whole. */
int64_t cube_parts_at(const struct cube *c, const uint32_t *codes);

/* Whether `wanted` names the label of a code, or a period that the months of the code lie in; true
 * when nothing is wanted. */
bool cube_is_wanted(const struct cube_axis *axis, uint32_t code);

/* The labels of hours, weekdays, delays, weapons and ethnicities, "not-recorded" first; NULL for
 * other kinds. */
const char *const *cube_fixed_labels(enum cube_axis_kind kind, size_t *ret_count);

/* Whole events of a sum of cells: rounded half up where look-ups split counts. */
static inline int64_t cube_events(const struct cube *c, int64_t sum)
{
    return c->unit == 1 ? sum : (sum + c->unit / 2) / c->unit;
}

#endif
