/* web/finding_model.c — a finding as a page and JSON say it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/finding_model.h"

#include "base/civil.h"
#include "method/registry.h"
#include "report/findings.h"
#include "report/method_card.h"

#include <math.h>
#include <string.h>

#define WORDS_BYTES 200

static const char *kept(struct arena *a, struct buf *words)
{
    const char *text = words->failed ? NULL : arena_text(a, words->bytes, words->n);
    buf_done(words);
    return text;
}

const char *period_words(struct arena *a, struct month_range period)
{
    if (period.first > period.last) {
        return NULL;
    }
    struct buf words;
    buf_init(&words, WORDS_BYTES);
    format_period(&words, period);
    return kept(a, &words);
}

const char *time_words(struct arena *a, int64_t utc_seconds)
{
    civil_time t = civil_pack(utc_seconds + civil_london_offset(utc_seconds), CIVIL_MINUTE);
    int year, month, day;
    civil_from_days(civil_day_of(t), &year, &month, &day);
    struct buf words;
    buf_init(&words, WORDS_BYTES);
    format_date(&words, year, month, day);
    int minute = civil_minute_of_day(t);
    buf_printf(&words, ", %02d:%02d", minute / 60, minute % 60);
    return kept(a, &words);
}

void finding_put_line(struct model *m, const struct finding *f)
{
    model_text(m, "id", f->id);
    model_text(m, "statement", f->statement);
    model_text(m, "verdict", finding_verdict_name(f->verdict));
    model_bool(m, "is-doubtful", f->verdict != VERDICT_HOLDS);
}

static void put_words(struct model *m, const char *name, const struct finding *f, double value)
{
    if (!isfinite(value)) {
        return;
    }
    struct buf words;
    buf_init(&words, WORDS_BYTES);
    format_number(&words, value, finding_number_kind(f, value), FORMAT_PLAIN);
    model_text(m, name, kept(model_arena(m), &words));
}

static void put_count_words(struct model *m, const char *name, double value)
{
    if (!isfinite(value)) {
        return;
    }
    struct buf words;
    buf_init(&words, WORDS_BYTES);
    format_count(&words, value);
    model_text(m, name, kept(model_arena(m), &words));
}

static void put_interval_words(struct model *m, const struct finding *f)
{
    if (!isfinite(f->lower) || !isfinite(f->upper) || !isfinite(f->level)) {
        return;
    }
    struct buf words;
    buf_init(&words, WORDS_BYTES);
    format_interval(&words, f->lower, f->upper, f->level, finding_number_kind(f, f->lower));
    model_text(m, "interval", kept(model_arena(m), &words));
}

/* "24th" "of 32", and the places that it could hold. */
static void put_rank_words(struct model *m, const struct finding *f)
{
    struct buf place, places;
    buf_init(&place, WORDS_BYTES);
    buf_init(&places, WORDS_BYTES);
    format_ordinal(&place, f->rank, f->is_tied);
    model_text(m, "value", kept(model_arena(m), &place));
    model_text(m, "of-what", arena_printf(model_arena(m), "of %lld", (long long)f->of));
    if (f->rank_low > 0 && f->rank_high > 0) {
        format_ordinal(&places, f->rank_low, false);
        buf_text(&places, " to ");
        format_ordinal(&places, f->rank_high, false);
        model_text(m, "places", kept(model_arena(m), &places));
    } else {
        buf_done(&places);
    }
}

/* As a person reads them: the same words as in the report. */
static void put_shown(struct model *m, const struct finding *f)
{
    bool is_percent = f->unit && text_is(text_of(f->unit), "percent");
    if (f->unit && text_is(text_of(f->unit), "rank") && f->rank > 0) {
        put_rank_words(m, f);
    } else {
        put_words(m, "value", f, f->value);
        model_text(m, "of-what", is_percent ? NULL : f->unit);
        put_interval_words(m, f);
    }
    put_count_words(m, "denominator", f->denominator);
    put_count_words(m, "missing", f->missing);
}

/* For programs, and for people. */
static void put_numbers(struct model *m, const struct finding *f)
{
    model_real(m, "value", f->value);
    model_text(m, "unit", f->unit);
    model_real(m, "lower", f->lower);
    model_real(m, "upper", f->upper);
    model_real(m, "level", f->level);
    model_real(m, "numerator", f->numerator);
    model_real(m, "denominator", f->denominator);
    model_text(m, "denominator-name", f->denominator_name);
    model_real(m, "missing", f->missing);
    if (f->rank >= 0) {
        model_int(m, "rank", f->rank);
        model_int(m, "rank-low", f->rank_low);
        model_int(m, "rank-high", f->rank_high);
        model_int(m, "of", f->of);
    }
    put_shown(model_object(m, "shown"), f);
}

/* What the method is called in the table of methods; the name of its card for those not in it. */
static struct text method_words(const char *name)
{
    const struct method *m = NULL;
    return rv_is_ok(method_find(name, &m, NULL)) ? text_of(m->title) : method_card_title(name);
}

rv_status finding_put(struct model *m, const struct finding *f, struct rv_err *reterr)
{
    struct arena *a = model_arena(m);
    finding_put_line(m, f);
    put_numbers(m, f);
    model_text(m, "period", period_words(a, f->period));
    model_text(m, "compare", period_words(a, f->compare));
    model_text(m, "area", f->area);
    model_text(m, "area-name", f->area_name);
    model_text(m, "definition", f->definition);
    model_text(m, "definition-version", f->definition_version);
    model_text(m, "method", f->method);
    if (f->method) {
        model_slice(m, "method-title", method_words(f->method));
    }
    struct model_list *caveats = model_list(m, "caveats");
    for (size_t i = 0; i < f->caveat_count; i++) {
        model_word(caveats, f->caveats[i]);
    }
    return model_status(m, reterr);
}

static void put_kept(struct model *m, const char *name, const char *text)
{
    model_text(m, name, text ? arena_text(model_arena(m), text, strlen(text)) : "not known");
}

void sources_put(struct model *m, const struct finding_source *sources, size_t count)
{
    struct model_list *list = model_list(m, "sources");
    for (size_t i = 0; i < count; i++) {
        struct model *source = model_item(list);
        model_int(source, "extract", sources[i].extract);
        put_kept(source, "file", sources[i].file_name);
        put_kept(source, "sha256", sources[i].sha256);
    }
}
