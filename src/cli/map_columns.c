/* cli/map_columns.c — map-columns: the mapping assistant, as a dialogue or from a script.
 *
 * Both are the same: a proposal is made from the file and the answers so far; the dialogue adds
 * the answer to its first question and proposes again.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/limits.h"
#include "base/parse.h"
#include "cli/commands.h"
#include "cli/dialogue.h"
#include "cli/mapping.h"
#include "ingest/preview.h"
#include "ingest/profile_write.h"
#include "ingest/suggest_known.h"
#include "read/archive.h"

#include <unistd.h>

#define USUAL_PERCENT 80

/* ---- options ---- */

rv_status mapping_answer(struct mapping *m, const char *key, const char *value)
{
    if (m->options.answer_count == MOST_ANSWERS) {
        return rv_fail(m->err, RV_USAGE, "too many answers (at most %d)", MOST_ANSWERS);
    }
    m->answers[m->options.answer_count++] = (struct answer){key, value};
    return rv_ok();
}

/* "KEY=VALUE", cut at the last "=": headers may hold one. */
static rv_status read_answers(struct mapping *m)
{
    const char *given[MOST_VALUES];
    const struct args *args = &m->session->args;
    size_t n = args_all(args, "answer", given, MOST_VALUES);
    for (size_t i = 0; i < n; i++) {
        const char *cut = strrchr(given[i], '=');
        if (!cut || cut == given[i]) {
            return rv_fail(m->err, RV_USAGE,
                           "--answer \"%.80s\": write it as KEY=VALUE, for example "
                           "--answer \"Date reported=DD/MM/YYYY\"",
                           given[i]);
        }
        const char *key = arena_text(m->a, given[i], (size_t)(cut - given[i]));
        RV_TRY(key ? mapping_answer(m, key, cut + 1) : arena_fail(m->a, m->err));
    }
    const char *kind = args_get(args, "as");
    return kind ? mapping_answer(m, "kind", kind) : rv_ok();
}

static rv_status read_least(struct mapping *m)
{
    const char *given = args_get(&m->session->args, "least");
    int64_t percent = USUAL_PERCENT;
    if (given && (!parse_int(text_of(given), &percent) || percent < 1 || percent > 99)) {
        return rv_fail(m->err, RV_USAGE, "--least takes a percentage from 1 to 99, not '%.40s'",
                       given);
    }
    m->options.least = (double)percent / 100;
    return rv_ok();
}

/* ---- reading ---- */

rv_status mapping_look(struct mapping *m)
{
    struct form_declared declared;
    RV_TRY(answers_form(&m->options, &declared, m->err));
    RV_TRY(sample_read(m->a, m->path, &declared, &m->session->progress, &m->sampled, m->err));
    RV_TRY(facts_find(m->a, m->lexicon, &m->sampled.sample, &m->facts, m->err));
    m->options.form = &m->sampled.form;
    m->options.answers = m->answers;
    return rv_ok();
}

rv_status mapping_propose(struct mapping *m)
{
    return suggest_propose(m->a, m->lexicon, &m->sampled.sample, m->facts, &m->options,
                           &m->proposal, m->err);
}

static rv_status refuse_members(struct mapping *m, const struct question *q)
{
    const char *list = "";
    for (size_t i = 0; i < q->choice_count && list; i++) {
        list = arena_printf(m->a, "%s%s--answer \"member=%.200s\"", list, i ? " or " : "",
                            q->choices[i].value);
    }
    return list ? rv_fail(m->err, RV_REFUSED,
                          "%s holds several tables: say which one to look at, with %.1500s",
                          m->options.file_name, list)
                : arena_fail(m->a, m->err);
}

