/* assess/brief.c — a tasking brief: which records, which days, and its parts in order.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/brief.h"

#include "assess/brief_internal.h"
#include "assess/marked.h"
#include "base/limits.h"

#include <string.h>

static const char THEME[] = "brief";

/* ---- days ---- */

const char *brief_date(struct arena *a, int32_t day)
{
    int y, m, d;
    civil_from_days(day, &y, &m, &d);
    return arena_printf(a, "%04d-%02d-%02d", y, m, d);
}

const char *brief_day_words(struct arena *a, int32_t day)
{
    int y, m, d;
    civil_from_days(day, &y, &m, &d);
    return arena_printf(a, "%d %s %d", d, month_name(m), y);
}

static int32_t month_of_day(int32_t day)
{
    return civil_month_of(civil_pack((int64_t)day * 86400, CIVIL_DATE));
}

/* Whether the source covers every month that the days touch. */
static bool is_covered(const struct source *s, int32_t from, int32_t to)
{
    for (int32_t m = month_of_day(from); m <= month_of_day(to); m++) {
        if (!source_covers(s, m)) {
            return false;
        }
    }
    return true;
}

/* ---- findings and tables ---- */

struct finding *brief_finding(struct brief_work *b, const char *slug, const char *measure)
{
    struct finding *f = compose_finding(&b->w, THEME, slug, measure);
    if (!f || !rv_is_ok(compose_text(&b->w, f, "first_day", b->first_text, NULL)) ||
        !rv_is_ok(compose_text(&b->w, f, "last_day", b->last_text, NULL)) ||
        !rv_is_ok(compose_number(&b->w, f, "days", b->days, NULL))) {
        return NULL;
    }
    f->period = (struct month_range){1, 0}; /* days, not months: in the slots */
    f->subject = b->subject;
    f->query = b->query;
    f->sources = b->evidence;
    f->source_count = b->evidence_count;
    f->definition = b->definition ? b->definition->id : NULL;
    f->definition_version = b->definition ? b->definition->version : NULL;
    return f;
}

struct result_table *brief_table(struct brief_work *b, const char *id,
                                 const struct result_column *columns, size_t column_count,
                                 size_t row_count, struct result_cell **ret_cells)
{
    struct result_table *t =
        compose_table(&b->w, THEME, id, columns, column_count, row_count, ret_cells);
    if (t) {
        t->sources = b->evidence;
        t->source_count = b->evidence_count;
    }
    return t;
}

/* ---- which records ---- */

static const struct source *named(const struct brief_work *b)
{
    const char *name = b->options->source;
    for (size_t i = 0; name && i < b->w.source_count; i++) {
        const struct source *s = &b->w.sources[i];
        if (strcmp(s->kind, "offences") == 0 && strcmp(s->name, name) == 0) {
            return s;
        }
    }
    return NULL;
}

/* Of the year before the brief; without its day, of the last year that any offences cover. */
static rv_status choose_source(struct brief_work *b, struct rv_err *reterr)
{
    int32_t last = b->options->has_on ? month_of_day(b->options->on - 1) : INT32_MIN;
    for (size_t i = 0; i < b->w.source_count && !b->options->has_on; i++) {
        const struct source *s = &b->w.sources[i];
        bool is_later = strcmp(s->kind, "offences") == 0 && s->month_count > 0 &&
                        s->months[s->month_count - 1] > last;
        last = is_later ? s->months[s->month_count - 1] : last;
    }
    struct month_range year = {last == INT32_MIN ? 1 : last - 11, last == INT32_MIN ? 0 : last};
    b->source = b->options->source ? named(b)
                                   : source_choose(b->w.sources, b->w.source_count, "offences",
                                                   year, ASSESS_NO_COMPARE);
    if (!b->source) {
        return b->options->source
                   ? rv_fail(reterr, RV_NOT_FOUND, "No offences of the source %s are held.",
                             b->options->source)
                   : rv_fail(reterr, RV_NOT_FOUND,
                             "No offences are held for this brief: import them with \"reeve "
                             "import\".");
    }
    return rv_ok();
}

