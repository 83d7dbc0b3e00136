/* run/job_runner.c — one thread that does the jobs of a file, one after the other.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/memory.h"
#include "run/job_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS       500        /* a job added or cancelled elsewhere is seen so soon */
#define SWEEP_SECONDS (6 * 3600) /* between two looks for old jobs */
#define SWEEP_MOST    100        /* of one look */
#define END_TRIES     10         /* to write how a job ended, while the file can be written */
#define ARENA_BYTES   ((size_t)64 << 20)

struct job_runner {
    struct job_place place;
    struct job_helper *helper;
    struct job_hooks hooks;
    struct store *store;
    struct arena arena; /* of one job */
    pthread_t thread;
    bool has_thread;
    int wake_fd, lock_fd;
    atomic_bool is_stopping, is_ill;
    int64_t swept_at;

    pthread_mutex_t lock; /* of what follows */
    int64_t running;      /* 0 = none */
    struct job_progress progress;
};

/* What the helper told at the end. */
struct told {
    enum run_end end;
    int status;
    bool is_helper_gone, was_cancelled;
    const char *printed, *said; /* in the runner's arena, UTF-8 */
};

static int64_t now_seconds(void)
{
    return (int64_t)time(NULL);
}

static void wait_for_wake(struct job_runner *r, int ms)
{
    struct pollfd wait = {.fd = r->wake_fd, .events = POLLIN};
    uint64_t count;
    if (poll(&wait, 1, ms) > 0) {
        (void)!read(r->wake_fd, &count, sizeof count);
    }
}

/* ---- how it ended, in words ---- */

/* Bytes that are no UTF-8 become question marks. */
static const char *keep_text(struct arena *a, struct text bytes)
{
    char *copy = arena_text(a, bytes.at, bytes.n);
    size_t at = 0;
    while (copy && at < bytes.n) {
        at += text_utf8_valid((struct text){copy + at, bytes.n - at});
        if (at < bytes.n) {
            copy[at] = '?';
        }
    }
    return copy;
}

/* The last line, where a command gives its reason: "reeve: …". */
static const char *last_line(struct arena *a, const char *said)
{
    struct text rest = text_of(said), last = {"", 0};
    while (rest.n) {
        struct text line = text_trim(text_split(rest, '\n', &rest));
        last = line.n ? line : last;
    }
    size_t skip = text_starts(last, "reeve: ") ? strlen("reeve: ") : 0;
    return arena_text(a, last.at + skip, last.n - skip);
}

static const char *failure_words(struct arena *a, const struct told *t)
{
    const char *line = last_line(a, t->said);
    if (t->end == RUN_FAILED) {
        return line && *line ? line : arena_printf(a, "It ended with exit status %d.", t->status);
    }
    if (t->end == RUN_NOT_STARTED) {
        return arena_printf(a, "It could not be started: %s", line ? line : "");
    }
    if (t->end == RUN_TIMED_OUT) {
        return "It took longer than 12 hours and was ended. Nothing was half-written.";
    }
    return arena_printf(a,
                        "It was ended by signal %d: the machine may have run out of memory. "
                        "Nothing was half-written.",
                        t->status);
}

static struct job_end judge(struct job_runner *r, const struct told *t)
{
    struct job_end end = {.at = now_seconds(),
                          .exit_status = -1,
                          .printed = text_of(t->printed),
                          .said = text_of(t->said)};
    bool was_run = t->end == RUN_DONE || t->end == RUN_FAILED;
    end.exit_status = was_run && !t->is_helper_gone ? t->status : -1;
    /* A command that somebody else asked to stop, as a service manager does, ends with 130 too. */
    bool was_stopped = t->end == RUN_CANCELLED || (t->end == RUN_FAILED && t->status == 130);
    if (t->is_helper_gone || (was_stopped && !t->was_cancelled)) {
        end.state = JOB_INTERRUPTED;
        end.message = JOB_INTERRUPTED_WORDS;
    } else if (was_stopped) {
        end.state = JOB_CANCELLED;
        end.message = "Stopped on request. Nothing was half-written.";
    } else if (t->end == RUN_DONE || (t->end == RUN_FAILED && t->status == 1)) {
        end.state = JOB_DONE;
        end.message =
            t->status == 1 ? "Done, but something needs attention: see what it said." : "";
    } else {
        end.state = JOB_FAILED;
        end.message = failure_words(&r->arena, t);
    }
    return end;
}

/* ---- the words ---- */

