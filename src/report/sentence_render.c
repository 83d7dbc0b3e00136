/* report/sentence_render.c — from a finding to a sentence, or to no sentence.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "report/sentence_parts.h"

#include <math.h>

#define SENTENCE_BYTES ((size_t)65536)

/* Text of the data inside a sentence: a line break or another control byte becomes a space. */
static void put_text(struct buf *out, const char *text, bool capital)
{
    for (size_t i = 0; text[i]; i++) {
        char c = text[i];
        if ((unsigned char)c < 0x20 || c == 0x7f) {
            c = ' ';
        }
        if (i == 0 && capital && c >= 'a' && c <= 'z') {
            c = (char)(c - 'a' + 'A');
        }
        buf_char(out, c);
    }
}

static enum format_kind kind_of(enum slot_format format)
{
    switch ((int)format) {
    case AS_RATE:
        return FORMAT_RATE;
    case AS_PERCENT0:
        return FORMAT_PERCENT0;
    case AS_PERCENT1:
        return FORMAT_PERCENT1;
    case AS_RATIO:
        return FORMAT_RATIO;
    default:
        return FORMAT_COUNT;
    }
}

/* An interval is written as its unit asks, unless the sentence says how. */
static enum format_kind interval_kind(const struct piece *p, const struct finding *f)
{
    if (p->format != AS_DEFAULT) {
        return kind_of(p->format);
    }
    struct text unit = text_of(f->unit);
    if (text_is(unit, "percent")) {
        return FORMAT_PERCENT1;
    }
    return text_starts(unit, "per ") ? FORMAT_RATE : FORMAT_COUNT;
}

static void put_number(const struct piece *p, const struct slot_value *v, struct buf *out)
{
    switch ((int)p->format) {
    case AS_ORDINAL:
        format_ordinal(out, (int64_t)llround(v->number), v->is_tied);
        return;
    case AS_MONTH:
        format_month(out, (int32_t)v->number);
        return;
    case AS_PLURAL:
        buf_slice(out, v->number == 1 ? p->singular : p->plural);
        return;
    default:
        format_number(out, v->number, kind_of(p->format), p->sign);
    }
}

static void put_slot(const struct piece *p, const struct finding *f, const struct slot_value *v,
                     struct buf *out)
{
    switch (p->type) {
    case TYPE_NUMBER:
        put_number(p, v, out);
        return;
    case TYPE_TEXT:
        put_text(out, v->text, p->format == AS_CAPITAL);
        return;
    case TYPE_PERIOD:
        format_period(out, v->period);
        return;
    case TYPE_INTERVAL:
        format_interval(out, v->lower, v->upper, v->level, interval_kind(p, f));
        return;
    }
}

/* A number can be there and yet not be what the format asks: no month, no rank. */
static bool can_write(const struct piece *p, const struct slot_value *v)
{
    if (p->type == TYPE_NUMBER && p->format == AS_MONTH) {
        return v->number >= civil_month_index(1800, 1) && v->number <= civil_month_index(2199, 12);
    }
    if (p->type == TYPE_NUMBER && p->format == AS_ORDINAL) {
        return v->number >= 0 && v->number < 1e15;
    }
    return true;
}

static rv_status render_rule(const struct rule *rule, const struct finding *f, struct buf *out,
                             struct rv_err *reterr)
{
    for (size_t i = 0; i < rule->piece_count; i++) {
        const struct piece *p = &rule->pieces[i];
        struct slot_value v;
        switch (p->kind) {
        case PIECE_WORDS:
            buf_slice(out, p->words);
            break;
        case PIECE_SLOT:
            if (!slot_resolve(f, p, &v) || !can_write(p, &v)) {
                return rv_fail(reterr, RV_DOMAIN,
                               "finding %s has no '%.*s', which the sentence %s of %s needs", f->id,
                               (int)p->name.n, p->name.at, rule->name, f->theme);
            }
            put_slot(p, f, &v, out);
            break;
        case PIECE_IF:
        case PIECE_UNLESS:
            if (slot_resolve(f, p, &v) != (p->kind == PIECE_IF)) {
                i = p->end;
            }
            break;
        case PIECE_END:
            break;
        }
    }
    return buf_status(out, reterr);
}

static const struct rule *find_rule(const struct theme *theme, const char *name)
{
    for (const struct rule *r = theme->rules; r; r = r->next) {
        if (text_is(text_of(r->name), name)) {
            return r;
        }
    }
    return NULL;
}

rv_status sentence_render(const struct sentences *s, const struct finding *f, struct buf *out,
                          struct rv_err *reterr)
{
    const struct theme *theme = sentences_find_theme(s, f->theme ? f->theme : "");
    if (!theme) {
        return rv_fail(reterr, RV_NOT_FOUND, "finding %s: there is no sentences/%s.txt", f->id,
                       f->theme ? f->theme : "");
    }
    const struct rule *rule = find_rule(theme, f->rule ? f->rule : "");
    if (!rule) {
        return rv_fail(reterr, RV_NOT_FOUND, "finding %s: sentences/%s.txt has no rule [%s]", f->id,
                       f->theme, f->rule ? f->rule : "");
    }
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, SENTENCE_BYTES);
    RV_TRY(render_rule(rule, f, &text, reterr));
    /* Optional parts at either end leave their space behind; all of them may be left out. */
    struct text sentence = text_trim(buf_view(&text));
    if (!sentence.n) {
        return rv_fail(reterr, RV_DOMAIN, "finding %s: nothing of the sentence %s of %s is left",
                       f->id, rule->name, f->theme);
    }
    buf_slice(out, sentence);
    return buf_status(out, reterr);
}

rv_status sentences_render_all(const struct sentences *s, struct arena *a,
                               struct assessment *assessment, struct rv_err *reterr)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, SENTENCE_BYTES);
    for (size_t i = 0; i < assessment->finding_count; i++) {
        struct finding *f = &assessment->findings[i];
        buf_clear(&text);
        RV_TRY(sentence_render(s, f, &text, reterr));
        const char *statement = arena_text(a, text.bytes, text.n);
        if (!statement) {
            return arena_fail(a, reterr);
        }
        f->statement = statement;
    }
    return rv_ok();
}
