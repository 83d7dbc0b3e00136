/* define/vocabulary.h — the closed vocabularies of the contract that more than one module needs.
 *
 * Each list ends with NULL. Source: formats.md sections 2 and 4, in their order.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_DEFINE_VOCABULARY_H
#define REEVE_DEFINE_VOCABULARY_H

#include "base/text.h"

#include <stdbool.h>

/* Without the NULL at the end; a list of another length does not compile. */
enum { OFFENCE_GROUP_COUNT = 27, OFFENCE_OUTCOME_COUNT = 7, OFFENCE_FLAG_COUNT = 10 };

extern const char *const OFFENCE_GROUPS[OFFENCE_GROUP_COUNT + 1];
extern const char *const OFFENCE_GROUP_TITLES[OFFENCE_GROUP_COUNT + 1]; /* for people */
extern const char *const OFFENCE_OUTCOMES[OFFENCE_OUTCOME_COUNT + 1];
extern const char *const OFFENCE_FLAGS[OFFENCE_FLAG_COUNT + 1];
extern const char *const PERSON_ROLES[]; /* victim, suspect, accused */

bool vocabulary_has(const char *const *vocabulary, struct text value);

/* The place of a value in its list, from 0; -1 when it is not there. */
int vocabulary_find(const char *const *vocabulary, struct text value);

/* Self-defined ethnicity: the five groups, or a code of the 18+1 classification (W4, Roma, came
 * with the Census of 2021; NS and N1 to N3 say why there is none). A code is kept as it is; tables
 * fold it into its group. Source: Home Office and College of Policing, self-defined ethnicity
 * codes. */
extern const char *const ETHNICITIES[];
extern const char *const ETHNICITY_GROUPS[]; /* white, mixed, asian, black, other */

/* The place in ETHNICITY_GROUPS of a group or of a code: W1 is white, A4 asian; -1 for NS and N1 to
 * N3, which say why there is none, and for anything else. */
int ethnicity_group(struct text code);

/* Ethnicity as an officer saw it: Identity Codes IC1 to IC6, IC9 and IC0 where it was not
 * noted; or the five groups of publishers that have folded them. */
extern const char *const ETHNICITIES_OBSERVED[];

#endif
