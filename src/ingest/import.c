/* ingest/import.c — one file, from its bytes to the partnership file.
 *
 * Everything that takes time happens outside the transaction; inside it: chunks, masks, quarantine
 * and placement appended. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/import.h"

#include "base/file.h"
#include "base/limits.h"
#include "ingest/head.h"

rv_status import_check_options(struct import *m)
{
    const struct ingest_options *o = m->options;
    RV_TRY(import_check_survey_options(m));
    if (o->kind && !o->codebook && !kind_find(o->kind)) {
        size_t count;
        const struct kind *kinds = kind_table(&count);
        const char *list = "";
        for (size_t i = 0; i < count && list; i++) {
            list = arena_printf(m->a, "%s%s, ", list, kinds[i].name);
        }
        return rv_fail(m->err, RV_USAGE,
                       "--as %.40s: there is no such kind; it is one of: %ssurvey", o->kind,
                       list ? list : "");
    }
    m->declared = (struct month_range){1, 0};
    if (o->period && !month_range_parse(text_of(o->period), &m->declared)) {
        return rv_fail(m->err, RV_USAGE,
                       "--period %.40s: write it as 2021-01..2021-12, 2021-01 or 2021", o->period);
    }
    return import_find_terms(m);
}

const char *import_part(const struct import *m)
{
    const struct profile *p = m->profile;
    if (m->codebook) { /* a corrected codebook is news, though the file is not */
        return m->codebook->sha256;
    }
    for (size_t i = 0; i < p->constant_count; i++) {
        if (strcmp(p->kind->name, "persons") == 0 && strcmp(p->constants[i].from.at, "role") == 0) {
            return p->constants[i].to.at;
        }
    }
    return "";
}

rv_status import_check_new(struct import *m)
{
    int64_t id;
    RV_TRY(extract_find_sha256(m->s, m->report.sha256, m->profile->kind->name, import_part(m), &id,
                               m->err));
    RV_TRY(m->codebook && id == 0 ? import_check_survey(m) : rv_ok());
    if (id == 0) {
        return rv_ok();
    }
    m->is_held = true;
    struct extract_info *list;
    size_t count;
    const char *name = "?", *when = "?";
    RV_TRY(extract_list_all(m->s, m->a, NULL, &list, &count, m->err));
    for (size_t i = 0; i < count; i++) {
        if (list[i].id == id) {
            name = list[i].file_name;
            when = list[i].imported_at;
        }
    }
    return rv_fail(m->err, RV_REFUSED,
                   "%s is already held: the same file was imported as %s (%s, extract %lld, %s); "
                   "nothing was loaded",
                   m->name, name, m->profile->kind->name, (long long)id, when);
}

static size_t average_row(const struct head *h)
{
    size_t bytes = 0;
    for (size_t i = 0; i < h->sample_rows * h->header_count; i++) {
        bytes += h->sample[i].n + 1;
    }
    return h->sample_rows ? bytes / h->sample_rows : 0;
}

static rv_status bind(struct import *m)
{
    RV_CLEANUP(arena_done) struct arena scratch;
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    struct head head;
    RV_TRY(import_choose(m, &scratch, &head));
    m->stage = IMPORT_RECOGNISED;
    RV_TRY(import_check_new(m));
    struct plan_given given = {.period = m->options->period,
                               .sets = m->options->sets,
                               .set_count = m->options->set_count,
                               .sample = head.sample,
                               .sample_rows = head.sample_rows,
                               .terms = m->terms ? &m->terms->terms : NULL};
    m->row_bytes = average_row(&head);
    RV_TRY(plan_make(m->a, m->profile, head.header, head.header_count, &given, &m->plan, m->err));
    return import_name_source(m);
}

static rv_status read_file(struct import *m)
{
    struct pipeline_input input = {.path = m->path,
                                   .choice = m->form.choice,
                                   .dialect = m->form.dialect,
                                   .sha256 = m->report.sha256,
                                   .stamp = m->stamp,
                                   .row_bytes = m->row_bytes,
                                   .search_personal = m->profile->kind->holds_people};
    RV_TRY(pipeline_open(m->s, m->a, &m->plan, &m->pipeline, m->err));
    return pipeline_run(&m->pipeline, m->pool, m->progress, &input, &m->file_bytes, m->err);
}

/* The beginning of the file was UTF-8 and rows further on are not: when the whole file shows
 * another encoding, it is read again in that. */
static rv_status read_in_its_encoding(struct import *m)
{
    RV_TRY(read_file(m));
    bool is_declared = m->profile->encoding || m->form.encoding_trust == FORM_SURE;
    if (is_declared || m->form.choice.encoding ||
        m->pipeline.accounts.faults[ROW_CSV_ENCODING] < 2) {
        return rv_ok();
    }
    struct form whole = m->form;
    RV_TRY(form_detect_encoding(m->path, &whole, m->err));
    m->form.suggestion = whole.suggestion;
    if (!whole.choice.encoding) {
        return rv_ok();
    }
    m->encoding = whole.encoding;
    pipeline_close(&m->pipeline);
    RV_TRY(bind(m));
    m->form.encoding_trust = FORM_LIKELY;
    return read_file(m);
}

