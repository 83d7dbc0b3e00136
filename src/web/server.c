/* web/server.c — from sockets to requests and from responses to sockets.
 *
 * An exchange is one request and its answer. The socket thread makes it, fills it and queues it
 * with its connection suspended; a worker answers and resumes; the socket thread sends.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"
#include "base/memory.h"
#include "web/server_internal.h"

#include <string.h>
#include <unistd.h>

const char *server_cookie_name(bool is_secure)
{
    return is_secure ? "__Host-reeve" : "reeve";
}

/* ---- answers that need no handler ---- */

static const struct {
    unsigned status;
    const char *words;
} refusals[] = {
    {400, "The request cannot be understood.\n"},
    {401, "You are not signed in, or your session has ended. Sign in, then send the file again.\n"},
    {403, "This form came from another site.\n"},
    {405, "Only GET, HEAD and POST are answered.\n"},
    {408, "The request took too long to arrive.\n"},
    {413, "This is larger than the service takes.\n"},
    {415,
     "A form is sent as application/x-www-form-urlencoded, and a file where one is asked for.\n"},
    {421, "This address serves its own machine only.\n"},
    {500, "The request could not be answered for want of memory.\n"},
    {503, "Too many requests at once. Try again in a few seconds.\n"},
};

static const char *refusal_words(unsigned status)
{
    size_t i = 0;
    while (refusals[i].status != status) {
        i++;
    }
    return refusals[i].words;
}

static void add_header(struct MHD_Response *r, const char *name, const char *value)
{
    if (value) {
        (void)MHD_add_response_header(r, name, value);
    }
}

#define POLICY                                                                                     \
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "              \
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/* On every answer, whatever it is. */
static void add_safety(struct MHD_Response *r, const char *policy)
{
    add_header(r, "Content-Security-Policy", policy ? policy : POLICY);
    add_header(r, "X-Content-Type-Options", "nosniff");
    add_header(r, "Referrer-Policy", "same-origin");
    add_header(r, "Cross-Origin-Opener-Policy", "same-origin");
    add_header(r, "Cross-Origin-Resource-Policy", "same-origin");
    add_header(r, "Permissions-Policy", "camera=(), geolocation=(), microphone=()");
}

static enum MHD_Result refuse(struct exchange *x, unsigned status)
{
    const char *words = refusal_words(status);
    struct MHD_Response *r = MHD_create_response_from_buffer(
        strlen(words), (void *)(uintptr_t)words, MHD_RESPMEM_PERSISTENT);
    if (!r) {
        return MHD_NO;
    }
    add_safety(r, NULL);
    add_header(r, "Content-Type", "text/plain; charset=utf-8");
    add_header(r, "Cache-Control", "no-store");
    add_header(r, "Retry-After", status == 503 ? "2" : NULL);
    add_header(r, "Allow", status == 405 ? "GET, HEAD, POST" : NULL);
    /* What follows on such a connection may be the rest of what was misunderstood. */
    add_header(r, "Connection", status == 503 ? NULL : "close");
    enum MHD_Result sent = MHD_queue_response(x->connection, status, r);
    MHD_destroy_response(r);
    return sent;
}

/* ---- in a worker ---- */

static rv_status read_request(const struct exchange *x, struct arena *a, struct request *ret,
                              struct rv_err *reterr)
{
    const struct head *h = &x->head;
    const struct server_options *o = &x->server->options;
    struct request r = {.method = x->method,
                        .address = x->address,
                        .if_none_match = h->if_none_match,
                        .user = h->users == 1 ? h->user : (struct text){"", 0}, /* not two */
                        .host = h->host,
                        .upload = x->upload,
                        .wants_json = request_wants_json(h->accept),
                        .is_secure = o->is_behind_proxy && text_is(h->proto, "https")};
    RV_TRY(request_target(a, h->target, &r.path, &r.query, reterr));
    const struct buf *form = x->upload ? &x->upload->form.form : &x->form;
    RV_TRY(request_fields(a, buf_view(form), &r.form, reterr));
    RV_TRY(request_cookie(h->cookie, server_cookie_name(r.is_secure), &r.session, reterr));
    *ret = r;
    return rv_ok();
}

static void free_bytes(void *bytes)
{
    memory_free(bytes);
}

/* The library reads the descriptor from its beginning while it sends (sendfile) and closes it. */
static struct MHD_Response *carry_file(struct spool *file)
{
    if (!rv_is_ok(spool_flush(file, NULL))) {
        return NULL;
    }
    if (file->n == 0) {
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    }
    int fd = spool_hand_on(file);
    struct MHD_Response *r = MHD_create_response_from_fd64(file->n, fd);
    if (!r) {
        file_closep(&fd);
    }
    return r;
}

