/* ingest/import.c — one file, from its bytes to the partnership file.
 *
 * Everything that takes time happens outside the transaction; inside it: chunks, masks, quarantine
 * and placement appended. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/import.h"

#include "base/file.h"
#include "base/limits.h"
#include "ingest/head.h"
#include "place/areas.h"
#include "place/placing.h"

#define REPORT_BYTES ((size_t)4 << 20)

static rv_status check_options(struct import *m)
{
    const struct ingest_options *o = m->options;
    if (o->kind && !kind_find(o->kind)) {
        size_t count;
        const struct kind *kinds = kind_table(&count);
        const char *list = "";
        for (size_t i = 0; i < count && list; i++) {
            list = arena_printf(m->a, "%s%s%s", list, i ? ", " : "", kinds[i].name);
        }
        return rv_fail(m->err, RV_USAGE, "--as %.40s: there is no such kind; it is one of: %s",
                       o->kind, list ? list : "");
    }
    m->declared = (struct month_range){1, 0};
    if (o->period && !month_range_parse(text_of(o->period), &m->declared)) {
        return rv_fail(m->err, RV_USAGE,
                       "--period %.40s: write it as 2021-01..2021-12, 2021-01 or 2021", o->period);
    }
    return rv_ok();
}

static rv_status check_new(struct import *m)
{
    int64_t id;
    RV_TRY(extract_find_sha256(m->s, m->report.sha256, m->profile->kind->name, &id, m->err));
    if (id == 0) {
        return rv_ok();
    }
    struct extract_info *list;
    size_t count;
    const char *name = "?", *when = "?";
    RV_TRY(extract_list(m->s, m->a, NULL, &list, &count, m->err));
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
    struct head head;
    RV_TRY(import_choose(m, &head));
    m->stage = IMPORT_RECOGNISED;
    RV_TRY(check_new(m));
    struct plan_given given = {.period = m->options->period,
                               .sets = m->options->sets,
                               .set_count = m->options->set_count,
                               .sample = head.sample,
                               .sample_rows = head.sample_rows};
    m->row_bytes = average_row(&head);
    RV_TRY(plan_make(m->a, m->profile, head.header, head.header_count, &given, &m->plan, m->err));
    m->source = m->options->supplier
                    ? arena_printf(m->a, "%s/%s", m->profile->id, m->options->supplier)
                    : m->profile->id;
    return m->source ? rv_ok() : arena_fail(m->a, m->err);
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

static rv_status decide(struct import *m)
{
    RV_TRY(resolve(m->s, m->a, &m->pipeline, m->progress, m->source, m->covered, &m->resolution,
                   m->err));
    return import_count_orphans(m);
}

/* ---- the transaction ---- */

static rv_status commit_draft(struct import *m, struct text report)
{
    const struct ingest_options *o = m->options;
    const struct ingest_report *r = &m->report;
    const char *supplier = o->supplier ? o->supplier : m->profile->supplier;
    const char *kind = o->supplier_kind ? o->supplier_kind : m->profile->supplier_kind;
    struct extract_meta meta = {.kind = r->kind,
                                .source = m->source,
                                .profile = r->profile,
                                .profile_version = r->profile_version,
                                .supplier = supplier,
                                .supplier_kind = kind,
                                .file_name = r->file,
                                .sha256 = r->sha256,
                                .file_bytes = m->file_bytes,
                                .imported_at = o->now_utc,
                                .refresh = profile_refresh_name(m->profile->refresh),
                                .rows_read = r->read,
                                .accepted = r->accepted,
                                .quarantined = r->quarantined,
                                .excluded = r->excluded,
                                .duplicates = r->duplicates,
                                .repeated_keys = r->repeated_keys,
                                .superseded = r->superseded,
                                .withdrawn = r->withdrawn,
                                .months = m->months,
                                .month_count = m->month_count,
                                .report_json = report.at};
    return draft_commit(m->pipeline.draft, m->s, &meta, m->pipeline.borrow, &m->report.extract,
                        m->err);
}

/* Rows of the extract outside every area of the finest level loaded. */
static rv_status count_unplaced(struct import *m)
{
    static const char *const LEVELS[] = {"lsoa", "ward", "borough"};
    struct layer *layers;
    size_t count;
    RV_TRY(layers_load(m->s, m->a, &layers, &count, m->err));
    RV_TRY(import_note_places(m, layers, count));
    bool has_layer = false;
    for (size_t i = 0; i < 3 && m->report.unplaced < 0; i++) {
        const struct layer *l = layer_choose(layers, count, LEVELS[i], NULL, m->covered.last);
        const uint32_t **chunks;
        uint32_t chunk_count;
        int64_t unplaced;
        struct rv_err err;
        if (!l) {
            continue;
        }
        has_layer = true;
        rv_status status = placement_load(m->s, m->a, m->report.extract, l, &chunks, &chunk_count,
                                          &unplaced, &err);
        if (rv_is_ok(status)) {
            m->report.unplaced = unplaced;
        } else if (status.code != RV_NOT_FOUND) {
            return rv_fail(m->err, status.code, "%s", err.message);
        }
    }
    if (has_layer && m->report.unplaced < 0 && m->profile->kind->has_places) {
        m->report.unplaced = m->report.accepted; /* nothing in the file says where they lie */
    }
    return rv_ok();
}

