/* assess/finding.h — a finding: one computed fact with its evidence, and the tables beside it.
 *
 * Pure data in an arena. A sentence is made only from a finding (report/sentence.h); a figure
 * that is not in a finding or a result table is not shown.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_FINDING_H
#define REEVE_ASSESS_FINDING_H

#include "base/arena.h"
#include "base/civil.h"
#include "base/marking.h"

#include <stdbool.h>
#include <stdint.h>

enum finding_verdict {
    VERDICT_HOLDS,
    VERDICT_CAUTION,
    VERDICT_NOT_RELIABLE,
    VERDICT_NOT_AVAILABLE
};
const char *finding_verdict_name(enum finding_verdict v); /* "holds", "holds with caution", … */

/* What a finding answers, and where it stands in its answer: assess/order.h says by which rule. */
enum finding_question {
    FINDING_HOW_MUCH,
    FINDING_WHERE,
    FINDING_WHEN,
    FINDING_WHO,
    FINDING_WITH_WHAT,
    FINDING_RESULT,
    FINDING_HOW_SURE,
    FINDING_NO_QUESTION
};
enum finding_part {
    FINDING_LEAD,  /* the first of its question */
    FINDING_BODY,  /* what else is said of the whole */
    FINDING_MORE,  /* each group, each ward, the earlier period */
    FINDING_BEHIND /* complements; numbers that stand behind a share */
};

/* A further named value that a sentence may use: {name} in sentences/. */
struct finding_slot {
    const char *name;
    enum { SLOT_TEXT, SLOT_NUMBER } type;
    const char *text;
    double number;
};

/* The finding of the same id of an earlier assessment, beside this one: assess/last.h. */
enum finding_since {
    SINCE_NOTHING, /* nothing to say */
    SINCE_STILL,
    SINCE_CHANGED,
    SINCE_GONE, /* no longer computable */
    SINCE_NEW,  /* not computable then */
    SINCE_OTHER,
    SINCE_COUNT
};
struct finding_last {
    enum finding_since since;
    const char *statement; /* of then */
    const char *because;   /* of SINCE_OTHER: end of a sentence */
    struct month_range period;
};

struct finding_source {
    int64_t extract;
    const char *sha256, *file_name;
    enum marking marking;
};

/* NaN = not available for every double; -1 for every int64_t. */
struct finding {
    const char *id;    /* stable: "<theme>.<subject>.<measure>[.<detail>]" from names and codes */
    const char *theme; /* "recorded-crime" */
    const char *chapter, *chapter_title; /* where the report has it; NULL = under its theme */
    const char *rule; /* name of the sentence: "TOTAL", "CHANGE_UP", "CHANGE_NOT_DISTINGUISHABLE" */
    const char *statement; /* rendered by report; NULL before */
    const char *subject;   /* what is counted, as in a sentence: "violence against the person" */
    bool is_key;           /* belongs to the key findings */
    bool is_summary;       /* belongs to the summary of its chapter */
    enum finding_question question; /* these and is_summary by order_findings */
    enum finding_part part;

    double value;
    const char *unit;           /* "offences", "per 100,000 residents", "percent", "rank" */
    double lower, upper, level; /* interval and its level (0.95) */
    double numerator, denominator;
    const char *denominator_name; /* "residents, Census 2021" */
    double missing;               /* records whose value is not recorded */
    int64_t rank, rank_low, rank_high, of;
    bool is_tied;

    struct month_range period;  /* first > last = none */
    struct month_range compare; /* the earlier period of a change; first > last = none */
    double compare_value;       /* the value in `compare` */

    const char *area, *area_name;
    const char *definition, *definition_version; /* NULL until a definition is adopted */
    const char *template; /* of the assessment that told it; NULL = TEMPLATE_DEFAULT */
    const char *method;   /* name of the method card */
    enum finding_verdict verdict;
    const char *const *caveats; /* whole sentences */
    size_t caveat_count;
    const struct finding_source *sources;
    size_t source_count;
    enum marking marking; /* of its most restricted source */
    const char *query;    /* a `reeve table …` command line that gives the numbers */
    const struct finding_slot *slots;
    size_t slot_count;
    const struct finding_last *last; /* NULL = none */
    const char *table; /* id of the result table that holds its number; NULL = none: beside.h */
};

/* Nothing is available, no period is compared; to be filled. */
struct finding finding_blank(const char *id, const char *theme);

/* ---- result tables: what charts are drawn from and CSV is written from ---- */

enum result_type {
    RESULT_TEXT,
    RESULT_COUNT,
    RESULT_RATE,
    RESULT_PERCENT,
    RESULT_MONTH,
    RESULT_RANK,
    RESULT_REAL /* as its publisher gives it: up to three decimals */
};

