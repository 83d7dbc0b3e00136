/* cli/opening.h — opening the partnership file for a day, and saying what the day keeps out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_CLI_OPENING_H
#define REEVE_CLI_OPENING_H

#include "cli/command.h"

/* The first positional argument, read as on --today (default: today). RV_USAGE for no date. */
RV_MUST_CHECK rv_status open_on_day(struct session *session, enum store_mode mode,
                                    struct store **ret, struct rv_err *reterr);

/* The same for a command that gives results: standard error names the extracts that are left out,
 * and those that are kept too long. */
RV_MUST_CHECK rv_status open_for_results(struct session *session, enum store_mode mode,
                                         struct store **ret, struct rv_err *reterr);

/* --author, or the account that runs the command. */
const char *author_of(const struct session *session);

#endif
