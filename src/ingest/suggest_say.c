/* ingest/suggest_say.c — a proposal in plain lines.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_say.h"

#include "base/civil.h"

bool value_is_shown(const struct mapped_value *v)
{
    /* A whole phrase of our own vocabulary is nobody's secret, however rare. */
    bool is_known = v->ours && v->confidence >= 0.95;
    bool is_personal = false;
    uint64_t forms = is_known ? 0 : value_forms(v->theirs);
    for (enum value_form f = 0; f < VALUE_COUNT; f++) {
        is_personal = is_personal ||
                      (forms & form_bit(f) && value_form_personal(f) && f != VALUE_PERSON_NAME);
    }
    return is_known || (v->rows >= VALUES_SHOWN_FROM && v->theirs.n <= 80 && !is_personal);
}

static void count(struct buf *out, int64_t n, const char *what)
{
    char text[32];
    count_text(n, text);
    buf_printf(out, "%s %s%s", text, what, n == 1 ? "" : "s");
}

/* ---- the file ---- */

static void say_file(const struct told_file *file, const struct proposal *p, struct buf *out)
{
    const struct form *f = &file->sampled->form;
    buf_printf(out, "%s: %s, cells separated by %s, ", file->name,
               f->encoding ? f->encoding : "text in an unknown encoding",
               form_separator_name(f->dialect.separator));
    count(out, p->sample->file_rows, "row");
    buf_text(out, ", ");
    count(out, (int64_t)p->sample->columns, "column");
    if (p->sample->file_rows > (int64_t)p->sample->rows + file->sampled->faulty) {
        buf_text(out, "; judged by a sample of ");
        count(out, (int64_t)p->sample->rows, "row");
    }
    buf_text(out, "\n\n");
    buf_printf(out, "Kind: %s, %.0f%% sure: %s.\n", p->kind->name, 100 * p->kind_confidence,
               p->kind_because);
    if (p->rival && p->rival_total > 0.5) {
        buf_printf(out, "  It could also be %s.\n", p->rival->name);
    }
}

/* ---- columns ---- */

static void say_map(const struct value_map *map, bool is_list, const char *indent, struct buf *out)
{
    size_t hidden = 0;
    int64_t hidden_rows = 0;
    for (size_t i = 0; i < map->count; i++) {
        const struct mapped_value *m = &map->values[i];
        if (!value_is_shown(m)) {
            hidden++;
            hidden_rows += m->rows;
            continue;
        }
        buf_printf(out, "%s\"", indent);
        buf_slice(out, m->theirs);
        buf_printf(out, "\" (");
        count(out, m->rows, "row");
        buf_printf(out, ") %s%s\n",
                   !m->ours   ? "has no meaning here: not recorded"
                   : *m->ours ? "is "
                   : is_list  ? "adds no flag"
                              : "is missing",
                   m->ours ? m->ours : "");
    }
    if (hidden) {
        buf_text(out, indent);
        count(out, (int64_t)hidden, "rarer value");
        buf_text(out, " in ");
        count(out, hidden_rows, "row");
        buf_text(out, ": not shown, because they may be about one person\n");
    }
}

static void say_form(const struct proposal *p, const struct suggestion *s, struct buf *out)
{
    if (s->format && *s->format) {
        buf_printf(out, ", written %s%s%s", s->format, s->is_order_open ? " or " : "",
                   s->is_order_open ? s->other_format : "");
    }
    if (s->time_column != SUGGEST_NONE) {
        buf_printf(out, ", with the time of day from \"%s\" (%s)", p->facts[s->time_column].header,
                   s->time_format);
    }
    if (s->is_label) {
        buf_printf(out, ", labels of %s years", s->year ? s->year : "which");
    }
    buf_text(out, s->is_date_only ? ", dates only: the hour is always midnight" : "");
    if (s->unit) {
        buf_printf(out, ", in %s", s->unit);
    }
}

static void say_suggestion(const struct proposal *p, const struct suggestion *s, struct buf *out)
{
    if (s->column == SUGGEST_NONE) {
        buf_printf(out, "  %s is %s in every row (%.0f%%)\n    %s\n", s->kc->name, s->constant,
                   100 * s->confidence, s->because);
        return;
    }
    buf_printf(out, "  %s from \"%s\"", s->kc->name, p->facts[s->column].header);
    say_form(p, s, out);
    buf_printf(out, " (%.0f%%)\n    %s\n", 100 * s->confidence, s->because);
    if (s->missing_count) {
        buf_text(out, "    missing is written ");
        for (size_t i = 0; i < s->missing_count; i++) {
            buf_printf(out, "%s\"%s\"", i ? ", " : "", s->missing[i]);
        }
        buf_char(out, '\n');
    }
    say_map(&s->map, s->is_list, "    ", out);
    for (size_t i = 0; i < s->also_count; i++) {
        buf_printf(out, "    and from \"%s\"\n", p->facts[s->also[i].column].header);
        say_map(&s->also[i].map, true, "      ", out);
    }
}

