/* assess/told_internal.h — telling a question part by part. Not for other modules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_TOLD_INTERNAL_H
#define REEVE_ASSESS_TOLD_INTERNAL_H

#include "assess/table_internal.h"
#include "assess/time_say.h"
#include "assess/told.h"

struct telling {
    struct assess_work work; /* what compose.c needs: held, options, findings, tables */
    struct assess_options options;
    const struct table_options *question;
    const char *theme;
    const struct things *things;
    struct told *told;
    struct told_part *part; /* that is being told; NULL before the first */
};

/* Of a kind, as in a sentence; records of another kind are "records". */
const struct things *things_of(const char *kind);

void telling_begin(struct telling *t, struct held *h, const struct table_options *question,
                   const char *theme, struct told *told);
/* Findings and the title, at the end. */
RV_MUST_CHECK rv_status telling_end(struct telling *t, struct rv_err *reterr);

/* Another part; what follows belongs to it. */
void telling_part(struct telling *t, const char *id, const char *title);
/* The part has no table, for that reason; NULL is no memory. */
RV_MUST_CHECK rv_status telling_absent(struct telling *t, const char *words, struct rv_err *reterr);
/* A finding of the part with the slot "things"; NULL = no memory. */
struct finding *telling_finding(struct telling *t, const char *measure);
/* A table of the part, complete when telling_table_end has taken it. */
struct result_table *telling_table(struct telling *t, const struct result_column *columns,
                                   size_t column_count, size_t rows, struct result_cell **cells);
RV_MUST_CHECK rv_status telling_table_end(struct telling *t, struct result_table *table,
                                          const char *title, const char *description,
                                          enum result_chart chart, struct rv_err *reterr);

/* "Offences by hour, 2022": what is counted, the words, the period. */
const char *telling_title(struct telling *t, const char *words);

/* The question by these dimensions, asked of the table engine; a part that has no other is linked
 * to it. */
RV_MUST_CHECK rv_status telling_ask(struct telling *t, const struct table_options *asked,
                                    struct result_table *ret, struct rv_err *reterr);
/* Notes and sources of a table are those of all parts. */
void telling_notes(struct telling *t, const struct result_table *table);

/* The cells of a row of a table of the engine. */
const char *asked_text(const struct result_table *t, size_t row, const char *column);
double asked_number(const struct result_table *t, size_t row, const char *column); /* NaN = none */

/* told_hours.c, told_days.c: parts of told_when. */
RV_MUST_CHECK rv_status told_clock(struct telling *t, struct rv_err *reterr);
RV_MUST_CHECK rv_status told_weekdays(struct telling *t, const struct clock_week *week,
                                      const double days[7], struct rv_err *reterr);
RV_MUST_CHECK rv_status told_day_kinds(struct telling *t, const struct hours *hours,
                                       struct rv_err *reterr);

#endif
