/* web/view_import.c — the last look before an import, on what terms the file came, and the import
 * itself as a job of the command. SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/register.h"
#include "base/file.h"
#include "base/limits.h"
#include "ingest/kind.h"
#include "ingest/profile_write.h"
#include "store/setting.h"
#include "web/data_words.h"
#include "web/jobs.h"
#include "web/mapping_model.h"
#include "web/views.h"

#include <string.h>

#define SUPPLIER_BYTES 200
#define NAME_BYTES     60
#define KEPT           "profile."

/* ---- profiles that are kept ---- */

rv_status mapping_kept(struct call *c, struct profile **ret, size_t *ret_count,
                       struct rv_err *reterr)
{
    struct setting *settings;
    size_t count, n = 0;
    RV_TRY(setting_list(c->store, c->arena, KEPT, &settings, &count, reterr));
    struct profile *list = ARENA_NEW(c->arena, struct profile, count + 1);
    if (!list) {
        return arena_fail(c->arena, reterr);
    }
    for (size_t i = 0; i < count; i++) { /* one of an older version that no longer reads is none */
        n += rv_is_ok(profile_parse(c->arena, settings[i].name, text_of(settings[i].value),
                                    &list[n], NULL))
                 ? 1
                 : 0;
    }
    *ret = list;
    *ret_count = n;
    return rv_ok();
}

/* ---- the page ---- */

struct last {
    struct looked *l;
    struct profile profile;
    bool is_mapped;   /* by the assistant: it may be kept */
    bool is_kept_one; /* known by a profile of the partnership */
    bool may_choose;  /* whose data it is, open data */
};

static bool is_built_in(struct call *c, const char *id)
{
    struct profile p;
    return rv_is_ok(profile_load(c->arena, id, &p, NULL));
}

static rv_status load(struct call *c, struct last *x, struct rv_err *reterr)
{
    x->l = ARENA_NEW(c->arena, struct looked, 1);
    if (!x->l) {
        return arena_fail(c->arena, reterr);
    }
    x->may_choose = role_may(c->session.role, RIGHT_IMPORT);
    RV_TRY(upload_look(c, x->l, reterr));
    if (x->l->is_archive) {
        return rv_ok();
    }
    x->is_mapped = !x->l->known;
    x->is_kept_one = x->l->known && !is_built_in(c, x->l->known->id);
    return mapping_profile(c, x->l, &x->profile, reterr);
}

static bool is_own(const struct call *c, const char *supplier)
{
    return text_equal_nocase(text_trim(text_of(c->session.organisation)),
                             text_trim(text_of(supplier)));
}

/* Agreements in force that the person may bring data under: all of them, or its own. */
static rv_status put_agreements(struct call *c, const struct last *x, struct rv_err *reterr)
{
    struct agreement_row *rows;
    size_t count;
    const char *day = store_day(c->store);
    struct text chosen = call_form(c, "agreement");
    RV_TRY(agreements_list(c->store, c->arena, &rows, &count, reterr));
    struct model_list *list = model_list(c->model, "agreements");
    for (size_t i = 0; i < count; i++) {
        const struct agreement *terms = &rows[i].terms;
        const struct agreement_row *now = agreements_find(rows, count, terms->id, day);
        bool is_listed = now == &rows[i] && agreement_row_is_in_force(now, day) &&
                         (x->may_choose || is_own(c, terms->supplier));
        if (is_listed) {
            struct model *row = model_item(list);
            model_text(row, "name", terms->id);
            model_text(row, "supplier", terms->supplier);
            model_text(row, "marking", marking_name(terms->marking));
            model_text(row, "until", day_words(c->arena, now->last_day));
            const char *value = arena_printf(c->arena, "terms:%s", terms->id);
            model_text(row, "value", value);
            model_bool(row, "selected", value && text_is(chosen, value));
        }
    }
    model_int(c->model, "agreement-count", (int64_t)model_list_count(list));
    model_bool(c->model, "is-open-chosen", text_is(chosen, "open"));
    model_bool(c->model, "is-none-chosen", text_is(chosen, "none"));
    return rv_ok();
}

static const char *ask_field(struct call *c, const char *column)
{
    return arena_printf(c->arena, "ask-%s", column);
}

