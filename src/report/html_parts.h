/* report/html_parts.h — the parts of the report document.
 *
 * Private to html.c (frame, key findings, themes), html_evidence.c (how each figure was computed)
 * and html_back.c (sources, methods, caveats). SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_HTML_PARTS_H
#define REEVE_REPORT_HTML_PARTS_H

#include "report/format.h"
#include "report/html.h"

struct document {
    struct arena *arena;
    const struct assessment *assessment;
    const struct report_context *context;
    struct buf *out;
};

/* Text escaped; "" for NULL. */
void html_text(struct buf *out, const char *text);
/* An id made from a name: anything but letters, digits, '.', '_' and '-' becomes '-'. */
void html_id(struct buf *out, const char *prefix, const char *name);

/* The value of a finding as its unit asks. */
enum format_kind html_kind_of_unit(const struct finding *f, double value);

void html_evidence(struct document *d);
rv_status html_methods(struct document *d, struct rv_err *reterr);
void html_sources(struct document *d);
void html_caveats(struct document *d);

const struct report_extract *html_extract(const struct document *d, int64_t extract);

#endif