/* One table of an archive is looked at: the only one, or the one that a person names. */
static rv_status choose_member(struct mapping *m)
{
    struct form_declared none = {.encoding = NULL};
    struct form form;
    if (answer_to(&m->options, "member") || !archive_is_one(m->path)) {
        return rv_ok();
    }
    RV_TRY(form_detect(m->a, m->path, &none, &form, m->err));
    struct choice *choices = ARENA_NEW(m->a, struct choice, form.members.count + 1);
    struct question q = {.text = "The archive holds several tables. Which one is meant?",
                         .choices = choices,
                         .usual = SUGGEST_NONE};
    if (form.format != FORM_ARCHIVE) {
        return rv_ok(); /* a workbook */
    }
    if (!choices) {
        return arena_fail(m->a, m->err);
    }
    for (size_t i = 0; i < form.members.count; i++) {
        const struct zip_member *member = &form.members.members[i];
        if (!member->is_folder && !member->unreadable) {
            choices[q.choice_count++] = (struct choice){member->name, member->name};
        }
    }
    if (q.choice_count == 0) {
        return rv_fail(m->err, RV_INVALID, "%s holds no table that can be read", m->path);
    }
    const char *chosen = choices[0].value;
    if (q.choice_count != 1 && !m->is_dialogue) {
        return refuse_members(m, &q);
    }
    if (q.choice_count != 1) {
        RV_TRY(dialogue_ask(m->session, &q, &chosen, m->err));
    }
    m->is_stopped = !chosen || chosen == DIALOGUE_BACK;
    RV_TRY(m->is_stopped ? rv_ok() : mapping_answer(m, "member", chosen));
    m->given = m->options.answer_count;
    return rv_ok();
}

/* A file that a profile of the program knows needs no mapping. */
static rv_status find_known(struct mapping *m, const struct profile **ret)
{
    *ret = NULL;
    if (args_has(&m->session->args, "afresh") || answer_to(&m->options, "kind")) {
        return rv_ok();
    }
    return sample_known(m->a, &m->sampled.sample, NULL, 0, ret, m->err);
}

static rv_status say_known(struct mapping *m, const struct profile *known)
{
    struct session *s = m->session;
    if (s->is_json) {
        struct json_writer j;
        json_writer_init(&j, &s->out, true);
        json_put_object(&j, NULL);
        json_put_string(&j, "file", m->file.name);
        json_put_string(&j, "known_as", known->id);
        json_end_object(&j);
        return rv_ok();
    }
    buf_printf(&s->out,
               "%s is known: \"reeve import\" reads it by the profile %s (%s). There is nothing to "
               "map. To map it all the same, add --afresh.\n",
               m->file.name, known->id, known->title);
    return rv_ok();
}

/* ---- results ---- */

void mapping_say(struct mapping *m)
{
    if (m->has_details) {
        say_proposal(&m->file, &m->proposal, &m->session->out);
    } else {
        say_brief(&m->file, &m->proposal, &m->session->out);
    }
}

rv_status mapping_preview(struct mapping *m, const struct profile *profile, struct json_writer *j)
{
    struct preview preview;
    progress_show(&m->session->progress);
    rv_status status = preview_run(m->a, m->path, &m->sampled.form, profile, &m->session->progress,
                                   &preview, m->err);
    progress_hide();
    RV_TRY(status);
    m->session->needs_attention |= preview.quarantined > 0 || preview.is_refused;
    if (j) {
        json_preview(&preview, j);
    } else {
        say_preview(&preview, !m->has_details, &m->session->out);
    }
    return rv_ok();
}

static rv_status check_new(struct mapping *m, const char *path)
{
    if (access(path, F_OK) != 0) {
        return rv_ok();
    }
    return rv_fail(m->err, RV_REFUSED,
                   "%s is already there and was left as it is; give --out another name, or remove "
                   "it first",
                   path);
}

rv_status mapping_write(struct mapping *m, const struct profile *profile, const char *path)
{
    RV_CLEANUP(buf_done) struct buf json;
    buf_init(&json, LIMIT_JSON_BYTES);
    RV_TRY(check_new(m, path));
    profile_write(profile, &json);
    RV_TRY(buf_status(&json, m->err));
    /* What was written must be what an import reads. */
    struct profile again;
    RV_TRY(profile_parse(m->a, path, buf_view(&json), &again, m->err));
    return file_write(path, buf_view(&json), m->err);
}

