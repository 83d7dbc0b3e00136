/* cli/args.c — options by table over getopt_long, and the help made from the same table.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli/command.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const struct option_spec common_options[] = {
    {"json", NULL, "print the result as JSON"},
    {"threads", "N", "threads to use (default: all processors); never changes a result"},
    {"help", NULL, "show this help"},
    {NULL, NULL, NULL},
};

const char *args_get(const struct args *args, const char *name)
{
    const char *found = NULL;
    for (size_t i = 0; i < args->value_count; i++) {
        if (strcmp(args->values[i].name, name) == 0) {
            found = args->values[i].value;
        }
    }
    return found;
}

bool args_has(const struct args *args, const char *name)
{
    return args_get(args, name) != NULL;
}

size_t args_all(const struct args *args, const char *name, const char **ret, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < args->value_count; i++) {
        if (strcmp(args->values[i].name, name) == 0 && n < most) {
            ret[n++] = args->values[i].value;
        }
    }
    return n;
}

/* The options of a command and the common ones as getopt_long wants them. */
static size_t collect(const struct command *command, struct option *ret,
                      const struct option_spec **specs)
{
    size_t n = 0;
    const struct option_spec *const tables[] = {command->options, common_options};
    for (size_t t = 0; t < 2; t++) {
        for (const struct option_spec *o = tables[t]; o && o->name && n < MOST_OPTIONS; o++) {
            specs[n] = o;
            ret[n] = (struct option){o->name, o->placeholder ? required_argument : no_argument,
                                     NULL, (int)n};
            n++;
        }
    }
    ret[n] = (struct option){NULL, 0, NULL, 0};
    return n;
}

static rv_status check_positionals(const struct command *command, const struct args *args,
                                   struct rv_err *reterr)
{
    if (args->positional_count < command->least || args->positional_count > command->most) {
        return rv_fail(reterr, RV_USAGE,
                       "'reeve %s' takes %s (see 'reeve %s --help', for example: %s)",
                       command->name, command->arguments, command->name, command->example);
    }
    return rv_ok();
}

rv_status args_parse(const struct command *command, int argc, char **argv, struct args *ret,
                     struct rv_err *reterr)
{
    struct option options[MOST_OPTIONS + 1];
    const struct option_spec *specs[MOST_OPTIONS];
    size_t count = collect(command, options, specs);
    *ret = (struct args){0};
    opterr = 0;
    optind = 0; /* GNU: start anew */
    for (;;) {
        int at = getopt_long(argc, argv, ":", options, NULL); /* NOLINT(concurrency-mt-unsafe) */
        if (at == -1) {
            break;
        }
        if (at == ':' || at == '?') {
            const char *word = argv[optind - 1];
            return rv_fail(reterr, RV_USAGE, "'%s' %s (see 'reeve %s --help')", word,
                           at == ':' ? "needs a value" : "is not an option of this command",
                           command->name);
        }
        if ((size_t)at >= count || ret->value_count == MOST_VALUES) {
            return rv_fail(reterr, RV_USAGE, "too many options (at most %d)", MOST_VALUES);
        }
        ret->values[ret->value_count++] =
            (struct option_value){specs[at]->name, specs[at]->placeholder ? optarg : ""};
    }
    ret->positional = (const char *const *)argv + optind;
    ret->positional_count = (size_t)(argc - optind);
    return args_has(ret, "help") ? rv_ok() : check_positionals(command, ret, reterr);
}

void command_help(const struct command *command, struct buf *out)
{
    buf_printf(out, "reeve %s %s\n\n%s\n\n", command->name, command->arguments, command->summary);
    const struct option_spec *const tables[] = {command->options, common_options};
    for (size_t t = 0; t < 2; t++) {
        for (const struct option_spec *o = tables[t]; o && o->name; o++) {
            char left[64];
            (void)snprintf(left, sizeof left, "--%s%s%s", o->name, o->placeholder ? " " : "",
                           o->placeholder ? o->placeholder : "");
            buf_printf(out, "  %-24s %s\n", left, o->help);
        }
    }
    if (command->more) {
        buf_printf(out, "\n%s\n", command->more);
    }
    buf_printf(out, "\nExample: %s\n", command->example);
}
