/* read/csv_rows.c — a file, its blocks, their records. SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/csv_rows.h"

#include "base/memory.h"
#include "read/csv.h"
#include "read/form.h"
#include "read/source.h"

static rv_status take_block(struct arena *a, const char *name, const struct csv_block *block,
                            const struct csv_dialect *dialect, csv_row *row, void *context,
                            struct rv_err *reterr)
{
    struct csv_records records;
    RV_TRY(csv_parse(a, block, dialect, &records, reterr));
    for (size_t i = 0; i < records.count; i++) {
        const struct csv_record *record = &records.records[i];
        int64_t line = block->first_line + record->line_offset;
        if (record->fault != CSV_FINE) {
            return rv_fail(reterr, RV_INVALID, "%s line %lld: %s", name, (long long)line,
                           csv_fault_sentence(record->fault));
        }
        RV_TRY(row(context, &records.cells[record->first_cell], record->cells, line, reterr));
    }
    return rv_ok();
}

rv_status csv_rows(struct arena *a, const char *path, const char *name, csv_row *row, void *context,
                   char sha256[SHA256_HEX + 1], struct rv_err *reterr)
{
    static const struct form_declared nothing = {.encoding = NULL};
    struct form form = {0};
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    RV_CLEANUP(csv_splitter_closep) struct csv_splitter *splitter = NULL;
    RV_TRY(form_detect(a, path, &nothing, &form, reterr));
    if (form.format != FORM_TEXT || !form.encoding) {
        return rv_fail(reterr, RV_INVALID,
                       "%s: it is read from a CSV file in UTF-8 or another encoding that can be "
                       "told: save it as one",
                       name);
    }
    RV_TRY(source_open_as(path, &form.choice, &source, reterr));
    RV_TRY(csv_splitter_open(source, &form.dialect, &splitter, reterr));
    for (struct csv_block block;;) {
        RV_TRY(csv_splitter_next(splitter, &block, reterr));
        if (block.n == 0) {
            break;
        }
        rv_status status = take_block(a, name, &block, &form.dialect, row, context, reterr);
        memory_free(block.bytes);
        RV_TRY(status);
    }
    return sha256 ? source_sha256(source, sha256, reterr) : rv_ok();
}