static struct MHD_Response *carry(struct response *from)
{
    if (from->file) {
        return carry_file(from->file);
    }
    if (from->fixed.n > 0) {
        return MHD_create_response_from_buffer(from->fixed.n, (void *)(uintptr_t)from->fixed.at,
                                               MHD_RESPMEM_PERSISTENT);
    }
    struct MHD_Response *r = MHD_create_response_from_buffer_with_free_callback(
        from->body.n, from->body.bytes, free_bytes);
    if (r) {
        from->body.bytes = NULL; /* the response has it now */
    }
    return r;
}

static void make_response(struct exchange *x, struct arena *a, struct response *from)
{
    struct MHD_Response *r = carry(from);
    if (!r) {
        return;
    }
    add_safety(r, from->policy);
    add_header(r, "Content-Type", from->content_type);
    add_header(r, "Content-Disposition",
               from->file_name ? attachment_words(a, from->file_name) : NULL);
    add_header(r, "Cache-Control", from->cache ? from->cache : "no-store");
    add_header(r, "Location", from->location);
    add_header(r, "Set-Cookie", from->cookie);
    add_header(r, "ETag", from->tag ? arena_printf(a, "\"%s\"", from->tag) : NULL);
    add_header(r, "Vary", "Accept, Cookie");
    add_header(r, "Retry-After",
               from->retry_after ? arena_printf(a, "%u", from->retry_after) : NULL);
    add_header(r, "Refresh", from->refresh ? arena_printf(a, "%u", from->refresh) : NULL);
    x->response = r;
    x->status = from->status;
}

static void answer(void *context, size_t worker, void *item)
{
    struct server *s = context;
    struct exchange *x = item;
    struct arena *a = &s->arenas[worker];
    struct request request;
    struct response response = {.status = 200};
    buf_init(&response.body, SERVER_RESPONSE_BYTES);
    rv_status status = read_request(x, a, &request, NULL);
    if (rv_is_ok(status)) {
        s->options.handler(s->options.context, worker, a, &request, &response);
        make_response(x, a, &response);
        x->refused = x->response ? 0 : 500;
    } else {
        x->refused = status.code == RV_LIMIT ? 413 : status.code == RV_NO_MEMORY ? 500 : 400;
    }
    buf_done(&response.body);
    spool_done(response.file);
    arena_clear(a);
    x->is_answered = true;
    MHD_resume_connection(x->connection);
}

/* ---- in the socket thread ---- */

static void *begin_exchange(void *cls, const char *uri, struct MHD_Connection *connection)
{
    (void)connection;
    struct server *s = cls;
    struct exchange *x = memory_new(1, sizeof *x);
    if (!x) {
        return NULL;
    }
    /* A copy: the library cuts its own into pieces later. */
    size_t n = strnlen(uri, REQUEST_TARGET_BYTES + 1);
    char *target = memory_new(n + 1, 1);
    if (!target) {
        memory_free(x);
        return NULL;
    }
    memcpy(target, uri, n);
    x->server = s;
    x->head.target = (struct text){target, n};
    x->target = target;
    x->begun = time(NULL);
    buf_init(&x->form, REQUEST_FORM_BYTES);
    atomic_fetch_add(&s->pending, 1);
    return x;
}

static void end_exchange(void *cls, struct MHD_Connection *connection, void **con_cls,
                         enum MHD_RequestTerminationCode how)
{
    (void)connection;
    (void)how;
    struct server *s = cls;
    struct exchange *x = *con_cls;
    if (!x) {
        return;
    }
    *con_cls = NULL;
    if (x->response) {
        MHD_destroy_response(x->response);
    }
    buf_done(&x->form);
    if (x->upload) {
        upload_done(x->upload);
        memory_free(x->upload);
        atomic_fetch_sub(&s->uploads, 1);
    }
    memory_free(x->target);
    memory_free(x);
    atomic_fetch_sub(&s->pending, 1);
}

/* Slower than this is no upload but somebody who keeps a place. */
static bool drips(const struct exchange *x)
{
    uint64_t patience = SERVER_BODY_SECONDS + (x->upload ? x->body_bytes / SERVER_UPLOAD_RATE : 0);
    return (uint64_t)(time(NULL) - x->begun) > patience;
}

