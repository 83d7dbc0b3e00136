/* assess/cube_internal.h — what the two builders of cubes share. Not for other modules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_CUBE_INTERNAL_H
#define REEVE_ASSESS_CUBE_INTERNAL_H

#include "assess/cube.h"
#include "column/dictionary.h"
#include "store/extract.h"

/* An axis while a cube is being built. */
struct axis_work {
    struct cube_axis *axis;
    struct dictionary values; /* AXIS_VALUE: label code = dictionary code */
    bool owns_values;
    size_t column, code_column; /* AXIS_VALUE: among the columns read; SIZE_MAX = no codes */
    const uint64_t *points;     /* AXIS_POINT: ascending; code i + 1 is point i */
    size_t point_count;
    const uint8_t *keep;       /* [size]: rows wanted; NULL = all */
    uint32_t *bucket_of;       /* AXIS_TIME: [months of all buckets + 1] month code to bucket */
    struct month_range months; /* AXIS_TIME: first bucket's first month to last one's last */
};

/* One extract of the source, opened for reading. */
struct extract_work {
    const struct extract_info *info;
    struct extract_scan *scan;
    const uint32_t **maps;          /* [axis]: extract code to axis code (AXIS_VALUE) */
    const uint32_t **code_maps;     /* [axis]: offence code to axis code; NULL = not used */
    const uint32_t *const **placed; /* [axis]: stored placement by chunk (areas) */
    const uint16_t **many_of_flags, **many_of_use; /* [axis][code]: bits of labels; NULL = not so */
    size_t first_piece;
};

/* Counts of one worker: dense cells, or open addressing by key. */
struct tally {
    int64_t *cells;
    uint64_t *keys; /* key + 1; 0 = free */
    int64_t *values;
    size_t slots, used; /* slots is a power of two */
    int64_t undated, unknown, converted, unmatched;
    uint8_t *spoiled, *seen;
};

struct cube_work {
    struct held *held;
    const struct cube_query *query;
    struct cube *cube;
    struct axis_work *axes;
    struct extract_work *extracts;
    size_t extract_count, piece_count;
    struct tally *tallies;
    struct arena *scratch; /* one a worker */
    size_t workers;
    struct counts_plan *counts;  /* area-counts only */
    struct person_plan *persons; /* UNIT_PERSON only */
};

RV_MUST_CHECK rv_status tally_add(struct tally *t, uint64_t key, int64_t amount,
                                  struct rv_err *reterr);
/* Adds `n` rows whose codes stand in codes[axis][row], those with mask[row]. */
RV_MUST_CHECK rv_status tally_rows(const struct cube_work *w, struct tally *t, size_t n,
                                   const uint8_t *mask, const uint32_t *const *codes,
                                   struct rv_err *reterr);

/* Opens every extract of the source on `names` and maps its dictionaries to axis codes. */
RV_MUST_CHECK rv_status work_open_extracts(struct cube_work *w, const char *const *names,
                                           size_t count, struct rv_err *reterr);

/* The chunk of a piece of records: which rows count and their code on each axis of offences. */
struct record_piece {
    const struct extract_work *extract;
    uint32_t sequence, rows;
    uint8_t *mask;
    const uint32_t *codes[CUBE_MAX_AXES];
    const uint16_t *many[CUBE_MAX_AXES]; /* [axis][row]: bits of its labels; NULL = one a row */
    bool has_many;
    const uint64_t *points; /* [row]: 0 = not known; NULL = no such axis */
};
RV_MUST_CHECK rv_status record_piece_read(const struct cube_work *w, size_t piece, size_t worker,
                                          struct record_piece *ret, struct rv_err *reterr);

/* tally_rows where some axes have several labels a row, bits in many[axis][row]: each in a cell. */
RV_MUST_CHECK rv_status tally_many(const struct cube_work *w, struct tally *t,
                                   struct arena *scratch, size_t n, uint8_t *mask,
                                   const uint32_t **codes, const uint16_t *const *many,
                                   struct rv_err *reterr);

/* The labels of an axis, and which of them are wanted. */
RV_MUST_CHECK rv_status axis_label(struct arena *a, struct axis_work *w, struct rv_err *reterr);
RV_MUST_CHECK rv_status axis_keep(struct arena *a, struct axis_work *w, struct rv_err *reterr);

/* Bits of the labels of axis k: of the codes of an extract, and of the rows of a chunk. */
RV_MUST_CHECK rv_status many_map(struct arena *a, const struct axis_work *w, struct extract_work *x,
                                 size_t k, struct rv_err *reterr);
RV_MUST_CHECK rv_status many_read(const struct cube_work *w, size_t k, const struct column *columns,
                                  struct arena *scratch, struct record_piece *p,
                                  struct rv_err *reterr);

/* Stored placements of every extract in the layers that the axes need. */
RV_MUST_CHECK rv_status records_places(struct cube_work *w, struct rv_err *reterr);

/* The points of the rows that count, before the cells are laid out; their codes in a chunk. */
RV_MUST_CHECK rv_status points_collect(struct cube_work *w, struct rv_err *reterr);
RV_MUST_CHECK rv_status points_read(const struct axis_work *axis, const struct column *columns,
                                    struct arena *scratch, struct record_piece *p, uint32_t *codes,
                                    struct rv_err *reterr);

bool axis_is_of_person(enum cube_axis_kind kind);

RV_MUST_CHECK rv_status persons_run(struct cube_work *w, struct rv_err *reterr);
RV_MUST_CHECK rv_status records_run(struct cube_work *w, struct rv_err *reterr);
RV_MUST_CHECK rv_status counts_run(struct cube_work *w, struct rv_err *reterr);

/* Makes the cells whole when they are in parts. */
RV_MUST_CHECK rv_status cube_whole(struct held *h, const struct cube_query *query, struct cube *c,
                                   struct rv_err *reterr);

/* How fine a type of area is: the order in which they nest; -1 = unknown. */
int area_fineness(const char *type);

/* The piece of work as (extract, chunk). */
const struct extract_work *work_piece(const struct cube_work *w, size_t piece, uint32_t *sequence);

#endif
