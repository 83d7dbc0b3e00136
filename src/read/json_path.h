/* read/json_path.h — where in a JSON text a value stands, for messages with a line.
 *
 * jansson forgets positions; a path of keys and indices finds them again in text that it has
 * already accepted. Pure. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_JSON_PATH_H
#define REEVE_READ_JSON_PATH_H

#include "base/text.h"

#include <stddef.h>

struct json_step {
    const char *key; /* NULL: an index into an array */
    size_t index;
};

/* The line (from 1) on which the value at the path starts; that of the deepest part of the path
 * that is there. Cost: O(bytes before it). */
int json_path_line(struct text json, const struct json_step *path, size_t depth);

#endif
