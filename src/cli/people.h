/* cli/people.h — how accounts and sessions are printed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_CLI_PEOPLE_H
#define REEVE_CLI_PEOPLE_H

#include "access/session.h"
#include "cli/command.h"

/* UTC seconds as "2026-11-22T13:00:00Z". */
void time_text(int64_t seconds, char out[24]);

void put_accounts(struct session *session, const struct account *rows, size_t count);
void put_sessions(struct session *session, const struct account *accounts, size_t account_count,
                  const struct session_row *rows, size_t count);

/* What is shown once. secret NULL: no one-time codes. */
void put_added(struct session *session, const struct account *x, const struct totp_secret *secret,
               const struct account_codes *codes);
void put_secret(struct session *session, const struct totp_secret *secret, const char *name);
void put_invited(struct session *session, const struct account *x, const struct token *token);
void put_changed(struct session *session, const struct account *x, const char *done);

#endif
