/* run/helper.c — the helper process: takes a job, runs it in a private folder, sends back files.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "run/run_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_WORDS 64

struct helper {
    const struct run_table *table;
    struct run_user user;
    int fd;
    int has_namespaces; /* -1 = not asked yet */
    struct arena arena; /* of one job */
};

struct request {
    size_t program;
    char *argv[MOST_WORDS + 3]; /* name, arguments, one of the helper's, NULL */
    size_t input_count, output_count;
    struct run_file *inputs;
    const char **outputs;
};

/* ---- taking a job ---- */

static char *take_text(struct wire_reader *in, struct arena *a)
{
    struct text bytes = wire_take_bytes(in);
    char *copy = arena_text(a, bytes.at, bytes.n);
    in->is_bad = in->is_bad || !copy;
    return copy;
}

static bool take_files(struct wire_reader *in, struct arena *a, struct request *ret)
{
    ret->input_count = (size_t)wire_take_number(in);
    ret->output_count = (size_t)wire_take_number(in);
    if (in->is_bad || ret->input_count > in->rest.n || ret->output_count > in->rest.n) {
        return false;
    }
    ret->inputs = ARENA_NEW(a, struct run_file, ret->input_count + 1);
    ret->outputs = ARENA_NEW(a, const char *, ret->output_count + 1);
    if (!ret->inputs || !ret->outputs) {
        return false;
    }
    for (size_t i = 0; i < ret->input_count && !in->is_bad; i++) {
        ret->inputs[i].name = take_text(in, a);
        ret->inputs[i].bytes = wire_take_bytes(in);
    }
    for (size_t i = 0; i < ret->output_count && !in->is_bad; i++) {
        ret->outputs[i] = take_text(in, a);
    }
    return !in->is_bad && in->rest.n == 0;
}

static bool take_request(struct helper *h, struct text message, struct request *ret)
{
    struct wire_reader in = {.rest = message};
    *ret = (struct request){.program = (size_t)wire_take_number(&in)};
    uint64_t words = wire_take_number(&in);
    if (in.is_bad || ret->program >= h->table->count || words > MOST_WORDS) {
        return false;
    }
    const char *name = h->table->specs[ret->program].name;
    ret->argv[0] = arena_text(&h->arena, name, strlen(name));
    for (uint64_t i = 0; i < words && !in.is_bad; i++) {
        ret->argv[i + 1] = take_text(&in, &h->arena);
    }
    return ret->argv[0] && take_files(&in, &h->arena, ret);
}

/* ---- running it ---- */

/* Chromium's own sandbox needs user namespaces; without them it starts only when told to do
 * without, and the caller is told too. The extra word goes first: the last may be a file. */
static void add_own_sandbox(struct helper *h, const struct run_spec *spec, struct request *q,
                            struct run_result *ret)
{
    if (!spec->without_namespace) {
        return;
    }
    if (h->has_namespaces < 0) {
        h->has_namespaces = run_has_user_namespaces(&h->user);
    }
    char *word = arena_text(&h->arena, spec->without_namespace, strlen(spec->without_namespace));
    if (h->has_namespaces || !word) {
        return;
    }
    memmove(&q->argv[2], &q->argv[1], sizeof q->argv - 2 * sizeof q->argv[0]);
    q->argv[1] = word;
    ret->refused |= RUN_FENCE_OWN_SANDBOX;
}

static bool fill(struct helper *h, const struct request *q, const struct run_folder *folder,
                 struct buf *said)
{
    for (size_t i = 0; i < q->input_count; i++) {
        struct rv_err err = {.code = RV_OK};
        if (!rv_is_ok(run_folder_put(folder, q->inputs[i].name, q->inputs[i].bytes, h->user.uid,
                                     h->user.gid, &err))) {
            buf_text(said, err.message);
            return false;
        }
    }
    return true;
}

