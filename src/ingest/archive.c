/* ingest/archive.c — the tables of one zip archive, all or none.
 *
 * Each member is read, typed, compared and placed outside any transaction and then waits, with its
 * dictionaries and row hashes in its spool; one transaction writes them all. A member that has to
 * do with rows of an earlier one (crossing.c) is compared again inside the transaction, where the
 * earlier one can be seen; what is about offences of others is written and counted last.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/archive.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "ingest/import.h"

#include <stdlib.h>
#include <string.h>

#define PIECE_BYTES ((size_t)256 << 10)

struct table { /* one kind of one member */
    struct import m;
    struct rv_err err; /* of m */
    struct ingest_options options;
    enum ingest_outcome outcome; /* INGEST_LOADED: prepared, and waits */
};

struct tables { /* one run of ingest_import_archive */
    struct store *s;
    struct arena *a;
    struct pool *pool;
    struct progress *progress;
    const char *path;
    const struct ingest_options *options;
    struct archive *archive;
    const struct zip_member **members; /* in order of name */
    char (*sha256)[SHA256_HEX + 1];    /* of each */
    size_t member_count;
    const struct zip_member **hidden; /* what an operating system adds by itself */
    size_t hidden_count;
    struct head_stamp stamp;
    struct table **list; /* in the same order */
    size_t count, capacity;
    struct import **waiting; /* in the order in which they are written */
    size_t waiting_count;
    size_t about; /* the first of them that is about offences of others */
};

bool ingest_is_archive(const char *path)
{
    RV_CLEANUP(archive_closep) struct archive *archive = NULL;
    struct rv_err unused;
    return archive_is_one(path) && rv_is_ok(archive_open(path, &archive, &unused)) &&
           !archive_is_document(archive);
}

/* ---- what the archive holds ---- */

/* What an operating system adds by itself: "__MACOSX/._a.csv", ".DS_Store". */
static bool is_hidden(const char *name)
{
    return file_base_name(name)[0] == '.' || text_starts(text_of(name), "__MACOSX/");
}

static int compare_members(const void *left, const void *right)
{
    const struct zip_member *const *a = left, *const *b = right;
    return strcmp((*a)->name, (*b)->name);
}

static rv_status list_members(struct tables *t, struct rv_err *reterr)
{
    const struct zip_list *list = archive_list(t->archive);
    t->members = ARENA_NEW(t->a, const struct zip_member *, list->count + 1);
    t->hidden = ARENA_NEW(t->a, const struct zip_member *, list->count + 1);
    t->sha256 = arena_new(t->a, list->count + 1, sizeof *t->sha256);
    if (!t->members || !t->hidden || !t->sha256) {
        return arena_fail(t->a, reterr);
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct zip_member *m = &list->members[i];
        if (!m->is_folder && is_hidden(m->name)) {
            t->hidden[t->hidden_count++] = m;
        } else if (!m->is_folder) {
            t->members[t->member_count++] = m;
        }
    }
    if (t->member_count) {
        qsort(t->members, t->member_count, sizeof *t->members, compare_members);
    }
    return rv_ok();
}

static rv_status hash_member(const struct tables *t, const struct zip_member *m, char *piece,
                             char out[SHA256_HEX + 1], struct rv_err *reterr)
{
    const struct source_choice bytes = {.archive = t->archive, .member = m->name, .is_raw = true};
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    RV_TRY(source_open_as(t->path, &bytes, &source, reterr));
    for (size_t n = 1; n;) {
        RV_TRY(progress_check(t->progress, reterr));
        RV_TRY(source_read(source, piece, PIECE_BYTES, &n, reterr));
    }
    return source_sha256(source, out, reterr);
}

/* Reads every member to its end, tables and others: an archive of which anything is damaged or
 * locked is not the one that was sent. */
static rv_status hash_members(struct tables *t, struct rv_err *reterr)
{
    char unused[SHA256_HEX + 1];
    char *piece = memory_resize(NULL, PIECE_BYTES, 1);
    rv_status status = piece ? rv_ok() : rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    progress_step(t->progress, "hashing", 0);
    for (size_t i = 0; i < t->member_count && rv_is_ok(status); i++) {
        status = hash_member(t, t->members[i], piece, t->sha256[i], reterr);
    }
    for (size_t i = 0; i < t->hidden_count && rv_is_ok(status); i++) {
        status = hash_member(t, t->hidden[i], piece, unused, reterr);
    }
    memory_free(piece);
    return status;
}

