/* cli/map_dialogue.c — map-columns on a terminal: question by question, preview, and the last word.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli/dialogue.h"
#include "cli/mapping.h"

#include <unistd.h>

static bool is_about_bytes(const char *key)
{
    return strcmp(key, "encoding") == 0 || strcmp(key, "separator") == 0 ||
           strcmp(key, "sheet") == 0 || strcmp(key, "line_end") == 0;
}

/* Proposes anew after the answers changed. */
static rv_status renew(struct mapping *m, const char *key)
{
    RV_TRY(is_about_bytes(key) ? mapping_look(m) : rv_ok());
    return mapping_propose(m);
}

/* Adds the answer unless it does not fit: then that is said and nothing changes. */
static rv_status try_answer(struct mapping *m, const char *key, const char *value)
{
    RV_TRY(mapping_answer(m, key, value));
    rv_status status = renew(m, key);
    if (status.code == RV_USAGE || status.code == RV_INVALID) {
        buf_printf(&m->session->out, "%s\n", m->err->message);
        m->options.answer_count--;
        return renew(m, key);
    }
    return status;
}

static rv_status go_back(struct mapping *m)
{
    if (m->options.answer_count == m->given) {
        buf_text(&m->session->out, "This is the first question.\n");
        return rv_ok();
    }
    m->options.answer_count--;
    return renew(m, m->answers[m->options.answer_count].key);
}

static rv_status ask_one(struct mapping *m, const struct question *q, size_t left)
{
    const char *answer;
    const struct kind *before = m->proposal.kind;
    size_t asked = m->options.answer_count - m->given;
    buf_printf(&m->session->out, "\n[%zu of %zu] ", asked + 1, asked + left);
    RV_TRY(dialogue_ask(m->session, q, &answer, m->err));
    if (!answer) {
        m->is_stopped = true;
        return rv_ok();
    }
    RV_TRY(answer == DIALOGUE_BACK ? go_back(m) : try_answer(m, q->key, answer));
    if (m->proposal.kind != before) {
        buf_char(&m->session->out, '\n');
        mapping_say(m);
    }
    return rv_ok();
}

/* With --yes only what the file cannot tell is asked. */
static rv_status ask_all(struct mapping *m)
{
    bool is_yes = args_has(&m->session->args, "yes");
    while (!m->is_stopped) {
        const struct question *next = NULL;
        size_t left = 0;
        for (size_t i = 0; i < m->proposal.question_count; i++) {
            const struct question *q = &m->proposal.questions[i];
            bool is_asked = q->is_hard || !is_yes;
            next = !next && is_asked ? q : next;
            left += is_asked;
        }
        if (!next) {
            return rv_ok();
        }
        RV_TRY(ask_one(m, next, left));
    }
    return rv_ok();
}

static rv_status ask_change(struct mapping *m)
{
    static const struct choice NONE[1];
    const char *key, *value;
    struct question which = {.text = "Which of your columns, or of Reeve's?",
                             .choices = NONE,
                             .usual = SUGGEST_NONE,
                             .is_free = true};
    struct question what = {.text = "What is it? One of Reeve's columns (or of yours), a layout "
                                    "such as DD/MM/YYYY, or drop.",
                            .choices = NONE,
                            .usual = SUGGEST_NONE,
                            .is_free = true};
    RV_TRY(dialogue_ask(m->session, &which, &key, m->err));
    if (key && key != DIALOGUE_BACK) {
        RV_TRY(dialogue_ask(m->session, &what, &value, m->err));
        if (value && value != DIALOGUE_BACK) {
            RV_TRY(try_answer(m, key, value));
        }
    }
    buf_char(&m->session->out, '\n');
    mapping_say(m);
    return ask_all(m);
}

/* --out, or a name beside the work of before: crimes.json, crimes-2.json, … */
static const char *free_path(struct mapping *m)
{
    const char *path = args_get(&m->session->args, "out");
    if (path) {
        return path;
    }
    path = arena_printf(m->a, "%s.json", m->proposal.name);
    for (int i = 2; path && i < 1000 && access(path, F_OK) == 0; i++) {
        path = arena_printf(m->a, "%s-%d.json", m->proposal.name, i);
    }
    return path;
}

static rv_status ask_last(struct mapping *m, const char *path, const char **ret)
{
    struct choice choices[] = {{"write", arena_printf(m->a, "write the profile to %s", path)},
                               {"change", "change a column"},
                               {"details", "show every value and every reason"},
                               {"stop", "stop: nothing is written"}};
    struct question q = {.text = "What now?", .choices = choices, .choice_count = 4, .usual = 0};
    if (!choices[0].label) {
        return arena_fail(m->a, m->err);
    }
    buf_char(&m->session->out, '\n');
    return dialogue_ask(m->session, &q, ret, m->err);
}

/* One look at what would come of it, and what to do then. */
static rv_status finish(struct mapping *m)
{
    struct profile profile;
    const char *path = free_path(m), *what = "write";
    RV_TRY(path ? suggest_profile(m->a, &m->proposal, &m->options, &profile, m->err)
                : arena_fail(m->a, m->err));
    RV_TRY(mapping_preview(m, &profile, NULL));
    if (!args_has(&m->session->args, "yes")) {
        RV_TRY(ask_last(m, path, &what));
    }
    m->is_stopped = !what || strcmp(what, "stop") == 0;
    if (m->is_stopped) {
        return rv_ok();
    }
    if (what == DIALOGUE_BACK) {
        RV_TRY(go_back(m));
        return ask_all(m);
    }
    if (strcmp(what, "change") == 0) {
        return ask_change(m);
    }
    if (strcmp(what, "details") == 0) {
        say_proposal(&m->file, &m->proposal, &m->session->out);
        return rv_ok();
    }
    RV_TRY(mapping_write(m, &profile, path));
    mapping_say_written(m, path);
    m->is_written = true;
    return rv_ok();
}

rv_status mapping_dialogue(struct mapping *m)
{
    struct buf *out = &m->session->out;
    buf_char(out, '\n');
    mapping_say(m);
    if (m->proposal.question_count) {
        buf_text(out, "\nEnter takes the answer in [brackets]; b goes back; q stops, and nothing "
                      "is written.\n");
    }
    RV_TRY(ask_all(m));
    while (!m->is_stopped && !m->is_written) {
        m->session->needs_attention = false; /* what counts is the last preview */
        RV_TRY(finish(m));
    }
    if (m->is_stopped) {
        buf_text(out, "\nStopped: nothing was written.\n");
        m->session->needs_attention = true;
    }
    return rv_ok();
}
