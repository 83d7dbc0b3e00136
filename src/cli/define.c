/* cli/define.c — define: the agreed definition shown in words, tried, adopted.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "access/audit.h"
#include "assess/joined.h"
#include "assess/trial.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/opening.h"
#include "define/adopted.h"
#include "define/offence_class.h"
#include "define/words.h"

#include <string.h>
#include <unistd.h>

/* A shipped name, or a path. */
static rv_status read_named(struct arena *a, const char *name, struct definition *ret,
                            struct rv_err *reterr)
{
    struct text shipped = definition_shipped_json(name);
    if (shipped.n > 0 && access(name, F_OK) != 0) {
        return definition_read(a, name, shipped, ret, reterr);
    }
    RV_CLEANUP(buf_done) struct buf bytes;
    buf_init(&bytes, LIMIT_JSON_BYTES);
    rv_status status = file_read(name, &bytes, reterr);
    if (status.code == RV_NOT_FOUND) {
        struct buf names RV_CLEANUP(buf_done);
        buf_init(&names, 4096);
        for (size_t i = 0; i < definition_shipped_count(); i++) {
            buf_text(&names, i ? ", " : "");
            buf_slice(&names, definition_shipped_name(i));
        }
        return rv_fail(reterr, RV_NOT_FOUND,
                       "%s: no such file, and no definition of this name comes with the program; "
                       "there are %.*s",
                       name, (int)names.n, names.bytes);
    }
    RV_TRY(status);
    return definition_read(a, name, buf_view(&bytes), ret, reterr);
}

/* ---- show ---- */

static void put_history(struct buf *out, const struct adoption *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%s%s, version %s, adopted %.10s by %s\n",
                   i ? "  before it: " : "In force: ", list[i].name, list[i].version,
                   list[i].adopted_at, list[i].adopted_by);
    }
}

static rv_status show_json(struct session *session, const struct definition *d,
                           const struct adoption *list, size_t count, struct rv_err *reterr)
{
    struct json_writer j;
    RV_CLEANUP(buf_done) struct buf words;
    buf_init(&words, LIMIT_JSON_BYTES);
    definition_words(d, &words);
    RV_TRY(buf_status(&words, reterr));
    json_writer_init(&j, &session->out, true);
    json_put_object(&j, NULL);
    json_put_string(&j, "definition", d->id);
    json_put_string(&j, "version", d->version);
    json_put_text(&j, "in_words", buf_view(&words));
    json_put_text(&j, "source", d->json);
    json_put_text(&j, "offence_classes", offence_class_version());
    json_put_array(&j, "adopted");
    for (size_t i = 0; i < count; i++) {
        json_put_object(&j, NULL);
        json_put_string(&j, "definition", list[i].name);
        json_put_string(&j, "version", list[i].version);
        json_put_string(&j, "adopted_at", list[i].adopted_at);
        json_put_string(&j, "adopted_by", list[i].adopted_by);
        json_put_string(&j, "sha256", list[i].sha256);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    return rv_ok();
}

static rv_status show(struct session *session, const char *name, struct rv_err *reterr)
{
    struct arena *a = &session->arena;
    RV_CLEANUP(store_closep) struct store *s = NULL;
    struct adoption *list;
    size_t count;
    struct definition named;
    const struct definition *d = &named;
    RV_TRY(store_open(session->args.positional[0], STORE_READ, &s, reterr));
    RV_TRY(adopted_list(s, a, &list, &count, reterr));
    if (name) {
        RV_TRY(read_named(a, name, &named, reterr));
    } else {
        RV_TRY(adopted_definition(s, a, &d, reterr));
    }
    if (!d) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "no definition is adopted; 'reeve define FILE show havering' shows one that "
                       "comes with the program, 'reeve define FILE adopt havering' adopts it");
    }
    if (session->is_json) {
        return show_json(session, d, list, count, reterr);
    }
    if (!name) {
        put_history(&session->out, list, count);
        buf_char(&session->out, '\n');
    }
    definition_words(d, &session->out);
    struct text version = offence_class_version();
    buf_printf(&session->out,
               "\nOffence classes are sorted into groups by the reference table of "
               "%.*s.\n",
               (int)version.n, version.at);
    return rv_ok();
}

/* ---- try ---- */

