/* web/request.h — what came from a browser, decoded and bounded, without a socket in sight.
 *
 * Pure but for the arena. Everything here reads bytes from outside: what is malformed is refused as
 * a whole, never guessed. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_REQUEST_H
#define REEVE_WEB_REQUEST_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>

#define REQUEST_TARGET_BYTES 4096  /* path and query */
#define REQUEST_FIELDS       256   /* of a query or of a form */
#define REQUEST_FORM_BYTES   65536 /* a form without files */
#define REQUEST_COOKIE_BYTES 4096

enum request_method { REQUEST_GET, REQUEST_HEAD, REQUEST_POST };

struct field {
    struct text name, value; /* decoded; valid UTF-8 without control characters but tab and line
                                ends in values; line ends of a form are LF */
};

struct fields {
    const struct field *at;
    size_t count;
};

struct upload; /* web/upload.h */

struct request {
    enum request_method method;
    struct text path; /* decoded: begins with "/", no empty part, "." or ".." */
    struct fields query, form;
    struct text session;       /* the session cookie's value; empty = none */
    struct text if_none_match; /* as sent */
    struct text user;          /* named by the proxy in front; empty = none */
    struct text host;          /* as sent: the name by which the browser knows the service */
    struct upload *upload;     /* the file that came with the form; NULL = none */
    const char *address;       /* of the client, as far as it is known */
    bool wants_json;           /* Accept names JSON and not HTML */
    bool is_secure;            /* it came to the proxy over TLS */
};

/* The first value of a name; empty when there is none. */
struct text fields_get(const struct fields *f, const char *name);

/* "/a/b?x=1&y=%20": RV_INVALID for a target that is no absolute path, for broken escapes, hidden
 * slashes, control characters, dot segments, bytes that are not UTF-8; RV_LIMIT. */
RV_MUST_CHECK rv_status request_target(struct arena *a, struct text target, struct text *ret_path,
                                       struct fields *ret_query, struct rv_err *reterr);

/* "x=1&y=%20": a query, or a body of application/x-www-form-urlencoded. */
RV_MUST_CHECK rv_status request_fields(struct arena *a, struct text encoded, struct fields *ret,
                                       struct rv_err *reterr);

/* The value of one cookie in a Cookie header. A name that is sent twice with different values has
 * none: somebody else may have set one of them. RV_LIMIT. */
RV_MUST_CHECK rv_status request_cookie(struct text header, const char *name, struct text *ret,
                                       struct rv_err *reterr);

/* Does an Accept header ask for JSON rather than for a page? Only the order of quality counts. */
bool request_wants_json(struct text accept);

/* Does an If-None-Match header name this tag (without quotes)? Weak comparison, "*" matches. */
bool request_matches_tag(struct text if_none_match, const char *tag);

/* A path on this service that is safe to go to after signing in: begins with one "/", no host. */
bool request_is_local_path(struct text path);

#endif
