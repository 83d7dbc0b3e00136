/* cli/people.c — accounts, sessions and what is shown once, for people and as JSON.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli/people.h"

#include "base/json.h"

#include <time.h>

void time_text(int64_t seconds, char out[24])
{
    time_t at = (time_t)seconds;
    struct tm tm;
    if (!gmtime_r(&at, &tm) || strftime(out, 24, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0) {
        out[0] = '\0';
    }
}

static void json_time(struct json_writer *j, const char *key, int64_t seconds)
{
    char text[24];
    time_text(seconds, text);
    json_put_string(j, key, seconds ? text : NULL);
}

static void json_account(struct json_writer *j, const struct account *x)
{
    json_put_int(j, "account", x->id);
    json_put_string(j, "name", x->name);
    json_put_string(j, "display", x->display);
    json_put_string(j, "role", role_name(x->role));
    json_put_string(j, "organisation", x->organisation);
    json_put_string(j, "status", account_status_name(x->status));
    json_time(j, "made_at", x->made_at);
    json_put_bool(j, "password", x->has_password);
    json_put_bool(j, "codes", x->has_codes);
    json_put_int(j, "recovery_codes", x->recovery_codes);
    json_time(j, "invited_until", x->invited_until);
}

static void account_line(struct buf *out, const struct account *x)
{
    char until[24];
    time_text(x->invited_until, until);
    buf_printf(out, "%lld  %s  %s  %s", (long long)x->id, x->name, role_name(x->role),
               account_status_name(x->status));
    if (x->organisation) {
        buf_printf(out, "  of %s", x->organisation);
    }
    if (x->display != x->name) {
        buf_printf(out, "  (%s)", x->display);
    }
    if (x->invited_until) {
        buf_printf(out, "  invitation open until %.16s UTC", until);
    } else if (!x->has_password) {
        buf_text(out, "  no password: signs in through a proxy only");
    } else if (!x->has_codes) {
        buf_text(out, "  without one-time codes");
    } else {
        buf_printf(out, "  %lld recovery codes left", (long long)x->recovery_codes);
    }
    buf_char(out, '\n');
}

void put_accounts(struct session *session, const struct account *rows, size_t count)
{
    if (!session->is_json) {
        for (size_t i = 0; i < count; i++) {
            account_line(&session->out, &rows[i]);
        }
        if (count == 0) {
            buf_text(&session->out, "There is no account. The first one: 'reeve user FILE add NAME "
                                    "--role administrator'.\n");
        }
        return;
    }
    struct json_writer j;
    json_writer_init(&j, &session->out, true);
    json_put_object(&j, NULL);
    json_put_array(&j, "accounts");
    for (size_t i = 0; i < count; i++) {
        json_put_object(&j, NULL);
        json_account(&j, &rows[i]);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
}

static const char *name_of(const struct account *accounts, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++) {
        if (accounts[i].id == id) {
            return accounts[i].name;
        }
    }
    return "?";
}

static void session_line(struct buf *out, const char *name, const struct session_row *row)
{
    char made[24], seen[24], until[24];
    time_text(row->made_at, made);
    time_text(row->seen_at, seen);
    time_text(row->expires_at, until);
    buf_printf(out, "%lld  %s  since %.16s UTC, last used %.16s, ends %.16s, by %s",
               (long long)row->id, name, made, seen, until, row->means);
    buf_printf(out, "%s%s\n", *row->address ? " from " : "", row->address);
}

void put_sessions(struct session *session, const struct account *accounts, size_t account_count,
                  const struct session_row *rows, size_t count)
{
    struct buf *out = &session->out;
    if (!session->is_json) {
        for (size_t i = 0; i < count; i++) {
            session_line(out, name_of(accounts, account_count, rows[i].account), &rows[i]);
        }
        buf_text(out, count ? "" : "Nobody is signed in.\n");
        return;
    }
    struct json_writer j;
    json_writer_init(&j, out, true);
    json_put_object(&j, NULL);
    json_put_array(&j, "sessions");
    for (size_t i = 0; i < count; i++) {
        json_put_object(&j, NULL);
        json_put_int(&j, "session", rows[i].id);
        json_put_int(&j, "account", rows[i].account);
        json_put_string(&j, "name", name_of(accounts, account_count, rows[i].account));
        json_time(&j, "made_at", rows[i].made_at);
        json_time(&j, "seen_at", rows[i].seen_at);
        json_time(&j, "expires_at", rows[i].expires_at);
        json_put_string(&j, "means", rows[i].means);
        json_put_string(&j, "address", rows[i].address);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
}

/* ---- what is shown once ---- */

