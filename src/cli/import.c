/* cli/import.c — import: files and folders, each its own transaction, each accounted for.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/opening.h"
#include "ingest/ingest.h"

/* What becomes of the whole command: the first failure is its exit status, the rest still load. */
struct import_run {
    struct session *session;
    struct store *store;
    struct pool *pool;
    struct ingest_options options;
    struct json_writer json;
    rv_status worst;
    struct rv_err worst_err;
};

static void note_failure(struct import_run *run, rv_status status, const struct rv_err *err)
{
    if (rv_is_ok(run->worst)) {
        run->worst = status;
        run->worst_err = *err;
    }
}

static void show_report(struct import_run *run, const struct ingest_report *report)
{
    run->session->needs_attention |= report->needs_attention;
    if (run->session->is_json) {
        ingest_report_json(report, &run->json, NULL);
    } else {
        ingest_report_text(report, &run->session->out);
    }
}

/* A file that did not load, beside others that did. */
static void show_failure(struct import_run *run, const char *name, const struct rv_err *err)
{
    if (run->session->is_json) {
        json_put_object(&run->json, NULL);
        json_put_string(&run->json, "file", name);
        json_put_string(&run->json, "not_loaded_because", err->message);
        json_end_object(&run->json);
    } else {
        buf_printf(&run->session->out, "%s: NOT loaded: %s\n", name, err->message);
    }
}

static void show_result(struct import_run *run, const struct ingest_file *f)
{
    if (f->outcome == INGEST_LOADED) {
        show_report(run, &f->report);
        return;
    }
    show_failure(run, f->is_member ? f->path : file_base_name(f->path), &f->err);
    if (f->outcome == INGEST_FAILED) {
        note_failure(run, (rv_status){f->err.code}, &f->err);
    }
    run->session->needs_attention |= f->outcome == INGEST_HELD;
}

/* The report of a file alone is one object, unless the file holds several kinds or is an archive.
 */
static void show_kinds(struct import_run *run, const struct ingest_kinds *kinds, bool is_alone,
                       bool is_archive)
{
    bool is_list = run->session->is_json && is_alone && (is_archive || kinds->count > 1);
    if (is_list) {
        json_put_array(&run->json, NULL);
    }
    for (size_t i = 0; i < kinds->count; i++) {
        show_result(run, &kinds->files[i]);
    }
    if (is_list) {
        json_end_array(&run->json);
    }
}

/* Failures that concern one file only; anything else ends the command. */
static bool is_about_the_file(rv_status status)
{
    return status.code == RV_INVALID || status.code == RV_REFUSED || status.code == RV_NOT_FOUND;
}

static rv_status import_one(struct import_run *run, const char *path, bool is_alone,
                            struct rv_err *reterr)
{
    struct ingest_kinds kinds;
    struct rv_err err = {.code = RV_OK};
    bool is_archive = ingest_is_archive(path);
    rv_status status = (is_archive ? ingest_import_archive : ingest_import_kinds)(
        run->store, &run->session->arena, run->pool, &run->session->progress, path, &run->options,
        &kinds, &err);
    if (rv_is_ok(status)) {
        show_kinds(run, &kinds, is_alone, is_archive);
        return rv_ok();
    }
    if (is_alone || !is_about_the_file(status)) {
        if (reterr) {
            *reterr = err;
        }
        return status;
    }
    show_failure(run, file_base_name(path), &err);
    note_failure(run, status, &err);
    return rv_ok();
}

static rv_status import_folder(struct import_run *run, const char *path, struct rv_err *reterr)
{
    struct ingest_file *files;
    size_t count;
    RV_TRY(ingest_import_folder(run->store, &run->session->arena, run->pool,
                                &run->session->progress, path, &run->options, &files, &count,
                                reterr));
    bool is_loaded = false;
    for (size_t i = 0; i < count; i++) {
        show_result(run, &files[i]);
        is_loaded = is_loaded || files[i].outcome == INGEST_LOADED;
    }
    if (!is_loaded) { /* such a folder is not an error, but nobody meant it */
        run->session->needs_attention = true;
        if (!run->session->is_json) {
            buf_printf(&run->session->out, "%s: nothing in this folder was imported\n", path);
        }
    }
    return rv_ok();
}

static rv_status import_paths(struct import_run *run, struct rv_err *reterr)
{
    const struct args *args = &run->session->args;
    bool is_alone = args->positional_count == 2 && !file_is_dir(args->positional[1]);
    if (!is_alone && run->options.quarantine_path) {
        return rv_fail(reterr, RV_USAGE,
                       "--quarantine writes the rows of one file: import the files one by one, or "
                       "read the table quarantine with 'reeve sql'");
    }
    if (run->session->is_json && !is_alone) {
        json_put_array(&run->json, NULL);
    }
    for (size_t i = 1; i < args->positional_count; i++) {
        const char *path = args->positional[i];
        RV_TRY(file_is_dir(path) ? import_folder(run, path, reterr)
                                 : import_one(run, path, is_alone, reterr));
    }
    if (run->session->is_json && !is_alone) {
        json_end_array(&run->json);
    }
    return rv_ok();
}

#define MOST_SETS 32

/* --set COLUMN=VALUE */
static rv_status read_sets(struct import_run *run, struct profile_pair *sets, struct rv_err *reterr)
{
    const char *words[MOST_SETS];
    struct arena *a = &run->session->arena;
    size_t count = args_all(&run->session->args, "set", words, MOST_SETS);
    for (size_t i = 0; i < count; i++) {
        struct text value, name = text_split(text_of(words[i]), '=', &value);
        char *copy = arena_text(a, name.at, name.n);
        if (!copy) {
            return arena_fail(a, reterr);
        }
        if (name.n == 0 || name.n == strlen(words[i])) {
            return rv_fail(reterr, RV_USAGE, "--set %.60s: write it as COLUMN=VALUE", words[i]);
        }
        sets[i] = (struct profile_pair){text_of(copy), value};
    }
    run->options.sets = sets;
    run->options.set_count = count;
    return rv_ok();
}

rv_status run_import(struct session *session, struct rv_err *reterr)
{
    struct profile_pair sets[MOST_SETS];
    const struct args *args = &session->args;
    char now[24];
    now_utc(now);
    struct import_run run = {
        .session = session,
        .options =
            {
                .kind = args_get(args, "as"),
                .profile = args_get(args, "profile"),
                .codebook = args_get(args, "codebook"),
                .supplier = args_get(args, "supplier"),
                .supplier_kind = args_get(args, "supplier-kind"),
                .period = args_get(args, "period"),
                .now_utc = now,
                .quarantine_path = args_get(args, "quarantine"),
                .agreement = args_get(args, "agreement"),
                .is_open = args_has(args, "open"),
            },
    };
    RV_TRY(read_sets(&run, sets, reterr));
    json_writer_init(&run.json, &session->out, true);
    file_allow_many();
    RV_TRY(session_pool(session, &run.pool, reterr));
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(open_on_day(session, STORE_WRITE, &s, reterr));
    store_doing(s, "an import");
    run.store = s;
    RV_TRY(import_paths(&run, reterr));
    if (!rv_is_ok(run.worst)) {
        if (reterr) {
            *reterr = run.worst_err;
        }
        return run.worst;
    }
    return rv_ok();
}