static const char *whole_word(struct job_runner *r, const struct job *job, const char *word)
{
    const char *own = job_path(&r->arena, r->place.state, job->id, NULL);
    if (word[0] == *JOB_STATE) {
        return arena_printf(&r->arena, "%s%s", r->place.state, word + 1);
    }
    return word[0] == *JOB_RESULT && own ? arena_printf(&r->arena, "%s%s", own, word + 1) : word;
}

static rv_status send_words(struct job_runner *r, const struct job *job, struct rv_err *reterr)
{
    struct buf message RV_CLEANUP(buf_done);
    buf_init(&message, LIMIT_RUN_BYTES);
    wire_number(&message, job->word_count + 3);
    wire_bytes(&message, text_of("reeve"));
    wire_bytes(&message, text_of(job->kind));
    wire_bytes(&message, text_of(r->place.file));
    for (size_t i = 0; i < job->word_count; i++) {
        const char *word = whole_word(r, job, job->words[i]);
        if (!word) {
            return arena_fail(&r->arena, reterr);
        }
        wire_bytes(&message, text_of(word));
    }
    return wire_send(r->helper->fd, &message)
               ? rv_ok()
               : rv_fail(reterr, RV_IO, "the helper that starts commands has ended");
}

/* ---- while it runs ---- */

static void note_progress(struct job_runner *r, struct wire_reader *in)
{
    struct job_progress p = {.step = ""};
    struct text step = wire_take_bytes(in);
    size_t n = step.n < sizeof p.step ? step.n : sizeof p.step - 1;
    memcpy(p.step, step.at, text_utf8_valid((struct text){step.at, n}));
    p.done = (int64_t)wire_take_number(in);
    p.total = (int64_t)wire_take_number(in);
    pthread_mutex_lock(&r->lock);
    r->progress = p;
    pthread_mutex_unlock(&r->lock);
}

static void set_running(struct job_runner *r, int64_t id)
{
    pthread_mutex_lock(&r->lock);
    r->running = id;
    r->progress = (struct job_progress){.step = ""};
    pthread_mutex_unlock(&r->lock);
}

/* True when that was its end. */
static bool hear(struct job_runner *r, struct told *ret)
{
    struct buf message RV_CLEANUP(buf_done);
    buf_init(&message, LIMIT_RUN_BYTES);
    if (!wire_receive(r->helper->fd, NULL, &message)) {
        ret->is_helper_gone = true;
        return true;
    }
    struct wire_reader in = {.rest = buf_view(&message)};
    if (wire_take_number(&in) == JOB_TELLS_PROGRESS) {
        note_progress(r, &in);
        return false;
    }
    ret->end = (enum run_end)wire_take_number(&in);
    ret->status = (int)wire_take_number(&in);
    (void)wire_take_number(&in); /* fences that were refused: the service tells of its own */
    ret->printed = keep_text(&r->arena, wire_take_bytes(&in));
    ret->said = keep_text(&r->arena, wire_take_bytes(&in));
    return true;
}

/* Asked to stop, by whoever may, or because the service stops? Asked once a look. */
static bool is_to_stop(struct job_runner *r, int64_t id, bool *ret_cancelled)
{
    struct job now;
    struct arena_mark mark = arena_mark(&r->arena);
    if (rv_is_ok(job_get(r->store, &r->arena, id, &now, NULL))) {
        *ret_cancelled = now.is_to_cancel;
    }
    arena_release(&r->arena, mark);
    return *ret_cancelled || atomic_load(&r->is_stopping);
}

static void follow(struct job_runner *r, int64_t id, struct told *ret)
{
    bool was_told_to_stop = false, is_over = false;
    while (!is_over) {
        struct pollfd waits[2] = {{r->helper->fd, POLLIN, 0}, {r->wake_fd, POLLIN, 0}};
        uint64_t count;
        (void)poll(waits, 2, LOOK_MS);
        if (waits[1].revents) {
            (void)!read(r->wake_fd, &count, sizeof count);
        }
        if (waits[0].revents) {
            is_over = hear(r, ret);
        } else if (!was_told_to_stop && is_to_stop(r, id, &ret->was_cancelled)) {
            const char stop = JOB_STOP;
            was_told_to_stop = true;
            (void)send(r->helper->fd, &stop, 1, MSG_NOSIGNAL);
        }
    }
}

/* ---- from waiting to over ---- */

