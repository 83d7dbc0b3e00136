/* report/html_head.h — the head that every HTML document of the report shares.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_HTML_HEAD_H
#define REEVE_REPORT_HTML_HEAD_H

#include "base/buf.h"

#include <stdbool.h>

/* From <!DOCTYPE to </head>: title, the style sheet inline, and a content security policy that
 * allows that style sheet and nothing else. */
RV_MUST_CHECK rv_status html_head(struct buf *out, const char *title, bool is_synthetic,
                                  struct rv_err *reterr);
/* The same with another style sheet of the program: "web/brief.css". */
RV_MUST_CHECK rv_status html_head_styled(struct buf *out, const char *title, bool is_synthetic,
                                         const char *sheet, struct rv_err *reterr);

/* <body>, the link past the header, and the header; partnership NULL = not named. */
void html_header(struct buf *out, const char *skip_to, const char *partnership);

/* The banner of synthetic data; `note` NULL = none. Nothing when it is not synthetic. */
void html_banner(struct buf *out, bool is_synthetic, const char *note);

/* HTML with every character outside ASCII written as its number ("&#8722;"), which browsers read
 * several times as fast. Bytes that are not UTF-8 stay. */
void html_ascii(struct buf *out, struct text html);

#endif
