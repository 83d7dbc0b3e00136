/* assess/table.h — `reeve table`: counts by dimensions, with rates, intervals and ranks.
 *
 * Options are the words of the command line; table_run checks them all, so that the command
 * line, the web and the tests get the same messages. NULL (or count 0) = not given.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_TABLE_H
#define REEVE_ASSESS_TABLE_H

#include "assess/finding.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/pool.h"
#include "base/progress.h"
#include "base/status.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

struct table_options {
    const char *profile;      /* --profile: all (default) or an offence group */
    const char *definition;   /* --definition: of the profile; NULL = the one in force */
    const char *kind;         /* --kind: offences (default), area-counts, survey, … */
    const char *survey;       /* --survey: its name or how that begins; default: the only one */
    const char *by;           /* --by: "borough,category" */
    const char *count;        /* --count: offences (default) */
    const char *date;         /* --date: recorded, committed; default: by dimension */
    const char *period;       /* --period: "2021-01..2021-12"; default: all that is covered */
    const char *area;         /* --area: code of a borough or ward */
    const char *vintage;      /* --vintage: name given to `areas` */
    const char *bands;        /* --bands: person dimensions only */
    const char *denominator;  /* --denominator: residents (default), same-age, a name held */
    const char *rank;         /* --rank: count (default), rate */
    const char *source;       /* --source: the series to read; default: the rule of cube.h */
    const char *const *where; /* --where, repeatable: "dimension=value,value" */
    size_t where_count;
    bool without_ranks; /* no word of the command line: for tables of many cells, where ranks and
                         * the areas outside --area, which they need, would be most of the work */
};

/* One row per cell: a text column per dimension, then count, population, rate, lower, upper,
 * rank, rank_low, rank_high, of, share, missing. Cells that are not available have is_missing and
 * in count the text "not-available". layer_id is that of the finest dimension of areas, whose
 * column is named after the type of the layer. Notes say source, denominator and what was left out.
 * RV_USAGE for an unknown word, with those allowed; RV_NOT_FOUND when nothing of the kind is
 * held, or no areas of a type; RV_REFUSED for person dimensions without persons, a rank or ward
 * table that would mix vintages. */
RV_MUST_CHECK rv_status table_run(struct store *s, struct arena *a, struct pool *pool,
                                  struct progress *progress, const struct table_options *options,
                                  struct result_table *ret, struct rv_err *reterr);

struct held;

/* What a kind of extract is tabled by, ended by NULL; empty for surveys, whose questions are their
 * own, and for a kind that has no tables. NULL = no memory. */
const char *const *table_dimensions(struct arena *a, const char *kind);

/* Whom a dimension describes, as --count names it: "victims", "suspects"; "victims" for what
 * describes either; NULL for what describes the offence. */
const char *table_count_of(struct text dimension);

/* Appends the command line that gives the table again: "reeve table FILE --by …", where
 * ASSESS_QUERY_FILE stands for the partnership file. */
void table_command(const struct table_options *options, struct buf *out);

/* The same with what was loaded for an earlier table: areas, placements, the join of persons. */
RV_MUST_CHECK rv_status table_run_held(struct held *h, const struct table_options *options,
                                       struct result_table *ret, struct rv_err *reterr);

#endif
