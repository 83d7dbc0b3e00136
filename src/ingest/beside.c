/* ingest/beside.c — a file that holds several kinds: its own profile, then those beside it.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/import.h"

/* By one of the profiles beside the first. What goes wrong is kept with the result: the first kind
 * is loaded all the same. */
static void import_beside(struct ingest_file *f, struct store *s, struct arena *a,
                          struct pool *pool, struct progress *progress,
                          const struct ingest_options *options)
{
    enum import_stage stage;
    rv_status status =
        import_file(s, a, pool, progress, f->path, options, &f->report, &stage, &f->err);
    f->outcome = rv_is_ok(status) ? INGEST_LOADED : INGEST_FAILED;
}

rv_status import_kinds(struct store *s, struct arena *a, struct pool *pool,
                       struct progress *progress, const char *path,
                       const struct ingest_options *options, struct ingest_kinds *ret,
                       enum import_stage *ret_stage, struct rv_err *reterr)
{
    struct ingest_report first;
    RV_TRY(import_file(s, a, pool, progress, path, options, &first, ret_stage, reterr));
    bool is_chosen = options->profile || options->kind; /* one kind was asked for */
    size_t count = is_chosen ? 0 : first.beside_count;
    struct ingest_file *list = ARENA_NEW(a, struct ingest_file, count + 1);
    if (!list) {
        return arena_fail(a, reterr);
    }
    list[0] = (struct ingest_file){.path = path, .outcome = INGEST_LOADED, .report = first};
    for (size_t i = 0; i < count; i++) {
        struct ingest_options other = *options;
        other.profile = first.beside[i];
        other.quarantine_path = NULL;
        list[i + 1] = (struct ingest_file){.path = path};
        import_beside(&list[i + 1], s, a, pool, progress, &other);
    }
    *ret = (struct ingest_kinds){list, count + 1};
    return rv_ok();
}

rv_status ingest_import_kinds(struct store *s, struct arena *a, struct pool *pool,
                              struct progress *progress, const char *path,
                              const struct ingest_options *options, struct ingest_kinds *ret,
                              struct rv_err *reterr)
{
    enum import_stage stage;
    return import_kinds(s, a, pool, progress, path, options, ret, &stage, reterr);
}
