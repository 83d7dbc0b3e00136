/* web/request.c — strict decoding of targets, forms, cookies and the few headers that matter.
 *
 * Source: RFC 3986 (targets), the URL standard's application/x-www-form-urlencoded, RFC 6265
 * (cookies), RFC 9110 (Accept, If-None-Match). SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/request.h"

#include <stdlib.h>

struct text fields_get(const struct fields *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++) {
        if (text_is(f->at[i].name, name)) {
            return f->at[i].value;
        }
    }
    return (struct text){"", 0};
}

static int hex_digit(char ch)
{
    if (ch >= '0' && ch <= '9') {
        return ch - '0';
    }
    char low = (char)(ch | 32);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* Decodes into `out`, which has room for in.n bytes; false for a broken escape. */
static bool unescape(struct text in, bool plus_is_space, char *out, size_t *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < in.n; i++) {
        char ch = in.at[i];
        if (ch == '%') {
            int high = i + 2 < in.n ? hex_digit(in.at[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(in.at[i + 2]) : -1;
            if (low < 0) {
                return false;
            }
            ch = (char)(high * 16 + low);
            i += 2;
        } else if (ch == '+' && plus_is_space) {
            ch = ' ';
        }
        out[n++] = ch;
    }
    *ret = n;
    return true;
}

static bool is_control(char ch)
{
    return (unsigned char)ch < 32 || ch == 127;
}

static bool has_control(struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        if (is_control(t.at[i]) && t.at[i] != '\n' && t.at[i] != '\t') {
            return true;
        }
    }
    return false;
}

/* CR LF and CR become LF, as forms send CR LF for what was typed as LF. */
static size_t plain_line_ends(char *bytes, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '\r') {
            i += i + 1 < n && bytes[i + 1] == '\n';
            bytes[kept++] = '\n';
        } else {
            bytes[kept++] = bytes[i];
        }
    }
    return kept;
}

static rv_status decode(struct arena *a, struct text in, struct text *ret, struct rv_err *reterr)
{
    char *out = ARENA_NEW(a, char, in.n + 1);
    size_t n;
    if (!out) {
        return arena_fail(a, reterr);
    }
    if (!unescape(in, true, out, &n)) {
        return rv_fail(reterr, RV_INVALID, "a percent sign without two hexadecimal digits");
    }
    n = plain_line_ends(out, n);
    out[n] = '\0';
    struct text decoded = {out, n};
    if (text_utf8_valid(decoded) != n || has_control(decoded)) {
        return rv_fail(reterr, RV_INVALID, "a field that is not plain text in UTF-8");
    }
    *ret = decoded;
    return rv_ok();
}

rv_status request_fields(struct arena *a, struct text encoded, struct fields *ret,
                         struct rv_err *reterr)
{
    size_t most = 0;
    for (struct text rest = encoded; rest.n > 0;) {
        most += text_split(rest, '&', &rest).n > 0;
    }
    if (most > REQUEST_FIELDS) {
        return rv_fail(reterr, RV_LIMIT, "more than %d fields", REQUEST_FIELDS);
    }
    struct field *fields = ARENA_NEW(a, struct field, most + 1);
    if (!fields) {
        return arena_fail(a, reterr);
    }
    size_t count = 0;
    while (encoded.n > 0) {
        struct text value, pair = text_split(encoded, '&', &encoded);
        struct text name = text_split(pair, '=', &value);
        if (pair.n == 0) {
            continue;
        }
        RV_TRY(decode(a, name, &fields[count].name, reterr));
        RV_TRY(decode(a, value, &fields[count].value, reterr));
        count++;
    }
    *ret = (struct fields){fields, count};
    return rv_ok();
}

static bool is_plain_path(struct text path)
{
    if (path.n == 0 || path.at[0] != '/' || text_utf8_valid(path) != path.n) {
        return false;
    }
    struct text rest = {path.at + 1, path.n - 1};
    while (rest.n > 0) {
        bool is_last = !memchr(rest.at, '/', rest.n);
        struct text part = text_split(rest, '/', &rest);
        if ((part.n == 0 && !is_last) || text_is(part, ".") || text_is(part, "..")) {
            return false;
        }
        for (size_t i = 0; i < part.n; i++) {
            if (is_control(part.at[i]) || part.at[i] == '\\') {
                return false;
            }
        }
    }
    return true;
}