/* ---- preparing one member ---- */

static bool is_waiting(const struct table *table)
{
    return table->outcome == INGEST_LOADED;
}

/* Whether both read the same people, or one of them reads everybody. */
static bool parts_overlap(const struct import *m, const struct import *other)
{
    const char *one = import_part(m), *two = import_part(other);
    return strcmp(one, two) == 0 || !*one || !*two;
}

/* Twice the same bytes in one archive: the second is held once the first is. */
static rv_status check_twice(const struct tables *t, struct import *m)
{
    for (size_t k = 0; k < t->count; k++) {
        const struct import *other = &t->list[k]->m;
        if (is_waiting(t->list[k]) &&
            strcmp(m->profile->kind->name, other->profile->kind->name) == 0 &&
            strcmp(m->report.sha256, other->report.sha256) == 0 && parts_overlap(m, other)) {
            m->is_held = true;
            return rv_fail(m->err, RV_REFUSED, "%s has the same bytes as %s", m->name, other->name);
        }
    }
    return rv_ok();
}

static rv_status prepare(const struct tables *t, struct import *m)
{
    RV_TRY(import_check_options(m));
    RV_TRY(import_prepare(m));
    RV_TRY(check_twice(t, m));
    return pipeline_rest(&m->pipeline, m->err); /* waits, on as little memory as can be */
}

static const char *member_name(const struct tables *t, const struct zip_member *m)
{
    return arena_printf(t->a, "%s/%s", file_base_name(t->path), m->name);
}

static rv_status add_table(struct tables *t, size_t member, const struct source_choice *part,
                           const struct ingest_options *options, struct table **ret,
                           struct rv_err *reterr)
{
    if (t->count == t->capacity) {
        size_t capacity = t->capacity ? t->capacity * 2 : 32;
        struct table **grown = memory_resize(t->list, capacity, sizeof(struct table *));
        if (!grown) {
            return rv_fail(reterr, RV_NO_MEMORY, "out of memory for an import");
        }
        t->list = grown;
        t->capacity = capacity;
    }
    struct table *table = ARENA_NEW(t->a, struct table, 1);
    const char *name = member_name(t, t->members[member]);
    if (!table || !name) {
        return arena_fail(t->a, reterr);
    }
    table->options = *options;
    table->options.quarantine_path = NULL;
    table->outcome = INGEST_FAILED;
    table->m = (struct import){.s = t->s,
                               .a = t->a,
                               .pool = t->pool,
                               .progress = t->progress,
                               .path = t->path,
                               .name = name,
                               .part = *part,
                               .is_member = true,
                               .options = &table->options,
                               .profiles = t->count ? t->list[0]->m.profiles : NULL,
                               .profile_count = t->count ? t->list[0]->m.profile_count : 0,
                               .stamp = t->stamp,
                               .err = &table->err};
    import_open(&table->m);
    memcpy(table->m.report.sha256, t->sha256[member], sizeof table->m.report.sha256);
    *ret = t->list[t->count++] = table;
    return rv_ok();
}

/* A member that is no table, that no profile knows or that is held already is passed over; any
 * other failure is one of the archive. */
static rv_status prepare_kind(struct tables *t, size_t member, const struct source_choice *part,
                              const struct ingest_options *options, struct table **ret,
                              struct rv_err *reterr)
{
    RV_TRY(add_table(t, member, part, options, ret, reterr));
    struct import *m = &(*ret)->m;
    rv_status status = prepare(t, m);
    if (rv_is_ok(status)) {
        (*ret)->outcome = INGEST_LOADED;
        return rv_ok();
    }
    import_name_failure(m);
    import_close(m);
    bool is_another = import_is_another(t->members[member]->name, status, m->stage);
    if (m->is_held || is_another) {
        (*ret)->outcome = m->is_held ? INGEST_HELD : INGEST_NOT_RECOGNISED;
        return rv_ok();
    }
    if (reterr) {
        *reterr = *m->err;
    }
    return status;
}

