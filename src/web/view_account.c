/* web/view_account.c — a person's own account: where it is signed in; accepting an invitation.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/account.h"
#include "web/finding_model.h"
#include "web/views.h"

rv_status view_account(struct call *c, struct rv_err *reterr)
{
    struct session_row *rows;
    size_t count;
    RV_TRY(session_list(c->store, c->arena, c->session.account, c->now, &rows, &count, reterr));
    model_text(c->model, "name", c->session.name);
    model_text(c->model, "role", role_name(c->session.role));
    struct model_list *list = model_list(c->model, "sessions");
    for (size_t i = 0; i < count; i++) {
        struct model *row = model_item(list);
        model_text(row, "begun", time_words(c->arena, rows[i].made_at));
        model_text(row, "used", time_words(c->arena, rows[i].seen_at));
        model_text(row, "address", rows[i].address);
        model_bool(row, "is-this", rows[i].id == c->session.id);
    }
    return rv_ok();
}

rv_status post_sign_out_everywhere(struct call *c, struct rv_err *reterr)
{
    int64_t ended;
    struct store *writer = call_writer(c);
    rv_status status =
        session_close_all(writer, c->session.account, 0, call_act(c), &ended, reterr);
    call_writer_done(c);
    RV_TRY(status);
    RV_TRY(call_set_session(c, NULL, reterr));
    return call_go_to(c, "/sign-in", reterr);
}

/* ---- invitations ---- */

/* The secret as a person types it into an app: four letters at a time. */
static const char *in_fours(struct arena *a, const struct totp_secret *secret)
{
    char base32[TOTP_BASE32 + 1];
    totp_base32(secret, base32);
    char *out = ARENA_NEW(a, char, TOTP_BASE32 / 4 * 5 + 1);
    for (size_t i = 0, n = 0; out && i < TOTP_BASE32; i++) {
        if (i > 0 && i % 4 == 0) {
            out[n++] = ' ';
        }
        out[n++] = base32[i];
    }
    return out;
}

static void put_invitation(struct call *c, const struct invitation *invitation)
{
    struct model *m = c->model;
    model_slice(m, "token", c->arguments[0]);
    model_text(m, "name", invitation->account.name);
    model_text(m, "role", role_name(invitation->account.role));
    model_text(m, "until", time_words(c->arena, invitation->expires_at));
    model_text(m, "least-words",
               arena_printf(c->arena,
                            "At least %d characters. Three or four words that do not belong "
                            "together are good.",
                            PASSWORD_LEAST));
    if (invitation->has_codes) {
        struct model *codes = model_object(m, "codes");
        model_text(codes, "secret", in_fours(c->arena, &invitation->secret));
        model_text(codes, "uri", totp_uri(c->arena, &invitation->secret, invitation->account.name));
    }
}

rv_status view_invitation(struct call *c, struct rv_err *reterr)
{
    struct invitation invitation;
    RV_TRY(invitation_open(c->store, c->arena, c->arguments[0], c->now, &invitation, reterr));
    put_invitation(c, &invitation);
    totp_secret_done(&invitation.secret);
    return rv_ok();
}

/* The two that must be typed alike, and a password that password_judge takes. */
static bool has_good_password(struct call *c, const char *name)
{
    struct rv_err err;
    struct text password = call_form(c, "password");
    if (!rv_is_ok(password_judge(password, name, &err))) {
        call_fault(c, "password", err.message);
        return false;
    }
    if (!text_equal(password, call_form(c, "again"))) {
        call_fault(c, "again", "Type the same password a second time");
        return false;
    }
    return true;
}

static rv_status accept(struct call *c, struct account_codes *codes, bool *ret_is_wrong_code,
                        struct rv_err *reterr)
{
    struct password_hash hash;
    RV_TRY(password_make(call_form(c, "password"), &hash, reterr));
    struct store *writer = call_writer(c);
    rv_status status = invitation_accept(writer, c->arena, c->arguments[0], &hash,
                                         call_form(c, "code"), c->now, codes, reterr);
    call_writer_done(c);
    *ret_is_wrong_code = status.code == RV_INVALID;
    return *ret_is_wrong_code ? rv_ok() : status;
}

/* The recovery codes are shown once, on the answer to this very form. */
static void show_codes(struct call *c, const struct account_codes *codes)
{
    struct model_list *list = model_list(c->model, "recovery");
    for (size_t i = 0; i < codes->recovery_count; i++) {
        const char *code = codes->recovery[i].text;
        model_word(list, arena_text(c->arena, code, RECOVERY_CHARS));
    }
    call_show(c, "invitation-done");
}

rv_status post_invitation(struct call *c, struct rv_err *reterr)
{
    struct invitation invitation;
    RV_TRY(invitation_open(c->store, c->arena, c->arguments[0], c->now, &invitation, reterr));
    put_invitation(c, &invitation);
    totp_secret_done(&invitation.secret);
    struct account_codes codes RV_CLEANUP(account_codes_done) = {.recovery_count = 0};
    bool is_wrong_code = false;
    if (has_good_password(c, invitation.account.name)) {
        RV_TRY(accept(c, &codes, &is_wrong_code, reterr));
        if (!is_wrong_code) {
            show_codes(c, &codes);
            return rv_ok();
        }
        call_fault(c, "code", "Enter the six digits that the app shows now");
    }
    call_show(c, "invitation");
    return rv_ok();
}
