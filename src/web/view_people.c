/* web/view_people.c — accounts for the administrator: list, invite, change, shut out, let in again.
 *
 * The changes are those of the command `reeve user`, made by the same functions with their row of
 * the audit. SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/account.h"
#include "base/parse.h"
#include "store/extract.h"
#include "web/finding_model.h"
#include "web/views.h"

#include <string.h>

/* ---- the list ---- */

static const char *codes_words(const struct account *x)
{
    return x->status == ACCOUNT_INVITED ? "not yet"
           : !x->has_password           ? "by the proxy"
           : x->has_codes               ? "on"
                                        : "off";
}

static const char *seen_words(struct arena *a, const struct account_seen *seen, size_t count,
                              int64_t account)
{
    for (size_t i = 0; i < count; i++) {
        if (seen[i].account == account) {
            return time_words(a, seen[i].at);
        }
    }
    return "never";
}

static void put_account(struct call *c, struct model *m, const struct account *x,
                        const struct account_seen *seen, size_t seen_count)
{
    model_int(m, "id", x->id);
    model_text(m, "name", x->name);
    model_text(m, "display", x->display);
    model_bool(m, "has-display", strcmp(x->display, x->name) != 0);
    model_text(m, "role", role_name(x->role));
    model_text(m, "organisation", x->organisation);
    model_text(m, "status", account_status_name(x->status));
    model_bool(m, "is-active", x->status == ACCOUNT_ACTIVE);
    model_bool(m, "is-invited", x->status == ACCOUNT_INVITED);
    model_bool(m, "is-disabled", x->status == ACCOUNT_DISABLED);
    model_bool(m, "is-weak", x->status == ACCOUNT_ACTIVE && x->has_password && !x->has_codes);
    model_text(m, "codes", codes_words(x));
    model_text(m, "last-sign-in", seen_words(c->arena, seen, seen_count, x->id));
    model_bool(m, "is-self", x->id == c->session.account);
}

rv_status view_people(struct call *c, struct rv_err *reterr)
{
    struct account *rows;
    struct account_seen *seen;
    size_t count, seen_count;
    RV_TRY(account_list(c->store, c->arena, &rows, &count, reterr));
    RV_TRY(account_last_seen(c->store, c->arena, &seen, &seen_count, reterr));
    struct model_list *list = model_list(c->model, "people");
    for (size_t i = 0; i < count; i++) {
        put_account(c, model_item(list), &rows[i], seen, seen_count);
    }
    return rv_ok();
}

/* ---- forms ---- */

static const struct {
    enum role role;
    const char *id, *words;
} role_choices[] = {
    {ROLE_PARTNER, "role",
     "Reads tables, findings and reports. Sends extracts of the own organisation and sees single "
     "records of these only."},
    {ROLE_ANALYST, "role-2", "Imports, checks and assesses. Sees single records."},
    {ROLE_COORDINATOR, "role-3",
     "Assesses, keeps the registers and publishes. Sees counts, never single records."},
    {ROLE_ADMINISTRATOR, "role-4",
     "Looks after accounts, the audit and the file. Sees counts, never single records."},
};

static void put_roles(struct call *c, struct text chosen)
{
    struct model_list *list = model_list(c->model, "roles");
    for (size_t i = 0; i < sizeof role_choices / sizeof *role_choices; i++) {
        struct model *item = model_item(list);
        const char *name = role_name(role_choices[i].role);
        char *words = arena_text(c->arena, name, strlen(name));
        if (words) {
            words[0] = (char)(words[0] - 'a' + 'A');
        }
        model_text(item, "choice", role_choices[i].id);
        model_text(item, "role", name);
        model_text(item, "words", words);
        model_text(item, "may", role_choices[i].words);
        model_bool(item, "is-chosen", text_is(chosen, name));
    }
}

/* The suppliers that extracts carry: what an organisation is called here. */
static rv_status put_suppliers(struct call *c, struct rv_err *reterr)
{
    struct extract_info *extracts;
    size_t count;
    RV_TRY(extract_list_all(c->store, c->arena, NULL, &extracts, &count, reterr));
    struct model_list *list = model_list(c->model, "suppliers");
    for (size_t i = 0; i < count; i++) {
        bool is_known = extracts[i].supplier == NULL;
        for (size_t k = 0; k < i && !is_known; k++) {
            is_known =
                extracts[k].supplier && strcmp(extracts[k].supplier, extracts[i].supplier) == 0;
        }
        if (!is_known) {
            model_word(list, extracts[i].supplier);
        }
    }
    model_bool(c->model, "has-suppliers", model_list_count(list) > 0);
    return rv_ok();
}

static rv_status put_form(struct call *c, struct text name, struct text display,
                          struct text organisation, struct text role, struct rv_err *reterr)
{
    struct model *form = model_object(c->model, "form");
    model_slice(form, "name", name);
    model_slice(form, "display", display);
    model_slice(form, "organisation", organisation);
    put_roles(c, role);
    return put_suppliers(c, reterr);
}

