/* base/json.h — writing JSON straight into a buffer.
 *
 * Thread-compatible. Commas are the writer's business; keys and values are in the order written.
 * Reals have 12 significant digits unless `digits` says otherwise; NaN and infinities are written
 * as null.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_BASE_JSON_H
#define REEVE_BASE_JSON_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct json_writer {
    struct buf *out;
    bool needs_comma;
    int indent; /* depth of nesting when pretty */
    int digits; /* significant digits of reals, 1 to 17; 0 = 12 */
    bool is_pretty;
};

void json_writer_init(struct json_writer *j, struct buf *out, bool is_pretty);
void json_put_object(struct json_writer *j,
                     const char *key); /* opens; key NULL inside an array or at top */
void json_end_object(struct json_writer *j);
void json_put_array(struct json_writer *j, const char *key);
void json_end_array(struct json_writer *j);
void json_put_text(struct json_writer *j, const char *key, struct text value);
void json_put_string(struct json_writer *j, const char *key,
                     const char *value); /* NULL writes null */
void json_put_int(struct json_writer *j, const char *key, int64_t value);
void json_put_real(struct json_writer *j, const char *key, double value);
void json_put_bool(struct json_writer *j, const char *key, bool value);
void json_put_null(struct json_writer *j, const char *key);

#endif
