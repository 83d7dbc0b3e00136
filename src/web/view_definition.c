/* web/view_definition.c — the agreed definition: what it says, what another would change, adopting.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/audit.h"
#include "assess/trial.h"
#include "base/hash.h"
#include "base/limits.h"
#include "define/adopted.h"
#include "define/offence_class.h"
#include "define/words.h"
#include "report/format.h"
#include "web/data_words.h"
#include "web/finding_model.h"
#include "web/held_call.h"
#include "web/views.h"

#include <string.h>

#define AUTHOR_BYTES 200
#define NUMBER_BYTES 100

/* ---- which one ---- */

struct choice {
    const char *key;   /* "adopted-3", "havering"; in addresses */
    const char *words; /* NULL = a new text */
    struct text json;
};

struct adoptions {
    struct adoption *list;
    size_t count;
};

static rv_status find_choice(struct call *c, const struct adoptions *r, struct text key,
                             struct choice *ret, struct rv_err *reterr)
{
    for (size_t i = 0; i < r->count; i++) {
        const char *own = arena_printf(c->arena, "adopted-%lld", (long long)r->list[i].id);
        if (own && (text_is(key, own) || (key.n == 0 && i == 0))) {
            *ret = (struct choice){own, r->list[i].name, r->list[i].body};
            return rv_ok();
        }
    }
    for (size_t i = 0; i < definition_shipped_count(); i++) {
        struct text name = definition_shipped_name(i);
        if (text_equal(key, name) || (key.n == 0 && r->count == 0)) {
            const char *own = arena_text(c->arena, name.at, name.n);
            if (!own) {
                return arena_fail(c->arena, reterr);
            }
            *ret = (struct choice){own, own, definition_shipped_json(own)};
            return rv_ok();
        }
    }
    return call_not_there(c, reterr);
}

/* Every one that can be shown or changed: the adopted ones, newest first, then those that come with
 * the program. */
static void put_choices(struct call *c, const struct adoptions *r, const char *chosen)
{
    struct model_list *adopted = model_list(c->model, "adopted");
    for (size_t i = 0; i < r->count; i++) {
        const struct adoption *x = &r->list[i];
        const char *key = arena_printf(c->arena, "adopted-%lld", (long long)x->id);
        struct model *row = model_item(adopted);
        model_text(row, "key", key);
        model_text(row, "name", x->name);
        model_text(row, "version", x->version);
        model_text(row, "at", time_words(c->arena, audit_seconds(x->adopted_at)));
        model_text(row, "by", x->adopted_by);
        model_bool(row, "in-force", i == 0);
        model_bool(row, "selected", key && strcmp(key, chosen) == 0);
    }
    struct model_list *shipped = model_list(c->model, "shipped");
    for (size_t i = 0; i < definition_shipped_count(); i++) {
        struct text name = definition_shipped_name(i);
        struct model *row = model_item(shipped);
        model_slice(row, "key", name);
        model_bool(row, "selected", text_is(name, chosen));
    }
}

/* The words of a definition as lines with their depth: two spaces a level. */
static rv_status put_lines(struct call *c, const struct definition *d, struct rv_err *reterr)
{
    struct buf words RV_CLEANUP(buf_done);
    buf_init(&words, LIMIT_JSON_BYTES);
    definition_words(d, &words);
    RV_TRY(buf_status(&words, reterr));
    const char *kept = arena_text(c->arena, words.bytes, words.n);
    if (!kept) {
        return arena_fail(c->arena, reterr);
    }
    struct model_list *list = model_list(c->model, "lines");
    struct text rest = {kept, words.n};
    for (size_t number = 0; rest.n > 0; number++) {
        struct text line = text_split(rest, '\n', &rest), said = text_trim(line);
        size_t depth = said.n ? (size_t)(said.at - line.at) / 2 : 0;
        bool is_head = depth == 0 && rest.n > 1 && rest.at[0] == ' ' && said.n > 0;
        if (said.n == 0 || number < 2) {
            continue; /* its name and its title stand above */
        }
        said.n -= is_head && said.at[said.n - 1] == ':';
        struct model *item = model_item(list);
        model_slice(item, "text", said);
        model_bool(item, "is-head", is_head);
        model_bool(item, "is-name", depth == 1 && rest.n > 4 && memcmp(rest.at, "    ", 4) == 0);
        model_bool(item, "is-deep", depth == 2);
        model_bool(item, "is-plain", depth == 0 && !is_head);
    }
    return model_status(c->model, reterr);
}

