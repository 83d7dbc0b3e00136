/* cli/main.c — finds the command, runs it, reports once, exits with the status of the contract.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "cli/convert.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static struct session session;

static void on_stop_signal(int number)
{
    (void)number;
    progress_cancel(&session.progress);
}

/* Ctrl-C and a polite kill ask the job to stop; a second one stops the program at once, which is
 * as safe: nothing is half-written at any moment. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_stop_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static void general_help(struct buf *out)
{
    buf_text(out, "reeve: the workbench of a Community Safety Partnership, version " REEVE_VERSION
                  "\n\nreeve COMMAND FILE … where FILE is the partnership file (*.reeve)\n\n");
    for (const struct command *c = commands; c->name; c++) {
        buf_printf(out, "  %-12s %s\n", c->name, c->summary);
    }
    buf_text(out, "\n'reeve COMMAND --help' explains one command with an example.\n"
                  "Exit status: 0 done; 1 done, but something needs attention; 2 wrong use;\n"
                  "3 bad input; 4 the file is damaged or in use; 5 out of a resource.\n");
}

static const struct command *find_command(const char *name)
{
    for (const struct command *c = commands; c->name; c++) {
        if (strcmp(c->name, name) == 0) {
            return c;
        }
    }
    return NULL;
}

static rv_status run_command(const struct command *command, int argc, char **argv,
                             struct rv_err *reterr)
{
    RV_TRY(args_parse(command, argc, argv, &session.args, reterr));
    if (args_has(&session.args, "help")) {
        command_help(command, &session.out);
        return rv_ok();
    }
    if (convert_is_wanted(&session.args)) { /* while there is one thread and no open file */
        RV_TRY(run_start(&session.helper, reterr));
    }
    session.is_json = args_has(&session.args, "json");
    progress_show(&session.progress);
    rv_status status = command->run(&session, reterr);
    progress_hide();
    return status;
}

static int finish(rv_status status, const struct rv_err *err)
{
    (void)fwrite(session.notes.bytes ? session.notes.bytes : "", 1, session.notes.n, stderr);
    if (!rv_is_ok(status)) {
        (void)fprintf(stderr, "reeve: %s\n", err->message);
        return rv_code_exit(status.code);
    }
    return session.needs_attention ? 1 : 0;
}

int main(int argc, char **argv)
{
    arena_init(&session.arena, LIMIT_ARENA_BYTES);
    buf_init(&session.out, LIMIT_ARENA_BYTES);
    buf_init(&session.notes, LIMIT_REPORT_BYTES);
    catch_signals();
    struct rv_err err = {.code = RV_OK};
    rv_status status = rv_ok();
    const char *name = argc > 1 ? argv[1] : "--help";
    const struct command *command = find_command(name);
    if (command) {
        status = run_command(command, argc - 1, argv + 1, &err);
    } else if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
        general_help(&session.out);
    } else if (strcmp(name, "--version") == 0) {
        buf_text(&session.out, "reeve " REEVE_VERSION "\n");
    } else {
        status =
            rv_fail(&err, RV_USAGE, "there is no command '%s'; 'reeve --help' lists them", name);
    }
    /* What was printed before a failure is still worth reading (an import of several files). */
    struct rv_err flush_err = {.code = RV_OK};
    rv_status flushed = session_flush(&session, &flush_err);
    if (rv_is_ok(status) && !rv_is_ok(flushed)) {
        status = flushed;
        err = flush_err;
    }
    int exit_status = finish(status, &err);
    pool_close(session.pool);
    run_stop(session.helper);
    buf_done(&session.notes);
    buf_done(&session.out);
    arena_done(&session.arena);
    return exit_status;
}
