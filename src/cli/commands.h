/* cli/commands.h — the functions behind the rows of cli/commands.c, one file each.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_CLI_COMMANDS_H
#define REEVE_CLI_COMMANDS_H

#include "cli/command.h"

rv_status run_new(struct session *session, struct rv_err *reterr);
rv_status run_import(struct session *session, struct rv_err *reterr);
rv_status run_map_columns(struct session *session, struct rv_err *reterr);
rv_status run_agreement(struct session *session, struct rv_err *reterr);
rv_status run_areas(struct session *session, struct rv_err *reterr);
rv_status run_claims(struct session *session, struct rv_err *reterr);
rv_status run_check(struct session *session, struct rv_err *reterr);
rv_status run_define(struct session *session, struct rv_err *reterr);
rv_status run_assess(struct session *session, struct rv_err *reterr);
rv_status run_brief(struct session *session, struct rv_err *reterr);
rv_status run_findings(struct session *session, struct rv_err *reterr);
rv_status run_why(struct session *session, struct rv_err *reterr);
rv_status why_record(struct session *session, const char *key, struct rv_err *reterr);
rv_status run_effect(struct session *session, struct rv_err *reterr);
rv_status run_table(struct session *session, struct rv_err *reterr);
rv_status run_map(struct session *session, struct rv_err *reterr);
rv_status run_method(struct session *session, struct rv_err *reterr);
rv_status run_serve(struct session *session, struct rv_err *reterr);
rv_status run_sql(struct session *session, struct rv_err *reterr);
rv_status run_user(struct session *session, struct rv_err *reterr);
rv_status run_audit(struct session *session, struct rv_err *reterr);
rv_status run_backup(struct session *session, struct rv_err *reterr);
rv_status run_verify(struct session *session, struct rv_err *reterr);

#endif
