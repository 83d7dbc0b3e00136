/* cli/findings.c — findings and why: reading the stored assessment.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/findings.h"

#include "assess/assess.h"
#include "cli/commands.h"
#include "cli/opening.h"
#include "report/stored.h"

#include <string.h>

static rv_status load_findings(struct session *session, struct stored_findings *ret,
                               struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(open_for_results(session, STORE_READ, &s, reterr));
    RV_TRY(stored_findings_load(s, &session->arena, ret, reterr));
    if (ret->left_out > 0) {
        buf_printf(&session->notes,
                   "reeve: %zu of the %zu findings stored rest on such an extract and are left "
                   "out; 'reeve assess' computes them anew without it\n",
                   ret->left_out, ret->count + ret->left_out);
    }
    return rv_ok();
}

rv_status run_findings(struct session *session, struct rv_err *reterr)
{
    const char *format = args_get(&session->args, "format");
    bool is_csv = format && strcmp(format, "csv") == 0;
    if (format && !is_csv && strcmp(format, "json") != 0) {
        return rv_fail(reterr, RV_USAGE, "--format takes json or csv, not '%s'", format);
    }
    struct stored_findings stored;
    RV_TRY(load_findings(session, &stored, reterr));
    return is_csv ? findings_csv(stored.findings, stored.count, &session->out, reterr)
                  : findings_json(stored.findings, stored.count, &session->out, reterr);
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
    struct stored_findings stored;
    RV_TRY(load_findings(session, &stored, reterr));
    for (size_t i = 0; i < stored.count; i++) {
        struct finding *f = &stored.findings[i];
        if (strcmp(f->id, wanted) == 0) {
            RV_TRY(name_file(&session->arena, session->args.positional[0], f, reterr));
            return session->is_json ? findings_json(f, 1, &session->out, reterr)
                                    : finding_why_text(f, &session->out, reterr);
        }
    }
    return rv_fail(
        reterr, RV_NOT_FOUND,
        "the last assessment has no finding '%s'; 'reeve findings %s --format csv' lists "
        "all %zu",
        wanted, session->args.positional[0], stored.count);
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
