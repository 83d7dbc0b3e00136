/* run/child.c — one program from fork to the end of its last process.
 *
 * fork and exec by hand, not posix_spawn: the child sets its own limits and fences before exec,
 * which posix_spawn cannot. The helper has one thread, so that this is safe.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "run/run_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SLICE_MS    20
#define SIZE_SLICES 10   /* the folder is measured every so many slices */
#define REAP_MS     5000 /* for processes that the program left */

/* What the child tells before exec, and, when exec fails, after. */
struct report {
    unsigned refused;
    int exec_errno;
};

struct running {
    const struct run_watch *watch;
    struct run_result *result;
    struct buf *said;
    pid_t pid;
    int output; /* what it prints */
    size_t printed;
    double started;
};

double run_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- the child ---- */

static void clean_environment(const struct run_folder *folder, char *home, char *temporary,
                              size_t n, char **ret)
{
    (void)snprintf(home, n, "HOME=%s", folder->path);
    (void)snprintf(temporary, n, "TMPDIR=%s", folder->path);
    static char path[] = "PATH=/usr/bin:/bin", language[] = "LANG=C.UTF-8", zone[] = "TZ=UTC";
    char *const all[] = {path, language, zone, home, temporary, NULL};
    memcpy(ret, all, sizeof all);
}

