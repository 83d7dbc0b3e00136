/* cli/claims.c — claims: what a published document says beside what the program computes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/claim.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/opening.h"

#include <string.h>

static const char *const VERDICTS[] = {"met", "not-met", "answered-otherwise", "not-computed"};

static const struct claim_answer *find_answer(const struct claim_answer *answers, size_t count,
                                              const char *claim)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(answers[i].claim, claim) == 0) {
            return &answers[i];
        }
    }
    return NULL;
}

static void put_row(struct session *session, struct json_writer *j, bool is_csv,
                    const struct claim_expected *e, const struct claim_answer *answer,
                    const struct claim_result *r)
{
    const char *from = answer && answer->is_computed ? answer->from : "";
    const char *cells[] = {e->claim,
                           e->value,
                           r->got,
                           VERDICTS[r->verdict],
                           r->because,
                           from,
                           claim_input_class(e->needs)};
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

static rv_status put_rows(struct session *session, const struct claim_expected *list, size_t count,
                          const struct claim_answer *answers, size_t answer_count,
                          struct rv_err *reterr)
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
        struct claim_result r;
        const struct claim_answer *answer = find_answer(answers, answer_count, list[i].claim);
        RV_TRY(claim_compare(&session->arena, &list[i], answer, &r, reterr));
        session->needs_attention = session->needs_attention || r.verdict == CLAIM_NOT_MET;
        put_row(session, &j, is_csv, &list[i], answer, &r);
    }
    if (!is_csv) {
        json_end_array(&j);
    }
    return rv_ok();
}

rv_status run_claims(struct session *session, struct rv_err *reterr)
{
    const char *path = args_get(&session->args, "expect"), *set = args_get(&session->args, "set");
    RV_CLEANUP(store_closep) struct store *s = NULL;
    struct claim_expected *expected;
    struct claim_answer *answers;
    size_t count, answer_count;
    struct pool *pool;
    if (!path) {
        return rv_fail(reterr, RV_USAGE,
                       "'reeve claims FILE' needs --expect CSV, the claims with their values");
    }
    RV_TRY(claims_expected(&session->arena, path, &expected, &count, reterr));
    RV_TRY(open_for_results(session, STORE_READ, &s, reterr));
    RV_TRY(session_pool(session, &pool, reterr));
    RV_TRY(claims_answer(s, &session->arena, pool, &session->progress, set ? set : "havering",
                         &answers, &answer_count, reterr));
    return put_rows(session, expected, count, answers, answer_count, reterr);
}
