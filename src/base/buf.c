/* base/buf.c — growing text: doubling, capped, always terminated.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/buf.h"

#include "base/memory.h"
#include "base/parse.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void buf_init(struct buf *b, size_t limit)
{
    assert(limit < SIZE_MAX / 2);
    *b = (struct buf){.limit = limit};
}

void buf_done(struct buf *b)
{
    memory_free(b->bytes);
    *b = (struct buf){.limit = b->limit};
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->failed = false;
    b->is_past_limit = false;
    if (b->bytes) {
        b->bytes[0] = '\0';
    }
}

char *buf_room(struct buf *b, size_t n)
{
    if (b->failed) {
        return NULL;
    }
    if (n > b->limit || b->n > b->limit - n) {
        b->failed = true;
        b->is_past_limit = true;
        return NULL;
    }
    size_t needed = b->n + n + 1;
    if (needed > b->capacity) {
        size_t capacity = b->capacity < 256 ? 256 : b->capacity * 2;
        if (capacity > b->limit) {
            capacity = b->limit + 1; /* the memory stays below the ceiling too */
        }
        if (capacity < needed) {
            capacity = needed;
        }
        char *bytes = memory_resize(b->bytes, capacity, 1);
        if (!bytes) {
            b->failed = true;
            return NULL;
        }
        b->bytes = bytes;
        b->capacity = capacity;
    }
    return b->bytes + b->n;
}

void buf_wrote(struct buf *b, size_t n)
{
    b->n += n;
    b->bytes[b->n] = '\0';
}

void buf_put(struct buf *b, const void *bytes, size_t n)
{
    char *at = buf_room(b, n);
    if (at) {
        if (n) {
            memcpy(at, bytes, n);
        }
        buf_wrote(b, n);
    }
}

void buf_char(struct buf *b, char c)
{
    buf_put(b, &c, 1);
}

void buf_text(struct buf *b, const char *terminated)
{
    buf_put(b, terminated, strlen(terminated));
}

void buf_slice(struct buf *b, struct text t)
{
    buf_put(b, t.at, t.n);
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *at = n < 0 ? NULL : buf_room(b, (size_t)n);
    if (at) {
        (void)vsnprintf(at, (size_t)n + 1, format, again);
        buf_wrote(b, (size_t)n);
    }
    va_end(again);
}

void buf_int(struct buf *b, int64_t value)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (value < 0) {
        digits[--at] = '-';
    }
    buf_put(b, digits + at, sizeof digits - at);
}

void buf_real(struct buf *b, double value)
{
    buf_real_digits(b, value, 12);
}

void buf_real_digits(struct buf *b, double value, int digits)
{
    if (!isfinite(value)) {
        return;
    }
    /* The locale is never set, so %g writes a point. Minus zero is zero to a reader. */
    buf_printf(b, "%.*g", digits, value == 0 ? 0.0 : value);
}

void buf_csv(struct buf *b, struct text t)
{
    bool quote = t.n && (t.at[0] == ' ' || t.at[t.n - 1] == ' ');
    for (size_t i = 0; i < t.n && !quote; i++) {
        quote = t.at[i] == ',' || t.at[i] == '"' || t.at[i] == '\n' || t.at[i] == '\r';
    }
    if (!quote) {
        buf_slice(b, t);
        return;
    }
    buf_char(b, '"');
    for (size_t i = 0; i < t.n; i++) {
        if (t.at[i] == '"') {
            buf_char(b, '"');
        }
        buf_char(b, t.at[i]);
    }
    buf_char(b, '"');
}

static bool is_number(struct text t)
{
    double value;
    size_t skip = t.at[0] == '+';
    return parse_real((struct text){t.at + skip, t.n - skip}, &value);
}

void buf_csv_words(struct buf *b, struct text t)
{
    if (t.n < 2 || !memchr("=+-@\t\r", t.at[0], 6) || is_number(t)) {
        buf_csv(b, t);
        return;
    }
    struct buf safe;
    buf_init(&safe, b->limit);
    buf_char(&safe, '\'');
    buf_slice(&safe, t);
    buf_csv(b, buf_view(&safe));
    b->failed = b->failed || safe.failed;
    buf_done(&safe);
}

void buf_uri(struct buf *b, struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        char ch = t.at[i], letter = (char)(ch | 32);
        bool is_plain = (letter >= 'a' && letter <= 'z') || (ch >= '0' && ch <= '9') ||
                        (ch && strchr("-._~/", ch));
        if (is_plain) {
            buf_char(b, ch);
        } else {
            buf_printf(b, "%%%02X", (unsigned)(unsigned char)ch);
        }
    }
}

void buf_html(struct buf *b, struct text t)
{
    size_t from = 0;
    for (size_t i = 0; i < t.n; i++) {
        const char *entity = NULL;
        switch (t.at[i]) {
        case '&':
            entity = "&amp;";
            break;
        case '<':
            entity = "&lt;";
            break;
        case '>':
            entity = "&gt;";
            break;
        case '"':
            entity = "&quot;";
            break;
        case '\'':
            entity = "&#39;";
            break;
        case '\0':
            entity = "\xEF\xBF\xBD"; /* HTML cannot hold it */
            break;
        default:
            continue;
        }
        buf_put(b, t.at + from, i - from);
        buf_text(b, entity);
        from = i + 1;
    }
    if (t.n) {
        buf_put(b, t.at + from, t.n - from);
    }
}

struct text buf_view(const struct buf *b)
{
    return (struct text){b->bytes, b->n};
}

rv_status buf_status(const struct buf *b, struct rv_err *reterr)
{
    if (!b->failed) {
        return rv_ok();
    }
    if (b->is_past_limit) {
        return rv_fail(reterr, RV_LIMIT, "an output grew past its limit of %zu bytes", b->limit);
    }
    return rv_fail(reterr, RV_NO_MEMORY, "out of memory while writing an output");
}
