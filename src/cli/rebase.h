/* cli/rebase.h — areas --rebase.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REEVE_CLI_REBASE_H
#define REEVE_CLI_REBASE_H

#include "cli/command.h"

RV_MUST_CHECK rv_status run_rebase(struct session *session, struct rv_err *reterr);

#endif
