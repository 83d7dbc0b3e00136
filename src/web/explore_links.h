/* web/explore_links.h — the ways from a finding to its table, and from a table to its records.
 *
 * Private to src/web. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_EXPLORE_LINKS_H
#define REEVE_WEB_EXPLORE_LINKS_H

#include "store/query.h"
#include "web/explore.h"

/* The address in Explore that asks what a command of `reeve table` asks (finding.h: query). NULL
 * for another command, for one with an option that an address cannot hold, and without memory. */
const char *explore_address(struct arena *a, const char *command);

/* The address in the SQL page that asks for the offences behind a table. NULL for a table of
 * another kind, and without memory. */
const char *records_address(struct arena *a, const struct explore *x, const struct result_table *t);

/* The query that such an address asks for: offences of its extracts, of its period and of the
 * groups or categories that it names. Empty for another address. */
RV_MUST_CHECK rv_status records_query(struct call *c, const struct query_table *offences,
                                      struct text *ret, struct rv_err *reterr);

#endif
