/* assess/compose.c — putting findings and tables together.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/chapters.h"
#include "assess/profile_internal.h"
#include "assess/query.h"
#include "base/buf.h"
#include "stats/interval.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

struct finding *compose_finding(struct assess_work *w, const char *theme, const char *slug,
                                const char *measure)
{
    struct arena *a = w->held.arena;
    struct finding *all =
        arena_grow(a, w->findings, w->finding_count, &w->finding_room, sizeof *w->findings);
    const char *id = arena_printf(a, "%s.%s.%s", theme, slug, measure);
    if (!all || !id) {
        return NULL;
    }
    w->findings = all;
    struct finding *f = &w->findings[w->finding_count++];
    *f = finding_blank(id, theme);
    f->period = w->options->period;
    f->area = w->options->area;
    f->area_name = w->area_name;
    f->template = assess_template_name(w);
    return f;
}

struct finding *compose_lens_finding(struct lens *l, uint32_t category, const char *measure)
{
    struct finding *f = compose_finding(l->work, l->prefix, l->slugs[category], measure);
    if (!f) {
        return NULL;
    }
    f->theme = l->theme;
    if (l->profile) {
        f->chapter = l->profile->chapter;
        f->chapter_title = l->profile->chapter_title;
        f->definition = l->profile->definition->id;
        f->definition_version = l->profile->definition->version;
    }
    f->subject = l->subjects[category];
    f->sources = l->evidence;
    f->source_count = l->evidence_count;
    const char **caveats = ARENA_NEW(l->work->held.arena, const char *, 8);
    if (!caveats) {
        return NULL;
    }
    caveats[0] = l->source_caveat;
    f->caveats = caveats;
    f->caveat_count = 1;
    return f;
}

rv_status compose_caveat(struct assess_work *w, struct finding *f, const char *text,
                         struct rv_err *reterr)
{
    const char **all = ARENA_NEW(w->held.arena, const char *, f->caveat_count + 1);
    if (!all || !text) {
        return arena_fail(w->held.arena, reterr);
    }
    for (size_t i = 0; i < f->caveat_count; i++) {
        all[i] = f->caveats[i];
    }
    all[f->caveat_count++] = text;
    f->caveats = all;
    return rv_ok();
}

static rv_status add_slot(struct assess_work *w, struct finding *f, struct finding_slot slot,
                          struct rv_err *reterr)
{
    struct finding_slot *all = ARENA_NEW(w->held.arena, struct finding_slot, f->slot_count + 1);
    if (!all) {
        return arena_fail(w->held.arena, reterr);
    }
    for (size_t i = 0; i < f->slot_count; i++) {
        all[i] = f->slots[i];
    }
    all[f->slot_count++] = slot;
    f->slots = all;
    return rv_ok();
}

rv_status compose_text(struct assess_work *w, struct finding *f, const char *slot, const char *text,
                       struct rv_err *reterr)
{
    if (!text) {
        return arena_fail(w->held.arena, reterr);
    }
    return add_slot(w, f, (struct finding_slot){slot, SLOT_TEXT, text, NOT_KNOWN}, reterr);
}

rv_status compose_number(struct assess_work *w, struct finding *f, const char *slot, double number,
                         struct rv_err *reterr)
{
    return add_slot(w, f, (struct finding_slot){slot, SLOT_NUMBER, NULL, number}, reterr);
}

rv_status compose_absent(struct assess_work *w, struct finding *f, const char *rule,
                         const char *reason, struct rv_err *reterr)
{
    f->rule = rule;
    f->verdict = VERDICT_NOT_AVAILABLE;
    f->value = f->lower = f->upper = f->numerator = NOT_KNOWN;
    RV_TRY(compose_text(w, f, "reason", reason, reterr));
    return compose_caveat(w, f, arena_printf(w->held.arena, "Not available, because %s.", reason),
                          reterr);
}

rv_status compose_percent_change(struct assess_work *w, struct finding *f,
                                 const struct comparison *k, bool gives_percent,
                                 struct rv_err *reterr)
{
    bool has_percent = k->has_percent && gives_percent;
    RV_TRY(compose_number(w, f, "p", k->p, reterr));
    RV_TRY(compose_number(w, f, "percent", has_percent ? k->percent_change : NOT_KNOWN, reterr));
    RV_TRY(compose_number(w, f, "percent_low", has_percent ? 100 * (k->ci.lower - 1) : NOT_KNOWN,
                          reterr));
    return compose_number(w, f, "percent_high",
                          has_percent && k->ci.has_upper ? 100 * (k->ci.upper - 1) : NOT_KNOWN,
                          reterr);
}

rv_status compose_percent(struct finding *f, int64_t part, int64_t whole, struct rv_err *reterr)
{
    struct interval ci;
    RV_TRY(interval_wilson(part, whole, STATS_LEVEL, &ci, reterr));
    f->numerator = (double)part;
    f->denominator = (double)whole;
    f->value = 100 * (double)part / (double)whole;
    f->lower = 100 * ci.lower;
    f->upper = 100 * ci.upper;
    f->level = STATS_LEVEL;
    return rv_ok();
}

void query_option(struct buf *b, const char *option, const char *value)
{
    bool is_plain = value[0] != '\0' && !strpbrk(value, " \"'$`\\&;|<>()*?#~!");
    buf_printf(b, " %s ", option);
    if (is_plain) {
        buf_text(b, value);
        return;
    }
    buf_char(b, '"');
    for (const char *c = value; *c; c++) {
        if (strchr("\"$`\\", *c)) {
            buf_char(b, '\\');
        }
        buf_char(b, *c);
    }
    buf_char(b, '"');
}

static void query_period(struct buf *b, struct month_range r)
{
    char from[8], to[8];
    month_write(r.first, from);
    month_write(r.last, to);
    buf_printf(b, " --period %s..%s", from, to);
}

static void query_start(struct buf *b, const struct lens *l, const char *by)
{
    buf_text(b, "reeve table " ASSESS_QUERY_FILE);
    if (!l->is_records) {
        buf_text(b, " --kind area-counts");
    }
    query_option(b, "--source", l->source->name);
    if (l->profile) {
        query_option(b, "--profile", l->profile->id);
    }
    if (l->profile && l->profile->beside) {
        query_option(b, "--definition", l->profile->beside);
    }
    query_option(b, "--by", by);
}

static const char *query_end(struct buf *b, const struct lens *l, const char *area,
                             struct month_range range)
{
    if (area) {
        query_option(b, "--area", area);
    }
    query_period(b, range);
    if (l->work->options->vintage) {
        query_option(b, "--vintage", l->work->options->vintage);
    }
    return b->failed ? NULL : arena_text(l->work->held.arena, b->bytes, b->n);
}

const char *compose_query(const struct lens *l, const char *by, uint32_t category, const char *area,
                          int bucket)
{
    return compose_query_of(l, by, category, area, bucket_range(l->work, bucket));
}

const char *compose_query_of(const struct lens *l, const char *by, uint32_t category,
                             const char *area, struct month_range range)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 65536);
    query_start(&b, l, by);
    if (category > 0) {
        struct buf where RV_CLEANUP(buf_done);
        buf_init(&where, 65536);
        buf_printf(&where, "%s=%s", l->dimension, l->axes[0].labels[category]);
        query_option(&b, "--where", where.bytes ? where.bytes : "");
    }
    return query_end(&b, l, area, range);
}

const char *compose_query_with(const struct lens *l, const char *by, const char *more)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 65536);
    query_start(&b, l, by);
    buf_text(&b, more);
    return query_end(&b, l, l->work->options->area, l->work->options->period);
}

struct result_table *compose_table(struct assess_work *w, const char *theme, const char *id,
                                   const struct result_column *columns, size_t column_count,
                                   size_t row_count, struct result_cell **ret_cells)
{
    struct arena *a = w->held.arena;
    struct result_table *all =
        arena_grow(a, w->tables, w->table_count, &w->table_room, sizeof *w->tables);
    struct result_cell *cells = ARENA_NEW(a, struct result_cell, row_count * column_count + 1);
    struct result_column *copy = ARENA_NEW(a, struct result_column, column_count);
    const char *name = arena_printf(a, "%s-%s", theme, id);
    if (!all || !cells || !copy || !name) {
        return NULL;
    }
    memcpy(copy, columns, column_count * sizeof *copy);
    w->tables = all;
    struct result_table *t = &w->tables[w->table_count++];
    *t = (struct result_table){.id = name,
                               .theme = theme,
                               .columns = copy,
                               .column_count = column_count,
                               .cells = cells,
                               .row_count = row_count};
    *ret_cells = cells;
    return t;
}

struct result_table *compose_lens_table(struct lens *l, const char *id,
                                        const struct result_column *columns, size_t column_count,
                                        size_t row_count, struct result_cell **ret_cells)
{
    struct result_table *t =
        id ? compose_table(l->work, l->prefix, id, columns, column_count, row_count, ret_cells)
           : NULL;
    if (t) {
        t->theme = l->theme;
        t->sources = l->evidence;
        t->source_count = l->evidence_count;
        t->chapter = l->profile ? l->profile->chapter : NULL;
        t->chapter_title = l->profile ? l->profile->chapter_title : NULL;
    }
    return t;
}

rv_status compose_note(struct assess_work *w, struct result_table *t, const char *text,
                       struct rv_err *reterr)
{
    const char **all = ARENA_NEW(w->held.arena, const char *, t->note_count + 1);
    if (!all || !text) {
        return arena_fail(w->held.arena, reterr);
    }
    for (size_t i = 0; i < t->note_count; i++) {
        all[i] = t->notes[i];
    }
    all[t->note_count++] = text;
    t->notes = all;
    return rv_ok();
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

const char *compose_slug(struct arena *a, const char *name)
{
    char *slug = arena_text(a, name, strlen(name));
    size_t n = 0;
    for (const char *c = name; slug && *c; c++) {
        char low = lower(*c);
        bool is_plain = (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9');
        if (is_plain) {
            slug[n++] = low;
        } else if (n > 0 && slug[n - 1] != '-') {
            slug[n++] = '-';
        }
    }
    if (slug) {
        n -= n > 0 && slug[n - 1] == '-' ? 1 : 0;
        slug[n] = '\0';
    }
    return slug;
}

const char *compose_subject(struct arena *a, const char *category)
{
    char *subject = arena_text(a, category, strlen(category));
    for (char *c = subject; c && *c; c++) {
        *c = lower(*c);
    }
    return subject;
}

const char *compose_period(struct arena *a, struct month_range r)
{
    const char *first = month_name(r.first % 12 + 1), *last = month_name(r.last % 12 + 1);
    if (r.first == r.last) {
        return arena_printf(a, "%s %d", first, r.first / 12);
    }
    if (r.first / 12 != r.last / 12) {
        return arena_printf(a, "%s %d to %s %d", first, r.first / 12, last, r.last / 12);
    }
    bool is_year = r.first % 12 == 0 && r.last % 12 == 11;
    return is_year ? arena_printf(a, "%d", r.first / 12)
                   : arena_printf(a, "%s to %s %d", first, last, r.last / 12);
}

struct result_cell cell_number(double number)
{
    return (struct result_cell){.number = number, .is_missing = isnan(number)};
}

struct result_cell cell_text(const char *text)
{
    return (struct result_cell){.text = text, .number = NOT_KNOWN};
}

/* What the Serious Violence Duty is about, by the words that publishers use in their categories;
 * until a definition is adopted these lead the assessment. */
bool is_serious_category(const char *slug)
{
    static const char *const words[] = {"violence", "weapon", "robbery", "sexual"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strstr(slug, words[i])) {
            return true;
        }
    }
    return false;
}
