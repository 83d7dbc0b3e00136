/* ingest/suggest_known.h — before any proposal: how the answers say that a file is written, and
 * whether a profile knows it already. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_SUGGEST_KNOWN_H
#define REEVE_INGEST_SUGGEST_KNOWN_H

#include "ingest/suggest.h"

/* The last answer of a key; NULL = none. */
const char *answer_to(const struct suggest_options *o, const char *key);

/* What the answers say of the bytes of the file, before it is read. RV_USAGE. */
RV_MUST_CHECK rv_status answers_form(const struct suggest_options *o, struct form_declared *ret,
                                     struct rv_err *reterr);

/* The profile that the header fits, NULL when none does: one of `more` (kept by the partnership)
 * before those of the program. */
RV_MUST_CHECK rv_status sample_known(struct arena *a, const struct sample *s,
                                     const struct profile *more, size_t more_count,
                                     const struct profile **ret, struct rv_err *reterr);

#endif
