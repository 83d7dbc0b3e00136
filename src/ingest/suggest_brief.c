/* ingest/suggest_brief.c — a proposal on one screen: what is taken from where, what is left.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_say.h"

#define WORDS_SHOWN 3  /* values without a meaning that are named */
#define NAME_BYTES  17 /* of the first column: most of Reeve's names */

static void say_file(const struct told_file *file, const struct proposal *p, struct buf *out)
{
    const struct form *f = &file->sampled->form;
    char rows[32];
    count_text(p->sample->file_rows, rows);
    buf_printf(out, "%s: %s row%s, %zu column%s (%s, %s)\n", file->name, rows,
               p->sample->file_rows == 1 ? "" : "s", p->sample->columns,
               p->sample->columns == 1 ? "" : "s", f->encoding ? f->encoding : "encoding not known",
               form_separator_name(f->dialect.separator));
    if (f->choice.sheet) {
        buf_printf(out, "Sheet: \"%s\"\n", f->choice.sheet);
    }
    buf_printf(out, "A row is one of: %s (%.0f%% sure%s%s)\n\n", p->kind->name,
               100 * p->kind_confidence,
               p->rival && p->rival_total > 0.5 ? "; it could also be " : "",
               p->rival && p->rival_total > 0.5 ? p->rival->name : "");
}

/* "words understood: 12 of 15", and the commonest of the others. */
static void say_words(const struct value_map *map, struct buf *out)
{
    size_t known = 0, shown = 0, left;
    for (size_t i = 0; i < map->count; i++) {
        known += map->values[i].ours != NULL;
    }
    left = map->count - known;
    if (!map->count || !left) {
        return;
    }
    buf_printf(out, "%*s%zu of %zu words understood; not recorded:", NAME_BYTES + 5, "", known,
               map->count);
    for (size_t i = 0; i < map->count && shown < WORDS_SHOWN; i++) {
        const struct mapped_value *m = &map->values[i];
        if (!m->ours && value_is_shown(m)) {
            buf_printf(out, "%s \"", shown++ ? "," : "");
            buf_slice(out, m->theirs);
            buf_char(out, '"');
        }
    }
    left -= shown;
    if (left) {
        buf_printf(out, "%s %zu %s", shown ? " and" : "", left, shown ? "more" : "rare ones");
    }
    buf_char(out, '\n');
}

static void say_column(const struct proposal *p, const struct suggestion *s, struct buf *out)
{
    if (s->column == SUGGEST_NONE) {
        buf_printf(out, "  %-*s \"%s\" in every row\n", NAME_BYTES, s->kc->name, s->constant);
        return;
    }
    bool is_open = s->is_order_open || (s->is_label && !s->year);
    buf_printf(out, "  %-*s \"%s\"", NAME_BYTES, s->kc->name, p->facts[s->column].header);
    for (size_t i = 0; i < s->also_count; i++) {
        buf_printf(out, " and \"%s\"", p->facts[s->also[i].column].header);
    }
    if (s->time_column != SUGGEST_NONE) {
        buf_printf(out, " with \"%s\"", p->facts[s->time_column].header);
    }
    if (s->format && *s->format && s->kc->type == COLUMN_TIME) {
        buf_printf(out, ", %s%s%s", s->format, s->is_order_open ? " or " : "",
                   s->is_order_open ? s->other_format : "");
    }
    if (s->unit) {
        buf_printf(out, ", %s", s->unit);
    }
    if (is_open) {
        buf_text(out, "  (to be asked)\n");
    } else {
        buf_printf(out, "  %.0f%%\n", 100 * s->confidence);
    }
    say_words(&s->map, out);
    for (size_t i = 0; i < s->also_count; i++) {
        say_words(&s->also[i].map, out);
    }
}

/* Columns that are not stored, those with one reason together, in the order of the file. */
static void say_aside(const struct proposal *p, struct buf *out)
{
    for (size_t i = 0; i < p->aside_count; i++) {
        const char *because = p->aside[i].because;
        bool is_first = true;
        for (size_t k = 0; k < i && is_first; k++) {
            is_first = strcmp(p->aside[k].because, because) != 0;
        }
        if (!is_first) {
            continue;
        }
        buf_text(out, i ? "  " : "\nNot stored\n  ");
        for (size_t k = i, n = 0; k < p->aside_count; k++) {
            const char *header = p->facts[p->aside[k].column].header;
            if (strcmp(p->aside[k].because, because) == 0) {
                buf_printf(out, "%s%s%s%s", n++ ? ", " : "", *header ? "\"" : "", header,
                           *header ? "\"" : "a column without a name");
            }
        }
        buf_printf(out, ": %s\n", because);
    }
}

void say_brief(const struct told_file *file, const struct proposal *p, struct buf *out)
{
    say_file(file, p, out);
    buf_printf(out, "  %-*s from your column\n", NAME_BYTES, "Reeve's column");
    for (size_t i = 0; i < p->count; i++) {
        const struct suggestion *s = &p->list[i];
        if (s->is_taken || s->is_order_open || (s->is_label && !s->year)) {
            say_column(p, s, out);
        }
    }
    if (p->periods || p->wide_count) {
        buf_printf(out, "  %-*s %zu columns, each a row of its own%s%s\n", NAME_BYTES,
                   p->value->name, p->periods ? p->month_count : p->wide_count,
                   p->periods ? "; headers are months, " : "", p->periods ? p->periods : "");
    }
    say_aside(p, out);
    buf_text(out, p->note_count ? "\nTo look at\n" : "");
    for (size_t i = 0; i < p->note_count; i++) {
        buf_printf(out, "  %s\n", p->notes[i]);
    }
}
