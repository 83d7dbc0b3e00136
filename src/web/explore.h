/* web/explore.h — a question put by an address: which table, how it is shown; the form that asks it
 * and what answers it.
 *
 * Private to src/web. The fields of the address are the options of `reeve table` in the words of a
 * form; explore_read turns them into those options, so that page and command count by one engine.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_EXPLORE_H
#define REEVE_WEB_EXPLORE_H

#include "assess/cube.h"
#include "assess/table.h"
#include "report/area_shapes.h"
#include "report/chart_fit.h"
#include "web/app.h"

#define EXPLORE_PATH    "/workbench/explore"
#define EXPLORE_FILTERS 3
#define EXPLORE_ROWS    200 /* shown on the page; files have all */
#define EXPLORE_SECONDS 20  /* that one table may take */
#define EXPLORE_SMALL   5   /* below it people could be recognised */

/* The fields of the filters: "where", "where-2", …; "is", "is-2", … */
extern const char *const EXPLORE_WHERE[EXPLORE_FILTERS], *const EXPLORE_IS[EXPLORE_FILTERS];

struct explore_filter {
    const char *dimension, *values; /* NULL = not given */
};

struct explore {
    struct table_options options;
    const char *rows, *columns; /* of the form; NULL = not given */
    const char *value;          /* "count", "rate", "share"; never NULL */
    const char *chart;          /* by name, "map", "none"; NULL = the one that suits best */
    struct explore_filter filters[EXPLORE_FILTERS];
    const char *where[EXPLORE_FILTERS];
    const char *filter_fields[EXPLORE_FILTERS]; /* of the form, where their faults are told */
    const char *query; /* the same question as short as it can be put: "rows=borough&period=2022" */
    bool is_asked;
    bool is_map; /* asked by the form of the map, which offers what lies in areas */
};

/* A field of the address without white space around it; NULL when it is empty or not there.
 * *ret_is_well becomes false when there is no memory. */
const char *explore_field(struct call *c, const char *name, bool *ret_is_well);
/* Appends "&name=value"; nothing for NULL. */
void explore_put_field(struct buf *b, const char *name, const char *value);
/* The short query; NULL = no memory. */
const char *explore_query(struct arena *a, const struct explore *x);
/* That of the map of the same table: only what the form of the map has. NULL = no memory. */
const char *explore_map_query(struct arena *a, const struct explore *x);

/* Reads the address. What is wrong there is told when the table is made. RV_NO_MEMORY. */
RV_MUST_CHECK rv_status explore_read(struct call *c, struct explore *ret, struct rv_err *reterr);

struct explore_work {
    bool is_inside; /* GATE_TABLE */
    struct pool *pool;
    struct progress progress;
    struct held held;
    struct area_names names;
};

bool explore_is_small(const struct result_cell *count); /* from 1 to EXPLORE_SMALL - 1 */
/* The question as short as it can be put: "rows=borough&period=2022". NULL = no memory. */
const char *explore_query(struct arena *a, const struct explore *x);

/* Areas and look-ups, loaded for form and table. RV_BUSY when too many ask at once. */
RV_MUST_CHECK rv_status explore_begin(struct call *c, struct explore_work *w,
                                      struct rv_err *reterr);
void explore_end(struct explore_work *w); /* for RV_CLEANUP */

/* Makes the table. *ret_is_made is false when the question is at fault, which is then told at its
 * field: the page is shown again. */
RV_MUST_CHECK rv_status explore_table(struct call *c, struct explore_work *w,
                                      const struct explore *x, struct result_table *ret,
                                      bool *ret_is_made, struct rv_err *reterr);

/* A file that leaves is a row of the audit: by what, not with which values, which may be of
 * people. */
RV_MUST_CHECK rv_status explore_note(struct call *c, const struct explore *x, const char *format,
                                     struct rv_err *reterr);

/* explore_form.c: the fields with their choices, the current one selected. */
RV_MUST_CHECK rv_status explore_put_form(struct call *c, struct explore_work *w,
                                         const struct explore *x, struct rv_err *reterr);

/* Kind, profile, area and period alone: what pages of times and people ask as well. */
RV_MUST_CHECK rv_status explore_put_question(struct call *c, const struct held *held,
                                             const struct explore *x, struct rv_err *reterr);
/* "Recorded offences" of "offences". */
const char *explore_kind_words(const char *kind);
bool explore_is_placed(const char *kind); /* records or counts that lie in areas; NULL = offences */
/* The first kind held that lies in areas, offences before others; NULL when there is none. */
RV_MUST_CHECK rv_status explore_placed_kind(struct call *c, const char **ret,
                                            struct rv_err *reterr);
/* A type of areas whose boundaries are held, in the order in which maps are asked for; NULL after
 * the last. */
const char *explore_area_type(const struct explore_work *w, size_t at);

/* "Victim age band" of "victim-age-band". */
const char *explore_title(struct arena *a, const char *name);

/* explore_fault.c: a refusal of table_run at the field that it is about, in the words of the form.
 */
void explore_fault(struct call *c, const struct explore *x, const struct rv_err *err);

/* explore_show.c: table, chart, notes, sources, the command. */
RV_MUST_CHECK rv_status explore_put_result(struct call *c, struct explore_work *w,
                                           const struct explore *x, const struct result_table *t,
                                           struct rv_err *reterr);
/* A table as rows of words in `m`, at most EXPLORE_ROWS of them. `fit`: names of areas, NULL when
 * the table has them already. */
RV_MUST_CHECK rv_status explore_put_table(struct model *m, const struct result_table *t,
                                          const struct fit_options *fit, struct rv_err *reterr);
/* Appends a chart in both widths, for a desk and for a phone. */
RV_MUST_CHECK rv_status explore_put_chart(struct arena *a, const struct result_table *t,
                                          const char *id, const struct chart_look *look,
                                          struct html_fragment *ret, struct rv_err *reterr);

#endif
