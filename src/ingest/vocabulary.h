/* ingest/vocabulary.h — the closed vocabularies of the contract that more than one module needs.
 *
 * Each list ends with NULL. Source: formats.md sections 2 and 4, in their order.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_VOCABULARY_H
#define REEVE_INGEST_VOCABULARY_H

/* Without the NULL at the end; a list of another length does not compile. */
enum { OFFENCE_GROUP_COUNT = 27, OFFENCE_OUTCOME_COUNT = 7 };

extern const char *const OFFENCE_GROUPS[OFFENCE_GROUP_COUNT + 1];
extern const char *const OFFENCE_OUTCOMES[OFFENCE_OUTCOME_COUNT + 1];

#endif
