/* run/job.c — the rows of jobs: added, listed, cancelled. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "run/job.h"

#include "base/buf.h"
#include "base/progress.h"
#include "run/job_internal.h"
#include "store/sql_id.h"

#include <string.h>

static const char *const states[] = {"waiting", "running",   "done",
                                     "failed",  "cancelled", "interrupted"};

/* Commands of the form `reeve COMMAND FILE …` that ask nothing of a terminal and are given no
 * secret. */
static const char *const kinds[] = {"assess", "import", "brief",     "backup", "define", "verify",
                                    "areas",  "check",  "agreement", "effect", "table"};

const char *job_state_name(enum job_state state)
{
    return states[state];
}

bool job_is_over(enum job_state state)
{
    return state != JOB_WAITING && state != JOB_RUNNING;
}

bool job_kind_is_known(const char *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kind, kinds[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- writing ---- */

static rv_status check_text(const char *what, struct text text, struct rv_err *reterr)
{
    if (text.n > JOB_WORD_BYTES) {
        return rv_fail(reterr, RV_LIMIT, "%s of a job has at most %d bytes", what, JOB_WORD_BYTES);
    }
    if (text_utf8_valid(text) != text.n) {
        return rv_fail(reterr, RV_INVALID, "%s of a job is not UTF-8", what);
    }
    for (size_t i = 0; i < text.n; i++) {
        if ((unsigned char)text.at[i] < ' ' || text.at[i] == 0x7f) {
            return rv_fail(reterr, RV_INVALID, "%s of a job has a control character", what);
        }
    }
    return rv_ok();
}

/* A folder in front may be named; one may not climb out of it. */
static rv_status check_word(const char *word, struct rv_err *reterr)
{
    bool has_folder = word[0] == *JOB_RESULT || word[0] == *JOB_STATE;
    if (has_folder && ((word[1] && word[1] != '/') || strstr(word, "/.."))) {
        return rv_fail(reterr, RV_INVALID, "a word of a job leaves its folder");
    }
    return check_text("a word", text_of(word + has_folder), reterr);
}

static rv_status check(const struct job_new *job, struct rv_err *reterr)
{
    if (!job_kind_is_known(job->kind)) {
        return rv_fail(reterr, RV_INVALID, "'%.40s' is no command that can be a job", job->kind);
    }
    if (job->word_count > JOB_WORDS) {
        return rv_fail(reterr, RV_LIMIT, "a job has at most %d words", JOB_WORDS);
    }
    for (size_t i = 0; i < job->word_count; i++) {
        RV_TRY(check_word(job->words[i], reterr));
    }
    return check_text("the title", text_of(job->title), reterr);
}

rv_status job_add(struct store *s, const struct job_new *job, int64_t account, int64_t now,
                  int64_t *ret_id, struct rv_err *reterr)
{
    struct stmt *st;
    struct buf words RV_CLEANUP(buf_done);
    buf_init(&words, (size_t)JOB_WORDS * (JOB_WORD_BYTES + 2));
    RV_TRY(check(job, reterr));
    buf_text(&words, "");
    for (size_t i = 0; i < job->word_count; i++) {
        buf_text(&words, job->words[i]);
        buf_char(&words, '\n');
    }
    RV_TRY(buf_status(&words, reterr));
    RV_TRY(store_prepare(s, SQL_JOB_INSERT, &st, reterr));
    stmt_bind_string(st, ":kind", job->kind);
    stmt_bind_string(st, ":title", job->title);
    stmt_bind_text(st, ":words", words.n ? buf_view(&words) : text_of(""));
    stmt_bind_int(st, ":account", account);
    stmt_bind_int(st, ":at", now);
    RV_TRY(stmt_run(st, reterr));
    *ret_id = store_last_id(s);
    fault_point("job.added");
    return rv_ok();
}

rv_status job_write_end(struct store *s, int64_t id, const struct job_end *end,
                        struct rv_err *reterr)
{
    struct stmt *st;
    RV_TRY(store_prepare(s, SQL_JOB_END, &st, reterr));
    stmt_bind_int(st, ":id", id);
    stmt_bind_string(st, ":state", states[end->state]);
    stmt_bind_int(st, ":at", end->at);
    if (end->exit_status >= 0) {
        stmt_bind_int(st, ":status", end->exit_status);
    }
    stmt_bind_string(st, ":message", end->message);
    stmt_bind_text(st, ":printed", end->printed.n ? end->printed : text_of(""));
    stmt_bind_text(st, ":said", end->said.n ? end->said : text_of(""));
    RV_TRY(stmt_run(st, reterr));
    fault_point("job.ended");
    return rv_ok();
}

rv_status job_cancel(struct store *s, struct arena *a, int64_t id, int64_t now,
                     struct rv_err *reterr)
{
    struct job job;
    struct stmt *st;
    RV_TRY(job_get(s, a, id, &job, reterr));
    if (job_is_over(job.state)) {
        return rv_fail(reterr, RV_REFUSED, "It is over already: %s.", states[job.state]);
    }
    if (job.state == JOB_WAITING) {
        const struct job_end end = {.state = JOB_CANCELLED,
                                    .at = now,
                                    .exit_status = -1,
                                    .message = "Cancelled before it began."};
        return job_write_end(s, id, &end, reterr);
    }
    RV_TRY(store_prepare(s, SQL_JOB_CANCEL, &st, reterr));
    stmt_bind_int(st, ":id", id);
    return stmt_run(st, reterr);
}

rv_status job_write_start(struct store *s, int64_t id, int64_t now, struct rv_err *reterr)
{
    struct stmt *st;
    RV_TRY(store_prepare(s, SQL_JOB_START, &st, reterr));
    stmt_bind_int(st, ":id", id);
    stmt_bind_int(st, ":at", now);
    RV_TRY(stmt_run(st, reterr));
    fault_point("job.started");
    return rv_ok();
}

rv_status job_delete(struct store *s, int64_t id, struct rv_err *reterr)
{
    struct stmt *st;
    RV_TRY(store_prepare(s, SQL_JOB_DELETE, &st, reterr));
    stmt_bind_int(st, ":id", id);
    return stmt_run(st, reterr);
}

/* ---- reading ---- */

static bool find_state(struct text name, enum job_state *ret)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (text_is(name, states[i])) {
            *ret = (enum job_state)i;
            return true;
        }
    }
    return false;
}

