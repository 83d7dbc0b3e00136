/* web/results.c — results of jobs: only plain files of a job's own folder, never followed out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/results.h"

#include "base/file.h"
#include "base/parse.h"
#include "store/extract.h"
#include "web/app_internal.h"
#include "web/finding_model.h"
#include "web/spool.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_BYTES 120
#define MOST_NAMES 1000
#define MOST_RUNS  200

/* A report brings its own policy, which names its style by hash; of two policies both hold. */
#define PAGE_POLICY                                                                                \
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "              \
    "form-action 'none'; frame-ancestors 'none'; sandbox allow-downloads"

static const struct {
    const char *ending, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".csv", "text/csv; charset=utf-8"},
    {".json", "application/json"},
    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
};

/* ---- which job ---- */

rv_status result_job(struct call *c, struct text id, const char *kind, struct job *ret,
                     struct rv_err *reterr)
{
    int64_t number;
    if (!parse_int(id, &number)) {
        return call_not_there(c, reterr);
    }
    rv_status status = job_get(c->store, c->arena, number, ret, reterr);
    if (status.code == RV_NOT_FOUND ||
        (rv_is_ok(status) && (strcmp(ret->kind, kind) != 0 || ret->state != JOB_DONE))) {
        return call_not_there(c, reterr);
    }
    return status;
}

const char *job_kind_words(const char *kind)
{
    static const struct {
        const char *kind, *words;
    } all[] = {{"assess", "Assessment"},
               {"brief", "Tasking brief"},
               {"import", "Import"},
               {"areas", "Areas"},
               {"agreement", "Agreement"},
               {"define", "Definition"},
               {"backup", "Backup"},
               {"verify", "Check of the file"},
               {"check", "Check of the data"},
               {"effect", "Follow-up"},
               {"table", "Table"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(kind, all[i].kind) == 0) {
            return all[i].words;
        }
    }
    return kind;
}

const char *job_who(struct call *c, int64_t account)
{
    struct account who;
    if (account == 0) {
        return "the command line";
    }
    return rv_is_ok(account_get(c->store, c->arena, account, &who, NULL))
               ? who.display
               : "an account that is gone";
}

const char *result_address(struct arena *a, const char *kind, int64_t id)
{
    if (strcmp(kind, "assess") == 0) {
        return arena_printf(a, "/workbench/assessments/%lld", (long long)id);
    }
    return strcmp(kind, "brief") == 0
               ? arena_printf(a, "/workbench/brief/%lld/brief.html", (long long)id)
               : NULL;
}

rv_status result_list(struct call *c, const char *kind, const char *name, struct rv_err *reterr)
{
    const struct job_choice done = {.account = JOB_OF_ALL,
                                    .kind = kind,
                                    .has_state = true,
                                    .state = JOB_DONE,
                                    .most = MOST_RUNS};
    struct job *jobs;
    size_t count;
    struct model_list *list = model_list(c->model, name);
    RV_TRY(job_list(c->store, c->arena, &done, &jobs, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        struct model *row = model_item(list);
        model_int(row, "id", jobs[i].id);
        model_text(row, "address", result_address(c->arena, kind, jobs[i].id));
        model_text(row, "title", jobs[i].title);
        model_text(row, "who", job_who(c, jobs[i].account));
        model_text(row, "at", time_words(c->arena, jobs[i].ended_at));
        model_bool(row, "needs-attention", jobs[i].exit_status == 1);
    }
    model_bool(c->model, arena_printf(c->arena, "has-%s", name), count > 0);
    return rv_ok();
}

/* ---- files ---- */

static bool is_plain_name(struct text name)
{
    bool is_good = name.n > 0 && name.n <= NAME_BYTES && name.at[0] != '.' && name.at[0] != '-';
    for (size_t i = 0; is_good && i < name.n; i++) {
        char ch = name.at[i];
        is_good = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
                  (ch >= '0' && ch <= '9') || ch == '.' || ch == '-' || ch == '_';
    }
    return is_good;
}

static const char *type_of(struct text name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (text_ends(name, types[i].ending)) {
            return types[i].type;
        }
    }
    return NULL;
}

static const char *folder_of(struct call *c, const struct job *job, const char *below)
{
    return job_path(c->arena, call_state_dir(c), job->id, below);
}

/* A plain file with one name, so that nothing else is sent by way of it. */
static int open_plain(const char *path, uint64_t *ret_bytes)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_nlink == 1) {
        *ret_bytes = (uint64_t)info.st_size;
        return fd;
    }
    file_closep(&fd);
    return -1;
}

static rv_status note_reading(struct call *c, const struct job *job, const char *name,
                              struct rv_err *reterr)
{
    const char *subject = arena_printf(c->arena, "job %lld %s", (long long)job->id, name);
    return call_note(c, "job.result", subject, "done", reterr);
}

