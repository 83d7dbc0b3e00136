/* run/job_child.c — one command of a job from fork to end: limits, fences, progress, an orderly
 * stop. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/parse.h"
#include "run/job_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLICE_MS     50
#define LONGEST      (12.0 * 3600) /* seconds of a job */
#define GRACE        30.0          /* seconds, unless the place says otherwise */
#define LINE_BYTES   160           /* of progress */
#define MEMORY_LEAST ((uint64_t)1 << 30)
#define MEMORY_MOST  ((uint64_t)10 << 30)
#define FILES        8192  /* an archive keeps one or two open for each of its tables */
#define CHILD_FD     3     /* progress, in the command */
#define ABOVE        10    /* descriptors from here on are in nobody's way */
#define KILLED_FIRST "500" /* when the system runs out of memory: a command, not the service */
#define NICER        5

struct job_pipes {
    int output[2], error[2], progress[2], report[2];
};

struct watching {
    const struct job_watch *watch;
    struct job_outcome *outcome;
    struct buf *printed, *said;
    struct job_pipes *pipes;
    pid_t pid;
    double started, stop_at; /* stop_at 0 = nobody asked to stop */
    char line[LINE_BYTES];   /* of progress, not whole yet */
    size_t line_n;
};

/* ---- the child ---- */

/* Three quarters of what the machine has. */
static uint64_t memory_limit(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    uint64_t bytes = pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size / 4 * 3 : 0;
    return bytes < MEMORY_LEAST ? MEMORY_LEAST : bytes > MEMORY_MOST ? MEMORY_MOST : bytes;
}

static void be_killed_first(void)
{
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        (void)!write(fd, KILLED_FIRST, sizeof KILLED_FIRST - 1);
        close(fd);
    }
}

static void folder_of(const char *file, char *out, size_t n)
{
    const char *slash = strrchr(file, '/');
    (void)snprintf(out, n, "%.*s", slash && slash > file ? (int)(slash - file) : 1, file);
}

static unsigned confine(const struct job_place *place, const char *program)
{
    unsigned refused = 0;
    char folder[4096];
    folder_of(place->file, folder, sizeof folder);
    const struct run_reach reach = {{folder, place->state}, {program}};
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); /* both fences fail without */
    if (!run_fence_reach(&reach)) {
        refused |= RUN_FENCE_FILES;
    }
    if (!run_fence_calls(false)) {
        refused |= RUN_FENCE_CALLS;
    }
    (void)run_limit(RLIMIT_CORE, 0);
    (void)run_limit(RLIMIT_NOFILE, FILES);
    (void)run_limit(RLIMIT_DATA, memory_limit());
    return refused;
}

/* Output, error and progress where the command expects them; exec closes everything else. Gives
 * the descriptor of the report, out of the way of the others. */