static rv_status take_words(struct text all, struct arena *a, struct job *ret,
                            struct rv_err *reterr)
{
    size_t count = 0;
    for (size_t i = 0; i < all.n; i++) {
        count += all.at[i] == '\n';
    }
    const char **words = ARENA_NEW(a, const char *, count + 1);
    if (!words) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        struct text word = text_split(all, '\n', &all);
        words[i] = arena_text(a, word.at, word.n);
        if (!words[i]) {
            return arena_fail(a, reterr);
        }
    }
    ret->words = words;
    ret->word_count = count;
    return rv_ok();
}

static rv_status read_row(struct stmt *st, struct arena *a, struct job *ret, struct rv_err *reterr)
{
    struct job job = {.id = stmt_int(st, 0),
                      .kind = stmt_keep(st, 1, a),
                      .title = stmt_keep(st, 2, a),
                      .account = stmt_int(st, 4),
                      .is_to_cancel = stmt_int(st, 6) != 0,
                      .asked_at = stmt_int(st, 7),
                      .started_at = stmt_int(st, 8),
                      .ended_at = stmt_int(st, 9),
                      .exit_status = stmt_is_null(st, 10) ? -1 : (int)stmt_int(st, 10),
                      .message = stmt_keep(st, 11, a),
                      .printed = stmt_keep(st, 12, a),
                      .said = stmt_keep(st, 13, a)};
    if (!job.kind || !job.title || !job.message || !job.printed || !job.said) {
        return arena_fail(a, reterr);
    }
    if (!find_state(stmt_text(st, 5), &job.state)) {
        return rv_fail(reterr, RV_DAMAGED, "job %lld has an unknown state", (long long)job.id);
    }
    RV_TRY(take_words(stmt_text(st, 3), a, &job, reterr));
    *ret = job;
    return rv_ok();
}

rv_status job_get(struct store *s, struct arena *a, int64_t id, struct job *ret,
                  struct rv_err *reterr)
{
    struct stmt *st;
    bool has_row = false;
    RV_TRY(store_prepare(s, SQL_JOB_GET, &st, reterr));
    stmt_bind_int(st, ":id", id);
    RV_TRY(stmt_step(st, &has_row, reterr));
    if (!has_row) {
        return rv_fail(reterr, RV_NOT_FOUND, "there is no job %lld", (long long)id);
    }
    rv_status status = read_row(st, a, ret, reterr);
    stmt_reset(st);
    return status;
}

static void bind_choice(struct stmt *st, const struct job_choice *choice)
{
    if (choice->account != JOB_OF_ALL) {
        stmt_bind_int(st, ":account", choice->account);
    }
    stmt_bind_string(st, ":kind", choice->kind);
    stmt_bind_string(st, ":state", choice->has_state ? states[choice->state] : NULL);
    if (choice->before > 0) {
        stmt_bind_int(st, ":before", choice->before);
    }
    stmt_bind_int(st, ":most", (int64_t)choice->most);
}

rv_status job_list(struct store *s, struct arena *a, const struct job_choice *choice,
                   struct job **ret, size_t *ret_count, struct rv_err *reterr)
{
    struct stmt *st;
    struct job *rows = NULL;
    size_t count = 0, capacity = 0;
    RV_TRY(store_prepare(s, SQL_JOB_LIST, &st, reterr));
    bind_choice(st, choice);
    for (;;) {
        bool has_row = false;
        RV_TRY(stmt_step(st, &has_row, reterr));
        if (!has_row) {
            break;
        }
        rows = arena_grow(a, rows, count, &capacity, sizeof *rows);
        rv_status status = rows ? read_row(st, a, &rows[count++], reterr) : arena_fail(a, reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
    }
    *ret = rows;
    *ret_count = count;
    return rv_ok();
}

/* A number that one statement gives, 0 when it gives none. */
static rv_status one_id(struct stmt *st, int64_t *ret, struct rv_err *reterr)
{
    bool has_row = false;
    RV_TRY(stmt_step(st, &has_row, reterr));
    *ret = has_row ? stmt_int(st, 0) : 0;
    stmt_reset(st);
    return rv_ok();
}

rv_status job_next(struct store *s, int64_t *ret_id, struct rv_err *reterr)
{
    struct stmt *st;
    RV_TRY(store_prepare(s, SQL_JOB_NEXT, &st, reterr));
    return one_id(st, ret_id, reterr);
}

rv_status job_oldest_before(struct store *s, int64_t before, int64_t *ret_id, struct rv_err *reterr)
{
    struct stmt *st;
    RV_TRY(store_prepare(s, SQL_JOB_OLD, &st, reterr));
    stmt_bind_int(st, ":before", before);
    return one_id(st, ret_id, reterr);
}
