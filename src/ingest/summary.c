/* ingest/summary.c — the accounts of an import as its report, and the numbers of repeated keys.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "column/chunk.h"
#include "ingest/import.h"
#include "place/project.h"

#define MOST_NOTES 24

static rv_status fill_counts(struct import *m)
{
    const struct accounts *acc = &m->pipeline.accounts;
    const struct profile *p = m->profile;
    struct ingest_count *reasons = ARENA_NEW(m->a, struct ingest_count, ROW_FAULT_COUNT);
    struct ingest_count *exclusions = ARENA_NEW(m->a, struct ingest_count, p->exclude_count + 1);
    if (!reasons || !exclusions) {
        return arena_fail(m->a, m->err);
    }
    for (int f = 0; f < ROW_FAULT_COUNT; f++) {
        if (acc->faults[f]) {
            reasons[m->report.reason_count++] =
                (struct ingest_count){row_fault_code((enum row_fault)f), acc->faults[f]};
        }
    }
    for (size_t i = 0; i < p->exclude_count; i++) {
        size_t k = 0; /* rules with the same reason are one line */
        while (k < m->report.exclusion_count &&
               strcmp(exclusions[k].name, p->excludes[i].reason) != 0) {
            k++;
        }
        if (acc->exclusions[i]) {
            exclusions[k].name = p->excludes[i].reason;
            exclusions[k].rows += acc->exclusions[i];
            m->report.exclusion_count += k == m->report.exclusion_count;
        }
    }
    m->report.reasons = reasons;
    m->report.exclusions = exclusions;
    return rv_ok();
}

static rv_status fill_lists(struct import *m)
{
    const struct accounts *acc = &m->pipeline.accounts;
    const char **dropped = ARENA_NEW(m->a, const char *, m->plan.dropped_count + 1);
    struct ingest_value *values = ARENA_NEW(m->a, struct ingest_value, acc->unknown_count + 1);
    struct ingest_count *codes = ARENA_NEW(m->a, struct ingest_count, acc->unknown_count + 1);
    if (!dropped || !values || !codes) {
        return arena_fail(m->a, m->err);
    }
    for (size_t i = 0; i < m->plan.dropped_count; i++) {
        size_t column = m->plan.dropped[i];
        const char *name = m->plan.header[column];
        dropped[i] = *name ? name : arena_printf(m->a, "(column %zu, unnamed)", column + 1);
        if (!dropped[i]) {
            return arena_fail(m->a, m->err);
        }
    }
    for (size_t i = 0; i < acc->unknown_count; i++) {
        const struct unknown_value *u = &acc->unknown[i];
        const struct plan_column *c = &m->plan.columns[u->column];
        if (c->kc->vocabulary || strcmp(c->kc->name, "offence_code") != 0) {
            const char *value = m->codebook ? import_survey_value(u) : u->value.at;
            values[m->report.not_recorded_count++] =
                (struct ingest_value){c->title, value, u->rows};
        } else {
            codes[m->report.offence_code_count++] = (struct ingest_count){u->value.at, u->rows};
        }
    }
    m->report.offence_codes = codes;
    m->report.dropped_columns = dropped;
    m->report.dropped_count = m->plan.dropped_count;
    m->report.not_recorded = values;
    return rv_ok();
}

rv_status import_note(struct import *m, const char *note)
{
    if (!note) {
        return arena_fail(m->a, m->err);
    }
    if (m->report.note_count < MOST_NOTES) {
        m->notes[m->report.note_count++] = note;
    }
    return rv_ok();
}