/* A slash that is written as an escape would make another path of the same bytes. */
static bool hides_slash(struct text raw)
{
    for (size_t i = 0; i + 2 < raw.n; i++) {
        if (raw.at[i] == '%' && raw.at[i + 1] == '2' && (raw.at[i + 2] | 32) == 'f') {
            return true;
        }
    }
    return false;
}

rv_status request_target(struct arena *a, struct text target, struct text *ret_path,
                         struct fields *ret_query, struct rv_err *reterr)
{
    if (target.n > REQUEST_TARGET_BYTES) {
        return rv_fail(reterr, RV_LIMIT, "an address of more than %d bytes", REQUEST_TARGET_BYTES);
    }
    struct text query, raw = text_split(target, '?', &query);
    char *path = ARENA_NEW(a, char, raw.n + 1);
    size_t n;
    if (!path) {
        return arena_fail(a, reterr);
    }
    if (hides_slash(raw) || !unescape(raw, false, path, &n) ||
        !is_plain_path((struct text){path, n})) {
        return rv_fail(reterr, RV_INVALID, "an address that is no plain path");
    }
    struct fields fields;
    RV_TRY(request_fields(a, query, &fields, reterr));
    *ret_path = (struct text){path, n};
    *ret_query = fields;
    return rv_ok();
}

rv_status request_cookie(struct text header, const char *name, struct text *ret,
                         struct rv_err *reterr)
{
    if (header.n > REQUEST_COOKIE_BYTES) {
        return rv_fail(reterr, RV_LIMIT, "cookies of more than %d bytes", REQUEST_COOKIE_BYTES);
    }
    struct text found = {"", 0};
    bool has_one = false, has_more = false;
    while (header.n > 0) {
        struct text value, pair = text_trim(text_split(header, ';', &header));
        if (!text_is(text_split(pair, '=', &value), name)) {
            continue;
        }
        has_more = has_more || (has_one && !text_equal(value, found));
        has_one = true;
        found = value;
    }
    *ret = has_more ? (struct text){"", 0} : found;
    return rv_ok();
}

/* The quality of one range of an Accept header in thousandths: 1000 unless it says q=. */
static int quality_of(struct text parameters)
{
    while (parameters.n > 0) {
        struct text p = text_trim(text_split(parameters, ';', &parameters));
        if (p.n < 3 || (p.at[0] | 32) != 'q' || p.at[1] != '=') {
            continue;
        }
        int quality = p.at[2] == '1' ? 1000 : 0, scale = 100;
        for (size_t i = 4; i < p.n && i < 7 && quality < 1000; i++, scale /= 10) {
            int digit = p.at[i] >= '0' && p.at[i] <= '9' ? p.at[i] - '0' : 0;
            quality += digit * scale;
        }
        return quality;
    }
    return 1000;
}

bool request_wants_json(struct text accept)
{
    int html = -1, json = -1, any = -1;
    while (accept.n > 0) {
        struct text parameters, range = text_split(accept, ',', &accept);
        struct text type = text_trim(text_split(range, ';', &parameters));
        int quality = quality_of(parameters);
        if (text_equal_nocase(type, text_of("text/html"))) {
            html = quality;
        } else if (text_equal_nocase(type, text_of("application/json"))) {
            json = quality;
        } else if (text_is(type, "*/*")) {
            any = quality;
        }
    }
    html = html < 0 ? any : html;
    return json > 0 && json > html;
}

bool request_matches_tag(struct text if_none_match, const char *tag)
{
    while (if_none_match.n > 0) {
        struct text one = text_trim(text_split(if_none_match, ',', &if_none_match));
        if (text_starts(one, "W/")) {
            one = (struct text){one.at + 2, one.n - 2};
        }
        bool is_quoted = one.n >= 2 && one.at[0] == '"' && one.at[one.n - 1] == '"';
        if (text_is(one, "*") ||
            (is_quoted && text_is((struct text){one.at + 1, one.n - 2}, tag))) {
            return true;
        }
    }
    return false;
}

bool request_is_local_path(struct text path)
{
    if (path.n == 0 || path.n > REQUEST_TARGET_BYTES || path.at[0] != '/' ||
        (path.n > 1 && (path.at[1] == '/' || path.at[1] == '\\'))) {
        return false;
    }
    for (size_t i = 0; i < path.n; i++) {
        if (is_control(path.at[i]) || path.at[i] == '\\' || path.at[i] == ' ') {
            return false;
        }
    }
    return true;
}
