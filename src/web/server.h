/* web/server.h — HTTP by libmicrohttpd: one thread for all sockets, workers for the answers.
 *
 * The only part of the program that sees microhttpd.h. The socket thread reads a request whole (its
 * head and a form are bounded), hands it to a bounded queue and goes on: slow clients cost no
 * worker. A full queue is answered at once with 503 and a time to come back. Requests that two
 * readers could understand differently (more than one length or host, a length beside a transfer
 * coding) are refused and their connection is closed.
 *
 * Made for a proxy in front (deploy/) that speaks TLS and HTTP/2, limits rates and buffers; alone
 * it serves this machine only. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_SERVER_H
#define REEVE_WEB_SERVER_H

#include "base/buf.h"
#include "web/request.h"
#include "web/spool.h"
#include "web/upload.h"

#include <stdint.h>

#define SERVER_HEAD_BYTES     32768 /* memory of a connection: the request's head lies in it */
#define SERVER_CONNECTIONS    1024
#define SERVER_QUEUE          256       /* requests that wait for a worker */
#define SERVER_IDLE_SECONDS   30        /* without a byte from the client */
#define SERVER_BODY_SECONDS   60        /* from head to end of a form */
#define SERVER_UPLOADS        8         /* at once */
#define SERVER_UPLOAD_RATE    16384     /* bytes a second that an upload must come to on average */
#define SERVER_DROPPED_BYTES  (1 << 20) /* read and thrown away, at most */
#define SERVER_RESPONSE_BYTES ((size_t)64 << 20)
#define SERVER_REQUEST_MEMORY ((size_t)256 << 20) /* arena of one request */
#define SERVER_STOP_SECONDS   20

struct response {
    unsigned status;          /* 200 */
    const char *content_type; /* static text; NULL = no body */
    struct buf body;          /* goes to the server */
    struct text fixed;        /* instead of the body: bytes that live as long as the process */
    struct spool *file;       /* instead of the body; the server sends and ends it */
    const char *file_name;    /* under which a browser keeps what is sent; NULL = it shows it */
    const char *tag;          /* ETag without quotes; NULL = none. In the arena, as all below */
    const char *location;     /* NULL = none */
    const char *cookie;       /* Set-Cookie; NULL = none */
    const char *cache;        /* Cache-Control; NULL = "no-store" */
    unsigned retry_after;     /* seconds; 0 = none */
    unsigned refresh;         /* seconds after which a browser loads it again; 0 = it does not */
    const char *policy;       /* Content-Security-Policy, static text; NULL = that of all pages */
};

/* Answers one request in a worker; `worker` is 0 .. workers - 1. The arena is the request's. The
 * response is given as 200 with an empty body. */
typedef void server_handler(void *context, size_t worker, struct arena *a, const struct request *r,
                            struct response *response);

enum server_admission {
    SERVER_NO_FILES, /* nothing takes a file at this address */
    SERVER_UNKNOWN,  /* somebody who may not send one */
    SERVER_ADMITTED,
};

/* Asked in the socket thread when the head of a request that carries a file has come, before a byte
 * of it is kept: quick, and never waits. path: as it was sent, without its query; session: the
 * cookie. ret->dir must live as long as the server. */
typedef enum server_admission server_admit(void *context, struct text path, struct text session,
                                           struct upload_terms *ret);

struct server_options {
    int fd;                  /* a socket that listens; the server closes it */
    bool is_local;           /* names other than this machine's in Host are refused */
    bool is_behind_proxy;    /* X-Real-IP and X-Forwarded-Proto are the proxy's */
    const char *user_header; /* in which the proxy names who signed in; NULL = none */
    size_t workers;
    server_handler *handler;
    server_admit *admit; /* NULL = no files */
    void *context;
};

struct server;

/* Starts its threads. RV_IO when they or the socket cannot be used. */
RV_MUST_CHECK rv_status server_start(const struct server_options *options, struct server **ret,
                                     struct rv_err *reterr);
/* Takes no more connections, finishes what was begun (at most SERVER_STOP_SECONDS), frees. */
void server_stop(struct server *server); /* NULL allowed */

/* Name of the session cookie: "__Host-" needs TLS. */
const char *server_cookie_name(bool is_secure);

/* ---- listening ---- */

struct listen_address {
    const char *unix_path; /* or */
    const char *host;      /* "127.0.0.1", "::1" */
    unsigned port;         /* 0 = any free one */
    bool is_loopback;      /* only this machine can reach it: a Unix socket or a loopback address */
};

/* "8080", "127.0.0.1:8080", "[::1]:8080", "unix:/run/reeve/socket". RV_USAGE. */
RV_MUST_CHECK rv_status listen_parse(struct arena *a, const char *text, struct listen_address *ret,
                                     struct rv_err *reterr);
/* A socket that listens. A Unix socket that nobody answers any more is replaced. RV_BUSY when
 * another process listens there, RV_IO. *ret_port is the port taken, 0 for a Unix socket. */
RV_MUST_CHECK rv_status listen_open(const struct listen_address *address, int *ret_fd,
                                    unsigned *ret_port, struct rv_err *reterr);
/* Where a socket listens, in words: "127.0.0.1:8080", "unix:/run/reeve/socket"; NULL = no memory.
 * *ret_is_local: only this machine can reach it. */
const char *listen_words(struct arena *a, int fd, bool *ret_is_local);
/* The socket that a service manager opened (sd_listen_fds(3)); -1 = it gave none. */
int listen_inherited(void);

#endif
