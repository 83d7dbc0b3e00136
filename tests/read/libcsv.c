/* tests/read/libcsv.c — libcsv, loaded at run time: it has a function csv_parse, as src/read has.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "libcsv.h"

#include <csv.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int is_never_space(unsigned char c)
{
    (void)c;
    return 0;
}

static int is_return(unsigned char c)
{
    return c == '\r';
}

static void find(void *library, const char *name, void *function, size_t n)
{
    void *found = library ? dlsym(library, name) : NULL;
    if (!found) {
        (void)fprintf(stderr, "libcsv.so.3 is not installed: install libcsv3\n");
        abort();
    }
    memcpy(function, &found, n); /* ISO C has no cast from an object to a function pointer */
}

static void on_cell(void *bytes, size_t n, void *context)
{
    const struct libcsv_calls *calls = context;
    calls->cell(calls->context, (struct text){bytes, n});
}

static void on_row(int end, void *context)
{
    const struct libcsv_calls *calls = context;
    (void)end;
    calls->row(calls->context);
}

bool libcsv_read(struct text bytes, char separator, bool is_cr_only,
                 const struct libcsv_calls *calls)
{
    __typeof__(&csv_init) init;
    __typeof__(&csv_parse) parse;
    __typeof__(&csv_fini) fini;
    __typeof__(&csv_free) done;
    __typeof__(&csv_set_delim) set_delim;
    __typeof__(&csv_set_space_func) set_space, set_term;
    static void *library; /* stays open; one thread only */
    library = library ? library : dlopen("libcsv.so.3", RTLD_NOW | RTLD_LOCAL);
    find(library, "csv_init", &init, sizeof init);
    find(library, "csv_parse", &parse, sizeof parse);
    find(library, "csv_fini", &fini, sizeof fini);
    find(library, "csv_free", &done, sizeof done);
    find(library, "csv_set_delim", &set_delim, sizeof set_delim);
    find(library, "csv_set_space_func", &set_space, sizeof set_space);
    find(library, "csv_set_term_func", &set_term, sizeof set_term);
    struct csv_parser p;
    if (init(&p, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        abort();
    }
    set_delim(&p, (unsigned char)separator);
    set_space(&p, is_never_space);
    if (is_cr_only) {
        set_term(&p, is_return);
    }
    void *context = (void *)(uintptr_t)calls;
    bool is_accepted = parse(&p, bytes.at, bytes.n, on_cell, on_row, context) == bytes.n &&
                       fini(&p, on_cell, on_row, context) == 0;
    done(&p);
    return is_accepted;
}