/* The profile with what the form says that the file does not; *ret_is_whole: all of it is said. */
static rv_status with_said(struct call *c, const struct profile *p, struct profile *ret,
                           bool *ret_is_whole, struct rv_err *reterr)
{
    size_t n = p->constant_count;
    struct profile_pair *said = ARENA_NEW(c->arena, struct profile_pair, n + p->ask_count + 1);
    if (!said) {
        return arena_fail(c->arena, reterr);
    }
    if (n) {
        memcpy(said, p->constants, n * sizeof *said);
    }
    *ret_is_whole = true;
    for (size_t i = 0; i < p->ask_count; i++) {
        const char *field = ask_field(c, p->ask[i]);
        struct text words = field ? text_trim(call_form(c, field)) : text_of("");
        *ret_is_whole = *ret_is_whole && words.n > 0;
        said[n++] = (struct profile_pair){text_of(p->ask[i]), words};
    }
    *ret = *p;
    ret->constants = said;
    ret->constant_count = n;
    ret->ask_count = 0;
    return rv_ok();
}

/* Rows cannot be tried while it is not said what the file does not say. */
static rv_status put_preview(struct call *c, const struct last *x, struct rv_err *reterr)
{
    struct preview preview;
    struct profile profile;
    bool is_whole;
    RV_TRY(with_said(c, &x->profile, &profile, &is_whole, reterr));
    if (!is_whole) {
        return rv_ok();
    }
    mapping_lock();
    rv_status status = preview_run(c->arena, x->l->upload.path, &x->l->sampled.form, &profile, NULL,
                                   &preview, reterr);
    mapping_unlock();
    RV_TRY(status);
    mapping_put_preview(c, &preview);
    return rv_ok();
}

static void put_asks(struct call *c, const struct profile *p)
{
    struct model_list *asks = model_list(c->model, "asks");
    for (size_t i = 0; i < p->ask_count; i++) {
        struct model *row = model_item(asks);
        const char *field = ask_field(c, p->ask[i]);
        model_text(row, "field", field);
        model_text(row, "column", p->ask[i]);
        model_slice(row, "said", field ? call_form(c, field) : text_of(""));
        const char *fault = field ? arena_printf(c->arena, "fault-%s", field) : NULL;
        const struct model_value *told = fault ? model_find(c->model, text_of(fault)) : NULL;
        if (told) {
            model_slice(row, "error", told->text);
        }
    }
}

static rv_status show(struct call *c, const struct last *x, struct rv_err *reterr)
{
    struct model *m = c->model;
    struct text supplier = call_form(c, "supplier"), name = call_form(c, "profile-name");
    model_text(m, "id", x->l->upload.id);
    model_text(m, "address", arena_printf(c->arena, "/workbench/data/uploads/%s", x->l->upload.id));
    model_text(m, "file", x->l->upload.file_name);
    model_bool(m, "is-archive", x->l->is_archive);
    model_bool(m, "is-mapped", x->is_mapped);
    model_bool(m, "may-choose", x->may_choose);
    model_bool(m, "may-keep", x->is_mapped && x->may_choose);
    model_text(m, "organisation", c->session.organisation);
    RV_TRY(put_agreements(c, x, reterr));
    if (x->l->is_archive) {
        return rv_ok();
    }
    model_text(m, "kind", x->profile.kind->name);
    model_text(m, "profile", x->profile.id);
    model_text(m, "profile-title", x->profile.title ? x->profile.title : x->profile.id);
    model_slice(m, "supplier",
                supplier.n            ? supplier
                : x->profile.supplier ? text_of(x->profile.supplier)
                                      : text_of(""));
    model_slice(m, "profile-name", name.n ? name : text_of(x->profile.id));
    put_asks(c, &x->profile);
    return put_preview(c, x, reterr);
}

static bool is_about_the_file(rv_status status)
{
    return status.code == RV_INVALID || status.code == RV_USAGE || status.code == RV_REFUSED ||
           status.code == RV_LIMIT;
}

/* What cannot be imported goes back to the assistant, which says why. */
static rv_status back(struct call *c, struct rv_err *reterr)
{
    struct kept_upload u;
    RV_TRY(mapping_find(c, &u, reterr));
    const char *path = arena_printf(c->arena, "/workbench/data/uploads/%s", u.id);
    return path ? call_go_to(c, path, reterr) : arena_fail(c->arena, reterr);
}