static rv_status put_form_again(struct call *c, struct rv_err *reterr)
{
    model_bool(c->model, "no-codes", call_form(c, "no-codes").n > 0);
    return put_form(c, call_form(c, "name"), call_form(c, "display"), call_form(c, "organisation"),
                    call_form(c, "role"), reterr);
}

static const char *field_text(struct call *c, const char *field)
{
    struct text t = text_trim(call_form(c, field));
    return t.n > 0 ? arena_text(c->arena, t.at, t.n) : NULL;
}

/* What the form says; faults are noted. `name`: NULL for an account that has one. */
static bool take_form(struct call *c, char *name, struct account_new *ret)
{
    struct rv_err err;
    *ret = (struct account_new){.name = name,
                                .display = field_text(c, "display"),
                                .organisation = field_text(c, "organisation"),
                                .has_no_codes = call_form(c, "no-codes").n > 0};
    bool is_good = true;
    if (name && !rv_is_ok(account_name(call_form(c, "name"), name, &err))) {
        call_fault(c, "name", err.message);
        is_good = false;
    }
    if (!role_find(call_form(c, "role"), &ret->role) || ret->role == ROLE_PUBLIC) {
        call_fault(c, "role", "Choose a role");
        is_good = false;
    }
    return is_good;
}

/* A refusal or a text that is not taken is told at the form; anything else fails. */
static bool is_for_form(struct call *c, rv_status status, const char *field,
                        const struct rv_err *err)
{
    if (status.code == RV_REFUSED || status.code == RV_INVALID) {
        call_fault(c, field, err->message);
        return true;
    }
    return false;
}

/* ---- inviting ---- */

rv_status view_invite(struct call *c, struct rv_err *reterr)
{
    struct text none = {"", 0};
    return put_form(c, none, none, none, none, reterr);
}

/* The link is shown once, on the answer to this very form. */
static rv_status show_link(struct call *c, const struct account *x, const struct token *token,
                           bool is_reset, struct rv_err *reterr)
{
    struct text host = c->request->host;
    const char *link =
        arena_printf(c->arena, "%s://%.*s/invitation/%s", c->request->is_secure ? "https" : "http",
                     (int)host.n, host.at, token->text);
    model_text(c->model, "name", x->name);
    model_text(c->model, "role", role_name(x->role));
    model_int(c->model, "id", x->id);
    model_text(c->model, "link", link);
    model_text(c->model, "until", time_words(c->arena, x->invited_until));
    model_bool(c->model, "is-reset", is_reset);
    call_show(c, "admin-invited");
    return link ? rv_ok() : arena_fail(c->arena, reterr);
}

rv_status post_invite(struct call *c, struct rv_err *reterr)
{
    char name[ACCOUNT_NAME_BYTES + 1] = "";
    struct account_new new;
    struct account made;
    int64_t id = 0;
    RV_CLEANUP(token_done) struct token token = {""};
    call_show(c, "admin-invite");
    if (!take_form(c, name, &new)) {
        return put_form_again(c, reterr);
    }
    struct rv_err err = {.code = RV_OK};
    struct store *writer = call_writer(c);
    rv_status status = account_invite(writer, c->arena, &new, call_act(c), &id, &token, &err);
    call_writer_done(c);
    if (is_for_form(c, status, "name", &err)) {
        return put_form_again(c, reterr);
    }
    RV_TRY(status);
    RV_TRY(account_get(c->store, c->arena, id, &made, reterr));
    return show_link(c, &made, &token, false, reterr);
}

/* ---- one person ---- */

static rv_status find(struct call *c, struct account *ret, struct rv_err *reterr)
{
    int64_t id = 0;
    if (!parse_int(c->arguments[0], &id)) {
        return call_not_there(c, reterr);
    }
    return account_get(c->store, c->arena, id, ret, reterr);
}

static rv_status put_sessions(struct call *c, int64_t account, struct rv_err *reterr)
{
    struct session_row *rows;
    size_t count;
    RV_TRY(session_list(c->store, c->arena, account, c->now, &rows, &count, reterr));
    struct model_list *list = model_list(c->model, "sessions");
    for (size_t i = 0; i < count; i++) {
        struct model *row = model_item(list);
        model_text(row, "begun", time_words(c->arena, rows[i].made_at));
        model_text(row, "used", time_words(c->arena, rows[i].seen_at));
        model_text(row, "address", rows[i].address);
        model_text(row, "means", rows[i].means);
    }
    model_bool(c->model, "has-sessions", count > 0);
    return rv_ok();
}

static const struct {
    const char *done, *words;
} news[] = {
    {"changed", "The changes are saved. They count at the next page that the person asks for."},
    {"disabled", "The account is disabled and signed out everywhere."},
    {"enabled", "The account is enabled: the person can sign in again."},
    {"signed-out", "The person is signed out everywhere."},
};

static void put_news(struct call *c)
{
    struct text done = call_query(c, "done");
    for (size_t i = 0; i < sizeof news / sizeof *news; i++) {
        if (text_is(done, news[i].done)) {
            model_text(c->model, "news", news[i].words);
        }
    }
}

