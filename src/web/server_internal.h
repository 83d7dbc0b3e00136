/* web/server_internal.h — what the two files of the server share.
 *
 * Private to src/web: only they see microhttpd.h. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_SERVER_INTERNAL_H
#define REEVE_WEB_SERVER_INTERNAL_H

#include "web/queue.h"
#include "web/server.h"
#include "web/upload.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <time.h>

struct server {
    struct server_options options;
    struct MHD_Daemon *daemon;
    struct queue *queue;
    struct arena *arenas;  /* [workers], kept warm between requests */
    atomic_size_t pending; /* exchanges that are not finished */
    atomic_size_t uploads; /* of them */
};

/* What the head of a request said, borrowed from the connection. */
struct head {
    struct text target, accept, cookie, if_none_match, type, user, real_address, proto, host,
        origin, site;
    unsigned lengths, codings, hosts, users;
    struct text length, coding;
};

struct exchange {
    struct server *server;
    struct MHD_Connection *connection;
    struct head head;
    char *target; /* of the head, owned */
    enum request_method method;
    char address[INET6_ADDRSTRLEN];
    unsigned refused; /* a status to answer with instead of asking the handler */
    struct buf form;
    struct upload *upload; /* NULL = the body is a form */
    uint64_t body_bytes;
    bool is_dropped; /* what comes is thrown away: who sends it may not */
    time_t begun;
    bool is_asked, is_answered;
    struct MHD_Response *response; /* when answered */
    unsigned status;
};

/* Fills the exchange from the head of its request; `refused` is set when it may not go on. */
void server_read_head(struct exchange *x, struct MHD_Connection *connection, const char *method);

#endif