rv_status view_import(struct call *c, struct rv_err *reterr)
{
    struct last *x = ARENA_NEW(c->arena, struct last, 1);
    if (!x) {
        return arena_fail(c->arena, reterr);
    }
    rv_status status = load(c, x, reterr);
    if (is_about_the_file(status)) {
        return back(c, reterr);
    }
    RV_TRY(status);
    return show(c, x, reterr);
}

/* ---- the import ---- */

struct order { /* what the form says, as the words of the command */
    const char *words[2 * JOB_WORDS];
    size_t count;
    const char *supplier, *agreement, *name;
    bool is_open;
};

static void put_word(struct order *o, const char *option, const char *value)
{
    if (value && o->count + 2 < JOB_WORDS) {
        o->words[o->count++] = option;
        o->words[o->count++] = value;
    }
}

static const char *keep_text(struct call *c, struct text t)
{
    return arena_text(c->arena, t.n ? t.at : "", t.n);
}

/* One line of words that a person can read and a command can take. */
static bool is_plain(struct text t, size_t most)
{
    for (size_t i = 0; i < t.n; i++) {
        if ((unsigned char)t.at[i] < 32 || t.at[i] == 127) {
            return false;
        }
    }
    return t.n > 0 && t.n <= most;
}

static bool is_name(struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        bool is_inner = t.at[i] == '-' && i > 0 && i + 1 < t.n;
        if (!is_inner && !(t.at[i] >= 'a' && t.at[i] <= 'z') &&
            !(t.at[i] >= '0' && t.at[i] <= '9')) {
            return false;
        }
    }
    return t.n > 0 && t.n <= NAME_BYTES;
}

/* The agreement must be one that the page offered. */
static rv_status find_terms(struct call *c, const struct last *x, struct order *o, bool *ret_good,
                            struct rv_err *reterr)
{
    struct agreement_row *rows;
    size_t count;
    struct text said = call_form(c, "agreement");
    const char *day = store_day(c->store), *name = keep_text(c, said);
    *ret_good = true;
    if (text_is(said, "open") && x->may_choose) {
        o->is_open = true;
        return rv_ok();
    }
    if (said.n == 0 || !name) {
        *ret_good = false;
        call_fault(c, "agreement",
                   x->may_choose ? "Choose on what terms the file came"
                                 : "Choose the agreement under which you send it");
        return rv_ok();
    }
    if (text_is(said, "none") && x->may_choose) {
        return rv_ok();
    }
    RV_TRY(agreements_list(c->store, c->arena, &rows, &count, reterr));
    const struct agreement_row *row =
        text_starts(said, "terms:") ? agreements_find(rows, count, name + 6, day) : NULL;
    *ret_good = row && agreement_row_is_in_force(row, day) &&
                (x->may_choose || is_own(c, row->terms.supplier));
    if (!*ret_good) {
        call_fault(c, "agreement", "This agreement is not in force: choose another");
    }
    o->agreement = *ret_good ? row->terms.id : NULL;
    return rv_ok();
}

static rv_status read_order(struct call *c, const struct last *x, struct order *o, bool *ret_good,
                            struct rv_err *reterr)
{
    struct text supplier =
        x->may_choose ? text_trim(call_form(c, "supplier")) : text_of(c->session.organisation);
    struct text name = text_trim(call_form(c, "profile-name"));
    RV_TRY(find_terms(c, x, o, ret_good, reterr));
    if (supplier.n > 0 && !is_plain(supplier, SUPPLIER_BYTES)) {
        call_fault(c, "supplier", "Write the supplier in at most 200 characters of one line");
        *ret_good = false;
    }
    o->supplier = supplier.n ? keep_text(c, supplier) : NULL;
    if (x->is_mapped && x->may_choose) {
        if (!is_name(name)) {
            call_fault(c, "profile-name",
                       "Name the profile with lower-case letters, figures and hyphens, for example "
                       "borough-ambulance");
            *ret_good = false;
        } else if (is_built_in(c, keep_text(c, name))) {
            call_fault(c, "profile-name", "A profile of the program has this name: choose another");
            *ret_good = false;
        }
        o->name = keep_text(c, name);
    }
    return rv_ok();
}

