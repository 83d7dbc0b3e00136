/* cli/dialogue.h — questions on a terminal: plain lines, numbered choices, Enter for the usual one.
 *
 * Made for a screen reader as well as for an eye: nothing is drawn over, nothing depends on colour.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_CLI_DIALOGUE_H
#define REEVE_CLI_DIALOGUE_H

#include "cli/command.h"
#include "ingest/suggest.h"

bool dialogue_is_possible(void); /* standard input and output are a terminal */

/* One line from the person, trimmed, in the arena of the session; what was printed before is shown
 * first. RV_INTERRUPTED for Ctrl-C, RV_REFUSED at the end of the input. */
RV_MUST_CHECK rv_status dialogue_line(struct session *session, const char **ret,
                                      struct rv_err *reterr);

extern const char DIALOGUE_BACK[]; /* the answer "b": compared by its address */

/* The answer to a question: the value of the choice whose number was typed, the usual one for
 * Enter, a text of the person's own, or DIALOGUE_BACK. NULL when the person wants to stop ("q").
 * What is no answer is said and asked again. */
RV_MUST_CHECK rv_status dialogue_ask(struct session *session, const struct question *q,
                                     const char **ret, struct rv_err *reterr);

#endif
