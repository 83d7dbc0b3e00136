/* tests/web/test_download.c — an answer that is a file: whole, in bounded memory, under a safe
 * name. SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "web/server.h"

#include <dirent.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

#define LINE_BYTES  64
#define LARGE_LINES ((uint64_t)1 << 20) /* 64 MB */

/* ---- a service of one handler ---- */

static struct {
    struct server *server;
    unsigned port;
    const char *dir;
} service;

static void put_line(struct buf *out, uint64_t i)
{
    buf_printf(out, "%020llu,%042d\n", (unsigned long long)i, 0);
}

/* "/large", "/small", "/empty"; "/begun" begins a file and answers something else. */
static void answer(void *context, size_t worker, struct arena *a, const struct request *r,
                   struct response *response)
{
    (void)context;
    (void)worker;
    struct spool *s;
    uint64_t lines = text_is(r->path, "/large") ? LARGE_LINES : text_is(r->path, "/empty") ? 0 : 3;
    bool is_good = rv_is_ok(spool_open(a, service.dir, &s, NULL));
    for (uint64_t i = 0; is_good && i < lines; i++) {
        put_line(&s->out, i);
        is_good = rv_is_ok(spool_check(s, NULL));
    }
    response->status = is_good ? 200 : 500;
    if (is_good && text_is(r->path, "/begun")) {
        spool_done(s);
        buf_text(&response->body, "instead");
        return;
    }
    response->file = is_good ? s : NULL;
    response->content_type = "text/csv; charset=utf-8";
    response->file_name = "d\xC3\xA9j\xC3\xA0 \"vu\"\r\nSet-Cookie: x.csv";
}

static int start_service(void **state)
{
    (void)state;
    static char dir[64];
    static struct arena a;
    struct listen_address address;
    struct server_options options = {.is_local = true, .workers = 2, .handler = answer};
    (void)snprintf(dir, sizeof dir, "%s", test_dir());
    service.dir = dir;
    arena_init(&a, 1 << 20);
    bool is_good = rv_is_ok(listen_parse(&a, "127.0.0.1:0", &address, NULL)) &&
                   rv_is_ok(listen_open(&address, &options.fd, &service.port, NULL)) &&
                   rv_is_ok(server_start(&options, &service.server, NULL));
    arena_done(&a);
    return is_good ? 0 : -1;
}

static int stop_service(void **state)
{
    (void)state;
    server_stop(service.server);
    return rmdir(service.dir); /* nothing was left in it */
}

static int ask(const char *method, const char *path)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)service.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char request[256];
    int n =
        snprintf(request, sizeof request,
                 "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", method, path);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof to) == 0);
    CHECK(write(fd, request, (size_t)n) == n);
    return fd;
}

/* Head and body (both terminated) of a small answer. */
static char *whole(const char *method, const char *path)
{
    static char got[65536];
    size_t n = 0;
    int fd = ask(method, path);
    for (ssize_t more; (more = read(fd, got + n, sizeof got - 1 - n)) > 0;) {
        n += (size_t)more;
    }
    close(fd);
    got[n] = '\0';
    return got;
}

/* ---- what is sent ---- */

static void test_small(void **state)
{
    (void)state;
    struct buf want;
    buf_init(&want, 4096);
    for (uint64_t i = 0; i < 3; i++) {
        put_line(&want, i);
    }
    const char *got = whole("GET", "/small");
    CHECK(strncmp(got, "HTTP/1.1 200 ", 13) == 0);
    CHECK(strstr(got, "\r\nContent-Length: 192\r\n"));
    CHECK(strstr(got, "\r\nX-Content-Type-Options: nosniff\r\n"));
    CHECK(strstr(got, "\r\nCache-Control: no-store\r\n"));
    CHECK(strstr(got,
                 "\r\nContent-Disposition: attachment; filename=\"d_j_ _vu___Set-Cookie_ x.csv\"; "
                 "filename*=UTF-8''d%C3%A9j%C3%A0%20%22vu%22%0D%0ASet-Cookie%3A%20x.csv\r\n"));
    CHECK(!strstr(got, "\nSet-Cookie"));
    CHECK_STRING(strstr(got, "\r\n\r\n") + 4, want.bytes);
    buf_done(&want);

    got = whole("HEAD", "/small");
    CHECK(strstr(got, "\r\nContent-Length: 192\r\n"));
    CHECK_STRING(strstr(got, "\r\n\r\n") + 4, "");
    got = whole("GET", "/empty");
    CHECK(strncmp(got, "HTTP/1.1 200 ", 13) == 0 && strstr(got, "\r\nContent-Length: 0\r\n"));
    got = whole("GET", "/begun");
    CHECK_STRING(strstr(got, "\r\n\r\n") + 4, "instead");
}