static void say_columns(const struct proposal *p, struct buf *out)
{
    buf_text(out, "\nColumns that are taken\n");
    for (size_t i = 0; i < p->count; i++) {
        bool is_open = p->list[i].is_order_open || (p->list[i].is_label && !p->list[i].year);
        if (p->list[i].is_taken || is_open) {
            say_suggestion(p, &p->list[i], out);
        }
    }
    if (p->periods) {
        buf_printf(out, "  %s from ", p->value->name);
        count(out, (int64_t)p->month_count, "column");
        buf_printf(out, " headed by months or years, written %s: each becomes a row of its own\n",
                   p->periods);
    }
    if (p->wide_count) {
        buf_printf(out, "  %s from ", p->value->name);
        count(out, (int64_t)p->wide_count, "column");
        buf_text(out, ": each becomes a row of its own\n");
    }
    buf_text(out, p->aside_count ? "\nColumns that are not stored\n" : "");
    for (size_t i = 0; i < p->aside_count; i++) {
        const char *header = p->facts[p->aside[i].column].header;
        buf_printf(out, "  %s%s%s: %s\n", *header ? "\"" : "a column without a name", header,
                   *header ? "\"" : "", p->aside[i].because);
    }
}

void say_proposal(const struct told_file *file, const struct proposal *p, struct buf *out)
{
    say_file(file, p, out);
    say_columns(p, out);
    buf_text(out, p->note_count ? "\nTo look at\n" : "");
    for (size_t i = 0; i < p->note_count; i++) {
        buf_printf(out, "  %s\n", p->notes[i]);
    }
    buf_printf(out, "\nA later file of this supplier: %s, because %s.\n",
               profile_refresh_name(p->refresh), p->refresh_because);
}

void say_question(const struct question *q, struct buf *out)
{
    buf_printf(out, "%s\n", q->text);
    for (size_t i = 0; i < q->choice_count; i++) {
        buf_printf(out, "  %zu  %s\n", i + 1, q->choices[i].label);
    }
}

/* ---- the preview ---- */

static void say_fault(const struct preview_fault *f, struct buf *out)
{
    buf_text(out, "    ");
    count(out, f->rows, "row");
    buf_printf(out, ": %s%s%s%s (%s)\n", *f->column ? "the value of \"" : "the row ", f->column,
               *f->column ? "\" " : "", f->sentence, f->code);
    buf_text(out, "      for example");
    for (size_t i = 0; i < f->example_count; i++) {
        buf_printf(out, "%s line %lld", i ? "," : "", (long long)f->lines[i]);
        if (*f->patterns[i]) {
            buf_printf(out, " (it looks like %s)", f->patterns[i]);
        }
    }
    buf_char(out, '\n');
}

#define FEW_PERCENT 90 /* a column with fewer values is worth a line on one screen */

static void say_held(const struct preview *v, bool is_brief, struct buf *out)
{
    buf_text(out, is_brief ? "" : "  Held\n");
    for (size_t i = 0; i < v->column_count; i++) {
        const struct preview_column *c = &v->columns[i];
        double share = v->accepted ? 100.0 * (double)c->filled / (double)v->accepted : 0;
        if (!*c->from || (is_brief && share >= FEW_PERCENT)) {
            continue;
        }
        buf_printf(out, "    %s: %.0f%% of accepted rows have a value", c->name,
                   share > 100 ? 100 : share);
        bool is_first = true;
        for (size_t k = 0; k < c->value_count && !is_brief; k++) {
            if (c->values[k].rows) {
                buf_printf(out, "%s%s %lld", is_first ? ": " : ", ", c->values[k].name,
                           (long long)c->values[k].rows);
                is_first = false;
            }
        }
        buf_char(out, '\n');
    }
}

void say_preview(const struct preview *v, bool is_brief, struct buf *out)
{
    buf_text(out, "\nPreview: what an import would do (nothing was stored)\n  ");
    count(out, v->read, "row");
    char accepted[32], quarantined[32];
    count_text(v->accepted, accepted);
    count_text(v->quarantined, quarantined);
    buf_printf(out, " read: %s accepted, %s quarantined", accepted, quarantined);
    if (v->duplicates > 0) {
        buf_printf(out, ", %lld dropped as duplicates", (long long)v->duplicates);
    }
    buf_char(out, '\n');
    if (v->is_refused) {
        buf_printf(out, "  The import would refuse the file: %s.\n", v->refused_because);
    }
    if (v->first_month <= v->last_month) {
        char first[8], last[8];
        month_write(v->first_month, first);
        month_write(v->last_month, last);
        buf_printf(out, "  from %s to %s", first, last);
        if (v->empty_months) {
            buf_printf(out, ", with %zu months between them without a row", v->empty_months);
        }
        buf_char(out, '\n');
    }
    buf_text(out, v->fault_count ? "  Quarantined, because\n" : "");
    for (size_t i = 0; i < v->fault_count; i++) {
        say_fault(&v->faults[i], out);
    }
    if (v->repeated_keys > 0) {
        buf_text(out, "  ");
        count(out, v->repeated_keys, "row");
        buf_text(out, " repeat a reference with other content: both are kept");
        buf_text(out, v->repeated_keys * 50 > v->read
                          ? ". Is a column missing that tells them apart?\n"
                          : "\n");
    }
    if (v->unknown_codes) {
        buf_text(out, "  ");
        count(out, v->unknown_codes, "row");
        buf_text(out, " have an offence code without a group: not recorded unless the group is "
                      "there\n");
    }
    say_held(v, is_brief, out);
}
