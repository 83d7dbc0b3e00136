/* cli/claims.c — claims: what a published document says beside what the program computes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/claim.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/opening.h"

static void put_row(struct session *session, struct json_writer *j, bool is_csv,
                    const struct claim_row *row)
{
    const char *cells[] = {row->expected->claim,
                           row->expected->value,
                           row->result.got,
                           claim_verdict_name(row->result.verdict),
                           row->result.because,
                           row->from,
                           claim_input_class(row->expected->needs)};
    static const char *const names[] = {"claim_id", "expected", "got",        "verdict",
                                        "because",  "from",     "input_class"};
    if (!is_csv) {
        json_put_object(j, NULL);
    }
    for (size_t i = 0; i < 7; i++) {
        if (is_csv) {
            buf_text(&session->out, i ? "," : "");
            buf_csv_words(&session->out, text_of(cells[i]));
        } else {
            json_put_string(j, names[i], cells[i]);
        }
    }
    if (is_csv) {
        buf_text(&session->out, "\r\n");
    } else {
        json_end_object(j);
    }
}

static void put_rows(struct session *session, const struct claim_row *rows, size_t count)
{
    struct json_writer j;
    bool is_csv = !session->is_json;
    json_writer_init(&j, &session->out, true);
    if (is_csv) {
        buf_text(&session->out, "claim_id,expected,got,verdict,because,from,input_class\r\n");
    } else {
        json_put_array(&j, NULL);
    }
    for (size_t i = 0; i < count; i++) {
        session->needs_attention =
            session->needs_attention || rows[i].result.verdict == CLAIM_NOT_MET;
        put_row(session, &j, is_csv, &rows[i]);
    }
    if (!is_csv) {
        json_end_array(&j);
    }
}

rv_status run_claims(struct session *session, struct rv_err *reterr)
{
    const char *path = args_get(&session->args, "expect"), *set = args_get(&session->args, "set");
    RV_CLEANUP(store_closep) struct store *s = NULL;
    struct claim_expected *expected;
    struct claim_row *rows;
    size_t count;
    struct pool *pool;
    if (!path) {
        return rv_fail(reterr, RV_USAGE,
                       "'reeve claims FILE' needs --expect CSV, the claims with their values");
    }
    RV_TRY(claims_expected(&session->arena, path, &expected, &count, reterr));
    RV_TRY(open_for_results(session, STORE_READ, &s, reterr));
    RV_TRY(session_pool(session, &pool, reterr));
    RV_TRY(claims_rows(s, &session->arena, pool, &session->progress, set ? set : "havering",
                       expected, count, &rows, reterr));
    put_rows(session, rows, count);
    return rv_ok();
}