/* The kind that is recognised, then those that its profile names beside it. */
static rv_status prepare_member(struct tables *t, size_t i, struct rv_err *reterr)
{
    RV_CLEANUP(archive_closep) struct archive *inner = NULL;
    const char *name = t->members[i]->name;
    struct source_choice part = {.archive = t->archive, .member = name};
    bool is_zip = false, is_chosen = t->options->profile || t->options->kind;
    struct table *first, *other;
    RV_TRY(archive_member_is_zip(t->archive, name, &is_zip, reterr));
    if (is_zip) { /* a workbook: unpacked once, for it is read back and forth */
        RV_TRY(archive_open_member(t->archive, name, store_dir(t->s), &inner, reterr));
        part = (struct source_choice){.archive = inner};
    }
    RV_TRY(prepare_kind(t, i, &part, t->options, &first, reterr));
    size_t count = is_waiting(first) && !is_chosen ? first->m.report.beside_count : 0;
    for (size_t k = 0; k < count; k++) {
        struct ingest_options options = *t->options;
        options.profile = first->m.report.beside[k];
        RV_TRY(prepare_kind(t, i, &part, &options, &other, reterr));
    }
    return rv_ok();
}

static rv_status refuse_all(const struct tables *t, struct rv_err *reterr)
{
    const struct rv_err *held = NULL, *other = NULL;
    for (size_t i = 0; i < t->count; i++) {
        const struct table *table = t->list[i];
        held = table->outcome == INGEST_HELD && !held ? &table->err : held;
        other = table->outcome == INGEST_NOT_RECOGNISED && !other ? &table->err : other;
    }
    const char *name = file_base_name(t->path);
    if (held) {
        return rv_fail(reterr, RV_REFUSED, "%s: every table in it is already held: %s", name,
                       held->message);
    }
    return rv_fail(reterr, RV_INVALID,
                   "%s: no member of the archive is a table that a profile knows; nothing was "
                   "loaded%s%s",
                   name, other ? ": " : "", other ? other->message : "");
}

/* Those that wait, in the order in which they are written: by name, but first those that say
 * nothing about the offences of another. */
static rv_status list_waiting(struct tables *t, struct rv_err *reterr)
{
    t->waiting = ARENA_NEW(t->a, struct import *, t->count + 1);
    if (!t->waiting) {
        return arena_fail(t->a, reterr);
    }
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < t->count; i++) {
            bool is_about = t->list[i]->m.plan.about != PLAN_NONE;
            if (is_waiting(t->list[i]) && is_about == (pass == 1)) {
                t->waiting[t->waiting_count++] = &t->list[i]->m;
            }
        }
        t->about = pass == 0 ? t->waiting_count : t->about;
    }
    return t->waiting_count ? rv_ok() : refuse_all(t, reterr);
}

static rv_status prepare_members(struct tables *t, struct rv_err *reterr)
{
    for (size_t i = 0; i < t->member_count; i++) {
        RV_TRY(prepare_member(t, i, reterr));
    }
    RV_TRY(list_waiting(t, reterr));
    RV_TRY(import_cross(t->waiting, t->waiting_count, reterr));
    return archive_check_unchanged(t->archive, reterr);
}

/* ---- the transaction ---- */

static rv_status write_quarantine(const struct tables *t, struct rv_err *reterr)
{
    const struct import **by_name = ARENA_NEW(t->a, const struct import *, t->count + 1);
    size_t n = 0;
    if (!by_name) {
        return arena_fail(t->a, reterr);
    }
    for (size_t i = 0; i < t->count; i++) {
        if (is_waiting(t->list[i])) {
            by_name[n++] = &t->list[i]->m;
        }
    }
    return quarantine_write(by_name, n, t->options->quarantine_path, reterr);
}

/* Before anything is written: what another import has done since the members were compared. */
static rv_status check_again(struct import *m)
{
    RV_TRY(import_check_new(m));
    return m->is_decided ? import_check_decided(m) : rv_ok();
}

static rv_status write_table(struct import *m)
{
    if (!m->is_decided) {
        RV_TRY(import_decide(m));
        RV_TRY(import_count_orphans(&m, 1, m->err));
        RV_TRY(import_fill_report(m));
    }
    RV_TRY(import_write(m));
    fault_point("ingest.member");
    return rv_ok();
}

