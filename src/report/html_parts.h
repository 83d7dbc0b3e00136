/* report/html_parts.h — the parts of the report document.
 *
 * Private to html.c (frame, key findings, themes), html_list.c (lists of findings), html_figure.c
 * (charts and tables), html_columns.c (which columns of a table), html_evidence.c (how each figure
 * was computed), html_back.c (sources, methods), html_since.c (the last assessment) and
 * html_caveat.c (each caveat once). SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_HTML_PARTS_H
#define REEVE_REPORT_HTML_PARTS_H

#include "report/format.h"
#include "report/html.h"

/* A caveat of the report. Its number is its place in the list, from 1: that of first use. */
struct html_caveat {
    const char *text;
    size_t first, last; /* findings */
    size_t uses;        /* by how many findings */
};

struct document {
    struct arena *arena;
    const struct assessment *assessment;
    const struct report_context *context;
    struct buf *out;
    struct html_caveat *caveats; /* by html_caveat_list */
    size_t caveat_count;
};

static inline bool html_is_screen(const struct document *d)
{
    return d->context->edition == REPORT_SCREEN;
}

static inline bool html_is_words(const struct document *d)
{
    return d->context->edition == REPORT_WORDS;
}

/* Is the evidence of this finding in this edition? */
static inline bool html_has_evidence(const struct document *d, const struct finding *f)
{
    return html_is_screen(d) || f->is_key;
}

/* Is the finding itself in this edition, to link to? */
bool html_has_finding(const struct document *d, const struct finding *f);

static inline const char *html_chapter_of(const struct finding *f)
{
    return f->chapter ? f->chapter : f->theme;
}

/* Text escaped; "" for NULL. */
void html_text(struct buf *out, const char *text);
/* An id made from a name: anything but letters, digits, '.', '_' and '-' becomes '-'. */
void html_id(struct buf *out, const char *prefix, const char *name);

/* Word processors keep the ids of headings and of spans only: such a span, in their edition. */
void html_anchor(struct document *d, const char *prefix, const char *name);

/* The table without the columns of numbers that have a figure in no row, when others are left, and
 * a sentence that names them with their reason, NULL for none. The CSV keeps every column. */
RV_MUST_CHECK rv_status html_without_empty(struct document *d, const struct result_table *t,
                                           struct result_table *ret, const char **ret_note,
                                           struct rv_err *reterr);
/* The table for a word processor, which breaks headings in the middle of a word rather than make a
 * column wider: in as many tables below each other as its longest word asks for. */
RV_MUST_CHECK rv_status html_parts_abreast(struct document *d, const struct result_table *t,
                                           const char *id, struct rv_err *reterr);
RV_MUST_CHECK rv_status html_figure(struct document *d, const struct result_table *t,
                                    struct rv_err *reterr);
void html_evidence(struct document *d);
rv_status html_methods(struct document *d, struct rv_err *reterr);
void html_sources(struct document *d);

/* Which findings a list shows, in the order of the report. */
struct html_list {
    const char *chapter; /* NULL = all; of a chapter, whose title stands above, in short words */
    bool only_key;       /* key findings only */
    bool only_summary;   /* those of the summary of the chapter, each with its question */
    enum finding_since since; /* those of this fate; SINCE_NOTHING = all */
    bool is_place;            /* findings of this list are where links go to, with their caveats */
    bool is_available;        /* those with a verdict but "not available"; false: those without */
    enum { LIST_ALL, LIST_OPEN, LIST_FOLDED } part;
    bool by_question;
    enum finding_question question; /* with by_question */
};
size_t html_list_count(const struct document *d, const struct html_list *l);
void html_list(struct document *d, const struct html_list *l);
/* A list behind a summary that says how many there are. Other editions than that for a screen say
 * where it is. */
void html_folded(struct document *d, const struct html_list *l, const char *one, const char *many);

/* What became of the finding of the last assessment, if there was one: inside a paragraph, or in
 * one of its own with its sentence. The section of all of them; nothing without a last assessment.
 */
void html_since_line(struct document *d, const struct finding *f, bool is_short);
void html_since(struct document *d);

/* The title of a table below that of its chapter (NULL = none), which is left out: of "The wards:
 * violence, 2022" under "Violence" that is "The wards, 2022", of "Violence by month" "By month". */
void html_short_title(struct buf *out, const char *words, const char *chapter_title);

/* Numbers every caveat once; before any of the following. Cost: findings by different caveats. */
RV_MUST_CHECK rv_status html_caveat_list(struct document *d, struct rv_err *reterr);
size_t html_caveat_number(const struct document *d, const char *caveat);
bool html_caveat_is_shared(const struct document *d, const char *caveat);
/* Does it hold for every finding of the chapter that has a verdict, of at least two? */
bool html_caveat_is_of_chapter(const struct document *d, const char *chapter, const char *caveat);
/* Is this the first finding of its chapter and verdict that has it? */
bool html_caveat_is_first(const struct document *d, const struct finding *f, const char *caveat);
void html_caveat_link(struct document *d, size_t number, const char *words);
/* In full those of all findings of a chapter, at its head. */
void html_caveats_of_chapter(struct document *d, const char *chapter);
/* Links to caveats of a finding, behind `words` and before a full stop: to those that it shares
 * with others, or to those that its chapter did not tell above and that are not `told`, one of its
 * own or NULL. Returns how many; of none nothing is written. */
enum html_links { LINKS_TO_SHARED, LINKS_TO_REST };
size_t html_caveat_links(struct document *d, const struct finding *f, const char *told,
                         enum html_links which, const char *words);
void html_caveats(struct document *d);

const struct report_extract *html_extract(const struct document *d, int64_t extract);

#endif
