/* cli/method.c — method: list the statistics, show one with its card, run one on a file.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli/commands.h"
#include "method/registry.h"
#include "report/method_card.h"

#include <string.h>

/* "NAME=FILE" when NAME is an input of the method, else a path. */
static struct method_file file_of(struct arena *a, const struct method *m, const char *word)
{
    const char *equals = strchr(word, '=');
    for (const struct method_input *in = m->inputs; equals && in->name; in++) {
        if (strlen(in->name) == (size_t)(equals - word) &&
            strncmp(in->name, word, (size_t)(equals - word)) == 0) {
            return (struct method_file){.input = arena_text(a, word, (size_t)(equals - word)),
                                        .path = equals + 1};
        }
    }
    return (struct method_file){.path = word};
}

static rv_status run_one(struct session *session, const struct method *m, struct rv_err *reterr)
{
    const char *in[MOST_VALUES], *opt[MOST_VALUES];
    struct method_file files[MOST_VALUES];
    struct method_word words[MOST_VALUES];
    size_t file_count = args_all(&session->args, "in", in, MOST_VALUES);
    size_t word_count = args_all(&session->args, "opt", opt, MOST_VALUES);
    for (size_t i = 0; i < file_count; i++) {
        files[i] = file_of(&session->arena, m, in[i]);
    }
    for (size_t i = 0; i < word_count; i++) {
        const char *equals = strchr(opt[i], '=');
        if (!equals) {
            return rv_fail(reterr, RV_USAGE, "--opt takes NAME=VALUE, not '%s'", opt[i]);
        }
        words[i] = (struct method_word){
            arena_text(&session->arena, opt[i], (size_t)(equals - opt[i])), equals + 1};
        if (!words[i].name) {
            return arena_fail(&session->arena, reterr);
        }
    }
    return method_run(&session->arena, m, files, file_count, words, word_count, &session->out,
                      reterr);
}

static void show(struct session *session, const struct method *m)
{
    if (session->is_json) {
        method_show_json(m, &session->out);
        return;
    }
    buf_slice(&session->out, method_card(method_card_name(m)));
    buf_text(&session->out, "\n## reeve method run\n");
    method_show_text(m, &session->out);
}

rv_status run_method(struct session *session, struct rv_err *reterr)
{
    const char *verb = session->args.positional[0];
    bool has_name = session->args.positional_count == 2;
    if (strcmp(verb, "list") == 0 && !has_name) {
        (session->is_json ? method_list_json : method_list_text)(&session->out);
        return rv_ok();
    }
    bool is_run = strcmp(verb, "run") == 0;
    if ((!is_run && strcmp(verb, "show") != 0) || !has_name) {
        return rv_fail(reterr, RV_USAGE,
                       "'reeve method' takes: list, show NAME, or run NAME --in FILE");
    }
    const struct method *m;
    RV_TRY(method_find(session->args.positional[1], &m, reterr));
    if (is_run) {
        return run_one(session, m, reterr);
    }
    show(session, m);
    return rv_ok();
}
