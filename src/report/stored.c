/* report/stored.c — reading the stored assessment back as findings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/stored.h"

#include "assess/assess.h"
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

rv_status stored_findings_load(struct store *s, struct arena *a, struct stored_findings *ret,
                               struct rv_err *reterr)
{
    struct stored_assessment all;
    struct extract_info *used;
    size_t used_count, n = 0;
    RV_TRY(assess_load(s, a, &all, reterr));
    RV_TRY(extract_list(s, a, NULL, &used, &used_count, reterr));
    struct finding *findings = ARENA_NEW(a, struct finding, all.finding_count + 1);
    struct text *bodies = ARENA_NEW(a, struct text, all.finding_count + 1);
    if (!findings || !bodies) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < all.finding_count; i++) {
        RV_TRY(finding_from_json(a, all.findings[i].body, &findings[n], reterr));
        bodies[n] = all.findings[i].body;
        n += is_in_use(&findings[n], used, used_count);
    }
    *ret = (struct stored_findings){.area = all.area,
                                    .period = all.period,
                                    .compare = all.compare,
                                    .findings = findings,
                                    .bodies = bodies,
                                    .count = n,
                                    .left_out = all.finding_count - n};
    return rv_ok();
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