static int set_streams(const struct job_pipes *p)
{
    int null = open("/dev/null", O_RDWR);
    int report = fcntl(p->report[1], F_DUPFD_CLOEXEC, ABOVE);
    int progress = fcntl(p->progress[1], F_DUPFD_CLOEXEC, ABOVE);
    dup2(null, STDIN_FILENO);
    dup2(p->output[1], STDOUT_FILENO);
    dup2(p->error[1], STDERR_FILENO);
    dup2(progress, CHILD_FD);
    (void)close_range(CHILD_FD + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    return report;
}

_Noreturn static void be_command(const struct job_watch *w, const struct job_pipes *p, pid_t helper)
{
    static char path[] = "PATH=/usr/bin:/bin", language[] = "LANG=C.UTF-8";
    static char progress[] = "REEVE_PROGRESS_FD=3", home[4200], temporary[4200];
    char *const environment[] = {path, language, progress, home, temporary, NULL};
    const char *program = w->place->program ? w->place->program : "/proc/self/exe";
    (void)snprintf(home, sizeof home, "HOME=%s", w->place->state);
    (void)snprintf(temporary, sizeof temporary, "TMPDIR=%s/tmp", w->place->state);
    run_default_signals();
    (void)setpgid(0, 0);
    (void)setpriority(PRIO_PROCESS, 0, NICER);
    be_killed_first();
    int report = set_streams(p);
    int moved = chdir(w->place->state);
    unsigned refused = confine(w->place, program);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (write(report, &refused, sizeof refused) == (ssize_t)sizeof refused && moved == 0 &&
        getppid() == helper) {
        (void)execve(program, w->argv, environment);
    }
    int why = errno ? errno : EIO;
    ssize_t told = write(report, &why, sizeof why);
    _exit(told < 0 ? 126 : 127);
}

/* ---- what it says ---- */

static void tell_progress(struct watching *w, struct text step, int64_t done, int64_t total)
{
    struct buf message RV_CLEANUP(buf_done);
    buf_init(&message, 4096);
    wire_number(&message, JOB_TELLS_PROGRESS);
    wire_bytes(&message, step);
    wire_number(&message, (uint64_t)done);
    wire_number(&message, (uint64_t)total);
    (void)wire_send(w->watch->client, &message); /* a client that is gone is noticed elsewhere */
}

/* "DONE TOTAL STEP" */
static void take_line(struct watching *w, struct text line)
{
    struct text rest;
    int64_t done, total;
    bool is_good = parse_int(text_split(line, ' ', &rest), &done) &&
                   parse_int(text_split(rest, ' ', &rest), &total);
    if (is_good && done >= 0 && total >= 0 && text_utf8_valid(rest) == rest.n) {
        tell_progress(w, rest, done, total);
    }
}

static void take_progress(struct watching *w, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '\n') {
            take_line(w, (struct text){w->line, w->line_n});
            w->line_n = 0;
        } else if (w->line_n < sizeof w->line) {
            w->line[w->line_n++] = bytes[i];
        }
    }
}

static void take_printed(struct watching *w, const char *bytes, size_t n)
{
    size_t room = w->printed->n < JOB_PRINTED_BYTES ? JOB_PRINTED_BYTES - w->printed->n : 0;
    buf_put(w->printed, bytes, n < room ? n : room);
}

/* Twice as much as is kept, halved when full. */
static void take_said(struct watching *w, const char *bytes, size_t n)
{
    struct buf *said = w->said;
    if (n > JOB_SAID_BYTES) {
        bytes += n - JOB_SAID_BYTES;
        n = JOB_SAID_BYTES;
    }
    if (said->n + n > (size_t)JOB_SAID_BYTES * 2) {
        memmove(said->bytes, said->bytes + said->n - JOB_SAID_BYTES, JOB_SAID_BYTES);
        said->n = JOB_SAID_BYTES;
    }
    buf_put(said, bytes, n);
}

typedef void taker(struct watching *w, const char *bytes, size_t n);

/* False at the end of the stream. */
static bool drain(struct watching *w, int fd, taker *take)
{
    char bytes[8192];
    for (int round = 0; round < 64; round++) { /* what floods must not keep others from a look */
        ssize_t n = read(fd, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n < 0 && errno == EAGAIN;
        }
        take(w, bytes, (size_t)n);
    }
    return true;
}

/* ---- watching ---- */

enum { AT_OUTPUT, AT_ERROR, AT_PROGRESS, AT_CLIENT, AT_END, AT_COUNT };

static void drain_all(struct watching *w, struct pollfd *waits)
{
    static taker *const takers[] = {take_printed, take_said, take_progress};
    for (int i = AT_OUTPUT; i <= AT_PROGRESS; i++) {
        if (waits[i].fd >= 0 && !drain(w, waits[i].fd, takers[i])) {
            waits[i].fd = -1; /* closed; the command may still run */
        }
    }
}

static void note_end(struct watching *w, int status)
{
    struct job_outcome *o = w->outcome;
    bool was_killed = WIFSIGNALED(status);
    o->status = was_killed ? WTERMSIG(status) : WEXITSTATUS(status);
    if (w->stop_at > 0 && (was_killed || o->status == 130)) {
        o->end = RUN_CANCELLED;
    } else {
        o->end = was_killed ? RUN_KILLED : o->status == 0 ? RUN_DONE : RUN_FAILED;
    }
}

/* One byte asks for an orderly end; the end of the stream means that nobody waits any more. */
static void hear_client(struct watching *w)
{
    char told;
    ssize_t n = recv(w->watch->client, &told, 1, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        w->outcome->is_client_gone = true;
    } else if (n == 1 && w->stop_at == 0) {
        w->stop_at = run_now();
        (void)kill(w->pid, SIGINT);
    }
}

