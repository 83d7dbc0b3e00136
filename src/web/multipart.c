/* web/multipart.c — a strict reader of multipart/form-data.
 *
 * A delimiter begins with CR and holds no other: where one stops short, what matched so far is
 * content and nothing of it can begin another. SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/multipart.h"

#include <string.h>

enum {
    STATE_START,  /* before the first delimiter */
    STATE_AFTER,  /* behind a delimiter: CR LF or "--" */
    STATE_CR,     /* and its LF */
    STATE_DASH,   /* and its second dash */
    STATE_HEAD,   /* headers of a part */
    STATE_BODY,   /* content of a part */
    STATE_CLOSED, /* behind the last delimiter */
    STATE_LAST_CR,
    STATE_OVER,
    STATE_BROKEN,
};

static bool is_alphanumeric(char ch)
{
    return (ch >= '0' && ch <= '9') || ((ch | 32) >= 'a' && (ch | 32) <= 'z');
}

/* ---- the type ---- */

bool multipart_is_type(struct text content_type)
{
    struct text rest;
    return text_equal_nocase(text_trim(text_split(content_type, ';', &rest)),
                             text_of("multipart/form-data"));
}

static bool is_boundary(struct text b)
{
    for (size_t i = 0; i < b.n; i++) {
        if (!is_alphanumeric(b.at[i]) && !strchr("'()+_,-./:=?", b.at[i])) {
            return false;
        }
    }
    return b.n > 0 && b.n <= MULTIPART_BOUNDARY;
}

rv_status multipart_begin(struct multipart *m, struct text content_type,
                          const struct multipart_sink *sink, struct rv_err *reterr)
{
    struct text rest, found = {NULL, 0};
    size_t boundaries = 0;
    *m = (struct multipart){.sink = *sink, .state = STATE_BROKEN};
    buf_init(&m->form, REQUEST_FORM_BYTES);
    (void)text_split(content_type, ';', &rest);
    while (rest.n > 0) {
        struct text value, one = text_trim(text_split(rest, ';', &rest));
        if (text_equal_nocase(text_trim(text_split(one, '=', &value)), text_of("boundary"))) {
            found = value;
            boundaries++;
        }
    }
    if (found.n >= 2 && found.at[0] == '"' && found.at[found.n - 1] == '"') {
        found = (struct text){found.at + 1, found.n - 2};
    }
    if (!multipart_is_type(content_type) || boundaries != 1 || !is_boundary(found)) {
        return rv_fail(reterr, RV_INVALID, "a file is sent as multipart/form-data with a boundary");
    }
    memcpy(m->delimiter, "\r\n--", 4);
    memcpy(m->delimiter + 4, found.at, found.n);
    m->delimiter_n = 4 + found.n;
    m->matched = 2; /* the first delimiter has no line before it */
    m->state = STATE_START;
    return rv_ok();
}

void multipart_done(struct multipart *m)
{
    buf_done(&m->form);
}

static rv_status broken(struct multipart *m, struct rv_err *reterr, const char *what)
{
    m->state = STATE_BROKEN;
    return rv_fail(reterr, RV_INVALID, "the form that carries the file is broken: %s", what);
}

/* ---- headers of a part ---- */

/* name="value" or name=value behind a ";"; false when it is neither. */
static bool take_parameter(struct text *rest, struct text *ret_name, struct text *ret_value)
{
    *rest = text_trim(*rest);
    const char *equals = memchr(rest->at, '=', rest->n);
    if (!equals) {
        return false;
    }
    *ret_name = (struct text){rest->at, (size_t)(equals - rest->at)};
    struct text after = {equals + 1, rest->n - ret_name->n - 1};
    bool is_quoted = after.n > 0 && after.at[0] == '"';
    const char *end =
        is_quoted ? memchr(after.at + 1, '"', after.n - 1) : memchr(after.at, ';', after.n);
    if (is_quoted && !end) {
        return false;
    }
    *ret_value = is_quoted ? (struct text){after.at + 1, (size_t)(end - after.at) - 1}
                 : end     ? (struct text){after.at, (size_t)(end - after.at)}
                           : after;
    size_t used = ret_value->n + (is_quoted ? 2 : 0);
    struct text left = text_trim((struct text){after.at + used, after.n - used});
    if (left.n > 0 && left.at[0] != ';') {
        return false;
    }
    *rest = left.n > 0 ? (struct text){left.at + 1, left.n - 1} : (struct text){"", 0};
    return true;
}