static void put_rank(struct buf *out, const struct rank *r)
{
    if (r->is_available) {
        buf_printf(out, "%lld (%lld to %lld) of %lld", (long long)r->rank, (long long)r->low,
                   (long long)r->high, (long long)r->of);
    } else {
        buf_text(out, "none");
    }
}

static void put_headline(struct buf *out, const struct trial_headline *x)
{
    if (x->year) {
        buf_printf(out, "    %d: ", x->year);
    } else {
        buf_text(out, "    all: ");
    }
    if (!x->is_available) {
        buf_text(out, "the source does not cover all of it; ");
    }
    buf_printf(out, "%lld before, %lld after (%lld enter, %lld leave)", (long long)x->before,
               (long long)x->after, (long long)x->entered, (long long)x->left);
    if (x->has_rate) {
        buf_printf(out, "; rate %.1f, %.1f", x->rate_before, x->rate_after);
    }
    if (x->has_rank) {
        buf_text(out, "; rank ");
        put_rank(out, &x->rank_before);
        buf_text(out, ", ");
        put_rank(out, &x->rank_after);
    }
    buf_char(out, '\n');
}

static void try_text(const struct trial *t, struct buf *out)
{
    buf_printf(out,
               "Before: %s\nAfter:  %s\n%s, source %s. Rates per 100,000 person-years; ranks with "
               "their 95%% sets, 1 = most.\n",
               t->before, t->after, t->area, t->source);
    const char *last = "";
    for (size_t i = 0; i < t->headline_count; i++) {
        const struct trial_headline *x = &t->headlines[i];
        if (strcmp(last, x->profile) != 0) {
            buf_printf(out, "\n  %s%s\n", x->profile, x->is_context ? " (context)" : "");
            last = x->profile;
        }
        put_headline(out, x);
        bool is_last =
            i + 1 == t->headline_count || strcmp(t->headlines[i + 1].profile, x->profile) != 0;
        for (size_t k = 0; is_last && k < t->reason_count; k++) {
            const struct trial_reason *r = &t->reasons[k];
            if (strcmp(r->profile, x->profile) == 0) {
                buf_printf(out, "      %lld %s: %s\n", (long long)r->records,
                           r->is_entering ? "enter; before" : "leave; now", r->reason);
            }
        }
    }
}

static void json_rank(struct json_writer *j, const char *key, const struct rank *r)
{
    json_put_object(j, key);
    json_put_int(j, "rank", r->rank);
    json_put_int(j, "rank_low", r->low);
    json_put_int(j, "rank_high", r->high);
    json_put_int(j, "of", r->of);
    json_end_object(j);
}

