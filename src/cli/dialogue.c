/* cli/dialogue.c — one question, one line, one answer.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli/dialogue.h"

#include "base/parse.h"
#include "ingest/suggest_say.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define LINE_BYTES 1024

const char DIALOGUE_BACK[] = "b";

bool dialogue_is_possible(void)
{
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* Waits for a byte. Looked at ten times a second, because a Ctrl-C may come just before the wait.
 */
static rv_status wait_for_input(struct session *session, struct rv_err *reterr)
{
    struct pollfd waited = {.fd = STDIN_FILENO, .events = POLLIN};
    for (;;) {
        RV_TRY(progress_check(&session->progress, reterr));
        if (poll(&waited, 1, 100) > 0) {
            return rv_ok();
        }
    }
}

rv_status dialogue_line(struct session *session, const char **ret, struct rv_err *reterr)
{
    char line[LINE_BYTES];
    size_t n = 0;
    progress_hide(); /* no line is drawn over while somebody types */
    RV_TRY(session_flush(session, reterr));
    for (char c = 0; c != '\n';) {
        RV_TRY(wait_for_input(session, reterr));
        ssize_t got = read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return rv_fail(reterr, RV_REFUSED,
                           "the input ended before the questions were answered; nothing was "
                           "written. Give the answers with --answer KEY=VALUE");
        }
        if (c != '\n' && n + 1 < sizeof line) {
            line[n++] = c;
        }
    }
    struct text typed = text_trim((struct text){line, text_utf8_valid((struct text){line, n})});
    *ret = arena_text(&session->arena, typed.n ? typed.at : "", typed.n);
    return *ret ? rv_ok() : arena_fail(&session->arena, reterr);
}

/* NULL when the line is no answer to the question. */
static const char *answer_of(const struct question *q, const char *line)
{
    int64_t number;
    if (!*line) {
        return q->usual < q->choice_count ? q->choices[q->usual].value : NULL;
    }
    bool is_number = q->choice_count && parse_int(text_of(line), &number);
    if (is_number && number >= 1 && number <= (int64_t)q->choice_count) {
        return q->choices[number - 1].value;
    }
    for (size_t i = 0; i < q->choice_count; i++) {
        if (text_equal_nocase(text_of(q->choices[i].value), text_of(line))) {
            return q->choices[i].value;
        }
    }
    /* A slip beside the numbers of the list is no value; a year is. */
    bool is_slip = is_number && number >= 0 && number < 100;
    return q->is_free && !is_slip ? line : NULL;
}

static void put_prompt(const struct question *q, struct buf *out)
{
    buf_text(out, q->choice_count == 0 ? "Your answer"
                  : q->is_free         ? "Number, or your own answer"
                                       : "Number");
    if (q->usual < q->choice_count) {
        buf_printf(out, " [%zu]", q->usual + 1);
    }
    buf_text(out, ": ");
}

rv_status dialogue_ask(struct session *session, const struct question *q, const char **ret,
                       struct rv_err *reterr)
{
    struct buf *out = &session->out;
    say_question(q, out);
    for (;;) {
        const char *line;
        put_prompt(q, out);
        RV_TRY(dialogue_line(session, &line, reterr));
        if (strcmp(line, "q") == 0 || strcmp(line, "b") == 0) {
            *ret = *line == 'b' ? DIALOGUE_BACK : NULL;
            return rv_ok();
        }
        const char *answer = answer_of(q, line);
        if (answer) {
            *ret = answer;
            return rv_ok();
        }
        if (*line) {
            buf_printf(out, "\"%s\" is none of the answers.\n", line);
        } else {
            buf_text(out, "This one has no usual answer.\n");
        }
    }
}