static rv_status write_end(struct job_runner *r, const struct job *job, const struct job_end *end,
                           struct rv_err *reterr)
{
    RV_TRY(job_write_end(r->store, job->id, end, reterr));
    return r->hooks.ended
               ? r->hooks.ended(r->hooks.context, r->store, job, end->state, end->at, reterr)
               : rv_ok();
}

static rv_status store_end(struct job_runner *r, const struct job *job, const struct job_end *end,
                           struct rv_err *reterr)
{
    RV_TRY(store_begin(r->store, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = r->store;
    RV_TRY(write_end(r, job, end, reterr));
    return store_commit(r->store, reterr);
}

/* While somebody else writes it is tried again; a file that takes nothing any more makes the
 * runner ill, and the row is marked at the next start. */
static void finish(struct job_runner *r, const struct job *job, const struct job_end *end)
{
    for (int tries = 0; tries < END_TRIES; tries++) {
        rv_status status = store_end(r, job, end, NULL);
        if (rv_is_ok(status)) {
            return;
        }
        store_settle(r->store);
        if (status.code == RV_BUSY && !atomic_load(&r->is_stopping)) {
            tries--;
        } else if (atomic_load(&r->is_stopping) && tries > 0) {
            return;
        } else {
            wait_for_wake(r, 1000);
        }
    }
    atomic_store(&r->is_ill, true);
}

/* Inside a transaction: the oldest job that waits is running from now on, or over when who asked
 * may not have it done any more. ret->id 0 = nothing to do. */
static rv_status take_next(struct job_runner *r, struct job *ret, bool *ret_may_run,
                           struct rv_err *reterr)
{
    int64_t id;
    struct rv_err why = {.code = RV_OK};
    RV_TRY(job_next(r->store, &id, reterr));
    *ret = (struct job){.id = 0};
    if (id == 0) {
        return rv_ok();
    }
    RV_TRY(job_get(r->store, &r->arena, id, ret, reterr));
    rv_status may =
        r->hooks.admit ? r->hooks.admit(r->hooks.context, r->store, ret, &why) : rv_ok();
    *ret_may_run = rv_is_ok(may);
    if (*ret_may_run) {
        return job_write_start(r->store, id, now_seconds(), reterr);
    }
    const struct job_end end = {
        .state = JOB_FAILED, .at = now_seconds(), .exit_status = -1, .message = why.message};
    return write_end(r, ret, &end, reterr);
}

static rv_status begin_next(struct job_runner *r, struct job *ret, bool *ret_may_run,
                            struct rv_err *reterr)
{
    int64_t id;
    *ret = (struct job){.id = 0};
    RV_TRY(job_next(r->store, &id, reterr)); /* without the lock, which others may hold */
    if (id == 0) {
        return rv_ok();
    }
    RV_TRY(store_begin(r->store, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = r->store;
    RV_TRY(take_next(r, ret, ret_may_run, reterr));
    return store_commit(r->store, reterr);
}

static void run_one(struct job_runner *r, const struct job *job)
{
    struct rv_err err = {.code = RV_OK};
    struct told told = {.end = RUN_NOT_STARTED, .printed = "", .said = err.message};
    const char *folder = job_path(&r->arena, r->place.state, job->id, NULL);
    set_running(r, job->id);
    rv_status status = folder ? job_make_folder(folder, &err) : arena_fail(&r->arena, &err);
    if (rv_is_ok(status)) {
        status = send_words(r, job, &err);
    }
    if (rv_is_ok(status)) {
        follow(r, job->id, &told);
        told.printed = told.printed ? told.printed : "";
        told.said = told.said ? told.said : "";
    }
    const struct job_end end = judge(r, &told);
    set_running(r, 0);
    finish(r, job, &end);
    if (told.is_helper_gone) {
        atomic_store(&r->is_ill, true);
    }
}

static void sweep(struct job_runner *r)
{
    size_t count;
    int64_t now = now_seconds();
    if (now - r->swept_at >= SWEEP_SECONDS) {
        r->swept_at = now;
        (void)rv_is_ok(job_forget(r->store, &r->arena, r->place.state,
                                  now - (int64_t)JOB_KEEP_DAYS * 86400, SWEEP_MOST, &count, NULL));
    }
}

/* Jobs that a service left running when it was killed. */
static rv_status mark_left(struct job_runner *r, struct rv_err *reterr)
{
    const struct job_choice running = {
        .account = JOB_OF_ALL, .has_state = true, .state = JOB_RUNNING, .most = 1000};
    struct job *jobs;
    size_t count;
    const struct job_end end = {.state = JOB_INTERRUPTED,
                                .at = now_seconds(),
                                .exit_status = -1,
                                .message = JOB_INTERRUPTED_WORDS};
    RV_TRY(job_list(r->store, &r->arena, &running, &jobs, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        RV_TRY(store_end(r, &jobs[i], &end, reterr));
    }
    return rv_ok();
}

static void *runner_main(void *argument)
{
    struct job_runner *r = argument;
    while (!atomic_load(&r->is_stopping) && !rv_is_ok(mark_left(r, NULL))) {
        store_settle(r->store); /* somebody writes just now */
        arena_clear(&r->arena);
        wait_for_wake(r, LOOK_MS);
    }
    while (!atomic_load(&r->is_stopping) && !atomic_load(&r->is_ill)) {
        struct job job;
        bool may_run = false;
        arena_clear(&r->arena);
        rv_status status = begin_next(r, &job, &may_run, NULL);
        store_settle(r->store);
        if (!rv_is_ok(status) || job.id == 0) {
            sweep(r);
            wait_for_wake(r, LOOK_MS);
        } else if (may_run) {
            run_one(r, &job);
        }
    }
    return NULL;
}

/* ---- start and stop ---- */

/* One process does the jobs of a file. The lock is flock's: it goes when its holder dies. */
static rv_status take_queue(struct job_runner *r, struct rv_err *reterr)
{
    const char *path = arena_printf(&r->arena, "%s-jobs", r->place.file);
    if (!path) {
        return arena_fail(&r->arena, reterr);
    }
    r->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (r->lock_fd < 0) {
        char scratch[128];
        return rv_fail(reterr, RV_IO, "cannot open %s: %s", path,
                       strerror_r(errno, scratch, sizeof scratch));
    }
    return flock(r->lock_fd, LOCK_EX | LOCK_NB) == 0
               ? rv_ok()
               : rv_fail(reterr, RV_BUSY, "another process does the jobs of %s", r->place.file);
}

static rv_status start(struct job_runner *r, struct rv_err *reterr)
{
    RV_TRY(job_make_folders(r->place.state, reterr));
    RV_TRY(take_queue(r, reterr));
    RV_TRY(store_open(r->place.file, STORE_WRITE, &r->store, reterr));
    store_doing(r->store, "the queue of jobs");
    r->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (r->wake_fd < 0) {
        return rv_fail(reterr, RV_IO, "cannot make an eventfd for the jobs");
    }
    int code = pthread_create(&r->thread, NULL, runner_main, r);
    r->has_thread = code == 0;
    return code == 0 ? rv_ok() : rv_fail(reterr, RV_IO, "cannot start the thread of the jobs");
}

rv_status job_runner_start(const struct job_place *place, struct job_helper *helper,
                           const struct job_hooks *hooks, struct job_runner **ret,
                           struct rv_err *reterr)
{
    struct job_runner *r = memory_new(1, sizeof *r);
    if (!r) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    r->place = *place;
    r->helper = helper;
    r->hooks = *hooks;
    r->wake_fd = r->lock_fd = -1;
    arena_init(&r->arena, ARENA_BYTES);
    pthread_mutex_init(&r->lock, NULL);
    rv_status status = start(r, reterr);
    if (!rv_is_ok(status)) {
        job_runner_stop(r);
        return status;
    }
    *ret = r;
    return rv_ok();
}

void job_runner_wake(struct job_runner *runner)
{
    const uint64_t one = 1;
    if (runner) {
        (void)!write(runner->wake_fd, &one, sizeof one);
    }
}

void job_runner_stop(struct job_runner *runner)
{
    if (!runner) {
        return;
    }
    atomic_store(&runner->is_stopping, true);
    if (runner->has_thread) {
        job_runner_wake(runner);
        pthread_join(runner->thread, NULL);
    }
    if (runner->wake_fd >= 0) {
        close(runner->wake_fd);
    }
    if (runner->lock_fd >= 0) {
        close(runner->lock_fd);
    }
    store_close(runner->store);
    arena_done(&runner->arena);
    pthread_mutex_destroy(&runner->lock);
    memory_free(runner);
}

bool job_runner_progress(struct job_runner *runner, int64_t id, struct job_progress *ret)
{
    pthread_mutex_lock(&runner->lock);
    bool is_it = runner->running == id && id != 0;
    if (is_it) {
        *ret = runner->progress;
    }
    pthread_mutex_unlock(&runner->lock);
    return is_it;
}

bool job_runner_is_well(struct job_runner *runner)
{
    return !atomic_load(&runner->is_ill);
}
