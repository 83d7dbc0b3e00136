/* store/internal.h — what the files of this module share; nobody else includes it but its tests.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STORE_INTERNAL_H
#define REEVE_STORE_INTERNAL_H

#include "base/asset.h"
#include "store/sql_id.h"

/* The embedded file of a statement: sql/statements/NAME.sql. Never NULL. */
const struct asset *sql_asset(enum sql_id id);

const char *sql_name(enum sql_id id); /* "area-insert" */

/* The embedded migrations in order; entry 0 brings an empty file to version 1. */
const struct asset *sql_migrations(size_t *ret_count);

#endif
