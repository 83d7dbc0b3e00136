/* tests/run/fake_job.c — a command of a job that behaves as its first word says.
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
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

extern char **environ;

static volatile sig_atomic_t is_stopped;

static void on_stop(int number)
{
    (void)number;
    is_stopped = 1;
}

static int words(int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        (void)puts(argv[i]);
    }
    return 0;
}

static int environment(void)
{
    for (char **e = environ; *e; e++) {
        (void)puts(*e);
    }
    (void)printf("nice %d\n", getpriority(PRIO_PROCESS, 0));
    for (int fd = 0; fd < 256; fd++) {
        if (fcntl(fd, F_GETFD) >= 0) {
            (void)printf("open %d\n", fd);
        }
    }
    return 0;
}

static int write_to(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
    return fd >= 0 && write(fd, "result\n", 7) == 7 && close(fd) == 0 ? 0 : errno;
}

static int read_from(const char *path)
{
    int fd = open(path, O_RDONLY);
    return fd >= 0 ? 0 : errno;
}

static void tell(const char *line)
{
    const char *fd = getenv("REEVE_PROGRESS_FD");
    if (fd && write(atoi(fd), line, strlen(line)) < 0) {
        _exit(9);
    }
}

/* Until it is asked to stop, as the commands do. */
static int wait_to_stop(int exit_status)
{
    (void)signal(SIGINT, on_stop);
    tell("what is no progress\n-1 2 wrong\n7 9 counting the sam");
    tell("ple\n");
    while (!is_stopped) {
        (void)usleep(10000);
    }
    (void)fputs("reeve: stopped on request; nothing was changed\n", stderr);
    return exit_status;
}

static int ignore_stop(const char *path)
{
    (void)signal(SIGINT, SIG_IGN);
    tell("1 0 ignoring\n");
    (void)write_to(path);
    for (;;) {
        (void)usleep(10000);
    }
}

static int eat(void)
{
    for (size_t got = 0;; got += (size_t)64 << 20) {
        char *more = malloc((size_t)64 << 20);
        if (!more) {
            (void)fputs("reeve: out of memory\n", stderr);
            return 5;
        }
        more[0] = 1; /* the others are asked for, not used: the limit counts what is asked for */
    }
}

/* Leaves a process behind that would write a file a little later. */
static int leave(const char *path)
{
    if (fork() == 0) {
        (void)setsid();
        (void)usleep(1500000);
        _exit(write_to(path));
    }
    return 0;
}

static int flood(void)
{
    for (int i = 0; i < 200000; i++) {
        (void)printf("line %d of what is printed\n", i);
        (void)fprintf(stderr, "line %d of what is said\n", i);
    }
    return 1;
}

int main(int argc, char **argv)
{
    const char *what = argc > 3 ? argv[3] : "", *with = argc > 4 ? argv[4] : "";
    if (strcmp(what, "words") == 0) {
        return words(argc, argv);
    }
    if (strcmp(what, "environment") == 0) {
        return environment();
    }
    if (strcmp(what, "write") == 0) {
        return write_to(with);
    }
    if (strcmp(what, "read") == 0) {
        return read_from(with);
    }
    if (strcmp(what, "internet") == 0) {
        return socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;
    }
    if (strcmp(what, "wait") == 0) {
        return wait_to_stop(130);
    }
    if (strcmp(what, "finish") == 0) { /* it was done when it was asked to stop */
        return wait_to_stop(0);
    }
    if (strcmp(what, "ignore") == 0) {
        return ignore_stop(with);
    }
    if (strcmp(what, "eat") == 0) {
        return eat();
    }
    if (strcmp(what, "leave") == 0) {
        return leave(with);
    }
    if (strcmp(what, "flood") == 0) {
        return flood();
    }
    if (strcmp(what, "garble") == 0) {
        (void)fputs("caf\351 and \303\251\n", stdout);
        (void)fputs("reeve: no such caf\351\n", stderr);
        return 3;
    }
    if (strcmp(what, "crash") == 0) {
        (void)raise(SIGSEGV);
    }
    return 2;
}
