/* base/json.c — a streaming JSON writer.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/json.h"

#include <math.h>

void json_writer_init(struct json_writer *j, struct buf *out, bool is_pretty)
{
    *j = (struct json_writer){.out = out, .is_pretty = is_pretty};
}

static void quoted(struct buf *out, struct text t)
{
    buf_char(out, '"');
    size_t from = 0;
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.at[i];
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        buf_put(out, t.at + from, i - from);
        from = i + 1;
        switch (c) {
        case '"':
            buf_text(out, "\\\"");
            break;
        case '\\':
            buf_text(out, "\\\\");
            break;
        case '\n':
            buf_text(out, "\\n");
            break;
        case '\r':
            buf_text(out, "\\r");
            break;
        case '\t':
            buf_text(out, "\\t");
            break;
        default:
            buf_printf(out, "\\u%04x", (unsigned)c);
        }
    }
    if (t.n) {
        buf_put(out, t.at + from, t.n - from);
    }
    buf_char(out, '"');
}

static void new_line(struct json_writer *j)
{
    if (j->is_pretty) {
        buf_char(j->out, '\n');
        for (int i = 0; i < j->indent; i++) {
            buf_text(j->out, "  ");
        }
    }
}

static void begin_value(struct json_writer *j, const char *key)
{
    if (j->needs_comma) {
        buf_char(j->out, ',');
    }
    if (j->indent) {
        new_line(j);
    }
    if (key) {
        quoted(j->out, text_of(key));
        buf_text(j->out, j->is_pretty ? ": " : ":");
    }
    j->needs_comma = true;
}

static void open_scope(struct json_writer *j, const char *key, char bracket)
{
    begin_value(j, key);
    buf_char(j->out, bracket);
    j->needs_comma = false;
    j->indent++;
}

static void close_scope(struct json_writer *j, char bracket)
{
    j->indent--;
    if (j->needs_comma) {
        new_line(j);
    }
    buf_char(j->out, bracket);
    j->needs_comma = true;
    if (j->indent == 0 && j->is_pretty) {
        buf_char(j->out, '\n');
    }
}

void json_put_object(struct json_writer *j, const char *key)
{
    open_scope(j, key, '{');
}

void json_end_object(struct json_writer *j)
{
    close_scope(j, '}');
}

void json_put_array(struct json_writer *j, const char *key)
{
    open_scope(j, key, '[');
}

void json_end_array(struct json_writer *j)
{
    close_scope(j, ']');
}

void json_put_text(struct json_writer *j, const char *key, struct text value)
{
    begin_value(j, key);
    quoted(j->out, value);
}

void json_put_string(struct json_writer *j, const char *key, const char *value)
{
    if (value) {
        json_put_text(j, key, text_of(value));
    } else {
        json_put_null(j, key);
    }
}

void json_put_int(struct json_writer *j, const char *key, int64_t value)
{
    begin_value(j, key);
    buf_int(j->out, value);
}

void json_put_real(struct json_writer *j, const char *key, double value)
{
    if (!isfinite(value)) {
        json_put_null(j, key);
        return;
    }
    begin_value(j, key);
    buf_real_digits(j->out, value, j->digits ? j->digits : 12);
}

void json_put_bool(struct json_writer *j, const char *key, bool value)
{
    begin_value(j, key);
    buf_text(j->out, value ? "true" : "false");
}

void json_put_null(struct json_writer *j, const char *key)
{
    begin_value(j, key);
    buf_text(j->out, "null");
}