rv_status import_decide(struct import *m)
{
    arena_done(&m->resolving);
    m->is_decided = false;
    RV_TRY(resolve(m->s, &m->resolving, &m->pipeline, m->progress, m->source, m->covered,
                   &m->resolution, m->err));
    m->is_decided = true;
    return m->is_member ? rv_ok() : import_count_orphans(&m, 1, m->err);
}

rv_status import_check_decided(struct import *m)
{
    RV_CLEANUP(arena_done) struct arena scratch;
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    bool holds = false;
    if (m->is_decided) {
        RV_TRY(resolution_holds(m->s, &scratch, &m->pipeline, m->source, &m->resolution, &holds,
                                m->err));
    }
    m->is_decided = holds;
    return rv_ok();
}

/* Another import may have changed the source since the rows were compared: then compare again,
 * outside the transaction. */
static rv_status begin_decided(struct import *m)
{
    for (int tries = 0; tries < 3; tries++) {
        RV_TRY(store_begin(m->s, m->err));
        rv_status status = import_check_new(m);
        if (rv_is_ok(status)) {
            status = import_check_decided(m);
        }
        if (rv_is_ok(status) && m->is_decided) {
            return rv_ok();
        }
        store_rollback(m->s);
        RV_TRY(status);
        RV_TRY(import_decide(m));
        RV_TRY(import_fill_report(m));
    }
    return rv_fail(m->err, RV_BUSY,
                   "others are importing the same source; nothing was loaded, try again");
}

static rv_status store_all(struct import *m)
{
    RV_TRY(begin_decided(m));
    RV_CLEANUP(store_rollbackp) struct store *open = m->s;
    RV_TRY(import_write(m));
    fault_point("ingest.commit");
    return store_commit(m->s, m->err);
}

rv_status import_prepare(struct import *m)
{
    RV_TRY(bind(m));
    RV_TRY(read_in_its_encoding(m));
    RV_TRY(import_check(m));
    RV_TRY(import_cover(m));
    progress_step(m->progress, "comparing", 0);
    RV_TRY(import_decide(m));
    RV_TRY(import_number_rows(m));
    RV_TRY(import_fill_report(m));
    return place_draft(m->s, m->pool, m->progress, m->profile->kind->name, m->pipeline.draft,
                       m->pipeline.borrow, &m->placed, m->err);
}

static rv_status run(struct import *m)
{
    RV_TRY(import_check_options(m));
    progress_step(m->progress, "hashing", 0);
    RV_TRY(head_sha256(m->path, m->progress, m->report.sha256, &m->stamp, m->err));
    RV_TRY(import_prepare(m));
    if (m->options->quarantine_path) {
        const struct import *one[] = {m};
        RV_TRY(quarantine_write(one, 1, m->options->quarantine_path, m->err));
    }
    progress_step(m->progress, "storing", 0);
    RV_TRY(store_all(m));
    fault_point("ingest.after-commit");
    return import_finish(m);
}

void import_name_failure(const struct import *m)
{
    struct rv_err *err = m->err;
    bool is_about_file = err->code == RV_INVALID || err->code == RV_REFUSED;
    if (is_about_file && !strstr(err->message, m->name)) {
        struct rv_err old = *err;
        (void)rv_fail_at(err, old.origin, old.origin_line, old.code, "%.300s: %s", m->name,
                         old.message);
    }
}

void import_open(struct import *m)
{
    arena_init(&m->resolving, LIMIT_ARENA_BYTES);
    m->report.unplaced = -1;
}

void import_close(struct import *m)
{
    placed_draft_closep(&m->placed);
    pipeline_close(&m->pipeline);
    arena_done(&m->resolving);
}

rv_status import_file(struct store *s, struct arena *a, struct pool *pool,
                      struct progress *progress, const char *path,
                      const struct ingest_options *options, struct ingest_report *ret,
                      enum import_stage *ret_stage, struct rv_err *reterr)
{
    struct rv_err own;
    struct import m = {.s = s,
                       .a = a,
                       .pool = pool,
                       .progress = progress,
                       .path = path,
                       .name = file_base_name(path),
                       .options = options,
                       .err = reterr ? reterr : &own};
    import_open(&m);
    rv_status status = run(&m);
    import_close(&m);
    *ret_stage = m.stage;
    if (!rv_is_ok(status)) {
        import_name_failure(&m);
        return status;
    }
    *ret = m.report;
    return rv_ok();
}

rv_status ingest_import(struct store *s, struct arena *a, struct pool *pool,
                        struct progress *progress, const char *path,
                        const struct ingest_options *options, struct ingest_report *ret,
                        struct rv_err *reterr)
{
    enum import_stage stage;
    return import_file(s, a, pool, progress, path, options, ret, &stage, reterr);
}
