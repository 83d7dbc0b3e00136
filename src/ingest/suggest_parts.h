/* ingest/suggest_parts.h — the steps of suggest_propose that have files of their own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_SUGGEST_PARTS_H
#define REEVE_INGEST_SUGGEST_PARTS_H

#include "ingest/suggest.h"

enum told_what {
    TOLD_KIND,
    TOLD_COLUMN,   /* this column of the file is that canonical column */
    TOLD_DROP,     /* this column is not stored */
    TOLD_NONE,     /* the file has no such canonical column */
    TOLD_FORMAT,   /* layout of a column of the file or of a canonical column */
    TOLD_YEAR,     /* which years its labels mean */
    TOLD_VALUE,    /* theirs is ours, in a column of the file */
    TOLD_CONSTANT, /* the same for every row */
    TOLD_RULE,     /* refresh, duplicates, name, … */
};

struct told { /* an answer, understood */
    enum told_what what;
    size_t column;         /* of the file; SUGGEST_NONE */
    const char *canonical; /* NULL = not about one */
    const char *theirs;
    const char *text;
    const char *key; /* as given */
};

struct proposing {
    struct arena *a;
    const struct lexicon *l;
    const struct sample *sample;
    const struct facts *facts;
    const struct suggest_options *o;
    struct told *told;
    size_t told_count;
    struct evidence e;
    struct kind_fit *fits; /* best first */
    size_t fit_count;
    size_t *uses;          /* of each column of the file: suggestions that read it */
    const char **left_out; /* of each column: why a proposal was taken back; NULL */
    bool has_several_persons;
    const char **notes;
    struct question *questions;
    struct proposal *p;
    struct rv_err *err;
};

#define MOST_NOTES     48
#define MOST_QUESTIONS 96

/* suggest_answers.c */
RV_MUST_CHECK rv_status answers_read(struct proposing *g);
const struct told *told_rule(const struct proposing *g, const char *key); /* NULL = not told */
const struct told *told_about(const struct proposing *g, enum told_what what, const char *canonical,
                              size_t column); /* the last that names either */
bool is_layout(const char *text);
/* "calendar", "financial-start", …: as profile_column.year and lone_year. */
bool year_read(const char *text, const char **ret_year, enum period_lone *ret_lone);

/* suggest_sentence.c */
const char *kind_sentence(struct proposing *g, const struct kind_fit *fit);
const char *date_sentence(struct proposing *g, const struct facts *f,
                          const struct date_layout *layout);

/* suggest.c: a suggestion for a canonical column, NULL when there is none yet. */
struct suggestion *suggestion_of(const struct proposing *g, const char *canonical);
/* Adds or replaces; because is a format. NULL = out of memory. */
struct suggestion *suggestion_add(struct proposing *g, const struct kind_column *kc, size_t column,
                                  double confidence, const char *because);
void suggestion_remove(struct proposing *g, const char *canonical);
RV_MUST_CHECK rv_status note_add(struct proposing *g, const char *note); /* NULL = no memory */

/* suggest_derive.c: what follows from the columns that were matched. */
RV_MUST_CHECK rv_status derive_columns(struct proposing *g);

/* suggest_wide.c: columns that become rows. */
RV_MUST_CHECK rv_status derive_wide(struct proposing *g);

/* suggest_flags.c: flags from columns of yes and no and from weapons. */
RV_MUST_CHECK rv_status derive_flags(struct proposing *g);

/* suggest_form.c: layouts, missing spellings, units, maps of each suggestion. */
RV_MUST_CHECK rv_status derive_forms(struct proposing *g);
RV_MUST_CHECK rv_status map_values(struct proposing *g, const struct facts *f, size_t column,
                                   const char *vocabulary, const char *const *closed,
                                   struct value_map *ret); /* suggest_map.c */

/* suggest_ask.c: questions, what is taken. */
RV_MUST_CHECK rv_status ask(struct proposing *g);

/* suggest_aside.c: what is not stored and why; what the rows say against the proposal. */
RV_MUST_CHECK rv_status set_columns_aside(struct proposing *g);
RV_MUST_CHECK rv_status note_doubts(struct proposing *g);

#endif