static rv_status load_register(struct call *c, struct adoptions *ret, struct rv_err *reterr)
{
    return adopted_list(c->store, c->arena, &ret->list, &ret->count, reterr);
}

static void put_rights(struct call *c)
{
    model_bool(c->model, "may-define", role_may(c->session.role, RIGHT_DEFINE));
    model_bool(c->model, "may-read-records", role_may(c->session.role, RIGHT_READ_RECORDS));
}

rv_status view_definition(struct call *c, struct rv_err *reterr)
{
    struct adoptions r;
    struct choice x;
    struct definition d;
    RV_TRY(load_register(c, &r, reterr));
    RV_TRY(find_choice(c, &r, call_query(c, "show"), &x, reterr));
    RV_TRY(definition_read(c->arena, x.words, x.json, &d, reterr));
    put_choices(c, &r, x.key);
    put_rights(c);
    model_text(c->model, "key", x.key);
    model_text(c->model, "change-address",
               arena_printf(c->arena, "/workbench/definition/change?from=%s", x.key));
    model_text(c->model, "id", d.id);
    model_text(c->model, "version", d.version);
    model_text(c->model, "about", d.title);
    model_bool(c->model, "is-in-force",
               r.count > 0 && strcmp(x.key, arena_printf(c->arena, "adopted-%lld",
                                                         (long long)r.list[0].id)) == 0);
    model_slice(c->model, "json", d.json);
    model_slice(c->model, "classes", offence_class_version());
    return put_lines(c, &d, reterr);
}

/* ---- changing ---- */

static rv_status put_change(struct call *c, struct text json, const char *chosen,
                            struct rv_err *reterr)
{
    struct adoptions r;
    RV_TRY(load_register(c, &r, reterr));
    put_choices(c, &r, chosen);
    model_slice(c->model, "json", json);
    return model_status(c->model, reterr);
}

rv_status view_definition_change(struct call *c, struct rv_err *reterr)
{
    struct adoptions r;
    struct choice x;
    RV_TRY(load_register(c, &r, reterr));
    RV_TRY(find_choice(c, &r, call_query(c, "from"), &x, reterr));
    return put_change(c, x.json, x.key, reterr);
}

/* What was tried: the text, and what was in force then. */
static rv_status tried_hash(struct call *c, struct store *s, struct text json,
                            char out[SHA256_HEX + 1], struct rv_err *reterr)
{
    struct adoption *list;
    size_t count;
    RV_TRY(adopted_list(s, c->arena, &list, &count, reterr));
    const char *both = arena_printf(c->arena, "%s\n%.*s", count ? list[0].sha256 : "none",
                                    (int)json.n, json.n ? json.at : "");
    return both ? sha256_of(both, strlen(both), out, reterr) : arena_fail(c->arena, reterr);
}

static void put_number(struct call *c, struct model *m, const char *name, int64_t n)
{
    struct buf words RV_CLEANUP(buf_done);
    buf_init(&words, NUMBER_BYTES);
    format_count(&words, (double)n);
    model_text(m, name, words.failed ? NULL : arena_text(c->arena, words.bytes, words.n));
}

static void put_rate(struct call *c, struct model *m, const char *name, double rate)
{
    struct buf words RV_CLEANUP(buf_done);
    buf_init(&words, NUMBER_BYTES);
    format_rate(&words, rate);
    model_text(m, name, words.failed ? NULL : arena_text(c->arena, words.bytes, words.n));
}

