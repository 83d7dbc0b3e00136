/* tests/report/gallery.h — a made-up table for every kind of chart, with the usual faults in it.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_REPORT_GALLERY_H
#define REEVE_TESTS_REPORT_GALLERY_H

#include "report/chart.h"

struct picture {
    const char *name; /* of its golden files: "stacked-share" */
    struct result_table *table;
    struct chart_look look;
};

enum { PICTURES = 20 };

/* In the arena; the same every time. */
void gallery_make(struct arena *a, struct picture pictures[PICTURES]);

#endif
