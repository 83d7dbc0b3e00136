/* assess/template_words.h — the words of templates, for their reader. Not for other modules.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_TEMPLATE_WORDS_H
#define REEVE_ASSESS_TEMPLATE_WORDS_H

#include "base/arena.h"

extern const char *const TEMPLATE_PARTS[];    /* in the order of enum template_part */
extern const char *const TEMPLATE_SECTIONS[]; /* in the order of the bits */

/* "about, priorities, … and limits"; "" when out of memory. */
const char *template_words(struct arena *a, const char *const *words);

#endif
