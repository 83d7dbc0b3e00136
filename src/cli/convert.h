/* cli/convert.h — pictures and documents made by outside programs, each confined by src/run.
 *
 * A program that is not installed, fails or takes too long is no failure of the command: a note
 * on standard error names the Debian package or the reason, and the exit status is 1.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_CLI_CONVERT_H
#define REEVE_CLI_CONVERT_H

#include "cli/command.h"
#include "run/run.h"

/* Do these options ask for an outside program? Its helper must be started before any thread. */
bool convert_is_wanted(const struct args *args);

/* One job of one output, whose name is `output`. ret->at == NULL when it was not made; the reason
 * then waits in session->notes. `what` begins a sentence: "the PDF". RV_INTERRUPTED, RV_NO_MEMORY.
 */
RV_MUST_CHECK rv_status convert(struct session *session, const char *what, struct run_job *job,
                                const char *output, struct text *ret, struct rv_err *reterr);

/* A page as PDF; with_outline: its headings become bookmarks. As convert. */
RV_MUST_CHECK rv_status convert_pdf(struct session *session, struct text html, bool with_outline,
                                    struct text *ret, struct rv_err *reterr);

/* Writes what was made into the folder; where nothing was, says that a file of that name is of an
 * earlier run: it must not be taken for this one's. */
RV_MUST_CHECK rv_status convert_keep(struct session *session, const char *dir, const char *file,
                                     struct text bytes, struct rv_err *reterr);

/* A drawing as PNG with twice as many pixels as it has units. As convert. */
RV_MUST_CHECK rv_status convert_png(struct session *session, const char *what, struct text svg,
                                    struct text *ret, struct rv_err *reterr);

/* The same into a file, whole or not at all; RV_IO with the reason when it cannot be made. */
RV_MUST_CHECK rv_status convert_png_file(struct session *session, struct text svg, const char *path,
                                         struct rv_err *reterr);

#endif
