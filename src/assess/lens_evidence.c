/* assess/lens_evidence.c — the extracts that figures of a lens rest on.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/profile_internal.h"

#include <string.h>

/* `all` with these extracts behind it, each once. */
static rv_status add_extracts(struct lens *l, const struct extract_info *extracts, size_t count,
                              struct finding_source **all, size_t *n, struct rv_err *reterr)
{
    struct finding_source *larger =
        ARENA_NEW(l->work->held.arena, struct finding_source, *n + count + 1);
    if (!larger) {
        return arena_fail(l->work->held.arena, reterr);
    }
    memcpy(larger, *all, *n * sizeof *larger);
    *all = larger;
    for (size_t i = 0; i < count; i++) {
        const struct extract_info *x = &extracts[i];
        bool is_new = true;
        for (size_t k = 0; k < *n; k++) {
            is_new = is_new && larger[k].extract != x->id;
        }
        if (is_new) {
            larger[(*n)++] = (struct finding_source){x->id, x->sha256, x->file_name, x->marking};
        }
    }
    return rv_ok();
}

static rv_status add_persons(struct lens *l, struct finding_source **all, size_t *n,
                             struct rv_err *reterr)
{
    const struct joined *j = l->profile->sharing->belonging->joined;
    return add_extracts(l, j->persons, j->person_extracts, all, n, reterr);
}

rv_status lens_evidence(struct lens *l, struct rv_err *reterr)
{
    const struct assess_options *o = l->work->options;
    RV_TRY(source_evidence(l->work->held.arena, l->source, o->period, o->compare, &l->evidence,
                           &l->evidence_count, reterr));
    return l->profile && l->profile->roles
               ? add_persons(l, &l->evidence, &l->evidence_count, reterr)
               : rv_ok();
}

rv_status evidence_of_outcomes(struct lens *l, struct finding_source **ret, size_t *ret_count,
                               struct rv_err *reterr)
{
    const struct joined *j = l->profile->sharing->belonging->joined;
    struct finding_source *all = l->evidence;
    size_t n = l->evidence_count;
    RV_TRY(add_extracts(l, j->outcomes, j->outcome_extracts, &all, &n, reterr));
    *ret = all;
    *ret_count = n;
    return rv_ok();
}

rv_status evidence_of_people(struct lens *l, struct finding *f, bool has_outcomes,
                             struct rv_err *reterr)
{
    struct finding_source *all = l->evidence;
    size_t n = l->evidence_count;
    RV_TRY(add_persons(l, &all, &n, reterr));
    if (has_outcomes) {
        struct extract_info *outcomes;
        size_t count;
        RV_TRY(extract_list(l->work->held.store, l->work->held.arena, "outcomes", &outcomes, &count,
                            reterr));
        RV_TRY(add_extracts(l, outcomes, count, &all, &n, reterr));
    }
    f->sources = all;
    f->source_count = n;
    return rv_ok();
}

rv_status evidence_with(struct lens *l, struct finding *f, const struct extract_info *extracts,
                        size_t count, struct rv_err *reterr)
{
    struct finding_source *all = l->evidence;
    size_t n = l->evidence_count;
    RV_TRY(add_extracts(l, extracts, count, &all, &n, reterr));
    f->sources = all;
    f->source_count = n;
    return rv_ok();
}

rv_status evidence_of_people_table(struct lens *l, struct result_table *t, struct rv_err *reterr)
{
    struct finding_source *all = l->evidence;
    size_t n = l->evidence_count;
    RV_TRY(add_persons(l, &all, &n, reterr));
    t->sources = all;
    t->source_count = n;
    return rv_ok();
}
