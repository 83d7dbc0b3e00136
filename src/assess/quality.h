/* assess/quality.h — what each source can and cannot bear: faults of the data, tested, worst first.
 *
 * A check looks at one source (assess/source.h) and says what was found, of how many, which
 * analyses it concerns, whether those hold, and what to do. Checks that found nothing that matters
 * are kept as well (verdict "holds"), and so are those that could not be made (verdict "not
 * available"): what was not looked at is never called clean. No key, name or reference of a person
 * is ever in a row. Thresholds and tests: docs/guide/checking.md.
 *
 * Thread-compatible; the same rows on any number of threads.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_QUALITY_H
#define REEVE_ASSESS_QUALITY_H

#include "assess/cube.h"
#include "assess/finding.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct quality_check {
    const char *id;               /* "placeholder-times.<source>[.<subject>]": stable */
    const char *check;            /* "placeholder-times" */
    const char *source, *kind;    /* of the extracts */
    struct month_range period;    /* months looked at; first > last = none */
    const char *subject;          /* where: "rape", "suspect", "00:01"; "" = the whole source */
    int64_t count, of;            /* what was found, of how many looked at; -1 = not available */
    double measure;               /* the statistic that decided; NaN = none */
    const char *measure_name;     /* "p after Holm", "share"; "" = none */
    enum finding_verdict verdict; /* of the analyses that it concerns */
    bool needs_attention;
    bool is_noted;        /* told although nothing is wrong with it */
    const char *sentence; /* what was found */
    const char *spoils;   /* which analyses it concerns */
    const char *remedy;   /* what to do; "" = nothing */
};

struct quality_source {
    const struct source *source;
    struct month_range period;
    const struct quality_check *checks; /* worst first */
    size_t check_count, attention_count;
};

struct quality_report {
    struct quality_source *sources; /* in order of first import */
    size_t source_count;
    size_t attention_count;
};

struct quality_options {
    const char *source;        /* only the source of this name; NULL = all */
    struct month_range period; /* only records of these months; first > last = all */
};

/* Looks at every source that holds records. RV_NOT_FOUND when `source` names none. Cost: each
 * column is read once, in parallel; persons are joined to their offences once. */
RV_MUST_CHECK rv_status quality_run(struct held *h, const struct quality_options *options,
                                    struct quality_report *ret, struct rv_err *reterr);

/* Every check, also those that found nothing: as `reeve check --json` and `--format csv` print it.
 */
void quality_json(const struct quality_report *r, struct buf *out);
void quality_csv(const struct quality_report *r, struct buf *out);

#endif