static const char *rank_words(struct call *c, const struct rank *r)
{
    return r->is_available
               ? arena_printf(c->arena, "%lld (%lld to %lld) of %lld", (long long)r->rank,
                              (long long)r->low, (long long)r->high, (long long)r->of)
               : "none";
}

static void put_headline(struct call *c, struct model_list *rows, const struct trial_headline *x)
{
    struct model *row = model_item(rows);
    model_text(row, "year", x->year ? arena_printf(c->arena, "%d", x->year) : "All years");
    model_bool(row, "is-partial", !x->is_available);
    put_number(c, row, "before", x->before);
    put_number(c, row, "after", x->after);
    put_number(c, row, "entered", x->entered);
    put_number(c, row, "left", x->left);
    if (x->has_rate) {
        put_rate(c, row, "rate-before", x->rate_before);
        put_rate(c, row, "rate-after", x->rate_after);
    }
    if (x->has_rank) {
        model_text(row, "rank-before", rank_words(c, &x->rank_before));
        model_text(row, "rank-after", rank_words(c, &x->rank_after));
    }
    model_bool(row, "is-changed", x->entered > 0 || x->left > 0);
}

static void put_reasons(struct call *c, struct model *profile, const struct trial *t,
                        const char *name)
{
    struct model_list *reasons = model_list(profile, "reasons");
    for (size_t i = 0; i < t->reason_count; i++) {
        if (strcmp(t->reasons[i].profile, name) == 0) {
            struct model *reason = model_item(reasons);
            put_number(c, reason, "records", t->reasons[i].records);
            model_bool(reason, "is-entering", t->reasons[i].is_entering);
            model_text(reason, "reason", kept_words(c, t->reasons[i].reason));
        }
    }
}

static void put_trial(struct call *c, const struct trial *t)
{
    struct model *m = c->model;
    model_text(m, "before", kept_words(c, t->before));
    model_text(m, "after", kept_words(c, t->after));
    model_text(m, "area", kept_words(c, t->area));
    model_text(m, "source", kept_words(c, t->source));
    struct model_list *profiles = model_list(m, "profiles"), *rows = NULL;
    const char *last = "";
    struct model *profile = NULL;
    bool has_rate = false, has_rank = false;
    for (size_t i = 0; i < t->headline_count; i++) {
        const struct trial_headline *x = &t->headlines[i];
        if (strcmp(last, x->profile) != 0) {
            profile = model_item(profiles);
            last = x->profile;
            model_text(profile, "profile", kept_words(c, x->profile));
            const char *title = x->title ? x->title : x->profile;
            model_text(profile, "title", kept_words(c, title));
            model_text(profile, "caption",
                       arena_printf(c->arena, "%s: offences before and after", title));
            model_bool(profile, "is-context", x->is_context);
            put_reasons(c, profile, t, x->profile);
            rows = model_list(profile, "rows");
        }
        has_rate = has_rate || x->has_rate;
        has_rank = has_rank || x->has_rank;
        put_headline(c, rows, x);
    }
    model_bool(m, "has-rate", has_rate);
    model_bool(m, "has-rank", has_rank);
}

static rv_status run_trial(struct call *c, const struct definition *d, struct rv_err *reterr)
{
    struct held_call h RV_CLEANUP(held_call_done) = {.is_inside = false};
    struct trial trial;
    RV_TRY(held_call_open(c, &h, reterr));
    RV_TRY(trial_run(&h.held, d, (struct month_range){1, 0}, &trial, reterr));
    put_trial(c, &trial);
    return model_status(c->model, reterr);
}

