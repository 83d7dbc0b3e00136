/* assess/template.h — what an assessment is made of, as data: its chapters in order, the part that
 * each uses, and the definition whose kinds it counts.
 *
 * JSON, read strictly (docs/guide/templates.md). Shipped ones are in reference/templates; a
 * partnership may bring its own. Pure data in an arena.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_TEMPLATE_H
#define REEVE_ASSESS_TEMPLATE_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"
#include "define/definition.h"

#define TEMPLATE_DEFAULT       "needs-assessment"
#define TEMPLATE_IN_FORCE      "in-force" /* stands for the adopted definition of the file */
#define TEMPLATE_MOST_CHAPTERS 64
#define TEMPLATE_MOST_LINES    32 /* of its legal basis; of what cannot be said */

/* What a chapter is made by; the words for them are in template.c. */
enum template_part {
    CHAPTER_ABOUT,         /* what the law asks for, and where it says so */
    CHAPTER_PROFILE,       /* one kind of crime: a profile or a context of a definition */
    CHAPTER_PROFILES,      /* every profile of a definition, then they and its contexts together */
    CHAPTER_RECORDS,       /* all records held, by the publisher's categories */
    CHAPTER_PUBLISHED,     /* counts as published */
    CHAPTER_OTHER_SOURCES, /* ambulance, transport, emergency departments, searches */
    CHAPTER_COVERAGE,      /* which source covers which month */
    CHAPTER_QUALITY,       /* what the data can and cannot bear */
    CHAPTER_LIMITS,        /* what cannot be said from what is held */
    CHAPTER_PRIORITIES,    /* kinds of crime side by side, those with most signs first */
    CHAPTER_RESIDENTS,     /* the questions of each survey held */
    CHAPTER_PARTS
};

/* What is told of a kind of crime, bits; all of them unless a chapter names some. */
enum template_section {
    SECTION_LEVEL = 1 << 0,      /* count, rate, rank, change, share of all: always told */
    SECTION_WARDS = 1 << 1,      /* wards and localities */
    SECTION_LSOAS = 1 << 2,      /* */
    SECTION_PEOPLE = 1 << 3,     /* victims and suspects, repeat victims */
    SECTION_OUTCOMES = 1 << 4,   /* with someone accused; outcomes */
    SECTION_WEAPONS = 1 << 5,    /* */
    SECTION_TIME = 1 << 6,       /* hours, weekdays, months of the year, school days */
    SECTION_PLACES = 1 << 7,     /* how they are located, places with more than one */
    SECTION_CHANGE = 1 << 8,     /* what drove a change */
    SECTION_HARM = 1 << 9,       /* weighted by a scale of harm */
    SECTION_GROUPS = 1 << 10,    /* each offence group */
    SECTION_MONTHS = 1 << 11,    /* month by month */
    SECTION_SPREAD = 1 << 12,    /* rates of boroughs and wards by the size of their base */
    SECTION_ALL = (1 << 13) - 1, /* */
};

/* A definition that a template names. */
struct template_definition {
    const char *name;            /* as written, and as `reeve table --definition` takes it */
    const struct definition *is; /* NULL = TEMPLATE_IN_FORCE */
};

struct template_chapter {
    enum template_part part;
    const char *profile;                          /* of CHAPTER_PROFILE; else NULL */
    const char *note;                             /* whole sentences; NULL = none */
    const struct template_definition *definition; /* of profiles; never NULL */
    unsigned sections;                            /* of profiles */
};

struct template_line { /* a duty and where the law states it; a matter and why it cannot be said */
    const char *text, *because;
};

struct assess_template {
    const char *id, *version, *title;
    const char *heading; /* of the report; "{area}" stands for the area's name */
    struct template_line *basis;
    size_t basis_count;
    struct template_line *unsaid;
    size_t unsaid_count;
    struct template_definition *definitions;
    size_t definition_count;
    struct template_chapter *chapters;
    size_t chapter_count;
};

/* Reads and checks, with the definitions that it names: shipped ones, and FILE.json from `folder`
 * (NULL = none). RV_INVALID: "NAME, line L: what is wrong and what to do"; RV_LIMIT. */
RV_MUST_CHECK rv_status template_read(struct arena *a, const char *name, const char *folder,
                                      struct text json, struct assess_template *ret,
                                      struct rv_err *reterr);

/* A shipped one by its id, or a file by its path. RV_NOT_FOUND lists those there are. */
RV_MUST_CHECK rv_status template_load(struct arena *a, const char *name_or_path,
                                      struct assess_template *ret, struct rv_err *reterr);

/* Their ids. */
size_t template_shipped_count(void);
struct text template_shipped_name(size_t i);

/* The heading with the area's name in it; NULL when out of memory. */
const char *template_heading(struct arena *a, const struct assess_template *t, const char *area);

/* A definition by a shipped name, or FILE.json in `folder` (NULL or "" = where the program runs).
 * RV_NOT_FOUND names those there are; what definition_read refuses is RV_INVALID. */
RV_MUST_CHECK rv_status template_definition_load(struct arena *a, const char *folder,
                                                 const char *name, const struct definition **ret,
                                                 struct rv_err *reterr);

#endif
