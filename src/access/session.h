/* access/session.h — who is signed in: sessions in the partnership file.
 *
 * The browser holds a token of 256 random bits; the file holds its hash. A session ends after
 * SESSION_UNUSED seconds without use, after SESSION_LONGEST whatever is done, when the account is
 * not active, and when somebody signs out. Its role is the account's as it is at each request.
 * Every time is given by the caller (UTC seconds). A clock that goes back lengthens no session by
 * more than SESSION_SLACK: one that was made later than that is over.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ACCESS_SESSION_H
#define REEVE_ACCESS_SESSION_H

#include "access/account.h"
#include "access/audit.h"
#include "access/role.h"
#include "access/token.h"
#include "base/arena.h"
#include "store/store.h"

#define SESSION_UNUSED  ((int64_t)1800)  /* half an hour */
#define SESSION_LONGEST ((int64_t)43200) /* a working day: 12 hours */
#define SESSION_TOUCH   ((int64_t)60)    /* last use is written at most so often */
#define SESSION_SLACK   ((int64_t)300)

enum session_means { SESSION_BY_CODE, SESSION_BY_RECOVERY, SESSION_BY_PASSWORD, SESSION_BY_PROXY };
const char *session_means_name(enum session_means means); /* "code" … "proxy" */

struct session_info { /* its texts are its own */
    int64_t id, account;
    enum role role;
    char name[ACCOUNT_NAME_BYTES + 1];
    char display[ACCOUNT_DISPLAY_BYTES + 1];           /* "" = as name */
    char organisation[ACCOUNT_ORGANISATION_BYTES + 1]; /* "" = none */
    int64_t made_at, seen_at, expires_at;
    enum session_means means;
    bool needs_touch; /* call session_touch on the writer */
};

/* Inside store_begin: a new session with a token of its own, whatever the browser held before.
 * address: as the server or its proxy saw it, at most 60 bytes are kept. Sessions that are over
 * are removed meanwhile. The caller audits the signing in. */
RV_MUST_CHECK rv_status session_open(struct store *s, int64_t account, enum session_means means,
                                     int64_t now, const char *address, struct token *ret,
                                     struct rv_err *reterr);

/* The session of a token: *ret_is_found is false, and *ret untouched, for one that is not there or
 * over. On any connection. Cost: one row of an index with its account, no write. */
RV_MUST_CHECK rv_status session_find(struct store *s, struct text token, int64_t now,
                                     struct session_info *ret, bool *ret_is_found,
                                     struct rv_err *reterr);

/* In a transaction of its own: it was used. Not audited; never back in time. */
RV_MUST_CHECK rv_status session_touch(struct store *s, struct text token, int64_t now,
                                      struct rv_err *reterr);

/* In a transaction of its own: signing out; harmless for a token that is not there. */
RV_MUST_CHECK rv_status session_close(struct store *s, struct text token, int64_t now,
                                      struct rv_err *reterr);

/* In a transaction of its own: signing an account out everywhere (account 0 = everybody, as after
 * a backup was put back), or of one session (id != 0) of the list. By the person, an administrator
 * or the command line: RV_REFUSED for others. *ret_count: how many ended. */
RV_MUST_CHECK rv_status session_close_all(struct store *s, int64_t account, int64_t id,
                                          struct act act, int64_t *ret_count,
                                          struct rv_err *reterr);

struct session_row { /* texts live in the arena */
    int64_t id, account, made_at, seen_at, expires_at;
    const char *address, *means;
};

/* The sessions of an account (0 = of all) that are not over, newest first. */
RV_MUST_CHECK rv_status session_list(struct store *s, struct arena *a, int64_t account, int64_t now,
                                     struct session_row **ret, size_t *ret_count,
                                     struct rv_err *reterr);

/* What a form of this session carries against being sent by another site: derived from the token,
 * which it does not give away, and so good for this session and no other. False when the text has
 * not the form of a token. */
bool session_csrf(struct text token, struct token *ret);
bool session_csrf_is(struct text token, struct text given); /* in constant time */

#endif