void put_secret(struct session *session, const struct totp_secret *secret, const char *name)
{
    char base32[TOTP_BASE32 + 1];
    const char *uri = totp_uri(&session->arena, secret, name);
    totp_base32(secret, base32);
    buf_printf(&session->out,
               "Authenticator app: add an account with this secret (time-based, 6 digits)\n"
               "  %.4s %.4s %.4s %.4s %.4s %.4s %.4s %.4s\n  %s\n",
               base32, base32 + 4, base32 + 8, base32 + 12, base32 + 16, base32 + 20, base32 + 24,
               base32 + 28, uri ? uri : "");
}

static void json_once(struct json_writer *j, struct session *session, const struct account *x,
                      const struct totp_secret *secret, const struct account_codes *codes)
{
    char base32[TOTP_BASE32 + 1] = "";
    if (secret) {
        totp_base32(secret, base32);
    }
    json_put_string(j, "secret", secret ? base32 : NULL);
    json_put_string(j, "uri", secret ? totp_uri(&session->arena, secret, x->name) : NULL);
    json_put_array(j, "recovery");
    for (size_t i = 0; i < codes->recovery_count; i++) {
        json_put_string(j, NULL, codes->recovery[i].text);
    }
    json_end_array(j);
}

void put_added(struct session *session, const struct account *x, const struct totp_secret *secret,
               const struct account_codes *codes)
{
    struct buf *out = &session->out;
    if (session->is_json) {
        struct json_writer j;
        json_writer_init(&j, out, true);
        json_put_object(&j, NULL);
        json_account(&j, x);
        json_once(&j, session, x, secret, codes);
        json_end_object(&j);
        return;
    }
    buf_printf(out, "%s is account %lld, %s.\n", x->name, (long long)x->id, role_name(x->role));
    if (codes->recovery_count) {
        buf_text(out,
                 "Recovery codes, each good once in place of a one-time code, shown only now:\n");
    }
    for (size_t i = 0; i < codes->recovery_count; i++) {
        buf_printf(out, "  %s\n", codes->recovery[i].text);
    }
}

void put_invited(struct session *session, const struct account *x, const struct token *token)
{
    struct buf *out = &session->out;
    char until[24];
    time_text(x->invited_until, until);
    if (session->is_json) {
        struct json_writer j;
        json_writer_init(&j, out, true);
        json_put_object(&j, NULL);
        json_account(&j, x);
        json_put_string(&j, "invitation", token->text);
        json_end_object(&j);
        return;
    }
    buf_printf(
        out,
        "Invitation of %s (account %lld, %s), good once and until %.16s UTC, shown only now:\n"
        "  %s\n"
        "Whoever has it chooses the password: give it to the person and to nobody else.\n",
        x->name, (long long)x->id, role_name(x->role), until, token->text);
}

void put_changed(struct session *session, const struct account *x, const char *done)
{
    struct buf *out = &session->out;
    if (session->is_json) {
        struct json_writer j;
        json_writer_init(&j, out, true);
        json_put_object(&j, NULL);
        json_account(&j, x);
        json_put_string(&j, "done", done);
        json_end_object(&j);
        return;
    }
    buf_printf(out, "%s (account %lld, %s) is %s.\n", x->name, (long long)x->id, role_name(x->role),
               done);
}