static bool is_field_name(struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        if (!is_alphanumeric(t.at[i]) && !strchr("-_.", t.at[i])) {
            return false;
        }
    }
    return t.n > 0 && t.n <= 64;
}

/* A name without folders, whichever system wrote it, within what a file may be called. */
static bool keep_file_name(struct multipart *m, struct text sent)
{
    for (size_t i = sent.n; i > 0; i--) {
        if (sent.at[i - 1] == '/' || sent.at[i - 1] == '\\') {
            sent = (struct text){sent.at + i, sent.n - i};
            break;
        }
    }
    for (size_t i = 0; i < sent.n; i++) {
        if ((unsigned char)sent.at[i] < 32 || sent.at[i] == 127) {
            return false;
        }
    }
    if (sent.n > MULTIPART_FILE_NAME || text_utf8_valid(sent) != sent.n) {
        return false;
    }
    memcpy(m->file_name, sent.n ? sent.at : "", sent.n);
    m->file_name[sent.n] = '\0';
    return true;
}

static void put_name(struct multipart *m, struct text name)
{
    if (m->fields++ > 0) {
        buf_char(&m->form, '&');
    }
    buf_slice(&m->form, name);
    buf_char(&m->form, '=');
}

static rv_status take_disposition(struct multipart *m, struct text value, struct rv_err *reterr)
{
    struct text rest, key, said, name = {NULL, 0};
    bool is_file = false;
    struct text sort = text_trim(text_split(value, ';', &rest));
    if (!text_equal_nocase(sort, text_of("form-data"))) {
        return broken(m, reterr, "a part is no part of a form");
    }
    while (rest.n > 0) {
        if (!take_parameter(&rest, &key, &said)) {
            return broken(m, reterr, "a part has a name that cannot be read");
        }
        if (text_is(key, "name") && !name.at && is_field_name(said)) {
            name = said;
        } else if (text_is(key, "filename") && !is_file && keep_file_name(m, said)) {
            is_file = true;
        } else {
            return broken(m, reterr, "a part has a name that cannot be read");
        }
    }
    if (!name.at) {
        return broken(m, reterr, "a part has no name");
    }
    m->is_file = is_file;
    if (!is_file) {
        put_name(m, name);
    }
    return rv_ok();
}

/* All its lines are there, each with its CR LF. */
static rv_status take_head(struct multipart *m, struct rv_err *reterr)
{
    struct text rest = {m->head, m->head_n};
    bool has_disposition = false, has_type = false;
    while (rest.n > 0) {
        struct text value, line = text_split(rest, '\n', &rest);
        line.n -= line.n > 0 && line.at[line.n - 1] == '\r';
        struct text name = text_split(line, ':', &value);
        if (line.n == 0) {
            continue;
        }
        if (text_equal_nocase(name, text_of("Content-Disposition")) && !has_disposition) {
            has_disposition = true;
            RV_TRY(take_disposition(m, text_trim(value), reterr));
        } else if (text_equal_nocase(name, text_of("Content-Type")) && !has_type) {
            has_type = true;
        } else {
            return broken(m, reterr, "a part has a header that forms do not have");
        }
    }
    if (!has_disposition) {
        return broken(m, reterr, "a part does not say what it is");
    }
    if (m->has_file) {
        return broken(m, reterr, "something follows the file; send one file, as the last field");
    }
    m->head_n = 0;
    m->state = STATE_BODY;
    if (!m->is_file) {
        return rv_ok();
    }
    m->has_file = true;
    rv_status status = m->sink.begin(m->sink.context, reterr);
    m->state = rv_is_ok(status) ? STATE_BODY : STATE_BROKEN;
    return status;
}

static rv_status take_head_byte(struct multipart *m, char ch, struct rv_err *reterr)
{
    if (m->head_n == sizeof m->head) {
        return broken(m, reterr, "the head of a part is too long");
    }
    if (ch == '\0' || (ch == '\n' && (m->head_n == 0 || m->head[m->head_n - 1] != '\r'))) {
        return broken(m, reterr, "a line of a part has the wrong end");
    }
    m->head[m->head_n++] = ch;
    bool is_end = m->head_n >= 4 && memcmp(m->head + m->head_n - 4, "\r\n\r\n", 4) == 0;
    return is_end ? take_head(m, reterr) : rv_ok();
}

