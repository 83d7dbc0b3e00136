/* assess/rules.h — the names of the sentences that findings may become.
 *
 * Static data. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_RULES_H
#define REEVE_ASSESS_RULES_H

#include <stddef.h>

/* The themes of an assessment, whose names no profile may take as the start of its ids. */
const char *const *assess_themes(size_t *ret_count);

/* Every rule of a theme ("recorded-crime", "published-counts", "coverage", "profile"), for
 * sentences_require; *ret_count 0 for any other theme. */
const char *const *assess_rules(const char *theme, size_t *ret_count);

#endif
