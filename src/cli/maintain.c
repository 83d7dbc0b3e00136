/* cli/maintain.c — new, backup, verify: the partnership file itself.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "access/audit.h"
#include "base/json.h"
#include "cli/commands.h"
#include "store/setting.h"
#include "store/verify.h"

static rv_status put_settings(const char *path, const struct args *args, struct rv_err *reterr)
{
    const char *title = args_get(args, "title");
    if (!title && !args_has(args, "synthetic")) {
        return rv_ok();
    }
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(store_open(path, STORE_WRITE, &s, reterr));
    RV_TRY(store_begin(s, reterr));
    if (title) {
        RV_TRY(setting_put(s, "partnership.title", title, reterr));
    }
    if (args_has(args, "synthetic")) {
        RV_TRY(setting_put(s, "partnership.data", "synthetic", reterr));
    }
    return store_commit(s, reterr);
}

rv_status run_new(struct session *session, struct rv_err *reterr)
{
    const char *path = session->args.positional[0];
    RV_TRY(store_create(path, reterr));
    RV_TRY(put_settings(path, &session->args, reterr));
    if (session->is_json) {
        struct json_writer j;
        json_writer_init(&j, &session->out, true);
        json_put_object(&j, NULL);
        json_put_string(&j, "file", path);
        json_end_object(&j);
    } else {
        buf_printf(&session->out,
                   "%s is ready. Next: reeve areas %s … for boundaries, reeve import %s … for "
                   "extracts.\n",
                   path, path, path);
    }
    return rv_ok();
}

rv_status run_backup(struct session *session, struct rv_err *reterr)
{
    const char *from = session->args.positional[0], *to = session->args.positional[1];
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(store_open(from, STORE_READ, &s, reterr));
    RV_TRY(store_backup(s, to, reterr));
    if (session->is_json) {
        struct json_writer j;
        json_writer_init(&j, &session->out, true);
        json_put_object(&j, NULL);
        json_put_string(&j, "file", from);
        json_put_string(&j, "backup", to);
        json_end_object(&j);
    } else {
        buf_printf(&session->out, "%s is a whole copy of %s\n", to, from);
    }
    return rv_ok();
}

static void verify_json(const struct verify_result *result, const struct audit_result *audit,
                        struct buf *out)
{
    struct json_writer j;
    json_writer_init(&j, out, true);
    json_put_object(&j, NULL);
    json_put_bool(&j, "whole", result->fault_count + audit->fault_count == 0);
    json_put_int(&j, "extracts", result->extracts);
    json_put_int(&j, "chunks", result->chunks);
    json_put_int(&j, "rows", result->rows);
    json_put_int(&j, "audit_rows", audit->rows);
    json_put_array(&j, "faults");
    for (size_t i = 0; i < result->fault_count; i++) {
        json_put_object(&j, NULL);
        json_put_string(&j, "where", result->faults[i].where);
        json_put_string(&j, "what", result->faults[i].what);
        json_end_object(&j);
    }
    for (size_t i = 0; i < audit->fault_count; i++) {
        json_put_object(&j, NULL);
        json_put_string(&j, "where", "the audit");
        json_put_string(&j, "what", audit->faults[i].what);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
}

static void verify_text(const char *path, const struct verify_result *result,
                        const struct audit_result *audit, struct buf *out)
{
    for (size_t i = 0; i < result->fault_count; i++) {
        buf_printf(out, "%s: %s\n", result->faults[i].where, result->faults[i].what);
    }
    for (size_t i = 0; i < audit->fault_count; i++) {
        buf_printf(out, "the audit: %s\n", audit->faults[i].what);
    }
    buf_printf(out, "%s: %lld extracts, %lld chunks, %lld rows looked at, %lld rows of the audit: ",
               path, (long long)result->extracts, (long long)result->chunks,
               (long long)result->rows, (long long)audit->rows);
    buf_text(out, result->fault_count + audit->fault_count ? "NOT whole\n" : "whole\n");
}

/* A file whose pages or tables are damaged may have no audit that can be walked. */
static rv_status verify_audit(struct session *session, struct store *s,
                              const struct verify_result *result, struct audit_result *ret,
                              struct rv_err *reterr)
{
    *ret = (struct audit_result){.rows = 0};
    rv_status status = audit_verify(s, &session->arena, NULL, &session->progress, ret, reterr);
    bool is_told =
        result->fault_count > 0 && (status.code == RV_DAMAGED || status.code == RV_INVALID);
    return is_told ? rv_ok() : status;
}

rv_status run_verify(struct session *session, struct rv_err *reterr)
{
    const char *path = session->args.positional[0];
    RV_CLEANUP(store_closep) struct store *s = NULL;
    struct verify_result result;
    struct audit_result audit;
    RV_TRY(store_open(path, STORE_READ, &s, reterr));
    RV_TRY(store_verify(s, &session->arena, &session->progress, &result, reterr));
    RV_TRY(verify_audit(session, s, &result, &audit, reterr));
    if (session->is_json) {
        verify_json(&result, &audit, &session->out);
    } else {
        verify_text(path, &result, &audit, &session->out);
    }
    size_t faults = result.fault_count + audit.fault_count;
    if (faults) {
        RV_TRY(session_flush(session, reterr));
        return rv_fail(reterr, RV_DAMAGED,
                       "%s is damaged in %zu places; restore the last backup and import again "
                       "what came after it",
                       path, faults);
    }
    return rv_ok();
}
