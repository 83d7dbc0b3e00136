/* web/route.c — from a path to its row.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/app.h"

static bool matches(const char *pattern, struct text path, struct text arguments[ROUTE_ARGUMENTS])
{
    struct text wanted = text_of(pattern + 1), given = {path.at + 1, path.n - 1};
    bool given_ends = path.at[path.n - 1] == '/';
    size_t n = 0;
    while (wanted.n > 0 && given.n > 0) {
        struct text part = text_split(wanted, '/', &wanted), said = text_split(given, '/', &given);
        if (part.at[0] == ':') {
            arguments[n++] = said;
        } else if (!text_equal(part, said)) {
            return false;
        }
    }
    return wanted.n == 0 && given.n == 0 && (!given_ends || path.n == 1);
}

const struct route *route_find(enum request_method method, struct text path,
                               struct text arguments[ROUTE_ARGUMENTS], bool *ret_is_path)
{
    *ret_is_path = false;
    enum request_method wanted = method == REQUEST_HEAD ? REQUEST_GET : method;
    for (size_t i = 0; i < route_count; i++) {
        if (matches(routes[i].path, path, arguments)) {
            *ret_is_path = true;
            if (routes[i].method == wanted) {
                return &routes[i];
            }
        }
    }
    return NULL;
}