struct result_column {
    const char *name;  /* CSV header: "rate", "lower" */
    const char *title; /* table header: "Rate per 100,000 residents" */
    enum result_type type;
};

struct result_cell {
    const char *text; /* RESULT_TEXT; also the reason when is_missing ("not available") */
    double number;    /* other types; a month index for RESULT_MONTH */
    bool is_missing;  /* number is not available: never drawn and never printed as 0 */
};

/* How a table is drawn; report/chart.h says which columns each chart wants. */
enum result_chart {
    CHART_NONE,
    CHART_LINE,          /* months across, a line for each series; missing breaks the line */
    CHART_BAR,           /* a bar for each row, from nought */
    CHART_INTERVAL,      /* a dot and its interval for each row; marked row highlighted */
    CHART_MAP,           /* choropleth of layer_id */
    CHART_CALENDAR,      /* which months each source covers */
    CHART_CHANGE,        /* what each row added to a change, from nought */
    CHART_WATERFALL,     /* the same one after the other: from the first total to the last */
    CHART_STACKED,       /* parts of each row, one after the other */
    CHART_STACKED_SHARE, /* parts of each row as shares of its whole */
    CHART_HEAT,          /* a grid of shades and numbers, hour by weekday; two side by side */
    CHART_PYRAMID,       /* two groups back to back, by age band */
    CHART_FUNNEL,        /* a value against the size of its base, between given limits */
    CHART_LORENZ,        /* shares of events against shares of places */
    CHART_MULTIPLES,     /* months: a small panel for each series, all on one scale */
    CHART_RANKS,         /* dots with intervals in order, and the places each could hold */
};

struct result_table {
    const char *id;                      /* file name of its CSV: "monthly-by-category" */
    const char *theme;                   /* section it belongs to */
    const char *chapter, *chapter_title; /* NULL = the theme */
    const char *title;       /* "Recorded offences by month, Havering, January 2021 to …" */
    const char *description; /* what a person who cannot see the chart is told first */
    enum result_chart chart;
    int64_t layer_id;  /* of the areas in it, 0 = none; CHART_MAP draws it */
    const char *focus; /* area code or label to highlight, NULL = none */
    const struct result_column *columns;
    size_t column_count;
    const struct result_cell *cells; /* row-major, rows * column_count */
    size_t row_count;
    bool ends_with_total;     /* the last row is the total: in the table, not in the chart */
    const char *const *notes; /* whole sentences below the table */
    size_t note_count;
    const struct finding_source *sources;
    size_t source_count;
    enum marking marking; /* of the most restricted extract in it, denominators included */
};

/* The columns and cells of a table in another arena, so that its own may be freed; without titles,
 * notes and sources. Cost: O(cells); texts that rows share with the row before stay shared. */
RV_MUST_CHECK rv_status result_table_copy(struct arena *a, const struct result_table *table,
                                          struct result_table *ret, struct rv_err *reterr);

/* Column by name, or column_count. */
size_t result_table_column(const struct result_table *table, const char *name);

/* Some columns of a table, in that order, in a copy; texts, title, notes and sources stay those of
 * the table. */
RV_MUST_CHECK rv_status result_table_columns(struct arena *a, const struct result_table *table,
                                             const size_t *from, size_t count,
                                             struct result_table *ret, struct rv_err *reterr);

struct assessment_last {
    struct month_range period;  /* of its first finding that is here too */
    size_t counts[SINCE_COUNT]; /* findings by what became of them */
    const char **absent;        /* statements of findings that this assessment does not have */
    size_t absent_count;
};

/* Chapters of the report in the order of the template; those that it does not name come behind. */
struct assessment_chapter {
    const char *id;   /* html_chapter_of its findings */
    const char *note; /* whole sentences under its title; NULL = none */
};

struct assessment {
    const char *area, *area_name;
    struct month_range period, compare; /* compare.first > compare.last = none */
    const char *definition, *definition_version, *definition_title; /* in force; NULL = none */
    struct finding *findings;                                       /* in report order */
    size_t finding_count;
    struct result_table *tables;
    size_t table_count;
    struct finding_source *sources; /* every extract used, by id */
    size_t source_count;
    enum marking marking;                    /* of the most restricted of its findings and tables */
    const char *template, *template_version; /* NULL = TEMPLATE_DEFAULT */
    const char *heading;                     /* of the report */
    const struct assessment_chapter *chapters;
    size_t chapter_count;
    const struct assessment_last *last; /* NULL = no earlier assessment was given */
};

#endif
