/* ingest/suggest_json.c — a proposal and its preview for a program.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "ingest/suggest_say.h"

static void put_file(const struct told_file *file, const struct proposal *p, struct json_writer *j)
{
    const struct form *f = &file->sampled->form;
    char separator[2] = {f->dialect.separator, '\0'};
    json_put_object(j, "file");
    json_put_string(j, "name", file->name);
    json_put_string(j, "encoding", f->encoding);
    json_put_string(j, "separator", separator);
    json_put_int(j, "rows", p->sample->file_rows);
    json_put_int(j, "rows_looked_at", (int64_t)p->sample->rows);
    json_put_int(j, "columns", (int64_t)p->sample->columns);
    json_put_array(j, "header");
    for (size_t i = 0; i < p->sample->columns; i++) {
        json_put_string(j, NULL, p->facts[i].header);
    }
    json_end_array(j);
    json_put_string(j, "sheet", f->choice.sheet);
    json_end_object(j);
    json_put_object(j, "kind");
    json_put_string(j, "name", p->kind->name);
    json_put_real(j, "confidence", p->kind_confidence);
    json_put_string(j, "because", p->kind_because);
    json_put_string(j, "next", p->rival ? p->rival->name : NULL);
    json_end_object(j);
}

static void put_map(struct json_writer *j, const struct value_map *map)
{
    int64_t hidden = 0, hidden_rows = 0;
    json_put_array(j, "values");
    for (size_t i = 0; i < map->count; i++) {
        const struct mapped_value *m = &map->values[i];
        if (!value_is_shown(m)) {
            hidden++;
            hidden_rows += m->rows;
            continue;
        }
        json_put_object(j, NULL);
        json_put_text(j, "theirs", m->theirs);
        json_put_string(j, "ours", m->ours);
        json_put_real(j, "confidence", m->confidence);
        json_put_int(j, "rows", m->rows);
        json_end_object(j);
    }
    json_end_array(j);
    json_put_int(j, "values_not_shown", hidden);
    json_put_int(j, "rows_not_shown", hidden_rows);
    json_put_int(j, "values_without_meaning", (int64_t)map->unmapped);
    json_put_int(j, "rows_without_meaning", map->unmapped_rows);
}

static void put_suggestion(struct json_writer *j, const struct proposal *p,
                           const struct suggestion *s)
{
    json_put_object(j, NULL);
    json_put_string(j, "column", s->kc->name);
    json_put_string(j, "from", s->column == SUGGEST_NONE ? NULL : p->facts[s->column].header);
    if (s->column == SUGGEST_NONE) {
        json_put_string(j, "constant", s->constant);
    }
    json_put_real(j, "confidence", s->confidence);
    json_put_bool(j, "taken", s->is_taken);
    json_put_string(j, "because", s->because);
    json_put_string(j, "format", s->format && *s->format ? s->format : NULL);
    if (s->is_order_open) {
        json_put_string(j, "or_format", s->other_format);
    }
    if (s->time_column != SUGGEST_NONE) {
        json_put_string(j, "time_from", p->facts[s->time_column].header);
        json_put_string(j, "time_format", s->time_format);
    }
    if (s->is_label) {
        json_put_string(j, "year", s->year);
    }
    json_put_string(j, "unit", s->unit);
    json_put_array(j, "missing");
    for (size_t i = 0; i < s->missing_count; i++) {
        json_put_string(j, NULL, s->missing[i]);
    }
    json_end_array(j);
    put_map(j, &s->map);
    json_put_array(j, "also");
    for (size_t i = 0; i < s->also_count; i++) {
        json_put_object(j, NULL);
        json_put_string(j, "from", p->facts[s->also[i].column].header);
        put_map(j, &s->also[i].map);
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
}

static void put_questions(struct json_writer *j, const struct proposal *p)
{
    json_put_array(j, "questions");
    for (size_t i = 0; i < p->question_count; i++) {
        const struct question *q = &p->questions[i];
        json_put_object(j, NULL);
        json_put_string(j, "answer", q->key);
        json_put_string(j, "question", q->text);
        json_put_bool(j, "must_be_answered", q->is_hard);
        json_put_array(j, "choices");
        for (size_t k = 0; k < q->choice_count; k++) {
            json_put_object(j, NULL);
            json_put_string(j, "value", q->choices[k].value);
            json_put_string(j, "means", q->choices[k].label);
            json_end_object(j);
        }
        json_end_array(j);
        json_put_string(j, "usual", q->usual < q->choice_count ? q->choices[q->usual].value : NULL);
        json_end_object(j);
    }
    json_end_array(j);
}

void json_proposal(const struct told_file *file, const struct proposal *p, struct json_writer *j)
{
    put_file(file, p, j);
    json_put_array(j, "columns");
    for (size_t i = 0; i < p->count; i++) {
        put_suggestion(j, p, &p->list[i]);
    }
    json_end_array(j);
    json_put_object(j, "wide");
    json_put_string(j, "value", p->value ? p->value->name : NULL);
    json_put_string(j, "periods", p->periods);
    json_put_int(j, "columns", (int64_t)(p->periods ? p->month_count : p->wide_count));
    json_end_object(j);
    json_put_array(j, "not_stored");
    for (size_t i = 0; i < p->aside_count; i++) {
        json_put_object(j, NULL);
        json_put_string(j, "from", p->facts[p->aside[i].column].header);
        json_put_string(j, "personal", p->aside[i].personal);
        json_put_string(j, "because", p->aside[i].because);
        json_end_object(j);
    }
    json_end_array(j);
    json_put_array(j, "notes");
    for (size_t i = 0; i < p->note_count; i++) {
        json_put_string(j, NULL, p->notes[i]);
    }
    json_end_array(j);
    json_put_string(j, "refresh", profile_refresh_name(p->refresh));
    put_questions(j, p);
}

static void put_faults(const struct preview *v, struct json_writer *j)
{
    json_put_array(j, "reasons");
    for (size_t i = 0; i < v->fault_count; i++) {
        const struct preview_fault *f = &v->faults[i];
        json_put_object(j, NULL);
        json_put_string(j, "code", f->code);
        json_put_string(j, "column", f->column);
        json_put_string(j, "sentence", f->sentence);
        json_put_int(j, "rows", f->rows);
        json_put_array(j, "lines");
        for (size_t k = 0; k < f->example_count; k++) {
            json_put_int(j, NULL, f->lines[k]);
        }
        json_end_array(j);
        json_put_array(j, "look_like");
        for (size_t k = 0; k < f->example_count; k++) {
            json_put_string(j, NULL, f->patterns[k]);
        }
        json_end_array(j);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_held(const struct preview *v, struct json_writer *j)
{
    json_put_array(j, "held");
    for (size_t i = 0; i < v->column_count; i++) {
        const struct preview_column *c = &v->columns[i];
        json_put_object(j, NULL);
        json_put_string(j, "column", c->name);
        json_put_int(j, "rows_with_a_value", c->filled);
        if (c->value_count) {
            json_put_object(j, "values");
            for (size_t k = 0; k < c->value_count; k++) {
                json_put_int(j, c->values[k].name, c->values[k].rows);
            }
            json_end_object(j);
        }
        json_end_object(j);
    }
    json_end_array(j);
}

void json_preview(const struct preview *v, struct json_writer *j)
{
    json_put_object(j, "preview");
    json_put_int(j, "read", v->read);
    json_put_int(j, "accepted", v->accepted);
    json_put_int(j, "quarantined", v->quarantined);
    json_put_int(j, "excluded", v->excluded);
    if (v->duplicates >= 0) {
        json_put_int(j, "duplicates", v->duplicates);
        json_put_int(j, "repeated_keys", v->repeated_keys);
    }
    json_put_int(j, "not_recorded", v->not_recorded);
    json_put_int(j, "unknown_offence_codes", v->unknown_codes);
    json_put_string(j, "would_be_refused_because", v->is_refused ? v->refused_because : NULL);
    if (v->first_month <= v->last_month) {
        char first[8], last[8];
        month_write(v->first_month, first);
        month_write(v->last_month, last);
        json_put_string(j, "first_month", first);
        json_put_string(j, "last_month", last);
    }
    put_faults(v, j);
    put_held(v, j);
    json_end_object(j);
}
