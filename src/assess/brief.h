/* assess/brief.h — the tasking brief: where and when to be, what changed, what last time's places
 * came to, and what the records cannot bear. Places and times only; never people.
 *
 * A brief of a day uses only what was recorded before that day, so that the brief of an earlier day
 * can be made again and held against what happened. Earlier windows are counted as they were known
 * on the day after their own last day: like is compared with like, however late records come.
 *
 * Thread-compatible. Results live in the arena given; the same bits with any number of threads.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_BRIEF_H
#define REEVE_ASSESS_BRIEF_H

#include "assess/assess.h"
#include "assess/brief_product.h"

struct brief_options {
    const char *area;     /* code of a borough */
    bool has_on;          /* else the day after the last day that the records cover */
    int32_t on;           /* day of the brief (civil_day_of); the window ends the day before */
    int32_t days;         /* of the window; 0 = as the product says */
    const char *source;   /* series of offences to read; NULL = the rule of assess/source.h */
    const char *products; /* NULL = shipped; else the name of the file, for queries */
    const struct brief_product *product;
};

/* What the page says beside findings and tables. Dates are ISO. */
struct brief {
    struct assessment found; /* findings and tables; never stored with the assessment */
    const struct brief_product *product;
    const char *on, *first, *last;          /* the day of the brief; the window */
    const char *before_first, *before_last; /* the window before */
    const char *year_first, *year_last;     /* 52 weeks earlier */
    int32_t days, windows;                  /* of a window; earlier windows that are compared */
    bool is_on_chosen;                      /* the day was given, not found from the records */
};

/* RV_NOT_FOUND: no boroughs, no such area, no offences. RV_REFUSED: the dates of the records do not
 * tell days. RV_INVALID: a window beyond what the records cover. */
RV_MUST_CHECK rv_status brief_run(struct store *s, struct arena *a, struct pool *pool,
                                  struct progress *progress, const struct brief_options *options,
                                  struct brief *ret, struct rv_err *reterr);

#endif