/* Each output with its length, all of them or none. */
static void collect(const struct run_spec *spec, const struct request *q,
                    const struct run_folder *folder, struct run_result *ret, struct buf *files)
{
    struct buf one RV_CLEANUP(buf_done);
    buf_init(&one, LIMIT_RUN_BYTES);
    for (size_t i = 0; i < q->output_count && ret->end == RUN_DONE; i++) {
        buf_clear(&one);
        if (!run_folder_get(folder, q->outputs[i], spec->file_bytes, &one)) {
            ret->end = RUN_GAVE_NOTHING;
        }
        wire_bytes(files, buf_view(&one));
    }
    if (files->failed) {
        ret->end = RUN_WROTE_MUCH;
    }
}

static void run_request(struct helper *h, struct request *q, struct run_result *ret,
                        struct buf *said, struct buf *files)
{
    const struct run_spec *spec = &h->table->specs[q->program];
    const char *path = run_spec_path(spec);
    if (!path) {
        ret->end = RUN_NOT_HERE;
        return;
    }
    struct run_folder folder = {.fd = -1};
    struct rv_err err = {.code = RV_OK};
    ret->end = RUN_NOT_STARTED;
    if (!rv_is_ok(run_folder_make(h->table->base, h->user.uid, h->user.gid, &folder, &err))) {
        buf_text(said, err.message);
        return;
    }
    if (fill(h, q, &folder, said)) {
        unsigned before = 0;
        add_own_sandbox(h, spec, q, ret);
        before = ret->refused;
        const struct run_watch watch = {.spec = spec,
                                        .path = path,
                                        .argv = q->argv,
                                        .user = h->user,
                                        .folder = &folder,
                                        .client = h->fd};
        run_child(&watch, ret, said);
        ret->refused |= before;
        collect(spec, q, &folder, ret, files);
    }
    run_folder_remove(&folder);
}

/* ---- answering ---- */

static bool answer(struct helper *h, const struct run_result *result, const struct buf *said,
                   const struct buf *files)
{
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, LIMIT_RUN_BYTES);
    wire_number(&out, (uint64_t)result->end);
    wire_number(&out, (uint64_t)result->status);
    wire_number(&out, result->refused);
    wire_number(&out, (uint64_t)(result->seconds * 1000));
    size_t skip = said->n > RUN_SAID_BYTES ? said->n - RUN_SAID_BYTES : 0;
    wire_bytes(&out, (struct text){said->n ? said->bytes + skip : "", said->n - skip});
    if (result->end == RUN_DONE) {
        buf_slice(&out, buf_view(files));
    }
    return wire_send(h->fd, &out);
}

static bool serve(struct helper *h)
{
    struct buf message RV_CLEANUP(buf_done);
    buf_init(&message, LIMIT_RUN_BYTES);
    struct buf said RV_CLEANUP(buf_done);
    buf_init(&said, (size_t)RUN_SAID_BYTES * 4);
    struct buf files RV_CLEANUP(buf_done);
    buf_init(&files, LIMIT_RUN_BYTES / 2);
    if (!wire_receive(h->fd, NULL, &message)) {
        return false;
    }
    arena_init(&h->arena, LIMIT_RUN_BYTES);
    struct request request;
    struct run_result result = {.end = RUN_NOT_STARTED};
    if (take_request(h, buf_view(&message), &request)) {
        run_request(h, &request, &result, &said, &files);
    } else {
        buf_text(&said, "the job was not understood");
    }
    arena_done(&h->arena);
    char told;
    ssize_t n = result.end == RUN_CANCELLED ? read(h->fd, &told, 1) : 1;
    return n == 1 && answer(h, &result, &said, &files);
}

/* A session of its own, so that Ctrl-C reaches the caller, who then asks for an orderly end. */
void run_leave_terminal(void)
{
    (void)setsid();
    const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT};
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) {
        (void)signal(ignored[i], SIG_IGN);
    }
    int null = open("/dev/null", O_RDWR);
    for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++) {
        dup2(null, fd);
    }
    if (null > STDERR_FILENO) {
        close(null);
    }
    umask(077);
}

_Noreturn void run_helper_main(int fd, const struct run_table *table)
{
    struct helper h = {
        .table = table, .user = run_user_of_programs(), .fd = fd, .has_namespaces = -1};
    run_leave_terminal();
    run_folder_sweep(table->base, h.user.uid);
    while (serve(&h)) {
    }
    _exit(0);
}