rv_status result_send(struct call *c, const struct job *job, const char *below, struct text name,
                      struct rv_err *reterr)
{
    const char *type = is_plain_name(name) ? type_of(name) : NULL;
    const char *folder = folder_of(c, job, below);
    const char *kept = arena_text(c->arena, name.at, name.n);
    const char *path = folder && kept ? arena_printf(c->arena, "%s/%s", folder, kept) : NULL;
    struct spool *file = ARENA_NEW(c->arena, struct spool, 1);
    if (!path || !file) {
        return arena_fail(c->arena, reterr);
    }
    *file = (struct spool){.fd = -1};
    buf_init(&file->out, 0);
    if (!type || (file->fd = open_plain(path, &file->n)) < 0) {
        return call_not_there(c, reterr);
    }
    c->response->file = file; /* closed by the server from here on, whatever happens */
    RV_TRY(note_reading(c, job, kept, reterr));
    RV_TRY(call_send(c, file, type, kept, reterr));
    if (text_ends(name, ".html")) {
        c->response->file_name = NULL;
        c->response->policy = PAGE_POLICY;
    }
    return rv_ok();
}

static int by_name(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

rv_status result_names(struct call *c, const struct job *job, const char *below,
                       const char *const **ret, size_t *ret_count, struct rv_err *reterr)
{
    const char **names = ARENA_NEW(c->arena, const char *, MOST_NAMES);
    const char *folder = folder_of(c, job, below);
    size_t count = 0;
    if (!names || !folder) {
        return arena_fail(c->arena, reterr);
    }
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    while (dir && count < MOST_NAMES &&
           (entry = readdir(dir))) { /* NOLINT(concurrency-mt-unsafe) */
        struct text name = text_of(entry->d_name);
        if (is_plain_name(name) && type_of(name)) {
            names[count] = arena_text(c->arena, name.at, name.n);
            count += names[count] != NULL;
        }
    }
    if (dir) {
        closedir(dir);
    }
    qsort(names, count, sizeof *names, by_name);
    *ret = names;
    *ret_count = count;
    return rv_ok();
}

/* ---- choices of forms ---- */

static rv_status chosen_area(struct call *c, const char *kind, struct text *ret,
                             struct rv_err *reterr)
{
    const struct job_choice last = {.account = JOB_OF_ALL, .kind = kind, .most = 1};
    struct job *jobs;
    size_t count;
    *ret = call_form(c, "area");
    if (c->request->method == REQUEST_POST) {
        return rv_ok();
    }
    RV_TRY(job_list(c->store, c->arena, &last, &jobs, &count, reterr));
    if (count && jobs[0].word_count > 1 && strcmp(jobs[0].words[0], "--area") == 0) {
        *ret = text_of(jobs[0].words[1]);
    }
    return rv_ok();
}

rv_status put_boroughs(struct call *c, const char *kind, const char **ret_name,
                       struct rv_err *reterr)
{
    struct layer *layers;
    size_t count;
    struct text chosen;
    RV_TRY(chosen_area(c, kind, &chosen, reterr));
    RV_TRY(layers_load(c->store, c->arena, &layers, &count, reterr));
    const struct layer *boroughs = layer_choose(layers, count, "borough", NULL, INT32_MAX);
    struct model_list *list = model_list(c->model, "areas");
    *ret_name = NULL;
    for (uint32_t i = 0; boroughs && i < boroughs->count; i++) {
        const struct area *area = &boroughs->areas[i];
        struct model *item = model_item(list);
        bool is_chosen = text_is(chosen, area->code);
        model_text(item, "code", area->code);
        model_text(item, "name", area->name ? area->name : area->code);
        model_bool(item, "selected", is_chosen);
        if (is_chosen) {
            *ret_name = area->name ? area->name : area->code;
        }
    }
    model_bool(c->model, "has-areas", boroughs && boroughs->count > 0);
    return rv_ok();
}

rv_status months_held(struct call *c, struct month_range *ret, struct rv_err *reterr)
{
    struct extract_info *extracts;
    size_t count;
    struct month_range months = {1, 0};
    RV_TRY(extract_list(c->store, c->arena, "offences", &extracts, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        const struct extract_info *e = &extracts[i];
        if (e->month_count == 0) {
            continue;
        }
        int32_t first = e->months[0], last = e->months[e->month_count - 1];
        if (months.first > months.last) {
            months = (struct month_range){first, last};
        }
        months.first = first < months.first ? first : months.first;
        months.last = last > months.last ? last : months.last;
    }
    *ret = months;
    return rv_ok();
}
