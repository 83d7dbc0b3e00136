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

/* jansson, with which profiles and stored findings are read, has functions called json_object,
 * json_array, json_string, json_real and json_null too, and calls them itself: without names of
 * their own for the linker, ours would be called in their place. One file cannot include both. */
#define RV_LINK_AS(name) __asm__("rv_" #name)

void json_init(struct json *j, struct buf *out, bool is_pretty);
void json_object(struct json *j, const char *key)
    RV_LINK_AS(json_object); /* opens; key NULL inside an array or at top */
void json_object_end(struct json *j);
void json_array(struct json *j, const char *key) RV_LINK_AS(json_array);
void json_array_end(struct json *j);
void json_text(struct json *j, const char *key, struct text value);
void json_string(struct json *j, const char *key, const char *value)
    RV_LINK_AS(json_string); /* NULL writes null */
void json_int(struct json *j, const char *key, int64_t value);
void json_real(struct json *j, const char *key, double value) RV_LINK_AS(json_real);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key) RV_LINK_AS(json_null);

#endif
