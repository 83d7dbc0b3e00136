/* cli/secret_input.h — a password from a terminal that does not show it, or from a file: never from
 * the words of the command, which everybody on the machine can list.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_CLI_SECRET_INPUT_H
#define REEVE_CLI_SECRET_INPUT_H

#include "access/password.h"
#include "cli/command.h"

struct secret_text {
    char bytes[PASSWORD_MOST + 2];
    size_t n;
};
void secret_text_done(struct secret_text *secret); /* wipes; for RV_CLEANUP */

/* The first line of --password-file FILE ("-" = standard input); without it the terminal is asked
 * twice. RV_USAGE without either; RV_INVALID when the two differ, or for a line that is too long.
 */
RV_MUST_CHECK rv_status secret_read(struct session *session, const char *name,
                                    struct secret_text *ret, struct rv_err *reterr);

#endif