/* ---- content ---- */

static rv_status hand_on(struct multipart *m, const char *bytes, size_t n, struct rv_err *reterr)
{
    if (n == 0) {
        return rv_ok();
    }
    rv_status status = rv_ok();
    if (m->is_file) {
        status = m->sink.take(m->sink.context, bytes, n, reterr);
    } else {
        static const char hex[] = "0123456789ABCDEF";
        for (size_t i = 0; i < n; i++) {
            unsigned char ch = (unsigned char)bytes[i];
            const char escaped[] = {'%', hex[ch >> 4], hex[ch & 15]};
            bool is_plain = is_alphanumeric(bytes[i]);
            buf_put(&m->form, is_plain ? &bytes[i] : escaped, is_plain ? 1 : 3);
        }
        status = buf_status(&m->form, reterr);
    }
    if (!rv_is_ok(status)) {
        m->state = STATE_BROKEN;
    }
    return status;
}

/* As much content as is sure to be content; *ret_used of the n bytes are done with. */
static rv_status take_content(struct multipart *m, const char *bytes, size_t n, size_t *ret_used,
                              struct rv_err *reterr)
{
    if (m->matched == 0) {
        const char *cr = memchr(bytes, '\r', n);
        size_t sure = cr ? (size_t)(cr - bytes) : n;
        *ret_used = sure + (cr ? 1 : 0);
        m->matched = cr ? 1 : 0;
        return hand_on(m, bytes, sure, reterr);
    }
    if (bytes[0] != m->delimiter[m->matched]) {
        size_t n_matched = m->matched; /* this byte is looked at again */
        *ret_used = 0;
        m->matched = 0;
        return hand_on(m, m->delimiter, n_matched, reterr);
    }
    *ret_used = 1;
    if (++m->matched == m->delimiter_n) {
        m->matched = 0;
        m->state = STATE_AFTER;
    }
    return rv_ok();
}

static rv_status take_start(struct multipart *m, char ch, struct rv_err *reterr)
{
    if (ch != m->delimiter[m->matched]) {
        return broken(m, reterr, "it does not begin with its boundary");
    }
    if (++m->matched == m->delimiter_n) {
        m->matched = 0;
        m->state = STATE_AFTER;
    }
    return rv_ok();
}

/* States that wait for one byte or the other. */
static rv_status take_byte(struct multipart *m, char ch, struct rv_err *reterr)
{
    static const struct {
        int state;
        char ch;
        int next;
    } steps[] = {
        {STATE_AFTER, '\r', STATE_CR},       {STATE_AFTER, '-', STATE_DASH},
        {STATE_CR, '\n', STATE_HEAD},        {STATE_DASH, '-', STATE_CLOSED},
        {STATE_CLOSED, '\r', STATE_LAST_CR}, {STATE_LAST_CR, '\n', STATE_OVER},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i].state == m->state && steps[i].ch == ch) {
            m->state = steps[i].next;
            return rv_ok();
        }
    }
    return broken(m, reterr, "a boundary stands where none can be");
}

rv_status multipart_take(struct multipart *m, const char *bytes, size_t n, struct rv_err *reterr)
{
    while (n > 0) {
        size_t used = 1;
        switch (m->state) {
        case STATE_BODY:
            RV_TRY(take_content(m, bytes, n, &used, reterr));
            break;
        case STATE_HEAD:
            RV_TRY(take_head_byte(m, *bytes, reterr));
            break;
        case STATE_START:
            RV_TRY(take_start(m, *bytes, reterr));
            break;
        default:
            RV_TRY(take_byte(m, *bytes, reterr));
        }
        bytes += used;
        n -= used;
    }
    return rv_ok();
}

rv_status multipart_end(const struct multipart *m, struct rv_err *reterr)
{
    bool is_whole = m->state == STATE_CLOSED || m->state == STATE_OVER;
    if (!is_whole) {
        return rv_fail(reterr, RV_INVALID, "the file did not arrive whole; send it again");
    }
    return m->has_file ? rv_ok() : rv_fail(reterr, RV_INVALID, "no file was sent");
}