static enum MHD_Result take_body(struct exchange *x, const char *bytes, size_t *n)
{
    x->body_bytes += *n;
    if (x->upload) {
        upload_take(x->upload, bytes, *n);
    } else if (!x->is_dropped) {
        buf_put(&x->form, bytes, *n);
    }
    *n = 0;
    if (drips(x) || (x->is_dropped && x->body_bytes > SERVER_DROPPED_BYTES) ||
        (x->upload && x->body_bytes > x->upload->most + SERVER_DROPPED_BYTES)) {
        return MHD_NO; /* the connection is closed */
    }
    if (x->form.failed && !x->refused) {
        x->refused = x->form.is_past_limit ? 413 : 500;
    }
    return MHD_YES;
}

/* Called once with the head, for each piece of the body, at its end, and when it is resumed. */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_n, void **con_cls)
{
    (void)url;
    (void)version;
    struct server *s = cls;
    struct exchange *x = *con_cls;
    if (!x) {
        return MHD_NO; /* no memory */
    }
    if (!x->connection) {
        server_read_head(x, connection, method);
        return x->refused ? refuse(x, x->refused) : MHD_YES;
    }
    if (*upload_n > 0) {
        return take_body(x, upload, upload_n);
    }
    if (x->is_answered) {
        return x->refused ? refuse(x, x->refused)
                          : MHD_queue_response(connection, x->status, x->response);
    }
    if (x->refused) {
        return refuse(x, x->refused);
    }
    if (x->is_asked) {
        return MHD_YES;
    }
    x->is_asked = true;
    if (x->upload) {
        upload_end(x->upload);
    }
    MHD_suspend_connection(connection);
    if (!queue_put(s->queue, x)) {
        x->refused = 503;
        x->is_answered = true;
        MHD_resume_connection(connection);
    }
    return MHD_YES;
}

/* Paths are decoded in request.c, strictly; the library leaves them alone. */
static size_t leave_escapes(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strlen(text);
}

static rv_status start_daemon(struct server *s, struct rv_err *reterr)
{
    s->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_SUSPEND_RESUME | MHD_USE_TURBO, 0, NULL, NULL,
        on_request, s, MHD_OPTION_LISTEN_SOCKET, s->options.fd, MHD_OPTION_URI_LOG_CALLBACK,
        begin_exchange, s, MHD_OPTION_NOTIFY_COMPLETED, end_exchange, s,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)SERVER_HEAD_BYTES, MHD_OPTION_CONNECTION_LIMIT, (unsigned)SERVER_CONNECTIONS,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SERVER_IDLE_SECONDS, MHD_OPTION_STRICT_FOR_CLIENT,
        1, MHD_OPTION_END);
    return s->daemon ? rv_ok() : rv_fail(reterr, RV_IO, "the web service cannot be started");
}

rv_status server_start(const struct server_options *options, struct server **ret,
                       struct rv_err *reterr)
{
    struct server *s = memory_new(1, sizeof *s);
    if (!s || !(s->arenas = memory_new(options->workers, sizeof *s->arenas))) {
        memory_free(s);
        close(options->fd);
        return rv_fail(reterr, RV_NO_MEMORY, "no memory for the web service");
    }
    s->options = *options;
    for (size_t i = 0; i < options->workers; i++) {
        arena_init(&s->arenas[i], SERVER_REQUEST_MEMORY);
    }
    rv_status status = queue_start(options->workers, SERVER_QUEUE, answer, s, &s->queue, reterr);
    if (rv_is_ok(status)) {
        status = start_daemon(s, reterr);
    }
    if (!rv_is_ok(status)) {
        close(options->fd);
        server_stop(s);
        return status;
    }
    *ret = s;
    return rv_ok();
}

/* Waits for what was begun; connections that stay open without a request are not waited for. */
static void finish_exchanges(struct server *s)
{
    struct timespec moment = {.tv_nsec = 20000000};
    for (int i = 0; i < SERVER_STOP_SECONDS * 50 && atomic_load(&s->pending) > 0; i++) {
        (void)nanosleep(&moment, NULL);
    }
}

void server_stop(struct server *s)
{
    if (!s) {
        return;
    }
    if (s->daemon) {
        int fd = MHD_quiesce_daemon(s->daemon);
        finish_exchanges(s);
        queue_stop(s->queue); /* so that no connection is suspended when the daemon ends */
        MHD_stop_daemon(s->daemon);
        if (fd >= 0) {
            close(fd);
        }
    } else if (s->queue) {
        queue_stop(s->queue);
    }
    queue_free(s->queue);
    for (size_t i = 0; i < s->options.workers; i++) {
        arena_done(&s->arenas[i]);
    }
    memory_free(s->arenas);
    memory_free(s);
}
