/* ingest/quarantine.c — the quarantined rows, into the partnership file and for the reader.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/limits.h"
#include "ingest/import.h"
#include "store/sql_id.h"

#define SENTENCE_BYTES ((size_t)4096)
#define FILE_BYTES     ((size_t)256 << 20)

static const char *column_of(const struct pipeline *p, const struct quarantine_row *q)
{
    return q->column < p->plan->header_count ? p->plan->header[q->column] : "";
}

rv_status quarantine_store(struct store *s, const struct pipeline *p, int64_t extract,
                           const struct progress *progress, struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf sentence;
    buf_init(&sentence, SENTENCE_BYTES);
    for (size_t i = 0; i < p->accounts.quarantine_count; i++) {
        const struct quarantine_row *q = &p->accounts.quarantine[i];
        struct stmt *st;
        RV_TRY(progress_check(progress, reterr));
        buf_clear(&sentence);
        pipeline_tell(p, i, &sentence);
        RV_TRY(buf_status(&sentence, reterr));
        RV_TRY(store_prepare(s, SQL_QUARANTINE_INSERT, &st, reterr));
        stmt_bind_int(st, ":extract_id", extract);
        stmt_bind_int(st, ":line", q->line);
        stmt_bind_string(st, ":column_name", column_of(p, q));
        stmt_bind_text(st, ":value", (struct text){q->value.n ? q->value.at : "", q->value.n});
        stmt_bind_string(st, ":code", row_fault_code(q->fault));
        stmt_bind_text(st, ":sentence", buf_view(&sentence));
        RV_TRY(stmt_run(st, reterr));
    }
    return rv_ok();
}

static void write_rows(const struct import *m, struct buf *out, struct buf *sentence)
{
    const struct pipeline *p = &m->pipeline;
    for (size_t i = 0; i < p->accounts.quarantine_count; i++) {
        const struct quarantine_row *q = &p->accounts.quarantine[i];
        buf_clear(sentence);
        pipeline_tell(p, i, sentence);
        buf_csv_words(out, text_of(m->name));
        buf_printf(out, ",%lld,", (long long)q->line);
        buf_csv_words(out, text_of(column_of(p, q)));
        buf_char(out, ',');
        buf_csv_words(out, q->value);
        buf_printf(out, ",%s,", row_fault_code(q->fault));
        buf_csv_words(out, buf_view(sentence));
        buf_char(out, '\n');
    }
}

rv_status quarantine_write(const struct import *const *list, size_t count, const char *path,
                           struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf out;
    RV_CLEANUP(buf_done) struct buf sentence;
    buf_init(&out, FILE_BYTES);
    buf_init(&sentence, SENTENCE_BYTES);
    buf_text(&out, "file,line,column,value,code,sentence\n");
    for (size_t i = 0; i < count; i++) {
        write_rows(list[i], &out, &sentence);
    }
    RV_TRY(buf_status(&out, reterr));
    return file_write(path, buf_view(&out), reterr);
}