static rv_status put_person(struct call *c, const struct account *x, struct rv_err *reterr)
{
    struct account_seen *seen;
    size_t count;
    RV_TRY(account_last_seen(c->store, c->arena, &seen, &count, reterr));
    put_account(c, c->model, x, seen, count);
    model_text(c->model, "title", x->name);
    model_int(c->model, "recovery-codes", x->recovery_codes);
    model_bool(c->model, "has-codes", x->has_codes);
    if (x->invited_until > c->now) {
        model_text(c->model, "invited-until", time_words(c->arena, x->invited_until));
    }
    put_news(c);
    return put_sessions(c, x->id, reterr);
}

rv_status view_person(struct call *c, struct rv_err *reterr)
{
    struct account x;
    RV_TRY(find(c, &x, reterr));
    RV_TRY(put_person(c, &x, reterr));
    bool has_display = strcmp(x.display, x.name) != 0;
    return put_form(c, text_of(x.name), text_of(has_display ? x.display : ""),
                    text_of(x.organisation ? x.organisation : ""), text_of(role_name(x.role)),
                    reterr);
}

static rv_status go_to_person(struct call *c, int64_t id, const char *done, struct rv_err *reterr)
{
    const char *path = arena_printf(c->arena, "/admin/people/%lld?done=%s", (long long)id, done);
    return path ? call_go_to(c, path, reterr) : arena_fail(c->arena, reterr);
}

/* The page of the person again, with what was typed. */
static rv_status show_person_again(struct call *c, const struct account *x, struct rv_err *reterr)
{
    call_show(c, "admin-person");
    RV_TRY(put_person(c, x, reterr));
    return put_form_again(c, reterr);
}

rv_status post_person(struct call *c, struct rv_err *reterr)
{
    struct account x;
    struct account_new to;
    RV_TRY(find(c, &x, reterr));
    if (!take_form(c, NULL, &to)) {
        return show_person_again(c, &x, reterr);
    }
    struct rv_err err = {.code = RV_OK};
    struct store *writer = call_writer(c);
    rv_status status = account_change(writer, c->arena, x.id, &to, call_act(c), &err);
    call_writer_done(c);
    if (is_for_form(c, status, status.code == RV_REFUSED ? "role" : "display", &err)) {
        return show_person_again(c, &x, reterr);
    }
    RV_TRY(status);
    return go_to_person(c, x.id, "changed", reterr);
}

typedef rv_status account_switch(struct store *s, struct arena *a, int64_t id, struct act act,
                                 struct rv_err *reterr);

static rv_status turn(struct call *c, account_switch *to, const char *done, struct rv_err *reterr)
{
    struct account x;
    RV_TRY(find(c, &x, reterr));
    struct rv_err err = {.code = RV_OK};
    struct store *writer = call_writer(c);
    rv_status status = to(writer, c->arena, x.id, call_act(c), &err);
    call_writer_done(c);
    if (is_for_form(c, status, "", &err)) {
        call_show(c, "admin-person");
        RV_TRY(put_person(c, &x, reterr));
        return put_form(c, text_of(x.name), text_of(x.display),
                        text_of(x.organisation ? x.organisation : ""), text_of(role_name(x.role)),
                        reterr);
    }
    RV_TRY(status);
    return go_to_person(c, x.id, done, reterr);
}

rv_status post_person_disable(struct call *c, struct rv_err *reterr)
{
    return turn(c, account_disable, "disabled", reterr);
}

rv_status post_person_enable(struct call *c, struct rv_err *reterr)
{
    return turn(c, account_enable, "enabled", reterr);
}

static rv_status sign_out(struct store *s, struct arena *a, int64_t id, struct act act,
                          struct rv_err *reterr)
{
    (void)a;
    int64_t ended;
    return session_close_all(s, id, 0, act, &ended, reterr);
}

rv_status post_person_sign_out(struct call *c, struct rv_err *reterr)
{
    return turn(c, sign_out, "signed-out", reterr);
}

/* ---- forgotten password, lost telephone ---- */

rv_status view_person_reset(struct call *c, struct rv_err *reterr)
{
    struct account x;
    RV_TRY(find(c, &x, reterr));
    model_int(c->model, "id", x.id);
    model_text(c->model, "back", arena_printf(c->arena, "/admin/people/%lld", (long long)x.id));
    model_text(c->model, "name", x.name);
    model_bool(c->model, "has-codes", x.has_codes || x.status == ACCOUNT_INVITED);
    return rv_ok();
}

rv_status post_person_reset(struct call *c, struct rv_err *reterr)
{
    struct account x;
    RV_CLEANUP(token_done) struct token token = {""};
    RV_TRY(find(c, &x, reterr));
    struct rv_err err = {.code = RV_OK};
    struct store *writer = call_writer(c);
    rv_status status = account_reset(writer, c->arena, x.id, call_form(c, "no-codes").n > 0,
                                     call_act(c), &token, &err);
    call_writer_done(c);
    if (is_for_form(c, status, "", &err)) {
        call_show(c, "admin-reset");
        return view_person_reset(c, reterr);
    }
    RV_TRY(status);
    RV_TRY(account_get(c->store, c->arena, x.id, &x, reterr));
    return show_link(c, &x, &token, true, reterr);
}
