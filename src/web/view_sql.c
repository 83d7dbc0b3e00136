/* web/view_sql.c — a question in SQL over the records that the person may see.
 *
 * Read-only, bounded in time and rows, one at a time, behind the wall of store/query.h. Each is
 * audited by the SHA-256 of its text, which may name a person, and the number of rows that it gave.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/sight.h"
#include "base/asset.h"
#include "base/hash.h"
#include "ingest/kind.h"
#include "report/format.h"
#include "store/query_out.h"
#include "web/explore_links.h"
#include "web/gate.h"
#include "web/views.h"

#include <string.h>

#define SECONDS      20
#define SHOWN_ROWS   1000
#define SHOWN_CELLS  20000 /* a page that can still be read */
#define SHOWN_BYTES  300   /* of one cell */
#define EXPORTED     100000
#define NUMBER_WORDS 40

/* web/queries: a line with the title, a line with the table that it needs, the query. */
extern const struct asset queries_assets[];
extern const size_t queries_assets_count;

struct example {
    struct text title, table, sql;
};

static struct example example_at(size_t i)
{
    static const char mark[] = "-- ";
    struct text rest = asset_text(&queries_assets[i]);
    struct example x = {.title = text_split(rest, '\n', &rest)};
    x.table = text_split(rest, '\n', &rest);
    x.title = (struct text){x.title.at + strlen(mark), x.title.n - strlen(mark)};
    x.table = (struct text){x.table.at + strlen(mark), x.table.n - strlen(mark)};
    x.sql = text_trim(rest);
    return x;
}

/* ---- what can be asked ---- */

static const struct {
    const char *name, *words;
} TABLES[] = {
    {"offences", "Offences as they were recorded, a row each"},
    {"persons", "People in offences, victims and suspects, by a reference"},
    {"outcomes", "Outcomes of offences, a row for each outcome given"},
    {"ambulance", "Calls to the ambulance service"},
    {"transport", "Incidents on public transport"},
    {"emergency_department", "Visits to emergency departments after an assault"},
    {"provision", "Services that work against violence"},
    {"gazetteer", "Names of places and where they are"},
    {"stop_search", "Searches of people and vehicles"},
    {"cohort", "People or counts of a cohort in a period"},
    {"referrals", "Referrals to services in a period"},
    {"area_counts", "Counts that a publisher made by area and period"},
    {"lookup", "Which area lies in which"},
    {"population", "Residents by area, age and sex"},
    {"indicators", "Published indicators by area"},
    {"measures", "What each published indicator means"},
    {"weights", "Harm weights of offences"},
    {"calendar", "Days that differ, as bank holidays"},
    {"survey", "Answers to a survey, a row for each respondent"},
    {"area_layer", "Layers of areas, by type and vintage"},
    {"area", "Areas of each layer, with their boundaries"},
    {"area_parent", "Which area of another layer an area lies in"},
};

static const struct {
    const char *name, *words;
} OWN_COLUMNS[] = {
    {"extract", "number of the extract"},
    {"row", "number of the row within its extract, from 1"},
    {"current", "1 = it counts today, 0 = a later extract replaced it"},
};

static const char *words_of_type(const char *type)
{
    return strcmp(type, "INTEGER") == 0 ? "whole number"
           : strcmp(type, "REAL") == 0  ? "number"
           : strcmp(type, "BLOB") == 0  ? "bytes"
                                        : "text";
}

static const char *list_words(struct arena *a, const char *const *vocabulary)
{
    const char *all = "one of";
    for (size_t i = 0; all && vocabulary[i]; i++) {
        all = arena_printf(a, "%s%s %s", all, i ? "," : "", vocabulary[i]);
    }
    return all;
}