/* True when it is over, for whatever reason. */
static bool look(struct watching *w, struct pollfd *waits)
{
    int status;
    drain_all(w, waits);
    if (waitpid(w->pid, &status, WNOHANG) == w->pid) {
        drain_all(w, waits);
        note_end(w, status);
        return true;
    }
    if (waits[AT_CLIENT].revents) {
        hear_client(w);
    }
    double grace = w->watch->place->grace > 0 ? w->watch->place->grace : GRACE;
    if (w->outcome->is_client_gone || (w->stop_at > 0 && run_now() - w->stop_at > grace)) {
        w->outcome->end = RUN_CANCELLED;
        return true;
    }
    if (run_now() - w->started > LONGEST) {
        w->outcome->end = RUN_TIMED_OUT;
        return true;
    }
    return false;
}

static void watch(struct watching *w)
{
    int ended = (int)syscall(SYS_pidfd_open, w->pid, 0); /* -1: an old kernel; the slices do */
    struct pollfd waits[AT_COUNT] = {[AT_OUTPUT] = {w->pipes->output[0], POLLIN, 0},
                                     [AT_ERROR] = {w->pipes->error[0], POLLIN, 0},
                                     [AT_PROGRESS] = {w->pipes->progress[0], POLLIN, 0},
                                     [AT_CLIENT] = {w->watch->client, POLLIN, 0},
                                     [AT_END] = {ended, POLLIN, 0}};
    while (!look(w, waits)) {
        (void)poll(waits, AT_COUNT, SLICE_MS);
    }
    if (ended >= 0) {
        close(ended);
    }
}

/* ---- starting ---- */

/* Fences refused, and then the reason when exec failed: the pipe closes with exec. */
static void take_report(int fd, struct job_outcome *ret, struct buf *said)
{
    int why;
    if (read(fd, &ret->refused, sizeof ret->refused) != (ssize_t)sizeof ret->refused) {
        ret->end = RUN_NOT_STARTED;
    } else if (read(fd, &why, sizeof why) == (ssize_t)sizeof why) {
        char scratch[128];
        buf_text(said, strerror_r(why, scratch, sizeof scratch));
        ret->end = RUN_NOT_STARTED;
    }
}

static void close_pipe(int pipe[2], int end)
{
    if (pipe[end] >= 0) {
        close(pipe[end]);
        pipe[end] = -1;
    }
}

static void close_ends(struct job_pipes *p, int end)
{
    close_pipe(p->output, end);
    close_pipe(p->error, end);
    close_pipe(p->progress, end);
    close_pipe(p->report, end);
}

static bool make_pipes(struct job_pipes *p)
{
    return pipe2(p->output, O_CLOEXEC) == 0 && pipe2(p->error, O_CLOEXEC) == 0 &&
           pipe2(p->progress, O_CLOEXEC) == 0 && pipe2(p->report, O_CLOEXEC) == 0 &&
           fcntl(p->output[0], F_SETFL, O_NONBLOCK) == 0 &&
           fcntl(p->error[0], F_SETFL, O_NONBLOCK) == 0 &&
           fcntl(p->progress[0], F_SETFL, O_NONBLOCK) == 0;
}

static void run_with(struct watching *w)
{
    struct job_pipes *p = w->pipes;
    pid_t helper = getpid();
    w->started = run_now();
    w->pid = fork();
    if (w->pid == 0) {
        be_command(w->watch, p, helper);
    }
    close_ends(p, 1);
    if (w->pid < 0) {
        return;
    }
    w->outcome->end = RUN_DONE;
    take_report(p->report[0], w->outcome, w->said);
    if (w->outcome->end == RUN_DONE) {
        watch(w);
    }
    run_end_everything(w->pid);
}

void job_child(const struct job_watch *w, struct job_outcome *ret, struct buf *printed,
               struct buf *said)
{
    struct job_pipes pipes = {{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}};
    struct watching watching = {
        .watch = w, .outcome = ret, .printed = printed, .said = said, .pipes = &pipes};
    *ret = (struct job_outcome){.end = RUN_NOT_STARTED};
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    if (make_pipes(&pipes)) {
        run_with(&watching);
    }
    close_ends(&pipes, 0);
    close_ends(&pipes, 1);
}