/* An option that a shell takes as it stands. */
static void put_quoted(struct buf *out, const char *key, const char *value)
{
    const char *const parts[] = {key, "=", value};
    buf_text(out, " --answer '");
    for (size_t i = 0; i < 3; i++) {
        for (const char *c = parts[i]; *c; c++) {
            buf_text(out, *c == '\'' ? "'\\'" : "");
            buf_char(out, *c);
            buf_text(out, *c == '\'' ? "'" : "");
        }
    }
    buf_char(out, '\'');
}

void mapping_say_written(struct mapping *m, const char *path)
{
    struct buf *out = &m->session->out;
    buf_printf(out,
               "\nWritten: %s. Import the file with:\n  reeve import FILE.reeve %s --profile %s\n",
               path, m->path, path);
    if (!m->is_dialogue || m->options.answer_count == 0) {
        return;
    }
    buf_printf(
        out, "The same without questions, for a script:\n  reeve map-columns %s --yes --least %.0f",
        m->path, 100 * m->options.least);
    for (size_t i = 0; i < m->options.answer_count; i++) {
        put_quoted(out, m->answers[i].key, m->answers[i].value);
    }
    buf_printf(out, " --out %s\n", path);
}

/* The proposal is printed whatever comes of it: what fails afterwards is said on standard error. */
static rv_status run_script(struct mapping *m)
{
    struct session *s = m->session;
    struct profile profile;
    struct json_writer writer, *j = s->is_json ? &writer : NULL;
    const char *path = args_get(&s->args, "out");
    json_writer_init(&writer, &s->out, true);
    if (j) {
        json_put_object(j, NULL);
        json_proposal(&m->file, &m->proposal, j);
    } else {
        mapping_say(m);
    }
    rv_status status = suggest_profile(m->a, &m->proposal, &m->options, &profile, m->err);
    if (rv_is_ok(status)) {
        status = mapping_preview(m, &profile, j);
    }
    bool is_accepted = args_has(&s->args, "yes") || m->given > 0;
    if (rv_is_ok(status) && path && !is_accepted) {
        status = rv_fail(m->err, RV_REFUSED,
                         "nobody has looked at the proposal, so nothing was written: add --yes to "
                         "take what is at least %.0f%% sure, or give answers",
                         100 * m->options.least);
    }
    if (rv_is_ok(status) && path) {
        status = mapping_write(m, &profile, path);
    }
    bool is_written = rv_is_ok(status) && path;
    if (j) {
        json_put_string(j, "written", is_written ? path : NULL);
        json_end_object(j);
    } else if (is_written) {
        mapping_say_written(m, path);
    }
    return status;
}

rv_status run_map_columns(struct session *session, struct rv_err *reterr)
{
    struct mapping m = {.session = session,
                        .a = &session->arena,
                        .path = session->args.positional[0],
                        .err = reterr};
    const struct profile *known;
    m.answers = ARENA_NEW(m.a, struct answer, MOST_ANSWERS);
    if (!m.answers) {
        return arena_fail(m.a, reterr);
    }
    m.options.answers = m.answers;
    m.options.file_name = file_base_name(m.path);
    m.file = (struct told_file){m.options.file_name, &m.sampled};
    RV_TRY(read_answers(&m));
    RV_TRY(read_least(&m));
    m.given = m.options.answer_count;
    m.has_details = args_has(&session->args, "details");
    const char *out = args_get(&session->args, "out");
    RV_TRY(out ? check_new(&m, out) : rv_ok()); /* before any question is asked */
    RV_TRY(lexicon_load(m.a, &m.lexicon, reterr));
    m.is_dialogue = dialogue_is_possible() && !session->is_json;
    RV_TRY(choose_member(&m));
    if (m.is_stopped) {
        buf_text(&session->out, "\nStopped: nothing was written.\n");
        session->needs_attention = true;
        return rv_ok();
    }
    RV_TRY(mapping_look(&m));
    RV_TRY(find_known(&m, &known));
    if (known) {
        return say_known(&m, known);
    }
    RV_TRY(mapping_propose(&m));
    return m.is_dialogue ? mapping_dialogue(&m) : run_script(&m);
}