static rv_status write_all(struct import *m, struct text report)
{
    fault_point("ingest.before-commit");
    RV_TRY(commit_draft(m, report));
    fault_point("ingest.masks");
    RV_TRY(resolution_store(m->s, &m->pipeline, &m->resolution, m->report.extract, m->err));
    RV_TRY(quarantine_store(m->s, &m->pipeline, m->report.extract, m->progress, m->err));
    fault_point("ingest.placing");
    RV_TRY(
        placed_draft_store(m->s, m->a, m->pool, m->progress, m->placed, m->report.extract, m->err));
    RV_TRY(progress_check(m->progress, m->err));
    fault_point("ingest.commit");
    return store_commit(m->s, m->err);
}

static rv_status report_text(struct import *m, struct buf *out)
{
    struct json_writer j;
    buf_init(out, REPORT_BYTES);
    json_writer_init(&j, out, false);
    ingest_report_json(&m->report, &j, NULL);
    return buf_status(out, m->err);
}

/* Another import may have changed the source since the rows were compared: then compare again. */
static rv_status store_all(struct import *m)
{
    RV_CLEANUP(buf_done) struct buf report = {.bytes = NULL};
    bool holds = false;
    for (int tries = 0; tries < 3; tries++) {
        RV_TRY(store_begin(m->s, m->err));
        rv_status status = check_new(m);
        if (rv_is_ok(status)) {
            status = resolution_holds(m->s, m->a, &m->pipeline, m->source, &m->resolution, &holds,
                                      m->err);
        }
        if (rv_is_ok(status) && holds) {
            break;
        }
        store_rollback(m->s);
        RV_TRY(status);
        RV_TRY(decide(m));
        RV_TRY(import_fill_report(m));
    }
    if (!holds) {
        return rv_fail(m->err, RV_BUSY,
                       "others are importing the same source; nothing was loaded, try again");
    }
    rv_status status = report_text(m, &report);
    if (rv_is_ok(status)) {
        status = write_all(m, buf_view(&report));
    }
    if (!rv_is_ok(status)) {
        store_rollback(m->s);
    }
    return status;
}

static rv_status run(struct import *m)
{
    RV_TRY(check_options(m));
    progress_step(m->progress, "hashing", 0);
    RV_TRY(head_sha256(m->path, m->progress, m->report.sha256, &m->stamp, m->err));
    RV_TRY(bind(m));
    RV_TRY(read_in_its_encoding(m));
    RV_TRY(import_check(m));
    RV_TRY(import_cover(m));
    progress_step(m->progress, "comparing", 0);
    RV_TRY(decide(m));
    RV_TRY(import_number_rows(m));
    RV_TRY(import_fill_report(m));
    if (m->options->quarantine_path) {
        RV_TRY(quarantine_write(&m->pipeline, m->options->quarantine_path, m->report.file, m->err));
    }
    RV_TRY(place_draft(m->s, m->pool, m->progress, m->profile->kind->name, m->pipeline.draft,
                       m->pipeline.borrow, &m->placed, m->err));
    progress_step(m->progress, "storing", 0);
    RV_TRY(store_all(m));
    fault_point("ingest.after-commit");
    return count_unplaced(m);
}

/* A message about the file begins with its name, unless it names it already. */
static void name_file(struct rv_err *err, const char *path)
{
    const char *base = file_base_name(path);
    bool is_about_file = err && (err->code == RV_INVALID || err->code == RV_REFUSED);
    if (is_about_file && !strstr(err->message, base)) {
        struct rv_err old = *err;
        (void)rv_fail_at(err, old.origin, old.origin_line, old.code, "%.200s: %s", base,
                         old.message);
    }
}

rv_status import_file(struct store *s, struct arena *a, struct pool *pool,
                      struct progress *progress, const char *path,
                      const struct ingest_options *options, struct ingest_report *ret,
                      enum import_stage *ret_stage, struct rv_err *reterr)
{
    struct import m = {.s = s,
                       .a = a,
                       .pool = pool,
                       .progress = progress,
                       .path = path,
                       .name = file_base_name(path),
                       .options = options,
                       .report = {.unplaced = -1},
                       .err = reterr};
    rv_status status = run(&m);
    placed_draft_closep(&m.placed);
    pipeline_close(&m.pipeline);
    *ret_stage = m.stage;
    if (!rv_is_ok(status)) {
        name_file(reterr, path);
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
