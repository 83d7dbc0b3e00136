/* web/listen.c — addresses to listen on, and sockets that do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parse.h"
#include "web/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

union any_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un un;
};

static const char *reason(char *scratch, size_t n)
{
    return strerror_r(errno, scratch, n);
}

static bool make_inet(const char *host, unsigned port, union any_address *ret, socklen_t *size)
{
    memset(ret, 0, sizeof *ret);
    if (inet_pton(AF_INET, host, &ret->v4.sin_addr) == 1) {
        ret->v4.sin_family = AF_INET;
        ret->v4.sin_port = htons((uint16_t)port);
        *size = sizeof ret->v4;
        return true;
    }
    if (inet_pton(AF_INET6, host, &ret->v6.sin6_addr) == 1) {
        ret->v6.sin6_family = AF_INET6;
        ret->v6.sin6_port = htons((uint16_t)port);
        *size = sizeof ret->v6;
        return true;
    }
    return false;
}

static bool is_loopback(const union any_address *at)
{
    return at->any.sa_family == AF_INET ? ntohl(at->v4.sin_addr.s_addr) >> 24 == 127
                                        : IN6_IS_ADDR_LOOPBACK(&at->v6.sin6_addr);
}

rv_status listen_parse(struct arena *a, const char *text, struct listen_address *ret,
                       struct rv_err *reterr)
{
    struct listen_address address = {.host = "127.0.0.1", .is_loopback = true};
    if (text_starts(text_of(text), "unix:")) {
        address.unix_path = text + strlen("unix:");
        if (address.unix_path[0] != '/' ||
            strlen(address.unix_path) >= sizeof((struct sockaddr_un *)NULL)->sun_path) {
            return rv_fail(reterr, RV_USAGE,
                           "a Unix socket is named by its whole path of at most 107 bytes, "
                           "unix:/run/reeve/socket, not '%s'",
                           text);
        }
        *ret = address;
        return rv_ok();
    }
    const char *colon = strrchr(text, ':');
    const char *port_text = colon ? colon + 1 : text;
    int64_t port = -1;
    if (!parse_int(text_of(port_text), &port) || port < 0 || port > 65535) {
        return rv_fail(reterr, RV_USAGE,
                       "an address to listen on is a port, 127.0.0.1:8080, [::1]:8080 or "
                       "unix:/path, not '%s'",
                       text);
    }
    if (colon) {
        bool has_brackets = text[0] == '[' && colon > text + 1 && colon[-1] == ']';
        const char *start = text + has_brackets;
        address.host = arena_text(a, start, (size_t)(colon - start) - has_brackets);
    }
    union any_address at;
    socklen_t size;
    if (!address.host) {
        return arena_fail(a, reterr);
    }
    if (!make_inet(address.host, (unsigned)port, &at, &size)) {
        return rv_fail(reterr, RV_USAGE, "'%s' is not an IP address; names are not looked up",
                       address.host);
    }
    address.port = (unsigned)port;
    address.is_loopback = is_loopback(&at);
    *ret = address;
    return rv_ok();
}

/* A socket's file that is left from a process that is gone is in the way of the next one. */
static rv_status clear_stale(const char *path, const union any_address *at, struct rv_err *reterr)
{
    struct stat found;
    if (lstat(path, &found) != 0) {
        return rv_ok();
    }
    if (!S_ISSOCK(found.st_mode)) {
        return rv_fail(reterr, RV_REFUSED, "%s is there and is no socket", path);
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_answered = fd >= 0 && connect(fd, &at->any, sizeof at->un) == 0;
    if (fd >= 0) {
        close(fd);
    }
    if (is_answered) {
        return rv_fail(reterr, RV_BUSY, "another process listens on %s", path);
    }
    (void)unlink(path);
    return rv_ok();
}

static rv_status bind_and_listen(const struct listen_address *address, int fd,
                                 const union any_address *at, socklen_t size, struct rv_err *reterr)
{
    char scratch[128];
    /* A proxy of the same group may connect to a Unix socket, others may not. */
    mode_t before = umask(address->unix_path ? 0117 : 0077);
    int bound = bind(fd, &at->any, size);
    (void)umask(before);
    if (bound != 0 || listen(fd, 512) != 0) {
        enum rv_code code = errno == EADDRINUSE ? RV_BUSY : RV_IO;
        return rv_fail(reterr, code, "cannot listen on %s%s%.0u: %s",
                       address->unix_path ? address->unix_path : address->host,
                       address->unix_path ? "" : " port ", address->unix_path ? 0 : address->port,
                       reason(scratch, sizeof scratch));
    }
    return rv_ok();
}

static unsigned port_of(int fd)
{
    union any_address at;
    socklen_t size = sizeof at;
    if (getsockname(fd, &at.any, &size) != 0) {
        return 0;
    }
    return ntohs(at.any.sa_family == AF_INET6 ? at.v6.sin6_port : at.v4.sin_port);
}

rv_status listen_open(const struct listen_address *address, int *ret_fd, unsigned *ret_port,
                      struct rv_err *reterr)
{
    union any_address at;
    socklen_t size = sizeof at.un;
    memset(&at, 0, sizeof at);
    if (address->unix_path) {
        at.un.sun_family = AF_UNIX;
        memcpy(at.un.sun_path, address->unix_path, strlen(address->unix_path));
        RV_TRY(clear_stale(address->unix_path, &at, reterr));
    } else if (!make_inet(address->host, address->port, &at, &size)) {
        return rv_fail(reterr, RV_USAGE, "'%s' is not an IP address", address->host);
    }
    int fd = socket(at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        char scratch[128];
        return rv_fail(reterr, RV_IO, "no socket: %s", reason(scratch, sizeof scratch));
    }
    int yes = 1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    rv_status status = bind_and_listen(address, fd, &at, size, reterr);
    if (!rv_is_ok(status)) {
        close(fd);
        return status;
    }
    *ret_port = address->unix_path ? 0 : port_of(fd);
    *ret_fd = fd;
    return rv_ok();
}

const char *listen_words(struct arena *a, int fd, bool *ret_is_local)
{
    union any_address at;
    socklen_t size = sizeof at;
    char host[INET6_ADDRSTRLEN] = "";
    memset(&at, 0, sizeof at);
    *ret_is_local = false;
    if (getsockname(fd, &at.any, &size) != 0) {
        return "a socket that cannot be asked";
    }
    *ret_is_local = at.any.sa_family == AF_UNIX || is_loopback(&at);
    if (at.any.sa_family == AF_UNIX) {
        bool has_name = at.un.sun_path[0] != '\0';
        return has_name ? arena_printf(a, "unix:%.107s", at.un.sun_path) : "a Unix socket";
    }
    bool is_v6 = at.any.sa_family == AF_INET6;
    (void)inet_ntop(at.any.sa_family, is_v6 ? (void *)&at.v6.sin6_addr : (void *)&at.v4.sin_addr,
                    host, sizeof host);
    return arena_printf(a, is_v6 ? "[%s]:%u" : "%s:%u", host, port_of(fd));
}

int listen_inherited(void)
{
    const int first = 3; /* SD_LISTEN_FDS_START */
    const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    int64_t for_pid, fds;
    if (!pid || !count || !parse_int(text_of(pid), &for_pid) || for_pid != getpid() ||
        !parse_int(text_of(count), &fds) || fds < 1) {
        return -1;
    }
    return first;
}
