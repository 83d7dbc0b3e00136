/* assess/told.c — parts, findings and tables of what is told of a question.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/told_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const struct things *things_of(const char *kind)
{
    static const struct {
        const char *kind;
        struct things things;
    } all[] = {
        {"offences", {"offence", "offences"}},
        {"area-counts", {"published offence", "published offences"}},
        {"ambulance", {"ambulance attendance", "ambulance attendances"}},
        {"emergency-department",
         {"emergency department attendance", "emergency department attendances"}},
        {"transport", {"record of transport operators", "records of transport operators"}},
        {"stop-search", {"stop and search", "stops and searches"}},
        {"cohort", {"person known to services", "people known to services"}},
        {"referrals", {"referral", "referrals"}},
        {NULL, {"record", "records"}},
    };
    size_t i = 0;
    while (all[i].kind && !is_word(kind ? kind : "offences", all[i].kind)) {
        i++;
    }
    return &all[i].things;
}

void telling_begin(struct telling *t, struct held *h, const struct table_options *question,
                   const char *theme, struct told *told)
{
    *told = (struct told){.count = 0};
    *t = (struct telling){
        .question = question, .theme = theme, .things = things_of(question->kind), .told = told};
    t->options = (struct assess_options){
        .area = question->area, .period = {1, 0}, .compare = ASSESS_NO_COMPARE};
    t->work = (struct assess_work){.held = *h, .options = &t->options};
}

static const char *area_name_of(const struct telling *t)
{
    const struct held *h = &t->work.held;
    struct text code = text_of(t->question->area ? t->question->area : "");
    for (size_t i = 0; i < h->layer_count && code.n; i++) {
        uint32_t area = layer_find(&h->layers[i], code);
        if (area) {
            return h->layers[i].areas[area - 1].name;
        }
    }
    return t->question->area ? t->question->area : "all areas held";
}

rv_status telling_end(struct telling *t, struct rv_err *reterr)
{
    struct arena *a = t->work.held.arena;
    const char *many = t->things->many, *profile = t->question->profile;
    bool has_period = t->options.period.first <= t->options.period.last;
    const char *period = has_period ? compose_period(a, t->options.period) : "";
    const char *of = profile ? arena_printf(a, " (%s)", profile) : "";
    t->told->findings = t->work.findings;
    t->told->finding_count = t->work.finding_count;
    t->told->title = !period || !of
                         ? NULL
                         : arena_printf(a, "%c%s%s, %s%s%s", many[0] - 'a' + 'A', many + 1, of,
                                        area_name_of(t), period[0] ? ", " : "", period);
    return t->told->title ? rv_ok() : arena_fail(a, reterr);
}

void telling_part(struct telling *t, const char *id, const char *title)
{
    t->part = &t->told->parts[t->told->count++];
    *t->part = (struct told_part){.id = id, .title = title, .first_finding = t->work.finding_count};
}

rv_status telling_absent(struct telling *t, const char *words, struct rv_err *reterr)
{
    t->part->absent = words;
    return words ? rv_ok() : arena_fail(t->work.held.arena, reterr);
}

struct finding *telling_finding(struct telling *t, const char *measure)
{
    struct rv_err ignored;
    struct finding *f = compose_finding(&t->work, t->theme, t->part->id, measure);
    bool is_made = f && rv_is_ok(compose_text(&t->work, f, "things", t->things->many, &ignored));
    t->part->finding_count += is_made;
    return is_made ? f : NULL;
}

struct result_table *telling_table(struct telling *t, const struct result_column *columns,
                                   size_t column_count, size_t rows, struct result_cell **cells)
{
    return compose_table(&t->work, t->theme, t->part->id, columns, column_count, rows, cells);
}

rv_status telling_table_end(struct telling *t, struct result_table *table, const char *title,
                            const char *description, enum result_chart chart, struct rv_err *reterr)
{
    table->title = title;
    table->description = description;
    table->chart = chart;
    t->part->table = *table;
    return title && description ? rv_ok() : arena_fail(t->work.held.arena, reterr);
}

const char *telling_title(struct telling *t, const char *words)
{
    struct arena *a = t->work.held.arena;
    const char *period = compose_period(a, t->options.period), *many = t->things->many;
    return period ? arena_printf(a, "%c%s %s, %s", many[0] - 'a' + 'A', many + 1, words, period)
                  : NULL;
}

rv_status telling_ask(struct telling *t, const struct table_options *asked,
                      struct result_table *ret, struct rv_err *reterr)
{
    RV_TRY(table_run_held(&t->work.held, asked, ret, reterr));
    if (!t->part->asked.by) {
        t->part->asked = *asked;
    }
    return rv_ok();
}

void telling_notes(struct telling *t, const struct result_table *table)
{
    t->told->notes = table->notes;
    t->told->note_count = table->note_count;
    t->told->sources = table->sources;
    t->told->source_count = table->source_count;
}

static const struct result_cell *asked_cell(const struct result_table *t, size_t row,
                                            const char *column)
{
    size_t at = result_table_column(t, column);
    return at < t->column_count ? &t->cells[row * t->column_count + at] : NULL;
}

const char *asked_text(const struct result_table *t, size_t row, const char *column)
{
    const struct result_cell *cell = asked_cell(t, row, column);
    return cell && cell->text ? cell->text : "";
}

double asked_number(const struct result_table *t, size_t row, const char *column)
{
    const struct result_cell *cell = asked_cell(t, row, column);
    return cell && !cell->is_missing ? cell->number : (double)NAN;
}
