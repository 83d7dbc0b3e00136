/* web/view_quarantine.c — rows that could not be used: why, and as a list to send back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/sight.h"
#include "store/provenance.h"
#include "web/data_words.h"
#include "web/views.h"

/* From here on only extracts whose records the person may read are there. */
static rv_status of_records(struct call *c, const struct extract_info **ret, struct rv_err *reterr)
{
    size_t hidden;
    struct viewer viewer = {c->session.role, c->session.organisation};
    RV_TRY(sight_set(c->store, c->arena, &viewer, DETAIL_RECORDS, &hidden, reterr));
    return data_extract(c, ret, reterr);
}

rv_status view_quarantine(struct call *c, struct rv_err *reterr)
{
    const struct extract_info *x;
    struct quarantine_reason *reasons;
    size_t count;
    RV_TRY(of_records(c, &x, reterr));
    RV_TRY(quarantine_reasons(c->store, c->arena, x->id, &reasons, &count, reterr));
    long long id = x->id;
    data_put_extract(c->model, x);
    model_text(c->model, "address", arena_printf(c->arena, "/workbench/data/%lld", id));
    model_text(c->model, "list-address",
               arena_printf(c->arena, "/workbench/data/%lld/quarantine.csv", id));
    model_int(c->model, "quarantined", x->quarantined);
    model_text(c->model, "quarantined-words", count_words(c->arena, x->quarantined));
    model_text(c->model, "read-words", count_words(c->arena, x->rows_read));
    model_bool(c->model, arena_printf(c->arena, "is-%s", x->refresh), true);
    struct model_list *list = model_list(c->model, "reasons");
    for (size_t i = 0; i < count; i++) {
        struct model *row = model_item(list);
        model_text(row, "code", reasons[i].code);
        model_text(row, "column", reasons[i].column[0] ? reasons[i].column : "the whole row");
        model_int(row, "rows", reasons[i].rows);
        model_text(row, "rows-words", count_words(c->arena, reasons[i].rows));
    }
    return rv_ok();
}

/* ---- the list ---- */

struct listing {
    struct spool *file;
    struct text name;
};

/* As `reeve import --quarantine` writes it. */
static rv_status put_row(void *context, const struct quarantined *q, struct rv_err *reterr)
{
    struct listing *l = context;
    struct buf *out = &l->file->out;
    buf_csv_words(out, l->name);
    buf_printf(out, ",%lld,", (long long)q->line);
    buf_csv_words(out, q->column);
    buf_char(out, ',');
    buf_csv_words(out, q->value);
    buf_char(out, ',');
    buf_csv_words(out, q->code);
    buf_char(out, ',');
    buf_csv_words(out, q->sentence);
    buf_char(out, '\n');
    return spool_check(l->file, reterr);
}

/* The reading is in the audit before a byte of it leaves. */
static rv_status note(struct call *c, const struct extract_info *x, struct rv_err *reterr)
{
    const char *subject = arena_printf(c->arena, "extract %lld", (long long)x->id);
    return call_note(c, "quarantine.export", subject, "done", reterr);
}

rv_status view_quarantine_csv(struct call *c, struct rv_err *reterr)
{
    const struct extract_info *x;
    struct listing l;
    RV_TRY(of_records(c, &x, reterr));
    const char *name = arena_printf(c->arena, "quarantine-%lld.csv", (long long)x->id);
    if (!name) {
        return arena_fail(c->arena, reterr);
    }
    RV_TRY(note(c, x, reterr));
    RV_TRY(call_spool(c, &l.file, reterr));
    l.name = text_of(x->file_name);
    buf_text(&l.file->out, "file,line,column,value,code,sentence\n");
    RV_TRY(quarantine_walk(c->store, x->id, put_row, &l, reterr));
    return call_send(c, l.file, "text/csv; charset=utf-8", name, reterr);
}