static rv_status find_area(struct brief_work *b, struct rv_err *reterr)
{
    struct held *h = &b->w.held;
    int32_t last = source_span(b->source).last;
    b->w.boroughs = layer_choose(h->layers, h->layer_count, "borough", NULL, last);
    b->w.wards = layer_choose(h->layers, h->layer_count, "ward", NULL, last);
    if (!b->w.boroughs) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "No boroughs are held: load them with \"reeve areas FILE PATH --type "
                       "borough --vintage V --code COLUMN --name COLUMN\".");
    }
    b->w.area = layer_find(b->w.boroughs, text_of(b->options->area));
    if (b->w.area == 0) {
        return rv_fail(reterr, RV_NOT_FOUND, "%.40s is not the code of a borough of %s.",
                       b->options->area, b->w.boroughs->vintage);
    }
    b->w.area_name = b->w.boroughs->areas[b->w.area - 1].name;
    return rv_ok();
}

/* ---- which days ---- */

static rv_status refuse_months(const struct brief_work *b, struct rv_err *reterr)
{
    return rv_fail(
        reterr, RV_REFUSED,
        "A brief cannot be made from %s: its records do not give the day, still less the "
        "hour, on which an offence began and was recorded, so that %d days cannot be "
        "told. Months can: "
        "\"reeve table FILE --by month --area %s\". Another series is named with "
        "--source.",
        b->source->name, (int)b->days, b->options->area);
}

/* Most of what the borough has on record in the last year must have both days. */
static bool tells_days(const struct brief_work *b)
{
    int64_t dated = 0;
    for (size_t i = 0; i < b->event_count; i++) {
        dated += b->events[i].recorded != BRIEF_NO_DAY && b->events[i].committed != BRIEF_NO_DAY;
    }
    return b->event_count == 0 || 2 * dated >= (int64_t)b->event_count;
}

static rv_status choose_days(struct brief_work *b, struct rv_err *reterr)
{
    struct arena *a = b->w.held.arena;
    if (b->last_recorded == BRIEF_NO_DAY || !tells_days(b)) {
        return refuse_months(b, reterr);
    }
    b->on = b->options->has_on ? b->options->on : b->last_recorded + 1;
    if (b->on > b->last_recorded + 1 || !is_covered(b->source, b->on - b->days, b->on - 1)) {
        return rv_fail(reterr, RV_INVALID,
                       "The records do not cover the %d days before %s: the last that they hold "
                       "is of %s. Give --on the day after it or an earlier one.",
                       (int)b->days, brief_date(a, b->on), brief_date(a, b->last_recorded));
    }
    int32_t most = (BRIEF_YEAR + b->days - 1) / b->days;
    while (b->windows < most &&
           is_covered(b->source, b->on - (b->windows + 2) * b->days, b->on - 1)) {
        b->windows++;
    }
    b->on_text = brief_day_words(a, b->on);
    b->first_text = brief_day_words(a, b->on - b->days);
    b->last_text = brief_day_words(a, b->on - 1);
    return b->on_text && b->first_text && b->last_text ? rv_ok() : arena_fail(a, reterr);
}

/* The words that make this brief again. */
static rv_status make_query(struct brief_work *b, struct rv_err *reterr)
{
    struct arena *a = b->w.held.arena;
    const struct brief_options *o = b->options;
    const char *on = brief_date(a, b->on);
    RV_CLEANUP(buf_done) struct buf words;
    buf_init(&words, LIMIT_ROW_BYTES);
    buf_text(&words, "reeve brief " ASSESS_QUERY_FILE);
    query_option(&words, "--area", o->area);
    buf_printf(&words, " --on %s --days %d", on ? on : "", (int)b->days);
    if (o->source) {
        query_option(&words, "--source", o->source);
    }
    if (o->products) {
        query_option(&words, "--products", o->products);
    }
    query_option(&words, "--group", b->product->id);
    buf_text(&words, " --json");
    RV_TRY(buf_status(&words, reterr));
    b->query = arena_text(a, words.bytes, words.n);
    return on && b->query ? rv_ok() : arena_fail(a, reterr);
}

/* ---- the whole ---- */

