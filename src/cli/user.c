/* cli/user.c — user: accounts made, invited, changed, shut out; sessions ended.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/json.h"
#include "cli/commands.h"
#include "cli/dialogue.h"
#include "cli/people.h"
#include "cli/secret_input.h"

#include <string.h>
#include <time.h>

static struct act act_now(void)
{
    return (struct act){.by = 0, .now = (int64_t)time(NULL)};
}

static rv_status open_file(struct session *session, enum store_mode mode, struct store **ret,
                           struct rv_err *reterr)
{
    RV_TRY(store_open(session->args.positional[0], mode, ret, reterr));
    if (mode == STORE_WRITE) {
        store_doing(*ret, "a change of an account");
    }
    return rv_ok();
}

static rv_status find(struct session *session, struct store *s, const char *typed,
                      struct account *ret, struct rv_err *reterr)
{
    char name[ACCOUNT_NAME_BYTES + 1];
    RV_TRY(account_name(text_of(typed), name, reterr));
    return account_find(s, &session->arena, name, ret, reterr);
}

static rv_status role_given(const struct session *session, enum role otherwise, enum role *ret,
                            struct rv_err *reterr)
{
    const char *given = args_get(&session->args, "role");
    *ret = otherwise;
    if (given ? !role_find(text_of(given), ret) || *ret == ROLE_PUBLIC : otherwise == ROLE_PUBLIC) {
        return rv_fail(reterr, RV_USAGE,
                       "--role takes partner, analyst, coordinator or administrator%s%s%s",
                       given ? ", not '" : "", given ? given : "", given ? "'" : "");
    }
    return rv_ok();
}

/* A name that nobody has, before anything is asked. */
static rv_status take_new(struct session *session, struct store *s, const char *typed,
                          char name[ACCOUNT_NAME_BYTES + 1], struct account_new *ret,
                          struct rv_err *reterr)
{
    struct account other;
    RV_TRY(account_name(text_of(typed), name, reterr));
    *ret = (struct account_new){.name = name,
                                .display = args_get(&session->args, "display"),
                                .organisation = args_get(&session->args, "organisation"),
                                .has_no_codes = args_has(&session->args, "no-codes")};
    RV_TRY(role_given(session, ROLE_PUBLIC, &ret->role, reterr));
    rv_status status = account_find(s, &session->arena, name, &other, NULL);
    if (rv_is_ok(status)) {
        return rv_fail(reterr, RV_REFUSED, "there is an account \"%s\" already (%s)", name,
                       account_status_name(other.status));
    }
    return status.code == RV_NOT_FOUND
               ? rv_ok()
               : account_find(s, &session->arena, name, &other, reterr); /* for its message */
}

/* ---- add, invite ---- */

/* At a terminal: the secret is shown and the app must show a code for it before anything is kept.
 */
static rv_status prove_codes(struct session *session, const struct totp_secret *secret,
                             const char *name, struct rv_err *reterr)
{
    int64_t step = 0;
    put_secret(session, secret, name);
    while (step == 0) {
        const char *line;
        buf_text(&session->out, "The code that the app shows now (q: stop, nothing is kept): ");
        RV_TRY(dialogue_line(session, &line, reterr));
        if (strcmp(line, "q") == 0) {
            return rv_fail(reterr, RV_REFUSED, "stopped; no account was made");
        }
        RV_TRY(totp_find(secret, text_of(line), (int64_t)time(NULL), 0, &step, reterr));
        buf_text(&session->out, step ? "" : "That is not the code of this minute.\n");
    }
    return rv_ok();
}