static void try_json(const struct trial *t, struct buf *out)
{
    struct json_writer j;
    json_writer_init(&j, out, true);
    json_put_object(&j, NULL);
    json_put_string(&j, "before", t->before);
    json_put_string(&j, "after", t->after);
    json_put_string(&j, "area", t->area);
    json_put_string(&j, "source", t->source);
    json_put_array(&j, "headlines");
    for (size_t i = 0; i < t->headline_count; i++) {
        const struct trial_headline *x = &t->headlines[i];
        json_put_object(&j, NULL);
        json_put_string(&j, "profile", x->profile);
        if (x->year) {
            json_put_int(&j, "year", x->year);
        } else {
            json_put_null(&j, "year");
        }
        json_put_bool(&j, "is_available", x->is_available);
        json_put_int(&j, "before", x->before);
        json_put_int(&j, "after", x->after);
        json_put_int(&j, "entered", x->entered);
        json_put_int(&j, "left", x->left);
        if (x->has_rate) {
            json_put_real(&j, "rate_before", x->rate_before);
            json_put_real(&j, "rate_after", x->rate_after);
        }
        if (x->has_rank) {
            json_rank(&j, "rank_before", &x->rank_before);
            json_rank(&j, "rank_after", &x->rank_after);
        }
        json_end_object(&j);
    }
    json_end_array(&j);
    json_put_array(&j, "reasons");
    for (size_t i = 0; i < t->reason_count; i++) {
        json_put_object(&j, NULL);
        json_put_string(&j, "profile", t->reasons[i].profile);
        json_put_string(&j, "change", t->reasons[i].is_entering ? "enter" : "leave");
        json_put_string(&j, "reason", t->reasons[i].reason);
        json_put_int(&j, "records", t->reasons[i].records);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
}

static rv_status try_one(struct session *session, const char *name, struct rv_err *reterr)
{
    struct arena *a = &session->arena;
    struct month_range period = {1, 0};
    const char *given = args_get(&session->args, "period");
    if (given && !month_range_parse(text_of(given), &period)) {
        return rv_fail(reterr, RV_USAGE, "--period takes whole months: 2021-01..2022-12, not '%s'",
                       given);
    }
    RV_CLEANUP(store_closep) struct store *s = NULL;
    struct definition d;
    struct pool *pool;
    struct held held;
    struct trial t;
    RV_TRY(read_named(a, name, &d, reterr));
    RV_TRY(open_for_results(session, STORE_READ, &s, reterr));
    RV_TRY(session_pool(session, &pool, reterr));
    RV_TRY(held_load(s, a, pool, &session->progress, &held, reterr));
    RV_TRY(trial_run(&held, &d, period, &t, reterr));
    if (session->is_json) {
        try_json(&t, &session->out);
    } else {
        try_text(&t, &session->out);
    }
    return rv_ok();
}

/* ---- adopt ---- */

static rv_status adopt_audited(struct session *session, struct store *s, const struct definition *d,
                               const char *now, struct rv_err *reterr)
{
    char hash[SHA256_HEX + 1];
    RV_TRY(sha256_of(d->json.at, d->json.n, hash, reterr));
    const char *subject = arena_printf(&session->arena, "definition sha256 %s", hash);
    if (!subject) {
        return arena_fail(&session->arena, reterr);
    }
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(adopt_definition_within(s, &session->arena, d, author_of(session), now, reterr));
    RV_TRY(audit_add(s, (struct act){0, audit_seconds(now)}, "definition.adopt", subject, "done",
                     reterr));
    return store_commit(s, reterr);
}

static rv_status adopt(struct session *session, const char *name, struct rv_err *reterr)
{
    struct arena *a = &session->arena;
    struct definition d;
    char now[24];
    now_utc(now);
    RV_TRY(read_named(a, name, &d, reterr));
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(store_open(session->args.positional[0], STORE_WRITE, &s, reterr));
    RV_TRY(adopt_audited(session, s, &d, now, reterr));
    if (session->is_json) {
        struct json_writer j;
        json_writer_init(&j, &session->out, true);
        json_put_object(&j, NULL);
        json_put_string(&j, "definition", d.id);
        json_put_string(&j, "version", d.version);
        json_put_string(&j, "adopted_at", now);
        json_put_string(&j, "adopted_by", author_of(session));
        json_end_object(&j);
    } else {
        buf_printf(&session->out, "%s, version %s, is in force. Profiles: %s.\n", d.id, d.version,
                   profile_names(a, &d));
    }
    return rv_ok();
}

static void list_groups(struct buf *out)
{
    struct text code, group, injury, title;
    struct text version = offence_class_version();
    buf_printf(out, "code,group,injury,title (version %.*s)\n", (int)version.n, version.at);
    for (size_t i = 0; offence_class_row(i, &code, &group, &injury, &title); i++) {
        buf_printf(out, "%.*s,%.*s,%.*s,%.*s\n", (int)code.n, code.at, (int)group.n, group.at,
                   (int)injury.n, injury.at, (int)title.n, title.at);
    }
}

rv_status run_define(struct session *session, struct rv_err *reterr)
{
    const struct args *args = &session->args;
    const char *verb = args->positional_count > 1 ? args->positional[1] : "show";
    const char *name = args->positional_count > 2 ? args->positional[2] : NULL;
    if (args_has(args, "groups")) {
        list_groups(&session->out);
        return rv_ok();
    }
    if (strcmp(verb, "show") == 0) {
        return show(session, name, reterr);
    }
    bool is_adopt = strcmp(verb, "adopt") == 0;
    if (!is_adopt && strcmp(verb, "try") != 0) {
        return rv_fail(reterr, RV_USAGE, "'reeve define FILE' takes show, try or adopt, not '%s'",
                       verb);
    }
    if (!name) {
        return rv_fail(reterr, RV_USAGE,
                       "'reeve define FILE %s' needs a definition: a JSON file, or the name of one "
                       "that comes with the program (havering, havering-strict, all-ages)",
                       verb);
    }
    return is_adopt ? adopt(session, name, reterr) : try_one(session, name, reterr);
}
