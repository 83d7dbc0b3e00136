/* store/sql.c — the statements and migrations carried inside the program.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "store/internal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

extern const struct asset sql_assets[];
extern const size_t sql_assets_count;

static const char *const names[SQL_COUNT] = {
#define SQL_NAME(id, name) [SQL_##id] = (name),
    SQL_STATEMENTS(SQL_NAME)
#undef SQL_NAME
};

const char *sql_name(enum sql_id id)
{
    assert((unsigned)id < SQL_COUNT);
    return names[id];
}

const struct asset *sql_asset(enum sql_id id)
{
    char path[128];
    (void)snprintf(path, sizeof path, "statements/%s.sql", sql_name(id));
    const struct asset *found = asset_find(sql_assets, sql_assets_count, path);
    assert(found); /* the enum and the table are made from one list of files */
    return found;
}

const struct asset *sql_migrations(size_t *ret_count)
{
    const char *folder = "migrations/";
    size_t first = 0, count = 0;
    for (size_t i = 0; i < sql_assets_count; i++) {
        if (strncmp(sql_assets[i].name, folder, strlen(folder)) == 0) {
            first = count ? first : i;
            count++;
        }
    }
    *ret_count = count;
    return sql_assets + first;
}