static void set_streams(int output)
{
    int null = open("/dev/null", O_RDWR);
    dup2(null, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    if (null > STDERR_FILENO) {
        close(null);
    }
    /* What somebody else left open without saying so. */
    (void)close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
}

void run_default_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    for (int s = 1; s < SIGSYS; s++) {
        (void)signal(s, SIG_DFL);
    }
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

_Noreturn static void be_child(const struct run_watch *w, int output, int report_fd, pid_t helper)
{
    char home[160], temporary[160], *environment[8];
    struct report report = {0};
    run_default_signals();
    (void)setpgid(0, 0);
    set_streams(output);
    clean_environment(w->folder, home, temporary, sizeof home, environment);
    int moved = fchdir(w->folder->fd);
    report.refused = run_confine(w->spec, &w->user, w->folder, w->path);
    /* After the change of user, which would reset it. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    bool is_watched = getppid() == helper;
    if (write(report_fd, &report, sizeof report) == (ssize_t)sizeof report && is_watched &&
        moved == 0) {
        (void)execve(w->path, w->argv, environment);
    }
    report.exec_errno = errno ? errno : EIO;
    ssize_t told = write(report_fd, &report, sizeof report);
    _exit(told < 0 ? 126 : 127);
}

/* ---- the end of everything that the program started ---- */

/* Children of this process, which orphans of the program become (it is their subreaper). */
static int kill_children(void)
{
    char path[64], list[4096];
    (void)snprintf(path, sizeof path, "/proc/self/task/%ld/children", (long)getpid());
    int fd = open(path, O_RDONLY | O_CLOEXEC), killed = 0;
    ssize_t n = fd < 0 ? -1 : read(fd, list, sizeof list - 1);
    if (fd >= 0) {
        close(fd);
    }
    list[n > 0 ? n : 0] = '\0';
    for (char *at = list; *at;) {
        char *end;
        long pid = strtol(at, &end, 10);
        if (end == at || (*end != ' ' && *end != '\0')) {
            break;
        }
        if (*end == ' ' && pid > 0) { /* a number cut off by the buffer has no blank */
            killed += kill((pid_t)pid, SIGKILL) == 0;
        }
        at = *end ? end + 1 : end;
    }
    return killed;
}

void run_end_everything(pid_t group)
{
    double until = run_now() + REAP_MS * 1e-3;
    (void)kill(-group, SIGKILL);
    while (run_now() < until) {
        pid_t gone = waitpid(-1, NULL, WNOHANG);
        if (gone < 0 && errno == ECHILD) {
            return;
        }
        if (gone <= 0) {
            (void)kill(-group, SIGKILL);
            (void)kill_children();
            (void)poll(NULL, 0, 1);
        }
    }
}

/* ---- watching ---- */

/* Keeps the end of what was printed: twice as much as is told, halved when full. */
static void keep(struct buf *said, const char *bytes, size_t n)
{
    if (n > RUN_SAID_BYTES) {
        bytes += n - RUN_SAID_BYTES;
        n = RUN_SAID_BYTES;
    }
    if (said->n + n > (size_t)RUN_SAID_BYTES * 2) {
        memmove(said->bytes, said->bytes + said->n - RUN_SAID_BYTES, RUN_SAID_BYTES);
        said->n = RUN_SAID_BYTES;
    }
    buf_put(said, bytes, n);
}

/* False at the end of the stream. */
static bool drain(struct running *r)
{
    char bytes[8192];
    for (;;) {
        ssize_t n = read(r->output, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n < 0 && errno == EAGAIN;
        }
        r->printed += (size_t)n;
        keep(r->said, bytes, (size_t)n);
        if (r->printed > r->watch->spec->printed_bytes) {
            return true;
        }
    }
}

static void note_exit(struct run_result *result, int status)
{
    if (WIFSIGNALED(status)) {
        result->end = WTERMSIG(status) == SIGXFSZ ? RUN_WROTE_MUCH : RUN_KILLED;
        result->status = WTERMSIG(status);
        return;
    }
    result->status = WEXITSTATUS(status);
    result->end = result->status == 0 ? RUN_DONE : RUN_FAILED;
}

/* Whether a limit of the job is passed; says which. */
static bool is_over(struct running *r, unsigned slice)
{
    const struct run_spec *spec = r->watch->spec;
    if (r->printed > spec->printed_bytes) {
        r->result->end = RUN_FLOODED;
    } else if (run_now() - r->started > spec->seconds) {
        r->result->end = RUN_TIMED_OUT;
    } else if (slice % SIZE_SLICES == 0 &&
               run_folder_bytes(r->watch->folder) > spec->folder_bytes) {
        r->result->end = RUN_WROTE_MUCH;
    } else {
        return false;
    }
    return true;
}

/* True when the job is over, for whatever reason. */
static bool look(struct running *r, struct pollfd *waits, unsigned slice)
{
    if (waits[0].revents && !drain(r)) {
        waits[0].fd = -1; /* closed; the program may still run */
        waits[0].revents = 0;
    }
    int status;
    if (waitpid(r->pid, &status, WNOHANG) == r->pid) {
        (void)drain(r);
        note_exit(r->result, status);
        return true;
    }
    if (waits[1].revents) {
        r->result->end = RUN_CANCELLED;
        return true;
    }
    return is_over(r, slice);
}

static void watch(struct running *r)
{
    int ended = (int)syscall(SYS_pidfd_open, r->pid, 0); /* -1: an old kernel; the slices do */
    struct pollfd waits[3] = {{.fd = r->output, .events = POLLIN},
                              {.fd = r->watch->client, .events = POLLIN},
                              {.fd = ended, .events = POLLIN}};
    for (unsigned slice = 1; !look(r, waits, slice); slice++) {
        (void)poll(waits, 3, SLICE_MS);
    }
    if (ended >= 0) {
        close(ended);
    }
}
/* What the child told before exec; the pipe closes with exec. */
static void take_report(int fd, struct run_result *result, struct buf *said)
{
    struct report report;
    bool was_told = false;
    while (read(fd, &report, sizeof report) == (ssize_t)sizeof report) {
        was_told = true;
        result->refused = report.refused;
        if (report.exec_errno) {
            char scratch[128];
            buf_text(said, strerror_r(report.exec_errno, scratch, sizeof scratch));
            result->end = RUN_NOT_STARTED;
            return;
        }
    }
    if (!was_told) {
        result->end = RUN_NOT_STARTED;
    }
}

static void run_pipes(const struct run_watch *w, int output[2], int report[2],
                      struct run_result *ret, struct buf *said)
{
    struct running r = {.watch = w, .result = ret, .said = said, .output = output[0]};
    r.started = run_now();
    pid_t helper = getpid();
    r.pid = fork();
    if (r.pid == 0) {
        be_child(w, output[1], report[1], helper);
    }
    close(output[1]);
    close(report[1]);
    output[1] = report[1] = -1;
    if (r.pid < 0) {
        return;
    }
    ret->end = RUN_DONE;
    take_report(report[0], ret, said);
    if (ret->end == RUN_DONE) {
        watch(&r);
    }
    run_end_everything(r.pid);
    ret->seconds = run_now() - r.started;
}

void run_child(const struct run_watch *w, struct run_result *ret, struct buf *said)
{
    int output[2] = {-1, -1}, report[2] = {-1, -1};
    ret->end = RUN_NOT_STARTED;
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    if (pipe2(output, O_CLOEXEC) == 0 && pipe2(report, O_CLOEXEC) == 0 &&
        fcntl(output[0], F_SETFL, O_NONBLOCK) == 0) {
        run_pipes(w, output, report, ret, said);
    }
    const int all[] = {output[0], output[1], report[0], report[1]};
    for (size_t i = 0; i < 4; i++) {
        if (all[i] >= 0) {
            close(all[i]);
        }
    }
}
