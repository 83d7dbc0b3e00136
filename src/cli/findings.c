/* cli/findings.c — findings and why: reading the stored assessment.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/findings.h"

#include "assess/assess.h"
#include "cli/commands.h"
#include "cli/opening.h"
#include "store/extract.h"

#include <string.h>

/* What was found while an agreement was in force is no result any more when it is not. */
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

static rv_status load_findings(struct session *session, struct finding **ret, size_t *ret_count,
                               struct rv_err *reterr)
{
    struct arena *a = &session->arena;
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(open_for_results(session, STORE_READ, &s, reterr));
    struct stored_assessment stored;
    RV_TRY(assess_load(s, a, &stored, reterr));
    struct extract_info *used;
    size_t used_count;
    RV_TRY(extract_list(s, a, NULL, &used, &used_count, reterr));
    struct finding *findings = ARENA_NEW(a, struct finding, stored.finding_count + 1);
    if (!findings) {
        return arena_fail(a, reterr);
    }
    size_t n = 0;
    for (size_t i = 0; i < stored.finding_count; i++) {
        RV_TRY(finding_from_json(a, stored.findings[i].body, &findings[n], reterr));
        n += is_in_use(&findings[n], used, used_count);
    }
    if (n < stored.finding_count) {
        buf_printf(&session->notes,
                   "reeve: %zu of the %zu findings stored rest on such an extract and are left "
                   "out; 'reeve assess' computes them anew without it\n",
                   stored.finding_count - n, stored.finding_count);
    }
    *ret = findings;
    *ret_count = n;
    return rv_ok();
}

rv_status run_findings(struct session *session, struct rv_err *reterr)
{
    const char *format = args_get(&session->args, "format");
    bool is_csv = format && strcmp(format, "csv") == 0;
    if (format && !is_csv && strcmp(format, "json") != 0) {
        return rv_fail(reterr, RV_USAGE, "--format takes json or csv, not '%s'", format);
    }
    struct finding *findings;
    size_t count;
    RV_TRY(load_findings(session, &findings, &count, reterr));
    return is_csv ? findings_csv(findings, count, &session->out, reterr)
                  : findings_json(findings, count, &session->out, reterr);
}

/* A stored query has the word FILE for the partnership file; whoever asks why can run it as it is
 * shown. */
static rv_status name_file(struct arena *a, const char *path, struct finding *f,
                           struct rv_err *reterr)
{
    static const char start[] = "reeve table " ASSESS_QUERY_FILE;
    if (!f->query || !text_starts(text_of(f->query), start)) {
        return rv_ok();
    }
    f->query = arena_printf(a, "reeve table %s%s", path, f->query + strlen(start));
    return f->query ? rv_ok() : arena_fail(a, reterr);
}

static rv_status why_finding(struct session *session, struct rv_err *reterr)
{
    const char *wanted = session->args.positional[1];
    struct finding *findings;
    size_t count;
    RV_TRY(load_findings(session, &findings, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        if (strcmp(findings[i].id, wanted) == 0) {
            RV_TRY(name_file(&session->arena, session->args.positional[0], &findings[i], reterr));
            return session->is_json ? findings_json(&findings[i], 1, &session->out, reterr)
                                    : finding_why_text(&findings[i], &session->out, reterr);
        }
    }
    return rv_fail(
        reterr, RV_NOT_FOUND,
        "the last assessment has no finding '%s'; 'reeve findings %s --format csv' lists "
        "all %zu",
        wanted, session->args.positional[0], count);
}

rv_status run_why(struct session *session, struct rv_err *reterr)
{
    const char *key = args_get(&session->args, "record");
    bool has_finding = session->args.positional_count > 1;
    if (!key == !has_finding) {
        return rv_fail(
            reterr, RV_USAGE,
            "'reeve why FILE' takes the id of a finding, or --record KEY for one offence");
    }
    return key ? why_record(session, key, reterr) : why_finding(session, reterr);
}
