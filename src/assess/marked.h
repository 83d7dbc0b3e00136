/* assess/marked.h — how closely results are to be held: as their most restricted extract.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_MARKED_H
#define REEVE_ASSESS_MARKED_H

#include "assess/source.h"

/* Public when there is no source: nothing restricted is in it. */
enum marking sources_marking(const struct finding_source *sources, size_t count);
enum marking extracts_marking(const struct extract_info *extracts, size_t count);

/* "Marking: official." with what is not declared; in the arena, NULL when out of memory. */
const char *marking_sentence(struct arena *a, enum marking marking);

/* Marks every finding, table and the whole; `residents`: of the rates' denominators, NULL = none.
 */
void assessment_mark(struct assessment *x, const struct source *residents);

#endif
