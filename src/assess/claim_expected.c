/* assess/claim_expected.c — the claims of a CSV. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/claim.h"
#include "base/file.h"
#include "read/csv_rows.h"

#include <string.h>

enum { CLAIM_ID, CLAIM_VALUE, CLAIM_KIND, CLAIM_NOTES, CLAIM_NEEDS, CLAIM_COLUMNS };
static const char *const NAMES[CLAIM_COLUMNS] = {"claim_id", "value", "kind", "notes", "needs"};

struct reading {
    struct arena *a;
    const char *file;
    size_t columns[CLAIM_COLUMNS]; /* SIZE_MAX = not there */
    bool has_header;
    struct claim_expected *list;
    size_t count, capacity;
};

static rv_status take_header(struct reading *r, const struct text *cells, size_t n,
                             struct rv_err *reterr)
{
    for (size_t k = 0; k < CLAIM_COLUMNS; k++) {
        r->columns[k] = SIZE_MAX;
        for (size_t i = 0; i < n; i++) {
            r->columns[k] = text_is(text_trim(cells[i]), NAMES[k]) ? i : r->columns[k];
        }
    }
    /* The output of `reeve claims` itself has "expected" where a catalogue has "value". */
    for (size_t i = 0; i < n && r->columns[CLAIM_VALUE] == SIZE_MAX; i++) {
        r->columns[CLAIM_VALUE] = text_is(text_trim(cells[i]), "expected") ? i : SIZE_MAX;
    }
    r->has_header = true;
    return r->columns[CLAIM_ID] != SIZE_MAX && r->columns[CLAIM_VALUE] != SIZE_MAX
               ? rv_ok()
               : rv_fail(reterr, RV_INVALID,
                         "%s line 1: claims need the columns claim_id and value (or expected)",
                         r->file);
}

static rv_status take_row(struct reading *r, const struct text *cells, size_t n, int64_t line,
                          struct rv_err *reterr)
{
    const char *parts[CLAIM_COLUMNS];
    for (size_t k = 0; k < CLAIM_COLUMNS; k++) {
        bool is_there = r->columns[k] != SIZE_MAX && r->columns[k] < n;
        struct text t = is_there ? text_trim(cells[r->columns[k]]) : (struct text){"", 0};
        parts[k] = arena_text(r->a, t.at ? t.at : "", t.n);
        if (!parts[k]) {
            return arena_fail(r->a, reterr);
        }
    }
    if (!parts[CLAIM_ID][0]) {
        return rv_fail(reterr, RV_INVALID, "%s line %lld: claim_id is empty", r->file,
                       (long long)line);
    }
    if (r->count == r->capacity) {
        r->capacity = r->capacity * 2 + 256;
        struct claim_expected *more = ARENA_NEW(r->a, struct claim_expected, r->capacity);
        if (!more) {
            return arena_fail(r->a, reterr);
        }
        if (r->count) {
            memcpy(more, r->list, r->count * sizeof *more);
        }
        r->list = more;
    }
    r->list[r->count++] =
        (struct claim_expected){parts[CLAIM_ID], parts[CLAIM_KIND], parts[CLAIM_VALUE],
                                parts[CLAIM_NOTES], parts[CLAIM_NEEDS]};
    return rv_ok();
}

static rv_status take_record(void *context, const struct text *cells, size_t n, int64_t line,
                             struct rv_err *reterr)
{
    struct reading *r = context;
    return r->has_header ? take_row(r, cells, n, line, reterr) : take_header(r, cells, n, reterr);
}

rv_status claims_expected(struct arena *a, const char *path, struct claim_expected **ret,
                          size_t *ret_count, struct rv_err *reterr)
{
    struct reading r = {.a = a, .file = file_base_name(path)};
    RV_TRY(csv_rows(a, path, r.file, take_record, &r, NULL, reterr));
    if (r.count == 0) {
        return rv_fail(reterr, RV_INVALID, "%s holds no claims", r.file);
    }
    *ret = r.list;
    *ret_count = r.count;
    return rv_ok();
}
