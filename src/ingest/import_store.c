/* ingest/import_store.c — the part of an import that writes: chunks, masks, quarantine, places.
 *
 * Inside a transaction that the caller has begun. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "access/audit.h"
#include "base/limits.h"
#include "ingest/import.h"
#include "place/areas.h"
#include "place/placing.h"

#include <stdio.h>

#define REPORT_BYTES ((size_t)4 << 20)

static rv_status commit_draft(struct import *m, struct text report)
{
    const struct ingest_options *o = m->options;
    const struct ingest_report *r = &m->report;
    const char *declared = o->supplier ? o->supplier : m->profile->supplier;
    const char *supplier = declared || !m->terms ? declared : m->terms->terms.supplier;
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
                                .report_json = report.at,
                                .agreement = m->terms ? m->terms->id : 0,
                                .is_open = import_is_open(m),
                                .part = import_part(m)};
    return draft_commit(m->pipeline.draft, m->s, &meta, m->pipeline.borrow, &m->report.extract,
                        m->err);
}

rv_status import_finish(struct import *m)
{
    static const char *const LEVELS[] = {"lsoa", "ward", "borough"};
    RV_CLEANUP(arena_done) struct arena scratch;
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    struct layer *layers;
    size_t count;
    RV_TRY(layers_load(m->s, &scratch, &layers, &count, m->err));
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
        rv_status status = placement_load(m->s, &scratch, m->report.extract, l, &chunks,
                                          &chunk_count, &unplaced, &err);
        if (rv_is_ok(status)) {
            m->report.unplaced = unplaced;
            RV_TRY(import_note_matches(m, l));
        } else if (status.code != RV_NOT_FOUND) {
            return rv_fail(m->err, status.code, "%s", err.message);
        }
    }
    if (has_layer && m->report.unplaced < 0 && m->profile->kind->has_places) {
        m->report.unplaced = m->report.accepted; /* nothing in the file says where they lie */
    }
    return rv_ok();
}

static rv_status note(struct import *m)
{
    char subject[40];
    const struct act act = {.by = 0, .now = audit_seconds(m->options->now_utc)};
    (void)snprintf(subject, sizeof subject, "extract %lld", (long long)m->report.extract);
    return audit_add(m->s, act, "extract.imported", subject, "done", m->err);
}

static rv_status write_all(struct import *m, struct text report)
{
    fault_point("ingest.before-commit");
    RV_TRY(commit_draft(m, report));
    fault_point("ingest.masks");
    RV_TRY(resolution_store(m->s, &m->pipeline, &m->resolution, m->report.extract, m->err));
    RV_TRY(m->codebook
               ? codebook_store(m->s, m->codebook, m->report.extract, m->from, m->to, m->err)
               : rv_ok());
    RV_TRY(quarantine_store(m->s, &m->pipeline, m->report.extract, m->progress, m->err));
    fault_point("ingest.placing");
    RV_TRY(
        placed_draft_store(m->s, m->a, m->pool, m->progress, m->placed, m->report.extract, m->err));
    RV_TRY(note(m));
    return progress_check(m->progress, m->err);
}

static rv_status report_text(struct import *m, struct buf *out)
{
    struct json_writer j;
    buf_init(out, REPORT_BYTES);
    json_writer_init(&j, out, false);
    ingest_report_json(&m->report, &j, NULL);
    return buf_status(out, m->err);
}

rv_status import_write(struct import *m)
{
    RV_CLEANUP(buf_done) struct buf report = {.bytes = NULL};
    RV_TRY(report_text(m, &report));
    return write_all(m, buf_view(&report));
}
