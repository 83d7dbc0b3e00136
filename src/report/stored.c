/* report/stored.c — reading the stored assessment back as findings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/stored.h"

#include "report/findings.h"
#include "store/extract.h"

static bool is_in_use(const struct finding *f, const struct extract_info *used, size_t count)
{
    for (size_t k = 0; k < f->source_count; k++) {
        size_t at = 0;
        while (at < count && used[at].id != f->sources[k].extract) {
            at++;
        }
        if (at == count) {
            return false;
        }
    }
    return true;
}

rv_status stored_all_load(struct store *s, struct arena *a, struct stored_all *ret,
                          struct rv_err *reterr)
{
    struct stored_all all;
    RV_TRY(assess_load(s, a, &all.assessment, reterr));
    size_t count = all.assessment.finding_count;
    all.findings = ARENA_NEW(a, struct finding, count + 1);
    if (!all.findings) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        RV_TRY(finding_from_json(a, all.assessment.findings[i].body, &all.findings[i], reterr));
    }
    *ret = all;
    return rv_ok();
}

rv_status stored_in_use(struct store *s, struct arena *a, const struct stored_all *all,
                        struct stored_findings *ret, struct rv_err *reterr)
{
    const struct stored_assessment *x = &all->assessment;
    struct extract_info *used;
    size_t used_count, n = 0;
    RV_TRY(extract_list(s, a, NULL, &used, &used_count, reterr));
    struct finding *findings = ARENA_NEW(a, struct finding, x->finding_count + 1);
    struct text *bodies = ARENA_NEW(a, struct text, x->finding_count + 1);
    if (!findings || !bodies) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < x->finding_count; i++) {
        if (is_in_use(&all->findings[i], used, used_count)) {
            findings[n] = all->findings[i];
            bodies[n++] = x->findings[i].body;
        }
    }
    *ret = (struct stored_findings){.area = x->area,
                                    .period = x->period,
                                    .compare = x->compare,
                                    .findings = findings,
                                    .bodies = bodies,
                                    .count = n,
                                    .left_out = x->finding_count - n};
    return rv_ok();
}

rv_status stored_findings_load(struct store *s, struct arena *a, struct stored_findings *ret,
                               struct rv_err *reterr)
{
    struct stored_all all;
    RV_TRY(stored_all_load(s, a, &all, reterr));
    return stored_in_use(s, a, &all, ret, reterr);
}

const struct finding *stored_finding(const struct stored_findings *stored, struct text id,
                                     struct text *ret_body)
{
    for (size_t i = 0; i < stored->count; i++) {
        if (text_is(id, stored->findings[i].id)) {
            *ret_body = stored->bodies[i];
            return &stored->findings[i];
        }
    }
    return NULL;
}
