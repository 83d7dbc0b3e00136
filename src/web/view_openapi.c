/* web/view_openapi.c — what programs may ask, written from the table of routes itself.
 *
 * Source: OpenAPI Specification 3.1. SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"
#include "web/views.h"

#include <string.h>

/* "/findings/:id" as "/findings/{id}". */
static const char *braced(struct arena *a, const char *path)
{
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, REQUEST_TARGET_BYTES);
    struct text rest = {path + 1, strlen(path + 1)};
    buf_char(&out, '/');
    while (rest.n > 0) {
        struct text part = text_split(rest, '/', &rest);
        bool is_argument = part.at[0] == ':';
        buf_text(&out, is_argument ? "{" : "");
        buf_put(&out, part.at + is_argument, part.n - is_argument);
        buf_text(&out, is_argument ? "}" : "");
        buf_text(&out, rest.n > 0 ? "/" : "");
    }
    return out.failed ? NULL : arena_text(a, out.bytes, out.n);
}

static void write_parameters(struct json_writer *j, const char *path)
{
    json_put_array(j, "parameters");
    struct text rest = text_of(path + 1);
    while (rest.n > 0) {
        struct text part = text_split(rest, '/', &rest);
        if (part.at[0] != ':') {
            continue;
        }
        json_put_object(j, NULL);
        json_put_text(j, "name", (struct text){part.at + 1, part.n - 1});
        json_put_string(j, "in", "path");
        json_put_bool(j, "required", true);
        json_put_object(j, "schema");
        json_put_string(j, "type", "string");
        json_end_object(j);
        json_end_object(j);
    }
    json_end_array(j);
}

static void write_answer(struct json_writer *j, const char *status, const char *words)
{
    json_put_object(j, status);
    json_put_string(j, "description", words);
    json_end_object(j);
}

static void write_body(struct json_writer *j, const struct route *r)
{
    static const char *const types[] = {"application/x-www-form-urlencoded", "multipart/form-data"};
    json_put_object(j, "requestBody");
    json_put_object(j, "content");
    for (size_t i = 0; i < ((r->flags & ROUTE_UPLOAD) ? 2 : 1); i++) {
        json_put_object(j, types[i]);
        json_put_object(j, "schema");
        json_put_string(j, "type", "object");
        json_end_object(j);
        json_end_object(j);
    }
    json_end_object(j);
    json_end_object(j);
}

static void write_method(struct json_writer *j, const struct route *r)
{
    bool is_post = r->method == REQUEST_POST;
    json_put_object(j, is_post ? "post" : "get");
    json_put_string(j, "summary", r->title);
    json_put_string(j, "x-right", right_name(r->right));
    json_put_bool(j, "x-form-token", is_post && !(r->flags & ROUTE_NO_SESSION));
    write_parameters(j, r->path);
    if (is_post) {
        write_body(j, r);
    }
    if (!role_may(ROLE_PUBLIC, r->right)) {
        json_put_array(j, "security");
        json_put_object(j, NULL);
        json_put_array(j, "session");
        json_end_array(j);
        json_end_object(j);
        json_end_array(j);
    }
    json_put_object(j, "responses");
    write_answer(j, is_post ? "303" : "200", is_post ? "done; where to go next" : "the resource");
    write_answer(j, "404", "not there, or not for who asks");
    json_end_object(j);
    json_end_object(j);
}

static void write_session(struct json_writer *j)
{
    json_put_object(j, "components");
    json_put_object(j, "securitySchemes");
    json_put_object(j, "session");
    json_put_string(j, "type", "apiKey");
    json_put_string(j, "in", "cookie");
    json_put_string(j, "name", server_cookie_name(true));
    json_end_object(j);
    json_end_object(j);
    json_end_object(j);
}

/* Rows of one path stand together: all its methods are in one object. */
static rv_status write_paths(struct json_writer *j, struct arena *a, struct rv_err *reterr)
{
    json_put_object(j, "paths");
    for (size_t i = 0; i < route_count; i++) {
        bool is_first = i == 0 || strcmp(routes[i - 1].path, routes[i].path) != 0;
        bool is_last = i + 1 == route_count || strcmp(routes[i + 1].path, routes[i].path) != 0;
        if (is_first) {
            const char *path = braced(a, routes[i].path);
            if (!path) {
                return arena_fail(a, reterr);
            }
            json_put_object(j, path);
        }
        write_method(j, &routes[i]);
        if (is_last) {
            json_end_object(j);
        }
    }
    json_end_object(j);
    return rv_ok();
}

rv_status view_openapi(struct call *c, struct rv_err *reterr)
{
    struct json_writer j;
    json_writer_init(&j, &c->response->body, true);
    json_put_object(&j, NULL);
    json_put_string(&j, "openapi", "3.1.0");
    json_put_object(&j, "info");
    json_put_string(&j, "title", "Reeve");
    json_put_string(&j, "version", REEVE_VERSION);
    json_put_string(&j, "description",
                    "Every page is JSON too, with Accept: application/json. Where a form may carry "
                    "a file, it is its last part.");
    json_end_object(&j);
    RV_TRY(write_paths(&j, c->arena, reterr));
    write_session(&j);
    json_end_object(&j);
    buf_char(&c->response->body, '\n');
    c->response->content_type = "application/json";
    c->response->cache = "no-cache";
    return buf_status(&c->response->body, reterr);
}
