/* ingest/suggest_say.h — a proposal and its preview for a person and for a program.
 *
 * What cells say is shown only where it cannot be about one person: words of the assistant's own
 * vocabulary, and values of categories that come at least VALUES_SHOWN_FROM times. Of free text,
 * references and personal columns nothing is shown. Plain lines without drawing or colour, so that
 * they can be read aloud.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_SUGGEST_SAY_H
#define REEVE_INGEST_SUGGEST_SAY_H

#include "base/buf.h"
#include "base/json.h"
#include "ingest/preview.h"
#include "ingest/suggest.h"
#include "ingest/suggest_read.h"

#define VALUES_SHOWN_FROM 3 /* rows */

/* Whether a value may be shown. */
bool value_is_shown(const struct mapped_value *v);

struct told_file { /* what is said about the file itself */
    const char *name;
    const struct sampled *sampled;
};

/* On one screen; and with every reason and every value. */
void say_brief(const struct told_file *file, const struct proposal *p, struct buf *out);
void say_proposal(const struct told_file *file, const struct proposal *p, struct buf *out);
void say_preview(const struct preview *v, bool is_brief, struct buf *out);
void say_question(const struct question *q, struct buf *out); /* with numbered choices */

/* Members "file", "kind", "columns", "not_stored", "notes", "questions", "refresh" of an open
 * object, and "preview". */
void json_proposal(const struct told_file *file, const struct proposal *p, struct json_writer *j);
void json_preview(const struct preview *v, struct json_writer *j);

#endif
