/* cli/table_json.h — a result table as JSON.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_CLI_TABLE_JSON_H
#define REEVE_CLI_TABLE_JSON_H

#include "assess/finding.h"
#include "base/buf.h"

/* Appends one object: title, rows and beside them what is not available and why, marking, notes. */
void table_json(const struct result_table *t, struct buf *out);

#endif
