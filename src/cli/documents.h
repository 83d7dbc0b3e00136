/* cli/documents.h — the documents that `assess` writes beside the report when asked.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_CLI_DOCUMENTS_H
#define REEVE_CLI_DOCUMENTS_H

#include "cli/command.h"
#include "report/html.h"

/* RV_USAGE: a document was asked for without a folder to put it in. */
RV_MUST_CHECK rv_status documents_check(const struct args *args, struct rv_err *reterr);

/* Writes into `dir` what --xlsx, --png, --pdf, --docx and --odt ask for, each file whole or not at
 * all, and notes in `context` what there is, for the report to link to. What an outside program
 * could not make is told in session->notes and left out. RV_INTERRUPTED, RV_IO, RV_NO_MEMORY. */
RV_MUST_CHECK rv_status documents_write(struct session *session,
                                        const struct assessment *assessment, const char *dir,
                                        struct report_context *context, struct rv_err *reterr);

#endif