static rv_status fill_notes(struct import *m)
{
    const struct accounts *acc = &m->pipeline.accounts;
    m->notes = ARENA_NEW(m->a, const char *, MOST_NOTES);
    if (!m->notes) {
        return arena_fail(m->a, m->err);
    }
    m->report.notes = m->notes;
    RV_TRY(import_note_form(m));
    RV_TRY(import_note_terms(m));
    RV_TRY(m->codebook ? import_note_survey(m) : rv_ok());
    if (acc->made) {
        RV_TRY(import_note(
            m, arena_printf(m->a,
                            "%lld rows have no identifier of their own; one was made from "
                            "the file and the line, and they are never duplicates of each "
                            "other",
                            (long long)acc->made)));
    }
    for (size_t i = 0; i < m->plan.left_out_count; i++) {
        const struct profile_left_out *l = m->plan.left_out[i];
        RV_TRY(import_note(
            m, arena_printf(m->a, "the column \"%s\" is left out: %s", l->column, l->reason)));
    }
    if (m->profile->wide && m->resolution.unchanged) {
        RV_TRY(import_note(m, arena_printf(m->a, "%lld cells are equal to those held already",
                                           (long long)m->resolution.unchanged)));
    }
    if (acc->quarantined > (int64_t)acc->quarantine_count) {
        RV_TRY(import_note(m, arena_printf(m->a,
                                           "the first %d quarantined rows are kept word for word",
                                           LIMIT_QUARANTINE)));
    }
    if (acc->read == 0) {
        RV_TRY(import_note(m, "the file has a header and no rows"));
    }
    RV_TRY(import_note_aside(m));
    return import_note_doubts(m);
}

/* How coordinates were projected is kept with the extract. */
static rv_status fill_projection(struct import *m)
{
    if (m->plan.longitude == PLAN_NONE) {
        return rv_ok();
    }
    RV_CLEANUP(projector_closep) struct projector *projector = NULL;
    RV_TRY(projector_open(&projector, m->err));
    m->report.pipeline = projector_pipeline(projector);
    m->report.accuracy_m = projector_accuracy_m(projector);
    return rv_ok();
}

rv_status import_fill_report(struct import *m)
{
    struct ingest_report *r = &m->report;
    const struct accounts *acc = &m->pipeline.accounts;
    const struct resolution *res = &m->resolution;
    bool is_wide = m->profile->wide != NULL;
    r->reason_count = r->exclusion_count = r->note_count = 0; /* it may be filled again */
    r->not_recorded_count = r->offence_code_count = 0;
    r->file = m->name;
    r->kind = m->profile->kind->name;
    r->profile = m->profile->id;
    r->beside = m->profile->beside;
    r->beside_count = m->profile->beside_count;
    r->profile_version = m->profile->version;
    r->read = acc->read;
    r->quarantined = acc->quarantined;
    r->excluded = acc->excluded;
    r->duplicates = res->in_file + (is_wide ? 0 : res->unchanged);
    r->accepted = acc->alive - r->duplicates;
    r->rows = m->pipeline.row_count;
    r->repeated_keys = (int64_t)res->repeat_count;
    r->superseded = res->superseded;
    r->withdrawn = res->withdrawn;
    r->unplaced = -1;
    r->first_month = m->covered.first;
    r->last_month = m->covered.last;
    r->needs_attention = acc->quarantined > 0 || acc->alive == 0;
    RV_TRY(fill_counts(m));
    RV_TRY(fill_lists(m));
    RV_TRY(fill_projection(m));
    return fill_notes(m);
}

/* 1 for the first row of a key, 2, 3, … for those that repeat it with other content. */
rv_status import_number_rows(struct import *m)
{
    const struct pipeline *p = &m->pipeline;
    const struct resolution *r = &m->resolution;
    RV_CLEANUP(arena_done) struct arena a;
    RV_CLEANUP(buf_done) struct buf bytes;
    arena_init(&a, LIMIT_ARENA_BYTES);
    buf_init(&bytes, (size_t)4 << 20);
    int64_t *numbers = ARENA_NEW(&a, int64_t, LIMIT_CHUNK_ROWS);
    if (!numbers) {
        return arena_fail(&a, m->err);
    }
    size_t next = 0;
    for (uint32_t k = 0; m->plan.number != PLAN_NONE && k < p->chunk_count; k++) {
        for (uint32_t row = 0; row < p->chunk_rows[k]; row++) {
            numbers[row] = 1;
        }
        for (; next < r->repeat_count && r->repeats[next].sequence == k; next++) {
            numbers[r->repeats[next].row] = r->repeats[next].number;
        }
        struct column c = {.type = COLUMN_INTEGER, .rows = p->chunk_rows[k], .integers = numbers};
        struct chunk_summary summary;
        buf_clear(&bytes);
        RV_TRY(chunk_encode(&c, &bytes, &summary, m->err));
        RV_TRY(draft_append(p->draft, m->plan.number, k, &summary, buf_view(&bytes), m->err));
    }
    return rv_ok();
}
