/* cli/find.h — areas --find and --texts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REEVE_CLI_FIND_H
#define REEVE_CLI_FIND_H

#include "cli/command.h"

RV_MUST_CHECK rv_status run_find(struct session *session, struct rv_err *reterr);

#endif