static rv_status add(struct session *session, const char *typed, struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_CLEANUP(secret_text_done) struct secret_text password = {.n = 0};
    RV_CLEANUP(totp_secret_done) struct totp_secret secret = {{0}};
    RV_CLEANUP(account_codes_done) struct account_codes codes = {.recovery_count = 0};
    char name[ACCOUNT_NAME_BYTES + 1];
    struct account_new x;
    struct account made;
    struct password_hash hash;
    int64_t id = 0;
    bool has_password = !args_has(&session->args, "no-password");
    RV_TRY(secrets_ready(reterr));
    RV_TRY(open_file(session, STORE_WRITE, &s, reterr));
    RV_TRY(take_new(session, s, typed, name, &x, reterr));
    x.has_no_codes = x.has_no_codes || !has_password;
    if (has_password) {
        RV_TRY(secret_read(session, name, &password, reterr));
        RV_TRY(password_make((struct text){password.bytes, password.n}, &hash, reterr));
    }
    bool is_asked = dialogue_is_possible() && !session->is_json;
    if (!x.has_no_codes) {
        totp_secret_make(&secret);
        RV_TRY(is_asked ? prove_codes(session, &secret, name, reterr) : rv_ok());
    }
    RV_TRY(account_add(s, &session->arena, &x, has_password ? &hash : NULL, &secret, act_now(), &id,
                       &codes, reterr));
    RV_TRY(account_get(s, &session->arena, id, &made, reterr));
    if (!x.has_no_codes && !is_asked && !session->is_json) {
        put_secret(session, &secret, name);
    }
    put_added(session, &made, x.has_no_codes ? NULL : &secret, &codes);
    return rv_ok();
}

static rv_status invite(struct session *session, const char *typed, struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_CLEANUP(token_done) struct token token = {""};
    char name[ACCOUNT_NAME_BYTES + 1];
    struct account_new x;
    struct account made;
    int64_t id = 0;
    RV_TRY(open_file(session, STORE_WRITE, &s, reterr));
    RV_TRY(take_new(session, s, typed, name, &x, reterr));
    RV_TRY(account_invite(s, &session->arena, &x, act_now(), &id, &token, reterr));
    RV_TRY(account_get(s, &session->arena, id, &made, reterr));
    put_invited(session, &made, &token);
    return rv_ok();
}

static rv_status reset(struct session *session, const char *typed, struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_CLEANUP(token_done) struct token token = {""};
    struct account x;
    RV_TRY(open_file(session, STORE_WRITE, &s, reterr));
    RV_TRY(find(session, s, typed, &x, reterr));
    RV_TRY(account_reset(s, &session->arena, x.id, args_has(&session->args, "no-codes"), act_now(),
                         &token, reterr));
    RV_TRY(account_get(s, &session->arena, x.id, &x, reterr));
    put_invited(session, &x, &token);
    return rv_ok();
}

/* ---- change, disable, enable ---- */

typedef rv_status account_switch(struct store *s, struct arena *a, int64_t id, struct act act,
                                 struct rv_err *reterr);

static rv_status turn(struct session *session, const char *typed, account_switch *to,
                      const char *done, struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    struct account x;
    RV_TRY(open_file(session, STORE_WRITE, &s, reterr));
    RV_TRY(find(session, s, typed, &x, reterr));
    RV_TRY(to(s, &session->arena, x.id, act_now(), reterr));
    RV_TRY(account_get(s, &session->arena, x.id, &x, reterr));
    put_changed(session, &x, done);
    return rv_ok();
}

static rv_status disable(struct session *session, const char *typed, struct rv_err *reterr)
{
    return turn(session, typed, account_disable, "disabled, and signed out everywhere", reterr);
}

static rv_status enable(struct session *session, const char *typed, struct rv_err *reterr)
{
    return turn(session, typed, account_enable, "enabled", reterr);
}

/* An option that is not given leaves what it is about; an empty one takes it away. */
static const char *given_or(const struct session *session, const char *option, const char *before)
{
    const char *given = args_get(&session->args, option);
    return !given ? before : *given ? given : NULL;
}

static rv_status change(struct session *session, const char *typed, struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    struct account x;
    RV_TRY(open_file(session, STORE_WRITE, &s, reterr));
    RV_TRY(find(session, s, typed, &x, reterr));
    struct account_new to = {
        .name = x.name,
        .display = given_or(session, "display", x.display == x.name ? NULL : x.display),
        .organisation = given_or(session, "organisation", x.organisation)};
    RV_TRY(role_given(session, x.role, &to.role, reterr));
    RV_TRY(account_change(s, &session->arena, x.id, &to, act_now(), reterr));
    RV_TRY(account_get(s, &session->arena, x.id, &x, reterr));
    put_changed(session, &x, "changed");
    return rv_ok();
}

/* ---- list, sessions, sign-out, new-key ---- */

static rv_status list(struct session *session, const char *typed, struct rv_err *reterr)
{
    (void)typed;
    RV_CLEANUP(store_closep) struct store *s = NULL;
    struct account *rows;
    size_t count;
    RV_TRY(open_file(session, STORE_READ, &s, reterr));
    RV_TRY(account_list(s, &session->arena, &rows, &count, reterr));
    put_accounts(session, rows, count);
    return rv_ok();
}

