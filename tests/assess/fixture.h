/* tests/assess/fixture.h — a small partnership file made in memory: square areas, extracts written
 * as text, no files to import.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_ASSESS_FIXTURE_H
#define REEVE_TESTS_ASSESS_FIXTURE_H

#include "assess/assess.h"
#include "assess/table.h"
#include "base/arena.h"
#include "base/pool.h"
#include "check.h"
#include "store/extract.h"
#include "store/store.h"

enum { FIXTURE_CHUNK = 7 }; /* rows: small, so that every table spans several chunks */

struct fixture {
    char path[256];
    struct store *store;
    struct arena arena;
    struct pool *pool;
    int extracts;
};

/* An empty file with one thread. */
void fixture_open(struct fixture *f, size_t threads);
void fixture_close(struct fixture *f);

/* `boroughs` squares of 2 km in a row: E09000001 (City of London) …, each with 4 square wards
 * E0500BBBW and 4 LSOAs a ward E01BBBWL (borough, ward, LSOA from 1). Vintages as given; NULL
 * leaves the layer out. */
void fixture_areas(struct fixture *f, int boroughs, const char *borough_vintage,
                   const char *ward_vintage, const char *lsoa_vintage);
/* The same squares under other ward codes, "E0599BBBW". */
void fixture_wards_again(struct fixture *f, int boroughs, const char *vintage);

/* A layer of boxes, metres from the south-west corner of the first borough. */
struct fixture_box {
    const char *code;
    int west, south, wide, high;
};
void fixture_layer(struct fixture *f, const char *type, const char *vintage,
                   const struct fixture_box *boxes, size_t count);

/* The middle of an LSOA in millimetres. */
void fixture_point(int borough, int ward, int lsoa, int64_t *easting, int64_t *northing);

/* An extract of `kind` from `source`. columns: "area_code:c period_from:t count:i" with c category,
 * i integer, m thousandths, r real, t time, x text; rows: lines with cells separated by '|', an
 * empty cell is missing. Covers the months "2021-01..2021-12" (NULL: none). Returns its id. */
int64_t fixture_extract(struct fixture *f, const char *kind, const char *source,
                        const char *columns, const char *rows, const char *months);
/* Places every record extract in every layer. */
void fixture_place(struct fixture *f);

/* Runs a table from the words of a command line: "--by borough --where \"category=A b\"". */
rv_status fixture_table(struct fixture *f, const char *words, struct result_table *ret,
                        struct rv_err *reterr);
/* The number in the named column of the row whose first cells are the words given ("a|b");
 * NaN when it is not available. Fails the test when there is no such row or column. */
double fixture_cell(const struct result_table *t, const char *row, const char *column);
bool fixture_has_row(const struct result_table *t, const char *row);

/* Runs the finding's own query and compares what it gives with the finding: count, population,
 * rate, interval, rank. Fails the test where they differ; findings not available give nothing
 * that could be taken for a number. */
void fixture_check_query(struct fixture *f, const struct finding *g);

/* The finding of this id; fails the test when there is none. */
const struct finding *fixture_finding(const struct assessment *x, const char *id);

#endif
