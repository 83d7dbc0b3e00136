/* assess/quality_scan.h — the pass over the columns of a source: what its two halves share.
 *
 * quality_scan.c opens the extracts, says what their codes mean and adds up; quality_row.c looks at
 * the rows of a chunk. Not for other files. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_QUALITY_SCAN_H
#define REEVE_ASSESS_QUALITY_SCAN_H

#include "assess/quality_internal.h"

enum slot {
    SLOT_KEY,
    SLOT_RECORDED,
    SLOT_CLOCK,
    SLOT_END,
    SLOT_DECIDED,
    SLOT_GROUP,
    SLOT_CODE,
    SLOT_CATEGORY,
    SLOT_FLAGS,
    SLOT_WEAPON,
    SLOT_EAST,
    SLOT_NORTH,
    SLOT_PRECISION,
    SLOT_LSOA,
    SLOT_WARD,
    SLOT_BOROUGH,
    SLOT_OUTCOME,
    SLOT_ROLE,
    SLOT_AGE,
    SLOT_BAND,
    SLOT_SEX,
    SLOT_ETHNICITY,
    SLOT_STATION,
    SLOT_ROUTE,
    SLOT_TYPE,
    SLOTS
};

/* What mapped codes mean. */
enum { TYPE_VEHICLE = 1, WEAPON_USE_NONE = 1, FLAG_WEAPON = 1, FLAG_TERRORISM = 2 };

struct scanned_extract {
    struct extract_scan *scan;
    uint8_t *maps[SLOTS]; /* what the codes of a column mean; NULL = not mapped */
    uint32_t *stations;   /* code of `station` to that of the source */
    uint32_t *routes;     /* and of `route` */
    size_t first_piece, first_row;
    int32_t imported;               /* day */
    const uint32_t *const *offence; /* persons: [chunk][row]; NULL otherwise */
};

struct scanning {
    const struct quality_scan *scan;
    struct quality_facts *out;
    struct scanned_extract *extracts;
    size_t extract_count, pieces, workers;
    struct quality_counts **counts; /* of each worker */
    int64_t **stations;
    struct arena *scratch;
    bool is_persons, is_offences, is_search;
    size_t *piece_rows; /* first row of each piece */
};

/* One chunk; pool_work. */
rv_status quality_scan_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr);

#endif
