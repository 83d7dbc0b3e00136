/* ingest/suggest.h — a proposal: what a file is and how its columns become ours, with the evidence.
 *
 * Pure: the same sample and the same answers give the same proposal. The dialogue of the command
 * asks the first question, adds the answer and proposes again; a script gives the same answers
 * with --answer. What the file cannot tell is asked, never guessed: the order of day and month,
 * a need of the kind that no column meets. Everything lives in the arena.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_SUGGEST_H
#define REEVE_INGEST_SUGGEST_H

#include "ingest/profile.h"
#include "ingest/suggest_facts.h"
#include "ingest/suggest_kind.h"
#include "read/form.h"

#define SUGGEST_NONE SIZE_MAX

/* KEY=VALUE of --answer: see docs/guide/mapping.md. */
struct answer {
    const char *key, *value;
};

struct suggest_options {
    const struct answer *answers;
    size_t answer_count;
    double least;            /* confidence from which a proposal is taken without being asked */
    const char *file_name;   /* the name of the profile is made from it */
    const struct form *form; /* how the bytes of the file are taken; NULL = the usual way */
};

struct mapped_value {
    struct text theirs;
    const char *ours; /* NULL = left unmapped, "" = missing */
    double confidence;
    int64_t rows; /* of the sample */
};

struct value_map {
    const struct mapped_value *values;
    size_t count;
    size_t unmapped; /* distinct values that become not-recorded */
    int64_t unmapped_rows;
};

struct flag_part { /* one more column of a list */
    size_t column;
    struct value_map map;
};

struct suggestion {
    const struct kind_column *kc;
    size_t column;        /* of the file; SUGGEST_NONE = the same for every row */
    const char *constant; /* then */
    double confidence;
    const char *because; /* a plain sentence without values of free text or persons */
    const char *format;  /* layout of a time, "" = ISO; of a text "On or near *"; NULL = none */
    const char *other_format; /* the month-first layout when the order is not known */
    bool is_order_open;       /* the cells fit both orders and nobody has said which is meant */
    bool is_label;            /* a label of years: */
    const char *year;         /* of which years, as profile_column.year; NULL = not said yet */
    enum period_lone lone;
    bool is_date_only;   /* an hour that the cells show is not known: always midnight */
    bool is_band;        /* ages from an age band */
    bool is_only_mapped; /* a value that the map does not hold is unknown */
    size_t time_column;  /* of the time of day; SUGGEST_NONE */
    const char *time_format;
    const char *unit;
    const char *const *missing;
    size_t missing_count;
    struct value_map map;
    bool is_list; /* of words from several columns (flags): "" adds none */
    const struct flag_part *also;
    size_t also_count;
    bool is_answered; /* a person said so */
    bool is_taken;    /* goes into the profile */
};

struct set_aside { /* a column that is not stored */
    size_t column;
    const char *because;
    const char *personal; /* "a name"; NULL = not personal */
    bool could_be;        /* a proposal below the confidence that was asked for */
};

struct choice {
    const char *value, *label; /* what --answer takes, what a person reads */
};

struct question {
    const char *key;  /* of --answer */
    const char *text; /* a whole sentence */
    const struct choice *choices;
    size_t choice_count;
    size_t usual; /* index of the default, SUGGEST_NONE = there is none */
    bool is_free; /* another text than the choices is an answer too */
    bool is_hard; /* without an answer there is no profile */
};

struct wide_column { /* a column that becomes rows of its own */
    size_t column;
    const struct profile_pair *set;
    size_t set_count;
};

struct proposal {
    const struct kind *kind;
    double kind_confidence;
    const char *kind_because;
    const struct kind *rival; /* NULL = none */
    double rival_total;
    struct suggestion *list; /* in the order of the kind */
    size_t count;
    const struct set_aside *aside; /* in the order of the file */
    size_t aside_count;
    const char *const *notes; /* what cannot be held, what to look at */
    size_t note_count;
    const struct question *questions; /* hard ones first */
    size_t question_count;
    size_t hard_count;
    const char *periods; /* layout of month columns, NULL = none */
    size_t month_count;
    const struct wide_column *wide;
    size_t wide_count;
    size_t total_column;             /* of the wide ones, SUGGEST_NONE */
    const struct kind_column *value; /* that takes their cells */
    char decimal, thousands;         /* thousands '\0' = none */
    bool is_utc;
    bool has_sheet; /* a person named the sheet of the workbook */
    enum profile_refresh refresh;
    const char *refresh_because;
    bool keeps_duplicates;
    const char *name, *title, *supplier, *supplier_kind; /* of the profile; NULL = not said */
    const struct facts *facts;                           /* of every column */
    const struct sample *sample;
};

/* RV_USAGE for an answer that names no column and no rule, or does not fit; it says what would. */
RV_MUST_CHECK rv_status suggest_propose(struct arena *a, const struct lexicon *l,
                                        const struct sample *sample, const struct facts *facts,
                                        const struct suggest_options *options, struct proposal *ret,
                                        struct rv_err *reterr);

/* The profile of what is taken. RV_REFUSED while a hard question is open: the message names the
 * answers to give, as options of the command. */
RV_MUST_CHECK rv_status suggest_profile(struct arena *a, const struct proposal *p,
                                        const struct suggest_options *options, struct profile *ret,
                                        struct rv_err *reterr);

#endif
