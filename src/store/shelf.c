/* store/shelf.c — columns of extracts kept in memory for a command that scans them many times.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/internal.h"
#include "store/scan_internal.h"

#include <string.h>

struct shelved_column {
    struct scan_column column;
    struct shelved_column *next;
};

struct shelved_extract {
    struct extract_scan rows; /* without columns */
    struct shelved_column *columns;
    struct shelved_extract *next;
};

struct extract_shelf {
    struct store *store;
    struct arena *arena;
    struct shelved_extract *extracts;
};

rv_status extract_shelf_make(struct store *s, struct arena *a, struct extract_shelf **ret,
                             struct rv_err *reterr)
{
    struct extract_shelf *shelf = ARENA_NEW(a, struct extract_shelf, 1);
    if (!shelf) {
        return arena_fail(a, reterr);
    }
    *shelf = (struct extract_shelf){.store = s, .arena = a};
    *ret = shelf;
    return rv_ok();
}

static rv_status find_extract(struct extract_shelf *shelf, int64_t extract,
                              struct shelved_extract **ret, struct rv_err *reterr)
{
    struct shelved_extract *x = shelf->extracts;
    while (x && x->rows.extract != extract) {
        x = x->next;
    }
    if (!x) {
        x = ARENA_NEW(shelf->arena, struct shelved_extract, 1);
        if (!x) {
            return arena_fail(shelf->arena, reterr);
        }
        *x = (struct shelved_extract){.rows.extract = extract, .next = shelf->extracts};
        RV_TRY(scan_load_rows(shelf->store, shelf->arena, &x->rows, 0, reterr));
        shelf->extracts = x;
    }
    *ret = x;
    return rv_ok();
}

static rv_status find_column(struct extract_shelf *shelf, struct shelved_extract *x,
                             const char *name, struct scan_column *ret, struct rv_err *reterr)
{
    struct shelved_column *c = x->columns;
    while (c && strcmp(c->column.name, name) != 0) {
        c = c->next;
    }
    if (!c) {
        c = ARENA_NEW(shelf->arena, struct shelved_column, 1);
        if (!c) {
            return arena_fail(shelf->arena, reterr);
        }
        RV_TRY(scan_load_column(shelf->store, shelf->arena, &x->rows, name, &c->column, reterr));
        c->next = x->columns;
        x->columns = c;
    }
    *ret = c->column;
    return rv_ok();
}

rv_status extract_shelf_scan(struct extract_shelf *shelf, struct arena *a, int64_t extract,
                             const char *const *names, size_t count, struct extract_scan **ret,
                             struct rv_err *reterr)
{
    struct extract_scan *scan = ARENA_NEW(a, struct extract_scan, 1);
    struct scan_column *columns = ARENA_NEW(a, struct scan_column, count);
    if (!scan || !columns) {
        return arena_fail(a, reterr);
    }
    RV_TRY(store_snapshot(shelf->store, reterr));
    RV_CLEANUP(store_snapshot_endp) struct store *snapshot = shelf->store;
    struct shelved_extract *x = NULL;
    RV_TRY(find_extract(shelf, extract, &x, reterr));
    for (size_t i = 0; i < count; i++) {
        RV_TRY(find_column(shelf, x, names[i], &columns[i], reterr));
    }
    *scan = x->rows;
    scan->columns = columns;
    scan->count = count;
    *ret = scan;
    return rv_ok();
}
