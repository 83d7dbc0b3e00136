/* tests/base/json_oracle.h — JSON as another program reads it; apart, for its names are ours too.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_BASE_JSON_ORACLE_H
#define REEVE_TESTS_BASE_JSON_ORACLE_H

#include "base/text.h"

#include <stdbool.h>

/* Both are valid JSON without repeated keys and mean the same. */
bool oracle_same(struct text a, struct text b);

/* An object in which `key` has exactly this text. */
bool oracle_has(struct text object, const char *key, const char *value);

/* An object in which `key` has exactly this integer. */
bool oracle_has_int(struct text object, const char *key, long long value);

#endif
