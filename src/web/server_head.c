/* web/server_head.c — the head of a request: read once, judged before a byte of its body.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/parse.h"
#include "web/multipart.h"
#include "web/server_internal.h"

#include <string.h>

static enum MHD_Result take_header(void *cls, enum MHD_ValueKind kind, const char *key,
                                   size_t key_size, const char *value, size_t value_size)
{
    (void)kind;
    struct exchange *x = cls;
    struct head *h = &x->head;
    struct text name = {key, key_size}, said = {value ? value : "", value ? value_size : 0};
    const char *user = x->server->options.user_header;
    const struct {
        const char *name;
        struct text *to;
        unsigned *count;
    } wanted[] = {
        {"Accept", &h->accept, NULL},
        {"Cookie", &h->cookie, NULL},
        {"If-None-Match", &h->if_none_match, NULL},
        {"Content-Type", &h->type, NULL},
        {"X-Real-IP", &h->real_address, NULL},
        {"X-Forwarded-Proto", &h->proto, NULL},
        {"Origin", &h->origin, NULL},
        {"Sec-Fetch-Site", &h->site, NULL},
        {"Content-Length", &h->length, &h->lengths},
        {"Transfer-Encoding", &h->coding, &h->codings},
        {"Host", &h->host, &h->hosts},
        {user ? user : "", &h->user, &h->users},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if (name.n > 0 && text_equal_nocase(name, text_of(wanted[i].name))) {
            *wanted[i].to = said;
            if (wanted[i].count) {
                ++*wanted[i].count;
            }
        }
    }
    return MHD_YES;
}

static bool is_digits(struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        if (t.at[i] < '0' || t.at[i] > '9') {
            return false;
        }
    }
    return t.n > 0;
}

static bool is_ambiguous(const struct head *h)
{
    return h->lengths > 1 || h->codings > 1 || (h->lengths && h->codings) || h->hosts != 1 ||
           (h->lengths && !is_digits(h->length)) ||
           (h->codings && !text_equal_nocase(h->coding, text_of("chunked")));
}

static struct text without_port(struct text host)
{
    for (size_t i = host.n; i > 0 && host.at[i - 1] != ']'; i--) {
        if (host.at[i - 1] == ':') {
            return (struct text){host.at, i - 1};
        }
    }
    return host;
}

/* A page on another site can make a browser ask a name of its own that leads to this machine. */
static bool is_this_machine(struct text host)
{
    struct text name = without_port(host);
    return text_equal_nocase(name, text_of("localhost")) || text_is(name, "127.0.0.1") ||
           text_is(name, "[::1]");
}

/* A form that a page of another site sends. Browsers say so in one of two headers. */
static bool is_from_elsewhere(const struct head *h)
{
    if (h->site.n > 0 && !text_is(h->site, "same-origin") && !text_is(h->site, "none")) {
        return true;
    }
    struct text after = h->origin;
    if (after.n == 0) {
        return false;
    }
    const char *start = memmem(after.at, after.n, "://", 3);
    struct text host = {start ? start + 3 : "",
                        start ? after.n - (size_t)(start + 3 - after.at) : 0};
    return !text_equal_nocase(host, h->host);
}

static bool is_form(struct text type)
{
    struct text rest, sort = text_trim(text_split(type, ';', &rest));
    return text_equal_nocase(sort, text_of("application/x-www-form-urlencoded"));
}

static unsigned judge_head(const struct exchange *x)
{
    const struct head *h = &x->head;
    int64_t length = 0;
    if (is_ambiguous(h)) {
        return 400;
    }
    if (x->server->options.is_local && !is_this_machine(h->host)) {
        return 421;
    }
    if (x->method != REQUEST_POST) {
        return (h->lengths && !text_is(h->length, "0")) || h->codings ? 400 : 0;
    }
    if (is_from_elsewhere(h)) {
        return 403;
    }
    if (multipart_is_type(h->type)) {
        return 0; /* judged by who sends it: admit */
    }
    if (!is_form(h->type)) {
        return 415;
    }
    bool is_large = h->lengths && (!parse_int(h->length, &length) || length > REQUEST_FORM_BYTES);
    return is_large ? 413 : 0;
}

/* ---- files ---- */

static struct upload *begin_upload(const struct exchange *x, struct text session,
                                   const struct upload_terms *file)
{
    struct upload *u = memory_new(1, sizeof *u);
    if (u) {
        upload_begin(u, x->head.type, session, file);
    }
    return u;
}

/* Who may send a file here has it taken. A short body of somebody else is read and thrown away, so
 * that the page can say why; a long one is not read at all. */
static unsigned admit(struct exchange *x)
{
    struct server *s = x->server;
    const struct head *h = &x->head;
    struct upload_terms file = {.dir = NULL};
    int64_t length = 0;
    bool is_secure = s->options.is_behind_proxy && text_is(h->proto, "https");
    struct text path, session = {"", 0};
    bool is_long = !h->lengths || !parse_int(h->length, &length) || length > SERVER_DROPPED_BYTES;
    struct text query;
    path = text_split(h->target, '?', &query);
    if (!s->options.admit ||
        !rv_is_ok(request_cookie(h->cookie, server_cookie_name(is_secure), &session, NULL))) {
        return 415;
    }
    enum server_admission admission = s->options.admit(s->options.context, path, session, &file);
    if (admission == SERVER_NO_FILES) {
        return 415;
    }
    if (admission == SERVER_UNKNOWN) {
        x->is_dropped = true;
        return is_long ? 401 : 0;
    }
    if (h->lengths && (uint64_t)length > file.most + SERVER_DROPPED_BYTES) {
        return 413;
    }
    if (atomic_load(&s->uploads) >= SERVER_UPLOADS ||
        !(x->upload = begin_upload(x, session, &file))) {
        return 503;
    }
    atomic_fetch_add(&s->uploads, 1);
    return 0;
}

static void find_address(struct exchange *x)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *from = info ? info->client_addr : NULL;
    if (x->server->options.is_behind_proxy) {
        struct text said = x->head.real_address;
        if (said.n > 0 && said.n < sizeof x->address) {
            memcpy(x->address, said.at, said.n);
        }
    } else if (from && from->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)from;
        (void)inet_ntop(AF_INET, &v4->sin_addr, x->address, sizeof x->address);
    } else if (from && from->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)from;
        (void)inet_ntop(AF_INET6, &v6->sin6_addr, x->address, sizeof x->address);
    }
    if (!x->address[0]) {
        memcpy(x->address, "unknown", sizeof "unknown");
    }
}

static bool find_method(const char *name, enum request_method *ret)
{
    static const char *const names[] = {"GET", "HEAD", "POST"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            *ret = (enum request_method)i;
            return true;
        }
    }
    return false;
}

void server_read_head(struct exchange *x, struct MHD_Connection *connection, const char *method)
{
    x->connection = connection;
    (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, take_header, x);
    find_address(x);
    x->refused = find_method(method, &x->method) ? judge_head(x) : 405;
    if (!x->refused && x->method == REQUEST_POST && multipart_is_type(x->head.type)) {
        x->refused = admit(x);
    }
}
