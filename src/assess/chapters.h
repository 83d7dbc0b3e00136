/* assess/chapters.h — what the parts of a template share while its chapters are heard.
 *
 * Not for other modules. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_CHAPTERS_H
#define REEVE_ASSESS_CHAPTERS_H

#include "assess/assess_internal.h"

#include <string.h>

/* What findings carry: NULL for the default, whose findings are as they always were. */
static inline const char *assess_template_name(const struct assess_work *w)
{
    const struct assess_template *t = w->options->template;
    return !t || strcmp(t->id, TEMPLATE_DEFAULT) == 0 ? NULL : t->id;
}

/* The chapters of the template, one after the other, each by its part. */
RV_MUST_CHECK rv_status assess_chapters(struct assess_work *w, struct assessment_chapter **ret,
                                        size_t *ret_count, struct rv_err *reterr);
struct hearing {
    struct assess_work *w;
    struct lens *records, *counts;    /* NULL = none held */
    const struct source *ward_counts; /* published; NULL = none */
    struct roster **rosters;          /* by definition of the template; NULL = none in force */
    bool *is_open;
    bool has_said;  /* that no offences are held */
    size_t surveys; /* told */
};

/* What the law asks for, and where it says so: a table. */
RV_MUST_CHECK rv_status part_about(struct hearing *h, const struct template_chapter *c,
                                   struct rv_err *reterr);
/* The questions of each survey held. */
RV_MUST_CHECK rv_status part_residents(struct hearing *h, const struct template_chapter *c,
                                       struct rv_err *reterr);
/* Kinds of crime that have chapters, side by side, and those with most signs. After all of them. */
RV_MUST_CHECK rv_status part_priorities(struct hearing *h, const struct template_chapter *c,
                                        struct rv_err *reterr);
/* What cannot be said: what no record holds, and every chapter's findings that are not available
 * or not reliable. After all other chapters. */
RV_MUST_CHECK rv_status part_limits(struct hearing *h, const struct template_chapter *c,
                                    struct rv_err *reterr);

#endif