static rv_status sessions(struct session *session, const char *typed, struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    struct account x = {.id = 0}, *accounts;
    struct session_row *rows;
    size_t count, account_count;
    RV_TRY(open_file(session, STORE_READ, &s, reterr));
    RV_TRY(typed ? find(session, s, typed, &x, reterr) : rv_ok());
    RV_TRY(account_list(s, &session->arena, &accounts, &account_count, reterr));
    RV_TRY(session_list(s, &session->arena, x.id, (int64_t)time(NULL), &rows, &count, reterr));
    put_sessions(session, accounts, account_count, rows, count);
    return rv_ok();
}

static rv_status sign_out(struct session *session, const char *typed, struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    struct account x = {.id = 0};
    int64_t count = 0;
    bool is_all = args_has(&session->args, "all");
    if (is_all == (typed != NULL)) {
        return rv_fail(reterr, RV_USAGE,
                       "'reeve user FILE sign-out' takes the name of an account, or --all");
    }
    RV_TRY(open_file(session, STORE_WRITE, &s, reterr));
    RV_TRY(typed ? find(session, s, typed, &x, reterr) : rv_ok());
    RV_TRY(session_close_all(s, x.id, 0, act_now(), &count, reterr));
    if (session->is_json) {
        struct json_writer j;
        json_writer_init(&j, &session->out, true);
        json_put_object(&j, NULL);
        json_put_string(&j, "name", typed ? x.name : NULL);
        json_put_int(&j, "ended", count);
        json_end_object(&j);
    } else {
        buf_printf(&session->out, "%s signed out: %lld sessions ended.\n",
                   typed ? x.name : "Everybody", (long long)count);
    }
    return rv_ok();
}

static rv_status new_key(struct session *session, const char *typed, struct rv_err *reterr)
{
    (void)typed;
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(open_file(session, STORE_WRITE, &s, reterr));
    RV_TRY(account_new_key(s, act_now(), reterr));
    if (session->is_json) {
        struct json_writer j;
        json_writer_init(&j, &session->out, true);
        json_put_object(&j, NULL);
        json_put_string(&j, "done", "new key");
        json_end_object(&j);
    } else {
        buf_printf(&session->out,
                   "%s-key is a new key: keep a copy apart from the backups. One-time codes fit no "
                   "more and invitations are void: people sign in with a recovery code, or are "
                   "reset.\n",
                   session->args.positional[0]);
    }
    return rv_ok();
}

enum names { NO_NAME, A_NAME, MAYBE_NAME };

static const struct verb {
    const char *name;
    enum names names;
    rv_status (*run)(struct session *session, const char *typed, struct rv_err *reterr);
} verbs[] = {
    {"list", NO_NAME, list},
    {"add", A_NAME, add},
    {"invite", A_NAME, invite},
    {"reset", A_NAME, reset},
    {"change", A_NAME, change},
    {"disable", A_NAME, disable},
    {"enable", A_NAME, enable},
    {"sessions", MAYBE_NAME, sessions},
    {"sign-out", MAYBE_NAME, sign_out},
    {"new-key", NO_NAME, new_key},
};

rv_status run_user(struct session *session, struct rv_err *reterr)
{
    const struct args *args = &session->args;
    const char *verb = args->positional_count > 1 ? args->positional[1] : "list";
    const char *name = args->positional_count > 2 ? args->positional[2] : NULL;
    if (args_has(args, "password")) { /* and not taken for a short form of --password-file */
        return rv_fail(reterr, RV_USAGE,
                       "a password is not a word of a command, which others on this machine can "
                       "list: choose another, and give it with --password-file");
    }
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        const struct verb *v = &verbs[i];
        if (strcmp(v->name, verb) != 0) {
            continue;
        }
        if (v->names != MAYBE_NAME && (v->names == A_NAME) != (name != NULL)) {
            return rv_fail(reterr, RV_USAGE, "'reeve user FILE %s' takes %s after it", verb,
                           name ? "nothing" : "the name of an account");
        }
        return v->run(session, name, reterr);
    }
    return rv_fail(reterr, RV_USAGE,
                   "'reeve user FILE' takes list, add, invite, reset, change, disable, enable, "
                   "sessions, sign-out or new-key, not '%s'",
                   verb);
}