static rv_status read_asks(struct call *c, const struct last *x, struct order *o, bool *ret_good,
                           struct rv_err *reterr)
{
    for (size_t i = 0; i < x->profile.ask_count; i++) {
        const char *field = ask_field(c, x->profile.ask[i]);
        struct text said = field ? text_trim(call_form(c, field)) : text_of("");
        if (!is_plain(said, SUPPLIER_BYTES)) {
            call_fault(
                c, field ? field : "ask",
                arena_printf(c->arena, "Say what %s is: the file does not", x->profile.ask[i]));
            *ret_good = false;
            continue;
        }
        const char *set =
            arena_printf(c->arena, "%s=%.*s", x->profile.ask[i], (int)said.n, said.at);
        if (!set) {
            return arena_fail(c->arena, reterr);
        }
        put_word(o, "--set", set);
    }
    return rv_ok();
}

/* The profile beside the file, and kept for the next file of the same layout. */
static rv_status write_profile(struct call *c, struct last *x, const struct order *o,
                               struct rv_err *reterr)
{
    struct buf json RV_CLEANUP(buf_done);
    buf_init(&json, LIMIT_JSON_BYTES);
    struct profile again;
    const char *path = arena_printf(c->arena, "%s/profile.json", x->l->upload.folder);
    const char *setting = o->name ? arena_printf(c->arena, KEPT "%s", o->name) : "";
    x->profile.id = o->name ? o->name : x->profile.id;
    profile_write(&x->profile, &json);
    RV_TRY(path && setting ? buf_status(&json, reterr) : arena_fail(c->arena, reterr));
    RV_TRY(profile_parse(c->arena, "profile", buf_view(&json), &again, reterr));
    RV_TRY(file_write(path, buf_view(&json), reterr));
    if (!o->name) {
        return rv_ok();
    }
    struct store *s = call_writer(c);
    rv_status status = store_begin(s, reterr);
    if (rv_is_ok(status)) {
        status = setting_put(s, setting, json.bytes, reterr);
    }
    if (rv_is_ok(status)) {
        status = audit_add(s, call_act(c), "profile.keep", o->name, "done", reterr);
    }
    if (rv_is_ok(status)) {
        status = store_commit(s, reterr);
    }
    call_writer_done(c);
    return status;
}

static rv_status start(struct call *c, struct last *x, struct order *o, struct rv_err *reterr)
{
    const struct kept_upload *u = &x->l->upload;
    int64_t id;
    const char *file = arena_printf(c->arena, JOB_STATE "/uploads/%s/file/%s", u->id, u->file_name);
    const char *title = arena_printf(c->arena, "Import of %s", u->file_name);
    const char *profile = arena_printf(c->arena, JOB_STATE "/uploads/%s/profile.json", u->id);
    if (!file || !title || !profile) {
        return arena_fail(c->arena, reterr);
    }
    if (x->is_mapped || x->is_kept_one) {
        RV_TRY(write_profile(c, x, o, reterr));
        put_word(o, "--profile", profile);
    }
    put_word(o, "--supplier", o->supplier);
    put_word(o, "--agreement", o->agreement);
    if (o->is_open) {
        o->words[o->count++] = "--open";
    }
    o->words[o->count++] = file;
    const struct job_new job = {
        .kind = "import", .title = title, .words = o->words, .word_count = o->count};
    RV_TRY(call_job(c, &job, &id, reterr));
    RV_TRY(uploads_put_job(c->arena, u, id, reterr));
    const char *next = arena_printf(c->arena, "/workbench/jobs/%lld", (long long)id);
    return next ? call_go_to(c, next, reterr) : arena_fail(c->arena, reterr);
}

rv_status post_import(struct call *c, struct rv_err *reterr)
{
    struct last *x = ARENA_NEW(c->arena, struct last, 1);
    struct order order = {.count = 0};
    bool is_good = true;
    if (!x) {
        return arena_fail(c->arena, reterr);
    }
    rv_status status = load(c, x, reterr);
    if (is_about_the_file(status)) {
        return back(c, reterr);
    }
    RV_TRY(status);
    if (x->l->upload.job) { /* sent twice: the first is under way */
        const char *job =
            arena_printf(c->arena, "/workbench/jobs/%lld", (long long)x->l->upload.job);
        return job ? call_go_to(c, job, reterr) : arena_fail(c->arena, reterr);
    }
    RV_TRY(read_order(c, x, &order, &is_good, reterr));
    RV_TRY(read_asks(c, x, &order, &is_good, reterr));
    if (is_good) {
        return start(c, x, &order, reterr);
    }
    call_show(c, "data-import");
    return show(c, x, reterr);
}
