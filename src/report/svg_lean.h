/* report/svg_lean.h — what a drawing in few elements collects until its layer is written.
 *
 * Private to svg.c, svg_text.c, svg_lean.c and the frame (chart.c); charts use svg.h.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_SVG_LEAN_H
#define REEVE_REPORT_SVG_LEAN_H

#include "report/svg.h"

#define SVG_RUNS 32 /* looks in a layer; marks of more looks are elements of their own */

/* The marks of one look, or signs: single characters with the place of each. */
struct svg_run {
    const char *attributes;
    enum svg_level level;
    bool is_signs;
    struct buf data; /* of the path; of signs their x */
    struct buf y, signs;
};

struct svg_lean {
    struct svg_run runs[SVG_RUNS];
    size_t count, used;             /* used: that have their buffers */
    struct buf singles[SVG_LEVELS]; /* marks with a title */
    struct buf words[SVG_LEVELS];
};

void svg_lean_init(struct svg_lean *lean);
void svg_lean_done(struct svg_lean *lean);

/* Path data of the look; NULL when each mark is to be an element of its own. */
struct buf *svg_run(struct svg *s, const char *attributes);
/* Where such an element goes. */
struct buf *svg_single(struct svg *s);
/* Ends an element that may have a title inside. */
void svg_finish(struct buf *b, const char *name, struct text title);

#endif