/* Profiles rest on ages of persons: their extracts are sources too. */
static rv_status gather(struct brief_work *b, struct rv_err *reterr)
{
    struct arena *a = b->w.held.arena;
    const struct joined *j = b->joined;
    struct month_range months = {month_of_day(b->on - (b->windows + 1) * b->days),
                                 month_of_day(b->on - 1)};
    struct finding_source *records;
    size_t count;
    RV_TRY(source_evidence(a, b->source, months, ASSESS_NO_COMPARE, &records, &count, reterr));
    b->evidence = ARENA_NEW(a, struct finding_source, count + j->person_extracts + 1);
    if (!b->evidence) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        b->evidence[b->evidence_count++] = records[i];
    }
    for (size_t i = 0; i < j->person_extracts; i++) {
        const struct extract_info *x = &j->persons[i];
        b->evidence[b->evidence_count++] =
            (struct finding_source){x->id, x->sha256, x->file_name, x->marking};
    }
    return rv_ok();
}

static rv_status hear(struct brief_work *b, struct rv_err *reterr)
{
    unsigned parts = b->product->parts;
    RV_TRY(brief_choose(b, b->on, &b->now, reterr));
    RV_TRY(brief_total(b, reterr));
    RV_TRY(parts & PART_WINDOWS ? brief_windows(b, reterr) : rv_ok());
    RV_TRY(parts & PART_TREND ? brief_trend(b, reterr) : rv_ok());
    RV_TRY(parts & PART_CHANGES ? brief_changes(b, reterr) : rv_ok());
    RV_TRY(parts & PART_CHECK ? brief_check(b, reterr) : rv_ok());
    RV_TRY(brief_parts(b, reterr));
    RV_TRY(brief_late(b, reterr));
    return brief_limits(b, reterr);
}

static rv_status open_records(struct brief_work *b, struct store *s, struct rv_err *reterr)
{
    struct arena *a = b->w.held.arena;
    RV_TRY(sources_load(s, a, NULL, &b->w.sources, &b->w.source_count, reterr));
    RV_TRY(choose_source(b, reterr));
    RV_TRY(find_area(b, reterr));
    progress_step(b->w.held.progress, "reading", 0);
    RV_TRY(held_joined_of(&b->w.held, b->source, &b->joined, reterr));
    b->definition = b->joined->definition;
    RV_TRY(brief_scan(b, reterr));
    RV_TRY(choose_days(b, reterr));
    RV_TRY(make_query(b, reterr));
    RV_TRY(brief_select(b, reterr));
    return gather(b, reterr);
}

rv_status brief_run(struct store *s, struct arena *a, struct pool *pool, struct progress *progress,
                    const struct brief_options *options, struct brief *ret, struct rv_err *reterr)
{
    const struct assess_options plain = {.area = options->area, .period = {1, 0}};
    struct brief_work b = {.w = {.options = &plain},
                           .options = options,
                           .product = options->product,
                           .days = options->days ? options->days : options->product->days};
    RV_TRY(held_load(s, a, pool, progress, &b.w.held, reterr));
    RV_TRY(open_records(&b, s, reterr));
    RV_TRY(hear(&b, reterr));
    struct brief done = {.product = b.product,
                         .on = brief_date(a, b.on),
                         .first = brief_date(a, b.on - b.days),
                         .last = brief_date(a, b.on - 1),
                         .before_first = brief_date(a, b.on - 2 * b.days),
                         .before_last = brief_date(a, b.on - b.days - 1),
                         .year_first = brief_date(a, b.on - BRIEF_YEAR - b.days),
                         .year_last = brief_date(a, b.on - BRIEF_YEAR - 1),
                         .days = b.days,
                         .windows = b.windows,
                         .is_on_chosen = options->has_on};
    done.found =
        (struct assessment){.area = options->area,
                            .area_name = b.w.area_name,
                            .period = {1, 0},
                            .compare = ASSESS_NO_COMPARE,
                            .definition = b.definition ? b.definition->id : NULL,
                            .definition_version = b.definition ? b.definition->version : NULL,
                            .definition_title = b.definition ? b.definition->title : NULL,
                            .findings = b.w.findings,
                            .finding_count = b.w.finding_count,
                            .tables = b.w.tables,
                            .table_count = b.w.table_count,
                            .sources = b.evidence,
                            .source_count = b.evidence_count};
    assessment_mark(&done.found, NULL);
    *ret = done;
    return done.on && done.first && done.last && done.before_first && done.before_last &&
                   done.year_first && done.year_last
               ? rv_ok()
               : arena_fail(a, reterr);
}
