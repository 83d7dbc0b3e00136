/* tests/report/svg_inspect.h — an SVG parsed again: its texts as boxes, its marks, its faults.
 *
 * Knows nothing of how charts are made but the table of text widths.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_REPORT_SVG_INSPECT_H
#define REEVE_TESTS_REPORT_SVG_INSPECT_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct seen_text {
    const char *words;
    double left, top, right, bottom;
};

struct seen_mark { /* a shape with a title */
    const char *shape, *title;
    double left, top, right, bottom; /* of its coordinates */
    double contrast;                 /* the better of fill and stroke against white */
};

struct seen {
    double width, height;
    const char *title, *desc;
    struct seen_text *texts;
    size_t text_count;
    struct seen_mark *marks;
    size_t mark_count;
    char fault[512]; /* the first thing that no chart may have; "" = none */
};

/* Well formed, one <svg role="img"> with title and description, only elements and attributes that
 * the charts use, no reference outside, finite numbers, everything inside the drawing, text dark
 * enough: what is not so is `fault`. */
void svg_inspect(struct arena *a, struct text svg, struct seen *ret);

/* The first two texts that overlap, in `fault` of seen; true when there are none. */
bool svg_texts_are_apart(struct seen *seen);

#endif
