/* fuzz/replay.c — runs a fuzz target once on every file of the folders named, without libFuzzer.
 *
 * Each input is copied to memory of exactly its size, so that a sanitizer sees any read past it.
 * The empty input is always run too. The first folder must have files: a replay of nothing proves
 * nothing; the others may be absent.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_INPUT ((size_t)64 << 20)

static void run(struct text input)
{
    uint8_t *copy = memory_new(input.n, 1);
    FUZZ_REQUIRE(copy);
    if (input.n) {
        memcpy(copy, input.at, input.n);
    }
    FUZZ_REQUIRE(LLVMFuzzerTestOneInput(copy, input.n) == 0);
    memory_free(copy);
}

static int is_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void run_file(const char *folder, const char *name)
{
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/%s", folder, name);
    FUZZ_REQUIRE(n > 0 && (size_t)n < sizeof path);
    RV_CLEANUP(buf_done) struct buf bytes;
    buf_init(&bytes, MOST_INPUT);
    struct rv_err err;
    if (!rv_is_ok(file_read(path, &bytes, &err))) {
        (void)fprintf(stderr, "%s\n", err.message);
        exit(EXIT_FAILURE);
    }
    (void)fprintf(stderr, "%s\n", path); /* the last line before a crash names its input */
    run(buf_view(&bytes));
}

/* Number of files run, in the order of their names; 0 when there is no such folder. */
static int run_folder(const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_file, alphasort);
    for (int i = 0; i < count; i++) {
        run_file(folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return count > 0 ? count : 0;
}

int main(int arg_count, char **args)
{
    run((struct text){NULL, 0});
    for (int i = 1; i < arg_count; i++) {
        if (run_folder(args[i]) == 0 && i == 1) {
            (void)fprintf(stderr, "no inputs in %s\n", args[i]);
            return EXIT_FAILURE;
        }
    }
    return EXIT_SUCCESS;
}
