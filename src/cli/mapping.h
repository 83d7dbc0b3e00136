/* cli/mapping.h — one run of map-columns: map_columns.c is the script, map_dialogue.c the dialogue.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_CLI_MAPPING_H
#define REEVE_CLI_MAPPING_H

#include "cli/command.h"
#include "ingest/suggest_say.h"

#define MOST_ANSWERS 512

struct mapping {
    struct session *session;
    struct arena *a;
    const char *path;
    struct answer *answers;
    size_t given; /* by options */
    struct sampled sampled;
    const struct lexicon *lexicon;
    struct facts *facts;
    struct suggest_options options;
    struct told_file file;
    struct proposal proposal;
    bool has_details; /* every reason and value is shown */
    bool is_dialogue;
    bool is_stopped; /* by the person */
    bool is_written;
    struct rv_err *err;
};

RV_MUST_CHECK rv_status mapping_answer(struct mapping *m, const char *key, const char *value);
RV_MUST_CHECK rv_status mapping_look(struct mapping *m);    /* reads the file as it is declared */
RV_MUST_CHECK rv_status mapping_propose(struct mapping *m); /* from the answers so far */
void mapping_say(struct mapping *m);                        /* on one screen, or with details */

/* What an import by the profile would do, said (j NULL) or as JSON. */
RV_MUST_CHECK rv_status mapping_preview(struct mapping *m, const struct profile *profile,
                                        struct json_writer *j);

/* Whole or not at all; RV_REFUSED when the path is taken. */
RV_MUST_CHECK rv_status mapping_write(struct mapping *m, const struct profile *profile,
                                      const char *path);
void mapping_say_written(struct mapping *m, const char *path);

RV_MUST_CHECK rv_status mapping_dialogue(struct mapping *m);

#endif
