/* synth/main.c — reeve-synth: the command line of the synthetic London.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/parse.h"
#include "synth/synth.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "reeve-synth OUT-DIR [--seed N] [--targets FILE] [--small | --scale X | --bench-rows N]\n"
    "\n"
    "Writes a synthetic London: boundaries, populations, look-ups, records of offences and "
    "persons\n"
    "that add up to given tables, street crime and wide monthly counts. The same seed gives the\n"
    "same bytes; another changes all that the tables leave free.\n"
    "\n"
    "  --seed N        a whole number; default 20240131\n"
    "  --targets FILE  tables to add up to, JSON; default: those of the strategy catalogue\n"
    "  --small         the detailed borough's profiles whole, one in fifty of all other offences,\n"
    "                  and 20,000 street rows instead of 250,000\n"
    "  --scale X       X times as many record-level offences (0.1 to 99); 1 gives 1.7 million\n"
    "  --bench-rows N  only one street file of N rows, for benchmarks\n"
    "\n"
    "Example: reeve-synth build/demo --small\n";

static rv_status number_after(int argc, char **argv, int *i, int64_t least, int64_t *ret,
                              struct rv_err *reterr)
{
    const char *option = argv[*i];
    int64_t value;
    if (++*i >= argc || !parse_int(text_of(argv[*i]), &value) || value < least) {
        return rv_fail(reterr, RV_USAGE, "%s needs a whole number from %lld", option,
                       (long long)least);
    }
    *ret = value;
    return rv_ok();
}

static rv_status word_after(int argc, char **argv, int *i, const char **ret, struct rv_err *reterr)
{
    const char *option = argv[*i];
    if (++*i >= argc) {
        return rv_fail(reterr, RV_USAGE, "%s needs a file", option);
    }
    *ret = argv[*i];
    return rv_ok();
}

static rv_status scale_after(int argc, char **argv, int *i, double *ret, struct rv_err *reterr)
{
    double value;
    if (++*i >= argc || !parse_real(text_of(argv[*i]), &value) || !(value >= 0.1 && value <= 99)) {
        return rv_fail(reterr, RV_USAGE, "--scale needs a number from 0.1 to 99");
    }
    *ret = value;
    return rv_ok();
}

static rv_status read_options(int argc, char **argv, struct synth_options *options,
                              struct rv_err *reterr)
{
    for (int i = 1; i < argc; i++) {
        int64_t seed;
        if (strcmp(argv[i], "--seed") == 0) {
            RV_TRY(number_after(argc, argv, &i, 0, &seed, reterr));
            options->seed = (uint64_t)seed;
        } else if (strcmp(argv[i], "--bench-rows") == 0) {
            RV_TRY(number_after(argc, argv, &i, 1, &options->bench_rows, reterr));
        } else if (strcmp(argv[i], "--small") == 0) {
            options->scale = SYNTH_SMALL;
            options->thin = SYNTH_THIN;
        } else if (strcmp(argv[i], "--targets") == 0) {
            RV_TRY(word_after(argc, argv, &i, &options->targets, reterr));
        } else if (strcmp(argv[i], "--scale") == 0) {
            RV_TRY(scale_after(argc, argv, &i, &options->layers, reterr));
        } else if (argv[i][0] == '-' || options->dir) {
            return rv_fail(reterr, RV_USAGE, "\"%s\" is not understood: see reeve-synth --help",
                           argv[i]);
        } else {
            options->dir = argv[i];
        }
    }
    return options->dir ? rv_ok()
                        : rv_fail(reterr, RV_USAGE, "which folder? See reeve-synth --help");
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        (void)fputs(help, stdout);
        return 0;
    }
    struct synth_options options = {.seed = SYNTH_SEED, .scale = 1, .layers = 1, .thin = 1};
    struct rv_err err;
    rv_status status = read_options(argc, argv, &options, &err);
    if (rv_is_ok(status)) {
        status = synth_run(&options, &err);
    }
    if (!rv_is_ok(status)) {
        (void)fprintf(stderr, "reeve-synth: %s\n", err.message);
    }
    return rv_code_exit(status.code);
}
