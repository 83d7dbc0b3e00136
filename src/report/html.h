/* report/html.h — the assessment as one self-contained, accessible HTML document.
 *
 * No script, no external request, the same bytes for the same assessment and context.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_HTML_H
#define REEVE_REPORT_HTML_H

#include "report/chart.h"
#include "report/sentence.h"

/* What is known of an extract besides its hash. */
struct report_extract {
    int64_t extract;
    const char *kind, *supplier, *profile; /* NULL = not shown */
    const char *imported_at;               /* ISO date or time; NULL = not shown */
    struct month_range period;             /* first > last = none */
    int64_t rows, quarantined;             /* -1 = not shown */
    const char *terms; /* "agreement met-police-2024, official"; NULL = not shown */
};

/* What a document is for. Those on paper and in words hold the key findings with their evidence,
 * every chart once and the first rows of long tables; they name files instead of linking to them.
 */
enum report_edition {
    REPORT_SCREEN, /* everything, folded; charts for a desk and for a phone */
    REPORT_PAPER,  /* to be printed */
    REPORT_WORDS,  /* to be turned into a word processor's document: a chart is an image ID.png,
                      with ID of its table, and the title is in the head only */
};

/* Another document of the same assessment beside the report. */
struct report_beside {
    const char *file, *words; /* relative to the report; "this report as PDF" */
};

struct report_context {
    enum report_edition edition;
    const struct sentences *sentences;  /* for the titles of themes */
    const char *title;                  /* NULL = "Crime and violence in AREA" */
    const char *partnership;            /* NULL = not named */
    const char *data_until;             /* ISO date of the newest extract; NULL = not shown */
    bool is_synthetic;                  /* banner: no figure describes a real place */
    const char *synthetic_note;         /* one more sentence of the banner; NULL = none */
    const char *csv_dir;                /* relative folder of the tables' CSV files, "tables/";
                                           NULL = no links */
    const char *png_dir;                /* folder of the charts as PNG; NULL = no links */
    const struct report_beside *beside; /* linked from the top of the report */
    size_t beside_count;
    const struct report_layer *layers; /* for CHART_MAP; a map without its layer shows its table */
    size_t layer_count;
    const char *const *notices; /* whole sentences on the terms of the data */
    size_t notice_count;
    const struct report_extract *extracts; /* any order; may be fewer than the sources */
    size_t extract_count;
};

/* Appends the document. Every finding must have its statement (sentences_render_all), else
 * RV_INVALID. RV_LIMIT when it grows past the buffer's ceiling (LIMIT_REPORT_BYTES). */
RV_MUST_CHECK rv_status report_html(struct arena *a, const struct assessment *assessment,
                                    const struct report_context *context, struct buf *out,
                                    struct rv_err *reterr);

/* The styles for REPORT_WORDS: "reference.docx" or "reference.odt"; empty for any other name. */
struct text report_reference(const char *name);

/* How the chart of a table is drawn, without the layer of a map: areas that have an interval and a
 * reference are told apart by these, not by shades of the value. */
struct chart_look report_look(const struct result_table *t);

/* Does the report show the table as a picture too? */
bool report_has_picture(const struct report_context *context, const struct result_table *t);
/* Appends that picture, CHART_WIDE, as SVG; `is_alone` as in struct chart_look. */
RV_MUST_CHECK rv_status report_picture(struct arena *a, const struct report_context *context,
                                       const struct result_table *t, bool is_alone, struct buf *out,
                                       struct rv_err *reterr);

#endif
