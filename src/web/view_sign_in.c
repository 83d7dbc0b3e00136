/* web/view_sign_in.c — signing in and out.
 *
 * The form is one page: name, password and one-time code together, and one answer for all that can
 * be wrong with them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/sign_in.h"
#include "web/views.h"

/* Where to go afterwards: a path of this service, else the workbench. */
static const char *next_of(const struct call *c, struct text said)
{
    return request_is_local_path(said) ? arena_text(c->arena, said.at, said.n) : "/workbench";
}

/* Who signed in with the proxy need not do so again, when an account has the name. */
static rv_status by_proxy(struct call *c, bool *ret, struct rv_err *reterr)
{
    struct token token RV_CLEANUP(token_done) = {{0}};
    enum sign_in_answer answer = SIGN_IN_REFUSED;
    struct store *writer = call_writer(c);
    rv_status status = sign_in_by_proxy(writer, c->request->user, c->request->address,
                                        c->request->session, c->now, &token, &answer, reterr);
    call_writer_done(c);
    RV_TRY(status);
    *ret = answer == SIGN_IN_DONE;
    return *ret ? call_set_session(c, token.text, reterr) : rv_ok();
}

rv_status view_sign_in(struct call *c, struct rv_err *reterr)
{
    bool is_in = c->is_signed_in;
    if (!is_in && c->request->user.n > 0) {
        RV_TRY(by_proxy(c, &is_in, reterr));
    }
    if (is_in) {
        return call_go_to(c, next_of(c, call_query(c, "next")), reterr);
    }
    model_text(c->model, "next", next_of(c, call_query(c, "next")));
    return rv_ok();
}

static rv_status try_to_sign_in(struct call *c, struct sign_in *attempt, struct token *token,
                                enum sign_in_answer *answer, struct rv_err *reterr)
{
    const char *address = c->request->address;
    struct store *writer = call_writer(c);
    rv_status status =
        sign_in_begin(writer, call_form(c, "name"), address, c->now, attempt, reterr);
    call_writer_done(c);
    if (!rv_is_ok(status) || attempt->wait_seconds > 0) {
        *answer = SIGN_IN_WAIT;
        return status;
    }
    RV_TRY(sign_in_check(attempt, call_form(c, "password"), call_form(c, "code"), c->now, reterr));
    writer = call_writer(c);
    status = sign_in_end(writer, attempt, c->request->session, c->now, token, answer, reterr);
    call_writer_done(c);
    return status;
}

static rv_status show_again(struct call *c, const struct sign_in *attempt,
                            enum sign_in_answer answer, struct rv_err *reterr)
{
    model_text(c->model, "next", next_of(c, call_form(c, "next")));
    model_slice(c->model, "name", call_form(c, "name"));
    if (answer == SIGN_IN_WAIT) {
        int64_t minutes = (attempt->wait_seconds + 59) / 60;
        const char *words =
            arena_printf(c->arena, "There were too many attempts. Try again in %lld minute%s",
                         (long long)minutes, minutes == 1 ? "" : "s");
        if (!words) {
            return arena_fail(c->arena, reterr);
        }
        call_fault(c, "name", words);
        c->response->status = 429;
        c->response->retry_after = (unsigned)attempt->wait_seconds;
    } else {
        call_fault(c, "name",
                   "Enter the name, password and one-time code of an account. At least "
                   "one of them is not right, or the code was used already");
    }
    call_show(c, "sign-in");
    return rv_ok();
}

rv_status post_sign_in(struct call *c, struct rv_err *reterr)
{
    struct sign_in attempt RV_CLEANUP(sign_in_done) = {.wait_seconds = 0};
    struct token token RV_CLEANUP(token_done) = {{0}};
    enum sign_in_answer answer = SIGN_IN_REFUSED;
    RV_TRY(try_to_sign_in(c, &attempt, &token, &answer, reterr));
    if (answer != SIGN_IN_DONE) {
        return show_again(c, &attempt, answer, reterr);
    }
    RV_TRY(call_set_session(c, token.text, reterr));
    return call_go_to(c, next_of(c, call_form(c, "next")), reterr);
}

rv_status post_sign_out(struct call *c, struct rv_err *reterr)
{
    struct store *writer = call_writer(c);
    rv_status status = session_close(writer, c->request->session, c->now, reterr);
    call_writer_done(c);
    RV_TRY(status);
    RV_TRY(call_set_session(c, NULL, reterr));
    return call_go_to(c, "/", reterr);
}