static const char *column_words(struct arena *a, const struct query_table *t, size_t at)
{
    const struct kind *kind = t->kind ? kind_find(t->kind) : NULL;
    const struct kind_column *column = kind ? kind_column_find(kind, t->columns[at]) : NULL;
    for (size_t i = 0; t->kind && i < sizeof OWN_COLUMNS / sizeof *OWN_COLUMNS; i++) {
        if (strcmp(t->columns[at], OWN_COLUMNS[i].name) == 0) {
            return OWN_COLUMNS[i].words;
        }
    }
    if (column && column->vocabulary) {
        return list_words(a, column->vocabulary);
    }
    if (column && column->type == COLUMN_TIME) {
        return "date or time, such as 2026-03-31T22:15";
    }
    return column && column->is_code ? "code of an area" : words_of_type(t->types[at]);
}

static void put_table(struct call *c, struct model_list *list, const struct query_table *t)
{
    struct model *table = model_item(list);
    model_text(table, "name", t->name);
    for (size_t i = 0; i < sizeof TABLES / sizeof *TABLES; i++) {
        if (strcmp(TABLES[i].name, t->name) == 0) {
            model_text(table, "about", TABLES[i].words);
        }
    }
    struct model_list *columns = model_list(table, "columns");
    for (size_t i = 0; i < t->column_count; i++) {
        struct model *column = model_item(columns);
        model_text(column, "name", t->columns[i]);
        model_text(column, "words", column_words(c->arena, t, i));
    }
}

static const struct query_table *find_table(const struct query_table *tables, size_t count,
                                            struct text name)
{
    for (size_t i = 0; i < count; i++) {
        if (text_is(name, tables[i].name)) {
            return &tables[i];
        }
    }
    return NULL;
}

static rv_status put_extracts(struct call *c, struct rv_err *reterr)
{
    struct extract_info *extracts;
    size_t count;
    RV_TRY(extract_list(c->store, c->arena, NULL, &extracts, &count, reterr));
    struct model_list *list = model_list(c->model, "extracts");
    for (size_t i = 0; i < count; i++) {
        struct model *row = model_item(list);
        model_int(row, "extract", extracts[i].id);
        model_text(row, "kind", extracts[i].kind);
        model_text(row, "supplier", extracts[i].supplier);
        model_text(row, "file", extracts[i].file_name);
    }
    return rv_ok();
}

/* Everything around the question. `sql` stands in its field. */
static rv_status put_page(struct call *c, struct text sql, struct rv_err *reterr)
{
    struct query_table *tables;
    size_t count;
    RV_TRY(query_tables(c->store, c->arena, &tables, &count, reterr));
    struct model_list *list = model_list(c->model, "tables");
    for (size_t i = 0; i < count; i++) {
        put_table(c, list, &tables[i]);
    }
    struct model_list *examples = model_list(c->model, "examples");
    for (size_t i = 0; i < queries_assets_count; i++) {
        struct example x = example_at(i);
        if (find_table(tables, count, x.table)) {
            struct model *example = model_item(examples);
            model_int(example, "number", (int64_t)i + 1);
            model_slice(example, "title", x.title);
        }
    }
    const struct query_table *offences = find_table(tables, count, text_of("offences"));
    if (sql.n == 0 && offences) {
        RV_TRY(records_query(c, offences, &sql, reterr));
        model_bool(c->model, "is-of-table", sql.n > 0);
    }
    model_slice(c->model, "sql", sql);
    RV_TRY(put_extracts(c, reterr));
    return model_status(c->model, reterr);
}

/* From here on this reader gives what the person may see record by record. */
static rv_status see_records(struct call *c, struct rv_err *reterr)
{
    size_t hidden;
    struct viewer viewer = {c->session.role, c->session.organisation};
    return sight_set(c->store, c->arena, &viewer, DETAIL_RECORDS, &hidden, reterr);
}

rv_status view_sql(struct call *c, struct rv_err *reterr)
{
    struct text wanted = call_query(c, "example"), sql = {NULL, 0};
    RV_TRY(see_records(c, reterr));
    for (size_t i = 0; i < queries_assets_count; i++) {
        if (wanted.n == 1 && wanted.at[0] == (char)('1' + i)) {
            sql = example_at(i).sql;
        }
    }
    return put_page(c, sql, reterr);
}

