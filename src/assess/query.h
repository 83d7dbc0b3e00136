/* assess/query.h — the command line that gives a number again. Not for other modules.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_QUERY_H
#define REEVE_ASSESS_QUERY_H

#include "base/buf.h"

/* Appends " OPTION VALUE", the value in quotes where a shell needs them. */
void query_option(struct buf *b, const char *option, const char *value);

#endif
