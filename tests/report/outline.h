/* tests/report/outline.h — a page read again: its headings, ids, links, tables and drawings.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_REPORT_OUTLINE_H
#define REEVE_TESTS_REPORT_OUTLINE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum { IDS_MAX = 4096, DEPTH_MAX = 128 };

struct outline {
    char ids[IDS_MAX][128];
    size_t id_count;
    char links[IDS_MAX][128];
    size_t link_count;
    int heading, headings, h1, tables, captions, rows_without_heading, row_headings;
    int svgs, svg_titles, svg_descs, mains, navs, scripts, fetched;
    int svg_depth, depth;
    bool in_row_of_body;
    char labelled[256];
    char fault[256];
};

/* The report is written so that an XML parser reads it too. Fails the test where it does not, and
 * where a rule of accessible pages is broken. */
void outline_of(const struct buf *html, struct outline *o);
bool has_id(const struct outline *o, const char *id);

#endif
