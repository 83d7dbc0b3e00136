/* base/json.h — writing JSON straight into a buffer.
 *
 * Thread-compatible. Commas are the writer's business; keys and values are in the order written.
 * Reals have 12 significant digits; NaN and infinities are written as null.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_BASE_JSON_H
#define REEVE_BASE_JSON_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct json {
    struct buf *out;
    bool needs_comma;
    int indent; /* depth of nesting when pretty */
    bool is_pretty;
};

void json_init(struct json *j, struct buf *out, bool is_pretty);
void json_object(struct json *j, const char *key); /* opens; key NULL inside an array or at top */
void json_object_end(struct json *j);
void json_array(struct json *j, const char *key);
void json_array_end(struct json *j);
void json_text(struct json *j, const char *key, struct text value);
void json_string(struct json *j, const char *key, const char *value); /* NULL writes null */
void json_int(struct json *j, const char *key, int64_t value);
void json_real(struct json *j, const char *key, double value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

#endif
