/* store/only.h — a wall in one connection: which of the extracts in use its results may be made of.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STORE_ONLY_H
#define REEVE_STORE_ONLY_H

#include "store/extract.h"

/* From now on extract_list of this connection leaves out what `may` refuses (NULL ends it): what
 * the person may not see for whom it reads (access/sight.h). Not extract_list_all. `context` is
 * borrowed until then. */
typedef bool extract_filter(void *context, const struct extract_info *extract);
void extract_list_only(struct store *s, extract_filter *may, void *context);

/* May that person be told of an extract, whether it is in use on this day or not? Always without a
 * wall. */
bool extract_is_told(const struct store *s, const struct extract_info *extract);

#endif
