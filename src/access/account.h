/* access/account.h — who may sign in: accounts, their changes, invitations.
 *
 * Every change is a transaction of its own and writes a row of the audit in it. Changes are made
 * by the command line (act.by = 0), or by an account that is active and an administrator:
 * RV_REFUSED for any other, whatever page it came from; so the first administrator can only
 * come from the command line. The last active administrator is neither disabled nor given
 * another role, and nobody disables or resets the own account, or gives it another role: who did
 * so by mistake could not undo it. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ACCESS_ACCOUNT_H
#define REEVE_ACCESS_ACCOUNT_H

#include "access/audit.h"
#include "access/password.h"
#include "access/role.h"
#include "access/token.h"
#include "access/totp.h"
#include "base/arena.h"
#include "store/store.h"

#define ACCOUNT_NAME_BYTES         100
#define ACCOUNT_DISPLAY_BYTES      120
#define ACCOUNT_ORGANISATION_BYTES 120
#define INVITATION_SECONDS         ((int64_t)7 * 86400)

enum account_status { ACCOUNT_INVITED, ACCOUNT_ACTIVE, ACCOUNT_DISABLED };
const char *account_status_name(enum account_status status); /* "invited" */

struct account { /* texts live in the arena */
    int64_t id;
    const char *name;         /* to sign in with, lower case */
    const char *display;      /* how colleagues see the person; as name when none was given */
    const char *organisation; /* whose extracts are its own; NULL = none */
    enum role role;
    enum account_status status;
    int64_t made_at;
    bool has_password, has_codes;
    int64_t recovery_codes; /* left */
    int64_t invited_until;  /* 0 = no open invitation */
};

/* The name as it is kept: trimmed, ASCII letters in lower case; 2 to 100 of [a-z0-9.@+_-].
 * RV_INVALID otherwise. */
RV_MUST_CHECK rv_status account_name(struct text typed, char out[ACCOUNT_NAME_BYTES + 1],
                                     struct rv_err *reterr);

/* RV_NOT_FOUND names what to do. */
RV_MUST_CHECK rv_status account_find(struct store *s, struct arena *a, const char *name,
                                     struct account *ret, struct rv_err *reterr);
RV_MUST_CHECK rv_status account_get(struct store *s, struct arena *a, int64_t id,
                                    struct account *ret, struct rv_err *reterr);
RV_MUST_CHECK rv_status account_list(struct store *s, struct arena *a, struct account **ret,
                                     size_t *ret_count, struct rv_err *reterr);

struct account_seen {
    int64_t account, at;
};
/* When each account last signed in, by the audit; those that never did are left out. Cost: the
 * whole audit is read once. */
RV_MUST_CHECK rv_status account_last_seen(struct store *s, struct arena *a,
                                          struct account_seen **ret, size_t *ret_count,
                                          struct rv_err *reterr);

/* Whether there is an active administrator: without one, say "reeve user FILE add". */
RV_MUST_CHECK rv_status account_has_administrator(struct store *s, struct arena *a, bool *ret,
                                                  struct rv_err *reterr);

/* ---- changes ---- */

struct account_new {
    const char *name;         /* as account_name gives it */
    const char *display;      /* NULL = as name */
    const char *organisation; /* NULL = none */
    enum role role;           /* not ROLE_PUBLIC */
    bool has_no_codes;        /* signs in without one-time codes */
};

/* What is shown to the person once and then never again. */
struct account_codes {
    struct recovery_code recovery[RECOVERY_CODES];
    size_t recovery_count; /* 0 for an account without one-time codes */
};
void account_codes_done(struct account_codes *codes); /* wipes; for RV_CLEANUP */

/* An active account at once, with a password that password_judge took and, unless has_no_codes,
 * the secret of its authenticator app. `hash`: made before, outside the transaction; NULL for an
 * account that signs in through a proxy only. RV_REFUSED when the name is taken. */
RV_MUST_CHECK rv_status account_add(struct store *s, struct arena *a,
                                    const struct account_new *account,
                                    const struct password_hash *hash,
                                    const struct totp_secret *secret, struct act act,
                                    int64_t *ret_id, struct account_codes *ret_codes,
                                    struct rv_err *reterr);

/* An account that becomes active when its invitation is accepted: *ret_token goes to the person,
 * in the address of a page. RV_REFUSED when the name is taken. */
RV_MUST_CHECK rv_status account_invite(struct store *s, struct arena *a,
                                       const struct account_new *account, struct act act,
                                       int64_t *ret_id, struct token *ret_token,
                                       struct rv_err *reterr);

/* Forgotten password or lost telephone: password, codes and sessions are void at once, and a new
 * invitation (in place of any before) lets the person choose anew. Not of a disabled account. */
RV_MUST_CHECK rv_status account_reset(struct store *s, struct arena *a, int64_t id,
                                      bool has_no_codes, struct act act, struct token *ret_token,
                                      struct rv_err *reterr);

/* Disabling ends every session and voids the invitation. RV_REFUSED when it is so already. */
RV_MUST_CHECK rv_status account_disable(struct store *s, struct arena *a, int64_t id,
                                        struct act act, struct rv_err *reterr);
RV_MUST_CHECK rv_status account_enable(struct store *s, struct arena *a, int64_t id, struct act act,
                                       struct rv_err *reterr);

/* Role, organisation and display as given (name and has_no_codes are not looked at); counts at the
 * next page that the person asks for. */
RV_MUST_CHECK rv_status account_change(struct store *s, struct arena *a, int64_t id,
                                       const struct account_new *to, struct act act,
                                       struct rv_err *reterr);

/* After FILE-key was lost: a new one. No one-time code fits any more (and none becomes needless),
 * and every invitation is void: people sign in with a recovery code, or are reset. Command line
 * only. */
RV_MUST_CHECK rv_status account_new_key(struct store *s, struct act act, struct rv_err *reterr);

/* ---- invitations ---- */

struct invitation {
    struct account account;
    bool has_codes;
    struct totp_secret secret; /* to show, when has_codes; wipe with totp_secret_done */
    int64_t expires_at;
};

/* What the page of an invitation shows. RV_NOT_FOUND, in the same words, for a token that is
 * wrong, used, replaced or past its end. */
RV_MUST_CHECK rv_status invitation_open(struct store *s, struct arena *a, struct text token,
                                        int64_t now, struct invitation *ret, struct rv_err *reterr);

/* The person's choice: `hash` of a password that password_judge took, and the code that the app
 * shows for the secret of the page, which proves that it works there. RV_INVALID for a wrong code:
 * the invitation stays open. Otherwise it is used up and the account is active. */
RV_MUST_CHECK rv_status invitation_accept(struct store *s, struct arena *a, struct text token,
                                          const struct password_hash *hash, struct text code,
                                          int64_t now, struct account_codes *ret,
                                          struct rv_err *reterr);

#endif
