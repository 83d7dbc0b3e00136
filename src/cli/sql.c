/* cli/sql.c — sql: one read-only query, as CSV or JSON.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli/commands.h"
#include "cli/opening.h"
#include "store/query_out.h"

#define FLUSH_BYTES ((size_t)1 << 20)

static rv_status flush(void *context, struct rv_err *reterr)
{
    struct session *session = context;
    return session->out.n > FLUSH_BYTES ? session_flush(session, reterr) : rv_ok();
}

rv_status run_sql(struct session *session, struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(open_for_results(session, STORE_READ, &s, reterr));
    struct query_out o = {
        .out = &session->out, .is_json = session->is_json, .flush = flush, .context = session};
    query_out_begin(&o);
    RV_TRY(
        store_query(s, session->args.positional[1], &session->progress, query_out_row, &o, reterr));
    query_out_end(&o);
    return rv_ok();
}