/* ---- the answer as a page ---- */

struct shown {
    struct call *call;
    struct model_list *rows;
    size_t cells;
    bool is_cut;
};

/* What the database holds need not be text that a page can hold: other bytes become "?". */
static const char *cell_text(struct arena *a, struct text t)
{
    size_t n = t.n < SHOWN_BYTES ? t.n : SHOWN_BYTES;
    char *out = arena_text(a, n ? t.at : "", n);
    for (size_t i = 0; out && i < n;) {
        size_t good = text_utf8_valid((struct text){out + i, n - i});
        for (size_t k = i; k < i + good; k++) {
            bool is_control = (unsigned char)out[k] < 32 && !strchr("\t\n", out[k]);
            out[k] = is_control || out[k] == 127 ? '?' : out[k];
        }
        i += good;
        if (i < n) {
            out[i++] = '?';
        }
    }
    return out && t.n > n ? arena_printf(a, "%s…", out) : out;
}

static void put_cell(struct call *c, struct model_list *cells, const struct query_cell *cell)
{
    struct model *m = model_item(cells);
    switch (cell->type) {
    case QUERY_NULL:
        model_bool(m, "is-null", true);
        break;
    case QUERY_INT:
        model_int(m, "number", cell->integer);
        model_text(m, "text", arena_printf(c->arena, "%lld", (long long)cell->integer));
        break;
    case QUERY_REAL:
        model_real(m, "number", cell->real);
        model_text(m, "text", arena_printf(c->arena, "%.12g", cell->real));
        break;
    case QUERY_TEXT:
        model_text(m, "text", cell_text(c->arena, cell->text));
        break;
    case QUERY_BLOB:
        model_text(m, "text", arena_printf(c->arena, "(%zu bytes)", cell->text.n));
        break;
    }
    model_bool(m, "is-number", cell->type == QUERY_INT || cell->type == QUERY_REAL);
}

static rv_status show_row(void *context, int columns, const char *const *names,
                          const struct query_cell *row, struct rv_err *reterr)
{
    struct shown *s = context;
    struct call *c = s->call;
    if (!row) {
        struct model_list *heads = model_list(c->model, "columns");
        for (int i = 0; i < columns; i++) {
            const char *name = cell_text(c->arena, text_of(names[i]));
            model_word(heads, name && *name ? name : "(no name)");
        }
        s->rows = model_list(c->model, "rows");
        return rv_ok();
    }
    s->cells += (size_t)columns;
    s->is_cut = s->is_cut || s->cells > SHOWN_CELLS;
    if (s->is_cut) {
        return rv_ok();
    }
    struct model_list *cells = model_list(model_item(s->rows), "cells");
    for (int i = 0; i < columns; i++) {
        put_cell(c, cells, &row[i]);
    }
    return model_status(c->model, reterr);
}

/* ---- asking ---- */

static rv_status note(struct call *c, const char *sql, int64_t rows, const char *action,
                      const char *outcome, struct rv_err *reterr)
{
    char hash[SHA256_HEX + 1];
    RV_TRY(sha256_of(sql, strlen(sql), hash, reterr));
    const char *subject = arena_printf(c->arena, "sha256 %s, %lld rows", hash, (long long)rows);
    return call_note(c, action, subject, outcome, reterr);
}

static rv_status ask(struct call *c, const char *sql, int64_t most, query_row *each, void *context,
                     struct query_told *ret, struct rv_err *reterr)
{
    const struct query_bounds bounds = {
        .is_walled = true, .most_rows = most, .milliseconds = SECONDS * 1000};
    RV_TRY(gate_enter(GATE_ALL_PROCESSORS, reterr));
    rv_status status = store_query_within(c->store, sql, &bounds, NULL, each, context, ret, reterr);
    gate_leave(GATE_ALL_PROCESSORS);
    return status;
}

