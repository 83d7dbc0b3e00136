/* tests/run/fake.c — an outside program that behaves as its first argument says.
 *
 * Built without the project's flags: a sanitizer's run-time would not live under the limits.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(name, "w");
    if (f) {
        (void)fputs(text, f);
        (void)fclose(f);
    }
}

static int copy(void)
{
    char bytes[4096];
    FILE *in = fopen("in.txt", "r");
    FILE *out = fopen("out.txt", "w");
    size_t n = in ? fread(bytes, 1, sizeof bytes, in) : 0;
    return !(out && fwrite(bytes, 1, n, out) == n && fclose(out) == 0);
}

static int flood(void)
{
    for (;;) {
        (void)puts("the same line over and over");
    }
}

static int fill(const char *name, size_t megabytes)
{
    static char block[1 << 20];
    memset(block, 'x', sizeof block); /* not a hole */
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    for (size_t i = 0; i < megabytes; i++) {
        if (write(fd, block, sizeof block) < 0) {
            return 9;
        }
    }
    close(fd);
    return 0;
}

static int many_files(void)
{
    for (int i = 0; i < 1000; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "file-%d", i);
        fill(name, 1);
        usleep(2000);
    }
    sleep(60);
    return 0;
}

/* Children in sessions of their own, who would outlive a group. */
static int breed(void)
{
    for (int i = 0; i < 5; i++) {
        if (fork() == 0) {
            setsid();
            if (fork() == 0) {
                setsid();
                sleep(600);
            }
            _exit(0);
        }
    }
    write_file("out.txt", "bred");
    return 0;
}

static int bomb(void)
{
    for (;;) {
        if (fork() < 0 && errno == EAGAIN) {
            usleep(1000);
        }
    }
}

static int eat(void)
{
    for (size_t i = 0; i < 4096; i++) {
        char *block = malloc(1 << 20);
        if (!block) {
            return 7;
        }
        memset(block, (int)i + 1, 1 << 20);
    }
    return 0;
}

static const char *can(int done)
{
    return done >= 0 ? "yes" : "no";
}

/* What the fences leave: one line each. */
static int report(const char *secret)
{
    FILE *out = fopen("out.txt", "w");
    if (!out) {
        return 1;
    }
    int held = -1;
    for (int fd = 3; fd < 200; fd++) {
        held = fd != fileno(out) && fcntl(fd, F_GETFD) >= 0 ? fd : held;
    }
    (void)fprintf(out, "inet %s\n", can(socket(AF_INET, SOCK_STREAM, 0)));
    (void)fprintf(out, "inet6 %s\n", can(socket(AF_INET6, SOCK_DGRAM, 0)));
    (void)fprintf(out, "netlink %s\n", can(socket(AF_NETLINK, SOCK_RAW, 0)));
    (void)fprintf(out, "unix %s\n", can(socket(AF_UNIX, SOCK_STREAM, 0)));
    (void)fprintf(out, "ptrace %s\n", can((int)ptrace(PTRACE_TRACEME, 0, NULL, NULL)));
    (void)fprintf(out, "secret %s\n", can(open(secret, O_RDONLY)));
    (void)fprintf(out, "other-write %s\n",
                  can(open("/tmp/reeve-fake-was-here", O_CREAT | O_WRONLY, 0600)));
    (void)fprintf(out, "system %s\n", can(open("/usr/bin/env", O_RDONLY)));
    (void)fprintf(out, "root %s\n", geteuid() == 0 ? "yes" : "no");
    (void)fprintf(out, "descriptors %s\n", held >= 0 ? "yes" : "no");
    for (char **e = environ; *e; e++) {
        (void)fprintf(out, "env %.*s\n", (int)strcspn(*e, "="), *e);
    }
    return fclose(out);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "copy") == 0) {
        return copy();
    }
    if (strcmp(what, "say-and-fail") == 0) {
        (void)fprintf(stderr, "warming up\nthe input makes no sense\n");
        return 3;
    }
    if (strcmp(what, "hang") == 0) {
        (void)signal(SIGTERM, SIG_IGN);
        write_file("out.txt", "never brought back");
        sleep(600);
    }
    if (strcmp(what, "crash") == 0) {
        raise(SIGSEGV);
    }
    if (strcmp(what, "breed-and-hang") == 0) {
        (void)breed();
        sleep(600);
    }
    if (strcmp(what, "link") == 0) {
        return symlink("/etc/passwd", "out.txt");
    }
    if (strcmp(what, "fifo") == 0) {
        return mkfifo("out.txt", 0600);
    }
    if (strcmp(what, "argument") == 0) {
        write_file("out.txt", argc > 2 ? argv[2] : "");
    }
    if (strcmp(what, "hide") == 0) {
        mkdir("deep", 0700);
        mkdir("deep/er", 0700);
        write_file("deep/er/file", "x");
        chmod("deep/er", 0);
        chmod("deep", 0);
        write_file("out.txt", "hidden");
    }
    return strcmp(what, "flood") == 0    ? flood()
           : strcmp(what, "large") == 0  ? fill("out.txt", 64)
           : strcmp(what, "many") == 0   ? many_files()
           : strcmp(what, "breed") == 0  ? breed()
           : strcmp(what, "bomb") == 0   ? bomb()
           : strcmp(what, "eat") == 0    ? eat()
           : strcmp(what, "spin") == 0   ? (({
                                                for (;;) {
                                              }
                                          }),
                                          0)
           : strcmp(what, "report") == 0 ? report(argc > 2 ? argv[2] : "/root")
                                         : 0;
}
