/* ingest/import.h — the steps of one import that have files of their own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_IMPORT_H
#define REEVE_INGEST_IMPORT_H

#include "access/register.h"
#include "ingest/codebook.h"
#include "ingest/head.h"
#include "ingest/ingest.h"
#include "ingest/pipeline.h"
#include "ingest/resolve.h"
#include "place/placing.h"

/* How far an import came: a file of a folder that fits no profile is passed over, one that cannot
 * be read or fails later is a failure. */
enum import_stage { IMPORT_BEGUN, IMPORT_READABLE, IMPORT_RECOGNISED };

struct import { /* one run of ingest_import */
    struct store *s;
    struct arena *a;
    struct pool *pool;
    struct progress *progress;
    const char *path;
    const char *name;          /* of the file in reports and messages */
    struct source_choice part; /* of an archive: which member */
    const struct ingest_options *options;
    const struct profile *profiles; /* all of them, read once for many files; NULL = not yet */
    size_t profile_count;
    const struct profile *profile;
    const struct codebook *codebook; /* of a survey; NULL for other kinds */
    const char *from, *to;           /* period of its respondents, as stored with them */
    struct form form;                /* how its bytes are taken */
    const char *encoding; /* found from the whole file after its beginning had shown UTF-8 */
    const struct agreement_row *terms; /* NULL = none declared */
    const char *source;                /* the series that the extract continues */
    struct plan plan;
    size_t row_bytes; /* of the first rows, on average; 0 = none */
    struct pipeline pipeline;
    struct arena resolving;       /* of the resolution */
    struct resolution resolution; /* is_decided: it says what the file means for the rows held */
    bool is_decided;
    bool is_member; /* of an archive: its orphans are counted when the others are written */
    bool is_held;   /* refused because the same bytes are held already */
    struct placed_draft *placed;
    struct head_stamp stamp;     /* of the file when it was hashed */
    struct month_range declared; /* --period; first > last = not declared */
    struct month_range covered;  /* first to last month; first > last = none */
    int32_t *months;             /* covered, ascending */
    size_t month_count;
    int64_t file_bytes;
    struct ingest_report report;
    const char **notes; /* of the report: import_note */
    enum import_stage stage;
    struct rv_err *err;
};

/* ingest_import that tells how far it came, whatever happened. */
rv_status import_file(struct store *s, struct arena *a, struct pool *pool,
                      struct progress *progress, const char *path,
                      const struct ingest_options *options, struct ingest_report *ret,
                      enum import_stage *ret_stage, struct rv_err *reterr);

/* import_file, and again by each profile that the first one names beside itself: beside.c. */
rv_status import_kinds(struct store *s, struct arena *a, struct pool *pool,
                       struct progress *progress, const char *path,
                       const struct ingest_options *options, struct ingest_kinds *ret,
                       enum import_stage *ret_stage, struct rv_err *reterr);

/* A file that is something else: no table, or a table that no profile knows. A file whose name says
 * that it is a table and that cannot be read at all (damaged, empty, another encoding) is a
 * failure. */
bool import_is_another(const char *name, rv_status status, enum import_stage stage);

/* Its steps. Before the first: store, arena, pool, progress, path, name, options and err are set.
 */
void import_open(struct import *m);
void import_close(struct import *m); /* frees, whatever happened */
rv_status import_check_options(struct import *m);
/* terms.c: finds the agreement; RV_NOT_FOUND, RV_REFUSED when it is not in force. */
rv_status import_find_terms(struct import *m);
bool import_is_open(const struct import *m);    /* the profile known */
rv_status import_name_source(struct import *m); /* the series that the extract continues */
rv_status import_note_terms(struct import *m);  /* into the report */
/* Outside any transaction, with sha256 and stamp set: reads, types, compares and places. */
rv_status import_prepare(struct import *m);
/* Of a file of people: the role that the profile gives to every row; "" = the whole file. */
const char *import_part(const struct import *m);
rv_status import_check_new(struct import *m); /* RV_REFUSED, is_held */
rv_status import_decide(struct import *m);
rv_status
import_check_decided(struct import *m); /* is_decided becomes false when it is not so now */
/* Inside store_begin, decided: import_store.c. */
rv_status import_write(struct import *m);
/* After the commit: rows outside every area of the finest level loaded. */
rv_status import_finish(struct import *m);
/* A message about the file begins with its name, unless it names it already. */
void import_name_failure(const struct import *m);

/* Inside store_begin. */
rv_status quarantine_store(struct store *s, const struct pipeline *p, int64_t extract,
                           const struct progress *progress, struct rv_err *reterr);
/* The CSV of --quarantine: file,line,column,value,code,sentence. */
rv_status quarantine_write(const struct import *const *list, size_t count, const char *path,
                           struct rv_err *reterr);

/* choose.c: profile and form; the head lives in `scratch`. */
rv_status import_choose(struct import *m, struct arena *scratch, struct head *head);
rv_status import_note_form(struct import *m);
/* The failure of a file whose encoding is not safe to say. */
rv_status import_refuse_encoding(const struct import *m, const struct form *f);
rv_status import_check(struct import *m);          /* check.c: what refuses the whole file */
rv_status import_check_disjoint(struct import *m); /* disjoint.c */
rv_status import_cover(struct import *m);          /* check.c: months */
rv_status import_fill_report(struct import *m);    /* summary.c */
rv_status import_note(struct import *m, const char *note); /* NULL = out of memory */
rv_status import_note_doubts(struct import *m);            /* doubts.c */
/* survey.c: --as survey --codebook. */
rv_status import_check_survey_options(struct import *m);
rv_status import_choose_survey(struct import *m, struct arena *scratch, struct head *head);
rv_status import_check_survey(struct import *m); /* RV_REFUSED, is_held: as another survey */
rv_status import_note_survey(struct import *m);  /* what is new in the codebook */
const char *import_survey_value(const struct unknown_value *u); /* as the report shows it */
rv_status import_look(struct import *m, struct arena *scratch, const struct profile *p,
                      struct form *form, struct head *head); /* choose.c */
struct layer;
/* place_text.c: what was set aside; how the rows are placed by their words in a layer. */
rv_status import_note_aside(struct import *m);
rv_status import_note_matches(struct import *m, const struct layer *l);
rv_status import_note_places(struct import *m, const struct layer *layers, size_t count);
/* orphans.c: `orphans` of the reports, all against the offences held now. */
rv_status import_count_orphans(struct import *const *list, size_t count, struct rv_err *reterr);
/* crossing.c: of members that wait, in the order in which they are written, those lose is_decided
 * whose rows an earlier one may change, or be changed by. */
rv_status import_cross(struct import *const *list, size_t count, struct rv_err *reterr);
rv_status import_number_rows(struct import *m); /* summary.c: record_number */

#endif