/* The most memory that this process ever had, in bytes. */
static size_t most_memory(void)
{
    char line[256];
    unsigned long kilobytes = 0;
    FILE *f = fopen("/proc/self/status", "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        if (strncmp(line, "VmHWM:", 6) == 0) {
            kilobytes = strtoul(line + 6, NULL, 10);
        }
    }
    (void)fclose(f);
    return (size_t)kilobytes * 1024;
}

/* Every byte of it: the body of a connection, read as it comes. */
static void test_large(void **state)
{
    (void)state;
    static char got[65536];
    char want[LINE_BYTES + 1] = "";
    (void)whole("GET", "/small");
    size_t before = most_memory(), n = 0;
    int fd = ask("GET", "/large");
    uint64_t at = 0;
    bool is_body = false;
    for (ssize_t more; (more = read(fd, got + n, sizeof got - 1 - n)) > 0;) {
        n += (size_t)more;
        size_t i = 0;
        got[n] = '\0';
        const char *end = is_body ? NULL : strstr(got, "\r\n\r\n");
        if (!is_body && end) {
            CHECK(strstr(got, "\r\nContent-Length: 67108864\r\n"));
            is_body = true;
            i = (size_t)(end + 4 - got);
        }
        for (; is_body && i + LINE_BYTES <= n; i += LINE_BYTES) {
            (void)snprintf(want, sizeof want, "%020llu,%042d\n", (unsigned long long)at++, 0);
            CHECK(memcmp(got + i, want, LINE_BYTES) == 0);
        }
        memmove(got, got + i, n - i);
        n -= i;
    }
    close(fd);
    CHECK(at == LARGE_LINES && n == 0);
    CHECK(most_memory() - before < (size_t)8 << 20);
}

static size_t open_files(void)
{
    size_t n = 0;
    DIR *d = opendir("/proc/self/fd");
    assert_non_null(d);
    while (readdir(d)) {
        n++;
    }
    closedir(d);
    return n;
}

static void test_a_client_that_goes_away(void **state)
{
    (void)state;
    struct timespec moment = {.tv_nsec = 20000000};
    char some[100];
    size_t before = open_files();
    for (int i = 0; i < 5; i++) {
        int fd = ask("GET", "/large");
        CHECK(read(fd, some, sizeof some) > 0);
        close(fd);
    }
    for (int i = 0; i < 1000 && open_files() > before; i++) {
        (void)nanosleep(&moment, NULL);
    }
    CHECK(open_files() <= before);
    CHECK(strncmp(whole("GET", "/small"), "HTTP/1.1 200 ", 13) == 0);
}

static void test_a_folder_that_is_not_there(void **state)
{
    (void)state;
    struct arena a;
    struct spool *s;
    arena_init(&a, 1 << 20);
    CHECK(!rv_is_ok(spool_open(&a, "/nowhere/at/all", &s, NULL)));
    arena_done(&a);
}

/* ---- names ---- */

static void test_names(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"offences.csv", "attachment; filename=\"offences.csv\""},
        {"a b.csv", "attachment; filename=\"a b.csv\""},
        {"", "attachment; filename=\"\""},
        {"a\"b", "attachment; filename=\"a_b\"; filename*=UTF-8''a%22b"},
        {"a\\b/../c", "attachment; filename=\"a_b_.._c\"; filename*=UTF-8''a%5Cb%2F..%2Fc"},
        {"100%.csv", "attachment; filename=\"100_.csv\"; filename*=UTF-8''100%25.csv"},
        {"\xE2\x82\xAC rates",
         "attachment; filename=\"_ rates\"; filename*=UTF-8''%E2%82%AC%20rates"},
        {"x\r\nA: b", "attachment; filename=\"x__A_ b\"; filename*=UTF-8''x%0D%0AA%3A%20b"},
        {"cut\xFF here", "attachment; filename=\"cut\""},
    };
    struct arena a;
    arena_init(&a, 1 << 20);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        CHECK_STRING(attachment_words(&a, names[i][0]), names[i][1]);
    }
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_small),
        cmocka_unit_test(test_large),
        cmocka_unit_test(test_a_client_that_goes_away),
        cmocka_unit_test(test_a_folder_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, start_service, stop_service);
}