/* The failure of one is the failure of all. */
static rv_status each(struct import **list, size_t count, rv_status (*step)(struct import *),
                      struct rv_err *reterr)
{
    for (size_t i = 0; i < count; i++) {
        rv_status status = step(list[i]);
        if (!rv_is_ok(status)) {
            import_name_failure(list[i]);
            if (reterr) {
                *reterr = *list[i]->err;
            }
            return status;
        }
    }
    return rv_ok();
}

/* Of those that stay as they were compared: together, for each would read every offence. */
static rv_status count_orphans(const struct tables *t, struct rv_err *reterr)
{
    struct import **decided = ARENA_NEW(t->a, struct import *, t->waiting_count + 1);
    size_t n = 0;
    if (!decided) {
        return arena_fail(t->a, reterr);
    }
    for (size_t i = t->about; i < t->waiting_count; i++) {
        if (t->waiting[i]->is_decided) {
            decided[n++] = t->waiting[i];
        }
    }
    return import_count_orphans(decided, n, reterr);
}

static rv_status write_tables(struct tables *t, struct rv_err *reterr)
{
    progress_step(t->progress, "storing", 0);
    RV_TRY(store_begin(t->s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = t->s;
    RV_TRY(each(t->waiting, t->waiting_count, check_again, reterr));
    RV_TRY(each(t->waiting, t->about, write_table, reterr));
    RV_TRY(count_orphans(t, reterr));
    RV_TRY(each(t->waiting + t->about, t->waiting_count - t->about, write_table, reterr));
    fault_point("ingest.commit");
    return store_commit(t->s, reterr);
}

static rv_status run(struct tables *t, struct rv_err *reterr)
{
    RV_TRY(head_stamp(t->path, &t->stamp, reterr));
    RV_TRY(archive_open(t->path, &t->archive, reterr));
    RV_TRY(list_members(t, reterr));
    RV_TRY(hash_members(t, reterr));
    RV_TRY(prepare_members(t, reterr));
    if (t->options->quarantine_path) {
        RV_TRY(write_quarantine(t, reterr));
    }
    RV_TRY(write_tables(t, reterr));
    fault_point("ingest.after-commit");
    return each(t->waiting, t->waiting_count, import_finish, reterr);
}

/* One entry for all hidden members: there is one beside each table of a Macintosh. */
static rv_status tell_hidden(const struct tables *t, struct ingest_file *ret, struct rv_err *reterr)
{
    const char *path = member_name(t, t->hidden[0]);
    if (!path) {
        return arena_fail(t->a, reterr);
    }
    *ret = (struct ingest_file){.path = path, .is_member = true, .outcome = INGEST_NOT_RECOGNISED};
    (void)rv_fail(&ret->err, RV_INVALID,
                  "what an operating system adds by itself: %zu hidden member%s passed over",
                  t->hidden_count, t->hidden_count == 1 ? "" : "s");
    return rv_ok();
}

static rv_status list_results(const struct tables *t, struct ingest_kinds *ret,
                              struct rv_err *reterr)
{
    struct ingest_file *files = ARENA_NEW(t->a, struct ingest_file, t->count + 1);
    if (!files) {
        return arena_fail(t->a, reterr);
    }
    for (size_t i = 0; i < t->count; i++) {
        const struct table *table = t->list[i];
        files[i] = (struct ingest_file){.path = table->m.name,
                                        .is_member = true,
                                        .outcome = table->outcome,
                                        .report = table->m.report,
                                        .err = table->err};
    }
    if (t->hidden_count) {
        RV_TRY(tell_hidden(t, &files[t->count], reterr));
    }
    *ret = (struct ingest_kinds){files, t->count + (t->hidden_count > 0)};
    return rv_ok();
}

rv_status ingest_import_archive(struct store *s, struct arena *a, struct pool *pool,
                                struct progress *progress, const char *path,
                                const struct ingest_options *options, struct ingest_kinds *ret,
                                struct rv_err *reterr)
{
    struct tables t = {
        .s = s, .a = a, .pool = pool, .progress = progress, .path = path, .options = options};
    rv_status status = run(&t, reterr);
    if (rv_is_ok(status)) {
        status = list_results(&t, ret, reterr);
    }
    for (size_t i = 0; i < t.count; i++) {
        if (is_waiting(t.list[i])) {
            import_close(&t.list[i]->m);
        }
    }
    memory_free(t.list);
    archive_close(t.archive);
    return status;
}
