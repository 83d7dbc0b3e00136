/* report/stored.c — reading the stored assessment back as findings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/stored.h"

#include "report/findings.h"
#include "report/table_store.h"
#include "store/extract.h"

static bool are_in_use(const struct finding_source *sources, size_t source_count,
                       const struct extract_info *used, size_t count)
{
    for (size_t k = 0; k < source_count; k++) {
        size_t at = 0;
        while (at < count && used[at].id != sources[k].extract) {
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
        all.findings[i].table = all.assessment.findings[i].table;
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
    const char **table_hashes = ARENA_NEW(a, const char *, x->finding_count + 1);
    if (!findings || !bodies || !table_hashes) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < x->finding_count; i++) {
        const struct finding *f = &all->findings[i];
        if (are_in_use(f->sources, f->source_count, used, used_count)) {
            findings[n] = *f;
            table_hashes[n] = x->findings[i].table_hash;
            bodies[n++] = x->findings[i].body;
        }
    }
    *ret = (struct stored_findings){.assessment = x->id,
                                    .area = x->area,
                                    .period = x->period,
                                    .compare = x->compare,
                                    .findings = findings,
                                    .bodies = bodies,
                                    .table_hashes = table_hashes,
                                    .count = n,
                                    .left_out = x->finding_count - n,
                                    .in_use = used,
                                    .in_use_count = used_count};
    return rv_ok();
}

rv_status stored_findings_load(struct store *s, struct arena *a, struct stored_findings *ret,
                               struct rv_err *reterr)
{
    struct stored_all all;
    RV_TRY(stored_all_load(s, a, &all, reterr));
    return stored_in_use(s, a, &all, ret, reterr);
}

size_t stored_finding(const struct stored_findings *stored, struct text id)
{
    size_t at = 0;
    while (at < stored->count && !text_is(id, stored->findings[at].id)) {
        at++;
    }
    return at;
}

rv_status stored_table(struct store *s, struct arena *a, const struct stored_findings *stored,
                       size_t at, struct result_table *ret, bool *ret_is_there,
                       struct rv_err *reterr)
{
    struct text body;
    const char *id = stored->findings[at].table;
    *ret_is_there = false;
    if (!id) {
        return rv_ok();
    }
    RV_TRY(assess_load_table(s, a, stored->assessment, id, &body, reterr));
    RV_TRY(result_table_from_json(a, body, ret, reterr));
    *ret_is_there =
        are_in_use(ret->sources, ret->source_count, stored->in_use, stored->in_use_count);
    return rv_ok();
}