/* What the person can put right comes back beside the text. */
static rv_status again(struct call *c, struct text json, rv_status status, const struct rv_err *err,
                       struct rv_err *reterr)
{
    bool is_theirs = status.code == RV_INVALID || status.code == RV_BUSY ||
                     status.code == RV_LIMIT || status.code == RV_NOT_FOUND ||
                     status.code == RV_REFUSED || status.code == RV_DOMAIN;
    if (!is_theirs) {
        if (reterr) {
            *reterr = *err;
        }
        return status;
    }
    call_fault_of(c, "definition", status.code, err->message);
    call_show(c, "definition-change");
    return put_change(c, json, "", reterr);
}

static rv_status read_form(struct call *c, struct definition *ret, struct rv_err *reterr)
{
    struct text json = call_form(c, "definition");
    return definition_read(c->arena, "The definition", json, ret, reterr);
}

rv_status post_definition_change(struct call *c, struct rv_err *reterr)
{
    struct definition d;
    struct rv_err err = {.code = RV_OK};
    struct text json = call_form(c, "definition");
    rv_status status = read_form(c, &d, &err);
    if (rv_is_ok(status)) {
        status = run_trial(c, &d, &err);
    }
    if (!rv_is_ok(status)) {
        return again(c, json, status, &err, reterr);
    }
    char tried[SHA256_HEX + 1];
    RV_TRY(tried_hash(c, c->store, json, tried, reterr));
    model_text(c->model, "tried", arena_text(c->arena, tried, SHA256_HEX));
    model_slice(c->model, "json", json);
    model_text(c->model, "id", d.id);
    model_text(c->model, "version", d.version);
    call_show(c, "definition-tried");
    return put_lines(c, &d, reterr);
}

/* ---- adopting ---- */

static rv_status adopt(struct call *c, struct store *s, const struct definition *d,
                       const char *author, bool *ret_is_old, struct rv_err *reterr)
{
    char hash[SHA256_HEX + 1], tried[SHA256_HEX + 1], now[UTC_BYTES];
    RV_TRY(sha256_of(d->json.at, d->json.n, hash, reterr));
    const char *subject = arena_printf(c->arena, "definition sha256 %s", hash);
    if (!subject) {
        return arena_fail(c->arena, reterr);
    }
    utc_write(c->now, now);
    if (!now[0]) {
        return rv_fail(reterr, RV_DOMAIN, "the time of the adoption cannot be written");
    }
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(tried_hash(c, s, d->json, tried, reterr));
    *ret_is_old = !text_is(call_form(c, "tried"), tried);
    if (*ret_is_old) {
        return rv_ok(); /* nothing is done */
    }
    RV_TRY(adopt_definition_within(s, c->arena, d, author, now, reterr));
    RV_TRY(audit_add(s, call_act(c), "definition.adopt", subject, "done", reterr));
    return store_commit(s, reterr);
}

/* What is adopted is what was tried, against what was in force then. */
rv_status post_definition_adopt(struct call *c, struct rv_err *reterr)
{
    struct definition d;
    struct rv_err err = {.code = RV_OK};
    struct text json = call_form(c, "definition"), said = text_trim(call_form(c, "author"));
    rv_status status = read_form(c, &d, &err);
    if (rv_is_ok(status) && (said.n == 0 || said.n > AUTHOR_BYTES)) {
        status = rv_fail(&err, RV_INVALID,
                         "Say who agreed it, in at most %d characters: try the definition again",
                         AUTHOR_BYTES);
    }
    if (!rv_is_ok(status)) {
        return again(c, json, status, &err, reterr);
    }
    const char *author = arena_text(c->arena, said.at, said.n);
    bool is_old = false;
    if (!author) {
        return arena_fail(c->arena, reterr);
    }
    struct store *writer = call_writer(c);
    status = adopt(c, writer, &d, author, &is_old, &err);
    call_writer_done(c);
    if (rv_is_ok(status) && is_old) {
        status = rv_fail(&err, RV_INVALID,
                         "The definition in force or the text changed since you tried it. Try it "
                         "again before you adopt it");
    }
    return rv_is_ok(status) ? call_go_to(c, "/workbench/definition", reterr)
                            : again(c, json, status, &err, reterr);
}