/* What the person can put right comes back beside the field; a refusal is kept in the audit. */
static rv_status tell_fault(struct call *c, const char *sql, rv_status status,
                            const struct rv_err *err, struct rv_err *reterr)
{
    if (status.code != RV_INVALID && status.code != RV_REFUSED && status.code != RV_LIMIT &&
        status.code != RV_BUSY) {
        if (reterr) {
            *reterr = *err;
        }
        return status;
    }
    if (status.code == RV_REFUSED) {
        RV_TRY(note(c, sql, 0, "sql.query", "refused", reterr));
    }
    const char *said = cell_text(c->arena, text_of(err->message));
    char *message = said ? arena_text(c->arena, said, strlen(said)) : NULL;
    if (!message) {
        return arena_fail(c->arena, reterr);
    }
    if (*message >= 'a' && *message <= 'z') {
        *message = (char)(*message - 'a' + 'A');
    }
    call_fault_of(c, "sql", status.code, message);
    call_show(c, "sql");
    return put_page(c, text_of(sql), reterr);
}

static rv_status show_answer(struct call *c, const char *sql, struct rv_err *reterr)
{
    struct shown shown = {.call = c};
    struct query_told told;
    struct rv_err err = {.code = RV_OK};
    rv_status status = ask(c, sql, SHOWN_ROWS, show_row, &shown, &told, &err);
    if (!rv_is_ok(status)) {
        return tell_fault(c, sql, status, &err, reterr);
    }
    RV_TRY(note(c, sql, told.rows, "sql.query", "done", reterr));
    struct buf words RV_CLEANUP(buf_done);
    buf_init(&words, NUMBER_WORDS);
    size_t count = model_list_count(shown.rows);
    format_count(&words, (double)count);
    RV_TRY(buf_status(&words, reterr));
    model_bool(c->model, "has-answer", true);
    model_int(c->model, "count", (int64_t)count);
    model_text(c->model, "count-words", arena_text(c->arena, words.bytes, words.n));
    model_bool(c->model, "is-one", count == 1);
    model_bool(c->model, "is-cut", told.is_cut || shown.is_cut);
    call_show(c, "sql");
    return put_page(c, text_of(sql), reterr);
}

/* ---- the answer as a file ---- */

static rv_status check_spool(void *context, struct rv_err *reterr)
{
    return spool_check(context, reterr);
}

static rv_status send_file(struct call *c, const char *sql, bool is_json, struct rv_err *reterr)
{
    struct spool *spool;
    struct query_told told;
    struct rv_err err = {.code = RV_OK};
    RV_TRY(call_spool(c, &spool, reterr));
    struct query_out out = {
        .out = &spool->out, .is_json = is_json, .flush = check_spool, .context = spool};
    query_out_begin(&out);
    rv_status status = ask(c, sql, EXPORTED, query_out_row, &out, &told, &err);
    if (rv_is_ok(status) && told.is_cut) {
        status = rv_fail(&err, RV_LIMIT,
                         "The answer has more than 100,000 rows: count or choose in the query, or "
                         "use the command reeve sql");
    }
    if (!rv_is_ok(status)) {
        return tell_fault(c, sql, status, &err, reterr);
    }
    query_out_end(&out);
    RV_TRY(note(c, sql, told.rows, "sql.export", "done", reterr));
    return call_send(c, spool, is_json ? "application/json" : "text/csv; charset=utf-8",
                     is_json ? "query.json" : "query.csv", reterr);
}

rv_status post_sql(struct call *c, struct rv_err *reterr)
{
    struct text typed = call_form(c, "sql"), format = call_form(c, "format");
    const char *sql = arena_text(c->arena, typed.n ? typed.at : "", typed.n);
    if (!sql) {
        return arena_fail(c->arena, reterr);
    }
    RV_TRY(see_records(c, reterr));
    bool is_json = text_is(format, "json");
    return is_json || text_is(format, "csv") ? send_file(c, sql, is_json, reterr)
                                             : show_answer(c, sql, reterr);
}
